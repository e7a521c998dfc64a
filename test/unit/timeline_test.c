/*
 * timeline_test.c: packed timelines against a list of events: bytes worked out by hand, random histories, damaged
 * bytes. KPI_SEED chooses other random cases.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/moment.h"
#include "engine/timeline.h"
#include "random.h"

#define MOST_EVENTS 400

/* The label is a number that stands for bytes; see label_bytes. */
typedef struct NaiveEvent
{
	int64_t		at;
	int			label;
	bool		has_value;
	int64_t		number;
	uint8_t		decimals;
} NaiveEvent;

typedef struct NaiveHistory
{
	size_t		count;
	NaiveEvent	events[MOST_EVENTS];
} NaiveHistory;

/* ---- labels ---- */

#define NLABELS 40

/* Some are long, some the beginning of others, one is empty, one has bytes above 0x7f. */
static TimelineLabel
label_of(int number)
{
	static char texts[NLABELS][TIMELINE_LABEL_MAX + 1];
	TimelineLabel label;

	if (texts[number][0] == '\0' && number > 0)
	{
		if (number == 1)
			memset(texts[number], 'x', TIMELINE_LABEL_MAX);
		else if (number == 2)
			memset(texts[number], 'x', 127);
		else if (number == 3)
			memset(texts[number], 'x', 128);
		else if (number == 4)
			snprintf(texts[number], sizeof(texts[number]), "\xea\xb5\xac");
		else
			snprintf(texts[number], sizeof(texts[number]), "event %d", number * 7 % 25);
		if (number >= 30)
			snprintf(texts[number], sizeof(texts[number]), "%d", number * 7 % NLABELS);
	}
	label.bytes = texts[number];
	label.length = (uint32_t) strlen(texts[number]);
	return label;
}

static bool
is_label(TimelineLabel label, int number)
{
	TimelineLabel other = label_of(number);

	return label.length == other.length && memcmp(label.bytes, other.bytes, label.length) == 0;
}

/* ---- random histories ---- */

static int64_t
random_number(void)
{
	switch (random_bits() % 5)
	{
		case 0:
			return (int64_t) (random_bits() % 20) - 5;
		case 1:
			return (int64_t) (random_bits() % 100000) * 100;
		case 2:
			return -(int64_t) (random_bits() % 1000000);
		case 3:
			return (int64_t) (random_bits() % 3) * 10;
		default:
			return (int64_t) (random_bits() >> 24);
	}
}

static void
random_history(NaiveHistory *history)
{
	static const int64_t grids[] = {
		1, 1, 7, 1000, 1000000, 1000000, 60000000, INT64_C(86400000000), INT64_C(1) << 40
	};
	static const uint64_t spans[] = {1, 3, 20, 300, 70000, 20000000, UINT64_C(1) << 33};
	int64_t		grid = grids[random_bits() % 9];
	uint64_t	span = spans[random_bits() % 7];
	int64_t		first = (int64_t) (random_bits() >> 13) - (INT64_C(1) << 50);
	uint64_t	labels = 1 + random_bits() % NLABELS;
	int			with_value = random_bits() % 3 == 0 ? 0 : (int) (random_bits() % 101);
	int			extreme = chance(15) ? 10 : 0;
	bool		few_decimals = chance(80);

	if (grid > 1000000 && span > 300)
		span = 300;
	history->count = chance(10) ? 0 : chance(50) ? random_bits() % 8 : random_bits() % MOST_EVENTS;
	for (size_t i = 0; i < history->count; i++)
	{
		NaiveEvent *event = &history->events[i];

		if (i > 0 && chance(10))
		{
			*event = history->events[random_bits() % i];
			continue;
		}
		event->at = first + (int64_t) (random_bits() % span) * grid;
		if (chance(extreme))
			event->at = chance(50) ? INT64_MAX : INT64_MIN;
		event->label = (int) (random_bits() % labels);
		event->has_value = chance(with_value);
		event->number = event->has_value ? random_number() : 0;
		event->decimals = event->has_value ? (uint8_t) (random_bits() % (few_decimals ? 3 : 7)) : 0;
	}
}

