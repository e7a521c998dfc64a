-- the aggregates in every kind of plan: the plan is the wanted one, and the answer is that of the simplest plan
SET search_path = public, kpi;
-- Rows of 300 actors; g belongs to the actor, events say the same as text and as a mask. The first row of each actor
-- also has the funnel and the timeline of the actor, so that the rollup of the one and the funnel of the other are those of all.
CREATE TABLE ev (i int, u bigint NOT NULL, name text, id uuid, g int NOT NULL, ts timestamptz NOT NULL, event text, mask bigint, f kpi.funnel, tl kpi.timeline);
INSERT INTO ev
SELECT i, u, 'actor ' || u, md5(u::text)::uuid, u % 4, timestamptz '2026-01-01 00:00+00' + (h2 % 20000) * interval '1 minute', event,
       CASE event WHEN 'a' THEN 1 WHEN 'b' THEN 2 WHEN 'c' THEN 4 WHEN 'x' THEN 0 END
FROM (SELECT i, hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2, hashint8extended(i, 3) & 2147483647 AS h3
      FROM generate_series(1, 9000) i) AS h,
     LATERAL (SELECT CASE WHEN h1 % 5 = 0 THEN 7 ELSE h1 % 300 END AS u, (ARRAY['a','b','c','x',NULL])[1 + h3 % 5] AS event) AS e;
-- some rows twice
INSERT INTO ev SELECT i + 9000, u, name, id, g, ts, event, mask FROM ev WHERE i % 9 = 0;
UPDATE ev SET f = whole.f, tl = whole.tl
FROM (SELECT min(i) AS i, kpi.funnel(u, ts, event, 'a -> b -> c within 3 days by week in Asia/Seoul') AS f, kpi.timeline(ts, event) AS tl
      FROM ev GROUP BY u) AS whole
WHERE ev.i = whole.i;
CREATE TABLE ev_small AS SELECT * FROM ev WHERE f IS NOT NULL OR u = 7 ORDER BY i LIMIT 150;
-- one actor in one partition; one actor in many partitions, one of which is empty
CREATE TABLE ev_hash (LIKE ev) PARTITION BY HASH (u);
SELECT format('CREATE TABLE ev_hash_%1$s PARTITION OF ev_hash FOR VALUES WITH (MODULUS 4, REMAINDER %1$s)', r) FROM generate_series(0, 3) r \gexec
CREATE TABLE ev_range (LIKE ev) PARTITION BY RANGE (ts);
SELECT format('CREATE TABLE ev_range_%s PARTITION OF ev_range FOR VALUES FROM (%L) TO (%L)', d, day + d * interval '24 hours', day + (d + 4) * interval '24 hours')
FROM generate_series(0, 16, 4) d, (SELECT timestamptz '2026-01-01 00:00+00' AS day) AS first \gexec
CREATE TABLE ev_parent (LIKE ev);
CREATE TABLE ev_child () INHERITS (ev_parent);
CREATE TABLE ev_grandchild () INHERITS (ev_child);
INSERT INTO ev_hash SELECT * FROM ev;
INSERT INTO ev_range SELECT * FROM ev;
INSERT INTO ev_parent SELECT * FROM ev WHERE i % 3 = 0;
INSERT INTO ev_child SELECT * FROM ev WHERE i % 3 = 1;
INSERT INTO ev_grandchild SELECT * FROM ev WHERE i % 3 = 2;
CREATE TABLE ev_none (LIKE ev);
CREATE TABLE chosen AS SELECT 'a -> b -> c within 3 days'::kpi.pattern AS pattern;
ANALYZE;

