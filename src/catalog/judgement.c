/*
 * judgement.c: see judgement.h.
 */
#include "catalog/judgement.h"

#include <math.h>
#include <stdlib.h>

#include "engine/period.h"
#include "host.h"

#define DAYS_OF_WEEK	7
#define FRIDAY			4		/* Monday: 0 */
#define SATURDAY		5		/* 2000-01-01, day 0, was one */

const char *const direction_name[DIRECTIONS] = {
	[DIRECTION_UP] = "up", [DIRECTION_DOWN] = "down", [DIRECTION_RANGE] = "range"
};

const char *const kpi_status_name[KPI_STATUSES] = {
	[STATUS_ACHIEVED] = "achieved", [STATUS_ON_TRACK] = "on_track", [STATUS_AT_RISK] = "at_risk", [STATUS_BEHIND] = "behind",
	[STATUS_MISSED] = "missed", [STATUS_NO_DATA] = "no_data", [STATUS_STALE] = "stale", [STATUS_UNCERTAIN] = "uncertain",
	[STATUS_NOT_STARTED] = "not_started"
};

const char *const rollup_rule_name[ROLLUP_RULES] = {
	[ROLLUP_WEIGHTED_MEAN] = "weighted_mean", [ROLLUP_WORST] = "worst", [ROLLUP_MIN] = "min", [ROLLUP_MAX] = "max",
	[ROLLUP_SUM] = "sum"
};

/* ---- how much of the target is reached ---- */

/* The attainment of what is not met: rounding must not make it 1. */
static double
not_met(double value)
{
	return fmin(value, nextafter(1, 0));
}

/* The share of the way from the baseline to the target; the differences may be beyond what a double holds. */
static double
way_attainment(double actual, double target, double baseline)
{
	double		done = actual - baseline;
	double		whole = target - baseline;
	double		share;

	if (whole == 0)
		return NAN;
	if (isinf(done) || isinf(whole))
	{
		done = actual / 2 - baseline / 2;
		whole = target / 2 - baseline / 2;
	}
	share = done / whole;
	return (target > baseline ? actual >= target : actual <= target) ? share : not_met(share);
}

/*
 * Without a baseline: 1, and the distance to the better side in targets. Of a target above zero that is actual / target
 * upwards; downwards everybody takes target / actual.
 */
static double
ratio_attainment(double actual, double target, bool down)
{
	double		share;

	if (target < 0)
	{
		if (down)
			return actual / target;
		/* In this order, as 90 % of a round target is to be 0.9. */
		share = (actual - target - target) / -target;
		return actual < target ? not_met(share) : share;
	}
	if (!down)
		return target == 0 ? NAN : actual / target;
	/* With nothing left to lower, it is met; a ratio cannot say by how much. */
	return actual <= 0 ? 1 : target / actual;
}

double
kpi_attainment(double actual, double target, double baseline, Direction direction)
{
	host_assert(direction != DIRECTION_RANGE);
	if (isnan(actual) || isnan(target))
		return NAN;
	return isnan(baseline) ? ratio_attainment(actual, target, direction == DIRECTION_DOWN) : way_attainment(actual, target, baseline);
}

double
kpi_attainment_range(double actual, double low, double high, double tolerance)
{
	double		distance;

	if (isnan(actual) || (isnan(low) && isnan(high)))
		return NAN;
	if (actual < low)
		distance = low - actual;
	else if (actual > high)
		distance = actual - high;
	else
		return 1;
	if (isnan(tolerance))
		tolerance = isnan(low) ? fabs(high) : isnan(high) ? fabs(low) : high / 2 - low / 2;
	return distance >= tolerance ? 0 : not_met((tolerance - distance) / tolerance);
}

/* ---- how far the period is ---- */

/* The first day that is not over, within the period or at its end. */
static int64_t
first_open_day(const PeriodSoFar *period)
{
	int64_t		day = period->as_of + 1;

	return day < period->start ? period->start : day > period->end ? period->end : day;
}

