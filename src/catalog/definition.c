/*
 * definition.c: finding a definition, which is a view (or table) or a set-returning function of somebody's own, and reading
 * that of a KPI.
 *
 * What is run is code of the definition's owner, so it runs in a sandbox, and only to read.
 */
#include "kpi_track.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "parser/parse_func.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/syscache.h"

#include "catalog/definition.h"

PG_FUNCTION_INFO_V1(definition_check);
PG_FUNCTION_INFO_V1(definition_read);

#define TEMPLATE_HINT "Make it like: CREATE VIEW ... AS SELECT date_trunc('day', ts)::date AS period_start, count(*) AS value FROM ... GROUP BY 1. " \
	"Columns: period_start, value or numerator and denominator; perhaps segment, n, ci_low, ci_high."

/* Its columns, in the order that kpi.definition_read returns them. */
typedef enum ColumnKind
{
	COLUMN_PERIOD,
	COLUMN_TEXT,
	COLUMN_NUMBER,
	COLUMN_COUNT
} ColumnKind;

typedef struct Column
{
	const char *name;
	ColumnKind	kind;
	const char *cast;			/* to the type that is returned */
	Oid			type;			/* as it is defined; InvalidOid: there is none */
} Column;

enum
{
	PERIOD_START, SEGMENT, VALUE, NUMERATOR, DENOMINATOR, N, CI_LOW, CI_HIGH, COLUMNS
};

static const Column known_columns[COLUMNS] = {
	{"period_start", COLUMN_PERIOD, "date", InvalidOid},
	{"segment", COLUMN_TEXT, "text", InvalidOid},
	{"value", COLUMN_NUMBER, "numeric", InvalidOid},
	{"numerator", COLUMN_NUMBER, "numeric", InvalidOid},
	{"denominator", COLUMN_NUMBER, "numeric", InvalidOid},
	{"n", COLUMN_COUNT, "bigint", InvalidOid},
	{"ci_low", COLUMN_NUMBER, "float8", InvalidOid},
	{"ci_high", COLUMN_NUMBER, "float8", InvalidOid},
};

/* ---- finding it ---- */

static Definition
find_relation(const char *schema, const char *name, const char *quoted, const char *registered_by)
{
	Definition	definition = {.name = pstrdup(quoted)};
	Oid			relation = sandbox_find_relation(schema, name, &definition.owner);

	if (!OidIsValid(relation))
		ereport(ERROR,
				errcode(ERRCODE_UNDEFINED_TABLE),
				errmsg("the definition %s does not exist", quoted),
				errhint("Make it again, or register another one with %s.", registered_by));
	definition.alias = sandbox_relation_alias(relation);
	return definition;
}

static Definition
find_function(const char *schema, const char *name, const char *quoted, bool of_days)
{
	Definition	definition = {.is_function = true};
	List	   *names = list_make2(makeString(pstrdup(schema)), makeString(pstrdup(name)));
	Oid			days[2] = {DATEOID, DATEOID};
	Oid			function = of_days ? LookupFuncName(names, 2, days, true) : InvalidOid;
	HeapTuple	tuple;

	definition.takes_days = OidIsValid(function);
	if (!OidIsValid(function))
		function = LookupFuncName(names, 0, NULL, true);
	if (!OidIsValid(function))
		ereport(ERROR,
				errcode(ERRCODE_UNDEFINED_FUNCTION),
				errmsg("the definition %s() does not exist", quoted),
				of_days ? errhint("It takes no arguments, or two of type date: the first day and the day after the last one.")
				: errhint("It takes no arguments."));
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	definition.owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	ReleaseSysCache(tuple);
	definition.name = psprintf("%s(%s)", quoted, definition.takes_days ? "$1, $2" : "");
	definition.alias = sandbox_function_alias(function);
	return definition;
}

Definition
definition_find(FunctionCallInfo fcinfo, bool of_days, const char *registered_by)
{
	char	   *kind = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *schema = NameStr(*PG_GETARG_NAME(1));
	char	   *name = NameStr(*PG_GETARG_NAME(2));
	char	   *owner = NameStr(*PG_GETARG_NAME(3));
	char	   *quoted = quote_qualified_identifier(schema, name);
	Definition	definition;

	definition = strcmp(kind, "function") == 0 ? find_function(schema, name, quoted, of_days) : find_relation(schema, name, quoted, registered_by);
	if (strcmp(GetUserNameFromId(definition.owner, false), owner) != 0)
		ereport(ERROR,
				errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("the definition %s belongs to %s, and was registered when it belonged to %s", quoted,
					   GetUserNameFromId(definition.owner, false), owner),
				errhint("See whether it is still what it should be, and register it again with %s.", registered_by));
	if (!has_privs_of_role(GetUserId(), definition.owner))
		ereport(ERROR,
				errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("only who can act as %s may run the definition %s", owner, quoted),
				errhint("GRANT %s TO ... makes a role one of them.", quote_identifier(owner)));
	return definition;
}

/* ---- running it ---- */

void
definition_enter(Sandbox *sandbox, const Definition *definition)
{
	sandbox_enter(sandbox, definition->owner, true, "definition", definition->name);
}

bool
definition_is_text(Oid type)
{
	return type == TEXTOID || type == VARCHAROID || type == BPCHAROID || type == NAMEOID;
}

