/*
 * phrase.c: see phrase.h.
 */
#include "language/phrase.h"

#include <stdio.h>
#include <string.h>

/* ---- reading ---- */

/* Up to the first token. */
static bool
begin(Phrase *phrase, const char *language, const char *text, size_t length, bool utf8, ZoneCheck zone_known,
	  LanguageError *error)
{
	char		message[80];

	memset(phrase, 0, sizeof(*phrase));
	phrase->language = language;
	phrase->lexer.length = length;
	phrase->lexer.utf8 = utf8;
	phrase->zone_known = zone_known;
	phrase->error = error;
	if (length > PATTERN_MAX_TEXT_BYTES)
	{
		snprintf(message, sizeof(message), "a %s has at most %d bytes", language, PATTERN_MAX_TEXT_BYTES);
		language_error(error, 0, message, NULL);
		error->limit = true;
		return false;
	}
	phrase->lexer.text = memcpy(host_alloc(NULL, length + 1), text, length);
	phrase->label_capacity = 8;
	phrase->labels = host_alloc(NULL, phrase->label_capacity * sizeof(Label));
	return true;
}

bool
phrase_begin(Phrase *phrase, const char *language, const char *text, size_t length, bool utf8,
			 ZoneCheck zone_known, LanguageError *error)
{
	if (!begin(phrase, language, text, length, utf8, zone_known, error))
		return false;
	phrase_advance(phrase);
	return true;
}

bool
phrase_begin_arithmetic(Phrase *phrase, const char *language, const char *text, size_t length, bool utf8,
						LanguageError *error)
{
	if (!begin(phrase, language, text, length, utf8, NULL, error))
		return false;
	phrase->lexer.arithmetic = true;
	phrase_advance(phrase);
	return true;
}

void
phrase_advance(Phrase *phrase)
{
	phrase->token = lexer_next(&phrase->lexer);
}

bool
phrase_fail(Phrase *phrase, size_t place, const char *message, const char *hint)
{
	return language_error(phrase->error, place, message, hint);
}

bool
phrase_expected(Phrase *phrase, const char *what, const char *hint)
{
	if (phrase->token.kind == TOKEN_BAD)
		return phrase_fail(phrase, phrase->token.start, phrase->token.complaint, phrase->token.advice);
	return phrase_fail(phrase, phrase->token.start, what, hint);
}

bool
phrase_limit(Phrase *phrase, const char *message, const char *hint)
{
	phrase_fail(phrase, phrase->token.start, message, hint);
	phrase->error->limit = true;
	return false;
}

/* What should have been written by somebody who wrote "weekly", or "week" alone; NULL for other words. */
static const char *
meant_period(const Token *word)
{
	static const char *const meant[][3] = {
		{"hour", "hourly", "Write \"by hour\"."}, {"day", "daily", "Write \"by day\"."}, {"week", "weekly", "Write \"by week\"."},
		{"month", "monthly", "Write \"by month\"."}, {"quarter", "quarterly", "Write \"by quarter\"."}, {"year", "yearly", "Write \"by year\"."},
	};

	for (size_t i = 0; i < sizeof(meant) / sizeof(meant[0]); i++)
		if (token_is(word, meant[i][0]) || token_is(word, meant[i][1]))
			return meant[i][2];
	return NULL;
}

bool
phrase_not_expected(Phrase *phrase, const char *what, const char *hint)
{
	const Token *word = &phrase->token;
	const char *period = meant_period(word);
	char		message[120];

	if (period != NULL)
		hint = period;
	if ((word->kind != TOKEN_WORD && word->kind != TOKEN_QUOTED) || word->length > LANGUAGE_NAMED_BYTES)
		return phrase_expected(phrase, what, hint);
	snprintf(message, sizeof(message), "%s, not \"%.*s\"", what, (int) word->length, word->bytes);
	return phrase_fail(phrase, word->start, message, hint);
}

bool
phrase_take_word(Phrase *phrase, const char *word, const char *hint)
{
	char		message[60];

	if (token_is(&phrase->token, word))
	{
		phrase_advance(phrase);
		return true;
	}
	snprintf(message, sizeof(message), "expected \"%s\"", word);
	return phrase_expected(phrase, message, hint);
}

bool
phrase_option(Phrase *phrase, bool *option, size_t place)
{
	if (*option)
		return phrase_fail(phrase, place, "this option is given twice", NULL);
	*option = true;
	return true;
}

