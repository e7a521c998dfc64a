/*
 * sessions_summary.c: see sessions_summary.h.
 */
#include "analyses/sessions_summary.h"

#include <string.h>

#include "engine/period.h"
#include "language/stored_literal.h"

const SessionCountKind session_count_kinds[SESSION_COUNTS] = {
	[COUNT_VISITORS] = {"visitors", -1},
	[COUNT_NEW] = {"new_visitors", -1},
	[COUNT_RETURNING] = {"returning_visitors", -1},
	[COUNT_ENGAGED] = {"engaged_sessions", -1},
	[COUNT_PAGE_VIEWS] = {"page_views", SESSION_VIEWS},
	[COUNT_SINGLE_VIEW] = {"single_view_sessions", SESSION_VIEWS},
	[COUNT_KEY_EVENTS] = {"key_events", SESSION_KEY},
	[COUNT_KEY_SESSIONS] = {"key_sessions", SESSION_KEY},
	[COUNT_CLICKS] = {"clicks", SESSION_CLICKS},
	[COUNT_IMPRESSIONS] = {"impressions", SESSION_IMPRESSIONS},
	[COUNT_SHARES] = {"interactions", SESSION_SHARES},
};

/* ---- the summary ---- */

void
sessions_summary_init(SessionsSummary *summary, const char *text, size_t length, const SessionSpec *spec)
{
	memset(summary, 0, sizeof(*summary));
	summary->text = text;
	summary->length = length;
	summary->spec = *spec;
}

static void
add_to_count(int64_t *count, int64_t more)
{
	if (__builtin_add_overflow(*count, more, count))
		host_fail(HOST_LIMIT, NULL, "a count of sessions exceeds 64 bits");
}

/* ---- periods ---- */

/* The clocks of a zone may be ahead of the last time that there is, or behind the first: its periods end there, too. */
int64_t
sessions_first_period(const SessionSpec *spec)
{
	return period_number(spec->periods.grain, spec->periods.week_start, MOMENT_FIRST);
}

int64_t
sessions_last_period(const SessionSpec *spec)
{
	return period_number(spec->periods.grain, spec->periods.week_start, MOMENT_BEHIND - 1);
}

int64_t
sessions_period_start(const SessionSpec *spec, int64_t number)
{
	int64_t		start = period_start(spec->periods.grain, spec->periods.week_start, number);

	return start < MOMENT_FIRST ? MOMENT_FIRST : start;
}

