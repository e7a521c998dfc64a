/*
 * duration.c: see duration.h.
 */
#include "language/duration.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000)

static const struct
{
	const char *name;
	int64_t		span;			/* 0: has no fixed length */
}			units[] = {
	{"us", 1}, {"microsecond", 1}, {"microseconds", 1},
	{"ms", 1000}, {"millisecond", 1000}, {"milliseconds", 1000},
	{"s", SECOND}, {"sec", SECOND}, {"secs", SECOND}, {"second", SECOND}, {"seconds", SECOND},
	{"m", 60 * SECOND}, {"min", 60 * SECOND}, {"mins", 60 * SECOND}, {"minute", 60 * SECOND},
	{"minutes", 60 * SECOND},
	{"h", 3600 * SECOND}, {"hr", 3600 * SECOND}, {"hrs", 3600 * SECOND}, {"hour", 3600 * SECOND},
	{"hours", 3600 * SECOND},
	{"d", 86400 * SECOND}, {"day", 86400 * SECOND}, {"days", 86400 * SECOND},
	{"w", 604800 * SECOND}, {"week", 604800 * SECOND}, {"weeks", 604800 * SECOND},
	{"mon", 0}, {"mons", 0}, {"month", 0}, {"months", 0}, {"quarter", 0}, {"quarters", 0},
	{"y", 0}, {"yr", 0}, {"yrs", 0}, {"year", 0}, {"years", 0},
};

bool
language_error(LanguageError *error, size_t offset, const char *message, const char *hint)
{
	error->limit = false;
	error->offset = offset;
	snprintf(error->message, sizeof(error->message), "%s", message);
	snprintf(error->hint, sizeof(error->hint), "%s", hint != NULL ? hint : "");
	return false;
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Bytes of the number at the front of a word: digits, perhaps with a fraction. */
static size_t
number_length(const char *bytes, size_t length)
{
	size_t		i = 0;

	while (i < length && is_digit(bytes[i]))
		i++;
	if (i > 0 && i + 1 < length && bytes[i] == '.' && is_digit(bytes[i + 1]))
	{
		i++;
		while (i < length && is_digit(bytes[i]))
			i++;
	}
	return i;
}

static const char *const not_whole = "a duration is a whole number of microseconds";
static const char *const too_long = "the duration is too long";

/* number * unit added to *span; NULL, or what is wrong. */
static const char *
add_product(const char *number, size_t length, int64_t unit, int64_t *span)
{
	int64_t		whole = 0;
	int64_t		fraction = 0;
	int64_t		scale = 1;
	__int128	sum;			/* of no more than 2^62 of the longest unit */
	size_t		i;

	for (i = 0; i < length && number[i] != '.'; i++)
	{
		if (whole > DURATION_MAX / 10)
			return too_long;
		whole = whole * 10 + (number[i] - '0');
	}
	for (i++; i < length; i++)
	{
		if (scale == 1000000000)
			return "a duration has at most 9 decimal places";
		fraction = fraction * 10 + (number[i] - '0');
		scale *= 10;
	}
	sum = (__int128) fraction * unit;
	if (sum % scale != 0)
		return not_whole;
	sum = sum / scale + (__int128) whole * unit + *span;
	if (sum > DURATION_MAX)
		return too_long;
	*span = (int64_t) sum;
	return NULL;
}

/* Whether what follows a number shows that the number is a label: `within 1 day 7 -> 8`. */
static bool
follows_label(TokenKind kind)
{
	return kind == TOKEN_ARROW || kind == TOKEN_NEXT_ARROW || kind == TOKEN_OPEN_ARROW ||
		kind == TOKEN_BAR || kind == TOKEN_QUESTION;
}

bool
duration_parse(Lexer *lexer, int64_t *span, LanguageError *error)
{
	bool		any = false;

	*span = 0;
	for (;;)
	{
		Lexer		before = *lexer;
		Token		number = lexer_next(lexer);
		Token		unit;
		size_t		digits = 0;
		const char *problem;

		if (number.kind == TOKEN_WORD && !number.prefix)
			digits = number_length(number.bytes, number.length);
		if (digits == 0)
		{
			*lexer = before;
			if (any)
				return true;
			if (number.kind == TOKEN_BAD)
				return language_error(error, number.start, number.complaint, number.advice);
			if (number.kind == TOKEN_WORD && number.length > 1 && number.bytes[0] == '-' &&
				is_digit(number.bytes[1]))
				return language_error(error, number.start, "a duration must not be negative", NULL);
			return language_error(error, number.start, "expected a duration",
								  "Durations are written like \"7 days\", \"1 hour 30 min\" or \"90 sec\".");
		}
		unit = number;
		if (digits < number.length)
		{
			/* `7d`: number and unit in one word */
			unit.bytes += digits;
			unit.length -= digits;
			unit.start += digits;
		}
		else
		{
			unit = lexer_next(lexer);
			if (any && follows_label(unit.kind))
			{
				*lexer = before;
				return true;
			}
			if (unit.kind == TOKEN_BAD)
				return language_error(error, unit.start, unit.complaint, unit.advice);
		}
		for (size_t i = 0;; i++)
		{
			if (i == sizeof(units) / sizeof(units[0]))
				return language_error(error, unit.start, "expected a unit of time",
									  "Units are us, ms, sec, min, hour, day and week.");
			if (!token_is(&unit, units[i].name))
				continue;
			if (units[i].span == 0)
				return language_error(error, unit.start,
									  unit.bytes[0] == 'm' || unit.bytes[0] == 'M' ?
									  "months have no fixed length" :
									  unit.bytes[0] == 'q' || unit.bytes[0] == 'Q' ?
									  "quarters have no fixed length" : "years have no fixed length",
									  "Use days, for example \"30 days\".");
			problem = add_product(number.bytes, digits, units[i].span, span);
			if (problem != NULL)
				return language_error(error, number.start, problem, NULL);
			break;
		}
		any = true;
	}
}

size_t
duration_print(int64_t span, char text[DURATION_TEXT])
{
	int64_t		days = span / (86400 * SECOND);
	int64_t		hours = span / (3600 * SECOND) % 24;
	int64_t		minutes = span / (60 * SECOND) % 60;
	int64_t		seconds = span / SECOND % 60;
	int64_t		micros = span % SECOND;
	size_t		length = 0;

#define APPEND(...) \
	(length += (size_t) snprintf(text + length, DURATION_TEXT - length, __VA_ARGS__))
	text[0] = '\0';
	if (days != 0)
		APPEND("%lld day%s ", (long long) days, days == 1 ? "" : "s");
	if (hours != 0)
		APPEND("%lld hour%s ", (long long) hours, hours == 1 ? "" : "s");
	if (minutes != 0)
		APPEND("%lld min ", (long long) minutes);
	if (micros != 0)
	{
		APPEND("%lld.%06lld", (long long) seconds, (long long) micros);
		while (text[length - 1] == '0')
			length--;
		APPEND(" sec ");
	}
	else if (seconds != 0 || span == 0)
		APPEND("%lld sec ", (long long) seconds);
#undef APPEND
	text[--length] = '\0';		/* the last blank */
	return length;
}
