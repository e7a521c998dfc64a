-- kpi.trust: what it counts next to plain SQL; each rule, broken and kept
CREATE SCHEMA trust_test;
SET search_path = trust_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE FUNCTION error_of(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
  RETURN concat_ws(' / ', SQLSTATE || ' ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;
CREATE FUNCTION register(name text, relation regclass, at name, actor name DEFAULT NULL, event name DEFAULT NULL, value name DEFAULT NULL, loaded_at name DEFAULT NULL, id name DEFAULT NULL, zone text DEFAULT 'UTC') RETURNS void LANGUAGE sql AS $$
  INSERT INTO kpi.source (name, relation_schema, relation_name, relation_owner, at_column, actor_column, event_column, value_column, loaded_at_column, id_column, zone)
  SELECT name, n.nspname, c.relname, c.relowner::regrole::name, at, actor, event, value, loaded_at, id, zone FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid = relation $$;

-- ---- a source that is as it should be: ten weeks, 100 views and 10 purchases a day, half of that at weekends ----
CREATE TABLE events (id int GENERATED ALWAYS AS IDENTITY, visitor int, ts timestamptz, event text, amount numeric, loaded timestamptz);
INSERT INTO events (visitor, ts, event, amount, loaded)
  SELECT i, d + i * interval '10 min', CASE WHEN i % 11 = 0 THEN 'purchase' ELSE 'view' END, CASE WHEN i % 11 = 0 THEN i END, d + i * interval '10 min' + interval '1 hour'
  FROM generate_series(timestamptz '2026-01-05', '2026-03-16', '1 day') AS d, generate_series(1, 110) AS i WHERE i <= CASE WHEN extract(isodow FROM d) > 5 THEN 55 ELSE 110 END AND d + i * interval '10 min' < '2026-03-16 12:00Z' ORDER BY d, i;
SELECT register('shop', 'events', 'ts', 'visitor', 'event', 'amount', 'loaded', 'id');
SELECT rule, severity, detail, round(value::numeric, 4) AS value, round(limit_value::numeric, 4) AS "limit", day, fix FROM kpi.trust('shop', '2026-03-16 13:00Z');
SELECT kpi.trust_score('shop', '2026-03-16 13:00Z');

-- ---- each rule broken, one after the other; all others stay as they are ----
CREATE TABLE good AS SELECT * FROM events;
CREATE VIEW verdicts AS SELECT rule, severity, detail, round(value::numeric, 4) AS value, round(limit_value::numeric, 4) AS "limit", day, fix FROM kpi.trust('shop', '2026-03-16 13:00Z') WHERE severity <> 'ok';
-- a day is lost, another one by half, one long ago
DELETE FROM events WHERE ts >= '2026-03-11' AND ts < '2026-03-12';
DELETE FROM events WHERE ts >= '2026-03-13' AND ts < '2026-03-14' AND visitor % 2 = 0;
INSERT INTO events (visitor, ts, event, loaded) SELECT i, timestamptz '2026-02-03 12:00Z', 'view', '2026-02-03 12:00Z' FROM generate_series(1, 100) i;
SELECT * FROM verdicts;
TRUNCATE events; INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM good;
-- purchases stop, another event comes
UPDATE events SET event = 'buy' WHERE event = 'purchase' AND ts >= '2026-03-10';
SELECT * FROM verdicts;
-- most views become something else, too
UPDATE events SET event = 'screen' WHERE event = 'view' AND ts >= '2026-03-12' AND visitor > 20;
SELECT * FROM verdicts WHERE rule = 'mix';
TRUNCATE events; INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM good;
-- the same id twice; some rows of these days, most of the 5th; an event that is not over yet does not stop
INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM good WHERE ts >= '2026-03-05' AND ts < '2026-03-05 02:00Z';
SELECT * FROM verdicts WHERE rule = 'duplicates';
-- without ids: the same in all columns but the time of loading
UPDATE kpi.source SET id_column = NULL WHERE name = 'shop';
SELECT * FROM verdicts WHERE rule = 'duplicates';
UPDATE events SET loaded = loaded + row_number * interval '1 minute' FROM (SELECT ctid, row_number() OVER (PARTITION BY id ORDER BY ctid) FROM events) AS r WHERE r.ctid = events.ctid;
SELECT * FROM verdicts WHERE rule = 'duplicates';
UPDATE kpi.source SET id_column = 'id' WHERE name = 'shop';
TRUNCATE events; INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM good;
-- nulls and odd numbers: few are told, more are a warning, many an error
UPDATE events SET visitor = NULL WHERE id IN (SELECT id FROM good WHERE ts >= '2026-03-04 10:00Z' ORDER BY ts LIMIT 3);
UPDATE events SET amount = NULL WHERE event = 'purchase' AND ts >= '2026-03-10';
UPDATE events SET amount = -amount WHERE event = 'purchase' AND id % 3 = 0;
UPDATE events SET event = NULL WHERE ts < '2026-02-10';
INSERT INTO events (visitor, ts, event, loaded) VALUES (1, NULL, 'view', '2026-03-15'), (1, NULL, 'view', '2025-03-15'), (2, NULL, 'view', NULL);
SELECT * FROM verdicts WHERE rule NOT IN ('mix', 'new_event', 'stopped_event');
TRUNCATE events; INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM good;
-- clocks: the future is what is later than now and than as_of; what came later than as_of was not there then
INSERT INTO events (visitor, ts, event, loaded) VALUES (1, '2199-01-01', 'view', '2026-03-16'), (1, 'infinity', 'view', '2026-03-16'), (1, '2026-03-16 14:00Z', 'view', '2026-03-16 14:00Z'), (1, '2026-03-16 10:00Z', 'view', '2026-03-16 13:30Z'), (1, '2026-03-16 10:00Z', 'view', 'infinity');
UPDATE events SET loaded = ts - interval '2 hours' WHERE ts >= '2026-03-14' AND ts < '2026-03-15';
SELECT * FROM verdicts;
TRUNCATE events; INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM good;
-- late rows: behind the lookback they are lost, unless changes are tracked
UPDATE events SET loaded = ts + interval '5 days' WHERE ts < '2026-03-01' AND id % 5 = 0;
SELECT * FROM verdicts;
UPDATE kpi.source SET tracked = true WHERE name = 'shop';
SELECT rule, severity, detail, fix FROM verdicts;
UPDATE kpi.source SET tracked = false WHERE name = 'shop';
SELECT kpi.define('visits', unit => 'visits', adds => 'sum', lookback => 0), kpi.define('orders', unit => 'orders', adds => 'sum', lookback => 6);
UPDATE kpi.kpi SET source = 'shop', kind = 'view', definition_schema = 'x', definition_name = name, definition_owner = 'x' WHERE name IN ('visits', 'orders');
SELECT detail FROM kpi.trust('shop', '2026-03-16 13:00Z') WHERE rule = 'late';
UPDATE kpi.kpi SET lookback = 7 WHERE name = 'visits';
SELECT severity, detail FROM kpi.trust('shop', '2026-03-16 13:00Z') WHERE rule = 'late';
UPDATE kpi.kpi SET lookback = 10, reach = 7 WHERE name = 'orders';
SELECT severity, detail, fix FROM kpi.trust('shop', '2026-03-16 13:00Z') WHERE rule = 'late';
SELECT kpi.define('visits', unit => 'visits', adds => 'sum', reach => 4);
DELETE FROM kpi.kpi;
-- … a funnel's lookback is its window and 3 days: so late a conversion is counted on the day of its entry, a day later it is not, and that is told
CREATE TABLE late (ts timestamptz, visitor bigint, event text, loaded timestamptz);
INSERT INTO late VALUES ('2026-01-01 12:00Z', 1, 'view', '2026-01-01 12:00Z'), ('2026-01-02 12:00Z', 2, 'view', '2026-01-02 12:00Z');
SELECT kpi.add_source('late', 'late', at => 'ts', actor => 'visitor', event => 'event', loaded_at => 'loaded', zone => 'UTC');
SELECT kpi.define_funnel('through', 'late', 'view -> purchase within 7 days');
SELECT lookback, reach FROM kpi.kpi;
CALL kpi.refresh(as_of => '2026-01-11 06:00Z');
INSERT INTO late VALUES ('2026-01-08 11:00Z', 1, 'purchase', '2026-01-11 07:00Z');
CALL kpi.refresh(as_of => '2026-01-11 12:00Z');
SELECT severity, detail FROM kpi.trust('late', '2026-01-11 12:00Z') WHERE rule = 'late';
CALL kpi.refresh(as_of => '2026-01-13 06:00Z');
INSERT INTO late VALUES ('2026-01-09 11:00Z', 2, 'purchase', '2026-01-13 07:00Z');
CALL kpi.refresh(as_of => '2026-01-13 12:00Z');
SELECT severity, detail, fix FROM kpi.trust('late', '2026-01-13 12:00Z') WHERE rule = 'late';
SELECT m.period_start, m.numerator AS measured, t.actors AS is FROM kpi.measurement AS m JOIN kpi.trend((SELECT kpi.funnel(visitor, ts, event, 'view -> purchase within 7 days by day in UTC') FROM late)) AS t ON t.period = m.period_start AND t.step = 2 ORDER BY 1;
DELETE FROM kpi.kpi; DELETE FROM kpi.source WHERE name = 'late'; DROP TABLE late CASCADE;
-- slow rows
UPDATE events SET loaded = ts + interval '60 hours';
SELECT rule, severity, detail, fix FROM verdicts;
TRUNCATE events; INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM good;
-- nothing any more
SELECT rule, severity, detail, round(value::numeric, 1) AS value, day, fix FROM kpi.trust('shop', '2026-03-19 13:00Z') WHERE severity <> 'ok';
SELECT rule, severity, detail FROM kpi.trust('shop', '2026-08-01');
-- too short to tell
SELECT rule, severity, detail FROM kpi.trust('shop', '2026-03-16 13:00Z', 20) WHERE severity <> 'ok';
SELECT rule, severity, detail FROM kpi.trust('shop', '2026-01-20 13:00Z') WHERE severity <> 'ok';
DELETE FROM events;
SELECT rule, severity, detail FROM kpi.trust('shop', '2026-03-16 13:00Z');
INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM good;
-- weekends without rows are as usual, a Wednesday is not
DELETE FROM events WHERE extract(isodow FROM ts) > 5 OR ts::date = '2026-02-25';
SELECT rule, severity, detail FROM verdicts;

-- ---- the least that a source has; days and local times ----
CREATE TABLE costs (day date, cost int);
INSERT INTO costs SELECT d, 5 FROM generate_series(date '2026-01-01', date '2026-03-15', '1 day') AS d;
SELECT register('costs', 'costs', 'day', value => 'cost', zone => 'Asia/Seoul');
SELECT rule, severity, detail, day FROM kpi.trust('costs', '2026-03-16 13:00Z');
DELETE FROM costs WHERE day = '2026-03-04';
INSERT INTO costs VALUES ('2026-03-05', 5), (NULL, 7), ('2199-01-01', 1), ('infinity', 1);
SELECT rule, severity, detail, day FROM kpi.trust('costs', '2026-03-16 13:00Z') WHERE severity <> 'ok';
CREATE VIEW local_times AS SELECT ts AT TIME ZONE 'Asia/Seoul' AS "the time", "event" AS "select", loaded::date + 1 AS loaded FROM good;
SELECT register('local', 'local_times', 'the time', event => 'select', loaded_at => 'loaded', zone => 'Asia/Seoul');
SELECT rule, severity, detail, day FROM kpi.trust('local', '2026-03-16 13:00Z');

-- ---- random rows next to plain SQL ----
SELECT setseed(0.5);
CREATE TABLE random_events AS SELECT (random() * 3000)::int AS id, nullif((random() * 40)::int, 0) AS who, ts, (ARRAY['a', 'b', 'c', NULL])[1 + (random() * 3)::int] AS what, nullif((random() * 30 - 2)::int, 5) AS worth, CASE WHEN random() < 0.9 THEN ts + (random() * 6 - 0.1) * interval '1 day' END AS came
  FROM (SELECT timestamptz '2026-01-01Z' + random() * interval '90 days' AS ts FROM generate_series(1, 4000)) AS t;
CREATE INDEX ON random_events (ts);
SELECT register('random', 'random_events', 'ts', 'who', 'what', 'worth', 'came', 'id', 'America/New_York');
WITH clock AS (SELECT timestamptz '2026-03-20 15:00Z' AS as_of, (date '2026-03-20' - 56)::timestamp AT TIME ZONE 'America/New_York' AS first),
r AS (SELECT e.*, (ts AT TIME ZONE 'America/New_York')::date AS day FROM random_events e, clock WHERE ts >= first AND ts <= as_of AND (came <= as_of) IS NOT FALSE),
by_sql AS (
  SELECT 'no_actor' AS rule, (SELECT count(*) FILTER (WHERE who IS NULL) FROM r) / (SELECT count(*) FROM r)::float8 AS value
  UNION ALL SELECT 'no_event', (SELECT count(*) FILTER (WHERE what IS NULL) FROM r) / (SELECT count(*) FROM r)::float8
  UNION ALL SELECT 'no_value', (SELECT count(*) FILTER (WHERE worth IS NULL) FROM r) / (SELECT count(*) FROM r)::float8
  UNION ALL SELECT 'negative_value', (SELECT count(*) FILTER (WHERE worth < 0) FROM r) / (SELECT count(*) FROM r)::float8
  UNION ALL SELECT 'duplicates', (SELECT count(*) - count(DISTINCT id) FROM r) / (SELECT count(*) FROM r)::float8
  UNION ALL SELECT 'loaded_before', (SELECT count(*) FILTER (WHERE came < ts - interval '1 minute') FROM r) / (SELECT count(*) FROM r)::float8
  UNION ALL SELECT 'late', (SELECT count(*) FILTER (WHERE (came AT TIME ZONE 'America/New_York')::date > day + 3) FROM r) / (SELECT count(*) FROM r)::float8
  UNION ALL SELECT 'delay', (SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM came - ts)::float8) FROM r) / 3600
  UNION ALL SELECT 'freshness', (SELECT extract(epoch FROM as_of - (SELECT max(ts) FROM r))::float8 FROM clock) / 3600
  UNION ALL SELECT 'loading', (SELECT extract(epoch FROM as_of - (SELECT max(came) FROM r))::float8 FROM clock) / 3600
  UNION ALL SELECT 'mix', (SELECT sum(abs(p - q)) / 2 FROM (SELECT count(*) FILTER (WHERE day > '2026-03-12') / sum(count(*) FILTER (WHERE day > '2026-03-12')) OVER () AS p, count(*) FILTER (WHERE day <= '2026-03-12') / sum(count(*) FILTER (WHERE day <= '2026-03-12')) OVER () AS q FROM r WHERE what IS NOT NULL AND day <= '2026-03-19' AND day >= '2026-01-23' GROUP BY what) AS s))
