/*
 * analysis_value.c: summaries as values; and tallies. See analysis.h.
 */
#include "analyses/analysis.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "language/pattern_value.h"

/* ---- values ---- */

static void
read_summary(const Analysis *analysis, StoredValue value, void *summary)
{
	WireReader	reader;

	wire_reader_init(&reader, value.bytes, value.length);
	analysis->read(&reader, database_is_utf8(), summary);
	if (!wire_read_done(&reader))
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid bytes for type %s: %s", analysis->type_name, reader.failure));
}

void
analysis_open(const Analysis *analysis, Datum datum, void *summary)
{
	read_summary(analysis, stored_value_open(datum, analysis->version, analysis->type_name), summary);
}

void
analysis_encode(const Analysis *analysis, const void *summary, WireWriter *writer)
{
	wire_writer_init(writer, VARHDRSZ);
	wire_write_byte(writer, analysis->version);
	analysis->write(writer, summary);
	if (writer->length > MaxAllocSize)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("value of %zu bytes is too large to be stored", writer->length));
	SET_VARSIZE(writer->bytes, writer->length);
}

Datum
analysis_make(const Analysis *analysis, const void *summary)
{
	WireWriter	writer;

	analysis_encode(analysis, summary, &writer);
	return PointerGetDatum(writer.bytes);
}

Datum
analysis_make_empty(const Analysis *analysis, const Const *literal)
{
	void	   *summary = palloc0(analysis->summary_size);

	if (literal != NULL && !literal->constisnull)
		analysis->init(summary, compiled_hold(analysis->language, CurrentMemoryContext, literal->constvalue, false));
	return analysis_make(analysis, summary);
}

Datum
analysis_make_checked(const Analysis *analysis, const void *summary)
{
	void	   *again = palloc0(analysis->summary_size);
	const char *violated = analysis->check(summary);
	WireWriter	writer;
	WireReader	reader;

	if (violated == NULL)
	{
		wire_writer_init(&writer, 0);
		analysis->write(&writer, summary);
		wire_reader_init(&reader, writer.bytes, writer.length);
		analysis->read(&reader, database_is_utf8(), again);
		wire_read_done(&reader);
		violated = reader.failure;
	}
	if (violated != NULL)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				errmsg("invalid input for type %s: %s", analysis->type_name, violated));
	return stored_value_make(analysis->version, writer.bytes, writer.length);
}

/* ---- as jsonb and, the same in letters, as text ---- */

/* The key of the literal. */
static const char *
literal_key(const Analysis *analysis)
{
	return analysis->language == &pattern_language ? "pattern" : "spec";
}

static Jsonb *
write_json(const Analysis *analysis, Datum datum)
{
	SummaryHead *summary = palloc0(analysis->summary_size);
	JsonbParseState *state = NULL;

	analysis_open(analysis, datum, summary);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	if (summary->text != NULL)
	{
		js_string_of(&state, literal_key(analysis), summary->text);
		analysis->push_json(&state, summary);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

static Datum
read_json_of(const Analysis *analysis, Jsonb *jsonb)
{
	JsonReader	reader = {analysis->type_name};
	JsonbContainer *root = &jsonb->root;
	const char *key = literal_key(analysis);
	SummaryHead *summary = palloc0(analysis->summary_size);
	LanguageError error;
	char	   *text;
	size_t		length;

	if (!JsonContainerIsObject(root))
		js_bad(&reader, key);
	if (JsonContainerSize(root) == 0)
		return analysis_make(analysis, summary);
	text = js_text(&reader, js_find(root, key), key);
	text = analysis->language->canonical(text, strlen(text), database_is_utf8(), NULL, &length, &error);
	if (text == NULL)
		js_bad(&reader, key);
	analysis->init(summary, compiled_hold_text(analysis->language, CurrentMemoryContext, text, length, false));
	analysis->read_json(&reader, root, summary);
	return analysis_make_checked(analysis, summary);
}

Datum
analysis_in(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	return read_json_of(analysis, DatumGetJsonbP(DirectFunctionCall1(jsonb_in, PG_GETARG_DATUM(0))));
}

Datum
analysis_out(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	return js_out(write_json(analysis, PG_GETARG_DATUM(0)));
}

Datum
analysis_to_jsonb(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	PG_RETURN_JSONB_P(write_json(analysis, PG_GETARG_DATUM(0)));
}

Datum
analysis_from_jsonb(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	return read_json_of(analysis, PG_GETARG_JSONB_P(0));
}

/* ---- in the binary protocol ---- */

Datum
analysis_recv(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	StoredValue value = stored_value_receive(message, analysis->version, analysis->type_name);
	SummaryHead *summary = palloc0(analysis->summary_size);

	read_summary(analysis, value, summary);
	if (summary->text != NULL && !pg_verifymbstr(summary->text, summary->length, true))
		ereport(ERROR,
				errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
				errmsg("invalid bytes for type %s: %s not in the encoding of the database",
					   analysis->type_name, analysis->language->what));
	return stored_value_make(value.version, value.bytes, value.length);
}

Datum
analysis_send(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	StoredValue value = stored_value_open(PG_GETARG_DATUM(0), analysis->version, analysis->type_name);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, value.version);
	pq_sendbytes(&message, value.bytes, value.length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

void
analysis_check_same(const Analysis *analysis, const SummaryHead *a, const SummaryHead *b)
{
	if (a->text != NULL && b->text != NULL &&
		(a->length != b->length || memcmp(a->text, b->text, a->length) != 0))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("values of type %s with different %ss cannot be merged", analysis->type_name,
					   analysis->language->what),
				errdetail("One is of \"%s\", the other of \"%s\".", a->text, b->text));
}

Datum
analysis_merge(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	void	   *a = palloc0(analysis->summary_size);
	void	   *b = palloc0(analysis->summary_size);

	analysis_open(analysis, PG_GETARG_DATUM(0), a);
	analysis_open(analysis, PG_GETARG_DATUM(1), b);
	analysis_check_same(analysis, a, b);
	analysis->merge(a, b);
	return analysis_make(analysis, a);
}

/* ---- tallies ---- */

Tally *
tally_make(const Analysis *analysis, MemoryContext context, const Compiled *compiled)
{
	MemoryContext before = MemoryContextSwitchTo(context);
	Tally	   *tally = palloc0(analysis->tally_size);

	tally->analysis = analysis;
	tally->context = context;
	tally->compiled = compiled;
	tally->summary = palloc0(analysis->summary_size);
	analysis->init(tally->summary, compiled);
	analysis->begin(tally);
	MemoryContextSwitchTo(before);
	return tally;
}

void
tally_add(Tally *tally, const EventSeq *events)
{
	MemoryContext before = MemoryContextSwitchTo(tally->context);

	tally->analysis->add(tally, events);
	MemoryContextSwitchTo(before);
}
