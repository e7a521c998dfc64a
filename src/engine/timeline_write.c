/*
 * timeline_write.c: packing events; see timeline.h.
 */
#include "engine/timeline_format.h"

static const int64_t powers_of_ten[] = {
	INT64_C(1), INT64_C(10), INT64_C(100), INT64_C(1000), INT64_C(10000), INT64_C(100000), INT64_C(1000000),
	INT64_C(10000000), INT64_C(100000000), INT64_C(1000000000), INT64_C(10000000000), INT64_C(100000000000),
	INT64_C(1000000000000), INT64_C(10000000000000), INT64_C(100000000000000), INT64_C(1000000000000000),
	INT64_C(10000000000000000), INT64_C(100000000000000000), INT64_C(1000000000000000000)
};

void
timeline_check_label(TimelineLabel label)
{
	/* only ASCII is shown, as a cut must not fall into the middle of a character */
	int			shown = 0;

	if (label.length <= TIMELINE_LABEL_MAX)
		return;
	while (shown < 40 && label.bytes[shown] > 0 && label.bytes[shown] < 0x7f)
		shown++;
	host_fail(HOST_LIMIT, "A label names a kind of event; put what varies into a column of its own.",
			  "event label \"%.*s...\" has %u bytes, more than the %d that a timeline takes", shown, label.bytes,
			  label.length, TIMELINE_LABEL_MAX);
}

/* ---- labels ---- */

/* Merge sort of numbers of labels by their bytes. */
static void
sort_labels(const TimelineLabel *labels, uint32_t *numbers, uint32_t *spare, uint32_t count)
{
	uint32_t	half = count / 2;
	uint32_t	left = 0;
	uint32_t	right = half;
	uint32_t	out = 0;

	if (count < 2)
		return;
	sort_labels(labels, numbers, spare, half);
	sort_labels(labels, numbers + half, spare, count - half);
	if (timeline_label_order(&labels[numbers[half - 1]], &labels[numbers[half]]) <= 0)
		return;
	memcpy(spare, numbers, half * sizeof(uint32_t));
	while (left < half && right < count)
	{
		if (timeline_label_order(&labels[spare[left]], &labels[numbers[right]]) <= 0)
			numbers[out++] = spare[left++];
		else
			numbers[out++] = numbers[right++];
	}
	memcpy(numbers + out, spare + left, (half - left) * sizeof(uint32_t));
}

/* Renumbers the labels of the events by their order, and returns those that occur. */
static TimelineLabel *
order_labels(const TimelineLabel *labels, uint32_t nlabels, TimelineEvent *events, size_t count, uint32_t *nused)
{
	uint32_t   *new_number = host_alloc0(NULL, host_array_size(nlabels, sizeof(uint32_t)));
	uint32_t   *numbers = host_alloc(NULL, host_array_size(nlabels, 2 * sizeof(uint32_t)));
	TimelineLabel *used;
	uint32_t	occurring = 0;
	uint32_t	distinct = 0;

	for (size_t i = 0; i < count; i++)
	{
		host_assert(events[i].label < nlabels);
		new_number[events[i].label] = 1;
	}
	for (uint32_t l = 0; l < nlabels; l++)
		if (new_number[l] != 0)
			numbers[occurring++] = l;
	host_check_interrupts();
	sort_labels(labels, numbers, numbers + nlabels, occurring);

	used = host_alloc(NULL, host_array_size(occurring, sizeof(TimelineLabel)));
	for (uint32_t i = 0; i < occurring; i++)
	{
		const TimelineLabel *label = &labels[numbers[i]];

		if (distinct == 0 || timeline_label_order(&used[distinct - 1], label) != 0)
		{
			timeline_check_label(*label);
			if (distinct == TIMELINE_LABELS_MAX)
				host_fail(HOST_LIMIT, NULL, "a timeline has at most %d different labels", TIMELINE_LABELS_MAX);
			used[distinct++] = *label;
		}
		new_number[numbers[i]] = distinct - 1;
	}
	for (size_t i = 0; i < count; i++)
		events[i].label = new_number[events[i].label];
	host_free(numbers);
	host_free(new_number);
	*nused = distinct;
	return used;
}

