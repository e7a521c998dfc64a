/* ---- judging: are we on target? ---- */

CREATE FUNCTION @extschema@.period_name(period daterange) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'period_name';
COMMENT ON FUNCTION @extschema@.period_name(daterange) IS 'a period as kpi.period() reads it: 2026, 2026-Q1, 2026-03, 2026-W10, 2026-03-15 or [2026-01-15,2026-04-15)';

/* Bound when it is made, so it needs no search_path, and the planner puts it into the query that calls it. */
CREATE FUNCTION @extschema@.period_value(kpi text, segment text, adds text, first_day date, end_day date)
	RETURNS TABLE (value numeric, n bigint, ci_low double precision, ci_high double precision, periods bigint)
	LANGUAGE sql STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE
				WHEN adds OPERATOR(pg_catalog.=) 'sum' THEN pg_catalog.sum(m.value)
				WHEN adds OPERATOR(pg_catalog.=) 'mean' THEN pg_catalog.avg(m.value)
				WHEN adds OPERATOR(pg_catalog.=) 'ratio' THEN pg_catalog.sum(m.numerator) OPERATOR(pg_catalog./) nullif(pg_catalog.sum(m.denominator), 0)
				WHEN adds OPERATOR(pg_catalog.=) 'last' THEN (pg_catalog.array_agg(m.value ORDER BY m.period_start DESC) FILTER (WHERE m.value IS NOT NULL))[1]
				WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 1 THEN pg_catalog.max(m.value) END,
			pg_catalog.sum(m.n)::pg_catalog.int8,
			CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 1 THEN pg_catalog.max(m.ci_low) END,
			CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 1 THEN pg_catalog.max(m.ci_high) END,
			pg_catalog.count(*)
		FROM @extschema@.measurement AS m
		WHERE m.kpi OPERATOR(pg_catalog.=) period_value.kpi AND m.segment OPERATOR(pg_catalog.=) period_value.segment
			AND m.period_start OPERATOR(pg_catalog.>=) first_day AND m.period_start OPERATOR(pg_catalog.<) end_day;
	END;
COMMENT ON FUNCTION @extschema@.period_value(text, text, text, date, date) IS
'what the periods of a KPI from a day on and before another one make together, as it adds up';

