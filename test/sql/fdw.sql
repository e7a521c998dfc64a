-- two shards behind postgres_fdw (this server, over a connection of its own): aggregates over their rows, and on them
SELECT count(*) = 0 AS missing FROM pg_available_extensions WHERE name = 'postgres_fdw' \gset
\if :missing
\echo skipped: this PostgreSQL comes without postgres_fdw
\quit
\endif
SET search_path = public, kpi;
SET client_min_messages = warning;
CREATE EXTENSION postgres_fdw;
-- what the server runs on; not shown, since it differs
SELECT format('CREATE SERVER shards FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L, extensions %L, fetch_size %L)',
	trim(split_part(current_setting('unix_socket_directories'), ',', 1)), current_setting('port'), current_database(), 'kpi_track', '1000') AS create_server,
	format('CREATE USER MAPPING FOR CURRENT_USER SERVER shards OPTIONS (user %L)', current_user) AS create_mapping \gset
\set ECHO none
:create_server;
:create_mapping;
\set ECHO all
CREATE TABLE ev (u bigint NOT NULL, name text, id uuid, ts timestamptz NOT NULL, event text, mask bigint);
INSERT INTO ev
SELECT h1 % 100, 'actor ' || h1 % 100, md5((h1 % 100)::text)::uuid, timestamptz '2026-01-01 00:00+00' + (h2 % 20000) * interval '1 minute',
       (ARRAY['a','b','c','x',NULL])[1 + h3 % 5], h3 % 8
FROM (SELECT hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2, hashint8extended(i, 3) & 2147483647 AS h3
      FROM generate_series(1, 4000) i) AS h;
CREATE TABLE shard_0 (LIKE ev);
CREATE TABLE shard_1 (LIKE ev);
CREATE TABLE ev_sharded (LIKE ev) PARTITION BY HASH (u);
CREATE FOREIGN TABLE ev_0 PARTITION OF ev_sharded FOR VALUES WITH (MODULUS 2, REMAINDER 0) SERVER shards OPTIONS (table_name 'shard_0');
CREATE FOREIGN TABLE ev_1 PARTITION OF ev_sharded FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER shards OPTIONS (table_name 'shard_1');
INSERT INTO ev_sharded SELECT * FROM ev;
ANALYZE ev, shard_0, shard_1, ev_sharded;

CREATE TABLE calls (name text, call text);
INSERT INTO calls VALUES
('bigint label', 'kpi.funnel(u, ts, event, ''a -> b -> c within 3 days by week in Asia/Seoul'')'),
('bigint mask', 'kpi.funnel(u, ts, mask, ''1 -> 2? -> 3 within 3 days first entry'')'),
('uuid label', 'kpi.funnel(id, ts, event, ''a -[no x]-> b -> "c" open'')'),
('uuid mask', 'kpi.funnel(id, ts, mask, ''1 => 2 -> 3 strictly increasing'')'),
('text label', 'kpi.funnel(name, ts, event, ''a -> b -> c any order within 1 day'')'),
('text mask', 'kpi.funnel(name, ts, mask, ''1 -> 2 -> 3 by day'')');

-- the same query over the shards and over the one table; 'ok', or what is wrong
CREATE FUNCTION try(call text, query text, wanted_plan text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
	wrong text;
BEGIN
	DROP TABLE IF EXISTS got, wanted;
	EXECUTE 'CREATE TEMP TABLE wanted AS ' || replace(replace(query, 'CALL', call), 'ROWS', 'ev');
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, SUMMARY OFF) CREATE TEMP TABLE got AS '
			|| replace(replace(query, 'CALL', call), 'ROWS', 'ev_sharded') LOOP
		plan := plan || line || E'\n';
	END LOOP;
	SELECT string_agg(p, ', ') INTO wrong FROM unnest(wanted_plan) p WHERE (plan ~ ltrim(p, '!')) = (p ~ '^!');
	IF wrong IS NOT NULL THEN
		RETURN format(E'the plan breaks: %s\n%s', wrong, plan);
	END IF;
	IF (SELECT count(r) FROM wanted) = 0 THEN
		RETURN 'nothing to compare';
	END IF;
	SELECT format('%s: %s instead of %s', coalesce(g.g, w.g), g.r, w.r) INTO wrong
	FROM got g FULL JOIN wanted w ON g.g = w.g WHERE g.r IS DISTINCT FROM w.r LIMIT 1;
	RETURN coalesce(wrong, 'ok');
END $$;
CREATE FUNCTION try_all(query text, wanted_plan text[]) RETURNS text LANGUAGE sql AS $$
	SELECT count(*) || ' calls: ' || string_agg(DISTINCT CASE WHEN answer = 'ok' THEN 'ok' ELSE name || ': ' || answer END, E'\n')
	FROM calls, LATERAL (SELECT try(call, query, wanted_plan) AS answer) AS t $$;

SET enable_partitionwise_aggregate = on;
-- rows come here, each shard has a partial state
SELECT try_all('SELECT 0 AS g, CALL::text AS r FROM ROWS', '{Finalize Aggregate, Append, Partial Aggregate, Foreign Scan}');
SELECT try_all('SELECT 0 AS g, (CALL FILTER (WHERE u % 3 = 0))::text AS r FROM ROWS', '{Finalize Aggregate, Append, Partial Aggregate, Foreign Scan}');
-- whole aggregates of the actors on the shards, merged here
SELECT try_all('SELECT u AS g, CALL::text AS r FROM ROWS GROUP BY u', '{Append, !Partial, "(?n)Remote SQL: .*kpi.funnel[(]"}');
SELECT try_all('SELECT 0 AS g, kpi.rollup(f)::text AS r FROM (SELECT u, CALL AS f FROM ROWS GROUP BY u) AS s', '{Append, "(?n)Remote SQL: .*kpi.funnel[(]"}');
ALTER SERVER shards OPTIONS (ADD async_capable 'true');
SELECT try_all('SELECT 0 AS g, kpi.rollup(f)::text AS r FROM (SELECT u, CALL AS f FROM ROWS GROUP BY u) AS s', '{Append, Async Foreign Scan, "(?n)Remote SQL: .*kpi.funnel[(]"}');
-- a server that does not say that it has the extension only gives rows
ALTER SERVER shards OPTIONS (DROP extensions);
SELECT try_all('SELECT u AS g, CALL::text AS r FROM ROWS GROUP BY u', '{Append, "!(?n)Remote SQL: .*kpi.funnel[(]"}');
DROP FUNCTION try_all, try;
DROP TABLE ev, ev_sharded, shard_0, shard_1, calls, got, wanted;
DROP SERVER shards CASCADE;
DROP EXTENSION postgres_fdw;
