"""A timeline store that is kept up to date, next to building it anew; and what the triggers cost who writes into the table."""
TITLE = "Timeline store: refreshed, next to built anew (ns/row are per row of the event table)"

COLUMNS = "(name, relation_schema, relation_name, relation_owner, actor_column, at_column, event_column, value_column)"
NEW_DAY = "INSERT INTO shop SELECT user_id, ts, event, revenue FROM events WHERE ts >= '2024-03-30Z'"

SETUP = [
    {"engine": "postgres", "statement": statement} for statement in (
        # all but the last day
        "CREATE TABLE shop AS SELECT user_id, ts, event, revenue FROM events WHERE ts < '2024-03-30Z'",
        "CREATE INDEX ON shop (ts)",
        "VACUUM ANALYZE shop",
        f"INSERT INTO kpi.source {COLUMNS} VALUES ('shop', 'public', 'shop', CURRENT_USER, 'user_id', 'ts', 'event', 'revenue')",
        "SELECT kpi.store_timelines('shop', as_of => '2024-03-30Z')",
        "VACUUM ANALYZE shop_timelines",
        "CREATE TABLE plain (user_id bigint, ts timestamptz, event text, revenue numeric)",
        "CREATE TABLE tracked (LIKE plain)",
        f"INSERT INTO kpi.source {COLUMNS} VALUES ('tracked', 'public', 'tracked', CURRENT_USER, 'user_id', 'ts', 'event', 'revenue')",
        "SELECT kpi.track_changes('tracked')",
    )
]


def after(*statements):
    """Only the last one is measured."""
    return ";\n".join(statements)


def insert_many(table, ts):
    return after(f"TRUNCATE {table}", f"INSERT INTO {table} SELECT i, {ts}, 'view', NULL FROM generate_series(1, 10000) AS i")


def insert_one(table, ts):
    return after(f"TRUNCATE {table}", f"DO $$ BEGIN FOR i IN 1 .. 10000 LOOP INSERT INTO {table} VALUES (i, {ts}, 'view', NULL); END LOOP; END $$")


QUIET = "DELETE FROM shop WHERE ts >= '2024-03-30Z'", "SELECT kpi.store_refresh('shop', '2024-03-30Z')"
SAME = ("SELECT count(*) FROM shop_timelines AS s FULL JOIN kpi.timelines('SELECT user_id, ts, event, revenue FROM shop') AS t "
        "ON t.actor::bigint = s.actor WHERE kpi.timeline_send(s.timeline) IS DISTINCT FROM kpi.timeline_send(t.timeline)")

STATEMENTS = [
    {"name": "count(*)", "engine": "postgres", "statement": "SELECT count(*) FROM shop"},
    {"name": "count(*), sum(revenue)", "engine": "postgres", "statement": "SELECT count(*), sum(revenue) FROM shop"},
    {"name": "built anew: CREATE TABLE AS kpi.timelines(query), without index", "engine": "postgres",
     "statement": "CREATE TEMP TABLE built AS SELECT actor::bigint AS actor, timeline FROM kpi.timelines('SELECT user_id, ts, event, revenue FROM shop')"},
    {"name": "kpi.store_timelines, the first time", "engine": "postgres",
     "statement": after("SELECT kpi.store_timelines('shop', enabled => false)", "SELECT kpi.store_timelines('shop', as_of => '2024-03-30Z')")},
    {"name": "kpi.store_timelines again: nothing has changed", "engine": "postgres", "statement": "SELECT kpi.store_timelines('shop', as_of => '2024-03-30Z')"},
    {"name": "kpi.store_refresh: nothing has changed", "engine": "postgres", "statement": after(*QUIET, "SELECT kpi.store_refresh('shop', '2024-03-30Z')")},
    {"name": "kpi.store_refresh: a day is new", "engine": "postgres",
     "statement": after(*QUIET, NEW_DAY, "SELECT kpi.store_refresh('shop', '2024-03-31Z')")},
    {"name": "kpi.store_refresh: a day of two months ago has changed", "engine": "postgres",
     "statement": after("UPDATE shop SET revenue = coalesce(revenue, 0) + 1 WHERE ts >= '2024-01-31Z' AND ts < '2024-02-01Z'",
                        "SELECT kpi.invalidate_source('shop', '2024-01-31', '2024-01-31')", "SELECT kpi.store_refresh('shop', '2024-03-31Z')")},
    {"name": "10,000 rows in one INSERT", "engine": "postgres", "statement": insert_many("plain", "now()")},
    {"name": "the same, tracked", "engine": "postgres", "statement": insert_many("tracked", "now()")},
    {"name": "the same, tracked, of 100 old days", "engine": "postgres", "statement": insert_many("tracked", "timestamptz '2024-01-01Z' + i % 100 * interval '1 day'")},
    {"name": "10,000 INSERTs of one row", "engine": "postgres", "statement": insert_one("plain", "now()")},
    {"name": "the same, tracked: one row each", "engine": "postgres", "statement": insert_one("tracked", "now()")},
    {"name": "the same, tracked, of old days: one row each", "engine": "postgres", "statement": insert_one("tracked", "timestamptz '2024-01-01Z' + i % 100 * interval '1 day'")},
    {"name": "timelines that differ (none may)", "engine": "postgres", "statement": SAME, "answer": "reference", "runs": 1},
    {"name": "none", "engine": "postgres", "statement": "SELECT 0", "answer": "same", "runs": 1},
]
