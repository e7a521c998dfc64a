/*
 * paths_access.c: reading a kpi.paths: edges, the most frequent paths, the error.
 */
#include "analyses/paths.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(paths_edges);
PG_FUNCTION_INFO_V1(paths_top_paths);
PG_FUNCTION_INFO_V1(paths_path_error);
PG_FUNCTION_INFO_V1(paths_spec);

/* ---- edges ---- */

/*
 * A path goes through columns: column 0 is its anchor, and the edges at depth d lead from column d - 1 to column d. So a
 * label that is shown, or folded, is so on both sides of a column.
 */
typedef struct Column
{
	int64	   *counts;			/* by label */
	bool	   *shown;
} Column;

typedef struct RankedLabel
{
	int64		count;
	uint32		number;			/* in the order of the labels' bytes */
} RankedLabel;

static int
most_first(const void *a, const void *b)
{
	const RankedLabel *left = a;
	const RankedLabel *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return left->number < right->number ? -1 : 1;
}

static void
choose_shown(const PathsSummary *summary, Column *column)
{
	RankedLabel *ranked = palloc(mul_size(summary->nlabels + 1, sizeof(RankedLabel)));
	uint32		nranked = 0;

	for (uint32 i = 0; i < summary->nlabels; i++)
	{
		if (column->counts[i] == 0)
			continue;
		ranked[nranked].count = column->counts[i];
		ranked[nranked++].number = i;
	}
	qsort(ranked, nranked, sizeof(RankedLabel), most_first);
	column->shown = palloc0(summary->nlabels + 1);
	for (uint32 i = 0; i < nranked && i < (uint32) summary->spec.top; i++)
		column->shown[ranked[i].number] = true;
	pfree(ranked);
}

static Column *
make_columns(const PathsSummary *summary)
{
	Column	   *columns = palloc0(mul_size(summary->spec.depth + 1, sizeof(Column)));

	for (int c = 0; c <= summary->spec.depth; c++)
		columns[c].counts = palloc0(mul_size(summary->nlabels + 1, sizeof(int64)));
	for (uint32 i = 0; i < summary->nedges; i++)
	{
		const PathEdge *edge = &summary->edges[i];

		if (edge->depth == 1 && PATH_IS_LABEL(edge->near))
			columns[0].counts[edge->near] += edge->count;
		if (PATH_IS_LABEL(edge->far))
			columns[edge->depth].counts[edge->far] += edge->count;
	}
	for (int c = 0; c <= summary->spec.depth; c++)
		choose_shown(summary, &columns[c]);
	return columns;
}

static uint32
shown_label(const Column *column, uint32 number)
{
	return PATH_IS_LABEL(number) && !column->shown[number] ? PATH_OTHER : number;
}

/* By depth as it is shown; by count; then by the labels, source and target. */
static int
as_shown(const void *a, const void *b, void *argument)
{
	const PathEdge *left = a;
	const PathEdge *right = b;
	bool		backwards = *(const bool *) argument;
	uint32		left_source = backwards ? left->far : left->near;
	uint32		right_source = backwards ? right->far : right->near;
	uint32		left_target = backwards ? left->near : left->far;
	uint32		right_target = backwards ? right->near : right->far;

	if (left->depth != right->depth)
		return (left->depth < right->depth) == backwards ? 1 : -1;
	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	if (left_source != right_source)
		return left_source < right_source ? -1 : 1;
	return (left_target > right_target) - (left_target < right_target);
}

static int
by_ends(const void *a, const void *b)
{
	const PathEdge *left = a;
	const PathEdge *right = b;

	if (left->depth != right->depth)
		return left->depth < right->depth ? -1 : 1;
	if (left->near != right->near)
		return left->near < right->near ? -1 : 1;
	return (left->far > right->far) - (left->far < right->far);
}

/* Puts edges that have become the same together; returns how many are left. */
static uint32
fold_edges(PathEdge *edges, uint32 count)
{
	uint32		left = 0;

	if (count > 1)
		qsort(edges, count, sizeof(PathEdge), by_ends);
	for (uint32 i = 0; i < count; i++)
	{
		PathTimes	times = {NULL, 0, 0};

		if (left == 0 || by_ends(&edges[left - 1], &edges[i]) != 0)
		{
			/* a copy, that more can be added to */
			path_times_merge(&times, &edges[i].times);
			edges[left] = edges[i];
			edges[left++].times = times;
			continue;
		}
		edges[left - 1].count += edges[i].count;
		path_times_merge(&edges[left - 1].times, &edges[i].times);
	}
	return left;
}

static Datum
label_datum(const PathsSummary *summary, uint32 number)
{
	if (number == PATH_OTHER)
		return PointerGetDatum(cstring_to_text("(other)"));
	if (number == PATH_END)
		return PointerGetDatum(cstring_to_text(summary->spec.anchor == PATH_TO ? "(entry)" : "(exit)"));
	return PointerGetDatum(cstring_to_text_with_len(summary->labels[number].bytes, summary->labels[number].length));
}

