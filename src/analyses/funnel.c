/*
 * funnel.c: the aggregate kpi.funnel over rows, and the values that it makes.
 */
#include "analyses/funnel.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "analyses/aggregate.h"
#include "analyses/funnel_tally.h"
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

void
funnel_encode(const FunnelSummary *summary, WireWriter *writer)
{
	wire_writer_init(writer, VARHDRSZ);
	wire_write_byte(writer, FUNNEL_VERSION);
	funnel_summary_write(writer, summary);
	if (writer->length > MaxAllocSize)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("value of %zu bytes is too large to be stored", writer->length));
	SET_VARSIZE(writer->bytes, writer->length);
}

Datum
funnel_make(const FunnelSummary *summary)
{
	WireWriter	writer;

	funnel_encode(summary, &writer);
	return PointerGetDatum(writer.bytes);
}

Datum
funnel_make_empty(const Const *pattern)
{
	FunnelSummary summary = {0};

	if (pattern != NULL && !pattern->constisnull)
	{
		const CompiledPattern *compiled = compiled_pattern_hold(CurrentMemoryContext, pattern->constvalue,
																false);

		funnel_summary_init(&summary, compiled->text, compiled->length, &compiled->pattern);
	}
	return funnel_make(&summary);
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

void
funnel_check_same_pattern(const FunnelSummary *a, const FunnelSummary *b)
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
	funnel_check_same_pattern(&a, &b);
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

void
funnel_check_pattern(const CompiledPattern *compiled, bool is_null, Datum pattern)
{
	if (!is_null && compiled_pattern_is(compiled, pattern))
		return;
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("the pattern of a funnel must be the same for all rows of a group"),
			errdetail("It was \"%s\" and is %s.", compiled->text,
					  is_null ? "null" :
					  psprintf("\"%s\"", compiled_pattern_hold(CurrentMemoryContext, pattern, false)->text)),
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
		funnel_check_pattern(state->compiled, PG_ARGISNULL(4), PG_GETARG_DATUM(4));
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

static void
tally_actor(void *visitor, const ActorKey *actor, const EventSeq *events)
{
	funnel_tally_add(visitor, events);
}

Datum
funnel_final(PG_FUNCTION_ARGS)
{
	FunnelState *state;
	FunnelTally tally;

	aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		return funnel_make_empty(aggregate_constant(fcinfo, 3));
	state = (FunnelState *) PG_GETARG_POINTER(0);
	funnel_tally_make(&tally, CurrentMemoryContext, state->compiled);
	actor_log_visit(state->log, tally_actor, &tally);
	return funnel_make(&tally.summary);
}
