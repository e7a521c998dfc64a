/* ---- keeping the tables for BI tools up to date ---- */

CREATE FUNCTION @extschema@.bi_number(value numeric) RETURNS double precision
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN value OPERATOR(pg_catalog.<) 1e-300 AND value OPERATOR(pg_catalog.>) -1e-300 THEN 0 WHEN value OPERATOR(pg_catalog.<) 1e308 AND value OPERATOR(pg_catalog.>) -1e308 THEN value::pg_catalog.float8 END;
COMMENT ON FUNCTION @extschema@.bi_number(numeric) IS 'a number as a BI tool reads it; null if it is too large for that';

CREATE FUNCTION @extschema@.bi_segment(segment text) RETURNS varchar
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN segment OPERATOR(pg_catalog.=) '' THEN '(all)' WHEN pg_catalog.length(segment) OPERATOR(pg_catalog.>) 255 OR segment OPERATOR(pg_catalog.=) '(all)' THEN (pg_catalog.left(segment, 246) OPERATOR(pg_catalog.||) ' ') OPERATOR(pg_catalog.||) pg_catalog.left(pg_catalog.md5(segment), 8) ELSE segment END;
COMMENT ON FUNCTION @extschema@.bi_segment(text) IS 'the name of a segment in kpi_bi: (all) is the whole; one of more than 255 characters is cut, and told apart by eight digits of its MD5';

CREATE FUNCTION @extschema@.bi_grains(grain text, adds text) RETURNS text[]
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN adds OPERATOR(pg_catalog.=) 'recompute' THEN ARRAY[grain]
		ELSE CASE grain WHEN 'day' THEN ARRAY['day', 'week', 'month', 'quarter', 'year'] WHEN 'month' THEN ARRAY['month', 'quarter', 'year'] WHEN 'quarter' THEN ARRAY['quarter', 'year'] ELSE ARRAY[grain] END END;
COMMENT ON FUNCTION @extschema@.bi_grains(text, text) IS 'the lengths of periods that a KPI of a grain has values of, its own first';

CREATE FUNCTION @extschema@.invalidate_bi(kpi text, from_day date DEFAULT NULL, to_day date DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	BEGIN
		INSERT INTO @extschema@.bi_invalidation (kpi, from_day, to_day) VALUES (kpi, from_day, to_day);
	END
	$$;
COMMENT ON FUNCTION @extschema@.invalidate_bi(text, date, date) IS 'has the rows of a KPI in kpi_bi made again for the days from one to another one, or for all days';

CREATE FUNCTION @extschema@.bi_kpis()
	RETURNS TABLE (kpi varchar, title varchar, description varchar, unit varchar, direction varchar, grain varchar, adds varchar, kind varchar, formula varchar, objective_key integer, objective varchar, owner varchar, source varchar, zone varchar,
		at_risk double precision, behind double precision, min_n bigint, stale_after_days double precision, version integer, is_qualitative smallint, is_additive smallint, is_active smallint)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT k.name, pg_catalog.left(k.title, 255), pg_catalog.left(k.description, 255), pg_catalog.left(k.unit, 255), k.direction, k.grain, k.adds, k.kind, pg_catalog.left(k.formula::pg_catalog.text, 255), d.objective_key, o.objective, k.owner::pg_catalog.text, pg_catalog.left(k.source, 255), pg_catalog.left(k.zone, 255),
		k.at_risk, k.behind, k.min_n, (pg_catalog.extract('epoch', k.stale_after) OPERATOR(pg_catalog./) 86400)::pg_catalog.float8, k.version, k.qualitative::pg_catalog.int4::pg_catalog.int2, (k.adds OPERATOR(pg_catalog.=) 'sum')::pg_catalog.int4::pg_catalog.int2, k.active::pg_catalog.int4::pg_catalog.int2
	FROM @extschema@.kpi AS k
	LEFT JOIN (SELECT DISTINCT ON (i.kpi) i.kpi, i.objective FROM @extschema@.kpi_objective AS i ORDER BY i.kpi, i.weight DESC, i.objective) AS o ON o.kpi OPERATOR(pg_catalog.=) k.name
	LEFT JOIN kpi_bi.dim_objective AS d ON d.objective OPERATOR(pg_catalog.=) o.objective
	WHERE k.name OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable())
	$$;
COMMENT ON FUNCTION @extschema@.bi_kpis() IS 'what kpi_bi.dim_kpi should say of the KPIs that the caller may change, by the catalog';

