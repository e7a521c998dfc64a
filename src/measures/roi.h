/*
 * roi.h: kpi.roi in the server.
 */
#ifndef KPI_ROI_H
#define KPI_ROI_H

#include "measures/measure.h"
#include "measures/roi_summary.h"

extern const SummaryType roi_type;

/* The parts of the type that are in roi_json.c. */
extern void roi_push_json(JsonWriter *state, const void *summary);
extern void roi_read_json(const JsonReader *reader, JsonbContainer *root, void *summary);

#endif							/* KPI_ROI_H */