static int
compare_naive(const void *a, const void *b)
{
	const NaiveEvent *x = a;
	const NaiveEvent *y = b;
	TimelineLabel xl = label_of(x->label);
	TimelineLabel yl = label_of(y->label);
	__int128	xn = x->number;
	__int128	yn = y->number;
	int			order;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	/* strcmp compares as unsigned char, and no label has a zero byte */
	order = strcmp(xl.bytes, yl.bytes);
	if (order != 0)
		return order;
	if (x->has_value != y->has_value)
		return x->has_value ? 1 : -1;
	for (int i = x->decimals; i < 7; i++)
		xn *= 10;
	for (int i = y->decimals; i < 7; i++)
		yn *= 10;
	return (xn > yn) - (xn < yn);
}

static void
shuffle(NaiveHistory *history)
{
	for (size_t i = history->count; i > 1; i--)
	{
		size_t		j = random_bits() % i;
		NaiveEvent	event = history->events[i - 1];

		history->events[i - 1] = history->events[j];
		history->events[j] = event;
	}
}

/* ---- writing and opening ---- */

/* Writes a history; the labels are given in an order of their own, some of them twice. */
static WireWriter
write_history(const NaiveHistory *history)
{
	TimelineLabel labels[2 * NLABELS];
	TimelineEvent events[MOST_EVENTS];
	WireWriter	writer;
	int			turn = (int) (random_bits() % NLABELS);

	for (int l = 0; l < 2 * NLABELS; l++)
		labels[l] = label_of((l + turn) % NLABELS);
	for (size_t i = 0; i < history->count; i++)
	{
		const NaiveEvent *naive = &history->events[i];
		int			number = (naive->label + NLABELS - turn) % NLABELS + (chance(50) ? NLABELS : 0);

		events[i].at = naive->at;
		events[i].label = (uint32_t) number;
		events[i].has_value = naive->has_value;
		/* what stands there without a value must not matter */
		events[i].number = naive->has_value ? naive->number : 77;
		events[i].decimals = naive->decimals;
	}
	wire_writer_init(&writer, 0);
	timeline_write(&writer, labels, 2 * NLABELS, events, history->count);
	return writer;
}

/* A copy that ends where memory ends, so that the sanitizer sees every read behind it. */
static uint8_t *
exact_copy(const uint8_t *bytes, size_t length)
{
	uint8_t    *copy = host_alloc(NULL, length);

	memcpy(copy, bytes, length);
	return copy;
}

static bool
open_bytes(const uint8_t *bytes, size_t length, Timeline *timeline, WireReader *reader)
{
	wire_reader_init(reader, bytes, length);
	timeline_open(reader, timeline);
	return reader->failure == NULL;
}

static bool
same_bytes(const WireWriter *a, const WireWriter *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Whether the timeline has just these events, in this order. */
static bool
decodes_to(const Timeline *timeline, const NaiveHistory *sorted)
{
	TimelineEvent *events = host_alloc(NULL, (timeline->count + 1) * sizeof(TimelineEvent));

	if (timeline->count != sorted->count)
		return false;
	timeline_decode(timeline, events);
	for (size_t i = 0; i < sorted->count; i++)
	{
		const NaiveEvent *naive = &sorted->events[i];
		__int128	number = events[i].number;
		__int128	expected = naive->number;

		for (int d = events[i].decimals; d < 7; d++)
			number *= 10;
		for (int d = naive->decimals; d < 7; d++)
			expected *= 10;
		if (events[i].at != naive->at || events[i].label >= timeline->nlabels ||
			!is_label(timeline->labels[events[i].label], naive->label) ||
			events[i].has_value != naive->has_value || (naive->has_value && number != expected))
			return false;
	}
	return sorted->count == 0 || timeline_last_at(timeline) == sorted->events[sorted->count - 1].at;
}

static int
compare_events(const void *a, const void *b)
{
	const Event *x = a;
	const Event *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->code > y->code) - (x->code < y->code);
}

