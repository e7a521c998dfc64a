-- kpi.retention: the language, the answers by definition, and what is in a summary
CREATE SCHEMA retention_test;
SET search_path = retention_test;
SET client_min_messages = warning;
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

-- ---- the language ----
SELECT spec::kpi.retention_spec FROM (VALUES
  ('signup -> login by week for 12'), ('* -> * by day for 30 on or after in Asia/Seoul'), ('a|b* -> "c d" BY Month FOR 3, recurring, at least 2 times'),
  ('by hour for 24 a->b until elapsed'), ('a -> b by week week starts sunday for 2 every'), ('a -> b by day brackets 1,3,7,14,30, first match'),
  ('a -> b by day brackets 1, at least 1 time'), ('first ever of a|x, a -> b by year for 1 in "America/New_York"'), ('"by" -> "for" by quarter for 4 on'),
  ('for -> by by day for 1'), ('a -> b by week for 3 week starts monday')) AS v(spec);
-- reads what it prints
SELECT count(*) FROM (VALUES ('a|b* -> "c d" by month for 3 recurring at least 2 times'), ('* -> x by day brackets 1, 3 elapsed every first ever of *')) AS v(s)
WHERE (s::kpi.retention_spec)::text::kpi.retention_spec::text = (s::kpi.retention_spec)::text;
-- mistakes
SELECT s, e FROM (VALUES (''), ('a'), ('a -> b'), ('a -> b by week'), ('a -> b -> c by week for 2'), ('a => b by week for 2'), ('a -> b by week for 0'),
  ('a -> b by week for -3'), ('a -> b by week for 4000'), ('a -> b by fortnight for 2'), ('a -> b by week for 2 in Asia/Soul'), ('a -> b by day brackets 1, 3, 3'),
  ('a -> b by day brackets 0, 3'), ('a -> b by day for 3 brackets 1, 3'), ('a -> b by month for 3 elapsed'), ('a -> b by week for 3 elapsed week starts sunday'),
  ('a -> b by day for 3 week starts sunday'), ('a -> b by week for 3 week starts caturday'), ('a -> b by day for 3 recurring elapsed'), ('a -> b by day for 3 on until'),
  ('a -> b by day for 3 first ever recurring'), ('a -> b by day for 3 by week'), ('a -> b by day for 3 at least 0 times'), ('a -> b by day for 3 rolling'), ('a -> b weekly for 3'), ('a -> b month for 3'),
  ('a -> b by day for 3 first'), ('a -> b by day for 3 in UTC in UTC'), ('a b by day for 3'), ('a -> by day for 3 brackets')) AS v(s),
  LATERAL error_of(format('SELECT %L::kpi.retention_spec', s)) AS e;
-- the constructor
SELECT kpi.retention_spec(ARRAY['sign up', 'join'], ARRAY['login'], periods => 4), kpi.retention_spec(by => 'day', brackets => ARRAY[1, 7], rule => 'until'),
  kpi.retention_spec(ARRAY['a'], by => 'week', week_starts => 'sunday', periods => 2, cohort => 'recurring', at_least => 3, zone => 'Asia/Seoul');
SELECT kpi.retention_spec(ARRAY['a'], ARRAY['b']);
-- it sorts and groups
SELECT s, count(*) FROM (VALUES ('b -> a by day for 1'::kpi.retention_spec), ('a -> b by day for 1'), ('a->b for 1 by day')) AS v(s) GROUP BY s ORDER BY s;

-- ---- by definition, in plain SQL ----
CREATE FUNCTION bucket(at timestamptz, grain text, zone text, week_starts int) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN grain = 'week' THEN date_trunc('week', (at AT TIME ZONE zone) - make_interval(days => (week_starts + 6) % 7)) + make_interval(days => (week_starts + 6) % 7)
              ELSE date_trunc(grain, at AT TIME ZONE zone) END $$;
