/*
 * cashflow_arguments.h: what the functions and aggregates over cash flows are called with, checked, and what they return.
 */
#ifndef KPI_CASHFLOW_ARGUMENTS_H
#define KPI_CASHFLOW_ARGUMENTS_H

#include "kpi_track.h"

#include "measures/cashflow_measures.h"

/* Each fails with an error that names the value and what it may be. */
extern double cashflow_rate(double rate, const char *name);
extern uint8 cashflow_first(int32 first);
extern uint8 cashflow_day_count(Datum convention);
pg_noreturn extern void cashflow_not_finite(Datum amount);
pg_noreturn extern void cashflow_day_not_finite(int32 day);

/* What is null, by its name. */
pg_noreturn extern void cashflow_null(const char *name);

/* What a finished flow says; NULL stands for one of no rows. `fcinfo` only takes whether the result is null. */
extern Datum cashflow_return_value(FunctionCallInfo fcinfo, HostArena arena, Cashflow *flow, CashflowTime time);
extern Datum cashflow_return_rate(FunctionCallInfo fcinfo, HostArena arena, Cashflow *flow, CashflowTime time);
extern Datum cashflow_return_rates(FunctionCallInfo fcinfo, HostArena arena, Cashflow *flow, CashflowTime time);
extern Datum cashflow_return_modified_rate(FunctionCallInfo fcinfo, HostArena arena, Cashflow *flow, CashflowTime time);
extern Datum cashflow_return_payback(FunctionCallInfo fcinfo, HostArena arena, Cashflow *flow, CashflowTime time);

#endif							/* KPI_CASHFLOW_ARGUMENTS_H */
