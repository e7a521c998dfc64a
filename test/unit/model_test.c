/*
 * model_test.c: the models of customer lifetime. Gradients against differences of the likelihood; likelihoods
 * and predictions against simulation-free, slow integration over what a customer may be like.
 */
#include <math.h>
#include <string.h>

#include "check.h"
#include "models/model.h"
#include "models/special.h"
#include "random.h"

static double
uniform(double low, double high)
{
	return low + (high - low) * (random_bits() >> 11) * 0x1p-53;
}

/* 10^ a random number */
static double
magnitude(double low, double high)
{
	return pow(10, uniform(low, high));
}

/* Some groups in the order that the likelihoods want, of histories that can be. */
static size_t
make_groups(const Model *model, ModelGroup *groups)
{
	size_t		n = 0;
	double		x;

	for (x = 0; x < 6; x += 1 + (random_bits() % 3 == 0) * (double) (random_bits() % 40))
	{
		ModelGroup	g = {x, 0, 0, 0, 1 + (double) (random_bits() % 5)};

		if (model == &model_gamma_gamma)
		{
			g.frequency++;
			g.money = magnitude(-2, 3);
		}
		else if (model == &model_sbg)
		{
			g.frequency++;
			g.recency = (double) (random_bits() % 2);
		}
		else if (model == &model_bg_bb)
		{
			g.recency = x == 0 ? 0 : x + (double) (random_bits() % 9);
			g.age = g.recency + (double) (random_bits() % 9);
		}
		else
		{
			g.recency = x == 0 ? 0 : uniform(0.01, 60);
			g.age = g.recency + (random_bits() % 4 == 0 ? 0 : uniform(0, 60));
		}
		groups[n++] = g;
	}
	return n;
}

static void
check_gradient(const Model *model)
{
	double		worst = 0;
	int			round;

	for (round = 0; round < 300; round++)
	{
		ModelGroup	groups[8];
		size_t		n = make_groups(model, groups);
		double		p[MODEL_PARAMETERS],
					gradient[MODEL_PARAMETERS] = {0},
					value;
		int			k;

		for (k = 0; k < model->parameters; k++)
			p[k] = magnitude(-1.5, 2);
		value = model->log_likelihood(p, groups, n, gradient);
		for (k = 0; k < model->parameters; k++)
		{
			double		at = p[k],
						f[4],
						unused[MODEL_PARAMETERS],
						step = 1e-3 * at,
						difference;
			int			i;

			for (i = 0; i < 4; i++)
			{
				p[k] = at + (i < 2 ? i - 2 : i - 1) * step;
				memset(unused, 0, sizeof(unused));
				f[i] = model->log_likelihood(p, groups, n, unused);
			}
			p[k] = at;
			difference = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * step);
			worst = fmax(worst, fabs(difference - gradient[k]) * at / (1 + fabs(gradient[k]) * at + 1e-3 * fabs(value)));
		}
	}
	CHECK(worst < 1e-7, "%s: gradient, worst %.2g", model->name, worst);
}

/*
 * The integral of f(u) over u > 0 by the trapezoidal rule in ln u, which is as good as exact for densities like Gamma's.
 */
#define LOW -46
#define HIGH 12
#define STEP 0.0625

static double
gamma_density(double u, double shape, double rate)
{
	return exp(shape * log(rate * u) - rate * u - special_log_gamma(shape)) / u;
}

/* Pareto/NBD: over the rates of buying and of dropping out, from the definition. */
static void
check_pareto(void)
{
	double		worst = 0;
	int			round;

	for (round = 0; round < 6; round++)
	{
		double		p[4] = {magnitude(-.5, .7), magnitude(-.3, 1), magnitude(-.5, .7), magnitude(-.3, 1)},
					x = (double) (random_bits() % 5),
					likelihood = 0,
					still = 0,
					bought = 0,
					horizon = uniform(1, 40),
					gradient[4] = {0},
					a,
					b;
		ModelGroup	g = {x, x == 0 ? 0 : uniform(1, 20), 0, 0, 1};

		g.age = g.recency + uniform(0, 20);
		for (a = LOW; a < HIGH; a += STEP)
			for (b = LOW; b < HIGH; b += STEP)
			{
				double		l = exp(a),
							m = exp(b),
							both = l + m,
							weight = gamma_density(l, p[0], p[1]) * gamma_density(m, p[2], p[3]) * l * m * STEP * STEP,
							active = pow(l, x) * exp(-both * g.age),
							gone = pow(l, x) * m / both * exp(-both * g.recency) * -expm1(-both * (g.age - g.recency));

				if (weight < 1e-30)
					continue;
				likelihood += weight * (active + gone);
				still += weight * active;
				bought += weight * active * l / m * -expm1(-m * horizon);
			}
		worst = fmax(worst, fabs(log(likelihood) - model_pareto_nbd.log_likelihood(p, &g, 1, gradient)));
		worst = fmax(worst, fabs(still / likelihood - model_pareto_nbd.alive(p, &g)));
		worst = fmax(worst, fabs(bought / likelihood / model_pareto_nbd.expected(p, &g, horizon) - 1));
	}
	CHECK(worst < 1e-6, "pareto_nbd: as integrated over the customers, worst %.2g", worst);
}

