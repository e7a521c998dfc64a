\echo
\echo '== Goals, KPIs and targets: is the shop on track? =='
CREATE VIEW revenue_by_day AS
SELECT (ts AT TIME ZONE 'Europe/Berlin')::date AS period_start, sum(amount) AS value, count(*) AS n FROM orders WHERE NOT refunded GROUP BY 1;
CREATE VIEW conversion_by_day AS
SELECT (ts AT TIME ZONE 'Europe/Berlin')::date AS period_start, device AS segment,
       count(DISTINCT visitor_id) FILTER (WHERE event = 'purchase') AS numerator, count(DISTINCT visitor_id) AS denominator FROM events GROUP BY 1, 2;
CREATE VIEW errors_by_day AS
SELECT (ts AT TIME ZONE 'Europe/Berlin')::date AS period_start, count(*) AS value FROM events WHERE event = 'checkout_error' GROUP BY 1;
CREATE VIEW nps_by_month AS
SELECT date_trunc('month', day)::date AS period_start, kpi.score(s) AS value, kpi.n(s) AS n, kpi.ci_low(s) AS ci_low, kpi.ci_high(s) AS ci_high
FROM (SELECT date_trunc('month', day) AS day, kpi.survey(score, 'nps') AS s FROM survey GROUP BY 1) AS by_month;

SELECT kpi.define_objective('growth', 'Grow the shop', perspective => 'finance'),
       kpi.define_objective('service', 'Please those who come', perspective => 'customer', parent => 'growth', rollup => 'worst') \g /dev/null
SELECT kpi.define('revenue', 'revenue_by_day', unit => 'EUR', adds => 'sum', zone => 'Europe/Berlin', objective => 'growth', weight => 2),
       kpi.define('conversion', 'conversion_by_day', unit => 'of visitors', zone => 'Europe/Berlin', objective => 'growth'),
       kpi.define('checkout errors', 'errors_by_day', unit => 'errors', adds => 'sum', direction => 'down', zone => 'Europe/Berlin', objective => 'service'),
       kpi.define('nps', 'nps_by_month', unit => 'points', grain => 'month', adds => 'last', qualitative => true, stale_after => '35 days', min_n => 50, objective => 'service'),
       kpi.define('mood', unit => 'of 10', grain => 'month', adds => 'last', qualitative => true, stale_after => '35 days', objective => 'service', description => 'how the team feels') \g /dev/null
SELECT kpi.set_target('revenue', '2026-03', 30000, weights => '{1,1,1,1,1,0.7,0.7}', rationale => 'a fifth more than February'),
       kpi.set_target('revenue', '2026-Q1', 80000), kpi.set_target('conversion', '2026-03', 0.10), kpi.set_target('conversion', '2026-03', 0.09, segment => 'mobile'),
       kpi.set_target('checkout errors', '2026-03', 40), kpi.set_target('nps', '2026-03', 30), kpi.set_target('mood', '2026-03', 7) \g /dev/null
SELECT kpi.check_in('mood', '2026-03', 8, 'the new checkout is liked') \g /dev/null
CALL kpi.refresh(as_of => '2026-03-20 09:00 Europe/Berlin');

SELECT kpi, segment, period, round(actual, 3) AS actual, target, round(attainment::numeric, 2) AS attainment, status, reason
FROM kpi.evaluate('2026-03-20 09:00 Europe/Berlin');

\echo '== And the objectives? =='
SELECT objective, title, round(attainment::numeric, 2) AS attainment, coverage, status FROM kpi.evaluate_objectives('2026-03-20 09:00 Europe/Berlin');
