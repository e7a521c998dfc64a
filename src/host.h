/*
 * host.h: the few services that the engine, the languages and the models need from whoever runs
 * them. In the server (host_server.c) they are palloc, ereport and CHECK_FOR_INTERRUPTS; in the unit
 * harness (test/unit/host_unit.c) they are malloc and longjmp. Code that includes only this header
 * builds in both, so it can be run under sanitizers and fuzzers.
 */
#ifndef KPI_HOST_H
#define KPI_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 128 bits, for structs: the server's memory is aligned to 8 bytes only. */
typedef __int128 HostInt128 __attribute__((aligned(8)));

/* Where memory is taken from: a MemoryContext in the server. NULL stands for the current one. */
typedef void *HostArena;

/* Kinds of failure; the server maps them to SQLSTATEs. */
typedef enum HostError
{
	HOST_BAD_BYTES,			 /* stored or received bytes are damaged: data_corrupted */
	HOST_FUTURE_VERSION,	 /* written by a newer version: feature_not_supported */
	HOST_BAD_VALUE,			 /* a value that cannot be used: invalid_parameter_value */
	HOST_LIMIT,				 /* a documented limit is passed: program_limit_exceeded */
	HOST_BUG				 /* cannot happen: internal_error */
} HostError;

/* Memory of `size` bytes, aligned for any type, never NULL (fails by itself); any size up to SIZE_MAX/2. */
extern void *host_alloc(HostArena arena, size_t size);

/* host_alloc filled with zeros. */
extern void *host_alloc0(HostArena arena, size_t size);

/* Resizes memory from host_alloc in place or by copy; the arena stays what it was. */
extern void *host_realloc(void *memory, size_t size);

/* Gives back memory from host_alloc; NULL is ignored. */
extern void host_free(void *memory);

/* count * size, failing with HOST_LIMIT instead of wrapping around. */
extern size_t host_array_size(size_t count, size_t size);

/* Raises an error and does not return. `hint` may be NULL; both texts follow the house style. */
extern void host_fail(HostError kind, const char *hint, const char *format, ...)
	__attribute__((noreturn, format(printf, 3, 4)));

/* Lets the user cancel: call it in every loop whose length the data decide. */
extern void host_check_interrupts(void);

/* Whether the user wants to end it all: for code that may not be jumped out of, and has to come to an end by itself. */
extern bool host_interrupt_pending(void);

/* Bytes that one operation may take before it should write to files: work_mem x hash_mem_multiplier. */
extern size_t host_memory_limit(void);

/*
 * A temporary file: counted and limited like all of the server's (temp_file_limit, log_temp_files), and
 * gone at the latest when `arena` is reset, also after an error.
 */
typedef struct HostFile HostFile;

extern HostFile *host_file_make(HostArena arena);

/* Appends; reads what was written, all of it; how much that is; ends the file. */
extern void host_file_write(HostFile *file, const void *bytes, size_t length);
extern void host_file_read(HostFile *file, uint64_t offset, void *bytes, size_t length);
extern uint64_t host_file_size(const HostFile *file);
extern void host_file_close(HostFile *file);

#ifdef USE_ASSERT_CHECKING
extern void host_assert_failed(const char *condition, const char *file, int line)
	__attribute__((noreturn));
#define host_assert(condition) \
	((condition) ? (void) 0 : host_assert_failed(#condition, __FILE__, __LINE__))
#else
#define host_assert(condition) ((void) 0)
#endif

#endif							/* KPI_HOST_H */
