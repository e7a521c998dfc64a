/*
 * attribution.c: kpi.attribution, as an analysis: which channels did conversions come by?
 *
 * An actor's events are walked once, in order; those of one instant are taken together: its touches, by the bytes of
 * their channels, then its conversions, which have one path. The latest touches wait in a buffer of a few times as many as a
 * path may have, so that the work does not depend on how many touches a lookback has.
 */
#include "analyses/attribution.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "engine/calendar.h"
#include "language/attribution_spec_value.h"
#include "language/roles.h"

#define WAITING_TOUCHES (8 * ATTRIBUTION_MAX_TOUCHES)

/* What is known of a label of the rows, or of the timeline at hand. */
typedef struct KnownChannel
{
	const TimelineLabel *label;
	uint32		rank;			/* in the order of their bytes */
	bool		direct;
	bool		converts;		/* `of` names it */
	bool		numbered;		/* its number in the summary is known */
	uint16		number;
} KnownChannel;

/* A touch that may become part of a path. */
typedef struct WaitingTouch
{
	int64		at;
	uint32		label;			/* of the known ones */
} WaitingTouch;

/* A touch of the instant at hand. */
typedef struct Tied
{
	uint32		rank;
	uint32		label;
} Tied;

typedef struct AttributionTally
{
	Tally		head;
	const AttributionSpec *spec;
	AttributionSummary *summary;
	Calendar   *calendar;		/* NULL: all time is one period */
	const LabelBook *book;		/* of rows */
	KnownChannel *known;		/* the book's labels in its order, or the timeline's */
	size_t		known_size;
	Tied	   *tied;			/* touches of the instant at hand */
	size_t		ntied;
	size_t		tied_size;
	TimelineEvent *events;		/* of a timeline */
	size_t		events_size;

	/* the actor at hand */
	uint32		ntouches;		/* that wait, .. */
	uint32		window;			/* .. of which those from here on may still be in a lookback */
	uint32		since;			/* .. and from here on no conversion has come */
	bool		dropped;		/* some touch did not fit any more: the latest of these was at .. */
	int64		dropped_at;
	WaitingTouch touches[WAITING_TOUCHES];

	/* the instant at hand */
	int64		at;
	int64		conversions;
	AmountSum	revenue;
} AttributionTally;

/* An array that has room for `count` elements; what was in it is lost. */
static void *
make_room(MemoryContext context, void *array, size_t *size, size_t count, size_t element)
{
	if (count <= *size)
		return array;
	*size = count + count / 2 + 16;
	if (array != NULL)
		pfree(array);
	return MemoryContextAllocHuge(context, mul_size(*size, element));
}

/* ---- one actor ---- */

static AttributionPeriod *
period_of(AttributionTally *tally, int64 at)
{
	return attribution_summary_period(tally->summary, tally->calendar == NULL ? 0 :
									  calendar_find(tally->calendar, at)->number);
}

/* The first of the touches from `first` on that are in the lookback of a moment, at most so many as a path has. */
static uint32
path_start(const AttributionTally *tally, uint32 first, int64 at)
{
	while (first < tally->ntouches && moment_span(tally->touches[first].at, at) > tally->spec->lookback)
		first++;
	return Max(first, tally->ntouches < (uint32) tally->spec->touches ? 0 : tally->ntouches - tally->spec->touches);
}

/* The touches from `start` on as a path; returns how many. Only what is in a path has a number in the summary. */
static uint32
make_path(AttributionTally *tally, uint32 start, AttributionTouch *path)
{
	for (uint32 i = start; i < tally->ntouches; i++)
	{
		KnownChannel *known = &tally->known[tally->touches[i].label];

		if (!known->numbered)
			known->number = attribution_summary_channel(tally->summary, known->label->bytes, known->label->length);
		known->numbered = true;
		path[i - start] = (AttributionTouch) {tally->touches[i].at, known->number, known->direct};
	}
	return tally->ntouches - start;
}

/* If touches wait for a conversion that would come too late by now, they are a path without one. */
static void
lose_path(AttributionTally *tally, bool over, int64 at)
{
	AttributionTouch path[ATTRIBUTION_MAX_TOUCHES];
	int64		last;
	uint32		length;

	if (tally->since == tally->ntouches)
		return;
	last = tally->touches[tally->ntouches - 1].at;
	if (!over && moment_span(last, at) <= tally->spec->lookback)
		return;
	length = make_path(tally, path_start(tally, tally->since, last), path);
	attribution_summary_lose(tally->summary, period_of(tally, last), path, length);
	tally->since = tally->ntouches;
}

