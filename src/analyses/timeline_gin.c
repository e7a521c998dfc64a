/*
 * timeline_gin.c: the operator class kpi.timeline_ops: a GIN index over the labels of timelines.
 *
 * The index finds the timelines that have, for each required step of the pattern, an event with a label that
 * fulfils it; whether these make a chain is for `@@` itself to say, so every hit is looked at again. Labels
 * that an arrow excludes, optional steps and `*` tell nothing about labels that must be there. What a pattern's options
 * mean plays no part: a complete pass takes an event for every required step whatever they are.
 */
#include "kpi_track.h"

#include "access/gin.h"
#include "utils/builtins.h"

#include "engine/timeline_value.h"
#include "language/pattern_value.h"

PG_FUNCTION_INFO_V1(timeline_gin_compare);
PG_FUNCTION_INFO_V1(timeline_gin_compare_prefix);
PG_FUNCTION_INFO_V1(timeline_gin_extract_value);
PG_FUNCTION_INFO_V1(timeline_gin_extract_query);
PG_FUNCTION_INFO_V1(timeline_gin_consistent);
PG_FUNCTION_INFO_V1(timeline_gin_triconsistent);

/* ---- keys ---- */

/* By bytes, a prefix before what it begins: the same under every collation. */
Datum
timeline_gin_compare(PG_FUNCTION_ARGS)
{
	text	   *a = PG_GETARG_TEXT_PP(0);
	text	   *b = PG_GETARG_TEXT_PP(1);
	size_t		a_length = VARSIZE_ANY_EXHDR(a);
	size_t		b_length = VARSIZE_ANY_EXHDR(b);
	int			order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(a_length, b_length));

	if (order == 0)
		order = (a_length > b_length) - (a_length < b_length);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	PG_RETURN_INT32(order);
}

/* A key of the index against a prefix: 0 if it begins so; else it is past those that do, as the scan starts at the prefix. */
Datum
timeline_gin_compare_prefix(PG_FUNCTION_ARGS)
{
	text	   *prefix = PG_GETARG_TEXT_PP(0);
	text	   *key = PG_GETARG_TEXT_PP(1);
	size_t		length = VARSIZE_ANY_EXHDR(prefix);
	bool		begins = VARSIZE_ANY_EXHDR(key) >= length &&
		memcmp(VARDATA_ANY(key), VARDATA_ANY(prefix), length) == 0;

	PG_FREE_IF_COPY(prefix, 0);
	PG_FREE_IF_COPY(key, 1);
	PG_RETURN_INT32(begins ? 0 : 1);
}

Datum
timeline_gin_extract_value(PG_FUNCTION_ARGS)
{
	int32	   *nkeys = (int32 *) PG_GETARG_POINTER(1);
	Timeline	timeline;
	Datum	   *keys = NULL;

	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	*nkeys = (int32) timeline.nlabels;
	if (timeline.nlabels > 0)
		keys = palloc(mul_size(timeline.nlabels, sizeof(Datum)));
	for (uint32 i = 0; i < timeline.nlabels; i++)
		keys[i] = PointerGetDatum(cstring_to_text_with_len(timeline.labels[i].bytes,
														   timeline.labels[i].length));
	PG_RETURN_POINTER(keys);
}

/* ---- queries ---- */

/* What a pattern asks of the labels: for every one of these steps, one of its keys. */
typedef struct Wanted
{
	int			nsteps;
	int			end[PATTERN_MAX_STEPS]; /* of the step's part of keys[], which begins at the end of the step before */
	int		   *keys;			/* numbers of keys */
} Wanted;

