\echo
\echo '== What is a customer worth? Revenue per buyer of each month, cumulated by age in months =='
SELECT cohort::date AS month, size AS buyers, age, round(revenue_per_customer, 2) AS revenue_per_buyer, round(cumulative, 2) AS cumulative, complete
FROM kpi.value_curve((SELECT kpi.ltv(visitor_id, ts, amount, 'by month in Europe/Berlin') FROM orders WHERE NOT refunded));

\echo '== Will they come again? A model of their purchases, and one of the amounts =='
CREATE TABLE model AS
SELECT kpi.fit(l, 'mbg_nbd') AS purchases, kpi.fit(l, 'gamma_gamma') AS money
FROM (SELECT kpi.ltv(visitor_id, ts, amount, 'unit week, until 2026-03-29 in Europe/Berlin') AS l FROM orders WHERE NOT refunded) AS s;
SELECT m ->> 'model' AS model, p.key AS parameter, round(p.value::numeric, 3) AS value, m -> 'converged' AS converged, m -> 'n' AS customers
FROM (SELECT purchases::jsonb AS m FROM model UNION ALL SELECT money::jsonb FROM model) AS models, jsonb_each_text(m -> 'parameters') AS p;

\echo '== Who is worth keeping? The customers who are expected to buy most within a year, and whether they are still there =='
CREATE TABLE customer AS
SELECT visitor_id, r.*
FROM (SELECT visitor_id, kpi.timeline(ts, 'order', amount) AS history FROM orders WHERE NOT refunded GROUP BY visitor_id) AS h,
     kpi.rfm(history, until => '2026-03-29', unit => 'week', zone => 'Europe/Berlin') AS r;
SELECT visitor_id, frequency, round(recency::numeric, 1) AS recency, round(age::numeric, 1) AS age, round(monetary, 2) AS monetary,
       round(kpi.probability_alive(purchases, frequency, recency, age)::numeric, 2) AS alive,
       round(kpi.expected_purchases(purchases, frequency, recency, age, 52)::numeric, 1) AS purchases_in_a_year,
       round(kpi.lifetime_value(purchases, money, frequency, recency, age, monetary::float8, 52, 0.1)::numeric, 2) AS value
FROM customer, model ORDER BY value DESC LIMIT 5;

\echo '== And did they cost more than they are worth? Customers by the channel of their first visit =='
WITH origin AS (SELECT DISTINCT ON (visitor_id) visitor_id, channel FROM events ORDER BY visitor_id, ts),
worth AS (SELECT channel, count(*) AS customers, sum(past.amount + kpi.lifetime_value(purchases, money, frequency, recency, age, monetary::float8, 52, 0.1)::numeric) AS value
          FROM customer JOIN origin USING (visitor_id) CROSS JOIN model
          JOIN (SELECT visitor_id, sum(amount) AS amount FROM orders WHERE NOT refunded GROUP BY visitor_id) AS past USING (visitor_id) GROUP BY channel)
SELECT channel, customers, round(value / customers, 2) AS ltv, round(cost / customers, 2) AS cac, round(value / cost, 2) AS ltv_to_cac
FROM worth LEFT JOIN (SELECT channel, sum(cost) AS cost FROM ad_costs GROUP BY channel) AS spent USING (channel)
ORDER BY ltv_to_cac DESC NULLS LAST, channel;
