"""Lifetime value: the summary of 10 million orders, and models fitted to it; Python's lifetimes from the same rows."""
import os
import shlex

from cases.funnel import PARALLEL

TITLE = "Lifetime value: every row an order"

DATA = os.path.join(os.environ.get("KPI_DATA", ""), "cdnow", "CDNOW_master.txt")
HAS_CDNOW = os.path.exists(DATA)
WORK = os.environ["KPI_BENCH_WORK"]
ROWS = int(os.environ["KPI_BENCH_ROWS"])
FEW, MANY = ROWS // 10, ROWS

# Customers come over half a year; how often they buy and how long they stay is skewed.
CUSTOMERS = """
CREATE TABLE customers_{n} AS SELECT kpi.ltv(c, timestamptz '2024-01-01 12:00Z' + (first + gap * k) * interval '1 day', 5 + (hashint8extended(c, k) & 4095) / 100.0,
  'unit week, until 2025-03-31') AS l
FROM (SELECT c, (hashint8extended(c, 1) & 2147483647) % 180 AS first, 3 + (hashint8extended(c, 2) & 2147483647) % 97 AS gap,
             floor(-1.5 * ln(((hashint8extended(c, 3) & 1048575) + 1) / 1048577.0))::bigint AS orders FROM generate_series(1, {n}::bigint) AS c) AS customer,
  generate_series(0, orders) AS k"""

SETUP = [{"engine": "postgres", "statement": statement} for statement in [
    "CREATE UNLOGGED TABLE orders AS SELECT user_id, ts, coalesce(revenue, ((hashint8extended(user_id, 9) & 4095) + 500) / 100.0)::numeric(10, 2) AS amount FROM events",
    "VACUUM (ANALYZE) orders",
    CUSTOMERS.format(n=FEW), CUSTOMERS.format(n=MANY),
    "CREATE TABLE orders_ltv AS SELECT kpi.ltv(user_id, ts, amount, 'unit week, until 2024-03-30') AS l FROM orders",
] + ([
    "CREATE TABLE cdnow (customer bigint, ts timestamptz, amount numeric)",
    f"""\\copy cdnow FROM PROGRAM 'tail -n +2 {shlex.quote(DATA)} | tr -d "\\r" | awk "{{print \\$1\\",\\"\\$2\\",\\"\\$4}}"' (FORMAT csv)""",
    f"\\copy (SELECT customer, ts::date, amount FROM cdnow) TO '{WORK}/cdnow.csv' (FORMAT csv)",
    f"\\copy (SELECT user_id, ts::date, amount FROM orders LIMIT 1000000) TO '{WORK}/orders.csv' (FORMAT csv)",
] if HAS_CDNOW else [])]


def fit(source, model):
    return (f"SELECT concat_ws(' ', m ->> 'n', 'customers', m ->> 'iterations', 'evaluations', round((m ->> 'log_likelihood')::numeric, 3), bytes, 'bytes') "
            f"FROM (SELECT kpi.fit(l, '{model}')::jsonb AS m, pg_column_size(l) AS bytes FROM {source}) AS f")


FROM_ROWS = "(SELECT kpi.ltv(customer, ts, amount, 'unit day, until 1998-06-30') AS l FROM cdnow) AS s"
MILLION = "(SELECT kpi.ltv(user_id, ts, amount, 'unit day, until 2024-03-30') AS l FROM (SELECT * FROM orders LIMIT 1000000) AS o) AS s"
SUMMARY = "SELECT concat_ws(' ', kpi.actors(l), pg_column_size(l), 'bytes') FROM (SELECT kpi.ltv(user_id, ts, amount, 'unit week, until 2024-03-30') AS l FROM orders) AS s"

STATEMENTS = [
    {"name": "count(*)", "engine": "postgres", "statement": "SELECT count(*) FROM orders"},
    {"name": "count(*), sum(amount)", "engine": "postgres", "statement": "SELECT count(*), sum(amount) FROM orders"},
    {"name": "kpi.ltv", "engine": "postgres", "statement": SUMMARY, "answer": "reference"},
    {"name": "kpi.ltv, 2 workers", "engine": "postgres", "statement": SUMMARY, "answer": "same", "arguments": PARALLEL},
    {"name": "plain SQL: (frequency, recency, age) of each customer", "engine": "postgres", "runs": 1,
     "statement": "SELECT count(*) FROM (SELECT user_id, count(DISTINCT day) - 1 AS x, max(day) - min(day) AS t_x, date '2024-03-30' - min(day) AS t FROM (SELECT user_id, (ts AT TIME ZONE 'UTC')::date AS day FROM orders) AS d GROUP BY user_id) AS c"},
] + [
    {"name": f"fit {model}, {title}", "engine": "postgres", "statement": fit(source, model), "runs": 3}
    for title, source in (("those of the orders", "orders_ltv"), (f"{FEW:,} customers", f"customers_{FEW}"), (f"{MANY:,} customers", f"customers_{MANY}"))
    for model in ("bg_nbd", "pareto_nbd", "gamma_gamma")
] + ([
    {"name": f"{model} from rows, CDNOW", "engine": "postgres", "statement": fit(FROM_ROWS, model)} for model in ("bg_nbd", "pareto_nbd", "gamma_gamma")
] + [
    {"name": "bg_nbd from 1,000,000 rows", "engine": "postgres", "statement": fit(MILLION, "bg_nbd"), "runs": 3},
] + [
    {"name": f"lifetimes: {model} from rows, CDNOW", "engine": "lifetimes", "statement": f"{model} {WORK}/cdnow.csv 1998-06-30", "runs": 1} for model in ("bg_nbd", "pareto_nbd", "gamma_gamma")
] + [
    {"name": "lifetimes: bg_nbd from 1,000,000 rows", "engine": "lifetimes", "statement": f"bg_nbd {WORK}/orders.csv 2024-03-30", "runs": 1},
] if HAS_CDNOW else [])
