/*
 * activity_summary.c: see activity_summary.h.
 */
#include "analyses/activity_summary.h"

#include <string.h>

#include "engine/period.h"
#include "language/stored_literal.h"

void
activity_summary_init(ActivitySummary *summary, const char *text, size_t length, const ActivitySpec *spec)
{
	memset(summary, 0, sizeof(*summary));
	summary->text = text;
	summary->length = length;
	summary->spec = *spec;
	summary->latest = MOMENT_MIN;
}

static void
add(int64_t *count, int64_t more)
{
	if (__builtin_add_overflow(*count, more, count))
		host_fail(HOST_LIMIT, NULL, "a count of an activity exceeds 64 bits");
}

/* ---- entries: structs that begin with their number, ascending ---- */

static int64_t
number_at(const void *entries, size_t size, size_t index)
{
	return *(const int64_t *) ((const char *) entries + index * size);
}

/* The place of a number, or where it would be inserted. */
static size_t
find(const void *entries, size_t count, size_t size, int64_t number)
{
	size_t		low = 0;
	size_t		high = count;
	uint64_t	guess;

	if (count == 0)
		return 0;
	/* most have no gaps */
	guess = (uint64_t) number - (uint64_t) number_at(entries, size, 0);
	if (guess < count && number_at(entries, size, guess) == number)
		return guess;
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (number_at(entries, size, middle) < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The entry of a number, zeros but for the number if it is new. The arrays are full at every power of two. */
static void *
entry_of(void **entries, size_t *count, size_t size, int64_t number)
{
	size_t		place = find(*entries, *count, size, number);
	char	   *entry;

	if (place < *count && number_at(*entries, size, place) == number)
		return (char *) *entries + place * size;
	if ((*count & (*count - 1)) == 0)
	{
		size_t		bytes = host_array_size(*count == 0 ? 1 : *count * 2, size);

		*entries = *entries == NULL ? host_alloc(NULL, bytes) : host_realloc(*entries, bytes);
	}
	entry = (char *) *entries + place * size;
	memmove(entry + size, entry, (*count - place) * size);
	memset(entry, 0, size);
	memcpy(entry, &number, sizeof(number));
	++*count;
	return entry;
}

ActivityPeriod *
activity_summary_period(ActivitySummary *summary, int64_t number)
{
	return entry_of((void **) &summary->periods, &summary->nperiods, sizeof(ActivityPeriod), number);
}

ActivityDay *
activity_summary_day(ActivitySummary *summary, int64_t number)
{
	return entry_of((void **) &summary->days, &summary->ndays, sizeof(ActivityDay), number);
}

/* ---- one actor ---- */

/*
 * The number of active days in the window that ends with a day goes up on an active day, and down a window later. Notes
 * each change.
 */
static void
add_window(ActivitySummary *summary, const int64_t *days, size_t ndays, int window)
{
	size_t		coming = 0;
	size_t		going = 0;
	int			inside = 0;

	while (going < ndays)
	{
		int64_t		leaves = days[going] + window;
		int64_t		day = coming < ndays && days[coming] < leaves ? days[coming] : leaves;
		int			before = inside;
		ActivityDay *entry;

		if (coming < ndays && days[coming] == day)
		{
			inside++;
			coming++;
		}
		if (leaves == day)
		{
			inside--;
			going++;
		}
		if (inside == before)
			continue;
		entry = activity_summary_day(summary, day);
		if (window == ACTIVITY_MONTH30)
			entry->change30 += (inside > 0) - (before > 0);
		else
		{
			int64_t    *change = window == ACTIVITY_WEEK ? entry->change7 : entry->change28;

			if (before > 0)
				change[before - 1]--;
			if (inside > 0)
				change[inside - 1]++;
		}
	}
}

void
activity_summary_add(ActivitySummary *summary, const int64_t *periods, size_t nperiods, const int64_t *days,
					 size_t ndays)
{
	for (size_t i = 0; i < nperiods; i++)
	{
		ActivityPeriod *period = activity_summary_period(summary, periods[i]);

		period->active++;
		if (i == 0)
			period->fresh++;
		else if (periods[i - 1] == periods[i] - 1)
			period->returning++;
	}
	for (size_t i = 0; i < ndays; i++)
		activity_summary_day(summary, days[i])->active++;
	add_window(summary, days, ndays, ACTIVITY_WEEK);
	add_window(summary, days, ndays, ACTIVITY_MONTH);
	add_window(summary, days, ndays, ACTIVITY_MONTH30);
}

/* ---- merging ---- */

static bool
is_nothing(const ActivityDay *day)
{
	static const ActivityDay nothing;

	return memcmp(&day->active, &nothing.active, sizeof(ActivityDay) - sizeof(int64_t)) == 0;
}

void
activity_summary_merge(ActivitySummary *into, const ActivitySummary *from)
{
	if (from->text == NULL)
		return;
	if (into->text == NULL)
		activity_summary_init(into, from->text, from->length, &from->spec);
	if (from->latest > into->latest)
		into->latest = from->latest;
	for (size_t i = 0; i < from->nperiods; i++)
	{
		ActivityPeriod *period = activity_summary_period(into, from->periods[i].number);

		add(&period->active, from->periods[i].active);
		add(&period->fresh, from->periods[i].fresh);
		add(&period->returning, from->periods[i].returning);
	}
	for (size_t i = 0; i < from->ndays; i++)
	{
		const ActivityDay *source = &from->days[i];
		ActivityDay *day = activity_summary_day(into, source->number);

		add(&day->active, source->active);
		for (int n = 0; n < ACTIVITY_WEEK; n++)
			add(&day->change7[n], source->change7[n]);
		for (int n = 0; n < ACTIVITY_MONTH; n++)
			add(&day->change28[n], source->change28[n]);
		add(&day->change30, source->change30);
	}
}

/* What changes add up to, window by window; false if it is ever negative. */
static bool
add_changes(int64_t *sums, const int64_t *changes, int count)
{
	for (int n = 0; n < count; n++)
		if (__builtin_add_overflow(sums[n], changes[n], &sums[n]) || sums[n] < 0)
			return false;
	return true;
}

const char *
activity_summary_check(const ActivitySummary *summary)
{
	int64_t		sums[ACTIVITY_WEEK + ACTIVITY_MONTH + 1] = {0};

	if (summary->text == NULL)
		return NULL;
	for (size_t i = 0; i < summary->nperiods; i++)
	{
		const ActivityPeriod *period = &summary->periods[i];
		bool		follows = i > 0 && period[-1].number == period->number - 1;

		if (period->active <= 0 || period->fresh > period->active || period->returning > period->active - period->fresh)
			return "more actors of a kind than are active";
		if (period->returning > (follows ? period[-1].active : 0))
			return "more actors returned than were there before";
	}
	for (size_t i = 0; i < summary->ndays; i++)
	{
		const ActivityDay *day = &summary->days[i];
		__int128	total = 0;

		if (!add_changes(sums, day->change7, ACTIVITY_WEEK) ||
			!add_changes(sums + ACTIVITY_WEEK, day->change28, ACTIVITY_MONTH) ||
			!add_changes(sums + ACTIVITY_WEEK + ACTIVITY_MONTH, &day->change30, 1))
			return "less than no actors";
		for (int n = 0; n < ACTIVITY_WEEK; n++)
			total += sums[n];
		if (day->active > total)
			return "more actors on a day than in its week";
		if (total > sums[ACTIVITY_WEEK + ACTIVITY_MONTH])
			return "more actors in a week than in its month";
		total = 0;
		for (int n = 0; n < ACTIVITY_MONTH; n++)
			total += sums[ACTIVITY_WEEK + n];
		if (total > sums[ACTIVITY_WEEK + ACTIVITY_MONTH])
			return "more actors in 28 days than in 30";
	}
	for (int n = 0; n < ACTIVITY_WEEK + ACTIVITY_MONTH + 1; n++)
		if (sums[n] != 0)
			return "actors who never leave";
	return NULL;
}

/* ---- wire format ---- */

/* The changes that are not 0: how many, then pairs of number (from 1) and change. */
static void
write_changes(WireWriter *writer, const int64_t *changes, int count)
{
	int			some = 0;

	for (int n = 0; n < count; n++)
		some += changes[n] != 0;
	wire_write_uint(writer, (uint64_t) some);
	for (int n = 0; n < count; n++)
	{
		if (changes[n] == 0)
			continue;
		wire_write_uint(writer, (uint64_t) n + 1);
		wire_write_int(writer, changes[n]);
	}
}

static void
read_changes(WireReader *reader, int64_t *changes, int count)
{
	uint64_t	some = wire_read_uint_max(reader, (uint64_t) count, "too many changes");
	uint64_t	before = 0;

	for (uint64_t i = 0; i < some && reader->failure == NULL; i++)
	{
		uint64_t	n = wire_read_uint_max(reader, (uint64_t) count, "change out of range");
		int64_t		change = wire_read_int(reader);

		if (n <= before || change == 0)
		{
			wire_read_fail(reader, "changes out of order");
			return;
		}
		changes[n - 1] = change;
		before = n;
	}
}

static void
write_number(WireWriter *writer, size_t index, int64_t number, int64_t before)
{
	if (index == 0)
		wire_write_int(writer, number);
	else
		wire_write_uint(writer, (uint64_t) (number - before));
}

void
activity_summary_write(WireWriter *writer, const ActivitySummary *summary)
{
	size_t		ndays = 0;
	int64_t		before = 0;

	host_assert(activity_summary_check(summary) == NULL);
	wire_write_uint(writer, summary->length);
	if (summary->text == NULL)
		return;
	wire_write_bytes(writer, summary->text, summary->length);
	wire_write_byte(writer, summary->latest != MOMENT_MIN);
	if (summary->latest != MOMENT_MIN)
		wire_write_int(writer, summary->latest);
	wire_write_uint(writer, summary->nperiods);
	for (size_t i = 0; i < summary->nperiods; i++)
	{
		const ActivityPeriod *period = &summary->periods[i];

		write_number(writer, i, period->number, i == 0 ? 0 : period[-1].number);
		wire_write_uint(writer, (uint64_t) period->active);
		wire_write_uint(writer, (uint64_t) period->fresh);
		wire_write_uint(writer, (uint64_t) period->returning);
	}
	/* changes of different actors may have cancelled each other */
	for (size_t i = 0; i < summary->ndays; i++)
		ndays += !is_nothing(&summary->days[i]);
	wire_write_uint(writer, ndays);
	ndays = 0;
	for (size_t i = 0; i < summary->ndays; i++)
	{
		const ActivityDay *day = &summary->days[i];

		if (is_nothing(day))
			continue;
		write_number(writer, ndays++, day->number, before);
		before = day->number;
		wire_write_uint(writer, (uint64_t) day->active);
		write_changes(writer, day->change7, ACTIVITY_WEEK);
		write_changes(writer, day->change28, ACTIVITY_MONTH);
		wire_write_int(writer, day->change30);
	}
}

static int64_t
read_number(WireReader *reader, size_t index, int64_t before, const PeriodClause *periods, Grain grain)
{
	int64_t		number = before;
	uint64_t	step;

	if (index == 0)
		number = wire_read_int(reader);
	else
	{
		step = wire_read_uint(reader);
		if (step == 0 || step > INT64_MAX || __builtin_add_overflow(before, (int64_t) step, &number))
			wire_read_fail(reader, "numbers out of order");
	}
	if (reader->failure == NULL && !period_is_valid(grain, periods->week_start, number))
		wire_read_fail(reader, "period out of range");
	return number;
}

static void
read_entries(WireReader *reader, ActivitySummary *summary)
{
	const PeriodClause *periods = &summary->spec.periods;
	size_t		count = wire_read_count(reader, 4);
	int64_t		before = 0;

	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		ActivityPeriod *period;

		before = read_number(reader, i, before, periods, periods->grain);
		if (reader->failure != NULL)
			return;
		period = activity_summary_period(summary, before);
		period->active = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
		period->fresh = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
		period->returning = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
	}
	count = wire_read_count(reader, 5);
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		ActivityDay *day;

		before = read_number(reader, i, before, periods, GRAIN_DAY);
		if (reader->failure != NULL)
			return;
		day = activity_summary_day(summary, before);
		day->active = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
		read_changes(reader, day->change7, ACTIVITY_WEEK);
		read_changes(reader, day->change28, ACTIVITY_MONTH);
		day->change30 = wire_read_int(reader);
		if (is_nothing(day))
			wire_read_fail(reader, "a day on which nothing changes");
	}
}

void
activity_summary_read(WireReader *reader, bool utf8, ActivitySummary *summary)
{
	size_t		length;
	const char *violated;
	char	   *canonical;
	size_t		canonical_length;
	ActivitySpec spec;
	LanguageError error;
	char	   *text = stored_literal_read(reader, &length);

	memset(summary, 0, sizeof(*summary));
	if (text == NULL)
		return;
	if (!activity_spec_parse(text, length, utf8, NULL, &spec, &error))
	{
		wire_read_fail(reader, "not an activity spec");
		return;
	}
	canonical = activity_spec_print(&spec, utf8, &canonical_length);
	if (!stored_literal_check(reader, text, length, canonical, canonical_length, "activity spec not in canonical form"))
		return;
	activity_summary_init(summary, text, length, &spec);
	if (wire_read_uint_max(reader, 1, "unknown flags") == 1)
	{
		summary->latest = wire_read_int(reader);
		if (!moment_is_valid(summary->latest) || summary->latest == MOMENT_MIN || summary->latest == MOMENT_MAX)
			wire_read_fail(reader, "time out of range");
	}
	read_entries(reader, summary);
	if (wire_read_done(reader) && (violated = activity_summary_check(summary)) != NULL)
		wire_read_fail(reader, violated);
}
