/*
 * funnel_summary.h: what a funnel remembers of its actors: the mergeable summary behind kpi.funnel.
 * Plain C; the SQL side is funnel.c.
 */
#ifndef KPI_FUNNEL_SUMMARY_H
#define KPI_FUNNEL_SUMMARY_H

#include "engine/histogram.h"
#include "engine/wire.h"
#include "language/chain.h"

/* The actors that entered in one calendar period. */
typedef struct FunnelPeriod
{
	int64_t		period;			/* its start by the clocks of the pattern's zone: a timestamp */
	int64_t    *reached;		/* by step: actors that reached it by a chain that began in the period */
	int64_t    *closed;			/* `open` only: the same by a chain from the first step */
} FunnelPeriod;

/*
 * Invariants: all counts are >= 0; a required step is reached by no more actors than the required step
 * before it (not with `open`); the two histograms of a step have the same total, at most its actors;
 * periods ascend.
 */
typedef struct FunnelSummary
{
	const char *text;			/* canonical pattern; NULL: a summary of nothing, of no pattern yet */
	size_t		length;
	Pattern		pattern;
	int64_t    *reached;		/* by step: actors */
	int64_t    *continued;		/* `open` only: actors that came to it from a step before */
	int64_t    *closed;			/* `open` only: actors that came to it from the first step */
	int64_t		completions;
	Histogram  *from_previous;	/* by step (none for the first): spans in the deepest chain */
	Histogram  *from_first;
	size_t		nperiods;
	FunnelPeriod *periods;
} FunnelSummary;

/* Makes an empty summary of a pattern; text and pattern must outlive it. */
extern void funnel_summary_init(FunnelSummary *summary, const char *text, size_t length,
								const Pattern *pattern);

/* Adds one actor. */
extern void funnel_summary_add(FunnelSummary *summary, const Chase *chase);

/*
 * Adds an actor to a period: bits of the steps that chains begun in it reached (`closed`: of those from the
 * first step). `*place` is a hint where to look, to be kept from call to call, 0 at first.
 */
extern void funnel_summary_add_period(FunnelSummary *summary, int64_t period, uint64_t reached,
									  uint64_t closed, size_t *place);

/* Adds `from` to `into`; both must be of one pattern, or one of them of none. */
extern void funnel_summary_merge(FunnelSummary *into, const FunnelSummary *from);

/* The first fulfilled required step before `step`; -1 for the first step. Both 0-based. */
extern int	funnel_previous_required(const Pattern *pattern, int step);

/* The stored form, behind the version byte; format: docs/on-disk-format.md. */
extern void funnel_summary_write(WireWriter *writer, const FunnelSummary *summary);

/* Reads hostile bytes; the reader's failure says what is wrong with them. `utf8` as in pattern_parse. */
extern void funnel_summary_read(WireReader *reader, bool utf8, FunnelSummary *summary);

/* Checks the invariants; what is violated, or NULL. */
extern const char *funnel_summary_check(const FunnelSummary *summary);

#endif							/* KPI_FUNNEL_SUMMARY_H */
