/*
 * chain.c: matching in the order of the steps; see chain.h for what is computed.
 *
 * The events are walked instant by instant. For each place of a route one chain is kept: the one that
 * ended there last. It is also the one that began last of all that can still be continued, so no other
 * could do better, neither for `within` (which asks for a late start) nor for '<=' (a late end), nor for
 * bars in between (a late end): whatever could overtake it can be spliced onto it. Two things need care:
 *
 *   - A minimum span asks for a chain that ended early enough. So a route is cut into legs before each
 *     arrow with a minimum, and each leg walks the events with a cursor of its own, behind the cursor of
 *     the leg after it by that minimum: what it has reached then is just what may be continued now.
 *   - Several events at one instant may stand in whatever order suits, one event a step, and events that an
 *     arrow bars must find a place where they do no harm. For a stretch of steps taken within the
 *     instant that is a question of two matchings between events and steps (Mendelsohn and Dulmage: if
 *     one matching covers all the steps and another one all the harmful events, one covers both).
 *
 * Time is O(events x steps) for each route, and at instants of several events that fulfil several steps
 * up to steps^3 more; space is O(steps^2), for the times of the chains.
 */
#include "language/program.h"

#include <string.h>

/* The chain kept for one place of a route. */
typedef struct Node
{
	bool		alive;			/* there is one, and it can be continued */
	int64_t		first;
	int64_t		last;
	int64_t    *times;			/* of its events, by place, from where it began */
} Node;

/* Where the matching along one route stands. */
typedef struct Walk
{
	const Route *route;
	int			entrance;		/* the place where chains begin; -1: the route is not walked */
	Node	   *nodes;			/* by place */
	bool	   *barred;			/* by place: an event barred on the arrow to it was seen, ... */
	int64_t    *barred_at;		/* ... last at this time */
	size_t	   *cursor;			/* by leg */
	uint64_t	reached;		/* bits by place */
	int			level;			/* deepest place reached + 1 */
	int64_t    *best;			/* times of the chain that got there first */
	bool		complete;		/* a complete pass has ended since the last restart */
} Walk;

struct Chaser
{
	const Program *program;
	HostArena	arena;
	Walk	   *walks;			/* by route */
	AnyOrder   *any_order;
	Meaning    *meanings;		/* of the events of one instant */
	size_t		meanings_size;
	/* of the run at hand */
	EventSeq	events;
	EntrySpan	entry;
};

Chaser *
chaser_make(HostArena arena, const Program *program)
{
	Chaser	   *chaser = host_alloc0(arena, sizeof(Chaser));

	chaser->program = program;
	chaser->arena = arena;
	if (program->any_order)
	{
		chaser->any_order = any_order_make(arena, program);
		return chaser;
	}
	chaser->walks = host_alloc0(arena, program->nroutes * sizeof(Walk));
	for (int r = 0; r < program->nroutes; r++)
	{
		Walk	   *walk = &chaser->walks[r];
		int			length = program->routes[r].length;

		walk->route = &program->routes[r];
		walk->nodes = host_alloc0(arena, length * sizeof(Node));
		walk->barred = host_alloc0(arena, length * sizeof(bool));
		walk->barred_at = host_alloc0(arena, length * sizeof(int64_t));
		walk->cursor = host_alloc0(arena, length * sizeof(size_t));
		walk->best = host_alloc0(arena, length * sizeof(int64_t));
		for (int place = 0; place < length; place++)
			walk->nodes[place].times = host_alloc0(arena, (place + 1) * sizeof(int64_t));
	}
	return chaser;
}

static inline bool
may_enter(const EntrySpan *entry, int64_t at)
{
	return at >= entry->from && at <= entry->to;
}

/* ---- the general walk ---- */

static inline int
first_place(const Walk *walk, int leg)
{
	return walk->route->leg_start[leg];
}

/* Whether the chain kept for the place before `place` may be continued there at time `at`. */
static inline bool
may_continue(const Chaser *chaser, const Walk *walk, int place, int64_t at)
{
	const Program *program = chaser->program;
	const Node *node = &walk->nodes[place - 1];
	const Link *link = &program->links[walk->route->step[place]];
	int64_t		gap;

	if (!node->alive || (walk->barred[place] && node->last < walk->barred_at[place]))
		return false;
	gap = moment_span(node->last, at);
	return gap >= link->min_span && gap <= link->max_span &&
		!(program->strictly_increasing && gap == 0) &&
		moment_span(node->first, at) <= program->within;
}

