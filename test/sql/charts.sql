-- Charts: well-formed whatever is in them, with the numbers that the accessors tell.
\set SHOW_CONTEXT never
CREATE SCHEMA charts;
SET search_path = charts, public;
SET timezone = 'UTC';

-- What browsers ask for: XML, one picture, nothing that acts, nothing from elsewhere.
CREATE FUNCTION sound(svg text) RETURNS boolean LANGUAGE sql AS $$
	SELECT xml_is_well_formed_document(svg) AND cardinality(xpath('//*[local-name()="script" or local-name()="foreignObject" or local-name()="image" or local-name()="a" or local-name()="use"]', svg::xml)) = 0
		AND cardinality(xpath('//@*[starts-with(local-name(), "on") or local-name()="href" or local-name()="src"]', svg::xml)) = 0
		AND cardinality(xpath('/*[local-name()="svg" and @role="img" and @aria-label]/*[local-name()="title"]', svg::xml)) = 1
		AND cardinality(xpath('/*[local-name()="svg"]/*[local-name()="desc"]', svg::xml)) = 1
		AND svg NOT LIKE '%url(%' AND svg !~ '[^"]http' $$;
-- What its parts say when they are pointed at.
CREATE FUNCTION tips(svg text) RETURNS text[] LANGUAGE sql AS $$
	SELECT array_agg(replace(replace(replace(t::text, '&lt;', '<'), '&gt;', '>'), '&amp;', '&') ORDER BY n) FROM unnest(xpath('/s:svg//s:*[parent::s:*]/s:title/text()', svg::xml, ARRAY[ARRAY['s', 'http://www.w3.org/2000/svg']])) WITH ORDINALITY AS x(t, n) $$;

CREATE TABLE hostile (label text);
INSERT INTO hostile VALUES ('<script>alert(1)</script>'), ('"><img src=x onerror=alert(1)>'), ('a''b"c&d'), (']]>'), ('<!--'), ('-->'), ('&lt;'), ('</title></svg>'), ('javascript:alert(1)'), (U&'\0001\0008\001B\007F\0085'), (U&'\FFFE\FFFF'),
	(U&'\202Eevil\202C'), ('구매 완료'), ('😀👩‍👩‍👧'), (''), (' '), (E'a\tb\nc'), (repeat('x', 10000)), (repeat('가', 10000)), (repeat(U&'e\0301', 10000)), (NULL);

-- Every building block, with every hostile label in every place, and all of them at once; alone and in a page.
SELECT bool_and(sound(svg)) AS sound, count(*), max(length(svg)) < 60000 AS small
FROM (SELECT label, width, lang, embedded FROM hostile, unnest(ARRAY[120, 640]) AS width, unnest(ARRAY['en', 'ko']) AS lang, unnest(ARRAY[false, true]) AS embedded) AS h
CROSS JOIN LATERAL (VALUES
	(kpi.bar_chart(ARRAY[label, 'b'], '{1,2}', title => label, unit => label, width => width, lang => lang, embedded => embedded)),
	(kpi.bar_chart(ARRAY[label, 'b'], '{{1,-2},{3,4}}', ARRAY[label, label], title => label, unit => label, width => width, lang => lang, embedded => embedded)),
	(kpi.line_chart(ARRAY[label, 'b'], '{{1,2},{3,4}}', ARRAY[label, 's'], title => label, unit => label, width => width, lang => lang, embedded => embedded)),
	(kpi.line_chart(ARRAY[label, 'b'], '{1,2}', targets => '{1,1}', low => '{0,null}', high => '{2,null}', forecast => '{null,3}', status => 'behind', title => label, unit => label, width => width, lang => lang, embedded => embedded)),
	(kpi.funnel_chart(ARRAY[label, label], '{3,2}', title => label, width => width, lang => lang, embedded => embedded)),
	(kpi.heat_map(ARRAY[label, 'b'], ARRAY[label], '{1,0.5}', '{f,t}', '{10,20}', label, label, title => label, unit => label, width => width, lang => lang, embedded => embedded)),
	(kpi.bullet_chart(1, 2, 1.5, 0, 3, 'at_risk', 2.5, title => label, unit => label, width => width, lang => lang, embedded => embedded)),
	(kpi.sparkline_svg('{1,2}', title => label, unit => label, width => width, lang => lang, embedded => embedded))) AS v(svg);
SELECT sound(kpi.bar_chart(array_agg(label), array_agg(1.0::float8))), sound(kpi.line_chart(array_agg(label), array_agg(1.0::float8))), sound(kpi.funnel_chart(array_agg(label), array_agg(1.0::float8))) FROM hostile;

-- Labels are told, not run; what is too long for its place is cut there.
SELECT tips(kpi.funnel_chart(ARRAY['<script>', 'a&b'], '{3,2}'));
SELECT kpi.html_escape(E'<a href="x">''&\u0001\t</a>'), kpi.html_escape(NULL);

