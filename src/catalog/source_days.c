/*
 * source_days.c: what is to be known of the rows of a source to tell whether they can be trusted: counts by day and event,
 * duplicates, delays; and up to when there are any.
 *
 * One statement, made of nothing but the quoted names of columns that are there and of the right type. The relation may be a
 * view of somebody else, so it runs in the sandbox of its owner (sandbox.h), and only for who can act as that.
 */
#include "kpi_track.h"

#include "catalog/pg_type.h"
#include "catalog/sandbox.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"

PG_FUNCTION_INFO_V1(source_days);
PG_FUNCTION_INFO_V1(source_newest);

/* Columns of a source, in the order of the argument. Only the first has to be there. */
enum
{
	AT, ACTOR, EVENT, VALUE, LOADED_AT, ID, COLUMNS
};

typedef struct SourceColumn
{
	const char *name;			/* as it is; NULL: the source has none */
	char	   *quoted;			/* with the alias of the source */
	Oid			type;
} SourceColumn;

typedef struct SourceRelation
{
	char	   *name;			/* quoted and qualified */
	char	   *reference;		/* with its alias */
	char	   *alias;
	Oid			owner;
	SourceColumn columns[COLUMNS];
	char	   *identity;		/* expression: rows that have the same are one event, twice */
} SourceRelation;

static void
find_relation(SourceRelation *relation, const char *schema, const char *name, const char *owner)
{
	Oid			found = sandbox_find_relation(schema, name, &relation->owner);

	relation->name = quote_qualified_identifier(schema, name);
	relation->alias = sandbox_relation_alias(found);
	relation->reference = psprintf("%s AS %s", relation->name, relation->alias);
	if (!OidIsValid(found))
		ereport(ERROR,
				errcode(ERRCODE_UNDEFINED_TABLE),
				errmsg("the relation %s does not exist", relation->name),
				errhint("Make it again, or register another one with kpi.add_source()."));
	if (strcmp(GetUserNameFromId(relation->owner, false), owner) != 0)
		ereport(ERROR,
				errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("the relation %s belongs to %s, and was registered when it belonged to %s", relation->name,
					   GetUserNameFromId(relation->owner, false), owner),
				errhint("See whether it is still what it should be, and register it again with kpi.add_source()."));
	if (!has_privs_of_role(GetUserId(), relation->owner))
		ereport(ERROR,
				errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("only who can act as %s may read the relation %s for a check", owner, relation->name),
				errhint("GRANT %s TO ... makes a role one of them.", quote_identifier(owner)));
}

static bool
is_time(Oid type)
{
	return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID;
}

static bool
is_number(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID || type == FLOAT4OID || type == FLOAT8OID;
}

/* Describes it without running it; inside the sandbox. */
static void
describe(SourceRelation *relation)
{
	SPIPlanPtr	plan = sandbox_prepare(psprintf("SELECT * FROM %s", relation->reference), 0, NULL);
	StringInfoData identity;
	TupleDesc	row;

	row = ((CachedPlanSource *) linitial(SPI_plan_get_plan_sources(plan)))->resultDesc;
	for (int i = 0; i < COLUMNS; i++)
	{
		SourceColumn *column = &relation->columns[i];

		if (column->name == NULL)
			continue;
		for (int a = 0; a < row->natts; a++)
			if (strcmp(NameStr(TupleDescAttr(row, a)->attname), column->name) == 0)
				column->type = getBaseType(TupleDescAttr(row, a)->atttypid);
		if (!OidIsValid(column->type))
			ereport(ERROR,
					errcode(ERRCODE_UNDEFINED_COLUMN),
					errmsg("the relation %s has no column \"%s\"", relation->name, column->name),
					errhint("Register it again with kpi.add_source()."));
		if ((i == AT || i == LOADED_AT) ? !is_time(column->type) : i == VALUE && !is_number(column->type))
			ereport(ERROR,
					errcode(ERRCODE_DATATYPE_MISMATCH),
					errmsg("column \"%s\" of the relation %s is of type %s", column->name, relation->name, format_type_be(column->type)),
					errhint("It has to be %s.", i == VALUE ? "a number" : "date, timestamp or timestamptz"));
		if (i == EVENT && !sandbox_is_label(column->type))
			ereport(ERROR,
					errcode(ERRCODE_DATATYPE_MISMATCH),
					errmsg("column \"%s\" of the relation %s is of type %s", column->name, relation->name, format_type_be(column->type)),
					errhint("It has to be text or an enum."));
		column->quoted = psprintf("%s.%s", relation->alias, quote_identifier(column->name));
	}
	initStringInfo(&identity);
	if (relation->columns[ID].quoted != NULL)
		appendStringInfoString(&identity, relation->columns[ID].quoted);
	else
	{
		/* without an id all columns tell; what was loaded twice was loaded at another time */
		appendStringInfoString(&identity, "pg_catalog.md5(ROW(");
		for (int a = 0, written = 0; a < row->natts; a++)
		{
			const char *name = NameStr(TupleDescAttr(row, a)->attname);

			if (relation->columns[LOADED_AT].name == NULL || strcmp(name, relation->columns[LOADED_AT].name) != 0)
				appendStringInfo(&identity, "%s%s.%s", written++ ? ", " : "", relation->alias, quote_identifier(name));
		}
		appendStringInfoString(&identity, ")::text)");
	}
	relation->identity = identity.data;
	SPI_freeplan(plan);
}

