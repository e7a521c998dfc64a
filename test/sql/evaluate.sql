-- kpi.evaluate and kpi.scorecard: a shop as of a day, next to numbers counted by hand
CREATE SCHEMA evaluate_test;
SET search_path = evaluate_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
-- 10 a day in 2025, 12 a day in 2026, twice that on Sundays
CREATE VIEW sales AS SELECT d::date AS period_start, CASE WHEN extract(isodow FROM d) = 7 THEN 2 ELSE 1 END * CASE WHEN d < '2026-01-01' THEN 10 ELSE 12 END AS value, 5 AS n FROM generate_series(timestamp '2025-01-01', '2026-03-18', '1 day') AS d;
CREATE VIEW conversion AS SELECT d::date AS period_start, s AS segment, CASE s WHEN 'mobile' THEN 2 ELSE 5 END + (d >= '2026-03-10')::int AS numerator, 100 AS denominator, 100 AS n FROM generate_series(timestamp '2026-01-01', '2026-03-18', '1 day') AS d, unnest('{mobile,desktop}'::text[]) AS s;
CREATE VIEW refunds AS SELECT d::date AS period_start, 3 AS value FROM generate_series(timestamp '2026-01-01', '2026-03-10', '1 day') AS d;
CREATE VIEW customers AS SELECT d::date AS period_start, 100 + 10 * extract(month FROM d) AS value FROM generate_series(timestamp '2025-01-01', '2026-03-01', '1 month') AS d;
SELECT kpi.define_objective('growth', 'Grow');
SELECT kpi.define_objective('quality', 'Please customers', parent => 'growth', rollup => 'worst');
SELECT kpi.define('sales', 'sales', unit => 'EUR', adds => 'sum', title => 'Sales', objective => 'growth', weight => 2);
SELECT kpi.define('conversion', 'conversion', unit => 'share', objective => 'growth');
SELECT kpi.define('refunds', 'refunds', unit => 'orders', adds => 'sum', direction => 'down', objective => 'quality');
SELECT kpi.define('customers', 'customers', unit => 'customers', grain => 'month', adds => 'last', stale_after => '40 days');
SELECT kpi.define('nps', unit => 'points', grain => 'quarter', adds => 'last', qualitative => true, objective => 'quality', stale_after => '100 days');
SELECT kpi.define('stock', unit => 'pieces', grain => 'month', adds => 'last', direction => 'range', stale_after => '100 days');
SELECT kpi.define('idea', unit => 'x', grain => 'month', adds => 'last');
CALL kpi.refresh(as_of => '2026-03-18 09:00Z');
SELECT kpi.set_target('sales', '2026-03', 465), kpi.set_target('sales', '2026', 5000, baseline => 1000), kpi.set_target('sales', '2026-02', 360), kpi.set_target('sales', '2026-04', 400), kpi.set_target('sales', '2026-W11', 80);
SELECT kpi.set_target('conversion', '2026-Q1', 0.04), kpi.set_target('conversion', '2026-Q1', 0.05, segment => 'desktop'), kpi.set_target('conversion', '2026-Q1', 0.05, segment => 'mobile'), kpi.set_target('refunds', '2026-03', 60), kpi.set_target('customers', '2026-03', 125), kpi.set_target('nps', '2026-Q1', 40), kpi.set_target('stock', '2026-03', low => 100, high => 200);
SELECT kpi.check_in('nps', '2025-Q4', 31, n => 120, ci_low => 20, ci_high => 42), kpi.check_in('nps', '2026-Q1', 36, n => 60, ci_low => 25, ci_high => 47), kpi.check_in('stock', '2026-03', 250);

