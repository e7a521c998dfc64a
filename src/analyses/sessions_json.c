/*
 * sessions_json.c: kpi.sessions as jsonb and, the same in letters, as text.
 *
 * {"spec": "timeout 30 min, views page_view, by day in UTC",
 *  "sessions": 3, "visitors": 2, "new_visitors": 2, "returning_visitors": 1, "engaged_sessions": 1, "page_views": 4,
 *  "single_view_sessions": 2, "engaged_time": 600000000, "durations": {"sum": 600000000, "histogram": [[0, 2], [3030, 1]]},
 *  "trend": [{"period": "2026-01-05T00:00:00", "sessions": 1, ...}]}
 *
 * Counts of events that the spec does not name are left out.
 */
#include "analyses/sessions.h"

#include "engine/period.h"

/* ---- writing ---- */

static void
push_counts(JsonWriter *state, const SessionSpec *spec, const SessionCounts *counts)
{
	Histogram	durations = sparse_histogram_expand(&counts->durations);
	AmountSum	engaged_time = {counts->engaged_time, 0};

	js_int_of(state, "sessions", (int64) counts->durations.total);
	for (int c = 0; c < SESSION_COUNTS; c++)
		if (session_count_known(spec, c))
			js_int_of(state, session_count_kinds[c].name, counts->count[c]);
	js_sum_of(state, "engaged_time", &engaged_time);
	js_histogram_of(state, "durations", &durations);
	host_free(durations.counts);
}

void
sessions_push_json(JsonWriter *state, const void *value)
{
	const SessionsSummary *summary = value;

	push_counts(state, &summary->spec, &summary->whole);
	if (summary->spec.periods.grain == GRAIN_NONE)
		return;
	js_key(state, "trend");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < summary->nperiods; i++)
	{
		js_push(state, WJB_BEGIN_OBJECT, NULL);
		js_timestamp_of(state, "period", sessions_period_start(&summary->spec, summary->periods[i]->number));
		push_counts(state, &summary->spec, &summary->periods[i]->counts);
		js_push(state, WJB_END_OBJECT, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
}

/* ---- reading ---- */

static void
read_counts(const JsonReader *reader, JsonbContainer *object, const SessionSpec *spec, SessionCounts *counts)
{
	Histogram	durations = {0};
	AmountSum	engaged_time;

	for (int c = 0; c < SESSION_COUNTS; c++)
	{
		const char *name = session_count_kinds[c].name;

		if (session_count_known(spec, c))
			counts->count[c] = js_count(reader, js_find(object, name), name);
	}
	js_read_sum(reader, object, "engaged_time", &engaged_time);
	if (engaged_time.number < 0 || engaged_time.decimals > 0)
		js_bad(reader, "engaged_time");
	counts->engaged_time = engaged_time.number;
	js_read_histogram(reader, object, "durations", &durations);
	counts->durations = sparse_histogram_of(&durations);
	host_free(durations.counts);
	if ((uint64) js_count(reader, js_find(object, "sessions"), "sessions") != counts->durations.total)
		js_bad(reader, "sessions");
}

void
sessions_read_json(const JsonReader *reader, JsonbContainer *root, void *value)
{
	SessionsSummary *summary = value;
	const PeriodClause *periods = &summary->spec.periods;
	JsonbContainer *array;

	read_counts(reader, root, &summary->spec, &summary->whole);
	if (periods->grain == GRAIN_NONE)
		return;
	array = js_array(reader, js_find(root, "trend"), "trend");
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *object = js_object(reader, getIthJsonbValueFromContainer(array, i), "trend");
		int64		start = js_timestamp(reader, js_find(object, "period"), "period");
		int64		number;

		if (TIMESTAMP_NOT_FINITE(start))
			js_bad(reader, "period");
		number = period_number(periods->grain, periods->week_start, start);
		if (start != sessions_period_start(&summary->spec, number) ||
			(i > 0 && number <= summary->periods[i - 1]->number))
			js_bad(reader, "period");
		read_counts(reader, object, &summary->spec, &sessions_summary_period(summary, number)->counts);
	}
}
