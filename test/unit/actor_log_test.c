/*
 * actor_log_test.c: what goes into an actor log comes out, actor by actor in order, whatever its form, also
 * when it does not fit into memory, and after it was sent in parts.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/actor_log.h"
#include "engine/moment.h"
#include "host_unit.h"
#include "random.h"

typedef struct Row
{
	ActorKey	actor;
	ValuedEvent event;
} Row;

typedef struct Collected
{
	Row		   *rows;
	size_t		count;
	size_t		size;
	size_t		actors;
	size_t		in_files;		/* actors whose events were not in memory */
	bool		sorted;
} Collected;

static int
compare_rows(const void *a, const void *b)
{
	const Row  *x = a;
	const Row  *y = b;

	if (x->actor.high != y->actor.high)
		return x->actor.high < y->actor.high ? -1 : 1;
	if (x->actor.low != y->actor.low)
		return x->actor.low < y->actor.low ? -1 : 1;
	if (x->event.event.at != y->event.event.at)
		return x->event.event.at < y->event.event.at ? -1 : 1;
	if (x->event.event.code != y->event.event.code)
		return x->event.event.code < y->event.event.code ? -1 : 1;
	return (x->event.value > y->event.value) - (x->event.value < y->event.value);
}

static void
collect(void *visitor, const ActorKey *actor, const EventSeq *events)
{
	Collected  *collected = visitor;

	collected->actors++;
	collected->in_files += events->words == NULL;
	for (size_t i = 0; i < events->count; i++)
	{
		Event		event = event_at(events, i);

		if (i > 0)
		{
			Event		before = event_at(events, i - 1);

			if (event.at < before.at || (event.at == before.at && event.code < before.code))
				collected->sorted = false;
		}
		if (collected->count == collected->size)
		{
			collected->sorted = false;
			return;
		}
		collected->rows[collected->count].actor = *actor;
		collected->rows[collected->count].event.event = event;
		collected->rows[collected->count++].event.value =
			events->stride == 3 ? valued_event_at(events, i).value : 0;
	}
}

typedef struct Shape
{
	const char *name;
	size_t		rows;
	uint64_t	actors;
	bool		wide_keys;
	bool		in_order;		/* of time */
	int			far;			/* one time in so many is an infinity or far away; 0: none */
	uint64_t	codes;
	bool		valued;
	size_t		memory;			/* allowance; 0: plenty */
	int			parts;			/* sent from so many processes; 0: not sent */
	int			skew;			/* so many rows of 10 belong to one actor */
	bool		clashing;		/* all actors have one hash */
} Shape;

static void
append(ActorLog *log, const Shape *shape, const Row *row)
{
	if (shape->valued)
		actor_log_append_value(log, row->actor, row->event.event.at, row->event.event.code, row->event.value);
	else
		actor_log_append(log, row->actor, row->event.event.at, row->event.event.code);
}

static void
random_row(const Shape *shape, size_t i, Row *row)
{
	uint64_t	who = random_bits() % shape->actors;

	if ((int) (random_bits() % 10) < shape->skew)
		who = 0;
	/* keys that differ in few bits, high or low */
	row->actor.low = who % 3 == 0 ? who << 40 : who;
	row->actor.high = shape->wide_keys ? who % 5 : 0;
	if (shape->clashing)
	{
		row->actor.high = who;
		row->actor.low = 77 ^ (who * UINT64_C(0xC2B2AE3D27D4EB4F));
	}
	row->event.event.at = shape->in_order ? (int64_t) i * 1000 : (int64_t) (random_bits() % 100000);
	if (shape->far > 0 && random_bits() % (uint64_t) shape->far == 0)
		row->event.event.at = random_bits() % 3 == 0 ? MOMENT_MIN : random_bits() % 2 ? MOMENT_MAX :
			(int64_t) random_bits();
	row->event.event.code = 1 + random_bits() % shape->codes;
	row->event.value = shape->valued ? (int64_t) random_bits() >> (random_bits() % 64) : 0;
}

