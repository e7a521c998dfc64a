/*
 * naive_chain.c: the definition of a match, by brute force.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "naive_chain.h"

/* A chain: which steps have an event, and when. `first` and `last` are times. */
typedef struct Chain
{
	int			first_step;
	int			last_step;
	int			count;			/* steps taken */
	uint64_t	taken;
	int64_t		at[PATTERN_MAX_STEPS];	/* by step */
	int64_t		first;
	int64_t		last;
} Chain;

typedef void (*ChainVisitor) (void *visitor, const Chain *chain);

typedef struct Search
{
	const Pattern *pattern;
	const NaiveEvent *events;
	int			count;
	EntrySpan	entry;
	int			order[NAIVE_MAX_EVENTS];	/* the events in the order that is tried */
	/* what events mean, found out once */
	bool		fulfils[PATTERN_MAX_STEPS][NAIVE_MAX_EVENTS];
	bool		excluded[PATTERN_MAX_STEPS][NAIVE_MAX_EVENTS];	/* by the arrow to the step */
	/* `first entry`: where chains start, also in `any order` */
	bool		anchored;
	bool		has_anchor;
	int64_t		anchor;
	bool		used[NAIVE_MAX_EVENTS]; /* `any order` */
	ChainVisitor visit;
	void	   *visitor;
} Search;

/* ---- events ---- */

bool
naive_is_one_of(const Pattern *pattern, LabelSet labels, const NaiveEvent *event)
{
	for (uint32_t i = 0; i < labels.count; i++)
	{
		const Label *label = &pattern->labels[labels.first + i];

		if (event->label == NULL)
		{
			uint64_t	condition = 0;

			for (uint32_t k = 0; k < label->length; k++)
				condition = condition * 10 + (uint64_t) (label->bytes[k] - '0');
			assert(condition >= 1 && condition <= 63);
			if (event->mask & (UINT64_C(1) << (condition - 1)))
				return true;
		}
		else
		{
			size_t		length = strlen(event->label);

			if ((label->prefix ? length >= label->length : length == label->length) &&
				memcmp(event->label, label->bytes, label->length) == 0)
				return true;
		}
	}
	return false;
}

bool
naive_fulfils(const Pattern *pattern, int step, const NaiveEvent *event)
{
	return pattern->steps[step].any ||
		naive_is_one_of(pattern, pattern->steps[step].labels, event);
}

/* Any total order of what events say, to recognise equal ones. */
static int
compare_content(const NaiveEvent *a, const NaiveEvent *b)
{
	if (a->label != NULL && b->label != NULL)
		return strcmp(a->label, b->label);
	return (a->mask > b->mask) - (a->mask < b->mask);
}

static int
compare_events(const NaiveEvent *a, const NaiveEvent *b)
{
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return compare_content(a, b);
}

/* ---- orders ---- */

