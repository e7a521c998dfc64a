-- kpi.store_timelines: a store of timelines that is kept up to date is the same as one that is built anew
CREATE SCHEMA store_test;
SET search_path = store_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
-- sources of all kinds, with and without triggers that tell what changed
CREATE TYPE kind AS ENUM ('view', 'cart', 'pay');
CREATE DOMAIN visitor AS text CHECK (value <> 'nobody');
CREATE TABLE by_bigint (actor bigint, at timestamptz, event text, amount numeric);
CREATE TABLE by_int (actor int, at timestamptz, event kind, amount numeric);
CREATE TABLE by_uuid (actor uuid, at timestamp, event varchar(20), amount int);
CREATE TABLE by_text (actor visitor, at date, event text, amount float8);
CREATE TABLE by_char (actor char(6), at timestamptz(0), event text, amount numeric(30, 4)) PARTITION BY RANGE (at);
CREATE TABLE by_char_old PARTITION OF by_char FOR VALUES FROM (MINVALUE) TO ('2025-06-01Z');
CREATE TABLE by_char_new PARTITION OF by_char DEFAULT;
CREATE TABLE untold (actor bigint, at timestamptz, event text, amount numeric);
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, actor_column, at_column, event_column, value_column, zone) VALUES
  ('by_bigint', 'store_test', 'by_bigint', CURRENT_USER, 'actor', 'at', 'event', 'amount', 'Europe/Berlin'),
  ('by_int', 'store_test', 'by_int', CURRENT_USER, 'actor', 'at', 'event', NULL, 'UTC'),
  -- clocks there go from 22:59:59 to 24:00
  ('by_uuid', 'store_test', 'by_uuid', CURRENT_USER, 'actor', 'at', 'event', 'amount', 'America/Nuuk'),
  ('by_text', 'store_test', 'by_text', CURRENT_USER, 'actor', 'at', NULL, 'amount', 'Asia/Seoul'),
  ('by_char', 'store_test', 'by_char', CURRENT_USER, 'actor', 'at', 'event', 'amount', 'America/New_York'),
  ('untold', 'store_test', 'untold', CURRENT_USER, 'actor', 'at', 'event', 'amount', 'UTC');
CREATE PROCEDURE put(name text, actor int, at timestamptz, event int, amount numeric) LANGUAGE plpgsql AS $$
BEGIN
  CASE name
    WHEN 'by_uuid' THEN INSERT INTO by_uuid VALUES (lpad(actor::text, 32, '0')::uuid, at AT TIME ZONE 'UTC', 'e' || event % 3, amount::int);
    WHEN 'by_text' THEN INSERT INTO by_text VALUES ('visitor ' || actor, at, NULL, amount);
    WHEN 'by_char' THEN INSERT INTO by_char VALUES ('v' || actor, at, 'e' || event % 7, amount);
    WHEN 'by_int' THEN INSERT INTO by_int VALUES (actor, at, (ARRAY['view', 'cart', 'pay', NULL]::kind[])[1 + event % 4], amount);
    ELSE EXECUTE format('INSERT INTO %I VALUES ($1, $2, $3, $4)', name) USING actor, at, 'e' || event % 9, amount;
  END CASE;
END $$;
SELECT setseed(0.5);
-- values of 0 to 6 decimals, actors that are seldom and often there, days without rows
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY '{by_bigint,by_int,by_uuid,by_text,by_char,untold}'::text[] LOOP
    FOR i IN 1 .. 400 LOOP
      CALL put(name, (60 * random() ^ 2)::int, timestamptz '2024-12-15Z' + (random() * 400)::int / 3 * 3 * interval '1 day' + random() * interval '1 day', i, CASE WHEN i % 3 > 0 THEN round((random() * 1000)::numeric, (random() * 2)::int * 3) END);
    END LOOP;
  END LOOP;
END $$;
INSERT INTO by_bigint VALUES (NULL, '2025-01-01Z', 'x', 1), (1, NULL, 'x', 1), (1, '2025-01-01Z', NULL, 1), (1, 'infinity', 'x', 1), (2, '-infinity', 'x', 1), (777, 'infinity', 'x', 1),
  (3, '1950-06-01Z', 'long ago', 1.123456), (3, '0044-03-15 BC', 'longer ago', 1);
