/*
 * paths_summary.c: see paths_summary.h.
 */
#include "analyses/paths_summary.h"

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

static void
add_to_count(int64_t *count, int64_t more)
{
	if (__builtin_add_overflow(*count, more, count))
		host_fail(HOST_LIMIT, NULL, "a count of paths exceeds 64 bits");
}

/* Room for one more element. */
static void *
make_room(void *array, size_t count, size_t *size, size_t element)
{
	if (count < *size)
		return array;
	*size = *size == 0 ? 16 : *size * 2;
	return array == NULL ? host_alloc(NULL, *size * element) : host_realloc(array, host_array_size(*size, element));
}

static void *
make_room_32(void *array, uint32_t count, uint32_t *size, size_t element)
{
	size_t		wide = *size;

	array = make_room(array, count, &wide, element);
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
	summary->labels = make_room_32(summary->labels, summary->nlabels, &summary->label_size, sizeof(TimelineLabel));
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
	summary->paths = make_room_32(summary->paths, summary->npaths, &summary->path_size, sizeof(PathEntry));
	put_slot(summary->path_table, summary->path_mask, hash, summary->npaths);
	path = &summary->paths[summary->npaths++];
	memset(path, 0, sizeof(*path));
	path->first = summary->nnumbers;
	path->length = length;
	for (uint32_t i = 0; i < length; i++)
	{
		summary->numbers = make_room(summary->numbers, summary->nnumbers, &summary->number_size, sizeof(uint32_t));
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
	summary->edges = make_room_32(summary->edges, summary->nedges, &summary->edge_size, sizeof(PathEdge));
	put_slot(summary->edge_table, summary->edge_mask, hash, summary->nedges);
	edge = &summary->edges[summary->nedges++];
	memset(edge, 0, sizeof(*edge));
	edge->depth = depth;
	edge->near = near;
	edge->far = far;
	return edge;
}

static void
drop_tables(PathsSummary *summary)
{
	host_free(summary->label_table);
	host_free(summary->path_table);
	host_free(summary->edge_table);
	summary->label_table = summary->path_table = summary->edge_table = NULL;
	summary->generation++;
}

/* ---- order ---- */

int
path_label_compare(const TimelineLabel *a, const TimelineLabel *b)
{
	uint32_t	length = a->length < b->length ? a->length : b->length;
	int			order = memcmp(a->bytes, b->bytes, length);

	return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

typedef struct SortedLabel
{
	TimelineLabel label;
	uint32_t	number;
} SortedLabel;

static int
by_bytes(const void *a, const void *b)
{
	return path_label_compare(&((const SortedLabel *) a)->label, &((const SortedLabel *) b)->label);
}

typedef struct SortedPath
{
	PathEntry	path;
	const uint32_t *labels;
} SortedPath;

static int
by_labels(const void *a, const void *b)
{
	const SortedPath *left = a;
	const SortedPath *right = b;

	for (uint32_t i = 0; i < left->path.length && i < right->path.length; i++)
		if (left->labels[i] != right->labels[i])
			return left->labels[i] < right->labels[i] ? -1 : 1;
	return (left->path.length > right->path.length) - (left->path.length < right->path.length);
}

static int
by_place(const void *a, const void *b)
{
	const PathEdge *left = a;
	const PathEdge *right = b;

	if (left->depth != right->depth)
		return left->depth < right->depth ? -1 : 1;
	if (left->near != right->near)
		return left->near < right->near ? -1 : 1;
	return (left->far > right->far) - (left->far < right->far);
}

static void
renumber(uint32_t *label, const uint32_t *numbers)
{
	if (PATH_IS_LABEL(*label))
		*label = numbers[*label];
}

static void
renumber_all(PathsSummary *summary, const uint32_t *numbers)
{
	for (size_t i = 0; i < summary->nnumbers; i++)
		renumber(&summary->numbers[i], numbers);
	for (uint32_t i = 0; i < summary->nedges; i++)
	{
		renumber(&summary->edges[i].near, numbers);
		renumber(&summary->edges[i].far, numbers);
	}
}

static void
sort_labels(PathsSummary *summary)
{
	SortedLabel *sorted = host_alloc(NULL, (summary->nlabels + 1) * sizeof(SortedLabel));
	uint32_t   *numbers = host_alloc(NULL, (summary->nlabels + 1) * sizeof(uint32_t));

	for (uint32_t i = 0; i < summary->nlabels; i++)
	{
		sorted[i].label = summary->labels[i];
		sorted[i].number = i;
	}
	qsort(sorted, summary->nlabels, sizeof(SortedLabel), by_bytes);
	for (uint32_t i = 0; i < summary->nlabels; i++)
	{
		summary->labels[i] = sorted[i].label;
		numbers[sorted[i].number] = i;
	}
	renumber_all(summary, numbers);
	host_free(sorted);
	host_free(numbers);
}

static void
sort_paths(PathsSummary *summary)
{
	SortedPath *sorted = host_alloc(NULL, (summary->npaths + 1) * sizeof(SortedPath));
	uint32_t   *numbers = host_alloc(NULL, (summary->nnumbers + 1) * sizeof(uint32_t));
	size_t		next = 0;

	for (uint32_t i = 0; i < summary->npaths; i++)
	{
		sorted[i].path = summary->paths[i];
		sorted[i].labels = summary->numbers + summary->paths[i].first;
	}
	qsort(sorted, summary->npaths, sizeof(SortedPath), by_labels);
	for (uint32_t i = 0; i < summary->npaths; i++)
	{
		summary->paths[i] = sorted[i].path;
		summary->paths[i].first = next;
		memcpy(numbers + next, sorted[i].labels, sorted[i].path.length * sizeof(uint32_t));
		next += sorted[i].path.length;
	}
	host_free(sorted);
	host_free(summary->numbers);
	summary->numbers = numbers;
	summary->nnumbers = next;
	summary->number_size = next + 1;
}

void
paths_summary_sort(PathsSummary *summary)
{
	sort_labels(summary);
	sort_paths(summary);
	if (summary->nedges > 0)
		qsort(summary->edges, summary->nedges, sizeof(PathEdge), by_place);
	drop_tables(summary);
}

/* ---- folding the rarest ---- */

typedef struct Ranked
{
	int64_t		count;
	uint32_t	place;
} Ranked;

static int
most_first(const void *a, const void *b)
{
	const Ranked *left = a;
	const Ranked *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return left->place < right->place ? -1 : 1;
}

/* Says, for each place, whether it is among the `most` with the highest counts. */
static bool *
keep_most(Ranked *ranked, uint32_t count, uint32_t most)
{
	bool	   *keep = host_alloc0(NULL, count + 1);

	qsort(ranked, count, sizeof(Ranked), most_first);
	for (uint32_t i = 0; i < count && i < most; i++)
		keep[ranked[i].place] = true;
	host_free(ranked);
	return keep;
}

static int64_t
saturated_sum(int64_t a, int64_t b)
{
	return __builtin_add_overflow(a, b, &a) ? INT64_MAX : a;
}

/* The labels that stay if there are too many; else NULL. */
static bool *
choose_labels(const PathsSummary *summary)
{
	Ranked	   *ranked;

	if (summary->nlabels <= PATHS_MAX_LABELS)
		return NULL;
	ranked = host_alloc(NULL, summary->nlabels * sizeof(Ranked));
	for (uint32_t i = 0; i < summary->nlabels; i++)
	{
		ranked[i].count = 0;
		ranked[i].place = i;
	}
	for (uint32_t i = 0; i < summary->nedges; i++)
	{
		const PathEdge *edge = &summary->edges[i];

		if (PATH_IS_LABEL(edge->near))
			ranked[edge->near].count = saturated_sum(ranked[edge->near].count, edge->count);
		if (PATH_IS_LABEL(edge->far))
			ranked[edge->far].count = saturated_sum(ranked[edge->far].count, edge->count);
	}
	return keep_most(ranked, summary->nlabels, PATHS_MAX_LABELS / 2);
}

static void
fold_paths(PathsSummary *summary, const bool *keep_label)
{
	bool	   *keep = NULL;
	uint32_t	left = 0;
	int64_t		largest = 0;

	if (summary->npaths > PATHS_MAX_PATHS)
	{
		Ranked	   *ranked = host_alloc(NULL, summary->npaths * sizeof(Ranked));

		for (uint32_t i = 0; i < summary->npaths; i++)
		{
			ranked[i].count = summary->paths[i].count;
			ranked[i].place = i;
		}
		keep = keep_most(ranked, summary->npaths, PATHS_MAX_PATHS / 2);
	}
	for (uint32_t i = 0; i < summary->npaths; i++)
	{
		const PathEntry *path = &summary->paths[i];
		bool		stays = keep == NULL || keep[i];

		for (uint32_t l = 0; keep_label != NULL && stays && l < path->length; l++)
			stays = keep_label[summary->numbers[path->first + l]];
		if (stays)
		{
			summary->paths[left++] = *path;
			continue;
		}
		add_to_count(&summary->other_paths, path->count);
		largest = path->count > largest ? path->count : largest;
	}
	summary->npaths = left;
	add_to_count(&summary->path_error, largest);
	host_free(keep);
}

static void
fold_edges(PathsSummary *summary, const bool *keep_label)
{
	PathEdge	folded[PATH_MAX_DEPTH + 1][2];	/* the second one leads to an end */
	bool	   *keep = NULL;
	uint32_t	left = 0;
	int64_t		largest = 0;

	memset(folded, 0, sizeof(folded));
	if (summary->nedges > PATHS_MAX_EDGES)
	{
		Ranked	   *ranked = host_alloc(NULL, summary->nedges * sizeof(Ranked));

		for (uint32_t i = 0; i < summary->nedges; i++)
		{
			ranked[i].count = summary->edges[i].count;
			ranked[i].place = i;
		}
		keep = keep_most(ranked, summary->nedges, PATHS_MAX_EDGES / 2);
	}
	for (uint32_t i = 0; i < summary->nedges; i++)
	{
		PathEdge   *edge = &summary->edges[i];
		PathEdge   *fold = &folded[edge->depth][edge->far == PATH_END];
		bool		known = edge->near != PATH_OTHER;

		if (known && (keep == NULL || keep[i]) &&
			(keep_label == NULL || (keep_label[edge->near] && (!PATH_IS_LABEL(edge->far) || keep_label[edge->far]))))
		{
			summary->edges[left++] = *edge;
			continue;
		}
		if (known && edge->count > largest)
			largest = edge->count;
		add_to_count(&fold->count, edge->count);
		path_times_merge(&fold->times, &edge->times);
		host_free(edge->times.words);
	}
	summary->nedges = left;
	add_to_count(&summary->edge_error, largest);
	for (uint32_t depth = 1; depth <= PATH_MAX_DEPTH; depth++)
		for (int ends = 0; ends < 2; ends++)
		{
			PathEdge   *fold = &folded[depth][ends];

			if (fold->count == 0)
				continue;
			fold->depth = depth;
			fold->near = PATH_OTHER;
			fold->far = ends ? PATH_END : PATH_OTHER;
			summary->edges = make_room_32(summary->edges, summary->nedges, &summary->edge_size, sizeof(PathEdge));
			summary->edges[summary->nedges++] = *fold;
		}
	host_free(keep);
}

/* Forgets the labels that nothing is made of any more. */
static void
drop_labels(PathsSummary *summary)
{
	uint32_t   *numbers = host_alloc0(NULL, (summary->nlabels + 1) * sizeof(uint32_t));
	uint32_t	left = 0;

	for (uint32_t i = 0; i < summary->npaths; i++)
		for (uint32_t l = 0; l < summary->paths[i].length; l++)
			numbers[summary->numbers[summary->paths[i].first + l]] = 1;
	for (uint32_t i = 0; i < summary->nedges; i++)
	{
		if (PATH_IS_LABEL(summary->edges[i].near))
			numbers[summary->edges[i].near] = 1;
		if (PATH_IS_LABEL(summary->edges[i].far))
			numbers[summary->edges[i].far] = 1;
	}
	for (uint32_t i = 0; i < summary->nlabels; i++)
	{
		if (numbers[i] == 0)
		{
			host_free((char *) summary->labels[i].bytes);
			continue;
		}
		numbers[i] = left;
		summary->labels[left++] = summary->labels[i];
	}
	summary->nlabels = left;
	renumber_all(summary, numbers);
	host_free(numbers);
}

static void
fold_rarest(PathsSummary *summary)
{
	bool	   *keep_label;

	if (summary->npaths <= PATHS_MAX_PATHS && summary->nlabels <= PATHS_MAX_LABELS &&
		summary->nedges <= PATHS_MAX_EDGES + 2 * PATH_MAX_DEPTH)
		return;
	/* in order, so that which one of equals goes does not depend on who came first */
	paths_summary_sort(summary);
	keep_label = choose_labels(summary);
	fold_paths(summary, keep_label);
	fold_edges(summary, keep_label);
	sort_paths(summary);
	drop_labels(summary);
	drop_tables(summary);
	host_free(keep_label);
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
	add_to_count(count, 1);
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
	fold_rarest(summary);
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
		add_to_count(&same->count, path->count);
		add_to_count(&same->actors, path->actors);
	}
	for (uint32_t i = 0; i < from->nedges; i++)
	{
		const PathEdge *edge = &from->edges[i];
		uint32_t	near = edge->near;
		uint32_t	far = edge->far;
		PathEdge   *same;

		renumber(&near, numbers);
		renumber(&far, numbers);
		same = get_edge(into, edge->depth, near, far);
		add_to_count(&same->count, edge->count);
		add_to_count(&same->actors, edge->actors);
		path_times_merge(&same->times, &edge->times);
	}
	add_to_count(&into->other_paths, from->other_paths);
	add_to_count(&into->path_error, from->path_error);
	add_to_count(&into->edge_error, from->edge_error);
	host_free(numbers);
	fold_rarest(into);
}

/* ---- invariants ---- */

int64_t
paths_summary_total(const PathsSummary *summary)
{
	int64_t		total = summary->other_paths;

	for (uint32_t i = 0; i < summary->npaths; i++)
		add_to_count(&total, summary->paths[i].count);
	return total;
}

static const char *
check_edge(const PathsSummary *summary, const PathEdge *edge)
{
	uint64_t	timed = 0;

	if (edge->depth < 1 || edge->depth > (uint32_t) summary->spec.depth)
		return "edge beyond the depth";
	if (edge->near == PATH_OTHER ? edge->far < PATH_OTHER || edge->actors != 0 :
		edge->far == PATH_OTHER || edge->actors < 1 || edge->actors > edge->count)
		return "edge that cannot be";
	for (uint32_t i = 0; i < edge->times.count; i++)
	{
		timed += path_times_number(edge->times.words[i]);
		if (timed > INT64_MAX)
			return "more times than edges";
	}
	if (edge->count < 1 || (edge->far == PATH_END ? timed != 0 : timed != (uint64_t) edge->count))
		return "more or fewer times than edges";
	return NULL;
}

const char *
paths_summary_check(const PathsSummary *summary)
{
	__int128	at_depth[PATH_MAX_DEPTH + 2] = {0};
	__int128	ends[PATH_MAX_DEPTH + 2] = {0};
	__int128	total = summary->other_paths;
	__int128	others = 0;

	if (summary->text == NULL)
		return NULL;
	if (summary->nlabels > PATHS_MAX_LABELS || summary->npaths > PATHS_MAX_PATHS ||
		summary->nedges > PATHS_MAX_EDGES + 2 * PATH_MAX_DEPTH)
		return "more labels, paths or edges than are kept";
	for (uint32_t i = 0; i < summary->npaths; i++)
	{
		const PathEntry *path = &summary->paths[i];

		if (path->actors < 1 || path->actors > path->count)
			return "more actors than paths";
		total += path->count;
	}
	for (uint32_t i = 0; i < summary->nedges; i++)
	{
		const PathEdge *edge = &summary->edges[i];
		const char *violated = check_edge(summary, edge);

		if (violated != NULL)
			return violated;
		at_depth[edge->depth] += edge->count;
		if (edge->far == PATH_END)
			ends[edge->depth] += edge->count;
		if (edge->near == PATH_OTHER)
			others += edge->count;
	}
	if (total > INT64_MAX)
		return "count out of range";
	/* every path has an edge at depth 1, and those that do not end there have one at the next depth */
	for (int depth = 1; depth <= summary->spec.depth; depth++)
	{
		if (at_depth[depth] != total)
			return "edges that do not add up";
		total -= ends[depth];
	}
	if ((summary->path_error == 0) != (summary->other_paths == 0) || summary->path_error > summary->other_paths ||
		(summary->edge_error == 0) != (others == 0) || summary->edge_error > others)
		return "error that cannot be";
	return NULL;
}

/* ---- wire format ---- */

/* In bytes PATH_OTHER and PATH_END follow the numbers of labels. */
static uint32_t
wire_number(const PathsSummary *summary, uint32_t number)
{
	return PATH_IS_LABEL(number) ? number : summary->nlabels + (number - PATH_OTHER);
}

static uint32_t
number_of_wire(const PathsSummary *summary, uint64_t number)
{
	return number < summary->nlabels ? (uint32_t) number : PATH_OTHER + (uint32_t) (number - summary->nlabels);
}

static uint32_t
shared_labels(const uint32_t *a, uint32_t a_length, const uint32_t *b, uint32_t b_length)
{
	uint32_t	shared = 0;

	while (shared < a_length && shared < b_length && a[shared] == b[shared])
		shared++;
	return shared;
}

static void
write_paths(WireWriter *writer, const PathsSummary *summary)
{
	const uint32_t *before = NULL;
	uint32_t	before_length = 0;

	wire_write_uint(writer, summary->npaths);
	for (uint32_t i = 0; i < summary->npaths; i++)
	{
		const PathEntry *path = &summary->paths[i];
		const uint32_t *labels = summary->numbers + path->first;
		uint32_t	shared = shared_labels(before, before_length, labels, path->length);

		wire_write_uint(writer, shared);
		wire_write_uint(writer, path->length - shared);
		for (uint32_t l = shared; l < path->length; l++)
			wire_write_uint(writer, labels[l]);
		wire_write_uint(writer, (uint64_t) path->actors);
		wire_write_uint(writer, (uint64_t) path->count);
		before = labels;
		before_length = path->length;
	}
	wire_write_uint(writer, (uint64_t) summary->other_paths);
}

static void
write_edges(WireWriter *writer, const PathsSummary *summary)
{
	uint32_t	i = 0;

	for (uint32_t depth = 1; depth <= (uint32_t) summary->spec.depth; depth++)
	{
		uint32_t	end = i;
		uint32_t	near = 0;
		uint32_t	far = 0;

		while (end < summary->nedges && summary->edges[end].depth == depth)
			end++;
		wire_write_uint(writer, end - i);
		for (; i < end; i++)
		{
			const PathEdge *edge = &summary->edges[i];
			uint32_t	next_near = wire_number(summary, edge->near);
			uint32_t	next_far = wire_number(summary, edge->far);
			uint32_t	bucket = 0;

			wire_write_uint(writer, next_near - near);
			if (next_near != near)
				far = 0;
			wire_write_uint(writer, next_far - far);
			near = next_near;
			far = next_far;
			wire_write_uint(writer, (uint64_t) edge->actors);
			wire_write_uint(writer, (uint64_t) edge->count);
			if (edge->far == PATH_END)
				continue;
			wire_write_uint(writer, edge->times.count);
			for (uint32_t t = 0; t < edge->times.count; t++)
			{
				wire_write_uint(writer, path_times_bucket(edge->times.words[t]) - bucket);
				wire_write_uint(writer, path_times_number(edge->times.words[t]));
				bucket = path_times_bucket(edge->times.words[t]);
			}
		}
	}
}

static void *
copy_array(const void *array, size_t count, size_t element)
{
	void	   *copy = host_alloc(NULL, host_array_size(count + 1, element));

	if (count > 0)
		memcpy(copy, array, count * element);
	return copy;
}

void
paths_summary_write(WireWriter *writer, const PathsSummary *summary)
{
	PathsSummary sorted = *summary;

	host_assert(paths_summary_check(summary) == NULL);
	wire_write_uint(writer, summary->length);
	if (summary->text == NULL)
		return;
	sorted.labels = copy_array(summary->labels, summary->nlabels, sizeof(TimelineLabel));
	sorted.paths = copy_array(summary->paths, summary->npaths, sizeof(PathEntry));
	sorted.numbers = copy_array(summary->numbers, summary->nnumbers, sizeof(uint32_t));
	sorted.edges = copy_array(summary->edges, summary->nedges, sizeof(PathEdge));
	sorted.label_table = sorted.path_table = sorted.edge_table = NULL;
	paths_summary_sort(&sorted);
	wire_write_bytes(writer, summary->text, summary->length);
	wire_write_uint(writer, (uint64_t) summary->path_error);
	wire_write_uint(writer, (uint64_t) summary->edge_error);
	wire_write_uint(writer, sorted.nlabels);
	for (uint32_t i = 0; i < sorted.nlabels; i++)
	{
		wire_write_uint(writer, sorted.labels[i].length);
		wire_write_bytes(writer, sorted.labels[i].bytes, sorted.labels[i].length);
	}
	write_paths(writer, &sorted);
	write_edges(writer, &sorted);
	host_free(sorted.labels);
	host_free(sorted.paths);
	host_free(sorted.numbers);
	host_free(sorted.edges);
}

static int64_t
read_count(WireReader *reader)
{
	return (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
}

static void
read_labels(WireReader *reader, PathsSummary *summary)
{
	size_t		count = wire_read_count(reader, 1);

	if (count > PATHS_MAX_LABELS)
		wire_read_fail(reader, "more labels than are kept");
	if (reader->failure != NULL || count == 0)
		return;
	summary->label_size = (uint32_t) count;
	summary->labels = host_alloc(NULL, count * sizeof(TimelineLabel));
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		size_t		length = (size_t) wire_read_uint_max(reader, TIMELINE_LABEL_MAX, "label too long");
		const uint8_t *bytes = wire_read_bytes(reader, length);
		TimelineLabel *label = &summary->labels[i];
		char	   *copy;

		if (reader->failure != NULL)
			return;
		copy = host_alloc(NULL, length + 1);
		memcpy(copy, bytes, length);
		label->bytes = copy;
		label->length = (uint32_t) length;
		summary->nlabels++;
		if (i > 0 && path_label_compare(label - 1, label) >= 0)
			wire_read_fail(reader, "labels out of order");
	}
}

static void
read_paths(WireReader *reader, PathsSummary *summary, bool *used)
{
	size_t		count = wire_read_count(reader, 5);
	uint32_t	labels[PATH_MAX_DEPTH + 1];
	uint32_t	before = 0;
	uint32_t	longest = (uint32_t) summary->spec.depth + 1;

	if (count > PATHS_MAX_PATHS)
		wire_read_fail(reader, "more paths than are kept");
	if (reader->failure != NULL)
		return;
	summary->path_size = (uint32_t) count;
	if (count > 0)
		summary->paths = host_alloc0(NULL, count * sizeof(PathEntry));
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		PathEntry  *path = &summary->paths[i];
		uint32_t	shared = (uint32_t) wire_read_uint_max(reader, before, "path out of order");
		uint32_t	rest = (uint32_t) wire_read_uint_max(reader, longest - shared, "path too long");

		if (rest == 0)
			wire_read_fail(reader, "path out of order");
		path->first = summary->nnumbers;
		path->length = shared + rest;
		for (uint32_t l = 0; l < path->length && reader->failure == NULL; l++)
		{
			if (l >= shared)
			{
				uint32_t	label = (uint32_t) wire_read_uint_max(reader, UINT32_MAX, "label that is not there");

				if (label >= summary->nlabels)
					wire_read_fail(reader, "label that is not there");
				else if (l == shared && shared < before && label <= labels[l])
					wire_read_fail(reader, "path out of order");
				else
					used[label] = true;
				labels[l] = label;
			}
			summary->numbers = make_room(summary->numbers, summary->nnumbers, &summary->number_size,
										 sizeof(uint32_t));
			summary->numbers[summary->nnumbers++] = labels[l];
		}
		before = path->length;
		path->actors = read_count(reader);
		path->count = read_count(reader);
		summary->npaths++;
	}
	summary->other_paths = read_count(reader);
}

