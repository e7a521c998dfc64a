/*
 * retention_spec_value.c: the type kpi.retention_spec and its compiled form.
 */
#include "language/retention_spec_value.h"

#include "language/roles.h"

static char *
retention_canonical(const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
					LanguageError *error)
{
	RetentionSpec spec;

	if (!retention_spec_parse(text, length, utf8, zone_known, &spec, error))
		return NULL;
	return retention_spec_print(&spec, utf8, canonical_length);
}

static void
retention_compile(Compiled *head, bool utf8)
{
	RetentionSpec *spec = &((CompiledRetention *) head)->spec;
	LanguageError error;
	Role		roles[3] = {{{0, 0}, false}};

	if (!retention_spec_parse(head->text, head->length, utf8, NULL, spec, &error))
		elog(ERROR, "canonical retention spec cannot be read: %s", error.message);
	roles[0] = (Role) {spec->start, spec->start_any};
	roles[1] = (Role) {spec->back, spec->back_any};
	roles[2] = (Role) {spec->among, spec->among_any};
	head->program = roles_compile(CurrentMemoryContext, spec->labels, spec->nlabels, roles, spec->has_among ? 3 : 2,
								  head->masks);
}

const Language retention_language = {
	.type_name = "kpi.retention_spec",
	.what = "retention spec",
	.example = "signup -> login by week for 12",
	.compiled_size = sizeof(CompiledRetention),
	.canonical = retention_canonical,
	.compile = retention_compile,
};

LANGUAGE_TYPE(retention_spec, &retention_language)
