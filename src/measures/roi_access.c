/*
 * roi_access.c: reading a kpi.roi, and what is said of costs and revenue without one.
 */
#include "measures/roi.h"

#include <math.h>

#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(roi_cost);
PG_FUNCTION_INFO_V1(roi_revenue);
PG_FUNCTION_INFO_V1(roi_currency);
PG_FUNCTION_INFO_V1(roi_rows);
PG_FUNCTION_INFO_V1(roi_profit);
PG_FUNCTION_INFO_V1(roi_rate);
PG_FUNCTION_INFO_V1(roi_roas);
PG_FUNCTION_INFO_V1(roi_cost_per);
PG_FUNCTION_INFO_V1(roi_break_even_roas);
PG_FUNCTION_INFO_V1(roi_ltv_to_cac);
PG_FUNCTION_INFO_V1(roi_ltv_to_cac_double);

static RoiSummary
open_roi(Datum datum)
{
	RoiSummary	summary;

	summary_open(&roi_type, datum, &summary);
	return summary;
}

/* -1, 0 or 1; fails if it is no number. */
static int
sign_of(Datum value, const char *what)
{
	ExactBuffer buffer;
	ExactNumber number;

	if (!exact_number_of(value, buffer, &number))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s %s is not a number to calculate with", what,
					   DatumGetCString(DirectFunctionCall1(numeric_out, value))));
	return number.size == 0 ? 0 : number.negative ? -1 : 1;
}

/* A margin: a part of the revenue. */
static Datum
margin_argument(FunctionCallInfo fcinfo, int number)
{
	Datum		margin = PG_GETARG_DATUM(number);

	if (sign_of(margin, "margin") < 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("margin %s is below 0", DatumGetCString(DirectFunctionCall1(numeric_out, margin))),
				errhint("Write 0.4 if 40 %% of the revenue is left after the costs of what was sold."));
	return margin;
}

Datum
roi_cost(PG_FUNCTION_ARGS)
{
	RoiSummary	summary = open_roi(PG_GETARG_DATUM(0));

	PG_RETURN_NUMERIC(exact_sum_numeric(&summary.cost));
}

Datum
roi_revenue(PG_FUNCTION_ARGS)
{
	RoiSummary	summary = open_roi(PG_GETARG_DATUM(0));

	PG_RETURN_NUMERIC(exact_sum_numeric(&summary.revenue));
}

Datum
roi_currency(PG_FUNCTION_ARGS)
{
	RoiSummary	summary = open_roi(PG_GETARG_DATUM(0));

	if (summary.length == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(summary.currency, (int) summary.length));
}

Datum
roi_rows(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(open_roi(PG_GETARG_DATUM(0)).rows);
}

/* revenue * margin - cost */
static Datum
profit_of(const RoiSummary *summary, Datum margin)
{
	return DirectFunctionCall2(numeric_sub,
							   DirectFunctionCall2(numeric_mul, NumericGetDatum(exact_sum_numeric(&summary->revenue)), margin),
							   NumericGetDatum(exact_sum_numeric(&summary->cost)));
}

/* Over the cost; null unless there is some: nothing is earned on money that was not spent, or that came back. */
static Datum
over_cost(FunctionCallInfo fcinfo, const RoiSummary *summary, Datum amount)
{
	ExactValue	cost = exact_sum_value(&summary->cost);

	if (exact_value_sign(&cost) <= 0)
		PG_RETURN_NULL();
	return DirectFunctionCall2(numeric_div, amount, NumericGetDatum(exact_sum_numeric(&summary->cost)));
}

Datum
roi_profit(PG_FUNCTION_ARGS)
{
	RoiSummary	summary = open_roi(PG_GETARG_DATUM(0));

	return profit_of(&summary, margin_argument(fcinfo, 1));
}

Datum
roi_rate(PG_FUNCTION_ARGS)
{
	RoiSummary	summary = open_roi(PG_GETARG_DATUM(0));

	return over_cost(fcinfo, &summary, profit_of(&summary, margin_argument(fcinfo, 1)));
}

Datum
roi_roas(PG_FUNCTION_ARGS)
{
	RoiSummary	summary = open_roi(PG_GETARG_DATUM(0));

	return over_cost(fcinfo, &summary, NumericGetDatum(exact_sum_numeric(&summary.revenue)));
}

/* a / b where b is above 0, else null. */
static Datum
divide_by_positive(FunctionCallInfo fcinfo, Datum a, Datum b, const char *what)
{
	if (sign_of(b, what) <= 0)
		PG_RETURN_NULL();
	return DirectFunctionCall2(numeric_div, a, b);
}

Datum
roi_cost_per(PG_FUNCTION_ARGS)
{
	RoiSummary	summary = open_roi(PG_GETARG_DATUM(0));

	return divide_by_positive(fcinfo, NumericGetDatum(exact_sum_numeric(&summary.cost)), PG_GETARG_DATUM(1), "number");
}

Datum
roi_break_even_roas(PG_FUNCTION_ARGS)
{
	return divide_by_positive(fcinfo, NumericGetDatum(int64_to_numeric(1)), margin_argument(fcinfo, 0), "margin");
}

Datum
roi_ltv_to_cac(PG_FUNCTION_ARGS)
{
	sign_of(PG_GETARG_DATUM(0), "ltv");
	return divide_by_positive(fcinfo, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), "cac");
}

Datum
roi_ltv_to_cac_double(PG_FUNCTION_ARGS)
{
	double		ltv = PG_GETARG_FLOAT8(0);
	double		cac = PG_GETARG_FLOAT8(1);

	if (!isfinite(ltv) || !isfinite(cac))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s %g is not a number to calculate with", isfinite(ltv) ? "cac" : "ltv", isfinite(ltv) ? cac : ltv));
	if (cac <= 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(ltv / cac);
}
