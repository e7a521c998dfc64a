/*
 * ratio_access.c: reading a kpi.ratio: its value, how sure it is, and how two of them differ.
 *
 * Variances are differences of large products, of which doubles would leave noise. Here they are exact up to one division
 * and one root, in numeric.
 */
#include "measures/ratio.h"

#include <math.h>

#include "funcapi.h"
#include "utils/builtins.h"

#include "measures/distribution.h"
#include "measures/proportion.h"

PG_FUNCTION_INFO_V1(ratio_value);
PG_FUNCTION_INFO_V1(ratio_numerator);
PG_FUNCTION_INFO_V1(ratio_denominator);
PG_FUNCTION_INFO_V1(ratio_rows);
PG_FUNCTION_INFO_V1(ratio_ci_low);
PG_FUNCTION_INFO_V1(ratio_ci_high);
PG_FUNCTION_INFO_V1(ratio_compare);

/* How an interval is come by. */
typedef enum Method
{
	METHOD_AUTO,				/* Wilson's where every row counts hits out of trials, else delta */
	METHOD_WILSON,
	METHOD_DELTA
} Method;

static RatioSummary
open_ratio(Datum datum)
{
	RatioSummary summary;

	summary_open(&ratio_type, datum, &summary);
	return summary;
}

static Numeric
add(Numeric a, Numeric b)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_add, NumericGetDatum(a), NumericGetDatum(b)));
}

static Numeric
subtract(Numeric a, Numeric b)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_sub, NumericGetDatum(a), NumericGetDatum(b)));
}

static Numeric
multiply(Numeric a, Numeric b)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_mul, NumericGetDatum(a), NumericGetDatum(b)));
}

static Numeric
divide(Numeric a, Numeric b)
{
	return DatumGetNumeric(DirectFunctionCall2(numeric_div, NumericGetDatum(a), NumericGetDatum(b)));
}

static int
compare_numeric(Numeric a, Numeric b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, NumericGetDatum(a), NumericGetDatum(b)));
}

static bool
is_zero(Numeric a)
{
	return compare_numeric(a, int64_to_numeric(0)) == 0;
}

/* An infinity if it is beyond all doubles. */
static double
to_double(Numeric a)
{
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(a)));
}

/* A ratio of which there is one. */
typedef struct Quotient
{
	const RatioSummary *summary;
	Numeric		numerator;
	Numeric		denominator;
	Numeric		value;
	bool		proportion;		/* every row counts hits out of trials */
} Quotient;

/* False if the denominator is 0. */
static bool
quotient_of(const RatioSummary *summary, Quotient *quotient)
{
	quotient->summary = summary;
	quotient->numerator = exact_sum_numeric(&summary->numerator);
	quotient->denominator = exact_sum_numeric(&summary->denominator);
	quotient->proportion = summary->others == 0;
	if (is_zero(quotient->denominator))
		return false;
	quotient->value = divide(quotient->numerator, quotient->denominator);
	return true;
}

/*
 * The variance of a ratio of two sums by the delta method (Cochran 1977, Sampling Techniques, 6.4): n / (n - 1) times the sum
 * of (numerator - ratio * denominator)^2 over the rows, over the square of the denominator. Where all denominators are 1 it is
 * that of a mean. False if there is none: fewer than two rows, or rows without squares.
 */
static bool
delta_variance(const Quotient *quotient, Numeric *variance)
{
	const RatioSummary *summary = quotient->summary;
	Numeric		n = quotient->numerator;
	Numeric		d = quotient->denominator;
	Numeric		dd;
	Numeric		squares;

	if (summary->rows < 2 || summary->wide > 0)
		return false;
	dd = multiply(d, d);
	/* of the residuals, times the square of the denominator */
	squares = add(subtract(multiply(exact_sum_numeric(&summary->numerator_squared), dd),
						   multiply(multiply(int64_to_numeric(2), exact_sum_numeric(&summary->product)), multiply(n, d))),
				  multiply(exact_sum_numeric(&summary->denominator_squared), multiply(n, n)));
	/* only of sums that somebody made up */
	if (compare_numeric(squares, int64_to_numeric(0)) < 0)
		return false;
	*variance = divide(multiply(squares, int64_to_numeric(summary->rows)),
					   multiply(multiply(dd, dd), int64_to_numeric(summary->rows - 1)));
	return true;
}

