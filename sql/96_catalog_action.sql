/* ---- the end of the loop: what was decided, and what it did ---- */

CREATE FUNCTION @extschema@.t_quantile(confidence double precision, freedom double precision) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 't_quantile';
COMMENT ON FUNCTION @extschema@.t_quantile(double precision, double precision) IS
'what Student''s t with so many degrees of freedom stays below, either side of 0, with that probability: 1.96 for 0.95 and infinitely many';

CREATE FUNCTION @extschema@.action_named(name text) RETURNS @extschema@.action
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		found_action @extschema@.action;
	BEGIN
		SELECT * INTO found_action FROM @extschema@.action AS a WHERE a.name OPERATOR(pg_catalog.=) action_named.name;
		IF NOT FOUND THEN
			PERFORM @extschema@.no_such('action', name, (SELECT coalesce(pg_catalog.array_agg(a.name ORDER BY a.name), '{}') FROM @extschema@.action AS a));
		END IF;
		RETURN found_action;
	END
	$$;
COMMENT ON FUNCTION @extschema@.action_named(text) IS 'the row of an action; an error with the nearest name if there is none that you may see';

CREATE FUNCTION @extschema@.record_action(name text, kpi text DEFAULT NULL, started_on date DEFAULT NULL, description text DEFAULT NULL, expected_change numeric DEFAULT NULL, segment text DEFAULT NULL,
		decided_on date DEFAULT NULL, ended_on date DEFAULT NULL, state text DEFAULT NULL, owner name DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		old @extschema@.action;
		named @extschema@.kpi;
	BEGIN
		IF name IS NULL OR name OPERATOR(pg_catalog.=) '' THEN
			RAISE invalid_parameter_value USING MESSAGE = 'an action needs a name';
		END IF;
		SELECT * INTO old FROM @extschema@.action AS a WHERE a.name OPERATOR(pg_catalog.=) record_action.name FOR UPDATE;
		IF NOT FOUND THEN
			-- row security hides one from who may not change it, if it is locked
			SELECT * INTO old FROM @extschema@.action AS a WHERE a.name OPERATOR(pg_catalog.=) record_action.name;
		END IF;
		IF old.name IS NOT NULL THEN
			PERFORM @extschema@.kpi_to_change(old.kpi);
		END IF;
		kpi := coalesce(kpi, old.kpi);
		started_on := coalesce(started_on, old.started_on);
		ended_on := coalesce(ended_on, old.ended_on);
		state := coalesce(state, old.state, 'running');
		IF kpi IS NULL OR started_on IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('of the new action "%s" %s not known', name, CASE WHEN kpi IS NULL AND started_on IS NULL THEN 'KPI and start are' WHEN kpi IS NULL THEN 'the KPI is' ELSE 'the start is' END),
				HINT = 'Give kpi, what it is to move, and started_on, the first day that it can.';
		END IF;
		named := @extschema@.kpi_to_change(kpi);
		IF state OPERATOR(pg_catalog.<>) ALL (ARRAY['planned', 'running', 'done', 'dropped']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('state "%s" of action "%s" is not known', state, name),
				HINT = 'There are planned, running, done and dropped.';
		END IF;
		IF NOT pg_catalog.isfinite(started_on) OR NOT pg_catalog.isfinite(ended_on) OR NOT pg_catalog.isfinite(decided_on) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('a day of action "%s" is infinite', name),
				HINT = 'Leave ended_on out if it goes on.';
		END IF;
		IF ended_on OPERATOR(pg_catalog.<) started_on THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('action "%s" ends on %s, before it starts on %s', name, ended_on, started_on);
		END IF;
		IF NOT @extschema@.is_measurable(expected_change) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('expected_change %s of action "%s" is no number', @extschema@.number_in_short(expected_change), name),
				HINT = 'Numbers are 0, or of a size from 1e-100 to 1e100.';
		END IF;
		IF owner IS NOT NULL AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) owner) THEN
			RAISE undefined_object USING MESSAGE = pg_catalog.format('role "%s" does not exist', owner);
		END IF;
		IF old.name IS NOT NULL THEN
			UPDATE @extschema@.action AS a
				SET kpi = record_action.kpi, started_on = record_action.started_on, ended_on = record_action.ended_on, state = record_action.state, description = coalesce(record_action.description, a.description),
					expected_change = coalesce(record_action.expected_change, a.expected_change), segment = coalesce(record_action.segment, a.segment), decided_on = coalesce(record_action.decided_on, a.decided_on), owner = coalesce(record_action.owner, a.owner)
				WHERE a.name OPERATOR(pg_catalog.=) record_action.name;
			RETURN;
		END IF;
		BEGIN
			INSERT INTO @extschema@.action AS a (name, kpi, segment, description, decided_on, started_on, ended_on, expected_change, state, owner)
				VALUES (name, kpi, coalesce(segment, ''), description, coalesce(decided_on, (pg_catalog.now() AT TIME ZONE named.zone)::pg_catalog.date), started_on, ended_on, expected_change, state, coalesce(owner, CURRENT_USER));
		EXCEPTION
			WHEN unique_violation THEN
				RAISE unique_violation USING
					MESSAGE = pg_catalog.format('there is an action "%s" already, of a KPI that you may not see', name),
					HINT = 'Take another name.';
		END;
	END
	$$;
