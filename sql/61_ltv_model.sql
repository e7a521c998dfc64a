/* ---- models of customer lifetime ---- */

CREATE TYPE @extschema@.ltv_model;

CREATE FUNCTION @extschema@.ltv_model_in(cstring) RETURNS @extschema@.ltv_model
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_model_in';
COMMENT ON FUNCTION @extschema@.ltv_model_in(cstring) IS 'input function of kpi.ltv_model';

CREATE FUNCTION @extschema@.ltv_model_out(@extschema@.ltv_model) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_model_out';
COMMENT ON FUNCTION @extschema@.ltv_model_out(@extschema@.ltv_model) IS 'output function of kpi.ltv_model';

CREATE FUNCTION @extschema@.ltv_model_recv(internal) RETURNS @extschema@.ltv_model
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_model_recv';
COMMENT ON FUNCTION @extschema@.ltv_model_recv(internal) IS 'binary input function of kpi.ltv_model';

CREATE FUNCTION @extschema@.ltv_model_send(@extschema@.ltv_model) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_model_send';
COMMENT ON FUNCTION @extschema@.ltv_model_send(@extschema@.ltv_model) IS 'binary output function of kpi.ltv_model';

CREATE TYPE @extschema@.ltv_model (
	INPUT = @extschema@.ltv_model_in,
	OUTPUT = @extschema@.ltv_model_out,
	RECEIVE = @extschema@.ltv_model_recv,
	SEND = @extschema@.ltv_model_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.ltv_model IS
'a fitted model of customer lifetime: parameters, their standard errors, log-likelihood, whether it converged; as jsonb all of it';

CREATE FUNCTION @extschema@.ltv_model_to_jsonb(@extschema@.ltv_model) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_model_to_jsonb';
COMMENT ON FUNCTION @extschema@.ltv_model_to_jsonb(@extschema@.ltv_model) IS 'cast of kpi.ltv_model to jsonb';
CREATE FUNCTION @extschema@.ltv_model_from_jsonb(jsonb) RETURNS @extschema@.ltv_model
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_model_from_jsonb';
COMMENT ON FUNCTION @extschema@.ltv_model_from_jsonb(jsonb) IS 'cast of jsonb to kpi.ltv_model';
CREATE CAST (@extschema@.ltv_model AS jsonb) WITH FUNCTION @extschema@.ltv_model_to_jsonb(@extschema@.ltv_model) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.ltv_model AS jsonb) IS 'everything that the fit found';
CREATE CAST (jsonb AS @extschema@.ltv_model) WITH FUNCTION @extschema@.ltv_model_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.ltv_model) IS 'reads what the cast to jsonb has written';

CREATE FUNCTION @extschema@.eq(@extschema@.ltv_model, @extschema@.ltv_model) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.ltv_model, @extschema@.ltv_model) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.ltv_model, @extschema@.ltv_model) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.ltv_model, @extschema@.ltv_model) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.ltv_model) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.ltv_model) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.ltv_model, RIGHTARG = @extschema@.ltv_model, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.ltv_model, @extschema@.ltv_model) IS 'the same fit';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.ltv_model, RIGHTARG = @extschema@.ltv_model, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.ltv_model, @extschema@.ltv_model) IS 'different fits';
CREATE OPERATOR CLASS @extschema@.ltv_model_ops DEFAULT FOR TYPE @extschema@.ltv_model USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.ltv_model);
COMMENT ON OPERATOR CLASS @extschema@.ltv_model_ops USING hash IS 'equality of fits';
COMMENT ON OPERATOR FAMILY @extschema@.ltv_model_ops USING hash IS 'equality of fits';

/* Fitting. */

CREATE FUNCTION @extschema@.fit(ltv @extschema@.ltv, model text) RETURNS @extschema@.ltv_model
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000 AS 'MODULE_PATHNAME', 'ltv_fit';
COMMENT ON FUNCTION @extschema@.fit(@extschema@.ltv, text) IS
'the model (bg_nbd, mbg_nbd, pareto_nbd, bg_bb or gamma_gamma) under which what customers bought before the holdout is most likely';

CREATE FUNCTION @extschema@.fit_sbg(survivors bigint[], period text DEFAULT 'year') RETURNS @extschema@.ltv_model
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'sbg_fit';
COMMENT ON FUNCTION @extschema@.fit_sbg(bigint[], text) IS
'the sbg model of how many stay: how many there were at first and after each period, for one cohort or an array of them, which may end with nulls';

