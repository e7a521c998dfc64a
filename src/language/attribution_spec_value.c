/*
 * attribution_spec_value.c: the type kpi.attribution_spec and its compiled form.
 */
#include "language/attribution_spec_value.h"

#include "language/roles.h"

static char *
attribution_canonical(const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
					  LanguageError *error)
{
	AttributionSpec spec;

	if (!attribution_spec_parse(text, length, utf8, zone_known, &spec, error))
		return NULL;
	return attribution_spec_print(&spec, utf8, canonical_length);
}

static void
attribution_compile(Compiled *head, bool utf8)
{
	AttributionSpec *spec = &((CompiledAttribution *) head)->spec;
	LanguageError error;
	Role		roles[2];

	if (!attribution_spec_parse(head->text, head->length, utf8, NULL, spec, &error))
		elog(ERROR, "canonical attribution spec cannot be read: %s", error.message);
	roles[0] = (Role) {spec->direct, false};
	roles[1] = (Role) {spec->of, false};
	head->program = roles_compile(CurrentMemoryContext, spec->labels, spec->nlabels, roles, 2, head->masks);
}

const Language attribution_language = {
	.type_name = "kpi.attribution_spec",
	.what = "attribution spec",
	.example = "lookback 30 days half-life 7 days",
	.compiled_size = sizeof(CompiledAttribution),
	.canonical = attribution_canonical,
	.compile = attribution_compile,
};

LANGUAGE_TYPE(attribution_spec, &attribution_language)
