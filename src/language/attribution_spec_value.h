/*
 * attribution_spec_value.h: kpi.attribution_spec in the server.
 */
#ifndef KPI_ATTRIBUTION_SPEC_VALUE_H
#define KPI_ATTRIBUTION_SPEC_VALUE_H

#include "language/attribution_spec.h"
#include "language/language_value.h"

extern const Language attribution_language;

/* What channels mean: bits of code_roles. */
#define ATTRIBUTION_DIRECT		1
#define ATTRIBUTION_CONVERSION	2

/* An attribution spec ready for use. */
typedef struct CompiledAttribution
{
	Compiled	head;
	AttributionSpec spec;
} CompiledAttribution;

#endif							/* KPI_ATTRIBUTION_SPEC_VALUE_H */
