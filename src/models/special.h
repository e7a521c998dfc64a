/*
 * special.h: the special functions of the models, in doubles, without overflow and without the cancellation
 * that differences of large logarithms of Gamma bring.
 *
 * Arguments that are called positive have to be finite and > 0; nothing here fails or takes memory.
 */
#ifndef KPI_SPECIAL_H
#define KPI_SPECIAL_H

/* ln Gamma(x), x > 0. */
extern double special_log_gamma(double x);

/* psi(x), the derivative of ln Gamma, and psi'(x), the second one; x > 0. */
extern double special_digamma(double x);
extern double special_trigamma(double x);

/* ln (Gamma(base + x) / Gamma(base)), base > 0, x >= 0: exact to rounding also where base is large and x is not. */
extern double special_log_rising(double base, double x);

/* psi(base + x) - psi(base), base > 0, x >= 0. */
extern double special_digamma_rise(double base, double x);

/* ln B(a, b), a and b > 0. */
extern double special_log_beta(double a, double b);

/* ln (1 + exp(x)), and its derivative 1 / (1 + exp(-x)). */
extern double special_softplus(double x);
extern double special_logistic(double x);

/* ln (Gamma(b + t) Gamma(b + g) / (Gamma(b) Gamma(b + g + t))) <= 0, b > 0, g and t >= 0: of the product of (b + j) / (b + g + j), j < t. */
extern double special_log_fall(double b, double g, double t);

/*
 * 2F1(1, b; b + g; z) for b > 0, g >= 0 and 0 <= z <= 1: the sum of (b)_j / (b + g)_j z^j. Infinity at z = 1 where
 * it diverges, g <= 1. The first `terms` of these only, a whole number or Infinity; z is e^-decay.
 */
extern double special_geometric_sum(double b, double g, double decay, double terms);

/*
 * Gauss-Legendre quadrature with 16 nodes on [0, 1]: the integral of f is about the sum of
 * special_weight[i] * f(special_node[i]).
 */
#define SPECIAL_NODES 16
extern const double special_node[SPECIAL_NODES];
extern const double special_weight[SPECIAL_NODES];

/*
 * ln (Gamma(base + x) / Gamma(base)) and its derivative by base, for integers x that do not fall from one
 * call to the next: what the likelihoods need, whose groups are sorted. Steps are a logarithm each; wide
 * gaps are jumped over.
 */
typedef struct SpecialRising
{
	double		base;
	double		x;
	double		log;		 /* ln (Gamma(base + x) / Gamma(base)) */
	double		slope;		 /* psi(base + x) - psi(base) */
} SpecialRising;

extern SpecialRising special_rising(double base);
extern void special_rise_to(SpecialRising *rising, double x);

#endif							/* KPI_SPECIAL_H */
