/*
 * funnel_json.c: kpi.funnel as jsonb and, the same in letters, as text.
 *
 * {"pattern": "a -> b by week in UTC", "completions": 3,
 *  "steps": [{"name": "a", "actors": 9}, {"name": "b", "actors": 5,
 *             "from_previous": {"sum": 600000000, "histogram": [[1472, 2], ...]}, "from_first": {...}}],
 *  "trend": [{"period": "2026-01-05T00:00:00", "actors": [9, 5]}]}
 *
 * Steps of an `open` funnel have "continued" and "closed" as well, and its periods "closed".
 */
#include "analyses/funnel.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(funnel_in);
PG_FUNCTION_INFO_V1(funnel_out);
PG_FUNCTION_INFO_V1(funnel_to_jsonb);
PG_FUNCTION_INFO_V1(funnel_from_jsonb);

/* ---- writing ---- */

static void
push_key(JsonbParseState **state, const char *key)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, key);
	value.val.string.len = strlen(key);
	pushJsonbValue(state, WJB_KEY, &value);
}

static void
push_string(JsonbParseState **state, const char *text)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, text);
	value.val.string.len = strlen(text);
	pushJsonbValue(state, WJB_VALUE, &value);
}

static void
push_numeric(JsonbParseState **state, Numeric number, bool element)
{
	JsonbValue	value;

	value.type = jbvNumeric;
	value.val.numeric = number;
	pushJsonbValue(state, element ? WJB_ELEM : WJB_VALUE, &value);
}

static void
push_int(JsonbParseState **state, int64 number, bool element)
{
	push_numeric(state, int64_to_numeric(number), element);
}

/* Decimal digits of a 128-bit number, not negative. */
static char *
int128_digits(__int128 number)
{
	char		digits[48];
	int			at = sizeof(digits);

	digits[--at] = '\0';
	do
	{
		digits[--at] = (char) ('0' + (int) (number % 10));
		number /= 10;
	} while (number > 0);
	return pstrdup(digits + at);
}

