/*
 * retention_fuzz.c: stored retentions and their specs.
 */
#include "fuzz.h"

#include "analyses/retention_summary.h"

FUZZ_ANALYSIS(retention, RetentionSummary, RetentionSpec, retention_spec_parse, retention_spec_print)
