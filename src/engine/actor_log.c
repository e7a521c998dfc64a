/*
 * actor_log.c: filling an actor log; see actor_log.h, and actor_parts.h for how it is built.
 *
 * The number of partitions is a compromise, found by measuring: more of them make grouping a partition
 * faster (it stays in the cache), fewer make appending faster (fewer places are written to in turn).
 */
#include "engine/actor_log.h"

#include <string.h>

#include "engine/actor_parts.h"

#define FLAT_FIRST_ENTRIES	4
#define CHUNK_FIRST_ENTRIES 16
#define CHUNK_MAX_ENTRIES	4094	/* with the header just below 64 kB for the usual entry */
#define FIRST_SHIFT			(64 - PARTITION_BITS)
#define WORTH_SPILLING		4096	/* bytes of a log that make it worth writing to the file */

/* ---- memory ---- */

static void
log_take(ActorLog *log, size_t size)
{
	log->bytes += size;
	log->pool->used += size;
}

static void
log_give(ActorLog *log, size_t size)
{
	log->bytes -= size;
	log->pool->used -= size;
}

static Chunk *
chunk_make(ActorLog *log, size_t entries)
{
	size_t		size = offsetof(Chunk, words) + entries * log->stride * sizeof(uint64_t);
	Chunk	   *chunk = host_alloc(log->arena, size);

	log_take(log, size);
	chunk->next = NULL;
	chunk->end = NULL;
	chunk->size = size;
	return chunk;
}

static void
chunk_free(ActorLog *log, Chunk *chunk)
{
	log_give(log, chunk->size);
	host_free(chunk);
}

static void
chunks_free(ActorLog *log, Chunk *chunk)
{
	Chunk	   *next;

	for (; chunk != NULL; chunk = next)
	{
		next = chunk->next;
		chunk_free(log, chunk);
	}
}

static void
partition_forget_chunks(Partition *partition)
{
	partition->first = partition->last = NULL;
	partition->fill = partition->limit = NULL;
	partition->count = 0;
	partition->last_entries = 0;
}

static ActorLog *
log_make(HostArena arena, SpillPool *pool, Form form, int shift, uint64_t max_code)
{
	ActorLog   *log = host_alloc0(arena, sizeof(ActorLog));

	log->arena = arena;
	log->pool = pool;
	log->form = form;
	log->stride = form_stride(form);
	log->shift = shift;
	log->max_code = max_code;
	log->next = pool->logs;
	if (log->next != NULL)
		log->next->previous = log;
	pool->logs = log;
	log_take(log, sizeof(ActorLog));
	return log;
}

ActorLog *
actor_log_make(HostArena arena, SpillPool *pool, ActorLogKind kind)
{
	Form		form = {kind.wide_keys ? 2 : 1, kind.valued, false};

	return log_make(arena, pool, form, FIRST_SHIFT, kind.max_code);
}

ActorLog *
actor_log_make_part(const ActorLog *whole)
{
	ActorLog   *log = log_make(NULL, whole->pool, whole->form, whole->shift - PARTITION_BITS, whole->max_code);

	log->base = whole->base;
	log->has_base = true;
	return log;
}

static void
segments_free(Segment *segment)
{
	Segment    *next;

	for (; segment != NULL; segment = next)
	{
		next = segment->next;
		host_free(segment);
	}
}

void
actor_log_free(ActorLog *log)
{
	if (log->previous != NULL)
		log->previous->next = log->next;
	else
		log->pool->logs = log->next;
	if (log->next != NULL)
		log->next->previous = log->previous;
	chunks_free(log, log->flat);
	segments_free(log->mixed);
	for (int i = 0; log->partitions != NULL && i < PARTITIONS; i++)
	{
		chunks_free(log, log->partitions[i].first);
		segments_free(log->partitions[i].segments);
	}
	host_free(log->partitions);
	log_give(log, log->bytes);
	host_free(log);
}

size_t
actor_log_count(const ActorLog *log)
{
	return log->count;
}

size_t
actor_log_bytes(const ActorLog *log)
{
	return log->bytes;
}

/* ---- appending ---- */

/* Makes room for one more entry in a partition whose last chunk is full. */
static void
partition_grow(ActorLog *log, Partition *partition)
{
	uint32_t	entries = CHUNK_FIRST_ENTRIES;
	Chunk	   *chunk;

	if (partition->last != NULL)
	{
		entries = partition->last_entries * 2 + 2;
		if (entries > CHUNK_MAX_ENTRIES)
			entries = CHUNK_MAX_ENTRIES;
	}
	chunk = chunk_make(log, entries);
	if (partition->last != NULL)
	{
		partition->last->end = partition->fill;
		partition->count += partition->last_entries;
		partition->last->next = chunk;
	}
	else
		partition->first = chunk;
	partition->last = chunk;
	partition->last_entries = entries;
	partition->fill = chunk->words;
	partition->limit = chunk->words + (size_t) entries * log->stride;
}

