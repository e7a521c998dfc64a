/*
 * optimise.h: the highest point of a smooth function of a few variables, which are logarithms of positive parameters.
 */
#ifndef KPI_OPTIMISE_H
#define KPI_OPTIMISE_H

#include <stdbool.h>

#include "models/model.h"

/* The variables stay within so much of 0: parameters between 1e-8 and 1e8. */
#define OPTIMISE_BOX 18.420680743952367

/* The function at x, with its derivatives; must not take memory that it does not give back, nor fail. */
typedef double (*OptimiseFunction) (void *context, const double *x, double *gradient);

typedef struct Optimum
{
	double		x[MODEL_PARAMETERS];
	double		value;
	double		error[MODEL_PARAMETERS]; /* the standard error if the function is a log-likelihood; NaN at_bound */
	bool		at_bound[MODEL_PARAMETERS];	 /* the function hardly depends on it, or it wants to leave the box */
	bool		converged;
	int			evaluations;
} Optimum;

/*
 * Looks for the highest point from several starts, the same ones every time. `sample`: the context of a smaller version of
 * the function with its top nearby, which is climbed first to begin there; NULL if there is none. The user can cancel: then
 * this raises the server's error, with nothing left behind.
 */
extern Optimum optimise(OptimiseFunction function, void *context, void *sample, int variables);

#endif							/* KPI_OPTIMISE_H */
