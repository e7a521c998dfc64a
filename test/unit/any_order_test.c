/*
 * any_order_test.c: `any order` with up to 63 steps and hundreds of events, where chain_test's naive matcher, which tries every choice,
 * would never end: against a largest matching of the events of every window with the steps, found by augmenting paths.
 *
 * KPI_SEED chooses other random cases, KPI_CASES how many.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "language/chain.h"
#include "random.h"

#define MOST_EVENTS 300

typedef struct Reference
{
	int			level;
	int64_t		completions;
} Reference;

typedef struct Case
{
	int			nsteps;
	bool		reuse;
	int64_t		within;			/* -1: no window */
	int			count;
	int64_t		at[MOST_EVENTS];	/* in order */
	uint64_t	masks[MOST_EVENTS]; /* the steps that the event can do */
} Case;

/* ---- the reference ---- */

static int	holder[64];			/* by step: the event that has it, or -1 */

/* Finds a step for an event, moving others on: Kuhn's algorithm. */
static bool
augment(const Case *c, int event, uint64_t *visited)
{
	for (int step = 0; step < c->nsteps; step++)
	{
		if ((c->masks[event] >> step & 1) == 0 || (*visited >> step & 1) != 0)
			continue;
		*visited |= UINT64_C(1) << step;
		if (holder[step] < 0 || augment(c, holder[step], visited))
		{
			holder[step] = event;
			return true;
		}
	}
	return false;
}

/* How many steps the events first .. last - 1 can do. */
static int
steps_done(const Case *c, int first, int last)
{
	uint64_t	all = 0;
	int			done = 0;

	for (int step = 0; step < 64; step++)
		holder[step] = -1;
	for (int i = first; i < last; i++)
	{
		uint64_t	visited = 0;

		all |= c->masks[i];
		if (!c->reuse)
			done += augment(c, i, &visited);
	}
	return c->reuse ? __builtin_popcountll(all) : done;
}

/* The earliest window that is full ends a completion; the next one begins later than it. */
static Reference
reference(const Case *c)
{
	Reference	result = {0, 0};
	int			begin = 0;

	for (int last = 1; last <= c->count; last++)
	{
		int64_t		now = c->at[last - 1];
		int			first = begin;
		int			done;

		/* all of an instant together */
		if (last < c->count && c->at[last] == now)
			continue;
		while (c->within >= 0 && first < last && now - c->at[first] > c->within)
			first++;
		done = steps_done(c, first, last);
		if (done > result.level)
			result.level = done;
		if (done == c->nsteps)
		{
			result.completions++;
			begin = last;
		}
	}
	return result;
}

/* ---- the matcher ---- */

static Chase
chase_of(const Case *c)
{
	char		text[600];
	size_t		length = 0;
	Pattern		pattern;
	LanguageError error;
	Program    *program;
	Event	   *events = malloc(sizeof(Event) * (size_t) (c->count + 1));
	int			count = 0;
	EventSeq	seq;
	Chase		chase;

	for (int step = 1; step <= c->nsteps; step++)
		length += (size_t) sprintf(text + length, "%s%d", step > 1 ? " -> " : "", step);
	length += (size_t) sprintf(text + length, " any order%s", c->reuse ? " reuse rows" : "");
	if (c->within >= 0)
		length += (size_t) sprintf(text + length, " within %" PRId64 " sec", c->within / 1000000);
	if (!pattern_parse(text, length, true, NULL, &pattern, &error))
	{
		printf("# %s: %s\n", text, error.message);
		exit(1);
	}
	program = program_make(NULL, &pattern, true);
	for (int i = 0; i < c->count; i++)
	{
		events[count].at = c->at[i];
		events[count].code = program_mask_code(program, c->masks[i]);
		if (events[count].code != 0)
			count++;
	}
	/* within an instant, codes are sorted */
	for (int i = 1; i < count; i++)
		for (int j = i; j > 0 && events[j - 1].at == events[j].at && events[j - 1].code > events[j].code; j--)
		{
			Event		other = events[j];

			events[j] = events[j - 1];
			events[j - 1] = other;
		}
	seq = event_seq_of_array(events, (size_t) count);
	chaser_run(chaser_make(NULL, program), &seq, (EntrySpan) {MOMENT_MIN, MOMENT_MAX}, &chase);
	free(events);
	return chase;
}

