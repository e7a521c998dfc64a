/*
 * funnel.h: between the files of the funnel on the SQL side.
 */
#ifndef KPI_FUNNEL_H
#define KPI_FUNNEL_H

#include "kpi_track.h"

#include "analyses/funnel_summary.h"

/* Decodes a kpi.funnel into the current context; data_corrupted if it is not one. */
extern void funnel_open(Datum datum, FunnelSummary *summary);

/* Encodes a summary as a kpi.funnel. */
extern Datum funnel_make(const FunnelSummary *summary);

/* Encodes what came from outside, after checking it as bytes from outside are checked. */
extern Datum funnel_make_checked(const FunnelSummary *summary);

#endif							/* KPI_FUNNEL_H */
