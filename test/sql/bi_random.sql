-- kpi_bi after refreshes of random changes is what plain SQL makes of the catalog, and what a rebuild makes
CREATE SCHEMA bi_random;
SET search_path = bi_random;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SELECT setseed(0.42) \g /dev/null
CREATE TABLE sold (day date, segment text, amount numeric, visits int);
INSERT INTO sold SELECT d::date, s, round((random() * 100)::numeric, 2), 1 + (random() * 20)::int FROM generate_series(timestamp '2024-11-20', '2026-01-20', '1 day') AS d, unnest(ARRAY['DE', 'KR', '(all)', repeat('long ', 60)]) AS s WHERE random() < 0.9;
CREATE VIEW amounts AS SELECT day AS period_start, segment, sum(amount) AS value, sum(visits) AS n FROM sold GROUP BY 1, 2;
CREATE VIEW rates AS SELECT day AS period_start, segment, sum(amount) AS numerator, sum(visits) AS denominator FROM sold GROUP BY 1, 2;
CREATE VIEW levels AS SELECT day AS period_start, sum(amount) AS value, 10::bigint AS n, sum(amount)::float8 - 5 AS ci_low, sum(amount)::float8 + 5 AS ci_high FROM sold GROUP BY 1;
CREATE VIEW stocks AS SELECT day AS period_start, CASE WHEN extract(day FROM day) > 5 THEN sum(visits) END AS value FROM sold GROUP BY 1;
CREATE VIEW weekly AS SELECT date_trunc('week', day)::date AS period_start, sum(amount) AS value FROM sold GROUP BY 1;
CREATE VIEW monthly AS SELECT date_trunc('month', day)::date AS period_start, segment, sum(amount) AS value FROM sold GROUP BY 1, 2;
CREATE VIEW distinct_buyers AS SELECT day AS period_start, count(DISTINCT segment) AS value FROM sold GROUP BY 1;
SELECT kpi.define('r amounts', 'amounts', unit => 'EUR', adds => 'sum'), kpi.define('r rates', 'rates', unit => 'EUR', min_n => 5), kpi.define('r levels', 'levels', unit => 'EUR', adds => 'mean', zone => 'Asia/Seoul'),
  kpi.define('r stocks', 'stocks', unit => 'x', adds => 'last', direction => 'range'), kpi.define('r weekly', 'weekly', unit => 'EUR', adds => 'sum', grain => 'week', direction => 'down'), kpi.define('r monthly', 'monthly', unit => 'EUR', adds => 'sum', grain => 'month'),
  kpi.define('r buyers', 'distinct_buyers', unit => 'x', adds => 'recompute'), kpi.define('r told', unit => 'points', adds => 'mean', grain => 'month'), kpi.define_derived('r derived', '"r amounts" / "r levels"', 'x'), kpi.define_derived('r by month', '"r monthly" - previous("r monthly")', 'EUR', adds => 'sum') \g /dev/null

-- the slow, obvious way: everything, from the catalog
CREATE FUNCTION expected(at timestamptz) RETURNS TABLE (kpi text, segment text, grain text, period_start date, period_end date, value float8, numerator float8, denominator float8, n bigint, ci_low float8, ci_high float8, target float8, target_low float8, target_high float8, baseline float8, stretch float8,
  attainment float8, previous float8, year_ago float8, status text, is_complete int, is_native int, kpi_version int) LANGUAGE sql AS $$
WITH length (grain, step, year) AS (VALUES ('day', interval '1 day', interval '364 days'), ('week', '7 days', '364 days'), ('month', '1 month', '1 year'), ('quarter', '3 months', '1 year'), ('year', '1 year', '1 year')),
k AS (SELECT k.name, k.kind, k.adds, k.direction, k.at_risk, k.behind, k.min_n, k.stale_after, k.grain AS own, (at AT TIME ZONE k.zone)::date AS today, l.*, o.step AS own_step, w.refreshed_to
  FROM kpi.kpi k JOIN length l ON l.grain = k.grain OR k.adds <> 'recompute' AND (k.grain = 'day' OR k.grain IN ('month', 'quarter') AND l.step > (SELECT step FROM length WHERE length.grain = k.grain) ) JOIN length o ON o.grain = k.grain LEFT JOIN kpi.watermark w ON w.kpi = k.name),
