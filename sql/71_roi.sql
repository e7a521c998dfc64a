/* ---- roi: what was spent, and what it brought ---- */

CREATE TYPE @extschema@.roi;

CREATE FUNCTION @extschema@.roi_in(cstring) RETURNS @extschema@.roi
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_in';
COMMENT ON FUNCTION @extschema@.roi_in(cstring) IS 'input function of kpi.roi';

CREATE FUNCTION @extschema@.roi_out(@extschema@.roi) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_out';
COMMENT ON FUNCTION @extschema@.roi_out(@extschema@.roi) IS 'output function of kpi.roi';

CREATE FUNCTION @extschema@.roi_recv(internal) RETURNS @extschema@.roi
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_recv';
COMMENT ON FUNCTION @extschema@.roi_recv(internal) IS 'binary input function of kpi.roi';

CREATE FUNCTION @extschema@.roi_send(@extschema@.roi) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_send';
COMMENT ON FUNCTION @extschema@.roi_send(@extschema@.roi) IS 'binary output function of kpi.roi';

CREATE TYPE @extschema@.roi (
	INPUT = @extschema@.roi_in,
	OUTPUT = @extschema@.roi_out,
	RECEIVE = @extschema@.roi_recv,
	SEND = @extschema@.roi_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.roi IS
'exact sums of costs and revenue, in one currency; read it with kpi.roi_rate(), kpi.roas(), kpi.profit(), merge it with kpi.rollup()';

CREATE FUNCTION @extschema@.roi_to_jsonb(@extschema@.roi) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_to_jsonb';
COMMENT ON FUNCTION @extschema@.roi_to_jsonb(@extschema@.roi) IS 'cast of kpi.roi to jsonb';
CREATE FUNCTION @extschema@.roi_from_jsonb(jsonb) RETURNS @extschema@.roi
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_from_jsonb';
COMMENT ON FUNCTION @extschema@.roi_from_jsonb(jsonb) IS 'cast of jsonb to kpi.roi';
CREATE CAST (@extschema@.roi AS jsonb) WITH FUNCTION @extschema@.roi_to_jsonb(@extschema@.roi) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.roi AS jsonb) IS 'everything that the summary holds';
CREATE CAST (jsonb AS @extschema@.roi) WITH FUNCTION @extschema@.roi_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.roi) IS 'reads what the cast to jsonb has written';

/* The aggregate, with a currency and without. */

CREATE FUNCTION @extschema@.roi_final(internal) RETURNS @extschema@.roi
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_final';
COMMENT ON FUNCTION @extschema@.roi_final(internal) IS 'final function of kpi.roi';
CREATE FUNCTION @extschema@.roi_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_combine';
COMMENT ON FUNCTION @extschema@.roi_combine(internal, internal) IS 'combine function of kpi.roi';
CREATE FUNCTION @extschema@.roi_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_serialise';
COMMENT ON FUNCTION @extschema@.roi_serialise(internal) IS 'serialisation function of kpi.roi';
CREATE FUNCTION @extschema@.roi_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_deserialise';
COMMENT ON FUNCTION @extschema@.roi_deserialise(bytea, internal) IS 'deserialisation function of kpi.roi';

CREATE FUNCTION @extschema@.roi_add(internal, numeric, numeric) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_add';
COMMENT ON FUNCTION @extschema@.roi_add(internal, numeric, numeric) IS 'transition function of kpi.roi';
CREATE FUNCTION @extschema@.roi_remove(internal, numeric, numeric) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_remove';
COMMENT ON FUNCTION @extschema@.roi_remove(internal, numeric, numeric) IS 'inverse transition function of kpi.roi';
CREATE AGGREGATE @extschema@.roi(cost numeric, revenue numeric) (
	SFUNC = @extschema@.roi_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.roi_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.roi_combine,
	SERIALFUNC = @extschema@.roi_serialise, DESERIALFUNC = @extschema@.roi_deserialise,
	MSFUNC = @extschema@.roi_add, MINVFUNC = @extschema@.roi_remove, MSTYPE = internal, MSSPACE = 512,
	MFINALFUNC = @extschema@.roi_final, MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.roi(numeric, numeric) IS
'costs and revenue: a row may have one of them or both, a null counts as none';

CREATE FUNCTION @extschema@.roi_add(internal, numeric, numeric, text) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_add';
COMMENT ON FUNCTION @extschema@.roi_add(internal, numeric, numeric, text) IS 'transition function of kpi.roi';
CREATE FUNCTION @extschema@.roi_remove(internal, numeric, numeric, text) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_remove';
COMMENT ON FUNCTION @extschema@.roi_remove(internal, numeric, numeric, text) IS 'inverse transition function of kpi.roi';
CREATE AGGREGATE @extschema@.roi(cost numeric, revenue numeric, currency text) (
	SFUNC = @extschema@.roi_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.roi_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.roi_combine,
	SERIALFUNC = @extschema@.roi_serialise, DESERIALFUNC = @extschema@.roi_deserialise,
	MSFUNC = @extschema@.roi_add, MINVFUNC = @extschema@.roi_remove, MSTYPE = internal, MSSPACE = 512,
	MFINALFUNC = @extschema@.roi_final, MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.roi(numeric, numeric, text) IS
'costs and revenue in one currency, another one is an error; a row may have a cost or a revenue or both, a null counts as none';

/* Merging; what is no arithmetic of them. */

CREATE FUNCTION @extschema@.merge(@extschema@.roi, @extschema@.roi) RETURNS @extschema@.roi
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.roi, @extschema@.roi) IS
'costs and revenue of the rows of both; they must be in one currency';
CREATE OPERATOR @extschema@.+ (
	LEFTARG = @extschema@.roi, RIGHTARG = @extschema@.roi, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.+)
);
COMMENT ON OPERATOR @extschema@.+ (@extschema@.roi, @extschema@.roi) IS 'costs and revenue of both';
CREATE AGGREGATE @extschema@.rollup(roi @extschema@.roi) (
	SFUNC = @extschema@.merge, STYPE = @extschema@.roi, COMBINEFUNC = @extschema@.merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.roi) IS
