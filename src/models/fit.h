/*
 * fit.h: the parameters of a model under which the data are most likely.
 */
#ifndef KPI_FIT_H
#define KPI_FIT_H

#include "models/model.h"

typedef struct Fit
{
	const Model *model;
	double		parameter[MODEL_PARAMETERS];
	double		error[MODEL_PARAMETERS]; /* standard errors; NaN where the data do not tell */
	bool		at_bound[MODEL_PARAMETERS];
	double		log_likelihood;
	double		n;				/* customers */
	bool		converged;
	int			evaluations;	/* of the likelihood */
} Fit;

/*
 * Fits the model to groups that are sorted by frequency, recency, age and money, in the time unit and currency of the data;
 * both are scaled inside, so that units change nothing but the units of the parameters. `groups` are
 * changed. Fails with HOST_BAD_VALUE if there are too few.
 */
extern Fit model_fit(const Model *model, ModelGroup *groups, size_t n);

#endif							/* KPI_FIT_H */
