/*
 * ltv_summary_wire.c: the stored form of an LtvSummary.
 */
#include "analyses/ltv_summary.h"

#include <string.h>

#include "engine/period.h"
#include "language/stored_literal.h"

#define FLAG_LATEST 1

/* Days and periods that finite times can have lie well within. */
#define MOST_DAY INT64_C(200000000)

static void
write_cohort(WireWriter *writer, const LtvCohort *cohort)
{
	int64_t		age = 0;

	wire_write_uint(writer, (uint64_t) cohort->size);
	wire_write_uint(writer, cohort->ncells);
	for (size_t c = 0; c < cohort->ncells; c++)
	{
		const LtvCell *cell = &cohort->cells[c];

		/* the first age is 0 */
		if (c > 0)
			wire_write_uint(writer, (uint64_t) (cell->age - age));
		age = cell->age;
		wire_write_uint(writer, (uint64_t) cell->buyers);
		wire_write_uint(writer, (uint64_t) cell->purchases);
		amount_sum_write(writer, &cell->revenue);
	}
}

/* The first number of a list, or its distance from the one before. */
static void
write_ascending(WireWriter *writer, bool first, int64_t before, int64_t number)
{
	if (first)
		wire_write_int(writer, number);
	else
		wire_write_uint(writer, (uint64_t) number - (uint64_t) before);
}

static int64_t
read_ascending(WireReader *reader, bool first, int64_t before)
{
	int64_t		number = before;
	uint64_t	step;

	if (first)
		number = wire_read_int(reader);
	else if ((step = wire_read_uint_max(reader, 2 * MOST_DAY, "numbers out of order")) == 0)
		wire_read_fail(reader, "numbers out of order");
	else
		number += (int64_t) step;
	if (number > MOST_DAY || number < -MOST_DAY)
		wire_read_fail(reader, "day or period out of range");
	return number;
}

void
ltv_summary_write(WireWriter *writer, const LtvSummary *summary)
{
	host_assert(ltv_summary_check(summary) == NULL);
	wire_write_uint(writer, summary->length);
	if (summary->text == NULL)
		return;
	wire_write_bytes(writer, summary->text, summary->length);
	wire_write_byte(writer, summary->latest != MOMENT_MIN ? FLAG_LATEST : 0);
	if (summary->latest != MOMENT_MIN)
		wire_write_int(writer, summary->latest);
	wire_write_uint(writer, summary->ncohorts);
	for (size_t i = 0; i < summary->ncohorts; i++)
	{
		write_ascending(writer, i == 0, i == 0 ? 0 : summary->cohorts[i - 1].number, summary->cohorts[i].number);
		write_cohort(writer, &summary->cohorts[i]);
	}
	wire_write_uint(writer, summary->ndays);
	for (size_t i = 0; i < summary->ndays; i++)
	{
		write_ascending(writer, i == 0, i == 0 ? 0 : summary->days[i - 1].day, summary->days[i].day);
		wire_write_uint(writer, (uint64_t) summary->days[i].customers);
		wire_write_uint(writer, (uint64_t) summary->days[i].repeats);
	}
	count_table_write(writer, &summary->histories);
	count_table_write(writer, &summary->periods);
	count_table_write(writer, &summary->money);
}

/* An array that may have `count` elements, of which each has taken some bytes: so they can be allocated. */
static void *
make_array(size_t count, size_t element)
{
	return host_alloc0(NULL, host_array_size(count == 0 ? 1 : count, element));
}

/* Room up to the next power of two, as arrays that grow one by one have. */
static size_t
room_of(size_t count)
{
	size_t		room = 1;

	while (room < count)
		room *= 2;
	return room;
}

