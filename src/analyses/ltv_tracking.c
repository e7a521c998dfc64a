/*
 * ltv_tracking.c: fitted models against what customers did: kpi.expected_cumulative() and kpi.holdout_error().
 */
#include "analyses/ltv_fit.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "analyses/model_value.h"

PG_FUNCTION_INFO_V1(ltv_expected_cumulative);
PG_FUNCTION_INFO_V1(ltv_holdout_error);

/* The model of argument 0, if it measures time as the summary does. */
static Fit
model_for(FunctionCallInfo fcinfo, const LtvSummary *summary)
{
	Fit			fit = model_value_open(PG_GETARG_DATUM(0));

	if (fit.model->expected_new == NULL || fit.model == &model_bg_bb)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("model %s does not tell purchases by the day", fit.model->name),
				errhint("Take bg_nbd, mbg_nbd or pareto_nbd."));
	if (summary->text != NULL && fit.time_unit != ltv_time_unit(summary, fit.model))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("the model measures time in units of a %s, the ltv in units of a %s", time_unit_name[fit.time_unit],
					   time_unit_name[ltv_time_unit(summary, fit.model)]),
				errhint("Fit the model to an ltv of the same unit."));
	return fit;
}

/* Repeat purchases expected of a new customer within so many days, computed once for each number. */
static double
expected_within(const Fit *fit, double unit, double *known, int64 days)
{
	if (isnan(known[days]))
	{
		CHECK_FOR_INTERRUPTS();
		known[days] = fit->model->expected_new(fit->parameter, (double) days / unit);
	}
	return known[days];
}

#define MOST_ROWS 1000000

Datum
ltv_expected_cumulative(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LtvSummary	summary = {0};
	Fit			fit;
	double		unit,
			   *known;
	int64		end,
				start,
				step,
				repeats = 0,
				before = 0;
	size_t		seen = 0;

	materialize_rows(fcinfo);
	analysis_open(&ltv_analysis, PG_GETARG_DATUM(1), &summary);
	fit = model_for(fcinfo, &summary);
	if (summary.ndays == 0)
		PG_RETURN_NULL();
	unit = ltv_unit_days(&summary);
	step = (int64) unit;
	start = summary.days[0].day;
	end = ltv_end_day(&summary);
	if (end == LTV_NO_DAY)
		end = summary.days[summary.ndays - 1].day;
	if ((end - start) / step >= MOST_ROWS)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("more than %d rows to track", MOST_ROWS),
				errhint("Purchases seem to be centuries apart: look for times that are wrong."));
	known = palloc(mul_size(sizeof(double), end - start + 1));
	for (int64 i = 0; i <= end - start; i++)
		known[i] = NAN;
	/* the last row is shorter if the data do not end with a whole unit */
	for (int64 day = start + step - 1;; day = Min(day + step, end))
	{
		double		expected = 0;
		Datum		values[4];
		bool		nulls[4] = {false};

		CHECK_FOR_INTERRUPTS();
		if (day > end)
			day = end;
		for (; seen < summary.ndays && summary.days[seen].day <= day; seen++)
			repeats += summary.days[seen].repeats;
		for (size_t i = 0; i < seen; i++)
			if (summary.days[i].customers > 0)
				expected += (double) summary.days[i].customers
					* expected_within(&fit, unit, known, day - summary.days[i].day);
		values[0] = DateADTGetDatum((DateADT) day);
		values[1] = Int64GetDatum(repeats - before);
		values[2] = Int64GetDatum(repeats);
		values[3] = Float8GetDatum(expected);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		before = repeats;
		if (day >= end)
			break;
	}
	PG_RETURN_NULL();
}

/* Repeat purchases in the calibration that are told apart; the last bin is for more. */
#define BINS 8

typedef struct Bin
{
	int64		customers;
	double		actual;
	double		expected;
	double		absolute;		/* sum of |expected - actual| */
} Bin;

static void
add_to_bin(Bin *bin, int64 customers, double actual, double expected)
{
	bin->customers += customers;
	bin->actual += actual * (double) customers;
	bin->expected += expected * (double) customers;
	bin->absolute += fabs(expected - actual) * (double) customers;
}

Datum
ltv_holdout_error(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LtvSummary	summary = {0};
	Bin			bins[BINS + 1] = {0};	/* the last: all customers */
	Fit			fit;
	double		unit,
				horizon,
				last_day;
	CountEntry *entries;

	materialize_rows(fcinfo);
	analysis_open(&ltv_analysis, PG_GETARG_DATUM(1), &summary);
	fit = model_for(fcinfo, &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	if (summary.spec.holdout == LTV_NO_DAY)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("the ltv has no holdout to compare the model with"),
				errhint("Collect it with \"holdout from DATE\", and fit the model to that."));
	if (ltv_end_day(&summary) == LTV_NO_DAY)
		PG_RETURN_NULL();
	unit = ltv_unit_days(&summary);
	last_day = (double) ltv_last_day(&summary);
	horizon = ((double) ltv_end_day(&summary) - last_day) / unit;
	if (horizon <= 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("the holdout has not begun when the data end"),
				errhint("Collect the ltv with an earlier holdout."));
	entries = count_table_sorted(&summary.histories);
	for (size_t i = 0; i < summary.histories.used; i++)
	{
		const uint32_t *part = entries[i].key.part;
		ModelGroup	customer = {part[2], 0, 0, 0, 1};
		double		first,
					last,
					expected;

		CHECK_FOR_INTERRUPTS();
		ltv_history_days(&summary, &entries[i].key, &first, &last);
		customer.age = Max(last_day - first, 0) / unit;
		customer.recency = part[2] > 0 ? Min(Max(last - first, 0) / unit, customer.age) : 0;
		expected = fit.model->expected(fit.parameter, &customer, horizon);
		add_to_bin(&bins[Min(part[2], BINS - 1)], entries[i].count, part[3], expected);
		add_to_bin(&bins[BINS], entries[i].count, part[3], expected);
	}
	for (int b = 0; b <= BINS; b++)
	{
		double		customers = (double) bins[b].customers;
		Datum		values[6];
		bool		nulls[6] = {false};

		if (bins[b].customers == 0)
			continue;
		values[0] = Int32GetDatum(b);
		nulls[0] = b == BINS;
		values[1] = Int64GetDatum(bins[b].customers);
		values[2] = Float8GetDatum(bins[b].actual / customers);
		values[3] = Float8GetDatum(bins[b].expected / customers);
		values[4] = Float8GetDatum((bins[b].expected - bins[b].actual) / customers);
		values[5] = Float8GetDatum(bins[b].absolute / customers);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_NULL();
}
