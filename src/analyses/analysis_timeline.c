/*
 * analysis_timeline.c: the aggregate of an analysis over timelines. See analysis.h.
 *
 * Each timeline is one actor, so nothing has to be collected: the state is the summary itself, of the summary's type. It
 * is small, and a partial aggregate of it can be sent anywhere the type can, to workers of a parallel
 * plan as to other machines. While rows are added it is an expanded object, so that it is not decoded and
 * encoded for every row.
 */
#include "analyses/analysis.h"

#include "utils/expandeddatum.h"
#include "utils/memutils.h"

#include "language/timeline_program.h"

typedef struct ExpandedSummary
{
	ExpandedObjectHeader header;
	Tally	   *tally;			/* in the object's own context, as all that follows */
	bool		constant;		/* the literal is a constant of the query */
	void	   *events;			/* of one actor: Event or ValuedEvent */
	size_t		events_size;
	TimelineEvent *decoded;		/* of one actor whose events have values */
	size_t		decoded_size;
	uint64_t   *codes;			/* of the labels of a timeline that has many */
	size_t		codes_size;
	TimelineDictionaries *dictionaries; /* seen lately, and what their labels mean */
	WireWriter	flat;			/* encoded, between the two calls that flatten */
} ExpandedSummary;

/* ---- the expanded object ---- */

static Size
summary_flat_size(ExpandedObjectHeader *header)
{
	ExpandedSummary *expanded = (ExpandedSummary *) header;
	MemoryContext before = MemoryContextSwitchTo(header->eoh_context);

	if (expanded->flat.bytes != NULL)
		host_free(expanded->flat.bytes);
	summary_encode(&expanded->tally->analysis->type, expanded->tally->summary, &expanded->flat);
	MemoryContextSwitchTo(before);
	return expanded->flat.length;
}

static void
summary_flatten(ExpandedObjectHeader *header, void *result, Size size)
{
	ExpandedSummary *expanded = (ExpandedSummary *) header;

	host_assert(expanded->flat.bytes != NULL && expanded->flat.length == size);
	memcpy(result, expanded->flat.bytes, size);
	SET_VARSIZE(result, size);
	host_free(expanded->flat.bytes);
	expanded->flat.bytes = NULL;
}

static const ExpandedObjectMethods summary_methods = {summary_flat_size, summary_flatten};

/* A summary of nobody, as a child of `parent`. */
static ExpandedSummary *
summary_expand(const Analysis *analysis, MemoryContext parent, Datum literal)
{
	MemoryContext context = AllocSetContextCreate(parent, "kpi_track summary", ALLOCSET_START_SMALL_SIZES);
	ExpandedSummary *expanded = MemoryContextAllocZero(context, sizeof(ExpandedSummary));

	MemoryContextSetIdentifier(context, analysis->type_name);
	EOH_init_header(&expanded->header, &summary_methods, context);
	expanded->tally = tally_make(analysis, context, compiled_hold(analysis->language, context, literal, false));
	expanded->dictionaries = MemoryContextAllocZero(context, sizeof(TimelineDictionaries));
	return expanded;
}

/* ---- the aggregate ---- */

/* The state as an expanded object; one that has come flat (from another process, or a wrapper) is decoded. */
static ExpandedSummary *
timelines_state(FunctionCallInfo fcinfo, const Analysis *analysis, MemoryContext context)
{
	struct varlena *value;
	ExpandedSummary *expanded;

	if (!PG_ARGISNULL(0))
	{
		value = (struct varlena *) PG_GETARG_POINTER(0);
		if (VARATT_IS_EXTERNAL_EXPANDED_RW(value))
		{
			expanded = (ExpandedSummary *) DatumGetEOHP(PG_GETARG_DATUM(0));
			if (expanded->header.eoh_methods == &summary_methods && expanded->tally->analysis == analysis)
				return expanded;
		}
	}
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("the %s must not be null", analysis->language->what),
				errhint("Write for example '%s'.", analysis->language->example));
	expanded = summary_expand(analysis, context, PG_GETARG_DATUM(2));
	expanded->constant = aggregate_constant(fcinfo, 1) != NULL;
	if (!PG_ARGISNULL(0))
	{
		MemoryContext before = MemoryContextSwitchTo(expanded->header.eoh_context);
		SummaryHead *summary = palloc0(analysis->summary_size);

		analysis_open(analysis, PG_GETARG_DATUM(0), summary);
		summary_check_same(&analysis->type, expanded->tally->summary, summary);
		analysis->merge(expanded->tally->summary, summary);
		MemoryContextSwitchTo(before);
	}
	return expanded;
}

/* An array that has room for `count` elements, kept from call to call; what was in it is lost. */
static void *
make_room(ExpandedSummary *expanded, void *array, size_t *size, size_t count, size_t element)
{
	if (count <= *size)
		return array;
	*size = count + count / 2 + 64;
	if (array != NULL)
		pfree(array);
	return MemoryContextAllocHuge(expanded->header.eoh_context, mul_size(*size, element));
}

