-- The dashboard: one page, well-formed, inert, with what the catalog says.
\set SHOW_CONTEXT never
CREATE SCHEMA dashboard;
SET search_path = dashboard, public;
SET timezone = 'UTC';

-- Written so that it is XML, too: every tag is closed, every attribute is quoted. Nothing acts, nothing comes from elsewhere, links lead to places in it.
CREATE FUNCTION inert(page text) RETURNS boolean LANGUAGE sql AS $$
	SELECT xml_is_well_formed_document(page) AND page !~ '[^"]https?:' AND page NOT LIKE '%url(%' AND page NOT LIKE '%@import%'
		AND cardinality(xpath('//*[local-name()="script" or local-name()="iframe" or local-name()="img" or local-name()="link" or local-name()="object" or local-name()="form" or local-name()="base" or local-name()="foreignObject"]', page::xml)) = 0
		AND cardinality(xpath('//@*[starts-with(local-name(), "on") or local-name()="src" or local-name()="style"]', page::xml)) = 0
		AND NOT EXISTS (SELECT FROM unnest(xpath('//@href', page::xml)::text[]) AS link WHERE link !~ '^#' OR NOT substr(link, 2) = ANY (xpath('//@id', page::xml)::text[])) $$;
-- One h1, no level left out; each table has a caption, its heads a scope; ids are unique; pictures have names.
CREATE FUNCTION readable(page text) RETURNS boolean LANGUAGE sql AS $$
	SELECT cardinality(xpath('//h1', page::xml)) = 1
		AND (SELECT bool_and(level <= before + 1) FROM (SELECT level, coalesce(lag(level) OVER (ORDER BY n), 0) AS before FROM (SELECT substr(h::text, 3, 1)::int AS level, n FROM unnest(xpath('//h1|//h2|//h3|//h4', page::xml)) WITH ORDINALITY AS x(h, n)) AS l) AS o)
		AND cardinality(xpath('//table[not(caption)]', page::xml)) = 0 AND cardinality(xpath('//th[not(@scope)]', page::xml)) = 0
		AND (SELECT count(*) = count(DISTINCT id) FROM unnest(xpath('//@id', page::xml)::text[]) AS id)
		AND cardinality(xpath('//*[local-name()="svg" and not(@aria-hidden) and not(@role="img" and @aria-label and *[local-name()="title"] and *[local-name()="desc"])]', page::xml)) = 0
		AND cardinality(xpath('/html[@lang]', page::xml)) = 1 AND cardinality(xpath('/html/head/title', page::xml)) = 1 AND cardinality(xpath('//main', page::xml)) = 1 $$;
CREATE FUNCTION words(page text, path text) RETURNS text[] LANGUAGE sql AS $$ SELECT array_agg(trim(t::text) ORDER BY n) FROM unnest(xpath(path, page::xml)) WITH ORDINALITY AS x(t, n) $$;

-- Nothing yet: how to begin.
SELECT inert(page), readable(page), words(page, '//h2/text()'), (xpath('//pre/text()', page::xml))[1] FROM kpi.dashboard(as_of => '2026-03-20 09:00+00') AS page;
SELECT inert(page), readable(page), words(page, '//h1/text()|//h2/text()') FROM kpi.dashboard(as_of => '2026-03-20 09:00+00', lang => 'ko') AS page;

CREATE VIEW sales AS SELECT day::date AS period_start, s.segment, (10 + extract(day FROM day) % 7 + length(s.segment))::numeric AS value FROM generate_series(timestamp '2025-12-01', timestamp '2026-03-19', interval '1 day') AS day, (VALUES ('web'), ('<b>shop</b>')) AS s(segment);
CREATE VIEW errors AS SELECT period_start, sum(value) / 10 AS value FROM sales GROUP BY 1;
SELECT kpi.define_objective('grow', 'Grow <script>alert("o")</script>', 'for "all" & more', perspective => '<i>finance</i>'), kpi.define_objective('please', 'Please those who come', parent => 'grow'), kpi.define_objective('other', 'Another one') \g /dev/null
SELECT kpi.define('dash sales', 'sales', unit => 'EUR"><img src=x onerror=alert(1)>', adds => 'sum', title => 'Sales </h3><script>alert(1)</script>', description => '--></style>', objective => 'grow'),
	kpi.define('dash errors', 'errors', unit => 'errors', adds => 'sum', direction => 'down', title => 'Errors', objective => 'please'),
	kpi.define('dash mood', unit => 'of 10', adds => 'last', grain => 'month', direction => 'range', title => '기분', objective => 'please'),
	kpi.define('dash loose', 'errors', unit => '%', adds => 'mean', title => 'Loose', zone => 'Asia/Seoul') \g /dev/null
