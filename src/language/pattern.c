/*
 * pattern.c: reads and writes patterns; see pattern.h.
 */
#include "language/pattern.h"

#include <stdio.h>
#include <string.h>

#include "language/duration.h"
#include "language/lexer.h"
#include "language/pattern_check.h"

typedef struct Parser
{
	Lexer		lexer;
	Token		token;			/* the one at hand, not yet taken */
	ZoneCheck	zone_known;
	Pattern    *pattern;
	PatternPlaces places;
	uint32_t	label_capacity;
	uint32_t	labels_read;	/* doubles count: looking for them takes time for each */
	bool		steps_seen;
	LanguageError *error;
} Parser;

static const char *const option_list =
	"Options are: within, strictly increasing, any order, first entry, reuse rows, open, by.";

static const char *const grain_names[] = {
	[GRAIN_HOUR] = "hour",
	[GRAIN_DAY] = "day",
	[GRAIN_WEEK] = "week",
	[GRAIN_MONTH] = "month",
	[GRAIN_QUARTER] = "quarter",
	[GRAIN_YEAR] = "year",
};

const char *
grain_name(Grain grain)
{
	return grain_names[grain];
}

Grain
grain_from_name(const char *name, size_t length)
{
	Token		token = {.kind = TOKEN_WORD, .bytes = name, .length = length};

	for (int grain = GRAIN_HOUR; grain <= GRAIN_YEAR; grain++)
		if (token_is(&token, grain_names[grain]))
			return (Grain) grain;
	return GRAIN_NONE;
}

/* ---- reading ---- */

static void
advance(Parser *parser)
{
	parser->token = lexer_next(&parser->lexer);
}

static bool
fail_at(Parser *parser, size_t place, const char *message, const char *hint)
{
	return language_error(parser->error, place, message, hint);
}

/* Says what was expected instead of the token at hand. */
static bool
expected(Parser *parser, const char *what, const char *hint)
{
	if (parser->token.kind == TOKEN_BAD)
		return fail_at(parser, parser->token.start, parser->token.complaint, parser->token.advice);
	return fail_at(parser, parser->token.start, what, hint);
}

static bool
limit_passed(Parser *parser, const char *message, const char *hint)
{
	fail_at(parser, parser->token.start, message, hint);
	parser->error->limit = true;
	return false;
}

/* One label into a set that ends at the end of the labels; doubles are dropped. */
static bool
parse_label(Parser *parser, LabelSet *set)
{
	Pattern    *pattern = parser->pattern;
	Label		label;

	if (parser->token.kind != TOKEN_WORD && parser->token.kind != TOKEN_QUOTED)
		return expected(parser, "expected a label", NULL);
	if (parser->token.length > PATTERN_MAX_LABEL_BYTES)
		return limit_passed(parser, "the label is longer than 1024 bytes", NULL);
	if (parser->labels_read++ == PATTERN_MAX_LABELS)
		return limit_passed(parser, "a pattern has at most 1000 labels",
							"A prefix such as checkout* may stand for many of them.");
	label.bytes = parser->token.bytes;
	label.length = (uint32_t) parser->token.length;
	label.prefix = parser->token.prefix;
	for (uint32_t i = set->first; i < set->first + set->count; i++)
	{
		const Label *other = &pattern->labels[i];

		if (other->length == label.length && other->prefix == label.prefix &&
			memcmp(other->bytes, label.bytes, label.length) == 0)
		{
			advance(parser);
			return true;
		}
	}
	if (pattern->nlabels == parser->label_capacity)
	{
		parser->label_capacity *= 2;
		pattern->labels = host_realloc(pattern->labels, parser->label_capacity * sizeof(Label));
	}
	pattern->labels[pattern->nlabels++] = label;
	set->count++;
	advance(parser);
	return true;
}

static bool
parse_labels(Parser *parser, LabelSet *set)
{
	set->first = parser->pattern->nlabels;
	set->count = 0;
	for (;;)
	{
		if (!parse_label(parser, set))
			return false;
		if (parser->token.kind != TOKEN_BAR)
			return true;
		advance(parser);
	}
}

