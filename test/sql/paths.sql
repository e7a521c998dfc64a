-- kpi.paths: what it counts, its columns, its errors
CREATE FUNCTION at(s text) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN s ~ 'inf' THEN s::timestamptz ELSE timestamptz '2026-03-01 12:00:00+00' + s::float8 * interval '1 minute' END $$;
-- '1:a@0 1:b@10' -> rows; times in minutes
CREATE FUNCTION rows(h text) RETURNS TABLE (u bigint, ts timestamptz, event text) LANGUAGE sql IMMUTABLE AS
$$ SELECT split_part(w, ':', 1)::bigint, at(split_part(w, '@', 2)), split_part(split_part(w, ':', 2), '@', 1)
   FROM regexp_split_to_table(h, '\s+') AS w $$;
CREATE TABLE e AS SELECT * FROM rows('1:home@0 1:list@1 1:cart@3 1:pay@4   2:home@0 2:list@2 2:list@3 2:home@40 2:list@41
 3:ad@0 3:home@1 3:pay@2 3:home@3   4:list@0 4:pay@1   5:home@0 5:list@2 5:cart@3 5:list@4 5:cart@5 5:pay@6');

SELECT * FROM kpi.edges((SELECT kpi.paths(u, ts, event, 'from home depth 2') FROM e));
SELECT * FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'from home depth 2') FROM e));
SELECT * FROM kpi.edges((SELECT kpi.paths(u, ts, event, 'to pay depth 2') FROM e));
SELECT * FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'to pay depth 2') FROM e));
SELECT * FROM kpi.edges((SELECT kpi.paths(u, ts, event, 'depth 1 collapse repeats') FROM e));
SELECT * FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'depth 50, gap 1 day') FROM e));
-- the most frequent ones, and in the last row all others; null: all
SELECT path, actors, count, round(share::numeric, 3) AS share FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'depth 1') FROM e), 2);
SELECT path, count FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'depth 1') FROM e), n => NULL);
SELECT * FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'depth 1') FROM e), 0);
-- labels beyond `top` of a column are folded: counts still add up, actors and times of what is folded ...
SELECT * FROM kpi.edges((SELECT kpi.paths(u, ts, event, 'depth 2 top 1') FROM e));
SELECT * FROM kpi.edges((SELECT kpi.paths(u, ts, event, 'to pay depth 2 top 1') FROM e));
SELECT kpi.path_error(p), kpi.spec_of(p), kpi.path_error('{}'::kpi.paths), kpi.spec_of('{}'::kpi.paths) FROM (SELECT kpi.paths(u, ts, event, 'top 7') AS p FROM e) AS s;

-- a gap ends a path only if it is longer; repeats do not hide that an actor was there
SELECT path, count FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'gap 30 min') FROM rows('1:a@0 1:b@30 2:a@0 2:b@30.01')));
SELECT path, count FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'gap 30 min collapse repeats') FROM rows('1:a@0 1:a@20 1:a@40 1:b@60')));
SELECT source, target, median_time FROM kpi.edges((SELECT kpi.paths(u, ts, event, 'gap 30 min collapse repeats') FROM rows('1:a@0 1:a@20 1:a@40 1:b@60')));
-- one path a stretch: from the first start on, to the first end
SELECT path, count FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'from a|b* depth 1') FROM rows('1:x@0 1:bb@1 1:a@2 1:a@3 1:bx@100 1:y@101')));
SELECT path, count FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'to a|b* depth 1') FROM rows('1:x@0 1:bb@1 1:a@2 1:a@3 1:bx@100 1:y@101')));
-- events of one instant are taken in the order of their bytes, whatever the order of the rows, and all of them
SELECT path FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'depth 9') FROM rows('1:b@0 1:a@0 1:B@0 1:aa@0 1:a@0 1:é@0 1:b@0')));
SELECT path FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'to b depth 2') FROM rows('1:b@0 1:a@0 1:B@0 1:aa@0 1:a@0 1:é@0 1:b@0')));
SELECT path FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'collapse repeats') FROM rows('1:b@0 1:a@0 1:B@0 1:aa@0 1:a@0 1:é@0 1:b@0')));
-- infinite times: a gap without end lies before them
SELECT path FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'gap 1000 days') FROM rows('1:a@-infinity 1:b@-infinity 1:c@0 1:d@infinity 1:e@infinity')));
-- labels that look like ours, and the empty one
SELECT source, target, count FROM kpi.edges((SELECT kpi.paths(1, at(i::text), l, 'depth 3') FROM unnest(ARRAY['(exit)', '', '(other)']) WITH ORDINALITY AS v(l, i)));

