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

/* Frees every block that has not been freed. */
extern void host_unit_forget(void);

/* Bytes of the blocks that have not been freed. */
extern size_t host_unit_bytes(void);

/* Calls `body(argument)`; whether it ended without an error. */
extern bool host_unit_try(void (*body) (void *), void *argument);

#endif							/* KPI_HOST_UNIT_H */
