\echo
\echo '== Who comes back? Percent of each week''s new visitors who are seen again 1, 2, 3, ... weeks later =='
SELECT cohort::date AS "week of", size, period, round(100 * rate)::int AS percent
FROM kpi.cohorts((SELECT kpi.retention(visitor_id, ts, event, '* -> * by week for 6 in Europe/Berlin') FROM events))
WHERE complete AND period > 0
ORDER BY cohort, period \crosstabview "week of" period percent

\echo '== All weeks in one curve, with its interval; visitors who had not had the time yet do not count =='
SELECT period, cohorts, eligible, retained, round(rate::numeric, 3) AS rate, round(ci_low::numeric, 3) AS ci_low, round(ci_high::numeric, 3) AS ci_high
FROM kpi.curve((SELECT kpi.retention(visitor_id, ts, event, '* -> * by week for 6 in Europe/Berlin') FROM events))
WHERE period > 0;

\echo '== And money: what did each month''s first buyers spend, then and later? =='
SELECT cohort::date AS month, size AS buyers, period, retained, round(value, 2) AS value, round(value_rate::numeric, 2) AS of_first_month
FROM kpi.cohorts((SELECT kpi.retention(visitor_id, ts, 'order', amount, 'order -> order by month for 2 in Europe/Berlin') FROM orders));

\echo '== Who is new, who returns, who is gone, by week? =='
SELECT period::date AS week, active, new, "returning", resurrecting, dormant, round(churn_rate::numeric, 2) AS churn, complete
FROM kpi.lifecycle((SELECT kpi.activity(visitor_id, ts, 'by week in Europe/Berlin') FROM events));

\echo '== How often does a visitor of the last four weeks come? =='
SELECT day, dau, wau, mau, round(avg_dau_mau::numeric, 3) AS share_of_days
FROM kpi.stickiness((SELECT kpi.activity(visitor_id, ts, 'by week in Europe/Berlin') FROM events))
WHERE complete ORDER BY day DESC LIMIT 3;
