/*
 * model_value.h: kpi.ltv_model, a fitted model as a value.
 */
#ifndef KPI_MODEL_VALUE_H
#define KPI_MODEL_VALUE_H

#include "kpi_track.h"

#include "models/fit.h"

/* The value of a fit, and the fit of a value; data_corrupted if it is none. */
extern Datum model_value_make(const Fit *fit);
extern Fit model_value_open(Datum datum);

/* The time unit of this name; an error that names `argument` if there is none. */
extern TimeUnit time_unit_argument(text *name, const char *argument);

#endif							/* KPI_MODEL_VALUE_H */
