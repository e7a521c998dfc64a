/*
 * attribution_summary_credit.c: see attribution_summary_credit.h.
 */
#include "analyses/attribution_summary_credit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/markov.h"
#include "models/shapley.h"

const char *const attribution_model_names[ATTRIBUTION_MODELS] = {
	[MODEL_FIRST] = "first", [MODEL_LAST] = "last", [MODEL_LAST_NON_DIRECT] = "last_non_direct", [MODEL_LINEAR] = "linear",
	[MODEL_POSITION] = "position", [MODEL_TIME_DECAY] = "time_decay", [MODEL_MARKOV] = "markov", [MODEL_SHAPLEY] = "shapley"
};

/* ---- parts of a total, rounded so that they add up ---- */

/* A part: its whole number in the last decimal, and what was cut off, 0 <= rest. */
typedef struct Part
{
	HostInt128	number;
	double		rest;
	size_t		place;
} Part;

static int
largest_rest_first(const void *a, const void *b)
{
	const Part *left = a;
	const Part *right = b;

	if (left->rest != right->rest)
		return left->rest > right->rest ? -1 : 1;
	return (left->place > right->place) - (left->place < right->place);
}

static int
by_place(const void *a, const void *b)
{
	return (((const Part *) a)->place > ((const Part *) b)->place) - (((const Part *) a)->place < ((const Part *) b)->place);
}

static __int128
times_power(__int128 number, int decimals)
{
	for (; decimals > 0; decimals--)
		if (__builtin_mul_overflow(number, (__int128) 10, &number))
			host_fail(HOST_LIMIT, NULL, "a sum of values exceeds 38 digits");
	return number;
}

static int
decimals_of(const AmountSum *total)
{
	return total->decimals > ATTRIBUTION_DECIMALS ? total->decimals : ATTRIBUTION_DECIMALS;
}

/* Gives what is missing to the total to those who lost most by rounding; parts of nothing (rest < 0) stay so. */
static void
spread_rest(Part *parts, size_t count, __int128 total)
{
	size_t		takers = 0;

	for (size_t i = 0; i < count; i++)
	{
		total -= parts[i].number;
		takers += parts[i].rest >= 0;
	}
	if (takers == 0)
		return;
	qsort(parts, count, sizeof(Part), largest_rest_first);
	for (size_t i = 0; i < takers; i++)
	{
		/* more than one each only where doubles were too coarse */
		__int128	more = total / (__int128) (takers - i);

		if (more * (__int128) (takers - i) < total)
			more++;
		parts[i].number += more;
		total -= more;
	}
	qsort(parts, count, sizeof(Part), by_place);
}

/* Sums of `unit` parts each, which add up to `unit` times the total; results in place of them. */
static void
round_exact(AmountSum *sums, size_t count, int64_t unit, const AmountSum *total)
{
	int			decimals = decimals_of(total);
	Part	   *parts = host_alloc(NULL, host_array_size(count + 1, sizeof(Part)));

	for (size_t i = 0; i < count; i++)
		if (sums[i].decimals > decimals)
			decimals = sums[i].decimals;
	for (size_t i = 0; i < count; i++)
	{
		int			shift = decimals - sums[i].decimals;
		__int128	whole = sums[i].number / unit;
		__int128	rest = sums[i].number % unit;
		double		nothing = sums[i].number == 0 ? -1 : 0;

		if (rest < 0)
		{
			whole--;
			rest += unit;
		}
		/* digit by digit: what is left of a unit may be large, and there may be many decimals */
		for (; shift > 0; shift--)
		{
			rest *= 10;
			whole = times_power(whole, 1) + rest / unit;
			rest %= unit;
		}
		parts[i] = (Part) {whole, nothing + (double) rest / (double) unit, i};
	}
	spread_rest(parts, count, times_power(total->number, decimals - total->decimals));
	for (size_t i = 0; i < count; i++)
		sums[i] = (AmountSum) {parts[i].number, (uint8_t) decimals};
	host_free(parts);
}