/* A duration; the lexer stands behind the token that announces it. */
static bool
parse_duration(Parser *parser, int64_t *span)
{
	if (!duration_parse(&parser->lexer, span, parser->error))
		return false;
	advance(parser);
	return true;
}

static const char *const bound_hint =
	"Bounds are \"<= 1 hour\", \">= 10 min\", \"no refund|cancel\" and \"next\".";

/* The inside of -[ ... ]->. */
static bool
parse_bounds(Parser *parser, Arrow *arrow)
{
	bool		any = false;

	for (;;)
	{
		size_t		place = parser->token.start;
		bool		twice = false;

		if (parser->token.kind == TOKEN_AT_MOST)
		{
			twice = arrow->has_max;
			arrow->has_max = true;
			if (!parse_duration(parser, &arrow->max_span))
				return false;
		}
		else if (parser->token.kind == TOKEN_AT_LEAST)
		{
			twice = arrow->has_min;
			arrow->has_min = true;
			if (!parse_duration(parser, &arrow->min_span))
				return false;
		}
		else if (token_is(&parser->token, "next"))
		{
			twice = arrow->next;
			arrow->next = true;
			advance(parser);
		}
		else if (token_is(&parser->token, "no"))
		{
			if (arrow->no.count > 0)
				return fail_at(parser, place, "this bound is given twice", "Join the labels with \"|\".");
			advance(parser);
			if (parser->token.kind == TOKEN_STAR)
				return expected(parser, "every event is excluded", "Write \"=>\" for the very next event.");
			if (!parse_labels(parser, &arrow->no))
				return false;
		}
		else if (parser->token.kind == TOKEN_CLOSE_ARROW && any)
		{
			advance(parser);
			return true;
		}
		else
			return expected(parser, any ? "expected a bound or \"]->\"" : "expected a bound", bound_hint);
		if (twice)
			return fail_at(parser, place, "this bound is given twice", NULL);
		any = true;
		if (parser->token.kind == TOKEN_COMMA)
		{
			advance(parser);
			if (parser->token.kind == TOKEN_CLOSE_ARROW)
				return expected(parser, "expected a bound", bound_hint);
		}
	}
}

static bool
is_arrow(TokenKind kind)
{
	return kind == TOKEN_ARROW || kind == TOKEN_NEXT_ARROW || kind == TOKEN_OPEN_ARROW;
}

static bool
parse_steps(Parser *parser)
{
	Pattern    *pattern = parser->pattern;

	parser->steps_seen = true;
	for (;;)
	{
		Step	   *step = &pattern->steps[pattern->nsteps];

		parser->places.step[pattern->nsteps] = parser->token.start;
		if (parser->token.kind == TOKEN_STAR)
		{
			step->any = true;
			advance(parser);
		}
		else if (!parse_labels(parser, &step->labels))
			return false;
		if (parser->token.kind == TOKEN_QUESTION)
		{
			step->optional = true;
			advance(parser);
		}
		pattern->nsteps++;
		if (!is_arrow(parser->token.kind))
			return true;
		if (pattern->nsteps == PATTERN_MAX_STEPS)
			return limit_passed(parser, "a pattern has at most 63 steps", NULL);
		step++;
		parser->places.arrow[pattern->nsteps] = parser->token.start;
		if (parser->token.kind == TOKEN_OPEN_ARROW)
		{
			advance(parser);
			if (!parse_bounds(parser, &step->arrow))
				return false;
		}
		else
		{
			step->arrow.next = parser->token.kind == TOKEN_NEXT_ARROW;
			advance(parser);
		}
	}
}

/* ---- options ---- */

static bool
take_word(Parser *parser, const char *word, const char *hint)
{
	char		message[60];

	if (token_is(&parser->token, word))
	{
		advance(parser);
		return true;
	}
	snprintf(message, sizeof(message), "expected \"%s\"", word);
	return expected(parser, message, hint);
}

