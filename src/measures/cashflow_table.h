/*
 * cashflow_table.h: a cash flow: what came in or went out on each day or in each period, in exact sums, and the terms
 * that it is to be judged by. The state of all aggregates over cash flows.
 */
#ifndef KPI_CASHFLOW_TABLE_H
#define KPI_CASHFLOW_TABLE_H

#include "measures/cashflow_amount.h"
#include "measures/cashflow_days.h"

/* What a call says beside amounts and times; what it does not say is 0. */
typedef struct CashflowTerms
{
	double		rate;			/* > -1 and finite; mirr: of financing */
	double		reinvest_rate;
	uint8_t		first;			/* npv: how often the amounts of period 0 are discounted: 0 or 1 */
	uint8_t		day_count;		/* a DayCount */
} CashflowTerms;

/* Sorted by day, each once, up to `sorted`; behind it in the order they came in, and perhaps several of one day. */
typedef struct Cashflow
{
	CashflowTerms terms;
	uint32_t	n;
	uint32_t	sorted;
	uint32_t	capacity;
	CashflowAmount sums[];
} Cashflow;

/* A flow of nothing yet. */
extern Cashflow *cashflow_make(HostArena arena, const CashflowTerms *terms);

/* Adds an amount; the flow may move. */
extern Cashflow *cashflow_add(HostArena arena, Cashflow *flow, int32_t day, const DecimalDigits *amount);

/* Adds all of another flow, which is left as it is; the flow may move. */
extern Cashflow *cashflow_merge(HostArena arena, Cashflow *into, const Cashflow *from);

/* Brings the sums in order, each day once, zeros included. It is the same flow afterwards. */
extern void cashflow_settle(HostArena arena, Cashflow *flow);

/* One encoding for equal flows. Settles. What is read is made in `arena`; NULL after a failure of the reader. */
extern void cashflow_write(WireWriter *writer, HostArena arena, Cashflow *flow);
extern Cashflow *cashflow_read(WireReader *reader, HostArena arena);

#endif							/* KPI_CASHFLOW_TABLE_H */
