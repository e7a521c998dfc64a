/*
 * funnel.c: the aggregate kpi.funnel and the accessors of its summary.
 */
#include "analyses/funnel.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "nodes/primnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "analyses/aggregate.h"
#include "engine/calendar.h"
#include "language/pattern_value.h"
#include "language/program.h"

#define FUNNEL_VERSION 1

PG_FUNCTION_INFO_V1(funnel_bigint_label);
PG_FUNCTION_INFO_V1(funnel_uuid_label);
PG_FUNCTION_INFO_V1(funnel_text_label);
PG_FUNCTION_INFO_V1(funnel_bigint_mask);
PG_FUNCTION_INFO_V1(funnel_uuid_mask);
PG_FUNCTION_INFO_V1(funnel_text_mask);
PG_FUNCTION_INFO_V1(funnel_final);
PG_FUNCTION_INFO_V1(funnel_combine);
PG_FUNCTION_INFO_V1(funnel_serialise);
PG_FUNCTION_INFO_V1(funnel_deserialise);
PG_FUNCTION_INFO_V1(funnel_recv);
PG_FUNCTION_INFO_V1(funnel_send);
PG_FUNCTION_INFO_V1(funnel_merge);
PG_FUNCTION_INFO_V1(funnel_steps);
PG_FUNCTION_INFO_V1(funnel_trend);
PG_FUNCTION_INFO_V1(funnel_conversion_rate);
PG_FUNCTION_INFO_V1(funnel_level);
PG_FUNCTION_INFO_V1(funnel_actors);
PG_FUNCTION_INFO_V1(funnel_completions);
PG_FUNCTION_INFO_V1(funnel_pattern);
PG_FUNCTION_INFO_V1(conditions);

/* ---- values ---- */

static void
read_summary(StoredValue value, FunnelSummary *summary)
{
	WireReader	reader;

	wire_reader_init(&reader, value.bytes, value.length);
	funnel_summary_read(&reader, GetDatabaseEncoding() == PG_UTF8, summary);
	if (reader.failure != NULL)
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid bytes for type %s: %s", "kpi.funnel", reader.failure));
}

void
funnel_open(Datum datum, FunnelSummary *summary)
{
	read_summary(stored_value_open(datum, FUNNEL_VERSION, "kpi.funnel"), summary);
}

Datum
funnel_make(const FunnelSummary *summary)
{
	WireWriter	writer;

	wire_writer_init(&writer, 0);
	funnel_summary_write(&writer, summary);
	return stored_value_make(FUNNEL_VERSION, writer.bytes, writer.length);
}

Datum
funnel_make_checked(const FunnelSummary *summary)
{
	const char *violated = funnel_summary_check(summary);
	FunnelSummary again;
	WireWriter	writer;
	WireReader	reader;

	if (violated == NULL)
	{
		wire_writer_init(&writer, 0);
		funnel_summary_write(&writer, summary);
		wire_reader_init(&reader, writer.bytes, writer.length);
		funnel_summary_read(&reader, GetDatabaseEncoding() == PG_UTF8, &again);
		violated = reader.failure;
	}
	if (violated != NULL)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				errmsg("invalid input for type %s: %s", "kpi.funnel", violated));
	return stored_value_make(FUNNEL_VERSION, writer.bytes, writer.length);
}

Datum
funnel_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	StoredValue value = stored_value_receive(message, FUNNEL_VERSION, "kpi.funnel");
	FunnelSummary summary;

	read_summary(value, &summary);
	if (summary.text != NULL && !pg_verifymbstr(summary.text, summary.length, true))
		ereport(ERROR,
				errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
				errmsg("invalid bytes for type %s: pattern not in the encoding of the database",
					   "kpi.funnel"));
	return stored_value_make(value.version, value.bytes, value.length);
}

Datum
funnel_send(PG_FUNCTION_ARGS)
{
	StoredValue value = stored_value_open(PG_GETARG_DATUM(0), FUNNEL_VERSION, "kpi.funnel");
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, value.version);
	pq_sendbytes(&message, value.bytes, value.length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

static void
check_same_pattern(const FunnelSummary *a, const FunnelSummary *b)
{
	if (a->text != NULL && b->text != NULL &&
		(a->length != b->length || memcmp(a->text, b->text, a->length) != 0))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("funnels of different patterns cannot be merged"),
				errdetail("One is of \"%s\", the other of \"%s\".", a->text, b->text));
}