/* The same of doubles that add up to the total, but for their rounding. */
static void
round_double(const double *values, AmountSum *sums, size_t count, const AmountSum *total)
{
	int			decimals = decimals_of(total);
	Part	   *parts = host_alloc(NULL, host_array_size(count + 1, sizeof(Part)));
	double		power = 1;

	for (int d = 0; d < decimals; d++)
		power *= 10;
	for (size_t i = 0; i < count; i++)
	{
		double		scaled = values[i] * power;
		double		whole = floor(scaled);

		if (!(fabs(scaled) < 1e38))
			host_fail(HOST_LIMIT, NULL, "a sum of values exceeds 38 digits");
		parts[i] = (Part) {(__int128) whole, values[i] == 0 ? -1 : scaled - whole, i};
	}
	spread_rest(parts, count, times_power(total->number, decimals - total->decimals));
	for (size_t i = 0; i < count; i++)
		sums[i] = (AmountSum) {parts[i].number, (uint8_t) decimals};
	host_free(parts);
}

/* ---- rules ---- */

static const CreditSum *
credit_of(const AttributionPeriod *period, uint32_t channel, CreditKind kind)
{
	static const CreditSum nothing;

	return channel < period->ncredits && period->credits[channel] != NULL ? &period->credits[channel]->sums[kind] : &nothing;
}

/* A rule whose credits are sums of some kinds. */
static void
credit_by_sums(const AttributionSummary *summary, const AttributionPeriod *period, const CreditKind *kinds, int nkinds,
			   AmountSum *conversions, AmountSum *revenue)
{
	for (uint32_t c = 0; c < summary->channels->count; c++)
		for (int k = 0; k < nkinds; k++)
		{
			const CreditSum *sum = credit_of(period, c, kinds[k]);

			amount_sum_merge(&conversions[c], &sum->conversions);
			amount_sum_merge(&revenue[c], &sum->revenue);
		}
}

/* By position: the weights, and what is left of one is divided among the touches in the middle. */
static void
credit_by_position(const AttributionSummary *summary, const AttributionPeriod *period, const AttributionOptions *options,
				   double *conversions, double *revenue)
{
	double		ends = options->first_weight + options->last_weight;
	const struct
	{
		CreditKind	kind;
		double		weight;
	}			parts[] = {
		{CREDIT_ONLY, 1},
		{CREDIT_FIRST_OF_TWO, ends > 0 ? options->first_weight / ends : 0.5},
		{CREDIT_LAST_OF_TWO, ends > 0 ? options->last_weight / ends : 0.5},
		{CREDIT_FIRST_OF_MANY, options->first_weight},
		{CREDIT_LAST_OF_MANY, options->last_weight},
		{CREDIT_MIDDLE, (1 - ends) / (double) ATTRIBUTION_UNIT}
	};

	for (uint32_t c = 0; c < summary->channels->count; c++)
		for (size_t p = 0; p < sizeof(parts) / sizeof(parts[0]); p++)
		{
			const CreditSum *sum = credit_of(period, c, parts[p].kind);

			conversions[c] += parts[p].weight * amount_sum_double(&sum->conversions);
			revenue[c] += parts[p].weight * amount_sum_double(&sum->revenue);
		}
}

/* ---- Markov chains ---- */

/* A state is the latest channels of a path: up to three numbers + 1, the latest in the lowest bits. */
static int
compare_states(const void *a, const void *b)
{
	uint64_t	left = *(const uint64_t *) a;
	uint64_t	right = *(const uint64_t *) b;

	return (left > right) - (left < right);
}

static uint32_t
number_of(const AttributionSummary *summary, uint16_t channel)
{
	return channel == ATTRIBUTION_OTHER ? summary->channels->count : channel;
}

static uint64_t
next_state(const AttributionSummary *summary, uint64_t state, uint16_t channel, int order)
{
	state = state << 16 | (number_of(summary, channel) + 1);
	return state & ((UINT64_C(1) << (16 * order)) - 1);
}

