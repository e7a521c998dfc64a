/* ---- defining: objectives, KPIs, targets, check-ins ---- */

CREATE FUNCTION @extschema@.nearest_name(name text, names text[]) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'nearest_name';
COMMENT ON FUNCTION @extschema@.nearest_name(text, text[]) IS
'the one of some names that a misspelt one may have meant; null if none is near';

CREATE FUNCTION @extschema@.definition_check(kind text, definition_schema name, definition_name name, definition_owner name) RETURNS text[]
	LANGUAGE C STABLE STRICT AS 'MODULE_PATHNAME', 'definition_check';
COMMENT ON FUNCTION @extschema@.definition_check(text, name, name, name) IS
'the columns of a definition that KPIs know; an error if it is none, or belongs to another role by now';

CREATE FUNCTION @extschema@.definition_read(kind text, definition_schema name, definition_name name, definition_owner name, zone text, from_day date, to_day date,
		OUT period_start date, OUT segment text, OUT value numeric, OUT numerator numeric, OUT denominator numeric, OUT n bigint, OUT ci_low double precision, OUT ci_high double precision)
	RETURNS SETOF record
	LANGUAGE C STABLE STRICT AS 'MODULE_PATHNAME', 'definition_read';
COMMENT ON FUNCTION @extschema@.definition_read(text, name, name, name, text, date, date) IS
'the rows of a definition from a day on and before another one, read as its owner in a security-restricted operation';

/* Periods. */

CREATE FUNCTION @extschema@.period(period text) RETURNS daterange
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	AS $$
	DECLARE
		first pg_catalog.date;
		parts pg_catalog.text[];
	BEGIN
		IF period OPERATOR(pg_catalog.~) '^[0-9]{4}$' THEN
			first := pg_catalog.make_date(period::pg_catalog.int4, 1, 1);
			RETURN pg_catalog.daterange(first, (first OPERATOR(pg_catalog.+) interval '1 year')::pg_catalog.date);
		END IF;
		parts := pg_catalog.regexp_match(period, '^([0-9]{4})-Q([1-4])$');
		IF parts IS NOT NULL THEN
			first := pg_catalog.make_date(parts[1]::pg_catalog.int4, 3 OPERATOR(pg_catalog.*) parts[2]::pg_catalog.int4 OPERATOR(pg_catalog.-) 2, 1);
			RETURN pg_catalog.daterange(first, (first OPERATOR(pg_catalog.+) interval '3 months')::pg_catalog.date);
		END IF;
		parts := pg_catalog.regexp_match(period, '^([0-9]{4})-W([0-9]{2})$');
		IF parts IS NOT NULL THEN
			first := pg_catalog.to_date(period, 'IYYY-"W"IW');
			IF pg_catalog.to_char(first, 'IYYY-"W"IW') OPERATOR(pg_catalog.<>) period THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('there is no week %s', period);
			END IF;
			RETURN pg_catalog.daterange(first, first OPERATOR(pg_catalog.+) 7);
		END IF;
		parts := pg_catalog.regexp_match(period, '^([0-9]{4})-(0[1-9]|1[0-2])$');
		IF parts IS NOT NULL THEN
			first := pg_catalog.make_date(parts[1]::pg_catalog.int4, parts[2]::pg_catalog.int4, 1);
			RETURN pg_catalog.daterange(first, (first OPERATOR(pg_catalog.+) interval '1 month')::pg_catalog.date);
		END IF;
		IF period OPERATOR(pg_catalog.~) '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN
			first := period::pg_catalog.date;
			RETURN pg_catalog.daterange(first, first OPERATOR(pg_catalog.+) 1);
		END IF;
		IF period OPERATOR(pg_catalog.~) '^[[(]' THEN
			RETURN period::pg_catalog.daterange;
		END IF;
		RAISE invalid_parameter_value USING
			MESSAGE = pg_catalog.format('"%s" is not a period', period),
			HINT = 'Write it like 2026, 2026-Q1, 2026-03, 2026-W10, 2026-03-15 or [2026-01-15,2026-04-15).';
	END
	$$;
COMMENT ON FUNCTION @extschema@.period(text) IS
'the days of a period: 2026, 2026-Q1, 2026-03, 2026-W10 (ISO week), 2026-03-15 or [2026-01-15,2026-04-15)';

CREATE FUNCTION @extschema@.grain_of(period daterange) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'period_grain_of';
COMMENT ON FUNCTION @extschema@.grain_of(daterange) IS
'what a period is by the calendar: day, week (from Monday), month, quarter, year, or other';

/* Looking up, with a hint for who misspelt a name. */

CREATE FUNCTION @extschema@.no_such(what text, name text, names text[]) RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		near pg_catalog.text := @extschema@.nearest_name(name, names);
	BEGIN
		RAISE undefined_object USING
			MESSAGE = pg_catalog.format('there is no %s "%s"', what, name),
			HINT = CASE WHEN near IS NOT NULL THEN pg_catalog.format('Perhaps you meant "%s".', near)
				WHEN pg_catalog.cardinality(names) OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('There are: %s.', pg_catalog.array_to_string(names[1:20], ', '))
				ELSE 'There are none that you may see.' END;
	END
	$$;
COMMENT ON FUNCTION @extschema@.no_such(text, text, text[]) IS
'fails: a thing of that name is not in the catalog; tells the nearest one';