static void
read_times(WireReader *reader, PathTimes *times)
{
	size_t		count = wire_read_count(reader, 2);
	uint64_t	bucket = 0;

	if (count > HISTOGRAM_BUCKETS)
		wire_read_fail(reader, "bucket out of range");
	if (reader->failure != NULL || count == 0)
		return;
	times->capacity = (uint32_t) count;
	times->words = host_alloc(NULL, count * sizeof(uint64_t));
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		uint64_t	step = wire_read_uint_max(reader, HISTOGRAM_BUCKETS - 1, "bucket out of range");
		uint64_t	number = wire_read_uint_max(reader, PATH_TIMES_COUNT_MAX, "count out of range");

		bucket += step;
		if (bucket >= HISTOGRAM_BUCKETS || (i > 0 && step == 0) || number == 0)
			wire_read_fail(reader, "times out of order or out of range");
		times->words[i] = bucket << PATH_TIMES_COUNT_BITS | number;
		times->count++;
	}
}

static void
read_edges(WireReader *reader, PathsSummary *summary, uint32_t depth, bool *used)
{
	size_t		count = wire_read_count(reader, 4);
	uint64_t	near = 0;
	uint64_t	far = 0;
	uint64_t	behind = (uint64_t) summary->nlabels + 1;

	if (count > PATHS_MAX_EDGES + 2 * PATH_MAX_DEPTH - summary->nedges)
		wire_read_fail(reader, "more edges than are kept");
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		uint64_t	step = wire_read_uint_max(reader, behind, "label that is not there");
		PathEdge   *edge;

		near += step;
		if (step > 0)
			far = 0;
		step = i > 0 && step == 0;
		far += wire_read_uint_max(reader, behind, "label that is not there");
		summary->edges = make_room_32(summary->edges, summary->nedges, &summary->edge_size, sizeof(PathEdge));
		edge = &summary->edges[summary->nedges++];
		memset(edge, 0, sizeof(*edge));
		edge->depth = depth;
		if (near > summary->nlabels || far > behind ||
			(step > 0 && number_of_wire(summary, far) <= (edge - 1)->far))
		{
			wire_read_fail(reader, "edges out of order");
			summary->nedges--;
			return;
		}
		edge->near = number_of_wire(summary, near);
		edge->far = number_of_wire(summary, far);
		if (PATH_IS_LABEL(edge->near))
			used[edge->near] = true;
		if (PATH_IS_LABEL(edge->far))
			used[edge->far] = true;
		edge->actors = read_count(reader);
		edge->count = read_count(reader);
		if (edge->far != PATH_END)
			read_times(reader, &edge->times);
	}
}

