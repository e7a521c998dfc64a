/*
 * sandbox.h: running somebody else's code as that role.
 *
 * What a KPI or a source is made of is code of its owner, and the one who runs it may be a superuser who refreshes everything.
 * So it runs as REFRESH MATERIALIZED VIEW runs a query: as the owner, in a security-restricted operation, with a search path
 * that nobody can put anything in. Who asks must be able to act as the owner anyway, so nobody gains rights.
 *
 * What is looked at is found by its name, and so is what is run. In between, who owns the schema could rename it, and another one to
 * its place. So queries call what they name by an alias that says which one it has to be, and a hook of the parser looks at it.
 */
#ifndef KPI_TRACK_SANDBOX_H
#define KPI_TRACK_SANDBOX_H

#include "executor/spi.h"

typedef struct Sandbox
{
	Oid			user;
	int			context;
	int			settings;
	bool		read_only;		/* whether the transaction was, outside */
	const char *what;
	const char *name;
	ErrorContextCallback callback;
} Sandbox;

/*
 * The relation of that name, locked for reading, and the role that owns it; InvalidOid if there is none. Whether that is the
 * owner it should have is for the caller to say.
 */
Oid			sandbox_find_relation(const char *schema, const char *name, Oid *owner);

/*
 * The alias of a relation or function in a query: it is an error, wherever and whenever that is parsed, if the name leads to another
 * one by then.
 */
char	   *sandbox_relation_alias(Oid relation);
char	   *sandbox_function_alias(Oid function);

/* Has the parser call it; for _PG_init(). */
void		sandbox_install(void);

/* An error between the two says what was being run ("definition", "source") and its name, and the end of the transaction leaves. */
void		sandbox_enter(Sandbox *sandbox, Oid owner, bool read_only, const char *what, const char *name);
void		sandbox_set(const char *setting, const char *value);
void		sandbox_leave(Sandbox *sandbox);

/* Within it: prepares a query, which must have such an alias, without running anything of it. SPI_freeplan() frees it. */
SPIPlanPtr	sandbox_prepare(const char *query, int count, Oid *types);

/*
 * Within it: runs a query, read-only, and puts its rows into the result of a set-returning function. Nulls as SPI takes them:
 * an 'n' for each value that is null; NULL: none is.
 */
void		sandbox_read(FunctionCallInfo fcinfo, const char *query, int count, Oid *types, Datum *values, const char *nulls);

/*
 * What a column has to be for its values to be read as text without anybody's code: one of the text types, or an enum. A cast of
 * any other type may have been written by its owner. label_expression is how: an enum may have such a cast, too, so its own
 * output is asked.
 */
bool		sandbox_is_label(Oid base_type);
char	   *sandbox_label_expression(const char *column, Oid base_type);

#endif
