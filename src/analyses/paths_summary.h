/*
 * paths_summary.h: what kpi.paths remembers of its actors: the paths that they took and the edges that these consist of.
 * Plain C; the SQL side is paths.c.
 *
 * A path is a row of labels that is read from its anchor on: from its first event or, with `to`, from its last one
 * backwards. The edge at depth d leads from label d of the path, the near one, to label d + 1, the far one. A path that
 * ends before the depth of the spec is used up has one more edge, to PATH_END: the exit or, with `to`, the entry.
 *
 * All is exact until there are more different paths, edges or labels than PATHS_MAX_*. Then the rarest are folded: of a
 * path only its count is left, of an edge its depth, count and times, and whether it led to an end. The counts of a depth
 * still add up, and a count that is left is too low by no more than path_error and edge_error, which grow by the
 * largest count that was folded each time (J. Misra, D. Gries, Finding repeated elements, 1982).
 */
#ifndef KPI_PATHS_SUMMARY_H
#define KPI_PATHS_SUMMARY_H

#include "engine/histogram.h"
#include "engine/timeline.h"
#include "engine/wire.h"
#include "language/path_spec.h"

/* Different ones that are kept. */
#define PATHS_MAX_LABELS	10000
#define PATHS_MAX_PATHS		50000
#define PATHS_MAX_EDGES		50000

/* In place of the number of a label. */
#define PATH_END	UINT32_MAX			/* the exit or the entry */
#define PATH_OTHER	(UINT32_MAX - 1)	/* one that was folded */
#define PATH_IS_LABEL(number) ((number) < PATH_OTHER)

/* The times of an edge: buckets of histogram.h in ascending order and how often each, packed into words. */
typedef struct PathTimes
{
	uint64_t   *words;
	uint32_t	count;
	uint32_t	capacity;
} PathTimes;

#define PATH_TIMES_COUNT_BITS 51
#define PATH_TIMES_COUNT_MAX ((UINT64_C(1) << PATH_TIMES_COUNT_BITS) - 1)

static inline uint32_t
path_times_bucket(uint64_t word)
{
	return (uint32_t) (word >> PATH_TIMES_COUNT_BITS);
}

static inline uint64_t
path_times_number(uint64_t word)
{
	return word & PATH_TIMES_COUNT_MAX;
}

typedef struct PathEntry
{
	size_t		first;			/* its labels: numbers[first .. first + length) of the summary */
	uint32_t	length;			/* 1 .. depth of the spec + 1 */
	int64_t		actors;
	int64_t		count;
	uint64_t	seen;			/* the actor that took it last */
} PathEntry;

typedef struct PathEdge
{
	uint32_t	depth;			/* from 1 */
	uint32_t	near;			/* a label, or PATH_OTHER */
	uint32_t	far;			/* the same or PATH_END; PATH_OTHER if the near one is and it is no end */
	int64_t		actors;			/* 0 if it was folded: then nobody knows */
	int64_t		count;
	uint64_t	seen;
	PathTimes	times;			/* of all of them, but for those to an end */
} PathEdge;

typedef struct PathsSummary
{
	const char *text;			/* canonical spec; NULL: a summary of nothing, of no spec yet */
	size_t		length;
	PathSpec	spec;
	int64_t		path_error;
	int64_t		edge_error;
	int64_t		other_paths;	/* folded */

	uint32_t	nlabels;		/* every one of them is of some path or edge */
	uint32_t	label_size;
	TimelineLabel *labels;
	uint32_t	npaths;
	uint32_t	path_size;
	PathEntry  *paths;
	size_t		nnumbers;
	size_t		number_size;
	uint32_t   *numbers;		/* of labels: what the paths are made of */
	uint32_t	nedges;
	uint32_t	edge_size;
	PathEdge   *edges;

	/* for adding; made when first needed */
	uint32_t   *label_table;	/* open addressing: number + 1 */
	uint32_t	label_mask;
	uint32_t   *path_table;
	uint32_t	path_mask;
	uint32_t   *edge_table;
	uint32_t	edge_mask;
	uint64_t	actor;			/* the one at hand */
	uint64_t	generation;		/* grows when labels get other numbers */
} PathsSummary;

/* Makes an empty summary of a spec; text and spec must outlive it. */
extern void paths_summary_init(PathsSummary *summary, const char *text, size_t length, const PathSpec *spec);

/* The number of a label that a path is about to be added of; valid until the generation changes. */
extern uint32_t paths_summary_label(PathsSummary *summary, const char *bytes, size_t length);

/* What is added from here on is another actor's. */
extern void paths_summary_next_actor(PathsSummary *summary);

/* Adds a path of `length` labels, and the times of its events, both from the anchor on. May change the generation. */
extern void paths_summary_add(PathsSummary *summary, const uint32_t *labels, const int64_t *at, uint32_t length);

/* Adds `from` to `into`; both must be of one spec, or one of them of none. */
extern void paths_summary_merge(PathsSummary *into, const PathsSummary *from);

/* All paths, folded ones included. */
extern int64_t paths_summary_total(const PathsSummary *summary);

/* For readers of other forms: adds one with its counts; false or NULL if it is there already. Checks nothing. */
extern bool paths_summary_put_path(PathsSummary *summary, const uint32_t *labels, uint32_t length, int64_t actors,
								   int64_t count);
extern PathEdge *paths_summary_put_edge(PathsSummary *summary, uint32_t depth, uint32_t near, uint32_t far,
										int64_t actors, int64_t count);

/* `count` times of a bucket. */
extern void path_times_add(PathTimes *times, uint32_t bucket, uint64_t count);
extern void path_times_merge(PathTimes *into, const PathTimes *from);

/* The median, as histogram_quantile would give it; the times must not be empty. */
extern int64_t path_times_median(const PathTimes *times);

/* Compares labels by their bytes. */
extern int	path_label_compare(const TimelineLabel *a, const TimelineLabel *b);

/*
 * Puts labels, paths and edges into the order in which they are written: labels by their bytes, paths by their labels,
 * edges by depth, near and far label (then PATH_OTHER, PATH_END). Numbers of labels change.
 */
extern void paths_summary_sort(PathsSummary *summary);

/* The stored form, behind the version byte; format: docs/on-disk-format.md. */
extern void paths_summary_write(WireWriter *writer, const PathsSummary *summary);

/* Reads hostile bytes; the reader's failure says what is wrong with them. `utf8` as in pattern_parse. */
extern void paths_summary_read(WireReader *reader, bool utf8, PathsSummary *summary);

/* Checks the invariants; what is violated, or NULL. */
extern const char *paths_summary_check(const PathsSummary *summary);

#endif							/* KPI_PATHS_SUMMARY_H */
