-- Who came back: 23,570 customers of CDNOW (all who first bought in 1997 Q1), the orders of an online retailer, a web shop
\set cdnow 'tail -n +2 ' :data '/cdnow/CDNOW_master.txt | tr -d ''\\r'' | awk ''{print $1","$2","$3","$4}'''
\set orders :data '/online_retail/online_retail_orders.csv'
\set events 'zcat ' :data '/events_ecom/ecom.csv.gz'
SET timezone = 'UTC';
CREATE TABLE cdnow (customer bigint, day date, cds int, amount numeric);
COPY cdnow FROM PROGRAM :'cdnow' WITH (FORMAT csv);
CREATE TABLE bought AS SELECT customer, day::timestamp AT TIME ZONE 'UTC' AS ts, amount FROM cdnow;
-- monthly cohorts and who bought again in month 1 .. 17, next to plain SQL
CREATE TABLE monthly AS SELECT kpi.retention(customer, ts, 'buy', amount, 'buy -> buy by month for 17') AS r FROM bought;
SELECT cohort::date, size, string_agg(retained::text, ' ' ORDER BY period) AS retained, bool_or(NOT complete) AS last_month_is_not_over FROM monthly, kpi.cohorts(r) GROUP BY cohort, size ORDER BY cohort;
CREATE TABLE by_sql AS
WITH months AS (SELECT DISTINCT customer, date_trunc('month', day) AS month FROM cdnow), first AS (SELECT customer, min(month) AS cohort FROM months GROUP BY customer)
SELECT cohort, (12 * (extract(year FROM month) - extract(year FROM cohort)) + extract(month FROM month) - extract(month FROM cohort))::int AS period, count(*) AS retained
FROM months JOIN first USING (customer) GROUP BY 1, 2;
SELECT count(*) AS cells, count(*) FILTER (WHERE c.retained <> coalesce(s.retained, 0)) AS wrong FROM monthly, kpi.cohorts(r) c LEFT JOIN by_sql s USING (cohort, period) WHERE c.period > 0;
-- the sizes of the cohorts are those of every analysis of this data set
SELECT array_agg(DISTINCT size ORDER BY size DESC) = '{8476,7846,7248}' AS published_sizes, sum(DISTINCT size) AS customers FROM monthly, kpi.cohorts(r);
-- bought again in that month or later
SELECT cohort::date, string_agg(retained::text, ' ' ORDER BY period) AS retained FROM
	kpi.cohorts((SELECT kpi.retention(customer, ts, 'buy', 'buy -> buy by month for 17 on or after') FROM bought)) GROUP BY cohort ORDER BY cohort;
SELECT count(*) AS wrong FROM kpi.cohorts((SELECT kpi.retention(customer, ts, 'buy', 'buy -> buy by month for 17 on or after') FROM bought)) c
WHERE period > 0 AND retained <> (SELECT count(DISTINCT customer) FROM (SELECT customer, date_trunc('month', min(day)) AS cohort, max(day) AS last FROM cdnow GROUP BY customer) AS l
	WHERE l.cohort = c.cohort AND l.last >= c.cohort + make_interval(months => c.period));
-- money: what each month's customers spent later
SELECT cohort::date, string_agg(value::text, ' ' ORDER BY period) FILTER (WHERE period < 4) AS value, round(sum(value_rate)::numeric, 3) AS times_the_first_month FROM monthly, kpi.cohorts(r) GROUP BY cohort ORDER BY cohort;
SELECT sum(value) = (SELECT sum(amount) FROM cdnow) AS all_money FROM monthly, kpi.cohorts(r);
SELECT period, cohorts, eligible, retained, round(rate::numeric, 4) AS rate, round(value_rate::numeric, 4) AS value_rate FROM monthly, kpi.curve(r) WHERE period IN (0, 1, 2, 3, 6, 12, 15, 16, 17);
-- lifecycle
CREATE TABLE activity AS SELECT kpi.activity(customer, ts, 'by month') AS a FROM bought;
SELECT period::date, active, new, "returning", resurrecting, dormant, round(churn_rate::numeric, 4) AS churn_rate, round(quick_ratio::numeric, 3) AS quick_ratio FROM activity, kpi.lifecycle(a) ORDER BY period;
SELECT count(*) AS months, count(*) FILTER (WHERE l.active <> s.active OR l."returning" <> s.again OR l.new <> s.new) AS wrong FROM activity, kpi.lifecycle(a) l JOIN
	(SELECT month, count(*) AS active, count(*) FILTER (WHERE before = month - interval '1 month') AS again, count(*) FILTER (WHERE before IS NULL) AS new
	 FROM (SELECT customer, month, lag(month) OVER (PARTITION BY customer ORDER BY month) AS before FROM (SELECT DISTINCT customer, date_trunc('month', day) AS month FROM cdnow) AS m) AS b GROUP BY month) AS s ON s.month = l.period;
SELECT day, dau, wau, mau, mau30, round(avg_dau_mau::numeric, 4) AS avg_dau_mau, s.mau = (SELECT count(DISTINCT customer) FROM cdnow c WHERE c.day BETWEEN s.day - 27 AND s.day) AS mau_by_sql
FROM activity, kpi.stickiness(a) s WHERE day IN ('1997-01-28', '1997-03-31', '1997-12-24', '1998-06-30') ORDER BY day;
-- orders of the retailer: several ways, one answer
CREATE TABLE orders (customer bigint, invoice text, ts timestamp, amount numeric);
COPY orders FROM :'orders' WITH (FORMAT csv, HEADER);
CREATE TABLE retail AS SELECT kpi.retention(customer, ts AT TIME ZONE 'Europe/London', 'order', amount, 'order -> order by month for 12 in Europe/London') AS r FROM orders;
SELECT cohort::date, size, string_agg(retained::text, ' ' ORDER BY period) AS retained FROM retail, kpi.cohorts(r) GROUP BY cohort, size ORDER BY cohort;
SELECT sum(value) = (SELECT sum(amount) FROM orders) AS all_money FROM retail, kpi.cohorts(r);
SELECT r OPERATOR(kpi.=) (SELECT kpi.retention(tl, 'order -> order by month for 12 in Europe/London') FROM
	(SELECT kpi.timeline(ts AT TIME ZONE 'Europe/London', 'order', amount) AS tl FROM orders GROUP BY customer) AS t) AS timelines_same,
  r OPERATOR(kpi.=) (SELECT kpi.rollup(p) FROM (SELECT kpi.retention(customer, ts AT TIME ZONE 'Europe/London', 'order', amount, 'order -> order by month for 12 in Europe/London') AS p FROM orders GROUP BY customer % 7) AS t) AS parts_same
FROM retail;
-- the web shop: weeks after the first visit, text actors
CREATE TABLE ecom (user_id text, session_id text, event text, ts timestamptz, platform text, channel text, cohort text, lifecycle text);
COPY ecom FROM PROGRAM :'events' WITH (FORMAT csv, HEADER);
SELECT period, cohorts, eligible, retained, round(rate::numeric, 4) AS rate, round(ci_low::numeric, 4) AS ci_low, round(ci_high::numeric, 4) AS ci_high
FROM kpi.curve((SELECT kpi.retention(user_id, ts, event, '* -> purchase by week for 8 elapsed') FROM ecom));
SELECT platform, period, rate FROM (SELECT platform, kpi.retention(user_id, ts, event, '* -> * by day brackets 1, 7, 30') AS r FROM ecom GROUP BY platform) AS p, kpi.curve(r) ORDER BY platform, period;
