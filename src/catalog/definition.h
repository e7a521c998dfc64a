/*
 * definition.h: views and functions of somebody's own that the catalog reads, known by name and by whose they were.
 */
#ifndef KPI_TRACK_DEFINITION_H
#define KPI_TRACK_DEFINITION_H

#include "catalog/sandbox.h"

typedef struct Definition
{
	char	   *name;			/* quoted and qualified */
	char	   *alias;			/* that its query has to give it */
	bool		is_function;
	bool		takes_days;		/* (date, date): from a day on and before another */
	Oid			owner;
} Definition;

/*
 * The first arguments are kind, schema, name and owner. Fails unless it is there, still belongs to that owner, and the caller
 * can act as that. Of_days: a function may take two days. Registered_by: the call that hints name.
 */
Definition	definition_find(FunctionCallInfo fcinfo, bool of_days, const char *registered_by);

/* sandbox_leave() leaves. */
void		definition_enter(Sandbox *sandbox, const Definition *definition);

/* Whether a type, not a domain over it, can name a segment. */
bool		definition_is_text(Oid type);

#endif