CREATE FUNCTION @extschema@.evaluate(as_of timestamptz DEFAULT NULL, of_kpi text DEFAULT NULL, of_segment text DEFAULT NULL)
	RETURNS TABLE (objective text, kpi text, title text, segment text, period text, unit text, actual numeric, target numeric, low numeric, high numeric, baseline numeric,
		expected_to_date double precision, attainment double precision, forecast double precision, previous numeric, change double precision, year_ago numeric, yoy_change double precision,
		ci_low double precision, ci_high double precision, n bigint, status text, status_code smallint, reason text, fresh_to date, period_start date, period_end date, is_closed boolean)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	AS $$
	-- materialized, or expressions would be computed again for each use of them in the next step
	WITH clock AS (
		SELECT k.*, coalesce(evaluate.as_of, pg_catalog.now()) AS at, (coalesce(evaluate.as_of, pg_catalog.now()) AT TIME ZONE k.zone)::pg_catalog.date AS today, @extschema@.grain_step(k.grain) AS step
		FROM @extschema@.kpi AS k
		WHERE k.active AND (evaluate.of_kpi IS NULL OR k.name OPERATOR(pg_catalog.=) (@extschema@.kpi_named(evaluate.of_kpi)).name)),
	-- of each grain the target whose period it is; else the one that ended last, else the next one
	ranked AS (
		SELECT t.*, pg_catalog.row_number() OVER (PARTITION BY t.kpi, t.segment, @extschema@.grain_of(pg_catalog.daterange(t.period_start, t.period_end))
			ORDER BY c.today OPERATOR(pg_catalog.>=) t.period_start AND c.today OPERATOR(pg_catalog.<) t.period_end DESC, t.period_start OPERATOR(pg_catalog.<=) c.today DESC, CASE WHEN t.period_start OPERATOR(pg_catalog.<=) c.today THEN c.today OPERATOR(pg_catalog.-) t.period_end ELSE t.period_start OPERATOR(pg_catalog.-) c.today END, t.period_start) AS place
		FROM @extschema@.target AS t JOIN clock AS c ON c.name OPERATOR(pg_catalog.=) t.kpi
		WHERE t.closed_at IS NULL AND (evaluate.of_segment IS NULL OR t.segment OPERATOR(pg_catalog.=) evaluate.of_segment)),
	judged AS (
		SELECT c.*, r.segment, r.period_start AS first, r.period_end AS last, r.target AS goal, r.low, r.high, r.baseline, r.pacing, r.weights
		FROM clock AS c JOIN ranked AS r ON r.kpi OPERATOR(pg_catalog.=) c.name AND r.place OPERATOR(pg_catalog.=) 1
		UNION ALL
		-- a KPI without a target has no status, but a value: of the period that yesterday was in, as of today nothing is over yet
		SELECT c.*, '', pg_catalog.date_trunc(c.grain, c.today OPERATOR(pg_catalog.-) 1)::pg_catalog.date, (pg_catalog.date_trunc(c.grain, c.today OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog.+) c.step)::pg_catalog.date, NULL, NULL, NULL, NULL, 'none', NULL
		FROM clock AS c WHERE coalesce(evaluate.of_segment, '') OPERATOR(pg_catalog.=) '' AND NOT EXISTS (SELECT FROM ranked AS r WHERE r.kpi OPERATOR(pg_catalog.=) c.name)),
	spans AS MATERIALIZED (
		SELECT j.*, j.last OPERATOR(pg_catalog.<=) j.today AS closed, CASE WHEN j.last OPERATOR(pg_catalog.<=) j.today THEN j.last ELSE j.today END AS through,
			CASE WHEN @extschema@.grain_of(pg_catalog.daterange(j.first, j.last)) OPERATOR(pg_catalog.=) 'other' THEN j.first OPERATOR(pg_catalog.-) (j.last OPERATOR(pg_catalog.-) j.first)
				ELSE (j.first OPERATOR(pg_catalog.-) @extschema@.grain_step(@extschema@.grain_of(pg_catalog.daterange(j.first, j.last))))::pg_catalog.date END AS before,
			(j.first OPERATOR(pg_catalog.-) CASE WHEN j.last OPERATOR(pg_catalog.-) j.first OPERATOR(pg_catalog.<=) 7 THEN interval '364 days' ELSE interval '1 year' END)::pg_catalog.date AS year_before,
			-- by the calendar, as a February of 29 days is not to be compared with one that has a day of March
			(j.last OPERATOR(pg_catalog.-) CASE WHEN j.last OPERATOR(pg_catalog.-) j.first OPERATOR(pg_catalog.<=) 7 THEN interval '364 days' ELSE interval '1 year' END)::pg_catalog.date AS year_end,
			-- of an open period only what has days can be compared with the same days of another one
			j.last OPERATOR(pg_catalog.<=) j.today OR j.grain OPERATOR(pg_catalog.=) 'day' OR j.adds OPERATOR(pg_catalog.=) ANY (ARRAY['last', 'mean', 'ratio']) AS comparable
		FROM judged AS j),
	measured AS MATERIALIZED (
		SELECT s.*, a.value AS actual, a.n, a.ci_low, a.ci_high, a.periods,
			CASE WHEN s.comparable THEN p.value END AS previous, CASE WHEN s.comparable THEN y.value END AS year_ago,
			-- of a month no more is known than what was read of it, and than there are data of
			CASE WHEN f.period_start IS NOT NULL THEN LEAST((f.period_start OPERATOR(pg_catalog.+) s.step)::pg_catalog.date, s.through, CASE WHEN s.kind OPERATOR(pg_catalog.<>) 'manual' THEN w.refreshed_to END, w.data_to) END AS fresh_to,
			w.refreshed_to, w.refreshed_at,
			CASE WHEN s.pacing OPERATOR(pg_catalog.=) 'none' THEN NULL ELSE @extschema@.elapsed_share(s.first, s.last, s.through OPERATOR(pg_catalog.-) 1, s.pacing, s.weights) END AS share
		FROM spans AS s
		CROSS JOIN LATERAL @extschema@.period_value(s.name, s.segment, s.adds, s.first, s.through) AS a
		CROSS JOIN LATERAL @extschema@.period_value(s.name, s.segment, s.adds, s.before, CASE WHEN s.closed OR s.grain OPERATOR(pg_catalog.<>) 'day' THEN s.first WHEN s.before OPERATOR(pg_catalog.+) (s.through OPERATOR(pg_catalog.-) s.first) OPERATOR(pg_catalog.>) s.first THEN s.first ELSE s.before OPERATOR(pg_catalog.+) (s.through OPERATOR(pg_catalog.-) s.first) END) AS p
		CROSS JOIN LATERAL @extschema@.period_value(s.name, s.segment, s.adds, s.year_before, CASE WHEN s.closed OR s.grain OPERATOR(pg_catalog.<>) 'day' OR s.year_before OPERATOR(pg_catalog.+) (s.through OPERATOR(pg_catalog.-) s.first) OPERATOR(pg_catalog.>) s.year_end THEN s.year_end ELSE s.year_before OPERATOR(pg_catalog.+) (s.through OPERATOR(pg_catalog.-) s.first) END) AS y
		LEFT JOIN LATERAL (SELECT m.period_start FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) s.name AND m.segment OPERATOR(pg_catalog.=) s.segment AND m.period_start OPERATOR(pg_catalog.<) s.through AND m.value IS NOT NULL ORDER BY m.period_start DESC LIMIT 1) AS f ON true
		LEFT JOIN @extschema@.watermark AS w ON w.kpi OPERATOR(pg_catalog.=) s.name),
	weighed AS MATERIALIZED (
		SELECT m.*, CASE WHEN m.goal IS NULL THEN NULL WHEN m.closed THEN m.goal::pg_catalog.float8 ELSE @extschema@.pace(m.goal::pg_catalog.float8, m.share, additive => m.pacing OPERATOR(pg_catalog.<>) 'none') END AS expected,
			-- of what adds up a part of the period brings a part of the baseline, too
			CASE WHEN m.closed OR m.pacing OPERATOR(pg_catalog.=) 'none' THEN m.baseline::pg_catalog.float8 ELSE m.baseline::pg_catalog.float8 OPERATOR(pg_catalog.*) m.share END AS started,
			m.fresh_to IS NOT NULL AND (m.through OPERATOR(pg_catalog.-) m.fresh_to) OPERATOR(pg_catalog.*) interval '1 day' OPERATOR(pg_catalog.>) m.stale_after
				OR m.kind OPERATOR(pg_catalog.<>) 'manual' AND NOT m.closed AND m.refreshed_at OPERATOR(pg_catalog.+) m.stale_after OPERATOR(pg_catalog.<) m.at
				-- the value of a month that was measured before its end is not that of the month
				OR m.kind OPERATOR(pg_catalog.<>) 'manual' AND m.closed AND m.grain OPERATOR(pg_catalog.<>) 'day' AND m.refreshed_to OPERATOR(pg_catalog.<) m.last AS stale
		FROM measured AS m),
	scored AS MATERIALIZED (
		SELECT w.*, CASE WHEN w.direction OPERATOR(pg_catalog.=) 'range' THEN @extschema@.attainment_range(w.actual::pg_catalog.float8, w.low::pg_catalog.float8, w.high::pg_catalog.float8)
				ELSE @extschema@.attainment(w.actual::pg_catalog.float8, w.expected, w.started, w.direction) END AS attained,
			CASE WHEN w.closed THEN w.actual::pg_catalog.float8 ELSE @extschema@.forecast(w.actual::pg_catalog.float8, w.share, w.pacing OPERATOR(pg_catalog.<>) 'none') END AS at_end
		FROM weighed AS w),
	stated AS MATERIALIZED (
		SELECT s.*, CASE WHEN s.goal IS NULL AND s.low IS NULL AND s.high IS NULL THEN NULL
			ELSE @extschema@.status(s.attained, s.closed, s.at_risk, s.behind, s.stale, s.through OPERATOR(pg_catalog.>) s.first, s.ci_low, s.ci_high, s.expected, CASE WHEN s.direction OPERATOR(pg_catalog.=) 'range' THEN 'up' ELSE s.direction END) END AS computed
		FROM scored AS s),
	told AS (
		SELECT s.*, o.status AS said, o.note, o.by_role, o.status_until,
			CASE WHEN o.status IS NOT NULL THEN o.status
				WHEN s.n OPERATOR(pg_catalog.<) s.min_n AND s.computed OPERATOR(pg_catalog.=) ANY (ARRAY['achieved', 'on_track', 'at_risk', 'behind', 'missed']) THEN 'uncertain'
				ELSE s.computed END AS shown
		FROM stated AS s
		LEFT JOIN LATERAL (SELECT ci.status, ci.note, ci.by_role, ci.status_until FROM @extschema@.check_in AS ci
			WHERE ci.kpi OPERATOR(pg_catalog.=) s.name AND ci.segment OPERATOR(pg_catalog.=) s.segment AND ci.status IS NOT NULL AND ci.period_start OPERATOR(pg_catalog.>=) s.first AND ci.period_start OPERATOR(pg_catalog.<) s.last AND ci.status_until OPERATOR(pg_catalog.>=) s.today
			ORDER BY ci.at DESC LIMIT 1) AS o ON true)
	SELECT (SELECT pg_catalog.string_agg(ko.objective, ', ' ORDER BY ko.weight DESC, ko.objective) FROM @extschema@.kpi_objective AS ko WHERE ko.kpi OPERATOR(pg_catalog.=) t.name),
		t.name, t.title, t.segment, @extschema@.period_name(pg_catalog.daterange(t.first, t.last)), t.unit, t.actual, t.goal, t.low, t.high, t.baseline, t.expected, t.attained, t.at_end,
		t.previous, ((t.actual OPERATOR(pg_catalog.-) t.previous) OPERATOR(pg_catalog./) nullif(pg_catalog.abs(t.previous), 0))::pg_catalog.float8, t.year_ago, ((t.actual OPERATOR(pg_catalog.-) t.year_ago) OPERATOR(pg_catalog./) nullif(pg_catalog.abs(t.year_ago), 0))::pg_catalog.float8,
		t.ci_low, t.ci_high, t.n, t.shown, @extschema@.status_code(t.shown),
		CASE WHEN t.said IS NOT NULL THEN pg_catalog.format('%s says so until %s%s', t.by_role, t.status_until, coalesce(': ' OPERATOR(pg_catalog.||) t.note, ''))
			WHEN t.shown IS NULL THEN 'it has no target'
			WHEN t.shown OPERATOR(pg_catalog.=) 'not_started' THEN pg_catalog.format('the period begins on %s', t.first)
			WHEN t.shown OPERATOR(pg_catalog.=) 'stale' AND t.fresh_to IS NOT NULL AND (t.through OPERATOR(pg_catalog.-) t.fresh_to) OPERATOR(pg_catalog.*) interval '1 day' OPERATOR(pg_catalog.>) t.stale_after THEN pg_catalog.format('nothing is known from %s on', t.fresh_to)
			WHEN t.shown OPERATOR(pg_catalog.=) 'stale' THEN pg_catalog.format('it was refreshed last at %s', t.refreshed_at)
			WHEN t.shown OPERATOR(pg_catalog.=) 'no_data' THEN CASE WHEN t.actual IS NULL THEN 'there is no value for this period' ELSE 'its attainment cannot be computed' END
			WHEN t.shown OPERATOR(pg_catalog.=) 'uncertain' AND t.n OPERATOR(pg_catalog.<) t.min_n THEN pg_catalog.format('it rests on %s observations, at least %s are asked for', t.n, t.min_n)
			WHEN t.shown OPERATOR(pg_catalog.=) 'uncertain' THEN pg_catalog.format('between %s and %s, which is on both sides of %s', pg_catalog.round(t.ci_low::pg_catalog.numeric, 2), pg_catalog.round(t.ci_high::pg_catalog.numeric, 2), @extschema@.rounded(t.expected))
			WHEN t.direction OPERATOR(pg_catalog.=) 'range' THEN pg_catalog.format('%s %s, wanted %s', @extschema@.rounded(t.actual::pg_catalog.float8), t.unit,
				CASE WHEN t.low IS NULL THEN pg_catalog.format('at most %s', t.high) WHEN t.high IS NULL THEN pg_catalog.format('at least %s', t.low) ELSE pg_catalog.format('%s to %s', t.low, t.high) END)
			WHEN t.closed OR t.pacing OPERATOR(pg_catalog.=) 'none' THEN pg_catalog.format('%s of %s %s', @extschema@.rounded(t.actual::pg_catalog.float8), @extschema@.rounded(t.goal::pg_catalog.float8), t.unit)
			ELSE pg_catalog.format('%s of %s %s expected by %s; at this pace %s of %s', @extschema@.rounded(t.actual::pg_catalog.float8), @extschema@.rounded(t.expected), t.unit, t.through OPERATOR(pg_catalog.-) 1, @extschema@.rounded(t.at_end), @extschema@.rounded(t.goal::pg_catalog.float8)) END,
		t.fresh_to, t.first, t.last, t.closed
	FROM told AS t
	ORDER BY 1, 2, 4, t.last OPERATOR(pg_catalog.-) t.first, t.first
	$$;
