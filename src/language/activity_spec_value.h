/*
 * activity_spec_value.h: kpi.activity_spec in the server.
 */
#ifndef KPI_ACTIVITY_SPEC_VALUE_H
#define KPI_ACTIVITY_SPEC_VALUE_H

#include "language/activity_spec.h"
#include "language/language_value.h"

extern const Language activity_language;

typedef struct CompiledActivity
{
	Compiled	head;
	ActivitySpec spec;
} CompiledActivity;

#endif							/* KPI_ACTIVITY_SPEC_VALUE_H */