INSERT INTO by_uuid VALUES (md5('x')::uuid, 'infinity', 'x', 1), (md5('x')::uuid, '2025-03-29 23:30', 'in the gap', 1), (md5('x')::uuid, '2025-03-30 00:00', 'behind it', 1), (md5('y')::uuid, '2025-03-29 22:30', 'before', 1);
-- what it has to be, by the plainest way
CREATE FUNCTION wanted(name text) RETURNS TABLE (actor text, timeline kpi.timeline) LANGUAGE plpgsql AS $$
DECLARE s kpi.source := kpi.source_named(name);
BEGIN
  RETURN QUERY EXECUTE format('SELECT r.actor::text, kpi.timeline(r.at, r.event%s) FROM (SELECT actor, %s AS at, %s AS event, amount::numeric AS amount FROM %I) AS r WHERE r.actor IS NOT NULL AND r.event IS NOT NULL AND isfinite(r.at) GROUP BY r.actor',
    CASE WHEN s.value_column IS NOT NULL THEN ', r.amount' ELSE '' END,
    CASE WHEN name IN ('by_uuid', 'by_text') THEN format('at::timestamp AT TIME ZONE %L', s.zone) ELSE 'at' END,
    CASE WHEN s.event_column IS NULL THEN '''event''' ELSE 'event::text' END, s.relation_name);