'merges costs and revenue of one currency; null for no rows';

CREATE FUNCTION @extschema@.roi_no_operator(@extschema@.roi, @extschema@.roi) RETURNS @extschema@.roi
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_no_operator';
COMMENT ON FUNCTION @extschema@.roi_no_operator(@extschema@.roi, @extschema@.roi) IS
'says why there is no such operator, and what to write instead';
CREATE OPERATOR @extschema@.- (
	LEFTARG = @extschema@.roi, RIGHTARG = @extschema@.roi, FUNCTION = @extschema@.roi_no_operator
);
COMMENT ON OPERATOR @extschema@.- (@extschema@.roi, @extschema@.roi) IS 'an error that says what to write instead';
CREATE OPERATOR @extschema@.* (
	LEFTARG = @extschema@.roi, RIGHTARG = @extschema@.roi, FUNCTION = @extschema@.roi_no_operator
);
COMMENT ON OPERATOR @extschema@.* (@extschema@.roi, @extschema@.roi) IS 'an error that says what to write instead';
CREATE OPERATOR @extschema@./ (
	LEFTARG = @extschema@.roi, RIGHTARG = @extschema@.roi, FUNCTION = @extschema@.roi_no_operator
);
COMMENT ON OPERATOR @extschema@./ (@extschema@.roi, @extschema@.roi) IS 'an error that says what to write instead';

CREATE FUNCTION @extschema@.eq(@extschema@.roi, @extschema@.roi) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.roi, @extschema@.roi) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.roi, @extschema@.roi) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.roi, @extschema@.roi) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.roi) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.roi) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.roi, RIGHTARG = @extschema@.roi, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.roi, @extschema@.roi) IS 'the same summary';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.roi, RIGHTARG = @extschema@.roi, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.roi, @extschema@.roi) IS 'different summaries';
CREATE OPERATOR CLASS @extschema@.roi_ops DEFAULT FOR TYPE @extschema@.roi USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.roi);
COMMENT ON OPERATOR CLASS @extschema@.roi_ops USING hash IS 'equality of summaries';
COMMENT ON OPERATOR FAMILY @extschema@.roi_ops USING hash IS 'equality of summaries';

/* Accessors. */

CREATE FUNCTION @extschema@.cost(roi @extschema@.roi) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_cost';
COMMENT ON FUNCTION @extschema@.cost(@extschema@.roi) IS
'the sum of the costs, exact';

CREATE FUNCTION @extschema@.revenue(roi @extschema@.roi) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_revenue';
COMMENT ON FUNCTION @extschema@.revenue(@extschema@.roi) IS
'the sum of the revenue, exact';

CREATE FUNCTION @extschema@.currency(roi @extschema@.roi) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_currency';
COMMENT ON FUNCTION @extschema@.currency(@extschema@.roi) IS
'the currency of the amounts; null if the rows named none';

CREATE FUNCTION @extschema@.n(roi @extschema@.roi) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_rows';
COMMENT ON FUNCTION @extschema@.n(@extschema@.roi) IS
'how many rows have a cost or a revenue';

CREATE FUNCTION @extschema@.profit(roi @extschema@.roi, margin numeric DEFAULT 1) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_profit';
COMMENT ON FUNCTION @extschema@.profit(@extschema@.roi, numeric) IS
'revenue * margin - cost, exact';

CREATE FUNCTION @extschema@.roi_rate(roi @extschema@.roi, margin numeric DEFAULT 1) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_rate';
COMMENT ON FUNCTION @extschema@.roi_rate(@extschema@.roi, numeric) IS
'(revenue * margin - cost) / cost; null unless there are costs';

CREATE FUNCTION @extschema@.roas(roi @extschema@.roi) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_roas';
COMMENT ON FUNCTION @extschema@.roas(@extschema@.roi) IS
'return on ad spend: revenue / cost; null unless there are costs';

CREATE FUNCTION @extschema@.cost_per(roi @extschema@.roi, n numeric) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_cost_per';
COMMENT ON FUNCTION @extschema@.cost_per(@extschema@.roi, numeric) IS
'cost / n: of a customer (CAC), order (CPA), lead (CPL), click (CPC); null unless n is above 0';

/* Without a roi. */

CREATE FUNCTION @extschema@.break_even_roas(margin numeric) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_break_even_roas';
COMMENT ON FUNCTION @extschema@.break_even_roas(numeric) IS
'the return on ad spend that loses nothing: 1 / margin; null for a margin of 0';

CREATE FUNCTION @extschema@.ltv_to_cac(ltv numeric, cac numeric) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_ltv_to_cac';
COMMENT ON FUNCTION @extschema@.ltv_to_cac(numeric, numeric) IS
'what a customer is worth over what it costs to win one; null unless cac is above 0';

CREATE FUNCTION @extschema@.ltv_to_cac(ltv double precision, cac double precision) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'roi_ltv_to_cac_double';
COMMENT ON FUNCTION @extschema@.ltv_to_cac(double precision, double precision) IS
'the same for the estimates of models, as kpi.lifetime_value gives them';
