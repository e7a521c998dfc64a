/*
 * judgement_functions.c: kpi.attainment() and the other functions that judge a number, as SQL calls them. They check
 * what they are given; judgement.c does the arithmetic.
 */
#include "kpi_track.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"

#include "catalog/judgement.h"

PG_FUNCTION_INFO_V1(judgement_attainment);
PG_FUNCTION_INFO_V1(judgement_attainment_range);
PG_FUNCTION_INFO_V1(judgement_elapsed_share);
PG_FUNCTION_INFO_V1(judgement_pace);
PG_FUNCTION_INFO_V1(judgement_forecast);
PG_FUNCTION_INFO_V1(judgement_status);
PG_FUNCTION_INFO_V1(judgement_status_code);
PG_FUNCTION_INFO_V1(judgement_objective_rollup);
PG_FUNCTION_INFO_V1(judgement_objective_coverage);

#define NUMBER_HINT		"Numbers have to be finite; null stands for one that there is not."

/* ---- arguments ---- */

/* A float8, NAN if it is null. */
static double
number_argument(FunctionCallInfo fcinfo, int i, const char *name)
{
	double		number;

	if (PG_ARGISNULL(i))
		return NAN;
	number = PG_GETARG_FLOAT8(i);
	if (!isfinite(number))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s is %s", name, float8out_internal(number)),
				errhint(NUMBER_HINT));
	return number;
}

static double
share_argument(FunctionCallInfo fcinfo, int i, const char *name)
{
	double		share = number_argument(fcinfo, i, name);

	if (share < 0 || share > 1)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s %s is not a share", name, float8out_internal(share)),
				errhint("It is what is over of the period, from 0 to 1; kpi.elapsed_share() tells it."));
	return share;
}

/* A date, of which false says that it is null. */
static bool
day_argument(FunctionCallInfo fcinfo, int i, const char *name, int64 *day)
{
	DateADT		date;

	if (PG_ARGISNULL(i))
		return false;
	date = PG_GETARG_DATEADT(i);
	if (DATE_NOT_FINITE(date))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s is not a day: %s", name, DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(date)))),
				errhint("Give a date of the calendar."));
	*day = date;
	return true;
}

/* One of the words; -1 if it is null. */
static int
word_argument(FunctionCallInfo fcinfo, int i, const char *name, const char *const *words, int count, const char *hint)
{
	char	   *word;

	if (PG_ARGISNULL(i))
		return -1;
	word = text_to_cstring(PG_GETARG_TEXT_PP(i));
	for (int w = 0; w < count; w++)
		if (strcmp(word, words[w]) == 0)
			return w;
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("%s \"%s\" is not known", name, word),
			errhint("%s", hint));
}

/* An argument that has its default if it is null, too. */
static bool
boolean_argument(FunctionCallInfo fcinfo, int i, bool otherwise)
{
	return PG_ARGISNULL(i) ? otherwise : PG_GETARG_BOOL(i);
}

/* The elements of an array with one dimension; false if it is null. */
static bool
elements_of(FunctionCallInfo fcinfo, int i, const char *name, Oid type, Datum **elements, bool **nulls, int *count)
{
	ArrayType  *array;

	*count = 0;
	if (PG_ARGISNULL(i))
		return false;
	array = PG_GETARG_ARRAYTYPE_P(i);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s have %d dimensions", name, ARR_NDIM(array)),
				errhint("Give a list: an array of one dimension."));
	if (type == DATEOID)
		deconstruct_array(array, DATEOID, sizeof(DateADT), true, TYPALIGN_INT, elements, nulls, count);
	else
		deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, elements, nulls, count);
	return true;
}

/* Numbers, NAN for nulls; NULL if the array is null. */
static double *
numbers_argument(FunctionCallInfo fcinfo, int i, const char *name, int *count)
{
	Datum	   *elements;
	bool	   *nulls;
	double	   *numbers;

	if (!elements_of(fcinfo, i, name, FLOAT8OID, &elements, &nulls, count))
		return NULL;
	numbers = palloc(mul_size(Max(*count, 1), sizeof(double)));
	for (int n = 0; n < *count; n++)
	{
		numbers[n] = nulls[n] ? NAN : DatumGetFloat8(elements[n]);
		if (!nulls[n] && !isfinite(numbers[n]))
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("%s[%d] is %s", name, n + 1, float8out_internal(numbers[n])),
					errhint(NUMBER_HINT));
	}
	return numbers;
}

/* Numbers from 0 on, without nulls; NULL if the array is null. */
static double *
weights_argument(FunctionCallInfo fcinfo, int i, int *count)
{
	double	   *weights = numbers_argument(fcinfo, i, "weights", count);

	for (int n = 0; n < *count; n++)
		if (!(weights[n] >= 0))
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("weights[%d] is %s", n + 1, isnan(weights[n]) ? "null" : float8out_internal(weights[n])),
					errhint("A weight is a number from 0 on; with 0 it does not count."));
	return weights;
}

