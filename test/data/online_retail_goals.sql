-- goals of an online retailer: real orders that pause at weekends and end on 9 December 2011, in the middle of a month
\set lines 'gunzip -c ' :data '/online_retail/online_retail_lines.csv.gz'
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET client_min_messages = warning;
CREATE TABLE lines (invoice text, stock text, description text, quantity integer, ts timestamp, price numeric, customer bigint, country text);
COPY lines FROM PROGRAM :'lines' WITH (FORMAT csv, HEADER);
CREATE TABLE orders AS SELECT invoice, min(ts) AS ts, customer, country, sum(quantity * price) AS amount FROM lines WHERE invoice !~ '^C' AND quantity > 0 AND price > 0 GROUP BY invoice, customer, country;
SELECT count(*) AS orders, min(ts), max(ts), count(DISTINCT country) AS countries, count(*) FILTER (WHERE extract(isodow FROM ts) = 6) AS on_saturdays, count(DISTINCT ts::date) AS days FROM orders;

-- ---- objectives, KPIs, targets ----
CREATE VIEW revenue AS SELECT ts::date AS period_start, country AS segment, sum(amount) AS value, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW order_value AS SELECT ts::date AS period_start, country AS segment, sum(amount) AS numerator, count(*) AS denominator, count(*) AS n FROM orders GROUP BY 1, 2;
-- who ordered more than once in a month; who came back in the month after the first order. A month that the data do not reach the end of is no month
CREATE VIEW repurchase AS SELECT month::date AS period_start, count(*) FILTER (WHERE orders > 1) AS numerator, count(*) AS denominator FROM (SELECT date_trunc('month', ts) AS month, customer, count(*) AS orders FROM orders WHERE customer IS NOT NULL GROUP BY 1, 2) AS m
  WHERE month + interval '1 month' <= (SELECT max(ts) FROM orders) GROUP BY 1;
CREATE VIEW retention AS WITH r AS (SELECT kpi.retention(customer, ts AT TIME ZONE 'UTC', 'order', 'order -> order by month for 1') AS r FROM orders WHERE customer IS NOT NULL)
  SELECT (cohort + interval '1 month')::date AS period_start, retained AS numerator, eligible AS denominator, eligible AS n FROM r, kpi.cohorts(r) WHERE period = 1 AND complete;
-- as above, and as carelessly as it may be written
CREATE VIEW repurchase_so_far AS SELECT month::date AS period_start, count(*) FILTER (WHERE orders > 1) AS numerator, count(*) AS denominator FROM (SELECT date_trunc('month', ts) AS month, customer, count(*) AS orders FROM orders WHERE customer IS NOT NULL GROUP BY 1, 2) AS m GROUP BY 1;
SELECT kpi.define_objective('growth', 'Grow'), kpi.define_objective('loyalty', 'Customers come back', parent => 'growth');
SELECT kpi.define('revenue', 'revenue', unit => 'GBP', adds => 'sum', objective => 'growth', weight => 2), kpi.define('order_value', 'order_value', unit => 'GBP', objective => 'growth'), kpi.define('repurchase', 'repurchase', unit => 'share', grain => 'month', objective => 'loyalty', stale_after => '40 days'),
  kpi.define('retention', 'retention', unit => 'share', grain => 'month', objective => 'loyalty', stale_after => '40 days'), kpi.define('so_far', 'repurchase_so_far', unit => 'share', grain => 'month');
CREATE TABLE plan AS SELECT k AS kpi, m AS period, CASE k WHEN 'revenue' THEN 700000 + 50000 * i WHEN 'order_value' THEN 480 WHEN 'retention' THEN 0.2 ELSE 0.25 END AS target
  FROM unnest('{revenue,order_value,repurchase,retention,so_far}'::text[]) AS k, unnest('{2011-08,2011-09,2011-10,2011-11,2011-12}'::text[]) WITH ORDINALITY AS months(m, i);
CREATE VIEW until_november AS SELECT * FROM plan WHERE period < '2011-12';
SELECT kpi.set_targets('until_november');
CALL kpi.refresh(as_of => '2011-12-09 18:00Z');

