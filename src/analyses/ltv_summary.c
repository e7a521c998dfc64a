/*
 * ltv_summary.c: see ltv_summary.h. The wire format: ltv_summary_wire.c.
 */
#include "analyses/ltv_summary.h"

#include <string.h>

#include "engine/period.h"

/* ---- keys ---- */

static uint32_t
coarser_day(uint32_t day, int64_t by)
{
	return (uint32_t) (floor_divide((int64_t) day - LTV_BIAS, by) + LTV_BIAS);
}

static const int64_t history_steps[] = {1, 7, 4, 13};
static const int64_t history_widths[] = {1, 7, 28, 364};

static void
coarsen_history(CountKey *key, int level)
{
	uint32_t	first = coarser_day(key->part[0], history_steps[level]);

	key->part[1] = coarser_day(key->part[0] + key->part[1], history_steps[level]) - first;
	key->part[0] = first;
}

static void
coarsen_period(CountKey *key, int level)
{
	(void) level;
	memset(key, 0, sizeof(*key));
}

static const int money_bits[] = {52, 16, 12, 8};

static void
coarsen_money(CountKey *key, int level)
{
	uint64_t	bits = (uint64_t) key->part[1] << 32 | key->part[2];

	bits &= ~((UINT64_C(1) << (52 - money_bits[level])) - 1);
	key->part[1] = (uint32_t) (bits >> 32);
	key->part[2] = (uint32_t) bits;
}

const CountRule ltv_histories_rule = {.most = 196608, .levels = 4, .coarsen = coarsen_history};
const CountRule ltv_periods_rule = {.most = 196608, .levels = 2, .coarsen = coarsen_period};
const CountRule ltv_money_rule = {.most = 98304, .levels = 4, .coarsen = coarsen_money};

void
ltv_history_days(const LtvSummary *summary, const CountKey *key, double *first, double *last)
{
	int64_t		width = history_widths[summary->histories.level];
	double		middle = (double) (width - 1) / 2;
	double		number = (double) key->part[0] - (double) LTV_BIAS;

	*first = number * (double) width + middle;
	*last = (number + (double) key->part[1]) * (double) width + middle;
}

double
ltv_money_amount(const LtvSummary *summary, const CountKey *key)
{
	uint64_t	bits = (uint64_t) key->part[1] << 32 | key->part[2];
	double		amount;

	if (summary->money.level > 0)
		bits |= UINT64_C(1) << (51 - money_bits[summary->money.level]);
	memcpy(&amount, &bits, sizeof(amount));
	return amount;
}

/* ---- one customer ---- */

void
ltv_days_add(LtvDays *days, int64_t day, int64_t amount)
{
	LtvDaySum  *sum;

	/* zones have skipped back over a day: one that ended does not begin again */
	if (days->count == 0 || day > days->days[days->count - 1].day)
	{
		if (days->count == days->size)
		{
			days->size = days->size * 2 + 64;
			days->days = days->days == NULL ? host_alloc(NULL, host_array_size(days->size, sizeof(LtvDaySum))) :
				host_realloc(days->days, host_array_size(days->size, sizeof(LtvDaySum)));
		}
		days->days[days->count++] = (LtvDaySum) {.day = day};
	}
	sum = &days->days[days->count - 1];
	if (amount_is_some(amount))
		amount_sum_add(&sum->sum, amount);
	sum->bought |= !amount_is_some(amount) || amount_number(amount) >= 0;
}

LtvHistory
ltv_history(const LtvDaySum *days, size_t ndays, int64_t holdout)
{
	LtvHistory	history = {0};

	/* refunds before the first purchase are of purchases that nobody told about */
	while (history.begin < ndays && !days[history.begin].bought)
		history.begin++;
	if (history.begin == ndays)
		return history;
	history.first = history.last = days[history.begin].day;
	for (size_t i = history.begin + 1; i < ndays; i++)
	{
		if (days[i].day >= holdout)
		{
			history.later += days[i].bought;
			continue;
		}
		amount_sum_merge(&history.money, &days[i].sum);
		if (!days[i].bought)
			continue;
		history.repeats++;
		history.last = days[i].day;
	}
	return history;
}

/* ---- the summary ---- */

void
ltv_summary_init(LtvSummary *summary, const char *text, size_t length, const LtvSpec *spec)
{
	memset(summary, 0, sizeof(*summary));
	summary->text = text;
	summary->length = length;
	summary->spec = *spec;
	summary->latest = MOMENT_MIN;
	summary->histories.rule = &ltv_histories_rule;
	summary->periods.rule = &ltv_periods_rule;
	summary->money.rule = &ltv_money_rule;
}

