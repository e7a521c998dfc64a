/*
 * paths.h: kpi.paths in the server: what the files of the analysis share.
 */
#ifndef KPI_PATHS_H
#define KPI_PATHS_H

#include "analyses/analysis.h"
#include "analyses/paths_summary.h"

extern const Analysis paths_analysis;

static inline void
paths_open(Datum datum, PathsSummary *summary)
{
	analysis_open(&paths_analysis, datum, summary);
}

extern void paths_push_json(JsonWriter *state, const void *summary);
extern void paths_read_json(const JsonReader *reader, JsonbContainer *root, void *summary);

#endif							/* KPI_PATHS_H */
