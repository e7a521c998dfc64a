-- kpi.record_action and kpi.action_effect: what was done, and the KPI before and after, next to numbers from elsewhere and plain SQL
CREATE SCHEMA action_test;
SET search_path = action_test;
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

-- ---- Student's t, as tables have it ----
SELECT f, round(kpi.t_quantile(0.95, f)::numeric, 9) AS t95, round(kpi.t_quantile(0.99, f)::numeric, 6) AS t99 FROM unnest('{1,2,10,30,100,2000,Infinity}'::float8[]) AS f;
SELECT kpi.t_quantile(NULL, 3) AS "null", error_of('SELECT kpi.t_quantile(1, 3)'), error_of('SELECT kpi.t_quantile(0.95, 0)'), error_of($$SELECT kpi.t_quantile('NaN', 3)$$);

-- ---- recording ----
CREATE TABLE days AS SELECT d::date AS day, 100 + (extract(doy FROM d)::int * 37 % 29) + CASE WHEN d >= '2026-02-02' THEN 20 ELSE 0 END AS amount, 10 + (extract(doy FROM d)::int * 11 % 7) + CASE WHEN d >= '2026-02-02' AND d < '2026-03-02' THEN 2 ELSE 0 END AS orders, 200 + (extract(doy FROM d)::int * 7 % 13) AS visits FROM generate_series(timestamp '2025-01-01', '2026-03-18', '1 day') AS d;
CREATE VIEW revenue AS SELECT day AS period_start, amount AS value FROM days;
CREATE VIEW conversion AS SELECT day AS period_start, orders AS numerator, visits AS denominator FROM days;
SELECT kpi.define_objective('growth', 'Grow the shop');
SELECT kpi.define('revenue', 'revenue', unit => 'EUR', adds => 'sum', objective => 'growth'), kpi.define('conversion', 'conversion', unit => '%', objective => 'growth');
CALL kpi.refresh(as_of => '2026-03-18 09:00Z');
SELECT kpi.record_action('flyer', 'revenue', '2026-02-02', 'flyers in all letter boxes', 15, decided_on => '2026-01-20');
SELECT name, kpi, segment, description, decided_on, started_on, ended_on, expected_change, state FROM kpi.action;
-- again: what is given is changed, the rest stays
SELECT kpi.record_action('flyer', ended_on => '2026-03-08', state => 'done');
SELECT kpi.record_action('flyer', description => 'flyers in most letter boxes', expected_change => 18);
SELECT name, kpi, segment, description, decided_on, started_on, ended_on, expected_change, state FROM kpi.action;
SELECT kpi.record_action('later', 'revenue', '2026-06-01', state => 'planned', segment => 'DE');
SELECT name, segment, decided_on = (now() AT TIME ZONE 'UTC')::date AS decided_today, state, owner = current_user AS mine FROM kpi.action WHERE name = 'later';
SELECT q, error_of('SELECT kpi.record_action(' || q || ')') FROM unnest(ARRAY[$$'', 'revenue', '2026-02-02'$$, $$NULL$$, $$'x'$$, $$'x', 'revenue'$$, $$'x', started_on => '2026-02-02'$$, $$'x', 'revenu', '2026-02-02'$$, $$'x', 'revenue', '2026-02-02', state => 'paused'$$, $$'x', 'revenue', '2026-02-02', ended_on => '2026-02-01'$$,
  $$'flyer', started_on => '2026-04-01'$$, $$'x', 'revenue', 'infinity'$$, $$'x', 'revenue', '2026-02-02', expected_change => 'NaN'$$, $$'x', 'revenue', '2026-02-02', owner => 'nobody_there'$$]) AS q;
SELECT error_of($$SELECT * FROM kpi.action_effect('flier')$$), error_of($$SELECT * FROM kpi.action_effect('flyer', 0)$$);

