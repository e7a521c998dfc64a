/*
 * sparse_histogram.c: see sparse_histogram.h.
 */
#include "engine/sparse_histogram.h"

static void
add_bucket(SparseHistogram *histogram, uint32_t bucket, uint64_t count)
{
	uint32_t	low = 0;
	uint32_t	high = histogram->used;

	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (histogram->buckets[middle].bucket < bucket)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == histogram->used || histogram->buckets[low].bucket != bucket)
	{
		if (histogram->used == histogram->size)
		{
			histogram->size = histogram->size == 0 ? 2 : histogram->size * 2;
			histogram->buckets = histogram->used == 0 ? host_alloc(NULL, histogram->size * sizeof(SparseBucket)) :
				host_realloc(histogram->buckets, histogram->size * sizeof(SparseBucket));
		}
		memmove(&histogram->buckets[low + 1], &histogram->buckets[low],
				(histogram->used - low) * sizeof(SparseBucket));
		histogram->buckets[low] = (SparseBucket) {0, bucket};
		histogram->used++;
	}
	histogram->buckets[low].count += count;
	histogram->total += count;
}

void
sparse_histogram_add(SparseHistogram *histogram, int64_t value)
{
	add_bucket(histogram, histogram_bucket(value), 1);
	histogram->sum += value;
}

void
sparse_histogram_merge(SparseHistogram *into, const SparseHistogram *from)
{
	if (into->total > INT64_MAX - from->total)
		host_fail(HOST_LIMIT, NULL, "a histogram has more than 63 bits of values");
	for (uint32_t i = 0; i < from->used; i++)
		add_bucket(into, from->buckets[i].bucket, from->buckets[i].count);
	into->sum += from->sum;
}

Histogram
sparse_histogram_expand(const SparseHistogram *histogram)
{
	Histogram	expanded = {0};

	/* both ends first: it grows once */
	if (histogram->used > 0)
		histogram_add_bucket(&expanded, histogram->buckets[histogram->used - 1].bucket, 0);
	for (uint32_t i = 0; i < histogram->used; i++)
		histogram_add_bucket(&expanded, histogram->buckets[i].bucket, histogram->buckets[i].count);
	expanded.sum = histogram->sum;
	return expanded;
}

SparseHistogram
sparse_histogram_of(const Histogram *histogram)
{
	SparseHistogram sparse = {0};

	for (uint32_t i = 0; i < histogram->size; i++)
		if (histogram->counts[i] != 0)
			add_bucket(&sparse, histogram->first + i, histogram->counts[i]);
	sparse.sum = histogram->sum;
	return sparse;
}

void
sparse_histogram_write(WireWriter *writer, const SparseHistogram *histogram)
{
	Histogram	expanded = sparse_histogram_expand(histogram);

	histogram_write(writer, &expanded);
	host_free(expanded.counts);
}

void
sparse_histogram_read(WireReader *reader, SparseHistogram *histogram)
{
	Histogram	expanded;

	histogram_read(reader, &expanded);
	*histogram = sparse_histogram_of(&expanded);
	host_free(expanded.counts);
}
