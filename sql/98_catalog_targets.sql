/* ---- targets, many at once: from rows, from a longer period, and paced as it went before ---- */

CREATE FUNCTION @extschema@.apportion(amount numeric, weights numeric[], decimals integer DEFAULT NULL) RETURNS numeric[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		places integer := coalesce(decimals, pg_catalog.scale(amount));
		units numeric;
		all_weight numeric := (SELECT pg_catalog.sum(w) FROM pg_catalog.unnest(weights) AS w);
	BEGIN
		IF amount IS NULL THEN
			RETURN NULL;
		END IF;
		IF NOT (amount OPERATOR(pg_catalog.>) '-Infinity' AND amount OPERATOR(pg_catalog.<) 'Infinity') OR places NOT BETWEEN -100 AND 100 THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('%s cannot be split into parts with %s decimals', amount, coalesce(places, 0));
		END IF;
		units := pg_catalog.abs(amount) OPERATOR(pg_catalog.*) pg_catalog.format('1e%s', places)::pg_catalog.numeric;
		IF units OPERATOR(pg_catalog.<>) pg_catalog.trunc(units) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('%s cannot be the sum of parts with %s decimals', amount, places),
				HINT = pg_catalog.format('Give decimals => %s or more.', pg_catalog.min_scale(amount));
		END IF;
		IF pg_catalog.array_ndims(weights) OPERATOR(pg_catalog.<>) 1 OR EXISTS (SELECT FROM pg_catalog.unnest(weights) AS w WHERE w IS NULL OR NOT (w OPERATOR(pg_catalog.>=) 0 AND w OPERATOR(pg_catalog.<) 'Infinity')) OR all_weight IS NULL OR all_weight OPERATOR(pg_catalog.=) 0 THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('%s cannot be split by the weights %s', amount, CASE WHEN pg_catalog.cardinality(weights) OPERATOR(pg_catalog.>) 50 THEN pg_catalog.rtrim(weights[1:50]::pg_catalog.text, '}') OPERATOR(pg_catalog.||) ',...}' ELSE weights::pg_catalog.text END),
				HINT = 'They are numbers from 0 on, and not all 0.';
		END IF;
		-- whole units for each; those that are left to the largest remainders
		RETURN (
			WITH shares AS (
				SELECT u.place, pg_catalog.div(units OPERATOR(pg_catalog.*) u.weight, all_weight) AS whole, pg_catalog.mod(units OPERATOR(pg_catalog.*) u.weight, all_weight) AS rest FROM pg_catalog.unnest(weights) WITH ORDINALITY AS u(weight, place)),
			ranked AS (
				SELECT s.*, pg_catalog.row_number() OVER (ORDER BY s.rest DESC, s.place) AS turn, units OPERATOR(pg_catalog.-) pg_catalog.sum(s.whole) OVER () AS remaining FROM shares AS s)
			SELECT pg_catalog.array_agg(pg_catalog.round(pg_catalog.sign(amount) OPERATOR(pg_catalog.*) (r.whole OPERATOR(pg_catalog.+) CASE WHEN r.turn OPERATOR(pg_catalog.<=) r.remaining THEN 1 ELSE 0 END) OPERATOR(pg_catalog.*) pg_catalog.format('1e%s', OPERATOR(pg_catalog.-) places)::pg_catalog.numeric, places) ORDER BY r.place) FROM ranked AS r);
	END
	$$;
COMMENT ON FUNCTION @extschema@.apportion(numeric, numeric[], integer) IS
'splits an amount by weights into parts with so many decimals (those of the amount) whose sum is exactly the amount: the largest remainders are rounded up';

/* What is known of a KPI: days outside were not measured, days within that have no row brought nothing. */
CREATE FUNCTION @extschema@.known_days(measured @extschema@.kpi, today date) RETURNS daterange
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.daterange(pg_catalog.min(m.period_start), (pg_catalog.max(m.period_start) OPERATOR(pg_catalog.+) @extschema@.grain_step((measured).grain))::pg_catalog.date)
	FROM @extschema@.measurement AS m
	WHERE m.kpi OPERATOR(pg_catalog.=) (measured).name AND m.value IS NOT NULL AND m.is_complete AND (m.period_start OPERATOR(pg_catalog.+) @extschema@.grain_step((measured).grain)) OPERATOR(pg_catalog.<=) today
	HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0
	$$;
COMMENT ON FUNCTION @extschema@.known_days(@extschema@.kpi, date) IS
'from the first day to the last one that a KPI has a value of, in any segment, before a day; null: none';

CREATE FUNCTION @extschema@.unknown_days(known daterange, first date, last date) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN pg_catalog.daterange(first, last) OPERATOR(pg_catalog.&&) known
		THEN (last OPERATOR(pg_catalog.-) first) OPERATOR(pg_catalog.-) (pg_catalog.upper(pg_catalog.daterange(first, last) OPERATOR(pg_catalog.*) known) OPERATOR(pg_catalog.-) pg_catalog.lower(pg_catalog.daterange(first, last) OPERATOR(pg_catalog.*) known))
		ELSE last OPERATOR(pg_catalog.-) first END
	$$;
COMMENT ON FUNCTION @extschema@.unknown_days(daterange, date, date) IS
'how many days from one on and before another one are not among those that are known';

CREATE FUNCTION @extschema@.learn_days(measured @extschema@.kpi, days daterange, segment text, today date, OUT weights double precision[], OUT learned_from text, OUT missing text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	AS $$
	DECLARE
		-- 52 weeks before, so that each day learns from one of its kind
		first pg_catalog.date := pg_catalog.lower(days) OPERATOR(pg_catalog.-) 364;
		last pg_catalog.date := pg_catalog.upper(days) OPERATOR(pg_catalog.-) 364;
		unknown integer := @extschema@.unknown_days(@extschema@.known_days(measured, today), first, last);
		total double precision;
	BEGIN
		learned_from := pg_catalog.format('weights learned from the days from %s to %s', first, last OPERATOR(pg_catalog.-) 1);
		IF unknown OPERATOR(pg_catalog.>) 0 THEN
			missing := pg_catalog.format('%s of the %s days from %s to %s are not known', unknown, last OPERATOR(pg_catalog.-) first, first, last OPERATOR(pg_catalog.-) 1);
			RETURN;
		END IF;
		-- seven weights are those of the weekdays, wherever the seven days begin
		SELECT pg_catalog.array_agg(CASE WHEN m.value OPERATOR(pg_catalog.>) 0 THEN m.value ELSE 0 END::pg_catalog.float8 ORDER BY CASE WHEN last OPERATOR(pg_catalog.-) first OPERATOR(pg_catalog.=) 7 THEN pg_catalog.extract('isodow', d.day) END, d.day) INTO weights
			FROM (SELECT first OPERATOR(pg_catalog.+) i AS day FROM pg_catalog.generate_series(0, (last OPERATOR(pg_catalog.-) first) OPERATOR(pg_catalog.-) 1) AS i) AS d
			LEFT JOIN @extschema@.measurement AS m ON m.kpi OPERATOR(pg_catalog.=) measured.name AND m.segment OPERATOR(pg_catalog.=) learn_days.segment AND m.period_start OPERATOR(pg_catalog.=) d.day;
		SELECT pg_catalog.sum(w) INTO total FROM pg_catalog.unnest(weights) AS w;
		IF total OPERATOR(pg_catalog.=) 0 THEN
			missing := pg_catalog.format('none of the days from %s to %s has a value above 0', first, last OPERATOR(pg_catalog.-) 1);
			weights := NULL;
			RETURN;
		END IF;
		SELECT pg_catalog.array_agg(u.w OPERATOR(pg_catalog./) total ORDER BY u.place) INTO weights FROM pg_catalog.unnest(weights) WITH ORDINALITY AS u(w, place);
	END
	$$;
COMMENT ON FUNCTION @extschema@.learn_days(@extschema@.kpi, daterange, text, date) IS
'the share of each day of a period that the same weekday 364 days before had, or what is missing';

CREATE FUNCTION @extschema@.learn_weekdays(measured @extschema@.kpi, days daterange, segment text, weeks integer, today date, OUT weights double precision[], OUT learned_from text, OUT missing text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	AS $$
	DECLARE
		-- before the period, so that it is not judged by itself
		last pg_catalog.date := pg_catalog.date_trunc('week', CASE WHEN pg_catalog.lower(days) OPERATOR(pg_catalog.<) today THEN pg_catalog.lower(days) ELSE today END)::pg_catalog.date;
		first pg_catalog.date := last OPERATOR(pg_catalog.-) (7 OPERATOR(pg_catalog.*) weeks);
		unknown integer := @extschema@.unknown_days(@extschema@.known_days(measured, today), first, last);
	BEGIN
		learned_from := pg_catalog.format('weights learned from the %s weeks from %s to %s', weeks, first, last OPERATOR(pg_catalog.-) 1);
		IF unknown OPERATOR(pg_catalog.>) 0 THEN
			missing := pg_catalog.format('%s of the %s days from %s to %s are not known', unknown, last OPERATOR(pg_catalog.-) first, first, last OPERATOR(pg_catalog.-) 1);
			RETURN;
		END IF;
		WITH measured_days AS (
			SELECT w AS week, i AS weekday, CASE WHEN m.value OPERATOR(pg_catalog.>) 0 THEN m.value ELSE 0 END AS value
			FROM pg_catalog.generate_series(0, weeks OPERATOR(pg_catalog.-) 1) AS w CROSS JOIN pg_catalog.generate_series(0, 6) AS i
			LEFT JOIN @extschema@.measurement AS m ON m.kpi OPERATOR(pg_catalog.=) measured.name AND m.segment OPERATOR(pg_catalog.=) learn_weekdays.segment AND m.period_start OPERATOR(pg_catalog.=) (first OPERATOR(pg_catalog.+) (7 OPERATOR(pg_catalog.*) w) OPERATOR(pg_catalog.+) i)),
		shares AS (
			-- each week counts the same, however large it was
			SELECT v.weekday, v.value OPERATOR(pg_catalog./) nullif(pg_catalog.sum(v.value) OVER (PARTITION BY v.week), 0) AS share FROM measured_days AS v),
		means AS (
			SELECT s.weekday, pg_catalog.avg(s.share)::pg_catalog.float8 AS mean FROM shares AS s GROUP BY s.weekday)
		SELECT pg_catalog.array_agg(m.mean ORDER BY m.weekday) INTO weights FROM means AS m HAVING pg_catalog.sum(m.mean) OPERATOR(pg_catalog.>) 0;
		IF weights IS NULL THEN
			missing := pg_catalog.format('none of the days from %s to %s has a value above 0', first, last OPERATOR(pg_catalog.-) 1);
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.learn_weekdays(@extschema@.kpi, daterange, text, integer, date) IS
'the mean share of each weekday, Monday first, in the last complete weeks before a period and a day, or what is missing';

CREATE FUNCTION @extschema@.require_days(measured @extschema@.kpi, days daterange) RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		IF measured.grain OPERATOR(pg_catalog.<>) 'day' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" is measured by the %s, so the weights of days cannot be learned', measured.name, measured.grain),
				HINT = 'Give weights, or define the KPI by the day.';
		END IF;
		IF measured.adds OPERATOR(pg_catalog.<>) 'sum' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" is a level (adds: %s), which does not grow with the days', measured.name, measured.adds),
				HINT = 'Its pacing is none.';
		END IF;
		IF pg_catalog.lower(days) IS NULL OR pg_catalog.upper(days) IS NULL OR NOT pg_catalog.isfinite(pg_catalog.lower(days)) OR NOT pg_catalog.isfinite(pg_catalog.upper(days)) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the period %s of KPI "%s" has no two ends', coalesce(days::pg_catalog.text, 'null'), measured.name),
				HINT = 'Write it like 2026, 2026-Q1, 2026-03, 2026-W10, 2026-03-15 or [2026-01-15,2026-04-15).';
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.require_days(@extschema@.kpi, daterange) IS
'fails unless the days of a period of a KPI may have weights';

CREATE FUNCTION @extschema@.learn_weights(kpi text, period text, by text DEFAULT 'last_year', segment text DEFAULT '', weeks integer DEFAULT 8, as_of timestamptz DEFAULT NULL) RETURNS double precision[]
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		named @extschema@.kpi := @extschema@.kpi_named(kpi);
		days pg_catalog.daterange := @extschema@.period(period);
		today pg_catalog.date := (coalesce(as_of, pg_catalog.now()) AT TIME ZONE named.zone)::pg_catalog.date;
		found_weights double precision[];
		missing pg_catalog.text;
	BEGIN
		PERFORM @extschema@.require_days(named, days);
		IF by OPERATOR(pg_catalog.=) 'last_year' THEN
			SELECT l.weights, l.missing INTO found_weights, missing FROM @extschema@.learn_days(named, days, segment, today) AS l;
		ELSIF by OPERATOR(pg_catalog.=) 'recent_weeks' THEN
			IF weeks IS NULL OR weeks NOT BETWEEN 1 AND 520 THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('the weights of KPI "%s" cannot be learned from %s weeks', kpi, coalesce(weeks::pg_catalog.text, 'null')),
					HINT = 'From 1 to 520 weeks; 8 unless you say so.';
			END IF;
			SELECT l.weights, l.missing INTO found_weights, missing FROM @extschema@.learn_weekdays(named, days, segment, weeks, today) AS l;
		ELSE
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('weights of KPI "%s" cannot be learned by "%s"', kpi, coalesce(by, 'null')),
				HINT = 'There are last_year (each day of the period, 364 days before) and recent_weeks (each weekday in the last weeks).';
		END IF;
		IF missing IS NOT NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the weights of KPI "%s"%s cannot be learned: %s', kpi, CASE WHEN segment OPERATOR(pg_catalog.<>) '' THEN pg_catalog.format(' for segment "%s"', segment) ELSE '' END, missing),
				HINT = CASE WHEN by OPERATOR(pg_catalog.=) 'last_year' THEN 'Refresh the KPI, learn by => ''recent_weeks'', or give weights of your own.' ELSE 'Refresh the KPI, ask for fewer weeks, or give weights of your own.' END;
		END IF;
		RETURN found_weights;
	END
	$$;
COMMENT ON FUNCTION @extschema@.learn_weights(text, text, text, text, integer, timestamptz) IS
'weights for a target whose pacing is profile: of each day of the period as it went 364 days before, or of the weekdays in the last complete weeks; they add up to 1';

CREATE FUNCTION @extschema@.learn_profile(measured @extschema@.kpi, days daterange, segment text, OUT weights double precision[], OUT learned_from text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		today pg_catalog.date := (pg_catalog.now() AT TIME ZONE measured.zone)::pg_catalog.date;
		year_missing pg_catalog.text;
		weeks_missing pg_catalog.text;
	BEGIN
		PERFORM @extschema@.require_days(measured, days);
		SELECT l.weights, l.learned_from, l.missing INTO weights, learned_from, year_missing FROM @extschema@.learn_days(measured, days, segment, today) AS l;
		IF weights IS NOT NULL THEN
			RETURN;
		END IF;
		-- eight weeks, or as many as there are
		FOR weeks IN REVERSE 8 .. 4 LOOP
			SELECT l.weights, l.learned_from, l.missing INTO weights, learned_from, weeks_missing FROM @extschema@.learn_weekdays(measured, days, segment, weeks, today) AS l;
			IF weights IS NOT NULL THEN
				RETURN;
			END IF;
		END LOOP;
		RAISE invalid_parameter_value USING
			MESSAGE = pg_catalog.format('pacing profile of KPI "%s" needs weights, and they cannot be learned: %s; %s', measured.name, year_missing, weeks_missing),
			HINT = 'Give weights of the seven days from Monday on, or of each day of the period; or another pacing: linear, business_days.';
	END
	$$;
COMMENT ON FUNCTION @extschema@.learn_profile(@extschema@.kpi, daterange, text) IS
'weights for a target that has none: those of the days a year ago, else of the weekdays in the last eight weeks, or at least four; and what they were learned from';

CREATE FUNCTION @extschema@.set_targets(targets regclass) RETURNS integer
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	-- numbers and dates are read as text, so that an error has a row
	SET datestyle = 'ISO'
	SET extra_float_digits = 1
	AS $$
	DECLARE
		known pg_catalog.text[] := ARRAY['kpi', 'period', 'target', 'low', 'high', 'baseline', 'stretch', 'pacing', 'weights', 'segment', 'rationale'];
		present pg_catalog.text[];
		wrong pg_catalog.text;
		near pg_catalog.text;
		r record;
		place integer := 0;
		days pg_catalog.daterange;
		seen pg_catalog.text[] := '{}';
		versions bigint;
		changed integer := 0;
		failed_state pg_catalog.text;
		failure pg_catalog.text;
		explanation pg_catalog.text;
	BEGIN
		IF targets IS NULL THEN
			RAISE null_value_not_allowed USING MESSAGE = 'kpi.set_targets() needs a table or view with targets';
		END IF;
		IF NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) targets AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'v', 'm', 'f', 'p']::pg_catalog."char"[])) THEN
			RAISE wrong_object_type USING
				MESSAGE = pg_catalog.format('%s is no table or view', targets);
		END IF;
		-- what is in a view, and casts that somebody wrote, run with the rights of who reads
		IF (SELECT o.rolsuper FROM pg_catalog.pg_roles AS o WHERE o.rolname OPERATOR(pg_catalog.=) CURRENT_USER)
				AND (EXISTS (SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_roles AS o ON o.oid OPERATOR(pg_catalog.=) c.relowner WHERE c.oid OPERATOR(pg_catalog.=) targets AND c.relkind OPERATOR(pg_catalog.=) 'v' AND NOT o.rolsuper)
					OR EXISTS (SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid OPERATOR(pg_catalog.=) targets AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped AND @extschema@.preset_column_type(a.atttypid) IS NULL)) THEN
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('%s is a view or has a column of a type that belongs to another role, and a superuser would run what is in it', targets),
				HINT = 'SET ROLE to its owner first, or let an author without superuser rights do it.';
		END IF;
		SELECT pg_catalog.array_agg(a.attname::pg_catalog.text) INTO present FROM pg_catalog.pg_attribute AS a WHERE a.attrelid OPERATOR(pg_catalog.=) targets AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped;
		SELECT p INTO wrong FROM pg_catalog.unnest(present) WITH ORDINALITY AS u(p, i) WHERE p OPERATOR(pg_catalog.<>) ALL (known) ORDER BY i LIMIT 1;
		IF FOUND THEN
			near := @extschema@.nearest_name(wrong, known);
			RAISE undefined_column USING
				MESSAGE = pg_catalog.format('column "%s" of %s means nothing to a target', wrong, targets),
				HINT = CASE WHEN near IS NULL THEN '' ELSE pg_catalog.format('Perhaps you meant "%s". ', near) END OPERATOR(pg_catalog.||) pg_catalog.format('There are: %s.', pg_catalog.array_to_string(known, ', '));
		END IF;
		IF NOT coalesce(present OPERATOR(pg_catalog.@>) ARRAY['kpi', 'period'] AND present OPERATOR(pg_catalog.&&) ARRAY['target', 'low', 'high'], false) THEN
			RAISE undefined_column USING
				MESSAGE = pg_catalog.format('%s has no column %s', targets, CASE WHEN 'kpi' OPERATOR(pg_catalog.=) ANY (present) THEN CASE WHEN 'period' OPERATOR(pg_catalog.=) ANY (present) THEN 'target' ELSE 'period' END ELSE 'kpi' END),
				HINT = 'A row has a kpi, a period such as 2026-03, and a target, or low and high.';
		END IF;
		FOR r IN EXECUTE (SELECT pg_catalog.format('SELECT %s FROM %s', pg_catalog.string_agg(CASE WHEN k OPERATOR(pg_catalog.=) ANY (present) THEN pg_catalog.format('%I::pg_catalog.text', k) ELSE pg_catalog.format('NULL::pg_catalog.text AS %I', k) END, ', ' ORDER BY i), targets)
				FROM pg_catalog.unnest(known) WITH ORDINALITY AS u(k, i)) LOOP
			place := place OPERATOR(pg_catalog.+) 1;
			BEGIN
				IF r.kpi IS NULL OR r.period IS NULL THEN
					RAISE null_value_not_allowed USING
						MESSAGE = CASE WHEN r.kpi IS NULL THEN 'it has no kpi' ELSE 'it has no period' END;
				END IF;
				days := @extschema@.period(r.period);
				IF pg_catalog.format('%L %L %s', r.kpi, coalesce(r.segment, ''), days) OPERATOR(pg_catalog.=) ANY (seen) THEN
					RAISE cardinality_violation USING
						MESSAGE = 'there is another row for the same period',
						HINT = 'A KPI has one target for a period and segment.';
				END IF;
				seen := seen OPERATOR(pg_catalog.||) pg_catalog.format('%L %L %s', r.kpi, coalesce(r.segment, ''), days);
				SELECT pg_catalog.count(*) INTO versions FROM @extschema@.target AS t WHERE t.kpi OPERATOR(pg_catalog.=) r.kpi AND t.segment OPERATOR(pg_catalog.=) coalesce(r.segment, '') AND t.period_start OPERATOR(pg_catalog.=) pg_catalog.lower(days) AND t.period_end OPERATOR(pg_catalog.=) pg_catalog.upper(days);
				PERFORM @extschema@.set_target(r.kpi, days, r.target::pg_catalog.numeric, r.low::pg_catalog.numeric, r.high::pg_catalog.numeric, r.baseline::pg_catalog.numeric, r.stretch::pg_catalog.numeric,
					r.pacing, r.weights::pg_catalog.float8[], coalesce(r.segment, ''), r.rationale);
				IF versions OPERATOR(pg_catalog.<) (SELECT pg_catalog.count(*) FROM @extschema@.target AS t WHERE t.kpi OPERATOR(pg_catalog.=) r.kpi AND t.segment OPERATOR(pg_catalog.=) coalesce(r.segment, '') AND t.period_start OPERATOR(pg_catalog.=) pg_catalog.lower(days) AND t.period_end OPERATOR(pg_catalog.=) pg_catalog.upper(days)) THEN
					changed := changed OPERATOR(pg_catalog.+) 1;
				END IF;
			EXCEPTION WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS failed_state = RETURNED_SQLSTATE, failure = MESSAGE_TEXT, explanation = PG_EXCEPTION_HINT;
				failure := pg_catalog.format('row %s of %s (%s%s, %s): %s', place, targets, coalesce(r.kpi, 'no kpi'), coalesce(' ' OPERATOR(pg_catalog.||) nullif(r.segment, ''), ''), coalesce(r.period, 'no period'), failure);
				IF explanation OPERATOR(pg_catalog.=) '' THEN
					RAISE EXCEPTION USING ERRCODE = failed_state, MESSAGE = failure;
				END IF;
				RAISE EXCEPTION USING ERRCODE = failed_state, MESSAGE = failure, HINT = explanation;
			END;
		END LOOP;
		RETURN changed;
	END
	$$;
