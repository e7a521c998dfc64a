/*
 * beta_dropout.c: see beta_dropout.h.
 *
 * The closed form, (a + b - 1) / (a - 1) (1 - (1 + t)^-s 2F1(s, b; a + b - 1; t / (1 + t))), is that of Fader,
 * Hardie and Lee (2005), eq. 10. Euler's transformation turns its 2F1 into a short series of positive terms,
 * but the difference from 1 cancels near a = 1, and large a or t near infinity make it long. There the
 * integral itself is taken, with p on the scale of its logit: the integrand is then a smooth hump with
 * exponential tails, which the trapezoidal rule integrates to rounding with few nodes.
 */
#include "models/beta_dropout.h"

#include <math.h>

#include "models/special.h"

/* Weights are left out below this share of the largest one. */
#define NEGLIGIBLE 1e-18

/* (1 - (1 + p t)^-s) / p */
static double
purchases(double p, double s, double t)
{
	if (p * t < 1e-300)
		return s * t;
	return -expm1(-s * log1p(p * t)) / p;
}

/* Sums over the nodes, and the larger of the weights at the last one. */
typedef struct Hump
{
	double		a,
				b,
				s,
				t;
	double		mode;		 /* logit of p where the weight is largest */
	double		peak;		 /* ln of that weight */
	double		weights;
	double		values;
} Hump;

/* ln of the density of y = logit(p), without its constant: a ln p + b ln (1 - p). */
static double
log_weight(double a, double b, double y)
{
	return -a * special_softplus(-y) - b * special_softplus(y);
}

/* Adds the nodes from the mode on, every `step`, until the weights are negligible. */
static void
add_tail(Hump *hump, double first, double step)
{
	double		y,
				weight;
	int			i;

	for (i = 0; i < 20000; i++)
	{
		y = first + i * step;
		weight = exp(log_weight(hump->a, hump->b, y) - hump->peak);
		if (y < -40 || y > 40)
		{
			/*
			 * From here on the weights are a geometric sequence. On the left so are the values, which have
			 * their limit s t once p t is small; on the right p is 1.
			 */
			double		p = special_logistic(y);

			if (y > 0 || p * hump->t < 1e-9)
			{
				double		ratio = exp(-(y > 0 ? hump->b : hump->a) * fabs(step));

				hump->weights += weight / (1 - ratio);
				hump->values += weight / (1 - ratio) * purchases(p, hump->s, hump->t);
				return;
			}
		}
		hump->weights += weight;
		hump->values += weight * purchases(special_logistic(y), hump->s, hump->t);
		if (weight < NEGLIGIBLE)
			return;
	}
}

double
beta_dropout_quadrature(double a, double b, double s, double t)
{
	Hump		hump = {a, b, s, t, log(a / b), 0, 0, 0};
	double		width = sqrt(special_trigamma(a) + special_trigamma(b)),
				step = fmin(0.25, 0.5 * width);

	if (t <= 0)
		return 0;
	hump.peak = log_weight(a, b, hump.mode);
	add_tail(&hump, hump.mode, step);
	add_tail(&hump, hump.mode - step, -step);
	return hump.values / hump.weights;
}

double
beta_dropout_purchases(double a, double b, double s, double t)
{
	double		c = a + b - 1,
				z = t / (1 + t),
				term = 1,
				sum = 0,
				rest;
	int			j;

	/*
	 * 1 - (1 + t)^-s 2F1(s, b; c; z) = 1 - (1 - z)^(a - 1) 2F1(c - s, a - 1; c; z); its terms may change
	 * their signs only at first, as c - s or a - 1 may be negative.
	 */
	if (t <= 0)
		return 0;
	if (z > 0.9 || a > 20 || fabs(a - 1) < 1e-3 || c < 0.1 || s - c > 20 || z < 0.05)
		return beta_dropout_quadrature(a, b, s, t);
	for (j = 0; j < 1000; j++)
	{
		sum += term;
		term *= (c - s + j) * (a - 1 + j) / ((c + j) * (1 + j)) * z;
		if (fabs(term) < 1e-17 * fabs(sum))
			break;
	}
	rest = 1 - exp((a - 1) * log1p(-z)) * sum;
	if (j == 1000 || fabs(rest) < 1e-4)
		return beta_dropout_quadrature(a, b, s, t);
	return c / (a - 1) * rest;
}
