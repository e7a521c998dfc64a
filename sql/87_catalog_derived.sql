/* ---- derived KPIs: calculated from others by a formula ---- */

CREATE FUNCTION @extschema@.check_derived(name text, formula @extschema@.formula, grain text, owner name) RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		grains pg_catalog.text[] := ARRAY['day', 'week', 'month', 'quarter', 'year'];
		input_name pg_catalog.text;
		input @extschema@.kpi;
	BEGIN
		FOREACH input_name IN ARRAY @extschema@.formula_names(formula) LOOP
			input := @extschema@.kpi_named(input_name);
			IF input.name OPERATOR(pg_catalog.=) name THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('KPI "%s" cannot be calculated from itself', name),
					HINT = 'The formula may use previous() and year_ago() of other KPIs only.';
			END IF;
			IF EXISTS (
				WITH RECURSIVE below AS (
					SELECT input.name AS name
					UNION
					SELECT i.input FROM @extschema@.kpi_input AS i JOIN below AS b ON i.kpi OPERATOR(pg_catalog.=) b.name)
				SELECT FROM below AS b WHERE b.name OPERATOR(pg_catalog.=) check_derived.name) THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('KPI "%s" cannot be calculated from "%s", which is calculated from it', name, input.name),
					HINT = 'Define one of them otherwise.';
			END IF;
			IF input.grain OPERATOR(pg_catalog.<>) grain AND (input.grain OPERATOR(pg_catalog.=) 'week' AND grain OPERATOR(pg_catalog.<>) 'week'
					OR pg_catalog.array_position(grains, input.grain) OPERATOR(pg_catalog.>) pg_catalog.array_position(grains, grain)) THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('KPI "%s" is measured by the %s, of which no %s is made', input.name, input.grain, grain),
					HINT = pg_catalog.format('Calculate "%s" by longer periods, or measure "%s" by shorter ones.', name, input.name);
			END IF;
			IF input.grain OPERATOR(pg_catalog.<>) grain AND input.adds OPERATOR(pg_catalog.=) 'recompute' THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('KPI "%s" has no value for a %s: it is measured by the %s and does not add up', input.name, grain, input.grain),
					HINT = pg_catalog.format('Calculate "%s" by the %s, or define "%s" by the %s.', name, input.grain, input.name, grain);
			END IF;
			IF NOT @extschema@.role_may_read(owner, input.name) THEN
				RAISE insufficient_privilege USING
					MESSAGE = pg_catalog.format('%s, who owns KPI "%s", may not see the values of "%s"', owner, name, input.name),
					HINT = pg_catalog.format('Its owner can share it: SELECT kpi.share(%L, %L).', input.name, owner);
			END IF;
		END LOOP;
	END
	$$;
COMMENT ON FUNCTION @extschema@.check_derived(text, @extschema@.formula, text, name) IS
'fails unless a KPI can be calculated by that formula: its inputs are there, are no circle, fit the grain, and may be seen by its owner';

