/*
 * ltv_fit.c: kpi.fit and kpi.fit_sbg.
 */
#include "analyses/ltv_fit.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "analyses/model_value.h"
#include "engine/calendar.h"
#include "engine/period.h"

PG_FUNCTION_INFO_V1(ltv_fit);
PG_FUNCTION_INFO_V1(sbg_fit);

int64
ltv_end_day(const LtvSummary *summary)
{
	const PeriodClause *periods = &summary->spec.periods;

	if (summary->spec.until != LTV_NO_DAY)
		return summary->spec.until;
	if (summary->latest == MOMENT_MIN || summary->latest == MOMENT_MAX)
		return LTV_NO_DAY;
	return calendar_stretch(calendar_make(GRAIN_DAY, WEEK_STARTS_MONDAY, periods->zone), summary->latest).number;
}

int64
ltv_last_day(const LtvSummary *summary)
{
	return summary->spec.holdout != LTV_NO_DAY ? summary->spec.holdout - 1 : ltv_end_day(summary);
}

double
ltv_unit_days(const LtvSummary *summary)
{
	return summary->spec.unit == LTV_WEEK ? 7 : 1;
}

TimeUnit
ltv_time_unit(const LtvSummary *summary, const Model *model)
{
	if (model == &model_gamma_gamma)
		return TIME_NONE;
	if (model != &model_bg_bb)
		return summary->spec.unit == LTV_WEEK ? TIME_WEEK : TIME_DAY;
	switch (summary->spec.periods.grain)
	{
		case GRAIN_WEEK:
			return TIME_WEEK;
		case GRAIN_QUARTER:
			return TIME_QUARTER;
		case GRAIN_YEAR:
			return TIME_YEAR;
		default:
			return TIME_MONTH;
	}
}

static int
compare_groups(const void *a, const void *b)
{
	const ModelGroup *g = a,
			   *h = b;

	if (g->frequency != h->frequency)
		return g->frequency < h->frequency ? -1 : 1;
	if (g->recency != h->recency)
		return g->recency < h->recency ? -1 : 1;
	if (g->age != h->age)
		return g->age < h->age ? -1 : 1;
	return (g->money > h->money) - (g->money < h->money);
}

/* Sorts, and takes together what is the same. */
static size_t
sort_groups(ModelGroup *groups, size_t n)
{
	size_t		used = 0;

	qsort(groups, n, sizeof(ModelGroup), compare_groups);
	for (size_t i = 0; i < n; i++)
		if (used > 0 && compare_groups(&groups[used - 1], &groups[i]) == 0)
			groups[used - 1].count += groups[i].count;
		else
			groups[used++] = groups[i];
	return used;
}

/* Histories in days. Where they are kept coarsely, the middles may lie behind the end. */
static size_t
history_groups(const LtvSummary *summary, ModelGroup *groups)
{
	CountEntry *entries = count_table_sorted(&summary->histories);
	double		unit = ltv_unit_days(summary),
				end = (double) ltv_last_day(summary);

	for (size_t i = 0; i < summary->histories.used; i++)
	{
		double		first,
					last;

		ltv_history_days(summary, &entries[i].key, &first, &last);
		groups[i].frequency = entries[i].key.part[2];
		groups[i].age = Max(end - first, 0) / unit;
		groups[i].recency = groups[i].frequency > 0 ? Min(Max(last - first, 0) / unit, groups[i].age) : 0;
		groups[i].money = 0;
		groups[i].count = (double) entries[i].count;
	}
	pfree(entries);
	return summary->histories.used;
}

/*
 * Histories in whole periods. The one that the data end in is left out unless they end with it, and so are customers who
 * came in it.
 */
static size_t
period_groups(const LtvSummary *summary, ModelGroup *groups)
{
	const PeriodClause *periods = &summary->spec.periods;
	CountEntry *entries;
	int64		end = ltv_last_day(summary),
				last;
	size_t		used = 0;

	if (end == LTV_NO_DAY)
		return 0;
	if (summary->periods.level > 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("there are too many different histories by %s for bg_bb", time_unit_name[ltv_time_unit(summary, &model_bg_bb)]),
				errhint("Collect the ltv by longer periods."));
	last = period_number(periods->grain, periods->week_start, (end + 1) * PERIOD_DAY) - 1;
	entries = count_table_sorted(&summary->periods);
	for (size_t i = 0; i < summary->periods.used; i++)
	{
		const uint32_t *part = entries[i].key.part;
		int64		first = (int64) part[0] - LTV_BIAS;
		ModelGroup	group = {part[1], part[2], (double) (last - first), 0, (double) entries[i].count};

		if (first > last)
			continue;
		/* as kpi.probability_alive() has it; the likelihood goes over all of them, which nothing can cancel */
		if (group.age > MODEL_MOST_PERIODS)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("a customer has an age of more than %d periods, which is too much for bg_bb", MODEL_MOST_PERIODS),
					errhint("Collect the ltv by longer periods, and look for times that are wrong."));
		if (group.recency > group.age)
		{
			group.frequency--;
			group.recency -= part[3];
		}
		groups[used++] = group;
	}
	pfree(entries);
	return used;
}