static size_t
find_period(const SessionsSummary *summary, int64_t number)
{
	size_t		low = 0;
	size_t		high = summary->nperiods;

	/* an actor's sessions come in the order of time: the same period or the next one */
	for (size_t near = summary->place; near < high && near <= summary->place + 1; near++)
		if (summary->periods[near]->number == number)
			return near;
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (summary->periods[middle]->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

SessionPeriod *
sessions_summary_period(SessionsSummary *summary, int64_t number)
{
	size_t		at = find_period(summary, number);
	SessionPeriod *period;

	summary->place = at;
	if (at < summary->nperiods && summary->periods[at]->number == number)
		return summary->periods[at];
	if ((summary->nperiods & (summary->nperiods - 1)) == 0)
	{
		/* full at every power of two */
		size_t		capacity = summary->nperiods == 0 ? 1 : summary->nperiods * 2;

		if (summary->periods == NULL)
			summary->periods = host_alloc(NULL, sizeof(SessionPeriod *));
		else
			summary->periods = host_realloc(summary->periods, host_array_size(capacity, sizeof(SessionPeriod *)));
	}
	period = host_alloc0(NULL, sizeof(SessionPeriod));
	period->number = number;
	memmove(&summary->periods[at + 1], &summary->periods[at], (summary->nperiods - at) * sizeof(SessionPeriod *));
	summary->periods[at] = period;
	summary->nperiods++;
	return period;
}

/* ---- one actor ---- */

void
sessions_summary_next_actor(SessionsSummary *summary)
{
	summary->actor++;
	summary->session = 0;
}

static void
add_session(const SessionSpec *spec, SessionCounts *counts, const Session *session)
{
	static const uint8_t of_role[SESSION_ROLES] = {
		[SESSION_VIEWS] = COUNT_PAGE_VIEWS,
		[SESSION_KEY] = COUNT_KEY_EVENTS,
		[SESSION_CLICKS] = COUNT_CLICKS,
		[SESSION_IMPRESSIONS] = COUNT_IMPRESSIONS,
		[SESSION_SHARES] = COUNT_SHARES,
	};
	int64_t		duration = session_duration(session);

	sparse_histogram_add(&counts->durations, duration);
	if (session_is_engaged(spec, session))
	{
		counts->count[COUNT_ENGAGED]++;
		counts->engaged_time += duration;
	}
	for (int r = 0; r < SESSION_ROLES; r++)
		add_to_count(&counts->count[of_role[r]], session->count[r]);
	if (spec->named[SESSION_VIEWS] && session->count[SESSION_VIEWS] <= 1)
		counts->count[COUNT_SINGLE_VIEW]++;
	if (session->count[SESSION_KEY] > 0)
		counts->count[COUNT_KEY_SESSIONS]++;
}

void
sessions_summary_add(SessionsSummary *summary, const Session *session, int64_t number)
{
	SessionPeriod *period;

	summary->session++;
	add_session(&summary->spec, &summary->whole, session);
	if (summary->session == 1)
	{
		summary->whole.count[COUNT_VISITORS]++;
		summary->whole.count[COUNT_NEW]++;
	}
	else if (summary->session == 2)
		summary->whole.count[COUNT_RETURNING]++;
	if (summary->spec.periods.grain == GRAIN_NONE)
		return;
	period = sessions_summary_period(summary, number);
	add_session(&summary->spec, &period->counts, session);
	if (period->visitor != summary->actor)
		period->counts.count[COUNT_VISITORS]++;
	period->visitor = summary->actor;
	if (summary->session == 1)
		period->counts.count[COUNT_NEW]++;
	else
	{
		if (period->returner != summary->actor)
			period->counts.count[COUNT_RETURNING]++;
		period->returner = summary->actor;
	}
}

/* ---- merging ---- */

static void
merge_counts(SessionCounts *into, const SessionCounts *from)
{
	for (int c = 0; c < SESSION_COUNTS; c++)
		add_to_count(&into->count[c], from->count[c]);
	into->engaged_time += from->engaged_time;
	sparse_histogram_merge(&into->durations, &from->durations);
}

void
sessions_summary_merge(SessionsSummary *into, const SessionsSummary *from)
{
	if (from->text == NULL)
		return;
	if (into->text == NULL)
		sessions_summary_init(into, from->text, from->length, &from->spec);
	merge_counts(&into->whole, &from->whole);
	for (size_t i = 0; i < from->nperiods; i++)
		merge_counts(&sessions_summary_period(into, from->periods[i]->number)->counts, &from->periods[i]->counts);
}

/* ---- invariants ---- */

static const char *
check_counts(const SessionSpec *spec, const SessionCounts *counts)
{
	const int64_t *count = counts->count;
	int64_t		sessions = (int64_t) counts->durations.total;
	int64_t		others = sessions - count[COUNT_ENGAGED];	/* not engaged */
	__int128	others_time = counts->durations.sum - counts->engaged_time;

	for (int c = 0; c < SESSION_COUNTS; c++)
		if (count[c] < 0 || (count[c] > 0 && (sessions == 0 || !session_count_known(spec, c))))
			return "a count that there can't be";
	if (count[COUNT_VISITORS] > sessions || (count[COUNT_VISITORS] == 0 && sessions > 0) ||
		count[COUNT_NEW] > count[COUNT_VISITORS] || count[COUNT_RETURNING] > count[COUNT_VISITORS] ||
		count[COUNT_RETURNING] < count[COUNT_VISITORS] - count[COUNT_NEW] ||
		count[COUNT_RETURNING] > sessions - count[COUNT_NEW])
		return "more or fewer visitors than sessions allow";
	if (others < 0 || counts->engaged_time < 0 || others_time < 0 ||
		others_time > (__int128) others * spec->engaged_after ||
		(count[COUNT_ENGAGED] == 0 && counts->engaged_time != 0))
		return "engaged sessions that do not fit the durations";
	if (count[COUNT_KEY_SESSIONS] > count[COUNT_ENGAGED] || count[COUNT_KEY_SESSIONS] > count[COUNT_KEY_EVENTS] ||
		(count[COUNT_KEY_SESSIONS] == 0 && count[COUNT_KEY_EVENTS] > 0))
		return "key events that do not fit the sessions";
	if (spec->named[SESSION_VIEWS])
	{
		int64_t		more = sessions - count[COUNT_SINGLE_VIEW]; /* sessions with two views or more */

		if (more < 0 || more > count[COUNT_ENGAGED] || more > count[COUNT_PAGE_VIEWS] / 2 ||
			(more == 0 && count[COUNT_PAGE_VIEWS] > sessions))
			return "views that do not fit the sessions";
	}
	return NULL;
}

static bool
same_durations(const SparseHistogram *a, const SparseHistogram *b)
{
	if (a->used != b->used || a->total != b->total || a->sum != b->sum)
		return false;
	for (uint32_t i = 0; i < a->used; i++)
		if (a->buckets[i].bucket != b->buckets[i].bucket || a->buckets[i].count != b->buckets[i].count)
			return false;
	return true;
}

/* Whether the periods are those of the whole. */
static bool
adds_up(const SessionsSummary *summary)
{
	const int64_t *whole = summary->whole.count;
	int64_t		sum[SESSION_COUNTS] = {0};
	HostInt128	engaged_time = 0;
	SparseHistogram durations = {0};
	bool		good;

	for (size_t i = 0; i < summary->nperiods; i++)
	{
		const SessionCounts *counts = &summary->periods[i]->counts;

		for (int c = 0; c < SESSION_COUNTS; c++)
		{
			/* no more than of the whole, but several periods may have the same actors */
			if (counts->count[c] > whole[c])
				return false;
			if (__builtin_add_overflow(sum[c], counts->count[c], &sum[c]))
				sum[c] = INT64_MAX;
		}
		if (counts->durations.total > summary->whole.durations.total - durations.total)
			return false;
		engaged_time += counts->engaged_time;
		sparse_histogram_merge(&durations, &counts->durations);
	}
	good = engaged_time == summary->whole.engaged_time && same_durations(&durations, &summary->whole.durations);
	for (int c = 0; c < SESSION_COUNTS; c++)
		good &= c == COUNT_VISITORS || c == COUNT_RETURNING ? sum[c] >= whole[c] : sum[c] == whole[c];
	host_free(durations.buckets);
	return good;
}

const char *
sessions_summary_check(const SessionsSummary *summary)
{
	const char *violated;

	if (summary->text == NULL)
		return NULL;
	if ((violated = check_counts(&summary->spec, &summary->whole)) != NULL)
		return violated;
	if (summary->whole.count[COUNT_NEW] != summary->whole.count[COUNT_VISITORS])
		return "visitors without a first session";
	if (summary->spec.periods.grain == GRAIN_NONE)
		return NULL;
	for (size_t i = 0; i < summary->nperiods; i++)
	{
		if (summary->periods[i]->counts.durations.total == 0)
			return "a period without sessions";
		if ((violated = check_counts(&summary->spec, &summary->periods[i]->counts)) != NULL)
			return violated;
	}
	return adds_up(summary) ? NULL : "periods that do not add up";
}

/* ---- wire format ---- */

static void
write_counts(WireWriter *writer, const SessionSpec *spec, const SessionCounts *counts)
{
	sparse_histogram_write(writer, &counts->durations);
	for (int c = 0; c < SESSION_COUNTS; c++)
		if (session_count_known(spec, c))
			wire_write_uint(writer, (uint64_t) counts->count[c]);
	wire_write_uint(writer, (uint64_t) (counts->engaged_time >> 64));
	wire_write_uint(writer, (uint64_t) counts->engaged_time);
}

static void
read_counts(WireReader *reader, const SessionSpec *spec, SessionCounts *counts)
{
	uint64_t	high;

	sparse_histogram_read(reader, &counts->durations);
	for (int c = 0; c < SESSION_COUNTS; c++)
		if (session_count_known(spec, c))
			counts->count[c] = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
	high = wire_read_uint_max(reader, INT64_MAX, "time out of range");
	counts->engaged_time = (HostInt128) (((unsigned __int128) high << 64) | wire_read_uint(reader));
}

void
sessions_summary_write(WireWriter *writer, const SessionsSummary *summary)
{
	const SessionSpec *spec = &summary->spec;

	host_assert(sessions_summary_check(summary) == NULL);
	wire_write_uint(writer, summary->length);
	if (summary->text == NULL)
		return;
	wire_write_bytes(writer, summary->text, summary->length);
	write_counts(writer, spec, &summary->whole);
	if (spec->periods.grain == GRAIN_NONE)
		return;
	wire_write_uint(writer, summary->nperiods);
	for (size_t i = 0; i < summary->nperiods; i++)
	{
		if (i == 0)
			wire_write_int(writer, summary->periods[0]->number);
		else
			wire_write_uint(writer, (uint64_t) (summary->periods[i]->number - summary->periods[i - 1]->number));
		write_counts(writer, spec, &summary->periods[i]->counts);
	}
}

static void
read_periods(WireReader *reader, SessionsSummary *summary)
{
	const int64_t last = sessions_last_period(&summary->spec);
	size_t		count = wire_read_count(reader, 6);
	int64_t		number = 0;

	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		if (i == 0)
		{
			number = wire_read_int(reader);
			if (number < sessions_first_period(&summary->spec) || number > last)
				wire_read_fail(reader, "period out of range");
		}
		else
		{
			uint64_t	step = wire_read_uint(reader);

			if (step == 0 || step > (uint64_t) (last - number))
				wire_read_fail(reader, "periods out of order or out of range");
			else
				number += (int64_t) step;
		}
		if (reader->failure == NULL)
			read_counts(reader, &summary->spec, &sessions_summary_period(summary, number)->counts);
	}
}

void
sessions_summary_read(WireReader *reader, bool utf8, SessionsSummary *summary)
{
	size_t		length;
	const char *violated;
	char	   *canonical;
	size_t		canonical_length;
	SessionSpec spec;
	LanguageError error;
	char	   *text = stored_literal_read(reader, &length);

	memset(summary, 0, sizeof(*summary));
	if (text == NULL)
		return;
	if (!session_spec_parse(text, length, utf8, NULL, &spec, &error))
	{
		wire_read_fail(reader, "not a session spec");
		return;
	}
	canonical = session_spec_print(&spec, utf8, &canonical_length);
	if (!stored_literal_check(reader, text, length, canonical, canonical_length, "session spec not in canonical form"))
		return;
	sessions_summary_init(summary, text, length, &spec);
	read_counts(reader, &summary->spec, &summary->whole);
	if (spec.periods.grain != GRAIN_NONE && reader->failure == NULL)
		read_periods(reader, summary);
	if (wire_read_done(reader) && (violated = sessions_summary_check(summary)) != NULL)
		wire_read_fail(reader, violated);
}
