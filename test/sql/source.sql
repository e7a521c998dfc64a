-- kpi.add_source: tables and views that KPIs are made of
CREATE SCHEMA source_test;
SET client_min_messages = notice;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
CREATE ROLE kpi_test_author;
CREATE ROLE kpi_test_other;
GRANT USAGE, CREATE ON SCHEMA source_test TO kpi_test_author, kpi_test_other;
SELECT kpi.grant_access('kpi_test_author', 'author'), kpi.grant_access('kpi_test_other', 'author');
SET ROLE kpi_test_author;
SET search_path = source_test;
CREATE FUNCTION error_of(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
  RETURN concat_ws(' / ', SQLSTATE || ' ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;
CREATE TYPE kind AS ENUM ('view', 'buy');
CREATE DOMAIN visitor AS uuid;
CREATE DOMAIN known_visitor AS visitor NOT NULL;
CREATE TABLE events (id bigint, ts timestamptz, who known_visitor, what kind, amount numeric, country text, loaded timestamptz, extra jsonb, name varchar(10));
CREATE VIEW buys AS SELECT * FROM events WHERE what = 'buy';
CREATE MATERIALIZED VIEW kept AS SELECT * FROM events;
CREATE TABLE parts (LIKE events) PARTITION BY RANGE (ts);
CREATE SEQUENCE numbers;
CREATE INDEX events_ts ON events (ts);
CREATE TEMP TABLE passing (ts timestamptz);

-- ---- all that it can be ----
SELECT kpi.add_source('shop', 'events', at => 'ts', actor => 'who', event => 'what', value => 'amount', segment => 'country', loaded_at => 'loaded', id => 'id', zone => 'Asia/Seoul', stale_after => '6 hours', description => 'what visitors do');
SELECT kpi.add_source(r, r::regclass, at => 'ts') FROM unnest('{buys,kept,parts}'::text[]) AS r;
SELECT description, relation_schema, relation_name, relation_owner, actor_column, at_column, event_column, value_column, segment_column, loaded_at_column, id_column, zone, stale_after, owner FROM kpi.source WHERE name = 'shop' \gx
SELECT name, relation_schema, relation_name, relation_owner, at_column, zone, stale_after, owner FROM kpi.source ORDER BY name;
-- what each column is, and its type, of a domain the one below
SELECT * FROM kpi.source_columns(kpi.source_named('shop'));

-- ---- again: changed; KPIs that are made of it are told ----
SELECT kpi.define_count('views', 'shop', 'view');
SELECT kpi.add_source('shop', 'events', at => 'ts', actor => 'who', event => 'what', value => 'amount', segment => 'country', zone => 'Asia/Seoul', description => 'the same to KPIs');
SELECT kpi.add_source('shop', 'events', at => 'ts', actor => 'name', event => 'what', zone => 'Europe/Berlin');
SELECT actor_column, value_column, zone, stale_after, description, loaded_at_column, created_at = now() AS new FROM kpi.source WHERE name = 'shop';

-- ---- types ----
CREATE TABLE types (a1 date, a2 timestamp, a3 timestamptz, a4 time, a5 text, a6 bigint, w1 smallint, w2 int, w3 bigint, w4 uuid, w5 text, w6 varchar, w7 char(5), w8 numeric, w9 jsonb, w10 boolean, w11 kind, v1 real, v2 float8, v3 money, v4 interval);
SELECT c AS at, error_of(format('SELECT kpi.add_source(%L, %L, at => %L)', 'types', 'types', c)) FROM unnest('{a1,a2,a3,a4,a5,a6}'::text[]) AS c;
SELECT c AS actor, error_of(format('SELECT kpi.add_source(%L, %L, at => %L, actor => %L)', 'types', 'types', 'a1', c)) FROM unnest('{w1,w2,w3,w4,w5,w6,w7,w8,w9,w10,w11}'::text[]) AS c;
SELECT c AS event, error_of(format('SELECT kpi.add_source(%L, %L, at => %L, event => %L)', 'types', 'types', 'a1', c)) FROM unnest('{w5,w6,w7,w11,w1,w9}'::text[]) AS c;
SELECT c AS value, error_of(format('SELECT kpi.add_source(%L, %L, at => %L, value => %L)', 'types', 'types', 'a1', c)) FROM unnest('{w1,w2,w3,w8,v1,v2,v3,v4,w5}'::text[]) AS c;
SELECT c AS segment, error_of(format('SELECT kpi.add_source(%L, %L, at => %L, segment => %L)', 'types', 'types', 'a1', c)) FROM unnest('{w1,w4,w5,w7,w10,w11,w8,w9,a1}'::text[]) AS c;
SELECT c AS loaded_at, error_of(format('SELECT kpi.add_source(%L, %L, at => %L, loaded_at => %L)', 'types', 'types', 'a1', c)) FROM unnest('{a1,a2,a3,w5}'::text[]) AS c;
SELECT c AS id, error_of(format('SELECT kpi.add_source(%L, %L, at => %L, id => %L)', 'types', 'types', 'a1', c)) FROM unnest('{w3,w4,w5,w9}'::text[]) AS c;

-- ---- what is wrong ----
SELECT q, error_of('SELECT kpi.add_source(' || q || ')') FROM unnest(ARRAY[$$NULL, 'events', 'ts'$$, $$'', 'events', 'ts'$$, $$'x', NULL, 'ts'$$, $$'x', 'events', NULL$$, $$'x', 'event', 'ts'$$, $$'x', 'events', 'tz'$$, $$'x', 'events', 'happened_at'$$, $$'x', 'events', 'ts', actor => 'whom'$$, $$'x', 'events', 'ctid'$$, $$'x', 'events', 'ts', segment => 'Country'$$,
  $$'x', 'events', 'ts', zone => 'Asia/Soul'$$, $$'x', 'events', 'ts', zone => NULL$$, $$'x', 'events', 'ts', zone => 'utc+3'$$, $$'x', 'events', 'ts', stale_after => '0'$$, $$'x', 'events', 'ts', stale_after => NULL$$, $$'x', 'passing', 'ts'$$, $$'x', 'numbers', 'last_value'$$, $$'x', 'events_ts', 'ts'$$, $$'x', 'events', 'ts', owner => 'kpi_test_other'$$]) AS q;
SELECT count(*) FROM kpi.source WHERE name = 'x';

-- ---- others ----
SET ROLE kpi_test_other;
SELECT error_of($$SELECT kpi.add_source('theirs', 'events', at => 'ts')$$);
SET ROLE kpi_test_author;
GRANT SELECT (ts, what) ON events TO kpi_test_other;
SET ROLE kpi_test_other;
SELECT kpi.add_source('theirs', 'events', at => 'ts', event => 'what');
SELECT error_of($$SELECT kpi.add_source('theirs', 'events', at => 'ts', value => 'amount')$$);
SELECT error_of($$SELECT kpi.add_source('shop', 'events', at => 'ts')$$);
SELECT error_of($$SELECT kpi.remove_source('shop')$$);
SELECT kpi.define_count('their_views', 'theirs', 'view');
SELECT value FROM kpi_their_views('2026-01-01', '2026-01-02');
-- made again by somebody else
SET ROLE kpi_test_author;
SELECT error_of('DROP TABLE events'), error_of('DROP VIEW buys');
CREATE TABLE passing_by (ts timestamptz);
SELECT kpi.add_source('passing', 'source_test.passing_by', at => 'ts');
DROP TABLE passing_by;
SELECT error_of($$SELECT kpi.define_count('x', 'passing')$$);
SET ROLE kpi_test_other;
CREATE TABLE passing_by (ts timestamptz);
GRANT SELECT ON passing_by TO public;
SET ROLE kpi_test_author;
SELECT error_of($$SELECT kpi.define_count('x', 'passing')$$);
-- views of others are not for superusers
RESET ROLE;
SELECT error_of($$SELECT kpi.add_source('x', 'source_test.kept', at => 'ts')$$);
CREATE VIEW trusted AS SELECT * FROM source_test.events;
SELECT error_of($$SELECT kpi.add_source('x2', 'source_test.trusted', at => 'ts')$$);
CREATE VIEW spied AS SELECT * FROM source_test.events;
ALTER VIEW spied OWNER TO kpi_test_author;
SELECT error_of($$SELECT kpi.add_source('x3', 'source_test.spied', at => 'ts')$$);
SET ROLE kpi_test_author;

-- ---- removing ----
SELECT error_of($$SELECT kpi.remove_source('shop')$$), error_of($$SELECT kpi.remove_source('shops')$$), error_of($$SELECT kpi.remove_source(NULL)$$);
DELETE FROM kpi.kpi WHERE name = 'views';
SELECT kpi.remove_source('shop');
SELECT count(*) AS gone FROM kpi.source WHERE name = 'shop';
SELECT count(*) AS still_there FROM events;
SELECT error_of($$SELECT kpi.remove_source('shop')$$);
RESET ROLE;
SET client_min_messages = warning;
DELETE FROM kpi.kpi;
DELETE FROM kpi.source;
DROP SCHEMA source_test CASCADE;
DROP TABLE passing;
SELECT kpi.grant_access('kpi_test_author', 'none'), kpi.grant_access('kpi_test_other', 'none');
DROP ROLE kpi_test_author, kpi_test_other;
