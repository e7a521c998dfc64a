/*
 * model.h: the probability models of customer lifetime: what they have in common, so that fitting, storing
 * and asking them is written once.
 *
 * A model is a family of distributions with up to four positive parameters. Data are groups of customers
 * who look the same to it. Times are in any unit, but the same one everywhere.
 */
#ifndef KPI_MODEL_H
#define KPI_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#define MODEL_PARAMETERS 4

/* The age that a customer of the bg_bb may have: what is done for one takes as long. */
#define MODEL_MOST_PERIODS 100000

/*
 * `count` customers with the same history. What the fields mean depends on the model:
 *
 *	bg_nbd, mbg_nbd, pareto_nbd		frequency: repeat purchases; recency: time from the first purchase to
 *									the last; age: time from the first purchase to the end
 *	bg_bb							the same in whole periods, each with or without purchase
 *	gamma_gamma						frequency: repeat purchases (> 0); money: their sum (> 0)
 *	sbg								frequency: periods; recency 1: left in the last of these, 0: still there
 */
typedef struct ModelGroup
{
	double		frequency;
	double		recency;
	double		age;
	double		money;
	double		count;
} ModelGroup;

/* What a parameter is measured in: scaled data change it. */
typedef enum ModelUnit
{
	MODEL_PURE,
	MODEL_TIME,
	MODEL_MONEY
} ModelUnit;

typedef struct Model
{
	const char *name;
	int			parameters;
	const char *parameter[MODEL_PARAMETERS];
	ModelUnit	unit[MODEL_PARAMETERS];

	/*
	 * The sum of count * ln L over the groups, which are sorted by frequency, then recency, age and money; adds its
	 * derivatives by the parameters to gradient[], which is all zero.
	 */
	double		(*log_likelihood) (const double *p, const ModelGroup *groups, size_t n, double *gradient);

	/* The rest is NULL where the model has no such thing. The customer's history is frequency, recency, age. */

	/* The probability that the customer will ever buy again. */
	double		(*alive) (const double *p, const ModelGroup *customer);

	/* Purchases expected of the customer from the end on within `horizon`. */
	double		(*expected) (const double *p, const ModelGroup *customer, double horizon);

	/* The same for a customer who has just bought for the first time, which is not counted. */
	double		(*expected_new) (const double *p, double horizon);

	/*
	 * All purchases still expected of the customer, each discounted by exp(-rate * time), or in models of
	 * periods by (1 + rate)^-periods. Infinity where this has no end.
	 */
	double		(*residual) (const double *p, const ModelGroup *customer, double rate);
} Model;

extern const Model model_bg_nbd;
extern const Model model_mbg_nbd;
extern const Model model_pareto_nbd;
extern const Model model_bg_bb;
extern const Model model_gamma_gamma;
extern const Model model_sbg;

/* All of them; their places are their numbers in stored bytes. */
#define MODELS 6
extern const Model *const model_all[MODELS];

/* The one with this name, or NULL. */
extern const Model *model_find(const char *name);

/* Gamma-Gamma: the expected amount of a purchase by a customer whose `frequency` repeat purchases had the
 * mean `mean`; of a new customer if there were none, NaN if that has no mean (q <= 1). */
extern double model_gamma_gamma_mean(const double *p, double frequency, double mean);

/* BG/BB: purchases expected within a whole number of periods, or Infinity, each discounted by (1 + rate)^-periods. */
extern double model_bg_bb_discounted(const double *p, const ModelGroup *customer, double horizon, double rate);

/* sBG: the share of customers that is still there after so many periods. */
extern double model_sbg_survival(const double *p, double periods);

/* sBG: the periods a customer who has renewed so many times is still expected to pay for, each discounted
 * by 1 + rate, the one to be paid now included if the customer renews; Infinity where this has no end. */
extern double model_sbg_residual(const double *p, double renewals, double rate);

#endif							/* KPI_MODEL_H */