-- ---- as of 18 March, in the morning: 17 days are over ----
\x
SELECT * FROM kpi.evaluate('2026-03-18 09:00Z', 'sales');
\x
-- by hand: March has 3 Sundays up to the 17th (1, 8, 15): 20 x 12; 17 of 31 days; last year's March 1 .. 17 had 3 (2, 9, 16)
SELECT (17 + 3) * 12 AS actual, 465 * 17 / 31.0 AS expected, (17 + 3) * 12 / (465 * 17 / 31.0) AS attainment, (17 + 3) * 12 * 31 / 17.0 AS forecast, (17 + 3) * 10 AS year_ago, (17 + 3) * 12 AS february_to_the_17th;
SELECT kpi, segment, period, round(actual, 4) AS actual, target, round(expected_to_date::numeric, 2) AS expected, round(attainment::numeric, 3) AS attainment, status, status_code AS code, reason FROM kpi.evaluate('2026-03-18 09:00Z');
SELECT kpi, period, previous, round(change::numeric, 3) AS change, year_ago, round(yoy_change::numeric, 3) AS yoy, fresh_to, n, ci_low, is_closed FROM kpi.evaluate('2026-03-18 09:00Z') WHERE segment = '';
SELECT objective, parents, round(attainment::numeric, 4) AS attainment, coverage, status, kpis FROM kpi.evaluate_objectives('2026-03-18 09:00Z');
-- growth is two parts sales of the year, one part conversion, one part quality
SELECT objective, round(attainment::numeric, 9) = round(((SELECT 2 * attainment FROM kpi.evaluate('2026-03-18 09:00Z', 'sales') WHERE period = '2026') + (SELECT attainment FROM kpi.evaluate('2026-03-18 09:00Z', 'conversion', '')) + (SELECT attainment FROM kpi.evaluate_objectives('2026-03-18 09:00Z') WHERE objective = 'quality'))::numeric / 4, 9) AS as_weighted FROM kpi.evaluate_objectives('2026-03-18 09:00Z') WHERE objective = 'growth';
-- only one of them
SELECT kpi, segment, status FROM kpi.evaluate('2026-03-18 09:00Z', 'conversion', 'mobile');
SELECT count(*) FROM kpi.evaluate('2026-03-18 09:00Z', 'conversio');

-- ---- other days ----
-- the first: nothing is over; the last: all but one day; then it is closed, and judged as a whole; then it is not known how it went on
SELECT as_of::date, period, actual, round(expected_to_date::numeric, 1) AS expected, round(attainment::numeric, 3) AS attainment, round(forecast::numeric, 1) AS forecast, status, reason FROM unnest('{2026-03-01 12:00Z,2026-03-02 00:00Z,2026-03-31 23:00Z,2026-04-01 00:00Z,2026-05-02 12:00Z}'::timestamptz[]) AS as_of, kpi.evaluate(as_of, 'sales') WHERE period IN ('2026-03', '2026-04');
-- the days come: it is achieved
CREATE OR REPLACE VIEW sales AS SELECT d::date AS period_start, CASE WHEN extract(isodow FROM d) = 7 THEN 2 ELSE 1 END * CASE WHEN d < '2026-01-01' THEN 10 ELSE 12 END AS value, 5 AS n FROM generate_series(timestamp '2025-01-01', '2026-03-31', '1 day') AS d;
CALL kpi.refresh('sales', as_of => '2026-04-01 09:00Z');
SELECT period, actual, expected_to_date, round(attainment::numeric, 3) AS attainment, status, reason, is_closed FROM kpi.evaluate('2026-04-01 09:00Z', 'sales') ORDER BY period;
-- a month that was measured before it was over is not judged as a whole one; when it is read again it is
SELECT actual, target, status, reason, fresh_to FROM kpi.evaluate('2026-04-01 09:00Z', 'customers');
CALL kpi.refresh('customers', as_of => '2026-04-01 09:00Z');
SELECT actual, target, status, reason, fresh_to FROM kpi.evaluate('2026-04-01 09:00Z', 'customers');
-- seasonal: Sundays bring twice as much, so the first 15 days of March, with three of them, should bring more
SELECT kpi.set_target('sales', '2026-03', 432, weights => '{1,1,1,1,1,1,2}');
SELECT expected_to_date, attainment, round(forecast::numeric, 6) AS forecast FROM kpi.evaluate('2026-03-16 09:00Z', 'sales') WHERE period = '2026-03';
SELECT 432 * 18 / 36.0 AS expected, 18 * 12 AS actual;
-- each target as it was, and since when
SELECT version, target, pacing, closed_at IS NULL AS in_force FROM kpi.target WHERE kpi = 'sales' AND period_start = '2026-03-01' AND period_end = '2026-04-01' ORDER BY version;
-- somebody knows better, for a while
SELECT kpi.check_in('refunds', '2026-03-05', note => 'the new return label', status => 'at_risk', status_until => '2026-03-20');
SELECT as_of::date, status, reason FROM unnest('{2026-03-18Z,2026-03-20 23:00Z,2026-03-21Z}'::timestamptz[]) AS as_of, kpi.evaluate(as_of, 'refunds');
-- too few to say anything
UPDATE kpi.kpi SET min_n = 100 WHERE name = 'sales';
SELECT status, reason FROM kpi.evaluate('2026-03-18 09:00Z', 'sales') WHERE period = '2026-03';
UPDATE kpi.kpi SET min_n = NULL, active = false WHERE name = 'sales';
SELECT count(*) AS inactive FROM kpi.evaluate('2026-03-18 09:00Z') WHERE kpi = 'sales';
-- the view is as of now
SELECT count(*) > 5 AS rows, count(DISTINCT kpi) AS kpis FROM kpi.scorecard;

