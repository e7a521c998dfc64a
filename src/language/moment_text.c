/*
 * moment_text.c: see moment_text.h. Dates are those of the Gregorian calendar, carried on backwards.
 */
#include "language/moment_text.h"

#include <stdio.h>
#include <string.h>

#include "engine/date.h"

#define USECS_SECOND	INT64_C(1000000)
#define USECS_DAY		(86400 * USECS_SECOND)

/* ---- writing ---- */

void
moment_print(char *text, int64_t moment, MomentStyle style)
{
	int64_t		days;
	int64_t		rest;
	int64_t		year;
	int			month;
	int			day;
	int			at;
	bool		bc;

	if (moment == MOMENT_MIN || moment == MOMENT_MAX)
	{
		strcpy(text, moment == MOMENT_MIN ? "-infinity" : "infinity");
		return;
	}
	days = moment / USECS_DAY - (moment % USECS_DAY < 0);
	rest = moment - days * USECS_DAY;
	date_of_days(days, &year, &month, &day);
	bc = year <= 0;
	at = sprintf(text, "%04d-%02d-%02d%s%c%02d:%02d:%02d", (int) (bc ? 1 - year : year), month, day,
				 bc && style == MOMENT_PLAIN ? " BC" : "", style == MOMENT_PLAIN ? ' ' : 'T',
				 (int) (rest / (3600 * USECS_SECOND)), (int) (rest / (60 * USECS_SECOND) % 60),
				 (int) (rest / USECS_SECOND % 60));
	if (rest % USECS_SECOND != 0)
	{
		at += sprintf(text + at, ".%06d", (int) (rest % USECS_SECOND));
		while (text[at - 1] == '0')
			at--;
	}
	strcpy(text + at, bc && style == MOMENT_ISO ? "Z BC" : "Z");
}

/* ---- reading ---- */

typedef struct Scanner
{
	const char *text;
	size_t		length;
	size_t		at;
	LanguageError *error;
} Scanner;

static bool
fail(Scanner *scanner, size_t offset, const char *message, const char *hint)
{
	scanner->error->limit = false;
	scanner->error->offset = offset;
	snprintf(scanner->error->message, sizeof(scanner->error->message), "%s", message);
	snprintf(scanner->error->hint, sizeof(scanner->error->hint), "%s", hint != NULL ? hint : "");
	return false;
}

/* Moves behind `word` if it is next. */
static bool
scan(Scanner *scanner, const char *word)
{
	size_t		size = strlen(word);

	if (scanner->length - scanner->at < size || memcmp(scanner->text + scanner->at, word, size) != 0)
		return false;
	scanner->at += size;
	return true;
}

/* Reads from `least` to `most` digits, all that there are; the number of digits, 0 if that is not so. */
static int
scan_digits(Scanner *scanner, int least, int most, int *number)
{
	int			digits = 0;

	*number = 0;
	while (scanner->at + (size_t) digits < scanner->length && digits <= most &&
		   scanner->text[scanner->at + (size_t) digits] >= '0' && scanner->text[scanner->at + (size_t) digits] <= '9')
	{
		if (digits < most)
			*number = *number * 10 + (scanner->text[scanner->at + (size_t) digits] - '0');
		digits++;
	}
	if (digits < least || digits > most)
		return 0;
	scanner->at += (size_t) digits;
	return digits;
}

/* Two digits of at most `most`. */
static bool
scan_pair(Scanner *scanner, int most, int *number)
{
	size_t		start = scanner->at;

	if (scan_digits(scanner, 2, 2, number) == 0 || *number > most)
	{
		scanner->at = start;
		return false;
	}
	return true;
}

static const char example[] = "Write it like 2024-01-31 23:59:59.5Z.";

