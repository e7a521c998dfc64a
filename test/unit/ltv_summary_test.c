/*
 * ltv_summary_test.c: customers at random, counted naively; merging, the wire format and hostile bytes. KPI_SEED chooses
 * others.
 */
#include <stdlib.h>
#include <string.h>

#include "analyses/ltv_summary.h"
#include "check.h"
#include "engine/period.h"
#include "random.h"

#define CUSTOMERS 60
#define DAYS 30

static const char *const specs[] = {
	"by month in UTC, unit day",
	"by week in UTC, unit week, until 2000-06-30",
	"by quarter in UTC, unit day, holdout from 2000-03-01",
	"by week in UTC week starts sunday, unit week, until 2000-09-30, holdout from 2000-05-10",
};
#define NSPECS (int) (sizeof(specs) / sizeof(specs[0]))

typedef struct Customer
{
	size_t		ndays;
	LtvDaySum	days[DAYS];
} Customer;

static Customer customers[CUSTOMERS];

static void
make_summary(LtvSummary *summary, const char *text)
{
	LtvSpec		spec;
	LanguageError error;

	if (!ltv_spec_parse(text, strlen(text), true, NULL, &spec, &error))
		abort();
	ltv_summary_init(summary, text, strlen(text), &spec);
}

static void
make_customers(const LtvSpec *spec)
{
	for (int i = 0; i < CUSTOMERS; i++)
	{
		Customer   *customer = &customers[i];
		int64_t		day = (int64_t) (random_bits() % 200) - 40;
		size_t		wanted = random_bits() % DAYS;

		customer->ndays = 0;
		for (size_t d = 0; d < wanted && day <= spec->until; d++)
		{
			bool		bought = chance(80);

			customer->days[customer->ndays++] = (LtvDaySum) {day, bought,
			{(int64_t) (random_bits() % 500) - (bought ? 0 : 700), chance(50) ? 2 : 0}};
			day += 1 + (int64_t) (random_bits() % (chance(50) ? 3 : 60));
		}
	}
}

static int64_t
period(const LtvSummary *summary, int64_t day)
{
	return period_number(summary->spec.periods.grain, summary->spec.periods.week_start, day * PERIOD_DAY);
}

/* The day of the first purchase; LTV_NO_DAY: none. */
static int64_t
first_day(const Customer *customer)
{
	for (size_t d = 0; d < customer->ndays; d++)
		if (customer->days[d].bought)
			return customer->days[d].day;
	return LTV_NO_DAY;
}

/* Hundredths; the sums of the tests have two decimals at most. */
static int64_t
hundredths(const AmountSum *sum)
{
	int64_t		number = (int64_t) sum->number;

	for (int d = sum->decimals; d < 2; d++)
		number *= 10;
	return number;
}

static bool
cells_are_right(const LtvSummary *summary)
{
	int64_t		cells_found = 0;

	for (size_t c = 0; c < summary->ncohorts; c++)
	{
		const LtvCohort *cohort = &summary->cohorts[c];
		size_t		cell = 0;
		int64_t		size = 0;

		for (int i = 0; i < CUSTOMERS; i++)
			size += first_day(&customers[i]) != LTV_NO_DAY && period(summary, first_day(&customers[i])) == cohort->number;
		if (size != cohort->size)
			return false;
		for (int64_t age = 0; age < 1000; age++)
		{
			int64_t		buyers = 0;
			int64_t		purchases = 0;
			int64_t		revenue = 0;
			bool		something = false;

			for (int i = 0; i < CUSTOMERS; i++)
			{
				int64_t		first = first_day(&customers[i]);
				int64_t		before = purchases;

				if (first == LTV_NO_DAY || period(summary, first) != cohort->number)
					continue;
				for (size_t d = 0; d < customers[i].ndays; d++)
				{
					const LtvDaySum *day = &customers[i].days[d];

					if (day->day < first || period(summary, day->day) != cohort->number + age)
						continue;
					something = true;
					purchases += day->bought;
					revenue += hundredths(&day->sum);
				}
				buyers += purchases > before;
			}
			if (!something)
				continue;
			if (cell == cohort->ncells || cohort->cells[cell].age != age || cohort->cells[cell].buyers != buyers ||
				cohort->cells[cell].purchases != purchases || hundredths(&cohort->cells[cell].revenue) != revenue)
				return false;
			cell++;
		}
		if (cell != cohort->ncells)
			return false;
		cells_found += (int64_t) cell;
	}
	return cells_found == (int64_t) summary->ncells;
}

