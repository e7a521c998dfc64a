/*
 * fit_test.c: random customers drawn from known parameters give these back within their errors; published fits;
 * scales; data that have no best parameters, or are too few.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host.h"
#include "models/fit.h"
#include "random.h"

#define CUSTOMERS 20000

static double
uniform(void)
{
	return ((random_bits() >> 11) + 0.5) * 0x1p-53;
}

static double
normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* Marsaglia and Tsang; the rate is 1 */
static double
gamma_random(double shape)
{
	double		d,
				c;

	if (shape < 1)
		return gamma_random(shape + 1) * pow(uniform(), 1 / shape);
	d = shape - 1.0 / 3;
	c = 1 / sqrt(9 * d);
	for (;;)
	{
		double		x = normal(),
					v = pow(1 + c * x, 3);

		if (v > 0 && log(uniform()) < 0.5 * x * x + d - d * v + d * log(v))
			return d * v;
	}
}

static double
beta_random(double a, double b)
{
	double		x = gamma_random(a),
				y = gamma_random(b);

	return x + y > 0 ? x / (x + y) : a > b;
}

static int
compare_groups(const void *a, const void *b)
{
	const ModelGroup *g = a,
			   *h = b;

	if (g->frequency != h->frequency)
		return g->frequency < h->frequency ? -1 : 1;
	if (g->recency != h->recency)
		return g->recency < h->recency ? -1 : 1;
	return (g->age > h->age) - (g->age < h->age);
}

/* A customer as the model's story goes. */
static ModelGroup
live(const Model *model, const double *p)
{
	ModelGroup	g = {0, 0, 0, 0, 1};

	if (model == &model_gamma_gamma)
	{
		double		nu = gamma_random(p[1]) / p[2];

		g.frequency = 1 + (double) (random_bits() % 6);
		g.money = gamma_random(p[0] * g.frequency) / nu;
	}
	else if (model == &model_sbg)
	{
		double		leaves = beta_random(p[0], p[1]);

		do
		{
			g.frequency++;
			g.recency = uniform() < leaves;
		} while (g.recency == 0 && g.frequency < 9);
	}
	else if (model == &model_bg_bb)
	{
		double		buys = beta_random(p[0], p[1]),
					leaves = beta_random(p[2], p[3]);

		int			i;

		g.age = 10;
		for (i = 1; i <= 10 && uniform() >= leaves; i++)
			if (uniform() < buys)
			{
				g.frequency++;
				g.recency = i;
			}
	}
	else
	{
		double		rate = gamma_random(p[0]) / p[1],
					leaves = model == &model_pareto_nbd ? 0 : beta_random(p[2], p[3]),
					end,
					t = 0;

		g.age = 20 + 30 * uniform();
		end = g.age;
		if (model == &model_pareto_nbd)
			end = fmin(end, -log(uniform()) / (gamma_random(p[2]) / p[3]));
		if (model != &model_mbg_nbd || uniform() >= leaves)
			while ((t += -log(uniform()) / rate) < end)
			{
				g.frequency++;
				g.recency = t;
				if (uniform() < leaves)
					break;
			}
	}
	return g;
}

static ModelGroup *
population(const Model *model, const double *p, int customers)
{
	ModelGroup *groups = host_alloc(NULL, sizeof(ModelGroup) * customers);
	int			i;

	for (i = 0; i < customers; i++)
		groups[i] = live(model, p);
	qsort(groups, customers, sizeof(ModelGroup), compare_groups);
	return groups;
}

static void
check_recovery(const Model *model, const double *p)
{
	ModelGroup *groups = population(model, p, CUSTOMERS),
			   *scaled = host_alloc(NULL, sizeof(ModelGroup) * CUSTOMERS);
	Fit			fit,
				other;
	double		worst = 0,
				distance = 0;
	bool		times = model->unit[1] == MODEL_TIME;
	int			i;

	for (i = 0; i < CUSTOMERS; i++)
	{
		scaled[i] = groups[i];
		scaled[i].recency *= times ? 604800 : 1;
		scaled[i].age *= times ? 604800 : 1;
		scaled[i].money *= 0.01;
	}
	fit = model_fit(model, groups, CUSTOMERS);
	other = model_fit(model, scaled, CUSTOMERS);
	for (i = 0; i < model->parameters; i++)
	{
		double		unit = model->unit[i] == MODEL_TIME ? 604800 : model->unit[i] == MODEL_MONEY ? 0.01 : 1;

		worst = fmax(worst, fabs(fit.parameter[i] - p[i]) / fit.error[i]);
		distance = fmax(distance, fabs(other.parameter[i] / (fit.parameter[i] * unit) - 1));
		CHECK(fit.error[i] < 0.5 * p[i], "%s: %s = %g, found %g +- %g", model->name, model->parameter[i], p[i],
			  fit.parameter[i], fit.error[i]);
	}
	CHECK(fit.converged && worst < 4, "%s: recovered within 4 standard errors (%.1f) in %d evaluations", model->name, worst,
		  fit.evaluations);
	CHECK(other.converged && distance < 1e-4, "%s: units do not matter (%.1g)", model->name, distance);
	FORGET();
}

