/*
 * cashflow_days.c: see cashflow_days.h.
 */
#include "measures/cashflow_days.h"

#include <string.h>
#include <strings.h>

#include "engine/date.h"

static const char *const names[] = {
	[DAYS_ACT_365] = "act/365",
	[DAYS_ACT_360] = "act/360",
	[DAYS_30_360] = "30/360",
	[DAYS_ACT_ACT] = "act/act",
};

bool
day_count_parse(const char *text, size_t length, DayCount *convention)
{
	for (int i = 0; i <= DAYS_ACT_ACT; i++)
	{
		if (length != strlen(names[i]) || strncasecmp(text, names[i], length) != 0)
			continue;
		*convention = (DayCount) i;
		return true;
	}
	return false;
}

const char *
day_count_name(DayCount convention)
{
	return names[convention];
}

static double
years_30_360(int64_t from, int64_t to)
{
	int64_t		year1,
				year2;
	int			month1,
				month2,
				day1,
				day2;

	date_of_days(from, &year1, &month1, &day1);
	date_of_days(to, &year2, &month2, &day2);
	if (day1 == 31)
		day1 = 30;
	if (day2 == 31 && day1 == 30)
		day2 = 30;
	return (double) (360 * (year2 - year1) + 30 * (month2 - month1) + (day2 - day1)) / 360;
}

static double
years_act_act(int64_t from, int64_t to)
{
	int64_t		year1,
				year2;
	int			month,
				day;
	double		part1,
				part2;

	date_of_days(from, &year1, &month, &day);
	date_of_days(to, &year2, &month, &day);
	/* how much of its year has passed at either end */
	part1 = (double) (from - days_of_date(year1, 1, 1)) / (double) (337 + days_of_month(year1, 2));
	part2 = (double) (to - days_of_date(year2, 1, 1)) / (double) (337 + days_of_month(year2, 2));
	return (double) (year2 - year1) + (part2 - part1);
}

double
day_count_years(DayCount convention, int64_t from, int64_t to)
{
	switch (convention)
	{
		case DAYS_ACT_360:
			return (double) (to - from) / 360;
		case DAYS_30_360:
			return years_30_360(from, to);
		case DAYS_ACT_ACT:
			return years_act_act(from, to);
		default:
			return (double) (to - from) / 365;
	}
}
