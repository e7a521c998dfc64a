/*
 * store.c: keeping the timeline store of a source up to date.
 *
 * Days of the source are read anew and take the place of what the stored timelines have of those days, in one statement and
 * so by one snapshot. Reading runs code of the source's owner (views, casts) and so does writing (triggers of the store), so
 * both are done in a sandbox as that role, with settings that make texts of values the same whoever refreshes.
 */
#include "kpi_track.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "catalog/sandbox.h"

PG_FUNCTION_INFO_V1(store_check);
PG_FUNCTION_INFO_V1(store_write);

#define MAX_STRETCHES	16		/* more are read as one */
/* 0001-01-01: nothing earlier is a day that one could count from to both sides */
#define FIRST_DAY		(1721426 - POSTGRES_EPOCH_JDATE)

/* Days [from, to). */
typedef struct Stretch
{
	DateADT		from;			/* DATEVAL_NOBEGIN: no bound */
	DateADT		to;				/* DATEVAL_NOEND: no bound */
} Stretch;

typedef struct Store
{
	/* of the row of kpi.source; names that are null are NULL */
	const char *source;
	const char *owner;
	const char *actor;
	const char *at;
	const char *event;
	const char *value;
	const char *zone;			/* a literal */
	char	   *relation;		/* quoted and qualified */
	char	   *row;			/* its alias */
	char	   *table;			/* the store, likewise */
	char	   *stored;			/* its alias */
	const char *schema;			/* of the extension, quoted */
	/* looked up */
	Oid			role;
	Oid			at_type;
	Oid			event_type;
	Oid			value_type;
	char	   *actor_type;		/* as SQL writes it */
	const char *actor_eq;		/* its equality, as OPERATOR(…) */
	bool		actor_by_text;	/* actors are the same just if their texts are */
	int			nstretches;
	Stretch		stretches[MAX_STRETCHES];
} Store;

/* ---- the row of kpi.source ---- */

/* A name; if it is `required`, which is what the source is called, it must not be null. */
static const char *
name_field(HeapTupleHeader row, const char *field, const char *required)
{
	bool		is_null;
	Datum		value = GetAttributeByName(row, field, &is_null);

	if (!is_null)
		return pstrdup(NameStr(*DatumGetName(value)));
	if (required != NULL)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("source \"%s\" has no %s", required, field),
				errhint("A timeline store needs to know who did something and when: register the source with both by kpi.add_source()."));
	return NULL;
}

static const char *
text_field(HeapTupleHeader row, const char *field)
{
	bool		is_null;
	Datum		value = GetAttributeByName(row, field, &is_null);

	return is_null ? "" : text_to_cstring(DatumGetTextPP(value));
}

/* Fails unless the relation is there and belongs to the role that it belonged to. */
static Oid
find_relation(const Store *store, const char *schema, const char *name, const char *owner, const char *hint)
{
	char	   *quoted = quote_qualified_identifier(schema, name);
	Oid			role = InvalidOid;
	Oid			relation = sandbox_find_relation(schema, name, &role);
	char	   *current;

	if (!OidIsValid(relation))
		ereport(ERROR,
				errcode(ERRCODE_UNDEFINED_TABLE),
				errmsg("%s of source \"%s\" does not exist", quoted, store->source),
				errhint("%s", hint));
	current = GetUserNameFromId(role, false);
	if (strcmp(current, owner) != 0)
		ereport(ERROR,
				errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("%s of source \"%s\" belongs to %s, and should belong to %s", quoted, store->source, current, owner),
				errhint("%s", hint));
	return relation;
}

/* The type of a column, domains replaced by what they are made of. */
static Oid
column_type(const Store *store, Oid relation, const char *column, int32 *typmod, Oid *collation)
{
	HeapTuple	tuple = SearchSysCacheAttName(relation, column);
	Form_pg_attribute attribute;
	Oid			type;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				errcode(ERRCODE_UNDEFINED_COLUMN),
				errmsg("%s of source \"%s\" has no column %s", store->relation, store->source, quote_identifier(column)),
				errhint("Register the source again with kpi.add_source()."));
	attribute = (Form_pg_attribute) GETSTRUCT(tuple);
	type = attribute->atttypid;
	*typmod = attribute->atttypmod;
	*collation = attribute->attcollation;
	ReleaseSysCache(tuple);
	return type;
}

