/*
 * sessions_summary_test.c: sessions at random, counted naively; merging, the wire format and hostile bytes; and histograms
 * of few values.
 */
#include <stdlib.h>
#include <string.h>

#include "analyses/sessions_summary.h"
#include "check.h"
#include "engine/period.h"
#include "random.h"

#define ACTORS 40
#define HOUR INT64_C(3600000000)

static const char *const specs[] = {
	"timeout 30 min",
	"timeout 30 min, views v, key k, clicks c, impressions i, shares s",
	"timeout 30 min, views v, engaged after 1 hour, by day in UTC",
	"timeout 30 min, key k, by hour in UTC",
	"timeout 30 min, views v, key k, clicks c, impressions i, shares s, by week in UTC week starts sunday",
};
#define NSPECS (int) (sizeof(specs) / sizeof(specs[0]))

static void
make_summary(SessionsSummary *summary, const char *text)
{
	SessionSpec spec;
	LanguageError error;

	if (!session_spec_parse(text, strlen(text), true, NULL, &spec, &error))
		abort();
	sessions_summary_init(summary, text, strlen(text), &spec);
}

static Session
random_session(const SessionSpec *spec, int64_t from)
{
	Session		session = {from, from, 1, {0}};

	if (chance(70))
		session.to += (int64_t) (random_bits() % (chance(50) ? 20000001 : 2 * HOUR));
	for (int r = 0; r < SESSION_ROLES; r++)
		if (spec->named[r] && chance(50))
			session.count[r] = (int64_t) (random_bits() % 4);
	return session;
}

static void
write_summary(WireWriter *writer, const SessionsSummary *summary)
{
	wire_writer_init(writer, 0);
	sessions_summary_write(writer, summary);
}

