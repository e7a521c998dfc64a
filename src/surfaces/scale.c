/*
 * scale.c: see scale.h.
 */
#include "surfaces/scale.h"

#include <float.h>
#include <math.h>

#include "engine/real.h"

/* 1, 2 or 5 times a power of ten, not less than `least`, which is positive. */
static double
round_step(double least)
{
	int			place = (int) floor(log10(least));
	double		unit = pow(10, place);
	double		share = least / unit;
	double		step = share <= 1 + 1e-9 ? 1 : share <= 2 + 1e-9 ? 2 : share <= 5 + 1e-9 ? 5 : 10;

	return real_round(step * unit, -place + 1);
}

void
scale_make(Scale *scale, double low, double high, int steps, bool whole)
{
	double		size = fmax(fabs(low), fabs(high));
	double		nearest = fmax(size * 1e-9, 1e-280);
	double		step;
	double		first;
	double		last;
	int			decimals;

	/* numbers that cannot be told apart get room on the side of zero, or around it */
	if (high / 2 - low / 2 < nearest / 2)
	{
		if (size < 1e-270)
			high = size < 1e-290 ? 1 : size * 2;
		else if (low > 0)
			low = low / 2;
		else
			high = high / 2;
	}
	step = round_step((high / 2 - low / 2) / steps * 2 > DBL_MAX / 8 ? DBL_MAX / 8 : (high / 2 - low / 2) / steps * 2);
	if (whole && step < 1)
		step = 1;
	decimals = step >= 1e15 ? 0 : -(int) floor(log10(step)) + 1;
	if (decimals < 0)
		decimals = 0;
	first = floor(low / step + 1e-9);
	last = ceil(high / step - 1e-9);
	if (last <= first)
		last = first + 1;
	scale->step = step;
	scale->count = 0;
	scale->low = low;
	scale->high = high;
	for (double i = first; i <= last && scale->count < SCALE_TICKS_MAX; i++)
	{
		double		tick = i * step;

		if (!isfinite(tick))
			continue;
		if (fabs(tick) < 1e15)
			tick = real_round(tick, decimals);
		if (scale->count > 0 && tick <= scale->ticks[scale->count - 1])
			continue;
		scale->ticks[scale->count++] = tick;
	}
	if (scale->count > 0)
	{
		scale->low = fmin(low, scale->ticks[0]);
		scale->high = fmax(high, scale->ticks[scale->count - 1]);
	}
	size = fmax(fabs(scale->low), fabs(scale->high));
	scale->digits = (int) ceil(log10(size) - log10(step) - 1e-9) + 1;
	if (scale->digits < 3)
		scale->digits = 3;
	if (scale->digits > 15)
		scale->digits = 15;
}

double
scale_share(const Scale *scale, double value)
{
	double		share = (value / 2 - scale->low / 2) / (scale->high / 2 - scale->low / 2);

	/* not a number: from numbers that are none */
	if (!(share >= 0))
		return 0;
	return share > 1 ? 1 : share;
}
