-- One answer, however it is come by: serial, in parallel, by partition, through files, rolled up, over timelines, in any order of the rows,
-- for patterns with every option. The plain-SQL reference is in funnel_random, the brute force in the unit tests.
SET client_min_messages = warning;
CREATE TABLE ev (actor bigint, ts timestamptz, event text) PARTITION BY HASH (actor);
SELECT format('CREATE TABLE ev_%1$s PARTITION OF ev FOR VALUES WITH (MODULUS 3, REMAINDER %1$s)', r) FROM generate_series(0, 2) AS r \gexec
INSERT INTO ev
SELECT CASE WHEN h1 % 4 = 0 THEN 5 ELSE h1 % 700 END, timestamptz '2025-03-01 00:00+00' + (h2 % 30000) * interval '2 minutes',
       (ARRAY['view', 'view', 'cart', 'pay', 'error', 'help', 'vip:a', 'vip:b'])[1 + h3 % 8]
FROM (SELECT hashint8extended(i, 11) & 2147483647 AS h1, hashint8extended(i, 12) & 2147483647 AS h2, hashint8extended(i, 13) & 2147483647 AS h3
      FROM generate_series(1, 40000) AS i) AS h;
-- some at one instant
INSERT INTO ev SELECT actor, date_trunc('hour', ts), 'pay' FROM ev WHERE event = 'cart';
INSERT INTO ev SELECT actor, date_trunc('hour', ts), 'cart' FROM ev WHERE event = 'view' LIMIT 4000;
ANALYZE ev;
CREATE TABLE store AS SELECT actor::bigint, timeline FROM kpi.timelines('SELECT actor, ts, event FROM ev');
CREATE TABLE patterns (n int GENERATED ALWAYS AS IDENTITY, pattern kpi.pattern);
INSERT INTO patterns (pattern) VALUES
  ('view -> cart -> pay'), ('view -> cart -> pay within 3 days'), ('view -> cart -> pay within 12 hours by week in Asia/Seoul'),
  ('view => cart => pay'), ('view -[no error]-> cart -[<= 6 hours, no error|help]-> pay'), ('view -[>= 1 day]-> cart -[>= 2 hours, <= 5 days]-> pay within 9 days'),
  ('view -> help? -> cart -> error? -> pay'), ('view -> cart -> pay strictly increasing'), ('cart -> view -> cart -> view within 20 hours reuse rows'),
  ('view -> cart -> pay -> help any order within 2 hours'), ('view -> cart -> pay first entry within 5 days by day'), ('view -> cart -> pay open by month'),
  ('vip:* -> cart|pay -> *'), ('* => * => * within 10 minutes'), ('nothing -> view'), ('view -> nothing?'), ('error'), ('view -> view -> view -> view -> view within 90 minutes');
