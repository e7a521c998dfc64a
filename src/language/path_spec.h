/*
 * path_spec.h: the language of kpi.paths: where paths begin or end, how long they get, and what parts them.
 *
 *     from home|start depth 5 gap 30 min collapse repeats top 50
 *
 * Clauses in any order; the canonical text has all that have a default. Grammar and meaning: docs/paths.md.
 */
#ifndef KPI_PATH_SPEC_H
#define KPI_PATH_SPEC_H

#include "language/pattern.h"

#define PATH_MAX_DEPTH	50
#define PATH_MAX_TOP	1000

typedef enum PathAnchor
{
	PATH_ANY,					/* a path begins with the first event of a stretch */
	PATH_FROM,					/* .. with the first event of `labels` */
	PATH_TO						/* a path ends with it */
} PathAnchor;

typedef struct PathSpec
{
	PathAnchor	anchor;
	LabelSet	at;				/* empty exactly with PATH_ANY */
	uint32_t	nlabels;
	Label	   *labels;
	int			depth;			/* steps of a path at most: 1 .. PATH_MAX_DEPTH */
	int64_t		gap;			/* microseconds; a longer one ends a stretch */
	bool		collapse;
	int			top;			/* labels of a depth that are shown: 1 .. PATH_MAX_TOP */
} PathSpec;

/* As pattern_parse and pattern_print. */
extern bool path_spec_parse(const char *text, size_t length, bool utf8, PathSpec *spec, LanguageError *error);
extern char *path_spec_print(const PathSpec *spec, bool utf8, size_t *length);

#endif							/* KPI_PATH_SPEC_H */
