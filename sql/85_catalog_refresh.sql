/* ---- refreshing: reading definitions into measurements ---- */

CREATE FUNCTION @extschema@.grain_step(grain text) RETURNS interval
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'period_grain_step';
COMMENT ON FUNCTION @extschema@.grain_step(text) IS 'the length of a day, week, month, quarter or year';

CREATE FUNCTION @extschema@.year_step(grain text) RETURNS interval
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN grain OPERATOR(pg_catalog.=) ANY (ARRAY['day', 'week']) THEN interval '364 days' ELSE interval '1 year' END
	$$;
COMMENT ON FUNCTION @extschema@.year_step(text) IS 'how long ago the same period of a year ago is: of days and weeks 52 weeks, so that weekdays do not differ';

CREATE FUNCTION @extschema@.link_periods(kpi text, from_day date, to_day date) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		step interval := (SELECT @extschema@.grain_step(k.grain) FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) kpi);
		year interval := (SELECT @extschema@.year_step(k.grain) FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) kpi);
	BEGIN
		-- by its place: of a new KPI the statistics know nothing, and a join of keys could become one of all with all
		WITH linked AS MATERIALIZED (
			SELECT c.ctid AS place,
				(SELECT p.value FROM @extschema@.measurement AS p WHERE p.kpi OPERATOR(pg_catalog.=) link_periods.kpi AND p.segment OPERATOR(pg_catalog.=) c.segment AND p.period_start OPERATOR(pg_catalog.=) (c.period_start OPERATOR(pg_catalog.-) step)::pg_catalog.date) AS previous,
				(SELECT y.value FROM @extschema@.measurement AS y WHERE y.kpi OPERATOR(pg_catalog.=) link_periods.kpi AND y.segment OPERATOR(pg_catalog.=) c.segment AND y.period_start OPERATOR(pg_catalog.=) (c.period_start OPERATOR(pg_catalog.-) year)::pg_catalog.date) AS year_ago,
				c.previous AS had_previous, c.year_ago AS had_year_ago
			FROM @extschema@.measurement AS c
			WHERE c.kpi OPERATOR(pg_catalog.=) link_periods.kpi
				AND (c.period_start OPERATOR(pg_catalog.>=) from_day AND c.period_start OPERATOR(pg_catalog.<) (to_day OPERATOR(pg_catalog.+) step)::pg_catalog.date
					OR c.period_start OPERATOR(pg_catalog.>=) (from_day OPERATOR(pg_catalog.+) year)::pg_catalog.date AND c.period_start OPERATOR(pg_catalog.<) (to_day OPERATOR(pg_catalog.+) year)::pg_catalog.date))
		UPDATE @extschema@.measurement AS m SET previous = l.previous, year_ago = l.year_ago FROM linked AS l
			WHERE m.ctid OPERATOR(pg_catalog.=) l.place AND (l.previous, l.year_ago) IS DISTINCT FROM (l.had_previous, l.had_year_ago);
	END
	$$;
COMMENT ON FUNCTION @extschema@.link_periods(text, date, date) IS
'tells the measurements that follow those of some days what they follow: the period before, and the one a year ago';

CREATE FUNCTION @extschema@.checked_period(kpi text, grain text, period_start date, value numeric, numerator numeric, denominator numeric) RETURNS date
	LANGUAGE plpgsql IMMUTABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		IF period_start IS NULL THEN
			RAISE null_value_not_allowed USING
				MESSAGE = pg_catalog.format('the definition of KPI "%s" has a row whose period_start is null', kpi);
		END IF;
		IF period_start OPERATOR(pg_catalog.<>) pg_catalog.date_trunc(grain, period_start)::pg_catalog.date THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the definition of KPI "%s" has a period that begins on %s, which is not the first day of a %s', kpi, period_start, grain),
				HINT = pg_catalog.format('Let it show date_trunc(''%s'', ...)::date, or define the KPI with another grain.', grain);
		END IF;
		IF NOT (greatest(pg_catalog.abs(value), pg_catalog.abs(numerator), pg_catalog.abs(denominator), 0) OPERATOR(pg_catalog.<=) 1e100
				AND least(nullif(pg_catalog.abs(value), 0), nullif(pg_catalog.abs(numerator), 0), nullif(pg_catalog.abs(denominator), 0), 1) OPERATOR(pg_catalog.>=) 1e-100) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the definition of KPI "%s" has a value that is no number on %s', kpi, period_start),
				HINT = 'Show null where there is no value. Numbers are 0, or of a size from 1e-100 to 1e100.';
		END IF;
		RETURN period_start;
	END
	$$;
