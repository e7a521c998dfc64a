/*
 * proportion.c: see proportion.h.
 */
#include "measures/proportion.h"

#include <math.h>

void
wilson_interval_at(double hits, double total, double z, double *low, double *high)
{
	double		n = total;
	double		p = hits / n;
	double		middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	double		half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

	/* At the ends the bound is exact; rounding must not push it over. */
	*low = hits == 0 ? 0 : fmax(0, middle - half);
	*high = hits == total ? 1 : fmin(1, middle + half);
}

void
wilson_interval(int64_t hits, int64_t total, double *low, double *high)
{
	const double z = 1.959963984540054;

	wilson_interval_at((double) hits, (double) total, z, low, high);
}