Datum
paths_edges(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	PathsSummary summary;
	Column	   *columns;
	PathEdge   *edges;
	uint32		nedges;
	int64		totals[PATH_MAX_DEPTH + 1] = {0};
	bool		backwards;

	materialize_rows(fcinfo);
	paths_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		return (Datum) 0;
	backwards = summary.spec.anchor == PATH_TO;
	columns = make_columns(&summary);
	edges = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(summary.nedges + 1, sizeof(PathEdge)));
	for (uint32 i = 0; i < summary.nedges; i++)
	{
		edges[i] = summary.edges[i];
		edges[i].near = shown_label(&columns[edges[i].depth - 1], edges[i].near);
		edges[i].far = shown_label(&columns[edges[i].depth], edges[i].far);
		totals[edges[i].depth] += edges[i].count;
	}
	nedges = fold_edges(edges, summary.nedges);
	qsort_arg(edges, nedges, sizeof(PathEdge), as_shown, &backwards);
	for (uint32 i = 0; i < nedges; i++)
	{
		const PathEdge *edge = &edges[i];
		Datum		values[7];
		bool		nulls[7] = {0};

		values[0] = Int32GetDatum(backwards ? -(int32) edge->depth : (int32) edge->depth);
		values[1] = label_datum(&summary, backwards ? edge->far : edge->near);
		values[2] = label_datum(&summary, backwards ? edge->near : edge->far);
		/* an actor may have taken several of the edges that are folded here */
		nulls[3] = edge->near == PATH_OTHER || edge->far == PATH_OTHER;
		values[3] = Int64GetDatum(edge->actors);
		values[4] = Int64GetDatum(edge->count);
		values[5] = Float8GetDatum((double) edge->count / (double) totals[edge->depth]);
		nulls[6] = edge->times.count == 0;
		values[6] = nulls[6] ? (Datum) 0 : span_to_interval(path_times_median(&edge->times));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* ---- paths ---- */

static int
most_frequent_first(const void *a, const void *b)
{
	const PathEntry *left = a;
	const PathEntry *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	/* as they are stored: by their labels */
	return left->first < right->first ? -1 : 1;
}

static Datum
path_array(const PathsSummary *summary, const PathEntry *path)
{
	Datum		labels[PATH_MAX_DEPTH + 1];

	for (uint32 i = 0; i < path->length; i++)
		labels[i] = label_datum(summary, summary->numbers[path->first + (summary->spec.anchor == PATH_TO ?
																		 path->length - 1 - i : i)]);
	return PointerGetDatum(construct_array(labels, (int) path->length, TEXTOID, -1, false, TYPALIGN_INT));
}

Datum
paths_top_paths(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	PathsSummary summary;
	int64		most = PG_ARGISNULL(1) ? PG_INT64_MAX : PG_GETARG_INT32(1);
	int64		total;
	int64		rest;

	materialize_rows(fcinfo);
	if (most < 1)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("number of paths " INT64_FORMAT " is not positive", most),
				errhint("Leave it out for the ten most frequent ones, or give null for all."));
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	paths_open(PG_GETARG_DATUM(0), &summary);
	total = rest = paths_summary_total(&summary);
	if (summary.npaths > 1)
		qsort(summary.paths, summary.npaths, sizeof(PathEntry), most_frequent_first);
	for (uint32 i = 0; i < summary.npaths && i < most; i++)
	{
		const PathEntry *path = &summary.paths[i];
		Datum		values[4];
		bool		nulls[4] = {0};

		values[0] = path_array(&summary, path);
		values[1] = Int64GetDatum(path->actors);
		values[2] = Int64GetDatum(path->count);
		values[3] = Float8GetDatum((double) path->count / (double) total);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		rest -= path->count;
	}
	if (rest > 0)
	{
		Datum		other = label_datum(&summary, PATH_OTHER);
		Datum		values[4];
		bool		nulls[4] = {false, true, false, false};

		values[0] = PointerGetDatum(construct_array(&other, 1, TEXTOID, -1, false, TYPALIGN_INT));
		values[1] = (Datum) 0;
		values[2] = Int64GetDatum(rest);
		values[3] = Float8GetDatum((double) rest / (double) total);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* ---- the rest ---- */

Datum
paths_path_error(PG_FUNCTION_ARGS)
{
	PathsSummary summary;

	paths_open(PG_GETARG_DATUM(0), &summary);
	PG_RETURN_INT64(Max(summary.path_error, summary.edge_error));
}

Datum
paths_spec(PG_FUNCTION_ARGS)
{
	PathsSummary summary;

	paths_open(PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	return language_value_make(summary.text, summary.length);
}
