/*
 * cashflow_array.c: the functions of the same names as the aggregates of cashflow.c, over arrays.
 */
#include "measures/cashflow_arguments.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/date.h"

#include "numeric_digits.h"

static ArrayType *
flow_array(FunctionCallInfo fcinfo, int number, const char *name)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(number);

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				errmsg("%s must be an array of one dimension, not of %d", name, ARR_NDIM(array)));
	return array;
}

/* The flow of two arguments, amounts and days or periods; where either has a null, the pair is ignored. NULL for none. */
static Cashflow *
flow_of_arrays(FunctionCallInfo fcinfo, int number, CashflowTime time, const CashflowTerms *terms)
{
	ArrayType  *amount_array = flow_array(fcinfo, number, "amounts");
	ArrayType  *day_array = flow_array(fcinfo, number + 1, time == CASHFLOW_DAYS ? "days" : "periods");
	Cashflow   *flow = NULL;
	Datum	   *amounts;
	Datum	   *days;
	bool	   *no_amount;
	bool	   *no_day;
	int			namounts;
	int			ndays;

	deconstruct_array(amount_array, NUMERICOID, -1, false, TYPALIGN_INT, &amounts, &no_amount, &namounts);
	/* dates are as long as integers */
	deconstruct_array(day_array, ARR_ELEMTYPE(day_array), sizeof(int32), true, TYPALIGN_INT, &days, &no_day, &ndays);
	if (namounts != ndays)
		ereport(ERROR,
				errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				errmsg("amounts and %s differ in length: %d and %d", time == CASHFLOW_DAYS ? "days" : "periods", namounts, ndays));
	for (int i = 0; i < namounts; i++)
	{
		int32		day = DatumGetInt32(days[i]);
		DecimalDigits amount;

		if (no_amount[i] || no_day[i])
			continue;
		if (time == CASHFLOW_DAYS && DATE_NOT_FINITE(day))
			cashflow_day_not_finite(day);
		if (!numeric_digits(amounts[i], &amount))
			cashflow_not_finite(amounts[i]);
		if (flow == NULL)
			flow = cashflow_make(CurrentMemoryContext, terms);
		flow = cashflow_add(CurrentMemoryContext, flow, day, &amount);
	}
	return flow;
}

/* Defines a function whose arrays are argument `number` and the next; the terms are expressions. */
#define ARRAY_FUNCTION(name, what, number, time, ...) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	CashflowTerms terms = {__VA_ARGS__}; \
	\
	return what(fcinfo, CurrentMemoryContext, flow_of_arrays(fcinfo, number, time, &terms), time); \
}

ARRAY_FUNCTION(npv_array, cashflow_return_value, 1, CASHFLOW_PERIODS,
			   .rate = cashflow_rate(PG_GETARG_FLOAT8(0), "rate"), .first = cashflow_first(PG_GETARG_INT32(3)))
ARRAY_FUNCTION(xnpv_array, cashflow_return_value, 1, CASHFLOW_DAYS,
			   .rate = cashflow_rate(PG_GETARG_FLOAT8(0), "rate"), .day_count = cashflow_day_count(PG_GETARG_DATUM(3)))
ARRAY_FUNCTION(irr_array, cashflow_return_rate, 0, CASHFLOW_PERIODS, 0)
ARRAY_FUNCTION(irr_all_array, cashflow_return_rates, 0, CASHFLOW_PERIODS, 0)
ARRAY_FUNCTION(xirr_array, cashflow_return_rate, 0, CASHFLOW_DAYS, .day_count = cashflow_day_count(PG_GETARG_DATUM(2)))
ARRAY_FUNCTION(xirr_all_array, cashflow_return_rates, 0, CASHFLOW_DAYS, .day_count = cashflow_day_count(PG_GETARG_DATUM(2)))
ARRAY_FUNCTION(mirr_array, cashflow_return_modified_rate, 0, CASHFLOW_PERIODS,
			   .rate = cashflow_rate(PG_GETARG_FLOAT8(2), "finance_rate"),
			   .reinvest_rate = cashflow_rate(PG_GETARG_FLOAT8(3), "reinvest_rate"))
ARRAY_FUNCTION(payback_period_array, cashflow_return_payback, 0, CASHFLOW_PERIODS,
			   .rate = cashflow_rate(PG_GETARG_FLOAT8(2), "rate"))
ARRAY_FUNCTION(payback_day_array, cashflow_return_payback, 0, CASHFLOW_DAYS,
			   .rate = cashflow_rate(PG_GETARG_FLOAT8(2), "rate"), .day_count = cashflow_day_count(PG_GETARG_DATUM(3)))
