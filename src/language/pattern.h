/*
 * pattern.h: the pattern language, a small language for sequences of events.
 *
 *     view -> cart|basket -[<= 1 hour, no refund]-> purchase within 7 days by week in Asia/Seoul
 *
 * A pattern text is parsed into a Pattern; a Pattern prints as the canonical text, which parses to the
 * same Pattern again. The canonical text is also what is stored (kpi.pattern), so this parser is the
 * only reader of pattern bytes there is. Grammar and meaning: docs/pattern.md.
 */
#ifndef KPI_PATTERN_H
#define KPI_PATTERN_H

#include "host.h"

#define PATTERN_MAX_STEPS		63
#define PATTERN_MAX_LABELS		1000	/* labels in one pattern, all steps and exclusions together */
#define PATTERN_MAX_LABEL_BYTES 1024
#define PATTERN_MAX_TEXT_BYTES	65536
#define PATTERN_MAX_OPTIONAL	8		/* optional steps in one pattern */

/* A label as it is compared with an event: its bytes, or the bytes that the event begins with. */
typedef struct Label
{
	const char *bytes;			/* not terminated; UTF-8 or the database's encoding */
	uint32_t	length;			/* > 0 */
	bool		prefix;			/* a trailing '*' stood behind it */
} Label;

/* Alternatives: labels[first .. first + count) of the pattern. */
typedef struct LabelSet
{
	uint32_t	first;
	uint32_t	count;			/* 0: none */
} LabelSet;

/* How a step follows the one before it. */
typedef struct Arrow
{
	bool		next;			/* '=>': the very next event of the actor */
	bool		has_max;
	bool		has_min;
	int64_t		max_span;		/* '<= d', microseconds, inclusive */
	int64_t		min_span;		/* '>= d', microseconds, inclusive */
	LabelSet	no;				/* 'no a|b': events that end the attempt */
} Arrow;

typedef struct Step
{
	LabelSet	labels;			/* empty exactly when `any` */
	bool		any;			/* '*': every event */
	bool		optional;		/* '?' */
	Arrow		arrow;			/* the arrow that leads to this step; unused for the first */
} Step;

typedef enum Grain
{
	GRAIN_NONE = 0,
	GRAIN_HOUR,
	GRAIN_DAY,
	GRAIN_WEEK,					/* from Monday, as ISO 8601 */
	GRAIN_MONTH,
	GRAIN_QUARTER,
	GRAIN_YEAR
} Grain;

typedef struct Pattern
{
	int			nsteps;			/* 1 .. PATTERN_MAX_STEPS */
	Step	   *steps;
	uint32_t	nlabels;
	Label	   *labels;
	bool		has_within;
	int64_t		within;			/* microseconds, inclusive */
	bool		strictly_increasing;
	bool		any_order;
	bool		first_entry;
	bool		reuse_rows;
	bool		open;
	Grain		grain;
	char	   *zone;			/* terminated; "UTC" where none was given; NULL without a grain */
} Pattern;

/* What is wrong with a text and where: filled by the parsers of all the little languages. */
typedef struct LanguageError
{
	bool		limit;			/* a limit is passed (program_limit_exceeded), else a syntax error */
	size_t		offset;			/* byte offset of the place in the text */
	char		message[200];	/* e.g. `expected a label`; house style */
	char		hint[200];		/* what to type instead; empty when there is nothing to say */
} LanguageError;

/* Says whether the server knows a time zone of this name; NULL where names are not checked. */
typedef bool (*ZoneCheck) (const char *zone);

/*
 * Parses `length` bytes (no terminator needed, NUL bytes are refused). Everything in *pattern is
 * allocated from the current arena. False, with *error filled, when the text is not a pattern; never
 * fails otherwise. `utf8` says that the bytes are UTF-8 (then letters are told from punctuation of any
 * script, and ill-formed bytes are refused); else every byte above 0x7f is a letter.
 */
extern bool pattern_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known,
						  Pattern *pattern, LanguageError *error);

/*
 * Checks the rules that hold between the parts of a pattern (options that contradict each other and so
 * on), as pattern_parse does itself. False with *error filled (offset 0).
 */
extern bool pattern_check(const Pattern *pattern, LanguageError *error);

/* The canonical text, terminated, in the current arena; *length without the terminator. */
extern char *pattern_print(const Pattern *pattern, bool utf8, size_t *length);

/* What a report calls step `step` (0-based): its labels joined by '|', unquoted; '*' for any event. */
extern char *pattern_step_name(const Pattern *pattern, int step);

/* "hour" .. "year"; and back (GRAIN_NONE when unknown; ignores case). */
extern const char *grain_name(Grain grain);
extern Grain grain_from_name(const char *name, size_t length);

#endif							/* KPI_PATTERN_H */
