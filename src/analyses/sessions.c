/*
 * sessions.c: kpi.sessions, as an analysis: visits, and what happened in them.
 */
#include "analyses/sessions.h"

#include "engine/calendar.h"
#include "language/roles.h"

typedef struct SessionsTally
{
	Tally		head;
	const SessionSpec *spec;
	const Program *program;
	SessionsSummary *summary;
	Calendar   *calendar;		/* NULL without `by` */
	int64		first_period;
	int64		last_period;
} SessionsTally;

#define INTERRUPT_EVENTS 65536	/* looked at before the user may cancel */

static void
sessions_begin(Tally *head)
{
	SessionsTally *tally = (SessionsTally *) head;
	const SessionSpec *spec = &((const CompiledSessions *) head->compiled)->spec;

	tally->spec = spec;
	tally->program = head->compiled->program;
	tally->summary = (SessionsSummary *) head->summary;
	if (spec->periods.grain == GRAIN_NONE)
		return;
	tally->calendar = calendar_make(spec->periods.grain, spec->periods.week_start, spec->periods.zone);
	tally->first_period = sessions_first_period(spec);
	tally->last_period = sessions_last_period(spec);
}

static void
end_session(SessionsTally *tally, const Session *session)
{
	int64		number = 0;

	if (tally->calendar != NULL)
	{
		number = calendar_find(tally->calendar, session->from)->number;
		number = Min(Max(number, tally->first_period), tally->last_period);
	}
	sessions_summary_add(tally->summary, session, number);
}

static void
sessions_add(Tally *head, const EventSeq *events)
{
	SessionsTally *tally = (SessionsTally *) head;
	Session		session;

	session.events = 0;
	sessions_summary_next_actor(tally->summary);
	for (size_t i = 0; i < events->count; i++)
	{
		Event		event = event_at(events, i);

		if (i % INTERRUPT_EVENTS == INTERRUPT_EVENTS - 1)
			host_check_interrupts();
		/* without a place in time there is no gap to measure */
		if (event.at == MOMENT_MIN || event.at == MOMENT_MAX)
			continue;
		if (session.events == 0)
			session_begin(&session, event.at);
		else if (!session_continues(tally->spec, &session, event.at))
		{
			end_session(tally, &session);
			session_begin(&session, event.at);
		}
		session_take(&session, event.at, code_roles(tally->program, event.code));
	}
	if (session.events > 0)
		end_session(tally, &session);
}

/* ---- the analysis ---- */

static void
sessions_init(void *summary, const Compiled *compiled)
{
	sessions_summary_init(summary, compiled->text, compiled->length, &((const CompiledSessions *) compiled)->spec);
}

SUMMARY_METHODS(sessions)

const Analysis sessions_analysis = {
	.type_name = "kpi.sessions",
	.version = 1,
	.language = &session_language,
	.summary_size = sizeof(SessionsSummary),
	.tally_size = sizeof(SessionsTally),
	.init = sessions_init,
	SUMMARY_METHODS_OF(sessions),
	.push_json = sessions_push_json,
	.read_json = sessions_read_json,
	.begin = sessions_begin,
	.add = sessions_add,
};

ANALYSIS_EVENTS(sessions, &sessions_analysis)
ANALYSIS_FUNCTIONS(sessions, &sessions_analysis)