/* timeline_events with random codes against choosing from the list and sorting. */
static bool
events_agree(const Timeline *timeline, const NaiveHistory *sorted)
{
	uint64_t	code_of[NLABELS];
	Event		expected[MOST_EVENTS];
	Event	   *events = host_alloc(NULL, (timeline->count + 1) * sizeof(Event));
	size_t		count = 0;
	size_t		found;
	int			dropped = (int) (random_bits() % 101);

	for (uint32_t l = 0; l < timeline->nlabels; l++)
		code_of[l] = chance(dropped) ? 0 : 1 + random_bits() % 6;
	for (size_t i = 0; i < sorted->count; i++)
		for (uint32_t l = 0; l < timeline->nlabels; l++)
			if (is_label(timeline->labels[l], sorted->events[i].label) && code_of[l] != 0)
			{
				expected[count].at = sorted->events[i].at;
				expected[count++].code = code_of[l];
			}
	qsort(expected, count, sizeof(Event), compare_events);
	found = timeline_events(timeline, code_of, events);
	return found == count && (count == 0 || memcmp(events, expected, count * sizeof(Event)) == 0);
}

/* ---- the tests ---- */

static bool
writes_as(const NaiveHistory *history, const char *expected, size_t length)
{
	WireWriter	writer = write_history(history);

	if (writer.length == length && memcmp(writer.bytes, expected, length) == 0)
		return true;
	printf("# got");
	for (size_t i = 0; i < writer.length; i++)
		printf(" %02x", writer.bytes[i]);
	printf("\n");
	return false;
}

static void
test_golden(void)
{
	NaiveHistory history = {0};
	const int64_t second = 1000000;

	CHECK(writes_as(&history, "\0\0", 2), "no events: two bytes");

	/* the differences are 0 and 300 s, so the unit is 300 s */
	history.count = 3;
	history.events[0] = (NaiveEvent) {300 * second, 30, false, 0, 0};
	history.events[1] = (NaiveEvent) {0, 4, false, 0, 0};
	history.events[2] = (NaiveEvent) {0, 30, false, 0, 0};
	CHECK(writes_as(&history,
					"\x00\x03"		/* no values, narrowest 0; three events */
					"\x02"			/* two labels */
					"\x02" "10"
					"\x03\xea\xb5\xac"
					"\x00"			/* the first at 2000-01-01 */
					"\x80\xc6\x86\x8f\x01"	/* unit 300,000,000 us */
					"\x04"			/* widths 0 and 1 */
					"\x02"			/* codes 0, 1, 0 */
					"\x01",			/* one unit */
					19), "three events without values");

	/* microseconds before 2000, a difference of five bytes (so narrowest is 2), values 2.50 and -1 */
	history.count = 4;
	history.events[0] = (NaiveEvent) {-1, 30, true, 250, 2};
	history.events[1] = (NaiveEvent) {-1, 30, false, 0, 0};
	history.events[2] = (NaiveEvent) {2, 30, true, -1, 0};
	history.events[3] = (NaiveEvent) {INT64_C(0x100000002), 30, false, 0, 0};
	CHECK(writes_as(&history,
					"\x05\x04"		/* values, narrowest 2; four events */
					"\x01\x02" "10"
					"\x01"			/* -1 */
					"\x01"			/* unit 1 us */
					"\x30"			/* widths 2, 2, 5 */
					"\x00\x00\x03\x00\x00\x00\x00\x00\x01"
					"\x01"			/* one decimal */
					"\x06"			/* the second and the third have values */
					"\x32\x13",		/* 25, -10 */
					22), "four events with values");
	FORGET();
}

