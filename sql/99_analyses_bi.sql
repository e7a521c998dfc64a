/*
 * ---- published analyses for BI tools: tidy rows of plain types ----
 *
 * A table for each kind of analysis, made by a function of the rows that kpi.analysis_result has. They are not dumped: the next
 * refresh makes them anew. Who reads here may have no right on anything else, so the policies look at nothing else.
 */

CREATE TABLE kpi_bi.dim_analysis (
	analysis_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	analysis varchar(255) NOT NULL UNIQUE,
	kind varchar(255) NOT NULL,
	title varchar(255) NOT NULL,
	description varchar(255),
	owner varchar(255) NOT NULL,
	refreshed_at timestamp
);
COMMENT ON TABLE kpi_bi.dim_analysis IS 'published analyses';
COMMENT ON SEQUENCE kpi_bi.dim_analysis_analysis_key_seq IS 'numbers of published analyses';
COMMENT ON COLUMN kpi_bi.dim_analysis.analysis_key IS 'number that other tables know it by; another one after it was published again or restored';
COMMENT ON COLUMN kpi_bi.dim_analysis.analysis IS 'short name';
COMMENT ON COLUMN kpi_bi.dim_analysis.kind IS 'funnel (rows in funnel_step), retention (cohort_cell), ltv (value_curve), attribution (attribution_share), roi (channel_roi), activity (activity_period) or sessions (session_period)';
COMMENT ON COLUMN kpi_bi.dim_analysis.title IS 'what people read';
COMMENT ON COLUMN kpi_bi.dim_analysis.description IS 'what it tells, in words; cut after 255 characters';
COMMENT ON COLUMN kpi_bi.dim_analysis.owner IS 'role that is responsible';
COMMENT ON COLUMN kpi_bi.dim_analysis.refreshed_at IS 'when it was refreshed last, in UTC; null: not yet';

CREATE TABLE kpi_bi.analysis_reader (
	analysis_key integer NOT NULL REFERENCES kpi_bi.dim_analysis ON DELETE CASCADE,
	role varchar(255) NOT NULL,
	PRIMARY KEY (analysis_key, role)
);
COMMENT ON TABLE kpi_bi.analysis_reader IS 'who sees the rows of an analysis: its owner, and with whom it is shared';
COMMENT ON COLUMN kpi_bi.analysis_reader.analysis_key IS 'the analysis';
COMMENT ON COLUMN kpi_bi.analysis_reader.role IS 'the role; public: everybody';

CREATE TABLE kpi_bi.funnel_step (
	analysis_key integer NOT NULL REFERENCES kpi_bi.dim_analysis ON DELETE CASCADE,
	segment varchar(255) NOT NULL,
	step integer NOT NULL,
	label varchar(255) NOT NULL,
	actors bigint,
	dropped bigint,
	conversion_from_first double precision,
	conversion_from_previous double precision,
	drop_off_rate double precision,
	ci_low double precision,
	ci_high double precision,
	avg_seconds_from_previous double precision,
	median_seconds_from_previous double precision,
	p90_seconds_from_previous double precision,
	avg_seconds_from_first double precision,
	median_seconds_from_first double precision,
	p90_seconds_from_first double precision,
	PRIMARY KEY (analysis_key, segment, step)
);
COMMENT ON TABLE kpi_bi.funnel_step IS 'steps of published funnels';
COMMENT ON COLUMN kpi_bi.funnel_step.analysis_key IS 'the analysis';
COMMENT ON COLUMN kpi_bi.funnel_step.segment IS 'segment; empty: the whole';
COMMENT ON COLUMN kpi_bi.funnel_step.step IS 'number of the step, from 1 on';
COMMENT ON COLUMN kpi_bi.funnel_step.label IS 'name of the step';
COMMENT ON COLUMN kpi_bi.funnel_step.actors IS 'actors that reached it';
COMMENT ON COLUMN kpi_bi.funnel_step.dropped IS 'actors that reached the step before and not this one';
COMMENT ON COLUMN kpi_bi.funnel_step.conversion_from_first IS 'share of those at the first step';
COMMENT ON COLUMN kpi_bi.funnel_step.conversion_from_previous IS 'share of those at the step before';
COMMENT ON COLUMN kpi_bi.funnel_step.drop_off_rate IS 'share of those at the step before that did not reach it';
COMMENT ON COLUMN kpi_bi.funnel_step.ci_low IS 'lower end of the 95 % interval of conversion_from_first';
COMMENT ON COLUMN kpi_bi.funnel_step.ci_high IS 'upper end of it';
COMMENT ON COLUMN kpi_bi.funnel_step.avg_seconds_from_previous IS 'mean seconds from the step before';
COMMENT ON COLUMN kpi_bi.funnel_step.median_seconds_from_previous IS 'median seconds from the step before';
COMMENT ON COLUMN kpi_bi.funnel_step.p90_seconds_from_previous IS '90th percentile of the seconds from the step before';
COMMENT ON COLUMN kpi_bi.funnel_step.avg_seconds_from_first IS 'mean seconds from the first step';
COMMENT ON COLUMN kpi_bi.funnel_step.median_seconds_from_first IS 'median seconds from the first step';
COMMENT ON COLUMN kpi_bi.funnel_step.p90_seconds_from_first IS '90th percentile of the seconds from the first step';

