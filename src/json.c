/*
 * json.c: see json.h.
 */
#include "json.h"

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/timestamp.h"

/* ---- writing ---- */

void
js_push(JsonWriter *state, JsonbIteratorToken token, JsonbValue *value)
{
	pushJsonbValue(state, token, value);
}

Jsonb *
js_finish(JsonWriter *state, JsonbIteratorToken end)
{
#if PG_VERSION_NUM >= 190000
	pushJsonbValue(state, end, NULL);
	return JsonbValueToJsonb(state->result);
#else
	return JsonbValueToJsonb(pushJsonbValue(state, end, NULL));
#endif
}

static void
push_string(JsonWriter *state, JsonbIteratorToken token, const char *text)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, text);
	value.val.string.len = strlen(text);
	js_push(state, token, &value);
}

static void
push_numeric(JsonWriter *state, JsonbIteratorToken token, Numeric number)
{
	JsonbValue	value;

	value.type = jbvNumeric;
	value.val.numeric = number;
	js_push(state, token, &value);
}

void
js_key(JsonWriter *state, const char *key)
{
	push_string(state, WJB_KEY, key);
}

void
js_string(JsonWriter *state, const char *text)
{
	push_string(state, WJB_VALUE, text);
}

void
js_int(JsonWriter *state, int64 number)
{
	push_numeric(state, WJB_VALUE, int64_to_numeric(number));
}

void
js_numeric(JsonWriter *state, Numeric number)
{
	push_numeric(state, WJB_VALUE, number);
}

void
js_element(JsonWriter *state, int64 number)
{
	push_numeric(state, WJB_ELEM, int64_to_numeric(number));
}

void
js_string_of(JsonWriter *state, const char *key, const char *text)
{
	js_key(state, key);
	js_string(state, text);
}

void
js_int_of(JsonWriter *state, const char *key, int64 number)
{
	js_key(state, key);
	js_int(state, number);
}

Numeric
amount_sum_numeric(const AmountSum *sum)
{
	char		digits[AMOUNT_SUM_TEXT];

	amount_sum_print(sum, digits);
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(digits), ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

void
js_sum_element(JsonWriter *state, const AmountSum *sum)
{
	push_numeric(state, WJB_ELEM, amount_sum_numeric(sum));
}

void
js_sum_of(JsonWriter *state, const char *key, const AmountSum *sum)
{
	js_key(state, key);
	push_numeric(state, WJB_VALUE, amount_sum_numeric(sum));
}

void
js_double_of(JsonWriter *state, const char *key, double number)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(number, digits);	/* float8out() depends on extra_float_digits */
	js_key(state, key);
	push_numeric(state, WJB_VALUE,
				 DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(digits), ObjectIdGetDatum(InvalidOid),
													 Int32GetDatum(-1))));
}

void
js_timestamp_of(JsonWriter *state, const char *key, int64 timestamp)
{
	char		buffer[MAXDATELEN + 1];

	JsonEncodeDateTime(buffer, TimestampGetDatum(timestamp), TIMESTAMPOID, NULL);
	/* a copy: the string is only pointed to until the end */
	js_string_of(state, key, pstrdup(buffer));
}

void
js_moment_of(JsonWriter *state, const char *key, int64 at)
{
	char		buffer[MAXDATELEN + 1];
	const int	utc = 0;

	JsonEncodeDateTime(buffer, TimestampTzGetDatum(at), TIMESTAMPTZOID, &utc);
	js_string_of(state, key, pstrdup(buffer));
}

void
js_counts_of(JsonWriter *state, const char *key, const int64_t *counts, int ncounts)
{
	js_key(state, key);
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < ncounts; i++)
		js_element(state, counts[i]);
	js_push(state, WJB_END_ARRAY, NULL);
}

void
js_histogram_of(JsonWriter *state, const char *key, const Histogram *histogram)
{
	AmountSum	sum = {histogram->sum, 0};

	js_key(state, key);
	js_push(state, WJB_BEGIN_OBJECT, NULL);
	js_sum_of(state, "sum", &sum);
	js_key(state, "histogram");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (uint32 i = 0; i < histogram->size; i++)
	{
		if (histogram->counts[i] == 0)
			continue;
		js_push(state, WJB_BEGIN_ARRAY, NULL);
		js_element(state, histogram->first + i);
		js_element(state, (int64) histogram->counts[i]);
		js_push(state, WJB_END_ARRAY, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
	js_push(state, WJB_END_OBJECT, NULL);
}

Datum
js_out(Jsonb *jsonb)
{
	return CStringGetDatum(JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)));
}

/* ---- reading ---- */

void
js_bad(const JsonReader *reader, const char *key)
{
	ereport(ERROR,
			errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			errmsg("invalid input for type %s: missing or unusable \"%s\"", reader->type_name, key),
			errhint("Only what %s itself printed can be read.", reader->type_name));
}