CREATE FUNCTION @extschema@.bi_write_dimensions() RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	AS $$
	BEGIN
		-- one after the other, or two could add the same row
		PERFORM @extschema@.take_lock('bi dimensions');
		INSERT INTO kpi_bi.dim_objective (objective, title, description, perspective, owner, rollup, parent, parent_key)
			SELECT b.* FROM @extschema@.bi_objectives() AS b WHERE NOT EXISTS (SELECT FROM kpi_bi.dim_objective AS d WHERE d.objective OPERATOR(pg_catalog.=) b.objective) ON CONFLICT DO NOTHING;
		UPDATE kpi_bi.dim_objective AS d SET title = b.title, description = b.description, perspective = b.perspective, owner = b.owner, rollup = b.rollup, parent = b.parent, parent_key = b.parent_key
			FROM @extschema@.bi_objectives() AS b
			WHERE b.objective OPERATOR(pg_catalog.=) d.objective AND (d.title, d.description, d.perspective, d.owner, d.rollup, d.parent, d.parent_key) IS DISTINCT FROM (b.title, b.description, b.perspective, b.owner, b.rollup, b.parent, b.parent_key);
		WITH changed AS (
			UPDATE kpi_bi.dim_kpi AS d SET title = b.title, description = b.description, unit = b.unit, direction = b.direction, grain = b.grain, adds = b.adds, kind = b.kind, formula = b.formula, objective_key = b.objective_key, objective = b.objective,
				owner = b.owner, source = b.source, zone = b.zone, at_risk = b.at_risk, behind = b.behind, min_n = b.min_n, stale_after_days = b.stale_after_days, version = b.version, is_qualitative = b.is_qualitative, is_additive = b.is_additive, is_active = b.is_active
			FROM @extschema@.bi_kpis() AS b JOIN kpi_bi.dim_kpi AS was ON was.kpi OPERATOR(pg_catalog.=) b.kpi
			WHERE d.kpi_key OPERATOR(pg_catalog.=) was.kpi_key AND (d.title, d.description, d.unit, d.direction, d.grain, d.adds, d.kind, d.formula, d.objective_key, d.objective, d.owner, d.source, d.zone, d.at_risk, d.behind, d.min_n, d.stale_after_days, d.version, d.is_qualitative, d.is_additive, d.is_active)
				IS DISTINCT FROM (b.title, b.description, b.unit, b.direction, b.grain, b.adds, b.kind, b.formula, b.objective_key, b.objective, b.owner, b.source, b.zone, b.at_risk, b.behind, b.min_n, b.stale_after_days, b.version, b.is_qualitative, b.is_additive, b.is_active)
			RETURNING d.kpi, (was.direction, was.grain, was.adds, was.kind, was.zone, was.at_risk, was.behind, was.min_n, was.stale_after_days, was.version)
				IS DISTINCT FROM (d.direction, d.grain, d.adds, d.kind, d.zone, d.at_risk, d.behind, d.min_n, d.stale_after_days, d.version) AS counts),
		added AS (
			INSERT INTO kpi_bi.dim_kpi AS d (kpi, title, description, unit, direction, grain, adds, kind, formula, objective_key, objective, owner, source, zone, at_risk, behind, min_n, stale_after_days, version, is_qualitative, is_additive, is_active)
			SELECT b.* FROM @extschema@.bi_kpis() AS b WHERE NOT EXISTS (SELECT FROM kpi_bi.dim_kpi AS k WHERE k.kpi OPERATOR(pg_catalog.=) b.kpi) ON CONFLICT DO NOTHING RETURNING d.kpi)
		-- what is new, or counts another way now, is made as a whole
		INSERT INTO @extschema@.bi_invalidation (kpi) SELECT c.kpi FROM changed AS c WHERE c.counts UNION ALL SELECT a.kpi FROM added AS a;
		INSERT INTO kpi_bi.reader (kpi_key, kpi, role)
			SELECT d.kpi_key, r.kpi, r.role FROM @extschema@.reader AS r JOIN kpi_bi.dim_kpi AS d ON d.kpi OPERATOR(pg_catalog.=) r.kpi WHERE d.kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()) ON CONFLICT DO NOTHING;
		DELETE FROM kpi_bi.kpi_objective AS b USING kpi_bi.dim_kpi AS d, kpi_bi.dim_objective AS o
			WHERE d.kpi_key OPERATOR(pg_catalog.=) b.kpi_key AND o.objective_key OPERATOR(pg_catalog.=) b.objective_key AND d.kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable())
				AND NOT EXISTS (SELECT FROM @extschema@.kpi_objective AS i WHERE i.kpi OPERATOR(pg_catalog.=) d.kpi AND i.objective OPERATOR(pg_catalog.=) o.objective);
		INSERT INTO kpi_bi.kpi_objective AS b (kpi_key, objective_key, weight)
			SELECT d.kpi_key, o.objective_key, @extschema@.bi_number(i.weight) FROM @extschema@.kpi_objective AS i JOIN kpi_bi.dim_kpi AS d ON d.kpi OPERATOR(pg_catalog.=) i.kpi JOIN kpi_bi.dim_objective AS o ON o.objective OPERATOR(pg_catalog.=) i.objective WHERE d.kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable())
			ON CONFLICT ON CONSTRAINT kpi_objective_pkey DO UPDATE SET weight = excluded.weight WHERE b.weight OPERATOR(pg_catalog.<>) excluded.weight;
	END
	$$;
COMMENT ON FUNCTION @extschema@.bi_write_dimensions() IS 'brings the dimensions of objectives and KPIs in kpi_bi, and who may see them, up to date; KPIs that are new, or count another way now, are due as a whole';

CREATE FUNCTION @extschema@.bi_write_dates(first_day date, last_day date) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		known_first pg_catalog.date := (SELECT pg_catalog.min(d.day) FROM kpi_bi.dim_date AS d);
		known_last pg_catalog.date := (SELECT pg_catalog.max(d.day) FROM kpi_bi.dim_date AS d);
		wanted_first pg_catalog.date := least(pg_catalog.date_trunc('year', first_day::pg_catalog.timestamp)::pg_catalog.date, known_first);
		wanted_last pg_catalog.date := greatest((pg_catalog.date_trunc('year', last_day::pg_catalog.timestamp) OPERATOR(pg_catalog.+) interval '1 year')::pg_catalog.date OPERATOR(pg_catalog.-) 1, known_last);
	BEGIN
		IF (wanted_first, wanted_last) IS NOT DISTINCT FROM (known_first, known_last) THEN
			RETURN;
		END IF;
		INSERT INTO kpi_bi.dim_date (day, year, quarter, month, day_of_month, day_of_year, quarter_name, month_name, year_month, iso_year, iso_week, week_name, weekday, weekday_name, is_weekend, week_start, month_start, quarter_start, year_start, is_last_day_of_month)
			SELECT g.t::pg_catalog.date, pg_catalog.extract('year', g.t), pg_catalog.extract('quarter', g.t), pg_catalog.extract('month', g.t), pg_catalog.extract('day', g.t), pg_catalog.extract('doy', g.t), pg_catalog.to_char(g.t, 'YYYY-"Q"Q'), pg_catalog.to_char(g.t, 'FMMonth'), pg_catalog.to_char(g.t, 'YYYY-MM'),
				pg_catalog.extract('isoyear', g.t), pg_catalog.extract('week', g.t), pg_catalog.to_char(g.t, 'IYYY-"W"IW'), pg_catalog.extract('isodow', g.t), pg_catalog.to_char(g.t, 'FMDay'), (pg_catalog.extract('isodow', g.t) OPERATOR(pg_catalog.>) 5)::pg_catalog.int4, pg_catalog.date_trunc('week', g.t), pg_catalog.date_trunc('month', g.t), pg_catalog.date_trunc('quarter', g.t), pg_catalog.date_trunc('year', g.t),
				(pg_catalog.extract('day', g.t OPERATOR(pg_catalog.+) interval '1 day') OPERATOR(pg_catalog.=) 1)::pg_catalog.int4
			FROM pg_catalog.generate_series(wanted_first::pg_catalog.timestamp, wanted_last::pg_catalog.timestamp, interval '1 day') AS g (t)
			WHERE (g.t OPERATOR(pg_catalog.<) known_first OR g.t OPERATOR(pg_catalog.>) known_last) IS NOT FALSE ON CONFLICT DO NOTHING;
	END
	$$;
