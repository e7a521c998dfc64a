-- kpi.fit and kpi.ltv_model: fitting, storing, asking. The published fits are in test/data/ltv.sql; the mathematics in test/unit.
CREATE SCHEMA model_test;
SET search_path = model_test;
SET client_min_messages = warning;
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
-- the parameters, rounded; at a bound it is chance where they end
CREATE FUNCTION p(m kpi.ltv_model) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(key || CASE WHEN m::jsonb -> 'bound_parameters' ? key THEN ' at its bound' ELSE ' ' || round(value::text::numeric, 2) END, ', ' ORDER BY key) FROM jsonb_each(m::jsonb -> 'parameters') $$;

-- orders of 1500 customers over 600 days, some of which stop coming
CREATE TABLE orders AS
WITH RECURSIVE customers AS (
  SELECT c::bigint AS customer, c % 150 AS first, 3 + c * 37 % 41 AS gap, c * 61 % 7 + 1 AS patience FROM generate_series(1, 1500) c),
steps AS (
  SELECT customer, first AS day, gap, patience, 0 AS n FROM customers
  UNION ALL
  SELECT customer, day + 1 + (gap * (1 + (customer * 13 + n * 29) % 17) / 6)::int, gap, patience, n + 1 FROM steps WHERE n < patience * 3 - 2 AND day < 600)
SELECT customer, timestamptz '2024-01-01 12:00Z' + make_interval(days => day) AS ts, round(10 + (customer * 7919 % 90) + (n * 31 % 11), 2) AS amount FROM steps WHERE day <= 600;
SELECT count(*), count(DISTINCT customer) FROM orders;
CREATE TABLE summary AS SELECT kpi.ltv(customer, ts, amount, 'unit week, until 2025-08-22, holdout from 2025-04-01') AS l FROM orders;

-- ---- fits ----
CREATE TABLE models AS SELECT model, kpi.fit(l, model) AS m FROM summary, unnest('{bg_nbd,mbg_nbd,pareto_nbd,bg_bb,gamma_gamma}'::text[]) AS model;
SELECT model, p(m), round((m::jsonb ->> 'log_likelihood')::numeric, 3) AS ll, m::jsonb -> 'n' AS n, m::jsonb -> 'converged' AS converged, m::jsonb -> 'time_unit' AS time_unit FROM models;
-- values like others: text, jsonb, bytes, equality
SELECT count(*) AS models, count(*) FILTER (WHERE m::text::kpi.ltv_model OPERATOR(kpi.=) m AND m::jsonb::kpi.ltv_model OPERATOR(kpi.=) m) AS same,
  count(DISTINCT kpi.hash(m)) AS hashes, bool_and(m OPERATOR(kpi.<>) kpi.fit_sbg('{9,5,4}')) AS different FROM models;
SET extra_float_digits = -15;
SELECT bool_and(m::text::kpi.ltv_model OPERATOR(kpi.=) m) AS digits_do_not_depend_on_settings FROM models;
RESET extra_float_digits;
-- the same fit from timelines, a rollup of parts and rows in another order
SELECT model, bool_and(kpi.fit(l, model) OPERATOR(kpi.=) m) AS same FROM models, (
  SELECT kpi.ltv(tl, 'unit week, until 2025-08-22, holdout from 2025-04-01') AS l FROM (SELECT kpi.timeline(ts, 'order', amount) AS tl FROM orders GROUP BY customer) AS t
  UNION ALL SELECT kpi.rollup(l) FROM (SELECT kpi.ltv(customer, ts, amount, 'unit week, until 2025-08-22, holdout from 2025-04-01') AS l FROM orders GROUP BY customer % 7) AS t
  UNION ALL SELECT kpi.ltv(customer, ts, amount, 'unit week, until 2025-08-22, holdout from 2025-04-01') FROM (SELECT * FROM orders ORDER BY md5(ts::text || customer)) AS o) AS ways GROUP BY model ORDER BY model;
