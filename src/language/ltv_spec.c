/*
 * ltv_spec.c: see ltv_spec.h.
 */
#include "language/ltv_spec.h"

#include <string.h>

#include "engine/date.h"

typedef struct Parser
{
	Phrase		phrase;
	LtvSpec    *spec;
	size_t		by_place;
	size_t		holdout_place;
	bool		has_unit;
} Parser;

/* Words that a label must not look like. */
static const char *const keywords[] = {
	"by", "in", "week", "starts", "unit", "of", "until", "holdout", "from", NULL
};

/* A date, behind the word at hand that announces it. */
static bool
parse_day(Parser *parser, size_t place, int64_t *day)
{
	Phrase	   *phrase = &parser->phrase;

	if (*day != LTV_NO_DAY)
		return phrase_fail(phrase, place, "this option is given twice", NULL);
	phrase_advance(phrase);
	if ((phrase->token.kind != TOKEN_WORD && phrase->token.kind != TOKEN_QUOTED) || phrase->token.prefix ||
		!date_parse(phrase->token.bytes, phrase->token.length, day))
		return phrase_not_expected(phrase, "expected a date", "Write it like 2026-01-31.");
	phrase_advance(phrase);
	return true;
}

static bool
parse_unit(Parser *parser, size_t place)
{
	Phrase	   *phrase = &parser->phrase;

	if (!phrase_option(phrase, &parser->has_unit, place))
		return false;
	phrase_advance(phrase);
	if (token_is(&phrase->token, "day"))
		parser->spec->unit = LTV_DAY;
	else if (token_is(&phrase->token, "week"))
		parser->spec->unit = LTV_WEEK;
	else
		return phrase_expected(phrase, "expected a unit of time", "Units are: day, week.");
	phrase_advance(phrase);
	return true;
}

static bool
parse_clause(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	LtvSpec    *spec = parser->spec;
	Token		word = phrase->token;
	bool		taken;

	if (token_is(&word, "by"))
		parser->by_place = word.start;
	if (!phrase_period(phrase, &spec->periods, true, &taken))
		return false;
	if (taken)
		return true;
	if (token_is(&word, "unit"))
		return parse_unit(parser, word.start);
	if (token_is(&word, "until"))
		return parse_day(parser, word.start, &spec->until);
	if (token_is(&word, "holdout"))
	{
		phrase_advance(phrase);
		parser->holdout_place = word.start;
		if (!token_is(&phrase->token, "from"))
			return phrase_expected(phrase, "expected \"from\"", "Write for example \"holdout from 2026-01-31\".");
		return parse_day(parser, word.start, &spec->holdout);
	}
	if (token_is(&word, "of"))
	{
		if (!phrase_option(phrase, &spec->named, word.start))
			return false;
		phrase_advance(phrase);
		return phrase_labels_or_any(phrase, &spec->of, &spec->of_any);
	}
	return phrase_not_expected(phrase, "expected a clause",
							   "Clauses are: by, in, week starts, unit, of, until, holdout from.");
}

bool
ltv_spec_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, LtvSpec *spec, LanguageError *error)
{
	Parser		parser = {.spec = spec};
	Phrase	   *phrase = &parser.phrase;

	memset(spec, 0, sizeof(*spec));
	spec->until = spec->holdout = LTV_NO_DAY;
	if (!phrase_begin(phrase, "ltv spec", text, length, utf8, zone_known, error))
		return false;
	while (phrase->token.kind != TOKEN_END)
	{
		if (!parse_clause(&parser))
			return false;
		if (phrase->token.kind == TOKEN_COMMA)
			phrase_advance(phrase);
	}
	if (spec->periods.grain == GRAIN_NONE)
		spec->periods.grain = GRAIN_MONTH;
	if (spec->periods.grain == GRAIN_HOUR || spec->periods.grain == GRAIN_DAY)
		return phrase_fail(phrase, parser.by_place, "cohorts of customers are not by hour or day",
						   "Periods are: week, month, quarter, year.");
	if (spec->holdout != LTV_NO_DAY && spec->until != LTV_NO_DAY && spec->holdout > spec->until)
		return phrase_fail(phrase, parser.holdout_place, "the holdout begins after the last day that counts",
						   "\"until\" is the end of the holdout.");
	spec->labels = phrase->labels;
	spec->nlabels = phrase->nlabels;
	return phrase_period_done(phrase, &spec->periods);
}

static void
put_day(Text *text, const char *clause, int64_t day)
{
	char		date[DATE_TEXT_MAX];

	if (day == LTV_NO_DAY)
		return;
	date_print(date, day);
	text_put(text, clause);
	text_put(text, date);
}

char *
ltv_spec_print(const LtvSpec *spec, bool utf8, size_t *length)
{
	Text		text;

	text_begin(&text, utf8, keywords, spec->labels);
	text_put(&text, "by ");
	text_put(&text, grain_name(spec->periods.grain));
	text_put_zone(&text, &spec->periods);
	text_put(&text, spec->unit == LTV_WEEK ? ", unit week" : ", unit day");
	if (spec->named)
	{
		text_put(&text, ", of ");
		if (spec->of_any)
			text_put(&text, "*");
		else
			text_put_labels(&text, spec->of);
	}
	put_day(&text, ", until ", spec->until);
	put_day(&text, ", holdout from ", spec->holdout);
	*length = text.length;
	return text.bytes;
}
