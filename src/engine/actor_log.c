/*
 * actor_log.c: see actor_log.h.
 *
 * An entry is a row of 64-bit words: the key (one or two words), then the time and the code. These share
 * one word while every time lies within about 71 years of the first one and every code is below 4096;
 * the first event that does not fit turns the whole log into the exact form, where each has its own
 * word. So the usual entry takes 16 bytes (24 with a 128-bit key).
 *
 * The number of partitions is a compromise, found by measuring: more of them make grouping a partition
 * faster (it stays in the cache), fewer make appending faster (fewer places are written to in turn).
 *
 * A small log is one flat array. Beyond FLAT_MAX_ENTRIES the entries go to PARTITIONS lists of chunks, by
 * the top bits of a hash of the key; an actor's events are all in one partition, in the order of arrival,
 * so events that arrive in time order need no sort at the end.
 */
#include "engine/actor_log.h"

#include <string.h>

#define PARTITION_BITS		6
#define PARTITIONS			(1 << PARTITION_BITS)
#define FLAT_FIRST_ENTRIES	4
#define FLAT_MAX_ENTRIES	2048
#define CHUNK_FIRST_ENTRIES 16
#define CHUNK_MAX_ENTRIES	4094	/* with the header just below 64 kB for the usual entry */

#define CODE_BITS			12
#define CODE_LIMIT			(UINT64_C(1) << CODE_BITS)
#define OFFSET_LIMIT		(UINT64_C(1) << (64 - CODE_BITS))

typedef struct Chunk
{
	struct Chunk *next;
	uint64_t   *end;			/* behind the last entry; set when the next chunk is begun */
	uint64_t	words[];
} Chunk;

typedef struct Partition
{
	uint64_t   *fill;			/* where the next entry goes, in `last` */
	uint64_t   *limit;
	Chunk	   *first;
	Chunk	   *last;
	size_t		count;			/* entries in all chunks but the last */
	uint32_t	last_entries;	/* capacity of the last chunk */
} Partition;

struct ActorLog
{
	HostArena	arena;
	size_t		count;
	size_t		bytes;
	int64_t		base;			/* packed times count from here */
	uint8_t		key_words;
	uint8_t		stride;			/* words an entry */
	bool		exact;			/* time and code have a word each */
	uint32_t	flat_capacity;	/* entries */
	Chunk	   *flat;			/* NULL once partitioned */
	Partition  *partitions;
};

/* ---- keys ---- */

static inline uint64_t
key_hash(uint64_t low, uint64_t high)
{
	uint64_t	hash = (low ^ (high * UINT64_C(0xC2B2AE3D27D4EB4F))) * UINT64_C(0x9E3779B97F4A7C15);

	hash ^= hash >> 32;
	hash *= UINT64_C(0xD6E8FEB86659FD93);
	return hash ^ (hash >> 29);
}

/*
 * The form of the entries is passed beside the log, so that the loops over the usual form are compiled
 * for it.
 */
typedef struct Form
{
	int			key_words;
	bool		exact;
} Form;

static const Form usual_form = {1, false};

static inline Form
log_form(const ActorLog *log)
{
	Form		form = {log->key_words, log->exact};

	return form;
}

static inline int
form_stride(Form form)
{
	return form.key_words + (form.exact ? 2 : 1);
}

static inline ActorKey
entry_key(Form form, const uint64_t *entry)
{
	ActorKey	key = {entry[0], form.key_words == 2 ? entry[1] : 0};

	return key;
}

static inline Event
entry_event(Form form, int64_t base, const uint64_t *entry)
{
	const uint64_t *rest = entry + form.key_words;
	Event		event;

	if (form.exact)
	{
		event.at = (int64_t) rest[0];
		event.code = rest[1];
	}
	else
	{
		event.at = (int64_t) ((uint64_t) base + (rest[0] >> CODE_BITS));
		event.code = rest[0] & (CODE_LIMIT - 1);
	}
	return event;
}

