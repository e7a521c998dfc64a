/*
 * timeline_builder.c: collecting events for a timeline; see timeline.h.
 *
 * One buffer holds what came lately: raw events grow from its front, the labels that they name from its back, so an
 * aggregate over few rows has two small allocations. A raw event is some varints: the number of its label and
 * whether it has a value, the time since the raw event before, the value. When all this is larger than twice the
 * packed timeline (and than a few kilobytes), everything is packed anew and the buffer is empty again; the packed part
 * about doubles each time, so an event is packed a few times at most.
 */
#include "engine/timeline_format.h"

#define BUFFER_FIRST	64		/* bytes */
#define UNPACKED_MIN	4096	/* bytes that are not worth packing */
#define EVENT_MAX		32		/* bytes of a raw event, at most */
#define FEW_LABELS		8		/* so many are looked up one by one */

/* A place of the hash table of labels, by open addressing. */
typedef struct LabelSlot
{
	uint32_t	hash;
	uint32_t	number;
	uint32_t	place;			/* of the label, from the end of the buffer; 0: the slot is empty */
} LabelSlot;

struct TimelineBuilder
{
	HostArena	arena;
	uint8_t    *buffer;
	size_t		capacity;
	size_t		raw_size;		/* bytes of raw events */
	size_t		raw_count;
	int64_t		raw_last;		/* time of the last one */
	uint32_t	labels_size;	/* bytes of labels, at the end of the buffer, the latest first */
	uint32_t	nlabels;
	LabelSlot  *slots;			/* NULL while there are few labels */
	uint32_t	nslots;			/* a power of two */
	uint8_t    *packed;			/* what was packed, behind the version byte; NULL for nothing */
	size_t		packed_size;
};

TimelineBuilder *
timeline_builder_make(HostArena arena)
{
	TimelineBuilder *builder = host_alloc0(arena, sizeof(TimelineBuilder));

	builder->arena = arena;
	return builder;
}

TimelineBuilder *
timeline_builder_from(HostArena arena, const void *bytes, size_t size)
{
	TimelineBuilder *builder = timeline_builder_make(arena);

	builder->packed = host_alloc(arena, size);
	memcpy(builder->packed, bytes, size);
	builder->packed_size = size;
	return builder;
}

static void
make_room(TimelineBuilder *builder, size_t more)
{
	size_t		used = builder->raw_size + builder->labels_size;
	size_t		capacity = builder->capacity;

	if (capacity - used >= more)
		return;
	if (capacity == 0)
		capacity = BUFFER_FIRST;
	while (capacity - used < more)
		capacity = host_array_size(capacity, 2);
	if (builder->buffer == NULL)
		builder->buffer = host_alloc(builder->arena, capacity);
	else
	{
		builder->buffer = host_realloc(builder->buffer, capacity);
		memmove(builder->buffer + capacity - builder->labels_size,
				builder->buffer + builder->capacity - builder->labels_size, builder->labels_size);
	}
	builder->capacity = capacity;
}

/* ---- labels ---- */

/* A label at its place in the buffer: its length in one byte or, from 128 on, in two, then its bytes. */
static TimelineLabel
label_at(const TimelineBuilder *builder, uint32_t place)
{
	const uint8_t *at = builder->buffer + builder->capacity - place;
	TimelineLabel label;

	label.length = *at++;
	if (label.length >= 0x80)
		label.length = (label.length & 0x7f) | (uint32_t) *at++ << 7;
	label.bytes = (const char *) at;
	return label;
}

static uint32_t
label_size(uint32_t length)
{
	return length + (length < 0x80 ? 1 : 2);
}

static uint32_t
label_hash(TimelineLabel label)
{
	uint64_t	hash = label.length;

	for (uint32_t i = 0; i < label.length; i++)
		hash = (hash ^ (uint8_t) label.bytes[i]) * UINT64_C(0x9E3779B97F4A7C15) ^ hash >> 29;
	return (uint32_t) (hash >> 32);
}

