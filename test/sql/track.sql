-- kpi.track_changes: triggers note which old days of a source change, and the next refresh reads them again
CREATE SCHEMA track_test;
SET search_path = track_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE TABLE events (id int PRIMARY KEY, at timestamptz, amount int);
INSERT INTO events SELECT i, timestamptz '2025-01-01 12:00Z' + i * interval '1 day', i FROM generate_series(1, 60) i;
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, at_column, zone) VALUES ('events', 'track_test', 'events', CURRENT_USER, 'at', 'Asia/Seoul');
CREATE VIEW by_day AS SELECT (at AT TIME ZONE 'Asia/Seoul')::date AS period_start, sum(amount) AS value FROM events GROUP BY 1;
SELECT kpi.define('seoul', 'by_day', unit => 'x', adds => 'sum', zone => 'Asia/Seoul', source => 'events', lookback => 5);
SELECT kpi.define('utc', 'by_day', unit => 'x', adds => 'sum', zone => 'UTC', source => 'events');
SELECT kpi.define('other', 'by_day', unit => 'x', adds => 'sum');
SELECT kpi.track_changes('events');
SELECT tracked FROM kpi.source WHERE name = 'events';
\d events
\sf track_events
-- what was noted since
CREATE FUNCTION noted() RETURNS TABLE (source text, from_day date, to_day date) LANGUAGE sql AS 'WITH d AS (DELETE FROM kpi.source_change RETURNING *) SELECT source, from_day, to_day FROM d ORDER BY 1, 2, 3';

-- ---- which statements note what ----
-- live
INSERT INTO events VALUES (100, now(), 1), (101, now() + interval '1 year', 1);
UPDATE events SET amount = 2 WHERE id >= 100;
DELETE FROM events WHERE id >= 100;
SELECT * FROM noted();
-- late: by the clocks of the source, which are nine hours ahead
INSERT INTO events VALUES (102, '2025-03-09 14:59:59Z', 1);
INSERT INTO events VALUES (103, '2025-03-09 15:00Z', 1);
SELECT * FROM noted();
-- no time, and times that are none
INSERT INTO events VALUES (104, NULL, 1), (105, 'infinity', 1), (106, '-infinity', 1);
UPDATE events SET amount = 5 WHERE id IN (104, 105, 106);
SELECT * FROM noted();
-- days that follow each other are one note
INSERT INTO events SELECT 200 + i, timestamptz '2025-04-01Z' + i * interval '6 hours', 1 FROM generate_series(0, 20) i;
INSERT INTO events VALUES (301, '2025-05-01Z', 1), (302, '2025-05-03Z', 1), (303, '2025-05-02Z', 1), (304, '2025-05-09Z', 1), (305, now(), 1);
SELECT * FROM noted();
-- where it was, and where it is
UPDATE events SET at = at + interval '1 month' WHERE id = 301;
SELECT * FROM noted();
UPDATE events SET at = now() WHERE id = 302;
SELECT * FROM noted();
UPDATE events SET at = '2024-12-24Z' WHERE id = 302;
SELECT * FROM noted();
UPDATE events SET amount = 7 WHERE id = 302;
DELETE FROM events WHERE id = 304;
SELECT * FROM noted();
-- nothing changed
UPDATE events SET amount = 7 WHERE id = -1;
DELETE FROM events WHERE id = -1;
SELECT * FROM noted();
-- both
INSERT INTO events VALUES (1, '2025-06-01Z', 1), (401, '2025-06-02Z', 1) ON CONFLICT (id) DO UPDATE SET at = excluded.at;
SELECT * FROM noted();
MERGE INTO events e USING (VALUES (1, '2025-07-01Z'::timestamptz), (2, '2025-07-03Z'), (501, '2025-07-05Z')) AS v(id, at) ON v.id = e.id WHEN MATCHED AND e.id = 2 THEN DELETE WHEN MATCHED THEN UPDATE SET at = v.at WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.at, 1);
SELECT * FROM noted();
COPY events FROM STDIN;
601	2025-08-01 00:00:00Z	1
602	2025-08-02 00:00:00Z	1
\.
SELECT * FROM noted();
-- what is rolled back was not
BEGIN;
INSERT INTO events VALUES (701, '2025-01-01Z', 1);
ROLLBACK;
SELECT * FROM noted();
-- rows that go with others
CREATE TABLE lines (event int REFERENCES events ON DELETE CASCADE, at timestamp, day date);
INSERT INTO lines VALUES (601, '2025-08-01 23:59:59', '2025-08-01'), (601, '2025-08-01 00:00', '2025-08-02');
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, at_column, zone) VALUES ('lines', 'track_test', 'lines', CURRENT_USER, 'at', 'Asia/Seoul'), ('days', 'track_test', 'lines', CURRENT_USER, 'day', 'Asia/Seoul');
SELECT kpi.track_changes('lines'), kpi.track_changes('days');
DELETE FROM events WHERE id = 601;
SELECT * FROM noted();
TRUNCATE events CASCADE;
SELECT source, from_day, to_day = (now() AT TIME ZONE 'Asia/Seoul')::date AS to_today FROM noted();
-- yesterday is read again anyway, but not by a KPI that does not look back
INSERT INTO events VALUES (1, (now() AT TIME ZONE 'Asia/Seoul')::date::timestamp AT TIME ZONE 'Asia/Seoul' - interval '1 day', 1);
SELECT count(*) FROM noted();
INSERT INTO events VALUES (2, (now() AT TIME ZONE 'Asia/Seoul')::date::timestamp AT TIME ZONE 'Asia/Seoul' - interval '1 day 1 second', 1);
SELECT count(*) FROM noted();
UPDATE kpi.kpi SET lookback = 0 WHERE name = 'seoul';
INSERT INTO events VALUES (3, (now() AT TIME ZONE 'Asia/Seoul')::date::timestamp AT TIME ZONE 'Asia/Seoul' - interval '1 second', 1);
SELECT count(*) FROM noted();
UPDATE kpi.kpi SET lookback = 5 WHERE name = 'seoul';

