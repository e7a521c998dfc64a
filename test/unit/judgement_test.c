/*
 * judgement_test.c: what is judged against long doubles, periods walked through day by day, and rules put plainly.
 * KPI_SEED and KPI_CASES choose other and more cases.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/judgement.h"
#include "check.h"
#include "engine/date.h"
#include "random.h"

#define MOST_DAYS		800
#define MOST_CHILDREN	9

static int	cases = 20000;

static bool
near(double value, long double expected)
{
	return fabsl(value - expected) <= 1e-12L * (1 + fabsl(expected));
}

/* Numbers as they are in KPIs: whole ones, cents, zero, large, small, of both signs; some are missing. */
static double
number(bool may_miss)
{
	double		value;

	switch (random_bits() % (may_miss ? 8 : 7))
	{
		case 0:
			value = 0;
			break;
		case 1:
			value = (double) (random_bits() % 5);
			break;
		case 2:
			value = (double) (random_bits() % 100000) / 100;
			break;
		case 3:
			value = ldexp((double) (random_bits() >> 11), (int) (random_bits() % 200) - 150);
			break;
		case 4:
		case 5:
			value = (double) (random_bits() % 200);
			break;
		case 6:
			value = 1 + (double) ((int) (random_bits() % 5) - 2) * 0x1p-52;
			break;
		default:
			return NAN;
	}
	return chance(25) ? -value : value;
}

static double
any_share(void)
{
	return chance(10) ? 0 : chance(10) ? 1 : (double) (random_bits() % 1000) / 999;
}

/* ---- how much of the target is reached ---- */

/* What the documentation says, case by case; NAN: nothing can be said. */
static long double
naive_attainment(long double a, long double t, long double b, bool down)
{
	if (isnan(a) || isnan(t))
		return NAN;
	if (!isnan(b))
		return t == b ? NAN : (a - b) / (t - b);
	if (!down && t > 0)
		return a / t;
	if (!down && t == 0)
		return NAN;
	if (t < 0)
		return 1 + (down ? t - a : a - t) / -t;
	return a > 0 ? t / a : 1;
}

static void
test_attainment(void)
{
	long		wrong = 0;
	long		unmet = 0;
	long		worse = 0;

	for (int run = 0; run < cases * 10; run++)
	{
		double		actual = number(true);
		double		target = chance(20) && !isnan(actual) ? nextafter(actual, chance(50) ? HUGE_VAL : -HUGE_VAL) : number(true);
		double		baseline = chance(50) ? NAN : number(false);
		Direction	direction = chance(50) ? DIRECTION_UP : DIRECTION_DOWN;
		double		found = kpi_attainment(actual, target, baseline, direction);
		long double expected = naive_attainment(actual, target, baseline, direction == DIRECTION_DOWN);
		bool		upwards = isnan(baseline) ? direction == DIRECTION_UP : target > baseline;

		/* near, as the differences are rounded to doubles first */
		if (isnan(expected) || isnan(found))
			wrong += isnan(expected) != isnan(found);
		else if (isnan(baseline))
			wrong += !near(found, expected);
		else
			wrong += fabsl(found - expected) > 1e-12L * (1 + fabsl(expected)) * (1 + (fabs(actual) + fabs(target) + fabs(baseline)) / fabs(target - baseline));
		if (!isnan(found))
			unmet += (found >= 1) != (upwards ? actual >= target : actual <= target);
		/* of all but what has nothing left to lower: who is nearer attains no less */
		if (!isnan(found) && (!isnan(baseline) || direction == DIRECTION_UP || target < 0 || actual > 0))
		{
			double		better = upwards ? actual + fabs(number(false)) : actual - fabs(number(false));

			if (!isnan(baseline) || direction == DIRECTION_UP || target < 0 || better > 0)
				worse += kpi_attainment(better, target, baseline, direction) < found;
		}
	}
	CHECK(wrong == 0, "attainment is what the rules say: %ld wrong", wrong);
	CHECK(unmet == 0, "it is 1 or more exactly if the target is met, whatever is rounded: %ld wrong", unmet);
	CHECK(worse == 0, "and no less for who is better: %ld wrong", worse);
	CHECK(kpi_attainment(1.5e308, 1.2e308, -1.5e308, DIRECTION_UP) > 1.1 && isinf(kpi_attainment(1e300, 1e-300, NAN, DIRECTION_UP)) &&
		  kpi_attainment(-1.6e308, -1.5e308, 1.5e308, DIRECTION_UP) > 1 && kpi_attainment(1.2e308, 1.5e308, -1.5e308, DIRECTION_UP) < 1,
		  "differences beyond the largest double");
}

