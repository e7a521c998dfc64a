/*
 * wire_test.c: the primitives that all stored values are made of, against bytes that are written down here: the same on every
 * machine, whatever the order of its bytes and the size of its words.
 */
#include "check.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "engine/amount.h"
#include "engine/exact_sum.h"
#include "engine/histogram.h"
#include "engine/wire.h"

static WireWriter writer;

/* Whether what was written is these bytes, in hexadecimal digits; begins anew. */
static bool
wrote(const char *hex)
{
	size_t		length = strlen(hex) / 2;
	bool		good = writer.length == length;

	for (size_t i = 0; good && i < length; i++)
	{
		unsigned	byte;

		sscanf(hex + 2 * i, "%2x", &byte);
		good = writer.bytes[i] == byte;
	}
	if (!good)
	{
		printf("# wanted %s, wrote ", hex);
		for (size_t i = 0; i < writer.length; i++)
			printf("%02x", writer.bytes[i]);
		printf("\n");
	}
	return good;
}

static WireReader
reader_of_written(void)
{
	WireReader	reader;

	wire_reader_init(&reader, writer.bytes, writer.length);
	return reader;
}

static void
check_numbers(void)
{
	static const struct
	{
		uint64_t	number;
		const char *hex;
	}			unsigned_numbers[] = {
		{0, "00"}, {1, "01"}, {127, "7f"}, {128, "8001"}, {300, "ac02"}, {16383, "ff7f"}, {16384, "808001"},
		{UINT32_MAX, "ffffffff0f"}, {UINT64_C(1) << 32, "8080808010"}, {INT64_MAX, "ffffffffffffffff7f"},
		{UINT64_C(1) << 63, "80808080808080808001"}, {UINT64_MAX, "ffffffffffffffffff01"},
	};
	static const struct
	{
		int64_t		number;
		const char *hex;
	}			signed_numbers[] = {
		{0, "00"}, {-1, "01"}, {1, "02"}, {-2, "03"}, {63, "7e"}, {-64, "7f"}, {64, "8001"}, {INT32_MIN, "ffffffff0f"},
		{INT64_MAX, "feffffffffffffffff01"}, {INT64_MIN, "ffffffffffffffffff01"},
	};
	static const struct
	{
		double		number;
		const char *hex;
	}			doubles[] = {
		{0, "0000000000000000"}, {1, "3ff0000000000000"}, {-2.5, "c004000000000000"}, {0.1, "3fb999999999999a"},
		{DBL_MAX, "7fefffffffffffff"}, {DBL_MIN, "0010000000000000"}, {5e-324, "0000000000000001"},
		{-INFINITY, "fff0000000000000"},
	};

	for (size_t i = 0; i < sizeof(unsigned_numbers) / sizeof(unsigned_numbers[0]); i++)
	{
		WireReader	reader;

		wire_writer_init(&writer, 0);
		wire_write_uint(&writer, unsigned_numbers[i].number);
		reader = reader_of_written();
		CHECK(wrote(unsigned_numbers[i].hex) && wire_read_uint(&reader) == unsigned_numbers[i].number && wire_read_done(&reader),
			  "%llu is %s", (unsigned long long) unsigned_numbers[i].number, unsigned_numbers[i].hex);
	}
	for (size_t i = 0; i < sizeof(signed_numbers) / sizeof(signed_numbers[0]); i++)
	{
		WireReader	reader;

		wire_writer_init(&writer, 0);
		wire_write_int(&writer, signed_numbers[i].number);
		reader = reader_of_written();
		CHECK(wrote(signed_numbers[i].hex) && wire_read_int(&reader) == signed_numbers[i].number && wire_read_done(&reader),
			  "%lld is %s", (long long) signed_numbers[i].number, signed_numbers[i].hex);
	}
	for (size_t i = 0; i < sizeof(doubles) / sizeof(doubles[0]); i++)
	{
		WireReader	reader;

		wire_writer_init(&writer, 0);
		wire_write_double(&writer, doubles[i].number);
		reader = reader_of_written();
		CHECK(wrote(doubles[i].hex) && wire_read_double(&reader) == doubles[i].number && wire_read_done(&reader),
			  "%g is %s", doubles[i].number, doubles[i].hex);
	}
	wire_writer_init(&writer, 0);
	wire_write_double(&writer, -0.0);
	CHECK(wrote("0000000000000000"), "there is no negative zero");
}

/* Numbers that are no varints are lowest byte first, at any address. */
static void
check_words(void)
{
	uint8_t		bytes[17];
	bool		good = true;

	for (int at = 0; at < 8; at++)
	{
		memset(bytes, 0xee, sizeof(bytes));
		wire_put_word(bytes + at, UINT64_C(0x0102030405060708));
		good = good && memcmp(bytes + at, "\x08\x07\x06\x05\x04\x03\x02\x01\xee", 9) == 0 && (at == 0 || bytes[at - 1] == 0xee) &&
			wire_get_word(bytes + at) == UINT64_C(0x0102030405060708);
	}
	CHECK(good, "words are lowest byte first, at any address");
}

/* A count beyond what a size_t holds is beyond the end, too. */
static void
check_counts(void)
{
	WireReader	reader;

	wire_writer_init(&writer, 0);
	wire_write_uint(&writer, UINT64_C(0x100000001));
	wire_write_byte(&writer, 1);
	reader = reader_of_written();
	CHECK(wire_read_count(&reader, 1) == 0 && reader.failure != NULL, "2^32 + 1 things are not one");
	wire_writer_init(&writer, 0);
	wire_write_uint(&writer, UINT64_MAX);
	wire_write_byte(&writer, 1);
	reader = reader_of_written();
	CHECK(wire_read_count(&reader, 16) == 0 && reader.failure != NULL, "nor are 2^64 - 1");
}

/* Sums of more than 64 bits: halves, and digits. */
static void
check_sums(void)
{
	Histogram	histogram = {0};
	AmountSum	amount = {0};
	ExactSum	sum = {0};
	int16_t		digits[3] = {31, 5000, 1};
	ExactNumber number = {.digits = digits, .size = 3, .low = -2, .negative = true};

	histogram_add(&histogram, 60000000, 1);
	wire_writer_init(&writer, 0);
	histogram_write(&writer, &histogram);
	CHECK(wrote("01e4130100808ece1c"), "a minute in a histogram");
	memset(&histogram, 0, sizeof(histogram));
	histogram_add(&histogram, INT64_MAX, 3);
	wire_writer_init(&writer, 0);
	histogram_write(&writer, &histogram);
	CHECK(wrote("01ff380301fdffffffffffffff7f"), "three times for ever: the high half first");

	amount_sum_add_number(&amount, -25, 1);
	wire_writer_init(&writer, 0);
	amount_sum_write(&writer, &amount);
	CHECK(wrote("031900"), "-2.5");
	memset(&amount, 0, sizeof(amount));
	amount_sum_add_number(&amount, INT64_MAX, 0);
	amount_sum_add_number(&amount, INT64_MAX, 0);
	amount_sum_add_number(&amount, 7, 0);
	wire_writer_init(&writer, 0);
	amount_sum_write(&writer, &amount);
	CHECK(wrote("000501"), "2^64 + 5: the low half first");

	exact_sum_add(&sum, &number, false);
	wire_writer_init(&writer, 0);
	exact_sum_write(&writer, &sum);
	CHECK(wrote("07031f882701"), "-31.50000001: size and sign, place, digits");
}

int
main(void)
{
	check_numbers();
	check_words();
	check_counts();
	check_sums();
	return DONE();
}
