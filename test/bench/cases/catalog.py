"""The catalog of a company: 1,000 KPIs, three years of days, five segments and the whole: 6.5 million measurements.

Their events are not those of the other cases: kpis.days has a row for each KPI, day and segment, and KPI n is a view of it.
The numbers of KPIs and days can be made smaller: KPIS=100 DAYS=365.
"""
import os

KPIS = int(os.environ.get("KPIS", "1000"))
DAYS = int(os.environ.get("DAYS", "1096"))
NOW = "timestamptz '2026-01-11 08:00Z'"
TITLE = f"Catalog: {KPIS} KPIs, {DAYS} days, 5 segments (ns/row says nothing here)"

SETUP = [
    {"engine": "postgres", "statement": statement} for statement in (
        "CREATE SCHEMA kpis",
        f"CREATE TABLE kpis.days AS SELECT k, date '2026-01-10' - {DAYS - 1} + d AS day, 's' || s AS segment, ((k * 7919 + d * 104729 + s * 1299709) % 1000)::numeric AS value "
        f"FROM generate_series(1, {KPIS}) AS k, generate_series(0, {DAYS - 1}) AS d, generate_series(1, 5) AS s",
        "CREATE INDEX ON kpis.days (k, day)",
        "VACUUM ANALYZE kpis.days",
        f"""DO $$
BEGIN
    FOR k IN 1 .. {KPIS} LOOP
        EXECUTE format('CREATE VIEW kpis.k%s AS SELECT day AS period_start, segment, value FROM kpis.days WHERE k = %s', k, k);
        PERFORM kpi.define('k' || k, ('kpis.k' || k)::regclass, unit => 'x', adds => 'sum'), kpi.set_target('k' || k, '2026-01', 80000);
    END LOOP;
END $$""",
        f"CALL kpi.refresh(as_of => {NOW})",
        "VACUUM ANALYZE kpi.measurement, kpi.target, kpi.watermark, kpi.run_log, kpi.kpi",
    )
]

HISTORY = "SELECT count(*), round(sum(value)) FROM kpi.measurement WHERE kpi = 'k7' AND segment = '' AND period_start >= '2025-01-01'"

STATEMENTS = [
    {"name": "count(*) of the measurements", "engine": "postgres", "statement": "SELECT count(*) FROM kpi.measurement"},
    {"name": "count(*), sum(value) of the rows that they are made of", "engine": "postgres", "statement": "SELECT count(*), sum(value) FROM kpis.days"},
    {"name": "kpi.evaluate: all KPIs", "engine": "postgres", "statement": f"SELECT count(*), count(status), round(sum(actual)) FROM kpi.evaluate({NOW})"},
    {"name": "kpi.evaluate: one KPI", "engine": "postgres", "statement": f"SELECT kpi, status FROM kpi.evaluate({NOW}, 'k7')"},
    {"name": "history of one KPI, a year", "engine": "postgres", "statement": HISTORY},
    {"name": "kpi.refresh: nothing has changed", "engine": "postgres", "statement": f"CALL kpi.refresh(as_of => {NOW})", "runs": 3},
    {"name": "kpi.refresh: one KPI, three years anew", "engine": "postgres",
     "statement": f"UPDATE kpis.days SET value = value + 1 WHERE k = 7;\nSELECT kpi.invalidate('k7', '2020-01-01', '2026-01-10');\nCALL kpi.refresh('k7', as_of => {NOW})", "runs": 3},
    {"name": "sum of this month by evaluate", "engine": "postgres", "statement": f"SELECT sum(actual) FROM kpi.evaluate({NOW})", "answer": "reference", "runs": 1},
    {"name": "the same in plain SQL", "engine": "postgres", "statement": "SELECT sum(value) FROM kpis.days WHERE day >= '2026-01-01' AND day < '2026-01-11'", "answer": "same", "runs": 1},
]