CREATE TABLE kpi_bi.cohort_cell (
	analysis_key integer NOT NULL REFERENCES kpi_bi.dim_analysis ON DELETE CASCADE,
	segment varchar(255) NOT NULL,
	cohort_number integer NOT NULL,
	cohort timestamp,
	cohort_label varchar(255),
	period_number integer NOT NULL,
	cohort_size bigint,
	eligible bigint,
	retained bigint,
	rate double precision,
	ci_low double precision,
	ci_high double precision,
	is_complete smallint,
	value double precision,
	value_rate double precision,
	PRIMARY KEY (analysis_key, segment, cohort_number, period_number)
);
COMMENT ON TABLE kpi_bi.cohort_cell IS 'cohorts of published retentions, period by period';
COMMENT ON COLUMN kpi_bi.cohort_cell.analysis_key IS 'the analysis';
COMMENT ON COLUMN kpi_bi.cohort_cell.segment IS 'segment; empty: the whole';
COMMENT ON COLUMN kpi_bi.cohort_cell.cohort_number IS 'number of the cohort in its segment, from 1 on, the oldest first';
COMMENT ON COLUMN kpi_bi.cohort_cell.cohort IS 'first moment of the period that the cohort began in, by the clocks of its zone';
COMMENT ON COLUMN kpi_bi.cohort_cell.cohort_label IS 'the cohort in words';
COMMENT ON COLUMN kpi_bi.cohort_cell.period_number IS 'how many periods later';
COMMENT ON COLUMN kpi_bi.cohort_cell.cohort_size IS 'actors in the cohort';
COMMENT ON COLUMN kpi_bi.cohort_cell.eligible IS 'actors that had reached that age';
COMMENT ON COLUMN kpi_bi.cohort_cell.retained IS 'actors that came back';
COMMENT ON COLUMN kpi_bi.cohort_cell.rate IS 'retained over eligible';
COMMENT ON COLUMN kpi_bi.cohort_cell.ci_low IS 'lower end of its 95 % interval';
COMMENT ON COLUMN kpi_bi.cohort_cell.ci_high IS 'upper end of it';
COMMENT ON COLUMN kpi_bi.cohort_cell.is_complete IS '1: all of the cohort had reached that age, 0: not yet';
COMMENT ON COLUMN kpi_bi.cohort_cell.value IS 'what that was worth';
COMMENT ON COLUMN kpi_bi.cohort_cell.value_rate IS 'the value over that of the beginning';

CREATE TABLE kpi_bi.value_curve (
	analysis_key integer NOT NULL REFERENCES kpi_bi.dim_analysis ON DELETE CASCADE,
	segment varchar(255) NOT NULL,
	cohort_number integer NOT NULL,
	cohort timestamp,
	cohort_label varchar(255),
	age integer NOT NULL,
	cohort_size bigint,
	eligible bigint,
	buyers bigint,
	purchases bigint,
	revenue double precision,
	revenue_per_customer double precision,
	cumulative double precision,
	is_complete smallint,
	PRIMARY KEY (analysis_key, segment, cohort_number, age)
);
COMMENT ON TABLE kpi_bi.value_curve IS 'what customers of published LTV analyses were worth by age';
COMMENT ON COLUMN kpi_bi.value_curve.analysis_key IS 'the analysis';
COMMENT ON COLUMN kpi_bi.value_curve.segment IS 'segment; empty: the whole';
COMMENT ON COLUMN kpi_bi.value_curve.cohort_number IS 'number of the cohort in its segment, from 1 on, the oldest first';
COMMENT ON COLUMN kpi_bi.value_curve.cohort IS 'first moment of the period that the cohort began in, by the clocks of its zone';
COMMENT ON COLUMN kpi_bi.value_curve.cohort_label IS 'the cohort in words';
COMMENT ON COLUMN kpi_bi.value_curve.age IS 'how many periods after the first purchase';
COMMENT ON COLUMN kpi_bi.value_curve.cohort_size IS 'customers in the cohort';
COMMENT ON COLUMN kpi_bi.value_curve.eligible IS 'customers that had reached that age';
COMMENT ON COLUMN kpi_bi.value_curve.buyers IS 'customers that bought at that age';
COMMENT ON COLUMN kpi_bi.value_curve.purchases IS 'what they bought';
COMMENT ON COLUMN kpi_bi.value_curve.revenue IS 'revenue of that age';
COMMENT ON COLUMN kpi_bi.value_curve.revenue_per_customer IS 'that for each customer';
COMMENT ON COLUMN kpi_bi.value_curve.cumulative IS 'what a customer was worth up to that age';
COMMENT ON COLUMN kpi_bi.value_curve.is_complete IS '1: all of the cohort had reached that age, 0: not yet';