-- the language
SELECT s, s::kpi.path_spec FROM unnest(ARRAY['', 'depth 1', 'TOP 3, to pay*|"to", Collapse Repeats,gap 90min', 'from from', 'from "a b"|a|a depth 50 gap 0 sec top 1000']) AS s;
CREATE FUNCTION refused(spec text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE m text; d text; h text;
BEGIN
  RETURN 'accepted: ' || spec::kpi.path_spec;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
  RETURN concat_ws(' / ', SQLSTATE, m, d, nullif(h, ''));
END $$;
SELECT refused(s) FROM unnest(ARRAY['from', 'from *', 'from a to b', 'from a from b', 'depth', 'depth 0', 'depth 51', 'depth x', 'top 1001', 'gap 1 month', 'gap', 'gap -1 sec',
  'collapse', 'collapse all', 'collapse repeats collapse repeats', 'steps 5', 'depth 5 depth 5', 'from depth 5', 'from a -> b', 'from "a', ',', 'from ' || repeat('x', 1025)]) AS s;
SELECT 'to a'::kpi.path_spec OPERATOR(kpi.=) 'depth 5, to a, top 50 gap 1800 sec' AS same, 'to a'::kpi.path_spec OPERATOR(kpi.<) 'to b' AS less;

-- NULLs are ignored, nothing at all are paths of nobody
SELECT path, actors, count FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'depth 1') FROM (VALUES (1, now(), 'a'), (NULL, now(), 'b'), (2, NULL, 'c'), (3, now(), NULL)) AS v(u, ts, event)));
SELECT kpi.paths(u, ts, event, 'depth 1') FROM e WHERE false;
SELECT count(*) FROM kpi.edges((SELECT kpi.paths(u, ts, event, 'depth 1') FROM e WHERE false));
SELECT count(*) FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'from nowhere') FROM e));
SELECT kpi.paths(u, ts, event, s.s), kpi.rollup('{}'::kpi.paths) FROM e, (VALUES ('depth 1'::kpi.path_spec)) AS s(s) WHERE false;
SELECT kpi.rollup(p), kpi.rollup(p) IS NULL AS none FROM (SELECT NULL::kpi.paths AS p) AS s;
SELECT kpi.edges(NULL), kpi.top_paths(NULL::kpi.paths), kpi.path_error(NULL::kpi.paths);
SELECT kpi.paths(NULL::kpi.timeline, 'depth 1'), kpi.paths('{}'::kpi.timeline, 'depth 1');
-- errors
SELECT kpi.paths(u, ts, event, NULL) FROM e;
SELECT kpi.paths(u, ts, event, CASE WHEN u < 3 THEN 'depth 1' ELSE 'depth 2' END::kpi.path_spec) FROM (SELECT * FROM e ORDER BY u) AS e;
SELECT kpi.merge(kpi.paths(u, ts, event, 'depth 1'), kpi.paths(u, ts, event, 'depth 2')) FROM e;
SELECT kpi.paths(u, ts, repeat('x', 1025), 'depth 1') FROM e;
-- the least and the most that a path can be
SELECT path, count FROM kpi.top_paths((SELECT kpi.paths(1, at((i / 10.0)::text), i::text, 'depth 50') FROM generate_series(1, 60) AS i));
SELECT count(*), sum(count), max(depth) FROM kpi.edges((SELECT kpi.paths(1, at((i / 10.0)::text), i::text, 'depth 50') FROM generate_series(1, 50) AS i));

