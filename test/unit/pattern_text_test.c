/*
 * pattern_text_test.c: the text of patterns: canonical forms, what is refused and where, durations, and
 * Patterns at random through text and back. (pattern_test.c throws texts at random at the parser.)
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "language/duration.h"
#include "language/pattern.h"

/* Parses a text that is freed right after: a Pattern must not point into it. */
static bool
parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, Pattern *pattern,
	  LanguageError *error)
{
	char	   *copy = malloc(length > 0 ? length : 1);
	bool		good;

	memset(error, 0, sizeof(*error));
	memcpy(copy, text, length);
	good = pattern_parse(copy, length, utf8, zone_known, pattern, error);
	memset(copy, '#', length);
	free(copy);
	return good;
}

static bool
zone_known(const char *zone)
{
	return strcmp(zone, "Asia/Seoul") == 0 || strcmp(zone, "UTC") == 0 || strcmp(zone, "my zone") == 0;
}

/* A text for the name of a check: in ASCII, whatever is in it. */
static const char *
shown(const char *text)
{
	static char ascii[400];
	size_t		length = 0;

	for (; *text != '\0' && length < sizeof(ascii) - 5; text++)
		length += (size_t) sprintf(ascii + length, *text >= ' ' && *text <= '~' ? "%c" : "\\x%02x",
								   (unsigned char) *text);
	ascii[length] = '\0';
	return ascii;
}

/* ---- canonical forms ---- */

static const struct
{
	const char *text;
	const char *canonical;		/* NULL: the text itself */
}			forms[] = {
	/* steps and labels */
	{"view", NULL},
	{"view->cart->purchase", "view -> cart -> purchase"},
	{"  view\n\t=>\r\ncart  ", "view => cart"},
	{"a|b|a -> c*|\"d e\"*", "a|b -> c*|\"d e\"*"},
	{"a|a*|\"a\"", "a|a*"},
	{"a | b | c*", "a|b|c*"},
	{"* -> *? -> b?", NULL},
	{"/checkout/* -> app:open -> v1.2-beta -> _x", NULL},
	{"\"say \"\"hi\"\"\" -> \"a->b\"", NULL},
	{"\"*\" -> \"x*\"*", NULL},
	{"\"plain\"* -> \"plain\"", "plain* -> plain"},
	{"a-->b", "\"a-\" -> b"},
	{"a-b-c->-d", "a-b-c -> -d"},
	{"\"a-\"* -[no \"b-\"]-> c-[next]->d", "\"a-\"* -[no \"b-\"]-> c => d"},
	{"1->2->63", "1 -> 2 -> 63"},
	{"구매->\"장바구니\"|été -> ªµº", "구매 -> 장바구니|été -> ªµº"},
	{"\"→\" -> \"a b\" -> \"×\"", "\"→\" -> \"a b\" -> \"×\""},
	{"\xF0\x9F\x9B\x92 -> ن\xE2\x80\x8Dم", NULL},
	/* arrows */
	{"a-[next]->b", "a => b"},
	{"a -[ <= 90 min , >= 10 sec no x|y ]-> b", "a -[>= 10 sec, <= 1 hour 30 min, no x|y]-> b"},
	{"a -[<= 1h NEXT >= 1us]-> b", "a -[next, >= 0.000001 sec, <= 1 hour]-> b"},
	{"a -[no x*, <= 1 day]-> b", "a -[<= 1 day, no x*]-> b"},
	{"a -[no next|no|by]-> b", "a -[no \"next\"|\"no\"|\"by\"]-> b"},
	{"a -[no x]-> x*", NULL},
	/* options, in any order and place */
	{"WITHIN 7d, A -> B, Any Order", "A -> B within 7 days any order"},
	{"by Day in \"Asia/Seoul\", Open, a", "a open by day in Asia/Seoul"},
	{"a by month in \"my zone\"", NULL},
	{"a by quarter", "a by quarter in UTC"},
	{"a by year in \"UTC\" within 1 hour strictly increasing first entry",
	 "a within 1 hour strictly increasing first entry by year in UTC"},
	{"a -> b reuse rows any order by hour in UTC within 0s",
	 "a -> b within 0 sec any order reuse rows by hour in UTC"},
	/* keywords as labels */
	{"open", "\"open\""},
	{"open open", "\"open\" open"},
	{"open -> within -> by", "\"open\" -> \"within\" -> \"by\""},
	{"within* -> b", "\"within\"* -> b"},
	{"any|b -> FIRST -> c", "\"any\"|b -> \"FIRST\" -> c"},
	{"\"within\" within 1 hour", NULL},
	{"no -> next -> in -> rows", "\"no\" -> \"next\" -> \"in\" -> \"rows\""},
	/* durations beside labels that begin with digits */
	{"within 7 days, 1 -> 2", "1 -> 2 within 7 days"},
	{"within 7 days 1 -> 2", "1 -> 2 within 7 days"},
	{"within 7 days 12 hours 1|2 -> 3", "1|2 -> 3 within 7 days 12 hours"},
	{"within 1 day 7* -> 8", "7* -> 8 within 1 day"},
	{"within 1 day \"2 hours\" -> 8", "\"2 hours\" -> 8 within 1 day"},
};