-- ---- who is told ----
TRUNCATE events CASCADE;
INSERT INTO events SELECT i, timestamptz '2025-01-01 12:00Z' + i * interval '1 day', i FROM generate_series(1, 60) i;
CALL kpi.refresh(as_of => '2025-03-10Z');
SELECT * FROM noted();
UPDATE events SET amount = 1000 WHERE id IN (5, 20, 21);
INSERT INTO events VALUES (900, '1969-12-31 23:00Z', 1), (901, '1066-10-14Z', 1), (902, '1970-01-20Z', 1);
SELECT kpi.collect_changes('events'), kpi.collect_changes();
TABLE kpi.invalidation ORDER BY 1, 2;
SELECT count(*) AS taken FROM kpi.source_change;
CALL kpi.refresh(as_of => '2025-03-10Z');
SELECT count(*) AS left_over FROM kpi.invalidation;
CREATE VIEW wrong AS SELECT m.kpi, m.period_start, m.value, d.value AS by_sql FROM (SELECT * FROM kpi.measurement WHERE kpi <> 'other') AS m FULL JOIN (SELECT k.kpi, d.* FROM by_day AS d, (VALUES ('seoul'), ('utc')) AS k(kpi) WHERE period_start >= '1970-01-01' AND period_start < '2025-04-01') AS d USING (kpi, period_start) WHERE m.value IS DISTINCT FROM d.value;
TABLE wrong;
SELECT count(*) > 0 AS not_told FROM kpi.measurement m JOIN by_day d USING (period_start) WHERE m.kpi = 'other' AND m.value <> d.value;
-- in rounds: after a refresh the KPIs are what plain SQL says, whatever happened to the table
SELECT setseed(0.75);
DO $$
BEGIN
  FOR n IN 1 .. 12 LOOP
    INSERT INTO track_test.events SELECT 1000 * n + i, timestamptz '2025-01-01Z' + random() * interval '68 days', 1 FROM generate_series(1, 5) i;
    UPDATE track_test.events SET at = timestamptz '2025-01-01Z' + random() * interval '68 days' WHERE random() < 0.05;
    UPDATE track_test.events SET amount = amount + 1 WHERE random() < 0.05;
    DELETE FROM track_test.events WHERE random() < 0.05;
    IF n = 7 THEN
      TRUNCATE track_test.events CASCADE;
    END IF;
    COMMIT;
    CALL kpi.refresh(as_of => '2025-03-10Z');
    ASSERT NOT EXISTS (SELECT FROM track_test.wrong), 'wrong in round ' || n;
    ASSERT NOT EXISTS (SELECT FROM kpi.invalidation WHERE kpi <> 'other'), 'left in round ' || n;
  END LOOP;
