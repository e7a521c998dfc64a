/*
 * pattern.c: reads and writes patterns; see pattern.h.
 */
#include "language/pattern.h"

#include <string.h>

#include "language/pattern_check.h"
#include "language/phrase.h"

typedef struct Parser
{
	Phrase		phrase;
	Pattern    *pattern;
	PatternPlaces places;
	bool		steps_seen;
} Parser;

/* Words that a label must not look like. */
static const char *const keywords[] = {
	"within", "strictly", "increasing", "any", "order", "first", "entry", "reuse", "rows", "open",
	"by", "in", "no", "next", NULL
};

static const char *const option_list =
	"Options are: within, strictly increasing, any order, first entry, reuse rows, open, by.";

/* ---- reading ---- */

static const char *const bound_hint =
	"Bounds are \"<= 1 hour\", \">= 10 min\", \"no refund|cancel\" and \"next\".";

/* The inside of -[ ... ]->. */
static bool
parse_bounds(Parser *parser, Arrow *arrow)
{
	bool		any = false;

	for (;;)
	{
		size_t		place = parser->phrase.token.start;
		bool		twice = false;

		if (parser->phrase.token.kind == TOKEN_AT_MOST)
		{
			twice = arrow->has_max;
			arrow->has_max = true;
			if (!phrase_duration(&parser->phrase, &arrow->max_span))
				return false;
		}
		else if (parser->phrase.token.kind == TOKEN_AT_LEAST)
		{
			twice = arrow->has_min;
			arrow->has_min = true;
			if (!phrase_duration(&parser->phrase, &arrow->min_span))
				return false;
		}
		else if (token_is(&parser->phrase.token, "next"))
		{
			twice = arrow->next;
			arrow->next = true;
			phrase_advance(&parser->phrase);
		}
		else if (token_is(&parser->phrase.token, "no"))
		{
			if (arrow->no.count > 0)
				return phrase_fail(&parser->phrase, place, "this bound is given twice", "Join the labels with \"|\".");
			phrase_advance(&parser->phrase);
			if (parser->phrase.token.kind == TOKEN_STAR)
				return phrase_expected(&parser->phrase, "every event is excluded", "Write \"=>\" for the very next event.");
			if (!phrase_labels(&parser->phrase, &arrow->no))
				return false;
		}
		else if (parser->phrase.token.kind == TOKEN_CLOSE_ARROW && any)
		{
			phrase_advance(&parser->phrase);
			return true;
		}
		else
			return phrase_expected(&parser->phrase, any ? "expected a bound or \"]->\"" : "expected a bound", bound_hint);
		if (twice)
			return phrase_fail(&parser->phrase, place, "this bound is given twice", NULL);
		any = true;
		if (parser->phrase.token.kind == TOKEN_COMMA)
		{
			phrase_advance(&parser->phrase);
			if (parser->phrase.token.kind == TOKEN_CLOSE_ARROW)
				return phrase_expected(&parser->phrase, "expected a bound", bound_hint);
		}
	}
}

static bool
parse_steps(Parser *parser)
{
	Pattern    *pattern = parser->pattern;

	parser->steps_seen = true;
	for (;;)
	{
		Step	   *step = &pattern->steps[pattern->nsteps];

		parser->places.step[pattern->nsteps] = parser->phrase.token.start;
		if (!phrase_labels_or_any(&parser->phrase, &step->labels, &step->any))
			return false;
		if (parser->phrase.token.kind == TOKEN_QUESTION)
		{
			step->optional = true;
			phrase_advance(&parser->phrase);
		}
		pattern->nsteps++;
		if (!token_is_arrow(parser->phrase.token.kind))
			return true;
		if (pattern->nsteps == PATTERN_MAX_STEPS)
			return phrase_limit(&parser->phrase, "a pattern has at most 63 steps", NULL);
		step++;
		parser->places.arrow[pattern->nsteps] = parser->phrase.token.start;
		if (parser->phrase.token.kind == TOKEN_OPEN_ARROW)
		{
			phrase_advance(&parser->phrase);
			if (!parse_bounds(parser, &step->arrow))
				return false;
		}
		else
		{
			step->arrow.next = parser->phrase.token.kind == TOKEN_NEXT_ARROW;
			phrase_advance(&parser->phrase);
		}
	}
}