/* Makes room for one more touch: the latest ones that may be in a path stay. */
static void
drop_touches(AttributionTally *tally)
{
	uint32		gone = tally->ntouches - tally->spec->touches;

	tally->dropped = true;
	tally->dropped_at = tally->touches[gone - 1].at;
	memmove(tally->touches, tally->touches + gone, tally->spec->touches * sizeof(WaitingTouch));
	tally->ntouches -= gone;
	tally->window -= Min(tally->window, gone);
	tally->since -= Min(tally->since, gone);
}

pg_noreturn static void
fail_empty(void)
{
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("empty channel"),
			errhint("Give touches without a channel a name, such as '(direct)', or null, then they are ignored."));
}

static void
take_touch(AttributionTally *tally, uint32 label)
{
	if (tally->known[label].label->length == 0)
		fail_empty();
	if (tally->spec->collapse && tally->ntouches > 0 && tally->touches[tally->ntouches - 1].label == label)
	{
		/* the latest of the repeats counts */
		tally->touches[tally->ntouches - 1].at = tally->at;
		tally->since = Min(tally->since, tally->ntouches - 1);
		tally->window = Min(tally->window, tally->ntouches - 1);
		return;
	}
	if (tally->ntouches == WAITING_TOUCHES)
		drop_touches(tally);
	tally->touches[tally->ntouches++] = (WaitingTouch) {tally->at, label};
}

static void
convert(AttributionTally *tally)
{
	AttributionTouch path[ATTRIBUTION_MAX_TOUCHES];
	uint32		start;
	uint32		length;
	bool		cut;

	while (tally->window < tally->ntouches &&
		   moment_span(tally->touches[tally->window].at, tally->at) > tally->spec->lookback)
		tally->window++;
	start = path_start(tally, tally->window, tally->at);
	cut = start > tally->window ||
		(tally->dropped && moment_span(tally->dropped_at, tally->at) <= tally->spec->lookback);
	length = make_path(tally, start, path);
	attribution_summary_convert(tally->summary, period_of(tally, tally->at), path, length, cut, tally->at,
								tally->conversions, &tally->revenue);
	if (tally->spec->reset)
	{
		tally->ntouches = tally->window = 0;
		tally->dropped = false;
	}
	tally->since = tally->ntouches;
}

static int
by_rank(const void *a, const void *b)
{
	uint32		left = ((const Tied *) a)->rank;
	uint32		right = ((const Tied *) b)->rank;

	return (left > right) - (left < right);
}

/* The instant at hand is complete: its touches, then its conversions. */
static void
end_instant(AttributionTally *tally)
{
	if (tally->ntied == 0 && tally->conversions == 0)
		return;
	lose_path(tally, false, tally->at);
	if (tally->ntied > 1)
		qsort(tally->tied, tally->ntied, sizeof(Tied), by_rank);
	for (size_t i = 0; i < tally->ntied; i++)
		take_touch(tally, tally->tied[i].label);
	if (tally->conversions > 0)
	{
		convert(tally);
		tally->conversions = 0;
		tally->revenue = (AmountSum) {0};
	}
	tally->ntied = 0;
}

static void
begin_actor(AttributionTally *tally)
{
	tally->ntouches = tally->window = tally->since = 0;
	tally->dropped = false;
	tally->at = MOMENT_MIN;
	tally->ntied = 0;
	tally->conversions = 0;
	tally->revenue = (AmountSum) {0};
}

static void
end_actor(AttributionTally *tally)
{
	end_instant(tally);
	lose_path(tally, true, 0);
}

