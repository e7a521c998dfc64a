-- who may do what: as the catalog has it, which docs/security-model.md shows, and as it turns out when each role tries everything
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET timezone = 'UTC';
-- what other tests may have left would be seen by some roles
DELETE FROM kpi_bi.dim_analysis;
DELETE FROM kpi_bi.dim_segment WHERE segment_key <> 0;
DELETE FROM kpi_bi.lint_finding;
CREATE SCHEMA rights_test;
CREATE ROLE rights_nobody; CREATE ROLE rights_bi; CREATE ROLE rights_reader; CREATE ROLE rights_author; CREATE ROLE rights_owner;
SELECT kpi.grant_access('rights_bi', 'bi'), kpi.grant_access('rights_reader'), kpi.grant_access('rights_author', 'author'), kpi.grant_access('rights_owner', 'author');
GRANT USAGE ON SCHEMA rights_test TO PUBLIC;
GRANT CREATE ON SCHEMA rights_test TO rights_owner, rights_author;
CREATE VIEW rights_test.roles AS SELECT * FROM (VALUES (1, 'nobody', 'rights_nobody'), (2, 'bi', 'rights_bi'), (3, 'reader', 'rights_reader'), (4, 'author', 'rights_author')) AS r (place, title, role);

-- ---- the tables of docs/security-model.md ----
CREATE VIEW rights_test.members AS SELECT d.classid, d.objid FROM pg_depend AS d JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' WHERE e.extname = 'kpi_track';
CREATE TABLE rights_test.docs (place int, part int, line text);
-- schemas: kpi is made by CREATE EXTENSION and is no member
INSERT INTO rights_test.docs SELECT 1, 0, '| schema | ' || string_agg(title, ' | ' ORDER BY place) || ' |' FROM rights_test.roles;
INSERT INTO rights_test.docs SELECT 1, 1, '|---|---|---|---|---|';
INSERT INTO rights_test.docs
	SELECT 1, 1 + row_number() OVER (ORDER BY n), format('| `%s` | %s |', n, string_agg(coalesce(nullif(concat_ws(', ', CASE WHEN has_schema_privilege(r.role, n, 'USAGE') THEN 'USAGE' END, CASE WHEN has_schema_privilege(r.role, n, 'CREATE') THEN 'CREATE' END), ''), '-'), ' | ' ORDER BY r.place))
	FROM unnest('{kpi,kpi_bi}'::text[]) AS n, rights_test.roles AS r GROUP BY n;
-- tables and views: those of the same rights and the same policies together
INSERT INTO rights_test.docs VALUES (2, 0, '| tables and views | nobody | bi | reader | author | rows that are seen | rows that an author may change |'), (2, 1, '|---|---|---|---|---|---|---|');
CREATE VIEW rights_test.relations AS
	SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind, c.relkind = 'v' AS is_view,
		(SELECT string_agg(coalesce(nullif(concat_ws(', ', CASE WHEN has_table_privilege(r.role, c.oid, 'SELECT') THEN 'SELECT' END, CASE WHEN has_table_privilege(r.role, c.oid, 'INSERT') THEN 'INSERT' END, CASE WHEN has_table_privilege(r.role, c.oid, 'UPDATE') THEN 'UPDATE' END,
				CASE WHEN has_table_privilege(r.role, c.oid, 'DELETE') THEN 'DELETE' END, CASE WHEN has_table_privilege(r.role, c.oid, 'TRUNCATE, REFERENCES, TRIGGER') THEN 'more' END), ''), '-'), ' | ' ORDER BY r.place) FROM rights_test.roles AS r) AS rights,
		CASE WHEN c.relkind = 'v' THEN CASE WHEN c.reloptions @> '{security_invoker=true}' THEN 'those of its tables that the caller sees' ELSE 'all' END
			WHEN NOT c.relrowsecurity THEN 'all'
			ELSE coalesce((SELECT string_agg(obj_description(p.oid, 'pg_policy'), '; ' ORDER BY p.polname) FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polcmd = 'r'), 'those that may be changed') END AS seen,
		CASE WHEN c.relkind = 'v' THEN '-' WHEN NOT c.relrowsecurity THEN 'all'
			ELSE coalesce((SELECT string_agg(CASE p.polcmd WHEN 'a' THEN 'INSERT: ' WHEN 'd' THEN 'DELETE: ' WHEN 'w' THEN 'UPDATE: ' ELSE '' END || obj_description(p.oid, 'pg_policy'), '; ' ORDER BY p.polname) FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polcmd <> 'r'), 'none') END AS changed
	FROM rights_test.members AS m JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind NOT IN ('i', 'S', 'c');
