/*
 * ltv_summary.h: what an ltv remembers of its customers: the mergeable summary behind kpi.ltv. Plain C; the SQL side
 * is ltv.c.
 *
 * Days are numbers of days by the clocks of the spec's zone, see date.h. Purchases of a customer on one day are one.
 */
#ifndef KPI_LTV_SUMMARY_H
#define KPI_LTV_SUMMARY_H

#include "engine/amount.h"
#include "engine/count_table.h"
#include "engine/moment.h"
#include "language/ltv_spec.h"

#define LTV_MAX_CELLS 4194304	/* of all cohorts together */
#define LTV_MAX_DAYS  1048576	/* with a purchase */

/* What the customers of a cohort did in the period that is `age` after that of their first purchases. */
typedef struct LtvCell
{
	int64_t		age;
	int64_t		buyers;			/* customers with a purchase */
	int64_t		purchases;
	AmountSum	revenue;		/* purchases less refunds */
} LtvCell;

typedef struct LtvCohort
{
	int64_t		number;			/* of its period, see period.h */
	int64_t		size;			/* > 0 */
	size_t		ncells;
	LtvCell    *cells;			/* ascending ages; only those that something happened in, and age 0 */
} LtvCohort;

/* A day, and what those who first bought before the holdout did on it. */
typedef struct LtvDay
{
	int64_t		day;
	int64_t		customers;		/* with their first purchase */
	int64_t		repeats;		/* with another one; also in the holdout */
} LtvDay;

/*
 * For the models, of customers whose first purchase is before the holdout. Each counts customers by a key:
 *
 *   histories  day of the first purchase (+ 2^31); days from it to the last before the holdout; days with repeat purchases
 *              before the holdout; and in it
 *   periods    period of the first purchase (+ 2^31); further periods with purchases; periods from the first to the last
 *              of these; and from the last but one to the last (the period that the data end in may have to be left out)
 *   money      days with repeat purchases; what was left of money after the first day, a positive double as two halves
 *
 * Histories get coarser by weeks (level 1), four weeks (2) and 13 times four weeks (3); money by the digits that are kept
 * (binary: 16, 12, 8); periods at level 1 are not told apart any more.
 */
#define LTV_BIAS UINT32_C(0x80000000)

extern const CountRule ltv_histories_rule;
extern const CountRule ltv_periods_rule;
extern const CountRule ltv_money_rule;

typedef struct LtvSummary
{
	const char *text;			/* canonical spec; NULL: a summary of nothing, of no spec yet */
	size_t		length;
	LtvSpec		spec;
	int64_t		latest;			/* time of the latest row; MOMENT_MIN: none */
	size_t		ncohorts;
	LtvCohort  *cohorts;		/* ascending */
	size_t		ncells;			/* of all of them */
	size_t		ndays;
	LtvDay	   *days;			/* ascending */
	CountTable	histories;
	CountTable	periods;
	CountTable	money;
} LtvSummary;

/* One day of a customer, in the order of days: what came in (refunds go out), and whether something was bought. */
typedef struct LtvDaySum
{
	int64_t		day;
	bool		bought;
	AmountSum	sum;
} LtvDaySum;

/* The days of the customer at hand, with room to grow; all zeros at first, `count` back to 0 for the next one. */
typedef struct LtvDays
{
	LtvDaySum  *days;
	size_t		count;
	size_t		size;
} LtvDays;

/* Adds an event, in the order of time; AMOUNT_NONE is a purchase of nothing known. Takes memory of the current arena. */
extern void ltv_days_add(LtvDays *days, int64_t day, int64_t amount);

/* What a customer's days say before a holdout. */
typedef struct LtvHistory
{
	size_t		begin;			/* index of the day of the first purchase; the number of days if there is none */
	int64_t		first;			/* that day */
	int64_t		last;			/* of the last purchase */
	uint32_t	repeats;		/* further days with purchases */
	AmountSum	money;			/* of them, less refunds after the first day */
	uint32_t	later;			/* days with purchases in the holdout */
} LtvHistory;

/* Looks at days in ascending order, the first holdout day of which is in the holdout: LTV_NO_DAY for none. */
extern LtvHistory ltv_history(const LtvDaySum *days, size_t ndays, int64_t holdout);

/* Makes an empty summary of a spec; text and spec must outlive it. */
extern void ltv_summary_init(LtvSummary *summary, const char *text, size_t length, const LtvSpec *spec);

/* Adds a customer: days in ascending order, none after spec.until. */
extern void ltv_summary_add(LtvSummary *summary, const LtvDaySum *days, size_t ndays);

/* The days that a history of histories began on and ended with: the middle of what the level leaves open. */
extern void ltv_history_days(const LtvSummary *summary, const CountKey *key, double *first, double *last);

/* The money of an entry of money: the middle of what the level leaves open. */
extern double ltv_money_amount(const LtvSummary *summary, const CountKey *key);

extern void ltv_summary_merge(LtvSummary *into, const LtvSummary *from);
extern void ltv_summary_write(WireWriter *writer, const LtvSummary *summary);
extern void ltv_summary_read(WireReader *reader, bool utf8, LtvSummary *summary);

/* Checks the invariants; what is violated, or NULL. */
extern const char *ltv_summary_check(const LtvSummary *summary);

#endif							/* KPI_LTV_SUMMARY_H */
