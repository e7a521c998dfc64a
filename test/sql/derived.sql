-- derived KPIs: calculated from others, always as plain SQL would
CREATE SCHEMA derived_test;
SET search_path = derived_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE TABLE sales (at date, country text, amount numeric, orders int);
CREATE TABLE spent (day date, cost numeric);
CREATE VIEW revenue AS SELECT at AS period_start, country AS segment, sum(amount) AS value FROM sales GROUP BY 1, 2;
CREATE VIEW orders AS SELECT at AS period_start, country AS segment, sum(orders) AS value FROM sales GROUP BY 1, 2;
CREATE VIEW cost AS SELECT date_trunc('month', day)::date AS period_start, sum(cost) AS value FROM spent GROUP BY 1;
INSERT INTO sales SELECT date '2024-11-20' + i / 3, (ARRAY['DE', 'KR', 'US'])[1 + i % 3], (i * 7919 % 10007) / 100.0, i % 4 FROM generate_series(1, 1187) i WHERE i % 7 < 6;
INSERT INTO spent SELECT date '2024-11-20' + i, i % 37 FROM generate_series(1, 395) i WHERE i % 5 < 4;
SELECT kpi.define('revenue', 'revenue', unit => 'EUR', adds => 'sum'), kpi.define('orders', 'orders', unit => 'orders', adds => 'sum'), kpi.define('cost', 'cost', unit => 'EUR', grain => 'month', adds => 'sum');
SELECT kpi.define('staff', unit => 'people', grain => 'month', adds => 'last');
SELECT kpi.define_derived('order value', 'revenue / orders', 'EUR'),
       kpi.define_derived('roas', 'revenue / cost', 'EUR per EUR'),
       kpi.define_derived('growth', '(revenue - year_ago(revenue)) / year_ago(revenue)', 'of last year', grain => 'month'),
       kpi.define_derived('faster', 'growth - previous(growth)', 'points'),
       kpi.define_derived('per head', 'coalesce(revenue, 0) / staff', 'EUR per head', description => 'revenue by staff');
SELECT name, kind, formula, grain, adds, zone, lookback, stale_after, owner = current_user AS mine FROM kpi.kpi WHERE kind = 'derived' ORDER BY 1;
SELECT * FROM kpi.kpi_input ORDER BY 1, 2;
SELECT name, kpi.depth(name) FROM kpi.kpi ORDER BY 1;
SELECT kpi.check_in('staff', '2025-10', 4), kpi.check_in('staff', '2025-11', 5);
SELECT kpi_name, depth, first_day, end_day FROM kpi.refresh_plan(as_of => '2025-12-20Z');
CALL kpi.refresh(as_of => '2025-12-20Z', verbose => true);
SELECT kpi, segment, count(*), min(period_start), max(period_start), round(avg(value), 4) AS mean FROM kpi.measurement GROUP BY 1, 2 ORDER BY 1, 2;

-- what plain SQL says; a KPI keeps the 15 digits that float8::numeric has
CREATE VIEW by_sql AS
WITH s AS (SELECT at, coalesce(country, '') AS segment, amount, orders FROM sales UNION ALL SELECT at, '', amount, orders FROM sales WHERE country IS NOT NULL),
day AS (SELECT at AS first, segment, sum(amount) AS revenue, sum(orders) AS orders FROM s GROUP BY 1, 2),
month AS (SELECT date_trunc('month', first)::date AS first, segment, sum(revenue) AS revenue FROM day GROUP BY 1, 2),
growth AS (SELECT m.first, m.segment, ((m.revenue::float8 - y.revenue::float8) / nullif(y.revenue::float8, 0))::numeric::float8 AS value FROM month m JOIN month y ON (y.segment, y.first) = (m.segment, (m.first - interval '1 year')::date))
SELECT 'order value' AS kpi, first AS period_start, segment, revenue::float8 / nullif(orders, 0)::float8 AS value FROM day
UNION ALL SELECT 'roas', m.first, '', revenue::float8 / nullif(c.value, 0)::float8 FROM month m JOIN cost c ON c.period_start = m.first WHERE m.segment = ''
UNION ALL SELECT 'growth', first, segment, value FROM growth
UNION ALL SELECT 'faster', g.first, g.segment, g.value - p.value FROM growth g JOIN growth p ON (p.segment, p.first) = (g.segment, (g.first - interval '1 month')::date)
UNION ALL SELECT 'per head', m.period_start, '', coalesce((SELECT revenue FROM month WHERE (first, segment) = (m.period_start, '')), 0)::float8 / nullif(m.value, 0)::float8 FROM kpi.measurement m WHERE m.kpi = 'staff';
CREATE VIEW differences AS
SELECT coalesce(m.kpi, s.kpi) AS kpi, coalesce(m.period_start, s.period_start) AS period_start, coalesce(m.segment, s.segment) AS segment, m.value, s.value AS by_sql
FROM (SELECT * FROM kpi.measurement WHERE kpi NOT IN ('revenue', 'orders', 'cost', 'staff')) AS m FULL JOIN (SELECT * FROM by_sql WHERE value IS NOT NULL) AS s ON (m.kpi, m.segment, m.period_start) = (s.kpi, s.segment, s.period_start)
WHERE m.value IS DISTINCT FROM s.value::numeric;
SELECT (SELECT count(*) FROM by_sql WHERE value IS NOT NULL) AS rows, count(*) AS wrong FROM differences;