/* BG/NBD and MBG/NBD: over the rate of buying and the probability of dropping out (by its logit). */
static void
check_beta_geometric(const Model *model, int first)
{
	double		worst = 0;
	int			round;

	for (round = 0; round < 6; round++)
	{
		double		p[4] = {magnitude(-.5, .7), magnitude(-.3, 1), magnitude(-.5, .7), magnitude(-.3, 1)},
					x = (double) (random_bits() % 5),
					likelihood = 0,
					still = 0,
					bought = 0,
					horizon = uniform(1, 40),
					gradient[4] = {0},
					a,
					y;
		ModelGroup	g = {x, x == 0 ? 0 : uniform(1, 20), 0, 0, 1};

		g.age = g.recency + uniform(0, 20);
		for (a = LOW; a < HIGH; a += STEP)
			for (y = -60; y < 60; y += 0.125)
			{
				double		l = exp(a),
							q = special_logistic(y),
							stays = special_logistic(-y),
							weight = gamma_density(l, p[0], p[1]) * l * STEP * 0.125
					* exp(p[2] * log(q) + p[3] * log(stays) - special_log_beta(p[2], p[3])),
							active = pow(stays, x + first) * pow(l, x) * exp(-l * g.age),
							gone = x + first == 0 ? 0 : q * pow(stays, x + first - 1) * pow(l, x) * exp(-l * g.recency);

				if (weight < 1e-30)
					continue;
				likelihood += weight * (active + gone);
				still += weight * active;
				bought += weight * active * -expm1(-l * q * horizon) / q;
			}
		worst = fmax(worst, fabs(log(likelihood) - model->log_likelihood(p, &g, 1, gradient)));
		worst = fmax(worst, fabs(still / likelihood - model->alive(p, &g)));
		worst = fmax(worst, fabs(bought / likelihood / model->expected(p, &g, horizon) - 1));
	}
	CHECK(worst < 1e-6, "%s: as integrated over the customers, worst %.2g", model->name, worst);
}

/* BG/BB: every history of n periods with its probability, from the definition, sums up to 1; and predictions. */
static void
check_bg_bb(void)
{
	double		p[4] = {1.2, 0.75, 0.66, 2.78},
				total = 0,
				repeat = 0,
				expected = 0,
				gradient[4] = {0},
				discounted = 0,
				rate = 0.1,
				before;
	int			n = 6,
				h,
				mask;

	for (mask = 0; mask < 1 << n; mask++)
	{
		ModelGroup	g = {0, 0, n, 0, 1};
		double		chance_of;
		int			i;

		for (i = 0; i < n; i++)
			if (mask & 1 << i)
			{
				g.frequency++;
				g.recency = i + 1;
			}
		chance_of = exp(model_bg_bb.log_likelihood(p, &g, 1, gradient));
		total += chance_of;
		repeat += chance_of * g.frequency;
		expected += chance_of * model_bg_bb.expected(p, &g, 3);
	}
	CHECK(fabs(total - 1) < 1e-13, "bg_bb: the histories add up to 1 (%.3g off)", total - 1);
	CHECK(fabs(repeat / model_bg_bb.expected_new(p, n) - 1) < 1e-13, "bg_bb: purchases of new customers");
	CHECK(fabs(expected / (model_bg_bb.expected_new(p, n + 3) - repeat) - 1) < 1e-12,
		  "bg_bb: what is expected after n periods adds up to what is expected of n + 3");
	{
		ModelGroup	g = {2, 4, 6, 0, 1};

		for (h = 1, before = 0; h < 2000; h++)
		{
			double		now = model_bg_bb.expected(p, &g, h);

			discounted += (now - before) * pow(1 + rate, -h);
			before = now;
		}
		CHECK(fabs(model_bg_bb.residual(p, &g, rate) / discounted - 1) < 1e-9, "bg_bb: residual purchases");
		CHECK(fabs(model_bg_bb_discounted(p, &g, 1999, rate) / discounted - 1) < 1e-12
			  && fabs(model_bg_bb_discounted(p, &g, 5000, 0) / model_bg_bb.expected(p, &g, 5000) - 1) < 1e-12,
			  "bg_bb: discounted purchases, and as a sum");
		/* in 50 digits */
		CHECK(fabs(model_bg_bb.expected(p, &g, 1e9) / 3555.07328459703331 - 1) < 1e-13, "bg_bb: many periods");
		p[2] = 1;
		total = model_bg_bb.expected(p, &g, 100);
		p[2] = 1 + 1e-9;
		CHECK(fabs(model_bg_bb.expected(p, &g, 100) / total - 1) < 1e-8, "bg_bb: gamma near 1");
	}
}