static void
test_random(void)
{
	bool		opened = true;
	bool		checked = true;
	bool		decoded = true;
	bool		canonical = true;
	bool		events = true;
	bool		built = true;
	bool		merged = true;

	for (int round = 0; round < 6000; round++)
	{
		static NaiveHistory history;
		static NaiveHistory part;
		WireWriter	bytes;
		WireWriter	shuffled;
		WireWriter	collected;
		WireReader	reader;
		Timeline	timeline;
		TimelineBuilder *builder = timeline_builder_make(NULL);
		TimelineBuilder *whole = timeline_builder_make(NULL);
		size_t		cut;

		random_history(&history);
		bytes = write_history(&history);
		shuffle(&history);
		shuffled = write_history(&history);
		canonical &= same_bytes(&bytes, &shuffled);

		for (size_t i = 0; i < history.count; i++)
		{
			const NaiveEvent *event = &history.events[i];

			timeline_builder_add(builder, event->at, label_of(event->label), event->has_value,
								 event->number, event->decimals);
		}
		wire_writer_init(&collected, 0);
		timeline_builder_write(builder, &collected);
		built &= same_bytes(&bytes, &collected);

		/* a part as a timeline, a part as events, the rest as a timeline, after having been written */
		cut = history.count > 0 ? random_bits() % history.count : 0;
		part.count = cut;
		memcpy(part.events, history.events, cut * sizeof(NaiveEvent));
		shuffled = write_history(&part);
		opened &= open_bytes(shuffled.bytes, shuffled.length, &timeline, &reader);
		timeline_builder_merge(whole, &timeline);
		if (cut < history.count)
		{
			const NaiveEvent *event = &history.events[cut++];

			timeline_builder_add(whole, event->at, label_of(event->label), event->has_value,
								 event->number, event->decimals);
		}
		wire_writer_init(&collected, 0);
		timeline_builder_write(whole, &collected);
		part.count = history.count - cut;
		memcpy(part.events, history.events + cut, part.count * sizeof(NaiveEvent));
		shuffled = write_history(&part);
		opened &= open_bytes(shuffled.bytes, shuffled.length, &timeline, &reader);
		timeline_builder_merge(whole, &timeline);
		wire_writer_init(&collected, 0);
		timeline_builder_write(whole, &collected);
		merged &= same_bytes(&bytes, &collected);

		qsort(history.events, history.count, sizeof(NaiveEvent), compare_naive);
		opened &= open_bytes(exact_copy(bytes.bytes, bytes.length), bytes.length, &timeline, &reader);
		checked &= timeline_check(&reader, &timeline);
		decoded &= decodes_to(&timeline, &history);
		for (int i = 0; i < 3; i++)
			events &= events_agree(&timeline, &history);
		FORGET();
	}
	CHECK(opened, "what is written can be opened");
	CHECK(checked, "and is in its one encoding");
	CHECK(decoded, "it has the events that were written, in order");
	CHECK(canonical, "the order of the input makes no difference");
	CHECK(events, "events for a visitor are those chosen, sorted by time and code");
	CHECK(built, "a builder writes the same");
	CHECK(merged, "a builder fed with timelines and events writes the same");
}

