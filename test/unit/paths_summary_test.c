/*
 * paths_summary_test.c: summaries of paths against a plain list of paths: counts, bytes, merging in parts and in any order,
 * what is left beyond the limits, damaged bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "analyses/paths_summary.h"
#include "check.h"
#include "engine/histogram.h"
#include "engine/moment.h"
#include "random.h"

/* A path as it is given to a summary, and whose. */
typedef struct NaivePath
{
	uint32_t	length;
	char		labels[PATH_MAX_DEPTH + 1][12];
	int64_t		at[PATH_MAX_DEPTH + 1];
} NaivePath;

static PathsSummary *
empty_summary(const char *text)
{
	PathsSummary *summary = host_alloc0(NULL, sizeof(PathsSummary));
	PathSpec	spec;
	LanguageError error;
	size_t		length;
	char	   *canonical;

	if (!path_spec_parse(text, strlen(text), true, &spec, &error))
		abort();
	canonical = path_spec_print(&spec, true, &length);
	paths_summary_init(summary, canonical, length, &spec);
	return summary;
}

static void
add(PathsSummary *summary, const NaivePath *path)
{
	uint32_t	labels[PATH_MAX_DEPTH + 1];

	for (uint32_t i = 0; i < path->length; i++)
		labels[i] = paths_summary_label(summary, path->labels[i], strlen(path->labels[i]));
	paths_summary_add(summary, labels, path->at, path->length);
}

static WireWriter
bytes_of(const PathsSummary *summary)
{
	WireWriter	writer;

	wire_writer_init(&writer, 0);
	paths_summary_write(&writer, summary);
	return writer;
}

static bool
same_bytes(const PathsSummary *a, const PathsSummary *b)
{
	WireWriter	left = bytes_of(a);
	WireWriter	right = bytes_of(b);

	return left.length == right.length && memcmp(left.bytes, right.bytes, left.length) == 0;
}

/* From a copy of just so many bytes, that the sanitizer sees what is read beyond. NULL: refused. */
static PathsSummary *
read_bytes(const uint8_t *bytes, size_t length)
{
	uint8_t    *copy = host_alloc(NULL, length);
	PathsSummary *summary = host_alloc0(NULL, sizeof(PathsSummary));
	WireReader	reader;

	memcpy(copy, bytes, length);
	wire_reader_init(&reader, copy, length);
	paths_summary_read(&reader, true, summary);
	host_free(copy);
	return wire_read_done(&reader) ? summary : NULL;
}

static NaivePath
random_path(int nlabels, int depth)
{
	NaivePath	path;
	int64_t		at = (int64_t) (random_bits() % 1000000000);

	path.length = 1 + (uint32_t) (random_bits() % (unsigned) (depth + 1));
	for (uint32_t i = 0; i < path.length; i++)
	{
		snprintf(path.labels[i], sizeof(path.labels[i]), "l%d", (int) (random_bits() % (unsigned) nlabels));
		path.at[i] = at;
		at += (int64_t) (random_bits() % 1000000000);
	}
	return path;
}

/* ---- bytes ---- */

static void
test_bytes(void)
{
	static const uint8_t wanted[] =
		"\x19" "depth 1 gap 30 min top 50" "\x00\x00" "\x02\x01" "a" "\x01" "b"
		"\x01\x00\x02\x00\x01\x01\x01\x00" "\x01\x00\x01\x01\x01\x01\xe4\x13\x01";
	NaivePath	path = {2, {"a", "b"}, {0, 60000000}};
	PathsSummary *summary = empty_summary("depth 1");
	WireWriter	writer;

	CHECK(same_bytes(summary, read_bytes(bytes_of(summary).bytes, bytes_of(summary).length)), "nothing, and back");
	paths_summary_next_actor(summary);
	add(summary, &path);
	writer = bytes_of(summary);
	CHECK(writer.length == sizeof(wanted) - 1 && memcmp(writer.bytes, wanted, writer.length) == 0, "bytes by hand");
	memset(summary, 0, sizeof(*summary));
	writer = bytes_of(summary);
	CHECK(writer.length == 1 && writer.bytes[0] == 0, "the summary of no spec");
	FORGET();
}