/*
 * A chain now ends at `place` at time `at`, its events from place `start` on being of this instant. It
 * continues the one kept for place start - 1, or is a new one if `fresh`. Notes what is reached;
 * keeps it for being continued if `keep`.
 */
static void
chain_ends(Walk *walk, int start, bool fresh, int place, int64_t at, bool keep)
{
	const Node *source = fresh ? NULL : &walk->nodes[start - 1];
	int64_t    *times;

	walk->reached |= UINT64_C(1) << place;
	if (place + 1 > walk->level)
	{
		walk->level = place + 1;
		times = walk->best;
		if (source != NULL)
			memcpy(times, source->times, start * sizeof(int64_t));
		for (int p = start; p <= place; p++)
			times[p] = at;
	}
	if (place + 1 == walk->route->complete)
		walk->complete = true;
	if (keep)
	{
		Node	   *node = &walk->nodes[place];

		times = node->times;
		if (source != NULL)
			memcpy(times, source->times, start * sizeof(int64_t));
		for (int p = start; p <= place; p++)
			times[p] = at;
		node->alive = true;
		node->first = source != NULL ? source->first : at;
		node->last = at;
	}
}

/* A single event at its instant. */
static void
walk_event(Chaser *chaser, Walk *walk, int leg, int64_t at, uint64_t steps)
{
	const Route *route = walk->route;
	int			from = first_place(walk, leg);
	int			to = first_place(walk, leg + 1);
	bool		enter = may_enter(&chaser->entry, at);

	for (int i = from; i < to; i++)
	{
		/* Downwards, so that the event serves one step; upwards, it may serve several. */
		int			place = chaser->program->reuse_rows ? i : to - 1 - (i - from);

		if ((steps & (UINT64_C(1) << route->step[place])) == 0)
			continue;
		if (place == walk->entrance ? enter : place > 0 && may_continue(chaser, walk, place, at))
			chain_ends(walk, place, place == walk->entrance, place, at, true);
	}
}

/* ---- several events at one instant ---- */

/* Lets event `index` have a step among `steps`, moving others if need be. owner[step] is an event or -1. */
static bool
match_event(const Meaning *meanings, int index, uint64_t steps, int *owner, uint64_t *visited)
{
	uint64_t	wanted;

	while ((wanted = meanings[index].steps & steps & ~*visited) != 0)
	{
		int			step = __builtin_ctzll(wanted);

		*visited |= UINT64_C(1) << step;
		if (owner[step] < 0 || match_event(meanings, owner[step], steps, owner, visited))
		{
			owner[step] = index;
			return true;
		}
	}
	return false;
}

/* Lets `step` have an event of its own, moving others if need be. used[event] is its step + 1, or 0. */
static bool
match_step(const Meaning *meanings, int count, int step, uint8_t *used, uint8_t *visited)
{
	for (int e = 0; e < count; e++)
	{
		if ((meanings[e].steps & (UINT64_C(1) << step)) == 0 || visited[e])
			continue;
		visited[e] = 1;
		if (used[e] == 0 || match_step(meanings, count, used[e] - 1, used, visited))
		{
			used[e] = (uint8_t) (step + 1);
			return true;
		}
	}
	return false;
}

/*
 * Meanings of the events [begin, end). Of events that mean the same, no more are kept than a chain can use
 * plus one that is left over; the events are sorted by code, so these stand together.
 */
static int
instant_meanings(Chaser *chaser, size_t begin, size_t end)
{
	const Program *program = chaser->program;
	int			count = 0;
	int			same = 0;
	uint64_t	last = 0;

	for (size_t i = begin; i < end; i++)
	{
		uint64_t	code = event_at(&chaser->events, i).code;

		if ((i & 0xffff) == 0xffff)
			host_check_interrupts();
		if (i > begin && code == last)
		{
			if (++same > program->nsteps)
				continue;
		}
		else
			same = 0;
		last = code;
		if ((size_t) count == chaser->meanings_size)
		{
			chaser->meanings_size = chaser->meanings_size == 0 ? 64 : chaser->meanings_size * 2;
			host_free(chaser->meanings);
			chaser->meanings = host_alloc(chaser->arena,
										  host_array_size(chaser->meanings_size, sizeof(Meaning)));
			/* start over: the array is new */
			return instant_meanings(chaser, begin, end);
		}
		chaser->meanings[count++] = program_meaning(program, code);
	}
	return count;
}

/*
 * How far from place `start` the events of an instant can fulfil the steps, each with an event of its
 * own: the first place that they can't, at most `to`.
 */