/* More than a builder leaves unpacked, more labels than fit its first table, long ties. */
static void
test_large(void)
{
	enum {count = 60000};
	TimelineEvent *events = host_alloc(NULL, count * sizeof(TimelineEvent));
	TimelineLabel *labels = host_alloc(NULL, 3000 * sizeof(TimelineLabel));
	TimelineBuilder *builder = timeline_builder_make(NULL);
	TimelineBuilder *merged = timeline_builder_make(NULL);
	WireWriter	bytes;
	WireWriter	collected;
	WireReader	reader;
	Timeline	timeline;
	Event	   *visited = host_alloc(NULL, count * sizeof(Event));
	uint64_t   *code_of = host_alloc(NULL, 3000 * sizeof(uint64_t));
	bool		ordered = true;
	size_t		found;

	for (uint32_t l = 0; l < 3000; l++)
	{
		char	   *text = host_alloc(NULL, 16);

		labels[l].bytes = text;
		labels[l].length = (uint32_t) snprintf(text, 16, "page/%u", l * 7919 % 3000);
		code_of[l] = 1 + random_bits() % 1000;
	}
	for (size_t i = 0; i < count; i++)
	{
		events[i].at = INT64_C(750000000000000) + (int64_t) (random_bits() % 20) * INT64_C(3600000000);
		events[i].label = (uint32_t) (random_bits() % 3000);
		events[i].has_value = chance(3);
		events[i].number = events[i].has_value ? (int64_t) (random_bits() % 1000) : 0;
		events[i].decimals = events[i].has_value ? 2 : 0;
		timeline_builder_add(builder, events[i].at, labels[events[i].label], events[i].has_value,
							 events[i].number, events[i].decimals);
		if (i % 9000 == 8999)
		{
			/* as workers send their parts */
			wire_writer_init(&collected, 0);
			timeline_builder_write(builder, &collected);
			builder = timeline_builder_from(NULL, collected.bytes, collected.length);
			timeline_builder_merge_builder(merged, builder);
			builder = timeline_builder_make(NULL);
		}
	}
	timeline_builder_merge_builder(merged, builder);
	wire_writer_init(&collected, 0);
	timeline_builder_write(merged, &collected);
	wire_writer_init(&bytes, 0);
	timeline_write(&bytes, labels, 3000, events, count);
	CHECK(same_bytes(&bytes, &collected), "a large timeline from parts is the same");
	CHECK(open_bytes(bytes.bytes, bytes.length, &timeline, &reader) && timeline_check(&reader, &timeline) &&
		  timeline.nlabels == 3000, "a large timeline is in its one encoding");
	found = timeline_events(&timeline, code_of, visited);
	for (size_t i = 1; i < found; i++)
		ordered &= compare_events(&visited[i - 1], &visited[i]) <= 0;
	CHECK(found == count && ordered, "long ties are sorted by code");
	FORGET();
}

/* About 3.5 bytes for the time and the label of an event at whole seconds. */
static void
test_size(void)
{
	TimelineEvent events[200];
	TimelineLabel labels[8];
	TimelineBuilder *builder;
	WireWriter	bytes;
	size_t		label_bytes = 0;
	int64_t		at = INT64_C(757382400000000);

	for (int l = 0; l < 8; l++)
	{
		labels[l] = label_of(l + 5);
		label_bytes += labels[l].length + 1;
	}
	for (int i = 0; i < 200; i++)
	{
		at += (int64_t) (1 + random_bits() % (chance(20) ? 500000 : 120)) * 1000000;
		events[i] = (TimelineEvent) {at, (uint32_t) (random_bits() % 8), 0, false, 0};
	}
	wire_writer_init(&bytes, 0);
	timeline_write(&bytes, labels, 8, events, 200);
	CHECK((bytes.length - label_bytes) * 2 <= 200 * 7, "200 events of a shop take %zu bytes beside the labels",
		  bytes.length - label_bytes);
	FORGET();

	builder = timeline_builder_make(NULL);
	for (int i = 0; i < 3; i++)
		timeline_builder_add(builder, events[i].at, label_of(i + 6), false, 0, 0);
	CHECK(host_unit_bytes < 250, "a builder with three events takes %zu bytes", host_unit_bytes);
	FORGET();
}

/* ---- failures ---- */

typedef struct Attempt
{
	TimelineLabel *labels;
	uint32_t	nlabels;
	TimelineEvent *events;
	size_t		count;
} Attempt;

static void
try_write(void *argument)
{
	Attempt    *attempt = argument;
	WireWriter	writer;

	wire_writer_init(&writer, 0);
	timeline_write(&writer, attempt->labels, attempt->nlabels, attempt->events, attempt->count);
}

