/*
 * sparse_histogram.h: a Histogram of few different values in little memory: only the buckets in use.
 *
 * For summaries that keep a histogram for each of thousands of periods: a Histogram takes some 8 bytes for every bucket
 * between its smallest and its largest value, used or not. Stored in the format of a Histogram.
 */
#ifndef KPI_SPARSE_HISTOGRAM_H
#define KPI_SPARSE_HISTOGRAM_H

#include "engine/histogram.h"

typedef struct SparseBucket
{
	uint64_t	count;
	uint32_t	bucket;
} SparseBucket;

/* Zeros: an empty one. */
typedef struct SparseHistogram
{
	SparseBucket *buckets;		/* ascending */
	uint32_t	used;
	uint32_t	size;			/* there is room for so many */
	uint64_t	total;
	HostInt128	sum;			/* of the values, exact */
} SparseHistogram;

/* Adds a value; memory comes from the current arena. */
extern void sparse_histogram_add(SparseHistogram *histogram, int64_t value);
extern void sparse_histogram_merge(SparseHistogram *into, const SparseHistogram *from);

/* The same histogram, in the current arena; give back what counts points to. */
extern Histogram sparse_histogram_expand(const SparseHistogram *histogram);
extern SparseHistogram sparse_histogram_of(const Histogram *histogram);

extern void sparse_histogram_write(WireWriter *writer, const SparseHistogram *histogram);
extern void sparse_histogram_read(WireReader *reader, SparseHistogram *histogram);

#endif							/* KPI_SPARSE_HISTOGRAM_H */