COMMENT ON FUNCTION @extschema@.checked_period(text, text, date, numeric, numeric, numeric) IS
'the period of a row of a definition; an error if it is none of that grain, or if the row has a number that is none';

CREATE FUNCTION @extschema@.refresh_plan(kpi text DEFAULT NULL, from_day date DEFAULT NULL, to_day date DEFAULT NULL, as_of timestamptz DEFAULT NULL, at_depth integer DEFAULT NULL,
		OUT kpi_name text, OUT depth integer, OUT first_day date, OUT end_day date, OUT chunk integer, OUT chunks integer) RETURNS SETOF record
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	BEGIN
		IF kpi IS NOT NULL THEN
			IF (@extschema@.kpi_named(kpi)).kind OPERATOR(pg_catalog.=) 'manual' THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('KPI "%s" is manual', kpi),
					HINT = 'Its values come from kpi.check_in().';
			END IF;
		END IF;
		RETURN QUERY
		-- of a derived one also what it is calculated from
		WITH RECURSIVE wanted AS (
			SELECT k.name FROM @extschema@.kpi AS k WHERE refresh_plan.kpi IS NULL AND k.active OR k.name OPERATOR(pg_catalog.=) refresh_plan.kpi
			UNION
			SELECT i.input FROM @extschema@.kpi_input AS i JOIN wanted AS u ON i.kpi OPERATOR(pg_catalog.=) u.name),
		leveled AS MATERIALIZED (
			SELECT k.*, CASE WHEN k.kind OPERATOR(pg_catalog.=) 'derived' THEN @extschema@.depth(k.name) ELSE 0 END AS level FROM @extschema@.kpi AS k
			WHERE k.kind OPERATOR(pg_catalog.<>) 'manual' AND k.name OPERATOR(pg_catalog.=) ANY (SELECT u.name FROM wanted AS u) AND @extschema@.may_act_as(k.owner)),
		due AS (
			SELECT k.name, k.level, k.grain, @extschema@.grain_step(k.grain) AS step,
				-- a clock that was ahead must not hide days that are still to come: nobody knows when that was, so all is read again
				pg_catalog.date_trunc(k.grain, coalesce(from_day, CASE WHEN w.refreshed_to OPERATOR(pg_catalog.<=) t.today THEN w.refreshed_to OPERATOR(pg_catalog.-) k.lookback END, '1970-01-01'))::pg_catalog.date AS first,
				coalesce(to_day, t.today) OPERATOR(pg_catalog.+) 1 AS last,
				(w.refreshed_to OPERATOR(pg_catalog.<=) t.today) IS NOT TRUE AND from_day IS NULL AS whole
			FROM leveled AS k LEFT JOIN @extschema@.watermark AS w ON w.kpi OPERATOR(pg_catalog.=) k.name
			CROSS JOIN LATERAL (SELECT (coalesce(as_of, pg_catalog.now()) AT TIME ZONE k.zone)::pg_catalog.date AS today) AS t
			WHERE at_depth IS NULL OR k.level OPERATOR(pg_catalog.=) at_depth),
		ranges AS (
			SELECT d.name, d.grain, d.step, d.first, (pg_catalog.date_trunc(d.grain, d.last OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog.+) d.step)::pg_catalog.date AS last, d.whole FROM due AS d
			UNION ALL
			SELECT d.name, d.grain, d.step, pg_catalog.date_trunc(d.grain, greatest(i.from_day, '1970-01-01'))::pg_catalog.date,
				(pg_catalog.date_trunc(d.grain, CASE WHEN i.to_day OPERATOR(pg_catalog.<) d.last THEN i.to_day ELSE d.last OPERATOR(pg_catalog.-) 1 END) OPERATOR(pg_catalog.+) d.step)::pg_catalog.date, false
			FROM due AS d JOIN @extschema@.invalidation AS i ON i.kpi OPERATOR(pg_catalog.=) d.name
			WHERE NOT d.whole AND i.from_day OPERATOR(pg_catalog.<) d.last AND i.to_day OPERATOR(pg_catalog.>=) '1970-01-01'),
		-- overlapping ones are one
		merged AS (
			SELECT r.name, pg_catalog.bool_or(r.whole) AS whole, pg_catalog.range_agg(pg_catalog.daterange(r.first, r.last)) AS days FROM ranges AS r WHERE r.first OPERATOR(pg_catalog.<) r.last GROUP BY r.name),
		stretches AS (
			SELECT m.name, m.whole, pg_catalog.lower(s.days) AS first, pg_catalog.upper(s.days) AS last FROM merged AS m CROSS JOIN LATERAL pg_catalog.unnest(m.days) AS s(days)),
		-- a year at a time; what was never read goes in one piece, as nobody knows where it begins
		pieces AS (
			SELECT s.name, CASE WHEN s.whole OR y.n OPERATOR(pg_catalog.=) pg_catalog.extract('year', s.first) THEN s.first ELSE @extschema@.year_piece(s.name, y.n) END AS first,
				CASE WHEN s.whole OR y.n OPERATOR(pg_catalog.=) pg_catalog.extract('year', s.last OPERATOR(pg_catalog.-) 1) THEN s.last ELSE @extschema@.year_piece(s.name, y.n OPERATOR(pg_catalog.+) 1) END AS last
			FROM stretches AS s CROSS JOIN LATERAL pg_catalog.generate_series(CASE WHEN s.whole THEN 0 ELSE pg_catalog.extract('year', s.first)::pg_catalog.int4 END,
				CASE WHEN s.whole THEN 0 ELSE pg_catalog.extract('year', s.last OPERATOR(pg_catalog.-) 1)::pg_catalog.int4 END) AS y(n))
		SELECT p.name, (SELECT d.level FROM due AS d WHERE d.name OPERATOR(pg_catalog.=) p.name), p.first, p.last, (pg_catalog.row_number() OVER (PARTITION BY p.name ORDER BY p.first))::pg_catalog.int4, (pg_catalog.count(*) OVER (PARTITION BY p.name))::pg_catalog.int4
		FROM pieces AS p WHERE p.first OPERATOR(pg_catalog.<) p.last ORDER BY 2, p.name, p.first;
	END
	$$;
