/*
 * ---- the dashboard: one page of HTML that needs nothing else ----
 *
 * kpi.dashboard() puts sections together, each of them a function of its own that returns HTML. Whatever comes out of a
 * table goes through kpi.html_escape(). Pictures are embedded: the page has their style once.
 */

CREATE FUNCTION @extschema@.dashboard_style() RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT @extschema@.chart_style() OPERATOR(pg_catalog.||) '
*{box-sizing:border-box}
:root{--page:#f5f6f8;--card:#fff;--text:#1b2430;--soft:#5a6472;--edge:#e3e7ed;--link:#2460c8;--good-text:#177245;--doubtful-text:#8f5a00;--bad-text:#b3261e}
@media screen and (prefers-color-scheme:dark){:root{--page:#0e131b;--card:#151b26;--text:#e6eaf0;--soft:#a4afbd;--edge:#2c3646;--link:#6ea8fe;--good-text:#4cc38a;--doubtful-text:#e5b84a;--bad-text:#ff8b80}}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans KR","Malgun Gothic",sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:1180px;margin:0 auto;padding:0 16px}
h1{font-size:26px;line-height:1.2;margin:28px 0 4px}h2{font-size:19px;margin:34px 0 12px}h3{font-size:16px;margin:22px 0 8px}h4{font-size:14px;margin:12px 0 4px}
p{margin:0 0 8px}a{color:var(--link)}.soft,.sub{color:var(--soft)}.sub{display:block;font-size:13px;font-weight:400}
.skip{position:absolute;left:-9999px}.skip:focus{left:8px;top:8px;background:var(--card);padding:8px}
a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.counts{list-style:none;padding:0;margin:14px 0 0;display:flex;flex-wrap:wrap;gap:8px}.counts li{background:var(--card);border:1px solid var(--edge);border-radius:8px;padding:6px 12px;display:flex;align-items:center}.counts b{font-size:17px;margin-right:6px}
nav ul{list-style:none;padding:0;margin:14px 0 0;display:flex;flex-wrap:wrap;gap:4px 18px}
.status{display:inline-flex;align-items:center;gap:6px;font-weight:600;white-space:nowrap}.good{color:var(--good-text)}.doubtful{color:var(--doubtful-text)}.bad{color:var(--bad-text)}.unknown{color:var(--soft)}
svg.kt{font-size:12px;vertical-align:middle;max-width:100%;height:auto}
.panel,.card{background:var(--card);border:1px solid var(--edge);border-radius:10px}.panel{padding:4px 16px 8px}
table{border-collapse:collapse;width:100%}caption{position:absolute;left:-9999px}th,td{text-align:left;padding:9px 10px 9px 0;border-top:1px solid var(--edge);vertical-align:top}
thead th{border-top:0;font-size:13px;font-weight:600;color:var(--soft)}tbody th{font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:break-word;min-width:84px}
.deep1{padding-left:20px}.deep2{padding-left:40px}.deep3{padding-left:60px}
td svg.kt{max-width:none}thead th{white-space:nowrap}.scores th:first-child{width:34%}.scores td:last-child{white-space:normal;min-width:130px}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,346px),1fr));gap:14px}.card{padding:12px 14px;min-width:0}.card h3{margin:0 0 2px;display:flex;justify-content:space-between;gap:10px}.card h3 .status{font-size:14px}
details{margin-top:6px;font-size:14px}summary{cursor:pointer;color:var(--link)}details td,details th{padding:3px 8px 3px 0;font-weight:400}details td{text-align:right;font-variant-numeric:tabular-nums}.fit thead th{white-space:normal;text-align:right}.fit thead th:first-child{text-align:left}
.note{font-size:14px;border-left:3px solid var(--edge);padding-left:9px;margin:8px 0 0}
pre{overflow-x:auto;background:var(--card);border:1px solid var(--edge);border-radius:8px;padding:12px;font-size:13px}
footer{margin:36px auto 28px;font-size:13px}
@media(max-width:760px){body{font-size:16px}.panel{padding:2px 12px 6px}thead{position:absolute;left:-9999px}table,tbody,tr{display:block}tr{display:flex;flex-wrap:wrap;gap:2px 14px;border-top:1px solid var(--edge);padding:10px 0}tbody tr:first-child{border-top:0}
th,td{display:block;border:0;padding:0}tbody th,.scores th:first-child{width:100%}.scores td{width:auto}td.n{text-align:left;white-space:normal}td[data-l]::before{content:attr(data-l) ": ";color:var(--soft);font-size:13px}td:empty{display:none}
details thead{position:static}details table{display:table}details tbody{display:table-row-group}details tr{display:table-row}details th,details td{display:table-cell;padding:3px 8px 3px 0}details td:empty{display:table-cell}}
@media print{body{background:#fff;font-size:12px}nav,.skip,summary{display:none}.card,tr{break-inside:avoid}h2,h3{break-after:avoid}.panel,.card{border-color:#ccc}.cards{grid-template-columns:1fr 1fr}a{color:inherit;text-decoration:none}}
'
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_style() IS 'the style sheet of kpi.dashboard()';

CREATE FUNCTION @extschema@.dashboard_figure(value double precision, unit text DEFAULT NULL, lang text DEFAULT 'en') RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- a unit of a sentence is told elsewhere
	SELECT @extschema@.html_escape(@extschema@.figure(coalesce(value, 'NaN'), 'plain', lang) OPERATOR(pg_catalog.||) CASE WHEN value IS NULL OR unit IS NULL THEN '' WHEN unit OPERATOR(pg_catalog.=) '%' THEN '%' ELSE ' ' OPERATOR(pg_catalog.||) pg_catalog.left(unit, 24) END) OPERATOR(pg_catalog.||) CASE WHEN value IS NOT NULL AND pg_catalog.length(unit) OPERATOR(pg_catalog.>) 24 THEN '&#8230;' ELSE '' END
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_figure(double precision, text, text) IS 'a number with its unit, as HTML; a dash for null';

CREATE FUNCTION @extschema@.dashboard_change(change double precision) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN change OPERATOR(pg_catalog.>) 0 THEN '+' ELSE '' END OPERATOR(pg_catalog.||) @extschema@.figure(change, 'percent')
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_change(double precision) IS 'a change as a share, with its sign';

CREATE FUNCTION @extschema@.dashboard_reason(card @extschema@.scorecard, w jsonb, lang text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- what a person has said is told as it was said
	SELECT @extschema@.html_escape(CASE
		WHEN lang NOT LIKE 'ko%' OR card.reason LIKE '% says so until %' THEN card.reason
		WHEN card.status IS NULL THEN (w OPERATOR(pg_catalog.->>) 'no_target')
		WHEN card.status OPERATOR(pg_catalog.=) 'not_started' THEN pg_catalog.format((w OPERATOR(pg_catalog.->>) 'because_not_started'), pg_catalog.to_char(card.period_start, 'YYYY-MM-DD'))
		WHEN card.status OPERATOR(pg_catalog.=) 'stale' THEN pg_catalog.format((w OPERATOR(pg_catalog.->>) 'because_stale'), pg_catalog.to_char(card.fresh_to, 'YYYY-MM-DD'))
		WHEN card.status OPERATOR(pg_catalog.=) 'no_data' THEN (w OPERATOR(pg_catalog.->>) 'because_no_data')
		WHEN card.status OPERATOR(pg_catalog.=) 'uncertain' THEN (w OPERATOR(pg_catalog.->>) 'because_uncertain')
		WHEN card.low IS NOT NULL OR card.high IS NOT NULL THEN pg_catalog.format((w OPERATOR(pg_catalog.->>) 'because_range'), @extschema@.figure(card.actual::pg_catalog.float8, 'plain', lang), coalesce(@extschema@.figure(card.low::pg_catalog.float8, 'plain', lang), ''), coalesce(@extschema@.figure(card.high::pg_catalog.float8, 'plain', lang), ''))
		WHEN card.is_closed OR card.expected_to_date OPERATOR(pg_catalog.=) card.target::pg_catalog.float8 THEN pg_catalog.format((w OPERATOR(pg_catalog.->>) 'because_target'), @extschema@.figure(card.actual::pg_catalog.float8, 'plain', lang), @extschema@.figure(card.target::pg_catalog.float8, 'plain', lang))
		ELSE pg_catalog.format((w OPERATOR(pg_catalog.->>) 'because_expected'), @extschema@.figure(card.actual::pg_catalog.float8, 'plain', lang), @extschema@.figure(card.expected_to_date, 'plain', lang), @extschema@.figure(card.forecast, 'plain', lang)) END)
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_reason(@extschema@.scorecard, jsonb, text) IS 'why a KPI has its status, in a language, as HTML';

CREATE FUNCTION @extschema@.dashboard_objectives(of_objectives text[], at timestamptz, w jsonb, lang text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('<section aria-labelledby="objectives"><h2 id="objectives">%s</h2><div class="panel"><table role="table"><caption>%s</caption><thead role="rowgroup"><tr role="row">'
			'<th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col" class="n">%s</th><th role="columnheader" scope="col"></th><th role="columnheader" scope="col" class="n">%s</th><th role="columnheader" scope="col" class="n">%s</th><th role="columnheader" scope="col">%s</th>'
			'</tr></thead><tbody role="rowgroup">%s</tbody></table></div></section>',
		(w OPERATOR(pg_catalog.->>) 'objectives'), (w OPERATOR(pg_catalog.->>) 'objectives'), (w OPERATOR(pg_catalog.->>) 'objective'), (w OPERATOR(pg_catalog.->>) 'status'), (w OPERATOR(pg_catalog.->>) 'attainment'), (w OPERATOR(pg_catalog.->>) 'coverage'), (w OPERATOR(pg_catalog.->>) 'kpis'), (w OPERATOR(pg_catalog.->>) 'owner'),
		pg_catalog.string_agg(pg_catalog.format('<tr role="row"><th role="rowheader" scope="row" class="deep%s">%s%s</th><td role="cell">%s</td><td role="cell" class="n" data-l="%s">%s</td><td role="cell">%s</td><td role="cell" class="n" data-l="%s">%s</td><td role="cell" class="n" data-l="%s">%s</td><td role="cell" data-l="%s">%s</td></tr>',
			CASE WHEN l.level OPERATOR(pg_catalog.>) 3 THEN 3 ELSE l.level END, @extschema@.html_escape(e.title), coalesce('<span class="sub">' OPERATOR(pg_catalog.||) @extschema@.html_escape(o.perspective) OPERATOR(pg_catalog.||) '</span>', ''),
			@extschema@.status_mark(e.status, lang), (w OPERATOR(pg_catalog.->>) 'attainment'), coalesce(@extschema@.figure(pg_catalog.round(e.attainment::pg_catalog.numeric, 3)::pg_catalog.float8, 'percent'), @extschema@.figure('NaN')),
			CASE WHEN e.attainment IS NOT NULL THEN @extschema@.bullet_chart(e.attainment, 1, status => e.status, title => (w OPERATOR(pg_catalog.->>) 'attainment'), percent => true, width => 150, height => 20, lang => lang, embedded => true) ELSE '' END,
			(w OPERATOR(pg_catalog.->>) 'coverage'), coalesce(@extschema@.figure(e.coverage, 'percent'), @extschema@.figure('NaN')), (w OPERATOR(pg_catalog.->>) 'kpis'), e.kpis, (w OPERATOR(pg_catalog.->>) 'owner'), @extschema@.html_escape(e.owner)) , '' ORDER BY l.path)) ELSE '' END
	FROM @extschema@.evaluate_objectives(at) AS e
	JOIN @extschema@.objective AS o ON o.name OPERATOR(pg_catalog.=) e.objective
	JOIN (
		-- each below what it serves, the first of these if there are several
		WITH RECURSIVE tree AS (
			SELECT b.name, 0 AS level, ARRAY[b.name] AS path FROM @extschema@.objective AS b
				WHERE b.name OPERATOR(pg_catalog.=) ANY (of_objectives) AND NOT EXISTS (SELECT FROM @extschema@.objective_edge AS g WHERE g.child OPERATOR(pg_catalog.=) b.name AND g.parent OPERATOR(pg_catalog.=) ANY (of_objectives))
			UNION ALL
			SELECT g.child, t.level OPERATOR(pg_catalog.+) 1, t.path OPERATOR(pg_catalog.||) g.child FROM tree AS t JOIN @extschema@.objective_edge AS g ON g.parent OPERATOR(pg_catalog.=) t.name
				WHERE g.child OPERATOR(pg_catalog.=) ANY (of_objectives) AND g.parent OPERATOR(pg_catalog.=) (SELECT pg_catalog.min(p.parent) FROM @extschema@.objective_edge AS p WHERE p.child OPERATOR(pg_catalog.=) g.child AND p.parent OPERATOR(pg_catalog.=) ANY (of_objectives)))
		SELECT * FROM tree) AS l ON l.name OPERATOR(pg_catalog.=) e.objective
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_objectives(text[], timestamptz, jsonb, text) IS 'section of kpi.dashboard(): what the objectives attain, each below what it serves';

CREATE FUNCTION @extschema@.dashboard_scores(cards @extschema@.scorecard[], trends @extschema@.series[], w jsonb, lang text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT coalesce(pg_catalog.string_agg(
		pg_catalog.format('<tr role="row"><th role="rowheader" scope="row">%s%s<span class="sub">%s &#183; %s</span></th><td role="cell">%s</td><td role="cell" class="n">%s%s</td><td role="cell">%s</td><td role="cell">%s</td><td role="cell" class="n">%s%s</td></tr>',
			CASE WHEN c.segment OPERATOR(pg_catalog.=) '' THEN pg_catalog.format('<a href="#kpi-%s">%s</a>', pg_catalog.left(pg_catalog.md5(c.kpi), 12), @extschema@.html_escape(c.title)) ELSE @extschema@.html_escape(c.title) END,
			CASE WHEN c.segment OPERATOR(pg_catalog.<>) '' THEN ' <span class="soft">' OPERATOR(pg_catalog.||) @extschema@.html_escape(c.segment) OPERATOR(pg_catalog.||) '</span>' ELSE '' END,
			@extschema@.html_escape(c.period), @extschema@.dashboard_reason(c, w, lang),
			coalesce(@extschema@.status_mark(c.status, lang), '<span class="soft">' OPERATOR(pg_catalog.||) (w OPERATOR(pg_catalog.->>) 'no_target') OPERATOR(pg_catalog.||) '</span>'),
			@extschema@.dashboard_figure(c.actual::pg_catalog.float8, c.unit, lang),
			CASE WHEN c.target IS NOT NULL THEN pg_catalog.format('<span class="sub">%s</span>', pg_catalog.format((w OPERATOR(pg_catalog.->>) 'of_target'), @extschema@.dashboard_figure(c.target::pg_catalog.float8, NULL, lang)))
				WHEN c.low IS NOT NULL OR c.high IS NOT NULL THEN pg_catalog.format('<span class="sub">%s &#8211; %s</span>', coalesce(@extschema@.dashboard_figure(c.low::pg_catalog.float8, NULL, lang), ''), coalesce(@extschema@.dashboard_figure(c.high::pg_catalog.float8, NULL, lang), ''))
				ELSE '' END,
			CASE WHEN c.target IS NOT NULL OR c.low IS NOT NULL OR c.high IS NOT NULL THEN @extschema@.bullet_chart(c.actual::pg_catalog.float8, c.target::pg_catalog.float8, c.expected_to_date, c.low::pg_catalog.float8, c.high::pg_catalog.float8, c.status, CASE WHEN NOT c.is_closed THEN c.forecast END,
				unit => c.unit, width => 150, height => 22, lang => lang, embedded => true) ELSE '' END,
			CASE WHEN t.closed OPERATOR(pg_catalog.>) 2 THEN @extschema@.sparkline_svg(t.points[t.closed OPERATOR(pg_catalog.-) 11:t.closed], unit => c.unit, lang => lang, embedded => true) ELSE '' END,
			coalesce(@extschema@.dashboard_change(c.change) OPERATOR(pg_catalog.||) '<span class="sub">' OPERATOR(pg_catalog.||) (w OPERATOR(pg_catalog.->>) 'vs_before') OPERATOR(pg_catalog.||) '</span>', ''),
			coalesce('<span class="sub">' OPERATOR(pg_catalog.||) @extschema@.dashboard_change(c.yoy_change) OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) (w OPERATOR(pg_catalog.->>) 'vs_year') OPERATOR(pg_catalog.||) '</span>', '')), '' ORDER BY c.title, c.kpi, c.segment, c.period_end OPERATOR(pg_catalog.-) c.period_start), '')
	FROM pg_catalog.unnest(cards) AS c LEFT JOIN pg_catalog.unnest(trends) AS t ON t.kpi OPERATOR(pg_catalog.=) c.kpi AND t.segment OPERATOR(pg_catalog.=) c.segment
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_scores(@extschema@.scorecard[], @extschema@.series[], jsonb, text) IS 'rows of a table of kpi.dashboard(): KPIs with their status, their value next to the target, their trend';

CREATE FUNCTION @extschema@.dashboard_scorecard(cards @extschema@.scorecard[], trends @extschema@.series[], of_objectives text[], w jsonb, lang text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH placed AS (
		SELECT c AS card, (SELECT ko.objective FROM @extschema@.kpi_objective AS ko WHERE ko.kpi OPERATOR(pg_catalog.=) c.kpi AND ko.objective OPERATOR(pg_catalog.=) ANY (of_objectives) ORDER BY ko.weight DESC, ko.objective LIMIT 1) AS objective
		FROM pg_catalog.unnest(cards) AS c),
	grouped AS (
		SELECT p.objective, pg_catalog.array_agg(p.card) AS cards FROM placed AS p GROUP BY p.objective)
	SELECT pg_catalog.format('<section aria-labelledby="scorecard"><h2 id="scorecard">%s</h2>%s</section>', (w OPERATOR(pg_catalog.->>) 'scorecard'),
		pg_catalog.string_agg(pg_catalog.format('<h3>%s</h3>%s<div class="panel"><table role="table" class="scores"><caption>%s</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col" class="n">%s</th>'
			'<th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col" class="n">%s</th></tr></thead><tbody role="rowgroup">%s</tbody></table></div>',
			coalesce(@extschema@.html_escape(o.title), (w OPERATOR(pg_catalog.->>) 'other_kpis')), coalesce('<p class="soft">' OPERATOR(pg_catalog.||) @extschema@.html_escape(nullif(o.description, '')) OPERATOR(pg_catalog.||) '</p>', ''), coalesce(@extschema@.html_escape(o.title), (w OPERATOR(pg_catalog.->>) 'other_kpis')), (w OPERATOR(pg_catalog.->>) 'kpi'), (w OPERATOR(pg_catalog.->>) 'status'), (w OPERATOR(pg_catalog.->>) 'value'), (w OPERATOR(pg_catalog.->>) 'bullet'), (w OPERATOR(pg_catalog.->>) 'sparkline'), (w OPERATOR(pg_catalog.->>) 'change'),
			@extschema@.dashboard_scores(g.cards, trends, w, lang)), '' ORDER BY o.title NULLS LAST, o.name))
	FROM grouped AS g LEFT JOIN @extschema@.objective AS o ON o.name OPERATOR(pg_catalog.=) g.objective
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_scorecard(@extschema@.scorecard[], @extschema@.series[], text[], jsonb, text) IS 'section of kpi.dashboard(): the scorecard by objective';

CREATE FUNCTION @extschema@.dashboard_history(cards @extschema@.scorecard[], trends @extschema@.series[], at timestamptz, w jsonb, lang text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	AS $$
	WITH wholes AS (
		-- of several targets the one that is judged by the period that is shown
		SELECT DISTINCT ON (c.kpi) c.* FROM pg_catalog.unnest(cards) AS c WHERE c.segment OPERATOR(pg_catalog.=) '' ORDER BY c.kpi, c.period_end OPERATOR(pg_catalog.-) c.period_start)
	SELECT CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('<section aria-labelledby="history"><h2 id="history">%s</h2><div class="cards">%s</div></section>', (w OPERATOR(pg_catalog.->>) 'history'),
		pg_catalog.string_agg(pg_catalog.format('<article class="card" id="kpi-%s"><h3><span>%s</span>%s</h3><p class="sub">%s%s</p>%s%s%s<details><summary>%s</summary><table><caption>%s</caption><thead><tr><th scope="col">%s</th><th scope="col" class="n">%s</th><th scope="col" class="n">%s</th></tr></thead><tbody>%s</tbody></table></details></article>',
			pg_catalog.left(pg_catalog.md5(c.kpi), 12), @extschema@.html_escape(c.title), coalesce(@extschema@.status_mark(c.status, lang), ''), @extschema@.html_escape(c.unit), coalesce(' &#183; ' OPERATOR(pg_catalog.||) @extschema@.html_escape(nullif(k.description, '')), ''),
			@extschema@.line_chart(coalesce(h.labels, '{}'), coalesce(h.points, '{}'), targets => h.targets, low => h.low, high => h.high, forecast => h.forecast, title => c.title, unit => c.unit, width => 340, height => 200, lang => lang, embedded => true),
			coalesce((SELECT pg_catalog.string_agg(pg_catalog.format('<p class="note">%s<span class="sub">%s, %s</span></p>', @extschema@.html_escape(n.note), @extschema@.html_escape(n.by_role), n.at), '' ORDER BY n.at DESC)
				FROM (SELECT ci.note, ci.by_role, ci.at::pg_catalog.date AS at FROM @extschema@.check_in AS ci WHERE ci.kpi OPERATOR(pg_catalog.=) c.kpi AND ci.note OPERATOR(pg_catalog.<>) '' AND ci.at OPERATOR(pg_catalog.<=) coalesce(at, pg_catalog.now()) ORDER BY ci.at DESC LIMIT 2) AS n), ''),
			coalesce((SELECT pg_catalog.string_agg(pg_catalog.format('<p class="note">%s</p>', @extschema@.html_escape(pg_catalog.format((w OPERATOR(pg_catalog.->>) 'target_moved'), m.period, m.old, m.new, m.on_day))), '' ORDER BY m.on_day DESC)
				FROM (SELECT @extschema@.period_name(pg_catalog.daterange(t.period_start, t.period_end)) AS period, @extschema@.figure(t.target::pg_catalog.float8, 'plain', lang) AS old, @extschema@.figure(f.target::pg_catalog.float8, 'plain', lang) AS new, t.closed_at::pg_catalog.date AS on_day
					FROM @extschema@.target AS t JOIN @extschema@.target AS f ON f.kpi OPERATOR(pg_catalog.=) t.kpi AND f.segment OPERATOR(pg_catalog.=) t.segment AND f.period_start OPERATOR(pg_catalog.=) t.period_start AND f.period_end OPERATOR(pg_catalog.=) t.period_end AND f.version OPERATOR(pg_catalog.=) (t.version OPERATOR(pg_catalog.+) 1)
					WHERE t.kpi OPERATOR(pg_catalog.=) c.kpi AND t.segment OPERATOR(pg_catalog.=) '' AND t.target OPERATOR(pg_catalog.<>) f.target AND t.closed_at IS NOT NULL ORDER BY t.closed_at DESC LIMIT 3) AS m), ''),
			(w OPERATOR(pg_catalog.->>) 'numbers'), @extschema@.html_escape(c.title), (w OPERATOR(pg_catalog.->>) 'period'), (w OPERATOR(pg_catalog.->>) 'value'), (w OPERATOR(pg_catalog.->>) 'target'), l.lines), '' ORDER BY c.title, c.kpi)) ELSE '' END
	FROM wholes AS c
	JOIN @extschema@.kpi AS k ON k.name OPERATOR(pg_catalog.=) c.kpi
	LEFT JOIN pg_catalog.unnest(trends) AS h ON h.kpi OPERATOR(pg_catalog.=) c.kpi AND h.segment OPERATOR(pg_catalog.=) ''
	CROSS JOIN LATERAL (
		SELECT coalesce(pg_catalog.string_agg(pg_catalog.format('<tr><th scope="row">%s</th><td>%s</td><td>%s</td></tr>', p.period, @extschema@.dashboard_figure(p.value, NULL, lang),
			CASE WHEN p.low IS NOT NULL OR p.high IS NOT NULL THEN coalesce(@extschema@.dashboard_figure(p.low, NULL, lang), '') OPERATOR(pg_catalog.||) ' &#8211; ' OPERATOR(pg_catalog.||) coalesce(@extschema@.dashboard_figure(p.high, NULL, lang), '') WHEN p.target IS NOT NULL THEN @extschema@.dashboard_figure(p.target, NULL, lang) ELSE '' END), '' ORDER BY p.n DESC), '') AS lines
		FROM ROWS FROM (pg_catalog.unnest(h.labels), pg_catalog.unnest(h.points), pg_catalog.unnest(h.targets), pg_catalog.unnest(h.low), pg_catalog.unnest(h.high)) WITH ORDINALITY AS p(period, value, target, low, high, n)) AS l
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_history(@extschema@.scorecard[], @extschema@.series[], timestamptz, jsonb, text) IS 'section of kpi.dashboard(): the history of each KPI as a picture and in numbers, what was said about it, and where its goalposts moved';

CREATE FUNCTION @extschema@.dashboard_effect(action text, unit text, at timestamptz, w jsonb, lang text) RETURNS text
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		effect pg_catalog.jsonb;
	BEGIN
		IF NOT EXISTS (SELECT FROM pg_catalog.pg_proc AS p WHERE p.pronamespace OPERATOR(pg_catalog.=) '@extschema@'::pg_catalog.regnamespace AND p.proname OPERATOR(pg_catalog.=) 'action_effect') THEN
			RETURN '';
		END IF;
		BEGIN
			EXECUTE 'SELECT pg_catalog.to_jsonb(e) FROM @extschema@.action_effect($1, as_of => $2) AS e' INTO effect USING action, at;
		EXCEPTION
			WHEN query_canceled OR admin_shutdown OR crash_shutdown THEN
				RAISE;
			WHEN OTHERS THEN
				RETURN pg_catalog.format('<span class="sub">%s</span>', @extschema@.html_escape(pg_catalog.format((w OPERATOR(pg_catalog.->>) 'not_checked'), SQLERRM)));
		END;
		RETURN CASE WHEN (effect OPERATOR(pg_catalog.->>) 'change') IS NULL THEN '' ELSE CASE WHEN ((effect OPERATOR(pg_catalog.->>) 'change'))::pg_catalog.float8 OPERATOR(pg_catalog.>) 0 THEN '+' ELSE '' END OPERATOR(pg_catalog.||) @extschema@.dashboard_figure(((effect OPERATOR(pg_catalog.->>) 'change'))::pg_catalog.float8, unit, lang) END OPERATOR(pg_catalog.||)
			CASE WHEN (effect OPERATOR(pg_catalog.->>) 'ci_low') IS NULL THEN '' ELSE pg_catalog.format('<span class="sub">%s &#8211; %s</span>', @extschema@.dashboard_figure(((effect OPERATOR(pg_catalog.->>) 'ci_low'))::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(((effect OPERATOR(pg_catalog.->>) 'ci_high'))::pg_catalog.float8, NULL, lang)) END OPERATOR(pg_catalog.||)
			coalesce('<span class="sub">' OPERATOR(pg_catalog.||) @extschema@.html_escape((effect OPERATOR(pg_catalog.->>) 'verdict')) OPERATOR(pg_catalog.||) '</span>', '');
	END
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_effect(text, text, timestamptz, jsonb, text) IS 'what kpi.action_effect() says of an action, as HTML';

CREATE FUNCTION @extschema@.dashboard_actions(of_kpis text[], at timestamptz, w jsonb, lang text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	AS $$
	SELECT CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('<section aria-labelledby="actions"><h2 id="actions">%s</h2><div class="panel"><table role="table"><caption>%s</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col">%s</th>'
			'<th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col" class="n">%s</th><th role="columnheader" scope="col" class="n">%s</th><th role="columnheader" scope="col">%s</th></tr></thead><tbody role="rowgroup">%s</tbody></table></div></section>',
		(w OPERATOR(pg_catalog.->>) 'actions'), (w OPERATOR(pg_catalog.->>) 'actions'), (w OPERATOR(pg_catalog.->>) 'action'), (w OPERATOR(pg_catalog.->>) 'kpi'), (w OPERATOR(pg_catalog.->>) 'state'), (w OPERATOR(pg_catalog.->>) 'days'), (w OPERATOR(pg_catalog.->>) 'expected_change'), (w OPERATOR(pg_catalog.->>) 'measured_change'), (w OPERATOR(pg_catalog.->>) 'owner'),
		pg_catalog.string_agg(pg_catalog.format('<tr role="row"><th role="rowheader" scope="row">%s%s</th><td role="cell" data-l="%s">%s</td><td role="cell" data-l="%s">%s</td><td role="cell" data-l="%s">%s &#8211; %s</td><td role="cell" class="n" data-l="%s">%s</td><td role="cell" class="n" data-l="%s">%s</td><td role="cell" data-l="%s">%s</td></tr>',
			@extschema@.html_escape(a.name), coalesce('<span class="sub">' OPERATOR(pg_catalog.||) @extschema@.html_escape(a.description) OPERATOR(pg_catalog.||) '</span>', ''), (w OPERATOR(pg_catalog.->>) 'kpi'), @extschema@.html_escape(a.title OPERATOR(pg_catalog.||) CASE WHEN a.segment OPERATOR(pg_catalog.<>) '' THEN ', ' OPERATOR(pg_catalog.||) a.segment ELSE '' END),
			(w OPERATOR(pg_catalog.->>) 'state'), coalesce((w OPERATOR(pg_catalog.->>) a.state), a.state), (w OPERATOR(pg_catalog.->>) 'days'), a.started_on, coalesce(a.ended_on::pg_catalog.text, ''),
			(w OPERATOR(pg_catalog.->>) 'expected_change'), CASE WHEN a.expected_change OPERATOR(pg_catalog.>) 0 THEN '+' ELSE '' END OPERATOR(pg_catalog.||) @extschema@.dashboard_figure(a.expected_change::pg_catalog.float8, a.unit, lang),
			(w OPERATOR(pg_catalog.->>) 'measured_change'), coalesce(nullif(@extschema@.dashboard_effect(a.name, a.unit, at, w, lang), ''), @extschema@.figure('NaN')), (w OPERATOR(pg_catalog.->>) 'owner'), @extschema@.html_escape(a.owner)), '' ORDER BY a.started_on DESC, a.name)) ELSE '' END
	-- the latest ones
	FROM (SELECT b.*, k.title, k.unit FROM @extschema@.action AS b JOIN @extschema@.kpi AS k ON k.name OPERATOR(pg_catalog.=) b.kpi WHERE b.kpi OPERATOR(pg_catalog.=) ANY (of_kpis) ORDER BY b.started_on DESC, b.name LIMIT 30) AS a
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_actions(text[], timestamptz, jsonb, text) IS 'section of kpi.dashboard(): what was decided because of the KPIs, and what came of it';

CREATE FUNCTION @extschema@.dashboard_findings(title text, findings jsonb, w jsonb) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH told AS (
		SELECT f.finding, CASE (f.finding OPERATOR(pg_catalog.->>) 'severity') WHEN 'error' THEN 1 ELSE 2 END AS place, f.n
		FROM pg_catalog.jsonb_array_elements(findings) WITH ORDINALITY AS f(finding, n) WHERE (f.finding OPERATOR(pg_catalog.->>) 'severity') OPERATOR(pg_catalog.=) ANY (ARRAY['error', 'warning'])),
	shown AS (SELECT t.* FROM told AS t ORDER BY t.place, t.n LIMIT 40)
	SELECT pg_catalog.format('<h3>%s</h3>', @extschema@.html_escape(title)) OPERATOR(pg_catalog.||) CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 0 THEN pg_catalog.format('<p>%s</p>', (w OPERATOR(pg_catalog.->>) 'all_well')) ELSE pg_catalog.format('<div class="panel"><table role="table"><caption>%s</caption><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col">%s</th><th role="columnheader" scope="col">%s</th></tr></thead><tbody role="rowgroup">%s</tbody></table>%s</div>',
		@extschema@.html_escape(title), (w OPERATOR(pg_catalog.->>) 'about'), (w OPERATOR(pg_catalog.->>) 'severity'), (w OPERATOR(pg_catalog.->>) 'detail'), (w OPERATOR(pg_catalog.->>) 'fix'),
		pg_catalog.string_agg(pg_catalog.format('<tr role="row"><th role="rowheader" scope="row">%s<span class="sub">%s</span></th><td role="cell"><b class="%s">%s</b></td><td role="cell">%s</td><td role="cell">%s</td></tr>',
			@extschema@.html_escape(coalesce((s.finding OPERATOR(pg_catalog.->>) 'source'), (s.finding OPERATOR(pg_catalog.->>) 'kpi'), (s.finding OPERATOR(pg_catalog.->>) 'objective'), '')), @extschema@.html_escape(coalesce((s.finding OPERATOR(pg_catalog.->>) 'rule'), '')),
			CASE s.place WHEN 1 THEN 'bad' ELSE 'doubtful' END, @extschema@.html_escape(coalesce((s.finding OPERATOR(pg_catalog.->>) 'severity'), '')), @extschema@.html_escape(coalesce((s.finding OPERATOR(pg_catalog.->>) 'detail'), '')), @extschema@.html_escape(coalesce((s.finding OPERATOR(pg_catalog.->>) 'fix'), ''))), '' ORDER BY s.place, s.n),
		(SELECT CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.>) 40 THEN pg_catalog.format('<p class="soft">+%s</p>', pg_catalog.count(*) OPERATOR(pg_catalog.-) 40) ELSE '' END FROM told AS t)) END
	FROM shown AS s
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_findings(text, jsonb, jsonb) IS 'a panel of kpi.dashboard(): errors and warnings; findings are objects with severity, detail and what they are about';

CREATE FUNCTION @extschema@.dashboard_checks(of_kpis text[], at timestamptz, w jsonb, lang text) RETURNS text
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		page pg_catalog.text;
		check_name pg_catalog.text;
		takes pg_catalog.text[];
		findings pg_catalog.jsonb;
	BEGIN
		-- as of then: kpi.health tells it as of now
		SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('kpi', r.name, 'rule', 'refresh', 'severity', CASE WHEN r.error IS NOT NULL OR r.refreshed_at IS NULL THEN 'error' ELSE 'warning' END, 'detail',
				coalesce(r.error, pg_catalog.format((w OPERATOR(pg_catalog.->>) 'refreshed_last'), pg_catalog.to_char(r.refreshed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') OPERATOR(pg_catalog.||) ' UTC'), (w OPERATOR(pg_catalog.->>) 'never_refreshed')), 'fix', 'CALL kpi.refresh();') ORDER BY r.name), '[]') INTO findings
			FROM (SELECT k.name, u.refreshed_at, l.error FROM @extschema@.kpi AS k
				LEFT JOIN @extschema@.watermark AS u ON u.kpi OPERATOR(pg_catalog.=) k.name
				LEFT JOIN LATERAL (SELECT g.error FROM @extschema@.run_log AS g WHERE g.kpi OPERATOR(pg_catalog.=) k.name AND g.finished_at IS NOT NULL ORDER BY g.started_at DESC LIMIT 1) AS l ON true
				WHERE k.name OPERATOR(pg_catalog.=) ANY (of_kpis) AND k.kind OPERATOR(pg_catalog.<>) 'manual' AND (l.error IS NOT NULL OR u.refreshed_at IS NULL OR u.refreshed_at OPERATOR(pg_catalog.+) k.stale_after OPERATOR(pg_catalog.<) coalesce(at, pg_catalog.now()))) AS r;
		page := @extschema@.dashboard_findings((w OPERATOR(pg_catalog.->>) 'refresh'), findings, w);
		FOREACH check_name IN ARRAY ARRAY['lint', 'trust'] LOOP
			SELECT coalesce(p.proargnames, '{}') INTO takes FROM pg_catalog.pg_proc AS p WHERE p.pronamespace OPERATOR(pg_catalog.=) '@extschema@'::pg_catalog.regnamespace AND p.proname OPERATOR(pg_catalog.=) check_name AND p.pronargs OPERATOR(pg_catalog.=) p.pronargdefaults;
			CONTINUE WHEN NOT FOUND;
			BEGIN
				EXECUTE pg_catalog.format('SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(f)), ''[]'') FROM @extschema@.%I(%s) AS f', check_name, CASE WHEN 'as_of' OPERATOR(pg_catalog.=) ANY (takes) THEN 'as_of => $1' ELSE '' END) INTO findings USING at;
				-- of the KPIs that are shown, and what is about none
				SELECT coalesce(pg_catalog.jsonb_agg(f.finding ORDER BY f.n), '[]') INTO findings FROM pg_catalog.jsonb_array_elements(findings) WITH ORDINALITY AS f(finding, n) WHERE (f.finding OPERATOR(pg_catalog.->>) 'kpi') IS NULL OR (f.finding OPERATOR(pg_catalog.->>) 'kpi') OPERATOR(pg_catalog.=) ANY (of_kpis);
				page := page OPERATOR(pg_catalog.||) @extschema@.dashboard_findings((w OPERATOR(pg_catalog.->>) check_name), findings, w);
			EXCEPTION
				WHEN query_canceled OR admin_shutdown OR crash_shutdown THEN
					RAISE;
				WHEN OTHERS THEN
					page := page OPERATOR(pg_catalog.||) pg_catalog.format('<h3>%s</h3><p>%s</p>', (w OPERATOR(pg_catalog.->>) check_name), @extschema@.html_escape(pg_catalog.format((w OPERATOR(pg_catalog.->>) 'not_checked'), SQLERRM)));
			END;
		END LOOP;
		RETURN pg_catalog.format('<section aria-labelledby="checks"><h2 id="checks">%s</h2>%s</section>', (w OPERATOR(pg_catalog.->>) 'checks'), page);
	END
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_checks(text[], timestamptz, jsonb, text) IS 'section of kpi.dashboard(): whether the refresh works, and what kpi.lint() and kpi.trust() find';

/* Published analyses. */

CREATE FUNCTION @extschema@.dashboard_share(share double precision) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT coalesce(@extschema@.figure(pg_catalog.round(share::pg_catalog.numeric, 3)::pg_catalog.float8, 'percent'), @extschema@.figure('NaN'))
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_share(double precision) IS 'a share as percent; a dash for null';

CREATE FUNCTION @extschema@.dashboard_line(head text, VARIADIC cells text[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.format('<tr><th scope="row">%s</th><td>%s</td></tr>', @extschema@.html_escape(coalesce(head, '')), pg_catalog.array_to_string(cells, '</td><td>', ''))
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_line(text, text[]) IS 'a row of a table of numbers: its head, a text, and its cells, which are HTML';

CREATE FUNCTION @extschema@.dashboard_numbers(caption text, heads text[], lines text, w jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN lines IS NULL THEN '' ELSE pg_catalog.format('<details><summary>%s</summary><table class="fit"><caption>%s</caption><thead><tr>%s</tr></thead><tbody>%s</tbody></table></details>', (w OPERATOR(pg_catalog.->>) 'numbers'), @extschema@.html_escape(caption),
		(SELECT pg_catalog.string_agg(pg_catalog.format('<th scope="col">%s</th>', coalesce((w OPERATOR(pg_catalog.->>) h.head), @extschema@.html_escape(h.head))), '' ORDER BY h.n) FROM pg_catalog.unnest(heads) WITH ORDINALITY AS h(head, n)), lines) END
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_numbers(text, text[], text, jsonb) IS 'the numbers of a picture as a table that can be opened; heads are names of words, or texts';

CREATE FUNCTION @extschema@.dashboard_picture(kind text, r @extschema@.analysis_result, caption text, w jsonb, lang text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE kind
		WHEN 'funnel' THEN @extschema@.svg(r.funnel, title => caption, width => 340, lang => lang, embedded => true) OPERATOR(pg_catalog.||) @extschema@.dashboard_numbers(caption, ARRAY['step', 'actors', 'of_first', 'continue', 'drop_off'],
			(SELECT pg_catalog.string_agg(@extschema@.dashboard_line(s.name, @extschema@.dashboard_figure(s.actors::pg_catalog.float8, NULL, lang), @extschema@.dashboard_share(s.conversion_from_first), @extschema@.dashboard_share(s.conversion_from_previous), @extschema@.dashboard_figure(s.dropped::pg_catalog.float8, NULL, lang)), '' ORDER BY s.step) FROM @extschema@.steps(r.funnel) AS s), w)
		WHEN 'retention' THEN @extschema@.svg(r.retention, title => caption, width => 340, lang => lang, embedded => true) OPERATOR(pg_catalog.||) @extschema@.dashboard_numbers(caption, ARRAY['periods_later', 'eligible', 'retained', 'rate'],
			(SELECT pg_catalog.string_agg(@extschema@.dashboard_line(c.period::pg_catalog.text, @extschema@.dashboard_figure(c.eligible::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(c.retained::pg_catalog.float8, NULL, lang), @extschema@.dashboard_share(c.rate)), '' ORDER BY c.period) FROM @extschema@.curve(r.retention) AS c WHERE c.period OPERATOR(pg_catalog.<=) 60), w)
		WHEN 'ltv' THEN @extschema@.svg(r.ltv, title => caption, width => 340, lang => lang, embedded => true) OPERATOR(pg_catalog.||) @extschema@.dashboard_numbers(caption, ARRAY['periods_later', 'customers', 'revenue', 'cumulative'],
			(SELECT pg_catalog.string_agg(@extschema@.dashboard_line(c.age::pg_catalog.text, @extschema@.dashboard_figure(c.eligible::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(c.revenue::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(c.cumulative::pg_catalog.float8, NULL, lang)), '' ORDER BY c.age) FROM @extschema@.curve(r.ltv) AS c WHERE c.age OPERATOR(pg_catalog.<=) 60), w)
		WHEN 'attribution' THEN @extschema@.svg(r.attribution, title => caption, width => 340, lang => lang, embedded => true) OPERATOR(pg_catalog.||) @extschema@.dashboard_numbers(caption, ARRAY['channel', 'first', 'last', 'linear', 'position', 'markov'],
			(SELECT pg_catalog.string_agg(@extschema@.dashboard_line(c.channel, @extschema@.dashboard_share(c.first), @extschema@.dashboard_share(c.last), @extschema@.dashboard_share(c.linear), @extschema@.dashboard_share(c.position), @extschema@.dashboard_share(c.markov)), '' ORDER BY c.linear DESC, c.channel)
			FROM (
				SELECT b.channel, pg_catalog.sum(b.share) FILTER (WHERE b.model OPERATOR(pg_catalog.=) 'first') AS first, pg_catalog.sum(b.share) FILTER (WHERE b.model OPERATOR(pg_catalog.=) 'last') AS last, pg_catalog.sum(b.share) FILTER (WHERE b.model OPERATOR(pg_catalog.=) 'linear') AS linear,
					pg_catalog.sum(b.share) FILTER (WHERE b.model OPERATOR(pg_catalog.=) 'position') AS position, pg_catalog.sum(b.share) FILTER (WHERE b.model OPERATOR(pg_catalog.=) 'markov') AS markov
				-- of all periods together
				FROM (SELECT m.model, k.channel, (pg_catalog.sum(k.conversions) OPERATOR(pg_catalog./) nullif(pg_catalog.sum(pg_catalog.sum(k.conversions)) OVER (PARTITION BY m.model), 0))::pg_catalog.float8 AS share
					FROM pg_catalog.unnest(ARRAY['first', 'last', 'linear', 'position', 'markov']) AS m(model) CROSS JOIN LATERAL @extschema@.credit(r.attribution, m.model) AS k GROUP BY m.model, k.channel) AS b
				GROUP BY b.channel ORDER BY linear DESC, b.channel LIMIT 40) AS c), w)
		WHEN 'activity' THEN @extschema@.svg(r.activity, title => caption, width => 340, lang => lang, embedded => true) OPERATOR(pg_catalog.||) @extschema@.dashboard_numbers(caption, ARRAY['period', 'active', 'new', 'returning', 'resurrecting', 'dormant'],
			(SELECT pg_catalog.string_agg(@extschema@.dashboard_line((@extschema@.period_labels(ARRAY[l.period]))[1], @extschema@.dashboard_figure(l.active::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(l.new::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(l."returning"::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(l.resurrecting::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(l.dormant::pg_catalog.float8, NULL, lang)), '' ORDER BY l.period DESC)
			FROM (SELECT * FROM @extschema@.lifecycle(r.activity) AS a ORDER BY a.period DESC LIMIT 60) AS l), w)
		WHEN 'sessions' THEN @extschema@.svg(r.sessions, title => caption, width => 340, lang => lang, embedded => true) OPERATOR(pg_catalog.||) @extschema@.dashboard_numbers(caption, ARRAY['period', 'visitors', 'all_sessions', 'engaged_sessions', 'page_views', 'key_events'],
			(SELECT pg_catalog.string_agg(@extschema@.dashboard_line(coalesce((@extschema@.period_labels(ARRAY[t.period]))[1], (w OPERATOR(pg_catalog.->>) 'all_cohorts')), @extschema@.dashboard_figure(t.visitors::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(t.sessions::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(t.engaged_sessions::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(t.page_views::pg_catalog.float8, NULL, lang), @extschema@.dashboard_figure(t.key_events::pg_catalog.float8, NULL, lang)), '' ORDER BY t.period DESC)
			FROM (
				SELECT NULL::pg_catalog.timestamp AS period, a.visitors, a.sessions, a.engaged_sessions, a.page_views, a.key_events FROM @extschema@.session_stats(r.sessions) AS a
				UNION ALL (SELECT p.period, p.visitors, p.sessions, p.engaged_sessions, p.page_views, p.key_events FROM @extschema@.session_trend(r.sessions) AS p ORDER BY p.period DESC LIMIT 60)) AS t), w)
		END
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_picture(text, @extschema@.analysis_result, text, jsonb, text) IS 'a summary of a published analysis as a picture and in numbers, as HTML';

CREATE FUNCTION @extschema@.dashboard_channels(of_analysis text, caption text, w jsonb, lang text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH shown AS MATERIALIZED (
		SELECT CASE WHEN r.segment OPERATOR(pg_catalog.=) '' THEN (w OPERATOR(pg_catalog.->>) 'all_cohorts') ELSE r.segment END AS channel, r.roi, r.place, @extschema@.cost(r.roi)::pg_catalog.float8 AS cost, @extschema@.revenue(r.roi)::pg_catalog.float8 AS revenue
		FROM @extschema@.analysis_result AS r WHERE r.analysis OPERATOR(pg_catalog.=) of_analysis ORDER BY r.place LIMIT 40)
	SELECT @extschema@.bar_chart(pg_catalog.array_agg(s.channel ORDER BY s.place), ARRAY[pg_catalog.array_agg(s.cost ORDER BY s.place), pg_catalog.array_agg(s.revenue ORDER BY s.place)], ARRAY[(w OPERATOR(pg_catalog.->>) 'cost'), (w OPERATOR(pg_catalog.->>) 'revenue')],
			title => caption, unit => pg_catalog.max(@extschema@.currency(s.roi)), width => 340, lang => lang, embedded => true) OPERATOR(pg_catalog.||)
		@extschema@.dashboard_numbers(caption, ARRAY['channel', 'cost', 'revenue', 'profit', 'roi', 'roas'],
			pg_catalog.string_agg(@extschema@.dashboard_line(s.channel, @extschema@.dashboard_figure(s.cost, NULL, lang), @extschema@.dashboard_figure(s.revenue, NULL, lang), @extschema@.dashboard_figure(@extschema@.profit(s.roi)::pg_catalog.float8, NULL, lang),
				@extschema@.dashboard_share(@extschema@.roi_rate(s.roi)::pg_catalog.float8), @extschema@.dashboard_figure(@extschema@.roas(s.roi)::pg_catalog.float8, NULL, lang)), '' ORDER BY s.place), w)
	FROM shown AS s HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_channels(text, text, jsonb, text) IS 'costs and revenue of the channels of a published analysis as a picture and in numbers, as HTML';

CREATE FUNCTION @extschema@.dashboard_analyses(of_analyses text[], w jsonb, lang text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.format('<section aria-labelledby="analyses"><h2 id="analyses">%s</h2><div class="cards">%s</div></section>', (w OPERATOR(pg_catalog.->>) 'analyses'),
		pg_catalog.string_agg(pg_catalog.format('<article class="card" id="analysis-%s"><h3>%s</h3><p class="sub">%s%s</p>%s%s%s</article>', pg_catalog.left(pg_catalog.md5(a.name), 12), @extschema@.html_escape(a.title),
			CASE WHEN l.read_at IS NULL THEN (w OPERATOR(pg_catalog.->>) 'never_refreshed') ELSE pg_catalog.format((w OPERATOR(pg_catalog.->>) 'refreshed_last'), pg_catalog.to_char(l.read_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') OPERATOR(pg_catalog.||) ' UTC') END,
			coalesce(' &#183; ' OPERATOR(pg_catalog.||) @extschema@.html_escape(nullif(a.description, '')), ''),
			CASE WHEN l.error IS NULL THEN '' ELSE pg_catalog.format('<p class="note">%s</p>', @extschema@.html_escape(pg_catalog.format((w OPERATOR(pg_catalog.->>) 'analysis_failed'), l.error))) END,
			coalesce(CASE WHEN a.kind OPERATOR(pg_catalog.=) 'roi' THEN @extschema@.dashboard_channels(a.name, a.title, w, lang) ELSE p.pictures END, pg_catalog.format('<p class="soft">%s</p>', (w OPERATOR(pg_catalog.->>) 'not_yet'))),
			CASE WHEN p.left_out OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('<p class="soft">%s</p>', pg_catalog.format((w OPERATOR(pg_catalog.->>) 'segments_left'), p.left_out)) ELSE '' END), '' ORDER BY a.title, a.name))
	FROM @extschema@.analysis AS a
	CROSS JOIN LATERAL (
		SELECT (SELECT pg_catalog.max(g.finished_at) FROM @extschema@.analysis_log AS g WHERE g.analysis OPERATOR(pg_catalog.=) a.name AND g.finished_at IS NOT NULL AND g.error IS NULL) AS read_at,
			(SELECT g.error FROM @extschema@.analysis_log AS g WHERE g.analysis OPERATOR(pg_catalog.=) a.name AND g.finished_at IS NOT NULL ORDER BY g.started_at DESC LIMIT 1) AS error) AS l
	CROSS JOIN LATERAL (
		-- the first ones; the definition orders them
		SELECT pg_catalog.string_agg(CASE WHEN a.kind OPERATOR(pg_catalog.<>) 'roi' AND s.n OPERATOR(pg_catalog.<=) 6 THEN
				CASE WHEN s.segment OPERATOR(pg_catalog.<>) '' THEN pg_catalog.format('<h4>%s</h4>', @extschema@.html_escape(s.segment)) ELSE '' END OPERATOR(pg_catalog.||) coalesce(@extschema@.dashboard_picture(a.kind, s.result, a.title OPERATOR(pg_catalog.||) CASE WHEN s.segment OPERATOR(pg_catalog.<>) '' THEN ', ' OPERATOR(pg_catalog.||) s.segment ELSE '' END, w, lang), '') END, '' ORDER BY s.n) AS pictures,
			pg_catalog.count(*) OPERATOR(pg_catalog.-) CASE WHEN a.kind OPERATOR(pg_catalog.=) 'roi' THEN 40 ELSE 6 END AS left_out
		FROM (SELECT r AS result, r.segment, pg_catalog.row_number() OVER (ORDER BY r.place) AS n FROM @extschema@.analysis_result AS r WHERE r.analysis OPERATOR(pg_catalog.=) a.name) AS s) AS p
	WHERE a.name OPERATOR(pg_catalog.=) ANY (of_analyses)
	$$;
COMMENT ON FUNCTION @extschema@.dashboard_analyses(text[], jsonb, text) IS 'section of kpi.dashboard(): published analyses, at most 6 segments or 40 channels of each';

CREATE FUNCTION @extschema@.dashboard(objective text DEFAULT NULL, kpis text[] DEFAULT NULL, as_of timestamptz DEFAULT NULL, lang text DEFAULT 'en', analyses text[] DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		w pg_catalog.jsonb := (SELECT pg_catalog.jsonb_object_agg(s.name, s.word) FROM @extschema@.words(lang) AS s);
		at pg_catalog.timestamptz := coalesce(as_of, pg_catalog.now());
		of_objectives pg_catalog.text[];
		of_kpis pg_catalog.text[];
		of_analyses pg_catalog.text[];
		cards @extschema@.scorecard[];
		trends @extschema@.series[];
		counts pg_catalog.text;
		heading pg_catalog.text := (w OPERATOR(pg_catalog.->>) 'dashboard');
		sections pg_catalog.text[];
		wanted pg_catalog.text;
	BEGIN
		IF objective IS NOT NULL THEN
			PERFORM @extschema@.require_objective(objective);
			SELECT o.title INTO heading FROM @extschema@.objective AS o WHERE o.name OPERATOR(pg_catalog.=) objective;
		END IF;
		FOREACH wanted IN ARRAY coalesce(kpis, '{}') LOOP
			PERFORM @extschema@.kpi_named(wanted);
		END LOOP;
		FOREACH wanted IN ARRAY coalesce(analyses, '{}') LOOP
			PERFORM @extschema@.analysis_named(wanted);
		END LOOP;
		-- they belong to no objective and to no KPI, so a part of the page has them only if it is told
		SELECT coalesce(pg_catalog.array_agg(a.name), '{}') INTO of_analyses FROM @extschema@.readable_analyses() AS a(name)
			WHERE CASE WHEN analyses IS NULL THEN objective IS NULL AND kpis IS NULL ELSE a.name OPERATOR(pg_catalog.=) ANY (analyses) END;
		-- the objective and those that serve it; all if none is named
		WITH RECURSIVE below AS (
			SELECT o.name FROM @extschema@.objective AS o WHERE objective IS NULL OR o.name OPERATOR(pg_catalog.=) objective
			UNION
			SELECT g.child FROM below AS b JOIN @extschema@.objective_edge AS g ON g.parent OPERATOR(pg_catalog.=) b.name)
		SELECT coalesce(pg_catalog.array_agg(b.name), '{}') INTO of_objectives FROM below AS b;
		SELECT coalesce(pg_catalog.array_agg(k.name), '{}') INTO of_kpis FROM @extschema@.kpi AS k
			WHERE k.active AND (kpis IS NULL OR k.name OPERATOR(pg_catalog.=) ANY (kpis)) AND @extschema@.may_read(k.name)
				AND (objective IS NULL OR EXISTS (SELECT FROM @extschema@.kpi_objective AS ko WHERE ko.kpi OPERATOR(pg_catalog.=) k.name AND ko.objective OPERATOR(pg_catalog.=) ANY (of_objectives)));
		IF pg_catalog.cardinality(of_kpis) OPERATOR(pg_catalog.>) 0 THEN
			SELECT pg_catalog.array_agg(ROW(e.*)::@extschema@.scorecard) INTO cards FROM @extschema@.evaluate(at) AS e WHERE e.kpi OPERATOR(pg_catalog.=) ANY (of_kpis);
			SELECT pg_catalog.array_agg(t) INTO trends FROM (
					SELECT pg_catalog.array_agg(c.kpi) AS kpis, pg_catalog.array_agg(c.segment) AS segments, pg_catalog.array_agg(c.grain) AS grains, pg_catalog.array_agg(CASE WHEN c.segment OPERATOR(pg_catalog.=) '' THEN @extschema@.usual_periods(c.grain) ELSE 13 END) AS counts
					FROM (SELECT DISTINCT s.kpi, s.segment, @extschema@.trend_grain(k.grain, k.adds) AS grain FROM pg_catalog.unnest(cards) AS s JOIN @extschema@.kpi AS k ON k.name OPERATOR(pg_catalog.=) s.kpi) AS c) AS a
				CROSS JOIN LATERAL @extschema@.series_of(a.kpis, a.segments, a.grains, a.counts, at) AS t;
			SELECT '<ul class="counts">' OPERATOR(pg_catalog.||) pg_catalog.string_agg(pg_catalog.format('<li><b>%s</b>%s</li>', c.n, coalesce(@extschema@.status_mark(c.status, lang), '<span class="soft">' OPERATOR(pg_catalog.||) (w OPERATOR(pg_catalog.->>) 'no_target') OPERATOR(pg_catalog.||) '</span>')), ''
					ORDER BY pg_catalog.array_position(ARRAY['achieved', 'on_track', 'at_risk', 'uncertain', 'behind', 'missed', 'stale', 'no_data', 'not_started'], c.status)) OPERATOR(pg_catalog.||) '</ul>' INTO counts
				FROM (SELECT s.status, pg_catalog.count(*) AS n FROM pg_catalog.unnest(cards) AS s GROUP BY s.status) AS c;
			-- those of kpis that were chosen one by one may be few of an objective's, which has a number of its own
			sections := ARRAY[
				CASE WHEN kpis IS NULL THEN @extschema@.dashboard_objectives(of_objectives, at, w, lang) ELSE '' END,
				@extschema@.dashboard_scorecard(cards, trends, of_objectives, w, lang),
				@extschema@.dashboard_history(cards, trends, at, w, lang),
				CASE WHEN pg_catalog.cardinality(of_analyses) OPERATOR(pg_catalog.>) 0 THEN @extschema@.dashboard_analyses(of_analyses, w, lang) ELSE '' END,
				@extschema@.dashboard_actions(of_kpis, at, w, lang),
				@extschema@.dashboard_checks(of_kpis, at, w, lang)];
		ELSIF EXISTS (SELECT FROM @extschema@.kpi) THEN
			sections := ARRAY[pg_catalog.format('<p>%s</p>', (w OPERATOR(pg_catalog.->>) 'none_chosen'))];
		ELSE
			sections := ARRAY[pg_catalog.format('<section><h2>%s</h2><p>%s</p><pre>%s</pre></section>', (w OPERATOR(pg_catalog.->>) 'no_kpis'), (w OPERATOR(pg_catalog.->>) 'how_to_begin'), @extschema@.html_escape(pg_catalog.format(
'CREATE VIEW revenue_by_day AS
SELECT ts::date AS period_start, sum(amount) AS value FROM orders GROUP BY 1;

SELECT kpi.define(''revenue'', ''revenue_by_day'', unit => ''EUR'', adds => ''sum'');
SELECT kpi.set_target(''revenue'', ''%s'', 30000);
CALL kpi.refresh();
SELECT kpi.dashboard();', pg_catalog.to_char(at AT TIME ZONE 'UTC', 'YYYY-MM'))))];
		END IF;
		IF pg_catalog.cardinality(of_kpis) OPERATOR(pg_catalog.=) 0 AND pg_catalog.cardinality(of_analyses) OPERATOR(pg_catalog.>) 0 THEN
			sections := sections OPERATOR(pg_catalog.||) @extschema@.dashboard_analyses(of_analyses, w, lang);
		END IF;
		RETURN pg_catalog.format('<!DOCTYPE html>
<html lang="%s"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width,initial-scale=1"/><meta name="color-scheme" content="light dark"/>'
			'<meta http-equiv="Content-Security-Policy" content="default-src ''none''; style-src ''unsafe-inline''"/><meta name="referrer" content="no-referrer"/><title>%s</title><style>%s</style></head>
<body><a class="skip" href="#main">%s</a><header><h1>%s</h1><p class="soft">%s %s UTC</p>%s%s</header>
<main id="main">%s</main>
<footer class="soft"><p>%s</p></footer></body></html>
',
			pg_catalog.left(pg_catalog.lower(lang), 2), @extschema@.html_escape(heading), @extschema@.dashboard_style(), (w OPERATOR(pg_catalog.->>) 'skip'), @extschema@.html_escape(heading), (w OPERATOR(pg_catalog.->>) 'as_of'), pg_catalog.to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), coalesce(counts, ''),
			-- what the page has
			coalesce((SELECT '<nav aria-label="' OPERATOR(pg_catalog.||) @extschema@.html_escape(heading) OPERATOR(pg_catalog.||) '"><ul>' OPERATOR(pg_catalog.||) pg_catalog.string_agg(pg_catalog.format('<li><a href="#%s">%s</a></li>', m.part[1], (w OPERATOR(pg_catalog.->>) m.part[1])), '' ORDER BY s.n) OPERATOR(pg_catalog.||) '</ul></nav>'
				FROM pg_catalog.unnest(sections) WITH ORDINALITY AS s(section, n) CROSS JOIN LATERAL pg_catalog.regexp_match(s.section, '^<section aria-labelledby="([a-z]+)">') AS m(part) WHERE m.part IS NOT NULL), ''),
			pg_catalog.array_to_string(sections, ''), pg_catalog.format((w OPERATOR(pg_catalog.->>) 'made_by'), (SELECT e.extversion FROM pg_catalog.pg_extension AS e WHERE e.extname OPERATOR(pg_catalog.=) 'kpi_track')));
	END
	$$;
COMMENT ON FUNCTION @extschema@.dashboard(text, text[], timestamptz, text, text[]) IS
'all of it as one page of HTML that needs nothing else: objectives, scorecard, histories, published analyses, actions, checks; of an objective and those that serve it, of some KPIs, as of then';
