/*
 * session_number.c: kpi.session_number, a window function: the number of the session that a row is in.
 *
 * One pass over the rows of a partition and a few words of memory for it; in SQL it takes two window passes.
 */
#include "kpi_track.h"

#include "utils/timestamp.h"
#include "windowapi.h"

#include "engine/moment.h"
#include "language/session_spec_value.h"

PG_FUNCTION_INFO_V1(session_number);

/* Of a partition; all zeros at its begin. */
typedef struct Numbering
{
	int64		session;		/* 0: no row with a time yet */
	int64		before;			/* the time of the latest of them */
} Numbering;

Datum
session_number(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Numbering  *numbering = WinGetPartitionLocalMemory(window, sizeof(Numbering));
	bool		no_time;
	bool		no_timeout;
	bool		no_break = true;
	int64		at = DatumGetTimestampTz(WinGetFuncArgCurrent(window, 0, &no_time));
	Datum		timeout = WinGetFuncArgCurrent(window, 1, &no_timeout);
	bool		force = PG_NARGS() > 2 && DatumGetBool(WinGetFuncArgCurrent(window, 2, &no_break)) && !no_break;
	int64		span;

	/* nobody looks back: the rows before this one need not be kept */
	WinSetMarkPosition(window, WinGetCurrentPosition(window));
	if (no_timeout)
		ereport(ERROR,
				errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("the timeout must not be null"),
				errhint("Write for example interval '30 min'."));
	span = interval_span(DatumGetIntervalP(timeout), "timeout");
	if (no_time)
		PG_RETURN_NULL();
	if (numbering->session > 0 && at < numbering->before)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("rows go back in time, from %s to %s", pstrdup(timestamptz_to_str(numbering->before)),
					   pstrdup(timestamptz_to_str(at))),
				errhint("Add ORDER BY to the window: OVER (PARTITION BY actor ORDER BY ts)."));
	if (numbering->session == 0 || force || moment_span(numbering->before, at) > span)
		numbering->session++;
	numbering->before = at;
	PG_RETURN_INT64(numbering->session);
}
