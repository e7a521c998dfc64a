/*
 * actor_visit.c: handing out an actor log actor by actor; see actor_log.h.
 *
 * One partition at a time: its entries are numbered by actor with a small hash table, put behind one another
 * actor by actor, and sorted by time where they are not yet. Entries straight from the chunks are read
 * twice for that; those that come from segments are staged in between. A partition of a spilled log that
 * would take more than the allowance becomes a log of its own with other bits of the hash, and so on;
 * if that can't divide it (one actor has most of it) its entries are sorted in files.
 */
#include "engine/actor_log.h"

#include <string.h>

#include "engine/actor_parts.h"
#include "engine/event_pages.h"
#include "engine/record_sort.h"

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
	int			words;			/* of an event */
	uint64_t   *events;
	uint64_t   *spare;			/* for sorting; made when first needed */
	uint64_t   *staged;			/* events in order of arrival; made when first needed */
	uint32_t   *group_of;		/* for each entry, its group */
	size_t		capacity;		/* of events, spare, staged and group_of */
	Group	   *groups;
	size_t		ngroups;
	size_t		group_capacity;
	uint32_t   *table;			/* open addressing: number of the group + 1, or 0 */
	size_t		table_size;		/* a power of two */
} Scratch;

/* Bytes that an event in a partition with segments takes while it is visited, with its share of a group. */
#define STAGED_BYTES(words) (3 * (words) * sizeof(uint64_t) + sizeof(uint32_t) + sizeof(Group) / 4)

/* ---- grouping ---- */

static void
scratch_free(Scratch *scratch)
{
	host_free(scratch->events);
	host_free(scratch->spare);
	host_free(scratch->staged);
	host_free(scratch->group_of);
	host_free(scratch->groups);
	host_free(scratch->table);
}

static uint64_t *
scratch_events(const Scratch *scratch)
{
	return host_alloc(NULL, host_array_size(scratch->capacity, scratch->words * sizeof(uint64_t)));
}

static void
scratch_reserve(Scratch *scratch, size_t entries)
{
	if (entries <= scratch->capacity)
		return;
	host_free(scratch->events);
	host_free(scratch->spare);
	host_free(scratch->staged);
	host_free(scratch->group_of);
	entries += entries / 8;		/* the next partition is likely to be a little larger */
	if (entries > UINT32_MAX)
		host_fail(HOST_LIMIT, NULL, "too many events in one partition of an actor log");
	scratch->capacity = entries;
	scratch->spare = scratch->staged = NULL;
	scratch->events = scratch_events(scratch);
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
scratch_grow_groups(Scratch *scratch)
{
	if (scratch->group_capacity == 0)
	{
		scratch->group_capacity = 16;
		scratch->groups = host_alloc(NULL, scratch->group_capacity * sizeof(Group));
	}
	else
	{
		scratch->group_capacity *= 2;
		scratch->groups = host_realloc(scratch->groups,
									   host_array_size(scratch->group_capacity, sizeof(Group)));
	}
	host_free(scratch->table);
	scratch->table_size = scratch->group_capacity * 2;
	scratch->table = host_alloc(NULL, host_array_size(scratch->table_size, sizeof(uint32_t)));
	table_clear(scratch);
	for (size_t i = 0; i < scratch->ngroups; i++)
		table_insert(scratch, (uint32_t) i);
}

/* The group of a key, made when it is new. */
static inline uint32_t
find_group(Scratch *scratch, ActorKey key)
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
	if (scratch->ngroups == scratch->group_capacity)
	{
		scratch_grow_groups(scratch);
		return find_group(scratch, key);
	}
	group = &scratch->groups[scratch->ngroups];
	group->key = key;
	group->fill = 0;
	group->unsorted = false;
	scratch->table[slot] = (uint32_t) ++scratch->ngroups;
	return (uint32_t) scratch->ngroups - 1;
}

static void
begin_groups(Scratch *scratch)
{
	scratch->ngroups = 0;
	if (scratch->group_capacity == 0)
		scratch_grow_groups(scratch);
	else
		table_clear(scratch);
}