CREATE TABLE kpi_bi.attribution_share (
	analysis_key integer NOT NULL REFERENCES kpi_bi.dim_analysis ON DELETE CASCADE,
	segment varchar(255) NOT NULL,
	model varchar(255) NOT NULL,
	period_number integer NOT NULL,
	period timestamp,
	channel varchar(255) NOT NULL,
	conversions double precision,
	revenue double precision,
	share double precision,
	PRIMARY KEY (analysis_key, segment, model, period_number, channel)
);
COMMENT ON TABLE kpi_bi.attribution_share IS 'what channels get by each model, of published attributions';
COMMENT ON COLUMN kpi_bi.attribution_share.analysis_key IS 'the analysis';
COMMENT ON COLUMN kpi_bi.attribution_share.segment IS 'segment; empty: the whole';
COMMENT ON COLUMN kpi_bi.attribution_share.model IS 'first, last, last_non_direct, linear, position, time_decay, markov or shapley';
COMMENT ON COLUMN kpi_bi.attribution_share.period_number IS 'number of the period in its segment, from 1 on; 0: the whole time';
COMMENT ON COLUMN kpi_bi.attribution_share.period IS 'first moment of the period, by the clocks of its zone; null: the whole time';
COMMENT ON COLUMN kpi_bi.attribution_share.channel IS 'the channel';
COMMENT ON COLUMN kpi_bi.attribution_share.conversions IS 'conversions that it gets';
COMMENT ON COLUMN kpi_bi.attribution_share.revenue IS 'revenue that it gets';
COMMENT ON COLUMN kpi_bi.attribution_share.share IS 'share of all conversions';

CREATE TABLE kpi_bi.channel_roi (
	analysis_key integer NOT NULL REFERENCES kpi_bi.dim_analysis ON DELETE CASCADE,
	channel varchar(255) NOT NULL,
	cost double precision,
	revenue double precision,
	profit double precision,
	roi double precision,
	roas double precision,
	currency varchar(255),
	row_count bigint,
	PRIMARY KEY (analysis_key, channel)
);
COMMENT ON TABLE kpi_bi.channel_roi IS 'costs and revenue of channels, of published ROI analyses';
COMMENT ON COLUMN kpi_bi.channel_roi.analysis_key IS 'the analysis';
COMMENT ON COLUMN kpi_bi.channel_roi.channel IS 'the channel, or another segment; empty: the whole';
COMMENT ON COLUMN kpi_bi.channel_roi.cost IS 'costs';
COMMENT ON COLUMN kpi_bi.channel_roi.revenue IS 'revenue';
COMMENT ON COLUMN kpi_bi.channel_roi.profit IS 'revenue less costs';
COMMENT ON COLUMN kpi_bi.channel_roi.roi IS 'profit over costs';
COMMENT ON COLUMN kpi_bi.channel_roi.roas IS 'revenue over costs';
COMMENT ON COLUMN kpi_bi.channel_roi.currency IS 'currency of the amounts';
COMMENT ON COLUMN kpi_bi.channel_roi.row_count IS 'how many rows had a cost or a revenue';

