/*
 * exact_sum.h: exact sums of decimal numbers of any size, and of their products.
 *
 * A sum is digits of base 10000 that are added to one by one and not carried before somebody wants to see it. So adding a number
 * is an addition for each of its digits (most amounts of money have two or three), taking one away again is exact, and a
 * sum is the same in whatever order and by whatever way its numbers came: it has no rounding that could differ.
 *
 * Memory comes from the current arena.
 */
#ifndef KPI_EXACT_SUM_H
#define KPI_EXACT_SUM_H

#include "engine/wire.h"

#define EXACT_BASE		10000
#define EXACT_DECIMALS	4		/* of a digit */

/* The place of a digit: what it is worth is 10000 ^ place. These are the places that PostgreSQL's numeric has. */
#define EXACT_PLACE_MIN (-4096)
#define EXACT_PLACE_MAX 32767

/* A number to be added. */
typedef struct ExactNumber
{
	const int16_t *digits;		/* the highest first; neither the first nor the last is 0 */
	int			size;			/* 0: the number 0 */
	int			low;			/* place of the last digit */
	bool		negative;
} ExactNumber;

/* All zeros is the sum of nothing. */
typedef struct ExactSum
{
	int64_t    *digits;			/* the lowest first, not carried */
	int32_t		low;			/* place of the first digit */
	int32_t		size;
	uint64_t	load;			/* no digit is larger than load * EXACT_BASE * EXACT_BASE */
} ExactSum;

/* The place of the highest digit. */
static inline int
exact_number_high(const ExactNumber *number)
{
	return number->low + number->size - 1;
}

/* -1, 0 or 1. */
extern int	exact_number_compare(const ExactNumber *a, const ExactNumber *b);

/* Adds a number, or takes it away; a product of two, whose digits have to have places that there are; another sum. */
extern void exact_sum_add(ExactSum *sum, const ExactNumber *number, bool away);
extern void exact_sum_add_product(ExactSum *sum, const ExactNumber *a, const ExactNumber *b, bool away);
extern void exact_sum_merge(ExactSum *into, const ExactSum *from);

/* A sum carried: its number; the digits as in ExactNumber. */
typedef struct ExactValue
{
	int16_t    *digits;
	int			size;
	int			low;
	bool		negative;
} ExactValue;

/* HOST_LIMIT if it is beyond the range of numeric. */
extern ExactValue exact_sum_value(const ExactSum *sum);

/* -1, 0 or 1: whether a value is below, at or above 0. */
static inline int
exact_value_sign(const ExactValue *value)
{
	return value->size == 0 ? 0 : value->negative ? -1 : 1;
}

/* Digits with a point if need be, terminated; without zeros at the end of the decimals. */
extern char *exact_value_print(const ExactValue *value);

/* The stored form: one for each number. */
extern void exact_sum_write(WireWriter *writer, const ExactSum *sum);
extern void exact_sum_read(WireReader *reader, ExactSum *sum);

#endif							/* KPI_EXACT_SUM_H */