END $$;
SELECT count(*) AS wrong FROM wrong;
-- what a row changes behind its day: sums of seven days, and all sums so far; who does not say so is not read again
CREATE VIEW last_7 AS SELECT d.day AS period_start, sum(b.value) AS value FROM (SELECT generate_series(timestamp '2025-01-01', '2025-03-09', '1 day')::date AS day) AS d JOIN by_day AS b ON b.period_start BETWEEN d.day - 6 AND d.day GROUP BY 1;
CREATE VIEW so_far AS SELECT period_start, sum(value) OVER (ORDER BY period_start) AS value FROM by_day WHERE period_start BETWEEN '2025-01-01' AND '2025-03-09';
SELECT kpi.define('last_7', 'last_7', unit => 'x', adds => 'recompute', zone => 'Asia/Seoul', source => 'events', lookback => 0, lookahead => 6);
SELECT kpi.define('so_far', 'so_far', unit => 'x', adds => 'last', zone => 'Asia/Seoul', source => 'events', lookback => 0, lookahead => NULL);
SELECT kpi.define('not_said', 'so_far', unit => 'x', adds => 'last', zone => 'Asia/Seoul', source => 'events', lookback => 0);
CREATE VIEW wrong_behind AS SELECT kpi, period_start FROM (SELECT kpi, period_start, value FROM kpi.measurement WHERE kpi IN ('last_7', 'so_far', 'not_said')) AS m
  FULL JOIN (SELECT 'last_7' AS kpi, period_start, value FROM last_7 UNION ALL SELECT k, period_start, value FROM so_far, unnest('{so_far,not_said}'::text[]) AS k) AS d USING (kpi, period_start) WHERE m.value IS DISTINCT FROM d.value;
CALL kpi.refresh(as_of => '2025-03-10Z');
SELECT count(*) AS wrong FROM wrong_behind;
DO $$
BEGIN
  FOR n IN 1 .. 8 LOOP
    INSERT INTO track_test.events SELECT 100000 + 1000 * n + i, timestamptz '2025-01-01Z' + random() * interval '68 days', 1 FROM generate_series(1, 5) i;
    UPDATE track_test.events SET amount = amount + 1 WHERE random() < 0.02;
    DELETE FROM track_test.events WHERE random() < 0.02;
    COMMIT;
    CALL kpi.refresh(as_of => '2025-03-10Z');
    ASSERT NOT EXISTS (SELECT FROM track_test.wrong_behind WHERE kpi <> 'not_said'), 'wrong in round ' || n;
    ASSERT NOT EXISTS (SELECT FROM kpi.invalidation WHERE kpi <> 'other'), 'left in round ' || n;
  END LOOP;
