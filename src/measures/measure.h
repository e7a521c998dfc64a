/*
 * measure.h: what measures share: kpi.ratio, kpi.roi, kpi.survey. Their rows have no actor, so the state of the aggregate is the
 * summary itself, and what goes between processes is a value of its type.
 */
#ifndef KPI_MEASURE_H
#define KPI_MEASURE_H

#include "kpi_track.h"

#include "analyses/aggregate.h"
#include "engine/exact_numeric.h"
#include "summary_type.h"

/* The state of a call, made at the first row; `context` is that of the aggregate, which has been asked for. */
static inline void *
measure_state(FunctionCallInfo fcinfo, const SummaryType *type, MemoryContext context)
{
	return PG_ARGISNULL(0) ? MemoryContextAllocZero(context, type->summary_size) : (void *) PG_GETARG_POINTER(0);
}

extern Datum measure_final(FunctionCallInfo fcinfo, const SummaryType *type);
extern Datum measure_combine(FunctionCallInfo fcinfo, const SummaryType *type);
extern Datum measure_serialise(FunctionCallInfo fcinfo, const SummaryType *type);
extern Datum measure_deserialise(FunctionCallInfo fcinfo, const SummaryType *type);

/* The functions of a measure but for its transitions: <name>_add and, for a window that moves, <name>_remove. */
#define MEASURE_FUNCTIONS(name, type) \
	PG_FUNCTION_INFO_V1(name##_final); \
	PG_FUNCTION_INFO_V1(name##_combine); \
	PG_FUNCTION_INFO_V1(name##_serialise); \
	PG_FUNCTION_INFO_V1(name##_deserialise); \
	Datum name##_final(PG_FUNCTION_ARGS) { return measure_final(fcinfo, type); } \
	Datum name##_combine(PG_FUNCTION_ARGS) { return measure_combine(fcinfo, type); } \
	Datum name##_serialise(PG_FUNCTION_ARGS) { return measure_serialise(fcinfo, type); } \
	Datum name##_deserialise(PG_FUNCTION_ARGS) { return measure_deserialise(fcinfo, type); } \
	SUMMARY_FUNCTIONS(name, type)

/* Sums as jsonb numbers: of a key; reading adds to a sum of nothing. */
extern void measure_push_sum(JsonWriter *state, const char *key, const ExactSum *sum);
extern void measure_read_sum(const JsonReader *reader, JsonbContainer *object, const char *key, ExactSum *sum);

/* a / b, null if b is 0. */
extern Datum measure_divide(FunctionCallInfo fcinfo, Numeric a, Numeric b);

/* Argument `number`, a confidence: between 0 and 1, or an error. */
extern double measure_confidence(FunctionCallInfo fcinfo, int number);

#endif							/* KPI_MEASURE_H */
