/*
 * fit.h: the parameters of a model under which the data are most likely.
 */
#ifndef KPI_FIT_H
#define KPI_FIT_H

#include "engine/wire.h"
#include "models/model.h"

/* What times are measured in; the numbers are stored. Money has no time. */
typedef enum TimeUnit
{
	TIME_NONE,
	TIME_DAY,
	TIME_WEEK,
	TIME_MONTH,
	TIME_QUARTER,
	TIME_YEAR,
	TIME_HOUR
} TimeUnit;

#define TIME_UNITS 7
extern const char *const time_unit_name[TIME_UNITS];

typedef struct Fit
{
	const Model *model;
	TimeUnit	time_unit;		/* set by the caller of model_fit */
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

/* Written and read as bytes; hostile ones leave what is wrong with them in the reader. */
extern void fit_write(WireWriter *writer, const Fit *fit);
extern void fit_read(WireReader *reader, Fit *fit);

/* What no fit can be, or NULL. */
extern const char *fit_check(const Fit *fit);

#endif							/* KPI_FIT_H */