COMMENT ON FUNCTION @extschema@.bi_write_dates(date, date) IS 'adds the years of two days, and all between them, to kpi_bi.dim_date';

CREATE FUNCTION @extschema@.bi_write_facts(kpi text, as_of timestamptz DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	-- compiling these queries would take seconds, for each KPI
	SET jit = off
	AS $$
	#variable_conflict use_column
	DECLARE
		named @extschema@.kpi := @extschema@.kpi_named(bi_write_facts.kpi);
		today pg_catalog.date := (coalesce(bi_write_facts.as_of, pg_catalog.now()) AT TIME ZONE named.zone)::pg_catalog.date;
		key integer := (SELECT d.kpi_key FROM kpi_bi.dim_kpi AS d WHERE d.kpi OPERATOR(pg_catalog.=) named.name);
		grains pg_catalog.text[] := @extschema@.bi_grains(named.grain, named.adds);
		-- what BI tools can show
		shown pg_catalog.daterange := '[1900-01-01,2200-01-01)';
		segments pg_catalog.text[];
		days pg_catalog.datemultirange;
		whole boolean;
		written bigint;
	BEGIN
		IF key IS NULL THEN
			RAISE insufficient_privilege USING
				MESSAGE = 'its row in kpi_bi.dim_kpi is of another owner',
				HINT = 'A superuser puts that right: CALL kpi.refresh_bi();';
		END IF;
		PERFORM @extschema@.take_lock('bi kpi', named.name);
		-- before the reading: what changes meanwhile is not in what is read, and stays due
		WITH due AS (
			DELETE FROM @extschema@.bi_invalidation AS i WHERE i.kpi OPERATOR(pg_catalog.=) named.name RETURNING i.from_day, i.to_day)
		SELECT pg_catalog.bool_or(i.from_day IS NULL), pg_catalog.range_agg(pg_catalog.daterange(i.from_day, i.to_day, '[]')) FILTER (WHERE i.from_day IS NOT NULL) INTO whole, days FROM due AS i;
		-- segment by segment along the keys: a KPI has few of them and many periods
		WITH RECURSIVE measured AS (
			SELECT pg_catalog.min(m.segment) AS segment FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) named.name
			UNION ALL
			SELECT (SELECT pg_catalog.min(m.segment) FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) named.name AND m.segment OPERATOR(pg_catalog.>) s.segment) FROM measured AS s WHERE s.segment IS NOT NULL)
		SELECT pg_catalog.array_agg(s.segment) INTO segments FROM measured AS s WHERE s.segment IS NOT NULL;
		segments := coalesce(segments, '{}');
		IF whole THEN
			SELECT pg_catalog.datemultirange(pg_catalog.daterange(pg_catalog.min(e.first), pg_catalog.max(e.last), '[]')) INTO days FROM (
				SELECT p.first, p.last FROM pg_catalog.unnest(segments) AS s (segment) CROSS JOIN LATERAL (SELECT pg_catalog.min(m.period_start) AS first, pg_catalog.max(m.period_start) AS last FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) named.name AND m.segment OPERATOR(pg_catalog.=) s.segment) AS p
				UNION ALL
				SELECT t.period_start, t.period_end OPERATOR(pg_catalog.-) 1 FROM @extschema@.target AS t WHERE t.kpi OPERATOR(pg_catalog.=) named.name AND t.closed_at IS NULL) AS e;
		END IF;
		days := coalesce(days, '{}') OPERATOR(pg_catalog.*) pg_catalog.datemultirange(shown);
		INSERT INTO kpi_bi.dim_segment (segment, is_total)
			SELECT b.label, 0 FROM (SELECT DISTINCT @extschema@.bi_segment(s.segment) AS label FROM (SELECT pg_catalog.unnest(segments) AS segment UNION ALL SELECT t.segment FROM @extschema@.target AS t WHERE t.kpi OPERATOR(pg_catalog.=) named.name AND t.closed_at IS NULL) AS s) AS b
			WHERE NOT EXISTS (SELECT FROM kpi_bi.dim_segment AS d WHERE d.segment OPERATOR(pg_catalog.=) b.label) ORDER BY b.label ON CONFLICT DO NOTHING;
		INSERT INTO kpi_bi.kpi_segment (kpi_key, segment_key)
			SELECT key, d.segment_key FROM (SELECT DISTINCT @extschema@.bi_segment(s.segment) AS label FROM (SELECT pg_catalog.unnest(segments) AS segment UNION ALL SELECT t.segment FROM @extschema@.target AS t WHERE t.kpi OPERATOR(pg_catalog.=) named.name AND t.closed_at IS NULL) AS s) AS b JOIN kpi_bi.dim_segment AS d ON d.segment OPERATOR(pg_catalog.=) b.label
			WHERE NOT EXISTS (SELECT FROM kpi_bi.kpi_segment AS k WHERE k.kpi_key OPERATOR(pg_catalog.=) key AND k.segment_key OPERATOR(pg_catalog.=) d.segment_key) ON CONFLICT DO NOTHING;
		IF days OPERATOR(pg_catalog.<>) '{}' THEN
			-- a week or year that a day lies in may begin before it
			PERFORM @extschema@.bi_write_dates(least(pg_catalog.lower(days), pg_catalog.date_trunc('week', pg_catalog.lower(days)::pg_catalog.timestamp)::pg_catalog.date), pg_catalog.upper(days) OPERATOR(pg_catalog.-) 1);
		END IF;
		WITH grain AS MATERIALIZED (
			SELECT g.name, @extschema@.grain_step(g.name) AS step, @extschema@.year_step(g.name) AS year FROM pg_catalog.unnest(grains) AS g (name)),
		-- the periods that changed, those that follow them and those a year later
		touched AS MATERIALIZED (
			SELECT t.name, t.step, t.year, pg_catalog.range_agg(t.days) AS days FROM (
				SELECT g.name, g.step, g.year, pg_catalog.daterange((pg_catalog.date_trunc(g.name, pg_catalog.lower(d.days)::pg_catalog.timestamp) OPERATOR(pg_catalog.+) b.back)::pg_catalog.date, ((pg_catalog.date_trunc(g.name, (pg_catalog.upper(d.days) OPERATOR(pg_catalog.-) 1)::pg_catalog.timestamp) OPERATOR(pg_catalog.+) b.back) OPERATOR(pg_catalog.+) g.step)::pg_catalog.date) AS days
				FROM grain AS g CROSS JOIN pg_catalog.unnest(days) AS d (days) CROSS JOIN LATERAL (VALUES (interval '0'), (g.step), (g.year)) AS b (back)
				UNION ALL
				-- those that are over by now
				SELECT g.name, g.step, g.year, pg_catalog.daterange(f.period_start, f.period_end, '[]') FROM kpi_bi.fact AS f JOIN grain AS g ON g.name OPERATOR(pg_catalog.=) f.grain WHERE f.kpi_key OPERATOR(pg_catalog.=) key AND f.is_complete OPERATOR(pg_catalog.=) 0 AND f.period_end OPERATOR(pg_catalog.<) today) AS t
			GROUP BY t.name, t.step, t.year),
		needed AS MATERIALIZED (
			SELECT n.name, pg_catalog.range_agg(n.days) AS days FROM (
				SELECT t.name, pg_catalog.daterange((pg_catalog.lower(d.days) OPERATOR(pg_catalog.-) b.back)::pg_catalog.date, (pg_catalog.upper(d.days) OPERATOR(pg_catalog.-) b.back)::pg_catalog.date) AS days
				FROM touched AS t CROSS JOIN LATERAL pg_catalog.unnest(t.days) AS d (days) CROSS JOIN LATERAL (VALUES (interval '0'), (t.step), (t.year)) AS b (back)) AS n
			GROUP BY n.name),
		-- as kpi.period_value() makes longer periods of shorter ones
		numbers AS MATERIALIZED (
			SELECT s.segment, n.name AS grain, pg_catalog.date_trunc(n.name, m.period_start::pg_catalog.timestamp)::pg_catalog.date AS first,
				CASE WHEN n.name OPERATOR(pg_catalog.=) named.grain THEN pg_catalog.max(m.value)
					WHEN named.adds OPERATOR(pg_catalog.=) 'sum' THEN pg_catalog.sum(m.value)
					WHEN named.adds OPERATOR(pg_catalog.=) 'mean' THEN pg_catalog.avg(m.value)
					WHEN named.adds OPERATOR(pg_catalog.=) 'ratio' THEN pg_catalog.sum(m.numerator) OPERATOR(pg_catalog./) nullif(pg_catalog.sum(m.denominator), 0)
					WHEN named.adds OPERATOR(pg_catalog.=) 'last' THEN ((pg_catalog.array_agg(m.value ORDER BY m.period_start DESC) FILTER (WHERE m.value IS NOT NULL))[1]) END AS value,
				CASE WHEN n.name OPERATOR(pg_catalog.=) named.grain OR named.adds OPERATOR(pg_catalog.=) 'ratio' THEN pg_catalog.sum(m.numerator) END AS numerator,
				CASE WHEN n.name OPERATOR(pg_catalog.=) named.grain OR named.adds OPERATOR(pg_catalog.=) 'ratio' THEN pg_catalog.sum(m.denominator) END AS denominator,
				pg_catalog.sum(m.n)::pg_catalog.int8 AS n, CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 1 THEN pg_catalog.max(m.ci_low) END AS ci_low, CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 1 THEN pg_catalog.max(m.ci_high) END AS ci_high,
				pg_catalog.bool_and(m.is_complete) AS complete, pg_catalog.max(m.period_start) FILTER (WHERE m.value IS NOT NULL) AS known, pg_catalog.max(m.version) AS version
			FROM needed AS n CROSS JOIN LATERAL pg_catalog.unnest(n.days) AS d (days) CROSS JOIN pg_catalog.unnest(segments) AS s (segment)
			JOIN @extschema@.measurement AS m ON m.kpi OPERATOR(pg_catalog.=) named.name AND m.segment OPERATOR(pg_catalog.=) s.segment AND m.period_start OPERATOR(pg_catalog.>=) pg_catalog.lower(d.days) AND m.period_start OPERATOR(pg_catalog.<) pg_catalog.upper(d.days)
			GROUP BY s.segment, n.name, pg_catalog.date_trunc(n.name, m.period_start::pg_catalog.timestamp)),
		goals AS MATERIALIZED (
			SELECT t.segment, touched.name AS grain, t.period_start AS first, t.target, t.low, t.high, t.baseline, t.stretch
			FROM @extschema@.target AS t JOIN touched ON touched.name OPERATOR(pg_catalog.=) @extschema@.grain_of(pg_catalog.daterange(t.period_start, t.period_end)) AND touched.days OPERATOR(pg_catalog.@>) t.period_start
			WHERE t.kpi OPERATOR(pg_catalog.=) named.name AND t.closed_at IS NULL),
		-- each number at the period that it is of, at the one after and at the one a year later: put together by grouping, as the planner, who cannot know how many there
		-- are, would join them one by one
		placed AS (
			SELECT n.segment, n.grain, n.first, n.value, n.numerator, n.denominator, n.n, n.ci_low, n.ci_high, n.complete, n.known, n.version, NULL::pg_catalog.numeric AS previous, NULL::pg_catalog.numeric AS year_ago,
				NULL::pg_catalog.numeric AS target, NULL::pg_catalog.numeric AS low, NULL::pg_catalog.numeric AS high, NULL::pg_catalog.numeric AS baseline, NULL::pg_catalog.numeric AS stretch, false AS has_target, true AS has_row FROM numbers AS n
			UNION ALL
			SELECT n.segment, n.grain, (n.first OPERATOR(pg_catalog.+) g.step)::pg_catalog.date, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, n.value, NULL, NULL, NULL, NULL, NULL, NULL, false, false FROM numbers AS n JOIN grain AS g ON g.name OPERATOR(pg_catalog.=) n.grain
			UNION ALL
			SELECT n.segment, n.grain, (n.first OPERATOR(pg_catalog.+) g.year)::pg_catalog.date, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, n.value, NULL, NULL, NULL, NULL, NULL, false, false FROM numbers AS n JOIN grain AS g ON g.name OPERATOR(pg_catalog.=) n.grain
			UNION ALL
			SELECT t.segment, t.grain, t.first, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, t.target, t.low, t.high, t.baseline, t.stretch, true, true FROM goals AS t),
		joined AS MATERIALIZED (
			SELECT p.segment, p.grain, p.first, pg_catalog.max(p.value) AS value, pg_catalog.max(p.numerator) AS numerator, pg_catalog.max(p.denominator) AS denominator, pg_catalog.max(p.n) AS n, pg_catalog.max(p.ci_low) AS ci_low, pg_catalog.max(p.ci_high) AS ci_high, pg_catalog.bool_and(p.complete) AS complete, pg_catalog.max(p.known) AS known, pg_catalog.max(p.version) AS version,
				pg_catalog.max(p.previous) AS previous, pg_catalog.max(p.year_ago) AS year_ago, pg_catalog.max(p.target) AS target, pg_catalog.max(p.low) AS low, pg_catalog.max(p.high) AS high, pg_catalog.max(p.baseline) AS baseline, pg_catalog.max(p.stretch) AS stretch, pg_catalog.bool_or(p.has_target) AS has_target
			FROM placed AS p GROUP BY p.segment, p.grain, p.first HAVING pg_catalog.bool_or(p.has_row)),
		linked AS MATERIALIZED (
			SELECT j.*, (j.first OPERATOR(pg_catalog.+) t.step)::pg_catalog.date AS last, w.refreshed_to, (j.first OPERATOR(pg_catalog.+) t.step)::pg_catalog.date OPERATOR(pg_catalog.<=) today AS over
			FROM joined AS j JOIN touched AS t ON t.name OPERATOR(pg_catalog.=) j.grain AND t.days OPERATOR(pg_catalog.@>) j.first
			LEFT JOIN @extschema@.watermark AS w ON w.kpi OPERATOR(pg_catalog.=) named.name
			WHERE j.first OPERATOR(pg_catalog.<@) shown),
		-- of what is over, as kpi.evaluate() judges it; what was told for a while (kpi.check_in) is only in the scorecard
		judged AS MATERIALIZED (
			SELECT l.*,
				l.over AND CASE WHEN l.version IS NULL THEN named.kind OPERATOR(pg_catalog.=) 'manual' OR coalesce(l.refreshed_to OPERATOR(pg_catalog.>=) l.last, false)
					ELSE (l.complete OR named.kind OPERATOR(pg_catalog.=) 'manual') AND (l.grain OPERATOR(pg_catalog.=) named.grain OR named.kind OPERATOR(pg_catalog.=) 'manual' OR coalesce(l.refreshed_to OPERATOR(pg_catalog.>=) l.last, false)) END AS is_complete,
				CASE WHEN l.over AND l.has_target THEN
					CASE WHEN named.direction OPERATOR(pg_catalog.=) 'range' THEN @extschema@.attainment_range(@extschema@.bi_number(l.value), @extschema@.bi_number(l.low), @extschema@.bi_number(l.high))
						ELSE @extschema@.attainment(@extschema@.bi_number(l.value), @extschema@.bi_number(l.target), @extschema@.bi_number(l.baseline), named.direction) END END AS attained,
				l.known IS NOT NULL AND coalesce((l.last OPERATOR(pg_catalog.-) least((l.known OPERATOR(pg_catalog.+) @extschema@.grain_step(named.grain))::pg_catalog.date, l.last, CASE WHEN named.kind OPERATOR(pg_catalog.<>) 'manual' THEN l.refreshed_to END)) OPERATOR(pg_catalog.*) interval '1 day' OPERATOR(pg_catalog.>) named.stale_after, false)
					OR named.kind OPERATOR(pg_catalog.<>) 'manual' AND named.grain OPERATOR(pg_catalog.<>) 'day' AND coalesce(l.refreshed_to OPERATOR(pg_catalog.<) l.last, false) AS stale
			FROM linked AS l),
		stated AS MATERIALIZED (
			SELECT j.*, CASE WHEN j.over AND j.has_target THEN @extschema@.status(j.attained, true, named.at_risk, named.behind, j.stale, true, j.ci_low, j.ci_high, @extschema@.bi_number(j.target), CASE WHEN named.direction OPERATOR(pg_catalog.=) 'range' THEN 'up' ELSE named.direction END) END AS computed
			FROM judged AS j),
		wanted AS MATERIALIZED (
			SELECT d.segment_key, s.grain, s.first, s.last OPERATOR(pg_catalog.-) 1 AS last, @extschema@.bi_number(s.value) AS value, @extschema@.bi_number(s.numerator) AS numerator, @extschema@.bi_number(s.denominator) AS denominator, s.n, s.ci_low, s.ci_high, @extschema@.bi_number(s.target) AS target,
				@extschema@.bi_number(s.low) AS low, @extschema@.bi_number(s.high) AS high, @extschema@.bi_number(s.baseline) AS baseline, @extschema@.bi_number(s.stretch) AS stretch, s.attained, @extschema@.bi_number(s.previous) AS previous, @extschema@.bi_number(s.year_ago) AS year_ago, o.status, @extschema@.status_code(o.status) AS status_code,
				s.is_complete::pg_catalog.int4::pg_catalog.int2 AS is_complete, (s.grain OPERATOR(pg_catalog.=) named.grain)::pg_catalog.int4::pg_catalog.int2 AS is_native, s.version
			FROM stated AS s JOIN kpi_bi.dim_segment AS d ON d.segment OPERATOR(pg_catalog.=) @extschema@.bi_segment(s.segment)
			CROSS JOIN LATERAL (SELECT CASE WHEN s.n OPERATOR(pg_catalog.<) named.min_n AND s.computed OPERATOR(pg_catalog.=) ANY (ARRAY['achieved', 'missed']) THEN 'uncertain' ELSE s.computed END AS status) AS o),
		put AS (
			INSERT INTO kpi_bi.fact AS f (kpi_key, segment_key, grain, period_start, period_end, value, numerator, denominator, n, ci_low, ci_high, target, target_low, target_high, baseline, stretch, attainment, previous, year_ago, status, status_code, is_complete, is_native, kpi_version, computed_at)
			SELECT key, w.*, pg_catalog.clock_timestamp() AT TIME ZONE 'UTC' FROM wanted AS w
			ON CONFLICT ON CONSTRAINT fact_pkey DO UPDATE
			SET period_end = excluded.period_end, value = excluded.value, numerator = excluded.numerator, denominator = excluded.denominator, n = excluded.n, ci_low = excluded.ci_low, ci_high = excluded.ci_high, target = excluded.target, target_low = excluded.target_low, target_high = excluded.target_high,
				baseline = excluded.baseline, stretch = excluded.stretch, attainment = excluded.attainment, previous = excluded.previous, year_ago = excluded.year_ago, status = excluded.status, status_code = excluded.status_code, is_complete = excluded.is_complete, is_native = excluded.is_native,
				kpi_version = excluded.kpi_version, computed_at = excluded.computed_at
			WHERE (f.period_end, f.value, f.numerator, f.denominator, f.n, f.ci_low, f.ci_high, f.target, f.target_low, f.target_high, f.baseline, f.stretch, f.attainment, f.previous, f.year_ago, f.status, f.status_code, f.is_complete, f.is_native, f.kpi_version)
				IS DISTINCT FROM (excluded.period_end, excluded.value, excluded.numerator, excluded.denominator, excluded.n, excluded.ci_low, excluded.ci_high, excluded.target, excluded.target_low, excluded.target_high, excluded.baseline, excluded.stretch, excluded.attainment, excluded.previous, excluded.year_ago,
					excluded.status, excluded.status_code, excluded.is_complete, excluded.is_native, excluded.kpi_version)
			RETURNING 1),
		gone AS (
			DELETE FROM kpi_bi.fact AS f
			USING kpi_bi.kpi_segment AS s, (SELECT t.name, pg_catalog.lower(d.days) AS first, pg_catalog.upper(d.days) AS last FROM touched AS t CROSS JOIN LATERAL pg_catalog.unnest(t.days) AS d (days)) AS r
			WHERE f.kpi_key OPERATOR(pg_catalog.=) key AND s.kpi_key OPERATOR(pg_catalog.=) key AND f.segment_key OPERATOR(pg_catalog.=) s.segment_key AND f.grain OPERATOR(pg_catalog.=) r.name AND f.period_start OPERATOR(pg_catalog.>=) r.first AND f.period_start OPERATOR(pg_catalog.<) r.last
				-- hashed, whatever the planner expects
				AND (f.segment_key, f.grain, f.period_start) NOT IN (SELECT w.segment_key, w.grain, w.first FROM wanted AS w) RETURNING 1)
		SELECT (SELECT pg_catalog.count(*) FROM put) OPERATOR(pg_catalog.+) (SELECT pg_catalog.count(*) FROM gone) INTO written;
		IF whole THEN
			-- what lies outside of all that there is now, or is of another length
			DELETE FROM kpi_bi.fact AS f WHERE f.kpi_key OPERATOR(pg_catalog.=) key AND (f.grain OPERATOR(pg_catalog.<>) ALL (grains) OR days OPERATOR(pg_catalog.=) '{}' OR NOT (pg_catalog.daterange(f.period_start, f.period_end, '[]') OPERATOR(pg_catalog.&&) days));
		END IF;
		DELETE FROM kpi_bi.kpi_segment AS s WHERE s.kpi_key OPERATOR(pg_catalog.=) key AND NOT EXISTS (SELECT FROM kpi_bi.fact AS f WHERE f.kpi_key OPERATOR(pg_catalog.=) key AND f.segment_key OPERATOR(pg_catalog.=) s.segment_key) AND NOT EXISTS (
			SELECT FROM @extschema@.target AS t JOIN kpi_bi.dim_segment AS d ON d.segment OPERATOR(pg_catalog.=) @extschema@.bi_segment(t.segment) WHERE t.kpi OPERATOR(pg_catalog.=) named.name AND t.closed_at IS NULL AND d.segment_key OPERATOR(pg_catalog.=) s.segment_key);
		RETURN written;
	END
	$$;
