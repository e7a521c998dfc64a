-- kpi.funnel over random rows: the same as plain SQL, and the same however the rows come
SET search_path = public, kpi;
CREATE TABLE r (u int, ts timestamptz, event text);
INSERT INTO r
SELECT CASE WHEN h1 % 50 = 0 THEN NULL ELSE (h1 % 200)::int END,
       CASE WHEN h2 % 60 = 0 THEN NULL WHEN h2 % 61 = 0 THEN 'infinity' WHEN h2 % 62 = 0 THEN '-infinity'
            ELSE timestamptz '2026-01-01 00:00+00' + (h2 % 300) * interval '1 minute' END,
       CASE WHEN h3 % 70 = 0 THEN NULL ELSE (ARRAY['a','b','c','x','y'])[1 + h3 % 5] END
FROM (SELECT hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2,
             hashint8extended(i, 3) & 2147483647 AS h3
      FROM generate_series(1, 4000) i) AS h;
-- some rows twice
INSERT INTO r SELECT * FROM r WHERE hashtext(event || ts) % 7 = 0;

-- By definition: is there a chain of different rows, in time order, inside the window?
CREATE VIEW rows_of AS SELECT row_number() OVER () AS id, * FROM r WHERE u IS NOT NULL AND ts IS NOT NULL AND event IS NOT NULL;
CREATE FUNCTION by_definition(step_a text, step_b text, step_c text, win interval) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', count(DISTINCT a.u), count(DISTINCT b.u), count(DISTINCT c.u))
	FROM rows_of a
	LEFT JOIN rows_of b ON a.u = b.u AND b.event = step_b AND b.ts >= a.ts AND b.id <> a.id
		AND (b.ts = a.ts OR (isfinite(a.ts) AND isfinite(b.ts) AND b.ts <= a.ts + win))
	LEFT JOIN rows_of c ON b.u = c.u AND c.event = step_c AND c.ts >= b.ts AND c.id <> b.id AND c.id <> a.id
		AND (c.ts = a.ts OR (isfinite(a.ts) AND isfinite(c.ts) AND c.ts <= a.ts + win))
	WHERE a.event = step_a $$;
CREATE FUNCTION counts(f kpi.funnel) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps(f) $$;

SELECT p, counts(f) AS funnel, definition, counts(f) = definition AS same
FROM (SELECT p, kpi.funnel(u, ts, event, p) AS f, min(d) AS definition
	FROM r, (VALUES ('a -> b -> c within 1 hour'::kpi.pattern, by_definition('a', 'b', 'c', '1 hour')),
	                ('a -> b -> c within 10 min', by_definition('a', 'b', 'c', '10 min')),
	                ('a -> b -> c within 0 sec', by_definition('a', 'b', 'c', '0')),
	                ('a -> a -> b within 20 min', by_definition('a', 'a', 'b', '20 min')),
	                ('c -> b -> c within 30 min', by_definition('c', 'b', 'c', '30 min'))) AS q(p, d)
	GROUP BY p) AS s ORDER BY p;

-- the order of the rows, parts and their rollup, kinds of actors, hashed and sorted grouping
CREATE TABLE p AS SELECT p::kpi.pattern FROM unnest(ARRAY[
	'a -> b -> c within 1 hour', 'a => b => c', 'a -[no x]-> b -[no y, <= 30 min]-> c', 'a -[>= 10 min]-> b -[>= 5 min]-> c',
	'a -> b? -> c within 40 min', 'a -> b -> c any order within 15 min', 'a -> b -> c open within 15 min',
	'a -> b -> c first entry', 'a|x -> b|x -> c within 1 hour strictly increasing', 'a -> * -> b within 20 min reuse rows',
	'a -> b by hour in Asia/Kolkata', 'a -> b -> c open by hour within 20 min', 'b -> c by day in America/New_York first entry']) p;
CREATE TABLE whole AS SELECT p, kpi.funnel(u, ts, event, p) AS f FROM r, p GROUP BY p;
SELECT p, counts(f), kpi.completions(f) FROM whole ORDER BY p;
SELECT count(*) FILTER (WHERE w.f = s.f) AS same, count(*) FROM whole w JOIN
	(SELECT p, kpi.funnel(u, ts, event, p) AS f FROM (SELECT * FROM r ORDER BY hashtext(u::text || ts || event)) r, p GROUP BY p) s USING (p);
SELECT count(*) FILTER (WHERE w.f = s.f) AS same, count(*) FROM whole w JOIN
	(SELECT p, kpi.funnel(u, ts, event, p) AS f FROM (SELECT * FROM r ORDER BY ts DESC, event DESC) r, p GROUP BY p) s USING (p);
SELECT count(*) FILTER (WHERE w.f = s.f) AS same, count(*) FROM whole w JOIN
	(SELECT p, kpi.rollup(f) AS f FROM (SELECT p, u % 7 AS part, kpi.funnel(u, ts, event, p) AS f FROM r, p GROUP BY p, part) parts GROUP BY p) s USING (p);
