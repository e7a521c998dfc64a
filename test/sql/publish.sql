-- Published analyses: what a view of summaries shows is in plain tables after each refresh, for those who may see it.
\set SHOW_CONTEXT never
CREATE SCHEMA publish;
SET search_path = publish, public;
SET timezone = 'UTC';
SELECT setseed(0.42);

CREATE TABLE events AS SELECT (random() * 60)::bigint AS who, timestamptz '2026-01-01' + random() * interval '80 days' AS at, (ARRAY['view', 'cart', 'buy'])[1 + floor(random() * 3)::int] AS what,
	(ARRAY['search', 'mail', 'social', NULL])[1 + floor(random() * 4)::int] AS channel, round((random() * 100)::numeric, 2) AS amount FROM generate_series(1, 1500);
CREATE VIEW funnels AS SELECT channel AS segment, kpi.funnel(who, at, what, 'view -> cart -> buy within 7 days') AS funnel FROM events GROUP BY 1 ORDER BY 1;
CREATE VIEW retentions AS SELECT channel::varchar AS segment, kpi.retention(who, at, what, 'view -> * by week for 5') AS summary FROM events GROUP BY channel;
CREATE VIEW elapsed AS SELECT kpi.retention(who, at, what, amount, 'view -> buy elapsed by week for 5') AS summary FROM events;
CREATE VIEW values_of AS SELECT channel AS segment, kpi.ltv(who, at, amount, 'by month') AS ltv FROM events WHERE what = 'buy' GROUP BY 1;
CREATE VIEW attributions AS SELECT kpi.attribution(who, at, CASE WHEN what <> 'buy' THEN channel END, CASE WHEN what = 'buy' THEN amount END, 'lookback 30 days') AS a FROM events;
CREATE VIEW by_month AS SELECT kpi.attribution(who, at, CASE WHEN what <> 'buy' THEN channel END, CASE WHEN what = 'buy' THEN amount END, 'lookback 30 days, by month') AS a FROM events;
CREATE VIEW rois AS SELECT channel, kpi.roi(CASE WHEN what = 'view' AND channel <> 'mail' THEN amount / 100 END, CASE WHEN what = 'buy' THEN amount END) AS roi FROM events GROUP BY 1;
CREATE VIEW activities AS SELECT channel AS segment, kpi.activity(who, at, 'by week') AS activity FROM events GROUP BY 1;
CREATE FUNCTION traffic() RETURNS TABLE (segment text, summary kpi.sessions) LANGUAGE sql STABLE SET search_path = publish AS $$ SELECT channel, kpi.sessions(who, at, what, 'timeout 30 min, views view, key buy, by month') FROM events GROUP BY 1 $$;

SELECT kpi.publish('funnels', 'funnels', 'Who buys', 'by channel'), kpi.publish('retentions', 'retentions'), kpi.publish('elapsed', 'elapsed'), kpi.publish('values', 'values_of'), kpi.publish('attributions', 'attributions'),
	kpi.publish('by month', 'by_month'), kpi.publish('rois', 'rois'), kpi.publish('activities', 'activities'), kpi.publish('traffic', function => 'traffic()') \g /dev/null
SELECT name, title, description, kind, definition_kind, definition_name FROM kpi.analysis ORDER BY name COLLATE "C";
SELECT analysis, kind, title, refreshed_at FROM kpi_bi.dim_analysis ORDER BY analysis COLLATE "C";
CALL kpi.refresh();

-- The rows are those of the accessors.
CREATE FUNCTION seconds(i interval) RETURNS float8 LANGUAGE sql AS $$ SELECT extract(epoch FROM i)::float8 $$;
CREATE VIEW expected_funnel_step AS SELECT 'funnels'::varchar AS analysis, coalesce(segment, '')::varchar AS segment, step, name::varchar AS label, actors, dropped, conversion_from_first, conversion_from_previous,
		CASE WHEN step > 1 THEN 1 - conversion_from_previous END AS drop_off_rate, ci_low, ci_high,
		seconds(avg_from_previous) AS a, seconds(median_from_previous) AS b, seconds(p90_from_previous) AS c, seconds(avg_from_first) AS d, seconds(median_from_first) AS e, seconds(p90_from_first) AS f
	FROM funnels, kpi.steps(funnel);
