/*
 * event.h: the events of one actor, as analyses see them: in memory, or in a file if they are too many.
 */
#ifndef KPI_EVENT_H
#define KPI_EVENT_H

#include "host.h"

/* Who: 64 bits (bigint) or 128 bits (uuid, hash of a text). Narrow logs leave `high` zero. */
typedef struct ActorKey
{
	uint64_t	low;
	uint64_t	high;
} ActorKey;

/* One event of an actor. */
typedef struct Event
{
	int64_t		at;				/* moment, see moment.h */
	uint64_t	code;			/* what happened, in the caller's numbering */
} Event;

/* The same with a value; begins like an Event. */
typedef struct ValuedEvent
{
	Event		event;
	int64_t		value;
} ValuedEvent;

/* Sorted events in a file; a few pages of it are in memory at a time. See event_pages.h. */
typedef struct EventPages EventPages;

/*
 * A sequence of events sorted by (at, code). A value: copying it or taking a part of it copies no events.
 */
typedef struct EventSeq
{
	const uint64_t *words;		/* Event or ValuedEvent behind one another; NULL: in `pages` */
	size_t		count;
	int			stride;			/* words an event: 2 or 3 */
	EventPages *pages;
	size_t		first;			/* number of the first event in `pages` */
} EventSeq;

/* The event with this number in the file (a ValuedEvent if values were kept); valid until the next call. */
extern const uint64_t *event_pages_at(EventPages *pages, size_t index);

static inline EventSeq
event_seq_of_array(const Event *events, size_t count)
{
	EventSeq	seq = {(const uint64_t *) events, count, 2, NULL, 0};

	return seq;
}

static inline Event
event_at(const EventSeq *seq, size_t i)
{
	const uint64_t *words;
	Event		event;

	words = __builtin_expect(seq->words != NULL, 1) ? seq->words + i * seq->stride :
		event_pages_at(seq->pages, seq->first + i);
	event.at = (int64_t) words[0];
	event.code = words[1];
	return event;
}

/* Only of sequences with values. */
static inline ValuedEvent
valued_event_at(const EventSeq *seq, size_t i)
{
	const uint64_t *words;
	ValuedEvent event;

	host_assert(seq->stride == 3);
	words = __builtin_expect(seq->words != NULL, 1) ? seq->words + i * seq->stride :
		event_pages_at(seq->pages, seq->first + i);
	event.event.at = (int64_t) words[0];
	event.event.code = words[1];
	event.value = (int64_t) words[2];
	return event;
}

/* The `count` events from number `from` on. */
static inline EventSeq
event_seq_part(const EventSeq *seq, size_t from, size_t count)
{
	EventSeq	part = *seq;

	if (part.words != NULL)
		part.words += from * part.stride;
	part.first += from;
	part.count = count;
	return part;
}

#endif							/* KPI_EVENT_H */