/* ---- options ---- */

static bool
set_option(Parser *parser, bool *option, size_t place, size_t *noted)
{
	if (*option)
		return phrase_fail(&parser->phrase, place, "this option is given twice", NULL);
	*option = true;
	if (noted != NULL)
		*noted = place;
	return true;
}

static bool
parse_grain(Parser *parser)
{
	Pattern    *pattern = parser->pattern;

	if (!phrase_grain(&parser->phrase, &pattern->grain))
		return false;
	if (token_is(&parser->phrase.token, "in"))
	{
		phrase_advance(&parser->phrase);
		return phrase_zone(&parser->phrase, &pattern->zone);
	}
	pattern->zone = host_alloc(NULL, 4);
	memcpy(pattern->zone, "UTC", 4);
	return true;
}

/* Parses the option that begins with the word at hand; false with *error filled if it is none. */
static bool
parse_option(Parser *parser)
{
	Pattern    *pattern = parser->pattern;
	Token		word = parser->phrase.token;

	if (token_is(&word, "within"))
	{
		if (!set_option(parser, &pattern->has_within, word.start, &parser->places.within))
			return false;
		return phrase_duration(&parser->phrase, &pattern->within);
	}
	if (token_is(&word, "strictly"))
	{
		phrase_advance(&parser->phrase);
		return phrase_take_word(&parser->phrase, "increasing",
						 "The option is \"strictly increasing\"; a label of this name is put in quotes.") &&
			set_option(parser, &pattern->strictly_increasing, word.start,
					   &parser->places.strictly_increasing);
	}
	if (token_is(&word, "any"))
	{
		phrase_advance(&parser->phrase);
		return phrase_take_word(&parser->phrase, "order",
						 "The option is \"any order\"; a label of this name is put in quotes.") &&
			set_option(parser, &pattern->any_order, word.start, &parser->places.any_order);
	}
	if (token_is(&word, "first"))
	{
		phrase_advance(&parser->phrase);
		return phrase_take_word(&parser->phrase, "entry",
						 "The option is \"first entry\"; a label of this name is put in quotes.") &&
			set_option(parser, &pattern->first_entry, word.start, NULL);
	}
	if (token_is(&word, "reuse"))
	{
		phrase_advance(&parser->phrase);
		return phrase_take_word(&parser->phrase, "rows",
						 "The option is \"reuse rows\"; a label of this name is put in quotes.") &&
			set_option(parser, &pattern->reuse_rows, word.start, &parser->places.reuse_rows);
	}
	if (token_is(&word, "open"))
	{
		phrase_advance(&parser->phrase);
		return set_option(parser, &pattern->open, word.start, &parser->places.open);
	}
	if (token_is(&word, "by"))
	{
		if (pattern->grain != GRAIN_NONE)
			return phrase_fail(&parser->phrase, word.start, "this option is given twice", NULL);
		phrase_advance(&parser->phrase);
		return parse_grain(parser);
	}
	if (word.kind == TOKEN_WORD || word.kind == TOKEN_QUOTED)
		return phrase_not_expected(&parser->phrase, "expected an arrow or an option", option_list);
	if (word.kind == TOKEN_BAD && parser->phrase.lexer.text[word.start] == '>')
		return phrase_fail(&parser->phrase, word.start, "unexpected character", "Steps are joined with \"->\".");
	return phrase_expected(&parser->phrase, "expected an arrow, an option or the end", option_list);
}

/* More than a canonical text can be longer than what it was read from: quotes, blanks, units, a zone. */
#define CANONICAL_GROWTH 16384

/* The canonical text is read again when a stored pattern is used. */
static bool
canonical_fits(Parser *parser)
{
	size_t		length;

	host_free(pattern_print(parser->pattern, parser->phrase.lexer.utf8, &length));
	if (length <= PATTERN_MAX_TEXT_BYTES)
		return true;
	phrase_fail(&parser->phrase, 0, "the canonical text of the pattern has more than 65536 bytes", NULL);
	parser->phrase.error->limit = true;
	return false;
}

