-- tables and views for BI tools
CREATE SCHEMA bi_test;
SET search_path = bi_test;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';

-- ---- what BI tools can read ----
CREATE VIEW bi_relations AS SELECT c.oid, c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = 'kpi_bi'::regnamespace AND c.relkind NOT IN ('i', 'S');
SELECT relname AS neither_table_nor_view FROM bi_relations WHERE relkind NOT IN ('r', 'v');
SELECT relname, attname, format_type(atttypid, atttypmod) AS not_plain FROM bi_relations JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped
WHERE format_type(atttypid, atttypmod) NOT IN ('date', 'timestamp without time zone', 'double precision', 'integer', 'bigint', 'smallint') AND NOT (atttypid = 'varchar'::regtype AND atttypmod BETWEEN 5 AND 259) ORDER BY 1, 2;
SELECT relname, attname AS without_comment FROM bi_relations JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped WHERE col_description(oid, attnum) IS NULL ORDER BY 1, 2;
SELECT relname AS without_comment FROM bi_relations WHERE obj_description(oid, 'pg_class') IS NULL ORDER BY 1;
SELECT relname AS without_primary_key FROM bi_relations b WHERE relkind = 'r' AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = b.oid AND c.contype = 'p') ORDER BY 1;
SELECT relname AS without_row_security FROM bi_relations JOIN pg_class USING (oid, relname) WHERE bi_relations.relkind = 'r' AND NOT relrowsecurity ORDER BY 1;
SELECT conrelid::regclass, pg_get_constraintdef(oid) AS foreign_key FROM pg_constraint WHERE contype = 'f' AND connamespace = 'kpi_bi'::regnamespace AND confrelid IN (SELECT oid FROM bi_relations) ORDER BY conrelid::regclass::text, 2;
-- views run as who reads them, and their bodies have no function that returns a set or looks at other rows
SELECT relname AS runs_as_owner FROM pg_class WHERE oid IN (SELECT oid FROM bi_relations WHERE relkind = 'v') AND NOT coalesce('security_invoker=true' = ANY (reloptions), false);
SELECT c.relname, p.oid::regprocedure AS not_plain FROM bi_relations c JOIN pg_rewrite r ON r.ev_class = c.oid CROSS JOIN LATERAL regexp_matches(r.ev_action::text, ':(?:funcid|winfnoid|aggfnoid|opfuncid) (\d+)', 'g') AS m (id) JOIN pg_proc p ON p.oid = m.id[1]::oid
WHERE c.relkind = 'v' AND (p.proretset OR p.prokind <> 'f') ORDER BY 1, 2;
SELECT relname AS not_plain FROM bi_relations WHERE relkind = 'v' AND pg_get_viewdef(oid) ~* '\mover\s*\(|\mlateral\M|\munnest\M' ORDER BY 1;

