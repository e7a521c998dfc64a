/*
 * ltv.h: between the files of the ltv on the SQL side.
 */
#ifndef KPI_LTV_H
#define KPI_LTV_H

#include "analyses/analysis.h"
#include "analyses/ltv_summary.h"

extern const Analysis ltv_analysis;

/* ltv_json.c: see analysis.h. */
extern void ltv_push_json(JsonWriter *state, const void *value);
extern void ltv_read_json(const JsonReader *reader, JsonbContainer *root, void *value);

#endif							/* KPI_LTV_H */