/* All different states of paths, in order. */
static uint64_t *
find_states(const AttributionSummary *summary, const AttributionPeriod *period, int order, uint32_t *nstates)
{
	uint64_t   *states = host_alloc(NULL, host_array_size(period->nnumbers + 1, sizeof(uint64_t)));
	size_t		count = 0;

	for (uint32_t i = 0; i < period->npaths; i++)
	{
		const AttributionPath *path = &period->paths[i];
		uint64_t	state = 0;

		for (uint32_t c = 0; c < path->length; c++)
			states[count++] = state = next_state(summary, state, period->numbers[path->first + c], order);
	}
	qsort(states, count, sizeof(uint64_t), compare_states);
	*nstates = 0;
	for (size_t i = 0; i < count; i++)
		if (i == 0 || states[i] != states[i - 1])
		{
			if (*nstates == ATTRIBUTION_MAX_STATES)
				host_fail(HOST_LIMIT, "Choose a lower order, or put channels together.",
						  "a Markov chain of order %d has more than %d states here", order, ATTRIBUTION_MAX_STATES);
			states[(*nstates)++] = states[i];
		}
	return states;
}

static uint32_t
find_state(const uint64_t *states, uint32_t nstates, uint64_t state)
{
	const uint64_t *found = bsearch(&state, states, nstates, sizeof(uint64_t), compare_states);

	return (uint32_t) (found - states);
}

/* Steps of a table of counts by (from, to), as transitions have them; `worth`: of conversions, by state. */
static MarkovStep *
make_steps(const CountTable *counts, const double *worth)
{
	CountEntry *entries = count_table_sorted(counts);
	MarkovStep *steps = host_alloc(NULL, host_array_size(counts->used + 1, sizeof(MarkovStep)));

	for (size_t i = 0; i < counts->used; i++)
	{
		uint32_t	from = entries[i].key.part[0];
		uint32_t	to = entries[i].key.part[1];

		steps[i].from = from == ATTRIBUTION_START ? MARKOV_START : from - 1;
		steps[i].to = to == ATTRIBUTION_CONVERTED ? MARKOV_CONVERTED : to == ATTRIBUTION_LOST ? MARKOV_LOST : to - 2;
		steps[i].count = (double) entries[i].count;
		steps[i].worth = to == ATTRIBUTION_CONVERTED ? worth[from - 1] : 0;
	}
	host_free(entries);
	return steps;
}

/* An order of 1: the transitions are the chain, whatever has become of the paths. */
static void
removal_of_channels(const AttributionSummary *summary, const AttributionPeriod *period, double *effects,
					double *revenue_effects)
{
	static const CreditKind lasts[] = {CREDIT_ONLY, CREDIT_LAST_OF_TWO, CREDIT_LAST_OF_MANY};
	uint32_t	count = summary->channels->count;
	uint32_t   *groups = host_alloc(NULL, host_array_size((size_t) count + 1, sizeof(uint32_t)));
	double	   *worth = host_alloc0(NULL, host_array_size((size_t) count + 1, sizeof(double)));

	for (uint32_t c = 0; c < count; c++)
	{
		groups[c] = c;
		for (int k = 0; k < 3; k++)
			worth[c] += amount_sum_double(&credit_of(period, c, lasts[k])->revenue);
	}
	markov_removal_effects(count, groups, count, make_steps(&period->transitions, worth), period->transitions.used,
						   effects, revenue_effects);
	effects[count] = revenue_effects[count] = 0;
	host_free(groups);
	host_free(worth);
}

static void
removal_of_states(const AttributionSummary *summary, const AttributionPeriod *period, int order, double *effects,
				  double *revenue_effects)
{
	uint32_t	nstates;
	uint64_t   *states = find_states(summary, period, order, &nstates);
	uint32_t   *groups = host_alloc(NULL, host_array_size((size_t) nstates + 1, sizeof(uint32_t)));
	AmountSum  *sums = host_alloc0(NULL, host_array_size((size_t) nstates + 1, sizeof(AmountSum)));
	double	   *worth = host_alloc0(NULL, host_array_size((size_t) nstates + 1, sizeof(double)));
	CountTable	counts;

	count_table_begin(&counts, &attribution_transitions_rule, 0);
	for (uint32_t i = 0; i < period->npaths; i++)
	{
		const AttributionPath *path = &period->paths[i];
		CountKey	key = {{ATTRIBUTION_START}};
		uint64_t	state = 0;
		uint32_t	number = 0;

		if ((i & 0xfff) == 0xfff)
			host_check_interrupts();
		for (uint32_t c = 0; c < path->length; c++)
		{
			state = next_state(summary, state, period->numbers[path->first + c], order);
			number = find_state(states, nstates, state);
			key.part[1] = number + 2;
			count_table_add(&counts, key, path->conversions + path->lost);
			key.part[0] = number + 1;
		}
		if (path->conversions > 0)
		{
			key.part[1] = ATTRIBUTION_CONVERTED;
			count_table_add(&counts, key, path->conversions);
			amount_sum_merge(&sums[number], &path->revenue);
		}
		if (path->lost > 0)
		{
			key.part[1] = ATTRIBUTION_LOST;
			count_table_add(&counts, key, path->lost);
		}
	}
	for (uint32_t s = 0; s < nstates; s++)
	{
		groups[s] = (uint32_t) (states[s] & 0xffff) - 1;
		worth[s] = amount_sum_double(&sums[s]);
	}
	markov_removal_effects(nstates, groups, summary->channels->count + 1, make_steps(&counts, worth), counts.used, effects,
						   revenue_effects);
	host_free(states);
	host_free(groups);
	host_free(sums);
	host_free(worth);
	host_free(counts.places);
}

