/*
 * path_spec_test.c: the text of path specs: canonical forms, what is refused and where, and texts at random.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "language/path_spec.h"
#include "random.h"

/* Parses a text that is freed right after: a PathSpec must not point into it. */
static bool
parse(const char *text, size_t length, PathSpec *spec, LanguageError *error)
{
	char	   *copy = malloc(length > 0 ? length : 1);
	bool		good;

	memset(error, 0, sizeof(*error));
	memcpy(copy, text, length);
	good = path_spec_parse(copy, length, true, spec, error);
	memset(copy, '#', length);
	free(copy);
	return good;
}

static const struct
{
	const char *text;
	const char *canonical;		/* NULL: the text itself */
}			forms[] = {
	{"", "depth 5 gap 30 min top 50"},
	{"from home depth 5 gap 30 min collapse repeats top 50", NULL},
	{"  FROM home ,Depth 7\n", "from home depth 7 gap 30 min top 50"},
	{"top 9 gap 1h 30min to purchase|pay*|purchase", "to purchase|pay* depth 5 gap 1 hour 30 min top 9"},
	{"collapse repeats, to \"a b\"|\"from\"", "to \"a b\"|\"from\" depth 5 gap 30 min collapse repeats top 50"},
	{"from \"depth\" depth 50 gap 0 sec top 1000", NULL},
	{"from depth depth 50 gap 0 sec top 1", "from \"depth\" depth 50 gap 0 sec top 1"},
	{"from 구매|été", "from 구매|été depth 5 gap 30 min top 50"},
	{"from \"x\"*", "from x* depth 5 gap 30 min top 50"},
};

static const struct
{
	const char *text;
	size_t		offset;
	bool		limit;
	const char *message;
}			refused[] = {
	{"from", 4, false, "expected a label"},
	{"from *", 5, false, "expected a label"},
	{"from a, to b", 8, false, "\"from\" and \"to\" exclude each other"},
	{"from to to", 8, false, "\"from\" and \"to\" exclude each other"},
	{"to a to b", 5, false, "this option is given twice"},
	{"from a|", 7, false, "expected a label"},
	{"depth 0", 6, false, "expected a depth from 1 to 50"},
	{"depth 51", 6, false, "expected a depth from 1 to 50"},
	{"depth 5*", 6, false, "expected a depth from 1 to 50"},
	{"depth 99999999999999999999", 6, false, "expected a depth from 1 to 50"},
	{"depth 5 depth 6", 8, false, "this option is given twice"},
	{"gap 1 year", 6, false, "years have no fixed length"},
	{"gap 5 min gap 6 min", 10, false, "this option is given twice"},
	{"top 0", 4, false, "expected a number of labels from 1 to 1000"},
	{"collapse", 8, false, "expected \"repeats\""},
	{"home", 0, false, "expected an option, not \"home\""},
	{"from a -> b", 7, false, "expected an option"},
	{"from a b", 7, false, "expected an option, not \"b\""},
	{",", 0, false, "expected an option"},
};

static void
test_forms(void)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
	{
		const char *wanted = forms[i].canonical != NULL ? forms[i].canonical : forms[i].text;
		PathSpec	spec;
		LanguageError error;
		size_t		length = 0;
		bool		good = parse(forms[i].text, strlen(forms[i].text), &spec, &error);
		char	   *printed = good ? path_spec_print(&spec, true, &length) : NULL;

		CHECK(good && length == strlen(wanted) && strcmp(printed, wanted) == 0, "canonical form %zu", i);
		good = good && parse(printed, length, &spec, &error);
		CHECK(good && strcmp(path_spec_print(&spec, true, &length), wanted) == 0, "canonical form %zu again", i);
		FORGET();
	}
}

static void
test_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		PathSpec	spec;
		LanguageError error;
		bool		good = parse(refused[i].text, strlen(refused[i].text), &spec, &error);

		CHECK(!good && error.offset == refused[i].offset && error.limit == refused[i].limit &&
			  strcmp(error.message, refused[i].message) == 0, "refused: %s", refused[i].text);
		FORGET();
	}
}

/* Labels of quotes: every one takes more room in the canonical text. */
static void
test_long(void)
{
	size_t		length = PATTERN_MAX_TEXT_BYTES;
	char	   *text = malloc(length + 1);
	PathSpec	spec;
	LanguageError error;
	size_t		at = 5;

	memset(text, ' ', length + 1);
	memcpy(text, "from ", 5);
	for (int i = 0; i < 1000 && at + 70 < length; i++)
		at += (size_t) sprintf(text + at, "%s\"%d%s\"", i > 0 ? "|" : "", i, "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"");
	text[at] = ' ';
	CHECK(parse(text, length, &spec, &error) && spec.nlabels == 1000, "a text of the greatest length");
	CHECK(!parse(text, length + 1, &spec, &error) && error.limit, "a longer one");
	free(text);
	FORGET();
}

static void
test_random(void)
{
	static const char *const pieces[] = {
		"from", "to", "depth", "gap", "collapse", "repeats", "top", "5", "0", "50", "1000", "min", "30", "a", "b*", "|", ",", "\"x y\"",
		"\"", "*", "->", "구매", "\xff", "1.5", "sec", "\"\"\"\"", "-"
	};
	int			accepted = 0;
	int			wrong = 0;

	for (int i = 0; i < 40000; i++)
	{
		char		text[200] = "";
		int			count = (int) (random_bits() % 8);
		PathSpec	spec;
		LanguageError error;

		for (int p = 0; p < count; p++)
		{
			strcat(text, pieces[random_bits() % (sizeof(pieces) / sizeof(pieces[0]))]);
			if (chance(75))
				strcat(text, " ");
		}
		if (parse(text, strlen(text), &spec, &error))
		{
			size_t		length;
			size_t		again_length;
			char	   *printed = path_spec_print(&spec, true, &length);

			accepted++;
			if (!parse(printed, length, &spec, &error) ||
				strcmp(path_spec_print(&spec, true, &again_length), printed) != 0)
				wrong++;
		}
		else if (error.offset > strlen(text) || error.message[0] == '\0')
			wrong++;
		FORGET();
	}
	CHECK(accepted > 100 && wrong == 0, "texts at random: %d accepted, %d wrong", accepted, wrong);
}

int
main(void)
{
	test_forms();
	test_refused();
	test_long();
	test_random();
	return DONE();
}
