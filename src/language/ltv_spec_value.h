/*
 * ltv_spec_value.h: kpi.ltv_spec in the server.
 */
#ifndef KPI_LTV_SPEC_VALUE_H
#define KPI_LTV_SPEC_VALUE_H

#include "language/language_value.h"
#include "language/ltv_spec.h"

extern const Language ltv_language;

/* The program has a code for the events of the clause `of`, without one for all. */
typedef struct CompiledLtv
{
	Compiled	head;
	LtvSpec		spec;
} CompiledLtv;

#endif							/* KPI_LTV_SPEC_VALUE_H */
