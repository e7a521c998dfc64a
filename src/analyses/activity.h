/*
 * activity.h: between the files of the activity on the SQL side.
 */
#ifndef KPI_ACTIVITY_H
#define KPI_ACTIVITY_H

#include "analyses/activity_summary.h"
#include "analyses/analysis.h"

extern const Analysis activity_analysis;

/* activity_json.c: see analysis.h. */
extern void activity_push_json(JsonWriter *state, const void *value);
extern void activity_read_json(const JsonReader *reader, JsonbContainer *root, void *value);

#endif							/* KPI_ACTIVITY_H */