COMMENT ON FUNCTION @extschema@.refresh_plan(text, date, date, timestamptz, integer) IS
'what kpi.refresh() would read: of each KPI the days from its watermark less its lookback on, and those that were invalidated, a year at a time; all of them if its watermark is ahead of the clock; derived ones after what they are calculated from (depth)';

CREATE FUNCTION @extschema@.year_piece(kpi text, year integer) RETURNS date
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.date_trunc(k.grain, pg_catalog.make_date(year, 1, 1))::pg_catalog.date FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) year_piece.kpi
	$$;
COMMENT ON FUNCTION @extschema@.year_piece(text, integer) IS 'the first day of the period of a KPI that a year begins in';

CREATE FUNCTION @extschema@.refresh_begin(kpi text, first_day date, end_day date, chunk integer, chunks integer) RETURNS timestamptz
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- the log of a month is enough to see what is usual; what a clock that was ahead has written would be the latest for ever
	DELETE FROM @extschema@.run_log AS l WHERE l.kpi OPERATOR(pg_catalog.=) refresh_begin.kpi AND (l.started_at OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '30 days') OR l.started_at OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp());
	INSERT INTO @extschema@.run_log AS l (kpi, from_day, to_day, chunk, chunks)
		SELECT k.name, first_day, end_day, chunk, chunks FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) refresh_begin.kpi FOR KEY SHARE RETURNING l.started_at
	$$;
