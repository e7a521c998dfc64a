/*
 * ---- the catalog: objectives, KPIs, targets, measurements, check-ins, actions ----
 *
 * Tables that pg_dump carries. They name roles and relations instead of holding their OIDs, and have no triggers: those
 * would fire during a restore. Who may see and change which rows is in 83_catalog_rights.sql.
 */

CREATE FUNCTION @extschema@.is_measurable(value numeric) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT value OPERATOR(pg_catalog.=) 0 OR pg_catalog.abs(value) OPERATOR(pg_catalog.>=) 1e-100 AND pg_catalog.abs(value) OPERATOR(pg_catalog.<=) 1e100
	$$;
COMMENT ON FUNCTION @extschema@.is_measurable(numeric) IS 'whether a number can be calculated with in double precision, squares included: 0, or of a size from 1e-100 to 1e100; null if it is null';

CREATE FUNCTION @extschema@.number_in_short(value numeric) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN pg_catalog.length(value::pg_catalog.text) OPERATOR(pg_catalog.>) 40 THEN pg_catalog.left(value::pg_catalog.text, 20) OPERATOR(pg_catalog.||) '...' ELSE value::pg_catalog.text END
	$$;
COMMENT ON FUNCTION @extschema@.number_in_short(numeric) IS 'a number as an error quotes it: not all of a hundred thousand digits';

CREATE FUNCTION @extschema@.is_span(span interval) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- no parts of many years that cancel out: the first of them would lead out of the calendar
	SELECT span OPERATOR(pg_catalog.>) '0' AND span OPERATOR(pg_catalog.<=) '36600 days' AND pg_catalog.abs(pg_catalog.extract('year', span)) OPERATOR(pg_catalog.<=) 101 AND pg_catalog.abs(pg_catalog.extract('day', span)) OPERATOR(pg_catalog.<=) 36600
	$$;
COMMENT ON FUNCTION @extschema@.is_span(interval) IS 'whether an interval is more than nothing and at most 36600 days; null if it is null';

CREATE FUNCTION @extschema@.is_day(day date) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT day OPERATOR(pg_catalog.>=) '0001-01-01' AND day OPERATOR(pg_catalog.<=) '9999-12-31'
	$$;
COMMENT ON FUNCTION @extschema@.is_day(date) IS 'whether a day can be calculated with: one of the years 1 to 9999; null if it is null';

CREATE FUNCTION @extschema@.is_moment(moment timestamptz) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT moment OPERATOR(pg_catalog.>=) '0001-01-01 00:00Z'::pg_catalog.timestamptz AND moment OPERATOR(pg_catalog.<) '9999-12-31 00:00Z'::pg_catalog.timestamptz
	$$;
COMMENT ON FUNCTION @extschema@.is_moment(timestamptz) IS 'whether a time can be calculated with: one of the years 1 to 9999; null if it is null';

