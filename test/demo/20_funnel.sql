-- How many visitors get through the shop, how long do they take, and where are they lost?

\echo
\echo '== Who gets from a product page to a purchase within a week? =='
SELECT step, name, actors,
       round(conversion_from_first::numeric, 3) AS conversion,
       round(ci_low::numeric, 3) AS ci_low, round(ci_high::numeric, 3) AS ci_high,
       dropped, median_from_previous
FROM kpi.steps((
    SELECT kpi.funnel(visitor_id, ts, event,
                      'product_view -> add_to_cart -> begin_checkout -> purchase within 7 days')
    FROM events));

\echo '== Which channel converts? =='
SELECT channel, kpi.actors(f) AS visitors,
       round(100 * kpi.conversion_rate(f)::numeric, 1) AS conversion_pct,
       kpi.completions(f) AS purchases
FROM (SELECT channel, kpi.funnel(visitor_id, ts, event, 'product_view -> purchase within 7 days') AS f
      FROM events GROUP BY channel) AS by_channel
ORDER BY kpi.conversion_rate(f) DESC;

\echo '== Does conversion change from week to week? =='
SELECT period::date AS week,
       max(actors) FILTER (WHERE step = 1) AS carts,
       max(actors) FILTER (WHERE step = 2) AS purchases,
       round(100 * max(conversion_from_first) FILTER (WHERE step = 2)::numeric, 1) AS conversion_pct
FROM kpi.trend((
    SELECT kpi.funnel(visitor_id, ts, event,
                      'add_to_cart -> purchase within 2 days by week in Europe/Berlin')
    FROM events))
GROUP BY week ORDER BY week;

\echo '== Does an error at checkout cost the sale? =='
SELECT checkout, kpi.actors(f) AS visitors, round(100 * kpi.conversion_rate(f)::numeric, 1) AS conversion_pct
FROM (SELECT 'without an error' AS checkout,
             kpi.funnel(visitor_id, ts, event,
                        'begin_checkout -[<= 1 hour, no checkout_error]-> purchase') AS f
      FROM events
      UNION ALL
      SELECT 'after an error',
             kpi.funnel(visitor_id, ts, event,
                        'checkout_error -[<= 1 hour]-> purchase')
      FROM events) AS both_ways;
