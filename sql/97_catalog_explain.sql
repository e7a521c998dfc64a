/* ---- explaining: what moved a KPI ---- */

CREATE FUNCTION @extschema@.compared_days(measured @extschema@.kpi, period text, against text, as_of timestamptz,
		OUT first date, OUT last date, OUT earlier_first date, OUT earlier_last date, OUT is_open boolean)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		today pg_catalog.date := (coalesce(as_of, pg_catalog.now()) AT TIME ZONE measured.zone)::pg_catalog.date;
		days pg_catalog.daterange := @extschema@.period(period);
		other pg_catalog.daterange;
		year interval;
		through pg_catalog.date;
		earlier_through pg_catalog.date;
	BEGIN
		first := pg_catalog.lower(days);
		last := pg_catalog.upper(days);
		IF first IS NULL OR last IS NULL OR NOT pg_catalog.isfinite(first) OR NOT pg_catalog.isfinite(last) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the period %s of KPI "%s" has no two ends', coalesce(period, 'null'), measured.name),
				HINT = 'Write it like 2026, 2026-Q1, 2026-03, 2026-W10, 2026-03-15 or [2026-01-15,2026-04-15).';
		END IF;
		IF first OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(measured.grain, first)::pg_catalog.date OR last OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(measured.grain, last)::pg_catalog.date THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the period from %s to %s does not fit KPI "%s", which is measured by the %s', first, (last OPERATOR(pg_catalog.-) 1), measured.name, measured.grain),
				HINT = pg_catalog.format('It has to begin and end with a %s.', measured.grain);
		END IF;
		-- the scorecard compares the same periods
		IF against IS NULL THEN
			other := pg_catalog.daterange(CASE WHEN @extschema@.grain_of(days) OPERATOR(pg_catalog.=) 'other' THEN first OPERATOR(pg_catalog.-) (last OPERATOR(pg_catalog.-) first)
				ELSE (first OPERATOR(pg_catalog.-) @extschema@.grain_step(@extschema@.grain_of(days)))::pg_catalog.date END, first);
		ELSIF against OPERATOR(pg_catalog.=) 'year ago' THEN
			year := CASE WHEN last OPERATOR(pg_catalog.-) first OPERATOR(pg_catalog.<=) 7 THEN interval '364 days' ELSE interval '1 year' END;
			other := pg_catalog.daterange((first OPERATOR(pg_catalog.-) year)::pg_catalog.date, (last OPERATOR(pg_catalog.-) year)::pg_catalog.date);
		ELSE
			other := @extschema@.period(against);
			IF @extschema@.grain_of(other) OPERATOR(pg_catalog.<>) @extschema@.grain_of(days)
					OR @extschema@.grain_of(days) OPERATOR(pg_catalog.=) 'other' AND (pg_catalog.upper(other) OPERATOR(pg_catalog.-) pg_catalog.lower(other)) IS DISTINCT FROM (last OPERATOR(pg_catalog.-) first) THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('period "%s" of KPI "%s" cannot be compared with "%s": they are not of the same length', period, measured.name, against),
					HINT = 'Compare a month with a month, a quarter with a quarter; without against it is the period before, with ''year ago'' that of a year ago.';
			END IF;
		END IF;
		earlier_first := pg_catalog.lower(other);
		earlier_last := pg_catalog.upper(other);
		IF earlier_first OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(measured.grain, earlier_first)::pg_catalog.date OR earlier_last OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(measured.grain, earlier_last)::pg_catalog.date THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the period from %s to %s does not fit KPI "%s", which is measured by the %s', earlier_first, (earlier_last OPERATOR(pg_catalog.-) 1), measured.name, measured.grain),
				HINT = pg_catalog.format('It has to begin and end with a %s.', measured.grain);
		END IF;
		IF (measured.adds OPERATOR(pg_catalog.=) 'recompute' OR measured.kind OPERATOR(pg_catalog.=) 'derived') AND last OPERATOR(pg_catalog.<>) (first OPERATOR(pg_catalog.+) @extschema@.grain_step(measured.grain))::pg_catalog.date THEN
			RAISE invalid_parameter_value USING
				MESSAGE = CASE WHEN measured.kind OPERATOR(pg_catalog.=) 'derived' THEN pg_catalog.format('KPI "%s" is calculated by the %s, and the period from %s to %s is none', measured.name, measured.grain, first, (last OPERATOR(pg_catalog.-) 1))
					ELSE pg_catalog.format('KPI "%s" has no value for the period from %s to %s: it does not add up', measured.name, first, (last OPERATOR(pg_catalog.-) 1)) END,
				HINT = pg_catalog.format('Ask for one %s at a time.', measured.grain);
		END IF;
		through := CASE WHEN last OPERATOR(pg_catalog.<=) today THEN last ELSE today END;
		earlier_through := CASE WHEN earlier_last OPERATOR(pg_catalog.<=) today THEN earlier_last ELSE today END;
		IF through OPERATOR(pg_catalog.<=) first OR earlier_through OPERATOR(pg_catalog.<=) earlier_first THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('of the period from %s to %s nothing is over on %s', CASE WHEN through OPERATOR(pg_catalog.<=) first THEN first ELSE earlier_first END, (CASE WHEN through OPERATOR(pg_catalog.<=) first THEN last ELSE earlier_last END OPERATOR(pg_catalog.-) 1), today),
				HINT = 'Ask for a period that is over, or has begun before today.';
		END IF;
		is_open := through OPERATOR(pg_catalog.<) last OR earlier_through OPERATOR(pg_catalog.<) earlier_last;
		-- as many days of the one as of the other; what has no days is compared as it is, unless it grows with them
		IF is_open AND measured.grain OPERATOR(pg_catalog.<>) 'day' AND measured.kind OPERATOR(pg_catalog.<>) 'derived' AND measured.adds OPERATOR(pg_catalog.=) ANY (ARRAY['sum', 'recompute']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" is measured by the %s, so a period that is not over cannot be compared with a whole one', measured.name, measured.grain),
				HINT = 'Ask for periods that are over, or measure it by the day.';
		END IF;
		IF measured.grain OPERATOR(pg_catalog.=) 'day' OR measured.kind OPERATOR(pg_catalog.=) 'derived' THEN
			IF through OPERATOR(pg_catalog.<) last AND earlier_first OPERATOR(pg_catalog.+) (through OPERATOR(pg_catalog.-) first) OPERATOR(pg_catalog.<) earlier_through THEN
				earlier_last := earlier_first OPERATOR(pg_catalog.+) (through OPERATOR(pg_catalog.-) first);
			ELSE
				earlier_last := earlier_through;
			END IF;
			IF earlier_through OPERATOR(pg_catalog.<) pg_catalog.upper(other) AND first OPERATOR(pg_catalog.+) (earlier_through OPERATOR(pg_catalog.-) earlier_first) OPERATOR(pg_catalog.<) through THEN
				through := first OPERATOR(pg_catalog.+) (earlier_through OPERATOR(pg_catalog.-) earlier_first);
			END IF;
		ELSE
			earlier_last := earlier_through;
		END IF;
		last := through;
	END
	$$;
COMMENT ON FUNCTION @extschema@.compared_days(@extschema@.kpi, text, text, timestamptz) IS
'the days of a period that are over, and those of another one that they are compared with: the one before, year ago, or named; of an open one as many days';

CREATE FUNCTION @extschema@.explain_segments(measured @extschema@.kpi, first date, last date, earlier_first date, earlier_last date)
	RETURNS TABLE (segment text, before numeric, after numeric, contribution numeric, mix numeric, rate numeric, note text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_column
	DECLARE
		whole_before numeric := (SELECT v.value FROM @extschema@.period_value(measured.name, '', measured.adds, earlier_first, earlier_last) AS v);
		whole_after numeric := (SELECT v.value FROM @extschema@.period_value(measured.name, '', measured.adds, first, last) AS v);
		segments pg_catalog.text[] := (SELECT pg_catalog.array_agg(DISTINCT m.segment) FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) measured.name AND m.segment OPERATOR(pg_catalog.<>) ''
			AND (m.period_start OPERATOR(pg_catalog.>=) first AND m.period_start OPERATOR(pg_catalog.<) last OR m.period_start OPERATOR(pg_catalog.>=) earlier_first AND m.period_start OPERATOR(pg_catalog.<) earlier_last));
		places integer := CASE WHEN pg_catalog.scale(whole_before) OPERATOR(pg_catalog.<) pg_catalog.scale(whole_after) THEN pg_catalog.scale(whole_after) ELSE pg_catalog.scale(whole_before) END;
		sum_before numeric;
		sum_after numeric;
		size numeric;
		unexplained pg_catalog.text;
	BEGIN
		IF segments IS NULL AND (whole_before IS NOT NULL OR whole_after IS NOT NULL) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" has no segments from %s to %s', measured.name, CASE WHEN earlier_first OPERATOR(pg_catalog.<) first THEN earlier_first ELSE first END, (CASE WHEN earlier_last OPERATOR(pg_catalog.<) last THEN last ELSE earlier_last END OPERATOR(pg_catalog.-) 1)),
				HINT = CASE WHEN measured.kind OPERATOR(pg_catalog.=) 'manual' THEN 'Tell the values of segments: SELECT kpi.check_in(..., segment => ...).'
					ELSE 'Let its definition show a column segment, with a row for each of what it is to be split by.' END;
		END IF;
		IF whole_before IS NULL OR whole_after IS NULL THEN
			IF segments IS NOT NULL AND NOT EXISTS (SELECT FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) measured.name AND m.segment OPERATOR(pg_catalog.=) '') THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('KPI "%s" (adds: %s) has segments and no whole, so nobody knows whether they add up to one', measured.name, measured.adds),
					HINT = 'Let its definition show rows of the whole, too: those whose segment is null.';
			END IF;
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" has no value from %s to %s', measured.name, CASE WHEN whole_before IS NULL THEN earlier_first ELSE first END, (CASE WHEN whole_before IS NULL THEN earlier_last ELSE last END OPERATOR(pg_catalog.-) 1)),
				HINT = 'Nothing was measured then, or nothing that you may see, or its denominator is 0; another period can be given as against.';
		END IF;
		IF measured.adds OPERATOR(pg_catalog.=) 'ratio' THEN
			-- a segment brings numerator / denominator of the whole; what it would bring at the mean rate is no change of the whole, as all weights are 1 together
			RETURN QUERY
			WITH parts AS (
				SELECT m.segment,
					coalesce(pg_catalog.sum(m.numerator) FILTER (WHERE m.period_start OPERATOR(pg_catalog.>=) earlier_first AND m.period_start OPERATOR(pg_catalog.<) earlier_last), 0) AS n0,
					coalesce(pg_catalog.sum(m.denominator) FILTER (WHERE m.period_start OPERATOR(pg_catalog.>=) earlier_first AND m.period_start OPERATOR(pg_catalog.<) earlier_last), 0) AS d0,
					coalesce(pg_catalog.sum(m.numerator) FILTER (WHERE m.period_start OPERATOR(pg_catalog.>=) first AND m.period_start OPERATOR(pg_catalog.<) last), 0) AS n1,
					coalesce(pg_catalog.sum(m.denominator) FILTER (WHERE m.period_start OPERATOR(pg_catalog.>=) first AND m.period_start OPERATOR(pg_catalog.<) last), 0) AS d1
				FROM @extschema@.measurement AS m
				WHERE m.kpi OPERATOR(pg_catalog.=) measured.name AND (m.period_start OPERATOR(pg_catalog.>=) first AND m.period_start OPERATOR(pg_catalog.<) last OR m.period_start OPERATOR(pg_catalog.>=) earlier_first AND m.period_start OPERATOR(pg_catalog.<) earlier_last)
				GROUP BY m.segment),
			whole AS (
				SELECT p.*, (pg_catalog.round(p.n0, places OPERATOR(pg_catalog.+) 20) OPERATOR(pg_catalog./) p.d0 OPERATOR(pg_catalog.+) (pg_catalog.round(p.n1, places OPERATOR(pg_catalog.+) 20) OPERATOR(pg_catalog./) p.d1)) OPERATOR(pg_catalog./) 2 AS mean FROM parts AS p WHERE p.segment OPERATOR(pg_catalog.=) ''),
			rest AS (
				SELECT w.n0 OPERATOR(pg_catalog.-) pg_catalog.sum(p.n0) AS n0, w.d0 OPERATOR(pg_catalog.-) pg_catalog.sum(p.d0) AS d0, w.n1 OPERATOR(pg_catalog.-) pg_catalog.sum(p.n1) AS n1, w.d1 OPERATOR(pg_catalog.-) pg_catalog.sum(p.d1) AS d1
				FROM whole AS w CROSS JOIN parts AS p WHERE p.segment OPERATOR(pg_catalog.<>) '' GROUP BY w.n0, w.d0, w.n1, w.d1),
			members AS (
				SELECT p.segment, false AS is_rest, p.n0, p.d0, p.n1, p.d1 FROM parts AS p WHERE p.segment OPERATOR(pg_catalog.<>) ''
				UNION ALL
				SELECT '(other)', true, r.n0, r.d0, r.n1, r.d1 FROM rest AS r WHERE (r.n0, r.d0, r.n1, r.d1) IS DISTINCT FROM (0, 0, 0, 0)),
			exact AS (
				SELECT m.*, w.d0 AS whole_d0, w.d1 AS whole_d1,
					pg_catalog.round(m.n1, places OPERATOR(pg_catalog.+) 20) OPERATOR(pg_catalog./) w.d1 OPERATOR(pg_catalog.-) (pg_catalog.round(m.n0, places OPERATOR(pg_catalog.+) 20) OPERATOR(pg_catalog./) w.d0) OPERATOR(pg_catalog.-)
						((pg_catalog.round(m.d1, places OPERATOR(pg_catalog.+) 20) OPERATOR(pg_catalog./) w.d1 OPERATOR(pg_catalog.-) (pg_catalog.round(m.d0, places OPERATOR(pg_catalog.+) 20) OPERATOR(pg_catalog./) w.d0)) OPERATOR(pg_catalog.*) w.mean) AS brought,
					-- without a rate on both sides none has changed
					coalesce((pg_catalog.round(m.d0, places OPERATOR(pg_catalog.+) 20) OPERATOR(pg_catalog./) w.d0 OPERATOR(pg_catalog.+) (pg_catalog.round(m.d1, places OPERATOR(pg_catalog.+) 20) OPERATOR(pg_catalog./) w.d1)) OPERATOR(pg_catalog./) 2 OPERATOR(pg_catalog.*)
						(pg_catalog.round(m.n1, places OPERATOR(pg_catalog.+) 20) OPERATOR(pg_catalog./) nullif(m.d1, 0) OPERATOR(pg_catalog.-) (pg_catalog.round(m.n0, places OPERATOR(pg_catalog.+) 20) OPERATOR(pg_catalog./) nullif(m.d0, 0))), 0) AS by_rate
				FROM members AS m CROSS JOIN whole AS w),
			rounded AS (
				SELECT e.*, pg_catalog.round(e.brought, places) AS about, pg_catalog.round(e.by_rate, places) AS about_rate,
					pg_catalog.row_number() OVER (ORDER BY pg_catalog.abs(e.brought) DESC, e.is_rest, e.segment COLLATE "C") AS place,
					pg_catalog.sum(pg_catalog.round(e.brought, places)) OVER () AS all_about
				FROM exact AS e),
			-- what rounding leaves goes to the largest one
			given AS (
				SELECT r.*, CASE WHEN r.place OPERATOR(pg_catalog.=) 1 THEN r.about OPERATOR(pg_catalog.+) (whole_after OPERATOR(pg_catalog.-) whole_before OPERATOR(pg_catalog.-) r.all_about) ELSE r.about END AS share FROM rounded AS r)
			SELECT g.segment, g.n0 OPERATOR(pg_catalog./) nullif(g.d0, 0), g.n1 OPERATOR(pg_catalog./) nullif(g.d1, 0), g.share, g.share OPERATOR(pg_catalog.-) g.about_rate, g.about_rate,
				CASE WHEN g.is_rest THEN 'what the segments leave'
					WHEN g.d0 OPERATOR(pg_catalog.=) 0 AND g.d1 OPERATOR(pg_catalog.=) 0 THEN 'it has no rate'
					WHEN g.d0 OPERATOR(pg_catalog.=) 0 THEN 'new' WHEN g.d1 OPERATOR(pg_catalog.=) 0 THEN 'gone' END
			FROM given AS g
			UNION ALL
			SELECT '', whole_before, whole_after, whole_after OPERATOR(pg_catalog.-) whole_before, pg_catalog.sum(g.share OPERATOR(pg_catalog.-) g.about_rate), pg_catalog.sum(g.about_rate), 'the whole' FROM given AS g;
			RETURN;
		END IF;
		SELECT coalesce(pg_catalog.sum(b.value), 0), coalesce(pg_catalog.sum(a.value), 0), coalesce(pg_catalog.sum(pg_catalog.abs(a.value)), 0) OPERATOR(pg_catalog.+) coalesce(pg_catalog.sum(pg_catalog.abs(b.value)), 0) OPERATOR(pg_catalog.+) pg_catalog.abs(whole_before) OPERATOR(pg_catalog.+) pg_catalog.abs(whole_after)
			INTO sum_before, sum_after, size
			FROM pg_catalog.unnest(segments) AS s(name)
			CROSS JOIN LATERAL @extschema@.period_value(measured.name, s.name, measured.adds, first, last) AS a
			CROSS JOIN LATERAL @extschema@.period_value(measured.name, s.name, measured.adds, earlier_first, earlier_last) AS b;
		-- amounts have a rest; of anything else only what adds up can be split, but for what its last digits were rounded by
		IF measured.adds OPERATOR(pg_catalog.<>) 'sum' AND (pg_catalog.abs(whole_before OPERATOR(pg_catalog.-) sum_before) OPERATOR(pg_catalog.>) (size OPERATOR(pg_catalog.*) 1e-12) OR pg_catalog.abs(whole_after OPERATOR(pg_catalog.-) sum_after) OPERATOR(pg_catalog.>) (size OPERATOR(pg_catalog.*) 1e-12)) THEN
			unexplained := pg_catalog.format('its segments do not add up to it (%s before, %s after), so there are only their own changes', pg_catalog.trim_scale(pg_catalog.round(sum_before, 6)), pg_catalog.trim_scale(pg_catalog.round(sum_after, 6)));
		END IF;
		RETURN QUERY
		WITH members AS (
			SELECT s.name AS segment, false AS is_rest, b.value AS before, a.value AS after, coalesce(a.value, 0) OPERATOR(pg_catalog.-) coalesce(b.value, 0) AS brought
			FROM pg_catalog.unnest(segments) AS s(name)
			CROSS JOIN LATERAL @extschema@.period_value(measured.name, s.name, measured.adds, first, last) AS a
			CROSS JOIN LATERAL @extschema@.period_value(measured.name, s.name, measured.adds, earlier_first, earlier_last) AS b
			UNION ALL
			SELECT '(other)', true, whole_before OPERATOR(pg_catalog.-) sum_before, whole_after OPERATOR(pg_catalog.-) sum_after, whole_after OPERATOR(pg_catalog.-) sum_after OPERATOR(pg_catalog.-) (whole_before OPERATOR(pg_catalog.-) sum_before)
			WHERE measured.adds OPERATOR(pg_catalog.=) 'sum' AND (whole_before OPERATOR(pg_catalog.<>) sum_before OR whole_after OPERATOR(pg_catalog.<>) sum_after)),
		rounded AS (
			SELECT m.*, pg_catalog.row_number() OVER (ORDER BY pg_catalog.abs(m.brought) DESC, m.is_rest, m.segment COLLATE "C") AS place, pg_catalog.sum(m.brought) OVER () AS all_brought FROM members AS m)
		SELECT r.segment, r.before, r.after, CASE WHEN unexplained IS NULL THEN CASE WHEN r.place OPERATOR(pg_catalog.=) 1 THEN r.brought OPERATOR(pg_catalog.+) (whole_after OPERATOR(pg_catalog.-) whole_before OPERATOR(pg_catalog.-) r.all_brought) ELSE r.brought END END, NULL::pg_catalog.numeric, NULL::pg_catalog.numeric,
			CASE WHEN r.is_rest THEN 'what the segments leave' WHEN r.before IS NULL AND r.after IS NULL THEN 'it has no value' WHEN r.before IS NULL THEN 'new' WHEN r.after IS NULL THEN 'gone' END
		FROM rounded AS r
		UNION ALL
		SELECT '', whole_before, whole_after, whole_after OPERATOR(pg_catalog.-) whole_before, NULL, NULL, coalesce(unexplained, 'the whole');
	END
	$$;
