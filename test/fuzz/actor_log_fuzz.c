/*
 * actor_log_fuzz.c: states of aggregates from other processes: any bytes are refused, or are logs whose actors can be visited,
 * adopted and sent again.
 */
#include "fuzz.h"

#include "engine/actor_log.h"

const unsigned fuzz_errors = 1u << HOST_BAD_BYTES;

static void
visit(void *sum, const ActorKey *actor, const EventSeq *events)
{
	(void) actor;
	for (size_t i = 1; i < events->count; i++)
		MUST(event_at(events, i - 1).at <= event_at(events, i).at);
	*(size_t *) sum += events->count;
}

void
fuzz_one(const Input *input)
{
	Input		rest = *input;
	uint64_t	choice = take(&rest, 1);
	ActorLogKind kind = {choice & 1, (choice & 2) != 0, choice & 4 ? 5 : UINT64_MAX};
	SpillPool  *pool = spill_pool_make(NULL, choice & 8 ? 2000 : 1000000);
	ActorLog   *log = actor_log_make(NULL, pool, kind);
	ActorLog   *merged = actor_log_make(NULL, pool, kind);
	ActorKey	actor = {1, 0};
	WireReader	reader;
	WireWriter	writer;
	size_t		first = 0;
	size_t		second = 0;

	wire_reader_init(&reader, rest.bytes, rest.length);
	actor_log_read(log, &reader);
	if (!wire_read_done(&reader))
		return;
	actor_log_append(merged, actor, 7, 1);
	actor_log_adopt(merged, log);
	actor_log_visit(merged, visit, &first);
	MUST(first == actor_log_count(merged) && first == actor_log_count(log) + 1);
	wire_writer_init(&writer, 0);
	actor_log_write(merged, &writer);
	log = actor_log_make(NULL, pool, kind);
	wire_reader_init(&reader, writer.bytes, writer.length);
	actor_log_read(log, &reader);
	MUST(wire_read_done(&reader));
	actor_log_visit(log, visit, &second);
	MUST(first == second);
}
