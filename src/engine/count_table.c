/*
 * count_table.c: see count_table.h. Open addressing with linear probing.
 */
#include "engine/count_table.h"

#include <stdlib.h>

#define LEAST_SIZE 16

static inline uint64_t
hash_key(const CountKey *key)
{
	uint64_t	hash = ((uint64_t) key->part[0] << 32 | key->part[1]) * UINT64_C(0x9e3779b97f4a7c15);

	hash ^= hash >> 32;
	hash = (hash ^ ((uint64_t) key->part[2] << 32 | key->part[3])) * UINT64_C(0xd6e8feb86659fd93);
	return hash ^ hash >> 32;
}

static int
compare_keys(const CountKey *a, const CountKey *b)
{
	for (int p = 0; p < COUNT_KEY_PARTS; p++)
		if (a->part[p] != b->part[p])
			return a->part[p] < b->part[p] ? -1 : 1;
	return 0;
}

static int
compare_entries(const void *a, const void *b)
{
	return compare_keys(&((const CountEntry *) a)->key, &((const CountEntry *) b)->key);
}

/* The place of a key, or the free one that it would take. */
static CountEntry *
find_place(const CountTable *table, const CountKey *key)
{
	size_t		mask = table->size - 1;
	size_t		at = (size_t) hash_key(key) & mask;

	while (table->places[at].count != 0 && compare_keys(&table->places[at].key, key) != 0)
		at = (at + 1) & mask;
	return &table->places[at];
}

static void
add_count(int64_t *count, int64_t more)
{
	if (__builtin_add_overflow(*count, more, count))
		host_fail(HOST_LIMIT, NULL, "a count exceeds 64 bits");
}

static void
insert(CountTable *table, const CountKey *key, int64_t count)
{
	CountEntry *place = find_place(table, key);

	if (place->count == 0)
	{
		place->key = *key;
		table->used++;
	}
	add_count(&place->count, count);
}

/* Moves all entries to a table of `size` places, with keys of `level`. */
static void
rebuild(CountTable *table, size_t size, int level)
{
	CountEntry *places = table->places;
	size_t		nplaces = table->size;

	table->places = host_alloc0(NULL, host_array_size(size, sizeof(CountEntry)));
	table->size = size;
	table->used = 0;
	for (size_t i = 0; i < nplaces; i++)
	{
		CountKey	key = places[i].key;

		if (places[i].count == 0)
			continue;
		for (int l = table->level + 1; l <= level; l++)
			table->rule->coarsen(&key, l);
		insert(table, &key, places[i].count);
	}
	table->level = level;
	host_free(places);
}

void
count_table_begin(CountTable *table, const CountRule *rule, int level)
{
	*table = (CountTable) {.rule = rule, .level = level};
}

void
count_table_put(CountTable *table, CountKey key, int64_t count)
{
	add_count(&table->total, count);
	if (table->size == 0)
		rebuild(table, LEAST_SIZE, table->level);
	insert(table, &key, count);
	while (table->used > table->rule->most)
	{
		if (table->level + 1 >= table->rule->levels)
			host_fail(HOST_LIMIT, NULL, "more than %zu different entries in a table of counts", table->rule->most);
		host_check_interrupts();
		rebuild(table, table->size, table->level + 1);
	}
	/* three quarters full */
	if (table->used > table->size / 4 * 3)
		rebuild(table, table->size * 2, table->level);
}

void
count_table_add(CountTable *table, CountKey key, int64_t count)
{
	for (int level = 1; level <= table->level; level++)
		table->rule->coarsen(&key, level);
	count_table_put(table, key, count);
}

void
count_table_merge(CountTable *into, const CountTable *from)
{
	if (from->level > into->level)
	{
		if (into->size > 0)
			rebuild(into, into->size, from->level);
		into->level = from->level;
	}
	for (size_t i = 0; i < from->size; i++)
	{
		CountKey	key = from->places[i].key;

		if (from->places[i].count == 0)
			continue;
		/* adding may coarsen the table again */
		for (int level = from->level + 1; level <= into->level; level++)
			into->rule->coarsen(&key, level);
		count_table_put(into, key, from->places[i].count);
	}
}

CountEntry *
count_table_sorted(const CountTable *table)
{
	CountEntry *entries = host_alloc(NULL, host_array_size(table->used + 1, sizeof(CountEntry)));
	size_t		n = 0;

	for (size_t i = 0; i < table->size; i++)
		if (table->places[i].count != 0)
			entries[n++] = table->places[i];
	qsort(entries, n, sizeof(CountEntry), compare_entries);
	return entries;
}

/* ---- wire format ---- */

/* Of each key: the step from the part of the key before it, up to the first part that differs; then the parts as they are. */
void
count_table_write(WireWriter *writer, const CountTable *table)
{
	CountEntry *entries = count_table_sorted(table);
	CountKey	before = {{0}};

	wire_write_uint(writer, (uint64_t) table->level);
	wire_write_uint(writer, table->used);
	for (size_t i = 0; i < table->used; i++)
	{
		bool		differs = false;

		for (int p = 0; p < COUNT_KEY_PARTS; p++)
		{
			uint32_t	part = entries[i].key.part[p];

			wire_write_uint(writer, differs ? part : part - before.part[p]);
			differs |= part != before.part[p];
		}
		wire_write_uint(writer, (uint64_t) entries[i].count);
		before = entries[i].key;
	}
	host_free(entries);
}

void
count_table_read(WireReader *reader, const CountRule *rule, CountTable *table)
{
	int			level = (int) wire_read_uint_max(reader, (uint64_t) rule->levels - 1, "level of counts out of range");
	size_t		count = wire_read_count(reader, COUNT_KEY_PARTS + 1);
	CountKey	key = {{0}};

	count_table_begin(table, rule, level);
	if (count > rule->most)
		wire_read_fail(reader, "too many counts");
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		bool		differs = false;
		int64_t		number;
		int64_t		total = table->total;

		for (int p = 0; p < COUNT_KEY_PARTS; p++)
		{
			uint64_t	part = wire_read_uint_max(reader, UINT32_MAX, "part of a key out of range");

			if (!differs && __builtin_add_overflow((uint32_t) part, key.part[p], &key.part[p]))
				wire_read_fail(reader, "part of a key out of range");
			if (differs)
				key.part[p] = (uint32_t) part;
			differs |= part != 0;
		}
		number = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
		if (reader->failure == NULL && !differs && i > 0)
			wire_read_fail(reader, "keys out of order");
		if (number == 0 || __builtin_add_overflow(total, number, &total))
			wire_read_fail(reader, "count out of range");
		if (reader->failure == NULL)
			count_table_put(table, key, number);
	}
}