COMMENT ON FUNCTION @extschema@.explain_segments(@extschema@.kpi, date, date, date, date) IS
'what each segment of a KPI contributes to its change from some days to others; of a ratio by its weight (mix) and by its own rate';

CREATE FUNCTION @extschema@.explain_inputs(derived @extschema@.kpi, first date, last date, earlier_first date, earlier_last date, is_open boolean)
	RETURNS TABLE (segment text, before numeric, after numeric, contribution numeric, mix numeric, rate numeric, note text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_column
	DECLARE
		step interval := @extschema@.grain_step(derived.grain);
		year interval := @extschema@.year_step(derived.grain);
		input record;
		keys pg_catalog.text[] := '{}';
		then_values numeric[] := '{}';
		now_values numeric[] := '{}';
		value numeric;
		-- what the formula comes to with the inputs of now whose bits are set, and those of then
		mixtures numeric[] := '{}';
		numbers double precision[];
		count integer;
		result double precision;
		factorial numeric[] := ARRAY[1, 1, 2, 6, 24, 120, 720, 5040, 40320];
		unexplained pg_catalog.text;
	BEGIN
		FOR input IN
			SELECT i.key, i.name, k.adds, k.grain, CASE WHEN i.at OPERATOR(pg_catalog.=) 'previous' THEN step WHEN i.at OPERATOR(pg_catalog.=) 'year_ago' THEN year ELSE interval '0' END AS back
			FROM @extschema@.formula_inputs(derived.formula) WITH ORDINALITY AS i(name, at, key, place) JOIN @extschema@.kpi AS k ON k.name OPERATOR(pg_catalog.=) i.name ORDER BY i.place LOOP
			IF is_open AND input.grain OPERATOR(pg_catalog.<>) 'day' AND input.adds OPERATOR(pg_catalog.=) ANY (ARRAY['sum', 'recompute']) THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('KPI "%s" of the formula %s is measured by the %s, so a period that is not over cannot be compared with a whole one', input.name, derived.formula, input.grain),
					HINT = 'Ask for periods that are over.';
			END IF;
			keys := keys OPERATOR(pg_catalog.||) input.key;
			SELECT v.value INTO value FROM @extschema@.period_value(input.name, '', input.adds, (earlier_first OPERATOR(pg_catalog.-) input.back)::pg_catalog.date,
				CASE WHEN is_open AND input.grain OPERATOR(pg_catalog.=) 'day' AND (earlier_first OPERATOR(pg_catalog.-) input.back)::pg_catalog.date OPERATOR(pg_catalog.+) (earlier_last OPERATOR(pg_catalog.-) earlier_first) OPERATOR(pg_catalog.<) ((earlier_first OPERATOR(pg_catalog.-) input.back) OPERATOR(pg_catalog.+) step)::pg_catalog.date
					THEN (earlier_first OPERATOR(pg_catalog.-) input.back)::pg_catalog.date OPERATOR(pg_catalog.+) (earlier_last OPERATOR(pg_catalog.-) earlier_first) ELSE ((earlier_first OPERATOR(pg_catalog.-) input.back) OPERATOR(pg_catalog.+) step)::pg_catalog.date END) AS v;
			then_values := then_values OPERATOR(pg_catalog.||) value;
			SELECT v.value INTO value FROM @extschema@.period_value(input.name, '', input.adds, (first OPERATOR(pg_catalog.-) input.back)::pg_catalog.date,
				CASE WHEN is_open AND input.grain OPERATOR(pg_catalog.=) 'day' AND (first OPERATOR(pg_catalog.-) input.back)::pg_catalog.date OPERATOR(pg_catalog.+) (last OPERATOR(pg_catalog.-) first) OPERATOR(pg_catalog.<) ((first OPERATOR(pg_catalog.-) input.back) OPERATOR(pg_catalog.+) step)::pg_catalog.date
					THEN (first OPERATOR(pg_catalog.-) input.back)::pg_catalog.date OPERATOR(pg_catalog.+) (last OPERATOR(pg_catalog.-) first) ELSE ((first OPERATOR(pg_catalog.-) input.back) OPERATOR(pg_catalog.+) step)::pg_catalog.date END) AS v;
			now_values := now_values OPERATOR(pg_catalog.||) value;
		END LOOP;
		count := pg_catalog.cardinality(keys);
		IF count OPERATOR(pg_catalog.>) 8 THEN
			RAISE program_limit_exceeded USING
				MESSAGE = pg_catalog.format('KPI "%s" is calculated from %s values, and a change can be split over 8 at most', derived.name, count),
				HINT = 'Calculate it in steps: from KPIs that are derived themselves.';
		END IF;
		FOR mixture IN 0 .. ((1 OPERATOR(pg_catalog.<<) count) OPERATOR(pg_catalog.-) 1) LOOP
			SELECT pg_catalog.array_agg((CASE WHEN (mixture OPERATOR(pg_catalog.>>) (i OPERATOR(pg_catalog.-) 1)) OPERATOR(pg_catalog.&) 1 OPERATOR(pg_catalog.=) 1 THEN now_values[i] ELSE then_values[i] END)::pg_catalog.float8 ORDER BY i) INTO numbers FROM pg_catalog.generate_series(1, count) AS i;
			result := @extschema@.calculate(derived.formula, keys, numbers);
			mixtures := mixtures OPERATOR(pg_catalog.||) result::pg_catalog.numeric;
			IF result IS NULL AND unexplained IS NULL THEN
				IF mixture OPERATOR(pg_catalog.=) 0 OR mixture OPERATOR(pg_catalog.=) ((1 OPERATOR(pg_catalog.<<) count) OPERATOR(pg_catalog.-) 1) THEN
					RAISE invalid_parameter_value USING
						MESSAGE = pg_catalog.format('KPI "%s" has no value from %s to %s', derived.name, CASE WHEN mixture OPERATOR(pg_catalog.=) 0 THEN earlier_first ELSE first END, (CASE WHEN mixture OPERATOR(pg_catalog.=) 0 THEN earlier_last ELSE last END OPERATOR(pg_catalog.-) 1)),
						HINT = pg_catalog.format('It is %s, and one of them is not known then, or something would be divided by zero.', derived.formula);
				END IF;
				unexplained := pg_catalog.format('it has no value with %s of now and the rest of then, so the change cannot be split',
					(SELECT pg_catalog.string_agg(keys[i], ', ' ORDER BY i) FROM pg_catalog.generate_series(1, count) AS i WHERE (mixture OPERATOR(pg_catalog.>>) (i OPERATOR(pg_catalog.-) 1)) OPERATOR(pg_catalog.&) 1 OPERATOR(pg_catalog.=) 1));
			END IF;
		END LOOP;
		IF mixtures[1 OPERATOR(pg_catalog.<<) count] IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('KPI "%s" has no value from %s to %s', derived.name, first, (last OPERATOR(pg_catalog.-) 1)),
				HINT = pg_catalog.format('It is %s, and one of them is not known then, or something would be divided by zero.', derived.formula);
		END IF;
		RETURN QUERY
		-- how much an input changes the result when it is its turn, on average over all orders in which they may take turns (Shapley)
		WITH turns AS (
			SELECT i, pg_catalog.sum((mixtures[s.mixture OPERATOR(pg_catalog.+) (1 OPERATOR(pg_catalog.<<) (i OPERATOR(pg_catalog.-) 1)) OPERATOR(pg_catalog.+) 1] OPERATOR(pg_catalog.-) mixtures[s.mixture OPERATOR(pg_catalog.+) 1]) OPERATOR(pg_catalog.*) factorial[s.size OPERATOR(pg_catalog.+) 1] OPERATOR(pg_catalog.*) factorial[count OPERATOR(pg_catalog.-) s.size]) AS brought
			FROM pg_catalog.generate_series(1, count) AS i
			CROSS JOIN (SELECT m.mixture, (SELECT pg_catalog.count(*)::pg_catalog.int4 FROM pg_catalog.generate_series(0, 7) AS b WHERE (m.mixture OPERATOR(pg_catalog.>>) b) OPERATOR(pg_catalog.&) 1 OPERATOR(pg_catalog.=) 1) AS size FROM pg_catalog.generate_series(0, (1 OPERATOR(pg_catalog.<<) count) OPERATOR(pg_catalog.-) 1) AS m(mixture)) AS s
			WHERE (s.mixture OPERATOR(pg_catalog.>>) (i OPERATOR(pg_catalog.-) 1)) OPERATOR(pg_catalog.&) 1 OPERATOR(pg_catalog.=) 0 GROUP BY i),
		rounded AS (
			SELECT t.i, pg_catalog.round(t.brought OPERATOR(pg_catalog./) factorial[count OPERATOR(pg_catalog.+) 1], 20) AS about, pg_catalog.row_number() OVER (ORDER BY pg_catalog.abs(t.brought) DESC, t.i) AS place FROM turns AS t),
		given AS (
			SELECT r.*, CASE WHEN r.place OPERATOR(pg_catalog.=) 1 THEN r.about OPERATOR(pg_catalog.+) (mixtures[1 OPERATOR(pg_catalog.<<) count] OPERATOR(pg_catalog.-) mixtures[1] OPERATOR(pg_catalog.-) pg_catalog.sum(r.about) OVER ()) ELSE r.about END AS share FROM rounded AS r)
		SELECT keys[g.i], then_values[g.i], now_values[g.i], CASE WHEN unexplained IS NULL THEN pg_catalog.trim_scale(g.share) END, NULL::pg_catalog.numeric, NULL::pg_catalog.numeric, NULL::pg_catalog.text FROM given AS g
		UNION ALL
		SELECT '', mixtures[1], mixtures[1 OPERATOR(pg_catalog.<<) count], mixtures[1 OPERATOR(pg_catalog.<<) count] OPERATOR(pg_catalog.-) mixtures[1], NULL, NULL, coalesce(unexplained, 'the whole');
	END
	$$;
COMMENT ON FUNCTION @extschema@.explain_inputs(@extschema@.kpi, date, date, date, date, boolean) IS
'what each input of a derived KPI contributes to its change from some days to others: its part on average over all orders of replacing the inputs';

CREATE FUNCTION @extschema@.explain_change(kpi text, period text, against text DEFAULT NULL, as_of timestamptz DEFAULT NULL)
	RETURNS TABLE (segment text, before numeric, after numeric, contribution numeric, share double precision, mix numeric, rate numeric, note text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	AS $$
	#variable_conflict use_column
	DECLARE
		named @extschema@.kpi := @extschema@.kpi_named(explain_change.kpi);
		days record := @extschema@.compared_days(named, period, against, as_of);
	BEGIN
		RETURN QUERY
		WITH parts AS (
			SELECT * FROM @extschema@.explain_segments(named, days.first, days.last, days.earlier_first, days.earlier_last) WHERE named.kind OPERATOR(pg_catalog.<>) 'derived'
			UNION ALL
			SELECT * FROM @extschema@.explain_inputs(named, days.first, days.last, days.earlier_first, days.earlier_last, days.is_open) WHERE named.kind OPERATOR(pg_catalog.=) 'derived')
		SELECT CASE WHEN p.segment OPERATOR(pg_catalog.=) '' THEN '(total)' ELSE p.segment END, p.before, p.after, p.contribution, (p.contribution OPERATOR(pg_catalog./) nullif(t.contribution, 0))::pg_catalog.float8, p.mix, p.rate,
			CASE WHEN p.segment OPERATOR(pg_catalog.=) '' AND days.is_open THEN pg_catalog.format('%s; from %s to %s, before from %s to %s', p.note, days.first, (days.last OPERATOR(pg_catalog.-) 1), days.earlier_first, (days.earlier_last OPERATOR(pg_catalog.-) 1)) ELSE p.note END
		FROM parts AS p CROSS JOIN (SELECT q.contribution FROM parts AS q WHERE q.segment OPERATOR(pg_catalog.=) '') AS t
		ORDER BY p.segment OPERATOR(pg_catalog.=) '' DESC, coalesce(pg_catalog.abs(p.contribution), pg_catalog.abs(coalesce(p.after, 0) OPERATOR(pg_catalog.-) coalesce(p.before, 0))) DESC, p.segment;
	END
	$$;
COMMENT ON FUNCTION @extschema@.explain_change(text, text, text, timestamptz) IS
'what moved a KPI from one period to another: its segments, of a ratio by mix and rate, or the inputs of its formula; the contributions sum exactly to the change';
