/*
 * date.c: see date.h.
 */
#include "engine/date.h"

#include <stdio.h>

#define DAYS_400_YEARS	146097
#define DAYS_TO_MARCH	60		/* from 2000-01-01 to 2000-03-01 */
#define LAST_YEAR		294276	/* that timestamps know */

/* Years are counted from March here, so that the leap day is the last one: months from 0 for March. */

static int64_t
floor_divide(int64_t number, int64_t by)
{
	return number / by - (number % by < 0);
}

int64_t
days_of_date(int64_t year, int month, int day)
{
	int64_t		march_year = year - 2000 - (month <= 2);
	int64_t		month_of_year = (month + 9) % 12;
	int64_t		cycle = floor_divide(march_year, 400);
	int64_t		rest = march_year - cycle * 400;

	return cycle * DAYS_400_YEARS + rest * 365 + rest / 4 - rest / 100 +
		(153 * month_of_year + 2) / 5 + day - 1 + DAYS_TO_MARCH;
}

void
date_of_days(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t		cycle = floor_divide(days - DAYS_TO_MARCH, DAYS_400_YEARS);
	int64_t		rest = days - DAYS_TO_MARCH - cycle * DAYS_400_YEARS;
	int64_t		years = (rest - rest / 1460 + rest / 36524 - rest / (DAYS_400_YEARS - 1)) / 365;
	int64_t		day_of_year = rest - (years * 365 + years / 4 - years / 100);
	int64_t		month_of_year = (5 * day_of_year + 2) / 153;

	*day = (int) (day_of_year - (153 * month_of_year + 2) / 5 + 1);
	*month = (int) (month_of_year < 10 ? month_of_year + 3 : month_of_year - 9);
	*year = 2000 + cycle * 400 + years + (*month <= 2);
}

int
days_of_month(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

bool
date_parse(const char *text, size_t length, int64_t *day)
{
	int64_t		numbers[3] = {0};
	int			digits[3] = {0};
	int			part = 0;

	for (size_t i = 0; i < length; i++)
	{
		if (text[i] == '-' && ++part < 3)
			continue;
		if (part == 3 || text[i] < '0' || text[i] > '9' || ++digits[part] > 6)
			return false;
		numbers[part] = numbers[part] * 10 + (text[i] - '0');
	}
	if (part != 2 || digits[0] < 4 || digits[1] != 2 || digits[2] != 2 || numbers[0] < 1 || numbers[0] > LAST_YEAR ||
		numbers[1] < 1 || numbers[1] > 12 || numbers[2] < 1 || numbers[2] > days_of_month(numbers[0], (int) numbers[1]))
		return false;
	*day = days_of_date(numbers[0], (int) numbers[1], (int) numbers[2]);
	return true;
}

void
date_print(char *text, int64_t day)
{
	int64_t		year;
	int			month;
	int			day_of_month;

	date_of_days(day, &year, &month, &day_of_month);
	snprintf(text, DATE_TEXT_MAX, "%04d-%02d-%02d", (int) year, month, day_of_month);
}
