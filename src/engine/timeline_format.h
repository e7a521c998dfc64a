/*
 * timeline_format.h: what reading and writing packed timelines share; not for others.
 */
#ifndef KPI_TIMELINE_FORMAT_H
#define KPI_TIMELINE_FORMAT_H

#include <string.h>

#include "engine/timeline.h"

#define TIMELINE_HAS_VALUES		1	/* flags: bit 0 */
#define TIMELINE_NARROWEST_SHIFT 1	/* bits 1 to 3 */
#define TIMELINE_NARROWEST_MAX	5	/* the widest difference then has 8 bytes */
#define TIMELINE_WIDTH_MORE		3	/* bytes that a difference may have beyond the narrowest */

/* Order of labels: of their bytes, a label before those that it begins. */
static inline int
timeline_label_order(const TimelineLabel *a, const TimelineLabel *b)
{
	int			order = memcmp(a->bytes, b->bytes, a->length < b->length ? a->length : b->length);

	return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

/* Order of the events of one timeline; their numbers have the same decimals, no value is number 0. */
static inline int
timeline_event_order(const TimelineEvent *a, const TimelineEvent *b)
{
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->label != b->label)
		return a->label < b->label ? -1 : 1;
	if (a->has_value != b->has_value)
		return a->has_value ? 1 : -1;
	return (a->number > b->number) - (a->number < b->number);
}

/* Bits that tell `nlabels` labels apart. */
static inline int
timeline_code_bits(uint32_t nlabels)
{
	return nlabels <= 1 ? 0 : 32 - __builtin_clz(nlabels - 1);
}

/* Bytes that hold a number; 0 for 0. */
static inline int
timeline_bytes_needed(uint64_t number)
{
	return number == 0 ? 0 : (71 - __builtin_clzll(number)) / 8;
}

static inline uint64_t
timeline_gcd(uint64_t a, uint64_t b)
{
	while (b != 0)
	{
		uint64_t	rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Bytes of `count` times `bits`. */
static inline uint64_t
timeline_bit_bytes(uint64_t count, int bits)
{
	return (count * (uint64_t) bits + 7) / 8;
}

#endif							/* KPI_TIMELINE_FORMAT_H */