SELECT s.rule, round(s.value::numeric, 6) AS by_sql, abs(s.value - t.value) < 1e-9 AS same, t.severity FROM by_sql s JOIN kpi.trust('random', '2026-03-20 15:00Z') AS t USING (rule);
-- each day next to the median of its weekday, by another way
CREATE TABLE volumes AS SELECT (timestamp '2026-01-23' + i * interval '1 day')::date AS day, ((60 + (random() * 6)::int) * CASE WHEN i % 7 = 1 THEN 2 ELSE 1 END * CASE WHEN i IN (20, 50) THEN 2 WHEN i = 40 THEN 0.4 ELSE 1 END)::int AS n FROM generate_series(0, 55) i;
CREATE VIEW volume_rows AS SELECT day + time '12:00' AS at FROM volumes, generate_series(1, n) UNION ALL SELECT timestamp '2026-01-01';
SELECT register('volume', 'volume_rows', 'at');
WITH others AS (SELECT a.day, a.n, array_agg(b.n ORDER BY b.n) AS o FROM volumes a JOIN volumes b ON (a.day - b.day) % 7 = 0 AND a.day <> b.day GROUP BY 1, 2),
median AS (SELECT day, n, o, o[4] AS m FROM others WHERE cardinality(o) = 7),
spread AS (SELECT day, n, m, greatest(1.4826 * 7 / 6.2 * (SELECT (array_agg(abs(x - m) ORDER BY abs(x - m)))[4] FROM unnest(o) AS x), sqrt(m), 0.05 * m, 1) AS s FROM median),
by_sql AS (SELECT day, n FROM spread WHERE abs(n - m) > 3.5 * s),
told AS (SELECT day, value FROM kpi.trust('volume', '2026-03-20') WHERE rule = 'volume')
SELECT (SELECT count(*) FROM spread) AS days, (SELECT count(*) FROM by_sql) AS odd, (SELECT count(*) FROM by_sql JOIN told ON told.day = by_sql.day AND value = n) AS told, (SELECT count(*) FROM told) AS all_told;
SELECT severity, detail FROM kpi.trust('volume', '2026-03-20') WHERE rule = 'volume';