/* Gives each group its stretch of the events. */
static void
lay_out_groups(Scratch *scratch)
{
	size_t		start = 0;

	for (size_t g = 0; g < scratch->ngroups; g++)
	{
		scratch->groups[g].start = start;
		start += scratch->groups[g].fill;
		scratch->groups[g].fill = 0;
	}
}

static inline bool
event_before(const uint64_t *a, const uint64_t *b, bool valued)
{
	if (a[0] != b[0])
		return (int64_t) a[0] < (int64_t) b[0];
	return a[1] < b[1] || (valued && a[1] == b[1] && a[2] < b[2]);
}

/* Where the next event of a group goes; call place_done when it is there. */
static inline uint64_t *
place(Scratch *scratch, Group *group, int words)
{
	return scratch->events + (group->start + group->fill) * words;
}

static inline void
place_done(Group *group, const uint64_t *event, int words)
{
	if (group->fill++ > 0 && event_before(event, event - words, words == 3))
		group->unsorted = true;
}

/* Puts the entries in chunks behind one another actor by actor. */
static inline __attribute__((always_inline)) void
group_chunks(Form form, int64_t base, const Partition *partition, Scratch *scratch)
{
	size_t		i = 0;

	FOR_EACH_ENTRY(form_stride(form), partition, entry)
	{
		uint32_t	group = find_group(scratch, entry_key(form, entry));

		scratch->group_of[i++] = group;
		scratch->groups[group].fill++;
	}
	lay_out_groups(scratch);
	i = 0;
	FOR_EACH_ENTRY(form_stride(form), partition, entry)
	{
		Group	   *group = &scratch->groups[scratch->group_of[i++]];
		uint64_t   *event = place(scratch, group, event_words(form));

		entry_event(form, base, entry, event);
		place_done(group, event, event_words(form));
	}
}

/* ---- staging ---- */

typedef struct Stage
{
	Scratch    *scratch;
	size_t		fill;
} Stage;

static void
stage_events(void *argument, ActorKey key, const uint64_t *events, size_t count)
{
	Stage	   *stage = argument;
	Scratch    *scratch = stage->scratch;
	uint32_t	group = find_group(scratch, key);

	host_assert(stage->fill + count <= scratch->capacity);
	memcpy(scratch->staged + stage->fill * scratch->words, events, count * scratch->words * sizeof(uint64_t));
	for (size_t i = 0; i < count; i++)
		scratch->group_of[stage->fill + i] = group;
	scratch->groups[group].fill += count;
	stage->fill += count;
}

/* Hands the entries in chunks to a sink. */
static void
chunks_read(const ActorLog *log, const Partition *partition, EntrySink sink, void *argument)
{
	FOR_EACH_ENTRY(log->stride, partition, entry)
	{
		uint64_t	event[3];

		entry_event(log->form, log->base, entry, event);
		sink(argument, entry_key(log->form, entry), event, 1);
	}
}

static void
partition_read(const ActorLog *log, const Partition *partition, EntrySink sink, void *argument)
{
	for (const Segment *segment = partition->segments; segment != NULL; segment = segment->next)
		segment_read(log, segment, sink, argument);
	chunks_read(log, partition, sink, argument);
}

static void
group_staged(const ActorLog *log, const Partition *partition, Scratch *scratch)
{
	Stage		stage = {scratch, 0};
	int			words = scratch->words;

	if (scratch->staged == NULL)
		scratch->staged = scratch_events(scratch);
	partition_read(log, partition, stage_events, &stage);
	lay_out_groups(scratch);
	for (size_t i = 0; i < stage.fill; i++)
	{
		Group	   *group = &scratch->groups[scratch->group_of[i]];
		uint64_t   *event = place(scratch, group, words);

		memcpy(event, scratch->staged + i * words, words * sizeof(uint64_t));
		place_done(group, event, words);
	}
}

/* ---- partitions that fit ---- */