static int
farthest_place(const Chaser *chaser, const Walk *walk, int count, uint64_t present, int start, int to)
{
	const Program *program = chaser->program;
	const Meaning *meanings = chaser->meanings;
	uint8_t    *used = NULL;
	uint8_t    *visited = NULL;
	int			place = start;

	if (program->strictly_increasing && to > start + 1)
		to = start + 1;
	for (; place < to; place++)
	{
		int			step = walk->route->step[place];

		if ((present & (UINT64_C(1) << step)) == 0)
			break;
		if (program->single || program->reuse_rows || place == start)
		{
			/* nobody else can want its event, or it may be shared, or it is the first to choose */
			if (place == start && !program->single && !program->reuse_rows && to > start + 1)
			{
				used = host_alloc0(NULL, 2 * (size_t) count);
				visited = used + count;
				match_step(meanings, count, step, used, visited);
			}
			continue;
		}
		memset(visited, 0, count);
		if (!match_step(meanings, count, step, used, visited))
			break;
	}
	host_free(used);
	return place;
}

/*
 * Whether a chain that takes the places start .. place at this instant, entering over the arrow to
 * `start`, can go on over the arrow to place + 1: every event that is left over must find an arrow
 * among these that does not bar it, so those barred on all of them must be among the ones taken.
 */
static bool
leaves_no_harm(const Chaser *chaser, const Walk *walk, int count, int start, bool fresh, int place)
{
	const Route *route = walk->route;
	uint64_t	arrows = 0;
	uint64_t	steps = 0;
	uint64_t	visited;
	int			owner[PATTERN_MAX_STEPS];

	if (!chaser->program->guarded || chaser->program->reuse_rows || fresh ||
		place + 1 >= route->length)
		return true;
	for (int p = start; p <= place + 1; p++)
		arrows |= UINT64_C(1) << route->step[p];
	for (int p = start; p <= place; p++)
	{
		steps |= UINT64_C(1) << route->step[p];
		owner[route->step[p]] = -1;
	}
	for (int e = 0; e < count; e++)
	{
		if ((chaser->meanings[e].barred & arrows) != arrows)
			continue;
		visited = 0;
		if (!match_event(chaser->meanings, e, steps, owner, &visited))
			return false;
	}
	return true;
}

/* Several events at one instant: chains may take a stretch of places start .. place from it. */
static void
walk_instant(Chaser *chaser, Walk *walk, int leg, int64_t at, int count)
{
	int			from = first_place(walk, leg);
	int			to = first_place(walk, leg + 1);
	bool		enter = may_enter(&chaser->entry, at);
	uint64_t	present = 0;
	int			farthest[PATTERN_MAX_STEPS];	/* of a stretch from here; none: itself */

	for (int e = 0; e < count; e++)
		present |= chaser->meanings[e].steps;
	for (int start = from; start < to; start++)
	{
		bool		begins = start == walk->entrance ? enter :
			start > 0 && may_continue(chaser, walk, start, at);

		farthest[start] = begins ? farthest_place(chaser, walk, count, present, start, to) : start;
	}
	/* Downwards, so that the chains kept for the places before are still those from before the instant. */
	for (int place = to - 1; place >= from; place--)
	{
		bool		kept = false;

		/*
		 * A chain that takes more of this instant began later, so the smallest start that leaves no
		 * harm is kept.
		 */
		for (int start = from; start <= place && !kept; start++)
		{
			bool		fresh = start == walk->entrance;

			if (farthest[start] <= place)
				continue;
			kept = leaves_no_harm(chaser, walk, count, start, fresh, place);
			chain_ends(walk, start, fresh, place, at, kept);
		}
	}
}

/* ---- walking the legs ---- */

/*
 * Lets a leg walk all events up to time `until` that lie at least `behind` before it; the legs before it
 * go ahead as far as it needs them.
 */
static void
walk_leg(Chaser *chaser, Walk *walk, int leg, int64_t until, int64_t behind)
{
	const EventSeq *events = &chaser->events;

	while (walk->cursor[leg] < events->count)
	{
		size_t		begin = walk->cursor[leg];
		size_t		end = begin + 1;
		Event		first = event_at(events, begin);
		int64_t		at = first.at;
		uint64_t	barred = 0;

		if (at > until || moment_span(at, until) < behind)
			return;
		while (end < events->count && event_at(events, end).at == at)
			end++;
		walk->cursor[leg] = end;
		if (leg > 0)
			walk_leg(chaser, walk, leg - 1, at,
					 chaser->program->links[walk->route->step[first_place(walk, leg)]].min_span);
		if (end == begin + 1)
		{
			Meaning		meaning = program_meaning(chaser->program, first.code);

			walk_event(chaser, walk, leg, at, meaning.steps);
			barred = meaning.barred;
		}
		else
		{
			int			count = instant_meanings(chaser, begin, end);

			walk_instant(chaser, walk, leg, at, count);
			for (int e = 0; e < count; e++)
				barred |= chaser->meanings[e].barred;
		}
		if (barred == 0)
			continue;
		for (int place = first_place(walk, leg); place < first_place(walk, leg + 1); place++)
		{
			if (barred & (UINT64_C(1) << walk->route->step[place]))
			{
				walk->barred[place] = true;
				walk->barred_at[place] = at;
			}
		}
	}
}