CREATE TABLE calls (name text, call text);
INSERT INTO calls VALUES
('bigint label', 'kpi.funnel(u, ts, event, ''a -> b -> c within 3 days by week in Asia/Seoul'')'),
('bigint mask', 'kpi.funnel(u, ts, mask, ''1 -> 2? -> 3 within 3 days first entry'')'),
('uuid label', 'kpi.funnel(id, ts, event, ''a -[no x]-> b -> c open'')'),
('uuid mask', 'kpi.funnel(id, ts, mask, ''1 => 2 -> 3 strictly increasing'')'),
('text label', 'kpi.funnel(name, ts, event, ''a -> b -> c any order within 1 day'')'),
('text mask', 'kpi.funnel(name, ts, mask, ''1 -> 2 -> 3 by day'')'),
('pattern of a sub-select', 'kpi.funnel(u, ts, event, (SELECT pattern FROM chosen))'),
('rollup of funnels', 'kpi.rollup(f)'),
('funnel of timelines', 'kpi.funnel(tl, ''a -> b -> c within 3 days by week in Asia/Seoul'')'),
('timeline', 'kpi.timeline(ts, event)'),
('timeline with values', 'kpi.timeline(ts, event, i / 4.0)'),
('rollup of timelines', 'kpi.rollup(tl)'),
('retention', 'kpi.retention(u, ts, event, ''a -> b by week for 3 in Asia/Seoul'')'),
('retention with values', 'kpi.retention(name, ts, event, i / 4.0, ''a -> * by day brackets 1, 5 elapsed until'')'),
('retention of timelines', 'kpi.retention(tl, ''a -> b by week for 3 recurring'')'),
('activity', 'kpi.activity(id, ts, ''by week in America/New_York'')'),
('activity of timelines', 'kpi.activity(tl, ''by week'')'),
('sessions', 'kpi.sessions(u, ts, mask, ''timeout 12 hours, views 1, key 2 by day'')'),
('sessions of timelines', 'kpi.sessions(tl, ''timeout 12 hours, views a, key b by day'')'),
('paths', 'kpi.paths(name, ts, event, ''from a depth 3 gap 2 days'')'),
('paths of timelines', 'kpi.paths(tl, ''to c depth 3 gap 2 days'')'),
('ltv', 'kpi.ltv(u, ts, mask - 1.5, ''by week in Asia/Seoul'')'),
('ltv of text customers', 'kpi.ltv(name, ts, i / 4.0, ''until 2026-01-12, holdout from 2026-01-07'')'),
('ltv of timelines', 'kpi.ltv(tl, ''of a|b, by week'')'),
('xirr_all', 'kpi.xirr_all(i % 41 - 19.75, ts::date)'),
('irr of large amounts', 'kpi.irr((i % 41 - 19.75) * 1e30, g + i % 50)'),
('xnpv', 'kpi.xnpv(0.1, i / 3.0 - 1000, ts::date, ''act/act'')'),
('payback', 'kpi.payback(i % 43 - 20, ts::date, 0.1)'),
('attribution', 'kpi.attribution(u, ts, event, CASE WHEN i % 5 = 0 THEN i / 4.0 END, ''by week in Asia/Seoul'')'),
('attribution of text actors', 'kpi.attribution(name, ts, event, i / 4.0, ''of c, half-life 1 hour, collapse repeats'')'),
('attribution of timelines', 'kpi.attribution(tl, ''of c|b, touches 3, reset after conversion'')'),
('ratio', 'kpi.ratio(i / 7.0 - 30, mask)'),
('roi', 'kpi.roi(mask / 8.0, i * 1.25, ''EUR'')'),
('survey', 'kpi.survey(mask / 2.0, ''mean 0..5'')');

-- `query` gives rows (g, r); CALL stands for the aggregate. Both queries have the same answer; `plan` lists what the plan
-- of the first has to have, or not to have (!).
CREATE TABLE shapes (shape text, settings text[], plan text[], query text, reference text);
INSERT INTO shapes
SELECT shape, settings, plan, query,
       CASE reference WHEN 'total' THEN 'SELECT 0 AS g, CALL::text AS r FROM ev'
                      WHEN 'by g' THEN 'SELECT g, CALL::text AS r FROM ev GROUP BY g'
                      WHEN 'by u' THEN 'SELECT u AS g, CALL::text AS r FROM ev GROUP BY u'
                      ELSE reference END
