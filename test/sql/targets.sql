-- targets from rows, parts of a target, and pacing that is learned
CREATE SCHEMA targets_test;
SET search_path = targets_test;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
-- two years; twice as much on Sundays, nothing on Saturdays (no row), three times as much in December
CREATE VIEW sales AS SELECT d::date AS period_start, s AS segment, CASE s WHEN 'DE' THEN 3 ELSE 1 END * CASE WHEN extract(isodow FROM d) = 7 THEN 20 ELSE 10 END * CASE WHEN extract(month FROM d) = 12 THEN 3 ELSE 1 END AS value
  FROM generate_series(timestamp '2023-12-01', '2025-03-31', '1 day') AS d, unnest('{DE,FR}'::text[]) AS s WHERE extract(isodow FROM d) <> 6;
CREATE VIEW young AS SELECT * FROM sales WHERE period_start >= '2025-02-03';
CREATE VIEW nothing AS SELECT period_start, 0 AS value FROM sales WHERE segment = 'DE';
CREATE VIEW level AS SELECT period_start, 5 AS value FROM sales WHERE segment = 'DE';
CREATE VIEW monthly AS SELECT d::date AS period_start, 100 AS value FROM generate_series(timestamp '2024-01-01', '2025-03-01', '1 month') AS d;
SELECT kpi.define('sales', 'sales', unit => 'EUR', adds => 'sum'), kpi.define('young', 'young', unit => 'EUR', adds => 'sum'), kpi.define('nothing', 'nothing', unit => 'EUR', adds => 'sum'), kpi.define('level', 'level', unit => 'x', adds => 'mean'),
  kpi.define('monthly', 'monthly', unit => 'EUR', adds => 'sum', grain => 'month'), kpi.define('stock', unit => 'pieces', adds => 'last', direction => 'range', grain => 'month'), kpi.define('stream', unit => 'pieces', adds => 'sum', direction => 'range');
CALL kpi.refresh(as_of => '2025-04-01 09:00Z');