CREATE TABLE kpi_bi.activity_period (
	analysis_key integer NOT NULL REFERENCES kpi_bi.dim_analysis ON DELETE CASCADE,
	segment varchar(255) NOT NULL,
	period timestamp NOT NULL,
	active bigint,
	new_actors bigint,
	returning_actors bigint,
	resurrecting_actors bigint,
	dormant_actors bigint,
	churn_rate double precision,
	quick_ratio double precision,
	is_complete smallint,
	PRIMARY KEY (analysis_key, segment, period)
);
COMMENT ON TABLE kpi_bi.activity_period IS 'active, new, returning and dormant actors of published activity analyses';
COMMENT ON COLUMN kpi_bi.activity_period.analysis_key IS 'the analysis';
COMMENT ON COLUMN kpi_bi.activity_period.segment IS 'segment; empty: the whole';
COMMENT ON COLUMN kpi_bi.activity_period.period IS 'first moment of the period, by the clocks of its zone';
COMMENT ON COLUMN kpi_bi.activity_period.active IS 'actors that were active';
COMMENT ON COLUMN kpi_bi.activity_period.new_actors IS 'of these for the first time';
COMMENT ON COLUMN kpi_bi.activity_period.returning_actors IS 'of these also in the period before';
COMMENT ON COLUMN kpi_bi.activity_period.resurrecting_actors IS 'of these back after a pause';
COMMENT ON COLUMN kpi_bi.activity_period.dormant_actors IS 'active in the period before and not in this one';
COMMENT ON COLUMN kpi_bi.activity_period.churn_rate IS 'dormant over those active before';
COMMENT ON COLUMN kpi_bi.activity_period.quick_ratio IS 'new and resurrecting over dormant';
COMMENT ON COLUMN kpi_bi.activity_period.is_complete IS '1: the period was over, 0: not yet';

CREATE TABLE kpi_bi.session_period (
	analysis_key integer NOT NULL REFERENCES kpi_bi.dim_analysis ON DELETE CASCADE,
	segment varchar(255) NOT NULL,
	period_number integer NOT NULL,
	period timestamp,
	visitors bigint,
	new_visitors bigint,
	returning_visitors bigint,
	sessions bigint,
	sessions_per_visitor double precision,
	engaged_sessions bigint,
	engagement_rate double precision,
	bounce_rate double precision,
	single_view_bounce_rate double precision,
	page_views bigint,
	views_per_session double precision,
	avg_duration_seconds double precision,
	median_duration_seconds double precision,
	p90_duration_seconds double precision,
	engaged_seconds_per_visitor double precision,
	key_events bigint,
	key_event_rate double precision,
	clicks bigint,
	impressions bigint,
	ctr double precision,
	interactions bigint,
	PRIMARY KEY (analysis_key, segment, period_number)
);
COMMENT ON TABLE kpi_bi.session_period IS 'traffic and engagement of published session analyses, of the whole time and by period';
COMMENT ON COLUMN kpi_bi.session_period.analysis_key IS 'the analysis';
COMMENT ON COLUMN kpi_bi.session_period.segment IS 'segment; empty: the whole';
COMMENT ON COLUMN kpi_bi.session_period.period_number IS 'number of the period in its segment, from 1 on; 0: the whole time';
COMMENT ON COLUMN kpi_bi.session_period.period IS 'first moment of the period, by the clocks of its zone; null: the whole time';
COMMENT ON COLUMN kpi_bi.session_period.visitors IS 'visitors';
COMMENT ON COLUMN kpi_bi.session_period.new_visitors IS 'visitors that came for the first time';
COMMENT ON COLUMN kpi_bi.session_period.returning_visitors IS 'visitors that came again';
COMMENT ON COLUMN kpi_bi.session_period.sessions IS 'sessions';
COMMENT ON COLUMN kpi_bi.session_period.sessions_per_visitor IS 'sessions of a visitor';
COMMENT ON COLUMN kpi_bi.session_period.engaged_sessions IS 'engaged sessions';
COMMENT ON COLUMN kpi_bi.session_period.engagement_rate IS 'engaged sessions over sessions';
COMMENT ON COLUMN kpi_bi.session_period.bounce_rate IS 'sessions that were not engaged over sessions';
COMMENT ON COLUMN kpi_bi.session_period.single_view_bounce_rate IS 'sessions with one view over sessions';
COMMENT ON COLUMN kpi_bi.session_period.page_views IS 'page views';
COMMENT ON COLUMN kpi_bi.session_period.views_per_session IS 'page views of a session';
COMMENT ON COLUMN kpi_bi.session_period.avg_duration_seconds IS 'mean seconds of a session';
COMMENT ON COLUMN kpi_bi.session_period.median_duration_seconds IS 'median seconds of a session';
COMMENT ON COLUMN kpi_bi.session_period.p90_duration_seconds IS '90th percentile of the seconds of a session';
COMMENT ON COLUMN kpi_bi.session_period.engaged_seconds_per_visitor IS 'engaged seconds of a visitor';
COMMENT ON COLUMN kpi_bi.session_period.key_events IS 'key events';
COMMENT ON COLUMN kpi_bi.session_period.key_event_rate IS 'sessions with a key event over sessions';
COMMENT ON COLUMN kpi_bi.session_period.clicks IS 'clicks';
COMMENT ON COLUMN kpi_bi.session_period.impressions IS 'impressions';
COMMENT ON COLUMN kpi_bi.session_period.ctr IS 'clicks over impressions';
COMMENT ON COLUMN kpi_bi.session_period.interactions IS 'interactions';