static inline uint64_t *
partition_slot(ActorLog *log, uint64_t hash)
{
	Partition  *partition = &log->partitions[(hash >> log->shift) & (PARTITIONS - 1)];
	uint64_t   *slot;

	if (partition->fill == partition->limit)
		partition_grow(log, partition);
	slot = partition->fill;
	partition->fill += log->stride;
	return slot;
}

static void
make_partitions(ActorLog *log)
{
	Chunk	   *flat = log->flat;

	log->partitions = host_alloc0(log->arena, sizeof(Partition) * PARTITIONS);
	log_take(log, sizeof(Partition) * PARTITIONS);
	for (size_t i = 0; i < log->flat_count; i++)
	{
		const uint64_t *entry = flat->words + i * log->stride;
		ActorKey	key = entry_key(log->form, entry);

		memcpy(partition_slot(log, key_hash(key.low, key.high)), entry, log->stride * sizeof(uint64_t));
	}
	log->flat = NULL;
	log->flat_count = log->flat_capacity = 0;
	if (flat != NULL)
		chunk_free(log, flat);
}

static uint64_t *
flat_slot(ActorLog *log)
{
	if (log->flat_count == log->flat_capacity)
	{
		size_t		entry_size = log->stride * sizeof(uint64_t);
		uint32_t	capacity = log->flat_capacity == 0 ? FLAT_FIRST_ENTRIES : log->flat_capacity * 2;

		if (log->flat == NULL)
			log->flat = chunk_make(log, capacity);
		else
		{
			size_t		more = (capacity - log->flat_capacity) * entry_size;

			log->flat = host_realloc(log->flat, log->flat->size + more);
			log->flat->size += more;
			log_take(log, more);
		}
		log->flat_capacity = capacity;
	}
	return log->flat->words + (size_t) log->flat_count++ * log->stride;
}

static void
put_entry(ActorLog *log, Form form, const uint64_t *entry)
{
	uint64_t	event[3] = {0, 0, 0};

	entry_event(form, log->base, entry, event);
	actor_log_put(log, entry_key(form, entry), (int64_t) event[0], event[1], (int64_t) event[2]);
}

/* Rewrites what is in memory with a word each for time and code. */
static void
make_exact(ActorLog *log)
{
	Form		form = log->form;
	int			stride = log->stride;

	log->converting = true;
	log->form.exact = true;
	log->stride = form_stride(log->form);
	if (log->partitions == NULL)
	{
		Chunk	   *flat = log->flat;
		uint32_t	count = log->flat_count;

		log->flat = NULL;
		log->flat_count = log->flat_capacity = 0;
		log->count -= count;
		for (uint32_t i = 0; i < count; i++)
			put_entry(log, form, flat->words + (size_t) i * stride);
		chunks_free(log, flat);
	}
	for (int i = 0; log->partitions != NULL && i < PARTITIONS; i++)
	{
		Partition	old = log->partitions[i];

		host_check_interrupts();
		partition_forget_chunks(&log->partitions[i]);
		FOR_EACH_ENTRY(stride, &old, entry)
		{
			log->count--;
			put_entry(log, form, entry);
		}
		chunks_free(log, old.first);
	}
	log->converting = false;
}

/* Any event into a log of any form. */
__attribute__((noinline)) void
actor_log_put(ActorLog *log, ActorKey actor, int64_t at, uint64_t code, int64_t value)
{
	uint64_t   *entry;
	uint64_t	offset;

	if (!log->has_base)
	{
		/* The first event stands in the middle of the range of packed times. */
		uint64_t	half = OFFSET_LIMIT / 2;

		log->base = at < INT64_MIN + (int64_t) half ? INT64_MIN : (int64_t) ((uint64_t) at - half);
		log->has_base = true;
	}
	offset = (uint64_t) at - (uint64_t) log->base;
	if (!log->form.exact && (offset >= OFFSET_LIMIT || code >= CODE_LIMIT))
		make_exact(log);
	if (log->pool->used > log->pool->threshold && !log->converting)
		spill_pool_relieve(log->pool);

	if (log->partitions == NULL && log->flat_count == FLAT_MAX_ENTRIES)
		make_partitions(log);
	if (log->partitions == NULL)
		entry = flat_slot(log);
	else
		entry = partition_slot(log, key_hash(actor.low, log->form.key_words == 2 ? actor.high : 0));
	log->count++;

	*entry++ = actor.low;
	if (log->form.key_words == 2)
		*entry++ = actor.high;
	if (log->form.exact)
	{
		*entry++ = (uint64_t) at;
		*entry++ = code;
	}
	else
		*entry++ = (offset << CODE_BITS) | code;
	if (log->form.valued)
		*entry = (uint64_t) value;
}

