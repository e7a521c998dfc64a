-- kpi.smart_check and kpi.lint: each rule, kept and broken
CREATE SCHEMA checks_test;
SET search_path = checks_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE FUNCTION error_of(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
  RETURN concat_ws(' / ', SQLSTATE || ' ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;

-- ---- rank correlation: as the mean ranks of plain SQL have it ----
SELECT kpi.spearman('{1,2,3,4}', '{2,4,8,9}') AS rises, kpi.spearman('{1,2,3,4}', '{9,8,4,2}') AS falls, round(kpi.spearman('{106,86,100,101,99,103,97,113,112,110}', '{7,0,27,50,28,29,20,12,6,17}')::numeric, 10) AS known,
  kpi.spearman('{1,2,3}', '{5,5,5}') AS constant, kpi.spearman('{}', '{}') AS nothing, kpi.spearman('{1}', '{1}') AS one, kpi.spearman(NULL, '{1}') AS "null", kpi.spearman('{1,2,NULL,4,NaN}', '{3,2,9,1,5}') AS left_out, kpi.spearman('{1,2,3}', '{1,2}') AS uneven;
-- with many ties, by another way: ranks by counting
SELECT setseed(0.5);
WITH t AS (SELECT g, (random() * 6)::int AS x, (random() * 4)::int AS y FROM generate_series(1, 40) i, generate_series(1, 20) g),
r AS (SELECT g, x, y, (SELECT count(*) FILTER (WHERE o.x < t.x) + (count(*) FILTER (WHERE o.x = t.x) + 1) / 2.0 FROM t o WHERE o.g = t.g) AS rx, (SELECT count(*) FILTER (WHERE o.y < t.y) + (count(*) FILTER (WHERE o.y = t.y) + 1) / 2.0 FROM t o WHERE o.g = t.g) AS ry FROM t),
m AS (SELECT *, avg(rx) OVER w AS mx, avg(ry) OVER w AS my FROM r WINDOW w AS (PARTITION BY g))
SELECT count(*) AS samples, count(*) FILTER (WHERE abs(rho - by_hand) > 1e-9) AS wrong FROM (SELECT kpi.spearman(array_agg(x), array_agg(y)) AS rho, sum((rx - mx) * (ry - my)) / sqrt(sum((rx - mx) ^ 2) * sum((ry - my) ^ 2)) AS by_hand FROM m GROUP BY g) AS s;

-- ---- a shop on 18 March 2026; revenue is as it should be ----
CREATE TABLE days AS SELECT d::date AS day, 100 + (extract(doy FROM d)::int * 37 % 29) AS amount, 10 + (extract(doy FROM d)::int * 11 % 7) AS orders, 200 + (extract(doy FROM d)::int * 7 % 13) AS visits FROM generate_series(timestamp '2025-01-01', '2026-03-18', '1 day') AS d;
CREATE VIEW revenue AS SELECT day AS period_start, amount AS value, orders AS n FROM days;
CREATE VIEW conversion AS SELECT day AS period_start, orders AS numerator, visits AS denominator FROM days;
SELECT kpi.define_objective('growth', 'Grow the shop');
SELECT kpi.define('revenue', 'revenue', unit => 'EUR', adds => 'sum', title => 'Revenue', description => 'Orders that were paid, before tax', objective => 'growth', min_n => 5);
SELECT kpi.define('conversion', 'conversion', unit => '%', title => 'Conversion', description => 'Orders of visits, robots left out', objective => 'growth');
SELECT kpi.define('nps', unit => 'points', grain => 'quarter', adds => 'last', qualitative => true, title => 'Would they recommend us?', description => 'Net promoter score', objective => 'growth', stale_after => '100 days', min_n => 30);
CALL kpi.refresh(as_of => '2026-03-18 09:00Z');
SELECT kpi.check_in('nps', '2025-Q4', 31, n => 120, ci_low => 20, ci_high => 42);
SELECT kpi.set_target('revenue', '2026-03', 3600), kpi.set_target('revenue', '2026', 45000), kpi.set_target('conversion', '2026-Q1', 0.064), kpi.set_target('conversion', '2026-Q2', 0.066), kpi.set_target('nps', '2026-Q1', 33), kpi.set_target('nps', '2026', 35);
UPDATE kpi.target SET set_at = '2026-01-01Z';
SELECT kpi, letter, rule, severity, detail, fix FROM kpi.smart_check(as_of => '2026-03-18 09:00Z');
SELECT count(*) AS nothing_to_do FROM kpi.smart_check(as_of => '2026-03-18 09:00Z') WHERE severity IN ('warning', 'error');

-- ---- KPIs that are not ----
CREATE VIEW bad AS SELECT day AS period_start, CASE WHEN day NOT IN ('2026-03-10', '2026-03-11') THEN amount END AS value, 3 AS n FROM days WHERE day <= '2026-03-11' AND day <> '2026-03-02';
CREATE VIEW rate AS SELECT day AS period_start, orders::numeric / visits AS value FROM days;
CREATE VIEW twin AS SELECT day AS period_start, amount AS value, orders AS n FROM days;
CREATE FUNCTION one(date, date) RETURNS TABLE (period_start date, value int) LANGUAGE sql STABLE SET search_path = checks_test AS 'SELECT day, visits FROM days WHERE day >= $1 AND day < $2';
CREATE FUNCTION two(date, date) RETURNS TABLE (period_start date, value int) LANGUAGE sql STABLE SET search_path = checks_test AS 'SELECT day, visits FROM days WHERE day >= $1 AND day < $2';
CREATE FUNCTION three() RETURNS TABLE (period_start date, value int) LANGUAGE sql STABLE BEGIN ATOMIC SELECT day, visits FROM checks_test.days; END;
CREATE FUNCTION four() RETURNS TABLE (period_start date, value int) LANGUAGE sql STABLE BEGIN ATOMIC SELECT day, visits FROM checks_test.days; END;
CREATE VIEW gone AS SELECT current_date AS period_start, 1 AS value;
CREATE ROLE checks_gone;
SELECT kpi.define_objective('lonely', 'Nobody knows why'), kpi.define_objective('profit', 'Earn more'), kpi.define_objective('growth', 'Grow the shop', parent => 'profit');
SELECT kpi.define('bad', 'bad', unit => ' ', adds => 'sum', title => 'b', min_n => 10, owner => 'checks_gone', objective => 'lonely');
SELECT kpi.define('rate', 'rate', unit => 'orders, % of visits', adds => 'mean', title => 'Conversion', description => 'Orders of visits, robots left out', objective => 'growth', weight => 0.01);
SELECT kpi.define('twin', 'twin', unit => 'EUR', adds => 'sum'), kpi.define('one', function => 'one(date,date)', unit => 'visits', adds => 'sum'), kpi.define('two', function => 'two(date,date)', unit => 'visits', adds => 'sum'), kpi.define('three', function => 'three()', unit => 'visits', adds => 'sum'),
  kpi.define('four', function => 'four()', unit => 'visits', adds => 'sum'), kpi.define('gone', 'gone', unit => 'x', adds => 'sum'), kpi.define('mood', unit => 'points', grain => 'month', adds => 'last', qualitative => true);
SELECT kpi.define_derived('basket', 'revenue / twin', unit => 'EUR'), kpi.define_derived('basket2', '(revenue) / twin', unit => 'EUR');
CALL kpi.refresh(as_of => '2026-03-18 09:00Z');
DROP OWNED BY checks_gone;
DROP ROLE checks_gone;
SELECT kpi, letter, rule, severity, detail, fix FROM kpi.smart_check('bad', '2026-03-18 09:00Z');
SELECT kpi, letter, rule, severity, detail, fix FROM kpi.smart_check(as_of => '2026-03-18 09:00Z') WHERE severity IN ('warning', 'error') AND kpi <> 'bad' AND rule NOT IN ('description', 'target', 'objective');
SELECT kpi, rule, detail, fix FROM kpi.smart_check(as_of => '2026-03-18 09:00Z') WHERE kpi IN ('rate', 'revenue', 'conversion') AND letter = 'R' AND rule IN ('weight', 'correlation');
-- the definition is lost, or another one's; the refresh fails, or is long ago
DROP VIEW gone;
CREATE ROLE checks_anna;
GRANT USAGE, CREATE ON SCHEMA checks_test TO checks_anna;
ALTER VIEW twin OWNER TO checks_anna;
CALL kpi.refresh(as_of => '2026-03-18 10:00Z');
SELECT kpi, rule, severity, detail, fix FROM kpi.smart_check(as_of => '2026-03-18 09:00Z') WHERE kpi IN ('gone', 'twin') AND rule IN ('definition', 'refresh');
SELECT kpi, rule, severity, detail, fix FROM kpi.smart_check('revenue', as_of => '2026-03-25 09:00Z') WHERE severity <> 'ok' AND rule <> 'correlation';
SELECT kpi, rule, severity, detail, fix FROM kpi.smart_check('nps', as_of => '2026-04-25 09:00Z') WHERE severity <> 'ok' AND letter = 'M';

-- ---- targets: too easy, too hard, for a while only ----
CREATE PROCEDURE try_targets(k text, targets numeric[]) LANGUAGE plpgsql AS $$
DECLARE t numeric; r record;
BEGIN
  FOREACH t IN ARRAY targets LOOP
    DELETE FROM kpi.target WHERE kpi = k;
    PERFORM kpi.set_target(k, '2026-03', t);
    FOR r IN SELECT rule, severity, detail FROM kpi.smart_check(k, '2026-03-18 09:00Z') WHERE letter = 'A' LOOP
      RAISE NOTICE '% % %: %', t, r.rule, r.severity, r.detail;
    END LOOP;
  END LOOP;
END $$;
SET client_min_messages = notice;
CALL try_targets('revenue', '{3000,3250,3600,3900,4800}');
CALL try_targets('conversion', '{0.0600,0.0646,0.0647,0.07,0.09}');
SET client_min_messages = warning;
-- less is better
SELECT kpi.define('costs', 'revenue', unit => 'EUR', adds => 'sum', direction => 'down');
CALL kpi.refresh('costs', as_of => '2026-03-18 09:00Z');
SET client_min_messages = notice;
CALL try_targets('costs', '{3600,3250,3100,2800,2000}');
SET client_min_messages = warning;
SELECT kpi.define('level', 'revenue', unit => 'EUR', adds => 'mean', direction => 'range');
CALL kpi.refresh('level', as_of => '2026-03-18 09:00Z');
CREATE FUNCTION judge_range(lowest numeric, highest numeric) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM kpi.target WHERE kpi = 'level';
  PERFORM kpi.set_target('level', '2026-03', low => lowest, high => highest);
  RETURN QUERY SELECT concat_ws(' ', rule, severity, detail) FROM kpi.smart_check('level', '2026-03-18 09:00Z') WHERE letter = 'A';
END $$;
SELECT judge_range(100, 128);
SELECT judge_range(114, 115);
SELECT judge_range(125, NULL);
SELECT judge_range(NULL, 60);
-- a constant has no spread to be beyond of
CREATE VIEW constant AS SELECT day AS period_start, 100 AS value FROM days;
SELECT kpi.define('constant', 'constant', unit => 'x', adds => 'mean');
CALL kpi.refresh('constant', as_of => '2026-03-18 09:00Z');
SET client_min_messages = notice;
CALL try_targets('constant', '{100,101,140}');
SET client_min_messages = warning;
-- the last k periods next to plain SQL: random days, weeks and odd periods
SELECT setseed(0.25);
CREATE TABLE random_days AS SELECT 'r' || k AS kpi, d::date AS day, round((50 + random() * 50)::numeric, 1) AS value FROM generate_series(1, 8) AS k, generate_series(timestamp '2025-01-15', '2026-03-18', '1 day') AS d WHERE random() < 0.95;
DO $$
BEGIN
  FOR k IN 1 .. 8 LOOP
    EXECUTE format('CREATE VIEW r%s AS SELECT day AS period_start, value FROM random_days WHERE kpi = %L', k, 'r' || k);
    PERFORM kpi.define('r' || k, ('r' || k)::regclass, unit => 'x', adds => (ARRAY['sum', 'mean', 'last'])[1 + k % 3], direction => (ARRAY['up', 'down'])[1 + k % 2]);
    PERFORM kpi.set_target('r' || k, (ARRAY['2026-03', '2026-W12', '[2026-03-05,2026-03-25)', '2026-03-18'])[1 + k % 4], (ARRAY[2200, 75, 75])[1 + k % 3] * CASE WHEN k % 3 = 0 AND k % 4 IN (1, 3) THEN 0.1 ELSE 1 END * (0.8 + random()::numeric * 0.4));
  END LOOP;
END $$;
CALL kpi.refresh(as_of => '2026-03-18 09:00Z');
WITH t AS (SELECT t.*, k.adds, k.direction, CASE WHEN kpi.grain_of(daterange(period_start, period_end)) = 'month' THEN interval '1 month' ELSE (period_end - period_start) * interval '1 day' END AS step FROM kpi.target t JOIN kpi.kpi k ON k.name = t.kpi WHERE t.kpi ~ '^r[0-9]$'),
p AS (SELECT t.*, (period_start - i * step)::date AS s, (period_start - (i - 1) * step)::date AS e FROM t, generate_series(1, 12) i),
v AS (SELECT p.*, (SELECT CASE p.adds WHEN 'sum' THEN sum(d.value) WHEN 'mean' THEN avg(d.value) ELSE (array_agg(d.value ORDER BY day DESC))[1] END FROM random_days d WHERE d.kpi = p.kpi AND day >= s AND day < e) AS value FROM p WHERE s >= (SELECT min(day) FROM random_days d WHERE d.kpi = p.kpi) AND e <= '2026-03-18'),
x AS (SELECT kpi, count(value) AS n, count(*) FILTER (WHERE CASE direction WHEN 'up' THEN value >= target ELSE value <= target END) AS met, max(CASE direction WHEN 'up' THEN value / target ELSE target / value END) AS best,
  bool_or(CASE direction WHEN 'up' THEN target > (SELECT max(value) + 3 * stddev_samp(value) FROM v o WHERE o.kpi = v.kpi) ELSE target < (SELECT min(value) - 3 * stddev_samp(value) FROM v o WHERE o.kpi = v.kpi) END) AS beyond FROM v GROUP BY kpi)
SELECT x.kpi, n, met, round(best, 3) AS best, beyond, e.severity AS too_easy, e.severity = CASE WHEN met >= 0.8 * n THEN 'warning' ELSE 'ok' END AND e.detail LIKE met || ' of the last ' || n || ' periods%' AS same, h.severity AS too_hard, h.severity = CASE WHEN beyond OR best < 0.75 THEN 'warning' ELSE 'ok' END AS same
FROM x, kpi.smart_check(x.kpi, '2026-03-18 09:00Z') AS e, kpi.smart_check(x.kpi, '2026-03-18 09:00Z') AS h WHERE e.rule = 'too_easy' AND h.rule = 'too_hard' ORDER BY 1;
DELETE FROM kpi.kpi WHERE name ~ '^r[0-9]$';
-- time: expired, only later, soon to end, beside the calendar, of another grain by now
DELETE FROM kpi.target WHERE kpi = 'revenue';
SELECT kpi.set_target('revenue', '2026-02', 3300);
SELECT rule, severity, detail, fix FROM kpi.smart_check('revenue', '2026-03-18 09:00Z') WHERE letter = 'T' OR letter = 'A';
SELECT kpi.set_target('revenue', '2026-04', 3300);
SELECT rule, severity, detail, fix FROM kpi.smart_check('revenue', '2026-03-18 09:00Z') WHERE letter = 'T';
SELECT kpi.set_target('revenue', '2026-03', 3300);
SELECT rule, severity, detail FROM kpi.smart_check('revenue', '2026-04-27 09:00Z') WHERE letter = 'T';
SELECT kpi.set_target('revenue', '[2026-05-05,2026-06-11)'::daterange, 3300);
UPDATE kpi.kpi SET grain = 'week' WHERE name = 'revenue';
SELECT rule, severity, detail, fix FROM kpi.smart_check('revenue', '2026-03-18 09:00Z') WHERE rule = 'aligned';
UPDATE kpi.kpi SET grain = 'day' WHERE name = 'revenue';
SELECT rule, severity, detail, fix FROM kpi.smart_check('revenue', '2026-03-18 09:00Z') WHERE rule = 'aligned';
DELETE FROM kpi.measurement WHERE kpi = 'revenue' AND period_start IN ('2026-03-03', '2026-03-04');
SELECT rule, severity, detail, fix FROM kpi.smart_check('revenue', '2026-03-18 09:00Z') WHERE rule = 'every_period';
DELETE FROM kpi.measurement WHERE kpi = 'revenue' AND period_start BETWEEN '2026-03-01' AND '2026-03-07';
-- of what adds up nothing may be 0, of the rest it is missing
SELECT rule, severity, detail FROM kpi.smart_check('revenue', '2026-03-18 09:00Z') WHERE rule = 'every_period';
UPDATE kpi.kpi SET adds = 'mean' WHERE name = 'revenue';
SELECT rule, severity, detail FROM kpi.smart_check('revenue', '2026-03-18 09:00Z') WHERE rule = 'every_period';
UPDATE kpi.kpi SET adds = 'sum' WHERE name = 'revenue';
-- one that is not there, and one that is not active
SELECT error_of($$SELECT kpi.smart_check('revenu')$$);
UPDATE kpi.kpi SET active = false WHERE name = 'rate';
SELECT count(*) FILTER (WHERE kpi = 'rate') AS inactive, (SELECT count(*) > 15 FROM kpi.smart_check('rate', '2026-03-18 09:00Z')) AS asked_for FROM kpi.smart_check(as_of => '2026-03-18 09:00Z');

-- ---- who may not see the values is told nothing of them ----
CREATE ROLE checks_bert;
GRANT USAGE ON SCHEMA checks_test TO checks_bert;
SELECT kpi.grant_access('checks_bert', 'reader');
SET ROLE checks_bert;
SELECT error_of($$SELECT kpi.smart_check('revenue')$$);
SELECT count(*) FROM kpi.smart_check(as_of => '2026-03-18 09:00Z');
SELECT DISTINCT rule FROM kpi.lint('2026-03-18 09:00Z') ORDER BY 1;
RESET ROLE;
SELECT kpi.share('revenue', 'checks_bert');
SET ROLE checks_bert;
SELECT DISTINCT kpi FROM kpi.smart_check(as_of => '2026-03-18 09:00Z');
SELECT kpi, rule FROM kpi.lint('2026-04-18 09:00Z') WHERE rule IN ('no_target', 'refresh');
RESET ROLE;
DELETE FROM kpi.kpi WHERE name ~ '^basket';
DELETE FROM kpi.kpi;
DELETE FROM kpi.objective;

-- ---- lint: a catalog in order has nothing to say ----
SELECT kpi.define_objective('growth', 'Grow the shop');
SELECT kpi.define('revenue', 'revenue', unit => 'EUR', adds => 'sum', objective => 'growth'), kpi.define('conversion', 'conversion', unit => '%', objective => 'growth'), kpi.define('nps', unit => 'points', grain => 'month', adds => 'last', qualitative => true, objective => 'growth');
SELECT kpi.share(name, 'public') FROM kpi.kpi \g /dev/null
SELECT kpi.set_target('revenue', '2026', 45000), kpi.set_target('conversion', '2026', 0.07), kpi.set_target('nps', '2026', 35);
UPDATE kpi.target SET set_at = '2026-01-01Z';
CALL kpi.refresh(as_of => '2026-03-18 09:00Z');
INSERT INTO kpi.schedule (name, cron, command) VALUES ('checks', '*/15 * * * *', 'CALL kpi.refresh()');
SELECT * FROM kpi.lint('2026-03-18 09:00Z');
-- goalposts: what they were when half of the period was over, and what they are
CREATE FUNCTION retarget(k text, p text, at timestamptz, t numeric DEFAULT NULL, lowest numeric DEFAULT NULL, highest numeric DEFAULT NULL, why text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE range daterange := kpi.period(p);
BEGIN
  PERFORM kpi.set_target(k, p, t, lowest, highest, rationale => why);
  UPDATE kpi.target SET set_at = at WHERE kpi = k AND (period_start, period_end) = (lower(range), upper(range)) AND closed_at IS NULL;
  UPDATE kpi.target SET closed_at = at WHERE kpi = k AND (period_start, period_end) = (lower(range), upper(range)) AND version = (SELECT max(version) - 1 FROM kpi.target WHERE kpi = k AND (period_start, period_end) = (lower(range), upper(range)));
END $$;
SELECT retarget('revenue', '2026-02', '2026-01-20Z', 3400), retarget('revenue', '2026-02', '2026-02-14 23:00Z', 3500), retarget('revenue', '2026-03', '2026-02-20Z', 3400), retarget('revenue', '2026-03', '2026-03-05Z', 3300);
SELECT * FROM kpi.lint('2026-03-18 09:00Z');
SELECT retarget('revenue', '2026-03', '2026-03-16 00:00Z', 3200, why => 'the fair was cancelled'), retarget('revenue', '2026-03', '2026-03-17 00:00Z', 3100), retarget('revenue', '2026-02', '2026-03-02Z', 3600), retarget('conversion', '2026-Q1', '2026-01-01Z', 0.06), retarget('conversion', '2026-Q1', '2026-03-01Z', 0.08), retarget('conversion', '2026-Q1', '2026-03-02Z', 0.06);
SELECT * FROM kpi.lint('2026-03-18 09:00Z');
SELECT rule, detail FROM kpi.lint('2027-03-18 09:00Z') WHERE rule = 'moved_target';
DELETE FROM kpi.target WHERE period_start > '2026-01-01' OR period_end < '2027-01-01';
-- never met, always met; of segments, too
SELECT kpi.set_target('revenue', to_char(m, 'YYYY-MM'), 9999), kpi.set_target('conversion', to_char(m, 'YYYY-MM'), 0.01), kpi.set_target('conversion', to_char(m, 'YYYY-MM'), 0.9, segment => 'x') FROM generate_series(timestamp '2025-11-01', '2026-03-01', '1 month') AS m \g /dev/null
INSERT INTO kpi.measurement (kpi, segment, period_start, value, numerator, denominator, is_complete, version) SELECT kpi, 'x', period_start, 0.5, 1, 2, true, 1 FROM kpi.measurement WHERE kpi = 'conversion';
SELECT * FROM kpi.lint('2026-03-18 09:00Z');
SELECT rule, kpi FROM kpi.lint('2026-02-18 09:00Z');
DELETE FROM kpi.target WHERE period_start <> '2026-01-01' OR period_end < '2027-01-01';
-- without objective, target, reader, owner, definition; expired
CREATE VIEW other AS SELECT day AS period_start, visits AS value FROM days;
CREATE ROLE checks_gone;
SELECT kpi.define('other', 'other', unit => 'visits', adds => 'sum', owner => 'checks_gone'), kpi.define_objective('empty', 'Nothing', owner => 'checks_gone');
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, at_column, owner) VALUES ('unused', 'x', 'x', 'x', 'x', 'checks_gone');
DROP ROLE checks_gone;
DROP VIEW other;
CALL kpi.refresh('other', as_of => '2026-03-18 09:00Z');
UPDATE kpi.target SET period_end = '2026-03-01' WHERE kpi = 'conversion';
DELETE FROM kpi.schedule;
SELECT * FROM kpi.lint('2026-03-18 09:00Z');
DELETE FROM kpi.kpi WHERE name = 'other';
DELETE FROM kpi.objective WHERE name = 'empty';
DELETE FROM kpi.source;
UPDATE kpi.target SET period_end = '2027-01-01' WHERE kpi = 'conversion';
INSERT INTO kpi.schedule (name, cron, command) VALUES ('checks', '*/15 * * * *', 'CALL kpi.refresh()');
-- late refreshes
SELECT * FROM kpi.lint('2026-03-28 09:00Z');
-- the same twice: by definition, by values
CREATE VIEW sales AS SELECT day AS period_start, amount AS value, orders AS n FROM days;
CREATE VIEW turnover AS SELECT day AS period_start, (amount * 2 / 2.0) AS value FROM days;
CREATE VIEW averages AS SELECT day AS period_start, orders AS numerator, visits AS denominator FROM days WHERE day > '2026-01-01';
SELECT kpi.define('sales', 'sales', unit => 'EUR', adds => 'sum', objective => 'growth'), kpi.define('turnover', 'turnover', unit => 'EUR', adds => 'sum', objective => 'growth'), kpi.define('averages', 'averages', unit => '%', adds => 'mean', objective => 'growth');
SELECT kpi.share(name, 'public') FROM kpi.kpi \g /dev/null
SELECT kpi.set_target(k, '2026', 45000) FROM unnest('{sales,turnover,averages}'::text[]) AS k \g /dev/null
CALL kpi.refresh(as_of => '2026-03-18 09:00Z');
SELECT * FROM kpi.lint('2026-03-18 09:00Z');
-- too many, none of them qualitative
UPDATE kpi.kpi SET qualitative = false;
SELECT kpi.define('k' || i, unit => 'x' || i, adds => 'sum', objective => 'growth') FROM generate_series(1, 2) AS i \g /dev/null
SELECT rule, severity, kpi, objective, detail, fix FROM kpi.lint('2026-03-18 09:00Z') WHERE kpi IS NULL;
DELETE FROM kpi.kpi WHERE name ~ '^(k.|sales|turnover|averages)$';
UPDATE kpi.kpi SET qualitative = true WHERE name = 'nps';
-- an override that runs on; a newer one ends it
SELECT kpi.check_in('revenue', '2026-03-05', note => 'trust me', status => 'on_track', status_until => '2026-06-30'), kpi.check_in('revenue', '2026-03-06', status => 'on_track', status_until => '2026-03-30');
UPDATE kpi.check_in SET at = '2026-03-05Z';
SELECT * FROM kpi.lint('2026-03-18 09:00Z');
SELECT kpi.check_in('revenue', '2026-03-05', status => 'at_risk', status_until => '2026-03-19');
UPDATE kpi.check_in SET at = '2026-03-06Z' WHERE status = 'at_risk';
SELECT count(*) FROM kpi.lint('2026-03-18 09:00Z');
-- actions that nobody looked after
INSERT INTO kpi.action (name, kpi, started_on, ended_on, state) VALUES ('flyer', 'revenue', '2026-01-01', '2026-02-01', 'running'), ('spot', 'revenue', '2026-02-01', NULL, 'planned'), ('flyer 2', 'revenue', '2026-01-01', '2026-02-01', 'done'), ('flyer 3', 'revenue', '2026-03-01', '2026-03-10', 'running'), ('flyer 4', 'revenue', '2026-01-01', NULL, 'running');
SELECT * FROM kpi.lint('2026-03-18 09:00Z');
DELETE FROM kpi.schedule;
DELETE FROM kpi.kpi;
DELETE FROM kpi.objective;
SELECT count(*) AS of_nothing FROM kpi.lint();
SELECT kpi.grant_access('checks_bert', 'none');
DROP SCHEMA checks_test CASCADE;
DROP ROLE checks_bert, checks_anna;
