-- code of one role, run with the rights of another: what an author or the owner of a table can put where a superuser comes by
SET client_min_messages = warning;
SET timezone = 'UTC';
\set SHOW_CONTEXT never
CREATE ROLE attack_mallory; CREATE ROLE attack_alice; CREATE ROLE attack_bob;
SELECT kpi.grant_access('attack_mallory', 'author'), kpi.grant_access('attack_alice', 'author');
CREATE SCHEMA attack_m AUTHORIZATION attack_mallory;
CREATE SCHEMA attack_a AUTHORIZATION attack_alice;
CREATE SCHEMA attack_b AUTHORIZATION attack_bob;
CREATE SCHEMA attack_s;
GRANT USAGE, CREATE ON SCHEMA attack_b TO PUBLIC;
GRANT USAGE ON SCHEMA attack_m, attack_s TO PUBLIC;
-- who ran what; anybody may add to it
CREATE TABLE attack_s.loot (what text, by_whom text);
GRANT INSERT ON attack_s.loot TO PUBLIC;
-- what is told of a refresh, without times
CREATE FUNCTION attack_s.failures() RETURNS TABLE (of_what text, why text) LANGUAGE sql AS $$
	SELECT kpi, error FROM (SELECT DISTINCT ON (kpi) * FROM kpi.run_log ORDER BY kpi, started_at DESC) AS l WHERE error IS NOT NULL
	UNION ALL SELECT source, error FROM (SELECT DISTINCT ON (source) * FROM kpi.store_log ORDER BY source, started_at DESC) AS l WHERE error IS NOT NULL
	UNION ALL SELECT analysis, error FROM (SELECT DISTINCT ON (analysis) * FROM kpi.analysis_log ORDER BY analysis, started_at DESC) AS l WHERE error IS NOT NULL
	ORDER BY 1, 2
$$;

-- ---- rows of the catalog that point to what is not one's own ----
SET ROLE attack_alice;
CREATE VIEW attack_a.secret AS SELECT date '2026-01-01' AS period_start, 4242 AS value;
SELECT kpi.define('secret', 'attack_a.secret', unit => 'EUR', grain => 'day', adds => 'sum');
CREATE VIEW attack_a.secret_funnel AS SELECT kpi.funnel(1::bigint, timestamptz '2026-01-01', 'hush', 'hush -> b'::kpi.pattern) AS summary;
CREATE TABLE attack_a.secret_events (ts timestamptz, who bigint, event text);
INSERT INTO attack_a.secret_events SELECT now() - i * interval '1 day', 1, 'hush' FROM generate_series(1, 40) AS i;
SET ROLE attack_mallory;
CREATE VIEW attack_m.mine AS SELECT date '2026-01-01' AS period_start, 1 AS value;
SELECT kpi.define('mine', 'attack_m.mine', unit => 'EUR', grain => 'day', adds => 'sum');
CREATE VIEW attack_m.my_funnel AS SELECT kpi.funnel(1::bigint, timestamptz '2026-01-01', 'a', 'a -> b'::kpi.pattern) AS summary;
SELECT kpi.publish('my_funnel', 'attack_m.my_funnel');
-- a superuser's refresh would read these for her
UPDATE kpi.kpi SET definition_schema = 'attack_a', definition_name = 'secret', definition_owner = 'attack_alice' WHERE name = 'mine';
UPDATE kpi.kpi SET definition_schema = 'pg_catalog', definition_name = 'pg_shadow', definition_owner = 'postgres' WHERE name = 'mine';
INSERT INTO kpi.kpi (name, title, kind, definition_schema, definition_name, definition_owner, unit, direction, grain, adds)
	VALUES ('stolen', 'stolen', 'view', 'attack_a', 'secret', 'attack_alice', 'EUR', 'up', 'day', 'sum');