-- ---- a shop ----
CREATE TABLE orders (at date, country text, amount numeric);
INSERT INTO orders SELECT date '2025-11-03' + i, c, CASE c WHEN 'DE' THEN 10 ELSE 5 END FROM generate_series(0, 119) AS i, unnest('{DE,KR}'::text[]) AS c;
CREATE VIEW revenue AS SELECT at AS period_start, country AS segment, sum(amount) AS value, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW order_value AS SELECT at AS period_start, sum(amount) AS numerator, count(*) AS denominator FROM orders GROUP BY 1;
SELECT kpi.define_objective('growth', 'Grow', 'More every month', perspective => 'finance'), kpi.define_objective('reach', 'Be known', parent => 'growth');
SELECT kpi.define('revenue', 'revenue', unit => 'EUR', adds => 'sum', title => 'Revenue', description => 'what was paid', objective => 'growth'), kpi.define('order value', 'order_value', unit => 'EUR', objective => 'growth', weight => 2), kpi.define('nps', unit => 'points', grain => 'quarter', adds => 'last', qualitative => true);
SELECT kpi.define('order value', 'order_value', unit => 'EUR', objective => 'reach', weight => 3);
SELECT kpi.set_target('revenue', '2026-01', 500, baseline => 100, stretch => 600), kpi.set_target('revenue', '2026-02', 400), kpi.set_target('revenue', '2026-03', 450), kpi.set_target('revenue', '2026-01', 200, segment => 'DE'), kpi.set_target('nps', '2026-Q1', 40);
SELECT kpi.check_in('nps', '2025-Q4', 30, n => 12);
CALL kpi.refresh(as_of => '2026-02-11 09:00Z');
SELECT kpi, title, description, unit, direction, grain, adds, kind, objective, source, is_qualitative, is_additive, is_active FROM kpi_bi.dim_kpi ORDER BY kpi;
SELECT o.objective, o.title, o.description, o.perspective, o.parent, p.objective AS by_key FROM kpi_bi.dim_objective o LEFT JOIN kpi_bi.dim_objective p ON p.objective_key = o.parent_key ORDER BY 1;
SELECT k.kpi, o.objective, b.weight FROM kpi_bi.kpi_objective b JOIN kpi_bi.dim_kpi k USING (kpi_key) JOIN kpi_bi.dim_objective o ON o.objective_key = b.objective_key ORDER BY 1, 2;
SELECT segment, is_total, segment_key = 0 AS whole FROM kpi_bi.dim_segment WHERE segment_key IN (SELECT segment_key FROM kpi_bi.kpi_segment) ORDER BY 1;
-- value and target in one row, at the length of the target
SELECT kpi, segment, year_month, value, n, target, baseline, stretch, attainment, previous, status, status_code, is_complete FROM kpi_bi.fact_month WHERE kpi = 'revenue' ORDER BY segment, period_start;
SELECT kpi, period_start, period_end, value, numerator, denominator, previous, year_ago, is_complete FROM kpi_bi.fact_week WHERE kpi = 'order value' ORDER BY period_start DESC LIMIT 3;
SELECT kpi, quarter_name, value, target, status, n FROM kpi_bi.fact_quarter WHERE is_total = 1 ORDER BY 1, 2;
SELECT kpi, segment, year, value FROM kpi_bi.fact_year ORDER BY 1, 2, 3;
SELECT kpi, segment, period_start, week_name, weekday_name, value FROM kpi_bi.fact_day WHERE period_start >= '2026-02-10' ORDER BY 1, 2, 3;
SELECT DISTINCT grain, is_native FROM kpi_bi.fact JOIN kpi_bi.dim_kpi USING (kpi_key, grain) ORDER BY 1;
-- whole years of days, each once
SELECT count(*) = max(day) - min(day) + 1 AS without_gaps, to_char(min(day), 'MM-DD') AS first, to_char(max(day), 'MM-DD') AS last, min(day) <= '2025-01-01' AND max(day) >= '2026-12-31' AS all_of_them FROM kpi_bi.dim_date;
SELECT * FROM kpi_bi.dim_date WHERE day IN ('2025-12-29', '2026-02-28') ORDER BY day \gx
SELECT count(*) AS wrong FROM kpi_bi.dim_date WHERE week_start <> day - (weekday - 1) OR month_start <> day - (day_of_month - 1) OR year_start <> make_date(year, 1, 1) OR (is_last_day_of_month = 1) <> (extract(day FROM day + 1) = 1) OR is_weekend <> CASE WHEN trim(to_char(day, 'Day')) IN ('Saturday', 'Sunday') THEN 1 ELSE 0 END;