-- ---- the effect ----
\x
SELECT * FROM kpi.action_effect('flyer', as_of => '2026-03-18 09:00Z');
\x
-- by hand: four weeks each; Welch
CREATE VIEW by_hand AS
WITH x AS (SELECT count(*) AS n, avg(amount)::float8 AS m, var_samp(amount)::float8 AS v FROM days WHERE day >= '2026-01-05' AND day < '2026-02-02'), y AS (SELECT count(*) AS n, avg(amount)::float8 AS m, var_samp(amount)::float8 AS v FROM days WHERE day >= '2026-02-02' AND day < '2026-03-02'),
s AS (SELECT y.m - x.m AS change, sqrt(x.v / x.n + y.v / y.n) AS e, (x.v / x.n + y.v / y.n) ^ 2 / ((x.v / x.n) ^ 2 / (x.n - 1) + (y.v / y.n) ^ 2 / (y.n - 1)) AS df FROM x, y)
SELECT change, change - kpi.t_quantile(0.95, df) * e AS low, change + kpi.t_quantile(0.95, df) * e AS high, df FROM s;
SELECT abs(e.change - h.change) < 1e-9 AS change, abs(e.ci_low - h.low) < 1e-9 AS low, abs(e.ci_high - h.high) < 1e-9 AS high, h.df FROM by_hand h, kpi.action_effect('flyer', as_of => '2026-03-18 09:00Z') e;
-- an example whose answer is known: R's t.test(extra ~ group, data = sleep): t = -1.8608, df = 17.776, 95 % interval -3.3654832 to 0.2054832 of the difference 0.75 - 2.33
CREATE TABLE sleep (week int, extra numeric);
INSERT INTO sleep SELECT i, e FROM unnest('{0.7,-1.6,-0.2,-1.2,-0.1,3.4,3.7,0.8,0.0,2.0,1.9,0.8,1.1,0.1,-0.1,4.4,5.5,1.6,4.6,3.4}'::numeric[]) WITH ORDINALITY AS u (e, i);
CREATE VIEW hours AS SELECT date '2026-01-05' + 7 * (week - 1) AS period_start, extra AS value FROM sleep;
SELECT kpi.define('sleep', 'hours', unit => 'hours', grain => 'week', adds => 'mean');
CALL kpi.refresh('sleep', as_of => '2026-06-01Z');
SELECT kpi.record_action('drug', 'sleep', '2026-03-16');
SELECT periods_before, periods_after, before, after, round(change::numeric, 7) AS change, round(ci_low::numeric, 7) AS low, round(ci_high::numeric, 7) AS high, adjusted_change, verdict, caveat FROM kpi.action_effect('drug', 10, '2026-06-01Z');

-- verdicts: as expected, less, worse, better, unclear
DO $$
DECLARE x numeric;
BEGIN
  FOREACH x IN ARRAY '{10,18.9,19,20,40,-5,0}'::numeric[] LOOP
    PERFORM kpi.record_action('flyer', expected_change => x);
    RAISE WARNING '% expected: %', x, (SELECT verdict FROM kpi.action_effect('flyer', as_of => '2026-03-18 09:00Z'));
  END LOOP;