COMMENT ON FUNCTION @extschema@.record_action(text, text, date, text, numeric, text, date, date, text, name) IS
'records what was decided because of a KPI, and what it is to bring; of one that is there already, changes what is given';

/* The days of two windows of as many periods each, one before and one behind the start of an action. */
CREATE FUNCTION @extschema@.action_windows(k @extschema@.kpi, started_on date, ended_on date, today date, periods integer,
		OUT after_start date, OUT before_start date, OUT n integer, OUT left_out date) RETURNS record
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		step interval := @extschema@.grain_step((k).grain);
		whole pg_catalog.date := pg_catalog.date_trunc((k).grain, started_on)::pg_catalog.date;
		known_from pg_catalog.date;
		known_to pg_catalog.date;
		behind integer;
		before integer;
	BEGIN
		after_start := whole;
		IF whole OPERATOR(pg_catalog.<) started_on THEN
			-- neither the one nor the other
			left_out := whole;
			after_start := (whole OPERATOR(pg_catalog.+) step)::pg_catalog.date;
		END IF;
		SELECT pg_catalog.min(m.period_start), (pg_catalog.max(m.period_start) OPERATOR(pg_catalog.+) step)::pg_catalog.date INTO known_from, known_to FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) (k).name AND m.value IS NOT NULL;
		behind := (SELECT pg_catalog.count(*) FROM pg_catalog.generate_series(after_start::pg_catalog.timestamp, least(pg_catalog.date_trunc((k).grain, today)::pg_catalog.date, known_to, pg_catalog.date_trunc((k).grain, ended_on OPERATOR(pg_catalog.+) 1)::pg_catalog.date)::pg_catalog.timestamp OPERATOR(pg_catalog.-) interval '1 day', step));
		before := (SELECT pg_catalog.count(*) FROM pg_catalog.generate_series(known_from::pg_catalog.timestamp, whole::pg_catalog.timestamp OPERATOR(pg_catalog.-) interval '1 day', step));
		n := least(coalesce(periods, CASE (k).grain WHEN 'day' THEN 28 WHEN 'week' THEN 8 WHEN 'month' THEN 6 WHEN 'quarter' THEN 4 ELSE 3 END), behind);
		IF (k).grain OPERATOR(pg_catalog.<>) 'day' THEN
			n := least(n, before);
			before_start := (whole OPERATOR(pg_catalog.-) (step OPERATOR(pg_catalog.*) n))::pg_catalog.date;
			RETURN;
		END IF;
		-- whole weeks, or the same weekdays of the week before
		n := least(n, CASE WHEN before OPERATOR(pg_catalog.>=) 7 THEN before OPERATOR(pg_catalog.-) (before OPERATOR(pg_catalog.%) 7) ELSE 7 END);
		IF n OPERATOR(pg_catalog.>=) 7 THEN
			n := n OPERATOR(pg_catalog.-) (n OPERATOR(pg_catalog.%) 7);
		END IF;
		before_start := whole OPERATOR(pg_catalog.-) CASE WHEN n OPERATOR(pg_catalog.<) 7 THEN 7 ELSE n END;
	END
	$$;
COMMENT ON FUNCTION @extschema@.action_windows(@extschema@.kpi, date, date, date, integer) IS
'where the periods before and behind the start of an action begin that can be compared, and how many there are; the period that it began in the middle of is left out';

