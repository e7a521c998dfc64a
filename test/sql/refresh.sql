-- kpi.refresh: definitions become measurements, again and again, and always the same as all at once
CREATE SCHEMA refresh_test;
SET search_path = refresh_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY, at timestamptz, country text, amount numeric, visitor int);
CREATE VIEW revenue AS SELECT (at AT TIME ZONE 'Asia/Seoul')::date AS period_start, country AS segment, sum(amount) AS value, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW order_value AS SELECT date_trunc('week', at AT TIME ZONE 'UTC') AS period_start, country AS segment, sum(amount) AS numerator, count(*)::int AS denominator FROM orders GROUP BY 1, 2;
CREATE VIEW stock AS SELECT date_trunc('month', at) AS period_start, max(amount)::float8 AS value FROM orders GROUP BY 1;
CREATE FUNCTION buyers(from_day date, to_day date) RETURNS TABLE (period_start date, value bigint) LANGUAGE sql STABLE SET search_path = refresh_test AS
  'SELECT date_trunc(''month'', at)::date, count(DISTINCT visitor) FROM orders WHERE at >= from_day AND at < to_day GROUP BY 1';
INSERT INTO orders (at, country, amount, visitor) SELECT timestamptz '2024-11-20Z' + i * interval '7 hours 13 minutes', (ARRAY['DE', 'KR', NULL])[1 + i % 3], (i * 7919 % 10007) / 100.0, i % 57 FROM generate_series(1, 1400) i WHERE i % 3 < 2;
SELECT kpi.define('revenue', 'revenue', unit => 'EUR', adds => 'sum', zone => 'Asia/Seoul');
SELECT kpi.define('order_value', 'order_value', unit => 'EUR', grain => 'week');
SELECT kpi.define('stock', 'stock', unit => 'pieces', grain => 'month', adds => 'last');
SELECT kpi.define('buyers', function => 'buyers(date,date)', unit => 'customers', grain => 'month', adds => 'recompute');
SELECT kpi.define('mood', unit => 'points', grain => 'month', adds => 'last');

-- ---- the first time everything ----
SELECT * FROM kpi.refresh_plan(as_of => '2026-01-20 12:00Z');
CALL kpi.refresh(as_of => '2026-01-20 12:00Z', verbose => true);
SELECT kpi, refreshed_to, refreshed_at FROM kpi.watermark ORDER BY 1;
SELECT kpi, from_day, to_day, rows, error, finished_at IS NOT NULL AS finished FROM kpi.run_log ORDER BY kpi;
SELECT * FROM kpi.measurement WHERE false;
SELECT kpi, segment, count(*), min(period_start), max(period_start), count(*) FILTER (WHERE is_complete) AS complete, count(previous) AS previous, count(year_ago) AS year_ago FROM kpi.measurement GROUP BY 1, 2 ORDER BY 1, 2;
-- what plain SQL says; the whole is the sum over the segments, of a ratio the sums of both
CREATE VIEW by_sql AS
SELECT 'revenue' AS kpi, coalesce(segment, '') AS segment, period_start, sum(value) AS value, NULL::numeric AS numerator, NULL::numeric AS denominator, sum(n)::bigint AS n FROM revenue GROUP BY GROUPING SETS ((segment, period_start), (period_start))
UNION ALL SELECT 'order_value', coalesce(segment, ''), period_start::date, sum(numerator) / sum(denominator), sum(numerator), sum(denominator), NULL FROM order_value GROUP BY GROUPING SETS ((segment, period_start), (period_start))
UNION ALL SELECT 'stock', '', period_start::date, value::numeric, NULL, NULL, NULL FROM stock
UNION ALL SELECT 'buyers', '', period_start, value, NULL, NULL, NULL FROM buyers('1970-01-01', '2030-01-01');
CREATE VIEW differences AS
SELECT coalesce(m.kpi, s.kpi) AS kpi, coalesce(m.period_start, s.period_start) AS period_start, m.value, s.value AS by_sql FROM (SELECT * FROM kpi.measurement WHERE kpi <> 'mood') AS m FULL JOIN by_sql AS s ON (m.kpi, m.segment, m.period_start) = (s.kpi, s.segment, s.period_start)
WHERE (m.value, m.numerator, m.denominator, m.n) IS DISTINCT FROM (s.value, s.numerator, s.denominator, s.n);
SELECT (SELECT count(*) FROM by_sql) AS rows, count(*) AS wrong FROM differences;
-- what went before
CREATE VIEW wrong_links AS
SELECT m.* FROM kpi.measurement m JOIN kpi.kpi k ON k.name = m.kpi
LEFT JOIN kpi.measurement p ON (p.kpi, p.segment, p.period_start) = (m.kpi, m.segment, (m.period_start - ('1 ' || k.grain)::interval)::date)
LEFT JOIN kpi.measurement y ON (y.kpi, y.segment, y.period_start) = (m.kpi, m.segment, CASE WHEN k.grain IN ('day', 'week') THEN m.period_start - 364 ELSE (m.period_start - interval '1 year')::date END)
WHERE (m.previous, m.year_ago) IS DISTINCT FROM (p.value, y.value);
SELECT count(*) AS wrong_links FROM wrong_links;

