/*
 * chain_quick.c: the plain case of chain.c for the events of one actor in memory: every event fulfils one step and
 * only `within` binds.
 *
 * Which step comes next is anybody's guess, so the loop does without branches that depend on it: of the chain kept
 * for a step only its beginning is needed to decide what continues it. Whether an event continued (or began) a
 * chain is noted, and the times of the one chain that is asked for are found by going back.
 */
#include "language/program.h"

#define QUICK_MAX_EVENTS	2048
#define DEAD				(UINT64_C(1) << 63)	/* farther away than any time */

/* A choice without a branch, which compilers would make of `?:` here. */
static inline uint64_t
choose(bool condition, uint64_t yes, uint64_t no)
{
	return no ^ ((no ^ yes) & (0 - (uint64_t) condition));
}

bool
chain_quick(const Program *program, const Event *events, size_t count, EntrySpan entry, Chase *chase)
{
	const uint64_t limit = (uint64_t) program->within;	/* SPAN_FOREVER is just below DEAD */
	const unsigned nsteps = (unsigned) program->nsteps;
	uint64_t	begins[PATTERN_MAX_STEPS + 1];	/* by step (from 1): when its chain began, or DEAD */
	uint8_t		taken[QUICK_MAX_EVENTS];	/* whether the event continued or began a chain */
	uint64_t	from;			/* entries are allowed from here .. */
	uint64_t	to;				/* .. to here; times count from the first event */
	int64_t		first_at;
	unsigned	level = 0;
	size_t		best = 0;		/* the event that reached it first */

	if (count == 0 || count > QUICK_MAX_EVENTS)
		return false;
	/* infinities have rules of their own, and differences must stay below DEAD */
	first_at = events[0].at;
	if (first_at == MOMENT_MIN || events[count - 1].at == MOMENT_MAX || entry.to < first_at || entry.from > entry.to ||
		(uint64_t) events[count - 1].at - (uint64_t) first_at >= DEAD)
		return false;
	from = entry.from <= first_at ? 0 : (uint64_t) entry.from - (uint64_t) first_at;
	to = (uint64_t) entry.to - (uint64_t) first_at;
	for (unsigned step = 0; step <= nsteps; step++)
		begins[step] = DEAD;
	for (size_t i = 0; i < count; i++)
	{
		uint64_t	at = (uint64_t) events[i].at - (uint64_t) first_at;
		unsigned	step = (unsigned) events[i].code;
		uint64_t	begin;
		bool		ok;
		bool		better;

		/* what the first step continues */
		begins[0] = choose(at - from <= to - from, at, DEAD);
		begin = begins[step - 1];
		ok = at - begin <= limit;
		better = ok & (step > level);
		begins[step] = choose(ok, begin, begins[step]);
		taken[i] = ok;
		best = choose(better, i, best);
		level = (unsigned) choose(better, step, level);
		if (ok & (step == nsteps))
		{
			/* a pass is complete; the next one begins later */
			chase->completions++;
			for (unsigned s = 0; s <= nsteps; s++)
				begins[s] = DEAD;
			from = at + 1;
			if (from > to)
				break;
		}
	}
	chase->level = (int) level;
	chase->reached = chase->taken = (UINT64_C(1) << level) - 1;
	for (unsigned step = level; step > 0; step--)
	{
		/* the chain that an event continues is the one that was kept last */
		while (events[best].code != step || !taken[best])
			best--;
		chase->at[step - 1] = events[best].at;
	}
	return true;
}
