/*
 * ratio.h: kpi.ratio in the server.
 */
#ifndef KPI_RATIO_H
#define KPI_RATIO_H

#include "measures/measure.h"
#include "measures/ratio_summary.h"

extern const SummaryType ratio_type;

/* The parts of the type that are in ratio_json.c. */
extern void ratio_push_json(JsonWriter *state, const void *summary);
extern void ratio_read_json(const JsonReader *reader, JsonbContainer *root, void *summary);

#endif							/* KPI_RATIO_H */
