/*
 * roi_summary.h: what a kpi.roi holds: exact sums of what was spent and of what it brought, in one currency.
 */
#ifndef KPI_ROI_SUMMARY_H
#define KPI_ROI_SUMMARY_H

#include "engine/exact_sum.h"

#define ROI_CURRENCY_MAX 32		/* bytes */

/* All zeros: no rows. */
typedef struct RoiSummary
{
	int64_t		rows;			/* with a cost or a revenue */
	char		currency[ROI_CURRENCY_MAX];
	size_t		length;			/* of the currency; 0: the rows name none */
	ExactSum	cost;
	ExactSum	revenue;
} RoiSummary;

/*
 * Adds a row, or takes one away that was added; NULL: it has no cost, no revenue, no currency (but one of the first two).
 * HOST_BAD_VALUE if the rows before it were in another currency.
 */
extern void roi_summary_add(RoiSummary *summary, const ExactNumber *cost, const ExactNumber *revenue, const char *currency,
							size_t length, bool away);

extern void roi_summary_merge(RoiSummary *into, const RoiSummary *from);
extern const char *roi_summary_check(const RoiSummary *summary);
extern void roi_summary_write(WireWriter *writer, const RoiSummary *summary);
extern void roi_summary_read(WireReader *reader, bool utf8, RoiSummary *summary);

#endif							/* KPI_ROI_SUMMARY_H */