v AS (SELECT k.name, m.segment, k.grain, date_trunc(k.grain, m.period_start::timestamp)::date AS first,
    CASE WHEN k.own = k.grain THEN max(m.value) WHEN k.adds = 'sum' THEN sum(m.value) WHEN k.adds = 'mean' THEN avg(m.value) WHEN k.adds = 'ratio' THEN sum(m.numerator) / nullif(sum(m.denominator), 0) ELSE (array_agg(m.value ORDER BY m.period_start) FILTER (WHERE m.value IS NOT NULL))[count(m.value)] END AS value,
    CASE WHEN k.own = k.grain OR k.adds = 'ratio' THEN sum(m.numerator) END AS numerator, CASE WHEN k.own = k.grain OR k.adds = 'ratio' THEN sum(m.denominator) END AS denominator, sum(m.n)::bigint AS n,
    CASE WHEN count(*) = 1 THEN max(m.ci_low) END AS ci_low, CASE WHEN count(*) = 1 THEN max(m.ci_high) END AS ci_high, bool_and(m.is_complete) AS complete, max(m.period_start) FILTER (WHERE m.value IS NOT NULL) AS known, max(m.version) AS version
  FROM kpi.measurement m JOIN k ON k.name = m.kpi GROUP BY 1, 2, 3, 4, k.own, k.adds),
t AS (SELECT t.*, k.grain FROM kpi.target t JOIN k ON k.name = t.kpi AND (t.period_start + k.step)::date = t.period_end AND date_trunc(k.grain, t.period_start::timestamp)::date = t.period_start WHERE t.closed_at IS NULL),
j AS (SELECT coalesce(v.name, t.kpi) AS name, coalesce(v.segment, t.segment) AS segment, coalesce(v.grain, t.grain) AS grain, coalesce(v.first, t.period_start) AS first, v.value, v.numerator, v.denominator, v.n, v.ci_low, v.ci_high, v.complete, v.known, v.version, t.target, t.low, t.high, t.baseline, t.stretch, t.kpi IS NOT NULL AS has_target
  FROM v FULL JOIN t ON t.kpi = v.name AND t.segment = v.segment AND t.grain = v.grain AND t.period_start = v.first),
s AS (SELECT j.*, k.own, k.kind, k.direction, k.at_risk, k.behind, k.min_n, (j.first + k.step)::date AS last, p.value AS previous, y.value AS year_ago, (j.first + k.step)::date <= k.today AS over, k.refreshed_to >= (j.first + k.step)::date AS is_read,
    CASE WHEN k.direction = 'range' THEN kpi.attainment_range(j.value::float8, j.low::float8, j.high::float8) ELSE kpi.attainment(j.value::float8, j.target::float8, j.baseline::float8, k.direction) END AS attained,
    j.known IS NOT NULL AND ((j.first + k.step)::date - least((j.known + k.own_step)::date, (j.first + k.step)::date, CASE WHEN k.kind <> 'manual' THEN k.refreshed_to END)) * interval '1 day' > k.stale_after OR k.kind <> 'manual' AND k.own <> 'day' AND coalesce(k.refreshed_to < (j.first + k.step)::date, false) AS stale
  FROM j JOIN k ON k.name = j.name AND k.grain = j.grain LEFT JOIN v p ON (p.name, p.segment, p.grain, p.first) = (j.name, j.segment, j.grain, (j.first - k.step)::date) LEFT JOIN v y ON (y.name, y.segment, y.grain, y.first) = (j.name, j.segment, j.grain, (j.first - k.year)::date))
SELECT s.name, CASE WHEN s.segment = '' THEN '(all)' WHEN s.segment = '(all)' OR length(s.segment) > 255 THEN left(s.segment, 246) || ' ' || left(md5(s.segment), 8) ELSE s.segment END, s.grain, s.first, s.last - 1, s.value, s.numerator, s.denominator, s.n, s.ci_low, s.ci_high, s.target, s.low, s.high, s.baseline, s.stretch, CASE WHEN s.over AND s.has_target THEN s.attained END, s.previous, s.year_ago,
  CASE WHEN s.over AND s.has_target THEN CASE WHEN c.status IN ('achieved', 'missed') AND s.n < s.min_n THEN 'uncertain' ELSE c.status END END,
  (s.over AND CASE WHEN s.kind = 'manual' THEN true WHEN s.version IS NULL THEN coalesce(s.is_read, false) ELSE s.complete AND (s.grain = s.own OR coalesce(s.is_read, false)) END)::int, (s.grain = s.own)::int, s.version
