/*
 * published.c: reading a published analysis, which is a view or a function of somebody's own that shows summaries.
 *
 * Which analysis it is, is told by the type of its column. It is code of the definition's owner, so it runs in a sandbox, and
 * only to read.
 */
#include "kpi_track.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/syscache.h"

#include "catalog/definition.h"

PG_FUNCTION_INFO_V1(analysis_check);
PG_FUNCTION_INFO_V1(analysis_read);

/* Names of types, in the order of the columns that kpi.analysis_read returns. */
static const char *const kinds[] = {"funnel", "retention", "ltv", "attribution", "roi", "activity", "sessions"};

#define KINDS ((int) lengthof(kinds))
#define TEMPLATE_HINT "Make it like: CREATE VIEW ... AS SELECT device AS segment, kpi.funnel(visitor_id, ts, event, 'view -> purchase') AS summary FROM ... GROUP BY 1. " \
	"It has one column of type kpi.funnel, kpi.retention, kpi.ltv, kpi.attribution, kpi.roi, kpi.activity or kpi.sessions; perhaps segment, or channel of a kpi.roi."

typedef struct Published
{
	int			kind;
	char	   *summary;		/* names of columns, quoted */
	char	   *segment;		/* NULL: there is none */
} Published;

static void
find_types(FunctionCallInfo fcinfo, Oid *types)
{
	Oid			schema = get_func_namespace(fcinfo->flinfo->fn_oid);

	for (int i = 0; i < KINDS; i++)
		types[i] = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(kinds[i]), ObjectIdGetDatum(schema));
}

static int
kind_of(const Oid *types, Oid type)
{
	for (int i = 0; i < KINDS; i++)
		if (types[i] == type)
			return i;
	return -1;
}

/* Describes it without running it; inside a sandbox. */
static Published
describe(const Definition *definition, const Oid *types)
{
	Published	published = {.kind = -1};
	const char *summary = NULL;
	const char *channel = NULL;
	SPIPlanPtr	plan = sandbox_prepare(psprintf("SELECT * FROM %s AS %s", definition->name, definition->alias), 0, NULL);
	TupleDesc	row;

	row = ((CachedPlanSource *) linitial(SPI_plan_get_plan_sources(plan)))->resultDesc;
	for (int a = 0; row != NULL && a < row->natts; a++)
	{
		Form_pg_attribute column = TupleDescAttr(row, a);
		Oid			type = getBaseType(column->atttypid);
		int			kind = kind_of(types, type);

		if (kind >= 0 && summary != NULL)
			ereport(ERROR,
					errcode(ERRCODE_DUPLICATE_COLUMN),
					errmsg("the definition %s has two summaries: %s and %s", definition->name, summary, NameStr(column->attname)),
					errhint("Publish each of them by a view of its own."));
		if (kind >= 0)
		{
			published.kind = kind;
			summary = pstrdup(NameStr(column->attname));
			published.summary = pstrdup(quote_identifier(summary));
		}
		else if (strcmp(NameStr(column->attname), "segment") == 0 || strcmp(NameStr(column->attname), "channel") == 0)
		{
			bool		is_channel = NameStr(column->attname)[0] == 'c';

			if (!definition_is_text(type))
				ereport(ERROR,
						errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("column %s of the definition %s is of type %s", NameStr(column->attname), definition->name, format_type_be(column->atttypid)),
						errhint("It has to be text."));
			if (is_channel)
				channel = "channel";
			else
				published.segment = "segment";
		}
	}
	SPI_freeplan(plan);
	if (published.kind < 0)
		ereport(ERROR,
				errcode(ERRCODE_UNDEFINED_COLUMN),
				errmsg("the definition %s has no column that is the summary of an analysis", definition->name),
				errhint(TEMPLATE_HINT));
	if (published.segment == NULL && channel != NULL && strcmp(kinds[published.kind], "roi") == 0)
		published.segment = "channel";
	return published;
}

/* (kind of definition, schema, name, owner): which analysis it is. */
Datum
analysis_check(PG_FUNCTION_ARGS)
{
	Definition	definition = definition_find(fcinfo, false, "kpi.publish()");
	Oid			types[lengthof(kinds)];
	Published	published;
	Sandbox		sandbox;

	find_types(fcinfo, types);
	definition_enter(&sandbox, &definition);
	published = describe(&definition, types);
	sandbox_leave(&sandbox);
	PG_RETURN_TEXT_P(cstring_to_text(kinds[published.kind]));
}

/*
 * (kind of definition, schema, name, owner): its rows, a column for each type. Those of the other types are parameters that are
 * null: the owner needs no right on the schema of the types.
 */
Datum
analysis_read(PG_FUNCTION_ARGS)
{
	Definition	definition = definition_find(fcinfo, false, "kpi.publish()");
	Oid			types[lengthof(kinds)];
	Datum		values[lengthof(kinds)] = {0};
	char		nulls[lengthof(kinds) + 1] = {0};
	StringInfoData query;
	Published	published;
	Sandbox		sandbox;

	find_types(fcinfo, types);
	memset(nulls, 'n', KINDS);
	materialize_rows(fcinfo);
	definition_enter(&sandbox, &definition);
	published = describe(&definition, types);
	initStringInfo(&query);
	appendStringInfo(&query, "SELECT %s::text", published.segment ? published.segment : "''");
	for (int i = 0; i < KINDS; i++)
		if (i == published.kind)
			appendStringInfo(&query, ", %s.%s", definition.alias, published.summary);
		else
			appendStringInfo(&query, ", $%d", i + 1);
	appendStringInfo(&query, " FROM %s AS %s", definition.name, definition.alias);
	sandbox_read(fcinfo, query.data, KINDS, types, values, nulls);
	sandbox_leave(&sandbox);
	return (Datum) 0;
}
