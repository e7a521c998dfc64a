/*
 * attribution_summary.c: see attribution_summary.h.
 */
#include "analyses/attribution_summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/moment.h"
#include "engine/period.h"

/* All transitions that 1000 channels can have would be more; nobody has them. */
const CountRule attribution_transitions_rule = {.most = ATTRIBUTION_MAX_TRANSITIONS, .levels = 1};

static uint64_t
hash_channel(const char *bytes, size_t length)
{
	uint64_t	hash = length * UINT64_C(0x9e3779b97f4a7c15);

	for (; length > 0; length -= length < 8 ? length : 8)
	{
		uint64_t	word = 0;

		memcpy(&word, bytes, length < 8 ? length : 8);
		hash = (hash ^ word) * UINT64_C(0xd6e8feb86659fd93);
		hash ^= hash >> 32;
		bytes += 8;
	}
	return hash;
}

void
attribution_summary_init(AttributionSummary *summary, const char *text, size_t length, const AttributionSpec *spec)
{
	memset(summary, 0, sizeof(*summary));
	summary->text = text;
	summary->length = length;
	summary->spec = *spec;
	summary->channels = label_book_make(NULL, hash_channel);
}

static void
add_count(int64_t *count, int64_t more)
{
	if (__builtin_add_overflow(*count, more, count))
		host_fail(HOST_LIMIT, NULL, "a count of an attribution exceeds 64 bits");
}

/* Room for `count` elements, zeros where they are new, in an array that is kept. */
static void *
make_room(void *array, size_t count, size_t *size, size_t element)
{
	size_t		before = *size;

	if (count <= before)
		return array;
	*size = count * 2 < 8 ? 8 : count * 2;
	array = array == NULL ? host_alloc(NULL, host_array_size(*size, element)) :
		host_realloc(array, host_array_size(*size, element));
	memset((char *) array + before * element, 0, (*size - before) * element);
	return array;
}

static void *
make_room_32(void *array, uint32_t count, uint32_t *size, size_t element)
{
	size_t		wide = *size;

	array = make_room(array, count, &wide, element);
	*size = (uint32_t) wide;
	return array;
}

uint16_t
attribution_summary_channel(AttributionSummary *summary, const char *bytes, size_t length)
{
	LabelBook  *channels = summary->channels;
	uint64_t	code = label_book_code(channels, bytes, length);

	if (channels->count > ATTRIBUTION_MAX_CHANNELS)
		host_fail(HOST_LIMIT, "A channel is a way that people come by; put campaigns together.",
				  "more than %d different channels", ATTRIBUTION_MAX_CHANNELS);
	return (uint16_t) label_book_place(channels, code);
}

