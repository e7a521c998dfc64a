/*
 * shapley.c: see shapley.h.
 */
#include "models/shapley.h"

void
shapley_add_subsets(int nplayers, double *numbers)
{
	for (int p = 0; p < nplayers; p++)
		for (uint32_t set = 0; set < UINT32_C(1) << nplayers; set++)
			if (set & UINT32_C(1) << p)
				numbers[set] += numbers[set & ~(UINT32_C(1) << p)];
}

void
shapley_values(int nplayers, const double *worth, double *values)
{
	double		weights[SHAPLEY_MAX_PLAYERS];	/* by players before: s! (n - s - 1)! / n! */
	uint32_t	nsets = UINT32_C(1) << nplayers;

	host_assert(nplayers <= SHAPLEY_MAX_PLAYERS);
	if (nplayers == 0)
		return;
	weights[0] = 1.0 / nplayers;
	for (int before = 1; before < nplayers; before++)
		weights[before] = weights[before - 1] * before / (nplayers - before);
	for (int p = 0; p < nplayers; p++)
	{
		uint32_t	bit = UINT32_C(1) << p;

		values[p] = 0;
		for (uint32_t set = 0; set < nsets; set++)
			if ((set & bit) == 0)
				values[p] += weights[__builtin_popcount(set)] * (worth[set | bit] - worth[set]);
	}
}
