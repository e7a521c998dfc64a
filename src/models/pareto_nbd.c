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

/* Beyond this fall of its logarithm the integrand is nothing; a panel of nodes is good for a fall of this size. */
#define FALL_TO_NOTHING 45.0
#define FALL_PER_PANEL 16.0
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

/*
 * The integrand is exp((r + x) ln ((alpha + T) / (alpha + tau)) + s ln ((beta + T) / (beta + tau))) / (beta + tau).
 * With tau = recency + (m + recency) (e^v - 1) its logarithm is concave in v, so it lies below its tangent
 * at 0, and its slope is steepest at the far end.
 */
static Gone
gone(const double *p, const ModelGroup *g)
{
	Gone		result = {-INFINITY, 0, 0, 0, 0, 0};
	double		rx = p[R] + g->frequency,
				m = fmin(p[ALPHA], p[BETA]),
				first = m + g->recency,
				gap = g->age - g->recency,
				range = log1p(gap / first),
				span = range,
				bound,
				slope,
				panels,
				sum = 0;
	int			i,
				k;

	if (!(gap > 0))
		return result;
	slope = 1 - rx * first / (p[ALPHA] + g->recency) - (p[S] + 1) * first / (p[BETA] + g->recency);
	if (slope < 0)
		span = fmin(span, FALL_TO_NOTHING / -slope);
	bound = rx * log1p(gap / (p[ALPHA] + g->recency)) + p[S] * log1p(gap / (p[BETA] + g->recency))
		- log(p[BETA] + g->recency) + log(first) + fmax(slope, 0) * span;
	{
		double		last = first * exp(span),
					tau = last - m;

		slope = fabs(1 - rx * last / (p[ALPHA] + tau) - (p[S] + 1) * last / (p[BETA] + tau));
	}
	panels = fmin(MAX_PANELS, fmax(1, ceil(slope * span / FALL_PER_PANEL)));
	for (k = 0; k < (int) panels; k++)
		for (i = 0; i < SPECIAL_NODES; i++)
		{
			double		v = span * (k + special_node[i]) / panels,
						since = first * expm1(v),
						left = fmax(gap - since, 0),
						purchase = p[ALPHA] + g->recency + since,
						dropout = p[BETA] + g->recency + since,
						purchase_log = m == p[ALPHA] ? range - v : log1p(left / purchase),
						dropout_log = m == p[BETA] ? range - v : log1p(left / dropout),
						weight = special_weight[i]
							* exp(rx * purchase_log + p[S] * dropout_log + v - bound) * first / dropout;

			sum += weight;
			result.purchase_log += weight * purchase_log;
			result.dropout_log += weight * dropout_log;
			result.purchase_lag += weight * left / purchase;
			result.dropout_lag += weight * left / dropout;
			result.dropout_inverse += weight / dropout;
		}
	if (!(sum > 0))
		return (Gone) {-INFINITY, 0, 0, 0, 0, 0};
	result.log_odds = log(p[S]) + bound + log(sum * span / panels);
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
	end = log(50 / z);
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
	double		dropout = p[BETA] + customer->age;

	return alive(p, customer) * (p[R] + customer->frequency) / (p[ALPHA] + customer->age) * dropout
		* discounted(p[S], rate * dropout);
}

const Model model_pareto_nbd = {
	"pareto_nbd", 4, {"r", "alpha", "s", "beta"}, {MODEL_PURE, MODEL_TIME, MODEL_PURE, MODEL_TIME},
	log_likelihood, alive, expected, expected_new, residual
};