static void
test_forms(void)
{
	Pattern		pattern;
	LanguageError error;
	size_t		length;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
	{
		const char *text = forms[i].text;
		const char *wanted = forms[i].canonical != NULL ? forms[i].canonical : text;
		const char *found = "(refused)";
		bool		again = true;

		if (parse(text, strlen(text), true, zone_known, &pattern, &error))
		{
			found = pattern_print(&pattern, true, &length);
			again = length == strlen(found) &&
				parse(found, length, true, zone_known, &pattern, &error) &&
				strcmp(found, pattern_print(&pattern, true, &length)) == 0;
		}
		CHECK(strcmp(found, wanted) == 0 && again, "canonical: %s", shown(wanted));
		if (strcmp(found, wanted) != 0)
			printf("# found: %s, %s\n", found, error.message);
		FORGET();
	}
}

/* ---- errors ---- */

static const struct
{
	const char *text;
	size_t		offset;
	const char *message;
	const char *hint;			/* part of it; NULL: none is given */
}			errors[] = {
	{"", 0, "expected a step", "Name the steps"},
	{"  ", 2, "expected a step", "Name the steps"},
	{"within 7 days", 13, "expected a step", "Name the steps"},
	{"by day in UTC", 13, "expected a step", "Name the steps"},
	{"reuse rows", 10, "expected a step", "Name the steps"},
	/* steps */
	{"a ->", 4, "expected a label", NULL},
	{"a -> => b", 5, "expected a label", NULL},
	{"-> a", 0, "expected a label", NULL},
	{"a|", 2, "expected a label", NULL},
	{"a||b", 2, "expected a label", NULL},
	{"a | * -> b", 4, "expected a label", NULL},
	{"* | a", 2, "expected an arrow, an option or the end", "Options are"},
	{"a**", 2, "expected an arrow, an option or the end", "Options are"},
	{"a??", 2, "expected an arrow, an option or the end", "Options are"},
	{"\"\" -> b", 0, "a quoted label must not be empty", NULL},
	{"a -> \"b", 5, "the quoted label is not closed", "double quote"},
	{"a -> \"b\"\"", 5, "the quoted label is not closed", "double quote"},
	/* characters */
	{"a → b", 2, "an arrow is written with two ASCII characters", "\"->\""},
	{"a ⇒ b", 2, "an arrow is written with two ASCII characters", "\"=>\""},
	{"a@b -> c", 1, "unexpected character", "double quotes"},
	{"a -> (b)", 5, "unexpected character", "double quotes"},
	{"a×b", 1, "unexpected character", "double quotes"},
	{"a\xEF\xBC\x88", 1, "unexpected character", "double quotes"},
	{"a\xC2\xA0-> b", 1, "unexpected character", "double quotes"},
	{"a -> \xff", 5, "invalid UTF-8", NULL},
	{"a -> \"\xed\xa0\x80\"", 5, "invalid UTF-8", NULL},
	{"a\xc0\x80", 1, "invalid UTF-8", NULL},
	{"'a' -> b", 0, "labels are quoted with double quotes", "Write \"like this\"."},
	{"view > cart", 5, "unexpected character", "\"->\""},
	{"a -[next] -> b", 8, "unexpected character", "]->"},
	/* bounds */
	{"a -[]-> b", 4, "expected a bound", "Bounds are"},
	{"a -[", 4, "expected a bound", "Bounds are"},
	{"a -[next", 8, "expected a bound or \"]->\"", "Bounds are"},
	{"a -[next,]-> b", 9, "expected a bound", "Bounds are"},
	{"a -[maybe]-> b", 4, "expected a bound", "Bounds are"},
	{"a -[< 1 hour]-> b", 4, "spans are bounded with <= or >=", "\"<=\""},
	{"a -[no x, > 1 hour]-> b", 10, "spans are bounded with <= or >=", "\"<=\""},
	{"a -[<= 1 hour, <= 2 hours]-> b", 15, "this bound is given twice", NULL},
	{"a -[>= 1 hour no x >= 2 hours]-> b", 19, "this bound is given twice", NULL},
	{"a -[next next]-> b", 9, "this bound is given twice", NULL},
	{"a -[no x, no y]-> b", 10, "this bound is given twice", "\"|\""},
	{"a -[no *]-> b", 7, "every event is excluded", "\"=>\""},
	{"a -[no]-> b", 6, "expected a label", NULL},
	/* durations */
	{"a within", 8, "expected a duration", "7 days"},
	{"a within soon", 9, "expected a duration", "7 days"},
	{"a within .5 days", 9, "expected a duration", "7 days"},
	{"a within \"7 days\"", 9, "expected a duration", "7 days"},
	{"a within → 5", 9, "an arrow is written with two ASCII characters", "\"->\""},
	{"a within 7", 10, "expected a unit of time", "Units are"},
	{"a within 7 days 3", 17, "expected a unit of time", "Units are"},
	{"a within 7 fortnights", 11, "expected a unit of time", "Units are"},
	{"a within 7fortnights", 10, "expected a unit of time", "Units are"},
	{"a within 1:30", 10, "expected a unit of time", "Units are"},
	{"a within 7 days*", 11, "expected a unit of time", "Units are"},
	{"a within 1 month", 11, "months have no fixed length", "30 days"},
	{"a within 2Years", 10, "years have no fixed length", "30 days"},
	{"a within 1 day 1 quarter", 17, "quarters have no fixed length", "30 days"},
	{"a within -5 days", 9, "a duration must not be negative", NULL},
	{"a within 0.1 us", 9, "a duration is a whole number of microseconds", NULL},
	{"a within 1.0000000001 days", 9, "a duration has at most 9 decimal places", NULL},
	{"a within 4611686018427387905 us", 9, "the duration is too long", NULL},
	{"a within 4611686018427387904 us 1 us", 32, "the duration is too long", NULL},
	/* 2^128 and a little more microseconds */
	{"a within 562636188692027882710606164 weeks", 9, "the duration is too long", NULL},
	{"a within 99999999999999999999999999999999999999999999999999 weeks", 9, "the duration is too long", NULL},
	/* options */
	{"a b", 2, "expected an arrow or an option, not \"b\"", "Options are"},
	{"a -> b wihtin 7 days", 7, "expected an arrow or an option, not \"wihtin\"", "Options are"},
	{"a -> b \"open\"", 7, "expected an arrow or an option, not \"open\"", "Options are"},
	{"a -> b within 1 day within 2 days", 20, "this option is given twice", NULL},
	{"open, open a", 6, "this option is given twice", NULL},
	{"a by day by week", 9, "this option is given twice", NULL},
	{"first entry a -> b first entry", 19, "this option is given twice", NULL},
	{"a -> b reuse row", 13, "expected \"rows\"", "\"reuse rows\""},
	{"any a -> b", 4, "expected \"order\"", "\"any order\""},
	{"first a -> b", 6, "expected \"entry\"", "\"first entry\""},
	{"a -> b strictly", 15, "expected \"increasing\"", "\"strictly increasing\""},
	{"a by fortnight", 5, "expected a period", "Periods are"},
	{"a by day in", 11, "expected a time zone", "UTC"},
	{"a by day in UTC*", 12, "expected a time zone", "UTC"},
	{"by day in asia/seoul a", 10, "this time zone is not known", "pg_timezone_names"},
	{"a by day in Mars/Olympus", 12, "this time zone is not known", "pg_timezone_names"},
	/* parts that contradict each other */
	{"a? -> b", 0, "the first step can't be optional", "Begin"},
	{"open a? -> b", 5, "the first step can't be optional", "Begin"},
	{"a => b any order", 2, "in any order, nothing can be said about what follows what", "\"->\""},
	{"a -> b -[no x]-> c any order", 7, "in any order, nothing can be said about what follows what", "\"->\""},
	{"a -> b? any order", 5, "in any order, every step may be missing already", "?"},
	{"a -> b any order strictly increasing", 17, "in any order, no step is later than another", "any order"},
	{"a -> b any order open", 17, "in any order, every step may be the first already", "open"},
	{"a -> b open first entry", 7, "\"first entry\" begins at the first step, \"open\" at any", "Leave out"},
	{"a => b reuse rows", 2, "an event that may serve two steps is not its own neighbour", "reuse rows"},
	{"a -> b reuse rows strictly increasing", 7, "no event is later than itself", "reuse rows"},
	{"a -[no no next]-> b", 2, "between neighbours there is nothing to exclude", "next"},
	{"a -[next, no x]-> b", 2, "between neighbours there is nothing to exclude", "next"},
	{"a -> b -[>= 2 hours, <= 1 hour]-> c", 7, "the minimum of the arrow is greater than its maximum", NULL},
	{"a -[>= 2 hours]-> b within 1 hour", 20, "the minimum times of the arrows do not fit in the window",
	 "longer"},
	{"a -[>= 1 hour]-> b? -[>= 2 min]-> c within 1 min", 36,
	 "the minimum times of the arrows do not fit in the window", "longer"},
	{"within 1 hour a -[>= 4611686018427387904 us]-> b -[>= 4611686018427387904 us]-> c", 0,
	 "the minimum times of the arrows do not fit in the window", "longer"},
	{"a -[no b]-> b", 2, "the arrow excludes \"b\", which is a step that it joins", "neither"},
	{"a|c -[no x|c]-> b", 4, "the arrow excludes \"c\", which is a step that it joins", "neither"},
	{"a -[no vie*]-> view", 2, "the arrow excludes \"view\", which is a step that it joins", "neither"},
	{"a -[no vie*]-> view*", 2, "the arrow excludes \"view\", which is a step that it joins", "neither"},
};

