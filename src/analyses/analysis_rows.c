/*
 * analysis_rows.c: the aggregate of an analysis over rows: its state, and parts of it from other processes. See analysis.h.
 */
#include "analyses/analysis.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

static uint64
hash_label(const char *bytes, size_t length)
{
	return hash_bytes_extended((const unsigned char *) bytes, (int) length, UINT64CONST(0x1c6f0f5be8a32d97));
}

static RowsState *
state_make(const Analysis *analysis, MemoryContext context, SpillPool *pool, const Compiled *compiled, bool wide_keys,
		   bool valued)
{
	RowsState  *state = MemoryContextAlloc(context, sizeof(RowsState));
	bool		kept = analysis->take_book != NULL;
	ActorLogKind kind = {wide_keys, valued, kept ? UINT64_MAX : program_max_code(compiled->program)};

	state->analysis = analysis;
	state->compiled = compiled;
	state->program = compiled->program;
	state->constant = false;
	state->wide_keys = wide_keys;
	state->valued = valued;
	state->latest = MOMENT_MIN;
	state->log = actor_log_make(context, pool, kind);
	state->book = kept ? label_book_make(context, hash_label) : NULL;
	return state;
}

RowsState *
rows_begin(FunctionCallInfo fcinfo, const Analysis *analysis, MemoryContext context, int number, bool wide_keys,
		   bool masks, bool valued)
{
	RowsState  *state;
	const Compiled *compiled = summary_literal(fcinfo, analysis->language, context, number, masks);

	state = state_make(analysis, context, aggregate_pool(context), compiled, wide_keys, valued);
	if (analysis->check_rows != NULL)
		analysis->check_rows(state->compiled);
	state->constant = aggregate_constant(fcinfo, number - 1) != NULL;
	return state;
}

int64
amount_of_numeric(Datum value)
{
	int64		number;
	uint8		decimals;
	int64		word;

	timeline_number(value, &number, &decimals);
	if (!amount_pack(number, decimals, &word))
		ereport(ERROR,
				errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				errmsg("value %s cannot be kept exactly",
					   DatumGetCString(DirectFunctionCall1(numeric_out, value))),
				errdetail("Without its decimal point it must lie between -%lld and %lld.",
						  (long long) AMOUNT_NUMBER_MAX, (long long) AMOUNT_NUMBER_MAX),
				errhint("Round it."));
	return word;
}

/* ---- parts of it from other processes ---- */

/*
 * Serialised: version, 1 if the actors have wide keys, 1 if events are masks, 1 if they have values, the latest time, length
 * and text of the literal, the book of labels if there is one, the log.
 */
#define ROWS_STATE_VERSION 1

Datum
rows_serialise(FunctionCallInfo fcinfo)
{
	RowsState  *state;
	WireWriter	writer;

	aggregate_context(fcinfo);
	state = (RowsState *) PG_GETARG_POINTER(0);
	wire_writer_init(&writer, VARHDRSZ);
	wire_write_byte(&writer, ROWS_STATE_VERSION);
	wire_write_byte(&writer, state->wide_keys);
	wire_write_byte(&writer, state->compiled->masks);
	wire_write_byte(&writer, state->valued);
	wire_write_int(&writer, state->latest);
	wire_write_uint(&writer, state->compiled->length);
	wire_write_bytes(&writer, state->compiled->text, state->compiled->length);
	if (state->book != NULL)
		label_book_write(state->book, &writer);
	actor_log_write(state->log, &writer);
	PG_RETURN_BYTEA_P(aggregate_serialise(&writer));
}

Datum
rows_deserialise(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	bytea	   *bytes;
	WireReader	reader;
	uint8		version;
	bool		wide_keys;
	bool		masks;
	bool		valued;
	int64		latest;
	size_t		length;
	const uint8 *text;
	RowsState  *state = NULL;

	aggregate_context(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	wire_reader_init(&reader, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	version = wire_read_byte(&reader);
	wide_keys = wire_read_uint_max(&reader, 1, "neither narrow nor wide keys");
	masks = wire_read_uint_max(&reader, 1, "neither labels nor masks");
	valued = wire_read_uint_max(&reader, 1, "neither with values nor without");
	latest = wire_read_int(&reader);
	length = wire_read_count(&reader, 1);
	text = wire_read_bytes(&reader, length);
	if (reader.failure == NULL && version != ROWS_STATE_VERSION)
		wire_read_fail(&reader, "sent by another version of kpi_track");
	if (reader.failure == NULL && (!moment_is_valid(latest) || latest == MOMENT_MAX))
		wire_read_fail(&reader, "time out of range");
	if (reader.failure == NULL)
	{
		const Compiled *compiled = compiled_hold_text(analysis->language, CurrentMemoryContext, (const char *) text,
													  length, masks);

		state = state_make(analysis, CurrentMemoryContext,
						   spill_pool_make(CurrentMemoryContext, host_memory_limit()), compiled, wide_keys, valued);
		state->latest = latest;
		if (state->book != NULL)
			label_book_read(state->book, &reader);
		actor_log_read(state->log, &reader);
	}
	if (!wire_read_done(&reader))
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid state of aggregate %s: %s", analysis->type_name, reader.failure));
	PG_RETURN_POINTER(state);
}

Datum
rows_combine(FunctionCallInfo fcinfo)
{
	MemoryContext context = aggregate_context(fcinfo);
	RowsState  *into = PG_ARGISNULL(0) ? NULL : (RowsState *) PG_GETARG_POINTER(0);
	RowsState  *from = PG_ARGISNULL(1) ? NULL : (RowsState *) PG_GETARG_POINTER(1);

	if (from == NULL && into == NULL)
		PG_RETURN_NULL();
	if (from == NULL)
		PG_RETURN_POINTER(into);
	if (into == NULL)
		into = state_make(from->analysis, context, aggregate_pool(context),
						  compiled_hold_text(from->analysis->language, context, from->compiled->text,
											 from->compiled->length, from->compiled->masks),
						  from->wide_keys, from->valued);
	if (!compiled_same(into->compiled, from->compiled) || into->wide_keys != from->wide_keys ||
		into->valued != from->valued)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("the %s must be the same for all rows of a group", into->analysis->language->what),
				errdetail("It was \"%s\" and is \"%s\".", into->compiled->text, from->compiled->text),
				errhint("Group by the %s.", into->analysis->language->what));
	into->latest = Max(into->latest, from->latest);
	if (into->book != NULL)
		label_book_unite(into->book, from->book);
	actor_log_adopt(into->log, from->log);
	PG_RETURN_POINTER(into);
}

static void
visit_actor(void *visitor, const ActorKey *actor, const EventSeq *events)
{
	tally_add(visitor, events);
}

Datum
rows_final(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	RowsState  *state;
	Tally	   *tally;

	aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		return summary_make_empty(&analysis->type, aggregate_final_constant(fcinfo));
	state = (RowsState *) PG_GETARG_POINTER(0);
	tally = tally_make(analysis, CurrentMemoryContext, state->compiled);
	if (analysis->seen != NULL && state->latest != MOMENT_MIN)
		analysis->seen(tally->summary, state->latest);
	if (analysis->take_book != NULL)
		analysis->take_book(tally, state->book);
	actor_log_visit(state->log, visit_actor, tally);
	return analysis_make(analysis, tally->summary);
}
