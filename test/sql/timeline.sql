-- kpi.timeline: text, jsonb and bytes; the aggregates against their rows; merging, cutting, limits, damaged bytes
\set VERBOSITY default
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text; message text; detail text; hint text;
BEGIN
	EXECUTE query INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', 'ERROR ' || SQLSTATE || ': ' || message, nullif(detail, ''), nullif(hint, ''));
END $$;
CREATE FUNCTION pg_temp.read(t text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.try(format('SELECT %L::kpi.timeline::text', t)) $$;

-- the text is canonical: order, zones, zeros and quotes make no difference
SELECT t AS text, pg_temp.read(t) AS canonical
FROM unnest(ARRAY[
	'{}',
	' { } ',
	'{2024-01-01 00:00:00Z view}',
	'{2024-01-01 00:00:05.250Z "add to cart" = 12.50 ,2024-01-01T00:00:00Z"view"}',
	'{2024-01-01 09:00:00+09:00 a, 2023-12-31 23:30:00-00:30 b, 2024-01-01 05:45:00+05:45:00 c, 2024-01-01 00:00:00+00 d}',
	'{2024-01-01 00:00:00Z a = 1, 2024-01-01 00:00:00Z a, 2024-01-01 00:00:00Z a = -1, 2024-01-01 00:00:00Z a}',
	'{2024-01-01 00:00:00Z a=0, 2024-01-01 00:00:00Z b = -0.00, 2024-01-01 00:00:00Z c = 007}',
	'{2024-01-01 00:00:00Z a = 9223372036854775807, 2024-01-01 00:00:00Z b = -9223372036854775808}',
	'{2024-01-01 00:00:00Z a = 0.000000000000000001, 2024-01-01 00:00:00Z b = -9.223372036854775808}',
	'{2024-01-01 00:00:00Z a = 1.0000000000000000000000000}',
	'{infinity z, -infinity "", 1999-12-31 23:59:59.999999Z "say ""hi""", 2000-02-29 00:00:00Z "a=b", 2000-02-29 00:00:00Z a-}',
	'{0044-03-15 BC 12:00:00Z ides, 4714-11-24 BC 00:00:00Z first, 294276-12-31 23:59:59.999999Z last, 0001-01-01 00:00:00Z one}',
	'{2024-01-01 00:00:00Z 구매, 2024-01-01 00:00:00Z "é→", 2024-01-01 00:00:00Z "{", 2024-01-01 00:00:00Z infinity, 2024-01-01 00:00:00Z 12:00}'
]) AS t;

-- errors: place, reason and what to write instead
SELECT t AS text, pg_temp.read(t) AS error
FROM unnest(ARRAY[
	'', 'view', '{', '{2024-01-01 00:00:00Z view', '{2024-01-01 00:00:00Z view} x', '{,}', '{2024-01-01 00:00:00Z view,}',
	'{2024-01-01 00:00:00Z}', '{2024-01-01 view}', '{2024-01-01 00:00 view}', '{2024-01-01 00:00:00 view}',
	'{2024-01-01 00:00:00Zview}', '{2024-01-01 00:00:00EST view}', '{2024-01-01 00:00:00+24 view}', '{24-01-01 00:00:00Z view}',
	'{2023-02-29 00:00:00Z view}', '{2024-13-01 00:00:00Z view}', '{2024-00-01 00:00:00Z view}', '{0000-01-01 00:00:00Z view}',
	'{2024-01-01 24:00:00Z view}', '{2024-01-01 00:00:00.1234567Z view}', '{294277-01-01 00:00:00Z view}',
	'{4714-11-23 BC 23:59:59Z view}', '{999999-01-01 00:00:00Z view}', '{2024-01-01 00:00:00Z add to cart}', '{2024-01-01 00:00:00Z "view}',
	'{2024-01-01 00:00:00Z view = }', '{2024-01-01 00:00:00Z view = 1e3}', '{2024-01-01 00:00:00Z view = 1.}', '{2024-01-01 00:00:00Z view = NaN}',
	'{2024-01-01 00:00:00Z view = 9223372036854775808}', '{2024-01-01 00:00:00Z view = 0.0000000000000000001}',
	'{2024-01-01 00:00:00Z a = 9223372036854775807, 2024-01-01 00:00:00Z b = 0.5}', '{yesterday view}', '{2024-01-01 00:00:00Z a; 2024-01-01 00:00:00Z b}'
]) AS t;
SELECT pg_temp.read('{2024-01-01 00:00:00Z ' || repeat('x', 1025) || '}');
SELECT kpi.length(('{2024-01-01 00:00:00Z ' || repeat('x', 1024) || '}')::kpi.timeline);

-- as jsonb
SELECT '{2024-01-01 00:00:05.25Z "add to cart" = 12.50, 2024-01-01 00:00:00Z view, infinity end, 0044-03-15 BC 12:00:00Z ides}'::kpi.timeline::jsonb;
SELECT j AS jsonb, pg_temp.try(format('SELECT (%L::jsonb)::kpi.timeline', j)) AS timeline
FROM unnest(ARRAY[
	'[]', '{}', '1', '[1]', '[[]]', '[{}]', '[{"ts": 1, "event": "a"}]', '[{"ts": "2024-01-01T00:00:00Z"}]', '[{"ts": "2024-01-01T00:00:00Z", "event": 1}]',
	'[{"ts": "2024-01-01T00:00:00Z", "event": "a"}, {"ts": "2024-01-01", "event": "a"}]', '[{"ts": "2024-01-01T00:00:00", "event": "a"}]',
	'[{"ts": "2024-01-01T00:00:00Z", "event": "a", "value": "1"}]', '[{"ts": "2024-01-01T00:00:00Z", "event": "a", "value": null}]',
	'[{"ts": "2024-01-01T00:00:00Z", "event": "a", "value": 1e30}]', '[{"ts": "2024-01-01T00:00:00Z", "event": "a", "amount": 1}]',
	'[{"ts": "2024-01-01T09:00:00.5+09:00", "event": "b", "value": 1.50}, {"ts": "2023-12-31 00:00:00+00", "event": "a"}]',
	'[{"ts": "2024-01-01T00:00:00Z x", "event": "a"}]', '[{"ts": "0044-03-15T12:00:00+00:00 BC", "event": "ides"}, {"ts": "-infinity", "event": "a"}]'
]) AS j;

-- random histories, the rows of which are at hand
SELECT setseed(0.42);
CREATE TABLE e AS
SELECT a AS actor,
       CASE WHEN random() < 0.01 THEN (ARRAY['infinity', '-infinity', '4714-11-24 00:00:00+00 BC', '294276-12-31 23:59:59.999999+00'])[1 + (random() * 3)::int]::timestamptz
            ELSE timestamptz '2024-01-01 00:00:00+00' + CASE a % 4
                 WHEN 0 THEN (random() * 1000)::int * interval '1 second' WHEN 1 THEN random() * interval '1 year'
                 WHEN 2 THEN (random() * 10)::int * interval '1 day' ELSE random() * interval '4000 years' - interval '3000 years' END END AS ts,
       CASE WHEN random() < 0.2 THEN 'long label ' || repeat('x', (random() * 200)::int) WHEN random() < 0.02 THEN ''
            ELSE (ARRAY['view', 'add to cart', 'purchase', '구매', '"', 'a', 'b'])[1 + (random() * 6)::int] END AS event,
       CASE WHEN a % 3 = 0 OR random() < 0.5 THEN NULL ELSE (random() * 1000 - 300)::numeric(12, 6) / 10 ^ (random() * 3)::int END::numeric(20, 4) AS value
FROM generate_series(1, 400) a, generate_series(1, 120) i WHERE i <= a % 121;
CREATE TABLE t AS SELECT actor, kpi.timeline(ts, event, value) AS tl FROM e GROUP BY actor;
SELECT count(*) AS timelines, sum(kpi.length(tl)) = (SELECT count(*) FROM e) AS all_events FROM t;
-- the events are the rows, in order
SELECT count(*) AS differences FROM (
	(SELECT actor, x.* FROM t, kpi.events(tl) x EXCEPT ALL SELECT actor, ts, event, value FROM e)
	UNION ALL (SELECT actor, ts, event, value FROM e EXCEPT ALL SELECT actor, x.* FROM t, kpi.events(tl) x)) AS d;
SELECT count(*) AS out_of_order FROM (
	SELECT n - row_number() OVER (PARTITION BY actor ORDER BY ts, event COLLATE "C", value NULLS FIRST, n) AS moved
	FROM t, kpi.events(tl) WITH ORDINALITY AS x(ts, event, value, n)) AS o WHERE moved <> 0;
SELECT count(*) AS wrong FROM t WHERE (kpi.first_at(tl), kpi.last_at(tl), kpi.length(tl)) IS DISTINCT FROM
	(SELECT (min(ts), max(ts), count(*)) FROM e WHERE e.actor = t.actor);
SELECT count(*) AS wrong FROM t WHERE kpi.labels(tl) IS DISTINCT FROM
	(SELECT array_agg(event ORDER BY event COLLATE "C") FROM (SELECT DISTINCT event FROM e WHERE e.actor = t.actor) AS d);
-- whatever the order of the rows
SELECT count(*) AS wrong FROM t JOIN (SELECT actor, kpi.timeline(ts, event, value ORDER BY random()) AS shuffled,
                                             kpi.timeline(ts, event, value ORDER BY ts DESC) AS backwards FROM e GROUP BY actor) AS s USING (actor)
WHERE tl OPERATOR(kpi.<>) shuffled OR tl OPERATOR(kpi.<>) backwards;
-- text, jsonb and bytes bring it back, with any settings of the session; the time of the text is that of the server
CREATE TABLE texts AS SELECT actor, tl::text AS text, tl::jsonb AS json FROM t;
SET TimeZone = 'America/St_Johns'; SET DateStyle = 'German, DMY'; SET IntervalStyle = 'iso_8601'; SET extra_float_digits = 0;
SELECT count(*) AS wrong FROM t JOIN texts USING (actor) WHERE tl::text <> text OR text::kpi.timeline OPERATOR(kpi.<>) tl OR tl::jsonb <> json OR json::kpi.timeline OPERATOR(kpi.<>) tl;
RESET ALL;
SELECT count(*) AS wrong FROM t JOIN texts USING (actor) WHERE json IS DISTINCT FROM
	coalesce((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('ts', o.o -> 'ts', 'event', x.event, 'value', x.value)) ORDER BY n)
	          FROM kpi.events(tl) WITH ORDINALITY AS x(ts, event, value, n), LATERAL (SELECT json -> (n::int - 1)) AS o(o)
	          WHERE (o.o ->> 'ts')::timestamptz = x.ts), '[]');
