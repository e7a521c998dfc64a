/*
 * special.c: see special.h. ln Gamma is the C library's; psi, psi' and the rest are built on asymptotic
 * (Stirling) series, Abramowitz & Stegun 6.1.41, 6.3.18 and 6.4.12, reached by recurrence.
 */
#define _DEFAULT_SOURCE			/* lgamma_r */
#include "models/special.h"

#include <math.h>

/* From here on the asymptotic series are exact to rounding with the terms below. */
#define ASYMPTOTIC 12.0

const double special_node[SPECIAL_NODES] = {
	0.0052995325041750337, 0.027712488463383712, 0.0671843988060841281, 0.122297795822498483,
	0.191061877798678126, 0.270991611171386307, 0.359198224610370543, 0.45249374508118128,
	0.54750625491881872, 0.640801775389629457, 0.729008388828613693, 0.808938122201321874,
	0.877702204177501517, 0.932815601193915872, 0.972287511536616288, 0.994700467495824966,
};
const double special_weight[SPECIAL_NODES] = {
	0.0135762297058770474, 0.0311267619693239464, 0.0475792558412463924, 0.062314485627766936,
	0.074797994408288366, 0.0845782596975012691, 0.0913017075224617944, 0.0947253052275342481,
	0.0947253052275342481, 0.0913017075224617944, 0.0845782596975012691, 0.074797994408288366,
	0.062314485627766936, 0.0475792558412463924, 0.0311267619693239464, 0.0135762297058770474,
};

double
special_log_gamma(double x)
{
	int			sign;		 /* lgamma() would leave it in a global variable */

	return lgamma_r(x, &sign);
}

/* psi(x) - (ln x - 1 / (2 x)), x >= ASYMPTOTIC. */
static double
digamma_correction(double x)
{
	double		inverse2 = 1 / (x * x);

	return -inverse2 * (1.0 / 12 - inverse2 * (1.0 / 120 - inverse2 * (1.0 / 252
		- inverse2 * (1.0 / 240 - inverse2 * (1.0 / 132 - inverse2 * (691.0 / 32760 - inverse2 / 12))))));
}

double
special_digamma(double x)
{
	double		sum = 0;

	for (; x < ASYMPTOTIC; x++)
		sum -= 1 / x;
	return sum + log(x) - 0.5 / x + digamma_correction(x);
}

double
special_trigamma(double x)
{
	double		sum = 0,
				inverse2;

	for (; x < ASYMPTOTIC; x++)
		sum += 1 / (x * x);
	inverse2 = 1 / (x * x);
	return sum + 1 / x + 0.5 * inverse2
		+ inverse2 / x * (1.0 / 6 - inverse2 * (1.0 / 30 - inverse2 * (1.0 / 42
		- inverse2 * (1.0 / 30 - inverse2 * (5.0 / 66 - inverse2 * (691.0 / 2730 - inverse2 * 7.0 / 6))))));
}

/* ln Gamma(x) - ((x - 1/2) ln x - x + ln sqrt(2 pi)), x >= ASYMPTOTIC. */
static double
stirling_correction(double x)
{
	double		inverse2 = 1 / (x * x);

	return (1.0 / 12 - inverse2 * (1.0 / 360 - inverse2 * (1.0 / 1260
		- inverse2 * (1.0 / 1680 - inverse2 * (1.0 / 1188 - inverse2 * 691.0 / 360360))))) / x;
}

double
special_log_rising(double base, double x)
{
	double		sum = 0;

	/* Gamma(base + x) / Gamma(base) = Gamma(base + 1 + x) / Gamma(base + 1) base / (base + x) */
	for (; base < ASYMPTOTIC; base++)
		sum += log(base / (base + x));
	return sum + (base - 0.5) * log1p(x / base) + x * (log(base + x) - 1)
		+ stirling_correction(base + x) - stirling_correction(base);
}

