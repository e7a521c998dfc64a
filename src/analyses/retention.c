/*
 * retention.c: kpi.retention, as an analysis: of those who started, who came back?
 *
 * An actor's events are walked once, in order, into spans: one for each period that it did something in, with what
 * was done. Each span with a start may be an entry into a cohort; the spans behind it are its returns.
 */
#include "analyses/retention.h"

#include "miscadmin.h"

#include "engine/calendar.h"
#include "language/retention_spec_value.h"
#include "language/roles.h"

/* What an actor did in one period. */
typedef struct Span
{
	int64		number;			/* of the period; with `elapsed`: from the actor's start on */
	int64		returns;
	bool		has_start;
	bool		own_return;		/* all starts at the first instant with one are returns themselves: one does not count */
	int64		start_at;		/* first instant with a start */
	int64		returns_since;	/* from that instant on */
} Span;

/* What that was worth. */
typedef struct SpanWorth
{
	AmountSum	all;			/* of the returns */
	AmountSum	since;			/* of the returns from the start on and of the starts at that instant */
} SpanWorth;

typedef struct RetentionTally
{
	Tally		head;
	const RetentionSpec *spec;
	const Program *program;
	RetentionSummary *summary;
	Calendar   *calendar;
	int64		length;			/* of an elapsed period; 0: calendar periods */
	Span	   *spans;			/* of the actor at hand */
	SpanWorth  *worths;			/* of the same, if its events have values */
	size_t		nspans;
	size_t		spans_size;
	size_t		worths_size;
	RetentionCohort *cohort;	/* looked up last; moves when another one is made */
	bool	   *active;			/* by cell: scratch for one entry; all false in between */
} RetentionTally;

static void
retention_begin(Tally *head)
{
	RetentionTally *tally = (RetentionTally *) head;
	const RetentionSpec *spec = &((const CompiledRetention *) head->compiled)->spec;

	tally->spec = spec;
	tally->program = head->compiled->program;
	tally->summary = (RetentionSummary *) head->summary;
	tally->calendar = calendar_make(spec->periods.grain, spec->periods.week_start, spec->periods.zone);
	tally->length = spec->elapsed ? period_length(spec->periods.grain) : 0;
}

/* ---- an actor's events as spans ---- */

/* Room for `count` elements in an array that is kept from actor to actor. */
static void *
make_room(RetentionTally *tally, void *array, size_t *size, size_t count, size_t element)
{
	if (count <= *size)
		return array;
	*size = count * 2 + 16;
	return array == NULL ? MemoryContextAllocHuge(tally->head.context, mul_size(*size, element)) :
		repalloc_huge(array, mul_size(*size, element));
}

static Span *
span_of(RetentionTally *tally, int64 number, bool valued)
{
	Span	   *span;

	if (tally->nspans > 0 && tally->spans[tally->nspans - 1].number == number)
		return &tally->spans[tally->nspans - 1];
	tally->spans = make_room(tally, tally->spans, &tally->spans_size, tally->nspans + 1, sizeof(Span));
	if (valued)
	{
		tally->worths = make_room(tally, tally->worths, &tally->worths_size, tally->nspans + 1, sizeof(SpanWorth));
		memset(&tally->worths[tally->nspans], 0, sizeof(SpanWorth));
	}
	span = &tally->spans[tally->nspans++];
	memset(span, 0, sizeof(*span));
	span->number = number;
	return span;
}

/* The instant at hand, as far as it counts for a start that may yet come in it. */
typedef struct Instant
{
	int64		at;
	int64		returns;
	bool		valued;			/* some return had a value */
	AmountSum	worth;
} Instant;

static void
add_event(RetentionTally *tally, Span *span, Instant *instant, int64 at, uint64 roles, int64 value)
{
	SpanWorth  *worth = tally->worths == NULL ? NULL : &tally->worths[span - tally->spans];	/* touched where there are values */
	bool		starts = (roles & ROLE_START) != 0;
	bool		returns = (roles & ROLE_RETURN) != 0;
	bool		valued = amount_is_some(value);

	if (at != instant->at)
	{
		instant->at = at;
		instant->returns = 0;
		if (instant->valued)
			*instant = (Instant) {.at = at};
	}
	if (starts && !span->has_start)
	{
		span->has_start = true;
		span->own_return = true;
		span->start_at = at;
		span->returns_since = instant->returns;
		if (valued || instant->valued)
			worth->since = instant->worth;
	}
	if (starts && at == span->start_at && !returns)
		span->own_return = false;
	if (returns)
	{
		span->returns++;
		instant->returns++;
		if (span->has_start)
			span->returns_since++;
		if (valued)
		{
			amount_sum_add(&worth->all, value);
			amount_sum_add(&instant->worth, value);
			instant->valued = true;
		}
	}
	if (valued && span->has_start && (returns || (starts && at == span->start_at)))
		amount_sum_add(&worth->since, value);
	tally->summary->has_values |= valued;
}

