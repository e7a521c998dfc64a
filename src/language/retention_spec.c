/*
 * retention_spec.c: see retention_spec.h.
 */
#include "language/retention_spec.h"

#include <stdio.h>
#include <string.h>

typedef struct Parser
{
	Phrase		phrase;
	RetentionSpec *spec;
	bool		steps_seen;
	bool		has_for;
	bool		has_cohort;
	bool		has_rule;
	bool		has_times;
	size_t		elapsed_place;
	size_t		cohort_place;
	size_t		brackets_place;
} Parser;

static const char *const keywords[] = {
	"by", "for", "in", "elapsed", "week", "starts", "first", "ever", "of", "match", "recurring", "on", "or", "after",
	"until", "every", "brackets", "at", "least", "times", NULL
};

static const char *const options[] = {
	"by", "for", "in", "elapsed", "week", "first", "recurring", "on", "until", "every", "brackets", "at", NULL
};

static const char *const option_list =
	"Options are: by, for, in, elapsed, week starts, first ever, first match, recurring, on, on or after, until, every, "
	"brackets, at least.";

/* ---- reading ---- */

static bool
parse_steps(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	RetentionSpec *spec = parser->spec;

	parser->steps_seen = true;
	if (!phrase_labels_or_any(phrase, &spec->start, &spec->start_any))
		return false;
	if (phrase->token.kind != TOKEN_ARROW)
		return phrase_expected(phrase, "expected \"->\" and the event of a return",
							   "Write for example \"signup -> login by week for 12\".");
	phrase_advance(phrase);
	if (!phrase_labels_or_any(phrase, &spec->back, &spec->back_any))
		return false;
	if (token_is_arrow(phrase->token.kind))
		return phrase_expected(phrase, "a retention has one start and one return", "A pattern of more steps is a funnel.");
	return true;
}

static bool
parse_brackets(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	RetentionSpec *spec = parser->spec;
	int32_t		before = 0;

	if (spec->brackets != NULL)
		return phrase_fail(phrase, phrase->token.start, "this option is given twice", NULL);
	parser->brackets_place = phrase->token.start;
	phrase_advance(phrase);
	spec->brackets = host_alloc(NULL, RETENTION_MAX_BRACKETS * sizeof(int32_t));
	for (;;)
	{
		size_t		place = phrase->token.start;
		int64_t		last;
		Lexer		ahead;
		Token		next;

		if (!phrase_number(phrase, 1, RETENTION_MAX_PERIODS, "expected the last period of a bracket, from 1 to 3660", &last))
			return false;
		if (last <= before)
			return phrase_fail(phrase, place, "brackets overlap",
							   "Name the last period of each in ascending order: \"brackets 1, 3, 7\" are 1, 2 to 3, 4 to 7.");
		if (spec->ncells == RETENTION_MAX_BRACKETS)
			return phrase_limit(phrase, "there are at most 100 brackets", NULL);
		spec->brackets[spec->ncells++] = before = (int32_t) last;
		/* a comma may also be the end of the clause */
		ahead = phrase->lexer;
		next = lexer_next(&ahead);
		if (phrase->token.kind != TOKEN_COMMA || next.kind != TOKEN_WORD || next.bytes[0] < '0' || next.bytes[0] > '9')
			return true;
		phrase_advance(phrase);
	}
}

static bool
set_cohort(Parser *parser, size_t place, CohortKind kind)
{
	parser->spec->cohort = kind;
	parser->cohort_place = place;
	return phrase_option(&parser->phrase, &parser->has_cohort, place);
}

static bool
set_rule(Parser *parser, size_t place, ReturnRule rule)
{
	parser->spec->rule = rule;
	return phrase_option(&parser->phrase, &parser->has_rule, place);
}