/* ---- cases ---- */

static uint64_t
all_steps(const Case *c)
{
	return (UINT64_C(1) << c->nsteps) - 1;
}

/* What makes choices hard: events that do few steps or many, neighbours in a ring, one step that only one rare event does. */
static void
make_case(Case *c, int kind)
{
	int64_t		at = 0;
	int			density = 1 + (int) (random_bits() % 6);

	c->nsteps = chance(30) ? 63 : 13 + (int) (random_bits() % 51);
	c->reuse = chance(15);
	c->count = 1 + (int) (random_bits() % MOST_EVENTS);
	c->within = chance(30) ? -1 : (int64_t) (random_bits() % (uint64_t) (4 * c->nsteps)) * 1000000;
	for (int i = 0; i < c->count; i++)
	{
		uint64_t	mask = 0;
		int			step = (int) (random_bits() % (uint64_t) c->nsteps);

		at += (int64_t) (random_bits() % 3) * 1000000;
		switch (kind)
		{
			case 0:				/* some steps each */
				for (int n = 0; n < density; n++)
					mask |= UINT64_C(1) << random_bits() % (uint64_t) c->nsteps;
				break;
			case 1:				/* neighbours: long ways on which everyone moves by one */
				mask = UINT64_C(1) << step | UINT64_C(1) << (step + 1) % c->nsteps;
				break;
			case 2:				/* each a beginning of the steps: only one order fits */
				mask = all_steps(c) >> (c->nsteps - 1 - step);
				break;
			case 3:				/* all of them, or one */
				mask = chance(50) ? all_steps(c) : UINT64_C(1) << step;
				break;
			case 4:				/* one after the other, so that windows are filled */
				mask = UINT64_C(1) << (i + (chance(10) ? step : 0)) % c->nsteps;
				break;
			default:			/* no step at all, too */
				mask = random_bits() & random_bits() & all_steps(c) & (chance(20) ? 0 : UINT64_MAX);
		}
		c->at[i] = at;
		c->masks[i] = mask;
	}
}

static void
test_random(long cases)
{
	static const char *const kinds[] = {"few steps each", "neighbours", "beginnings", "all or one", "one after the other", "any masks"};

	for (int kind = 0; kind < 6; kind++)
	{
		long		wrong = 0;
		long		complete = 0;
		long		partly = 0;

		for (long n = 0; n < cases; n++)
		{
			Case		c;
			Reference	right;
			Chase		fast;

			make_case(&c, kind);
			right = reference(&c);
			fast = chase_of(&c);
			complete += right.completions > 0;
			partly += right.level > 12 && right.level < c.nsteps;
			if (fast.level != right.level || fast.completions != right.completions || fast.reached != (UINT64_C(1) << fast.level) - 1)
			{
				if (wrong++ == 0)
					printf("# case %ld: %d steps, %d events: level %d for %d, completions %" PRId64 " for %" PRId64 "\n", n, c.nsteps, c.count,
						   fast.level, right.level, fast.completions, right.completions);
			}
			FORGET();
		}
		CHECK(wrong == 0 && partly > 0, "%ld actors, %s (%ld completed, %ld more than 12 steps deep)", cases, kinds[kind], complete, partly);
		CHECK(complete > 0, "some of them complete: %s", kinds[kind]);
	}
}

int
main(void)
{
	const char *seed = getenv("KPI_SEED");
	const char *cases = getenv("KPI_CASES");

	if (seed && *seed)
		random_state = (uint64_t) strtoll(seed, NULL, 10);
	test_random(cases && *cases ? strtol(cases, NULL, 10) : 300);
	return DONE();
}