/* What the labels of a timeline mean, and the steps that they fulfil. */
static const uint64_t *
look_up_labels(ExpandedSummary *expanded, const Timeline *timeline, uint64_t *fulfilled)
{
	const Program *program = expanded->tally->compiled->program;
	TimelineDictionary *dictionary = timeline->dictionary;

	if (dictionary != NULL)
	{
		if (!dictionary->used)
			dictionary->fulfilled = timeline_program_codes(program, timeline, dictionary->codes);
		dictionary->used = true;
		*fulfilled = dictionary->fulfilled;
		return dictionary->codes;
	}
	expanded->codes = make_room(expanded, expanded->codes, &expanded->codes_size, timeline->nlabels, sizeof(uint64_t));
	*fulfilled = timeline_program_codes(program, timeline, expanded->codes);
	return expanded->codes;
}

/* The events of a timeline with their values, as a log with values would give them. */
static EventSeq
valued_events(ExpandedSummary *expanded, const Timeline *timeline, const uint64_t *codes)
{
	ValuedEvent *events = expanded->events;
	EventSeq	seq = {(const uint64_t *) events, 0, 3, NULL, 0};

	expanded->decoded = make_room(expanded, expanded->decoded, &expanded->decoded_size, timeline->count,
								  sizeof(TimelineEvent));
	timeline_decode(timeline, expanded->decoded);
	for (size_t i = 0; i < timeline->count; i++)
	{
		const TimelineEvent *event = &expanded->decoded[i];
		ValuedEvent valued = {{event->at, codes[event->label]}, AMOUNT_NONE};
		size_t		place = seq.count;

		if (valued.event.code == 0)
			continue;
		valued.value = timeline_amount(event);
		/* by code within an instant; there they come by label */
		for (; place > 0 && events[place - 1].event.at == valued.event.at &&
			 events[place - 1].event.code > valued.event.code; place--)
			events[place] = events[place - 1];
		events[place] = valued;
		seq.count++;
	}
	return seq;
}

/* The latest finite time; MOMENT_MIN if there is none. `seq`: events of it, maybe all. */
static int64
latest_time(const Timeline *timeline, const EventSeq *seq)
{
	int64		latest = seq->count == timeline->count ? event_at(seq, seq->count - 1).at : timeline_last_at(timeline);
	TimelineEvent *events;

	if (latest != MOMENT_MAX)
		return latest;
	events = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(timeline->count, sizeof(TimelineEvent)));
	timeline_decode(timeline, events);
	latest = MOMENT_MIN;
	for (size_t i = 0; i < timeline->count && events[i].at != MOMENT_MAX; i++)
		latest = events[i].at;
	pfree(events);
	return latest;
}

/* Lets the analysis know the latest time, if it wants to. */
static void
see_timeline(Tally *tally, const Timeline *timeline, const EventSeq *seq)
{
	int64		latest;

	if (tally->analysis->seen == NULL)
		return;
	latest = latest_time(timeline, seq);
	if (latest != MOMENT_MIN)
		tally->analysis->seen(tally->summary, latest);
}

static void
add_timeline(ExpandedSummary *expanded, Datum datum)
{
	Tally	   *tally = expanded->tally;
	const Analysis *analysis = tally->analysis;
	Timeline	timeline;
	EventSeq	seq = {.count = 0};
	uint64_t	fulfilled;
	const uint64_t *codes;

	timeline_open_datum_among(datum, &timeline, expanded->dictionaries);
	if (timeline.count == 0)
		return;
	codes = look_up_labels(expanded, &timeline, &fulfilled);
	if (analysis->add_quickly != NULL)
	{
		MemoryContext before = MemoryContextSwitchTo(tally->context);
		bool		done = analysis->add_quickly(tally, fulfilled);

		MemoryContextSwitchTo(before);
		if (done)
		{
			see_timeline(tally, &timeline, &seq);
			return;
		}
	}
	if (analysis->add_timeline != NULL)
	{
		MemoryContext before = MemoryContextSwitchTo(tally->context);

		analysis->add_timeline(tally, &timeline, codes);
		MemoryContextSwitchTo(before);
		see_timeline(tally, &timeline, &seq);
		return;
	}
	expanded->events = make_room(expanded, expanded->events, &expanded->events_size, timeline.count,
								 sizeof(ValuedEvent));
	if (timeline.has_values && analysis->valued)
		seq = valued_events(expanded, &timeline, codes);
	else
		seq = event_seq_of_array(expanded->events, timeline_events(&timeline, codes, expanded->events));
	see_timeline(tally, &timeline, &seq);
	if (seq.count > 0)
		tally_add(tally, &seq);
}

Datum
timelines_transition(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	MemoryContext context = aggregate_context(fcinfo);
	ExpandedSummary *expanded = timelines_state(fcinfo, analysis, context);

	if (!expanded->constant)
		summary_check_literal(expanded->tally->compiled, PG_ARGISNULL(2), PG_GETARG_DATUM(2));
	if (!PG_ARGISNULL(1))
		add_timeline(expanded, PG_GETARG_DATUM(1));
	PG_RETURN_DATUM(EOHPGetRWDatum(&expanded->header));
}

Datum
timelines_final(FunctionCallInfo fcinfo, const Analysis *analysis)
{
	aggregate_context(fcinfo);
	if (!PG_ARGISNULL(0))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	return summary_make_empty(&analysis->type, aggregate_final_constant(fcinfo));
}