COMMENT ON FUNCTION @extschema@.evaluate(timestamptz, text, text) IS
'of each KPI and segment the target whose period it is: what was reached, what is expected by now, how it will end, how it compares, and whether that is on track';

CREATE FUNCTION @extschema@.rounded(value double precision) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN pg_catalog.abs(value) OPERATOR(pg_catalog.>=) 100 THEN pg_catalog.round(value::pg_catalog.numeric)::pg_catalog.text
		ELSE pg_catalog.trim_scale(pg_catalog.round(value::pg_catalog.numeric, CASE WHEN pg_catalog.abs(value) OPERATOR(pg_catalog.>=) 1 THEN 2 ELSE 4 END))::pg_catalog.text END;
COMMENT ON FUNCTION @extschema@.rounded(double precision) IS 'a number as it is read in a sentence';

CREATE FUNCTION @extschema@.hours_text(hours double precision) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN pg_catalog.abs(hours) OPERATOR(pg_catalog.<) 1 THEN @extschema@.rounded(hours OPERATOR(pg_catalog.*) 60) OPERATOR(pg_catalog.||) ' minutes'
		WHEN pg_catalog.abs(hours) OPERATOR(pg_catalog.<=) 72 THEN @extschema@.rounded(hours) OPERATOR(pg_catalog.||) ' hours'
		ELSE @extschema@.rounded(hours OPERATOR(pg_catalog./) 24) OPERATOR(pg_catalog.||) ' days' END;
