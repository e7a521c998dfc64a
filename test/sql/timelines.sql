-- kpi.timelines(query) builds what kpi.timeline() under GROUP BY builds
CREATE TABLE rows AS
SELECT i, (hashint4(i) & 1023) % 97 AS actor,
       timestamptz '2024-01-01 00:00+00' + (hashint4(i * 7) & 65535) * interval '1 minute' AS ts,
       CASE WHEN i % 211 = 0 THEN NULL ELSE (ARRAY['view', 'cart', 'buy', 'say "hi"', 'völlig', ''])[1 + (hashint4(i * 3) & 7) % 6] END AS event,
       CASE WHEN i % 3 = 0 THEN ((hashint4(i * 11) & 4095) / 100.0)::numeric(10, 2) END AS value
FROM generate_series(1, 20000) AS i;
UPDATE rows SET actor = NULL WHERE i % 199 = 0;
UPDATE rows SET ts = CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN 'infinity'::timestamptz ELSE '-infinity' END WHERE i % 197 = 0;

CREATE FUNCTION same(query text, reference text) RETURNS TABLE (actors bigint, events numeric, different bigint) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT count(*), sum(kpi.length(a.timeline)), count(*) FILTER (WHERE a.timeline::text IS DISTINCT FROM b.timeline::text)
     FROM kpi.timelines(%L) AS a FULL JOIN (%s) AS b (actor, timeline) ON a.actor = b.actor::text', query, reference);
END $$;

SELECT * FROM same('SELECT actor, ts, event FROM rows', 'SELECT actor, kpi.timeline(ts, event) FROM rows WHERE actor IS NOT NULL GROUP BY 1 HAVING count(*) FILTER (WHERE ts IS NOT NULL AND event IS NOT NULL) > 0');
SELECT * FROM same('SELECT actor, ts, event, value FROM rows', 'SELECT actor, kpi.timeline(ts, event, value) FROM rows WHERE actor IS NOT NULL GROUP BY 1');
-- the other types of actors, events and values
SELECT * FROM same('SELECT actor::bigint << 40, ts, event::varchar FROM rows', 'SELECT actor::bigint << 40, kpi.timeline(ts, event) FROM rows WHERE actor IS NOT NULL GROUP BY 1');
SELECT * FROM same('SELECT -actor::smallint, ts, event, i FROM rows', 'SELECT -actor, kpi.timeline(ts, event, i) FROM rows WHERE actor IS NOT NULL GROUP BY 1');
SELECT * FROM same('SELECT md5(actor::text)::uuid, ts, event FROM rows', 'SELECT md5(actor::text)::uuid, kpi.timeline(ts, event) FROM rows WHERE actor IS NOT NULL GROUP BY 1');
SELECT * FROM same('SELECT md5(actor::text), ts, event FROM rows', 'SELECT md5(actor::text), kpi.timeline(ts, event) FROM rows WHERE actor IS NOT NULL GROUP BY 1');
SELECT * FROM same('SELECT repeat(md5(actor::text), actor * 40), ts, event, value FROM rows', 'SELECT repeat(md5(actor::text), actor * 40), kpi.timeline(ts, event, value) FROM rows WHERE actor IS NOT NULL GROUP BY 1');
SELECT * FROM same('SELECT actor::numeric / 10, ts, i % 5, i::bigint FROM rows', 'SELECT actor::numeric / 10, kpi.timeline(ts, (i % 5)::text, i) FROM rows WHERE actor IS NOT NULL GROUP BY 1');
SELECT * FROM same('SELECT date ''2024-01-01'' + actor, ts, event::name FROM rows', 'SELECT date ''2024-01-01'' + actor, kpi.timeline(ts, event) FROM rows WHERE actor IS NOT NULL GROUP BY 1');
-- with little memory: through files
SET work_mem = '64kB';
SELECT * FROM same('SELECT actor, ts, event FROM rows', 'SELECT actor, kpi.timeline(ts, event) FROM rows WHERE actor IS NOT NULL GROUP BY 1');
SELECT * FROM same('SELECT md5(actor::text), ts, event, value FROM rows', 'SELECT md5(actor::text), kpi.timeline(ts, event, value) FROM rows WHERE actor IS NOT NULL GROUP BY 1');
SELECT * FROM same('SELECT 7, ts, event, value FROM rows', 'SELECT 7, kpi.timeline(ts, event, value) FROM rows GROUP BY 1');
RESET work_mem;

-- nothing
SELECT * FROM kpi.timelines('SELECT 1, now(), ''a'' WHERE false');
SELECT * FROM kpi.timelines('SELECT NULL::int, now(), ''a''::text');
SELECT * FROM kpi.timelines(NULL);
-- values as they are
SELECT * FROM kpi.timelines($$ VALUES (1, timestamptz '2024-01-01 00:00+00', 'a', 1.50), (1, '2024-01-02 00:00+00', 'b', NULL) $$);
-- left early
SELECT length(actor) FROM kpi.timelines('SELECT md5(actor::text), ts, event FROM rows') LIMIT 1;

-- what it does not take
SELECT * FROM kpi.timelines('SELECT 1, now()');
SELECT * FROM kpi.timelines('SELECT 1, now(), 2, 3, 4');
SELECT * FROM kpi.timelines('SELECT 1, now()::timestamp, ''a''::text');
SELECT * FROM kpi.timelines('SELECT 1, now(), ''a''::text, 1.5::float8');
SELECT * FROM kpi.timelines('SELECT 1, now(), ''a''::text, ''NaN''::numeric');
SELECT * FROM kpi.timelines('SELECT 1, now(), repeat(''a'', 1025)');
SELECT * FROM kpi.timelines('DELETE FROM rows');
SELECT * FROM kpi.timelines('DELETE FROM rows RETURNING actor, ts, event');
SELECT * FROM kpi.timelines('SELECT 1, now(), ''a''; SELECT 1, now(), ''a''');
SELECT * FROM kpi.timelines('nonsense');
SELECT count(*) FROM rows;
-- with the rights of the caller
CREATE ROLE timelines_nobody;
GRANT USAGE ON SCHEMA kpi TO timelines_nobody;
SET ROLE timelines_nobody;
SELECT * FROM kpi.timelines('SELECT actor, ts, event FROM rows');
RESET ROLE;
REVOKE USAGE ON SCHEMA kpi FROM timelines_nobody;
DROP ROLE timelines_nobody;
DROP FUNCTION same(text, text);
DROP TABLE rows;
