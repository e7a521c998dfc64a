/*
 * any_order.c: matching with `any order`: how many steps are done inside one window, an event a step.
 *
 * Sets of events that can each have a step of their own are the independent sets of a matroid
 * (transversal). Walking the events in time order, a largest such set of the latest possible events is
 * kept: a new event is added if a step can be made free for it, else it takes the place of the oldest
 * event that can be spared. Of such a set the events inside any window that ends now are a largest set
 * for that window, so one set of at most `steps` events answers for all windows at once.
 */
#include "language/program.h"

#include <string.h>

typedef struct Holder
{
	bool		present;
	int64_t		at;
	uint64_t	steps;			/* that its event fulfils */
} Holder;

struct AnyOrder
{
	const Program *program;
	Holder		holders[PATTERN_MAX_STEPS]; /* by step: the event that has it */
};

AnyOrder *
any_order_make(HostArena arena, const Program *program)
{
	AnyOrder   *scratch = host_alloc0(arena, sizeof(AnyOrder));

	scratch->program = program;
	return scratch;
}

/* Puts an event that is not older than any other into the set. */
static void
insert(Holder *holders, int64_t at, uint64_t steps)
{
	int8_t		from[PATTERN_MAX_STEPS];	/* whose holder would move there; -1: the new event */
	uint8_t		queue[PATTERN_MAX_STEPS];
	int			head = 0;
	int			tail = 0;
	int			oldest = -1;
	uint64_t	visited = steps;
	int			step;

	for (uint64_t rest = steps; rest != 0; rest &= rest - 1)
	{
		step = __builtin_ctzll(rest);
		from[step] = -1;
		queue[tail++] = (uint8_t) step;
	}
	while (head < tail)
	{
		step = queue[head++];
		if (!holders[step].present)
		{
			oldest = step;
			break;
		}
		if (oldest < 0 || holders[step].at < holders[oldest].at)
			oldest = step;
		for (uint64_t rest = holders[step].steps & ~visited; rest != 0; rest &= rest - 1)
		{
			int			other = __builtin_ctzll(rest);

			visited |= UINT64_C(1) << other;
			from[other] = (int8_t) step;
			queue[tail++] = (uint8_t) other;
		}
	}
	/* `oldest` is free, or its holder gives way: everyone on the way to it moves on by one. */
	for (step = oldest; from[step] >= 0; step = from[step])
		holders[step] = holders[from[step]];
	holders[step].present = true;
	holders[step].at = at;
	holders[step].steps = steps;
}

/* With `reuse rows` an event stands for every step that it fulfils. */
static void
insert_shared(Holder *holders, int64_t at, uint64_t steps)
{
	for (; steps != 0; steps &= steps - 1)
	{
		Holder	   *holder = &holders[__builtin_ctzll(steps)];

		holder->present = true;
		holder->at = at;
		holder->steps = steps & -steps;
	}
}

/* Sorted times of the events in the window that ends at `now`; how many. */
static int
window_times(const Program *program, const Holder *holders, int64_t now, int64_t *times)
{
	int			count = 0;

	for (int s = 0; s < program->nsteps; s++)
	{
		const Holder *holder = &holders[s];
		int			i = count;

		if (!holder->present || moment_span(holder->at, now) > program->within)
			continue;
		for (; i > 0 && times[i - 1] > holder->at; i--)
			times[i] = times[i - 1];
		times[i] = holder->at;
		count++;
	}
	return count;
}

/* The same for a window that must hold the given event, which lies before all that are held. */
static void
window_times_with(const AnyOrder *scratch, int64_t now, Holder event, int64_t *times)
{
	const Program *program = scratch->program;
	Holder		holders[PATTERN_MAX_STEPS];

	for (int s = 0; s < program->nsteps; s++)
	{
		holders[s] = scratch->holders[s];
		if (holders[s].present && moment_span(holders[s].at, now) > program->within)
			holders[s].present = false;
	}
	/* Any event that fulfils a step is in some largest set, so nothing is lost. */
	if (program->reuse_rows)
		insert_shared(holders, event.at, event.steps & -event.steps);
	else
		insert(holders, event.at, event.steps);
	window_times(program, holders, now, times);
}

void
any_order_run(AnyOrder *scratch, const EventSeq *events, EntrySpan entry, Chase *chase)
{
	const Program *program = scratch->program;
	Holder	   *holders = scratch->holders;
	Holder		entered = {0};	/* the last event that may be the first of a window */
	int64_t		times[PATTERN_MAX_STEPS];

	memset(holders, 0, sizeof(scratch->holders));
	for (size_t i = 0; i < events->count; i++)
	{
		Event		event = event_at(events, i);
		int64_t		at = event.at;
		uint64_t	steps = program_meaning(program, event.code).steps;
		int			done;

		if ((i & 1023) == 0)
			host_check_interrupts();
		if (steps != 0 && at >= entry.from)
		{
			if (at <= entry.to)
			{
				entered.present = true;
				entered.at = at;
				entered.steps = steps;
			}
			if (program->reuse_rows)
				insert_shared(holders, at, steps);
			else
				insert(holders, at, steps);
		}
		if ((i + 1 < events->count && event_at(events, i + 1).at == at) ||
			!entered.present || moment_span(entered.at, at) > program->within)
			continue;
		done = window_times(program, holders, at, times);
		if (done > chase->level)
		{
			/* The latest events may all lie behind the span of entries. */
			if (times[0] > entered.at)
				window_times_with(scratch, at, entered, times);
			chase->level = done;
			memcpy(chase->at, times, done * sizeof(int64_t));
		}
		if (done == program->nsteps)
		{
			chase->completions++;
			if (at == MOMENT_MAX)
				break;
			memset(holders, 0, sizeof(scratch->holders));
			entered.present = false;
			entry.from = at + 1;
		}
	}
	chase->reached = (UINT64_C(1) << chase->level) - 1;
	chase->taken = chase->reached;
}
