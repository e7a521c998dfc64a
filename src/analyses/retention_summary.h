/*
 * retention_summary.h: what a retention remembers of its actors: the mergeable summary behind kpi.retention.
 * Plain C; the SQL side is retention.c.
 */
#ifndef KPI_RETENTION_SUMMARY_H
#define KPI_RETENTION_SUMMARY_H

#include "engine/amount.h"
#include "engine/moment.h"
#include "engine/wire.h"
#include "language/retention_spec.h"

#define RETENTION_MAX_CELLS 33554432	/* of all cohorts together */

/* With `elapsed`: how many of a cohort's actors started in one slot: a minute (by hour), else an hour. */
typedef struct RetentionStarts
{
	int64_t		slot;			/* number from 2000-01-01 00:00 UTC */
	int64_t		count;
} RetentionStarts;

/*
 * The actors of one cohort. counts[0]: active in period 0 (`on or after`: and in none later). What the others count
 * is what can be added up, by the rule:
 *   on            counts[c]: active in cell c
 *   on or after   counts[c]: last active in cell c; one more than there are cells for what is later
 *   until         counts[c]: first active (from cell 1 on) in cell c
 *   every         counts[c]: active in cells 1 .. c and not in c + 1
 */
typedef struct RetentionCohort
{
	int64_t		number;			/* of its period, see period.h */
	int64_t		size;			/* > 0 */
	int64_t    *counts;			/* cells 0 .. ncells + 1 */
	AmountSum  *values;			/* by cell 0 .. ncells: what the returns in it (cell 0: and the start) were worth */
	size_t		nstarts;
	RetentionStarts *starts;	/* ascending; `elapsed` only */
} RetentionCohort;

/* Invariants: cohorts and their starts ascend; no count of a cohort exceeds its size; values only if has_values. */
typedef struct RetentionSummary
{
	const char *text;			/* canonical spec; NULL: a summary of nothing, of no spec yet */
	size_t		length;
	RetentionSpec spec;
	int64_t		latest;			/* time of the latest row; MOMENT_MIN: none */
	bool		has_values;		/* some event had one */
	size_t		ncohorts;
	RetentionCohort *cohorts;
} RetentionSummary;

/* Microseconds of a slot. */
static inline int64_t
retention_slot(const RetentionSpec *spec)
{
	return spec->periods.grain == GRAIN_HOUR ? INT64_C(60000000) : INT64_C(3600000000);
}

/* Makes an empty summary of a spec; text and spec must outlive it. */
extern void retention_summary_init(RetentionSummary *summary, const char *text, size_t length,
								   const RetentionSpec *spec);

/* The cohort of a period, made if need be; valid until the next call. */
extern RetentionCohort *retention_summary_cohort(RetentionSummary *summary, int64_t number);

/* Adds actors that started in a slot. */
extern void retention_cohort_start(RetentionCohort *cohort, int64_t slot, int64_t count);

/* Adds to a count; HOST_LIMIT if it passes 64 bits. */
extern void retention_count(int64_t *count, int64_t more);

/* Actors retained in a cell. */
extern int64_t retention_retained(const RetentionSummary *summary, const RetentionCohort *cohort, int cell);

extern void retention_summary_merge(RetentionSummary *into, const RetentionSummary *from);
extern void retention_summary_write(WireWriter *writer, const RetentionSummary *summary);
extern void retention_summary_read(WireReader *reader, bool utf8, RetentionSummary *summary);

/* Checks the invariants; what is violated, or NULL. */
extern const char *retention_summary_check(const RetentionSummary *summary);

#endif							/* KPI_RETENTION_SUMMARY_H */