END $$;
UPDATE kpi.action SET expected_change = NULL;
UPDATE kpi.kpi SET direction = 'up' WHERE name = 'revenue'; SELECT verdict FROM kpi.action_effect('flyer', as_of => '2026-03-18 09:00Z');
UPDATE kpi.kpi SET direction = 'down' WHERE name = 'revenue'; SELECT verdict FROM kpi.action_effect('flyer', as_of => '2026-03-18 09:00Z');
UPDATE kpi.kpi SET direction = 'range' WHERE name = 'revenue'; SELECT verdict FROM kpi.action_effect('flyer', as_of => '2026-03-18 09:00Z');
UPDATE kpi.kpi SET direction = 'up' WHERE name = 'revenue';
SELECT kpi.record_action('nothing', 'revenue', '2025-11-03');
SELECT round(change::numeric, 3) AS change, round(ci_low::numeric, 3) AS low, round(ci_high::numeric, 3) AS high, verdict FROM kpi.action_effect('nothing', as_of => '2026-03-18 09:00Z');
SELECT a, periods_before AS nb, periods_after AS na, before_start, after_start, verdict, caveat FROM unnest('{2026-01-15Z,2026-02-02 12:00Z,2026-02-03 12:00Z,2026-02-04 12:00Z,2026-02-06 12:00Z,2026-02-20 12:00Z,2026-03-18 12:00Z}'::timestamptz[]) AS a, kpi.action_effect('flyer', as_of => a);
-- as many periods as are asked for, in whole weeks; not beyond its end, nor beyond what is known
SELECT p, periods_before AS nb, periods_after AS na, before_start, after_start FROM unnest('{1,3,7,10,14,60}'::int[]) AS p, kpi.action_effect('flyer', p, '2026-03-18 12:00Z');
SELECT periods_before AS nb, periods_after AS na FROM kpi.action_effect('flyer', 60, '2027-03-18 12:00Z');
UPDATE kpi.action SET ended_on = NULL WHERE name = 'flyer';
SELECT periods_before AS nb, periods_after AS na FROM kpi.action_effect('flyer', 60, '2027-03-18 12:00Z');
-- the first days of a KPI: no more than there were
SELECT kpi.record_action('early', 'revenue', '2025-01-20'), kpi.record_action('first', 'revenue', '2025-01-01'), kpi.record_action('third', 'revenue', '2025-01-04');
SELECT a, periods_before AS nb, periods_after AS na, before_start, verdict, caveat FROM unnest('{early,third,first,later}'::text[]) AS a, kpi.action_effect(a, as_of => '2026-03-18 12:00Z');

-- ---- ratios: of the sums, by the delta method ----
SELECT kpi.record_action('button', 'conversion', '2026-02-02', expected_change => 0.005);
WITH d AS (SELECT *, day >= '2026-02-02' AS late FROM days WHERE day >= '2026-01-05' AND day < '2026-03-02'), r AS (SELECT late, count(*) AS n, sum(orders)::float8 / sum(visits) AS r, sum(visits)::float8 AS x FROM d GROUP BY late),
v AS (SELECT late, n, r, n / (n - 1.0) * sum((orders - r * visits) ^ 2) / x ^ 2 AS v FROM d JOIN r USING (late) GROUP BY late, n, r, x),
s AS (SELECT b.r - a.r AS change, sqrt(a.v + b.v) AS e, (a.v + b.v) ^ 2 / (a.v ^ 2 / (a.n - 1) + b.v ^ 2 / (b.n - 1)) AS df FROM v a, v b WHERE NOT a.late AND b.late)
SELECT round(e.before::numeric, 6) AS before, round(e.after::numeric, 6) AS after, round(e.change::numeric, 6) AS change, round(e.ci_low::numeric, 6) AS low, round(e.ci_high::numeric, 6) AS high, abs(e.change - s.change) < 1e-12 AS same, abs(e.ci_low - (s.change - kpi.t_quantile(0.95, df) * s.e)) < 1e-12 AS same_low, abs(e.ci_high - (s.change + kpi.t_quantile(0.95, df) * s.e)) < 1e-12 AS same_high, e.verdict, e.caveat
FROM s, kpi.action_effect('button', as_of => '2026-03-18 12:00Z') e;