/* What judgement.c has found. */
static Datum
answer(FunctionCallInfo fcinfo, double number)
{
	if (isnan(number))
		PG_RETURN_NULL();
	if (isinf(number))
		float_overflow_error();
	/* no -0 */
	PG_RETURN_FLOAT8(number + 0.0);
}

/* ---- how much of the target is reached ---- */

/* (actual, target, baseline, direction) */
Datum
judgement_attainment(PG_FUNCTION_ARGS)
{
	double		actual = number_argument(fcinfo, 0, "actual");
	double		target = number_argument(fcinfo, 1, "target");
	double		baseline = number_argument(fcinfo, 2, "baseline");
	int			direction = word_argument(fcinfo, 3, "direction", direction_name, DIRECTION_RANGE,
										  "There are up and down; kpi.attainment_range() is for ranges.");

	if (direction < 0)
		PG_RETURN_NULL();
	return answer(fcinfo, kpi_attainment(actual, target, baseline, direction));
}

/* (actual, low, high, tolerance) */
Datum
judgement_attainment_range(PG_FUNCTION_ARGS)
{
	double		actual = number_argument(fcinfo, 0, "actual");
	double		low = number_argument(fcinfo, 1, "low");
	double		high = number_argument(fcinfo, 2, "high");
	double		tolerance = number_argument(fcinfo, 3, "tolerance");

	if (low > high)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("low %s is above high %s", float8out_internal(low), float8out_internal(high)),
				errhint("Give the range from low to high; a null leaves it open."));
	if (tolerance < 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("tolerance is %s", float8out_internal(tolerance)),
				errhint("It is how far from the range nothing is attained any more: a number from 0 on."));
	return answer(fcinfo, kpi_attainment_range(actual, low, high, tolerance));
}

/* ---- how far the period is ---- */

typedef enum Pacing
{
	PACING_LINEAR,
	PACING_BUSINESS_DAYS,
	PACING_PROFILE,
	PACING_NONE
} Pacing;

static const char *const pacing_name[] = {
	[PACING_LINEAR] = "linear", [PACING_BUSINESS_DAYS] = "business_days", [PACING_PROFILE] = "profile", [PACING_NONE] = "none"
};

/* The holidays of argument i, without nulls. */
static int32 *
holidays_argument(FunctionCallInfo fcinfo, int i, size_t *count)
{
	Datum	   *elements;
	bool	   *nulls;
	int			n;
	int32	   *holidays;

	*count = 0;
	if (!elements_of(fcinfo, i, "holidays", DATEOID, &elements, &nulls, &n))
		return NULL;
	holidays = palloc(mul_size(Max(n, 1), sizeof(int32)));
	for (int h = 0; h < n; h++)
	{
		if (nulls[h])
			continue;
		if (DATE_NOT_FINITE(DatumGetDateADT(elements[h])))
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("holidays[%d] is not a day: %s", h + 1, DatumGetCString(DirectFunctionCall1(date_out, elements[h]))),
					errhint("Give dates of the calendar."));
		holidays[(*count)++] = DatumGetDateADT(elements[h]);
	}
	return holidays;
}

/* (period_start, period_end, as_of, pacing, weights, holidays); weights and holidays are looked at by those who need them. */
Datum
judgement_elapsed_share(PG_FUNCTION_ARGS)
{
	PeriodSoFar period;
	bool		has_start = day_argument(fcinfo, 0, "period_start", &period.start);
	bool		has_end = day_argument(fcinfo, 1, "period_end", &period.end);
	bool		has_day = day_argument(fcinfo, 2, "as_of", &period.as_of);
	int			pacing = word_argument(fcinfo, 3, "pacing", pacing_name, lengthof(pacing_name),
									   "There are linear, business_days, profile and none.");

	if (has_start && has_end && period.start >= period.end)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("the period from %s to %s has no day", DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum((DateADT) period.start))),
					   DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum((DateADT) period.end)))),
				errhint("period_end is the first day that is not in it: of January, it is the first of February."));
	if (!has_start || !has_end || !has_day)
		PG_RETURN_NULL();
	if (pacing == PACING_LINEAR)
		return answer(fcinfo, elapsed_days_share(&period));
	if (pacing == PACING_BUSINESS_DAYS)
	{
		size_t		count;
		int32	   *holidays = holidays_argument(fcinfo, 5, &count);

		return answer(fcinfo, elapsed_business_share(&period, holidays, count));
	}
	if (pacing == PACING_PROFILE)
	{
		int			count;
		double	   *weights = weights_argument(fcinfo, 4, &count);

		if (weights == NULL)
			PG_RETURN_NULL();
		if (count != 7 && count != period.end - period.start)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("%d weights for a period of %lld days", count, (long long) (period.end - period.start)),
					errhint("Give one for each day of the period, or seven for Monday to Sunday."));
		return answer(fcinfo, elapsed_profile_share(&period, weights, count));
	}
	PG_RETURN_NULL();
}

