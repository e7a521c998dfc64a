/*
 * analysis_tally.c: tallies. See analysis.h.
 */
#include "analyses/analysis.h"

#include "utils/memutils.h"

Tally *
tally_make(const Analysis *analysis, MemoryContext context, const Compiled *compiled)
{
	MemoryContext before = MemoryContextSwitchTo(context);
	Tally	   *tally = palloc0(analysis->tally_size);

	tally->analysis = analysis;
	tally->context = context;
	tally->compiled = compiled;
	tally->summary = palloc0(analysis->summary_size);
	analysis->init(tally->summary, compiled);
	analysis->begin(tally);
	MemoryContextSwitchTo(before);
	return tally;
}

void
tally_add(Tally *tally, const EventSeq *events)
{
	MemoryContext before = MemoryContextSwitchTo(tally->context);

	tally->analysis->add(tally, events);
	MemoryContextSwitchTo(before);
}
