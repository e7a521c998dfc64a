/*
 * histogram.h: a mergeable histogram of spans (microseconds, >= 0) for quantiles.
 *
 * Buckets are exact below 256 and from there 128 to every power of two, so two values of one bucket
 * differ by less than 1/128 (0.8 %), and any of them may stand for the others: the roundest one does. All
 * arithmetic is on integers: the same values give the same histogram everywhere, in any order and by any
 * way of merging.
 */
#ifndef KPI_HISTOGRAM_H
#define KPI_HISTOGRAM_H

#include "engine/wire.h"

#define HISTOGRAM_BUCKETS 7296	/* enough for all of 0 .. INT64_MAX */

typedef struct Histogram
{
	uint64_t   *counts;			/* buckets first .. first + size */
	uint32_t	first;
	uint32_t	size;
	uint64_t	total;
	HostInt128	sum;			/* of the values, exact */
} Histogram;

/* The bucket of a value; the smallest value of a bucket, and the one that stands for all of it. */
extern uint32_t histogram_bucket(int64_t value);
extern int64_t histogram_low(uint32_t bucket);
extern int64_t histogram_value(uint32_t bucket);

/* Adds `count` times a value; memory comes from the current arena. A zeroed Histogram is an empty one. */
extern void histogram_add(Histogram *histogram, int64_t value, uint64_t count);

/* Adds `count` to a bucket without touching the sum (for readers of stored histograms). */
extern void histogram_add_bucket(Histogram *histogram, uint32_t bucket, uint64_t count);

extern void histogram_merge(Histogram *into, const Histogram *from);

/* The smallest value of which at least the fraction q (0 < q <= 1) of all are no larger; total > 0. */
extern int64_t histogram_quantile(const Histogram *histogram, double q);

/* The sum over the count, rounded to the nearest microsecond; total > 0. */
extern int64_t histogram_mean(const Histogram *histogram);

extern void histogram_write(WireWriter *writer, const Histogram *histogram);
extern void histogram_read(WireReader *reader, Histogram *histogram);

#endif							/* KPI_HISTOGRAM_H */
