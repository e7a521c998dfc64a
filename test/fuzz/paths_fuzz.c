/*
 * paths_fuzz.c: stored paths and their specs.
 */
#include "fuzz.h"

#include "analyses/paths_summary.h"

/* Paths know no zones. */
static bool
parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, PathSpec *spec, LanguageError *error)
{
	(void) zone_known;
	return path_spec_parse(text, length, utf8, spec, error);
}

FUZZ_ANALYSIS(paths, PathsSummary, PathSpec, parse, path_spec_print)