COMMENT ON FUNCTION @extschema@.hours_text(double precision) IS 'a time in hours as it is read in a sentence: in minutes below one hour, in days above three days';

CREATE VIEW @extschema@.scorecard WITH (security_invoker = true) AS SELECT * FROM @extschema@.evaluate();
COMMENT ON VIEW @extschema@.scorecard IS 'kpi.evaluate() as of now: are we on target?';
COMMENT ON COLUMN @extschema@.scorecard.objective IS 'the objectives that the KPI tells about';
COMMENT ON COLUMN @extschema@.scorecard.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.scorecard.title IS 'what people read';
COMMENT ON COLUMN @extschema@.scorecard.segment IS 'the segment; empty: the whole';
COMMENT ON COLUMN @extschema@.scorecard.period IS 'the period of the target, such as 2026-03 or 2026-Q1';
COMMENT ON COLUMN @extschema@.scorecard.unit IS 'unit of the values';
COMMENT ON COLUMN @extschema@.scorecard.actual IS 'what the period has brought so far: the days that are over, or the last values';
COMMENT ON COLUMN @extschema@.scorecard.target IS 'what is to be reached at its end';
COMMENT ON COLUMN @extschema@.scorecard.low IS 'least value of a target that is a range';
COMMENT ON COLUMN @extschema@.scorecard.high IS 'greatest value of a target that is a range';
COMMENT ON COLUMN @extschema@.scorecard.baseline IS 'where it started';
COMMENT ON COLUMN @extschema@.scorecard.expected_to_date IS 'what should have been reached by now, by the pacing of the target';
COMMENT ON COLUMN @extschema@.scorecard.attainment IS 'actual as a share of what is expected, or of the way there from the baseline; 1: just so';
COMMENT ON COLUMN @extschema@.scorecard.forecast IS 'what the period ends with if it goes on like this';
COMMENT ON COLUMN @extschema@.scorecard.previous IS 'the period before; of an open one as many days of it';
COMMENT ON COLUMN @extschema@.scorecard.change IS 'change against that, as a share';
COMMENT ON COLUMN @extschema@.scorecard.year_ago IS 'the same period a year ago; of an open one as many days of it';
COMMENT ON COLUMN @extschema@.scorecard.yoy_change IS 'change against that, as a share';
COMMENT ON COLUMN @extschema@.scorecard.ci_low IS 'lower end of the confidence interval of actual';
COMMENT ON COLUMN @extschema@.scorecard.ci_high IS 'upper end of the confidence interval of actual';
COMMENT ON COLUMN @extschema@.scorecard.n IS 'observations that actual rests on';
COMMENT ON COLUMN @extschema@.scorecard.status IS 'achieved, on_track, at_risk, behind, missed, no_data, stale, uncertain or not_started; null: there is no target';
COMMENT ON COLUMN @extschema@.scorecard.status_code IS '1 good, 0 doubtful, -1 bad; null: nothing can be said';
COMMENT ON COLUMN @extschema@.scorecard.reason IS 'why, in a sentence';
COMMENT ON COLUMN @extschema@.scorecard.fresh_to IS 'days before this one are known';
COMMENT ON COLUMN @extschema@.scorecard.period_start IS 'first day of the period';
COMMENT ON COLUMN @extschema@.scorecard.period_end IS 'the day after its last one';
COMMENT ON COLUMN @extschema@.scorecard.is_closed IS 'whether the period is over';