FROM (VALUES
('hashed', '{enable_sort=off}'::text[], '{HashAggregate}'::text[],
 'SELECT g, CALL::text AS r FROM ev GROUP BY g', 'by g'),
('sorted', '{enable_hashagg=off}', '{GroupAggregate, Sort}',
 'SELECT g, CALL::text AS r FROM ev GROUP BY g', 'by g'),
('parallel', '{parallel}', '{Finalize Aggregate, Gather, Partial Aggregate, "Workers Launched: [1-9]"}',
 'SELECT 0 AS g, CALL::text AS r FROM ev', 'total'),
('parallel, workers only', '{parallel, parallel_leader_participation=off}', '{Finalize Aggregate, Gather, Partial Aggregate, "Workers Launched: [1-9]"}',
 'SELECT 0 AS g, CALL::text AS r FROM ev', 'total'),
('parallel, hashed', '{parallel, enable_sort=off}', '{Partial HashAggregate}',
 'SELECT g, CALL::text AS r FROM ev GROUP BY g', 'by g'),
('parallel, sorted', '{parallel, enable_hashagg=off}', '{Partial GroupAggregate}',
 'SELECT g, CALL::text AS r FROM ev GROUP BY g', 'by g'),
('parallel, workers only, by actor', '{parallel, parallel_leader_participation=off}', '{Partial}',
 'SELECT u AS g, CALL::text AS r FROM ev GROUP BY u', 'by u'),
('parallel, one worker', '{parallel, max_parallel_workers_per_gather=1}', '{Partial Aggregate}',
 'SELECT 0 AS g, CALL::text AS r FROM ev', 'total'),
('parallel, little memory', '{parallel, work_mem=64kB}', '{Partial Aggregate}',
 'SELECT 0 AS g, CALL::text AS r FROM ev', 'total'),
('parallel, little memory, by actor', '{parallel, work_mem=64kB, enable_sort=off}', '{Partial HashAggregate}',
 'SELECT u AS g, CALL::text AS r FROM ev GROUP BY u', 'by u'),
('parallel, no rows', '{parallel}', '{Partial Aggregate}',
 'SELECT 0 AS g, CALL::text AS r FROM ev WHERE abs(u) < 0', 'SELECT 0 AS g, CALL::text AS r FROM ev_none'),
('parallel, no rows for most', '{parallel}', '{Partial Aggregate}',
 'SELECT 0 AS g, CALL::text AS r FROM ev WHERE abs(i) < 100', 'SELECT 0 AS g, CALL::text AS r FROM ev WHERE i < 100'),
('parallel, filtered', '{parallel}', '{Partial Aggregate}',
 'SELECT 0 AS g, (CALL FILTER (WHERE g <> 2))::text AS r FROM ev', 'SELECT 0 AS g, CALL::text AS r FROM ev WHERE g <> 2'),
('parallel, twice', '{parallel}', '{Partial Aggregate}',
 'SELECT 0 AS g, concat(CALL, CALL, CALL FILTER (WHERE g < 2)) AS r FROM ev',
 'SELECT 0 AS g, (SELECT CALL::text FROM ev) || (SELECT CALL::text FROM ev) || (SELECT CALL::text FROM ev WHERE g < 2) AS r'),
('parallel, scanned again', '{parallel, enable_material=off, enable_memoize=off}', '{Nested Loop, Partial Aggregate, loops=3}',
 'SELECT o.g, s.r FROM generate_series(1, 3) AS o(g) LEFT JOIN (SELECT CALL::text AS r FROM ev OFFSET 0) AS s ON true',
 'SELECT o.g, s.r FROM generate_series(1, 3) AS o(g), (SELECT CALL::text AS r FROM ev) AS s'),
('partitions by actor', '{enable_partitionwise_aggregate=on}', '{Finalize Aggregate, Append, Partial Aggregate}',
 'SELECT 0 AS g, CALL::text AS r FROM ev_hash', 'total'),
('partitions by actor, each actor', '{enable_partitionwise_aggregate=on, enable_sort=off}', '{Append, HashAggregate, !Partial}',
 'SELECT u AS g, CALL::text AS r FROM ev_hash GROUP BY u', 'by u'),
('partitions by actor, parallel', '{parallel, enable_partitionwise_aggregate=on}', '{Append, Partial Aggregate, "Workers Launched: [1-9]"}',
 'SELECT 0 AS g, CALL::text AS r FROM ev_hash', 'total'),
('partitions by time', '{enable_partitionwise_aggregate=on}', '{Finalize Aggregate, Append, Partial Aggregate}',
 'SELECT 0 AS g, CALL::text AS r FROM ev_range', 'total'),
('partitions by time, hashed', '{enable_partitionwise_aggregate=on, enable_sort=off}', '{Finalize HashAggregate, Append, Partial HashAggregate}',
 'SELECT g, CALL::text AS r FROM ev_range GROUP BY g', 'by g'),
('partitions by time, sorted', '{enable_partitionwise_aggregate=on, enable_hashagg=off}', '{Finalize GroupAggregate, Append, Partial GroupAggregate}',
 'SELECT u AS g, CALL::text AS r FROM ev_range GROUP BY u', 'by u'),
('partitions by time, parallel', '{parallel, enable_partitionwise_aggregate=on}', '{Append, Partial HashAggregate}',
 'SELECT g, CALL::text AS r FROM ev_range GROUP BY g', 'by g'),
('children', '{}', '{Append, !Partial}',
 'SELECT g, CALL::text AS r FROM ev_parent GROUP BY g', 'by g'),
('children, parallel', '{parallel}', '{Append, Partial Aggregate}',
 'SELECT 0 AS g, CALL::text AS r FROM ev_parent', 'total'),
('grouping sets, hashed', '{enable_sort=off}', '{MixedAggregate, Hash Key}',
 'SELECT coalesce(g, -1) AS g, CALL::text AS r FROM ev GROUP BY GROUPING SETS ((g), (g % 2 + 10), ()) HAVING grouping(g, g % 2 + 10) <> 2',
 'SELECT g, CALL::text AS r FROM ev GROUP BY g UNION ALL SELECT -1, CALL::text FROM ev'),
('grouping sets, sorted', '{enable_hashagg=off}', '{GroupAggregate, Group Key}',
 'SELECT coalesce(g, -1) AS g, CALL::text AS r FROM ev GROUP BY ROLLUP (g)',
 'SELECT g, CALL::text AS r FROM ev GROUP BY g UNION ALL SELECT -1, CALL::text FROM ev'),
('window', '{}', '{WindowAgg}',
 'SELECT g, r::text FROM (SELECT g, row_number() OVER (PARTITION BY g) AS n, CALL OVER (PARTITION BY g) AS r FROM ev) AS s WHERE n = 1', 'by g'),
('window that grows', '{}', '{WindowAgg}',
 'SELECT i AS g, (CALL OVER (ORDER BY i))::text AS r FROM ev_small',
 'SELECT i AS g, (SELECT CALL::text FROM ev_small WHERE i <= o.i) AS r FROM ev_small o'),
('window that moves', '{}', '{WindowAgg}',
 'SELECT i AS g, (CALL OVER (ORDER BY i ROWS BETWEEN 20 PRECEDING AND CURRENT ROW))::text AS r FROM ev_small',
 'SELECT o.i AS g, (SELECT CALL::text FROM (SELECT * FROM ev_small WHERE i <= o.i ORDER BY i DESC LIMIT 21) AS s) AS r FROM ev_small o'),
('window, filtered', '{}', '{WindowAgg}',
 'SELECT g, r::text FROM (SELECT g, row_number() OVER (PARTITION BY g) AS n, CALL FILTER (WHERE i % 3 > 0) OVER (PARTITION BY g) AS r FROM ev) AS s WHERE n = 1',
 'SELECT g, CALL::text AS r FROM ev WHERE i % 3 > 0 GROUP BY g'),
('correlated', '{enable_memoize=off}', '{Nested Loop, Aggregate, loops=4}',
 'SELECT o.g, s.r FROM generate_series(0, 3) AS o(g), LATERAL (SELECT CALL::text AS r FROM ev WHERE ev.g = o.g) AS s', 'by g'),
('correlated, hashed again', '{enable_memoize=off, enable_sort=off}', '{Nested Loop, HashAggregate, loops=4}',
 'SELECT s.u AS g, s.r FROM generate_series(0, 3) AS o(g), LATERAL (SELECT u, CALL::text AS r FROM ev WHERE ev.g = o.g GROUP BY u) AS s', 'by u'),
('distinct', '{parallel}', '{!Partial}',
 'SELECT 0 AS g, DISTINCT_CALL::text AS r FROM (TABLE ev UNION ALL TABLE ev) AS ev',
 'SELECT 0 AS g, CALL::text AS r FROM (SELECT DISTINCT u, id, name, ts, event, mask FROM ev) AS ev'),
('in another order', '{}', '{Sort}',
 'SELECT 0 AS g, CALL::text AS r FROM (SELECT * FROM ev ORDER BY hashint8(i)) AS ev', 'total'),
('in another order, grouped', '{enable_sort=on}', '{Sort, HashAggregate}',
 'SELECT g, CALL::text AS r FROM (SELECT * FROM ev ORDER BY ts DESC, i DESC OFFSET 0) AS ev GROUP BY g', 'by g')
) AS v(shape, settings, plan, query, reference);

