/*
 * attribution_spec.c: see attribution_spec.h.
 */
#include "language/attribution_spec.h"

#include <string.h>

#define DAY (INT64_C(24) * 3600 * 1000000)
#define DEFAULT_LOOKBACK (30 * DAY)
#define DEFAULT_HALF_LIFE (7 * DAY)

static const Label default_direct = {.bytes = "(direct)", .length = 8};

typedef struct Parser
{
	Phrase		phrase;
	AttributionSpec *spec;
	bool		has_lookback;
	bool		has_half_life;
	bool		has_touches;
	bool		has_direct;
} Parser;

/* Words that a label must not look like. */
static const char *const keywords[] = {
	"lookback", "half-life", "touches", "direct", "collapse", "repeats", "reset", "after", "conversion", "conversions",
	"are", "of", "by", "in", "week", "starts", NULL
};

/* ---- reading ---- */

static bool
parse_lookback(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	size_t		place = phrase->token.start;

	if (!phrase_option(phrase, &parser->has_lookback, place) || !phrase_duration(phrase, &parser->spec->lookback))
		return false;
	if (parser->spec->lookback > ATTRIBUTION_MAX_DAYS * DAY)
		return phrase_fail(phrase, place, "the lookback is longer than 3660 days", NULL);
	return true;
}

static bool
parse_half_life(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	size_t		place = phrase->token.start;

	if (!phrase_option(phrase, &parser->has_half_life, place) || !phrase_duration(phrase, &parser->spec->half_life))
		return false;
	if (parser->spec->half_life == 0)
		return phrase_fail(phrase, place, "the half-life is not positive", "Write for example \"half-life 7 days\".");
	return true;
}

/* The words of an option that is one or is not: the first is at hand. */
static bool
parse_words(Parser *parser, bool *option, const char *const *words, const char *hint)
{
	Phrase	   *phrase = &parser->phrase;

	if (!phrase_option(phrase, option, phrase->token.start))
		return false;
	phrase_advance(phrase);
	for (; *words != NULL; words++)
		if (!phrase_take_word(phrase, *words, hint))
			return false;
	return true;
}

static bool
parse_clause(Parser *parser)
{
	static const char *const repeats[] = {"repeats", NULL};
	static const char *const after_conversion[] = {"after", "conversion", NULL};
	static const char *const are_touches[] = {"are", "touches", NULL};
	Phrase	   *phrase = &parser->phrase;
	AttributionSpec *spec = parser->spec;
	const Token *word = &phrase->token;
	bool		taken;

	if (!phrase_period(phrase, &spec->periods, true, &taken))
		return false;
	if (taken)
		return true;
	if (token_is(word, "lookback"))
		return parse_lookback(parser);
	if (token_is(word, "half-life"))
		return parse_half_life(parser);
	if (token_is(word, "touches"))
	{
		int64_t		touches;

		if (!phrase_option(phrase, &parser->has_touches, word->start))
			return false;
		phrase_advance(phrase);
		if (!phrase_number(phrase, 1, ATTRIBUTION_MAX_TOUCHES, "expected a number of touches from 1 to 40", &touches))
			return false;
		spec->touches = (int) touches;
		return true;
	}
	if (token_is(word, "direct"))
	{
		if (!phrase_option(phrase, &parser->has_direct, word->start))
			return false;
		phrase_advance(phrase);
		return phrase_labels(phrase, &spec->direct);
	}
	if (token_is(word, "collapse"))
		return parse_words(parser, &spec->collapse, repeats, "The option is \"collapse repeats\".");
	if (token_is(word, "reset"))
		return parse_words(parser, &spec->reset, after_conversion, "The option is \"reset after conversion\".");
	if (token_is(word, "conversions"))
		return parse_words(parser, &spec->conversions_touch, are_touches,
						   "The option is \"conversions are touches\".");
	if (token_is(word, "of"))
	{
		if (!phrase_option(phrase, &spec->named, word->start))
			return false;
		phrase_advance(phrase);
		return phrase_labels(phrase, &spec->of);
	}
	return phrase_not_expected(phrase, "expected a clause",
							   "Clauses are: lookback, half-life, touches, direct, collapse repeats, reset after conversion, "
							   "conversions are touches, of, by, in, week starts.");
}

/* The label that stands for direct visits where none is given. */
static void
add_default_direct(Phrase *phrase, LabelSet *direct)
{
	phrase->labels = host_realloc(phrase->labels, host_array_size(phrase->nlabels + 1, sizeof(Label)));
	direct->first = phrase->nlabels;
	direct->count = 1;
	phrase->labels[phrase->nlabels++] = default_direct;
}

bool
attribution_spec_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, AttributionSpec *spec,
					   LanguageError *error)
{
	Parser		parser = {.spec = spec};
	Phrase	   *phrase = &parser.phrase;

	memset(spec, 0, sizeof(*spec));
	spec->lookback = DEFAULT_LOOKBACK;
	spec->half_life = DEFAULT_HALF_LIFE;
	spec->touches = ATTRIBUTION_MAX_TOUCHES;
	if (!phrase_begin(phrase, "attribution spec", text, length, utf8, zone_known, error))
		return false;
	while (phrase->token.kind != TOKEN_END)
	{
		if (!parse_clause(&parser))
			return false;
		if (phrase->token.kind == TOKEN_COMMA)
			phrase_advance(phrase);
	}
	if (!parser.has_direct)
		add_default_direct(phrase, &spec->direct);
	spec->labels = phrase->labels;
	spec->nlabels = phrase->nlabels;
	if (!phrase_period_done(phrase, &spec->periods))
		return false;
	if (length > PATTERN_MAX_TEXT_BYTES / 2)
	{
		/* The canonical text is read again when a stored literal is used, and quotes may make it longer. */
		size_t		canonical_length;

		host_free(attribution_spec_print(spec, utf8, &canonical_length));
		if (canonical_length > PATTERN_MAX_TEXT_BYTES)
		{
			phrase_fail(phrase, 0, "the canonical text of the attribution spec has more than 65536 bytes", NULL);
			error->limit = true;
			return false;
		}
	}
	return true;
}

/* ---- writing ---- */

char *
attribution_spec_print(const AttributionSpec *spec, bool utf8, size_t *length)
{
	Text		text;

	text_begin(&text, utf8, keywords, spec->labels);
	text_put(&text, "lookback ");
	text_put_duration(&text, spec->lookback);
	text_put(&text, " half-life ");
	text_put_duration(&text, spec->half_life);
	text_put(&text, " touches ");
	text_put_number(&text, spec->touches);
	text_put(&text, " direct ");
	text_put_labels(&text, spec->direct);
	if (spec->collapse)
		text_put(&text, " collapse repeats");
	if (spec->reset)
		text_put(&text, " reset after conversion");
	if (spec->conversions_touch)
		text_put(&text, " conversions are touches");
	if (spec->named)
	{
		text_put(&text, " of ");
		text_put_labels(&text, spec->of);
	}
	if (spec->periods.grain != GRAIN_NONE)
	{
		text_put(&text, " by ");
		text_put(&text, grain_name(spec->periods.grain));
		text_put_zone(&text, &spec->periods);
	}
	*length = text.length;
	return text.bytes;
}
