-- A shop for BI tools to look at: the goals of the demo, labels in Korean, and a role that may see all of it but one KPI.
CREATE SCHEMA korea;
CREATE VIEW korea.checkout AS
SELECT (ts AT TIME ZONE 'Asia/Seoul')::date AS period_start, CASE device WHEN 'mobile' THEN '모바일 앱' ELSE device END AS segment,
       count(*) FILTER (WHERE event = 'purchase') AS numerator, count(*) AS denominator FROM events GROUP BY 1, 2;
CREATE VIEW korea.secret AS SELECT date '2026-03-01' AS period_start, 1 AS value;
SELECT kpi.define('checkout', 'korea.checkout', unit => '%', adds => 'ratio', title => '결제 전환율', description => '방문 대비 구매 비율', zone => 'Asia/Seoul', objective => 'growth'),
       kpi.define('secret', 'korea.secret', unit => 'x', adds => 'sum');
SELECT kpi.set_target('checkout', '2026-03', 0.05), kpi.set_target('secret', '2026-03', 1);
CALL kpi.refresh(as_of => '2026-03-20 09:00 Europe/Berlin');
CREATE ROLE bi_reader LOGIN;
SELECT kpi.share(k.name, 'bi_reader') FROM kpi.kpi AS k WHERE k.name <> 'secret';
SELECT kpi.grant_access('bi_reader', 'bi');