COMMENT ON FUNCTION @extschema@.refresh_begin(text, date, date, integer, integer) IS
'notes in kpi.run_log that some days of a KPI are about to be read; forgets what was logged more than 30 days ago, or by a clock that was ahead. Null: the KPI is gone';

CREATE FUNCTION @extschema@.refresh_chunk(kpi text, first_day date, end_day date, started timestamptz, as_of timestamptz DEFAULT NULL, version integer DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		named @extschema@.kpi;
		today pg_catalog.date;
		step interval;
		year interval;
		written bigint;
		changed_from pg_catalog.date;
		changed_to pg_catalog.date;
		failure pg_catalog.text;
		explanation pg_catalog.text;
		known pg_catalog.date;
		ahead pg_catalog.date;
	BEGIN
		BEGIN
			-- until the end of the transaction; nobody else writes the periods of this KPI or defines it meanwhile
			IF NOT @extschema@.try_lock('refresh', kpi) THEN
				RAISE lock_not_available USING MESSAGE = 'another session is refreshing or defining it';
			END IF;
			named := @extschema@.kpi_named(kpi);
			-- these days were chosen for another definition, which what is read elsewhere is of
			IF version OPERATOR(pg_catalog.<>) named.version THEN
				RAISE object_not_in_prerequisite_state USING MESSAGE = 'it was defined anew meanwhile', HINT = 'The next refresh reads it.';
			END IF;
			today := (coalesce(as_of, pg_catalog.now()) AT TIME ZONE named.zone)::pg_catalog.date;
			step := @extschema@.grain_step(named.grain);
			year := @extschema@.year_step(named.grain);
			-- before the reading: what is invalidated meanwhile may not be in what is read. What is left of them before and behind these
			-- days stays; what is still to come will be read anyway
			WITH hit AS (
				DELETE FROM @extschema@.invalidation AS i WHERE i.kpi OPERATOR(pg_catalog.=) named.name AND i.from_day OPERATOR(pg_catalog.<) end_day AND i.to_day OPERATOR(pg_catalog.>=) first_day RETURNING i.from_day, i.to_day)
			INSERT INTO @extschema@.invalidation (kpi, from_day, to_day)
				SELECT named.name, h.from_day, first_day OPERATOR(pg_catalog.-) 1 FROM hit AS h WHERE h.from_day OPERATOR(pg_catalog.<) first_day
				UNION
				SELECT named.name, end_day, h.to_day FROM hit AS h WHERE h.to_day OPERATOR(pg_catalog.>=) end_day AND end_day OPERATOR(pg_catalog.<=) today;
			WITH read AS MATERIALIZED (
				SELECT @extschema@.checked_period(named.name, named.grain, d.period_start, d.value, d.numerator, d.denominator) AS period_start, coalesce(d.segment, '') AS segment,
					CASE WHEN named.adds OPERATOR(pg_catalog.=) 'ratio' THEN d.numerator OPERATOR(pg_catalog./) nullif(d.denominator, 0) ELSE coalesce(d.value, d.numerator OPERATOR(pg_catalog./) nullif(d.denominator, 0)) END AS value,
					d.numerator, d.denominator, d.n, d.ci_low, d.ci_high
				FROM (SELECT * FROM @extschema@.definition_read(named.kind, named.definition_schema, named.definition_name, named.definition_owner, named.zone, first_day, end_day) WHERE named.kind OPERATOR(pg_catalog.<>) 'derived'
					UNION ALL SELECT * FROM @extschema@.derived_read(named.name, first_day, end_day) WHERE named.kind OPERATOR(pg_catalog.=) 'derived') AS d),
			-- the whole of segments, where it can be known and is not told
			fresh AS MATERIALIZED (
				SELECT * FROM read
				UNION ALL
				SELECT r.period_start, '', CASE WHEN named.adds OPERATOR(pg_catalog.=) 'ratio' THEN pg_catalog.sum(r.numerator) OPERATOR(pg_catalog./) nullif(pg_catalog.sum(r.denominator), 0) ELSE pg_catalog.sum(r.value) END,
					pg_catalog.sum(r.numerator), pg_catalog.sum(r.denominator), pg_catalog.sum(r.n)::pg_catalog.int8, NULL, NULL
				FROM read AS r WHERE named.adds OPERATOR(pg_catalog.=) ANY (ARRAY['sum', 'ratio']) GROUP BY r.period_start HAVING NOT pg_catalog.bool_or(r.segment OPERATOR(pg_catalog.=) '')),
			-- what comes before a new row is mostly read with it; link_periods looks for the rest, and each row that it need not touch is written
			-- once instead of twice
			put AS (
				INSERT INTO @extschema@.measurement AS m (kpi, segment, period_start, value, numerator, denominator, n, ci_low, ci_high, is_complete, previous, year_ago, version)
					SELECT named.name, f.segment, f.period_start, f.value, f.numerator, f.denominator, f.n, f.ci_low, f.ci_high, (f.period_start OPERATOR(pg_catalog.+) step)::pg_catalog.date OPERATOR(pg_catalog.<=) today, p.value, y.value, named.version
					FROM fresh AS f
					LEFT JOIN fresh AS p ON p.segment OPERATOR(pg_catalog.=) f.segment AND p.period_start OPERATOR(pg_catalog.=) (f.period_start OPERATOR(pg_catalog.-) step)::pg_catalog.date
					LEFT JOIN fresh AS y ON y.segment OPERATOR(pg_catalog.=) f.segment AND y.period_start OPERATOR(pg_catalog.=) (f.period_start OPERATOR(pg_catalog.-) year)::pg_catalog.date
					ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE
					SET value = excluded.value, numerator = excluded.numerator, denominator = excluded.denominator, n = excluded.n, ci_low = excluded.ci_low, ci_high = excluded.ci_high, is_complete = excluded.is_complete, version = excluded.version, computed_at = excluded.computed_at
					WHERE (m.value, m.numerator, m.denominator, m.n, m.ci_low, m.ci_high, m.is_complete, m.version) IS DISTINCT FROM
						(excluded.value, excluded.numerator, excluded.denominator, excluded.n, excluded.ci_low, excluded.ci_high, excluded.is_complete, excluded.version)
					RETURNING m.period_start),
			gone AS (
				DELETE FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) named.name AND m.period_start OPERATOR(pg_catalog.>=) first_day AND m.period_start OPERATOR(pg_catalog.<) end_day
					AND NOT EXISTS (SELECT FROM fresh AS f WHERE f.segment OPERATOR(pg_catalog.=) m.segment AND f.period_start OPERATOR(pg_catalog.=) m.period_start) RETURNING m.period_start)
			SELECT pg_catalog.count(*), pg_catalog.min(c.period_start), (pg_catalog.max(c.period_start) OPERATOR(pg_catalog.+) step)::pg_catalog.date INTO written, changed_from, changed_to
				FROM (SELECT put.period_start FROM put UNION ALL SELECT gone.period_start FROM gone) AS c;
			IF written OPERATOR(pg_catalog.>) 0 THEN
				PERFORM @extschema@.link_periods(kpi, changed_from, changed_to), @extschema@.invalidate_derived(kpi, changed_from, changed_to), @extschema@.invalidate_bi(kpi, changed_from, changed_to OPERATOR(pg_catalog.-) 1);
			END IF;
			-- asked only once, of the days that are read last
			IF end_day OPERATOR(pg_catalog.>=) today THEN
				known := @extschema@.data_to(named, coalesce(as_of, pg_catalog.now()));
			END IF;
			-- the clock has gone back: what was over by it may not be over
			SELECT w.refreshed_to INTO ahead FROM @extschema@.watermark AS w WHERE w.kpi OPERATOR(pg_catalog.=) named.name AND w.refreshed_to OPERATOR(pg_catalog.>) today;
			IF FOUND THEN
				UPDATE @extschema@.measurement AS m SET is_complete = false WHERE m.kpi OPERATOR(pg_catalog.=) named.name AND m.is_complete AND (m.period_start OPERATOR(pg_catalog.+) step)::pg_catalog.date OPERATOR(pg_catalog.>) today;
				PERFORM @extschema@.invalidate_bi(kpi, today, ahead);
			END IF;
			INSERT INTO @extschema@.watermark AS w (kpi, refreshed_to, refreshed_at, data_to) VALUES (kpi, CASE WHEN end_day OPERATOR(pg_catalog.<=) today THEN end_day ELSE today END, coalesce(as_of, pg_catalog.clock_timestamp()), known)
				ON CONFLICT ON CONSTRAINT watermark_pkey DO UPDATE
				SET refreshed_to = CASE WHEN w.refreshed_to OPERATOR(pg_catalog.>) today AND end_day OPERATOR(pg_catalog.>) today AND first_day OPERATOR(pg_catalog.<=) '1970-01-01' THEN today WHEN first_day OPERATOR(pg_catalog.<=) w.refreshed_to AND excluded.refreshed_to OPERATOR(pg_catalog.>) w.refreshed_to THEN excluded.refreshed_to ELSE w.refreshed_to END, refreshed_at = excluded.refreshed_at,
					data_to = CASE WHEN end_day OPERATOR(pg_catalog.>=) today THEN excluded.data_to ELSE w.data_to END;
		EXCEPTION
			WHEN query_canceled OR admin_shutdown OR crash_shutdown THEN
				RAISE;
			WHEN cardinality_violation THEN
				failure := 'the definition has several rows of one period and segment';
			WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS failure = MESSAGE_TEXT, explanation = PG_EXCEPTION_HINT;
				failure := failure OPERATOR(pg_catalog.||) coalesce(' (' OPERATOR(pg_catalog.||) nullif(explanation, '') OPERATOR(pg_catalog.||) ')', '');
		END;
		UPDATE @extschema@.run_log AS l
			SET finished_at = pg_catalog.clock_timestamp(), rows = CASE WHEN failure IS NULL THEN written END, error = failure
			WHERE l.kpi OPERATOR(pg_catalog.=) refresh_chunk.kpi AND l.started_at OPERATOR(pg_catalog.=) started;
		RETURN failure;
	END
	$$;
