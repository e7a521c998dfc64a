/*
 * funnel.c: kpi.funnel, as an analysis: how far did actors get through a pattern?
 */
#include "analyses/funnel.h"

#include "engine/calendar.h"
#include "language/pattern_value.h"
#include "language/timeline_program.h"

/* A period that one actor entered in. */
typedef struct FunnelEntered
{
	int64		period;
	uint64		reached;
	uint64		closed;
} FunnelEntered;

typedef struct FunnelTally
{
	Tally		head;
	const CompiledPattern *compiled;
	FunnelSummary *summary;
	Chaser	   *chaser;
	Calendar   *calendar;		/* NULL without `by` */
	Stretch		stretch;		/* the one looked up last */
	bool		has_stretch;
	size_t		place;
	FunnelEntered *entered;		/* by the actor at hand */
	size_t		entered_size;
} FunnelTally;


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
		funnel_summary_add_period(tally->summary, tally->entered[e].period, tally->entered[e].reached,
								  tally->entered[e].closed, &tally->place);
}

static void
funnel_begin(Tally *head)
{
	FunnelTally *tally = (FunnelTally *) head;
	const CompiledPattern *compiled = (const CompiledPattern *) head->compiled;

	tally->compiled = compiled;
	tally->summary = (FunnelSummary *) head->summary;
	tally->chaser = chaser_make(head->context, compiled->program);
	if (compiled->pattern.grain != GRAIN_NONE)
		tally->calendar = calendar_make(compiled->pattern.grain, WEEK_STARTS_MONDAY, compiled->pattern.zone);
}

static void
funnel_add(Tally *head, const EventSeq *events)
{
	FunnelTally *tally = (FunnelTally *) head;
	Chase		chase;

	chaser_run(tally->chaser, events, all_times, &chase);
	if (chase.level == 0)
		return;
	funnel_summary_add(tally->summary, &chase);
	if (tally->calendar != NULL)
		tally_periods(tally, events);
}

static bool
funnel_add_quickly(Tally *head, uint64 fulfilled)
{
	FunnelTally *tally = (FunnelTally *) head;
	const Program *program = tally->compiled->program;
	Chase		beginner = {.level = 1, .reached = 1, .taken = 1};

	if (!program_can_begin(program, fulfilled))
		return true;
	if (tally->calendar != NULL || !program_only_begins(program, fulfilled))
		return false;
	funnel_summary_add(tally->summary, &beginner);
	return true;
}

/* ---- the analysis ---- */

static void
funnel_init(void *summary, const Compiled *compiled)
{
	funnel_summary_init(summary, compiled->text, compiled->length, &((const CompiledPattern *) compiled)->pattern);
}

SUMMARY_METHODS(funnel)

const Analysis funnel_analysis = {
	.type_name = "kpi.funnel",
	.version = 1,
	.language = &pattern_language,
	.literal_key = "pattern",
	.summary_size = sizeof(FunnelSummary),
	.tally_size = sizeof(FunnelTally),
	.init = funnel_init,
	SUMMARY_METHODS_OF(funnel),
	.push_json = funnel_push_json,
	.read_json = funnel_read_json,
	.begin = funnel_begin,
	.add = funnel_add,
	.add_quickly = funnel_add_quickly,
};

ANALYSIS_EVENTS(funnel, &funnel_analysis)
ANALYSIS_FUNCTIONS(funnel, &funnel_analysis)