static void
test_errors(void)
{
	Pattern		pattern;
	LanguageError error;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
	{
		const char *text = errors[i].text;
		bool		good;

		if (parse(text, strlen(text), true, zone_known, &pattern, &error))
			strcpy(error.message, "accepted");
		good = strcmp(error.message, errors[i].message) == 0 && error.offset == errors[i].offset &&
			!error.limit && (errors[i].hint == NULL ? error.hint[0] == '\0' :
							 strstr(error.hint, errors[i].hint) != NULL);
		CHECK(good, "error: %.90s: %s", shown(text), errors[i].message);
		if (!good)
			printf("# at %zu: %s (%s)\n", error.offset, error.message, error.hint);
		FORGET();
	}
	CHECK(!parse("a\0b", 3, true, NULL, &pattern, &error) && error.offset == 1 &&
		  strcmp(error.message, "unexpected zero byte") == 0, "error: a zero byte behind a word");
	CHECK(!parse("\"a\0b\"", 5, true, NULL, &pattern, &error) && error.offset == 0,
		  "error: a zero byte in quotes");
	CHECK(parse("\"two\n\"\"lines\"", 13, true, NULL, &pattern, &error) &&
		  pattern.labels[0].length == 10 && memcmp(pattern.labels[0].bytes, "two\n\"lines", 10) == 0,
		  "a label may have line ends and quotes in it");
	CHECK(parse("a\xff -> \x80", 7, false, NULL, &pattern, &error),
		  "other encodings: every byte above 0x7f is a letter");
	FORGET();
}

