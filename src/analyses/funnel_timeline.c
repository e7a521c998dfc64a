/*
 * funnel_timeline.c: the aggregate kpi.funnel over timelines.
 *
 * Each timeline is one actor, so nothing has to be collected: the state is the summary itself, of type kpi.funnel. It
 * is small, and a partial aggregate of it can be sent anywhere the type can, to workers of a parallel
 * plan as to other machines. While rows are added it is an expanded object, so that it is not decoded and
 * encoded for every row.
 */
#include "analyses/funnel.h"

#include "utils/expandeddatum.h"
#include "utils/memutils.h"

#include "analyses/aggregate.h"
#include "analyses/funnel_tally.h"
#include "engine/timeline_value.h"
#include "language/timeline_program.h"

PG_FUNCTION_INFO_V1(funnel_timeline);
PG_FUNCTION_INFO_V1(funnel_timeline_final);

typedef struct ExpandedFunnel
{
	ExpandedObjectHeader header;
	FunnelTally tally;			/* in the object's own context, as all that follows */
	bool		constant;		/* the pattern is a constant of the query */
	Event	   *events;			/* of one actor */
	size_t		events_size;
	uint64_t   *codes;			/* of the labels of a timeline that has many */
	size_t		codes_size;
	TimelineDictionaries *dictionaries; /* seen lately, and what their labels mean */
	WireWriter	flat;			/* encoded, between the two calls that flatten */
} ExpandedFunnel;

/* ---- the expanded object ---- */

static Size
funnel_flat_size(ExpandedObjectHeader *header)
{
	ExpandedFunnel *expanded = (ExpandedFunnel *) header;
	MemoryContext before = MemoryContextSwitchTo(header->eoh_context);

	if (expanded->flat.bytes != NULL)
		host_free(expanded->flat.bytes);
	funnel_encode(&expanded->tally.summary, &expanded->flat);
	MemoryContextSwitchTo(before);
	return expanded->flat.length;
}

static void
funnel_flatten(ExpandedObjectHeader *header, void *result, Size size)
{
	ExpandedFunnel *expanded = (ExpandedFunnel *) header;

	host_assert(expanded->flat.bytes != NULL && expanded->flat.length == size);
	memcpy(result, expanded->flat.bytes, size);
	SET_VARSIZE(result, size);
	host_free(expanded->flat.bytes);
	expanded->flat.bytes = NULL;
}

static const ExpandedObjectMethods funnel_methods = {funnel_flat_size, funnel_flatten};

/* A funnel of nobody, as a child of `parent`. */
static ExpandedFunnel *
funnel_expand(MemoryContext parent, Datum pattern)
{
	MemoryContext context = AllocSetContextCreate(parent, "kpi.funnel", ALLOCSET_START_SMALL_SIZES);
	ExpandedFunnel *expanded = MemoryContextAllocZero(context, sizeof(ExpandedFunnel));

	EOH_init_header(&expanded->header, &funnel_methods, context);
	funnel_tally_make(&expanded->tally, context, compiled_pattern_hold(context, pattern, false));
	expanded->dictionaries = MemoryContextAllocZero(context, sizeof(TimelineDictionaries));
	return expanded;
}

/* ---- the aggregate ---- */

/* The state as an expanded object; one that has come flat (from another process, or a wrapper) is decoded. */
static ExpandedFunnel *
funnel_state(FunctionCallInfo fcinfo, MemoryContext context)
{
	struct varlena *value;
	ExpandedFunnel *expanded;

	if (!PG_ARGISNULL(0))
	{
		value = (struct varlena *) PG_GETARG_POINTER(0);
		if (VARATT_IS_EXTERNAL_EXPANDED_RW(value))
		{
			expanded = (ExpandedFunnel *) DatumGetEOHP(PG_GETARG_DATUM(0));
			if (expanded->header.eoh_methods == &funnel_methods)
				return expanded;
		}
	}
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("the pattern of a funnel must not be null"),
				errhint("Name the steps, for example 'view -> cart -> purchase within 7 days'."));
	expanded = funnel_expand(context, PG_GETARG_DATUM(2));
	expanded->constant = aggregate_constant(fcinfo, 1) != NULL;
	if (!PG_ARGISNULL(0))
	{
		MemoryContext before = MemoryContextSwitchTo(expanded->header.eoh_context);
		FunnelSummary summary;

		funnel_open(PG_GETARG_DATUM(0), &summary);
		funnel_check_same_pattern(&expanded->tally.summary, &summary);
		funnel_summary_merge(&expanded->tally.summary, &summary);
		MemoryContextSwitchTo(before);
	}
	return expanded;
}

/* What the labels of a timeline mean, and the steps that they fulfil. */
static const uint64_t *
look_up_labels(ExpandedFunnel *expanded, const Timeline *timeline, uint64_t *fulfilled)
{
	const Program *program = expanded->tally.compiled->program;
	TimelineDictionary *dictionary = timeline->dictionary;

	if (dictionary != NULL)
	{
		if (!dictionary->used)
			dictionary->fulfilled = timeline_program_codes(program, timeline, dictionary->codes);
		dictionary->used = true;
		*fulfilled = dictionary->fulfilled;
		return dictionary->codes;
	}
	if (timeline->nlabels > expanded->codes_size)
	{
		expanded->codes_size = Max(timeline->nlabels, 64);
		if (expanded->codes != NULL)
			pfree(expanded->codes);
		expanded->codes = MemoryContextAlloc(expanded->header.eoh_context,
											 mul_size(expanded->codes_size, sizeof(uint64_t)));
	}
	*fulfilled = timeline_program_codes(program, timeline, expanded->codes);
	return expanded->codes;
}

static void
add_timeline(ExpandedFunnel *expanded, Datum datum)
{
	const Program *program = expanded->tally.compiled->program;
	Timeline	timeline;
	EventSeq	seq;
	uint64_t	fulfilled;
	const uint64_t *codes;

	timeline_open_datum_among(datum, &timeline, expanded->dictionaries);
	if (timeline.count == 0)
		return;
	codes = look_up_labels(expanded, &timeline, &fulfilled);
	if (!program_can_begin(program, fulfilled))
		return;
	if (program_only_begins(program, fulfilled) && expanded->tally.calendar == NULL)
	{
		Chase		beginner = {.level = 1, .reached = 1, .taken = 1};

		funnel_tally_add_chase(&expanded->tally, &beginner);
		return;
	}
	if (timeline.count > expanded->events_size)
	{
		expanded->events_size = timeline.count + timeline.count / 2 + 64;
		if (expanded->events != NULL)
			pfree(expanded->events);
		expanded->events = MemoryContextAllocHuge(expanded->header.eoh_context,
												  mul_size(expanded->events_size, sizeof(Event)));
	}
	seq = event_seq_of_array(expanded->events,
							 timeline_events(&timeline, codes, expanded->events));
	funnel_tally_add(&expanded->tally, &seq);
}

Datum
funnel_timeline(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	ExpandedFunnel *expanded = funnel_state(fcinfo, context);

	if (!expanded->constant)
		funnel_check_pattern(expanded->tally.compiled, PG_ARGISNULL(2), PG_GETARG_DATUM(2));
	if (!PG_ARGISNULL(1))
		add_timeline(expanded, PG_GETARG_DATUM(1));
	PG_RETURN_DATUM(EOHPGetRWDatum(&expanded->header));
}

Datum
funnel_timeline_final(PG_FUNCTION_ARGS)
{
	aggregate_context(fcinfo);
	if (!PG_ARGISNULL(0))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	return funnel_make_empty(aggregate_constant(fcinfo, 1));
}
