/*
 * ---- charts: pictures of numbers, as SVG, as Vega-Lite, and in characters ----
 *
 * The building blocks take labels and numbers; kpi.svg() and kpi.vega_lite() put what the accessors of a summary say into
 * them. A null argument makes a null, numbers that are none are gaps.
 */

CREATE FUNCTION @extschema@.bar_chart(labels text[], "values" double precision[], series text[] DEFAULT NULL,
		title text DEFAULT NULL, unit text DEFAULT NULL, percent boolean DEFAULT false, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'chart_bars';
COMMENT ON FUNCTION @extschema@.bar_chart(text[], double precision[], text[], text, text, boolean, integer, integer, text, boolean) IS
'an SVG of bars: one for each label, or a group of several series, whose values are a list of lists';

CREATE FUNCTION @extschema@.line_chart(labels text[], "values" double precision[], series text[] DEFAULT NULL, targets double precision[] DEFAULT NULL,
		low double precision[] DEFAULT NULL, high double precision[] DEFAULT NULL, forecast double precision[] DEFAULT NULL, status text DEFAULT NULL, shades boolean DEFAULT false,
		title text DEFAULT NULL, unit text DEFAULT NULL, percent boolean DEFAULT false, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'chart_lines';
COMMENT ON FUNCTION @extschema@.line_chart(text[], double precision[], text[], double precision[], double precision[], double precision[], double precision[], text, boolean, text, text, boolean, integer, integer, text, boolean) IS
'an SVG of lines, with targets, a range, forecasts of what is not over and a status; shades: the series are one thing at several times';

CREATE FUNCTION @extschema@.funnel_chart(names text[], counts double precision[], from_first double precision[] DEFAULT NULL, from_previous double precision[] DEFAULT NULL, dropped double precision[] DEFAULT NULL,
		title text DEFAULT NULL, unit text DEFAULT NULL, percent boolean DEFAULT false, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'chart_funnel';
COMMENT ON FUNCTION @extschema@.funnel_chart(text[], double precision[], double precision[], double precision[], double precision[], text, text, boolean, integer, integer, text, boolean) IS
'an SVG of a funnel: how many came to each step, which share that is of the first, who went on and who did not; shares that are null are computed';

CREATE FUNCTION @extschema@.heat_map(rows text[], columns text[], "values" double precision[], incomplete boolean[] DEFAULT NULL, sizes double precision[] DEFAULT NULL, row_name text DEFAULT NULL, column_name text DEFAULT NULL, skipped integer DEFAULT 0,
		title text DEFAULT NULL, unit text DEFAULT NULL, percent boolean DEFAULT false, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'chart_heat_map';
COMMENT ON FUNCTION @extschema@.heat_map(text[], text[], double precision[], boolean[], double precision[], text, text, integer, text, text, boolean, integer, integer, text, boolean) IS
'an SVG of a table whose cells are the darker the more they say; values row by row, incomplete ones with a dashed edge; skipped: how many rows were left out before';

CREATE FUNCTION @extschema@.bullet_chart(actual double precision, target double precision, expected double precision DEFAULT NULL, low double precision DEFAULT NULL, high double precision DEFAULT NULL, status text DEFAULT NULL, forecast double precision DEFAULT NULL,
		title text DEFAULT NULL, unit text DEFAULT NULL, percent boolean DEFAULT false, width integer DEFAULT 360, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'chart_bullet';
COMMENT ON FUNCTION @extschema@.bullet_chart(double precision, double precision, double precision, double precision, double precision, text, double precision, text, text, boolean, integer, integer, text, boolean) IS
'an SVG of a value next to its target, what is expected by now, its range and its forecast';

CREATE FUNCTION @extschema@.sparkline_svg("values" double precision[], title text DEFAULT NULL, unit text DEFAULT NULL, percent boolean DEFAULT false, width integer DEFAULT 120, height integer DEFAULT 28, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'chart_sparkline';
COMMENT ON FUNCTION @extschema@.sparkline_svg(double precision[], text, text, boolean, integer, integer, text, boolean) IS
'an SVG as large as a word: a line of numbers, the last one marked';

/* In characters. */

CREATE FUNCTION @extschema@.bar(value double precision, max double precision, width integer DEFAULT 20) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'text_graphics_bar';
COMMENT ON FUNCTION @extschema@.bar(double precision, double precision, integer) IS
'a bar in characters, to an eighth of one: value of max; full beyond max, empty from zero down';

CREATE FUNCTION @extschema@.sparkline("values" double precision[]) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'text_graphics_sparkline';
COMMENT ON FUNCTION @extschema@.sparkline(double precision[]) IS
'a line of numbers in characters, from the lowest to the highest; a blank for each that is none';

/* What pages are made of. */

CREATE FUNCTION @extschema@.figure(value double precision, style text DEFAULT 'plain', lang text DEFAULT 'en') RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'figure';
COMMENT ON FUNCTION @extschema@.figure(double precision, text, text) IS
'a number as people read it: plain, short (1.23M), exact (all digits) or percent (of a share)';

CREATE FUNCTION @extschema@.html_escape(value text) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'markup_escape';
COMMENT ON FUNCTION @extschema@.html_escape(text) IS
'text for HTML and XML, between tags and in quoted attributes: nothing in it is markup; characters that may not stand there are U+FFFD';

CREATE FUNCTION @extschema@.status_mark(status text, lang text DEFAULT 'en') RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'chart_status_mark';
COMMENT ON FUNCTION @extschema@.status_mark(text, text) IS 'a status as HTML: a sign of a shape of its own, and the word';

CREATE FUNCTION @extschema@.chart_style() RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'chart_style';
COMMENT ON FUNCTION @extschema@.chart_style() IS 'the style sheet that a page with embedded charts needs';

CREATE FUNCTION @extschema@.words(lang text DEFAULT 'en', OUT name text, OUT word text) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100 AS 'MODULE_PATHNAME', 'words';
COMMENT ON FUNCTION @extschema@.words(text) IS 'what charts and pages say, by name, in a language: en or ko';

CREATE FUNCTION @extschema@.word_of(word_name text, lang text DEFAULT 'en') RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT w.word FROM @extschema@.words(lang) AS w WHERE w.name OPERATOR(pg_catalog.=) word_name
	$$;
COMMENT ON FUNCTION @extschema@.word_of(text, text) IS 'one of kpi.words(); null if there is none of that name';

/* to_char is not immutable because of the names of months, which are not asked for here. */
CREATE FUNCTION @extschema@.period_labels(periods timestamp[]) RETURNS text[]
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.array_agg(pg_catalog.to_char(p.at, CASE
			WHEN f.months AND pg_catalog.cardinality(periods) OPERATOR(pg_catalog.>) 1 THEN 'YYYY-MM'
			WHEN f.days THEN 'YYYY-MM-DD'
			ELSE 'YYYY-MM-DD HH24:MI' END) ORDER BY p.place)
	FROM pg_catalog.unnest(periods) WITH ORDINALITY AS p(at, place)
	CROSS JOIN (SELECT pg_catalog.bool_and(u.at OPERATOR(pg_catalog.=) pg_catalog.date_trunc('month', u.at)) AS months, pg_catalog.bool_and(u.at OPERATOR(pg_catalog.=) pg_catalog.date_trunc('day', u.at)) AS days
		FROM pg_catalog.unnest(periods) AS u(at)) AS f
	$$;
COMMENT ON FUNCTION @extschema@.period_labels(timestamp[]) IS 'names of periods by their starts, no longer than it takes: months, days or times';

/* ---- charts of summaries ---- */

CREATE FUNCTION @extschema@.svg(funnel @extschema@.funnel, title text DEFAULT NULL, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN funnel IS NOT NULL THEN @extschema@.funnel_chart(coalesce(pg_catalog.array_agg(s.name ORDER BY s.step), '{}'), coalesce(pg_catalog.array_agg(s.actors::pg_catalog.float8 ORDER BY s.step), '{}'),
		pg_catalog.array_agg(s.conversion_from_first ORDER BY s.step), pg_catalog.array_agg(s.conversion_from_previous ORDER BY s.step), pg_catalog.array_agg(s.dropped::pg_catalog.float8 ORDER BY s.step),
		title => svg.title, width => svg.width, height => svg.height, lang => svg.lang, embedded => svg.embedded) END
	FROM @extschema@.steps(funnel) AS s
	$$;
COMMENT ON FUNCTION @extschema@.svg(@extschema@.funnel, text, integer, integer, text, boolean) IS 'the steps of a funnel as an SVG, with who goes on and who drops off';

CREATE FUNCTION @extschema@.svg(retention @extschema@.retention, title text DEFAULT NULL, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false, as_of timestamptz DEFAULT NULL) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH cells AS MATERIALIZED (
		SELECT * FROM @extschema@.cohorts(svg.retention, svg.as_of)),
	-- the latest ones say most
	places AS (
		SELECT c.cohort, c.size, pg_catalog.count(*) OVER () AS n, pg_catalog.row_number() OVER (ORDER BY c.cohort DESC) AS place
		FROM (SELECT DISTINCT b.cohort, b.size FROM cells AS b) AS c),
	lines AS (SELECT p.cohort, p.size, p.n FROM places AS p WHERE p.place OPERATOR(pg_catalog.<=) 40),
	columns AS (SELECT DISTINCT c.period FROM cells AS c),
	grid AS (
		SELECT l.cohort, k.period, c.rate, NOT c.complete AS incomplete
		FROM lines AS l CROSS JOIN columns AS k LEFT JOIN cells AS c ON c.cohort OPERATOR(pg_catalog.=) l.cohort AND c.period OPERATOR(pg_catalog.=) k.period)
	SELECT CASE WHEN svg.retention IS NOT NULL THEN @extschema@.heat_map(
		coalesce(@extschema@.period_labels((SELECT pg_catalog.array_agg(l.cohort ORDER BY l.cohort) FROM lines AS l)), '{}'),
		coalesce((SELECT pg_catalog.array_agg(k.period::pg_catalog.text ORDER BY k.period) FROM columns AS k), '{}'),
		coalesce((SELECT pg_catalog.array_agg(g.rate ORDER BY g.cohort, g.period) FROM grid AS g), '{}'),
		(SELECT pg_catalog.array_agg(g.incomplete ORDER BY g.cohort, g.period) FROM grid AS g),
		(SELECT pg_catalog.array_agg(l.size::pg_catalog.float8 ORDER BY l.cohort) FROM lines AS l),
		@extschema@.word_of('cohort', svg.lang), @extschema@.word_of('periods_later', svg.lang),
		coalesce((SELECT (pg_catalog.max(l.n) OPERATOR(pg_catalog.-) pg_catalog.count(*))::pg_catalog.int4 FROM lines AS l), 0),
		title => coalesce(svg.title, @extschema@.word_of('retention', svg.lang)), percent => true,
		width => svg.width, height => svg.height, lang => svg.lang, embedded => svg.embedded) END
	$$;
COMMENT ON FUNCTION @extschema@.svg(@extschema@.retention, text, integer, integer, text, boolean, timestamptz) IS
'who comes back, as an SVG: a row for each of the last cohorts, a column for each period, the rate in the cell';

CREATE FUNCTION @extschema@.svg(ltv @extschema@.ltv, margin numeric DEFAULT 1, discount_rate numeric DEFAULT 0, unit text DEFAULT NULL, title text DEFAULT NULL, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false, as_of timestamptz DEFAULT NULL) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH cells AS MATERIALIZED (
		SELECT v.cohort, v.age, v.cumulative FROM @extschema@.value_curve(svg.ltv, svg.margin, svg.discount_rate, svg.as_of) AS v WHERE v.complete),
	lines AS (SELECT c.cohort FROM (SELECT DISTINCT b.cohort FROM cells AS b) AS c ORDER BY c.cohort DESC LIMIT 12),
	ages AS (SELECT DISTINCT c.age FROM cells AS c JOIN lines AS l ON l.cohort OPERATOR(pg_catalog.=) c.cohort),
	grid AS (
		SELECT l.cohort, a.age, c.cumulative
		FROM lines AS l CROSS JOIN ages AS a LEFT JOIN cells AS c ON c.cohort OPERATOR(pg_catalog.=) l.cohort AND c.age OPERATOR(pg_catalog.=) a.age),
	curves AS (
		SELECT g.cohort, pg_catalog.array_agg(g.cumulative::pg_catalog.float8 ORDER BY g.age) AS points FROM grid AS g GROUP BY g.cohort)
	SELECT CASE WHEN svg.ltv IS NOT NULL THEN @extschema@.line_chart(
		coalesce((SELECT pg_catalog.array_agg(a.age::pg_catalog.text ORDER BY a.age) FROM ages AS a), '{}'),
		coalesce((SELECT pg_catalog.array_agg(c.points ORDER BY c.cohort) FROM curves AS c), '{}'),
		@extschema@.period_labels((SELECT pg_catalog.array_agg(l.cohort ORDER BY l.cohort) FROM lines AS l)), shades => true,
		title => coalesce(svg.title, @extschema@.word_of('lifetime_value', svg.lang)),
		unit => coalesce(svg.unit OPERATOR(pg_catalog.||) ', ', '') OPERATOR(pg_catalog.||) @extschema@.word_of('periods_later', svg.lang),
		width => svg.width, height => svg.height, lang => svg.lang, embedded => svg.embedded) END
	$$;
COMMENT ON FUNCTION @extschema@.svg(@extschema@.ltv, numeric, numeric, text, text, integer, integer, text, boolean, timestamptz) IS
'what a customer was worth by age, as an SVG: a line for each of the last cohorts, as far as their periods are over';

CREATE FUNCTION @extschema@.svg(attribution @extschema@.attribution, models text[] DEFAULT '{first,last,linear,position,markov}', title text DEFAULT NULL, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH credits AS MATERIALIZED (
		SELECT m.place, m.model, c.channel, pg_catalog.sum(c.conversions) AS conversions, pg_catalog.sum(c.revenue) AS revenue
		FROM pg_catalog.unnest(svg.models) WITH ORDINALITY AS m(model, place) CROSS JOIN LATERAL @extschema@.credit(svg.attribution, m.model) AS c
		GROUP BY m.place, m.model, c.channel),
	-- without money the conversions are compared
	money AS (SELECT coalesce(pg_catalog.bool_or(c.revenue OPERATOR(pg_catalog.<>) 0), false) AS there FROM credits AS c),
	channels AS (
		SELECT c.channel, pg_catalog.max(CASE WHEN m.there THEN c.revenue ELSE c.conversions END) AS most FROM credits AS c CROSS JOIN money AS m GROUP BY c.channel),
	grid AS (
		SELECT m.place, k.channel, k.most, CASE WHEN (SELECT there FROM money) THEN c.revenue ELSE c.conversions END AS value
		FROM (SELECT DISTINCT d.place FROM credits AS d) AS m CROSS JOIN channels AS k LEFT JOIN credits AS c ON c.place OPERATOR(pg_catalog.=) m.place AND c.channel OPERATOR(pg_catalog.=) k.channel),
	lines AS (
		SELECT g.place, pg_catalog.array_agg(g.value::pg_catalog.float8 ORDER BY g.most DESC, g.channel) AS points FROM grid AS g GROUP BY g.place)
	SELECT CASE WHEN svg.attribution IS NOT NULL AND svg.models IS NOT NULL THEN @extschema@.bar_chart(
		coalesce((SELECT pg_catalog.array_agg(k.channel ORDER BY k.most DESC, k.channel) FROM channels AS k), '{}'),
		coalesce((SELECT pg_catalog.array_agg(l.points ORDER BY l.place) FROM lines AS l), '{}'),
		(SELECT pg_catalog.array_agg(d.model ORDER BY d.place) FROM (SELECT DISTINCT c.place, c.model FROM credits AS c) AS d),
		title => coalesce(svg.title, @extschema@.word_of('attribution', svg.lang)), unit => @extschema@.word_of(CASE WHEN (SELECT m.there FROM money AS m) THEN 'revenue' ELSE 'conversions' END, svg.lang),
		width => svg.width, height => svg.height, lang => svg.lang, embedded => svg.embedded) END
	$$;
COMMENT ON FUNCTION @extschema@.svg(@extschema@.attribution, text[], text, integer, integer, text, boolean) IS
'what channels get by several models of attribution, as an SVG: revenue, or conversions if there is none';

CREATE FUNCTION @extschema@.svg(paths @extschema@.paths, n integer DEFAULT 10, title text DEFAULT NULL, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN svg.paths IS NOT NULL THEN @extschema@.bar_chart(coalesce(pg_catalog.array_agg(pg_catalog.array_to_string(p.path, ' > ') ORDER BY p.place), '{}'), coalesce(pg_catalog.array_agg(p.count::pg_catalog.float8 ORDER BY p.place), '{}'),
		title => coalesce(svg.title, @extschema@.word_of('paths', svg.lang)), width => svg.width, height => svg.height, lang => svg.lang, embedded => svg.embedded) END
	FROM @extschema@.top_paths(svg.paths, svg.n) WITH ORDINALITY AS p(path, actors, count, share, place)
	$$;
COMMENT ON FUNCTION @extschema@.svg(@extschema@.paths, integer, text, integer, integer, text, boolean) IS 'the most frequent paths as an SVG of bars';

CREATE FUNCTION @extschema@.svg(activity @extschema@.activity, title text DEFAULT NULL, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false, as_of timestamptz DEFAULT NULL) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN svg.activity IS NOT NULL THEN @extschema@.line_chart(coalesce(@extschema@.period_labels(pg_catalog.array_agg(l.period ORDER BY l.period)), '{}'),
		CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 0 THEN '{}' ELSE ARRAY[pg_catalog.array_agg(l.active::pg_catalog.float8 ORDER BY l.period), pg_catalog.array_agg(l.new::pg_catalog.float8 ORDER BY l.period), pg_catalog.array_agg(l."returning"::pg_catalog.float8 ORDER BY l.period),
			pg_catalog.array_agg(l.resurrecting::pg_catalog.float8 ORDER BY l.period), pg_catalog.array_agg(l.dormant::pg_catalog.float8 ORDER BY l.period)] END,
		ARRAY[@extschema@.word_of('active', svg.lang), @extschema@.word_of('new', svg.lang), @extschema@.word_of('returning', svg.lang), @extschema@.word_of('resurrecting', svg.lang), @extschema@.word_of('dormant', svg.lang)],
		title => coalesce(svg.title, @extschema@.word_of('activity', svg.lang)), width => svg.width, height => svg.height, lang => svg.lang, embedded => svg.embedded) END
	FROM @extschema@.lifecycle(svg.activity, svg.as_of) AS l
	$$;
COMMENT ON FUNCTION @extschema@.svg(@extschema@.activity, text, integer, integer, text, boolean, timestamptz) IS 'actors by period as an SVG of lines: active, new, returning, resurrecting, dormant';

CREATE FUNCTION @extschema@.svg(sessions @extschema@.sessions, title text DEFAULT NULL, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT @extschema@.bar_chart(
		ARRAY[@extschema@.word_of('visitors', svg.lang), @extschema@.word_of('new_visitors', svg.lang), @extschema@.word_of('returning_visitors', svg.lang), @extschema@.word_of('all_sessions', svg.lang), @extschema@.word_of('engaged_sessions', svg.lang),
			@extschema@.word_of('page_views', svg.lang), @extschema@.word_of('key_events', svg.lang)],
		ARRAY[s.visitors, s.new_visitors, s.returning_visitors, s.sessions, s.engaged_sessions, s.page_views, s.key_events]::pg_catalog.float8[],
		title => coalesce(svg.title, @extschema@.word_of('sessions', svg.lang)), width => svg.width, height => svg.height, lang => svg.lang, embedded => svg.embedded)
	FROM @extschema@.session_stats(svg.sessions) AS s WHERE svg.sessions IS NOT NULL
	$$;
COMMENT ON FUNCTION @extschema@.svg(@extschema@.sessions, text, integer, integer, text, boolean) IS 'traffic as an SVG of bars: visitors, sessions, page views, key events';

/* ---- charts of KPIs ---- */

/* All at once, as pages want it. */
CREATE FUNCTION @extschema@.histories(kpis text[], segments text[], grains text[], counts integer[], as_of timestamptz DEFAULT NULL)
	RETURNS TABLE (kpi text, segment text, period_start date, period_end date, period text, value numeric, target double precision, low double precision, high double precision, is_closed boolean, forecast double precision)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH asked AS MATERIALIZED (
		SELECT a.kpi, a.segment, a.grain, a.n, k.adds, k.grain AS measured_by, @extschema@.grain_step(a.grain) AS step, (coalesce(histories.as_of, pg_catalog.now()) AT TIME ZONE k.zone)::pg_catalog.date AS today,
			pg_catalog.date_trunc(a.grain, (coalesce(histories.as_of, pg_catalog.now()) AT TIME ZONE k.zone)::pg_catalog.date)::pg_catalog.date AS last
		FROM ROWS FROM (pg_catalog.unnest(kpis), pg_catalog.unnest(segments), pg_catalog.unnest(grains), pg_catalog.unnest(counts)) AS a(kpi, segment, grain, n) JOIN @extschema@.kpi AS k ON k.name OPERATOR(pg_catalog.=) a.kpi),
	-- no periods from before the first measurement
	starts AS MATERIALIZED (
		SELECT a.*, (SELECT m.period_start FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) a.kpi AND m.segment OPERATOR(pg_catalog.=) a.segment ORDER BY m.period_start LIMIT 1) AS known_from, (a.last OPERATOR(pg_catalog.-) ((a.n OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog.*) a.step))::pg_catalog.date AS first FROM asked AS a),
	summed AS MATERIALIZED (
		SELECT s.kpi, s.segment, s.grain, pg_catalog.date_trunc(s.grain, m.period_start)::pg_catalog.date AS first, CASE s.adds
				WHEN 'sum' THEN pg_catalog.sum(m.value)
				WHEN 'mean' THEN pg_catalog.avg(m.value)
				WHEN 'ratio' THEN pg_catalog.sum(m.numerator) OPERATOR(pg_catalog./) nullif(pg_catalog.sum(m.denominator), 0)
				WHEN 'last' THEN (pg_catalog.array_agg(m.value ORDER BY m.period_start DESC) FILTER (WHERE m.value IS NOT NULL))[1]
				ELSE CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 1 THEN pg_catalog.max(m.value) END END AS value
		FROM starts AS s CROSS JOIN LATERAL (SELECT * FROM @extschema@.measurement AS t WHERE t.kpi OPERATOR(pg_catalog.=) s.kpi AND t.segment OPERATOR(pg_catalog.=) s.segment AND t.period_start OPERATOR(pg_catalog.>=) s.first AND t.period_start OPERATOR(pg_catalog.<) s.today) AS m
		GROUP BY s.kpi, s.segment, s.grain, s.adds, pg_catalog.date_trunc(s.grain, m.period_start)),
	spans AS (
		SELECT s.*, g.at::pg_catalog.date AS begins, (g.at OPERATOR(pg_catalog.+) s.step)::pg_catalog.date AS ends, (g.at OPERATOR(pg_catalog.+) s.step)::pg_catalog.date OPERATOR(pg_catalog.<=) s.today AS closed
		FROM starts AS s CROSS JOIN LATERAL pg_catalog.generate_series(s.first::pg_catalog.timestamp, s.last::pg_catalog.timestamp, s.step) AS g(at) WHERE (g.at OPERATOR(pg_catalog.+) s.step)::pg_catalog.date OPERATOR(pg_catalog.>) s.known_from),
	-- the target of the period itself; else that of a longer one, of which what adds up has its share
	aimed AS (
		SELECT p.*, t.target, t.low, t.high, t.pacing, t.weights, CASE WHEN p.closed THEN p.ends ELSE p.today END AS through,
			CASE WHEN t.period_start OPERATOR(pg_catalog.=) p.begins AND t.period_end OPERATOR(pg_catalog.=) p.ends OR t.pacing IS NULL OR t.pacing OPERATOR(pg_catalog.=) 'none' THEN 1
				ELSE @extschema@.elapsed_share(t.period_start, t.period_end, p.ends OPERATOR(pg_catalog.-) 1, t.pacing, t.weights) OPERATOR(pg_catalog.-)
					CASE WHEN p.begins OPERATOR(pg_catalog.>) t.period_start THEN @extschema@.elapsed_share(t.period_start, t.period_end, p.begins OPERATOR(pg_catalog.-) 1, t.pacing, t.weights) ELSE 0 END END AS part
		FROM spans AS p
		LEFT JOIN LATERAL (
			SELECT g.* FROM @extschema@.target AS g
			WHERE g.kpi OPERATOR(pg_catalog.=) p.kpi AND g.segment OPERATOR(pg_catalog.=) p.segment AND g.closed_at IS NULL AND g.period_start OPERATOR(pg_catalog.<=) p.begins AND g.period_end OPERATOR(pg_catalog.>=) p.ends
			ORDER BY g.period_end OPERATOR(pg_catalog.-) g.period_start, g.period_start LIMIT 1) AS t ON true),
	paced AS (
		SELECT a.*, CASE WHEN NOT a.closed AND a.adds OPERATOR(pg_catalog.=) 'sum' AND coalesce(a.pacing, 'linear') OPERATOR(pg_catalog.<>) 'none'
			THEN @extschema@.elapsed_share(a.begins, a.ends, a.through OPERATOR(pg_catalog.-) 1, CASE WHEN a.pacing OPERATOR(pg_catalog.=) 'profile' AND pg_catalog.cardinality(a.weights) OPERATOR(pg_catalog.<>) ALL (ARRAY[7, a.ends OPERATOR(pg_catalog.-) a.begins]) THEN 'linear' ELSE coalesce(a.pacing, 'linear') END, a.weights) END AS over
		FROM aimed AS a)
	SELECT p.kpi, p.segment, p.begins, p.ends, pg_catalog.to_char(p.begins, CASE p.grain WHEN 'day' THEN 'YYYY-MM-DD' WHEN 'week' THEN 'IYYY-"W"IW' WHEN 'month' THEN 'YYYY-MM' WHEN 'quarter' THEN 'YYYY-"Q"Q' ELSE 'YYYY' END),
		s.value, p.target::pg_catalog.float8 OPERATOR(pg_catalog.*) p.part, p.low::pg_catalog.float8, p.high::pg_catalog.float8, p.closed, CASE WHEN p.over OPERATOR(pg_catalog.>) 0 THEN @extschema@.forecast(s.value::pg_catalog.float8, p.over) END
	FROM paced AS p LEFT JOIN summed AS s ON s.kpi OPERATOR(pg_catalog.=) p.kpi AND s.segment OPERATOR(pg_catalog.=) p.segment AND s.grain OPERATOR(pg_catalog.=) p.grain AND s.first OPERATOR(pg_catalog.=) p.begins
	ORDER BY p.kpi, p.segment, p.begins
	$$;
COMMENT ON FUNCTION @extschema@.histories(text[], text[], text[], integer[], timestamptz) IS
'kpi.history() of many: of each KPI and segment the last so many days, weeks, months, quarters or years';

CREATE TYPE @extschema@.series AS (
	kpi text,
	segment text,
	closed integer,
	labels text[],
	points double precision[],
	targets double precision[],
	low double precision[],
	high double precision[],
	forecast double precision[]
);
COMMENT ON TYPE @extschema@.series IS 'what kpi.histories() says of a KPI and segment, as kpi.line_chart() takes it; closed: how many periods are over';
COMMENT ON COLUMN @extschema@.series.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.series.segment IS 'the segment; empty: the whole';
COMMENT ON COLUMN @extschema@.series.closed IS 'how many of the periods, from the first on, are over';
COMMENT ON COLUMN @extschema@.series.labels IS 'names of the periods';
COMMENT ON COLUMN @extschema@.series.points IS 'the values';
COMMENT ON COLUMN @extschema@.series.targets IS 'the targets';
COMMENT ON COLUMN @extschema@.series.low IS 'the least values of targets that are ranges';
COMMENT ON COLUMN @extschema@.series.high IS 'the greatest values of targets that are ranges';
COMMENT ON COLUMN @extschema@.series.forecast IS 'what becomes of the period that is not over';

CREATE FUNCTION @extschema@.series_of(kpis text[], segments text[], grains text[], counts integer[], as_of timestamptz DEFAULT NULL) RETURNS SETOF @extschema@.series
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT h.kpi, h.segment, (pg_catalog.count(*) FILTER (WHERE h.is_closed))::pg_catalog.int4, pg_catalog.array_agg(h.period), pg_catalog.array_agg(h.value::pg_catalog.float8), pg_catalog.array_agg(h.target), pg_catalog.array_agg(h.low), pg_catalog.array_agg(h.high), pg_catalog.array_agg(h.forecast)
	FROM (SELECT * FROM @extschema@.histories(kpis, segments, grains, counts, as_of) AS o ORDER BY o.kpi, o.segment, o.period_start) AS h
	GROUP BY h.kpi, h.segment
	$$;
COMMENT ON FUNCTION @extschema@.series_of(text[], text[], text[], integer[], timestamptz) IS 'kpi.histories(), a row for each KPI and segment that has any';

CREATE FUNCTION @extschema@.trend_grain(grain text, adds text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN grain OPERATOR(pg_catalog.=) 'day' AND adds OPERATOR(pg_catalog.<>) 'recompute' THEN 'week' ELSE grain END
	$$;
COMMENT ON FUNCTION @extschema@.trend_grain(text, text) IS 'periods to show how a KPI went: weeks of what is measured by the day and adds up, else those that it is measured by';

CREATE FUNCTION @extschema@.usual_periods(grain text) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE grain WHEN 'day' THEN 60 WHEN 'week' THEN 26 WHEN 'month' THEN 13 WHEN 'quarter' THEN 9 ELSE 6 END
	$$;
COMMENT ON FUNCTION @extschema@.usual_periods(text) IS 'how many periods of a length are shown if nobody says so';

CREATE FUNCTION @extschema@.history(kpi text, as_of timestamptz DEFAULT NULL, periods integer DEFAULT NULL, segment text DEFAULT '', by text DEFAULT NULL)
	RETURNS TABLE (period_start date, period_end date, period text, value numeric, target double precision, low double precision, high double precision, is_closed boolean, forecast double precision)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		named @extschema@.kpi := @extschema@.kpi_named(kpi);
		grains CONSTANT pg_catalog.text[] := '{day,week,month,quarter,year}';
		grain pg_catalog.text := by;
	BEGIN
		IF grain IS NOT NULL AND grain OPERATOR(pg_catalog.<>) ALL (grains) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('by "%s" is not known', grain),
				HINT = 'There are day, week, month, quarter and year.';
		END IF;
		IF periods NOT BETWEEN 1 AND 1000 THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('%s periods cannot be shown', periods),
				HINT = 'It is a number from 1 to 1000.';
		END IF;
		-- the shortest that has had a target; what does not add up stays what it is
		IF grain IS NULL THEN
			SELECT g.grain INTO grain
				FROM (SELECT @extschema@.grain_of(pg_catalog.daterange(t.period_start, t.period_end)) AS grain FROM @extschema@.target AS t
					WHERE t.kpi OPERATOR(pg_catalog.=) named.name AND t.segment OPERATOR(pg_catalog.=) history.segment AND t.closed_at IS NULL AND t.period_start OPERATOR(pg_catalog.<=) (coalesce(as_of, pg_catalog.now()) AT TIME ZONE named.zone)::pg_catalog.date) AS g
				WHERE g.grain OPERATOR(pg_catalog.<>) 'other' ORDER BY pg_catalog.array_position(grains, g.grain) LIMIT 1;
			grain := CASE WHEN grain IS NULL OR named.adds OPERATOR(pg_catalog.=) 'recompute' THEN named.grain ELSE grain END;
		END IF;
		IF pg_catalog.array_position(grains, grain) OPERATOR(pg_catalog.<) pg_catalog.array_position(grains, named.grain) OR (named.grain OPERATOR(pg_catalog.=) 'week' AND grain OPERATOR(pg_catalog.<>) 'week') THEN
			IF by IS NOT NULL THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('KPI "%s" is measured by the %s, not by the %s', named.name, named.grain, grain),
					HINT = 'Its periods can only be put together to whole longer ones.';
			END IF;
			grain := named.grain;
		END IF;
		RETURN QUERY SELECT h.period_start, h.period_end, h.period, h.value, h.target, h.low, h.high, h.is_closed, h.forecast
			FROM @extschema@.histories(ARRAY[named.name], ARRAY[history.segment], ARRAY[grain], ARRAY[coalesce(periods, @extschema@.usual_periods(grain))], as_of) AS h ORDER BY h.period_start;
	END
	$$;
COMMENT ON FUNCTION @extschema@.history(text, timestamptz, integer, text, text) IS
'what a KPI was in its last periods, by those that its target is of or by others, with targets; of the open one so far, and what it may become';

CREATE FUNCTION @extschema@.svg(kpi text, as_of timestamptz DEFAULT NULL, periods integer DEFAULT NULL, segment text DEFAULT '', by text DEFAULT NULL, title text DEFAULT NULL, width integer DEFAULT 640, height integer DEFAULT NULL, lang text DEFAULT 'en', embedded boolean DEFAULT false) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH named AS (
		SELECT k.* FROM @extschema@.kpi_named(svg.kpi) AS k WHERE svg.kpi IS NOT NULL),
	past AS MATERIALIZED (
		SELECT h.* FROM named AS k CROSS JOIN LATERAL @extschema@.history(k.name, svg.as_of, svg.periods, svg.segment, svg.by) AS h),
	judged AS (
		SELECT e.status FROM named AS k CROSS JOIN LATERAL @extschema@.evaluate(svg.as_of, k.name, svg.segment) AS e
		ORDER BY e.period_start OPERATOR(pg_catalog.=) (SELECT pg_catalog.max(p.period_start) FROM past AS p) DESC, e.period_end OPERATOR(pg_catalog.-) e.period_start LIMIT 1)
	SELECT @extschema@.line_chart(l.labels, l.points, targets => l.targets, low => l.low, high => l.high, forecast => l.forecast, status => (SELECT j.status FROM judged AS j),
		title => coalesce(svg.title, k.title OPERATOR(pg_catalog.||) CASE WHEN svg.segment OPERATOR(pg_catalog.<>) '' THEN ', ' OPERATOR(pg_catalog.||) svg.segment ELSE '' END), unit => k.unit,
		width => svg.width, height => svg.height, lang => svg.lang, embedded => svg.embedded)
	FROM named AS k CROSS JOIN (
		SELECT coalesce(pg_catalog.array_agg(p.period ORDER BY p.period_start), '{}') AS labels, coalesce(pg_catalog.array_agg(p.value::pg_catalog.float8 ORDER BY p.period_start), '{}') AS points,
			pg_catalog.array_agg(p.target ORDER BY p.period_start) AS targets, pg_catalog.array_agg(p.low ORDER BY p.period_start) AS low, pg_catalog.array_agg(p.high ORDER BY p.period_start) AS high,
			pg_catalog.array_agg(p.forecast ORDER BY p.period_start) AS forecast FROM past AS p) AS l
	$$;
COMMENT ON FUNCTION @extschema@.svg(text, timestamptz, integer, text, text, text, integer, integer, text, boolean) IS
'kpi.history() of a KPI as an SVG, with targets, forecast and status';

/* ---- the same for Vega-Lite ---- */

CREATE FUNCTION @extschema@.vega_lite_frame(title text, data jsonb, rest jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.jsonb_build_object('$schema', 'https://vega.github.io/schema/vega-lite/v5.json', 'title', title, 'data', pg_catalog.jsonb_build_object('values', coalesce(data, '[]'))) OPERATOR(pg_catalog.||) rest
	$$;
COMMENT ON FUNCTION @extschema@.vega_lite_frame(text, jsonb, jsonb) IS 'a Vega-Lite specification of a title, data and the rest';

CREATE FUNCTION @extschema@.vega_lite(funnel @extschema@.funnel, title text DEFAULT NULL, lang text DEFAULT 'en') RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN funnel IS NOT NULL THEN @extschema@.vega_lite_frame(coalesce(vega_lite.title, @extschema@.word_of('funnel', vega_lite.lang)),
		pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('step', s.step, 'name', s.name, 'label', s.step OPERATOR(pg_catalog.||) '. ' OPERATOR(pg_catalog.||) s.name, 'actors', s.actors, 'conversion_from_first', s.conversion_from_first,
			'conversion_from_previous', s.conversion_from_previous, 'dropped', s.dropped) ORDER BY s.step),
		pg_catalog.jsonb_build_object(
			'width', 480, 'height', '{"step": 36}'::pg_catalog.jsonb,
			-- several steps may be of one name
			'encoding', '{"y": {"field": "label", "type": "nominal", "sort": null, "title": null},
				"x": {"field": "actors", "type": "quantitative", "title": null}, "tooltip": [{"field": "name", "type": "nominal"}, {"field": "actors", "type": "quantitative", "format": ","},
				{"field": "conversion_from_first", "type": "quantitative", "format": ".1%"}, {"field": "conversion_from_previous", "type": "quantitative", "format": ".1%"}, {"field": "dropped", "type": "quantitative", "format": ","}]}'::pg_catalog.jsonb,
			'layer', '[{"mark": {"type": "bar"}}, {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {"text": {"field": "conversion_from_first", "type": "quantitative", "format": ".1%"}}}]'::pg_catalog.jsonb)) END
	FROM @extschema@.steps(funnel) AS s
	$$;
COMMENT ON FUNCTION @extschema@.vega_lite(@extschema@.funnel, text, text) IS 'the steps of a funnel as a Vega-Lite specification';

CREATE FUNCTION @extschema@.vega_lite(retention @extschema@.retention, title text DEFAULT NULL, lang text DEFAULT 'en', as_of timestamptz DEFAULT NULL) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN retention IS NOT NULL THEN @extschema@.vega_lite_frame(coalesce(vega_lite.title, @extschema@.word_of('retention', vega_lite.lang)),
		pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('cohort', pg_catalog.to_char(c.cohort, 'YYYY-MM-DD'), 'size', c.size, 'period', c.period, 'eligible', c.eligible, 'retained', c.retained, 'rate', c.rate, 'complete', c.complete)
			ORDER BY c.cohort, c.period),
		pg_catalog.jsonb_build_object(
			'width', '{"step": 44}'::pg_catalog.jsonb, 'height', '{"step": 26}'::pg_catalog.jsonb,
			'encoding', pg_catalog.jsonb_build_object(
				'x', pg_catalog.jsonb_build_object('field', 'period', 'type', 'ordinal', 'title', @extschema@.word_of('periods_later', vega_lite.lang)),
				'y', pg_catalog.jsonb_build_object('field', 'cohort', 'type', 'ordinal', 'title', @extschema@.word_of('cohort', vega_lite.lang)),
				'tooltip', '[{"field": "cohort", "type": "ordinal"}, {"field": "size", "type": "quantitative"}, {"field": "period", "type": "ordinal"}, {"field": "retained", "type": "quantitative"}, {"field": "eligible", "type": "quantitative"},
					{"field": "rate", "type": "quantitative", "format": ".1%"}, {"field": "complete", "type": "nominal"}]'::pg_catalog.jsonb),
			'layer', '[{"mark": {"type": "rect"}, "encoding": {"color": {"field": "rate", "type": "quantitative", "scale": {"scheme": "blues", "zero": true}, "legend": null},
					"opacity": {"condition": {"test": "datum.complete", "value": 1}, "value": 0.55}}},
				{"mark": {"type": "text", "fontSize": 10}, "encoding": {"text": {"field": "rate", "type": "quantitative", "format": ".0%"}, "color": {"condition": {"test": "datum.rate>0.5&&datum.complete", "value": "white"}, "value": "black"}}}]'::pg_catalog.jsonb)) END
	FROM @extschema@.cohorts(retention, vega_lite.as_of) AS c
	$$;
COMMENT ON FUNCTION @extschema@.vega_lite(@extschema@.retention, text, text, timestamptz) IS 'who comes back, as a Vega-Lite specification of a heat map';

CREATE FUNCTION @extschema@.vega_lite(ltv @extschema@.ltv, margin numeric DEFAULT 1, discount_rate numeric DEFAULT 0, unit text DEFAULT NULL, title text DEFAULT NULL, lang text DEFAULT 'en', as_of timestamptz DEFAULT NULL) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN ltv IS NOT NULL THEN @extschema@.vega_lite_frame(coalesce(vega_lite.title, @extschema@.word_of('lifetime_value', vega_lite.lang)),
		pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('cohort', pg_catalog.to_char(v.cohort, 'YYYY-MM-DD'), 'size', v.size, 'age', v.age, 'cumulative', v.cumulative) ORDER BY v.cohort, v.age) FILTER (WHERE v.complete),
		pg_catalog.jsonb_build_object(
			'width', 480, 'height', 260, 'mark', '{"type": "line", "point": true, "tooltip": true}'::pg_catalog.jsonb,
			'encoding', pg_catalog.jsonb_build_object(
				'x', pg_catalog.jsonb_build_object('field', 'age', 'type', 'ordinal', 'title', @extschema@.word_of('periods_later', vega_lite.lang)),
				'y', pg_catalog.jsonb_build_object('field', 'cumulative', 'type', 'quantitative', 'title', vega_lite.unit),
				'color', pg_catalog.jsonb_build_object('field', 'cohort', 'type', 'ordinal', 'title', @extschema@.word_of('cohort', vega_lite.lang))))) END
	FROM @extschema@.value_curve(ltv, vega_lite.margin, vega_lite.discount_rate, vega_lite.as_of) AS v
	$$;
COMMENT ON FUNCTION @extschema@.vega_lite(@extschema@.ltv, numeric, numeric, text, text, text, timestamptz) IS 'what a customer was worth by age, as a Vega-Lite specification: a line for each cohort';

CREATE FUNCTION @extschema@.vega_lite(attribution @extschema@.attribution, models text[] DEFAULT '{first,last,linear,position,markov}', title text DEFAULT NULL, lang text DEFAULT 'en') RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH credits AS MATERIALIZED (
		SELECT m.place, m.model, c.channel, pg_catalog.sum(c.conversions) AS conversions, pg_catalog.sum(c.revenue) AS revenue
		FROM pg_catalog.unnest(vega_lite.models) WITH ORDINALITY AS m(model, place) CROSS JOIN LATERAL @extschema@.credit(vega_lite.attribution, m.model) AS c
		GROUP BY m.place, m.model, c.channel),
	shown AS (SELECT CASE WHEN pg_catalog.bool_or(c.revenue OPERATOR(pg_catalog.<>) 0) THEN 'revenue' ELSE 'conversions' END AS field FROM credits AS c)
	SELECT CASE WHEN attribution IS NOT NULL AND models IS NOT NULL THEN @extschema@.vega_lite_frame(coalesce(vega_lite.title, @extschema@.word_of('attribution', vega_lite.lang)),
		(SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('channel', c.channel, 'model', c.model, 'conversions', c.conversions, 'revenue', c.revenue) ORDER BY c.place, c.channel) FROM credits AS c),
		pg_catalog.jsonb_build_object(
			'width', 480, 'height', '{"step": 12}'::pg_catalog.jsonb, 'mark', '{"type": "bar", "tooltip": true}'::pg_catalog.jsonb,
			'encoding', pg_catalog.jsonb_build_object(
				'y', pg_catalog.jsonb_build_object('field', 'channel', 'type', 'nominal', 'title', NULL, 'sort', pg_catalog.jsonb_build_object('field', s.field, 'op', 'max', 'order', 'descending')),
				'yOffset', pg_catalog.jsonb_build_object('field', 'model', 'type', 'nominal', 'sort', pg_catalog.to_jsonb(vega_lite.models)),
				'x', pg_catalog.jsonb_build_object('field', s.field, 'type', 'quantitative', 'title', @extschema@.word_of(s.field, vega_lite.lang)),
				'color', pg_catalog.jsonb_build_object('field', 'model', 'type', 'nominal', 'title', NULL, 'sort', pg_catalog.to_jsonb(vega_lite.models))))) END
	FROM shown AS s
	$$;
COMMENT ON FUNCTION @extschema@.vega_lite(@extschema@.attribution, text[], text, text) IS 'what channels get by several models, as a Vega-Lite specification of bars';

CREATE FUNCTION @extschema@.vega_lite(kpi text, as_of timestamptz DEFAULT NULL, periods integer DEFAULT NULL, segment text DEFAULT '', by text DEFAULT NULL, title text DEFAULT NULL, lang text DEFAULT 'en') RETURNS jsonb
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT @extschema@.vega_lite_frame(coalesce(vega_lite.title, k.title OPERATOR(pg_catalog.||) CASE WHEN vega_lite.segment OPERATOR(pg_catalog.<>) '' THEN ', ' OPERATOR(pg_catalog.||) vega_lite.segment ELSE '' END),
		(SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('period', h.period, 'value', h.value, 'target', h.target, 'low', h.low, 'high', h.high, 'forecast', h.forecast, 'is_closed', h.is_closed) ORDER BY h.period_start)
			FROM @extschema@.history(k.name, vega_lite.as_of, vega_lite.periods, vega_lite.segment, vega_lite.by) AS h),
		pg_catalog.jsonb_build_object(
			'width', 480, 'height', 240,
			'encoding', '{"x": {"field": "period", "type": "ordinal", "sort": null, "title": null}}'::pg_catalog.jsonb,
			'layer', pg_catalog.jsonb_build_array(
				'{"mark": {"type": "bar", "opacity": 0.15, "color": "gray"}, "transform": [{"filter": "isValid(datum.low)&&isValid(datum.high)"}], "encoding": {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}}'::pg_catalog.jsonb,
				pg_catalog.jsonb_build_object('mark', '{"type": "line", "point": true, "tooltip": true}'::pg_catalog.jsonb, 'transform', '[{"filter": "datum.is_closed"}]'::pg_catalog.jsonb,
					'encoding', pg_catalog.jsonb_build_object('y', pg_catalog.jsonb_build_object('field', 'value', 'type', 'quantitative', 'title', k.unit))),
				'{"mark": {"type": "point", "tooltip": true}, "transform": [{"filter": "!datum.is_closed&&isValid(datum.value)"}], "encoding": {"y": {"field": "value", "type": "quantitative"}}}'::pg_catalog.jsonb,
				'{"mark": {"type": "point", "shape": "diamond", "filled": true, "tooltip": true}, "transform": [{"filter": "isValid(datum.forecast)"}], "encoding": {"y": {"field": "forecast", "type": "quantitative"}}}'::pg_catalog.jsonb,
				'{"mark": {"type": "tick", "orient": "horizontal", "thickness": 2, "color": "black", "tooltip": true}, "transform": [{"filter": "isValid(datum.target)"}], "encoding": {"y": {"field": "target", "type": "quantitative"}}}'::pg_catalog.jsonb)))
	FROM @extschema@.kpi_named(vega_lite.kpi) AS k WHERE vega_lite.kpi IS NOT NULL
	$$;
COMMENT ON FUNCTION @extschema@.vega_lite(text, timestamptz, integer, text, text, text, text) IS 'kpi.history() of a KPI as a Vega-Lite specification, with targets and forecast';

/* ---- for psql ---- */

CREATE FUNCTION @extschema@.scorecard_text(as_of timestamptz DEFAULT NULL, lang text DEFAULT 'en', OUT objective text, OUT kpi text, OUT period text, OUT result text, OUT attained text, OUT trend text, OUT status text) RETURNS SETOF record
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH cards AS MATERIALIZED (
		SELECT e.* FROM @extschema@.evaluate(scorecard_text.as_of) WITH ORDINALITY AS e(objective, kpi, title, segment, period, unit, actual, target, low, high, baseline, expected_to_date, attainment, forecast, previous, change, year_ago, yoy_change,
			ci_low, ci_high, n, status, status_code, reason, fresh_to, period_start, period_end, is_closed, place)),
	asked AS (
		SELECT pg_catalog.array_agg(c.kpi) AS kpis, pg_catalog.array_agg(c.segment) AS segments, pg_catalog.array_agg(@extschema@.trend_grain(k.grain, k.adds)) AS grains, pg_catalog.array_agg(13) AS counts
		FROM (SELECT DISTINCT d.kpi, d.segment FROM cards AS d) AS c JOIN @extschema@.kpi AS k ON k.name OPERATOR(pg_catalog.=) c.kpi),
	lines AS (
		SELECT h.kpi, h.segment, @extschema@.sparkline(h.points[:h.closed]) AS line FROM asked AS s CROSS JOIN LATERAL @extschema@.series_of(s.kpis, s.segments, s.grains, s.counts, scorecard_text.as_of) AS h)
	SELECT e.objective, e.kpi OPERATOR(pg_catalog.||) CASE WHEN e.segment OPERATOR(pg_catalog.<>) '' THEN ' (' OPERATOR(pg_catalog.||) e.segment OPERATOR(pg_catalog.||) ')' ELSE '' END, e.period,
		coalesce(@extschema@.figure(e.actual::pg_catalog.float8, lang => scorecard_text.lang), '-') OPERATOR(pg_catalog.||) CASE
			WHEN e.target IS NOT NULL THEN ' / ' OPERATOR(pg_catalog.||) @extschema@.figure(e.target::pg_catalog.float8, lang => scorecard_text.lang)
			WHEN e.low IS NOT NULL OR e.high IS NOT NULL THEN ' / ' OPERATOR(pg_catalog.||) coalesce(@extschema@.figure(e.low::pg_catalog.float8, lang => scorecard_text.lang), '') OPERATOR(pg_catalog.||) '..' OPERATOR(pg_catalog.||) coalesce(@extschema@.figure(e.high::pg_catalog.float8, lang => scorecard_text.lang), '')
			ELSE '' END OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) e.unit,
		@extschema@.bar(e.attainment, 1, 10) OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) pg_catalog.repeat(' ', 5 OPERATOR(pg_catalog.-) pg_catalog.length(a.shown)) OPERATOR(pg_catalog.||) a.shown,
		h.line, @extschema@.word_of(e.status, scorecard_text.lang)
	FROM cards AS e
	CROSS JOIN LATERAL (SELECT @extschema@.figure(pg_catalog.round(e.attainment::pg_catalog.numeric, 2)::pg_catalog.float8, 'percent') AS shown) AS a
	LEFT JOIN lines AS h ON h.kpi OPERATOR(pg_catalog.=) e.kpi AND h.segment OPERATOR(pg_catalog.=) e.segment
	ORDER BY e.place
	$$;
COMMENT ON FUNCTION @extschema@.scorecard_text(timestamptz, text) IS
'the scorecard for terminals: what was reached of what, a bar of the attainment, the last twelve weeks, or periods of the KPI if they are longer, as a line, the status';