void
attribution_period_removal(const AttributionSummary *summary, const AttributionPeriod *period, int order, double *effects,
						   double *revenue_effects)
{
	if (order == 1)
		removal_of_channels(summary, period, effects, revenue_effects);
	else
		removal_of_states(summary, period, order, effects, revenue_effects);
}

/* ---- Shapley values of the rate of conversion ---- */

static void
shapley_of_rates(const AttributionSummary *summary, const AttributionPeriod *period, double *values, double *revenue_values)
{
	uint32_t	count = summary->channels->count;
	uint8_t    *players = host_alloc0(NULL, count + 1);	/* by channel: number + 1 */
	uint32_t	channels[SHAPLEY_MAX_PLAYERS];
	int			nplayers = 0;
	size_t		nsets;
	double	   *converted;
	double	   *worth;
	double	   *all;
	double		shares[2][SHAPLEY_MAX_PLAYERS];

	for (uint32_t c = 0; c <= count; c++)
		values[c] = revenue_values[c] = 0;
	for (size_t i = 0; i < period->nnumbers; i++)
	{
		uint32_t	channel = number_of(summary, period->numbers[i]);

		if (players[channel] != 0)
			continue;
		if (nplayers == SHAPLEY_MAX_PLAYERS)
			host_fail(HOST_LIMIT, "Put channels together, or leave out \"shapley_rate\": the other form takes any number.",
					  "Shapley values of rates for more than %d channels", SHAPLEY_MAX_PLAYERS);
		channels[nplayers] = channel;
		players[channel] = (uint8_t) ++nplayers;
	}
	nsets = (size_t) 1 << nplayers;
	converted = host_alloc0(NULL, nsets * sizeof(double) * 3);
	worth = converted + nsets;
	all = worth + nsets;
	for (uint32_t i = 0; i < period->npaths; i++)
	{
		const AttributionPath *path = &period->paths[i];
		uint32_t	set = 0;

		for (uint32_t c = 0; c < path->length; c++)
			set |= UINT32_C(1) << (players[number_of(summary, period->numbers[path->first + c])] - 1);
		converted[set] += (double) path->conversions;
		worth[set] += amount_sum_double(&path->revenue);
		all[set] += (double) path->conversions + (double) path->lost;
	}
	shapley_add_subsets(nplayers, converted);
	shapley_add_subsets(nplayers, worth);
	shapley_add_subsets(nplayers, all);
	for (size_t set = 0; set < nsets; set++)
		if (all[set] > 0)
		{
			converted[set] /= all[set];
			worth[set] /= all[set];
		}
	shapley_values(nplayers, converted, shares[0]);
	shapley_values(nplayers, worth, shares[1]);
	for (int p = 0; p < nplayers; p++)
	{
		values[channels[p]] = shares[0][p];
		revenue_values[channels[p]] = shares[1][p];
	}
	host_free(players);
	host_free(converted);
}

/* ---- credits ---- */

/* Makes shares of values, so that they add up to the total; false if they add up to nothing. */
static bool
scale_to(double *values, size_t count, double total)
{
	double		sum = 0;
	double		size = 0;

	for (size_t i = 0; i < count; i++)
	{
		sum += values[i];
		size += fabs(values[i]);
	}
	/* a sum that is nothing but rounding */
	if (!isfinite(size) || fabs(sum) <= size * 1e-9)
		return false;
	for (size_t i = 0; i < count; i++)
		values[i] = values[i] / sum * total;
	return true;
}

