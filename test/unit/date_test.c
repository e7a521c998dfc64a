/*
 * date_test.c: dates against a calendar that is walked through day by day.
 */
#include <string.h>

#include "check.h"
#include "engine/date.h"

/* From 1 AD on, over 2,500 years, and what is no date. */
int
main(void)
{
	static const char *const bad[] = {"", "2026", "2026-01", "2026-01-", "2026-01-01-", "2026--1-01", "2026-01-1", "+2026-01-01", "2026-01-01 ",
	"2026-00-01", "2026-01-00", "2026-04-31", "1900-02-29", "0999999-01-01", "294277-01-01", "0000-01-01", "2026/01/01"};
	int64_t		day = days_of_date(1, 1, 1);
	long		wrong = 0;
	bool		good = true;

	CHECK(days_of_date(2000, 1, 1) == 0 && days_of_date(1970, 1, 1) == -10957 && days_of_date(-4713, 11, 24) == -2451545, "known days");
	for (int year = 1; year <= 2500; year++)
		for (int month = 1; month <= 12; month++)
		{
			bool		leap = year % 400 == 0 || (year % 100 != 0 && year % 4 == 0);
			int			last = month == 2 ? 28 + leap : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;

			wrong += days_of_month(year, month) != last;
			for (int d = 1; d <= last; d++, day++)
			{
				char		text[DATE_TEXT_MAX];
				char		expected[40];
				int64_t		found;
				int64_t		found_year;
				int			found_month;
				int			found_day;

				date_of_days(day, &found_year, &found_month, &found_day);
				snprintf(expected, sizeof(expected), "%04d-%02d-%02d", year, month, d);
				date_print(text, day);
				wrong += days_of_date(year, month, d) != day || found_year != year || found_month != month || found_day != d ||
					strcmp(text, expected) != 0 || !date_parse(text, strlen(text), &found) || found != day;
			}
		}
	CHECK(wrong == 0, "every day of 2,500 years: %ld wrong", wrong);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		good = good && !date_parse(bad[i], strlen(bad[i]), &day);
	CHECK(good, "texts that are no dates");
	return DONE();
}