static bool
is_of_kind(Oid type, ColumnKind kind)
{
	switch (kind)
	{
		case COLUMN_PERIOD:
			return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID;
		case COLUMN_TEXT:
			return definition_is_text(type);
		case COLUMN_COUNT:
			return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID;
		case COLUMN_NUMBER:
			return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID || type == FLOAT4OID || type == FLOAT8OID;
	}
	return false;
}

static const char *
kind_name(ColumnKind kind)
{
	return kind == COLUMN_PERIOD ? "date, timestamp or timestamptz" : kind == COLUMN_TEXT ? "text"
		: kind == COLUMN_COUNT ? "an integer or numeric" : "a number";
}

static void
missing_column(const Definition *definition, const char *column)
{
	ereport(ERROR,
			errcode(ERRCODE_UNDEFINED_COLUMN),
			errmsg("the definition %s has no column %s", definition->name, column),
			errhint(TEMPLATE_HINT));
}

/* Describes it without running it; inside a sandbox. */
static void
describe(const Definition *definition, Column *columns)
{
	Oid			days[2] = {DATEOID, DATEOID};
	SPIPlanPtr	plan = sandbox_prepare(psprintf("SELECT * FROM %s AS %s", definition->name, definition->alias), definition->takes_days ? 2 : 0, days);
	CachedPlanSource *source;
	TupleDesc	row;

	source = linitial(SPI_plan_get_plan_sources(plan));
	row = source->resultDesc;
	memcpy(columns, known_columns, sizeof(known_columns));
	for (int i = 0; i < COLUMNS; i++)
	{
		for (int a = 0; row != NULL && a < row->natts; a++)
			if (strcmp(NameStr(TupleDescAttr(row, a)->attname), columns[i].name) == 0)
				columns[i].type = getBaseType(TupleDescAttr(row, a)->atttypid);
		if (OidIsValid(columns[i].type) && !is_of_kind(columns[i].type, columns[i].kind))
			ereport(ERROR,
					errcode(ERRCODE_DATATYPE_MISMATCH),
					errmsg("column %s of the definition %s is of type %s", columns[i].name, definition->name,
						   format_type_be(columns[i].type)),
					errhint("It has to be %s.", kind_name(columns[i].kind)));
	}
	if (!OidIsValid(columns[PERIOD_START].type))
		missing_column(definition, "period_start");
	if (OidIsValid(columns[NUMERATOR].type) != OidIsValid(columns[DENOMINATOR].type))
		missing_column(definition, OidIsValid(columns[NUMERATOR].type) ? "denominator" : "numerator");
	if (!OidIsValid(columns[VALUE].type) && !OidIsValid(columns[NUMERATOR].type))
		missing_column(definition, "value");
	SPI_freeplan(plan);
}

/* (kind, schema, name, owner): the columns that it has of those that KPIs know. */
Datum
definition_check(PG_FUNCTION_ARGS)
{
	Definition	definition = definition_find(fcinfo, true, "kpi.define()");
	Column		columns[COLUMNS];
	Datum		names[COLUMNS];
	int			count = 0;
	Sandbox		sandbox;

	definition_enter(&sandbox, &definition);
	describe(&definition, columns);
	sandbox_leave(&sandbox);
	for (int i = 0; i < COLUMNS; i++)
		if (OidIsValid(columns[i].type))
			names[count++] = CStringGetTextDatum(columns[i].name);
	PG_RETURN_ARRAYTYPE_P(construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* A day by the clocks of the zone ($3), as the type that the periods are of. */
static const char *
bound(const Column *period, const char *parameter)
{
	return period->type == DATEOID ? parameter
		: period->type == TIMESTAMPOID ? psprintf("%s::timestamp", parameter)
		: psprintf("(%s::timestamp AT TIME ZONE $3)", parameter);
}

static char *
make_query(const Definition *definition, const Column *columns)
{
	StringInfoData query;
	const Column *period = &columns[PERIOD_START];

	initStringInfo(&query);
	for (int i = 0; i < COLUMNS; i++)
	{
		const char *expression = !OidIsValid(columns[i].type) ? "NULL" : columns[i].name;

		if (i == PERIOD_START && period->type == TIMESTAMPTZOID)
			expression = "(period_start AT TIME ZONE $3)";
		appendStringInfo(&query, "%s %s::%s", i == 0 ? "SELECT" : ",", expression, columns[i].cast);
	}
	/* a period that is null passes, to be told about */
	appendStringInfo(&query, " FROM %s AS %s WHERE (period_start >= %s AND period_start < %s) OR period_start IS NULL",
					 definition->name, definition->alias, bound(period, "$1"), bound(period, "$2"));
	return query.data;
}

/* (kind, schema, name, owner, zone, from_day, to_day): its rows of the days from one on and before another. */
Datum
definition_read(PG_FUNCTION_ARGS)
{
	Definition	definition = definition_find(fcinfo, true, "kpi.define()");
	Column		columns[COLUMNS];
	Sandbox		sandbox;
	Oid			types[3] = {DATEOID, DATEOID, TEXTOID};
	Datum		values[3] = {PG_GETARG_DATUM(5), PG_GETARG_DATUM(6), PG_GETARG_DATUM(4)};

	materialize_rows(fcinfo);
	definition_enter(&sandbox, &definition);
	describe(&definition, columns);
	sandbox_read(fcinfo, make_query(&definition, columns), 3, types, values, NULL);
	sandbox_leave(&sandbox);
	return (Datum) 0;
}