SET DateStyle = 'ISO'; SET TimeZone = 'UTC';
SELECT count(*) > 5000 AS many, count(*) FILTER (WHERE text <> CASE WHEN ts::text LIKE '%infinity' THEN format('{%s x}', ts) ELSE
                        format('{%s x}', regexp_replace(ts::text, '^(\S+) (\S+)\+00( BC)?$', '\1\3 \2Z')) END) AS wrong
FROM (SELECT ts, kpi.timeline(ts, 'x')::text AS text FROM (SELECT DISTINCT ts FROM e) AS d GROUP BY ts) AS s;
RESET ALL;
SELECT current_setting('data_directory') || '/timelines.copy' AS file \gset
COPY t TO :'file' WITH (FORMAT binary);
CREATE TABLE copied (LIKE t);
COPY copied FROM :'file' WITH (FORMAT binary);
SELECT count(*) AS wrong FROM t FULL JOIN copied USING (actor) WHERE t.tl OPERATOR(kpi.=) copied.tl IS NOT TRUE;
DROP TABLE copied;

-- parts merged are the whole
SELECT count(*) AS wrong FROM t JOIN (
	SELECT actor, kpi.timeline(ts, event, value) FILTER (WHERE half = 0) AS a, kpi.timeline(ts, event, value) FILTER (WHERE half = 1) AS b,
	       kpi.timeline(ts, event, value) FILTER (WHERE half = 2) AS c
	FROM (SELECT *, (random() * 2)::int AS half FROM e) AS e GROUP BY actor) AS p USING (actor)