static int64_t
read_number(WireReader *reader)
{
	return (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
}

static void
read_cohort(WireReader *reader, LtvSummary *summary, LtvCohort *cohort)
{
	const PeriodClause *periods = &summary->spec.periods;
	size_t		count;

	cohort->size = read_number(reader);
	count = wire_read_count(reader, 5);
	if (count > LTV_MAX_CELLS || (summary->ncells += count) > LTV_MAX_CELLS)
		wire_read_fail(reader, "too many cells");
	if (reader->failure != NULL)
		return;
	cohort->cells = make_array(room_of(count), sizeof(LtvCell));
	cohort->ncells = count;
	for (size_t c = 0; c < count && reader->failure == NULL; c++)
	{
		LtvCell    *cell = &cohort->cells[c];

		if (c > 0)
			cell->age = read_ascending(reader, false, cell[-1].age);
		cell->buyers = read_number(reader);
		cell->purchases = read_number(reader);
		amount_sum_read(reader, &cell->revenue);
		if (reader->failure == NULL && !period_is_valid(periods->grain, periods->week_start, cohort->number + cell->age))
			wire_read_fail(reader, "period out of range");
	}
}

/* What the keys of the models must look like, so that nothing behind can go wrong. */
static const char *
check_keys(const LtvSummary *summary)
{
	for (size_t i = 0; i < summary->histories.size; i++)
	{
		const CountEntry *entry = &summary->histories.places[i];
		int64_t		first = (int64_t) entry->key.part[0] - LTV_BIAS;

		if (entry->count != 0 && (first > MOST_DAY || first < -MOST_DAY || entry->key.part[1] > MOST_DAY ||
								  (summary->spec.holdout == LTV_NO_DAY && entry->key.part[3] != 0) ||
								  (entry->key.part[1] > 0 && entry->key.part[2] == 0)))
			return "a history that nobody can have";
	}
	for (size_t i = 0; i < summary->periods.size; i++)
	{
		const CountEntry *entry = &summary->periods.places[i];
		int64_t		first = (int64_t) entry->key.part[0] - LTV_BIAS;

		if (entry->count != 0 && summary->periods.level == 0 &&
			(first > MOST_DAY || first < -MOST_DAY || entry->key.part[2] > MOST_DAY || entry->key.part[1] > entry->key.part[2] ||
			 entry->key.part[3] > entry->key.part[2] || (entry->key.part[3] == 0) != (entry->key.part[1] == 0)))
			return "periods that nobody can have";
	}
	for (size_t i = 0; i < summary->money.size; i++)
	{
		const CountEntry *entry = &summary->money.places[i];

		if (entry->count != 0 && (entry->key.part[0] == 0 || entry->key.part[1] >= 0x7ff00000 || entry->key.part[3] != 0 ||
								  (entry->key.part[1] | entry->key.part[2]) == 0))
			return "money that nobody can have";
	}
	return NULL;
}

void
ltv_summary_read(WireReader *reader, bool utf8, LtvSummary *summary)
{
	size_t		length;
	size_t		count;
	const char *violated;
	char	   *canonical;
	size_t		canonical_length;
	LtvSpec		spec;
	LanguageError error;
	char	   *text = stored_literal_read(reader, &length);

	memset(summary, 0, sizeof(*summary));
	if (text == NULL)
		return;
	if (!ltv_spec_parse(text, length, utf8, NULL, &spec, &error))
	{
		wire_read_fail(reader, "not an ltv spec");
		return;
	}
	canonical = ltv_spec_print(&spec, utf8, &canonical_length);
	if (!stored_literal_check(reader, text, length, canonical, canonical_length, "ltv spec not in canonical form"))
		return;
	ltv_summary_init(summary, text, length, &spec);
	if (wire_read_uint_max(reader, FLAG_LATEST, "unknown flags") & FLAG_LATEST)
	{
		summary->latest = wire_read_int(reader);
		if (!moment_is_valid(summary->latest) || summary->latest == MOMENT_MIN || summary->latest == MOMENT_MAX)
			wire_read_fail(reader, "time out of range");
	}
	count = wire_read_count(reader, 8);
	summary->cohorts = make_array(room_of(count), sizeof(LtvCohort));
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		LtvCohort  *cohort = &summary->cohorts[i];

		cohort->number = read_ascending(reader, i == 0, i == 0 ? 0 : cohort[-1].number);
		read_cohort(reader, summary, cohort);
		summary->ncohorts = i + 1;
	}
	count = wire_read_count(reader, 3);
	if (count > LTV_MAX_DAYS)
		wire_read_fail(reader, "too many days");
	if (reader->failure != NULL)
		return;
	summary->days = make_array(room_of(count), sizeof(LtvDay));
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		LtvDay	   *day = &summary->days[i];

		day->day = read_ascending(reader, i == 0, i == 0 ? 0 : day[-1].day);
		day->customers = read_number(reader);
		day->repeats = read_number(reader);
		summary->ndays = i + 1;
	}
	if (reader->failure == NULL)
		count_table_read(reader, &ltv_histories_rule, &summary->histories);
	if (reader->failure == NULL)
		count_table_read(reader, &ltv_periods_rule, &summary->periods);
	if (reader->failure == NULL)
		count_table_read(reader, &ltv_money_rule, &summary->money);
	if (!wire_read_done(reader))
		return;
	if ((violated = ltv_summary_check(summary)) != NULL || (violated = check_keys(summary)) != NULL)
		wire_read_fail(reader, violated);
}