Datum
funnel_merge(PG_FUNCTION_ARGS)
{
	FunnelSummary a;
	FunnelSummary b;

	funnel_open(PG_GETARG_DATUM(0), &a);
	funnel_open(PG_GETARG_DATUM(1), &b);
	check_same_pattern(&a, &b);
	funnel_summary_merge(&a, &b);
	return funnel_make(&a);
}

/* ---- the aggregate: collecting ---- */

typedef struct FunnelState
{
	const CompiledPattern *compiled;	/* held by the aggregate's context */
	bool		constant;		/* the pattern is a constant of the query: no need to look again */
	bool		wide_keys;
	ActorLog   *log;
} FunnelState;

static FunnelState *
state_make(MemoryContext context, SpillPool *pool, const CompiledPattern *compiled, bool wide_keys)
{
	FunnelState *state = MemoryContextAlloc(context, sizeof(FunnelState));
	ActorLogKind kind = {wide_keys, false, program_max_code(compiled->program)};

	state->compiled = compiled;
	state->constant = false;
	state->wide_keys = wide_keys;
	state->log = actor_log_make(context, pool, kind);
	return state;
}

static FunnelState *
funnel_begin(FunctionCallInfo fcinfo, MemoryContext context, bool wide_keys, bool masks)
{
	FunnelState *state;

	if (PG_ARGISNULL(4))
		ereport(ERROR,
				errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("the pattern of a funnel must not be null"),
				errhint("Name the steps, for example 'view -> cart -> purchase within 7 days'."));
	state = state_make(context, aggregate_pool(context),
					   compiled_pattern_hold(context, PG_GETARG_DATUM(4), masks), wide_keys);
	state->constant = aggregate_constant(fcinfo, 3) != NULL;
	return state;
}

/* Every row has to bring the same pattern. */
static void
check_pattern(FunctionCallInfo fcinfo, const FunnelState *state)
{
	if (!PG_ARGISNULL(4) && compiled_pattern_is(state->compiled, PG_GETARG_DATUM(4)))
		return;
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("the pattern of a funnel must be the same for all rows of a group"),
			errdetail("It was \"%s\" and is %s.", state->compiled->text,
					  PG_ARGISNULL(4) ? "null" :
					  psprintf("\"%s\"", compiled_pattern_hold(CurrentMemoryContext,
															   PG_GETARG_DATUM(4), false)->text)),
			errhint("Group by the pattern."));
}

/* The state of a call, made at the first row. */
static inline FunnelState *
funnel_state(FunctionCallInfo fcinfo, bool wide_keys, bool masks)
{
	MemoryContext context = aggregate_context(fcinfo);
	FunnelState *state;

	if (PG_ARGISNULL(0))
		return funnel_begin(fcinfo, context, wide_keys, masks);
	state = (FunnelState *) PG_GETARG_POINTER(0);
	if (!state->constant)
		check_pattern(fcinfo, state);
	return state;
}

static inline bool
row_is_ignored(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3);
}

static inline uint64
code_of_label(FunctionCallInfo fcinfo, const FunnelState *state)
{
	text	   *event = PG_GETARG_TEXT_PP(3);

	return label_code(state->compiled->program, VARDATA_ANY(event), VARSIZE_ANY_EXHDR(event));
}

static inline uint64
code_of_mask(FunctionCallInfo fcinfo, const FunnelState *state)
{
	return program_mask_code(state->compiled->program, (uint64) PG_GETARG_INT64(3));
}