WHERE tl OPERATOR(kpi.<>) (a OPERATOR(kpi.||) b OPERATOR(kpi.||) c) OR tl OPERATOR(kpi.<>) kpi.merge(kpi.merge(c, a), b)
   OR tl OPERATOR(kpi.<>) (SELECT kpi.rollup(part) FROM unnest(ARRAY[b, c, NULL, a]) part);
SELECT kpi.rollup(tl) OPERATOR(kpi.=) (SELECT kpi.timeline(ts, event, value) FROM e) AS same FROM t;
-- a day more, merged into what is stored
CREATE TABLE history (actor int PRIMARY KEY, timeline kpi.timeline NOT NULL);
INSERT INTO history SELECT actor, kpi.timeline(ts, event, value) FROM e WHERE ts < '2024-01-01 00:10:00+00' GROUP BY actor;
INSERT INTO history AS h SELECT actor, kpi.timeline(ts, event, value) FROM e WHERE ts >= '2024-01-01 00:10:00+00' GROUP BY actor
ON CONFLICT (actor) DO UPDATE SET timeline = kpi.merge(h.timeline, excluded.timeline);
SELECT count(*) AS histories, count(*) FILTER (WHERE tl OPERATOR(kpi.=) timeline IS NOT TRUE) AS wrong FROM t FULL JOIN history USING (actor);
DROP TABLE history;
-- slices are half-open
SELECT count(*) AS slices, count(*) FILTER (WHERE kpi.slice(tl, f, u) OPERATOR(kpi.<>)
	coalesce((SELECT kpi.timeline(ts, event, value) FROM kpi.events(tl) WHERE (f IS NULL OR ts >= f) AND (u IS NULL OR ts < u)), '{}')) AS wrong