static void
try_build(void *argument)
{
	Attempt    *attempt = argument;
	TimelineBuilder *builder = timeline_builder_make(NULL);
	WireWriter	writer;

	for (size_t i = 0; i < attempt->count; i++)
		timeline_builder_add(builder, attempt->events[i].at, attempt->labels[attempt->events[i].label],
							 attempt->events[i].has_value, attempt->events[i].number,
							 attempt->events[i].decimals);
	wire_writer_init(&writer, 0);
	timeline_builder_write(builder, &writer);
}

static void
test_limits(void)
{
	char		text[TIMELINE_LABEL_MAX + 1];
	TimelineLabel longest = {text, TIMELINE_LABEL_MAX};
	TimelineLabel longer = {text, TIMELINE_LABEL_MAX + 1};
	TimelineEvent events[2] = {{0, 0, 0, true, 1}, {0, 0, 1, true, INT64_C(900000000000000001)}};
	Attempt		attempt = {&longest, 1, events, 1};
	bool		fits;

	memset(text, 'l', sizeof(text));
	CHECK(host_unit_try(try_write, &attempt) && host_unit_try(try_build, &attempt), "a label of the greatest length");
	attempt.labels = &longer;
	CHECK(!host_unit_try(try_write, &attempt) && host_unit_error == HOST_LIMIT &&
		  !host_unit_try(try_build, &attempt) && host_unit_error == HOST_LIMIT, "a label too long");

	attempt.labels = &longest;
	attempt.count = 2;
	CHECK(host_unit_try(try_write, &attempt), "numbers that fit with their decimals in common");
	events[0] = (TimelineEvent) {0, 0, 0, true, INT64_C(922337203685477580)};
	events[1] = (TimelineEvent) {0, 0, 1, true, 1};
	fits = host_unit_try(try_write, &attempt);
	events[0] = (TimelineEvent) {0, 0, 0, true, INT64_C(922337203685477581)};
	events[1] = (TimelineEvent) {0, 0, 1, true, 1};
	CHECK(fits && !host_unit_try(try_write, &attempt) && host_unit_error == HOST_BAD_VALUE,
		  "numbers that do not");
	events[0] = (TimelineEvent) {0, 0, 0, true, INT64_MIN};
	events[1] = (TimelineEvent) {0, 0, 18, true, INT64_C(1000000000000000000)};
	CHECK(host_unit_try(try_write, &attempt), "decimals that are zeros do not count");

	attempt.nlabels = TIMELINE_LABELS_MAX + 1;
	attempt.count = attempt.nlabels;
	attempt.labels = host_alloc(NULL, attempt.nlabels * sizeof(TimelineLabel));
	attempt.events = host_alloc0(NULL, attempt.count * sizeof(TimelineEvent));
	for (uint32_t l = 0; l < attempt.nlabels; l++)
	{
		char	   *bytes = host_alloc(NULL, 8);

		attempt.labels[l].bytes = bytes;
		attempt.labels[l].length = (uint32_t) snprintf(bytes, 8, "%u", l);
		attempt.events[l].label = l;
	}
	CHECK(!host_unit_try(try_write, &attempt) && host_unit_error == HOST_LIMIT &&
		  !host_unit_try(try_build, &attempt) && host_unit_error == HOST_LIMIT, "too many labels");
	attempt.count--;
	CHECK(host_unit_try(try_write, &attempt) && host_unit_try(try_build, &attempt), "as many labels as can be");
	FORGET();
}

static void
try_decode(void *argument)
{
	const Timeline *timeline = argument;
	TimelineEvent *events = host_alloc(NULL, (timeline->count + 1) * sizeof(TimelineEvent));

	timeline_decode(timeline, events);
	for (size_t i = 0; i < timeline->count; i++)
		if (events[i].label >= timeline->nlabels)
			abort();
}

