-- kpi.rfm and kpi.rfm_score, next to plain SQL
CREATE SCHEMA rfm_test;
SET search_path = rfm_test;
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

-- ---- by hand ----
CREATE TABLE few (customer int, ts timestamptz, event text, amount numeric);
INSERT INTO few VALUES
  -- two on one day are one; a refund is none, and lowers what is left; what is after the end is not there
  (1, '2026-01-05 10:00Z', 'order', 100), (1, '2026-01-20 10:00Z', 'order', 50), (1, '2026-01-20 11:00Z', 'order', 0.50), (1, '2026-02-10 10:00Z', 'refund', -30), (1, '2026-03-01 10:00Z', 'order', 10), (1, '2026-04-01 00:00Z', 'order', 7),
  -- nothing paid is a purchase, too, and nothing is left
  (2, '2026-01-31 10:00Z', 'order', 20), (2, '2026-02-01 10:00Z', 'order', 0),
  -- only the first one
  (3, '2026-01-10 10:00Z', 'refund', -5), (3, '2026-02-14 10:00Z', 'order', 40), (3, '2026-03-02 09:00Z', 'refund', -2.50),
  -- more came back than was left
  (4, '2026-01-10 10:00Z', 'order', 10), (4, '2026-01-11 10:00Z', 'order', 10), (4, '2026-01-12 10:00Z', 'refund', -15),
  -- nothing bought
  (5, '2026-01-10 10:00Z', 'refund', -7), (6, '2026-01-10 10:00Z', 'visit', NULL), (7, '2026-05-10 10:00Z', 'order', 5), (8, 'infinity', 'order', 5), (8, '-infinity', 'order', 5);
CREATE TABLE tl AS SELECT customer, kpi.timeline(ts, event, amount) AS tl FROM few GROUP BY customer;
SELECT customer, r.* FROM tl, kpi.rfm(tl, '2026-03-31') AS r ORDER BY customer;
SELECT customer, round(r.recency::numeric, 4) AS recency, round(r.age::numeric, 4) AS age, r.monetary FROM tl, kpi.rfm(tl, until => '2026-03-31', unit => 'week') AS r WHERE customer < 5 ORDER BY customer;
-- which events are purchases
SELECT customer, r.* FROM tl, kpi.rfm(tl, '2026-03-31', events => '{order}') AS r WHERE r.frequency IS NOT NULL ORDER BY customer;
SELECT customer, r.* FROM tl, kpi.rfm(tl, '2026-03-31', events => '{visit,"of nobody",NULL}') AS r WHERE r.frequency IS NOT NULL ORDER BY customer;
SELECT kpi.rfm(tl, '2026-03-31', events => '{}') IS NULL AS none, kpi.rfm('{}', '2026-03-31') IS NULL AS empty, kpi.rfm(NULL, '2026-03-31') IS NULL AS no_timeline, kpi.rfm(tl, NULL) IS NULL AS no_end, kpi.rfm(tl, '0001-01-01 BC') IS NULL AS before FROM tl WHERE customer = 1;
-- the day is that of the zone
SELECT zone, r.* FROM unnest('{UTC,Asia/Seoul}'::text[]) AS zone, kpi.rfm((SELECT kpi.timeline(ts, 'order', 1) FROM unnest('{2025-12-31 15:30Z,2026-01-01 14:30Z,2026-01-01 15:30Z}'::timestamptz[]) AS ts), '2026-01-31', zone => zone) AS r;
SELECT q, error_of('SELECT ' || q || ' FROM tl WHERE customer = 1') FROM unnest(ARRAY[$$kpi.rfm(tl, '2026-03-31', 'month')$$, $$kpi.rfm(tl, 'infinity')$$, $$kpi.rfm(tl, '2026-03-31', zone => 'Asia/Soul')$$, $$kpi.rfm((SELECT kpi.timeline('2026-01-01Z', 'order', 2e17) FROM few), '2026-03-31')$$]) AS q;

-- ---- random customers ----
SELECT setseed(0.5);
CREATE TABLE ev AS SELECT (random() * 400)::bigint AS customer, timestamptz '2026-01-01Z' + random() * 200 * interval '1 day' AS ts, round((random() * 120 - 20)::numeric, 2) AS amount FROM generate_series(1, 4000);
CREATE TABLE stored AS SELECT customer, kpi.timeline(ts, 'x', amount) AS tl FROM ev GROUP BY customer;
CREATE TABLE asked AS SELECT * FROM (VALUES ('2026-07-31'::date, 'day', 'UTC'), ('2026-03-31', 'week', 'Asia/Kolkata'), ('2026-05-05', 'week', 'America/New_York')) AS v(until, unit, zone);
-- plain SQL: the days from the first one with a purchase on
CREATE TABLE by_sql AS
WITH days AS (SELECT until, unit, zone, customer, (ts AT TIME ZONE zone)::date AS day, bool_or(amount >= 0) AS bought, sum(amount) AS amount FROM ev, asked WHERE (ts AT TIME ZONE zone)::date <= until GROUP BY 1, 2, 3, 4, 5),
first AS (SELECT until, customer, min(day) AS first FROM days WHERE bought GROUP BY 1, 2)
SELECT until, unit, zone, customer, count(*) FILTER (WHERE bought) - 1 AS frequency, (max(day) FILTER (WHERE bought) - first) / CASE unit WHEN 'week' THEN 7.0 ELSE 1 END AS recency, (until - first) / CASE unit WHEN 'week' THEN 7.0 ELSE 1 END AS age,
  coalesce(greatest(0, sum(amount) FILTER (WHERE day > first) / nullif(count(*) FILTER (WHERE bought) - 1, 0)), 0) AS monetary