FROM (SELECT tl, CASE WHEN random() < 0.8 THEN (SELECT ts FROM kpi.events(tl) ORDER BY md5(ts::text || actor) LIMIT 1) END AS f,
             CASE WHEN random() < 0.8 THEN (SELECT ts FROM kpi.events(tl) ORDER BY md5(actor || ts::text) LIMIT 1) END AS u FROM t) AS s;
SELECT kpi.slice(tl, to_ts => '2024-01-02 00:00:00+00') AS until, kpi.slice(tl, '2024-01-02 00:00:00+00') AS since, kpi.slice(tl) AS whole,
       kpi.slice(tl, '2024-01-02 00:00:00+00', '2024-01-02 00:00:00+00') AS nothing, kpi.slice(tl, '-infinity', 'infinity') AS finite, kpi.slice(NULL, now(), now())
FROM (SELECT '{2024-01-01 00:00:00Z a, 2024-01-02 00:00:00Z b = 1, infinity c}'::kpi.timeline AS tl) AS s;
-- without some labels
SELECT count(*) AS wrong FROM t WHERE kpi.without(tl, '{view,"add to cart",nobody,NULL,""}') OPERATOR(kpi.<>)
	coalesce((SELECT kpi.timeline(ts, event, value) FROM e WHERE e.actor = t.actor AND event NOT IN ('view', 'add to cart', '')), '{}');
SELECT kpi.without('{2024-01-01 00:00:00Z a}', '{a}'), kpi.without('{2024-01-01 00:00:00Z a}', '{}'), kpi.without('{2024-01-01 00:00:00Z a}', NULL);

-- nothing, and nulls
SELECT kpi.timeline(ts, event), kpi.timeline(ts, event, value), kpi.rollup('{}'::kpi.timeline) FROM e WHERE false;
SELECT kpi.timeline(ts, event, value) FROM (VALUES (timestamptz '2024-01-01 00:00:00+00', 'a', NULL::numeric), (NULL, 'b', 1), ('2024-01-01 00:00:00+00', NULL, 1)) AS v(ts, event, value);
SELECT kpi.timeline(ts, event) FROM (VALUES (NULL::timestamptz, 'a'), (now(), NULL)) AS v(ts, event);
SELECT kpi.length('{}'), kpi.first_at('{}'), kpi.last_at('{}'), kpi.labels('{}'), kpi.slice('{}'::kpi.timeline, now()), kpi.without('{}', '{a}'), '{}'::kpi.timeline::jsonb,
       kpi.length(NULL::kpi.timeline), (SELECT count(*) FROM kpi.events('{}')), kpi.merge('{}'::kpi.timeline, '{}'), kpi.merge('{}'::kpi.timeline, NULL);

