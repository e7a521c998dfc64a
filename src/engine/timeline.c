/*
 * timeline.c: reading packed timelines; see timeline.h.
 *
 * Opening walks over the labels and adds up the widths of the differences, 32 of them at a time; then every section is
 * known to lie inside the bytes, whatever they say. Reading a difference loads eight bytes and masks what
 * belongs to others. Times are added up modulo 2^64: only timeline_check knows that they stay in range.
 */
#include "engine/timeline_format.h"

#include "engine/moment.h"

static const uint64_t width_masks[] = {
	0, UINT64_C(0xff), UINT64_C(0xffff), UINT64_C(0xffffff), UINT64_C(0xffffffff), UINT64_C(0xffffffffff),
	UINT64_C(0xffffffffffff), UINT64_C(0xffffffffffffff), UINT64_MAX
};

/* ---- bytes ---- */

/* Eight bytes as a number, the lowest first. */
static inline uint64_t
load_64(const uint8_t *bytes)
{
	uint64_t	number;

	memcpy(&number, bytes, sizeof(number));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	number = __builtin_bswap64(number);
#endif
	return number;
}

/* The same where less than eight bytes may be left before `end`; zeros stand for what is missing. */
static inline uint64_t
load_some(const uint8_t *bytes, const uint8_t *end)
{
	uint64_t	number = 0;

	if (end - bytes >= 8)
		return load_64(bytes);
	for (int shift = 0; bytes < end; shift += 8)
		number |= (uint64_t) *bytes++ << shift;
	return number;
}

/* Bytes of difference `i` (from 0). */
static inline int
difference_width(const Timeline *timeline, size_t i)
{
	return timeline->narrowest + (timeline->widths[i >> 2] >> ((i & 3) * 2) & 3);
}

/* The label of event `i`; one that exists, also in damaged bytes. */
static inline uint32_t
event_label(const Timeline *timeline, size_t i)
{
	uint64_t	bit = (uint64_t) i * (uint64_t) timeline->code_bits;
	uint64_t	code = load_some(timeline->codes + (bit >> 3), timeline->end) >> (bit & 7);

	code &= (UINT64_C(1) << timeline->code_bits) - 1;
	return code < timeline->nlabels ? (uint32_t) code : timeline->nlabels - 1;
}

static inline bool
event_has_value(const Timeline *timeline, size_t i)
{
	return timeline->has_values && (timeline->values[i >> 3] >> (i & 7) & 1) != 0;
}

/* A reader of the numbers behind the presence bits. */
static void
numbers_init(WireReader *numbers, const Timeline *timeline)
{
	const uint8_t *first = timeline->end;

	if (timeline->has_values)
		first = timeline->values + timeline_bit_bytes(timeline->count, 1);
	wire_reader_init(numbers, first, (size_t) (timeline->end - first));
}

/* ---- opening ---- */

/* The sum of all pairs of bits. */
static uint64_t
sum_pairs(const uint8_t *bytes, size_t length)
{
	const uint8_t *end = bytes + length;
	uint64_t	sum = 0;

	for (; bytes < end; bytes += 8)
	{
		uint64_t	pairs = load_some(bytes, end);

		pairs = (pairs & UINT64_C(0x3333333333333333)) + (pairs >> 2 & UINT64_C(0x3333333333333333));
		pairs = (pairs & UINT64_C(0x0f0f0f0f0f0f0f0f)) + (pairs >> 4 & UINT64_C(0x0f0f0f0f0f0f0f0f));
		sum += (pairs * UINT64_C(0x0101010101010101)) >> 56;
	}
	return sum;
}

