/*
 * ltv_spec_test.c: the text of ltv specs: canonical forms, what is refused and where, and texts at random.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "language/ltv_spec.h"
#include "random.h"

/* Parses a text that is freed right after: an LtvSpec must not point into it. */
static bool
parse(const char *text, size_t length, ZoneCheck zone_known, LtvSpec *spec, LanguageError *error)
{
	char	   *copy = malloc(length > 0 ? length : 1);
	bool		good;

	memset(error, 0, sizeof(*error));
	memcpy(copy, text, length);
	good = ltv_spec_parse(copy, length, true, zone_known, spec, error);
	memset(copy, '#', length);
	free(copy);
	return good;
}

static bool
zone_known(const char *zone)
{
	return strcmp(zone, "Europe/Berlin") == 0 || strcmp(zone, "UTC") == 0 || strcmp(zone, "my zone") == 0;
}

static const struct
{
	const char *text;
	const char *canonical;		/* NULL: the text itself */
}			forms[] = {
	{"", "by month in UTC, unit day"},
	{"by quarter", "by quarter in UTC, unit day"},
	{"unit week", "by month in UTC, unit week"},
	{"by week in Europe/Berlin week starts sunday, unit day", NULL},
	{"in Europe/Berlin", "by month in Europe/Berlin, unit day"},
	{"HOLDOUT FROM 1997-10-01 UNTIL 1998-06-30 OF a|b UNIT WEEK BY MONTH",
		"by month in UTC, unit week, of a|b, until 1998-06-30, holdout from 1997-10-01"},
	{"by year in UTC, unit day, of purchase|refund*, until 2026-02-28", NULL},
	{"until \"2024-02-29\"", "by month in UTC, unit day, until 2024-02-29"},
	{"until 0001-01-01", "by month in UTC, unit day, until 0001-01-01"},
	{"holdout from 294276-12-31", "by month in UTC, unit day, holdout from 294276-12-31"},
	{"until 2026-01-01 holdout from 2026-01-01", "by month in UTC, unit day, until 2026-01-01, holdout from 2026-01-01"},
	{"of *", "by month in UTC, unit day, of *"},
	{"of of|\"until\"", "by month in UTC, unit day, of \"of\"|\"until\""},
	{"of 구매,", "by month in UTC, unit day, of 구매"},
	{"by year in \"my zone\"", "by year in \"my zone\", unit day"},
};

static void
test_forms(void)
{
	LtvSpec spec;
	LanguageError error;
	size_t		length;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
	{
		const char *text = forms[i].text;
		const char *wanted = forms[i].canonical != NULL ? forms[i].canonical : text;
		const char *found = "(refused)";
		bool		again = true;

		if (parse(text, strlen(text), zone_known, &spec, &error))
		{
			found = ltv_spec_print(&spec, true, &length);
			again = length == strlen(found) && parse(found, length, zone_known, &spec, &error) &&
				strcmp(found, ltv_spec_print(&spec, true, &length)) == 0;
		}
		CHECK(strcmp(found, wanted) == 0 && again, "canonical: form %zu", i);
		if (strcmp(found, wanted) != 0)
			printf("# found: %s, %s\n", found, error.message);
		FORGET();
	}
	CHECK(parse("of a|b until 2000-01-03", 23, NULL, &spec, &error) && spec.named && !spec.of_any && spec.of.count == 2 &&
		  spec.until == 2 && spec.holdout == LTV_NO_DAY && spec.unit == LTV_DAY && spec.periods.grain == GRAIN_MONTH,
		  "what is read");
	FORGET();
}

