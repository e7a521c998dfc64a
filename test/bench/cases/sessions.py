"""Sessions of half an hour: how many, how long; and paths. Plain SQL needs two passes of window functions."""
from cases.funnel import PARALLEL
from cases.timeline import BUILD

TITLE = "Sessions (30 minutes of silence) and paths of depth 5"

SETUP = [{"engine": "postgres", "statement": statement} for statement in
         (f"CREATE TABLE IF NOT EXISTS store AS {BUILD}", "VACUUM ANALYZE store")]

SPEC = "timeout 30 min, views page_view, key purchase"


def stats(call):
    return f"SELECT concat_ws(' ', sessions, engaged_sessions, page_views) FROM kpi.session_stats((SELECT {call}))"


def plain_sql(time, gap, ten_seconds, concat):
    return (f"WITH cut AS (SELECT *, CASE WHEN {time} - lag({time}) OVER (PARTITION BY user_id ORDER BY {time}) <= {gap} THEN 0 ELSE 1 END AS starts FROM events), "
            f"numbered AS (SELECT *, sum(starts) OVER (PARTITION BY user_id ORDER BY {time} ROWS UNBOUNDED PRECEDING) AS n FROM cut), "
            f"sessions AS (SELECT max({time}) - min({time}) AS duration, count(*) FILTER (WHERE event = 'page_view') AS views, "
            "count(*) FILTER (WHERE event = 'purchase') AS keys FROM numbered GROUP BY user_id, n) "
            f"SELECT {concat(f'count(*), count(*) FILTER (WHERE duration > {ten_seconds} OR views >= 2 OR keys >= 1), sum(views)')} FROM sessions")


PG_SQL = plain_sql("ts", "interval '30 minutes'", "interval '10 seconds'", lambda columns: f"concat_ws(' ', {columns})")
DUCK_SQL = plain_sql("us", "1800000000", "10000000", lambda columns: columns)



def edges(call):
    return f"SELECT sum(count) FROM kpi.edges((SELECT {call}))"


STATEMENTS = [
    {"name": "count(*)", "engine": "postgres", "statement": "SELECT count(*) FROM events"},
    {"name": "count(*), sum(revenue)", "engine": "postgres", "statement": "SELECT count(*), sum(revenue) FROM events"},
    {"name": "kpi.sessions on rows", "engine": "postgres", "statement": stats(f"kpi.sessions(user_id, ts, event, '{SPEC}') FROM events"),
     "answer": "reference"},
    {"name": "kpi.sessions on rows, 2 workers", "engine": "postgres",
     "statement": stats(f"kpi.sessions(user_id, ts, event, '{SPEC}') FROM events"), "answer": "same", "arguments": PARALLEL},
    {"name": "kpi.sessions on the store", "engine": "postgres", "statement": stats(f"kpi.sessions(timeline, '{SPEC}') FROM store"), "answer": "same"},
    {"name": "kpi.session_number, index in order", "engine": "postgres",
     "statement": "SELECT count(*) FROM (SELECT kpi.session_number(ts, '30 min') OVER (PARTITION BY user_id ORDER BY ts) AS n FROM events) AS s WHERE n > 0",
     "runs": 2},
    {"name": "plain SQL, two window passes", "engine": "postgres", "statement": PG_SQL, "answer": "same", "runs": 2},
    {"name": "kpi.paths on rows, from page_view", "engine": "postgres",
     "statement": edges("kpi.paths(user_id, ts, event, 'from page_view depth 5') FROM events")},
    {"name": "kpi.paths on the store, from page_view", "engine": "postgres", "statement": edges("kpi.paths(timeline, 'from page_view depth 5') FROM store")},
] + [
    {"name": f"DuckDB, plain SQL, {threads} thread(s)", "engine": "duckdb", "statement": DUCK_SQL, "answer": "same", "runs": 2,
     "arguments": {"threads": threads}} for threads in (1, 2)
]
