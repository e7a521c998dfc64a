/*
 * funnel.h: between the files of the funnel on the SQL side.
 */
#ifndef KPI_FUNNEL_H
#define KPI_FUNNEL_H

#include "kpi_track.h"

#include "nodes/primnodes.h"

#include "analyses/funnel_summary.h"
#include "language/pattern_value.h"

/* Decodes a kpi.funnel into the current context; data_corrupted if it is not one. */
extern void funnel_open(Datum datum, FunnelSummary *summary);

/* Encodes a summary as a kpi.funnel. */
extern Datum funnel_make(const FunnelSummary *summary);

/* The bytes of a kpi.funnel, varlena header and all; the writer is made in the current context. */
extern void funnel_encode(const FunnelSummary *summary, WireWriter *writer);

/* What a funnel without any actor is: of the pattern if that is known, else of none. */
extern Datum funnel_make_empty(const Const *pattern);

/* Fails unless two funnels are of one pattern, or one of them of none. */
extern void funnel_check_same_pattern(const FunnelSummary *a, const FunnelSummary *b);

/* Fails unless a row brings the pattern of the rows before it. */
extern void funnel_check_pattern(const CompiledPattern *compiled, bool is_null, Datum pattern);

/* Encodes what came from outside, after checking it as bytes from outside are checked. */
extern Datum funnel_make_checked(const FunnelSummary *summary);

#endif							/* KPI_FUNNEL_H */