static void
walk_begin(Walk *walk)
{
	for (int place = 0; place < walk->route->length; place++)
	{
		walk->nodes[place].alive = false;
		walk->barred[place] = false;
	}
	for (int leg = 0; leg < walk->route->nlegs; leg++)
		walk->cursor[leg] = 0;
	walk->reached = 0;
	walk->level = 0;
	walk->complete = false;
}

/* The place of a step on a route; -1 if it is left out. */
static int
place_of(const Route *route, int step)
{
	for (int place = 0; place < route->length; place++)
		if (route->step[place] == step)
			return place;
	return -1;
}

/*
 * Walks all routes side by side, for chains that begin at `step`. With `count_passes`, every complete pass on any of them ends all chains
 * and the next may begin only after that instant; returns how many there were. Only the routes that end
 * where a pass is complete matter then.
 */
static int64_t
walk_all(Chaser *chaser, EntrySpan entry, int step, bool count_passes)
{
	const Program *program = chaser->program;
	int64_t		passes = 0;

	chaser->entry = entry;
	for (int r = 0; r < program->nroutes; r++)
	{
		Walk	   *walk = &chaser->walks[r];

		walk_begin(walk);
		walk->entrance = count_passes && walk->route->complete < walk->route->length ? -1 :
			place_of(walk->route, step);
	}
	for (size_t i = 0; i < chaser->events.count; i++)
	{
		int64_t		at = event_at(&chaser->events, i).at;
		bool		complete = false;

		if ((i & 1023) == 0)
			host_check_interrupts();
		if (i + 1 < chaser->events.count && event_at(&chaser->events, i + 1).at == at)
			continue;
		for (int r = 0; r < program->nroutes; r++)
		{
			Walk	   *walk = &chaser->walks[r];

			if (walk->entrance < 0)
				continue;
			walk_leg(chaser, walk, walk->route->nlegs - 1, at, 0);
			complete |= walk->complete;
		}
		if (!complete || !count_passes)
			continue;
		passes++;
		if (at == MOMENT_MAX)
			break;
		chaser->entry.from = at + 1;
		for (int r = 0; r < program->nroutes; r++)
		{
			chaser->walks[r].complete = false;
			for (int place = 0; place < chaser->walks[r].route->length; place++)
				chaser->walks[r].nodes[place].alive = false;
		}
	}
	for (int r = 0; r < program->nroutes; r++)
	{
		Walk	   *walk = &chaser->walks[r];

		for (int leg = walk->route->nlegs - 1; walk->entrance >= 0 && leg >= 0; leg--)
			walk_leg(chaser, walk, leg, MOMENT_MAX, 0);
	}
	return passes;
}

/* The pattern's steps behind a route's places. */
static uint64_t
places_to_steps(const Route *route, uint64_t places)
{
	uint64_t	steps = 0;

	for (; places != 0; places &= places - 1)
		steps |= UINT64_C(1) << route->step[__builtin_ctzll(places)];
	return steps;
}

/* Whether the best chain of a route is better than the one noted so far. */
static bool
better_chain(const Walk *walk, int depth, const Walk *best, int best_depth)
{
	int64_t		end = walk->best[walk->level - 1];
	int64_t		best_end;

	if (best == NULL || depth != best_depth)
		return best == NULL || depth > best_depth;
	best_end = best->best[best->level - 1];
	return end < best_end || (end == best_end && walk->best[0] > best->best[0]);
}