SELECT kpi.set_target('dash sales', '2026-03', 700), kpi.set_target('dash sales', '2026-03', 800), kpi.set_target('dash sales', '2026', 10000), kpi.set_target('dash sales', '2026-03', 300, segment => '<b>shop</b>'), kpi.set_target('dash errors', '2026-03', 60),
	kpi.set_target('dash mood', '2026-03', low => 6, high => 8) \g /dev/null
SELECT kpi.check_in('dash mood', '2026-02', 5), kpi.check_in('dash mood', '2026-03', 7, 'they are <b onmouseover="alert(2)">fine</b>]]>') \g /dev/null
UPDATE kpi.check_in SET at = '2026-03-18 12:00+00' WHERE kpi = 'dash mood';
UPDATE kpi.target SET closed_at = '2026-03-02 12:00+00' WHERE kpi = 'dash sales' AND closed_at IS NOT NULL;
INSERT INTO kpi.action (name, kpi, description, started_on, ended_on, expected_change) VALUES ('<svg onload=alert(3)>', 'dash errors', 'a better form &amp; "quotes"', '2026-03-05', NULL, -10), ('newsletter', 'dash sales', NULL, '2026-02-01', '2026-02-28', 50);
CALL kpi.refresh(as_of => '2026-03-20 09:00+00');

SELECT kpi.dashboard(as_of => '2026-03-20 09:00+00') AS page, kpi.dashboard(as_of => '2026-03-20 09:00+00', lang => 'ko-KR') AS korean \gset
SELECT inert(:'page'), readable(:'page'), inert(:'korean'), readable(:'korean'), length(:'page') < 100000 AS small;
SELECT words(:'page', '//h2/text()') AS sections, words(:'page', '//nav//a/text()') = words(:'page', '//h2/text()') AS reached;
SELECT unnest(words(:'page', '//h3//text()[not(ancestor::section[@aria-labelledby="checks"])]')) AS heading;
SELECT words(:'korean', '//h2/text()') AS sections, words(:'korean', '//section[@aria-labelledby="scorecard"]//thead[1]//th/text()') AS heads;

-- Every row of the scorecard is there, with its status and its numbers.
WITH shown AS (
	SELECT (xpath('string(//th)', r))[1]::text AS head, (xpath('string(//td[1])', r))[1]::text AS status, (xpath('string(//td[2]/text())', r))[1]::text AS value, (xpath('string(//td[2]/span)', r))[1]::text AS target
	FROM unnest(xpath('//section[@aria-labelledby="scorecard"]//tbody/tr', (:'page')::xml)) AS r)