static void
test_range(void)
{
	long		wrong = 0;
	long		unmet = 0;

	for (int run = 0; run < cases * 5; run++)
	{
		double		actual = number(true);
		double		low = number(true);
		double		high = chance(20) ? low : number(true);
		double		tolerance = chance(50) ? NAN : fabs(number(false));
		double		found;
		long double distance;
		long double expected;
		long double room;

		if (low > high)
		{
			double		swap = low;

			low = high;
			high = swap;
		}
		if (chance(30) && !isnan(low))
			actual = nextafter(low, -HUGE_VAL);
		found = kpi_attainment_range(actual, low, high, tolerance);
		if (isnan(actual) || (isnan(low) && isnan(high)))
		{
			wrong += !isnan(found);
			continue;
		}
		distance = fmaxl(0, fmaxl(isnan(low) ? 0 : (long double) low - actual, isnan(high) ? 0 : (long double) actual - high));
		room = !isnan(tolerance) ? tolerance : isnan(low) ? fabs(high) : isnan(high) ? fabs(low) : ((long double) high - low) / 2;
		expected = distance == 0 ? 1 : distance >= room ? 0 : 1 - distance / room;
		wrong += fabsl(found - expected) > 1e-9L || found < 0;
		unmet += (found >= 1) != (distance == 0) || found > 1;
	}
	CHECK(wrong == 0, "attainment of ranges: %ld wrong", wrong);
	CHECK(unmet == 0, "it is 1 exactly within: %ld wrong", unmet);
}

/* ---- how far the period is ---- */

/* 0: Monday; by the day itself and not by any formula: from a Monday on, a week at a time. */
static int
naive_weekday(int64_t day)
{
	int64_t		monday = days_of_date(2026, 11, 23);

	while (monday > day)
		monday -= 7;
	while (monday + 7 <= day)
		monday += 7;
	return (int) (day - monday);
}