/* Values of channels as credits. Revenue of values that make no sense is divided as the conversions are. */
static void
credit_by_values(double *values, double *revenue_values, bool negative, size_t count, int64_t touched,
				 const AmountSum *revenue)
{
	double		money = amount_sum_double(revenue);
	bool		sensible = true;

	scale_to(values, count, (double) touched);
	for (size_t i = 0; i < count && !negative; i++)
		sensible &= revenue_values[i] >= 0;
	if (sensible && scale_to(revenue_values, count, money))
		return;
	for (size_t i = 0; i < count; i++)
		revenue_values[i] = touched > 0 ? values[i] / (double) touched * money : 0;
}

void
attribution_period_credit(const AttributionSummary *summary, const AttributionPeriod *period, AttributionModel model,
						  const AttributionOptions *options, AttributionCredit *credits)
{
	static const CreditKind firsts[] = {CREDIT_ONLY, CREDIT_FIRST_OF_TWO, CREDIT_FIRST_OF_MANY};
	static const CreditKind lasts[] = {CREDIT_ONLY, CREDIT_LAST_OF_TWO, CREDIT_LAST_OF_MANY};
	static const CreditKind others[ATTRIBUTION_MODELS] = {
		[MODEL_LAST_NON_DIRECT] = CREDIT_LAST_NON_DIRECT, [MODEL_LINEAR] = CREDIT_LINEAR,
		[MODEL_TIME_DECAY] = CREDIT_DECAY, [MODEL_SHAPLEY] = CREDIT_EVEN
	};
	size_t		count = (size_t) summary->channels->count + 1;
	AmountSum  *conversions = host_alloc0(NULL, host_array_size(count, sizeof(AmountSum)));
	AmountSum  *revenue = host_alloc0(NULL, host_array_size(count, sizeof(AmountSum)));
	double	   *values = host_alloc0(NULL, host_array_size(count, sizeof(double)));
	double	   *revenue_values = host_alloc0(NULL, host_array_size(count, sizeof(double)));
	int64_t		touched;
	AmountSum	touched_revenue;
	AmountSum	total = {0};
	bool		exact = true;
	int64_t		unit = 1;

	attribution_period_touched(period, &touched, &touched_revenue);
	total.number = touched;
	switch (model)
	{
		case MODEL_FIRST:
			credit_by_sums(summary, period, firsts, 3, conversions, revenue);
			break;
		case MODEL_LAST:
			credit_by_sums(summary, period, lasts, 3, conversions, revenue);
			break;
		case MODEL_POSITION:
			exact = false;
			credit_by_position(summary, period, options, values, revenue_values);
			break;
		case MODEL_MARKOV:
			exact = false;
			attribution_period_removal(summary, period, options->order, values, revenue_values);
			credit_by_values(values, revenue_values, false, count, touched, &touched_revenue);
			break;
		default:
			if (model == MODEL_SHAPLEY && options->rate)
			{
				exact = false;
				shapley_of_rates(summary, period, values, revenue_values);
				credit_by_values(values, revenue_values, true, count, touched, &touched_revenue);
				break;
			}
			unit = model == MODEL_LAST_NON_DIRECT ? 1 : ATTRIBUTION_UNIT;
			credit_by_sums(summary, period, &others[model], 1, conversions, revenue);
			break;
	}
	for (size_t c = 0; c < count; c++)
	{
		double		value = exact ? amount_sum_double(&conversions[c]) / (double) unit : values[c];

		credits[c].share = touched > 0 ? value / (double) touched : 0;
	}
	if (exact)
	{
		round_exact(conversions, count, unit, &total);
		round_exact(revenue, count, unit, &touched_revenue);
	}
	else
	{
		round_double(values, conversions, count, &total);
		round_double(revenue_values, revenue, count, &touched_revenue);
	}
	for (size_t c = 0; c < count; c++)
	{
		credits[c].conversions = conversions[c];
		credits[c].revenue = revenue[c];
	}
	host_free(conversions);
	host_free(revenue);
	host_free(values);
	host_free(revenue_values);
}
