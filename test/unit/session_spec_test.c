/*
 * session_spec_test.c: the text of session specs: canonical forms, what is refused and where, and texts at random.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "language/session_spec.h"
#include "random.h"

/* Parses a text that is freed right after: a SessionSpec must not point into it. */
static bool
parse(const char *text, size_t length, ZoneCheck zone_known, SessionSpec *spec, LanguageError *error)
{
	char	   *copy = malloc(length > 0 ? length : 1);
	bool		good;

	memset(error, 0, sizeof(*error));
	memcpy(copy, text, length);
	good = session_spec_parse(copy, length, true, zone_known, spec, error);
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
	{"", "timeout 30 min"},
	{" \n", "timeout 30 min"},
	{"timeout 30 min", NULL},
	{"timeout 1800s", "timeout 30 min"},
	{"timeout 0 sec", NULL},
	{"timeout 7 hours 55 min", NULL},
	{"timeout 4611686018427387904 us", "timeout 53375995 days 14 hours 27.387904 sec"},
	{"engaged after 10 s", "timeout 30 min"},
	{"engaged after 10000001 us", "timeout 30 min, engaged after 10.000001 sec"},
	{"timeout 30 min, views page_view, key purchase|signup, clicks ad_click, impressions ad_view, "
		"shares share|like|comment, engaged after 0 sec, by week in Europe/Berlin week starts sunday", NULL},
	{"WEEK STARTS SUNDAY IN Europe/Berlin BY WEEK ENGAGED AFTER 0s SHARES share CLICKS c KEY k VIEWS v TIMEOUT 1h",
		"timeout 1 hour, views v, key k, clicks c, shares share, engaged after 0 sec, by week in Europe/Berlin week starts sunday"},
	{"views a,", "timeout 30 min, views a"},
	{"views a|a|b*|\"a\"", "timeout 30 min, views a|b*"},
	{"views *", "timeout 30 min, views *"},
	{"views * key *", "timeout 30 min, views *, key *"},
	{"views views, key by|\"in\"", "timeout 30 min, views \"views\", key \"by\"|\"in\""},
	{"views \"a,b\"|\"say \"\"hi\"\"\"", "timeout 30 min, views \"a,b\"|\"say \"\"hi\"\"\""},
	{"views 구매|/blog/*", "timeout 30 min, views 구매|/blog/*"},
	{"views a-, key b", "timeout 30 min, views \"a-\", key b"},
	{"by day", "timeout 30 min, by day in UTC"},
	{"in \"my zone\" by hour", "timeout 30 min, by hour in \"my zone\""},
	{"by week week starts monday", "timeout 30 min, by week in UTC"},
};

static void
test_forms(void)
{
	SessionSpec spec;
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
			found = session_spec_print(&spec, true, &length);
			again = length == strlen(found) && parse(found, length, zone_known, &spec, &error) &&
				strcmp(found, session_spec_print(&spec, true, &length)) == 0;
		}
		CHECK(strcmp(found, wanted) == 0 && again, "canonical: form %zu", i);
		if (strcmp(found, wanted) != 0)
			printf("# found: %s, %s\n", found, error.message);
		FORGET();
	}
	CHECK(parse("views a|b key *", 15, NULL, &spec, &error) && spec.named[SESSION_VIEWS] && !spec.any[SESSION_VIEWS] &&
		  spec.role[SESSION_VIEWS].count == 2 && spec.named[SESSION_KEY] && spec.any[SESSION_KEY] &&
		  !spec.named[SESSION_CLICKS] && spec.timeout == SESSION_TIMEOUT && spec.engaged_after == SESSION_ENGAGED_AFTER &&
		  spec.periods.grain == GRAIN_NONE, "what is read");
	FORGET();
}

static const struct
{
	const char *text;
	size_t		offset;
	const char *message;
	const char *hint;			/* part of it; NULL: none is given */
}			errors[] = {
	{"bounces a", 0, "expected a clause, not \"bounces\"", "Clauses are: timeout, views"},
	{"views a key", 11, "expected a label", NULL},
	{"views a b", 8, "expected a clause, not \"b\"", "Clauses are"},
	{"views a|*", 8, "expected a label", NULL},
	{"views *|a", 7, "expected a clause", "Clauses are"},
	{"views a -> b", 8, "expected a clause", "Clauses are"},
	{",", 0, "expected a clause", "Clauses are"},
	{"views a,, key b", 8, "expected a clause", "Clauses are"},
	{"\"views\" a", 0, "expected a clause, not \"views\"", "Clauses are"},
	{"views a, views b", 9, "this option is given twice", "Join"},
	{"timeout 1 min timeout 1 min", 14, "this option is given twice", NULL},
	{"engaged after 1 s, engaged after 1 s", 19, "this option is given twice", NULL},
	{"by day, by day", 8, "this option is given twice", NULL},
	{"by day in UTC in UTC", 14, "this option is given twice", NULL},
	{"timeout", 7, "expected a duration", "Durations"},
	{"timeout -1 min", 8, "a duration must not be negative", NULL},
	{"timeout 1 month", 10, "months have no fixed length", "30 days"},
	{"timeout 4611686018427387905 us", 8, "the duration is too long", NULL},
	{"engaged 10 s", 8, "expected \"after\"", "engaged after"},
	{"engaged", 7, "expected \"after\"", "engaged after"},
	{"by fortnight", 3, "expected a period", "Periods are"},
	{"by day in Mars", 10, "this time zone is not known", "pg_timezone_names"},
	{"in UTC", 0, "a time zone needs a period", "by day"},
	{"by day week starts sunday", 7, "only weeks start on a day of the week", "by week"},
	{"by week week starts", 19, "expected a day of the week", "sunday"},
	{"views 'a'", 6, "labels are quoted with double quotes", "like this"},
};

static void
test_errors(void)
{
	SessionSpec spec;
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
		"timeout", "views", "key", "clicks", "impressions", "shares", "engaged", "after", "by", "in", "week", "starts",
		"sunday", "day", "1", "30", "min", "sec", "UTC", "a", "b*", "\"c d\"", "*", "|", ",", "->", "?", "\"", "-", "\xff"
	};
	long		accepted = 0;
	long		wrong = 0;

	for (int round = 0; round < 200000; round++)
	{
		char		text[400] = "";
		SessionSpec spec;
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
			canonical = session_spec_print(&spec, true, &length);
			if (!parse(canonical, length, NULL, &spec, &error))
				wrong++;
			else
			{
				again = session_spec_print(&spec, true, &again_length);
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
