-- One answer, however it is come by: serial, in parallel, by partition, through files, rolled up, over timelines, in any order of the rows,
-- for patterns with every option. The plain-SQL reference is in funnel_random, the brute force in the unit tests.
SET client_min_messages = warning;
CREATE TABLE ev (actor bigint, ts timestamptz, event text, value numeric GENERATED ALWAYS AS (CASE WHEN actor % 5 > 0 THEN extract(minute FROM ts AT TIME ZONE 'UTC') / 4 END) STORED) PARTITION BY HASH (actor);
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
CREATE TABLE valued_store AS SELECT actor::bigint, timeline FROM kpi.timelines('SELECT actor, ts, event, value FROM ev');
CREATE TABLE patterns (n int GENERATED ALWAYS AS IDENTITY, pattern kpi.pattern);
INSERT INTO patterns (pattern) VALUES
  ('view -> cart -> pay'), ('view -> cart -> pay within 3 days'), ('view -> cart -> pay within 12 hours by week in Asia/Seoul'),
  ('view => cart => pay'), ('view -[no error]-> cart -[<= 6 hours, no error|help]-> pay'), ('view -[>= 1 day]-> cart -[>= 2 hours, <= 5 days]-> pay within 9 days'),
  ('view -> help? -> cart -> error? -> pay'), ('view -> cart -> pay strictly increasing'), ('cart -> view -> cart -> view within 20 hours reuse rows'),
  ('view -> cart -> pay -> help any order within 2 hours'), ('view -> cart -> pay first entry within 5 days by day'), ('view -> cart -> pay open by month'),
  ('vip:* -> cart|pay -> *'), ('* => * => * within 10 minutes'), ('nothing -> view'), ('view -> nothing?'), ('error'), ('view -> view -> view -> view -> view within 90 minutes');
-- all ways for one literal of one analysis: the answers, as text
CREATE FUNCTION ways(analysis text, columns text, literal text) RETURNS TABLE (way text, answer text) LANGUAGE plpgsql AS $$
DECLARE
  -- of rows: the aggregate's call with an actor in place of %s; of timelines
  rows_call text := format('kpi.%s(%%s, %s, %L)', analysis, columns, literal);
  timeline_call text := format('kpi.%s(timeline, %L)', analysis, literal);
  store text := CASE WHEN columns ~ 'value' THEN 'valued_store' ELSE 'store' END;
  one record;
BEGIN
  FOR one IN SELECT * FROM (VALUES
      (1, 'serial', 'actor', 'ev', NULL), (1, 'shuffled', 'actor', '(SELECT * FROM ev ORDER BY md5(ev::text)) AS s', NULL), (1, 'backwards', 'actor', '(SELECT * FROM ev ORDER BY ts DESC) AS s', NULL),
      (1, 'text actors', 'actor::text', 'ev', NULL), (1, 'rolled up', 'actor', 'ev', 'actor % 13'), (1, 'timelines', NULL, store, NULL),
      (1, 'timelines by rows', NULL, format('(SELECT kpi.timeline(ts, event%s) AS timeline FROM ev GROUP BY actor) AS s', CASE WHEN columns ~ 'value' THEN ', value' END), NULL),
      (2, 'through files', 'actor', 'ev', NULL), (2, 'through files, uuid', 'md5(actor::text)::uuid', 'ev', NULL), (2, 'through files, rolled up', 'actor', 'ev', 'actor % 3'),
      (3, 'parallel through files', 'actor', 'ev', NULL), (4, 'parallel', 'actor', 'ev', NULL), (4, 'parallel timelines', NULL, store, NULL), (5, 'by partition', 'actor', 'ev', NULL)
    ) AS v(settings, way, actor, source, part)
  LOOP
    PERFORM set_config('work_mem', CASE WHEN one.settings IN (2, 3) THEN '64kB' ELSE '256MB' END, true),
      set_config('max_parallel_workers_per_gather', CASE WHEN one.settings >= 3 THEN '2' ELSE '0' END, true), set_config('parallel_setup_cost', '0', true),
      set_config('parallel_tuple_cost', '0', true), set_config('min_parallel_table_scan_size', '0', true),
      set_config('enable_partitionwise_aggregate', CASE WHEN one.settings = 5 THEN 'on' ELSE 'off' END, true);
    way := one.way;
    EXECUTE CASE WHEN one.part IS NULL THEN format('SELECT %s::text FROM %s', CASE WHEN one.actor IS NULL THEN timeline_call ELSE format(rows_call, one.actor) END, one.source)
      ELSE format('SELECT kpi.rollup(a)::text FROM (SELECT %s AS a FROM %s GROUP BY %s) AS s', format(rows_call, one.actor), one.source, one.part) END INTO answer;
    RETURN NEXT;
  END LOOP;
