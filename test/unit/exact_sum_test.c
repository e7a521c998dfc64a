/*
 * exact_sum_test.c: exact sums against 128-bit integers at a fixed number of decimals, and against themselves in another order.
 * KPI_SEED chooses others.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/exact_sum.h"
#include "random.h"

/* The tests' numbers have eight decimals at the most: places from -2 on. */
#define UNIT_DIGITS 2

typedef struct Number
{
	int16_t		digits[8];
	ExactNumber number;
	__int128	units;			/* of 10^-8 */
} Number;

/* A number of so many units of 10^-8. */
static void
set_number(Number *into, __int128 units)
{
	unsigned __int128 rest = units < 0 ? -(unsigned __int128) units : (unsigned __int128) units;
	int			low = -UNIT_DIGITS;
	int			count = 0;
	int16_t		reversed[8];

	into->units = units;
	for (; rest > 0 && rest % EXACT_BASE == 0; rest /= EXACT_BASE)
		low++;
	for (; rest > 0; rest /= EXACT_BASE)
		reversed[count++] = (int16_t) (rest % EXACT_BASE);
	for (int i = 0; i < count; i++)
		into->digits[i] = reversed[count - 1 - i];
	into->number = (ExactNumber) {into->digits, count, count == 0 ? 0 : low, units < 0};
}

/* Any size, many of them small or round. */
static __int128
random_units(void)
{
	__int128	units = (__int128) (random_bits() >> (random_bits() % 63 + 1));

	if (chance(30))
		units *= 100000000;
	return chance(40) ? -units : units;
}

static __int128
units_of(const ExactSum *sum, int low)
{
	ExactValue	value = exact_sum_value(sum);
	__int128	units = 0;

	for (int i = 0; i < value.size; i++)
		units = units * EXACT_BASE + value.digits[i];
	for (int place = value.size > 0 ? value.low : low; place > low; place--)
		units *= EXACT_BASE;
	return value.negative ? -units : units;
}

static bool
same_bytes(const ExactSum *a, const ExactSum *b)
{
	WireWriter	writers[2];

	wire_writer_init(&writers[0], 0);
	wire_writer_init(&writers[1], 0);
	exact_sum_write(&writers[0], a);
	exact_sum_write(&writers[1], b);
	return writers[0].length == writers[1].length && memcmp(writers[0].bytes, writers[1].bytes, writers[0].length) == 0;
}

static bool
read_again(const ExactSum *sum)
{
	WireWriter	writer;
	WireReader	reader;
	ExactSum	again;

	wire_writer_init(&writer, 0);
	exact_sum_write(&writer, sum);
	wire_reader_init(&reader, writer.bytes, writer.length);
	exact_sum_read(&reader, &again);
	return wire_read_done(&reader) && same_bytes(sum, &again);
}

/* Numbers added in two orders and in parts, some of them taken away again. */
static void
test_sums(void)
{
	long		wrong = 0;
	long		unread = 0;

	for (int run = 0; run < 20000; run++)
	{
		int			count = (int) (random_bits() % 12);
		Number		numbers[12];
		__int128	expected = 0;
		ExactSum	forward = {0};
		ExactSum	parts[2] = {{0}, {0}};

		for (int i = 0; i < count; i++)
		{
			set_number(&numbers[i], random_units());
			expected += numbers[i].units;
			exact_sum_add(&forward, &numbers[i].number, false);
		}
		for (int i = count - 1; i >= 0; i--)
		{
			int			part = (int) (random_bits() % 2);
			Number		other;

			set_number(&other, random_units());
			exact_sum_add(&parts[part], &other.number, false);
			exact_sum_add(&parts[part], &numbers[i].number, false);
			exact_sum_add(&parts[part], &other.number, true);
		}
		exact_sum_merge(&parts[0], &parts[1]);
		wrong += units_of(&forward, -UNIT_DIGITS) != expected || !same_bytes(&forward, &parts[0]);
		unread += !read_again(&forward);
		FORGET();
	}
	CHECK(wrong == 0, "sums in any order, in parts, with numbers taken away again (%ld wrong)", wrong);
	CHECK(unread == 0, "sums are read as what was written");
}

static void
test_products(void)
{
	long		wrong = 0;

	for (int run = 0; run < 20000; run++)
	{
		__int128	expected = 0;	/* of 10^-16 */
		ExactSum	sum = {0};
		ExactSum	backwards = {0};
		Number		a[6];
		Number		b[6];

		for (int i = 0; i < 6; i++)
		{
			set_number(&a[i], random_units() % ((__int128) 1 << 60));
			set_number(&b[i], random_units() % ((__int128) 1 << 60));
			expected += a[i].units * b[i].units;
			exact_sum_add_product(&sum, &a[i].number, &b[i].number, false);
		}
		for (int i = 5; i >= 0; i--)
		{
			exact_sum_add_product(&backwards, &a[i].number, &a[i].number, false);
			exact_sum_add_product(&backwards, &b[i].number, &a[i].number, false);
		}
		for (int i = 0; i < 6; i++)
			exact_sum_add_product(&backwards, &a[i].number, &a[i].number, true);
		wrong += units_of(&sum, -2 * UNIT_DIGITS) != expected || !same_bytes(&sum, &backwards);
		FORGET();
	}
	CHECK(wrong == 0, "sums of products (%ld wrong)", wrong);
}

