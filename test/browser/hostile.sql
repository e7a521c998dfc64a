-- What nobody should call a KPI, next to the demo's: each name tries to be more than text.
SELECT kpi.define_objective('hostile', '</h3><script>top.hits++</script>', '"><img src=x onerror="top.hits++">');
SELECT kpi.define('<script>top.hits++</script>', 'revenue_by_day', unit => '<b>EUR</b>', adds => 'sum', title => '</title></svg><script>top.hits++</script>' || repeat('W', 200), description => '</style><svg onload="top.hits++">', objective => 'hostile'),
	kpi.define('long', 'revenue_by_day', unit => repeat('가', 300), adds => 'sum', title => repeat('long words ', 60), objective => 'hostile');
SELECT kpi.set_target('<script>top.hits++</script>', '2026-03', 123456789), kpi.set_target('long', '2026-03', 1);
SELECT kpi.check_in('<script>top.hits++</script>', '2026-03-15', note => '<iframe src="javascript:top.hits++"></iframe>');
INSERT INTO kpi.action (name, kpi, description, started_on, expected_change) VALUES ('<a href="javascript:top.hits++">', 'long', repeat('x', 3000), '2026-03-01', 1e12);
CALL kpi.refresh(as_of => '2026-03-20 09:00 Europe/Berlin');
