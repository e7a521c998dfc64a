/*
 * actor_wire.c: an actor log as bytes, for the process that puts the parts of a parallel plan together.
 *
 *	 log      := version, key words, 1 if valued, 1 if partitioned, { entries, length, packed } for each partition
 *				 (or once)
 *	 packed   := time base (signed), bits of a code, bytes of an event, { actor, count of its events, event ... }
 *	 actor    := one varint, or two words of 8 bytes
 *	 event    := (time - base) << bits | code, in as many bytes as are said; if these are 16: a word for the time and
 *				 one for the code [, value in a word]
 *
 * Words are little endian, other numbers varints; lengths are in bytes. An actor's events are sorted and of
 * one size, so the process that merges counts them without reading them and then puts them straight
 * where they belong. Actors stand in the order of their first event, not of their hash, so a table that is
 * filled with them is filled evenly.
 */
#include "engine/actor_log.h"

#include <string.h>

#include "engine/actor_parts.h"

#define ACTOR_WIRE_VERSION 1

#define EXACT_WIDTH 16

/* How the events of one partition are written. */
typedef struct Packed
{
	int64_t		base;
	int			code_bits;
	int			width;			/* bytes of an event without its value; EXACT_WIDTH: a word for each part */
} Packed;

/* The lowest `width` bytes of a number. */
static inline void
write_word(WireWriter *writer, uint64_t word, int width)
{
	wire_write_reserve(writer, 8);
	wire_put_word(writer->bytes + writer->length, word);
	writer->length += width;
}

static uint64_t
read_word(WireReader *reader)
{
	const uint8_t *bytes = wire_read_bytes(reader, 8);

	return bytes != NULL ? wire_get_word(bytes) : 0;
}

/* ---- writing ---- */

typedef struct Packing
{
	WireWriter	writer;
	Form		form;
	Packed		packed;
	size_t		count;
} Packing;

static void
pack_actor(void *argument, const ActorKey *actor, const EventSeq *events)
{
	Packing    *packing = argument;
	WireWriter *writer = &packing->writer;
	Packed		packed = packing->packed;

	packing->count += events->count;
	if (packing->form.key_words == 1)
		wire_write_uint(writer, actor->low);
	else
	{
		write_word(writer, actor->low, 8);
		write_word(writer, actor->high, 8);
	}
	wire_write_uint(writer, events->count);
	for (size_t i = 0; i < events->count; i++)
	{
		Event		event = event_at(events, i);

		if (packed.width == EXACT_WIDTH)
		{
			write_word(writer, (uint64_t) event.at, 8);
			write_word(writer, event.code, 8);
		}
		else
			write_word(writer, ((uint64_t) event.at - (uint64_t) packed.base) << packed.code_bits | event.code,
					   packed.width);
		if (packing->form.valued)
			write_word(writer, (uint64_t) valued_event_at(events, i).value, 8);
		if ((i & 0xffff) == 0xffff)
			host_check_interrupts();
	}
}

static int
bits_of(uint64_t number)
{
	return number == 0 ? 0 : 64 - __builtin_clzll(number);
}

/* The narrowest form for the events of a partition, as far as that can be seen without reading files. */
static Packed
choose_packed(const ActorLog *log, const Partition *partition)
{
	Packed		packed = {log->base, CODE_BITS, log->form.exact ? EXACT_WIDTH : 8};
	uint64_t	least = UINT64_MAX;
	uint64_t	most = 0;
	uint64_t	codes = 0;
	int			bits;

	for (const Segment *segment = partition->segments; segment != NULL; segment = segment->next)
		if (segment->packed)
			packed.width = EXACT_WIDTH;
	if (log->form.exact || partition->segments != NULL)
		return packed;
	FOR_EACH_ENTRY(log->stride, partition, entry)
	{
		uint64_t	offset = entry[log->form.key_words] >> CODE_BITS;

		least = offset < least ? offset : least;
		most = offset > most ? offset : most;
		codes |= entry[log->form.key_words] & (CODE_LIMIT - 1);
	}
	if (least > most)
		return packed;
	packed.base = (int64_t) ((uint64_t) log->base + least);
	packed.code_bits = bits_of(codes);
	bits = bits_of(most - least) + packed.code_bits;
	packed.width = bits == 0 ? 1 : (bits + 7) / 8;
	return packed;
}

static void
write_partition(ActorLog *log, const Partition *partition, Packing *packing, WireWriter *writer)
{
	packing->writer.length = 0;
	packing->count = 0;
	packing->packed = choose_packed(log, partition);
	wire_write_int(&packing->writer, packing->packed.base);
	wire_write_byte(&packing->writer, (uint8_t) packing->packed.code_bits);
	wire_write_byte(&packing->writer, (uint8_t) packing->packed.width);
	actor_log_visit_partition(log, partition, pack_actor, packing);
	if (packing->count == 0)
		packing->writer.length = 0;
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
		Partition	whole = actor_log_whole(log);

		write_partition(log, &whole, &packing, writer);
	}
	else
	{
		actor_log_settle(log);
		if (log->spilled)
			actor_log_spill_all(log);
		for (int i = 0; i < PARTITIONS; i++)
			write_partition(log, &log->partitions[i], &packing, writer);
	}
	host_free(packing.writer.bytes);
}

