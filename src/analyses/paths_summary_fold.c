/*
 * paths_summary_fold.c: the one order of a summary of paths, and what happens beyond its limits: the rarest are folded.
 */
#include "analyses/paths_summary_parts.h"

#include <stdlib.h>
#include <string.h>

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

void
paths_renumber(uint32_t *label, const uint32_t *numbers)
{
	if (PATH_IS_LABEL(*label))
		*label = numbers[*label];
}

static void
renumber_all(PathsSummary *summary, const uint32_t *numbers)
{
	for (size_t i = 0; i < summary->nnumbers; i++)
		paths_renumber(&summary->numbers[i], numbers);
	for (uint32_t i = 0; i < summary->nedges; i++)
	{
		paths_renumber(&summary->edges[i].near, numbers);
		paths_renumber(&summary->edges[i].far, numbers);
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
	paths_drop_tables(summary);
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
		paths_add_to_count(&summary->other_paths, path->count);
		largest = path->count > largest ? path->count : largest;
	}
	summary->npaths = left;
	paths_add_to_count(&summary->path_error, largest);
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
		paths_add_to_count(&fold->count, edge->count);
		path_times_merge(&fold->times, &edge->times);
		host_free(edge->times.words);
	}
	summary->nedges = left;
	paths_add_to_count(&summary->edge_error, largest);
	for (uint32_t depth = 1; depth <= PATH_MAX_DEPTH; depth++)
		for (int ends = 0; ends < 2; ends++)
		{
			PathEdge   *fold = &folded[depth][ends];

			if (fold->count == 0)
				continue;
			fold->depth = depth;
			fold->near = PATH_OTHER;
			fold->far = ends ? PATH_END : PATH_OTHER;
			summary->edges = paths_make_room_32(summary->edges, summary->nedges, &summary->edge_size, sizeof(PathEdge));
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

void
paths_fold_rarest(PathsSummary *summary)
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
	paths_drop_tables(summary);
	host_free(keep_label);
}