static bool
scan_date(Scanner *scanner, int *year, int *month, int *day)
{
	size_t		start = scanner->at;

	if (scan_digits(scanner, 4, 6, year) == 0 || !scan(scanner, "-") || !scan_pair(scanner, 12, month) ||
		!scan(scanner, "-") || !scan_pair(scanner, 31, day))
		return fail(scanner, start, "expected a time", example);
	/* the year of a leap day is looked at when its era is known */
	if (*year == 0 || *month == 0 || *day == 0)
		return fail(scanner, start, "no such date", NULL);
	return true;
}

static bool
scan_clock(Scanner *scanner, int64_t *usecs)
{
	size_t		start = scanner->at;
	int			hour;
	int			minute;
	int			second;
	int			fraction = 0;

	*usecs = 0;
	if (!scan_pair(scanner, 23, &hour) || !scan(scanner, ":") || !scan_pair(scanner, 59, &minute) ||
		!scan(scanner, ":") || !scan_pair(scanner, 59, &second))
		return fail(scanner, start, "expected hours, minutes and seconds", example);
	if (scan(scanner, "."))
	{
		size_t		place = scanner->at;
		int			digits = scan_digits(scanner, 1, 6, &fraction);

		if (digits == 0)
			return fail(scanner, place, "expected one to six digits of a second", NULL);
		for (; digits < 6; digits++)
			fraction *= 10;
	}
	*usecs = (hour * INT64_C(3600) + minute * 60 + second) * USECS_SECOND + fraction;
	return true;
}

/* `Z` or an offset from UTC. */
static bool
scan_zone(Scanner *scanner, int64_t *usecs)
{
	size_t		start = scanner->at;
	bool		west;
	int			hour;
	int			minute = 0;
	int			second = 0;

	*usecs = 0;
	if (scan(scanner, "Z"))
		return true;
	west = scanner->at < scanner->length && scanner->text[scanner->at] == '-';
	if ((!scan(scanner, "+") && !scan(scanner, "-")) || !scan_pair(scanner, 15, &hour) ||
		(scan(scanner, ":") && (!scan_pair(scanner, 59, &minute) ||
								(scan(scanner, ":") && !scan_pair(scanner, 59, &second)))))
		return fail(scanner, start, "expected the zone of the time",
					"Write Z for UTC, or an offset such as +09:00.");
	*usecs = (hour * INT64_C(3600) + minute * 60 + second) * (west ? -USECS_SECOND : USECS_SECOND);
	return true;
}

bool
moment_parse(const char *text, size_t length, size_t *at, MomentStyle style, int64_t *moment, LanguageError *error)
{
	Scanner		scanner = {text, length, *at, error};
	int			year;
	int			month;
	int			day;
	int64_t		clock;
	int64_t		zone;
	int64_t		days;
	bool		bc;

	if (scan(&scanner, "-infinity"))
		*moment = MOMENT_MIN;
	else if (scan(&scanner, "infinity"))
		*moment = MOMENT_MAX;
	else
	{
		if (!scan_date(&scanner, &year, &month, &day))
			return false;
		bc = scan(&scanner, " BC");
		if (!scan(&scanner, "T") && !scan(&scanner, " "))
			return fail(&scanner, scanner.at, "expected a blank and the time of the day", example);
		if (!scan_clock(&scanner, &clock) || !scan_zone(&scanner, &zone))
			return false;
		bc |= style == MOMENT_ISO && scan(&scanner, " BC");
		if (bc)
			year = 1 - year;
		if (day > days_of_month(year, month))
			return fail(&scanner, *at, "no such date", NULL);
		days = days_of_date(year, month, day);
		/* a day more on each side, for the zone; this cannot overflow */
		if (days < MOMENT_FIRST / USECS_DAY - 1 || days > MOMENT_BEHIND / USECS_DAY + 1 ||
			(*moment = days * USECS_DAY + clock - zone) < MOMENT_FIRST || *moment >= MOMENT_BEHIND)
			return fail(&scanner, *at, "time out of range", "Times lie between 4714 BC and 294276 AD.");
	}
	if (style == MOMENT_ISO && scanner.at != length)
		return fail(&scanner, scanner.at, "expected the end of the time", NULL);
	*at = scanner.at;
	return true;
}