-- all kinds of actors agree; merging; text, jsonb and the bytes of it
SELECT kpi.paths(u, ts, event, 'from home') OPERATOR(kpi.=) kpi.paths(u::text, ts, event, 'from home') AS text_actor,
       kpi.paths(u, ts, event, 'from home') OPERATOR(kpi.=) kpi.paths(md5(u::text)::uuid, ts, event, 'from home') AS uuid_actor,
       kpi.paths(u, ts, event, 'from home') OPERATOR(kpi.=) kpi.paths(u::int, ts, event::varchar, 'from home') AS int_actor
FROM e;
SELECT a OPERATOR(kpi.+) b OPERATOR(kpi.=) kpi.merge(b, a) AS same, a OPERATOR(kpi.+) b OPERATOR(kpi.=) w AS whole, a OPERATOR(kpi.<>) b AS other, kpi.merge('{}', a) OPERATOR(kpi.=) a AS nothing
FROM (SELECT kpi.paths(u, ts, event, 'from home') FILTER (WHERE u < 3), kpi.paths(u, ts, event, 'from home') FILTER (WHERE u >= 3), kpi.paths(u, ts, event, 'from home') FROM e) AS v(a, b, w);
SELECT kpi.paths(u, ts, event, 'from home depth 1') FROM e;
SELECT kpi.paths(u, ts, event, 'to pay depth 1 collapse repeats') FROM e;
SELECT kpi.paths_send(kpi.paths(u, ts, event, 'depth 1')) FROM rows('1:a@0 1:b@1') ;
SELECT p::text::kpi.paths OPERATOR(kpi.=) p AS text, p::jsonb::kpi.paths OPERATOR(kpi.=) p AS jsonb, kpi.hash(p) = kpi.hash(p::text::kpi.paths) AS hash
FROM (SELECT kpi.paths(u, ts, event, s) AS p FROM e, unnest(ARRAY['from home', 'to pay depth 3', 'depth 2 collapse repeats']::kpi.path_spec[]) AS s GROUP BY s) AS v;
-- as any aggregate
SELECT u % 2 AS odd, (SELECT sum(count) FROM kpi.edges(p) WHERE depth = 1) AS paths FROM (SELECT u % 2 AS u, kpi.paths(e.u, ts, event, 'from home') AS p FROM e GROUP BY ROLLUP (u % 2)) AS s ORDER BY 1;
SELECT (SELECT array_agg(path::text) FROM kpi.top_paths(p)) AS last_three
FROM (SELECT kpi.paths(u, ts, event, 'depth 2') OVER (ORDER BY u, ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS p FROM e WHERE u < 3) AS s;

-- random rows: the same as plain SQL
CREATE TABLE r (u int, ts timestamptz, event text);
INSERT INTO r
SELECT CASE WHEN h1 % 50 = 0 THEN NULL ELSE (h1 % 200)::int END,
       CASE WHEN h2 % 60 = 0 THEN NULL ELSE timestamptz '2026-01-01 00:00+00' + (h2 % 900) * interval '1 minute' END,
       CASE WHEN h3 % 70 = 0 THEN NULL ELSE (ARRAY['a', 'a', 'b', 'c', 'd', 'B', 'é', 'a rather long label that does not fit a short header at all, '
                   || repeat('and so on ', 20), ''])[1 + h3 % 9] END
FROM (SELECT hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2,
             hashint8extended(i, 3) & 2147483647 AS h3
      FROM generate_series(1, 9000) i) AS h;
INSERT INTO r SELECT * FROM r WHERE hashtext(event || ts) % 7 = 0;
CREATE FUNCTION by_definition(anchor text, labels text[], most int, gap interval, collapse boolean)
RETURNS TABLE (depth int, source text, target text, actors bigint, count bigint, median_time interval, path text[], u int, s bigint) LANGUAGE sql STABLE AS $$
  WITH ordered AS (
    SELECT u, ts, event, row_number() OVER w AS n, lag(ts) OVER w AS before FROM r
    WHERE u IS NOT NULL AND ts IS NOT NULL AND event IS NOT NULL WINDOW w AS (PARTITION BY u ORDER BY ts, event COLLATE "C")),
  stretches AS (SELECT *, count(*) FILTER (WHERE before IS NULL OR ts - before > gap) OVER (PARTITION BY u ORDER BY n) AS s FROM ordered),
  kept AS (
    SELECT *, row_number() OVER (PARTITION BY u, s ORDER BY n) AS k
    FROM (SELECT *, lag(event) OVER (PARTITION BY u, s ORDER BY n) AS previous FROM stretches) AS p
    WHERE NOT collapse OR previous IS DISTINCT FROM event),
  anchored AS (
    SELECT *, min(k) FILTER (WHERE anchor = 'any' OR event = ANY (labels)) OVER (PARTITION BY u, s) AS a,
           lead(event) OVER w AS next, lead(ts) OVER w - ts AS till, lag(event) OVER w AS last, ts - lag(ts) OVER w AS since
    FROM kept WINDOW w AS (PARTITION BY u, s ORDER BY k)),
  steps AS (
    SELECT u, s, k, event, (k - a + 1)::int AS depth, event AS source, coalesce(next, '(exit)') AS target, till AS span FROM anchored WHERE anchor <> 'to' AND k - a BETWEEN 0 AND most
    UNION ALL
    SELECT u, s, k, event, -(a - k + 1)::int, coalesce(last, '(entry)'), event, since FROM anchored WHERE anchor = 'to' AND a - k BETWEEN 0 AND most)
  SELECT depth, source, target, count(DISTINCT u), count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY span), NULL, NULL, NULL
  FROM steps WHERE abs(depth) <= most GROUP BY depth, source, target
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, array_agg(event ORDER BY k), u, s FROM steps GROUP BY u, s
$$;
CREATE TABLE q (n int, anchor text, labels text[], most int, gap interval, collapse boolean, spec kpi.path_spec);
INSERT INTO q SELECT row_number() OVER (), anchor, labels, most, gap, collapse,
  concat_ws(' ', CASE WHEN anchor <> 'any' THEN anchor || ' ' || array_to_string(labels, '|') END, 'depth', most, 'gap', extract(epoch FROM gap)::int, 'sec', CASE WHEN collapse THEN 'collapse repeats' END)::kpi.path_spec
