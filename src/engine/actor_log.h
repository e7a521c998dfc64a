/*
 * actor_log.h: collects events of many actors in any order, hands them back actor by actor in time order.
 *
 * Append-only: an entry is written once, to one of 64 partitions chosen by a hash of the actor. At the
 * end each partition, small enough for the cache, is grouped by actor and sorted by time, and each
 * actor's run is given to a visitor. No hash table of all actors is ever built. A log of a few events is a
 * short array inside one allocation. The log knows nothing about what the events mean.
 */
#ifndef KPI_ACTOR_LOG_H
#define KPI_ACTOR_LOG_H

#include "host.h"

/* Who: 64 bits (bigint) or 128 bits (uuid, hash of a text). Narrow logs leave `high` zero. */
typedef struct ActorKey
{
	uint64_t	low;
	uint64_t	high;
} ActorKey;

/* One event of an actor, as the visitor sees it. */
typedef struct Event
{
	int64_t		at;				/* moment, see moment.h */
	uint64_t	code;			/* what happened, in the caller's numbering */
} Event;

typedef struct ActorLog ActorLog;

/* Receives one actor's events, sorted by (at, code), count > 0. They are the visitor's for the call. */
typedef void (*ActorVisitor) (void *visitor, const ActorKey *actor, Event *events, size_t count);

/* An empty log in `arena`; `wide_keys`: keys of 128 bits. */
extern ActorLog *actor_log_make(HostArena arena, bool wide_keys);

/* Adds one event. Any moment, any code. */
extern void actor_log_append(ActorLog *log, ActorKey actor, int64_t at, uint64_t code);

/* Number of events. */
extern size_t actor_log_count(const ActorLog *log);

/* Bytes taken from the arena. */
extern size_t actor_log_bytes(const ActorLog *log);

/*
 * Calls the visitor once for every actor, in no particular order. The log is not changed: more can be
 * appended afterwards and it can be visited again. Scratch memory comes from the current arena.
 */
extern void actor_log_visit(const ActorLog *log, ActorVisitor visit, void *visitor);

#endif							/* KPI_ACTOR_LOG_H */