static void
visit_groups(Scratch *scratch, ActorVisitor visit, void *visitor)
{
	int			words = scratch->words;

	for (size_t g = 0; g < scratch->ngroups; g++)
	{
		Group	   *group = &scratch->groups[g];
		EventSeq	seq = {scratch->events + group->start * words, group->fill, words, NULL, 0};

		if ((g & 255) == 0)
			host_check_interrupts();
		if (group->unsorted)
		{
			if (scratch->spare == NULL)
				scratch->spare = scratch_events(scratch);
			records_sort(scratch->events + group->start * words, scratch->spare, group->fill, words, 0);
		}
		visit(visitor, &group->key, &seq);
	}
}

static size_t
partition_count(const ActorLog *log, const Partition *partition)
{
	size_t		count = partition->count;

	if (partition->last != NULL)
		count += (size_t) (partition->fill - partition->last->words) / log->stride;
	for (const Segment *segment = partition->segments; segment != NULL; segment = segment->next)
		count += segment->count;
	return count;
}

static void
visit_in_memory(const ActorLog *log, const Partition *partition, size_t count, Scratch *scratch,
				ActorVisitor visit, void *visitor)
{
	static const Form usual_form = {1, false, false};

	scratch_reserve(scratch, count);
	begin_groups(scratch);
	if (partition->segments != NULL)
		group_staged(log, partition, scratch);
	else if (log->stride == form_stride(usual_form))
		group_chunks(usual_form, log->base, partition, scratch);
	else
		group_chunks(log->form, log->base, partition, scratch);
	visit_groups(scratch, visit, visitor);
}

/* ---- partitions that don't fit ---- */

/* Entries as records for sorting: key, then the event; the key is left out if there is only one. */
typedef struct Sorting
{
	RecordSorter *sorter;
	int			key_words;
	int			words;
} Sorting;

static void
sort_entries(void *argument, ActorKey key, const uint64_t *events, size_t count)
{
	Sorting    *sorting = argument;
	uint64_t	record[RECORD_MAX_WORDS] = {key.low, key.high};

	for (size_t i = 0; i < count; i++, events += sorting->words)
	{
		memcpy(record + sorting->key_words, events, sorting->words * sizeof(uint64_t));
		record_sorter_add(sorting->sorter, record);
	}
}

/* The end of the actor's records that begin at `first`. */
static size_t
end_of_actor(EventPages *pages, int key_words, size_t first, size_t count)
{
	uint64_t	key[2];
	size_t		end = first + 1;

	if (key_words == 0)
		return count;
	memcpy(key, event_pages_record(pages, first), key_words * sizeof(uint64_t));
	while (end < count && memcmp(event_pages_record(pages, end), key, key_words * sizeof(uint64_t)) == 0)
		end++;
	return end;
}

static void
visit_sorted(const ActorLog *log, const Partition *partition, const ActorKey *only, ActorVisitor visit,
			 void *visitor)
{
	int			key_words = only != NULL ? 0 : log->form.key_words;
	int			words = event_words(log->form);
	size_t		memory = log->pool->limit / 2;
	Sorting		sorting = {record_sorter_make(key_words + words, key_words, memory), key_words, words};
	HostFile   *file;
	EventPages *pages;
	size_t		count;
	size_t		end;

	partition_read(log, partition, sort_entries, &sorting);
	file = record_sorter_finish(sorting.sorter, &count);
	pages = event_pages_make(file, key_words + words, key_words, memory);
	for (size_t first = 0; first < count; first = end)
	{
		ActorKey	key = only != NULL ? *only : entry_key(log->form, event_pages_record(pages, first));
		EventSeq	seq;

		end = end_of_actor(pages, key_words, first, count);
		seq = event_pages_seq(pages, first, end - first);
		visit(visitor, &key, &seq);
	}
	event_pages_free(pages);
	host_file_close(file);
}

/* Who the entries of a partition belong to. */
typedef struct Census
{
	bool		several;		/* more than one actor */
	ActorKey	first;
	/* Boyer and Moore's vote: if an actor has most of the entries, it is this one, with that much of a lead */
	ActorKey	leader;
	size_t		lead;
	bool		begun;
} Census;