-- ---- every value is that of plain SQL ----
SELECT kpi, count(*) AS values, count(DISTINCT segment) AS segments FROM kpi.measurement GROUP BY 1 ORDER BY 1;
WITH months AS (SELECT date_trunc('month', m)::date AS month, (m + interval '1 month')::date AS next FROM generate_series(timestamp '2010-12-01', '2011-11-01', '1 month') AS m),
firsts AS (SELECT customer, date_trunc('month', min(ts)) AS first FROM orders WHERE customer IS NOT NULL GROUP BY 1),
plain AS (
  SELECT 'revenue' AS kpi, month, (SELECT sum(amount) FROM orders WHERE ts >= month AND ts < next) AS value FROM months
  UNION ALL SELECT 'order_value', month, (SELECT avg(amount) FROM orders WHERE ts >= month AND ts < next) FROM months
  UNION ALL SELECT 'repurchase', month, (SELECT avg(CASE WHEN n > 1 THEN 1 ELSE 0 END) FROM (SELECT count(*) AS n FROM orders WHERE ts >= month AND ts < next AND customer IS NOT NULL GROUP BY customer) AS c) FROM months
  UNION ALL SELECT 'retention', month, (SELECT avg(CASE WHEN EXISTS (SELECT FROM orders AS o WHERE o.customer = f.customer AND o.ts >= month AND o.ts < next) THEN 1 ELSE 0 END) FROM firsts AS f WHERE first = month - interval '1 month') FROM months WHERE month > '2010-12-01')
SELECT p.kpi, count(*) AS months, count(*) FILTER (WHERE abs(v.value - p.value) < 1e-12 * p.value) AS alike, round(min(p.value), 4) AS least, round(max(p.value), 4) AS most
FROM plain AS p JOIN kpi.kpi AS k ON k.name = p.kpi, kpi.period_value(p.kpi, '', k.adds, p.month, (p.month + interval '1 month')::date) AS v GROUP BY 1 ORDER BY 1;

-- ---- November is over ----
SELECT kpi, period, round(actual, 4) AS actual, target, round(attainment::numeric, 3) AS attainment, status, round(previous, 4) AS previous, round(change::numeric, 3) AS change, reason FROM kpi.evaluate('2011-12-01 09:00Z') WHERE segment = '' AND is_closed ORDER BY kpi;
SELECT objective, round(attainment::numeric, 4) AS attainment, coverage, status FROM kpi.evaluate_objectives('2011-12-01 09:00Z');

-- ---- December is not over on the 9th, and will never be ----
SELECT kpi.set_targets('plan');
-- in the evening of the 9th 8 days are over; on the morning of the 10th all that is known; then it is stale. On 5 January the month is over, and nothing is missed
SELECT as_of::date, kpi, round(actual, 2) AS actual, round(expected_to_date::numeric, 2) AS expected, round(attainment::numeric, 3) AS attainment, round(forecast::numeric) AS forecast, status, reason, fresh_to
FROM unnest('{2011-12-09 18:00Z,2011-12-10 09:00Z,2011-12-12 09:00Z,2012-01-05 09:00Z}'::timestamptz[]) AS as_of, kpi.evaluate(as_of) WHERE period = '2011-12' ORDER BY kpi, as_of;
-- also when it is refreshed every day until then, and nothing comes: only the month that was written carelessly is judged as if it were whole
CALL kpi.refresh(as_of => '2012-01-05 09:00Z');
SELECT kpi, round(actual, 2) AS actual, target, status, reason, fresh_to FROM kpi.evaluate('2012-01-05 09:00Z') WHERE period = '2011-12' ORDER BY kpi;
SELECT objective, round(attainment::numeric, 4) AS attainment, coverage, status FROM kpi.evaluate_objectives('2012-01-05 09:00Z');
-- the plain numbers
SELECT sum(amount) AS of_nine_days, round(sum(amount) * 31 / 9) AS at_this_pace, 950000 * 9 / 31 AS expected FROM orders WHERE ts >= '2011-12-01';

