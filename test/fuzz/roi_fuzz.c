/*
 * roi_fuzz.c: stored costs and revenue.
 */
#include "fuzz.h"

#include "measures/roi_summary.h"

FUZZ_MEASURE(roi, RoiSummary)