static void
first_order(const NaiveEvent *events, int count, int *order)
{
	for (int i = 0; i < count; i++)
	{
		int			k = i;

		for (; k > 0 && compare_events(&events[order[k - 1]], &events[i]) > 0; k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
}

static void
swap(int *a, int *b)
{
	int			old = *a;

	*a = *b;
	*b = old;
}

/* The next arrangement of one group by content; false after the last one, which becomes the first again. */
static bool
next_arrangement(const NaiveEvent *events, int *group, int count)
{
	int			i = count - 2;
	bool		more;

	while (i >= 0 && compare_content(&events[group[i]], &events[group[i + 1]]) >= 0)
		i--;
	more = i >= 0;
	if (more)
	{
		int			k = count - 1;

		while (compare_content(&events[group[i]], &events[group[k]]) >= 0)
			k--;
		swap(&group[i], &group[k]);
	}
	for (int a = i + 1, b = count - 1; a < b; a++, b--)
		swap(&group[a], &group[b]);
	return more;
}

/* The next order: only events of the same instant change places. */
static bool
next_order(const NaiveEvent *events, int count, int *order)
{
	for (int begin = 0, end; begin < count; begin = end)
	{
		for (end = begin; end < count && events[order[end]].at == events[order[begin]].at;)
			end++;
		if (next_arrangement(events, order + begin, end - begin))
			return true;
	}
	return false;
}

uint64_t
naive_orders(const NaiveEvent *events, int count)
{
	uint64_t	orders = 1;
	int			order[NAIVE_MAX_EVENTS];
	int			instant = 0;	/* how many events of this instant, */
	int			alike = 0;		/* and how many equal ones, up to here */

	assert(count <= NAIVE_MAX_EVENTS);
	first_order(events, count, order);
	for (int i = 0; i < count; i++)
	{
		const NaiveEvent *event = &events[order[i]];
		const NaiveEvent *before = i > 0 ? &events[order[i - 1]] : NULL;

		instant = before && before->at == event->at ? instant + 1 : 1;
		alike = before && compare_events(before, event) == 0 ? alike + 1 : 1;
		/* exact: a multinomial coefficient grows by whole steps */
		orders = orders * (uint64_t) instant / (uint64_t) alike;
	}
	return orders;
}

/* ---- chains of ordered patterns ---- */

static bool
in_window(const Pattern *pattern, int64_t first, int64_t last)
{
	return !pattern->has_within || moment_span(first, last) <= pattern->within;
}

static bool
is_start(const Search *search, int64_t at)
{
	if (at < search->entry.from || at > search->entry.to)
		return false;
	return !search->anchored || (search->has_anchor && at == search->anchor);
}

/* Whether the event at place `to` may be chosen for `step` after the one at place `from`. */
static bool
may_follow(const Search *search, int from, int to, int step)
{
	const Pattern *pattern = search->pattern;
	const Arrow *arrow = &pattern->steps[step].arrow;
	int64_t		earlier = search->events[search->order[from]].at;
	int64_t		later = search->events[search->order[to]].at;

	if (!search->fulfils[step][search->order[to]])
		return false;
	if (pattern->reuse_rows ? later < earlier : to <= from)
		return false;
	if (pattern->strictly_increasing && later == earlier)
		return false;
	if (arrow->has_max && moment_span(earlier, later) > arrow->max_span)
		return false;
	if (arrow->has_min && moment_span(earlier, later) < arrow->min_span)
		return false;
	if (arrow->next && to != from + 1)
		return false;
	for (int place = 0; place < search->count; place++)
	{
		int			event = search->order[place];
		int64_t		at = search->events[event].at;

		if (search->excluded[step][event] &&
			(pattern->reuse_rows ? earlier < at && at < later : from < place && place < to))
			return false;
	}
	return true;
}

/* Visits the chain, which ends at `place`, and all chains that begin with it. */
static void
visit_chains_from(const Search *search, const Chain *chain, int place)
{
	const Pattern *pattern = search->pattern;

	search->visit(search->visitor, chain);
	for (int step = chain->last_step + 1; step < pattern->nsteps; step++)
	{
		for (int to = 0; to < search->count; to++)
		{
			int64_t		at = search->events[search->order[to]].at;
			Chain		longer;

			if (!may_follow(search, place, to, step) || !in_window(pattern, chain->first, at))
				continue;
			longer = *chain;
			longer.last_step = step;
			longer.count++;
			longer.taken |= UINT64_C(1) << step;
			longer.at[step] = at;
			longer.last = at;
			visit_chains_from(search, &longer, to);
		}
		if (!pattern->steps[step].optional)
			break;
	}
}

static void
visit_ordered(Search *search)
{
	const Pattern *pattern = search->pattern;

	first_order(search->events, search->count, search->order);
	do
	{
		for (int step = 0; step < (pattern->open ? pattern->nsteps : 1); step++)
			for (int place = 0; place < search->count; place++)
			{
				int			event = search->order[place];
				int64_t		at = search->events[event].at;
				Chain		chain;

				if (!search->fulfils[step][event] || !is_start(search, at))
					continue;
				memset(&chain, 0, sizeof(chain));
				chain.first_step = chain.last_step = step;
				chain.count = 1;
				chain.taken = UINT64_C(1) << step;
				chain.at[step] = at;
				chain.first = chain.last = at;
				visit_chains_from(search, &chain, place);
			}
		/* with `reuse rows` the order of events of one instant does not matter */
	} while (!pattern->reuse_rows && next_order(search->events, search->count, search->order));
}

/* ---- choices of patterns in any order ---- */

/* Visits every way of giving steps `step`, ... an event or none. */
static void
visit_choices(Search *search, const Chain *chain, int step)
{
	const Pattern *pattern = search->pattern;

	if (step == pattern->nsteps)
	{
		if (chain->count > 0 && is_start(search, chain->first))
			search->visit(search->visitor, chain);
		return;
	}
	visit_choices(search, chain, step + 1);
	for (int event = 0; event < search->count; event++)
	{
		int64_t		at = search->events[event].at;
		Chain		longer;

		if (!search->fulfils[step][event] || (search->used[event] && !pattern->reuse_rows))
			continue;
		longer = *chain;
		longer.count++;
		longer.taken |= UINT64_C(1) << step;
		longer.at[step] = at;
		if (chain->count == 0 || at < chain->first)
			longer.first = at;
		if (chain->count == 0 || at > chain->last)
			longer.last = at;
		if (!in_window(pattern, longer.first, longer.last))
			continue;			/* one more event makes no window smaller */
		search->used[event] = true;
		visit_choices(search, &longer, step + 1);
		search->used[event] = false;
	}
}

/* ---- all of them ---- */

static void
visit_chains(const Pattern *pattern, const NaiveEvent *events, int count, EntrySpan entry,
			 ChainVisitor visit, void *visitor)
{
	Search		search;

	assert(count <= NAIVE_MAX_EVENTS);
	memset(&search, 0, sizeof(search));
	search.pattern = pattern;
	search.events = events;
	search.count = count;
	search.entry = entry;
	search.visit = visit;
	search.visitor = visitor;
	for (int step = 0; step < pattern->nsteps; step++)
		for (int i = 0; i < count; i++)
		{
			search.fulfils[step][i] = naive_fulfils(pattern, step, &events[i]);
			if (step > 0)
				search.excluded[step][i] =
					naive_is_one_of(pattern, pattern->steps[step].arrow.no, &events[i]);
		}

	search.anchored = pattern->first_entry;
	for (int i = 0; search.anchored && i < count; i++)
	{
		bool		enters = false;

		for (int step = 0; step < (pattern->any_order ? pattern->nsteps : 1); step++)
			enters |= search.fulfils[step][i];
		if (enters && events[i].at >= entry.from && events[i].at <= entry.to &&
			(!search.has_anchor || events[i].at < search.anchor))
		{
			search.has_anchor = true;
			search.anchor = events[i].at;
		}
	}

	if (pattern->any_order)
	{
		Chain		none;

		memset(&none, 0, sizeof(none));
		visit_choices(&search, &none, 0);
	}
	else
		visit_ordered(&search);
}

/* ---- the result ---- */

typedef struct Interval
{
	int64_t		first;
	int64_t		last;
} Interval;

typedef struct Collector
{
	const Pattern *pattern;
	int			last_required;
	NaiveChase *chase;
	/* complete chains, each interval once */
	Interval	complete[NAIVE_MAX_EVENTS * NAIVE_MAX_EVENTS];
	int			ncomplete;
} Collector;

static void
collect(void *visitor, const Chain *chain)
{
	Collector  *collector = visitor;
	const Pattern *pattern = collector->pattern;
	NaiveChase *chase = collector->chase;
	int			level;
	bool		complete;

	if (pattern->any_order)
	{
		level = chain->count;
		complete = level == pattern->nsteps;
		chase->reached |= (UINT64_C(1) << level) - 1;
		if (level > chase->level)
			chase->level = level;
	}
	else
	{
		level = chain->last_step + 1;
		complete = chain->first_step == 0 && chain->last_step == collector->last_required;
		chase->reached |= UINT64_C(1) << chain->last_step;
		if (chain->count > 1)
			chase->continued |= UINT64_C(1) << chain->last_step;
		if (level > chase->level)
			chase->level = level;
		if (chain->first_step != 0)
			return;				/* only in `open`; what follows is about the closed pattern */
		chase->closed |= UINT64_C(1) << chain->last_step;
	}

	if (level > chase->best_level ||
		(level == chase->best_level &&
		 (chain->last < chase->best_end ||
		  (chain->last == chase->best_end && chain->first > chase->best_start))))
	{
		chase->best_level = level;
		chase->best_start = chain->first;
		chase->best_end = chain->last;
	}

	if (complete)
	{
		Interval   *interval = collector->complete;
		int			i = 0;

		while (i < collector->ncomplete &&
			   (interval[i].first != chain->first || interval[i].last != chain->last))
			i++;
		if (i == collector->ncomplete)
		{
			interval[i].first = chain->first;
			interval[i].last = chain->last;
			collector->ncomplete++;
		}
	}
}

/* The largest number of disjoint intervals that all begin after `after` (if there is one). */
static int64_t
most_disjoint(const Interval *intervals, int count, const int64_t *after)
{
	int64_t		most = 0;

	for (int i = 0; i < count; i++)
		if (after == NULL || intervals[i].first > *after)
		{
			int64_t		passes = 1 + most_disjoint(intervals, count, &intervals[i].last);

			if (passes > most)
				most = passes;
		}
	return most;
}

void
naive_chase(const Pattern *pattern, const NaiveEvent *events, int count, EntrySpan entry,
			NaiveChase *chase)
{
	Collector	collector;

	memset(chase, 0, sizeof(*chase));
	memset(&collector, 0, sizeof(collector));
	collector.pattern = pattern;
	collector.chase = chase;
	for (int step = 0; step < pattern->nsteps; step++)
		if (!pattern->steps[step].optional)
			collector.last_required = step;
	visit_chains(pattern, events, count, entry, collect, &collector);
	chase->completions = most_disjoint(collector.complete, collector.ncomplete, NULL);
	if (pattern->first_entry && chase->completions > 1)
		chase->completions = 1;
}

/* ---- is it a chain? ---- */

typedef struct Wanted
{
	const Pattern *pattern;
	uint64_t	taken;
	const int64_t *at;
	bool		found;
} Wanted;

static int
compare_times(const void *a, const void *b)
{
	int64_t		x = *(const int64_t *) a;
	int64_t		y = *(const int64_t *) b;

	return (x > y) - (x < y);
}

static void
look_for_wanted(void *visitor, const Chain *chain)
{
	Wanted	   *wanted = visitor;
	const Pattern *pattern = wanted->pattern;
	int64_t		at[PATTERN_MAX_STEPS];
	uint64_t	taken = 0;
	bool		same = true;

	if (wanted->found)
		return;
	if (pattern->any_order)
	{
		int			done = 0;

		for (int step = 0; step < pattern->nsteps; step++)
			if (chain->taken & (UINT64_C(1) << step))
				at[done++] = chain->at[step];
		qsort(at, (size_t) done, sizeof(at[0]), compare_times);
		taken = (UINT64_C(1) << done) - 1;
	}
	else
	{
		if (chain->first_step != 0)
			return;				/* the best chain is a closed one */
		taken = chain->taken;
		memcpy(at, chain->at, sizeof(at));
	}
	if (taken != wanted->taken)
		return;
	for (int i = 0; i < pattern->nsteps; i++)
		if (taken & (UINT64_C(1) << i))
			same &= at[i] == wanted->at[i];
	wanted->found = same;
}

bool
naive_is_chain(const Pattern *pattern, const NaiveEvent *events, int count, EntrySpan entry,
			   uint64_t taken, const int64_t *at)
{
	Wanted		wanted = {pattern, taken, at, false};

	visit_chains(pattern, events, count, entry, look_for_wanted, &wanted);
	return wanted.found;
}