-- ---- no orders on Saturdays, none at Christmas ----
SELECT count(*) AS days, count(*) FILTER (WHERE status = 'stale') AS stale, min(as_of::date) FILTER (WHERE status = 'stale') AS first_stale, max(as_of::date) FILTER (WHERE status = 'stale') AS last_stale
FROM (SELECT as_of, status FROM generate_series(timestamptz '2011-08-01 09:00Z', '2011-12-10 09:00Z', '1 day') AS as_of, kpi.evaluate(as_of, 'revenue', '') WHERE NOT is_closed AND as_of::date > period_start) AS judged;
SELECT d::date AS without_orders FROM generate_series(timestamp '2011-08-01', '2011-12-09', '1 day') AS d WHERE extract(isodow FROM d) <> 6 AND NOT EXISTS (SELECT FROM orders WHERE ts::date = d) ORDER BY 1;

-- ---- what moved it: countries ----
SELECT segment, before, after, contribution, round(share::numeric, 3) AS share, note FROM kpi.explain_change('revenue', '2011-11', as_of => '2011-12-09 18:00Z') LIMIT 8;
SELECT country, sum(amount) FILTER (WHERE ts >= '2011-11-01') AS after, coalesce(sum(amount) FILTER (WHERE ts >= '2011-11-01'), 0) - coalesce(sum(amount) FILTER (WHERE ts < '2011-11-01'), 0) AS change FROM orders WHERE ts >= '2011-10-01' AND ts < '2011-12-01' GROUP BY 1 ORDER BY abs(coalesce(sum(amount) FILTER (WHERE ts >= '2011-11-01'), 0) - coalesce(sum(amount) FILTER (WHERE ts < '2011-11-01'), 0)) DESC LIMIT 4;
SELECT segment, round(before, 2) AS before, round(after, 2) AS after, round(contribution, 2) AS contribution, round(mix, 2) AS mix, round(rate, 2) AS rate, note FROM kpi.explain_change('order_value', '2011-11', as_of => '2011-12-09 18:00Z') LIMIT 6;
-- each month against the one before and that of a year ago, to date and whole: exact, and each part as plain SQL has it
CREATE TABLE answers AS SELECT k, m AS month, a AS against, o AS as_of, e.* FROM unnest('{revenue,order_value}'::text[]) AS k, generate_series(date '2011-01-01', '2011-12-01', '1 month') AS m, (VALUES (NULL), ('year ago')) AS x(a), (VALUES (timestamptz '2011-12-10 09:00Z')) AS y(o), kpi.explain_change(k, to_char(m, 'YYYY-MM'), a, o) AS e
  WHERE a IS NULL OR m = '2011-12-01';
SELECT k, count(*) AS changes, count(*) FILTER (WHERE members <> change) AS inexact, sum(segments) AS segments FROM (SELECT k, sum(contribution) FILTER (WHERE segment <> '(total)') AS members, max(contribution) FILTER (WHERE segment = '(total)') AS change, count(*) - 1 AS segments FROM answers GROUP BY k, month, against) AS c GROUP BY 1 ORDER BY 1;
WITH spans AS (SELECT DISTINCT k, month, against, month::timestamp AS first, least(month + interval '1 month', '2011-12-10') AS last, b AS earlier, CASE WHEN month = '2011-12-01' THEN b + interval '9 days' ELSE month::timestamp END AS earlier_last FROM answers, LATERAL (SELECT CASE WHEN against IS NULL THEN month - interval '1 month' ELSE month - interval '1 year' END AS b) AS x),
sums AS (SELECT k, month, against, country, coalesce(sum(amount) FILTER (WHERE ts >= earlier AND ts < earlier_last), 0)::float8 AS n0, count(*) FILTER (WHERE ts >= earlier AND ts < earlier_last)::float8 AS d0, coalesce(sum(amount) FILTER (WHERE ts >= first AND ts < last), 0)::float8 AS n1, count(*) FILTER (WHERE ts >= first AND ts < last)::float8 AS d1
  FROM spans JOIN orders ON ts >= earlier AND ts < earlier_last OR ts >= first AND ts < last GROUP BY 1, 2, 3, 4),
