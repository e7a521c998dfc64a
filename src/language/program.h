/*
 * program.h: inside of a compiled pattern, shared by the files that match (chain.c, any_order.c).
 */
#ifndef KPI_PROGRAM_H
#define KPI_PROGRAM_H

#include <string.h>

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
	uint64_t	head;
	uint64_t	tail;
	uint32_t	length;			/* 0: the slot is empty */
	uint32_t	code;
	const char *bytes;
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
	bool		one_code;		/* it names none: all are others */
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

/* ---- look-up of labels, once for every row of a table ---- */

static inline uint64_t
load_up_to_8(const char *bytes, size_t length)
{
	uint64_t	word = 0;
	uint32_t	low;
	uint32_t	high;

	if (length >= 4)
	{
		memcpy(&low, bytes, 4);
		memcpy(&high, bytes + length - 4, 4);
		return ((uint64_t) high << 32) | low;
	}
	if (length > 0)
		word = (uint64_t) (uint8_t) bytes[0] | (uint64_t) (uint8_t) bytes[length / 2] << 8 |
			(uint64_t) (uint8_t) bytes[length - 1] << 16;
	return word;
}

/* First and last bytes: with the length they identify a label of up to 16 bytes. */
static inline void
load_ends(const char *bytes, size_t length, uint64_t *head, uint64_t *tail)
{
	if (length >= 8)
	{
		memcpy(head, bytes, 8);
		memcpy(tail, bytes + length - 8, 8);
	}
	else
	{
		*head = load_up_to_8(bytes, length);
		*tail = 0;
	}
}

static inline uint32_t
ends_hash(uint64_t head, uint64_t tail, size_t length)
{
	uint64_t	hash = (head ^ (tail * UINT64_C(0xC2B2AE3D27D4EB4F)) ^ length) * UINT64_C(0x9E3779B97F4A7C15);

	return (uint32_t) (hash >> 32);
}

/* The code of a label that is named in full in no step or exclusion. */
extern uint64_t program_prefix_code(const Program *program, const char *label, size_t length);

/* program_label_code, for the loop over rows. */
static inline uint64_t
label_code(const Program *program, const char *label, size_t length)
{
	uint64_t	head;
	uint64_t	tail;
	uint32_t	slot;

	if (program->one_code)
		return program->other_code;
	load_ends(label, length, &head, &tail);
	slot = ends_hash(head, tail, length) & program->table_mask;
	for (; program->table[slot].length != 0; slot = (slot + 1) & program->table_mask)
	{
		const LabelEntry *entry = &program->table[slot];

		if (entry->head == head && entry->tail == tail && entry->length == length &&
			(length <= 16 || memcmp(entry->bytes, label, length) == 0))
			return entry->code;
	}
	return program_prefix_code(program, label, length);
}

/* Scratch for a pattern with `any order`; see any_order.c. */
typedef struct AnyOrder AnyOrder;

extern AnyOrder *any_order_make(HostArena arena, const Program *program);
extern void any_order_run(AnyOrder *scratch, const EventSeq *events, EntrySpan entry, Chase *chase);

/*
 * chaser_run for simple programs that are not open, with the chase emptied. False, and nothing is done, for events that this
 * quick way can't deal with.
 */
extern bool chain_quick(const Program *program, const Event *events, size_t count, EntrySpan entry, Chase *chase);

#endif							/* KPI_PROGRAM_H */
