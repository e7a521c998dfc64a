/* ---- can the data be trusted? ---- */

CREATE FUNCTION @extschema@.source_days(relation_schema name, relation_name name, relation_owner name, columns text[], zone text, from_day date, as_of timestamptz, lookback integer,
		OUT part text, OUT day date, OUT event text, OUT n bigint, OUT no_actor bigint, OUT no_value bigint, OUT negative bigint, OUT early bigint, OUT late bigint,
		OUT last_at timestamptz, OUT last_loaded timestamptz, OUT seconds double precision, OUT days integer)
	RETURNS SETOF record
	LANGUAGE C STABLE STRICT AS 'MODULE_PATHNAME', 'source_days';
COMMENT ON FUNCTION @extschema@.source_days(name, name, name, text[], text, date, timestamptz, integer) IS
'counts of the rows of a source from a day on, read as the owner of its relation in a security-restricted operation: rows (by day and event), future, duplicates, delay, no_time, newest';

CREATE FUNCTION @extschema@.share_severity(share double precision, warning double precision, error double precision) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN share OPERATOR(pg_catalog.>) error THEN 'error' WHEN share OPERATOR(pg_catalog.>) warning THEN 'warning' WHEN share OPERATOR(pg_catalog.>) 0 THEN 'info' ELSE 'ok' END
	$$;
COMMENT ON FUNCTION @extschema@.share_severity(double precision, double precision, double precision) IS
'how bad a share is of what should not be at all: ok if it is 0 or null, else info up to one limit, warning up to another one, error';

