/*
 * activity_summary.h: what an activity remembers of its actors: the mergeable summary behind kpi.activity.
 * Plain C; the SQL side is activity.c.
 */
#ifndef KPI_ACTIVITY_SUMMARY_H
#define KPI_ACTIVITY_SUMMARY_H

#include "engine/moment.h"
#include "engine/wire.h"
#include "language/activity_spec.h"

/* The actors that did something in a period. */
typedef struct ActivityPeriod
{
	int64_t		number;			/* see period.h */
	int64_t		active;
	int64_t		fresh;			/* for the first time */
	int64_t		returning;		/* in the period before as well */
} ActivityPeriod;

#define ACTIVITY_WEEK	7
#define ACTIVITY_MONTH	28
#define ACTIVITY_MONTH30 30

/*
 * A day on which something changes. In the window of so many days that ends with a day, an actor has some number of
 * active days; how many actors have which number changes from day to day. What is kept are the changes, which add up:
 * change7[n - 1] is how many more actors than the day before have n active days in seven.
 */
typedef struct ActivityDay
{
	int64_t		number;			/* days from 2000-01-01 */
	int64_t		active;
	int64_t		change7[ACTIVITY_WEEK];
	int64_t		change28[ACTIVITY_MONTH];
	int64_t		change30;		/* of those with any in thirty */
} ActivityDay;

/*
 * Invariants: periods and days ascend; fresh + returning <= active; no more return than were active in the period
 * before; what the changes add up to is never negative and 0 in the end.
 */
typedef struct ActivitySummary
{
	const char *text;			/* canonical spec; NULL: a summary of nothing, of no spec yet */
	size_t		length;
	ActivitySpec spec;
	int64_t		latest;			/* time of the latest row; MOMENT_MIN: none */
	size_t		nperiods;
	ActivityPeriod *periods;
	size_t		ndays;
	ActivityDay *days;
} ActivitySummary;

/* Makes an empty summary of a spec; text and spec must outlive it. */
extern void activity_summary_init(ActivitySummary *summary, const char *text, size_t length, const ActivitySpec *spec);

/* Adds an actor: the numbers of the periods, and of the days, that it did something in, ascending. */
extern void activity_summary_add(ActivitySummary *summary, const int64_t *periods, size_t nperiods,
								 const int64_t *days, size_t ndays);

/* The entry of a period, of a day, made if need be; valid until the next is made. */
extern ActivityPeriod *activity_summary_period(ActivitySummary *summary, int64_t number);
extern ActivityDay *activity_summary_day(ActivitySummary *summary, int64_t number);

extern void activity_summary_merge(ActivitySummary *into, const ActivitySummary *from);
extern void activity_summary_write(WireWriter *writer, const ActivitySummary *summary);
extern void activity_summary_read(WireReader *reader, bool utf8, ActivitySummary *summary);

/* Checks the invariants; what is violated, or NULL. */
extern const char *activity_summary_check(const ActivitySummary *summary);

#endif							/* KPI_ACTIVITY_SUMMARY_H */