CREATE FUNCTION apply(settings text[]) RETURNS void LANGUAGE sql AS $$
	SELECT set_config(split_part(s, '=', 1), split_part(s, '=', 2), true)
	FROM unnest(CASE WHEN settings[1] = 'parallel' THEN
			'{max_parallel_workers_per_gather=2, parallel_setup_cost=0, parallel_tuple_cost=0, min_parallel_table_scan_size=0}' || settings[2:]
		ELSE '{max_parallel_workers_per_gather=0}' || settings END) s $$;
-- Runs one shape for one call; 'ok', or what is wrong. CREATE TABLE AS, because a loop over a query is never parallel.
CREATE FUNCTION try(call text, shape shapes) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	query text := replace(replace(shape.query, 'DISTINCT_CALL', regexp_replace(call, '\(', '(DISTINCT ')), 'CALL', call);
	line text;
	plan text := '';
	wrong text;
BEGIN
	DROP TABLE IF EXISTS got, wanted;
	PERFORM apply('{}');
	EXECUTE 'CREATE TEMP TABLE wanted AS ' || replace(shape.reference, 'CALL', call);
	PERFORM apply(shape.settings);
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) CREATE TEMP TABLE got AS ' || query LOOP
		plan := plan || line || E'\n';
	END LOOP;
	SELECT string_agg(p, ', ') INTO wrong FROM unnest(shape.plan) p WHERE (plan ~ ltrim(p, '!')) = (p ~ '^!');
	IF wrong IS NOT NULL THEN
		RETURN format(E'the plan breaks: %s\n%s', wrong, plan);
	END IF;
	IF (SELECT count(*) FROM wanted) = 0 OR (SELECT count(r) FROM wanted) = 0 AND shape.shape !~ 'no rows' THEN
		RETURN 'nothing to compare';
	END IF;
	SELECT format('%s: %s instead of %s', coalesce(g.g, w.g), g.r, w.r) INTO wrong
	FROM got g FULL JOIN wanted w ON g.g = w.g WHERE g.r IS DISTINCT FROM w.r LIMIT 1;
	RETURN coalesce(wrong, 'ok');
