/*
 * survey_kind.c: see survey_kind.h.
 */
#include "language/survey_kind.h"

#include <stdio.h>
#include <string.h>

#include "engine/decimal.h"

#define MEASURES "Kinds are: nps, csat, ces, mean."

typedef struct Measure
{
	const char *name;
	int			low;
	int			high;
	int			top;
} Measure;

/* By SurveyMeasure, with what they are if nothing else is said. */
static const Measure measures[] = {{"nps", 0, 10, 0}, {"csat", 1, 5, 2}, {"ces", 1, 7, 0}, {"mean", 0, 0, 0}};

#define NMEASURES ((int) (sizeof(measures) / sizeof(measures[0])))

const char *
survey_measure_name(SurveyMeasure measure)
{
	return measures[measure].name;
}

/* One end of a scale, in millionths. */
static bool
parse_end(const char *text, size_t length, int64_t *end)
{
	int64_t		number;
	uint8_t		decimals;

	if (decimal_parse(text, length, &number, &decimals) != NULL || decimals > SURVEY_DECIMALS)
		return false;
	for (int d = decimals; d < SURVEY_DECIMALS; d++)
		if (__builtin_mul_overflow(number, 10, &number))
			return false;
	*end = number;
	return number >= -SURVEY_SCORE_MAX && number <= SURVEY_SCORE_MAX;
}

/* LOW..HIGH, one word. */
static bool
parse_scale(Phrase *phrase, SurveyKind *kind, bool *given)
{
	const Token *word = &phrase->token;
	size_t		dots = 0;

	if (!phrase_option(phrase, given, word->start))
		return false;
	while (dots + 1 < word->length && memcmp(word->bytes + dots, "..", 2) != 0)
		dots++;
	if (word->prefix || dots + 2 > word->length || !parse_end(word->bytes, dots, &kind->low) ||
		!parse_end(word->bytes + dots + 2, word->length - dots - 2, &kind->high))
		return phrase_not_expected(phrase, "expected a scale, \"top\" or the end", "Write a scale like 1..5.");
	if (kind->low >= kind->high)
		return phrase_fail(phrase, word->start, "the scale ends before it begins", "Write the lowest score first: 1..5.");
	if (kind->whole && (kind->low % SURVEY_UNIT != 0 || kind->high % SURVEY_UNIT != 0))
		return phrase_fail(phrase, word->start, "the scale is not of whole numbers", "Only \"mean\" takes scores with decimals.");
	if (kind->whole && (kind->high - kind->low > SURVEY_STEPS_MAX * SURVEY_UNIT ||
						kind->low < -SURVEY_WHOLE_MAX * SURVEY_UNIT || kind->high > SURVEY_WHOLE_MAX * SURVEY_UNIT))
		return phrase_fail(phrase, word->start, "the scale has more than 101 scores, or is beyond 1000000",
						   "\"mean\" takes longer ones.");
	if (kind->measure == SURVEY_NPS && (kind->low != 0 || kind->high != 10 * SURVEY_UNIT))
		return phrase_fail(phrase, word->start, "the scale of nps is 0..10", "Leave it out.");
	kind->bounded = true;
	phrase_advance(phrase);
	return true;
}

static bool
parse_top(Phrase *phrase, SurveyKind *kind, bool *given)
{
	int64_t		top;

	if (kind->measure != SURVEY_CSAT && kind->measure != SURVEY_CES)
		return phrase_fail(phrase, phrase->token.start, "only csat and ces are shares of the top scores", NULL);
	if (!phrase_option(phrase, given, phrase->token.start))
		return false;
	phrase_advance(phrase);
	if (!phrase_number(phrase, 1, SURVEY_STEPS_MAX, "expected how many of the top scores count, from 1 on", &top))
		return false;
	kind->top = (int) top;
	return true;
}

bool
survey_kind_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, SurveyKind *kind, LanguageError *error)
{
	Phrase		phrase;
	bool		has_scale = false;
	bool		has_top = false;
	size_t		top_place = 0;
	int			measure = 0;

	memset(kind, 0, sizeof(*kind));
	if (!phrase_begin(&phrase, "survey kind", text, length, utf8, zone_known, error))
		return false;
	while (measure < NMEASURES && !token_is(&phrase.token, measures[measure].name))
		measure++;
	if (measure == NMEASURES)
		return phrase_not_expected(&phrase, "expected a kind of survey", MEASURES);
	kind->measure = (SurveyMeasure) measure;
	kind->whole = kind->bounded = kind->measure != SURVEY_MEAN;
	kind->low = measures[measure].low * SURVEY_UNIT;
	kind->high = measures[measure].high * SURVEY_UNIT;
	kind->top = measures[measure].top;
	phrase_advance(&phrase);
	while (phrase.token.kind != TOKEN_END)
	{
		if (phrase.token.kind == TOKEN_COMMA)
			phrase_advance(&phrase);
		if (token_is(&phrase.token, "top"))
		{
			top_place = phrase.token.start;
			if (!parse_top(&phrase, kind, &has_top))
				return false;
		}
		else if (phrase.token.kind == TOKEN_WORD)
		{
			if (!parse_scale(&phrase, kind, &has_scale))
				return false;
		}
		else
			return phrase_not_expected(&phrase, "expected a scale, \"top\" or the end", "Write for example \"csat 1..5 top 2\".");
	}
	if (kind->top > (kind->high - kind->low) / SURVEY_UNIT)
		return phrase_fail(&phrase, top_place, "all scores of the scale would be top scores", NULL);
	return true;
}

static void
put_score(Text *text, int64_t score)
{
	char		digits[DECIMAL_TEXT_MAX];

	decimal_print(digits, score, SURVEY_DECIMALS);
	text_put(text, digits);
}

char *
survey_kind_print(const SurveyKind *kind, bool utf8, size_t *length)
{
	static const char *const keywords[] = {"top", NULL};
	Text		text;

	text_begin(&text, utf8, keywords, NULL);
	text_put(&text, measures[kind->measure].name);
	if (kind->bounded && kind->measure != SURVEY_NPS)
	{
		text_put(&text, " ");
		put_score(&text, kind->low);
		text_put(&text, "..");
		put_score(&text, kind->high);
	}
	if (kind->top > 0)
	{
		text_put(&text, " top ");
		text_put_number(&text, kind->top);
	}
	*length = text.length;
	return text.bytes;
}
