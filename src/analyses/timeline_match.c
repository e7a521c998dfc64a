/*
 * timeline_match.c: a pattern against one timeline: `timeline @@ pattern`, kpi.matches, kpi.level,
 * kpi.match_times, kpi.occurrences.
 *
 * Nothing is kept between calls but the compiled pattern with its chaser, which the session keeps; of the
 * usual short timeline neither the labels nor the events are allocated.
 */
#include "kpi_track.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/timestamp.h"

#include "engine/timeline_value.h"
#include "language/pattern_value.h"
#include "language/timeline_program.h"

#define FEW_LABELS 64			/* on the stack */
#define FEW_EVENTS 256

PG_FUNCTION_INFO_V1(timeline_matches);
PG_FUNCTION_INFO_V1(timeline_level);
PG_FUNCTION_INFO_V1(timeline_match_times);
PG_FUNCTION_INFO_V1(timeline_occurrences);

/* Matches the events; only those that mean something to the pattern are looked at. */
static void
chase_events(const CompiledPattern *compiled, const Timeline *timeline, const uint64 *code_of,
			 Chase *chase)
{
	Event		few_events[FEW_EVENTS];
	Event	   *events = few_events;
	EventSeq	seq;

	if (timeline->count > FEW_EVENTS)
		events = host_alloc(NULL, host_array_size(timeline->count, sizeof(Event)));
	seq = event_seq_of_array(events, timeline_events(timeline, code_of, events));
	compiled_pattern_chase(compiled, &seq, chase);
	if (events != few_events)
		pfree(events);
}

/*
 * Matches the timeline, argument 0, against the pattern, argument 1. False if there is nothing to be had: no complete
 * pass if `complete` is asked for, else level 0. *chase is filled if true.
 */
static bool
chase_arguments(FunctionCallInfo fcinfo, bool complete, const CompiledPattern **compiled, Chase *chase)
{
	Timeline	timeline;
	uint64		few_codes[FEW_LABELS];
	uint64	   *code_of = few_codes;
	uint64		fulfilled;
	bool		found;

	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	*compiled = compiled_pattern_peek(PG_GETARG_DATUM(1));
	if (timeline.nlabels > FEW_LABELS)
		code_of = palloc(mul_size(timeline.nlabels, sizeof(uint64)));
	fulfilled = timeline_program_codes((*compiled)->program, &timeline, code_of);

	found = complete ? program_can_complete((*compiled)->program, fulfilled) :
		program_can_begin((*compiled)->program, fulfilled);
	if (found)
	{
		chase_events(*compiled, &timeline, code_of, chase);
		found = complete ? program_is_complete((*compiled)->program, chase) : chase->level > 0;
	}
	if (code_of != few_codes)
		pfree(code_of);
	return found;
}

Datum
timeline_matches(PG_FUNCTION_ARGS)
{
	const CompiledPattern *compiled;
	Chase		chase;

	PG_RETURN_BOOL(chase_arguments(fcinfo, true, &compiled, &chase));
}

Datum
timeline_level(PG_FUNCTION_ARGS)
{
	const CompiledPattern *compiled;
	Chase		chase;

	PG_RETURN_INT32(chase_arguments(fcinfo, false, &compiled, &chase) ? chase.level : 0);
}

Datum
timeline_occurrences(PG_FUNCTION_ARGS)
{
	const CompiledPattern *compiled;
	Chase		chase;

	PG_RETURN_INT64(chase_arguments(fcinfo, true, &compiled, &chase) ? chase.completions : 0);
}

Datum
timeline_match_times(PG_FUNCTION_ARGS)
{
	const CompiledPattern *compiled;
	Chase		chase;
	Datum		times[PATTERN_MAX_STEPS];
	bool		nulls[PATTERN_MAX_STEPS];
	int			nsteps;
	int			lower = 1;

	/* With `open` there may be a level, but no chain from the first step. */
	if (!chase_arguments(fcinfo, false, &compiled, &chase) || chase.taken == 0)
		PG_RETURN_NULL();
	nsteps = program_steps(compiled->program);
	for (int s = 0; s < nsteps; s++)
	{
		nulls[s] = (chase.taken & (UINT64CONST(1) << s)) == 0;
		times[s] = TimestampTzGetDatum(nulls[s] ? 0 : chase.at[s]);
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(times, nulls, 1, &nsteps, &lower, TIMESTAMPTZOID,
											 sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
