\echo
\echo '== One value for the history of each visitor, in a tenth of the room =='
CREATE TABLE history AS
SELECT actor::bigint AS visitor_id, timeline
FROM kpi.timelines('SELECT visitor_id, ts, event FROM events');
SELECT pg_size_pretty(pg_table_size('events')) AS events, pg_size_pretty(pg_table_size('history')) AS histories;

\echo '== The same funnel from there =='
SELECT step, name, actors
FROM kpi.steps((SELECT kpi.funnel(timeline, 'product_view -> add_to_cart -> purchase within 7 days') FROM history));

\echo '== Who met an error at the checkout, did not buy, and came back to the cart? =='
CREATE INDEX ON history USING gin (timeline);
SELECT visitor_id, (kpi.match_times(timeline, 'begin_checkout -> checkout_error -[no purchase]-> add_to_cart'))[2:3] AS error_and_return
FROM history
WHERE kpi.matches(timeline, 'begin_checkout -> checkout_error -[no purchase]-> add_to_cart')
ORDER BY visitor_id LIMIT 5;
