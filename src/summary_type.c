/*
 * summary_type.c: see summary_type.h.
 */
#include "summary_type.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* ---- values ---- */

void
summary_read(const SummaryType *type, StoredValue value, void *summary)
{
	WireReader	reader;

	wire_reader_init(&reader, value.bytes, value.length);
	type->read(&reader, database_is_utf8(), summary);
	if (!wire_read_done(&reader))
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid bytes for type %s: %s", type->type_name, reader.failure));
}

void
summary_open(const SummaryType *type, Datum datum, void *summary)
{
	summary_read(type, stored_value_open(datum, type->version, type->type_name), summary);
}

void
summary_encode(const SummaryType *type, const void *summary, WireWriter *writer)
{
	wire_writer_init(writer, VARHDRSZ);
	wire_write_byte(writer, type->version);
	type->write(writer, summary);
	if (writer->length > MaxAllocSize)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("value of %zu bytes is too large to be stored", writer->length));
	SET_VARSIZE(writer->bytes, writer->length);
}

Datum
summary_make(const SummaryType *type, const void *summary)
{
	WireWriter	writer;

	summary_encode(type, summary, &writer);
	return PointerGetDatum(writer.bytes);
}

Datum
summary_make_empty(const SummaryType *type, const Const *literal)
{
	void	   *summary = palloc0(type->summary_size);

	if (literal != NULL && !literal->constisnull)
		type->init(summary, compiled_hold(type->language, CurrentMemoryContext, literal->constvalue, false));
	return summary_make(type, summary);
}

/* Encodes what came from outside, after checking it as bytes from outside are checked. */
static Datum
make_checked(const SummaryType *type, const void *summary)
{
	void	   *again = palloc0(type->summary_size);
	const char *violated = type->check(summary);
	WireWriter	writer;
	WireReader	reader;

	if (violated == NULL)
	{
		wire_writer_init(&writer, 0);
		type->write(&writer, summary);
		wire_reader_init(&reader, writer.bytes, writer.length);
		type->read(&reader, database_is_utf8(), again);
		wire_read_done(&reader);
		violated = reader.failure;
	}
	if (violated != NULL)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				errmsg("invalid input for type %s: %s", type->type_name, violated));
	return stored_value_make(type->version, writer.bytes, writer.length);
}

/* ---- as jsonb and, the same in letters, as text ---- */

/* The key of the literal. */
static const char *
literal_key(const SummaryType *type)
{
	return type->literal_key != NULL ? type->literal_key : "spec";
}

static Jsonb *
write_json(const SummaryType *type, Datum datum)
{
	SummaryHead *summary = palloc0(type->summary_size);
	JsonWriter	state = {0};

	summary_open(type, datum, summary);
	js_push(&state, WJB_BEGIN_OBJECT, NULL);
	if (type->language == NULL)
		type->push_json(&state, summary);
	else if (summary->text != NULL)
	{
		js_string_of(&state, literal_key(type), summary->text);
		type->push_json(&state, summary);
	}
	return js_finish(&state, WJB_END_OBJECT);
}

static Datum
read_json_of(const SummaryType *type, Jsonb *jsonb)
{
	JsonReader	reader = {type->type_name};
	JsonbContainer *root = &jsonb->root;
	const char *key = literal_key(type);
	SummaryHead *summary = palloc0(type->summary_size);
	LanguageError error;
	char	   *text;
	size_t		length;

	if (!JsonContainerIsObject(root))
		js_bad(&reader, key);
	if (JsonContainerSize(root) == 0)
		return summary_make(type, summary);
	if (type->language == NULL)
	{
		type->read_json(&reader, root, summary);
		return make_checked(type, summary);
	}
	text = js_text(&reader, js_find(root, key), key);
	text = type->language->canonical(text, strlen(text), database_is_utf8(), NULL, &length, &error);
	if (text == NULL)
		js_bad(&reader, key);
	type->init(summary, compiled_hold_text(type->language, CurrentMemoryContext, text, length, false));
	type->read_json(&reader, root, summary);
	return make_checked(type, summary);
}

Datum
summary_in(FunctionCallInfo fcinfo, const SummaryType *type)
{
	return read_json_of(type, DatumGetJsonbP(DirectFunctionCall1(jsonb_in, PG_GETARG_DATUM(0))));
}

Datum
summary_out(FunctionCallInfo fcinfo, const SummaryType *type)
{
	return js_out(write_json(type, PG_GETARG_DATUM(0)));
}

Datum
summary_to_jsonb(FunctionCallInfo fcinfo, const SummaryType *type)
{
	PG_RETURN_JSONB_P(write_json(type, PG_GETARG_DATUM(0)));
}

Datum
summary_from_jsonb(FunctionCallInfo fcinfo, const SummaryType *type)
{
	return read_json_of(type, PG_GETARG_JSONB_P(0));
}

/* ---- in the binary protocol ---- */

Datum
summary_recv(FunctionCallInfo fcinfo, const SummaryType *type)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	StoredValue value = stored_value_receive(message, type->version, type->type_name);
	SummaryHead *summary = palloc0(type->summary_size);

	summary_read(type, value, summary);
	if (type->language != NULL && summary->text != NULL && !pg_verifymbstr(summary->text, summary->length, true))
		ereport(ERROR,
				errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
				errmsg("invalid bytes for type %s: %s not in the encoding of the database",
					   type->type_name, type->language->what));
	return stored_value_make(value.version, value.bytes, value.length);
}

Datum
summary_send(FunctionCallInfo fcinfo, const SummaryType *type)
{
	StoredValue value = stored_value_open(PG_GETARG_DATUM(0), type->version, type->type_name);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, value.version);
	pq_sendbytes(&message, value.bytes, value.length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

void
summary_check_same(const SummaryType *type, const SummaryHead *a, const SummaryHead *b)
{
	if (type->language != NULL && a->text != NULL && b->text != NULL &&
		(a->length != b->length || memcmp(a->text, b->text, a->length) != 0))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("values of type %s with different %ss cannot be merged", type->type_name,
					   type->language->what),
				errdetail("One is of \"%s\", the other of \"%s\".", a->text, b->text));
}

Datum
summary_merge(FunctionCallInfo fcinfo, const SummaryType *type)
{
	void	   *a = palloc0(type->summary_size);
	void	   *b = palloc0(type->summary_size);

	summary_open(type, PG_GETARG_DATUM(0), a);
	summary_open(type, PG_GETARG_DATUM(1), b);
	summary_check_same(type, a, b);
	type->merge(a, b);
	return summary_make(type, a);
}

/* ---- the literal of an aggregate's call ---- */

const Compiled *
summary_literal(FunctionCallInfo fcinfo, const Language *language, MemoryContext context, int number, bool masks)
{
	if (PG_ARGISNULL(number))
		ereport(ERROR,
				errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("the %s must not be null", language->what),
				errhint("Write for example '%s'.", language->example));
	return compiled_hold(language, context, PG_GETARG_DATUM(number), masks);
}

void
summary_check_literal(const Compiled *compiled, bool is_null, Datum literal)
{
	const Language *language = compiled->language;

	if (!is_null && compiled_is(compiled, literal))
		return;
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("the %s must be the same for all rows of a group", language->what),
			errdetail("It was \"%s\" and is %s.", compiled->text,
					  is_null ? "null" :
					  psprintf("\"%s\"", compiled_hold(language, CurrentMemoryContext, literal, false)->text)),
			errhint("Group by the %s.", language->what));
}