static void
describe_actor(Store *store, Oid relation)
{
	int32		typmod;
	Oid			collation;
	Oid			type = column_type(store, relation, store->actor, &typmod, &collation);
	/* not the domain: its constraints are code of who owns it */
	Oid			base = getBaseTypeAndTypmod(type, &typmod);
	TypeCacheEntry *entry = lookup_type_cache(base, TYPECACHE_EQ_OPR | TYPECACHE_BTREE_OPFAMILY);
	HeapTuple	tuple;
	Form_pg_operator operator;

	if (!OidIsValid(entry->btree_opf) || !OidIsValid(entry->eq_opr))
		ereport(ERROR,
				errcode(ERRCODE_UNDEFINED_FUNCTION),
				errmsg("the actors of source \"%s\" are of type %s, which has no order", store->source, format_type_be(type)),
				errhint("Register a view that casts them, for example to text."));
	store->actor_type = format_type_extended(base, typmod, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(entry->eq_opr));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", entry->eq_opr);
	operator = (Form_pg_operator) GETSTRUCT(tuple);
	store->actor_eq = psprintf("OPERATOR(%s.%s)", quote_identifier(get_namespace_name(operator->oprnamespace)), NameStr(operator->oprname));
	ReleaseSysCache(tuple);
	store->actor_by_text = base == INT2OID || base == INT4OID || base == INT8OID || base == UUIDOID ||
		((base == TEXTOID || base == VARCHAROID) && get_collation_isdeterministic(collation));
}

static void
wrong_type(const Store *store, const char *column, Oid type, const char *what)
{
	ereport(ERROR,
			errcode(ERRCODE_DATATYPE_MISMATCH),
			errmsg("column %s of source \"%s\" is of type %s", quote_identifier(column), store->source, format_type_be(type)),
			errhint("It has to be %s.", what));
}

static bool
is_number(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID || type == FLOAT4OID || type == FLOAT8OID;
}

static Store
open_source(FunctionCallInfo fcinfo)
{
	HeapTupleHeader row = row_argument(0);
	Store		store = {0};
	const char *schema;
	const char *relation_name;
	Oid			relation;
	int32		typmod;
	Oid			collation;

	store.source = text_field(row, "name");
	schema = name_field(row, "relation_schema", store.source);
	relation_name = name_field(row, "relation_name", store.source);
	store.owner = name_field(row, "owner", store.source);
	store.actor = name_field(row, "actor_column", store.source);
	store.at = name_field(row, "at_column", store.source);
	store.event = name_field(row, "event_column", NULL);
	store.value = name_field(row, "value_column", NULL);
	store.zone = quote_literal_cstr(text_field(row, "zone"));
	store.schema = quote_identifier(get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid)));
	store.relation = pstrdup(quote_qualified_identifier(schema, relation_name));
	store.role = get_role_oid(store.owner, true);
	if (!OidIsValid(store.role))
		ereport(ERROR,
				errcode(ERRCODE_UNDEFINED_OBJECT),
				errmsg("source \"%s\" belongs to %s, and there is no such role", store.source, store.owner),
				errhint("UPDATE kpi.source SET owner = ... gives it to another one."));
	if (!has_privs_of_role(GetUserId(), store.role))
		ereport(ERROR,
				errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				errmsg("only who can act as %s may read source \"%s\" into its store", store.owner, store.source),
				errhint("GRANT %s TO ... makes a role one of them.", quote_identifier(store.owner)));
	relation = find_relation(&store, schema, relation_name, name_field(row, "relation_owner", store.source),
							 "See whether it is still what it should be, and register the source again with kpi.add_source().");
	store.row = sandbox_relation_alias(relation);
	describe_actor(&store, relation);
	store.at_type = getBaseType(column_type(&store, relation, store.at, &typmod, &collation));
	if (store.at_type != TIMESTAMPTZOID && store.at_type != TIMESTAMPOID && store.at_type != DATEOID)
		wrong_type(&store, store.at, store.at_type, "timestamptz, timestamp or date");
	/* anything else would be cast by code of who owns the type; it was refused when the source was registered, and may have changed since */
	if (store.event != NULL)
	{
		store.event_type = getBaseType(column_type(&store, relation, store.event, &typmod, &collation));
		if (!sandbox_is_label(store.event_type))
			wrong_type(&store, store.event, store.event_type, "text or an enum");
	}
	if (store.value != NULL)
	{
		store.value_type = getBaseType(column_type(&store, relation, store.value, &typmod, &collation));
		if (!is_number(store.value_type))
			wrong_type(&store, store.value, store.value_type, "a number");
	}
	return store;
}