/* Messages are read by people: no part of a character at the place where a long label is cut. */
static void
test_long_names(void)
{
	char		word[100] = "x";
	char		text[400];
	Pattern		pattern;
	LanguageError error;
	bool		whole = true;

	for (int i = 0; i < 30; i++)
		strcat(word, "구");
	for (int kind = 0; kind < 2; kind++)
	{
		sprintf(text, kind == 0 ? "a -> b %s" : "a -[no %s]-> %s", word, word);
		whole &= !parse(text, strlen(text), true, NULL, &pattern, &error);
		/* the message as a quoted label: refused if it is not UTF-8 */
		sprintf(text, "\"%s", error.message);
		for (char *c = text + 1; *c != '\0'; c++)
			if (*c == '"')
				*c = '\'';
		strcat(text, "\"");
		whole &= parse(text, strlen(text), true, NULL, &pattern, &error);
		FORGET();
	}
	CHECK(whole, "messages about long labels are whole characters");
}

/* ---- limits ---- */

static char *
repeat(char *to, const char *what, int times)
{
	for (; times > 0; times--)
		to = strcpy(to, what) + strlen(what);
	return to;
}

static bool
passes_limit(const char *text, size_t length, const char *message)
{
	Pattern		pattern;
	LanguageError error;
	bool		good = parse(text, length, true, NULL, &pattern, &error);

	FORGET();
	if (message == NULL)
		return good;
	if (good || !error.limit || strcmp(error.message, message) != 0)
		printf("# %s: %s\n", good ? "accepted" : "refused", error.message);
	return !good && error.limit && strcmp(error.message, message) == 0;
}

