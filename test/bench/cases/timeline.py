"""Stored timelines: building the store, the funnel on it, matching with and without an index; and the direct funnel in little memory."""
from cases.funnel import PARALLEL, STEPS, ours, window_funnel

TITLE = "Stored timelines: page_view -> search -> view_item -> add_to_cart -> purchase within 7 days"

BUILD = "SELECT actor::bigint AS user_id, timeline FROM kpi.timelines('SELECT user_id, ts, event FROM events')"
GROUPED = "SELECT user_id, kpi.timeline(ts, event) AS timeline FROM events GROUP BY user_id"

# one actor in a thousand has an event that the others do not have
SETUP = [
    {"engine": "postgres", "statement": statement} for statement in (
        f"CREATE TABLE store AS {BUILD}",
        "CREATE TABLE indexed AS SELECT user_id, CASE WHEN user_id % 1000 = 0 THEN kpi.merge(timeline, '{2024-04-15 00:00:00Z refund}') "
        "ELSE timeline END AS timeline FROM store",
        "CREATE INDEX ON indexed USING gin (timeline)",
        "VACUUM ANALYZE store",
        "VACUUM ANALYZE indexed",
    )
]


def on_store(*steps):
    return ("SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps((SELECT kpi.funnel(timeline, "
            f"'{' -> '.join(steps)} within 7 days') FROM store))")


def matches(pattern):
    return f"SELECT count(*) FROM indexed WHERE kpi.matches(timeline, '{pattern}')"


def settings(*lines):
    return {"settings": lines}


STATEMENTS = [
    {"name": "count(*)", "engine": "postgres", "statement": "SELECT count(*) FROM events"},
    {"name": "count(*), sum(revenue)", "engine": "postgres", "statement": "SELECT count(*), sum(revenue) FROM events"},
    {"name": "build the store: kpi.timelines(query)", "engine": "postgres", "statement": f"CREATE TEMP TABLE built AS {BUILD}", "runs": 3},
    {"name": "build the store: kpi.timeline() GROUP BY", "engine": "postgres", "statement": f"CREATE TEMP TABLE built AS {GROUPED}", "runs": 2},
    {"name": "bytes an event: of timelines, of the table", "engine": "postgres",
     "statement": "SELECT round(sum(pg_column_size(timeline))::numeric / (SELECT count(*) FROM events), 2), "
                  "round(pg_total_relation_size('store')::numeric / (SELECT count(*) FROM events), 2) FROM store", "runs": 1},
    {"name": "kpi.funnel on rows, 5 steps", "engine": "postgres", "statement": ours(*STEPS), "answer": "reference"},
    {"name": "kpi.funnel on rows, 5 steps, work_mem 4 MB", "engine": "postgres", "statement": ours(*STEPS), "answer": "same",
     "arguments": settings("work_mem = '4MB'")},
    {"name": "kpi.funnel on rows, 5 steps, 2 workers", "engine": "postgres", "statement": ours(*STEPS), "answer": "same",
     "arguments": PARALLEL},
    {"name": "read the store: sum(kpi.length(timeline))", "engine": "postgres", "statement": "SELECT sum(kpi.length(timeline)) FROM store"},
    {"name": "kpi.funnel on the store, 5 steps", "engine": "postgres", "statement": on_store(*STEPS), "answer": "same"},
    {"name": "kpi.funnel on the store, 5 steps, 2 workers", "engine": "postgres", "statement": on_store(*STEPS), "answer": "same",
     "arguments": PARALLEL},
    {"name": "kpi.funnel on the store, share -> signup", "engine": "postgres", "statement": on_store("share", "signup")},
    {"name": "matches 'purchase -> share', no index of use", "engine": "postgres", "statement": matches("purchase -> share")},
    {"name": "matches 'purchase -> refund', without the index", "engine": "postgres", "statement": matches("purchase -> refund"),
     "arguments": settings("enable_bitmapscan = off")},
    {"name": "matches 'purchase -> refund', with the index", "engine": "postgres", "statement": matches("purchase -> refund")},
] + [
    {"name": f"ClickHouse windowFunnel, table in order of actor, {threads} thread(s)", "engine": "clickhouse",
     "statement": window_funnel("by_actor"), "answer": "same", "arguments": {"threads": threads}} for threads in (1, 2)
] + [
    {"name": "ClickHouse sequenceMatch purchase -> share, 1 thread", "engine": "clickhouse",
     "statement": "SELECT count() FROM (SELECT user_id FROM bench.by_actor GROUP BY user_id "
                  "HAVING sequenceMatch('(?1).*(?2)')(us, event = 'purchase', event = 'share'))", "arguments": {"threads": 1}},
]
