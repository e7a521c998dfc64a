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

#include "json.h"

/* ---- writing ---- */

static void
push_step(JsonWriter *state, const FunnelSummary *summary, int step)
{
	js_push(state, WJB_BEGIN_OBJECT, NULL);
	js_string_of(state, "name", pattern_step_name(&summary->pattern, step));
	js_int_of(state, "actors", summary->reached[step]);
	if (summary->pattern.open)
	{
		js_int_of(state, "continued", summary->continued[step]);
		js_int_of(state, "closed", summary->closed[step]);
	}
	if (step > 0)
	{
		js_histogram_of(state, "from_previous", &summary->from_previous[step]);
		js_histogram_of(state, "from_first", &summary->from_first[step]);
	}
	js_push(state, WJB_END_OBJECT, NULL);
}

void
funnel_push_json(JsonWriter *state, const void *value)
{
	const FunnelSummary *summary = value;
	const Pattern *pattern = &summary->pattern;

	js_int_of(state, "completions", summary->completions);
	js_key(state, "steps");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (int s = 0; s < pattern->nsteps; s++)
		push_step(state, summary, s);
	js_push(state, WJB_END_ARRAY, NULL);
	if (pattern->grain == GRAIN_NONE)
		return;
	js_key(state, "trend");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < summary->nperiods; i++)
	{
		js_push(state, WJB_BEGIN_OBJECT, NULL);
		js_timestamp_of(state, "period", summary->periods[i].period);
		js_counts_of(state, "actors", summary->periods[i].reached, pattern->nsteps);
		if (pattern->open)
			js_counts_of(state, "closed", summary->periods[i].closed, pattern->nsteps);
		js_push(state, WJB_END_OBJECT, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
}

/* ---- reading ---- */

static void
read_trend(const JsonReader *reader, JsonbContainer *root, FunnelSummary *summary)
{
	JsonbContainer *array = js_array(reader, js_find(root, "trend"), "trend");
	int			nsteps = summary->pattern.nsteps;
	size_t		place = 0;

	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *object = js_object(reader, getIthJsonbValueFromContainer(array, i), "trend");
		int64		period = js_timestamp(reader, js_find(object, "period"), "period");

		if (i > 0 && period <= summary->periods[i - 1].period)
			js_bad(reader, "period");
		funnel_summary_add_period(summary, period, 0, 0, &place);
		js_read_counts(reader, object, "actors", nsteps, summary->periods[i].reached);
		if (summary->pattern.open)
			js_read_counts(reader, object, "closed", nsteps, summary->periods[i].closed);
	}
}

void
funnel_read_json(const JsonReader *reader, JsonbContainer *root, void *value)
{
	FunnelSummary *summary = value;
	const Pattern *pattern = &summary->pattern;
	JsonbContainer *steps = js_array(reader, js_find(root, "steps"), "steps");

	summary->completions = js_count(reader, js_find(root, "completions"), "completions");
	if (JsonContainerSize(steps) != (uint32) pattern->nsteps)
		js_bad(reader, "steps");
	for (int s = 0; s < pattern->nsteps; s++)
	{
		JsonbContainer *step = js_object(reader, getIthJsonbValueFromContainer(steps, s), "steps");

		summary->reached[s] = js_count(reader, js_find(step, "actors"), "actors");
		if (pattern->open)
		{
			summary->continued[s] = js_count(reader, js_find(step, "continued"), "continued");
			summary->closed[s] = js_count(reader, js_find(step, "closed"), "closed");
		}
		if (s > 0)
		{
			js_read_histogram(reader, step, "from_previous", &summary->from_previous[s]);
			js_read_histogram(reader, step, "from_first", &summary->from_first[s]);
		}
	}
	if (pattern->grain != GRAIN_NONE)
		read_trend(reader, root, summary);
}