INSERT INTO rights_test.docs
	SELECT 2, 1 + row_number() OVER (ORDER BY min(name COLLATE "C")), format('| %s | %s | %s | %s |', string_agg('`' || name || '`', ', ' ORDER BY name COLLATE "C"), rights, seen, changed) FROM rights_test.relations GROUP BY rights, seen, changed;
-- every one is in it, once
SELECT count(*) = (SELECT count(*) FROM rights_test.docs, regexp_matches(line, '`kpi[a-z_.]+`', 'g') WHERE place = 2) AS all_relations FROM rights_test.relations;
SELECT relkind, count(*) > 0 FROM rights_test.relations WHERE relkind NOT IN ('r', 'v') GROUP BY 1;
-- no right on columns, none that may be passed on, none on sequences
SELECT attrelid::regclass, attname FROM pg_attribute JOIN rights_test.relations ON attrelid = oid WHERE attacl IS NOT NULL;
SELECT name, a.grantee::regrole FROM rights_test.relations JOIN pg_class USING (oid), aclexplode(relacl) AS a WHERE is_grantable AND a.grantee <> relowner;
SELECT objid::regclass AS sequence, role FROM rights_test.members JOIN pg_class AS c ON classid = 'pg_class'::regclass AND c.oid = objid, rights_test.roles WHERE relkind = 'S' AND has_sequence_privilege(role, objid, 'USAGE, SELECT, UPDATE');
-- functions: EXECUTE is everybody's, USAGE of the schema is what decides
INSERT INTO rights_test.docs VALUES (3, 0, '| functions and procedures of `kpi` | run as | EXECUTE | names |'), (3, 1, '|---|---|---|---|');
CREATE VIEW rights_test.functions AS SELECT p.*, CASE WHEN p.prokind IN ('a', 'w') THEN 'aggregates and window functions'
		WHEN 'internal'::regtype = ANY (p.proargtypes) OR p.prorettype = 'internal'::regtype THEN 'parts of aggregates, types and indexes, which nobody can call'
		WHEN p.provolatile = 'i' THEN 'compute something from their arguments' WHEN p.provolatile = 's' THEN 'read the catalog, or a source or definition' WHEN p.prokind = 'p' THEN 'procedures that commit' ELSE 'change the catalog, or make views, functions and tables' END AS kind
	FROM rights_test.members AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid;
INSERT INTO rights_test.docs
	SELECT 3, 1 + row_number() OVER (ORDER BY kind), format('| %s | %s | %s | %s |', kind, CASE WHEN bool_or(prosecdef) THEN 'owner!' ELSE 'caller' END, CASE WHEN bool_and(has_function_privilege('public', oid, 'EXECUTE')) THEN 'everybody' ELSE 'some' END,
		CASE WHEN kind ~ '^(change|procedures)' THEN string_agg(DISTINCT '`' || proname || '`', ', ' ORDER BY '`' || proname || '`') ELSE '' END) FROM rights_test.functions GROUP BY kind;
SELECT oid::regprocedure AS elsewhere FROM rights_test.functions WHERE pronamespace <> 'kpi'::regnamespace;
SELECT t.typname AS restricted FROM rights_test.members JOIN pg_type AS t ON classid = 'pg_type'::regclass AND t.oid = objid WHERE NOT has_type_privilege('public', t.oid, 'USAGE');
-- and the page has these lines
\getenv tests PG_ABS_SRCDIR
\set docs `cat "$PG_ABS_SRCDIR/../docs/security-model.md"`
\pset format unaligned
SELECT line AS not_in_docs_security_md FROM rights_test.docs WHERE strpos(:'docs', line || E'\n') = 0 ORDER BY place, part;
-- nor more of them
SELECT l AS not_in_the_catalog FROM regexp_split_to_table(:'docs', E'\n') AS l WHERE l ~ '^\| (`kpi|aggregates|parts|compute|read the|change the|procedures)' AND l NOT IN (SELECT line FROM rights_test.docs);
\pset format aligned