/* One label into a set that ends at the end of the labels; doubles are dropped. */
static bool
take_label(Phrase *phrase, LabelSet *set)
{
	Label		label;
	char		message[80];

	if (phrase->token.kind != TOKEN_WORD && phrase->token.kind != TOKEN_QUOTED)
		return phrase_expected(phrase, "expected a label", NULL);
	if (phrase->token.length > PATTERN_MAX_LABEL_BYTES)
		return phrase_limit(phrase, "the label is longer than 1024 bytes", NULL);
	if (phrase->labels_read++ == PATTERN_MAX_LABELS)
	{
		snprintf(message, sizeof(message), "a %s has at most 1000 labels", phrase->language);
		return phrase_limit(phrase, message, "A prefix such as checkout* may stand for many of them.");
	}
	label.bytes = phrase->token.bytes;
	label.length = (uint32_t) phrase->token.length;
	label.prefix = phrase->token.prefix;
	for (uint32_t i = set->first; i < set->first + set->count; i++)
	{
		const Label *other = &phrase->labels[i];

		if (other->length == label.length && other->prefix == label.prefix &&
			memcmp(other->bytes, label.bytes, label.length) == 0)
		{
			phrase_advance(phrase);
			return true;
		}
	}
	if (phrase->nlabels == phrase->label_capacity)
	{
		phrase->label_capacity *= 2;
		phrase->labels = host_realloc(phrase->labels, phrase->label_capacity * sizeof(Label));
	}
	phrase->labels[phrase->nlabels++] = label;
	set->count++;
	phrase_advance(phrase);
	return true;
}

bool
phrase_labels(Phrase *phrase, LabelSet *set)
{
	set->first = phrase->nlabels;
	set->count = 0;
	for (;;)
	{
		if (!take_label(phrase, set))
			return false;
		if (phrase->token.kind != TOKEN_BAR)
			return true;
		phrase_advance(phrase);
	}
}

bool
phrase_labels_or_any(Phrase *phrase, LabelSet *set, bool *any)
{
	if (phrase->token.kind != TOKEN_STAR)
		return phrase_labels(phrase, set);
	*any = true;
	phrase_advance(phrase);
	return true;
}

bool
phrase_duration(Phrase *phrase, int64_t *span)
{
	if (!duration_parse(&phrase->lexer, span, phrase->error))
		return false;
	phrase_advance(phrase);
	return true;
}

bool
phrase_number(Phrase *phrase, int64_t least, int64_t most, const char *message, int64_t *number)
{
	const Token *token = &phrase->token;
	int64_t		value = 0;

	if (token->kind != TOKEN_WORD || token->prefix || token->length > 18)
		return phrase_expected(phrase, message, NULL);
	for (size_t i = 0; i < token->length; i++)
	{
		if (token->bytes[i] < '0' || token->bytes[i] > '9')
			return phrase_expected(phrase, message, NULL);
		value = value * 10 + (token->bytes[i] - '0');
	}
	if (value < least || value > most)
		return phrase_expected(phrase, message, NULL);
	*number = value;
	phrase_advance(phrase);
	return true;
}

bool
phrase_zone(Phrase *phrase, char **zone)
{
	Token		token = phrase->token;
	char	   *name;

	if ((token.kind != TOKEN_WORD && token.kind != TOKEN_QUOTED) || token.prefix)
		return phrase_expected(phrase, "expected a time zone", "Name a zone such as UTC or Asia/Seoul.");
	name = host_alloc(NULL, token.length + 1);
	memcpy(name, token.bytes, token.length);
	name[token.length] = '\0';
	if (token.length > 255 || (phrase->zone_known != NULL && !phrase->zone_known(name)))
		return phrase_fail(phrase, token.start, "this time zone is not known",
						   "See pg_timezone_names for the names that the server knows.");
	*zone = name;
	phrase_advance(phrase);
	return true;
}

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

bool
phrase_grain(Phrase *phrase, Grain *grain)
{
	*grain = GRAIN_NONE;
	if (phrase->token.kind == TOKEN_WORD && !phrase->token.prefix)
		*grain = grain_from_name(phrase->token.bytes, phrase->token.length);
	if (*grain == GRAIN_NONE)
		return phrase_expected(phrase, "expected a period",
							   "Periods are hour, day, week, month, quarter and year.");
	phrase_advance(phrase);
	return true;
}

static const char *const weekday_names[] = {
	"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"
};

static bool
take_week_start(Phrase *phrase, PeriodClause *clause)
{
	if (!phrase_take_word(phrase, "starts", "Write for example \"week starts sunday\"."))
		return false;
	for (int day = 0; day < 7; day++)
	{
		if (token_is(&phrase->token, weekday_names[day]))
		{
			clause->week_start = day;
			phrase_advance(phrase);
			return true;
		}
	}
	return phrase_expected(phrase, "expected a day of the week", "Days are sunday, monday, ... saturday.");
}

bool
phrase_period(Phrase *phrase, PeriodClause *clause, bool with_by, bool *taken)
{
	size_t		place = phrase->token.start;

	*taken = true;
	if (with_by && token_is(&phrase->token, "by"))
	{
		if (clause->grain != GRAIN_NONE)
			return phrase_fail(phrase, place, "this option is given twice", NULL);
		phrase_advance(phrase);
		return phrase_grain(phrase, &clause->grain);
	}
	if (token_is(&phrase->token, "in"))
	{
		if (clause->zone != NULL)
			return phrase_fail(phrase, place, "this option is given twice", NULL);
		clause->zone_place = place;
		phrase_advance(phrase);
		return phrase_zone(phrase, &clause->zone);
	}
	if (token_is(&phrase->token, "week"))
	{
		clause->week_place = place;
		if (!phrase_option(phrase, &clause->has_week_start, place))
			return false;
		phrase_advance(phrase);
		return take_week_start(phrase, clause);
	}
	*taken = false;
	return true;
}

