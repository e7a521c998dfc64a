-- Real histories: a web shop's events, and half a million lines of a retailer's invoices (many at one instant), each question put in every way
\set events 'zcat ' :data '/events_ecom/ecom.csv.gz'
\set lines 'zcat ' :data '/online_retail/online_retail_lines.csv.gz'
SET timezone = 'UTC';
CREATE TABLE ecom (actor text, session_id text, event text, ts timestamptz, platform text, channel text, cohort text, lifecycle text);
COPY ecom FROM PROGRAM :'events' WITH (FORMAT csv, HEADER);
CREATE TABLE lines (invoice text, product text, description text, quantity int, ts timestamp, price numeric, customer int, country text);
COPY lines FROM PROGRAM :'lines' WITH (FORMAT csv, HEADER);
-- what a customer does: an invoice is an event, and so is each line, by the kind of product; a C invoice is a cancellation
CREATE VIEW retail AS
SELECT customer::bigint AS actor, ts AT TIME ZONE 'Europe/London' AS ts, event, amount
FROM lines, LATERAL (SELECT quantity * price AS amount) AS a,
     LATERAL (VALUES (CASE WHEN invoice LIKE 'C%' THEN 'return' WHEN description ~ 'LANTERN|LIGHT|CANDLE' THEN 'light'
                           WHEN description ~ 'BAG' THEN 'bag' WHEN description ~ 'CHRISTMAS' THEN 'christmas' ELSE 'line' END)) AS e (event)
UNION ALL
SELECT DISTINCT customer::bigint, ts AT TIME ZONE 'Europe/London', 'invoice', NULL::numeric FROM lines WHERE invoice NOT LIKE 'C%';
CREATE TABLE retail_rows AS SELECT * FROM retail;
SELECT count(*) AS events, count(DISTINCT actor) AS customers, count(DISTINCT ts) AS times, sum(amount) FROM retail_rows WHERE actor IS NOT NULL;
CREATE TABLE retail_store AS SELECT actor::bigint, timeline FROM kpi.timelines('SELECT actor, ts, event, amount FROM retail_rows');
SELECT count(*) AS customers, sum(kpi.length(timeline)) AS events, sum((SELECT sum(value) FROM kpi.events(timeline))),
       round(sum(pg_column_size(timeline))::numeric / sum(kpi.length(timeline)), 1) AS bytes_per_event_with_value FROM retail_store;
CREATE TABLE ecom_store AS SELECT actor, timeline FROM kpi.timelines('SELECT actor, ts, event FROM ecom');

CREATE TABLE patterns (source text, pattern kpi.pattern);
INSERT INTO patterns VALUES
  ('ecom', 'product_view -> add_to_cart -> cart -> purchase within 7 days'), ('ecom', 'search => product_view'),
  ('ecom', 'add_to_cart -[no payment_error|checkout_bug, <= 2 days]-> purchase by month in Asia/Seoul'), ('ecom', 'home -> search? -> catalog -> filter_results? -> product_view -> purchase within 1 day'),
  ('ecom', 'search -> catalog -> wishlist_add any order within 6 hours'), ('ecom', 'product_view -> product_view -> product_view within 1 hour strictly increasing'),
  ('retail', 'invoice -> invoice -> invoice within 60 days by month in Europe/London'), ('retail', 'christmas -> return within 30 days'),
  ('retail', 'invoice -> bag -> light reuse rows'), ('retail', 'light -[no return]-> bag -[>= 7 days]-> christmas'), ('retail', 'light => bag => light => bag'),
  ('retail', 'bag -> light -> christmas -> invoice any order within 1 hour'), ('retail', 'invoice -> return open by quarter in UTC'), ('retail', 'light -> light -> light -> light -> light -> light first entry');
CREATE FUNCTION ways(source text, p kpi.pattern) RETURNS TABLE (way text, funnel kpi.funnel) LANGUAGE plpgsql AS $$
DECLARE rows text := CASE source WHEN 'ecom' THEN 'ecom' ELSE 'retail_rows' END; store text := source || '_store';
BEGIN
  PERFORM set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', '256MB', true);
  RETURN QUERY EXECUTE format('SELECT ''serial'', kpi.funnel(actor, ts, event, $1) FROM %I', rows) USING p;
  RETURN QUERY EXECUTE format('SELECT ''backwards'', kpi.funnel(actor, ts, event, $1) FROM (SELECT * FROM %I ORDER BY event, ts DESC) AS s', rows) USING p;
  RETURN QUERY EXECUTE format('SELECT ''timelines'', kpi.funnel(timeline, $1) FROM %I', store) USING p;
  RETURN QUERY EXECUTE format('SELECT ''rolled up'', kpi.rollup(f) FROM (SELECT kpi.funnel(actor, ts, event, $1) AS f FROM %I GROUP BY hashtext(actor::text) %% 7) AS s', rows) USING p;
  PERFORM set_config('work_mem', '64kB', true);
  RETURN QUERY EXECUTE format('SELECT ''through files'', kpi.funnel(actor, ts, event, $1) FROM %I', rows) USING p;
  PERFORM set_config('max_parallel_workers_per_gather', '2', true), set_config('parallel_setup_cost', '0', true), set_config('parallel_tuple_cost', '0', true),
    set_config('min_parallel_table_scan_size', '0', true);
  RETURN QUERY EXECUTE format('SELECT ''parallel through files'', kpi.funnel(actor, ts, event, $1) FROM %I', rows) USING p;
  PERFORM set_config('work_mem', '256MB', true);
  RETURN QUERY EXECUTE format('SELECT ''parallel'', kpi.funnel(actor, ts, event, $1) FROM %I', rows) USING p;
END $$;
CREATE TABLE answers AS SELECT source, pattern, way, funnel FROM patterns, ways(source, pattern);
SELECT source, s.pattern, count(*) AS ways, count(*) FILTER (WHERE a.funnel OPERATOR(kpi.<>) s.funnel) AS different,
       (SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps(s.funnel)) AS actors, kpi.completions(s.funnel)
FROM answers AS a JOIN answers AS s USING (source) WHERE s.way = 'serial' AND a.pattern::text = s.pattern::text
GROUP BY source, s.pattern::text, s.pattern, s.funnel ORDER BY source, s.pattern::text COLLATE "C";
-- and the plain SQL for two of them
CREATE INDEX ON retail_rows (actor, ts) WHERE event = 'return';
CREATE INDEX ON ecom (actor, ts);
ANALYZE retail_rows, ecom;
SELECT count(DISTINCT a.actor) AS christmas, count(DISTINCT a.actor) FILTER (WHERE EXISTS (SELECT FROM retail_rows AS b
  WHERE b.actor = a.actor AND b.event = 'return' AND b.ts >= a.ts AND b.ts <= a.ts + interval '720 hours')) AS return
FROM retail_rows AS a WHERE event = 'christmas';
SELECT count(*) AS search, count(*) FILTER (WHERE level) AS product_view
FROM (SELECT actor, bool_or(found) AS level FROM (
        SELECT actor, event = 'search' AND EXISTS (SELECT FROM ecom AS n WHERE n.actor = e.actor AND n.event = 'product_view' AND n.ts >= e.ts
          AND NOT EXISTS (SELECT FROM ecom AS m WHERE m.actor = e.actor AND m.ts > e.ts AND m.ts < n.ts)) AS found, event FROM ecom AS e) AS s
      WHERE event = 'search' GROUP BY actor) AS by_actor;
