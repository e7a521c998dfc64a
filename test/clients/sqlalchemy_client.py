"""SQLAlchemy with psycopg2, the layer below Superset."""
import sys
import warnings

import sqlalchemy

import check

facts = check.Facts(sys.argv[1])
engine = sqlalchemy.create_engine("postgresql+psycopg2://")
connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def query(statement, *values):
    names = {f"v{i}": value for i, value in enumerate(values)}
    for name in names:
        statement = statement.replace("\0", f":{name}", 1)
    return [tuple(row) for row in connection.execute(sqlalchemy.text(statement), names)]


inspector = sqlalchemy.inspect(engine)
unknown, silent = [], []
found = {}
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for name in inspector.get_table_names(schema=check.SCHEMA) + inspector.get_view_names(schema=check.SCHEMA):
        columns = inspector.get_columns(name, schema=check.SCHEMA)
        found[name] = [column["name"] for column in columns]
        unknown += [f"{name}.{column['name']}" for column in columns if isinstance(column["type"], sqlalchemy.types.NullType)]
        silent += [f"{name}.{column['name']}" for column in columns if not column["comment"]]
        if not inspector.get_table_comment(name, schema=check.SCHEMA)["text"]:
            silent.append(name)
client = check.Client(facts, query, "\0")
client.all(found)
check.check("recognises every type", unknown + [str(w.message) for w in caught if "recognize" in str(w.message)])
check.check("comments on everything", silent)


def reflected():
    fact = sqlalchemy.Table("fact", sqlalchemy.MetaData(), schema=check.SCHEMA, autoload_with=engine)
    targets = {key.column.table.name for key in fact.foreign_keys}
    if not {"dim_kpi", "dim_segment", "dim_date"} <= targets:
        yield f"fact leads to {sorted(targets)}"
    # as Superset groups by time
    month = sqlalchemy.func.date_trunc("month", fact.c.period_start)
    rows = connection.execute(sqlalchemy.select(month, sqlalchemy.func.sum(fact.c.value)).where(fact.c.grain == "day").group_by(month)).fetchall()
    if not rows:
        yield "nothing by month"


check.check("reflects the star and groups by month", reflected)
