/*
 * formula_value.h: kpi.formula in the server.
 */
#ifndef KPI_FORMULA_VALUE_H
#define KPI_FORMULA_VALUE_H

#include "language/formula.h"
#include "language/language_value.h"

extern const Language formula_language;

/* It has no program: it is about KPIs, not about events. */
typedef struct CompiledFormula
{
	Compiled	head;
	Formula		formula;
} CompiledFormula;

#endif							/* KPI_FORMULA_VALUE_H */
