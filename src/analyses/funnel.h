/*
 * funnel.h: between the files of the funnel on the SQL side.
 */
#ifndef KPI_FUNNEL_H
#define KPI_FUNNEL_H

#include "analyses/analysis.h"
#include "analyses/funnel_summary.h"

extern const Analysis funnel_analysis;

/* Decodes a kpi.funnel into the current context; data_corrupted if it is not one. */
static inline void
funnel_open(Datum datum, FunnelSummary *summary)
{
	analysis_open(&funnel_analysis, datum, summary);
}

/* funnel_json.c: see analysis.h. */
extern void funnel_push_json(JsonWriter *state, const void *value);
extern void funnel_read_json(const JsonReader *reader, JsonbContainer *root, void *value);

#endif							/* KPI_FUNNEL_H */