/* ---- values ---- */

/* Gives all values the same decimals, the fewest that keep them exact. */
static uint8_t
align_values(TimelineEvent *events, size_t count)
{
	uint8_t		decimals = 0;

	for (size_t i = 0; i < count; i++)
	{
		TimelineEvent *event = &events[i];

		if (!event->has_value)
		{
			event->number = 0;
			event->decimals = 0;
			continue;
		}
		host_assert(event->decimals <= TIMELINE_DECIMALS_MAX);
		while (event->decimals > 0 && event->number % 10 == 0)
		{
			event->number /= 10;
			event->decimals--;
		}
		if (event->decimals > decimals)
			decimals = event->decimals;
	}
	for (size_t i = 0; i < count; i++)
	{
		TimelineEvent *event = &events[i];

		if (!event->has_value || event->decimals == decimals)
			continue;
		if (__builtin_mul_overflow(event->number, powers_of_ten[decimals - event->decimals], &event->number))
			host_fail(HOST_BAD_VALUE, "Round the values to fewer decimals.",
					  "values of a timeline do not all fit 64 bits with the decimals of the finest one (%d)",
					  decimals);
		event->decimals = decimals;
	}
	return decimals;
}

/* ---- order ---- */

#define RUN 16					/* so many events are sorted by insertion */

static void
sort_run(TimelineEvent *events, size_t count)
{
	for (size_t i = 1; i < count; i++)
	{
		TimelineEvent event = events[i];
		size_t		hole = i;

		while (hole > 0 && timeline_event_order(&events[hole - 1], &event) > 0)
		{
			events[hole] = events[hole - 1];
			hole--;
		}
		events[hole] = event;
	}
}

/* Merges two sorted neighbours into `to`. */
static void
merge_runs(TimelineEvent *to, const TimelineEvent *left, size_t nleft, const TimelineEvent *right, size_t nright)
{
	size_t		l = 0;
	size_t		r = 0;

	if (nright > 0 && timeline_event_order(&left[nleft - 1], &right[0]) > 0)
	{
		while (l < nleft && r < nright)
		{
			if (((l + r) & 0xffff) == 0)
				host_check_interrupts();
			*to++ = timeline_event_order(&left[l], &right[r]) <= 0 ? left[l++] : right[r++];
		}
	}
	memcpy(to, left + l, (nleft - l) * sizeof(TimelineEvent));
	memcpy(to + (nleft - l), right + r, (nright - r) * sizeof(TimelineEvent));
}

static void
sort_events(TimelineEvent *events, size_t count)
{
	TimelineEvent *from = events;
	TimelineEvent *to;
	TimelineEvent *spare;
	size_t		sorted = 1;

	while (sorted < count && timeline_event_order(&events[sorted - 1], &events[sorted]) <= 0)
		sorted++;
	if (sorted >= count)
		return;
	if (count <= RUN)
	{
		sort_run(events, count);
		return;
	}
	spare = to = host_alloc(NULL, host_array_size(count, sizeof(TimelineEvent)));
	for (size_t i = 0; i < count; i += RUN)
	{
		if ((i & 0xffff) == 0)
			host_check_interrupts();
		sort_run(events + i, count - i < RUN ? count - i : RUN);
	}
	for (size_t run = RUN; run < count; run *= 2)
	{
		TimelineEvent *merged = to;

		for (size_t i = 0; i < count; i += 2 * run)
		{
			size_t		nleft = count - i < run ? count - i : run;
			size_t		nright = count - i - nleft < run ? count - i - nleft : run;

			host_check_interrupts();
			merge_runs(to + i, from + i, nleft, from + i + nleft, nright);
		}
		to = from;
		from = merged;
	}
	if (from != events)
		memcpy(events, from, count * sizeof(TimelineEvent));
	host_free(spare);
}

/* ---- bytes ---- */

/* Sets `number` at bit `bit`; the bits were zero. */
static void
put_bits(uint8_t *bytes, uint64_t bit, uint32_t number)
{
	uint64_t	shifted = (uint64_t) number << (bit & 7);

	for (bytes += bit >> 3; shifted != 0; shifted >>= 8)
		*bytes++ |= (uint8_t) shifted;
}