/* The first event from which on an actor counts; events->count if there is none. */
static size_t
find_start(const RetentionTally *tally, const EventSeq *events)
{
	uint64		wanted = tally->spec->has_among ? ROLE_AMONG : ROLE_START;
	size_t		instant = 0;	/* first event of the instant at hand */
	int64		before = MOMENT_MIN;
	bool		found = false;	/* an event of those wanted, at this instant, that is no start */

	for (size_t i = 0; i < events->count; i++)
	{
		Event		event = event_at(events, i);
		uint64		roles = code_roles(tally->program, event.code);

		if ((i & 0xffff) == 0xffff)
			CHECK_FOR_INTERRUPTS();
		if (event.at != before)
		{
			if (found)
				break;
			instant = i;
			before = event.at;
		}
		if (event.at == MOMENT_MIN)
			continue;
		if (event.at == MOMENT_MAX)
			break;
		if ((roles & wanted) == 0)
			continue;
		if (roles & ROLE_START)
			return instant;
		found = true;
	}
	return events->count;
}

/* Whether nothing that an actor still does in this period changes anything; without values. */
static inline bool
is_settled(const RetentionTally *tally, const Span *span)
{
	if (span->returns < tally->spec->at_least)
		return false;
	if (span != tally->spans && tally->spec->cohort != COHORT_RECURRING)
		return true;
	return span->has_start && span->returns_since - span->own_return >= tally->spec->at_least;
}

/* The first event from `i` on that is later than `to`. */
static size_t
skip_until(const EventSeq *events, size_t i, int64 to)
{
	const uint64 *words = events->words;

	if (words == NULL)
	{
		while (i < events->count && event_at(events, i).at <= to)
			i++;
		return i;
	}
	while (i < events->count && (int64) words[i * events->stride] <= to)
		i++;
	return i;
}

static void
make_spans(RetentionTally *tally, const EventSeq *events, size_t first)
{
	int64		origin = event_at(events, first).at;
	int64		to = MOMENT_MIN;	/* end of the period at hand */
	int64		number = 0;
	bool		valued = events->stride == 3;
	Instant		instant = {.at = MOMENT_MIN};

	tally->nspans = 0;
	for (size_t i = first; i < events->count;)
	{
		Event		event = event_at(events, i);
		uint64		roles = code_roles(tally->program, event.code);
		Span	   *span;

		if ((i & 0xffff) == 0xffff)
			CHECK_FOR_INTERRUPTS();
		if (event.at == MOMENT_MAX)
			break;
		if ((roles & (ROLE_START | ROLE_RETURN)) == 0)
		{
			i++;
			continue;
		}
		if (event.at > to)
		{
			if (tally->length == 0)
			{
				const Stretch *stretch = calendar_find(tally->calendar, event.at);

				/* zones have skipped back over a day; a period that ended does not begin again */
				number = tally->nspans == 0 ? stretch->number : Max(number, stretch->number);
				to = stretch->to;
			}
			else
			{
				int64		span_end;

				number = moment_span(origin, event.at) / tally->length;
				if (__builtin_mul_overflow(number + 1, tally->length, &span_end) ||
					__builtin_add_overflow(origin, span_end - 1, &to))
					to = MOMENT_MAX - 1;
			}
		}
		span = span_of(tally, number, valued);
		add_event(tally, span, &instant, event.at, roles,
				  valued ? valued_event_at(events, i).value : AMOUNT_NONE);
		i++;
		if (!valued && is_settled(tally, span))
			i = skip_until(events, i, to);
	}
}

/* ---- spans as entries into cohorts ---- */

static RetentionCohort *
cohort_of(RetentionTally *tally, int64 number)
{
	if (tally->cohort == NULL || tally->cohort->number != number)
		tally->cohort = retention_summary_cohort(tally->summary, number);
	return tally->cohort;
}

