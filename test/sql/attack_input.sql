-- functions called as nobody should, texts that are too much, and work that can be stopped
\set SHOW_CONTEXT never
SET client_min_messages = error;
CREATE SCHEMA attack_input;
CREATE VIEW attack_input.functions AS SELECT p.* FROM pg_depend AS d JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid WHERE e.extname = 'kpi_track';
-- every function with nothing but nulls, by a superuser: aggregates over no and over two rows, windows outside of windows, parts of aggregates outside of them
CREATE FUNCTION attack_input.try(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
CREATE TABLE attack_input.answers AS
	SELECT p.oid::regprocedure::text AS function, p.prokind, 'internal'::regtype = ANY (p.proargtypes) OR p.prorettype = 'internal'::regtype AS is_part, attack_input.try(format(CASE p.prokind WHEN 'p' THEN 'CALL %s(%s)' WHEN 'a' THEN 'SELECT %s(%s) FROM generate_series(1, 2)' ELSE 'SELECT %s(%s)' END, p.oid::regproc,
		(SELECT string_agg(CASE WHEN t = 'internal'::regtype THEN 'NULL' ELSE format('NULL::%s', t::regtype) END, ', ' ORDER BY i) FROM unnest(p.proargtypes) WITH ORDINALITY AS a (t, i)))) AS answer
	FROM (SELECT *, format('%I.%I', pronamespace::regnamespace, proname) AS called FROM attack_input.functions) AS p WHERE p.proname <> 'refresh';
SELECT count(*) > 800 AS many FROM attack_input.answers;
-- parts with internal arguments cannot be called from SQL at all; other parts say that they are none here
-- (42883: no such function; older minor releases take null for an internal value and say 0A000, that it cannot be one)
SELECT DISTINCT CASE WHEN answer IN ('42883', '0A000') THEN 'refused' ELSE answer END AS answer FROM attack_input.answers WHERE is_part ORDER BY 1;
SELECT function, answer FROM attack_input.answers WHERE NOT is_part AND answer ~ '^(XX|58)' ORDER BY 1;
-- whose state is internal, only a superuser may make an aggregate
CREATE ROLE attack_input_eve;
GRANT USAGE ON SCHEMA kpi TO attack_input_eve;
GRANT CREATE, USAGE ON SCHEMA attack_input TO attack_input_eve;
SET ROLE attack_input_eve;
CREATE AGGREGATE attack_input.mixed (bigint, timestamptz, text, kpi.pattern) (SFUNC = kpi.funnel_bigint_label, STYPE = internal, FINALFUNC = kpi.ltv_final);
CREATE AGGREGATE attack_input.mixed (kpi.timeline) (SFUNC = kpi.timeline_add, STYPE = internal, FINALFUNC = kpi.ratio_final);
CREATE CAST (bytea AS kpi.funnel) WITHOUT FUNCTION;
CREATE FUNCTION attack_input.final(internal) RETURNS kpi.funnel LANGUAGE c AS '$libdir/kpi_track', 'ltv_final';
CREATE FUNCTION attack_input.final(internal) RETURNS kpi.funnel LANGUAGE internal AS 'int8_avg';
RESET ROLE;
DROP OWNED BY attack_input_eve;
DROP ROLE attack_input_eve;

-- long and deep texts: an error that says so, or a value; each within its time
CREATE TABLE attack_input.types AS SELECT unnest('{pattern,retention_spec,session_spec,path_spec,attribution_spec,ltv_spec,activity_spec,survey_kind,formula,timeline,funnel,retention,ltv,paths,sessions,activity,attribution,ratio,roi,survey,ltv_model}'::text[]) AS name;
SET statement_timeout = '120s';
SELECT t.name, string_agg(DISTINCT attack_input.try(format('SELECT %L::kpi.%I', x.text, t.name)), ' ' ORDER BY attack_input.try(format('SELECT %L::kpi.%I', x.text, t.name))) AS answers
FROM attack_input.types AS t, (VALUES (repeat('(', 1000000)), (repeat('-', 1000000)), (repeat('a', 2000000)), (repeat('a -> ', 200000) || 'a'), (repeat('a|', 500000) || 'a'), (repeat('"', 999999)), (repeat('[', 1000000)), (repeat('{"a":', 200000)), (repeat('{', 1000000)), (repeat('1', 1000000)), (repeat('a + ', 250000) || 'a'),
	(repeat('max(', 200000) || 'a' || repeat(')', 200000)), (repeat(E'\n', 1000000)), (repeat('by day ', 150000)), (repeat(U&'\00e9', 500000))) AS x (text)
GROUP BY 1 ORDER BY 1;
RESET statement_timeout;

-- matching is linear in events, whatever the pattern: four times as many take about four times as long, not sixteen
CREATE FUNCTION attack_input.seconds(events int, pattern text, label text) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE best double precision := 'infinity'; began timestamptz;
BEGIN
	FOR i IN 1 .. 3 LOOP
		began := clock_timestamp();
		EXECUTE format('SELECT kpi.funnel(1::bigint, timestamptz ''2026-01-01'' + g * interval ''1 second'', %s, %L::kpi.pattern) FROM generate_series(1, %s) AS g', label, pattern, events);
		best := least(best, extract(epoch FROM clock_timestamp() - began));
	END LOOP;
	RETURN best;
END $$;
CREATE TABLE attack_input.slow AS SELECT * FROM (VALUES ('same label', 'a' || repeat(' -> a', 30), '''a'''), ('same label, first entry', 'a' || repeat(' -> a', 30) || ' first entry', '''a'''), ('never done', 'a' || repeat(' -> a', 20) || ' -> z', '''a'''), ('with gaps', 'a -[no x]-> b -[no x]-> c within 30 days', '(ARRAY[''a'', ''b'', ''x'', ''c''])[1 + g % 4]'),
	('within', 'a -> b -> c within 1 hour', '(ARRAY[''a'', ''b''])[1 + g % 2]'), ('prefixes', 'a* -> a* -> a* -> z', '''a'' || g % 3'), ('any order', 'a' || repeat(' -> a', 61) || ' -> z any order', '''a'''),
	('any order, few choices', (SELECT string_agg('a' || n || '|a' || n % 62 + 1, ' -> ' ORDER BY n) FROM generate_series(1, 62) AS n) || ' -> z any order within 1 hour', '''a'' || g % 62 + 1')) AS v (what, pattern, label);
SELECT what, attack_input.try(format('SELECT %L::kpi.pattern', pattern)) AS pattern, round(attack_input.seconds(160000, pattern, label) / attack_input.seconds(40000, pattern, label)) < 10 AS linear FROM attack_input.slow WHERE attack_input.try(format('SELECT %L::kpi.pattern', pattern)) = 'ok';
-- and can be stopped
SET statement_timeout = '200ms';
SELECT kpi.funnel(1::bigint, timestamptz '2026-01-01' + g * interval '1 second', 'a', 'a -> a -> a -> a -> z'::kpi.pattern) FROM generate_series(1, 100000000) AS g;
SELECT kpi.timeline(timestamptz '2026-01-01' + g * interval '1 second', 'a') FROM generate_series(1, 100000000) AS g;
SELECT count(*) FROM kpi.timelines('SELECT 1::bigint AS actor, timestamptz ''2026-01-01'' + g * interval ''1 second'' AS at, ''a''::text AS event FROM generate_series(1, 100000000) AS g');
SELECT count(*) FROM kpi.stitch(ARRAY(SELECT g::text FROM generate_series(1, 3000000) AS g), ARRAY(SELECT (g + 1)::text FROM generate_series(1, 3000000) AS g));
RESET statement_timeout;
DROP SCHEMA attack_input CASCADE;
