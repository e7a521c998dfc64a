"""A funnel of five steps within seven days: kpi_track, plain SQL, DuckDB, ClickHouse's windowFunnel."""

TITLE = "Funnel page_view -> search -> view_item -> add_to_cart -> purchase within 7 days"

STEPS = ["page_view", "search", "view_item", "add_to_cart", "purchase"]


def ours(*steps):
    return ("SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps((SELECT kpi.funnel(user_id, ts, event, "
            f"'{' -> '.join(steps)} within 7 days') FROM events))")


def exact_sql(time, window, text):
    """At each row, when the newest chain that ends at each step began: a running maximum a step."""
    over = "OVER (PARTITION BY user_id ORDER BY {time} ROWS UNBOUNDED PRECEDING)".format(time=time)
    sql = f"SELECT user_id, {time}, event, max({time}) FILTER (WHERE event = '{STEPS[0]}') {over} AS f1 FROM events"
    for k in range(2, len(STEPS) + 1):
        kept = ", ".join(f"f{i}" for i in range(1, k))
        sql = (f"SELECT user_id, {time}, event, {kept}, max(f{k - 1}) FILTER (WHERE event = '{STEPS[k - 1]}' "
               f"AND {time} <= f{k - 1} + {window}) {over} AS f{k} FROM ({sql}) AS s{k}")
    levels = " + ".join(f"(max(f{k}) IS NOT NULL)::int" for k in range(1, len(STEPS) + 1))
    counts = ", ".join(f"count(*) FILTER (WHERE level >= {k})" for k in range(1, len(STEPS) + 1))
    return (f"SELECT {text(counts)} FROM (SELECT user_id, {levels} AS level FROM ({sql}) AS chains "
            "GROUP BY user_id) AS levels")


def first_touch():
    touches = ", ".join(f"min(ts) FILTER (WHERE event = '{step}') AS t{k}" for k, step in enumerate(STEPS, 1))
    counts = []
    for k in range(1, len(STEPS) + 1):
        later = " AND ".join(["t1 IS NOT NULL"] + [f"t{i} >= t{i - 1}" for i in range(2, k + 1)] +
                             ([f"t{k} <= t1 + interval '7 days'"] if k > 1 else []))
        counts.append(f"count(*) FILTER (WHERE {later})")
    return f"SELECT concat_ws(' ', {', '.join(counts)}) FROM (SELECT user_id, {touches} FROM events GROUP BY user_id) AS touches"


def window_funnel(table):
    conditions = ", ".join(f"event = '{step}'" for step in STEPS)
    counts = ", ".join(f"countIf(level >= {k})" for k in range(1, len(STEPS) + 1))
    return (f"SELECT {counts} FROM (SELECT user_id, windowFunnel(604800000000)(us, {conditions}) AS level "
            f"FROM bench.{table} GROUP BY user_id)")


PARALLEL = {"settings": ("max_parallel_workers_per_gather = 2",)}
POSTGRES_EXACT = exact_sql("ts", "interval '7 days'", lambda counts: f"concat_ws(' ', {counts})")
DUCKDB_EXACT = exact_sql("us", "604800000000", lambda counts: counts)

STATEMENTS = [
    {"name": "count(*)", "engine": "postgres", "statement": "SELECT count(*) FROM events"},
    {"name": "count(*), sum(revenue)", "engine": "postgres", "statement": "SELECT count(*), sum(revenue) FROM events"},
    {"name": "kpi.funnel, 5 steps", "engine": "postgres", "statement": ours(*STEPS), "answer": "reference"},
    {"name": "kpi.funnel, 3 steps", "engine": "postgres", "statement": ours("page_view", "view_item", "purchase")},
    {"name": "exact SQL, window functions", "engine": "postgres", "statement": POSTGRES_EXACT, "answer": "same", "runs": 2},
    {"name": "first touches, GROUP BY", "engine": "postgres", "statement": first_touch(), "answer": "wrong", "runs": 2},
    {"name": "count(*), 2 workers", "engine": "postgres", "statement": "SELECT count(*) FROM events", "arguments": PARALLEL},
    {"name": "kpi.funnel, 5 steps, 2 workers allowed", "engine": "postgres", "statement": ours(*STEPS), "answer": "same",
     "arguments": PARALLEL},
] + [
    {"name": f"DuckDB, exact SQL, {threads} thread(s)", "engine": "duckdb", "statement": DUCKDB_EXACT, "answer": "same",
     "runs": 2, "arguments": {"threads": threads}} for threads in (1, 2)
] + [
    {"name": f"ClickHouse windowFunnel, table in order of {order}, {threads} thread(s)", "engine": "clickhouse",
     "statement": window_funnel(table), "answer": "same", "arguments": {"threads": threads}}
    for table, order in (("by_time", "time"), ("by_actor", "actor")) for threads in (1, 2)
]
