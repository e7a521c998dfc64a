/*
 * survey.h: kpi.survey in the server.
 */
#ifndef KPI_SURVEY_H
#define KPI_SURVEY_H

#include "language/survey_kind_value.h"
#include "measures/measure.h"
#include "measures/survey_summary.h"

extern const SummaryType survey_type;

/* A number in millionths, and back; false if it has more than six decimals or is beyond SURVEY_SCORE_MAX. */
extern bool survey_score_of(Datum numeric, int64 *score);
extern Numeric survey_score_numeric(int64 score);

/* The parts of the type that are in survey_json.c. */
extern void survey_push_json(JsonWriter *state, const void *summary);
extern void survey_read_json(const JsonReader *reader, JsonbContainer *root, void *summary);

#endif							/* KPI_SURVEY_H */