/* ln of the odds of having dropped out, where parameters differ by much: integrated in 40 digits. */
static void
check_pareto_odds(void)
{
	static const struct
	{
		double		p[4],
					frequency,
					recency,
					age,
					log_odds;
	}			rows[] = {
		{{0.0035, 0.034, 0.004, 26.4}, 0, 0, 688.3, -4.3140190535736562134},
		{{10600000.0, 0.01257, 2.92e-05, 0.05674}, 0, 0, 1.4648, 50527052.6804637656},
		{{0.5, 1e-30, 10000000000.0, 1e+20}, 3, 1.0, 2.0, -21.710654314756368658},
		{{0.4, 1e-12, 0.3, 1000000.0}, 2, 5.0, 5.5, -15.597900209864276205},
		{{30.0, 2e-05, 0.001, 3000000000000.0}, 0, 0, 900.0, 478.84072930072922066},
	};
	double		worst = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		ModelGroup	g = {rows[i].frequency, rows[i].recency, rows[i].age, 0, 1};
		double		alive = model_pareto_nbd.alive(rows[i].p, &g),
					value = special_logistic(-rows[i].log_odds);

		worst = fmax(worst, fabs(alive / fmax(value, 1e-300) - (value > 0)));
	}
	CHECK(worst < 1e-12, "pareto_nbd: parameters of very different size, worst %.2g", worst);
}

/* Whatever parameters a stored model may have, the answers are numbers. */
static void
check_extremes(const Model *model)
{
	int			odd = 0,
				round;

	for (round = 0; round < 2000; round++)
	{
		double		p[MODEL_PARAMETERS],
					x = (double) (random_bits() >> (11 + random_bits() % 53)),
					horizon = magnitude(-100, 100),
					alive,
					expected;
		ModelGroup	g = {x, 0, 0, 0, 1};
		int			k;

		for (k = 0; k < MODEL_PARAMETERS; k++)
			p[k] = magnitude(-100, 100);
		if (model == &model_bg_bb)
		{
			g.frequency = fmod(x, 300);
			g.recency = g.frequency;
			g.age = g.recency + (double) (random_bits() % 300);
			horizon = ceil(horizon);
		}
		else
		{
			g.age = magnitude(-100, 100);
			g.recency = x > 0 ? g.age * uniform(0, 1) : 0;
		}
		alive = model->alive(p, &g);
		expected = model->expected(p, &g, horizon);
		odd += !(alive >= 0 && alive <= 1 && expected >= 0 && isfinite(expected) && isfinite(model->expected_new(p, horizon)));
		if (model->residual != NULL)
			odd += !(model->residual(p, &g, 0) >= expected * (1 - 1e-9) && model->residual(p, &g, 1e-300) >= 0);
	}
	CHECK(odd == 0, "%s: extreme parameters", model->name);
}