-- all ways for one pattern: the answers, and what differs from the first one
CREATE FUNCTION ways(p kpi.pattern) RETURNS TABLE (way text, funnel kpi.funnel) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('max_parallel_workers_per_gather', '0', true), set_config('enable_partitionwise_aggregate', 'off', true), set_config('work_mem', '256MB', true);
  RETURN QUERY EXECUTE 'SELECT ''serial'', kpi.funnel(actor, ts, event, $1) FROM ev' USING p;
  RETURN QUERY EXECUTE 'SELECT ''shuffled'', kpi.funnel(actor, ts, event, $1) FROM (SELECT * FROM ev ORDER BY md5(ev::text)) AS s' USING p;
  RETURN QUERY EXECUTE 'SELECT ''backwards'', kpi.funnel(actor, ts, event, $1) FROM (SELECT * FROM ev ORDER BY ts DESC) AS s' USING p;
  RETURN QUERY EXECUTE 'SELECT ''text actors'', kpi.funnel(actor::text, ts, event, $1) FROM ev' USING p;
  RETURN QUERY EXECUTE 'SELECT ''rolled up'', kpi.rollup(f) FROM (SELECT kpi.funnel(actor, ts, event, $1) AS f FROM ev GROUP BY actor % 13) AS s' USING p;
  RETURN QUERY EXECUTE 'SELECT ''timelines'', kpi.funnel(timeline, $1) FROM store' USING p;
  RETURN QUERY EXECUTE 'SELECT ''timelines by rows'', kpi.funnel(t, $1) FROM (SELECT kpi.timeline(ts, event) AS t FROM ev GROUP BY actor) AS s' USING p;
  PERFORM set_config('work_mem', '64kB', true);
  RETURN QUERY EXECUTE 'SELECT ''through files'', kpi.funnel(actor, ts, event, $1) FROM ev' USING p;
  RETURN QUERY EXECUTE 'SELECT ''through files, uuid'', kpi.funnel(md5(actor::text)::uuid, ts, event, $1) FROM ev' USING p;
  RETURN QUERY EXECUTE 'SELECT ''through files, rolled up'', kpi.rollup(f) FROM (SELECT kpi.funnel(actor, ts, event, $1) AS f FROM ev GROUP BY actor % 3) AS s' USING p;
  PERFORM set_config('max_parallel_workers_per_gather', '2', true), set_config('parallel_setup_cost', '0', true), set_config('parallel_tuple_cost', '0', true),
    set_config('min_parallel_table_scan_size', '0', true);
  RETURN QUERY EXECUTE 'SELECT ''parallel through files'', kpi.funnel(actor, ts, event, $1) FROM ev' USING p;
  PERFORM set_config('work_mem', '256MB', true);
  RETURN QUERY EXECUTE 'SELECT ''parallel'', kpi.funnel(actor, ts, event, $1) FROM ev' USING p;
  RETURN QUERY EXECUTE 'SELECT ''parallel timelines'', kpi.funnel(timeline, $1) FROM store' USING p;
  PERFORM set_config('enable_partitionwise_aggregate', 'on', true);
  RETURN QUERY EXECUTE 'SELECT ''by partition'', kpi.funnel(actor, ts, event, $1) FROM ev' USING p;
END $$;
CREATE TABLE answers AS SELECT n, way, funnel FROM patterns, ways(pattern);
SELECT n, count(*) AS ways, count(*) FILTER (WHERE a.funnel OPERATOR(kpi.<>) s.funnel) AS different, kpi.completions(s.funnel) AS completions,
       (SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps(s.funnel)) AS actors,
       string_agg(a.way, ', ') FILTER (WHERE a.funnel OPERATOR(kpi.<>) s.funnel) AS which
FROM answers AS a JOIN answers AS s USING (n) WHERE s.way = 'serial' GROUP BY n, s.funnel ORDER BY n;
-- a store that is kept up to date is the one that is built at once: by appending, and by computing the tail anew after late events
CREATE TABLE kept AS SELECT actor::bigint, timeline FROM kpi.timelines($$ SELECT actor, ts, event FROM ev WHERE ts < '2025-03-20 00:00+00' $$);
ALTER TABLE kept ADD PRIMARY KEY (actor);
INSERT INTO kept AS k
SELECT actor::bigint, timeline FROM kpi.timelines($$ SELECT actor, ts, event FROM ev WHERE ts >= '2025-03-20 00:00+00' AND actor <> 9 $$)
ON CONFLICT (actor) DO UPDATE SET timeline = kpi.merge(k.timeline, excluded.timeline);
SELECT count(*) FILTER (WHERE k.timeline OPERATOR(kpi.<>) s.timeline) AS different, count(*) FROM kept AS k JOIN store AS s USING (actor);
UPDATE kept AS k SET timeline = kpi.merge(kpi.slice(k.timeline, to_ts => '2025-03-15 00:00+00'), tail.timeline)
FROM kpi.timelines($$ SELECT actor, ts, event FROM ev WHERE ts >= '2025-03-15 00:00+00' $$) AS tail WHERE tail.actor::bigint = k.actor;
SELECT count(*) FILTER (WHERE k.timeline OPERATOR(kpi.<>) s.timeline) AS different, count(*) FROM kept AS k JOIN store AS s USING (actor);
DROP FUNCTION ways(kpi.pattern);
DROP TABLE answers, ev, store, kept, patterns;