/* ---- appending ---- */

static void *
log_alloc(ActorLog *log, size_t size)
{
	log->bytes += size;
	return host_alloc(log->arena, size);
}

ActorLog *
actor_log_make(HostArena arena, bool wide_keys)
{
	ActorLog   *log = host_alloc0(arena, sizeof(ActorLog));

	log->arena = arena;
	log->bytes = sizeof(ActorLog);
	log->key_words = wide_keys ? 2 : 1;
	log->stride = log->key_words + 1;
	return log;
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

/* Makes room for one more entry in a partition whose last chunk is full. */
static void
partition_grow(ActorLog *log, Partition *partition)
{
	uint32_t	entries = CHUNK_FIRST_ENTRIES;
	size_t		words;
	Chunk	   *chunk;

	if (partition->last != NULL)
	{
		partition->last->end = partition->fill;
		partition->count += partition->last_entries;
		entries = partition->last_entries * 2 + 2;
		if (entries > CHUNK_MAX_ENTRIES)
			entries = CHUNK_MAX_ENTRIES;
	}
	words = (size_t) entries * log->stride;
	chunk = log_alloc(log, offsetof(Chunk, words) + words * sizeof(uint64_t));
	chunk->next = NULL;
	chunk->end = NULL;
	if (partition->last != NULL)
		partition->last->next = chunk;
	else
		partition->first = chunk;
	partition->last = chunk;
	partition->last_entries = entries;
	partition->fill = chunk->words;
	partition->limit = chunk->words + words;
}

static inline uint64_t *
partition_slot(ActorLog *log, uint64_t hash)
{
	Partition  *partition = &log->partitions[hash >> (64 - PARTITION_BITS)];
	uint64_t   *slot;

	if (partition->fill == partition->limit)
		partition_grow(log, partition);
	slot = partition->fill;
	partition->fill += log->stride;
	return slot;
}

static void
spread_over_partitions(ActorLog *log)
{
	Chunk	   *flat = log->flat;
	size_t		size = sizeof(Partition) * PARTITIONS;

	log->bytes += size;
	log->partitions = host_alloc0(log->arena, size);
	for (size_t i = 0; i < log->count; i++)
	{
		const uint64_t *entry = flat->words + i * log->stride;
		ActorKey	key = entry_key(log_form(log), entry);

		memcpy(partition_slot(log, key_hash(key.low, key.high)), entry, log->stride * sizeof(uint64_t));
	}
	log->bytes -= offsetof(Chunk, words) + (size_t) log->flat_capacity * log->stride * sizeof(uint64_t);
	log->flat = NULL;
	log->flat_capacity = 0;
	host_free(flat);
}

static uint64_t *
flat_slot(ActorLog *log)
{
	if (log->count == log->flat_capacity)
	{
		size_t		entry_size = log->stride * sizeof(uint64_t);
		uint32_t	capacity = log->flat_capacity == 0 ? FLAT_FIRST_ENTRIES : log->flat_capacity * 2;

		if (log->flat == NULL)
		{
			log->flat = log_alloc(log, offsetof(Chunk, words) + capacity * entry_size);
			log->flat->next = NULL;
		}
		else
		{
			log->flat = host_realloc(log->flat, offsetof(Chunk, words) + capacity * entry_size);
			log->bytes += (capacity - log->flat_capacity) * entry_size;
		}
		log->flat_capacity = capacity;
	}
	return log->flat->words + log->count * log->stride;
}

/* A loop over the entries of a partition in order of arrival. */
#define FOR_EACH_ENTRY(stride, partition, entry) \
	for (Chunk *chunk_ = (partition)->first; chunk_ != NULL; chunk_ = chunk_->next) \
		for (uint64_t *entry = chunk_->words, \
			 *end_ = chunk_ == (partition)->last ? (partition)->fill : chunk_->end; \
			 entry < end_; entry += (stride))

static void append_slowly(ActorLog *log, ActorKey actor, int64_t at, uint64_t code);

static void
copy_exactly(ActorLog *to, const ActorLog *from, const uint64_t *entry)
{
	Event		event = entry_event(log_form(from), from->base, entry);

	append_slowly(to, entry_key(log_form(from), entry), event.at, event.code);
}

/* Rewrites the log with a word each for time and code. */
static void
make_exact(ActorLog *log)
{
	ActorLog	old = *log;

	log->count = 0;
	log->bytes = sizeof(ActorLog);
	log->exact = true;
	log->stride = log->key_words + 2;
	log->flat = NULL;
	log->flat_capacity = 0;
	log->partitions = NULL;
	if (old.partitions == NULL)
	{
		for (size_t i = 0; i < old.count; i++)
			copy_exactly(log, &old, old.flat->words + i * old.stride);
		host_free(old.flat);
		return;
	}
	for (int i = 0; i < PARTITIONS; i++)
	{
		Partition  *partition = &old.partitions[i];
		Chunk	   *next;

		host_check_interrupts();
		FOR_EACH_ENTRY(old.stride, partition, entry)
			copy_exactly(log, &old, entry);
		for (Chunk *chunk = partition->first; chunk != NULL; chunk = next)
		{
			next = chunk->next;
			host_free(chunk);
		}
	}
	host_free(old.partitions);
}

/* Any event into a log of any form. */
static __attribute__((noinline)) void
append_slowly(ActorLog *log, ActorKey actor, int64_t at, uint64_t code)
{
	uint64_t   *entry;
	uint64_t	offset;

	if (log->count == 0)
	{
		/* The first event stands in the middle of the range of packed times. */
		uint64_t	half = OFFSET_LIMIT / 2;

		log->base = at < INT64_MIN + (int64_t) half ? INT64_MIN : (int64_t) ((uint64_t) at - half);
	}
	offset = (uint64_t) at - (uint64_t) log->base;
	if (!log->exact && (offset >= OFFSET_LIMIT || code >= CODE_LIMIT))
		make_exact(log);

	if (log->partitions == NULL && log->count == FLAT_MAX_ENTRIES)
		spread_over_partitions(log);
	if (log->partitions == NULL)
		entry = flat_slot(log);
	else
		entry = partition_slot(log, key_hash(actor.low, log->key_words == 2 ? actor.high : 0));
	log->count++;

	*entry++ = actor.low;
	if (log->key_words == 2)
		*entry++ = actor.high;
	if (log->exact)
	{
		*entry++ = (uint64_t) at;
		*entry = code;
	}
	else
		*entry = (offset << CODE_BITS) | code;
}

void
actor_log_append(ActorLog *log, ActorKey actor, int64_t at, uint64_t code)
{
	/* A time before the base wraps around to a large offset. */
	uint64_t	offset = (uint64_t) at - (uint64_t) log->base;

	if (log->partitions != NULL && log->stride == 2 && offset < OFFSET_LIMIT && code < CODE_LIMIT)
	{
		Partition  *partition = &log->partitions[key_hash(actor.low, 0) >> (64 - PARTITION_BITS)];
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
	append_slowly(log, actor, at, code);
}

/* ---- visiting ---- */

/* The events of one actor within the partition that is being visited. */
typedef struct Group
{
	ActorKey	key;
	size_t		start;			/* first of its events */
	size_t		fill;			/* count of its events; while they are placed, how many are */
	bool		unsorted;
} Group;

/* Memory for visiting one partition, kept from one to the next. */
typedef struct Scratch
{
	Event	   *events;
	Event	   *spare;			/* for sorting; made when first needed */
	uint32_t   *group_of;		/* for each entry, its group */
	size_t		capacity;		/* of events, spare and group_of */
	Group	   *groups;
	size_t		group_capacity;
	uint32_t   *table;			/* open addressing: number of the group + 1, or 0 */
	size_t		table_size;		/* a power of two */
} Scratch;

static inline bool
event_before(const Event *a, const Event *b)
{
	return a->at < b->at || (a->at == b->at && a->code < b->code);
}

/* Stable merge sort by (at, code); runs of 16 are sorted by insertion first. */
static void
sort_events(Event *events, Event *spare, size_t count)
{
	const size_t run = 16;
	Event	   *from = events;
	Event	   *to = spare;

	for (size_t start = 0; start < count; start += run)
	{
		size_t		end = count - start < run ? count : start + run;

		for (size_t i = start + 1; i < end; i++)
		{
			Event		moving = events[i];
			size_t		j = i;

			for (; j > start && event_before(&moving, &events[j - 1]); j--)
				events[j] = events[j - 1];
			events[j] = moving;
		}
	}
	for (size_t width = run; width < count; width *= 2)
	{
		host_check_interrupts();
		for (size_t start = 0; start < count; start += 2 * width)
		{
			size_t		middle = count - start < width ? count : start + width;
			size_t		end = count - start < 2 * width ? count : start + 2 * width;
			size_t		left = start;
			size_t		right = middle;

			for (size_t out = start; out < end; out++)
			{
				if (left < middle && (right >= end || !event_before(&from[right], &from[left])))
					to[out] = from[left++];
				else
					to[out] = from[right++];
			}
		}
		{
			Event	   *swap = from;

			from = to;
			to = swap;
		}
	}
	if (from != events)
		memcpy(events, from, count * sizeof(Event));
}

static void
scratch_reserve(Scratch *scratch, size_t entries)
{
	if (entries <= scratch->capacity)
		return;
	host_free(scratch->events);
	host_free(scratch->spare);
	host_free(scratch->group_of);
	entries += entries / 8;		/* the next partition is likely to be a little larger */
	scratch->capacity = entries;
	scratch->spare = NULL;
	scratch->events = host_alloc(NULL, host_array_size(entries, sizeof(Event)));
	scratch->group_of = host_alloc(NULL, host_array_size(entries, sizeof(uint32_t)));
}

static void
table_clear(Scratch *scratch)
{
	memset(scratch->table, 0, scratch->table_size * sizeof(uint32_t));
}

static void
table_insert(Scratch *scratch, uint32_t group)
{
	size_t		mask = scratch->table_size - 1;
	const ActorKey *key = &scratch->groups[group].key;
	size_t		slot = key_hash(key->low, key->high) & mask;

	while (scratch->table[slot] != 0)
		slot = (slot + 1) & mask;
	scratch->table[slot] = group + 1;
}

/* Keeps the table at most half full and the array of groups large enough for one more. */
static void
scratch_grow_groups(Scratch *scratch, size_t ngroups)
{
	if (scratch->group_capacity == 0)
	{
		scratch->group_capacity = 16;
		scratch->groups = host_alloc(NULL, scratch->group_capacity * sizeof(Group));
	}
	else
	{
		scratch->group_capacity *= 2;
		if (scratch->group_capacity >= UINT32_MAX / 2)
			host_fail(HOST_LIMIT, NULL, "too many actors in one partition of an actor log");
		scratch->groups = host_realloc(scratch->groups,
									   host_array_size(scratch->group_capacity, sizeof(Group)));
	}
	host_free(scratch->table);
	scratch->table_size = scratch->group_capacity * 2;
	scratch->table = host_alloc(NULL, host_array_size(scratch->table_size, sizeof(uint32_t)));
	table_clear(scratch);
	for (size_t i = 0; i < ngroups; i++)
		table_insert(scratch, (uint32_t) i);
}

/* The group of a key, made when it is new. */
static inline uint32_t
find_group(Scratch *scratch, ActorKey key, size_t *ngroups)
{
	size_t		mask = scratch->table_size - 1;
	size_t		slot = key_hash(key.low, key.high) & mask;
	Group	   *group;

	for (; scratch->table[slot] != 0; slot = (slot + 1) & mask)
	{
		group = &scratch->groups[scratch->table[slot] - 1];
		if (group->key.low == key.low && group->key.high == key.high)
			return scratch->table[slot] - 1;
	}
	if (*ngroups == scratch->group_capacity)
	{
		scratch_grow_groups(scratch, *ngroups);
		return find_group(scratch, key, ngroups);
	}
	group = &scratch->groups[*ngroups];
	group->key = key;
	group->fill = 0;
	group->unsorted = false;
	scratch->table[slot] = (uint32_t) ++(*ngroups);
	return (uint32_t) *ngroups - 1;
}

/* Puts the events of a partition behind one another actor by actor; returns the number of actors. */
static inline size_t
group_entries(Form form, int64_t base, const Partition *partition, Scratch *scratch)
{
	size_t		ngroups = 0;
	size_t		i = 0;
	size_t		start = 0;

	FOR_EACH_ENTRY(form_stride(form), partition, entry)
	{
		uint32_t	group = find_group(scratch, entry_key(form, entry), &ngroups);

		scratch->group_of[i++] = group;
		scratch->groups[group].fill++;
	}
	for (size_t g = 0; g < ngroups; g++)
	{
		scratch->groups[g].start = start;
		start += scratch->groups[g].fill;
		scratch->groups[g].fill = 0;
	}
	i = 0;
	FOR_EACH_ENTRY(form_stride(form), partition, entry)
	{
		Group	   *group = &scratch->groups[scratch->group_of[i++]];
		Event	   *event = &scratch->events[group->start + group->fill];

		*event = entry_event(form, base, entry);
		if (group->fill++ > 0 && event_before(event, event - 1))
			group->unsorted = true;
	}
	return ngroups;
}

static void
visit_partition(const ActorLog *log, const Partition *partition, size_t count, Scratch *scratch,
				ActorVisitor visit, void *visitor)
{
	size_t		ngroups;

	scratch_reserve(scratch, count);
	if (scratch->group_capacity == 0)
		scratch_grow_groups(scratch, 0);
	else
		table_clear(scratch);
	if (log->stride == form_stride(usual_form))
		ngroups = group_entries(usual_form, log->base, partition, scratch);
	else
		ngroups = group_entries(log_form(log), log->base, partition, scratch);

	for (size_t g = 0; g < ngroups; g++)
	{
		Group	   *group = &scratch->groups[g];
		Event	   *events = &scratch->events[group->start];

		if ((g & 255) == 0)
			host_check_interrupts();
		if (group->unsorted)
		{
			if (scratch->spare == NULL)
				scratch->spare = host_alloc(NULL, host_array_size(scratch->capacity, sizeof(Event)));
			sort_events(events, scratch->spare, group->fill);
		}
		visit(visitor, &group->key, events, group->fill);
	}
}

void
actor_log_visit(const ActorLog *log, ActorVisitor visit, void *visitor)
{
	Scratch		scratch = {0};

	if (log->count == 0)
		return;
	if (log->partitions == NULL)
	{
		Partition	whole = {.first = log->flat, .last = log->flat};

		whole.fill = log->flat->words + log->count * log->stride;
		visit_partition(log, &whole, log->count, &scratch, visit, visitor);
	}
	else
	{
		for (int i = 0; i < PARTITIONS; i++)
		{
			const Partition *partition = &log->partitions[i];

			if (partition->last != NULL)
				visit_partition(log, partition,
								partition->count +
								(size_t) (partition->fill - partition->last->words) / log->stride,
								&scratch, visit, visitor);
		}
	}
	host_free(scratch.events);
	host_free(scratch.spare);
	host_free(scratch.group_of);
	host_free(scratch.groups);
	host_free(scratch.table);
}