CREATE FUNCTION @extschema@.define_derived(name text, formula @extschema@.formula, unit text DEFAULT NULL, direction text DEFAULT 'up', grain text DEFAULT NULL, adds text DEFAULT 'recompute',
		title text DEFAULT NULL, description text DEFAULT NULL, objective text DEFAULT NULL, weight numeric DEFAULT 1, qualitative boolean DEFAULT false, zone text DEFAULT NULL,
		stale_after interval DEFAULT NULL, at_risk double precision DEFAULT 0.90, behind double precision DEFAULT 0.75, owner name DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		inputs pg_catalog.text[] := @extschema@.formula_names(formula);
		input_name pg_catalog.text;
		-- who changes it without telling an owner leaves it to the one it has
		responsible pg_catalog.name := coalesce(owner, (SELECT k.owner FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) define_derived.name), CURRENT_USER);
	BEGIN
		IF formula IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" has no formula', name),
				HINT = 'Write it like ''revenue / orders''.';
		END IF;
		IF pg_catalog.cardinality(inputs) OPERATOR(pg_catalog.=) 0 THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the formula %s of KPI "%s" uses no other KPI', formula, name);
		END IF;
		FOREACH input_name IN ARRAY inputs LOOP
			PERFORM @extschema@.kpi_named(input_name);
		END LOOP;
		IF grain IS NULL THEN
			SELECT k.grain INTO grain FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) ANY (inputs)
				ORDER BY pg_catalog.array_position(ARRAY['day', 'week', 'month', 'quarter', 'year'], k.grain) DESC LIMIT 1;
		END IF;
		SELECT coalesce(zone, k.zone), coalesce(stale_after, pg_catalog.max(k.stale_after) OVER ()) INTO zone, stale_after FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) ANY (inputs) ORDER BY pg_catalog.array_position(inputs, k.name) LIMIT 1;
		PERFORM @extschema@.check_attributes(name, unit, direction, grain, zone, at_risk, behind, weight);
		IF adds OPERATOR(pg_catalog.<>) ALL (ARRAY['sum', 'last', 'mean', 'recompute']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('adds "%s" of derived KPI "%s" is not known', adds, name),
				HINT = 'adds => recompute (not at all: what it is unless you say so), sum (amounts), last (stocks) or mean (levels).';
		END IF;
		-- two that are defined at once could close a circle that neither sees
		PERFORM @extschema@.take_lock('derived');
		PERFORM @extschema@.check_derived(name, formula, grain, responsible);
		PERFORM @extschema@.put_kpi(ROW(name, coalesce(title, name), description, 'derived', NULL, formula, NULL, NULL, NULL, unit, direction, grain, adds, qualitative, zone, 0, 0, 0, stale_after, at_risk, behind, NULL,
			responsible, 1, true, pg_catalog.now())::@extschema@.kpi, owner IS NOT NULL, objective, weight);
		INSERT INTO @extschema@.kpi_input AS i (kpi, input) SELECT name, u.input FROM pg_catalog.unnest(inputs) AS u(input);
	END
	$$;
COMMENT ON FUNCTION @extschema@.define_derived(text, @extschema@.formula, text, text, text, text, text, text, text, numeric, boolean, text, interval, double precision, double precision, name) IS
'adds a KPI that is calculated from others by a formula, such as ltv / cac, or changes it';

CREATE FUNCTION @extschema@.derived_read(kpi text, from_day date, to_day date,
		OUT period_start date, OUT segment text, OUT value numeric, OUT numerator numeric, OUT denominator numeric, OUT n bigint, OUT ci_low double precision, OUT ci_high double precision)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_column
	DECLARE
		derived @extschema@.kpi := @extschema@.kpi_named(derived_read.kpi);
		step interval := @extschema@.grain_step(derived.grain);
		year interval := @extschema@.year_step(derived.grain);
	BEGIN
		-- others may have changed the inputs since it was defined
		PERFORM @extschema@.check_derived(derived.name, derived.formula, derived.grain, derived.owner);
		RETURN QUERY
		WITH inputs AS MATERIALIZED (
			SELECT i.key, i.name, k.adds, CASE WHEN i.at OPERATOR(pg_catalog.=) 'previous' THEN step WHEN i.at OPERATOR(pg_catalog.=) 'year_ago' THEN year ELSE interval '0' END AS back
			FROM @extschema@.formula_inputs(derived.formula) AS i JOIN @extschema@.kpi AS k ON k.name OPERATOR(pg_catalog.=) i.name),
		periods AS MATERIALIZED (
			SELECT DISTINCT pg_catalog.date_trunc(derived.grain, m.period_start)::pg_catalog.date AS first, m.segment
			FROM @extschema@.measurement AS m
			WHERE m.kpi OPERATOR(pg_catalog.=) ANY (@extschema@.formula_names(derived.formula)) AND m.period_start OPERATOR(pg_catalog.>=) from_day AND m.period_start OPERATOR(pg_catalog.<) to_day),
		-- of each period, segment and input one value
		given AS (
			SELECT p.first, p.segment, pg_catalog.array_agg(i.key ORDER BY i.key) AS keys, pg_catalog.array_agg(v.value::pg_catalog.float8 ORDER BY i.key) AS numbers
			FROM periods AS p CROSS JOIN inputs AS i
			CROSS JOIN LATERAL @extschema@.period_value(i.name, p.segment, i.adds, (p.first OPERATOR(pg_catalog.-) i.back)::pg_catalog.date, ((p.first OPERATOR(pg_catalog.-) i.back) OPERATOR(pg_catalog.+) step)::pg_catalog.date) AS v
			GROUP BY p.first, p.segment),
		results AS (
			SELECT g.first, g.segment, @extschema@.calculate(derived.formula, g.keys, g.numbers)::pg_catalog.numeric AS result FROM given AS g)
		SELECT r.first, nullif(r.segment, ''), r.result, NULL::pg_catalog.numeric, NULL::pg_catalog.numeric, NULL::pg_catalog.int8, NULL::pg_catalog.float8, NULL::pg_catalog.float8
		FROM results AS r WHERE r.result IS NOT NULL;
	END
	$$;
COMMENT ON FUNCTION @extschema@.derived_read(text, date, date) IS
'what a derived KPI comes to in the periods from a day on and before another one, in the rows of a definition; periods without a value are left out';

CREATE FUNCTION @extschema@.invalidate_derived(kpi text, from_day date, end_day date) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		INSERT INTO @extschema@.invalidation AS v (kpi, from_day, to_day)
			SELECT DISTINCT d.name, (invalidate_derived.from_day OPERATOR(pg_catalog.+) b.back)::pg_catalog.date, ((invalidate_derived.end_day OPERATOR(pg_catalog.+) b.back)::pg_catalog.date OPERATOR(pg_catalog.-) 1)
			FROM @extschema@.kpi_input AS i JOIN @extschema@.kpi AS d ON d.name OPERATOR(pg_catalog.=) i.kpi
			CROSS JOIN LATERAL @extschema@.formula_inputs(d.formula) AS f
			CROSS JOIN LATERAL (SELECT CASE WHEN f.at OPERATOR(pg_catalog.=) 'previous' THEN @extschema@.grain_step(d.grain) WHEN f.at OPERATOR(pg_catalog.=) 'year_ago' THEN @extschema@.year_step(d.grain) ELSE interval '0' END AS back) AS b
			LEFT JOIN @extschema@.watermark AS w ON w.kpi OPERATOR(pg_catalog.=) d.name
			WHERE i.input OPERATOR(pg_catalog.=) invalidate_derived.kpi AND f.name OPERATOR(pg_catalog.=) i.input
				-- from its watermark on it is read anyway
				AND (w.kpi IS NULL OR (invalidate_derived.from_day OPERATOR(pg_catalog.+) b.back) OPERATOR(pg_catalog.<) w.refreshed_to);
	END
	$$;
COMMENT ON FUNCTION @extschema@.invalidate_derived(text, date, date) IS
'has the KPIs that are calculated from one calculated again where its values from a day on and before another one count';

CREATE FUNCTION @extschema@.depth(kpi text) RETURNS integer
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH RECURSIVE below AS (
		SELECT depth.kpi AS name, 0 AS level
		UNION
		-- the bound is there for a circle that somebody writes into the table
		SELECT i.input, b.level OPERATOR(pg_catalog.+) 1 FROM @extschema@.kpi_input AS i JOIN below AS b ON i.kpi OPERATOR(pg_catalog.=) b.name WHERE b.level OPERATOR(pg_catalog.<) 100)
	SELECT pg_catalog.max(b.level) FROM below AS b
	$$;
COMMENT ON FUNCTION @extschema@.depth(text) IS
'how many steps a KPI is away from what is measured: 0 if it is no derived one, else one more than the deepest of its inputs';
