/*
 * sandbox.h: running what belongs to another role as that role, so that it can do nothing that its owner could not do anyway.
 */
#ifndef KPI_SANDBOX_H
#define KPI_SANDBOX_H

#include "postgres.h"

typedef struct Sandbox
{
	Oid			user;
	int			context;
	int			settings;
	ErrorContextCallback callback;
} Sandbox;

/* Connects to SPI, too. An error may leave it by itself. `what` is for the context of errors: "definition public.revenue". */
extern void sandbox_enter(Sandbox *sandbox, Oid owner, bool read_only, const char *what);
extern void sandbox_leave(Sandbox *sandbox);

#endif							/* KPI_SANDBOX_H */
