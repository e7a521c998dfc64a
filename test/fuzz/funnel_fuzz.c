/*
 * funnel_fuzz.c: stored funnels; their patterns are pattern_fuzz.c's.
 */
#include "fuzz.h"

#include "analyses/funnel_summary.h"

const unsigned fuzz_errors = 1u << HOST_LIMIT;

FUZZ_SUMMARY(funnel, FunnelSummary)

void
fuzz_one(const Input *input)
{
	funnel_bytes(input);
}
