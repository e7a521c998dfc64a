/*
 * retention.h: between the files of the retention on the SQL side.
 */
#ifndef KPI_RETENTION_H
#define KPI_RETENTION_H

#include "analyses/analysis.h"
#include "analyses/retention_summary.h"

extern const Analysis retention_analysis;

/* retention_json.c: see analysis.h. */
extern void retention_push_json(JsonWriter *state, const void *value);
extern void retention_read_json(const JsonReader *reader, JsonbContainer *root, void *value);

#endif							/* KPI_RETENTION_H */
