/*
 * host_server.c: host.h inside the server: palloc, ereport, CHECK_FOR_INTERRUPTS.
 */
#include "postgres.h"

#include "commands/tablespace.h"
#include "executor/instrument.h"
#include "executor/nodeHash.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#include "host.h"

void *
host_alloc(HostArena arena, size_t size)
{
	return MemoryContextAllocHuge(arena != NULL ? (MemoryContext) arena : CurrentMemoryContext, size);
}

void *
host_alloc0(HostArena arena, size_t size)
{
	void	   *memory = host_alloc(arena, size);

	memset(memory, 0, size);
	return memory;
}

void *
host_realloc(void *memory, size_t size)
{
	return repalloc_huge(memory, size);
}

void
host_free(void *memory)
{
	if (memory != NULL)
		pfree(memory);
}

size_t
host_array_size(size_t count, size_t size)
{
	if (count > MaxAllocHugeSize / size)
		host_fail(HOST_LIMIT, NULL, "an array of %zu elements of %zu bytes is too large", count, size);
	return count * size;
}

void
host_fail(HostError kind, const char *hint, const char *format,...)
{
	static const int sqlstates[] = {
		[HOST_BAD_BYTES] = ERRCODE_DATA_CORRUPTED,
		[HOST_FUTURE_VERSION] = ERRCODE_FEATURE_NOT_SUPPORTED,
		[HOST_BAD_VALUE] = ERRCODE_INVALID_PARAMETER_VALUE,
		[HOST_LIMIT] = ERRCODE_PROGRAM_LIMIT_EXCEEDED,
		[HOST_BUG] = ERRCODE_INTERNAL_ERROR,
	};
	char		message[1024];
	va_list		arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	ereport(ERROR,
			errcode(sqlstates[kind]),
			errmsg_internal("%s", message),
			hint != NULL ? errhint("%s", hint) : 0);
	pg_unreachable();
}

void
host_check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

bool
host_interrupt_pending(void)
{
	/* Others, which are no reason to end anything, can wait. */
	return InterruptPending && (QueryCancelPending || ProcDiePending);
}

size_t
host_memory_limit(void)
{
	return get_hash_memory_limit();
}

/*
 * The file belongs to no resource owner but to a memory context, which is reset both after success and after an
 * error, in whatever way the query ends; closing needs no more than the number. (A BufFile could not be
 * closed after an error, since closing it writes what is in its buffer.)
 */
struct HostFile
{
	File		fd;				/* -1: closed */
	uint64_t	size;
	MemoryContextCallback at_reset;
};

static void
close_file(void *argument)
{
	HostFile   *file = argument;

	if (file->fd >= 0)
		FileClose(file->fd);
	file->fd = -1;
}

HostFile *
host_file_make(HostArena arena)
{
	MemoryContext context = arena != NULL ? (MemoryContext) arena : CurrentMemoryContext;
	HostFile   *file = MemoryContextAllocZero(context, sizeof(HostFile));

	file->fd = -1;
	file->at_reset.func = close_file;
	file->at_reset.arg = file;
	MemoryContextRegisterResetCallback(context, &file->at_reset);
	PrepareTempTablespaces();
	file->fd = OpenTemporaryFile(true);
	return file;
}

/* Counts temporary blocks for EXPLAIN, as buffile.c does. */
static void
count_blocks(int64 *counter, size_t length)
{
	*counter += (length + BLCKSZ - 1) / BLCKSZ;
}

void
host_file_write(HostFile *file, const void *bytes, size_t length)
{
	const char *at = bytes;

	count_blocks(&pgBufferUsage.temp_blks_written, length);
	while (length > 0)
	{
		int			written;

		errno = 0;
		written = FileWrite(file->fd, unconstify(char *, at), (int) Min(length, 1024 * 1024),
							(off_t) file->size, WAIT_EVENT_BUFFILE_WRITE);
		if (written <= 0)
		{
			/* a write that stops short without a reason has no room */
			if (errno == 0)
				errno = ENOSPC;
			ereport(ERROR,
					errcode_for_file_access(),
					errmsg("could not write to temporary file: %m"));
		}
		at += written;
		length -= written;
		file->size += written;
	}
}

void
host_file_read(HostFile *file, uint64_t offset, void *bytes, size_t length)
{
	char	   *at = bytes;

	count_blocks(&pgBufferUsage.temp_blks_read, length);
	while (length > 0)
	{
		int			got = FileRead(file->fd, at, (int) Min(length, 1024 * 1024), (off_t) offset,
								   WAIT_EVENT_BUFFILE_READ);

		if (got < 0)
			ereport(ERROR,
					errcode_for_file_access(),
					errmsg("could not read from temporary file: %m"));
		if (got == 0)
			ereport(ERROR,
					errcode(ERRCODE_INTERNAL_ERROR),
					errmsg("temporary file ends early"));
		at += got;
		length -= got;
		offset += got;
	}
}

uint64_t
host_file_size(const HostFile *file)
{
	return file->size;
}

void
host_file_close(HostFile *file)
{
	/* what is left is a few words, which the context keeps for the callback */
	close_file(file);
}

#ifdef USE_ASSERT_CHECKING
void
host_assert_failed(const char *condition, const char *file, int line)
{
	elog(PANIC, "kpi_track: assertion \"%s\" failed at %s:%d", condition, file, line);
	pg_unreachable();
}
#endif
