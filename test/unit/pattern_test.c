/*
 * pattern_test.c: patterns at random: what is printed reads back, and no text does harm. The errors and
 * the canonical form are in test/sql/pattern.sql.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "language/pattern.h"
#include "random.h"

/* Pieces of the language, put together at random they are patterns now and then. */
static const char *const pieces[] = {
	"a", "view", "->", "->", "->", "=>", "-[", "]->", "|", "?", "*", ",", " ", " ", " ", "<=", ">=", "no", "next",
	"within", "7", "days", "1.5", "hours", "90", "min", "strictly", "increasing", "any", "order", "first", "entry",
	"reuse", "rows", "open", "by", "week", "in", "UTC", "Asia/Seoul", "\"", "\"\"", "\"x y\"", "구매", "\xff", "-",
	"[", "]", "<", "month", "99999999999999999999", "\xe2\x86\x92", "/p*", "é", "\0",
};

static size_t
random_text(char *text, size_t size)
{
	size_t		length = 0;

	for (uint64_t n = random_bits() % 25; n > 0; n--)
	{
		const char *piece = pieces[random_bits() % (sizeof(pieces) / sizeof(pieces[0]))];
		size_t		more = *piece == '\0' ? 1 : strlen(piece);

		if (length + more + 1 > size)
			break;
		memcpy(text + length, piece, more);
		length += more;
		if (chance(60))
			text[length++] = ' ';
	}
	return length;
}

static size_t
random_duration(char *text)
{
	static const char *const units[] = {"us", "ms", "sec", "min", "hours", "days", "weeks"};
	size_t		length = 0;

	for (uint64_t n = 1 + random_bits() % 3; n > 0; n--)
		length += (size_t) sprintf(text + length, " %d %s", (int) (random_bits() % 1000),
								   units[random_bits() % 7]);
	return length;
}

/* A text that is a pattern, but for contradictions. */
static size_t
random_pattern(char *text)
{
	static const char *const labels[] = {
		"a", "b", "c d", "구매", "within", "x*", "say \"\"hi\"\"", "a->b", "-", "a-", "/p/q.html", "NO", "\xc3\xa9",
	};
	static const char *const options[] = {
		" strictly increasing", " any order", " first entry", " reuse rows", " open", " by week",
		" by DAY in Asia/Seoul",
	};
	size_t		length = 0;

	for (uint64_t n = 1 + random_bits() % 6, i = 0; i < n; i++)
	{
		if (i > 0 && chance(20))
			length += (size_t) sprintf(text + length, " => ");
		else if (i > 0 && chance(40))
		{
			length += (size_t) sprintf(text + length, "-[");
			if (chance(50))
			{
				length += (size_t) sprintf(text + length, "<=");
				length += random_duration(text + length);
			}
			if (chance(30))
			{
				length += (size_t) sprintf(text + length, ", >=");
				length += random_duration(text + length);
			}
			length += (size_t) sprintf(text + length, " no q%d|\"r\"*]->", (int) (random_bits() % 10));
		}
		else if (i > 0)
			length += (size_t) sprintf(text + length, "->");
		if (chance(10))
			length += (size_t) sprintf(text + length, " *");
		else
			for (int first = 1; first || chance(30); first = 0)
				length += (size_t) sprintf(text + length, "%s\"%s\"%s", first ? "" : "|",
										   labels[random_bits() % 13], chance(10) ? "*" : "");
		if (i > 0 && chance(15))
			text[length++] = '?';
	}
	if (chance(40))
	{
		length += (size_t) sprintf(text + length, " within");
		length += random_duration(text + length);
	}
	for (int n = 0; n < 2; n++)
		if (chance(30))
			length += (size_t) sprintf(text + length, "%s", options[random_bits() % 7]);
	return length;
}

/* Whether the canonical text reads back as itself. */
static bool
reads_back(const Pattern *pattern, bool utf8)
{
	Pattern		again;
	LanguageError error;
	size_t		length;
	size_t		again_length;
	char	   *text = pattern_print(pattern, utf8, &length);
	char	   *again_text;

	if (!pattern_parse(text, length, utf8, NULL, &again, &error))
	{
		printf("# %s: %s at %zu\n", text, error.message, error.offset);
		return false;
	}
	again_text = pattern_print(&again, utf8, &again_length);
	return length == again_length && memcmp(text, again_text, length) == 0 &&
		again.nsteps == pattern->nsteps && again.within == pattern->within &&
		again.nlabels == pattern->nlabels && again.grain == pattern->grain;
}

static void
test_texts(size_t (*make) (char *text), const char *what, int rounds)
{
	long		accepted = 0;
	bool		stable = true;
	bool		explained = true;

	for (int round = 0; round < rounds; round++)
	{
		char		buffer[4096];
		size_t		length = make(buffer);
		char	   *text = malloc(length + 1);	/* not longer: a sanitizer sees reads past the end */
		char	   *exact;
		bool		utf8 = chance(80);
		Pattern		pattern;
		LanguageError error;

		memcpy(text, buffer, length);
		exact = realloc(text, length > 0 ? length : 1);
		if (pattern_parse(exact, length, utf8, NULL, &pattern, &error))
		{
			accepted++;
			if (chance(50))
				stable &= reads_back(&pattern, utf8);
		}
		else
			explained &= error.offset <= length && error.message[0] != '\0';
		free(exact);
		FORGET();
	}
	CHECK(accepted > rounds / 1000 && stable, "%s: what is accepted prints as a text that reads back", what);
	CHECK(explained, "%s: what is refused is refused with a place and a reason", what);
}

static size_t
make_pieces(char *text)
{
	return random_text(text, 4000);
}

static size_t
make_mutant(char *text)
{
	size_t		length = random_pattern(text);

	for (uint64_t n = random_bits() % 4; n > 0 && length > 0; n--)
	{
		size_t		at = random_bits() % length;

		if (chance(30))
			length = at;
		else
			text[at] = (char) random_bits();
	}
	return length;
}

static void
test_large(void)
{
	size_t		length = PATTERN_MAX_TEXT_BYTES;
	char	   *text = malloc(length);
	Pattern		pattern;
	LanguageError error;
	bool		refused = true;
	static const char *const fillers[] = {"a", " ", "a|", "a->", "->", "\"", "?", "a b ", "-[no a,", "7 "};

	for (size_t f = 0; f < sizeof(fillers) / sizeof(fillers[0]); f++)
	{
		for (size_t i = 0; i < length; i++)
			text[i] = fillers[f][i % strlen(fillers[f])];
		refused &= !pattern_parse(text, length, true, NULL, &pattern, &error);
		FORGET();
	}
	CHECK(refused, "64 kB of anything are refused at once");
	free(text);
}

int
main(void)
{
	test_texts(make_pieces, "pieces at random", 200000);
	test_texts(random_pattern, "patterns at random", 50000);
	test_texts(make_mutant, "damaged patterns", 100000);
	test_large();
	return DONE();
}