CREATE FUNCTION @extschema@.fit(retention @extschema@.retention, model text, as_of timestamptz DEFAULT NULL) RETURNS @extschema@.ltv_model
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		-- the spec without the labels that are quoted
		spec pg_catalog.text := pg_catalog.regexp_replace(@extschema@.spec_of(retention)::pg_catalog.text, '"[^"]*"', '', 'g');
		survivors bigint[];
	BEGIN
		IF model OPERATOR(pg_catalog.<>) 'sbg' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('model "%s" is not fitted to a retention', model),
				HINT = 'Fit sbg to it, or the others to an ltv.';
		END IF;
		IF spec IS NULL OR model IS NULL THEN
			RETURN NULL;
		END IF;
		IF NOT spec OPERATOR(pg_catalog.~) ' (every|on or after)( |,|$)' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = 'the retention does not tell who stayed',
				HINT = 'Collect it by the rule "every" or "on or after".';
		END IF;
		SELECT pg_catalog.array_agg(per_cohort.counts) INTO survivors FROM (
			SELECT pg_catalog.array_agg(CASE WHEN p.period OPERATOR(pg_catalog.=) 0 THEN c.size WHEN c.complete THEN c.retained END ORDER BY p.period) AS counts
			FROM (SELECT DISTINCT cohort FROM @extschema@.cohorts(retention, as_of)) AS k
			CROSS JOIN (SELECT DISTINCT period FROM @extschema@.cohorts(retention, as_of)) AS p
			LEFT JOIN @extschema@.cohorts(retention, as_of) AS c
				ON c.cohort OPERATOR(pg_catalog.=) k.cohort AND c.period OPERATOR(pg_catalog.=) p.period
			GROUP BY k.cohort) AS per_cohort;
		RETURN @extschema@.fit_sbg(coalesce(survivors, '{}'), pg_catalog.substring(spec, ' by (hour|day|week|month|quarter|year)'));
	END
	$$;
COMMENT ON FUNCTION @extschema@.fit(@extschema@.retention, text, timestamptz) IS
'the sbg model of a retention by the rule "every" or "on or after": of the periods that are complete by as_of (default: the latest time seen)';

/* What models say. */

CREATE FUNCTION @extschema@.probability_alive(model @extschema@.ltv_model, frequency double precision, recency double precision, age double precision) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'model_probability_alive';
COMMENT ON FUNCTION @extschema@.probability_alive(@extschema@.ltv_model, double precision, double precision, double precision) IS
'the probability that a customer with this history will ever buy again (bg_bb: is there in the next period)';

CREATE FUNCTION @extschema@.expected_purchases(model @extschema@.ltv_model, frequency double precision, recency double precision, age double precision, horizon double precision) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'model_expected_purchases';
COMMENT ON FUNCTION @extschema@.expected_purchases(@extschema@.ltv_model, double precision, double precision, double precision, double precision) IS
'purchases expected of a customer with this history within the horizon, in time units of the model';

CREATE FUNCTION @extschema@.residual_purchases(model @extschema@.ltv_model, frequency double precision, recency double precision, age double precision, discount_rate double precision) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'model_residual_purchases';
COMMENT ON FUNCTION @extschema@.residual_purchases(@extschema@.ltv_model, double precision, double precision, double precision, double precision) IS
'all purchases still expected of a customer (pareto_nbd, bg_bb), discounted by a rate for a year; infinite where that has no end';

CREATE FUNCTION @extschema@.expected_value(model @extschema@.ltv_model, frequency double precision, monetary double precision) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'model_expected_value';
COMMENT ON FUNCTION @extschema@.expected_value(@extschema@.ltv_model, double precision, double precision) IS
'gamma_gamma: the amount expected of a purchase by a customer whose repeat purchases had this mean; null if the model has none';

CREATE FUNCTION @extschema@.lifetime_value(model @extschema@.ltv_model, gg_model @extschema@.ltv_model, frequency double precision, recency double precision, age double precision, monetary double precision, horizon double precision, discount_rate double precision DEFAULT 0) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 200 AS 'MODULE_PATHNAME', 'model_lifetime_value';
COMMENT ON FUNCTION @extschema@.lifetime_value(@extschema@.ltv_model, @extschema@.ltv_model, double precision, double precision, double precision, double precision, double precision, double precision) IS
'what a customer is expected to pay within the horizon, in time units of the model, discounted by a rate for a year';

CREATE FUNCTION @extschema@.survival(model @extschema@.ltv_model, periods double precision) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'model_survival';
COMMENT ON FUNCTION @extschema@.survival(@extschema@.ltv_model, double precision) IS
'sbg: the share of customers that is still there after so many periods';

CREATE FUNCTION @extschema@.expected_lifetime(model @extschema@.ltv_model, renewals double precision, discount_rate double precision DEFAULT 0) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'model_expected_lifetime';
COMMENT ON FUNCTION @extschema@.expected_lifetime(@extschema@.ltv_model, double precision, double precision) IS
'sbg: payments still expected of a customer who has renewed so many times and is about to decide again, discounted by a rate for a year';

CREATE FUNCTION @extschema@.expected_cumulative(
		model @extschema@.ltv_model,
		ltv @extschema@.ltv,
		OUT day date,
		OUT purchases bigint,
		OUT cumulative bigint,
		OUT expected double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100 COST 1000 AS 'MODULE_PATHNAME', 'ltv_expected_cumulative';
COMMENT ON FUNCTION @extschema@.expected_cumulative(@extschema@.ltv_model, @extschema@.ltv) IS
'the tracking plot: for each time unit, by its last day, the repeat purchases of all customers in it and so far, and those expected so far';

CREATE FUNCTION @extschema@.holdout_error(
		model @extschema@.ltv_model,
		ltv @extschema@.ltv,
		OUT frequency integer,
		OUT customers bigint,
		OUT actual double precision,
		OUT expected double precision,
		OUT bias double precision,
		OUT mean_absolute_error double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 9 COST 1000 AS 'MODULE_PATHNAME', 'ltv_holdout_error';
COMMENT ON FUNCTION @extschema@.holdout_error(@extschema@.ltv_model, @extschema@.ltv) IS
'purchases in the holdout of customers by their repeat purchases before it (7: 7 or more; null: all), as they were and as expected';
