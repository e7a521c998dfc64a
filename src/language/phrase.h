/*
 * phrase.h: what the parsers of all the little languages share: a token at hand, errors with their place, labels,
 * numbers, durations, periods and time zones. And what the printers share: a text that grows, labels quoted if need be.
 */
#ifndef KPI_PHRASE_H
#define KPI_PHRASE_H

#include "language/duration.h"
#include "language/lexer.h"
#include "language/pattern.h"

/* Being read. */
typedef struct Phrase
{
	const char *language;		/* "pattern": what errors call it */
	Lexer		lexer;
	Token		token;			/* the one at hand, not yet taken */
	ZoneCheck	zone_known;
	LanguageError *error;
	Label	   *labels;			/* all that were read; LabelSets point into it */
	uint32_t	nlabels;
	uint32_t	label_capacity;
	uint32_t	labels_read;	/* doubles count: looking for them takes time for each */
} Phrase;

/*
 * Begins to read a copy of the text, so that what is read outlives it, and takes the first token. False with *error
 * filled if the text is too long.
 */
extern bool phrase_begin(Phrase *phrase, const char *language, const char *text, size_t length, bool utf8,
						 ZoneCheck zone_known, LanguageError *error);

/* The same for a language of arithmetic: its signs, numbers and names. */
extern bool phrase_begin_arithmetic(Phrase *phrase, const char *language, const char *text, size_t length, bool utf8,
									LanguageError *error);

/* Takes the token at hand. */
extern void phrase_advance(Phrase *phrase);

/* Fill in the error; false. At a place; at the token at hand, which may have a complaint of its own; a passed limit. */
extern bool phrase_fail(Phrase *phrase, size_t place, const char *message, const char *hint);
extern bool phrase_expected(Phrase *phrase, const char *what, const char *hint);
extern bool phrase_limit(Phrase *phrase, const char *message, const char *hint);

/* `what`, and the word at hand if it is short: "expected an option, not "foo"". */
extern bool phrase_not_expected(Phrase *phrase, const char *what, const char *hint);

/* Takes the word, or fails. */
extern bool phrase_take_word(Phrase *phrase, const char *word, const char *hint);

/* Notes that an option at `place` is given; fails if it was before. */
extern bool phrase_option(Phrase *phrase, bool *option, size_t place);

/* Labels joined by '|'; doubles are dropped. */
extern bool phrase_labels(Phrase *phrase, LabelSet *set);

/* The same, or '*', which leaves the set empty and sets *any. */
extern bool phrase_labels_or_any(Phrase *phrase, LabelSet *set, bool *any);

/* A duration; the lexer stands behind the token that announces it. */
extern bool phrase_duration(Phrase *phrase, int64_t *span);

/* A whole number from `least` to `most`; `message` if it is not. */
extern bool phrase_number(Phrase *phrase, int64_t least, int64_t most, const char *message, int64_t *number);

/* A time zone, terminated. */
extern bool phrase_zone(Phrase *phrase, char **zone);

/* A period. */
extern bool phrase_grain(Phrase *phrase, Grain *grain);

/* Calendar periods: `by week`, `in Asia/Seoul`, `week starts sunday`: clauses that may stand apart. */
typedef struct PeriodClause
{
	Grain		grain;			/* GRAIN_NONE: no `by` */
	char	   *zone;			/* terminated; NULL: no `in` */
	bool		has_week_start;
	int			week_start;		/* 0: Sunday .. 6; Monday where none is given */
	size_t		zone_place;		/* in the text */
	size_t		week_place;
} PeriodClause;

/*
 * Takes the clause at hand if it is one of these; *taken says whether. False with *error filled if it is, and wrong.
 * `by` is only taken if `with_by`.
 */
extern bool phrase_period(Phrase *phrase, PeriodClause *clause, bool with_by, bool *taken);

/* Whether the clauses go together, at the end: fills in the zone, UTC where none is given. */
extern bool phrase_period_done(Phrase *phrase, PeriodClause *clause);

/*
 * Whether the word at hand, where a label may stand as well, begins an option: one of `words` (which end with NULL), and
 * not followed by what could only follow a label.
 */
extern bool phrase_begins_option(const Phrase *phrase, const char *const *words);

/* Whether the token is an arrow: '->', '=>' or '-['. */
extern bool token_is_arrow(TokenKind kind);

/* ---- writing ---- */

/* Being written; always terminated. */
typedef struct Text
{
	char	   *bytes;
	size_t		length;
	size_t		capacity;
	bool		utf8;
	const char *const *keywords;	/* words that a label must not look like; ends with NULL */
	const Label *labels;		/* what LabelSets point into */
} Text;

extern void text_begin(Text *text, bool utf8, const char *const *keywords, const Label *labels);
extern void text_put(Text *text, const char *string);
extern void text_put_bytes(Text *text, const char *bytes, size_t length);
extern void text_put_number(Text *text, int64_t number);

/* A label or another name, in quotes if it would not be read as what it is. */
extern void text_put_label(Text *text, const char *bytes, size_t length);

/* The same for a name in arithmetic. */
extern void text_put_arithmetic_name(Text *text, const char *bytes, size_t length);

/* The labels of a set, joined by '|'. */
extern void text_put_labels(Text *text, LabelSet set);

/* The same for people: nothing in quotes. */
extern void text_put_names(Text *text, LabelSet set);

extern void text_put_duration(Text *text, int64_t span);

/* " in UTC" and " week starts sunday" (if it is not Monday). */
extern void text_put_zone(Text *text, const PeriodClause *clause);

#endif							/* KPI_PHRASE_H */