/* ---- reading ---- */

/* Notes the next packed entries of a message as a segment, without copying them. */
static void
read_packed(ActorLog *log, Segment **list, WireReader *reader)
{
	uint64_t	count = wire_read_uint(reader);
	uint64_t	length = wire_read_uint(reader);
	const uint8_t *bytes = wire_read_bytes(reader, (size_t) length);
	Segment    *segment;

	/* an event takes one byte at least */
	if (bytes != NULL && (count > length || (count == 0) != (length == 0)))
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

/* Reads what stands before the first actor. */
static Packed
read_packed_head(WireReader *reader)
{
	Packed		packed;

	packed.base = wire_read_int(reader);
	packed.code_bits = wire_read_byte(reader);
	packed.width = wire_read_byte(reader);
	if (packed.code_bits > CODE_BITS ||
		((packed.width < 1 || packed.width > 8) && packed.width != EXACT_WIDTH))
		wire_read_fail(reader, "wrong width of events");
	return packed;
}

/* Reads an actor and the number of its events, which is at most *rest, and finds their bytes. */
static const uint8_t *
read_actor(WireReader *reader, Form form, Packed packed, size_t *rest, ActorKey *key, size_t *count)
{
	size_t		size = packed.width + (form.valued ? 8 : 0);

	if (form.key_words == 1)
	{
		key->low = wire_read_uint(reader);
		key->high = 0;
	}
	else
	{
		key->low = read_word(reader);
		key->high = read_word(reader);
	}
	*count = wire_read_count(reader, size);
	if (*count == 0 || *count > *rest)
		wire_read_fail(reader, "wrong number of events");
	*rest -= *count;
	return wire_read_bytes(reader, *count * size);
}

static void
check_packed(WireReader *reader)
{
	if (!wire_read_done(reader))
		host_fail(HOST_BAD_BYTES, NULL, "invalid state of an aggregate: %s", reader->failure);
}

void
packed_read_heads(const ActorLog *log, const Segment *segment, HeadSink sink, void *argument)
{
	size_t		rest = segment->count;
	WireReader	reader;
	Packed		packed;

	host_assert(segment->packed && segment->bytes != NULL);
	wire_reader_init(&reader, segment->bytes, segment->length);
	packed = read_packed_head(&reader);
	while (rest > 0 && reader.failure == NULL)
	{
		ActorKey	key;
		size_t		count;

		if (read_actor(&reader, log->form, packed, &rest, &key, &count) != NULL)
			sink(argument, key, count);
	}
	check_packed(&reader);
}

/* Events that are handed over at a time. */
#define BATCH 128

/* The first `width` bytes at `bytes` as a number; no byte from `end` on is read. */
static inline uint64_t
get_number(const uint8_t *bytes, int width, const uint8_t *end)
{
	uint64_t	number = 0;

	if (end - bytes >= 8)
		return wire_get_word(bytes) & (~UINT64_C(0) >> (64 - 8 * width));
	for (int i = width - 1; i >= 0; i--)
		number = number << 8 | bytes[i];
	return number;
}

/* Decodes `count` <= BATCH events. */
static void
read_events(const ActorLog *log, Packed packed, const uint8_t *bytes, const uint8_t *end, size_t count,
			uint64_t *events)
{
	int			words = event_words(log->form);
	uint64_t	code_mask = (UINT64_C(1) << packed.code_bits) - 1;
	uint64_t	max_code = log->max_code;
	bool		known = true;

	for (size_t i = 0; i < count; i++, events += words)
	{
		if (packed.width == EXACT_WIDTH)
		{
			events[0] = wire_get_word(bytes);
			events[1] = wire_get_word(bytes + 8);
		}
		else
		{
			uint64_t	word = get_number(bytes, packed.width, end);

			events[0] = (uint64_t) packed.base + (word >> packed.code_bits);
			events[1] = word & code_mask;
		}
		bytes += packed.width;
		if (words == 3)
		{
			events[2] = wire_get_word(bytes);
			bytes += 8;
		}
		known &= events[1] - 1 < max_code;
	}
	if (!known)
		host_fail(HOST_BAD_BYTES, NULL, "invalid state of an aggregate: %s", "unknown event");
}

void
packed_read(const ActorLog *log, const uint8_t *bytes, size_t length, size_t count, EntrySink sink, void *argument)
{
	size_t		size;
	uint64_t	batch[BATCH * 3];
	WireReader	reader;
	Packed		packed;

	wire_reader_init(&reader, bytes, length);
	packed = read_packed_head(&reader);
	size = packed.width + (log->form.valued ? 8 : 0);
	while (count > 0 && reader.failure == NULL)
	{
		ActorKey	key;
		size_t		events;
		const uint8_t *at = read_actor(&reader, log->form, packed, &count, &key, &events);

		for (size_t done = 0, some; at != NULL && done < events; done += some, at += some * size)
		{
			some = events - done < BATCH ? events - done : BATCH;
			read_events(log, packed, at, bytes + length, some, batch);
			sink(argument, key, batch, some);
			if (some == BATCH)
				host_check_interrupts();
		}
	}
	check_packed(&reader);
}