/* (source): the type of its actors, as SQL writes it, if a store can be made of it. */
Datum
store_check(PG_FUNCTION_ARGS)
{
	Store		store = open_source(fcinfo);

	PG_RETURN_TEXT_P(cstring_to_text(store.actor_type));
}

/* ---- the days ---- */

static void
read_days(Store *store, MultirangeType *days)
{
	TypeCacheEntry *type = lookup_type_cache(MultirangeTypeGetOid(days), TYPECACHE_MULTIRANGE_INFO);
	RangeType **ranges;
	int32		count;

	multirange_deserialize(type->rngtype, days, &count, &ranges);
	for (int i = 0; i < count; i++)
	{
		RangeBound	lower;
		RangeBound	upper;
		bool		empty;
		Stretch		stretch;

		range_deserialize(type->rngtype, ranges[i], &lower, &upper, &empty);
		stretch.from = lower.infinite ? DATEVAL_NOBEGIN : DatumGetDateADT(lower.val);
		stretch.to = upper.infinite ? DATEVAL_NOEND : DatumGetDateADT(upper.val);
		if (stretch.from < FIRST_DAY)
			stretch.from = DATEVAL_NOBEGIN;
		/* what a clock without zone shows may be skipped when it is put forward, and belong to the next day */
		if (store->at_type != TIMESTAMPTZOID && stretch.to != DATEVAL_NOEND)
			stretch.to++;
		if (count <= MAX_STRETCHES)
			store->stretches[store->nstretches++] = stretch;
		else if (i == 0)
			store->stretches[store->nstretches++] = stretch;
		else
			store->stretches[0].to = stretch.to;
	}
}

static const char *
day_literal(DateADT day)
{
	return quote_literal_cstr(DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day))));
}

/* When a day begins by the clocks of the source. */
static const char *
moment_of(const Store *store, DateADT day)
{
	return psprintf("(%s::pg_catalog.date::pg_catalog.timestamp AT TIME ZONE %s)", day_literal(day), store->zone);
}

/* ---- the statement ---- */

static bool
bounded_from(const Stretch *stretch)
{
	return stretch->from != DATEVAL_NOBEGIN;
}

static bool
bounded_to(const Stretch *stretch)
{
	return stretch->to != DATEVAL_NOEND;
}

static const char *
event_time(const Store *store)
{
	const char *column = psprintf("%s.%s", store->row, quote_identifier(store->at));

	return store->at_type == TIMESTAMPTZOID ? psprintf("%s::pg_catalog.timestamptz", column)
		: psprintf("(%s::pg_catalog.timestamp AT TIME ZONE %s)", column, store->zone);
}

/* The rows of these days, events at the infinities apart. */
static char *
rows_query(const Store *store)
{
	StringInfoData query;
	const char *time = event_time(store);

	initStringInfo(&query);
	appendStringInfo(&query, "SELECT %s.%s AS actor, %s AS at, %s AS event", store->row, quote_identifier(store->actor), time,
					 store->event == NULL ? "'event'::pg_catalog.text" : sandbox_label_expression(psprintf("%s.%s", store->row, quote_identifier(store->event)), store->event_type));
	if (store->value != NULL)
		appendStringInfo(&query, ", %s.%s%s AS value", store->row, quote_identifier(store->value),
						 store->value_type == INT2OID || store->value_type == INT4OID || store->value_type == INT8OID ? "" : "::pg_catalog.numeric");
	appendStringInfo(&query, " FROM %s AS %s WHERE", store->relation, store->row);
	for (int i = 0; i < store->nstretches; i++)
	{
		const Stretch *stretch = &store->stretches[i];

		appendStringInfo(&query, "%s (%s OPERATOR(pg_catalog.%s) %s AND %s OPERATOR(pg_catalog.<) %s", i == 0 ? "" : " OR",
						 time, bounded_from(stretch) ? ">=" : ">", bounded_from(stretch) ? moment_of(store, stretch->from) : "'-infinity'",
						 time, bounded_to(stretch) ? moment_of(store, stretch->to) : "'infinity'");
		/* the same once more, with some to spare, in a way that an index can be used for */
		if (store->at_type != TIMESTAMPTZOID && bounded_from(stretch))
			appendStringInfo(&query, " AND %s.%s OPERATOR(pg_catalog.>=) %s::pg_catalog.date",
							 store->row, quote_identifier(store->at), day_literal(stretch->from - 1));
		if (store->at_type != TIMESTAMPTZOID && bounded_to(stretch))
			appendStringInfo(&query, " AND %s.%s OPERATOR(pg_catalog.<=) %s::pg_catalog.date",
							 store->row, quote_identifier(store->at), day_literal(stretch->to + 1));
		appendStringInfoChar(&query, ')');
	}
	return query.data;
}