static void
run_in_order(Chaser *chaser, EntrySpan entry, Chase *chase)
{
	const Program *program = chaser->program;
	const Walk *best = NULL;
	int			best_depth = 0;

	/* Ending the chains at a complete pass hides nothing unless some step may follow it. */
	chase->completions = walk_all(chaser, entry, 0, program->nroutes == 1);
	for (int r = 0; r < program->nroutes; r++)
	{
		const Walk *walk = &chaser->walks[r];
		int			depth;

		if (walk->level == 0)
			continue;
		depth = walk->route->step[walk->level - 1] + 1;
		chase->reached |= places_to_steps(walk->route, walk->reached);
		if (better_chain(walk, depth, best, best_depth))
		{
			best = walk;
			best_depth = depth;
		}
	}
	chase->level = best_depth;
	if (best != NULL)
	{
		for (int place = 0; place < best->level; place++)
		{
			chase->taken |= UINT64_C(1) << best->route->step[place];
			chase->at[best->route->step[place]] = best->best[place];
		}
	}
	if (program->nroutes > 1)
		chase->completions = walk_all(chaser, entry, 0, true);
	if (!program->open)
		return;
	/*
	 * Chains that begin at different steps can't stand for one another (which is the latest to begin
	 * depends on the step), so each beginning is a walk of its own.
	 */
	chase->closed = chase->reached;
	chase->continued = chase->reached & ~UINT64_C(1);
	for (int step = 1; step < program->nsteps; step++)
	{
		uint64_t	reached = 0;

		walk_all(chaser, entry, step, false);
		for (int r = 0; r < program->nroutes; r++)
			if (chaser->walks[r].entrance >= 0)
				reached |= places_to_steps(chaser->walks[r].route, chaser->walks[r].reached);
		chase->reached |= reached;
		chase->continued |= reached & ~(UINT64_C(1) << step);
	}
	chase->level = chase->reached == 0 ? 0 : 64 - __builtin_clzll(chase->reached);
}

/* ---- the plain case ---- */

/*
 * Every event fulfils one step and only `within` binds. Codes are step numbers, so within an instant the
 * events come in the order of the steps, and one after the other is right.
 */
static inline __attribute__((always_inline)) void
run_simple(Chaser *chaser, const EventSeq *events, EntrySpan entry, Chase *chase)
{
	Walk	   *walk = &chaser->walks[0];
	Node	   *nodes = walk->nodes;
	int			nsteps = chaser->program->nsteps;
	int64_t		within = chaser->program->within;

	for (int s = 0; s < nsteps; s++)
		nodes[s].alive = false;
	for (size_t i = 0; i < events->count; i++)
	{
		Event		event = event_at(events, i);
		int64_t		at = event.at;
		int			s = (int) event.code - 1;
		Node	   *node = &nodes[s];

		if ((i & 0xffff) == 0xffff)
			host_check_interrupts();
		if (s == 0)
		{
			if (!may_enter(&entry, at))
				continue;
		}
		else
		{
			const Node *source = node - 1;

			if (!source->alive || moment_span(source->times[0], at) > within)
				continue;
			for (int t = 0; t < s; t++)
				node->times[t] = source->times[t];
		}
		node->times[s] = at;
		node->alive = true;
		if (s >= chase->level)
		{
			chase->level = s + 1;
			memcpy(chase->at, node->times, (s + 1) * sizeof(int64_t));
		}
		if (s == nsteps - 1)
		{
			chase->completions++;
			for (int t = 0; t < nsteps; t++)
				nodes[t].alive = false;
			if (at == MOMENT_MAX)
				break;
			entry.from = at + 1;
		}
	}
	chase->reached = (UINT64_C(1) << chase->level) - 1;
	chase->taken = chase->reached;
}

void
chaser_run(Chaser *chaser, const EventSeq *events, EntrySpan entry, Chase *chase)
{
	const Program *program = chaser->program;

	chase->level = 0;
	chase->reached = 0;
	chase->continued = 0;
	chase->closed = 0;
	chase->completions = 0;
	chase->taken = 0;
	if (program->first_entry)
	{
		size_t		i = 0;

		for (; i < events->count; i++)
		{
			Event		event = event_at(events, i);

			if (may_enter(&entry, event.at) && program_is_entry(program, event.code))
				break;
		}
		if (i == events->count)
			return;
		entry.from = entry.to = event_at(events, i).at;
	}
	if (program->any_order)
	{
		any_order_run(chaser->any_order, events, entry, chase);
		return;
	}
	if (!program->simple || program->open)
	{
		chaser->events = *events;
		run_in_order(chaser, entry, chase);
	}
	else if (events->words != NULL && events->stride == 2)
	{
		/* compiled for the usual case */
		EventSeq	array = event_seq_of_array((const Event *) events->words, events->count);

		run_simple(chaser, &array, entry, chase);
	}
	else
		run_simple(chaser, events, entry, chase);
}