END $$;
CREATE FUNCTION wrong(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
  EXECUTE format('SELECT count(*) FROM (SELECT actor::text, kpi.timeline_send(timeline) AS bytes, first_at, last_at FROM %I) AS s FULL JOIN (SELECT actor, kpi.timeline_send(timeline) AS bytes, kpi.first_at(timeline) AS first_at, kpi.last_at(timeline) AS last_at FROM wanted(%L)) AS w USING (actor)
    WHERE (s.bytes, s.first_at, s.last_at) IS DISTINCT FROM (w.bytes, w.first_at, w.last_at)', name || '_timelines', name) INTO n;
  RETURN n;
END $$;

-- ---- the first time ----
SELECT name, kpi.store_timelines(name, as_of => '2026-01-20 12:00Z') > 50 AS some FROM kpi.source ORDER BY name;
\d by_char_timelines
\d by_bigint_timelines
SELECT obj_description('by_char_timelines'::regclass);
SELECT name, store_schema, store_name, store_refreshed_to, store_refreshed_at, wrong(name) FROM kpi.source ORDER BY name;
-- again: nothing to do
SELECT name, kpi.store_refresh(name, '2026-01-20 13:00Z') AS changed FROM kpi.source ORDER BY name;
-- again, all of it
SELECT name, kpi.store_timelines(name, as_of => '2026-01-20 13:00Z') AS changed FROM kpi.source ORDER BY name;

-- ---- late, changed and deleted rows, in rounds ----
SELECT kpi.track_changes(name) FROM kpi.source WHERE name <> 'untold';
CREATE PROCEDURE round_of(n int) LANGUAGE plpgsql AS $$
DECLARE
  today timestamptz := timestamptz '2026-01-20Z' + n * interval '2 days';
  name text;
  day date;
BEGIN
  FOREACH name IN ARRAY '{by_bigint,by_int,by_uuid,by_text,by_char}'::text[] LOOP
    FOR i IN 1 .. 8 LOOP
      -- live, in the future, late
      CALL put(name, (random() * 70)::int, today - random() * interval '3 days', i, round((random() * 10)::numeric, (random() * 5)::int));
      CALL put(name, (random() * 70)::int, today + random() * interval '20 days', i, 1);
      CALL put(name, (random() * 90)::int, timestamptz '2024-12-01Z' + random() * interval '400 days', i, round((random() * 10)::numeric, (random() * 5)::int));
    END LOOP;
    -- another time, actor, value, event
    EXECUTE format('UPDATE %I SET at = at + (random() - 0.5) * interval ''90 days'' WHERE random() < 0.02', name);
    EXECUTE format('UPDATE %I AS t SET actor = (SELECT actor FROM %1$I WHERE random() < 0.1 OR t.actor IS NULL LIMIT 1) WHERE random() < 0.02', name);
    EXECUTE format('UPDATE %I SET amount = CASE WHEN random() < 0.5 THEN round(amount::numeric) ELSE round((amount / 3)::numeric, 6) END WHERE random() < 0.02', name);
    EXECUTE format('UPDATE %I SET event = (SELECT event FROM %1$I WHERE random() < 0.2 LIMIT 1) WHERE random() < 0.02', name);
    -- a day, an actor, some
    day := date '2024-12-15' + (random() * 440)::int;
    EXECUTE format('DELETE FROM %I WHERE at >= $1 AND at < $2', name) USING day, day + 1;
    EXECUTE format('DELETE FROM %I WHERE actor = (SELECT actor FROM %1$I WHERE random() < 0.05 LIMIT 1)', name);
    EXECUTE format('DELETE FROM %I WHERE random() < 0.02', name);
  END LOOP;
  -- nobody notes what happens here: what is within the lookback needs it not, the rest is told
  FOR i IN 1 .. 8 LOOP
    CALL put('untold', (random() * 70)::int, today - random() * interval '3 days', i, round((random() * 10)::numeric, (random() * 5)::int));
  END LOOP;
  DELETE FROM untold WHERE at > today - interval '3 days' AND random() < 0.1;
  UPDATE untold SET amount = amount + 0.001 WHERE at > today - interval '3 days' AND random() < 0.1;
  FOR i IN 1 .. 1 + (n = 9)::int * 30 LOOP
    day := date '2024-12-15' + (random() * 390)::int;
    UPDATE untold SET event = 'changed', amount = NULL WHERE at >= day AND at < day + 2 AND random() < 0.5;
    DELETE FROM untold WHERE at >= day AND at < day + 2 AND random() < 0.5;
    PERFORM kpi.invalidate_source('untold', day, day + 1);
  END LOOP;
END $$;
DO $$
DECLARE
  s kpi.source;
BEGIN
  FOR n IN 1 .. 15 LOOP
    CALL store_test.round_of(n);
    COMMIT;
    CALL kpi.refresh(as_of => timestamptz '2026-01-20Z' + n * interval '2 days' + interval '1 hour');
    FOR s IN SELECT * FROM kpi.source LOOP
      ASSERT store_test.wrong(s.name) = 0, format('the store of %s differs in round %s', s.name, n);
    END LOOP;
    ASSERT (SELECT count(*) FROM kpi.store_invalidation) = 0, 'invalidations are left in round ' || n;
    ASSERT (SELECT count(*) FROM kpi.source_change) = 0, 'notes are left in round ' || n;
  END LOOP;
END $$;
SELECT name, wrong(name), store_refreshed_to FROM kpi.source ORDER BY name;
SELECT source, count(*) AS runs, sum(timelines) > 100 AS some, count(error) AS failed FROM kpi.store_log GROUP BY source ORDER BY source;
-- nothing is touched that has not changed
CREATE TABLE before AS SELECT xmin AS row_of, actor FROM by_int_timelines;
INSERT INTO by_int SELECT min(actor), '2025-08-01 12:00Z', 'view', 1 FROM by_int;
CALL kpi.refresh(as_of => '2026-02-20Z', verbose => true);
SELECT count(*) AS touched FROM by_int_timelines t JOIN before b USING (actor) WHERE t.xmin <> b.row_of;
TRUNCATE by_bigint, by_char_old;
CALL kpi.refresh(as_of => '2026-02-20Z');
SELECT name, wrong(name), (SELECT count(*) FROM by_bigint_timelines) AS left_over FROM kpi.source ORDER BY name;
-- what a clock showed that was put forward meanwhile, and what happened at the very beginning of a day
INSERT INTO by_uuid VALUES (md5('z')::uuid, '2025-03-29 23:40', 'in the gap', 1);
INSERT INTO by_text VALUES ('visitor 900', '2025-05-05', NULL, 1);
CALL kpi.refresh(as_of => '2026-02-20Z');
SELECT wrong('by_uuid'), wrong('by_text');
DELETE FROM by_uuid WHERE at = '2025-03-29 23:40';
DELETE FROM by_text WHERE actor = 'visitor 900';
CALL kpi.refresh(as_of => '2026-02-20Z');
SELECT wrong('by_uuid'), wrong('by_text');
-- a clock that was ahead hides nothing
SELECT kpi.store_refresh('untold', '2999-01-01Z');
SELECT store_refreshed_to <= CURRENT_DATE AS not_ahead FROM kpi.source WHERE name = 'untold';
-- all or nothing
CREATE TABLE copy AS SELECT * FROM by_text_timelines;
INSERT INTO by_text VALUES ('visitor 1', '2026-02-19', NULL, 1), ('visitor 2', '2026-02-19', NULL, 'NaN');
SELECT kpi.store_refresh('by_text', '2026-02-20Z');
SELECT count(*) AS changed FROM (TABLE by_text_timelines EXCEPT SELECT * FROM copy) AS d(actor, timeline, first_at, last_at);
DELETE FROM by_text WHERE amount = 'NaN';
SELECT kpi.store_refresh('by_text', '2026-02-20Z'), wrong('by_text');

-- ---- KPIs that are made of a store are read after it, and not if it is not up to date ----
CREATE VIEW buyers AS SELECT e.ts::date AS period_start, count(*) AS value FROM untold_timelines, kpi.events(timeline) AS e WHERE e.event = 'e1' GROUP BY 1;
SELECT kpi.define('buyers', 'buyers', unit => 'orders', adds => 'sum', source => 'untold', lookback => 5);
CREATE VIEW alone AS SELECT at::date AS period_start, count(*) AS value FROM untold GROUP BY 1;
SELECT kpi.define('alone', 'alone', unit => 'orders', adds => 'sum');
CALL kpi.refresh('buyers', as_of => '2026-02-20Z');
INSERT INTO untold VALUES (1, '2026-02-20 10:00Z', 'e1', 1), (1, '2025-02-20 10:00Z', 'e1', 1), (1, '2025-03-20 10:00Z', 'e1', 1);
-- five days, as the KPI
SELECT kpi.store_due(kpi.source_named('untold'), '2026-02-21');
SELECT kpi.invalidate('buyers', '2025-02-20', '2025-02-20');
SELECT * FROM kpi.store_invalidation;
CALL kpi.refresh(as_of => '2026-02-21Z');
SELECT (SELECT sum(value) FROM kpi.measurement WHERE kpi = 'buyers') = (SELECT count(*) FROM untold WHERE event = 'e1') - 1 AS but_one;
-- who asks for days of a KPI asks for those of the store
CALL kpi.refresh('buyers', '2025-03-20', '2025-03-20', as_of => '2026-02-21Z');
SELECT (SELECT sum(value) FROM kpi.measurement WHERE kpi = 'buyers') = (SELECT count(*) FROM untold WHERE event = 'e1') AS all_of_them;
-- a KPI that read while its store was not up to date reads again
INSERT INTO untold VALUES (1, '2025-04-20 10:00Z', 'e1', 1);
SELECT kpi.invalidate_source('untold', '2025-04-20', '2025-04-20');
DELETE FROM kpi.invalidation;
CALL kpi.refresh('buyers', as_of => '2026-02-21Z');
SELECT (SELECT sum(value) FROM kpi.measurement WHERE kpi = 'buyers') = (SELECT count(*) FROM untold WHERE event = 'e1') AS all_of_them;
ALTER TABLE untold RENAME COLUMN amount TO money;
CALL kpi.refresh(as_of => '2026-02-22Z');
SELECT DISTINCT ON (kpi) kpi, rows IS NULL AS failed, error FROM kpi.run_log ORDER BY kpi, started_at DESC;
SELECT kpi, store, refreshed_to, failing, error FROM kpi.health ORDER BY kpi, store;
-- whoever may not see the log is not told that nothing fails
CREATE ROLE kpi_test_reader;
SELECT kpi.grant_access('kpi_test_reader');
SET ROLE kpi_test_reader;
SELECT kpi, store, refreshed_to, failing, error FROM kpi.health ORDER BY kpi, store;
RESET ROLE;
SELECT kpi.grant_access('kpi_test_reader', 'none');
DROP ROLE kpi_test_reader;
SELECT kpi.store_refresh('untold');
ALTER TABLE untold RENAME COLUMN money TO amount;
CALL kpi.refresh(as_of => '2026-02-22Z');
SELECT kpi, store, refreshed_to, failing FROM kpi.health ORDER BY kpi, store;

-- ---- what cannot be ----
SELECT kpi.store_timelines('untolt');
SELECT kpi.store_timelines(NULL);
SELECT kpi.store_refresh('by_tex');
CREATE TABLE odd (who int[], what json, at text, ts timestamptz);
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, actor_column, at_column) VALUES
  ('no_actor', 'store_test', 'odd', CURRENT_USER, NULL, 'ts'), ('json', 'store_test', 'odd', CURRENT_USER, 'what', 'ts'), ('no_time', 'store_test', 'odd', CURRENT_USER, 'who', 'at'),
  ('gone', 'store_test', 'nothing', CURRENT_USER, 'who', 'at'), ('of_another', 'store_test', 'odd', 'kpi_test_nobody', 'who', 'ts'), ('no_column', 'store_test', 'odd', CURRENT_USER, 'whose', 'ts'),
  (repeat('long ', 20), 'store_test', 'odd', CURRENT_USER, 'who', 'ts');
SELECT kpi.store_timelines('no_actor');
SELECT kpi.store_timelines('json');
SELECT kpi.store_timelines('no_time');
SELECT kpi.store_timelines('gone');
SELECT kpi.store_timelines('of_another');
SELECT kpi.store_timelines('no_column');
SELECT kpi.store_timelines('by_int', enabled => false);
SELECT kpi.store_timelines('by_int', in_schema => 'nowhere');
SELECT kpi.store_timelines('by_int', in_schema => NULL);
SELECT kpi.store_refresh('by_int');
SELECT to_regclass('by_int_timelines') AS dropped;
CREATE TABLE by_int_timelines (mine int);
SELECT kpi.store_timelines('by_int');
DROP TABLE by_int_timelines;
-- any type that has an order; names of any length
INSERT INTO odd VALUES ('{1,2}', NULL, NULL, '2026-01-01Z'), ('{1,2}', NULL, NULL, '2026-01-02Z');
SELECT kpi.store_timelines(repeat('long ', 20), as_of => '2026-02-01Z');
SELECT store_name FROM kpi.source WHERE name = repeat('long ', 20);
TABLE "long l_0b7553fa_timelines";
-- a view of the store is in the way, and says so
SELECT kpi.store_timelines('untold', enabled => false);

-- ---- rights: author's code runs as the author, whoever refreshes ----
CREATE ROLE kpi_test_author;
CREATE ROLE kpi_test_other;
GRANT USAGE, CREATE ON SCHEMA store_test TO kpi_test_author, kpi_test_other;
SELECT kpi.grant_access('kpi_test_author', 'author'), kpi.grant_access('kpi_test_other', 'author');
CREATE TABLE loot (who text);
GRANT INSERT ON loot TO PUBLIC;
SET ROLE kpi_test_author;
CREATE TABLE mine (actor int, at timestamptz, event text);
INSERT INTO mine VALUES (1, '2026-01-05Z', 'a'), (2, '2026-01-06Z', 'b');
CREATE FUNCTION grab() RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO store_test.loot VALUES (current_user); RETURN 'x'; END $$;
CREATE VIEW trap AS SELECT actor, at, event || store_test.grab() AS event FROM mine;
CREATE FUNCTION escape() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RESET ROLE; RETURN 'x'; END $$;
CREATE VIEW escape AS SELECT actor, at, event || store_test.escape() AS event FROM mine;
CREATE FUNCTION plain() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN current_user; END $$;
CREATE VIEW whoami AS SELECT actor, at, store_test.plain() AS event FROM mine;
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, actor_column, at_column, event_column) VALUES
  ('mine', 'store_test', 'mine', 'kpi_test_author', 'actor', 'at', 'event'), ('trap', 'store_test', 'trap', 'kpi_test_author', 'actor', 'at', 'event'),
  ('escape', 'store_test', 'escape', 'kpi_test_author', 'actor', 'at', 'event'), ('whoami', 'store_test', 'whoami', 'kpi_test_author', 'actor', 'at', 'event');