static bool
all_valid(const TimelineEvent *events, size_t count)
{
	bool		valid = true;

	for (size_t i = 0; i < count; i++)
		valid &= moment_is_valid(events[i].at);
	return valid;
}

/*
 * Reads damaged bytes in every way. Whether they passed for a timeline in its one encoding; then *honest says whether
 * they are just what is written for its events.
 */
static bool
survives(const uint8_t *bytes, size_t length, bool *honest)
{
	uint8_t    *copy = exact_copy(bytes, length);
	WireReader	reader;
	Timeline	timeline;
	uint64_t   *code_of;
	Event	   *visited;
	TimelineEvent *events;
	WireWriter	again;

	*honest = true;
	if (!open_bytes(copy, length, &timeline, &reader))
	{
		*honest = timeline.count == 0 && timeline.nlabels == 0;
		return false;
	}
	code_of = host_alloc(NULL, (timeline.nlabels + 1) * sizeof(uint64_t));
	for (uint32_t l = 0; l < timeline.nlabels; l++)
		code_of[l] = random_bits() % 3;
	visited = host_alloc(NULL, (timeline.count + 1) * sizeof(Event));
	*honest &= timeline_events(&timeline, code_of, visited) <= timeline.count;
	if (timeline.count > 0)
		(void) timeline_last_at(&timeline);
	(void) host_unit_try(try_decode, &timeline);

	events = host_alloc(NULL, (timeline.count + 1) * sizeof(TimelineEvent));
	if (!timeline_check(&reader, &timeline))
	{
		/* it must have been something else than the encoding of its events, or of impossible times */
		if (host_unit_try(try_decode, &timeline))
		{
			timeline_decode(&timeline, events);
			wire_writer_init(&again, 0);
			timeline_write(&again, timeline.labels, timeline.nlabels, events, timeline.count);
			if (again.length == length && memcmp(again.bytes, bytes, length) == 0)
				*honest &= timeline.count > 0 &&
					!all_valid(events, timeline.count);
		}
		return false;
	}
	timeline_decode(&timeline, events);
	wire_writer_init(&again, 0);
	timeline_write(&again, timeline.labels, timeline.nlabels, events, timeline.count);
	*honest &= again.length == length && memcmp(again.bytes, bytes, length) == 0;
	return true;
}

static void
test_hostile(void)
{
	bool		truncated = true;
	bool		honest = true;
	long		accepted = 0;
	long		refused = 0;

	for (int round = 0; round < 300; round++)
	{
		static NaiveHistory history;
		WireWriter	bytes;
		bool		good;

		random_history(&history);
		if (history.count > 40)
			history.count = 40;
		bytes = write_history(&history);
		for (size_t length = 0; length < bytes.length; length++)
		{
			truncated &= !survives(bytes.bytes, length, &good);
			honest &= good;
		}
		for (int flip = 0; flip < 150; flip++)
		{
			size_t		place = random_bits() % (chance(50) && bytes.length > 30 ? 30 : bytes.length);
			uint8_t		before = bytes.bytes[place];
			bool		passed;

			bytes.bytes[place] = chance(50) ? (uint8_t) (before ^ (1 << random_bits() % 8)) : (uint8_t) random_bits();
			if (bytes.bytes[place] != before)
			{
				passed = survives(bytes.bytes, bytes.length, &good);
				honest &= good;
				accepted += passed;
				refused += !passed;
			}
			if (chance(70))
				bytes.bytes[place] = before;
		}
		FORGET();
	}
	CHECK(truncated, "a timeline cut short is refused");
	CHECK(accepted > 100 && refused > 1000 && honest,
		  "a damaged timeline is refused (%ld) or the one encoding of another (%ld)", refused, accepted);
}

