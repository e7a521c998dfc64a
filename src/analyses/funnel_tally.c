/*
 * funnel_tally.c: see funnel_tally.h.
 */
#include "analyses/funnel_tally.h"

#include "language/program.h"

/* A period that one actor entered in. */
struct FunnelEntered
{
	int64		period;
	uint64		reached;
	uint64		closed;
};


static const EntrySpan all_times = {MOMENT_MIN, MOMENT_MAX};

static void
tally_look_up(FunnelTally *tally, int64 at)
{
	if (tally->has_stretch && at >= tally->stretch.from && at <= tally->stretch.to)
		return;
	tally->stretch = calendar_stretch(tally->calendar, at);
	tally->has_stretch = true;
}

/* How many of the events matter for chains that begin by `to`. */
static size_t
events_within(const EventSeq *events, int64 to, int64 within)
{
	size_t		low = 0;
	size_t		high = events->count;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		int64		at = event_at(events, middle).at;

		if (at <= to || moment_span(to, at) <= within)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Counts the actor in each period that it entered in: how far did the chains get that began there? Each
 * stretch of time with an entry is a matching of its own; the stretches of one period add up.
 */
static void
tally_periods(FunnelTally *tally, const EventSeq *events)
{
	const Program *program = tally->compiled->program;
	const Pattern *pattern = &tally->compiled->pattern;
	int64		within = pattern->has_within ? pattern->within : SPAN_FOREVER;
	size_t		nentered = 0;
	size_t		i = 0;

	while (i < events->count)
	{
		Chase		chase;
		FunnelEntered *entered = NULL;
		EntrySpan	entry;
		EventSeq	rest;
		Event		event = event_at(events, i);

		if (!program_is_entry(program, event.code))
		{
			i++;
			continue;
		}
		tally_look_up(tally, event.at);
		entry.from = tally->stretch.from;
		entry.to = tally->stretch.to;
		rest = event_seq_part(events, i, events->count - i);
		rest.count = events_within(&rest, entry.to, within);
		chaser_run(tally->chaser, &rest, entry, &chase);
		/* A change of the clocks may lead back into the period before. */
		for (size_t back = 1; back <= 2 && back <= nentered; back++)
			if (tally->entered[nentered - back].period == tally->stretch.period)
				entered = &tally->entered[nentered - back];
		if (entered == NULL)
		{
			if (nentered == tally->entered_size)
			{
				tally->entered_size = tally->entered_size * 2 + 8;
				tally->entered = nentered == 0 ?
					palloc(mul_size(tally->entered_size, sizeof(FunnelEntered))) :
					repalloc(tally->entered, mul_size(tally->entered_size, sizeof(FunnelEntered)));
			}
			entered = &tally->entered[nentered++];
			entered->period = tally->stretch.period;
			entered->reached = entered->closed = 0;
		}
		entered->reached |= chase.reached;
		entered->closed |= chase.closed;
		if (pattern->first_entry)
			break;
		while (i < events->count && event_at(events, i).at <= entry.to)
			i++;
	}
	for (size_t e = 0; e < nentered; e++)
		funnel_summary_add_period(&tally->summary, tally->entered[e].period, tally->entered[e].reached,
								  tally->entered[e].closed, &tally->place);
}

void
funnel_tally_make(FunnelTally *tally, MemoryContext context, const CompiledPattern *compiled)
{
	MemoryContext before = MemoryContextSwitchTo(context);

	memset(tally, 0, sizeof(*tally));
	tally->context = context;
	tally->compiled = compiled;
	tally->chaser = chaser_make(context, compiled->program);
	funnel_summary_init(&tally->summary, compiled->text, compiled->length, &compiled->pattern);
	if (compiled->pattern.grain != GRAIN_NONE)
		tally->calendar = calendar_make(compiled->pattern.grain, compiled->pattern.zone);
	MemoryContextSwitchTo(before);
}

void
funnel_tally_add(FunnelTally *tally, const EventSeq *events)
{
	MemoryContext before = MemoryContextSwitchTo(tally->context);
	Chase		chase;

	chaser_run(tally->chaser, events, all_times, &chase);
	if (chase.level > 0)
	{
		funnel_summary_add(&tally->summary, &chase);
		if (tally->calendar != NULL)
			tally_periods(tally, events);
	}
	MemoryContextSwitchTo(before);
}

void
funnel_tally_add_chase(FunnelTally *tally, const Chase *chase)
{
	MemoryContext before;

	host_assert(tally->calendar == NULL);
	if (chase->level == 0)
		return;
	before = MemoryContextSwitchTo(tally->context);
	funnel_summary_add(&tally->summary, chase);
	MemoryContextSwitchTo(before);
}