/* What the models are told of one customer; false: nothing. */
static bool
keys_of(const LtvSummary *summary, const Customer *customer, CountKey *history, CountKey *periods, CountKey *money)
{
	int64_t		first = first_day(customer);
	int64_t		last = first;
	int64_t		in_period = period(summary, first == LTV_NO_DAY ? 0 : first);
	int64_t		list[DAYS + 1] = {in_period};
	uint32_t	n = 0;
	uint32_t	repeats = 0;
	uint32_t	later = 0;
	int64_t		sum = 0;
	double		amount;
	uint64_t	bits;

	if (first >= summary->spec.holdout)
		return false;
	for (size_t d = 0; d < customer->ndays; d++)
	{
		const LtvDaySum *day = &customer->days[d];

		if (day->day <= first)
			continue;
		if (day->day >= summary->spec.holdout)
			later += day->bought;
		else
		{
			sum += hundredths(&day->sum);
			repeats += day->bought;
			if (day->bought)
				last = day->day;
			if (day->bought && period(summary, day->day) != list[n])
				list[++n] = period(summary, day->day);
		}
	}
	*history = (CountKey) {{(uint32_t) (first + LTV_BIAS), (uint32_t) (last - first), repeats, later}};
	*periods = (CountKey) {{(uint32_t) (in_period + LTV_BIAS), n, (uint32_t) (list[n] - in_period),
	n == 0 ? 0 : (uint32_t) (list[n] - list[n - 1])}};
	amount = (double) sum / 100;
	memcpy(&bits, &amount, sizeof(bits));
	*money = (CountKey) {{repeats, (uint32_t) (bits >> 32), (uint32_t) bits}};
	if (repeats == 0 || sum <= 0)
		money->part[0] = 0;
	return true;
}

static int64_t
count_in(const CountTable *table, const CountKey *key)
{
	for (size_t i = 0; i < table->size; i++)
		if (table->places[i].count > 0 && memcmp(&table->places[i].key, key, sizeof(*key)) == 0)
			return table->places[i].count;
	return 0;
}

static bool
keys_are_right(const LtvSummary *summary)
{
	CountTable	tables[3] = {{.rule = &ltv_histories_rule}, {.rule = &ltv_periods_rule}, {.rule = &ltv_money_rule}};
	const CountTable *found[3] = {&summary->histories, &summary->periods, &summary->money};
	int64_t		newcomers = 0;
	int64_t		repeats = 0;
	int64_t		days_repeats = 0;

	for (int i = 0; i < CUSTOMERS; i++)
	{
		CountKey	keys[3];

		if (!keys_of(summary, &customers[i], &keys[0], &keys[1], &keys[2]))
			continue;
		newcomers++;
		repeats += keys[0].part[2] + keys[0].part[3];
		for (int t = 0; t < 3; t++)
			if (t < 2 || keys[t].part[0] > 0)
				count_table_add(&tables[t], keys[t], 1);
	}
	for (int t = 0; t < 3; t++)
	{
		if (tables[t].used != found[t]->used || tables[t].total != found[t]->total)
			return false;
		for (size_t i = 0; i < tables[t].size; i++)
			if (tables[t].places[i].count > 0 && count_in(found[t], &tables[t].places[i].key) != tables[t].places[i].count)
				return false;
	}
	for (size_t d = 0; d < summary->ndays; d++)
	{
		newcomers -= summary->days[d].customers;
		days_repeats += summary->days[d].repeats;
	}
	return newcomers == 0 && days_repeats == repeats;
}

static void
write_summary(WireWriter *writer, const LtvSummary *summary)
{
	wire_writer_init(writer, 0);
	ltv_summary_write(writer, summary);
}

static bool
same_bytes(const LtvSummary *a, const LtvSummary *b)
{
	WireWriter	one;
	WireWriter	two;

	write_summary(&one, a);
	write_summary(&two, b);
	return one.length == two.length && memcmp(one.bytes, two.bytes, one.length) == 0;
}

