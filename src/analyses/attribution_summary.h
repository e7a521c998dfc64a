/*
 * attribution_summary.h: what kpi.attribution remembers of its actors: what channels did for conversions. Plain C; the SQL
 * side is attribution.c.
 *
 * A path is the touches that a conversion has in its lookback, in order; or those of an actor that no conversion followed.
 * Of each period of conversions there are sums by channel, which the rule-based models are read from, the transitions from
 * touch to touch, which a Markov chain of order 1 is made of, and the different paths with their counts.
 *
 * All but the paths is exact, whatever comes. When there are more than ATTRIBUTION_MAX_PATHS different ones, all that are
 * longer than the level has it keep but their latest touches, behind an ATTRIBUTION_OTHER. The level is the least one at which
 * there are few enough; so it, and everything, depends only on what was added, not on the order or on how it was merged.
 */
#ifndef KPI_ATTRIBUTION_SUMMARY_H
#define KPI_ATTRIBUTION_SUMMARY_H

#include "engine/amount.h"
#include "engine/count_table.h"
#include "engine/label_book.h"
#include "language/attribution_spec.h"

#define ATTRIBUTION_MAX_CHANNELS	1000
#define ATTRIBUTION_MAX_PATHS		20000	/* different ones, of all periods together */
#define ATTRIBUTION_MAX_CREDITS		131072	/* channels of all periods together */
#define ATTRIBUTION_MAX_TRANSITIONS 786432	/* different ones, of all periods together */
#define ATTRIBUTION_LEVELS			11

/* Stands at the head of a path for what is not known of it any more. */
#define ATTRIBUTION_OTHER UINT16_MAX

/* Parts of a conversion: all of 1 .. ATTRIBUTION_MAX_TOUCHES divide it. */
#define ATTRIBUTION_UNIT INT64_C(5342931457063200)

/* Transitions: part 0 of their keys, part 1; channel n is n + 1 and n + 2. */
#define ATTRIBUTION_START		0
#define ATTRIBUTION_CONVERTED	0
#define ATTRIBUTION_LOST		1

/* What is summed up for each channel, over conversions with a touch. */
typedef enum CreditKind
{
	/* of whole conversions: whose .. */
	CREDIT_ONLY,				/* .. only touch was this channel */
	CREDIT_FIRST_OF_TWO,
	CREDIT_LAST_OF_TWO,
	CREDIT_FIRST_OF_MANY,		/* three or more */
	CREDIT_LAST_OF_MANY,
	CREDIT_LAST_NON_DIRECT,
	CREDIT_TOUCHED,				/* some touch */
	CREDIT_ASSISTED,			/* some touch other than the last */
	/* of parts, 1 / ATTRIBUTION_UNIT each */
	CREDIT_LINEAR,				/* every touch the same part */
	CREDIT_MIDDLE,				/* the same of three or more, without the first and the last touch */
	CREDIT_DECAY,				/* by the time before the conversion */
	CREDIT_EVEN,				/* every different channel the same part */
	CREDIT_KINDS
} CreditKind;

#define CREDIT_FIRST_PART CREDIT_LINEAR

typedef struct CreditSum
{
	AmountSum	conversions;	/* whole numbers */
	AmountSum	revenue;
} CreditSum;

typedef struct ChannelCredits
{
	CreditSum	sums[CREDIT_KINDS];
} ChannelCredits;

/* Conversions by a small number, ascending. */
typedef struct ConversionCount
{
	uint32_t	key;
	int64_t		count;			/* > 0 */
	AmountSum	revenue;
} ConversionCount;

typedef struct ConversionCounts
{
	uint32_t	used;
	uint32_t	size;
	ConversionCount *counts;
} ConversionCounts;

typedef struct AttributionPath
{
	size_t		first;			/* its channels: numbers[first .. first + length) of the period */
	uint32_t	length;			/* > 0 */
	int64_t		conversions;
	int64_t		lost;			/* paths without a conversion */
	AmountSum	revenue;
} AttributionPath;

typedef struct AttributionPeriod
{
	int64_t		number;			/* of the period, see period.h; 0 without `by` */
	int64_t		lost;			/* paths without a conversion */
	int64_t		cut;			/* conversions that had more touches than a path has */
	ConversionCounts lengths;	/* by touches, from 0 on */
	ConversionCounts lags;		/* by whole days from the first touch on; of those with a touch */
	uint32_t	ncredits;
	ChannelCredits **credits;	/* by channel; NULL: none */
	CountTable	transitions;	/* from, to */
	uint32_t	npaths;
	uint32_t	path_size;
	AttributionPath *paths;
	size_t		nnumbers;
	size_t		number_size;
	uint16_t   *numbers;		/* of channels: what the paths are made of */
	uint64_t   *path_table;		/* open addressing: hash and number + 1; made when first needed */
	uint32_t	path_mask;
} AttributionPeriod;

