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
	size_t		unused;			/* keeps what follows aligned */
} Block;

static Block blocks = {&blocks, &blocks, 0, 0};
static jmp_buf *catcher;

HostError	host_unit_error;
char		host_unit_message[1024];
size_t		host_unit_bytes;
size_t		host_unit_peak;

static void *
block_begin(Block *block, size_t size)
{
	block->size = size;
	host_unit_bytes += size;
	if (host_unit_bytes > host_unit_peak)
		host_unit_peak = host_unit_bytes;
	block->previous = &blocks;
	block->next = blocks.next;
	blocks.next->previous = block;
	blocks.next = block;
	return block + 1;
}

static void
block_end(Block *block)
{
	host_unit_bytes -= block->size;
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

static void forget_files(void);

void
host_unit_forget(void)
{
	while (blocks.next != &blocks)
		host_free(blocks.next + 1);
	forget_files();
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

/* ---- files ---- */

struct HostFile
{
	FILE	   *stream;
	uint64_t	size;
	struct HostFile *next;		/* of all files, open or not */
};

static HostFile *files;
size_t		host_unit_memory_limit = SIZE_MAX / 4;
uint64_t	host_unit_written;

size_t
host_memory_limit(void)
{
	return host_unit_memory_limit;
}

HostFile *
host_file_make(HostArena arena)
{
	HostFile   *file = calloc(1, sizeof(HostFile));

	(void) arena;
	file->stream = tmpfile();
	if (file->stream == NULL)
		abort();
	file->next = files;
	files = file;
	return file;
}

void
host_file_write(HostFile *file, const void *bytes, size_t length)
{
	if (length == 0)
		return;
	if (fseek(file->stream, (long) file->size, SEEK_SET) != 0 ||
		fwrite(bytes, 1, length, file->stream) != length)
		abort();
	file->size += length;
	host_unit_written += length;
}

void
host_file_read(HostFile *file, uint64_t offset, void *bytes, size_t length)
{
	if (length == 0)
		return;
	if (fseek(file->stream, (long) offset, SEEK_SET) != 0 ||
		fread(bytes, 1, length, file->stream) != length)
		abort();
}

uint64_t
host_file_size(const HostFile *file)
{
	return file->size;
}

void
host_file_close(HostFile *file)
{
	if (file->stream != NULL)
		fclose(file->stream);
	file->stream = NULL;
}

int
host_unit_open_files(void)
{
	int			open = 0;

	for (HostFile *file = files; file != NULL; file = file->next)
		open += file->stream != NULL;
	return open;
}

static void
forget_files(void)
{
	while (files != NULL)
	{
		HostFile   *next = files->next;

		host_file_close(files);
		free(files);
		files = next;
	}
}

void
host_check_interrupts(void)
{
}

bool
host_interrupt_pending(void)
{
	return false;
}

void
host_assert_failed(const char *condition, const char *file, int line)
{
	fprintf(stderr, "assertion \"%s\" failed at %s:%d\n", condition, file, line);
	abort();
}
