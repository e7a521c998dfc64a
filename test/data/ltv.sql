-- What customers were worth and will be: CDNOW (the sample behind every published number, and all 23,570 customers), an online retailer
\set sample 'tr -d ''\\r'' < ' :data '/cdnow/CDNOW_sample.txt | awk ''{print $2","$3","$5}'''
\set master 'tail -n +2 ' :data '/cdnow/CDNOW_master.txt | tr -d ''\\r'' | awk ''{print $1","$2","$4}'''
\set weeks :data '/cdnow/cdnow_customers_summary_with_transactions.csv'
\set orders :data '/online_retail/online_retail_orders.csv'
\set days :data '/online_retail/rfm_days.csv'
SET timezone = 'UTC';
CREATE TABLE sample (customer bigint, day date, amount numeric);
COPY sample FROM PROGRAM :'sample' WITH (FORMAT csv);
CREATE TABLE master (customer bigint, day date, amount numeric);
COPY master FROM PROGRAM :'master' WITH (FORMAT csv);
CREATE TABLE orders (customer bigint, invoice text, ts timestamp, amount numeric);
COPY orders FROM :'orders' WITH (FORMAT csv, HEADER);
CREATE TABLE cdnow AS SELECT kpi.ltv(customer, day::timestamp AT TIME ZONE 'UTC', amount, 'unit week, holdout from 1997-10-01, until 1998-06-30') AS l FROM sample;

-- ---- published fits of the sample, calibrated to 1997-09-30 ----
-- BG/NBD: Fader, Hardie and Lee (2005), table 2. Pareto/NBD: the same, and Fader and Hardie, note 8. Gamma-Gamma: Fader, Hardie and Lee (2005b), log-likelihood of CLVTools. MBG/NBD: computed independently
CREATE TABLE published (model text, parameter text, value numeric, log_likelihood numeric);
INSERT INTO published VALUES
  ('bg_nbd', 'r', 0.243, -9582.4292), ('bg_nbd', 'alpha', 4.414, -9582.4292), ('bg_nbd', 'a', 0.793, -9582.4292), ('bg_nbd', 'b', 2.426, -9582.4292),
  ('mbg_nbd', 'r', 0.525, -9582.136), ('mbg_nbd', 'alpha', 6.183, -9582.136), ('mbg_nbd', 'a', 0.891, -9582.136), ('mbg_nbd', 'b', 1.614, -9582.136),
  ('pareto_nbd', 'r', 0.553, -9594.9762), ('pareto_nbd', 'alpha', 10.578, -9594.9762), ('pareto_nbd', 's', 0.606, -9594.9762), ('pareto_nbd', 'beta', 11.669, -9594.9762),
  ('gamma_gamma', 'p', 6.25, -4055.918), ('gamma_gamma', 'q', 3.74, -4055.918), ('gamma_gamma', 'v', 15.44, -4055.918);
CREATE TABLE models AS SELECT model, kpi.fit(l, model) AS m FROM cdnow, (SELECT DISTINCT model FROM published) AS p;
-- each parameter to the digits that were printed, the log-likelihood to a thousandth
SELECT p.model, count(*) AS parameters, bool_and(abs((m::jsonb -> 'parameters' ->> parameter)::numeric - value) < 1.5 * power(10.0, -scale(value))) AS as_published, max(log_likelihood) AS published,
  round((max(m::text)::jsonb ->> 'log_likelihood')::numeric, 4) AS found, bool_and(abs((m::jsonb ->> 'log_likelihood')::numeric - log_likelihood) < 0.001) AS within_a_thousandth, max(m::text)::jsonb -> 'n' AS n, max(m::text)::jsonb -> 'converged' AS converged, max(m::text)::jsonb -> 'at_bound' AS at_bound
