/*
 * label_book.c: see label_book.h.
 */
#include "engine/label_book.h"

#define FIRST_SLOTS 8

LabelBook *
label_book_make(HostArena arena, LabelHash hash)
{
	LabelBook  *book = host_alloc0(arena, sizeof(LabelBook));

	book->arena = arena;
	book->hash = hash;
	book->table = host_alloc0(arena, FIRST_SLOTS * sizeof(LabelSlot));
	book->mask = FIRST_SLOTS - 1;
	return book;
}

static void
put_slot(LabelBook *book, uint64_t code, uint32_t number)
{
	size_t		slot = code & book->mask;

	while (book->table[slot].place != 0)
		slot = (slot + 1) & book->mask;
	book->table[slot].code = code;
	book->table[slot].bytes = book->labels[number].bytes;
	book->table[slot].length = book->labels[number].length;
	book->table[slot].place = number + 1;
}

/* Twice the slots: at most half of them are taken, so that most labels are found at once. */
static void
grow_table(LabelBook *book)
{
	LabelSlot  *old = book->table;
	size_t		size = book->mask + 1;

	book->table = host_alloc0(book->arena, host_array_size(size * 2, sizeof(LabelSlot)));
	book->mask = size * 2 - 1;
	for (size_t i = 0; i < size; i++)
		if (old[i].place != 0)
			put_slot(book, old[i].code, old[i].place - 1);
	host_free(old);
}

uint64_t
label_book_add(LabelBook *book, uint64_t code, const char *bytes, size_t length)
{
	TimelineLabel label = {bytes, (uint32_t) length};
	char	   *copy;

	for (size_t slot = code & book->mask; book->table[slot].place != 0; slot = (slot + 1) & book->mask)
	{
		const LabelSlot *known = &book->table[slot];

		if (known->code != code)
			continue;
		if (known->length != length || memcmp(known->bytes, bytes, length) != 0)
			host_fail(HOST_LIMIT, "Rename one of them, or leave out the events of one.",
					  "two event labels cannot be told apart: their hashes of 64 bits are equal");
		return code;
	}
	if (length > TIMELINE_LABEL_MAX)
		host_fail(HOST_LIMIT, "A label names a kind of event; put what varies into a column of its own.",
				  "event label of %zu bytes is too long: it may have %d", length, TIMELINE_LABEL_MAX);
	if (book->count == LABEL_BOOK_MAX)
		host_fail(HOST_LIMIT, "A label names a kind of event; keep what varies, such as an identifier, out of it.",
				  "more than %d different event labels", LABEL_BOOK_MAX);
	if (book->count == book->size)
	{
		book->size = book->size == 0 ? 4 : book->size * 2;
		book->labels = book->labels == NULL ? host_alloc(book->arena, book->size * sizeof(TimelineLabel)) :
			host_realloc(book->labels, host_array_size(book->size, sizeof(TimelineLabel)));
	}
	copy = host_alloc(book->arena, length + 1);
	memcpy(copy, bytes, length);
	label.bytes = copy;
	book->labels[book->count] = label;
	if ((size_t) book->count * 2 > book->mask)
		grow_table(book);
	put_slot(book, code, book->count++);
	return code;
}

void
label_book_unite(LabelBook *into, const LabelBook *from)
{
	for (uint32_t i = 0; i < from->count; i++)
		label_book_code(into, from->labels[i].bytes, from->labels[i].length);
}

void
label_book_write(const LabelBook *book, WireWriter *writer)
{
	wire_write_uint(writer, book->count);
	for (uint32_t i = 0; i < book->count; i++)
	{
		wire_write_uint(writer, book->labels[i].length);
		wire_write_bytes(writer, book->labels[i].bytes, book->labels[i].length);
	}
}

void
label_book_read(LabelBook *book, WireReader *reader)
{
	size_t		count = wire_read_count(reader, 1);

	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		size_t		length = wire_read_count(reader, 1);
		const uint8_t *bytes = wire_read_bytes(reader, length);

		if (reader->failure == NULL)
			label_book_code(book, (const char *) bytes, length);
	}
}