CREATE TABLE @extschema@.objective (
	name text NOT NULL PRIMARY KEY CHECK (name OPERATOR(pg_catalog.<>) '' AND pg_catalog.length(name) OPERATOR(pg_catalog.<=) 255),
	title text NOT NULL,
	description text,
	perspective text,
	owner name NOT NULL DEFAULT CURRENT_USER,
	rollup text NOT NULL DEFAULT 'weighted_mean' CHECK (rollup OPERATOR(pg_catalog.=) ANY (ARRAY['weighted_mean', 'worst', 'min', 'max', 'sum'])),
	created_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE @extschema@.objective IS 'what is to be achieved; KPIs tell how far';
COMMENT ON COLUMN @extschema@.objective.name IS 'short name, used in calls';
COMMENT ON COLUMN @extschema@.objective.title IS 'what people read';
COMMENT ON COLUMN @extschema@.objective.description IS 'what it is for';
COMMENT ON COLUMN @extschema@.objective.perspective IS 'any grouping, such as customer, finance, process or growth of a balanced scorecard';
COMMENT ON COLUMN @extschema@.objective.owner IS 'role that is responsible and may change it';
COMMENT ON COLUMN @extschema@.objective.rollup IS 'how the attainments of its KPIs and of the objectives below make its own: weighted_mean, worst, min, max or sum';
COMMENT ON COLUMN @extschema@.objective.created_at IS 'when it was added';

/* A table of its own: pg_dump warns about tables that refer to themselves. */
CREATE TABLE @extschema@.objective_edge (
	parent text NOT NULL REFERENCES @extschema@.objective ON UPDATE CASCADE ON DELETE CASCADE,
	child text NOT NULL REFERENCES @extschema@.objective ON UPDATE CASCADE ON DELETE CASCADE,
	weight numeric NOT NULL DEFAULT 1 CHECK (weight OPERATOR(pg_catalog.>) 0 AND @extschema@.is_measurable(weight)),
	PRIMARY KEY (parent, child),
	CHECK (parent OPERATOR(pg_catalog.<>) child)
);
CREATE INDEX objective_edge_child ON @extschema@.objective_edge (child);
COMMENT ON TABLE @extschema@.objective_edge IS 'which objectives serve which';
COMMENT ON COLUMN @extschema@.objective_edge.parent IS 'the objective that is served';
COMMENT ON COLUMN @extschema@.objective_edge.child IS 'the objective that serves it';
COMMENT ON COLUMN @extschema@.objective_edge.weight IS 'its share in the roll-up, next to the others';
COMMENT ON INDEX @extschema@.objective_edge_child IS 'parents of an objective';

CREATE TABLE @extschema@.source (
	name text NOT NULL PRIMARY KEY CHECK (name OPERATOR(pg_catalog.<>) '' AND pg_catalog.length(name) OPERATOR(pg_catalog.<=) 255),
	description text,
	relation_schema name NOT NULL,
	relation_name name NOT NULL,
	relation_owner name NOT NULL,
	actor_column name,
	at_column name NOT NULL,
	event_column name,
	value_column name,
	segment_column name,
	loaded_at_column name,
	id_column name,
	zone text NOT NULL DEFAULT 'UTC',
	stale_after interval NOT NULL DEFAULT '2 days' CHECK (@extschema@.is_span(stale_after)),
	tracked boolean NOT NULL DEFAULT false,
	store_schema name,
	store_name name,
	store_refreshed_to date CHECK (@extschema@.is_day(store_refreshed_to)),
	store_refreshed_at timestamptz CHECK (@extschema@.is_moment(store_refreshed_at)),
	owner name NOT NULL DEFAULT CURRENT_USER,
	created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	CHECK ((store_schema IS NULL) OPERATOR(pg_catalog.=) (store_name IS NULL))
);
COMMENT ON TABLE @extschema@.source IS 'tables and views that KPIs are made of, and what their columns mean';
COMMENT ON COLUMN @extschema@.source.name IS 'short name, used in calls';
COMMENT ON COLUMN @extschema@.source.description IS 'what is in it, in words';
COMMENT ON COLUMN @extschema@.source.relation_schema IS 'schema of the table or view';
COMMENT ON COLUMN @extschema@.source.relation_name IS 'table or view with a row for each event';
COMMENT ON COLUMN @extschema@.source.relation_owner IS 'who owned it when it was registered';
COMMENT ON COLUMN @extschema@.source.actor_column IS 'who did it';
COMMENT ON COLUMN @extschema@.source.at_column IS 'when it happened';
COMMENT ON COLUMN @extschema@.source.event_column IS 'what happened; null: every row is the same kind of event';
COMMENT ON COLUMN @extschema@.source.value_column IS 'what it was worth, or the score of an answer';
COMMENT ON COLUMN @extschema@.source.segment_column IS 'what KPIs are split by unless they say otherwise';
COMMENT ON COLUMN @extschema@.source.loaded_at_column IS 'when the row arrived in the database';
COMMENT ON COLUMN @extschema@.source.id_column IS 'identifies an event: the same twice is a duplicate';
COMMENT ON COLUMN @extschema@.source.zone IS 'time zone whose calendar the days of its KPIs are of, and whose clocks times without a zone are read by';
COMMENT ON COLUMN @extschema@.source.stale_after IS 'how old its newest event may be before its data count as late';
COMMENT ON COLUMN @extschema@.source.tracked IS 'whether triggers note which days change: kpi.track_changes()';
COMMENT ON COLUMN @extschema@.source.store_schema IS 'schema of its timeline store';
COMMENT ON COLUMN @extschema@.source.store_name IS 'table with a timeline for each actor, kept up to date by kpi.refresh(): kpi.store_timelines()';
COMMENT ON COLUMN @extschema@.source.store_refreshed_to IS 'days before this one are in the store';
COMMENT ON COLUMN @extschema@.source.store_refreshed_at IS 'when that was';
COMMENT ON COLUMN @extschema@.source.owner IS 'role that is responsible and may change it';
COMMENT ON COLUMN @extschema@.source.created_at IS 'when it was added';

/* Written by triggers of tables that are in use, so nothing in it can be waited for: no key. */
CREATE TABLE @extschema@.source_change (
	source text NOT NULL REFERENCES @extschema@.source ON UPDATE CASCADE ON DELETE CASCADE,
	from_day date NOT NULL,
	to_day date NOT NULL,
	at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	CHECK (from_day OPERATOR(pg_catalog.<=) to_day)
);
COMMENT ON TABLE @extschema@.source_change IS 'days of a tracked source that changed behind what is read again anyway; the next refresh turns them into invalidations of its KPIs';
COMMENT ON COLUMN @extschema@.source_change.source IS 'the source';
COMMENT ON COLUMN @extschema@.source_change.from_day IS 'the first day';
COMMENT ON COLUMN @extschema@.source_change.to_day IS 'the last day';
COMMENT ON COLUMN @extschema@.source_change.at IS 'when it changed';

/* No key, for the same reason as kpi.invalidation. */
CREATE TABLE @extschema@.store_invalidation (
	source text NOT NULL REFERENCES @extschema@.source ON UPDATE CASCADE ON DELETE CASCADE,
	from_day date NOT NULL,
	to_day date NOT NULL,
	CHECK (from_day OPERATOR(pg_catalog.<=) to_day)
);
CREATE INDEX store_invalidation_source ON @extschema@.store_invalidation (source);
COMMENT ON INDEX @extschema@.store_invalidation_source IS 'invalidated days of a source';
COMMENT ON TABLE @extschema@.store_invalidation IS 'days of a source that the next refresh of its timeline store has to read again';
COMMENT ON COLUMN @extschema@.store_invalidation.source IS 'the source';
COMMENT ON COLUMN @extschema@.store_invalidation.from_day IS 'the first day';
COMMENT ON COLUMN @extschema@.store_invalidation.to_day IS 'the last day';

CREATE TABLE @extschema@.store_log (
	source text NOT NULL REFERENCES @extschema@.source ON UPDATE CASCADE ON DELETE CASCADE,
	started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	finished_at timestamptz,
	timelines bigint,
	error text,
	by_role name NOT NULL DEFAULT CURRENT_USER,
	PRIMARY KEY (source, started_at)
);
COMMENT ON TABLE @extschema@.store_log IS 'what kpi.refresh() did with timeline stores, of the last 30 days';
COMMENT ON COLUMN @extschema@.store_log.source IS 'the source';
COMMENT ON COLUMN @extschema@.store_log.started_at IS 'when it began';
COMMENT ON COLUMN @extschema@.store_log.finished_at IS 'when it ended, well or not';
COMMENT ON COLUMN @extschema@.store_log.timelines IS 'how many timelines changed; null if it failed';
COMMENT ON COLUMN @extschema@.store_log.error IS 'why it failed';
COMMENT ON COLUMN @extschema@.store_log.by_role IS 'who ran it';

CREATE TABLE @extschema@.kpi (
	name text NOT NULL PRIMARY KEY CHECK (name OPERATOR(pg_catalog.<>) '' AND pg_catalog.length(name) OPERATOR(pg_catalog.<=) 255),
	title text NOT NULL,
	description text,
	kind text NOT NULL CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['view', 'function', 'derived', 'manual'])),
	source text REFERENCES @extschema@.source ON UPDATE CASCADE,
	formula @extschema@.formula,
	definition_schema name,
	definition_name name,
	definition_owner name,
	unit text NOT NULL,
	direction text NOT NULL CHECK (direction OPERATOR(pg_catalog.=) ANY (ARRAY['up', 'down', 'range'])),
	grain text NOT NULL CHECK (grain OPERATOR(pg_catalog.=) ANY (ARRAY['day', 'week', 'month', 'quarter', 'year'])),
	adds text NOT NULL CHECK (adds OPERATOR(pg_catalog.=) ANY (ARRAY['sum', 'last', 'mean', 'ratio', 'recompute'])),
	qualitative boolean NOT NULL DEFAULT false,
	zone text NOT NULL DEFAULT 'UTC',
	lookback integer NOT NULL DEFAULT 3 CHECK (lookback OPERATOR(pg_catalog.>=) 0 AND lookback OPERATOR(pg_catalog.<=) 36600),
	lookahead integer DEFAULT 0 CHECK (lookahead OPERATOR(pg_catalog.>=) 0 AND lookahead OPERATOR(pg_catalog.<=) 36600),
	reach integer NOT NULL DEFAULT 0 CHECK (reach OPERATOR(pg_catalog.>=) 0 AND reach OPERATOR(pg_catalog.<=) lookback),
	stale_after interval NOT NULL DEFAULT '2 days' CHECK (@extschema@.is_span(stale_after)),
	at_risk double precision NOT NULL DEFAULT 0.90,
	behind double precision NOT NULL DEFAULT 0.75,
	min_n bigint CHECK (min_n OPERATOR(pg_catalog.>) 0),
	owner name NOT NULL DEFAULT CURRENT_USER,
	version integer NOT NULL DEFAULT 1,
	active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	CHECK ((kind OPERATOR(pg_catalog.=) ANY (ARRAY['manual', 'derived'])) OPERATOR(pg_catalog.=) (definition_name IS NULL)),
	CHECK ((kind OPERATOR(pg_catalog.=) 'derived') OPERATOR(pg_catalog.=) (formula IS NOT NULL)),
	CHECK ((definition_schema IS NULL) OPERATOR(pg_catalog.=) (definition_name IS NULL) AND (definition_owner IS NULL) OPERATOR(pg_catalog.=) (definition_name IS NULL)),
	CHECK (0 OPERATOR(pg_catalog.<) behind AND behind OPERATOR(pg_catalog.<=) at_risk AND at_risk OPERATOR(pg_catalog.<) 'Infinity')
);
COMMENT ON TABLE @extschema@.kpi IS 'the KPIs: where their values come from, and how they are to be read';
COMMENT ON COLUMN @extschema@.kpi.name IS 'short name, used in calls';
COMMENT ON COLUMN @extschema@.kpi.title IS 'what people read';
COMMENT ON COLUMN @extschema@.kpi.description IS 'what it measures, in words';
COMMENT ON COLUMN @extschema@.kpi.kind IS 'view or function: read by kpi.refresh(); derived: calculated from other KPIs; manual: told by kpi.check_in()';
COMMENT ON COLUMN @extschema@.kpi.source IS 'the source that it is made of, if it was told';
COMMENT ON COLUMN @extschema@.kpi.formula IS 'of a derived one: how it is calculated from other KPIs';
COMMENT ON COLUMN @extschema@.kpi.definition_schema IS 'schema of the view, table or function';
COMMENT ON COLUMN @extschema@.kpi.definition_name IS 'view, table or function with the columns period_start, value or numerator and denominator, perhaps segment, n, ci_low, ci_high';
COMMENT ON COLUMN @extschema@.kpi.definition_owner IS 'who owned it when it was registered; if another one does, it is not run any more';
COMMENT ON COLUMN @extschema@.kpi.unit IS 'unit of the values: EUR, %, visitors, ...';
COMMENT ON COLUMN @extschema@.kpi.direction IS 'up: more is better, down: less is better, range: between two bounds';
COMMENT ON COLUMN @extschema@.kpi.grain IS 'length of the periods that it is measured by: day, week, month, quarter or year';
COMMENT ON COLUMN @extschema@.kpi.adds IS 'how periods make a longer one: sum, last, mean, ratio (sum of numerators over sum of denominators), recompute (not at all)';
COMMENT ON COLUMN @extschema@.kpi.qualitative IS 'whether it is what people say rather than what they do';
COMMENT ON COLUMN @extschema@.kpi.zone IS 'time zone whose calendar its periods are of';
COMMENT ON COLUMN @extschema@.kpi.lookback IS 'how many days before the last refresh are read again, for data that come late; so many before a day that has changed, too';
COMMENT ON COLUMN @extschema@.kpi.lookahead IS 'how many days behind one that has changed are read again; null: all of them, as for whatever looks at the whole history';
COMMENT ON COLUMN @extschema@.kpi.reach IS 'how many days before its own a row changes, such as the window of a funnel: what is left of the lookback is for rows that come late';
COMMENT ON COLUMN @extschema@.kpi.stale_after IS 'how long after the end of a period its value may be missing before the status is stale';
COMMENT ON COLUMN @extschema@.kpi.at_risk IS 'attainment of what is expected below which it is at risk';
COMMENT ON COLUMN @extschema@.kpi.behind IS 'attainment of what is expected below which it is behind';
COMMENT ON COLUMN @extschema@.kpi.min_n IS 'fewer observations than this say nothing';
COMMENT ON COLUMN @extschema@.kpi.owner IS 'role that is responsible and may change it';
COMMENT ON COLUMN @extschema@.kpi.version IS 'counts the changes of its definition';
COMMENT ON COLUMN @extschema@.kpi.active IS 'whether it is refreshed and judged';
COMMENT ON COLUMN @extschema@.kpi.created_at IS 'when it was added';
CREATE INDEX kpi_source ON @extschema@.kpi (source, lookback);
COMMENT ON INDEX @extschema@.kpi_source IS 'KPIs of a source, and the least lookback of them';