UPDATE kpi.analysis SET definition_schema = 'attack_a', definition_name = 'secret_funnel', definition_owner = 'attack_alice' WHERE name = 'my_funnel';
-- her own may be changed by hand
UPDATE kpi.kpi SET title = 'Mine' WHERE name = 'mine';
UPDATE kpi.analysis SET title = 'Mine' WHERE name = 'my_funnel';
-- what she says of a name without an owner, or with herself as the owner, is found out when it is read
UPDATE kpi.kpi SET definition_schema = 'attack_a', definition_name = 'secret' WHERE name = 'mine';
RESET ROLE;
CALL kpi.refresh();
SET ROLE attack_mallory;
SELECT kpi, value FROM kpi.measurement;
RESET ROLE;
SELECT * FROM attack_s.failures();
SET ROLE attack_mallory;
UPDATE kpi.kpi SET definition_schema = 'attack_m', definition_name = 'mine' WHERE name = 'mine';
-- a source whose rows nobody but its owner may see: how many there are, when, and of what is told by kpi.trust()
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, at_column, actor_column, event_column) VALUES ('hers', 'attack_a', 'secret_events', 'attack_alice', 'ts', 'who', 'event');
CREATE VIEW attack_m.monthly AS SELECT date '2026-01-01' AS period_start, 1 AS value;
SELECT kpi.define('monthly', 'attack_m.monthly', unit => 'EUR', grain => 'month', adds => 'sum', source => 'hers');
RESET ROLE;
CALL kpi.refresh();
SELECT source, rule, detail, fix FROM kpi.trust('hers');
SELECT rule, detail FROM kpi.trust() WHERE source = 'hers';
SET ROLE attack_mallory;
SELECT source, rule, detail FROM kpi_bi.trust;
SELECT kpi, data_to FROM kpi.watermark ORDER BY 1;
RESET ROLE;
-- who may read it may have it read
GRANT USAGE ON SCHEMA attack_a TO attack_mallory;
GRANT SELECT (ts, who, event) ON attack_a.secret_events TO attack_mallory;
SELECT rule, severity FROM kpi.trust('hers') WHERE rule = 'freshness';
DELETE FROM kpi.kpi WHERE name = 'monthly';
DELETE FROM kpi.source WHERE name = 'hers';

