-- CREATE EXTENSION where somebody has been before, and functions where names are somebody's
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SELECT current_database() AS home \gset
DROP DATABASE IF EXISTS kpi_attack_install;
CREATE ROLE attack_install_eve;
CREATE DATABASE kpi_attack_install TEMPLATE template0;
GRANT CREATE ON DATABASE kpi_attack_install TO attack_install_eve;
\c kpi_attack_install
SET client_min_messages = warning;
-- a schema of somebody
CREATE SCHEMA kpi AUTHORIZATION attack_install_eve;
CREATE EXTENSION kpi_track;
ALTER SCHEMA kpi OWNER TO CURRENT_USER;
-- one that somebody may create in
GRANT CREATE ON SCHEMA kpi TO attack_install_eve;
CREATE EXTENSION kpi_track;
REVOKE CREATE ON SCHEMA kpi FROM attack_install_eve;
GRANT CREATE ON SCHEMA kpi TO PUBLIC;
CREATE EXTENSION kpi_track;
-- what somebody left there: a function that would be the better match, an operator, a type, a table
SET ROLE attack_install_eve;
CREATE FUNCTION kpi.has_role(text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
RESET ROLE;
REVOKE CREATE ON SCHEMA kpi FROM PUBLIC;
CREATE EXTENSION kpi_track;
DROP FUNCTION kpi.has_role(text);
GRANT CREATE ON SCHEMA kpi TO attack_install_eve;
SET ROLE attack_install_eve;
CREATE TYPE kpi.timeline AS ENUM ('trap');
RESET ROLE;
REVOKE CREATE ON SCHEMA kpi FROM attack_install_eve;
CREATE EXTENSION kpi_track;
DROP TYPE kpi.timeline;
-- one's own of the same name is in the way, not taken over
CREATE TABLE kpi.kpi (name text);
CREATE EXTENSION kpi_track;
DROP TABLE kpi.kpi;
CREATE SCHEMA kpi_bi;
CREATE EXTENSION kpi_track;
DROP SCHEMA kpi_bi;
SELECT count(*) FROM pg_extension WHERE extname = 'kpi_track';

-- functions, operators, types and casts of the names that the script and its functions use, ahead of pg_catalog
GRANT USAGE, CREATE ON SCHEMA public TO attack_install_eve;
SET ROLE attack_install_eve;
CREATE SCHEMA shadow;
GRANT USAGE ON SCHEMA shadow TO PUBLIC;
CREATE FUNCTION shadow.sprung(what text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trap: %', what; END $$;
RESET ROLE;
-- one of each function of pg_catalog that is called by any function of ours: the same arguments, a trap for a body
CREATE FUNCTION shadow.make() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE f record; made bigint := 0;
BEGIN
	FOR f IN SELECT DISTINCT ON (p.proname, p.proargtypes) p.*, pg_get_function_identity_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result
			FROM pg_proc AS p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND NOT 'internal'::regtype = ANY (p.proargtypes) AND NOT 'cstring'::regtype = ANY (p.proargtypes)
				AND p.prorettype NOT IN ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype, 'event_trigger'::regtype) LOOP
		BEGIN
			EXECUTE format('CREATE FUNCTION shadow.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', f.proname, (SELECT string_agg(a::regtype::text, ', ') FROM unnest(f.proargtypes) AS a), CASE WHEN f.proretset THEN 'SETOF ' ELSE '' END || f.prorettype::regtype,
				format('BEGIN RAISE EXCEPTION %L; END', 'trap: function ' || f.proname));
			made := made + 1;
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
	FOR f IN SELECT o.*, o.oprresult::regtype AS result FROM pg_operator AS o WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprleft <> 0 LOOP
		BEGIN
			EXECUTE format('CREATE FUNCTION shadow.%I(%s, %s) RETURNS %s LANGUAGE plpgsql AS %L', 'op_' || f.oid, f.oprleft::regtype, f.oprright::regtype, f.result, format('BEGIN RAISE EXCEPTION %L; END', 'trap: operator ' || f.oprname));
			EXECUTE format('CREATE OPERATOR shadow.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = shadow.%I)', f.oprname, f.oprleft::regtype, f.oprright::regtype, 'op_' || f.oid);
			made := made + 1;
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
	-- and of the types
	FOR f IN SELECT unnest('{text,date,timestamptz,timestamp,jsonb,oid,name,regclass,regtype,record,uuid,bytea}'::text[]) AS name LOOP
		BEGIN
			EXECUTE format('CREATE DOMAIN shadow.%I AS pg_catalog.int4 CHECK (false)', f.name);
			made := made + 1;
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
	RETURN made;
END $$;
SELECT shadow.make() > 2500 AS traps;
-- they work
SET search_path = shadow, pg_catalog;
SELECT pg_catalog.now() < pg_catalog.now();
SELECT upper('a'::pg_catalog.text);
-- and nobody steps into one: the script, then a working day
CREATE EXTENSION kpi_track;
CREATE SCHEMA work;
SET search_path = pg_catalog;
CREATE TABLE work.events AS SELECT timestamptz '2026-01-01' + i * interval '1 hour' AS ts, i % 50 AS who, (ARRAY['view', 'buy', 'leave'])[1 + i % 3] AS event, (i % 10)::numeric AS amount, (ARRAY['DE', 'FR'])[1 + i % 2] AS land FROM generate_series(1, 1500) AS i;
CREATE VIEW work.by_day AS SELECT date_trunc('day', ts)::date AS period_start, count(*) AS value FROM work.events GROUP BY 1;
CREATE VIEW work.funnels AS SELECT kpi.funnel(who::bigint, ts, event, 'view -> buy by day'::kpi.pattern) AS summary FROM work.events;
CREATE TABLE work.targets AS SELECT 'buys' AS kpi, '2026-02' AS period, 100 AS target;
CREATE ROLE attack_install_author;
SET search_path = shadow, pg_catalog;
SELECT kpi.grant_access('attack_install_author', 'author'), kpi.define_objective('grow', 'Grow'), kpi.add_source('events', 'work.events', at => 'ts', actor => 'who', event => 'event', value => 'amount', segment => 'land');
SELECT kpi.define('by_day', 'work.by_day', unit => 'x', grain => 'day', adds => 'sum', objective => 'grow'), kpi.define_count('buys', 'events', 'buy', in_schema => 'work'), kpi.define_sum('sum', 'events', 'buy', unit => 'EUR', in_schema => 'work'),
	kpi.define_unique('unique', 'events', in_schema => 'work'), kpi.define_ratio('ratio', 'events', 'buy', 'view', unit => 'share', in_schema => 'work'), kpi.define_funnel('funnel', 'events', 'view -> buy by day within 3 days', in_schema => 'work');
SELECT kpi.define_retention('retention', 'events', '* -> * by week for 3', 1, in_schema => 'work'), kpi.define_session_metric('sessions', 'events', 'sessions', 'timeout 30 min by day', in_schema => 'work'), kpi.define_survey('survey', 'events', 'nps', in_schema => 'work'), kpi.define_derived('derived', 'buys / sum', unit => 'x', grain => 'day');
SELECT kpi.store_timelines('events', in_schema => 'work') IS NOT NULL AS stored, kpi.track_changes('events');
SET search_path = pg_catalog;
INSERT INTO work.events VALUES ('2026-01-02', 1, 'buy', 1, 'DE');
SET search_path = shadow, pg_catalog;
DELETE FROM work.events WHERE amount OPERATOR(pg_catalog.=) 9;
SELECT kpi.set_target('buys', '2026-01', 100), kpi.set_targets('work.targets'), kpi.check_in('buys', '2026-01-02', note => 'n'), kpi.record_action('act', 'buys', '2026-01-20'), kpi.publish('funnels', 'work.funnels'), kpi.share('buys', 'attack_install_author'), kpi.schedule() IS NOT NULL AS scheduled;
CALL kpi.refresh(as_of => '2026-03-05');
CALL kpi.refresh(as_of => '2026-03-06', verbose => false);
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 AS measured FROM kpi.measurement;
SELECT error FROM kpi.run_log WHERE error IS NOT NULL UNION ALL SELECT error FROM kpi.store_log WHERE error IS NOT NULL UNION ALL SELECT error FROM kpi.analysis_log WHERE error IS NOT NULL;
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 AS judged FROM kpi.scorecard; SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 AS healthy FROM kpi.health; SELECT pg_catalog.count(*) AS running FROM kpi.progress;
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 AS trusted FROM kpi.trust(as_of => '2026-03-05'); SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 AS linted FROM kpi.lint(as_of => '2026-03-05');
SELECT pg_catalog.length(kpi.dashboard(as_of => '2026-03-05')) OPERATOR(pg_catalog.>) 1000 AS shown;
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 AS explained FROM kpi.explain_change('ratio', '2026-02', '2026-01', '2026-03-05');
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 AS had_effect FROM kpi.action_effect('act', as_of => '2026-03-05');
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 AS split FROM kpi.split_target('buys', '2026-01', 'day', as_of => '2026-03-05');
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>=) 0 AS detected FROM kpi.detect_source('work.events');
SELECT pg_catalog.count(*) AS bi FROM kpi_bi.fact WHERE value IS NULL AND kpi_key OPERATOR(pg_catalog.<) 0; SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 AS by_month FROM kpi_bi.fact_month;
SELECT kpi.invalidate('buys', '2026-01-01', '2026-01-02'), kpi.invalidate_source('events', '2026-01-01', '2026-01-02'), kpi.collect_changes() IS NOT NULL AS collected, kpi.copy_targets('buys', '2026-01', '2026-03');
CALL kpi.refresh('buys'); CALL kpi.refresh_bi(); CALL kpi.refresh_analyses();
SELECT kpi.template('traffic', 'events', in_schema => 'work', prefix => 't_') IS NOT NULL AS made LIMIT 1;
SELECT kpi.undefine('derived'), kpi.unpublish('funnels'), kpi.unschedule() IS NOT NULL AS unscheduled, kpi.unshare('buys', 'attack_install_author'), kpi.track_changes('events', false), kpi.grant_access('attack_install_author', 'none');