CREATE TABLE @extschema@.kpi_input (
	kpi text NOT NULL REFERENCES @extschema@.kpi ON UPDATE CASCADE ON DELETE CASCADE,
	input text NOT NULL REFERENCES @extschema@.kpi DEFERRABLE INITIALLY DEFERRED,
	PRIMARY KEY (kpi, input),
	CHECK (kpi OPERATOR(pg_catalog.<>) input)
);
CREATE INDEX kpi_input_input ON @extschema@.kpi_input (input);
COMMENT ON TABLE @extschema@.kpi_input IS 'which KPIs a derived one is calculated from; those can be neither removed nor renamed meanwhile';
COMMENT ON COLUMN @extschema@.kpi_input.kpi IS 'the derived KPI';
COMMENT ON COLUMN @extschema@.kpi_input.input IS 'a KPI in its formula';
COMMENT ON INDEX @extschema@.kpi_input_input IS 'what is calculated from a KPI';

CREATE TABLE @extschema@.kpi_objective (
	kpi text NOT NULL REFERENCES @extschema@.kpi ON UPDATE CASCADE ON DELETE CASCADE,
	objective text NOT NULL REFERENCES @extschema@.objective ON UPDATE CASCADE ON DELETE CASCADE,
	weight numeric NOT NULL DEFAULT 1 CHECK (weight OPERATOR(pg_catalog.>) 0 AND @extschema@.is_measurable(weight)),
	PRIMARY KEY (objective, kpi)
);
CREATE INDEX kpi_objective_kpi ON @extschema@.kpi_objective (kpi);
COMMENT ON TABLE @extschema@.kpi_objective IS 'which KPIs tell about which objectives';
COMMENT ON COLUMN @extschema@.kpi_objective.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.kpi_objective.objective IS 'the objective';
COMMENT ON COLUMN @extschema@.kpi_objective.weight IS 'its share in the roll-up, next to the others';
COMMENT ON INDEX @extschema@.kpi_objective_kpi IS 'objectives of a KPI';