/* What is of one of the three types of times as a timestamptz, by the clocks of the zone ($3). */
static const char *
as_moment(const SourceColumn *column)
{
	return column->type == TIMESTAMPTZOID ? column->quoted : psprintf("(%s::timestamp AT TIME ZONE $3)", column->quoted);
}

/* A timestamptz the other way round, so that an index on the column serves to compare with it. */
static const char *
as_column(const SourceColumn *column, const char *moment)
{
	return column->type == TIMESTAMPTZOID ? moment
		: column->type == TIMESTAMPOID ? psprintf("(%s AT TIME ZONE $3)", moment)
		: psprintf("(%s AT TIME ZONE $3)::date", moment);
}

/* The time of the newest row as of $2, as a timestamptz. An index on the column serves it. */
static const char *
newest(const SourceRelation *relation)
{
	const SourceColumn *at = &relation->columns[AT];

	return psprintf("(SELECT max(%s) FROM %s WHERE %s <= %s)%s", at->quoted, relation->reference, at->quoted, as_column(at, "$2"),
					at->type == TIMESTAMPTZOID ? "" : "::timestamp AT TIME ZONE $3");
}

#define FROM_MOMENT "($1::timestamp AT TIME ZONE $3)"

/*
 * $1: the first day; $2: as of when; $3: the zone; $4: days after which a row is too late. What is later than $2 had not happened
 * then, unless it is later than now, which cannot be. A minute is left to clocks that differ.
 */
static char *
make_query(const SourceRelation *relation)
{
	const SourceColumn *at = &relation->columns[AT];
	const SourceColumn *loaded = &relation->columns[LOADED_AT];
	const char *actor = relation->columns[ACTOR].quoted;
	const char *event = relation->columns[EVENT].quoted;
	const char *value = relation->columns[VALUE].quoted;
	bool		has_loaded = loaded->quoted != NULL;
	StringInfoData query;

	initStringInfo(&query);
	/* not MATERIALIZED: rows are read once more for the duplicates and the delays, which is cheaper than to keep them */
	appendStringInfo(&query,
					 "WITH seen AS NOT MATERIALIZED ("
					 "SELECT %s AS at, (%s AT TIME ZONE $3)::date AS day, %s AS event, %s AS loaded, %s AS no_actor, %s AS no_value, %s AS negative, %s AS identity "
					 "FROM %s WHERE %s >= %s)",
					 as_moment(at), as_moment(at), event ? sandbox_label_expression(event, relation->columns[EVENT].type) : "''::text", has_loaded ? psprintf("CASE WHEN isfinite(%s) THEN %s END", as_moment(loaded), as_moment(loaded)) : "NULL::timestamptz",
					 actor ? psprintf("%s IS NULL", actor) : "false", value ? psprintf("%s IS NULL", value) : "false", value ? psprintf("coalesce(%s < 0, false)", value) : "false",
					 relation->identity, relation->reference, at->quoted, as_column(at, FROM_MOMENT));
	/* what is later than it can be has no day to count for; infinity cannot be subtracted from either */
	appendStringInfo(&query,
					 ", known AS NOT MATERIALIZED (SELECT *, at > $2 AS future FROM seen WHERE (at <= $2 OR at > greatest($2, now()) + interval '1 minute') AND (loaded > $2 AND loaded <= now()) IS NOT TRUE)"
					 ", days AS MATERIALIZED ("
					 "SELECT future, CASE WHEN NOT future THEN day END AS day, CASE WHEN NOT future THEN event END AS event, count(*) AS n, count(*) FILTER (WHERE no_actor) AS no_actor, count(*) FILTER (WHERE no_value) AS no_value, "
					 "count(*) FILTER (WHERE negative) AS negative, count(*) FILTER (WHERE CASE WHEN NOT future THEN %s END) AS early, "
					 "count(*) FILTER (WHERE CASE WHEN NOT future THEN (loaded AT TIME ZONE $3)::date - day > $4 END) AS late, %s AS last_at, max(loaded) AS last_loaded FROM known GROUP BY 1, 2, 3)"
					 "SELECT CASE WHEN future THEN 'future' ELSE 'rows' END, day, event, n, no_actor, no_value, negative, early, late, last_at, last_loaded, NULL::float8, NULL::int4 FROM days",
					 loaded->type == DATEOID ? "(loaded AT TIME ZONE $3)::date < day" : "loaded < at - interval '1 minute'",
					 /* a day counts up to its end */
					 at->type == DATEOID ? "CASE WHEN future THEN max(at) ELSE least($2, (max(day) + 1)::timestamp AT TIME ZONE $3) END" : "max(at)");
	appendStringInfoString(&query,
						   " UNION ALL SELECT 'duplicates', day, NULL, sum(n - 1)::int8, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL "
						   "FROM (SELECT min(day) AS day, count(*) AS n FROM known WHERE NOT future AND identity IS NOT NULL GROUP BY identity HAVING count(*) > 1) AS same GROUP BY day");
	if (has_loaded)
		appendStringInfoString(&query,
							   " UNION ALL SELECT 'delay', NULL, NULL, count(*), NULL, NULL, NULL, NULL, NULL, NULL, NULL, percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM loaded - at)::float8), "
							   "percentile_disc(0.999) WITHIN GROUP (ORDER BY (loaded AT TIME ZONE $3)::date - day) FROM known WHERE NOT future AND loaded IS NOT NULL");
	appendStringInfo(&query, " UNION ALL SELECT 'no_time', NULL, NULL, count(*), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM %s WHERE %s IS NULL%s",
					 relation->reference, at->quoted, has_loaded ? psprintf(" AND (%s >= %s) IS NOT FALSE", loaded->quoted, as_column(loaded, FROM_MOMENT)) : "");
	/* the newest of all, if that is not among those that were read */
	appendStringInfo(&query, " UNION ALL SELECT 'newest', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, %s, NULL, NULL, NULL WHERE NOT EXISTS (SELECT FROM days WHERE NOT future)", newest(relation));
	return query.data;
}

