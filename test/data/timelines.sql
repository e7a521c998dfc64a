-- Timelines of real actors: a web shop's events (31,106 rows, 600 users) and the orders of an online retailer
\set events 'zcat ' :data '/events_ecom/ecom.csv.gz'
\set orders :data '/online_retail/online_retail_orders.csv'
CREATE TABLE ecom (user_id text, session_id text, event text, ts timestamptz, platform text, channel text, cohort text, lifecycle text);
SET timezone = 'UTC';
COPY ecom FROM PROGRAM :'events' WITH (FORMAT csv, HEADER);
CREATE TABLE history AS SELECT user_id, kpi.timeline(ts, event) AS tl FROM ecom GROUP BY user_id;
SELECT count(*) AS timelines, sum(kpi.length(tl)) AS events, min(kpi.length(tl)), max(kpi.length(tl)) FROM history;
SELECT count(*) AS differences FROM (
	(SELECT user_id, ts, event FROM history, kpi.events(tl) EXCEPT ALL SELECT user_id, ts, event FROM ecom)
	UNION ALL (SELECT user_id, ts, event FROM ecom EXCEPT ALL SELECT user_id, ts, event FROM history, kpi.events(tl))) AS d;
SELECT count(*) AS changed FROM history WHERE tl::text::kpi.timeline OPERATOR(kpi.<>) tl OR tl::jsonb::kpi.timeline OPERATOR(kpi.<>) tl;
SELECT tl FROM history ORDER BY kpi.length(tl), user_id LIMIT 1;
-- bytes of an event, its share of the labels included; a row of the table takes more than 100
SELECT round(sum(pg_column_size(tl))::numeric / sum(kpi.length(tl)), 1) AS bytes_per_event,
       (SELECT pg_table_size('ecom') / count(*) > 100 FROM ecom) AS table_over_100 FROM history;
-- what was built by month and merged is what was built at once
SELECT count(*) AS users, max(months) AS most_months, bool_and(same) AS same
FROM (SELECT user_id, count(*) AS months, kpi.rollup(part) OPERATOR(kpi.=) (SELECT tl FROM history h WHERE h.user_id = p.user_id) AS same
      FROM (SELECT user_id, date_trunc('month', ts), kpi.timeline(ts, event) AS part FROM ecom GROUP BY 1, 2) AS p GROUP BY user_id) AS m;
SELECT count(*) AS wrong FROM history h WHERE kpi.length(kpi.slice(tl, '2020-01-01', now())) <> (SELECT count(*) FROM ecom e WHERE e.user_id = h.user_id AND ts >= '2020-01-01' AND ts < now());
-- orders with amounts: exact sums, with and without the timelines
CREATE TABLE orders (customer int, invoice text, ts timestamp, amount numeric);
COPY orders FROM :'orders' WITH (FORMAT csv, HEADER);
CREATE TABLE customers AS SELECT customer, kpi.timeline(ts AT TIME ZONE 'UTC', 'order', amount) AS tl FROM orders GROUP BY customer;
SELECT count(*) AS customers, sum(kpi.length(tl)) = (SELECT count(*) FROM orders) AS all_orders,
       sum((SELECT sum(value) FROM kpi.events(tl))) = (SELECT sum(amount) FROM orders) AS same_total,
       round(sum(pg_column_size(tl))::numeric / sum(kpi.length(tl)), 1) AS bytes_per_order FROM customers;
SELECT count(*) AS wrong FROM customers c
WHERE (SELECT array_agg((ts, value)::text ORDER BY ts, value) FROM kpi.events(tl))
      IS DISTINCT FROM (SELECT array_agg((o.ts AT TIME ZONE 'UTC', trim_scale(amount))::text ORDER BY ts, amount) FROM orders o WHERE o.customer = c.customer);
SELECT count(*) AS changed FROM customers WHERE tl::text::kpi.timeline OPERATOR(kpi.<>) tl OR tl::jsonb::kpi.timeline OPERATOR(kpi.<>) tl;
SELECT tl FROM customers ORDER BY kpi.length(tl) DESC, customer OFFSET 300 LIMIT 1;