-- values that cannot be kept, labels too long
SELECT v AS value, pg_temp.try(format('SELECT kpi.timeline(now(), ''a'', %L::numeric) IS NOT NULL', v)) AS error
FROM unnest(ARRAY['NaN', 'Infinity', '-Infinity', '9223372036854775808', '-9223372036854775808', '1e-18', '1e-19', '1e18', '1e200', '0.10000000000000000000']) v;
SELECT pg_temp.try($$ SELECT kpi.timeline(now(), 'a', v) FROM (VALUES (0.01), (922337203685477580.00)) AS v(v) $$);
SELECT pg_temp.try($$ SELECT kpi.timeline(now(), 'a', v) FROM (VALUES (0.01), (922337203685477580.80)) AS v(v) $$);
SELECT pg_temp.try($$ SELECT kpi.timeline(now(), repeat('x', 1025)) $$);
SELECT pg_temp.try($$ SELECT kpi.timeline(now(), i::text) FROM generate_series(1, 65536) i $$);
SELECT kpi.length(kpi.timeline(now(), i::text)) FROM generate_series(1, 65535) i;

-- as any aggregate: windows, grouping sets, DISTINCT, hashing, sorting, joins
SELECT i, kpi.timeline(timestamptz '2024-01-01 00:00:00+00' + i * interval '1 day', 'a', i) OVER (ORDER BY i ROWS 1 PRECEDING) FROM generate_series(1, 3) i;
SELECT actor % 2 AS odd, kpi.length(kpi.timeline(ts, event)) FROM e GROUP BY ROLLUP (1) ORDER BY 1;
SELECT count(*), count(DISTINCT tl) FROM (SELECT tl FROM t UNION ALL SELECT tl FROM t) AS d;
SET enable_hashjoin = off; SET enable_nestloop = off;
SELECT count(*) AS merge_joined FROM t AS a JOIN t AS b ON a.tl OPERATOR(kpi.=) b.tl AND a.actor = b.actor;
SET enable_hashjoin = on; SET enable_mergejoin = off;
SELECT count(*) AS hash_joined FROM t AS a JOIN t AS b ON a.tl OPERATOR(kpi.=) b.tl AND a.actor = b.actor;
RESET ALL;
SELECT bool_and((a OPERATOR(kpi.<) b) = (kpi.cmp(a, b) < 0) AND (a OPERATOR(kpi.<=) b) = (kpi.cmp(a, b) <= 0) AND (a OPERATOR(kpi.>) b) = (kpi.cmp(a, b) > 0)
       AND (a OPERATOR(kpi.>=) b) = (kpi.cmp(a, b) >= 0) AND kpi.cmp(a, b) = -kpi.cmp(b, a)) AS ordered
FROM (SELECT a.tl AS a, b.tl AS b FROM t AS a, t AS b WHERE a.actor < 20 AND b.actor < 20) AS p;

-- in parallel, partial states of many groups, and of one
CREATE FUNCTION pg_temp.plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP plan := plan || line || E'\n'; END LOOP;
	RETURN plan;
END $$;
ALTER TABLE e SET (parallel_workers = 2);
ANALYZE e;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
SELECT pg_temp.plan('SELECT kpi.timeline(ts, event, value) FROM e') ~ 'Partial Aggregate' AS partial;
SELECT kpi.timeline(ts, event, value) OPERATOR(kpi.=) (SELECT kpi.rollup(tl) FROM t) AS same FROM e;
SET enable_sort = off;
SELECT pg_temp.plan('SELECT actor, kpi.timeline(ts, event, value) FROM e GROUP BY actor') ~ 'Partial HashAggregate' AS partial;
SELECT count(*) AS wrong FROM t FULL JOIN (SELECT actor, kpi.timeline(ts, event, value) AS tl FROM e GROUP BY actor) AS p USING (actor) WHERE t.tl OPERATOR(kpi.=) p.tl IS NOT TRUE;
RESET ALL;

