/*
 * sandbox.c: running somebody else's code as that role.
 */
#include "kpi_track.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/guc.h"

#include "catalog/sandbox.h"

static void
name_what_runs(void *argument)
{
	const Sandbox *sandbox = argument;

	errcontext("%s %s", sandbox->what, sandbox->name);
}

/* For the sandbox that was entered last; it is as before when that is left. */
void
sandbox_set(const char *setting, const char *value)
{
	(void) set_config_option(setting, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void
sandbox_enter(Sandbox *sandbox, Oid owner, bool read_only, const char *what, const char *name)
{
	sandbox->what = what;
	sandbox->name = name;
	sandbox->callback = (ErrorContextCallback) {error_context_stack, name_what_runs, sandbox};
	error_context_stack = &sandbox->callback;
	GetUserIdAndSecContext(&sandbox->user, &sandbox->context);
	SetUserIdAndSecContext(owner, sandbox->context | SECURITY_RESTRICTED_OPERATION | SECURITY_LOCAL_USERID_CHANGE);
	sandbox->settings = NewGUCNestLevel();
	sandbox_set("search_path", "pg_catalog, pg_temp");
	/* also for functions that the query calls; they cannot take it back */
	if (read_only)
		sandbox_set("transaction_read_only", "on");
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