static void
push_histogram(JsonbParseState **state, const char *key, const Histogram *histogram)
{
	push_key(state, key);
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_key(state, "sum");
	push_numeric(state, DatumGetNumeric(DirectFunctionCall3(numeric_in,
															CStringGetDatum(int128_digits(histogram->sum)),
															ObjectIdGetDatum(InvalidOid),
															Int32GetDatum(-1))), false);
	push_key(state, "histogram");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (uint32 i = 0; i < histogram->size; i++)
	{
		if (histogram->counts[i] == 0)
			continue;
		pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		push_int(state, histogram->first + i, true);
		push_int(state, (int64) histogram->counts[i], true);
		pushJsonbValue(state, WJB_END_ARRAY, NULL);
	}
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
push_counts(JsonbParseState **state, const char *key, const int64_t *counts, int nsteps)
{
	push_key(state, key);
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	for (int s = 0; s < nsteps; s++)
		push_int(state, counts[s], true);
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

static void
push_step(JsonbParseState **state, const FunnelSummary *summary, int step)
{
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_key(state, "name");
	push_string(state, pattern_step_name(&summary->pattern, step));
	push_key(state, "actors");
	push_int(state, summary->reached[step], false);
	if (summary->pattern.open)
	{
		push_key(state, "continued");
		push_int(state, summary->continued[step], false);
		push_key(state, "closed");
		push_int(state, summary->closed[step], false);
	}
	if (step > 0)
	{
		push_histogram(state, "from_previous", &summary->from_previous[step]);
		push_histogram(state, "from_first", &summary->from_first[step]);
	}
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static Jsonb *
summary_to_jsonb(const FunnelSummary *summary)
{
	const Pattern *pattern = &summary->pattern;
	JsonbParseState *state = NULL;
	char		buffer[MAXDATELEN + 1];

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	if (summary->text != NULL)
	{
		push_key(&state, "pattern");
		push_string(&state, summary->text);
		push_key(&state, "completions");
		push_int(&state, summary->completions, false);
		push_key(&state, "steps");
		pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
		for (int s = 0; s < pattern->nsteps; s++)
			push_step(&state, summary, s);
		pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	}
	if (summary->text != NULL && pattern->grain != GRAIN_NONE)
	{
		push_key(&state, "trend");
		pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
		for (size_t i = 0; i < summary->nperiods; i++)
		{
			pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
			push_key(&state, "period");
			/* a copy: the string is only pointed to until the end */
			JsonEncodeDateTime(buffer, TimestampGetDatum(summary->periods[i].period), TIMESTAMPOID, NULL);
			push_string(&state, pstrdup(buffer));
			push_counts(&state, "actors", summary->periods[i].reached, pattern->nsteps);
			if (pattern->open)
				push_counts(&state, "closed", summary->periods[i].closed, pattern->nsteps);
			pushJsonbValue(&state, WJB_END_OBJECT, NULL);
		}
		pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

Datum
funnel_to_jsonb(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;

	funnel_open(PG_GETARG_DATUM(0), &summary);
	PG_RETURN_JSONB_P(summary_to_jsonb(&summary));
}

Datum
funnel_out(PG_FUNCTION_ARGS)
{
	FunnelSummary summary;
	Jsonb	   *jsonb;

	funnel_open(PG_GETARG_DATUM(0), &summary);
	jsonb = summary_to_jsonb(&summary);
	PG_RETURN_CSTRING(JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)));
}

/* ---- reading ---- */

static void bad_json(const char *where) pg_attribute_noreturn();

static void
bad_json(const char *where)
{
	ereport(ERROR,
			errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			errmsg("invalid input for type %s: missing or unusable \"%s\"", "kpi.funnel", where),
			errhint("Only what kpi.funnel itself printed can be read."));
}

static JsonbContainer *
as_container(JsonbValue *value, bool array, const char *where)
{
	JsonbContainer *container;

	if (value == NULL || value->type != jbvBinary)
		bad_json(where);
	container = value->val.binary.data;
	if (array ? !JsonContainerIsArray(container) || JsonContainerIsScalar(container)
		: !JsonContainerIsObject(container))
		bad_json(where);
	return container;
}

static JsonbValue *
get_key(JsonbContainer *object, const char *key)
{
	return getKeyJsonValueFromContainer(object, key, strlen(key), NULL);
}

static char *
as_string(JsonbValue *value, const char *where)
{
	if (value == NULL || value->type != jbvString)
		bad_json(where);
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* A whole number from 0 on, of any size that fits; digits are read so that nothing is rounded. */
static __int128
as_number(JsonbValue *value, __int128 most, const char *where)
{
	char	   *digits;
	__int128	number = 0;

	if (value == NULL || value->type != jbvNumeric)
		bad_json(where);
	digits = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	for (; *digits != '\0'; digits++)
	{
		if (*digits < '0' || *digits > '9' || number > (most - (*digits - '0')) / 10)
			bad_json(where);
		number = number * 10 + (*digits - '0');
	}
	return number;
}

static int64
as_count(JsonbValue *value, const char *where)
{
	return (int64) as_number(value, PG_INT64_MAX, where);
}

static void
read_histogram(JsonbContainer *step, const char *key, Histogram *histogram)
{
	JsonbContainer *object = as_container(get_key(step, key), false, key);
	JsonbContainer *array = as_container(get_key(object, "histogram"), true, "histogram");
	uint32		before = 0;

	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *pair = as_container(getIthJsonbValueFromContainer(array, i), true, "histogram");
		uint32		bucket;
		int64		count;

		if (JsonContainerSize(pair) != 2)
			bad_json("histogram");
		bucket = (uint32) as_number(getIthJsonbValueFromContainer(pair, 0), HISTOGRAM_BUCKETS - 1,
									"histogram");
		count = as_count(getIthJsonbValueFromContainer(pair, 1), "histogram");
		if ((i > 0 && bucket <= before) || count == 0 ||
			histogram->total + (uint64) count > PG_INT64_MAX)
			bad_json("histogram");
		histogram_add_bucket(histogram, bucket, count);
		before = bucket;
	}
	histogram->sum = as_number(get_key(object, "sum"), ((__int128) 1 << 126) - 1, "sum");
}

static void
read_counts(JsonbContainer *object, const char *key, int nsteps, int64_t *counts)
{
	JsonbContainer *array = as_container(get_key(object, key), true, key);

	if (JsonContainerSize(array) != (uint32) nsteps)
		bad_json(key);
	for (int s = 0; s < nsteps; s++)
		counts[s] = as_count(getIthJsonbValueFromContainer(array, s), key);
}

static void
read_trend(JsonbContainer *root, FunnelSummary *summary)
{
	JsonbContainer *array = as_container(get_key(root, "trend"), true, "trend");
	int			nsteps = summary->pattern.nsteps;
	size_t		place = 0;

	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *object = as_container(getIthJsonbValueFromContainer(array, i), false, "trend");
		char	   *text = as_string(get_key(object, "period"), "period");
		Timestamp	period = DatumGetTimestamp(DirectFunctionCall3(timestamp_in, CStringGetDatum(text),
																   ObjectIdGetDatum(InvalidOid),
																   Int32GetDatum(-1)));

		if (i > 0 && period <= summary->periods[i - 1].period)
			bad_json("period");
		funnel_summary_add_period(summary, period, 0, 0, &place);
		read_counts(object, "actors", nsteps, summary->periods[i].reached);
		if (summary->pattern.open)
			read_counts(object, "closed", nsteps, summary->periods[i].closed);
	}
}

static Datum
funnel_from_json(Jsonb *jsonb)
{
	JsonbContainer *root = &jsonb->root;
	JsonbContainer *steps;
	FunnelSummary summary;
	Pattern		pattern;
	LanguageError error;
	char	   *text;
	size_t		length;
	bool		utf8 = GetDatabaseEncoding() == PG_UTF8;

	if (!JsonContainerIsObject(root))
		bad_json("pattern");
	memset(&summary, 0, sizeof(summary));
	if (JsonContainerSize(root) == 0)
		return analysis_make(&funnel_analysis, &summary);
	text = as_string(get_key(root, "pattern"), "pattern");
	if (!pattern_parse(text, strlen(text), utf8, NULL, &pattern, &error))
		bad_json("pattern");
	text = pattern_print(&pattern, utf8, &length);
	funnel_summary_init(&summary, text, length, &pattern);

	summary.completions = as_count(get_key(root, "completions"), "completions");
	steps = as_container(get_key(root, "steps"), true, "steps");
	if (JsonContainerSize(steps) != (uint32) pattern.nsteps)
		bad_json("steps");
	for (int s = 0; s < pattern.nsteps; s++)
	{
		JsonbContainer *step = as_container(getIthJsonbValueFromContainer(steps, s), false, "steps");

		summary.reached[s] = as_count(get_key(step, "actors"), "actors");
		if (pattern.open)
		{
			summary.continued[s] = as_count(get_key(step, "continued"), "continued");
			summary.closed[s] = as_count(get_key(step, "closed"), "closed");
		}
		if (s > 0)
		{
			read_histogram(step, "from_previous", &summary.from_previous[s]);
			read_histogram(step, "from_first", &summary.from_first[s]);
		}
	}
	if (pattern.grain != GRAIN_NONE)
		read_trend(root, &summary);
	return analysis_make_checked(&funnel_analysis, &summary);
}

Datum
funnel_from_jsonb(PG_FUNCTION_ARGS)
{
	return funnel_from_json(PG_GETARG_JSONB_P(0));
}

Datum
funnel_in(PG_FUNCTION_ARGS)
{
	return funnel_from_json(DatumGetJsonbP(DirectFunctionCall1(jsonb_in, PG_GETARG_DATUM(0))));
}
