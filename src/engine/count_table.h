/*
 * count_table.h: how many there are of each of many different keys, exactly while they are few, and by coarser keys when
 * they are more than the table may hold.
 *
 * What a table holds depends only on what was added, not on the order or on how it was merged: its level is the least one
 * at which its keys are few enough.
 */
#ifndef KPI_COUNT_TABLE_H
#define KPI_COUNT_TABLE_H

#include "engine/wire.h"

#define COUNT_KEY_PARTS 4

typedef struct CountKey
{
	uint32_t	part[COUNT_KEY_PARTS];
} CountKey;

/* What all tables of one kind have in common. */
typedef struct CountRule
{
	size_t		most;			/* keys; three quarters of a power of two use memory best */
	int			levels;			/* 0: keys as they were added .. levels - 1: the coarsest */

	/*
	 * Makes a key of level - 1 one of `level`. Keys that fall together at a level stay together. May be NULL where there
	 * is one level only.
	 */
	void		(*coarsen) (CountKey *key, int level);
} CountRule;

typedef struct CountEntry
{
	CountKey	key;
	int64_t		count;			/* 0: a free place of the table */
} CountEntry;

/* Empty: zeros with a rule. */
typedef struct CountTable
{
	const CountRule *rule;
	int			level;
	size_t		used;
	size_t		size;			/* places: 0 or a power of two */
	CountEntry *places;
	int64_t		total;			/* of all counts */
} CountTable;

/*
 * Adds to the count of a key of level 0; memory comes from the current arena. HOST_LIMIT if a count passes 64 bits, or if
 * even the coarsest keys are too many.
 */
extern void count_table_add(CountTable *table, CountKey key, int64_t count);

/* Adds all of `from`, which has the same rule. */
extern void count_table_merge(CountTable *into, const CountTable *from);

/* The table->used entries in ascending order of their keys, in the current arena. */
extern CountEntry *count_table_sorted(const CountTable *table);

/* The stored form; equal tables have equal bytes. Reading makes room in the current arena. */
extern void count_table_write(WireWriter *writer, const CountTable *table);
extern void count_table_read(WireReader *reader, const CountRule *rule, CountTable *table);

/* For one who reads entries from elsewhere: a table of this level, and an entry whose key is of that level. */
extern void count_table_begin(CountTable *table, const CountRule *rule, int level);
extern void count_table_put(CountTable *table, CountKey key, int64_t count);

#endif							/* KPI_COUNT_TABLE_H */
