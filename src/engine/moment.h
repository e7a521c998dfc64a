/*
 * moment.h: arithmetic on points in time.
 *
 * A moment is a timestamptz as the server keeps it: microseconds since 2000-01-01 00:00 UTC, with
 * the two ends of int64 standing for -infinity and infinity. A span is a distance in microseconds,
 * never negative here; SPAN_FOREVER is longer than any finite one.
 */
#ifndef KPI_MOMENT_H
#define KPI_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#define MOMENT_MIN	  INT64_MIN		/* -infinity */
#define MOMENT_MAX	  INT64_MAX		/* infinity */
#define SPAN_FOREVER  INT64_MAX

/* The range of finite timestamptz: from 4714-11-24 BC, and before 294277-01-01. */
#define MOMENT_FIRST  INT64_C(-211813488000000000)
#define MOMENT_BEHIND INT64_C(9223371331200000000)

/* Whether the server knows such a time. */
static inline bool
moment_is_valid(int64_t at)
{
	return (at >= MOMENT_FIRST && at < MOMENT_BEHIND) || at == MOMENT_MIN || at == MOMENT_MAX;
}

/* The span from `earlier` to `later` (earlier <= later); saturates, and is endless towards an infinity. */
static inline int64_t
moment_span(int64_t earlier, int64_t later)
{
	uint64_t	span;

	if (earlier == later)
		return 0;
	if (earlier == MOMENT_MIN || later == MOMENT_MAX)
		return SPAN_FOREVER;
	span = (uint64_t) later - (uint64_t) earlier;
	return span > (uint64_t) SPAN_FOREVER ? SPAN_FOREVER : (int64_t) span;
}

#endif							/* KPI_MOMENT_H */