static double
milliseconds(const char *text, size_t length)
{
	Pattern		pattern;
	LanguageError error;
	clock_t		start = clock();

	pattern_parse(text, length, true, NULL, &pattern, &error);
	FORGET();
	return (double) (clock() - start) * 1000 / CLOCKS_PER_SEC;
}

static void
test_limits(void)
{
	char	   *text = malloc(PATTERN_MAX_TEXT_BYTES + 4096);
	char	   *end;
	double		slowest = 0;
	size_t		length;
	Pattern		pattern;
	LanguageError error;
	static const char *const fillers[] = {
		"a", " ", "a|", "\"a\"|", "\"a\"\"\"|", "a->", "->", "\"", "\"\"", "?", "a b ", "-[no a,", "7 ",
		"within 7 days ", "\"\" ", "구", "\xff", "*",
	};

	end = repeat(text, "s->", 62);
	strcpy(end, "s");
	CHECK(passes_limit(text, strlen(text), NULL), "limit: 63 steps");
	strcpy(end, "s->s");
	CHECK(passes_limit(text, strlen(text), "a pattern has at most 63 steps"), "limit: 64 steps");

	end = repeat(strcpy(text, "a") + 1, "->b?", 8);
	CHECK(passes_limit(text, strlen(text), NULL), "limit: 8 optional steps");
	repeat(end, "->b?", 1);
	CHECK(passes_limit(text, strlen(text), "a pattern has at most 8 optional steps"),
		  "limit: 9 optional steps");

	memset(text, 'x', 1024);
	CHECK(passes_limit(text, 1024, NULL), "limit: a label of 1024 bytes");
	text[1024] = 'x';
	CHECK(passes_limit(text, 1025, "the label is longer than 1024 bytes"), "limit: a label of 1025 bytes");

	end = text;
	for (int i = 0; i < 1000; i++)
		end += sprintf(end, i % 500 == 499 ? "l%d->" : "l%d|", i);
	CHECK(passes_limit(text, (size_t) (end - text) - 2, NULL), "limit: 1000 labels in all steps");
	strcpy(end, "z");
	CHECK(passes_limit(text, strlen(text), "a pattern has at most 1000 labels"), "limit: 1001 labels");

	memset(text, ' ', PATTERN_MAX_TEXT_BYTES + 1);
	text[0] = 'a';
	CHECK(passes_limit(text, PATTERN_MAX_TEXT_BYTES, NULL), "limit: 65536 bytes");
	CHECK(passes_limit(text, PATTERN_MAX_TEXT_BYTES + 1, "a pattern has at most 65536 bytes"),
		  "limit: 65537 bytes");

	/* 64 labels of 1022 bytes: just within the limit, but its canonical text would have quotes, too. */
	end = text;
	for (int i = 0; i < 64; i++)
	{
		end += sprintf(end, "%s%02d", i > 0 ? "|" : "", i);
		memset(end, '-', 1020);
		end += 1020;
	}
	length = (size_t) (end - text);
	CHECK(length <= PATTERN_MAX_TEXT_BYTES &&
		  passes_limit(text, length, "the canonical text of the pattern has more than 65536 bytes"),
		  "limit: a pattern whose canonical text could not be read again");
	memset(end - 1020, 'x', 1020);
	for (int i = 0; i < 64; i++)
		text[1023 * i + 1021] = 'x';
	CHECK(passes_limit(text, length, NULL) &&
		  pattern_parse(text, length, true, NULL, &pattern, &error) &&
		  (pattern_print(&pattern, true, &length), length == (size_t) (end - text)),
		  "limit: a canonical text of almost 65536 bytes");
	FORGET();

	/* time and memory in proportion to the text: the harness fills all memory it hands out */
	for (size_t f = 0; f < sizeof(fillers) / sizeof(fillers[0]); f++)
	{
		double		time;

		for (size_t i = 0; i < PATTERN_MAX_TEXT_BYTES; i++)
			text[i] = fillers[f][i % strlen(fillers[f])];
		time = milliseconds(text, PATTERN_MAX_TEXT_BYTES);
		slowest = time > slowest ? time : slowest;
	}
	end = text;
	for (int i = 0; i < 16384; i++)
		end += sprintf(end, "%03d|", i < 999 ? i : 998);
	length = (size_t) (end - text) - 1;
	slowest = milliseconds(text, length) > slowest ? milliseconds(text, length) : slowest;
	CHECK(slowest < 100, "64 kB of anything are read in no time, even with sanitizers");
	if (slowest >= 100)
		printf("# %.0f ms\n", slowest);
	free(text);
}

