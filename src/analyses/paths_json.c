/*
 * paths_json.c: kpi.paths as jsonb and, the same in letters, as text.
 *
 * {"spec": "from a depth 5 gap 30 min top 50", "path_error": 0, "edge_error": 0,
 *  "paths": [{"path": ["a", "b"], "actors": 2, "count": 3}], "other_paths": 0,
 *  "edges": [{"depth": 1, "source": "a", "target": "b", "actors": 2, "count": 3, "times": [[1472, 2], ...]},
 *            {"depth": 2, "source": "b", "actors": 2, "count": 3}]}
 *
 * An edge without a target leads to the exit, one without a source comes from the entry; null stands for labels that
 * were folded. With `to`, depths are negative.
 */
#include "analyses/paths.h"

/* ---- writing ---- */

static void
push_label(JsonWriter *state, JsonbIteratorToken token, const PathsSummary *summary, uint32 number)
{
	JsonbValue	value;

	value.type = jbvNull;
	if (PATH_IS_LABEL(number))
	{
		value.type = jbvString;
		value.val.string.val = unconstify(char *, summary->labels[number].bytes);
		value.val.string.len = summary->labels[number].length;
	}
	js_push(state, token, &value);
}

static void
push_path(JsonWriter *state, const PathsSummary *summary, const PathEntry *path)
{
	const uint32 *labels = summary->numbers + path->first;

	js_push(state, WJB_BEGIN_OBJECT, NULL);
	js_key(state, "path");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (uint32 i = 0; i < path->length; i++)
		push_label(state, WJB_ELEM, summary, labels[summary->spec.anchor == PATH_TO ? path->length - 1 - i : i]);
	js_push(state, WJB_END_ARRAY, NULL);
	js_int_of(state, "actors", path->actors);
	js_int_of(state, "count", path->count);
	js_push(state, WJB_END_OBJECT, NULL);
}

static void
push_side(JsonWriter *state, const char *key, const PathsSummary *summary, uint32 number)
{
	if (number == PATH_END)
		return;
	js_key(state, key);
	push_label(state, WJB_VALUE, summary, number);
}

static void
push_edge(JsonWriter *state, const PathsSummary *summary, const PathEdge *edge)
{
	bool		backwards = summary->spec.anchor == PATH_TO;

	js_push(state, WJB_BEGIN_OBJECT, NULL);
	js_int_of(state, "depth", backwards ? -(int64) edge->depth : edge->depth);
	push_side(state, "source", summary, backwards ? edge->far : edge->near);
	push_side(state, "target", summary, backwards ? edge->near : edge->far);
	if (PATH_IS_LABEL(edge->near))
		js_int_of(state, "actors", edge->actors);
	js_int_of(state, "count", edge->count);
	if (edge->far != PATH_END)
	{
		js_key(state, "times");
		js_push(state, WJB_BEGIN_ARRAY, NULL);
		for (uint32 i = 0; i < edge->times.count; i++)
		{
			js_push(state, WJB_BEGIN_ARRAY, NULL);
			js_element(state, path_times_bucket(edge->times.words[i]));
			js_element(state, (int64) path_times_number(edge->times.words[i]));
			js_push(state, WJB_END_ARRAY, NULL);
		}
		js_push(state, WJB_END_ARRAY, NULL);
	}
	js_push(state, WJB_END_OBJECT, NULL);
}

void
paths_push_json(JsonWriter *state, const void *value)
{
	const PathsSummary *summary = value;

	js_int_of(state, "path_error", summary->path_error);
	js_int_of(state, "edge_error", summary->edge_error);
	js_key(state, "paths");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (uint32 i = 0; i < summary->npaths; i++)
		push_path(state, summary, &summary->paths[i]);
	js_push(state, WJB_END_ARRAY, NULL);
	js_int_of(state, "other_paths", summary->other_paths);
	js_key(state, "edges");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (uint32 i = 0; i < summary->nedges; i++)
		push_edge(state, summary, &summary->edges[i]);
	js_push(state, WJB_END_ARRAY, NULL);
}

/* ---- reading ---- */

static uint32
read_label(const JsonReader *reader, PathsSummary *summary, const JsonbValue *value, const char *key)
{
	if (value == NULL || value->type != jbvString || value->val.string.len > TIMELINE_LABEL_MAX)
		js_bad(reader, key);
	return paths_summary_label(summary, value->val.string.val, value->val.string.len);
}