-- ---- rights: it runs as the owner of the relation, for who can act as that ----
CREATE ROLE trust_anna; CREATE ROLE trust_bert; CREATE ROLE trust_boss;
GRANT trust_anna TO trust_boss;
SELECT kpi.grant_access('trust_anna', 'author'), kpi.grant_access('trust_bert', 'author'), kpi.grant_access('trust_boss', 'author');
GRANT CREATE, USAGE ON SCHEMA trust_test TO trust_anna, trust_bert, trust_boss;
SET ROLE trust_anna;
CREATE TABLE hers (at timestamptz, secret text);
INSERT INTO hers VALUES ('2026-03-16', 'a');
SELECT register('hers', 'hers', 'at', event => 'secret');
SET ROLE trust_bert;
SELECT error_of($$SELECT * FROM kpi.trust('hers', '2026-03-16 13:00Z')$$);
SELECT error_of($$SELECT * FROM kpi.source_days('trust_test', 'hers', 'trust_anna', '{at,NULL,secret,NULL,NULL,NULL}', 'UTC', '2026-01-01', '2026-03-16', 3)$$);
-- nor as somebody else, nor by a name that is none of theirs
SELECT error_of($$SELECT * FROM kpi.source_days('trust_test', 'hers', 'trust_bert', '{at,NULL,secret,NULL,NULL,NULL}', 'UTC', '2026-01-01', '2026-03-16', 3)$$);
SELECT DISTINCT source FROM kpi.trust(as_of => '2026-03-16 13:00Z');
-- he registers what is hers: in vain
SELECT register('not_his', 'hers', 'at', event => 'secret');
SELECT error_of($$SELECT * FROM kpi.trust('not_his', '2026-03-16 13:00Z')$$);
SET ROLE trust_boss;
SELECT source, rule, severity FROM kpi.trust(as_of => '2026-03-16 13:00Z') WHERE rule = 'freshness';
RESET ROLE;
-- a trap that waits for a superuser: it is not let out
CREATE TABLE loot (by_whom text, what text);
GRANT INSERT ON loot TO PUBLIC;
SET ROLE trust_anna;
CREATE FUNCTION trap() RETURNS text LANGUAGE plpgsql SET search_path = trust_test, pg_temp AS $$ BEGIN INSERT INTO loot VALUES (current_user, 'superuser'); RETURN 'x'; END $$;
CREATE FUNCTION escape() RETURNS text LANGUAGE plpgsql SET search_path = trust_test, pg_temp AS $$ BEGIN RESET ROLE; RETURN 'x'; END $$;
CREATE FUNCTION spy() RETURNS text LANGUAGE sql SET search_path = trust_test, pg_temp AS $$ SELECT current_user::text $$;
CREATE VIEW trap_view AS SELECT timestamptz '2026-03-16' AS at, trap() AS event;
CREATE VIEW escape_view AS SELECT timestamptz '2026-03-16' AS at, escape() AS event;
CREATE VIEW spy_view AS SELECT timestamptz '2026-03-16' AS at, spy() AS event;
SELECT register('trap', 'trap_view', 'at', event => 'event'), register('escape', 'escape_view', 'at', event => 'event'), register('spy', 'spy_view', 'at', event => 'event');
RESET ROLE;
SELECT error_of($$SELECT * FROM kpi.trust('trap', '2026-03-16 13:00Z')$$), error_of($$SELECT * FROM kpi.trust('escape', '2026-03-16 13:00Z')$$);
SELECT * FROM loot;
SELECT event FROM kpi.source_days('trust_test', 'spy_view', 'trust_anna', '{at,NULL,event,NULL,NULL,NULL}', 'UTC', '2026-01-01', '2026-03-16 13:00Z', 3) WHERE part = 'rows';
SELECT current_user = session_user AS still_me, current_setting('transaction_read_only') AS read_only, current_setting('search_path') AS search_path;
-- names are quoted, whatever they are
CREATE TABLE "odd; DROP" ("a""t" timestamptz, "e'v), (1" text);
INSERT INTO "odd; DROP" VALUES ('2026-03-16', 'x');
SELECT register('odd', '"odd; DROP"', 'a"t', event => $$e'v), (1$$);
SELECT rule, severity, detail FROM kpi.trust('odd', '2026-03-16 13:00Z') WHERE rule IN ('freshness', 'no_event');

-- ---- what is broken ----
ALTER TABLE hers RENAME at TO happened;
ALTER TABLE hers OWNER TO trust_bert;
DROP TABLE costs;
SELECT source, rule, severity, detail, fix FROM kpi.trust(as_of => '2026-03-16 13:00Z') WHERE rule = 'relation';
ALTER TABLE hers OWNER TO trust_anna;
SELECT q, error_of('SELECT * FROM kpi.trust(' || q || ')') FROM unnest(ARRAY[$$'hers'$$, $$'costs'$$, $$'shopp'$$, $$'shop', days => 3$$, $$'shop', days => NULL$$]) AS q;
ALTER TABLE hers ADD at text, ADD worth text;
SELECT error_of($$SELECT * FROM kpi.trust('hers')$$);
ALTER TABLE hers DROP at, ADD at timestamptz;
UPDATE kpi.source SET value_column = 'worth' WHERE name = 'hers';
SELECT error_of($$SELECT * FROM kpi.trust('hers')$$), error_of($$SELECT * FROM kpi.source_days('x', 'y', 'z', '{a}', 'UTC', '2026-01-01', '2026-01-01', 3)$$);

DELETE FROM kpi.source;
SELECT kpi.grant_access('trust_anna', 'none'), kpi.grant_access('trust_bert', 'none'), kpi.grant_access('trust_boss', 'none');
DROP SCHEMA trust_test CASCADE;
DROP OWNED BY trust_anna, trust_bert, trust_boss;
DROP ROLE trust_anna, trust_bert, trust_boss;