CREATE FUNCTION @extschema@.evaluate_objectives(as_of timestamptz DEFAULT NULL)
	RETURNS TABLE (objective text, title text, parents text, attainment double precision, coverage double precision, status text, status_code smallint, kpis bigint, owner name)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_column
	DECLARE
		-- attainment and coverage by objective, of those that are through
		attained pg_catalog.jsonb := '{}';
		covered pg_catalog.jsonb := '{}';
		scores pg_catalog.jsonb;
		o @extschema@.objective;
		marks double precision[];
		weights double precision[];
	BEGIN
		-- of a KPI with several targets the one of the longest period speaks
		SELECT coalesce(pg_catalog.jsonb_object_agg(e.kpi, e.attainment), '{}') INTO scores FROM (
			SELECT DISTINCT ON (v.kpi) v.kpi, CASE WHEN v.status_code IS NOT NULL THEN v.attainment END AS attainment FROM @extschema@.evaluate(as_of) AS v
			WHERE v.segment OPERATOR(pg_catalog.=) '' ORDER BY v.kpi, v.period_end OPERATOR(pg_catalog.-) v.period_start DESC) AS e;
		-- those below first
		FOR o IN
			WITH RECURSIVE depth AS (
				SELECT b.name, 0 AS level FROM @extschema@.objective AS b
				UNION
				SELECT g.parent, d.level OPERATOR(pg_catalog.+) 1 FROM depth AS d JOIN @extschema@.objective_edge AS g ON g.child OPERATOR(pg_catalog.=) d.name
					-- the bound is there for a circle that somebody writes into the table
					WHERE d.level OPERATOR(pg_catalog.<) (SELECT pg_catalog.count(*) FROM @extschema@.objective))
			SELECT b.* FROM @extschema@.objective AS b JOIN (SELECT d.name, pg_catalog.max(d.level) AS level FROM depth AS d GROUP BY d.name) AS l ON l.name OPERATOR(pg_catalog.=) b.name ORDER BY l.level, b.name LOOP
			SELECT pg_catalog.array_agg(p.mark ORDER BY p.name, p.kind), pg_catalog.array_agg(p.weight ORDER BY p.name, p.kind) INTO marks, weights FROM (
				SELECT k.kpi AS name, 'kpi' AS kind, (scores OPERATOR(pg_catalog.->>) k.kpi)::pg_catalog.float8 AS mark, k.weight::pg_catalog.float8 AS weight FROM @extschema@.kpi_objective AS k JOIN @extschema@.kpi AS i ON i.name OPERATOR(pg_catalog.=) k.kpi WHERE k.objective OPERATOR(pg_catalog.=) o.name AND i.active
				UNION ALL
				SELECT g.child, 'objective', (attained OPERATOR(pg_catalog.->>) g.child)::pg_catalog.float8, g.weight::pg_catalog.float8 FROM @extschema@.objective_edge AS g WHERE g.parent OPERATOR(pg_catalog.=) o.name) AS p;
			attained := pg_catalog.jsonb_set(attained, ARRAY[o.name], coalesce(pg_catalog.to_jsonb(@extschema@.objective_rollup(marks, weights, o.rollup)), 'null'));
			covered := pg_catalog.jsonb_set(covered, ARRAY[o.name], coalesce(pg_catalog.to_jsonb(@extschema@.objective_coverage(marks, weights)), 'null'));
		END LOOP;
		RETURN QUERY
		SELECT b.name, b.title, (SELECT pg_catalog.string_agg(g.parent, ', ' ORDER BY g.parent) FROM @extschema@.objective_edge AS g WHERE g.child OPERATOR(pg_catalog.=) b.name), r.mark, (covered OPERATOR(pg_catalog.->>) b.name)::pg_catalog.float8,
			r.state, @extschema@.status_code(r.state), (SELECT pg_catalog.count(*) FROM @extschema@.kpi_objective AS k WHERE k.objective OPERATOR(pg_catalog.=) b.name), b.owner
		FROM @extschema@.objective AS b
		CROSS JOIN LATERAL (SELECT (attained OPERATOR(pg_catalog.->>) b.name)::pg_catalog.float8 AS mark, @extschema@.status((attained OPERATOR(pg_catalog.->>) b.name)::pg_catalog.float8, false) AS state) AS r
		ORDER BY b.name;
	END
	$$;
COMMENT ON FUNCTION @extschema@.evaluate_objectives(timestamptz) IS
'of each objective what its KPIs and the objectives that serve it attain together, by its roll-up, and which share of their weight is known';
