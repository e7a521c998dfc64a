/* ---- is a KPI a good one (SMART), and is the catalog in order? ---- */

CREATE FUNCTION @extschema@.spearman(x double precision[], y double precision[]) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- equal values share the mean of their ranks
	SELECT pg_catalog.corr(r.a, r.b) FROM (
		SELECT pg_catalog.rank() OVER (ORDER BY p.a) OPERATOR(pg_catalog.+) ((pg_catalog.count(*) OVER (PARTITION BY p.a) OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog./) 2.0::pg_catalog.float8) AS a, pg_catalog.rank() OVER (ORDER BY p.b) OPERATOR(pg_catalog.+) ((pg_catalog.count(*) OVER (PARTITION BY p.b) OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog./) 2.0::pg_catalog.float8) AS b
		FROM ROWS FROM (pg_catalog.unnest(x), pg_catalog.unnest(y)) AS p (a, b) WHERE p.a OPERATOR(pg_catalog.<>) 'NaN' AND p.b OPERATOR(pg_catalog.<>) 'NaN') AS r
	$$;
COMMENT ON FUNCTION @extschema@.spearman(double precision[], double precision[]) IS
'rank correlation of pairs, of which those with a null or NaN are left out: 1 if one grows whenever the other one does, -1 if it falls; null if one of them never changes';

CREATE FUNCTION @extschema@.sees_values(kpi text) RETURNS boolean
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT NOT pg_catalog.row_security_active('@extschema@.measurement'::pg_catalog.regclass) OR @extschema@.may_read(kpi)
	$$;
COMMENT ON FUNCTION @extschema@.sees_values(text) IS 'whether row-level security shows the values of a KPI to the caller: also to a superuser, if the owner is gone';

CREATE FUNCTION @extschema@.rounded(value double precision, spread double precision) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN spread OPERATOR(pg_catalog.>) 0 AND spread OPERATOR(pg_catalog.<) 'Infinity' THEN pg_catalog.trim_scale(pg_catalog.round(value::pg_catalog.numeric, greatest(0, least(20, 1 OPERATOR(pg_catalog.-) pg_catalog.floor(pg_catalog.log(spread))))::pg_catalog.int4))::pg_catalog.text ELSE @extschema@.rounded(value) END
	$$;
COMMENT ON FUNCTION @extschema@.rounded(double precision, double precision) IS 'a number as it is read in a sentence, with as many digits as a spread of that size makes worth reading';

CREATE FUNCTION @extschema@.definition_text(k @extschema@.kpi) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE (k).kind
		WHEN 'derived' THEN (k).formula::pg_catalog.text
		WHEN 'view' THEN (SELECT CASE WHEN c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['v', 'm']::pg_catalog."char"[]) THEN pg_catalog.pg_get_viewdef(c.oid) ELSE pg_catalog.format('table %I.%I', n.nspname, c.relname) END
			FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE n.nspname OPERATOR(pg_catalog.=) (k).definition_schema AND c.relname OPERATOR(pg_catalog.=) (k).definition_name)
		WHEN 'function' THEN (SELECT pg_catalog.format('%s %s', p.prolang, coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc OPERATOR(pg_catalog.||) coalesce(' ' OPERATOR(pg_catalog.||) p.probin, '')))
			FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
			WHERE n.nspname OPERATOR(pg_catalog.=) (k).definition_schema AND p.proname OPERATOR(pg_catalog.=) (k).definition_name AND p.proargtypes OPERATOR(pg_catalog.=) ANY (ARRAY['', '1082 1082']::pg_catalog.oidvector[]) ORDER BY p.pronargs DESC LIMIT 1)
		END
	$$;
COMMENT ON FUNCTION @extschema@.definition_text(@extschema@.kpi) IS 'the query, body or formula of a KPI as text, to compare it with others; null if it is manual, or not there';

CREATE FUNCTION @extschema@.target_period(grain text, adds text, today date) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT @extschema@.period_name(pg_catalog.daterange(first, (first OPERATOR(pg_catalog.+) @extschema@.grain_step(length))::pg_catalog.date))
	FROM (SELECT l.length, pg_catalog.date_trunc(l.length, today)::pg_catalog.date AS first
		-- days that add up have targets by the month as a rule
		FROM (SELECT CASE WHEN grain OPERATOR(pg_catalog.=) 'day' AND adds OPERATOR(pg_catalog.<>) 'recompute' THEN 'month' ELSE grain END AS length) AS l) AS p
	$$;
COMMENT ON FUNCTION @extschema@.target_period(text, text, date) IS 'a period that a KPI can have a target for and today is in, as a suggestion';