static bool
set_option(Parser *parser, bool *option, size_t place, size_t *noted)
{
	if (*option)
		return fail_at(parser, place, "this option is given twice", NULL);
	*option = true;
	if (noted != NULL)
		*noted = place;
	return true;
}

static bool
parse_zone(Parser *parser)
{
	Token		zone = parser->token;
	char	   *name;

	if ((zone.kind != TOKEN_WORD && zone.kind != TOKEN_QUOTED) || zone.prefix)
		return expected(parser, "expected a time zone", "Name a zone such as UTC or Asia/Seoul.");
	name = host_alloc(NULL, zone.length + 1);
	memcpy(name, zone.bytes, zone.length);
	name[zone.length] = '\0';
	if (zone.length > 255 || (parser->zone_known != NULL && !parser->zone_known(name)))
		return fail_at(parser, zone.start, "this time zone is not known",
					   "See pg_timezone_names for the names that the server knows.");
	parser->pattern->zone = name;
	advance(parser);
	return true;
}

static bool
parse_grain(Parser *parser)
{
	Pattern    *pattern = parser->pattern;

	if (parser->token.kind == TOKEN_WORD && !parser->token.prefix)
		pattern->grain = grain_from_name(parser->token.bytes, parser->token.length);
	if (pattern->grain == GRAIN_NONE)
		return expected(parser, "expected a period",
						"Periods are hour, day, week, month, quarter and year.");
	advance(parser);
	if (token_is(&parser->token, "in"))
	{
		advance(parser);
		return parse_zone(parser);
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
	Token		word = parser->token;

	if (token_is(&word, "within"))
	{
		if (!set_option(parser, &pattern->has_within, word.start, &parser->places.within))
			return false;
		return parse_duration(parser, &pattern->within);
	}
	if (token_is(&word, "strictly"))
	{
		advance(parser);
		return take_word(parser, "increasing",
						 "The option is \"strictly increasing\"; a label of this name is put in quotes.") &&
			set_option(parser, &pattern->strictly_increasing, word.start,
					   &parser->places.strictly_increasing);
	}
	if (token_is(&word, "any"))
	{
		advance(parser);
		return take_word(parser, "order",
						 "The option is \"any order\"; a label of this name is put in quotes.") &&
			set_option(parser, &pattern->any_order, word.start, &parser->places.any_order);
	}
	if (token_is(&word, "first"))
	{
		advance(parser);
		return take_word(parser, "entry",
						 "The option is \"first entry\"; a label of this name is put in quotes.") &&
			set_option(parser, &pattern->first_entry, word.start, NULL);
	}
	if (token_is(&word, "reuse"))
	{
		advance(parser);
		return take_word(parser, "rows",
						 "The option is \"reuse rows\"; a label of this name is put in quotes.") &&
			set_option(parser, &pattern->reuse_rows, word.start, &parser->places.reuse_rows);
	}
	if (token_is(&word, "open"))
	{
		advance(parser);
		return set_option(parser, &pattern->open, word.start, &parser->places.open);
	}
	if (token_is(&word, "by"))
	{
		if (pattern->grain != GRAIN_NONE)
			return fail_at(parser, word.start, "this option is given twice", NULL);
		advance(parser);
		return parse_grain(parser);
	}
	if (word.kind == TOKEN_WORD || word.kind == TOKEN_QUOTED)
	{
		char		message[120] = "expected an arrow or an option";

		if (word.length <= LANGUAGE_NAMED_BYTES)
			snprintf(message, sizeof(message), "expected an arrow or an option, not \"%.*s\"",
					 (int) word.length, word.bytes);
		return fail_at(parser, word.start, message, option_list);
	}
	if (word.kind == TOKEN_BAD && parser->lexer.text[word.start] == '>')
		return fail_at(parser, word.start, "unexpected character", "Steps are joined with \"->\".");
	return expected(parser, "expected an arrow, an option or the end", option_list);
}

/*
 * Whether the word at hand, before any step, begins an option. It is a label if what follows could only
 * follow a label.
 */
static bool
begins_option(Parser *parser)
{
	static const char *const words[] = {"within", "strictly", "any", "first", "reuse", "open", "by"};
	Lexer		ahead = parser->lexer;
	Token		next;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		if (!token_is(&parser->token, words[i]))
			continue;
		next = lexer_next(&ahead);
		return !is_arrow(next.kind) && next.kind != TOKEN_BAR && next.kind != TOKEN_QUESTION &&
			next.kind != TOKEN_END;
	}
	return false;
}