/* Fader and Hardie (2007), table 1 and appendix B; NaN: not published. */
static void
check_published(const char *name, const double *survivors, double alpha, double beta, double log_likelihood)
{
	ModelGroup	groups[8];
	Fit			fit;
	int			i;

	for (i = 1; i < 8; i++)
		groups[i - 1] = (ModelGroup) {i, 1, 0, 0, survivors[i - 1] - survivors[i]};
	groups[6 + 1] = groups[6];
	groups[6] = (ModelGroup) {7, 0, 0, 0, survivors[7]};
	fit = model_fit(&model_sbg, groups, 8);
	CHECK(fabs(fit.parameter[0] - alpha) < 6e-4 && fabs(fit.parameter[1] - beta) < 6e-4
		  && !(fabs(fit.log_likelihood / fit.n - log_likelihood) > 6e-4),
		  "sbg, Fader and Hardie 2007, %s: alpha %.4f, beta %.4f, ln L / n %.4f", name, fit.parameter[0], fit.parameter[1],
		  fit.log_likelihood / fit.n);
}

static void
check_edges(void)
{
	/* all who came back came on their last day: no one ever drops out, a -> 0 */
	double		p[4] = {0.8, 5, 1e-9, 1};
	ModelGroup *groups = population(&model_bg_nbd, p, 2000);
	ModelGroup	customer = {3, 10, 30, 0, 1};
	Fit			fit;
	int			i;

	for (i = 0; i < 2000; i++)
		if (groups[i].frequency > 0)
			groups[i].recency = groups[i].age;
	qsort(groups, 2000, sizeof(ModelGroup), compare_groups);
	fit = model_fit(&model_bg_nbd, groups, 2000);
	CHECK(fit.converged && !fit.at_bound[0] && !fit.at_bound[1] && fit.at_bound[2] && isnan(fit.error[2]),
		  "bg_nbd without dropout: r %g, alpha %g are found, a %g, b %g at a bound", fit.parameter[0], fit.parameter[1],
		  fit.parameter[2], fit.parameter[3]);
	CHECK(model_bg_nbd.alive(fit.parameter, &customer) > 0.99, "bg_nbd without dropout: all alive");
	groups = population(&model_bg_nbd, p, 2000);
	fit = model_fit(&model_pareto_nbd, groups, 2000);
	CHECK(fit.converged && !fit.at_bound[0] && !fit.at_bound[1] && fit.at_bound[2] && fit.at_bound[3],
		  "pareto_nbd without dropout: r %g, alpha %g; s %g, beta %g at a bound", fit.parameter[0], fit.parameter[1],
		  fit.parameter[2], fit.parameter[3]);
	/* all means are equal: p -> infinity */
	{
		ModelGroup	same[3] = {{1, 0, 0, 10, 5}, {2, 0, 0, 20, 5}, {3, 0, 0, 30, 5}};

		fit = model_fit(&model_gamma_gamma, same, 3);
		CHECK(fit.at_bound[0] && fabs(model_gamma_gamma_mean(fit.parameter, 2, 10) - 10) < 0.01,
			  "gamma_gamma of equal amounts: p %g at its bound, and the amount expected", fit.parameter[0]);
	}
	/* one group only */
	{
		ModelGroup	one = {1, 3, 9, 0, 1};

		fit = model_fit(&model_bg_nbd, &one, 1);
		CHECK(isfinite(fit.log_likelihood) && fit.at_bound[0], "bg_nbd of one customer is fitted to its bounds");
	}
	FORGET();
}

typedef struct Attempt
{
	const Model *model;
	ModelGroup *groups;
	size_t		n;
} Attempt;

static void
attempt(void *argument)
{
	Attempt    *a = argument;

	model_fit(a->model, a->groups, a->n);
}

static void
check_too_few(const Model *model, ModelGroup *groups, size_t n, const char *message)
{
	Attempt		a = {model, groups, n};

	CHECK(!host_unit_try(attempt, &a) && host_unit_error == HOST_BAD_VALUE && strstr(host_unit_message, message) != NULL,
		  "%s of too little: %s", model->name, host_unit_message);
}

static void
check_little(void)
{
	ModelGroup	once[2] = {{0, 0, 5, 0, 3}, {0, 0, 9, 0, 1}},
				today[1] = {{0, 0, 0, 0, 4}},
				again[1] = {{2, 0, 0, 10, 4}};

	check_too_few(&model_bg_nbd, NULL, 0, "no customers");
	check_too_few(&model_pareto_nbd, once, 2, "no customer has bought again");
	check_too_few(&model_mbg_nbd, today, 1, "no customer has bought again");
	check_too_few(&model_gamma_gamma, NULL, 0, "no customer has bought again");
	check_too_few(&model_gamma_gamma, again, 1, "spent the same");
	check_too_few(&model_sbg, NULL, 0, "no customers");
}

int
main(void)
{
	const double pareto[4] = {0.55, 10.6, 0.61, 11.7},
				bg[4] = {0.5, 4.4, 0.79, 2.4},
				mbg[4] = {0.525, 6.183, 0.891, 1.614},
				bb[4] = {1.2, 0.75, 0.66, 2.78},
				gg[3] = {6.25, 3.74, 15.44},
				sbg[2] = {0.67, 3.8};
	const double high[8] = {1000, 869, 743, 653, 593, 551, 517, 491},
				regular[8] = {1000, 631, 468, 382, 326, 289, 262, 241};

	check_recovery(&model_bg_nbd, bg);
	check_recovery(&model_mbg_nbd, mbg);
	check_recovery(&model_pareto_nbd, pareto);
	check_recovery(&model_bg_bb, bb);
	check_recovery(&model_gamma_gamma, gg);
	check_recovery(&model_sbg, sbg);
	check_published("high end", high, 0.668, 3.806, -1.611);
	check_published("regular", regular, 0.704, 1.182, NAN);
	check_edges();
	check_little();
	return DONE();
}
