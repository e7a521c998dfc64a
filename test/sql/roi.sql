-- kpi.roi: exact sums of costs and revenue in one currency, next to plain SQL
CREATE SCHEMA roi_test;
SET search_path = roi_test;
SET client_min_messages = warning;
CREATE FUNCTION error_of(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
  RETURN concat_ws(' / ', SQLSTATE || ' ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;
CREATE FUNCTION h(i int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(i, n) & 1073741823)::int $$;

-- ---- by hand ----
-- costs from the ad table and revenue from the orders, in one relation
CREATE TABLE money (channel text, cost numeric(12, 2), revenue numeric(12, 2), currency text);
INSERT INTO money VALUES ('search', 100, NULL, 'EUR'), ('search', 50.50, NULL, 'EUR'), ('search', NULL, 310.10, 'EUR'), ('search', NULL, -9.10, 'EUR'), ('social', 80, 20, 'EUR'), ('mail', NULL, 75, 'EUR'), ('mail', 0, NULL, 'EUR'),
  ('refunded', -5, 10, 'EUR'), ('nothing', NULL, NULL, 'EUR'), ('nothing', NULL, NULL, 'USD');
CREATE TABLE r AS SELECT channel, kpi.roi(cost, revenue, currency) AS r FROM money GROUP BY channel;
SELECT channel, r, kpi.n(r), kpi.currency(r), kpi.cost(r), kpi.revenue(r), kpi.profit(r), round(kpi.roi_rate(r), 6) AS roi_rate, round(kpi.roas(r), 6) AS roas FROM r ORDER BY channel COLLATE "C";
-- with a margin of 40 %; per customer
SELECT channel, kpi.profit(r, 0.4), round(kpi.roi_rate(r, margin => 0.4), 6) AS roi_rate, round(kpi.cost_per(r, 7), 6) AS per_customer, 1000 * kpi.cost_per(r, 20000) AS per_thousand FROM r ORDER BY channel COLLATE "C";
SELECT kpi.cost_per(r, 0), kpi.cost_per(r, -3), kpi.profit(r, 0), kpi.profit(r, 1) = kpi.profit(r) AS same FROM r WHERE channel = 'search';
-- at its break-even, a return on ad spend leaves nothing
SELECT kpi.break_even_roas(0.4), kpi.break_even_roas(1), kpi.break_even_roas(0), kpi.roi_rate(r, 0.4) AS nothing FROM (SELECT kpi.roi(100, 100 * kpi.break_even_roas(0.4)) AS r) AS s;
SELECT kpi.ltv_to_cac(300, 100.0), kpi.ltv_to_cac(300::numeric, 80), kpi.ltv_to_cac(300::float8, 80), kpi.ltv_to_cac(1, 0), kpi.ltv_to_cac(1, -5), kpi.ltv_to_cac(1.5, 0.0), kpi.ltv_to_cac(NULL, 5);
-- nothing
SELECT r, kpi.n(r), kpi.cost(r), kpi.profit(r), kpi.roi_rate(r), kpi.roas(r), kpi.currency(r), kpi.cost_per(r, 5) FROM (SELECT kpi.roi(cost, revenue) AS r FROM money WHERE false) AS s;
SELECT kpi.rollup(r), kpi.profit(kpi.rollup(r)), kpi.merge(NULL, '{}'::kpi.roi), kpi.roas(NULL) FROM (SELECT NULL::kpi.roi AS r) AS s;
-- both, and the whole: by parts or at once
SELECT (SELECT kpi.rollup(r) FROM r) OPERATOR(kpi.=) (SELECT kpi.roi(cost, revenue, currency) FROM money) AS same, a.r OPERATOR(kpi.+) b.r AS both, a.r OPERATOR(kpi.<>) b.r AS different FROM r AS a, r AS b WHERE a.channel = 'search' AND b.channel = 'social';
SELECT kpi.merge('{}', r) OPERATOR(kpi.=) r AND kpi.merge(r, '{}') OPERATOR(kpi.=) r AS same FROM r;

-- ---- currencies and other mistakes ----
SELECT q, error_of(q) FROM (VALUES
  ('SELECT kpi.roi(1, 2, c) FROM unnest(''{EUR,USD}''::text[]) AS c'), ('SELECT kpi.roi(1, 2, c) FROM unnest(''{EUR,NULL}''::text[]) AS c'), ('SELECT kpi.roi(1, 2, c) FROM unnest(''{NULL,EUR}''::text[]) AS c'),
  ('SELECT kpi.roi(1, NULL, c) FROM unnest(''{eur,EUR}''::text[]) AS c'), ('SELECT kpi.merge(kpi.roi(1, 2, ''EUR''), kpi.roi(1, 2, ''CHF''))'), ('SELECT kpi.merge(kpi.roi(1, 2), kpi.roi(1, 2, ''CHF''))'),
  ('SELECT kpi.rollup(r ORDER BY c) FROM (SELECT c, kpi.roi(1, 2, c) AS r FROM unnest(''{EUR,USD,EUR}''::text[]) AS c GROUP BY c) AS s'), ('SELECT kpi.roi(1, 2, '''')'), ('SELECT kpi.roi(1, 2, ''a currency with a very long name indeed'')'),
  ('SELECT kpi.roi(1, 2, repeat(''x'', 1000))'), ('SELECT kpi.roi(''NaN'', 2)'), ('SELECT kpi.roi(1, ''Infinity'')'), ('SELECT kpi.roi(''-Infinity'', NULL, ''EUR'')'),
  ('SELECT kpi.profit(kpi.roi(1, 2), -0.4)'), ('SELECT kpi.roi_rate(kpi.roi(1, 2), ''NaN'')'), ('SELECT kpi.break_even_roas(-1)'), ('SELECT kpi.break_even_roas(''Infinity'')'), ('SELECT kpi.cost_per(kpi.roi(1, 2), ''NaN'')'),
  ('SELECT kpi.ltv_to_cac(''NaN''::numeric, 1)'), ('SELECT kpi.ltv_to_cac(1, ''Infinity''::numeric)'), ('SELECT kpi.ltv_to_cac(1, ''NaN''::float8)'),
  ('SELECT kpi.roi(1, 2) OPERATOR(kpi.-) kpi.roi(1, 2)'), ('SELECT kpi.roi(1, 2) OPERATOR(kpi.*) kpi.roi(1, 2)'), ('SELECT kpi.roi(1, 2) OPERATOR(kpi./) kpi.roi(1, 2)')) AS v(q);
-- a row without an amount brings no currency
SELECT kpi.roi(a, NULL, c) FROM (VALUES (1, 'EUR'), (NULL, 'USD'), (NULL, NULL), (2, 'EUR')) AS v(a, c);

-- ---- text, jsonb, binary ----
CREATE TABLE stored AS SELECT r FROM r UNION ALL SELECT kpi.roi(-1e-120, 12345678901234567890.0987654321) UNION ALL SELECT kpi.roi(i, 1e300, '€') FROM generate_series(1, 1000) AS i;
SELECT count(*), count(*) FILTER (WHERE r::text::kpi.roi OPERATOR(kpi.<>) r OR r::jsonb::kpi.roi OPERATOR(kpi.<>) r OR r::jsonb::text <> r::text) AS changed, count(DISTINCT r::text) AS different FROM stored;
SELECT current_setting('data_directory') || '/roi.copy' AS file \gset
COPY stored TO :'file' (FORMAT binary);
CREATE TABLE again (r kpi.roi);
COPY again FROM :'file' (FORMAT binary);
SELECT count(*) AS changed FROM ((TABLE stored EXCEPT ALL TABLE again) UNION ALL (TABLE again EXCEPT ALL TABLE stored)) AS s;
SELECT kpi.roi_send(kpi.roi(100.5, -20000, 'EUR'));
SELECT j, error_of(format('SELECT %L::kpi.roi', j)) FROM unnest(ARRAY['[]', '"EUR"', '{"rows": 1}', '{"rows": 1, "cost": 1, "revenue": null}', '{"rows": 0, "cost": 1, "revenue": 0}', '{"rows": 0, "currency": "EUR", "cost": 0, "revenue": 0}',
  '{"rows": 1, "currency": "", "cost": 1, "revenue": 0}', '{"rows": 1, "currency": 5, "cost": 1, "revenue": 0}', '{"rows": 9223372036854775808, "cost": 1, "revenue": 0}']) AS j;
SELECT error_of($$SELECT kpi.merge(r, r) FROM (SELECT '{"rows": 9223372036854775807, "cost": 1, "revenue": 0}'::kpi.roi AS r) AS s$$);

-- ---- any numerics, in any order: exactly what plain SQL adds up ----
CREATE TABLE numbers AS SELECT i, h(i, 1) % 9 AS g, CASE WHEN h(i, 2) % 3 > 0 THEN (CASE WHEN h(i, 3) % 5 = 0 THEN -1 ELSE 1 END) * h(i, 4) / (10::numeric ^ (h(i, 5) % 12 - 2)) END AS cost,
  CASE WHEN h(i, 6) % 3 > 0 THEN h(i, 7) * (10::numeric ^ (h(i, 8) % 40)) END AS revenue, CASE h(i, 1) % 3 WHEN 0 THEN 'EUR' WHEN 1 THEN 'USD' END AS currency FROM generate_series(1, 6000) AS i;
SELECT count(*) AS groups, count(*) FILTER (WHERE kpi.cost(r) <> c OR kpi.revenue(r) <> v OR kpi.n(r) <> n OR kpi.profit(r, 0.35) <> v * 0.35 - c OR kpi.currency(r) IS DISTINCT FROM currency OR abs(kpi.roi_rate(r) / ((v - c) / c) - 1) > 1e-15 OR abs(kpi.roas(r) / (v / c) - 1) > 1e-15) AS wrong
FROM (SELECT kpi.roi(cost, revenue, currency) AS r, sum(cost) AS c, sum(revenue) AS v, count(coalesce(cost, revenue)) AS n, min(currency) AS currency FROM numbers GROUP BY g) AS s;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
ANALYZE numbers;
SELECT count(DISTINCT r) AS answers, count(*) AS ways FROM (SELECT kpi.roi(cost, revenue)::text AS r FROM numbers
  UNION ALL SELECT kpi.roi(cost, revenue ORDER BY h(i, 20))::text FROM numbers UNION ALL SELECT kpi.roi(cost, revenue ORDER BY cost DESC)::text FROM numbers
  UNION ALL SELECT kpi.rollup(r)::text FROM (SELECT kpi.roi(cost, revenue) AS r FROM numbers GROUP BY g) AS s UNION ALL SELECT kpi.rollup(r)::text FROM (SELECT kpi.roi(cost, revenue) AS r FROM numbers GROUP BY i) AS s) AS all_ways;
-- windows that move; one may have another currency than the one before
SELECT count(*), count(*) FILTER (WHERE moving <> anew) AS different FROM (SELECT (kpi.roi(cost, revenue, currency) OVER w)::text AS moving,
  (SELECT kpi.roi(cost, revenue, currency)::text FROM numbers AS inner_rows WHERE inner_rows.currency = o.currency AND inner_rows.i BETWEEN o.i - 40 AND o.i - 3) AS anew
  FROM numbers AS o WHERE i <= 800 AND currency IS NOT NULL WINDOW w AS (PARTITION BY currency ORDER BY i RANGE BETWEEN 40 PRECEDING AND 3 PRECEDING)) AS s;
SELECT i, currency, kpi.roi(1, i, currency) OVER (ORDER BY i RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 'EUR'), (2, 'EUR'), (4, 'USD'), (6, NULL), (8, 'EUR')) AS v(i, currency);
SELECT error_of($$SELECT kpi.roi(1, i, currency) OVER (ORDER BY i ROWS 1 PRECEDING) FROM (VALUES (1, 'EUR'), (2, 'USD')) AS v(i, currency)$$);
DROP SCHEMA roi_test CASCADE;