-- ---- random KPIs and days next to plain SQL ----
SELECT setseed(0.125);
CREATE TABLE random_days AS SELECT 'r' || k AS kpi, d::date AS day, round((random() * 100)::numeric, 1) AS value, (random() * 50)::int AS numerator, (random() * 50)::int AS denominator FROM generate_series(1, 12) AS k, generate_series(timestamp '2024-12-20', '2026-06-30', '1 day') AS d WHERE random() < 0.9;
DO $$
DECLARE k int;
BEGIN
  FOR k IN 1 .. 12 LOOP
    EXECUTE format('CREATE VIEW r%s AS SELECT day AS period_start, %s FROM random_days WHERE kpi = %L', k, CASE WHEN k % 4 = 3 THEN 'numerator, denominator' ELSE 'value' END, 'r' || k);
    PERFORM kpi.define('r' || k, ('r' || k)::regclass, unit => 'x', adds => (ARRAY['sum', 'mean', 'last', 'ratio'])[1 + (k + 0) % 4], direction => (ARRAY['up', 'down'])[1 + k % 2], stale_after => '100 days');
    PERFORM kpi.set_target('r' || k, p, (20 + random() * 50)::numeric) FROM unnest(CASE k % 3 WHEN 0 THEN '{2026-01,2026-02,2026-03,2026-04}' WHEN 1 THEN '{2026-Q1,2026-Q2}' ELSE '{2026-W05,2026-W06,2026}' END::text[]) AS p;
  END LOOP;
END $$;
CALL kpi.refresh(as_of => '2026-07-01Z');
CREATE FUNCTION reference(k text, adds text, first date, last date) RETURNS numeric LANGUAGE sql AS $$
  SELECT CASE adds WHEN 'sum' THEN sum(value) WHEN 'mean' THEN avg(value) WHEN 'ratio' THEN sum(numerator)::numeric / nullif(sum(denominator), 0) ELSE (SELECT value FROM random_days WHERE kpi = k AND day >= first AND day < last ORDER BY day DESC LIMIT 1) END FROM random_days WHERE kpi = k AND day >= first AND day < last $$;
WITH days AS (SELECT timestamptz '2026-01-01 08:00Z' + i * interval '31 hours' AS as_of FROM generate_series(0, 120) i),
judged AS (SELECT as_of, e.*, k.adds, k.direction, least(e.period_end, as_of::date) AS through, CASE WHEN e.period_end - e.period_start <= 7 THEN 364 END AS days FROM days, kpi.evaluate(as_of) AS e JOIN kpi.kpi k ON k.name = e.kpi WHERE e.kpi ~ '^r[0-9]'),
expected AS (SELECT j.*, reference(kpi, adds, period_start, through) AS a,
  reference(kpi, adds, (period_start - CASE WHEN period_end - period_start <= 7 THEN interval '7 days' WHEN period ~ 'Q' THEN interval '3 months' WHEN period ~ '-' THEN interval '1 month' ELSE interval '1 year' END)::date,
    CASE WHEN is_closed THEN period_start ELSE least(period_start, (period_start - CASE WHEN period_end - period_start <= 7 THEN interval '7 days' WHEN period ~ 'Q' THEN interval '3 months' WHEN period ~ '-' THEN interval '1 month' ELSE interval '1 year' END)::date + (through - period_start)) END) AS p,
  CASE WHEN is_closed OR adds <> 'sum' THEN target ELSE target * greatest(0, through - period_start) / (period_end - period_start) END AS e FROM judged j)
