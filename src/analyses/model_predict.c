/*
 * model_predict.c: what a fitted model says of a customer: kpi.probability_alive() and what follows.
 */
#include "analyses/model_value.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "models/special.h"

PG_FUNCTION_INFO_V1(model_probability_alive);
PG_FUNCTION_INFO_V1(model_expected_purchases);
PG_FUNCTION_INFO_V1(model_residual_purchases);
PG_FUNCTION_INFO_V1(model_expected_value);
PG_FUNCTION_INFO_V1(model_lifetime_value);
PG_FUNCTION_INFO_V1(model_survival);
PG_FUNCTION_INFO_V1(model_expected_lifetime);

pg_noreturn static void bad_argument(const char *name, double value, const char *what, const char *hint);

static void
bad_argument(const char *name, double value, const char *what, const char *hint)
{
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("%s %g %s", name, value, what),
			hint != NULL ? errhint("%s", hint) : 0);
}

/* What the models can calculate with; and the whole numbers that a double can tell apart. */
#define MOST_SIZE 1e100
#define MOST_COUNT 0x1p53

/* A number from 0 on; infinite only if that is allowed. */
static double
size_argument(FunctionCallInfo fcinfo, int i, const char *name, bool infinite)
{
	double		value = PG_GETARG_FLOAT8(i);

	if (isnan(value) || value < 0)
		bad_argument(name, value, "is not a number from 0 on", NULL);
	if (isinf(value) ? !infinite : value > MOST_SIZE)
		bad_argument(name, value, isinf(value) ? "has to be finite" : "is more than 1e100", NULL);
	return value;
}

static double
whole_argument(FunctionCallInfo fcinfo, int i, const char *name, const char *hint)
{
	double		value = size_argument(fcinfo, i, name, false);

	if (value != floor(value))
		bad_argument(name, value, "is not a whole number", hint);
	if (value > MOST_COUNT)
		bad_argument(name, value, "is more than 2^53", NULL);
	return value;
}

/* The model of argument i: that one, or any model of purchases if `wanted` is NULL. */
static Fit
model_argument(FunctionCallInfo fcinfo, int i, const Model *wanted)
{
	Fit			fit = model_value_open(PG_GETARG_DATUM(i));

	if (wanted == NULL ? fit.model->alive == NULL : fit.model != wanted)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("model %s is not %s", fit.model->name, wanted == NULL ? "a model of purchases" : wanted->name),
				wanted == NULL ? errhint("Take one that kpi.fit() has fitted as bg_nbd, mbg_nbd, pareto_nbd or bg_bb.")
				: wanted == &model_sbg ? errhint("Take one that kpi.fit_sbg() has fitted.")
				: errhint("Take one that kpi.fit() has fitted as %s.", wanted->name));
	return fit;
}

#define REPEATS_HINT "It counts repeat purchases: the times after the first one."

/* frequency, recency and age, from argument i on */
static ModelGroup
customer_arguments(FunctionCallInfo fcinfo, int i, const Fit *fit)
{
	bool		in_periods = fit->model == &model_bg_bb;
	ModelGroup	customer = {0};

	customer.frequency = whole_argument(fcinfo, i, "frequency", REPEATS_HINT);
	customer.recency = in_periods ? whole_argument(fcinfo, i + 1, "recency", "bg_bb counts whole periods.")
		: size_argument(fcinfo, i + 1, "recency", false);
	customer.age = in_periods ? whole_argument(fcinfo, i + 2, "age", "bg_bb counts whole periods.")
		: size_argument(fcinfo, i + 2, "age", false);
	if (customer.recency > customer.age)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("recency %g is more than age %g", customer.recency, customer.age),
				errhint("Both begin at the first purchase: recency ends at the last purchase, age today, in the unit %s.",
						time_unit_name[fit->time_unit]));
	if (customer.frequency == 0 && customer.recency > 0)
		bad_argument("recency", customer.recency, "cannot be where frequency is 0",
					 "Recency is the time from the first purchase to the last one, 0 if there was only one.");
	if (in_periods && customer.recency < customer.frequency)
		bad_argument("recency", customer.recency, "is less than frequency", "bg_bb counts at most one purchase in a period.");
	if (in_periods && customer.age > MODEL_MOST_PERIODS)
		bad_argument("age", customer.age, "is more than 100000 periods", NULL);
	return customer;
}

/* Time units in a year: 365 days. */
static double
units_of_year(TimeUnit unit)
{
	static const double units[TIME_UNITS] = {
		[TIME_DAY] = 365, [TIME_WEEK] = 365.0 / 7, [TIME_MONTH] = 12, [TIME_QUARTER] = 4, [TIME_YEAR] = 1,
		[TIME_HOUR] = 8760
	};

	return units[unit];
}

/* A discount rate for a year, as the continuous rate of a time unit. */
static double
discount_argument(FunctionCallInfo fcinfo, int i, TimeUnit unit)
{
	double		rate = PG_GETARG_FLOAT8(i);

	if (isnan(rate) || isinf(rate) || rate < 0)
		bad_argument("discount_rate", rate, "is not a rate", "It is a share for a year: 0.1 for 10 %.");
	return log1p(rate) / units_of_year(unit);
}

/* Purchases still to come, each discounted at a continuous rate; an error if the model has no such thing. */
static double
all_purchases(const Fit *fit, const ModelGroup *customer, double rate, const char *what)
{
	if (fit->model->residual == NULL)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s needs a model that has one: %s has none", what, fit->model->name),
				errhint("Take pareto_nbd or bg_bb, or a finite horizon."));
	return fit->model->residual(fit->parameter, customer, fit->model == &model_bg_bb ? expm1(rate) : rate);
}