FROM (VALUES ('any', NULL::text[]), ('from', ARRAY['a']), ('from', ARRAY['B', 'c']), ('to', ARRAY['b']), ('to', ARRAY['d', 'é'])) AS v(anchor, labels),
     unnest(ARRAY[1, 3, 6]) AS most, unnest(ARRAY[interval '10 minutes', '30 minutes', '3 hours']) AS gap, unnest(ARRAY[false, true]) AS collapse;
CREATE TABLE d AS SELECT n, d.* FROM q, by_definition(anchor, labels, most, gap, collapse) AS d;
CREATE TABLE whole AS SELECT n, spec, (SELECT kpi.paths(u, ts, event, spec) FROM r) AS p FROM q;
SELECT anchor, collapse, count(*) FILTER (WHERE differ = 0) AS same, count(*), sum(edges) AS edges
FROM (SELECT anchor, collapse, (SELECT count(*) FROM d WHERE d.n = q.n AND path IS NULL) AS edges,
             (SELECT count(*) FROM (SELECT depth, source, target, actors, count, median_time FROM d WHERE d.n = q.n AND path IS NULL) AS d
                FULL JOIN kpi.edges((SELECT p FROM whole AS w WHERE w.n = q.n)) AS e USING (depth, source, target)
              WHERE (d.actors, d.count, d.median_time) IS DISTINCT FROM (e.actors, e.count, e.median_time)) AS differ FROM q) AS s GROUP BY 1, 2 ORDER BY 1, 2;