-- ---- a year ago: the season is taken off ----
CREATE VIEW seasonal AS SELECT d::date AS period_start, CASE WHEN extract(month FROM d) = 12 THEN 200 ELSE 100 END + extract(day FROM d)::int % 5 + CASE WHEN d >= '2025-12-01' THEN 30 ELSE 0 END AS value FROM generate_series(timestamp '2024-10-01', '2026-01-31', '1 day') AS d;
SELECT kpi.define('seasonal', 'seasonal', unit => 'x', adds => 'mean');
CALL kpi.refresh('seasonal', as_of => '2026-02-01Z');
SELECT kpi.record_action('santa', 'seasonal', '2025-12-01', 'free wrapping', 30);
SELECT round(change::numeric, 3) AS change, round(year_ago_change::numeric, 3) AS year_ago, round(adjusted_change::numeric, 3) AS adjusted, round(adjusted_low::numeric, 3) AS low, round(adjusted_high::numeric, 3) AS high, verdict, caveat FROM kpi.action_effect('santa', 14, '2026-02-01Z');
WITH w AS (SELECT i, count(*) AS n, avg(value)::float8 AS m, var_samp(value)::float8 / count(*) AS v FROM seasonal, (VALUES (1, date '2025-11-17', -1), (2, '2025-12-01', 1), (3, date '2025-11-17' - 364, 1), (4, date '2025-12-01' - 364, -1)) AS t (i, s, sign) WHERE period_start >= s AND period_start < s + 14 GROUP BY i),
s AS (SELECT sum(CASE WHEN i IN (2, 3) THEN m ELSE -m END) AS d, sqrt(sum(v)) AS e, sum(v) ^ 2 / sum(v ^ 2 / (n - 1)) AS df FROM w)
SELECT abs(adjusted_change - d) < 1e-9 AS adjusted, abs(adjusted_low - (d - kpi.t_quantile(0.95, df) * e)) < 1e-9 AS low, abs(adjusted_high - (d + kpi.t_quantile(0.95, df) * e)) < 1e-9 AS high FROM s, kpi.action_effect('santa', 14, '2026-02-01Z');

-- ---- what is not there counts as 0 of what adds up, and not at all of the rest; of segments, too ----
CREATE VIEW errors AS SELECT d::date AS period_start, 'web' AS segment, 4 AS value FROM generate_series(timestamp '2026-01-01', '2026-03-18', '1 day') AS d UNION ALL SELECT d::date, 'app', 3 FROM generate_series(timestamp '2026-01-01', '2026-03-18', '1 day') AS d WHERE d < '2026-02-02' OR extract(isodow FROM d) = 1;
SELECT kpi.define('errors', 'errors', unit => 'errors', adds => 'sum', direction => 'down'), kpi.define('level', 'errors', unit => 'errors', adds => 'mean', direction => 'down');
CALL kpi.refresh('errors', as_of => '2026-03-18Z');
CALL kpi.refresh('level', as_of => '2026-03-18Z');
SELECT kpi.record_action('fix', 'errors', '2026-02-02', segment => 'app', expected_change => -2), kpi.record_action('fix all', 'errors', '2026-02-02'), kpi.record_action('fix level', 'level', '2026-02-02', segment => 'app');
SELECT a, segment, periods_before AS nb, periods_after AS na, before, round(after::numeric, 6) AS after, round(change::numeric, 6) AS change, round(ci_low::numeric, 4) AS low, round(ci_high::numeric, 4) AS high, verdict, caveat FROM unnest('{fix,fix all,fix level}'::text[]) AS a, kpi.action_effect(a, as_of => '2026-03-18 12:00Z');

-- ---- months that are only known one by one; what began within one ----
CREATE VIEW buyers AS SELECT m::date AS period_start, 100 + extract(month FROM m)::int % 3 + CASE WHEN m >= '2025-09-01' THEN 10 ELSE 0 END AS value FROM generate_series(timestamp '2024-01-01', '2026-03-01', '1 month') AS m;
SELECT kpi.define('buyers', 'buyers', unit => 'customers', grain => 'month', adds => 'recompute');
CALL kpi.refresh('buyers', as_of => '2026-03-18Z');
SELECT kpi.record_action('loyalty', 'buyers', '2025-09-10'), kpi.record_action('loyalty 2', 'buyers', '2025-09-01', ended_on => '2025-11-30');
SELECT a, before_start, after_start, periods_before AS nb, periods_after AS na, before, after, change, round(ci_low::numeric, 4) AS low, round(ci_high::numeric, 4) AS high, year_ago_change, adjusted_change, verdict, caveat FROM unnest('{loyalty,loyalty 2}'::text[]) AS a, kpi.action_effect(a, as_of => '2026-03-18 12:00Z');