CREATE FUNCTION @extschema@.kpi_named(name text) RETURNS @extschema@.kpi
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		found_kpi @extschema@.kpi;
	BEGIN
		SELECT * INTO found_kpi FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) kpi_named.name;
		IF NOT FOUND THEN
			PERFORM @extschema@.no_such('KPI', name, (SELECT coalesce(pg_catalog.array_agg(k.name ORDER BY k.name), '{}') FROM @extschema@.kpi AS k));
		END IF;
		RETURN found_kpi;
	END
	$$;
COMMENT ON FUNCTION @extschema@.kpi_named(text) IS
'the row of a KPI; an error with the nearest name if there is none';

CREATE FUNCTION @extschema@.require_owner(what text, name text, owner name) RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		-- row security would refuse it as well, but could not say why
		IF NOT @extschema@.may_act_as(owner) THEN
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('%s "%s" belongs to %s', what, name, owner),
				HINT = 'Only its owner, and who is a member of that role, may change it and what belongs to it.';
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.require_owner(text, text, name) IS
'fails unless the caller can act as the owner of a thing of the catalog';

CREATE FUNCTION @extschema@.kpi_to_change(name text) RETURNS @extschema@.kpi
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		found_kpi @extschema@.kpi := @extschema@.kpi_named(name);
	BEGIN
		PERFORM @extschema@.require_owner('KPI', name, found_kpi.owner);
		RETURN found_kpi;
	END
	$$;
COMMENT ON FUNCTION @extschema@.kpi_to_change(text) IS
'the row of a KPI that the caller may change; an error if it is not there, or belongs to another role';

CREATE FUNCTION @extschema@.source_named(name text) RETURNS @extschema@.source
	LANGUAGE plpgsql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		found_source @extschema@.source;
	BEGIN
		SELECT * INTO found_source FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) source_named.name;
		IF NOT FOUND THEN
			PERFORM @extschema@.no_such('source', name, (SELECT coalesce(pg_catalog.array_agg(s.name ORDER BY s.name), '{}') FROM @extschema@.source AS s));
		END IF;
		RETURN found_source;
	END
	$$;
COMMENT ON FUNCTION @extschema@.source_named(text) IS
'the row of a source; an error with the nearest name if there is none';

CREATE FUNCTION @extschema@.source_to_change(name text) RETURNS @extschema@.source
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		found_source @extschema@.source := @extschema@.source_named(name);
	BEGIN
		IF name IS NULL THEN
			RAISE null_value_not_allowed USING MESSAGE = 'which source is meant?';
		END IF;
		PERFORM @extschema@.require_owner('source', name, found_source.owner);
		RETURN found_source;
	END
	$$;
COMMENT ON FUNCTION @extschema@.source_to_change(text) IS
'the row of a source that the caller may change; an error if it is not there, or belongs to another role';