-- ---- casts that the owner of a type has written ----
SET ROLE attack_bob;
CREATE TYPE attack_b.kind AS ENUM ('view', 'buy');
CREATE TABLE attack_b.events (ts timestamptz, who bigint, kind attack_b.kind, plain text, amount numeric);
INSERT INTO attack_b.events VALUES ('2026-01-01', 1, 'view', 'view', 1);
GRANT SELECT, INSERT, DELETE, TRIGGER ON attack_b.events TO PUBLIC;
CREATE FUNCTION attack_b.kind_text(attack_b.kind) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO attack_s.loot VALUES ('enum cast', current_user); RETURN 'trap'; END $$;
SET ROLE attack_mallory;
SELECT kpi.add_source('events', 'attack_b.events', at => 'ts', actor => 'who', event => 'kind', value => 'amount');
-- registered while it was harmless
SET ROLE attack_bob;
CREATE CAST (attack_b.kind AS text) WITH FUNCTION attack_b.kind_text(attack_b.kind);
SET ROLE attack_mallory;
SELECT kpi.store_timelines('events', in_schema => 'attack_m');
SELECT actor, timeline FROM attack_m.events_timelines;
SELECT kpi.define_count('counted', 'events', in_schema => 'attack_m');
RESET ROLE;
SELECT rule, severity FROM kpi.trust('events') WHERE rule = 'freshness';
SELECT kpi.store_refresh('events');
SELECT kpi.add_source('events2', 'attack_b.events', at => 'ts', actor => 'who', event => 'kind');
SELECT kpi.add_source('events2', 'attack_b.events', at => 'ts', actor => 'who', segment => 'kind');
SELECT kpi.define_count('counted', 'events', in_schema => 'attack_s');
SELECT * FROM attack_s.loot;
-- columns that become of another type later
SET ROLE attack_bob;
CREATE TYPE attack_b.worth AS (amount numeric);
CREATE FUNCTION attack_b.worth_numeric(attack_b.worth) RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN INSERT INTO attack_s.loot VALUES ('numeric cast', current_user); RETURN 1; END $$;
CREATE CAST (attack_b.worth AS numeric) WITH FUNCTION attack_b.worth_numeric(attack_b.worth) AS IMPLICIT;
CREATE TYPE attack_b.word AS (word text);
CREATE FUNCTION attack_b.word_text(attack_b.word) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO attack_s.loot VALUES ('text cast', current_user); RETURN 'x'; END $$;
CREATE CAST (attack_b.word AS text) WITH FUNCTION attack_b.word_text(attack_b.word) AS IMPLICIT;
CREATE TYPE attack_b.moment AS (ts timestamptz);
CREATE FUNCTION attack_b.moment_ts(attack_b.moment) RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'a cast of attack_bob runs as %', current_user; RETURN $1.ts; END $$;
CREATE CAST (attack_b.moment AS timestamptz) WITH FUNCTION attack_b.moment_ts(attack_b.moment) AS IMPLICIT;
CREATE FUNCTION attack_b.moment_text(attack_b.moment) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'a cast of attack_bob runs as %', current_user; RETURN $1.ts; END $$;
CREATE CAST (attack_b.moment AS text) WITH FUNCTION attack_b.moment_text(attack_b.moment) AS IMPLICIT;
-- 'text' is what '-infinity' is read as here, so the comparisons of the trigger functions could be taken for these
ALTER TABLE attack_b.events ALTER amount TYPE attack_b.worth USING ROW(amount)::attack_b.worth;
RESET ROLE;
SELECT kpi.store_refresh('events');
SELECT rule FROM kpi.trust('events');
SET ROLE attack_bob;
ALTER TABLE attack_b.events ALTER amount TYPE numeric USING 1;
ALTER TABLE attack_b.events ALTER kind TYPE attack_b.word USING ROW(kind)::attack_b.word;
RESET ROLE;
SELECT kpi.store_refresh('events');
SELECT rule FROM kpi.trust('events');
SET ROLE attack_bob;
ALTER TABLE attack_b.events ALTER kind TYPE text USING plain;
-- constraints of domains
CREATE FUNCTION attack_b.checked(bigint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO attack_s.loot VALUES ('domain', current_user); RETURN true; END $$;
CREATE DOMAIN attack_b.id AS bigint;
ALTER TABLE attack_b.events ALTER who TYPE attack_b.id;
ALTER DOMAIN attack_b.id ADD CHECK (attack_b.checked(VALUE)) NOT VALID;
RESET ROLE;
SELECT kpi.store_refresh('events');
SELECT kpi.add_source('by_domain', 'attack_b.events', at => 'ts', actor => 'who', event => 'kind', value => 'amount');
SELECT kpi.store_timelines('by_domain', in_schema => 'attack_s');
SELECT attname, atttypid::regtype FROM pg_attribute WHERE attrelid = 'attack_s.by_domain_timelines'::regclass AND attnum = 1;
SELECT * FROM attack_s.loot;
SELECT kpi.remove_source('by_domain');

-- ---- the trigger functions of kpi.track_changes(), which run as the owner of the source ----
SELECT kpi.add_source('tracked', 'attack_b.events', at => 'ts', actor => 'who', event => 'kind');
SELECT kpi.track_changes('tracked');
SELECT proowner::regrole, prosecdef, proconfig, proacl FROM pg_proc WHERE proname = 'track_tracked';
SET ROLE attack_bob;
-- nobody else makes triggers of it, calls it or changes it
CREATE TABLE attack_b.other (ts timestamptz);
CREATE TRIGGER other AFTER DELETE ON attack_b.other REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION attack_b.track_tracked();
SELECT attack_b.track_tracked();
CREATE OR REPLACE FUNCTION attack_b.track_tracked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
ALTER FUNCTION attack_b.track_tracked() RESET ALL;
-- a column of another type, whose casts are his
ALTER TABLE attack_b.events ALTER ts TYPE attack_b.moment USING ROW(ts)::attack_b.moment;
DELETE FROM attack_b.events;
INSERT INTO attack_b.events (ts, who) VALUES (ROW('2026-01-01'), 2);
-- or of a domain over it
CREATE DOMAIN attack_b.moment_domain AS attack_b.moment;
ALTER TABLE attack_b.events ALTER ts TYPE attack_b.moment_domain;
INSERT INTO attack_b.events (ts, who) VALUES (ROW('2026-01-01'), 3);
ALTER TABLE attack_b.events ALTER ts TYPE timestamptz USING (ts::attack_b.moment).ts;
-- what is there with a domain over the right one, and names that shadow ours for who writes
CREATE DOMAIN attack_b.fine AS timestamptz;
ALTER TABLE attack_b.events ALTER ts TYPE attack_b.fine;
CREATE FUNCTION attack_b.now() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'now() of attack_bob'; RETURN 'epoch'; END $$;
CREATE FUNCTION attack_b.less(timestamptz, timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING '< of attack_bob'; RETURN false; END $$;
CREATE OPERATOR attack_b.< (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = attack_b.less);
SET search_path = attack_b, pg_catalog;
DELETE FROM attack_b.events WHERE who = 2;
RESET search_path;
RESET ROLE;
SELECT source, from_day FROM kpi.source_change;
SELECT kpi.remove_source('tracked');

-- ---- definitions that try what they can while a superuser refreshes ----
SET ROLE attack_mallory;
CREATE TABLE attack_m.notes (t text);
CREATE FUNCTION attack_m.attempt(what text) RETURNS TABLE (period_start date, value int) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE what;
	RETURN QUERY SELECT date '2026-01-01', 1;
END $$;
CREATE FUNCTION attack_m.register(name text, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE VIEW attack_m.%I AS SELECT * FROM attack_m.attempt(%L)', name, what);
	PERFORM kpi.define(name, format('attack_m.%I', name)::regclass, unit => 'x', grain => 'day', adds => 'sum');
END $$;
SELECT count(attack_m.register('try ' || n, what)) FROM (VALUES
	('begin', 'BEGIN'), ('commit', 'COMMIT'), ('set role', 'SET ROLE postgres'), ('reset role', 'RESET ROLE'), ('none', 'SET ROLE NONE'), ('authorization', 'SET SESSION AUTHORIZATION postgres'), ('default', 'RESET SESSION AUTHORIZATION'),
	('write', 'INSERT INTO attack_m.notes VALUES (1)'), ('read write', 'SET transaction_read_only = off'), ('read write 2', 'SET LOCAL transaction_read_only = off; INSERT INTO attack_m.notes VALUES (1)'),
	('temp', 'CREATE TEMP TABLE trap (t text)'), ('table', 'CREATE TABLE attack_m.trap (t text)'), ('superuser', 'ALTER ROLE attack_mallory SUPERUSER'), ('extension', 'CREATE EXTENSION dblink'),
	('program', 'COPY attack_m.notes FROM PROGRAM ''id'''), ('file', 'SELECT pg_read_file(''PG_VERSION'')'), ('others', 'SELECT count(*) FROM attack_a.secret'), ('shadow', 'SELECT count(*) FROM pg_authid'),
	('prepare', 'PREPARE trap AS SELECT 1'), ('listen', 'LISTEN trap'), ('hold', 'DECLARE trap CURSOR WITH HOLD FOR SELECT 1'), ('discard', 'DISCARD ALL'), ('trigger', 'CREATE TRIGGER trap AFTER INSERT ON kpi.measurement EXECUTE FUNCTION attack_b.trap()'),
	('constraints', 'SET CONSTRAINTS ALL DEFERRED'), ('policy', 'ALTER TABLE kpi.measurement DISABLE ROW LEVEL SECURITY'), ('row security', 'SET row_security = off'), ('path', 'SELECT set_config(''search_path'', ''attack_b'', false)'), ('lock', 'LOCK TABLE kpi.kpi'),
	('define', 'SELECT kpi.set_target(''secret'', ''2026'', 1)'), ('store', 'SELECT kpi.store_refresh(''events'')'), ('measure', 'UPDATE kpi.measurement SET value = 0'), ('role', 'SELECT kpi.grant_access(''attack_mallory'', ''author'')'),
	('sequence', 'SELECT nextval(''kpi_bi.dim_kpi_kpi_key_seq'')'), ('nested', 'SELECT count(*) FROM kpi.definition_read(''view'', ''attack_a'', ''secret'', ''attack_alice'', ''UTC'', ''2020-01-01'', ''2030-01-01'')')) AS t (n, what);
RESET ROLE;
SET client_min_messages = error;
CALL kpi.refresh();
SET client_min_messages = warning;
-- words of errors differ between majors
SELECT of_what, CASE WHEN why ~ 'read-only transaction|within security-restricted operation|within security-definer function|transaction commands|permission denied|must be superuser|may run the definition|may not let others into the catalog|Only its owner' THEN 'refused' ELSE why END AS why
FROM attack_s.failures() WHERE of_what LIKE 'try %';
-- what went through changed nothing that stays
SELECT kpi, value FROM kpi.measurement WHERE kpi LIKE 'try %' ORDER BY 1;
SHOW search_path; SHOW row_security; SHOW transaction_read_only;
SELECT current_user, session_user = current_user AS same, (SELECT count(*) FROM attack_m.notes) AS notes, (SELECT rolsuper FROM pg_roles WHERE rolname = 'attack_mallory') AS super, to_regclass('attack_m.trap') AS trap, (SELECT count(*) FROM pg_prepared_statements) AS prepared, (SELECT relrowsecurity FROM pg_class WHERE oid = 'kpi.measurement'::regclass) AS secured;
DELETE FROM kpi.kpi WHERE name LIKE 'try %';

-- ---- stores: what their owner puts on them ----
SET ROLE attack_mallory;
CREATE FUNCTION attack_m.later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'a trigger runs as %', current_user; DELETE FROM attack_a.secret_events; RETURN NULL; END $$;
INSERT INTO attack_b.events (ts, who, kind) VALUES ('2026-02-01', 7, 'view');
CREATE CONSTRAINT TRIGGER later AFTER INSERT OR UPDATE ON attack_m.events_timelines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION attack_m.later();
RESET ROLE;
-- what is deferred would run when the superuser is itself again
UPDATE kpi.source SET store_refreshed_to = NULL WHERE name = 'events';
SELECT kpi.store_refresh('events');
SET ROLE attack_mallory;
DROP TRIGGER later ON attack_m.events_timelines;
CREATE TRIGGER now AFTER INSERT OR UPDATE ON attack_m.events_timelines FOR EACH ROW EXECUTE FUNCTION attack_m.later();
RESET ROLE;
SELECT kpi.store_refresh('events');
SET ROLE attack_mallory;
DROP TRIGGER now ON attack_m.events_timelines;
CREATE FUNCTION attack_m.indexed(timestamptz) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF current_user <> 'attack_mallory' THEN RAISE WARNING 'an index runs as %', current_user; END IF; RETURN 1; END $$;
CREATE INDEX trap ON attack_m.events_timelines (attack_m.indexed(last_at));
ALTER TABLE attack_m.events_timelines ADD CHECK (attack_m.indexed(last_at) > 0);
RESET ROLE;
SELECT kpi.store_refresh('events');
SET ROLE attack_mallory;
CREATE RULE trap AS ON INSERT TO attack_m.events_timelines DO ALSO SELECT attack_m.indexed(now());
RESET ROLE;
SELECT kpi.store_refresh('events');
-- a store that is a view, or another's table, by now
SET ROLE attack_mallory;
DROP TABLE attack_m.events_timelines CASCADE;
CREATE VIEW attack_m.events_timelines AS SELECT 1::bigint AS actor, '{}'::kpi.timeline AS timeline, now() AS first_at, now() AS last_at;
RESET ROLE;
SELECT kpi.store_refresh('events');
DROP VIEW attack_m.events_timelines;
CREATE TABLE attack_m.events_timelines (actor bigint);
SELECT kpi.store_refresh('events');
SELECT kpi.store_timelines('events', enabled => false);
DROP TABLE attack_m.events_timelines;
UPDATE kpi.source SET store_schema = NULL, store_name = NULL WHERE name = 'events';

-- ---- definitions that are another's by now ----
SET ROLE attack_mallory;
GRANT CREATE ON SCHEMA attack_m TO attack_bob;
DROP VIEW attack_m.mine;
SET ROLE attack_bob;
CREATE VIEW attack_m.mine AS SELECT * FROM (SELECT date '2026-01-01' AS period_start, 6 AS value, current_user AS segment) AS s;
RESET ROLE;
CALL kpi.refresh('mine');
SELECT * FROM attack_s.failures() WHERE of_what = 'mine';

-- ---- tables that a superuser names: what is in them is not run as one ----
SET ROLE attack_mallory;
CREATE FUNCTION attack_m.spring() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'a view runs as %', current_user; RETURN 'secret'; END $$;
CREATE VIEW attack_m.targets AS SELECT attack_m.spring() AS kpi, '2026' AS period, 1 AS target;
CREATE VIEW attack_m.view_source AS SELECT now() AS ts, attack_m.spring() AS who;
CREATE TABLE attack_m.kinds (ts timestamptz, who attack_b.word);
CREATE TABLE attack_m.typed_targets (kpi attack_b.word, period text, target numeric);
GRANT SELECT ON attack_m.targets, attack_m.view_source TO PUBLIC;
RESET ROLE;
SELECT kpi.set_targets('attack_m.targets');
SELECT kpi.set_targets('attack_m.typed_targets');
SELECT kpi.add_source('v', 'attack_m.view_source', at => 'ts', actor => 'who');
SELECT count(*) FROM kpi.detect_source('attack_m.view_source');
SELECT kpi.map_source('ga4', 'attack_m.view_source', 'v', in_schema => 'attack_s');
SELECT kpi.lint() IS NOT NULL AS linted LIMIT 1;
SELECT length(kpi.dashboard()) > 0 AS shown;

-- ---- locks: who changes nothing keeps nobody from it (test/specs/outsider.spec: nor by locks of SQL) ----
SELECT kpi.grant_access('attack_bob');
SET ROLE attack_bob;
SELECT kpi.take_lock('refresh', 'mine');
SELECT kpi.try_lock('bi dimensions');
SELECT FROM kpi.kpi FOR KEY SHARE;
BEGIN;
LOCK TABLE kpi.measurement IN ROW SHARE MODE;
ROLLBACK;
RESET ROLE;
SELECT kpi.grant_access('attack_bob', 'none');
SELECT kpi.take_lock('refresh', NULL);

DROP SCHEMA attack_m, attack_a, attack_b, attack_s CASCADE;
DELETE FROM kpi.kpi; DELETE FROM kpi.analysis; DELETE FROM kpi.source;
CALL kpi.refresh();
SELECT count(*) AS still_published FROM kpi_bi.dim_analysis;
SELECT kpi.grant_access(r, 'none') FROM unnest('{attack_mallory,attack_alice}'::regrole[]) AS r;
DROP ROLE attack_mallory, attack_alice, attack_bob;
