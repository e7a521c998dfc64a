/*
 * attribution_summary_paths.c: the different paths of a summary of attribution, and how they are cut when they are too many.
 */
#include "analyses/attribution_summary.h"

#include <string.h>

/* Touches that are kept, by level. */
static const uint8_t kept_touches[ATTRIBUTION_LEVELS] = {ATTRIBUTION_MAX_TOUCHES, 20, 12, 8, 6, 5, 4, 3, 2, 1, 0};

uint32_t
attribution_level_touches(int level)
{
	return kept_touches[level];
}

static uint32_t
hash_path(const uint16_t *channels, uint32_t length)
{
	uint64_t	hash = length;

	for (uint32_t i = 0; i < length; i++)
	{
		hash = (hash ^ channels[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return (uint32_t) hash;
}

/* Puts number + 1, and the hash, so that others need no look at the path, into the first free slot. */
static void
put_slot(AttributionPeriod *period, uint32_t hash, uint32_t number)
{
	uint32_t	slot = hash & period->path_mask;

	while (period->path_table[slot] != 0)
		slot = (slot + 1) & period->path_mask;
	period->path_table[slot] = (uint64_t) hash << 32 | (number + 1);
}

/* At least two slots a path, with room for one more. */
static void
renew_table(AttributionPeriod *period)
{
	uint32_t	size = 32;

	if (period->path_table != NULL && period->path_mask >= period->npaths * 2 + 1)
		return;
	while (size < (period->npaths + 1) * 4)
		size *= 2;
	host_free(period->path_table);
	period->path_table = host_alloc0(NULL, size * sizeof(uint64_t));
	period->path_mask = size - 1;
	for (uint32_t i = 0; i < period->npaths; i++)
		put_slot(period, hash_path(period->numbers + period->paths[i].first, period->paths[i].length), i);
}

/* The path, made if need be. */
static AttributionPath *
get_path(AttributionSummary *summary, AttributionPeriod *period, const uint16_t *channels, uint32_t length)
{
	uint32_t	hash = hash_path(channels, length);
	AttributionPath *path;

	renew_table(period);
	for (uint32_t slot = hash & period->path_mask; period->path_table[slot] != 0; slot = (slot + 1) & period->path_mask)
	{
		if (period->path_table[slot] >> 32 != hash)
			continue;
		path = &period->paths[(uint32_t) period->path_table[slot] - 1];
		if (path->length == length &&
			memcmp(period->numbers + path->first, channels, length * sizeof(uint16_t)) == 0)
			return path;
	}
	put_slot(period, hash, period->npaths);
	if (period->npaths == period->path_size)
	{
		period->path_size = period->path_size * 2 + 8;
		period->paths = period->paths == NULL ? host_alloc(NULL, period->path_size * sizeof(AttributionPath)) :
			host_realloc(period->paths, host_array_size(period->path_size, sizeof(AttributionPath)));
	}
	if (period->nnumbers + length > period->number_size)
	{
		period->number_size = period->number_size * 2 + 64;
		period->numbers = period->numbers == NULL ? host_alloc(NULL, period->number_size * sizeof(uint16_t)) :
			host_realloc(period->numbers, host_array_size(period->number_size, sizeof(uint16_t)));
	}
	path = &period->paths[period->npaths++];
	summary->npaths++;
	*path = (AttributionPath) {.first = period->nnumbers, .length = length};
	memcpy(period->numbers + period->nnumbers, channels, length * sizeof(uint16_t));
	period->nnumbers += length;
	return path;
}

static void
add_count(int64_t *count, int64_t more)
{
	if (__builtin_add_overflow(*count, more, count))
		host_fail(HOST_LIMIT, NULL, "a count of an attribution exceeds 64 bits");
}

/* Adds to a path what the level keeps of it. */
static void
put_path(AttributionSummary *summary, AttributionPeriod *period, const uint16_t *channels, uint32_t length,
		 int64_t conversions, int64_t lost, const AmountSum *revenue)
{
	uint16_t	rest[ATTRIBUTION_MAX_TOUCHES + 1];
	uint32_t	most = kept_touches[summary->level];
	AttributionPath *path;

	if (length - (channels[0] == ATTRIBUTION_OTHER) > most)
	{
		rest[0] = ATTRIBUTION_OTHER;
		memcpy(rest + 1, channels + length - most, most * sizeof(uint16_t));
		channels = rest;
		length = most + 1;
	}
	path = get_path(summary, period, channels, length);
	add_count(&path->conversions, conversions);
	add_count(&path->lost, lost);
	if (revenue->number != 0)
		amount_sum_add_number(&path->revenue, revenue->number, revenue->decimals);
}

void
attribution_summary_raise(AttributionSummary *summary, int level)
{
	if (level <= summary->level)
		return;
	summary->level = level;
	summary->npaths = 0;
	for (size_t p = 0; p < summary->nperiods; p++)
	{
		AttributionPeriod *period = &summary->periods[p];
		AttributionPath *paths = period->paths;
		uint16_t   *numbers = period->numbers;
		uint32_t	npaths = period->npaths;

		host_check_interrupts();
		host_free(period->path_table);
		period->npaths = period->path_size = 0;
		period->nnumbers = period->number_size = 0;
		period->paths = NULL;
		period->numbers = NULL;
		period->path_table = NULL;
		for (uint32_t i = 0; i < npaths; i++)
			put_path(summary, period, numbers + paths[i].first, paths[i].length, paths[i].conversions, paths[i].lost,
					 &paths[i].revenue);
		host_free(paths);
		host_free(numbers);
	}
}

void
attribution_period_path(AttributionSummary *summary, AttributionPeriod *period, const uint16_t *channels, uint32_t length,
						int64_t conversions, int64_t lost, const AmountSum *revenue)
{
	put_path(summary, period, channels, length, conversions, lost, revenue);
	while (summary->npaths > ATTRIBUTION_MAX_PATHS)
	{
		if (summary->level + 1 == ATTRIBUTION_LEVELS)
			host_fail(HOST_LIMIT, "Look at longer periods.", "an attribution of more than %d periods",
					  ATTRIBUTION_MAX_PATHS);
		attribution_summary_raise(summary, summary->level + 1);
	}
}