/* Takes an event; what an infinite time means nobody knows. `value`: a packed amount, if `valued`. */
static inline void
take_event(AttributionTally *tally, int64 at, uint32 label, bool valued, int64 value)
{
	const AttributionSpec *spec = tally->spec;
	const KnownChannel *known = &tally->known[label];
	bool		converts = spec->named ? known->converts : valued;

	if (at == MOMENT_MIN || at == MOMENT_MAX)
		return;
	if (at != tally->at)
	{
		end_instant(tally);
		tally->at = at;
	}
	if (converts)
	{
		tally->conversions++;
		if (valued)
			amount_sum_add(&tally->revenue, value);
		/* a conversion without a channel is no touch */
		if (!spec->conversions_touch || known->label->length == 0)
			return;
	}
	if (tally->ntied == tally->tied_size)
	{
		tally->tied_size = tally->tied_size * 2 + 16;
		tally->tied = tally->tied == NULL ?
			MemoryContextAllocHuge(tally->head.context, mul_size(tally->tied_size, sizeof(Tied))) :
			repalloc_huge(tally->tied, mul_size(tally->tied_size, sizeof(Tied)));
	}
	tally->tied[tally->ntied].rank = known->rank;
	tally->tied[tally->ntied++].label = label;
}

/* ---- from rows ---- */

typedef struct SortedLabel
{
	const TimelineLabel *label;
	uint32		place;
} SortedLabel;

static int
by_bytes(const void *a, const void *b)
{
	const TimelineLabel *left = ((const SortedLabel *) a)->label;
	const TimelineLabel *right = ((const SortedLabel *) b)->label;
	int			order = memcmp(left->bytes, right->bytes, Min(left->length, right->length));

	return order != 0 ? order : (left->length > right->length) - (left->length < right->length);
}

static void
know_channel(KnownChannel *known, const TimelineLabel *label, uint64 roles)
{
	known->label = label;
	known->direct = (roles & ATTRIBUTION_DIRECT) != 0;
	known->converts = (roles & ATTRIBUTION_CONVERSION) != 0;
	known->numbered = false;
}

static void
attribution_take_book(Tally *head, const LabelBook *book)
{
	AttributionTally *tally = (AttributionTally *) head;
	const Program *program = head->compiled->program;
	SortedLabel *sorted = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(book->count + 1, sizeof(SortedLabel)));

	tally->book = book;
	tally->known = make_room(head->context, tally->known, &tally->known_size, book->count, sizeof(KnownChannel));
	for (uint32 i = 0; i < book->count; i++)
	{
		const TimelineLabel *label = &book->labels[i];

		sorted[i] = (SortedLabel) {label, i};
		know_channel(&tally->known[i], label, code_roles(program, label_code(program, label->bytes, label->length)));
	}
	qsort(sorted, book->count, sizeof(SortedLabel), by_bytes);
	for (uint32 i = 0; i < book->count; i++)
		tally->known[sorted[i].place].rank = i;
	pfree(sorted);
}

static void
attribution_add(Tally *head, const EventSeq *events)
{
	AttributionTally *tally = (AttributionTally *) head;

	begin_actor(tally);
	for (size_t i = 0; i < events->count; i++)
	{
		ValuedEvent event = valued_event_at(events, i);

		if ((i & 0xfff) == 0xfff)
			CHECK_FOR_INTERRUPTS();
		take_event(tally, event.event.at, label_book_place(tally->book, event.event.code), amount_is_some(event.value),
				   event.value);
	}
	end_actor(tally);
}

/* ---- from timelines ---- */

static void
attribution_add_timeline(Tally *head, const Timeline *timeline, const uint64_t *codes)
{
	AttributionTally *tally = (AttributionTally *) head;

	tally->known = make_room(head->context, tally->known, &tally->known_size, timeline->nlabels, sizeof(KnownChannel));
	tally->events = make_room(head->context, tally->events, &tally->events_size, timeline->count, sizeof(TimelineEvent));
	for (uint32 i = 0; i < timeline->nlabels; i++)
	{
		know_channel(&tally->known[i], &timeline->labels[i], code_roles(head->compiled->program, codes[i]));
		/* a timeline has its labels in the order of their bytes */
		tally->known[i].rank = i;
	}
	timeline_decode(timeline, tally->events);
	begin_actor(tally);
	for (size_t i = 0; i < timeline->count; i++)
	{
		const TimelineEvent *event = &tally->events[i];
		int64		value = AMOUNT_NONE;

		if ((i & 0xfff) == 0xfff)
			CHECK_FOR_INTERRUPTS();
		if (event->has_value && (!tally->spec->named || tally->known[event->label].converts) &&
			!amount_pack(event->number, event->decimals, &value))
			ereport(ERROR,
					errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("value of an event in a timeline cannot be kept exactly"),
					errdetail("Without its decimal point it must lie between -%lld and %lld.",
							  (long long) AMOUNT_NUMBER_MAX, (long long) AMOUNT_NUMBER_MAX));
		take_event(tally, event->at, event->label, event->has_value, value);
	}
	end_actor(tally);
}