-- many groups at once
SET enable_sort = off;
SELECT count(*) AS groups, sum(kpi.length(tl)) AS events, min(kpi.length(tl)), max(kpi.length(tl))
FROM (SELECT i % 50000 AS actor, kpi.timeline(timestamptz '2024-01-01 00:00:00+00' + i * interval '1 second', 'e' || i % 7, i % 100) AS tl FROM generate_series(1, 200000) i GROUP BY 1) AS g;
RESET ALL;
-- one group that is packed now and then
SELECT kpi.length(tl) AS events, pg_column_size(tl) < 200000 * 5 AS packed, (SELECT count(*) FROM kpi.events(tl) WHERE value * 10 = (extract(epoch FROM ts)::bigint / 60) % 1000) AS right
FROM (SELECT kpi.timeline(timestamptz '2024-01-01 00:00:00+00' + i * interval '1 minute', 'e' || i % 7, ((extract(epoch FROM timestamptz '2024-01-01 00:00:00+00')::bigint / 60 + i) % 1000) / 10.0) AS tl FROM generate_series(1, 200000) i) AS g;

-- damaged bytes are refused or another valid value: binary input as a client sends it
CREATE TABLE hostile (tl kpi.timeline);
CREATE FUNCTION pg_temp.receive(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE file text := current_setting('data_directory') || '/hostile_timeline.copy'; large oid;
BEGIN
	large := lo_from_bytea(0, '\x5047434f50590aff0d0a000000000000000000'::bytea || '\x0001'::bytea || int4send(length(bytes)) || bytes || '\xffff'::bytea);
	PERFORM lo_export(large, file);
	PERFORM lo_unlink(large);
	EXECUTE format('COPY hostile FROM %L WITH (FORMAT binary)', file);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
CREATE TABLE seeds AS SELECT kpi.timeline_send(tl::kpi.timeline) AS bytes FROM unnest(ARRAY[
	'{2024-01-01 00:00:00Z a, 2024-01-01 00:00:00Z b, 2024-01-01 00:01:00Z c, 2024-03-01 00:00:00Z a, infinity b}',
	'{2024-01-01 00:00:00Z 구매 = 1.5, 2024-01-01 00:00:01Z view, 2024-01-01 00:00:03.5Z 구매 = 1000}', '{2024-01-01 00:00:00Z a}']) tl;
SELECT bytes FROM seeds;
SELECT b AS bytes, pg_temp.receive(b) FROM unnest(ARRAY['', '\x00', '\x02', '\x01', '\x0100', '\x010000', '\x01000000', '\x0100ffffffffffffffffff01', '\x0100010101ff00',
	'\x010001010100feffffffffffffffff01', '\x010001010161feffffffffffffffff01', '\x010001010161feff94bbf6d6ffffff01', '\x010001010161808095bbf6d6ffffff01', '\x010001010161ffff82eed7cfc1f005', '\x010001010161818083eed7cfc1f005']::bytea[]) b;
SELECT pg_temp.receive(substr(bytes, 1, n)) AS truncated, count(*) > 0 AS seen FROM seeds, generate_series(0, length(bytes) - 1) n GROUP BY 1;
TRUNCATE hostile;
SELECT pg_temp.receive(set_byte(bytes, n, get_byte(bytes, n) # (1 << bit))) AS answer, count(*) > 0 AS seen
FROM seeds, generate_series(0, length(bytes) - 1) n, generate_series(0, 7) bit GROUP BY 1 ORDER BY 1;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE tl::text::kpi.timeline OPERATOR(kpi.<>) tl OR tl::jsonb::kpi.timeline OPERATOR(kpi.<>) tl) AS changed,
       count(*) FILTER (WHERE (SELECT kpi.timeline(ts, event, value) FROM kpi.events(tl)) OPERATOR(kpi.<>) tl) AS not_canonical FROM hostile;
SELECT pg_temp.receive('\x01' || substr(decode(md5(i::text) || md5(i::text || 'x'), 'hex'), 1, i % 20)) AS answer, count(*) > 0 AS seen
FROM generate_series(1, 2000) i GROUP BY 1 ORDER BY 1;
DROP TABLE e, t, texts, hostile, seeds;
