/*
 * gamma_gamma.c: the Gamma-Gamma model of the amount of a purchase (Fader, Hardie and Lee 2005, J. Marketing
 * Research 42, with the note "The Gamma-Gamma Model of Monetary Value").
 *
 * The amounts of a customer are Gamma(p, nu), where nu is his own, Gamma(q, v) over the customers.
 */
#include "models/model.h"

#include <math.h>

#include "models/special.h"

enum
{
	P, Q, V
};

/* With the mean amount z / x: Gamma functions and powers taken together, so that no two large terms cancel. */
static double
log_likelihood(const double *p, const ModelGroup *groups, size_t n, double *gradient)
{
	double		x = -1,
				log_beta = 0,
				by_p = 0,
				by_q = 0,
				sum = 0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		const ModelGroup *g = &groups[i];
		double		z = g->money,
					end = z + p[V],
					log_z = -log1p(p[V] / z),
					log_v = -log1p(z / p[V]);

		if (g->frequency != x)
		{
			double		digamma = special_digamma(p[P] * g->frequency + p[Q]);

			x = g->frequency;
			log_beta = special_log_beta(p[P] * x, p[Q]);
			by_p = digamma - special_digamma(p[P] * x);
			by_q = digamma - special_digamma(p[Q]);
		}
		sum += g->count * (p[P] * x * log_z + p[Q] * log_v - log_beta - log(z / x));
		gradient[P] += g->count * x * (by_p + log_z);
		gradient[Q] += g->count * (by_q + log_v);
		gradient[V] += g->count * (p[Q] * z / p[V] - p[P] * x) / end;
	}
	return sum;
}

double
model_gamma_gamma_mean(const double *p, double frequency, double mean)
{
	if (!(frequency > 0))
		return p[Q] > 1 ? p[P] * p[V] / (p[Q] - 1) : NAN;
	if (!(p[P] * frequency + (p[Q] - 1) > 0))
		return NAN;
	return p[P] * (p[V] + frequency * mean) / (p[P] * frequency + (p[Q] - 1));
}

const Model model_gamma_gamma = {
	"gamma_gamma", 3, {"p", "q", "v", NULL}, {MODEL_PURE, MODEL_PURE, MODEL_MONEY, MODEL_PURE},
	log_likelihood, NULL, NULL, NULL, NULL
};