static bool
same_key(ActorKey a, ActorKey b)
{
	return a.low == b.low && a.high == b.high;
}

static void
count_votes(void *argument, ActorKey key, const uint64_t *events, size_t count)
{
	Census	   *census = argument;

	(void) events;
	if (!census->begun)
		census->first = key;
	census->begun = true;
	census->several |= !same_key(key, census->first);
	if (census->lead == 0)
		census->leader = key;
	if (same_key(key, census->leader))
		census->lead += count;
	else if (census->lead >= count)
		census->lead -= count;
	else
	{
		census->leader = key;
		census->lead = count - census->lead;
	}
}

static void
put_entries(void *argument, ActorKey key, const uint64_t *events, size_t count)
{
	ActorLog   *log = argument;
	int			words = event_words(log->form);

	for (size_t i = 0; i < count; i++, events += words)
		actor_log_put(log, key, (int64_t) events[0], events[1], words == 3 ? (int64_t) events[2] : 0);
}

static void visit_partition(ActorLog *log, const Partition *partition, Scratch *scratch, ActorVisitor visit,
							void *visitor);

static void
visit_too_large(ActorLog *log, const Partition *partition, size_t count, ActorVisitor visit, void *visitor)
{
	Scratch		scratch = {.words = event_words(log->form)};
	Census		census = {0};
	ActorLog   *part;

	partition_read(log, partition, count_votes, &census);
	/* Dividing does not help if most is one actor's, nor when no bits of the hash are left. */
	if (!census.several || census.lead > count / 2 || log->shift < PARTITION_BITS)
	{
		visit_sorted(log, partition, census.several ? NULL : &census.first, visit, visitor);
		return;
	}
	part = actor_log_make_part(log);
	partition_read(log, partition, put_entries, part);
	actor_log_settle(part);
	actor_log_spill_all(part);
	for (int i = 0; i < PARTITIONS; i++)
		visit_partition(part, &part->partitions[i], &scratch, visit, visitor);
	scratch_free(&scratch);
	actor_log_free(part);
}

static void
visit_partition(ActorLog *log, const Partition *partition, Scratch *scratch, ActorVisitor visit, void *visitor)
{
	size_t		count = partition_count(log, partition);

	if (count == 0)
		return;
	if (!log->spilled || count <= FLAT_MAX_ENTRIES ||
		count <= log->pool->limit / STAGED_BYTES(scratch->words))
		visit_in_memory(log, partition, count, scratch, visit, visitor);
	else
	{
		Scratch		empty = {.words = scratch->words};

		scratch_free(scratch);
		*scratch = empty;
		visit_too_large(log, partition, count, visit, visitor);
	}
}

/* ---- the whole log ---- */

/* A log of few events as one partition. */
static void
visit_small(ActorLog *log, Scratch *scratch, ActorVisitor visit, void *visitor)
{
	Partition	whole = {.first = log->flat, .last = log->flat, .segments = log->mixed};

	if (log->flat != NULL)
		whole.fill = log->flat->words + (size_t) log->flat_count * log->stride;
	visit_in_memory(log, &whole, log->count, scratch, visit, visitor);
}

void
actor_log_visit_partition(ActorLog *log, int number, ActorVisitor visit, void *visitor)
{
	Scratch		scratch = {.words = event_words(log->form)};

	visit_partition(log, &log->partitions[number], &scratch, visit, visitor);
	scratch_free(&scratch);
}

void
actor_log_visit(ActorLog *log, ActorVisitor visit, void *visitor)
{
	Scratch		scratch = {.words = event_words(log->form)};

	if (log->count == 0)
		return;
	if (log->partitions == NULL && log->count <= FLAT_MAX_ENTRIES)
		visit_small(log, &scratch, visit, visitor);
	else
	{
		actor_log_settle(log);
		/* The memory is needed for visiting now. */
		if (log->spilled)
			actor_log_spill_all(log);
		for (int i = 0; i < PARTITIONS; i++)
			visit_partition(log, &log->partitions[i], &scratch, visit, visitor);
	}
	scratch_free(&scratch);
}
