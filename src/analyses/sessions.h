/*
 * sessions.h: between the files of the sessions on the SQL side.
 */
#ifndef KPI_SESSIONS_H
#define KPI_SESSIONS_H

#include "analyses/analysis.h"
#include "analyses/sessions_summary.h"
#include "language/session_spec_value.h"

extern const Analysis sessions_analysis;

/* Decodes a kpi.sessions into the current context; data_corrupted if it is not one. */
static inline void
sessions_open(Datum datum, SessionsSummary *summary)
{
	analysis_open(&sessions_analysis, datum, summary);
}

/* sessions_json.c: see analysis.h. */
extern void sessions_push_json(JsonWriter *state, const void *value);
extern void sessions_read_json(const JsonReader *reader, JsonbContainer *root, void *value);

#endif							/* KPI_SESSIONS_H */
