/*
 * actor_wire.c: an actor log as bytes, for the process that puts the parts of a parallel plan together.
 *
 *	 log      := version, key words, 1 if valued, 1 if partitioned, { entries, length, packed } for each partition
 *				 (or once), and that's all
 *	 packed   := { actor, count of its events, event ... }
 *	 actor    := one varint, or two words in 16 bytes (little endian)
 *	 event    := time since the actor's last one (the first: signed, since 2000), code [, signed value]
 *
 * Events are in time order, so the differences are small and non-negative. Lengths are in bytes; all numbers
 * but the 16 bytes are varints. Nothing has to be put into order again on the other side: actors stand in
 * the order of their first event, not of their hash, so a table that is filled with them is filled evenly.
 */
#include "engine/actor_log.h"

#include <string.h>

#include "engine/actor_parts.h"

#define ACTOR_WIRE_VERSION 1

/* Smallest number of bytes that an entry takes on average, so that counts can be checked. */
#define LEAST_BYTES 2

static void
write_word(WireWriter *writer, uint64_t word)
{
	uint8_t		bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t) (word >> (8 * i));
	wire_write_bytes(writer, bytes, 8);
}

static uint64_t
read_word(WireReader *reader)
{
	const uint8_t *bytes = wire_read_bytes(reader, 8);
	uint64_t	word = 0;

	for (int i = 0; bytes != NULL && i < 8; i++)
		word |= (uint64_t) bytes[i] << (8 * i);
	return word;
}

typedef struct Packing
{
	WireWriter	writer;
	Form		form;
	size_t		count;
} Packing;

static void
pack_actor(void *argument, const ActorKey *actor, const EventSeq *events)
{
	Packing    *packing = argument;
	WireWriter *writer = &packing->writer;
	int64_t		last = 0;

	packing->count += events->count;
	if (packing->form.key_words == 1)
		wire_write_uint(writer, actor->low);
	else
	{
		write_word(writer, actor->low);
		write_word(writer, actor->high);
	}
	wire_write_uint(writer, events->count);
	for (size_t i = 0; i < events->count; i++)
	{
		Event		event = event_at(events, i);

		if (i == 0)
			wire_write_int(writer, event.at);
		else
			wire_write_uint(writer, (uint64_t) event.at - (uint64_t) last);
		last = event.at;
		wire_write_uint(writer, event.code);
		if (packing->form.valued)
			wire_write_int(writer, valued_event_at(events, i).value);
		if ((i & 0xffff) == 0xffff)
			host_check_interrupts();
	}
}

static void
write_packed(WireWriter *writer, const Packing *packing)
{
	wire_write_uint(writer, packing->count);
	wire_write_uint(writer, packing->writer.length);
	wire_write_bytes(writer, packing->writer.bytes, packing->writer.length);
}

void
actor_log_write(ActorLog *log, WireWriter *writer)
{
	Packing		packing = {.form = log->form};
	bool		partitioned = log->partitions != NULL || log->count > FLAT_MAX_ENTRIES;

	wire_writer_init(&packing.writer, 0);
	wire_write_byte(writer, ACTOR_WIRE_VERSION);
	wire_write_byte(writer, (uint8_t) log->form.key_words);
	wire_write_byte(writer, log->form.valued);
	wire_write_byte(writer, partitioned);
	if (!partitioned)
	{
		actor_log_visit(log, pack_actor, &packing);
		write_packed(writer, &packing);
	}
	else
	{
		actor_log_settle(log);
		if (log->spilled)
			actor_log_spill_all(log);
		for (int i = 0; i < PARTITIONS; i++)
		{
			packing.writer.length = 0;
			packing.count = 0;
			actor_log_visit_partition(log, i, pack_actor, &packing);
			write_packed(writer, &packing);
		}
	}
	host_free(packing.writer.bytes);
}

/* Notes the next packed entries of a message as a segment, without copying them. */
static void
read_packed(ActorLog *log, Segment **list, WireReader *reader)
{
	uint64_t	count = wire_read_uint(reader);
	uint64_t	length = wire_read_uint(reader);
	const uint8_t *bytes = wire_read_bytes(reader, (size_t) length);
	Segment    *segment;

	if (bytes != NULL && (count > length / LEAST_BYTES || (count == 0) != (length == 0)))
		wire_read_fail(reader, "wrong number of events");
	if (reader->failure != NULL || count == 0)
		return;
	segment = actor_log_add_segment(log, list, NULL, (size_t) length);
	segment->bytes = bytes;
	segment->count = (size_t) count;
	segment->packed = true;
	log->count += segment->count;
}

void
actor_log_read(ActorLog *log, WireReader *reader)
{
	uint8_t		version = wire_read_byte(reader);
	uint8_t		key_words = wire_read_byte(reader);
	uint8_t		valued = wire_read_byte(reader);
	uint8_t		partitioned = wire_read_byte(reader);

	host_assert(log->count == 0);
	if (reader->failure != NULL)
		return;
	if (version != ACTOR_WIRE_VERSION)
	{
		wire_read_fail(reader, "sent by another version of kpi_track");
		return;
	}
	if (key_words != log->form.key_words || valued != log->form.valued || partitioned > 1)
	{
		wire_read_fail(reader, "of another kind");
		return;
	}
	if (!partitioned)
	{
		read_packed(log, &log->mixed, reader);
		return;
	}
	log->partitions = host_alloc0(log->arena, sizeof(Partition) * PARTITIONS);
	log->bytes += sizeof(Partition) * PARTITIONS;
	log->pool->used += sizeof(Partition) * PARTITIONS;
	for (int i = 0; i < PARTITIONS && reader->failure == NULL; i++)
		read_packed(log, &log->partitions[i].segments, reader);
}

/* Events that are handed over at a time. */
#define BATCH 128

void
packed_read(const ActorLog *log, const uint8_t *bytes, size_t length, size_t count, EntrySink sink, void *argument)
{
	Form		form = log->form;
	int			words = event_words(form);
	uint64_t	batch[BATCH * 3];
	WireReader	reader;

	wire_reader_init(&reader, bytes, length);
	while (count > 0 && reader.failure == NULL)
	{
		ActorKey	key = {0, 0};
		uint64_t	events;
		int64_t		at = 0;
		size_t		fill = 0;

		if (form.key_words == 1)
			key.low = wire_read_uint(&reader);
		else
		{
			key.low = read_word(&reader);
			key.high = read_word(&reader);
		}
		events = wire_read_uint(&reader);
		if (events == 0 || events > count)
			wire_read_fail(&reader, "wrong number of events");
		for (uint64_t i = 0; i < events && reader.failure == NULL; i++)
		{
			uint64_t   *event = batch + fill * words;

			at = i == 0 ? wire_read_int(&reader) : (int64_t) ((uint64_t) at + wire_read_uint(&reader));
			event[0] = (uint64_t) at;
			event[1] = wire_read_uint(&reader);
			if (event[1] == 0 || event[1] > log->max_code)
				wire_read_fail(&reader, "unknown event");
			if (form.valued)
				event[2] = (uint64_t) wire_read_int(&reader);
			if (reader.failure != NULL)
				break;
			if (++fill == BATCH)
			{
				host_check_interrupts();
				sink(argument, key, batch, fill);
				fill = 0;
			}
		}
		if (reader.failure == NULL && fill > 0)
			sink(argument, key, batch, fill);
		count -= (size_t) events;
	}
	if (!wire_read_done(&reader))
		host_fail(HOST_BAD_BYTES, NULL, "invalid state of an aggregate: %s", reader.failure);
}