void
actor_log_append(ActorLog *log, ActorKey actor, int64_t at, uint64_t code)
{
	/* A time before the base wraps around to a large offset. */
	uint64_t	offset = (uint64_t) at - (uint64_t) log->base;

	/* Of the forms, only the usual one has two words. */
	if (log->partitions != NULL && log->stride == 2 && offset < OFFSET_LIMIT && code < CODE_LIMIT)
	{
		Partition  *partition = &log->partitions[(key_hash(actor.low, 0) >> log->shift) & (PARTITIONS - 1)];
		uint64_t   *entry = partition->fill;

		if (entry != partition->limit)
		{
			partition->fill = entry + 2;
			__builtin_prefetch(entry + 16, 1);	/* where this partition writes next but a few */
			entry[0] = actor.low;
			entry[1] = (offset << CODE_BITS) | code;
			log->count++;
			return;
		}
	}
	actor_log_put(log, actor, at, code, 0);
}

void
actor_log_append_value(ActorLog *log, ActorKey actor, int64_t at, uint64_t code, int64_t value)
{
	host_assert(log->form.valued);
	actor_log_put(log, actor, at, code, value);
}

/* ---- segments ---- */

Segment *
actor_log_add_segment(ActorLog *log, Segment **list, const uint8_t *bytes, size_t length)
{
	size_t		size = sizeof(Segment) + (bytes != NULL ? length : 0);
	Segment    *segment = host_alloc(log->arena, size);

	log_take(log, size);
	memset(segment, 0, sizeof(Segment));
	segment->length = length;
	if (bytes != NULL)
	{
		memcpy(segment + 1, bytes, length);
		segment->bytes = (const uint8_t *) (segment + 1);
	}
	segment->next = *list;
	*list = segment;
	return segment;
}

static void
segment_read_entries(const ActorLog *log, const Segment *segment, EntrySink sink, void *argument)
{
	uint64_t	buffer[1024];
	Form		form = log->form;
	size_t		entry_size;
	size_t		done = 0;

	form.exact = segment->exact;
	entry_size = form_stride(form) * sizeof(uint64_t);
	while (done < segment->length)
	{
		size_t		length = sizeof(buffer) / entry_size * entry_size;

		if (length > segment->length - done)
			length = segment->length - done;
		host_check_interrupts();
		host_file_read(log->pool->file, segment->offset + done, buffer, length);
		for (uint64_t *entry = buffer; (char *) entry < (char *) buffer + length; entry += form_stride(form))
		{
			uint64_t	event[3];

			entry_event(form, log->base, entry, event);
			sink(argument, entry_key(form, entry), event, 1);
		}
		done += length;
	}
}

void
segment_read(const ActorLog *log, const Segment *segment, EntrySink sink, void *argument)
{
	uint8_t    *copy;

	if (!segment->packed)
		segment_read_entries(log, segment, sink, argument);
	else if (segment->bytes != NULL)
		packed_read(log, segment->bytes, segment->length, segment->count, sink, argument);
	else
	{
		copy = host_alloc(NULL, segment->length);
		host_file_read(log->pool->file, segment->offset, copy, segment->length);
		packed_read(log, copy, segment->length, segment->count, sink, argument);
		host_free(copy);
	}
}

/* ---- spilling ---- */

/* Writes chunks to the file as one segment. `fill`: end of the last one. */
static void
spill_chunks(ActorLog *log, Segment **list, Chunk *first, const uint64_t *fill)
{
	HostFile   *file = spill_pool_file(log->pool);
	uint64_t	offset = host_file_size(file);
	Segment    *segment;

	for (Chunk *chunk = first; chunk != NULL; chunk = chunk->next)
	{
		const uint64_t *end = chunk->next != NULL ? chunk->end : fill;

		host_file_write(file, chunk->words, (end - chunk->words) * sizeof(uint64_t));
	}
	segment = actor_log_add_segment(log, list, NULL, host_file_size(file) - offset);
	segment->offset = offset;
	segment->exact = log->form.exact;
	segment->count = segment->length / (log->stride * sizeof(uint64_t));
	log->spilled = true;
}