static bool
parse_first(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	RetentionSpec *spec = parser->spec;
	size_t		place = phrase->token.start;

	phrase_advance(phrase);
	if (token_is(&phrase->token, "match"))
	{
		phrase_advance(phrase);
		return set_cohort(parser, place, COHORT_FIRST_MATCH);
	}
	if (!phrase_take_word(phrase, "ever", "Cohorts are \"first ever\", \"first match\" and \"recurring\"."))
		return false;
	if (!set_cohort(parser, place, COHORT_FIRST_EVER))
		return false;
	if (!token_is(&phrase->token, "of"))
		return true;
	phrase_advance(phrase);
	spec->has_among = true;
	return phrase_labels_or_any(phrase, &spec->among, &spec->among_any);
}

static bool
parse_on(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	size_t		place = phrase->token.start;

	phrase_advance(phrase);
	if (!token_is(&phrase->token, "or"))
		return set_rule(parser, place, RETURN_ON);
	phrase_advance(phrase);
	return phrase_take_word(phrase, "after", "The rule is \"on or after\".") &&
		set_rule(parser, place, RETURN_ON_OR_AFTER);
}

static bool
parse_times(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;

	if (!phrase_option(phrase, &parser->has_times, phrase->token.start))
		return false;
	phrase_advance(phrase);
	if (!phrase_take_word(phrase, "least", "Write for example \"at least 3 times\".") ||
		!phrase_number(phrase, 1, RETENTION_MAX_TIMES, "expected a number from 1 to 1000000", &parser->spec->at_least))
		return false;
	if (token_is(&phrase->token, "time"))
		phrase_advance(phrase);
	else if (!phrase_take_word(phrase, "times", "Write for example \"at least 3 times\"."))
		return false;
	return true;
}

static bool
parse_option(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	RetentionSpec *spec = parser->spec;
	Token		word = phrase->token;
	int64_t		number;
	bool		taken;

	if (!phrase_period(phrase, &spec->periods, true, &taken))
		return false;
	if (taken)
		return true;
	if (token_is(&word, "for"))
	{
		if (!phrase_option(phrase, &parser->has_for, word.start))
			return false;
		phrase_advance(phrase);
		if (!phrase_number(phrase, 1, RETENTION_MAX_PERIODS, "expected a number of periods from 1 to 3660", &number))
			return false;
		if (spec->brackets == NULL)
			spec->ncells = (int) number;
		return true;
	}
	if (token_is(&word, "brackets"))
	{
		spec->ncells = 0;
		return parse_brackets(parser);
	}
	if (token_is(&word, "elapsed"))
	{
		parser->elapsed_place = word.start;
		phrase_advance(phrase);
		return phrase_option(phrase, &spec->elapsed, word.start);
	}
	if (token_is(&word, "first"))
		return parse_first(parser);
	if (token_is(&word, "on"))
		return parse_on(parser);
	if (token_is(&word, "at"))
		return parse_times(parser);
	if (token_is(&word, "recurring"))
	{
		phrase_advance(phrase);
		return set_cohort(parser, word.start, COHORT_RECURRING);
	}
	if (token_is(&word, "until"))
	{
		phrase_advance(phrase);
		return set_rule(parser, word.start, RETURN_UNTIL);
	}
	if (token_is(&word, "every"))
	{
		phrase_advance(phrase);
		return set_rule(parser, word.start, RETURN_EVERY);
	}
	return phrase_not_expected(phrase, "expected an option", option_list);
}