-- ---- scorecard: what evaluate() says, until nobody refreshes any more ----
SELECT k.kpi, s.segment, c.period, c.objectives, c.actual, c.target, c.status, c.status_code, c.reason, c.fresh_to, c.is_closed, c.stale_at FROM kpi_bi.scorecard c JOIN kpi_bi.dim_kpi k USING (kpi_key) JOIN kpi_bi.dim_segment s USING (segment_key) ORDER BY 1, 2, 3;
SELECT count(*) AS differences FROM (
  SELECT k.kpi, s.segment, c.period_start, c.period_end + 1, c.actual, c.target, c.expected_to_date, c.attainment, c.forecast, c.previous, c.change, c.year_ago, c.yoy_change, c.n, c.status, c.status_code, c.reason FROM kpi_bi.scorecard c JOIN kpi_bi.dim_kpi k USING (kpi_key) JOIN kpi_bi.dim_segment s USING (segment_key)
  EXCEPT SELECT kpi, coalesce(nullif(segment, ''), '(all)'), period_start, period_end, actual, target, expected_to_date, attainment, forecast, previous, change, year_ago, yoy_change, n, status, status_code, reason FROM kpi.evaluate('2026-02-11 09:00Z')) AS d;
-- the clock of this test is past that long since
SELECT kpi, segment, period, actual, status, status_code, reason FROM kpi_bi.scorecard_now ORDER BY 1, 2, 3;
-- one that was refreshed just now is not
CREATE VIEW today AS SELECT current_date - i AS period_start, 10 AS value FROM generate_series(0, 800) AS i;
SELECT kpi.define('today', 'today', unit => 'x', adds => 'sum'), kpi.set_target('today', to_char(current_date, 'YYYY'), 1) \g /dev/null
CALL kpi.refresh('today');
SELECT kpi, status IN ('on_track', 'not_started', 'stale') AND status <> 'stale' OR current_date = date_trunc('year', current_date) AS fresh, stale_at - (now() AT TIME ZONE 'UTC') BETWEEN interval '1 day' AND interval '3 days' AS for_two_days FROM kpi_bi.scorecard_now WHERE kpi = 'today';
UPDATE kpi_bi.scorecard SET stale_at = '2026-01-01' WHERE kpi_key = (SELECT kpi_key FROM kpi_bi.dim_kpi WHERE kpi = 'today');
SELECT kpi, status, status_code FROM kpi_bi.scorecard_now WHERE kpi = 'today';
SELECT kpi.undefine('today');

-- ---- only what changed is written ----
CREATE VIEW writers AS SELECT kpi, segment, f.grain, period_start, f.xmin::text AS writer FROM kpi_bi.fact f JOIN kpi_bi.dim_kpi USING (kpi_key) JOIN kpi_bi.dim_segment USING (segment_key);
CREATE TABLE before AS TABLE writers;
CALL kpi.refresh(as_of => '2026-02-11 09:00Z');
CALL kpi.refresh_bi(as_of => '2026-02-11 09:00Z');
SELECT * FROM writers EXCEPT SELECT * FROM before;
UPDATE orders SET amount = amount + 1 WHERE at = '2025-12-24' AND country = 'KR';
SELECT kpi.invalidate('revenue', '2025-12-24', '2025-12-24'), kpi.set_target('revenue', '2026-02', 410);
CALL kpi.refresh(as_of => '2026-02-11 09:00Z');
SELECT kpi, segment, grain, period_start FROM (SELECT * FROM writers EXCEPT SELECT * FROM before) AS w ORDER BY 1, 2, 3, 4;
SELECT count(*) AS left_over FROM kpi.bi_invalidation;
-- what is renamed or removed is so at once
UPDATE kpi.kpi SET name = 'turnover' WHERE name = 'revenue';
UPDATE kpi.objective SET name = 'more' WHERE name = 'growth';
SELECT DISTINCT kpi FROM kpi_bi.fact_month ORDER BY 1;
SELECT objective FROM kpi_bi.dim_objective ORDER BY 1;
SELECT kpi.undefine('nps');
SELECT kpi FROM kpi_bi.dim_kpi ORDER BY 1;
UPDATE kpi.kpi SET name = 'revenue' WHERE name = 'turnover';
UPDATE kpi.objective SET name = 'growth' WHERE name = 'more';
UPDATE kpi.kpi SET title = 'Turnover', active = false WHERE name = 'order value';
CALL kpi.refresh_bi(as_of => '2026-02-11 09:00Z');
SELECT kpi, title, objective, is_active FROM kpi_bi.dim_kpi ORDER BY 1;
UPDATE kpi.kpi SET active = true WHERE name = 'order value';

