/*
 * session_spec_value.c: the type kpi.session_spec and its compiled form.
 */
#include "language/session_spec_value.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "engine/moment.h"
#include "language/roles.h"

PG_FUNCTION_INFO_V1(quote_duration);

static char *
session_canonical(const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
				  LanguageError *error)
{
	SessionSpec spec;

	if (!session_spec_parse(text, length, utf8, zone_known, &spec, error))
		return NULL;
	return session_spec_print(&spec, utf8, canonical_length);
}

static void
session_compile(Compiled *head, bool utf8)
{
	SessionSpec *spec = &((CompiledSessions *) head)->spec;
	LanguageError error;
	Role		roles[SESSION_ROLES + 1];

	if (!session_spec_parse(head->text, head->length, utf8, NULL, spec, &error))
		elog(ERROR, "canonical session spec cannot be read: %s", error.message);
	for (int r = 0; r < SESSION_ROLES; r++)
		roles[r] = (Role) {spec->role[r], spec->any[r]};
	/* every event is in a session, so none may be left out */
	roles[SESSION_ROLES] = (Role) {{0, 0}, true};
	head->program = roles_compile(CurrentMemoryContext, spec->labels, spec->nlabels, roles, SESSION_ROLES + 1,
								  head->masks);
}

const Language session_language = {
	.type_name = "kpi.session_spec",
	.what = "session spec",
	.example = "timeout 30 min, views page_view, key purchase",
	.compiled_size = sizeof(CompiledSessions),
	.canonical = session_canonical,
	.compile = session_compile,
};

LANGUAGE_TYPE(session_spec, &session_language)

/* ---- intervals ---- */

int64
interval_span(const Interval *interval, const char *what)
{
	__int128	span = (__int128) interval->day * USECS_PER_DAY + interval->time;

	/* the infinity of PostgreSQL 17 */
	if (interval->month == PG_INT32_MAX && interval->day == PG_INT32_MAX && interval->time == PG_INT64_MAX)
		return SPAN_FOREVER;
	if (interval->month < 0 || (interval->month == 0 && span < 0))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s \"%s\" is negative", what,
					   DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(interval)))),
				errhint("Write for example interval '30 min'."));
	if (interval->month != 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%s \"%s\" has months, which have no fixed length", what,
					   DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(interval)))),
				errhint("Use days, for example interval '30 days'."));
	return (int64) Min(span, SPAN_FOREVER);
}

Datum
quote_duration(PG_FUNCTION_ARGS)
{
	int64		span = interval_span(PG_GETARG_INTERVAL_P(0), "duration");
	char		duration[DURATION_TEXT];

	if (span > DURATION_MAX)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("duration \"%s\" is too long",
					   DatumGetCString(DirectFunctionCall1(interval_out, PG_GETARG_DATUM(0)))),
				errhint("Durations in patterns and specs have less than %d days.", (int) (DURATION_MAX / USECS_PER_DAY)));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(duration, duration_print(span, duration)));
}