/* Residual purchases of the Pareto/NBD: the integral of e^(-rate t) dE[Y(t)] by fine steps. */
static void
check_residual(void)
{
	double		p[4] = {0.55, 10.6, 0.61, 11.7},
				sum = 0,
				t,
				before = 0,
				rate = 0.003;
	ModelGroup	g = {3, 20, 30, 0, 1};

	for (t = -14; t < 9.5; t += 1.0 / 1024)
	{
		double		now = model_pareto_nbd.expected(p, &g, exp(t));

		sum += (now - before) * exp(-rate * exp(t - 0.5 / 1024));
		before = now;
	}
	CHECK(fabs(model_pareto_nbd.residual(p, &g, rate) / sum - 1) < 1e-6, "pareto_nbd: residual purchases");
	CHECK(isinf(model_pareto_nbd.residual(p, &g, 0)), "pareto_nbd: without discount and s < 1 they have no end");
	p[2] = 2.5;
	CHECK(fabs(model_pareto_nbd.residual(p, &g, 0) / model_pareto_nbd.expected(p, &g, 1e12) - 1) < 1e-9
		  && fabs(model_pareto_nbd.residual(p, &g, 1e-12) / model_pareto_nbd.residual(p, &g, 0) - 1) < 1e-5,
		  "pareto_nbd: with s > 1 they have one");
}

/* Gamma-Gamma: the density of the mean amount integrates to 1, with the mean it should have. */
static void
check_gamma_gamma(void)
{
	double		p[3] = {6.25, 3.74, 15.44},
				x = 3,
				total = 0,
				mean = 0,
				expected = 0,
				t;

	for (t = -25; t < 25; t += 0.03125)
	{
		ModelGroup	g = {x, 0, 0, x * exp(t), 1};
		double		gradient[3] = {0},
					weight = exp(model_gamma_gamma.log_likelihood(p, &g, 1, gradient) + t) * 0.03125;

		total += weight;
		mean += weight * exp(t);
		expected += weight * model_gamma_gamma_mean(p, x, exp(t));
	}
	CHECK(fabs(total - 1) < 1e-10, "gamma_gamma: a density");
	CHECK(fabs(mean / model_gamma_gamma_mean(p, 0, 0) - 1) < 1e-6 && fabs(expected / mean - 1) < 1e-6,
		  "gamma_gamma: its mean, and the mean of what is expected");
	p[1] = 0.9;
	CHECK(isnan(model_gamma_gamma_mean(p, 0, 0)) && model_gamma_gamma_mean(p, 1, 10) > 0,
		  "gamma_gamma: no mean of new customers with q <= 1");
}

static void
check_sbg(void)
{
	const double lasting[2] = {0.01, 3.806};
	double		p[2] = {0.668, 3.806},
				total = 0,
				gradient[2] = {0},
				left = 0,
				sum = 0;
	int			t;

	for (t = 1; t <= 50; t++)
	{
		ModelGroup	g = {t, 1, 0, 0, 1};

		total += exp(model_sbg.log_likelihood(p, &g, 1, gradient));
	}
	left = model_sbg_survival(p, 50);
	CHECK(fabs(total + left - 1) < 1e-13, "sbg: left by 50 or still there");
	CHECK(fabs(model_sbg_survival(p, 7) - 0.49) < 0.01, "sbg: about 49.1 %% after 7 years");
	for (t = 0; t < 4000; t++)
		sum += model_sbg_survival(p, 3 + t) / model_sbg_survival(p, 2) * pow(1.1, -t);
	CHECK(fabs(model_sbg_residual(p, 2, 0.1) / sum - 1) < 1e-9, "sbg: residual periods");
	/* B(alpha, beta + 10^9) / B(alpha, beta) in 50 digits */
	CHECK(fabs(model_sbg_survival(lasting, 1e9) / 0.822651406888624034 - 1) < 1e-14, "sbg: after many periods");
}

int
main(void)
{
	int			i;

	for (i = 0; i < MODELS; i++)
		check_gradient(model_all[i]);
	check_beta_geometric(&model_bg_nbd, 0);
	check_beta_geometric(&model_mbg_nbd, 1);
	check_pareto();
	check_pareto_odds();
	for (i = 0; i < MODELS; i++)
		if (model_all[i]->alive != NULL)
			check_extremes(model_all[i]);
	check_residual();
	check_bg_bb();
	check_gamma_gamma();
	check_sbg();
	CHECK(model_find("bg_nbd") == &model_bg_nbd && model_find("bg") == NULL, "models by name");
	return DONE();
}
