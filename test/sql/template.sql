-- kpi.template: the KPIs that are usual in a kind of business
CREATE SCHEMA template_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE ROLE kpi_test_author;
GRANT USAGE, CREATE ON SCHEMA template_test TO kpi_test_author;
SELECT kpi.grant_access('kpi_test_author', 'author');
SET ROLE kpi_test_author;
SET search_path = template_test;
CREATE FUNCTION error_of(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
  RETURN concat_ws(' / ', SQLSTATE || ' ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;

-- ---- what there is ----
SELECT template_name, kpi, objective, needs FROM kpi.template_kpis();
SELECT kpi, title, unit, direction, grain, description FROM kpi.template_kpis('b2b');
SELECT error_of($$SELECT * FROM kpi.template_kpis('b2d')$$);
SELECT count(*) AS without_description FROM kpi.template_kpis() WHERE description IS NULL OR title IS NULL OR objective IS NULL;
-- whatever a recipe names is there, above it
SELECT r.template, r.kpi FROM kpi.template_recipes() AS r WHERE EXISTS (SELECT FROM unnest(r.inputs) AS i WHERE NOT EXISTS (SELECT FROM kpi.template_recipes() AS o WHERE (o.template, o.kpi) = (r.template, i) AND o.place < r.place))
  OR EXISTS (SELECT FROM unnest(r.events) AS e WHERE e NOT IN (SELECT event FROM kpi.template_events()) OR position('{' || e || '}' in r.first || coalesce(r.second, '')) = 0)
  OR NOT EXISTS (SELECT FROM kpi.template_objectives() AS o WHERE (o.template, o.objective) = (r.template, r.objective));

-- ---- over a shop ----
CREATE TABLE events (ts timestamptz, who bigint, what text, amount numeric, country text);
INSERT INTO events SELECT timestamptz '2026-01-01Z' + i * interval '37 min', (i * 7919 % 10007) % 400, w.what, CASE w.what WHEN 'order_completed' THEN 20 + i % 80 END, (ARRAY['DE', 'KR'])[1 + i % 2]
  FROM generate_series(1, 3400) AS i CROSS JOIN LATERAL (SELECT (ARRAY['page_view', 'page_view', 'ad_view', 'ad_click', 'like', 'signup', 'order_completed', 'page_view', 'contact', 'activated'])[1 + (i * 31 % 101) % 10] AS what) AS w;
CREATE TABLE ads (day date, spent numeric);
INSERT INTO ads SELECT date '2026-01-01' + i, 10 + i % 7 FROM generate_series(0, 89) AS i;
SELECT kpi.add_source('shop', 'events', at => 'ts', actor => 'who', event => 'what', value => 'amount', segment => 'country', zone => 'Europe/Berlin');
SELECT kpi.add_source('ads', 'ads', at => 'day', value => 'spent', zone => 'Europe/Berlin');
SELECT * FROM kpi.template('traffic', 'shop');
SELECT * FROM kpi.template('b2c', 'shop', costs => 'ads', margin => 0.4, prefix => 'b2c ');
SELECT * FROM kpi.template('saas', 'shop', '{"payment": "order*", "activate": null}', prefix => 'saas "x" ', segment => '');
SELECT * FROM kpi.template('b2b', 'shop', '{"lead": "contact", "deal": "within|\"open\"|order_completed"}', costs => 'ads', prefix => 'b2b ');
SELECT count(*) AS functions FROM pg_proc WHERE pronamespace = 'template_test'::regnamespace AND proname ~ '^kpi_';
SELECT name, title, kind, source, formula, unit, direction, grain, adds FROM kpi.kpi ORDER BY name COLLATE "C";
-- no objective has more than seven
SELECT o.name, o.title, o.perspective, count(*), count(*) <= 7 AS few FROM kpi.objective AS o JOIN kpi.kpi_objective AS k ON k.objective = o.name GROUP BY 1 ORDER BY o.name COLLATE "C";

-- ---- what they come to is what plain SQL says ----
CALL kpi.refresh(as_of => '2026-04-01 12:00Z');
SELECT kpi, error FROM kpi.health WHERE failing;
CREATE VIEW by_month AS
  WITH e AS (SELECT *, date_trunc('month', ts AT TIME ZONE 'Europe/Berlin')::date AS m FROM events),
  buyers AS (SELECT DISTINCT m, who FROM e WHERE what = 'order_completed'),
  kept AS (SELECT (b.m + interval '1 month')::date AS m, count(*)::numeric AS had, count(n.who) AS kept FROM buyers AS b LEFT JOIN buyers AS n ON (n.who, n.m) = (b.who, (b.m + interval '1 month')::date) GROUP BY 1),
  months AS (SELECT m, count(DISTINCT who)::numeric AS visitors, count(*) FILTER (WHERE what = 'page_view') AS views, count(*) FILTER (WHERE what = 'ad_click')::numeric AS clicks, count(*) FILTER (WHERE what = 'ad_view') AS impressions, count(DISTINCT who) FILTER (WHERE what = 'signup') AS signers,
      count(DISTINCT who) FILTER (WHERE what = 'order_completed')::numeric AS buyers, sum(amount) AS revenue, count(amount) AS orders FROM e GROUP BY m),
  new AS (SELECT m, count(*) AS new FROM (SELECT min(m) AS m FROM e WHERE what = 'order_completed' GROUP BY who) AS f GROUP BY m),
  spent AS (SELECT date_trunc('month', day)::date AS m, sum(spent) AS spent FROM ads GROUP BY 1)
  SELECT m.m, v.kpi, v.value FROM months AS m LEFT JOIN kept AS k USING (m) LEFT JOIN new AS n USING (m) LEFT JOIN spent AS s USING (m) CROSS JOIN LATERAL (VALUES ('visitors', m.visitors), ('b2c signup_rate', m.signers / m.visitors), ('b2c purchase_rate', m.buyers / m.visitors), ('b2c revenue_per_customer', m.revenue / m.buyers),
    ('b2c customer_retention', k.kept / k.had), ('b2c churn', 1 - k.kept / k.had), ('b2c ltv', m.revenue / m.buyers * 0.4 / (1 - k.kept / k.had)), ('b2c cac', s.spent / n.new), ('b2c roi', (m.revenue * 0.4 - s.spent) / s.spent), ('b2c ltv_to_cac', m.revenue / m.buyers * 0.4 / (1 - k.kept / k.had) / (s.spent / n.new)),
    ('saas "x" mrr', m.revenue), ('saas "x" arpu', m.revenue / m.buyers)) AS v(kpi, value) WHERE m.m < '2026-04-01' AND v.value IS NOT NULL;
SELECT kpi, count(*) AS months, max(abs(m.value / nullif(b.value, 0) - 1)) < 1e-9 AND count(*) = count(m.value) AS same FROM by_month AS b LEFT JOIN kpi.measurement AS m USING (kpi) WHERE b.value <> 0 AND m.segment = '' AND m.period_start = b.m GROUP BY 1 ORDER BY 1;
SELECT m.kpi, sum(m.value) FROM kpi.measurement AS m WHERE m.kpi IN ('page_views', 'social_interactions', 'purchases', 'inquiries', 'b2c revenue', 'b2c new_customers', 'b2c marketing_cost') AND m.segment = '' GROUP BY 1 ORDER BY 1;
SELECT count(*) FILTER (WHERE what = 'page_view') AS views, count(*) FILTER (WHERE what = 'like') AS likes, count(*) FILTER (WHERE what = 'order_completed') AS orders, count(*) FILTER (WHERE what = 'contact') AS inquiries, sum(amount) AS revenue, count(DISTINCT who) FILTER (WHERE what = 'order_completed') AS customers, (SELECT sum(spent) FROM ads) AS spent FROM events;

-- ---- again: the same; what else is called so is left alone ----
CREATE TABLE before AS SELECT name, kind, source, formula::text, definition_schema, definition_name, unit, grain, adds, CASE WHEN kind = 'function' THEN pg_get_functiondef(to_regprocedure(format('%I.%I(date,date)', definition_schema, definition_name))) END AS body FROM kpi.kpi;
SELECT count(*), bool_and(made) AS all_made FROM kpi.template('b2c', 'shop', costs => 'ads', margin => 0.4, prefix => 'b2c ');
SELECT count(*) AS differ FROM (TABLE before EXCEPT SELECT name, kind, source, formula::text, definition_schema, definition_name, unit, grain, adds, CASE WHEN kind = 'function' THEN pg_get_functiondef(to_regprocedure(format('%I.%I(date,date)', definition_schema, definition_name))) END FROM kpi.kpi) AS d;
CREATE VIEW own AS SELECT date '2026-01-01' AS period_start, 1 AS value;
SELECT kpi.define('churn', 'own', unit => 'x', adds => 'sum', description => 'mine');
SELECT kpi, made, note FROM kpi.template('saas', 'shop', '{"payment": "order_completed"}') WHERE kpi IN ('churn', 'ltv', 'signups', 'user_retention');
SELECT description, version FROM kpi.kpi WHERE name = 'churn';

-- ---- what is not there ----
CREATE TABLE orders (at date, amount numeric);
INSERT INTO orders SELECT date '2026-01-01' + i, i FROM generate_series(0, 9) AS i;
SELECT kpi.add_source('orders', 'orders', at => 'at', value => 'amount'), kpi.add_source('bare', 'orders', at => 'at');
SELECT * FROM kpi.template('b2b', 'orders', prefix => 'o ');
SELECT * FROM kpi.template('b2b', 'orders', '{"deal": "*"}', prefix => 'o ');
SELECT * FROM kpi.template('b2c', 'bare', prefix => 'bare ');
SELECT count(*) AS left_behind FROM pg_proc WHERE proname ~ 'labels of';
SELECT q, error_of('SELECT * FROM kpi.template(' || q || ')') FROM unnest(ARRAY[$$'b2d', 'shop'$$, $$NULL, 'shop'$$, $$'b2c', 'shopp'$$, $$'b2c', NULL$$, $$'b2c', 'shop', '{"purchases": "x"}'$$, $$'b2c', 'shop', '{"purchase": "a b"}'$$, $$'b2c', 'shop', '["a"]'$$, $$'b2c', 'shop', margin => 0$$, $$'b2c', 'shop', margin => 40$$, $$'b2c', 'shop', margin => NULL$$, $$'b2c', 'shop', costs => 'add'$$, $$'b2c', 'shop', costs => 'bare'$$, $$'b2c', 'shop', segment => 'contry', prefix => 'y '$$, $$'b2c', 'shop', in_schema => NULL$$]) AS q;
RESET ROLE;
DELETE FROM kpi.kpi_input;
DELETE FROM kpi.kpi;
DELETE FROM kpi.objective;
DELETE FROM kpi.source;
DROP SCHEMA template_test CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none');
DROP ROLE kpi_test_author;
