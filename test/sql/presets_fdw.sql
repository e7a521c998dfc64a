-- kpi.map_source through a foreign data wrapper: rows of elsewhere, as those of Matomo's MySQL (here this server, over a connection of its own)
SELECT count(*) = 0 AS missing FROM pg_available_extensions WHERE name = 'postgres_fdw' \gset
\if :missing
\echo skipped: this PostgreSQL comes without postgres_fdw
\quit
\endif
SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE EXTENSION postgres_fdw;
-- what the server runs on; not shown, since it differs
SELECT format('CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L)', trim(split_part(current_setting('unix_socket_directories'), ',', 1)), current_setting('port'), current_database()) AS create_server,
  format('CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (user %L)', current_user) AS create_mapping \gset
\set ECHO none
:create_server;
:create_mapping;
\set ECHO all
CREATE SCHEMA presets_test;
SET search_path = presets_test;
CREATE TABLE remote_actions (idlink_va bigint, idsite int, idvisitor bytea, idvisit bigint, server_time timestamp, idaction_url int);
CREATE FOREIGN TABLE log_link_visit_action (idlink_va bigint, idsite int, idvisitor bytea, idvisit bigint, server_time timestamp, idaction_url int) SERVER elsewhere OPTIONS (table_name 'remote_actions');
INSERT INTO remote_actions VALUES (1, 1, '\xff00', 5, '2026-03-10 15:10', 1), (1, 1, '\xff00', 5, '2026-03-10 15:10', 1), (2, 1, '\xff01', 6, '2026-03-10 14:10', 1), (NULL, 1, '\xff01', 6, '2026-03-10 14:10', 1), (NULL, 1, '\xff01', 6, '2026-03-10 14:10', 1);
SELECT preset, score FROM kpi.detect_source('log_link_visit_action') LIMIT 1;
SELECT view FROM kpi.map_source('matomo', 'log_link_visit_action', 'piwik', zone => 'Asia/Seoul');
SELECT at, event, actor, session, event_id FROM piwik_events ORDER BY at, event_id;
-- 11 March in Seoul: one visitor
SELECT kpi.define_unique('visitors', 'piwik_events');
SELECT kpi.set_target('visitors', '2026-03-11', 1);
CALL kpi.refresh(as_of => '2026-03-13 00:00 Asia/Seoul');
SELECT kpi, actual, target FROM kpi.evaluate(as_of => '2026-03-13 00:00 Asia/Seoul');
SELECT kpi, error FROM kpi.health WHERE failing;
-- a partition that is elsewhere
CREATE TABLE parts (LIKE log_link_visit_action) PARTITION BY RANGE (server_time);
CREATE FOREIGN TABLE part_1 PARTITION OF parts FOR VALUES FROM (MINVALUE) TO (MAXVALUE) SERVER elsewhere OPTIONS (table_name 'remote_actions');
SELECT view FROM kpi.map_source('matomo', 'parts', 'parts');
SELECT count(*) FROM parts_events;
DELETE FROM kpi.kpi;
DELETE FROM kpi.source;
DROP SCHEMA presets_test CASCADE;
DROP SERVER elsewhere CASCADE;
DROP EXTENSION postgres_fdw;