CREATE VIEW expected_cohort_cell AS SELECT analysis::varchar, coalesce(segment, '')::varchar AS segment, dense_rank() OVER (PARTITION BY analysis, segment ORDER BY cohort)::int AS cohort_number, cohort,
		to_char(cohort, CASE WHEN cohort = cohort::date THEN 'YYYY-MM-DD' ELSE 'YYYY-MM-DD HH24:MI' END)::varchar AS label, period, size, eligible, retained, rate, ci_low, ci_high, complete::int::smallint, value::float8, value_rate
	FROM (SELECT 'retentions' AS analysis, * FROM retentions UNION ALL SELECT 'elapsed', NULL, summary FROM elapsed) AS s, kpi.cohorts(summary);
CREATE VIEW expected_value_curve AS SELECT 'values'::varchar AS analysis, coalesce(segment, '')::varchar AS segment, dense_rank() OVER (PARTITION BY segment ORDER BY cohort)::int AS cohort_number, cohort, to_char(cohort, 'YYYY-MM-DD')::varchar, age, size, eligible, buyers, purchases,
		revenue::float8, revenue_per_customer::float8, cumulative::float8, complete::int::smallint FROM values_of, kpi.value_curve(ltv);
CREATE VIEW expected_attribution_share AS SELECT analysis::varchar, ''::varchar AS segment, model::varchar, CASE WHEN period IS NULL THEN 0 ELSE dense_rank() OVER (PARTITION BY analysis, model ORDER BY period) END::int AS period_number, period, c.channel::varchar, conversions::float8, revenue::float8, share
	FROM (SELECT 'attributions' AS analysis, a FROM attributions UNION ALL SELECT 'by month', a FROM by_month) AS s, unnest('{first,last,last_non_direct,linear,position,time_decay,markov,shapley}'::text[]) AS model, kpi.credit(a, model) AS c;
CREATE VIEW expected_channel_roi AS SELECT 'rois'::varchar AS analysis, coalesce(channel, '')::varchar, kpi.cost(roi)::float8 AS a, kpi.revenue(roi)::float8 AS b, (kpi.revenue(roi) - kpi.cost(roi))::float8 AS c, ((kpi.revenue(roi) - kpi.cost(roi)) / nullif(kpi.cost(roi), 0))::float8 AS d,
		(kpi.revenue(roi) / nullif(kpi.cost(roi), 0))::float8 AS e, NULL::varchar AS currency, kpi.n(roi) AS n FROM rois;
CREATE VIEW expected_activity_period AS SELECT 'activities'::varchar AS analysis, coalesce(segment, '')::varchar, period, active, new, "returning", resurrecting, dormant, churn_rate, quick_ratio, complete::int::smallint FROM activities, kpi.lifecycle(activity);
CREATE VIEW expected_session_period AS SELECT 'traffic'::varchar AS analysis, coalesce(segment, '')::varchar AS segment, CASE WHEN period IS NULL THEN 0 ELSE dense_rank() OVER (PARTITION BY segment ORDER BY period) END::int AS period_number, period, visitors, new_visitors, returning_visitors, t.sessions, sessions_per_visitor, engaged_sessions,
		engagement_rate, bounce_rate, single_view_bounce_rate, page_views, views_per_session, seconds(avg_duration) AS a, seconds(median_duration) AS b, seconds(p90_duration) AS c, seconds(engaged_time_per_visitor) AS d, key_events, key_event_rate, clicks, impressions, ctr, interactions
	FROM (SELECT traffic.segment, p.* FROM traffic(), kpi.session_trend(summary) AS p UNION ALL SELECT traffic.segment, NULL, w.* FROM traffic(), kpi.session_stats(summary) AS w) AS t;
