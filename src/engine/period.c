/*
 * period.c: see period.h.
 */
#include "engine/period.h"

#include "engine/moment.h"

/* 2000-01-01 was a Saturday. */
#define FIRST_WEEKDAY 6

/* Days before March 1st of a year, from March 1st of the year 0: so leap days come last. */
static int64_t
days_to_march(int64_t year)
{
	return 365 * year + floor_divide(year, 4) - floor_divide(year, 100) + floor_divide(year, 400);
}

/* Days from 2000-01-01 to the first of a month; months count from January 2000. */
static int64_t
month_to_day(int64_t month)
{
	/* months from March on, and the year that they begin in */
	int64_t		since_march = month - 2;
	int64_t		year = 2000 + floor_divide(since_march, 12);
	int64_t		in_year = since_march - 12 * floor_divide(since_march, 12);

	/* March to July and August to December have 153 days each, in the same pattern */
	return days_to_march(year) + (153 * in_year + 2) / 5 - (days_to_march(1999) + 306);
}

/* The month that a day is in. */
static int64_t
day_to_month(int64_t day)
{
	int64_t		month = floor_divide(day * 48, 1461);	/* near */

	while (month_to_day(month) > day)
		month--;
	while (month_to_day(month + 1) <= day)
		month++;
	return month;
}

/* Days from 2000-01-01 to the first day of week 0. */
static int64_t
first_week(int week_start)
{
	return -((FIRST_WEEKDAY - week_start + 7) % 7);
}

int64_t
period_number(Grain grain, int week_start, int64_t local)
{
	int64_t		day = floor_divide(local, PERIOD_DAY);

	switch (grain)
	{
		case GRAIN_HOUR:
			return floor_divide(local, PERIOD_HOUR);
		case GRAIN_WEEK:
			return floor_divide(day - first_week(week_start), 7);
		case GRAIN_MONTH:
			return day_to_month(day);
		case GRAIN_QUARTER:
			return floor_divide(day_to_month(day), 3);
		case GRAIN_YEAR:
			return floor_divide(day_to_month(day), 12);
		default:
			return day;
	}
}

int64_t
period_start(Grain grain, int week_start, int64_t number)
{
	switch (grain)
	{
		case GRAIN_HOUR:
			return number * PERIOD_HOUR;
		case GRAIN_WEEK:
			return (first_week(week_start) + 7 * number) * PERIOD_DAY;
		case GRAIN_MONTH:
			return month_to_day(number) * PERIOD_DAY;
		case GRAIN_QUARTER:
			return month_to_day(3 * number) * PERIOD_DAY;
		case GRAIN_YEAR:
			return month_to_day(12 * number) * PERIOD_DAY;
		default:
			return number * PERIOD_DAY;
	}
}

int64_t
period_length(Grain grain)
{
	return grain == GRAIN_HOUR ? PERIOD_HOUR : grain == GRAIN_DAY ? PERIOD_DAY : grain == GRAIN_WEEK ? 7 * PERIOD_DAY : 0;
}

bool
period_is_valid(Grain grain, int week_start, int64_t number)
{
	int64_t		length = period_length(grain);
	int64_t		in_year = grain == GRAIN_MONTH ? 12 : grain == GRAIN_QUARTER ? 4 : 1;
	int64_t		start;

	/* first so roughly that nothing overflows: finite times are of the years -4713 to 294276 */
	if (length > 0 ? number < -(INT64_MAX / length) + 2 || number > INT64_MAX / length - 1 :
		number < -6715 * in_year || number > 292277 * in_year)
		return false;
	start = period_start(grain, week_start, number);
	return start > MOMENT_FIRST - 367 * PERIOD_DAY && start < MOMENT_BEHIND + PERIOD_DAY;
}
