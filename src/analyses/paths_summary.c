/*
 * paths_summary.c: see paths_summary.h.
 */
#include "analyses/paths_summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include "engine/moment.h"

void
paths_summary_init(PathsSummary *summary, const char *text, size_t length, const PathSpec *spec)
{
	memset(summary, 0, sizeof(*summary));
	summary->text = text;
	summary->length = length;
	summary->spec = *spec;
}

void
paths_add_to_count(int64_t *count, int64_t more)
{
	if (__builtin_add_overflow(*count, more, count))
		host_fail(HOST_LIMIT, NULL, "a count of paths exceeds 64 bits");
}

/* Room for one more element. */
void *
paths_make_room(void *array, size_t count, size_t *size, size_t element)
{
	if (count < *size)
		return array;
	*size = *size == 0 ? 16 : *size * 2;
	return array == NULL ? host_alloc(NULL, *size * element) : host_realloc(array, host_array_size(*size, element));
}

void *
paths_make_room_32(void *array, uint32_t count, uint32_t *size, size_t element)
{
	size_t		wide = *size;

	array = paths_make_room(array, count, &wide, element);
	*size = (uint32_t) wide;
	return array;
}

/* ---- times ---- */

void
path_times_add(PathTimes *times, uint32_t bucket, uint64_t count)
{
	uint64_t	least = (uint64_t) bucket << PATH_TIMES_COUNT_BITS;
	uint32_t	low = 0;
	uint32_t	high = times->count;

	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (times->words[middle] < least)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < times->count && path_times_bucket(times->words[low]) == bucket)
	{
		if (count > PATH_TIMES_COUNT_MAX - path_times_number(times->words[low]))
			host_fail(HOST_LIMIT, NULL, "a count of paths exceeds %d bits", PATH_TIMES_COUNT_BITS);
		times->words[low] += count;
		return;
	}
	if (count > PATH_TIMES_COUNT_MAX)
		host_fail(HOST_LIMIT, NULL, "a count of paths exceeds %d bits", PATH_TIMES_COUNT_BITS);
	if (times->count == times->capacity)
	{
		/* most edges are rare */
		times->capacity = times->capacity == 0 ? 2 : times->capacity * 2;
		times->words = times->words == NULL ? host_alloc(NULL, times->capacity * sizeof(uint64_t)) :
			host_realloc(times->words, times->capacity * sizeof(uint64_t));
	}
	memmove(times->words + low + 1, times->words + low, (times->count - low) * sizeof(uint64_t));
	times->words[low] = least | count;
	times->count++;
}

void
path_times_merge(PathTimes *into, const PathTimes *from)
{
	for (uint32_t i = 0; i < from->count; i++)
		path_times_add(into, path_times_bucket(from->words[i]), path_times_number(from->words[i]));
}

int64_t
path_times_median(const PathTimes *times)
{
	uint64_t	total = 0;
	uint64_t	seen = 0;
	uint32_t	i;

	for (i = 0; i < times->count; i++)
		total += path_times_number(times->words[i]);
	for (i = 0; i < times->count - 1; i++)
	{
		seen += path_times_number(times->words[i]);
		if (seen >= total / 2 + total % 2)
			break;
	}
	return histogram_value(path_times_bucket(times->words[i]));
}

/* ---- look-up ---- */

static inline uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ (hash >> 32);
}

static uint32_t
hash_label(const char *bytes, size_t length)
{
	uint64_t	hash = length;

	for (; length >= 8; bytes += 8, length -= 8)
	{
		uint64_t	word;

		memcpy(&word, bytes, 8);
		hash = mix(hash, word);
	}
	for (; length > 0; bytes++, length--)
		hash = mix(hash, (uint8_t) *bytes);
	return (uint32_t) hash;
}

static uint32_t
hash_path(const uint32_t *labels, uint32_t length)
{
	uint64_t	hash = length;

	for (uint32_t i = 0; i < length; i++)
		hash = mix(hash, labels[i]);
	return (uint32_t) hash;
}

static uint32_t
hash_edge(uint32_t depth, uint32_t near, uint32_t far)
{
	return (uint32_t) mix(mix(depth, near), far);
}

/* Puts number + 1 into the first free slot. */
static void
put_slot(uint32_t *table, uint32_t mask, uint32_t hash, uint32_t number)
{
	uint32_t	slot = hash & mask;

	while (table[slot] != 0)
		slot = (slot + 1) & mask;
	table[slot] = number + 1;
}

