/*
 * bg_nbd.c: BG/NBD (Fader, Hardie and Lee 2005) and MBG/NBD (Batislam, Denizel and Filiztekin 2007; Wagner
 * and Hoppe 2008).
 *
 * While active, a customer buys at a rate of his own, Gamma(r, alpha) over the customers; after each
 * purchase he drops out with a probability of his own, Beta(a, b). In the BG/NBD the first purchase is no
 * such occasion, so that customers without repeat purchases are active for ever; in the MBG/NBD it is one.
 * This is the only difference, `occasions` below.
 */
#include "models/model.h"

#include <math.h>

#include "models/beta_dropout.h"
#include "models/special.h"

enum
{
	R, ALPHA, A, B
};

/*
 * ln of the odds that the customer has dropped out after his last purchase, rather than being still active.
 * `occasions` is the number of times he might have dropped out, the last one included.
 */
static double
log_odds_gone(const double *p, double occasions, const ModelGroup *g)
{
	return log(p[A] / (p[B] + (occasions - 1)))
		+ (p[R] + g->frequency) * log1p((g->age - g->recency) / (p[ALPHA] + g->recency));
}

static double
log_likelihood(const double *p, const ModelGroup *groups, size_t n, double *gradient, int first)
{
	SpecialRising r = special_rising(p[R]),
				b = special_rising(p[B]),
				ab = special_rising(p[A] + p[B]);
	double		sum = 0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		const ModelGroup *g = &groups[i];
		double		x = g->frequency,
					occasions = x + first,
					end = p[ALPHA] + g->age,
					quiet = log1p(g->age / p[ALPHA]),
					log_l,
					by[MODEL_PARAMETERS];
		int			k;

		special_rise_to(&r, x);
		special_rise_to(&b, occasions);
		special_rise_to(&ab, occasions);
		/* active to the end */
		log_l = r.log - p[R] * quiet - x * log(end) + b.log - ab.log;
		by[R] = r.slope - quiet;
		by[ALPHA] = p[R] * g->age / (p[ALPHA] * end) - x / end;
		by[A] = -ab.slope;
		by[B] = b.slope - ab.slope;
		/* or gone after the last purchase */
		if (occasions > 0)
		{
			double		last = p[ALPHA] + g->recency,
						odds = log_odds_gone(p, occasions, g),
						gone = special_logistic(odds);

			log_l += special_softplus(odds);
			by[R] += gone * log1p((g->age - g->recency) / last);
			by[ALPHA] -= gone * (p[R] + x) * (g->age - g->recency) / (end * last);
			by[A] += gone / p[A];
			by[B] -= gone / (p[B] + (occasions - 1));
		}
		sum += g->count * log_l;
		for (k = 0; k < MODEL_PARAMETERS; k++)
			gradient[k] += g->count * by[k];
	}
	return sum;
}

static double
alive(const double *p, const ModelGroup *customer, int first)
{
	double		occasions = customer->frequency + first;

	return occasions > 0 ? special_logistic(-log_odds_gone(p, occasions, customer)) : 1;
}

static double
expected(const double *p, const ModelGroup *customer, double horizon, int first)
{
	/* still active, he did not drop out at any occasion, which tells about his probability to do so */
	return alive(p, customer, first)
		* beta_dropout_purchases(p[A], p[B] + customer->frequency + first, p[R] + customer->frequency,
								 horizon / (p[ALPHA] + customer->age));
}

static double
bg_log_likelihood(const double *p, const ModelGroup *groups, size_t n, double *gradient)
{
	return log_likelihood(p, groups, n, gradient, 0);
}

static double
bg_alive(const double *p, const ModelGroup *customer)
{
	return alive(p, customer, 0);
}

static double
bg_expected(const double *p, const ModelGroup *customer, double horizon)
{
	return expected(p, customer, horizon, 0);
}

static double
bg_expected_new(const double *p, double horizon)
{
	return beta_dropout_purchases(p[A], p[B], p[R], horizon / p[ALPHA]);
}

static double
mbg_log_likelihood(const double *p, const ModelGroup *groups, size_t n, double *gradient)
{
	return log_likelihood(p, groups, n, gradient, 1);
}

static double
mbg_alive(const double *p, const ModelGroup *customer)
{
	return alive(p, customer, 1);
}

static double
mbg_expected(const double *p, const ModelGroup *customer, double horizon)
{
	return expected(p, customer, horizon, 1);
}

static double
mbg_expected_new(const double *p, double horizon)
{
	return p[B] / (p[A] + p[B]) * beta_dropout_purchases(p[A], p[B] + 1, p[R], horizon / p[ALPHA]);
}

const Model model_bg_nbd = {
	"bg_nbd", 4, {"r", "alpha", "a", "b"}, {MODEL_PURE, MODEL_TIME, MODEL_PURE, MODEL_PURE},
	bg_log_likelihood, bg_alive, bg_expected, bg_expected_new, NULL
};

const Model model_mbg_nbd = {
	"mbg_nbd", 4, {"r", "alpha", "a", "b"}, {MODEL_PURE, MODEL_TIME, MODEL_PURE, MODEL_PURE},
	mbg_log_likelihood, mbg_alive, mbg_expected, mbg_expected_new, NULL
};