-- ---- again: nothing to do, and nothing is touched ----
CREATE TABLE before AS SELECT * FROM kpi.measurement;
SELECT kpi_name, first_day, end_day, chunk, chunks FROM kpi.refresh_plan(as_of => '2026-01-20 13:00Z') ORDER BY 1;
CALL kpi.refresh(as_of => '2026-01-20 13:00Z');
SELECT count(*) AS touched FROM kpi.measurement m JOIN before b USING (kpi, segment, period_start) WHERE m.computed_at <> b.computed_at;
SELECT kpi, rows FROM kpi.run_log ORDER BY started_at DESC LIMIT 4;

-- ---- late, changed and deleted rows, in rounds; each is the same as all at once ----
SELECT setseed(0.25);
CREATE PROCEDURE round_of(n int) LANGUAGE plpgsql AS $$
DECLARE today timestamptz := timestamptz '2026-01-20Z' + n * interval '2 days'; day date; k text;
BEGIN
  INSERT INTO orders (at, country, amount, visitor) SELECT today - random() * interval '3 days', (ARRAY['DE', 'KR', 'US'])[1 + (random() * 2)::int], round((random() * 100)::numeric, 2), (random() * 60)::int FROM generate_series(1, 12);
  -- behind the lookback: somebody has to say so
  FOR i IN 1 .. 3 LOOP
    day := (date '2024-11-21' + (random() * 400)::int);
    IF random() < 0.4 THEN DELETE FROM orders WHERE (at AT TIME ZONE 'UTC')::date = day;
    ELSIF random() < 0.5 THEN UPDATE orders SET amount = amount + 1, country = 'US' WHERE (at AT TIME ZONE 'UTC')::date = day;
    ELSE INSERT INTO orders (at, country, amount, visitor) VALUES (day + interval '5 hours', 'DE', 77, 99); END IF;
    FOREACH k IN ARRAY '{revenue,order_value,stock,buyers}'::text[] LOOP
      PERFORM kpi.invalidate(k, day - 1, day + 1);
    END LOOP;
  END LOOP;
END $$;
DO $$
BEGIN
  FOR n IN 1 .. 12 LOOP
    CALL refresh_test.round_of(n);
    COMMIT;
    CALL kpi.refresh(as_of => timestamptz '2026-01-20Z' + n * interval '2 days' + interval '1 hour');
    ASSERT (SELECT count(*) FROM refresh_test.differences) = 0, 'measurements differ in round ' || n;
    ASSERT (SELECT count(*) FROM refresh_test.wrong_links) = 0, 'links differ in round ' || n;
    ASSERT (SELECT count(*) FROM kpi.invalidation) = 0, 'invalidations are left in round ' || n;
  END LOOP;
END $$;
SELECT (SELECT count(*) FROM by_sql) AS rows, (SELECT count(*) FROM differences) AS wrong, (SELECT count(*) FROM wrong_links) AS wrong_links, (SELECT count(*) FROM kpi.run_log WHERE error IS NOT NULL) AS failed;
-- from a day to a day, a year at a time
SELECT kpi_name, first_day, end_day, chunk, chunks FROM kpi.refresh_plan('order_value', '2024-11-20', '2026-01-31', '2026-02-01Z');
CALL kpi.refresh('order_value', '2024-11-20', '2026-01-31', '2026-02-01Z', true);
SELECT count(*) AS wrong FROM differences;