/* The log as other processes would send it to one that merges. */
static ActorLog *
send_parts(const Shape *shape, ActorLogKind kind, ActorLog **parts, SpillPool *pool)
{
	ActorLog   *merged = actor_log_make(NULL, pool, kind);

	for (int p = 0; p < shape->parts; p++)
	{
		SpillPool  *other_pool = spill_pool_make(NULL, pool->limit);
		ActorLog   *received = actor_log_make(NULL, other_pool, kind);
		WireWriter	writer;
		WireReader	reader;

		wire_writer_init(&writer, 0);
		actor_log_write(parts[p], &writer);
		wire_reader_init(&reader, writer.bytes, writer.length);
		actor_log_read(received, &reader);
		if (!wire_read_done(&reader))
			return NULL;
		actor_log_adopt(merged, received);
		/* what was received goes away once it is adopted */
		memset(writer.bytes, 0xee, writer.length);
		host_free(writer.bytes);
	}
	return merged;
}

/* Whether a log gives back just what was put in, twice, and after more was added. */
static bool
gives_back(const Shape *shape, size_t *in_files)
{
	Row		   *rows = malloc((shape->rows + 1) * sizeof(Row));
	Collected	collected = {malloc((shape->rows + 1) * sizeof(Row)), 0, shape->rows, 0, 0, true};
	size_t		limit = shape->memory > 0 ? shape->memory : SIZE_MAX / 4;
	SpillPool  *pool = spill_pool_make(NULL, limit);
	ActorLogKind kind = {shape->wide_keys, shape->valued, UINT64_MAX};
	ActorLog   *parts[8];
	int			nparts = shape->parts > 0 ? shape->parts : 1;
	ActorLog   *log;
	size_t		actors = 0;
	bool		good = true;

	for (int p = 0; p < nparts; p++)
		parts[p] = actor_log_make(NULL, pool, kind);
	for (size_t i = 0; i < shape->rows; i++)
	{
		random_row(shape, i, &rows[i]);
		append(parts[i % nparts], shape, &rows[i]);
		if (i == shape->rows / 2 && nparts == 1)
		{
			actor_log_visit(parts[0], collect, &collected);
			good &= collected.count == i + 1;
			collected.count = collected.actors = 0;
		}
	}
	log = shape->parts > 0 ? send_parts(shape, kind, parts, pool) : parts[0];
	good &= log != NULL && actor_log_count(log) == shape->rows;
	collected.in_files = 0;
	if (good)
		actor_log_visit(log, collect, &collected);
	qsort(rows, shape->rows, sizeof(Row), compare_rows);
	for (size_t i = 0; i < shape->rows; i++)
		actors += i == 0 || rows[i].actor.low != rows[i - 1].actor.low ||
			rows[i].actor.high != rows[i - 1].actor.high;
	good &= collected.sorted && collected.count == shape->rows && collected.actors == actors;
	qsort(collected.rows, collected.count, sizeof(Row), compare_rows);
	for (size_t i = 0; good && i < shape->rows; i++)
		good = compare_rows(&rows[i], &collected.rows[i]) == 0;
	if (in_files != NULL)
		*in_files = collected.in_files;
	/* only the pool's own files are still open */
	good &= host_unit_open_files() <= 1 + nparts;
	free(rows);
	free(collected.rows);
	FORGET();
	return good;
}