/* More than a canonical text can be longer than what it was read from: quotes, blanks, units, a zone. */
#define CANONICAL_GROWTH 16384

/* The canonical text is read again when a stored pattern is used. */
static bool
canonical_fits(Parser *parser)
{
	size_t		length;

	host_free(pattern_print(parser->pattern, parser->lexer.utf8, &length));
	if (length <= PATTERN_MAX_TEXT_BYTES)
		return true;
	fail_at(parser, 0, "the canonical text of the pattern has more than 65536 bytes", NULL);
	parser->error->limit = true;
	return false;
}

bool
pattern_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, Pattern *pattern,
			  LanguageError *error)
{
	Parser		parser = {0};

	memset(pattern, 0, sizeof(*pattern));
	parser.lexer.length = length;
	parser.lexer.utf8 = utf8;
	parser.zone_known = zone_known;
	parser.pattern = pattern;
	parser.error = error;
	if (length > PATTERN_MAX_TEXT_BYTES)
	{
		language_error(error, 0, "a pattern has at most 65536 bytes", NULL);
		error->limit = true;
		return false;
	}
	/* Labels point into a copy, so that the pattern outlives its text. */
	parser.lexer.text = memcpy(host_alloc(NULL, length + 1), text, length);
	parser.label_capacity = 8;
	pattern->labels = host_alloc(NULL, parser.label_capacity * sizeof(Label));
	pattern->steps = host_alloc0(NULL, (PATTERN_MAX_STEPS + 1) * sizeof(Step));
	advance(&parser);
	while (parser.token.kind != TOKEN_END)
	{
		if (parser.steps_seen || begins_option(&parser) ?
			!parse_option(&parser) : !parse_steps(&parser))
			return false;
		if (parser.token.kind == TOKEN_COMMA)
			advance(&parser);
	}
	if (!parser.steps_seen)
		return expected(&parser, "expected a step",
						"Name the steps, for example \"view -> cart -> purchase\".");
	return pattern_check_at(pattern, &parser.places, error) &&
		(length <= PATTERN_MAX_TEXT_BYTES - CANONICAL_GROWTH || canonical_fits(&parser));
}

/* ---- writing ---- */

typedef struct Text
{
	char	   *bytes;
	size_t		length;
	size_t		capacity;
} Text;