/* Room for one more in an array that is full at every power of two. */
static void *
grow(void *array, size_t count, size_t element)
{
	size_t		size;

	if ((count & (count - 1)) != 0)
		return array;
	size = host_array_size(count == 0 ? 1 : count * 2, element);
	return array == NULL ? host_alloc(NULL, size) : host_realloc(array, size);
}

static void
add_count(int64_t *count, int64_t more)
{
	if (__builtin_add_overflow(*count, more, count))
		host_fail(HOST_LIMIT, NULL, "a count exceeds 64 bits");
}

static LtvCohort *
cohort_of(LtvSummary *summary, int64_t number)
{
	size_t		low = 0;
	size_t		high = summary->ncohorts;
	LtvCohort  *cohort;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (summary->cohorts[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < summary->ncohorts && summary->cohorts[low].number == number)
		return &summary->cohorts[low];
	summary->cohorts = grow(summary->cohorts, summary->ncohorts, sizeof(LtvCohort));
	cohort = &summary->cohorts[low];
	memmove(cohort + 1, cohort, (summary->ncohorts - low) * sizeof(LtvCohort));
	summary->ncohorts++;
	*cohort = (LtvCohort) {.number = number};
	return cohort;
}

static LtvCell *
cell_of(LtvSummary *summary, LtvCohort *cohort, int64_t age)
{
	size_t		low = 0;
	size_t		high = cohort->ncells;
	LtvCell    *cell;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (cohort->cells[middle].age < age)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < cohort->ncells && cohort->cells[low].age == age)
		return &cohort->cells[low];
	if (++summary->ncells > LTV_MAX_CELLS)
		host_fail(HOST_LIMIT, "Look at longer periods.", "an ltv has more than %d cohorts and ages", LTV_MAX_CELLS);
	cohort->cells = grow(cohort->cells, cohort->ncells, sizeof(LtvCell));
	cell = &cohort->cells[low];
	memmove(cell + 1, cell, (cohort->ncells - low) * sizeof(LtvCell));
	cohort->ncells++;
	*cell = (LtvCell) {.age = age};
	return cell;
}