CREATE FUNCTION @extschema@.trust_of(source @extschema@.source, as_of timestamptz, days integer)
	RETURNS TABLE (rule text, severity text, detail text, value double precision, limit_value double precision, fix text, day date)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	SET timezone = 'UTC'
	SET jit = off
	AS $$
	WITH clock AS MATERIALIZED (
		SELECT (as_of AT TIME ZONE (source).zone)::pg_catalog.date AS today, (as_of AT TIME ZONE (source).zone)::pg_catalog.date OPERATOR(pg_catalog.-) days AS from_day,
			coalesce(k.late, 3) AS late, coalesce(k.reach, 0) AS reach
		-- a row that is as late as that, and changes days before its own, is still read again with all of them
		FROM (SELECT pg_catalog.min(k.lookback OPERATOR(pg_catalog.-) k.reach) AS late, pg_catalog.max(k.reach) AS reach FROM @extschema@.kpi AS k WHERE k.source OPERATOR(pg_catalog.=) (source).name AND k.active AND k.kind OPERATOR(pg_catalog.<>) 'manual') AS k),
	d AS MATERIALIZED (
		SELECT s.* FROM clock AS c CROSS JOIN LATERAL @extschema@.source_days((source).relation_schema, (source).relation_name, (source).relation_owner,
			ARRAY[(source).at_column::pg_catalog.text, (source).actor_column::pg_catalog.text, (source).event_column::pg_catalog.text, (source).value_column::pg_catalog.text, (source).loaded_at_column::pg_catalog.text, (source).id_column::pg_catalog.text],
			(source).zone, c.from_day, as_of, c.late) AS s),
	total AS MATERIALIZED (
		SELECT coalesce(pg_catalog.sum(r.n), 0)::pg_catalog.float8 AS n, pg_catalog.sum(r.no_actor)::pg_catalog.float8 AS no_actor, (pg_catalog.sum(r.n) FILTER (WHERE r.event IS NULL))::pg_catalog.float8 AS no_event, pg_catalog.sum(r.early)::pg_catalog.float8 AS early, pg_catalog.sum(r.late)::pg_catalog.float8 AS late,
			pg_catalog.max(r.last_at) AS last_at, pg_catalog.max(r.last_loaded) AS last_loaded, pg_catalog.min(r.day) AS first_day, pg_catalog.max(r.day) AS last_day
		FROM d AS r WHERE r.part OPERATOR(pg_catalog.=) 'rows'),
	-- days that are over, from the first one with rows on, which may have begun in the middle of it, up to the last one with rows
	span AS MATERIALIZED (
		SELECT CASE WHEN t.first_day OPERATOR(pg_catalog.>) c.from_day THEN t.first_day OPERATOR(pg_catalog.+) 1 ELSE t.first_day END AS first_day, least(t.last_day, c.today OPERATOR(pg_catalog.-) 1) AS last_day, c.today FROM total AS t CROSS JOIN clock AS c),
	by_day AS MATERIALIZED (
		SELECT g.day::pg_catalog.date AS day, pg_catalog.extract('isodow', g.day)::pg_catalog.int4 AS weekday, coalesce(pg_catalog.sum(r.n), 0)::pg_catalog.float8 AS n
		FROM span AS s CROSS JOIN LATERAL pg_catalog.generate_series(s.first_day::pg_catalog.timestamp, s.last_day::pg_catalog.timestamp, interval '1 day') AS g (day)
		LEFT JOIN d AS r ON r.part OPERATOR(pg_catalog.=) 'rows' AND r.day OPERATOR(pg_catalog.=) g.day::pg_catalog.date GROUP BY g.day),
	-- each day next to the others of its weekday
	usual AS (
		SELECT b.day, b.n, pg_catalog.count(o.day) AS weeks, pg_catalog.percentile_cont(0.5) WITHIN GROUP (ORDER BY o.n) AS median, pg_catalog.min(o.n) AS least
		FROM by_day AS b LEFT JOIN by_day AS o ON o.weekday OPERATOR(pg_catalog.=) b.weekday AND o.day OPERATOR(pg_catalog.<>) b.day GROUP BY b.day, b.n),
	judged AS MATERIALIZED (
		SELECT u.*, greatest(1.4826 OPERATOR(pg_catalog.*) m.mad OPERATOR(pg_catalog.*) (u.weeks OPERATOR(pg_catalog./) (u.weeks OPERATOR(pg_catalog.-) 0.8)), pg_catalog.sqrt(u.median), 0.05 OPERATOR(pg_catalog.*) u.median, 1) AS spread,
			u.n OPERATOR(pg_catalog.=) 0 AND (u.median OPERATOR(pg_catalog.>=) 3 OR u.least OPERATOR(pg_catalog.>=) 1) AS missing
		FROM usual AS u CROSS JOIN LATERAL (SELECT pg_catalog.percentile_cont(0.5) WITHIN GROUP (ORDER BY pg_catalog.abs(o.n OPERATOR(pg_catalog.-) u.median)) AS mad FROM by_day AS o
			WHERE pg_catalog.extract('isodow', o.day) OPERATOR(pg_catalog.=) pg_catalog.extract('isodow', u.day) AND o.day OPERATOR(pg_catalog.<>) u.day) AS m
		WHERE u.weeks OPERATOR(pg_catalog.>=) 4),
	odd AS MATERIALIZED (
		SELECT j.*, (j.n OPERATOR(pg_catalog.-) j.median) OPERATOR(pg_catalog./) j.spread AS z FROM judged AS j WHERE NOT j.missing AND pg_catalog.abs(j.n OPERATOR(pg_catalog.-) j.median) OPERATOR(pg_catalog.>) (3.5 OPERATOR(pg_catalog.*) j.spread)),
	-- the last week next to the weeks before
	by_event AS MATERIALIZED (
		SELECT r.event, pg_catalog.sum(r.n) FILTER (WHERE r.day OPERATOR(pg_catalog.>) (s.last_day OPERATOR(pg_catalog.-) 7) AND r.day OPERATOR(pg_catalog.<=) s.last_day) AS recent, pg_catalog.sum(r.n) FILTER (WHERE r.day OPERATOR(pg_catalog.<=) (s.last_day OPERATOR(pg_catalog.-) 7)) AS before, pg_catalog.min(r.day) AS first_seen, pg_catalog.max(r.day) AS last_seen
		FROM d AS r CROSS JOIN span AS s WHERE r.part OPERATOR(pg_catalog.=) 'rows' AND r.event IS NOT NULL AND r.day OPERATOR(pg_catalog.>=) s.first_day GROUP BY r.event),
	shares AS (
		SELECT e.event, coalesce(e.recent, 0)::pg_catalog.float8 OPERATOR(pg_catalog./) nullif(pg_catalog.sum(e.recent) OVER (), 0)::pg_catalog.float8 AS p, coalesce(e.before, 0)::pg_catalog.float8 OPERATOR(pg_catalog./) nullif(pg_catalog.sum(e.before) OVER (), 0)::pg_catalog.float8 AS q,
			1 OPERATOR(pg_catalog./) nullif(pg_catalog.sum(e.recent) OVER (), 0)::pg_catalog.float8 OPERATOR(pg_catalog.+) (1 OPERATOR(pg_catalog./) nullif(pg_catalog.sum(e.before) OVER (), 0)::pg_catalog.float8) AS per_row
		FROM by_event AS e),
	mix AS (
		SELECT pg_catalog.sum(pg_catalog.abs(h.p OPERATOR(pg_catalog.-) h.q)) OPERATOR(pg_catalog./) 2 AS moved, 0.1 OPERATOR(pg_catalog.+) (pg_catalog.sum(pg_catalog.sqrt(2 OPERATOR(pg_catalog./) pg_catalog.pi() OPERATOR(pg_catalog.*) h.q OPERATOR(pg_catalog.*) (1 OPERATOR(pg_catalog.-) h.q) OPERATOR(pg_catalog.*) h.per_row)) OPERATOR(pg_catalog./) 2) AS allowed,
			(pg_catalog.array_agg(h.event ORDER BY pg_catalog.abs(h.p OPERATOR(pg_catalog.-) h.q) DESC, h.event))[1] AS event, (pg_catalog.array_agg(h.p ORDER BY pg_catalog.abs(h.p OPERATOR(pg_catalog.-) h.q) DESC, h.event))[1] AS p, (pg_catalog.array_agg(h.q ORDER BY pg_catalog.abs(h.p OPERATOR(pg_catalog.-) h.q) DESC, h.event))[1] AS q
		FROM shares AS h),
	-- how many rows of an event its weekdays make one expect since it was seen last
	stopped AS (
		SELECT e.event, e.last_seen, (SELECT pg_catalog.sum(w.n OPERATOR(pg_catalog./) w.days) FROM (
				SELECT b.weekday, pg_catalog.count(DISTINCT b.day)::pg_catalog.float8 AS days, coalesce(pg_catalog.sum(r.n), 0)::pg_catalog.float8 AS n FROM by_day AS b LEFT JOIN d AS r ON r.part OPERATOR(pg_catalog.=) 'rows' AND r.day OPERATOR(pg_catalog.=) b.day AND r.event OPERATOR(pg_catalog.=) e.event WHERE b.day OPERATOR(pg_catalog.<=) e.last_seen GROUP BY b.weekday) AS w
				JOIN by_day AS g ON g.weekday OPERATOR(pg_catalog.=) w.weekday AND g.day OPERATOR(pg_catalog.>) e.last_seen) AS expected
		FROM by_event AS e CROSS JOIN span AS s WHERE s.last_day OPERATOR(pg_catalog.>=) (e.last_seen OPERATOR(pg_catalog.+) 2)),
	-- events that have a value as a rule
	with_value AS (
		SELECT r.event, pg_catalog.sum(r.n) AS n, pg_catalog.sum(r.no_value) AS no_value, pg_catalog.sum(r.negative) AS negative FROM d AS r WHERE r.part OPERATOR(pg_catalog.=) 'rows' GROUP BY r.event HAVING (pg_catalog.sum(r.no_value) OPERATOR(pg_catalog.*) 2) OPERATOR(pg_catalog.<=) pg_catalog.sum(r.n)),
	doubled AS (
		SELECT coalesce(pg_catalog.sum(u.n), 0)::pg_catalog.float8 AS n, (pg_catalog.array_agg(u.day ORDER BY u.n DESC, u.day))[1] AS day FROM d AS u WHERE u.part OPERATOR(pg_catalog.=) 'duplicates'),
	age AS (
		SELECT pg_catalog.extract('epoch', as_of OPERATOR(pg_catalog.-) coalesce(t.last_at, (SELECT w.last_at FROM d AS w WHERE w.part OPERATOR(pg_catalog.=) 'newest')))::pg_catalog.float8 OPERATOR(pg_catalog./) 3600 AS hours, pg_catalog.extract('epoch', as_of OPERATOR(pg_catalog.-) t.last_loaded)::pg_catalog.float8 OPERATOR(pg_catalog./) 3600 AS loaded_hours,
			pg_catalog.extract('epoch', (source).stale_after)::pg_catalog.float8 OPERATOR(pg_catalog./) 3600 AS limit_hours, coalesce(t.last_at, (SELECT w.last_at FROM d AS w WHERE w.part OPERATOR(pg_catalog.=) 'newest')) AS last_at, t.last_loaded
		FROM total AS t),
	told AS (
		SELECT 1 AS place, 'freshness' AS rule, CASE WHEN a.hours IS NULL OR a.hours OPERATOR(pg_catalog.>) a.limit_hours THEN 'error' ELSE 'ok' END AS severity,
			CASE WHEN a.hours IS NULL THEN 'it has no rows' ELSE pg_catalog.format('the newest event is of %s, %s ago; %s are allowed', pg_catalog.to_char(a.last_at AT TIME ZONE (source).zone, 'YYYY-MM-DD HH24:MI'), @extschema@.hours_text(a.hours), @extschema@.hours_text(a.limit_hours)) END AS detail,
			a.hours AS value, a.limit_hours AS limit_value, CASE WHEN a.hours IS NULL OR a.hours OPERATOR(pg_catalog.>) a.limit_hours THEN 'See why no events arrive; or allow more: stale_after of kpi.add_source().' END AS fix,
			(a.last_at AT TIME ZONE (source).zone)::pg_catalog.date AS day
		FROM age AS a
		UNION ALL
		SELECT 2, 'loading', CASE WHEN a.loaded_hours OPERATOR(pg_catalog.>) a.limit_hours THEN 'error' ELSE 'ok' END,
			pg_catalog.format('the last row was loaded at %s, %s ago; %s are allowed', pg_catalog.to_char(a.last_loaded AT TIME ZONE (source).zone, 'YYYY-MM-DD HH24:MI'), @extschema@.hours_text(a.loaded_hours), @extschema@.hours_text(a.limit_hours)),
			a.loaded_hours, a.limit_hours, CASE WHEN a.loaded_hours OPERATOR(pg_catalog.>) a.limit_hours THEN 'See whether the job that loads it runs.' END, (a.last_loaded AT TIME ZONE (source).zone)::pg_catalog.date
		FROM age AS a WHERE a.last_loaded IS NOT NULL
		UNION ALL
		SELECT 3, 'missing_day', 'warning', pg_catalog.format('%s has no rows; other days of that weekday have %s', j.day, @extschema@.rounded(j.median)), 0, j.median, 'Load the day, then: SELECT kpi.invalidate(kpi, day, day) for its KPIs.', j.day
		FROM judged AS j WHERE j.missing
		UNION ALL
		SELECT 3, 'missing_day', CASE WHEN b.unknown OPERATOR(pg_catalog.>) 0 THEN 'info' ELSE 'ok' END,
			CASE WHEN b.unknown OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('unknown: %s days without rows, and less than 4 other weeks to tell whether that is usual', b.unknown)
				ELSE pg_catalog.format('none of %s days from %s to %s lacks rows that its weekday usually has', b.n, b.first_day, b.last_day) END, b.unknown, 0, NULL, NULL
		FROM (SELECT pg_catalog.count(*) AS n, pg_catalog.count(*) FILTER (WHERE y.n OPERATOR(pg_catalog.=) 0 AND NOT EXISTS (SELECT FROM judged AS j WHERE j.day OPERATOR(pg_catalog.=) y.day)) AS unknown, pg_catalog.min(y.day) AS first_day, pg_catalog.max(y.day) AS last_day FROM by_day AS y) AS b
		WHERE b.n OPERATOR(pg_catalog.>) 0 AND NOT EXISTS (SELECT FROM judged AS j WHERE j.missing)
		UNION ALL
		SELECT 4, 'volume', CASE WHEN o.day OPERATOR(pg_catalog.>) (s.last_day OPERATOR(pg_catalog.-) 7) THEN 'warning' ELSE 'info' END,
			pg_catalog.format('%s has %s rows; other days of that weekday have %s, give or take %s', o.day, @extschema@.rounded(o.n), @extschema@.rounded(o.median), @extschema@.rounded(3.5 OPERATOR(pg_catalog.*) o.spread)),
			o.n, o.median OPERATOR(pg_catalog.+) (3.5 OPERATOR(pg_catalog.*) o.spread OPERATOR(pg_catalog.*) pg_catalog.sign(o.z)), CASE WHEN o.z OPERATOR(pg_catalog.<) 0 THEN 'See whether rows of that day are lost; load them, then: SELECT kpi.invalidate(kpi, day, day) for its KPIs.' ELSE 'See whether rows came twice, or robots came.' END, o.day
		FROM odd AS o CROSS JOIN span AS s
		UNION ALL
		SELECT 4, 'volume', CASE WHEN j.n OPERATOR(pg_catalog.=) 0 THEN 'info' ELSE 'ok' END,
			CASE WHEN j.n OPERATOR(pg_catalog.=) 0 THEN 'unknown: less than 4 other weeks to compare a day with' ELSE pg_catalog.format('%s days are as others of their weekday', j.n) END, 0, 3.5, NULL, NULL
		FROM (SELECT pg_catalog.count(*) AS n FROM judged AS o) AS j CROSS JOIN total AS t WHERE t.n OPERATOR(pg_catalog.>) 0 AND NOT EXISTS (SELECT FROM odd AS o)
		UNION ALL
		SELECT 5, 'mix', CASE WHEN m.moved OPERATOR(pg_catalog.>) m.allowed THEN 'warning' WHEN m.moved IS NULL OR s.first_day OPERATOR(pg_catalog.>) (s.last_day OPERATOR(pg_catalog.-) 34) THEN 'info' ELSE 'ok' END,
			CASE WHEN m.moved IS NULL OR s.first_day OPERATOR(pg_catalog.>) (s.last_day OPERATOR(pg_catalog.-) 34) THEN 'unknown: less than 4 weeks before the last one to compare it with'
				ELSE pg_catalog.format('%s %% of the rows of the week up to %s are of another event than before; most of all "%s": %s %% of the rows, before %s %%', @extschema@.rounded(100 OPERATOR(pg_catalog.*) m.moved), s.last_day, m.event, @extschema@.rounded(100 OPERATOR(pg_catalog.*) m.p), @extschema@.rounded(100 OPERATOR(pg_catalog.*) m.q)) END,
			m.moved, m.allowed, CASE WHEN m.moved OPERATOR(pg_catalog.>) m.allowed THEN 'See whether the tracking of an event has changed.' END, s.last_day
		FROM mix AS m CROSS JOIN span AS s CROSS JOIN total AS t WHERE (source).event_column IS NOT NULL AND t.n OPERATOR(pg_catalog.>) 0
		UNION ALL
		SELECT 6, 'stopped_event', 'warning', pg_catalog.format('event "%s" was seen last on %s; %s rows should have come since', x.event, x.last_seen, @extschema@.rounded(x.expected)), x.expected, 10, 'See whether it is still tracked, or has another name now.', x.last_seen
		FROM (SELECT * FROM stopped AS e WHERE e.expected OPERATOR(pg_catalog.>=) 10 ORDER BY e.expected DESC, e.event LIMIT 20) AS x
		UNION ALL
		SELECT 6, 'stopped_event', 'ok', pg_catalog.format('none of %s events has stopped', (SELECT pg_catalog.count(*) FROM by_event AS e)), 0, 10, NULL, NULL
		FROM total AS t WHERE (source).event_column IS NOT NULL AND t.n OPERATOR(pg_catalog.>) 0 AND NOT EXISTS (SELECT FROM stopped AS e WHERE e.expected OPERATOR(pg_catalog.>=) 10)
		UNION ALL
		SELECT 7, 'new_event', 'info', pg_catalog.format('event "%s" was seen first on %s; %s rows since', x.event, x.first_seen, x.recent), x.recent, 0, 'See whether a KPI should count it, or whether it is a misspelt one.', x.first_seen
		FROM (SELECT e.* FROM by_event AS e CROSS JOIN span AS s WHERE e.first_seen OPERATOR(pg_catalog.>) (s.last_day OPERATOR(pg_catalog.-) 7) AND e.recent OPERATOR(pg_catalog.>) 0 AND s.first_day OPERATOR(pg_catalog.<=) (s.last_day OPERATOR(pg_catalog.-) 34) ORDER BY e.recent DESC, e.event LIMIT 20) AS x
		UNION ALL
		SELECT 7, 'new_event', CASE WHEN s.first_day OPERATOR(pg_catalog.<=) (s.last_day OPERATOR(pg_catalog.-) 34) THEN 'ok' ELSE 'info' END,
			CASE WHEN s.first_day OPERATOR(pg_catalog.<=) (s.last_day OPERATOR(pg_catalog.-) 34) THEN 'no event is new in the last week' ELSE 'unknown: less than 4 weeks before the last one to compare it with' END, 0, 0, NULL, NULL
		FROM total AS t CROSS JOIN span AS s WHERE (source).event_column IS NOT NULL AND t.n OPERATOR(pg_catalog.>) 0
			AND (s.first_day OPERATOR(pg_catalog.>) (s.last_day OPERATOR(pg_catalog.-) 34) OR NOT EXISTS (SELECT FROM by_event AS e WHERE e.first_seen OPERATOR(pg_catalog.>) (s.last_day OPERATOR(pg_catalog.-) 7) AND e.recent OPERATOR(pg_catalog.>) 0))
		UNION ALL
		SELECT 8, 'duplicates', @extschema@.share_severity(u.n OPERATOR(pg_catalog./) t.n, 0.001, 0.05),
			pg_catalog.format(CASE WHEN (source).id_column IS NULL THEN '%s of %s rows are the same as another one in all columns' ELSE '%s of %s rows have the %s of another one' END, u.n, t.n, (source).id_column)
				OPERATOR(pg_catalog.||) CASE WHEN u.n OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('; most on %s', u.day) ELSE '' END, u.n OPERATOR(pg_catalog./) t.n, 0.001, CASE WHEN u.n OPERATOR(pg_catalog.>) 0 THEN 'Remove them; and let the loading skip what is there: a unique index with ON CONFLICT DO NOTHING.' END, u.day
		FROM doubled AS u CROSS JOIN total AS t WHERE t.n OPERATOR(pg_catalog.>) 0
		UNION ALL
		SELECT 9, 'no_actor', @extschema@.share_severity(t.no_actor OPERATOR(pg_catalog./) t.n, 0.01, 0.2), pg_catalog.format('%s is null in %s of %s rows; they do not count where actors do', (source).actor_column, t.no_actor, t.n), t.no_actor OPERATOR(pg_catalog./) t.n, 0.01,
			CASE WHEN t.no_actor OPERATOR(pg_catalog.>) 0 THEN 'See why it is null: consent, or lost in loading?' END, (SELECT r.day FROM d AS r WHERE r.part OPERATOR(pg_catalog.=) 'rows' GROUP BY r.day HAVING pg_catalog.sum(r.no_actor) OPERATOR(pg_catalog.>) 0 ORDER BY pg_catalog.sum(r.no_actor) DESC, r.day LIMIT 1)
		FROM total AS t WHERE (source).actor_column IS NOT NULL AND t.n OPERATOR(pg_catalog.>) 0
		UNION ALL
		SELECT 10, 'no_event', @extschema@.share_severity(coalesce(t.no_event, 0) OPERATOR(pg_catalog./) t.n, 0.01, 0.2), pg_catalog.format('%s is null in %s of %s rows; they do not count', (source).event_column, coalesce(t.no_event, 0), t.n), coalesce(t.no_event, 0) OPERATOR(pg_catalog./) t.n, 0.01,
			CASE WHEN t.no_event OPERATOR(pg_catalog.>) 0 THEN 'See why it is null.' END, (SELECT r.day FROM d AS r WHERE r.part OPERATOR(pg_catalog.=) 'rows' AND r.event IS NULL ORDER BY r.n DESC, r.day LIMIT 1)
		FROM total AS t WHERE (source).event_column IS NOT NULL AND t.n OPERATOR(pg_catalog.>) 0
		UNION ALL
		SELECT 11, 'no_time', @extschema@.share_severity(z.n OPERATOR(pg_catalog./) (t.n OPERATOR(pg_catalog.+) z.n), 0, 0.2), pg_catalog.format('%s is null in %s rows; they never count', (source).at_column, z.n), z.n, 0, CASE WHEN z.n OPERATOR(pg_catalog.>) 0 THEN 'See why it is null; NOT NULL keeps it from coming again.' END, NULL
		FROM (SELECT w.n::pg_catalog.float8 AS n FROM d AS w WHERE w.part OPERATOR(pg_catalog.=) 'no_time') AS z CROSS JOIN total AS t WHERE t.n OPERATOR(pg_catalog.>) 0 OR z.n OPERATOR(pg_catalog.>) 0
		UNION ALL
		SELECT 12, 'no_value', @extschema@.share_severity(v.no_value OPERATOR(pg_catalog./) v.n, 0.01, 0.2), pg_catalog.format('%s is null in %s of %s rows of events that have one as a rule', (source).value_column, v.no_value, v.n), v.no_value OPERATOR(pg_catalog./) v.n, 0.01, CASE WHEN v.no_value OPERATOR(pg_catalog.>) 0 THEN 'See why it is null: it adds nothing to sums and means.' END, NULL
		FROM (SELECT pg_catalog.sum(w.no_value)::pg_catalog.float8 AS no_value, pg_catalog.sum(w.n)::pg_catalog.float8 AS n FROM with_value AS w) AS v WHERE (source).value_column IS NOT NULL AND v.n OPERATOR(pg_catalog.>) 0
		UNION ALL
		SELECT 13, 'negative_value', @extschema@.share_severity(v.negative OPERATOR(pg_catalog./) v.n, 0.01, 0.2), pg_catalog.format('%s is below 0 in %s of %s rows of events that have one as a rule', (source).value_column, v.negative, v.n), v.negative OPERATOR(pg_catalog./) v.n, 0.01, CASE WHEN v.negative OPERATOR(pg_catalog.>) 0 THEN 'Right for refunds; else see where they come from.' END, NULL
		FROM (SELECT pg_catalog.sum(w.negative)::pg_catalog.float8 AS negative, pg_catalog.sum(w.n)::pg_catalog.float8 AS n FROM with_value AS w) AS v WHERE (source).value_column IS NOT NULL AND v.n OPERATOR(pg_catalog.>) 0
		UNION ALL
		SELECT 14, 'future', CASE WHEN f.n OPERATOR(pg_catalog.>) 0 THEN 'warning' ELSE 'ok' END, CASE WHEN f.n OPERATOR(pg_catalog.>) 0 THEN pg_catalog.format('%s rows are of times to come, up to %s', f.n, CASE WHEN pg_catalog.isfinite(f.last_at) THEN pg_catalog.to_char(f.last_at AT TIME ZONE (source).zone, 'YYYY-MM-DD HH24:MI') ELSE 'infinity' END) ELSE 'no row is of a time to come' END, f.n, 0,
			CASE WHEN f.n OPERATOR(pg_catalog.>) 0 THEN 'See whether a clock is wrong, or a zone: it reads times by the clocks of ' OPERATOR(pg_catalog.||) (source).zone OPERATOR(pg_catalog.||) '.' END, NULL
		FROM (SELECT coalesce(pg_catalog.sum(w.n), 0)::pg_catalog.float8 AS n, pg_catalog.max(w.last_at) AS last_at FROM d AS w WHERE w.part OPERATOR(pg_catalog.=) 'future') AS f CROSS JOIN total AS t WHERE t.n OPERATOR(pg_catalog.>) 0 OR f.n OPERATOR(pg_catalog.>) 0
		UNION ALL
		SELECT 15, 'loaded_before', @extschema@.share_severity(t.early OPERATOR(pg_catalog./) t.n, 0.01, 0.2), pg_catalog.format('%s of %s rows were loaded more than a minute before they happened', t.early, t.n), t.early OPERATOR(pg_catalog./) t.n, 0.01, CASE WHEN t.early OPERATOR(pg_catalog.>) 0 THEN 'See whether a clock is wrong, or a zone.' END, NULL
		FROM total AS t WHERE t.last_loaded IS NOT NULL
		UNION ALL
		SELECT 16, 'delay', CASE WHEN y.seconds OPERATOR(pg_catalog.>) pg_catalog.extract('epoch', (source).stale_after)::pg_catalog.float8 THEN 'warning' ELSE 'ok' END,
			pg_catalog.format('9 of 10 rows are loaded within %s', @extschema@.hours_text(y.seconds OPERATOR(pg_catalog./) 3600)), y.seconds OPERATOR(pg_catalog./) 3600, pg_catalog.extract('epoch', (source).stale_after)::pg_catalog.float8 OPERATOR(pg_catalog./) 3600,
			CASE WHEN y.seconds OPERATOR(pg_catalog.>) pg_catalog.extract('epoch', (source).stale_after)::pg_catalog.float8 THEN 'Load more often, or judge later: stale_after of its KPIs.' END, NULL
		FROM d AS y WHERE y.part OPERATOR(pg_catalog.=) 'delay' AND y.seconds IS NOT NULL
		UNION ALL
		SELECT 17, 'late', CASE WHEN (source).tracked AND t.late OPERATOR(pg_catalog.>) 0 THEN 'info' ELSE @extschema@.share_severity(t.late OPERATOR(pg_catalog./) t.n, 0.001, 0.05) END,
			pg_catalog.format('%s of %s rows came more than %s days late, which is the lookback of its KPIs%s', t.late, t.n, c.late, CASE WHEN c.reach OPERATOR(pg_catalog.>) 0 THEN ' less their reach' ELSE '' END) OPERATOR(pg_catalog.||) CASE WHEN (source).tracked AND t.late OPERATOR(pg_catalog.>) 0 THEN '; they are noticed, as changes are tracked' ELSE '' END, t.late OPERATOR(pg_catalog./) t.n, 0.001,
			CASE WHEN t.late OPERATOR(pg_catalog.>) 0 AND NOT (source).tracked THEN pg_catalog.format('Register its KPIs with %s, or let kpi.track_changes() notice the changed days.', pg_catalog.format(CASE WHEN c.reach OPERATOR(pg_catalog.=) 0 THEN 'lookback => %s' ELSE 'a lookback of %s days more than their reach (of %s days at most)' END, greatest(y.days, c.late OPERATOR(pg_catalog.+) 1), c.reach)) END, NULL
		FROM total AS t CROSS JOIN clock AS c JOIN d AS y ON y.part OPERATOR(pg_catalog.=) 'delay' WHERE t.last_loaded IS NOT NULL)
	SELECT o.rule, o.severity, o.detail, o.value, o.limit_value, o.fix, o.day FROM told AS o ORDER BY o.place, o.day, o.detail
	$$;
