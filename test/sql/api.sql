-- everything that others rely on: what changes here changes for them, and belongs into docs/upgrade.md
\getenv abs_srcdir PG_ABS_SRCDIR
CREATE SCHEMA api_test;
SET search_path = api_test, pg_catalog;
\set objects :abs_srcdir '/api/objects.sql'
\set ECHO none
\i :objects
\set ECHO all
SELECT count(*) FROM extension_objects WHERE object LIKE 'other %';
-- two objects are never called the same
SELECT object, count(*) FROM extension_objects GROUP BY object HAVING count(*) > 1;
\pset format unaligned
\pset fieldsep ' '
\pset tuples_only
SELECT object, api FROM extension_objects ORDER BY object COLLATE "C";
\pset tuples_only off
-- versions: one of all three, so nothing is to be done
SELECT extension = library AS same, library = coalesce(available, library) AS available, advice FROM kpi.version();
SET client_min_messages = warning;
DROP SCHEMA api_test CASCADE;
