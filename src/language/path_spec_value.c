/*
 * path_spec_value.c: the type kpi.path_spec and its compiled form.
 */
#include "language/path_spec_value.h"

#include "language/roles.h"

static char *
path_spec_canonical(const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
					LanguageError *error)
{
	PathSpec	spec;

	if (!path_spec_parse(text, length, utf8, &spec, error))
		return NULL;
	return path_spec_print(&spec, utf8, canonical_length);
}

static void
path_spec_compile(Compiled *head, bool utf8)
{
	CompiledPathSpec *compiled = (CompiledPathSpec *) head;
	PathSpec   *spec = &compiled->spec;
	LanguageError error;
	Role		anchor = {{0, 0}, false};

	if (!path_spec_parse(head->text, head->length, utf8, spec, &error))
		elog(ERROR, "canonical path spec cannot be read: %s", error.message);
	anchor.labels = spec->at;
	anchor.any = spec->anchor == PATH_ANY;
	head->program = roles_compile(CurrentMemoryContext, spec->labels, spec->nlabels, &anchor, 1, false);
}

const Language path_spec_language = {
	.type_name = "kpi.path_spec",
	.what = "path spec",
	.example = "from home depth 5 gap 30 min",
	.compiled_size = sizeof(CompiledPathSpec),
	.canonical = path_spec_canonical,
	.compile = path_spec_compile,
};

LANGUAGE_TYPE(path_spec, &path_spec_language)