-- Any numbers at all.
SELECT bool_and(sound(svg)), count(*) FROM unnest(ARRAY['NaN', 'Infinity', '-Infinity', '0', '-0', '5e-324', '1.7976931348623157e308', '-1.7976931348623157e308', '1e16', '-1e-7', NULL]::float8[]) AS a,
	unnest(ARRAY['NaN', 'Infinity', '0', '1.7976931348623157e308', '-1.7976931348623157e308', '1', NULL]::float8[]) AS b
CROSS JOIN LATERAL (VALUES (kpi.bar_chart('{a,b}', ARRAY[a, b])), (kpi.line_chart('{a,b}', ARRAY[a, b], targets => ARRAY[b, a], low => ARRAY[a, a], high => ARRAY[b, b], forecast => ARRAY[a, b])), (kpi.funnel_chart('{a,b}', ARRAY[a, b])),
	(kpi.heat_map('{a}', '{a,b}', ARRAY[a, b], percent => true)), (kpi.bullet_chart(a, b, b, a, b, 'missed', a)), (kpi.sparkline_svg(ARRAY[a, b]))) AS v(svg);

-- Nothing, and too much.
SELECT bool_and(sound(svg) AND svg LIKE '%no data%'), count(*) FROM (VALUES (kpi.bar_chart('{}', '{}')), (kpi.line_chart('{}', '{}')), (kpi.funnel_chart('{}', '{}')), (kpi.heat_map('{}', '{}', '{}')), (kpi.bullet_chart(NULL, NULL)), (kpi.sparkline_svg('{}')),
	(kpi.bar_chart('{a}', '{null}')), (kpi.line_chart('{a}', '{NaN}')), (kpi.funnel_chart('{a}', '{0}'))) AS v(svg);
SELECT kpi.bar_chart(NULL, '{}') IS NULL AND kpi.line_chart('{}', NULL) IS NULL AND kpi.funnel_chart(NULL, NULL) IS NULL AND kpi.heat_map('{}', '{}', NULL) IS NULL AND kpi.sparkline_svg(NULL) IS NULL
	AND kpi.svg(NULL::kpi.funnel) IS NULL AND kpi.svg(NULL::kpi.retention) IS NULL AND kpi.svg(NULL::kpi.ltv) IS NULL AND kpi.svg(NULL::kpi.attribution) IS NULL AND kpi.svg(NULL::kpi.paths) IS NULL AND kpi.svg(NULL::kpi.activity) IS NULL
	AND kpi.svg(NULL::kpi.sessions) IS NULL AND kpi.svg(NULL::text) IS NULL AND kpi.vega_lite(NULL::kpi.funnel) IS NULL AND kpi.vega_lite(NULL::text) IS NULL AS null_is_null;
SELECT kpi.funnel_chart(array_agg('step ' || n), array_agg(1001 - n)) LIKE '%970 more not shown%' AS funnel, kpi.bar_chart(array_agg('bar ' || n), array_agg(n)) LIKE '%960 more not shown%' AS bars,
	kpi.heat_map(array_agg('row ' || n), '{1}', array_agg(n)) LIKE '%940 more not shown%' AS cells, length(kpi.funnel_chart(array_agg('step ' || n), array_agg(1001 - n))) < 30000 AS small FROM generate_series(1, 1000) AS n;
SELECT sound(svg), svg LIKE '%8,500 more not shown%' AS cut, length(svg) < 100000 AS small FROM (SELECT kpi.line_chart(array_agg(n::text), array_agg(sin(n))) AS svg FROM generate_series(1, 10000) AS n) AS c;

-- Numbers: short for the eye, exact for who asks.
SELECT kpi.figure(1234567.891), kpi.figure(1234567.891, 'short'), kpi.figure(1234567.891, 'exact'), kpi.figure(0.4416, 'percent'), kpi.figure(1234567.891, 'short', 'ko'), kpi.figure('NaN'), kpi.figure(NULL);
SELECT tips(kpi.bar_chart('{a,b}', '{1234567.891,-0.5}', unit => 'EUR')), tips(kpi.heat_map('{r}', '{c}', '{0.12345}', '{t}', percent => true));

-- Mistakes.
SELECT kpi.bar_chart('{a,b}', '{1}');
SELECT kpi.bar_chart('{a,b}', '{{1,2},{3,4}}', '{one}');
SELECT kpi.line_chart('{a,b}', '{1,2}', targets => '{1}');
SELECT kpi.line_chart('{a}', '{1}', status => 'fine');
SELECT kpi.heat_map('{a}', '{b}', '{1,2}');
SELECT kpi.sparkline_svg('{{1,2}}');
SELECT kpi.bar_chart('{a}', '{1}', width => 10);
SELECT kpi.bar_chart('{a}', '{1}', lang => 'fr');
SELECT kpi.figure(1, 'round');
SELECT kpi.bar(1, 2, 0);
SELECT kpi.svg('charts no such');

