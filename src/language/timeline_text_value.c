/*
 * timeline_text_value.c: kpi.timeline as text and as jsonb.
 *
 * As jsonb: [{"ts": "2024-01-01T00:00:00Z", "event": "view"}, {"ts": ..., "event": ..., "value": 12.5}]
 */
#include "engine/timeline_value.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "json.h"
#include "language/moment_text.h"
#include "language/timeline_text.h"

PG_FUNCTION_INFO_V1(timeline_in);
PG_FUNCTION_INFO_V1(timeline_out);
PG_FUNCTION_INFO_V1(timeline_to_jsonb);
PG_FUNCTION_INFO_V1(timeline_from_jsonb);

/* ---- text ---- */

/* A few characters of the text from the place of the error on, cut at a character. */
static const char *
error_near(const char *text, size_t length, size_t offset)
{
	const size_t most = 24;
	size_t		rest = length - offset;

	if (rest > most)
		return psprintf("%.*s...", pg_mbcliplen(text + offset, rest, most), text + offset);
	return pnstrdup(text + offset, rest);
}

static Datum
report_error(const char *text, size_t length, const LanguageError *error, Node *soft_context)
{
	size_t		offset = Min(error->offset, length);
	const char *near = error_near(text, length, offset);
	int			position = pg_mbstrlen_with_len(text, offset) + 1;

	soft_ereport(soft_context,
				 errcode(error->limit ? ERRCODE_PROGRAM_LIMIT_EXCEEDED : ERRCODE_INVALID_TEXT_REPRESENTATION),
				 error->limit ? errmsg("timeline is too large at \"%s\"", near) :
				 *near == '\0' ? errmsg("syntax error at end of timeline") :
				 errmsg("syntax error in timeline at \"%s\"", near),
				 errdetail("At character %d: %s.", position, error->message),
				 error->hint[0] != '\0' ? errhint("%s", error->hint) : 0);
}

Datum
timeline_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	size_t		length = strlen(text);
	TimelineBuilder *builder = timeline_builder_make(CurrentMemoryContext);
	LanguageError error;

	if (!timeline_parse(text, length, GetDatabaseEncoding() == PG_UTF8, builder, &error))
		return report_error(text, length, &error, soft_error_context(fcinfo));
	return timeline_builder_datum(builder);
}

Datum
timeline_out(PG_FUNCTION_ARGS)
{
	Timeline	timeline;
	size_t		length;

	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	PG_RETURN_CSTRING(timeline_print(&timeline, GetDatabaseEncoding() == PG_UTF8, &length));
}

/* ---- jsonb ---- */

static void
push_string(JsonWriter *state, JsonbIteratorToken token, const char *bytes, size_t length)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, bytes);
	value.val.string.len = (int) length;
	js_push(state, token, &value);
}

Datum
timeline_to_jsonb(PG_FUNCTION_ARGS)
{
	Timeline	timeline;
	TimelineEvent *events;
	JsonWriter	state = {0};

	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	events = host_alloc(NULL, host_array_size(timeline.count, sizeof(TimelineEvent)));
	timeline_decode(&timeline, events);
	js_push(&state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < timeline.count; i++)
	{
		TimelineLabel label = timeline.labels[events[i].label];
		char	   *time = palloc(MOMENT_TEXT_MAX);

		CHECK_FOR_INTERRUPTS();
		moment_print(time, events[i].at, MOMENT_ISO);
		js_push(&state, WJB_BEGIN_OBJECT, NULL);
		push_string(&state, WJB_KEY, "ts", 2);
		push_string(&state, WJB_VALUE, time, strlen(time));
		push_string(&state, WJB_KEY, "event", 5);
		push_string(&state, WJB_VALUE, label.bytes, label.length);
		if (events[i].has_value)
		{
			JsonbValue	value;

			value.type = jbvNumeric;
			value.val.numeric = timeline_numeric(events[i].number, events[i].decimals);
			push_string(&state, WJB_KEY, "value", 5);
			js_push(&state, WJB_VALUE, &value);
		}
		js_push(&state, WJB_END_OBJECT, NULL);
	}
	PG_RETURN_JSONB_P(js_finish(&state, WJB_END_ARRAY));
}

