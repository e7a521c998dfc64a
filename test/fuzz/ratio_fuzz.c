/*
 * ratio_fuzz.c: stored ratios.
 */
#include "fuzz.h"

#include "measures/ratio_summary.h"

FUZZ_MEASURE(ratio, RatioSummary)