/* Counts the cells that are active, of one entry: see RetentionCohort. Leaves the scratch clean. */
static void
count_cells(RetentionTally *tally, RetentionCohort *cohort, int first, int last)
{
	const RetentionSpec *spec = tally->spec;
	bool	   *active = tally->active;
	int			streak = 0;

	switch (spec->rule)
	{
		case RETURN_ON:
			for (int c = first; c <= Min(last, spec->ncells); c++)
				cohort->counts[c] += active[c];
			break;
		case RETURN_ON_OR_AFTER:
			cohort->counts[last]++;
			break;
		case RETURN_UNTIL:
			cohort->counts[0] += active[0];
			for (int c = Max(first, 1); c <= Min(last, spec->ncells); c++)
				if (active[c])
				{
					cohort->counts[c]++;
					break;
				}
			break;
		case RETURN_EVERY:
			cohort->counts[0] += active[0];
			while (streak < Min(last, spec->ncells) && active[streak + 1])
				streak++;
			if (streak > 0)
				cohort->counts[streak]++;
			break;
	}
	memset(&active[first], 0, last - first + 1);
}

/* Enters the actor into the cohort of a period, with the span at `entry` and those behind it. */
static void
enter(RetentionTally *tally, size_t entry, int64 cohort_number, bool valued)
{
	const RetentionSpec *spec = tally->spec;
	const Span *start = &tally->spans[entry];
	RetentionCohort *cohort = cohort_of(tally, cohort_number);
	int			first = -1;
	int			last = -1;

	if (tally->active == NULL)
		tally->active = palloc0(spec->ncells + 2);
	cohort->size++;
	if (spec->elapsed)
		retention_cohort_start(cohort, floor_divide(start->start_at, retention_slot(spec)), 1);
	if (valued && cohort->values == NULL)
		cohort->values = palloc0(mul_size(spec->ncells + 1, sizeof(AmountSum)));
	for (size_t i = entry; i < tally->nspans; i++)
	{
		const Span *span = &tally->spans[i];
		int			cell = retention_cell(spec, span->number - start->number);
		int64		returns = i == entry ? span->returns_since - span->own_return : span->returns;

		if (valued && cell <= spec->ncells)
			amount_sum_merge(&cohort->values[cell], i == entry ? &tally->worths[i].since : &tally->worths[i].all);
		if (returns >= spec->at_least)
		{
			tally->active[cell] = true;
			if (first < 0)
				first = cell;
			last = cell;
		}
		if (cell > spec->ncells && (spec->rule != RETURN_ON_OR_AFTER || last == cell))
			break;
	}
	if (first >= 0)
		count_cells(tally, cohort, first, last);
}

static void
retention_add(Tally *head, const EventSeq *events)
{
	RetentionTally *tally = (RetentionTally *) head;
	size_t		first = find_start(tally, events);
	bool		valued = events->stride == 3;

	if (first == events->count)
		return;
	make_spans(tally, events, first);
	/* room for values, and nobody with one so far: their sums are kept once there is something to sum */
	valued = valued && tally->summary->has_values;
	if (tally->spec->cohort != COHORT_RECURRING)
	{
		enter(tally, 0, tally->length == 0 ? tally->spans[0].number :
			  calendar_find(tally->calendar, tally->spans[0].start_at)->number, valued);
		return;
	}
	for (size_t i = 0; i < tally->nspans; i++)
		if (tally->spans[i].has_start)
			enter(tally, i, tally->spans[i].number, valued);
}

/* Nobody starts without an event to start with. */
static bool
retention_add_quickly(Tally *head, uint64 fulfilled)
{
	return (fulfilled & ROLE_START) == 0;
}

/* ---- the analysis ---- */

static void
retention_init(void *summary, const Compiled *compiled)
{
	retention_summary_init(summary, compiled->text, compiled->length, &((const CompiledRetention *) compiled)->spec);
}

static void
retention_seen(void *summary, int64 latest)
{
	RetentionSummary *retention = summary;

	retention->latest = Max(retention->latest, latest);
}

SUMMARY_METHODS(retention)

const Analysis retention_analysis = {
	.type_name = "kpi.retention",
	.version = 1,
	.language = &retention_language,
	.summary_size = sizeof(RetentionSummary),
	.tally_size = sizeof(RetentionTally),
	.valued = true,
	.init = retention_init,
	SUMMARY_METHODS_OF(retention),
	.push_json = retention_push_json,
	.read_json = retention_read_json,
	.begin = retention_begin,
	.add = retention_add,
	.add_quickly = retention_add_quickly,
	.seen = retention_seen,
};

ANALYSIS_EVENTS(retention, &retention_analysis)
ANALYSIS_VALUED_EVENTS(retention, &retention_analysis)
ANALYSIS_FUNCTIONS(retention, &retention_analysis)