static void
read_path(const JsonReader *reader, JsonbContainer *object, PathsSummary *summary)
{
	JsonbContainer *array = js_array(reader, js_find(object, "path"), "path");
	uint32		length = JsonContainerSize(array);
	uint32		labels[PATH_MAX_DEPTH + 1];

	if (length < 1 || length > (uint32) summary->spec.depth + 1)
		js_bad(reader, "path");
	for (uint32 i = 0; i < length; i++)
		labels[summary->spec.anchor == PATH_TO ? length - 1 - i : i] =
			read_label(reader, summary, getIthJsonbValueFromContainer(array, i), "path");
	if (!paths_summary_put_path(summary, labels, length, js_count(reader, js_find(object, "actors"), "actors"),
								js_count(reader, js_find(object, "count"), "count")))
		js_bad(reader, "path");
}

static uint32
read_side(const JsonReader *reader, JsonbContainer *object, const char *key, PathsSummary *summary)
{
	JsonbValue *value = js_find(object, key);

	if (value == NULL)
		return PATH_END;
	if (value->type == jbvNull)
		return PATH_OTHER;
	return read_label(reader, summary, value, key);
}

static void
read_times(const JsonReader *reader, JsonbContainer *object, PathTimes *times)
{
	JsonbContainer *array = js_array(reader, js_find(object, "times"), "times");
	int64		before = -1;

	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *pair = js_array(reader, getIthJsonbValueFromContainer(array, i), "times");
		int64		bucket;
		int64		count;

		if (JsonContainerSize(pair) != 2)
			js_bad(reader, "times");
		bucket = js_count(reader, getIthJsonbValueFromContainer(pair, 0), "times");
		count = js_count(reader, getIthJsonbValueFromContainer(pair, 1), "times");
		if (bucket <= before || bucket >= HISTOGRAM_BUCKETS || count < 1 || count > (int64) PATH_TIMES_COUNT_MAX)
			js_bad(reader, "times");
		path_times_add(times, (uint32) bucket, (uint64) count);
		before = bucket;
	}
}

static void
read_edge(const JsonReader *reader, JsonbContainer *object, PathsSummary *summary)
{
	bool		backwards = summary->spec.anchor == PATH_TO;
	int64		depth = js_number(reader, js_find(object, "depth"), "depth");
	uint32		source = read_side(reader, object, "source", summary);
	uint32		target = read_side(reader, object, "target", summary);
	uint32		near = backwards ? target : source;
	uint32		far = backwards ? source : target;
	int64		count = js_count(reader, js_find(object, "count"), "count");
	PathEdge   *edge;

	if (backwards ? depth > -1 || depth < -summary->spec.depth : depth < 1 || depth > summary->spec.depth)
		js_bad(reader, "depth");
	if (near == PATH_END)
		js_bad(reader, backwards ? "target" : "source");
	edge = paths_summary_put_edge(summary, (uint32) (backwards ? -depth : depth), near, far,
								  near == PATH_OTHER ? 0 : js_count(reader, js_find(object, "actors"), "actors"), count);
	if (edge == NULL)
		js_bad(reader, "edges");
	if (far != PATH_END)
		read_times(reader, object, &edge->times);
}

void
paths_read_json(const JsonReader *reader, JsonbContainer *root, void *value)
{
	PathsSummary *summary = value;
	JsonbContainer *paths = js_array(reader, js_find(root, "paths"), "paths");
	JsonbContainer *edges = js_array(reader, js_find(root, "edges"), "edges");

	summary->path_error = js_count(reader, js_find(root, "path_error"), "path_error");
	summary->edge_error = js_count(reader, js_find(root, "edge_error"), "edge_error");
	summary->other_paths = js_count(reader, js_find(root, "other_paths"), "other_paths");
	for (uint32 i = 0; i < JsonContainerSize(paths); i++)
		read_path(reader, js_object(reader, getIthJsonbValueFromContainer(paths, i), "paths"), summary);
	for (uint32 i = 0; i < JsonContainerSize(edges); i++)
		read_edge(reader, js_object(reader, getIthJsonbValueFromContainer(edges, i), "edges"), summary);
}
