/*
 * host_unit.h: host.h without a server: malloc, so that sanitizers see every block, and errors that a
 * test can catch.
 */
#ifndef KPI_HOST_UNIT_H
#define KPI_HOST_UNIT_H

#include "host.h"

/* The last error. */
extern HostError host_unit_error;
extern char host_unit_message[1024];

/* What host_memory_limit says. */
extern size_t host_unit_memory_limit;

/* Bytes in use, the most there were (set it to host_unit_bytes to begin anew), bytes written to files. */
extern size_t host_unit_bytes;
extern size_t host_unit_peak;
extern uint64_t host_unit_written;

/* Files that are open. */
extern int	host_unit_open_files(void);

/* Frees every block and closes every file that is still there. */
extern void host_unit_forget(void);

/* Calls `body(argument)`; whether it ended without an error. */
extern bool host_unit_try(void (*body) (void *), void *argument);

#endif							/* KPI_HOST_UNIT_H */
