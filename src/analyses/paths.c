/*
 * paths.c: kpi.paths, as an analysis: which ways do actors take from an event on, or towards one?
 */
#include "analyses/paths.h"

#include "mb/pg_wchar.h"

#include "language/path_spec_value.h"
#include "language/roles.h"

/* What is known of a label of the rows, or of the timeline at hand. */
typedef struct KnownLabel
{
	const TimelineLabel *label;
	uint32		rank;			/* in the order of their bytes */
	bool		anchor;			/* paths begin or end here */
	bool		numbered;		/* its number in the summary is known, .. */
	uint64		generation;		/* .. and right in this one */
	uint32		number;
} KnownLabel;

/* A label of an instant, and how often. */
typedef struct Tied
{
	uint32		rank;
	uint32		label;
	size_t		times;
} Tied;

/* An event of the stretch at hand that is, or may become, part of its path. */
typedef struct Place
{
	int64		at;
	uint32		label;			/* of the known ones */
} Place;

typedef struct PathsTally
{
	Tally		head;
	const PathSpec *spec;
	PathsSummary *summary;
	const LabelBook *book;		/* of rows */
	KnownLabel *known;			/* the book's labels in its order, or the timeline's */
	size_t		known_size;
	Tied	   *tied;
	size_t		tied_size;
	Event	   *events;			/* of a timeline */
	size_t		events_size;
	uint64	   *numbers;		/* of a timeline's labels */
	size_t		numbers_size;

	/* the stretch at hand */
	bool		any;			/* it has an event */
	int64		last_at;
	uint32		last_label;
	bool		begun;			/* its path has begun, .. */
	bool		done;			/* .. and is counted */
	size_t		nplaces;		/* with `to` all that there were: places[i % (depth + 1)] */
	Place		places[PATH_MAX_DEPTH + 1];
} PathsTally;

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

/* Counts the path of the stretch: its places from the anchor on. */
static void
count_path(PathsTally *tally)
{
	/* a stretch has a place, which compilers that look across files (LTO) doubt */
	uint32		labels[PATH_MAX_DEPTH + 1] = {0};
	int64		at[PATH_MAX_DEPTH + 1] = {0};
	size_t		most = tally->spec->depth + 1;
	uint32		length = (uint32) Min(tally->nplaces, most);

	for (uint32 i = 0; i < length; i++)
	{
		const Place *place = &tally->places[tally->spec->anchor == PATH_TO ? (tally->nplaces - 1 - i) % most : i];
		KnownLabel *known = &tally->known[place->label];

		if (!known->numbered || known->generation != tally->summary->generation)
		{
			known->number = paths_summary_label(tally->summary, known->label->bytes, known->label->length);
			known->generation = tally->summary->generation;
			known->numbered = true;
		}
		labels[i] = known->number;
		at[i] = place->at;
	}
	paths_summary_add(tally->summary, labels, at, length);
	tally->done = true;
}

static void
end_stretch(PathsTally *tally)
{
	if (tally->begun && !tally->done)
		count_path(tally);
	tally->any = tally->begun = tally->done = false;
	tally->nplaces = 0;
}

/* Takes the next event, which comes `times` times. */
static void
take_event(PathsTally *tally, int64 at, uint32 label, size_t times)
{
	const PathSpec *spec = tally->spec;
	size_t		most = spec->depth + 1;
	bool		repeated;

	if (tally->any && moment_span(tally->last_at, at) > spec->gap)
		end_stretch(tally);
	repeated = tally->any && tally->last_label == label;
	tally->any = true;
	tally->last_at = at;
	tally->last_label = label;
	if (spec->collapse)
	{
		if (repeated)
			return;
		times = 1;
	}
	if (spec->anchor == PATH_TO)
	{
		/* More than a path holds cannot be told apart from as many as it holds. */
		times = Min(times, most);
		for (; times > 0 && !tally->done; times--)
		{
			tally->places[tally->nplaces % most].at = at;
			tally->places[tally->nplaces++ % most].label = label;
			if (tally->known[label].anchor)
				count_path(tally);
		}
		return;
	}
	if (!tally->begun && !tally->known[label].anchor)
		return;
	tally->begun = true;
	for (; times > 0 && !tally->done; times--)
	{
		tally->places[tally->nplaces].at = at;
		tally->places[tally->nplaces++].label = label;
		if (tally->nplaces == most)
			count_path(tally);
	}
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
	return path_label_compare(((const SortedLabel *) a)->label, ((const SortedLabel *) b)->label);
}

static void
paths_take_book(Tally *head, const LabelBook *book)
{
	PathsTally *tally = (PathsTally *) head;
	SortedLabel *sorted = MemoryContextAllocHuge(CurrentMemoryContext, mul_size(book->count + 1, sizeof(SortedLabel)));

	tally->book = book;
	tally->known = make_room(head->context, tally->known, &tally->known_size, book->count, sizeof(KnownLabel));
	for (uint32 i = 0; i < book->count; i++)
	{
		const TimelineLabel *label = &book->labels[i];
		const Program *program = head->compiled->program;

		sorted[i].label = label;
		sorted[i].place = i;
		tally->known[i].label = label;
		tally->known[i].anchor = code_roles(program, label_code(program, label->bytes, label->length)) != 0;
		tally->known[i].numbered = false;
	}
	qsort(sorted, book->count, sizeof(SortedLabel), by_bytes);
	for (uint32 i = 0; i < book->count; i++)
		tally->known[sorted[i].place].rank = i;
	pfree(sorted);
}

