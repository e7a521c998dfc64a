/*
 * funnel_access.c: reading a kpi.funnel: steps, rates, times, periods; and kpi.conditions.
 */
#include "analyses/funnel.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "language/pattern_value.h"
#include "measures/proportion.h"

PG_FUNCTION_INFO_V1(funnel_steps);
PG_FUNCTION_INFO_V1(funnel_trend);
PG_FUNCTION_INFO_V1(funnel_conversion_rate);
PG_FUNCTION_INFO_V1(funnel_level);
PG_FUNCTION_INFO_V1(funnel_actors);
PG_FUNCTION_INFO_V1(funnel_completions);
PG_FUNCTION_INFO_V1(funnel_pattern);
PG_FUNCTION_INFO_V1(conditions);

/* Actors that got from the first step to this one: the numerator of conversion_from_first. */
static int64
from_first(const FunnelSummary *summary, int step)
{
	return summary->pattern.open ? summary->closed[step] : summary->reached[step];
}

static char *
step_name(const Pattern *pattern, int step)
{
	if (pattern->any_order)
		return psprintf("any %d of %d", step + 1, pattern->nsteps);
	return pattern_step_name(pattern, step);
}

static void
set_float(Datum *values, bool *nulls, int column, double numerator, double denominator)
{
	nulls[column] = denominator == 0;
	values[column] = Float8GetDatum(denominator == 0 ? 0 : numerator / denominator);
}

/* Mean, median and 90th percentile of a histogram into three columns. */
static void
set_times(Datum *values, bool *nulls, int column, const Histogram *histogram)
{
	for (int i = 0; i < 3; i++)
		nulls[column + i] = histogram->total == 0;
	if (histogram->total == 0)
		return;
	values[column] = span_to_interval(histogram_mean(histogram));
	values[column + 1] = span_to_interval(histogram_quantile(histogram, 0.5));
	values[column + 2] = span_to_interval(histogram_quantile(histogram, 0.9));
}

Datum
funnel_steps(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	FunnelSummary summary;

	materialize_rows(fcinfo);
	funnel_open(PG_GETARG_DATUM(0), &summary);
	for (int s = 0; summary.text != NULL && s < summary.pattern.nsteps; s++)
	{
		int			previous = funnel_previous_required(&summary.pattern, s);
		int64		came = summary.pattern.open ? summary.continued[s] : summary.reached[s];
		Datum		values[14];
		bool		nulls[14] = {0};

		values[0] = Int32GetDatum(s + 1);
		values[1] = PointerGetDatum(cstring_to_text(step_name(&summary.pattern, s)));
		values[2] = Int64GetDatum(summary.reached[s]);
		if (previous < 0)
		{
			/* Everybody at the first step has come from it. */
			set_float(values, nulls, 3, summary.reached[s], summary.reached[s]);
			set_float(values, nulls, 4, summary.reached[s], summary.reached[s]);
			values[5] = Int64GetDatum(0);
			set_float(values, nulls, 6, summary.reached[s], summary.reached[s]);
			set_float(values, nulls, 7, summary.reached[s], summary.reached[s]);
		}
		else
		{
			double		low = 0;
			double		high = 0;

			set_float(values, nulls, 3, from_first(&summary, s), summary.reached[0]);
			set_float(values, nulls, 4, came, summary.reached[previous]);
			values[5] = Int64GetDatum(Max(0, summary.reached[previous] - came));
			nulls[6] = nulls[7] = summary.reached[0] == 0;
			if (summary.reached[0] > 0)
				wilson_interval(Min(from_first(&summary, s), summary.reached[0]), summary.reached[0], &low, &high);
			values[6] = Float8GetDatum(low);
			values[7] = Float8GetDatum(high);
		}
		set_times(values, nulls, 8, &summary.from_previous[s]);
		set_times(values, nulls, 11, &summary.from_first[s]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
funnel_trend(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	FunnelSummary summary;

	materialize_rows(fcinfo);
	funnel_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text != NULL && summary.pattern.grain == GRAIN_NONE)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("funnel has no periods"),
				errdetail("Its pattern is \"%s\".", summary.text),
				errhint("Add a period to the pattern, for example by week in UTC."));
	for (size_t i = 0; i < summary.nperiods; i++)
	{
		const FunnelPeriod *period = &summary.periods[i];
		const int64 *came = summary.pattern.open ? period->closed : period->reached;

		for (int s = 0; s < summary.pattern.nsteps; s++)
		{
			Datum		values[5];
			bool		nulls[5] = {0};

			values[0] = TimestampGetDatum(period->period);
			values[1] = Int32GetDatum(s + 1);
			values[2] = PointerGetDatum(cstring_to_text(step_name(&summary.pattern, s)));
			values[3] = Int64GetDatum(period->reached[s]);
			set_float(values, nulls, 4, came[s], came[0]);
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}

/* Argument `number`, a step from 1, as an index; `otherwise` where it is NULL. */
static int
step_argument(FunctionCallInfo fcinfo, int number, const FunnelSummary *summary, int otherwise)
{
	int			step;

	if (PG_ARGISNULL(number))
		return otherwise;
	step = PG_GETARG_INT32(number);
	if (step < 1 || step > summary->pattern.nsteps)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("step %d does not exist", step),
				errdetail("The funnel has steps 1 to %d: \"%s\".", summary->pattern.nsteps,
						  summary->text));
	return step - 1;
}

static int
last_required(const Pattern *pattern)
{
	return funnel_previous_required(pattern, pattern->nsteps);
}

Datum
funnel_conversion_rate(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;
	int			step;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	funnel_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	step = step_argument(fcinfo, 1, &summary, last_required(&summary.pattern));
	if (summary.reached[0] == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) from_first(&summary, step) / (double) summary.reached[0]);
}

Datum
funnel_actors(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	funnel_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_INT64(0);
	PG_RETURN_INT64(summary.reached[step_argument(fcinfo, 1, &summary, 0)]);
}

Datum
funnel_level(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;
	int			level = 0;

	funnel_open(PG_GETARG_DATUM(0), &summary);
	for (int s = 0; summary.text != NULL && s < summary.pattern.nsteps; s++)
		if (summary.reached[s] > 0)
			level = s + 1;
	PG_RETURN_INT32(level);
}

Datum
funnel_completions(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;

	funnel_open(PG_GETARG_DATUM(0), &summary);
	PG_RETURN_INT64(summary.completions);
}

Datum
funnel_pattern(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;

	funnel_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	return language_value_make(summary.text, summary.length);
}

/* ---- masks ---- */

Datum
conditions(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	uint64		mask = 0;

	deconstruct_array(array, BOOLOID, 1, true, TYPALIGN_CHAR, &elements, &nulls, &count);
	if (count > 63)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("%d conditions do not fit a mask", count),
				errdetail("A mask has at most 63 conditions."));
	for (int i = 0; i < count; i++)
		if (!nulls[i] && DatumGetBool(elements[i]))
			mask |= UINT64CONST(1) << i;
	PG_RETURN_INT64((int64) mask);
}