CREATE TABLE @extschema@.target (
	kpi text NOT NULL REFERENCES @extschema@.kpi ON UPDATE CASCADE ON DELETE CASCADE,
	segment text NOT NULL DEFAULT '',
	period_start date NOT NULL CHECK (@extschema@.is_day(period_start)),
	period_end date NOT NULL CHECK (@extschema@.is_day(period_end)),
	version integer NOT NULL DEFAULT 1,
	target numeric CHECK (@extschema@.is_measurable(target)),
	low numeric CHECK (@extschema@.is_measurable(low)),
	high numeric CHECK (@extschema@.is_measurable(high)),
	baseline numeric CHECK (@extschema@.is_measurable(baseline)),
	stretch numeric CHECK (@extschema@.is_measurable(stretch)),
	pacing text NOT NULL CHECK (pacing OPERATOR(pg_catalog.=) ANY (ARRAY['none', 'linear', 'business_days', 'profile'])),
	weights double precision[],
	rationale text,
	set_by name NOT NULL DEFAULT CURRENT_USER,
	set_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	closed_at timestamptz,
	PRIMARY KEY (kpi, segment, period_start, period_end, version),
	CHECK (period_start OPERATOR(pg_catalog.<) period_end),
	CHECK ((target IS NOT NULL) OPERATOR(pg_catalog.<>) (low IS NOT NULL OR high IS NOT NULL)),
	CHECK (low OPERATOR(pg_catalog.<=) high),
	CHECK ((pacing OPERATOR(pg_catalog.=) 'profile') OPERATOR(pg_catalog.=) (weights IS NOT NULL)),
	CHECK (pg_catalog.cardinality(weights) OPERATOR(pg_catalog.=) ANY (ARRAY[7, period_end OPERATOR(pg_catalog.-) period_start])),
	CHECK (0::pg_catalog.float8 OPERATOR(pg_catalog.<=) ALL (weights) AND 1e100::pg_catalog.float8 OPERATOR(pg_catalog.>=) ALL (weights) AND pg_catalog.array_position(weights, NULL) IS NULL)
);
CREATE UNIQUE INDEX target_in_force ON @extschema@.target (kpi, segment, period_start, period_end) WHERE closed_at IS NULL;
COMMENT ON TABLE @extschema@.target IS 'what is to be reached when; a changed target closes the row of the one before, so that moved goalposts show';
COMMENT ON COLUMN @extschema@.target.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.target.segment IS 'the segment that it is for; empty: the whole';
COMMENT ON COLUMN @extschema@.target.period_start IS 'first day of the period';
COMMENT ON COLUMN @extschema@.target.period_end IS 'the day after its last one';
COMMENT ON COLUMN @extschema@.target.version IS 'counts the targets that this period has had';
COMMENT ON COLUMN @extschema@.target.target IS 'value to be reached at the end of the period; null if there is a range';
COMMENT ON COLUMN @extschema@.target.low IS 'least value of the range; null: none';
COMMENT ON COLUMN @extschema@.target.high IS 'greatest value of the range; null: none';
COMMENT ON COLUMN @extschema@.target.baseline IS 'where it started: attainment is the share of the way from there';
COMMENT ON COLUMN @extschema@.target.stretch IS 'what would be even better';
COMMENT ON COLUMN @extschema@.target.pacing IS 'how much is expected of a part of the period: none (the level), linear (by days), business_days, profile (by weights)';
COMMENT ON COLUMN @extschema@.target.weights IS 'for profile: of the seven days from Monday on, or of each day of the period';
COMMENT ON COLUMN @extschema@.target.rationale IS 'why this much';
COMMENT ON COLUMN @extschema@.target.set_by IS 'who set it';
COMMENT ON COLUMN @extschema@.target.set_at IS 'when it was set';
COMMENT ON COLUMN @extschema@.target.closed_at IS 'when another one took its place; null: it is in force';
COMMENT ON INDEX @extschema@.target_in_force IS 'one target of a period is in force';

