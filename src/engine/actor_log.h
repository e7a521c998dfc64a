/*
 * actor_log.h: collects events of many actors in any order, hands them back actor by actor in time order.
 *
 * Append-only: an entry is written once, to one of 64 partitions chosen by a hash of the actor. At the
 * end each partition, small enough for the cache, is grouped by actor and sorted by time, and each
 * actor's run is given to a visitor. No hash table of all actors is ever built. A log of a few events is a
 * short array inside one allocation. The log knows nothing about what the events mean.
 *
 * Logs of one pool share an allowance of memory. Beyond it their entries go to a temporary file, and the
 * partitions are read back one at a time; one that is still too large is divided again, and an actor
 * with more events than fit is sorted in files and read through a few pages. The answer is the same.
 */
#ifndef KPI_ACTOR_LOG_H
#define KPI_ACTOR_LOG_H

#include "engine/event.h"
#include "engine/spill.h"
#include "engine/wire.h"

typedef struct ActorLog ActorLog;

/* What the entries of a log hold. */
typedef struct ActorLogKind
{
	bool		wide_keys;		/* keys of 128 bits */
	bool		valued;			/* events have a value of 64 bits */
	uint64_t	max_code;		/* the largest code that a log from another process may bring */
} ActorLogKind;

/* Receives one actor's events, sorted by (at, code), at least one. They are there for the call only. */
typedef void (*ActorVisitor) (void *visitor, const ActorKey *actor, const EventSeq *events);

/* An empty log in `arena`, which must not outlive the pool's. */
extern ActorLog *actor_log_make(HostArena arena, SpillPool *pool, ActorLogKind kind);

/* Adds one event. Any moment, any code. */
extern void actor_log_append(ActorLog *log, ActorKey actor, int64_t at, uint64_t code);

/* The same for logs with values. */
extern void actor_log_append_value(ActorLog *log, ActorKey actor, int64_t at, uint64_t code, int64_t value);

/* Number of events. */
extern size_t actor_log_count(const ActorLog *log);

/* Bytes taken from the arena. */
extern size_t actor_log_bytes(const ActorLog *log);

/*
 * Calls the visitor once for every actor, in no particular order. The log keeps its entries (though it may move them
 * to a file): more can be appended afterwards and it can be visited again. Scratch memory comes from the current
 * arena.
 */
extern void actor_log_visit(ActorLog *log, ActorVisitor visit, void *visitor);

/* Adds the events of another log of the same kind. */
extern void actor_log_adopt(ActorLog *log, ActorLog *other);

/* The log as bytes for another process; format: actor_wire.c. */
extern void actor_log_write(ActorLog *log, WireWriter *writer);

/*
 * Reads such bytes into an empty log, which keeps pointing to them: they must live as long, or as long as until it has been
 * adopted. Damage is found at once or, without any harm, when the log is visited: data_corrupted.
 */
extern void actor_log_read(ActorLog *log, WireReader *reader);

#endif							/* KPI_ACTOR_LOG_H */