/* Their timelines. */
static char *
fresh_query(const Store *store)
{
	if (store->actor_by_text)
		return psprintf("SELECT q.actor::%s AS actor, q.timeline FROM %s.timelines(%s) AS q", store->actor_type, store->schema,
						quote_literal_cstr(rows_query(store)));
	/* texts that differ may be the same actor, such as 1.0 and 1.00 */
	return psprintf("SELECT q.actor, %s.timeline(q.at, q.event%s) AS timeline FROM (%s) AS q WHERE q.actor IS NOT NULL GROUP BY q.actor",
					store->schema, store->value != NULL ? ", q.value" : "", rows_query(store));
}

/* What a stored timeline has of other days. */
static char *
kept_expression(const Store *store)
{
	char	   *kept = NULL;

	for (int i = 0; i <= store->nstretches; i++)
	{
		const Stretch *before = i > 0 ? &store->stretches[i - 1] : NULL;
		const Stretch *behind = i < store->nstretches ? &store->stretches[i] : NULL;
		char	   *slice;

		if ((before != NULL && !bounded_to(before)) || (behind != NULL && !bounded_from(behind)))
			continue;
		slice = psprintf("%s.slice(%s.timeline, %s, %s)", store->schema, store->stored, before != NULL ? moment_of(store, before->to) : "NULL",
						 behind != NULL ? moment_of(store, behind->from) : "NULL");
		kept = kept == NULL ? slice : psprintf("%s.merge(%s, %s)", store->schema, kept, slice);
	}
	return kept != NULL ? kept : psprintf("'{}'::%s.timeline", store->schema);
}

/* Whether a stored timeline may have events of these days. */
static char *
touched_condition(const Store *store)
{
	StringInfoData condition;

	initStringInfo(&condition);
	for (int i = 0; i < store->nstretches; i++)
	{
		const Stretch *stretch = &store->stretches[i];

		appendStringInfoString(&condition, i == 0 ? "(" : " OR (");
		appendStringInfo(&condition, "%s.first_at OPERATOR(pg_catalog.<) %s", store->stored, bounded_to(stretch) ? moment_of(store, stretch->to) : "'infinity'");
		if (bounded_from(stretch))
			appendStringInfo(&condition, " AND %s.last_at OPERATOR(pg_catalog.>=) %s", store->stored, moment_of(store, stretch->from));
		appendStringInfoChar(&condition, ')');
	}
	return condition.data;
}

/* Into an empty store: what is read is all there is to it. */
static char *
fill_statement(const Store *store)
{
	return psprintf("WITH put AS (INSERT INTO %s AS %s (actor, timeline, first_at, last_at) "
					"SELECT f.actor, f.timeline, %s.first_at(f.timeline), %s.last_at(f.timeline) FROM (%s) AS f WHERE %s.length(f.timeline) OPERATOR(pg_catalog.>) 0 "
					"RETURNING 1) SELECT pg_catalog.count(*) FROM put",
					store->table, store->stored, store->schema, store->schema, fresh_query(store), store->schema);
}

