/*
 * survey_fuzz.c: stored surveys and their kinds.
 */
#include "fuzz.h"

#include "measures/survey_summary.h"

FUZZ_ANALYSIS(survey, SurveySummary, SurveyKind, survey_kind_parse, survey_kind_print)