/* Rights. */

ALTER TABLE kpi_bi.dim_analysis ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.analysis_reader ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.funnel_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.cohort_cell ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.value_curve ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.attribution_share ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.channel_roi ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.activity_period ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.session_period ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON kpi_bi.analysis_reader FOR SELECT USING (true);
COMMENT ON POLICY read ON kpi_bi.analysis_reader IS 'with whom an analysis is shared is no secret';
CREATE POLICY read ON kpi_bi.dim_analysis FOR SELECT USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT a.analysis_key FROM kpi_bi.analysis_reader AS a WHERE a.role OPERATOR(pg_catalog.=) 'public' OR a.role OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))));
COMMENT ON POLICY read ON kpi_bi.dim_analysis IS 'the owner, and with whom it is shared';
CREATE POLICY read ON kpi_bi.funnel_step FOR SELECT USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d));
COMMENT ON POLICY read ON kpi_bi.funnel_step IS 'the owner, and with whom it is shared';
CREATE POLICY read ON kpi_bi.cohort_cell FOR SELECT USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d));
COMMENT ON POLICY read ON kpi_bi.cohort_cell IS 'the owner, and with whom it is shared';
CREATE POLICY read ON kpi_bi.value_curve FOR SELECT USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d));
COMMENT ON POLICY read ON kpi_bi.value_curve IS 'the owner, and with whom it is shared';
CREATE POLICY read ON kpi_bi.attribution_share FOR SELECT USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d));
COMMENT ON POLICY read ON kpi_bi.attribution_share IS 'the owner, and with whom it is shared';
CREATE POLICY read ON kpi_bi.channel_roi FOR SELECT USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d));
COMMENT ON POLICY read ON kpi_bi.channel_roi IS 'the owner, and with whom it is shared';
CREATE POLICY read ON kpi_bi.activity_period FOR SELECT USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d));
COMMENT ON POLICY read ON kpi_bi.activity_period IS 'the owner, and with whom it is shared';
CREATE POLICY read ON kpi_bi.session_period FOR SELECT USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d));
COMMENT ON POLICY read ON kpi_bi.session_period IS 'the owner, and with whom it is shared';
CREATE POLICY change ON kpi_bi.dim_analysis USING (owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE')));
COMMENT ON POLICY change ON kpi_bi.dim_analysis IS 'only by who can act as the owner';
-- not one for all commands: reading it would ask dim_analysis, whose policy reads it
CREATE POLICY add ON kpi_bi.analysis_reader FOR INSERT WITH CHECK (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d WHERE d.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))));
COMMENT ON POLICY add ON kpi_bi.analysis_reader IS 'only by who can act as the owner of the analysis';
CREATE POLICY remove ON kpi_bi.analysis_reader FOR DELETE USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d WHERE d.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))));
COMMENT ON POLICY remove ON kpi_bi.analysis_reader IS 'only by who can act as the owner of the analysis';
CREATE POLICY change ON kpi_bi.funnel_step USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d WHERE d.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))));
COMMENT ON POLICY change ON kpi_bi.funnel_step IS 'only by who can act as the owner of the analysis';
CREATE POLICY change ON kpi_bi.cohort_cell USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d WHERE d.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))));
COMMENT ON POLICY change ON kpi_bi.cohort_cell IS 'only by who can act as the owner of the analysis';
CREATE POLICY change ON kpi_bi.value_curve USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d WHERE d.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))));
COMMENT ON POLICY change ON kpi_bi.value_curve IS 'only by who can act as the owner of the analysis';
CREATE POLICY change ON kpi_bi.attribution_share USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d WHERE d.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))));
COMMENT ON POLICY change ON kpi_bi.attribution_share IS 'only by who can act as the owner of the analysis';
CREATE POLICY change ON kpi_bi.channel_roi USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d WHERE d.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))));
COMMENT ON POLICY change ON kpi_bi.channel_roi IS 'only by who can act as the owner of the analysis';
CREATE POLICY change ON kpi_bi.activity_period USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d WHERE d.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))));
COMMENT ON POLICY change ON kpi_bi.activity_period IS 'only by who can act as the owner of the analysis';
CREATE POLICY change ON kpi_bi.session_period USING (analysis_key OPERATOR(pg_catalog.=) ANY (SELECT d.analysis_key FROM kpi_bi.dim_analysis AS d WHERE d.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))));
COMMENT ON POLICY change ON kpi_bi.session_period IS 'only by who can act as the owner of the analysis';