double
special_digamma_rise(double base, double x)
{
	double		sum = 0,
				top;

	for (; base < ASYMPTOTIC; base++)
		sum += x / (base * (base + x));
	top = base + x;
	return sum + log1p(x / base) + 0.5 * x / (base * top) + digamma_correction(top) - digamma_correction(base);
}

double
special_log_beta(double a, double b)
{
	double		small = fmin(a, b),
				large = fmax(a, b),
				share;

	if (small < ASYMPTOTIC)
		return special_log_gamma(small) - special_log_rising(large, small);
	/* The three Stirling formulas with their large parts cancelled. */
	share = small / (small + large);
	return 0.918938533204672741780329736406 - 0.5 * log(large)
		+ (small - 0.5) * log(share) + large * log1p(-share)
		+ stirling_correction(small) + stirling_correction(large) - stirling_correction(small + large);
}

double
special_softplus(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

double
special_logistic(double x)
{
	return 1 / (1 + exp(-x));
}

/*
 * The four Stirling formulas with their large parts cancelled; for a small g their difference by the derivative in the middle,
 * as the corrections would cancel.
 */
double
special_log_fall(double b, double g, double t)
{
	double		small = fmin(g, t),
				large = fmax(g, t),
				sum = 0;

	for (; b < ASYMPTOTIC; b++)
		sum -= log1p(small / b * (large / (b + small + large)));
	if (small < 1e-5)
		return sum - small * special_digamma_rise(b + small / 2, large);
	return sum + (b - 0.5) * log1p(small / b * (large / (b + small + large)))
		- large * log1p(small / (b + large)) - small * log1p(large / (b + small))
		+ stirling_correction(b + small) + stirling_correction(b + large)
		- stirling_correction(b) - stirling_correction(b + small + large);
}

double
special_geometric_sum(double b, double g, double decay, double terms)
{
	const int	begun = 1000;
	double		z = exp(-decay),
				gap = -expm1(-decay),
				term = 1,
				sum = 0,
				tail = 0,
				low,
				high,
				first;
	int			j;

	if (gap <= 0 && isinf(terms))
		return g > 1 ? 1 + b / (g - 1) : INFINITY;
	for (j = 0; j < begun; j++)
	{
		if (j >= terms)
			return sum;
		sum += term;
		term *= (b + j) / (b + g + j) * z;
		/* the terms fall at least like z^j */
		if (term < 1e-17 * sum * gap)
			return sum;
	}
	if (terms <= begun)
		return sum;
	/*
	 * z is near 1 and hundreds of thousands of terms may be left, but smooth ones: their integral, half of the first less half
	 * of the first one that is not there, and a twelfth of the slopes there (Euler and Maclaurin). The integral goes in steps of ln t.
	 */
	first = special_log_fall(b, g, begun) - decay * begun;
	for (low = begun; low < terms; low = high)
	{
		double		part = 0;
		int			i;

		high = fmin(low * 1.5, terms);
		for (i = 0; i < SPECIAL_NODES; i++)
		{
			double		t = low + (high - low) * special_node[i];

			part += special_weight[i] * exp(special_log_fall(b, g, t) - decay * t - first);
		}
		tail += (high - low) * part;
		if ((high - low) * part < 1e-17 * tail)
			break;
	}
	tail += 0.5 + (special_digamma_rise(b + begun, g) + decay) / 12;
	if (!isinf(terms))
		tail -= exp(special_log_fall(b, g, terms) - decay * terms - first)
			* (0.5 + (special_digamma_rise(b + terms, g) + decay) / 12);
	return sum + term * tail;
}

SpecialRising
special_rising(double base)
{
	SpecialRising rising = {base, 0, 0, 0};

	return rising;
}

void
special_rise_to(SpecialRising *rising, double x)
{
	if (x - rising->x > 64)
	{
		rising->x = x;
		rising->log = special_log_rising(rising->base, x);
		rising->slope = special_digamma_rise(rising->base, x);
	}
	for (; rising->x < x; rising->x++)
	{
		rising->log += log(rising->base + rising->x);
		rising->slope += 1 / (rising->base + rising->x);
	}
}