-- again: nothing is touched
CREATE TABLE before AS SELECT * FROM kpi.measurement;
CALL kpi.refresh(as_of => '2025-12-20 01:00Z');
SELECT count(*) AS touched FROM kpi.measurement m JOIN before b USING (kpi, segment, period_start) WHERE m.computed_at <> b.computed_at;

-- rounds of changes; those of a year ago count, too
SELECT setseed(0.5);
DO $$
BEGIN
  FOR n IN 1 .. 10 LOOP
    FOR i IN 1 .. 3 LOOP
      <<round>> DECLARE day date := date '2024-11-21' + (random() * 395)::int;
      BEGIN
        IF random() < 0.3 THEN DELETE FROM derived_test.sales WHERE at = day;
        ELSIF random() < 0.5 THEN UPDATE derived_test.sales SET amount = amount + 1, orders = 0 WHERE at = day;
        ELSE INSERT INTO derived_test.sales VALUES (day, 'US', 12.5, 1); END IF;
        IF random() < 0.5 THEN UPDATE derived_test.spent AS s SET cost = cost + 1 WHERE date_trunc('month', s.day) = date_trunc('month', round.day); END IF;
        PERFORM kpi.invalidate(k, day, day) FROM unnest('{revenue,orders,cost}'::text[]) AS k;
      END;
    END LOOP;
    PERFORM kpi.check_in('staff', '2025-' || lpad(n::text, 2, '0'), n % 4);
    COMMIT;
    CALL kpi.refresh(as_of => timestamptz '2025-12-20Z' + n * interval '1 day');
    ASSERT (SELECT count(*) FROM derived_test.differences) = 0, 'values differ in round ' || n;
    ASSERT (SELECT count(*) FROM kpi.invalidation) = 0, 'invalidations are left in round ' || n;
  END LOOP;
END $$;
SELECT (SELECT count(*) FROM by_sql WHERE value IS NOT NULL) AS rows, (SELECT count(*) FROM differences) AS wrong, (SELECT count(*) FROM kpi.run_log WHERE error IS NOT NULL) AS failed;
-- one of them brings what it is calculated from
UPDATE sales SET amount = amount * 2 WHERE at >= '2025-12-01';
SELECT kpi.invalidate('revenue', '2025-12-01', '2025-12-31');
SELECT kpi_name, depth FROM kpi.refresh_plan('faster', as_of => '2026-01-01Z');
CALL kpi.refresh('faster', as_of => '2026-01-01Z');
SELECT DISTINCT kpi FROM differences ORDER BY 1;
CALL kpi.refresh(as_of => '2026-01-01Z');
SELECT count(*) AS wrong FROM differences;
-- a target and a status like any other
SELECT kpi.set_target('growth', '2025-12', 0.1);
SELECT kpi, period, round(actual, 4) AS actual, target, status, reason FROM kpi.evaluate('2026-01-01Z', 'growth');