static LtvDay *
day_of(LtvSummary *summary, int64_t day)
{
	size_t		low = 0;
	size_t		high = summary->ndays;
	LtvDay	   *entry;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (summary->days[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < summary->ndays && summary->days[low].day == day)
		return &summary->days[low];
	if (summary->ndays == LTV_MAX_DAYS)
		host_fail(HOST_LIMIT, NULL, "an ltv has purchases on more than %d days", LTV_MAX_DAYS);
	summary->days = grow(summary->days, summary->ndays, sizeof(LtvDay));
	entry = &summary->days[low];
	memmove(entry + 1, entry, (summary->ndays - low) * sizeof(LtvDay));
	summary->ndays++;
	*entry = (LtvDay) {.day = day};
	return entry;
}

/* The period that was looked up last: the days of a customer lie in few. */
typedef struct KnownPeriod
{
	int64_t		number;
	int64_t		from;			/* its first day */
	int64_t		to;				/* and that of the next one; <= from: none is known yet */
} KnownPeriod;

static int64_t
period_of_day(const LtvSummary *summary, KnownPeriod *known, int64_t day)
{
	const PeriodClause *periods = &summary->spec.periods;

	if (day >= known->from && day < known->to)
		return known->number;
	known->number = period_number(periods->grain, periods->week_start, day * PERIOD_DAY);
	known->from = period_start(periods->grain, periods->week_start, known->number) / PERIOD_DAY;
	known->to = period_start(periods->grain, periods->week_start, known->number + 1) / PERIOD_DAY;
	return known->number;
}

static void
add_money(LtvSummary *summary, const LtvHistory *history)
{
	double		amount = amount_sum_double(&history->money);
	uint64_t	bits;

	memcpy(&bits, &amount, sizeof(bits));
	if (history->repeats > 0 && amount > 0)
		count_table_add(&summary->money, (CountKey) {{history->repeats, (uint32_t) (bits >> 32), (uint32_t) bits}}, 1);
}

/* Counts the periods with purchases from the first one on, for the models that know nothing smaller. */
static void
add_periods(LtvSummary *summary, const LtvDaySum *days, size_t ndays)
{
	KnownPeriod known = {0};
	int64_t		first = period_of_day(summary, &known, days[0].day);
	int64_t		last = first;
	int64_t		previous = first;
	uint32_t	periods = 0;

	for (size_t i = 1; i < ndays && days[i].day < summary->spec.holdout; i++)
	{
		int64_t		period = period_of_day(summary, &known, days[i].day);

		if (!days[i].bought || period == last)
			continue;
		periods++;
		previous = last;
		last = period;
	}
	count_table_add(&summary->periods,
					(CountKey) {{(uint32_t) (first + LTV_BIAS), periods, (uint32_t) (last - first), (uint32_t) (last - previous)}}, 1);
}

/* Adds what the days from the first purchase on say for the models. */
static void
add_history(LtvSummary *summary, const LtvHistory *history, const LtvDaySum *days, size_t ndays)
{
	add_count(&day_of(summary, history->first)->customers, 1);
	for (size_t i = 1; i < ndays; i++)
		if (days[i].bought)
			add_count(&day_of(summary, days[i].day)->repeats, 1);
	count_table_add(&summary->histories,
					(CountKey) {{(uint32_t) (history->first + LTV_BIAS), (uint32_t) (history->last - history->first),
					history->repeats, history->later}}, 1);
	add_periods(summary, days, ndays);
	add_money(summary, history);
}

void
ltv_summary_add(LtvSummary *summary, const LtvDaySum *days, size_t ndays)
{
	LtvHistory	history = ltv_history(days, ndays, summary->spec.holdout);
	KnownPeriod known = {0};
	int64_t		number;
	int64_t		bought_in = INT64_MIN;
	LtvCohort  *cohort;

	if (history.begin == ndays)
		return;
	number = period_of_day(summary, &known, history.first);
	cohort = cohort_of(summary, number);
	add_count(&cohort->size, 1);
	for (size_t i = history.begin; i < ndays; i++)
	{
		int64_t		period = period_of_day(summary, &known, days[i].day);
		LtvCell    *cell = cell_of(summary, cohort, period - number);

		amount_sum_merge(&cell->revenue, &days[i].sum);
		if (!days[i].bought)
			continue;
		add_count(&cell->purchases, 1);
		if (period != bought_in)
			add_count(&cell->buyers, 1);
		bought_in = period;
	}
	if (history.first < summary->spec.holdout)
		add_history(summary, &history, days + history.begin, ndays - history.begin);
}

const char *
ltv_summary_check(const LtvSummary *summary)
{
	int64_t		customers = 0;
	int64_t		newcomers = 0;

	if (summary->text == NULL)
		return NULL;
	for (size_t i = 0; i < summary->ncohorts; i++)
	{
		const LtvCohort *cohort = &summary->cohorts[i];

		if (cohort->size <= 0)
			return "a cohort of nobody";
		if (__builtin_add_overflow(customers, cohort->size, &customers))
			return "count out of range";
		if (cohort->ncells == 0 || cohort->cells[0].age != 0 || cohort->cells[0].buyers != cohort->size)
			return "a cohort that does not begin with a purchase of each";
		for (size_t c = 0; c < cohort->ncells; c++)
			if (cohort->cells[c].buyers > cohort->size || cohort->cells[c].buyers > cohort->cells[c].purchases)
				return "more buyers than customers or purchases";
	}
	for (size_t i = 0; i < summary->ndays; i++)
	{
		if (summary->days[i].customers == 0 && summary->days[i].repeats == 0)
			return "a day of nothing";
		if (summary->days[i].customers > 0 && summary->days[i].day >= summary->spec.holdout)
			return "a first purchase in the holdout";
		if (__builtin_add_overflow(newcomers, summary->days[i].customers, &newcomers))
			return "count out of range";
	}
	if (newcomers > customers || (newcomers < customers && summary->spec.holdout == LTV_NO_DAY))
		return "days and cohorts of different customers";
	if (summary->histories.total != newcomers || summary->periods.total != newcomers || summary->money.total > newcomers)
		return "histories of more or fewer customers than there are";
	return NULL;
}

/* ---- merging ---- */

void
ltv_summary_merge(LtvSummary *into, const LtvSummary *from)
{
	if (from->text == NULL)
		return;
	if (into->text == NULL)
		ltv_summary_init(into, from->text, from->length, &from->spec);
	if (from->latest > into->latest)
		into->latest = from->latest;
	for (size_t i = 0; i < from->ncohorts; i++)
	{
		const LtvCohort *source = &from->cohorts[i];
		LtvCohort  *cohort = cohort_of(into, source->number);

		add_count(&cohort->size, source->size);
		for (size_t c = 0; c < source->ncells; c++)
		{
			LtvCell    *cell = cell_of(into, cohort, source->cells[c].age);

			add_count(&cell->buyers, source->cells[c].buyers);
			add_count(&cell->purchases, source->cells[c].purchases);
			amount_sum_merge(&cell->revenue, &source->cells[c].revenue);
		}
	}
	for (size_t i = 0; i < from->ndays; i++)
	{
		LtvDay	   *day = day_of(into, from->days[i].day);

		add_count(&day->customers, from->days[i].customers);
		add_count(&day->repeats, from->days[i].repeats);
	}
	count_table_merge(&into->histories, &from->histories);
	count_table_merge(&into->periods, &from->periods);
	count_table_merge(&into->money, &from->money);
}