COMMENT ON FUNCTION @extschema@.bi_write_facts(text, timestamptz) IS 'makes the rows of kpi_bi.fact again that are due of a KPI; returns how many changed';

CREATE FUNCTION @extschema@.bi_write_scorecard(as_of timestamptz DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	AS $$
	BEGIN
		PERFORM @extschema@.take_lock('bi scorecard');
		WITH wanted AS MATERIALIZED (
			SELECT d.kpi_key, s.segment_key, e.period_start, e.period_end OPERATOR(pg_catalog.-) 1 AS period_end, pg_catalog.left(e.period, 255) AS period, pg_catalog.left(e.objective, 255) AS objectives, @extschema@.bi_number(e.actual) AS actual, @extschema@.bi_number(e.target) AS target, @extschema@.bi_number(e.low) AS low, @extschema@.bi_number(e.high) AS high,
				@extschema@.bi_number(e.baseline) AS baseline, e.expected_to_date, e.attainment, e.forecast, @extschema@.bi_number(e.previous) AS previous, e.change, @extschema@.bi_number(e.year_ago) AS year_ago, e.yoy_change, e.ci_low, e.ci_high, e.n, e.status, e.status_code, pg_catalog.left(e.reason, 255) AS reason, e.fresh_to, e.is_closed::pg_catalog.int4::pg_catalog.int2 AS is_closed,
				least(CASE WHEN k.kind OPERATOR(pg_catalog.<>) 'manual' THEN (w.refreshed_at OPERATOR(pg_catalog.+) k.stale_after) AT TIME ZONE 'UTC' END,
					-- the first day on which what is known is too old, if the period is still open then
					CASE WHEN NOT e.is_closed AND old.day OPERATOR(pg_catalog.<) e.period_end THEN (old.day::pg_catalog.timestamp AT TIME ZONE k.zone) AT TIME ZONE 'UTC' END) AS stale_at
			FROM @extschema@.evaluate(as_of) AS e JOIN @extschema@.kpi AS k ON k.name OPERATOR(pg_catalog.=) e.kpi JOIN kpi_bi.dim_kpi AS d ON d.kpi OPERATOR(pg_catalog.=) e.kpi JOIN kpi_bi.dim_segment AS s ON s.segment OPERATOR(pg_catalog.=) @extschema@.bi_segment(e.segment) LEFT JOIN @extschema@.watermark AS w ON w.kpi OPERATOR(pg_catalog.=) e.kpi
			CROSS JOIN LATERAL (SELECT (e.fresh_to OPERATOR(pg_catalog.+) pg_catalog.floor(pg_catalog.extract('epoch', k.stale_after) OPERATOR(pg_catalog./) 86400)::pg_catalog.int4) OPERATOR(pg_catalog.+) 1 AS day) AS old
			WHERE d.kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable())),
		put AS (
			INSERT INTO kpi_bi.scorecard AS c (kpi_key, segment_key, period_start, period_end, period, objectives, actual, target, target_low, target_high, baseline, expected_to_date, attainment, forecast, previous, change, year_ago, yoy_change, ci_low, ci_high, n, status, status_code, reason, fresh_to, is_closed, stale_at)
			SELECT w.* FROM wanted AS w
			ON CONFLICT ON CONSTRAINT scorecard_pkey DO UPDATE
			SET period = excluded.period, objectives = excluded.objectives, actual = excluded.actual, target = excluded.target, target_low = excluded.target_low, target_high = excluded.target_high, baseline = excluded.baseline, expected_to_date = excluded.expected_to_date, attainment = excluded.attainment,
				forecast = excluded.forecast, previous = excluded.previous, change = excluded.change, year_ago = excluded.year_ago, yoy_change = excluded.yoy_change, ci_low = excluded.ci_low, ci_high = excluded.ci_high, n = excluded.n, status = excluded.status, status_code = excluded.status_code,
				reason = excluded.reason, fresh_to = excluded.fresh_to, is_closed = excluded.is_closed, stale_at = excluded.stale_at
			WHERE (c.period, c.objectives, c.actual, c.target, c.target_low, c.target_high, c.baseline, c.expected_to_date, c.attainment, c.forecast, c.previous, c.change, c.year_ago, c.yoy_change, c.ci_low, c.ci_high, c.n, c.status, c.status_code, c.reason, c.fresh_to, c.is_closed, c.stale_at)
				IS DISTINCT FROM (excluded.period, excluded.objectives, excluded.actual, excluded.target, excluded.target_low, excluded.target_high, excluded.baseline, excluded.expected_to_date, excluded.attainment, excluded.forecast, excluded.previous, excluded.change, excluded.year_ago, excluded.yoy_change, excluded.ci_low,
					excluded.ci_high, excluded.n, excluded.status, excluded.status_code, excluded.reason, excluded.fresh_to, excluded.is_closed, excluded.stale_at))
		DELETE FROM kpi_bi.scorecard AS c WHERE c.kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable())
			AND NOT EXISTS (SELECT FROM wanted AS w WHERE w.kpi_key OPERATOR(pg_catalog.=) c.kpi_key AND w.segment_key OPERATOR(pg_catalog.=) c.segment_key AND w.period_start OPERATOR(pg_catalog.=) c.period_start AND w.period_end OPERATOR(pg_catalog.=) c.period_end);
	END
	$$;
