/*
 * sessions_fuzz.c: stored sessions and their specs.
 */
#include "fuzz.h"

#include "analyses/sessions_summary.h"

FUZZ_ANALYSIS(sessions, SessionsSummary, SessionSpec, session_spec_parse, session_spec_print)
