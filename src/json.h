/*
 * json.h: summaries as jsonb: writing them, and reading what was written, which may come from anywhere.
 */
#ifndef KPI_JSON_H
#define KPI_JSON_H

#include "kpi_track.h"

#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "engine/amount.h"
#include "engine/histogram.h"

/* ---- writing ---- */

/* A document that grows. {0} is an empty one. */
#if PG_VERSION_NUM >= 190000
typedef JsonbInState JsonWriter;
#else
typedef JsonbParseState *JsonWriter;
#endif

/* The next token; with the last one, it is a value. */
extern void js_push(JsonWriter *state, JsonbIteratorToken token, JsonbValue *value);
extern Jsonb *js_finish(JsonWriter *state, JsonbIteratorToken end);

extern void js_key(JsonWriter *state, const char *key);

/* A string or number as the value of a key; the string must live until the end. */
extern void js_string(JsonWriter *state, const char *text);
extern void js_int(JsonWriter *state, int64 number);
extern void js_numeric(JsonWriter *state, Numeric number);

/* A key and its value. */
extern void js_string_of(JsonWriter *state, const char *key, const char *text);
extern void js_int_of(JsonWriter *state, const char *key, int64 number);
extern void js_sum_of(JsonWriter *state, const char *key, const AmountSum *sum);

/* In digits that give the same double again; it has to be finite. */
extern void js_double_of(JsonWriter *state, const char *key, double number);

/* A local timestamp, ISO 8601. */
extern void js_timestamp_of(JsonWriter *state, const char *key, int64 timestamp);

/* A moment, ISO 8601 in UTC. */
extern void js_moment_of(JsonWriter *state, const char *key, int64 at);
extern void js_counts_of(JsonWriter *state, const char *key, const int64_t *counts, int ncounts);

/* {"sum": microseconds, "histogram": [[bucket, count], ...]} */
extern void js_histogram_of(JsonWriter *state, const char *key, const Histogram *histogram);

/* A number in an array. */
extern void js_element(JsonWriter *state, int64 number);
extern void js_sum_element(JsonWriter *state, const AmountSum *sum);

extern Datum js_out(Jsonb *jsonb);	/* as a cstring */
extern Numeric amount_sum_numeric(const AmountSum *sum);

/* ---- reading: what is missing or no such thing is an error that names `key` ---- */

typedef struct JsonReader
{
	const char *type_name;		/* for errors */
} JsonReader;

pg_noreturn extern void js_bad(const JsonReader *reader, const char *key);

/* NULL if the object has no such key. */
extern JsonbValue *js_find(JsonbContainer *object, const char *key);

extern JsonbContainer *js_array(const JsonReader *reader, JsonbValue *value, const char *key);
extern JsonbContainer *js_object(const JsonReader *reader, JsonbValue *value, const char *key);
extern char *js_text(const JsonReader *reader, JsonbValue *value, const char *key);

/* Whole numbers; from 0 on. */
extern int64 js_count(const JsonReader *reader, JsonbValue *value, const char *key);
extern int64 js_number(const JsonReader *reader, JsonbValue *value, const char *key);
extern double js_double(const JsonReader *reader, JsonbValue *value, const char *key);
extern int64 js_timestamp(const JsonReader *reader, JsonbValue *value, const char *key);
extern int64 js_moment(const JsonReader *reader, JsonbValue *value, const char *key);

/* {"sum": ...} and so on: of an object's key. A sum of a value in an array. */
extern void js_sum(const JsonReader *reader, JsonbValue *value, const char *key, AmountSum *sum);

extern void js_read_counts(const JsonReader *reader, JsonbContainer *object, const char *key, int ncounts,
							 int64_t *counts);
extern void js_read_sum(const JsonReader *reader, JsonbContainer *object, const char *key, AmountSum *sum);
extern void js_read_histogram(const JsonReader *reader, JsonbContainer *object, const char *key,
								Histogram *histogram);

#endif							/* KPI_JSON_H */
