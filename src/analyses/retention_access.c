/*
 * retention_access.c: reading a kpi.retention: cohorts, the curve over all of them; and kpi.retained.
 */
#include "analyses/retention.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "engine/calendar.h"
#include "measures/proportion.h"

PG_FUNCTION_INFO_V1(retention_cohorts);
PG_FUNCTION_INFO_V1(retention_curve);
PG_FUNCTION_INFO_V1(retention_spec_of);
PG_FUNCTION_INFO_V1(retention_actors);
PG_FUNCTION_INFO_V1(retained_add);
PG_FUNCTION_INFO_V1(retained_combine);
PG_FUNCTION_INFO_V1(retained_final);

/* The moment at which cells are judged, and its period by the clocks of the spec. */
typedef struct AsOf
{
	int64		at;
	int64		number;
} AsOf;

static AsOf
as_of_argument(FunctionCallInfo fcinfo, const RetentionSummary *summary)
{
	const PeriodClause *periods = &summary->spec.periods;
	AsOf		as_of;

	as_of.at = PG_ARGISNULL(1) ? summary->latest : PG_GETARG_TIMESTAMPTZ(1);
	if (as_of.at == MOMENT_MIN || as_of.at == MOMENT_MAX)
		as_of.number = as_of.at == MOMENT_MIN ? PG_INT64_MIN : PG_INT64_MAX;
	else
		as_of.number = calendar_stretch(calendar_make(periods->grain, periods->week_start, periods->zone),
										as_of.at).number;
	return as_of;
}

/* A moment so many microseconds after another one is not in the future; without overflow. */
static bool
has_come(int64 from, __int128 span, const AsOf *as_of)
{
	return as_of->at == MOMENT_MAX || (__int128) from + span <= as_of->at;
}

/* Actors of a cohort that have come to the age of a cell; and whether its last period has ended for all of them. */
static int64
eligible_actors(const RetentionSummary *summary, const RetentionCohort *cohort, int cell, const AsOf *as_of,
				bool *complete)
{
	const RetentionSpec *spec = &summary->spec;
	__int128	first = retention_first_period(spec, cell);
	__int128	last = retention_last_period(spec, cell);
	int64		eligible = 0;

	if (!spec->elapsed)
	{
		*complete = cohort->number + last < as_of->number;
		return cohort->number + first <= as_of->number ? cohort->size : 0;
	}
	*complete = true;
	for (size_t s = 0; s < cohort->nstarts; s++)
	{
		int64		slot = retention_slot(spec);
		int64		from = cohort->starts[s].slot * slot;
		int64		length = period_length(spec->periods.grain);

		if (has_come(from, first * length, as_of))
			eligible += cohort->starts[s].count;
		*complete &= has_come(from, (last + 1) * length + slot, as_of);
	}
	return eligible;
}

static void
set_rate(Datum *values, bool *nulls, int column, int64 retained, int64 eligible)
{
	double		low;
	double		high;

	nulls[column] = nulls[column + 1] = nulls[column + 2] = eligible == 0;
	if (eligible == 0)
		return;
	wilson_interval(retained, eligible, &low, &high);
	values[column] = Float8GetDatum((double) retained / (double) eligible);
	values[column + 1] = Float8GetDatum(low);
	values[column + 2] = Float8GetDatum(high);
}

/* What a cell was worth, and that over what the start was worth. */
static void
set_value(Datum *values, bool *nulls, int column, bool has_values, const AmountSum *value, const AmountSum *base)
{
	nulls[column] = !has_values;
	nulls[column + 1] = !has_values || base->number == 0;
	if (!nulls[column])
		values[column] = NumericGetDatum(amount_sum_numeric(value));
	if (!nulls[column + 1])
		values[column + 1] = Float8GetDatum(amount_sum_double(value) / amount_sum_double(base));
}

static const AmountSum no_amount = {0, 0};

static const AmountSum *
value_of(const RetentionCohort *cohort, int cell)
{
	return cohort->values == NULL ? &no_amount : &cohort->values[cell];
}