/*
 * Purchases within a finite horizon, each discounted at a continuous rate. That is, with the expected number E(t),
 * e^(-rate h) E(h) + rate * the integral of e^(-rate t) E(t), which is taken in ln t: there E is smooth, whatever
 * its scale. A model of periods has the purchases of each at its end.
 */
static double
discounted_purchases(const Fit *fit, const ModelGroup *customer, double horizon, double rate)
{
	const Model *model = fit->model;
	const double *p = fit->parameter;
	double		end,
				range,
				panels,
				integral = 0;

	if (rate == 0 || horizon == 0)
		return model->expected(p, customer, horizon);
	if (model == &model_bg_bb)
		return model_bg_bb_discounted(p, customer, horizon, expm1(rate));
	/* what is later weighs nothing, and what is earlier by this range is less than rounding */
	end = Min(horizon, 50 / rate);
	range = Max(32 + log(rate * end), 3);
	panels = ceil(range / 3);
	for (int k = 0; k < (int) panels; k++)
		for (int i = 0; i < SPECIAL_NODES; i++)
		{
			double		t = end * exp(-range * (k + special_node[i]) / panels);

			integral += special_weight[i] * range / panels * t * exp(-rate * t) * model->expected(p, customer, t);
		}
	return exp(-rate * horizon) * model->expected(p, customer, horizon) + rate * integral;
}

static Datum
number_or_null(FunctionCallInfo fcinfo, double value)
{
	if (isnan(value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}

Datum
model_probability_alive(PG_FUNCTION_ARGS)
{
	Fit			fit = model_argument(fcinfo, 0, NULL);
	ModelGroup	customer = customer_arguments(fcinfo, 1, &fit);

	PG_RETURN_FLOAT8(fit.model->alive(fit.parameter, &customer));
}

static double
horizon_argument(FunctionCallInfo fcinfo, int i, const Fit *fit, bool infinite)
{
	double		horizon = size_argument(fcinfo, i, "horizon", infinite);

	if (fit->model == &model_bg_bb && horizon != floor(horizon))
		bad_argument("horizon", horizon, "is not a whole number", "bg_bb counts whole periods.");
	return horizon;
}

Datum
model_expected_purchases(PG_FUNCTION_ARGS)
{
	Fit			fit = model_argument(fcinfo, 0, NULL);
	ModelGroup	customer = customer_arguments(fcinfo, 1, &fit);
	double		horizon = horizon_argument(fcinfo, 4, &fit, true);

	PG_RETURN_FLOAT8(isinf(horizon) ? all_purchases(&fit, &customer, 0, "an infinite horizon")
					 : fit.model->expected(fit.parameter, &customer, horizon));
}

Datum
model_residual_purchases(PG_FUNCTION_ARGS)
{
	Fit			fit = model_argument(fcinfo, 0, NULL);
	ModelGroup	customer = customer_arguments(fcinfo, 1, &fit);

	PG_RETURN_FLOAT8(all_purchases(&fit, &customer, discount_argument(fcinfo, 4, fit.time_unit), "a residual value"));
}

/* The amount expected of a purchase; NaN if the model has no mean of it. */
static double
amount_of(FunctionCallInfo fcinfo, const Fit *money, double frequency, int i)
{
	double		monetary = size_argument(fcinfo, i, "monetary", false);

	/* no repeat purchase, or only free ones, tell nothing of what the customer pays */
	return model_gamma_gamma_mean(money->parameter, monetary > 0 ? frequency : 0, monetary);
}

Datum
model_expected_value(PG_FUNCTION_ARGS)
{
	Fit			money = model_argument(fcinfo, 0, &model_gamma_gamma);
	double		frequency = whole_argument(fcinfo, 1, "frequency", REPEATS_HINT);

	return number_or_null(fcinfo, amount_of(fcinfo, &money, frequency, 2));
}

Datum
model_lifetime_value(PG_FUNCTION_ARGS)
{
	Fit			fit = model_argument(fcinfo, 0, NULL);
	Fit			money = model_argument(fcinfo, 1, &model_gamma_gamma);
	ModelGroup	customer = customer_arguments(fcinfo, 2, &fit);
	double		amount = amount_of(fcinfo, &money, customer.frequency, 5);
	double		horizon = horizon_argument(fcinfo, 6, &fit, true);
	double		rate = discount_argument(fcinfo, 7, fit.time_unit);

	return number_or_null(fcinfo, amount * (isinf(horizon) ? all_purchases(&fit, &customer, rate, "an infinite horizon")
											: discounted_purchases(&fit, &customer, horizon, rate)));
}

Datum
model_survival(PG_FUNCTION_ARGS)
{
	Fit			fit = model_argument(fcinfo, 0, &model_sbg);

	PG_RETURN_FLOAT8(model_sbg_survival(fit.parameter, whole_argument(fcinfo, 1, "periods", NULL)));
}

Datum
model_expected_lifetime(PG_FUNCTION_ARGS)
{
	Fit			fit = model_argument(fcinfo, 0, &model_sbg);
	double		renewals = whole_argument(fcinfo, 1, "renewals", NULL);

	PG_RETURN_FLOAT8(model_sbg_residual(fit.parameter, renewals, expm1(discount_argument(fcinfo, 2, fit.time_unit))));
}