static void
open_labels(WireReader *reader, Timeline *timeline)
{
	uint64_t	nlabels = wire_read_count(reader, 1);
	TimelineLabel *labels = timeline->few_labels;

	if (reader->failure == NULL && (nlabels == 0 || nlabels > TIMELINE_LABELS_MAX || nlabels > timeline->count))
		wire_read_fail(reader, "number of labels out of range");
	if (reader->failure != NULL)
		return;
	if (nlabels > sizeof(timeline->few_labels) / sizeof(timeline->few_labels[0]))
		labels = host_alloc(NULL, nlabels * sizeof(TimelineLabel));
	for (uint32_t i = 0; i < nlabels; i++)
	{
		/* Nearly always one byte. */
		uint64_t	length = reader->at < reader->end && *reader->at < 0x80 ? *reader->at++ :
			wire_read_uint_max(reader, TIMELINE_LABEL_MAX, "label too long");

		if (length > (uint64_t) (reader->end - reader->at))
			wire_read_fail(reader, "unexpected end");
		if (reader->failure != NULL)
			return;
		labels[i].bytes = (const char *) reader->at;
		labels[i].length = (uint32_t) length;
		reader->at += length;
	}
	timeline->labels = labels;
	timeline->nlabels = (uint32_t) nlabels;
	timeline->code_bits = timeline_code_bits(timeline->nlabels);
}

/* Where a dictionary that begins at `bytes` is kept: depends on bytes in different labels, as far as there are any. */
static TimelineDictionary *
place_of_dictionary(TimelineDictionaries *dictionaries, const uint8_t *bytes, const uint8_t *end)
{
	uint64_t	hash = *bytes;

	if (end - bytes >= 56)
		hash ^= load_64(bytes + 8) * UINT64_C(0x9E3779B97F4A7C15) ^ load_64(bytes + 24) * UINT64_C(0xD6E8FEB86659FD93) ^
			load_64(bytes + 40) * UINT64_C(0xC2B2AE3D27D4EB4F);
	else
		hash ^= load_some(bytes + 1, end);
	hash *= UINT64_C(0x9E3779B97F4A7C15);
	return &dictionaries->kept[hash >> 58];
}

/* open_labels, but a dictionary that is kept is recognised instead of read. */
static void
open_dictionary(WireReader *reader, Timeline *timeline, TimelineDictionaries *dictionaries)
{
	const uint8_t *begin = reader->at;
	TimelineDictionary *kept;
	size_t		length;

	if (reader->at == reader->end)
	{
		wire_read_fail(reader, "unexpected end");
		return;
	}
	kept = place_of_dictionary(dictionaries, begin, reader->end);
	if (kept->length > 0 && (size_t) (reader->end - begin) >= kept->length && kept->nlabels <= timeline->count &&
		memcmp(begin, kept->bytes, kept->length) == 0)
	{
		reader->at += kept->length;
		timeline->labels = kept->labels;
		timeline->nlabels = kept->nlabels;
		timeline->code_bits = timeline_code_bits(kept->nlabels);
		timeline->dictionary = kept;
		return;
	}
	open_labels(reader, timeline);
	length = (size_t) (reader->at - begin);
	if (reader->failure != NULL || length > sizeof(kept->bytes) || timeline->nlabels > TIMELINE_FEW_LABELS)
		return;
	memcpy(kept->bytes, begin, length);
	kept->length = length;
	kept->nlabels = timeline->nlabels;
	for (uint32_t i = 0; i < kept->nlabels; i++)
	{
		kept->labels[i].length = timeline->labels[i].length;
		kept->labels[i].bytes = (const char *) kept->bytes + ((const uint8_t *) timeline->labels[i].bytes - begin);
	}
	kept->used = false;
	timeline->labels = kept->labels;
	timeline->dictionary = kept;
}