bool
pattern_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, Pattern *pattern,
			  LanguageError *error)
{
	static const char *const options[] = {"within", "strictly", "any", "first", "reuse", "open", "by", NULL};
	Parser		parser = {.pattern = pattern};
	Phrase	   *phrase = &parser.phrase;

	memset(pattern, 0, sizeof(*pattern));
	if (!phrase_begin(phrase, "pattern", text, length, utf8, zone_known, error))
		return false;
	pattern->steps = host_alloc0(NULL, (PATTERN_MAX_STEPS + 1) * sizeof(Step));
	while (phrase->token.kind != TOKEN_END)
	{
		if (parser.steps_seen || phrase_begins_option(phrase, options) ?
			!parse_option(&parser) : !parse_steps(&parser))
			return false;
		if (phrase->token.kind == TOKEN_COMMA)
			phrase_advance(phrase);
	}
	pattern->labels = phrase->labels;
	pattern->nlabels = phrase->nlabels;
	if (!parser.steps_seen)
		return phrase_expected(phrase, "expected a step",
						"Name the steps, for example \"view -> cart -> purchase\".");
	return pattern_check_at(pattern, &parser.places, error) &&
		(length <= PATTERN_MAX_TEXT_BYTES - CANONICAL_GROWTH || canonical_fits(&parser));
}

/* ---- writing ---- */

static void
put_arrow(Text *text, const Arrow *arrow)
{
	const char *separator = "";

	if (!arrow->has_min && !arrow->has_max && arrow->no.count == 0)
	{
		text_put(text, arrow->next ? " => " : " -> ");
		return;
	}
	text_put(text, " -[");
	if (arrow->next)
	{
		text_put(text, "next");
		separator = ", ";
	}
	if (arrow->has_min)
	{
		text_put(text, separator);
		text_put(text, ">= ");
		text_put_duration(text, arrow->min_span);
		separator = ", ";
	}
	if (arrow->has_max)
	{
		text_put(text, separator);
		text_put(text, "<= ");
		text_put_duration(text, arrow->max_span);
		separator = ", ";
	}
	if (arrow->no.count > 0)
	{
		text_put(text, separator);
		text_put(text, "no ");
		text_put_labels(text, arrow->no);
	}
	text_put(text, "]-> ");
}

char *
pattern_print(const Pattern *pattern, bool utf8, size_t *length)
{
	Text		text;

	text_begin(&text, utf8, keywords, pattern->labels);
	for (int s = 0; s < pattern->nsteps; s++)
	{
		const Step *step = &pattern->steps[s];

		if (s > 0)
			put_arrow(&text, &step->arrow);
		if (step->any)
			text_put(&text, "*");
		else
			text_put_labels(&text, step->labels);
		if (step->optional)
			text_put(&text, "?");
	}
	if (pattern->has_within)
	{
		text_put(&text, " within ");
		text_put_duration(&text, pattern->within);
	}
	if (pattern->strictly_increasing)
		text_put(&text, " strictly increasing");
	if (pattern->any_order)
		text_put(&text, " any order");
	if (pattern->first_entry)
		text_put(&text, " first entry");
	if (pattern->reuse_rows)
		text_put(&text, " reuse rows");
	if (pattern->open)
		text_put(&text, " open");
	if (pattern->grain != GRAIN_NONE)
	{
		text_put(&text, " by ");
		text_put(&text, grain_name(pattern->grain));
		text_put(&text, " in ");
		text_put_label(&text, pattern->zone, strlen(pattern->zone));
	}
	*length = text.length;
	return text.bytes;
}

char *
pattern_step_name(const Pattern *pattern, int step)
{
	Text		text;

	text_begin(&text, true, keywords, pattern->labels);
	if (pattern->steps[step].any)
		text_put(&text, "*");
	text_put_names(&text, pattern->steps[step].labels);
	return text.bytes;
}