-- ---- what else was done meanwhile: of the same KPI, or of one of the same objective ----
UPDATE kpi.action SET state = 'done';
SELECT kpi.record_action('poster', 'revenue', '2026-02-10', ended_on => '2026-02-20'), kpi.record_action('always', 'revenue', '2025-01-01'), kpi.record_action('idea', 'revenue', '2026-02-05', state => 'planned'), kpi.record_action('flop', 'revenue', '2026-02-05', state => 'dropped'), kpi.record_action('old', 'revenue', '2025-06-01', ended_on => '2026-01-04'), kpi.record_action('new', 'revenue', '2026-03-02');
DELETE FROM kpi.action WHERE name IN ('early', 'first', 'third', 'nothing');
SELECT caveat FROM kpi.action_effect('flyer', as_of => '2026-03-18 12:00Z');

-- ---- random KPIs next to plain SQL ----
SELECT setseed(0.75);
CREATE TABLE random_days AS SELECT 'r' || k AS kpi, d::date AS day, round((random() * 100 + CASE WHEN d >= '2026-01-10' THEN 25 ELSE 0 END)::numeric, 1) AS value, (random() * 20)::int + CASE WHEN d >= '2026-01-10' THEN 15 ELSE 0 END AS numerator, 50 + (random() * 50)::int AS denominator FROM generate_series(1, 9) AS k, generate_series(timestamp '2025-10-01', '2026-03-17', '1 day') AS d WHERE random() < 0.9 OR d IN ('2025-10-01', '2026-03-17');
DO $$
BEGIN
  FOR k IN 1 .. 9 LOOP
    EXECUTE format('CREATE VIEW r%s AS SELECT day AS period_start, %s FROM random_days WHERE kpi = %L', k, CASE WHEN k % 3 = 2 THEN 'numerator, denominator' ELSE 'value' END, 'r' || k);
    PERFORM kpi.define('r' || k, ('r' || k)::regclass, unit => 'x', adds => (ARRAY['sum', 'mean', 'ratio'])[1 + k % 3]);
    FOR i IN 1 .. 6 LOOP
      PERFORM kpi.record_action(format('r%s %s', k, i), 'r' || k, date '2025-12-01' + (random() * 90)::int, expected_change => (random() - 0.2)::numeric * CASE WHEN k % 3 = 2 THEN 0.1 ELSE 40 END);
    END LOOP;
  END LOOP;
END $$;
CALL kpi.refresh(as_of => '2026-03-18Z');
WITH e AS (SELECT a.name, a.started_on, a.expected_change AS expected, k.adds, x.*, least(28, (least(28, date '2026-03-18' - a.started_on) / 7) * 7) AS n FROM kpi.action a JOIN kpi.kpi k ON k.name = a.kpi, kpi.action_effect(a.name, as_of => '2026-03-18 12:00Z') x WHERE a.kpi ~ '^r[0-9]'),
s AS (SELECT e.name, late, count(p.v) AS n, avg(p.v)::float8 AS m, (var_samp(p.v) / count(p.v))::float8 AS v, sum(p.num)::float8 / sum(p.den) AS r, sum(p.num * p.num)::float8 AS nn, sum(p.num * p.den)::float8 AS nd, sum(p.den * p.den)::float8 AS dd, sum(p.den)::float8 AS d
  FROM e CROSS JOIN unnest('{f,t}'::bool[]) AS late CROSS JOIN LATERAL (SELECT CASE e.adds WHEN 'sum' THEN coalesce(r.value, 0) WHEN 'mean' THEN r.value ELSE r.numerator::numeric / r.denominator END AS v, r.numerator AS num, r.denominator AS den
    FROM generate_series(0, e.n - 1) AS i LEFT JOIN random_days r ON r.kpi = e.kpi AND r.day = e.started_on + i - CASE WHEN late THEN 0 ELSE e.n END) AS p WHERE e.n >= 7 GROUP BY 1, 2),
