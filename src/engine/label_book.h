/*
 * label_book.h: the labels of an aggregate's rows, kept once each and known by a number of 64 bits: a hash of their bytes,
 * so that processes that know nothing of each other give a label the same number. Two labels with one hash are found
 * when they meet, and an error.
 */
#ifndef KPI_LABEL_BOOK_H
#define KPI_LABEL_BOOK_H

#include <string.h>

#include "engine/timeline.h"
#include "engine/wire.h"

#define LABEL_BOOK_MAX 1000000

typedef uint64_t (*LabelHash) (const char *bytes, size_t length);

typedef struct LabelSlot
{
	uint64_t	code;
	const char *bytes;
	uint32_t	length;
	uint32_t	place;			/* number in order of appearance + 1; 0: the slot is empty */
} LabelSlot;

typedef struct LabelBook
{
	HostArena	arena;
	LabelHash	hash;
	LabelSlot  *table;			/* open addressing */
	size_t		mask;
	uint32_t	count;
	uint32_t	size;
	TimelineLabel *labels;		/* in order of appearance */
} LabelBook;

/* An empty one; takes little until the first label. */
extern LabelBook *label_book_make(HostArena arena, LabelHash hash);

/* The label's code, if the slot does not hold it yet. */
extern uint64_t label_book_add(LabelBook *book, uint64_t code, const char *bytes, size_t length);

/* The code of a label, which is added if it is new. */
static inline uint64_t
label_book_code(LabelBook *book, const char *bytes, size_t length)
{
	uint64_t	code = book->hash(bytes, length);
	const LabelSlot *slot = &book->table[code & book->mask];

	if (slot->place != 0 && slot->code == code && slot->length == length && memcmp(slot->bytes, bytes, length) == 0)
		return code;
	return label_book_add(book, code, bytes, length);
}

/* The number, in order of appearance, of the label with a code; fails if there is none. */
static inline uint32_t
label_book_place(const LabelBook *book, uint64_t code)
{
	for (size_t slot = code & book->mask; book->table[slot].place != 0; slot = (slot + 1) & book->mask)
		if (book->table[slot].code == code)
			return book->table[slot].place - 1;
	host_fail(HOST_BAD_BYTES, NULL, "event of a label that is not known");
}

/* Adds the labels of another one. */
extern void label_book_unite(LabelBook *into, const LabelBook *from);

/* As bytes for another process. Reading copies them. */
extern void label_book_write(const LabelBook *book, WireWriter *writer);
extern void label_book_read(LabelBook *book, WireReader *reader);

#endif							/* KPI_LABEL_BOOK_H */
