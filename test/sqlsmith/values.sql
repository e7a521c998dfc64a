-- One table with a value of each type that has no literal, from the rows of the shop.
CREATE SCHEMA smith;
SET search_path = smith, public;
CREATE TABLE summary AS
SELECT device, kpi.funnel(visitor_id, ts, event, 'product_view -> add_to_cart -> purchase within 7 days by month') AS funnel,
       kpi.retention(visitor_id, ts, event, '* -> * by week for 6') AS retention, kpi.activity(visitor_id, ts, 'by week') AS activity,
       kpi.sessions(visitor_id, ts, event, 'views view|product_view, key purchase, by month') AS sessions,
       kpi.paths(visitor_id, ts, event, 'to purchase depth 3') AS paths,
       kpi.attribution(visitor_id, ts, channel, CASE WHEN event = 'purchase' THEN 10.5 END, '') AS attribution,
       kpi.ltv(visitor_id, ts, 10.5, 'by month, unit week, until 2026-03-29') FILTER (WHERE event = 'purchase') AS ltv,
       kpi.ratio(length(event), 10) AS ratio, kpi.roi(1.5, length(event), 'EUR') AS roi, kpi.survey(length(event) % 9, 'nps') AS survey
FROM events GROUP BY device;
CREATE TABLE model AS SELECT device, m AS kind, kpi.fit(ltv, m) AS model FROM summary, unnest('{bg_nbd,mbg_nbd,pareto_nbd}'::text[]) m;
CREATE TABLE history AS SELECT visitor_id, kpi.timeline(ts, event) AS timeline FROM events GROUP BY visitor_id LIMIT 500;
CREATE INDEX ON history USING gin (timeline);
CREATE TABLE literal AS
SELECT 'product_view -> purchase'::kpi.pattern AS pattern, '* -> * by week for 6'::kpi.retention_spec AS retention_spec, 'by day'::kpi.activity_spec AS activity_spec,
       'views view'::kpi.session_spec AS session_spec, 'depth 3'::kpi.path_spec AS path_spec, ''::kpi.attribution_spec AS attribution_spec,
       'by week'::kpi.ltv_spec AS ltv_spec, 'nps'::kpi.survey_kind AS survey_kind, 'a / b'::kpi.formula AS formula, '{"a": 1}'::jsonb AS data,
       '{1,2,3}'::numeric[] AS numbers, '{a,b,c}'::text[] AS words, '{1,2,3}'::float8[] AS floats, interval '2 days' AS span, date '2026-03-01' AS day;
ANALYZE;