-- ---- what goes wrong is told, and stops nothing else ----
CREATE VIEW odd AS SELECT date '2026-01-14' AS period_start, 1 AS value;
CREATE VIEW twice AS SELECT date '2026-01-01' AS period_start, 1 AS value FROM generate_series(1, 2);
CREATE VIEW never AS SELECT NULL::date AS period_start, 1 AS value;
CREATE VIEW nan AS SELECT date '2026-01-01' AS period_start, 'NaN'::float8 AS value;
CREATE VIEW divides AS SELECT date '2026-01-01' AS period_start, 1 / (amount - amount) AS value FROM orders;
CREATE VIEW lost AS SELECT date '2026-01-01' AS period_start, 1 AS value;
CREATE FUNCTION writes() RETURNS TABLE (period_start date, value int) LANGUAGE plpgsql AS 'BEGIN DELETE FROM refresh_test.orders; RETURN QUERY SELECT current_date, 1; END';
SELECT kpi.define(name, name::regclass, unit => 'x', grain => 'month', adds => 'sum') FROM unnest('{odd,twice,never,nan,divides,lost}'::text[]) AS name;
SELECT kpi.define('writes', function => 'writes()', unit => 'x', adds => 'sum');
-- what was never tried has not failed
SELECT kpi, overdue, failing, error FROM kpi.health WHERE kpi = 'odd';
DROP VIEW lost;
CALL kpi.refresh(as_of => '2026-02-14Z');
SELECT DISTINCT ON (kpi) kpi, rows, error FROM kpi.run_log ORDER BY kpi, started_at DESC;
SELECT count(*) AS orders_are_there FROM orders HAVING count(*) > 900;
SELECT kpi, failing, last_good IS NULL AS never, error FROM kpi.health ORDER BY kpi;
SELECT count(*) AS wrong FROM differences;
-- it was fixed
CREATE OR REPLACE VIEW divides AS SELECT date '2026-01-01' AS period_start, 1::numeric AS value FROM orders LIMIT 1;
CALL kpi.refresh('divides', as_of => '2026-02-14Z');
SELECT value FROM kpi.measurement WHERE kpi = 'divides';
SELECT kpi, failing FROM kpi.health WHERE kpi = 'divides';
-- another definition: everything again
CREATE VIEW less AS SELECT date '2026-02-01' AS period_start, 5 AS value;
SELECT kpi.define('divides', 'less', unit => 'x', grain => 'month', adds => 'sum');
CALL kpi.refresh('divides', as_of => '2026-02-14Z');
SELECT period_start, value, version FROM kpi.measurement WHERE kpi = 'divides';
CALL kpi.refresh('mood');
CALL kpi.refresh('revenu');
BEGIN;
CALL kpi.refresh('revenue');
ROLLBACK;

