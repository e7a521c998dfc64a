/*
 * program.h: inside of a compiled pattern, shared by the files that match (chain.c, any_order.c).
 */
#ifndef KPI_PROGRAM_H
#define KPI_PROGRAM_H

#include "language/chain.h"

/* What an event means to the pattern. */
typedef struct Meaning
{
	uint64_t	steps;			/* bit s: it fulfils step s */
	uint64_t	barred;			/* bit s: it may not stand on the arrow that leads to step s */
} Meaning;

/* The arrow into a step, in numbers. Without a bound: 0 and SPAN_FOREVER. */
typedef struct Link
{
	int64_t		min_span;
	int64_t		max_span;
} Link;

/*
 * One way to go through the pattern: all required steps and some of the optional ones. A pattern with k
 * optional steps has 2^k routes; a route has no optional steps any more, which is what makes matching it
 * exact with one state a step.
 */
typedef struct Route
{
	int			length;
	uint8_t		step[PATTERN_MAX_STEPS];	/* the pattern's step at each place of the route */
	int			complete;		/* places up to the last required step */
	int			nlegs;			/* stretches between arrows with a minimum span */
	uint8_t		leg_start[PATTERN_MAX_STEPS + 1];	/* first place of each; then length */
} Route;

/* A label for look-up: its first and last bytes in two words tell labels of up to 16 bytes apart. */
typedef struct LabelEntry
{
	const char *bytes;
	uint32_t	length;			/* 0: the slot is empty */
	uint32_t	code;
	uint64_t	head;
	uint64_t	tail;
} LabelEntry;

struct Program
{
	int			nsteps;
	bool		masks;			/* events are masks of conditions */
	bool		simple;			/* each event fulfils one step at most, and nothing but `within` binds */
	bool		guarded;		/* some arrow bars events ('=>' or 'no') */
	bool		single;			/* no event fulfils more than one step */
	bool		strictly_increasing;
	bool		any_order;
	bool		first_entry;
	bool		reuse_rows;
	bool		open;
	int64_t		within;			/* SPAN_FOREVER without one */
	int			last_required;	/* step, 0-based */
	Link		links[PATTERN_MAX_STEPS];
	int			nroutes;
	Route	   *routes;

	/* labels */
	uint32_t	ncodes;			/* codes are 0 .. ncodes; code 0 may be left out */
	Meaning    *meanings;		/* by code */
	uint32_t	other_code;		/* of a label that the pattern does not name */
	LabelEntry *table;			/* exact labels, open addressing */
	uint32_t	table_mask;
	uint32_t	nprefixes;
	LabelEntry *prefixes;		/* longest first */

	/* masks */
	int			nconditions;	/* conditions that the pattern names */
	uint8_t		condition[64];	/* their numbers, 0-based, in order of first mention */
	bool		in_order;		/* condition i is bit i: codes are masks as they come */
	uint64_t	named;			/* mask of the named conditions */
	bool		keep_all;		/* every event matters; codes are (compressed mask << 1) | 1 */
	uint64_t	step_conditions[PATTERN_MAX_STEPS]; /* compressed; ~0 for '*' */
	uint64_t	no_conditions[PATTERN_MAX_STEPS];
	uint64_t	any_steps;		/* bit s: step s is '*' */
	uint64_t	next_arrows;	/* bit s: the arrow to step s is '=>' */
};

/* What the event of a code means. */
static inline Meaning
program_meaning(const Program *program, uint64_t code)
{
	Meaning		meaning;
	uint64_t	mask;

	if (!program->masks)
		return program->meanings[code];
	mask = program->keep_all ? code >> 1 : code;
	meaning.steps = program->any_steps;
	meaning.barred = program->next_arrows;
	for (int s = 0; s < program->nsteps; s++)
	{
		meaning.steps |= (uint64_t) ((mask & program->step_conditions[s]) != 0) << s;
		meaning.barred |= (uint64_t) ((mask & program->no_conditions[s]) != 0) << s;
	}
	return meaning;
}

/* Scratch for a pattern with `any order`; see any_order.c. */
typedef struct AnyOrder AnyOrder;

extern AnyOrder *any_order_make(HostArena arena, const Program *program);
extern void any_order_run(AnyOrder *scratch, const Event *events, size_t count, EntrySpan entry,
						  Chase *chase);

#endif							/* KPI_PROGRAM_H */
