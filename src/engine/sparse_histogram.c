/*
 * sparse_histogram.c: see sparse_histogram.h.
 */
#include "engine/sparse_histogram.h"

static void
add_bucket(SparseHistogram *histogram, uint32_t bucket, uint64_t count)
{
	uint32_t	low = 0;
	uint32_t	high = histogram->used;

	/* a session of one event lasts no time at all, and most do */
	if (high > 0 && histogram->buckets[0].bucket == bucket)
		high = 0;
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

/* The layout is histogram_write's. */
void
sparse_histogram_write(WireWriter *writer, const SparseHistogram *histogram)
{
	uint32_t	before = 0;

	wire_write_uint(writer, histogram->used);
	for (uint32_t i = 0; i < histogram->used; i++)
	{
		wire_write_uint(writer, histogram->buckets[i].bucket - before);
		wire_write_uint(writer, histogram->buckets[i].count);
		before = histogram->buckets[i].bucket;
	}
	if (histogram->used > 0)
	{
		wire_write_uint(writer, (uint64_t) (histogram->sum >> 64));
		wire_write_uint(writer, (uint64_t) histogram->sum);
	}
}

void
sparse_histogram_read(WireReader *reader, SparseHistogram *histogram)
{
	size_t		used = wire_read_count(reader, 2);
	unsigned __int128 lowest = 0;
	unsigned __int128 highest = 0;

	memset(histogram, 0, sizeof(*histogram));
	if (used > HISTOGRAM_BUCKETS)
		wire_read_fail(reader, "histogram out of order or out of range");
	if (used == 0 || reader->failure != NULL)
		return;
	histogram->size = (uint32_t) used;
	histogram->buckets = host_alloc(NULL, used * sizeof(SparseBucket));
	for (uint32_t i = 0; i < used; i++)
	{
		uint64_t	bucket = wire_read_uint_max(reader, HISTOGRAM_BUCKETS - 1, "bucket out of range");
		uint64_t	count = wire_read_uint_max(reader, INT64_MAX, "count out of range");
		uint64_t	high;

		if (i > 0 && bucket == 0)
			wire_read_fail(reader, "histogram out of order or out of range");
		bucket += i > 0 ? histogram->buckets[i - 1].bucket : 0;
		if (bucket >= HISTOGRAM_BUCKETS || count == 0 || histogram->total + count > INT64_MAX)
			wire_read_fail(reader, "histogram out of order or out of range");
		if (reader->failure != NULL)
			return;
		histogram->buckets[histogram->used++] = (SparseBucket) {count, (uint32_t) bucket};
		histogram->total += count;
		/* the sum must lie between what the buckets allow */
		high = bucket + 1 < HISTOGRAM_BUCKETS ? (uint64_t) histogram_low((uint32_t) bucket + 1) - 1 : INT64_MAX;
		lowest += (unsigned __int128) count * (uint64_t) histogram_low((uint32_t) bucket);
		highest += (unsigned __int128) count * high;
	}
	if (reader->failure == NULL)
	{
		uint64_t	high = wire_read_uint(reader);
		uint64_t	low = wire_read_uint(reader);
		unsigned __int128 sum = ((unsigned __int128) high << 64) | low;

		if (sum < lowest || sum > highest)
			wire_read_fail(reader, "sum that does not fit the histogram");
		histogram->sum = (HostInt128) sum;
	}
}
