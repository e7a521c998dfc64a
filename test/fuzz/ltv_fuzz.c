/*
 * ltv_fuzz.c: stored ltvs and their specs.
 */
#include "fuzz.h"

#include "analyses/ltv_summary.h"

FUZZ_ANALYSIS(ltv, LtvSummary, LtvSpec, ltv_spec_parse, ltv_spec_print)