static void
open_events(WireReader *reader, Timeline *timeline)
{
	size_t		differences = timeline->count - 1;
	size_t		width_bytes = differences / 4 + (differences % 4 != 0);

	timeline->first_at = wire_read_int(reader);
	timeline->unit = differences > 0 ? wire_read_uint(reader) : 0;
	timeline->widths = wire_read_bytes(reader, width_bytes);
	if (reader->failure == NULL && differences % 4 != 0 &&
		timeline->widths[width_bytes - 1] >> (differences % 4 * 2) != 0)
		wire_read_fail(reader, "widths beyond the last event");
	timeline->codes = wire_read_bytes(reader, (size_t) timeline_bit_bytes(timeline->count, timeline->code_bits));
	if (reader->failure == NULL)
	{
		uint64_t	bytes = (uint64_t) differences * (uint64_t) timeline->narrowest +
			sum_pairs(timeline->widths, width_bytes);

		if (bytes > (uint64_t) (reader->end - reader->at))
			wire_read_fail(reader, "unexpected end");
		else
			timeline->differences = wire_read_bytes(reader, (size_t) bytes);
	}
	if (timeline->has_values)
	{
		timeline->decimals = wire_read_byte(reader);
		if (timeline->decimals > TIMELINE_DECIMALS_MAX)
			wire_read_fail(reader, "decimals out of range");
		timeline->values = wire_read_bytes(reader, (size_t) timeline_bit_bytes(timeline->count, 1));
		/* the numbers take the rest */
		reader->at = reader->end;
	}
}

static inline __attribute__((always_inline)) void
open_timeline(WireReader *reader, Timeline *timeline, TimelineDictionaries *dictionaries)
{
	uint8_t		flags = wire_read_byte(reader);
	uint64_t	count = wire_read_uint(reader);

	timeline->count = 0;
	timeline->nlabels = 0;
	timeline->labels = timeline->few_labels;
	timeline->dictionary = NULL;
	timeline->has_values = (flags & TIMELINE_HAS_VALUES) != 0;
	timeline->decimals = 0;
	timeline->first_at = 0;
	timeline->unit = 0;
	timeline->narrowest = flags >> TIMELINE_NARROWEST_SHIFT;
	timeline->code_bits = 0;
	timeline->widths = timeline->codes = timeline->differences = timeline->values = NULL;
	timeline->end = reader->end;

	if (timeline->narrowest > TIMELINE_NARROWEST_MAX || (count == 0 && flags != 0))
		wire_read_fail(reader, "unknown flags");
	/* a difference takes two bits at least, and events are going to be put into an array */
	else if (count > 0 && ((count - 1) / 4 > (uint64_t) (reader->end - reader->at) ||
						   count > SIZE_MAX / 2 / sizeof(TimelineEvent)))
		wire_read_fail(reader, "count beyond the end");
	if (reader->failure == NULL && count > 0)
	{
		timeline->count = (size_t) count;
		if (dictionaries != NULL)
			open_dictionary(reader, timeline, dictionaries);
		else
			open_labels(reader, timeline);
		if (reader->failure == NULL)
			open_events(reader, timeline);
	}
	if (!wire_read_done(reader))
	{
		timeline->count = 0;
		timeline->nlabels = 0;
		timeline->labels = timeline->few_labels;
		timeline->has_values = false;
	}
}

void
timeline_open(WireReader *reader, Timeline *timeline)
{
	open_timeline(reader, timeline, NULL);
}

void
timeline_open_among(WireReader *reader, Timeline *timeline, TimelineDictionaries *dictionaries)
{
	open_timeline(reader, timeline, dictionaries);
}

/* ---- checking ---- */

/* Whether the bits behind the first `used` ones are zero in their last byte. */
static bool
rest_is_zero(const uint8_t *bytes, uint64_t used)
{
	return used % 8 == 0 || bytes[used / 8] >> (used % 8) == 0;
}