/* ---- durations ---- */

static void
test_durations(void)
{
	static const struct
	{
		const char *text;
		int64_t		span;
		const char *printed;
	}			cases[] = {
		{"7 days", INT64_C(604800000000), "7 days"},
		{"7d", INT64_C(604800000000), "7 days"},
		{"1 week", INT64_C(604800000000), "7 days"},
		{"1 DAY 12 Hours", INT64_C(129600000000), "1 day 12 hours"},
		{"12 hours 1 day", INT64_C(129600000000), "1 day 12 hours"},
		{"90 min", INT64_C(5400000000), "1 hour 30 min"},
		{"1.5 hours", INT64_C(5400000000), "1 hour 30 min"},
		{"1.5h30m", -1, NULL},
		{"61s", 61000000, "1 min 1 sec"},
		{"1 ms", 1000, "0.001 sec"},
		{"250 milliseconds", 250000, "0.25 sec"},
		{"1 us", 1, "0.000001 sec"},
		{"0.000001 sec", 1, "0.000001 sec"},
		{"0.000000001 hours", -1, NULL},
		{"0.5 weeks", INT64_C(302400000000), "3 days 12 hours"},
		{"0 days", 0, "0 sec"},
		{"00007 microseconds", 7, "0.000007 sec"},
		{"4611686018427387904 us", DURATION_MAX, "53375995 days 14 hours 27.387904 sec"},
		{"1 mins 1 secs 1 hrs 1 hr 1 second 1 minute 1 w 1 s", -2, "7 days 2 hours 2 min 3 sec"},
	};
	bool		stable = true;
	uint64_t	state = 1;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Lexer		lexer = {cases[i].text, strlen(cases[i].text), 0, true};
		LanguageError error;
		int64_t		span;
		char		printed[DURATION_TEXT] = "";
		bool		good = duration_parse(&lexer, &span, &error);

		if (good)
			duration_print(span, printed);
		CHECK(good == (cases[i].printed != NULL) && (!good || strcmp(printed, cases[i].printed) == 0) &&
			  (cases[i].span < 0 || span == cases[i].span),
			  "duration: %s is %s", cases[i].text, cases[i].printed != NULL ? cases[i].printed : "refused");
	}
	for (int i = 0; i < 100000; i++)
	{
		char		printed[DURATION_TEXT];
		Lexer		lexer = {printed, 0, 0, true};
		LanguageError error;
		int64_t		wanted;
		int64_t		span;

		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		wanted = (int64_t) (state >> 2 >> (i % 62));
		lexer.length = duration_print(wanted, printed);
		stable &= lexer.length == strlen(printed) && duration_parse(&lexer, &span, &error) && span == wanted;
	}
	CHECK(stable, "duration: what is printed reads back as the same span");
	FORGET();
}