static void
test_elapsed(void)
{
	static double weights[MOST_DAYS];
	static int32_t holidays[60];
	long		wrong[3] = {0};
	long		seven = 0;
	long		ends = 0;

	for (int run = 0; run < cases / 4; run++)
	{
		int64_t		start = days_of_date(1995 + (int) (random_bits() % 40), 1 + (int) (random_bits() % 12), 1 + (int) (random_bits() % 28));
		int64_t		days = 1 + (int64_t) (random_bits() % (chance(20) ? MOST_DAYS : 40));
		PeriodSoFar period = {start, start + days, start + (int64_t) (random_bits() % (uint64_t) (days + 6)) - 3};
		size_t		holiday_count = random_bits() % 60;
		bool		by_weekday = chance(40);
		size_t		weight_count = by_weekday ? 7 : (size_t) days;
		long double over[3] = {0};
		long double all[3] = {0};
		double		found[3];

		for (size_t h = 0; h < holiday_count; h++)
			holidays[h] = (int32_t) (start - 5 + (int64_t) (random_bits() % (uint64_t) (days + 10)));
		for (size_t w = 0; w < weight_count; w++)
			weights[w] = chance(20) ? 0 : (double) (random_bits() % 1000) / 7;
		for (int64_t day = start; day < start + days; day++)
		{
			int			weekday = naive_weekday(day);
			bool		free_day = weekday >= 5;
			long double worth[3];

			for (size_t h = 0; h < holiday_count; h++)
				free_day = free_day || holidays[h] == day;
			worth[0] = 1;
			worth[1] = !free_day;
			worth[2] = weight_count == 7 ? weights[weekday] : weights[day - start];
			for (int p = 0; p < 3; p++)
			{
				all[p] += worth[p];
				over[p] += day <= period.as_of ? worth[p] : 0;
			}
		}
		found[0] = elapsed_days_share(&period);
		found[1] = elapsed_business_share(&period, holidays, holiday_count);
		found[2] = elapsed_profile_share(&period, weights, weight_count);
		for (int p = 0; p < 3; p++)
		{
			if (all[p] == 0)
				wrong[p] += !isnan(found[p]);
			else
				wrong[p] += !near(found[p], over[p] / all[p]);
			if (all[p] > 0)
				ends += (period.as_of < start && found[p] != 0) || (period.as_of >= start + days - 1 && found[p] != 1) || found[p] < 0 || found[p] > 1;
		}
		/* week days, and the same weights written out day by day */
		if (by_weekday && days != 7)
		{
			static double written[MOST_DAYS];

			for (int64_t day = start; day < start + days; day++)
				written[day - start] = weights[naive_weekday(day)];
			if (all[2] > 0)
				seven += !near(found[2], elapsed_profile_share(&period, written, (size_t) days));
		}
	}
	CHECK(wrong[0] == 0, "shares of days: %ld wrong", wrong[0]);
	CHECK(wrong[1] == 0, "shares of business days: %ld wrong", wrong[1]);
	CHECK(wrong[2] == 0, "shares of weights: %ld wrong", wrong[2]);
	CHECK(seven == 0, "weights of week days and of each day agree: %ld wrong", seven);
	CHECK(ends == 0, "exactly 0 before the start, exactly 1 on the last day: %ld wrong", ends);
}

static void
test_long_periods(void)
{
	PeriodSoFar period = {-2451545, INT32_MAX, 0};
	double		weekly[7] = {1, 1, 1, 1, 1, 0, 0};

	CHECK(near(elapsed_days_share(&period), 2451546.0L / (2451545.0L + INT32_MAX)) &&
		  near(elapsed_business_share(&period, NULL, 0), elapsed_profile_share(&period, weekly, 7)), "all dates that there are");
	weekly[0] = 1e308;
	CHECK(isinf(elapsed_profile_share(&period, weekly, 7)), "weights beyond the largest double");
}

static void
test_pace(void)
{
	long		wrong = 0;
	long		ends = 0;
	long		back = 0;
	long		whole = 0;

	for (int run = 0; run < cases * 5; run++)
	{
		double		target = number(true);
		double		baseline = chance(30) ? target : number(true);
		double		share = chance(10) ? NAN : any_share();
		double		found = kpi_pace(target, share, baseline, true);
		long double from = isnan(baseline) ? 0 : baseline;
		double		further;

		wrong += memcmp(&target, &(double) {kpi_pace(target, share, baseline, false)}, sizeof(double)) != 0;
		if (isnan(target) || isnan(share))
		{
			wrong += !isnan(found);
			continue;
		}
		wrong += fabsl(found - (from + (target - from) * share)) > 1e-14L * (fabsl(from) + fabs(target));
		ends += (share == 1 && found != target) || (share == 0 && found != from) || (from == target && found != target);
		further = kpi_pace(target, nextafter(share, 1), baseline, true);
		back += target > from ? further < found || further > target : further > found || further < target;
		if (share > 0 && fabs(target) > 1e-20)
			whole += !near(kpi_forecast(found, share, true), (long double) found / share) ||
				!isnan(kpi_forecast(NAN, share, true)) || kpi_forecast(found, NAN, false) != found;
		else if (share == 0)
			whole += !isnan(kpi_forecast(found, share, true)) || !isnan(kpi_forecast(found, NAN, true));
	}
	CHECK(wrong == 0, "pace: %ld wrong", wrong);
	CHECK(ends == 0, "it starts and ends exactly: %ld wrong", ends);
	CHECK(back == 0, "and never goes back or beyond: %ld wrong", back);
	CHECK(whole == 0, "forecasts: %ld wrong", whole);
	CHECK(near(kpi_pace(1.5e308, 0.5, -1.5e308, true), 0) && kpi_pace(1.7e308, 0.75, 1.6e308, true) < 1.7e308, "large ways");
}