static const struct
{
	const char *text;
	size_t		offset;
	const char *message;
	const char *hint;			/* part of it; NULL: none is given */
}			errors[] = {
	{"models a", 0, "expected a clause, not \"models\"", "Clauses are: by"},
	{"monthly", 0, "expected a clause, not \"monthly\"", "by month"},
	{"unit", 4, "expected a unit of time", "day, week"},
	{"unit month", 5, "expected a unit of time", "day, week"},
	{"unit day, unit week", 10, "this option is given twice", NULL},
	{"until", 5, "expected a date", "2026-01-31"},
	{"until yesterday", 6, "expected a date, not \"yesterday\"", "2026-01-31"},
	{"until 2026-02-29", 6, "expected a date, not \"2026-02-29\"", "2026-01-31"},
	{"until 2026-13-01", 6, "expected a date, not \"2026-13-01\"", "2026-01-31"},
	{"until 2026-1-31", 6, "expected a date, not \"2026-1-31\"", "2026-01-31"},
	{"until 26-01-31", 6, "expected a date, not \"26-01-31\"", "2026-01-31"},
	{"until 0000-01-31", 6, "expected a date, not \"0000-01-31\"", "2026-01-31"},
	{"until 294277-01-01", 6, "expected a date, not \"294277-01-01\"", "2026-01-31"},
	{"until 2026-01-31, until 2026-01-31", 18, "this option is given twice", NULL},
	{"holdout 2026-01-31", 8, "expected \"from\"", "holdout from"},
	{"holdout from", 12, "expected a date", "2026-01-31"},
	{"until 2026-01-31 holdout from 2026-02-01", 17, "the holdout begins after the last day that counts", "until"},
	{"of", 2, "expected a label", NULL},
	{"of a, of b", 6, "this option is given twice", NULL},
	{"unit week, by day", 11, "cohorts of customers are not by hour or day", "Periods are"},
	{"by month in Mars", 12, "this time zone is not known", "pg_timezone_names"},
	{"week starts sunday", 0, "only weeks start on a day of the week", "by week"},
};

static void
test_errors(void)
{
	LtvSpec spec;
	LanguageError error;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
	{
		const char *text = errors[i].text;
		bool		good;

		if (parse(text, strlen(text), zone_known, &spec, &error))
			strcpy(error.message, "accepted");
		good = strcmp(error.message, errors[i].message) == 0 && error.offset == errors[i].offset && !error.limit &&
			(errors[i].hint == NULL ? error.hint[0] == '\0' : strstr(error.hint, errors[i].hint) != NULL);
		CHECK(good, "error: %s: %s", text, errors[i].message);
		if (!good)
			printf("# at %zu: %s (%s)\n", error.offset, error.message, error.hint);
		FORGET();
	}
}

/* Words that specs are made of, in any order: what is accepted prints as what is read again. */
static void
test_random(void)
{
	static const char *const words[] = {
		"by", "in", "week", "starts", "sunday", "month", "day", "unit", "of", "until", "holdout", "from", "2026-01-31",
		"2025-12-31", "UTC", "a", "b*", "\"c d\"", "*", "|", ",", "->", "?", "\"", "-", "\xff"
	};
	long		accepted = 0;
	long		wrong = 0;

	for (int round = 0; round < 200000; round++)
	{
		char		text[400] = "";
		LtvSpec spec;
		LanguageError error;
		size_t		length;
		size_t		again_length;
		char	   *canonical;
		char	   *again;

		for (int i = (int) (random_bits() % 12); i > 0; i--)
		{
			strcat(text, words[random_bits() % (sizeof(words) / sizeof(words[0]))]);
			if (chance(80))
				strcat(text, " ");
		}
		if (parse(text, strlen(text), NULL, &spec, &error))
		{
			accepted++;
			canonical = ltv_spec_print(&spec, true, &length);
			if (!parse(canonical, length, NULL, &spec, &error))
				wrong++;
			else
			{
				again = ltv_spec_print(&spec, true, &again_length);
				wrong += length != again_length || memcmp(again, canonical, length) != 0;
			}
		}
		else
			wrong += error.message[0] == '\0' || error.offset > strlen(text);
		if (round % 100 == 99)
			FORGET();
	}
	CHECK(accepted > 1000 && wrong == 0, "specs at random: accepted ones print as what is read again");
	if (wrong > 0)
		printf("# %ld of %ld wrong\n", wrong, accepted);
	FORGET();
}

int
main(void)
{
	test_forms();
	test_errors();
	test_random();
	return DONE();
}
