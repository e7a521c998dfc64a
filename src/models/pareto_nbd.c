/*
 * pareto_nbd.c: Pareto/NBD (Schmittlein, Morrison and Colombo 1987; Fader and Hardie 2005).
 *
 * While active, a customer buys at a rate of his own, Gamma(r, alpha) over the customers, and drops out at a
 * rate of his own, Gamma(s, beta), at any time.
 *
 * The likelihood is that of a customer active to the end, times 1 + the odds that he has dropped out before;
 * the odds are s times an integral over the time tau at which he did. The papers write it as a difference of
 * two 2F1; here it is integrated as it stands: all of it positive, so nothing cancels, and in ln (m + tau),
 * m = min(alpha, beta), it is close to an exponential.
 */
#include "models/model.h"

#include <math.h>

#include "models/special.h"

enum
{
	R, ALPHA, S, BETA
};

/* Beyond this fall of its logarithm the integrand is nothing. */
#define FALL_TO_NOTHING 45.0

/* A panel of nodes is good for a fall of this size, and for so much of the logarithm of time. */
#define FALL_PER_PANEL 16.0
#define LENGTH_OF_PANEL 4.0
#define MAX_PANELS 64.0

/* The odds of having dropped out, and means over the time of it, which their derivatives are made of. */
typedef struct Gone
{
	double		log_odds;	 /* -Infinity if the last purchase was at the end */
	double		purchase_log;	 /* mean of ln ((alpha + T) / (alpha + tau)) */
	double		dropout_log; /* mean of ln ((beta + T) / (beta + tau)) */
	double		purchase_lag;	 /* mean of (T - tau) / (alpha + tau) */
	double		dropout_lag; /* mean of (T - tau) / (beta + tau) */
	double		dropout_inverse;	 /* mean of 1 / (beta + tau) */
} Gone;

/* What the integrand is made of: `since` counts from the last purchase, at alpha + recency and beta + recency. */
typedef struct Quiet
{
	double		rx;
	double		s;
	double		alpha;
	double		beta;
	double		gap;			/* from the last purchase to the end */
	double		purchase_quiet; /* ln ((alpha + gap) / alpha) */
	double		dropout_quiet;
} Quiet;

/*
 * Adds a node, whose weight is still to be multiplied by the integrand over its value at 0, without the factor 1 / beta.
 * `fall` is ln (1 + since / the smaller of alpha and beta).
 */
static double
add_node(Gone *result, const Quiet *quiet, double since, double fall, double log_weight, double factor)
{
	double		purchase = quiet->alpha + since,
				dropout = quiet->beta + since,
				purchase_fall = quiet->alpha <= quiet->beta ? fall : log1p(since / quiet->alpha),
				dropout_fall = quiet->beta <= quiet->alpha ? fall : log1p(since / quiet->beta),
				left = fmax(quiet->gap - since, 0),
				weight = factor * exp(log_weight - quiet->rx * purchase_fall - quiet->s * dropout_fall) / dropout;

	result->purchase_log += weight * fmax(quiet->purchase_quiet - purchase_fall, 0);
	result->dropout_log += weight * fmax(quiet->dropout_quiet - dropout_fall, 0);
	result->purchase_lag += weight * (left / purchase);
	result->dropout_lag += weight * (left / dropout);
	result->dropout_inverse += weight / dropout;
	return weight;
}

/*
 * For parameters that differ by many orders of magnitude: by panels of ln since, from where there is nothing yet to where
 * there is nothing any more. Returns the sum of weights; the integrand is e^*scale times that.
 */
static double
add_widely(Gone *result, const Quiet *quiet, double *scale)
{
	const double width = 2;
	double		near = log(fmin(quiet->gap, fmin(quiet->alpha / quiet->rx, quiet->beta / (quiet->s + 1)))),
				end = log(quiet->gap),
				low,
				sum = 0;
	int			i;

	*scale = near;
	for (low = near - FALL_TO_NOTHING; low < end; low += width)
	{
		double		part = 0,
					length = fmin(width, end - low);

		for (i = 0; i < SPECIAL_NODES; i++)
		{
			double		u = low + length * special_node[i],
						since = exp(u),
						fall = log1p(since / fmin(quiet->alpha, quiet->beta));

			part += add_node(result, quiet, since, fall, u - near, special_weight[i] * length);
		}
		sum += part;
		if (low > near && part < 1e-18 * sum)
			break;
	}
	return sum;
}

/*
 * The integrand is exp((r + x) ln ((alpha + T) / (alpha + tau)) + s ln ((beta + T) / (beta + tau))) / (beta + tau).
 * With tau = recency + (m + recency) (e^v - 1) its logarithm is concave in v, so it lies below its tangent
 * at 0, and its slope is steepest at the far end.
 */