-- ---- long names, large numbers, far days ----
SELECT kpi.define(repeat('k', 256), 'revenue', unit => 'EUR', adds => 'sum');
SELECT kpi.define_objective(repeat('o', 256), 'x');
SELECT kpi.add_source(repeat('s', 256), 'orders', at => 'at');
SELECT kpi.bi_segment(''), kpi.bi_segment('DE'), kpi.bi_segment('(all)'), length(kpi.bi_segment(repeat('x', 300))) AS length, kpi.bi_segment(repeat('x', 300)) <> kpi.bi_segment(repeat('x', 301)) AS apart;
SELECT kpi.bi_number(1e400), kpi.bi_number(1e-400), kpi.bi_number(-0.1), kpi.bi_number(NULL);
SELECT kpi.define('odd', unit => 'x', adds => 'last') \g /dev/null
SELECT kpi.check_in('odd', '1999-12-31', 1e400);
SELECT kpi.check_in('odd', '1999-12-31', -1e-101);
SELECT kpi.define('odd', unit => repeat('u', 300), adds => 'last', title => repeat('t', 300), description => repeat('d', 300)) \g /dev/null
SELECT kpi.check_in('odd', '0044-03-15', 1), kpi.check_in('odd', '1999-12-31', 1e100), kpi.check_in('odd', '2000-01-01', 2), kpi.check_in('odd', '9999-12-31', 3) \g /dev/null
CALL kpi.refresh_bi(as_of => '2026-02-11 09:00Z');
SELECT period_start, value, previous, length(title) AS title, length(unit) AS unit FROM kpi_bi.fact_day WHERE kpi = 'odd' ORDER BY 1;
SELECT min(day) >= '1900-01-01' AND max(day) < '2200-01-01' AS sane FROM kpi_bi.dim_date;
SELECT kpi.undefine('odd');

-- ---- lint and trust ----
SELECT rule, severity, severity_code, kpi, objective, detail FROM kpi_bi.lint WHERE kpi IN ('revenue', 'order value') AND rule NOT IN ('refresh', 'not_shared') ORDER BY 4, 1;
SELECT kpi.add_source('shop', 'orders', at => 'at', segment => 'country');
CALL kpi.refresh(as_of => '2026-02-11 09:00Z');
SELECT source, rule, severity, checked_at FROM kpi_bi.trust WHERE severity_code > 0 ORDER BY 1, 2;
-- it is not looked at again on the same day, unless somebody asks
DELETE FROM orders WHERE at = '2026-02-03';
CALL kpi.refresh(as_of => '2026-02-11 20:00Z');
SELECT DISTINCT checked_at FROM kpi_bi.trust;
CALL kpi.refresh_bi(as_of => '2026-02-11 21:00Z');
SELECT DISTINCT checked_at FROM kpi_bi.trust;
SELECT rule, severity, day FROM kpi_bi.trust WHERE rule = 'missing_days' OR day IS NOT NULL ORDER BY 1, 3;