AttributionPeriod *
attribution_summary_period(AttributionSummary *summary, int64_t number)
{
	size_t		low = 0;
	size_t		high = summary->nperiods;
	AttributionPeriod *period;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (summary->periods[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < summary->nperiods && summary->periods[low].number == number)
		return &summary->periods[low];
	summary->periods = make_room(summary->periods, summary->nperiods + 1, &summary->period_size,
								 sizeof(AttributionPeriod));
	period = &summary->periods[low];
	memmove(period + 1, period, (summary->nperiods - low) * sizeof(AttributionPeriod));
	summary->nperiods++;
	memset(period, 0, sizeof(*period));
	period->number = number;
	count_table_begin(&period->transitions, &attribution_transitions_rule, 0);
	return period;
}

/* ---- parts of a period ---- */

void
conversion_counts_add(ConversionCounts *counts, uint32_t key, int64_t count, const AmountSum *revenue)
{
	uint32_t	low = 0;
	uint32_t	high = counts->used;

	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (counts->counts[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == counts->used || counts->counts[low].key != key)
	{
		counts->counts = make_room_32(counts->counts, counts->used + 1, &counts->size, sizeof(ConversionCount));
		memmove(&counts->counts[low + 1], &counts->counts[low], (counts->used - low) * sizeof(ConversionCount));
		counts->counts[low] = (ConversionCount) {.key = key};
		counts->used++;
	}
	add_count(&counts->counts[low].count, count);
	amount_sum_add_number(&counts->counts[low].revenue, revenue->number, revenue->decimals);
}

ChannelCredits *
attribution_period_credits(AttributionSummary *summary, AttributionPeriod *period, uint16_t channel)
{
	if (channel >= period->ncredits)
		period->credits = make_room_32(period->credits, (uint32_t) channel + 1, &period->ncredits,
									   sizeof(ChannelCredits *));
	if (period->credits[channel] == NULL)
	{
		if (summary->ncredits++ == ATTRIBUTION_MAX_CREDITS)
			host_fail(HOST_LIMIT, "Look at longer periods, or put channels together.",
					  "an attribution of more than %d channels in all periods together", ATTRIBUTION_MAX_CREDITS);
		period->credits[channel] = host_alloc0(NULL, sizeof(ChannelCredits));
	}
	return period->credits[channel];
}

void
attribution_period_transition(AttributionSummary *summary, AttributionPeriod *period, uint32_t from, uint32_t to,
							  int64_t count)
{
	CountKey	key = {{from, to}};
	size_t		used = period->transitions.used;

	count_table_put(&period->transitions, key, count);
	summary->ntransitions += period->transitions.used - used;
	if (summary->ntransitions > ATTRIBUTION_MAX_TRANSITIONS)
		host_fail(HOST_LIMIT, "Look at longer periods, or put channels together.",
				  "an attribution of more than %d different transitions", ATTRIBUTION_MAX_TRANSITIONS);
}

void
attribution_period_total(const AttributionPeriod *period, int64_t *conversions, AmountSum *revenue)
{
	*conversions = 0;
	*revenue = (AmountSum) {0};
	for (uint32_t i = 0; i < period->lengths.used; i++)
	{
		add_count(conversions, period->lengths.counts[i].count);
		amount_sum_merge(revenue, &period->lengths.counts[i].revenue);
	}
}

void
attribution_period_touched(const AttributionPeriod *period, int64_t *conversions, AmountSum *revenue)
{
	*conversions = 0;
	*revenue = (AmountSum) {0};
	for (uint32_t i = 0; i < period->lengths.used; i++)
	{
		if (period->lengths.counts[i].key == 0)
			continue;
		add_count(conversions, period->lengths.counts[i].count);
		amount_sum_merge(revenue, &period->lengths.counts[i].revenue);
	}
}

/* ---- adding ---- */

void
attribution_decay(const AttributionSpec *spec, const AttributionTouch *touches, uint32_t ntouches, int64_t *parts)
{
	double		weights[ATTRIBUTION_MAX_TOUCHES];
	double		sum = 0;
	int64_t		left = ATTRIBUTION_UNIT;

	for (uint32_t i = 0; i < ntouches; i++)
	{
		weights[i] = exp2(-(double) moment_span(touches[i].at, touches[ntouches - 1].at) / (double) spec->half_life);
		sum += weights[i];
	}
	for (uint32_t i = 0; i + 1 < ntouches; i++)
	{
		/* the latest touch weighs as much as any, so that much more is left than is lost by rounding */
		parts[i] = (int64_t) (weights[i] * ((double) ATTRIBUTION_UNIT / sum));
		left -= parts[i];
	}
	parts[ntouches - 1] = left;
}

/* Adds conversions, whole or in parts: count and revenue times `times`. */
static inline void
add_credit(CreditSum *sum, int64_t times, int64_t count, const AmountSum *revenue)
{
	__int128	number;

	amount_sum_add_number(&sum->conversions, (__int128) count * times, 0);
	if (revenue->number == 0)
		return;
	if (__builtin_mul_overflow(revenue->number, (__int128) times, &number))
		host_fail(HOST_LIMIT, NULL, "a sum of values exceeds 38 digits");
	amount_sum_add_number(&sum->revenue, number, revenue->decimals);
}

/* A channel of a path. */
typedef struct PathChannel
{
	uint16_t	channel;
	uint32_t	touches;
	bool		assists;
	int64_t		decay;			/* parts */
} PathChannel;

/* Which channels a path has, in the order of their first touches; returns how many. */
static uint32_t
path_channels(AttributionSummary *summary, const AttributionTouch *touches, uint32_t ntouches, PathChannel *channels)
{
	int64_t		decay[ATTRIBUTION_MAX_TOUCHES];
	uint32_t	nchannels = 0;

	if (summary->places == NULL)
		summary->places = host_alloc0(NULL, ATTRIBUTION_MAX_CHANNELS);
	attribution_decay(&summary->spec, touches, ntouches, decay);
	for (uint32_t i = 0; i < ntouches; i++)
	{
		uint8_t    *place = &summary->places[touches[i].channel];

		if (*place == 0)
		{
			channels[nchannels] = (PathChannel) {.channel = touches[i].channel};
			*place = (uint8_t) ++nchannels;
		}
		channels[*place - 1].touches++;
		channels[*place - 1].assists |= i + 1 < ntouches;
		channels[*place - 1].decay += decay[i];
	}
	for (uint32_t c = 0; c < nchannels; c++)
		summary->places[channels[c].channel] = 0;
	return nchannels;
}

static uint16_t
last_non_direct(const AttributionTouch *touches, uint32_t ntouches)
{
	for (uint32_t i = ntouches; i > 0; i--)
		if (!touches[i - 1].direct)
			return touches[i - 1].channel;
	return touches[ntouches - 1].channel;
}

static void
add_credits(AttributionSummary *summary, AttributionPeriod *period, const AttributionTouch *touches, uint32_t ntouches,
			int64_t count, const AmountSum *revenue)
{
	PathChannel channels[ATTRIBUTION_MAX_TOUCHES];
	uint32_t	nchannels = path_channels(summary, touches, ntouches, channels);
	uint16_t	first = touches[0].channel;
	uint16_t	last = touches[ntouches - 1].channel;
	uint16_t	non_direct = last_non_direct(touches, ntouches);

	for (uint32_t c = 0; c < nchannels; c++)
	{
		const PathChannel *channel = &channels[c];
		CreditSum  *sums = attribution_period_credits(summary, period, channel->channel)->sums;
		bool		is_first = channel->channel == first;
		bool		is_last = channel->channel == last;

		add_credit(&sums[CREDIT_TOUCHED], 1, count, revenue);
		if (channel->assists)
			add_credit(&sums[CREDIT_ASSISTED], 1, count, revenue);
		if (is_first)
			add_credit(&sums[ntouches == 1 ? CREDIT_ONLY : ntouches == 2 ? CREDIT_FIRST_OF_TWO : CREDIT_FIRST_OF_MANY],
					   1, count, revenue);
		if (is_last && ntouches > 1)
			add_credit(&sums[ntouches == 2 ? CREDIT_LAST_OF_TWO : CREDIT_LAST_OF_MANY], 1, count, revenue);
		if (channel->channel == non_direct)
			add_credit(&sums[CREDIT_LAST_NON_DIRECT], 1, count, revenue);
		add_credit(&sums[CREDIT_LINEAR], ATTRIBUTION_UNIT / ntouches * channel->touches, count, revenue);
		if (ntouches > 2 && channel->touches > (uint32_t) is_first + is_last)
			add_credit(&sums[CREDIT_MIDDLE], ATTRIBUTION_UNIT / (ntouches - 2) * (channel->touches - is_first - is_last),
					   count, revenue);
		add_credit(&sums[CREDIT_DECAY], channel->decay, count, revenue);
		add_credit(&sums[CREDIT_EVEN], ATTRIBUTION_UNIT / nchannels, count, revenue);
	}
}

/* Adds a path and its transitions. */
static void
add_path(AttributionSummary *summary, AttributionPeriod *period, const AttributionTouch *touches, uint32_t ntouches,
		 int64_t conversions, int64_t lost, const AmountSum *revenue)
{
	uint16_t	channels[ATTRIBUTION_MAX_TOUCHES];
	uint32_t	from = ATTRIBUTION_START;

	host_assert(ntouches > 0 && ntouches <= (uint32_t) summary->spec.touches);
	for (uint32_t i = 0; i < ntouches; i++)
	{
		channels[i] = touches[i].channel;
		attribution_period_transition(summary, period, from, (uint32_t) channels[i] + 2, conversions + lost);
		from = (uint32_t) channels[i] + 1;
	}
	attribution_period_transition(summary, period, from, conversions > 0 ? ATTRIBUTION_CONVERTED : ATTRIBUTION_LOST,
								  conversions + lost);
	attribution_period_path(summary, period, channels, ntouches, conversions, lost, revenue);
}

void
attribution_summary_convert(AttributionSummary *summary, AttributionPeriod *period, const AttributionTouch *touches,
							uint32_t ntouches, bool cut, int64_t at, int64_t count, const AmountSum *revenue)
{
	host_assert(count > 0);
	conversion_counts_add(&period->lengths, ntouches, count, revenue);
	if (cut)
		add_count(&period->cut, count);
	if (ntouches == 0)
		return;
	conversion_counts_add(&period->lags, (uint32_t) (moment_span(touches[0].at, at) / PERIOD_DAY), count, revenue);
	add_credits(summary, period, touches, ntouches, count, revenue);
	add_path(summary, period, touches, ntouches, count, 0, revenue);
}

void
attribution_summary_lose(AttributionSummary *summary, AttributionPeriod *period, const AttributionTouch *touches,
						 uint32_t ntouches)
{
	static const AmountSum nothing = {0, 0};

	add_count(&period->lost, 1);
	add_path(summary, period, touches, ntouches, 0, 1, &nothing);
}

/* ---- merging ---- */

static void
merge_counts(ConversionCounts *into, const ConversionCounts *from)
{
	for (uint32_t i = 0; i < from->used; i++)
		conversion_counts_add(into, from->counts[i].key, from->counts[i].count, &from->counts[i].revenue);
}

static void
merge_period(AttributionSummary *summary, AttributionPeriod *into, const AttributionPeriod *from,
			 const uint16_t *numbers)
{
	add_count(&into->lost, from->lost);
	add_count(&into->cut, from->cut);
	merge_counts(&into->lengths, &from->lengths);
	merge_counts(&into->lags, &from->lags);
	for (uint32_t c = 0; c < from->ncredits; c++)
	{
		ChannelCredits *credits;

		if (from->credits[c] == NULL)
			continue;
		credits = attribution_period_credits(summary, into, numbers[c]);
		for (int kind = 0; kind < CREDIT_KINDS; kind++)
		{
			amount_sum_merge(&credits->sums[kind].conversions, &from->credits[c]->sums[kind].conversions);
			amount_sum_merge(&credits->sums[kind].revenue, &from->credits[c]->sums[kind].revenue);
		}
	}
	for (size_t i = 0; i < from->transitions.size; i++)
	{
		const CountEntry *entry = &from->transitions.places[i];
		uint32_t	source = entry->key.part[0];
		uint32_t	target = entry->key.part[1];

		if (entry->count == 0)
			continue;
		attribution_period_transition(summary, into, source == ATTRIBUTION_START ? source : numbers[source - 1] + 1u,
									  target <= ATTRIBUTION_LOST ? target : numbers[target - 2] + 2u, entry->count);
	}
	for (uint32_t i = 0; i < from->npaths; i++)
	{
		const AttributionPath *path = &from->paths[i];
		uint16_t	channels[ATTRIBUTION_MAX_TOUCHES + 1];

		for (uint32_t c = 0; c < path->length; c++)
		{
			uint16_t	channel = from->numbers[path->first + c];

			channels[c] = channel == ATTRIBUTION_OTHER ? channel : numbers[channel];
		}
		attribution_period_path(summary, into, channels, path->length, path->conversions, path->lost, &path->revenue);
	}
}

void
attribution_summary_merge(AttributionSummary *into, const AttributionSummary *from)
{
	uint16_t   *numbers;

	if (from->text == NULL)
		return;
	if (into->text == NULL)
		attribution_summary_init(into, from->text, from->length, &from->spec);
	attribution_summary_raise(into, from->level);
	numbers = host_alloc(NULL, (from->channels->count + 1) * sizeof(uint16_t));
	for (uint32_t c = 0; c < from->channels->count; c++)
		numbers[c] = attribution_summary_channel(into, from->channels->labels[c].bytes, from->channels->labels[c].length);
	for (size_t p = 0; p < from->nperiods; p++)
		merge_period(into, attribution_summary_period(into, from->periods[p].number), &from->periods[p], numbers);
	host_free(numbers);
}
