"""Weekly retention: of the visitors whose first event was in a week, who was seen 1 .. 8 weeks later?"""
from cases.funnel import PARALLEL
from cases.timeline import BUILD

TITLE = "Weekly retention, 8 weeks, all cohorts: * -> * by week for 8"

SETUP = [{"engine": "postgres", "statement": statement} for statement in
         (f"CREATE TABLE IF NOT EXISTS store AS {BUILD}", "VACUUM ANALYZE store")]


def ours(call):
    return ("SELECT string_agg(retained::text, ' ' ORDER BY period) FROM (SELECT period, sum(retained) AS retained "
            f"FROM kpi.cohorts((SELECT {call})) WHERE period > 0 GROUP BY period) AS p")


def rows(spec):
    return ours(f"kpi.retention(user_id, ts, event, '{spec}') FROM events")


def stored(spec):
    return ours(f"kpi.retention(timeline, '{spec}') FROM store")


COUNTS = ", ".join(f"sum(CASE WHEN weeks_later = {k} THEN actors END)" for k in range(1, 9))


def textbook(week, concat):
    return (f"WITH first AS (SELECT user_id, min({week}) AS cohort FROM events GROUP BY user_id), "
            f"cells AS (SELECT cohort, {week} - cohort AS weeks_later, count(DISTINCT user_id) AS actors "
            "FROM events JOIN first USING (user_id) GROUP BY 1, 2) "
            f"SELECT {concat(COUNTS)} FROM cells WHERE weeks_later BETWEEN 1 AND 8")


def bitmap(week, bit_or, table="events", shift="{0} >> {1}"):
    """The expert's way: a bit for each week that an actor was seen in, shifted to the first."""
    shifted = f"({shift.format('bits', 'cohort')})"
    counts = ", ".join(f"sum(({shift.format(shifted, str(k))}) & 1)" for k in range(1, 9))
    return counts, (f"SELECT user_id, min({week}) AS cohort, {bit_or} AS bits FROM {table} GROUP BY user_id")


PG_WEEK = "((ts AT TIME ZONE 'UTC')::date - date '2024-01-01') / 7"
US_WEEK = "CAST(floor((us - 1704067200000000) / 604800000000) AS INTEGER)"
CH_WEEK = "intDiv(us - 1704067200000000, 604800000000)"


def pg_bitmap():
    counts, inner = bitmap(PG_WEEK, f"bit_or(1 << ({PG_WEEK}))")
    return f"SELECT concat_ws(' ', {counts}) FROM ({inner}) AS actors"


def duck_bitmap():
    counts, inner = bitmap(US_WEEK, f"bit_or(1 << ({US_WEEK}))")
    return f"SELECT {counts} FROM ({inner}) AS actors"


def click_bitmap(table):
    counts = ", ".join(f"countIf(bitTest(bits, cohort + {k}))" for k in range(1, 9))
    return (f"SELECT {counts} FROM (SELECT user_id, min({CH_WEEK}) AS cohort, groupBitOr(toUInt64(bitShiftLeft(toUInt64(1), {CH_WEEK}))) AS bits "
            f"FROM bench.{table} GROUP BY user_id)")


STATEMENTS = [
    {"name": "count(*)", "engine": "postgres", "statement": "SELECT count(*) FROM events"},
    {"name": "count(*), sum(revenue)", "engine": "postgres", "statement": "SELECT count(*), sum(revenue) FROM events"},
    {"name": "kpi.retention on rows", "engine": "postgres", "statement": rows("* -> * by week for 8"), "answer": "reference"},
    {"name": "kpi.retention on rows, 2 workers", "engine": "postgres", "statement": rows("* -> * by week for 8"), "answer": "same",
     "arguments": PARALLEL},
    {"name": "kpi.retention on rows, signup -> purchase", "engine": "postgres", "statement": rows("signup -> purchase by week for 8")},
    {"name": "kpi.activity on rows, by week", "engine": "postgres",
     "statement": "SELECT sum(active) FROM kpi.lifecycle((SELECT kpi.activity(user_id, ts, 'by week') FROM events))"},
    {"name": "textbook SQL", "engine": "postgres", "statement": textbook(PG_WEEK, lambda counts: f"concat_ws(' ', {counts})"),
     "answer": "same", "runs": 2},
    {"name": "expert SQL, bit_or", "engine": "postgres", "statement": pg_bitmap(), "answer": "same", "runs": 2},
    {"name": "read the store: sum(kpi.length(timeline))", "engine": "postgres", "statement": "SELECT sum(kpi.length(timeline)) FROM store"},
    {"name": "kpi.retention on the store", "engine": "postgres", "statement": stored("* -> * by week for 8"), "answer": "same"},
    {"name": "kpi.retention on the store, 2 workers", "engine": "postgres", "statement": stored("* -> * by week for 8"), "answer": "same",
     "arguments": PARALLEL},
    {"name": "kpi.retention on the store, signup -> purchase", "engine": "postgres", "statement": stored("signup -> purchase by week for 8")},
] + [
    {"name": f"DuckDB, {way}, {threads} thread(s)", "engine": "duckdb", "statement": statement, "answer": "same", "runs": 2,
     "arguments": {"threads": threads}}
    for way, statement in (("textbook SQL", textbook(US_WEEK, lambda counts: counts)), ("bit_or", duck_bitmap())) for threads in (1, 2)
] + [
    {"name": f"ClickHouse, groupBitOr, table in order of {order}, {threads} thread(s)", "engine": "clickhouse",
     "statement": click_bitmap(table), "answer": "same", "arguments": {"threads": threads}}
    for table, order in (("by_time", "time"), ("by_actor", "actor")) for threads in (1, 2)
]