END $$;
-- each shape in a transaction of its own, which takes its settings along
SET client_min_messages = warning;
SET extra_float_digits = 0;
CREATE FUNCTION try_shape(wanted text) RETURNS TABLE (shape text, tried bigint, answer text) LANGUAGE sql AS $$
	SELECT s.shape, count(*), string_agg(DISTINCT CASE WHEN answer = 'ok' THEN 'ok' ELSE c.name || ': ' || answer END, E'\n')
	FROM shapes s, calls c, LATERAL (SELECT try(c.call, s) AS answer) AS t
	-- DISTINCT is by the arguments; only where the actor is one of them, and what tells rows apart is not, does it take the
	-- same rows as for the reference
	WHERE s.shape = wanted AND (s.query !~ 'DISTINCT_CALL' OR c.call ~ '[(](u|id|name),' AND c.call !~ '\mi\M') GROUP BY s.shape $$;
\pset tuples_only on
SELECT format('SELECT * FROM try_shape(%L)', shape) FROM shapes \gexec
\pset tuples_only off

-- the answer that all of these agree on, by plain SQL: the newest chain at each row
WITH ordered AS (SELECT u, ts, event, row_number() OVER (PARTITION BY u ORDER BY ts, event) AS i FROM ev),
s1 AS (SELECT *, max(ts) FILTER (WHERE event = 'a') OVER w AS f1 FROM ordered WINDOW w AS (PARTITION BY u ORDER BY i)),
s2 AS (SELECT *, max(f1) FILTER (WHERE event = 'b' AND ts <= f1 + interval '72 hours') OVER w AS f2 FROM s1 WINDOW w AS (PARTITION BY u ORDER BY i)),
s3 AS (SELECT *, CASE WHEN event = 'c' AND ts <= f2 + interval '72 hours' THEN f2 END AS f3 FROM s2)
SELECT concat_ws(' ', count(DISTINCT u) FILTER (WHERE f1 IS NOT NULL), count(DISTINCT u) FILTER (WHERE f2 IS NOT NULL), count(DISTINCT u) FILTER (WHERE f3 IS NOT NULL)) AS plain_sql,
       (SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps((SELECT kpi.funnel(u, ts, event, 'a -> b -> c within 3 days') FROM ev))) AS funnel,
       (SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps((SELECT kpi.rollup(f) FROM ev))) AS rollup,
       (SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps((SELECT kpi.funnel(tl, 'a -> b -> c within 3 days') FROM ev))) AS of_timelines
FROM s3;
-- a pattern that only the execution knows, in workers
BEGIN;
SELECT apply('{parallel}');
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE later(kpi.pattern) AS SELECT kpi.funnel(u, ts, event, $1) OPERATOR(kpi.=) (SELECT kpi.funnel(u, ts, event, 'a -> b') FROM ev_parent) AS same FROM ev;
EXECUTE later('a -> b');
EXECUTE later('b -> a');
ROLLBACK;
DEALLOCATE later;
-- partial states of different patterns
BEGIN;
SET LOCAL enable_partitionwise_aggregate = on;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT kpi.funnel(u, ts, event, CASE WHEN tableoid = 'ev_range_0'::regclass THEN 'a -> b' ELSE 'a -> c' END::kpi.pattern) FROM ev_range;
ROLLBACK;
DROP FUNCTION try_shape, try, apply;
DROP TABLE ev, ev_small, ev_hash, ev_range, ev_parent, ev_child, ev_grandchild, ev_none, chosen, calls, shapes, got, wanted;