-- written out what is_measurable() says: there are millions of rows
CREATE TABLE @extschema@.measurement (
	kpi text NOT NULL REFERENCES @extschema@.kpi ON UPDATE CASCADE ON DELETE CASCADE,
	segment text NOT NULL DEFAULT '',
	period_start date NOT NULL,
	value numeric CHECK (value OPERATOR(pg_catalog.=) 0 OR pg_catalog.abs(value) OPERATOR(pg_catalog.>=) 1e-100 AND pg_catalog.abs(value) OPERATOR(pg_catalog.<=) 1e100),
	numerator numeric CHECK (numerator OPERATOR(pg_catalog.=) 0 OR pg_catalog.abs(numerator) OPERATOR(pg_catalog.>=) 1e-100 AND pg_catalog.abs(numerator) OPERATOR(pg_catalog.<=) 1e100),
	denominator numeric CHECK (denominator OPERATOR(pg_catalog.=) 0 OR pg_catalog.abs(denominator) OPERATOR(pg_catalog.>=) 1e-100 AND pg_catalog.abs(denominator) OPERATOR(pg_catalog.<=) 1e100),
	n bigint CHECK (n OPERATOR(pg_catalog.>=) 0 AND n OPERATOR(pg_catalog.<=) 1000000000000),
	ci_low double precision,
	ci_high double precision,
	is_complete boolean NOT NULL,
	previous numeric,
	year_ago numeric,
	version integer NOT NULL,
	computed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	PRIMARY KEY (kpi, segment, period_start)
);
CREATE INDEX measurement_period ON @extschema@.measurement (period_start, kpi);
COMMENT ON TABLE @extschema@.measurement IS 'what the KPIs were, period by period';
COMMENT ON COLUMN @extschema@.measurement.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.measurement.segment IS 'the segment; empty: the whole';
COMMENT ON COLUMN @extschema@.measurement.period_start IS 'first day of the period, which is as long as the grain of the KPI';
COMMENT ON COLUMN @extschema@.measurement.value IS 'the value; of a ratio numerator over denominator, null if that is 0';
COMMENT ON COLUMN @extschema@.measurement.numerator IS 'of a ratio';
COMMENT ON COLUMN @extschema@.measurement.denominator IS 'of a ratio';
COMMENT ON COLUMN @extschema@.measurement.n IS 'how many observations it rests on';
COMMENT ON COLUMN @extschema@.measurement.ci_low IS 'lower end of its confidence interval';
COMMENT ON COLUMN @extschema@.measurement.ci_high IS 'upper end of its confidence interval';
COMMENT ON COLUMN @extschema@.measurement.is_complete IS 'whether the period was over when this was computed';
COMMENT ON COLUMN @extschema@.measurement.previous IS 'the value of the period before';
COMMENT ON COLUMN @extschema@.measurement.year_ago IS 'the value of the same period a year ago; of days and weeks, that 52 weeks ago';
COMMENT ON COLUMN @extschema@.measurement.version IS 'version of the KPI that computed it';
COMMENT ON COLUMN @extschema@.measurement.computed_at IS 'when it was computed';
COMMENT ON INDEX @extschema@.measurement_period IS 'all KPIs of a time';