SELECT name, kpi.store_timelines(name, as_of => '2026-02-01Z') FROM kpi.source WHERE name IN ('mine', 'whoami') ORDER BY name;
-- nor the sources of others
SELECT kpi.store_timelines('untold');
SELECT kpi.store_refresh('untold');
SELECT kpi.invalidate_source('untold', '2026-01-01', '2026-01-01');
SELECT kpi.store_write(s, '{(,)}') FROM kpi.source AS s WHERE name = 'untold';
-- the store has triggers of its owner
CREATE FUNCTION grab_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO store_test.loot VALUES (current_user || ' by a trigger'); RETURN NEW; END $$;
CREATE TRIGGER grab AFTER INSERT OR UPDATE ON mine_timelines FOR EACH ROW EXECUTE FUNCTION grab_row();
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON whoami_timelines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grab_row();
INSERT INTO mine VALUES (3, '2026-01-31Z', 'c');
RESET ROLE;
-- on behalf of the author; the store is the author's
SELECT kpi.store_timelines('trap', as_of => '2026-02-01Z');
SELECT kpi.store_timelines('escape', as_of => '2026-02-01Z');
SELECT c.relname, pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.relname IN ('mine_timelines', 'trap_timelines', 'escape_timelines') AND relnamespace = 'store_test'::regnamespace ORDER BY 1;
CALL kpi.refresh(as_of => '2026-02-02Z');
SELECT who, count(*) FROM loot GROUP BY who ORDER BY who;
SELECT actor, timeline FROM mine_timelines ORDER BY actor;
SELECT DISTINCT kpi.labels(timeline) FROM whoami_timelines;
SELECT source, error FROM (SELECT DISTINCT ON (source) * FROM kpi.store_log ORDER BY source, started_at DESC) AS l WHERE source IN ('mine', 'trap', 'escape', 'whoami') ORDER BY source;
-- a table of somebody else in the place of the store, or of what the source is made of
DROP TABLE mine_timelines;
SET ROLE kpi_test_other;
CREATE TABLE mine_timelines (actor int PRIMARY KEY, timeline kpi.timeline, first_at timestamptz, last_at timestamptz);
RESET ROLE;
SELECT kpi.store_refresh('mine', '2026-02-02Z');
SELECT kpi.store_timelines('mine', enabled => false);
DROP TABLE mine_timelines;
SELECT kpi.store_timelines('mine', as_of => '2026-02-02Z');
DROP TABLE mine CASCADE;
SET ROLE kpi_test_other;
CREATE TABLE mine (actor int, at timestamptz, event text);
RESET ROLE;
SELECT kpi.store_refresh('mine', '2026-02-02Z');
DROP TABLE mine_timelines;
CREATE VIEW mine_timelines AS SELECT 1 AS actor;
ALTER VIEW mine_timelines OWNER TO kpi_test_author;
DROP TABLE mine;
CREATE TABLE mine (actor int, at timestamptz, event text);
ALTER TABLE mine OWNER TO kpi_test_author;
SELECT kpi.store_refresh('mine', '2026-02-02Z');
-- a forged row of a source reads nothing that its owner could not
SET ROLE kpi_test_other;
SELECT kpi.store_write(ROW('x', NULL, 'store_test', 'untold', CURRENT_USER, 'actor', 'at', 'event', NULL, NULL, NULL, NULL, 'UTC', '1 day', false, 'store_test', 'untold_timelines', NULL, NULL, session_user, now())::kpi.source, '{(,)}');
CREATE TABLE theirs (actor bigint PRIMARY KEY, timeline kpi.timeline, first_at timestamptz, last_at timestamptz);
SELECT kpi.store_write(ROW('x', NULL, 'store_test', 'untold', session_user, 'actor', 'at', 'event', NULL, NULL, NULL, NULL, 'UTC', '1 day', false, 'store_test', 'theirs', NULL, NULL, CURRENT_USER, now())::kpi.source, '{(,)}');
RESET ROLE;

