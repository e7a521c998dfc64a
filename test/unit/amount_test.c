/*
 * amount_test.c: exact amounts and their sums against sums of integers at a fixed number of decimals. KPI_SEED chooses
 * others.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/amount.h"
#include "random.h"

static void
test_packing(void)
{
	static const struct
	{
		int64_t		number;
		int			decimals;
		bool		fits;
	}			cases[] = {
		{0, 0, true}, {1, 0, true}, {-1, 0, true}, {250, 2, true}, {-1, 18, true}, {AMOUNT_NUMBER_MAX, 3, true}, {-AMOUNT_NUMBER_MAX, 18, true},
		{AMOUNT_NUMBER_MAX + 1, 0, false}, {-AMOUNT_NUMBER_MAX - 1, 0, false}, {INT64_MAX, 0, false}, {INT64_MIN, 0, false},
		{INT64_C(1000000000000000000), 3, true}, {1, 19, false},
	};
	bool		good = true;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		int64_t		word = AMOUNT_NONE;
		bool		fits = amount_pack(cases[i].number, cases[i].decimals, &word);
		AmountSum	sum = {0, 0};
		__int128	expected = cases[i].number;

		good = good && fits == cases[i].fits && amount_is_some(word) == fits;
		if (!fits)
			continue;
		amount_sum_add(&sum, word);
		for (int d = sum.decimals; d < cases[i].decimals; d++)
			sum.number *= 10;
		good = good && sum.number == expected;
	}
	CHECK(good, "amounts that fit a word and those that do not");
}

/* Random amounts, added in two orders and in parts: the same bytes, and the sum that integers give. */
static void
test_sums(void)
{
	long		wrong = 0;

	for (int run = 0; run < 20000; run++)
	{
		int			count = (int) (random_bits() % 12);
		int64_t		words[12];
		__int128	expected = 0;	/* at 6 decimals */
		AmountSum	forward = {0, 0};
		AmountSum	parts[2] = {{0, 0}, {0, 0}};
		AmountSum	again;
		WireWriter	writers[2];
		WireReader	reader;
		char		text[AMOUNT_SUM_TEXT];

		for (int i = 0; i < count; i++)
		{
			int64_t		number = (int64_t) (random_bits() % 2000000) - 1000000;
			int			decimals = (int) (random_bits() % 7);
			__int128	scaled = number;

			if (!amount_pack(number, decimals, &words[i]))
				abort();
			for (int d = decimals; d < 6; d++)
				scaled *= 10;
			expected += scaled;
			amount_sum_add(&forward, words[i]);
		}
		for (int i = count - 1; i >= 0; i--)
			amount_sum_add(&parts[i % 2], words[i]);
		amount_sum_merge(&parts[0], &parts[1]);
		for (int w = 0; w < 2; w++)
		{
			wire_writer_init(&writers[w], 0);
			amount_sum_write(&writers[w], w == 0 ? &forward : &parts[0]);
		}
		wrong += writers[0].length != writers[1].length || memcmp(writers[0].bytes, writers[1].bytes, writers[0].length) != 0;
		wire_reader_init(&reader, writers[0].bytes, writers[0].length);
		amount_sum_read(&reader, &again);
		wrong += !wire_read_done(&reader);
		amount_sum_print(&again, text);
		wrong += !amount_sum_parse(text, &forward) || forward.number != again.number || forward.decimals != again.decimals;
		for (int d = again.decimals; d < 6; d++)
			again.number *= 10;
		wrong += again.number != expected;
		if (run % 100 == 0)
			FORGET();
	}
	CHECK(wrong == 0, "sums of 20,000 sets of amounts, in any order and in parts, written, printed and read");
}

static void
add_too_much(void *argument)
{
	AmountSum	sum = {((__int128) 1 << 126) - 1, 0};
	int64_t		word;

	if (amount_pack(1, *(int *) argument, &word))
		amount_sum_add(&sum, word);
}

static void
test_limits(void)
{
	static const char *const bad[] = {"", "-", ".5", "5.", "1e3", "NaN", "1.1.1", " 1", "0.1234567890123456789",
	"99999999999999999999999999999999999999999"};
	AmountSum	sum;
	bool		good = true;
	int			decimals = 0;

	CHECK(!host_unit_try(add_too_much, &decimals) && host_unit_error == HOST_LIMIT, "a sum beyond 126 bits is an error");
	decimals = 18;
	CHECK(!host_unit_try(add_too_much, &decimals) && host_unit_error == HOST_LIMIT, "and one that is when it gets decimals");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		good = good && !amount_sum_parse(bad[i], &sum);
	CHECK(good, "texts that are no sums");
	CHECK(amount_sum_parse("-12.50", &sum) && sum.number == -125 && sum.decimals == 1, "-12.50");
}

int
main(void)
{
	const char *seed = getenv("KPI_SEED");

	if (seed != NULL)
		random_state = strtoull(seed, NULL, 10) | 1;
	test_packing();
	test_sums();
	test_limits();
	return DONE();
}