/* ---- in a word ---- */

/* Whether the target is met if the actual is `truth`. */
static bool
is_met(double truth, double target, Direction direction)
{
	return direction == DIRECTION_UP ? truth >= target : truth <= target;
}

static void
test_status(void)
{
	long		wrong = 0;
	long		seen[KPI_STATUSES] = {0};
	bool		all = true;

	for (int run = 0; run < cases * 5; run++)
	{
		Standing	standing = {
			.attainment = chance(10) ? NAN : (double) (random_bits() % 9) / 4 - 0.25,
			.is_closed = chance(50),
			.at_risk = 0.25 * (double) (1 + random_bits() % 5),
			.stale = chance(10),
			.has_started = chance(90),
			.target = chance(10) ? NAN : (double) (random_bits() % 5),
			.direction = (Direction) (random_bits() % DIRECTIONS),
			.ci_low = chance(50) ? NAN : (double) (random_bits() % 5),
			.ci_high = NAN,
		};
		KpiStatus	found;
		KpiStatus	expected;

		standing.behind = chance(30) ? standing.at_risk : standing.at_risk / 2;
		if (!isnan(standing.ci_low) && chance(90))
			standing.ci_high = standing.ci_low + (double) (random_bits() % 3);
		found = kpi_status(&standing);
		if (!standing.has_started)
			expected = STATUS_NOT_STARTED;
		else if (standing.stale)
			expected = STATUS_STALE;
		else if (isnan(standing.attainment))
			expected = STATUS_NO_DATA;
		else
		{
			if (standing.is_closed)
				expected = standing.attainment < 1 ? STATUS_MISSED : STATUS_ACHIEVED;
			else if (standing.attainment < standing.behind)
				expected = STATUS_BEHIND;
			else if (standing.attainment < standing.at_risk)
				expected = STATUS_AT_RISK;
			else
				expected = STATUS_ON_TRACK;
			/* the judgement differs between truths within the interval */
			if (!isnan(standing.ci_low) && !isnan(standing.ci_high) && !isnan(standing.target))
			{
				bool		differs = standing.direction == DIRECTION_RANGE ?
					is_met(standing.ci_low, standing.target, DIRECTION_UP) != is_met(standing.ci_high, standing.target, DIRECTION_UP) &&
					is_met(standing.ci_low, standing.target, DIRECTION_DOWN) != is_met(standing.ci_high, standing.target, DIRECTION_DOWN)
					: is_met(standing.ci_low, standing.target, standing.direction) != is_met(standing.ci_high, standing.target, standing.direction);

				if (differs)
					expected = STATUS_UNCERTAIN;
			}
		}
		wrong += found != expected;
		seen[found]++;
	}
	for (int s = 0; s < KPI_STATUSES; s++)
		all = all && seen[s] > 0;
	CHECK(wrong == 0, "statuses: %ld wrong", wrong);
	CHECK(all, "every status was seen");
}

static void
test_status_codes(void)
{
	static const char *const good = " achieved on_track ";
	static const char *const doubtful = " at_risk uncertain ";
	static const char *const bad = " behind missed ";
	bool		right = true;

	for (int s = 0; s < KPI_STATUSES; s++)
	{
		char		word[32];
		int			code;
		bool		has = kpi_status_code((KpiStatus) s, &code);

		snprintf(word, sizeof(word), " %s ", kpi_status_name[s]);
		right = right && has == (strstr(good, word) || strstr(doubtful, word) || strstr(bad, word)) &&
			(!has || code == (strstr(good, word) ? 1 : strstr(bad, word) ? -1 : 0));
	}
	CHECK(right, "codes of statuses");
}