SELECT anchor, collapse, count(*) FILTER (WHERE differ = 0) AS same, count(*)
FROM (SELECT anchor, collapse,
             (SELECT count(*) FROM (SELECT path, count(DISTINCT u) AS actors, count(*) AS count FROM d WHERE d.n = q.n AND path IS NOT NULL GROUP BY path) AS d
                FULL JOIN kpi.top_paths((SELECT p FROM whole AS w WHERE w.n = q.n), NULL) AS t USING (path)
              WHERE (d.actors, d.count) IS DISTINCT FROM (t.actors, t.count)) AS differ FROM q) AS s GROUP BY 1, 2 ORDER BY 1, 2;
-- shares are of the depth; folding changes no sum, and keeps the most frequent labels of each column
SELECT count(*) FILTER (WHERE abs(sum_share - 1) > 1e-9) AS wrong FROM (SELECT sum(share) AS sum_share FROM whole, kpi.edges(p) GROUP BY n, depth) AS s;
WITH folded AS (SELECT n, (SELECT kpi.paths(u, ts, event, spec) FROM r) AS whole,
                       (SELECT kpi.paths(u, ts, event, replace(spec::text, 'top 50', 'top 2')::kpi.path_spec) FROM r) AS p FROM q WHERE most = 3)
SELECT count(*) FILTER (WHERE a IS DISTINCT FROM b) AS wrong, count(*) FROM
  (SELECT n, depth, sum(count) AS a, count(DISTINCT target) FILTER (WHERE target !~ '^\(') AS labels FROM folded, kpi.edges(p) GROUP BY 1, 2) AS f
  JOIN (SELECT n, depth, sum(count) AS b FROM folded, kpi.edges(whole) GROUP BY 1, 2) AS w USING (n, depth) WHERE labels <= 2;