END $$;
CREATE TABLE answers AS SELECT n, way, answer::kpi.funnel AS funnel FROM patterns, ways('funnel', 'ts, event', pattern::text);
SELECT n, count(*) AS ways, count(*) FILTER (WHERE a.funnel OPERATOR(kpi.<>) s.funnel) AS different, kpi.completions(s.funnel) AS completions,
       (SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps(s.funnel)) AS actors,
       string_agg(a.way, ', ') FILTER (WHERE a.funnel OPERATOR(kpi.<>) s.funnel) AS which
FROM answers AS a JOIN answers AS s USING (n) WHERE s.way = 'serial' GROUP BY n, s.funnel ORDER BY n;
-- the other analyses
CREATE TABLE literals (analysis text, columns text, literal text);
INSERT INTO literals VALUES
  ('retention', 'ts, event', 'view -> pay by week for 8'), ('retention', 'ts, event, value', 'view -> pay|cart by day for 30 in Asia/Seoul on or after'),
  ('retention', 'ts, event, value', '* -> * by week for 5 in Europe/Berlin week starts sunday recurring at least 2 times'), ('retention', 'ts, event', 'cart -> pay by hour brackets 1, 6, 24, 100 elapsed until'),
  ('retention', 'ts, event, value', 'vip:* -> * by month for 2 every first ever of view|vip:*'),
  ('activity', 'ts', 'by day in America/New_York'), ('activity', 'ts', 'by week week starts saturday'), ('activity', 'ts', 'by month in Asia/Kolkata');
INSERT INTO literals VALUES
  ('sessions', 'ts, event', 'views view, key pay, clicks cart, by day in Europe/Berlin'), ('sessions', 'ts, event', 'timeout 1 day, views vip:*|view, impressions *, shares help, by hour in Asia/Kolkata'),
  ('sessions', 'ts, event', 'timeout 0 sec, key pay, engaged after 0 sec'),
  ('paths', 'ts, event', 'from view depth 3 gap 1 day'), ('paths', 'ts, event', 'to pay|help depth 4 gap 10 hours collapse repeats'), ('paths', 'ts, event', 'depth 2 gap 6 hours top 3'),
  ('ltv', 'ts, value', 'by week in America/New_York week starts sunday'), ('ltv', 'ts, value', 'unit week, until 2025-04-04, holdout from 2025-03-20'), ('ltv', 'ts, value', 'by year in Asia/Seoul, holdout from 2025-03-02');
INSERT INTO literals VALUES
  ('attribution', 'ts, event, value', 'by week in America/New_York week starts sunday'), ('attribution', 'ts, event, value', 'of pay, direct view|help, half-life 5 hours, touches 6'),
  ('attribution', 'ts, event, value', 'lookback 2 days, conversions are touches, collapse repeats, reset after conversion');
SELECT analysis, literal, count(*) AS ways, count(*) FILTER (WHERE answer <> serial) AS different, string_agg(way, ', ') FILTER (WHERE answer <> serial) AS which, max(length(answer)) > 150 AS some
FROM (SELECT l.*, w.*, first_value(answer) OVER (PARTITION BY analysis, literal ORDER BY way = 'serial' DESC) AS serial FROM literals l, ways(analysis, columns, literal) w) AS s
GROUP BY analysis, literal ORDER BY analysis, literal COLLATE "C";
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
DROP FUNCTION ways(text, text, text);
DROP TABLE answers, ev, store, valued_store, kept, patterns, literals;
