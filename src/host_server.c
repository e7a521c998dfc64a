/*
 * host_server.c: host.h inside the server: palloc, ereport, CHECK_FOR_INTERRUPTS.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

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

#ifdef USE_ASSERT_CHECKING
void
host_assert_failed(const char *condition, const char *file, int line)
{
	elog(PANIC, "kpi_track: assertion \"%s\" failed at %s:%d", condition, file, line);
	pg_unreachable();
}
#endif