/* ---- Patterns at random, to text and back ---- */

static uint64_t random_state = 5;

static uint32_t
pick(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t) ((random_state >> 20) % below);
}

static const char *const label_parts[] = {
	"a", "b", "View", "7", "-", ">", "[", "]", "|", "*", "\"", " ", "\n", ".", "/", "_", ":", "->", "=>", "-[", "?", ",",
	"구매", "é", "→", "within", "any", "no", "next", "by", "IN", "\x01", "day",
};

/* A set of different labels. */
static LabelSet
random_set(Pattern *pattern)
{
	LabelSet	set = {pattern->nlabels, 0};

	for (uint32_t n = 1 + pick(3); n > 0; n--)
	{
		Label	   *label = &pattern->labels[pattern->nlabels];
		char	   *bytes = host_alloc(NULL, 100);
		bool		twice = false;

		bytes[0] = '\0';
		for (uint32_t parts = 1 + pick(3); parts > 0; parts--)
			strcat(bytes, label_parts[pick(sizeof(label_parts) / sizeof(label_parts[0]))]);
		label->bytes = bytes;
		label->length = (uint32_t) strlen(bytes);
		label->prefix = pick(5) == 0;
		for (uint32_t i = set.first; i < pattern->nlabels; i++)
			twice |= pattern->labels[i].length == label->length &&
				pattern->labels[i].prefix == label->prefix &&
				memcmp(pattern->labels[i].bytes, bytes, label->length) == 0;
		if (!twice)
		{
			pattern->nlabels++;
			set.count++;
		}
	}
	return set;
}

static int64_t
random_span(void)
{
	int64_t		span = ((int64_t) pick(UINT32_MAX) << 30 | pick(UINT32_MAX)) >> pick(62);

	return pick(2) == 0 ? span : span / 1000000 * 1000000;
}

static void
random_pattern(Pattern *pattern)
{
	static char *const zones[] = {"UTC", "Asia/Seoul", "Etc/GMT+5", "a \"zone\"", "in"};

	memset(pattern, 0, sizeof(*pattern));
	pattern->nsteps = 1 + (int) pick(pick(10) == 0 ? PATTERN_MAX_STEPS : 4);
	pattern->steps = host_alloc0(NULL, (size_t) pattern->nsteps * sizeof(Step));
	pattern->labels = host_alloc(NULL, (size_t) pattern->nsteps * 8 * sizeof(Label));
	pattern->any_order = pick(6) == 0;
	pattern->first_entry = pick(3) == 0;
	pattern->reuse_rows = pick(6) == 0;
	pattern->strictly_increasing = pick(6) == 0;
	pattern->open = pick(6) == 0;
	for (int s = 0; s < pattern->nsteps; s++)
	{
		Step	   *step = &pattern->steps[s];

		if (s > 0 && !pattern->any_order && pick(2) == 0)
		{
			Arrow	   *arrow = &step->arrow;

			arrow->next = !pattern->reuse_rows && pick(4) == 0;
			arrow->has_min = pick(3) == 0;
			arrow->has_max = pick(3) == 0;
			arrow->min_span = arrow->has_min ? random_span() : 0;
			arrow->max_span = arrow->has_max ? random_span() : 0;
			if (!arrow->next && pick(3) == 0)
				arrow->no = random_set(pattern);
		}
		step->any = pick(8) == 0;
		if (!step->any)
			step->labels = random_set(pattern);
		step->optional = s > 0 && !pattern->any_order && pick(8) == 0;
	}
	pattern->has_within = pick(3) == 0;
	pattern->within = pattern->has_within ? random_span() : 0;
	pattern->grain = (Grain) pick(GRAIN_YEAR + 1);
	if (pattern->grain != GRAIN_NONE)
		pattern->zone = zones[pick(5)];
}

/* The labels of two sets are the same, in the same order. */
static bool
same_set(const Pattern *a, LabelSet x, const Pattern *b, LabelSet y)
{
	if (x.count != y.count)
		return false;
	for (uint32_t i = 0; i < x.count; i++)
	{
		const Label *p = &a->labels[x.first + i];
		const Label *q = &b->labels[y.first + i];

		if (p->length != q->length || p->prefix != q->prefix || memcmp(p->bytes, q->bytes, p->length) != 0)
			return false;
	}
	return true;
}

