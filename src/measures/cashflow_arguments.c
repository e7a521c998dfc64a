/*
 * cashflow_arguments.c: see cashflow_arguments.h.
 */
#include "measures/cashflow_arguments.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"

double
cashflow_rate(double rate, const char *name)
{
	if (!(rate > -1) || isinf(rate))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s must be a finite number above -1, not %s", name, float8out_internal(rate)),
				errhint("A rate of 5 %% is 0.05."));
	/* there is one zero */
	return rate == 0 ? 0 : rate;
}

uint8
cashflow_first(int32 first)
{
	if (first != 0 && first != 1)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("first must be 0 or 1, not %d", first),
				errdetail("It says how often the amounts of period 0 are discounted."),
				errhint("Write 0, or 1 as in spreadsheets, whose first amount is due after a period."));
	return (uint8) first;
}

uint8
cashflow_day_count(Datum convention)
{
	text	   *name = DatumGetTextPP(convention);
	DayCount	day_count;

	if (!day_count_parse(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &day_count))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("unknown day count convention \"%s\"", text_to_cstring(name)),
				errhint("Write %s.", DAY_COUNTS));
	return (uint8) day_count;
}

void
cashflow_not_finite(Datum amount)
{
	ereport(ERROR,
			errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			errmsg("amount must be a finite number, not %s",
				   DatumGetCString(DirectFunctionCall1(numeric_out, amount))));
	pg_unreachable();
}

void
cashflow_day_not_finite(int32 day)
{
	ereport(ERROR,
			errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			errmsg("day must be finite, not %s",
				   DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day)))));
	pg_unreachable();
}

void
cashflow_null(const char *name)
{
	ereport(ERROR,
			errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			errmsg("%s must not be null", name));
	pg_unreachable();
}

/* ---- results ---- */

Datum
cashflow_return_value(FunctionCallInfo fcinfo, HostArena arena, Cashflow *flow, CashflowTime time)
{
	double		value;

	if (flow == NULL || !cashflow_present_value(arena, flow, time, &value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}

Datum
cashflow_return_rate(FunctionCallInfo fcinfo, HostArena arena, Cashflow *flow, CashflowTime time)
{
	double	   *rates = NULL;
	size_t		nrates = flow == NULL ? 0 : cashflow_rates(arena, flow, time, &rates);
	double		nearest;

	if (nrates == 0)
		PG_RETURN_NULL();
	nearest = rates[0];
	/* of two as near, to within rounding, the higher one */
	for (size_t i = 1; i < nrates; i++)
		if (fabs(rates[i]) <= fabs(nearest) * (1 + 1e-9))
			nearest = rates[i];
	pfree(rates);
	PG_RETURN_FLOAT8(nearest);
}

Datum
cashflow_return_rates(FunctionCallInfo fcinfo, HostArena arena, Cashflow *flow, CashflowTime time)
{
	double	   *rates = NULL;
	size_t		nrates = flow == NULL ? 0 : cashflow_rates(arena, flow, time, &rates);
	Datum	   *values;

	if (nrates == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(FLOAT8OID));
	values = palloc(mul_size(nrates, sizeof(Datum)));
	for (size_t i = 0; i < nrates; i++)
		values[i] = Float8GetDatum(rates[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(values, (int) nrates, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

Datum
cashflow_return_modified_rate(FunctionCallInfo fcinfo, HostArena arena, Cashflow *flow, CashflowTime time)
{
	double		rate;

	Assert(time == CASHFLOW_PERIODS);
	if (flow == NULL || !cashflow_modified_rate(arena, flow, &rate))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(rate);
}

Datum
cashflow_return_payback(FunctionCallInfo fcinfo, HostArena arena, Cashflow *flow, CashflowTime time)
{
	double		elapsed;

	if (flow == NULL || !cashflow_payback(arena, flow, time, &elapsed))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(elapsed);
}