/* A table with at least four slots for each of `count` things, if there is not one with two. */
static bool
renew_table(uint32_t **table, uint32_t *mask, uint32_t count)
{
	uint32_t	size = 32;

	if (*table != NULL && *mask >= count * 2)
		return false;
	while (size < count * 4)
		size *= 2;
	host_free(*table);
	*table = host_alloc0(NULL, size * sizeof(uint32_t));
	*mask = size - 1;
	return true;
}

uint32_t
paths_summary_label(PathsSummary *summary, const char *bytes, size_t length)
{
	uint32_t	hash = hash_label(bytes, length);
	char	   *copy;

	if (renew_table(&summary->label_table, &summary->label_mask, summary->nlabels))
		for (uint32_t i = 0; i < summary->nlabels; i++)
			put_slot(summary->label_table, summary->label_mask,
					 hash_label(summary->labels[i].bytes, summary->labels[i].length), i);
	for (uint32_t slot = hash & summary->label_mask; summary->label_table[slot] != 0;
		 slot = (slot + 1) & summary->label_mask)
	{
		const TimelineLabel *known = &summary->labels[summary->label_table[slot] - 1];

		if (known->length == length && memcmp(known->bytes, bytes, length) == 0)
			return summary->label_table[slot] - 1;
	}
	summary->labels = paths_make_room_32(summary->labels, summary->nlabels, &summary->label_size, sizeof(TimelineLabel));
	copy = host_alloc(NULL, length + 1);
	memcpy(copy, bytes, length);
	summary->labels[summary->nlabels].bytes = copy;
	summary->labels[summary->nlabels].length = (uint32_t) length;
	put_slot(summary->label_table, summary->label_mask, hash, summary->nlabels);
	return summary->nlabels++;
}

/* The path, made if need be; there for the moment. */
static PathEntry *
get_path(PathsSummary *summary, const uint32_t *labels, uint32_t length)
{
	uint32_t	hash = hash_path(labels, length);
	PathEntry  *path;

	if (renew_table(&summary->path_table, &summary->path_mask, summary->npaths))
		for (uint32_t i = 0; i < summary->npaths; i++)
			put_slot(summary->path_table, summary->path_mask,
					 hash_path(summary->numbers + summary->paths[i].first, summary->paths[i].length), i);
	for (uint32_t slot = hash & summary->path_mask; summary->path_table[slot] != 0;
		 slot = (slot + 1) & summary->path_mask)
	{
		path = &summary->paths[summary->path_table[slot] - 1];
		if (path->length == length &&
			memcmp(summary->numbers + path->first, labels, length * sizeof(uint32_t)) == 0)
			return path;
	}
	summary->paths = paths_make_room_32(summary->paths, summary->npaths, &summary->path_size, sizeof(PathEntry));
	put_slot(summary->path_table, summary->path_mask, hash, summary->npaths);
	path = &summary->paths[summary->npaths++];
	memset(path, 0, sizeof(*path));
	path->first = summary->nnumbers;
	path->length = length;
	for (uint32_t i = 0; i < length; i++)
	{
		summary->numbers = paths_make_room(summary->numbers, summary->nnumbers, &summary->number_size, sizeof(uint32_t));
		summary->numbers[summary->nnumbers++] = labels[i];
	}
	return path;
}

static PathEdge *
get_edge(PathsSummary *summary, uint32_t depth, uint32_t near, uint32_t far)
{
	uint32_t	hash = hash_edge(depth, near, far);
	PathEdge   *edge;

	if (renew_table(&summary->edge_table, &summary->edge_mask, summary->nedges))
		for (uint32_t i = 0; i < summary->nedges; i++)
			put_slot(summary->edge_table, summary->edge_mask,
					 hash_edge(summary->edges[i].depth, summary->edges[i].near, summary->edges[i].far), i);
	for (uint32_t slot = hash & summary->edge_mask; summary->edge_table[slot] != 0;
		 slot = (slot + 1) & summary->edge_mask)
	{
		edge = &summary->edges[summary->edge_table[slot] - 1];
		if (edge->depth == depth && edge->near == near && edge->far == far)
			return edge;
	}
	summary->edges = paths_make_room_32(summary->edges, summary->nedges, &summary->edge_size, sizeof(PathEdge));
	put_slot(summary->edge_table, summary->edge_mask, hash, summary->nedges);
	edge = &summary->edges[summary->nedges++];
	memset(edge, 0, sizeof(*edge));
	edge->depth = depth;
	edge->near = near;
	edge->far = far;
	return edge;
}

