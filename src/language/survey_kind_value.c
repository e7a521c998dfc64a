/*
 * survey_kind_value.c: the type kpi.survey_kind and its compiled form, which has no program: surveys have scores, not events.
 */
#include "language/survey_kind_value.h"

static char *
survey_canonical(const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
				 LanguageError *error)
{
	SurveyKind	kind;

	if (!survey_kind_parse(text, length, utf8, zone_known, &kind, error))
		return NULL;
	return survey_kind_print(&kind, utf8, canonical_length);
}

static void
survey_compile(Compiled *head, bool utf8)
{
	LanguageError error;

	if (!survey_kind_parse(head->text, head->length, utf8, NULL, &((CompiledSurvey *) head)->kind, &error))
		elog(ERROR, "canonical survey kind cannot be read: %s", error.message);
}

const Language survey_language = {
	.type_name = "kpi.survey_kind",
	.what = "survey kind",
	.example = "csat 1..5 top 2",
	.compiled_size = sizeof(CompiledSurvey),
	.canonical = survey_canonical,
	.compile = survey_compile,
};

LANGUAGE_TYPE(survey_kind, &survey_language)