COMMENT ON FUNCTION @extschema@.refresh_chunk(text, date, date, timestamptz, timestamptz, integer) IS
'reads some days of a KPI into kpi.measurement, all or nothing, if it still has the version that they were chosen for; notes in kpi.run_log how it went, and returns why it failed, null if it did not';

CREATE FUNCTION @extschema@.must_be_primary() RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		-- what would be refused later, where it is not clear why
		IF pg_catalog.pg_is_in_recovery() THEN
			RAISE read_only_sql_transaction USING
				MESSAGE = 'a standby cannot be refreshed',
				HINT = 'Refresh on the primary: what it writes comes here by itself.';
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.must_be_primary() IS
'refuses to go on where nothing can be written';

/* No search_path of its own: a procedure that has one may not commit. It does nothing that one could get in the way of. */
CREATE PROCEDURE @extschema@.refresh(kpi text DEFAULT NULL, from_day date DEFAULT NULL, to_day date DEFAULT NULL, as_of timestamptz DEFAULT NULL, verbose boolean DEFAULT false)
	LANGUAGE plpgsql
	AS $$
	DECLARE
		step pg_catalog.record;
		started pg_catalog.timestamptz;
		failure pg_catalog.text;
		failed_kpi pg_catalog.text;
		last_failure pg_catalog.text;
		failed_stores pg_catalog.jsonb;
	BEGIN
		-- who waited for a lock must see what the other one has done, whatever the session prefers
		COMMIT;
		SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
		PERFORM @extschema@.must_be_primary();
		PERFORM @extschema@.collect_changes();
		COMMIT;
		SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
		CALL @extschema@.refresh_stores(kpi, from_day, to_day, as_of, refresh.verbose, failed_stores);
		-- what is measured first; what is calculated from it is planned when it is known what has changed
		FOR level IN 0 .. (SELECT coalesce(pg_catalog.max(@extschema@.depth(d.kpi)), 0) FROM (SELECT DISTINCT i.kpi FROM @extschema@.kpi_input AS i) AS d) LOOP
			FOR step IN SELECT p.*, k.version FROM @extschema@.refresh_plan(kpi, from_day, to_day, as_of, level) WITH ORDINALITY AS p (kpi_name, depth, first_day, end_day, chunk, chunks, place) JOIN @extschema@.kpi AS k ON k.name OPERATOR(pg_catalog.=) p.kpi_name ORDER BY p.place LOOP
				started := @extschema@.refresh_begin(step.kpi_name, step.first_day, step.end_day, step.chunk, step.chunks);
				COMMIT;
				SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
				-- removed by somebody meanwhile
				CONTINUE WHEN started IS NULL;
				failure := coalesce(@extschema@.refresh_refused(step.kpi_name, started, failed_stores), @extschema@.refresh_chunk(step.kpi_name, step.first_day, step.end_day, started, as_of, step.version));
				COMMIT;
				SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
				CONTINUE WHEN NOT EXISTS (SELECT FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) step.kpi_name);
				IF failure IS NOT NULL THEN
					-- the same of each of its chunks need not be told
					IF NOT coalesce(step.kpi_name OPERATOR(pg_catalog.=) failed_kpi AND failure OPERATOR(pg_catalog.=) last_failure, false) THEN
						RAISE WARNING 'KPI "%" was not refreshed: %', step.kpi_name, failure;
					END IF;
					failed_kpi := step.kpi_name;
					last_failure := failure;
				ELSIF refresh.verbose THEN
					RAISE NOTICE 'KPI "%", chunk % of %: read', step.kpi_name, step.chunk, step.chunks;
				END IF;
			END LOOP;
		END LOOP;
		IF kpi IS NULL THEN
			CALL @extschema@.refresh_analyses(verbose => refresh.verbose);
		END IF;
		CALL @extschema@.refresh_bi(as_of, checks => false);
	END
	$$;