FROM days JOIN first USING (until, customer) WHERE day >= first GROUP BY until, unit, zone, customer, first;
SELECT count(*) > 1000 AS enough, count(*) FILTER (WHERE s.monetary = 0) > 20 AS of_nothing, count(*) FILTER (WHERE s.frequency = 0) > 10 AS newcomers,
  count(*) FILTER (WHERE (r.frequency, r.recency, r.age) IS DISTINCT FROM (s.frequency, s.recency::float8, s.age::float8) OR abs(r.monetary - s.monetary) > 1e-12) AS wrong
FROM (SELECT a.until, customer, r.* FROM stored, asked AS a, kpi.rfm(tl, a.until, unit, zone) AS r WHERE r.frequency IS NOT NULL) AS r FULL JOIN by_sql AS s USING (until, customer);
-- they are the histories that kpi.ltv fits its models to
SELECT a.until, count(*) AS histories, count(*) FILTER (WHERE h.n IS DISTINCT FROM r.n) AS wrong FROM asked AS a, LATERAL (SELECT date '2000-01-01' + (c ->> 0)::int AS first, (c ->> 1)::int AS last, (c ->> 2)::int AS frequency, (c ->> 4)::int AS n
  FROM jsonb_array_elements((SELECT kpi.ltv(customer, ts, amount, kpi.ltv_spec(until => a.until, zone => a.zone)) FROM ev)::jsonb #> '{histories,counts}') AS c) AS h
FULL JOIN LATERAL (SELECT a.until - r.age::int AS first, r.recency::int AS last, r.frequency, count(*)::int AS n FROM stored, kpi.rfm(tl, a.until, 'day', a.zone) AS r WHERE r.frequency IS NOT NULL GROUP BY 1, 2, 3) AS r USING (first, last, frequency) GROUP BY a.until ORDER BY 1;

-- ---- scores ----
SELECT x, kpi.rfm_score(x) OVER (), kpi.rfm_score(-x) OVER () AS less_is_better, kpi.rfm_score(x, 3) OVER () AS thirds, kpi.rfm_score(x, buckets => 1) OVER () AS one FROM generate_series(1, 10) AS x;
-- most have nothing: they all have the lowest score, and the others what is above that
SELECT x, kpi.rfm_score(x) OVER () FROM unnest('{0,0,0,0,0,0,1,1,2,NULL,NaN,Infinity}'::float8[]) AS x;
SELECT count(*) AS rows, count(*) FILTER (WHERE score <> 1 + (5 * below) / n) AS wrong, count(*) FILTER (WHERE score <> tile) AS not_a_tile_of_fifths, count(DISTINCT score) AS scores
FROM (SELECT kpi.rfm_score(v) OVER w AS score, rank() OVER (w ORDER BY v) - 1 AS below, count(*) OVER w AS n, ntile(5) OVER (w ORDER BY v) AS tile FROM (SELECT i % 3 AS part, 7919 * i % 3001 AS v FROM generate_series(0, 2999) AS i) AS g WINDOW w AS (PARTITION BY part)) AS s;
SELECT count(*) AS rows, count(*) FILTER (WHERE score <> 1 + (7 * below) / n) AS wrong FROM (SELECT kpi.rfm_score(monetary::float8, 7) OVER w AS score, rank() OVER (w ORDER BY monetary) - 1 AS below, count(*) OVER w AS n FROM by_sql WINDOW w AS (PARTITION BY until)) AS s;
-- the three together
SELECT score, count(*) FROM (SELECT concat(kpi.rfm_score(recency - age) OVER w, kpi.rfm_score(frequency) OVER w, kpi.rfm_score(monetary::float8) OVER w) AS score FROM by_sql WHERE unit = 'day' WINDOW w AS ()) AS s GROUP BY score ORDER BY score DESC LIMIT 3;
SELECT q, error_of(q) FROM unnest(ARRAY['SELECT kpi.rfm_score(1.0)', 'SELECT kpi.rfm_score(x, 0) OVER () FROM few, generate_series(1, 2) x', 'SELECT kpi.rfm_score(x, NULL) OVER () FROM generate_series(1, 2) x']) AS q;
SELECT kpi.rfm_score(NULL::float8) OVER () AS none, kpi.rfm_score(1) OVER (ROWS BETWEEN CURRENT ROW AND CURRENT ROW) AS of_one;
DROP SCHEMA rfm_test CASCADE;