FROM s CROSS JOIN LATERAL (SELECT kpi.status(s.attained, true, s.at_risk, s.behind, s.stale, true, s.ci_low, s.ci_high, s.target::float8, CASE s.direction WHEN 'range' THEN 'up' ELSE s.direction END)) AS c (status)
$$;
CREATE VIEW found AS SELECT k.kpi::text, s.segment::text, f.grain::text, f.period_start, f.period_end, f.value, f.numerator, f.denominator, f.n, f.ci_low, f.ci_high, f.target, f.target_low, f.target_high, f.baseline, f.stretch, f.attainment, f.previous, f.year_ago, f.status::text, f.is_complete::int, f.is_native::int, f.kpi_version
FROM kpi_bi.fact f JOIN kpi_bi.dim_kpi k USING (kpi_key) JOIN kpi_bi.dim_segment s USING (segment_key);
CREATE TABLE differences (round int, side text, kpi text, segment text, grain text, period_start date, row text);
CREATE FUNCTION compare(round int, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  CREATE TEMP TABLE e AS SELECT * FROM expected(at);
  INSERT INTO differences SELECT round, 'expected', d.kpi, left(d.segment, 20), d.grain, d.period_start, d::text FROM (SELECT * FROM e EXCEPT SELECT * FROM found) AS d;
  INSERT INTO differences SELECT round, 'found', d.kpi, left(d.segment, 20), d.grain, d.period_start, d::text FROM (SELECT * FROM found EXCEPT SELECT * FROM e) AS d;
  DROP TABLE e;
END $$;
CREATE FUNCTION somewhere(today date) RETURNS date LANGUAGE sql AS 'SELECT today - (random() * 420)::int';
CREATE PROCEDURE change(round int, today date) LANGUAGE plpgsql AS $$
DECLARE
  day date := somewhere(today);
  whose text;
BEGIN
  -- new days, late ones, others changed and deleted
  INSERT INTO sold SELECT today - i, (ARRAY['DE', 'KR', 'US'])[1 + (random() * 2)::int], round((random() * 100)::numeric, 2), (random() * 20)::int FROM generate_series(0, 4) AS i;
  UPDATE sold SET amount = amount + 1 WHERE sold.day BETWEEN change.today - 400 + round * 20 AND change.today - 395 + round * 20;
  DELETE FROM sold WHERE sold.day BETWEEN today - 300 + round * 9 AND today - 297 + round * 9 OR random() < 0.003;
  IF round = 4 THEN
    UPDATE sold SET segment = 'Korea' WHERE segment = 'KR';
  END IF;
  FOREACH whose IN ARRAY ARRAY['r amounts', 'r rates', 'r levels', 'r stocks', 'r weekly', 'r monthly', 'r buyers'] LOOP
    -- some of it is noticed only later
    CONTINUE WHEN random() < 0.3 OR NOT EXISTS (SELECT FROM kpi.kpi WHERE name = whose);
    PERFORM kpi.invalidate(whose, today - 450, today);
  END LOOP;
  -- targets, new and moved, of all lengths, also of the future
  PERFORM kpi.set_target('r amounts', to_char(somewhere(today + 60), fmt), (random() * 1000)::numeric, segment => seg) FROM unnest(ARRAY['YYYY', 'YYYY-"Q"Q', 'YYYY-MM', 'YYYY-MM-DD']) AS fmt, unnest(ARRAY['', 'DE', 'nowhere']) AS seg;
  PERFORM kpi.set_target('r rates', to_char(somewhere(today), fmt), (1 + random() * 10)::numeric, baseline => 0.5) FROM unnest(ARRAY['YYYY', 'YYYY-MM', 'YYYY-MM-DD']) AS fmt;
  PERFORM kpi.set_target('r levels', to_char(somewhere(today), 'YYYY-MM'), (random() * 300)::numeric, stretch => 400), kpi.set_target('r levels', to_char(somewhere(today), 'YYYY-MM-DD'), (random() * 300)::numeric),
    kpi.set_target('r stocks', to_char(somewhere(today), 'YYYY-MM'), low => 10, high => (10 + random() * 50)::numeric), kpi.set_target('r weekly', to_char(somewhere(today), 'IYYY-"W"IW'), (random() * 3000)::numeric),
    kpi.set_target('r monthly', to_char(somewhere(today), 'YYYY-"Q"Q'), (random() * 20000)::numeric), kpi.set_target('r told', to_char(somewhere(today), 'YYYY-MM'), 50), kpi.check_in('r told', to_char(somewhere(today), 'YYYY-MM'), round((random() * 100)::numeric)),
    kpi.set_target('r derived', to_char(somewhere(today), CASE WHEN round > 7 THEN 'YYYY-MM' ELSE 'YYYY-MM-DD' END), 1);
  -- other definitions
  IF round = 3 THEN
    PERFORM kpi.define('r buyers', 'distinct_buyers', unit => 'x', adds => 'mean');
  ELSIF round = 5 THEN
    PERFORM kpi.define('r weekly', 'amounts', unit => 'EUR', adds => 'sum', grain => 'day', direction => 'down');
  ELSIF round = 6 THEN
    UPDATE kpi.kpi SET name = 'r renamed' WHERE name = 'r stocks';
    PERFORM kpi.define('r stocks', 'stocks', unit => 'x', adds => 'last', direction => 'range');
  ELSIF round = 7 THEN
    PERFORM kpi.undefine('r buyers'), kpi.undefine('r derived'), kpi.undefine('r renamed');
    PERFORM kpi.define_derived('r derived', '"r rates" * 2', 'x', grain => 'month', adds => 'mean');
  ELSIF round = 8 THEN
    UPDATE kpi.kpi SET at_risk = 0.99, behind = 0.5, min_n = 12 WHERE name = 'r amounts';
  END IF;
END $$;
-- not each time is the tick of a clock: some rounds leave months to be over
DO $$
DECLARE
  today date := '2026-01-05';
BEGIN
  CALL kpi.refresh(as_of => today::timestamp + interval '10 hours');
  PERFORM compare(0, today::timestamp + interval '10 hours');
  FOR round IN 1 .. 9 LOOP
    today := today + (ARRAY[0, 1, 3, 17, 31, 1, 60, 2, 5])[round];
    CALL change(round, today);
    COMMIT;
    CALL kpi.refresh(as_of => today::timestamp + interval '10 hours');
    PERFORM compare(round, today::timestamp + interval '10 hours');
  END LOOP;
  -- time goes by, and nothing else happens
  CALL kpi.refresh_bi(as_of => '2027-02-01 10:00Z');
  PERFORM compare(10, '2027-02-01 10:00Z');
END $$;
SELECT side, round, kpi, grain, count(*), min(segment) AS segment, min(period_start) AS first, min(row) AS row FROM differences GROUP BY 1, 2, 3, 4 ORDER BY 2, 3, 4, 1;
-- there was something to compare
SELECT kpi, grain, count(*) > 10 AS many, count(target) + count(target_low) > 0 AS targets, count(DISTINCT status) > 0 AS judged, count(year_ago) > 0 AS year_ago FROM found WHERE grain IN ('day', 'month') GROUP BY 1, 2 ORDER BY 1, 2;
-- a rebuild writes nothing, nor does a refresh of nothing
CREATE TABLE before AS SELECT f.xmin::text AS writer, f.* FROM kpi_bi.fact AS f;
CALL kpi.refresh_bi(as_of => '2027-02-01 10:00Z', rebuild => true);
SELECT count(*) FROM (SELECT f.xmin::text AS writer, f.* FROM kpi_bi.fact AS f EXCEPT SELECT * FROM before) AS written;
SELECT (SELECT count(*) FROM kpi_bi.fact) = count(*) AS same FROM before;
-- and from nothing, as after a restore, comes the same
SET client_min_messages = warning;
TRUNCATE kpi_bi.dim_kpi CASCADE;
CALL kpi.refresh_bi(as_of => '2027-02-01 10:00Z');
SELECT compare(11, '2027-02-01 10:00Z') \g /dev/null
SELECT count(*) FROM differences WHERE round = 11;
SET client_min_messages = warning;
SELECT kpi.undefine(name) FROM kpi.kpi WHERE kind = 'derived' \g /dev/null
SELECT kpi.undefine(name) FROM kpi.kpi WHERE name LIKE 'r %' \g /dev/null
SELECT count(*) FROM kpi_bi.fact;
DROP SCHEMA bi_random CASCADE;
