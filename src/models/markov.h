/*
 * markov.h: absorbing Markov chains of touches: what would be lost without one of the channels? Plain C.
 *
 * The definition: of all paths that begin at the start, a share P ends with a conversion. Without a channel whatever would
 * have come to it is lost, and the share is P'. The removal effect is 1 - P' / P (E. Anderl et al., Mapping the customer
 * journey, 2016). That is the share of conversions whose path comes by the channel; so all effects come of one inversion.
 */
#ifndef KPI_MARKOV_H
#define KPI_MARKOV_H

#include "host.h"

/* In place of the number of a state. */
#define MARKOV_START		UINT32_MAX
#define MARKOV_CONVERTED	UINT32_MAX
#define MARKOV_LOST			(UINT32_MAX - 1)

/* So many paths went from a state to another one, or to an end; and what those that converted were worth. */
typedef struct MarkovStep
{
	uint32_t	from;			/* or MARKOV_START */
	uint32_t	to;				/* or MARKOV_CONVERTED, MARKOV_LOST */
	double		count;
	double		worth;			/* of steps to MARKOV_CONVERTED */
} MarkovStep;

/*
 * The removal effects of groups of states: of the number of conversions and of what they are worth. Each state is in
 * one group. What comes to a state leaves it: then, from all that can be reached, the ends can be. Steps must be
 * different ones. Zeros where nothing converts, or is worth anything.
 */
extern void markov_removal_effects(uint32_t nstates, const uint32_t *group_of, uint32_t ngroups, const MarkovStep *steps,
								   size_t nsteps, double *effects, double *worth_effects);

#endif							/* KPI_MARKOV_H */
