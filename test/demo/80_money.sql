\echo
\echo '== What did the advertisements bring? Cost and revenue of the paid channels, by the channel of each order''s visit =='
CREATE VIEW money AS
SELECT channel, day, cost, NULL::numeric AS revenue FROM ad_costs
UNION ALL
SELECT e.channel, o.ts::date, NULL, o.amount FROM orders o JOIN events e ON (e.visitor_id, e.ts, e.event) = (o.visitor_id, o.ts, 'purchase') WHERE NOT o.refunded;
SELECT channel, kpi.cost(r) AS cost, kpi.revenue(r) AS revenue, round(kpi.profit(r, 0.4), 2) AS profit, round(kpi.roas(r), 2) AS roas, round(kpi.roi_rate(r, 0.4), 2) AS roi,
       kpi.roas(r) >= kpi.break_even_roas(0.4) AS pays
FROM (SELECT channel, kpi.roi(cost, revenue) AS r FROM money GROUP BY channel) AS by_channel
WHERE kpi.cost(r) > 0 ORDER BY roas DESC;

\echo '== Which channel earned the orders? Their credit by model: a touch is the first view of a visit =='
CREATE TABLE attribution AS
SELECT kpi.attribution(visitor_id, ts, channel, value, 'lookback 30 days, half-life 7 days, direct direct, collapse repeats') AS a
FROM (SELECT visitor_id, ts, channel, NULL::numeric AS value FROM events WHERE event = 'view'
      UNION ALL SELECT visitor_id, ts, NULL, amount FROM orders WHERE NOT refunded) AS touches_and_orders;
SELECT channel,
       round(max(revenue) FILTER (WHERE model = 'first')) AS first,
       round(max(revenue) FILTER (WHERE model = 'last')) AS last,
       round(max(revenue) FILTER (WHERE model = 'last_non_direct')) AS last_non_direct,
       round(max(revenue) FILTER (WHERE model = 'linear')) AS linear,
       round(max(revenue) FILTER (WHERE model = 'position')) AS position,
       round(max(revenue) FILTER (WHERE model = 'time_decay')) AS time_decay,
       round(max(revenue) FILTER (WHERE model = 'markov')) AS markov,
       round(max(revenue) FILTER (WHERE model = 'shapley')) AS shapley
FROM attribution, unnest('{first,last,last_non_direct,linear,position,time_decay,markov,shapley}'::text[]) AS model, kpi.credit(a, model)
GROUP BY channel ORDER BY linear DESC;

\echo '== The click-through rate with its interval, and whether social media are worse than search =='
SELECT channel, round(kpi.value(r), 5) AS ctr, round(kpi.ci_low(r)::numeric, 5) AS ci_low, round(kpi.ci_high(r)::numeric, 5) AS ci_high
FROM (SELECT channel, kpi.ratio(clicks, impressions) AS r FROM ad_costs GROUP BY channel) AS by_channel ORDER BY ctr DESC;

\echo '== When does a campaign pay back? 1500 spent on the first day, 40 % of what the new customers of its first week bought since =='
SELECT round(kpi.payback(amount, day)::numeric, 1) AS days, round(kpi.xnpv(0.08, amount, day)::numeric, 2) AS worth_at_8_percent
FROM (SELECT date '2026-01-05' AS day, -1500.0 AS amount
      UNION ALL SELECT o.ts::date, 0.4 * o.amount FROM orders o
      WHERE NOT refunded AND visitor_id IN (SELECT visitor_id FROM events GROUP BY visitor_id HAVING min(ts) < '2026-01-12')) AS flows;

\echo '== What do customers say? Net promoter score of the survey after the purchase =='
CREATE TABLE survey AS
SELECT order_id, ts::date AS day, least(10, greatest(0, 8 + (order_id * 7919 % 11 - 4) / 2 - CASE WHEN refunded THEN 4 ELSE 0 END))::int AS score FROM orders WHERE order_id % 4 = 0;
SELECT date_trunc('month', day)::date AS month, kpi.n(s) AS answers, round(kpi.score(s)::numeric, 1) AS nps, round(kpi.ci_low(s)::numeric, 1) AS ci_low, round(kpi.ci_high(s)::numeric, 1) AS ci_high,
       kpi.promoters(s), kpi.passives(s), kpi.detractors(s)
FROM (SELECT date_trunc('month', day) AS day, kpi.survey(score, 'nps') AS s FROM survey GROUP BY 1) AS by_month ORDER BY 1;