END $$;
SELECT kpi, count(*) > 0 AS wrong FROM wrong_behind GROUP BY 1;
SELECT kpi.undefine(k) FROM unnest('{last_7,so_far,not_said}'::text[]) AS k;
-- what came late, but less so than any lookback, also changes who entered a window before it
CREATE TABLE steps (who int, what text, at timestamptz);
SELECT kpi.add_source(s, 'steps', actor => 'who', event => 'what', at => 'at') FROM unnest('{steps,steps_too,steps_again}'::text[]) AS s;
INSERT INTO steps SELECT i, 'view', now() - (i % 40) * interval '1 day' FROM generate_series(1, 400) AS i;
SELECT kpi.define_funnel('converted', 'steps', 'view -> buy within 7 days');
SELECT kpi.define_funnel('barely', 'steps_too', 'view -> buy within 7 days', lookback => 8);
SELECT kpi.define_session_metric('duration', 'steps_again', 'avg_duration', 'timeout 20 hours', lookback => 2);
SELECT kpi.track_changes(s) FROM unnest('{steps,steps_too,steps_again}'::text[]) AS s;
CREATE VIEW wrong_steps AS SELECT k.name FROM kpi.kpi AS k CROSS JOIN LATERAL (
  SELECT d.period_start, d.numerator, d.denominator FROM kpi.definition_read(k.kind, k.definition_schema, k.definition_name, k.definition_owner, k.zone, '1970-01-01', CURRENT_DATE + 2) AS d
  EXCEPT SELECT m.period_start, m.numerator, m.denominator FROM kpi.measurement AS m WHERE m.kpi = k.name) AS x WHERE k.source LIKE 'steps%';
CALL kpi.refresh();
SELECT count(*) AS wrong FROM wrong_steps;
DO $$
BEGIN
  FOR n IN 0 .. 12 LOOP
    INSERT INTO track_test.steps SELECT who, 'buy', now() - n * interval '1 day' FROM track_test.steps WHERE what = 'view' AND at BETWEEN now() - (n + 7) * interval '1 day' AND now() - n * interval '1 day' AND random() < 0.5;
    COMMIT;
    CALL kpi.refresh();
    ASSERT NOT EXISTS (SELECT FROM track_test.wrong_steps), format('%s days late: %s', n, (SELECT string_agg(DISTINCT name, ', ') FROM track_test.wrong_steps));
  END LOOP;
END $$;
SELECT count(*) > 100 AS bought FROM steps WHERE what = 'buy';
SELECT kpi.undefine(k) FROM unnest('{converted,barely,duration}'::text[]) AS k;
SELECT kpi.track_changes(s, enabled => false), kpi.remove_source(s) FROM unnest('{steps,steps_too,steps_again}'::text[]) AS s;
SELECT kpi.define('x', 'by_day', unit => 'x', adds => 'sum', lookback => -1);
SELECT kpi.define('x', 'by_day', unit => 'x', adds => 'sum', lookback => NULL);
SELECT kpi.define('x', 'by_day', unit => 'x', adds => 'sum', lookahead => -7);
-- what cannot be calculated with would stop the owner of the source from collecting
SELECT kpi.define('x', 'by_day', unit => 'x', adds => 'sum', lookback => 2147483647);
SELECT kpi.define('x', 'by_day', unit => 'x', adds => 'sum', lookahead => 36601);
\set VERBOSITY terse
UPDATE kpi.kpi SET lookback = 36601 WHERE name = 'utc';
UPDATE kpi.kpi SET lookahead = 2147483647 WHERE name = 'utc';
\set VERBOSITY default
UPDATE kpi.kpi SET lookback = 36600, lookahead = 36600 WHERE name = 'utc';
SELECT kpi.invalidate_source('events', '2025-01-15', '2025-01-16');
SELECT * FROM kpi.invalidation WHERE kpi = 'utc';
UPDATE kpi.kpi SET lookback = 3, lookahead = 0 WHERE name = 'utc';
DELETE FROM kpi.invalidation;
SELECT kpi.invalidate_source('events', '2025-01-15', '2025-01-16');
TABLE kpi.invalidation ORDER BY 1, 2;
DELETE FROM kpi.invalidation;
SELECT kpi.invalidate_source('events', '2025-01-15', '2025-01-14');
SELECT kpi.invalidate_source('events', '2025-01-15', NULL);
SELECT kpi.invalidate_source('event', '2025-01-15', '2025-01-15');