-- one answer, however it is come by
CREATE TABLE ev (u int, ts timestamptz, event text) PARTITION BY HASH (u);
SELECT format('CREATE TABLE ev_%1$s PARTITION OF ev FOR VALUES WITH (MODULUS 3, REMAINDER %1$s)', i) FROM generate_series(0, 2) AS i \gexec
INSERT INTO ev SELECT * FROM r WHERE u IS NOT NULL;
-- some actors with events enough to be sorted in files
INSERT INTO ev SELECT 1000 + i % 2, timestamptz '2026-01-01 00:00+00' + (hashint8extended(i, 4) & 65535) * interval '1 minute', 'l' || (hashint8extended(i, 5) & 31) FROM generate_series(1, 40000) AS i;
ANALYZE ev;
CREATE TABLE store AS SELECT actor::bigint, timeline FROM kpi.timelines('SELECT u, ts, event FROM ev');
CREATE FUNCTION ways(s kpi.path_spec) RETURNS TABLE (way text, p kpi.paths) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('max_parallel_workers_per_gather', '0', true), set_config('enable_partitionwise_aggregate', 'off', true), set_config('work_mem', '256MB', true);
  RETURN QUERY EXECUTE 'SELECT ''serial'', kpi.paths(u, ts, event, $1) FROM ev' USING s;
  RETURN QUERY EXECUTE 'SELECT ''shuffled'', kpi.paths(u, ts, event, $1) FROM (SELECT * FROM ev ORDER BY md5(ev::text)) AS s' USING s;
  RETURN QUERY EXECUTE 'SELECT ''backwards'', kpi.paths(u, ts, event, $1) FROM (SELECT * FROM ev ORDER BY ts DESC, event) AS s' USING s;
  RETURN QUERY EXECUTE 'SELECT ''text actors'', kpi.paths(u::text, ts, event, $1) FROM ev' USING s;
  RETURN QUERY EXECUTE 'SELECT ''rolled up'', kpi.rollup(f) FROM (SELECT kpi.paths(u, ts, event, $1) AS f FROM ev GROUP BY u % 13) AS s' USING s;
  RETURN QUERY EXECUTE 'SELECT ''timelines'', kpi.paths(timeline, $1) FROM store' USING s;
  RETURN QUERY EXECUTE 'SELECT ''timelines by rows'', kpi.paths(t, $1) FROM (SELECT kpi.timeline(ts, event, length(event)) AS t FROM ev GROUP BY u) AS s' USING s;
  PERFORM set_config('work_mem', '64kB', true);
  RETURN QUERY EXECUTE 'SELECT ''through files'', kpi.paths(u, ts, event, $1) FROM ev' USING s;
  RETURN QUERY EXECUTE 'SELECT ''through files, uuid'', kpi.paths(md5(u::text)::uuid, ts, event, $1) FROM ev' USING s;
  PERFORM set_config('max_parallel_workers_per_gather', '2', true), set_config('parallel_setup_cost', '0', true), set_config('parallel_tuple_cost', '0', true),
    set_config('min_parallel_table_scan_size', '0', true);
  RETURN QUERY EXECUTE 'SELECT ''parallel through files'', kpi.paths(u, ts, event, $1) FROM ev' USING s;
  PERFORM set_config('work_mem', '256MB', true);
  RETURN QUERY EXECUTE 'SELECT ''parallel'', kpi.paths(u, ts, event, $1) FROM ev' USING s;
  RETURN QUERY EXECUTE 'SELECT ''parallel timelines'', kpi.paths(timeline, $1) FROM store' USING s;
  PERFORM set_config('enable_partitionwise_aggregate', 'on', true);
  RETURN QUERY EXECUTE 'SELECT ''by partition'', kpi.paths(u, ts, event, $1) FROM ev' USING s;
END $$;
CREATE TABLE answers AS SELECT spec, way, p FROM unnest(ARRAY['depth 2', 'from a|l1* depth 3 gap 2 hours', 'to b|l7 depth 4 collapse repeats', 'from é depth 1 gap 5 min']::kpi.path_spec[]) AS spec, ways(spec);
SELECT a.spec, count(*) AS ways, count(*) FILTER (WHERE a.p OPERATOR(kpi.<>) s.p) AS different, kpi.path_error(s.p), (SELECT count(*) FROM kpi.edges(s.p)) AS edges,
       string_agg(a.way, ', ') FILTER (WHERE a.p OPERATOR(kpi.<>) s.p) AS which
FROM answers AS a JOIN answers AS s ON a.spec::text = s.spec::text WHERE s.way = 'serial' GROUP BY a.spec, s.p ORDER BY a.spec::text;
BEGIN;
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT kpi.paths(u, ts, event, 'depth 2') FROM ev;
COMMIT;

-- beyond the limits: more paths and edges, or more labels, than are kept; nothing disappears, and the error is what is said
CREATE TABLE many AS SELECT i AS u, timestamptz '2026-01-01 00:00+00' + s * interval '1 minute' AS ts, CASE WHEN i % 4 = 0 THEN 'often' || s ELSE 'l' || (hashint8extended(i * 5 + s, 9) & 255) END AS event
FROM generate_series(1, 100000) AS i, generate_series(1, 3) AS s;
CREATE TABLE labels AS SELECT i AS u, timestamptz '2026-01-01 00:00+00' + s * interval '1 minute' AS ts, CASE WHEN i % 4 = 0 THEN 'often' || s ELSE 'l' || (hashint8extended(i * 5 + s, 9) & 32767) END AS event
FROM generate_series(1, 30000) AS i, generate_series(1, 3) AS s;
CREATE FUNCTION beyond(p kpi.paths) RETURNS TABLE (error bigint, at_depths text, often text, top text, again boolean) LANGUAGE sql AS $$
  SELECT kpi.path_error(p), (SELECT string_agg(sum::text, ' ' ORDER BY depth) FROM (SELECT depth, sum(count) FROM kpi.edges(p) GROUP BY depth) AS s),
         (SELECT string_agg(count::text, ' ' ORDER BY depth) FROM kpi.edges(p) WHERE source ~ 'often' AND target <> '(other)'),
         (SELECT string_agg(concat_ws(' ', path, actors, count), ', ') FROM kpi.top_paths(p, 1)), p::text::kpi.paths OPERATOR(kpi.=) p $$;
