/*
 * timeline.h: one actor's history as one packed value: what kpi.timeline holds behind its version byte.
 *
 * The format is described byte by byte in docs/on-disk-format.md. A history has exactly one encoding: events
 * stand by (time, label, no value before a value, value), the labels by their bytes (memcmp), only those that
 * occur; times are differences in the greatest unit that divides them all; values are integers at the smallest number
 * of decimals that keeps them all exact. So equal histories are equal bytes. A history is a bag: the same event
 * twice is two events.
 */
#ifndef KPI_TIMELINE_H
#define KPI_TIMELINE_H

#include "engine/actor_log.h"
#include "engine/decimal.h"
#include "engine/wire.h"

#define TIMELINE_VERSION		1
#define TIMELINE_LABEL_MAX		1024	/* bytes of a label */
#define TIMELINE_LABELS_MAX		65535	/* different labels of one timeline */
#define TIMELINE_DECIMALS_MAX	DECIMAL_PLACES_MAX	/* of values */
#define TIMELINE_FEW_LABELS		16		/* are kept inside of a Timeline */

typedef struct TimelineLabel
{
	const char *bytes;			/* not terminated */
	uint32_t	length;
} TimelineLabel;

/* A value is number / 10^decimals. */
typedef struct TimelineEvent
{
	int64_t		at;				/* moment, see moment.h */
	uint32_t	label;			/* index into the labels that go with the events */
	uint8_t		decimals;
	bool		has_value;
	int64_t		number;
} TimelineEvent;

/*
 * An opened timeline: points into the bytes it was opened from, and into itself: pass it by address.
 */
typedef struct Timeline
{
	size_t		count;			/* events */
	uint32_t	nlabels;
	const TimelineLabel *labels;	/* ascending by bytes; in `few_labels` or in the current arena */
	TimelineLabel few_labels[TIMELINE_FEW_LABELS];
	struct TimelineDictionary *dictionary;	/* opened by timeline_open_among: the labels as they are kept there; or NULL */
	bool		has_values;
	uint8_t		decimals;		/* of all values */
	int64_t		first_at;		/* undefined while count = 0 */
	uint64_t	unit;			/* microseconds; 0 if all events are at one time */
	int			narrowest;		/* bytes of the narrowest difference */
	int			code_bits;		/* bits of an event's label number */
	const uint8_t *widths;		/* 2 bits a difference: bytes beyond `narrowest` */
	const uint8_t *codes;
	const uint8_t *differences;
	const uint8_t *values;		/* a bit an event: has a value; then the numbers up to `end` */
	const uint8_t *end;
} Timeline;

/*
 * Opens the bytes behind the version byte, all that the reader has. Everything that reading the events relies on is
 * checked (cheaply: without looking at each event); what is wrong is in reader->failure, and then *timeline is
 * empty. Does not prove that the bytes are the one encoding of the history: timeline_check does.
 */
extern void timeline_open(WireReader *reader, Timeline *timeline);

/*
 * The dictionaries of timelines that were opened lately: most of the timelines of a table have one of a few. `codes` and
 * `fulfilled` are the caller's, for what it finds out about the labels; `used` is false when they have not been filled.
 */
typedef struct TimelineDictionary
{
	bool		used;
	uint32_t	nlabels;
	size_t		length;			/* of the bytes; 0: none is kept here */
	uint64_t	fulfilled;
	uint64_t	codes[TIMELINE_FEW_LABELS];
	TimelineLabel labels[TIMELINE_FEW_LABELS];
	uint8_t		bytes[160];
} TimelineDictionary;

typedef struct TimelineDictionaries
{
	TimelineDictionary kept[64];
} TimelineDictionaries;

/* timeline_open; the labels, if they are few and short, are kept in `dictionaries` (zeros at first), and recognised there. */
extern void timeline_open_among(WireReader *reader, Timeline *timeline, TimelineDictionaries *dictionaries);

/*
 * Whether an opened timeline is in its one encoding, and its times are such that the server knows; says what is not
 * in reader->failure. For hostile bytes.
 */
extern bool timeline_check(WireReader *reader, const Timeline *timeline);

/*
 * The events that mean something to an analysis, ready for a visitor: of each whose code_of[label] is not 0, its time
 * and that code, sorted by (at, code). `events` has room for timeline->count. Returns how many.
 */
extern size_t timeline_events(const Timeline *timeline, const uint64_t *code_of, Event *events);

/*
 * All events in order, values included, into `events`, which has room for timeline->count. Fails with HOST_BAD_BYTES
 * if the values are damaged.
 */
extern void timeline_decode(const Timeline *timeline, TimelineEvent *events);

/* Fails with HOST_LIMIT if a label is too long. */
extern void timeline_check_label(TimelineLabel label);

/* The time of the last event; count > 0. */
extern int64_t timeline_last_at(const Timeline *timeline);

/*
 * Writes the encoding (behind the version byte) of some events, in any order; `events` is sorted, with numbers of
 * labels as written and all values at the decimals written. Labels that no event has are left out; equal labels may
 * be given twice. Fails with HOST_LIMIT for too many or too long labels and with HOST_BAD_VALUE if the values have
 * no common number of decimals at which all fit 64 bits.
 */
extern void timeline_write(WireWriter *writer, const TimelineLabel *labels, uint32_t nlabels,
						   TimelineEvent *events, size_t count);

/*
 * Collects events and whole timelines in any order. Small while it is small: for use as the state of an aggregate
 * with very many groups. What it takes beyond about twice the size of the packed timeline it packs from time to time.
 */
typedef struct TimelineBuilder TimelineBuilder;

extern TimelineBuilder *timeline_builder_make(HostArena arena);
extern void timeline_builder_add(TimelineBuilder *builder, int64_t at, TimelineLabel label, bool has_value,
								 int64_t number, uint8_t decimals);
extern void timeline_builder_merge(TimelineBuilder *builder, const Timeline *timeline);

/* The events of another builder, which is not changed. */
extern void timeline_builder_merge_builder(TimelineBuilder *builder, const TimelineBuilder *other);

/* Makes a builder of what a builder or timeline_write has written. */
extern TimelineBuilder *timeline_builder_from(HostArena arena, const void *bytes, size_t size);

/* Writes what was collected; more can be added afterwards. */
extern void timeline_builder_write(const TimelineBuilder *builder, WireWriter *writer);

#endif							/* KPI_TIMELINE_H */