COMMENT ON PROCEDURE @extschema@.refresh(text, date, date, timestamptz, boolean) IS
'reads what is due of all KPIs of yours, or of one, into kpi.measurement; commits as it goes, so it may be interrupted and called again';

CREATE VIEW @extschema@.progress WITH (security_invoker = true) AS
	SELECT l.kpi, l.chunk, l.chunks, l.from_day, l.to_day, l.started_at, pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) l.started_at AS elapsed, l.by_role,
		(SELECT pg_catalog.avg(o.finished_at OPERATOR(pg_catalog.-) o.started_at) FROM @extschema@.run_log AS o
			WHERE o.kpi OPERATOR(pg_catalog.=) l.kpi AND o.error IS NULL AND o.started_at OPERATOR(pg_catalog.<) l.started_at) AS usual
	FROM @extschema@.run_log AS l
	WHERE l.finished_at IS NULL AND NOT EXISTS (SELECT FROM @extschema@.run_log AS o WHERE o.kpi OPERATOR(pg_catalog.=) l.kpi AND o.started_at OPERATOR(pg_catalog.>) l.started_at);
COMMENT ON VIEW @extschema@.progress IS 'what kpi.refresh() is reading now; or was reading, if it was interrupted';
COMMENT ON COLUMN @extschema@.progress.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.progress.chunk IS 'which chunk of it, from 1 on';
COMMENT ON COLUMN @extschema@.progress.chunks IS 'of how many';
COMMENT ON COLUMN @extschema@.progress.from_day IS 'the first day that is read';
COMMENT ON COLUMN @extschema@.progress.to_day IS 'the day after the last one';
COMMENT ON COLUMN @extschema@.progress.started_at IS 'since when';
COMMENT ON COLUMN @extschema@.progress.elapsed IS 'for how long';
COMMENT ON COLUMN @extschema@.progress.by_role IS 'who runs it';
COMMENT ON COLUMN @extschema@.progress.usual IS 'how long the earlier runs of this KPI took on average';