SELECT error BETWEEN 1 AND 20 AS error, at_depths, often, top, again FROM beyond((SELECT kpi.paths(u, ts, event, 'depth 3') FROM many));
SELECT error BETWEEN 1 AND 20 AS error, at_depths, often, top, again FROM beyond((SELECT kpi.paths(u, ts, event, 'depth 3') FROM labels));
SELECT error BETWEEN 1 AND 100 AS error, at_depths, often, top, again FROM beyond((SELECT kpi.rollup(p) FROM (SELECT kpi.paths(u, ts, event, 'depth 3') AS p FROM many GROUP BY u % 3) AS s));
-- no count is too high, and none is too low by more than the error
SELECT count(*) > 25000 AS shown, count(*) FILTER (WHERE t.count > d.count OR t.count < d.count - error) AS wrong
FROM (SELECT kpi.paths(u, ts, event, 'depth 3') AS p FROM many) AS p, kpi.path_error(p) AS error, kpi.top_paths(p, NULL) AS t
JOIN (SELECT path, count(*) FROM (SELECT array_agg(event ORDER BY ts) AS path FROM many GROUP BY u) AS s GROUP BY path) AS d USING (path);
CREATE TABLE edges AS WITH p AS MATERIALIZED (SELECT p, kpi.path_error(p) AS error FROM (SELECT kpi.paths(u, ts, event, 'depth 3 top 1000') AS p FROM many) AS s) SELECT e.*, error FROM p, kpi.edges(p) AS e;
CREATE TABLE true_edges AS SELECT depth, source, target, count(*) FROM (SELECT row_number() OVER w AS depth, event AS source, lead(event) OVER w AS target FROM many WINDOW w AS (PARTITION BY u ORDER BY ts)) AS s GROUP BY 1, 2, 3;
ANALYZE edges, true_edges;
SELECT count(*) > 25000 AS shown, count(*) FILTER (WHERE e.count > d.count OR e.count < d.count - error) AS wrong FROM edges AS e JOIN true_edges AS d USING (depth, source, target);

