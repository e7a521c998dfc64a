/*
 * aggregate.c: see aggregate.h.
 */
#include "analyses/aggregate.h"

#include "utils/memutils.h"

/* The pools in use, newest first: one for each aggregate node that is running. */
typedef struct PoolEntry
{
	MemoryContext context;
	SpillPool  *pool;
	struct PoolEntry *next;
	MemoryContextCallback at_reset;
} PoolEntry;

static PoolEntry *pools;

/* The context is reset, and the entry, which is in it, with it. */
static void
forget_pool(void *argument)
{
	for (PoolEntry **link = &pools; *link != NULL; link = &(*link)->next)
	{
		if (*link == argument)
		{
			*link = (*link)->next;
			return;
		}
	}
}

SpillPool *
aggregate_pool(MemoryContext context)
{
	PoolEntry  *entry;

	for (entry = pools; entry != NULL; entry = entry->next)
		if (entry->context == context)
			return entry->pool;
	entry = MemoryContextAllocZero(context, sizeof(PoolEntry));
	entry->context = context;
	entry->pool = spill_pool_make(context, host_memory_limit());
	entry->at_reset.func = forget_pool;
	entry->at_reset.arg = entry;
	MemoryContextRegisterResetCallback(context, &entry->at_reset);
	entry->next = pools;
	pools = entry;
	return entry->pool;
}

MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "function of a kpi_track aggregate called outside an aggregate");
	return context;
}

Const *
aggregate_constant(FunctionCallInfo fcinfo, int number)
{
	Aggref	   *aggref = AggGetAggref(fcinfo);
	Expr	   *expr;

	if (aggref == NULL || aggref->aggkind != AGGKIND_NORMAL || list_length(aggref->args) != number + 1)
		return NULL;
	expr = ((TargetEntry *) list_nth(aggref->args, number))->expr;
	return IsA(expr, Const) ? (Const *) expr : NULL;
}

bytea *
aggregate_serialise(WireWriter *writer)
{
	if (writer->length > MaxAllocSize)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("state of an aggregate is too large to be sent by a parallel worker: %zu MB", writer->length >> 20),
				errdetail("A process can hand over at most 1 GB."),
				errhint("Set max_parallel_workers_per_gather to 0 for this query; it will then use temporary files."));
	SET_VARSIZE(writer->bytes, writer->length);
	return (bytea *) writer->bytes;
}