COMMENT ON FUNCTION @extschema@.set_targets(regclass) IS
'sets a target for each row of a table or view with the columns kpi, period, target or low and high, perhaps baseline, stretch, pacing, weights, segment, rationale; all or none; returns how many changed';

CREATE FUNCTION @extschema@.split_target(kpi text, period text, grain text, by text DEFAULT 'days', segment text DEFAULT '', decimals integer DEFAULT NULL, as_of timestamptz DEFAULT NULL)
	RETURNS TABLE (part text, target numeric)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	AS $$
	#variable_conflict use_variable
	DECLARE
		named @extschema@.kpi := @extschema@.kpi_to_change(kpi);
		days pg_catalog.daterange := @extschema@.period(period);
		today pg_catalog.date := (coalesce(as_of, pg_catalog.now()) AT TIME ZONE named.zone)::pg_catalog.date;
		whole @extschema@.target;
		step interval;
		known pg_catalog.daterange;
		parts pg_catalog.daterange[] := '{}';
		first pg_catalog.date;
		last pg_catalog.date;
		weights numeric[] := '{}';
		weight numeric;
		goals numeric[];
		baselines numeric[];
		stretches numeric[];
	BEGIN
		SELECT * INTO whole FROM @extschema@.target AS t
			WHERE t.kpi OPERATOR(pg_catalog.=) split_target.kpi AND t.segment OPERATOR(pg_catalog.=) split_target.segment AND t.closed_at IS NULL AND t.period_start OPERATOR(pg_catalog.=) pg_catalog.lower(days) AND t.period_end OPERATOR(pg_catalog.=) pg_catalog.upper(days);
		IF NOT FOUND THEN
			RAISE undefined_object USING
				MESSAGE = pg_catalog.format('KPI "%s"%s has no target for %s', kpi, CASE WHEN segment OPERATOR(pg_catalog.<>) '' THEN pg_catalog.format(', segment "%s",', segment) ELSE '' END, coalesce(period, 'null')),
				HINT = coalesce((SELECT pg_catalog.format('It has some for: %s.', pg_catalog.string_agg(p.name, ', ' ORDER BY p.name)) FROM (
					SELECT @extschema@.period_name(pg_catalog.daterange(t.period_start, t.period_end)) AS name FROM @extschema@.target AS t WHERE t.kpi OPERATOR(pg_catalog.=) split_target.kpi AND t.segment OPERATOR(pg_catalog.=) split_target.segment AND t.closed_at IS NULL ORDER BY t.period_end OPERATOR(pg_catalog.-) t.period_start DESC, t.period_start LIMIT 12) AS p HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0),
					'Set it first: SELECT kpi.set_target(...).');
		END IF;
		IF named.adds OPERATOR(pg_catalog.<>) 'sum' OR whole.target IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = CASE WHEN named.adds OPERATOR(pg_catalog.<>) 'sum' THEN pg_catalog.format('KPI "%s" is a level (adds: %s), so a part of the period has the target of the whole', kpi, named.adds)
					ELSE pg_catalog.format('the target of KPI "%s" for %s is a range, which has no parts', kpi, period) END,
				HINT = 'Set the targets of the parts yourself: kpi.set_target() or kpi.set_targets().';
		END IF;
		IF grain IS NULL OR grain OPERATOR(pg_catalog.<>) ALL (ARRAY['day', 'week', 'month', 'quarter', 'year']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the target of KPI "%s" cannot be split into "%s"', kpi, coalesce(grain, 'null')),
				HINT = 'There are day, week, month, quarter and year.';
		END IF;
		IF by IS NULL OR by OPERATOR(pg_catalog.<>) ALL (ARRAY['days', 'business_days', 'equal', 'last_year', 'profile']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the target of KPI "%s" cannot be split by "%s"', kpi, coalesce(by, 'null')),
				HINT = 'There are days, business_days, equal, last_year (what each part brought a year ago) and profile (the weights of the target).';
		END IF;
		IF by OPERATOR(pg_catalog.=) 'profile' AND whole.weights IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the target of KPI "%s" for %s has no weights', kpi, period),
				HINT = 'Set it with pacing => ''profile'', or split it by days, business_days, equal or last_year.';
		END IF;
		step := @extschema@.grain_step(grain);
		IF whole.period_start OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(grain, whole.period_start)::pg_catalog.date OR whole.period_end OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(grain, whole.period_end)::pg_catalog.date
				OR whole.period_end OPERATOR(pg_catalog.<=) (whole.period_start OPERATOR(pg_catalog.+) step)::pg_catalog.date THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the period from %s to %s is not made of several %ss', whole.period_start, whole.period_end OPERATOR(pg_catalog.-) 1, grain),
				HINT = 'A year is made of quarters, months and days; weeks make only periods that begin with a Monday and end with a Sunday.';
		END IF;
		known := @extschema@.known_days(named, today);
		first := whole.period_start;
		WHILE first OPERATOR(pg_catalog.<) whole.period_end LOOP
			last := (first OPERATOR(pg_catalog.+) step)::pg_catalog.date;
			parts := parts OPERATOR(pg_catalog.||) pg_catalog.daterange(first, last);
			weight := CASE by WHEN 'days' THEN last OPERATOR(pg_catalog.-) first WHEN 'equal' THEN 1
				WHEN 'business_days' THEN (SELECT pg_catalog.count(*) FROM pg_catalog.generate_series(0, (last OPERATOR(pg_catalog.-) first) OPERATOR(pg_catalog.-) 1) AS i WHERE pg_catalog.extract('isodow', first OPERATOR(pg_catalog.+) i) OPERATOR(pg_catalog.<=) 5)
				WHEN 'profile' THEN (SELECT pg_catalog.sum(CASE WHEN pg_catalog.cardinality(whole.weights) OPERATOR(pg_catalog.=) 7 THEN whole.weights[pg_catalog.extract('isodow', first OPERATOR(pg_catalog.+) i)::pg_catalog.int4] ELSE whole.weights[(first OPERATOR(pg_catalog.+) i OPERATOR(pg_catalog.-) whole.period_start) OPERATOR(pg_catalog.+) 1] END)
					FROM pg_catalog.generate_series(0, (last OPERATOR(pg_catalog.-) first) OPERATOR(pg_catalog.-) 1) AS i)::pg_catalog.numeric
				END;
			IF by OPERATOR(pg_catalog.=) 'last_year' THEN
				DECLARE
					year interval := @extschema@.year_step(grain);
					year_first pg_catalog.date := (first OPERATOR(pg_catalog.-) year)::pg_catalog.date;
					year_last pg_catalog.date := (last OPERATOR(pg_catalog.-) year)::pg_catalog.date;
				BEGIN
					IF @extschema@.unknown_days(known, year_first, year_last) OPERATOR(pg_catalog.>) 0 THEN
						RAISE invalid_parameter_value USING
							MESSAGE = pg_catalog.format('the target of KPI "%s" cannot be split as it went a year ago: %s of the %s days from %s to %s are not known', kpi, @extschema@.unknown_days(known, year_first, year_last), year_last OPERATOR(pg_catalog.-) year_first, year_first, year_last OPERATOR(pg_catalog.-) 1),
							HINT = 'Refresh the KPI, or split it by days, business_days or equal.';
					END IF;
					SELECT CASE WHEN v.value OPERATOR(pg_catalog.>) 0 THEN v.value ELSE 0 END INTO weight FROM @extschema@.period_value(named.name, segment, 'sum', year_first, year_last) AS v;
				END;
			END IF;
			weights := weights OPERATOR(pg_catalog.||) weight;
			first := last;
		END LOOP;
		IF 0 OPERATOR(pg_catalog.=) ALL (weights) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the target of KPI "%s" for %s cannot be split by %s: no part has any of it', kpi, period, by),
				HINT = 'Split it by days or equal.';
		END IF;
		goals := @extschema@.apportion(whole.target, weights, decimals);
		baselines := @extschema@.apportion(whole.baseline, weights, CASE WHEN decimals OPERATOR(pg_catalog.<) pg_catalog.min_scale(whole.baseline) THEN NULL ELSE decimals END);
		stretches := @extschema@.apportion(whole.stretch, weights, CASE WHEN decimals OPERATOR(pg_catalog.<) pg_catalog.min_scale(whole.stretch) THEN NULL ELSE decimals END);
		FOR i IN 1 .. pg_catalog.cardinality(parts) LOOP
			first := pg_catalog.lower(parts[i]);
			last := pg_catalog.upper(parts[i]);
			PERFORM @extschema@.set_target(kpi, parts[i], goals[i], baseline => baselines[i], stretch => stretches[i], pacing => whole.pacing,
				weights => CASE WHEN pg_catalog.cardinality(whole.weights) OPERATOR(pg_catalog.=) 7 THEN whole.weights ELSE whole.weights[((first OPERATOR(pg_catalog.-) whole.period_start) OPERATOR(pg_catalog.+) 1) : (last OPERATOR(pg_catalog.-) whole.period_start)] END,
				segment => segment, rationale => pg_catalog.format('part of %s for %s, by %s', whole.target, period, by));
			part := @extschema@.period_name(parts[i]);
			target := goals[i];
			RETURN NEXT;
		END LOOP;
	END
	$$;
COMMENT ON FUNCTION @extschema@.split_target(text, text, text, text, text, integer, timestamptz) IS
'sets the targets of the days, weeks, months or quarters of a period from its own, by days, business_days, equal, last_year or profile; the parts add up exactly to it';
