/*
 * markov.c: see markov.h.
 *
 * Q are the probabilities from state to state, without steps to itself: they change no probability of coming by. With
 * N = (I - Q)^-1, s the probabilities of the first state and c those of a conversion next, x = N c are the
 * probabilities of a conversion from each state on, and v = s N how often each is visited. A path comes by a set S of states
 * first at its state j with the probability h_j, where h N_SS = v_S; so the share of conversions that came by is
 * v_S N_SS^-1 x_S / (s x).
 */
#include "models/markov.h"

#include <math.h>
#include <string.h>

typedef struct Chain
{
	uint32_t	size;			/* states that can be reached */
	uint32_t   *places;			/* by state: number + 1; 0: cannot be reached */
	double	   *inverse;		/* N, by rows */
	double	   *vectors;		/* what the following are parts of */
	double	   *start;			/* s */
	double	   *visits;			/* v */
	double	   *converts;		/* x, of conversions .. */
	double	   *worth;			/* .. and of what they are worth */
} Chain;

/* Gives numbers to the states that can be reached. */
static void
find_reached(Chain *chain, uint32_t nstates, const MarkovStep *steps, size_t nsteps)
{
	size_t	   *firsts = host_alloc0(NULL, host_array_size((size_t) nstates + 2, sizeof(size_t)));
	uint32_t   *targets = host_alloc(NULL, host_array_size(nsteps + 1, sizeof(uint32_t)));
	uint32_t   *reached = host_alloc(NULL, host_array_size((size_t) nstates + 1, sizeof(uint32_t)));

	chain->size = 0;
	chain->places = host_alloc0(NULL, host_array_size((size_t) nstates + 1, sizeof(uint32_t)));
	/* the targets of each state, one behind the other; the start is the last one */
	for (size_t i = 0; i < nsteps; i++)
		firsts[(steps[i].from == MARKOV_START ? nstates : steps[i].from) + 1]++;
	for (uint32_t s = 0; s <= nstates; s++)
		firsts[s + 1] += firsts[s];
	for (size_t i = nsteps; i > 0; i--)
		targets[--firsts[(steps[i - 1].from == MARKOV_START ? nstates : steps[i - 1].from) + 1]] = steps[i - 1].to;
	/* now firsts[s + 1] is where the targets of s begin, and those of the next one end them */
	for (uint32_t next = 0, state = nstates;; state = reached[next++])
	{
		size_t		end = state == nstates ? nsteps : firsts[state + 2];

		for (size_t i = firsts[state + 1]; i < end; i++)
			if (targets[i] < MARKOV_LOST && chain->places[targets[i]] == 0)
			{
				reached[chain->size] = targets[i];
				chain->places[targets[i]] = ++chain->size;
			}
		if (next == chain->size)
			break;
	}
	host_free(firsts);
	host_free(targets);
	host_free(reached);
}

/* Replaces a matrix, I - Q, by its inverse. Its pivots need no search: it is diagonally dominant. */
static void
invert(double *matrix, size_t size)
{
	for (size_t p = 0; p < size; p++)
	{
		double	   *pivot = matrix + p * size;
		double		factor = 1 / pivot[p];

		host_check_interrupts();
		pivot[p] = 1;
		for (size_t k = 0; k < size; k++)
			pivot[k] *= factor;
		for (size_t i = 0; i < size; i++)
		{
			double	   *row = matrix + i * size;
			double		times = row[p];

			if (i == p || times == 0)
				continue;
			row[p] = 0;
			for (size_t k = 0; k < size; k++)
				row[k] -= times * pivot[k];
		}
	}
}