COMMENT ON FUNCTION @extschema@.bi_write_scorecard(timestamptz) IS 'keeps what kpi.evaluate() says now of the KPIs that the caller may change in kpi_bi.scorecard';

CREATE FUNCTION @extschema@.bi_write_lint(as_of timestamptz DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET jit = off
	AS $$
	DECLARE
		-- what is about the catalog as a whole is told by who sees all of it
		whole boolean := NOT pg_catalog.row_security_active('@extschema@.kpi');
	BEGIN
		PERFORM @extschema@.take_lock('bi lint');
		WITH wanted AS MATERIALIZED (
			SELECT DISTINCT d.kpi_key, l.rule, l.severity, pg_catalog.left(l.objective, 255) AS objective, pg_catalog.left(l.detail, 255) AS detail, pg_catalog.left(l.fix, 255) AS fix
			FROM @extschema@.lint(as_of) AS l LEFT JOIN kpi_bi.dim_kpi AS d ON d.kpi OPERATOR(pg_catalog.=) l.kpi
			WHERE d.kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()) OR l.kpi IS NULL AND whole),
		gone AS (
			DELETE FROM kpi_bi.lint_finding AS f WHERE (f.kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()) OR f.kpi_key IS NULL AND whole)
				AND NOT EXISTS (SELECT FROM wanted AS w WHERE w.rule OPERATOR(pg_catalog.=) f.rule AND (w.kpi_key, w.severity, w.objective, w.detail, w.fix) IS NOT DISTINCT FROM (f.kpi_key, f.severity, f.objective, f.detail, f.fix)))
		INSERT INTO kpi_bi.lint_finding (kpi_key, rule, severity, objective, detail, fix, found_at)
			SELECT w.*, coalesce(as_of, pg_catalog.now()) AT TIME ZONE 'UTC' FROM wanted AS w
			WHERE NOT EXISTS (SELECT FROM kpi_bi.lint_finding AS f WHERE f.rule OPERATOR(pg_catalog.=) w.rule AND (w.kpi_key, w.severity, w.objective, w.detail, w.fix) IS NOT DISTINCT FROM (f.kpi_key, f.severity, f.objective, f.detail, f.fix));
	END
	$$;
