/*
 * attribution_fuzz.c: stored attributions and their specs, and the models of what was read.
 */
#include "fuzz.h"

#include "analyses/attribution_summary_credit.h"

FUZZ_ANALYSIS(attribution, AttributionSummary, AttributionSpec, attribution_spec_parse, attribution_spec_print)
