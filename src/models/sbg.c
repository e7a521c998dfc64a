/*
 * sbg.c: the shifted-beta-geometric model of contracts (Fader and Hardie 2007, J. Interactive Marketing 21;
 * residual value: Fader and Hardie 2010, Marketing Science 29).
 *
 * At the end of each period a customer leaves with a probability of his own, Beta(alpha, beta).
 */
#include "models/model.h"

#include <math.h>

#include "models/special.h"

enum
{
	ALPHA, BETA
};

static double
log_likelihood(const double *p, const ModelGroup *groups, size_t n, double *gradient)
{
	SpecialRising stayed = special_rising(p[BETA]),
				all = special_rising(p[ALPHA] + p[BETA]);
	double		sum = 0;
	size_t		i,
				next = 0;

	/* Two walks over the same sequences would be two more of them: those who left stayed a period less. */
	while (next < n)
	{
		double		periods = groups[next].frequency,
					left = 0,
					there = 0;

		for (i = next; i < n && groups[i].frequency == periods; i++)
			if (groups[i].recency > 0)
				left += groups[i].count;
			else
				there += groups[i].count;
		next = i;
		if (periods <= 0)
			continue;
		special_rise_to(&all, periods);
		special_rise_to(&stayed, periods - 1);
		sum += left * (log(p[ALPHA]) + stayed.log - all.log);
		gradient[ALPHA] += left * (1 / p[ALPHA] - all.slope);
		gradient[BETA] += left * (stayed.slope - all.slope);
		special_rise_to(&stayed, periods);
		sum += there * (stayed.log - all.log);
		gradient[ALPHA] -= there * all.slope;
		gradient[BETA] += there * (stayed.slope - all.slope);
	}
	return sum;
}

double
model_sbg_survival(const double *p, double periods)
{
	return exp(special_log_fall(p[BETA], p[ALPHA], periods));
}

double
model_sbg_residual(const double *p, double renewals, double rate)
{
	double		b = p[BETA] + renewals;

	return b / (p[ALPHA] + b) * special_geometric_sum(b + 1, p[ALPHA], log1p(rate), INFINITY);
}

const Model model_sbg = {
	"sbg", 2, {"alpha", "beta", NULL, NULL}, {MODEL_PURE, MODEL_PURE, MODEL_PURE, MODEL_PURE},
	log_likelihood, NULL, NULL, NULL, NULL
};