COMMENT ON FUNCTION @extschema@.bi_write_lint(timestamptz) IS 'keeps what kpi.lint() finds now in kpi_bi.lint_finding; what is about no KPI only if the caller sees the whole catalog';

CREATE FUNCTION @extschema@.bi_write_trust(source text, as_of timestamptz DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_column
	DECLARE
		named @extschema@.source := @extschema@.source_named(bi_write_trust.source);
		failure pg_catalog.text;
	BEGIN
		PERFORM @extschema@.take_lock('bi trust', named.name);
		DELETE FROM kpi_bi.trust_finding AS f WHERE f.source OPERATOR(pg_catalog.=) named.name;
		BEGIN
			INSERT INTO kpi_bi.trust_finding (source, owner, rule, severity, detail, value, limit_value, fix, day, checked_at)
				SELECT named.name, named.owner, t.rule, t.severity, pg_catalog.left(t.detail, 255), t.value, t.limit_value, pg_catalog.left(t.fix, 255), t.day, coalesce(bi_write_trust.as_of, pg_catalog.now()) AT TIME ZONE 'UTC' FROM @extschema@.trust(named.name, bi_write_trust.as_of) AS t;
		EXCEPTION
			WHEN query_canceled OR admin_shutdown OR crash_shutdown THEN
				RAISE;
			WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS failure = MESSAGE_TEXT;
				INSERT INTO kpi_bi.trust_finding (source, owner, rule, severity, detail, checked_at) VALUES (named.name, named.owner, 'relation', 'error', pg_catalog.left(failure, 255), coalesce(bi_write_trust.as_of, pg_catalog.now()) AT TIME ZONE 'UTC');
		END;
	END
	$$;
COMMENT ON FUNCTION @extschema@.bi_write_trust(text, timestamptz) IS 'keeps what kpi.trust() says now of a source in kpi_bi.trust_finding';

CREATE FUNCTION @extschema@.bi_due(as_of timestamptz DEFAULT NULL) RETURNS SETOF text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT k.name FROM @extschema@.kpi AS k LEFT JOIN kpi_bi.dim_kpi AS d ON d.kpi OPERATOR(pg_catalog.=) k.name
	WHERE k.name OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()) AND (k.name OPERATOR(pg_catalog.=) ANY (SELECT i.kpi FROM @extschema@.bi_invalidation AS i)
		OR EXISTS (SELECT FROM kpi_bi.fact AS f WHERE f.kpi_key OPERATOR(pg_catalog.=) d.kpi_key AND f.is_complete OPERATOR(pg_catalog.=) 0 AND f.period_end OPERATOR(pg_catalog.<) (coalesce(bi_due.as_of, pg_catalog.now()) AT TIME ZONE k.zone)::pg_catalog.date))
	ORDER BY k.name
	$$;
