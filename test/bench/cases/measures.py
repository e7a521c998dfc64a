"""Sums of money: kpi.ratio and kpi.roi next to PostgreSQL's own sum(numeric) of two columns."""
from cases.funnel import PARALLEL

TITLE = "Costs and revenue of every row (fourth column: by the sums of both)"

# amounts of money in every row, as in a table of orders; few events have a revenue
SETUP = [{"engine": "postgres", "statement": statement} for statement in
         ("CREATE TABLE IF NOT EXISTS money AS SELECT user_id, ((hashint8extended(user_id, 1) & 16383) / 100.0 + 1)::numeric(10, 2) AS cost, "
          "((hashint8extended(extract(epoch FROM ts)::bigint, 2) & 1048575) / 100.0)::numeric(10, 2) AS revenue, user_id % 6 AS score FROM events",
          "VACUUM ANALYZE money")]

RATIO = "SELECT kpi.numerator(r) || ' ' || kpi.denominator(r) FROM (SELECT {} AS r FROM money) AS s"
ROI = "SELECT kpi.cost(r) || ' ' || kpi.revenue(r) FROM (SELECT {} AS r FROM money) AS s"
# the same numbers without zeros at the end of their decimals
SUMS = "SELECT trim_scale(sum(cost)) || ' ' || trim_scale(sum(revenue)) FROM money"
GROUPS = "SELECT trim_scale(sum(a)) || ' ' || trim_scale(sum(b)) FROM (SELECT {} FROM money GROUP BY user_id) AS s"

STATEMENTS = [
    {"name": "count(*)", "engine": "postgres", "statement": "SELECT count(*) FROM money"},
    {"name": "sum(cost), sum(revenue)", "engine": "postgres", "statement": SUMS, "answer": "reference"},
    {"name": "kpi.roi", "engine": "postgres", "statement": ROI.format("kpi.roi(cost, revenue)"), "answer": "same"},
    {"name": "kpi.roi with a currency", "engine": "postgres", "statement": ROI.format("kpi.roi(cost, revenue, 'EUR')"), "answer": "same"},
    {"name": "kpi.ratio", "engine": "postgres", "statement": RATIO.format("kpi.ratio(cost, revenue)"), "answer": "same"},
    {"name": "sum(cost), sum(revenue), 2 workers", "engine": "postgres", "statement": SUMS, "answer": "same", "arguments": PARALLEL},
    {"name": "kpi.roi, 2 workers", "engine": "postgres", "statement": ROI.format("kpi.roi(cost, revenue)"), "answer": "same", "arguments": PARALLEL},
    {"name": "kpi.ratio, 2 workers", "engine": "postgres", "statement": RATIO.format("kpi.ratio(cost, revenue)"), "answer": "same", "arguments": PARALLEL},
    {"name": "sums of each actor", "engine": "postgres", "statement": GROUPS.format("sum(cost) AS a, sum(revenue) AS b"), "answer": "same", "runs": 2},
    {"name": "kpi.roi of each actor", "engine": "postgres", "statement":
     "SELECT sum(kpi.cost(r)) || ' ' || sum(kpi.revenue(r)) FROM (SELECT kpi.roi(cost, revenue) AS r FROM money GROUP BY user_id) AS s",
     "answer": "same", "runs": 2},
    {"name": "avg(score)", "engine": "postgres", "statement": "SELECT round(avg(score), 6) FROM money"},
    {"name": "kpi.survey", "engine": "postgres", "statement": "SELECT round(kpi.score(kpi.survey(score, 'ces 0..5'))::numeric, 6) FROM money"},
]