/* Bytes that only look at one rule each. */
static void
test_rules(void)
{
	static const struct
	{
		const char *bytes;
		size_t		length;
		const char *failure;
	}			cases[] = {
		{"\x00\x00\x00", 3, "bytes behind the end"},
		{"\x01\x00", 2, "unknown flags"},
		{"\x10\x01\x01\x00\x00", 5, "unknown flags"},
		{"\x0c\x01\x01\x00\x00", 5, "unknown flags"},
		{"\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01\x00\x00", 14, "count beyond the end"},
		{"\x00\x01\x00\x00", 4, "number of labels out of range"},
		{"\x00\x01\x02\x01" "a\x01" "b\x00\x00", 9, "number of labels out of range"},
		{"\x00\x02\x02\x01" "b\x01" "a\x00\x01\x01\x02\x01", 12, "labels out of order"},
		{"\x00\x02\x02\x01" "a\x01" "a\x00\x01\x01\x02\x01", 12, "labels out of order"},
		{"\x00\x02\x01\x00\x00\x01\x04", 7, "widths beyond the last event"},
		{"\x00\x02\x01\x00\x00\x01\x01\x00", 8, "difference wider than needed"},
		{"\x00\x02\x01\x00\x00\x01\x01\x02", 8, "unit is not the greatest"},
		{"\x00\x02\x01\x00\x00\x00\x01\x01", 8, "unit is not the greatest"},
		{"\x00\x02\x01\x00\x00\x05\x00", 7, "unit is not the greatest"},
		{"\x02\x02\x01\x00\x00\x01\x00\x01", 8, "differences wider than needed"},
		{"\x00\x02\x01\x00\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01\x01\x01", 17, "time out of range"},
		{"\x00\x02\x02\x01" "a\x01" "b\x00\x01\x01\x00\x01", 12, "label that does not occur"},
		{"\x00\x02\x02\x01" "a\x01" "b\x00\x01\x01\x03\x01", 12, "label that does not occur"},
		{"\x00\x01\x01\x00\x80\x80\x95\xbb\xf6\xd6\xff\xff\xff\x01", 14, "time out of range"},
		{"\x00\x01\x01\x00\x81\x80\x83\xee\xd7\xcf\xc1\xf0\x05", 13, "time out of range"},
		{"\x00\x02\x02\x01" "a\x01" "b\x00\x00\x00\x01", 11, "events out of order"},
		{"\x00\x02\x02\x01" "a\x01" "b\x00\x00\x00\x06", 11, "bits behind the last event"},
		{"\x00\x03\x03\x00\x01" "a\x01" "b\x00\x00\x00\x34", 12, "label out of range"},
		{"\x01\x01\x01\x00\x00\x00\x00", 7, "no values"},
		{"\x01\x01\x01\x00\x00\x01\x01\x14", 8, "more decimals than needed"},
		{"\x01\x01\x01\x00\x00\x13\x01\x02", 8, "decimals out of range"},
		{"\x01\x01\x01\x00\x00\x00\x03\x02", 8, "bits behind the last event"},
		{"\x01\x01\x01\x00\x00\x00\x01\x02\x02", 9, "bytes behind the end"},
		{"\x01\x01\x01\x00\x00\x00\x01", 7, "unexpected end"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		uint8_t    *copy = exact_copy((const uint8_t *) cases[i].bytes, cases[i].length);
		WireReader	reader;
		Timeline	timeline;

		wire_reader_init(&reader, copy, cases[i].length);
		timeline_open(&reader, &timeline);
		(void) timeline_check(&reader, &timeline);
		CHECK(reader.failure != NULL && strcmp(reader.failure, cases[i].failure) == 0, "%s (%s)", cases[i].failure,
			  reader.failure != NULL ? reader.failure : "accepted");
		FORGET();
	}
}

int
main(void)
{
	const char *seed = getenv("KPI_SEED");

	if (seed != NULL && *seed != '\0')
		random_state = (uint64_t) strtoull(seed, NULL, 10);
	test_golden();
	test_random();
	test_large();
	test_size();
	test_limits();
	test_rules();
	test_hostile();
	return DONE();
}
