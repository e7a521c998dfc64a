-- bytes and texts from outside: every one is refused or a valid value; nothing crashes
-- binary input as a client sends it: a file of COPY with one field
SELECT current_setting('data_directory') || '/hostile.copy' AS file \gset
CREATE TABLE hostile_funnels (v kpi.funnel);
CREATE TABLE hostile_patterns (v kpi.pattern);
CREATE FUNCTION receive(type text, bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE file text := current_setting('data_directory') || '/hostile.copy'; large oid;
BEGIN
	large := lo_from_bytea(0, '\x5047434f50590aff0d0a000000000000000000'::bytea || '\x0001'::bytea ||
		int4send(length(bytes)) || bytes || '\xffff'::bytea);
	PERFORM lo_export(large, file);
	PERFORM lo_unlink(large);
	EXECUTE format('COPY hostile_%ss FROM %L WITH (FORMAT binary)', type, file);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
CREATE TABLE seeds AS
SELECT 'funnel' AS type, kpi.funnel_send(kpi.funnel(u, timestamptz '2026-01-01' + (u * i) * interval '1 hour', (ARRAY['a','b','c'])[1 + i % 3], p)) AS bytes
FROM generate_series(1, 5) u, generate_series(1, 6) i, unnest(ARRAY['a -> b', 'a -> b -> c open by day in Asia/Seoul', 'a -> b? -> c within 7 days']::kpi.pattern[]) p
GROUP BY p
UNION ALL SELECT 'pattern', kpi.pattern_send(p) FROM unnest(ARRAY['a', 'a -[no x, <= 1 hour]-> "b c"* within 7 days by week in Asia/Seoul']::kpi.pattern[]) p;

SELECT type, receive(type, bytes) AS whole, count(*) FROM seeds GROUP BY 1, 2 ORDER BY 1;
SELECT receive('funnel', ''), receive('pattern', ''), receive('funnel', '\x00'), receive('funnel', '\x02'), receive('pattern', '\x09'), receive('funnel', '\x0100'), receive('funnel', '\x01ffffffffffffffffff7f');
-- cut short at every length
SELECT type, receive(type, substr(bytes, 1, n)) AS answer, count(*) > 0 AS seen
FROM seeds, generate_series(0, length(bytes) - 1) n WHERE type = 'funnel' GROUP BY 1, 2 ORDER BY 1, 2;
-- every byte with one bit flipped; what is accepted can be read and written again
TRUNCATE hostile_funnels;
SELECT type, receive(type, set_byte(bytes, n, get_byte(bytes, n) # (1 << bit))) AS answer, count(*) > 0 AS seen
FROM seeds, generate_series(0, length(bytes) - 1) n, generate_series(0, 7) bit WHERE type = 'funnel' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.funnel::text <> v::text) AS changed,
       count(*) FILTER (WHERE (SELECT count(*) FROM kpi.steps(v)) <> 2 AND (SELECT count(*) FROM kpi.steps(v)) <> 3) AS odd FROM hostile_funnels;
SELECT type, receive(type, set_byte(bytes, n, get_byte(bytes, n) # (1 << bit))) AS answer, count(*) > 0 AS seen
FROM seeds, generate_series(0, length(bytes) - 1) n, generate_series(0, 7) bit WHERE type = 'pattern' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) FILTER (WHERE v::text::kpi.pattern::text <> v::text) AS changed FROM hostile_patterns;
-- bytes at random
SELECT type, receive(type, decode(md5(i::text) || md5(i::text || 'x'), 'hex')) AS answer, count(*)
FROM generate_series(1, 2000) i, (VALUES ('funnel'), ('pattern')) t(type) GROUP BY 1, 2 ORDER BY 1, 2;
SELECT receive('funnel', '\x01' || substr(decode(md5(i::text) || md5(i::text || 'x'), 'hex'), 1, i % 20)) AS answer, count(*) > 0 AS seen
FROM generate_series(1, 2000) i GROUP BY 1 ORDER BY 1;

-- jsonb and text
CREATE FUNCTION read(json text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN json::jsonb::kpi.funnel::text;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT j AS json, read(j) FROM unnest(ARRAY[
	'{}', '[]', '1', 'null', '"a"', '{"pattern": 1}', '{"pattern": "a ->"}', '{"pattern": "a"}',
	'{"pattern": "a", "completions": -1, "steps": []}',
	'{"pattern": "a", "completions": 1.5, "steps": [{"actors": 1}]}',
	'{"pattern": "a", "completions": 1e30, "steps": [{"actors": 1}]}',
	'{"pattern": "a", "completions": 1, "steps": [{"actors": "1"}]}',
	'{"pattern": "a", "completions": 1, "steps": [{"actors": 1}, {"actors": 1}]}',
	'{"pattern": "a", "completions": 1, "steps": [{"actors": 1}]}',
	'{"pattern": "a -> b", "completions": 0, "steps": [{"actors": 1}, {"actors": 2, "from_previous": {"sum": 0, "histogram": []}, "from_first": {"sum": 0, "histogram": []}}]}',
	'{"pattern": "a -> b", "completions": 0, "steps": [{"actors": 1}, {"actors": 1, "from_previous": {"sum": 9, "histogram": [[3, 1]]}, "from_first": {"sum": 3, "histogram": [[3, 1]]}}]}',
	'{"pattern": "a -> b", "completions": 0, "steps": [{"actors": 1}, {"actors": 1, "from_previous": {"sum": 3, "histogram": [[3, 1], [3, 1]]}, "from_first": {"sum": 3, "histogram": [[3, 1]]}}]}',
	'{"pattern": "a -> b", "completions": 0, "steps": [{"actors": 1}, {"actors": 1, "from_previous": {"sum": 3, "histogram": [[99999, 1]]}, "from_first": {"sum": 3, "histogram": [[3, 1]]}}]}',
	'{"pattern": "a -> b", "completions": 0, "steps": [{"actors": 1}, {"actors": 1, "from_previous": {"sum": 3, "histogram": [[3, 1]]}, "from_first": {"sum": 3, "histogram": [[3, 1]]}}]}',
	'{"pattern": "a by day", "completions": 0, "steps": [{"actors": 1}]}',
	'{"pattern": "a by day", "completions": 0, "steps": [{"actors": 1}], "trend": [{"period": "2026-01-02", "actors": [1]}, {"period": "2026-01-01", "actors": [1]}]}',
	'{"pattern": "a by day", "completions": 0, "steps": [{"actors": 1}], "trend": [{"period": "yesterday or so", "actors": [1]}]}',
	'{"pattern": "a by day", "completions": 0, "steps": [{"actors": 1}], "trend": [{"period": "2026-01-02", "actors": [1, 2]}]}'
]) j;
SELECT 'nonsense'::kpi.funnel;
DROP FUNCTION read, receive;
DROP TABLE hostile_funnels, hostile_patterns, seeds;
