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

/* Weights, and what they are the weights of, are left out below this share. */
#define NEGLIGIBLE 1e-18

/* (1 - (1 + p t)^-s) / p */
static double
purchases(double p, double s, double t)
{
	if ((1 + s) * (p * t) < 1e-17)
		return s * t;
	return -expm1(-s * log1p(p * t)) / p;
}

/* ln (rest + share e^d), of shares > 0 of 1, without overflow and without cancellation at either end. */
static double
log_mix(double share, double rest, double d)
{
	if (d > 600)
		return d + log(share);
	return share > 0.5 && d < -1 ? log(rest + share * exp(d)) : log1p(share * expm1(d));
}

/* Sums over the nodes, whose weights are as shares of the largest one. */
typedef struct Hump
{
	double		a,
				b,
				s,
				t;
	double		weights;
	double		values;		 /* over s t, which is the largest there can be */
} Hump;

/*
 * Adds the nodes from `first` on, every `step`, as distances from the mode on the scale of the logit, until what they add
 * is negligible. The weight of logit y is p^a (1 - p)^b; its ratio to that at the mode is taken without the difference of two
 * large logarithms.
 */
static void
add_tail(Hump *hump, double first, double step)
{
	const double a = hump->a,
				b = hump->b,
				mode = a / (a + b),
				rest = b / (a + b),
				place = log(a / b);
	double		d,
				p,
				weight,
				value;
	int			i;

	for (i = 0; i < 20000; i++)
	{
		d = first + i * step;
		weight = exp(-a * log_mix(rest, mode, -d) - b * log_mix(mode, rest, d));
		p = special_logistic(place + d);
		value = purchases(p, hump->s, hump->t) / (hump->s * hump->t);

		/*
		 * Far out the weights are a geometric sequence, and the values have their limit: on the left s t once p t is small;
		 * on the right p is 1.
		 */
		if (step > 0 ? place + d > 40 : place + d < -40 && (1 + hump->s) * p * hump->t < 1e-15)
		{
			weight /= -expm1(-(step > 0 ? b : a) * fabs(step));
			hump->weights += weight;
			hump->values += weight * value;
			return;
		}
		hump->weights += weight;
		hump->values += weight * value;
		/* with a near 1 and a large t the values rise to the left nearly as fast as the weights fall */
		if (weight < NEGLIGIBLE && weight * value < NEGLIGIBLE * hump->values)
			return;
	}
}

double
beta_dropout_quadrature(double a, double b, double s, double t)
{
	Hump		hump = {a, b, s, t, 0, 0};
	double		width = sqrt(special_trigamma(a) + special_trigamma(b)),
				step = fmin(0.25, 0.5 * width);

	/* purchases at the full rate */
	if (s * t < 1e-290)
		return s * t;
	/* all customers are the same: p differs by less than rounding, and ever so many nodes would be no better */
	if (a > 1e15)
		return purchases(a / (a + b), s, t);
	add_tail(&hump, 0, step);
	add_tail(&hump, -step, -step);
	return hump.values / hump.weights * (s * t);
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
