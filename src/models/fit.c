/*
 * fit.c: see fit.h.
 */
#include "models/fit.h"

#include <math.h>
#include <string.h>

#include "host.h"
#include "models/optimise.h"

typedef struct Data
{
	const Model *model;
	const ModelGroup *groups;
	size_t		n;
} Data;

/* The log-likelihood by the logarithms of the parameters. */
static double
by_logarithms(void *context, const double *x, double *gradient)
{
	const Data *data = context;
	double		p[MODEL_PARAMETERS],
				value;
	int			k;

	for (k = 0; k < data->model->parameters; k++)
		p[k] = exp(x[k]);
	value = data->model->log_likelihood(p, data->groups, data->n, gradient);
	for (k = 0; k < data->model->parameters; k++)
		gradient[k] *= p[k];
	return value;
}

static bool
has_unit(const Model *model, ModelUnit unit)
{
	int			k;

	for (k = 0; k < model->parameters; k++)
		if (model->unit[k] == unit)
			return true;
	return false;
}

/* Tells what is missing, if it is. */
static void
check_enough(const Model *model, const ModelGroup *groups, size_t n, double customers)
{
	double		repeats = 0,
				periods = 0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		repeats += groups[i].frequency;
		periods = fmax(periods, groups[i].age);
	}
	if (customers == 0)
		host_fail(HOST_BAD_VALUE, model == &model_gamma_gamma
				  ? "The amounts of repeat purchases are what it is fitted to." : NULL,
				  model == &model_gamma_gamma ? "no customer has bought again, so %s has no data"
				  : "there are no customers to fit %s to", model->name);
	if (model == &model_gamma_gamma && n < 2)
		host_fail(HOST_BAD_VALUE, "It needs customers whose repeat purchases differ.",
				  "all customers who bought again spent the same, which is too little for %s", model->name);
	if (repeats == 0)
		host_fail(HOST_BAD_VALUE, "Take a longer time, or more customers.",
				  "no customer has bought again, so %s has nothing to learn from", model->name);
	if (has_unit(model, MODEL_TIME) && periods == 0)
		host_fail(HOST_BAD_VALUE, NULL, "all customers bought first on the last day, so %s has no time to look at",
				  model->name);
}

/* So many customers are enough to get near the top. */
#define SAMPLE 2048

/*
 * Every so-manieth customer, each standing for as many: sorted as the groups are, and the same for the same groups. Returns
 * how many groups they make; `sample` has room for SAMPLE.
 */
static size_t
take_sample(const ModelGroup *groups, size_t n, double customers, ModelGroup *sample)
{
	double		each = customers / SAMPLE,
				passed = 0;
	size_t		used = 0,
				i,
				taken = 0;

	for (i = 0; i < n; i++)
	{
		double		count = 0;

		passed += groups[i].count;
		for (; taken < SAMPLE && (taken + 0.5) * each < passed; taken++)
			count += each;
		if (count == 0)
			continue;
		sample[used] = groups[i];
		sample[used++].count = count;
	}
	return used;
}

Fit
model_fit(const Model *model, ModelGroup *groups, size_t n)
{
	Fit			fit;
	Data		data = {model, groups, n},
				sample = {model, NULL, 0};
	double		time = 1,
				money = 1,
				longest = 0,
				amounts = 0,
				repeats = 0;
	Optimum		optimum;
	size_t		i;
	int			k;

	memset(&fit, 0, sizeof(fit));
	fit.model = model;
	for (i = 0; i < n; i++)
	{
		fit.n += groups[i].count;
		longest = fmax(longest, groups[i].age);
		repeats += groups[i].count * groups[i].frequency;
		amounts += groups[i].count * groups[i].money;
	}
	check_enough(model, groups, n, fit.n);
	if (has_unit(model, MODEL_TIME))
		time = longest;
	if (has_unit(model, MODEL_MONEY))
		money = amounts / repeats;
	for (i = 0; i < n; i++)
	{
		groups[i].recency /= time;
		groups[i].age /= time;
		groups[i].money /= money;
	}
	if (n > 4 * SAMPLE)
	{
		ModelGroup *taken = host_alloc(NULL, SAMPLE * sizeof(ModelGroup));

		sample.n = take_sample(groups, n, fit.n, taken);
		sample.groups = taken;
	}
	optimum = optimise(by_logarithms, &data, sample.n > 0 ? &sample : NULL, model->parameters);
	if (!isfinite(optimum.value))
		host_fail(HOST_BAD_VALUE, NULL, "%s cannot be fitted to these data: no parameters make them possible", model->name);
	for (k = 0; k < model->parameters; k++)
	{
		fit.parameter[k] = exp(optimum.x[k])
			* (model->unit[k] == MODEL_TIME ? time : model->unit[k] == MODEL_MONEY ? money : 1);
		fit.error[k] = optimum.error[k] * fit.parameter[k];
		fit.at_bound[k] = optimum.at_bound[k];
	}
	/* the density of what was scaled: of the time of each repeat purchase, of each mean amount */
	fit.log_likelihood = optimum.value - repeats * log(time) - (money == 1 ? 0 : fit.n * log(money));
	fit.converged = optimum.converged;
	fit.evaluations = optimum.evaluations;
	return fit;
}