COMMENT ON FUNCTION @extschema@.bi_due(timestamptz) IS 'the KPIs of the caller with rows in kpi_bi that are to be made again';

CREATE FUNCTION @extschema@.bi_step(step text, name text DEFAULT NULL, as_of timestamptz DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		failure pg_catalog.text;
		explanation pg_catalog.text;
	BEGIN
		CASE step
			WHEN 'dimensions' THEN PERFORM @extschema@.bi_write_dimensions();
			WHEN 'facts' THEN PERFORM @extschema@.bi_write_facts(name, as_of);
			WHEN 'scorecard' THEN PERFORM @extschema@.bi_write_scorecard(as_of);
			WHEN 'lint' THEN PERFORM @extschema@.bi_write_lint(as_of);
			WHEN 'trust' THEN PERFORM @extschema@.bi_write_trust(name, as_of);
		END CASE;
		RETURN NULL;
	EXCEPTION
		WHEN query_canceled OR admin_shutdown OR crash_shutdown THEN
			RAISE;
		WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS failure = MESSAGE_TEXT, explanation = PG_EXCEPTION_HINT;
			RETURN pg_catalog.concat_ws(' ', failure, ('(' OPERATOR(pg_catalog.||) nullif(explanation, '')) OPERATOR(pg_catalog.||) ')');
	END
	$$;
COMMENT ON FUNCTION @extschema@.bi_step(text, text, timestamptz) IS 'one step of kpi.refresh_bi(), all or nothing; returns why it failed, null if it did not';

/* No search_path of its own: a procedure that has one may not commit. It does nothing that one could get in the way of. */
CREATE PROCEDURE @extschema@.refresh_bi(as_of timestamptz DEFAULT NULL, rebuild boolean DEFAULT false, checks boolean DEFAULT true)
	LANGUAGE plpgsql
	AS $$
	DECLARE
		one pg_catalog.text;
		failure pg_catalog.text;
	BEGIN
		COMMIT;
		SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
		PERFORM @extschema@.must_be_primary();
		failure := @extschema@.bi_step('dimensions');
		IF failure IS NOT NULL THEN
			RAISE WARNING 'the dimensions of kpi_bi were not refreshed: %', failure;
		END IF;
		IF refresh_bi.rebuild THEN
			PERFORM @extschema@.invalidate_bi(k.kpi) FROM @extschema@.bi_kpis() AS k;
		END IF;
		COMMIT;
		SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
		FOR one IN SELECT d.* FROM @extschema@.bi_due(refresh_bi.as_of) AS d LOOP
			failure := @extschema@.bi_step('facts', one, refresh_bi.as_of);
			COMMIT;
			SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
			IF failure IS NOT NULL THEN
				RAISE WARNING 'KPI "%" was not refreshed in kpi_bi: %', one, failure;
			END IF;
		END LOOP;
		FOREACH one IN ARRAY ARRAY['scorecard', 'lint'] LOOP
			failure := @extschema@.bi_step(one, NULL, refresh_bi.as_of);
			COMMIT;
			SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
			IF failure IS NOT NULL THEN
				RAISE WARNING 'kpi_bi.% was not refreshed: %', one, failure;
			END IF;
		END LOOP;
		-- it reads weeks of a source, so once a day unless it is asked for
		FOR one IN SELECT s.name FROM @extschema@.source AS s WHERE @extschema@.may_act_as(s.owner) AND @extschema@.may_act_as(s.relation_owner)
				AND (refresh_bi.checks OR NOT EXISTS (SELECT FROM kpi_bi.trust_finding AS f WHERE f.source OPERATOR(pg_catalog.=) s.name AND f.checked_at::pg_catalog.date OPERATOR(pg_catalog.=) (coalesce(refresh_bi.as_of, pg_catalog.now()) AT TIME ZONE 'UTC')::pg_catalog.date)) ORDER BY s.name LOOP
			failure := @extschema@.bi_step('trust', one, refresh_bi.as_of);
			COMMIT;
			SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
			IF failure IS NOT NULL THEN
				RAISE WARNING 'kpi_bi.trust of source "%" was not refreshed: %', one, failure;
			END IF;
		END LOOP;
	END
	$$;
COMMENT ON PROCEDURE @extschema@.refresh_bi(timestamptz, boolean, boolean) IS
'brings the tables in kpi_bi up to date for the KPIs of yours, as kpi.refresh() does at its end; rebuild: all rows; checks: the sources, too, even if they were checked today';