/* (target, elapsed_share, baseline, additive) */
Datum
judgement_pace(PG_FUNCTION_ARGS)
{
	double		target = number_argument(fcinfo, 0, "target");
	double		share = share_argument(fcinfo, 1, "elapsed_share");
	double		baseline = number_argument(fcinfo, 2, "baseline");

	if (PG_ARGISNULL(3))
		PG_RETURN_NULL();
	return answer(fcinfo, kpi_pace(target, share, baseline, PG_GETARG_BOOL(3)));
}

/* (actual, elapsed_share, additive) */
Datum
judgement_forecast(PG_FUNCTION_ARGS)
{
	double		actual = number_argument(fcinfo, 0, "actual");
	double		share = share_argument(fcinfo, 1, "elapsed_share");

	if (PG_ARGISNULL(2))
		PG_RETURN_NULL();
	return answer(fcinfo, kpi_forecast(actual, share, PG_GETARG_BOOL(2)));
}

/* ---- in a word ---- */

/* (attainment, is_closed, at_risk, behind, stale, has_started, ci_low, ci_high, target, direction) */
Datum
judgement_status(PG_FUNCTION_ARGS)
{
	int			direction = word_argument(fcinfo, 9, "direction", direction_name, DIRECTIONS, "There are up, down and range.");
	Standing	standing = {
		.attainment = number_argument(fcinfo, 0, "attainment"),
		.is_closed = boolean_argument(fcinfo, 1, false),
		.at_risk = PG_ARGISNULL(2) ? 0.90 : number_argument(fcinfo, 2, "at_risk"),
		.behind = PG_ARGISNULL(3) ? 0.75 : number_argument(fcinfo, 3, "behind"),
		.stale = boolean_argument(fcinfo, 4, false),
		.has_started = boolean_argument(fcinfo, 5, true),
		.ci_low = number_argument(fcinfo, 6, "ci_low"),
		.ci_high = number_argument(fcinfo, 7, "ci_high"),
		.target = number_argument(fcinfo, 8, "target"),
		.direction = direction < 0 ? DIRECTION_RANGE : direction,
	};
	KpiStatus	status;

	if (standing.behind <= 0 || standing.behind > standing.at_risk)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("thresholds at_risk %s and behind %s", float8out_internal(standing.at_risk), float8out_internal(standing.behind)),
				errhint("Less than at_risk is at risk, and less than behind is behind: 0 < behind <= at_risk."));
	if (standing.ci_low > standing.ci_high)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("ci_low %s is above ci_high %s", float8out_internal(standing.ci_low), float8out_internal(standing.ci_high)),
				errhint("They are the ends of an interval around the actual value."));
	status = kpi_status(&standing);
	/* Without knowing whether the period is over, all words but these could be wrong. */
	if (PG_ARGISNULL(1) && status != STATUS_NOT_STARTED && status != STATUS_STALE && status != STATUS_NO_DATA && status != STATUS_UNCERTAIN)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(kpi_status_name[status]));
}

/* (status) */
Datum
judgement_status_code(PG_FUNCTION_ARGS)
{
	int			status = word_argument(fcinfo, 0, "status", kpi_status_name, KPI_STATUSES,
									   "There are achieved, on_track, at_risk, behind, missed, no_data, stale, uncertain and not_started.");
	int			code;

	if (status < 0 || !kpi_status_code(status, &code))
		PG_RETURN_NULL();
	PG_RETURN_INT16((int16) code);
}

/* ---- of an objective ---- */

/* The children of arguments 0 and 1, values and weights; NULL if there are no values. */
static RollupChild *
children_arguments(FunctionCallInfo fcinfo, int *count)
{
	int			weight_count;
	double	   *values = numbers_argument(fcinfo, 0, "values", count);
	double	   *weights = weights_argument(fcinfo, 1, &weight_count);
	RollupChild *children;

	if (values == NULL)
		return NULL;
	if (weights != NULL && weight_count != *count)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%d values and %d weights", *count, weight_count),
				errhint("Give each value its weight, also where the value is null; or no weights, if all are alike."));
	children = palloc(mul_size(Max(*count, 1), sizeof(RollupChild)));
	for (int i = 0; i < *count; i++)
		children[i] = (RollupChild) {values[i], weights == NULL ? 1 : weights[i]};
	return children;
}

/* (values, weights, rule) */
Datum
judgement_objective_rollup(PG_FUNCTION_ARGS)
{
	int			count;
	RollupChild *children = children_arguments(fcinfo, &count);
	int			rule = word_argument(fcinfo, 2, "rule", rollup_rule_name, ROLLUP_RULES,
									 "There are weighted_mean, worst, min, max and sum.");

	if (children == NULL || rule < 0)
		PG_RETURN_NULL();
	return answer(fcinfo, objective_rollup(children, count, rule));
}

/* (values, weights) */
Datum
judgement_objective_coverage(PG_FUNCTION_ARGS)
{
	int			count;
	RollupChild *children = children_arguments(fcinfo, &count);

	if (children == NULL)
		PG_RETURN_NULL();
	return answer(fcinfo, objective_coverage(children, count));
}