CREATE TABLE @extschema@.check_in (
	kpi text NOT NULL REFERENCES @extschema@.kpi ON UPDATE CASCADE ON DELETE CASCADE,
	segment text NOT NULL DEFAULT '',
	period_start date NOT NULL,
	at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp() CHECK (@extschema@.is_moment(at)),
	value numeric,
	note text,
	status text CHECK (status OPERATOR(pg_catalog.=) ANY (ARRAY['achieved', 'on_track', 'at_risk', 'behind', 'missed', 'uncertain'])),
	status_until date,
	by_role name NOT NULL DEFAULT CURRENT_USER,
	PRIMARY KEY (kpi, segment, period_start, at),
	CHECK ((status IS NULL) OPERATOR(pg_catalog.=) (status_until IS NULL)),
	CHECK (value IS NOT NULL OR note IS NOT NULL OR status IS NOT NULL)
);
COMMENT ON TABLE @extschema@.check_in IS 'what people said about a KPI: values of manual ones, notes, a status that overrides the computed one for a while';
COMMENT ON COLUMN @extschema@.check_in.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.check_in.segment IS 'the segment; empty: the whole';
COMMENT ON COLUMN @extschema@.check_in.period_start IS 'first day of the period that it is about';
COMMENT ON COLUMN @extschema@.check_in.at IS 'when it was said';
COMMENT ON COLUMN @extschema@.check_in.value IS 'the value of a manual KPI';
COMMENT ON COLUMN @extschema@.check_in.note IS 'what there is to say';
COMMENT ON COLUMN @extschema@.check_in.status IS 'the status to show instead of the computed one';
COMMENT ON COLUMN @extschema@.check_in.status_until IS 'last day that it is shown';
COMMENT ON COLUMN @extschema@.check_in.by_role IS 'who said it';