CREATE FUNCTION @extschema@.check_name_length(what text, name text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		IF pg_catalog.length(name) OPERATOR(pg_catalog.>) 255 THEN
			RAISE string_data_right_truncation USING
				MESSAGE = pg_catalog.format('the name of %s "%s..." has %s characters; 255 are the most', what, pg_catalog.left(name, 40), pg_catalog.length(name)),
				HINT = 'Give it a short name, and say the rest in its title and description.';
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.check_name_length(text, text) IS 'fails if a name is longer than what BI tools can show';

CREATE FUNCTION @extschema@.require_objective(name text) RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		IF NOT EXISTS (SELECT FROM @extschema@.objective AS o WHERE o.name OPERATOR(pg_catalog.=) require_objective.name) THEN
			PERFORM @extschema@.no_such('objective', name, (SELECT coalesce(pg_catalog.array_agg(o.name ORDER BY o.name), '{}') FROM @extschema@.objective AS o));
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.require_objective(text) IS
'fails, with the nearest name, unless there is such an objective';

/* Objectives. */

CREATE FUNCTION @extschema@.check_weight(weight numeric, name text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		IF NOT (weight OPERATOR(pg_catalog.>) 0 AND @extschema@.is_measurable(weight)) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('weight %s of "%s" is not positive', @extschema@.number_in_short(weight), name),
				HINT = 'Weights are shares next to each other, 1e100 at most: 2 counts twice as much as 1.';
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.check_weight(numeric, text) IS 'fails unless a number is the weight of an objective or a KPI: positive, and one to calculate with';

CREATE FUNCTION @extschema@.define_objective(name text, title text, description text DEFAULT NULL, perspective text DEFAULT NULL, parent text DEFAULT NULL,
		weight numeric DEFAULT 1, rollup text DEFAULT 'weighted_mean', owner name DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	BEGIN
		PERFORM @extschema@.check_name_length('objective', name);
		IF rollup OPERATOR(pg_catalog.<>) ALL (ARRAY['weighted_mean', 'worst', 'min', 'max', 'sum']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('rollup "%s" of objective "%s" is not known', rollup, name),
				HINT = 'There are weighted_mean, worst, min, max and sum.';
		END IF;
		PERFORM @extschema@.check_weight(weight, name);
		INSERT INTO @extschema@.objective AS o (name, title, description, perspective, rollup, owner)
			VALUES (name, title, description, perspective, rollup, coalesce(owner, CURRENT_USER))
			ON CONFLICT ON CONSTRAINT objective_pkey DO UPDATE
			SET title = excluded.title, description = excluded.description, perspective = excluded.perspective, rollup = excluded.rollup, owner = CASE WHEN define_objective.owner IS NULL THEN o.owner ELSE excluded.owner END;
		IF parent IS NULL THEN
			RETURN;
		END IF;
		PERFORM @extschema@.require_objective(parent);
		-- two that are added at once could close a circle that neither sees
		PERFORM @extschema@.take_lock('objectives');
		IF EXISTS (
			WITH RECURSIVE above AS (
				SELECT define_objective.parent AS name
				UNION
				SELECT e.parent FROM @extschema@.objective_edge AS e JOIN above AS a ON e.child OPERATOR(pg_catalog.=) a.name)
			SELECT FROM above AS a WHERE a.name OPERATOR(pg_catalog.=) define_objective.name) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('objective "%s" cannot serve "%s", which serves it', name, parent),
				HINT = 'Remove the other edge from kpi.objective_edge first.';
		END IF;
		INSERT INTO @extschema@.objective_edge AS e (parent, child, weight) VALUES (parent, name, weight)
			ON CONFLICT ON CONSTRAINT objective_edge_pkey DO UPDATE SET weight = excluded.weight;
	END
	$$;
COMMENT ON FUNCTION @extschema@.define_objective(text, text, text, text, text, numeric, text, name) IS
'adds an objective or changes it; with a parent, that one is served by it';

/* KPIs. */

CREATE FUNCTION @extschema@.check_zone(zone text, whose text) RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		IF NOT EXISTS (SELECT FROM pg_catalog.pg_timezone_names AS z WHERE z.name OPERATOR(pg_catalog.=) zone) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('time zone "%s" of %s is not known', zone, whose),
				HINT = 'See pg_timezone_names for the names that this server knows.';
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.check_zone(text, text) IS 'fails unless the server knows a time zone of that name';

CREATE FUNCTION @extschema@.check_stale_after(stale_after interval, whose text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		IF @extschema@.is_span(stale_after) IS NOT TRUE THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('stale_after %s of %s is no time that data may be missing for', coalesce(stale_after::pg_catalog.text, 'null'), whose),
				HINT = 'It is more than 0 and at most 36600 days: 2 days if none is given.';
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.check_stale_after(interval, text) IS 'fails unless an interval is one that data may be missing for';

CREATE FUNCTION @extschema@.check_attributes(name text, unit text, direction text, grain text, zone text, at_risk double precision, behind double precision, weight numeric) RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		IF name IS NULL OR name OPERATOR(pg_catalog.=) '' THEN
			RAISE invalid_parameter_value USING MESSAGE = 'a KPI needs a name';
		END IF;
		PERFORM @extschema@.check_name_length('KPI', name);
		IF unit IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" has no unit', name),
				HINT = 'Say what its values are in: unit => ''EUR'', ''%'', ''visitors'', ...';
		END IF;
		IF direction OPERATOR(pg_catalog.<>) ALL (ARRAY['up', 'down', 'range']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('direction "%s" of KPI "%s" is not known', direction, name),
				HINT = 'There are up (more is better), down (less is better) and range (between two bounds).';
		END IF;
		IF grain OPERATOR(pg_catalog.<>) ALL (ARRAY['day', 'week', 'month', 'quarter', 'year']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('grain "%s" of KPI "%s" is not known', grain, name),
				HINT = 'There are day, week, month, quarter and year.';
		END IF;
		PERFORM @extschema@.check_zone(zone, pg_catalog.format('KPI "%s"', name));
		IF NOT (0 OPERATOR(pg_catalog.<) behind AND behind OPERATOR(pg_catalog.<=) at_risk AND at_risk OPERATOR(pg_catalog.<) 'Infinity') THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('thresholds at_risk %s and behind %s of KPI "%s" are not in order', at_risk, behind, name),
				HINT = 'They are shares of what is expected, with 0 < behind <= at_risk: 0.75 and 0.90 if none are given.';
		END IF;
		PERFORM @extschema@.check_weight(weight, name);
	END
	$$;
COMMENT ON FUNCTION @extschema@.check_attributes(text, text, text, text, text, double precision, double precision, numeric) IS
'fails unless the attributes of a KPI, of whatever kind, are what they may be';

CREATE FUNCTION @extschema@.put_kpi(new_kpi @extschema@.kpi, owner_is_told boolean, objective text, weight numeric) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	BEGIN
		IF EXISTS (SELECT FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) new_kpi.name) THEN
			PERFORM @extschema@.kpi_to_change(new_kpi.name);
		END IF;
		IF (new_kpi.lookback OPERATOR(pg_catalog.>=) 0 AND new_kpi.lookback OPERATOR(pg_catalog.<=) 36600) IS NOT TRUE THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('lookback %s of KPI "%s" is no number of days', coalesce(new_kpi.lookback::pg_catalog.text, 'null'), new_kpi.name),
				HINT = 'It is how many days late rows may come, or reach back: 0 to 36600, 3 if none is given.';
		END IF;
		IF new_kpi.lookahead OPERATOR(pg_catalog.<) 0 OR new_kpi.lookahead OPERATOR(pg_catalog.>) 36600 THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('lookahead %s of KPI "%s" is no number of days', new_kpi.lookahead, new_kpi.name),
				HINT = 'It is how many days behind its own a row reaches: 0 to 36600, or null for all that follow.';
		END IF;
		IF new_kpi.reach IS NULL OR new_kpi.reach OPERATOR(pg_catalog.<) 0 OR new_kpi.reach OPERATOR(pg_catalog.>) new_kpi.lookback THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('reach %s of KPI "%s" is not within its lookback of %s days', coalesce(new_kpi.reach::pg_catalog.text, 'null'), new_kpi.name, new_kpi.lookback),
				HINT = 'It is how many days before its own a row changes. The lookback is that, and how many days late rows may come.';
		END IF;
		PERFORM @extschema@.check_stale_after(new_kpi.stale_after, pg_catalog.format('KPI "%s"', new_kpi.name));
		-- a refresh that is under way would leave a watermark of what the other definition has measured
		PERFORM @extschema@.take_lock('refresh', new_kpi.name);
		INSERT INTO @extschema@.kpi AS k SELECT new_kpi.*
			ON CONFLICT ON CONSTRAINT kpi_pkey DO UPDATE
			SET title = excluded.title, description = excluded.description, kind = excluded.kind, source = excluded.source, formula = excluded.formula,
				definition_schema = excluded.definition_schema, definition_name = excluded.definition_name, definition_owner = excluded.definition_owner,
				unit = excluded.unit, direction = excluded.direction, grain = excluded.grain, adds = excluded.adds, qualitative = excluded.qualitative, zone = excluded.zone, lookback = excluded.lookback, lookahead = excluded.lookahead, reach = excluded.reach,
				stale_after = excluded.stale_after, at_risk = excluded.at_risk, behind = excluded.behind, min_n = excluded.min_n,
				owner = CASE WHEN owner_is_told THEN excluded.owner ELSE k.owner END, version = k.version OPERATOR(pg_catalog.+) 1, active = true;
		-- or the new owner could not see the row that is there already
		UPDATE kpi_bi.dim_kpi AS d SET owner = k.owner FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) new_kpi.name AND d.kpi OPERATOR(pg_catalog.=) k.name AND d.owner OPERATOR(pg_catalog.<>) k.owner;
		-- what another definition has measured is not this one's
		DELETE FROM @extschema@.watermark AS w WHERE w.kpi OPERATOR(pg_catalog.=) new_kpi.name;
		DELETE FROM @extschema@.kpi_input AS i WHERE i.kpi OPERATOR(pg_catalog.=) new_kpi.name;
		IF objective IS NOT NULL THEN
			PERFORM @extschema@.require_objective(objective);
			INSERT INTO @extschema@.kpi_objective AS o (kpi, objective, weight) VALUES (new_kpi.name, objective, weight)
				ON CONFLICT ON CONSTRAINT kpi_objective_pkey DO UPDATE SET weight = excluded.weight;
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.put_kpi(@extschema@.kpi, boolean, text, numeric) IS
'adds a checked KPI, or puts it in the place of the one of that name, as another version of it';

CREATE FUNCTION @extschema@.define(name text, definition regclass DEFAULT NULL, unit text DEFAULT NULL, direction text DEFAULT 'up', grain text DEFAULT 'day', adds text DEFAULT NULL,
		function regprocedure DEFAULT NULL, source text DEFAULT NULL, title text DEFAULT NULL, description text DEFAULT NULL, objective text DEFAULT NULL, weight numeric DEFAULT 1, qualitative boolean DEFAULT false,
		zone text DEFAULT 'UTC', lookback integer DEFAULT 3, stale_after interval DEFAULT '2 days', at_risk double precision DEFAULT 0.90, behind double precision DEFAULT 0.75,
		min_n bigint DEFAULT NULL, owner name DEFAULT NULL, lookahead integer DEFAULT 0, reach integer DEFAULT 0) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		new_kind pg_catalog.text := CASE WHEN definition IS NOT NULL THEN 'view' WHEN function IS NOT NULL THEN 'function' ELSE 'manual' END;
		in_schema pg_catalog.name;
		named pg_catalog.name;
		owned pg_catalog.name;
		columns pg_catalog.text[] := '{}';
	BEGIN
		IF definition IS NOT NULL AND function IS NOT NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" has two definitions', name),
				HINT = 'Give either a view or a function.';
		END IF;
		PERFORM @extschema@.check_attributes(name, unit, direction, grain, zone, at_risk, behind, weight);
		PERFORM @extschema@.source_named(source);
		IF new_kind OPERATOR(pg_catalog.=) 'view' THEN
			SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner) INTO in_schema, named, owned
				FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.oid OPERATOR(pg_catalog.=) definition;
		ELSIF new_kind OPERATOR(pg_catalog.=) 'function' THEN
			SELECT n.nspname, p.proname, pg_catalog.pg_get_userbyid(p.proowner) INTO in_schema, named, owned
				FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace WHERE p.oid OPERATOR(pg_catalog.=) function;
		END IF;
		IF new_kind OPERATOR(pg_catalog.<>) 'manual' THEN
			IF in_schema OPERATOR(pg_catalog.~) '^pg_temp' THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('the definition of KPI "%s" is temporary', name),
					HINT = 'It has to be there when others refresh the KPI.';
			END IF;
			columns := @extschema@.definition_check(new_kind, in_schema, named, owned);
		END IF;
		IF adds IS NULL AND 'numerator' OPERATOR(pg_catalog.=) ANY (columns) THEN
			adds := 'ratio';
		END IF;
		IF adds IS NULL OR adds OPERATOR(pg_catalog.<>) ALL (ARRAY['sum', 'last', 'mean', 'ratio', 'recompute']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = CASE WHEN adds IS NULL THEN pg_catalog.format('how do periods of KPI "%s" add up?', name)
					ELSE pg_catalog.format('adds "%s" of KPI "%s" is not known', adds, name) END,
				HINT = 'adds => sum (amounts), last (stocks), mean (levels), ratio (numerator and denominator) or recompute (not at all, such as unique visitors).';
		END IF;
		IF adds OPERATOR(pg_catalog.=) 'ratio' AND new_kind OPERATOR(pg_catalog.<>) 'manual' AND 'numerator' OPERATOR(pg_catalog.<>) ALL (columns) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" is to add up as a ratio, and its definition has no numerator and denominator', name),
				HINT = 'Averages of ratios are wrong: let the definition show both columns.';
		END IF;
		PERFORM @extschema@.put_kpi(ROW(name, coalesce(title, name), description, new_kind, source, NULL, in_schema, named, owned, unit, direction, grain, adds, qualitative, zone, lookback, lookahead, reach, stale_after, at_risk, behind, min_n,
			coalesce(owner, CURRENT_USER), 1, true, pg_catalog.now())::@extschema@.kpi, owner IS NOT NULL, objective, weight);
	END
	$$;
COMMENT ON FUNCTION @extschema@.define(text, regclass, text, text, text, text, regprocedure, text, text, text, text, numeric, boolean, text, integer, interval, double precision, double precision, bigint, name, integer, integer) IS
'adds a KPI or changes it: its definition is a view, a table or a function of your own; without one it is manual';

CREATE FUNCTION @extschema@.undefine(name text) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		derived pg_catalog.text := (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(i.kpi), ', ' ORDER BY i.kpi) FROM @extschema@.kpi_input AS i WHERE i.input OPERATOR(pg_catalog.=) undefine.name);
	BEGIN
		PERFORM @extschema@.kpi_to_change(name);
		IF derived IS NOT NULL THEN
			RAISE dependent_objects_still_exist USING
				MESSAGE = pg_catalog.format('KPI "%s" cannot be removed: %s is calculated from it', name, derived),
				HINT = 'Remove what is derived first, or give it another formula.';
		END IF;
		DELETE FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) undefine.name;
	END
	$$;
COMMENT ON FUNCTION @extschema@.undefine(text) IS
'removes a KPI with its targets, measurements and everything else that belongs to it; its view or function stays';

/* Targets. */

CREATE FUNCTION @extschema@.set_target(kpi text, period daterange, target numeric DEFAULT NULL, low numeric DEFAULT NULL, high numeric DEFAULT NULL, baseline numeric DEFAULT NULL, stretch numeric DEFAULT NULL,
		pacing text DEFAULT NULL, weights double precision[] DEFAULT NULL, segment text DEFAULT '', rationale text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		named @extschema@.kpi := @extschema@.kpi_to_change(kpi);
		first pg_catalog.date := pg_catalog.lower(period);
		last pg_catalog.date := pg_catalog.upper(period);
		grains pg_catalog.text[] := ARRAY['day', 'week', 'month', 'quarter', 'year'];
		other @extschema@.target;
		same @extschema@.target;
		learned_from pg_catalog.text;
	BEGIN
		IF (@extschema@.is_day(first) AND @extschema@.is_day(last)) IS NOT TRUE THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the period %s of a target of KPI "%s" has no two ends', period, kpi),
				HINT = 'Write it like 2026, 2026-Q1, 2026-03, 2026-W10, 2026-03-15 or [2026-01-15,2026-04-15).';
		END IF;
		IF EXISTS (SELECT FROM pg_catalog.unnest(ARRAY[target, low, high, baseline, stretch]) AS x WHERE NOT @extschema@.is_measurable(x)) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('a target of KPI "%s" is no number: %s', kpi, (SELECT pg_catalog.string_agg(@extschema@.number_in_short(x), ', ') FROM pg_catalog.unnest(ARRAY[target, low, high, baseline, stretch]) AS x)),
				HINT = 'Numbers are 0, or of a size from 1e-100 to 1e100.';
		END IF;
		IF (target IS NULL) OPERATOR(pg_catalog.=) (low IS NULL AND high IS NULL) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('a target of KPI "%s" is either a number or a range', kpi),
				HINT = 'Give target, or low, high or both.';
		END IF;
		IF (named.direction OPERATOR(pg_catalog.=) 'range') OPERATOR(pg_catalog.<>) (target IS NULL) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" has the direction %s', kpi, named.direction),
				HINT = CASE WHEN named.direction OPERATOR(pg_catalog.=) 'range' THEN 'Give low, high or both instead of target.' ELSE 'Give target instead of low and high.' END;
		END IF;
		IF low OPERATOR(pg_catalog.>) high THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('low %s of KPI "%s" is more than high %s', low, kpi, high);
		END IF;
		IF baseline OPERATOR(pg_catalog.=) target THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('baseline and target of KPI "%s" are both %s', kpi, target),
				HINT = 'Attainment is the way from the baseline to the target, and there is none.';
		END IF;
		-- a level is expected at any time, an amount grows with the days
		pacing := coalesce(pacing, CASE WHEN weights IS NOT NULL THEN 'profile' WHEN named.adds OPERATOR(pg_catalog.=) 'sum' AND target IS NOT NULL THEN 'linear' ELSE 'none' END);
		IF pacing OPERATOR(pg_catalog.<>) ALL (ARRAY['none', 'linear', 'business_days', 'profile']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('pacing "%s" of KPI "%s" is not known', pacing, kpi),
				HINT = 'There are none, linear, business_days and profile.';
		END IF;
		IF pacing OPERATOR(pg_catalog.<>) 'none' AND named.adds OPERATOR(pg_catalog.<>) 'sum' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" is a level (adds: %s), which does not grow with the days', kpi, named.adds),
				HINT = 'Its pacing is none.';
		END IF;
		IF pacing OPERATOR(pg_catalog.<>) 'profile' AND weights IS NOT NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('pacing %s of KPI "%s" has no weights', pacing, kpi),
				HINT = 'Give pacing => ''profile'', or no weights.';
		END IF;
		IF pacing OPERATOR(pg_catalog.=) 'profile' AND weights IS NULL THEN
			-- the same again keeps those it has: what was measured meanwhile does not move the goalposts
			SELECT t.weights INTO weights FROM @extschema@.target AS t
				WHERE t.kpi OPERATOR(pg_catalog.=) set_target.kpi AND t.segment OPERATOR(pg_catalog.=) set_target.segment AND t.period_start OPERATOR(pg_catalog.=) first AND t.period_end OPERATOR(pg_catalog.=) last AND t.closed_at IS NULL
					AND (t.target, t.low, t.high, t.baseline, t.stretch) IS NOT DISTINCT FROM (target, low, high, baseline, stretch);
			IF weights IS NULL THEN
				SELECT l.weights, l.learned_from INTO weights, learned_from FROM @extschema@.learn_profile(named, period, segment) AS l;
				RAISE NOTICE USING MESSAGE = pg_catalog.format('target of KPI "%s" for %s: %s', kpi, @extschema@.period_name(period), learned_from);
				rationale := pg_catalog.concat_ws('; ', rationale, learned_from);
			END IF;
		END IF;
		IF weights IS NOT NULL AND pg_catalog.cardinality(weights) OPERATOR(pg_catalog.<>) 7 AND pg_catalog.cardinality(weights) OPERATOR(pg_catalog.<>) (last OPERATOR(pg_catalog.-) first) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('%s weights for the %s days from %s on', pg_catalog.cardinality(weights), last OPERATOR(pg_catalog.-) first, first),
				HINT = 'Give those of the seven days from Monday on, or of each day of the period.';
		END IF;
		-- the period has to be made of whole periods of the KPI; what does not add up has them only one by one
		IF first OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(named.grain, first)::pg_catalog.date OR last OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(named.grain, last)::pg_catalog.date THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the period from %s to %s does not fit KPI "%s", which is measured by the %s', first, last OPERATOR(pg_catalog.-) 1, kpi, named.grain),
				HINT = pg_catalog.format('It has to begin and end with a %s.', named.grain);
		END IF;
		IF named.adds OPERATOR(pg_catalog.=) 'recompute' AND last OPERATOR(pg_catalog.<>) (first OPERATOR(pg_catalog.+) @extschema@.grain_step(named.grain))::pg_catalog.date THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" has no value for the period from %s to %s: it does not add up', kpi, first, last OPERATOR(pg_catalog.-) 1),
				HINT = pg_catalog.format('Set a target for each %s, or define the KPI by longer periods.', named.grain);
		END IF;
		-- a year may have months, but no period may have a part of another one
		-- one after the other, or two at once could cut each other or be the same version
		PERFORM @extschema@.take_lock('target', kpi);
		SELECT * INTO other FROM @extschema@.target AS t
			WHERE t.kpi OPERATOR(pg_catalog.=) set_target.kpi AND t.segment OPERATOR(pg_catalog.=) set_target.segment AND t.closed_at IS NULL
				AND pg_catalog.daterange(t.period_start, t.period_end) OPERATOR(pg_catalog.&&) period
				AND (t.period_start, t.period_end) IS DISTINCT FROM (first, last)
				AND (NOT (pg_catalog.daterange(t.period_start, t.period_end) OPERATOR(pg_catalog.@>) period OR period OPERATOR(pg_catalog.@>) pg_catalog.daterange(t.period_start, t.period_end))
					OR @extschema@.grain_of(period) OPERATOR(pg_catalog.=) 'other' AND @extschema@.grain_of(pg_catalog.daterange(t.period_start, t.period_end)) OPERATOR(pg_catalog.=) 'other')
			LIMIT 1;
		IF FOUND THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the period from %s to %s overlaps the target of KPI "%s" from %s to %s', first, last OPERATOR(pg_catalog.-) 1, kpi, other.period_start, other.period_end OPERATOR(pg_catalog.-) 1),
				HINT = 'One period may lie within another one of the calendar, but not begin in one and end in the next.';
		END IF;
		SELECT * INTO same FROM @extschema@.target AS t
			WHERE t.kpi OPERATOR(pg_catalog.=) set_target.kpi AND t.segment OPERATOR(pg_catalog.=) set_target.segment AND t.period_start OPERATOR(pg_catalog.=) first AND t.period_end OPERATOR(pg_catalog.=) last AND t.closed_at IS NULL FOR UPDATE;
		-- the same again is no other target
		IF (same.target, same.low, same.high, same.baseline, same.stretch, same.pacing, same.weights) IS NOT DISTINCT FROM (target, low, high, baseline, stretch, pacing, weights) THEN
			RETURN;
		END IF;
		UPDATE @extschema@.target AS t SET closed_at = pg_catalog.clock_timestamp()
			WHERE t.kpi OPERATOR(pg_catalog.=) set_target.kpi AND t.segment OPERATOR(pg_catalog.=) set_target.segment AND t.period_start OPERATOR(pg_catalog.=) first AND t.period_end OPERATOR(pg_catalog.=) last AND t.closed_at IS NULL;
		INSERT INTO @extschema@.target (kpi, segment, period_start, period_end, version, target, low, high, baseline, stretch, pacing, weights, rationale)
			VALUES (kpi, segment, first, last, coalesce(same.version, 0) OPERATOR(pg_catalog.+) 1, target, low, high, baseline, stretch, pacing, weights, rationale);
		PERFORM @extschema@.invalidate_bi(kpi, first, last OPERATOR(pg_catalog.-) 1);
	END
	$$;
COMMENT ON FUNCTION @extschema@.set_target(text, daterange, numeric, numeric, numeric, numeric, numeric, text, double precision[], text, text) IS
'sets what a KPI is to reach in a period; one that was set before is closed, not overwritten';

CREATE FUNCTION @extschema@.set_target(kpi text, period text, target numeric DEFAULT NULL, low numeric DEFAULT NULL, high numeric DEFAULT NULL, baseline numeric DEFAULT NULL, stretch numeric DEFAULT NULL,
		pacing text DEFAULT NULL, weights double precision[] DEFAULT NULL, segment text DEFAULT '', rationale text DEFAULT NULL) RETURNS void
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT @extschema@.set_target(kpi, @extschema@.period(period), target, low, high, baseline, stretch, pacing, weights, segment, rationale)
	$$;
COMMENT ON FUNCTION @extschema@.set_target(text, text, numeric, numeric, numeric, numeric, numeric, text, double precision[], text, text) IS
'sets what a KPI is to reach in a period such as 2026, 2026-Q1, 2026-03 or 2026-W10';

CREATE FUNCTION @extschema@.copy_targets(kpi text, from_period text, to_period text, uplift numeric DEFAULT 0, rationale text DEFAULT NULL) RETURNS integer
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		old pg_catalog.daterange := @extschema@.period(from_period);
		new pg_catalog.daterange := @extschema@.period(to_period);
		months integer := 12 OPERATOR(pg_catalog.*) (pg_catalog.extract('year', pg_catalog.lower(new)) OPERATOR(pg_catalog.-) pg_catalog.extract('year', pg_catalog.lower(old))) OPERATOR(pg_catalog.+) pg_catalog.extract('month', pg_catalog.lower(new)) OPERATOR(pg_catalog.-) pg_catalog.extract('month', pg_catalog.lower(old));
		t @extschema@.target;
		copied integer := 0;
	BEGIN
		PERFORM @extschema@.kpi_to_change(kpi);
		IF @extschema@.grain_of(old) OPERATOR(pg_catalog.<>) @extschema@.grain_of(new) OR @extschema@.grain_of(old) OPERATOR(pg_catalog.<>) ALL (ARRAY['month', 'quarter', 'year']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('targets of "%s" cannot be copied to "%s"', from_period, to_period),
				HINT = 'Both are to be months, quarters or years.';
		END IF;
		FOR t IN SELECT * FROM @extschema@.target AS o WHERE o.kpi OPERATOR(pg_catalog.=) copy_targets.kpi AND o.closed_at IS NULL AND pg_catalog.daterange(o.period_start, o.period_end) OPERATOR(pg_catalog.<@) old
				AND @extschema@.grain_of(pg_catalog.daterange(o.period_start, o.period_end)) OPERATOR(pg_catalog.=) ANY (ARRAY['month', 'quarter', 'year']) ORDER BY o.period_start, o.period_end, o.segment LOOP
			PERFORM @extschema@.set_target(kpi, pg_catalog.daterange((t.period_start OPERATOR(pg_catalog.+) (interval '1 month' OPERATOR(pg_catalog.*) months))::pg_catalog.date, (t.period_end OPERATOR(pg_catalog.+) (interval '1 month' OPERATOR(pg_catalog.*) months))::pg_catalog.date),
				t.target OPERATOR(pg_catalog.*) (1 OPERATOR(pg_catalog.+) uplift), t.low OPERATOR(pg_catalog.*) (1 OPERATOR(pg_catalog.+) uplift), t.high OPERATOR(pg_catalog.*) (1 OPERATOR(pg_catalog.+) uplift), t.baseline, t.stretch OPERATOR(pg_catalog.*) (1 OPERATOR(pg_catalog.+) uplift), t.pacing,
				CASE WHEN pg_catalog.cardinality(t.weights) OPERATOR(pg_catalog.=) 7 THEN t.weights END, t.segment, rationale);
			copied := copied OPERATOR(pg_catalog.+) 1;
		END LOOP;
		RETURN copied;
	END
	$$;
COMMENT ON FUNCTION @extschema@.copy_targets(text, text, text, numeric, text) IS
'sets the targets of a month, quarter or year, and of what lies in it, for another one, each more by a share: 0.1 for 10 %';

/* Check-ins, and days that are to be read again. */

CREATE FUNCTION @extschema@.check_in(kpi text, period text, value numeric DEFAULT NULL, note text DEFAULT NULL, status text DEFAULT NULL, status_until date DEFAULT NULL, n bigint DEFAULT NULL,
		ci_low double precision DEFAULT NULL, ci_high double precision DEFAULT NULL, segment text DEFAULT '') RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		named @extschema@.kpi := @extschema@.kpi_to_change(kpi);
		days pg_catalog.daterange := @extschema@.period(period);
		first pg_catalog.date := pg_catalog.lower(days);
	BEGIN
		IF @extschema@.grain_of(days) OPERATOR(pg_catalog.<>) named.grain THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('period "%s" does not fit KPI "%s", which is measured by the %s', period, kpi, named.grain);
		END IF;
		IF value IS NOT NULL AND named.kind OPERATOR(pg_catalog.<>) 'manual' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" is measured, not told', kpi),
				HINT = 'Its values come from its definition; a check-in may bring a note or a status.';
		END IF;
		IF NOT @extschema@.is_measurable(value) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('value %s of KPI "%s" is not a number', @extschema@.number_in_short(value), kpi),
				HINT = 'Numbers are 0, or of a size from 1e-100 to 1e100.';
		END IF;
		IF (status IS NULL) OPERATOR(pg_catalog.<>) (status_until IS NULL) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('a status of KPI "%s" that overrides the computed one has an end', kpi),
				HINT = 'Give both status and status_until.';
		END IF;
		IF status OPERATOR(pg_catalog.<>) ALL (ARRAY['achieved', 'on_track', 'at_risk', 'behind', 'missed', 'uncertain']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('status "%s" is not known', status),
				HINT = 'There are achieved, on_track, at_risk, behind, missed and uncertain.';
		END IF;
		IF value IS NULL AND note IS NULL AND status IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('a check-in of KPI "%s" says nothing', kpi),
				HINT = 'Give value, note or status.';
		END IF;
		INSERT INTO @extschema@.check_in (kpi, segment, period_start, value, note, status, status_until) VALUES (kpi, segment, first, value, note, status, status_until);
		IF value IS NULL THEN
			RETURN;
		END IF;
		INSERT INTO @extschema@.measurement AS m (kpi, segment, period_start, value, n, ci_low, ci_high, is_complete, version)
			VALUES (kpi, segment, first, value, n, ci_low, ci_high, pg_catalog.upper(days) OPERATOR(pg_catalog.<=) (pg_catalog.now() AT TIME ZONE named.zone)::pg_catalog.date, named.version)
			ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE
			SET value = excluded.value, n = excluded.n, ci_low = excluded.ci_low, ci_high = excluded.ci_high, is_complete = excluded.is_complete, version = excluded.version, computed_at = excluded.computed_at;
		PERFORM @extschema@.link_periods(kpi, first, pg_catalog.upper(days)), @extschema@.invalidate_derived(kpi, first, pg_catalog.upper(days)), @extschema@.invalidate_bi(kpi, first, pg_catalog.upper(days) OPERATOR(pg_catalog.-) 1);
	END
	$$;
COMMENT ON FUNCTION @extschema@.check_in(text, text, numeric, text, text, date, bigint, double precision, double precision, text) IS
'says something about a KPI and a period: the value of a manual one, a note, or a status that overrides the computed one until a day';

CREATE FUNCTION @extschema@.invalidate(kpi text, from_day date, to_day date) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	BEGIN
		PERFORM @extschema@.kpi_to_change(kpi);
		IF from_day OPERATOR(pg_catalog.>) to_day THEN
			RAISE invalid_parameter_value USING MESSAGE = pg_catalog.format('from_day %s is behind to_day %s', from_day, to_day);
		END IF;
		INSERT INTO @extschema@.invalidation (kpi, from_day, to_day) VALUES (kpi, from_day, to_day);
		-- what it is made of has changed as well, if it is a timeline store
		PERFORM @extschema@.invalidate_store(s.name, pg_catalog.datemultirange(pg_catalog.daterange(from_day OPERATOR(pg_catalog.-) z.more, to_day OPERATOR(pg_catalog.+) z.more, '[]')))
			FROM @extschema@.kpi AS k JOIN @extschema@.source AS s ON s.name OPERATOR(pg_catalog.=) k.source, LATERAL (SELECT CASE WHEN k.zone OPERATOR(pg_catalog.=) s.zone THEN 0 ELSE 1 END AS more) AS z
			WHERE k.name OPERATOR(pg_catalog.=) invalidate.kpi;
	END
	$$;
COMMENT ON FUNCTION @extschema@.invalidate(text, date, date) IS
'the days from one to another one have changed: the next refresh reads them again';
