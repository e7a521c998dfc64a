/*
 * chain.h: matching a pattern against one actor's ordered events.
 *
 * What a match is (docs/pattern.md says it for users):
 *
 *   - An order is any sequence of the actor's events in which times do not decrease: events of the same
 *     instant may stand in whatever order. A chain under an order picks events e1, e2, ... for the steps
 *     of the pattern, each fulfilling its step, at increasing places of the order (with `reuse rows` one
 *     event may serve several steps), with equal times only if the pattern is not `strictly
 *     increasing`; the times of consecutive chosen events keep the arrow's '<=' and '>=' ; with '=>' they
 *     are neighbours in the order; no event named by the arrow's `no` stands between them; and the last
 *     time is at most `within` after the first. An optional step may be left out; then the arrow that
 *     leads to the next step taken counts, from the last step taken.
 *   - A step is reached if under some order there is a chain that ends at it, having taken every required
 *     step before it. The level is the deepest step reached (0: none).
 *
 *   - With `reuse rows` the events of one instant have no order: a chain needs only times that do not
 *     decrease, and an event named by `no` stands between two others if its time lies strictly between.
 *
 * The events may come in any physical order within an instant; the result is the same.
 */
#ifndef KPI_CHAIN_H
#define KPI_CHAIN_H

#include "engine/event.h"
#include "engine/moment.h"
#include "language/pattern.h"

/* A pattern made ready for matching: labels looked up, steps as bits. Immutable once made. */
typedef struct Program Program;

/* Scratch for matching one actor at a time with one program: O(steps). */
typedef struct Chaser Chaser;

/* What one actor did. Arrays are indexed by step, 0-based. */
typedef struct Chase
{
	int			level;			/* deepest step reached, 1-based; 0: none */
	uint64_t	reached;		/* bit s: step s was reached (any order: at least s + 1 steps done) */
	uint64_t	continued;		/* `open` only: bit s: step s was reached from a step before it */
	uint64_t	closed;			/* `open` only: bit s: step s was reached by a chain from the first step */
	int64_t		completions;	/* complete passes, one after the other, disjoint in time */
	/*
	 * The chain that got deepest: of the chains that reach `level` (open: the deepest closed step), one
	 * that ends earliest, and among these starts latest.
	 */
	uint64_t	taken;			/* bit s: the chain has an event for step s */
	int64_t		at[PATTERN_MAX_STEPS];	/* its times, where taken */
} Chase;

/* Entries are allowed at times from <= t <= to. MOMENT_MIN .. MOMENT_MAX allows all. */
typedef struct EntrySpan
{
	int64_t		from;
	int64_t		to;
} EntrySpan;

/*
 * Compiles a pattern. `masks`: events are 64-bit masks of conditions and the labels are the numbers
 * 1..63 (fails with HOST_BAD_VALUE naming any other); else events are labels. The result lives in
 * `arena` and holds no pointer into the pattern.
 */
extern Program *program_make(HostArena arena, const Pattern *pattern, bool masks);

/* Number of steps of the program. */
extern int program_steps(const Program *program);

/*
 * The code that stands for an event in an actor log, for events given by label. 0: the event can be left
 * out, it makes no difference to any match. Codes are small numbers (masks: up to 63 bits).
 */
extern uint64_t program_label_code(const Program *program, const char *label, size_t length);

/* The same for events given by a mask of conditions (bit i - 1: condition i holds). */
extern uint64_t program_mask_code(const Program *program, uint64_t mask);

/* The largest code that these functions give. */
extern uint64_t program_max_code(const Program *program);

/* Scratch in `arena`; to be used for one actor after the other. */
extern Chaser *chaser_make(HostArena arena, const Program *program);

/*
 * Matches one actor's events, sorted by (at, code), `code` from the functions above and not 0.
 * Fills *chase. Chains may start only inside `entry`.
 */
extern void chaser_run(Chaser *chaser, const EventSeq *events, EntrySpan entry, Chase *chase);

/*
 * Whether an event of this code may be the first of a chain (in `open` any step, in `any order` any step).
 */
extern bool program_is_entry(const Program *program, uint64_t code);

#endif							/* KPI_CHAIN_H */
