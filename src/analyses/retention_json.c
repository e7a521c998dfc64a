/*
 * retention_json.c: kpi.retention as jsonb and, the same in letters, as text.
 *
 * {"spec": "a -> b by week for 2 in UTC", "latest": "2026-01-20T10:00:00+00:00",
 *  "cohorts": [{"cohort": "2026-01-05T00:00:00", "size": 9, "counts": [2, 5, 4, 0], "values": [10.5, 3, 0]}]}
 *
 * Counts are those of RetentionCohort in retention_summary.h; with `elapsed`, "starts" are pairs of slot and actors.
 */
#include "analyses/retention.h"

#include "engine/period.h"

void
retention_push_json(JsonWriter *state, const void *value)
{
	const RetentionSummary *summary = value;
	const RetentionSpec *spec = &summary->spec;

	if (summary->latest != MOMENT_MIN)
		js_moment_of(state, "latest", summary->latest);
	js_key(state, "cohorts");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < summary->ncohorts; i++)
	{
		const RetentionCohort *cohort = &summary->cohorts[i];
		static const AmountSum nothing = {0, 0};

		js_push(state, WJB_BEGIN_OBJECT, NULL);
		js_timestamp_of(state, "cohort", period_start(spec->periods.grain, spec->periods.week_start, cohort->number));
		js_int_of(state, "size", cohort->size);
		js_counts_of(state, "counts", cohort->counts, spec->ncells + 2);
		if (summary->has_values)
		{
			js_key(state, "values");
			js_push(state, WJB_BEGIN_ARRAY, NULL);
			for (int c = 0; c <= spec->ncells; c++)
				js_sum_element(state, cohort->values == NULL ? &nothing : &cohort->values[c]);
			js_push(state, WJB_END_ARRAY, NULL);
		}
		if (spec->elapsed)
		{
			js_key(state, "starts");
			js_push(state, WJB_BEGIN_ARRAY, NULL);
			for (size_t s = 0; s < cohort->nstarts; s++)
			{
				js_push(state, WJB_BEGIN_ARRAY, NULL);
				js_element(state, cohort->starts[s].slot);
				js_element(state, cohort->starts[s].count);
				js_push(state, WJB_END_ARRAY, NULL);
			}
			js_push(state, WJB_END_ARRAY, NULL);
		}
		js_push(state, WJB_END_OBJECT, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
}

static void
read_values(const JsonReader *reader, JsonbContainer *object, RetentionSummary *summary, RetentionCohort *cohort)
{
	JsonbContainer *array = js_array(reader, js_find(object, "values"), "values");
	int			count = summary->spec.ncells + 1;

	if (JsonContainerSize(array) != (uint32) count)
		js_bad(reader, "values");
	cohort->values = palloc0(mul_size(count, sizeof(AmountSum)));
	for (int c = 0; c < count; c++)
		js_sum(reader, getIthJsonbValueFromContainer(array, c), "values", &cohort->values[c]);
	summary->has_values = true;
}

static void
read_starts(const JsonReader *reader, JsonbContainer *object, RetentionCohort *cohort)
{
	JsonbContainer *array = js_array(reader, js_find(object, "starts"), "starts");

	for (uint32 s = 0; s < JsonContainerSize(array); s++)
	{
		JsonbContainer *pair = js_array(reader, getIthJsonbValueFromContainer(array, s), "starts");

		if (JsonContainerSize(pair) != 2)
			js_bad(reader, "starts");
		retention_cohort_start(cohort, js_number(reader, getIthJsonbValueFromContainer(pair, 0), "starts"),
							   js_count(reader, getIthJsonbValueFromContainer(pair, 1), "starts"));
	}
}

void
retention_read_json(const JsonReader *reader, JsonbContainer *root, void *value)
{
	RetentionSummary *summary = value;
	const PeriodClause *periods = &summary->spec.periods;
	JsonbContainer *array = js_array(reader, js_find(root, "cohorts"), "cohorts");

	if (js_find(root, "latest") != NULL)
		summary->latest = js_moment(reader, js_find(root, "latest"), "latest");
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *object = js_object(reader, getIthJsonbValueFromContainer(array, i), "cohorts");
		int64		start = js_timestamp(reader, js_find(object, "cohort"), "cohort");
		int64		number = period_number(periods->grain, periods->week_start, start);
		RetentionCohort *cohort;

		if (!period_is_valid(periods->grain, periods->week_start, number) ||
			period_start(periods->grain, periods->week_start, number) != start ||
			(i > 0 && number <= summary->cohorts[i - 1].number))
			js_bad(reader, "cohort");
		cohort = retention_summary_cohort(summary, number);
		cohort->size = js_count(reader, js_find(object, "size"), "size");
		js_read_counts(reader, object, "counts", summary->spec.ncells + 2, cohort->counts);
		if (js_find(object, "values") != NULL)
			read_values(reader, object, summary, cohort);
		if (summary->spec.elapsed)
			read_starts(reader, object, cohort);
	}
}
