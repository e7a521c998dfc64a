-- Does an installed kpi_track work? One funnel, one KPI from its definition to its status; stops at the first answer that is not the expected one.
\set ON_ERROR_STOP on
CREATE EXTENSION kpi_track;

CREATE TABLE visit (visitor bigint, at timestamptz, event text, amount numeric);
INSERT INTO visit
	SELECT v, '2026-03-01 08:00+00'::timestamptz + v * interval '8 hours' + s.n * interval '1 minute', s.event, CASE s.event WHEN 'buy' THEN v END
	FROM generate_series(1, 90) AS v, (VALUES (1, 'view'), (2, 'cart'), (3, 'buy')) AS s(n, event) WHERE v % s.n = 0;

DO $$
DECLARE
	funnel kpi.funnel := (SELECT kpi.funnel(visitor, at, event, 'view -> cart -> buy within 1 hour') FROM visit);
	actors bigint[] := (SELECT array_agg(s.actors ORDER BY s.step) FROM kpi.steps(funnel) AS s);
BEGIN
	-- every second one puts something into the cart, every third of these buys it
	IF actors IS DISTINCT FROM '{90,45,15}' THEN
		RAISE EXCEPTION 'the funnel says %', actors;
	END IF;
END
$$;

CREATE VIEW revenue_by_day AS SELECT at::date AS period_start, sum(amount) AS value, count(*) AS n FROM visit WHERE event = 'buy' GROUP BY 1;
SET timezone = 'UTC';
SELECT kpi.define('revenue', 'revenue_by_day', unit => 'EUR', adds => 'sum', zone => 'UTC');
SELECT kpi.set_target('revenue', '2026-03', 500, rationale => 'as it was');
CALL kpi.refresh(as_of => '2026-04-01 12:00+00');

DO $$
DECLARE
	found record;
	wanted numeric := (SELECT sum(amount) FROM visit WHERE event = 'buy' AND at >= '2026-03-01 00:00+00' AND at < '2026-04-01 00:00+00');
BEGIN
	SELECT e.actual, e.status INTO found FROM kpi.evaluate(as_of => '2026-04-01 12:00+00') AS e WHERE e.kpi = 'revenue';
	IF found.actual IS DISTINCT FROM wanted OR found.status IS DISTINCT FROM 'achieved' THEN
		RAISE EXCEPTION 'the KPI says % and %, not %', found.actual, found.status, wanted;
	END IF;
END
$$;

-- what was made of it stays when it goes
DROP EXTENSION kpi_track CASCADE;
SELECT count(*) AS left_in_kpi FROM pg_class WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'kpi%');
