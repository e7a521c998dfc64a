/*
 * timeline_analyze.c: what ANALYZE gathers on a column of timelines: which labels are common.
 *
 * The statistics are of the kind "most common elements", as of tsvector and array columns: the labels in the
 * order of their bytes, for each the share of the timelines (not null) that have it, then the greatest share that any other
 * label may have, and the greatest of all.
 *
 * Labels may be countless (addresses of pages), so they are counted in bounded memory: collected, and
 * from time to time sorted, added up, and where there are still too many, the rarest dropped. How much a label
 * can have lost so is known; one that has not been counted more often than that says nothing.
 */
#include "kpi_track.h"

#include "access/detoast.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "commands/vacuum.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "engine/timeline_value.h"

#define MOST_LABELS 262144		/* collected at a time */
#define MOST_BYTES (16 * 1024 * 1024)	/* of their texts */
#define MOST_WIDTH (256 * 1024)	/* timelines of more bytes are passed over */

PG_FUNCTION_INFO_V1(timeline_typanalyze);

typedef struct LabelCount
{
	const char *bytes;			/* in LabelCounts.memory */
	uint32		length;
	uint32		count;
} LabelCount;

typedef struct LabelCounts
{
	LabelCount *items;			/* MOST_LABELS */
	int			nitems;
	MemoryContext memory;		/* of the texts */
	size_t		nbytes;
	uint32		lost;			/* no label has been undercounted by more */
} LabelCounts;

static int
by_bytes(const void *a, const void *b)
{
	const LabelCount *left = a;
	const LabelCount *right = b;
	int			order = memcmp(left->bytes, right->bytes, Min(left->length, right->length));

	return order != 0 ? order : (left->length > right->length) - (left->length < right->length);
}

static int
by_count(const void *a, const void *b)
{
	const LabelCount *left = a;
	const LabelCount *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return by_bytes(a, b);
}

/* Sorts, and adds up equal labels. */
static void
counts_add_up(LabelCounts *counts)
{
	int			kept = 0;

	qsort(counts->items, counts->nitems, sizeof(LabelCount), by_bytes);
	for (int i = 0; i < counts->nitems; i++)
	{
		if (kept > 0 && by_bytes(&counts->items[kept - 1], &counts->items[i]) == 0)
			counts->items[kept - 1].count += counts->items[i].count;
		else
			counts->items[kept++] = counts->items[i];
	}
	counts->nitems = kept;
}

/* Drops labels of the given count or less. */
static void
counts_drop(LabelCounts *counts, uint32 least)
{
	int			kept = 0;

	for (int i = 0; i < counts->nitems; i++)
		if (counts->items[i].count > least)
			counts->items[kept++] = counts->items[i];
	counts->nitems = kept;
}

/* Makes room: what is left fills no more than half of it. */
static void
counts_shrink(LabelCounts *counts)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "kpi_track labels",
												 ALLOCSET_DEFAULT_SIZES);
	size_t		nbytes;
	uint32		dropped = 0;

	counts_add_up(counts);
	for (;;)
	{
		nbytes = 0;
		for (int i = 0; i < counts->nitems; i++)
			nbytes += counts->items[i].length;
		if (counts->nitems <= MOST_LABELS / 2 && nbytes <= MOST_BYTES / 2)
			break;
		dropped = dropped * 2 + 1;
		counts_drop(counts, dropped);
	}
	/* A label that is dropped has lost its count; it may come back and be dropped again. */
	counts->lost += dropped;
	for (int i = 0; i < counts->nitems; i++)
	{
		char	   *copy = MemoryContextAlloc(memory, counts->items[i].length);

		memcpy(copy, counts->items[i].bytes, counts->items[i].length);
		counts->items[i].bytes = copy;
	}
	MemoryContextDelete(counts->memory);
	counts->memory = memory;
	counts->nbytes = nbytes;
}

static void
counts_add(LabelCounts *counts, const TimelineLabel *label)
{
	LabelCount *item;
	char	   *copy;

	if (counts->nitems == MOST_LABELS || counts->nbytes + label->length > MOST_BYTES)
		counts_shrink(counts);
	copy = MemoryContextAlloc(counts->memory, label->length);
	memcpy(copy, label->bytes, label->length);
	item = &counts->items[counts->nitems++];
	item->bytes = copy;
	item->length = label->length;
	item->count = 1;
	counts->nbytes += label->length;
}

