/*
 * attribution_spec.h: the language of kpi.attribution.
 *
 *     lookback 30 days half-life 7 days direct "(direct)" collapse repeats reset after conversion by month in Asia/Seoul
 *
 * Clauses in any order; the canonical text has all that have a default. Grammar and meaning: docs/attribution.md.
 */
#ifndef KPI_ATTRIBUTION_SPEC_H
#define KPI_ATTRIBUTION_SPEC_H

#include "language/phrase.h"

/* Touches of a path: 1 to as many have a least common multiple that leaves room for money in 128 bits. */
#define ATTRIBUTION_MAX_TOUCHES 40

#define ATTRIBUTION_MAX_DAYS 3660	/* of lookback */

typedef struct AttributionSpec
{
	uint32_t	nlabels;
	Label	   *labels;
	int64_t		lookback;		/* microseconds: a touch counts up to so long before a conversion */
	int64_t		half_life;		/* > 0: a touch so much earlier is worth half, with time decay */
	int			touches;		/* the latest ones, of a path: 1 .. ATTRIBUTION_MAX_TOUCHES */
	LabelSet	direct;			/* channels that last_non_direct passes over; not empty */
	bool		collapse;
	bool		reset;			/* a conversion ends the path */
	bool		conversions_touch;	/* a conversion's own channel is the last touch of its path */
	bool		named;			/* `of`: which events are conversions; else those with a value */
	LabelSet	of;
	PeriodClause periods;		/* GRAIN_NONE: all time is one period */
} AttributionSpec;

/* As pattern_parse and pattern_print. An empty text is a spec. */
extern bool attribution_spec_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known,
								   AttributionSpec *spec, LanguageError *error);
extern char *attribution_spec_print(const AttributionSpec *spec, bool utf8, size_t *length);

#endif							/* KPI_ATTRIBUTION_SPEC_H */