/* ---- counts ---- */

#define NPATHS 3000

static int64_t
count_paths(const NaivePath *paths, size_t npaths, const PathsSummary *summary, const PathEntry *entry)
{
	int64_t		count = 0;

	for (size_t p = 0; p < npaths; p++)
	{
		uint32_t	i = 0;

		if (paths[p].length != entry->length)
			continue;
		while (i < entry->length)
		{
			const TimelineLabel *label = &summary->labels[summary->numbers[entry->first + i]];

			if (label->length != strlen(paths[p].labels[i]) ||
				memcmp(label->bytes, paths[p].labels[i], label->length) != 0)
				break;
			i++;
		}
		count += i == entry->length;
	}
	return count;
}

static void
test_random(const char *text, int nlabels)
{
	NaivePath  *paths = malloc(NPATHS * sizeof(NaivePath));
	PathsSummary *whole = empty_summary(text);
	PathsSummary *backwards = empty_summary(text);
	PathsSummary *parts[5];
	PathsSummary *merged = host_alloc0(NULL, sizeof(PathsSummary));
	PathsSummary *again;
	int			wrong = 0;

	for (int p = 0; p < 5; p++)
		parts[p] = empty_summary(text);
	for (int i = 0; i < NPATHS; i++)
		paths[i] = random_path(nlabels, whole->spec.depth);
	/* three paths an actor */
	for (int i = 0; i < NPATHS; i++)
	{
		if (i % 3 == 0)
		{
			paths_summary_next_actor(whole);
			paths_summary_next_actor(backwards);
			paths_summary_next_actor(parts[i / 3 % 5]);
		}
		add(whole, &paths[i]);
		add(parts[i / 3 % 5], &paths[i]);
		add(backwards, &paths[NPATHS - 1 - i]);
	}
	for (uint32_t i = 0; i < whole->npaths; i += 7)
		wrong += count_paths(paths, NPATHS, whole, &whole->paths[i]) != whole->paths[i].count;
	CHECK(wrong == 0 && paths_summary_total(whole) == NPATHS && paths_summary_check(whole) == NULL, "counts: %s", text);
	CHECK(same_bytes(whole, backwards), "any order: %s", text);
	for (int p = 4; p >= 0; p--)
		paths_summary_merge(merged, parts[p]);
	CHECK(same_bytes(whole, merged), "in parts: %s", text);
	paths_summary_merge(merged, empty_summary(text));
	again = read_bytes(bytes_of(whole).bytes, bytes_of(whole).length);
	CHECK(again != NULL && same_bytes(whole, again) && same_bytes(whole, merged), "read again: %s", text);
	paths_summary_next_actor(again);
	paths_summary_next_actor(whole);
	add(again, &paths[0]);
	add(whole, &paths[0]);
	CHECK(same_bytes(whole, again), "read, and added to: %s", text);
	free(paths);
	FORGET();
}

/* ---- beyond the limits ---- */