parts AS (SELECT *, d0 / sum(d0) OVER w AS w0, d1 / sum(d1) OVER w AS w1, n0 / nullif(d0, 0) AS r0, n1 / nullif(d1, 0) AS r1, (sum(n0) OVER w / sum(d0) OVER w + sum(n1) OVER w / sum(d1) OVER w) / 2 AS mean FROM sums WINDOW w AS (PARTITION BY k, month, against))
SELECT a.k, count(*) AS parts, count(*) FILTER (WHERE p.country IS NULL OR a.segment IS NULL) AS unmatched,
  count(*) FILTER (WHERE a.k = 'revenue' AND abs(a.contribution::float8 - (n1 - n0)) > 1e-6) AS wrong_sums,
  count(*) FILTER (WHERE a.k = 'order_value' AND (abs(a.rate::float8 - coalesce((w0 + w1) / 2 * (r1 - r0), 0)) > 1e-9 OR abs(a.mix::float8 - CASE WHEN r0 IS NULL THEN w1 * (r1 - mean) WHEN r1 IS NULL THEN -w0 * (r0 - mean) ELSE (w1 - w0) * ((r0 + r1) / 2 - mean) END) > 1e-9)) AS wrong_splits
FROM (SELECT * FROM answers WHERE segment <> '(total)') AS a FULL JOIN parts AS p ON p.k = a.k AND p.month = a.month AND p.against IS NOT DISTINCT FROM a.against AND p.country = a.segment GROUP BY 1 ORDER BY 1;
-- ---- the season: last December as it went, with its Saturdays and its Christmas; the week as it went lately ----
SELECT date '2011-12-01' + (i - 1)::int AS day, date '2010-12-02' + (i - 1)::int AS learned_from, round(w::numeric, 4) AS weight FROM unnest(kpi.learn_weights('revenue', '2011-12')) WITH ORDINALITY AS u(w, i) WHERE i <= 5 OR i BETWEEN 22 AND 31;
SELECT count(*) AS days, count(*) FILTER (WHERE abs(w - coalesce(value, 0) / total) > 1e-12) AS wrong FROM unnest(kpi.learn_weights('revenue', '2011-12')) WITH ORDINALITY AS u(w, i) LEFT JOIN (SELECT ts::date AS day, sum(amount) AS value FROM orders GROUP BY 1) AS o ON day = date '2010-12-02' + (i - 1)::int,
  (SELECT sum(amount) AS total FROM orders WHERE ts >= '2010-12-02' AND ts < '2011-01-02') AS t;
SELECT kpi.set_target('revenue', '2011-12', 1200000, pacing => 'profile', rationale => 'the season');
SELECT version, target, pacing, rationale FROM kpi.target WHERE kpi = 'revenue' AND period_start = '2011-12-01' ORDER BY version;
-- most of a December is over on the 9th: more is expected by then than by its days
SELECT as_of::date, round(actual) AS actual, round(expected_to_date::numeric) AS expected, round(1200000 * (as_of::date - period_start) / 31.0) AS by_days, round(attainment::numeric, 3) AS attainment, round(forecast::numeric) AS forecast, status FROM unnest('{2011-12-05 09:00Z,2011-12-10 09:00Z}'::timestamptz[]) AS as_of, kpi.evaluate(as_of, 'revenue', '') WHERE period = '2011-12';
SELECT array_agg(round(w::numeric, 4)) AS weekdays FROM unnest(kpi.learn_weights('revenue', '2011-11', 'recent_weeks')) AS w;
SELECT array_agg(round(mean, 4) ORDER BY weekday) AS weekdays FROM (SELECT weekday, avg(share) AS mean FROM (SELECT i % 7 AS weekday, coalesce(sum(amount), 0) / sum(sum(amount)) OVER (PARTITION BY i / 7) AS share FROM generate_series(0, 55) AS i LEFT JOIN orders ON ts::date = date '2011-09-05' + i GROUP BY i) AS days GROUP BY 1) AS means;
SELECT kpi.set_target('revenue', '2011-Q4', 3600000);
SELECT part, target FROM kpi.split_target('revenue', '2011-Q4', 'month', 'business_days');
DELETE FROM kpi.kpi;
DELETE FROM kpi.objective;