-- ---- from rows ----
CREATE TABLE plan (kpi text, period text, target numeric, low numeric, high numeric, baseline float8, pacing text, weights float8[], segment text, rationale text);
INSERT INTO plan VALUES ('sales', '2025-02', 1500, NULL, NULL, NULL, NULL, NULL, NULL, 'as last year'), ('sales', '2025-03', 1600.50, NULL, NULL, 0.1, 'business_days', NULL, NULL, NULL), ('sales', '2025-03', 1000, NULL, NULL, NULL, NULL, '{1,1,1,1,1,0,2}', 'DE', NULL),
  ('stock', '2025-03', NULL, 100, 200, NULL, NULL, NULL, '', NULL), ('sales', '[2025-01-01,2026-01-01)', 20000, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT kpi.set_targets('plan');
SELECT kpi, segment, period_start, period_end, version, target, low, high, baseline, pacing, weights, rationale FROM kpi.target ORDER BY 1, 2, 3, 4, 5;
-- the same again changes nothing; one that is other, one
SELECT kpi.set_targets('plan');
UPDATE plan SET target = 1501 WHERE period = '2025-02';
SELECT kpi.set_targets('plan');
SELECT version, target, closed_at IS NULL AS in_force FROM kpi.target WHERE kpi = 'sales' AND period_start = '2025-02-01' ORDER BY 1;
-- a view with few columns, of other types; days and ranges as periods; one that reads the targets themselves
CREATE VIEW next_plan AS SELECT t.kpi::name AS kpi, daterange((t.period_start + interval '1 year')::date, (t.period_end + interval '1 year')::date) AS period, (t.target * 1.1)::float8 AS target FROM kpi.target AS t WHERE t.segment = '' AND t.closed_at IS NULL AND t.target IS NOT NULL;
SELECT kpi.set_targets('next_plan');
SELECT kpi.set_targets('next_plan');
CREATE TEMP TABLE days AS SELECT 'stream' AS kpi, date '2025-03-03' + i AS period, 1 + i AS low FROM generate_series(0, 2) AS i;
SELECT kpi.set_targets('days');
SELECT kpi, period_start, period_end, target, low FROM kpi.target WHERE period_start >= '2026-01-01' OR kpi = 'stream' ORDER BY 1, 2, 3;
-- no rows, no targets
CREATE TABLE empty_plan (kpi text, period text, target numeric);
SELECT kpi.set_targets('empty_plan');
-- all or none, and which row it is
CREATE FUNCTION refused(rows text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  state text; message text; hint text; targets bigint := (SELECT count(*) FROM kpi.target);
BEGIN
  EXECUTE 'CREATE TABLE bad AS SELECT * FROM (VALUES ' || rows || ') AS v(kpi, period, target)';
  BEGIN
    PERFORM kpi.set_targets('bad');
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
  END;
  DROP TABLE bad;
  RETURN concat_ws(' / ', state, message, nullif(hint, '')) || CASE WHEN targets <> (SELECT count(*) FROM kpi.target) THEN ' (something is left)' ELSE '' END;
END $$;
SELECT refused(q) FROM unnest(ARRAY[$$('sales', '2025-05', '5'), ('sale', '2025-06', '6')$$, $$('sales', '2025-05', '5'), ('sales', '2025-13', '6')$$, $$('sales', '2025-05', '5'), ('sales', '2025-06', 'six')$$, $$('sales', '2025-05', '5'), ('sales', '2025-05', '6')$$, $$('sales', '2025-05', '5'), ('sales', '[2025-05-01,2025-06-01)', '5')$$,
  $$('sales', '2025-05', '5'), (NULL, '2025-06', '6')$$, $$('sales', '2025-05', '5'), ('sales', NULL, '6')$$, $$('sales', '2025-05', '5'), ('sales', '2025-06', NULL)$$, $$('sales', '2025-05', '5'), ('stock', '2025-06', '5')$$, $$('sales', '2025-05', '5'), ('sales', '[2025-05-15,2025-06-15)', '6')$$, $$('sales', '2025-05', 'NaN')$$, $$('monthly', '2025-05', '5'), ('monthly', '2025-W20', '5')$$]) AS q;
SELECT count(*) FROM kpi.target WHERE period_start >= '2025-05-01' AND period_start < '2026-01-01';
-- columns that are none, or are missing
ALTER TABLE plan RENAME rationale TO rational;
SELECT kpi.set_targets('plan');
ALTER TABLE plan RENAME rational TO colour;
SELECT kpi.set_targets('plan');
CREATE TABLE no_period (kpi text, target numeric);
SELECT kpi.set_targets('no_period');
CREATE TABLE no_target (kpi text, period text);
SELECT kpi.set_targets('no_target');
CREATE SEQUENCE counter;
SELECT kpi.set_targets('counter');
SELECT kpi.set_targets(NULL);
SELECT kpi.set_targets('no_such_plan');
-- of another's KPI
CREATE ROLE targets_author;
SELECT kpi.grant_access('targets_author', 'author');
GRANT USAGE ON SCHEMA targets_test TO targets_author;
GRANT SELECT ON empty_plan TO targets_author;
INSERT INTO empty_plan VALUES ('sales', '2025-05', 5);
SET ROLE targets_author;
SELECT kpi.set_targets('empty_plan');
SELECT kpi.set_targets('no_target');
SELECT kpi.split_target('sales', '2025', 'month');
RESET ROLE;
SELECT kpi.grant_access('targets_author', 'none');
REVOKE ALL ON SCHEMA targets_test FROM targets_author;
REVOKE ALL ON empty_plan FROM targets_author;
DROP ROLE targets_author;

-- ---- parts that add up exactly ----
SELECT kpi.apportion(100, '{1,1,1}'), kpi.apportion(100, '{1,1,1}', 2), kpi.apportion(-100.01, '{1,1,1}'), kpi.apportion(10, '{0,3,1}'), kpi.apportion(0, '{1,2}'), kpi.apportion(NULL, '{1,2}'), kpi.apportion(12000, '{1,1,1,1,1,1,1}', -2), kpi.apportion(5, '{7}'), kpi.apportion(2, '{1,1,1,1}');
SELECT setseed(0.25);
SELECT count(*) AS cases, count(*) FILTER (WHERE sum_of <> amount) AS inexact, count(*) FILTER (WHERE largest >= 1) AS off_by_one_or_more, count(*) FILTER (WHERE scales > places) AS finer
FROM (SELECT amount, places, (SELECT sum(p) FROM unnest(parts) AS p) AS sum_of, (SELECT max(scale(p)) FROM unnest(parts) AS p) AS scales, (SELECT max(abs(u.p - amount * w[u.i] / (SELECT sum(x) FROM unnest(w) AS x))) * 10 ^ places FROM unnest(parts) WITH ORDINALITY AS u(p, i)) AS largest
  FROM (SELECT amount, places, w, kpi.apportion(amount, w, places) AS parts FROM (SELECT i % 6 AS places, round(((random() - 0.3) * 10 ^ (i % 9))::numeric, i % 6) AS amount, (SELECT array_agg(round((random() * 100 * (j + i % 2))::numeric, 4) + 0.0001) FROM generate_series(1, 1 + i % 13) AS j) AS w FROM generate_series(1, 2000) AS i) AS r) AS s) AS t;
SELECT kpi.apportion(100.5, '{1,1}', 0);
SELECT kpi.apportion(100, '{0,0}');
SELECT kpi.apportion(100, '{1,-1}');
SELECT kpi.apportion(100, '{1,NULL}');
SELECT kpi.apportion(100, '{}');
SELECT kpi.apportion('Infinity', '{1}');
SELECT kpi.apportion(1, '{1}', 1000);
SELECT * FROM kpi.split_target('sales', '2025', 'quarter');
SELECT sum(target) FROM kpi.split_target('sales', '2025', 'month', 'equal');
SELECT * FROM kpi.split_target('sales', '2025-Q1', 'month', by => 'business_days', decimals => 2);
SELECT (SELECT count(*) FROM generate_series(date '2025-01-01', '2025-01-31', '1 day') AS d WHERE extract(isodow FROM d) < 6) AS january, (SELECT count(*) FROM generate_series(date '2025-02-01', '2025-02-28', '1 day') AS d WHERE extract(isodow FROM d) < 6) AS february, (SELECT count(*) FROM generate_series(date '2025-03-01', '2025-03-31', '1 day') AS d WHERE extract(isodow FROM d) < 6) AS march;
-- as last year: January to March
SELECT kpi.set_target('sales', '2025-Q1', 6000, baseline => 3000, stretch => 6600.5);
SELECT * FROM kpi.split_target('sales', '2025-Q1', 'month', 'last_year');
SELECT to_char(period_start, 'YYYY-MM') AS month, sum(value), round(6000 * sum(value) / sum(sum(value)) OVER (), 2) AS of_6000 FROM sales WHERE period_start BETWEEN '2024-01-01' AND '2024-03-31' GROUP BY 1 ORDER BY 1;
SELECT period_start, target, baseline, stretch, pacing, rationale FROM kpi.target WHERE kpi = 'sales' AND segment = '' AND closed_at IS NULL AND period_start BETWEEN '2025-01-01' AND '2025-03-01' AND period_end - period_start < 32 ORDER BY 1;
-- a month's days by its weights, each of which it keeps
SELECT sum(target), count(*), min(target) FILTER (WHERE extract(isodow FROM part::date) = 6) AS saturday, max(target) FILTER (WHERE extract(isodow FROM part::date) = 7) AS sunday FROM kpi.split_target('sales', '2025-03', 'day', 'profile', 'DE');
SELECT kpi.set_target('sales', '[2025-03-03,2025-03-17)', 100, weights => ARRAY[1,2,3,4,5,6,7,8,9,10,11,12,13,14]::float8[], segment => 'FR');
SELECT * FROM kpi.split_target('sales', '[2025-03-03,2025-03-17)', 'week', 'profile', 'FR');
SELECT period_start, period_end, target, weights FROM kpi.target WHERE kpi = 'sales' AND segment = 'FR' AND closed_at IS NULL ORDER BY 1, 2;
-- refused
SELECT * FROM kpi.split_target('sales', '2024', 'month');
SELECT * FROM kpi.split_target('young', '2024', 'month');
SELECT * FROM kpi.split_target('sales', '2025', 'fortnight');
SELECT * FROM kpi.split_target('sales', '2025', 'week');
SELECT * FROM kpi.split_target('sales', '2025', 'year');
SELECT * FROM kpi.split_target('sales', '2025', 'month', 'mood');
SELECT * FROM kpi.split_target('sales', '2025', 'month', 'profile');
SELECT * FROM kpi.split_target('sales', '2026', 'month', 'last_year', as_of => '2025-04-01Z');
SELECT * FROM kpi.split_target('stock', '2025-03', 'day');
SELECT kpi.set_target('level', '2025-03', 5);
SELECT * FROM kpi.split_target('level', '2025-03', 'day');
SELECT kpi.set_target('monthly', '2025-Q1', 300), kpi.set_target('nothing', '2025-02', 300);
SELECT * FROM kpi.split_target('monthly', '2025-Q1', 'month', 'last_year');
SELECT * FROM kpi.split_target('monthly', '2025-Q1', 'day');
SELECT * FROM kpi.split_target('nothing', '2025-02', 'day', 'last_year');

-- ---- weights that are learned ----
-- last year's: 364 days before, so Sundays are Sundays; days without a row are 0
WITH learned AS (SELECT date '2025-03-01' + (i - 1)::int AS day, w FROM unnest(kpi.learn_weights('sales', '2025-03', as_of => '2025-03-05Z')) WITH ORDINALITY AS u(w, i)),
  reference AS (SELECT l.day, l.w, coalesce(sum(s.value), 0) / sum(sum(s.value)) OVER () AS share FROM learned AS l LEFT JOIN sales AS s ON s.period_start = l.day - 364 GROUP BY l.day, l.w)
SELECT count(*) AS days, max(abs(w - share)) < 1e-12 AS as_referenced, sum(w)::numeric(12, 9) AS all, count(*) FILTER (WHERE w = 0) AS without, bool_and((w = 0) = (extract(isodow FROM day) = 6)) AS saturdays FROM reference;
SELECT kpi.learn_weights('sales', '2025-03', segment => 'FR') = kpi.learn_weights('sales', '2025-03', segment => 'DE') AS alike;
-- seven days are weekdays from Monday on, wherever they begin
SELECT kpi.learn_weights('sales', '[2025-03-06,2025-03-13)') = kpi.learn_weights('sales', '2025-W10') AS same, kpi.learn_weights('sales', '2025-W10');
-- weekdays: each week counts the same, however much it brought; the last weeks before the period
SELECT kpi.learn_weights('sales', '2025-03', 'recent_weeks');
CREATE TABLE swings AS SELECT d::date AS period_start, round((random() * 100 * extract(week FROM d))::numeric, 2) AS value FROM generate_series(timestamp '2024-10-01', '2025-03-31', '1 day') AS d WHERE random() < 0.8;
SELECT kpi.define('swings', 'swings', unit => 'x', adds => 'sum');
CALL kpi.refresh('swings', as_of => '2025-04-01 09:00Z');
WITH cases AS (SELECT period, weeks, as_of, date_trunc('week', least(lower(kpi.period(period)), as_of::date))::date AS last FROM unnest('{2025-03,2025-02,2025-W09,"[2025-03-13,2025-03-15)"}'::text[]) AS period, generate_series(1, 9) AS weeks, unnest('{2025-04-01Z,2025-02-20 13:00Z,2025-03-10Z}'::timestamptz[]) AS as_of),
  shares AS (SELECT c.*, last - 7 * weeks + i AS day, coalesce(s.value, 0) / sum(s.value) OVER (PARTITION BY period, weeks, as_of, i / 7) AS share FROM cases AS c CROSS JOIN LATERAL generate_series(0, 7 * weeks - 1) AS i LEFT JOIN swings AS s ON s.period_start = last - 7 * weeks + i),
  means AS (SELECT period, weeks, as_of, extract(isodow FROM day)::int AS weekday, avg(share) AS mean FROM shares GROUP BY 1, 2, 3, 4)
SELECT count(*) / 7 AS cases, count(*) FILTER (WHERE abs(mean - w[weekday]) > 1e-12 OR cardinality(w) <> 7) AS wrong FROM means, LATERAL (SELECT kpi.learn_weights('swings', period, 'recent_weeks', weeks => weeks, as_of => as_of) AS w OFFSET 0) AS l;
-- what went before does not matter once it is told that it is not known: how much is missing
SELECT kpi.learn_weights('sales', '2024-11');
SELECT kpi.learn_weights('sales', '2025-01', by => 'last_year', as_of => '2024-01-11Z');
SELECT kpi.learn_weights('sales', '2026-04');
SELECT kpi.learn_weights('young', '2025-03');
SELECT kpi.learn_weights('young', '2025-03', 'recent_weeks');
SELECT kpi.learn_weights('young', '2025-03', 'recent_weeks', weeks => 3) IS NOT NULL AS of_three_weeks;
SELECT kpi.learn_weights('sales', '2025-03', segment => 'UK');
SELECT kpi.learn_weights('nothing', '2025-03');
SELECT kpi.learn_weights('nothing', '2025-03', 'recent_weeks');
SELECT kpi.learn_weights('sales', '2025-03', 'next_year');
SELECT kpi.learn_weights('sales', '2025-03', 'recent_weeks', weeks => 0);
SELECT kpi.learn_weights('level', '2025-03');
SELECT kpi.learn_weights('monthly', '2025-03');
SELECT kpi.learn_weights('sales', '[2025-03-01,)');
SELECT kpi.learn_weights('sales', NULL);
SELECT kpi.learn_weights('sale', '2025-03');
-- a target whose pacing is profile learns them; from last year if that is known, else from the weeks before
SELECT kpi.set_target('sales', '2025-02', 2000, pacing => 'profile', rationale => 'more');
SELECT pacing, weights = kpi.learn_weights('sales', '2025-02') AS as_learned, rationale FROM kpi.target WHERE kpi = 'sales' AND segment = '' AND period_start = '2025-02-01' AND closed_at IS NULL;
SELECT kpi.set_target('young', '[2025-03-05,2025-03-19)', 700, pacing => 'profile');
SELECT kpi.set_target('young', '2025-W14', 700, pacing => 'profile');
SELECT weights, weights = kpi.learn_weights('young', '2025-W14', 'recent_weeks') AS of_eight_weeks, rationale FROM kpi.target WHERE kpi = 'young' AND period_start = '2025-03-31';
SELECT kpi.set_target('young', '[2025-03-07,2025-03-21)', 700, pacing => 'profile');
SELECT period_start, cardinality(weights), rationale FROM kpi.target WHERE kpi = 'young' AND period_start < '2025-03-31';
-- what is measured later does not move the goalposts: the same target again keeps its weights, another one learns
CREATE OR REPLACE VIEW sales AS SELECT d::date AS period_start, s AS segment, CASE s WHEN 'DE' THEN 3 ELSE 1 END * CASE WHEN extract(isodow FROM d) = 7 THEN 90 ELSE 10 END * CASE WHEN extract(month FROM d) = 12 THEN 3 ELSE 1 END AS value
  FROM generate_series(timestamp '2023-12-01', '2025-03-31', '1 day') AS d, unnest('{DE,FR}'::text[]) AS s WHERE extract(isodow FROM d) <> 6;
CALL kpi.refresh('sales', from_day => '2023-12-01', as_of => '2025-04-01 09:00Z');
SELECT kpi.set_target('sales', '2025-02', 2000, pacing => 'profile');
SELECT version, weights = kpi.learn_weights('sales', '2025-02') AS as_learned_now FROM kpi.target WHERE kpi = 'sales' AND segment = '' AND period_start = '2025-02-01' AND closed_at IS NULL;
SELECT kpi.set_target('sales', '2025-02', 2100, pacing => 'profile');
SELECT version, weights = kpi.learn_weights('sales', '2025-02') AS as_learned_now, rationale FROM kpi.target WHERE kpi = 'sales' AND segment = '' AND period_start = '2025-02-01' AND closed_at IS NULL;
-- and it paces: by 16 February, a Sunday, two of four weeks are over
SELECT round(expected_to_date::numeric, 6) AS expected FROM kpi.evaluate('2025-02-17Z', 'sales', '') WHERE period = '2025-02';
SELECT round(2100 * sum(value) FILTER (WHERE period_start < '2024-02-19')::numeric / sum(value), 6) AS expected FROM sales WHERE period_start >= '2024-02-03' AND period_start < '2024-03-02';
-- from rows, too
CREATE TABLE paced AS SELECT 'sales' AS kpi, '2025-01' AS period, 1800 AS target, 'profile' AS pacing;
SELECT kpi.set_targets('paced');
SELECT kpi.set_target('level', '2025-02', 3, pacing => 'profile');
SELECT kpi.set_target('monthly', '2025-02', 3, pacing => 'profile');
SELECT kpi.set_target('young', '2025-02', 3, pacing => 'profile');
SELECT kpi.set_target('sales', '2025-02', 3, pacing => 'linear', weights => '{1,1,1,1,1,1,1}');
DELETE FROM kpi.kpi;
SET client_min_messages = warning;
DROP SCHEMA targets_test CASCADE;