-- In characters.
SELECT '[' || kpi.bar(v, 10, 5) || ']' AS bar FROM unnest('{-1,0,0.01,2.5,5,9.99,10,11,NaN,null}'::float8[]) AS v;
SELECT kpi.sparkline('{1,2,3,null,5,6,7,8}'), kpi.sparkline('{3,3}'), '[' || kpi.sparkline('{}') || ']' AS empty, '[' || kpi.sparkline('{null,NaN,Infinity}') || ']' AS gaps, kpi.sparkline(NULL);

-- The words are the same in both languages.
SELECT count(*) > 40 AS many, count(*) = count(DISTINCT e.name) AS once, bool_and(k.word <> '' AND k.name IS NOT NULL) AS both FROM kpi.words('en') AS e FULL JOIN kpi.words('ko') AS k USING (name);
SELECT kpi.status_mark('on_track') LIKE '<span class="status good"><svg %</svg>on track</span>', kpi.status_mark('missed', 'ko') LIKE '%>미달</span>', kpi.status_mark(NULL);

-- Summaries: each number in the picture is that of the accessor.
CREATE TABLE event AS
SELECT n % 97 AS visitor, timestamptz '2026-01-05 10:00' + n * interval '3 hours' + (n % 7) * interval '1 minute' AS ts, CASE n % 5 WHEN 0 THEN 'view' WHEN 1 THEN 'cart' WHEN 2 THEN 'view' WHEN 3 THEN 'buy' ELSE 'look <b>' END AS event,
	(ARRAY['mail', 'search & find', 'social', 'direct'])[n % 4 + 1] AS channel, CASE WHEN n % 5 = 3 THEN n % 83 + 0.25 END AS amount
FROM generate_series(0, 900) AS n;

WITH f AS (SELECT kpi.funnel(visitor, ts, event, 'view -> cart -> buy within 30 days') AS f FROM event)
SELECT tips(kpi.svg(f)) = (SELECT array_agg(format('%s: %s', name, kpi.figure(actors, 'exact')) ORDER BY step) FROM kpi.steps(f)) AS counts,
	(SELECT bool_and(kpi.svg(f) LIKE '%(' || kpi.figure(conversion_from_first, 'percent') || ' of first)%' AND kpi.svg(f) LIKE '%' || kpi.figure(conversion_from_previous, 'percent') || ' continue, ' || kpi.figure(dropped) || ' drop off%') FROM kpi.steps(f) WHERE step > 1) AS rates,
	sound(kpi.svg(f)), kpi.vega_lite(f) -> 'data' -> 'values' @> (SELECT jsonb_agg(jsonb_build_object('step', step, 'name', name, 'actors', actors, 'dropped', dropped) ORDER BY step) FROM kpi.steps(f)) AS vega
FROM f;
WITH r AS (SELECT kpi.retention(visitor, ts, event, 'view -> view by week for 6 in Asia/Seoul') AS r FROM event)
SELECT tips(kpi.svg(r)) = (SELECT array_agg(format('%s, %s: %s%s', to_char(cohort, 'YYYY-MM-DD'), period, kpi.figure(rate, 'percent'), CASE WHEN NOT complete THEN ' (not over yet)' END) ORDER BY cohort, period) FROM kpi.cohorts(r) WHERE rate IS NOT NULL) AS rates,
	sound(kpi.svg(r)), jsonb_array_length(kpi.vega_lite(r) -> 'data' -> 'values') = (SELECT count(*) FROM kpi.cohorts(r)) AS vega FROM r;
WITH l AS (SELECT kpi.ltv(visitor, ts, amount, 'by month in UTC') AS l FROM event)
SELECT tips(kpi.svg(l, unit => 'EUR')) = (SELECT array_agg(format('%s, %s: %s EUR, periods later', to_char(cohort, 'YYYY-MM'), age, kpi.figure(cumulative::float8, 'exact')) ORDER BY cohort, age) FROM kpi.value_curve(l) WHERE complete) AS curve,
	sound(kpi.svg(l)), jsonb_array_length(kpi.vega_lite(l) -> 'data' -> 'values') = (SELECT count(*) FROM kpi.value_curve(l) WHERE complete) AS vega FROM l;