/* What keeps the events from being in their one encoding, NULL if nothing does. Marks the labels that occur. */
static const char *
check_events(const Timeline *timeline, bool *occurs)
{
	const uint8_t *next = timeline->differences;
	TimelineEvent before = {0};
	WireReader	numbers;
	uint64_t	gcd = 0;
	int			widest = 0;
	bool		any_value = false;
	bool		any_last_digit = timeline->decimals == 0;

	numbers_init(&numbers, timeline);
	for (size_t i = 0; i < timeline->count; i++)
	{
		TimelineEvent event = {timeline->first_at, 0, timeline->decimals, event_has_value(timeline, i), 0};

		if (i % 65536 == 0)
			host_check_interrupts();
		if (i > 0)
		{
			int			width = difference_width(timeline, i - 1);
			uint64_t	difference = load_some(next, timeline->end) & width_masks[width];

			next += width;
			if (width > timeline->narrowest && timeline_bytes_needed(difference) != width)
				return "difference wider than needed";
			if (width > widest)
				widest = width;
			if (gcd != 1)
				gcd = timeline_gcd(difference, gcd);
			if (__builtin_mul_overflow(difference, timeline->unit, &difference) ||
				difference > (uint64_t) INT64_MAX - (uint64_t) before.at)
				return "time out of range";
			event.at = (int64_t) ((uint64_t) before.at + difference);
		}
		if (!moment_is_valid(event.at))
			return "time out of range";
		if (timeline->code_bits > 0)
		{
			uint64_t	bit = (uint64_t) i * (uint64_t) timeline->code_bits;
			uint64_t	code = load_some(timeline->codes + (bit >> 3), timeline->end) >> (bit & 7);

			event.label = (uint32_t) (code & ((UINT64_C(1) << timeline->code_bits) - 1));
			if (event.label >= timeline->nlabels)
				return "label out of range";
		}
		occurs[event.label] = true;
		if (event.has_value)
		{
			event.number = wire_read_int(&numbers);
			if (numbers.failure != NULL)
				return numbers.failure;
			any_value = true;
			any_last_digit |= event.number % 10 != 0;
		}
		if (i > 0 && timeline_event_order(&before, &event) > 0)
			return "events out of order";
		before = event;
	}
	/* 0 for no difference but zeros, and 1 if the unit is the greatest */
	if (gcd != (uint64_t) (timeline->unit != 0))
		return "unit is not the greatest";
	if (timeline->narrowest > 0 && widest != timeline->narrowest + TIMELINE_WIDTH_MORE)
		return "differences wider than needed";
	if (timeline->has_values && !any_value)
		return "no values";
	if (timeline->has_values && !any_last_digit)
		return "more decimals than needed";
	return wire_read_done(&numbers) ? NULL : numbers.failure;
}

bool
timeline_check(WireReader *reader, const Timeline *timeline)
{
	const char *failure;
	bool	   *occurs;

	if (reader->failure != NULL)
		return false;
	if (timeline->count == 0)
		return true;
	for (uint32_t i = 1; i < timeline->nlabels; i++)
	{
		if (timeline_label_order(&timeline->labels[i - 1], &timeline->labels[i]) >= 0)
		{
			wire_read_fail(reader, "labels out of order");
			return false;
		}
	}
	occurs = host_alloc0(NULL, timeline->nlabels * sizeof(bool));
	failure = check_events(timeline, occurs);
	for (uint32_t i = 0; i < timeline->nlabels && failure == NULL; i++)
		if (!occurs[i])
			failure = "label that does not occur";
	host_free(occurs);
	if (failure == NULL &&
		(!rest_is_zero(timeline->codes, (uint64_t) timeline->count * (uint64_t) timeline->code_bits) ||
		 (timeline->has_values && !rest_is_zero(timeline->values, timeline->count))))
		failure = "bits behind the last event";
	if (failure != NULL)
		wire_read_fail(reader, failure);
	return failure == NULL;
}

/* ---- reading ---- */

/* Sorts events of one instant by code: a heap sort, as it needs no memory. */
static void
sort_codes(Event *events, size_t count)
{
	for (size_t start = count / 2, end = count; end > 1;)
	{
		size_t		hole;
		uint64_t	code;

		if (start > 0)
			code = events[--start].code;
		else
		{
			code = events[--end].code;
			events[end].code = events[0].code;
			if ((end & 0xffff) == 0)
				host_check_interrupts();
		}
		hole = start;
		for (size_t child; (child = 2 * hole + 1) < end; hole = child)
		{
			if (child + 1 < end && events[child + 1].code > events[child].code)
				child++;
			if (events[child].code <= code)
				break;
			events[hole].code = events[child].code;
		}
		events[hole].code = code;
	}
}

