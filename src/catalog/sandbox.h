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

/* An error between the two says what was being run ("definition", "source") and its name, and the end of the transaction leaves. */
void		sandbox_enter(Sandbox *sandbox, Oid owner, bool read_only, const char *what, const char *name);
void		sandbox_set(const char *setting, const char *value);
void		sandbox_leave(Sandbox *sandbox);

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
