/*
 * distribution.h: the normal and Student's t distribution, in doubles.
 */
#ifndef KPI_DISTRIBUTION_H
#define KPI_DISTRIBUTION_H

/* The probability that a standard normal number lies farther from 0 than z does. */
extern double normal_two_sided(double z);

/* The z > 0 that it lies farther from 0 with the probability 1 - confidence, 0 < confidence < 1. */
extern double normal_quantile(double confidence);

/* The same of Student's t with `freedom` > 0 degrees of freedom. */
extern double student_two_sided(double t, double freedom);
extern double student_quantile(double confidence, double freedom);

#endif							/* KPI_DISTRIBUTION_H */
