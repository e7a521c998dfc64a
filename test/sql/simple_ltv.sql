-- kpi.simple_ltv: what the formulas say is what the sum over the periods says
SELECT kpi.simple_ltv(arpu => 50, margin => 0.6, churn => 0.05) AS plain, kpi.simple_ltv(50, 0.6, 0.05, timing => 'end') AS at_the_end, round(kpi.simple_ltv(50, 0.6, 0.05, 0.01), 6) AS discounted, round(kpi.simple_ltv(50, 0.6, 0.05, 0.01, 'end'), 6) AS discounted_at_the_end;
SELECT round(sum(50 * 0.6 * 0.95 ^ t / 1.01 ^ t), 6) AS from_now_on, round(sum(50 * 0.6 * 0.95 ^ (t + 1) / 1.01 ^ (t + 1)), 6) AS at_the_end FROM generate_series(0, 2000) AS t;
SELECT count(*) AS cases, count(*) FILTER (WHERE abs(kpi.simple_ltv(10, 0.3, churn, rate, timing) / (SELECT sum(10 * 0.3 * ((1 - churn) / (1 + rate)) ^ t) FROM generate_series(CASE timing WHEN 'end' THEN 1 ELSE 0 END, 1500) AS t) - 1) > 1e-9) AS wrong
FROM unnest('{0.02,0.3,0.99}'::numeric[]) AS churn, unnest('{0,0.005,0.2}'::numeric[]) AS rate, unnest('{start,end}'::text[]) AS timing WHERE churn < 0.9 OR timing = 'start';
-- nobody leaves; everybody does; a loss is a loss
SELECT kpi.simple_ltv(50, 0.6, 0) AS for_ever, kpi.simple_ltv(50, 0.6, 0, 0.01) AS for_ever_discounted, kpi.simple_ltv(50, 0.6, 1) AS once, kpi.simple_ltv(50, 0.6, 1, 0, 'end') AS never, kpi.simple_ltv(50, -0.1, 0.5) AS loss, kpi.simple_ltv(NULL, 0.6, 0.05) AS unknown;
\set VERBOSITY terse
SELECT kpi.simple_ltv(50, 0.6, 1.5);
SELECT kpi.simple_ltv(50, 0.6, 'NaN');
SELECT kpi.simple_ltv(50, 0.6, 0.1, -1);
\set VERBOSITY default
SELECT kpi.simple_ltv(50, 0.6, 0.1, 'Infinity');
SELECT kpi.simple_ltv(50, 0.6, 0.1, 0, 'now');