/* Filling them. */

CREATE FUNCTION @extschema@.bi_label(label text) RETURNS varchar
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN pg_catalog.length(label) OPERATOR(pg_catalog.>) 255 THEN (pg_catalog.left(label, 244) OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) pg_catalog.left(pg_catalog.md5(label), 10)) ELSE label END
	$$;
COMMENT ON FUNCTION @extschema@.bi_label(text) IS 'a label of at most 255 characters: a longer one is cut, and told from others by some digits';

CREATE FUNCTION @extschema@.cohort_label(cohort timestamp) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN pg_catalog.isfinite(cohort) THEN pg_catalog.to_char(cohort, CASE WHEN cohort OPERATOR(pg_catalog.=) pg_catalog.date_trunc('day', cohort) THEN 'YYYY-MM-DD' ELSE 'YYYY-MM-DD HH24:MI' END) END
	$$;
COMMENT ON FUNCTION @extschema@.cohort_label(timestamp) IS 'the day, and perhaps the time, that a cohort began at; null for infinity';

CREATE FUNCTION @extschema@.sync_analysis(analysis text) RETURNS integer
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		named @extschema@.analysis := @extschema@.analysis_named(analysis);
		key integer;
	BEGIN
		INSERT INTO kpi_bi.dim_analysis AS d (analysis, kind, title, description, owner) VALUES (named.name, named.kind, pg_catalog.left(named.title, 255), pg_catalog.left(named.description, 255), named.owner)
			ON CONFLICT ON CONSTRAINT dim_analysis_analysis_key DO UPDATE
			SET kind = excluded.kind, title = excluded.title, description = excluded.description, owner = excluded.owner
			WHERE (d.kind, d.title, d.description, d.owner) IS DISTINCT FROM (excluded.kind, excluded.title, excluded.description, excluded.owner);
		SELECT d.analysis_key INTO STRICT key FROM kpi_bi.dim_analysis AS d WHERE d.analysis OPERATOR(pg_catalog.=) named.name;
		DELETE FROM kpi_bi.analysis_reader AS b WHERE b.analysis_key OPERATOR(pg_catalog.=) key AND b.role OPERATOR(pg_catalog.<>) named.owner
			AND NOT EXISTS (SELECT FROM @extschema@.analysis_reader AS r WHERE r.analysis OPERATOR(pg_catalog.=) named.name AND r.role OPERATOR(pg_catalog.=) b.role);
		INSERT INTO kpi_bi.analysis_reader (analysis_key, role)
			SELECT key, named.owner UNION SELECT key, r.role FROM @extschema@.analysis_reader AS r WHERE r.analysis OPERATOR(pg_catalog.=) named.name
			ON CONFLICT DO NOTHING;
		RETURN key;
	END
	$$;
COMMENT ON FUNCTION @extschema@.sync_analysis(text) IS 'tells kpi_bi what an analysis is called and who may see it; returns its key there';

CREATE FUNCTION @extschema@.tidy_funnel_step(of_analysis text, key integer) RETURNS SETOF kpi_bi.funnel_step
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT key, @extschema@.bi_label(r.segment), s.step, @extschema@.bi_label(s.name), s.actors, s.dropped, s.conversion_from_first, s.conversion_from_previous, CASE WHEN s.step OPERATOR(pg_catalog.>) 1 THEN 1 OPERATOR(pg_catalog.-) s.conversion_from_previous END, s.ci_low, s.ci_high, pg_catalog.extract('epoch', s.avg_from_previous)::pg_catalog.float8, pg_catalog.extract('epoch', s.median_from_previous)::pg_catalog.float8, pg_catalog.extract('epoch', s.p90_from_previous)::pg_catalog.float8, pg_catalog.extract('epoch', s.avg_from_first)::pg_catalog.float8, pg_catalog.extract('epoch', s.median_from_first)::pg_catalog.float8, pg_catalog.extract('epoch', s.p90_from_first)::pg_catalog.float8
	FROM @extschema@.analysis_result AS r CROSS JOIN LATERAL @extschema@.steps(r.funnel) AS s
	WHERE r.analysis OPERATOR(pg_catalog.=) of_analysis
	$$;
