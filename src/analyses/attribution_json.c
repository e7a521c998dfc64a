/*
 * attribution_json.c: kpi.attribution as jsonb and, the same in letters, as text.
 *
 * {"spec": "lookback 30 days ...", "level": 0,
 *  "periods": [{"period": "2026-01-01T00:00:00", "not_converted": 1, "cut": 0,
 *    "lengths": [[touches, conversions, revenue], ...], "lags": [[days, conversions, revenue], ...],
 *    "channels": [{"channel": "ads", "sums": [[conversions, revenue], ...]}],
 *    "transitions": [[null, "ads", 2], ["ads", true, 1], ["ads", false, 1]],
 *    "paths": [{"path": ["ads"], "conversions": 1, "not_converted": 1, "revenue": 9.5}]}]}
 *
 * What the sums are: attribution_summary.h. A transition from null comes from the start, one to true or false leads to a
 * conversion or to none; a path that begins with null was cut.
 */
#include "analyses/attribution.h"

#include "engine/period.h"

/* ---- writing ---- */

static void
push_channel(JsonWriter *state, JsonbIteratorToken token, const AttributionSummary *summary, uint32 channel)
{
	JsonbValue	value;

	value.type = jbvNull;
	if (channel < summary->channels->count)
	{
		value.type = jbvString;
		value.val.string.val = unconstify(char *, summary->channels->labels[channel].bytes);
		value.val.string.len = summary->channels->labels[channel].length;
	}
	js_push(state, token, &value);
}