-- ---- rights ----
SET client_min_messages = warning;
CREATE ROLE bi_author; CREATE ROLE bi_other; CREATE ROLE bi_tool; CREATE ROLE bi_reader; CREATE ROLE bi_nobody;
SET client_min_messages = notice;
GRANT ALL ON SCHEMA bi_test TO bi_author, bi_other, bi_tool;
SELECT kpi.grant_access('bi_author', 'author'), kpi.grant_access('bi_other', 'author'), kpi.grant_access('bi_tool', 'bi'), kpi.grant_access('bi_reader');
SELECT kpi.share('revenue', 'bi_tool'), kpi.share('revenue', 'bi_reader');
SET ROLE bi_tool;
SELECT kpi FROM kpi_bi.dim_kpi;
SELECT DISTINCT kpi FROM kpi_bi.fact_day;
SELECT DISTINCT k.kpi FROM kpi_bi.fact f JOIN kpi_bi.dim_kpi k USING (kpi_key);
SELECT DISTINCT kpi FROM kpi_bi.scorecard_now;
SELECT DISTINCT kpi FROM kpi_bi.lint WHERE kpi_key IS NOT NULL;
SELECT segment FROM kpi_bi.dim_segment ORDER BY 1;
SELECT count(*) FROM kpi_bi.trust;
SELECT kpi, role FROM kpi_bi.reader;
SELECT count(*) > 0 AS objectives FROM kpi_bi.dim_objective;
-- nothing else
SELECT count(*) FROM kpi.measurement;
SELECT kpi.readable();
SELECT * FROM kpi.evaluate();
CALL kpi.refresh_bi();
INSERT INTO kpi_bi.reader SELECT kpi_key, kpi, 'public' FROM kpi_bi.dim_kpi;
UPDATE kpi_bi.fact SET value = 0;
DELETE FROM kpi_bi.scorecard;
INSERT INTO kpi_bi.dim_segment VALUES (-1, 'x', 0);
TRUNCATE kpi_bi.fact;
RESET ROLE;
SELECT count(*) AS rights_on_the_catalog FROM pg_class WHERE relnamespace = 'kpi'::regnamespace AND relkind IN ('r', 'v') AND has_table_privilege('bi_tool', oid, 'SELECT, INSERT, UPDATE, DELETE');
SELECT has_schema_privilege('bi_tool', 'kpi', 'USAGE') AS catalog, has_schema_privilege('bi_tool', 'kpi_bi', 'USAGE') AS bi, has_schema_privilege('bi_tool', 'kpi_bi', 'CREATE') AS make;
-- a share that is given or taken back counts at once
SELECT kpi.share('order value', 'bi_tool'), kpi.unshare('revenue', 'bi_tool');
SET ROLE bi_tool;
SELECT kpi FROM kpi_bi.dim_kpi;
SELECT DISTINCT kpi FROM kpi_bi.fact_month;
SELECT segment FROM kpi_bi.dim_segment ORDER BY 1;
RESET ROLE;
DELETE FROM kpi.reader WHERE role = 'bi_tool';
SET ROLE bi_tool;
SELECT count(*) FROM kpi_bi.fact;
SET ROLE bi_reader;
SELECT DISTINCT kpi FROM kpi_bi.fact_day;
SET ROLE bi_nobody;
SELECT count(*) FROM kpi_bi.fact;
-- an author refreshes what is its own
SET ROLE bi_author;
SET search_path = bi_test;
CREATE VIEW mine AS SELECT date '2026-02-01' + i AS period_start, 'secret' AS segment, i AS value FROM generate_series(0, 9) AS i;
SELECT kpi.define_objective('ours', 'Ours', parent => 'growth'), kpi.define('mine', 'mine', unit => 'x', adds => 'sum', objective => 'ours'), kpi.set_target('mine', '2026-02', 50);
CALL kpi.refresh(as_of => '2026-02-11 09:00Z');
SELECT DISTINCT kpi, objective FROM kpi_bi.fact_month JOIN kpi_bi.dim_kpi USING (kpi_key, kpi) ORDER BY 1;
SELECT kpi, segment, value, target FROM kpi_bi.fact_month ORDER BY 2;
SELECT kpi, status FROM kpi_bi.scorecard_now;
-- and nothing of others, nor anything untrue
UPDATE kpi_bi.fact SET value = 1000000 WHERE value <> 0 AND kpi_key <> (SELECT kpi_key FROM kpi_bi.dim_kpi WHERE kpi = 'mine');
INSERT INTO kpi_bi.fact (kpi_key, segment_key, grain, period_start, period_end, is_complete, is_native, computed_at) SELECT kpi_key, 0, 'day', '2026-02-01', '2026-02-01', 1, 1, now() FROM generate_series(1, 1000) AS kpi_key;
UPDATE kpi_bi.dim_objective SET title = 'nonsense' WHERE objective = 'growth';
INSERT INTO kpi_bi.reader (kpi_key, kpi, role) VALUES (1, 'revenue', 'bi_author');
UPDATE kpi_bi.dim_segment SET segment = 'nonsense' WHERE segment_key = 0;
DELETE FROM kpi_bi.dim_date;
SELECT kpi.share('mine', 'bi_tool');
-- another author does not see it, and uses the same name of a segment
SET ROLE bi_other;
SET search_path = bi_test;
SELECT kpi FROM kpi_bi.fact_month;
CREATE VIEW others AS SELECT * FROM generate_series(timestamp '2026-02-01', '2026-02-09', '1 day') AS period_start, (VALUES ('secret', 1)) AS v (segment, value);
SELECT kpi.define('others', 'others', unit => 'x', adds => 'sum');
CALL kpi.refresh(as_of => '2026-02-11 09:00Z');
SELECT kpi, segment, value FROM kpi_bi.fact_month ORDER BY 2;
SET ROLE bi_tool;
SELECT kpi, segment, value, target FROM kpi_bi.fact_month ORDER BY 2;
RESET ROLE;
SET search_path = bi_test;
-- another owner sees it at once, and can refresh it
SELECT kpi.define('mine', 'mine', unit => 'x', adds => 'sum', owner => 'bi_other');
SET ROLE bi_other;
CALL kpi.refresh_bi(as_of => '2026-02-11 09:00Z');
SELECT DISTINCT kpi FROM kpi_bi.fact_day ORDER BY 1;
SET ROLE bi_author;
SELECT DISTINCT kpi FROM kpi_bi.fact_day ORDER BY 1;
RESET ROLE;
SELECT kpi.grant_access('bi_tool', 'none');
SET ROLE bi_tool;
SELECT count(*) FROM kpi_bi.fact;
RESET ROLE;
-- filters by days reach the index, also under row-level security
CREATE FUNCTION bi_test.uses_index(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text; found boolean := false;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
    found := found OR line ~ 'Index Cond:.*period_start >=';
  END LOOP;
  RETURN found;
END $$;
GRANT USAGE ON SCHEMA bi_test TO bi_reader;
SET enable_seqscan = off;
SET ROLE bi_reader;
SELECT bi_test.uses_index('SELECT kpi, value FROM kpi_bi.fact_day WHERE period_start >= ''2026-02-10''');
RESET ROLE;
RESET enable_seqscan;

SELECT kpi.grant_access('bi_author', 'none'), kpi.grant_access('bi_other', 'none'), kpi.grant_access('bi_reader', 'none') \g /dev/null
SET client_min_messages = warning;
SELECT kpi.undefine(name) FROM kpi.kpi WHERE name IN ('revenue', 'order value', 'mine', 'others') \g /dev/null
DELETE FROM kpi.objective WHERE name IN ('growth', 'reach', 'ours');
SELECT kpi.remove_source('shop') \g /dev/null
SELECT (SELECT count(*) FROM kpi_bi.dim_kpi) AS kpis, (SELECT count(*) FROM kpi_bi.fact) AS facts, (SELECT count(*) FROM kpi_bi.scorecard) AS scores, (SELECT count(*) FROM kpi_bi.trust) AS trust, (SELECT count(*) FROM kpi_bi.dim_objective) AS objectives;
DROP SCHEMA bi_test CASCADE;
DROP ROLE bi_author; DROP ROLE bi_other; DROP ROLE bi_tool; DROP ROLE bi_reader; DROP ROLE bi_nobody;
