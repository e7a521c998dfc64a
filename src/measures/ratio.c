/*
 * ratio.c: kpi.ratio: a sum over a sum.
 */
#include "measures/ratio.h"

#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(ratio_add);
PG_FUNCTION_INFO_V1(ratio_remove);
PG_FUNCTION_INFO_V1(ratio_no_operator);

SUMMARY_METHODS(ratio)

const SummaryType ratio_type = {
	.type_name = "kpi.ratio",
	.version = 1,
	.literal_key = "rows",
	.summary_size = sizeof(RatioSummary),
	SUMMARY_METHODS_OF(ratio),
	.push_json = ratio_push_json,
	.read_json = ratio_read_json,
};

MEASURE_FUNCTIONS(ratio, &ratio_type)

/* (state, numerator, denominator) */
static inline Datum
ratio_row(FunctionCallInfo fcinfo, bool away)
{
	MemoryContext context = aggregate_context(fcinfo);
	RatioSummary *state = measure_state(fcinfo, &ratio_type, context);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		ExactBuffer buffers[2];
		ExactNumber numerator = exact_number_argument(PG_GETARG_DATUM(1), buffers[0], "numerator");
		ExactNumber denominator = exact_number_argument(PG_GETARG_DATUM(2), buffers[1], "denominator");
		MemoryContext before = MemoryContextSwitchTo(context);

		ratio_summary_add(state, &numerator, &denominator, away);
		MemoryContextSwitchTo(before);
	}
	PG_RETURN_POINTER(state);
}

Datum
ratio_add(PG_FUNCTION_ARGS)
{
	return ratio_row(fcinfo, false);
}

Datum
ratio_remove(PG_FUNCTION_ARGS)
{
	return ratio_row(fcinfo, true);
}

/* Operators that would not be what they look like: of two ratios only the sum is a ratio of the same kind. */
Datum
ratio_no_operator(PG_FUNCTION_ARGS)
{
	ereport(ERROR,
			errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			errmsg("ratios can be added, but not subtracted, multiplied or divided"),
			errdetail("The sum of two ratios is the ratio of the rows of both: sum over sum."),
			errhint("See how two ratios differ with kpi.compare(a, b), or calculate with kpi.value(a) and kpi.value(b)."));
}