CREATE FUNCTION distance(a timestamp, b timestamp, grain text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE grain WHEN 'hour' THEN extract(epoch FROM b - a) / 3600 WHEN 'day' THEN b::date - a::date WHEN 'week' THEN (b::date - a::date) / 7
    ELSE (12 * (extract(year FROM b) - extract(year FROM a)) + extract(month FROM b) - extract(month FROM a)) / CASE grain WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 ELSE 12 END END::int $$;
-- the parts of a spec, as columns
CREATE TABLE specs (n int GENERATED ALWAYS AS IDENTITY, start_label text, return_label text, grain text, zone text, week_starts int, elapsed boolean, cohort text, among text,
  rule text, at_least int, brackets int[], spec kpi.retention_spec);
CREATE TABLE ev (actor bigint, ts timestamptz, event text, value numeric);
CREATE FUNCTION by_definition(s specs, as_of timestamptz)
RETURNS TABLE (cohort timestamp, size bigint, period int, eligible bigint, retained bigint, complete boolean, value numeric) LANGUAGE sql AS $$
  WITH length AS (SELECT make_interval(hours => CASE s.grain WHEN 'hour' THEN 1 WHEN 'day' THEN 24 ELSE 168 END) AS length,
      CASE s.grain WHEN 'hour' THEN 'minute' ELSE 'hour' END AS slot),
  e AS MATERIALIZED (SELECT actor, ts, event, value, s.start_label IN ('*', event) AS starts, s.return_label IN ('*', event) AS returns, s.among IN ('*', event) AS among,
      bucket(ts, s.grain, s.zone, s.week_starts) AS b FROM ev WHERE actor IS NOT NULL AND isfinite(ts) AND event IS NOT NULL),
  entry AS MATERIALIZED (
    SELECT actor, min(ts) AS t0 FROM e WHERE starts AND s.cohort <> 'recurring' AND s.among IS NULL GROUP BY actor
    UNION ALL SELECT actor, t0 FROM (SELECT actor, min(ts) AS t0 FROM e WHERE among GROUP BY actor) AS f
      WHERE s.cohort <> 'recurring' AND EXISTS (SELECT FROM e WHERE e.actor = f.actor AND e.ts = f.t0 AND e.among AND e.starts)
    UNION ALL SELECT actor, min(ts) FROM e WHERE starts AND s.cohort = 'recurring' GROUP BY actor, b),
  placed AS MATERIALIZED (SELECT actor, t0, bucket(t0, s.grain, s.zone, s.week_starts) AS cohort,
      (SELECT bool_and(returns) FROM e WHERE e.actor = entry.actor AND e.ts = t0 AND starts) AS own FROM entry),
  per AS MATERIALIZED (SELECT p.actor, p.cohort, CASE WHEN s.elapsed THEN floor(extract(epoch FROM ts - t0) / extract(epoch FROM length))::int ELSE distance(p.cohort, b, s.grain) END AS k,
      count(*) FILTER (WHERE returns) - max((own AND e.b = p.cohort)::int) FILTER (WHERE CASE WHEN s.elapsed THEN ts < t0 + length ELSE b = p.cohort END) AS n_start,
      count(*) FILTER (WHERE returns) AS n, sum(value) FILTER (WHERE returns OR (starts AND ts = t0)) AS value
    FROM placed p JOIN e ON e.actor = p.actor AND ts >= t0, length GROUP BY 1, 2, 3),
  cells AS (SELECT c, CASE WHEN c = 0 THEN 0 ELSE coalesce(s.brackets[c - 1], 0) + 1 END AS first, CASE WHEN c = 0 THEN 0 ELSE s.brackets[c] END AS last
    FROM generate_series(0, cardinality(s.brackets)) AS c),
  what AS MATERIALIZED (SELECT actor, cohort, array_agg(k) AS ks, array_agg(value) AS worth,
      coalesce(array_agg(k) FILTER (WHERE CASE WHEN k = 0 THEN n_start ELSE n END >= s.at_least), '{}') AS active FROM per GROUP BY 1, 2),
  who AS (SELECT p.actor, p.cohort, p.t0, c.*,
      CASE s.rule WHEN 'on' THEN EXISTS (SELECT FROM unnest(active) k WHERE k BETWEEN first AND last)
        WHEN 'on or after' THEN EXISTS (SELECT FROM unnest(active) k WHERE k >= first)
        WHEN 'until' THEN EXISTS (SELECT FROM unnest(active) k WHERE k BETWEEN CASE WHEN c = 0 THEN 0 ELSE 1 END AND last)
        ELSE NOT EXISTS (SELECT FROM cells d WHERE d.c <= c.c AND (d.c > 0 OR c.c = 0) AND NOT EXISTS (
          SELECT FROM unnest(active) k WHERE k BETWEEN d.first AND d.last)) END AS retained,
      CASE WHEN s.elapsed THEN date_trunc(slot, t0) + first * length <= as_of ELSE distance(p.cohort, now_in, s.grain) >= first END AS eligible,
      CASE WHEN s.elapsed THEN date_trunc(slot, t0) + ('1 ' || slot)::interval + (last + 1) * length <= as_of ELSE distance(p.cohort, now_in, s.grain) > last END AS complete,
      (SELECT sum(value) FROM unnest(ks, worth) AS w(k, value) WHERE k BETWEEN first AND last) AS value
    FROM placed p JOIN what USING (actor, cohort), cells c, length, bucket(as_of, s.grain, s.zone, s.week_starts) AS now_in)
  SELECT cohort, count(*), last, count(*) FILTER (WHERE eligible), count(*) FILTER (WHERE retained), bool_and(complete), coalesce(sum(value), 0)
  FROM who GROUP BY cohort, c, last HAVING bool_or(eligible) $$;
-- random specs over random events: few instants, so that many are at one; around changes of the clocks, ends of months, a leap day
CREATE FUNCTION h(i int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(i, n) & 1073741823)::int $$;
CREATE FUNCTION pick(choices text, h int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT (string_to_array(choices, ' '))[1 + h % cardinality(string_to_array(choices, ' '))] $$;
INSERT INTO specs (start_label, return_label, grain, zone, week_starts, elapsed, cohort, among, rule, at_least, brackets)
SELECT start_label, return_label, grain, zone, CASE WHEN grain = 'week' AND NOT elapsed THEN h(i, 8) % 7 ELSE 1 END, elapsed,
  CASE WHEN elapsed AND cohort = 'recurring' OR cohort = 'among' THEN 'first ever' ELSE cohort END, CASE WHEN cohort = 'among' THEN pick('a * b', h(i, 9)) END,
  replace(rule, '_', ' '), 1 + (h(i, 10) % 4) / 3 + (h(i, 11) % 10) / 9, string_to_array(brackets, ',')::int[]
FROM (SELECT i, pick('a a b *', h(i, 1)) AS start_label, pick('b b a * c', h(i, 2)) AS return_label, pick('hour day day week week month quarter year', h(i, 3)) AS grain,
    pick('UTC Europe/Berlin America/New_York Asia/Kolkata Asia/Seoul Australia/Lord_Howe', h(i, 4)) AS zone, h(i, 5) % 4 = 0 AND h(i, 3) % 8 < 5 AS elapsed,
    pick('first_ever first_match recurring recurring among', h(i, 6)) AS cohort, pick('on on_or_after until every', h(i, 7)) AS rule,
    pick('1,2,3 1,3,7 2,4 1,2,3,4,5,6,7,8,9 5 1', h(i, 12)) AS brackets FROM generate_series(1, 120) AS i) AS p;
UPDATE specs SET cohort = replace(cohort, '_', ' ');
UPDATE specs SET spec = format('%s -> %s by %s %s in "%s"%s%s %s%s %s at least %s times', start_label, return_label, grain,
  CASE WHEN brackets = ARRAY(SELECT generate_series(1, cardinality(brackets))) THEN 'for ' || cardinality(brackets) ELSE 'brackets ' || array_to_string(brackets, ',') END, zone,
  CASE WHEN elapsed THEN ' elapsed' END, CASE WHEN grain = 'week' AND NOT elapsed THEN ' week starts ' || pick('sunday monday tuesday wednesday thursday friday saturday', week_starts) END,
  cohort, ' of ' || among, rule, at_least)::kpi.retention_spec;
INSERT INTO ev SELECT CASE WHEN h(i, 20) % 50 > 0 THEN h(i, 20) % 25 END,
  CASE WHEN h(i, 21) % 51 = 0 THEN NULL WHEN h(i, 21) % 97 = 0 THEN 'infinity' WHEN h(i, 21) % 98 = 0 THEN '-infinity'
    ELSE pick('2024-02-28T22:00Z 2024-02-29T23:30Z 2024-12-31T23:00Z 2025-03-09T05:00Z 2025-03-29T22:00Z 2025-04-05T13:00Z 2025-10-25T22:00Z 2025-11-02T04:30Z', h(i, 22))::timestamptz
      + (h(i, 23) % 12) * interval '30 minutes' * (h(i, 24) % 2) + (h(i, 25) % 10) * interval '1 day' * (h(i, 26) % 2) + (h(i, 27) % 5) * interval '7 days' * (h(i, 28) % 2) END,
  CASE WHEN h(i, 29) % 40 > 0 THEN pick('a b c x', h(i, 29)) END, CASE WHEN h(i, 30) % 5 > 0 THEN (h(i, 30) % 10000 - 1000) / 100.0 END
FROM generate_series(1, 900) AS i;
CREATE FUNCTION as_of(n int) RETURNS timestamptz LANGUAGE sql AS $$
  SELECT CASE n % 3 WHEN 0 THEN CASE WHEN n % 2 = 0 THEN timestamptz '2025-11-04 03:20Z' ELSE '2024-03-02 00:50Z' END WHEN 1 THEN (SELECT max(ts) FROM ev WHERE isfinite(ts) AND actor IS NOT NULL AND event IS NOT NULL) ELSE '2024-03-07 22:40Z' END $$;
CREATE TABLE expected AS SELECT n, d.* FROM specs s, by_definition(s, as_of(n)) d;
CREATE TABLE answers AS SELECT n, c.* FROM specs s, LATERAL (SELECT kpi.retention(actor, ts, event, value, s.spec) AS r FROM ev) AS x,
  kpi.cohorts(r, CASE WHEN n % 3 <> 1 THEN as_of(n) END) AS c;
SELECT count(*) > 2000 AS enough, count(DISTINCT n) AS specs, count(*) FILTER (WHERE complete) > 1000 AS complete, count(*) FILTER (WHERE eligible < size) >= 3 AS partly,
  count(*) FILTER (WHERE period > 0 AND retained > 0) > 900 AS retained FROM expected;
SELECT count(*) AS different FROM (
  (SELECT n, cohort, size, period, eligible, least(retained, eligible) AS retained, complete, value FROM expected
   EXCEPT SELECT n, cohort, size, period, eligible, retained, complete, value FROM answers)
  UNION ALL (SELECT n, cohort, size, period, eligible, retained, complete, value FROM answers
   EXCEPT SELECT n, cohort, size, period, eligible, least(retained, eligible), complete, value FROM expected)) AS d;

-- ---- however the rows come ----
CREATE TABLE whole AS SELECT n, spec, kpi.retention(actor, ts, event, value, spec) AS r, kpi.retention(actor, ts, event, spec) AS plain FROM ev, specs GROUP BY n, spec;
CREATE TABLE ways AS
SELECT 'shuffled' AS way, n, kpi.retention(actor, ts, event, value, spec) AS r, kpi.retention(actor, ts, event, spec) AS plain FROM (SELECT * FROM ev ORDER BY md5(ev::text)) AS e, specs GROUP BY n
UNION ALL SELECT 'text', n, kpi.retention(actor::text, ts, event, value, spec), kpi.retention(actor::text, ts, event, spec) FROM ev, specs GROUP BY n
UNION ALL SELECT 'uuid', n, kpi.retention(md5(actor::text)::uuid, ts, event, value, spec), kpi.retention(md5(actor::text)::uuid, ts, event, spec) FROM ev, specs GROUP BY n
UNION ALL SELECT 'rolled up', n, kpi.rollup(r), kpi.rollup(p) FROM (SELECT n, kpi.retention(actor, ts, event, value, spec), kpi.retention(actor, ts, event, spec) FROM ev, specs GROUP BY n, actor) AS a(n, r, p) GROUP BY n
UNION ALL SELECT 'timelines', n, kpi.retention(v, spec), kpi.retention(t, spec) FROM
  (SELECT kpi.timeline(ts, event, value) AS v, kpi.timeline(ts, event) AS t FROM ev WHERE actor IS NOT NULL GROUP BY actor) AS s, specs GROUP BY n
UNION ALL SELECT 'text and back', n, r::text::kpi.retention, plain::text::kpi.retention FROM whole
UNION ALL SELECT 'jsonb and back', n, r::jsonb::kpi.retention, plain::jsonb::kpi.retention FROM whole;
SELECT way, count(*), count(*) FILTER (WHERE w.r OPERATOR(kpi.<>) o.r) AS different, count(*) FILTER (WHERE w.plain OPERATOR(kpi.<>) o.plain) AS different_without_values
FROM ways w JOIN whole o USING (n) GROUP BY way ORDER BY way;
-- masks: conditions instead of labels
SELECT count(*), count(*) FILTER (WHERE m.rows IS DISTINCT FROM l.rows) AS different FROM
  (SELECT n, (SELECT array_agg(c ORDER BY c) FROM kpi.cohorts(r) c) AS rows FROM whole WHERE spec::text !~ '[*x]') AS l
JOIN (SELECT n, (SELECT array_agg(c ORDER BY c) FROM kpi.cohorts(r) c) AS rows FROM
  (SELECT n, kpi.retention(actor, ts, CASE WHEN event IS NOT NULL THEN kpi.conditions(event = 'a', event = 'b', event = 'c') END, value,
      spec::kpi.retention_spec) AS r FROM ev, (SELECT n, regexp_replace(regexp_replace(regexp_replace(spec::text, '\ma\M', '1', 'g'), '\mb\M', '2', 'g'), '\mc\M', '3', 'g') AS spec
        FROM specs WHERE spec::text !~ '[*x]') AS s GROUP BY n) AS x) AS m USING (n);

-- ---- what a row says ----
CREATE TABLE few (actor bigint, ts timestamptz, event text, value numeric);
INSERT INTO few VALUES
  (1, '2026-01-01 10:00Z', 'join', 10), (1, '2026-01-01 12:00Z', 'visit', 1), (1, '2026-01-09 10:00Z', 'visit', 2), (1, '2026-01-10 10:00Z', 'visit', NULL), (1, '2026-01-16 09:59Z', 'visit', 5),
  (2, '2026-01-02 10:00Z', 'join', 20), (2, '2026-01-20 10:00Z', 'visit', 7.25),
  (3, '2026-01-08 10:00Z', 'join', 30), (3, '2026-01-08 10:00Z', 'visit', 3), (3, '2026-01-01 00:00Z', 'visit', 100),
  (4, '2026-01-21 10:00Z', 'other', 1000), (5, '2026-01-22 08:00Z', NULL, 5), (NULL, '2026-01-23 08:00Z', 'visit', 5);
SELECT * FROM kpi.cohorts((SELECT kpi.retention(actor, ts, event, value, 'join -> visit by week for 2') FROM few));
SELECT cohort, period, size, eligible, retained, complete FROM kpi.cohorts((SELECT kpi.retention(actor, ts, event, 'join -> visit by week for 2 on or after') FROM few), '2026-01-26Z');
SELECT cohort, period, size, eligible, retained, complete FROM kpi.cohorts((SELECT kpi.retention(actor, ts, event, 'join -> visit by day for 8 elapsed') FROM few), '2026-01-09 10:30Z');
SELECT * FROM kpi.curve((SELECT kpi.retention(actor, ts, event, value, 'join -> visit by week for 3') FROM few));
SELECT * FROM kpi.curve((SELECT kpi.retention(actor, ts, event, 'join -> visit by week brackets 1, 3 until') FROM few), 'infinity');
-- values, but none of an event that counts: the same as none
SELECT r, r OPERATOR(kpi.=) (SELECT kpi.retention(1, ts, e, 'a -> b by day for 1') FROM (VALUES (timestamptz '2026-01-01Z', 'a'), ('2026-01-02Z', 'b')) AS v(ts, e)) AS same
FROM (SELECT kpi.retention(t, 'a -> b by day for 1') AS r FROM (SELECT kpi.timeline(ts, e, value)
      FROM (VALUES (timestamptz '2026-01-01Z', 'a', NULL::numeric), ('2026-01-02Z', 'b', NULL), ('2026-01-02Z', 'other', 5)) AS v(ts, e, value)) AS s(t)) AS s;
-- the ends of time
SELECT cohort, period, eligible, complete FROM kpi.cohorts((SELECT kpi.retention(1, ts, 'a', 'a -> a by week for 2 elapsed') FROM (VALUES (timestamptz '4714-11-24 00:00:00+00 BC'), ('294276-12-31 23:59:59Z')) AS v(ts)), 'infinity')
UNION ALL SELECT cohort, period, eligible, complete FROM kpi.cohorts((SELECT kpi.retention(1, timestamptz '294276-12-31 23:59:59Z', 'a', 'a -> a by week for 2 elapsed')), 'infinity');
-- the start is no return of its own; another event at its instant is
SELECT period, retained FROM kpi.cohorts((SELECT kpi.retention(1, '2026-01-01Z', 'a', '* -> * by day for 1') ));
SELECT period, retained FROM kpi.cohorts((SELECT kpi.retention(1, '2026-01-01Z', e, '* -> * by day for 1') FROM unnest('{a,a}'::text[]) e));
SELECT period, retained FROM kpi.cohorts((SELECT kpi.retention(1, '2026-01-01Z', e, 'a -> a|b by day for 1') FROM unnest('{a,b}'::text[]) e));
-- first ever of: the first purchase of all, if it was by campaign
SELECT cohort, size FROM kpi.cohorts((SELECT kpi.retention(u, ts, e, 'campaign -> buy by day for 1 first ever of campaign|buy') FROM (VALUES
  (1, timestamptz '2026-01-01Z', 'buy'), (1, '2026-01-02Z', 'campaign'), (2, '2026-01-02Z', 'campaign'), (2, '2026-01-03Z', 'buy')) AS v(u, ts, e)));
SELECT kpi.actors(r), kpi.spec_of(r) FROM (SELECT kpi.retention(actor, ts, event, value, 'join -> visit by week for 2') AS r FROM few) AS s;
SELECT kpi.retention(actor, ts, event, value, 'join -> visit by week for 2 elapsed') FROM few;
-- nothing
SELECT kpi.retention(actor, ts, event, 'a -> b by day for 1') FROM few WHERE false;
SELECT kpi.retention(actor, ts, event, value, 'a -> b by day for 1') FROM few WHERE false;
SELECT count(*) FROM kpi.cohorts('{}'::kpi.retention), kpi.curve('{}'::kpi.retention);
SELECT * FROM kpi.curve((SELECT kpi.retention(actor, ts, event, 'no -> no by day for 1') FROM few));
SELECT count(*) FROM kpi.cohorts(NULL);
SELECT kpi.actors('{}'::kpi.retention), kpi.spec_of('{}'::kpi.retention), kpi.merge('{}', r) OPERATOR(kpi.=) r AS same FROM (SELECT kpi.retention(actor, ts, event, 'join -> visit by week for 2') AS r FROM few) AS s;
SELECT kpi.rollup(r) FROM (SELECT NULL::kpi.retention AS r) AS s;
-- mistakes
SELECT q, error_of(q) FROM (VALUES
  ('SELECT kpi.retention(actor, ts, event, NULL::kpi.retention_spec) FROM few'),
  ('SELECT kpi.retention(actor, ts, event, CASE WHEN event = ''join'' THEN ''a -> b by day for 1'' ELSE ''a -> b by day for 2'' END::kpi.retention_spec) FROM few'),
  ('SELECT kpi.retention(1, now(), 1::bigint, ''a -> 1 by day for 1'')'),
  ('SELECT kpi.retention(1, now(), ''a'', ''NaN''::numeric, ''a -> a by day for 1'')'),
  ('SELECT kpi.retention(1, now(), ''a'', 123456789012345678.9, ''a -> a by day for 1'')'),
  ('SELECT kpi.retention(1, now(), ''a'', 1e-19, ''a -> a by day for 1'')'),
  ('SELECT kpi.merge(kpi.retention(1, now(), ''a'', ''a -> a by day for 1''), kpi.retention(1, now(), ''a'', ''a -> a by day for 2''))')) AS v(q);
-- hostile texts and bytes
SELECT j, error_of(format('SELECT %L::kpi.retention', j)) FROM (VALUES ('[]'), ('{"spec": 1}'), ('{"spec": "a -> b"}'), ('{"spec": "a -> b by day for 1"}'), ('{"spec": "a -> b by day for 1", "cohorts": 5}'),
  ('{"spec": "a -> b by day for 1", "cohorts": [{"cohort": "2026-01-01T00:00:00", "size": 0, "counts": [0, 0, 0]}]}'),
  ('{"spec": "a -> b by day for 1", "cohorts": [{"cohort": "2026-01-01T00:00:01", "size": 1, "counts": [0, 0, 0]}]}'),
  ('{"spec": "a -> b by day for 1", "cohorts": [{"cohort": "infinity", "size": 1, "counts": [0, 0, 0]}]}'),
  ('{"spec": "a -> b by day for 1", "cohorts": [{"cohort": "2026-01-01T00:00:00", "size": 1, "counts": [0, 2, 0]}]}'),
  ('{"spec": "a -> b by day for 1", "cohorts": [{"cohort": "2026-01-01T00:00:00", "size": 1, "counts": [0, 0]}]}'),
  ('{"spec": "a -> b by day for 1", "cohorts": [{"cohort": "2026-01-01T00:00:00", "size": 1, "counts": [0, 0, 1]}]}'),
  ('{"spec": "a -> b by day for 1", "cohorts": [{"cohort": "2026-01-01T00:00:00", "size": 1.5, "counts": [0, 0, 0]}]}'),
  ('{"spec": "a -> b by day for 1 elapsed", "cohorts": [{"cohort": "2026-01-01T00:00:00", "size": 1, "counts": [0, 0, 0], "starts": [[227904, 2]]}]}'),
  ('{"spec": "a -> b by day for 1", "latest": "infinity", "cohorts": []}')) AS v(j);
-- ---- kpi.retained: as retention() of ClickHouse ----
SELECT kpi.retained(d = 1, d = 2, d = 4, d = 3) FROM unnest('{1,2,3}'::int[]) d;
SELECT kpi.retained(d = 9, d = 2) FROM unnest('{1,2,3}'::int[]) d;
-- any order, null is false
SELECT kpi.retained(VARIADIC c) FROM (VALUES (ARRAY[NULL, true]), (ARRAY[true, NULL])) AS v(c);
SELECT kpi.retained(d = 1) FROM unnest('{}'::int[]) d;
SELECT sum((r[1])::int), sum((r[2])::int), sum((r[3])::int) FROM (SELECT u, kpi.retained(day = 1, day = 2, day = 3) AS r FROM (VALUES (1, 1), (1, 2), (2, 1), (2, 3), (3, 2), (3, 3)) AS v(u, day) GROUP BY u) AS s;
SELECT error_of('SELECT kpi.retained(VARIADIC array_fill(true, ARRAY[49]))');
DROP SCHEMA retention_test CASCADE;
