/*
 * ltv_fit.h: what models are fitted to, from the summary of a kpi.ltv.
 */
#ifndef KPI_LTV_FIT_H
#define KPI_LTV_FIT_H

#include "analyses/ltv.h"
#include "models/fit.h"

/* The last day that the models know: before the holdout, else the last one there is; LTV_NO_DAY if there is none. */
extern int64 ltv_last_day(const LtvSummary *summary);

/* The last day that is known at all, LTV_NO_DAY if there is none. */
extern int64 ltv_end_day(const LtvSummary *summary);

/* Days of the summary's time unit. */
extern double ltv_unit_days(const LtvSummary *summary);

/* The time unit that a model fitted to the summary has. */
extern TimeUnit ltv_time_unit(const LtvSummary *summary, const Model *model);

/* The groups for a model, sorted as it wants them, in the current context. */
extern ModelGroup *ltv_groups(const LtvSummary *summary, const Model *model, size_t *n);

#endif							/* KPI_LTV_FIT_H */