Datum
retention_cohorts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	RetentionSummary summary;
	const PeriodClause *periods = &summary.spec.periods;
	AsOf		as_of;

	materialize_rows(fcinfo);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	analysis_open(&retention_analysis, PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		return (Datum) 0;
	as_of = as_of_argument(fcinfo, &summary);
	for (size_t i = 0; i < summary.ncohorts; i++)
	{
		const RetentionCohort *cohort = &summary.cohorts[i];
		int64		start = period_start(periods->grain, periods->week_start, cohort->number);

		for (int cell = 0; cell <= summary.spec.ncells; cell++)
		{
			bool		complete;
			int64		eligible = eligible_actors(&summary, cohort, cell, &as_of, &complete);
			int64		retained = retention_retained(&summary, cohort, cell);
			Datum		values[11];
			bool		nulls[11] = {0};

			if (eligible == 0)
				break;
			/* as_of may lie before events that were counted */
			retained = Min(retained, eligible);
			values[0] = TimestampGetDatum(Max(start, MIN_TIMESTAMP));
			values[1] = Int64GetDatum(cohort->size);
			values[2] = Int32GetDatum(retention_last_period(&summary.spec, cell));
			values[3] = Int64GetDatum(eligible);
			values[4] = Int64GetDatum(retained);
			set_rate(values, nulls, 5, retained, eligible);
			values[8] = BoolGetDatum(complete);
			set_value(values, nulls, 9, summary.has_values, value_of(cohort, cell), value_of(cohort, 0));
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}

/* Of each cell the cohorts that are through with it: in others, some actors still may come back. */
Datum
retention_curve(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	RetentionSummary summary;
	AsOf		as_of;

	materialize_rows(fcinfo);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	analysis_open(&retention_analysis, PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		return (Datum) 0;
	as_of = as_of_argument(fcinfo, &summary);
	for (int cell = 0; cell <= summary.spec.ncells; cell++)
	{
		int64		cohorts = 0;
		int64		eligible = 0;
		int64		retained = 0;
		AmountSum	value = {0, 0};
		AmountSum	base = {0, 0};
		Datum		values[9];
		bool		nulls[9] = {0};

		for (size_t i = 0; i < summary.ncohorts; i++)
		{
			const RetentionCohort *cohort = &summary.cohorts[i];
			bool		complete;
			int64		came = eligible_actors(&summary, cohort, cell, &as_of, &complete);

			if (!complete)
				continue;
			cohorts++;
			retention_count(&eligible, came);
			retention_count(&retained, retention_retained(&summary, cohort, cell));
			amount_sum_merge(&value, value_of(cohort, cell));
			amount_sum_merge(&base, value_of(cohort, 0));
		}
		values[0] = Int32GetDatum(retention_last_period(&summary.spec, cell));
		values[1] = Int64GetDatum(cohorts);
		values[2] = Int64GetDatum(eligible);
		values[3] = Int64GetDatum(retained);
		set_rate(values, nulls, 4, retained, eligible);
		set_value(values, nulls, 7, summary.has_values, &value, &base);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
retention_spec_of(PG_FUNCTION_ARGS)
{
	RetentionSummary summary;

	analysis_open(&retention_analysis, PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	return language_value_make(summary.text, summary.length);
}

Datum
retention_actors(PG_FUNCTION_ARGS)
{
	RetentionSummary summary;
	int64		actors = 0;

	analysis_open(&retention_analysis, PG_GETARG_DATUM(0), &summary);
	for (size_t i = 0; i < summary.ncohorts; i++)
		retention_count(&actors, summary.cohorts[i].size);
	PG_RETURN_INT64(actors);
}

/* ---- kpi.retained: conditions of rows, or-ed ---- */

/*
 * The state: how many conditions there are in the top byte, below it a bit for each that held in some row.
 */
#define RETAINED_MAX 48

Datum
retained_add(PG_FUNCTION_ARGS)
{
	uint64		state = PG_ARGISNULL(0) ? 0 : (uint64) PG_GETARG_INT64(0);
	uint64		count = state >> 56;
	ArrayType  *array;
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_INT64((int64) state);
	}
	array = PG_GETARG_ARRAYTYPE_P(1);
	deconstruct_array(array, BOOLOID, 1, true, TYPALIGN_CHAR, &elements, &nulls, &n);
	if (n > RETAINED_MAX)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("%d conditions are too many", n),
				errdetail("kpi.retained takes at most %d.", RETAINED_MAX),
				errhint("For more periods use kpi.retention."));
	for (int i = 0; i < n; i++)
		if (!nulls[i] && DatumGetBool(elements[i]))
			state |= UINT64CONST(1) << i;
	state &= (UINT64CONST(1) << 56) - 1;
	PG_RETURN_INT64((int64) (state | Max(count, (uint64) n) << 56));
}

Datum
retained_combine(PG_FUNCTION_ARGS)
{
	uint64		a = (uint64) PG_GETARG_INT64(0);
	uint64		b = (uint64) PG_GETARG_INT64(1);
	uint64		bits = (UINT64CONST(1) << 56) - 1;

	PG_RETURN_INT64((int64) (((a | b) & bits) | Max(a >> 56, b >> 56) << 56));
}

Datum
retained_final(PG_FUNCTION_ARGS)
{
	uint64		state = PG_ARGISNULL(0) ? 0 : (uint64) PG_GETARG_INT64(0);
	int			count = (int) Min(state >> 56, RETAINED_MAX);
	Datum		elements[RETAINED_MAX];

	for (int i = 0; i < count; i++)
		elements[i] = BoolGetDatum((state & 1) != 0 && (state >> i & 1) != 0);
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, count, BOOLOID, 1, true, TYPALIGN_CHAR));
}