/* The standard error: of a division and a root, each good to 16 digits. */
static bool
delta_error(const Quotient *quotient, double *error)
{
	Numeric		variance;

	if (!delta_variance(quotient, &variance))
		return false;
	*error = to_double(DatumGetNumeric(DirectFunctionCall1(numeric_sqrt, NumericGetDatum(variance))));
	return true;
}

static Method
method_argument(FunctionCallInfo fcinfo, int number)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(number));

	if (strcmp(name, "auto") == 0)
		return METHOD_AUTO;
	if (strcmp(name, "wilson") == 0)
		return METHOD_WILSON;
	if (strcmp(name, "delta") == 0)
		return METHOD_DELTA;
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("method \"%s\" is not known", name),
			errhint("There are auto, wilson and delta."));
}

/* Whether a ratio is to be taken for a proportion; fails if it should be and is none. */
static bool
as_proportion(const Quotient *quotient, Method method)
{
	if (method == METHOD_WILSON && !quotient->proportion)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("the ratio is no proportion of counts"),
				errdetail("In %lld of %lld rows the numerator is not a whole number from 0 to a whole denominator.",
						  (long long) quotient->summary->others, (long long) quotient->summary->rows),
				errhint("Use the method delta."));
	return quotient->proportion && method != METHOD_DELTA;
}

static void
wilson_of(const Quotient *quotient, double z, double *low, double *high)
{
	wilson_interval_at(to_double(quotient->numerator), to_double(quotient->denominator), z, low, high);
}

/* (ratio, confidence, method) */
static Datum
interval_end(FunctionCallInfo fcinfo, bool high_end)
{
	RatioSummary summary = open_ratio(PG_GETARG_DATUM(0));
	double		confidence = measure_confidence(fcinfo, 1);
	Method		method = method_argument(fcinfo, 2);
	Quotient	quotient;
	double		low;
	double		high;

	if (!quotient_of(&summary, &quotient))
		PG_RETURN_NULL();
	if (as_proportion(&quotient, method))
		wilson_of(&quotient, normal_quantile(confidence), &low, &high);
	else
	{
		double		value = to_double(quotient.value);
		double		error;
		double		half;

		if (!delta_error(&quotient, &error))
			PG_RETURN_NULL();
		half = student_quantile(confidence, (double) (summary.rows - 1)) * error;
		low = value - half;
		high = value + half;
	}
	/* counts beyond all doubles */
	if (isnan(low))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(high_end ? high : low);
}

Datum
ratio_ci_low(PG_FUNCTION_ARGS)
{
	return interval_end(fcinfo, false);
}

Datum
ratio_ci_high(PG_FUNCTION_ARGS)
{
	return interval_end(fcinfo, true);
}

Datum
ratio_value(PG_FUNCTION_ARGS)
{
	RatioSummary summary = open_ratio(PG_GETARG_DATUM(0));

	return measure_divide(fcinfo, exact_sum_numeric(&summary.numerator), exact_sum_numeric(&summary.denominator));
}

Datum
ratio_numerator(PG_FUNCTION_ARGS)
{
	RatioSummary summary = open_ratio(PG_GETARG_DATUM(0));

	PG_RETURN_NUMERIC(exact_sum_numeric(&summary.numerator));
}

Datum
ratio_denominator(PG_FUNCTION_ARGS)
{
	RatioSummary summary = open_ratio(PG_GETARG_DATUM(0));

	PG_RETURN_NUMERIC(exact_sum_numeric(&summary.denominator));
}

Datum
ratio_rows(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(open_ratio(PG_GETARG_DATUM(0)).rows);
}

