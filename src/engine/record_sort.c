/*
 * record_sort.c: see record_sort.h.
 *
 * In files: sorted runs as large as the memory allows, then merged, as many at a time as the memory has
 * buffers for, until one is left.
 */
#include "engine/record_sort.h"

#include <string.h>

#define RUN_OF_INSERTION	16
#define MIN_SORT_BYTES		(64 * 1024)
#define BUFFER_BYTES		(8 * 1024)	/* at least, for each run that is merged */
#define MIN_FAN_IN			4

static inline __attribute__((always_inline)) bool
record_before(const uint64_t *a, const uint64_t *b, int words, int time_word)
{
	for (int w = 0; w < words; w++)
	{
		if (a[w] == b[w])
			continue;
		return w == time_word ? (int64_t) a[w] < (int64_t) b[w] : a[w] < b[w];
	}
	return false;
}

static inline __attribute__((always_inline)) void
record_copy(uint64_t *to, const uint64_t *from, int words)
{
	for (int w = 0; w < words; w++)
		to[w] = from[w];
}

/* ---- in memory ---- */

/* Merges two sorted stretches of records, one behind the other, into `to`. */
static inline __attribute__((always_inline)) void
merge(const uint64_t *left, const uint64_t *left_end, const uint64_t *right, const uint64_t *right_end,
	  uint64_t *to, int words, int time_word)
{
	/* Pieces that are in order as they are, as rows that come in time order make them. */
	if (left < left_end && right < right_end && !record_before(right, left_end - words, words, time_word))
	{
		memcpy(to, left, (right_end - left) * sizeof(uint64_t));
		return;
	}
	while (left < left_end && right < right_end)
	{
		if (record_before(right, left, words, time_word))
		{
			record_copy(to, right, words);
			right += words;
		}
		else
		{
			record_copy(to, left, words);
			left += words;
		}
		to += words;
	}
	memcpy(to, left, (left_end - left) * sizeof(uint64_t));
	memcpy(to + (left_end - left), right, (right_end - right) * sizeof(uint64_t));
}

/* Merge sort; runs of a few are sorted by insertion first. */
static inline __attribute__((always_inline)) void
sort(uint64_t *records, uint64_t *spare, size_t count, int words, int time_word)
{
	uint64_t   *from = records;
	uint64_t   *to = spare;
	uint64_t	moving[RECORD_MAX_WORDS];

	for (size_t start = 0; start < count; start += RUN_OF_INSERTION)
	{
		size_t		end = count - start < RUN_OF_INSERTION ? count : start + RUN_OF_INSERTION;

		for (size_t i = start + 1; i < end; i++)
		{
			size_t		j = i;

			record_copy(moving, records + i * words, words);
			for (; j > start && record_before(moving, records + (j - 1) * words, words, time_word); j--)
				record_copy(records + j * words, records + (j - 1) * words, words);
			record_copy(records + j * words, moving, words);
		}
	}
	for (size_t width = RUN_OF_INSERTION; width < count; width *= 2)
	{
		for (size_t start = 0; start < count; start += 2 * width)
		{
			size_t		middle = count - start < width ? count : start + width;
			size_t		end = count - start < 2 * width ? count : start + 2 * width;

			if (width >= 4096)
				host_check_interrupts();
			merge(from + start * words, from + middle * words, from + middle * words, from + end * words,
				  to + start * words, words, time_word);
		}
		{
			uint64_t   *swap = from;

			from = to;
			to = swap;
		}
	}
	if (from != records)
		memcpy(records, from, count * words * sizeof(uint64_t));
}

void
records_sort(uint64_t *records, uint64_t *spare, size_t count, int words, int time_word)
{
	/* events and events with values, by far the most frequent, are compiled for */
	if (words == 2 && time_word == 0)
		sort(records, spare, count, 2, 0);
	else if (words == 3 && time_word == 0)
		sort(records, spare, count, 3, 0);
	else
		sort(records, spare, count, words, time_word);
}

/* ---- in files ---- */

/* A sorted stretch of a file. */
typedef struct Run
{
	uint64_t	offset;
	uint64_t	length;			/* bytes */
} Run;

struct RecordSorter
{
	int			words;
	int			time_word;
	size_t		memory;
	size_t		capacity;		/* records */
	size_t		fill;
	size_t		count;
	uint64_t   *records;
	uint64_t   *spare;
	HostFile   *file;
	size_t		nruns;
	size_t		runs_size;
	Run		   *runs;
};

/* What is still to come from a run. */
typedef struct Source
{
	Run			rest;			/* in the file, behind the buffer */
	const uint64_t *at;
	const uint64_t *end;
	uint64_t   *buffer;
} Source;

RecordSorter *
record_sorter_make(int words, int time_word, size_t memory)
{
	RecordSorter *sorter = host_alloc0(NULL, sizeof(RecordSorter));

	sorter->words = words;
	sorter->time_word = time_word;
	sorter->memory = memory < MIN_SORT_BYTES ? MIN_SORT_BYTES : memory;
	sorter->capacity = sorter->memory / 2 / (words * sizeof(uint64_t));
	sorter->records = host_alloc(NULL, host_array_size(sorter->capacity, words * sizeof(uint64_t)));
	sorter->spare = host_alloc(NULL, host_array_size(sorter->capacity, words * sizeof(uint64_t)));
	sorter->file = host_file_make(NULL);
	return sorter;
}