-- ---- partitions, of two levels, and tables that inherit ----
CREATE TABLE parts (id int, at timestamptz, kind text) PARTITION BY RANGE (at);
CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01Z') TO ('2025-01-01Z');
CREATE TABLE parts_2025 PARTITION OF parts FOR VALUES FROM ('2025-01-01Z') TO ('2026-01-01Z') PARTITION BY LIST (kind);
CREATE TABLE parts_2025_a PARTITION OF parts_2025 FOR VALUES IN ('a');
-- columns in another order
CREATE TABLE parts_2025_b (kind text, dropped int, id int, at timestamptz);
ALTER TABLE parts_2025_b DROP COLUMN dropped;
ALTER TABLE parts_2025 ATTACH PARTITION parts_2025_b FOR VALUES IN ('b');
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, at_column) VALUES ('a source with a name that has more characters than a name of PostgreSQL may have', 'track_test', 'parts', CURRENT_USER, 'at');
SELECT kpi.track_changes((SELECT name FROM kpi.source WHERE relation_name = 'parts'));
SELECT tgrelid::regclass, count(*), min(tgname), bool_and(tgenabled = 'O') FROM pg_trigger WHERE tgrelid IN (SELECT relid FROM pg_partition_tree('parts')) AND NOT tgisinternal GROUP BY 1 ORDER BY 1;
SELECT kpi.track_changes((SELECT name FROM kpi.source WHERE relation_name = 'parts'), false);
UPDATE kpi.source SET name = 'parts' WHERE relation_name = 'parts';
SELECT kpi.track_changes('parts');
SELECT count(*) AS functions FROM pg_proc WHERE pronamespace = 'track_test'::regnamespace AND prorettype = 'trigger'::regtype;
INSERT INTO parts VALUES (1, '2024-05-01Z', 'a'), (2, '2025-05-01Z', 'a'), (3, '2025-06-01Z', 'b');
SELECT * FROM noted();
INSERT INTO parts_2025_b VALUES ('b', 4, '2025-07-01Z');
INSERT INTO parts_2025 VALUES (5, '2025-08-01Z', 'a');
SELECT * FROM noted();
UPDATE parts SET at = '2025-09-01Z' WHERE id = 1;
SELECT * FROM noted();
UPDATE parts_2025 SET kind = 'b' WHERE id = 5;
DELETE FROM parts_2025_a;
SELECT * FROM noted();
TRUNCATE parts_2024;
SELECT count(*) FROM noted();
-- a new one has no triggers of its own before it is said again
CREATE TABLE parts_2026 PARTITION OF parts FOR VALUES FROM ('2026-01-01Z') TO ('2027-01-01Z');
INSERT INTO parts_2026 VALUES (6, '2026-01-01Z', 'a');
SELECT * FROM noted();
INSERT INTO parts VALUES (7, '2026-01-02Z', 'a');
SELECT * FROM noted();
-- which is told
SELECT rule, severity, detail, fix FROM kpi.lint() WHERE rule = 'untracked';
SELECT kpi.track_changes('parts');
SELECT count(*) AS told FROM kpi.lint() WHERE rule = 'untracked';
-- so are triggers that somebody has disabled or dropped, and more partitions than have room
ALTER TABLE parts_2024 DISABLE TRIGGER track_parts_update;
DROP TRIGGER track_parts_delete ON parts_2025_a;
CREATE TABLE parts_2023 PARTITION OF parts FOR VALUES FROM ('2023-01-01Z') TO ('2024-01-01Z') PARTITION BY RANGE (id);
CREATE TABLE parts_2023_1 PARTITION OF parts_2023 FOR VALUES FROM (1) TO (2);
SELECT detail, fix FROM kpi.lint() WHERE rule = 'untracked';
ALTER TABLE parts_2024 ENABLE TRIGGER track_parts_update;
SELECT kpi.track_changes('parts');
SELECT count(*) AS told FROM kpi.lint() WHERE rule = 'untracked';
-- one that is taken out keeps its triggers, which do no harm; one that is put in with rows has to be told
ALTER TABLE parts DETACH PARTITION parts_2023;
INSERT INTO parts_2023 VALUES (1, '2025-03-04Z', 'a');
SELECT * FROM noted();
TRUNCATE parts_2023;
INSERT INTO parts_2023 VALUES (1, '2023-03-03Z', 'a');
DELETE FROM kpi.source_change;
-- (older minor releases of 15 and 16 take such a trigger for one of rows, and refuse)
DO $$ BEGIN ALTER TABLE parts ATTACH PARTITION parts_2023 FOR VALUES FROM ('2023-01-01Z') TO ('2024-01-01Z'); EXCEPTION WHEN object_not_in_prerequisite_state OR wrong_object_type OR feature_not_supported THEN NULL; END $$;
SELECT count(*) AS noted FROM noted();
DROP TABLE parts_2023;
SELECT count(*) AS noted FROM noted();
SELECT count(*) AS told FROM kpi.lint() WHERE rule = 'untracked';
INSERT INTO parts_2026 VALUES (8, '2026-01-03Z', 'a');
SELECT * FROM noted();
CREATE TABLE parent (at timestamptz);
CREATE TABLE child (more int) INHERITS (parent);
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, at_column) VALUES ('family', 'track_test', 'parent', CURRENT_USER, 'at');
SELECT kpi.track_changes('family');
INSERT INTO child VALUES ('2025-02-03Z', 1);
SELECT * FROM noted();
UPDATE parent SET at = at + interval '1 day';
SELECT * FROM noted();

