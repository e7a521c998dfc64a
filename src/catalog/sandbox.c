/*
 * sandbox.c: running somebody else's code as that role.
 */
#include "kpi_track.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "catalog/sandbox.h"

Oid
sandbox_find_relation(const char *schema, const char *name, Oid *owner)
{
	Oid			relation = RangeVarGetRelid(makeRangeVar(pstrdup(schema), pstrdup(name), -1), AccessShareLock, true);
	HeapTuple	tuple;

	if (!OidIsValid(relation))
		return InvalidOid;
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relation);
	*owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return relation;
}

/* ---- names that lead to what was looked at ---- */

#define RELATION_ALIAS	"kpi_track_relation_"
#define FUNCTION_ALIAS	"kpi_track_function_"

static post_parse_analyze_hook_type next_hook;
static uint64 names_checked;

char *
sandbox_relation_alias(Oid relation)
{
	return psprintf(RELATION_ALIAS "%u", relation);
}

char *
sandbox_function_alias(Oid function)
{
	return psprintf(FUNCTION_ALIAS "%u", function);
}

static Oid
function_of(const RangeTblEntry *entry)
{
	RangeTblFunction *function = entry->rtekind == RTE_FUNCTION && list_length(entry->functions) == 1 ? linitial(entry->functions) : NULL;

	return function != NULL && IsA(function->funcexpr, FuncExpr) ? ((FuncExpr *) function->funcexpr)->funcid : InvalidOid;
}

static void
check_entry(const RangeTblEntry *entry)
{
	const char *alias = entry->alias != NULL ? entry->alias->aliasname : "";
	Oid			found;

	if (strncmp(alias, RELATION_ALIAS, strlen(RELATION_ALIAS)) == 0)
		found = entry->rtekind == RTE_RELATION ? entry->relid : InvalidOid;
	else if (strncmp(alias, FUNCTION_ALIAS, strlen(FUNCTION_ALIAS)) == 0)
		found = function_of(entry);
	else
		return;
	if (strtoul(alias + strlen(RELATION_ALIAS), NULL, 10) != found)
		ereport(ERROR,
				errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				errmsg("something else has taken the place of what was to be read while that was looked at"),
				errhint("See who may rename or create in the schema, and try again."));
	names_checked++;
}

static bool
check_names(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
	{
		check_entry((RangeTblEntry *) node);
		return false;
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, check_names, context, QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, check_names, context);
}

/* Before views are replaced by what they are made of, and before anything of the query is worked out. */
static void
check_query(ParseState *state, Query *query, HookJumbleState *jumble)
{
	if (next_hook != NULL)
		next_hook(state, query, jumble);
	if (state->p_sourcetext != NULL && strstr(state->p_sourcetext, "kpi_track_") != NULL)
		(void) check_names((Node *) query, NULL);
}

void
sandbox_install(void)
{
	StaticAssertStmt(sizeof(RELATION_ALIAS) == sizeof(FUNCTION_ALIAS), "the number begins at the same place");
	next_hook = post_parse_analyze_hook;
	post_parse_analyze_hook = check_query;
}

/* ---- running ---- */

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
	/*
	 * Also for functions that the query calls; they cannot take it back. Not by the setting, which PostgreSQL 16 and later let nobody
	 * change for a while. An error leaves it to the abort of the (sub)transaction, which restores what was.
	 */
	sandbox->read_only = XactReadOnly;
	if (read_only)
		XactReadOnly = true;
	SPI_connect();
}

void
sandbox_leave(Sandbox *sandbox)
{
	SPI_finish();
	XactReadOnly = sandbox->read_only;
	AtEOXact_GUC(false, sandbox->settings);
	SetUserIdAndSecContext(sandbox->user, sandbox->context);
	error_context_stack = sandbox->callback.previous;
}

SPIPlanPtr
sandbox_prepare(const char *query, int count, Oid *types)
{
	uint64		checked = names_checked;
	SPIPlanPtr	plan = SPI_prepare(query, count, types);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (names_checked == checked)
		elog(ERROR, "the hook of kpi_track was not called: another library does not call the hooks before it");
	return plan;
}

#define ROWS_AT_A_TIME 1000

void
sandbox_read(FunctionCallInfo fcinfo, const char *query, int count, Oid *types, Datum *values, const char *nulls)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	SPIPlanPtr	plan = sandbox_prepare(query, count, types);
	Portal		portal = SPI_cursor_open(NULL, plan, values, nulls, true);

	for (;;)
	{
		SPI_cursor_fetch(portal, true, ROWS_AT_A_TIME);
		if (SPI_processed == 0)
			break;
		for (uint64 i = 0; i < SPI_processed; i++)
			tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
		SPI_freetuptable(SPI_tuptable);
		CHECK_FOR_INTERRUPTS();
	}
	SPI_cursor_close(portal);
}

bool
sandbox_is_label(Oid base_type)
{
	return base_type == TEXTOID || base_type == VARCHAROID || base_type == BPCHAROID || base_type == NAMEOID || type_is_enum(base_type);
}

char *
sandbox_label_expression(const char *column, Oid base_type)
{
	return psprintf(type_is_enum(base_type) ? "pg_catalog.textin(pg_catalog.enum_out(%s))" : "%s::pg_catalog.text", column);
}
