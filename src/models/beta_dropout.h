/*
 * beta_dropout.h: purchases to come when customers may drop out after each purchase.
 */
#ifndef KPI_BETA_DROPOUT_H
#define KPI_BETA_DROPOUT_H

/*
 * The mean over p ~ Beta(a, b) of (1 - (1 + p t)^-s) / p: what a customer will buy who is still active,
 * buys at a rate with the distribution Gamma(s, 1), and drops out after each purchase with probability p.
 * All arguments positive, up to 1e100 (t: 1e200); t may be 0.
 */
extern double beta_dropout_purchases(double a, double b, double s, double t);

/* The same by quadrature, without the short cut by a series: slower, for any arguments. */
extern double beta_dropout_quadrature(double a, double b, double s, double t);

#endif							/* KPI_BETA_DROPOUT_H */