static void
test_comparing(void)
{
	long		wrong = 0;

	for (int run = 0; run < 20000; run++)
	{
		Number		a;
		Number		b;

		set_number(&a, random_units());
		set_number(&b, chance(20) ? a.units : chance(30) ? a.units + 1 : chance(30) ? -a.units : random_units());
		wrong += exact_number_compare(&a.number, &b.number) != (a.units > b.units) - (a.units < b.units);
	}
	CHECK(wrong == 0, "numbers are compared");
}

/* Digits that have been added to so often that they are carried in between. */
static void
test_load(void)
{
	const __int128 times = (__int128) 1 << 20;
	Number		number;
	bool		good = true;

	for (int negative = 0; negative < 2; negative++)
	{
		ExactSum	sum = {0};
		ExactSum	merged = {0};

		set_number(&number, negative ? -INT64_C(999999999999) : INT64_C(999999999999));
		exact_sum_add(&sum, &number.number, false);
		/* doubles: digits grow, and so does what they may be */
		for (int i = 0; i < 20; i++)
		{
			exact_sum_merge(&sum, &sum);
			sum.load = sum.load * 2 + INT64_MAX / INT64_C(100000000) / 4;
			exact_sum_add(&sum, &number.number, false);
			exact_sum_add(&sum, &number.number, true);
		}
		exact_sum_merge(&merged, &sum);
		exact_sum_merge(&merged, &sum);
		good = good && units_of(&sum, -UNIT_DIGITS) == number.units * times && units_of(&merged, -UNIT_DIGITS) == number.units * times * 2;
	}
	FORGET();
	CHECK(good, "digits are carried before they overflow");
}

static void
test_printing(void)
{
	static const struct
	{
		int64_t		units;
		const char *text;
	}			cases[] = {
		{0, "0"}, {100000000, "1"}, {-100000000, "-1"}, {1, "0.00000001"}, {-10, "-0.0000001"}, {150000000, "1.5"}, {INT64_C(1000000000000), "10000"},
		{INT64_C(1234567890123456789), "12345678901.23456789"}, {INT64_C(-1000000000000000000), "-10000000000"}, {10000, "0.0001"}, {99990000, "0.9999"},
	};
	static const int16_t far[] = {12, 0, 3400};
	ExactNumber numbers[] = {{far, 3, 2, false}, {far, 3, -7, true}};
	bool		good = true;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Number		number;
		ExactSum	sum = {0};
		ExactValue	value;

		set_number(&number, cases[i].units);
		exact_sum_add(&sum, &number.number, false);
		value = exact_sum_value(&sum);
		good = good && strcmp(exact_value_print(&value), cases[i].text) == 0;
	}
	for (int i = 0; i < 2; i++)
	{
		ExactSum	sum = {0};
		ExactValue	value;

		exact_sum_add(&sum, &numbers[i], false);
		value = exact_sum_value(&sum);
		good = good && strcmp(exact_value_print(&value), i == 0 ? "120000340000000000" : "-0.00000000000000000012000034") == 0;
	}
	FORGET();
	CHECK(good, "sums as text");
}

/* Bytes that are no sum. */
static void
test_bytes(void)
{
	static const struct
	{
		uint8_t		bytes[6];
		size_t		length;
	}			cases[] = {
		{{1}, 1}, {{2}, 1}, {{2, 0}, 2}, {{2, 0, 0}, 3}, {{4, 0, 0, 1}, 4}, {{4, 0, 1, 0}, 4}, {{2, 0, 0x90, 0x4e}, 4}, {{2, 0xff, 0xff, 0x7f, 1}, 5},
		{{4, 0xfe, 0xff, 0x03, 1, 1}, 6}, {{2, 0x81, 0x40, 1}, 4}, {{200, 1, 0, 1, 1, 1}, 6},
	};
	bool		good = true;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		WireReader	reader;
		ExactSum	sum;

		wire_reader_init(&reader, cases[i].bytes, cases[i].length);
		exact_sum_read(&reader, &sum);
		good = good && !wire_read_done(&reader) && sum.size == 0;
	}
	FORGET();
	CHECK(good, "bytes that are no sum are refused");
}

int
main(void)
{
	const char *seed = getenv("KPI_SEED");

	if (seed != NULL)
		random_state = strtoull(seed, NULL, 10);
	test_sums();
	test_products();
	test_comparing();
	test_load();
	test_printing();
	test_bytes();
	return DONE();
}