SELECT count(*) > 900 AS enough, count(*) FILTER (WHERE is_closed) > 50 AS closed, count(DISTINCT status) AS statuses,
  count(*) FILTER (WHERE actual IS DISTINCT FROM a) AS wrong_actual, count(*) FILTER (WHERE previous IS DISTINCT FROM p) AS wrong_previous, count(*) FILTER (WHERE abs(expected_to_date - e) > 1e-9) AS wrong_expected,
  count(*) FILTER (WHERE abs(attainment - CASE direction WHEN 'up' THEN a / e ELSE e / a END) > 1e-9) AS wrong_attainment,
  count(*) FILTER (WHERE status <> CASE WHEN period_start > as_of::date OR through = period_start THEN 'not_started' WHEN a IS NULL THEN 'no_data' WHEN is_closed THEN CASE WHEN attainment >= 1 THEN 'achieved' ELSE 'missed' END WHEN attainment >= 0.9 THEN 'on_track' WHEN attainment >= 0.75 THEN 'at_risk' ELSE 'behind' END) AS wrong_status
FROM expected;
-- without a target: the period that yesterday was in, with its days that are over
UPDATE kpi.kpi SET active = true WHERE name = 'sales';
DELETE FROM kpi.target;
SELECT kpi, period, actual, actual IS NOT DISTINCT FROM (SELECT value FROM kpi.measurement WHERE (kpi, segment, period_start) = ('sales', '', '2026-03-17')) AS of_yesterday, is_closed, status, reason FROM kpi.evaluate('2026-03-18 09:00Z', 'sales');
SELECT kpi, period, actual IS NOT NULL AS some, is_closed FROM kpi.evaluate('2026-03-01 09:00Z', 'customers');

-- ---- a month is over, but its data stop within it: only its source knows ----
CREATE TABLE visits (ts timestamptz, who int);
INSERT INTO visits SELECT d, i FROM generate_series(timestamptz '2026-01-01 00:30Z', '2026-02-19 00:30Z', '1 day') AS d, generate_series(1, 5) AS i;
SELECT kpi.add_source('visits', 'visits', actor => 'who', at => 'ts', zone => 'Asia/Seoul');
SELECT kpi.define_unique('monthly visitors', 'visits', grain => 'month'), kpi.define_count('monthly visits', 'visits', grain => 'month'), kpi.define_derived('visits each', '"monthly visits" / "monthly visitors"', unit => 'visits', grain => 'month');
SELECT kpi.set_target(k, m, 100) FROM unnest('{monthly visitors,monthly visits,visits each}'::text[]) AS k, unnest('{2026-01,2026-02}'::text[]) AS m;
CALL kpi.refresh('visits each', as_of => '2026-03-01 09:00Z');
SELECT kpi, refreshed_to, data_to FROM kpi.watermark WHERE kpi IN ('monthly visitors', 'monthly visits', 'visits each') ORDER BY 1;
SELECT kpi, period, actual, status, reason, fresh_to FROM kpi.evaluate('2026-03-01 09:00Z') WHERE kpi ~ 'visit' ORDER BY kpi;
-- in the middle of the month, too
SELECT period, status, fresh_to FROM kpi.evaluate('2026-02-26 09:00Z', 'monthly visits');
-- as of a day that they reach, what is loaded already but has not happened does not count
CALL kpi.refresh('visits each', as_of => '2026-02-10 09:00Z');
SELECT kpi, data_to FROM kpi.watermark WHERE kpi IN ('monthly visitors', 'monthly visits', 'visits each') ORDER BY 1;
-- the rest arrives
INSERT INTO visits SELECT d, i FROM generate_series(timestamptz '2026-02-20 00:30Z', '2026-02-28 00:30Z', '1 day') AS d, generate_series(1, 5) AS i;
CALL kpi.refresh('visits each', as_of => '2026-03-02 09:00Z');
SELECT kpi, period, actual, status, fresh_to FROM kpi.evaluate('2026-03-02 09:00Z') WHERE kpi ~ 'visit' ORDER BY kpi;
-- nothing can be known of it: judged by what there is
ALTER TABLE visits RENAME ts TO happened;
SELECT kpi.data_to(k, '2026-03-02 09:00Z') FROM kpi.kpi AS k WHERE k.name = 'monthly visits';
DELETE FROM kpi.kpi;
DELETE FROM kpi.objective;
SELECT kpi.remove_source('visits');
DROP SCHEMA evaluate_test CASCADE;
