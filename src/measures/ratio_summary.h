/*
 * ratio_summary.h: what a kpi.ratio holds: the sums of numerators and denominators, and of their squares and products,
 * all of them exact.
 */
#ifndef KPI_RATIO_SUMMARY_H
#define KPI_RATIO_SUMMARY_H

#include "engine/exact_sum.h"

/*
 * Squares and products are kept of rows whose numbers have only digits at these places: below 10^100 and with at most 100
 * decimals. They cost time that grows with the square of the digits, and beyond that there is hardly a double to tell of them.
 */
#define RATIO_PLACE_MIN (-25)
#define RATIO_PLACE_MAX 24

/* All zeros: no rows. */
typedef struct RatioSummary
{
	int64_t		rows;
	int64_t		others;			/* of these, not hits out of trials: not 0 <= numerator <= denominator, both of them whole */
	int64_t		wide;			/* of these, without squares */
	ExactSum	numerator;
	ExactSum	denominator;
	ExactSum	numerator_squared;
	ExactSum	product;
	ExactSum	denominator_squared;
} RatioSummary;

/* Adds a row, or takes one away that was added. */
extern void ratio_summary_add(RatioSummary *summary, const ExactNumber *numerator, const ExactNumber *denominator, bool away);

extern void ratio_summary_merge(RatioSummary *into, const RatioSummary *from);
extern const char *ratio_summary_check(const RatioSummary *summary);
extern void ratio_summary_write(WireWriter *writer, const RatioSummary *summary);
extern void ratio_summary_read(WireReader *reader, bool utf8, RatioSummary *summary);

#endif							/* KPI_RATIO_SUMMARY_H */