/*
 * No key: a row that is there already and is about to go with a refresh that cannot see the new data yet must not stand in
 * for the one of those data.
 */
CREATE TABLE @extschema@.invalidation (
	kpi text NOT NULL REFERENCES @extschema@.kpi ON UPDATE CASCADE ON DELETE CASCADE,
	from_day date NOT NULL,
	to_day date NOT NULL,
	CHECK (from_day OPERATOR(pg_catalog.<=) to_day)
);
CREATE INDEX invalidation_kpi ON @extschema@.invalidation (kpi);
COMMENT ON INDEX @extschema@.invalidation_kpi IS 'invalidated days of a KPI';
COMMENT ON TABLE @extschema@.invalidation IS 'days that the next refresh has to read again';
COMMENT ON COLUMN @extschema@.invalidation.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.invalidation.from_day IS 'the first day';
COMMENT ON COLUMN @extschema@.invalidation.to_day IS 'the last day';

CREATE TABLE @extschema@.watermark (
	kpi text NOT NULL PRIMARY KEY REFERENCES @extschema@.kpi ON UPDATE CASCADE ON DELETE CASCADE,
	refreshed_to date NOT NULL CHECK (@extschema@.is_day(refreshed_to)),
	refreshed_at timestamptz NOT NULL CHECK (@extschema@.is_moment(refreshed_at)),
	data_to date CHECK (@extschema@.is_day(data_to))
);
COMMENT ON TABLE @extschema@.watermark IS 'how far the KPIs are read';
COMMENT ON COLUMN @extschema@.watermark.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.watermark.refreshed_to IS 'days before this one are read';
COMMENT ON COLUMN @extschema@.watermark.refreshed_at IS 'when that was';
COMMENT ON COLUMN @extschema@.watermark.data_to IS 'of a KPI by longer periods than days, made of a source: there were data of days before this one only; null: not known';

