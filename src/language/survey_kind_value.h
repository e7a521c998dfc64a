/*
 * survey_kind_value.h: kpi.survey_kind in the server.
 */
#ifndef KPI_SURVEY_KIND_VALUE_H
#define KPI_SURVEY_KIND_VALUE_H

#include "language/language_value.h"
#include "language/survey_kind.h"

extern const Language survey_language;

typedef struct CompiledSurvey
{
	Compiled	head;
	SurveyKind	kind;
} CompiledSurvey;

#endif							/* KPI_SURVEY_KIND_VALUE_H */