/* Paths 0 .. 9 are frequent, the others at random among very many. */
static void
test_beyond(int nlabels, int most)
{
	PathsSummary *summary = empty_summary("depth 3 gap 1 day");
	PathsSummary *other = empty_summary("depth 3 gap 1 day");
	int64_t		frequent[10] = {0};
	int			wrong = 0;
	int			found = 0;

	for (int i = 0; i < most; i++)
	{
		NaivePath	path = random_path(nlabels, 3);
		int			which = (int) (random_bits() % 40);
		PathsSummary *to = i % 4 == 0 ? other : summary;

		if (which < 10)
		{
			path.length = 2;
			snprintf(path.labels[0], sizeof(path.labels[0]), "often %d", which);
			snprintf(path.labels[1], sizeof(path.labels[1]), "then %d", which);
			path.at[1] = path.at[0] + 5;
			frequent[which]++;
		}
		paths_summary_next_actor(to);
		add(to, &path);
	}
	paths_summary_merge(summary, other);
	for (uint32_t i = 0; i < summary->npaths; i++)
	{
		const PathEntry *path = &summary->paths[i];
		const TimelineLabel *first = &summary->labels[summary->numbers[path->first]];

		if (path->length == 2 && first->length == 7 && memcmp(first->bytes, "often ", 6) == 0)
		{
			int64_t		count = frequent[first->bytes[6] - '0'];

			found++;
			wrong += path->count > count || path->count < count - summary->path_error || path->actors != path->count;
		}
	}
	CHECK(found == 10 && wrong == 0, "frequent paths are left, %d labels", nlabels);
	CHECK(summary->path_error > 0 && summary->path_error < most / 100 && summary->edge_error > 0 &&
		  summary->edge_error < most / 100, "the error is small, %d labels: %lld, %lld", nlabels,
		  (long long) summary->path_error, (long long) summary->edge_error);
	CHECK(paths_summary_total(summary) == most && paths_summary_check(summary) == NULL, "nothing is lost, %d labels", nlabels);
	other = read_bytes(bytes_of(summary).bytes, bytes_of(summary).length);
	CHECK(other != NULL && same_bytes(summary, other), "read again, %d labels", nlabels);
	FORGET();
}

/* ---- times ---- */

static void
test_times(void)
{
	int			wrong = 0;

	for (int round = 0; round < 200; round++)
	{
		PathTimes	times = {NULL, 0, 0};
		PathTimes	half = {NULL, 0, 0};
		Histogram	histogram = {0};
		int			count = 1 + (int) (random_bits() % 300);

		for (int i = 0; i < count; i++)
		{
			int64_t		value = (int64_t) (random_bits() >> (1 + random_bits() % 63));

			path_times_add(i % 2 == 0 ? &times : &half, histogram_bucket(value), 1);
			histogram_add(&histogram, value, 1);
		}
		path_times_merge(&times, &half);
		wrong += path_times_median(&times) != histogram_quantile(&histogram, 0.5);
		FORGET();
	}
	CHECK(wrong == 0, "medians are those of a histogram");
}

/* ---- damage ---- */

static void
test_damage(void)
{
	int			accepted = 0;
	int			changed = 0;

	for (int round = 0; round < 300; round++)
	{
		PathsSummary *summary = empty_summary(round % 2 == 0 ? "from a depth 3" : "to a depth 2 collapse repeats");
		WireWriter	writer;
		uint8_t    *bytes;
		size_t		length;

		for (int i = 0; i < 12; i++)
		{
			NaivePath	path = random_path(4, summary->spec.depth);

			paths_summary_next_actor(summary);
			add(summary, &path);
		}
		writer = bytes_of(summary);
		length = writer.length;
		bytes = malloc(length);
		memcpy(bytes, writer.bytes, length);
		FORGET();
		for (size_t cut = 0; cut < length && round < 20; cut++)
		{
			/* no prefix but that of no spec is a summary */
			if (read_bytes(bytes, cut) != NULL)
				changed++;
			FORGET();
		}
		for (int i = 0; i < 200; i++)
		{
			size_t		place = 1 + random_bits() % (length - 1);
			uint8_t		before = bytes[place];
			PathsSummary *read;

			bytes[place] = chance(50) ? (uint8_t) random_bits() : (uint8_t) (before + (chance(50) ? 1 : -1));
			read = read_bytes(bytes, length);
			if (read != NULL)
			{
				writer = bytes_of(read);
				accepted++;
				changed += writer.length != length || memcmp(writer.bytes, bytes, length) != 0;
				paths_summary_merge(read, read_bytes(bytes, length));
				paths_summary_next_actor(read);
			}
			bytes[place] = before;
			FORGET();
		}
		free(bytes);
	}
	CHECK(accepted > 0 && changed == 0, "damaged bytes: %d accepted as what they say, %d as something else", accepted, changed);
}

int
main(void)
{
	test_bytes();
	test_random("depth 1", 3);
	test_random("from a depth 4", 5);
	test_random("to a depth 3 collapse repeats", 300);
	test_random("depth 50", 40);
	test_beyond(200, 200000);
	test_beyond(30000, 100000);
	test_times();
	test_damage();
	return DONE();
}