bool
phrase_period_done(Phrase *phrase, PeriodClause *clause)
{
	if (clause->grain == GRAIN_NONE && clause->zone != NULL)
		return phrase_fail(phrase, clause->zone_place, "a time zone needs a period", "Write for example \"by day in UTC\".");
	if (clause->has_week_start && clause->grain != GRAIN_WEEK)
		return phrase_fail(phrase, clause->week_place, "only weeks start on a day of the week", "Write \"by week\".");
	if (clause->zone == NULL)
	{
		clause->zone = host_alloc(NULL, 4);
		memcpy(clause->zone, "UTC", 4);
	}
	if (!clause->has_week_start)
		clause->week_start = 1;
	return true;
}

bool
phrase_begins_option(const Phrase *phrase, const char *const *words)
{
	Lexer		ahead = phrase->lexer;
	Token		next;

	for (; *words != NULL; words++)
	{
		if (!token_is(&phrase->token, *words))
			continue;
		next = lexer_next(&ahead);
		return !token_is_arrow(next.kind) && next.kind != TOKEN_BAR && next.kind != TOKEN_QUESTION &&
			next.kind != TOKEN_END;
	}
	return false;
}

bool
token_is_arrow(TokenKind kind)
{
	return kind == TOKEN_ARROW || kind == TOKEN_NEXT_ARROW || kind == TOKEN_OPEN_ARROW;
}

/* ---- writing ---- */

void
text_begin(Text *text, bool utf8, const char *const *keywords, const Label *labels)
{
	text->capacity = 64;
	text->bytes = host_alloc(NULL, text->capacity);
	text->length = 0;
	text->bytes[0] = '\0';
	text->utf8 = utf8;
	text->keywords = keywords;
	text->labels = labels;
}

void
text_put_bytes(Text *text, const char *bytes, size_t length)
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

void
text_put(Text *text, const char *string)
{
	text_put_bytes(text, string, strlen(string));
}

void
text_put_number(Text *text, int64_t number)
{
	char		digits[24];

	text_put_bytes(text, digits, (size_t) snprintf(digits, sizeof(digits), "%lld", (long long) number));
}

/* Whether a label reads back as itself without quotes, wherever it stands. */
static bool
is_bare(const Text *text, const char *bytes, size_t length)
{
	Token		token = {.kind = TOKEN_WORD, .bytes = bytes, .length = length};
	size_t		at = 0;

	/* What is written behind a label may begin with '>' or '['; a '-' at its end must not meet it. */
	if (bytes[length - 1] == '-')
		return false;
	while (at < length)
	{
		size_t		size = lexer_word_char(bytes, length, at, text->utf8);

		if (size == 0)
			return false;
		at += size;
	}
	for (const char *const *keyword = text->keywords; *keyword != NULL; keyword++)
		if (token_is(&token, *keyword))
			return false;
	return true;
}

/* Whether a name reads back as itself in arithmetic. */
static bool
is_bare_name(const Text *text, const char *bytes, size_t length)
{
	size_t		size;

	for (size_t at = 0; at < length; at += size)
		if ((size = lexer_name_char(bytes, length, at, text->utf8, at == 0)) == 0)
			return false;
	return true;
}

static void
put_quoted(Text *text, const char *bytes, size_t length)
{
	text_put(text, "\"");
	for (size_t i = 0; i < length; i++)
	{
		if (bytes[i] == '"')
			text_put(text, "\"");
		text_put_bytes(text, &bytes[i], 1);
	}
	text_put(text, "\"");
}

void
text_put_label(Text *text, const char *bytes, size_t length)
{
	if (is_bare(text, bytes, length))
		text_put_bytes(text, bytes, length);
	else
		put_quoted(text, bytes, length);
}

void
text_put_arithmetic_name(Text *text, const char *bytes, size_t length)
{
	if (is_bare_name(text, bytes, length))
		text_put_bytes(text, bytes, length);
	else
		put_quoted(text, bytes, length);
}

static void
put_set(Text *text, LabelSet set, bool quoted)
{
	for (uint32_t i = 0; i < set.count; i++)
	{
		const Label *label = &text->labels[set.first + i];

		if (i > 0)
			text_put(text, "|");
		if (quoted)
			text_put_label(text, label->bytes, label->length);
		else
			text_put_bytes(text, label->bytes, label->length);
		if (label->prefix)
			text_put(text, "*");
	}
}

void
text_put_labels(Text *text, LabelSet set)
{
	put_set(text, set, true);
}

void
text_put_names(Text *text, LabelSet set)
{
	put_set(text, set, false);
}

void
text_put_duration(Text *text, int64_t span)
{
	char		duration[DURATION_TEXT];

	text_put_bytes(text, duration, duration_print(span, duration));
}

void
text_put_zone(Text *text, const PeriodClause *clause)
{
	text_put(text, " in ");
	text_put_label(text, clause->zone, strlen(clause->zone));
	if (clause->week_start != 1)
	{
		text_put(text, " week starts ");
		text_put(text, weekday_names[clause->week_start]);
	}
}
