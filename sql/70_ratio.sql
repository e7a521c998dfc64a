/* ---- ratio: a sum over a sum ---- */

CREATE TYPE @extschema@.ratio;

CREATE FUNCTION @extschema@.ratio_in(cstring) RETURNS @extschema@.ratio
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_in';
COMMENT ON FUNCTION @extschema@.ratio_in(cstring) IS 'input function of kpi.ratio';

CREATE FUNCTION @extschema@.ratio_out(@extschema@.ratio) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_out';
COMMENT ON FUNCTION @extschema@.ratio_out(@extschema@.ratio) IS 'output function of kpi.ratio';

CREATE FUNCTION @extschema@.ratio_recv(internal) RETURNS @extschema@.ratio
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_recv';
COMMENT ON FUNCTION @extschema@.ratio_recv(internal) IS 'binary input function of kpi.ratio';

CREATE FUNCTION @extschema@.ratio_send(@extschema@.ratio) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_send';
COMMENT ON FUNCTION @extschema@.ratio_send(@extschema@.ratio) IS 'binary output function of kpi.ratio';

CREATE TYPE @extschema@.ratio (
	INPUT = @extschema@.ratio_in,
	OUTPUT = @extschema@.ratio_out,
	RECEIVE = @extschema@.ratio_recv,
	SEND = @extschema@.ratio_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.ratio IS
'a ratio of two sums that can be merged (CTR, CAC, AOV, churn ...): sum over sum, never an average of ratios; read it with kpi.value()';

CREATE FUNCTION @extschema@.ratio_to_jsonb(@extschema@.ratio) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_to_jsonb';
COMMENT ON FUNCTION @extschema@.ratio_to_jsonb(@extschema@.ratio) IS 'cast of kpi.ratio to jsonb';
CREATE FUNCTION @extschema@.ratio_from_jsonb(jsonb) RETURNS @extschema@.ratio
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_from_jsonb';
COMMENT ON FUNCTION @extschema@.ratio_from_jsonb(jsonb) IS 'cast of jsonb to kpi.ratio';
CREATE CAST (@extschema@.ratio AS jsonb) WITH FUNCTION @extschema@.ratio_to_jsonb(@extschema@.ratio) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.ratio AS jsonb) IS 'everything that the summary holds';
CREATE CAST (jsonb AS @extschema@.ratio) WITH FUNCTION @extschema@.ratio_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.ratio) IS 'reads what the cast to jsonb has written';

/* The aggregate. */

CREATE FUNCTION @extschema@.ratio_final(internal) RETURNS @extschema@.ratio
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_final';
COMMENT ON FUNCTION @extschema@.ratio_final(internal) IS 'final function of kpi.ratio';
CREATE FUNCTION @extschema@.ratio_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_combine';
COMMENT ON FUNCTION @extschema@.ratio_combine(internal, internal) IS 'combine function of kpi.ratio';
CREATE FUNCTION @extschema@.ratio_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_serialise';
COMMENT ON FUNCTION @extschema@.ratio_serialise(internal) IS 'serialisation function of kpi.ratio';
CREATE FUNCTION @extschema@.ratio_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_deserialise';
COMMENT ON FUNCTION @extschema@.ratio_deserialise(bytea, internal) IS 'deserialisation function of kpi.ratio';

CREATE FUNCTION @extschema@.ratio_add(internal, numeric, numeric) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_add';
COMMENT ON FUNCTION @extschema@.ratio_add(internal, numeric, numeric) IS 'transition function of kpi.ratio';
CREATE FUNCTION @extschema@.ratio_remove(internal, numeric, numeric) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_remove';
COMMENT ON FUNCTION @extschema@.ratio_remove(internal, numeric, numeric) IS 'inverse transition function of kpi.ratio';
CREATE AGGREGATE @extschema@.ratio(numerator numeric, denominator numeric) (
	SFUNC = @extschema@.ratio_add, STYPE = internal, SSPACE = 1024,
	FINALFUNC = @extschema@.ratio_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.ratio_combine,
	SERIALFUNC = @extschema@.ratio_serialise, DESERIALFUNC = @extschema@.ratio_deserialise,
	MSFUNC = @extschema@.ratio_add, MINVFUNC = @extschema@.ratio_remove, MSTYPE = internal, MSSPACE = 1024,
	MFINALFUNC = @extschema@.ratio_final, MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.ratio(numeric, numeric) IS
'the sum of the numerators over the sum of the denominators; rows with a null in either are ignored';

/* Merging; what is no arithmetic of ratios. */

CREATE FUNCTION @extschema@.merge(@extschema@.ratio, @extschema@.ratio) RETURNS @extschema@.ratio
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.ratio, @extschema@.ratio) IS
'the ratio of the rows of both: sum over sum';
CREATE OPERATOR @extschema@.+ (
	LEFTARG = @extschema@.ratio, RIGHTARG = @extschema@.ratio, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.+)
);
COMMENT ON OPERATOR @extschema@.+ (@extschema@.ratio, @extschema@.ratio) IS 'the ratio of the rows of both';
CREATE AGGREGATE @extschema@.rollup(ratio @extschema@.ratio) (
	SFUNC = @extschema@.merge, STYPE = @extschema@.ratio, COMBINEFUNC = @extschema@.merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.ratio) IS
