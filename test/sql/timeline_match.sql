-- patterns on timelines: the same as the funnel over the rows, with the index and without
SET search_path = public, kpi;
SET client_encoding = 'UTF8';
CREATE TABLE r (u int, ts timestamptz, event text);
INSERT INTO r
SELECT (h1 % 300)::int,
       CASE WHEN h2 % 101 = 0 THEN 'infinity' WHEN h2 % 103 = 0 THEN '-infinity'
            ELSE timestamptz '2026-01-01 00:00+00' + (h2 % 240) * interval '1 minute' END,
       CASE WHEN h1 % 10 = 0 THEN (ARRAY['x','y'])[1 + h3 % 2] ELSE (ARRAY['a','b','c','a','b','ab','abc','x','y','가입','가입 완료'])[1 + h3 % 11] END
FROM (SELECT hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2,
             hashint8extended(i, 3) & 2147483647 AS h3
      FROM generate_series(1, 3000) i) AS h;
INSERT INTO r SELECT * FROM r WHERE hashtext(event || ts) % 9 = 0;
CREATE TABLE t (u int, tl kpi.timeline) WITH (autovacuum_enabled = off);
INSERT INTO t SELECT u, kpi.timeline(ts, event) FROM r GROUP BY u;

CREATE TABLE p AS SELECT row_number() OVER () AS id, p::kpi.pattern FROM unnest(ARRAY[
	'a', '*', '가입', '"가입 완료"', '가입*', 'nothing', 'a|nothing', 'nothing*', 'ab*', 'a*',
	'a -> b', 'a -> b -> c', 'a -> a', 'a -> a -> a -> a', 'a|x -> b|y', 'ab* -> 가입*', 'a -> ab -> a*', 'a -> nothing', 'nothing -> a',
	'a -> b within 10 min', 'a -> b -> c within 1 hour', 'a -> b -> c within 0 sec', 'a -[<= 20 min]-> b -[>= 10 min]-> c',
	'a => b', 'a => b => c', '* => a', 'a -> * -> b', '* -> * -> *', '* -> nothing',
	'a -[no x]-> b', 'a -[no x|y, <= 1 hour]-> 가입', 'a -[no 가*]-> c',
	'a -> b? -> c', 'a -> nothing? -> c', 'a -> b -> c?', 'a -> b? -> *? -> c within 40 min', 'a -> b?',
	'a -> b -> c any order', 'a -> b -> c any order within 15 min', 'a -> a -> b any order', 'a -> nothing any order',
	'a -> b open', 'a -> b -> c open within 30 min', 'nothing -> b open',
	'a -> b first entry', 'a -> b -> c first entry within 1 hour', 'a -> b any order first entry within 20 min',
	'a* -> a* reuse rows', 'a -> * -> b reuse rows within 20 min', 'a -> b strictly increasing', 'a|b -> b|c strictly increasing within 30 min',
	'a -> b by day in Asia/Seoul', 'a -> b -> c within 45 min by hour in Asia/Kolkata first entry']) p;
CREATE TABLE expected AS
SELECT u, id, kpi.level(f) AS level, kpi.completions(f) AS passes, f::jsonb AS f
FROM (SELECT u, id, kpi.funnel(u, ts, event, p) AS f FROM r, p GROUP BY u, id) AS s;

SELECT p, count(*) FILTER (WHERE tl @@ p) AS found, sum(kpi.level(tl, p)) AS levels, sum(kpi.occurrences(tl, p)) AS passes,
       count(*) FILTER (WHERE (tl @@ p) <> (e.passes > 0) OR kpi.matches(tl, p) <> (e.passes > 0) OR
                              kpi.level(tl, p) <> e.level OR kpi.occurrences(tl, p) <> e.passes) AS wrong
FROM t JOIN expected e USING (u) JOIN p USING (id) GROUP BY id, p ORDER BY id;

-- the times: those of the chain whose times the funnel has
CREATE FUNCTION microseconds(later timestamptz, earlier timestamptz) RETURNS bigint LANGUAGE sql AS
	$$ SELECT (extract(epoch FROM later) * 1000000)::bigint - (extract(epoch FROM earlier) * 1000000)::bigint $$;
