/*
 * sessions_access.c: reading a kpi.sessions: the figures of all and of each period; and the sessions of one timeline.
 */
#include "analyses/sessions.h"

#include "funcapi.h"
#include "utils/builtins.h"

#include "language/roles.h"
#include "language/timeline_program.h"

PG_FUNCTION_INFO_V1(session_stats);
PG_FUNCTION_INFO_V1(session_trend);
PG_FUNCTION_INFO_V1(session_list);
PG_FUNCTION_INFO_V1(sessions_spec_of);

/* A row that is being filled, a column after the other. */
typedef struct Row
{
	Datum		values[22];
	bool		nulls[22];
	int			columns;
} Row;

static void
put(Row *row, bool known, Datum value)
{
	host_assert(row->columns < (int) lengthof(row->values));
	row->nulls[row->columns] = !known;
	row->values[row->columns++] = value;
}

static void
put_count(Row *row, bool known, int64 count)
{
	put(row, known, Int64GetDatum(count));
}

static void
put_rate(Row *row, bool known, double numerator, double denominator)
{
	known = known && denominator != 0;
	put(row, known, Float8GetDatum(known ? numerator / denominator : 0));
}

static void
put_span(Row *row, bool known, int64 span)
{
	put(row, known, span_to_interval(span));
}

/* The figures of some sessions. */
static void
put_figures(Row *row, const SessionSpec *spec, const SessionCounts *counts)
{
	const int64 *count = counts->count;
	int64		sessions = (int64) counts->durations.total;
	int64		visitors = count[COUNT_VISITORS];
	bool		views = spec->named[SESSION_VIEWS];
	bool		key = spec->named[SESSION_KEY];
	bool		clicks = spec->named[SESSION_CLICKS];
	bool		impressions = spec->named[SESSION_IMPRESSIONS];
	Histogram	durations = sparse_histogram_expand(&counts->durations);

	put_count(row, true, visitors);
	put_count(row, true, count[COUNT_NEW]);
	put_count(row, true, count[COUNT_RETURNING]);
	put_count(row, true, sessions);
	put_rate(row, true, sessions, visitors);
	put_count(row, true, count[COUNT_ENGAGED]);
	put_rate(row, true, count[COUNT_ENGAGED], sessions);
	put_rate(row, true, sessions - count[COUNT_ENGAGED], sessions);
	put_rate(row, views, count[COUNT_SINGLE_VIEW], sessions);
	put_count(row, views, count[COUNT_PAGE_VIEWS]);
	put_rate(row, views, count[COUNT_PAGE_VIEWS], sessions);
	put_span(row, sessions > 0, sessions > 0 ? histogram_mean(&durations) : 0);
	put_span(row, sessions > 0, sessions > 0 ? histogram_quantile(&durations, 0.5) : 0);
	put_span(row, sessions > 0, sessions > 0 ? histogram_quantile(&durations, 0.9) : 0);
	put_span(row, visitors > 0,
			 visitors > 0 ? (int64) Min((counts->engaged_time + visitors / 2) / visitors, PG_INT64_MAX) : 0);
	put_count(row, key, count[COUNT_KEY_EVENTS]);
	put_rate(row, key, count[COUNT_KEY_SESSIONS], sessions);
	put_count(row, clicks, count[COUNT_CLICKS]);
	put_count(row, impressions, count[COUNT_IMPRESSIONS]);
	/* of what was clicked: of ads that were shown, or else of pages */
	put_rate(row, clicks && (impressions || views), count[COUNT_CLICKS],
			 impressions ? count[COUNT_IMPRESSIONS] : count[COUNT_PAGE_VIEWS]);
	put_count(row, spec->named[SESSION_SHARES], count[COUNT_SHARES]);
	host_free(durations.counts);
}

Datum
session_stats(PG_FUNCTION_ARGS)
{
	SessionsSummary summary;
	TupleDesc	description;
	Row			row = {.columns = 0};

	if (get_call_result_type(fcinfo, NULL, &description) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	sessions_open(PG_GETARG_DATUM(0), &summary);
	put_figures(&row, &summary.spec, &summary.whole);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(description), row.values, row.nulls)));
}

Datum
session_trend(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	SessionsSummary summary;

	materialize_rows(fcinfo);
	sessions_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text != NULL && summary.spec.periods.grain == GRAIN_NONE)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("sessions have no periods"),
				errdetail("Their spec is \"%s\".", summary.text),
				errhint("Add a period to the spec, for example by week in UTC."));
	for (size_t i = 0; i < summary.nperiods; i++)
	{
		const SessionPeriod *period = summary.periods[i];
		Row			row = {.columns = 0};

		put(&row, true, TimestampGetDatum(sessions_period_start(&summary.spec, period->number)));
		put_figures(&row, &summary.spec, &period->counts);
		tuplestore_putvalues(result->setResult, result->setDesc, row.values, row.nulls);
	}
	return (Datum) 0;
}

Datum
sessions_spec_of(PG_FUNCTION_ARGS)
{
	SessionsSummary summary;

	sessions_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	return language_value_make(summary.text, summary.length);
}

/* ---- one timeline ---- */

typedef struct ListedSession
{
	Session		session;
	TimelineLabel entry;
	TimelineLabel exit;
} ListedSession;

static void
list_session(ReturnSetInfo *result, const SessionSpec *spec, int32 number, const ListedSession *listed)
{
	const Session *session = &listed->session;
	Row			row = {.columns = 0};

	put(&row, true, Int32GetDatum(number));
	put(&row, true, TimestampTzGetDatum(session->from));
	put(&row, true, TimestampTzGetDatum(session->to));
	put_span(&row, true, session_duration(session));
	put_count(&row, true, session->events);
	put(&row, true, PointerGetDatum(cstring_to_text_with_len(listed->entry.bytes, listed->entry.length)));
	put(&row, true, PointerGetDatum(cstring_to_text_with_len(listed->exit.bytes, listed->exit.length)));
	put(&row, true, BoolGetDatum(session_is_engaged(spec, session)));
	tuplestore_putvalues(result->setResult, result->setDesc, row.values, row.nulls);
}

Datum
session_list(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const CompiledSessions *compiled;
	const SessionSpec *spec;
	const Program *program;
	Timeline	timeline;
	TimelineEvent *events;
	uint64_t   *codes;
	ListedSession listed;
	int32		number = 0;

	materialize_rows(fcinfo);
	compiled = (const CompiledSessions *) compiled_hold(&session_language, CurrentMemoryContext, PG_GETARG_DATUM(1), false);
	spec = &compiled->spec;
	program = compiled->head.program;
	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	if (timeline.count == 0)
		return (Datum) 0;
	codes = host_alloc(NULL, mul_size(timeline.nlabels, sizeof(uint64_t)));
	timeline_program_codes(program, &timeline, codes);
	events = host_alloc(NULL, mul_size(timeline.count, sizeof(TimelineEvent)));
	timeline_decode(&timeline, events);
	for (size_t i = 0; i < timeline.count; i++)
	{
		const TimelineEvent *event = &events[i];

		host_check_interrupts();
		if (event->at == MOMENT_MIN || event->at == MOMENT_MAX)
			continue;
		if (number == 0 || !session_continues(spec, &listed.session, event->at))
		{
			if (number > 0)
				list_session(result, spec, number, &listed);
			number++;
			session_begin(&listed.session, event->at);
			listed.entry = timeline.labels[event->label];
		}
		session_take(&listed.session, event->at, code_roles(program, codes[event->label]));
		listed.exit = timeline.labels[event->label];
	}
	if (number > 0)
		list_session(result, spec, number, &listed);
	return (Datum) 0;
}