-- what can be seen of the functions: those with a path of their own cannot be shadowed, C reads no names, the others are four procedures
SELECT p.oid::regprocedure AS by_the_path_of_the_caller FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_depend AS d ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) p.oid AND d.deptype OPERATOR(pg_catalog.=) 'e'
	JOIN pg_catalog.pg_language AS l ON l.oid OPERATOR(pg_catalog.=) p.prolang WHERE l.lanname OPERATOR(pg_catalog.<>) ALL ('{c,internal}'::pg_catalog.name[]) AND p.proconfig IS NULL AND p.prosqlbody IS NULL ORDER BY p.proname;
SELECT DISTINCT c FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_depend AS d ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) p.oid AND d.deptype OPERATOR(pg_catalog.=) 'e', pg_catalog.unnest(p.proconfig) AS c WHERE c OPERATOR(pg_catalog.~) 'search_path';
-- dynamic SQL is put together with %I, %L and what was put together so; a string that is concatenated into a command would be seen here
SELECT p.oid::regprocedure AS concatenates_into_execute FROM pg_catalog.pg_proc AS p WHERE p.pronamespace OPERATOR(pg_catalog.=) 'kpi'::pg_catalog.regnamespace AND p.prosrc OPERATOR(pg_catalog.~) 'EXECUTE [^;]*OPERATOR\(pg_catalog\.\|\|\)' ORDER BY p.proname;

\c :home
SET client_min_messages = warning;
DROP DATABASE kpi_attack_install;
DROP ROLE attack_install_eve, attack_install_author;