COMMENT ON FUNCTION @extschema@.tidy_funnel_step(text, integer) IS 'the rows that kpi_bi.funnel_step is to have of an analysis';

CREATE FUNCTION @extschema@.tidy_cohort_cell(of_analysis text, key integer) RETURNS SETOF kpi_bi.cohort_cell
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT key, @extschema@.bi_label(r.segment), (pg_catalog.dense_rank() OVER (PARTITION BY r.segment ORDER BY c.cohort))::pg_catalog.int4, c.cohort, @extschema@.cohort_label(c.cohort), c.period, c.size, c.eligible, c.retained, c.rate, c.ci_low, c.ci_high, CASE WHEN c.complete THEN 1 ELSE 0 END::pg_catalog.int2, c.value::pg_catalog.float8, c.value_rate
	FROM @extschema@.analysis_result AS r CROSS JOIN LATERAL @extschema@.cohorts(r.retention) AS c
	WHERE r.analysis OPERATOR(pg_catalog.=) of_analysis
	$$;
COMMENT ON FUNCTION @extschema@.tidy_cohort_cell(text, integer) IS 'the rows that kpi_bi.cohort_cell is to have of an analysis';

CREATE FUNCTION @extschema@.tidy_value_curve(of_analysis text, key integer) RETURNS SETOF kpi_bi.value_curve
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT key, @extschema@.bi_label(r.segment), (pg_catalog.dense_rank() OVER (PARTITION BY r.segment ORDER BY c.cohort))::pg_catalog.int4, c.cohort, @extschema@.cohort_label(c.cohort), c.age, c.size, c.eligible, c.buyers, c.purchases, c.revenue::pg_catalog.float8, c.revenue_per_customer::pg_catalog.float8, c.cumulative::pg_catalog.float8, CASE WHEN c.complete THEN 1 ELSE 0 END::pg_catalog.int2
	FROM @extschema@.analysis_result AS r CROSS JOIN LATERAL @extschema@.value_curve(r.ltv) AS c
	WHERE r.analysis OPERATOR(pg_catalog.=) of_analysis
	$$;
COMMENT ON FUNCTION @extschema@.tidy_value_curve(text, integer) IS 'the rows that kpi_bi.value_curve is to have of an analysis';

CREATE FUNCTION @extschema@.tidy_attribution_share(of_analysis text, key integer) RETURNS SETOF kpi_bi.attribution_share
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT key, @extschema@.bi_label(r.segment), m.model, CASE WHEN c.period IS NULL THEN 0 ELSE (pg_catalog.dense_rank() OVER (PARTITION BY r.segment, m.model ORDER BY c.period))::pg_catalog.int4 END, c.period, @extschema@.bi_label(c.channel), c.conversions::pg_catalog.float8, c.revenue::pg_catalog.float8, c.share
	FROM @extschema@.analysis_result AS r CROSS JOIN pg_catalog.unnest(ARRAY['first', 'last', 'last_non_direct', 'linear', 'position', 'time_decay', 'markov', 'shapley']) AS m(model) CROSS JOIN LATERAL @extschema@.credit(r.attribution, m.model) AS c
	WHERE r.analysis OPERATOR(pg_catalog.=) of_analysis
	$$;
COMMENT ON FUNCTION @extschema@.tidy_attribution_share(text, integer) IS 'the rows that kpi_bi.attribution_share is to have of an analysis';

CREATE FUNCTION @extschema@.tidy_channel_roi(of_analysis text, key integer) RETURNS SETOF kpi_bi.channel_roi
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT key, @extschema@.bi_label(r.segment), @extschema@.cost(r.roi)::pg_catalog.float8, @extschema@.revenue(r.roi)::pg_catalog.float8, @extschema@.profit(r.roi)::pg_catalog.float8, @extschema@.roi_rate(r.roi)::pg_catalog.float8, @extschema@.roas(r.roi)::pg_catalog.float8, @extschema@.bi_label(@extschema@.currency(r.roi)), @extschema@.n(r.roi)
	FROM @extschema@.analysis_result AS r 
	WHERE r.analysis OPERATOR(pg_catalog.=) of_analysis
	$$;
COMMENT ON FUNCTION @extschema@.tidy_channel_roi(text, integer) IS 'the rows that kpi_bi.channel_roi is to have of an analysis';

