/*
 * spill.c: see spill.h.
 */
#include "engine/spill.h"

#include "engine/actor_parts.h"

SpillPool *
spill_pool_make(HostArena arena, size_t limit)
{
	SpillPool  *pool = host_alloc0(arena, sizeof(SpillPool));

	pool->arena = arena;
	pool->limit = limit;
	pool->threshold = limit;
	return pool;
}

HostFile *
spill_pool_file(SpillPool *pool)
{
	if (pool->file == NULL)
		pool->file = host_file_make(pool->arena);
	return pool->file;
}

void
spill_pool_relieve(SpillPool *pool)
{
	for (ActorLog *log = pool->logs; log != NULL; log = log->next)
	{
		host_check_interrupts();
		actor_log_spill(log);
	}
	/*
	 * What is left can't be helped: very many logs of a few events each. Try again only when there is
	 * a good deal more, so that appending stays cheap.
	 */
	pool->threshold = pool->used + pool->used / 2 > pool->limit ? pool->used + pool->used / 2 : pool->limit;
}