typedef struct AttributionSummary
{
	const char *text;			/* canonical spec; NULL: a summary of nothing, of no spec yet */
	size_t		length;
	AttributionSpec spec;
	int			level;
	LabelBook  *channels;		/* by their numbers */
	uint32_t	npaths;			/* of all periods */
	size_t		ncredits;
	size_t		ntransitions;
	size_t		nperiods;
	size_t		period_size;
	AttributionPeriod *periods; /* ascending */
	uint8_t    *places;			/* scratch, by channel: zeros in between */
} AttributionSummary;

/* A touch of a path. */
typedef struct AttributionTouch
{
	int64_t		at;				/* finite */
	uint16_t	channel;
	bool		direct;
} AttributionTouch;

extern const CountRule attribution_transitions_rule;

/* Makes an empty summary of a spec; text and spec must outlive it. */
extern void attribution_summary_init(AttributionSummary *summary, const char *text, size_t length,
									 const AttributionSpec *spec);

/* The number of a channel, which is added if it is new; HOST_LIMIT if there are too many. */
extern uint16_t attribution_summary_channel(AttributionSummary *summary, const char *bytes, size_t length);

/* The period with a number, made if need be; valid until the next call. */
extern AttributionPeriod *attribution_summary_period(AttributionSummary *summary, int64_t number);

/*
 * Adds conversions of one instant, which have one path: `ntouches` of at most the spec's, in order. `cut`: there were more.
 */
extern void attribution_summary_convert(AttributionSummary *summary, AttributionPeriod *period,
										const AttributionTouch *touches, uint32_t ntouches, bool cut, int64_t at,
										int64_t count, const AmountSum *revenue);

/* Adds a path without a conversion, of at least one touch. */
extern void attribution_summary_lose(AttributionSummary *summary, AttributionPeriod *period,
									 const AttributionTouch *touches, uint32_t ntouches);

/*
 * What part of a conversion each touch gets by time decay: `ntouches` > 0 parts that add up to ATTRIBUTION_UNIT. As doubles
 * round, so do they, down, to whole parts, and the latest touch gets what is left.
 */
extern void attribution_decay(const AttributionSpec *spec, const AttributionTouch *touches, uint32_t ntouches,
							  int64_t *parts);

extern void attribution_summary_merge(AttributionSummary *into, const AttributionSummary *from);

/* All conversions of a period, and those with a touch. */
extern void attribution_period_total(const AttributionPeriod *period, int64_t *conversions, AmountSum *revenue);
extern void attribution_period_touched(const AttributionPeriod *period, int64_t *conversions, AmountSum *revenue);

/* Adds to counts by a key. */
extern void conversion_counts_add(ConversionCounts *counts, uint32_t key, int64_t count, const AmountSum *revenue);

/* What is summed up for a channel, made if need be. */
extern ChannelCredits *attribution_period_credits(AttributionSummary *summary, AttributionPeriod *period,
												  uint16_t channel);

/* Adds to a transition: parts of a key. */
extern void attribution_period_transition(AttributionSummary *summary, AttributionPeriod *period, uint32_t from,
										  uint32_t to, int64_t count);

/* Adds to a path; the level may rise. */
extern void attribution_period_path(AttributionSummary *summary, AttributionPeriod *period, const uint16_t *channels,
									uint32_t length, int64_t conversions, int64_t lost, const AmountSum *revenue);

/* Touches that are kept of a path at a level. */
extern uint32_t attribution_level_touches(int level);

/* Makes the paths of a summary those of a higher level. */
extern void attribution_summary_raise(AttributionSummary *summary, int level);

/* The numbers of the channels in the order of their bytes, in the current arena. */
extern uint16_t *attribution_summary_order(const AttributionSummary *summary);

/* The stored form, behind the version byte; format: docs/on-disk-format.md. What is read has its channels in order. */
extern void attribution_summary_write(WireWriter *writer, const AttributionSummary *summary);

/* Reads hostile bytes; the reader's failure says what is wrong with them. `utf8` as in pattern_parse. */
extern void attribution_summary_read(WireReader *reader, bool utf8, AttributionSummary *summary);

/* Checks the invariants; what is violated, or NULL. */
extern const char *attribution_summary_check(const AttributionSummary *summary);

#endif							/* KPI_ATTRIBUTION_SUMMARY_H */