/* Reads the spec; its canonical text is all that is accepted. */
static bool
read_spec(WireReader *reader, bool utf8, PathsSummary *summary)
{
	size_t		length = wire_read_count(reader, 1);
	const char *bytes = (const char *) wire_read_bytes(reader, length);
	char	   *text;
	char	   *canonical;
	size_t		canonical_length;
	PathSpec	spec;
	LanguageError error;

	if (reader->failure != NULL || length == 0)
	{
		wire_read_done(reader);
		return false;
	}
	text = host_alloc(NULL, length + 1);
	memcpy(text, bytes, length);
	text[length] = '\0';
	if (!path_spec_parse(text, length, utf8, &spec, &error))
	{
		wire_read_fail(reader, "not a path spec");
		return false;
	}
	canonical = path_spec_print(&spec, utf8, &canonical_length);
	if (canonical_length != length || memcmp(canonical, text, length) != 0)
	{
		wire_read_fail(reader, "path spec not in canonical form");
		return false;
	}
	paths_summary_init(summary, text, length, &spec);
	return true;
}

void
paths_summary_read(WireReader *reader, bool utf8, PathsSummary *summary)
{
	const char *violated;
	bool	   *used;

	memset(summary, 0, sizeof(*summary));
	if (!read_spec(reader, utf8, summary))
		return;
	summary->path_error = read_count(reader);
	summary->edge_error = read_count(reader);
	read_labels(reader, summary);
	used = host_alloc0(NULL, summary->nlabels + 1);
	if (reader->failure == NULL)
		read_paths(reader, summary, used);
	for (uint32_t depth = 1; depth <= (uint32_t) summary->spec.depth && reader->failure == NULL; depth++)
		read_edges(reader, summary, depth, used);
	for (uint32_t i = 0; i < summary->nlabels && reader->failure == NULL; i++)
		if (!used[i])
			wire_read_fail(reader, "label that nothing is made of");
	host_free(used);
	if (wire_read_done(reader) && (violated = paths_summary_check(summary)) != NULL)
		wire_read_fail(reader, violated);
}