CREATE TABLE @extschema@.run_log (
	kpi text NOT NULL REFERENCES @extschema@.kpi ON UPDATE CASCADE ON DELETE CASCADE,
	started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	from_day date NOT NULL,
	to_day date NOT NULL,
	chunk integer NOT NULL DEFAULT 1,
	chunks integer NOT NULL DEFAULT 1,
	finished_at timestamptz,
	rows bigint,
	error text,
	by_role name NOT NULL DEFAULT CURRENT_USER,
	PRIMARY KEY (kpi, started_at)
);
COMMENT ON TABLE @extschema@.run_log IS 'what kpi.refresh() did: a row for each KPI and stretch of days that were read';
COMMENT ON COLUMN @extschema@.run_log.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.run_log.started_at IS 'when it began';
COMMENT ON COLUMN @extschema@.run_log.from_day IS 'the first day that was read';
COMMENT ON COLUMN @extschema@.run_log.to_day IS 'the day after the last one';
COMMENT ON COLUMN @extschema@.run_log.chunk IS 'which of the chunks of this KPI in this refresh it is, from 1 on';
COMMENT ON COLUMN @extschema@.run_log.chunks IS 'how many chunks there were to read';
COMMENT ON COLUMN @extschema@.run_log.finished_at IS 'when it ended, well or not';
COMMENT ON COLUMN @extschema@.run_log.rows IS 'measurements that were written; null if it failed';
COMMENT ON COLUMN @extschema@.run_log.error IS 'why it failed';
COMMENT ON COLUMN @extschema@.run_log.by_role IS 'who ran it';

CREATE TABLE @extschema@.action (
	name text NOT NULL PRIMARY KEY CHECK (name OPERATOR(pg_catalog.<>) ''),
	kpi text NOT NULL REFERENCES @extschema@.kpi ON UPDATE CASCADE ON DELETE CASCADE,
	segment text NOT NULL DEFAULT '',
	description text,
	decided_on date NOT NULL DEFAULT CURRENT_DATE,
	started_on date NOT NULL,
	ended_on date,
	expected_change numeric CHECK (@extschema@.is_measurable(expected_change)),
	state text NOT NULL DEFAULT 'running' CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['planned', 'running', 'done', 'dropped'])),
	owner name NOT NULL DEFAULT CURRENT_USER,
	recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	CHECK (ended_on OPERATOR(pg_catalog.>=) started_on)
);
CREATE INDEX action_kpi ON @extschema@.action (kpi);
COMMENT ON TABLE @extschema@.action IS 'what was decided because of a KPI, and what it is to bring: the end of the loop, and its beginning';
COMMENT ON COLUMN @extschema@.action.name IS 'short name, used in calls';
COMMENT ON COLUMN @extschema@.action.kpi IS 'the KPI that it is to move';
COMMENT ON COLUMN @extschema@.action.segment IS 'the segment that it is to move; empty: the whole';
COMMENT ON COLUMN @extschema@.action.description IS 'what is done, and why';
COMMENT ON COLUMN @extschema@.action.decided_on IS 'when it was decided';
COMMENT ON COLUMN @extschema@.action.started_on IS 'the first day that it can have an effect';
COMMENT ON COLUMN @extschema@.action.ended_on IS 'the last day that it can have an effect; null: it goes on';
COMMENT ON COLUMN @extschema@.action.expected_change IS 'by how much it is to change the KPI in a period, in its unit';
COMMENT ON COLUMN @extschema@.action.state IS 'planned, running, done or dropped';
COMMENT ON COLUMN @extschema@.action.owner IS 'who is responsible';
COMMENT ON COLUMN @extschema@.action.recorded_at IS 'when it was recorded';
COMMENT ON INDEX @extschema@.action_kpi IS 'actions of a KPI';

CREATE TABLE @extschema@.schedule (
	name text NOT NULL,
	by_role name NOT NULL DEFAULT CURRENT_USER,
	cron text NOT NULL,
	command text NOT NULL,
	job bigint,
	at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	PRIMARY KEY (by_role, name)
);
COMMENT ON TABLE @extschema@.schedule IS 'when refreshes run, as kpi.schedule() was told';
COMMENT ON COLUMN @extschema@.schedule.name IS 'name of the job';
COMMENT ON COLUMN @extschema@.schedule.cron IS 'when, as cron writes it';
COMMENT ON COLUMN @extschema@.schedule.command IS 'what is run';
COMMENT ON COLUMN @extschema@.schedule.job IS 'number of the job of pg_cron; null: another scheduler has to run it';
COMMENT ON COLUMN @extschema@.schedule.by_role IS 'as whom';
COMMENT ON COLUMN @extschema@.schedule.at IS 'when it was scheduled';

SELECT pg_catalog.pg_extension_config_dump('@extschema@.objective', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.objective_edge', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.source', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.source_change', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.store_invalidation', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.store_log', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.kpi', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.kpi_input', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.kpi_objective', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.target', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.measurement', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.check_in', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.invalidation', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.watermark', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.run_log', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.action', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.schedule', '');
