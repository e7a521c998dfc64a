/*
 * funnel_tally.h: counting actors in a funnel, one at a time, wherever their events come from.
 */
#ifndef KPI_FUNNEL_TALLY_H
#define KPI_FUNNEL_TALLY_H

#include "analyses/funnel.h"

#include "engine/calendar.h"
#include "language/pattern_value.h"

/* A period that one actor entered in. */
typedef struct FunnelEntered FunnelEntered;

typedef struct FunnelTally
{
	MemoryContext context;		/* of everything below */
	const CompiledPattern *compiled;
	Chaser	   *chaser;
	FunnelSummary summary;
	Calendar   *calendar;		/* NULL without `by` */
	Stretch		stretch;		/* the one looked up last */
	bool		has_stretch;
	size_t		place;
	FunnelEntered *entered;		/* by the actor at hand */
	size_t		entered_size;
} FunnelTally;

/* A tally of nobody in `context`; the compiled pattern must live as long. */
extern void funnel_tally_make(FunnelTally *tally, MemoryContext context, const CompiledPattern *compiled);

/* Counts one actor: all its events that matter to the pattern, in order. */
extern void funnel_tally_add(FunnelTally *tally, const EventSeq *events);

/* Counts one actor who has been matched already, in a tally without a calendar. */
extern void funnel_tally_add_chase(FunnelTally *tally, const Chase *chase);

#endif							/* KPI_FUNNEL_TALLY_H */
