/*
 * distribution.c: see distribution.h.
 */
#include "measures/distribution.h"

#include <float.h>
#include <math.h>

#include "models/special.h"

double
normal_two_sided(double z)
{
	return erfc(fabs(z) * M_SQRT1_2);
}

/*
 * Newton's method from the left. The tails that are looked for fall and are convex beyond 0, so a step never passes the root,
 * and steps end when they no longer grow.
 */
#define STEPS_MAX 400

double
normal_quantile(double confidence)
{
	double		tail = 1 - confidence;
	double		z = 0;

	for (int i = 0; i < STEPS_MAX; i++)
	{
		double		density = M_SQRT1_2 * M_2_SQRTPI * exp(-z * z / 2);
		double		next = z + (normal_two_sided(z) - tail) / density;

		if (!(next > z))
			break;
		z = next;
	}
	return z;
}

/*
 * The regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22, evaluated by Lentz's method), which
 * converges fast for x < (a + 1) / (a + b + 2).
 */
static double
beta_fraction(double x, double a, double b)
{
	double		c = 1;
	double		d = 1 / (1 - (a + b) * x / (a + 1));
	double		fraction = d;

	for (int m = 1; m < 10000; m++)
	{
		double		even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double		odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double		step;

		d = 1 / (1 + even * d);
		c = 1 + even / c;
		fraction *= c * d;
		d = 1 / (1 + odd * d);
		c = 1 + odd / c;
		step = c * d;
		fraction *= step;
		if (fabs(step - 1) < DBL_EPSILON)
			break;
	}
	return exp(a * log(x) + b * log1p(-x) - special_log_beta(a, b)) * fraction / a;
}

double
student_two_sided(double t, double freedom)
{
	double		square = t * t;
	double		x = freedom / (freedom + square);
	double		rest = square / (freedom + square);	/* 1 - x, exact also where x is almost 1 */

	if (square == 0)
		return 1;
	if (isinf(square))
		return 0;
	/* I_x(freedom / 2, 1 / 2), or 1 less the one of the other side */
	if (x < (freedom / 2 + 1) / (freedom / 2 + 2.5))
		return beta_fraction(x, freedom / 2, 0.5);
	return 1 - beta_fraction(rest, 0.5, freedom / 2);
}

double
student_quantile(double confidence, double freedom)
{
	double		tail = 1 - confidence;
	double		t = normal_quantile(confidence);

	/* the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5): good to 1e-13 here, where the fraction gets slow */
	if (freedom > 1000)
	{
		double		z = t;
		double		s = z * z;
		double		g1 = z * (s + 1) / 4;
		double		g2 = z * ((5 * s + 16) * s + 3) / 96;
		double		g3 = z * (((3 * s + 19) * s + 17) * s - 15) / 384;
		double		g4 = z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160;

		return z + (g1 + (g2 + (g3 + g4 / freedom) / freedom) / freedom) / freedom;
	}
	for (int i = 0; i < STEPS_MAX; i++)
	{
		double		log_density = -(freedom + 1) / 2 * log1p(t * t / freedom) - special_log_beta(freedom / 2, 0.5) - log(freedom) / 2;
		double		next = t + (student_two_sided(t, freedom) - tail) / (2 * exp(log_density));

		if (!(next > t) || isinf(next))
			break;
		t = next;
	}
	return t;
}