/* What is over of all; both are sums of the same things. */
static double
share_of(double over, double open)
{
	double		all = over + open;

	return all == 0 ? NAN : isinf(all) ? INFINITY : over / all;
}

double
elapsed_days_share(const PeriodSoFar *period)
{
	int64_t		day = first_open_day(period);

	host_assert(period->start < period->end);
	return share_of((double) (day - period->start), (double) (period->end - day));
}

/* Monday: 0. */
static int
day_of_week(int64_t day)
{
	return (int) (day + SATURDAY - floor_divide(day + SATURDAY, DAYS_OF_WEEK) * DAYS_OF_WEEK);
}

/* How often a day of the week comes in [from, to). */
static int64_t
count_of_weekday(int64_t from, int64_t to, int weekday)
{
	int64_t		first = weekday - SATURDAY;

	return floor_divide(to - first + 6, DAYS_OF_WEEK) - floor_divide(from - first + 6, DAYS_OF_WEEK);
}

static int
compare_days(const void *a, const void *b)
{
	int32_t		x = *(const int32_t *) a;
	int32_t		y = *(const int32_t *) b;

	return (x > y) - (x < y);
}

/* Mondays to Fridays in [from, to) that are not among the sorted holidays. */
static int64_t
business_days(int64_t from, int64_t to, const int32_t *holidays, size_t count)
{
	int64_t		days = 0;

	for (int weekday = 0; weekday <= FRIDAY; weekday++)
		days += count_of_weekday(from, to, weekday);
	for (size_t i = 0; i < count; i++)
		if (holidays[i] >= from && holidays[i] < to && day_of_week(holidays[i]) <= FRIDAY && (i == 0 || holidays[i] != holidays[i - 1]))
			days--;
	return days;
}

double
elapsed_business_share(const PeriodSoFar *period, int32_t *holidays, size_t count)
{
	int64_t		day = first_open_day(period);

	host_assert(period->start < period->end);
	if (count > 0)
		qsort(holidays, count, sizeof(holidays[0]), compare_days);
	return share_of((double) business_days(period->start, day, holidays, count), (double) business_days(day, period->end, holidays, count));
}

static double
weight_between(const PeriodSoFar *period, int64_t from, int64_t to, const double *weights, size_t count)
{
	double		sum = 0;

	if (count == DAYS_OF_WEEK)
		for (int weekday = 0; weekday < DAYS_OF_WEEK; weekday++)
			sum += (double) count_of_weekday(from, to, weekday) * weights[weekday];
	else
		for (int64_t day = from; day < to; day++)
			sum += weights[day - period->start];
	return sum;
}

double
elapsed_profile_share(const PeriodSoFar *period, const double *weights, size_t count)
{
	int64_t		day = first_open_day(period);

	host_assert(period->start < period->end && (count == DAYS_OF_WEEK || (int64_t) count == period->end - period->start));
	return share_of(weight_between(period, period->start, day, weights, count), weight_between(period, day, period->end, weights, count));
}

/*
 * On the way from a baseline to the target, exactly there at the end, and never back where it has been: as std::lerp of
 * C++ (paper P0811R3).
 */
double
kpi_pace(double target, double share, double baseline, bool additive)
{
	double		expected;

	if (!additive || isnan(target))
		return target;
	if (isnan(share))
		return NAN;
	if (isnan(baseline))
		baseline = 0;
	if ((baseline <= 0 && target >= 0) || (baseline >= 0 && target <= 0))
		return share * target + (1 - share) * baseline;
	if (share == 1)
		return target;
	expected = baseline + share * (target - baseline);
	return target > baseline ? fmin(expected, target) : fmax(expected, target);
}

double
kpi_forecast(double actual, double share, bool additive)
{
	if (!additive || isnan(actual))
		return actual;
	return isnan(share) || share == 0 ? NAN : actual / share;
}

/* ---- in a word ---- */

