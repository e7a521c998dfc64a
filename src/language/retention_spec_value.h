/*
 * retention_spec_value.h: kpi.retention_spec in the server.
 */
#ifndef KPI_RETENTION_SPEC_VALUE_H
#define KPI_RETENTION_SPEC_VALUE_H

#include "language/language_value.h"
#include "language/retention_spec.h"

/* Roles of events, bits. */
#define ROLE_START	1
#define ROLE_RETURN	2
#define ROLE_AMONG	4

extern const Language retention_language;

typedef struct CompiledRetention
{
	Compiled	head;
	RetentionSpec spec;
} CompiledRetention;

#endif							/* KPI_RETENTION_SPEC_VALUE_H */
