/*
 * period_test.c: numbers of periods against the C library's calendar, day by day.
 */
#include <time.h>

#include "check.h"
#include "engine/moment.h"
#include "engine/period.h"

/* Seconds from 1970 to 2000. */
#define EPOCH INT64_C(946684800)

static void
test_days(void)
{
	long		wrong_months = 0;
	long		wrong_starts = 0;
	long		wrong_weeks = 0;

	for (int64_t day = -730000; day < 900000; day++)
	{
		time_t		seconds = (time_t) (EPOCH + day * 86400);
		struct tm	tm;
		int64_t		month;

		gmtime_r(&seconds, &tm);
		month = (tm.tm_year - 100) * 12 + tm.tm_mon;
		wrong_months += period_number(GRAIN_MONTH, 1, day * PERIOD_DAY) != month;
		wrong_months += period_number(GRAIN_MONTH, 1, (day + 1) * PERIOD_DAY - 1) != month;
		wrong_months += period_number(GRAIN_QUARTER, 1, day * PERIOD_DAY) != floor_divide(month, 3);
		wrong_months += period_number(GRAIN_YEAR, 1, day * PERIOD_DAY) != tm.tm_year - 100;
		if (tm.tm_mday == 1)
			wrong_starts += period_start(GRAIN_MONTH, 1, month) != day * PERIOD_DAY;
		if (tm.tm_yday == 0)
			wrong_starts += period_start(GRAIN_YEAR, 1, tm.tm_year - 100) != day * PERIOD_DAY;
		for (int first = 0; first < 7; first++)
		{
			int64_t		week = period_number(GRAIN_WEEK, first, day * PERIOD_DAY);
			int64_t		start = day - (tm.tm_wday - first + 7) % 7;

			wrong_weeks += period_start(GRAIN_WEEK, first, week) != start * PERIOD_DAY;
			wrong_weeks += period_number(GRAIN_WEEK, first, (start + 7) * PERIOD_DAY) != week + 1;
		}
	}
	CHECK(wrong_months == 0, "months, quarters and years of 4,400 years");
	CHECK(wrong_starts == 0, "their first days");
	CHECK(wrong_weeks == 0, "weeks from any day");
}

static void
test_ends(void)
{
	bool		good = true;

	for (int grain = GRAIN_HOUR; grain <= GRAIN_YEAR; grain++)
	{
		int64_t		first = period_number((Grain) grain, 3, MOMENT_FIRST);
		int64_t		last = period_number((Grain) grain, 3, MOMENT_BEHIND - 1);

		good = good && period_is_valid((Grain) grain, 3, first) && period_is_valid((Grain) grain, 3, last) &&
			period_is_valid((Grain) grain, 3, 0) && !period_is_valid((Grain) grain, 3, INT64_MAX) &&
			!period_is_valid((Grain) grain, 3, INT64_MIN) &&
			!period_is_valid((Grain) grain, 3, last + (grain == GRAIN_HOUR ? 30 : 2));
	}
	CHECK(good, "the first and the last period of finite times, and none beyond");
	CHECK(period_number(GRAIN_HOUR, 1, -1) == -1 && period_start(GRAIN_HOUR, 1, -1) == -PERIOD_HOUR, "the hour before 2000");
}

int
main(void)
{
	test_days();
	test_ends();
	return DONE();
}
