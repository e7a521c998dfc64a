/*
 * sandbox.h: running somebody else's code as that role.
 *
 * What a KPI or a source is made of is code of its owner, and the one who runs it may be a superuser who refreshes everything.
 * So it runs as REFRESH MATERIALIZED VIEW runs a query: as the owner, in a security-restricted operation, with a search path
 * that nobody can put anything in. Who asks must be able to act as the owner anyway, so nobody gains rights.
 */
#ifndef KPI_TRACK_SANDBOX_H
#define KPI_TRACK_SANDBOX_H

typedef struct Sandbox
{
	Oid			user;
	int			context;
	int			settings;
	const char *what;
	const char *name;
	ErrorContextCallback callback;
} Sandbox;

/* An error between the two says what was being run ("definition", "source") and its name, and the end of the transaction leaves. */
void		sandbox_enter(Sandbox *sandbox, Oid owner, bool read_only, const char *what, const char *name);
void		sandbox_set(const char *setting, const char *value);
void		sandbox_leave(Sandbox *sandbox);

#endif
