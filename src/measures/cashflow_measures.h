/*
 * cashflow_measures.h: what a cash flow is worth, what it yields and when it has paid back. They settle the flow; what it
 * takes beside is made in the current arena, what a sum grows by in `arena`.
 */
#ifndef KPI_CASHFLOW_MEASURES_H
#define KPI_CASHFLOW_MEASURES_H

#include "measures/cashflow_roots.h"
#include "measures/cashflow_table.h"

/* What the days of a flow are. */
typedef enum CashflowTime
{
	CASHFLOW_PERIODS,		 /* numbers of periods, and rates are for a period */
	CASHFLOW_DAYS			 /* days from 2000-01-01 on, and rates are for a year */
} CashflowTime;

/* All rates at which the flow is worth nothing, as cashflow_roots. */
extern size_t cashflow_rates(HostArena arena, Cashflow *flow, CashflowTime time, double **rates);

/*
 * The present value: of periods at period 0, or one before it if the terms say so; of days at the first day. False if the flow
 * is empty; HOST_LIMIT if it is beyond all doubles.
 */
extern bool cashflow_present_value(HostArena arena, Cashflow *flow, CashflowTime time, double *value);

/*
 * The modified internal rate of return: losses are financed at one rate, gains reinvested at the other until the last period.
 * False where there are no losses, no gains or no time.
 */
extern bool cashflow_modified_rate(HostArena arena, Cashflow *flow, double *rate);

/*
 * Periods or days from the first one until the losses so far are made up for; what comes in at a time is spread evenly over the
 * time since the one before. With a rate other than 0 all is discounted. 0 if there never were any; false if that never happens, or
 * the flow is empty.
 */
extern bool cashflow_payback(HostArena arena, Cashflow *flow, CashflowTime time, double *elapsed);

#endif							/* KPI_CASHFLOW_MEASURES_H */
