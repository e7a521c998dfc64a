/*
 * activity_json.c: kpi.activity as jsonb and, the same in letters, as text.
 *
 * {"spec": "by week in UTC", "latest": "2026-01-20T10:00:00+00:00",
 *  "periods": [{"period": "2026-01-05T00:00:00", "active": 9, "new": 3, "returning": 4}],
 *  "days": [{"day": "2026-01-05T00:00:00", "active": 5, "change7": [...], "change28": [...], "change30": 2}]}
 *
 * The changes are those of ActivityDay in activity_summary.h.
 */
#include "analyses/activity.h"

#include "engine/period.h"

void
activity_push_json(JsonWriter *state, const void *value)
{
	const ActivitySummary *summary = value;
	const PeriodClause *periods = &summary->spec.periods;

	if (summary->latest != MOMENT_MIN)
		js_moment_of(state, "latest", summary->latest);
	js_key(state, "periods");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < summary->nperiods; i++)
	{
		const ActivityPeriod *period = &summary->periods[i];

		js_push(state, WJB_BEGIN_OBJECT, NULL);
		js_timestamp_of(state, "period", period_start(periods->grain, periods->week_start, period->number));
		js_int_of(state, "active", period->active);
		js_int_of(state, "new", period->fresh);
		js_int_of(state, "returning", period->returning);
		js_push(state, WJB_END_OBJECT, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
	js_key(state, "days");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < summary->ndays; i++)
	{
		const ActivityDay *day = &summary->days[i];

		js_push(state, WJB_BEGIN_OBJECT, NULL);
		js_timestamp_of(state, "day", day->number * PERIOD_DAY);
		js_int_of(state, "active", day->active);
		js_counts_of(state, "change7", day->change7, ACTIVITY_WEEK);
		js_counts_of(state, "change28", day->change28, ACTIVITY_MONTH);
		js_int_of(state, "change30", day->change30);
		js_push(state, WJB_END_OBJECT, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
}

/* The number of a period that is given by its start, behind `before`. */
static int64
read_period(const JsonReader *reader, JsonbContainer *object, const char *key, Grain grain, int week_start,
			const int64 *before)
{
	int64		start = js_timestamp(reader, js_find(object, key), key);
	int64		number = period_number(grain, week_start, start);

	if (!period_is_valid(grain, week_start, number) || period_start(grain, week_start, number) != start ||
		(before != NULL && number <= *before))
		js_bad(reader, key);
	return number;
}

static void
read_changes(const JsonReader *reader, JsonbContainer *object, const char *key, int64_t *changes, int count)
{
	JsonbContainer *array = js_array(reader, js_find(object, key), key);

	if (JsonContainerSize(array) != (uint32) count)
		js_bad(reader, key);
	for (int n = 0; n < count; n++)
		changes[n] = js_number(reader, getIthJsonbValueFromContainer(array, n), key);
}

void
activity_read_json(const JsonReader *reader, JsonbContainer *root, void *value)
{
	ActivitySummary *summary = value;
	const PeriodClause *periods = &summary->spec.periods;
	JsonbContainer *array = js_array(reader, js_find(root, "periods"), "periods");
	int64		before;

	if (js_find(root, "latest") != NULL)
		summary->latest = js_moment(reader, js_find(root, "latest"), "latest");
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *object = js_object(reader, getIthJsonbValueFromContainer(array, i), "periods");
		ActivityPeriod *period;

		before = read_period(reader, object, "period", periods->grain, periods->week_start, i == 0 ? NULL : &before);
		period = activity_summary_period(summary, before);
		period->active = js_count(reader, js_find(object, "active"), "active");
		period->fresh = js_count(reader, js_find(object, "new"), "new");
		period->returning = js_count(reader, js_find(object, "returning"), "returning");
	}
	array = js_array(reader, js_find(root, "days"), "days");
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *object = js_object(reader, getIthJsonbValueFromContainer(array, i), "days");
		ActivityDay *day;

		before = read_period(reader, object, "day", GRAIN_DAY, periods->week_start, i == 0 ? NULL : &before);
		day = activity_summary_day(summary, before);
		day->active = js_count(reader, js_find(object, "active"), "active");
		read_changes(reader, object, "change7", day->change7, ACTIVITY_WEEK);
		read_changes(reader, object, "change28", day->change28, ACTIVITY_MONTH);
		day->change30 = js_number(reader, js_find(object, "change30"), "change30");
	}
}
