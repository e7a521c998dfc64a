"""Attribution: which of the events before it, taken for channels, get the credit for a purchase? Lookback 30 days."""
from cases.funnel import PARALLEL

TITLE = "Attribution of purchases to the events of the 30 days before: eight channels, revenue"

SETUP = [{"engine": "postgres", "statement": statement} for statement in
         ("CREATE TABLE IF NOT EXISTS valued_store AS SELECT user_id, kpi.timeline(ts, event, revenue) AS timeline FROM events GROUP BY user_id",
          "VACUUM ANALYZE valued_store")]


def credit(call, model, *arguments):
    return (f"SELECT string_agg(concat_ws(' ', channel, conversions), ', ' ORDER BY channel) FROM kpi.credit((SELECT {call}), "
            f"{', '.join([repr(model), *arguments])})")


ROWS = "kpi.attribution(user_id, ts, event, revenue, '') FROM events"
STORED = "kpi.attribution(timeline, '') FROM valued_store"

# an index by actor and time finds the touches of each purchase
PLAIN = """
SELECT string_agg(concat_ws(' ', event, round(credit, 3)), ', ' ORDER BY event) FROM (
  SELECT t.event, sum(1.0 / n) AS credit
  FROM events AS c CROSS JOIN LATERAL (
    SELECT event, count(*) OVER () AS n FROM (
      SELECT event FROM events AS t WHERE t.user_id = c.user_id AND t.ts <= c.ts AND t.ts >= c.ts - interval '720 hours' AND t.revenue IS NULL
      ORDER BY ts DESC LIMIT 40) AS latest) AS t
  WHERE c.revenue IS NOT NULL GROUP BY 1) AS s"""

STATEMENTS = [
    {"name": "count(*)", "engine": "postgres", "statement": "SELECT count(*) FROM events"},
    {"name": "count(*), sum(revenue)", "engine": "postgres", "statement": "SELECT count(*), sum(revenue) FROM events"},
    {"name": "kpi.attribution on rows, last touch", "engine": "postgres", "statement": credit(ROWS, "last"), "answer": "reference"},
    {"name": "kpi.attribution on rows, last touch, 2 workers", "engine": "postgres", "statement": credit(ROWS, "last"), "answer": "same",
     "arguments": PARALLEL},
    {"name": "kpi.attribution on rows, Markov", "engine": "postgres", "statement": credit(ROWS, "markov")},
    {"name": "kpi.attribution on rows, collapse repeats", "engine": "postgres",
     "statement": credit(ROWS.replace("''", "'collapse repeats'"), "time_decay")},
    {"name": "kpi.attribution on rows, linear", "engine": "postgres", "statement": credit(ROWS, "linear")},
    {"name": "plain SQL, linear only, no paths that did not convert", "engine": "postgres", "statement": PLAIN, "runs": 1},
    {"name": "kpi.attribution on the store", "engine": "postgres", "statement": credit(STORED, "last"), "answer": "same"},
    {"name": "kpi.attribution on the store, 2 workers", "engine": "postgres", "statement": credit(STORED, "last"), "answer": "same",
     "arguments": PARALLEL},
]
