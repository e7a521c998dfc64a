/*
 * actor_log_test.c: what goes into an actor log comes out, actor by actor in order, whatever its form.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/actor_log.h"
#include "engine/moment.h"
#include "random.h"

typedef struct Row
{
	ActorKey	actor;
	Event		event;
} Row;

typedef struct Collected
{
	Row		   *rows;
	size_t		count;
	size_t		actors;
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
	if (x->event.at != y->event.at)
		return x->event.at < y->event.at ? -1 : 1;
	return (x->event.code > y->event.code) - (x->event.code < y->event.code);
}

static void
collect(void *visitor, const ActorKey *actor, Event *events, size_t count)
{
	Collected  *collected = visitor;

	collected->actors++;
	for (size_t i = 0; i < count; i++)
	{
		if (i > 0 && (events[i].at < events[i - 1].at ||
					  (events[i].at == events[i - 1].at && events[i].code < events[i - 1].code)))
			collected->sorted = false;
		collected->rows[collected->count].actor = *actor;
		collected->rows[collected->count++].event = events[i];
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
} Shape;

/* Whether a log gives back just what was put in, twice, and after more was added. */
static bool
gives_back(const Shape *shape)
{
	Row		   *rows = malloc((shape->rows + 1) * sizeof(Row));
	Collected	collected = {malloc((shape->rows + 1) * sizeof(Row)), 0, 0, true};
	ActorLog   *log = actor_log_make(NULL, shape->wide_keys);
	size_t		actors = 0;
	bool		good = true;

	for (size_t i = 0; i < shape->rows; i++)
	{
		uint64_t	who = random_bits() % shape->actors;

		/* keys that differ in few bits, high or low */
		rows[i].actor.low = who % 3 == 0 ? who << 40 : who;
		rows[i].actor.high = shape->wide_keys ? who % 5 : 0;
		rows[i].event.at = shape->in_order ? (int64_t) i * 1000 : (int64_t) (random_bits() % 100000);
		if (shape->far > 0 && random_bits() % (uint64_t) shape->far == 0)
			rows[i].event.at = random_bits() % 3 == 0 ? MOMENT_MIN : random_bits() % 2 ? MOMENT_MAX :
				(int64_t) random_bits();
		rows[i].event.code = 1 + random_bits() % shape->codes;
		actor_log_append(log, rows[i].actor, rows[i].event.at, rows[i].event.code);
		if (i == shape->rows / 2)
		{
			actor_log_visit(log, collect, &collected);
			good &= collected.count == i + 1;
			collected.count = collected.actors = 0;
		}
	}
	good &= actor_log_count(log) == shape->rows;
	actor_log_visit(log, collect, &collected);
	qsort(rows, shape->rows, sizeof(Row), compare_rows);
	for (size_t i = 0; i < shape->rows; i++)
		actors += i == 0 || rows[i].actor.low != rows[i - 1].actor.low ||
			rows[i].actor.high != rows[i - 1].actor.high;
	good &= collected.sorted && collected.count == shape->rows && collected.actors == actors;
	qsort(collected.rows, collected.count, sizeof(Row), compare_rows);
	for (size_t i = 0; good && i < shape->rows; i++)
		good = compare_rows(&rows[i], &collected.rows[i]) == 0;
	free(rows);
	free(collected.rows);
	FORGET();
	return good;
}

int
main(void)
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
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		CHECK(gives_back(&shapes[i]), "gives back %s", shapes[i].name);
	{
		bool		good = true;

		for (int i = 0; i < 3000; i++)
		{
			Shape		shape = {"", random_bits() % 60, 1 + random_bits() % 10, random_bits() % 2,
			random_bits() % 2, (int) (random_bits() % 4), 1 + random_bits() % 5000};

			good &= gives_back(&shape);
		}
		CHECK(good, "gives back thousands of small logs");
	}
	{
		ActorLog   *log = actor_log_make(NULL, false);
		ActorKey	actor = {1, 0};

		actor_log_append(log, actor, 5, 1);
		CHECK(actor_log_bytes(log) < 400, "a log of one event takes %zu bytes, less than 400",
			  actor_log_bytes(log));
		for (int i = 0; i < 1000000; i++)
		{
			actor.low = random_bits() % 50000;
			actor_log_append(log, actor, i, 1);
		}
		CHECK(actor_log_bytes(log) < 18 * actor_log_count(log),
			  "a log of a million events takes %.1f bytes for each, less than 18",
			  (double) actor_log_bytes(log) / (double) actor_log_count(log));
	}
	return DONE();
}