-- ---- a source that becomes another one: its triggers and its store follow ----
CREATE TABLE first_shop (who bigint, at timestamptz, what text);
CREATE TABLE second_shop (LIKE first_shop);
INSERT INTO first_shop VALUES (1, '2026-01-01Z', 'old'), (2, '2026-01-01Z', 'old');
INSERT INTO second_shop VALUES (2, '2026-01-02Z', 'new'), (3, '2026-01-02Z', 'new');
CREATE VIEW their_triggers AS SELECT tgrelid::regclass AS on_table, count(*) FROM pg_trigger WHERE tgrelid IN ('first_shop'::regclass, 'second_shop'::regclass) GROUP BY 1;
SELECT kpi.add_source('moves', 'first_shop', at => 'at', actor => 'who', event => 'what');
SELECT kpi.track_changes('moves'), kpi.store_timelines('moves', 'store_test', as_of => '2026-01-10Z') AS filled;
SELECT * FROM their_triggers;
-- the same again is no other one
SELECT kpi.add_source('moves', 'first_shop', at => 'at', actor => 'who', event => 'what', description => 'told again');
SELECT tracked, store_refreshed_to FROM kpi.source WHERE name = 'moves';
SELECT kpi.add_source('moves', 'second_shop', at => 'at', actor => 'who', event => 'what');
SELECT tracked, store_refreshed_to FROM kpi.source WHERE name = 'moves';
SELECT * FROM their_triggers;
SELECT kpi.store_refresh('moves', '2026-01-10Z');
SELECT actor, kpi.labels(timeline) FROM moves_timelines ORDER BY 1;
SELECT kpi.remove_source('moves');
SELECT * FROM their_triggers;
SELECT to_regclass('moves_timelines') IS NULL AS store_is_gone;

SELECT kpi.track_changes(name, false) FROM kpi.source WHERE tracked;
DELETE FROM kpi.kpi;
DELETE FROM kpi.source;
DROP SCHEMA store_test CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none'), kpi.grant_access('kpi_test_other', 'none');
DROP ROLE kpi_test_author, kpi_test_other;
