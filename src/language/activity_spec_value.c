/*
 * activity_spec_value.c: the type kpi.activity_spec and its compiled form.
 */
#include "language/activity_spec_value.h"

#include "language/roles.h"

static char *
activity_canonical(const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
				   LanguageError *error)
{
	ActivitySpec spec;

	if (!activity_spec_parse(text, length, utf8, zone_known, &spec, error))
		return NULL;
	return activity_spec_print(&spec, utf8, canonical_length);
}

static void
activity_compile(Compiled *head, bool utf8)
{
	CompiledActivity *compiled = (CompiledActivity *) head;
	LanguageError error;
	Role		any = {{0, 0}, true};

	if (!activity_spec_parse(head->text, head->length, utf8, NULL, &compiled->spec, &error))
		elog(ERROR, "canonical activity spec cannot be read: %s", error.message);
	head->program = roles_compile(CurrentMemoryContext, NULL, 0, &any, 1, head->masks);
}

const Language activity_language = {
	.type_name = "kpi.activity_spec",
	.what = "activity spec",
	.example = "by week in UTC",
	.compiled_size = sizeof(CompiledActivity),
	.canonical = activity_canonical,
	.compile = activity_compile,
};

LANGUAGE_TYPE(activity_spec, &activity_language)
