/*
 * bg_bb.c: BG/BB (Fader, Hardie and Shang 2010, Marketing Science 29): periods with or without a purchase.
 *
 * In each period an active customer buys with a probability of his own, Beta(alpha, beta) over the customers,
 * and before each he drops out with another one, Beta(gamma, delta).
 */
#include "models/model.h"

#include <math.h>

#include "models/special.h"

enum
{
	ALPHA, BETA, GAMMA, DELTA
};

/* A sum of exponentials of `log` so far, as its largest one and the sum over that. */
typedef struct LogSum
{
	double		largest;
	double		sum;
	double		gradient[MODEL_PARAMETERS];	 /* weighted like the sum */
} LogSum;

static void
log_sum_add(LogSum *total, double log_term, const double *by)
{
	double		weight;
	int			k;

	if (log_term > total->largest)
	{
		double		shrink = exp(total->largest - log_term);

		total->sum *= shrink;
		for (k = 0; k < MODEL_PARAMETERS; k++)
			total->gradient[k] *= shrink;
		total->largest = log_term;
	}
	weight = exp(log_term - total->largest);
	total->sum += weight;
	for (k = 0; k < MODEL_PARAMETERS; k++)
		total->gradient[k] += weight * by[k];
}

/*
 * ln of the likelihood of x purchases in n periods, the last in period `recency`, and its derivatives: active to the
 * end, or to period m only, for each m from the last purchase on. From one m to the next the terms differ
 * by factors.
 */
static double
customer_likelihood(const double *p, double x, double recency, double n, double *by)
{
	LogSum		total = {-INFINITY, 0, {0}};
	double		m = recency,
				term[MODEL_PARAMETERS],
				a = special_log_rising(p[ALPHA], x),
				b = special_log_rising(p[BETA], m - x),
				ab = special_log_rising(p[ALPHA] + p[BETA], m),
				d = special_log_rising(p[DELTA], m),
				gd = special_log_rising(p[GAMMA] + p[DELTA], m + 1),
				by_a = special_digamma_rise(p[ALPHA], x),
				by_b = special_digamma_rise(p[BETA], m - x),
				by_ab = special_digamma_rise(p[ALPHA] + p[BETA], m),
				by_d = special_digamma_rise(p[DELTA], m),
				by_gd = special_digamma_rise(p[GAMMA] + p[DELTA], m + 1);
	int			k;

	for (;; m++)
	{
		bool		end = m >= n;

		/* dropped out after m periods: one more that he might have stayed, and did not */
		if (end)
		{
			gd -= log(p[GAMMA] + p[DELTA] + m);
			by_gd -= 1 / (p[GAMMA] + p[DELTA] + m);
		}
		term[ALPHA] = by_a - by_ab;
		term[BETA] = by_b - by_ab;
		term[GAMMA] = (end ? 0 : 1 / p[GAMMA]) - by_gd;
		term[DELTA] = by_d - by_gd;
		log_sum_add(&total, a + b - ab + d - gd + (end ? 0 : log(p[GAMMA])), term);
		if (end)
			break;
		b += log(p[BETA] + (m - x));
		by_b += 1 / (p[BETA] + (m - x));
		ab += log(p[ALPHA] + p[BETA] + m);
		by_ab += 1 / (p[ALPHA] + p[BETA] + m);
		d += log(p[DELTA] + m);
		by_d += 1 / (p[DELTA] + m);
		gd += log(p[GAMMA] + p[DELTA] + m + 1);
		by_gd += 1 / (p[GAMMA] + p[DELTA] + m + 1);
	}
	for (k = 0; k < MODEL_PARAMETERS; k++)
		by[k] = total.gradient[k] / total.sum;
	return total.largest + log(total.sum);
}

static double
log_likelihood(const double *p, const ModelGroup *groups, size_t n, double *gradient)
{
	double		sum = 0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		const ModelGroup *g = &groups[i];
		double		by[MODEL_PARAMETERS];
		int			k;

		sum += g->count * customer_likelihood(p, g->frequency, g->recency, g->age, by);
		for (k = 0; k < MODEL_PARAMETERS; k++)
			gradient[k] += g->count * by[k];
	}
	return sum;
}

/*
 * The probability that he was active in the last period of his history: 1 / (1 + the odds against it). These go backwards over
 * the periods that may have been his last ones.
 */
static double
active_at_end(const double *p, const ModelGroup *customer)
{
	double		odds = 0,
				ratio = 1,
				m;

	for (m = customer->age - 1; m >= customer->recency && odds < 1e300; m--)
	{
		ratio *= (p[ALPHA] + (p[BETA] + m)) / (p[BETA] + (m - customer->frequency)) * ((p[GAMMA] + (p[DELTA] + m)) / (p[DELTA] + m));
		odds += ratio * p[GAMMA] / (p[GAMMA] + (p[DELTA] + m));
	}
	return 1 / (1 + odds);
}

/* The probability that he is active in the next period, too: what BTYD calls P(alive). */
static double
alive(const double *p, const ModelGroup *customer)
{
	return active_at_end(p, customer) * (p[DELTA] + customer->age) / (p[GAMMA] + p[DELTA] + customer->age);
}

/*
 * Purchases in the next `horizon` periods by a customer active in the last one: the mean of his probability to buy
 * times the sum over the periods of the probability that he is still active.
 */
static double
if_active(const double *p, double frequency, double age, double horizon)
{
	double		buys = (p[ALPHA] + frequency) / (p[ALPHA] + p[BETA] + age),
				stay = p[DELTA] + age,
				gain = p[GAMMA] - 1;

	if (horizon <= 0)
		return 0;
	/* stay / (gamma - 1) (1 - Gamma ratio), from both sides to gamma = 1 */
	if (gain > 0)
		return buys * (stay / gain) * -expm1(special_log_fall(1 + stay, gain, horizon));
	if (gain < 0)
		return buys * (stay / gain) * -expm1(-special_log_fall(p[GAMMA] + stay, -gain, horizon));
	return buys * stay * special_digamma_rise(1 + stay, horizon);
}

static double
expected(const double *p, const ModelGroup *customer, double horizon)
{
	return active_at_end(p, customer) * if_active(p, customer->frequency, customer->age, horizon);
}

static double
expected_new(const double *p, double horizon)
{
	return if_active(p, 0, 0, horizon);
}

double
model_bg_bb_discounted(const double *p, const ModelGroup *customer, double horizon, double rate)
{
	double		buys = (p[ALPHA] + customer->frequency) / (p[ALPHA] + p[BETA] + customer->age),
				stay = p[DELTA] + customer->age,
				decay = log1p(rate),
				sum = special_geometric_sum(stay + 1, p[GAMMA], decay, horizon);

	/* without end, however unlikely it is that he is still active */
	if (isinf(sum))
		return sum;
	return active_at_end(p, customer) * (buys * (stay / (p[GAMMA] + stay)) * exp(-decay) * sum);
}

static double
residual(const double *p, const ModelGroup *customer, double rate)
{
	return model_bg_bb_discounted(p, customer, INFINITY, rate);
}

const Model model_bg_bb = {
	"bg_bb", 4, {"alpha", "beta", "gamma", "delta"}, {MODEL_PURE, MODEL_PURE, MODEL_PURE, MODEL_PURE},
	log_likelihood, alive, expected, expected_new, residual
};