JsonbValue *
js_find(JsonbContainer *object, const char *key)
{
	return getKeyJsonValueFromContainer(object, key, strlen(key), NULL);
}

JsonbContainer *
js_array(const JsonReader *reader, JsonbValue *value, const char *key)
{
	if (value == NULL || value->type != jbvBinary || !JsonContainerIsArray(value->val.binary.data) ||
		JsonContainerIsScalar(value->val.binary.data))
		js_bad(reader, key);
	return value->val.binary.data;
}

JsonbContainer *
js_object(const JsonReader *reader, JsonbValue *value, const char *key)
{
	if (value == NULL || value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		js_bad(reader, key);
	return value->val.binary.data;
}

char *
js_text(const JsonReader *reader, JsonbValue *value, const char *key)
{
	if (value == NULL || value->type != jbvString)
		js_bad(reader, key);
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* A number's digits, with sign and point if it has any. */
static char *
number_text(const JsonReader *reader, JsonbValue *value, const char *key)
{
	if (value == NULL || value->type != jbvNumeric)
		js_bad(reader, key);
	return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
}

static AmountSum
whole_number(const JsonReader *reader, JsonbValue *value, const char *key)
{
	AmountSum	sum;

	if (!amount_sum_parse(number_text(reader, value, key), &sum) || sum.decimals > 0)
		js_bad(reader, key);
	return sum;
}

int64
js_number(const JsonReader *reader, JsonbValue *value, const char *key)
{
	AmountSum	sum = whole_number(reader, value, key);

	if (sum.number > PG_INT64_MAX || sum.number < PG_INT64_MIN)
		js_bad(reader, key);
	return (int64) sum.number;
}

double
js_double(const JsonReader *reader, JsonbValue *value, const char *key)
{
	if (value == NULL || value->type != jbvNumeric)
		js_bad(reader, key);
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(value->val.numeric)));
}

int64
js_count(const JsonReader *reader, JsonbValue *value, const char *key)
{
	int64		number = js_number(reader, value, key);

	if (number < 0)
		js_bad(reader, key);
	return number;
}

int64
js_timestamp(const JsonReader *reader, JsonbValue *value, const char *key)
{
	char	   *text = js_text(reader, value, key);

	return DatumGetTimestamp(DirectFunctionCall3(timestamp_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
												 Int32GetDatum(-1)));
}

int64
js_moment(const JsonReader *reader, JsonbValue *value, const char *key)
{
	char	   *text = js_text(reader, value, key);

	return DatumGetTimestampTz(DirectFunctionCall3(timestamptz_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
												   Int32GetDatum(-1)));
}

void
js_sum(const JsonReader *reader, JsonbValue *value, const char *key, AmountSum *sum)
{
	if (!amount_sum_parse(number_text(reader, value, key), sum))
		js_bad(reader, key);
}

void
js_read_counts(const JsonReader *reader, JsonbContainer *object, const char *key, int ncounts, int64_t *counts)
{
	JsonbContainer *array = js_array(reader, js_find(object, key), key);

	if (JsonContainerSize(array) != (uint32) ncounts)
		js_bad(reader, key);
	for (int i = 0; i < ncounts; i++)
		counts[i] = js_count(reader, getIthJsonbValueFromContainer(array, i), key);
}

void
js_read_sum(const JsonReader *reader, JsonbContainer *object, const char *key, AmountSum *sum)
{
	js_sum(reader, js_find(object, key), key, sum);
}

void
js_read_histogram(const JsonReader *reader, JsonbContainer *object, const char *key, Histogram *histogram)
{
	JsonbContainer *inner = js_object(reader, js_find(object, key), key);
	JsonbContainer *array = js_array(reader, js_find(inner, "histogram"), "histogram");
	AmountSum	sum = whole_number(reader, js_find(inner, "sum"), "sum");
	int64		before = -1;

	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *pair = js_array(reader, getIthJsonbValueFromContainer(array, i), "histogram");
		int64		bucket;
		int64		count;

		if (JsonContainerSize(pair) != 2)
			js_bad(reader, "histogram");
		bucket = js_count(reader, getIthJsonbValueFromContainer(pair, 0), "histogram");
		count = js_count(reader, getIthJsonbValueFromContainer(pair, 1), "histogram");
		if (bucket <= before || bucket >= HISTOGRAM_BUCKETS || count == 0 ||
			histogram->total + (uint64) count > PG_INT64_MAX)
			js_bad(reader, "histogram");
		histogram_add_bucket(histogram, (uint32) bucket, (uint64) count);
		before = bucket;
	}
	if (sum.number < 0)
		js_bad(reader, "sum");
	histogram->sum = sum.number;
}
