/*
 * scale.h: axes: from which round number to which, and where the ticks are.
 */
#ifndef KPI_SCALE_H
#define KPI_SCALE_H

#include "host.h"

#define SCALE_TICKS_MAX		24

typedef struct Scale
{
	double		low;			/* finite, low < high */
	double		high;
	double		step;			/* between ticks: 1, 2 or 5 times a power of ten */
	int			count;			/* of ticks, the first at `low`, the last at `high`, but for numbers too large or too near */
	double		ticks[SCALE_TICKS_MAX];
	int			digits;			/* that tell the ticks apart */
} Scale;

/* An axis for numbers from low to high (finite, in order) with about that many steps, 1 to 10. `whole`: no ticks between whole numbers. */
extern void scale_make(Scale *scale, double low, double high, int steps, bool whole);

/* Where a number is between the ends: 0 to 1, never outside. */
extern double scale_share(const Scale *scale, double value);

#endif							/* KPI_SCALE_H */