-- bytes from outside: every one is refused or a valid value
SELECT current_setting('data_directory') || '/hostile_paths.copy' AS file \gset
CREATE TABLE received (v kpi.paths);
CREATE FUNCTION receive(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE file text := current_setting('data_directory') || '/hostile_paths.copy'; large oid;
BEGIN
	large := lo_from_bytea(0, '\x5047434f50590aff0d0a000000000000000000'::bytea || '\x0001'::bytea ||
		int4send(length(bytes)) || bytes || '\xffff'::bytea);
	PERFORM lo_export(large, file);
	PERFORM lo_unlink(large);
	EXECUTE format('COPY received FROM %L WITH (FORMAT binary)', file);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
CREATE TABLE seeds AS SELECT kpi.paths_send(kpi.paths(u, ts, event, s)) AS bytes FROM e, unnest(ARRAY['from home depth 2', 'to pay depth 2', 'depth 3 collapse repeats']::kpi.path_spec[]) AS s GROUP BY s;
SELECT receive(bytes) AS whole, count(*) FROM seeds GROUP BY 1;
SELECT receive(''), receive('\x00'), receive('\x02'), receive('\x0100'), receive('\x01ffffffffffffffffff7f');
SELECT receive(substr(bytes, 1, n)) AS cut, count(*) > 0 AS seen FROM seeds, generate_series(0, length(bytes) - 1) AS n GROUP BY 1 ORDER BY 1;
TRUNCATE received;
SELECT receive(set_byte(bytes, n, get_byte(bytes, n) # (1 << bit))) AS flipped, count(*) > 0 AS seen FROM seeds, generate_series(0, length(bytes) - 1) AS n, generate_series(0, 7) AS bit GROUP BY 1 ORDER BY 1;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.paths OPERATOR(kpi.<>) v) AS changed, count(*) FILTER (WHERE kpi.merge(v, v)::text IS NULL) AS odd FROM received;
SELECT receive('\x01' || substr(decode(md5(i::text) || md5(i::text || 'x'), 'hex'), 1, i % 20)) AS random, count(*) > 0 AS seen FROM generate_series(1, 2000) i GROUP BY 1 ORDER BY 1;
-- a label that is not UTF-8
SELECT receive(replace(kpi.paths_send(kpi.paths(1, now(), 'yyy', 'depth 1'))::text, '797979', 'c0ff79')::bytea);
-- jsonb
CREATE FUNCTION read(document text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN document::jsonb::kpi.paths::text;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT read(replace('{"spec": "depth 1", "path_error": 0, "edge_error": 0, "other_paths": 0, "paths": [{"path": ["a", "b"], "actors": 1, "count": 2}], "edges": [{"depth": 1, "source": "a", "target": "b", "actors": 1, "count": 2, "times": [[5, 2]]}]}', a, b))
FROM (VALUES ('', ''), ('"depth 1"', '"depth 0"'), ('"spec"', '"s"'), ('["a", "b"]', '["a", "b", "c"]'), ('["a", "b"]', '[]'), ('["a", "b"]', '["a", null]'), ('["a", "b"]', '["a", "c"]'),
  ('[[5, 2]]', '[[5, 1]]'), ('[[5, 2]]', '[[5, 1], [5, 1]]'), ('[[5, 2]]', '[[9999, 2]]'), ('"depth": 1', '"depth": 2'), ('"depth": 1', '"depth": -1'), ('"source": "a", ', ''), ('"source": "a"', '"source": null'),
  ('"target": "b", ', ''), ('"target": "b"', '"target": null'), ('"actors": 1', '"actors": 3'), ('"path_error": 0', '"path_error": 1'), ('"other_paths": 0', '"other_paths": 3'), ('"count": 2', '"count": 9223372036854775808')) AS v(a, b);
SELECT read(j) FROM unnest(ARRAY['{}', '[]', 'null', '"a"', '{"spec": "depth 1"}', '{"spec": "depth 1", "path_error": 0, "edge_error": 0, "other_paths": 0, "paths": [], "edges": []}',
  '{"spec": "depth 1", "path_error": 3, "edge_error": 2, "other_paths": 3, "paths": [], "edges": [{"depth": 1, "source": null, "count": 1}, {"depth": 1, "source": null, "target": null, "count": 2, "times": [[5, 2]]}]}']) AS j;

-- the constructor
SELECT kpi.path_spec(), kpi.path_spec(from_labels => ARRAY['home', 'a b'], depth => 3, gap => '2 hours', collapse_repeats => true, top => 7), kpi.path_spec(to_labels => ARRAY['to']);
SELECT kpi.path_spec(from_labels => ARRAY['a'], to_labels => ARRAY['b']);
SELECT kpi.path_spec(depth => 51);
DROP TABLE edges, true_edges, e, r, q, d, whole, ev, store, answers, many, labels, received, seeds;
DROP FUNCTION at, rows, refused, by_definition, ways, beyond, receive, read;
