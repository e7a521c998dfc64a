/*
 * attribution.h: kpi.attribution in the server: what the files of the analysis share.
 */
#ifndef KPI_ATTRIBUTION_H
#define KPI_ATTRIBUTION_H

#include "analyses/analysis.h"
#include "analyses/attribution_summary.h"

extern const Analysis attribution_analysis;

static inline void
attribution_open(Datum datum, AttributionSummary *summary)
{
	analysis_open(&attribution_analysis, datum, summary);
}

/* attribution_json.c: see analysis.h. */
extern void attribution_push_json(JsonWriter *state, const void *summary);
extern void attribution_read_json(const JsonReader *reader, JsonbContainer *root, void *summary);

#endif							/* KPI_ATTRIBUTION_H */
