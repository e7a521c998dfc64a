-- kpi.define and what belongs to it: objectives, KPIs, targets, check-ins
CREATE SCHEMA define_test;
SET search_path = define_test;
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

-- ---- periods ----
SELECT p, kpi.period(p), kpi.grain_of(kpi.period(p)) FROM unnest('{2026,2026-Q1,2026-Q4,2026-02,2026-12,2026-W01,2020-W53,2026-03-15,"[2026-01-15,2026-04-15)","[2026-01-01,2026-06-30]","[2026-02-01,2026-05-01)","[2026-01-06,2026-01-13)"}'::text[]) AS p;
SELECT p, error_of(format('SELECT kpi.period(%L)', p)) FROM unnest('{2026-13,2026-Q5,2026-W54,2021-W53,26,March,2026-02-30,"[2026-04-15,2026-01-15)",""}'::text[]) AS p;

-- ---- objectives ----
SELECT kpi.define_objective('growth', 'Grow the shop', perspective => 'finance');
SELECT kpi.define_objective('traffic', 'More visitors', 'More people see the shop', parent => 'growth', weight => 2);
SELECT kpi.define_objective('happy', 'Customers are content', parent => 'growth', rollup => 'worst');
SELECT kpi.define_objective('traffic', 'Many more visitors', parent => 'growth', weight => 3);
SELECT name, title, description, perspective, rollup FROM kpi.objective ORDER BY name;
SELECT * FROM kpi.objective_edge ORDER BY child;
SELECT q, error_of('SELECT kpi.define_objective(' || q || ')') FROM unnest(ARRAY[$$'growth', 'x', parent => 'traffic'$$, $$'growth', 'x', parent => 'growth'$$, $$'x', 'x', parent => 'trafic'$$, $$'x', 'x', rollup => 'median'$$, $$'x', 'x', parent => 'growth', weight => 0$$]) AS q;

-- ---- definitions ----
CREATE TABLE orders (ts timestamptz, country text, amount numeric, visitor bigint);
CREATE VIEW revenue AS SELECT date_trunc('day', ts)::date AS period_start, country AS segment, sum(amount) AS value, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW order_value AS SELECT date_trunc('day', ts AT TIME ZONE 'UTC') AS period_start, sum(amount) AS numerator, count(*) AS denominator FROM orders GROUP BY 1;
CREATE FUNCTION buyers(date, date) RETURNS TABLE (period_start timestamptz, value bigint) LANGUAGE sql STABLE SET search_path = define_test AS 'SELECT date_trunc(''month'', ts), count(DISTINCT visitor) FROM orders WHERE ts >= $1 AND ts < $2 GROUP BY 1';
SELECT kpi.define('revenue', 'revenue', unit => 'EUR', adds => 'sum', title => 'Revenue', objective => 'growth');
SELECT kpi.define('order_value', 'order_value', unit => 'EUR', objective => 'growth', weight => 0.5);
SELECT kpi.define('buyers', function => 'buyers(date,date)', unit => 'customers', grain => 'month', adds => 'recompute', objective => 'traffic');
SELECT kpi.define('nps', unit => 'points', grain => 'quarter', adds => 'last', qualitative => true, objective => 'happy', description => 'would you recommend us?');
SELECT name, title, kind, definition_schema, definition_name, unit, direction, grain, adds, qualitative, version, active FROM kpi.kpi ORDER BY name;
-- again: another version
SELECT kpi.define('revenue', 'revenue', unit => 'EUR', adds => 'sum', title => 'Net revenue', lookback => 7);
SELECT title, version, lookback FROM kpi.kpi WHERE name = 'revenue';
SELECT * FROM kpi.kpi_objective ORDER BY kpi;
-- what a definition lacks
CREATE VIEW no_period AS SELECT 1 AS value;
CREATE VIEW no_value AS SELECT current_date AS period_start;
CREATE VIEW half_ratio AS SELECT current_date AS period_start, 1 AS numerator;
CREATE VIEW text_value AS SELECT current_date AS period_start, 'x'::text AS value;
CREATE VIEW text_period AS SELECT '2026-01-01'::text AS period_start, 1 AS value;
CREATE VIEW odd_n AS SELECT current_date AS period_start, 1 AS value, 1.5::float8 AS n;
CREATE FUNCTION odd_arguments(int) RETURNS TABLE (period_start date, value int) LANGUAGE sql AS 'SELECT current_date, $1';
CREATE TEMP VIEW passing AS SELECT current_date AS period_start, 1 AS value;
SELECT q, error_of('SELECT kpi.define(' || q || ')') FROM unnest(ARRAY[$$'x', 'no_period', unit => 'u', adds => 'sum'$$, $$'x', 'no_value', unit => 'u', adds => 'sum'$$, $$'x', 'half_ratio', unit => 'u'$$, $$'x', 'text_value', unit => 'u', adds => 'sum'$$, $$'x', 'text_period', unit => 'u', adds => 'sum'$$,
  $$'x', 'odd_n', unit => 'u', adds => 'sum'$$, $$'x', function => 'odd_arguments(int)', unit => 'u', adds => 'sum'$$, $$'x', 'passing', unit => 'u', adds => 'sum'$$, $$'x', 'revenue', unit => 'u'$$, $$'x', 'revenue', unit => 'u', adds => 'ratio'$$, $$'x', 'revenue', unit => 'u', adds => 'avg'$$,
  $$'x', 'revenue', adds => 'sum'$$, $$'x', 'revenue', unit => 'u', adds => 'sum', direction => 'sideways'$$, $$'x', 'revenue', unit => 'u', adds => 'sum', grain => 'hour'$$, $$'x', 'revenue', unit => 'u', adds => 'sum', zone => 'Asia/Soul'$$, $$'x', 'revenue', unit => 'u', adds => 'sum', at_risk => 0.5$$,
  $$'x', 'revenue', unit => 'u', adds => 'sum', function => 'buyers(date,date)'$$, $$'', 'revenue', unit => 'u', adds => 'sum'$$, $$'x', 'revenues', unit => 'u', adds => 'sum'$$, $$'x', 'revenue', unit => 'u', adds => 'sum', objective => 'grow'$$, $$'x', unit => 'u'$$]) AS q;

