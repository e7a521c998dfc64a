/*
 * host_unit.c: see host_unit.h.
 */
#include "host_unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks are chained, so that what a failed call leaves behind can be freed. */
typedef struct Block
{
	struct Block *previous;
	struct Block *next;
	size_t		size;
	size_t		unused;			/* keeps what follows aligned for any type */
} Block;

static Block blocks = {&blocks, &blocks, 0, 0};
static jmp_buf *catcher;

HostError	host_unit_error;
char		host_unit_message[1024];

static void *
block_begin(Block *block, size_t size)
{
	block->size = size;
	block->previous = &blocks;
	block->next = blocks.next;
	blocks.next->previous = block;
	blocks.next = block;
	return block + 1;
}

static void
block_end(Block *block)
{
	block->previous->next = block->next;
	block->next->previous = block->previous;
}

void *
host_alloc(HostArena arena, size_t size)
{
	Block	   *block = malloc(sizeof(Block) + size);

	(void) arena;
	if (block == NULL)
		abort();
	/* like the server, don't hand out zeros */
	memset(block + 1, 0xa5, size);
	return block_begin(block, size);
}

void *
host_alloc0(HostArena arena, size_t size)
{
	return memset(host_alloc(arena, size), 0, size);
}

void *
host_realloc(void *memory, size_t size)
{
	Block	   *block = (Block *) memory - 1;

	block_end(block);
	block = realloc(block, sizeof(Block) + size);
	if (block == NULL)
		abort();
	return block_begin(block, size);
}

void
host_free(void *memory)
{
	if (memory == NULL)
		return;
	block_end((Block *) memory - 1);
	free((Block *) memory - 1);
}

void
host_unit_forget(void)
{
	while (blocks.next != &blocks)
		host_free(blocks.next + 1);
}

size_t
host_unit_bytes(void)
{
	size_t		bytes = 0;

	for (const Block *block = blocks.next; block != &blocks; block = block->next)
		bytes += block->size;
	return bytes;
}

size_t
host_array_size(size_t count, size_t size)
{
	if (count > SIZE_MAX / 2 / size)
		host_fail(HOST_LIMIT, NULL, "an array of %zu elements of %zu bytes is too large", count, size);
	return count * size;
}

void
host_fail(HostError kind, const char *hint, const char *format,...)
{
	va_list		arguments;

	(void) hint;
	va_start(arguments, format);
	vsnprintf(host_unit_message, sizeof(host_unit_message), format, arguments);
	va_end(arguments);
	host_unit_error = kind;
	if (catcher == NULL)
	{
		fprintf(stderr, "unexpected error: %s\n", host_unit_message);
		abort();
	}
	longjmp(*catcher, 1);
}

bool
host_unit_try(void (*body) (void *), void *argument)
{
	jmp_buf		here;
	bool		failed;

	catcher = &here;
	failed = setjmp(here) != 0;
	if (!failed)
		body(argument);
	catcher = NULL;
	return !failed;
}

void
host_check_interrupts(void)
{
}

void
host_assert_failed(const char *condition, const char *file, int line)
{
	fprintf(stderr, "assertion \"%s\" failed at %s:%d\n", condition, file, line);
	abort();
}