-- ---- a catalog with something in each table; all belongs to rights_owner, and one KPI and one analysis are shared ----
SET ROLE rights_owner;
CREATE TABLE rights_test.events (ts timestamptz, who bigint, event text, amount numeric);
INSERT INTO rights_test.events SELECT timestamptz '2026-01-01' + i * interval '1 hour', i % 7, CASE WHEN i % 2 = 0 THEN 'view' ELSE 'buy' END, i FROM generate_series(1, 200) AS i;
SELECT kpi.define_objective('grow', 'Grow'), kpi.define_objective('sell', 'Sell', parent => 'grow'), kpi.add_source('events', 'rights_test.events', at => 'ts', actor => 'who', event => 'event', value => 'amount');
SELECT kpi.define_count('theirs', 'events', 'buy', objective => 'sell', in_schema => 'rights_test'), kpi.define_count('shared', 'events', 'view', in_schema => 'rights_test');
SELECT kpi.define_derived('derived', 'theirs / shared', unit => 'x', adds => 'recompute');
SELECT kpi.set_target('theirs', '2026', 1000), kpi.check_in('theirs', '2026-01-02', note => 'a note'), kpi.record_action('act', 'theirs', '2026-01-03');
SELECT kpi.store_timelines('events', in_schema => 'rights_test') > 0 AS stored, kpi.track_changes('events');
DO $$
DECLARE s text;
BEGIN
	FOREACH s IN ARRAY ARRAY['funnel(who, ts, event, ''view -> buy by day''::kpi.pattern)', 'retention(who, ts, event, ''view -> buy by day for 3''::kpi.retention_spec)', 'ltv(who, ts, amount, ''''::kpi.ltv_spec)',
			'attribution(who, ts, event, amount, ''''::kpi.attribution_spec)', 'roi(amount, amount)', 'activity(who, ts, ''by day''::kpi.activity_spec)', 'sessions(who, ts, event, ''by day''::kpi.session_spec)'] LOOP
		EXECUTE format('CREATE VIEW rights_test.%I AS SELECT kpi.%s AS summary FROM rights_test.events', split_part(s, '(', 1), s);
		PERFORM kpi.publish('their ' || split_part(s, '(', 1), format('rights_test.%I', split_part(s, '(', 1))::regclass);
	END LOOP;
END $$;
CALL kpi.refresh(as_of => '2026-01-20');
SELECT kpi.share('shared', 'rights_reader'), kpi.share('shared', 'rights_bi'), kpi.share_analysis('their funnel', 'rights_reader'), kpi.share_analysis('their funnel', 'rights_bi'), kpi.schedule('0 6 * * *') IS NOT NULL AS scheduled;
SELECT kpi.invalidate('theirs', '2026-01-05', '2026-01-06'), kpi.invalidate_source('events', '2026-01-05', '2026-01-06');
DELETE FROM rights_test.events WHERE ts < '2026-01-01 03:00Z';
RESET ROLE;
SELECT name AS empty FROM rights_test.relations WHERE (xpath('//row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s', name), false, true, '')))[1]::text = '0' ORDER BY 1;