/* ---- of an objective ---- */

static void
shuffle(RollupChild *children, size_t count)
{
	for (size_t i = count; i > 1; i--)
	{
		size_t		j = random_bits() % i;
		RollupChild swap = children[i - 1];

		children[i - 1] = children[j];
		children[j] = swap;
	}
}

static void
test_objective(void)
{
	long		wrong[ROLLUP_RULES] = {0};
	long		coverage = 0;
	long		order = 0;
	long		outside = 0;

	for (int run = 0; run < cases * 2; run++)
	{
		RollupChild children[MOST_CHILDREN];
		size_t		count = random_bits() % (MOST_CHILDREN + 1);
		bool		alike = chance(20);
		long double sum = 0;
		long double weighted = 0;
		long double weight = 0;
		long double all = 0;
		double		least = HUGE_VAL;
		double		most = -HUGE_VAL;
		double		found[ROLLUP_RULES];
		double		covered;

		for (size_t i = 0; i < count; i++)
		{
			children[i].value = chance(20) ? NAN : alike ? 0.1 : (double) (random_bits() % 3000) / 1000 - 0.5;
			children[i].weight = chance(20) ? 0 : chance(50) ? 1 : (double) (random_bits() % 100) / 10;
			all += children[i].weight;
			if (isnan(children[i].value) || children[i].weight == 0)
				continue;
			sum += children[i].value;
			weighted += (long double) children[i].value * children[i].weight;
			weight += children[i].weight;
			least = fmin(least, children[i].value);
			most = fmax(most, children[i].value);
		}
		covered = objective_coverage(children, count);
		coverage += all == 0 ? !isnan(covered) : !near(covered, weight / all) || (covered == 1) != (weight == all);
		for (int rule = 0; rule < ROLLUP_RULES; rule++)
		{
			long double expected = weight == 0 ? NAN : rule == ROLLUP_WEIGHTED_MEAN ? weighted / weight : rule == ROLLUP_SUM ? sum
				: rule == ROLLUP_MAX ? most : least;
			double		again;

			found[rule] = objective_rollup(children, count, (RollupRule) rule);
			wrong[rule] += isnan(expected) ? !isnan(found[rule]) : !near(found[rule], expected);
			shuffle(children, count);
			again = objective_rollup(children, count, (RollupRule) rule);
			order += memcmp(&again, &found[rule], sizeof(again)) != 0;
		}
		shuffle(children, count);
		order += memcmp(&(double) {objective_coverage(children, count)}, &covered, sizeof(covered)) != 0;
		outside += weight > 0 && (found[ROLLUP_WEIGHTED_MEAN] < least || found[ROLLUP_WEIGHTED_MEAN] > most);
	}
	for (int rule = 0; rule < ROLLUP_RULES; rule++)
		CHECK(wrong[rule] == 0, "rollup by %s: %ld wrong", rollup_rule_name[rule], wrong[rule]);
	CHECK(coverage == 0, "coverage: %ld wrong", coverage);
	CHECK(order == 0, "the order does not matter to the last bit: %ld wrong", order);
	CHECK(outside == 0, "a mean is never outside of what it is the mean of: %ld wrong", outside);
	CHECK(isinf(objective_rollup((RollupChild[]) {{-1e308, 10}, {1e308, 10}}, 2, ROLLUP_WEIGHTED_MEAN)) &&
		  isinf(objective_rollup((RollupChild[]) {{1e308, 1}, {1e308, 1}}, 2, ROLLUP_SUM)), "sums beyond the largest double");
}

int
main(void)
{
	const char *seed = getenv("KPI_SEED");
	const char *more = getenv("KPI_CASES");

	if (seed != NULL)
		random_state = strtoull(seed, NULL, 10) | 1;
	if (more != NULL)
		cases = atoi(more);
	test_attainment();
	test_range();
	test_elapsed();
	test_long_periods();
	test_pace();
	test_status();
	test_status_codes();
	test_objective();
	return DONE();
}
