/*
 * survey_access.c: reading a kpi.survey: its score, how sure it is, and who said what.
 */
#include "measures/survey.h"

#include <math.h>

#include "funcapi.h"
#include "utils/builtins.h"

#include "measures/distribution.h"
#include "measures/proportion.h"

PG_FUNCTION_INFO_V1(survey_score);
PG_FUNCTION_INFO_V1(survey_ci_low);
PG_FUNCTION_INFO_V1(survey_ci_high);
PG_FUNCTION_INFO_V1(survey_total);
PG_FUNCTION_INFO_V1(survey_promoters);
PG_FUNCTION_INFO_V1(survey_passives);
PG_FUNCTION_INFO_V1(survey_detractors);
PG_FUNCTION_INFO_V1(survey_kind_of);
PG_FUNCTION_INFO_V1(survey_distribution);

#define PROMOTERS_FROM	(9 * SURVEY_UNIT)
#define DETRACTORS_TO	(6 * SURVEY_UNIT)

static const SurveySummary *
open_survey(Datum datum)
{
	SurveySummary *summary = palloc0(survey_type.summary_size);

	summary_open(&survey_type, datum, summary);
	return summary;
}

/* How many of the top scores there are; for kinds with such. */
static int64
top_of(const SurveySummary *summary)
{
	const SurveyKind *kind = &summary->kind;

	return survey_summary_between(summary, kind->high - (kind->top - 1) * SURVEY_UNIT, kind->high);
}

static double
mean_of(const SurveySummary *summary)
{
	__int128	sum = 0;

	for (size_t i = 0; i < summary->used; i++)
		sum += (__int128) summary->scores[i].score * summary->scores[i].count;
	return (double) sum / (double) summary->total / SURVEY_UNIT;
}

/* Of a mean: the standard deviation of a sample over the root of how many there are. */
static double
error_of_mean(const SurveySummary *summary, double mean)
{
	double		squares = 0;

	for (size_t i = 0; i < summary->used; i++)
	{
		double		distance = (double) summary->scores[i].score / SURVEY_UNIT - mean;

		squares += distance * distance * (double) summary->scores[i].count;
	}
	return sqrt(squares / (double) (summary->total - 1) / (double) summary->total);
}

/* A survey that somebody has answered. */
static double
score_of(const SurveySummary *summary)
{
	if (summary->kind.measure == SURVEY_NPS)
		return 100.0 * (double) (survey_summary_between(summary, PROMOTERS_FROM, summary->kind.high) -
								 survey_summary_between(summary, summary->kind.low, DETRACTORS_TO)) / (double) summary->total;
	if (summary->kind.top > 0)
		return 100.0 * (double) top_of(summary) / (double) summary->total;
	return mean_of(summary);
}

Datum
survey_score(PG_FUNCTION_ARGS)
{
	const SurveySummary *summary = open_survey(PG_GETARG_DATUM(0));

	if (summary->total == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(score_of(summary));
}

/*
 * The half of an interval around a score that is a difference of shares, in points: a promoter counts 1, a detractor -1,
 * others 0, so the variance of one answer is promoters + detractors - (promoters - detractors)^2.
 */
static double
nps_half(const SurveySummary *summary, double confidence)
{
	double		n = (double) summary->total;
	double		promoters = (double) survey_summary_between(summary, PROMOTERS_FROM, summary->kind.high) / n;
	double		detractors = (double) survey_summary_between(summary, summary->kind.low, DETRACTORS_TO) / n;
	double		variance = promoters + detractors - (promoters - detractors) * (promoters - detractors);

	return 100 * normal_quantile(confidence) * sqrt(fmax(0, variance) / n);
}

/* (survey, confidence) */
static Datum
interval_end(FunctionCallInfo fcinfo, bool high_end)
{
	const SurveySummary *summary = open_survey(PG_GETARG_DATUM(0));
	const SurveyKind *kind = &summary->kind;
	double		confidence = measure_confidence(fcinfo, 1);
	double		low;
	double		high;

	if (summary->total == 0)
		PG_RETURN_NULL();
	if (kind->measure == SURVEY_NPS)
	{
		double		half = nps_half(summary, confidence);

		low = fmax(-100, score_of(summary) - half);
		high = fmin(100, score_of(summary) + half);
	}
	else if (kind->top > 0)
	{
		wilson_interval_at((double) top_of(summary), (double) summary->total, normal_quantile(confidence), &low, &high);
		low *= 100;
		high *= 100;
	}
	else
	{
		double		mean = mean_of(summary);
		double		half;

		if (summary->total < 2)
			PG_RETURN_NULL();
		half = student_quantile(confidence, (double) (summary->total - 1)) * error_of_mean(summary, mean);
		low = mean - half;
		high = mean + half;
		if (kind->bounded)
		{
			low = fmax(low, (double) kind->low / SURVEY_UNIT);
			high = fmin(high, (double) kind->high / SURVEY_UNIT);
		}
	}
	PG_RETURN_FLOAT8(high_end ? high : low);
}

Datum
survey_ci_low(PG_FUNCTION_ARGS)
{
	return interval_end(fcinfo, false);
}

Datum
survey_ci_high(PG_FUNCTION_ARGS)
{
	return interval_end(fcinfo, true);
}

Datum
survey_total(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(open_survey(PG_GETARG_DATUM(0))->total);
}

/* ---- of nps ---- */

static Datum
between(FunctionCallInfo fcinfo, int64 low, int64 high)
{
	const SurveySummary *summary = open_survey(PG_GETARG_DATUM(0));

	if (summary->text == NULL || summary->kind.measure != SURVEY_NPS)
		PG_RETURN_NULL();
	PG_RETURN_INT64(survey_summary_between(summary, low, high));
}

Datum
survey_promoters(PG_FUNCTION_ARGS)
{
	return between(fcinfo, PROMOTERS_FROM, PG_INT64_MAX);
}

Datum
survey_passives(PG_FUNCTION_ARGS)
{
	return between(fcinfo, DETRACTORS_TO + 1, PROMOTERS_FROM - 1);
}

Datum
survey_detractors(PG_FUNCTION_ARGS)
{
	return between(fcinfo, PG_INT64_MIN, DETRACTORS_TO);
}

Datum
survey_kind_of(PG_FUNCTION_ARGS)
{
	const SurveySummary *summary = open_survey(PG_GETARG_DATUM(0));

	if (summary->text == NULL)
		PG_RETURN_NULL();
	return language_value_make(summary->text, summary->length);
}

/* ---- who said what ---- */

static void
put_row(ReturnSetInfo *result, const SurveySummary *summary, int64 score, int64 count)
{
	Datum		values[3];
	bool		nulls[3] = {false, false, summary->total == 0};

	values[0] = NumericGetDatum(survey_score_numeric(score));
	values[1] = Int64GetDatum(count);
	values[2] = summary->total == 0 ? (Datum) 0 : Float8GetDatum((double) count / (double) summary->total);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* A row for each score: of a scale of whole numbers all there are, else those that somebody gave. */
Datum
survey_distribution(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const SurveySummary *summary;

	materialize_rows(fcinfo);
	summary = open_survey(PG_GETARG_DATUM(0));
	if (summary->kind.whole)
	{
		for (int64 score = summary->kind.low; score <= summary->kind.high; score += SURVEY_UNIT)
			put_row(result, summary, score, survey_summary_between(summary, score, score));
	}
	else
	{
		for (size_t i = 0; i < summary->used; i++)
			put_row(result, summary, summary->scores[i].score, summary->scores[i].count);
	}
	return (Datum) 0;
}