static size_t
money_groups(const LtvSummary *summary, ModelGroup *groups)
{
	CountEntry *entries = count_table_sorted(&summary->money);

	for (size_t i = 0; i < summary->money.used; i++)
	{
		groups[i] = (ModelGroup) {entries[i].key.part[0], 0, 0, 0, (double) entries[i].count};
		groups[i].money = ltv_money_amount(summary, &entries[i].key);
	}
	pfree(entries);
	return summary->money.used;
}

ModelGroup *
ltv_groups(const LtvSummary *summary, const Model *model, size_t *n)
{
	size_t		most = Max(Max(summary->histories.used, summary->periods.used), summary->money.used);
	ModelGroup *groups = palloc(mul_size(sizeof(ModelGroup), most + 1));

	if (ltv_last_day(summary) == LTV_NO_DAY)
		*n = 0;
	else if (model == &model_bg_bb)
		*n = period_groups(summary, groups);
	else if (model == &model_gamma_gamma)
		*n = money_groups(summary, groups);
	else
		*n = history_groups(summary, groups);
	*n = sort_groups(groups, *n);
	return groups;
}

Datum
ltv_fit(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const Model *model = model_find(name);
	LtvSummary	summary = {0};
	ModelGroup *groups;
	size_t		n;
	Fit			fit;

	if (model == NULL)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("model \"%s\" is not known", name),
				errhint("There are bg_nbd, mbg_nbd, pareto_nbd, bg_bb and gamma_gamma; and kpi.fit_sbg()."));
	if (model == &model_sbg)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("model \"sbg\" is not fitted to purchases but to how many stay"),
				errhint("Use kpi.fit_sbg() with a retention or numbers of survivors."));
	analysis_open(&ltv_analysis, PG_GETARG_DATUM(0), &summary);
	groups = ltv_groups(&summary, model, &n);
	fit = model_fit(model, groups, n);
	fit.time_unit = ltv_time_unit(&summary, model);
	PG_RETURN_DATUM(model_value_make(&fit));
}

/* The numbers of one cohort: those that were there at first, and after each period; nulls only at the end. */
static size_t
cohort_groups(const Datum *survivors, const bool *nulls, int length, ModelGroup *groups)
{
	size_t		used = 0;
	int64		before = 0;
	int			period;

	for (period = 0; period < length && !nulls[period]; period++)
	{
		int64		now = DatumGetInt64(survivors[period]);

		if (now < 0 || (period > 0 && now > before))
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("survivors[%d] is %lld, %s", period + 1, (long long) now,
						   now < 0 ? "which is negative" : "more than before"),
					errhint("Give how many there were at first and after each period."));
		if (period > 0 && now < before)
			groups[used++] = (ModelGroup) {period, 1, 0, 0, (double) (before - now)};
		before = now;
	}
	if (period > 1 && before > 0)
		groups[used++] = (ModelGroup) {period - 1, 0, 0, 0, (double) before};
	for (; period < length; period++)
		if (!nulls[period])
			ereport(ERROR,
					errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					errmsg("survivors have a null before element %d", period + 1),
					errhint("Only the end of a cohort may be unknown."));
	return used;
}

Datum
sbg_fit(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	int			cohorts,
				periods,
				count;
	Datum	   *survivors;
	bool	   *nulls;
	ModelGroup *groups;
	size_t		n = 0;
	Fit			fit;

	if (ARR_NDIM(array) > 2)
		ereport(ERROR,
				errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				errmsg("survivors have %d dimensions", ARR_NDIM(array)),
				errhint("Give one cohort, or an array of cohorts."));
	deconstruct_array(array, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &survivors, &nulls, &count);
	cohorts = ARR_NDIM(array) == 2 ? ARR_DIMS(array)[0] : 1;
	periods = count / Max(cohorts, 1);
	groups = palloc(mul_size(sizeof(ModelGroup), add_size(count, cohorts)));
	for (int c = 0; c < cohorts; c++)
		n += cohort_groups(survivors + (size_t) c * periods, nulls + (size_t) c * periods, periods, groups + n);
	n = sort_groups(groups, n);
	fit = model_fit(&model_sbg, groups, n);
	fit.time_unit = time_unit_argument(PG_GETARG_TEXT_PP(1), "period");
	PG_RETURN_DATUM(model_value_make(&fit));
}
