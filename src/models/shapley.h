/*
 * shapley.h: Shapley values: a fair share for each player of what all of them are worth together (L. S. Shapley, A value
 * for n-person games, 1953). Plain C.
 */
#ifndef KPI_SHAPLEY_H
#define KPI_SHAPLEY_H

#include "host.h"

#define SHAPLEY_MAX_PLAYERS 16

/*
 * worth[set]: of the players whose bits are in `set`; worth[0] is 0. values[p]: what player p adds to the players before, on
 * average over all orders. They sum up to worth[all].
 */
extern void shapley_values(int nplayers, const double *worth, double *values);

/* Makes of the numbers of each set those of all its subsets together. */
extern void shapley_add_subsets(int nplayers, double *numbers);

#endif							/* KPI_SHAPLEY_H */
