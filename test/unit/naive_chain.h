/*
 * naive_chain.h: the slow, obviously right matcher that src/language/chain.c is compared with.
 *
 * It follows the definition in chain.h word by word: every order of the events, and under each order every
 * chain. Only for a handful of events.
 */
#ifndef NAIVE_CHAIN_H
#define NAIVE_CHAIN_H

#include "language/chain.h"

#define NAIVE_MAX_EVENTS 12

/* An event as the user has it: a label, or (label NULL) a mask of conditions. */
typedef struct NaiveEvent
{
	int64_t		at;
	const char *label;
	uint64_t	mask;
} NaiveEvent;

/* The fields of Chase, but of the best chain only what is the same for all best chains. */
typedef struct NaiveChase
{
	int			level;
	uint64_t	reached;
	uint64_t	continued;
	uint64_t	closed;
	int64_t		completions;
	int			best_level;		/* how deep the best chain gets; 0: there is none */
	int64_t		best_start;
	int64_t		best_end;
} NaiveChase;

/* Whether the event is one of the labels. */
extern bool naive_is_one_of(const Pattern *pattern, LabelSet labels, const NaiveEvent *event);

/* Whether the event fulfils the step. */
extern bool naive_fulfils(const Pattern *pattern, int step, const NaiveEvent *event);

/* In how many orders the events can stand; equal events of one instant are not told apart. */
extern uint64_t naive_orders(const NaiveEvent *events, int count);

/* What one actor did. The events may stand in any order. */
extern void naive_chase(const Pattern *pattern, const NaiveEvent *events, int count,
						EntrySpan entry, NaiveChase *chase);

/*
 * Whether there is a chain of exactly these steps at exactly these times. In `any order`, at[k] is the time
 * of the (k + 1)-th done step, and `taken` has as many bits as steps were done.
 */
extern bool naive_is_chain(const Pattern *pattern, const NaiveEvent *events, int count,
						   EntrySpan entry, uint64_t taken, const int64_t *at);

#endif							/* NAIVE_CHAIN_H */