static int
by_rank(const void *a, const void *b)
{
	uint32		left = ((const Tied *) a)->rank;
	uint32		right = ((const Tied *) b)->rank;

	return (left > right) - (left < right);
}

/* Events at one time come in the order of their codes, which means nothing; they are taken in that of their labels. */
static void
take_instant(PathsTally *tally, const EventSeq *events, size_t from, size_t end)
{
	int64		at = event_at(events, from).at;
	uint64		code = 0;
	size_t		ntied = 0;

	for (size_t i = from; i < end; i++)
	{
		Event		event = event_at(events, i);

		if ((i & 0xffff) == 0xffff)
			host_check_interrupts();
		if (ntied > 0 && event.code == code)
		{
			tally->tied[ntied - 1].times++;
			continue;
		}
		code = event.code;
		if (ntied == tally->tied_size)
		{
			tally->tied_size = tally->tied_size * 2 + 16;
			tally->tied = tally->tied == NULL ? palloc(mul_size(tally->tied_size, sizeof(Tied))) :
				repalloc(tally->tied, mul_size(tally->tied_size, sizeof(Tied)));
		}
		tally->tied[ntied].label = label_book_place(tally->book, code);
		tally->tied[ntied].rank = tally->known[tally->tied[ntied].label].rank;
		tally->tied[ntied++].times = 1;
	}
	qsort(tally->tied, ntied, sizeof(Tied), by_rank);
	for (size_t i = 0; i < ntied; i++)
		take_event(tally, at, tally->tied[i].label, tally->tied[i].times);
}

static void
paths_add(Tally *head, const EventSeq *events)
{
	PathsTally *tally = (PathsTally *) head;
	size_t		i = 0;

	paths_summary_next_actor(tally->summary);
	while (i < events->count)
	{
		Event		event = event_at(events, i);
		size_t		end = i + 1;

		while (end < events->count && event_at(events, end).at == event.at)
			end++;
		if (end == i + 1)
			take_event(tally, event.at, label_book_place(tally->book, event.code), 1);
		else
			take_instant(tally, events, i, end);
		if ((i & 0xffff0000) != (end & 0xffff0000))
			host_check_interrupts();
		i = end;
	}
	end_stretch(tally);
}

/* ---- from timelines ---- */

static void
paths_add_timeline(Tally *head, const Timeline *timeline, const uint64_t *codes)
{
	PathsTally *tally = (PathsTally *) head;
	size_t		count;

	tally->known = make_room(head->context, tally->known, &tally->known_size, timeline->nlabels, sizeof(KnownLabel));
	tally->numbers = make_room(head->context, tally->numbers, &tally->numbers_size, timeline->nlabels, sizeof(uint64));
	tally->events = make_room(head->context, tally->events, &tally->events_size, timeline->count, sizeof(Event));
	for (uint32 i = 0; i < timeline->nlabels; i++)
	{
		tally->known[i].label = &timeline->labels[i];
		tally->known[i].anchor = code_roles(head->compiled->program, codes[i]) != 0;
		tally->known[i].numbered = false;
		/* by their bytes, as the labels are */
		tally->numbers[i] = (uint64) i + 1;
	}
	count = timeline_events(timeline, tally->numbers, tally->events);
	paths_summary_next_actor(tally->summary);
	for (size_t i = 0; i < count; i++)
	{
		take_event(tally, tally->events[i].at, (uint32) (tally->events[i].code - 1), 1);
		if ((i & 0xffff) == 0xffff)
			host_check_interrupts();
	}
	end_stretch(tally);
}

/* ---- the analysis ---- */

static void
paths_begin(Tally *head)
{
	PathsTally *tally = (PathsTally *) head;

	tally->spec = &((const CompiledPathSpec *) head->compiled)->spec;
	tally->summary = (PathsSummary *) head->summary;
}

static void
paths_init(void *summary, const Compiled *compiled)
{
	paths_summary_init(summary, compiled->text, compiled->length, &((const CompiledPathSpec *) compiled)->spec);
}

static void
paths_merge_any(void *into, const void *from)
{
	paths_summary_merge(into, from);
}

static void
paths_write_any(WireWriter *writer, const void *summary)
{
	paths_summary_write(writer, summary);
}

static void
paths_read_any(WireReader *reader, bool utf8, void *value)
{
	PathsSummary *summary = value;

	paths_summary_read(reader, utf8, summary);
	for (uint32 i = 0; reader->failure == NULL && i < summary->nlabels; i++)
		if (!pg_verifymbstr(summary->labels[i].bytes, (int) summary->labels[i].length, true))
			wire_read_fail(reader, "label not in the encoding of the database");
}

static const char *
paths_check_any(const void *summary)
{
	return paths_summary_check(summary);
}

const Analysis paths_analysis = {
	.type_name = "kpi.paths",
	.version = 1,
	.language = &path_spec_language,
	.summary_size = sizeof(PathsSummary),
	.tally_size = sizeof(PathsTally),
	.init = paths_init,
	SUMMARY_METHODS_OF(paths),
	.push_json = paths_push_json,
	.read_json = paths_read_json,
	.begin = paths_begin,
	.add = paths_add,
	.take_book = paths_take_book,
	.add_timeline = paths_add_timeline,
};

ANALYSIS_KEPT_LABELS(paths, &paths_analysis)
ANALYSIS_FUNCTIONS(paths, &paths_analysis)
