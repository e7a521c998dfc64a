-- What nobody should call a KPI, next to the demo's: each name tries to be more than text.
SELECT kpi.define_objective('hostile', '</h3><script>top.hits++</script>', '"><img src=x onerror="top.hits++">');
SELECT kpi.define('<script>top.hits++</script>', 'revenue_by_day', unit => '<b>EUR</b>', adds => 'sum', title => '</title></svg><script>top.hits++</script>' || repeat('W', 200), description => '</style><svg onload="top.hits++">', objective => 'hostile'),
	kpi.define('long', 'revenue_by_day', unit => repeat('가', 300), adds => 'sum', title => repeat('long words ', 60), objective => 'hostile');
SELECT kpi.set_target('<script>top.hits++</script>', '2026-03', 123456789), kpi.set_target('long', '2026-03', 1);
SELECT kpi.check_in('<script>top.hits++</script>', '2026-03-15', note => '<iframe src="javascript:top.hits++"></iframe>');
INSERT INTO kpi.action (name, kpi, description, started_on, expected_change) VALUES ('<a href="javascript:top.hits++">', 'long', repeat('x', 3000), '2026-03-01', 1e12);
CALL kpi.refresh(as_of => '2026-03-20 09:00 Europe/Berlin');

-- Published analyses whose steps, segments and channels try the same.
CREATE VIEW hostile_steps AS SELECT '"><script>top.hits++</script>' || repeat(' long', 40) AS segment, kpi.funnel(visitor_id, ts, CASE event WHEN 'view' THEN '<img src=x onerror="top.hits++">' WHEN 'purchase' THEN repeat('가', 200) ELSE event END,
	format('"<img src=x onerror=""top.hits++"">" -> product_view -> "%s"', repeat('가', 200))::kpi.pattern) AS summary FROM events;
CREATE VIEW hostile_again AS SELECT kpi.retention(visitor_id, ts, event, '* -> * by week for 12 in Europe/Berlin') AS summary FROM events;
CREATE VIEW hostile_worth AS SELECT kpi.ltv(visitor_id, ts, amount * 1000000, 'by month in Europe/Berlin') AS summary FROM orders;
CREATE VIEW hostile_credit AS SELECT kpi.attribution(visitor_id, ts, '</svg><script>top.hits++</script>' || channel, value, 'lookback 30 days') AS summary FROM (SELECT visitor_id, ts, channel, NULL::numeric AS value FROM events WHERE event = 'view' UNION ALL SELECT visitor_id, ts, NULL, amount FROM orders) AS touches;
CREATE VIEW hostile_spent AS SELECT channel || '<script>top.hits++</script>' AS channel, kpi.roi(cost * 1000000, cost * 3) AS summary FROM ad_costs GROUP BY channel;
CREATE VIEW hostile_active AS SELECT device AS segment, kpi.activity(visitor_id, ts, 'by week in Europe/Berlin') AS summary FROM events GROUP BY device;
CREATE VIEW hostile_came AS SELECT kpi.sessions(visitor_id, ts, event, 'timeout 30 min, views view, key purchase, by month in Europe/Berlin') AS summary FROM events;
CREATE VIEW hostile_failing AS SELECT kpi.roi(1, 1 / (SELECT count(*) FILTER (WHERE event = '') FROM events)) AS summary FROM events;
SELECT kpi.publish('hostile steps', 'hostile_steps', '</h3><script>top.hits++</script>', '</p><svg onload="top.hits++">' || repeat('W', 300)), kpi.publish('again', 'hostile_again', repeat('long words ', 60)), kpi.publish('worth', 'hostile_worth', 'Worth'), kpi.publish('credit', 'hostile_credit', 'Credit'),
	kpi.publish('spent', 'hostile_spent', 'Spent'), kpi.publish('active', 'hostile_active', 'Active'), kpi.publish('came', 'hostile_came', 'Came'), kpi.publish('failing', 'hostile_failing', 'Failing');
CALL kpi.refresh_analyses();