static void
push_counts(JsonWriter *state, const char *key, const ConversionCounts *counts)
{
	js_key(state, key);
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (uint32 i = 0; i < counts->used; i++)
	{
		js_push(state, WJB_BEGIN_ARRAY, NULL);
		js_element(state, counts->counts[i].key);
		js_element(state, counts->counts[i].count);
		js_sum_element(state, &counts->counts[i].revenue);
		js_push(state, WJB_END_ARRAY, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
}

static void
push_credits(JsonWriter *state, const AttributionSummary *summary, const AttributionPeriod *period)
{
	js_key(state, "channels");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (uint32 c = 0; c < period->ncredits; c++)
	{
		const ChannelCredits *credits = period->credits[c];

		if (credits == NULL)
			continue;
		js_push(state, WJB_BEGIN_OBJECT, NULL);
		js_key(state, "channel");
		push_channel(state, WJB_VALUE, summary, c);
		js_key(state, "sums");
		js_push(state, WJB_BEGIN_ARRAY, NULL);
		for (int kind = 0; kind < CREDIT_KINDS; kind++)
		{
			js_push(state, WJB_BEGIN_ARRAY, NULL);
			js_sum_element(state, &credits->sums[kind].conversions);
			js_sum_element(state, &credits->sums[kind].revenue);
			js_push(state, WJB_END_ARRAY, NULL);
		}
		js_push(state, WJB_END_ARRAY, NULL);
		js_push(state, WJB_END_OBJECT, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
}

static void
push_transitions(JsonWriter *state, const AttributionSummary *summary, const CountTable *transitions)
{
	CountEntry *entries = count_table_sorted(transitions);

	js_key(state, "transitions");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < transitions->used; i++)
	{
		uint32		from = entries[i].key.part[0];
		uint32		to = entries[i].key.part[1];

		js_push(state, WJB_BEGIN_ARRAY, NULL);
		push_channel(state, WJB_ELEM, summary, from == ATTRIBUTION_START ? PG_UINT32_MAX : from - 1);
		if (to > ATTRIBUTION_LOST)
			push_channel(state, WJB_ELEM, summary, to - 2);
		else
		{
			JsonbValue	end = {.type = jbvBool};

			end.val.boolean = to == ATTRIBUTION_CONVERTED;
			js_push(state, WJB_ELEM, &end);
		}
		js_element(state, entries[i].count);
		js_push(state, WJB_END_ARRAY, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
	pfree(entries);
}

static void
push_paths(JsonWriter *state, const AttributionSummary *summary, const AttributionPeriod *period)
{
	js_key(state, "paths");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (uint32 i = 0; i < period->npaths; i++)
	{
		const AttributionPath *path = &period->paths[i];

		js_push(state, WJB_BEGIN_OBJECT, NULL);
		js_key(state, "path");
		js_push(state, WJB_BEGIN_ARRAY, NULL);
		for (uint32 c = 0; c < path->length; c++)
			push_channel(state, WJB_ELEM, summary, period->numbers[path->first + c]);
		js_push(state, WJB_END_ARRAY, NULL);
		js_int_of(state, "conversions", path->conversions);
		js_int_of(state, "not_converted", path->lost);
		js_sum_of(state, "revenue", &path->revenue);
		js_push(state, WJB_END_OBJECT, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
}

void
attribution_push_json(JsonWriter *state, const void *value)
{
	const AttributionSummary *summary = value;
	const PeriodClause *periods = &summary->spec.periods;

	js_int_of(state, "level", summary->level);
	js_key(state, "periods");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t p = 0; p < summary->nperiods; p++)
	{
		const AttributionPeriod *period = &summary->periods[p];

		js_push(state, WJB_BEGIN_OBJECT, NULL);
		if (periods->grain != GRAIN_NONE)
			js_timestamp_of(state, "period", period_start(periods->grain, periods->week_start, period->number));
		js_int_of(state, "not_converted", period->lost);
		js_int_of(state, "cut", period->cut);
		push_counts(state, "lengths", &period->lengths);
		push_counts(state, "lags", &period->lags);
		push_credits(state, summary, period);
		push_transitions(state, summary, &period->transitions);
		push_paths(state, summary, period);
		js_push(state, WJB_END_OBJECT, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
}

/* ---- reading: what comes of it is checked as bytes are, see analysis_make_checked ---- */

static JsonbContainer *
array_of(const JsonReader *reader, JsonbContainer *object, const char *key)
{
	return js_array(reader, js_find(object, key), key);
}

/* An array in an array, of so many elements. */
static JsonbContainer *
tuple_at(const JsonReader *reader, JsonbContainer *array, uint32 i, uint32 size, const char *key)
{
	JsonbContainer *tuple = js_array(reader, getIthJsonbValueFromContainer(array, i), key);

	if (JsonContainerSize(tuple) != size)
		js_bad(reader, key);
	return tuple;
}

static uint16
read_channel(const JsonReader *reader, AttributionSummary *summary, const JsonbValue *value, const char *key)
{
	if (value == NULL || value->type != jbvString || value->val.string.len < 1 ||
		value->val.string.len > TIMELINE_LABEL_MAX)
		js_bad(reader, key);
	return attribution_summary_channel(summary, value->val.string.val, value->val.string.len);
}

static void
read_counts(const JsonReader *reader, JsonbContainer *object, const char *key, ConversionCounts *counts)
{
	JsonbContainer *array = array_of(reader, object, key);

	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *tuple = tuple_at(reader, array, i, 3, key);
		int64		number = js_count(reader, getIthJsonbValueFromContainer(tuple, 0), key);
		int64		count = js_count(reader, getIthJsonbValueFromContainer(tuple, 1), key);
		AmountSum	revenue;

		js_sum(reader, getIthJsonbValueFromContainer(tuple, 2), key, &revenue);
		if (number > ATTRIBUTION_MAX_DAYS || count < 1)
			js_bad(reader, key);
		conversion_counts_add(counts, (uint32_t) number, count, &revenue);
	}
}

static void
read_credits(const JsonReader *reader, JsonbContainer *object, AttributionSummary *summary, AttributionPeriod *period)
{
	JsonbContainer *array = array_of(reader, object, "channels");

	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *entry = js_object(reader, getIthJsonbValueFromContainer(array, i), "channels");
		JsonbContainer *sums = array_of(reader, entry, "sums");
		ChannelCredits *credits = attribution_period_credits(summary, period,
															 read_channel(reader, summary, js_find(entry, "channel"), "channel"));

		if (JsonContainerSize(sums) != CREDIT_KINDS)
			js_bad(reader, "sums");
		for (int kind = 0; kind < CREDIT_KINDS; kind++)
		{
			JsonbContainer *pair = tuple_at(reader, sums, (uint32) kind, 2, "sums");

			js_sum(reader, getIthJsonbValueFromContainer(pair, 0), "sums", &credits->sums[kind].conversions);
			js_sum(reader, getIthJsonbValueFromContainer(pair, 1), "sums", &credits->sums[kind].revenue);
		}
	}
}

static void
read_transitions(const JsonReader *reader, JsonbContainer *object, AttributionSummary *summary, AttributionPeriod *period)
{
	JsonbContainer *array = array_of(reader, object, "transitions");

	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *tuple = tuple_at(reader, array, i, 3, "transitions");
		JsonbValue *source = getIthJsonbValueFromContainer(tuple, 0);
		JsonbValue *target = getIthJsonbValueFromContainer(tuple, 1);
		int64		count = js_count(reader, getIthJsonbValueFromContainer(tuple, 2), "transitions");
		uint32		from = ATTRIBUTION_START;
		uint32		to;

		if (count < 1)
			js_bad(reader, "transitions");
		if (source->type != jbvNull)
			from = (uint32) read_channel(reader, summary, source, "transitions") + 1;
		if (target->type == jbvBool)
			to = target->val.boolean ? ATTRIBUTION_CONVERTED : ATTRIBUTION_LOST;
		else
			to = (uint32) read_channel(reader, summary, target, "transitions") + 2;
		attribution_period_transition(summary, period, from, to, count);
	}
}

static void
read_path(const JsonReader *reader, JsonbContainer *object, AttributionSummary *summary, AttributionPeriod *period)
{
	JsonbContainer *array = array_of(reader, object, "path");
	uint32		length = JsonContainerSize(array);
	uint16_t	channels[ATTRIBUTION_MAX_TOUCHES + 1];
	AmountSum	revenue;

	if (length < 1 || length > ATTRIBUTION_MAX_TOUCHES + 1)
		js_bad(reader, "path");
	for (uint32 i = 0; i < length; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(array, i);

		channels[i] = i == 0 && value->type == jbvNull ? ATTRIBUTION_OTHER : read_channel(reader, summary, value, "path");
	}
	if (length - (channels[0] == ATTRIBUTION_OTHER) > attribution_level_touches(summary->level))
		js_bad(reader, "path");
	js_read_sum(reader, object, "revenue", &revenue);
	attribution_period_path(summary, period, channels, length,
							js_count(reader, js_find(object, "conversions"), "conversions"),
							js_count(reader, js_find(object, "not_converted"), "not_converted"), &revenue);
}

static void
read_period(const JsonReader *reader, JsonbContainer *object, AttributionSummary *summary)
{
	const PeriodClause *periods = &summary->spec.periods;
	JsonbContainer *paths = array_of(reader, object, "paths");
	size_t		before = summary->nperiods;
	int64		number = 0;
	AttributionPeriod *period;

	if (periods->grain != GRAIN_NONE)
	{
		int64		start = js_timestamp(reader, js_find(object, "period"), "period");

		number = period_number(periods->grain, periods->week_start, start);
		if (!period_is_valid(periods->grain, periods->week_start, number) ||
			period_start(periods->grain, periods->week_start, number) != start)
			js_bad(reader, "period");
	}
	period = attribution_summary_period(summary, number);
	if (summary->nperiods == before)
		js_bad(reader, "periods");
	period->lost = js_count(reader, js_find(object, "not_converted"), "not_converted");
	period->cut = js_count(reader, js_find(object, "cut"), "cut");
	read_counts(reader, object, "lengths", &period->lengths);
	read_counts(reader, object, "lags", &period->lags);
	read_credits(reader, object, summary, period);
	read_transitions(reader, object, summary, period);
	for (uint32 i = 0; i < JsonContainerSize(paths); i++)
		read_path(reader, js_object(reader, getIthJsonbValueFromContainer(paths, i), "paths"), summary, period);
}

void
attribution_read_json(const JsonReader *reader, JsonbContainer *root, void *value)
{
	AttributionSummary *summary = value;
	JsonbContainer *periods = array_of(reader, root, "periods");
	int64		level = js_count(reader, js_find(root, "level"), "level");

	if (level >= ATTRIBUTION_LEVELS)
		js_bad(reader, "level");
	summary->level = (int) level;
	for (uint32 i = 0; i < JsonContainerSize(periods); i++)
		read_period(reader, js_object(reader, getIthJsonbValueFromContainer(periods, i), "periods"), summary);
}