-- ---- targets ----
SELECT kpi.set_target('revenue', '2026-03', 30000, rationale => 'ten percent more than last year');
SELECT kpi.set_target('revenue', '2026', 400000);
SELECT kpi.set_target('revenue', '2026-03', 30000);
SELECT kpi.set_target('revenue', '2026-03', 33000, baseline => 10000, stretch => 40000, pacing => 'business_days', rationale => 'the fair');
SELECT kpi.set_target('revenue', '2026-03', 9000, segment => 'DE', weights => '{1,1,1,1,2,4,3}');
SELECT kpi.set_target('order_value', '2026-Q1', 45);
SELECT kpi.set_target('buyers', '2026-03', 500);
SELECT kpi.set_target('nps', '2026-Q1', 40);
SELECT kpi, segment, period_start, period_end, version, target, baseline, stretch, pacing, weights, rationale, closed_at IS NULL AS in_force FROM kpi.target ORDER BY 1, 2, 3, 4, 5;
SELECT q, error_of('SELECT kpi.set_target(' || q || ')') FROM unnest(ARRAY[$$'revenu', '2026-03', 1$$, $$'xyz', '2026-03', 1$$, $$'revenue', '2026-03'$$, $$'revenue', '2026-03', 1, low => 1$$, $$'revenue', '2026-03', low => 1$$, $$'revenue', '2026-03', 5, baseline => 5$$, $$'revenue', '2026-03', 5, pacing => 'hope'$$, $$'order_value', '2026-03', 5, pacing => 'linear'$$,
  $$'revenue', '2016-03', 5, pacing => 'profile'$$, $$'revenue', '2026-03', 5, pacing => 'linear', weights => '{1}'$$, $$'revenue', '2026-03', 5, weights => '{1,2}'$$, $$'buyers', '2026-03-02', 5$$, $$'buyers', '2026', 5$$, $$'nps', '2026', 5, pacing => 'linear'$$, $$'revenue', '[2026-02-15,2026-03-15)', 5$$, $$'revenue', '[2026-02-15,)'::daterange, 5$$, $$'revenue', '2026-03', 'NaN'$$]) AS q;
SELECT kpi.copy_targets('revenue', '2026', '2027', 0.1, 'as every year');
SELECT period_start, segment, target, baseline, stretch, pacing, weights FROM kpi.target WHERE period_start >= '2027-01-01' ORDER BY 1, 2, 3;
SELECT error_of($$SELECT kpi.copy_targets('revenue', '2026', '2027-01')$$), error_of($$SELECT kpi.copy_targets('revenue', '2026-W10', '2026-W11')$$);
-- ranges
SELECT kpi.define('stock', unit => 'pieces', grain => 'month', direction => 'range', adds => 'last');
SELECT kpi.set_target('stock', '2026-03', low => 100, high => 200);
SELECT error_of($$SELECT kpi.set_target('stock', '2026-04', 5)$$), error_of($$SELECT kpi.set_target('stock', '2026-04', low => 5, high => 4)$$);

-- ---- check-ins ----
SELECT kpi.check_in('nps', '2025-Q4', 31, n => 120, ci_low => 20, ci_high => 42);
SELECT kpi.check_in('nps', '2026-Q1', 35, 'fewer answers than usual', n => 60);
SELECT kpi.check_in('nps', '2026-Q1', 36, 'two more came late', n => 62);
SELECT kpi.check_in('revenue', '2026-03-05', note => 'the fair was cancelled', status => 'at_risk', status_until => '2026-03-31');
SELECT kpi, period_start, value, note, status, status_until FROM kpi.check_in ORDER BY at;
SELECT kpi, period_start, value, n, ci_low, previous, version FROM kpi.measurement ORDER BY 1, 2;
SELECT q, error_of('SELECT kpi.check_in(' || q || ')') FROM unnest(ARRAY[$$'nps', '2026-03', 5$$, $$'revenue', '2026-03-05', 5$$, $$'nps', '2026-Q1'$$, $$'nps', '2026-Q1', 'NaN'$$, $$'nps', '2026-Q1', status => 'behind'$$, $$'nps', '2026-Q1', status => 'green', status_until => '2026-04-01'$$, $$'nsp', '2026-Q1', 5$$]) AS q;
DELETE FROM kpi.kpi;
DELETE FROM kpi.objective;
SELECT (SELECT count(*) FROM kpi.target) + (SELECT count(*) FROM kpi.measurement) + (SELECT count(*) FROM kpi.check_in) + (SELECT count(*) FROM kpi.kpi_objective) AS left_over;
DROP SCHEMA define_test CASCADE;
