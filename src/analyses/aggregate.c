/*
 * aggregate.c: see aggregate.h.
 */
#include "analyses/aggregate.h"

#include "access/htup_details.h"
#include "nodes/execnodes.h"
#include "nodes/plannodes.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

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
		ereport(ERROR,
				errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				errmsg("function of a kpi_track aggregate called outside an aggregate"));
	return context;
}

/* The last argument of an aggregate call, if it is a constant. */
static Const *
last_argument(const Aggref *aggref)
{
	Expr	   *expr;

	if (aggref->aggkind != AGGKIND_NORMAL || aggref->args == NIL)
		return NULL;
	expr = ((TargetEntry *) llast(aggref->args))->expr;
	return IsA(expr, Const) ? (Const *) expr : NULL;
}

/* The call that column `number` of a plan node comes from, by way of the nodes below; NULL if it is no call. */
static const Aggref *
find_call(const Plan *plan, int number)
{
	while (plan != NULL && number > 0 && number <= list_length(plan->targetlist))
	{
		Expr	   *expr = ((TargetEntry *) list_nth(plan->targetlist, number - 1))->expr;

		if (IsA(expr, Aggref))
			return (const Aggref *) expr;
		if (!IsA(expr, Var) || ((Var *) expr)->varno != OUTER_VAR)
			return NULL;
		number = ((Var *) expr)->varattno;
		if (IsA(plan, Append))
			plan = linitial(((const Append *) plan)->appendplans);
		else if (IsA(plan, MergeAppend))
			plan = linitial(((const MergeAppend *) plan)->mergeplans);
		else
			plan = outerPlan(plan);
	}
	return NULL;
}

/* The call that we work for, as it is in the query; NULL if it is not known. */
static const Aggref *
original_call(FunctionCallInfo fcinfo)
{
	const Aggref *aggref = AggGetAggref(fcinfo);

	/* What puts parts together has their states for arguments; the parts know the constant. */
	if (aggref != NULL && DO_AGGSPLIT_COMBINE(aggref->aggsplit) && IsA(fcinfo->context, AggState) &&
		list_length(aggref->args) == 1)
	{
		Expr	   *expr = ((TargetEntry *) linitial(aggref->args))->expr;

		if (!IsA(expr, Var) || ((Var *) expr)->varno != OUTER_VAR)
			return NULL;
		aggref = find_call(outerPlan(((AggState *) fcinfo->context)->ss.ps.plan), ((Var *) expr)->varattno);
	}
	return aggref;
}

Const *
aggregate_constant(FunctionCallInfo fcinfo, int number)
{
	const Aggref *aggref = original_call(fcinfo);

	if (aggref == NULL || list_length(aggref->args) != number + 1)
		return NULL;
	return last_argument(aggref);
}

Const *
aggregate_final_constant(FunctionCallInfo fcinfo)
{
	const Aggref *aggref = original_call(fcinfo);
	HeapTuple	tuple;
	bool		ours;

	if (aggref == NULL)
		return NULL;
	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggref->aggfnoid));
	ours = HeapTupleIsValid(tuple) && fcinfo->flinfo != NULL &&
		((Form_pg_aggregate) GETSTRUCT(tuple))->aggfinalfn == fcinfo->flinfo->fn_oid;
	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	return ours ? last_argument(aggref) : NULL;
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