WITH a AS (SELECT kpi.attribution(visitor, ts, CASE WHEN amount IS NULL THEN channel END, amount, 'lookback 30 days') AS a FROM event)
SELECT (SELECT array_agg(t ORDER BY t) FROM unnest(tips(kpi.svg(a, models => '{last,linear}'))) AS t) = (SELECT array_agg(format('%s, %s: %s revenue', model, channel, kpi.figure(revenue::float8, 'exact')) ORDER BY format('%s, %s: %s revenue', model, channel, kpi.figure(revenue::float8, 'exact')))
		FROM unnest('{last,linear}'::text[]) AS model, kpi.credit(a, model)) AS credit,
	sound(kpi.svg(a)), jsonb_array_length(kpi.vega_lite(a, models => '{last,linear}') -> 'data' -> 'values') = (SELECT 2 * count(*) FROM kpi.credit(a, 'last')) AS vega FROM a;
WITH p AS (SELECT kpi.paths(visitor, ts, event, 'from view depth 3') AS p FROM event)
SELECT tips(kpi.svg(p)) = (SELECT array_agg(format('%s: %s', array_to_string(path, ' > '), kpi.figure(count, 'exact')) ORDER BY n) FROM kpi.top_paths(p, 10) WITH ORDINALITY AS t(path, actors, count, share, n)) AS paths, sound(kpi.svg(p)) FROM p;
SELECT sound(kpi.svg(kpi.activity(visitor, ts, 'by week in UTC'))), sound(kpi.svg(kpi.sessions(visitor, ts, event, 'timeout 30 min, views view, key buy'))) FROM event;
SELECT sound(kpi.svg(kpi.funnel(visitor, ts, event, 'view -> cart'))), sound(kpi.svg(kpi.retention(visitor, ts, event, '* -> * by week for 3'))), sound(kpi.svg(kpi.ltv(visitor, ts, amount, ''))), sound(kpi.svg(kpi.attribution(visitor, ts, channel, amount, 'lookback 30 days'))),
	sound(kpi.svg(kpi.paths(visitor, ts, event, 'from view depth 3'))), sound(kpi.svg(kpi.activity(visitor, ts, 'by week in UTC'))), sound(kpi.svg(kpi.sessions(visitor, ts, event, ''))) FROM event WHERE false;

-- KPIs: their history, by the periods of their targets or by others.
CREATE VIEW sales AS SELECT day::date AS period_start, (10 + extract(day FROM day) % 7)::numeric AS value FROM generate_series(timestamp '2026-01-01', timestamp '2026-03-19', interval '1 day') AS day;
SELECT kpi.define('charts sales', 'sales', unit => 'EUR', adds => 'sum', title => 'Sales <b>'), kpi.define('charts mood', unit => 'points', adds => 'last', grain => 'month', direction => 'range');
SELECT kpi.set_target('charts sales', '2026-03', 400), kpi.set_target('charts mood', '2026', low => 5, high => 8);
SELECT kpi.check_in('charts mood', month, value) FROM (VALUES ('2026-01', 6), ('2026-02', 9), ('2026-03', 7)) AS m(month, value);
CALL kpi.refresh('charts sales', as_of => '2026-03-20 09:00+00');
SELECT period, value, round(target::numeric, 2) AS target, is_closed, round(forecast::numeric, 2) AS forecast FROM kpi.history('charts sales', '2026-03-20 09:00+00');
SELECT period, value, round(target::numeric, 2) AS target, is_closed, round(forecast::numeric, 2) AS forecast FROM kpi.history('charts sales', '2026-03-20 09:00+00', 4, by => 'week');
SELECT period, value, target, low, high, is_closed FROM kpi.history('charts mood', '2026-03-20 09:00+00', by => 'month');
-- the weeks of a month share its target
SELECT count(*), sum(value) = (SELECT sum(value) FROM sales WHERE period_start >= '2026-03-01') AS all_of_it, round(sum(target)::numeric, 6) AS target FROM kpi.history('charts sales', '2026-04-01 09:00+00', 32, by => 'day') WHERE period_start >= '2026-03-01' AND period_start < '2026-04-01';
SELECT sound(svg), tips(svg) FROM kpi.svg('charts sales', as_of => '2026-03-20 09:00+00') AS svg;
SELECT sound(kpi.svg('charts mood', as_of => '2026-03-20 09:00+00', lang => 'ko')), jsonb_pretty(kpi.vega_lite('charts mood', as_of => '2026-03-20 09:00+00', by => 'month') -> 'data' -> 'values' -> 2);
SELECT * FROM kpi.history('charts sales', by => 'hour');
SELECT * FROM kpi.history('charts mood', by => 'week');
SELECT * FROM kpi.history('charts mood', periods => 0);
SELECT * FROM kpi.history('charts sale');
SELECT kpi, period, result, attained, trend, status FROM kpi.scorecard_text('2026-03-20 09:00+00') WHERE kpi LIKE 'charts %';
SELECT kpi, result, status FROM kpi.scorecard_text('2026-03-20 09:00+00', 'ko') WHERE kpi LIKE 'charts %';

DELETE FROM kpi.kpi WHERE name LIKE 'charts %';
DROP SCHEMA charts CASCADE;