/* ---- two ratios ---- */

enum
{
	COMPARE_DIFFERENCE,
	COMPARE_RELATIVE,
	COMPARE_Z,
	COMPARE_P,
	COMPARE_LOW,
	COMPARE_HIGH,
	COMPARE_COLUMNS
};

/*
 * Two proportions: the interval of Newcombe (1998, Statistics in Medicine 17:873, method 10), which joins Wilson's two; the test
 * with the pooled proportion (as R's prop.test without the correction for continuity).
 */
static double
compare_proportions(const Quotient *a, const Quotient *b, double confidence, double *low, double *high)
{
	double		z = normal_quantile(confidence);
	double		hits_a = to_double(a->numerator);
	double		hits_b = to_double(b->numerator);
	double		total_a = to_double(a->denominator);
	double		total_b = to_double(b->denominator);
	double		p_a = hits_a / total_a;
	double		p_b = hits_b / total_b;
	double		pooled = (hits_a + hits_b) / (total_a + total_b);
	double		low_a;
	double		low_b;
	double		high_a;
	double		high_b;

	wilson_of(a, z, &low_a, &high_a);
	wilson_of(b, z, &low_b, &high_b);
	*low = p_b - p_a - hypot(p_b - low_b, high_a - p_a);
	*high = p_b - p_a + hypot(high_b - p_b, p_a - low_a);
	return (p_b - p_a) / sqrt(pooled * (1 - pooled) * (1 / total_a + 1 / total_b));
}

Datum
ratio_compare(PG_FUNCTION_ARGS)
{
	RatioSummary summaries[2];
	Quotient	a;
	Quotient	b;
	double		confidence = measure_confidence(fcinfo, 2);
	Method		method = method_argument(fcinfo, 3);
	TupleDesc	columns;
	Datum		values[COMPARE_COLUMNS] = {0};
	bool		nulls[COMPARE_COLUMNS];
	Numeric		difference;
	double		z = NAN;
	double		low = NAN;
	double		high = NAN;

	summaries[0] = open_ratio(PG_GETARG_DATUM(0));
	summaries[1] = open_ratio(PG_GETARG_DATUM(1));
	memset(nulls, true, sizeof(nulls));
	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	columns = BlessTupleDesc(columns);
	if (!quotient_of(&summaries[0], &a) || !quotient_of(&summaries[1], &b))
		PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(columns, values, nulls)));

	difference = subtract(b.value, a.value);
	values[COMPARE_DIFFERENCE] = NumericGetDatum(difference);
	nulls[COMPARE_DIFFERENCE] = false;
	if (!is_zero(a.value))
	{
		values[COMPARE_RELATIVE] =
			NumericGetDatum(divide(difference, DatumGetNumeric(DirectFunctionCall1(numeric_abs, NumericGetDatum(a.value)))));
		nulls[COMPARE_RELATIVE] = false;
	}
	if (as_proportion(&a, method) && as_proportion(&b, method))
		z = compare_proportions(&a, &b, confidence, &low, &high);
	else
	{
		double		error_a;
		double		error_b;

		if (delta_error(&a, &error_a) && delta_error(&b, &error_b))
		{
			double		change = to_double(difference);
			double		error = hypot(error_a, error_b);
			double		half = normal_quantile(confidence) * error;

			z = change / error;
			low = change - half;
			high = change + half;
		}
	}
	if (isfinite(z))
	{
		values[COMPARE_Z] = Float8GetDatum(z);
		values[COMPARE_P] = Float8GetDatum(normal_two_sided(z));
		nulls[COMPARE_Z] = nulls[COMPARE_P] = false;
	}
	if (!isnan(low))
	{
		values[COMPARE_LOW] = Float8GetDatum(low);
		values[COMPARE_HIGH] = Float8GetDatum(high);
		nulls[COMPARE_LOW] = nulls[COMPARE_HIGH] = false;
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(columns, values, nulls)));
}
