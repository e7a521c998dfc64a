/*
 * event_pages.c: see event_pages.h.
 *
 * A matcher has a few cursors that move forward, each at its own place; one page for each of them and a
 * few to spare is enough, so the pages are replaced in turn.
 */
#include "engine/event_pages.h"

#define PAGE_BYTES	8192
#define MIN_PAGES	8
#define MAX_PAGES	64

struct EventPages
{
	HostFile   *file;
	int			record_words;
	int			skip;
	size_t		page_records;
	size_t		current;		/* first record of the page in use; */
	const uint64_t *current_words;	/* NULL: none */
	int			npages;
	int			next_victim;
	size_t	   *numbers;		/* of the pages in memory; SIZE_MAX: free */
	uint64_t   *words;
};

EventPages *
event_pages_make(HostFile *file, int record_words, int skip, size_t memory)
{
	EventPages *pages = host_alloc0(NULL, sizeof(EventPages));
	size_t		npages = memory / PAGE_BYTES;

	pages->file = file;
	pages->record_words = record_words;
	pages->skip = skip;
	pages->page_records = PAGE_BYTES / (record_words * sizeof(uint64_t));
	pages->npages = npages < MIN_PAGES ? MIN_PAGES : npages > MAX_PAGES ? MAX_PAGES : (int) npages;
	pages->numbers = host_alloc(NULL, pages->npages * sizeof(size_t));
	for (int i = 0; i < pages->npages; i++)
		pages->numbers[i] = SIZE_MAX;
	pages->words = host_alloc(NULL, (size_t) pages->npages * PAGE_BYTES);
	return pages;
}

void
event_pages_free(EventPages *pages)
{
	host_free(pages->numbers);
	host_free(pages->words);
	host_free(pages);
}

/* Makes the page with this number the one in use. */
static void
turn_to(EventPages *pages, size_t number)
{
	size_t		first = number * pages->page_records;
	size_t		record_bytes = pages->record_words * sizeof(uint64_t);
	uint64_t   *words;
	int			slot = 0;

	while (slot < pages->npages && pages->numbers[slot] != number)
		slot++;
	if (slot == pages->npages)
	{
		uint64_t	offset = (uint64_t) first * record_bytes;
		uint64_t	rest = host_file_size(pages->file) - offset;
		size_t		length = pages->page_records * record_bytes;

		host_check_interrupts();
		slot = pages->next_victim;
		pages->next_victim = (slot + 1) % pages->npages;
		words = pages->words + (size_t) slot * (PAGE_BYTES / sizeof(uint64_t));
		pages->current_words = NULL;
		pages->numbers[slot] = SIZE_MAX;
		host_file_read(pages->file, offset, words, rest < length ? (size_t) rest : length);
		pages->numbers[slot] = number;
	}
	pages->current = first;
	pages->current_words = pages->words + (size_t) slot * (PAGE_BYTES / sizeof(uint64_t));
}

const uint64_t *
event_pages_record(EventPages *pages, size_t index)
{
	/* An index before the page wraps around to a large distance. */
	if (pages->current_words == NULL || index - pages->current >= pages->page_records)
		turn_to(pages, index / pages->page_records);
	return pages->current_words + (index - pages->current) * pages->record_words;
}

const uint64_t *
event_pages_at(EventPages *pages, size_t index)
{
	return event_pages_record(pages, index) + pages->skip;
}

EventSeq
event_pages_seq(EventPages *pages, size_t first, size_t count)
{
	EventSeq	seq = {NULL, count, pages->record_words - pages->skip, pages, first};

	return seq;
}
