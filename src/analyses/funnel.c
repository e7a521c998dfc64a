/*
 * funnel.c: the aggregate kpi.funnel and the accessors of its summary.
 */
#include "analyses/funnel.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "nodes/primnodes.h"
#include "catalog/pg_aggregate.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "engine/actor_log.h"
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
	ActorLog   *log;
} FunnelState;

/*
 * Whether argument `number` of the aggregate is written as a constant in the query. Only trusted where
 * the call is the plain one: wrappers (Citus) call us with other arguments, then there is no such Aggref.
 */
static bool
argument_is_constant(FunctionCallInfo fcinfo, int number)
{
	Aggref	   *aggref = AggGetAggref(fcinfo);

	return aggref != NULL && aggref->aggkind == AGGKIND_NORMAL &&
		list_length(aggref->args) == number + 1 &&
		IsA(((TargetEntry *) list_nth(aggref->args, number))->expr, Const);
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
	state = MemoryContextAlloc(context, sizeof(FunnelState));
	state->compiled = compiled_pattern_hold(context, PG_GETARG_DATUM(4), masks);
	state->constant = argument_is_constant(fcinfo, 3);
	state->log = actor_log_make(context, wide_keys);
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
	MemoryContext context;
	FunnelState *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "function of kpi.funnel called outside an aggregate");
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

static inline ActorKey
bigint_actor(FunctionCallInfo fcinfo)
{
	ActorKey	key = {(uint64) PG_GETARG_INT64(1), 0};

	return key;
}

static inline ActorKey
uuid_actor(FunctionCallInfo fcinfo)
{
	ActorKey	key;

	memcpy(&key.low, PG_GETARG_UUID_P(1)->data, 8);
	memcpy(&key.high, PG_GETARG_UUID_P(1)->data + 8, 8);
	return key;
}

/* 128 bits of hash: two actors out of a billion share one with a probability of about 1e-21. */
static inline ActorKey
text_actor(FunctionCallInfo fcinfo)
{
	text	   *actor = PG_GETARG_TEXT_PP(1);
	ActorKey	key;

	key.low = hash_bytes_extended((unsigned char *) VARDATA_ANY(actor), VARSIZE_ANY_EXHDR(actor),
								  UINT64CONST(0x6b70695f6c6f7721));
	key.high = hash_bytes_extended((unsigned char *) VARDATA_ANY(actor), VARSIZE_ANY_EXHDR(actor),
								   UINT64CONST(0x9d3f84ab5ec1720d));
	return key;
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
		actor_log_append(state->log, actor_kind##_actor(fcinfo), PG_GETARG_TIMESTAMPTZ(2), code); \
	PG_RETURN_POINTER(state); \
}

FUNNEL_TRANSITION(bigint, label, false, false)
FUNNEL_TRANSITION(uuid, label, true, false)
FUNNEL_TRANSITION(text, label, true, false)
FUNNEL_TRANSITION(bigint, mask, false, true)
FUNNEL_TRANSITION(uuid, mask, true, true)
FUNNEL_TRANSITION(text, mask, true, true)

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
events_within(const Event *events, size_t count, int64 to, int64 within)
{
	size_t		low = 0;
	size_t		high = count;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (events[middle].at <= to || moment_span(to, events[middle].at) <= within)
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
tally_periods(Tally *tally, const Event *events, size_t count)
{
	const Program *program = tally->compiled->program;
	const Pattern *pattern = &tally->compiled->pattern;
	int64		within = pattern->has_within ? pattern->within : SPAN_FOREVER;
	size_t		nentered = 0;
	size_t		i = 0;

	while (i < count)
	{
		Chase		chase;
		Entered    *entered = NULL;
		EntrySpan	entry;

		if (!program_is_entry(program, events[i].code))
		{
			i++;
			continue;
		}
		tally_look_up(tally, events[i].at);
		entry.from = tally->stretch.from;
		entry.to = tally->stretch.to;
		chaser_run(tally->chaser, events + i, events_within(events + i, count - i, entry.to, within),
				   entry, &chase);
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
		while (i < count && events[i].at <= entry.to)
			i++;
	}
	for (size_t e = 0; e < nentered; e++)
		funnel_summary_add_period(&tally->summary, tally->entered[e].period, tally->entered[e].reached,
								  tally->entered[e].closed, &tally->place);
}

static void
tally_actor(void *visitor, const ActorKey *actor, Event *events, size_t count)
{
	Tally	   *tally = visitor;
	Chase		chase;

	chaser_run(tally->chaser, events, count, all_times, &chase);
	if (chase.level == 0)
		return;
	funnel_summary_add(&tally->summary, &chase);
	if (tally->calendar != NULL)
		tally_periods(tally, events, count);
}

/* The pattern of a call without a single row, where the query has it as a constant. */
static const CompiledPattern *
constant_pattern(FunctionCallInfo fcinfo)
{
	Const	   *pattern;

	if (!argument_is_constant(fcinfo, 3))
		return NULL;
	pattern = (Const *) ((TargetEntry *) list_nth(AggGetAggref(fcinfo)->args, 3))->expr;
	if (pattern->constisnull)
		return NULL;
	return compiled_pattern_hold(CurrentMemoryContext, pattern->constvalue, false);
}

Datum
funnel_final(PG_FUNCTION_ARGS)
{
	FunnelState *state;
	Tally		tally = {0};

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "function of kpi.funnel called outside an aggregate");
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