/* The rules that hold between the parts. */
static bool
check(Parser *parser)
{
	Phrase	   *phrase = &parser->phrase;
	RetentionSpec *spec = parser->spec;

	if (!parser->steps_seen)
		return phrase_expected(phrase, "expected a start and a return",
							   "Write for example \"signup -> login by week for 12\".");
	if (spec->periods.grain == GRAIN_NONE)
		return phrase_expected(phrase, "expected a period", "Add for example \"by week for 12\".");
	if (spec->ncells == 0)
		return phrase_expected(phrase, "expected how many periods to look at",
							   "Add for example \"for 12\", or \"brackets 1, 3, 7, 14, 30\".");
	if (parser->has_for && spec->brackets != NULL)
		return phrase_fail(phrase, parser->brackets_place, "brackets say themselves how many periods to look at",
						   "Leave out \"for\".");
	if (spec->elapsed && spec->periods.has_week_start)
		return phrase_fail(phrase, spec->periods.week_place, "elapsed periods begin with each actor's start, not on a day of the week",
						   "Leave out \"elapsed\" or \"week starts\".");
	if (spec->elapsed && spec->periods.grain > GRAIN_WEEK)
		return phrase_fail(phrase, parser->elapsed_place, "elapsed periods have a fixed length: hour, day or week",
						   "Leave out \"elapsed\", or count days: \"by day brackets 30, 60, 90\".");
	if (spec->elapsed && spec->cohort == COHORT_RECURRING)
		return phrase_fail(phrase, parser->cohort_place, "recurring cohorts need calendar periods", "Leave out \"elapsed\".");
	return phrase_period_done(phrase, &spec->periods);
}

bool
retention_spec_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, RetentionSpec *spec,
					 LanguageError *error)
{
	Parser		parser = {.spec = spec};
	Phrase	   *phrase = &parser.phrase;

	memset(spec, 0, sizeof(*spec));
	spec->at_least = 1;
	if (!phrase_begin(phrase, "retention spec", text, length, utf8, zone_known, error))
		return false;
	while (phrase->token.kind != TOKEN_END)
	{
		if (parser.steps_seen || phrase_begins_option(phrase, options) ?
			!parse_option(&parser) : !parse_steps(&parser))
			return false;
		if (phrase->token.kind == TOKEN_COMMA)
			phrase_advance(phrase);
	}
	spec->labels = phrase->labels;
	spec->nlabels = phrase->nlabels;
	return check(&parser);
}

int
retention_cell(const RetentionSpec *spec, int64_t period)
{
	int			low = 1;
	int			high = spec->ncells + 1;

	if (period > retention_last_period(spec, spec->ncells))
		return spec->ncells + 1;
	if (spec->brackets == NULL || period == 0)
		return (int) period;
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (spec->brackets[middle - 1] < period)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- writing ---- */

static void
put_events(Text *text, LabelSet set, bool any)
{
	if (any)
		text_put(text, "*");
	else
		text_put_labels(text, set);
}

char *
retention_spec_print(const RetentionSpec *spec, bool utf8, size_t *length)
{
	static const char *const rules[] = {
		[RETURN_ON] = "", [RETURN_ON_OR_AFTER] = " on or after", [RETURN_UNTIL] = " until", [RETURN_EVERY] = " every"
	};
	Text		text;

	text_begin(&text, utf8, keywords, spec->labels);
	put_events(&text, spec->start, spec->start_any);
	text_put(&text, " -> ");
	put_events(&text, spec->back, spec->back_any);
	text_put(&text, " by ");
	text_put(&text, grain_name(spec->periods.grain));
	if (spec->brackets == NULL)
	{
		text_put(&text, " for ");
		text_put_number(&text, spec->ncells);
	}
	for (int i = 0; spec->brackets != NULL && i < spec->ncells; i++)
	{
		text_put(&text, i == 0 ? " brackets " : ", ");
		text_put_number(&text, spec->brackets[i]);
	}
	text_put_zone(&text, &spec->periods);
	if (spec->elapsed)
		text_put(&text, " elapsed");
	if (spec->cohort == COHORT_FIRST_MATCH)
		text_put(&text, " first match");
	if (spec->cohort == COHORT_RECURRING)
		text_put(&text, " recurring");
	if (spec->has_among)
	{
		text_put(&text, " first ever of ");
		put_events(&text, spec->among, spec->among_any);
	}
	text_put(&text, rules[spec->rule]);
	if (spec->at_least > 1)
	{
		text_put(&text, " at least ");
		text_put_number(&text, spec->at_least);
		text_put(&text, " times");
	}
	*length = text.length;
	return text.bytes;
}
