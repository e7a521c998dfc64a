/*
 * path_spec_value.h: kpi.path_spec in the server.
 */
#ifndef KPI_PATH_SPEC_VALUE_H
#define KPI_PATH_SPEC_VALUE_H

#include "language/language_value.h"
#include "language/path_spec.h"

extern const Language path_spec_language;

/* A path spec ready for use; its program's only role is that a path begins or ends there. */
typedef struct CompiledPathSpec
{
	Compiled	head;
	PathSpec	spec;
} CompiledPathSpec;

#endif							/* KPI_PATH_SPEC_VALUE_H */