/* Writes the bytes of segments that are in memory to the file. */
static void
spill_segments(ActorLog *log, Segment **list)
{
	for (Segment **link = list; *link != NULL; link = &(*link)->next)
	{
		Segment    *old = *link;
		Segment    *segment;

		if (old->bytes == NULL)
			continue;
		segment = host_alloc(log->arena, sizeof(Segment));
		*segment = *old;
		segment->bytes = NULL;
		segment->offset = host_file_size(spill_pool_file(log->pool));
		host_file_write(spill_pool_file(log->pool), old->bytes, old->length);
		*link = segment;
		log_give(log, old->length);
		host_free(old);
		log->spilled = true;
	}
}

void
actor_log_spill_all(ActorLog *log)
{
	if (log->flat_count > 0)
	{
		spill_chunks(log, &log->mixed, log->flat, log->flat->words + (size_t) log->flat_count * log->stride);
		chunk_free(log, log->flat);
		log->flat = NULL;
		log->flat_count = log->flat_capacity = 0;
	}
	spill_segments(log, &log->mixed);
	for (int i = 0; log->partitions != NULL && i < PARTITIONS; i++)
	{
		Partition  *partition = &log->partitions[i];
		Chunk	   *first = partition->first;

		spill_segments(log, &partition->segments);
		if (first == NULL)
			continue;
		spill_chunks(log, &partition->segments, first, partition->fill);
		partition_forget_chunks(partition);
		chunks_free(log, first);
	}
}

void
actor_log_spill(ActorLog *log)
{
	size_t		fixed = sizeof(ActorLog) + (log->partitions != NULL ? sizeof(Partition) * PARTITIONS : 0);

	if (!log->converting && log->bytes - fixed >= WORTH_SPILLING)
		actor_log_spill_all(log);
}

static void
put_events(void *argument, ActorKey key, const uint64_t *events, size_t count)
{
	ActorLog   *log = argument;
	int			words = event_words(log->form);

	for (size_t i = 0; i < count; i++, events += words)
		actor_log_put(log, key, (int64_t) events[0], events[1], words == 3 ? (int64_t) events[2] : 0);
}

void
actor_log_settle(ActorLog *log)
{
	Segment    *mixed = log->mixed;
	Segment    *next;

	if (log->partitions == NULL)
		make_partitions(log);
	if (mixed == NULL)
		return;
	log->mixed = NULL;
	for (; mixed != NULL; mixed = next)
	{
		next = mixed->next;
		log->count -= mixed->count;
		segment_read(log, mixed, put_events, log);
		log_give(log, sizeof(Segment) + (mixed->bytes != NULL ? mixed->length : 0));
		host_free(mixed);
	}
}

/* ---- another log's entries ---- */

static void
adopt_chunks(ActorLog *log, const ActorLog *other, const Partition *partition)
{
	FOR_EACH_ENTRY(other->stride, partition, entry)
	{
		uint64_t	event[3] = {0, 0, 0};

		entry_event(other->form, other->base, entry, event);
		actor_log_put(log, entry_key(other->form, entry), (int64_t) event[0], event[1], (int64_t) event[2]);
	}
	host_check_interrupts();
}

static void
adopt_segments(ActorLog *log, Segment **list, const ActorLog *other, const Segment *segments)
{
	for (; segments != NULL; segments = segments->next)
	{
		/* Entries in chunk form count from their own log's base and are in its own pool's file. */
		if (!segments->packed || segments->bytes == NULL)
			segment_read(other, segments, put_events, log);
		else
		{
			Segment    *segment = actor_log_add_segment(log, list, segments->bytes, segments->length);

			segment->count = segments->count;
			segment->packed = true;
			log->count += segment->count;
		}
	}
}

void
actor_log_adopt(ActorLog *log, ActorLog *other)
{
	host_assert(log->form.key_words == other->form.key_words && log->form.valued == other->form.valued);
	if (other->count == 0)
		return;
	if (other->partitions != NULL && log->partitions == NULL)
		make_partitions(log);
	if (other->flat_count > 0)
	{
		Partition	whole = {.first = other->flat, .last = other->flat};

		whole.fill = other->flat->words + (size_t) other->flat_count * other->stride;
		adopt_chunks(log, other, &whole);
	}
	adopt_segments(log, &log->mixed, other, other->mixed);
	for (int i = 0; other->partitions != NULL && i < PARTITIONS; i++)
	{
		host_assert(log->shift == other->shift);
		adopt_chunks(log, other, &other->partitions[i]);
		adopt_segments(log, &log->partitions[i].segments, other, other->partitions[i].segments);
		if (log->pool->used > log->pool->threshold)
			spill_pool_relieve(log->pool);
	}
}