static bool
same_bytes(const WireWriter *a, const WireWriter *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Some actors into a whole, a part each of three, and naive counts of everything and of one period. */
static bool
try_counts(const char *text)
{
	SessionsSummary whole;
	SessionsSummary parts[3];
	SessionsSummary merged = {0};
	SessionsSummary again;
	WireWriter	bytes[3];
	WireReader	reader;
	int64_t		visitors = 0;
	int64_t		returning = 0;
	int64_t		sessions = 0;
	int64_t		engaged = 0;
	int64_t		views = 0;
	int64_t		looked_at = 0;	/* a period */
	int64_t		in_it = 0;
	int64_t		visitors_in_it = 0;
	int64_t		new_in_it = 0;
	int64_t		back_in_it = 0;
	bool		good = true;
	bool		periods;

	make_summary(&whole, text);
	for (int p = 0; p < 3; p++)
		make_summary(&parts[p], text);
	periods = whole.spec.periods.grain != GRAIN_NONE;
	for (int actor = 0; actor < ACTORS; actor++)
	{
		SessionsSummary *part = &parts[random_bits() % 3];
		int			count = (int) (random_bits() % 6);
		int64_t		at = (int64_t) (random_bits() % 50) * HOUR;
		bool		seen = false;
		bool		back = false;

		sessions_summary_next_actor(&whole);
		sessions_summary_next_actor(part);
		for (int s = 0; s < count; s++)
		{
			Session		session = random_session(&whole.spec, at);
			int64_t		number = periods ? period_number(whole.spec.periods.grain, whole.spec.periods.week_start, at) : 0;

			sessions_summary_add(&whole, &session, number);
			sessions_summary_add(part, &session, number);
			sessions++;
			engaged += session_is_engaged(&whole.spec, &session);
			views += session.count[SESSION_VIEWS];
			if (number == looked_at)
			{
				in_it++;
				seen = true;
				new_in_it += s == 0;
				back |= s > 0;
			}
			at += (int64_t) (random_bits() % (chance(50) ? HOUR : 60 * HOUR));
		}
		visitors += count > 0;
		returning += count > 1;
		visitors_in_it += seen;
		back_in_it += back;
	}
	for (int p = 0; p < 3; p++)
	{
		good &= sessions_summary_check(&parts[p]) == NULL;
		sessions_summary_merge(&merged, &parts[p]);
	}
	write_summary(&bytes[0], &whole);
	write_summary(&bytes[1], &merged);
	wire_reader_init(&reader, bytes[0].bytes, bytes[0].length);
	sessions_summary_read(&reader, true, &again);
	good &= wire_read_done(&reader);
	write_summary(&bytes[2], &again);
	good &= same_bytes(&bytes[0], &bytes[1]) && same_bytes(&bytes[0], &bytes[2]);
	good &= whole.whole.count[COUNT_VISITORS] == visitors && whole.whole.count[COUNT_NEW] == visitors &&
		whole.whole.count[COUNT_RETURNING] == returning && whole.whole.durations.total == (uint64_t) sessions &&
		whole.whole.count[COUNT_ENGAGED] == engaged && whole.whole.count[COUNT_PAGE_VIEWS] == views;
	if (periods && in_it > 0)
	{
		const SessionPeriod *period = sessions_summary_period(&whole, looked_at);

		good &= period->counts.durations.total == (uint64_t) in_it && period->counts.count[COUNT_VISITORS] == visitors_in_it &&
			period->counts.count[COUNT_NEW] == new_in_it && period->counts.count[COUNT_RETURNING] == back_in_it;
	}
	return good;
}

static void
test_counts(void)
{
	for (int s = 0; s < NSPECS; s++)
	{
		bool		good = true;

		for (int round = 0; round < 200; round++)
		{
			good &= try_counts(specs[s]);
			FORGET();
		}
		CHECK(good, "counted, merged, written and read: %s", specs[s]);
	}
}

static void
test_rules(void)
{
	SessionSpec spec;
	LanguageError error;
	Session		session;

	session_spec_parse("", 0, true, NULL, &spec, &error);
	session_begin(&session, 0);
	session_take(&session, 0, 0);
	CHECK(session_continues(&spec, &session, SESSION_TIMEOUT) && !session_continues(&spec, &session, SESSION_TIMEOUT + 1),
		  "a gap of just the timeout stays in the session");
	session_take(&session, SESSION_ENGAGED_AFTER, 0);
	CHECK(!session_is_engaged(&spec, &session) && session.events == 2, "10 s are not engaged");
	session_take(&session, SESSION_ENGAGED_AFTER + 1, 0);
	CHECK(session_is_engaged(&spec, &session), "longer than 10 s is engaged");
	session_begin(&session, 0);
	session_take(&session, 0, 1 << SESSION_VIEWS);
	CHECK(!session_is_engaged(&spec, &session), "a view is not engaged");
	session_take(&session, 0, 1 << SESSION_VIEWS);
	CHECK(session_is_engaged(&spec, &session), "two views are");
	session_begin(&session, 0);
	session_take(&session, 0, 1 << SESSION_KEY);
	CHECK(session_is_engaged(&spec, &session), "a key event is");
	session_begin(&session, MOMENT_FIRST);
	session_take(&session, MOMENT_FIRST, 0);
	CHECK(!session_continues(&spec, &session, MOMENT_BEHIND - 1), "the longest gap ends a session");
	FORGET();
}

/* A valid summary, damaged: refused, or a summary that is written as what was read. */
static void
test_hostile(void)
{
	for (int s = 0; s < NSPECS; s++)
	{
		WireWriter	bytes;
		uint8_t    *kept;
		size_t		length;
		long		accepted = 0;
		long		different = 0;
		bool		truncated = true;
		SessionsSummary summary;

		make_summary(&summary, specs[s]);
		for (int actor = 0; actor < 4; actor++)
		{
			sessions_summary_next_actor(&summary);
			for (int i = 0; i < 3; i++)
			{
				Session		session = random_session(&summary.spec, (actor + 30 * i) * HOUR);

				sessions_summary_add(&summary, &session, summary.spec.periods.grain == GRAIN_NONE ? 0 :
									 period_number(summary.spec.periods.grain, summary.spec.periods.week_start, session.from));
			}
		}
		write_summary(&bytes, &summary);
		length = bytes.length;
		kept = malloc(length);
		memcpy(kept, bytes.bytes, length);
		for (size_t cut = 1; cut < length; cut++)
		{
			uint8_t    *exact = malloc(cut);
			WireReader	reader;
			SessionsSummary found;

			memcpy(exact, kept, cut);
			wire_reader_init(&reader, exact, cut);
			sessions_summary_read(&reader, true, &found);
			truncated &= !wire_read_done(&reader);
			free(exact);
		}
		CHECK(truncated, "cut short: refused: %s", specs[s]);
		FORGET();
		for (int round = 0; round < 40000; round++)
		{
			uint8_t    *exact = malloc(length);
			WireReader	reader;
			SessionsSummary found;

			memcpy(exact, kept, length);
			for (int i = (int) (random_bits() % 3); i >= 0; i--)
			{
				/* mostly behind the spec */
				size_t		place = chance(90) ? 1 + strlen(specs[s]) + random_bits() % (length - 1 - strlen(specs[s])) :
					random_bits() % length;

				exact[place] = chance(50) ? (uint8_t) (exact[place] + (chance(50) ? 1 : -1)) : (uint8_t) random_bits();
			}
			wire_reader_init(&reader, exact, length);
			sessions_summary_read(&reader, true, &found);
			if (wire_read_done(&reader))
			{
				WireWriter	again;

				accepted++;
				write_summary(&again, &found);
				different += again.length != length || memcmp(again.bytes, exact, length) != 0;
			}
			free(exact);
			if (round % 100 == 99)
				FORGET();
		}
		CHECK(different == 0, "damaged: what is accepted is written as it was read: %s", specs[s]);
		printf("# %ld accepted\n", accepted);
		free(kept);
		FORGET();
	}
}

static void
test_sparse(void)
{
	bool		same = true;

	for (int round = 0; round < 500; round++)
	{
		Histogram	plain = {0};
		SparseHistogram sparse = {0};
		SparseHistogram parts[2] = {{0}};
		Histogram	expanded;
		SparseHistogram again;
		WireWriter	bytes[4];
		WireReader	reader;

		for (int i = (int) (random_bits() % 200); i > 0; i--)
		{
			int64_t		value = (int64_t) (random_bits() >> (1 + random_bits() % 62));

			histogram_add(&plain, value, 1);
			sparse_histogram_add(&sparse, value);
			sparse_histogram_add(&parts[random_bits() % 2], value);
		}
		sparse_histogram_merge(&parts[0], &parts[1]);
		for (int i = 0; i < 4; i++)
			wire_writer_init(&bytes[i], 0);
		histogram_write(&bytes[0], &plain);
		sparse_histogram_write(&bytes[1], &sparse);
		sparse_histogram_write(&bytes[2], &parts[0]);
		expanded = sparse_histogram_expand(&sparse);
		wire_reader_init(&reader, bytes[1].bytes, bytes[1].length);
		sparse_histogram_read(&reader, &again);
		same &= wire_read_done(&reader) && again.total == sparse.total;
		sparse_histogram_write(&bytes[3], &again);
		same &= same_bytes(&bytes[0], &bytes[1]) && same_bytes(&bytes[0], &bytes[2]) &&
			same_bytes(&bytes[0], &bytes[3]) && expanded.total == plain.total &&
			(plain.total == 0 || histogram_quantile(&expanded, 0.5) == histogram_quantile(&plain, 0.5));
		FORGET();
	}
	CHECK(same, "a histogram of few values is the same histogram");
	same = true;
	for (int round = 0; round < 20000; round++)
	{
		Histogram	plain = {0};
		SparseHistogram sparse;
		WireWriter	bytes;
		WireReader	reader;
		WireReader	other;

		for (int i = (int) (random_bits() % 5); i > 0; i--)
			histogram_add(&plain, chance(50) ? (int64_t) (random_bits() % 300) : (int64_t) (random_bits() >> (1 + random_bits() % 62)), 1);
		wire_writer_init(&bytes, 0);
		histogram_write(&bytes, &plain);
		bytes.bytes[random_bits() % bytes.length] = (uint8_t) random_bits();
		wire_reader_init(&reader, bytes.bytes, bytes.length);
		other = reader;
		histogram_read(&reader, &plain);
		sparse_histogram_read(&other, &sparse);
		same &= wire_read_done(&reader) == wire_read_done(&other) &&
			(reader.failure != NULL || (plain.total == sparse.total && plain.sum == sparse.sum));
		if (round % 100 == 99)
			FORGET();
	}
	CHECK(same, "damaged histograms are refused where the others are");
	FORGET();
}

int
main(void)
{
	test_rules();
	test_counts();
	test_hostile();
	test_sparse();
	return DONE();
}