/* What the periods of a window were: mean, or ratio of sums, with the variance of that. */
CREATE FUNCTION @extschema@.window_mean(k @extschema@.kpi, segment text, first_day date, periods integer, OUT n bigint, OUT mean double precision, OUT variance double precision, OUT filled bigint) RETURNS record
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH known AS (
		SELECT pg_catalog.min(m.period_start) AS first_day, pg_catalog.max(m.period_start) AS last_day FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) (k).name),
	days AS (
		SELECT (first_day OPERATOR(pg_catalog.+) (@extschema@.grain_step((k).grain) OPERATOR(pg_catalog.*) i))::pg_catalog.date AS day FROM pg_catalog.generate_series(0, periods OPERATOR(pg_catalog.-) 1) AS i),
	points AS (
		-- of what adds up a period without a row is 0
		SELECT coalesce(m.value, CASE WHEN m.kpi IS NULL AND (k).adds OPERATOR(pg_catalog.=) 'sum' AND (k).kind OPERATOR(pg_catalog.<>) 'manual' AND d.day OPERATOR(pg_catalog.>=) w.first_day AND d.day OPERATOR(pg_catalog.<=) w.last_day THEN 0 END) AS value, m.numerator, m.denominator, m.kpi IS NULL AS filled
		FROM days AS d CROSS JOIN known AS w LEFT JOIN @extschema@.measurement AS m ON m.kpi OPERATOR(pg_catalog.=) (k).name AND m.segment OPERATOR(pg_catalog.=) window_mean.segment AND m.period_start OPERATOR(pg_catalog.=) d.day),
	sums AS (
		SELECT pg_catalog.count(*) AS n, pg_catalog.avg(p.value) AS mean, pg_catalog.var_samp(p.value) AS variance, pg_catalog.count(*) FILTER (WHERE p.filled) AS filled FROM points AS p WHERE p.value IS NOT NULL),
	ratios AS (
		SELECT pg_catalog.count(*) AS n, pg_catalog.sum(p.numerator) OPERATOR(pg_catalog./) nullif(pg_catalog.sum(p.denominator), 0) AS ratio, pg_catalog.sum(p.denominator) AS denominator FROM points AS p WHERE p.numerator IS NOT NULL AND p.denominator IS NOT NULL),
	residuals AS (
		SELECT pg_catalog.sum((p.numerator OPERATOR(pg_catalog.-) (r.ratio OPERATOR(pg_catalog.*) p.denominator)) OPERATOR(pg_catalog.*) (p.numerator OPERATOR(pg_catalog.-) (r.ratio OPERATOR(pg_catalog.*) p.denominator))) AS squares FROM points AS p CROSS JOIN ratios AS r WHERE p.numerator IS NOT NULL AND p.denominator IS NOT NULL)
	SELECT CASE WHEN (k).adds OPERATOR(pg_catalog.=) 'ratio' THEN r.n ELSE s.n END,
		CASE WHEN (k).adds OPERATOR(pg_catalog.=) 'ratio' THEN r.ratio ELSE s.mean END::pg_catalog.float8,
		CASE WHEN (k).adds OPERATOR(pg_catalog.<>) 'ratio' THEN s.variance OPERATOR(pg_catalog./) s.n
			WHEN r.n OPERATOR(pg_catalog.>) 1 THEN e.squares OPERATOR(pg_catalog.*) r.n OPERATOR(pg_catalog./) (r.n OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog./) nullif(r.denominator OPERATOR(pg_catalog.*) r.denominator, 0) END::pg_catalog.float8,
		CASE WHEN (k).adds OPERATOR(pg_catalog.=) 'ratio' THEN 0 ELSE s.filled END
	FROM sums AS s CROSS JOIN ratios AS r CROSS JOIN residuals AS e
	$$;
COMMENT ON FUNCTION @extschema@.window_mean(@extschema@.kpi, text, date, integer) IS
'the mean of so many periods of a KPI from a day on, or the ratio of their sums, and the variance of that by what varies between the periods';

