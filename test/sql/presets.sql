-- kpi.presets, kpi.detect_source, kpi.map_source: what all presets have in common
CREATE SCHEMA presets_test;
CREATE SCHEMA "o'Brien ""데이터""";
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
CREATE ROLE kpi_test_author;
CREATE ROLE kpi_test_other;
GRANT USAGE, CREATE ON SCHEMA presets_test, "o'Brien ""데이터""" TO kpi_test_author;
GRANT USAGE ON SCHEMA presets_test TO kpi_test_other;
SELECT kpi.grant_access('kpi_test_author', 'author'), kpi.grant_access('kpi_test_other', 'author');
SET ROLE kpi_test_author;
SET search_path = presets_test;
CREATE FUNCTION error_of(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
  RETURN concat_ws(' / ', SQLSTATE || ' ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;

-- ---- what there is ----
SELECT preset, relation, shape, needs, description FROM kpi.presets() ORDER BY preset, relation;
-- facts hang together: a shape that there is, columns of it, one main part, something that tells each part
SELECT f.* FROM kpi.preset_facts() AS f WHERE (f.kind = 'part' AND (f.name NOT IN ('main', 'other', 'many') OR NOT EXISTS (SELECT FROM kpi.preset_shapes() AS s WHERE s.shape = f.type)))
  OR (f.kind <> 'part' AND NOT EXISTS (SELECT FROM kpi.preset_facts() AS p WHERE (p.preset, p.part, p.kind) = (f.preset, f.part, 'part')))
  OR (f.kind = 'column' AND NOT EXISTS (SELECT FROM kpi.preset_facts() AS p JOIN kpi.preset_shapes() AS s ON s.shape = p.type WHERE (p.preset, p.part, p.kind, s.name) = (f.preset, f.part, 'part', f.name)) AND f.name NOT IN ('anonymous_id', 'user_id'))
  OR (f.kind = 'join' AND NOT EXISTS (SELECT FROM kpi.preset_facts() AS p WHERE (p.preset, p.part, p.kind) = (f.preset, f.name, 'part')))
  OR f.kind NOT IN ('part', 'need', 'column', 'key', 'newest', 'version', 'keep', 'join', 'note');
SELECT preset, count(*) FILTER (WHERE name = 'main') AS main FROM kpi.preset_facts() WHERE kind = 'part' GROUP BY 1 HAVING count(*) FILTER (WHERE name = 'main') <> 1;
SELECT p.preset, p.part, s.name AS never_filled FROM kpi.preset_facts() AS p JOIN kpi.preset_shapes() AS s ON s.shape = p.type AND s.needed WHERE p.kind = 'part' AND NOT EXISTS (SELECT FROM kpi.preset_facts() AS c WHERE (c.preset, c.part, c.kind, c.name) = (p.preset, p.part, 'column', s.name));
SELECT preset, part FROM kpi.preset_facts() WHERE kind = 'part' EXCEPT SELECT preset, part FROM kpi.preset_facts() WHERE kind = 'need' AND expression = '!';

-- ---- detecting ----
CREATE TABLE nothing (a int, b text);
SET client_min_messages = notice;
SELECT * FROM kpi.detect_source('nothing');
-- ordinary columns tell no preset, but some are near
CREATE TABLE shop_event (id bigint, "user_id" text, timestamp timestamptz, "Event Name" text, gone int);
ALTER TABLE shop_event DROP gone;
SELECT * FROM kpi.detect_source('shop_event');
CREATE TABLE no_columns ();
SELECT * FROM kpi.detect_source('no_columns');
SET client_min_messages = warning;
SELECT error_of($$SELECT * FROM kpi.detect_source(NULL)$$), error_of($$SELECT * FROM kpi.detect_source('not_there')$$);
-- some of the columns, one of an unlikely type
CREATE TABLE half (event_name text, user_pseudo_id text, event_params int, event_timestamp bigint);
SELECT preset, score, missing FROM kpi.detect_source('half');
ALTER TABLE half DROP event_timestamp;
SELECT preset, score, missing FROM kpi.detect_source('half');
CREATE DOMAIN person AS text;
CREATE TABLE domains ("UUID" uuid, "Event" person, "Properties" jsonb, "DistinctId" person, "TEAM_ID" int, "Timestamp" timestamp);
SELECT preset, score, missing FROM kpi.detect_source('domains');
INSERT INTO domains VALUES ('00000000-0000-0000-0000-000000000001', 'a', '{"revenue": 1}', 'me', 1, '2026-03-01 10:00');
SELECT view FROM kpi.map_source('posthog', 'domains', 'domains');
SELECT at, event, actor, value, event_id FROM domains_events;

-- ---- hostile names ----
CREATE TABLE "o'Brien ""데이터"""."events; DROP TABLE x --" ("uuid" text, "event" text, "properties" jsonb, "distinct_id" text, "team_id" int, "zeit'punkt ""x"" 시각" timestamp, "$1 {text:uuid} %s %I" numeric, "timestamp" timestamp);
INSERT INTO "o'Brien ""데이터"""."events; DROP TABLE x --" VALUES ('1', 'it''s "한국"; --', '{"$session_id": "s''1", "o''k \"key\"": "7.5"}', 'kim''s', 1, '2026-03-01 10:00', 3.25, '1999-01-01');
SELECT preset, score, hint FROM kpi.detect_source('"o''Brien ""데이터"""."events; DROP TABLE x --"');
SELECT * FROM kpi.map_source('posthog', '"o''Brien ""데이터"""."events; DROP TABLE x --"', 'it''s "웹"', in_schema => 'o''Brien "데이터"', columns => '{"at": "zeit''punkt \"x\" 시각", "value": "$1 {text:uuid} %s %I", "currency": {"value": "it''s"}, "page": {"column": "properties", "key": "o''k \"key\""}}') \gx
SELECT at, event, actor, session, value, currency, page, event_id FROM "o'Brien ""데이터"""."it's ""웹""_events";
SELECT kpi.define_sum('money', 'it''s "웹"_events', unit => 'EUR');
SELECT kpi.set_target('money', '2026-03-01', 3);
CALL kpi.refresh(as_of => '2026-03-03Z');
SELECT actual FROM kpi.evaluate(as_of => '2026-03-03Z');
SELECT error_of(format('SELECT * FROM kpi.map_source(%L, %L, %L, columns => %L)', 'posthog', '"o''Brien ""데이터"""."events; DROP TABLE x --"', 'x', '{"value": "amount''; DROP"}'));
-- other relations without a schema are next to it
CREATE TABLE "o'Brien ""데이터"""."It's identifies" (id text, anonymous_id text, user_id text, "timestamp" timestamptz, received_at timestamptz);
CREATE TABLE "o'Brien ""데이터""".tracks (id text, anonymous_id text, user_id text, event text, "timestamp" timestamptz, received_at timestamptz, revenue numeric);
INSERT INTO "o'Brien ""데이터"""."It's identifies" VALUES ('1', 'a''1', 'kim', '2026-03-01Z', '2026-03-01Z');
INSERT INTO "o'Brien ""데이터""".tracks VALUES ('1', 'a''1', NULL, 'order''s', '2026-03-01Z', '2026-03-01Z', 5), ('2', 'a''1', NULL, 'view', '2026-03-01Z', '2026-03-01Z', 5);
SELECT view FROM kpi.map_source('segment', '"o''Brien ""데이터""".tracks', 'app', relations => '{"identifies": "\"It''s identifies\"", "events": {"order''s": "tracks"}}');
SELECT event, actor, value FROM app_events ORDER BY 1, 2, 3;

-- ---- copies: of each id one row, the newest, against an obvious one; in tables, partitions, and views ----
CREATE TABLE rows_of (uuid text, event text, properties jsonb, distinct_id text, team_id int, "timestamp" timestamptz, created_at timestamptz);
INSERT INTO rows_of SELECT CASE WHEN i % 50 > 0 THEN 'id' || (random() * 300)::int END, 'order', jsonb_build_object('revenue', i), 'a', 1, timestamptz '2026-03-01' + (random() * 30)::int * interval '1 day', CASE WHEN random() < 0.9 THEN timestamptz '2026-03-01' + (random() * 20)::int * interval '1 hour' END FROM generate_series(1, 1000) AS i;
CREATE TABLE rows_in_parts (LIKE rows_of) PARTITION BY RANGE ("timestamp");
CREATE TABLE rows_in_part_1 PARTITION OF rows_in_parts FOR VALUES FROM (MINVALUE) TO ('2026-03-10');
CREATE TABLE rows_in_part_2 PARTITION OF rows_in_parts FOR VALUES FROM ('2026-03-10') TO (MAXVALUE);
INSERT INTO rows_in_parts SELECT * FROM rows_of;
CREATE VIEW rows_in_view AS SELECT * FROM rows_of;
CREATE MATERIALIZED VIEW rows_kept AS SELECT * FROM rows_of;
SELECT count(m.*) FROM unnest('{rows_of,rows_in_parts,rows_in_view,rows_kept}'::text[]) AS r, LATERAL kpi.map_source('posthog', r::regclass, r) AS m;
CREATE FUNCTION check_copies(relation text) RETURNS TABLE (made text, same_ids boolean, newest boolean, without_id boolean) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT %L, (SELECT array_agg(event_id ORDER BY event_id) FROM %I WHERE event_id IS NOT NULL) = (SELECT array_agg(DISTINCT uuid ORDER BY uuid) FROM rows_of WHERE uuid IS NOT NULL), NOT EXISTS (SELECT FROM %I AS e WHERE e.event_id IS NOT NULL AND NOT EXISTS (SELECT FROM rows_of AS r WHERE r.uuid = e.event_id AND (r.properties ->> ''revenue'')::numeric = e.value AND coalesce(r.created_at, ''-infinity'') = (SELECT max(coalesce(o.created_at, ''-infinity'')) FROM rows_of AS o WHERE o.uuid = r.uuid))), (SELECT count(*) FROM %I WHERE event_id IS NULL) = 20', relation, relation || '_events', relation || '_events', relation || '_events');
END $$;
SELECT c.* FROM unnest('{rows_of,rows_in_parts,rows_in_view,rows_kept}'::text[]) AS r, check_copies(r) AS c;
-- an index that forbids copies saves looking for them
CREATE TABLE unique_rows (LIKE rows_of, PRIMARY KEY (uuid));
SELECT view FROM kpi.map_source('posthog', 'unique_rows', 'unique');
SELECT position('EXISTS' in pg_get_viewdef('rows_of_events'::regclass)) > 0 AS looks_for_copies, position('EXISTS' in pg_get_viewdef('unique_events'::regclass)) > 0 AS needlessly;

-- ---- again: made anew; what is somebody else's is left alone ----
CREATE TABLE hog (uuid text, event text, properties jsonb, distinct_id text, team_id int, "timestamp" timestamptz);
INSERT INTO hog VALUES ('1', 'order', '{"revenue": 5, "amount": 7}', 'a', 1, '2026-03-01 16:00Z');
SELECT view FROM kpi.map_source('posthog', 'hog', 'web');
SELECT kpi.define_sum('web money', 'web_events', unit => 'EUR');
SELECT kpi.add_source('web_events', 'web_events', at => 'at', event => 'event', value => 'value', stale_after => '9 days');
-- KPIs go on reading the view, which is another one now
SELECT view FROM kpi.map_source('posthog', 'hog', 'web', columns => '{"value": {"column": "properties", "key": "amount"}}');
SELECT value FROM "kpi_web money"('2026-03-01', '2026-03-02');
SELECT actor_column, stale_after FROM kpi.source WHERE name = 'web_events';
CREATE VIEW mine_events AS SELECT 1 AS one;
CREATE TABLE mine_costs (a int);
CREATE VIEW named_events AS SELECT 1 AS one;
COMMENT ON VIEW named_events IS 'made by kpi.map_source for "name" with preset posthog';
SELECT error_of($$SELECT * FROM kpi.map_source('posthog', 'hog', 'mine')$$), error_of($$SELECT * FROM kpi.map_source('posthog', 'hog', 'named')$$);
SELECT kpi.add_source('taken_events', 'hog', at => 'timestamp');
SELECT error_of($$SELECT * FROM kpi.map_source('posthog', 'hog', 'taken')$$);
-- nothing of it is left
SELECT to_regclass('taken_events'), one FROM mine_events;
-- in two schemas, the source can be of one only
SELECT error_of($$SELECT * FROM kpi.map_source('posthog', 'hog', 'web', in_schema => 'o''Brien "데이터"')$$);
-- a segment, a zone
SELECT view FROM kpi.map_source('posthog', 'hog', 'zoned', zone => 'Asia/Seoul', segment => 'source');
SELECT segment_column, zone FROM kpi.source WHERE name = 'zoned_events';

-- ---- what is wrong ----
SELECT q, error_of('SELECT * FROM kpi.map_source(' || q || ')') FROM unnest(ARRAY[$$'posthg', 'hog', 'x'$$, $$NULL, 'hog', 'x'$$, $$'posthog', NULL, 'x'$$, $$'posthog', 'hog', NULL$$, $$'posthog', 'hog', ''$$, $$'posthog', 'not_there', 'x'$$, $$'ga4', 'hog', 'x'$$, $$'posthog', 'hog', 'x', zone => 'Asia/Soul'$$, $$'posthog', 'hog', 'x', in_schema => 'nowhere'$$, $$'posthog', 'hog', 'x', in_schema => NULL$$,
  $$'posthog', 'hog', 'x', columns => '[]'$$, $$'posthog', 'hog', 'x', columns => '{"valu": "amount"}'$$, $$'posthog', 'hog', 'x', columns => '{"value": "event_"}'$$, $$'posthog', 'hog', 'x', columns => '{"value": 5}'$$, $$'posthog', 'hog', 'x', columns => '{"value": {"key": "x"}}'$$, $$'posthog', 'hog', 'x', columns => '{"value": {"value": "much"}}'$$, $$'posthog', 'hog', 'x', columns => '{"event": null}'$$,
  $$'posthog', 'hog', 'x', relations => '{"identifies": "hog"}'$$, $$'segment', 'hog', 'x', relations => '{"identifys": "hog"}'$$, $$'segment', 'hog', 'x', relations => '{"tracks": "hog"}'$$, $$'segment', 'hog', 'x', relations => '{"identifies": {"a": "hog"}}'$$, $$'segment', 'hog', 'x', relations => '{"events": "hog"}'$$, $$'segment', 'hog', 'x', relations => '{"identifies": "not_there"}'$$, $$'segment', 'hog', 'x', relations => '{"identifies": "a b"}'$$, $$'segment', 'hog', 'x', relations => '5'$$,
  $$'posthog', 'hog', 'x', stitch => 'components'$$, $$'segment', '"o''Brien ""데이터""".tracks', 'x', stitch => 'guess'$$, $$'survey', 'hog', 'x', columns => '{"score": "team_id"}', stitch => 'last'$$, $$'posthog', 'hog', 'x', segment => 'sourc'$$, $$'posthog', 'hog', repeat('x', 60)$$]) AS q;
SELECT count(*) FROM kpi.source WHERE name ~ '^x';

-- ---- rights ----
SET ROLE kpi_test_other;
SELECT error_of($$SELECT * FROM kpi.map_source('posthog', 'presets_test.hog', 'theirs', in_schema => 'presets_test')$$);
SET ROLE kpi_test_author;
GRANT SELECT (uuid, event) ON hog TO kpi_test_other;
SET ROLE kpi_test_other;
SELECT error_of($$SELECT * FROM kpi.map_source('posthog', 'presets_test.hog', 'theirs', in_schema => 'presets_test')$$);
RESET ROLE;
GRANT SELECT ON presets_test.hog TO kpi_test_other;
GRANT CREATE ON SCHEMA presets_test TO kpi_test_other;
SET ROLE kpi_test_other;
SELECT view FROM kpi.map_source('posthog', 'presets_test.hog', 'theirs', in_schema => 'presets_test');
SELECT value FROM presets_test.theirs_events;
SELECT error_of($$SELECT * FROM kpi.map_source('posthog', 'presets_test.hog', 'web', in_schema => 'presets_test')$$);
-- a view of a role without superuser rights is not for a superuser
RESET ROLE;
SELECT error_of($$SELECT * FROM kpi.map_source('posthog', 'presets_test.web_events', 'super')$$);
SELECT error_of($$SELECT * FROM kpi.map_source('segment', '"o''Brien ""데이터""".tracks', 'super', relations => '{"identifies": "presets_test.web_events"}')$$);
SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'presets_test.web_events'::regclass;
-- nor a cast that such a role wrote
SET ROLE kpi_test_author;
CREATE TYPE presets_test.mood AS ENUM ('good');
CREATE FUNCTION presets_test.spy(presets_test.mood) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'read as ' || current_user; END $$;
CREATE CAST (presets_test.mood AS text) WITH FUNCTION presets_test.spy(presets_test.mood);
CREATE DOMAIN presets_test.mood_of_today AS presets_test.mood;
CREATE TABLE presets_test.moody (uuid text, event presets_test.mood_of_today, properties jsonb, distinct_id text, team_id int, "timestamp" timestamptz);
INSERT INTO presets_test.moody VALUES ('1', 'good', '{}', 'a', 1, '2026-03-01Z');
SELECT view FROM kpi.map_source('posthog', 'presets_test.moody', 'moody');
SELECT event FROM presets_test.moody_events;
RESET ROLE;
SELECT score, missing FROM kpi.detect_source('presets_test.moody');
SELECT error_of($$SELECT * FROM kpi.map_source('posthog', 'presets_test.moody', 'super')$$);
SELECT error_of($$SELECT * FROM kpi.map_source('posthog', 'presets_test.moody', 'super', columns => '{"event": "event"}')$$);

DELETE FROM kpi.kpi;
DELETE FROM kpi.source;
DROP SCHEMA presets_test, "o'Brien ""데이터""" CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none'), kpi.grant_access('kpi_test_other', 'none');
DROP ROLE kpi_test_author, kpi_test_other;
