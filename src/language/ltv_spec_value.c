/*
 * ltv_spec_value.c: the type kpi.ltv_spec and its compiled form.
 */
#include "language/ltv_spec_value.h"

#include "language/roles.h"

static char *
ltv_canonical(const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
			  LanguageError *error)
{
	LtvSpec		spec;

	if (!ltv_spec_parse(text, length, utf8, zone_known, &spec, error))
		return NULL;
	return ltv_spec_print(&spec, utf8, canonical_length);
}

static void
ltv_compile(Compiled *head, bool utf8)
{
	LtvSpec    *spec = &((CompiledLtv *) head)->spec;
	LanguageError error;
	Role		counts;

	if (!ltv_spec_parse(head->text, head->length, utf8, NULL, spec, &error))
		elog(ERROR, "canonical ltv spec cannot be read: %s", error.message);
	counts = (Role) {spec->of, spec->of_any || !spec->named};
	head->program = roles_compile(CurrentMemoryContext, spec->labels, spec->nlabels, &counts, 1, head->masks);
}

const Language ltv_language = {
	.type_name = "kpi.ltv_spec",
	.what = "ltv spec",
	.example = "by month in UTC, unit week",
	.compiled_size = sizeof(CompiledLtv),
	.canonical = ltv_canonical,
	.compile = ltv_compile,
};

LANGUAGE_TYPE(ltv_spec, &ltv_language)
