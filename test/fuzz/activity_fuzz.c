/*
 * activity_fuzz.c: stored activities and their specs.
 */
#include "fuzz.h"

#include "analyses/activity_summary.h"

FUZZ_ANALYSIS(activity, ActivitySummary, ActivitySpec, activity_spec_parse, activity_spec_print)
