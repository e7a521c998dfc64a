/*
 * histogram_test.c: buckets, quantiles against sorted values, merging, and the wire format.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/histogram.h"
#include "random.h"

/* Spans of all magnitudes. */
static int64_t
random_span(void)
{
	return (int64_t) (random_bits() >> (1 + random_bits() % 62));
}

static void
test_buckets(void)
{
	bool		contiguous = true;
	bool		inside = true;
	bool		close = true;

	for (uint32_t bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++)
	{
		int64_t		low = histogram_low(bucket);
		int64_t		high = bucket + 1 < HISTOGRAM_BUCKETS ? histogram_low(bucket + 1) - 1 : INT64_MAX;
		int64_t		value = histogram_value(bucket);

		contiguous &= histogram_bucket(low) == bucket && histogram_bucket(high) == bucket;
		inside &= value >= low && value <= high;
		close &= low == high || (high - low) <= low / 128;
	}
	CHECK(contiguous, "every value has one bucket, in order, up to INT64_MAX");
	CHECK(inside, "what stands for a bucket lies in it");
	CHECK(close, "values of a bucket differ by less than 1/128");
	CHECK(histogram_value(histogram_bucket(INT64_C(59000000))) == 59000000 &&
		  histogram_value(histogram_bucket(INT64_C(86400000000))) == INT64_C(86400000000),
		  "round values stand for their buckets");
}

static int
compare_spans(const void *a, const void *b)
{
	int64_t		x = *(const int64_t *) a;
	int64_t		y = *(const int64_t *) b;

	return (x > y) - (x < y);
}

static void
test_quantiles(void)
{
	static const double fractions[] = {0.01, 0.25, 0.5, 0.9, 0.99, 1};
	bool		quantiles = true;
	bool		means = true;
	bool		merges = true;
	bool		survives = true;

	for (int round = 0; round < 2000; round++)
	{
		int			count = 1 + (int) (random_bits() % 200);
		int64_t		values[200];
		Histogram	whole = {0};
		Histogram	parts[3] = {{0}};
		Histogram	again;
		WireWriter	bytes;
		WireWriter	bytes_again;
		WireReader	reader;
		__int128	sum = 0;

		for (int i = 0; i < count; i++)
		{
			values[i] = random_span();
			sum += values[i];
			histogram_add(&whole, values[i], 1);
			histogram_add(&parts[random_bits() % 3], values[i], 1);
		}
		qsort(values, count, sizeof(int64_t), compare_spans);
		for (size_t f = 0; f < sizeof(fractions) / sizeof(fractions[0]); f++)
		{
			int			rank = 1;

			/* percentile_disc: the first value whose share of the rows is at least the fraction */
			while ((double) rank < fractions[f] * count)
				rank++;
			quantiles &= histogram_bucket(histogram_quantile(&whole, fractions[f])) ==
				histogram_bucket(values[rank - 1]);
		}
		means &= histogram_mean(&whole) == (int64_t) ((sum + count / 2) / count);

		histogram_merge(&parts[2], &parts[0]);
		histogram_merge(&parts[2], &parts[1]);
		wire_writer_init(&bytes, 0);
		histogram_write(&bytes, &whole);
		wire_writer_init(&bytes_again, 0);
		histogram_write(&bytes_again, &parts[2]);
		merges &= bytes.length == bytes_again.length &&
			memcmp(bytes.bytes, bytes_again.bytes, bytes.length) == 0;

		wire_reader_init(&reader, bytes.bytes, bytes.length);
		histogram_read(&reader, &again);
		survives &= wire_read_done(&reader) && again.total == whole.total && again.sum == whole.sum;
		FORGET();
	}
	CHECK(quantiles, "quantiles are in the bucket of percentile_disc");
	CHECK(means, "means are exact");
	CHECK(merges, "parts merge to the bytes of the whole");
	CHECK(survives, "what is written can be read");
}

static void
test_hostile(void)
{
	bool		truncated = true;
	long		accepted = 0;
	long		different = 0;

	for (int round = 0; round < 20000; round++)
	{
		Histogram	histogram = {0};
		WireWriter	bytes;
		WireWriter	again;
		WireReader	reader;

		for (uint64_t i = random_bits() % 6; i > 0; i--)
			histogram_add(&histogram, random_span(), 1 + random_bits() % 3);
		wire_writer_init(&bytes, 0);
		histogram_write(&bytes, &histogram);
		if (round % 2 == 0)
		{
			size_t		length = random_bits() % bytes.length;

			wire_reader_init(&reader, bytes.bytes, length);
			histogram_read(&reader, &histogram);
			truncated &= !wire_read_done(&reader);
		}
		else
		{
			bytes.bytes[random_bits() % bytes.length] ^= (uint8_t) (1 << random_bits() % 8);
			wire_reader_init(&reader, bytes.bytes, bytes.length);
			histogram_read(&reader, &histogram);
			if (wire_read_done(&reader))
			{
				/* then it is a histogram in the one form that it has */
				accepted++;
				wire_writer_init(&again, 0);
				histogram_write(&again, &histogram);
				different += again.length != bytes.length ||
					memcmp(again.bytes, bytes.bytes, bytes.length) != 0;
			}
		}
		FORGET();
	}
	CHECK(truncated, "a histogram cut short is refused");
	CHECK(accepted > 0 && different == 0, "a damaged histogram is refused or another valid one");
}

int
main(void)
{
	test_buckets();
	test_quantiles();
	test_hostile();
	return DONE();
}