-- ---- what is refused ----
SELECT kpi.define_derived('growth', 'faster * 2', 'x');
SELECT kpi.define_derived('a', 'a + 1', 'x');
SELECT kpi.define_derived('revenue', 'growth * 2', 'x');
SELECT kpi.define_derived('a', 'revenu / orders', 'x');
SELECT kpi.define_derived('a', '1 + 1', 'x');
SELECT kpi.define_derived('a', 'revenue /', 'x');
SELECT kpi.define_derived('a', 'revenue / orders');
SELECT kpi.define_derived('a', NULL, 'x');
SELECT kpi.define_derived('a', 'revenue / cost', 'x', grain => 'day');
SELECT kpi.define_derived('a', '"order value" * 2', 'x', grain => 'month');
SELECT kpi.define_derived('a', 'revenue', 'x', adds => 'ratio');
SELECT kpi.check_in('growth', '2025-12', 1);
SELECT kpi.undefine('revenue');
SELECT kpi.undefine('revenu');
DELETE FROM kpi.kpi WHERE name = 'revenue';
UPDATE kpi.kpi SET name = 'turnover' WHERE name = 'revenue';
-- its inputs have changed so that it cannot be calculated any more: it says so
CREATE VIEW orders_by_month AS SELECT date_trunc('month', at) AS period_start, sum(orders) AS value FROM sales GROUP BY 1;
SELECT kpi.define_derived('order value', 'revenue / orders', 'EUR', grain => 'day');
SELECT kpi.define('orders', 'orders_by_month', unit => 'orders', grain => 'month', adds => 'sum');
CALL kpi.refresh(as_of => '2026-01-02Z');
SELECT kpi, error FROM kpi.health WHERE failing;
-- of an ordinary KPI a derived one, and back
SELECT kpi.define_derived('order value', 'revenue / orders', 'EUR');
SELECT kpi.define_derived('cost', 'revenue * 0.5', 'EUR', grain => 'month', adds => 'sum');
CALL kpi.refresh(as_of => '2026-01-02Z');
SELECT kpi, error FROM kpi.health WHERE failing;
SELECT value AS two FROM kpi.measurement WHERE kpi = 'roas' AND segment = '' AND period_start = '2025-12-01';
SELECT kpi.define('cost', 'cost', unit => 'EUR', grain => 'month', adds => 'sum');
SELECT kind, formula, (SELECT count(*) FROM kpi.kpi_input WHERE kpi = 'cost') AS inputs FROM kpi.kpi WHERE name = 'cost';

-- ---- rights: nobody sees through a formula what is not shared ----
CREATE ROLE kpi_test_author;
CREATE ROLE kpi_test_other;
SELECT kpi.grant_access('kpi_test_author', 'author'), kpi.grant_access('kpi_test_other', 'author');
SET ROLE kpi_test_author;
SELECT kpi.define_derived('peek', 'revenue + 0', 'EUR');
RESET ROLE;
SELECT kpi.share('revenue', 'kpi_test_author');
SET ROLE kpi_test_author;
SELECT kpi.define_derived('peek', 'revenue + 0', 'EUR');
CALL kpi.refresh(as_of => '2026-01-02Z');
SELECT kpi, count(*) > 100 AS some FROM kpi.measurement WHERE kpi = 'peek' GROUP BY 1;
RESET ROLE;
-- who changes an input has the other one's KPI calculated again, without any right on it
GRANT CREATE, USAGE ON SCHEMA derived_test TO kpi_test_other;
SET ROLE kpi_test_other;
CREATE VIEW others AS SELECT date '2026-01-01' AS period_start, 1 AS value;
SELECT kpi.define('others', 'others', unit => 'x', adds => 'sum'), kpi.share('others', 'kpi_test_author');
RESET ROLE;
SET ROLE kpi_test_author;
SELECT kpi.define_derived('of others', 'others * 2', 'x');
RESET ROLE;
SET ROLE kpi_test_other;
CALL kpi.refresh(as_of => '2026-01-02Z');
SELECT kpi.invalidate('revenue', '2026-01-01', '2026-01-01');
SELECT kpi.define('revenue', unit => 'x', adds => 'sum');
SELECT kpi.define_derived('peek', 'others * 2', 'x');
SELECT kpi.set_target('peek', '2026-01', 1);
SELECT kpi.check_in('peek', '2026-01-01', note => 'x');
SELECT kpi.undefine('peek');
SELECT kpi.undefine('others');
RESET ROLE;
SELECT * FROM kpi.invalidation ORDER BY 1;
-- not shared any more
DELETE FROM kpi.reader WHERE kpi = 'revenue';
UPDATE sales SET amount = 666;
SELECT kpi.invalidate('revenue', '2024-01-01', '2026-01-31');
CALL kpi.refresh(as_of => '2026-01-03Z');
SELECT count(*) AS seen FROM kpi.measurement WHERE kpi = 'peek' AND value = 666;
SELECT kpi.undefine('of others'), kpi.undefine('others');
DELETE FROM kpi.kpi WHERE kind = 'derived';
DELETE FROM kpi.kpi;
DROP SCHEMA derived_test CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none'), kpi.grant_access('kpi_test_other', 'none');
DROP ROLE kpi_test_author, kpi_test_other;