-- the unit does not matter
SELECT model, bool_and(abs(7 * kpi.expected_purchases(m, 3, 20, 40, 10) / (7 * kpi.expected_purchases(kpi.fit(d, model), 3, 140, 280, 70)) - 1) < 1e-6) AS same
FROM models, (SELECT kpi.ltv(customer, ts, amount, 'unit day, until 2025-08-22, holdout from 2025-04-01') AS d FROM orders) AS s WHERE model IN ('bg_nbd', 'mbg_nbd', 'pareto_nbd') GROUP BY model ORDER BY model;
-- all customers still come on the last day: the dropout is at its bound, and the fit says so
SELECT m::jsonb -> 'converged' AS converged, m::jsonb -> 'at_bound' AS at_bound, m::jsonb -> 'bound_parameters' ? 'a' AS a_at_bound, m::jsonb -> 'standard_errors' -> 'a' AS error_of_a,
  kpi.probability_alive(m, 2, 10, 20) > 0.99 AS alive
FROM kpi.fit((SELECT kpi.ltv(c::bigint, timestamptz '2024-01-01 12:00Z' + make_interval(days => d), 1, 'until 2024-03-31') FROM generate_series(1, 200) c, LATERAL unnest(ARRAY[c % 40, 90] || CASE WHEN c % 3 = 0 THEN ARRAY[60] ELSE '{}' END) AS d), 'bg_nbd') AS m;
-- refunds, free orders and whatever else never fail a fit
SELECT model, (kpi.fit(l, model)::jsonb ->> 'log_likelihood')::float8 < 0 AS fitted FROM unnest('{bg_nbd,mbg_nbd,pareto_nbd,bg_bb,gamma_gamma}'::text[]) AS model,
  (SELECT kpi.ltv(customer, ts, CASE customer % 5 WHEN 0 THEN -amount WHEN 1 THEN 0 WHEN 2 THEN 1e9 ELSE amount END, '') AS l FROM orders) AS s;

-- ---- what models say ----
SELECT model, round(kpi.probability_alive(m, 3, 20, 40)::numeric, 4) AS alive, round(kpi.expected_purchases(m, 3, 20, 40, 10)::numeric, 4) AS ten, kpi.expected_purchases(m, 3, 20, 40, 0) AS zero,
  kpi.expected_purchases(m, 0, 0, 40, 10) > 0 AS newcomer FROM models WHERE model <> 'gamma_gamma';
SELECT round(kpi.expected_value(m, 0, 0)::numeric, 2) AS of_a_new_one, round(kpi.expected_value(m, 3, 80)::numeric, 2) AS of_80, round(kpi.expected_value(m, 300, 80)::numeric, 2) AS of_many_80 FROM models WHERE model = 'gamma_gamma';
-- without a discount the value is the amount times the purchases; a discount makes it less; far beyond history it has its limit
SELECT b.model, abs(kpi.lifetime_value(b.m, g.m, 3, 20, 40, 80, 52) / (kpi.expected_value(g.m, 3, 80) * kpi.expected_purchases(b.m, 3, 20, 40, 52)) - 1) < 1e-12 AS plain,
  kpi.lifetime_value(b.m, g.m, 3, 20, 40, 80, 52, 0.1) < kpi.lifetime_value(b.m, g.m, 3, 20, 40, 80, 52) AS less,
  abs(kpi.lifetime_value(b.m, g.m, 3, 20, 40, 80, 1e5, 0.1) / kpi.lifetime_value(b.m, g.m, 3, 20, 40, 80, 1e9, 0.1) - 1) < 1e-9 AS has_a_limit
FROM models b, models g WHERE b.model <> 'gamma_gamma' AND g.model = 'gamma_gamma';
-- discounted by the week, purchase by purchase
SELECT b.model, abs(kpi.lifetime_value(b.m, g.m, 3, 20, 40, 80, 52, 0.1) / (kpi.expected_value(g.m, 3, 80)
  * (SELECT sum((kpi.expected_purchases(b.m, 3, 20, 40, t / 20.0) - kpi.expected_purchases(b.m, 3, 20, 40, (t - 1) / 20.0)) * 1.1 ^ (-(t - 0.5) / 20.0 * 7 / 365)) FROM generate_series(1, 1040) AS t)) - 1) < 1e-6 AS same
FROM models b, models g WHERE b.model IN ('bg_nbd', 'mbg_nbd', 'pareto_nbd') AND g.model = 'gamma_gamma';
-- for ever
SELECT model, abs(kpi.residual_purchases(b.m, 3, 20, 40, 0.1) * kpi.expected_value(g.m, 3, 80) / kpi.lifetime_value(b.m, g.m, 3, 20, 40, 80, 'Infinity', 0.1) - 1) < 1e-12 AS same,
  abs(kpi.lifetime_value(b.m, g.m, 3, 20, 40, 80, 100000, 0.1) / kpi.lifetime_value(b.m, g.m, 3, 20, 40, 80, 'Infinity', 0.1) - 1) < 1e-6 AS the_limit
