/*
 * timeline_aggregate.c: the aggregates kpi.timeline and kpi.rollup(timeline).
 *
 * The state is a TimelineBuilder, made at the first row that counts. Between workers it travels as a packed timeline
 * with its version byte, as it would be stored.
 */
#include "engine/timeline_value.h"

#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(timeline_add);
PG_FUNCTION_INFO_V1(timeline_add_timeline);
PG_FUNCTION_INFO_V1(timeline_combine);
PG_FUNCTION_INFO_V1(timeline_serialise);
PG_FUNCTION_INFO_V1(timeline_deserialise);
PG_FUNCTION_INFO_V1(timeline_final);

/* The context of the aggregate that calls; nobody else may. */
static MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				errmsg("function of kpi.timeline called outside an aggregate"));
	return context;
}

static inline TimelineBuilder *
state_argument(FunctionCallInfo fcinfo, int number)
{
	return PG_ARGISNULL(number) ? NULL : (TimelineBuilder *) PG_GETARG_POINTER(number);
}

#define RETURN_STATE(state) \
	do { if ((state) == NULL) PG_RETURN_NULL(); PG_RETURN_POINTER(state); } while (0)

/* A row: time, label and, for the aggregate of three arguments, value. */
Datum
timeline_add(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	TimelineBuilder *state = state_argument(fcinfo, 0);
	bool		has_value = PG_NARGS() > 3 && !PG_ARGISNULL(3);
	int64		number = 0;
	uint8		decimals = 0;
	text	   *event;
	TimelineLabel label;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		RETURN_STATE(state);
	event = PG_GETARG_TEXT_PP(2);
	label.bytes = VARDATA_ANY(event);
	label.length = VARSIZE_ANY_EXHDR(event);
	if (has_value)
		timeline_number(PG_GETARG_DATUM(3), &number, &decimals);
	if (state == NULL)
		state = timeline_builder_make(context);
	timeline_builder_add(state, PG_GETARG_TIMESTAMPTZ(1), label, has_value, number, decimals);
	PG_RETURN_POINTER(state);
}

Datum
timeline_add_timeline(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	TimelineBuilder *state = state_argument(fcinfo, 0);
	Timeline	timeline;

	if (PG_ARGISNULL(1))
		RETURN_STATE(state);
	timeline_open_datum(PG_GETARG_DATUM(1), &timeline);
	if (state == NULL)
		state = timeline_builder_make(context);
	timeline_builder_merge(state, &timeline);
	PG_RETURN_POINTER(state);
}

Datum
timeline_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	TimelineBuilder *state = state_argument(fcinfo, 0);
	TimelineBuilder *other = state_argument(fcinfo, 1);

	if (other == NULL)
		RETURN_STATE(state);
	if (state == NULL)
		state = timeline_builder_make(context);
	timeline_builder_merge_builder(state, other);
	PG_RETURN_POINTER(state);
}

Datum
timeline_serialise(PG_FUNCTION_ARGS)
{
	(void) aggregate_context(fcinfo);
	return timeline_builder_datum((TimelineBuilder *) PG_GETARG_POINTER(0));
}

Datum
timeline_deserialise(PG_FUNCTION_ARGS)
{
	Timeline	timeline;
	StoredValue value;

	(void) aggregate_context(fcinfo);
	value = stored_value_open(PG_GETARG_DATUM(0), TIMELINE_VERSION, "kpi.timeline");
	timeline_open_hostile(value, &timeline);
	PG_RETURN_POINTER(timeline_builder_from(CurrentMemoryContext, value.bytes, value.length));
}

Datum
timeline_final(PG_FUNCTION_ARGS)
{
	TimelineBuilder *state;

	(void) aggregate_context(fcinfo);
	state = state_argument(fcinfo, 0);
	if (state == NULL)
		state = timeline_builder_make(CurrentMemoryContext);
	return timeline_builder_datum(state);
}