CREATE FUNCTION @extschema@.check_definition(k @extschema@.kpi) RETURNS TABLE (rule text, severity text, detail text, fix text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH found AS (
		SELECT (SELECT CASE (k).kind
			WHEN 'view' THEN (SELECT c.relowner FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE n.nspname OPERATOR(pg_catalog.=) (k).definition_schema AND c.relname OPERATOR(pg_catalog.=) (k).definition_name)
			ELSE (SELECT p.proowner FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
				WHERE n.nspname OPERATOR(pg_catalog.=) (k).definition_schema AND p.proname OPERATOR(pg_catalog.=) (k).definition_name AND p.proargtypes OPERATOR(pg_catalog.=) ANY (ARRAY['', '1082 1082']::pg_catalog.oidvector[]) ORDER BY p.pronargs DESC LIMIT 1) END) AS owner)
	SELECT 'definition', CASE WHEN f.owner IS NULL OR pg_catalog.pg_get_userbyid(f.owner) OPERATOR(pg_catalog.<>) (k).definition_owner THEN 'error' ELSE 'ok' END,
		CASE WHEN f.owner IS NULL THEN pg_catalog.format('the %s %I.%I does not exist any more', (k).kind, (k).definition_schema, (k).definition_name)
			WHEN pg_catalog.pg_get_userbyid(f.owner) OPERATOR(pg_catalog.<>) (k).definition_owner THEN pg_catalog.format('the %s %I.%I belongs to %s, and was registered when it belonged to %s', (k).kind, (k).definition_schema, (k).definition_name, pg_catalog.pg_get_userbyid(f.owner), (k).definition_owner)
			ELSE pg_catalog.format('the %s %I.%I is there', (k).kind, (k).definition_schema, (k).definition_name) END,
		CASE WHEN f.owner IS NULL THEN pg_catalog.format('Make it again, or register another one: SELECT kpi.define(%L, ...);', (k).name)
			WHEN pg_catalog.pg_get_userbyid(f.owner) OPERATOR(pg_catalog.<>) (k).definition_owner THEN pg_catalog.format('See whether it is still what it should be, and register it again: SELECT kpi.define(%L, ...);', (k).name) END
	FROM found AS f WHERE (k).kind OPERATOR(pg_catalog.=) ANY (ARRAY['view', 'function'])
	UNION ALL
	SELECT 'definition', 'ok', CASE WHEN (k).kind OPERATOR(pg_catalog.=) 'manual' THEN 'people tell its values' ELSE pg_catalog.format('it is %s', (k).formula::pg_catalog.text) END, NULL WHERE (k).kind OPERATOR(pg_catalog.<>) ALL (ARRAY['view', 'function'])
	$$;
COMMENT ON FUNCTION @extschema@.check_definition(@extschema@.kpi) IS 'whether the view or function of a KPI is there and still belongs to the role that it was registered for';

CREATE FUNCTION @extschema@.check_refresh(k @extschema@.kpi, as_of timestamptz) RETURNS TABLE (rule text, severity text, detail text, fix text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	AS $$
	SELECT 'refresh', CASE WHEN l.error IS NOT NULL THEN 'error' WHEN w.refreshed_at IS NULL OR w.refreshed_at OPERATOR(pg_catalog.+) (k).stale_after OPERATOR(pg_catalog.<) as_of THEN 'warning' ELSE 'ok' END,
		CASE WHEN l.error IS NOT NULL THEN pg_catalog.format('its last refresh failed: %s', l.error)
			WHEN w.refreshed_at IS NULL THEN CASE WHEN l.kpi IS NULL THEN 'it was never refreshed' ELSE 'its first refresh has not ended well' END
			ELSE pg_catalog.format('it was refreshed last at %s, up to %s', pg_catalog.to_char(w.refreshed_at AT TIME ZONE (k).zone, 'YYYY-MM-DD HH24:MI'), w.refreshed_to OPERATOR(pg_catalog.-) 1) END,
		CASE WHEN l.error IS NOT NULL THEN pg_catalog.format('Put right what it says, then: CALL kpi.refresh(%L);', (k).name)
			WHEN w.refreshed_at IS NULL OR w.refreshed_at OPERATOR(pg_catalog.+) (k).stale_after OPERATOR(pg_catalog.<) as_of THEN pg_catalog.format('CALL kpi.refresh(%L); and let it run by itself: SELECT kpi.schedule();', (k).name) END
	FROM (SELECT 1) AS one
	LEFT JOIN @extschema@.watermark AS w ON w.kpi OPERATOR(pg_catalog.=) (k).name
	LEFT JOIN LATERAL (SELECT r.kpi, r.error FROM @extschema@.run_log AS r WHERE r.kpi OPERATOR(pg_catalog.=) (k).name ORDER BY r.started_at DESC LIMIT 1) AS l ON true
	WHERE (k).kind OPERATOR(pg_catalog.<>) 'manual'
	$$;
COMMENT ON FUNCTION @extschema@.check_refresh(@extschema@.kpi, timestamptz) IS 'whether the last refresh of a KPI went well, and is not too long ago';

CREATE FUNCTION @extschema@.target_history(k @extschema@.kpi, segment text, period_start date, period_end date, today date, periods integer DEFAULT 12) RETURNS TABLE (first_day date, end_day date, value numeric)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH length AS MATERIALIZED (
		SELECT CASE g.grain WHEN 'other' THEN (period_end OPERATOR(pg_catalog.-) period_start) OPERATOR(pg_catalog.*) interval '1 day' ELSE @extschema@.grain_step(g.grain) END AS step
		FROM (SELECT @extschema@.grain_of(pg_catalog.daterange(period_start, period_end)) AS grain) AS g),
	before AS MATERIALIZED (
		SELECT (period_start OPERATOR(pg_catalog.-) (l.step OPERATOR(pg_catalog.*) i))::pg_catalog.date AS first_day, (period_start OPERATOR(pg_catalog.-) (l.step OPERATOR(pg_catalog.*) (i OPERATOR(pg_catalog.-) 1)))::pg_catalog.date AS end_day FROM length AS l CROSS JOIN pg_catalog.generate_series(1, periods) AS i)
	SELECT b.first_day, b.end_day, v.value
	FROM before AS b CROSS JOIN LATERAL @extschema@.period_value((k).name, segment, (k).adds, b.first_day, b.end_day) AS v
	-- what began in the middle of a period has not filled it
	WHERE b.end_day OPERATOR(pg_catalog.<=) today AND v.value IS NOT NULL
		AND b.first_day OPERATOR(pg_catalog.>=) (SELECT pg_catalog.min(m.period_start) FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) (k).name AND m.segment OPERATOR(pg_catalog.=) target_history.segment)
	$$;
COMMENT ON FUNCTION @extschema@.target_history(@extschema@.kpi, text, date, date, date, integer) IS
'what a KPI was in the periods before that of a target, as long as it, latest first; only those that are over and were measured from their first day on';

CREATE FUNCTION @extschema@.target_met(value numeric, direction text, target numeric, low numeric, high numeric) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE direction WHEN 'up' THEN value OPERATOR(pg_catalog.>=) target WHEN 'down' THEN value OPERATOR(pg_catalog.<=) target ELSE value OPERATOR(pg_catalog.>=) coalesce(low, value) AND value OPERATOR(pg_catalog.<=) coalesce(high, value) END
	$$;
COMMENT ON FUNCTION @extschema@.target_met(numeric, text, numeric, numeric, numeric) IS 'whether a value at the end of a period meets its target: by direction, or within the range';

CREATE FUNCTION @extschema@.smart_check(of_kpi text DEFAULT NULL, as_of timestamptz DEFAULT NULL)
	RETURNS TABLE (kpi text, letter text, rule text, severity text, detail text, fix text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	SET jit = off
	AS $$
	#variable_conflict use_column
	BEGIN
		IF of_kpi IS NOT NULL THEN
			IF NOT @extschema@.sees_values((@extschema@.kpi_named(of_kpi)).name) THEN
				RAISE insufficient_privilege USING
					MESSAGE = pg_catalog.format('you may not see the values of KPI "%s"', of_kpi),
					HINT = pg_catalog.format('Its owner can share it: SELECT kpi.share(%L, %L).', of_kpi, CURRENT_USER);
			END IF;
		END IF;
		as_of := coalesce(as_of, pg_catalog.now());
		RETURN QUERY
		WITH k AS MATERIALIZED (
			SELECT i.*, i AS whole, (as_of AT TIME ZONE i.zone)::pg_catalog.date AS today, @extschema@.grain_step(i.grain) AS step, pg_catalog.date_trunc(i.grain, (as_of AT TIME ZONE i.zone)::pg_catalog.date)::pg_catalog.date AS this_period
			FROM @extschema@.kpi AS i
			WHERE CASE WHEN of_kpi IS NULL THEN i.active ELSE i.name OPERATOR(pg_catalog.=) of_kpi END AND @extschema@.sees_values(i.name)),
		texts AS MATERIALIZED (
			SELECT o.name, @extschema@.definition_text(o) AS definition FROM @extschema@.kpi AS o WHERE o.active OR o.name OPERATOR(pg_catalog.=) of_kpi),
		-- the last 60 periods
		recent AS MATERIALIZED (
			SELECT k.name, (k.this_period OPERATOR(pg_catalog.-) k.step)::pg_catalog.date AS last_period,
				pg_catalog.count(m.value) FILTER (WHERE m.period_start OPERATOR(pg_catalog.=) (k.this_period OPERATOR(pg_catalog.-) k.step)::pg_catalog.date) AS last_values, pg_catalog.max(m.value) FILTER (WHERE m.period_start OPERATOR(pg_catalog.=) (k.this_period OPERATOR(pg_catalog.-) k.step)::pg_catalog.date AND m.segment OPERATOR(pg_catalog.=) '') AS last_value,
				pg_catalog.max(m.n) FILTER (WHERE m.period_start OPERATOR(pg_catalog.=) (k.this_period OPERATOR(pg_catalog.-) k.step)::pg_catalog.date AND m.segment OPERATOR(pg_catalog.=) '') AS last_n,
				pg_catalog.max(m.period_start) FILTER (WHERE m.value IS NOT NULL) AS newest, pg_catalog.count(m.period_start) AS rows, pg_catalog.count(m.period_start) FILTER (WHERE m.value IS NULL) AS nulls, pg_catalog.count(*) FILTER (WHERE m.denominator OPERATOR(pg_catalog.=) 0) AS zeros, pg_catalog.count(m.numerator) AS numerators
			FROM k LEFT JOIN @extschema@.measurement AS m ON m.kpi OPERATOR(pg_catalog.=) k.name AND m.period_start OPERATOR(pg_catalog.>=) (k.this_period OPERATOR(pg_catalog.-) (k.step OPERATOR(pg_catalog.*) 60))::pg_catalog.date AND m.period_start OPERATOR(pg_catalog.<) k.this_period
			GROUP BY k.name, k.this_period, k.step),
		goals AS MATERIALIZED (
			SELECT t.*, k.today, k.direction, k.at_risk, k.behind, k.whole, k.grain, k.step, k.this_period, t.period_start OPERATOR(pg_catalog.<=) k.today AND t.period_end OPERATOR(pg_catalog.>) k.today AS current
			FROM @extschema@.target AS t JOIN k ON k.name OPERATOR(pg_catalog.=) t.kpi WHERE t.closed_at IS NULL),
		-- the one whose period it is, the shortest of those as it has most to be compared with; else the next one
		goal AS MATERIALIZED (
			SELECT DISTINCT ON (g.kpi) g.* FROM goals AS g WHERE g.segment OPERATOR(pg_catalog.=) '' AND g.period_end OPERATOR(pg_catalog.>) g.today ORDER BY g.kpi, g.current DESC, CASE WHEN g.current THEN g.period_end OPERATOR(pg_catalog.-) g.period_start ELSE g.period_start OPERATOR(pg_catalog.-) g.today END),
		history AS MATERIALIZED (
			SELECT g.kpi, pg_catalog.count(h.value) AS n, pg_catalog.count(*) FILTER (WHERE @extschema@.target_met(h.value, g.direction, g.target, g.low, g.high)) AS met, pg_catalog.min(h.value)::pg_catalog.float8 AS least, pg_catalog.max(h.value)::pg_catalog.float8 AS most, pg_catalog.stddev_samp(h.value)::pg_catalog.float8 AS sd,
				pg_catalog.max(CASE WHEN g.direction OPERATOR(pg_catalog.=) 'range' THEN @extschema@.attainment_range(h.value::pg_catalog.float8, g.low::pg_catalog.float8, g.high::pg_catalog.float8) ELSE @extschema@.attainment(h.value::pg_catalog.float8, g.target::pg_catalog.float8, NULL, g.direction) END) AS best
			FROM goal AS g LEFT JOIN LATERAL @extschema@.target_history(g.whole, '', g.period_start, g.period_end, g.today) AS h ON true GROUP BY g.kpi),
		hope AS MATERIALIZED (
			SELECT h.*, @extschema@.period_name(pg_catalog.daterange(g.period_start, g.period_end)) AS period, g.behind,
				CASE WHEN g.direction OPERATOR(pg_catalog.=) 'range' THEN pg_catalog.concat(coalesce(g.low::pg_catalog.text, 'any'), ' to ', coalesce(g.high::pg_catalog.text, 'any')) ELSE g.target::pg_catalog.text END AS wanted,
				h.sd OPERATOR(pg_catalog.>) 0 AND CASE g.direction WHEN 'up' THEN g.target::pg_catalog.float8 OPERATOR(pg_catalog.>) (h.most OPERATOR(pg_catalog.+) (3 OPERATOR(pg_catalog.*) h.sd)) WHEN 'down' THEN g.target::pg_catalog.float8 OPERATOR(pg_catalog.<) (h.least OPERATOR(pg_catalog.-) (3 OPERATOR(pg_catalog.*) h.sd))
					ELSE coalesce(g.low::pg_catalog.float8 OPERATOR(pg_catalog.>) (h.most OPERATOR(pg_catalog.+) (3 OPERATOR(pg_catalog.*) h.sd)), false) OR coalesce(g.high::pg_catalog.float8 OPERATOR(pg_catalog.<) (h.least OPERATOR(pg_catalog.-) (3 OPERATOR(pg_catalog.*) h.sd)), false) END AS beyond
			FROM history AS h JOIN goal AS g ON g.kpi OPERATOR(pg_catalog.=) h.kpi),
		links AS MATERIALIZED (
			SELECT o.kpi, o.objective, o.weight OPERATOR(pg_catalog./) (pg_catalog.sum(o.weight) OVER (PARTITION BY o.objective) OPERATOR(pg_catalog.+) coalesce((SELECT pg_catalog.sum(e.weight) FROM @extschema@.objective_edge AS e WHERE e.parent OPERATOR(pg_catalog.=) o.objective), 0)) AS share,
				EXISTS (SELECT FROM @extschema@.objective_edge AS e) AND NOT EXISTS (SELECT FROM @extschema@.objective_edge AS e WHERE e.parent OPERATOR(pg_catalog.=) o.objective OR e.child OPERATOR(pg_catalog.=) o.objective) AS orphan
			FROM @extschema@.kpi_objective AS o JOIN @extschema@.kpi AS i ON i.name OPERATOR(pg_catalog.=) o.kpi AND (i.active OR i.name OPERATOR(pg_catalog.=) of_kpi)),
		-- each KPI next to the others of its objectives that are measured by the same grain, period by period
		mates AS MATERIALIZED (
			SELECT DISTINCT a.kpi, b.kpi AS other FROM links AS a JOIN links AS b ON b.objective OPERATOR(pg_catalog.=) a.objective AND b.kpi OPERATOR(pg_catalog.<>) a.kpi),
		pairs AS MATERIALIZED (
			SELECT k.name, m.other, k.this_period, k.step FROM mates AS m JOIN k ON k.name OPERATOR(pg_catalog.=) m.kpi JOIN @extschema@.kpi AS o ON o.name OPERATOR(pg_catalog.=) m.other WHERE o.grain OPERATOR(pg_catalog.=) k.grain AND @extschema@.sees_values(o.name)),
		correlated AS MATERIALIZED (
			SELECT p.name, p.other, c.n, c.rho, pg_catalog.row_number() OVER (PARTITION BY p.name ORDER BY pg_catalog.abs(c.rho) DESC NULLS LAST, p.other) AS place
			FROM pairs AS p CROSS JOIN LATERAL (
				SELECT pg_catalog.count(*) AS n, @extschema@.spearman(pg_catalog.array_agg(m.value::pg_catalog.float8 ORDER BY m.period_start), pg_catalog.array_agg(o.value::pg_catalog.float8 ORDER BY m.period_start)) AS rho
				FROM @extschema@.measurement AS m JOIN @extschema@.measurement AS o ON o.kpi OPERATOR(pg_catalog.=) p.other AND o.segment OPERATOR(pg_catalog.=) '' AND o.period_start OPERATOR(pg_catalog.=) m.period_start
				WHERE m.kpi OPERATOR(pg_catalog.=) p.name AND m.segment OPERATOR(pg_catalog.=) '' AND m.period_start OPERATOR(pg_catalog.>=) (p.this_period OPERATOR(pg_catalog.-) (p.step OPERATOR(pg_catalog.*) 60))::pg_catalog.date AND m.period_start OPERATOR(pg_catalog.<) p.this_period
					AND o.period_start OPERATOR(pg_catalog.>=) (p.this_period OPERATOR(pg_catalog.-) (p.step OPERATOR(pg_catalog.*) 60))::pg_catalog.date AND o.period_start OPERATOR(pg_catalog.<) p.this_period AND m.value IS NOT NULL AND o.value IS NOT NULL) AS c),
		reach AS MATERIALIZED (
			SELECT k.name, pg_catalog.count(g.kpi) AS targets, pg_catalog.bool_or(g.current) AS current, pg_catalog.max(g.period_end) AS until, pg_catalog.min(g.period_start) FILTER (WHERE g.period_start OPERATOR(pg_catalog.>) k.today) AS next,
				(pg_catalog.array_agg(g.period_end OPERATOR(pg_catalog.-) g.period_start ORDER BY g.period_end DESC, g.period_start))[1] AS length,
				pg_catalog.count(*) FILTER (WHERE g.period_end OPERATOR(pg_catalog.>) k.today AND @extschema@.grain_of(pg_catalog.daterange(g.period_start, g.period_end)) OPERATOR(pg_catalog.=) 'other') AS odd,
				pg_catalog.count(*) FILTER (WHERE g.period_end OPERATOR(pg_catalog.>) k.today AND (g.period_start OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(k.grain, g.period_start)::pg_catalog.date OR g.period_end OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(k.grain, g.period_end)::pg_catalog.date)) AS unfit
			FROM k LEFT JOIN goals AS g ON g.kpi OPERATOR(pg_catalog.=) k.name GROUP BY k.name),
		covered AS MATERIALIZED (
			SELECT g.kpi, @extschema@.period_name(pg_catalog.daterange(g.period_start, g.period_end)) AS period,
				(SELECT pg_catalog.count(*) FROM pg_catalog.generate_series(g.period_start::pg_catalog.timestamp, g.this_period::pg_catalog.timestamp OPERATOR(pg_catalog.-) interval '1 day', g.step)) AS due,
				(SELECT pg_catalog.count(DISTINCT m.period_start) FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) g.kpi AND m.segment OPERATOR(pg_catalog.=) g.segment AND m.period_start OPERATOR(pg_catalog.>=) g.period_start AND m.period_start OPERATOR(pg_catalog.<) g.this_period AND m.value IS NOT NULL) AS known
			FROM (SELECT DISTINCT ON (h.kpi) h.* FROM goals AS h WHERE h.current ORDER BY h.kpi, h.segment, h.period_end OPERATOR(pg_catalog.-) h.period_start DESC) AS g),
		told AS (
			SELECT k.name, 'S' AS letter, 1 AS place, 'description' AS rule, CASE WHEN coalesce(k.description, '') OPERATOR(pg_catalog.=) '' OR pg_catalog.char_length(k.title OPERATOR(pg_catalog.||) k.description) OPERATOR(pg_catalog.<) 20 THEN 'warning' ELSE 'ok' END AS severity,
				CASE WHEN coalesce(k.description, '') OPERATOR(pg_catalog.=) '' THEN 'it has no description' ELSE pg_catalog.format('title and description have %s characters; 20 are the least', pg_catalog.char_length(k.title OPERATOR(pg_catalog.||) k.description)) END AS detail,
				CASE WHEN coalesce(k.description, '') OPERATOR(pg_catalog.=) '' OR pg_catalog.char_length(k.title OPERATOR(pg_catalog.||) k.description) OPERATOR(pg_catalog.<) 20 THEN pg_catalog.format('Say what counts and what does not: SELECT kpi.define(%L, ..., description => ...);', k.name) END AS fix
			FROM k
			UNION ALL
			SELECT k.name, 'S', 2, 'unit', CASE WHEN pg_catalog.btrim(k.unit) OPERATOR(pg_catalog.=) '' THEN 'warning' ELSE 'ok' END, CASE WHEN pg_catalog.btrim(k.unit) OPERATOR(pg_catalog.=) '' THEN 'it has no unit' ELSE pg_catalog.format('its unit is %s', k.unit) END,
				CASE WHEN pg_catalog.btrim(k.unit) OPERATOR(pg_catalog.=) '' THEN pg_catalog.format('SELECT kpi.define(%L, ..., unit => ''EUR'');', k.name) END
			FROM k
			UNION ALL
			SELECT k.name, 'S', 3, 'owner', CASE WHEN r.rolname IS NULL THEN 'error' ELSE 'ok' END, pg_catalog.format(CASE WHEN r.rolname IS NULL THEN 'its owner %s does not exist any more' ELSE '%s is responsible' END, k.owner),
				CASE WHEN r.rolname IS NULL THEN pg_catalog.format('A superuser gives it another one: SELECT kpi.define(%L, ..., owner => ...);', k.name) END
			FROM k LEFT JOIN pg_catalog.pg_roles AS r ON r.rolname OPERATOR(pg_catalog.=) k.owner
			UNION ALL
			SELECT k.name, 'S', 4, 'ratio', CASE WHEN x.bare THEN 'warning' ELSE 'ok' END,
				CASE WHEN x.bare THEN pg_catalog.format('it looks like a ratio (unit %s), and has no numerator and denominator: periods and segments cannot be put together', k.unit) WHEN r.numerators OPERATOR(pg_catalog.>) 0 THEN 'it has a numerator and a denominator' ELSE 'it does not look like a ratio' END,
				CASE WHEN x.bare THEN pg_catalog.format('Let the definition show numerator and denominator instead of value, and register it again: SELECT kpi.define(%L, ...);', k.name) END
			FROM k JOIN recent AS r ON r.name OPERATOR(pg_catalog.=) k.name CROSS JOIN LATERAL (SELECT k.kind OPERATOR(pg_catalog.=) ANY (ARRAY['view', 'function']) AND r.numerators OPERATOR(pg_catalog.=) 0 AND k.adds OPERATOR(pg_catalog.<>) 'ratio' AND k.unit OPERATOR(pg_catalog.~) '(^%| %|percent|share|ratio|rate$|^of )' AS bare) AS x
			UNION ALL
			SELECT k.name, 'S', 5, d.rule, d.severity, d.detail, d.fix FROM k CROSS JOIN LATERAL @extschema@.check_definition(k.whole) AS d
			UNION ALL
			SELECT k.name, 'S', 6, 'distinct', CASE WHEN s.same IS NULL THEN 'ok' ELSE 'warning' END, CASE WHEN s.same IS NULL THEN 'no other KPI has the same definition' ELSE pg_catalog.format('it has the same definition as %s', s.same) END,
				CASE WHEN s.same IS NOT NULL THEN 'Remove one of them, or tell them apart.' END
			FROM k CROSS JOIN LATERAL (SELECT pg_catalog.string_agg(o.name, ', ' ORDER BY o.name) AS same FROM texts AS mine JOIN texts AS o ON o.definition OPERATOR(pg_catalog.=) mine.definition AND o.name OPERATOR(pg_catalog.<>) mine.name WHERE mine.name OPERATOR(pg_catalog.=) k.name) AS s WHERE k.kind OPERATOR(pg_catalog.<>) 'manual'
			UNION ALL
			SELECT k.name, 'M', 1, c.rule, c.severity, c.detail, c.fix FROM k CROSS JOIN LATERAL @extschema@.check_refresh(k.whole, as_of) AS c
			UNION ALL
			SELECT k.name, 'M', 2, CASE WHEN k.kind OPERATOR(pg_catalog.=) 'manual' THEN 'check_in' ELSE 'values' END, CASE WHEN r.last_values OPERATOR(pg_catalog.=) 0 THEN CASE WHEN k.kind OPERATOR(pg_catalog.=) 'manual' THEN 'warning' ELSE 'error' END ELSE 'ok' END,
				pg_catalog.format(CASE WHEN r.last_values OPERATOR(pg_catalog.=) 0 THEN 'there is no value for %s, which is over' WHEN r.last_value IS NULL THEN 'for %s there are values of segments' ELSE 'for %s it is %s' END, x.period, @extschema@.rounded(r.last_value::pg_catalog.float8)),
				CASE WHEN r.last_values OPERATOR(pg_catalog.>) 0 THEN NULL WHEN k.kind OPERATOR(pg_catalog.=) 'manual' THEN pg_catalog.format('SELECT kpi.check_in(%L, %L, ...);', k.name, x.period) ELSE pg_catalog.format('See whether the definition shows that period; then: CALL kpi.refresh(%L);', k.name) END
			FROM k JOIN recent AS r ON r.name OPERATOR(pg_catalog.=) k.name CROSS JOIN LATERAL (SELECT @extschema@.period_name(pg_catalog.daterange(r.last_period, k.this_period)) AS period) AS x
			UNION ALL
			SELECT k.name, 'M', 3, 'fresh', CASE WHEN x.known_to IS NULL OR (k.today OPERATOR(pg_catalog.-) x.known_to) OPERATOR(pg_catalog.*) interval '1 day' OPERATOR(pg_catalog.>) k.stale_after THEN 'error' ELSE 'ok' END,
				CASE WHEN x.known_to IS NULL THEN 'nothing is known of the last 60 periods' ELSE pg_catalog.format('values are known up to %s, %s days may be missing', x.known_to OPERATOR(pg_catalog.-) 1, pg_catalog.floor(pg_catalog.extract('epoch', k.stale_after) OPERATOR(pg_catalog./) 86400)) END,
				CASE WHEN x.known_to IS NULL OR (k.today OPERATOR(pg_catalog.-) x.known_to) OPERATOR(pg_catalog.*) interval '1 day' OPERATOR(pg_catalog.>) k.stale_after THEN CASE WHEN k.kind OPERATOR(pg_catalog.=) 'manual' THEN pg_catalog.format('SELECT kpi.check_in(%L, ...);', k.name) ELSE pg_catalog.format('See whether data arrive (kpi.trust); then: CALL kpi.refresh(%L);', k.name) END END
			FROM k JOIN recent AS r ON r.name OPERATOR(pg_catalog.=) k.name CROSS JOIN LATERAL (SELECT least((r.newest OPERATOR(pg_catalog.+) k.step)::pg_catalog.date, k.today) AS known_to) AS x
			UNION ALL
			SELECT k.name, 'M', 4, 'nulls', CASE WHEN r.nulls OPERATOR(pg_catalog.>) 0 THEN 'warning' ELSE 'ok' END, pg_catalog.format('%s of %s values are null', r.nulls, r.rows) OPERATOR(pg_catalog.||) CASE WHEN r.zeros OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('; %s denominators are 0', r.zeros) ELSE '' END,
				CASE WHEN r.nulls OPERATOR(pg_catalog.>) 0 THEN 'See why; no row is better than one without a value.' END
			FROM k JOIN recent AS r ON r.name OPERATOR(pg_catalog.=) k.name WHERE r.rows OPERATOR(pg_catalog.>) 0
			UNION ALL
			SELECT k.name, 'M', 5, 'n', CASE WHEN k.min_n IS NULL THEN CASE WHEN k.qualitative THEN 'info' ELSE 'ok' END WHEN r.last_values OPERATOR(pg_catalog.=) 0 THEN 'info' WHEN r.last_n OPERATOR(pg_catalog.>=) k.min_n THEN 'ok' ELSE 'warning' END,
				CASE WHEN k.min_n IS NULL THEN 'no least number of observations is asked for' WHEN r.last_values OPERATOR(pg_catalog.=) 0 THEN 'unknown: the last period has no value' WHEN r.last_n IS NULL THEN pg_catalog.format('at least %s observations are asked for, and the last period does not tell how many it rests on', k.min_n)
					ELSE pg_catalog.format('the last period rests on %s observations, at least %s are asked for', r.last_n, k.min_n) END,
				CASE WHEN k.min_n IS NULL THEN CASE WHEN k.qualitative THEN pg_catalog.format('What people say of few says little: SELECT kpi.define(%L, ..., min_n => 30);', k.name) END
					WHEN r.last_values OPERATOR(pg_catalog.>) 0 AND r.last_n IS NULL THEN 'Let the definition show n.' WHEN r.last_n OPERATOR(pg_catalog.<) k.min_n THEN 'Ask more people, or measure longer periods.' END
			FROM k JOIN recent AS r ON r.name OPERATOR(pg_catalog.=) k.name
			UNION ALL
			SELECT k.name, 'A', 1, 'too_easy', CASE WHEN h.n OPERATOR(pg_catalog.>=) 6 THEN CASE WHEN h.met OPERATOR(pg_catalog.>=) (0.8 OPERATOR(pg_catalog.*) h.n) THEN 'warning' ELSE 'ok' END ELSE 'info' END,
				CASE WHEN h.n OPERATOR(pg_catalog.>=) 6 THEN pg_catalog.format('%s of the last %s periods met %s, the target of %s', h.met, h.n, h.wanted, h.period) WHEN h.kpi IS NULL THEN 'unknown: it has no target' ELSE pg_catalog.format('unknown: only %s periods as long as %s are over, 6 are the least', h.n, h.period) END,
				CASE WHEN h.n OPERATOR(pg_catalog.>=) 6 AND h.met OPERATOR(pg_catalog.>=) (0.8 OPERATOR(pg_catalog.*) h.n) THEN pg_catalog.format('Ask for more: SELECT kpi.set_target(%L, %L, ..., rationale => ...);', k.name, h.period) END
			FROM k LEFT JOIN hope AS h ON h.kpi OPERATOR(pg_catalog.=) k.name
			UNION ALL
			SELECT k.name, 'A', 2, 'too_hard', CASE WHEN h.n OPERATOR(pg_catalog.>=) 6 THEN CASE WHEN h.beyond OR h.best OPERATOR(pg_catalog.<) h.behind THEN 'warning' ELSE 'ok' END ELSE 'info' END,
				CASE WHEN h.n OPERATOR(pg_catalog.>=) 6 THEN pg_catalog.format('the target of %s is %s; the last %s periods were between %s and %s, with a standard deviation of %s', h.period, h.wanted, h.n, @extschema@.rounded(h.least, h.sd), @extschema@.rounded(h.most, h.sd), @extschema@.rounded(h.sd))
						OPERATOR(pg_catalog.||) CASE WHEN h.beyond THEN ': it is more than three of them beyond' WHEN h.best OPERATOR(pg_catalog.<) h.behind THEN pg_catalog.format(': the best of them attains %s', @extschema@.rounded(h.best)) ELSE '' END
					WHEN h.kpi IS NULL THEN 'unknown: it has no target' ELSE pg_catalog.format('unknown: only %s periods as long as %s are over, 6 are the least', h.n, h.period) END,
				CASE WHEN h.n OPERATOR(pg_catalog.>=) 6 AND (h.beyond OR h.best OPERATOR(pg_catalog.<) h.behind) THEN pg_catalog.format('Say what will be done that was not done before (kpi.record_action), or go by steps: SELECT kpi.set_target(%L, %L, ..., rationale => ...);', k.name, h.period) END
			FROM k LEFT JOIN hope AS h ON h.kpi OPERATOR(pg_catalog.=) k.name
			UNION ALL
			SELECT k.name, 'R', 1, 'objective', CASE WHEN o.names IS NULL THEN 'warning' ELSE 'ok' END, CASE WHEN o.names IS NULL THEN 'it tells about no objective' ELSE pg_catalog.format('it tells about %s', o.names) END,
				CASE WHEN o.names IS NULL THEN pg_catalog.format('SELECT kpi.define(%L, ..., objective => ...);', k.name) END
			FROM k CROSS JOIN LATERAL (SELECT pg_catalog.string_agg(l.objective, ', ' ORDER BY l.objective) AS names FROM links AS l WHERE l.kpi OPERATOR(pg_catalog.=) k.name) AS o
			UNION ALL
			SELECT k.name, 'R', 2, 'orphan', CASE WHEN o.names IS NULL THEN 'ok' ELSE 'info' END, CASE WHEN o.names IS NULL THEN 'its objectives belong together' ELSE pg_catalog.format('%s serves no other objective, and none serves it', o.names) END,
				CASE WHEN o.names IS NOT NULL THEN 'SELECT kpi.define_objective(..., parent => ...);' END
			FROM k CROSS JOIN LATERAL (SELECT pg_catalog.string_agg(l.objective, ', ' ORDER BY l.objective) FILTER (WHERE l.orphan) AS names, pg_catalog.count(*) AS n FROM links AS l WHERE l.kpi OPERATOR(pg_catalog.=) k.name) AS o WHERE o.n OPERATOR(pg_catalog.>) 0
			UNION ALL
			SELECT k.name, 'R', 3, 'weight', CASE WHEN l.share OPERATOR(pg_catalog.<) 0.05 THEN 'info' ELSE 'ok' END, pg_catalog.format('it is %s %% of what %s is judged by', @extschema@.rounded(100 OPERATOR(pg_catalog.*) l.share::pg_catalog.float8), l.objective),
				CASE WHEN l.share OPERATOR(pg_catalog.<) 0.05 THEN pg_catalog.format('Does it matter? Else: SELECT kpi.define(%L, ..., objective => %L, weight => ...);', k.name, l.objective) END
			FROM k JOIN (SELECT DISTINCT ON (a.kpi) a.* FROM links AS a ORDER BY a.kpi, a.share) AS l ON l.kpi OPERATOR(pg_catalog.=) k.name
			UNION ALL
			SELECT k.name, 'R', 4, 'correlation', 'info',
				CASE WHEN c.rho IS NOT NULL AND c.n OPERATOR(pg_catalog.>=) 8 THEN pg_catalog.format('its rank correlation with %s is %s over %s periods', c.other, @extschema@.rounded(c.rho), c.n)
					WHEN c.name IS NULL THEN 'unknown: no other KPI of its objectives is measured by the same grain' ELSE pg_catalog.format('unknown: only %s periods in common with %s, 8 are the least', c.n, c.other) END,
				CASE WHEN c.n OPERATOR(pg_catalog.>=) 8 AND pg_catalog.abs(c.rho) OPERATOR(pg_catalog.>=) 0.95 THEN 'Perhaps one of the two is enough.' END
			FROM k LEFT JOIN correlated AS c ON c.name OPERATOR(pg_catalog.=) k.name AND c.place OPERATOR(pg_catalog.=) 1 WHERE EXISTS (SELECT FROM links AS l WHERE l.kpi OPERATOR(pg_catalog.=) k.name)
			UNION ALL
			SELECT k.name, 'T', 1, 'target', CASE WHEN r.current THEN 'ok' ELSE 'warning' END,
				CASE WHEN r.current THEN 'it has a target for today' WHEN r.next IS NOT NULL THEN pg_catalog.format('it has no target for today; the next one begins on %s', r.next) WHEN r.targets OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('its last target ended on %s', r.until OPERATOR(pg_catalog.-) 1) ELSE 'it has no target' END,
				CASE WHEN r.current IS NOT TRUE THEN pg_catalog.format('SELECT kpi.set_target(%L, %L, ...);', k.name, @extschema@.target_period(k.grain, k.adds, k.today)) END
			FROM k JOIN reach AS r ON r.name OPERATOR(pg_catalog.=) k.name
			UNION ALL
			SELECT k.name, 'T', 2, 'end', CASE WHEN r.until OPERATOR(pg_catalog.<=) k.today THEN 'warning' WHEN 4 OPERATOR(pg_catalog.*) (r.until OPERATOR(pg_catalog.-) k.today) OPERATOR(pg_catalog.<) r.length THEN 'info' ELSE 'ok' END,
				pg_catalog.format(CASE WHEN r.until OPERATOR(pg_catalog.<=) k.today THEN 'its targets ended on %s' ELSE 'its targets reach to %s' END, r.until OPERATOR(pg_catalog.-) 1),
				CASE WHEN 4 OPERATOR(pg_catalog.*) (r.until OPERATOR(pg_catalog.-) k.today) OPERATOR(pg_catalog.<) r.length THEN pg_catalog.format('Set what comes next: SELECT kpi.set_target(%L, ...);', k.name) END
			FROM k JOIN reach AS r ON r.name OPERATOR(pg_catalog.=) k.name WHERE r.targets OPERATOR(pg_catalog.>) 0
			UNION ALL
			SELECT k.name, 'T', 3, 'aligned', CASE WHEN r.unfit OPERATOR(pg_catalog.>) 0 THEN 'warning' WHEN r.odd OPERATOR(pg_catalog.>) 0 THEN 'info' ELSE 'ok' END,
				CASE WHEN r.unfit OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('%s of its targets do not begin or end with a %s, which it is measured by', r.unfit, k.grain) WHEN r.odd OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('%s of its targets are for no week, month, quarter or year of the calendar', r.odd) ELSE 'its targets are for periods of the calendar' END,
				CASE WHEN r.unfit OPERATOR(pg_catalog.>) 0 OR r.odd OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('SELECT kpi.set_target(%L, %L, ...);', k.name, @extschema@.target_period(k.grain, k.adds, k.today)) END
			FROM k JOIN reach AS r ON r.name OPERATOR(pg_catalog.=) k.name WHERE r.targets OPERATOR(pg_catalog.>) 0
			UNION ALL
			SELECT k.name, 'T', 4, 'every_period', CASE WHEN c.known OPERATOR(pg_catalog.>=) c.due THEN 'ok' WHEN c.known OPERATOR(pg_catalog.>=) (0.8 OPERATOR(pg_catalog.*) c.due) OR k.adds OPERATOR(pg_catalog.=) 'sum' AND k.kind OPERATOR(pg_catalog.<>) 'manual' THEN 'info' ELSE 'warning' END, pg_catalog.format('of %s, %s of %s %ss that are over have a value', c.period, c.known, c.due, k.grain),
				CASE WHEN c.known OPERATOR(pg_catalog.<) c.due THEN CASE WHEN k.kind OPERATOR(pg_catalog.=) 'manual' THEN pg_catalog.format('SELECT kpi.check_in(%L, ...) for each %s.', k.name, k.grain) ELSE pg_catalog.format('Let the definition show each %s, also one with 0.', k.grain) END END
			FROM k JOIN covered AS c ON c.kpi OPERATOR(pg_catalog.=) k.name)
		SELECT t.name, t.letter, t.rule, t.severity, t.detail, t.fix FROM told AS t ORDER BY t.name, pg_catalog.strpos('SMART', t.letter), t.place;
	END
	$$;
COMMENT ON FUNCTION @extschema@.smart_check(text, timestamptz) IS
'of each KPI that you may see (or of one): whether it is specific, measurable, achievable, relevant and time-bound, a row for each letter and rule; severity is ok, info, warning or error';

CREATE FUNCTION @extschema@.lint(as_of timestamptz DEFAULT NULL)
	RETURNS TABLE (rule text, severity text, kpi text, objective text, detail text, fix text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	SET jit = off
	AS $$
	#variable_conflict use_column
	BEGIN
		as_of := coalesce(as_of, pg_catalog.now());
		RETURN QUERY
		WITH k AS MATERIALIZED (
			SELECT i.*, i AS whole, (as_of AT TIME ZONE i.zone)::pg_catalog.date AS today, @extschema@.grain_step(i.grain) AS step, pg_catalog.date_trunc(i.grain, (as_of AT TIME ZONE i.zone)::pg_catalog.date)::pg_catalog.date AS this_period, @extschema@.sees_values(i.name) AS readable
			FROM @extschema@.kpi AS i WHERE i.active),
		-- by the objectives that they are of
		linked AS MATERIALIZED (
			SELECT o.objective, k.name, k.qualitative FROM @extschema@.kpi_objective AS o JOIN k ON k.name OPERATOR(pg_catalog.=) o.kpi),
		goals AS MATERIALIZED (
			SELECT t.*, k.today FROM @extschema@.target AS t JOIN k ON k.name OPERATOR(pg_catalog.=) t.kpi AND k.readable),
		-- targets that were changed when half of their period was over, and what they were before that
		moved AS (
			SELECT t.kpi, t.segment, t.period_start, t.period_end, was.target AS old_target, was.low AS old_low, was.high AS old_high, t.target, t.low, t.high, t.set_by, t.set_at, t.rationale, k.zone,
				CASE k.direction WHEN 'up' THEN t.target OPERATOR(pg_catalog.<) was.target WHEN 'down' THEN t.target OPERATOR(pg_catalog.>) was.target ELSE coalesce(t.low OPERATOR(pg_catalog.<) was.low, false) OR coalesce(t.high OPERATOR(pg_catalog.>) was.high, false) END AS easier,
				(t.set_at AT TIME ZONE k.zone)::pg_catalog.date OPERATOR(pg_catalog.>=) t.period_end AS afterwards
			FROM goals AS t JOIN k ON k.name OPERATOR(pg_catalog.=) t.kpi
			CROSS JOIN LATERAL (SELECT w.* FROM goals AS w WHERE w.kpi OPERATOR(pg_catalog.=) t.kpi AND w.segment OPERATOR(pg_catalog.=) t.segment AND w.period_start OPERATOR(pg_catalog.=) t.period_start AND w.period_end OPERATOR(pg_catalog.=) t.period_end AND w.closed_at IS NOT NULL
					AND (w.closed_at AT TIME ZONE k.zone)::pg_catalog.date OPERATOR(pg_catalog.>=) (w.period_start OPERATOR(pg_catalog.+) ((w.period_end OPERATOR(pg_catalog.-) w.period_start) OPERATOR(pg_catalog./) 2)) AND w.version OPERATOR(pg_catalog.<) t.version ORDER BY w.version LIMIT 1) AS was
			WHERE t.closed_at IS NULL AND t.set_at OPERATOR(pg_catalog.<=) as_of AND t.period_end OPERATOR(pg_catalog.>) (k.today OPERATOR(pg_catalog.-) 366) AND (t.target, t.low, t.high) IS DISTINCT FROM (was.target, was.low, was.high)),
		-- targets in force whose period is over
		results AS MATERIALIZED (
			SELECT g.kpi, g.segment, pg_catalog.count(*) AS n, pg_catalog.count(*) FILTER (WHERE @extschema@.target_met(v.value, k.direction, g.target, g.low, g.high)) AS met
			FROM goals AS g JOIN k ON k.name OPERATOR(pg_catalog.=) g.kpi CROSS JOIN LATERAL @extschema@.period_value(g.kpi, g.segment, k.adds, g.period_start, g.period_end) AS v
			WHERE g.closed_at IS NULL AND g.period_end OPERATOR(pg_catalog.<=) k.today AND v.value IS NOT NULL GROUP BY g.kpi, g.segment),
		texts AS MATERIALIZED (
			SELECT k.name, @extschema@.definition_text(k.whole) AS definition FROM k WHERE k.kind OPERATOR(pg_catalog.<>) 'manual'),
		-- the last 30 periods of each, to find those that are always equal
		numbers AS MATERIALIZED (
			SELECT k.name, k.grain, m.n, m.list, m.kinds FROM k CROSS JOIN LATERAL (
				SELECT pg_catalog.count(*) AS n, pg_catalog.count(DISTINCT l.value) AS kinds, pg_catalog.string_agg(pg_catalog.concat_ws(' ', l.period_start, pg_catalog.trim_scale(l.value)), ';' ORDER BY l.period_start) AS list
				FROM (SELECT v.period_start, v.value FROM @extschema@.measurement AS v WHERE v.kpi OPERATOR(pg_catalog.=) k.name AND v.segment OPERATOR(pg_catalog.=) '' AND v.period_start OPERATOR(pg_catalog.<) k.this_period AND v.value IS NOT NULL ORDER BY v.period_start DESC LIMIT 30) AS l) AS m
			WHERE k.readable),
		-- the tables whose changes are noted
		tracked AS MATERIALIZED (
			SELECT s.name, n.oid AS in_schema, m.member, m.kind
			FROM @extschema@.source AS s JOIN pg_catalog.pg_namespace AS n ON n.nspname OPERATOR(pg_catalog.=) s.relation_schema JOIN pg_catalog.pg_class AS c ON c.relnamespace OPERATOR(pg_catalog.=) n.oid AND c.relname OPERATOR(pg_catalog.=) s.relation_name
			CROSS JOIN LATERAL @extschema@.tables_of(c.oid) AS m WHERE s.tracked),
		told AS (
			SELECT 1 AS place, 'too_many_kpis' AS rule, 'warning' AS severity, NULL::pg_catalog.text AS kpi, l.objective, pg_catalog.format('objective "%s" has %s active KPIs; more than 7 are too many to look at', l.objective, pg_catalog.count(*)) AS detail, 'Keep those that somebody acts on; set the others to active = false.' AS fix
			FROM linked AS l GROUP BY l.objective HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 7
			UNION ALL
			SELECT 1, 'too_many_kpis', 'info', NULL, NULL, pg_catalog.format('%s is responsible for %s active KPIs; more than 7 are too many to look at', k.owner, pg_catalog.count(*)), 'Give some to others (owner), or set them to active = false.' FROM k GROUP BY k.owner HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 7
			UNION ALL
			SELECT 2, 'objective_without_kpi', 'warning', NULL, o.name, pg_catalog.format('nothing tells whether objective "%s" is reached', o.name), pg_catalog.format('SELECT kpi.define(..., objective => %L);', o.name)
			FROM @extschema@.objective AS o WHERE NOT EXISTS (SELECT FROM linked AS l WHERE l.objective OPERATOR(pg_catalog.=) o.name) AND NOT EXISTS (SELECT FROM @extschema@.objective_edge AS e WHERE e.parent OPERATOR(pg_catalog.=) o.name)
			UNION ALL
			SELECT 3, 'no_qualitative', 'info', NULL, l.objective, pg_catalog.format('the %s KPIs of objective "%s" are what people do; none is what they say', pg_catalog.count(*), l.objective), pg_catalog.format('Ask them: kpi.define_survey(), or kpi.define(..., qualitative => true, objective => %L) and kpi.check_in().', l.objective)
			FROM linked AS l GROUP BY l.objective HAVING NOT pg_catalog.bool_or(l.qualitative)
			UNION ALL
			SELECT 4, 'numbers_only', 'warning', NULL, NULL, pg_catalog.format('none of %s KPIs is qualitative: numbers say what happens, not why', pg_catalog.count(*)), 'Ask people: kpi.define_survey(), or kpi.define(..., qualitative => true) and kpi.check_in().' FROM k HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>=) 3 AND NOT pg_catalog.bool_or(k.qualitative)
			UNION ALL
			SELECT 5, 'kpi_without_objective', 'info', k.name, NULL, 'it tells about no objective', pg_catalog.format('SELECT kpi.define(%L, ..., objective => ...);', k.name) FROM k WHERE NOT EXISTS (SELECT FROM linked AS l WHERE l.name OPERATOR(pg_catalog.=) k.name)
			UNION ALL
			SELECT 6, 'no_target', 'warning', k.name, NULL, 'it has no target: nobody can say whether it is good', pg_catalog.format('SELECT kpi.set_target(%L, %L, ...);', k.name, @extschema@.target_period(k.grain, k.adds, k.today))
			FROM k WHERE k.readable AND NOT EXISTS (SELECT FROM goals AS g WHERE g.kpi OPERATOR(pg_catalog.=) k.name AND g.closed_at IS NULL)
			UNION ALL
			SELECT 7, 'target_expired', 'warning', k.name, NULL, pg_catalog.format('its last target ended on %s', g.until OPERATOR(pg_catalog.-) 1), pg_catalog.format('SELECT kpi.set_target(%L, %L, ...);', k.name, @extschema@.target_period(k.grain, k.adds, k.today))
			FROM k JOIN (SELECT g.kpi, pg_catalog.max(g.period_end) AS until FROM goals AS g WHERE g.closed_at IS NULL GROUP BY g.kpi) AS g ON g.kpi OPERATOR(pg_catalog.=) k.name WHERE g.until OPERATOR(pg_catalog.<=) k.today
			UNION ALL
			SELECT 8, 'moved_target', CASE WHEN m.easier THEN 'warning' ELSE 'info' END, m.kpi, NULL,
				pg_catalog.format('the target of %s%s was moved from %s to %s (%s) on %s by %s, %s%s', @extschema@.period_name(pg_catalog.daterange(m.period_start, m.period_end)), CASE WHEN m.segment OPERATOR(pg_catalog.<>) '' THEN pg_catalog.format(', segment "%s",', m.segment) ELSE '' END,
					CASE WHEN m.old_target IS NULL THEN pg_catalog.concat(coalesce(m.old_low::pg_catalog.text, 'any'), ' to ', coalesce(m.old_high::pg_catalog.text, 'any')) ELSE m.old_target::pg_catalog.text END,
					CASE WHEN m.target IS NULL THEN pg_catalog.concat(coalesce(m.low::pg_catalog.text, 'any'), ' to ', coalesce(m.high::pg_catalog.text, 'any')) ELSE m.target::pg_catalog.text END,
					CASE WHEN m.easier THEN 'easier' ELSE 'harder' END, (m.set_at AT TIME ZONE m.zone)::pg_catalog.date, m.set_by, CASE WHEN m.afterwards THEN 'when the period was over' ELSE 'when half of the period was over' END, coalesce(': ' OPERATOR(pg_catalog.||) m.rationale, '')),
				'Judge the period by the target it had before, too; all versions are in kpi.target.'
			FROM moved AS m
			UNION ALL
			SELECT 9, 'never_met', 'warning', r.kpi, NULL, pg_catalog.format('none of its %s targets%s was met', r.n, CASE WHEN r.segment OPERATOR(pg_catalog.<>) '' THEN pg_catalog.format(' for "%s"', r.segment) ELSE '' END), 'Targets that are never met are not taken seriously: go by steps, or do something else (kpi.record_action).' FROM results AS r WHERE r.n OPERATOR(pg_catalog.>=) 4 AND r.met OPERATOR(pg_catalog.=) 0
			UNION ALL
			SELECT 9, 'always_met', 'info', r.kpi, NULL, pg_catalog.format('all of its %s targets%s were met', r.n, CASE WHEN r.segment OPERATOR(pg_catalog.<>) '' THEN pg_catalog.format(' for "%s"', r.segment) ELSE '' END), 'Ask for more.' FROM results AS r WHERE r.n OPERATOR(pg_catalog.>=) 4 AND r.met OPERATOR(pg_catalog.=) r.n
			UNION ALL
			SELECT 10, 'no_owner', 'error', k.name, NULL, pg_catalog.format('its owner %s does not exist any more', k.owner), pg_catalog.format('A superuser gives it another one: SELECT kpi.define(%L, ..., owner => ...);', k.name) FROM k WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) k.owner)
			UNION ALL
			SELECT 10, 'no_owner', 'error', NULL, o.name, pg_catalog.format('the owner %s of objective "%s" does not exist any more', o.owner, o.name), pg_catalog.format('A superuser gives it another one: SELECT kpi.define_objective(%L, ..., owner => ...);', o.name)
			FROM @extschema@.objective AS o WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) o.owner)
			UNION ALL
			SELECT 10, 'no_owner', 'error', NULL, NULL, pg_catalog.format('the owner %s of source "%s" does not exist any more', s.owner, s.name), 'A superuser registers it again, as another one.' FROM @extschema@.source AS s WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) s.owner)
			UNION ALL
			SELECT 11, d.rule, d.severity, k.name, NULL, d.detail, d.fix FROM k CROSS JOIN LATERAL @extschema@.check_definition(k.whole) AS d WHERE d.severity OPERATOR(pg_catalog.<>) 'ok'
			UNION ALL
			SELECT 12, c.rule, c.severity, k.name, NULL, c.detail, c.fix FROM k CROSS JOIN LATERAL @extschema@.check_refresh(k.whole, as_of) AS c WHERE k.readable AND c.severity OPERATOR(pg_catalog.<>) 'ok'
			UNION ALL
			SELECT 13, 'unscheduled', 'info', NULL, NULL, pg_catalog.format('nothing is scheduled to refresh your %s KPIs', pg_catalog.count(*)), 'SELECT kpi.schedule(); or see that another scheduler runs CALL kpi.refresh();'
			FROM k WHERE k.kind OPERATOR(pg_catalog.<>) 'manual' AND @extschema@.may_act_as(k.owner) AND NOT EXISTS (SELECT FROM @extschema@.schedule AS s) HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0
			UNION ALL
			SELECT 14, 'same_measure', 'warning', s.name, NULL, pg_catalog.format('it has the same definition as %s', s.others), 'Remove all but one, or tell them apart.'
			FROM (SELECT pg_catalog.min(t.name) AS name, pg_catalog.string_agg(t.name, ', ' ORDER BY t.name) FILTER (WHERE t.name OPERATOR(pg_catalog.<>) t.least) AS others FROM (SELECT x.*, pg_catalog.min(x.name) OVER (PARTITION BY x.definition) AS least FROM texts AS x WHERE x.definition IS NOT NULL) AS t GROUP BY t.definition HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1) AS s
			UNION ALL
			SELECT 14, 'same_values', 'info', s.name, NULL, pg_catalog.format('its last %s values are those of %s', s.n, s.others), 'Perhaps one of them is enough.'
			FROM (SELECT pg_catalog.min(t.name) AS name, pg_catalog.min(t.n) AS n, pg_catalog.string_agg(t.name, ', ' ORDER BY t.name) FILTER (WHERE t.name OPERATOR(pg_catalog.<>) t.least) AS others
				FROM (SELECT x.*, pg_catalog.min(x.name) OVER (PARTITION BY x.grain, x.list) AS least FROM numbers AS x WHERE x.n OPERATOR(pg_catalog.>=) 12 AND x.kinds OPERATOR(pg_catalog.>) 2) AS t GROUP BY t.grain, t.list HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1) AS s
			WHERE NOT EXISTS (SELECT FROM texts AS a JOIN texts AS b ON b.definition OPERATOR(pg_catalog.=) a.definition AND b.name OPERATOR(pg_catalog.=) s.others WHERE a.name OPERATOR(pg_catalog.=) s.name)
			UNION ALL
			SELECT 15, 'average_of_ratios', 'warning', k.name, NULL, 'its periods are averaged, though it has a numerator and a denominator: a quiet day counts as much as a busy one', pg_catalog.format('SELECT kpi.define(%L, ..., adds => ''ratio'');', k.name)
			FROM k WHERE k.readable AND k.adds OPERATOR(pg_catalog.=) 'mean' AND EXISTS (SELECT FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) k.name AND m.denominator IS NOT NULL)
			UNION ALL
			SELECT 16, 'not_shared', 'info', k.name, NULL, pg_catalog.format('nobody but %s sees its values', k.owner), pg_catalog.format('SELECT kpi.share(%L, ''public'');', k.name) FROM k WHERE NOT EXISTS (SELECT FROM @extschema@.reader AS r WHERE r.kpi OPERATOR(pg_catalog.=) k.name)
			UNION ALL
			SELECT 17, 'source_unused', 'info', NULL, NULL, pg_catalog.format('source "%s" has no KPI', s.name), 'Define one over it, or remove it.' FROM @extschema@.source AS s WHERE NOT EXISTS (SELECT FROM @extschema@.kpi AS i WHERE i.source OPERATOR(pg_catalog.=) s.name)
			UNION ALL
			SELECT 18, 'long_override', 'warning', k.name, NULL, pg_catalog.format('%s says that it is %s until %s, which was said on %s', c.by_role, c.status, c.status_until, (c.at AT TIME ZONE k.zone)::pg_catalog.date), pg_catalog.format('See whether that still holds; a newer one takes its place: SELECT kpi.check_in(%L, ..., status => ..., status_until => ...);', k.name)
			FROM k CROSS JOIN LATERAL (SELECT DISTINCT ON (i.segment, i.period_start) i.* FROM @extschema@.check_in AS i WHERE i.kpi OPERATOR(pg_catalog.=) k.name AND i.status IS NOT NULL AND i.at OPERATOR(pg_catalog.<=) as_of ORDER BY i.segment, i.period_start, i.at DESC) AS c
			WHERE k.readable AND c.status_until OPERATOR(pg_catalog.>=) k.today AND (c.status_until OPERATOR(pg_catalog.-) (c.at AT TIME ZONE k.zone)::pg_catalog.date) OPERATOR(pg_catalog.>) 31
			UNION ALL
			SELECT 19, 'action_without_end', 'warning', a.kpi, NULL, pg_catalog.format('action "%s" ended on %s and is still %s', a.name, a.ended_on, a.state), pg_catalog.format('What did it bring? SELECT * FROM kpi.action_effect(%L); then: SELECT kpi.record_action(%L, ..., state => ''done'');', a.name, a.name)
			FROM @extschema@.action AS a JOIN k ON k.name OPERATOR(pg_catalog.=) a.kpi WHERE a.state OPERATOR(pg_catalog.=) ANY (ARRAY['planned', 'running']) AND a.ended_on OPERATOR(pg_catalog.<) (k.today OPERATOR(pg_catalog.-) 14)
			UNION ALL
			SELECT 19, 'action_not_begun', 'info', a.kpi, NULL, pg_catalog.format('action "%s" was to begin on %s and is still planned', a.name, a.started_on), pg_catalog.format('SELECT kpi.record_action(%L, ..., state => ''running''); or ''dropped''.', a.name)
			FROM @extschema@.action AS a JOIN k ON k.name OPERATOR(pg_catalog.=) a.kpi WHERE a.state OPERATOR(pg_catalog.=) 'planned' AND a.started_on OPERATOR(pg_catalog.<) (k.today OPERATOR(pg_catalog.-) 14) AND (a.ended_on OPERATOR(pg_catalog.<) (k.today OPERATOR(pg_catalog.-) 14)) IS NOT TRUE
			UNION ALL
			-- a partition that came later has no triggers, for statements that name it
			SELECT 20, 'untracked', 'warning', NULL, NULL, pg_catalog.format('what statements that name %s%s change is not noted, though changes of source "%s" are', pg_catalog.array_to_string(u.tables[1:3], ', '), CASE WHEN u.n OPERATOR(pg_catalog.>) 3 THEN pg_catalog.format(' and %s more', u.n OPERATOR(pg_catalog.-) 3) ELSE '' END, u.name),
				CASE WHEN u.far THEN pg_catalog.format('Let whatever changes old days of a foreign table say so: SELECT kpi.invalidate_source(%L, from_day, to_day);', u.name)
					WHEN u.disabled THEN pg_catalog.format('Enable the triggers again: ALTER TABLE ... ENABLE TRIGGER ...; then: SELECT kpi.track_changes(%L);', u.name) ELSE pg_catalog.format('SELECT kpi.track_changes(%L);', u.name) END
			FROM (SELECT m.name, pg_catalog.count(*) AS n, pg_catalog.array_agg(m.member::pg_catalog.text ORDER BY m.member::pg_catalog.text) AS tables, pg_catalog.bool_or(m.kind OPERATOR(pg_catalog.=) 'f') AS far, pg_catalog.bool_or(g.disabled) AS disabled
				FROM tracked AS m
				CROSS JOIN LATERAL (SELECT pg_catalog.count(*) FILTER (WHERE t.tgenabled OPERATOR(pg_catalog.=) ANY (ARRAY['O', 'A']::pg_catalog."char"[])) AS n, pg_catalog.count(*) FILTER (WHERE t.tgenabled OPERATOR(pg_catalog.<>) ALL (ARRAY['O', 'A']::pg_catalog."char"[])) OPERATOR(pg_catalog.>) 0 AS disabled
					FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) t.tgfoid
					WHERE t.tgrelid OPERATOR(pg_catalog.=) m.member AND p.pronamespace OPERATOR(pg_catalog.=) m.in_schema AND p.proname OPERATOR(pg_catalog.=) @extschema@.source_object_name('track_', m.name)) AS g
				WHERE g.n OPERATOR(pg_catalog.<) 4
				GROUP BY m.name) AS u
			UNION ALL
			SELECT 20, 'untracked', 'warning', NULL, NULL, pg_catalog.format('what the replication of a subscription changes in %s is not noted, as it fires no triggers of statements, though changes of source "%s" are', pg_catalog.string_agg(m.member::pg_catalog.text, ', ' ORDER BY m.member::pg_catalog.text), m.name),
				pg_catalog.format('SELECT kpi.track_changes(%L, enabled => false); then a refresh looks back as far as lookback says; days before that: SELECT kpi.invalidate_source(%L, from_day, to_day);', m.name, m.name)
			FROM tracked AS m WHERE EXISTS (SELECT FROM pg_catalog.pg_subscription_rel AS r WHERE r.srrelid OPERATOR(pg_catalog.=) m.member)
			GROUP BY m.name)
		SELECT t.rule, t.severity, t.kpi, t.objective, t.detail, t.fix FROM told AS t ORDER BY pg_catalog.array_position(ARRAY['error', 'warning', 'info'], t.severity), t.place, t.kpi, t.objective, t.detail;
	END
	$$;
COMMENT ON FUNCTION @extschema@.lint(timestamptz) IS
'what is wrong, or soon will be, in the catalog as a whole: a row for each finding, the worst first; none: nothing is';