w AS (SELECT s.name, late, n, CASE WHEN adds = 'ratio' THEN r ELSE m END AS m, CASE WHEN adds = 'ratio' THEN n / (n - 1.0) * (nn - 2 * r * nd + r * r * dd) / d ^ 2 ELSE v END AS v FROM s JOIN (SELECT name, adds FROM e) AS k USING (name)),
c AS (SELECT e.*, x.n AS nx, y.n AS ny, y.m - x.m AS d, sqrt(x.v + y.v) AS se, (x.v + y.v) ^ 2 / (x.v ^ 2 / (x.n - 1) + y.v ^ 2 / (y.n - 1)) AS df FROM e JOIN w x ON x.name = e.name AND NOT x.late JOIN w y ON y.name = e.name AND y.late)
SELECT adds, count(*), count(DISTINCT verdict) AS verdicts, count(*) FILTER (WHERE periods_before <> nx OR periods_after <> ny) AS wrong_n, count(*) FILTER (WHERE abs(change - d) > 1e-9) AS wrong_change, count(*) FILTER (WHERE abs(ci_low - (d - kpi.t_quantile(0.95, df) * se)) > 1e-9 OR abs(ci_high - (d + kpi.t_quantile(0.95, df) * se)) > 1e-9) AS wrong_interval,
  count(*) FILTER (WHERE verdict <> CASE WHEN abs(d) <= kpi.t_quantile(0.95, df) * se THEN 'unclear' WHEN d * expected < 0 THEN 'worse' WHEN abs(d) >= abs(expected) THEN 'as_expected' ELSE 'less_than_expected' END) AS wrong_verdict
FROM c GROUP BY adds ORDER BY adds;

-- ---- rights ----
CREATE ROLE action_anna; CREATE ROLE action_bert;
SELECT kpi.grant_access('action_anna', 'author'), kpi.grant_access('action_bert', 'author');
GRANT USAGE ON SCHEMA action_test TO action_anna, action_bert;
SET ROLE action_anna;
SELECT kpi.define('hers', unit => 'x', grain => 'month', adds => 'last');
SELECT kpi.record_action('secret', 'hers', '2026-01-01');
SET ROLE action_bert;
SELECT error_of($$SELECT * FROM kpi.action_effect('secret')$$), error_of($$SELECT kpi.record_action('mine', 'hers', '2026-01-01')$$), error_of($$SELECT kpi.record_action('secret', state => 'dropped')$$);
SELECT kpi.define('his', unit => 'x', grain => 'month', adds => 'last');
SELECT error_of($$SELECT kpi.record_action('secret', 'his', '2026-01-01')$$);
SET ROLE action_anna;
SELECT kpi.share('hers', 'action_bert');
SET ROLE action_bert;
SELECT kpi, verdict FROM kpi.action_effect('secret', as_of => '2026-03-18Z');
SELECT error_of($$SELECT kpi.record_action('secret', state => 'dropped')$$), error_of($$SELECT kpi.record_action('secret', 'his')$$);
RESET ROLE;
SELECT name, kpi, state FROM kpi.action WHERE name = 'secret';

DELETE FROM kpi.kpi;
SELECT count(*) AS actions FROM kpi.action;
DELETE FROM kpi.objective;
SELECT kpi.grant_access('action_anna', 'none'), kpi.grant_access('action_bert', 'none');
DROP SCHEMA action_test CASCADE;
DROP ROLE action_anna, action_bert;