-- ---- rights: a definition runs as its owner, whoever refreshes ----
CREATE ROLE kpi_test_author;
CREATE ROLE kpi_test_reader;
GRANT USAGE, CREATE ON SCHEMA refresh_test TO kpi_test_author;
GRANT SELECT ON orders TO kpi_test_author;
SELECT kpi.grant_access('kpi_test_author', 'author'), kpi.grant_access('kpi_test_reader');
SELECT kpi.grant_access('kpi_test_reader', 'king');
SET ROLE kpi_test_author;
CREATE VIEW authors AS SELECT (at AT TIME ZONE 'UTC')::date AS period_start, count(*) AS value FROM orders GROUP BY 1;
CREATE TABLE loot (who text);
CREATE FUNCTION grab() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO refresh_test.loot VALUES (current_user); RETURN 1; END $$;
CREATE FUNCTION whoami() RETURNS TABLE (period_start date, value int) LANGUAGE sql STABLE AS $$ SELECT date '2026-01-01', CASE WHEN current_user = 'kpi_test_author' THEN 1 ELSE 0 END $$;
CREATE VIEW trap AS SELECT date '2026-01-01' AS period_start, refresh_test.grab() AS value;
CREATE FUNCTION escape() RETURNS TABLE (period_start date, value int) LANGUAGE plpgsql AS $$ BEGIN RESET ROLE; RETURN QUERY SELECT date '2026-01-01', 1; END $$;
SELECT kpi.define('authors', 'authors', unit => 'orders', adds => 'sum');
SELECT kpi.define('trap', 'trap', unit => 'x', adds => 'sum');
SELECT kpi.define('whoami', function => 'whoami()', unit => 'x', adds => 'sum');
SELECT kpi.define('escape', function => 'escape()', unit => 'x', adds => 'sum');
-- not the views, the KPIs nor the objectives of others
SELECT kpi.define('theirs', 'revenue', unit => 'x', adds => 'sum');
SELECT kpi.define('revenue', 'authors', unit => 'x', adds => 'sum');
SELECT kpi.define('mine', 'authors', unit => 'x', adds => 'sum', owner => 'postgres');
UPDATE kpi.kpi SET owner = 'kpi_test_author' WHERE name = 'revenue';
SELECT count(*) AS of_others FROM kpi.measurement;
SELECT kpi.set_target('revenue', '2026-03', 1);
CALL kpi.refresh(as_of => '2026-02-14Z');
SELECT kpi, count(*), sum(value) > 0 AS some FROM kpi.measurement GROUP BY kpi ORDER BY kpi;
SELECT DISTINCT ON (kpi) kpi, error FROM kpi.run_log ORDER BY kpi, started_at DESC;
RESET ROLE;
-- a superuser refreshes everything; the traps catch nothing
DELETE FROM kpi.watermark WHERE kpi IN ('trap', 'whoami', 'escape', 'authors');
CALL kpi.refresh(as_of => '2026-02-14Z');
SELECT DISTINCT ON (kpi) kpi, rows, error FROM kpi.run_log WHERE kpi IN ('trap', 'whoami', 'escape', 'authors') ORDER BY kpi, started_at DESC;
SELECT count(*) AS loot FROM loot;
SELECT value AS ran_as_the_author FROM kpi.measurement WHERE kpi = 'whoami';
-- who is shared with sees values, not what they are made of
SET ROLE kpi_test_reader;
SELECT count(*) AS nothing_yet FROM kpi.measurement;
RESET ROLE;
SET ROLE kpi_test_author;
SELECT kpi.share('authors', 'kpi_test_reader');
SELECT kpi.share('revenue', 'kpi_test_reader');
SELECT kpi.share('authors', 'kpi_test_nobody');
RESET ROLE;
SET ROLE kpi_test_reader;
SELECT kpi, count(*) > 100 AS values FROM kpi.measurement GROUP BY kpi;
-- what somebody does not see does not look as if it failed
SELECT kpi, failing, refreshed_to, error FROM kpi.health;
SELECT * FROM refresh_test.authors;
SELECT kpi.set_target('authors', '2026-03', 1);
RESET ROLE;
-- dropped, and made again by somebody else
DROP VIEW authors;
CREATE VIEW authors AS SELECT date '2026-01-01' AS period_start, 666 AS value;
CALL kpi.refresh('authors', as_of => '2026-02-14Z');
SELECT count(*) AS fooled FROM kpi.measurement WHERE value = 666;

-- a KPI that is new since the table was analyzed: its periods are linked one by one, not each with all
SELECT kpi.define('newcomer', unit => 'x', adds => 'sum');
ANALYZE kpi.measurement;
BEGIN;
INSERT INTO kpi.measurement (kpi, period_start, value, is_complete, version) SELECT 'newcomer', date '2020-01-01' + i, i, true, 1 FROM generate_series(0, 999) AS i;
-- the view also shows what earlier transactions read and have not reported yet
SELECT idx_tup_fetch + seq_tup_read AS read_before FROM pg_stat_xact_user_tables WHERE relid = 'kpi.measurement'::regclass
\gset
SELECT kpi.link_periods('newcomer', '2020-01-01', '2023-01-01');
SELECT idx_tup_fetch + seq_tup_read - :read_before < 20000 AS few_rows_read FROM pg_stat_xact_user_tables WHERE relid = 'kpi.measurement'::regclass;
SELECT count(*) AS periods, count(previous) AS previous, count(year_ago) AS year_ago, count(*) FILTER (WHERE previous <> value - 1 OR year_ago <> value - 364) AS wrong FROM kpi.measurement WHERE kpi = 'newcomer';
ROLLBACK;
DELETE FROM kpi.kpi;
DROP SCHEMA refresh_test CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none'), kpi.grant_access('kpi_test_reader', 'none');
DROP ROLE kpi_test_author, kpi_test_reader;