static Chain
make_chain(uint32_t nstates, const MarkovStep *steps, size_t nsteps)
{
	Chain		chain;
	double	   *totals;
	double	   *next;
	double	   *next_worth;
	double		starts = 0;
	size_t		size;

	find_reached(&chain, nstates, steps, nsteps);
	size = chain.size;
	chain.inverse = host_alloc0(NULL, host_array_size(size * size + 1, sizeof(double)));
	chain.vectors = totals = host_alloc0(NULL, host_array_size(size + 1, sizeof(double) * 7));
	next = totals + size;
	next_worth = next + size;
	chain.start = next_worth + size;
	chain.visits = chain.start + size;
	chain.converts = chain.visits + size;
	chain.worth = chain.converts + size;
	for (size_t i = 0; i < nsteps; i++)
	{
		const MarkovStep *step = &steps[i];

		if (step->from == MARKOV_START)
			starts += step->count;
		else if (chain.places[step->from] != 0 && step->from != step->to)
			totals[chain.places[step->from] - 1] += step->count;
	}
	for (size_t i = 0; i < size; i++)
		chain.inverse[i * size + i] = 1;
	for (size_t i = 0; i < nsteps; i++)
	{
		const MarkovStep *step = &steps[i];
		size_t		from;

		if (step->from == MARKOV_START)
		{
			if (step->to < MARKOV_LOST)
				chain.start[chain.places[step->to] - 1] += step->count / starts;
			continue;
		}
		if (chain.places[step->from] == 0 || step->from == step->to)
			continue;
		from = chain.places[step->from] - 1;
		if (step->to == MARKOV_CONVERTED)
		{
			next[from] += step->count / totals[from];
			next_worth[from] += step->worth / totals[from];
		}
		else if (step->to != MARKOV_LOST)
			chain.inverse[from * size + chain.places[step->to] - 1] -= step->count / totals[from];
	}
	invert(chain.inverse, size);
	for (size_t i = 0; i < size; i++)
		for (size_t j = 0; j < size; j++)
		{
			chain.visits[j] += chain.start[i] * chain.inverse[i * size + j];
			chain.converts[i] += chain.inverse[i * size + j] * next[j];
			chain.worth[i] += chain.inverse[i * size + j] * next_worth[j];
		}
	return chain;
}

/* Solves y' A = b' in place of b; A is destroyed. */
static void
solve(double *a, double *b, size_t size)
{
	for (size_t p = 0; p < size; p++)
	{
		size_t		best = p;
		double		swap;

		host_check_interrupts();
		/* A by columns, so that its rows are the unknowns' */
		for (size_t i = p + 1; i < size; i++)
			if (fabs(a[p * size + i]) > fabs(a[p * size + best]))
				best = i;
		for (size_t k = 0; k < size && best != p; k++)
		{
			swap = a[k * size + p];
			a[k * size + p] = a[k * size + best];
			a[k * size + best] = swap;
		}
		swap = b[p];
		b[p] = b[best];
		b[best] = swap;
		for (size_t i = p + 1; i < size; i++)
		{
			double		times = a[p * size + i] / a[p * size + p];

			if (times == 0)
				continue;
			for (size_t k = p; k < size; k++)
				a[k * size + i] -= times * a[k * size + p];
			b[i] -= times * b[p];
		}
	}
	for (size_t p = size; p > 0; p--)
	{
		for (size_t k = p; k < size; k++)
			b[p - 1] -= a[k * size + p - 1] * b[k];
		b[p - 1] /= a[(p - 1) * size + p - 1];
	}
}

void
markov_removal_effects(uint32_t nstates, const uint32_t *group_of, uint32_t ngroups, const MarkovStep *steps,
					   size_t nsteps, double *effects, double *worth_effects)
{
	Chain		chain = make_chain(nstates, steps, nsteps);
	size_t		size = chain.size;
	double		all = 0;
	double		all_worth = 0;
	size_t	   *members = host_alloc(NULL, host_array_size(size + 1, sizeof(size_t)));

	for (size_t i = 0; i < size; i++)
	{
		all += chain.start[i] * chain.converts[i];
		all_worth += chain.start[i] * chain.worth[i];
	}
	for (uint32_t g = 0; g < ngroups; g++)
	{
		size_t		count = 0;
		double	   *a;
		double	   *b;
		double		sum = 0;
		double		sum_worth = 0;

		for (uint32_t s = 0; s < nstates; s++)
			if (group_of[s] == g && chain.places[s] != 0)
				members[count++] = chain.places[s] - 1;
		a = host_alloc(NULL, host_array_size(count * count + 1, sizeof(double)));
		b = host_alloc(NULL, host_array_size(count + 1, sizeof(double)));
		for (size_t i = 0; i < count; i++)
		{
			b[i] = chain.visits[members[i]];
			for (size_t j = 0; j < count; j++)
				a[i * count + j] = chain.inverse[members[i] * size + members[j]];
		}
		solve(a, b, count);
		for (size_t i = 0; i < count; i++)
		{
			sum += b[i] * chain.converts[members[i]];
			sum_worth += b[i] * chain.worth[members[i]];
		}
		effects[g] = all > 0 ? sum / all : 0;
		worth_effects[g] = all_worth != 0 ? sum_worth / all_worth : 0;
		host_free(a);
		host_free(b);
	}
	host_free(members);
	host_free(chain.places);
	host_free(chain.inverse);
	host_free(chain.vectors);
}