static inline uint64_t
difference_before(const TimelineEvent *events, size_t i)
{
	return (uint64_t) events[i].at - (uint64_t) events[i - 1].at;
}

static void
write_values(WireWriter *writer, const TimelineEvent *events, size_t count, uint8_t decimals)
{
	size_t		size = (size_t) timeline_bit_bytes(count, 1);
	uint8_t    *present = host_alloc0(NULL, size);

	for (size_t i = 0; i < count; i++)
		put_bits(present, i, events[i].has_value);
	wire_write_byte(writer, decimals);
	wire_write_bytes(writer, present, size);
	host_free(present);
	for (size_t i = 0; i < count; i++)
		if (events[i].has_value)
			wire_write_int(writer, events[i].number);
}

void
timeline_write(WireWriter *writer, const TimelineLabel *labels, uint32_t nlabels,
			   TimelineEvent *events, size_t count)
{
	TimelineLabel *used;
	uint32_t	nused;
	uint8_t		decimals;
	uint64_t	unit = 0;
	uint64_t	greatest = 0;
	int			narrowest;
	int			code_bits;
	bool		has_values = false;
	size_t		width_bytes;
	size_t		code_bytes;
	size_t		difference_bytes = 0;
	uint8_t    *scratch;		/* widths, codes, differences */
	uint8_t    *to;

	if (count == 0)
	{
		wire_write_byte(writer, 0);
		wire_write_uint(writer, 0);
		return;
	}
	used = order_labels(labels, nlabels, events, count, &nused);
	decimals = align_values(events, count);
	sort_events(events, count);

	for (size_t i = 0; i < count; i++)
	{
		uint64_t	difference = i > 0 ? difference_before(events, i) : 0;

		if ((i & 0xffff) == 0)
			host_check_interrupts();
		has_values |= events[i].has_value;
		if (unit != 1)
			unit = timeline_gcd(difference, unit);
		if (difference > greatest)
			greatest = difference;
	}
	narrowest = unit == 0 ? 0 : timeline_bytes_needed(greatest / unit) - TIMELINE_WIDTH_MORE;
	if (narrowest < 0)
		narrowest = 0;
	code_bits = timeline_code_bits(nused);
	width_bytes = (count - 1) / 4 + ((count - 1) % 4 != 0);
	code_bytes = (size_t) timeline_bit_bytes(count, code_bits);

	scratch = host_alloc0(NULL, width_bytes + code_bytes +
						  host_array_size(count, (size_t) narrowest + TIMELINE_WIDTH_MORE));
	to = scratch + width_bytes + code_bytes;
	for (size_t i = 0; i < count; i++)
	{
		put_bits(scratch + width_bytes, (uint64_t) i * (uint64_t) code_bits, events[i].label);
		if (i > 0 && unit > 0)
		{
			uint64_t	difference = difference_before(events, i);
			int			width;

			if (unit > 1)
				difference /= unit;
			width = timeline_bytes_needed(difference);
			if (width < narrowest)
				width = narrowest;
			put_bits(scratch, (uint64_t) (i - 1) * 2, (uint32_t) (width - narrowest));
			for (int b = 0; b < width; b++)
				*to++ = (uint8_t) (difference >> (8 * b));
		}
	}
	difference_bytes = (size_t) (to - scratch) - width_bytes - code_bytes;

	wire_write_byte(writer, (uint8_t) ((has_values ? TIMELINE_HAS_VALUES : 0) | narrowest << TIMELINE_NARROWEST_SHIFT));
	wire_write_uint(writer, count);
	wire_write_uint(writer, nused);
	for (uint32_t l = 0; l < nused; l++)
	{
		wire_write_uint(writer, used[l].length);
		wire_write_bytes(writer, used[l].bytes, used[l].length);
	}
	wire_write_int(writer, events[0].at);
	if (count > 1)
		wire_write_uint(writer, unit);
	wire_write_bytes(writer, scratch, width_bytes + code_bytes + difference_bytes);
	host_free(scratch);
	host_free(used);
	if (has_values)
		write_values(writer, events, count, decimals);
}
