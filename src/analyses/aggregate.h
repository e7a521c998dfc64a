/*
 * aggregate.h: what aggregates over rows of events share: their memory, the actors, the spec as a constant.
 */
#ifndef KPI_AGGREGATE_H
#define KPI_AGGREGATE_H

#include "kpi_track.h"

#include "catalog/pg_aggregate.h"
#include "common/hashfn.h"
#include "nodes/primnodes.h"
#include "utils/uuid.h"

#include "engine/actor_log.h"

/*
 * The allowance of memory that all states in `context` (the groups of an aggregate, and several aggregates of one
 * query) share. Made at the first call; ends with the context.
 */
extern SpillPool *aggregate_pool(MemoryContext context);

/* The aggregate's memory context; fails unless called by an aggregate. */
extern MemoryContext aggregate_context(FunctionCallInfo fcinfo);

/*
 * The constant that argument `number`, the last one, of the aggregate is in the query, or NULL. Only trusted where the call
 * is the plain one: wrappers (Citus) call us with other arguments, then there is no such Aggref.
 */
extern Const *aggregate_constant(FunctionCallInfo fcinfo, int number);

/* The same for a final function, which knows by itself whether the aggregate is its own. */
extern Const *aggregate_final_constant(FunctionCallInfo fcinfo);

/*
 * Bytes of a state that come from another process. The result of a deserialisation function lives in the
 * memory of one row, and so do the bytes.
 */
extern bytea *aggregate_serialise(WireWriter *writer);

/* ---- actors ---- */

static inline ActorKey
bigint_actor(Datum actor)
{
	ActorKey	key = {(uint64) DatumGetInt64(actor), 0};

	return key;
}

static inline ActorKey
uuid_actor(Datum actor)
{
	ActorKey	key;

	memcpy(&key.low, DatumGetUUIDP(actor)->data, 8);
	memcpy(&key.high, DatumGetUUIDP(actor)->data + 8, 8);
	return key;
}

/* 128 bits of hash: two actors out of a billion share one with a probability of about 1e-21. */
static inline ActorKey
text_key(const char *bytes, size_t length)
{
	ActorKey	key;

	key.low = hash_bytes_extended((const unsigned char *) bytes, (int) length, UINT64CONST(0x6b70695f6c6f7721));
	key.high = hash_bytes_extended((const unsigned char *) bytes, (int) length, UINT64CONST(0x9d3f84ab5ec1720d));
	return key;
}

static inline ActorKey
text_actor(Datum datum)
{
	text	   *actor = DatumGetTextPP(datum);

	return text_key(VARDATA_ANY(actor), VARSIZE_ANY_EXHDR(actor));
}

#endif							/* KPI_AGGREGATE_H */
