/*
 * sandbox.c: see sandbox.h. It is as REFRESH MATERIALIZED VIEW runs a query: as the owner, in a security-restricted operation,
 * with a search path that nobody can put anything in, and perhaps only to read.
 */
#include "kpi_track.h"

#include "catalog/sandbox.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/guc.h"

static void
name_it(void *what)
{
	errcontext("%s", (const char *) what);
}

void
sandbox_enter(Sandbox *sandbox, Oid owner, bool read_only, const char *what)
{
	sandbox->callback = (ErrorContextCallback) {error_context_stack, name_it, unconstify(char *, what)};
	error_context_stack = &sandbox->callback;
	GetUserIdAndSecContext(&sandbox->user, &sandbox->context);
	SetUserIdAndSecContext(owner, sandbox->context | SECURITY_RESTRICTED_OPERATION | SECURITY_LOCAL_USERID_CHANGE);
	sandbox->settings = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	/* also for functions that the query calls; they cannot take it back */
	if (read_only)
		(void) set_config_option("transaction_read_only", "on", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	SPI_connect();
}

void
sandbox_leave(Sandbox *sandbox)
{
	SPI_finish();
	AtEOXact_GUC(false, sandbox->settings);
	SetUserIdAndSecContext(sandbox->user, sandbox->context);
	error_context_stack = sandbox->callback.previous;
}