CREATE FUNCTION @extschema@.tidy_activity_period(of_analysis text, key integer) RETURNS SETOF kpi_bi.activity_period
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT key, @extschema@.bi_label(r.segment), l.period, l.active, l.new, l."returning", l.resurrecting, l.dormant, l.churn_rate, l.quick_ratio, CASE WHEN l.complete THEN 1 ELSE 0 END::pg_catalog.int2
	FROM @extschema@.analysis_result AS r CROSS JOIN LATERAL @extschema@.lifecycle(r.activity) AS l
	WHERE r.analysis OPERATOR(pg_catalog.=) of_analysis
	$$;
COMMENT ON FUNCTION @extschema@.tidy_activity_period(text, integer) IS 'the rows that kpi_bi.activity_period is to have of an analysis';

CREATE FUNCTION @extschema@.tidy_session_period(of_analysis text, key integer) RETURNS SETOF kpi_bi.session_period
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT key, @extschema@.bi_label(r.segment), CASE WHEN t.period IS NULL THEN 0 ELSE (pg_catalog.dense_rank() OVER (PARTITION BY r.segment ORDER BY t.period NULLS LAST))::pg_catalog.int4 END, t.period, t.visitors, t.new_visitors, t.returning_visitors, t.sessions, t.sessions_per_visitor, t.engaged_sessions, t.engagement_rate, t.bounce_rate, t.single_view_bounce_rate, t.page_views, t.views_per_session, pg_catalog.extract('epoch', t.avg_duration)::pg_catalog.float8, pg_catalog.extract('epoch', t.median_duration)::pg_catalog.float8, pg_catalog.extract('epoch', t.p90_duration)::pg_catalog.float8, pg_catalog.extract('epoch', t.engaged_time_per_visitor)::pg_catalog.float8, t.key_events, t.key_event_rate, t.clicks, t.impressions, t.ctr, t.interactions
	FROM @extschema@.analysis_result AS r CROSS JOIN LATERAL (SELECT NULL::pg_catalog.timestamp AS period, w.visitors, w.new_visitors, w.returning_visitors, w.sessions, w.sessions_per_visitor, w.engaged_sessions, w.engagement_rate, w.bounce_rate, w.single_view_bounce_rate, w.page_views, w.views_per_session, w.avg_duration, w.median_duration, w.p90_duration, w.engaged_time_per_visitor, w.key_events, w.key_event_rate, w.clicks, w.impressions, w.ctr, w.interactions FROM @extschema@.session_stats(r.sessions) AS w UNION ALL SELECT p.period, p.visitors, p.new_visitors, p.returning_visitors, p.sessions, p.sessions_per_visitor, p.engaged_sessions, p.engagement_rate, p.bounce_rate, p.single_view_bounce_rate, p.page_views, p.views_per_session, p.avg_duration, p.median_duration, p.p90_duration, p.engaged_time_per_visitor, p.key_events, p.key_event_rate, p.clicks, p.impressions, p.ctr, p.interactions FROM @extschema@.session_trend(r.sessions) AS p) AS t
	WHERE r.analysis OPERATOR(pg_catalog.=) of_analysis
	$$;
COMMENT ON FUNCTION @extschema@.tidy_session_period(text, integer) IS 'the rows that kpi_bi.session_period is to have of an analysis';

CREATE FUNCTION @extschema@.write_tidy(of_analysis text, kind text, key integer) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		part pg_catalog.text := CASE kind WHEN 'funnel' THEN 'funnel_step' WHEN 'retention' THEN 'cohort_cell' WHEN 'ltv' THEN 'value_curve' WHEN 'attribution' THEN 'attribution_share' WHEN 'roi' THEN 'channel_roi' WHEN 'activity' THEN 'activity_period' WHEN 'sessions' THEN 'session_period' END;
	BEGIN
		-- rows that are as they were stay
		EXECUTE pg_catalog.format('DELETE FROM kpi_bi.%I AS t WHERE t.analysis_key OPERATOR(pg_catalog.=) $2 AND NOT EXISTS (SELECT FROM @extschema@.%I($1, $2) AS f WHERE f OPERATOR(pg_catalog.*=) t)', part, 'tidy_' OPERATOR(pg_catalog.||) part) USING of_analysis, key;
		EXECUTE pg_catalog.format('INSERT INTO kpi_bi.%I SELECT * FROM @extschema@.%I($1, $2) EXCEPT SELECT * FROM kpi_bi.%I AS t WHERE t.analysis_key OPERATOR(pg_catalog.=) $2', part, 'tidy_' OPERATOR(pg_catalog.||) part, part) USING of_analysis, key;
	END
	$$;
COMMENT ON FUNCTION @extschema@.write_tidy(text, text, integer) IS 'makes the rows of an analysis in kpi_bi those that its summaries have';