static inline bool
same_label(TimelineLabel a, TimelineLabel b)
{
	return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

/* The slot of a label, or the empty one where it belongs. */
static LabelSlot *
find_slot(const TimelineBuilder *builder, TimelineLabel label, uint32_t hash)
{
	for (uint32_t i = hash;; i++)
	{
		LabelSlot  *slot = &builder->slots[i & (builder->nslots - 1)];

		if (slot->place == 0 || (slot->hash == hash && same_label(label_at(builder, slot->place), label)))
			return slot;
	}
}

/* A new hash table of all labels. */
static void
index_labels(TimelineBuilder *builder)
{
	uint32_t	place = builder->labels_size;

	host_free(builder->slots);
	builder->nslots = builder->nslots == 0 ? 4 * FEW_LABELS : 2 * builder->nslots;
	builder->slots = host_alloc0(builder->arena, builder->nslots * sizeof(LabelSlot));
	for (uint32_t number = builder->nlabels; number-- > 0;)
	{
		TimelineLabel label = label_at(builder, place);
		uint32_t	hash = label_hash(label);
		LabelSlot  *slot = find_slot(builder, label, hash);

		slot->hash = hash;
		slot->number = number;
		slot->place = place;
		place -= label_size(label.length);
	}
}

static uint32_t
add_label(TimelineBuilder *builder, TimelineLabel label)
{
	uint32_t	size = label_size(label.length);
	uint8_t    *at;

	timeline_check_label(label);
	if (builder->nlabels == TIMELINE_LABELS_MAX)
		host_fail(HOST_LIMIT, NULL, "a timeline has at most %d different labels", TIMELINE_LABELS_MAX);
	make_room(builder, size);
	builder->labels_size += size;
	at = builder->buffer + builder->capacity - builder->labels_size;
	if (label.length < 0x80)
		*at++ = (uint8_t) label.length;
	else
	{
		*at++ = (uint8_t) (label.length | 0x80);
		*at++ = (uint8_t) (label.length >> 7);
	}
	memcpy(at, label.bytes, label.length);
	return builder->nlabels++;
}

/* The number of a label; a new one if it is not known. */
static uint32_t
label_number(TimelineBuilder *builder, TimelineLabel label)
{
	LabelSlot  *slot;
	uint32_t	hash;
	uint32_t	place = builder->labels_size;

	if (builder->slots == NULL)
	{
		for (uint32_t number = builder->nlabels; number-- > 0;)
		{
			TimelineLabel known = label_at(builder, place);

			if (same_label(known, label))
				return number;
			place -= label_size(known.length);
		}
		if (builder->nlabels < FEW_LABELS)
			return add_label(builder, label);
	}
	if (builder->slots == NULL || builder->nlabels >= builder->nslots / 2)
		index_labels(builder);
	hash = label_hash(label);
	slot = find_slot(builder, label, hash);
	if (slot->place == 0)
	{
		slot->number = add_label(builder, label);
		slot->hash = hash;
		slot->place = builder->labels_size;
	}
	return slot->number;
}

/* ---- packing ---- */

/* Opens what was packed; it was written here, so it is sound. */
static void
open_packed(const TimelineBuilder *builder, Timeline *timeline)
{
	static const uint8_t empty[] = {0, 0};
	WireReader	reader;

	if (builder->packed != NULL)
		wire_reader_init(&reader, builder->packed, builder->packed_size);
	else
		wire_reader_init(&reader, empty, sizeof(empty));
	timeline_open(&reader, timeline);
	if (reader.failure != NULL)
		host_fail(HOST_BUG, NULL, "invalid packed timeline: %s", reader.failure);
}

static void
read_raw(const TimelineBuilder *builder, TimelineEvent *events)
{
	WireReader	reader;
	uint64_t	at = 0;

	wire_reader_init(&reader, builder->buffer, builder->raw_size);
	for (size_t i = 0; i < builder->raw_count; i++)
	{
		uint64_t	head = wire_read_uint(&reader);

		at += (uint64_t) wire_read_int(&reader);
		events[i].at = (int64_t) at;
		events[i].label = (uint32_t) (head >> 1);
		events[i].has_value = (head & 1) != 0;
		events[i].decimals = events[i].has_value ? wire_read_byte(&reader) : 0;
		events[i].number = events[i].has_value ? wire_read_int(&reader) : 0;
	}
	host_assert(wire_read_done(&reader));
}

/* Adds the events and labels of a timeline to those gathered. */
static void
gather(const Timeline *timeline, TimelineEvent *events, size_t *count, TimelineLabel *labels, uint32_t *nlabels)
{
	timeline_decode(timeline, events + *count);
	for (size_t i = *count; i < *count + timeline->count; i++)
		events[i].label += *nlabels;
	memcpy(labels + *nlabels, timeline->labels, timeline->nlabels * sizeof(TimelineLabel));
	*count += timeline->count;
	*nlabels += timeline->nlabels;
}

/* Writes everything, and `more` with it unless that is NULL. */
static void
write_all(const TimelineBuilder *builder, const Timeline *more, WireWriter *writer)
{
	Timeline	packed;
	TimelineEvent *events;
	TimelineLabel *labels;
	uint32_t	place = builder->labels_size;
	uint32_t	nlabels = builder->nlabels;
	size_t		count = builder->raw_count;

	open_packed(builder, &packed);
	events = host_alloc(NULL, host_array_size(packed.count + count + (more != NULL ? more->count : 0),
											  sizeof(TimelineEvent)));
	labels = host_alloc(NULL, (packed.nlabels + nlabels + (more != NULL ? more->nlabels : 0)) *
						sizeof(TimelineLabel));
	for (uint32_t number = nlabels; number-- > 0;)
	{
		labels[number] = label_at(builder, place);
		place -= label_size(labels[number].length);
	}
	read_raw(builder, events);
	gather(&packed, events, &count, labels, &nlabels);
	if (more != NULL)
		gather(more, events, &count, labels, &nlabels);
	timeline_write(writer, labels, nlabels, events, count);
	host_free(labels);
	host_free(events);
	if (packed.labels != packed.few_labels)
		host_free((void *) packed.labels);
}

static void
pack(TimelineBuilder *builder, const Timeline *more)
{
	WireWriter	writer;
	uint8_t    *packed;

	wire_writer_init(&writer, 0);
	write_all(builder, more, &writer);
	packed = host_alloc(builder->arena, writer.length);
	memcpy(packed, writer.bytes, writer.length);
	host_free(builder->packed);
	builder->packed = packed;
	builder->packed_size = writer.length;
	host_free(writer.bytes);
	host_free(builder->slots);
	builder->slots = NULL;
	builder->nslots = 0;
	builder->nlabels = 0;
	builder->labels_size = 0;
	builder->raw_size = 0;
	builder->raw_count = 0;
	builder->raw_last = 0;
}

/* Bytes that may be left unpacked. */
static inline size_t
unpacked_limit(const TimelineBuilder *builder)
{
	return builder->packed_size > UNPACKED_MIN / 2 ? 2 * builder->packed_size : UNPACKED_MIN;
}

/* ---- adding ---- */

static inline uint8_t *
put_uint(uint8_t *to, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		*to++ = (uint8_t) (number | 0x80);
	*to++ = (uint8_t) number;
	return to;
}

static inline uint8_t *
put_int(uint8_t *to, int64_t number)
{
	return put_uint(to, ((uint64_t) number << 1) ^ (number < 0 ? UINT64_MAX : 0));
}

static inline void
add_raw(TimelineBuilder *builder, int64_t at, uint32_t label, bool has_value, int64_t number, uint8_t decimals)
{
	uint8_t		event[EVENT_MAX];
	uint8_t    *to = event;
	size_t		size;

	to = put_uint(to, (uint64_t) label << 1 | has_value);
	to = put_int(to, (int64_t) ((uint64_t) at - (uint64_t) builder->raw_last));
	if (has_value)
	{
		*to++ = decimals;
		to = put_int(to, number);
	}
	size = (size_t) (to - event);
	make_room(builder, size);
	memcpy(builder->buffer + builder->raw_size, event, size);
	builder->raw_size += size;
	builder->raw_count++;
	builder->raw_last = at;
}

void
timeline_builder_add(TimelineBuilder *builder, int64_t at, TimelineLabel label, bool has_value,
					 int64_t number, uint8_t decimals)
{
	host_assert(decimals <= TIMELINE_DECIMALS_MAX);
	if (builder->raw_size + builder->labels_size > unpacked_limit(builder))
		pack(builder, NULL);
	add_raw(builder, at, label_number(builder, label), has_value, number, decimals);
}

void
timeline_builder_merge(TimelineBuilder *builder, const Timeline *timeline)
{
	TimelineEvent *events;
	uint32_t   *numbers;

	if (timeline->count == 0)
		return;
	/* A raw event takes some 8 bytes: what would be packed soon anyway is packed at once. */
	if (timeline->count > unpacked_limit(builder) / 8 ||
		builder->raw_size + builder->labels_size + 8 * timeline->count > unpacked_limit(builder))
	{
		pack(builder, timeline);
		return;
	}
	numbers = host_alloc(NULL, timeline->nlabels * sizeof(uint32_t));
	for (uint32_t l = 0; l < timeline->nlabels; l++)
		numbers[l] = label_number(builder, timeline->labels[l]);
	events = host_alloc(NULL, host_array_size(timeline->count, sizeof(TimelineEvent)));
	timeline_decode(timeline, events);
	for (size_t i = 0; i < timeline->count; i++)
		add_raw(builder, events[i].at, numbers[events[i].label], events[i].has_value, events[i].number,
				events[i].decimals);
	host_free(events);
	host_free(numbers);
}

void
timeline_builder_write(const TimelineBuilder *builder, WireWriter *writer)
{
	if (builder->raw_count == 0 && builder->packed != NULL)
		wire_write_bytes(writer, builder->packed, builder->packed_size);
	else
		write_all(builder, NULL, writer);
}

void
timeline_builder_merge_builder(TimelineBuilder *builder, const TimelineBuilder *other)
{
	WireWriter	writer;
	WireReader	reader;
	Timeline	timeline;

	wire_writer_init(&writer, 0);
	timeline_builder_write(other, &writer);
	wire_reader_init(&reader, writer.bytes, writer.length);
	timeline_open(&reader, &timeline);
	host_assert(reader.failure == NULL);
	timeline_builder_merge(builder, &timeline);
	if (timeline.labels != timeline.few_labels)
		host_free((void *) timeline.labels);
	host_free(writer.bytes);
}