/* Reads a relation in the sandbox of its owner: $1 a day, $2 as of when, $3 the zone of its clocks, $4 days. */
static void
read_relation(FunctionCallInfo fcinfo, SourceRelation *relation, char *(*make) (const SourceRelation *relation), Datum *values)
{
	Sandbox		sandbox;
	Oid			types[4] = {DATEOID, TIMESTAMPTZOID, TEXTOID, INT4OID};

	find_relation(relation, NameStr(*PG_GETARG_NAME(0)), NameStr(*PG_GETARG_NAME(1)), NameStr(*PG_GETARG_NAME(2)));
	materialize_rows(fcinfo);
	sandbox_enter(&sandbox, relation->owner, true, "source", relation->name);
	describe(relation);
	sandbox_read(fcinfo, make(relation), 4, types, values, NULL);
	sandbox_leave(&sandbox);
}

/* (schema, name, owner, columns, zone, from_day, as_of, lookback): counts of its rows from a day on. */
Datum
source_days(PG_FUNCTION_ARGS)
{
	SourceRelation relation = {0};
	Datum	   *names;
	bool	   *nulls;
	int			count = array_argument(fcinfo, 3, TEXTOID, "columns", &names, &nulls);
	Datum		values[4] = {PG_GETARG_DATUM(5), PG_GETARG_DATUM(6), PG_GETARG_DATUM(4), PG_GETARG_DATUM(7)};

	if (count != COLUMNS || nulls[AT])
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("a source has %d columns, the first of them not null: time, actor, event, value, loaded at, id", COLUMNS));
	for (int i = 0; i < count; i++)
		relation.columns[i].name = nulls[i] ? NULL : TextDatumGetCString(names[i]);
	read_relation(fcinfo, &relation, make_query, values);
	return (Datum) 0;
}

/* The day after that of the newest row; null if there is none. */
static char *
make_newest_query(const SourceRelation *relation)
{
	return psprintf("SELECT (%s AT TIME ZONE $3)::date + 1", newest(relation));
}

/* (schema, name, owner, at, zone, as_of): days before which one there are rows. */
Datum
source_newest(PG_FUNCTION_ARGS)
{
	SourceRelation relation = {0};
	Datum		values[4] = {DateADTGetDatum(0), PG_GETARG_DATUM(5), PG_GETARG_DATUM(4), Int32GetDatum(0)};

	relation.columns[AT].name = NameStr(*PG_GETARG_NAME(3));
	read_relation(fcinfo, &relation, make_newest_query, values);
	return (Datum) 0;
}