COMMENT ON FUNCTION @extschema@.trust_of(@extschema@.source, timestamptz, integer) IS 'what kpi.trust() says of one source';

CREATE FUNCTION @extschema@.trust(of_source text DEFAULT NULL, as_of timestamptz DEFAULT NULL, days integer DEFAULT 56)
	RETURNS TABLE (source text, rule text, severity text, detail text, value double precision, limit_value double precision, fix text, day date)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_column
	DECLARE
		named @extschema@.source := @extschema@.source_named(of_source);
		message pg_catalog.text;
		hint pg_catalog.text;
	BEGIN
		IF (days OPERATOR(pg_catalog.>=) 7 AND days OPERATOR(pg_catalog.<=) 1000) IS NOT TRUE THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('%s days are not between 7 and 1000', coalesce(days::pg_catalog.text, 'null')),
				HINT = '56 are eight weeks; at least 35 are needed to tell what is usual.';
		END IF;
		as_of := coalesce(as_of, pg_catalog.now());
		IF of_source IS NOT NULL THEN
			PERFORM @extschema@.require_source_rights(named);
			RETURN QUERY SELECT named.name, t.rule, t.severity, t.detail, t.value, t.limit_value, t.fix, t.day FROM @extschema@.trust_of(named, as_of, days) AS t;
			RETURN;
		END IF;
		FOR named IN SELECT * FROM @extschema@.source AS s WHERE @extschema@.may_act_as(s.relation_owner) ORDER BY s.name LOOP
			BEGIN
				PERFORM @extschema@.require_source_rights(named);
				RETURN QUERY SELECT named.name, t.rule, t.severity, t.detail, t.value, t.limit_value, t.fix, t.day FROM @extschema@.trust_of(named, as_of, days) AS t;
			EXCEPTION
				WHEN query_canceled OR admin_shutdown OR crash_shutdown THEN
					RAISE;
				WHEN OTHERS THEN
					-- one that is broken must not hide the others
					GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
					RETURN QUERY SELECT named.name, 'relation', 'error', message, NULL::pg_catalog.float8, NULL::pg_catalog.float8, nullif(hint, ''), NULL::pg_catalog.date;
			END;
		END LOOP;
	END
	$$;
COMMENT ON FUNCTION @extschema@.trust(text, timestamptz, integer) IS
'whether the rows of a source (null: of all that you may read) of the last days can be trusted: a row for each rule, or for each day and event that breaks it';

CREATE FUNCTION @extschema@.trust_score(of_source text, as_of timestamptz DEFAULT NULL, days integer DEFAULT 56) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT t.severity FROM @extschema@.trust(of_source, as_of, days) AS t ORDER BY pg_catalog.array_position(ARRAY['error', 'warning', 'info', 'ok'], t.severity) LIMIT 1
	$$;
COMMENT ON FUNCTION @extschema@.trust_score(text, timestamptz, integer) IS 'the worst that kpi.trust() says of a source: ok, info, warning or error';
