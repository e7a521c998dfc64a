"""psycopg 3 with every value in binary, as Npgsql, which Power BI connects with, has them."""
import sys

import psycopg

import check

facts = check.Facts(sys.argv[1])
connection = psycopg.connect("", autocommit=True)


def query(statement, *values):
    with connection.cursor(binary=True) as cursor:
        return cursor.execute(statement.encode(), values or None, binary=True).fetchall()


# the statement of Power BI's navigator, and that for the columns of one of its entries
found = {}
for schema, name, kind in query("select TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE from INFORMATION_SCHEMA.tables where TABLE_SCHEMA not in ('information_schema', 'pg_catalog') order by TABLE_SCHEMA, TABLE_NAME"):
    if schema == check.SCHEMA:
        found[name] = [row[0] for row in query("select COLUMN_NAME, ORDINAL_POSITION, IS_NULLABLE, case when (data_type like '%%unsigned%%') then DATA_TYPE || ' unsigned' else DATA_TYPE end as DATA_TYPE "
                                               "from INFORMATION_SCHEMA.columns where TABLE_SCHEMA = %s and TABLE_NAME = %s order by TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION", schema, name)]
client = check.Client(facts, query, "%s")
client.all(found)


def folded():
    """A page of a table as the preview and DirectQuery ask for it."""
    for name, columns in facts.columns.items():
        inner = ", ".join(f'"$Table"."{c}" as "{c}"' for c in columns)
        rows = query(f'select {inner} from "{check.SCHEMA}"."{name}" "$Table" limit 4096')
        if len(rows) != min(4096, facts.rows[name]):
            yield f"{name}: {len(rows)} rows"
        native = query(f'select * from (select * from {check.SCHEMA}."{name}") _ limit 1')
        if len(native) != min(1, facts.rows[name]):
            yield f"{name}: as a native query {len(native)} rows"


check.check("Power BI's preview and native queries", folded)


def pooled():
    """A pool resets its connections; nothing here may hang on what is lost by that."""
    connection.execute("DISCARD ALL")
    if query("SELECT count(*) FROM kpi_bi.fact")[0][0] != facts.rows["fact"]:
        yield "other rows"


check.check("after DISCARD ALL", pooled)
