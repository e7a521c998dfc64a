/*
 * spill.h: the memory that the actor logs of one owner (all groups of an aggregate, a set-returning call) may
 * take together, and the temporary file that takes what is beyond it.
 */
#ifndef KPI_SPILL_H
#define KPI_SPILL_H

#include "host.h"

struct ActorLog;

typedef struct SpillPool
{
	HostArena	arena;
	size_t		limit;			/* bytes that may be used */
	size_t		used;
	size_t		threshold;		/* beyond this it is worth trying to write something out */
	HostFile   *file;			/* NULL until something was */
	struct ActorLog *logs;		/* all logs of the pool */
} SpillPool;

/* A pool in `arena`, which must live as long as its logs. */
extern SpillPool *spill_pool_make(HostArena arena, size_t limit);

/* Writes out what the logs hold, unless that is so little that it would not help. */
extern void spill_pool_relieve(SpillPool *pool);

/* The file, made when first needed. */
extern HostFile *spill_pool_file(SpillPool *pool);

#endif							/* KPI_SPILL_H */