'merges ratios: sum over sum; null for no rows';

CREATE FUNCTION @extschema@.ratio_no_operator(@extschema@.ratio, @extschema@.ratio) RETURNS @extschema@.ratio
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_no_operator';
COMMENT ON FUNCTION @extschema@.ratio_no_operator(@extschema@.ratio, @extschema@.ratio) IS
'says why there is no such operator, and what to write instead';
CREATE OPERATOR @extschema@.- (
	LEFTARG = @extschema@.ratio, RIGHTARG = @extschema@.ratio, FUNCTION = @extschema@.ratio_no_operator
);
COMMENT ON OPERATOR @extschema@.- (@extschema@.ratio, @extschema@.ratio) IS 'an error that says what to write instead';
CREATE OPERATOR @extschema@.* (
	LEFTARG = @extschema@.ratio, RIGHTARG = @extschema@.ratio, FUNCTION = @extschema@.ratio_no_operator
);
COMMENT ON OPERATOR @extschema@.* (@extschema@.ratio, @extschema@.ratio) IS 'an error that says what to write instead';
CREATE OPERATOR @extschema@./ (
	LEFTARG = @extschema@.ratio, RIGHTARG = @extschema@.ratio, FUNCTION = @extschema@.ratio_no_operator
);
COMMENT ON OPERATOR @extschema@./ (@extschema@.ratio, @extschema@.ratio) IS 'an error that says what to write instead';

CREATE FUNCTION @extschema@.eq(@extschema@.ratio, @extschema@.ratio) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.ratio, @extschema@.ratio) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.ratio, @extschema@.ratio) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.ratio, @extschema@.ratio) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.ratio) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.ratio) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.ratio, RIGHTARG = @extschema@.ratio, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.ratio, @extschema@.ratio) IS 'the same ratio';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.ratio, RIGHTARG = @extschema@.ratio, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.ratio, @extschema@.ratio) IS 'different ratios';
CREATE OPERATOR CLASS @extschema@.ratio_ops DEFAULT FOR TYPE @extschema@.ratio USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.ratio);
COMMENT ON OPERATOR CLASS @extschema@.ratio_ops USING hash IS 'equality of ratios';
COMMENT ON OPERATOR FAMILY @extschema@.ratio_ops USING hash IS 'equality of ratios';

/* Accessors. */

CREATE FUNCTION @extschema@.value(ratio @extschema@.ratio) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_value';
COMMENT ON FUNCTION @extschema@.value(@extschema@.ratio) IS
'the ratio, as PostgreSQL divides; null if the denominators add up to 0';

CREATE FUNCTION @extschema@.numerator(ratio @extschema@.ratio) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_numerator';
COMMENT ON FUNCTION @extschema@.numerator(@extschema@.ratio) IS
'the sum of the numerators, exact';

CREATE FUNCTION @extschema@.denominator(ratio @extschema@.ratio) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_denominator';
COMMENT ON FUNCTION @extschema@.denominator(@extschema@.ratio) IS
'the sum of the denominators, exact';

CREATE FUNCTION @extschema@.n(ratio @extschema@.ratio) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ratio_rows';
COMMENT ON FUNCTION @extschema@.n(@extschema@.ratio) IS
'how many rows have both a numerator and a denominator';

CREATE FUNCTION @extschema@.ci_low(ratio @extschema@.ratio, confidence double precision DEFAULT 0.95, method text DEFAULT 'auto') RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'ratio_ci_low';
COMMENT ON FUNCTION @extschema@.ci_low(@extschema@.ratio, double precision, text) IS
'the lower end of the confidence interval: Wilson where every row counts hits out of trials, else by the delta method with Student''s t';

CREATE FUNCTION @extschema@.ci_high(ratio @extschema@.ratio, confidence double precision DEFAULT 0.95, method text DEFAULT 'auto') RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'ratio_ci_high';
COMMENT ON FUNCTION @extschema@.ci_high(@extschema@.ratio, double precision, text) IS
'the upper end of the confidence interval, see kpi.ci_low';

CREATE FUNCTION @extschema@.compare(
		a @extschema@.ratio,
		b @extschema@.ratio,
		confidence double precision DEFAULT 0.95,
		method text DEFAULT 'auto',
		OUT difference numeric,
		OUT relative_change numeric,
		OUT z double precision,
		OUT p_value double precision,
		OUT ci_low double precision,
		OUT ci_high double precision
	) RETURNS record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'ratio_compare';
COMMENT ON FUNCTION @extschema@.compare(@extschema@.ratio, @extschema@.ratio, double precision, text) IS
'how b differs from a: b - a, (b - a) / |a|, the test of no difference and the interval of the difference';