static void
check_shapes(void)
{
	static const Shape shapes[] = {
		{"nothing", 0, 1, false, true, 0, 5},
		{"one row", 1, 1, false, true, 0, 5},
		{"a few rows", 7, 3, false, false, 0, 5},
		{"as many as fit the flat form", 2048, 50, false, false, 0, 5},
		{"one more", 2049, 50, false, false, 0, 5},
		{"many actors, in order", 200000, 50000, false, true, 0, 5},
		{"many actors, in no order", 200000, 50000, false, false, 0, 5},
		{"keys of 128 bits", 200000, 50000, true, false, 0, 5},
		{"one actor", 100000, 1, false, false, 0, 5},
		{"one actor, in order", 100000, 1, true, true, 0, 5},
		{"times from one end to the other", 50000, 900, false, false, 3, 5},
		{"a far time now and then", 50000, 900, false, false, 5000, 5},
		{"the same, keys of 128 bits", 50000, 900, true, false, 5000, 5},
		{"large codes", 50000, 900, false, false, 0, UINT64_MAX - 1},
		{"a few rows with far times", 9, 3, true, false, 2, 5},
		{"values", 50000, 900, false, false, 0, 5, true},
		{"values, far times, keys of 128 bits", 50000, 900, true, false, 100, 5, true},
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
	{
		static const size_t limits[] = {0, 4000, 100000, 1000000};

		CHECK(gives_back(&shapes[i], NULL), "gives back %s", shapes[i].name);
		for (int parts = 0; parts <= 3; parts += 3)
		{
			for (int l = 0; l < 4; l++)
			{
				Shape		shape = shapes[i];

				shape.memory = limits[l];
				shape.parts = parts;
				if (parts > 0 || l > 0)
					CHECK(gives_back(&shape, NULL), "gives back %s, with %zu bytes, from %d parts", shape.name,
						  shape.memory, parts);
			}
		}
	}
}

static void
check_too_large(void)
{
	static const Shape shapes[] = {
		{"one actor", 300000, 1, false, false, 0, 5, false, 100000, 0},
		{"one actor with values", 100000, 1, false, false, 0, 5, true, 100000, 0},
		{"one actor with most", 300000, 3000, false, false, 0, 5, false, 100000, 0, 9},
		{"one actor with half", 300000, 3000, true, false, 0, 5, false, 100000, 2, 5},
		{"actors of one hash", 40000, 3, true, false, 0, 5, false, 100000, 0, 0, true},
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
	{
		size_t		in_files;
		bool		good = gives_back(&shapes[i], &in_files);

		CHECK(good && in_files > 0, "reads through a file: %s", shapes[i].name);
	}
	{
		Shape		shape = {"", 400000, 100000, false, false, 0, 5, false, 200000};

		/* too many for a partition, but no actor is: divided, perhaps more than once */
		size_t		in_files;
		bool		good = gives_back(&shape, &in_files);

		CHECK(good && in_files == 0, "divides partitions");
	}
}

static void
check_random_shapes(void)
{
	bool		good = true;

	for (int i = 0; i < 3000; i++)
	{
		Shape		shape = {.name = "", .rows = random_bits() % 60, .actors = 1 + random_bits() % 10};

		shape.wide_keys = random_bits() % 2;
		shape.in_order = random_bits() % 2;
		shape.far = (int) (random_bits() % 4);
		shape.codes = 1 + random_bits() % 5000;
		shape.valued = random_bits() % 2;
		shape.memory = random_bits() % 3 * 300;
		shape.parts = (int) (random_bits() % 5);
		if (random_bits() % 50 == 0)
			shape.rows = 2000 + random_bits() % 3000;
		good &= gives_back(&shape, NULL);
	}
	CHECK(good, "gives back thousands of small logs");
}

static void
visit_nothing(void *visitor, const ActorKey *actor, const EventSeq *events)
{
	size_t	   *sum = visitor;

	(void) actor;
	*sum += events->count;
}

/* The memory at the most, and the answer of many logs that share an allowance. */
static void
check_memory(void)
{
	size_t		limit = 1000000;
	SpillPool  *pool = spill_pool_make(NULL, limit);
	ActorLogKind kind = {false, false, UINT64_MAX};
	ActorLog   *log = actor_log_make(NULL, pool, kind);
	ActorLog   *many[100];
	ActorKey	actor = {1, 0};
	size_t		sum = 0;

	actor_log_append(log, actor, 5, 1);
	CHECK(actor_log_bytes(log) < 400, "a log of one event takes %zu bytes, less than 400", actor_log_bytes(log));
	host_unit_peak = host_unit_bytes;
	for (int i = 0; i < 3000000; i++)
	{
		actor.low = random_bits() % 200000;
		actor_log_append(log, actor, i, 1);
	}
	CHECK(host_unit_peak < limit + limit / 4, "filling a log takes %zu bytes of %zu", host_unit_peak, limit);
	host_unit_peak = host_unit_bytes;
	actor_log_visit(log, visit_nothing, &sum);
	CHECK(sum == 3000001, "visits all");
	CHECK(host_unit_peak < 2 * limit, "visiting takes %zu bytes of %zu", host_unit_peak, limit);
	CHECK(host_unit_open_files() == 1, "one file is open");
	FORGET();

	pool = spill_pool_make(NULL, limit);
	log = actor_log_make(NULL, pool, kind);
	host_unit_peak = host_unit_bytes;
	actor.low = 5;
	for (int i = 0; i < 1000000; i++)
		actor_log_append(log, actor, (int64_t) (random_bits() % 1000000000), 1);
	sum = 0;
	actor_log_visit(log, visit_nothing, &sum);
	CHECK(sum == 1000000 && host_unit_peak < 2 * limit, "one actor takes %zu bytes of %zu", host_unit_peak, limit);
	FORGET();

	/* many logs */
	pool = spill_pool_make(NULL, limit);
	for (int i = 0; i < 100; i++)
		many[i] = actor_log_make(NULL, pool, kind);
	host_unit_peak = host_unit_bytes;
	for (int i = 0; i < 1000000; i++)
	{
		actor.low = random_bits() % 1000;
		actor_log_append(many[random_bits() % 100], actor, i, 1);
	}
	CHECK(host_unit_peak < limit + limit / 2, "a hundred logs take %zu bytes of %zu", host_unit_peak, limit);
	sum = 0;
	for (int i = 0; i < 100; i++)
		actor_log_visit(many[i], visit_nothing, &sum);
	CHECK(sum == 1000000, "visits all of them");
	CHECK(host_unit_open_files() == 1, "they share a file");
	FORGET();

	pool = spill_pool_make(NULL, SIZE_MAX / 4);
	log = actor_log_make(NULL, pool, kind);
	for (int i = 0; i < 1000000; i++)
	{
		actor.low = random_bits() % 50000;
		actor_log_append(log, actor, i, 1);
	}
	CHECK(actor_log_bytes(log) < 18 * actor_log_count(log),
		  "a log of a million events takes %.1f bytes for each, less than 18",
		  (double) actor_log_bytes(log) / (double) actor_log_count(log));
	FORGET();
}

/* ---- damaged bytes ---- */

typedef struct Damaged
{
	const uint8_t *bytes;
	size_t		length;
	ActorLogKind kind;
	size_t		sum;
	const char *failure;
} Damaged;

static void
read_damaged(void *argument)
{
	Damaged    *damaged = argument;
	ActorLog   *log = actor_log_make(NULL, spill_pool_make(NULL, 1000000), damaged->kind);
	WireReader	reader;

	wire_reader_init(&reader, damaged->bytes, damaged->length);
	actor_log_read(log, &reader);
	damaged->failure = wire_read_done(&reader) ? NULL : reader.failure;
	if (damaged->failure == NULL)
		actor_log_visit(log, visit_nothing, &damaged->sum);
}

static void
check_damage(void)
{
	int			refused = 0;
	bool		good = true;

	for (int round = 0; round < 40; round++)
	{
		ActorLogKind kind = {round % 2, round % 3 == 0, 6};
		ActorLog   *log = actor_log_make(NULL, spill_pool_make(NULL, SIZE_MAX / 4), kind);
		WireWriter	writer;
		uint8_t    *bytes;
		size_t		length;
		size_t		rows = round % 4 == 0 ? 3000 : 1 + random_bits() % 30;

		for (size_t i = 0; i < rows; i++)
		{
			ActorKey	actor = {random_bits() % 20, 0};

			if (kind.valued)
				actor_log_append_value(log, actor, (int64_t) (random_bits() % 1000), 1 + random_bits() % 6, 7);
			else
				actor_log_append(log, actor, (int64_t) (random_bits() % 1000), 1 + random_bits() % 6);
		}
		wire_writer_init(&writer, 0);
		actor_log_write(log, &writer);
		length = writer.length;
		bytes = malloc(length);
		memcpy(bytes, writer.bytes, length);
		FORGET();
		for (int i = 0; i < 300; i++)
		{
			Damaged		damaged = {NULL, length, kind};
			size_t		at = random_bits() % length;
			uint8_t		kept = bytes[at];
			uint8_t    *exact;

			if (i % 3 == 0)
				damaged.length = at;
			else
				bytes[at] = (uint8_t) random_bits();
			/* a block of its own, so that reading past the end is noticed */
			exact = malloc(damaged.length + 1);
			memcpy(exact, bytes, damaged.length);
			damaged.bytes = exact;
			if (!host_unit_try(read_damaged, &damaged))
			{
				good &= host_unit_error == HOST_BAD_BYTES;
				refused++;
			}
			else if (damaged.failure != NULL)
				refused++;
			else
				good &= i % 3 != 0 && damaged.sum > 0;
			free(exact);
			bytes[at] = kept;
			FORGET();
		}
		free(bytes);
	}
	CHECK(good, "damaged bytes are refused or do no harm");
	CHECK(refused > 4000, "most damage is noticed: %d of 12000", refused);
}

int
main(void)
{
	check_shapes();
	check_too_large();
	check_random_shapes();
	check_memory();
	check_damage();
	return DONE();
}