CREATE VIEW @extschema@.health WITH (security_invoker = true) AS
	SELECT k.name AS kpi, w.refreshed_to, w.refreshed_at AS last_good, pg_catalog.now() OPERATOR(pg_catalog.-) w.refreshed_at AS lag,
		w.refreshed_at IS NULL OR w.refreshed_at OPERATOR(pg_catalog.+) k.stale_after OPERATOR(pg_catalog.<) pg_catalog.now() AS overdue,
		l.started_at AS last_run, l.error IS NOT NULL OR l.started_at IS NOT NULL AND l.finished_at IS NULL AS failing, coalesce(l.error, CASE WHEN l.started_at IS NOT NULL AND l.finished_at IS NULL THEN 'it has not ended: it is running, or was interrupted' END) AS error, NULL::pg_catalog.text AS store
	FROM @extschema@.kpi AS k
	LEFT JOIN @extschema@.watermark AS w ON w.kpi OPERATOR(pg_catalog.=) k.name
	LEFT JOIN LATERAL (SELECT * FROM @extschema@.run_log AS r WHERE r.kpi OPERATOR(pg_catalog.=) k.name ORDER BY r.started_at DESC LIMIT 1) AS l ON true
	-- who may not see the values does not see when they were refreshed: that would look as if they never were
	WHERE k.active AND k.kind OPERATOR(pg_catalog.<>) 'manual' AND (w.kpi IS NOT NULL OR l.kpi IS NOT NULL OR k.name IN (SELECT @extschema@.readable()))
	UNION ALL
	SELECT NULL, s.store_refreshed_to, s.store_refreshed_at, pg_catalog.now() OPERATOR(pg_catalog.-) s.store_refreshed_at,
		s.store_refreshed_at IS NULL OR s.store_refreshed_at OPERATOR(pg_catalog.+) s.stale_after OPERATOR(pg_catalog.<) pg_catalog.now(),
		-- its log is the owner's; to others no row is not to mean that all is well
		l.started_at, CASE WHEN NOT pg_catalog.row_security_active('@extschema@.store_log'::pg_catalog.regclass) OR @extschema@.may_act_as(s.owner) THEN l.error IS NOT NULL OR l.started_at IS NOT NULL AND l.finished_at IS NULL END,
		coalesce(l.error, CASE WHEN l.started_at IS NOT NULL AND l.finished_at IS NULL THEN 'it has not ended: it is running, or was interrupted' END), s.name
	FROM @extschema@.source AS s
	LEFT JOIN LATERAL (SELECT * FROM @extschema@.store_log AS r WHERE r.source OPERATOR(pg_catalog.=) s.name ORDER BY r.started_at DESC LIMIT 1) AS l ON true
	WHERE s.store_name IS NOT NULL;
COMMENT ON VIEW @extschema@.health IS 'whether the refresh of each KPI whose values you may see, and of each timeline store, works: the last good one, how long ago, and what is wrong';
COMMENT ON COLUMN @extschema@.health.kpi IS 'the KPI; null: this is a timeline store';
COMMENT ON COLUMN @extschema@.health.refreshed_to IS 'days before this one are read';
COMMENT ON COLUMN @extschema@.health.last_good IS 'when it was refreshed last; null: never';
COMMENT ON COLUMN @extschema@.health.lag IS 'how long ago that is';
COMMENT ON COLUMN @extschema@.health.overdue IS 'whether that is longer than stale_after of the KPI';
COMMENT ON COLUMN @extschema@.health.last_run IS 'when it was tried last';
COMMENT ON COLUMN @extschema@.health.failing IS 'whether the last try failed, or has not ended; null: of a timeline store only who can act as the owner of the source may see it';
COMMENT ON COLUMN @extschema@.health.error IS 'why';
COMMENT ON COLUMN @extschema@.health.store IS 'the source whose timeline store it is; null: this is a KPI';