FROM models b, (SELECT m FROM models WHERE model = 'gamma_gamma') AS g WHERE model IN ('pareto_nbd', 'bg_bb');
-- hundreds of purchases, tiny and huge horizons
SELECT model, x, kpi.probability_alive(m, x, 1000, 1000) BETWEEN 0.9 AND 1 AS alive, kpi.expected_purchases(m, x, 1000, 1000, 1e-9) < 1e-6 AS soon, kpi.expected_purchases(m, x, 1000, 1000, 1e8) BETWEEN 0 AND 1e300 AS late
FROM models, unnest('{100,700,100000}'::int[]) AS x WHERE model IN ('bg_nbd', 'mbg_nbd', 'pareto_nbd') ORDER BY 1, 2;
-- neither a discount of next to nothing nor a horizon of ages takes ages
SELECT model, kpi.residual_purchases(m, 3, 20, 40, 1e-306) > 0 AS residual, kpi.lifetime_value(m, g, 3, 20, 40, 80, 1e12, 1e-12) BETWEEN 0 AND 1e20 AS value FROM models, (SELECT m AS g FROM models WHERE model = 'gamma_gamma') AS s WHERE model IN ('pareto_nbd', 'bg_bb');
-- null in, null out
SELECT kpi.probability_alive(m, NULL, 20, 40), kpi.expected_purchases(NULL, 3, 20, 40, 10), kpi.fit(NULL::kpi.ltv, 'bg_nbd'), kpi.fit_sbg(NULL::bigint[]) FROM models WHERE model = 'bg_nbd';

-- ---- against what happened ----
SELECT frequency, customers, round(actual::numeric, 3) AS actual, round(expected::numeric, 3) AS expected, round(bias::numeric, 3) AS bias, round(mean_absolute_error::numeric, 3) AS mae FROM summary, models, kpi.holdout_error(m, l) WHERE model = 'mbg_nbd';
-- the same from the rows, customer by customer
WITH days AS (SELECT DISTINCT customer, ts::date AS day FROM orders WHERE ts < '2025-08-23'), each AS (
  SELECT customer, least(count(*) FILTER (WHERE day < '2025-04-01') - 1, 7) AS bin, count(*) FILTER (WHERE day < '2025-04-01') - 1 AS x, count(*) FILTER (WHERE day >= '2025-04-01') AS later,
    (max(day) FILTER (WHERE day < '2025-04-01') - min(day)) / 7.0 AS recency, (date '2025-03-31' - min(day)) / 7.0 AS age FROM days GROUP BY customer HAVING min(day) < '2025-04-01'),
by_sql AS (SELECT bin, count(*) AS customers, avg(later) AS actual, avg(kpi.expected_purchases(m, x, recency, age, (date '2025-08-22' - date '2025-03-31') / 7.0)) AS expected FROM each, models WHERE model = 'mbg_nbd' GROUP BY bin)
SELECT count(*) AS bins, count(*) FILTER (WHERE h.customers <> s.customers OR abs(h.actual - s.actual) > 1e-9 OR abs(h.expected - s.expected) > 1e-9 OR abs(h.bias - s.expected + s.actual) > 1e-9) AS wrong
FROM by_sql s JOIN (SELECT h.* FROM summary, models, kpi.holdout_error(m, l) AS h WHERE model = 'mbg_nbd') AS h ON h.frequency = s.bin;
SELECT count(*) AS weeks, min(day), max(day), max(cumulative) AS cumulative, sum(purchases) AS purchases, (SELECT count(*) - count(DISTINCT customer) FROM (SELECT DISTINCT customer, ts::date FROM orders WHERE ts < '2025-08-23') AS d) AS by_sql,
  bool_and(expected >= before) AS rises FROM (SELECT e.*, lag(expected, 1, 0::float8) OVER (ORDER BY day) AS before FROM summary, models, kpi.expected_cumulative(m, l) AS e WHERE model = 'bg_nbd') AS t;
