/*
 * amount.h: exact amounts of money (or of anything): one in a word, for the events of a log; and sums of them.
 */
#ifndef KPI_AMOUNT_H
#define KPI_AMOUNT_H

#include "engine/decimal.h"
#include "engine/wire.h"

/* A word that stands for no amount. */
#define AMOUNT_NONE INT64_C(0)

/* The largest number (without its decimal point) that fits a word, as any less. */
#define AMOUNT_NUMBER_MAX ((INT64_C(1) << 57) - 1)

/* number / 10^decimals in one word; false if it does not fit. Zeros at the end of the decimals are dropped. */
extern bool amount_pack(int64_t number, int decimals, int64_t *word);

static inline bool
amount_is_some(int64_t word)
{
	return (word & 1) != 0;
}

static inline int64_t
amount_number(int64_t word)
{
	return word >> 6;
}

static inline int
amount_decimals(int64_t word)
{
	return (int) (word >> 1) & 31;
}

/* A sum: number / 10^decimals, exact. All zeros is the sum of nothing. */
typedef struct AmountSum
{
	HostInt128	number;
	uint8_t		decimals;
} AmountSum;

/* Add; HOST_LIMIT if the sum does not fit 38 digits. */
extern void amount_sum_add(AmountSum *sum, int64_t word);
extern void amount_sum_merge(AmountSum *into, const AmountSum *from);

/* Adds number / 10^decimals. */
extern void amount_sum_add_number(AmountSum *sum, HostInt128 number, int decimals);

/* The same number, whatever the decimals. */
extern bool amount_sum_equal(const AmountSum *a, const AmountSum *b);

/* The nearest double, or almost; the same for equal sums. */
extern double amount_sum_double(const AmountSum *sum);

/* In one encoding: without zeros at the end of the decimals. */
extern void amount_sum_write(WireWriter *writer, const AmountSum *sum);
extern void amount_sum_read(WireReader *reader, AmountSum *sum);

#define AMOUNT_SUM_TEXT 48		/* bytes that any sum takes as text, terminator included */

/* Digits with a point if need be; returns the length. */
extern size_t amount_sum_print(const AmountSum *sum, char *text);

/* The other way round; false if it is no such text. */
extern bool amount_sum_parse(const char *text, AmountSum *sum);

#endif							/* KPI_AMOUNT_H */
