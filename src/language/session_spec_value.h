/*
 * session_spec_value.h: kpi.session_spec in the server.
 */
#ifndef KPI_SESSION_SPEC_VALUE_H
#define KPI_SESSION_SPEC_VALUE_H

#include "kpi_track.h"

#include "datatype/timestamp.h"

#include "language/language_value.h"
#include "language/session_spec.h"

extern const Language session_language;

/* The program tells the roles of an event by bits: 1 << SESSION_VIEWS and so on. Every event has a code. */
typedef struct CompiledSessions
{
	Compiled	head;
	SessionSpec spec;
} CompiledSessions;

/*
 * The microseconds of an interval, SPAN_FOREVER at most; an error that calls it `what` if it is negative or has months.
 */
extern int64 interval_span(const Interval *interval, const char *what);

#endif							/* KPI_SESSION_SPEC_VALUE_H */
