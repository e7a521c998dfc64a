/*
 * proportion.h: intervals of proportions.
 */
#ifndef KPI_PROPORTION_H
#define KPI_PROPORTION_H

#include <stdint.h>

/* Wilson's score interval (Wilson 1927) for `hits` of `total` > 0, 95 %. */
extern void wilson_interval(int64_t hits, int64_t total, double *low, double *high);

/* The same for a z of any confidence, and counts as doubles. */
extern void wilson_interval_at(double hits, double total, double z, double *low, double *high);

#endif							/* KPI_PROPORTION_H */
