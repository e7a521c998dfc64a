/*
 * sessions_summary.h: what is remembered of the sessions of all actors: the mergeable summary behind kpi.sessions. And
 * what a session is: how events are put together, and when it is engaged. Plain C; the SQL side is sessions.c.
 */
#ifndef KPI_SESSIONS_SUMMARY_H
#define KPI_SESSIONS_SUMMARY_H

#include "engine/moment.h"
#include "engine/sparse_histogram.h"
#include "language/session_spec.h"

/* ---- one session ---- */

typedef struct Session
{
	int64_t		from;			/* time of the first event */
	int64_t		to;				/* of the last one */
	int64_t		events;
	int64_t		count[SESSION_ROLES];	/* events of each role */
} Session;

static inline void
session_begin(Session *session, int64_t at)
{
	*session = (Session) {at, at, 0, {0}};
}

/* Whether the event that comes next is in the session, too: a gap just as long as the timeout does not end it. */
static inline bool
session_continues(const SessionSpec *spec, const Session *session, int64_t at)
{
	return moment_span(session->to, at) <= spec->timeout;
}

/* Adds an event that does; `roles` are bits. */
static inline void
session_take(Session *session, int64_t at, uint64_t roles)
{
	session->to = at;
	session->events++;
	for (int r = 0; r < SESSION_ROLES; r++)
		session->count[r] += (int64_t) (roles >> r & 1);
}

static inline int64_t
session_duration(const Session *session)
{
	return moment_span(session->from, session->to);
}

/* As GA4 has it: longer than 10 s, a key event, or two views. */
static inline bool
session_is_engaged(const SessionSpec *spec, const Session *session)
{
	return session_duration(session) > spec->engaged_after || session->count[SESSION_KEY] >= 1 ||
		session->count[SESSION_VIEWS] >= 2;
}

/* ---- the summary ---- */

/* What is counted, of all sessions or of those that began in one period. */
typedef enum SessionCount
{
	COUNT_VISITORS,				/* actors with a session */
	COUNT_NEW,					/* with their first one */
	COUNT_RETURNING,			/* with a later one */
	COUNT_ENGAGED,				/* sessions that are */
	COUNT_PAGE_VIEWS,
	COUNT_SINGLE_VIEW,			/* sessions with one view at most */
	COUNT_KEY_EVENTS,
	COUNT_KEY_SESSIONS,			/* sessions with a key event */
	COUNT_CLICKS,
	COUNT_IMPRESSIONS,
	COUNT_SHARES,
	SESSION_COUNTS				/* how many */
} SessionCount;

typedef struct SessionCounts
{
	int64_t		count[SESSION_COUNTS];	/* what the spec does not name the events of is 0 */
	HostInt128	engaged_time;	/* of engaged sessions, all their durations */
	SparseHistogram durations;	/* of all sessions; its total is their number */
} SessionCounts;

/* The name of a count, and the role of events that it needs; -1: none. */
typedef struct SessionCountKind
{
	const char *name;
	int			role;
} SessionCountKind;

extern const SessionCountKind session_count_kinds[SESSION_COUNTS];

/* Whether the spec says enough to know a count. */
static inline bool
session_count_known(const SessionSpec *spec, int count)
{
	int			role = session_count_kinds[count].role;

	return role < 0 || spec->named[role];
}

/* The sessions that began in one calendar period. */
typedef struct SessionPeriod
{
	int64_t		number;			/* see period.h */
	SessionCounts counts;
	uint64_t	visitor;		/* while actors are added: the actor seen last in it, and the last that returned; not stored */
	uint64_t	returner;
} SessionPeriod;

/*
 * Invariants: sessions_summary_check. Periods ascend and none is empty; with periods, counts of the whole are the sums
 * of theirs, but for visitors and returning ones.
 */
typedef struct SessionsSummary
{
	const char *text;			/* canonical spec; NULL: a summary of nothing, of no spec yet */
	size_t		length;
	SessionSpec spec;
	SessionCounts whole;
	size_t		nperiods;
	SessionPeriod **periods;
	size_t		place;			/* where a period was found last */
	uint64_t	actor;			/* number of the actor that is being added */
	uint64_t	session;		/* and of its session */
} SessionsSummary;

/* Makes an empty summary of a spec; text and spec must outlive it. */
extern void sessions_summary_init(SessionsSummary *summary, const char *text, size_t length, const SessionSpec *spec);

/* The sessions that are added from here on are another actor's. */
extern void sessions_summary_next_actor(SessionsSummary *summary);

/* Adds the next session of the actor; `number` of the period that it began in, if the spec has periods. */
extern void sessions_summary_add(SessionsSummary *summary, const Session *session, int64_t number);

/* The period of a number, made if need be. */
extern SessionPeriod *sessions_summary_period(SessionsSummary *summary, int64_t number);

/* The first and the last period that there may be: those of the first and the last time. */
extern int64_t sessions_first_period(const SessionSpec *spec);
extern int64_t sessions_last_period(const SessionSpec *spec);

/* When a period begins, by the clocks of the spec's zone: a timestamp. */
extern int64_t sessions_period_start(const SessionSpec *spec, int64_t number);

/* Adds `from` to `into`; both must be of one spec, or one of them of none. */
extern void sessions_summary_merge(SessionsSummary *into, const SessionsSummary *from);

/* The stored form, behind the version byte; format: docs/on-disk-format.md. */
extern void sessions_summary_write(WireWriter *writer, const SessionsSummary *summary);

/* Reads hostile bytes; the reader's failure says what is wrong with them. `utf8` as in pattern_parse. */
extern void sessions_summary_read(WireReader *reader, bool utf8, SessionsSummary *summary);

/* Checks the invariants; what is violated, or NULL. */
extern const char *sessions_summary_check(const SessionsSummary *summary);

#endif							/* KPI_SESSIONS_SUMMARY_H */
