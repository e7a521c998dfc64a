-- kpi.activity: the answers by definition, and what is in a summary
CREATE SCHEMA activity_test;
SET search_path = activity_test;
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
SELECT s::kpi.activity_spec FROM (VALUES ('by day'), ('BY week, IN Asia/Seoul, week starts sunday'), ('in "America/New_York" by year'), ('by hour'), ('week starts monday by week')) AS v(s);
SELECT s, error_of(format('SELECT %L::kpi.activity_spec', s)) FROM (VALUES (''), ('week'), ('by fortnight'), ('by day by week'), ('by day in Nowhere'), ('by day week starts sunday'),
  ('in UTC'), ('by week week begins sunday'), ('by week for 3')) AS v(s);
SELECT kpi.activity_spec(by => 'week', zone => 'Asia/Kolkata', week_starts => 'saturday'), kpi.activity_spec();
SELECT s FROM (VALUES ('by week'::kpi.activity_spec), ('by day'), ('by week in UTC')) AS v(s) GROUP BY s ORDER BY s;

-- ---- by definition, in plain SQL ----
CREATE FUNCTION h(i int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(i, n) & 1073741823)::int $$;
CREATE FUNCTION pick(choices text, h int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT (string_to_array(choices, ' '))[1 + h % cardinality(string_to_array(choices, ' '))] $$;
CREATE FUNCTION bucket(at timestamptz, grain text, zone text, week_starts int) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN grain = 'week' THEN date_trunc('week', (at AT TIME ZONE zone) - make_interval(days => (week_starts + 6) % 7)) + make_interval(days => (week_starts + 6) % 7)
              ELSE date_trunc(grain, at AT TIME ZONE zone) END $$;
CREATE TABLE ev (actor bigint, ts timestamptz);
INSERT INTO ev SELECT CASE WHEN h(i, 20) % 50 > 0 THEN h(i, 20) % 40 END,
  CASE WHEN h(i, 21) % 51 = 0 THEN NULL WHEN h(i, 21) % 97 = 0 THEN 'infinity' WHEN h(i, 21) % 98 = 0 THEN '-infinity'
    ELSE pick('2024-02-28T22:00Z 2024-02-29T23:30Z 2024-12-31T23:00Z 2025-03-09T05:00Z 2025-03-29T22:00Z 2025-04-05T13:00Z 2025-10-25T22:00Z 2025-11-02T04:30Z', h(i, 22))::timestamptz
      + (h(i, 23) % 12) * interval '30 minutes' * (h(i, 24) % 2) + (h(i, 25) % 10) * interval '1 day' * (h(i, 26) % 2) + (h(i, 27) % 5) * interval '7 days' * (h(i, 28) % 2) END
FROM generate_series(1, 1500) AS i;
CREATE TABLE specs AS SELECT n, pick('hour day day week week month quarter year', n) AS grain, pick('UTC Europe/Berlin America/New_York Asia/Kolkata Australia/Lord_Howe', h(n, 4)) AS zone,
  CASE WHEN pick('hour day day week week month quarter year', n) = 'week' THEN h(n, 8) % 7 ELSE 1 END AS week_starts FROM generate_series(1, 24) AS n;
ALTER TABLE specs ADD COLUMN spec kpi.activity_spec;
UPDATE specs SET spec = format('by %s in "%s" %s', grain, zone, CASE WHEN grain = 'week' THEN ' week starts ' || pick('sunday monday tuesday wednesday thursday friday saturday', week_starts) END)::kpi.activity_spec;
CREATE TABLE whole AS SELECT n, spec, kpi.activity(actor, ts, spec) AS a FROM ev, specs GROUP BY n, spec;
CREATE FUNCTION lifecycle_by_definition(s specs) RETURNS TABLE (period timestamp, active bigint, new bigint, again bigint, resurrecting bigint, dormant bigint, churn float8, quick float8) LANGUAGE sql AS $$
  WITH e AS MATERIALIZED (SELECT DISTINCT actor, bucket(ts, s.grain, s.zone, s.week_starts) AS p FROM ev WHERE actor IS NOT NULL AND isfinite(ts)),
  step AS (SELECT CASE s.grain WHEN 'quarter' THEN '3 months' ELSE '1 ' || s.grain END::interval AS step),
  last AS (SELECT bucket(max(ts), s.grain, s.zone, s.week_starts) AS last FROM ev WHERE actor IS NOT NULL AND isfinite(ts)),
  every AS (SELECT generate_series((SELECT min(p) FROM e), (SELECT last FROM last), (SELECT step FROM step)) AS p),
  kinds AS (SELECT every.p, e.actor, first.f = every.p AS new, EXISTS (SELECT FROM e b WHERE b.actor = e.actor AND b.p = every.p - (SELECT step FROM step)) AS again
    FROM every LEFT JOIN e ON e.p = every.p LEFT JOIN (SELECT actor, min(p) AS f FROM e GROUP BY actor) AS first USING (actor)),
  counts AS (SELECT p, count(actor) AS active, count(actor) FILTER (WHERE new) AS new, count(actor) FILTER (WHERE again AND NOT new) AS again,
      count(actor) FILTER (WHERE NOT again AND NOT new) AS resurrecting,
      (SELECT count(*) FROM e b WHERE b.p = k.p - (SELECT step FROM step) AND NOT EXISTS (SELECT FROM e c WHERE c.actor = b.actor AND c.p = k.p)) AS dormant FROM kinds k GROUP BY p)
  SELECT p, active, new, again, resurrecting, dormant, dormant::float8 / nullif(lag(active) OVER (ORDER BY p), 0), (new + resurrecting)::float8 / nullif(dormant, 0) FROM counts $$;
CREATE TABLE expected AS SELECT n, d.* FROM specs s, lifecycle_by_definition(s) d WHERE grain <> 'hour';
CREATE TABLE answers AS SELECT n, l.* FROM whole, kpi.lifecycle(a) l WHERE spec::text !~ 'hour';
SELECT count(*) > 3000 AS enough, count(*) FILTER (WHERE resurrecting > 0) > 100 AS resurrecting, count(*) FILTER (WHERE again > 0) > 100 AS again FROM expected;
SELECT count(*) AS different FROM ((SELECT * FROM expected EXCEPT SELECT n, period, active, new, answers."returning", resurrecting, dormant, churn_rate, quick_ratio FROM answers)
  UNION ALL (SELECT n, period, active, new, answers."returning", resurrecting, dormant, churn_rate, quick_ratio FROM answers EXCEPT SELECT * FROM expected)) AS d;
-- the identities, by the hour as well
SELECT count(*) > 10000 AS enough, count(*) FILTER (WHERE active <> new + "returning" + resurrecting) AS wrong, count(*) FILTER (WHERE "returning" + dormant <> before) AS wrong_before FROM
  (SELECT l.*, coalesce(lag(active) OVER (PARTITION BY n ORDER BY period), 0) AS before FROM whole, kpi.lifecycle(a) l) AS x;
-- days
CREATE TABLE zones AS SELECT zone, kpi.activity(actor, ts, ('by month in "' || zone || '"')::kpi.activity_spec) AS a FROM ev, (SELECT DISTINCT zone FROM specs) AS z GROUP BY zone;
CREATE TABLE days AS SELECT DISTINCT zone, actor, (ts AT TIME ZONE zone)::date AS day FROM ev, zones WHERE actor IS NOT NULL AND isfinite(ts);
CREATE TABLE days_expected AS
SELECT zone, d::date AS day, dau, wau, mau, mau30, days7, days28 FROM zones,
  LATERAL (SELECT generate_series(min(day), max(day), interval '1 day') AS d FROM days WHERE days.zone = zones.zone) AS every,
  LATERAL (SELECT count(DISTINCT actor) FILTER (WHERE day = d::date) AS dau, count(DISTINCT actor) FILTER (WHERE day > d::date - 7) AS wau,
    count(DISTINCT actor) FILTER (WHERE day > d::date - 28) AS mau, count(DISTINCT actor) AS mau30, count(*) FILTER (WHERE day > d::date - 7) AS days7, count(*) FILTER (WHERE day > d::date - 28) AS days28
    FROM days WHERE days.zone = zones.zone AND day BETWEEN d::date - 29 AND d::date) AS c;
SELECT count(*) > 3000 AS enough, count(*) FILTER (WHERE e.wau > e.dau AND e.mau > e.wau AND e.mau30 > e.mau) > 5 AS all_different,
  count(*) FILTER (WHERE (s.dau, s.wau, s.mau, s.mau30) IS DISTINCT FROM (e.dau, e.wau, e.mau, e.mau30)
    OR s.dau_wau IS DISTINCT FROM e.dau::float8 / nullif(e.wau, 0) OR s.dau_mau IS DISTINCT FROM e.dau::float8 / nullif(e.mau, 0) OR s.wau_mau IS DISTINCT FROM e.wau::float8 / nullif(e.mau, 0)
    OR s.avg_dau_wau IS DISTINCT FROM days7 / 7::float8 / nullif(e.wau, 0) OR s.avg_dau_mau IS DISTINCT FROM days28 / 28::float8 / nullif(e.mau, 0)) AS wrong
FROM days_expected e FULL JOIN (SELECT zone, s.* FROM zones, kpi.stickiness(a) s) AS s USING (zone, day);
SELECT count(*) AS wrong FROM (SELECT zone, w, at, l.* FROM zones, (VALUES (7), (28)) AS v(w), (VALUES ('2024-03-07 03:00Z'::timestamptz), ('2025-04-10 22:30Z'), ('2025-11-03Z')) AS t(at), kpi.active_days(a, w, at) l) AS l,
  LATERAL (SELECT count(*) FILTER (WHERE k = active_days) AS exactly, count(*) FILTER (WHERE k >= active_days) AS at_least FROM
    (SELECT count(*) AS k FROM days WHERE days.zone = l.zone AND day BETWEEN (at AT TIME ZONE l.zone)::date - w + 1 AND (at AT TIME ZONE l.zone)::date GROUP BY actor) AS k) AS c
WHERE (l.actors, l.at_least) IS DISTINCT FROM (c.exactly, c.at_least);

-- ---- however the rows come ----
SELECT way, count(*), count(*) FILTER (WHERE w.a OPERATOR(kpi.<>) o.a) AS different FROM whole o JOIN (
  SELECT 'shuffled' AS way, n, kpi.activity(actor, ts, spec) AS a FROM (SELECT * FROM ev ORDER BY md5(ev::text)) AS e, specs GROUP BY n
  UNION ALL SELECT 'text', n, kpi.activity(actor::text, ts, spec) FROM ev, specs GROUP BY n
  UNION ALL SELECT 'uuid', n, kpi.activity(md5(actor::text)::uuid, ts, spec) FROM ev, specs GROUP BY n
  UNION ALL SELECT 'rolled up', n, kpi.rollup(a) FROM (SELECT n, kpi.activity(actor, ts, spec) FROM ev, specs GROUP BY n, actor) AS p(n, a) GROUP BY n
  UNION ALL SELECT 'timelines', n, kpi.activity(t, spec) FROM (SELECT kpi.timeline(ts, 'x') AS t FROM ev WHERE actor IS NOT NULL GROUP BY actor) AS s, specs GROUP BY n
  UNION ALL SELECT 'text and back', n, a::text::kpi.activity FROM whole
  UNION ALL SELECT 'jsonb and back', n, a::jsonb::kpi.activity FROM whole) AS w USING (n) GROUP BY way ORDER BY way;

-- ---- what a row says ----
CREATE TABLE few (actor bigint, ts timestamptz);
INSERT INTO few VALUES (1, '2026-01-31 23:30Z'), (1, '2026-02-01 00:30Z'), (2, '2026-02-03Z'), (3, '2026-01-10Z'), (3, '2026-04-02Z'), (2, '2026-04-30Z'), (NULL, '2026-05-05Z'), (4, NULL), (5, 'infinity');
SELECT * FROM kpi.lifecycle((SELECT kpi.activity(actor, ts, 'by month') FROM few));
SELECT period, active, dormant, complete FROM kpi.lifecycle((SELECT kpi.activity(actor, ts, 'by month in Asia/Seoul') FROM few), '2026-06-15Z');
SELECT period, active, complete FROM kpi.lifecycle((SELECT kpi.activity(actor, ts, 'by quarter') FROM few), 'infinity');
SELECT count(*) FROM kpi.lifecycle((SELECT kpi.activity(actor, ts, 'by month') FROM few), '2020-01-01Z');
SELECT * FROM kpi.stickiness((SELECT kpi.activity(actor, ts, 'by month') FROM few)) WHERE day BETWEEN '2026-01-31' AND '2026-02-07' OR day > '2026-04-28';
SELECT active_days, actors, share, at_least, at_least_share FROM kpi.active_days((SELECT kpi.activity(actor, ts, 'by month') FROM few), 7, '2026-02-04Z') WHERE active_days < 4;
SELECT kpi.activity(actor, ts, 'by year') FROM few WHERE actor = 1;
-- the ends of time
SELECT count(*), min(active), max(active), days FROM
  (SELECT kpi.activity(1, ts, 'by year in America/New_York') AS a FROM (VALUES (timestamptz '4714-11-24 00:00:00+00 BC'), ('294276-11-20Z'), ('294276-12-31 23:59:59Z')) AS v(ts)) AS s, kpi.lifecycle(a, 'infinity'),
  LATERAL (SELECT count(*) AS days FROM kpi.stickiness(a, '4714-12-10Z BC')) AS d GROUP BY days;
-- nothing
SELECT kpi.activity(actor, ts, 'by year') FROM few WHERE false;
SELECT (SELECT count(*) FROM kpi.lifecycle('{}')), (SELECT count(*) FROM kpi.stickiness('{}')), (SELECT count(*) FROM kpi.active_days('{}')), (SELECT count(*) FROM kpi.lifecycle(NULL)),
  (SELECT count(*) FROM kpi.stickiness((SELECT kpi.activity(actor, ts, 'by year') FROM few WHERE false))), (SELECT sum(actors) FROM kpi.active_days((SELECT kpi.activity(actor, ts, 'by year') FROM few WHERE false)));
SELECT kpi.spec_of('{}'::kpi.activity), kpi.spec_of(a), kpi.merge('{}', a) OPERATOR(kpi.=) a AS same FROM (SELECT kpi.activity(actor, ts, 'by year') AS a FROM few) AS s;
-- mistakes
SELECT q, error_of(q) FROM (VALUES ('SELECT kpi.activity(actor, ts, NULL::kpi.activity_spec) FROM few'),
  ('SELECT kpi.activity(actor, ts, CASE actor WHEN 1 THEN ''by day'' ELSE ''by week'' END::kpi.activity_spec) FROM few'),
  ('SELECT kpi.merge(kpi.activity(1, now(), ''by day''), kpi.activity(1, now(), ''by week''))'),
  ('SELECT kpi.active_days(kpi.activity(1, now(), ''by day''), 30)'),
  ('SELECT count(*) FROM kpi.lifecycle((SELECT kpi.activity(1, ts, ''by hour'') FROM (VALUES (timestamptz ''0001-01-01Z''), (''2026-01-01Z'')) AS v(ts)))')) AS v(q);
-- hostile texts
SELECT j, error_of(format('SELECT %L::kpi.activity', j)) FROM (VALUES ('[]'), ('{"spec": 1}'), ('{"spec": "by eon"}'), ('{"spec": "by day"}'), ('{"spec": "by day", "periods": []}'),
  ('{"spec": "by day", "periods": [{"period": "2026-01-01T00:00:00", "active": 1, "new": 2, "returning": 0}], "days": []}'),
  ('{"spec": "by day", "periods": [{"period": "2026-01-01T00:00:00", "active": 2, "new": 1, "returning": 1}], "days": []}'),
  ('{"spec": "by day", "periods": [{"period": "2026-01-01T12:00:00", "active": 2, "new": 1, "returning": 1}], "days": []}'),
  ('{"spec": "by day", "periods": [], "days": [{"day": "2026-01-01T00:00:00", "active": 1, "change7": [0,0,0,0,0,0,0], "change28": [1], "change30": 1}]}'),
  (format('{"spec": "by day", "periods": [], "days": [{"day": "2026-01-01T00:00:00", "active": 1, "change7": [0,0,0,0,0,0,0], "change28": %s, "change30": 1}]}', array_to_json(array_fill(0, ARRAY[28])))),
  (format('{"spec": "by day", "periods": [], "days": [{"day": "2026-01-01T00:00:00", "active": 0, "change7": [1,0,0,0,0,0,0], "change28": %s, "change30": 1}]}', array_to_json(array_fill(0, ARRAY[28])))),
  (format('{"spec": "by day", "periods": [], "days": [{"day": "2026-01-01T00:00:00", "active": 0, "change7": [-1,0,0,0,0,0,0], "change28": %s, "change30": 1}]}', array_to_json(array_fill(0, ARRAY[28]))))) AS v(j);
DROP SCHEMA activity_test CASCADE;