static bool
same_pattern(const Pattern *a, const Pattern *b)
{
	if (a->nsteps != b->nsteps || a->nlabels != b->nlabels || a->has_within != b->has_within ||
		a->within != b->within || a->strictly_increasing != b->strictly_increasing ||
		a->any_order != b->any_order || a->first_entry != b->first_entry ||
		a->reuse_rows != b->reuse_rows || a->open != b->open || a->grain != b->grain ||
		(a->grain != GRAIN_NONE ? strcmp(a->zone, b->zone) != 0 : b->zone != NULL))
		return false;
	for (int s = 0; s < a->nsteps; s++)
	{
		const Step *x = &a->steps[s];
		const Step *y = &b->steps[s];

		if (x->any != y->any || x->optional != y->optional || !same_set(a, x->labels, b, y->labels) ||
			x->arrow.next != y->arrow.next || x->arrow.has_min != y->arrow.has_min ||
			x->arrow.has_max != y->arrow.has_max || x->arrow.min_span != y->arrow.min_span ||
			x->arrow.max_span != y->arrow.max_span || !same_set(a, x->arrow.no, b, y->arrow.no))
			return false;
	}
	return true;
}

static void
test_round_trips(void)
{
	int			valid = 0;
	int			wrong = 0;
	int			misjudged = 0;

	for (int round = 0; round < 100000; round++)
	{
		Pattern		pattern;
		Pattern		again;
		LanguageError refusal;
		LanguageError error;
		size_t		length;
		size_t		again_length;
		char	   *text;
		bool		utf8 = pick(4) != 0;
		bool		right;

		random_pattern(&pattern);
		right = pattern_check(&pattern, &refusal);
		text = pattern_print(&pattern, utf8, &length);
		if (parse(text, length, utf8, NULL, &again, &error) != right ||
			(!right && strcmp(error.message, refusal.message) != 0))
		{
			if (misjudged++ == 0)
				printf("# %s: checked: %s, parsed: %s\n", text, right ? "good" : refusal.message, error.message);
		}
		else if (right)
		{
			char	   *again_text = pattern_print(&again, utf8, &again_length);

			valid++;
			if (!same_pattern(&pattern, &again) || length != again_length ||
				memcmp(text, again_text, length) != 0)
				if (wrong++ == 0)
					printf("# %s\n# %s\n", text, again_text);
		}
		FORGET();
	}
	CHECK(valid > 20000 && wrong == 0, "Patterns at random: the text reads back as the same Pattern and text");
	CHECK(misjudged == 0, "Patterns at random: pattern_check and the parser refuse the same");
}

/* pattern_check also sees Patterns that no parser has made. */
static void
test_check(void)
{
	Label		labels[1] = {{"a", 1, false}};
	Step		steps[PATTERN_MAX_STEPS + 1];
	Pattern		pattern = {.nsteps = PATTERN_MAX_STEPS, .steps = steps, .nlabels = 1, .labels = labels};
	LanguageError error;
	bool		good;

	memset(steps, 0, sizeof(steps));
	for (int s = 0; s <= PATTERN_MAX_STEPS; s++)
		steps[s].labels.count = 1;
	good = pattern_check(&pattern, &error);
	pattern.nsteps = PATTERN_MAX_STEPS + 1;
	good &= !pattern_check(&pattern, &error) && error.limit;
	pattern.nsteps = 0;
	good &= !pattern_check(&pattern, &error);
	pattern.nsteps = 2;
	labels[0].length = PATTERN_MAX_LABEL_BYTES + 1;
	good &= !pattern_check(&pattern, &error) && error.limit;
	labels[0].length = 1;
	pattern.nlabels = PATTERN_MAX_LABELS + 1;
	good &= !pattern_check(&pattern, &error) && error.limit;
	pattern.nlabels = 1;
	pattern.has_within = true;
	pattern.within = -1;
	good &= !pattern_check(&pattern, &error);
	CHECK(good, "pattern_check knows the limits");
}

int
main(void)
{
	test_forms();
	test_errors();
	test_long_names();
	test_limits();
	test_durations();
	test_round_trips();
	test_check();
	return DONE();
}