/* Whether it depends on where in the interval the truth is that the target is met. */
static bool
interval_straddles(const Standing *standing)
{
	if (isnan(standing->ci_low) || isnan(standing->ci_high) || isnan(standing->target))
		return false;
	switch (standing->direction)
	{
		case DIRECTION_UP:
			return standing->ci_low < standing->target && standing->ci_high >= standing->target;
		case DIRECTION_DOWN:
			return standing->ci_low <= standing->target && standing->ci_high > standing->target;
		case DIRECTION_RANGE:
			break;
	}
	return standing->ci_low < standing->target && standing->ci_high > standing->target;
}

KpiStatus
kpi_status(const Standing *standing)
{
	host_assert(standing->behind > 0 && standing->behind <= standing->at_risk);
	if (!standing->has_started)
		return STATUS_NOT_STARTED;
	if (standing->stale)
		return STATUS_STALE;
	if (isnan(standing->attainment))
		return STATUS_NO_DATA;
	if (interval_straddles(standing))
		return STATUS_UNCERTAIN;
	if (standing->is_closed)
		return standing->attainment >= 1 ? STATUS_ACHIEVED : STATUS_MISSED;
	return standing->attainment >= standing->at_risk ? STATUS_ON_TRACK : standing->attainment >= standing->behind ? STATUS_AT_RISK : STATUS_BEHIND;
}

bool
kpi_status_code(KpiStatus status, int *code)
{
	switch (status)
	{
		case STATUS_ACHIEVED:
		case STATUS_ON_TRACK:
			*code = 1;
			return true;
		case STATUS_AT_RISK:
		case STATUS_UNCERTAIN:
			*code = 0;
			return true;
		case STATUS_BEHIND:
		case STATUS_MISSED:
			*code = -1;
			return true;
		case STATUS_NO_DATA:
		case STATUS_STALE:
		case STATUS_NOT_STARTED:
			break;
	}
	return false;
}

/* ---- of an objective ---- */

/* Those that count, those without a value, those without weight. */
static int
child_rank(const RollupChild *child)
{
	return child->weight == 0 ? 2 : isnan(child->value) ? 1 : 0;
}

/* By rank, then by value and weight. */
static int
compare_children(const void *a, const void *b)
{
	const RollupChild *x = a;
	const RollupChild *y = b;

	if (child_rank(x) != child_rank(y))
		return child_rank(x) - child_rank(y);
	if (child_rank(x) == 0 && x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (x->weight > y->weight) - (x->weight < y->weight);
}

/* How many count: they are the first ones then. */
static size_t
sort_children(RollupChild *children, size_t count)
{
	size_t		with_value = 0;

	if (count > 0)
		qsort(children, count, sizeof(children[0]), compare_children);
	while (with_value < count && child_rank(&children[with_value]) == 0)
		with_value++;
	return with_value;
}

double
objective_rollup(RollupChild *children, size_t count, RollupRule rule)
{
	double		sum = 0;
	double		weight = 0;
	size_t		with_value = sort_children(children, count);
	double		least;
	double		most;

	if (with_value == 0)
		return NAN;
	least = children[0].value;
	most = children[with_value - 1].value;
	if (rule == ROLLUP_WORST || rule == ROLLUP_MIN)
		return least;
	if (rule == ROLLUP_MAX)
		return most;
	for (size_t i = 0; i < with_value; i++)
	{
		sum += rule == ROLLUP_SUM ? children[i].value : children[i].value * children[i].weight;
		weight += children[i].weight;
	}
	/* An infinite sum may have gone on to be none. */
	if (!isfinite(sum) || !isfinite(weight))
		return INFINITY;
	return rule == ROLLUP_SUM ? sum : fmax(least, fmin(most, sum / weight));
}

double
objective_coverage(RollupChild *children, size_t count)
{
	double		covered = 0;
	double		rest = 0;
	size_t		with_value = sort_children(children, count);

	for (size_t i = 0; i < with_value; i++)
		covered += children[i].weight;
	for (size_t i = with_value; i < count; i++)
		rest += children[i].weight;
	return share_of(covered, rest);
}