-- ---- what cannot be ----
CREATE MATERIALIZED VIEW kept AS SELECT * FROM events;
CREATE FOREIGN DATA WRAPPER kpi_test_nothing;
CREATE SERVER kpi_test_nowhere FOREIGN DATA WRAPPER kpi_test_nothing;
CREATE FOREIGN TABLE far (id int, at timestamptz) SERVER kpi_test_nowhere;
CREATE TABLE mixed (id int, at timestamptz) PARTITION BY LIST (id);
CREATE FOREIGN TABLE mixed_far PARTITION OF mixed FOR VALUES IN (1) SERVER kpi_test_nowhere;
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, at_column) SELECT r, 'track_test', r, CURRENT_USER, CASE WHEN r = 'by_day' THEN 'period_start' ELSE 'at' END FROM unnest('{by_day,kept,far,mixed,lost}'::text[]) AS r;
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, at_column) VALUES ('no_column', 'track_test', 'events', CURRENT_USER, 'when'), ('no_time', 'track_test', 'events', CURRENT_USER, 'id'), ('of_another', 'track_test', 'events', 'kpi_test_nobody', 'at');
SELECT kpi.track_changes('by_day');
SELECT kpi.track_changes('kept');
SELECT kpi.track_changes('far');
SELECT kpi.track_changes('mixed');
SELECT kpi.track_changes('lost');
SELECT kpi.track_changes('no_column');
SELECT kpi.track_changes('no_time');
SELECT kpi.track_changes('of_another');
SELECT kpi.track_changes('evens');
SELECT kpi.track_changes(NULL);

