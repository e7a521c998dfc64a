/*
 * actor_parts.h: inside of an actor log, shared by the files that fill it (actor_log.c), visit it (actor_visit.c) and
 * send it (actor_wire.c).
 *
 * An entry is a row of 64-bit words: the key (one or two words), then the time and the code, then the value
 * if values are kept. Time and code share one word while every time lies within about 71 years of the first one and every
 * code is below 4096; the first event that does not fit turns the log into the exact form, where each has its
 * own word. So the usual entry takes 16 bytes.
 *
 * A small log is one flat array. Beyond FLAT_MAX_ENTRIES the entries go to PARTITIONS lists of chunks, by some
 * bits of a hash of the key; an actor's events are all in one partition, in the order of arrival, so events
 * that arrive in time order need no sort at the end. What does not fit into memory, or came from another
 * process, is in segments, beside the chunks.
 */
#ifndef KPI_ACTOR_PARTS_H
#define KPI_ACTOR_PARTS_H

#include "engine/actor_log.h"
#include "engine/spill.h"

#define PARTITION_BITS		6
#define PARTITIONS			(1 << PARTITION_BITS)
#define FLAT_MAX_ENTRIES	2048

#define CODE_BITS			12
#define CODE_LIMIT			(UINT64_C(1) << CODE_BITS)
#define OFFSET_LIMIT		(UINT64_C(1) << (64 - CODE_BITS))

/* How entries look. */
typedef struct Form
{
	int			key_words;
	bool		valued;
	bool		exact;			/* time and code have a word each */
} Form;

typedef struct Chunk
{
	struct Chunk *next;
	uint64_t   *end;			/* behind the last entry; set when the next chunk is begun */
	size_t		size;			/* bytes taken from the arena */
	uint64_t	words[];
} Chunk;

/* Entries in the pool's file or in bytes that another process has sent. */
typedef struct Segment
{
	struct Segment *next;
	const uint8_t *bytes;		/* NULL: in the file */
	uint64_t	offset;			/* there */
	size_t		length;
	size_t		count;			/* entries */
	bool		packed;			/* in the form of actor_wire.c, else as in chunks */
	bool		exact;			/* not packed: the form of the entries */
} Segment;

typedef struct Partition
{
	uint64_t   *fill;			/* where the next entry goes, in `last` */
	uint64_t   *limit;
	Chunk	   *first;
	Chunk	   *last;
	size_t		count;			/* entries in all chunks but the last */
	uint32_t	last_entries;	/* capacity of the last chunk */
	Segment    *segments;
} Partition;

struct ActorLog
{
	HostArena	arena;
	SpillPool  *pool;
	struct ActorLog *previous;	/* in the pool */
	struct ActorLog *next;
	size_t		count;			/* entries in all */
	size_t		bytes;			/* taken from the arena */
	int64_t		base;			/* packed times count from here */
	bool		has_base;
	bool		spilled;		/* some entries are in the file */
	bool		converting;		/* its chunks are of two forms for a moment: not to be spilled */
	Form		form;
	int			stride;			/* words an entry */
	int			shift;			/* the hash's bits from here on choose the partition */
	uint64_t	max_code;		/* no larger code may come from other processes */
	uint32_t	flat_count;
	uint32_t	flat_capacity;	/* entries */
	Chunk	   *flat;			/* NULL once partitioned */
	Segment    *mixed;			/* segments of any actors, of a log that was flat then */
	Partition  *partitions;
};

/* A loop over the entries in the chunks of a partition, in order of arrival. */
#define FOR_EACH_ENTRY(stride, partition, entry) \
	for (Chunk *chunk_ = (partition)->first; chunk_ != NULL; chunk_ = chunk_->next) \
		for (uint64_t *entry = chunk_->words, \
			 *end_ = chunk_ == (partition)->last ? (partition)->fill : chunk_->end; \
			 entry < end_; entry += (stride))

static inline uint64_t
key_hash(uint64_t low, uint64_t high)
{
	uint64_t	hash = (low ^ (high * UINT64_C(0xC2B2AE3D27D4EB4F))) * UINT64_C(0x9E3779B97F4A7C15);

	hash ^= hash >> 32;
	hash *= UINT64_C(0xD6E8FEB86659FD93);
	return hash ^ (hash >> 29);
}

static inline int
form_stride(Form form)
{
	return form.key_words + (form.exact ? 2 : 1) + (form.valued ? 1 : 0);
}

/* Words of an event as visitors see it. */
static inline int
event_words(Form form)
{
	return form.valued ? 3 : 2;
}

static inline ActorKey
entry_key(Form form, const uint64_t *entry)
{
	ActorKey	key = {entry[0], form.key_words == 2 ? entry[1] : 0};

	return key;
}

/* The event of an entry, as event_words() words. */
static inline void
entry_event(Form form, int64_t base, const uint64_t *entry, uint64_t *event)
{
	const uint64_t *rest = entry + form.key_words;

	if (form.exact)
	{
		event[0] = rest[0];
		event[1] = rest[1];
		if (form.valued)
			event[2] = rest[2];
	}
	else
	{
		event[0] = (uint64_t) base + (rest[0] >> CODE_BITS);
		event[1] = rest[0] & (CODE_LIMIT - 1);
		if (form.valued)
			event[2] = rest[1];
	}
}

/* Adds an event to a log; `value` is ignored unless the log keeps values. */
extern void actor_log_put(ActorLog *log, ActorKey actor, int64_t at, uint64_t code, int64_t value);

/* Writes to the pool's file what the log has in memory, if it is worth it. */
extern void actor_log_spill(ActorLog *log);

/* Writes it all. */
extern void actor_log_spill_all(ActorLog *log);

/* Gives all actors' entries their partitions. */
extern void actor_log_settle(ActorLog *log);

/* A log for the entries of one partition of another one that is too large; free it with actor_log_free. */
extern ActorLog *actor_log_make_part(const ActorLog *whole);
extern void actor_log_free(ActorLog *log);

/* A segment of the log with room for `length` bytes of copy, NULL without. */
extern Segment *actor_log_add_segment(ActorLog *log, Segment **list, const uint8_t *bytes, size_t length);

/* Receives entries of a segment: `count` events of one actor (event_words() words each). */
typedef void (*EntrySink) (void *sink, ActorKey key, const uint64_t *events, size_t count);

/* Hands over the entries of a segment, a few at a time. */
extern void segment_read(const ActorLog *log, const Segment *segment, EntrySink sink, void *argument);

/* Visits one partition of a settled log. */
extern void actor_log_visit_partition(ActorLog *log, int number, ActorVisitor visit, void *visitor);

/* actor_wire.c: segment_read for packed bytes; data_corrupted if they are damaged. */
extern void packed_read(const ActorLog *log, const uint8_t *bytes, size_t length, size_t count, EntrySink sink,
						void *argument);

#endif							/* KPI_ACTOR_PARTS_H */