SELECT count(*) FROM models, kpi.expected_cumulative(m, '{}'), kpi.holdout_error(m, '{}') WHERE model = 'bg_nbd';

-- ---- how many stay: Fader and Hardie (2007), "high end": alpha 0.668, beta 3.806; "regular": 0.704, 1.182 ----
SELECT p(kpi.fit_sbg('{1000,869,743,653,593,551,517,491}')) AS high_end, p(kpi.fit_sbg('{1000,631,468,382,326,289,262,241}', 'month')) AS regular;
SELECT round(kpi.survival(m, 0)::numeric, 3) AS at_first, round(kpi.survival(m, 7)::numeric, 3) AS after_7, round(kpi.expected_lifetime(m, 0, 0.1)::numeric, 3) AS new, round(kpi.expected_lifetime(m, 5, 0.1)::numeric, 3) AS loyal, kpi.expected_lifetime(m, 0) AS without_discount
FROM kpi.fit_sbg('{1000,869,743,653,593,551,517,491}') AS m;
-- several cohorts are one likelihood: the same as all of one age, cut at different ages
SELECT kpi.fit_sbg('{{10,8,7},{20,15,NULL}}') OPERATOR(kpi.=) kpi.fit_sbg('{{20,15,NULL},{10,8,7}}') AS any_order, kpi.fit_sbg('{{5,4},{5,4}}') OPERATOR(kpi.=) kpi.fit_sbg('{10,8}') AS together;
-- from a retention
CREATE TABLE visits AS SELECT c::bigint AS customer, timestamptz '2024-01-01 12:00Z' + make_interval(months => c % 5 + k) AS ts FROM generate_series(1, 300) c, generate_series(0, 11) k WHERE k <= c * 17 % 23 AND c % 5 + k < 12;
SELECT p(kpi.fit(r, 'sbg')), kpi.fit(r, 'sbg')::jsonb -> 'time_unit' AS unit, kpi.fit(r, 'sbg')::jsonb -> 'n' AS n FROM (SELECT kpi.retention(customer, ts, 'visit', 'visit -> visit by month for 8 every') AS r FROM visits) AS s;
SELECT kpi.fit(r, 'sbg') OPERATOR(kpi.=) kpi.fit_sbg((SELECT array_agg(row_of ORDER BY cohort) FROM (SELECT cohort, array_agg(CASE WHEN period = 0 THEN size WHEN complete THEN retained END ORDER BY period) || array_fill(NULL::bigint, ARRAY[9 - count(*)::int]) AS row_of FROM kpi.cohorts(r) GROUP BY cohort) AS c), 'month') AS same
FROM (SELECT kpi.retention(customer, ts, 'visit', 'visit -> visit by month for 8 every') AS r FROM visits) AS s;