/* Puts the events of each instant in the order of their codes. */
static void
order_ties(Event *events, size_t count)
{
	for (size_t i = 1; i < count; i++)
	{
		if (events[i].at == events[i - 1].at && events[i].code < events[i - 1].code)
		{
			size_t		first = i - 1;
			size_t		end = i + 1;

			while (first > 0 && events[first - 1].at == events[i].at)
				first--;
			while (end < count && events[end].at == events[i].at)
				end++;
			sort_codes(events + first, end - first);
			i = end;
		}
	}
}

size_t
timeline_events(const Timeline *timeline, const uint64_t *code_of, Event *events)
{
	/* in registers: what is written to `events` could otherwise be the timeline, for all the compiler knows */
	const uint8_t *const widths = timeline->widths;
	const uint8_t *const codes = timeline->codes;
	const uint8_t *const end = timeline->end;
	const uint8_t *next = timeline->differences;
	const uint64_t unit = timeline->unit;
	const uint64_t code_mask = (UINT64_C(1) << timeline->code_bits) - 1;
	const uint32_t last_label = timeline->nlabels - 1;
	const size_t count = timeline->count;
	const int	code_bits = timeline->code_bits;
	const int	narrowest = timeline->narrowest;
	uint64_t	at = (uint64_t) timeline->first_at;
	uint64_t	bit = 0;
	uint64_t	code;
	size_t		kept = 0;
	size_t		i;
	bool		ties = false;

	if (count == 0)
		return 0;
	code = code_of[event_label(timeline, 0)];
	events[0].at = timeline->first_at;
	events[0].code = code;
	kept = code != 0;
	/* The codes stand before the differences, so eight bytes at `next` mean eight bytes at the code. */
	for (i = 1; i < count && end - next >= 8; i++)
	{
		int			width = narrowest + (widths[(i - 1) >> 2] >> (((i - 1) & 3) * 2) & 3);
		uint64_t	difference = load_64(next) & width_masks[width];
		uint64_t	label;

		next += width;
		at += difference * unit;
		ties |= difference == 0;
		bit += (uint64_t) code_bits;
		label = load_64(codes + (bit >> 3)) >> (bit & 7) & code_mask;
		code = code_of[label <= last_label ? label : last_label];
		events[kept].at = (int64_t) at;
		events[kept].code = code;
		kept += code != 0;
	}
	for (; i < count; i++)
	{
		int			width = difference_width(timeline, i - 1);
		uint64_t	difference = load_some(next, end) & width_masks[width];

		next += width;
		at += difference * unit;
		ties |= difference == 0;
		code = code_of[event_label(timeline, i)];
		events[kept].at = (int64_t) at;
		events[kept].code = code;
		kept += code != 0;
	}
	if (ties)
		order_ties(events, kept);
	return kept;
}

void
timeline_decode(const Timeline *timeline, TimelineEvent *events)
{
	const uint8_t *next = timeline->differences;
	uint64_t	at = (uint64_t) timeline->first_at;
	WireReader	numbers;

	numbers_init(&numbers, timeline);
	for (size_t i = 0; i < timeline->count; i++)
	{
		TimelineEvent *event = &events[i];

		if (i > 0)
		{
			int			width = difference_width(timeline, i - 1);

			at += (load_some(next, timeline->end) & width_masks[width]) * timeline->unit;
			next += width;
		}
		event->at = (int64_t) at;
		event->label = event_label(timeline, i);
		event->has_value = event_has_value(timeline, i);
		event->decimals = event->has_value ? timeline->decimals : 0;
		event->number = event->has_value ? wire_read_int(&numbers) : 0;
	}
	if (!wire_read_done(&numbers))
		host_fail(HOST_BAD_BYTES, NULL, "invalid values in a timeline: %s", numbers.failure);
}

int64_t
timeline_last_at(const Timeline *timeline)
{
	const uint8_t *next = timeline->differences;
	uint64_t	sum = 0;

	for (size_t i = 1; i < timeline->count; i++)
	{
		int			width = difference_width(timeline, i - 1);

		sum += load_some(next, timeline->end) & width_masks[width];
		next += width;
	}
	return (int64_t) ((uint64_t) timeline->first_at + sum * timeline->unit);
}