SELECT count(*) AS rows, bool_and(s.head IS NOT NULL) AS there
FROM kpi.evaluate('2026-03-20 09:00+00') AS e
LEFT JOIN shown AS s ON replace(replace(replace(replace(s.head, '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&amp;', '&') LIKE replace(e.title, '%', '\%') || CASE WHEN e.segment <> '' THEN ' ' || e.segment ELSE '' END || e.period || ' ·%'
	AND s.status = coalesce(kpi.word_of(e.status), 'no target') AND replace(replace(replace(s.value, '&lt;', '<'), '&gt;', '>'), '&quot;', '"') = coalesce(kpi.figure(e.actual::float8) || CASE WHEN e.unit = '%' THEN '' ELSE ' ' END || left(e.unit, 24) || CASE WHEN length(e.unit) > 24 THEN '…' ELSE '' END, '–')
	AND s.target = CASE WHEN e.target IS NOT NULL THEN 'of ' || kpi.figure(e.target::float8) WHEN e.low IS NOT NULL THEN kpi.figure(e.low::float8) || ' – ' || kpi.figure(e.high::float8) ELSE '' END
WHERE e.kpi LIKE 'dash %';
-- And the objectives, each below what it serves; the numbers of the histories; notes, moved goalposts, actions.
SELECT words(:'page', '//section[@aria-labelledby="objectives"]//tbody//th/@class') AS depths, (SELECT array_agg(kpi.figure(round(attainment::numeric, 3)::float8, 'percent') ORDER BY objective = 'other', objective) FROM kpi.evaluate_objectives('2026-03-20 09:00+00')) =
	(SELECT array_agg(nullif(t, '–') ORDER BY n) FROM unnest(words(:'page', '//section[@aria-labelledby="objectives"]//td[2]/text()')) WITH ORDINALITY AS x(t, n)) AS "as evaluated";
SELECT (SELECT array_agg(format('%s %s', period, kpi.figure(value::float8)) ORDER BY period_start DESC) FROM kpi.history('dash errors', '2026-03-20 09:00+00', by => 'week'))
	= (SELECT array_agg(format('%s %s', (xpath('string(//th)', r))[1], (xpath('string(//td[1])', r))[1]) ORDER BY n) FROM unnest(xpath('//article[h3/span[1]="Errors"]//tbody/tr', (:'page')::xml)) WITH ORDINALITY AS x(r, n)) AS history;
SELECT unnest(words(:'page', '//p[@class="note"]/text()')) AS note;
SELECT (xpath('string(//th)', r))[1] AS action, (xpath('string(//td[2])', r))[1] AS state, (xpath('string(//td[3])', r))[1] AS days, (xpath('string(//td[4])', r))[1] AS expected FROM unnest(xpath('//section[@aria-labelledby="actions"]//tbody/tr', (:'page')::xml)) AS r;

-- Parts of it.
SELECT words(page, '//h1/text()') AS title, words(page, '//article/h3/span[1]/text()') AS kpis, inert(page), readable(page) FROM kpi.dashboard(objective => 'please', as_of => '2026-03-20 09:00+00') AS page;
SELECT words(page, '//article/h3/span[1]/text()') AS kpis, words(page, '//h2/text()') AS sections, inert(page), readable(page) FROM kpi.dashboard(kpis => ARRAY['dash errors', 'dash loose'], as_of => '2026-03-20 09:00+00') AS page;
SELECT words(page, '//main/p/text()'), inert(page), readable(page) FROM kpi.dashboard(objective => 'other', as_of => '2026-03-20 09:00+00') AS page;
SELECT words(page, '//main/p/text()') FROM kpi.dashboard(kpis => '{}', as_of => '2026-03-20 09:00+00') AS page;
SELECT kpi.dashboard(objective => 'pleas');
SELECT kpi.dashboard(kpis => '{dash error}');
SELECT kpi.dashboard(lang => 'fr');

-- What is late, or failed, is told.
SELECT words(page, '//section[@aria-labelledby="checks"]/div[1]//tbody//th/text()') AS late, words(page, '//section[@aria-labelledby="checks"]/div[1]//td[2]/text()') AS why FROM kpi.dashboard(as_of => '2026-03-25 09:00+00') AS page;

-- Who may see little sees little.
CREATE ROLE regress_dashboard;
SELECT kpi.grant_access('regress_dashboard'), kpi.share('dash errors', 'regress_dashboard') \g /dev/null
SET ROLE regress_dashboard;
SELECT xpath('//article/h3/span[1]/text()', page::xml) AS kpis, page LIKE '%Sales%' AS sales, page LIKE '%newsletter%' AS action FROM kpi.dashboard(as_of => '2026-03-20 09:00+00') AS page;
RESET ROLE;
SELECT kpi.grant_access('regress_dashboard', 'none') \g /dev/null

-- Published analyses: each with its picture and its numbers, whatever their labels try to be.
SELECT setseed(0.7) \g /dev/null
CREATE TABLE visits AS SELECT (random() * 40)::bigint AS who, timestamptz '2026-01-01' + random() * interval '70 days' AS at, (ARRAY['<script>view</script>', 'buy'])[1 + n % 2] AS what, (ARRAY['mail', '</svg><img src=x onerror=alert(1)>', '&amp;"quoted"'])[1 + n % 3] AS channel, n % 50 AS amount FROM generate_series(1, 900) AS n;
CREATE VIEW steps_of AS SELECT '"><script>alert(' || s || ')</script>' AS segment, kpi.funnel(who, at, what, '"<script>view</script>" -> buy within 7 days') AS f FROM visits, generate_series(1, 8) AS s GROUP BY s ORDER BY s;
CREATE VIEW again AS SELECT kpi.retention(who, at, what, '* -> * by week for 8') AS r FROM visits;
CREATE VIEW worth AS SELECT kpi.ltv(who, at, amount::numeric, 'by month') AS l FROM visits WHERE what = 'buy';
CREATE VIEW credited AS SELECT kpi.attribution(who, at, CASE WHEN what <> 'buy' THEN channel END, CASE WHEN what = 'buy' THEN amount::numeric END, 'lookback 30 days') AS a FROM visits;
CREATE VIEW spent AS SELECT channel, kpi.roi(CASE WHEN what <> 'buy' THEN amount END, CASE WHEN what = 'buy' THEN amount END) AS r FROM visits GROUP BY channel ORDER BY channel;
CREATE VIEW active AS SELECT kpi.activity(who, at, 'by week') AS a FROM visits;
CREATE VIEW came AS SELECT kpi.sessions(who, at, what, 'timeout 30 min, key buy, by month') AS s FROM visits;
CREATE VIEW failing AS SELECT kpi.roi(1, 1 / (SELECT count(*) FILTER (WHERE who < 0) FROM visits)) AS "</p><script>" FROM visits;
SELECT kpi.publish('dash steps', 'steps_of', 'Steps </h3><script>alert(4)</script>', '<b>why</b>'), kpi.publish('dash again', 'again', 'Who comes back'), kpi.publish('dash worth', 'worth', 'Worth'), kpi.publish('dash credit', 'credited', 'Credit'),
	kpi.publish('dash spent', 'spent', 'Spent'), kpi.publish('dash active', 'active', 'Active'), kpi.publish('dash came', 'came', '방문'), kpi.publish('dash failing', 'failing', 'Failing') \g /dev/null
SELECT words(page, '//section[@aria-labelledby="analyses"]//p[@class="soft"]/text()') AS before, inert(page), readable(page) FROM kpi.dashboard(as_of => '2026-03-20 09:00+00') AS page;
CALL kpi.refresh_analyses();
SELECT kpi.dashboard(as_of => '2026-03-20 09:00+00') AS page, kpi.dashboard(as_of => '2026-03-20 09:00+00', lang => 'ko') AS korean \gset
SELECT inert(:'page'), readable(:'page'), inert(:'korean'), readable(:'korean'), words(:'page', '//h2/text()') AS sections, words(:'korean', '//h2/text()') AS korean;
SELECT (xpath('string(//h3)', a))[1] AS title, cardinality(xpath('//*[local-name()="svg"]', a)) AS pictures, words(a::text, '//h4/text()') AS segments, words(a::text, '//p[@class="note" or @class="soft"]/text()') AS notes, words(a::text, '//details[1]//thead//th/text()') AS heads
FROM unnest(xpath('//section[@aria-labelledby="analyses"]//article', (:'page')::xml)) AS a;
SELECT words(:'korean', '//section[@aria-labelledby="analyses"]//article[last()]//th[@scope="col"]/text()') AS heads;
-- The numbers are those of the accessors.
CREATE FUNCTION numbers(page text, title text) RETURNS text LANGUAGE sql AS $$ SELECT string_agg((SELECT string_agg(trim(c::text), '|' ORDER BY m) FROM unnest(xpath('/tr/th/text()|/tr/td/text()', r)) WITH ORDINALITY AS y(c, m)), E'\n' ORDER BY n) FROM unnest(xpath(format('//article[h3="%s"]//details[1]//tbody/tr', title), page::xml)) WITH ORDINALITY AS x(r, n) $$;
CREATE FUNCTION share(s float8) RETURNS text LANGUAGE sql AS $$ SELECT coalesce(kpi.figure(round(s::numeric, 3)::float8, 'percent'), '–') $$;
CREATE FUNCTION fig(v float8) RETURNS text LANGUAGE sql AS $$ SELECT coalesce(kpi.figure(v), '–') $$;
SELECT numbers(:'page', 'Who comes back') = (SELECT string_agg(concat_ws('|', period, fig(eligible::float8), fig(retained::float8), share(rate)), E'\n' ORDER BY period) FROM again, kpi.curve(r)) AS again,
	numbers(:'page', 'Worth') = (SELECT string_agg(concat_ws('|', age, fig(eligible::float8), fig(revenue::float8), fig(cumulative::float8)), E'\n' ORDER BY age) FROM worth, kpi.curve(l)) AS worth,
	numbers(:'page', 'Spent') = (SELECT string_agg(concat_ws('|', replace(kpi.html_escape(channel), '&quot;', '"'), fig(kpi.cost(r)::float8), fig(kpi.revenue(r)::float8), fig(kpi.profit(r)::float8), share(kpi.roi_rate(r)::float8), fig(kpi.roas(r)::float8)), E'\n' ORDER BY channel) FROM spent) AS spent,
	numbers(:'page', 'Active') = (SELECT string_agg(concat_ws('|', to_char(period, 'YYYY-MM-DD'), fig(active.active::float8), fig(new::float8), fig("returning"::float8), fig(resurrecting::float8), fig(dormant::float8)), E'\n' ORDER BY period DESC) FROM (SELECT l.* FROM active, kpi.lifecycle(a) AS l) AS active) AS active;
-- A part of the page has those that are named, and who may not see them does not.
SELECT words(page, '//section[@aria-labelledby="analyses"]//h3/text()') AS none FROM kpi.dashboard(objective => 'please', as_of => '2026-03-20 09:00+00') AS page;
SELECT words(page, '//section[@aria-labelledby="analyses"]//h3/text()') AS one FROM kpi.dashboard(objective => 'please', as_of => '2026-03-20 09:00+00', analyses => '{dash spent}') AS page;
SELECT words(page, '//h2/text()') AS sections, inert(page), readable(page) FROM kpi.dashboard(kpis => '{}', as_of => '2026-03-20 09:00+00', analyses => '{dash spent}') AS page;
SELECT kpi.dashboard(analyses => '{dash spend}');
SELECT kpi.grant_access('regress_dashboard'), kpi.share_analysis('dash active', 'regress_dashboard') \g /dev/null
SET ROLE regress_dashboard;
SELECT xpath('//section[@aria-labelledby="analyses"]//h3/text()', page::xml) AS analyses FROM kpi.dashboard(as_of => '2026-03-20 09:00+00') AS page;
RESET ROLE;
SELECT kpi.grant_access('regress_dashboard', 'none') \g /dev/null
SELECT kpi.unpublish(name) FROM kpi.analysis WHERE name LIKE 'dash %' \g /dev/null

-- A hundred of them.
SELECT kpi.define('dash ' || n, 'errors', unit => 'errors', adds => 'sum', title => 'One of a hundred KPIs, number ' || n, description => 'What it measures, and why that is worth knowing', objective => 'grow'), kpi.set_target('dash ' || n, '2026-03', 50 + n) FROM generate_series(1, 100) AS n \g /dev/null
CALL kpi.refresh(as_of => '2026-03-20 09:00+00');
SELECT inert(page), readable(page), octet_length(page) <= 1000000 AS small, cardinality(xpath('//article', page::xml)) AS kpis FROM kpi.dashboard(kpis => (SELECT array_agg(name) FROM kpi.kpi WHERE name ~ '^dash [0-9]'), as_of => '2026-03-20 09:00+00') AS page;

DELETE FROM kpi.kpi WHERE name LIKE 'dash %';
DELETE FROM kpi.objective WHERE name IN ('grow', 'please', 'other');
DROP ROLE regress_dashboard;
SET client_min_messages = warning;
DROP SCHEMA dashboard CASCADE;
