/*
 * path_spec.c: see path_spec.h.
 */
#include "language/path_spec.h"

#include <string.h>

#include "language/phrase.h"

#define DEFAULT_DEPTH	5
#define DEFAULT_GAP		(INT64_C(30) * 60 * 1000000)
#define DEFAULT_TOP		50

typedef struct Parser
{
	Phrase		phrase;
	PathSpec   *spec;
	bool		has_depth;
	bool		has_gap;
	bool		has_top;
} Parser;

/* Words that a label must not look like. */
static const char *const keywords[] = {"from", "to", "depth", "gap", "collapse", "repeats", "top", NULL};

/* ---- reading ---- */

static bool
parse_anchor(Parser *parser, PathAnchor anchor)
{
	Phrase	   *phrase = &parser->phrase;
	PathSpec   *spec = parser->spec;

	if (spec->anchor == anchor)
		return phrase_fail(phrase, phrase->token.start, "this option is given twice", "Join the labels with \"|\".");
	if (spec->anchor != PATH_ANY)
		return phrase_fail(phrase, phrase->token.start, "\"from\" and \"to\" exclude each other",
						   "Write either where paths begin or where they end.");
	spec->anchor = anchor;
	phrase_advance(phrase);
	if (phrase->token.kind == TOKEN_STAR)
		return phrase_expected(phrase, "expected a label",
							   "Without \"from\" and \"to\" a path begins with any event.");
	return phrase_labels(phrase, &spec->at);
}

/* A number behind the word at hand. */
static bool
parse_number(Parser *parser, bool *given, int most, const char *message, int *number)
{
	Phrase	   *phrase = &parser->phrase;
	int64_t		value;

	if (!phrase_option(phrase, given, phrase->token.start))
		return false;
	phrase_advance(phrase);
	if (!phrase_number(phrase, 1, most, message, &value))
		return false;
	*number = (int) value;
	return true;
}

static bool
parse_clause(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	PathSpec   *spec = parser->spec;
	const Token *word = &phrase->token;

	if (token_is(word, "from"))
		return parse_anchor(parser, PATH_FROM);
	if (token_is(word, "to"))
		return parse_anchor(parser, PATH_TO);
	if (token_is(word, "depth"))
		return parse_number(parser, &parser->has_depth, PATH_MAX_DEPTH, "expected a depth from 1 to 50",
							&spec->depth);
	if (token_is(word, "top"))
		return parse_number(parser, &parser->has_top, PATH_MAX_TOP, "expected a number of labels from 1 to 1000",
							&spec->top);
	if (token_is(word, "gap"))
		return phrase_option(phrase, &parser->has_gap, word->start) && phrase_duration(phrase, &spec->gap);
	if (token_is(word, "collapse"))
	{
		if (!phrase_option(phrase, &spec->collapse, word->start))
			return false;
		phrase_advance(phrase);
		return phrase_take_word(phrase, "repeats", "The option is \"collapse repeats\".");
	}
	return phrase_not_expected(phrase, "expected an option",
							   "Options are: from, to, depth, gap, collapse repeats, top.");
}

bool
path_spec_parse(const char *text, size_t length, bool utf8, PathSpec *spec, LanguageError *error)
{
	Parser		parser = {.spec = spec};
	Phrase	   *phrase = &parser.phrase;

	memset(spec, 0, sizeof(*spec));
	spec->depth = DEFAULT_DEPTH;
	spec->gap = DEFAULT_GAP;
	spec->top = DEFAULT_TOP;
	if (!phrase_begin(phrase, "path spec", text, length, utf8, NULL, error))
		return false;
	while (phrase->token.kind != TOKEN_END)
	{
		if (!parse_clause(&parser))
			return false;
		if (phrase->token.kind == TOKEN_COMMA)
			phrase_advance(phrase);
	}
	spec->labels = phrase->labels;
	spec->nlabels = phrase->nlabels;
	if (length > PATTERN_MAX_TEXT_BYTES / 2)
	{
		/* The canonical text is read again when a stored literal is used, and quotes may make it longer. */
		size_t		canonical_length;

		host_free(path_spec_print(spec, utf8, &canonical_length));
		if (canonical_length > PATTERN_MAX_TEXT_BYTES)
		{
			phrase_fail(phrase, 0, "the canonical text of the path spec has more than 65536 bytes", NULL);
			error->limit = true;
			return false;
		}
	}
	return true;
}

/* ---- writing ---- */

char *
path_spec_print(const PathSpec *spec, bool utf8, size_t *length)
{
	Text		text;

	text_begin(&text, utf8, keywords, spec->labels);
	if (spec->anchor != PATH_ANY)
	{
		text_put(&text, spec->anchor == PATH_FROM ? "from " : "to ");
		text_put_labels(&text, spec->at);
		text_put(&text, " ");
	}
	text_put(&text, "depth ");
	text_put_number(&text, spec->depth);
	text_put(&text, " gap ");
	text_put_duration(&text, spec->gap);
	if (spec->collapse)
		text_put(&text, " collapse repeats");
	text_put(&text, " top ");
	text_put_number(&text, spec->top);
	*length = text.length;
	return text.bytes;
}