static char *
write_statement(const Store *store)
{
	StringInfoData query;
	char	   *kept = kept_expression(store);

	initStringInfo(&query);
	appendStringInfo(&query, "WITH fresh AS MATERIALIZED (%s), ", fresh_query(store));
	appendStringInfo(&query, "changed AS MATERIALIZED ("
					 "SELECT f.actor, %s.timeline AS was, %s.merge(coalesce(%s, '{}'), f.timeline) AS becomes "
					 "FROM fresh AS f LEFT JOIN %s AS %s ON %s.actor %s f.actor ", store->stored, store->schema, kept, store->table, store->stored, store->stored, store->actor_eq);
	appendStringInfo(&query, "UNION ALL SELECT %s.actor, %s.timeline, %s FROM %s AS %s "
					 "WHERE (%s) AND NOT EXISTS (SELECT FROM fresh AS f WHERE f.actor %s %s.actor)), ",
					 store->stored, store->stored, kept, store->table, store->stored, touched_condition(store), store->actor_eq, store->stored);
	appendStringInfo(&query, "put AS (INSERT INTO %s AS %s (actor, timeline, first_at, last_at) "
					 "SELECT c.actor, c.becomes, %s.first_at(c.becomes), %s.last_at(c.becomes) FROM changed AS c "
					 "WHERE %s.length(c.becomes) OPERATOR(pg_catalog.>) 0 AND (c.was IS NULL OR c.was OPERATOR(%s.<>) c.becomes) "
					 "ON CONFLICT (actor) DO UPDATE SET timeline = excluded.timeline, first_at = excluded.first_at, last_at = excluded.last_at "
					 "RETURNING 1), ", store->table, store->stored, store->schema, store->schema, store->schema, store->schema);
	appendStringInfo(&query, "gone AS (DELETE FROM %s AS %s USING changed AS c WHERE %s.actor %s c.actor "
					 "AND %s.length(c.becomes) OPERATOR(pg_catalog.=) 0 RETURNING 1) ", store->table, store->stored, store->stored, store->actor_eq, store->schema);
	appendStringInfoString(&query, "SELECT (SELECT pg_catalog.count(*) FROM put) OPERATOR(pg_catalog.+) (SELECT pg_catalog.count(*) FROM gone)");
	return query.data;
}

/* The number that a statement returns. */
static int64
run(const char *statement)
{
	bool		is_null;

	if (SPI_execute(statement, false, 0) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "a statement that is to return a number does not");
	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
}

/* (source, days): reads these days of the source into its store; returns how many actors' timelines changed. */
Datum
store_write(PG_FUNCTION_ARGS)
{
	Store		store = open_source(fcinfo);
	HeapTupleHeader row = row_argument(0);
	const char *schema = name_field(row, "store_schema", NULL);
	const char *name = name_field(row, "store_name", NULL);
	Oid			table;
	Sandbox		sandbox;
	int64		changed;

	if (schema == NULL || name == NULL)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("source \"%s\" has no timeline store", store.source),
				errhint("kpi.store_timelines(%s) makes one.", quote_literal_cstr(store.source)));
	store.table = pstrdup(quote_qualified_identifier(schema, name));
	table = find_relation(&store, schema, name, store.owner, "kpi.store_timelines(source, enabled => false) and then kpi.store_timelines(source) make the store anew.");
	store.stored = sandbox_relation_alias(table);
	if (get_rel_relkind(table) != RELKIND_RELATION)
		ereport(ERROR,
				errcode(ERRCODE_WRONG_OBJECT_TYPE),
				errmsg("%s, the store of source \"%s\", is not a table", store.table, store.source));
	sandbox_enter(&sandbox, store.role, false, "store of source", store.source);
	/* an actor or an event of any type is known by its text */
	sandbox_set("datestyle", "ISO, YMD");
	sandbox_set("intervalstyle", "postgres");
	sandbox_set("timezone", "UTC");
	sandbox_set("extra_float_digits", "1");
	sandbox_set("bytea_output", "hex");
	read_days(&store, PG_GETARG_MULTIRANGE_P(1));
	if (store.nstretches == 0)
		changed = 0;
	else if (run(psprintf("SELECT pg_catalog.count(*) FROM (SELECT FROM %s AS %s LIMIT 1) AS one", store.table, store.stored)) == 0)
		changed = run(fill_statement(&store));
	else
		changed = run(write_statement(&store));
	sandbox_leave(&sandbox);
	PG_RETURN_INT64(changed);
}