CREATE FUNCTION @extschema@.action_effect(action text, periods integer DEFAULT NULL, as_of timestamptz DEFAULT NULL)
	RETURNS TABLE (kpi text, segment text, before_start date, after_start date, periods_before bigint, periods_after bigint, before double precision, after double precision, change double precision, ci_low double precision, ci_high double precision,
		relative_change double precision, expected_change numeric, year_ago_change double precision, adjusted_change double precision, adjusted_low double precision, adjusted_high double precision, verdict text, caveat text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	SET jit = off
	AS $$
	#variable_conflict use_column
	DECLARE
		a @extschema@.action := @extschema@.action_named(action);
		k @extschema@.kpi := @extschema@.kpi_named(a.kpi);
		w record;
	BEGIN
		IF periods OPERATOR(pg_catalog.<) 1 OR periods OPERATOR(pg_catalog.>) 1000 THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('%s periods are not between 1 and 1000', periods);
		END IF;
		w := @extschema@.action_windows(k, a.started_on, a.ended_on, (coalesce(as_of, pg_catalog.now()) AT TIME ZONE k.zone)::pg_catalog.date, periods);
		RETURN QUERY
		WITH year AS (
			SELECT @extschema@.year_step(k.grain) AS shift),
		sides AS (
			SELECT b.n AS nb, b.mean AS before, b.variance AS vb, f.n AS nf, f.mean AS after, f.variance AS vf, b.filled OPERATOR(pg_catalog.+) f.filled AS filled, ob.n AS onb, ob.mean AS old_before, ob.variance AS ovb, o.n AS onf, o.mean AS old_after, o.variance AS ovf
			FROM year AS y
			CROSS JOIN LATERAL @extschema@.window_mean(k, a.segment, w.before_start, w.n) AS b
			CROSS JOIN LATERAL @extschema@.window_mean(k, a.segment, w.after_start, w.n) AS f
			CROSS JOIN LATERAL @extschema@.window_mean(k, a.segment, (w.before_start OPERATOR(pg_catalog.-) y.shift)::pg_catalog.date, w.n) AS ob
			CROSS JOIN LATERAL @extschema@.window_mean(k, a.segment, (w.after_start OPERATOR(pg_catalog.-) y.shift)::pg_catalog.date, w.n) AS o),
		-- Welch: the variances of both sides, and the degrees of freedom of Satterthwaite
		errors AS (
			SELECT b.*, b.after OPERATOR(pg_catalog.-) b.before AS change, CASE WHEN b.nb OPERATOR(pg_catalog.>) 1 AND b.nf OPERATOR(pg_catalog.>) 1 THEN b.vb OPERATOR(pg_catalog.+) b.vf END AS v,
				(b.vb OPERATOR(pg_catalog.+) b.vf) OPERATOR(pg_catalog.*) (b.vb OPERATOR(pg_catalog.+) b.vf) OPERATOR(pg_catalog./) nullif((b.vb OPERATOR(pg_catalog.*) b.vb OPERATOR(pg_catalog./) nullif(b.nb OPERATOR(pg_catalog.-) 1, 0)) OPERATOR(pg_catalog.+) (b.vf OPERATOR(pg_catalog.*) b.vf OPERATOR(pg_catalog./) nullif(b.nf OPERATOR(pg_catalog.-) 1, 0)), 0) AS freedom,
				CASE WHEN b.onb OPERATOR(pg_catalog.>) 1 AND b.onf OPERATOR(pg_catalog.>) 1 AND b.onb OPERATOR(pg_catalog.>=) b.nb AND b.onf OPERATOR(pg_catalog.>=) b.nf AND b.nb OPERATOR(pg_catalog.>) 1 AND b.nf OPERATOR(pg_catalog.>) 1 THEN b.old_after OPERATOR(pg_catalog.-) b.old_before END AS old_change, b.vb OPERATOR(pg_catalog.+) b.vf OPERATOR(pg_catalog.+) b.ovb OPERATOR(pg_catalog.+) b.ovf AS dv,
				(b.vb OPERATOR(pg_catalog.+) b.vf OPERATOR(pg_catalog.+) b.ovb OPERATOR(pg_catalog.+) b.ovf) OPERATOR(pg_catalog.*) (b.vb OPERATOR(pg_catalog.+) b.vf OPERATOR(pg_catalog.+) b.ovb OPERATOR(pg_catalog.+) b.ovf) OPERATOR(pg_catalog./) nullif((b.vb OPERATOR(pg_catalog.*) b.vb OPERATOR(pg_catalog./) nullif(b.nb OPERATOR(pg_catalog.-) 1, 0)) OPERATOR(pg_catalog.+) (b.vf OPERATOR(pg_catalog.*) b.vf OPERATOR(pg_catalog./) nullif(b.nf OPERATOR(pg_catalog.-) 1, 0)) OPERATOR(pg_catalog.+) (b.ovb OPERATOR(pg_catalog.*) b.ovb OPERATOR(pg_catalog./) nullif(b.onb OPERATOR(pg_catalog.-) 1, 0)) OPERATOR(pg_catalog.+) (b.ovf OPERATOR(pg_catalog.*) b.ovf OPERATOR(pg_catalog./) nullif(b.onf OPERATOR(pg_catalog.-) 1, 0)), 0) AS dfreedom
			FROM sides AS b),
		intervals AS (
			SELECT e.*, CASE WHEN e.v OPERATOR(pg_catalog.>) 0 THEN @extschema@.t_quantile(0.95, e.freedom) OPERATOR(pg_catalog.*) pg_catalog.sqrt(e.v) WHEN e.v OPERATOR(pg_catalog.=) 0 THEN 0 END AS half,
				CASE WHEN e.old_change IS NOT NULL THEN CASE WHEN e.dv OPERATOR(pg_catalog.>) 0 THEN @extschema@.t_quantile(0.95, e.dfreedom) OPERATOR(pg_catalog.*) pg_catalog.sqrt(e.dv) ELSE 0 END END AS dhalf,
				CASE WHEN a.expected_change OPERATOR(pg_catalog.<>) 0 THEN pg_catalog.sign(a.expected_change)::pg_catalog.float8 WHEN k.direction OPERATOR(pg_catalog.=) 'up' THEN 1 WHEN k.direction OPERATOR(pg_catalog.=) 'down' THEN -1 END AS wanted
			FROM errors AS e),
		-- what else was done meanwhile, for the same KPI or one of the same objective
		others AS (
			SELECT pg_catalog.string_agg(pg_catalog.format('%s%s from %s%s', o.name, CASE WHEN o.kpi OPERATOR(pg_catalog.<>) a.kpi THEN pg_catalog.format(' (%s)', o.kpi) ELSE '' END, o.started_on, CASE WHEN o.ended_on IS NULL THEN ' on' ELSE pg_catalog.format(' to %s', o.ended_on) END), ', ' ORDER BY o.started_on, o.name) AS names
			FROM @extschema@.action AS o
			WHERE o.name OPERATOR(pg_catalog.<>) a.name AND o.state OPERATOR(pg_catalog.=) ANY (ARRAY['running', 'done'])
				AND (o.kpi OPERATOR(pg_catalog.=) a.kpi OR EXISTS (SELECT FROM @extschema@.kpi_objective AS mine JOIN @extschema@.kpi_objective AS its ON its.objective OPERATOR(pg_catalog.=) mine.objective WHERE mine.kpi OPERATOR(pg_catalog.=) a.kpi AND its.kpi OPERATOR(pg_catalog.=) o.kpi))
				AND o.started_on OPERATOR(pg_catalog.<) (w.after_start OPERATOR(pg_catalog.+) (@extschema@.grain_step(k.grain) OPERATOR(pg_catalog.*) w.n)) AND coalesce(o.ended_on, 'infinity') OPERATOR(pg_catalog.>=) w.before_start
				-- one that was there all the time has changed nothing
				AND NOT (o.started_on OPERATOR(pg_catalog.<=) w.before_start AND coalesce(o.ended_on OPERATOR(pg_catalog.+) 1, 'infinity') OPERATOR(pg_catalog.>=) (w.after_start OPERATOR(pg_catalog.+) (@extschema@.grain_step(k.grain) OPERATOR(pg_catalog.*) w.n))))
		SELECT a.kpi, a.segment, CASE WHEN w.n OPERATOR(pg_catalog.>) 0 THEN w.before_start END, CASE WHEN w.n OPERATOR(pg_catalog.>) 0 THEN w.after_start END, i.nb, i.nf, i.before, i.after, i.change, i.change OPERATOR(pg_catalog.-) i.half, i.change OPERATOR(pg_catalog.+) i.half, i.change OPERATOR(pg_catalog./) nullif(pg_catalog.abs(i.before), 0), a.expected_change,
			i.old_change, i.change OPERATOR(pg_catalog.-) i.old_change, i.change OPERATOR(pg_catalog.-) i.old_change OPERATOR(pg_catalog.-) i.dhalf, i.change OPERATOR(pg_catalog.-) i.old_change OPERATOR(pg_catalog.+) i.dhalf,
			CASE WHEN a.started_on OPERATOR(pg_catalog.>) (coalesce(as_of, pg_catalog.now()) AT TIME ZONE k.zone)::pg_catalog.date THEN 'not_started'
				WHEN w.after_start OPERATOR(pg_catalog.>=) pg_catalog.date_trunc(k.grain, (coalesce(as_of, pg_catalog.now()) AT TIME ZONE k.zone)::pg_catalog.date)::pg_catalog.date THEN 'too_early'
				WHEN i.nb OPERATOR(pg_catalog.=) 0 OR i.nf OPERATOR(pg_catalog.=) 0 THEN 'no_data'
				WHEN i.half IS NULL THEN 'too_early'
				-- where a year ago is known, both estimates have to say so
				WHEN pg_catalog.abs(i.change) OPERATOR(pg_catalog.<=) i.half OR pg_catalog.abs(i.change OPERATOR(pg_catalog.-) i.old_change) OPERATOR(pg_catalog.<=) i.dhalf OR i.change OPERATOR(pg_catalog.*) (i.change OPERATOR(pg_catalog.-) i.old_change) OPERATOR(pg_catalog.<) 0 THEN 'unclear'
				WHEN i.wanted IS NULL THEN 'changed'
				WHEN i.change OPERATOR(pg_catalog.*) i.wanted OPERATOR(pg_catalog.<) 0 THEN 'worse'
				WHEN a.expected_change IS NULL OR a.expected_change OPERATOR(pg_catalog.=) 0 THEN 'better'
				WHEN pg_catalog.abs(i.change) OPERATOR(pg_catalog.>=) pg_catalog.abs(a.expected_change) AND coalesce(pg_catalog.abs(i.change OPERATOR(pg_catalog.-) i.old_change) OPERATOR(pg_catalog.>=) pg_catalog.abs(a.expected_change), true) THEN 'as_expected'
				ELSE 'less_than_expected' END,
			pg_catalog.concat_ws(' ', 'What came after it need not have come from it.',
				'At the same time: ' OPERATOR(pg_catalog.||) o.names OPERATOR(pg_catalog.||) '.',
				CASE WHEN w.n OPERATOR(pg_catalog.>) 0 AND k.grain OPERATOR(pg_catalog.=) 'day' AND w.n OPERATOR(pg_catalog.<) 7 THEN pg_catalog.format('Only %s days are over; they are next to the same days of the week before.', w.n)
					WHEN w.n OPERATOR(pg_catalog.>) 0 AND k.grain OPERATOR(pg_catalog.=) 'day' THEN pg_catalog.format(CASE WHEN w.n OPERATOR(pg_catalog.=) 7 THEN 'One week each, so weekdays do not differ.' ELSE '%s weeks each, so weekdays do not differ.' END, w.n OPERATOR(pg_catalog./) 7) END,
				CASE WHEN w.left_out IS NOT NULL THEN pg_catalog.format('The %s from %s, in which it began, is left out.', k.grain, w.left_out) END,
				CASE WHEN i.filled OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('%s %ss without a row count as 0.', i.filled, k.grain) END,
				CASE WHEN w.n OPERATOR(pg_catalog.>) 0 AND i.nb OPERATOR(pg_catalog.<>) i.nf THEN 'There are not as many values before as after.' END,
				CASE WHEN w.n OPERATOR(pg_catalog.>) 0 AND i.old_change IS NULL THEN 'Seasons are not accounted for: there are not enough values of a year ago.'
					WHEN w.n OPERATOR(pg_catalog.>) 0 THEN 'adjusted_change takes off what changed a year ago, and with it the season.' END)
		FROM intervals AS i CROSS JOIN others AS o;
	END
	$$;
COMMENT ON FUNCTION @extschema@.action_effect(text, integer, timestamptz) IS
'the KPI of an action in as many periods before and after it began: the difference with its 95 % interval (Welch), the same less what changed a year ago, whether that is what was expected, and what is to be kept in mind';