static bool
same_label(const Label *a, const Label *b)
{
	return a->prefix == b->prefix && a->length == b->length &&
		memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* The number of a label among those collected; a new one is added. */
static int
label_number(const Label **labels, int *nlabels, const Label *label)
{
	for (int i = 0; i < *nlabels; i++)
		if (same_label(labels[i], label))
			return i;
	labels[*nlabels] = label;
	return (*nlabels)++;
}

Datum
timeline_gin_extract_query(PG_FUNCTION_ARGS)
{
	const Pattern *pattern = &compiled_pattern_peek(PG_GETARG_DATUM(0))->pattern;
	int32	   *nkeys = (int32 *) PG_GETARG_POINTER(1);
	bool	  **partial = (bool **) PG_GETARG_POINTER(3);
	Pointer   **extra = (Pointer **) PG_GETARG_POINTER(4);
	int32	   *search_mode = (int32 *) PG_GETARG_POINTER(6);
	const Label **labels = palloc(mul_size(pattern->nlabels + 1, sizeof(Label *)));
	Wanted	   *wanted = palloc0(sizeof(Wanted));
	int			nlabels = 0;
	int			filled = 0;
	Datum	   *keys;

	wanted->keys = palloc(mul_size(pattern->nlabels + 1, sizeof(int)));
	for (int s = 0; s < pattern->nsteps; s++)
	{
		const Step *step = &pattern->steps[s];

		if (step->optional || step->any)
			continue;
		for (uint32 i = step->labels.first; i < step->labels.first + step->labels.count; i++)
			wanted->keys[filled++] = label_number(labels, &nlabels, &pattern->labels[i]);
		wanted->end[wanted->nsteps++] = filled;
	}

	*nkeys = nlabels;
	if (nlabels == 0)
	{
		/* Nothing but '*': any timeline may do. */
		*search_mode = GIN_SEARCH_MODE_ALL;
		PG_RETURN_POINTER(NULL);
	}
	keys = palloc(mul_size(nlabels, sizeof(Datum)));
	*partial = palloc(mul_size(nlabels, sizeof(bool)));
	*extra = palloc(mul_size(nlabels, sizeof(Pointer)));
	for (int i = 0; i < nlabels; i++)
	{
		keys[i] = PointerGetDatum(cstring_to_text_with_len(labels[i]->bytes, labels[i]->length));
		(*partial)[i] = labels[i]->prefix;
		(*extra)[i] = (Pointer) wanted;
	}
	PG_RETURN_POINTER(keys);
}

/*
 * The weakest answer over the steps, of each the strongest over its keys. Sure of a hit it can't be, so a
 * true becomes a maybe.
 */
static GinTernaryValue
all_steps_present(const Wanted *wanted, const GinTernaryValue *present)
{
	int			key = 0;

	for (int s = 0; s < wanted->nsteps; s++)
	{
		bool		possible = false;

		for (; key < wanted->end[s]; key++)
			possible |= present[wanted->keys[key]] != GIN_FALSE;
		if (!possible)
			return GIN_FALSE;
	}
	return GIN_MAYBE;
}

Datum
timeline_gin_consistent(PG_FUNCTION_ARGS)
{
	/* of bool, of which true and false are those of the ternary logic */
	const GinTernaryValue *present = (GinTernaryValue *) PG_GETARG_POINTER(0);
	int32		nkeys = PG_GETARG_INT32(3);
	Pointer    *extra = (Pointer *) PG_GETARG_POINTER(4);
	bool	   *recheck = (bool *) PG_GETARG_POINTER(5);

	*recheck = true;
	PG_RETURN_BOOL(nkeys == 0 || all_steps_present((Wanted *) extra[0], present) != GIN_FALSE);
}

Datum
timeline_gin_triconsistent(PG_FUNCTION_ARGS)
{
	const GinTernaryValue *present = (GinTernaryValue *) PG_GETARG_POINTER(0);
	int32		nkeys = PG_GETARG_INT32(3);
	Pointer    *extra = (Pointer *) PG_GETARG_POINTER(4);

	PG_RETURN_GIN_TERNARY_VALUE(nkeys == 0 ? GIN_MAYBE : all_steps_present((Wanted *) extra[0], present));
}