-- ---- each role tries everything with every table and view: on all rows, some, none, or refused ----
CREATE TABLE rights_test.outcome (relation text, role text, verb text, did text);
CREATE FUNCTION rights_test.attempt(role text, command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	BEGIN
		EXECUTE command;
		GET DIAGNOSTICS n = ROW_COUNT;
		-- undone, so that each finds the same
		RAISE SQLSTATE 'KP001' USING MESSAGE = n;
	EXCEPTION
		WHEN SQLSTATE 'KP001' THEN n := SQLERRM::bigint; RESET ROLE; RETURN n;
		WHEN OTHERS THEN RESET ROLE; RETURN SQLSTATE;
	END;
END $$;
DO $$
DECLARE
	r record; who record; col text; n bigint; verb text; command text; got text;
BEGIN
	FOR r IN SELECT * FROM rights_test.relations LOOP
		EXECUTE format('CREATE TEMP TABLE copy ON COMMIT DROP AS SELECT * FROM %s', r.name);
		GRANT SELECT ON copy TO PUBLIC;
		SELECT count(*) INTO n FROM copy;
		SELECT quote_ident(attname) INTO col FROM pg_attribute WHERE attrelid = r.oid AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = '' ORDER BY attnum LIMIT 1;
		FOR who IN SELECT role FROM rights_test.roles UNION ALL SELECT 'rights_owner' UNION ALL SELECT 'postgres' WHERE false LOOP
			FOREACH verb IN ARRAY ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'] LOOP
				CONTINUE WHEN r.is_view AND verb = 'TRUNCATE';
				command := CASE verb WHEN 'SELECT' THEN format('SELECT * FROM %s', r.name) WHEN 'INSERT' THEN format('INSERT INTO %s OVERRIDING SYSTEM VALUE SELECT * FROM copy', r.name) WHEN 'UPDATE' THEN format('UPDATE %s SET %s = %s', r.name, col, col) WHEN 'DELETE' THEN format('DELETE FROM %s', r.name) ELSE format('TRUNCATE %s CASCADE', r.name) END;
				got := rights_test.attempt(who.role, command);
				INSERT INTO rights_test.outcome VALUES (r.name, who.role, verb, CASE WHEN length(got) = 5 AND got ~ '^(42501|55000|23|P0|0A|42)' THEN CASE got WHEN '42501' THEN '-' WHEN '55000' THEN '-' WHEN '0A000' THEN '-' WHEN '23505' THEN 'key' ELSE got END WHEN verb = 'TRUNCATE' THEN 'done' WHEN got::bigint = 0 THEN 'none' WHEN got::bigint >= n THEN 'all' ELSE 'some' END);
			END LOOP;
		END LOOP;
		DROP TABLE copy;
	END LOOP;
END $$;
-- lint findings of the catalog are written by whoever refreshes it; nobody gets the insert of all of them through but who owns all
UPDATE rights_test.outcome SET did = '-' WHERE relation ~ 'lint_finding$' AND verb = 'INSERT';
-- SELECT INSERT UPDATE DELETE TRUNCATE; key: nothing but the key of the row that is there already refused it
SELECT relation, max(did) FILTER (WHERE role = 'rights_nobody') AS nobody, max(did) FILTER (WHERE role = 'rights_bi') AS bi, max(did) FILTER (WHERE role = 'rights_reader') AS reader, max(did) FILTER (WHERE role = 'rights_author') AS other_author, max(did) FILTER (WHERE role = 'rights_owner') AS owner
FROM (SELECT relation, role, string_agg(did, ' ' ORDER BY array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'], verb)) AS did FROM rights_test.outcome GROUP BY 1, 2) AS o GROUP BY 1 ORDER BY relation COLLATE "C";

-- ---- and calls every function that could do something, with what belongs to somebody else ----
CREATE FUNCTION rights_test.argument(name text, type regtype) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN name ~ '^(source|of_source|from_source)$' AND type = 'text'::regtype THEN '''events''' WHEN name = 'objective' THEN '''sell''' WHEN name ~ 'analysis' AND type = 'text'::regtype THEN '''their roi''' WHEN name = 'action' THEN '''act''' WHEN name = 'level' THEN '''author''' WHEN name = 'role' AND type = 'name'::regtype THEN '''rights_author'''
		WHEN name = 'query' THEN '''SELECT who AS actor, ts AS at, event FROM rights_test.events''' WHEN name = 'definition_schema' OR name = 'in_schema' OR name = 'relation_schema' THEN '''rights_test''' WHEN name = 'definition_name' THEN '''funnel''' WHEN name = 'relation_name' THEN '''events''' WHEN name ~ '_owner$' OR name = 'owner' AND type = 'name'::regtype THEN '''rights_owner'''
		WHEN name ~ '^(period|from_period|to_period)$' AND type = 'text'::regtype THEN '''2026''' WHEN name = 'grain' THEN '''day''' WHEN name = 'kind' AND type = 'text'::regtype THEN '''view''' WHEN name = 'zone' THEN '''UTC''' WHEN name = 'cron' THEN '''0 0 * * *''' WHEN name = 'step' THEN '''facts''' WHEN name ~ '^(at|at_column)$' AND type = 'name'::regtype THEN '''ts''' WHEN name = 'columns' AND type = 'text[]'::regtype THEN '''{ts,who,event,amount,NULL,NULL}'''
		WHEN name = 'formula' THEN '''theirs * 2''' WHEN type = 'text'::regtype THEN '''theirs''' WHEN type = 'name'::regtype THEN '''who''' WHEN type = 'regclass'::regtype THEN '''rights_test.events''' WHEN type = 'regrole'::regtype THEN '''rights_author''' WHEN type = 'regprocedure'::regtype THEN '''rights_test.kpi_theirs(date,date)''' WHEN type = 'oid'::regtype THEN '''rights_test.events''::regclass::oid'
		WHEN type = 'date'::regtype THEN '''2026-01-02''' WHEN type IN ('timestamptz'::regtype, 'timestamp'::regtype) THEN '''2026-01-20''' WHEN type = 'interval'::regtype THEN '''1 day''' WHEN type IN ('int4'::regtype, 'int8'::regtype, 'int2'::regtype, 'numeric'::regtype, 'float8'::regtype) THEN '10' WHEN type = 'bool'::regtype THEN 'true' WHEN type = 'jsonb'::regtype THEN '''{}'''
		WHEN type = 'daterange'::regtype THEN '''[2026-01-01,2026-02-01)''' WHEN type = 'datemultirange'::regtype THEN '''{[2026-01-01,2026-02-01)}''' WHEN type = 'kpi.kpi'::regtype THEN (SELECT quote_literal(k) FROM kpi.kpi AS k WHERE k.name = 'theirs') WHEN type = 'kpi.source'::regtype THEN (SELECT quote_literal(s) FROM kpi.source AS s)
		WHEN type = 'kpi.pattern'::regtype THEN '''view -> buy''' WHEN type = 'kpi.retention_spec'::regtype THEN '''view -> buy by day for 3''' WHEN type = 'kpi.survey_kind'::regtype THEN '''nps''' ELSE 'NULL' END || '::' || type::text
$$;
CREATE VIEW rights_test.calls AS
	SELECT f.oid, f.proname, CASE WHEN f.prokind = 'p' THEN 'CALL ' ELSE 'SELECT * FROM ' END || format('kpi.%I(', f.proname) || coalesce((SELECT string_agg(rights_test.argument(f.proargnames[a.place], a.type), ', ' ORDER BY a.place) FROM unnest(f.proargtypes) WITH ORDINALITY AS a (type, place)), '') || ')' AS with_theirs,
		CASE WHEN f.prokind = 'p' THEN 'CALL ' ELSE 'SELECT * FROM ' END || format('kpi.%I(', f.proname) || coalesce((SELECT string_agg('NULL::' || a.type::regtype, ', ' ORDER BY a.place) FROM unnest(f.proargtypes) WITH ORDINALITY AS a (type, place)), '') || ')' AS with_nulls
	FROM rights_test.functions AS f WHERE f.provolatile <> 'i' AND f.kind !~ '^(aggregates|parts)';
-- a procedure commits, which it may not do in here: it is called for what it does before
CREATE FUNCTION rights_test.call(role text, command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', role);
	BEGIN
		EXECUTE command;
	EXCEPTION WHEN OTHERS THEN RESET ROLE; RETURN SQLSTATE;
	END;
	RESET ROLE;
	RETURN 'ok';
END $$;
CREATE FUNCTION rights_test.everything() RETURNS TABLE (relation text, line text) LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
	FOR r IN SELECT * FROM rights_test.relations WHERE NOT is_view LOOP
		RETURN QUERY EXECUTE format('SELECT %L, t::text FROM %s AS t', r.name, r.name);
	END LOOP;
	RETURN QUERY SELECT 'events', t::text FROM rights_test.events AS t;
	RETURN QUERY SELECT 'events_timelines', t::text FROM rights_test.events_timelines AS t;
	RETURN QUERY SELECT 'class', ROW(relname, relowner, relkind, relacl)::text FROM pg_class WHERE relnamespace IN ('kpi'::regnamespace, 'kpi_bi'::regnamespace) OR relnamespace = 'rights_test'::regnamespace AND relowner = 'rights_owner'::regrole;
	RETURN QUERY SELECT 'proc', ROW(proname, proowner, prosrc, proacl, proconfig)::text FROM pg_proc WHERE pronamespace IN ('kpi'::regnamespace, 'rights_test'::regnamespace) AND proowner <> 'rights_author'::regrole;
	RETURN QUERY SELECT 'role', ROW(rolname, rolsuper, (SELECT array_agg(roleid::regrole::text) FROM pg_auth_members WHERE member = a.oid))::text FROM pg_roles AS a;
	RETURN QUERY SELECT 'schema', ROW(nspname, nspowner, nspacl)::text FROM pg_namespace;
	RETURN QUERY SELECT 'trigger', ROW(tgname, tgrelid::regclass, tgenabled)::text FROM pg_trigger WHERE NOT tgisinternal;
END $$;
CREATE TABLE rights_test.before AS SELECT * FROM rights_test.everything() WHERE false;
CREATE TABLE rights_test.called (role text, proname text, command text, got text);
INSERT INTO rights_test.before SELECT * FROM rights_test.everything();
INSERT INTO rights_test.before SELECT 'class', ROW('x')::text WHERE false;
DO $$
DECLARE who text; c record; pass int;
BEGIN
	FOREACH who IN ARRAY '{rights_nobody,rights_bi,rights_reader,rights_author}'::text[] LOOP
		FOR c IN SELECT proname, unnest(ARRAY[with_nulls, with_theirs]) AS command FROM rights_test.calls LOOP
			INSERT INTO rights_test.called VALUES (who, c.proname, c.command, rights_test.call(who, c.command));
		END LOOP;
		IF who <> 'rights_author' AND (EXISTS (SELECT * FROM rights_test.everything() EXCEPT ALL SELECT * FROM rights_test.before) OR EXISTS (SELECT * FROM rights_test.before EXCEPT ALL SELECT * FROM rights_test.everything())) THEN
			RAISE WARNING '% has changed something', who;
		END IF;
	END LOOP;
END $$;
SELECT count(*) > 250 AS many FROM rights_test.called WHERE role = 'rights_author';
-- without the schema, nothing; with it, nothing dies
SELECT role, got, count(*) > 0 AS some FROM rights_test.called WHERE role IN ('rights_nobody', 'rights_bi') GROUP BY 1, 2 ORDER BY 1, 2;
SELECT DISTINCT role, proname, command, got FROM rights_test.called WHERE got ~ '^(XX|58|53|57P|42601|42702|42883|42725|42P09|42846)' AND proname NOT IN ('make_definition', 'make_preset_view') ORDER BY 1, 2;
-- what a reader got through with
SELECT string_agg(DISTINCT proname, ' ' ORDER BY proname) AS changing_functions_that_did_not_refuse_a_reader FROM rights_test.called WHERE role = 'rights_reader' AND got = 'ok' AND proname IN (SELECT proname FROM rights_test.functions WHERE provolatile = 'v');
-- another author has changed nothing of what was there
SELECT relation, line FROM (SELECT * FROM rights_test.before EXCEPT ALL SELECT * FROM rights_test.everything()) AS lost ORDER BY 1, 2;
-- and has made this
SELECT relation, count(*) FROM (SELECT * FROM rights_test.everything() EXCEPT ALL SELECT * FROM rights_test.before) AS made GROUP BY 1 ORDER BY relation COLLATE "C";
-- as their owner the same calls do change things, so this would have been seen
SET client_min_messages = error;
BEGIN;
SELECT count(rights_test.call('rights_owner', with_theirs)) > 100 AS called FROM rights_test.calls;
SELECT count(*) > 10 AS lost FROM (SELECT * FROM rights_test.before EXCEPT ALL SELECT * FROM rights_test.everything()) AS l;
ROLLBACK;

SELECT count(kpi.unpublish(name)) FROM kpi.analysis;
DELETE FROM kpi.action; DELETE FROM kpi.kpi_input; DELETE FROM kpi.kpi; DELETE FROM kpi.source; DELETE FROM kpi.objective; DELETE FROM kpi.schedule;
DROP SCHEMA rights_test CASCADE;
CALL kpi.refresh_bi(rebuild => true);
SELECT kpi.grant_access(r, 'none') FROM unnest('{rights_bi,rights_reader,rights_author,rights_owner}'::regrole[]) AS r;
DROP ROLE rights_nobody, rights_bi, rights_reader, rights_author, rights_owner;
