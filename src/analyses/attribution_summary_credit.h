/*
 * attribution_summary_credit.h: the models of attribution: which channel gets how much of the conversions of a period. Plain C.
 */
#ifndef KPI_ATTRIBUTION_SUMMARY_CREDIT_H
#define KPI_ATTRIBUTION_SUMMARY_CREDIT_H

#include "analyses/attribution_summary.h"

#define ATTRIBUTION_MAX_ORDER	3
#define ATTRIBUTION_MAX_STATES	2000	/* of a chain of an order higher than 1 */

/* Decimals that credits are rounded to, or those of the revenue if it has more. */
#define ATTRIBUTION_DECIMALS	6

typedef enum AttributionModel
{
	MODEL_FIRST,
	MODEL_LAST,
	MODEL_LAST_NON_DIRECT,
	MODEL_LINEAR,
	MODEL_POSITION,
	MODEL_TIME_DECAY,
	MODEL_MARKOV,
	MODEL_SHAPLEY,
	ATTRIBUTION_MODELS
} AttributionModel;

extern const char *const attribution_model_names[ATTRIBUTION_MODELS];

typedef struct AttributionOptions
{
	double		first_weight;	/* position: from 0 on, not more than 1 together */
	double		last_weight;
	int			order;			/* markov: 1 .. ATTRIBUTION_MAX_ORDER */
	bool		rate;			/* shapley: of the rate of conversion, not of the number */
} AttributionOptions;

typedef struct AttributionCredit
{
	AmountSum	conversions;
	AmountSum	revenue;
	double		share;			/* of the conversions with a touch, not rounded */
} AttributionCredit;

/*
 * The credit of each channel, and behind them of ATTRIBUTION_OTHER: what paths that were cut begin with, for models that ask
 * for whole paths. Adds up exactly to the conversions with a touch and to their revenue. HOST_LIMIT if there are too many
 * channels or states for the model.
 */
extern void attribution_period_credit(const AttributionSummary *summary, const AttributionPeriod *period,
									  AttributionModel model, const AttributionOptions *options,
									  AttributionCredit *credits);

/* The removal effects in a Markov chain: for the channels and ATTRIBUTION_OTHER, of conversions and of revenue. */
extern void attribution_period_removal(const AttributionSummary *summary, const AttributionPeriod *period, int order,
									   double *effects, double *revenue_effects);

#endif							/* KPI_ATTRIBUTION_SUMMARY_CREDIT_H */