CREATE FUNCTION compared() RETURNS TABLE (part name, rows bigint, "same" boolean) LANGUAGE plpgsql AS $$
	DECLARE
		columns text;
	BEGIN
		FOR part IN SELECT substr(c.relname, 10) FROM pg_class AS c WHERE relnamespace = 'publish'::regnamespace AND relname ~ '^expected_' ORDER BY c.relname LOOP
			SELECT string_agg('b.' || attname, ', ' ORDER BY attnum) INTO columns FROM pg_attribute WHERE attrelid = format('kpi_bi.%I', part)::regclass AND attnum > 1 AND NOT attisdropped;
			EXECUTE format('WITH told AS MATERIALIZED (SELECT d.analysis, %s FROM kpi_bi.%I AS b JOIN kpi_bi.dim_analysis AS d USING (analysis_key)), wanted AS MATERIALIZED (SELECT * FROM expected_%s)
				SELECT (SELECT count(*) FROM told), NOT EXISTS (SELECT * FROM told EXCEPT ALL SELECT * FROM wanted) AND NOT EXISTS (SELECT * FROM wanted EXCEPT ALL SELECT * FROM told)', columns, part, part) INTO rows, "same";
			RETURN NEXT;
		END LOOP;
	END $$;
SELECT part, rows > 0 AS "some", "same" FROM compared();
SELECT segment, step, label, actors FROM kpi_bi.funnel_step ORDER BY segment, step;

-- What is as it was is not written; what changed is, and only that.
CREATE FUNCTION versions() RETURNS TABLE (part name, place tid, by xid) LANGUAGE plpgsql AS $$ BEGIN
	FOR part IN SELECT relname FROM pg_class WHERE relnamespace = 'kpi_bi'::regnamespace AND relkind = 'r' AND relname <> 'dim_analysis' LOOP
		RETURN QUERY EXECUTE format('SELECT %L::name, ctid, xmin FROM kpi_bi.%I', part, part);
	END LOOP;
	RETURN QUERY SELECT 'analysis_result'::name, ctid, xmin FROM kpi.analysis_result;
END $$;
CREATE TABLE before AS SELECT * FROM versions();
CALL kpi.refresh_analyses();
SELECT count(*) AS changed FROM (SELECT * FROM versions() EXCEPT SELECT * FROM before) AS x;
INSERT INTO events SELECT 1000 + n, timestamptz '2026-03-15' + n * interval '1 hour', 'view', 'mail', 1 FROM generate_series(1, 20) AS n;
DELETE FROM events WHERE channel = 'social' AND what = 'buy';
CALL kpi.refresh_analyses();
SELECT part, "same" FROM compared();
SELECT count(*) FILTER (WHERE segment = 'search') AS search, count(*) FILTER (WHERE segment = 'mail') > 0 AS mail
FROM kpi_bi.funnel_step AS s WHERE NOT EXISTS (SELECT FROM before AS b WHERE b.part = 'funnel_step' AND b.place = s.ctid AND b.by = s.xmin);
DO $$ BEGIN
	FOR round IN 1 .. 10 LOOP
		DELETE FROM events WHERE random() < 0.2;
		INSERT INTO events SELECT (random() * 60)::bigint, timestamptz '2026-01-01' + random() * interval '90 days', (ARRAY['view', 'cart', 'buy'])[1 + floor(random() * 3)::int], (ARRAY['search', 'mail', 'social', 'x' || round])[1 + floor(random() * 4)::int], round FROM generate_series(1, 150);
		CALL kpi.refresh_analyses();
		IF EXISTS (SELECT FROM compared() WHERE NOT "same" OR rows = 0) THEN
			RAISE 'round % differs', round;
		END IF;
	END LOOP;
END $$;
DELETE FROM events WHERE channel = 'social';
CALL kpi.refresh_analyses();
SELECT "same", part FROM compared() WHERE NOT "same";
SELECT count(*) FROM kpi_bi.funnel_step WHERE segment = 'social';
-- Nothing at all.
BEGIN;
DELETE FROM events;
SELECT kpi.refresh_analysis(a.name, kpi.analysis_begin(a.name)) FROM kpi.analysis AS a ORDER BY a.name COLLATE "C";
SELECT part, rows, "same" FROM compared();
ROLLBACK;

-- Labels as long as they like; a segment that is null is that of the whole.
INSERT INTO events VALUES (1, '2026-01-01', repeat('v', 300));
CREATE VIEW long AS SELECT repeat('가', 300) || n AS segment, kpi.funnel(who, at, what, format('%s -> buy', repeat('v', 300))::kpi.pattern) AS f FROM events, generate_series(1, 2) AS n GROUP BY n;
SELECT kpi.publish('long', 'long', repeat('t', 300), repeat('d', 300)) \g /dev/null
CALL kpi.refresh_analyses('long');
SELECT count(DISTINCT segment), max(length(segment)), max(length(label)), max(length(title)), max(length(description)) FROM kpi_bi.funnel_step JOIN kpi_bi.dim_analysis USING (analysis_key) WHERE analysis = 'long';
SELECT kpi.unpublish('long') \g /dev/null
SELECT count(*) FROM kpi_bi.dim_analysis WHERE analysis = 'long';

-- What can be no definition.
CREATE VIEW none AS SELECT 1 AS x;
CREATE VIEW two AS SELECT funnel, funnel AS again FROM funnels;
CREATE VIEW numbered AS SELECT 1 AS segment, funnel FROM funnels;
CREATE TEMP VIEW passing AS SELECT * FROM funnels;
CREATE FUNCTION taking(integer) RETURNS kpi.roi LANGUAGE sql AS 'SELECT NULL::kpi.roi';
SELECT kpi.publish('x', 'none');
SELECT kpi.publish('x', 'two');
SELECT kpi.publish('x', 'numbered');
SELECT kpi.publish('x', 'passing');
SELECT kpi.publish('x', function => 'taking(integer)');
SELECT kpi.publish('x');
SELECT kpi.publish('x', 'funnels', function => 'traffic()');
SELECT kpi.publish('', 'funnels');
SELECT kpi.publish(repeat('x', 256), 'funnels');
SELECT kpi.unpublish('funnel');
SELECT kpi.share_analysis('funnels', 'regress_publish_nobody');
CALL kpi.refresh_analyses('funnel');

-- One that fails says so and keeps what it had; the others go on.
CREATE VIEW fails AS SELECT kpi.roi(1, 2 / zero) AS r FROM (SELECT CASE WHEN count(*) > 5 THEN 0 ELSE 1 END AS zero FROM events) AS e;
CREATE VIEW twice AS SELECT '<a>' AS segment, funnel FROM funnels;
CREATE VIEW wholes AS SELECT funnel FROM funnels;
CREATE VIEW becomes AS SELECT kpi.roi(1, 2) AS s;
CREATE VIEW goes AS SELECT kpi.roi(1, 2) AS s;
SELECT kpi.publish('a fails', 'fails'), kpi.publish('a twice', 'twice'), kpi.publish('a wholes', 'wholes'), kpi.publish('a becomes', 'becomes'), kpi.publish('a goes', 'goes') \g /dev/null
CALL kpi.refresh_analyses();
DROP VIEW goes, becomes;
CREATE VIEW becomes AS SELECT * FROM funnels;
CALL kpi.refresh_analyses();
SELECT DISTINCT ON (analysis) analysis, segments, error FROM kpi.analysis_log WHERE analysis LIKE 'a %' ORDER BY analysis, started_at DESC;
SELECT analysis, revenue FROM kpi_bi.channel_roi JOIN kpi_bi.dim_analysis USING (analysis_key) WHERE analysis LIKE 'a %' ORDER BY 1;
-- Published again it is another one; what is not told stays.
SELECT kpi.publish('a becomes', 'becomes', description => 'it became a funnel') \g /dev/null
SELECT count(*) FROM kpi_bi.channel_roi JOIN kpi_bi.dim_analysis USING (analysis_key) WHERE analysis = 'a becomes';
CALL kpi.refresh_analyses('a becomes', verbose => true);
SELECT kind, title, description FROM kpi_bi.dim_analysis WHERE analysis = 'a becomes';
SELECT count(*) > 0 AS "some" FROM kpi_bi.funnel_step JOIN kpi_bi.dim_analysis USING (analysis_key) WHERE analysis = 'a becomes';
SELECT kpi.unpublish(name) FROM kpi.analysis WHERE name LIKE 'a %' \g /dev/null

-- Whose it is.
CREATE ROLE regress_publish_author;
CREATE ROLE regress_publish_reader;
CREATE ROLE regress_publish_bi;
CREATE ROLE regress_publish_other;
SELECT kpi.grant_access('regress_publish_author', 'author'), kpi.grant_access('regress_publish_reader') \g /dev/null
GRANT USAGE ON SCHEMA kpi_bi TO regress_publish_bi;
GRANT SELECT ON ALL TABLES IN SCHEMA kpi_bi TO regress_publish_bi;
GRANT USAGE, CREATE ON SCHEMA publish TO regress_publish_author;
GRANT SELECT ON events TO regress_publish_author;
SET ROLE regress_publish_author;
CREATE VIEW own AS SELECT channel AS segment, kpi.funnel(who, at, what, 'view -> buy') AS f FROM events GROUP BY 1;
SELECT kpi.publish('own', 'own', 'Of the author') \g /dev/null
\set VERBOSITY sqlstate
SELECT kpi.publish('theirs', 'funnels');
SELECT kpi.publish('funnels', 'own');
SELECT kpi.unpublish('funnels');
SELECT kpi.share_analysis('funnels', 'regress_publish_author');
CALL kpi.refresh_analyses('funnels');
\set VERBOSITY default
CALL kpi.refresh_analyses(verbose => true);
SELECT DISTINCT analysis FROM kpi_bi.funnel_step JOIN kpi_bi.dim_analysis USING (analysis_key);
SELECT analysis, count(*) > 0 FROM kpi.analysis_result GROUP BY 1;
SELECT kpi.share_analysis('own', 'regress_publish_bi') \g /dev/null
INSERT INTO kpi_bi.channel_roi (analysis_key, channel) SELECT min(analysis_key) - 1, 'x' FROM kpi_bi.dim_analysis;
RESET ROLE;
SET ROLE regress_publish_reader;
SELECT count(*) AS defined FROM kpi.analysis;
SELECT (SELECT count(*) FROM kpi.analysis_result) AS results, (SELECT count(*) FROM kpi.analysis_log) AS log, (SELECT count(*) FROM kpi_bi.dim_analysis) AS dims, (SELECT count(*) FROM kpi_bi.funnel_step) AS steps;
RESET ROLE;
SELECT kpi.share_analysis('funnels', 'public'), kpi.share_analysis('own', 'regress_publish_reader') \g /dev/null
SET ROLE regress_publish_reader;
SELECT analysis, title, owner = 'regress_publish_author' AS of_author, count(*) > 0 AS rows FROM kpi_bi.dim_analysis JOIN kpi_bi.funnel_step USING (analysis_key) GROUP BY 1, 2, 3 ORDER BY 1;
SELECT analysis, count(*) > 0 AS rows FROM kpi.analysis_result GROUP BY 1 ORDER BY 1;
RESET ROLE;
-- Who has only kpi_bi sees what is shared there, and nothing else.
SET ROLE regress_publish_bi;
SELECT DISTINCT analysis FROM kpi_bi.funnel_step JOIN kpi_bi.dim_analysis USING (analysis_key) ORDER BY 1;
SELECT count(*) FROM kpi_bi.cohort_cell;
SELECT * FROM kpi.analysis;
SELECT kpi.unpublish('own');
UPDATE kpi_bi.funnel_step SET actors = 0;
RESET ROLE;
SELECT kpi.share_analysis('own', 'regress_publish_bi', shared => false), kpi.share_analysis('funnels', 'public', shared => false) \g /dev/null
SET ROLE regress_publish_bi;
SELECT count(*) FROM kpi_bi.funnel_step;
RESET ROLE;

-- A trap does not catch the superuser who refreshes everything.
SET ROLE regress_publish_author;
CREATE FUNCTION trap() RETURNS kpi.roi LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'run as %', CURRENT_USER; CREATE TABLE publish.trapped (); RETURN NULL; END $$;
CREATE VIEW trapped_view AS SELECT publish.trap() AS r;
SELECT kpi.publish('trap', 'trapped_view') \g /dev/null
RESET ROLE;
CALL kpi.refresh_analyses('trap');
-- One that belongs to another role by now is not run.
ALTER VIEW own OWNER TO regress_publish_other;
CALL kpi.refresh_analyses('own');
SELECT count(*) > 0 AS kept FROM kpi_bi.funnel_step JOIN kpi_bi.dim_analysis USING (analysis_key) WHERE analysis = 'own';

-- Plain types, none of them without a comment; nobody may change rows by the way.
SELECT DISTINCT format_type(atttypid, atttypmod) AS type FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid WHERE relnamespace = 'kpi_bi'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0
	AND relname IN ('dim_analysis', 'analysis_reader', 'funnel_step', 'cohort_cell', 'value_curve', 'attribution_share', 'channel_roi', 'activity_period', 'session_period') ORDER BY 1;
SELECT c.relname AS without_key FROM pg_class AS c WHERE relnamespace = 'kpi_bi'::regnamespace AND relkind = 'r' AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary);

SELECT kpi.unpublish(name) FROM kpi.analysis \g /dev/null
SELECT (SELECT count(*) FROM kpi_bi.dim_analysis) + (SELECT count(*) FROM kpi_bi.funnel_step) + (SELECT count(*) FROM kpi.analysis_result) + (SELECT count(*) FROM kpi.analysis_log) AS left;
SELECT kpi.grant_access('regress_publish_author', 'none'), kpi.grant_access('regress_publish_reader', 'none') \g /dev/null
SET client_min_messages = warning;
DROP SCHEMA publish CASCADE;
DROP OWNED BY regress_publish_bi, regress_publish_author, regress_publish_reader;
DROP ROLE regress_publish_other, regress_publish_author, regress_publish_reader, regress_publish_bi;
