"""XIRR of many small groups: a million deals (at 10 million rows) of 12 dated amounts each, next to a recipe in plpgsql."""
import os

from cases.funnel import PARALLEL

DEALS = int(os.environ["KPI_BENCH_ROWS"]) // 10
TITLE = f"kpi.xirr of {DEALS} deals, 12 flows each (ns/row are per row of the event table: of 1.2 rows)"

# an outlay, then eleven amounts within two years; every tenth deal changes its sign more than once
FLOWS = f"""CREATE TABLE IF NOT EXISTS flows AS
SELECT deal, date '2022-01-01' + (deal % 700)::int + CASE WHEN k = 0 THEN 0 ELSE 60 * k + (hashint8(deal * 31 + k) & 31) END AS day,
    CASE WHEN k = 0 THEN -10000 - deal % 5000 WHEN deal % 10 = 0 AND k = 6 THEN -2500 ELSE (hashint8(deal * 17 + k) & 262143) / 100.0 END::numeric(12, 2) AS amount
FROM generate_series(1, {DEALS}) AS deal, generate_series(0, 11) AS k"""

# a twentieth of them, all with one root, for what takes long
FEW = "CREATE TABLE IF NOT EXISTS few_flows AS SELECT * FROM flows WHERE deal % 20 = 1"

# Recipes: Newton's method from 10 %, arrays in order of time; back halfway where it leaves what rates can be. In double precision, which is as
# fast as plpgsql can; and in numeric, which is what those published do, and what it becomes if nobody casts.
def recipe(name, number, power):
    return f"""CREATE OR REPLACE FUNCTION {name}(amounts {number}[], days int[]) RETURNS {number} LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    rate {number} := 0.1;
    f {number};
    slope {number};
    t {number};
    part {number};
    better {number};
BEGIN
    FOR i IN 1..50 LOOP
        f := 0;
        slope := 0;
        FOR k IN 1..array_length(amounts, 1) LOOP
            t := (days[k] - days[1]) / 365.0;
            part := amounts[k] * {power};
            f := f + part;
            slope := slope - t * part / (1 + rate);
        END LOOP;
        better := rate - f / slope;
        IF better <= -1 THEN
            better := (rate - 1) / 2;
        END IF;
        IF abs(better - rate) < 1e-9 THEN
            RETURN better;
        END IF;
        rate := better;
    END LOOP;
    RETURN NULL;
END $$"""


RECIPES = (recipe("recipe", "float8", "power(1 + rate, -t)"), recipe("numeric_recipe", "numeric", "power(1 + rate, -t)"))

SETUP = [{"engine": "postgres", "statement": statement} for statement in (FLOWS, FEW, "VACUUM ANALYZE flows", "VACUUM ANALYZE few_flows", *RECIPES)]


def answer(rate, source="flows"):
    return f"SELECT count(rate), round(sum(rate)::numeric, 4) FROM (SELECT {rate} AS rate FROM {source} GROUP BY deal) AS deals"


OURS = "kpi.xirr(amount, day)"
ARRAYS = "array_agg(amount::float8 ORDER BY day), array_agg(day - date '2000-01-01' ORDER BY day)"
SHUFFLED = "(SELECT * FROM flows ORDER BY hashint8(deal), hashint8(deal + extract(epoch FROM day)::int) OFFSET 0) AS flows"

STATEMENTS = [
    {"name": "count(*) of the flows", "engine": "postgres", "statement": "SELECT count(*) FROM flows"},
    {"name": "sum(amount) of each deal", "engine": "postgres", "statement": answer("sum(amount)")},
    {"name": "kpi.xirr of each deal", "engine": "postgres", "statement": answer(OURS)},
    {"name": "kpi.xirr of each deal, 2 workers", "engine": "postgres", "statement": answer(OURS), "arguments": PARALLEL},
    {"name": "count(*) of the flows, shuffled", "engine": "postgres", "statement": answer("count(*)", SHUFFLED), "runs": 1},
    {"name": "kpi.xirr of each deal, shuffled", "engine": "postgres", "statement": answer(OURS, SHUFFLED), "runs": 1},
    {"name": "kpi.xirr_all of each deal", "engine": "postgres", "statement": answer("(kpi.xirr_all(amount, day))[1]")},
    {"name": "kpi.xirr, a deal of 20", "engine": "postgres", "statement": answer(OURS, "few_flows"), "answer": "reference"},
    {"name": "the recipe's arrays alone, a deal of 20", "engine": "postgres",
     "statement": f"SELECT count(*) FROM (SELECT {ARRAYS} FROM few_flows GROUP BY deal OFFSET 0) AS deals"},
    {"name": "recipe in plpgsql, double precision, a deal of 20", "engine": "postgres", "statement": answer(f"recipe({ARRAYS})", "few_flows"),
     "answer": "same", "runs": 1},
    {"name": "recipe in plpgsql, numeric, a deal of 20", "engine": "postgres",
     "statement": answer(f"numeric_recipe({ARRAYS.replace('::float8', '')})", "few_flows"), "answer": "same", "runs": 1},
]