SELECT count(*) FILTER (WHERE w.f = s.f) AS same, count(*) FROM whole w JOIN
	(SELECT p, kpi.rollup(f) AS f FROM (SELECT p, u, kpi.funnel(u, ts, event, p) AS f FROM r, p GROUP BY p, u) parts GROUP BY p) s USING (p);
SELECT count(*) FILTER (WHERE w.f = s.f) AS same, count(*) FROM whole w JOIN
	(SELECT p, kpi.funnel(u::text, ts, event, p) AS f FROM r, p GROUP BY p) s USING (p);
SELECT count(*) FILTER (WHERE w.f = s.f) AS same, count(*) FROM whole w JOIN
	(SELECT p, kpi.funnel(md5(u::text)::uuid, ts, event, p) AS f FROM r, p GROUP BY p) s USING (p);
SET enable_hashagg = off;
SELECT count(*) FILTER (WHERE w.f = s.f) AS same, count(*) FROM whole w JOIN
	(SELECT p, kpi.rollup(f) AS f FROM (SELECT p, u, kpi.funnel(u, ts, event, p) AS f FROM r, p GROUP BY p, u) parts GROUP BY p) s USING (p);
RESET enable_hashagg;
-- text, jsonb and back
SELECT count(*) FILTER (WHERE f = f::text::kpi.funnel) AS text, count(*) FILTER (WHERE f = f::jsonb::kpi.funnel) AS jsonb, count(*) FROM whole;
-- binary and back
SELECT current_setting('data_directory') || '/funnel.copy' AS file \gset
COPY whole TO :'file' WITH (FORMAT binary);
CREATE TABLE copied (LIKE whole);
COPY copied FROM :'file' WITH (FORMAT binary);
SELECT count(*) FILTER (WHERE w.f = c.f) AS same, count(*) FROM whole w JOIN copied c USING (p);

-- more rows than fit the small form of the log, with actors that have thousands of events each
CREATE TABLE large AS
SELECT hashint8extended(i, 7) & 4095 AS u, timestamptz '2026-01-01 00:00+00' + (hashint8extended(i, 8) & 16777215) * interval '1 second' AS ts,
       (ARRAY['a','b','c','x'])[1 + (hashint8extended(i, 9) & 3)] AS event
FROM generate_series(1, 60000) i
UNION ALL
SELECT -1 - (i & 1), timestamptz '2026-01-01 00:00+00' + (hashint8extended(i, 10) & 65535) * interval '1 second',
       (ARRAY['a','b','c','x'])[1 + (hashint8extended(i, 11) & 3)]
FROM generate_series(1, 20000) i;
SELECT counts(kpi.funnel(u, ts, event, 'a -> b -> c within 10 days')),
       kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') = kpi.funnel(u::text, ts, event, 'a -> b -> c within 10 days') AS text_same,
       (SELECT kpi.rollup(f) FROM (SELECT kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') AS f FROM large GROUP BY u) g)
       = kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') AS parts_same,
       kpi.funnel(u, ts, event, 'a -> b -> c within 10 days' ORDER BY ts DESC) = kpi.funnel(u, ts, event, 'a -> b -> c within 10 days') AS reverse_same
FROM large;
-- one row far away changes how times are kept, and nothing else
SELECT counts(kpi.funnel(u, ts, event, 'a -> b -> c within 10 days')) FROM (SELECT * FROM large UNION ALL SELECT 5000, 'infinity', 'a' UNION ALL SELECT 5001, '200000-01-01', 'b') AS l;
SELECT counts(kpi.funnel(u::text, ts, event, 'a -> b -> c within 10 days')) FROM (SELECT * FROM large UNION ALL SELECT 5000, '4000-01-01 BC', 'a' UNION ALL SELECT 5001, '200000-01-01', 'b') AS l;
-- the same in SQL, by steps: the newest chain at each row
WITH ordered AS (
	SELECT u, ts, event, row_number() OVER (PARTITION BY u ORDER BY ts, event) AS i FROM large),
s1 AS (SELECT *, max(ts) FILTER (WHERE event = 'a') OVER w AS f1 FROM ordered WINDOW w AS (PARTITION BY u ORDER BY i)),
s2 AS (SELECT *, max(f1) FILTER (WHERE event = 'b' AND ts <= f1 + interval '240 hours') OVER w AS f2 FROM s1 WINDOW w AS (PARTITION BY u ORDER BY i)),
s3 AS (SELECT *, CASE WHEN event = 'c' AND ts <= f2 + interval '240 hours' THEN f2 END AS f3 FROM s2)
SELECT concat_ws(' ', count(DISTINCT u) FILTER (WHERE f1 IS NOT NULL), count(DISTINCT u) FILTER (WHERE f2 IS NOT NULL), count(DISTINCT u) FILTER (WHERE f3 IS NOT NULL)) AS by_steps FROM s3;
DROP VIEW rows_of CASCADE;
DROP FUNCTION counts(kpi.funnel), by_definition(text, text, text, interval);
DROP TABLE r, p, whole, copied, large;
