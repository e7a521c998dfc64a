/*
 * ltv_json.c: kpi.ltv as jsonb and, the same in letters, as text.
 *
 * {"spec": "by month in UTC, unit day", "latest": "2026-03-20T10:00:00+00:00",
 *  "cohorts": [{"cohort": "2026-01-01T00:00:00", "size": 2, "cells": [[age, buyers, purchases, revenue], ...]}],
 *  "days": [[day, customers, repeats], ...],
 *  "histories": {"level": 0, "counts": [[first day, recency, repeats, repeats in the holdout, customers], ...]},
 *  "periods": {"level": 0, "counts": [[first period, repeats, recency, step, customers], ...]},
 *  "money": {"level": 0, "counts": [[repeats, bits of a double, customers], ...]}}
 *
 * What they are: ltv_summary.h. Days and periods are numbers from 2000-01-01 on.
 */
#include "analyses/ltv.h"

#include "engine/period.h"

/* ---- writing ---- */

typedef enum TableKind
{
	TABLE_BIASED,				/* the first part of a key has LTV_BIAS */
	TABLE_MONEY
} TableKind;

static void
push_table(JsonWriter *state, const char *key, const CountTable *table, TableKind kind)
{
	CountEntry *entries = count_table_sorted(table);

	js_key(state, key);
	js_push(state, WJB_BEGIN_OBJECT, NULL);
	js_int_of(state, "level", table->level);
	js_key(state, "counts");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < table->used; i++)
	{
		const uint32_t *part = entries[i].key.part;

		js_push(state, WJB_BEGIN_ARRAY, NULL);
		if (kind == TABLE_MONEY)
		{
			js_element(state, part[0]);
			js_element(state, (int64) ((uint64) part[1] << 32 | part[2]));
		}
		else
		{
			js_element(state, (int64) part[0] - LTV_BIAS);
			for (int p = 1; p < COUNT_KEY_PARTS; p++)
				js_element(state, part[p]);
		}
		js_element(state, entries[i].count);
		js_push(state, WJB_END_ARRAY, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
	js_push(state, WJB_END_OBJECT, NULL);
	pfree(entries);
}

void
ltv_push_json(JsonWriter *state, const void *value)
{
	const LtvSummary *summary = value;
	const PeriodClause *periods = &summary->spec.periods;

	if (summary->latest != MOMENT_MIN)
		js_moment_of(state, "latest", summary->latest);
	js_key(state, "cohorts");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < summary->ncohorts; i++)
	{
		const LtvCohort *cohort = &summary->cohorts[i];

		js_push(state, WJB_BEGIN_OBJECT, NULL);
		js_timestamp_of(state, "cohort", period_start(periods->grain, periods->week_start, cohort->number));
		js_int_of(state, "size", cohort->size);
		js_key(state, "cells");
		js_push(state, WJB_BEGIN_ARRAY, NULL);
		for (size_t c = 0; c < cohort->ncells; c++)
		{
			js_push(state, WJB_BEGIN_ARRAY, NULL);
			js_element(state, cohort->cells[c].age);
			js_element(state, cohort->cells[c].buyers);
			js_element(state, cohort->cells[c].purchases);
			js_sum_element(state, &cohort->cells[c].revenue);
			js_push(state, WJB_END_ARRAY, NULL);
		}
		js_push(state, WJB_END_ARRAY, NULL);
		js_push(state, WJB_END_OBJECT, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
	js_key(state, "days");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < summary->ndays; i++)
	{
		js_push(state, WJB_BEGIN_ARRAY, NULL);
		js_element(state, summary->days[i].day);
		js_element(state, summary->days[i].customers);
		js_element(state, summary->days[i].repeats);
		js_push(state, WJB_END_ARRAY, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
	push_table(state, "histories", &summary->histories, TABLE_BIASED);
	push_table(state, "periods", &summary->periods, TABLE_BIASED);
	push_table(state, "money", &summary->money, TABLE_MONEY);
}

/* ---- reading: what comes of it is checked as bytes are, see summary_type.c ---- */

static int64
element(const JsonReader *reader, JsonbContainer *array, int i, const char *key)
{
	return js_number(reader, getIthJsonbValueFromContainer(array, i), key);
}

/* One that must fit a part of a key. */
static uint32_t
part_of(const JsonReader *reader, int64 number, const char *key)
{
	if (number < 0 || number > PG_UINT32_MAX)
		js_bad(reader, key);
	return (uint32_t) number;
}

static void
read_table(const JsonReader *reader, JsonbContainer *root, const char *key, const CountRule *rule, TableKind kind,
		   CountTable *table)
{
	JsonbContainer *object = js_object(reader, js_find(root, key), key);
	JsonbContainer *array = js_array(reader, js_find(object, "counts"), "counts");
	int64		level = js_count(reader, js_find(object, "level"), "level");
	uint32		length = kind == TABLE_MONEY ? 3 : COUNT_KEY_PARTS + 1;

	if (level >= rule->levels)
		js_bad(reader, "level");
	count_table_begin(table, rule, (int) level);
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *entry = js_array(reader, getIthJsonbValueFromContainer(array, i), "counts");
		CountKey	count_key = {{0}};
		int64		count;

		if (JsonContainerSize(entry) != length)
			js_bad(reader, "counts");
		if (kind == TABLE_MONEY)
		{
			uint64		bits = (uint64) element(reader, entry, 1, "counts");

			count_key.part[0] = part_of(reader, element(reader, entry, 0, "counts"), "counts");
			count_key.part[1] = (uint32_t) (bits >> 32);
			count_key.part[2] = (uint32_t) bits;
		}
		else
		{
			int64		first = element(reader, entry, 0, "counts");

			if (first < PG_INT32_MIN || first > PG_INT32_MAX)
				js_bad(reader, "counts");
			count_key.part[0] = (uint32_t) (first + LTV_BIAS);
			for (int p = 1; p < COUNT_KEY_PARTS; p++)
				count_key.part[p] = part_of(reader, element(reader, entry, p, "counts"), "counts");
		}
		count = element(reader, entry, length - 1, "counts");
		if (count <= 0)
			js_bad(reader, "counts");
		count_table_put(table, count_key, count);
	}
}

static void
read_cohort(const JsonReader *reader, JsonbContainer *object, LtvSummary *summary, LtvCohort *cohort)
{
	const PeriodClause *periods = &summary->spec.periods;
	int64		start = js_timestamp(reader, js_find(object, "cohort"), "cohort");
	JsonbContainer *cells = js_array(reader, js_find(object, "cells"), "cells");

	cohort->number = period_number(periods->grain, periods->week_start, start);
	if (!period_is_valid(periods->grain, periods->week_start, cohort->number) ||
		period_start(periods->grain, periods->week_start, cohort->number) != start)
		js_bad(reader, "cohort");
	cohort->size = js_count(reader, js_find(object, "size"), "size");
	cohort->ncells = JsonContainerSize(cells);
	cohort->cells = palloc0(mul_size(cohort->ncells + 1, sizeof(LtvCell)));
	for (size_t c = 0; c < cohort->ncells; c++)
	{
		JsonbContainer *cell = js_array(reader, getIthJsonbValueFromContainer(cells, c), "cells");

		if (JsonContainerSize(cell) != 4)
			js_bad(reader, "cells");
		cohort->cells[c].age = element(reader, cell, 0, "cells");
		cohort->cells[c].buyers = js_count(reader, getIthJsonbValueFromContainer(cell, 1), "cells");
		cohort->cells[c].purchases = js_count(reader, getIthJsonbValueFromContainer(cell, 2), "cells");
		js_sum(reader, getIthJsonbValueFromContainer(cell, 3), "cells", &cohort->cells[c].revenue);
	}
}

void
ltv_read_json(const JsonReader *reader, JsonbContainer *root, void *value)
{
	LtvSummary *summary = value;
	JsonbContainer *cohorts = js_array(reader, js_find(root, "cohorts"), "cohorts");
	JsonbContainer *days = js_array(reader, js_find(root, "days"), "days");

	if (js_find(root, "latest") != NULL)
		summary->latest = js_moment(reader, js_find(root, "latest"), "latest");
	summary->ncohorts = JsonContainerSize(cohorts);
	summary->cohorts = palloc0(mul_size(summary->ncohorts + 1, sizeof(LtvCohort)));
	for (size_t i = 0; i < summary->ncohorts; i++)
	{
		read_cohort(reader, js_object(reader, getIthJsonbValueFromContainer(cohorts, i), "cohorts"), summary,
					&summary->cohorts[i]);
		if (i > 0 && summary->cohorts[i].number <= summary->cohorts[i - 1].number)
			js_bad(reader, "cohort");
		for (size_t c = 1; c < summary->cohorts[i].ncells; c++)
			if (summary->cohorts[i].cells[c].age <= summary->cohorts[i].cells[c - 1].age)
				js_bad(reader, "cells");
	}
	summary->ndays = JsonContainerSize(days);
	summary->days = palloc0(mul_size(summary->ndays + 1, sizeof(LtvDay)));
	for (size_t i = 0; i < summary->ndays; i++)
	{
		JsonbContainer *day = js_array(reader, getIthJsonbValueFromContainer(days, i), "days");

		if (JsonContainerSize(day) != 3)
			js_bad(reader, "days");
		summary->days[i].day = element(reader, day, 0, "days");
		summary->days[i].customers = js_count(reader, getIthJsonbValueFromContainer(day, 1), "days");
		summary->days[i].repeats = js_count(reader, getIthJsonbValueFromContainer(day, 2), "days");
		if (i > 0 && summary->days[i].day <= summary->days[i - 1].day)
			js_bad(reader, "days");
	}
	read_table(reader, root, "histories", &ltv_histories_rule, TABLE_BIASED, &summary->histories);
	read_table(reader, root, "periods", &ltv_periods_rule, TABLE_BIASED, &summary->periods);
	read_table(reader, root, "money", &ltv_money_rule, TABLE_MONEY, &summary->money);
}