static void
note_run(RecordSorter *sorter, Run run)
{
	if (sorter->nruns == sorter->runs_size)
	{
		size_t		size = sorter->runs_size == 0 ? 16 : sorter->runs_size * 2;

		sorter->runs = sorter->runs == NULL ? host_alloc(NULL, host_array_size(size, sizeof(Run))) :
			host_realloc(sorter->runs, host_array_size(size, sizeof(Run)));
		sorter->runs_size = size;
	}
	sorter->runs[sorter->nruns++] = run;
}

static void
write_run(RecordSorter *sorter)
{
	Run			run = {host_file_size(sorter->file), 0};

	if (sorter->fill == 0)
		return;
	records_sort(sorter->records, sorter->spare, sorter->fill, sorter->words, sorter->time_word);
	run.length = sorter->fill * sorter->words * sizeof(uint64_t);
	host_file_write(sorter->file, sorter->records, run.length);
	note_run(sorter, run);
	sorter->fill = 0;
}

void
record_sorter_add(RecordSorter *sorter, const uint64_t *record)
{
	if (sorter->fill == sorter->capacity)
		write_run(sorter);
	record_copy(sorter->records + sorter->fill * sorter->words, record, sorter->words);
	sorter->fill++;
	sorter->count++;
}

/* Reads the next piece of a run; whether there is one. */
static bool
refill(HostFile *file, Source *source, size_t buffer_bytes)
{
	size_t		length = source->rest.length < buffer_bytes ? (size_t) source->rest.length : buffer_bytes;

	if (length == 0)
		return false;
	host_check_interrupts();
	host_file_read(file, source->rest.offset, source->buffer, length);
	source->rest.offset += length;
	source->rest.length -= length;
	source->at = source->buffer;
	source->end = source->buffer + length / sizeof(uint64_t);
	return true;
}

static inline bool
source_before(const RecordSorter *sorter, const Source *a, const Source *b)
{
	return record_before(a->at, b->at, sorter->words, sorter->time_word);
}

/* Lets the source at the top of the heap sink to its place. */
static void
sink(const RecordSorter *sorter, Source **heap, size_t size, size_t place)
{
	Source	   *moving = heap[place];

	for (;;)
	{
		size_t		child = 2 * place + 1;

		if (child >= size)
			break;
		if (child + 1 < size && source_before(sorter, heap[child + 1], heap[child]))
			child++;
		if (!source_before(sorter, heap[child], moving))
			break;
		heap[place] = heap[child];
		place = child;
	}
	heap[place] = moving;
}

/* Merges some runs of the sorter's file into one at the end of `to`. */
static Run
merge_runs(RecordSorter *sorter, const Run *runs, size_t nruns, HostFile *to)
{
	size_t		record_bytes = sorter->words * sizeof(uint64_t);
	size_t		buffer_bytes = sorter->memory / (nruns + 1) / record_bytes * record_bytes;
	Source	   *sources = host_alloc(NULL, host_array_size(nruns, sizeof(Source)));
	Source	  **heap = host_alloc(NULL, host_array_size(nruns, sizeof(Source *)));
	uint64_t   *buffers = host_alloc(NULL, host_array_size(nruns + 1, buffer_bytes));
	uint64_t   *out = buffers + nruns * (buffer_bytes / sizeof(uint64_t));
	size_t		out_fill = 0;
	size_t		size = 0;
	Run			merged = {host_file_size(to), 0};

	for (size_t i = 0; i < nruns; i++)
	{
		sources[i].rest = runs[i];
		sources[i].buffer = buffers + i * (buffer_bytes / sizeof(uint64_t));
		if (refill(sorter->file, &sources[i], buffer_bytes))
			heap[size++] = &sources[i];
	}
	for (size_t i = size / 2; i-- > 0;)
		sink(sorter, heap, size, i);
	while (size > 0)
	{
		Source	   *least = heap[0];

		record_copy(out + out_fill, least->at, sorter->words);
		out_fill += sorter->words;
		if (out_fill * sizeof(uint64_t) == buffer_bytes)
		{
			host_file_write(to, out, buffer_bytes);
			merged.length += buffer_bytes;
			out_fill = 0;
		}
		least->at += sorter->words;
		if (least->at == least->end && !refill(sorter->file, least, buffer_bytes))
			heap[0] = heap[--size];
		if (size > 0)
			sink(sorter, heap, size, 0);
	}
	host_file_write(to, out, out_fill * sizeof(uint64_t));
	merged.length += out_fill * sizeof(uint64_t);
	host_free(buffers);
	host_free(heap);
	host_free(sources);
	return merged;
}

HostFile *
record_sorter_finish(RecordSorter *sorter, size_t *count)
{
	size_t		fan_in = sorter->memory / BUFFER_BYTES - 1;
	HostFile   *file;

	if (fan_in < MIN_FAN_IN)
		fan_in = MIN_FAN_IN;
	write_run(sorter);
	host_free(sorter->records);
	host_free(sorter->spare);
	while (sorter->nruns > 1)
	{
		HostFile   *to = host_file_make(NULL);
		size_t		nruns = 0;

		for (size_t i = 0; i < sorter->nruns; i += fan_in)
		{
			size_t		some = sorter->nruns - i < fan_in ? sorter->nruns - i : fan_in;

			/* nruns <= i: the places of runs already merged are free */
			sorter->runs[nruns++] = merge_runs(sorter, sorter->runs + i, some, to);
		}
		host_file_close(sorter->file);
		sorter->file = to;
		sorter->nruns = nruns;
	}
	file = sorter->file;
	*count = sorter->count;
	host_free(sorter->runs);
	host_free(sorter);
	return file;
}