/* One transition function for each kind of actor and of event. */
#define FUNNEL_TRANSITION(actor_kind, event_kind, wide_keys, masks) \
Datum \
funnel_##actor_kind##_##event_kind(PG_FUNCTION_ARGS) \
{ \
	FunnelState *state = funnel_state(fcinfo, wide_keys, masks); \
	uint64		code; \
	\
	if (!row_is_ignored(fcinfo) && (code = code_of_##event_kind(fcinfo, state)) != 0) \
		actor_log_append(state->log, actor_kind##_actor(PG_GETARG_DATUM(1)), PG_GETARG_TIMESTAMPTZ(2), code); \
	PG_RETURN_POINTER(state); \
}

FUNNEL_TRANSITION(bigint, label, false, false)
FUNNEL_TRANSITION(uuid, label, true, false)
FUNNEL_TRANSITION(text, label, true, false)
FUNNEL_TRANSITION(bigint, mask, false, true)
FUNNEL_TRANSITION(uuid, mask, true, true)
FUNNEL_TRANSITION(text, mask, true, true)

/* ---- the aggregate: parts of it from other processes ---- */

/*
 * Serialised: version, 1 if the actors have wide keys, 1 if events are masks, length and text of the pattern, the log.
 */
#define FUNNEL_STATE_VERSION 1

Datum
funnel_serialise(PG_FUNCTION_ARGS)
{
	FunnelState *state;
	WireWriter	writer;

	aggregate_context(fcinfo);
	state = (FunnelState *) PG_GETARG_POINTER(0);
	wire_writer_init(&writer, VARHDRSZ);
	wire_write_byte(&writer, FUNNEL_STATE_VERSION);
	wire_write_byte(&writer, state->wide_keys);
	wire_write_byte(&writer, state->compiled->masks);
	wire_write_uint(&writer, state->compiled->length);
	wire_write_bytes(&writer, state->compiled->text, state->compiled->length);
	actor_log_write(state->log, &writer);
	PG_RETURN_BYTEA_P(aggregate_serialise(&writer));
}

Datum
funnel_deserialise(PG_FUNCTION_ARGS)
{
	bytea	   *bytes;
	WireReader	reader;
	uint8		version;
	bool		wide_keys;
	bool		masks;
	size_t		length;
	const uint8 *text;
	FunnelState *state = NULL;

	aggregate_context(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	wire_reader_init(&reader, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	version = wire_read_byte(&reader);
	wide_keys = wire_read_uint_max(&reader, 1, "neither narrow nor wide keys");
	masks = wire_read_uint_max(&reader, 1, "neither labels nor masks");
	length = wire_read_count(&reader, 1);
	text = wire_read_bytes(&reader, length);
	if (reader.failure == NULL && version != FUNNEL_STATE_VERSION)
		wire_read_fail(&reader, "sent by another version of kpi_track");
	if (reader.failure == NULL)
	{
		const CompiledPattern *compiled = compiled_pattern_hold_text(CurrentMemoryContext, (const char *) text, length,
																	 masks);

		state = state_make(CurrentMemoryContext, spill_pool_make(CurrentMemoryContext, host_memory_limit()), compiled,
						   wide_keys);
		actor_log_read(state->log, &reader);
	}
	if (!wire_read_done(&reader))
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid state of aggregate %s: %s", "kpi.funnel", reader.failure));
	PG_RETURN_POINTER(state);
}

Datum
funnel_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	FunnelState *into = PG_ARGISNULL(0) ? NULL : (FunnelState *) PG_GETARG_POINTER(0);
	FunnelState *from = PG_ARGISNULL(1) ? NULL : (FunnelState *) PG_GETARG_POINTER(1);

	if (from == NULL && into == NULL)
		PG_RETURN_NULL();
	if (from == NULL)
		PG_RETURN_POINTER(into);
	if (into == NULL)
		into = state_make(context, aggregate_pool(context),
						  compiled_pattern_hold_text(context, from->compiled->text, from->compiled->length,
													 from->compiled->masks), from->wide_keys);
	if (into->compiled->length != from->compiled->length ||
		memcmp(into->compiled->text, from->compiled->text, into->compiled->length) != 0 ||
		into->compiled->masks != from->compiled->masks || into->wide_keys != from->wide_keys)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("the pattern of a funnel must be the same for all rows of a group"),
				errdetail("It was \"%s\" and is \"%s\".", into->compiled->text, from->compiled->text),
				errhint("Group by the pattern."));
	actor_log_adopt(into->log, from->log);
	PG_RETURN_POINTER(into);
}

/* ---- the aggregate: counting ---- */

/* A period that one actor entered in. */
typedef struct Entered
{
	int64		period;
	uint64		reached;
	uint64		closed;
} Entered;

typedef struct Tally
{
	const CompiledPattern *compiled;
	Chaser	   *chaser;
	FunnelSummary summary;
	Calendar   *calendar;		/* NULL without `by` */
	Stretch		stretch;		/* the one looked up last */
	bool		has_stretch;
	size_t		place;
	Entered    *entered;		/* by the actor at hand */
	size_t		entered_size;
} Tally;

static const EntrySpan all_times = {MOMENT_MIN, MOMENT_MAX};

static void
tally_look_up(Tally *tally, int64 at)
{
	if (tally->has_stretch && at >= tally->stretch.from && at <= tally->stretch.to)
		return;
	tally->stretch = calendar_stretch(tally->calendar, at);
	tally->has_stretch = true;
}

/* How many of the events matter for chains that begin by `to`. */
static size_t
events_within(const EventSeq *events, int64 to, int64 within)
{
	size_t		low = 0;
	size_t		high = events->count;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		int64		at = event_at(events, middle).at;

		if (at <= to || moment_span(to, at) <= within)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Counts the actor in each period that it entered in: how far did the chains get that began there? Each
 * stretch of time with an entry is a matching of its own; the stretches of one period add up.
 */
static void
tally_periods(Tally *tally, const EventSeq *events)
{
	const Program *program = tally->compiled->program;
	const Pattern *pattern = &tally->compiled->pattern;
	int64		within = pattern->has_within ? pattern->within : SPAN_FOREVER;
	size_t		nentered = 0;
	size_t		i = 0;

	while (i < events->count)
	{
		Chase		chase;
		Entered    *entered = NULL;
		EntrySpan	entry;
		EventSeq	rest;
		Event		event = event_at(events, i);

		if (!program_is_entry(program, event.code))
		{
			i++;
			continue;
		}
		tally_look_up(tally, event.at);
		entry.from = tally->stretch.from;
		entry.to = tally->stretch.to;
		rest = event_seq_part(events, i, events->count - i);
		rest.count = events_within(&rest, entry.to, within);
		chaser_run(tally->chaser, &rest, entry, &chase);
		/* A change of the clocks may lead back into the period before. */
		for (size_t back = 1; back <= 2 && back <= nentered; back++)
			if (tally->entered[nentered - back].period == tally->stretch.period)
				entered = &tally->entered[nentered - back];
		if (entered == NULL)
		{
			if (nentered == tally->entered_size)
			{
				tally->entered_size = tally->entered_size * 2 + 8;
				tally->entered = nentered == 0 ?
					palloc(mul_size(tally->entered_size, sizeof(Entered))) :
					repalloc(tally->entered, mul_size(tally->entered_size, sizeof(Entered)));
			}
			entered = &tally->entered[nentered++];
			entered->period = tally->stretch.period;
			entered->reached = entered->closed = 0;
		}
		entered->reached |= chase.reached;
		entered->closed |= chase.closed;
		if (pattern->first_entry)
			break;
		while (i < events->count && event_at(events, i).at <= entry.to)
			i++;
	}
	for (size_t e = 0; e < nentered; e++)
		funnel_summary_add_period(&tally->summary, tally->entered[e].period, tally->entered[e].reached,
								  tally->entered[e].closed, &tally->place);
}

static void
tally_actor(void *visitor, const ActorKey *actor, const EventSeq *events)
{
	Tally	   *tally = visitor;
	Chase		chase;

	chaser_run(tally->chaser, events, all_times, &chase);
	if (chase.level == 0)
		return;
	funnel_summary_add(&tally->summary, &chase);
	if (tally->calendar != NULL)
		tally_periods(tally, events);
}

/* The pattern of a call without a single row, where the query has it as a constant. */
static const CompiledPattern *
constant_pattern(FunctionCallInfo fcinfo)
{
	Const	   *pattern = aggregate_constant(fcinfo, 3);

	if (pattern == NULL || pattern->constisnull)
		return NULL;
	return compiled_pattern_hold(CurrentMemoryContext, pattern->constvalue, false);
}

Datum
funnel_final(PG_FUNCTION_ARGS)
{
	FunnelState *state;
	Tally		tally = {0};

	aggregate_context(fcinfo);
	state = PG_ARGISNULL(0) ? NULL : (FunnelState *) PG_GETARG_POINTER(0);
	tally.compiled = state != NULL ? state->compiled : constant_pattern(fcinfo);
	if (tally.compiled != NULL)
		funnel_summary_init(&tally.summary, tally.compiled->text, tally.compiled->length,
							&tally.compiled->pattern);
	if (state != NULL)
	{
		tally.chaser = chaser_make(CurrentMemoryContext, tally.compiled->program);
		if (tally.compiled->pattern.grain != GRAIN_NONE)
			tally.calendar = calendar_make(tally.compiled->pattern.grain, tally.compiled->pattern.zone);
		actor_log_visit(state->log, tally_actor, &tally);
	}
	return funnel_make(&tally.summary);
}

/* ---- accessors ---- */

static Datum
span_to_interval(int64 span)
{
	Interval   *interval = palloc0(sizeof(Interval));

	/* A day is 24 hours, as everywhere in patterns. */
	interval->day = (int32) (span / USECS_PER_DAY);
	interval->time = span % USECS_PER_DAY;
	return IntervalPGetDatum(interval);
}

/* Wilson's score interval for a proportion, 95 %. */
static void
wilson(int64 hits, int64 total, double *low, double *high)
{
	const double z = 1.959963984540054;
	double		n = (double) total;
	double		p = (double) hits / n;
	double		middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	double		half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

	/* At the ends the bound is exact; rounding must not push it over. */
	*low = hits == 0 ? 0 : Max(0, middle - half);
	*high = hits == total ? 1 : Min(1, middle + half);
}

/* Actors that got from the first step to this one: the numerator of conversion_from_first. */
static int64
from_first(const FunnelSummary *summary, int step)
{
	return summary->pattern.open ? summary->closed[step] : summary->reached[step];
}

static char *
step_name(const Pattern *pattern, int step)
{
	if (pattern->any_order)
		return psprintf("any %d of %d", step + 1, pattern->nsteps);
	return pattern_step_name(pattern, step);
}

static void
set_float(Datum *values, bool *nulls, int column, double numerator, double denominator)
{
	nulls[column] = denominator == 0;
	values[column] = Float8GetDatum(denominator == 0 ? 0 : numerator / denominator);
}

/* Mean, median and 90th percentile of a histogram into three columns. */
static void
set_times(Datum *values, bool *nulls, int column, const Histogram *histogram)
{
	for (int i = 0; i < 3; i++)
		nulls[column + i] = histogram->total == 0;
	if (histogram->total == 0)
		return;
	values[column] = span_to_interval(histogram_mean(histogram));
	values[column + 1] = span_to_interval(histogram_quantile(histogram, 0.5));
	values[column + 2] = span_to_interval(histogram_quantile(histogram, 0.9));
}

Datum
funnel_steps(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	FunnelSummary summary;

	InitMaterializedSRF(fcinfo, 0);
	funnel_open(PG_GETARG_DATUM(0), &summary);
	for (int s = 0; summary.text != NULL && s < summary.pattern.nsteps; s++)
	{
		int			previous = funnel_previous_required(&summary.pattern, s);
		int64		came = summary.pattern.open ? summary.continued[s] : summary.reached[s];
		Datum		values[14];
		bool		nulls[14] = {0};

		values[0] = Int32GetDatum(s + 1);
		values[1] = PointerGetDatum(cstring_to_text(step_name(&summary.pattern, s)));
		values[2] = Int64GetDatum(summary.reached[s]);
		if (previous < 0)
		{
			/* Everybody at the first step has come from it. */
			set_float(values, nulls, 3, summary.reached[s], summary.reached[s]);
			set_float(values, nulls, 4, summary.reached[s], summary.reached[s]);
			values[5] = Int64GetDatum(0);
			set_float(values, nulls, 6, summary.reached[s], summary.reached[s]);
			set_float(values, nulls, 7, summary.reached[s], summary.reached[s]);
		}
		else
		{
			double		low = 0;
			double		high = 0;

			set_float(values, nulls, 3, from_first(&summary, s), summary.reached[0]);
			set_float(values, nulls, 4, came, summary.reached[previous]);
			values[5] = Int64GetDatum(Max(0, summary.reached[previous] - came));
			nulls[6] = nulls[7] = summary.reached[0] == 0;
			if (summary.reached[0] > 0)
				wilson(Min(from_first(&summary, s), summary.reached[0]), summary.reached[0], &low, &high);
			values[6] = Float8GetDatum(low);
			values[7] = Float8GetDatum(high);
		}
		set_times(values, nulls, 8, &summary.from_previous[s]);
		set_times(values, nulls, 11, &summary.from_first[s]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
funnel_trend(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	FunnelSummary summary;

	InitMaterializedSRF(fcinfo, 0);
	funnel_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text != NULL && summary.pattern.grain == GRAIN_NONE)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("funnel has no periods"),
				errdetail("Its pattern is \"%s\".", summary.text),
				errhint("Add a period to the pattern, for example by week in UTC."));
	for (size_t i = 0; i < summary.nperiods; i++)
	{
		const FunnelPeriod *period = &summary.periods[i];
		const int64 *came = summary.pattern.open ? period->closed : period->reached;

		for (int s = 0; s < summary.pattern.nsteps; s++)
		{
			Datum		values[5];
			bool		nulls[5] = {0};

			values[0] = TimestampGetDatum(period->period);
			values[1] = Int32GetDatum(s + 1);
			values[2] = PointerGetDatum(cstring_to_text(step_name(&summary.pattern, s)));
			values[3] = Int64GetDatum(period->reached[s]);
			set_float(values, nulls, 4, came[s], came[0]);
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}

/* Argument `number`, a step from 1, as an index; `otherwise` where it is NULL. */
static int
step_argument(FunctionCallInfo fcinfo, int number, const FunnelSummary *summary, int otherwise)
{
	int			step;

	if (PG_ARGISNULL(number))
		return otherwise;
	step = PG_GETARG_INT32(number);
	if (step < 1 || step > summary->pattern.nsteps)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("step %d does not exist", step),
				errdetail("The funnel has steps 1 to %d: \"%s\".", summary->pattern.nsteps,
						  summary->text));
	return step - 1;
}

static int
last_required(const Pattern *pattern)
{
	return funnel_previous_required(pattern, pattern->nsteps);
}

Datum
funnel_conversion_rate(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;
	int			step;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	funnel_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	step = step_argument(fcinfo, 1, &summary, last_required(&summary.pattern));
	if (summary.reached[0] == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) from_first(&summary, step) / (double) summary.reached[0]);
}

Datum
funnel_actors(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	funnel_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_INT64(0);
	PG_RETURN_INT64(summary.reached[step_argument(fcinfo, 1, &summary, 0)]);
}

Datum
funnel_level(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;
	int			level = 0;

	funnel_open(PG_GETARG_DATUM(0), &summary);
	for (int s = 0; summary.text != NULL && s < summary.pattern.nsteps; s++)
		if (summary.reached[s] > 0)
			level = s + 1;
	PG_RETURN_INT32(level);
}

Datum
funnel_completions(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;

	funnel_open(PG_GETARG_DATUM(0), &summary);
	PG_RETURN_INT64(summary.completions);
}

Datum
funnel_pattern(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;

	funnel_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	return pattern_value_make(summary.text, summary.length);
}

/* ---- masks ---- */

Datum
conditions(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Datum	   *elements;
	bool	   *nulls;
	int			count;
	uint64		mask = 0;

	deconstruct_array(array, BOOLOID, 1, true, TYPALIGN_CHAR, &elements, &nulls, &count);
	if (count > 63)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("%d conditions do not fit a mask", count),
				errdetail("A mask has at most 63 conditions."));
	for (int i = 0; i < count; i++)
		if (!nulls[i] && DatumGetBool(elements[i]))
			mask |= UINT64CONST(1) << i;
	PG_RETURN_INT64((int64) mask);
}
