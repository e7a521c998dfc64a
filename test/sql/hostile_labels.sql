-- Labels that try to be something else, as every text of the catalog and of published analyses: pages and pictures stay well-formed and inert, and show nothing
-- that a browser would obey, or that turns the text around it; JSON carries them as they are, as values only.
\set SHOW_CONTEXT never
CREATE SCHEMA labels;
SET search_path = labels, public;
SET timezone = 'UTC';
SET client_min_messages = warning;

CREATE TABLE label (n int PRIMARY KEY, text text);
INSERT INTO label SELECT n, text FROM unnest(ARRAY[
	'<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', ''' onmouseover=''alert(1)', '</title></svg></style></main></html>', 'a''b"c&d', '&lt;script&gt;&amp;quot;&#60;', ']]>', '<![CDATA[', '<!--', '-->', '<?xml version="1.0"?>',
	'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;', 'javascript:alert(1)', 'data:text/html,<script>', 'http://evil.example/x', 'url(http://evil.example/x)', 'expression(alert(1))', '}*{background:red}/*', '@import "x"', '{{constructor.constructor("alert(1)")()}}',
	'${7*7}', '$1 \1 \& %s %1$s %n', '\"; alert(1); //', '=cmd|'' /C calc''!A0', E'\x1b[2J\x1b]0;gone\x07\x1b[31m', U&'\0001\0008\000B\007F\0085\009B31m', U&'\202Eevil\202C \2066a\2069', U&'a\200Bb\200E\200F\FEFF', U&'\2028\2029', U&'\FFFE\FFFF\FDD0', E'a\tb\nc\rd',
	' ', repeat('x', 200), repeat('가', 200), repeat(U&'e\0301', 100), U&'\D83D\DE00\200D\D83D\DC69', 'dot.ted[0].name', '__proto__', 'constructor', 'NULL', 'total', 'datum.a', '"quoted"', 'a\b']) WITH ORDINALITY AS x(text, n);

-- What the test of the dashboard asks for, and no character that acts on a terminal or turns text.
CREATE FUNCTION inert(page text) RETURNS boolean LANGUAGE sql AS $$
	SELECT xml_is_well_formed_document(page) AND page !~ U&'[\0001-\0008\000B-\001F\007F-\009F\202A-\202E\2066-\2069\2028\2029\FFFE\FFFF\FDD0]'
		AND cardinality(xpath('//*[local-name()="script" or local-name()="iframe" or local-name()="img" or local-name()="image" or local-name()="link" or local-name()="object" or local-name()="form" or local-name()="base" or local-name()="foreignObject" or local-name()="use"]', page::xml)) = 0
		AND cardinality(xpath('//comment()|//processing-instruction()', page::xml)) = 0
		AND cardinality(xpath('//@*[starts-with(local-name(), "on") or local-name()="src" or local-name()="style"]', page::xml)) = 0
		-- what is no text and no title of a picture says nothing of a label
		AND NOT EXISTS (SELECT FROM unnest(xpath('//@*[local-name() != "aria-label"]', page::xml)::text[]) AS a WHERE a ~ 'alert|evil|script|expression|proto')
		AND NOT EXISTS (SELECT FROM unnest(xpath('//*[local-name()="style"]/text()', page::xml)::text[]) AS s WHERE s ~ 'evil|background:red|alert|@import') $$;
-- How a label is seen: blanks for the ends of lines, U+FFFD for what may not be shown.
CREATE FUNCTION seen(text text) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace(regexp_replace(text, '[\t\n\r]', ' ', 'g'), U&'[\0001-\0008\000B-\001F\007F-\009F\202A-\202E\2066-\2069\2028\2029\FFFE\FFFF\FDD0]', U&'\FFFD', 'g') $$;
CREATE FUNCTION entities(text text) RETURNS text LANGUAGE sql AS $$ SELECT replace(replace(replace(replace(replace(text, '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&') $$;

-- A label alone.
SELECT count(*) FILTER (WHERE entities(kpi.html_escape(text)) <> seen(text)) AS otherwise, count(*) FILTER (WHERE kpi.html_escape(text) ~ '[<>"'']') AS raw FROM label;

-- The catalog: names, titles, units, descriptions, segments, objectives, notes, actions, each of them each of the labels.
CREATE VIEW sold AS SELECT day::date AS period_start, l.text AS segment, (l.n + extract(day FROM day))::numeric AS value FROM generate_series(timestamp '2026-01-01', timestamp '2026-03-19', interval '1 day') AS day, label AS l;
CREATE VIEW plain AS SELECT period_start, sum(value) AS value FROM sold GROUP BY 1;
SELECT count(kpi.define_objective('labels ' || text, text, text, perspective => text)) FROM label;
SELECT count(kpi.define(text, 'plain', unit => left(text, 100), adds => 'sum', title => text, description => text, objective => 'labels ' || text)) FROM label;
SELECT kpi.define('labels segments', 'sold', unit => 'EUR', adds => 'sum', title => 'By segment') \g /dev/null
SELECT kpi.set_target(text, '2026-03', 4000 * n), kpi.set_target('labels segments', '2026-03', 1000, segment => text) FROM label \g /dev/null
SELECT kpi.check_in(text, '2026-03-18', note => text) FROM label \g /dev/null
INSERT INTO kpi.action (name, kpi, description, started_on, expected_change) SELECT text, text, text, '2026-03-05', 10 FROM label;
CALL kpi.refresh(as_of => '2026-03-20 09:00+00');
SELECT count(DISTINCT kpi), count(error) AS failed FROM kpi.run_log WHERE kpi IN (SELECT text FROM label UNION SELECT 'labels segments');

SELECT kpi.dashboard(as_of => '2026-03-20 09:00+00') AS page, kpi.dashboard(as_of => '2026-03-20 09:00+00', lang => 'ko') AS korean \gset
SELECT inert(:'page'), inert(:'korean');
-- None is lost: each heads a KPI; the page shows 30 actions.
SELECT count(*) FILTER (WHERE NOT seen(l.text) = ANY (t.kpis)) AS kpis, count(*) FILTER (WHERE seen(l.text) = ANY (t.actions)) AS "actions shown"
FROM label AS l, (SELECT array_agg(entities(k::text)) AS kpis FROM unnest(xpath('//article/h3/span[1]/text()', (:'page')::xml)) AS k) AS k(kpis), LATERAL (SELECT k.kpis, (SELECT array_agg(entities(a::text)) FROM unnest(xpath('//section[@aria-labelledby="actions"]//tbody/tr/th//text()', (:'page')::xml)) AS a) AS actions) AS t;
-- Each KPI as a picture, and as a chart of Vega-Lite, in which the label is a value.
SELECT count(*), bool_and(inert(kpi.svg(text, '2026-03-20 09:00+00'))) FROM label;
-- Names of fields are the same for every label, whatever it says.
CREATE FUNCTION fields(chart jsonb) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(DISTINCT f #>> '{}', ',' ORDER BY f #>> '{}') FROM jsonb_path_query(chart, 'strict $.**.field') AS f $$;
CREATE FUNCTION keys(chart jsonb) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(DISTINCT k, ',' ORDER BY k) FROM jsonb_path_query(chart, 'strict $.** ? (@.type() == "object")') AS o, jsonb_object_keys(o) AS k $$;
SELECT count(DISTINCT fields(chart)) AS fields, count(DISTINCT keys(chart)) AS keys, count(*) FILTER (WHERE chart::text LIKE '%"expr"%' OR chart::text LIKE '%"signal"%' OR chart::text LIKE '%"href"%' OR chart::text LIKE '%"url"%' OR jsonb_path_exists(chart, 'strict $.**.calculate')) AS acting
FROM label, LATERAL (SELECT kpi.vega_lite(text, '2026-03-20 09:00+00') AS chart) AS c;

-- Explanations, findings and checks are rows: their texts are the labels themselves.
SELECT count(*) FILTER (WHERE NOT EXISTS (SELECT FROM kpi.explain_change('labels segments', '2026-03', '2026-02', '2026-04-01 00:00+00') AS e WHERE e.segment = l.text)) AS lost FROM label AS l;

-- Events, channels and segments of analyses.
CREATE TABLE visit AS SELECT who, timestamptz '2026-01-01' + who * interval '1 hour' + l.n * interval '1 minute' AS at, l.text AS what FROM generate_series(1, 20) AS who, label AS l;
CREATE VIEW steps AS SELECT l.text AS segment, kpi.funnel(v.who, v.at, v.what, (kpi.quote_label(l.text) || ' -> ' || kpi.quote_label('"quoted"') || ' within 7 days')::kpi.pattern) AS f FROM visit AS v, label AS l WHERE l.text <> '"quoted"' GROUP BY l.text;
CREATE VIEW gone AS SELECT kpi.paths(who, at, what, 'depth 5') AS p FROM visit;
CREATE VIEW credited AS SELECT kpi.attribution(who, at, CASE WHEN what <> 'total' THEN what END, CASE WHEN what = 'total' THEN 10::numeric END, 'lookback 30 days') AS a FROM visit;
SELECT count(*), bool_and(inert(kpi.svg(f, segment))) AS inert, count(DISTINCT keys(kpi.vega_lite(f, segment))) AS keys, bool_and(f::text::kpi.funnel::text = f::text AND f::jsonb::kpi.funnel::text = f::text) AS kept FROM steps;
SELECT inert(kpi.svg(p)) AS paths, p::jsonb::kpi.paths::text = p::text AS kept FROM gone;
SELECT inert(kpi.svg(a)) AS attribution, a::jsonb::kpi.attribution::text = a::text AS kept, (SELECT count(*) FROM label AS l WHERE l.text <> 'total' AND NOT EXISTS (SELECT FROM kpi.credit(a, 'linear') AS c WHERE c.channel = l.text)) AS lost FROM credited;
SELECT count(kpi.publish('labels ' || v, v::regclass, l.text, l.text)) FROM (VALUES ('steps', 1), ('credited', 25)) AS x(v, n) JOIN label AS l USING (n);
CALL kpi.refresh_analyses();
SELECT inert(page), inert(korean) FROM kpi.dashboard(kpis => '{}', as_of => '2026-03-20 09:00+00') AS page, kpi.dashboard(kpis => '{}', as_of => '2026-03-20 09:00+00', lang => 'ko') AS korean;

-- SQL that is made of labels means them.
SELECT count(*) FILTER (WHERE NOT kpi.quote_label(text)::kpi.pattern::text::kpi.pattern::text = kpi.quote_label(text)::kpi.pattern::text) AS otherwise FROM label;
SELECT kpi.add_source('labels', 'visit', at => 'at', actor => 'who', event => 'what') \g /dev/null
SELECT count(kpi.define_count('labels of ' || n, 'labels', kpi.quote_label(text), title => text)) FROM label WHERE n % 4 = 1;
CALL kpi.refresh(as_of => '2026-03-20 09:00+00');
SELECT l.text AS miscounted, m.value FROM label AS l LEFT JOIN (SELECT kpi, sum(value) AS value FROM kpi.measurement GROUP BY kpi) AS m ON m.kpi = 'labels of ' || l.n WHERE l.n % 4 = 1 AND m.value IS DISTINCT FROM 20;

SELECT count(kpi.unpublish(name)) FROM kpi.analysis WHERE name LIKE 'labels %';
DELETE FROM kpi.kpi WHERE name LIKE 'labels %' OR name IN (SELECT text FROM label);
DELETE FROM kpi.objective WHERE name LIKE 'labels %';
DELETE FROM kpi.source WHERE name = 'labels';
DROP SCHEMA labels CASCADE;