void
paths_drop_tables(PathsSummary *summary)
{
	host_free(summary->label_table);
	host_free(summary->path_table);
	host_free(summary->edge_table);
	summary->label_table = summary->path_table = summary->edge_table = NULL;
	summary->generation++;
}

/* ---- adding ---- */

void
paths_summary_next_actor(PathsSummary *summary)
{
	summary->actor++;
}

static void
count_once(PathsSummary *summary, int64_t *count, int64_t *actors, uint64_t *seen)
{
	paths_add_to_count(count, 1);
	if (*seen != summary->actor)
		(*actors)++;
	*seen = summary->actor;
}

void
paths_summary_add(PathsSummary *summary, const uint32_t *labels, const int64_t *at, uint32_t length)
{
	PathEntry  *path = get_path(summary, labels, length);
	uint32_t	depth = (uint32_t) summary->spec.depth;

	host_assert(length > 0 && length <= depth + 1 && summary->actor > 0);
	count_once(summary, &path->count, &path->actors, &path->seen);
	for (uint32_t d = 1; d <= depth && d <= length; d++)
	{
		uint32_t	far = d < length ? labels[d] : PATH_END;
		PathEdge   *edge = get_edge(summary, d, labels[d - 1], far);

		count_once(summary, &edge->count, &edge->actors, &edge->seen);
		if (far == PATH_END)
			continue;
		path_times_add(&edge->times,
					   histogram_bucket(at[d - 1] < at[d] ? moment_span(at[d - 1], at[d]) :
										moment_span(at[d], at[d - 1])), 1);
	}
	paths_fold_rarest(summary);
}

bool
paths_summary_put_path(PathsSummary *summary, const uint32_t *labels, uint32_t length, int64_t actors, int64_t count)
{
	PathEntry  *path = get_path(summary, labels, length);

	if (path->count != 0)
		return false;
	path->actors = actors;
	path->count = count;
	return true;
}

PathEdge *
paths_summary_put_edge(PathsSummary *summary, uint32_t depth, uint32_t near, uint32_t far, int64_t actors,
					   int64_t count)
{
	PathEdge   *edge = get_edge(summary, depth, near, far);

	if (edge->count != 0)
		return NULL;
	edge->actors = actors;
	edge->count = count;
	return edge;
}

void
paths_summary_merge(PathsSummary *into, const PathsSummary *from)
{
	uint32_t   *numbers;
	uint32_t	labels[PATH_MAX_DEPTH + 1];

	if (from->text == NULL)
		return;
	if (into->text == NULL)
		paths_summary_init(into, from->text, from->length, &from->spec);
	numbers = host_alloc(NULL, (from->nlabels + 1) * sizeof(uint32_t));
	for (uint32_t i = 0; i < from->nlabels; i++)
		numbers[i] = paths_summary_label(into, from->labels[i].bytes, from->labels[i].length);
	for (uint32_t i = 0; i < from->npaths; i++)
	{
		const PathEntry *path = &from->paths[i];
		PathEntry  *same;

		for (uint32_t l = 0; l < path->length; l++)
			labels[l] = numbers[from->numbers[path->first + l]];
		same = get_path(into, labels, path->length);
		paths_add_to_count(&same->count, path->count);
		paths_add_to_count(&same->actors, path->actors);
	}
	for (uint32_t i = 0; i < from->nedges; i++)
	{
		const PathEdge *edge = &from->edges[i];
		uint32_t	near = edge->near;
		uint32_t	far = edge->far;
		PathEdge   *same;

		paths_renumber(&near, numbers);
		paths_renumber(&far, numbers);
		same = get_edge(into, edge->depth, near, far);
		paths_add_to_count(&same->count, edge->count);
		paths_add_to_count(&same->actors, edge->actors);
		path_times_merge(&same->times, &edge->times);
	}
	paths_add_to_count(&into->other_paths, from->other_paths);
	paths_add_to_count(&into->path_error, from->path_error);
	paths_add_to_count(&into->edge_error, from->edge_error);
	host_free(numbers);
	paths_fold_rarest(into);
}