-- ---- rights: who writes into the table needs none on the catalog, and gets none ----
CREATE ROLE kpi_test_app;
CREATE ROLE kpi_test_author;
CREATE ROLE kpi_test_other;
GRANT USAGE, CREATE ON SCHEMA track_test TO kpi_test_app, kpi_test_author, kpi_test_other;
SET ROLE kpi_test_app;
CREATE TABLE orders (id int, at timestamptz);
RESET ROLE;
SELECT kpi.grant_access('kpi_test_author', 'author'), kpi.grant_access('kpi_test_other', 'author');
SET ROLE kpi_test_author;
INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, at_column) VALUES ('orders', 'track_test', 'orders', 'kpi_test_app', 'at');
-- the owner of the table has to agree
SELECT kpi.track_changes('orders');
SELECT kpi.track_changes('events');
RESET ROLE;
SET ROLE kpi_test_app;
GRANT TRIGGER ON orders TO kpi_test_author;
RESET ROLE;
SET ROLE kpi_test_author;
SELECT kpi.track_changes('orders');
RESET ROLE;
SELECT proname, pg_get_userbyid(proowner) AS owner, prosecdef, proconfig, has_function_privilege('kpi_test_other', oid, 'EXECUTE') AS by_others FROM pg_proc WHERE proname = 'track_orders';
SET ROLE kpi_test_app;
-- a path full of traps changes nothing
CREATE FUNCTION track_test.lower(anyrange) RETURNS anyelement LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped as %', current_user; END $$;
CREATE FUNCTION track_test.trapped(timestamptz, timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped as %', current_user; END $$;
CREATE OPERATOR track_test.< (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = track_test.trapped);
SET search_path = track_test, pg_catalog;
INSERT INTO orders VALUES (1, '2025-01-01Z');
SET search_path = track_test;
SELECT * FROM kpi.source_change;
RESET ROLE;
SELECT * FROM noted();
DROP OPERATOR track_test.< (timestamptz, timestamptz);
DROP FUNCTION track_test.lower(anyrange), track_test.trapped(timestamptz, timestamptz);
-- nobody else makes triggers of it
SET ROLE kpi_test_other;
CREATE TABLE mine (id int, at timestamptz);
CREATE TRIGGER mine AFTER TRUNCATE ON mine EXECUTE FUNCTION track_orders();
SELECT kpi.track_changes('orders', false);
SELECT kpi.collect_changes('orders');
RESET ROLE;
-- a superuser does it for the owner of the source, and the function is the owner's
SELECT kpi.track_changes('orders', false);
SELECT count(*) AS triggers FROM pg_trigger WHERE tgrelid = 'orders'::regclass;
SELECT kpi.track_changes('orders');
SELECT pg_get_userbyid(proowner) AS owner FROM pg_proc WHERE proname = 'track_orders';
SELECT kpi.track_changes('orders');
-- who lost the rights on the catalog breaks nobody's writing
SELECT kpi.grant_access('kpi_test_author', 'none');
SET ROLE kpi_test_app;
INSERT INTO orders VALUES (2, '2025-01-02Z');
SELECT count(*) FROM orders;
RESET ROLE;
SELECT * FROM noted();
SELECT kpi.track_changes('orders');
SELECT kpi.grant_access('kpi_test_author', 'author');
-- nor a source that belongs to another one by now
UPDATE kpi.source SET owner = 'kpi_test_other' WHERE name = 'orders';
SET ROLE kpi_test_app;
INSERT INTO orders VALUES (3, '2025-01-03Z');
RESET ROLE;
SELECT kpi.track_changes('orders');
SELECT pg_get_userbyid(proowner) AS owner FROM pg_proc WHERE proname = 'track_orders';
UPDATE kpi.source SET owner = 'kpi_test_author' WHERE name = 'orders';
SELECT kpi.track_changes('orders');
-- a function of that name that is not ours is left alone
CREATE FUNCTION track_mixed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
ALTER FUNCTION track_mixed() OWNER TO kpi_test_app;
SELECT kpi.track_changes('mixed', false);
DROP FOREIGN TABLE mixed_far;
SELECT kpi.track_changes('mixed');
-- nor a renamed column
ALTER TABLE orders RENAME at TO happened;
INSERT INTO orders VALUES (4, '2025-01-04Z');
ALTER TABLE orders RENAME happened TO at;
-- KPIs of others over it are told as well
SET ROLE kpi_test_other;
CREATE VIEW theirs AS SELECT date '2025-01-01' AS period_start, 1 AS value;
SELECT kpi.define('theirs', 'theirs', unit => 'x', adds => 'sum', source => 'orders');
RESET ROLE;
INSERT INTO orders VALUES (5, '2025-01-05Z');
SET ROLE kpi_test_author;
SELECT kpi.collect_changes();
RESET ROLE;
TABLE kpi.invalidation ORDER BY 1, 2;
-- without the source its triggers do nothing
DELETE FROM kpi.kpi;
DELETE FROM kpi.source WHERE name = 'orders';
INSERT INTO orders VALUES (6, '2025-01-06Z');
TRUNCATE orders;
SELECT * FROM noted();
-- ---- what happens on a day decides about who entered a funnel the days before ----
CREATE TABLE visits (visitor bigint, at timestamptz, event text);
INSERT INTO visits SELECT v, timestamptz '2025-03-01 00:00Z' + d * interval '1 day' + k * interval '20 hours', CASE k WHEN 0 THEN 'view' ELSE 'order' END
FROM generate_series(1, 10) v, generate_series(0, 9) d, generate_series(0, 1) k;
SELECT kpi.add_source('visits', 'visits', at => 'at', actor => 'visitor', event => 'event'), kpi.track_changes('visits');
SELECT kpi.define_funnel('orders of visits', 'visits', 'view -> order within 1 day');
CALL kpi.refresh('orders of visits', as_of => '2025-06-01Z');
-- those of the 5th are too late for who viewed at midnight of the 4th, but not for another view of that day
INSERT INTO visits VALUES (11, '2025-03-04 22:00Z', 'view'), (11, '2025-03-05 12:00Z', 'order');
CALL kpi.refresh('orders of visits', as_of => '2025-06-01Z');
CREATE VIEW entered AS SELECT period_start, denominator, numerator FROM kpi.measurement WHERE kpi = 'orders of visits' AND period_start BETWEEN '2025-03-04' AND '2025-03-05';
SELECT * FROM entered ORDER BY 1;
DELETE FROM visits WHERE event = 'order' AND at >= '2025-03-05Z' AND at < '2025-03-06Z';
CALL kpi.refresh('orders of visits', as_of => '2025-06-01Z');
SELECT * FROM entered ORDER BY 1;
SELECT step, actors FROM kpi.trend((SELECT kpi.funnel(visitor, at, event, 'view -> order within 1 day by day') FROM visits)) WHERE period BETWEEN '2025-03-04' AND '2025-03-05' ORDER BY period, step;
-- a store that has read a day before it was told of it: who read the KPI in between reads again
SELECT kpi.store_timelines('visits', as_of => '2025-06-01Z') AS timelines;
SELECT kpi.store_write(s, '{[2025-03-03,2025-03-03]}') AS changed FROM kpi.source AS s WHERE name = 'visits';
SELECT kpi.invalidate_store('visits', '{[2025-03-03,2025-03-03]}'), kpi.store_refresh('visits', '2025-06-01Z') AS changed;
SELECT kpi, from_day, to_day FROM kpi.invalidation WHERE kpi = 'orders of visits' AND from_day < '2025-03-04' AND to_day >= '2025-03-03';
SELECT kpi.store_timelines('visits', enabled => false), kpi.undefine('orders of visits');
-- ---- off ----
SELECT kpi.track_changes(name, false) FROM kpi.source WHERE tracked ORDER BY name;
SELECT count(*) AS functions FROM pg_proc WHERE pronamespace = 'track_test'::regnamespace AND prorettype = 'trigger'::regtype AND proname <> 'track_orders';
SELECT count(*) AS triggers FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = 'track_test'::regnamespace AND NOT tgisinternal AND relname <> 'orders';
SELECT count(*) AS tracked FROM kpi.source WHERE tracked;
-- without the extension a trigger would be in the way, so it does not go without it
DO $$
DECLARE detail text;
BEGIN
  DROP EXTENSION kpi_track;
EXCEPTION WHEN dependent_objects_still_exist THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  ASSERT detail LIKE '%trigger track_orders_insert on table orders depends on function track_orders()%', detail;
  RAISE WARNING 'it stays';
END $$;
INSERT INTO events VALUES (-5, '2025-01-01Z', 1);
SELECT * FROM noted();
DELETE FROM kpi.source;
DROP FOREIGN DATA WRAPPER kpi_test_nothing CASCADE;
DROP SCHEMA track_test CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none'), kpi.grant_access('kpi_test_other', 'none');
DROP ROLE kpi_test_app, kpi_test_author, kpi_test_other;
