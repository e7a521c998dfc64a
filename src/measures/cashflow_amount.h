/*
 * cashflow_amount.h: exact sums of amounts of any size: 64 bits while they do, then as many digits as it takes.
 */
#ifndef KPI_CASHFLOW_AMOUNT_H
#define KPI_CASHFLOW_AMOUNT_H

#include "engine/decimal.h"
#include "engine/wire.h"

/* A sum beyond 64 bits: the total of limbs[i] * 10000^(low + i), where limbs have any sign and carry nothing over. */
typedef struct CashflowWide
{
	int32_t		low;
	uint32_t	n;
	int64_t		limbs[];
} CashflowWide;

#define CASHFLOW_PLACES_MAX	5	/* of a sum in 64 bits */
#define CASHFLOW_IS_WIDE	255

/* A sum of what came in on a day: number / 10000^places, or wide. All zeros is the sum of nothing. */
typedef struct CashflowAmount
{
	union
	{
		int64_t		number;
		CashflowWide *wide;		/* if places is CASHFLOW_IS_WIDE */
	};
	int32_t		day;			/* or period: not of the sum, but it has its place here, in a table of them */
	uint8_t		places;
} CashflowAmount;

/* Sets the sum to a number; leaves the day alone. What is wide is in the arena. */
extern void cashflow_amount_set(HostArena arena, CashflowAmount *amount, const DecimalDigits *number);

/* Adds. What `from` has is still its own. */
extern void cashflow_amount_add(HostArena arena, CashflowAmount *into, const CashflowAmount *from);

/* Gives back what is wide; the sum is that of nothing then. */
extern void cashflow_amount_free(CashflowAmount *amount);

/* The nearest double, the same for equal sums; HOST_LIMIT if it is infinite. */
extern double cashflow_amount_double(const CashflowAmount *amount);

/* In one encoding for equal sums, without the day. */
extern void cashflow_amount_write(WireWriter *writer, const CashflowAmount *amount);
extern void cashflow_amount_read(WireReader *reader, HostArena arena, CashflowAmount *amount);

#endif							/* KPI_CASHFLOW_AMOUNT_H */
