/*
 * activity.c: kpi.activity, as an analysis: who is active when, who is new, who comes back, who is gone?
 */
#include "analyses/activity.h"

#include "miscadmin.h"

#include "engine/calendar.h"
#include "language/activity_spec_value.h"

/* From here on, the windows of a day would end beyond the last day that timestamps know. Infinity is farther. */
#define LAST_MOMENT (MOMENT_BEHIND - (ACTIVITY_MONTH30 + 2) * PERIOD_DAY)

/* Ascending numbers of the periods that an actor did something in. */
typedef struct Numbers
{
	int64	   *numbers;
	size_t		count;
	size_t		size;
} Numbers;

typedef struct ActivityTally
{
	Tally		head;
	ActivitySummary *summary;
	Calendar   *calendar;
	Calendar   *days;			/* the same one by day */
	Numbers		periods;		/* of the actor at hand */
	Numbers		active_days;
} ActivityTally;

static void
activity_begin(Tally *head)
{
	ActivityTally *tally = (ActivityTally *) head;
	const PeriodClause *periods = &((const CompiledActivity *) head->compiled)->spec.periods;

	tally->summary = (ActivitySummary *) head->summary;
	tally->calendar = calendar_make(periods->grain, periods->week_start, periods->zone);
	tally->days = calendar_make(GRAIN_DAY, periods->week_start, periods->zone);
}

static void
note(Numbers *numbers, MemoryContext context, int64 number)
{
	/* zones have skipped back over a day: a period that ended does not begin again */
	if (numbers->count > 0 && number <= numbers->numbers[numbers->count - 1])
		return;
	if (numbers->count == numbers->size)
	{
		numbers->size = numbers->size * 2 + 64;
		numbers->numbers = numbers->numbers == NULL ?
			MemoryContextAllocHuge(context, mul_size(numbers->size, sizeof(int64))) :
			repalloc_huge(numbers->numbers, mul_size(numbers->size, sizeof(int64)));
	}
	numbers->numbers[numbers->count++] = number;
}

static void
activity_add(Tally *head, const EventSeq *events)
{
	ActivityTally *tally = (ActivityTally *) head;
	int64		period_to = MOMENT_MIN;
	int64		day_to = MOMENT_MIN;

	tally->periods.count = tally->active_days.count = 0;
	for (size_t i = 0; i < events->count; i++)
	{
		int64		at = event_at(events, i).at;
		const Stretch *stretch;

		if ((i & 0xffff) == 0xffff)
			CHECK_FOR_INTERRUPTS();
		if (at >= LAST_MOMENT)
			break;
		if (at == MOMENT_MIN)
			continue;
		if (at > period_to)
		{
			stretch = calendar_find(tally->calendar, at);
			note(&tally->periods, head->context, stretch->number);
			period_to = stretch->to;
		}
		if (at > day_to)
		{
			stretch = calendar_find(tally->days, at);
			note(&tally->active_days, head->context, stretch->number);
			day_to = stretch->to;
		}
	}
	activity_summary_add(tally->summary, tally->periods.numbers, tally->periods.count, tally->active_days.numbers,
						 tally->active_days.count);
}

/* ---- the analysis ---- */

static void
activity_init(void *summary, const Compiled *compiled)
{
	activity_summary_init(summary, compiled->text, compiled->length, &((const CompiledActivity *) compiled)->spec);
}

static void
activity_seen(void *summary, int64 latest)
{
	ActivitySummary *activity = summary;

	activity->latest = Max(activity->latest, latest);
}

SUMMARY_METHODS(activity)

const Analysis activity_analysis = {
	.type_name = "kpi.activity",
	.version = 1,
	.language = &activity_language,
	.summary_size = sizeof(ActivitySummary),
	.tally_size = sizeof(ActivityTally),
	.init = activity_init,
	SUMMARY_METHODS_OF(activity),
	.push_json = activity_push_json,
	.read_json = activity_read_json,
	.begin = activity_begin,
	.add = activity_add,
	.seen = activity_seen,
};

ANALYSIS_TIMES(activity, &activity_analysis)
ANALYSIS_FUNCTIONS(activity, &activity_analysis)