pg_noreturn static void bad_json(uint32 element, const char *reason);

static void
bad_json(uint32 element, const char *reason)
{
	ereport(ERROR,
			errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			errmsg("invalid input for type %s: %s", "kpi.timeline", reason),
			element > 0 ? errdetail("In element %u of the array.", element) : 0,
			errhint("A timeline is an array of objects with \"ts\", \"event\" and, if there is one, \"value\"."));
}

/* One object of the array; `number` counts from 1. */
static void
read_object(JsonbContainer *object, uint32 number, TimelineBuilder *builder)
{
	JsonbIterator *iterator = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue	value;
	JsonbValue	time = {.type = jbvNull};
	JsonbValue	event = {.type = jbvNull};
	JsonbValue	amount = {.type = jbvNull};
	LanguageError error;
	TimelineLabel label;
	int64		at;
	size_t		place = 0;
	int64		value_number = 0;
	uint8		decimals = 0;

	(void) JsonbIteratorNext(&iterator, &value, true);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) == WJB_KEY)
	{
		const char *key = value.val.string.val;
		int			length = value.val.string.len;
		JsonbValue *to = length == 2 && memcmp(key, "ts", 2) == 0 ? &time :
			length == 5 && memcmp(key, "event", 5) == 0 ? &event :
			length == 5 && memcmp(key, "value", 5) == 0 ? &amount : NULL;

		if (to == NULL)
			bad_json(number, psprintf("unknown key \"%s\"", pnstrdup(key, length)));
		(void) JsonbIteratorNext(&iterator, to, true);
	}
	if (time.type != jbvString)
		bad_json(number, "\"ts\" must be a string");
	if (event.type != jbvString)
		bad_json(number, "\"event\" must be a string");
	if (amount.type != jbvNull && amount.type != jbvNumeric)
		bad_json(number, "\"value\" must be a number");
	if (!moment_parse(time.val.string.val, time.val.string.len, &place, MOMENT_ISO, &at, &error))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				errmsg("invalid time in timeline: \"%s\"",
					   pnstrdup(time.val.string.val, pg_mbcliplen(time.val.string.val, time.val.string.len, 40))),
				errdetail("In element %u of the array: %s.", number, error.message),
				error.hint[0] != '\0' ? errhint("%s", error.hint) : 0);
	if (amount.type == jbvNumeric)
		timeline_number(NumericGetDatum(amount.val.numeric), &value_number, &decimals);
	label.bytes = event.val.string.val;
	label.length = (uint32) event.val.string.len;
	timeline_builder_add(builder, at, label, amount.type == jbvNumeric, value_number, decimals);
}

Datum
timeline_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb	   *jsonb = PG_GETARG_JSONB_P(0);
	TimelineBuilder *builder = timeline_builder_make(CurrentMemoryContext);
	JsonbIterator *iterator = JsonbIteratorInit(&jsonb->root);
	JsonbValue	value;
	uint32		number = 0;

	if (!JB_ROOT_IS_ARRAY(jsonb) || JB_ROOT_IS_SCALAR(jsonb))
		bad_json(0, "not an array");
	(void) JsonbIteratorNext(&iterator, &value, true);
	while (JsonbIteratorNext(&iterator, &value, true) == WJB_ELEM)
	{
		CHECK_FOR_INTERRUPTS();
		number++;
		if (value.type != jbvBinary || !JsonContainerIsObject(value.val.binary.data))
			bad_json(number, "not an object");
		read_object(value.val.binary.data, number, builder);
	}
	return timeline_builder_datum(builder);
}
