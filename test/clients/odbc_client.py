"""psqlODBC, by pyodbc and unixODBC, without a data source of its own."""
import os
import sys

import pyodbc

import check

PLAIN = {pyodbc.SQL_TYPE_DATE, pyodbc.SQL_TYPE_TIMESTAMP, pyodbc.SQL_DOUBLE, pyodbc.SQL_FLOAT, pyodbc.SQL_SMALLINT, pyodbc.SQL_INTEGER, pyodbc.SQL_BIGINT, pyodbc.SQL_WVARCHAR, pyodbc.SQL_VARCHAR}

facts = check.Facts(sys.argv[1])
connection = pyodbc.connect(f"Driver=PostgreSQL Unicode;Server={os.environ['PGHOST']};Port={os.environ['PGPORT']};Database={os.environ['PGDATABASE']};Uid={os.environ['PGUSER']};BoolsAsChar=0", autocommit=True)
cursor = connection.cursor()


def query(statement, *values):
    return [tuple(row) for row in cursor.execute(statement, *values).fetchall()]


found, kinds = {}, {}
for row in cursor.tables(schema=check.SCHEMA).fetchall():
    found[row.table_name] = []
for row in cursor.columns(schema=check.SCHEMA).fetchall():
    found.setdefault(row.table_name, []).append(row.column_name)
    kinds[row.table_name, row.column_name] = (row.data_type, row.column_size)
client = check.Client(facts, query, "?")
client.all(found)
check.check("plain types, and no text longer than 255", [f"{name}.{column} is {kind}" for (name, column), kind in kinds.items()
                                                             # sequences are listed, too
                                                             if name in facts.columns and (kind[0] not in PLAIN or kind[0] in (pyodbc.SQL_WVARCHAR, pyodbc.SQL_VARCHAR) and kind[1] > 255)])


def keys():
    for name in facts.tables:
        if not cursor.primaryKeys(table=name, schema=check.SCHEMA).fetchall():
            yield f"{name} has no primary key"
    for target in ("dim_kpi", "dim_segment", "dim_date"):
        if not cursor.foreignKeys(table=target, schema=check.SCHEMA, foreignTable="fact", foreignSchema=check.SCHEMA).fetchall():
            yield f"fact does not lead to {target}"


check.check("keys of the star", keys)