CREATE VIEW times AS SELECT u, id, p, tl, level, f, kpi.match_times(tl, p) AS times FROM t JOIN expected USING (u) JOIN p USING (id);
SELECT count(*) FILTER (WHERE times IS NULL) AS without, count(*) FILTER (WHERE times IS NOT NULL) AS with,
       count(*) FILTER (WHERE (times IS NULL) <> (level = 0) AND NOT p::text LIKE '%open%') AS wrong,
       count(*) FILTER (WHERE p::text LIKE '%open%' AND times IS NULL AND level > 0) AS open_from_later_steps,
       count(*) FILTER (WHERE cardinality(times) <> jsonb_array_length(f -> 'steps')) AS wrong_length,
       count(*) FILTER (WHERE times[1] IS NULL AND times IS NOT NULL) AS no_first,
       count(*) FILTER (WHERE array_lower(times, 1) <> 1) AS wrong_bound
FROM times;
SELECT count(*) AS steps, count(*) FILTER (WHERE times[step] IS NULL) AS not_taken,
       count(*) FILTER (WHERE (times[step] IS NULL) <> (s #>> '{from_first,histogram}' = '[]')) AS wrong_taken,
       count(*) FILTER (WHERE isfinite(times[1]) AND isfinite(times[step]) AND
                              microseconds(times[step], times[1]) <> (s #>> '{from_first,sum}')::numeric) AS wrong_times,
       count(*) FILTER (WHERE times[step] > '2026-01-01 00:00+00' AND NOT EXISTS (SELECT FROM r WHERE r.u = times.u AND r.ts = times[step])) AS no_such_time
FROM times, jsonb_array_elements(f -> 'steps') WITH ORDINALITY AS e(s, step)
WHERE step > 1 AND times IS NOT NULL;
-- of the chains that get deepest the one that ends first, and of these the one that starts last
WITH pairs AS (
	SELECT a.u, a.ts AS first, min(b.ts) AS last FROM r a JOIN r b USING (u)
	WHERE a.event = 'a' AND b.event = 'b' AND b.ts >= a.ts AND (b.ts = a.ts OR b.ts <= a.ts + interval '10 min' AND isfinite(a.ts) AND isfinite(b.ts))
	GROUP BY a.u, a.ts),
best AS (SELECT DISTINCT ON (u) u, ARRAY[first, last] AS times FROM pairs ORDER BY u, last, first DESC)
SELECT count(*) AS pairs, count(*) FILTER (WHERE kpi.match_times(tl, 'a -> b within 10 min') IS DISTINCT FROM times) AS wrong FROM best JOIN t USING (u);

-- by hand
SELECT p, kpi.level(tl, p), kpi.matches(tl, p), kpi.occurrences(tl, p), 
       ARRAY(SELECT to_char(at AT TIME ZONE 'UTC', 'DD HH24:MI') FROM unnest(kpi.match_times(tl, p)) WITH ORDINALITY AS m(at, step) ORDER BY step) AS times,
       kpi.match_times(tl, p) IS NULL AS none
FROM (SELECT kpi.timeline(ts AT TIME ZONE 'UTC', event) AS tl FROM (VALUES
	(timestamp '2026-01-01 10:00', 'view'), ('2026-01-01 10:05', 'cart'), ('2026-01-01 10:07', 'view'), ('2026-01-01 10:09', 'purchase'),
	('2026-01-02 09:00', 'view'), ('2026-01-02 09:30', 'purchase')) AS v(ts, event)) AS one,
	unnest(ARRAY['view -> cart -> purchase', 'view -> cart? -> purchase', 'view -> coupon? -> purchase', 'view -> cart -> refund', 'refund -> view',
	'refund -> view open', 'purchase -> view -> cart any order', 'view -> purchase within 5 min', 'view -> purchase first entry within 5 min']::kpi.pattern[]) p;

-- nulls and nothing
SELECT NULL::kpi.timeline @@ 'a' AS a, kpi.matches(NULL, 'a') AS b, kpi.level(NULL::kpi.timeline, 'a') AS c, kpi.match_times(NULL, 'a') AS d, kpi.occurrences(NULL, 'a') AS e;
SELECT tl @@ NULL AS a, kpi.level(tl, NULL) AS b FROM t LIMIT 1;
CREATE TABLE nothing AS SELECT kpi.timeline(ts, event) AS tl FROM (SELECT NULL::timestamptz AS ts, 'a' AS event) AS n;
SELECT tl @@ '*' AS any, tl @@ 'a' AS a, tl @@ 'a open' AS open, kpi.level(tl, '*'), kpi.match_times(tl, '*'), kpi.occurrences(tl, '*') FROM nothing WHERE tl IS NOT NULL;

-- more labels and events than the stack has room for
CREATE TABLE wide AS SELECT kpi.timeline(timestamptz '2026-01-01 00:00+00' + i * interval '1 second', 'label ' || i) AS tl FROM generate_series(1, 5000) i;
SELECT tl @@ '"label 1" -> "label 5000"' AS yes, tl @@ '"label 2" -> "label 1"' AS no, tl @@ '"label 4999" => "label 5000"' AS yes,
       kpi.level(tl, '"label "* -> "label "* -> "label 5001"'), kpi.occurrences(tl, '* -> *') FROM wide;

-- many patterns one after the other, more than are kept
SELECT count(*) FILTER (WHERE tl @@ q) AS found, count(*) FILTER (WHERE (tl @@ q) <> (tl @@ 'a -> b within 10 min') AND i = 10) AS wrong
FROM t, (SELECT i, format('a -> b within %s min', i)::kpi.pattern AS q FROM generate_series(1, 60) i) AS q;
SELECT count(*) BETWEEN 1 AND 40 AS few_are_kept FROM pg_backend_memory_contexts WHERE name = 'kpi_track compiled literal';

-- the index finds the same: by both forms, after changes, and with everything in the pending list
CREATE FUNCTION plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Scan' THEN RETURN regexp_replace(line, '^[ >-]*', ''); END IF;
	END LOOP;
END $$;
CREATE FUNCTION conditions(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Cond' THEN RETURN NEXT ltrim(line); END IF;
	END LOOP;
END $$;
CREATE FUNCTION compare_scans() RETURNS TABLE (patterns bigint, hits numeric, plans text, wrong text) LANGUAGE plpgsql AS $$
DECLARE
	q record; form text; found int[]; truth int[];
BEGIN
	patterns := 0; hits := 0;
	FOR q IN SELECT * FROM p ORDER BY id LOOP
		patterns := patterns + 1;
		-- no index serves a condition on a subquery that stays one
		SELECT array_agg(u ORDER BY u) INTO truth FROM (SELECT u, tl FROM t OFFSET 0) AS all_rows WHERE tl @@ q.p;
		hits := hits + coalesce(cardinality(truth), 0);
		FOREACH form IN ARRAY ARRAY['tl @@ %L', 'kpi.matches(tl, %L)'] LOOP
			form := format('FROM t WHERE ' || form, q.p);
			EXECUTE 'SELECT array_agg(u ORDER BY u) ' || form INTO found;
			IF found IS DISTINCT FROM truth THEN wrong := concat_ws(', ', wrong, form); END IF;
			IF plans IS NULL OR plans <> plan('SELECT u ' || form) THEN plans := concat_ws(', ', plans, plan('SELECT u ' || form)); END IF;
		END LOOP;
	END LOOP;
	RETURN NEXT;
END $$;
SELECT * FROM compare_scans();
CREATE INDEX t_tl ON t USING gin (tl);
SET enable_seqscan = off;
SELECT * FROM compare_scans();
INSERT INTO t SELECT u + 1000, tl FROM t WHERE u % 3 = 0;
INSERT INTO t VALUES (5000, NULL), (5001, NULL);
INSERT INTO t SELECT 6000, tl FROM nothing;
INSERT INTO t SELECT 7000, tl FROM wide;
SELECT * FROM compare_scans();
-- the longest labels
INSERT INTO t SELECT 8000 + i, kpi.timeline('2026-01-01 00:00+00', repeat('é', 511) || i) FROM generate_series(10, 19) i GROUP BY i;
SELECT plan(q), (SELECT array_agg(u ORDER BY u) FROM t WHERE tl @@ kpi.pattern(ARRAY[repeat('é', 511) || '12'])) AS one
FROM (SELECT format('SELECT FROM t WHERE tl @@ %L', kpi.pattern(ARRAY[repeat('é', 511) || '12']))) AS s(q);
UPDATE t SET tl = (SELECT kpi.timeline(ts, event || 'b') FROM r WHERE r.u = t.u) WHERE u % 4 = 1;
DELETE FROM t WHERE u % 7 = 0;
SELECT * FROM compare_scans();
VACUUM t;
SELECT * FROM compare_scans();
UPDATE t SET u = u;
REINDEX INDEX t_tl;
SELECT * FROM compare_scans();
ALTER INDEX t_tl SET (fastupdate = off);
INSERT INTO t SELECT u + 2000, tl FROM t WHERE u % 5 = 0;
SELECT * FROM compare_scans();
SELECT count(*) FROM t WHERE tl @@ 'a -> b' AND tl @@ 'ab* -> c';
SELECT count(*) FROM (SELECT tl FROM t OFFSET 0) AS t WHERE tl @@ 'a -> b' AND tl @@ 'ab* -> c';

-- what the plans say
EXPLAIN (COSTS OFF) SELECT * FROM t WHERE tl @@ 'a -> b';
EXPLAIN (COSTS OFF) SELECT * FROM t WHERE kpi.matches(tl, 'a -> b');
SET search_path = public;
EXPLAIN (COSTS OFF) SELECT * FROM t WHERE kpi.matches(tl, 'a -> b');
EXPLAIN (COSTS OFF) SELECT * FROM t WHERE kpi.matches(timeline => tl, pattern => kpi.pattern(steps => ARRAY['a', 'b']));
SELECT count(*) FROM t WHERE kpi.matches(tl, 'a -> b');
-- any of several
EXPLAIN (COSTS OFF) SELECT count(*) FROM t WHERE kpi.matches(tl, 'a -> 가입*') OR kpi.matches(tl, 'c => b');
EXPLAIN (COSTS OFF) SELECT count(*) FROM t WHERE tl OPERATOR(kpi.@@) ANY ('{a -> 가입*,c => b}'::kpi.pattern[]);
SELECT count(*) FROM t WHERE kpi.matches(tl, 'a -> 가입*') OR kpi.matches(tl, 'c => b');
SELECT count(*) FROM t WHERE tl OPERATOR(kpi.@@) ANY ('{a -> 가입*,c => b}'::kpi.pattern[]);
SELECT count(*) FROM (SELECT tl FROM t OFFSET 0) AS t WHERE kpi.matches(tl, 'a -> 가입*') OR kpi.matches(tl, 'c => b');
-- with a parameter, with patterns from a table, and not where the pattern is of the row itself
SET plan_cache_mode = force_generic_plan;
PREPARE find(kpi.pattern) AS SELECT count(*) FROM t WHERE kpi.matches(tl, $1);
EXPLAIN (COSTS OFF) EXECUTE find('a -> b');
EXECUTE find('a -> b');
EXECUTE find('*');
EXECUTE find(NULL);
RESET plan_cache_mode;
SELECT conditions('SELECT p, count(*) FROM p JOIN t ON kpi.matches(tl, p) GROUP BY p');
SELECT sum(n) FROM (SELECT p, count(*) AS n FROM p JOIN t ON kpi.matches(tl, p) GROUP BY p) AS s;
SELECT count(*) FROM p, (SELECT tl FROM t OFFSET 0) AS t WHERE tl OPERATOR(kpi.@@) p;
CREATE TABLE both_columns AS SELECT tl, p FROM t, p WHERE p.id IN (11, 12);
CREATE INDEX ON both_columns USING gin (tl);
SELECT plan('SELECT count(*) FROM both_columns WHERE kpi.matches(tl, p)');
-- on an expression, in part, with another column, on a domain; and how all of it is written down
CREATE DOMAIN history AS kpi.timeline CHECK (VALUE IS NOT NULL);
CREATE TABLE kinds (u int, h history, a kpi.timeline);
CREATE INDEX kinds_h ON kinds USING gin (h) WHERE u > 0;
CREATE INDEX kinds_a ON kinds USING gin ((coalesce(a, h)) kpi.timeline_ops);
INSERT INTO kinds SELECT u, tl, tl FROM t WHERE tl IS NOT NULL;
EXPLAIN (COSTS OFF) SELECT count(*) FROM kinds WHERE kpi.matches(h, 'a -> b') AND u > 0;
SELECT count(*) FROM kinds WHERE kpi.matches(h, 'a -> b') AND u > 0;
EXPLAIN (COSTS OFF) SELECT count(*) FROM kinds WHERE kpi.matches(coalesce(a, h), 'a -> b');
SELECT count(*) FROM kinds WHERE kpi.matches(coalesce(a, h), 'a -> b');
SELECT pg_get_indexdef(oid) FROM pg_class WHERE relname IN ('kinds_h', 'kinds_a', 't_tl') ORDER BY relname;
CREATE VIEW who AS SELECT u FROM t WHERE tl OPERATOR(kpi.@@) 'a -> b';
SELECT substring(pg_get_viewdef('who') FROM 'OPERATOR.*') AS who;
RESET enable_seqscan;
SET search_path = public, kpi;

-- statistics: a known distribution
CREATE TABLE known (u int, tl kpi.timeline) WITH (autovacuum_enabled = off);
INSERT INTO known
SELECT u, kpi.timeline(timestamptz '2026-01-01 00:00+00' + (hashint8extended(u * 20 + k, 4) & 1023) * interval '1 minute', label)
FROM generate_series(1, 4000) u, (VALUES (1, 'view', 100), (2, 'cart', 40), (3, 'buy', 10), (4, 'rare', 1), (5, '/p/1', 20), (6, '/p/2', 20), (7, '/q', 5)) v(k, label, percent)
WHERE (hashint8extended(u * 20 + k, 5) & 2147483647) % 100 < percent
GROUP BY u;
CREATE FUNCTION estimate(condition text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) SELECT FROM known WHERE ' || condition INTO plan;
	RETURN (plan -> 0 -> 'Plan' ->> 'Plan Rows')::numeric;
END $$;
-- without: a share for each label
SELECT c AS condition, round(estimate(c) / estimate('true'), 3) AS share FROM unnest(ARRAY[
	'tl @@ ''view''', 'tl @@ ''*''', 'tl @@ ''view|cart''', 'tl @@ ''view -> cart''', 'tl @@ ''view -> cart any order''', 'kpi.matches(tl, ''view -> cart'')', 'tl @@ NULL']) c;
ANALYZE known;
SELECT most_common_elems, most_common_elem_freqs, null_frac, n_distinct FROM pg_stats WHERE tablename = 'known' AND attname = 'tl';
CREATE FUNCTION actual(condition text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE n numeric;
BEGIN
	EXECUTE 'SELECT count(*) FROM known WHERE ' || condition INTO n;
	RETURN n;
END $$;
CREATE VIEW estimates AS
SELECT q, estimate(format('tl @@ %L', q)) AS estimated, estimate(format('kpi.matches(tl, %L)', q)) AS by_function, actual(format('tl @@ %L', q)) AS found
FROM unnest(ARRAY['view', '*', 'cart', 'buy', 'rare', 'nothing', 'rare|buy', '/p/*', '/*', '/p/1|/p/2', 'view -> cart', 'cart -> buy', 'view -> cart -> buy', 'view -> rare', 'view -> *',
	'cart -> buy any order', 'view -> cart?', 'view -> nothing? -> buy', 'view -> /q', 'view -[no cart]-> buy']) q;
-- (the scarcest step is all that is looked at, so steps that are independent of each other, as here, are found less often)
SELECT q, estimated, by_function, found, CASE WHEN greatest(estimated, found) > 2.5 * least(estimated, found) AND found > 20 THEN 'far' END AS verdict FROM estimates;
-- nulls count
INSERT INTO known SELECT u, NULL FROM generate_series(1, 4000) u;
ANALYZE known;
SELECT estimate('tl @@ ''cart''') AS estimated, actual('tl @@ ''cart''') AS found, estimate('tl @@ ''*''') AS any;
-- a small target keeps the most common ones, the rest is rarer
ALTER TABLE known ALTER tl SET STATISTICS 1;
INSERT INTO known SELECT u, kpi.timeline(timestamptz '2026-01-01 00:00+00', 'page ' || u || ' ' || i) FROM generate_series(1, 300) u, generate_series(1, 20) i GROUP BY u;
ANALYZE known;
SELECT array_length(most_common_elem_freqs, 1) AS shares, estimate('tl @@ ''"page 1 1"''') BETWEEN 1 AND 200 AS rare FROM pg_stats WHERE tablename = 'known' AND attname = 'tl';
ALTER TABLE known ALTER tl SET STATISTICS 0;
ANALYZE known;

-- columns of every kind
CREATE TABLE column_kinds (nothing kpi.timeline, nulls kpi.timeline, empty kpi.timeline, huge kpi.timeline);
ANALYZE column_kinds;
SELECT count(*) FROM pg_stats WHERE tablename = 'column_kinds';
INSERT INTO column_kinds SELECT NULL, NULL, n.tl, h.tl FROM nothing n, (SELECT kpi.timeline(timestamptz '2026-01-01 00:00+00' + i * interval '1 second', repeat(md5(i::text), 2)) AS tl FROM generate_series(1, 60000) i) AS h;
INSERT INTO column_kinds SELECT NULL, NULL, n.tl, w.tl FROM nothing n, wide w;
ANALYZE column_kinds;
SELECT attname, null_frac, n_distinct, array_length(most_common_elem_freqs, 1) AS shares FROM pg_stats WHERE tablename = 'column_kinds' ORDER BY attname;
CREATE INDEX ON column_kinds USING gin (huge);
SET enable_seqscan = off;
SELECT count(*) FROM column_kinds WHERE huge @@ kpi.pattern(ARRAY[repeat(md5('1'), 2), repeat(md5('60000'), 2)]);
RESET enable_seqscan;
-- a match that is broken off leaves nothing behind
SET statement_timeout = '100ms';
SELECT kpi.level(huge, '* -> *? -> *? -> *? -> *? -> *? -> *? -> *? -> *? -> nothing') FROM column_kinds WHERE kpi.level(huge, '* -> * -> *') = 3;
RESET statement_timeout;
SELECT kpi.level(tl, '* -> *? -> *? -> *? -> *? -> *? -> *? -> *? -> *? -> nothing'), count(*) FROM t WHERE tl @@ 'a -> b -> c' AND u < 300 GROUP BY 1 ORDER BY 1;
SELECT kpi.level(kpi.funnel(u, ts, event, '* -> *? -> *? -> *? -> *? -> *? -> *? -> *? -> *? -> nothing')) AS level, count(*) OVER () FROM r WHERE u = 8 GROUP BY u;
SELECT kpi.level(tl, '* -> *? -> *? -> *? -> *? -> *? -> *? -> *? -> *? -> nothing') FROM t WHERE u = 8;
-- more different labels than are counted at a time; those that are common come out right all the same
CREATE TABLE many AS SELECT u, kpi.timeline(timestamptz '2026-01-01 00:00+00' + i * interval '1 second',
	CASE WHEN i = 1 THEN 'everybody' WHEN i = 2 AND u % 2 = 0 THEN 'half' ELSE u || repeat('-', 20) || i END) AS tl
FROM generate_series(1, 1500) u, generate_series(1, 200) i GROUP BY u;
ANALYZE many;
SELECT array_length(most_common_elem_freqs, 1) AS shares, (SELECT min(f) FROM unnest(most_common_elem_freqs) f) AS least,
       (most_common_elem_freqs)[array_position(most_common_elems::text::text[], 'everybody')] AS everybody,
       (most_common_elem_freqs)[array_position(most_common_elems::text::text[], 'half')] AS half
FROM pg_stats WHERE tablename = 'many' AND attname = 'tl';

DROP VIEW who, times, estimates;
DROP FUNCTION plan(text), conditions(text), compare_scans(), estimate(text), actual(text), microseconds(timestamptz, timestamptz);
DROP TABLE r, t, p, expected, nothing, wide, both_columns, kinds, known, column_kinds, many;
DROP DOMAIN history;
DEALLOCATE find;
RESET search_path;
