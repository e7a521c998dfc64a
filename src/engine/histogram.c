/*
 * histogram.c: see histogram.h.
 */
#include "engine/histogram.h"

#include <string.h>

#define SUB_BITS 7				/* 128 buckets to a power of two */
#define EXACT (2 << SUB_BITS)	/* values below have a bucket of their own */

uint32_t
histogram_bucket(int64_t value)
{
	int			power;

	if (value < EXACT)
		return value < 0 ? 0 : (uint32_t) value;
	power = 63 - __builtin_clzll((uint64_t) value);
	return EXACT + (uint32_t) (power - SUB_BITS - 1) * (1 << SUB_BITS) +
		(uint32_t) ((value >> (power - SUB_BITS)) & ((1 << SUB_BITS) - 1));
}

/* How many values share a bucket. */
static int64_t
bucket_width(uint32_t bucket)
{
	return bucket < EXACT ? 1 : INT64_C(1) << ((bucket - EXACT) / (1 << SUB_BITS) + 1);
}

int64_t
histogram_low(uint32_t bucket)
{
	if (bucket < EXACT)
		return bucket;
	return ((1 << SUB_BITS) | ((bucket - EXACT) & ((1 << SUB_BITS) - 1))) * bucket_width(bucket);
}

int64_t
histogram_value(uint32_t bucket)
{
	static const int64_t steps[] = {
		INT64_C(86400000000), INT64_C(3600000000), 600000000, 60000000, 10000000, 1000000, 100000,
		10000, 1000, 100, 10, 1
	};
	int64_t		low = histogram_low(bucket);
	int64_t		high = low + (bucket_width(bucket) - 1);
	int64_t		middle = low + (high - low) / 2;

	/* A day, hour, ... that lies in the bucket, the nearest to its middle. */
	for (int i = 0;; i++)
	{
		int64_t		below = middle - middle % steps[i];

		if (below >= low && (middle - below <= steps[i] / 2 || below > high - steps[i]))
			return below;
		if (below <= high - steps[i])
			return below + steps[i];
	}
}

void
histogram_add_bucket(Histogram *histogram, uint32_t bucket, uint64_t count)
{
	if (histogram->size == 0 || bucket < histogram->first ||
		bucket >= histogram->first + histogram->size)
	{
		uint32_t	first = histogram->size == 0 || bucket < histogram->first ? bucket : histogram->first;
		uint32_t	end = histogram->size == 0 ? bucket + 1 : histogram->first + histogram->size;
		uint64_t   *counts;

		if (bucket >= end)
			end = bucket + 1;
		/* Some room on both sides, so that growing is rare. */
		if (histogram->size > 0)
		{
			first = first < 32 ? 0 : first - 32;
			end = end + 32 > HISTOGRAM_BUCKETS ? HISTOGRAM_BUCKETS : end + 32;
		}
		counts = host_alloc0(NULL, (end - first) * sizeof(uint64_t));
		if (histogram->size > 0)
			memcpy(counts + (histogram->first - first), histogram->counts,
				   histogram->size * sizeof(uint64_t));
		host_free(histogram->counts);
		histogram->counts = counts;
		histogram->first = first;
		histogram->size = end - first;
	}
	histogram->counts[bucket - histogram->first] += count;
	histogram->total += count;
}

void
histogram_add(Histogram *histogram, int64_t value, uint64_t count)
{
	histogram_add_bucket(histogram, histogram_bucket(value), count);
	histogram->sum += (__int128) value * count;
}

void
histogram_merge(Histogram *into, const Histogram *from)
{
	for (uint32_t i = 0; i < from->size; i++)
		if (from->counts[i] != 0)
			histogram_add_bucket(into, from->first + i, from->counts[i]);
	into->sum += from->sum;
}

int64_t
histogram_quantile(const Histogram *histogram, double q)
{
	/* The rank is computed as percentile_disc does: the first row with rank / total >= q. */
	double		exact = q * (double) histogram->total;
	uint64_t	rank = (uint64_t) exact;
	uint64_t	seen = 0;
	uint32_t	i;

	if ((double) rank < exact)
		rank++;
	if (rank == 0)
		rank = 1;
	for (i = 0; i < histogram->size - 1; i++)
	{
		seen += histogram->counts[i];
		if (seen >= rank)
			break;
	}
	return histogram_value(histogram->first + i);
}

int64_t
histogram_mean(const Histogram *histogram)
{
	return (int64_t) ((histogram->sum + histogram->total / 2) / histogram->total);
}

/* Layout: number of buckets in use, then for each the distance from the one before and its count; the sum. */
void
histogram_write(WireWriter *writer, const Histogram *histogram)
{
	uint32_t	used = 0;
	uint32_t	before = 0;

	for (uint32_t i = 0; i < histogram->size; i++)
		used += histogram->counts[i] != 0;
	wire_write_uint(writer, used);
	for (uint32_t i = 0; i < histogram->size; i++)
	{
		if (histogram->counts[i] == 0)
			continue;
		wire_write_uint(writer, histogram->first + i - before);
		wire_write_uint(writer, histogram->counts[i]);
		before = histogram->first + i;
	}
	if (used > 0)
	{
		wire_write_uint(writer, (uint64_t) (histogram->sum >> 64));
		wire_write_uint(writer, (uint64_t) histogram->sum);
	}
}

void
histogram_read(WireReader *reader, Histogram *histogram)
{
	size_t		used = wire_read_count(reader, 2);
	uint64_t	bucket = 0;
	unsigned __int128 lowest = 0;
	unsigned __int128 highest = 0;

	memset(histogram, 0, sizeof(*histogram));
	for (size_t i = 0; i < used && reader->failure == NULL; i++)
	{
		uint64_t	step = wire_read_uint_max(reader, HISTOGRAM_BUCKETS - 1, "bucket out of range");
		uint64_t	count = wire_read_uint_max(reader, INT64_MAX, "count out of range");

		bucket += step;
		if (bucket >= HISTOGRAM_BUCKETS || (i > 0 && step == 0) || count == 0 ||
			histogram->total + count > INT64_MAX)
		{
			wire_read_fail(reader, "histogram out of order or out of range");
			return;
		}
		histogram_add_bucket(histogram, (uint32_t) bucket, count);
		/* the sum must lie between what the buckets allow */
		lowest += (unsigned __int128) count * (uint64_t) histogram_low((uint32_t) bucket);
		highest += (unsigned __int128) count *
			((uint64_t) histogram_low((uint32_t) bucket) + (uint64_t) bucket_width((uint32_t) bucket) - 1);
	}
	if (used > 0 && reader->failure == NULL)
	{
		uint64_t	high = wire_read_uint(reader);
		uint64_t	low = wire_read_uint(reader);
		unsigned __int128 sum = ((unsigned __int128) high << 64) | low;

		if (sum < lowest || sum > highest)
			wire_read_fail(reader, "sum that does not fit the histogram");
		histogram->sum = (__int128) sum;
	}
}