/* ---- the analysis ---- */

static void
attribution_begin(Tally *head)
{
	AttributionTally *tally = (AttributionTally *) head;

	tally->spec = &((const CompiledAttribution *) head->compiled)->spec;
	tally->summary = (AttributionSummary *) head->summary;
	if (tally->spec->periods.grain != GRAIN_NONE)
		tally->calendar = calendar_make(tally->spec->periods.grain, tally->spec->periods.week_start,
										tally->spec->periods.zone);
}

static void
attribution_init(void *summary, const Compiled *compiled)
{
	attribution_summary_init(summary, compiled->text, compiled->length, &((const CompiledAttribution *) compiled)->spec);
}

static void
attribution_merge_any(void *into, const void *from)
{
	attribution_summary_merge(into, from);
}

static void
attribution_write_any(WireWriter *writer, const void *summary)
{
	attribution_summary_write(writer, summary);
}

static void
attribution_read_any(WireReader *reader, bool utf8, void *value)
{
	AttributionSummary *summary = value;

	attribution_summary_read(reader, utf8, summary);
	for (uint32 i = 0; reader->failure == NULL && summary->text != NULL && i < summary->channels->count; i++)
		if (!pg_verifymbstr(summary->channels->labels[i].bytes, (int) summary->channels->labels[i].length, true))
			wire_read_fail(reader, "channel not in the encoding of the database");
}

static const char *
attribution_check_any(const void *summary)
{
	return attribution_summary_check(summary);
}

const Analysis attribution_analysis = {
	.type_name = "kpi.attribution",
	.version = 1,
	.language = &attribution_language,
	.summary_size = sizeof(AttributionSummary),
	.tally_size = sizeof(AttributionTally),
	.valued = true,
	.init = attribution_init,
	SUMMARY_METHODS_OF(attribution),
	.push_json = attribution_push_json,
	.read_json = attribution_read_json,
	.begin = attribution_begin,
	.add = attribution_add,
	.take_book = attribution_take_book,
	.add_timeline = attribution_add_timeline,
};

/*
 * A row: a channel, which a touch must have, and a value, which a conversion has. In the log a conversion without a channel
 * has the empty one.
 */
static void
append_row(RowsState *state, ActorKey actor, int64 at, bool has_channel, Datum channel, bool has_value, Datum value)
{
	bool		named = ((const CompiledAttribution *) state->compiled)->spec.named;
	text	   *label;

	if (!has_channel)
	{
		/* nothing that `of` could name */
		if (has_value && !named)
			actor_log_append_value(state->log, actor, at, label_book_code(state->book, "", 0), amount_of_numeric(value));
		return;
	}
	label = DatumGetTextPP(channel);
	if (VARSIZE_ANY_EXHDR(label) == 0)
		fail_empty();
	actor_log_append_value(state->log, actor, at, label_book_code(state->book, VARDATA_ANY(label), VARSIZE_ANY_EXHDR(label)),
						   has_value ? amount_of_numeric(value) : AMOUNT_NONE);
}

/* (state, actor, ts, channel, value, literal) */
#define ATTRIBUTION_TRANSITION(actor_kind, wide_keys) \
PG_FUNCTION_INFO_V1(attribution_##actor_kind); \
Datum \
attribution_##actor_kind(PG_FUNCTION_ARGS) \
{ \
	RowsState  *state = rows_state(fcinfo, &attribution_analysis, 5, wide_keys, false, true); \
	\
	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2)) \
		append_row(state, actor_kind##_actor(PG_GETARG_DATUM(1)), PG_GETARG_TIMESTAMPTZ(2), !PG_ARGISNULL(3), \
				   PG_GETARG_DATUM(3), !PG_ARGISNULL(4), PG_GETARG_DATUM(4)); \
	PG_RETURN_POINTER(state); \
}

ATTRIBUTION_TRANSITION(bigint, false)
ATTRIBUTION_TRANSITION(uuid, true)
ATTRIBUTION_TRANSITION(text, true)
ANALYSIS_FUNCTIONS(attribution, &attribution_analysis)