/* Turns the counts into the statistics of slot 0. */
static void
store_labels(VacAttrStats *stats, LabelCounts *counts, int timelines)
{
	int			most = analyze_target(stats) * 10;
	int			kept;
	MemoryContext old;
	Datum	   *values;
	float4	   *numbers;
	uint32		others;
	uint32		commonest;

	counts_add_up(counts);
	qsort(counts->items, counts->nitems, sizeof(LabelCount), by_count);
	if (counts->nitems == 0)
		return;
	/* One at least, because there is no place for the other numbers without. */
	kept = 1;
	while (kept < counts->nitems && kept < most && counts->items[kept].count > counts->lost)
		kept++;
	commonest = counts->items[0].count;
	others = counts->lost + (kept < counts->nitems ? counts->items[kept].count : 0);
	/* What was not seen at all may still be there, once in a sample as large as this. */
	others = Min(Max(others, 1), counts->items[kept - 1].count);
	qsort(counts->items, kept, sizeof(LabelCount), by_bytes);

	old = MemoryContextSwitchTo(stats->anl_context);
	values = palloc(mul_size(kept, sizeof(Datum)));
	numbers = palloc(mul_size(kept + 2, sizeof(float4)));
	for (int i = 0; i < kept; i++)
	{
		values[i] = PointerGetDatum(cstring_to_text_with_len(counts->items[i].bytes,
															 counts->items[i].length));
		numbers[i] = (float4) counts->items[i].count / timelines;
	}
	numbers[kept] = (float4) others / timelines;
	numbers[kept + 1] = (float4) commonest / timelines;
	MemoryContextSwitchTo(old);

	stats->stakind[0] = STATISTIC_KIND_MCELEM;
	stats->staop[0] = TextEqualOperator;
	stats->stacoll[0] = C_COLLATION_OID;
	stats->stanumbers[0] = numbers;
	stats->numnumbers[0] = kept + 2;
	stats->stavalues[0] = values;
	stats->numvalues[0] = kept;
	stats->statypid[0] = TEXTOID;
	stats->statyplen[0] = -1;
	stats->statypbyval[0] = false;
	stats->statypalign[0] = TYPALIGN_INT;
}

static void
compute_timeline_stats(VacAttrStats *stats, AnalyzeAttrFetchFunc fetch, int samplerows, double totalrows)
{
	MemoryContext row_memory = AllocSetContextCreate(CurrentMemoryContext, "kpi_track timeline",
													 ALLOCSET_DEFAULT_SIZES);
	LabelCounts counts = {0};
	int			nulls = 0;
	int			timelines = 0;	/* read */
	double		width = 0;

	counts.items = palloc(mul_size(MOST_LABELS, sizeof(LabelCount)));
	counts.memory = AllocSetContextCreate(CurrentMemoryContext, "kpi_track labels",
										  ALLOCSET_DEFAULT_SIZES);
	for (int row = 0; row < samplerows; row++)
	{
		bool		isnull;
		Datum		value;
		Timeline	timeline;
		MemoryContext old;

		analyze_delay_point();
		value = fetch(stats, row, &isnull);
		if (isnull)
		{
			nulls++;
			continue;
		}
		width += VARSIZE_ANY(DatumGetPointer(value));
		if (toast_raw_datum_size(value) > MOST_WIDTH)
			continue;
		timelines++;
		old = MemoryContextSwitchTo(row_memory);
		timeline_open_datum(value, &timeline);
		MemoryContextSwitchTo(old);
		for (uint32 i = 0; i < timeline.nlabels; i++)
			counts_add(&counts, &timeline.labels[i]);
		MemoryContextReset(row_memory);
	}

	stats->stats_valid = samplerows > 0;
	if (samplerows > 0)
		stats->stanullfrac = (float4) nulls / samplerows;
	if (nulls < samplerows)
	{
		stats->stawidth = (int32) (width / (samplerows - nulls));
		/* Histories are seldom equal. */
		stats->stadistinct = (float4) -(1.0 - stats->stanullfrac);
		store_labels(stats, &counts, timelines);
	}
	MemoryContextDelete(counts.memory);
	MemoryContextDelete(row_memory);
	pfree(counts.items);
}

Datum
timeline_typanalyze(PG_FUNCTION_ARGS)
{
	VacAttrStats *stats = (VacAttrStats *) PG_GETARG_POINTER(0);

	if (analyze_target(stats) < 0)
		analyze_target(stats) = default_statistics_target;
	stats->compute_stats = compute_timeline_stats;
	/* as many as for other types: shares above a few per thousand come out well */
	stats->minrows = 300 * analyze_target(stats);
	PG_RETURN_BOOL(true);
}