static void
put_bytes(Text *text, const char *bytes, size_t length)
{
	if (text->capacity - text->length <= length)
	{
		text->capacity = (text->capacity + length) * 2;
		text->bytes = host_realloc(text->bytes, text->capacity);
	}
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

static void
put(Text *text, const char *string)
{
	put_bytes(text, string, strlen(string));
}

static void
text_init(Text *text)
{
	text->capacity = 64;
	text->bytes = host_alloc(NULL, text->capacity);
	text->length = 0;
	text->bytes[0] = '\0';
}

/* Whether a label reads back as itself without quotes, wherever it stands. */
static bool
is_bare(const char *bytes, size_t length, bool utf8)
{
	static const char *const keywords[] = {
		"within", "strictly", "increasing", "any", "order", "first", "entry", "reuse", "rows", "open",
		"by", "in", "no", "next",
	};
	Token		token = {.kind = TOKEN_WORD, .bytes = bytes, .length = length};
	size_t		at = 0;

	/* What is written behind a label may begin with '>' or '['; a '-' at its end must not meet it. */
	if (bytes[length - 1] == '-')
		return false;
	while (at < length)
	{
		size_t		size = lexer_word_char(bytes, length, at, utf8);

		if (size == 0)
			return false;
		at += size;
	}
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (token_is(&token, keywords[i]))
			return false;
	return true;
}

static void
put_label(Text *text, const char *bytes, size_t length, bool utf8)
{
	if (is_bare(bytes, length, utf8))
	{
		put_bytes(text, bytes, length);
		return;
	}
	put(text, "\"");
	for (size_t i = 0; i < length; i++)
	{
		if (bytes[i] == '"')
			put(text, "\"");
		put_bytes(text, &bytes[i], 1);
	}
	put(text, "\"");
}

static void
put_labels(Text *text, const Pattern *pattern, LabelSet set, bool utf8)
{
	for (uint32_t i = 0; i < set.count; i++)
	{
		const Label *label = &pattern->labels[set.first + i];

		if (i > 0)
			put(text, "|");
		put_label(text, label->bytes, label->length, utf8);
		if (label->prefix)
			put(text, "*");
	}
}

static void
put_duration(Text *text, const char *before, int64_t span)
{
	char		duration[DURATION_TEXT];

	put(text, before);
	put_bytes(text, duration, duration_print(span, duration));
}

static void
put_arrow(Text *text, const Pattern *pattern, const Arrow *arrow, bool utf8)
{
	const char *separator = "";

	if (!arrow->has_min && !arrow->has_max && arrow->no.count == 0)
	{
		put(text, arrow->next ? " => " : " -> ");
		return;
	}
	put(text, " -[");
	if (arrow->next)
	{
		put(text, "next");
		separator = ", ";
	}
	if (arrow->has_min)
	{
		put(text, separator);
		put_duration(text, ">= ", arrow->min_span);
		separator = ", ";
	}
	if (arrow->has_max)
	{
		put(text, separator);
		put_duration(text, "<= ", arrow->max_span);
		separator = ", ";
	}
	if (arrow->no.count > 0)
	{
		put(text, separator);
		put(text, "no ");
		put_labels(text, pattern, arrow->no, utf8);
	}
	put(text, "]-> ");
}

char *
pattern_print(const Pattern *pattern, bool utf8, size_t *length)
{
	Text		text;

	text_init(&text);
	for (int s = 0; s < pattern->nsteps; s++)
	{
		const Step *step = &pattern->steps[s];

		if (s > 0)
			put_arrow(&text, pattern, &step->arrow, utf8);
		if (step->any)
			put(&text, "*");
		else
			put_labels(&text, pattern, step->labels, utf8);
		if (step->optional)
			put(&text, "?");
	}
	if (pattern->has_within)
		put_duration(&text, " within ", pattern->within);
	if (pattern->strictly_increasing)
		put(&text, " strictly increasing");
	if (pattern->any_order)
		put(&text, " any order");
	if (pattern->first_entry)
		put(&text, " first entry");
	if (pattern->reuse_rows)
		put(&text, " reuse rows");
	if (pattern->open)
		put(&text, " open");
	if (pattern->grain != GRAIN_NONE)
	{
		put(&text, " by ");
		put(&text, grain_name(pattern->grain));
		put(&text, " in ");
		put_label(&text, pattern->zone, strlen(pattern->zone), utf8);
	}
	*length = text.length;
	return text.bytes;
}

char *
pattern_step_name(const Pattern *pattern, int step)
{
	LabelSet	set = pattern->steps[step].labels;
	Text		text;

	text_init(&text);
	if (pattern->steps[step].any)
		put(&text, "*");
	for (uint32_t i = 0; i < set.count; i++)
	{
		const Label *label = &pattern->labels[set.first + i];

		if (i > 0)
			put(&text, "|");
		put_bytes(&text, label->bytes, label->length);
		if (label->prefix)
			put(&text, "*");
	}
	return text.bytes;
}