FROM published p JOIN models USING (model) GROUP BY p.model ORDER BY 1;
SELECT model, p.key, round(p.value::numeric, 4) AS value, round(p.error::numeric, 3) AS standard_error FROM models, LATERAL (SELECT p.key, p.value, e.value AS error FROM jsonb_each_text(m::jsonb -> 'parameters') AS p JOIN jsonb_each_text(m::jsonb -> 'standard_errors') AS e USING (key)) AS p ORDER BY 1, 2;
-- published: a customer with 2 repeat purchases, the last after 30.43 of 38.86 weeks, buys 1.226 times in the next 39 weeks (note 4 on the BG/NBD)
SELECT round(kpi.expected_purchases(m, 2, 30.43, 38.86, 39)::numeric, 3) AS published_1_226 FROM models WHERE model = 'bg_nbd';
-- sBG: Fader and Hardie (2007), table 1 and appendix B
SELECT kind, round((m::jsonb #>> '{parameters,alpha}')::numeric, 3) AS alpha, round((m::jsonb #>> '{parameters,beta}')::numeric, 3) AS beta, round((m::jsonb ->> 'log_likelihood')::numeric / 1000, 3) AS ll_per_customer
FROM (SELECT 'high end' AS kind, kpi.fit_sbg('{1000,869,743,653,593,551,517,491}') AS m UNION ALL SELECT 'regular', kpi.fit_sbg('{1000,631,468,382,326,289,262,241}')) AS s;

-- ---- one summary, whatever way it is made ----
CREATE TABLE ways AS
SELECT 'timelines' AS way, kpi.ltv(tl, 'unit week, holdout from 1997-10-01, until 1998-06-30') AS l FROM (SELECT kpi.timeline(day::timestamp AT TIME ZONE 'UTC', 'order', amount) AS tl FROM sample GROUP BY customer) AS t
UNION ALL SELECT 'rollup', kpi.rollup(l) FROM (SELECT kpi.ltv(customer, day::timestamp AT TIME ZONE 'UTC', amount, 'unit week, holdout from 1997-10-01, until 1998-06-30') AS l FROM sample GROUP BY customer % 11) AS t
UNION ALL SELECT 'other order', kpi.ltv(customer, day::timestamp AT TIME ZONE 'UTC', amount, 'unit week, holdout from 1997-10-01, until 1998-06-30') FROM (SELECT * FROM sample ORDER BY md5(customer || day::text)) AS o;
SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET max_parallel_workers_per_gather = 2;
INSERT INTO ways SELECT 'parallel', kpi.ltv(customer, day::timestamp AT TIME ZONE 'UTC', amount, 'unit week, holdout from 1997-10-01, until 1998-06-30') FROM sample;
RESET ALL;
SET timezone = 'UTC';
SELECT way, w.l OPERATOR(kpi.=) c.l AS same_bytes, (SELECT bool_and(kpi.fit(w.l, model) OPERATOR(kpi.=) m) FROM models) AS same_fits FROM ways w, cdnow c ORDER BY way;
-- days, weeks: the same predictions
SELECT model, abs(kpi.expected_purchases(m, 2, 30, 38, 39) / kpi.expected_purchases(kpi.fit(d, model), 2, 210, 266, 273) - 1) < 1e-7 AS same
FROM models, (SELECT kpi.ltv(customer, day::timestamp AT TIME ZONE 'UTC', amount, 'unit day, holdout from 1997-10-01, until 1998-06-30') AS d FROM sample) AS s WHERE model <> 'gamma_gamma' ORDER BY 1;

-- ---- frequency, recency, age, monetary ----
-- of the sample, next to the published summary, which is rounded to two digits
CREATE TABLE weeks (customer bigint, x int, t_x numeric, t numeric, zbar numeric);
COPY weeks FROM :'weeks' WITH (FORMAT csv, HEADER);
SELECT count(*) AS customers, count(*) FILTER (WHERE r.frequency <> x) AS other_frequency, count(*) FILTER (WHERE abs(r.recency - t_x) > 0.0051 OR abs(r.age - t) > 0.0051) AS other_time, count(*) FILTER (WHERE abs(r.monetary - zbar) > 0.0051) AS other_money
FROM weeks JOIN (SELECT customer, kpi.timeline(day::timestamp AT TIME ZONE 'UTC', 'order', amount) AS tl FROM sample GROUP BY customer) AS t USING (customer), kpi.rfm(tl, '1997-09-30', 'week') AS r;
-- of the retailer, to the cent
CREATE TABLE days (customer bigint, x int, t_x int, t int, m float8);
COPY days FROM :'days' WITH (FORMAT csv, HEADER);
SELECT count(*) AS customers, count(*) FILTER (WHERE (r.frequency, r.recency, r.age) IS DISTINCT FROM (x, t_x::float8, t::float8)) AS wrong, count(*) FILTER (WHERE abs(r.monetary - m::numeric) > 1e-6) AS other_money
FROM days JOIN (SELECT customer, kpi.timeline(ts AT TIME ZONE 'UTC', 'order', amount) AS tl FROM orders GROUP BY customer) AS t USING (customer), kpi.rfm(tl, '2011-12-09') AS r;

-- ---- cohorts: to the cent what plain SQL says ----
CREATE TABLE histories AS
SELECT 'cdnow' AS shop, customer, day, amount FROM master UNION ALL SELECT 'retail', customer, ts::date, amount FROM orders;
CREATE TABLE curves AS SELECT shop, grain, kpi.ltv(customer, day::timestamp AT TIME ZONE 'UTC', amount, kpi.ltv_spec(by => grain)) AS l FROM histories, unnest('{week,month,quarter,year}'::text[]) AS grain GROUP BY shop, grain;
CREATE TABLE by_sql AS
WITH firsts AS (SELECT shop, customer, min(day) AS first FROM histories GROUP BY 1, 2),
grains AS (SELECT unnest('{week,month,quarter,year}'::text[]) AS grain),
cells AS (SELECT shop, grain, date_trunc(grain, first::timestamp) AS cohort, date_trunc(grain, day::timestamp) AS period, sum(amount) AS revenue, count(DISTINCT customer) AS buyers, count(DISTINCT (customer, day)) AS purchases FROM histories JOIN firsts USING (shop, customer), grains GROUP BY 1, 2, 3, 4),
sizes AS (SELECT shop, grain, date_trunc(grain, first::timestamp) AS cohort, count(*) AS size FROM firsts, grains GROUP BY 1, 2, 3)
SELECT *, CASE grain WHEN 'week' THEN (period::date - cohort::date) / 7 ELSE (12 * (extract(year FROM period) - extract(year FROM cohort)) + extract(month FROM period) - extract(month FROM cohort))::int / CASE grain WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 ELSE 12 END END AS age
FROM cells JOIN sizes USING (shop, grain, cohort);
SELECT shop, grain, count(*) AS cells, count(*) FILTER (WHERE (v.size, v.revenue, v.buyers, v.purchases) IS DISTINCT FROM (s.size, s.revenue, s.buyers, s.purchases)) AS wrong, sum(v.revenue) AS revenue, sum(v.revenue) = (SELECT sum(amount) FROM histories h WHERE h.shop = c.shop) AS all_of_it
FROM (SELECT shop, grain, v.* FROM curves, kpi.value_curve(l) AS v WHERE v.purchases > 0) AS v FULL JOIN by_sql AS s USING (shop, grain, cohort, age) JOIN curves AS c USING (shop, grain) GROUP BY shop, grain, c.shop ORDER BY shop, grain;
SELECT cohort::date, size, age, revenue, round(revenue_per_customer, 2) AS per_customer, round(cumulative, 2) AS cumulative, complete FROM curves, kpi.value_curve(l) WHERE shop = 'cdnow' AND grain = 'quarter';
SELECT age, cohorts, eligible, round(revenue_per_customer, 2) AS per_customer, round(cumulative, 2) AS cumulative FROM curves, kpi.curve(l) WHERE shop = 'cdnow' AND grain = 'month' AND age IN (0, 1, 2, 3, 6, 12, 15, 16);
-- the pooled curve is each age's revenue of the cohorts that are through with it, over their customers
SELECT shop, count(*) AS ages, count(*) FILTER (WHERE c.revenue <> s.revenue OR c.eligible <> s.size) AS wrong FROM (SELECT shop, c.* FROM curves, kpi.curve(l) AS c WHERE grain = 'month') AS c
LEFT JOIN (SELECT shop, age, sum(revenue) AS revenue, sum(size) AS size FROM curves, kpi.value_curve(l) WHERE grain = 'month' AND complete GROUP BY 1, 2) AS s USING (shop, age) GROUP BY shop ORDER BY shop;

-- ---- the holdout of the sample: 39 weeks that the models have not seen ----
SELECT h.frequency, customers, round(actual::numeric, 3) AS actual, round(expected::numeric, 3) AS expected, round(bias::numeric, 3) AS bias, round(mean_absolute_error::numeric, 3) AS mae FROM cdnow, models, kpi.holdout_error(m, l) AS h WHERE model = 'bg_nbd';
SELECT model, round(bias::numeric, 4) AS bias, round(mean_absolute_error::numeric, 4) AS mae FROM cdnow, models, kpi.holdout_error(m, l) AS h WHERE model <> 'gamma_gamma' AND h.frequency IS NULL ORDER BY model;
SELECT day, cumulative, round(expected) AS expected FROM cdnow, models, kpi.expected_cumulative(m, l) WHERE model = 'bg_nbd' AND (day - '1997-01-07') % 91 = 0 ORDER BY day;

-- ---- all customers, and a shop whose customers do not leave: the dropout is at its bound, and the fit says so ----
SELECT shop, model, m::jsonb -> 'n' AS n, m::jsonb -> 'converged' AS converged, m::jsonb -> 'bound_parameters' AS bound_parameters, round((m::jsonb ->> 'log_likelihood')::numeric, 1) AS log_likelihood
FROM (SELECT shop, model, kpi.fit(l, model) AS m FROM (SELECT shop, kpi.ltv(customer, day::timestamp AT TIME ZONE 'UTC', amount, 'unit week') AS l FROM histories GROUP BY shop) AS s, unnest('{bg_nbd,mbg_nbd,pareto_nbd,bg_bb,gamma_gamma}'::text[]) AS model) AS f ORDER BY shop, model;
-- what the best customers of the retailer are worth in a year
SELECT customer, r.frequency, r.recency, r.age, round(r.monetary, 2) AS monetary, round(kpi.probability_alive(b, r.frequency, r.recency, r.age)::numeric, 3) AS alive, round(kpi.lifetime_value(b, g, r.frequency, r.recency, r.age, r.monetary::float8, 365, 0.1)::numeric) AS worth
FROM (SELECT kpi.fit(l, 'bg_nbd') AS b, kpi.fit(l, 'gamma_gamma') AS g FROM (SELECT kpi.ltv(customer, ts AT TIME ZONE 'UTC', amount, '') AS l FROM orders) AS s) AS f, (SELECT customer, kpi.timeline(ts AT TIME ZONE 'UTC', 'order', amount) AS tl FROM orders GROUP BY customer) AS t, kpi.rfm(tl, '2011-12-09') AS r
ORDER BY worth DESC LIMIT 5;
