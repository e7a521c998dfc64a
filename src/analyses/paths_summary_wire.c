/*
 * paths_summary_wire.c: the invariants of a summary of paths, and its stored form.
 */
#include "analyses/paths_summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include "language/stored_literal.h"

/* ---- invariants ---- */

int64_t
paths_summary_total(const PathsSummary *summary)
{
	int64_t		total = summary->other_paths;

	for (uint32_t i = 0; i < summary->npaths; i++)
		paths_add_to_count(&total, summary->paths[i].count);
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
			summary->numbers = paths_make_room(summary->numbers, summary->nnumbers, &summary->number_size,
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
		summary->edges = paths_make_room_32(summary->edges, summary->nedges, &summary->edge_size, sizeof(PathEdge));
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
	size_t		length;
	char	   *canonical;
	size_t		canonical_length;
	PathSpec	spec;
	LanguageError error;
	char	   *text = stored_literal_read(reader, &length);

	if (text == NULL)
		return false;
	if (!path_spec_parse(text, length, utf8, &spec, &error))
	{
		wire_read_fail(reader, "not a path spec");
		return false;
	}
	canonical = path_spec_print(&spec, utf8, &canonical_length);
	if (!stored_literal_check(reader, text, length, canonical, canonical_length, "path spec not in canonical form"))
		return false;
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