/* What goes wrong with random customers, or NULL. */
static const char *
wrong_with(const char *text, long *accepted)
{
	LtvSummary	whole;
	LtvSummary	parts[3];
	LtvSummary	merged = {.text = NULL};
	LtvSummary	again;
	WireWriter	writer;
	WireReader	reader;

	make_summary(&whole, text);
	make_customers(&whole.spec);
	for (int p = 0; p < 3; p++)
		make_summary(&parts[p], text);
	for (int i = 0; i < CUSTOMERS; i++)
		ltv_summary_add(&whole, customers[i].days, customers[i].ndays);
	for (int i = CUSTOMERS; i-- > 0;)
		ltv_summary_add(&parts[random_bits() % 3], customers[i].days, customers[i].ndays);
	whole.latest = parts[1].latest = 5;
	if (!cells_are_right(&whole))
		return "cohorts are not what they are naively";
	if (!keys_are_right(&whole))
		return "histories are not what they are naively";
	for (int p = 0; p < 3; p++)
		ltv_summary_merge(&merged, &parts[p]);
	if (!same_bytes(&merged, &whole))
		return "merged parts are not the whole";
	write_summary(&writer, &whole);
	wire_reader_init(&reader, writer.bytes, writer.length);
	ltv_summary_read(&reader, true, &again);
	if (reader.failure != NULL || !same_bytes(&again, &whole))
		return "not read as it was written";
	ltv_summary_merge(&again, &whole);
	ltv_summary_merge(&merged, &whole);
	if (!same_bytes(&again, &merged))
		return "what was read merges differently";
	/* damaged: refused, or a value of its own */
	for (int i = 0; i < 60; i++)
	{
		size_t		at = random_bits() % writer.length;
		uint8_t		before = writer.bytes[at];

		writer.bytes[at] = (uint8_t) random_bits();
		wire_reader_init(&reader, writer.bytes, chance(90) ? writer.length : at);
		ltv_summary_read(&reader, true, &again);
		if (reader.failure == NULL)
		{
			WireWriter	rewritten;

			write_summary(&rewritten, &again);
			if (rewritten.length != writer.length || memcmp(rewritten.bytes, writer.bytes, writer.length) != 0)
				return "accepted bytes are not its own";
			++*accepted;
		}
		writer.bytes[at] = before;
	}
	return NULL;
}

/* Coarser keys: days in the middle of what is left open, an amount near what it was. */
static void
test_levels(void)
{
	LtvSummary	summary;
	CountKey	key = {{(uint32_t) (-3 + LTV_BIAS), 17, 2, 0}};
	CountKey	money = {{2, 0x40934a45, 0x6d5cfaad}};	/* 1234.5678 */
	double		first;
	double		last;
	bool		near = true;

	make_summary(&summary, specs[0]);
	ltv_history_days(&summary, &key, &first, &last);
	CHECK(first == -3 && last == 14 && ltv_money_amount(&summary, &money) == 1234.5678, "level 0 is exact");
	summary.histories.level = 1;
	ltv_histories_rule.coarsen(&key, 1);
	ltv_history_days(&summary, &key, &first, &last);
	CHECK(first == -4 && last == 17, "weeks: days %g and %g", first, last);
	summary.histories.level = 2;
	ltv_histories_rule.coarsen(&key, 2);
	ltv_history_days(&summary, &key, &first, &last);
	CHECK(first == -14.5 && last == 13.5, "four weeks: days %g and %g", first, last);
	for (int level = 1; level < ltv_money_rule.levels; level++)
	{
		double		amount;

		summary.money.level = level;
		ltv_money_rule.coarsen(&money, level);
		amount = ltv_money_amount(&summary, &money);
		near &= amount > 1234.5678 * (1 - 0.002) && amount < 1234.5678 * (1 + 0.002);
	}
	CHECK(near, "amounts with fewer digits");
	FORGET();
}

int
main(void)
{
	const char *seed = getenv("KPI_SEED");
	long		accepted = 0;

	if (seed != NULL)
		random_state = strtoull(seed, NULL, 10) | 1;
	for (int s = 0; s < NSPECS; s++)
	{
		const char *wrong = NULL;

		for (int round = 0; round < 60 && wrong == NULL; round++)
		{
			wrong = wrong_with(specs[s], &accepted);
			FORGET();
		}
		CHECK(wrong == NULL, "%s: %s", specs[s], wrong == NULL ? "as counted naively" : wrong);
	}
	CHECK(accepted > 0, "some damaged bytes are values of their own");
	test_levels();
	return DONE();
}