-- ---- mistakes ----
SELECT q, error_of('SELECT ' || q || $q$ FROM (SELECT (SELECT m FROM models WHERE model = 'bg_nbd') AS m, (SELECT m FROM models WHERE model = 'bg_bb') AS bb, (SELECT m FROM models WHERE model = 'gamma_gamma') AS g, l, kpi.fit_sbg('{9,5,4}') AS s FROM summary) AS v$q$) FROM unnest(ARRAY[
  'kpi.probability_alive(m, 1.5, 20, 40)', 'kpi.probability_alive(m, -1, 20, 40)', $$kpi.probability_alive(m, 'NaN', 20, 40)$$, 'kpi.probability_alive(m, 3, 41, 40)', 'kpi.probability_alive(m, 3, -1, 40)', $$kpi.probability_alive(m, 3, 20, 'Infinity')$$,
  'kpi.probability_alive(m, 0, 20, 40)', 'kpi.probability_alive(bb, 3, 2, 40)', 'kpi.probability_alive(bb, 3, 4.5, 40)', 'kpi.probability_alive(bb, 3, 4, 1e6)', 'kpi.probability_alive(g, 3, 20, 40)', 'kpi.probability_alive(m, 1e16, 20, 40)', 'kpi.probability_alive(m, 3, 20, 1e101)', 'kpi.expected_purchases(m, 3, 20, 40, 1e101)', 'kpi.survival(s, 1e16)', 'kpi.expected_value(g, 3, 1e101)', 'kpi.expected_purchases(m, 3, 20, 40, -1)', $$kpi.expected_purchases(m, 3, 20, 40, 'Infinity')$$,
  'kpi.expected_purchases(bb, 3, 20, 40, 1.5)', 'kpi.expected_value(m, 3, 80)', 'kpi.expected_value(g, 3, -80)', 'kpi.expected_value(g, 0.5, 80)', 'kpi.lifetime_value(m, m, 3, 20, 40, 80, 52)', 'kpi.lifetime_value(g, g, 3, 20, 40, 80, 52)', 'kpi.lifetime_value(m, g, 3, 20, 40, 80, 52, -0.1)',
  $$kpi.lifetime_value(m, g, 3, 20, 40, 80, 52, 'NaN')$$, 'kpi.survival(m, 3)', 'kpi.survival(s, -3)', 'kpi.survival(s, 2.5)', 'kpi.expected_lifetime(s, 0.5)', 'kpi.residual_purchases(m, 3, 20, 40, 0.1)', $$kpi.fit(l, 'sbg')$$, $$kpi.fit(l, 'bgnbd')$$, $$kpi.fit('{}'::kpi.ltv, 'bg_nbd')$$, $$kpi.fit((SELECT kpi.ltv(i % 2, ts, 1, 'by week') FROM generate_series(1, 3) i, unnest('{0001-01-01Z,9999-01-01Z}'::timestamptz[]) ts), 'bg_bb')$$,
  $$kpi.fit_sbg('{}')$$, $$kpi.fit_sbg('{5}')$$, $$kpi.fit_sbg('{5,6}')$$, $$kpi.fit_sbg('{5,-1}')$$, $$kpi.fit_sbg('{5,NULL,3}')$$, $$kpi.fit_sbg('{5,3}', 'fortnight')$$, $$kpi.fit_sbg('{{{5,3}}}')$$, $$kpi.fit('{}'::kpi.retention, 'bg_nbd')$$,
  $$kpi.fit((SELECT kpi.retention(customer, ts, 'visit', 'visit -> visit by month for 8') FROM visits), 'sbg')$$, $$(SELECT count(*) FROM kpi.expected_cumulative(g, l))$$, $$(SELECT count(*) FROM kpi.holdout_error(bb, l))$$,
  $$(SELECT count(*) FROM kpi.expected_cumulative(m, (SELECT kpi.ltv(customer, ts, amount, 'unit day') FROM orders)))$$, $$(SELECT count(*) FROM kpi.holdout_error(m, (SELECT kpi.ltv(customer, ts, amount, 'unit week') FROM orders)))$$,
  $$(SELECT count(*) FROM kpi.holdout_error(m, (SELECT kpi.ltv(customer, ts, amount, 'unit week, holdout from 2030-01-01') FROM orders)))$$]) AS q;
-- too little
SELECT model, error_of(format('SELECT kpi.fit((SELECT kpi.ltv(customer, ts, amount, %L) FROM orders WHERE customer < 30 AND ts < %L), %L)', spec, before, model)) FROM (VALUES ('bg_nbd', '', '2024-01-02'), ('pareto_nbd', '', '2024-01-03'), ('bg_bb', '', '2024-02-01'), ('gamma_gamma', '', '2024-01-02')) AS v(model, spec, before);
-- damaged values
SELECT path, value, error_of(format('SELECT %L::kpi.ltv_model', v)) FROM (SELECT path, value, jsonb_set(m::jsonb, path, value)::text AS v FROM (SELECT kpi.fit_sbg('{9,5,4}') AS m) AS s, (VALUES ('{model}'::text[], '"none"'::jsonb), ('{model}', '"bg_nbd"'), ('{parameters,beta}', '-1'), ('{parameters,beta}', '1e400'), ('{parameters}', '[]'), ('{standard_errors,beta}', '0'),
  ('{n}', '0'), ('{n}', '1.5'), ('{converged}', '1'), ('{bound_parameters}', '["r"]'), ('{bound_parameters}', '["beta"]'), ('{time_unit}', 'null'), ('{time_unit}', '"eon"'), ('{iterations}', '-1'), ('{log_likelihood}', '"x"')) AS x(path, value)) AS t;
SELECT v, error_of(format('SELECT %L::kpi.ltv_model', v)) FROM unnest(ARRAY['', '{}', '[]', '1', '{"model": 5}']) AS v;
DROP SCHEMA model_test CASCADE;
