/*
 * count_table_test.c: counts by key against a list of everything that was added. KPI_SEED chooses others.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/count_table.h"
#include "random.h"

/* Keys that fall together by sevens, then by twenty-eights, then all. */
static void
coarsen(CountKey *key, int level)
{
	if (level < 3)
		key->part[0] /= level == 1 ? 7 : 4;
	else
		*key = (CountKey) {{0}};
}

static const CountRule rule = {.most = 48, .levels = 4, .coarsen = coarsen};

static CountKey
coarse(CountKey key, int level)
{
	for (int l = 1; l <= level; l++)
		coarsen(&key, l);
	return key;
}

static bool
same_key(CountKey a, CountKey b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

/* How many different keys of the first n there are at a level. */
static size_t
different(const CountKey *keys, size_t n, int level)
{
	size_t		count = 0;

	for (size_t i = 0; i < n; i++)
	{
		size_t		j = 0;

		while (j < i && !same_key(coarse(keys[j], level), coarse(keys[i], level)))
			j++;
		count += j == i;
	}
	return count;
}

static bool
same_bytes(const CountTable *a, const CountTable *b)
{
	WireWriter	one;
	WireWriter	two;

	wire_writer_init(&one, 0);
	wire_writer_init(&two, 0);
	count_table_write(&one, a);
	count_table_write(&two, b);
	return one.length == two.length && memcmp(one.bytes, two.bytes, one.length) == 0;
}

/* What goes wrong with random keys, or NULL. */
static const char *
wrong_with_random(int *level)
{
	static CountKey keys[600];
	size_t		n = random_bits() % 600;
	uint32_t	range = (uint32_t) (random_bits() % 2000) + 1;
	CountTable	whole = {.rule = &rule};
	CountTable	backwards = {.rule = &rule};
	CountTable	parts[3] = {{.rule = &rule}, {.rule = &rule}, {.rule = &rule}};
	CountTable	again;
	CountEntry *entries;
	WireWriter	writer;
	WireReader	reader;
	int64_t		sum = 0;

	for (size_t i = 0; i < n; i++)
	{
		keys[i] = (CountKey) {{(uint32_t) (random_bits() % range), (uint32_t) (random_bits() % 2), 0, 7}};
		count_table_add(&whole, keys[i], 3);
		count_table_add(&parts[random_bits() % 3], keys[i], 3);
	}
	for (size_t i = n; i-- > 0;)
		count_table_add(&backwards, keys[i], 3);
	for (*level = 0; different(keys, n, *level) > rule.most;)
		++*level;
	if (whole.level != *level)
		return "not the least level at which the keys are few enough";
	entries = count_table_sorted(&whole);
	for (size_t e = 0; e < whole.used; e++)
	{
		int64_t		expected = 0;

		for (size_t i = 0; i < n; i++)
			expected += same_key(coarse(keys[i], *level), entries[e].key) ? 3 : 0;
		if (entries[e].count != expected)
			return "a wrong count";
		sum += expected;
	}
	if (sum != (int64_t) n * 3 || whole.total != sum)
		return "a wrong total";
	if (!same_bytes(&whole, &backwards))
		return "another table in another order";
	count_table_merge(&parts[0], &parts[1]);
	count_table_merge(&parts[2], &parts[0]);
	if (!same_bytes(&whole, &parts[2]))
		return "another table when merged";
	wire_writer_init(&writer, 0);
	count_table_write(&writer, &whole);
	wire_reader_init(&reader, writer.bytes, writer.length);
	count_table_read(&reader, &rule, &again);
	if (!wire_read_done(&reader) || !same_bytes(&whole, &again) || again.total != whole.total)
		return "another table when written and read";
	return NULL;
}

static void
test_random(void)
{
	const char *wrong = NULL;
	int			seen[4] = {0};

	for (int i = 0; i < 400 && wrong == NULL; i++)
	{
		int			level;

		wrong = wrong_with_random(&level);
		seen[level]++;
		FORGET();
	}
	CHECK(wrong == NULL, "random keys: %s", wrong == NULL ? "as listed" : wrong);
	CHECK(seen[0] > 0 && seen[1] > 0 && seen[2] > 0 && seen[3] > 0, "at every level");
}

static void
add_too_many(void *unused)
{
	static const CountRule small = {.most = 12, .levels = 1};
	CountTable	table = {.rule = &small};

	(void) unused;
	for (uint32_t i = 0; i < 13; i++)
		count_table_add(&table, (CountKey) {{i}}, 1);
}

static void
add_too_much(void *unused)
{
	CountTable	table = {.rule = &rule};

	(void) unused;
	count_table_add(&table, (CountKey) {{1}}, INT64_MAX);
	count_table_add(&table, (CountKey) {{2}}, 1);
}

/* Bytes that no table writes. */
static void
test_hostile(void)
{
	static const struct
	{
		uint8_t		bytes[16];
		size_t		length;
		const char *failure;
	}			cases[] = {
		{{4, 0}, 2, "level of counts out of range"},
		{{0, 1, 1, 0, 0, 0, 0}, 7, "count out of range"},
		{{0, 2, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1}, 12, "keys out of order"},
		{{0, 1, 0xff, 0xff, 0xff, 0xff, 0x1f, 0, 0, 0, 1}, 11, "part of a key out of range"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		WireReader	reader;
		CountTable	table;

		wire_reader_init(&reader, cases[i].bytes, cases[i].length);
		count_table_read(&reader, &rule, &table);
		CHECK(reader.failure != NULL && strcmp(reader.failure, cases[i].failure) == 0, "hostile: %s (%s)", cases[i].failure,
			  reader.failure == NULL ? "read" : reader.failure);
	}
}

int
main(void)
{
	const char *seed = getenv("KPI_SEED");

	if (seed != NULL)
		random_state = strtoull(seed, NULL, 10) | 1;
	test_random();
	test_hostile();
	CHECK(!host_unit_try(add_too_many, NULL) && host_unit_error == HOST_LIMIT, "too many keys where none can be coarser");
	CHECK(!host_unit_try(add_too_much, NULL) && host_unit_error == HOST_LIMIT, "a total beyond 64 bits");
	return DONE();
}