static Gone
gone(const double *p, const ModelGroup *g)
{
	Gone		result = {-INFINITY, 0, 0, 0, 0, 0};
	Quiet		quiet = {p[R] + g->frequency, p[S], p[ALPHA] + g->recency, p[BETA] + g->recency, g->age - g->recency, 0, 0};
	double		first = fmin(quiet.alpha, quiet.beta),
				span = log1p(quiet.gap / first),
				scale,
				slope,
				end,
				panels,
				sum = 0;
	int			i,
				k;

	if (!(quiet.gap > 0))
		return result;
	quiet.purchase_quiet = log1p(quiet.gap / quiet.alpha);
	quiet.dropout_quiet = log1p(quiet.gap / quiet.beta);
	slope = 1 - quiet.rx * (first / quiet.alpha) - (quiet.s + 1) * (first / quiet.beta);
	if (slope < 0)
		span = fmin(span, FALL_TO_NOTHING / -slope);
	scale = fmax(slope, 0) * span;
	end = first * expm1(span);
	slope = fabs(1 - quiet.rx * ((first + end) / (quiet.alpha + end)) - (quiet.s + 1) * ((first + end) / (quiet.beta + end)));
	panels = fmax(1, ceil(span * fmax(slope / FALL_PER_PANEL, 1 / LENGTH_OF_PANEL)));
	if (panels > MAX_PANELS)
		sum = add_widely(&result, &quiet, &scale);
	else
	{
		for (k = 0; k < (int) panels; k++)
			for (i = 0; i < SPECIAL_NODES; i++)
			{
				double		v = span * (k + special_node[i]) / panels;

				sum += add_node(&result, &quiet, first * expm1(v), v, v - scale, special_weight[i] * span / panels * first);
			}
	}
	if (!(sum > 0))
		return (Gone) {-INFINITY, 0, 0, 0, 0, 0};
	result.log_odds = log(p[S]) + quiet.rx * quiet.purchase_quiet + quiet.s * quiet.dropout_quiet + scale + log(sum);
	result.purchase_log /= sum;
	result.dropout_log /= sum;
	result.purchase_lag /= sum;
	result.dropout_lag /= sum;
	result.dropout_inverse /= sum;
	return result;
}

static double
log_likelihood(const double *p, const ModelGroup *groups, size_t n, double *gradient)
{
	SpecialRising r = special_rising(p[R]);
	double		sum = 0;
	size_t		i;

	for (i = 0; i < n; i++)
	{
		const ModelGroup *g = &groups[i];
		double		x = g->frequency,
					purchase_end = p[ALPHA] + g->age,
					dropout_end = p[BETA] + g->age,
					purchase_quiet = log1p(g->age / p[ALPHA]),
					dropout_quiet = log1p(g->age / p[BETA]);
		Gone		t = gone(p, g);
		double		share = special_logistic(t.log_odds);

		special_rise_to(&r, x);
		sum += g->count * (r.log - p[R] * purchase_quiet - x * log(purchase_end) - p[S] * dropout_quiet
						   + special_softplus(t.log_odds));
		gradient[R] += g->count * (r.slope - purchase_quiet + share * t.purchase_log);
		gradient[ALPHA] += g->count * (p[R] * g->age / (p[ALPHA] * purchase_end) - x / purchase_end
									   - share * (p[R] + x) * t.purchase_lag / purchase_end);
		gradient[S] += g->count * (share * (1 / p[S] + t.dropout_log) - dropout_quiet);
		gradient[BETA] += g->count * (p[S] * g->age / (p[BETA] * dropout_end)
									  - share * (p[S] * t.dropout_lag / dropout_end + t.dropout_inverse));
	}
	return sum;
}

static double
alive(const double *p, const ModelGroup *customer)
{
	return special_logistic(-gone(p, customer).log_odds);
}

/* Purchases within `horizon` by a customer who is active, `age` after his first one. */
static double
if_active(const double *p, double frequency, double age, double horizon)
{
	double		log_rise = log1p(horizon / (p[BETA] + age)),
				e = (p[S] - 1) * log_rise,
				mean = fabs(e) < 1e-300 ? log_rise : -expm1(-e) / e * log_rise;

	return (p[R] + frequency) / (p[ALPHA] + age) * (p[BETA] + age) * mean;
}

static double
expected(const double *p, const ModelGroup *customer, double horizon)
{
	return alive(p, customer) * if_active(p, customer->frequency, customer->age, horizon);
}

static double
expected_new(const double *p, double horizon)
{
	return if_active(p, 0, 0, horizon);
}

/*
 * The integral of e^(-z v) (1 + v)^-s over all v > 0 (Tricomi's U(1, 2 - s, z)): in ln v a smooth hump, which the
 * trapezoidal rule integrates to rounding.
 */
static double
discounted(double s, double z)
{
	const double step = 0.25;
	double		middle,
				end,
				y,
				sum = 0;

	if (z <= 0)
		return s > 1 ? 1 / (s - 1) : INFINITY;
	middle = -log(z + s);
	end = log(50) - log(z);
	if (s > 1)
		end = fmin(end, fmax(middle, 0) + 50 / (s - 1) + 5);
	for (y = middle - 40; y < end; y += step)
	{
		double		v = exp(y);

		sum += exp(y - z * v - s * log1p(v));
	}
	return sum * step;
}

static double
residual(const double *p, const ModelGroup *customer, double rate)
{
	double		dropout = p[BETA] + customer->age,
				if_still = (p[R] + customer->frequency) / (p[ALPHA] + customer->age) * dropout * discounted(p[S], rate * dropout);

	/* without end, however unlikely it is that the customer is still active */
	return isinf(if_still) ? if_still : alive(p, customer) * if_still;
}

const Model model_pareto_nbd = {
	"pareto_nbd", 4, {"r", "alpha", "s", "beta"}, {MODEL_PURE, MODEL_TIME, MODEL_PURE, MODEL_TIME},
	log_likelihood, alive, expected, expected_new, residual
};
