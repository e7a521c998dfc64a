/* ---- judgement: what a number means next to its target ---- */

CREATE FUNCTION @extschema@.attainment(
		actual double precision, target double precision, baseline double precision DEFAULT NULL, direction text DEFAULT 'up'
	) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'judgement_attainment';
COMMENT ON FUNCTION @extschema@.attainment(double precision, double precision, double precision, text) IS
'share of the target that is reached, 1 or more exactly if it is met: of the way from the baseline, or a ratio by direction (up or down)';

CREATE FUNCTION @extschema@.attainment_range(
		actual double precision, low double precision, high double precision, tolerance double precision DEFAULT NULL
	) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'judgement_attainment_range';
COMMENT ON FUNCTION @extschema@.attainment_range(double precision, double precision, double precision, double precision) IS
'1 within the range, of which one bound may be null; outside less, down to 0 at the tolerance (half the range) away from it';

CREATE FUNCTION @extschema@.elapsed_share(
		period_start date, period_end date, as_of date, pacing text DEFAULT 'linear', weights double precision[] DEFAULT NULL, holidays date[] DEFAULT NULL
	) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'judgement_elapsed_share';
COMMENT ON FUNCTION @extschema@.elapsed_share(date, date, date, text, double precision[], date[]) IS
'share of the period, up to the day before period_end, that is over when as_of ends: of its days (linear), business_days or weights (profile); none: null';

CREATE FUNCTION @extschema@.pace(
		target double precision, elapsed_share double precision, baseline double precision DEFAULT NULL, additive boolean DEFAULT true
	) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'judgement_pace';
COMMENT ON FUNCTION @extschema@.pace(double precision, double precision, double precision, boolean) IS
'the target to date: that share of the way from the baseline (0) to the target; of what does not add up over time the target itself';

CREATE FUNCTION @extschema@.forecast(actual double precision, elapsed_share double precision, additive boolean DEFAULT true) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'judgement_forecast';
COMMENT ON FUNCTION @extschema@.forecast(double precision, double precision, boolean) IS
'what the period ends with if it goes on like this: actual / elapsed_share; of what does not add up over time the actual level';

CREATE FUNCTION @extschema@.status(
		attainment double precision,
		is_closed boolean,
		at_risk double precision DEFAULT 0.90,
		behind double precision DEFAULT 0.75,
		stale boolean DEFAULT false,
		has_started boolean DEFAULT true,
		ci_low double precision DEFAULT NULL,
		ci_high double precision DEFAULT NULL,
		target double precision DEFAULT NULL,
		direction text DEFAULT 'up'
	) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'judgement_status';
COMMENT ON FUNCTION @extschema@.status(double precision, boolean, double precision, double precision, boolean, boolean, double precision, double precision, double precision, text) IS
'not_started, stale, no_data or uncertain (the interval holds the target); else achieved or missed if the period is closed, on_track, at_risk or behind if it is not';

CREATE FUNCTION @extschema@.status_code(status text) RETURNS smallint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'judgement_status_code';
COMMENT ON FUNCTION @extschema@.status_code(text) IS
'1: achieved, on_track; 0: at_risk, uncertain; -1: behind, missed; null: no_data, stale, not_started';

CREATE FUNCTION @extschema@.objective_rollup(
		"values" double precision[], weights double precision[] DEFAULT NULL, rule text DEFAULT 'weighted_mean'
	) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'judgement_objective_rollup';
COMMENT ON FUNCTION @extschema@.objective_rollup(double precision[], double precision[], text) IS
'one number of what the KPIs of an objective attain: their weighted_mean, the worst (or min), max or sum, of those that are not null';

CREATE FUNCTION @extschema@.objective_coverage("values" double precision[], weights double precision[] DEFAULT NULL) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'judgement_objective_coverage';
COMMENT ON FUNCTION @extschema@.objective_coverage(double precision[], double precision[]) IS
'share of the weight of an objective''s KPIs that has a value, which is what kpi.objective_rollup speaks of';
