/* ---- ltv: what did customers buy, when, and what was it worth? ---- */

CREATE TYPE @extschema@.ltv_spec;

CREATE FUNCTION @extschema@.ltv_spec_in(cstring) RETURNS @extschema@.ltv_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_spec_in';
COMMENT ON FUNCTION @extschema@.ltv_spec_in(cstring) IS 'input function of kpi.ltv_spec';

CREATE FUNCTION @extschema@.ltv_spec_out(@extschema@.ltv_spec) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_spec_out';
COMMENT ON FUNCTION @extschema@.ltv_spec_out(@extschema@.ltv_spec) IS 'output function of kpi.ltv_spec';

CREATE FUNCTION @extschema@.ltv_spec_recv(internal) RETURNS @extschema@.ltv_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_spec_recv';
COMMENT ON FUNCTION @extschema@.ltv_spec_recv(internal) IS 'binary input function of kpi.ltv_spec';

CREATE FUNCTION @extschema@.ltv_spec_send(@extschema@.ltv_spec) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_spec_send';
COMMENT ON FUNCTION @extschema@.ltv_spec_send(@extschema@.ltv_spec) IS 'binary output function of kpi.ltv_spec';

CREATE TYPE @extschema@.ltv_spec (
	INPUT = @extschema@.ltv_spec_in,
	OUTPUT = @extschema@.ltv_spec_out,
	RECEIVE = @extschema@.ltv_spec_recv,
	SEND = @extschema@.ltv_spec_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.ltv_spec IS
'what an ltv is told: by month in Europe/Berlin, unit week, until 2026-06-30, holdout from 2026-04-01; checked when it is written';

CREATE FUNCTION @extschema@.eq(@extschema@.ltv_spec, @extschema@.ltv_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.ltv_spec, @extschema@.ltv_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.lt(@extschema@.ltv_spec, @extschema@.ltv_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_lt';
COMMENT ON FUNCTION @extschema@.lt(@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'implementation of < operator';
CREATE FUNCTION @extschema@.le(@extschema@.ltv_spec, @extschema@.ltv_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_le';
COMMENT ON FUNCTION @extschema@.le(@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'implementation of <= operator';
CREATE FUNCTION @extschema@.gt(@extschema@.ltv_spec, @extschema@.ltv_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_gt';
COMMENT ON FUNCTION @extschema@.gt(@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'implementation of > operator';
CREATE FUNCTION @extschema@.ge(@extschema@.ltv_spec, @extschema@.ltv_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ge';
COMMENT ON FUNCTION @extschema@.ge(@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'implementation of >= operator';
CREATE FUNCTION @extschema@.cmp(@extschema@.ltv_spec, @extschema@.ltv_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_cmp';
COMMENT ON FUNCTION @extschema@.cmp(@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION @extschema@.hash(@extschema@.ltv_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.ltv_spec) IS 'hash';
CREATE FUNCTION @extschema@.hash_extended(@extschema@.ltv_spec, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash_extended';
COMMENT ON FUNCTION @extschema@.hash_extended(@extschema@.ltv_spec, bigint) IS 'hash with a seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.ltv_spec, RIGHTARG = @extschema@.ltv_spec, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'the same spec';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.ltv_spec, RIGHTARG = @extschema@.ltv_spec, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'different specs';
CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.ltv_spec, RIGHTARG = @extschema@.ltv_spec, FUNCTION = @extschema@.lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'before in the order of the bytes';
CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.ltv_spec, RIGHTARG = @extschema@.ltv_spec, FUNCTION = @extschema@.le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'not behind in the order of the bytes';
CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.ltv_spec, RIGHTARG = @extschema@.ltv_spec, FUNCTION = @extschema@.gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'behind in the order of the bytes';
CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.ltv_spec, RIGHTARG = @extschema@.ltv_spec, FUNCTION = @extschema@.ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.ltv_spec, @extschema@.ltv_spec) IS 'not before in the order of the bytes';

CREATE OPERATOR CLASS @extschema@.ltv_spec_ops DEFAULT FOR TYPE @extschema@.ltv_spec USING btree AS
	OPERATOR 1 @extschema@.<, OPERATOR 2 @extschema@.<=, OPERATOR 3 @extschema@.=,
	OPERATOR 4 @extschema@.>=, OPERATOR 5 @extschema@.>,
	FUNCTION 1 @extschema@.cmp(@extschema@.ltv_spec, @extschema@.ltv_spec);
CREATE OPERATOR CLASS @extschema@.ltv_spec_ops DEFAULT FOR TYPE @extschema@.ltv_spec USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.ltv_spec),
	FUNCTION 2 @extschema@.hash_extended(@extschema@.ltv_spec, bigint);
COMMENT ON OPERATOR CLASS @extschema@.ltv_spec_ops USING btree IS 'order of the bytes of specs';
COMMENT ON OPERATOR FAMILY @extschema@.ltv_spec_ops USING btree IS 'order of the bytes of specs';
COMMENT ON OPERATOR CLASS @extschema@.ltv_spec_ops USING hash IS 'equality of specs';
COMMENT ON OPERATOR FAMILY @extschema@.ltv_spec_ops USING hash IS 'equality of specs';

CREATE FUNCTION @extschema@.ltv_spec(by text DEFAULT 'month', zone text DEFAULT 'UTC', unit text DEFAULT 'day', until date DEFAULT NULL, holdout date DEFAULT NULL, events text[] DEFAULT NULL, week_starts text DEFAULT NULL) RETURNS @extschema@.ltv_spec
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = 'ISO'
	AS $$
	SELECT pg_catalog.concat_ws(' ',
		'by ' OPERATOR(pg_catalog.||) by,
		'in ' OPERATOR(pg_catalog.||) @extschema@.quote_label(zone),
		'week starts ' OPERATOR(pg_catalog.||) week_starts,
		'unit ' OPERATOR(pg_catalog.||) unit,
		'of ' OPERATOR(pg_catalog.||) (SELECT pg_catalog.string_agg(@extschema@.quote_label(e), '|' ORDER BY i) FROM pg_catalog.unnest(events) WITH ORDINALITY AS u(e, i)),
		'until ' OPERATOR(pg_catalog.||) until::pg_catalog.text,
		'holdout from ' OPERATOR(pg_catalog.||) holdout::pg_catalog.text)::@extschema@.ltv_spec
	$$;
COMMENT ON FUNCTION @extschema@.ltv_spec(text, text, text, date, date, text[], text) IS 'builds an ltv spec from its parts';

CREATE TYPE @extschema@.ltv;

CREATE FUNCTION @extschema@.ltv_in(cstring) RETURNS @extschema@.ltv
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_in';
COMMENT ON FUNCTION @extschema@.ltv_in(cstring) IS 'input function of kpi.ltv';

CREATE FUNCTION @extschema@.ltv_out(@extschema@.ltv) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_out';
COMMENT ON FUNCTION @extschema@.ltv_out(@extschema@.ltv) IS 'output function of kpi.ltv';

CREATE FUNCTION @extschema@.ltv_recv(internal) RETURNS @extschema@.ltv
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_recv';
COMMENT ON FUNCTION @extschema@.ltv_recv(internal) IS 'binary input function of kpi.ltv';

CREATE FUNCTION @extschema@.ltv_send(@extschema@.ltv) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_send';
COMMENT ON FUNCTION @extschema@.ltv_send(@extschema@.ltv) IS 'binary output function of kpi.ltv';

CREATE TYPE @extschema@.ltv (
	INPUT = @extschema@.ltv_in,
	OUTPUT = @extschema@.ltv_out,
	RECEIVE = @extschema@.ltv_recv,
	SEND = @extschema@.ltv_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.ltv IS
'summary of what customers bought: revenue of cohorts by age, and what models of lifetime value are fitted to; merge it with kpi.rollup()';

CREATE FUNCTION @extschema@.ltv_to_jsonb(@extschema@.ltv) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_to_jsonb';
COMMENT ON FUNCTION @extschema@.ltv_to_jsonb(@extschema@.ltv) IS 'cast of kpi.ltv to jsonb';
CREATE FUNCTION @extschema@.ltv_from_jsonb(jsonb) RETURNS @extschema@.ltv
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_from_jsonb';
COMMENT ON FUNCTION @extschema@.ltv_from_jsonb(jsonb) IS 'cast of jsonb to kpi.ltv';
CREATE CAST (@extschema@.ltv AS jsonb) WITH FUNCTION @extschema@.ltv_to_jsonb(@extschema@.ltv) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.ltv AS jsonb) IS 'everything that the summary holds';
CREATE CAST (jsonb AS @extschema@.ltv) WITH FUNCTION @extschema@.ltv_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.ltv) IS 'reads what the cast to jsonb has written';

/* The aggregate: for each kind of customer. */

CREATE FUNCTION @extschema@.ltv_final(internal) RETURNS @extschema@.ltv
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_final';
COMMENT ON FUNCTION @extschema@.ltv_final(internal) IS 'final function of kpi.ltv';
CREATE FUNCTION @extschema@.ltv_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_combine';
COMMENT ON FUNCTION @extschema@.ltv_combine(internal, internal) IS 'combine function of kpi.ltv';
CREATE FUNCTION @extschema@.ltv_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_serialise';
COMMENT ON FUNCTION @extschema@.ltv_serialise(internal) IS 'serialisation function of kpi.ltv';
CREATE FUNCTION @extschema@.ltv_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_deserialise';
COMMENT ON FUNCTION @extschema@.ltv_deserialise(bytea, internal) IS 'deserialisation function of kpi.ltv';

CREATE FUNCTION @extschema@.ltv_bigint(internal, bigint, timestamptz, numeric, @extschema@.ltv_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ltv_bigint';
COMMENT ON FUNCTION @extschema@.ltv_bigint(internal, bigint, timestamptz, numeric, @extschema@.ltv_spec) IS 'transition function of kpi.ltv';
CREATE AGGREGATE @extschema@.ltv(customer bigint, ts timestamptz, amount numeric, spec @extschema@.ltv_spec) (
	SFUNC = @extschema@.ltv_bigint, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.ltv_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.ltv_combine,
	SERIALFUNC = @extschema@.ltv_serialise, DESERIALFUNC = @extschema@.ltv_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.ltv(bigint, timestamptz, numeric, @extschema@.ltv_spec) IS
'what customers (bigint) bought: each row is a purchase, one with a negative amount a refund; rows with a null customer, time or amount are ignored';

CREATE FUNCTION @extschema@.ltv_uuid(internal, uuid, timestamptz, numeric, @extschema@.ltv_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ltv_uuid';
COMMENT ON FUNCTION @extschema@.ltv_uuid(internal, uuid, timestamptz, numeric, @extschema@.ltv_spec) IS 'transition function of kpi.ltv';
CREATE AGGREGATE @extschema@.ltv(customer uuid, ts timestamptz, amount numeric, spec @extschema@.ltv_spec) (
	SFUNC = @extschema@.ltv_uuid, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.ltv_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.ltv_combine,
	SERIALFUNC = @extschema@.ltv_serialise, DESERIALFUNC = @extschema@.ltv_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.ltv(uuid, timestamptz, numeric, @extschema@.ltv_spec) IS
'what customers (uuid) bought: each row is a purchase, one with a negative amount a refund; rows with a null customer, time or amount are ignored';

CREATE FUNCTION @extschema@.ltv_text(internal, text, timestamptz, numeric, @extschema@.ltv_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ltv_text';
COMMENT ON FUNCTION @extschema@.ltv_text(internal, text, timestamptz, numeric, @extschema@.ltv_spec) IS 'transition function of kpi.ltv';
CREATE AGGREGATE @extschema@.ltv(customer text, ts timestamptz, amount numeric, spec @extschema@.ltv_spec) (
	SFUNC = @extschema@.ltv_text, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.ltv_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.ltv_combine,
	SERIALFUNC = @extschema@.ltv_serialise, DESERIALFUNC = @extschema@.ltv_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.ltv(text, timestamptz, numeric, @extschema@.ltv_spec) IS
'what customers (text) bought: each row is a purchase, one with a negative amount a refund; rows with a null customer, time or amount are ignored';

/* Merging. */

CREATE FUNCTION @extschema@.merge(@extschema@.ltv, @extschema@.ltv) RETURNS @extschema@.ltv
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.ltv, @extschema@.ltv) IS
'ltv of the customers of both; they must have the same spec and no customer in common';
CREATE OPERATOR @extschema@.+ (
	LEFTARG = @extschema@.ltv, RIGHTARG = @extschema@.ltv, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.+)
);
COMMENT ON OPERATOR @extschema@.+ (@extschema@.ltv, @extschema@.ltv) IS 'ltv of the customers of both';
CREATE AGGREGATE @extschema@.rollup(ltv @extschema@.ltv) (
	SFUNC = @extschema@.merge, STYPE = @extschema@.ltv, COMBINEFUNC = @extschema@.merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.ltv) IS
'merges summaries of one spec; null for no rows';

/* The aggregate over timelines. */

CREATE FUNCTION @extschema@.ltv_timeline(@extschema@.ltv, @extschema@.timeline, @extschema@.ltv_spec) RETURNS @extschema@.ltv
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ltv_timeline';
COMMENT ON FUNCTION @extschema@.ltv_timeline(@extschema@.ltv, @extschema@.timeline, @extschema@.ltv_spec) IS 'transition function of kpi.ltv';
CREATE FUNCTION @extschema@.ltv_timeline_final(@extschema@.ltv) RETURNS @extschema@.ltv
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_timeline_final';
COMMENT ON FUNCTION @extschema@.ltv_timeline_final(@extschema@.ltv) IS 'final function of kpi.ltv';
CREATE AGGREGATE @extschema@.ltv(timeline @extschema@.timeline, spec @extschema@.ltv_spec) (
	SFUNC = @extschema@.ltv_timeline, STYPE = @extschema@.ltv,
	FINALFUNC = @extschema@.ltv_timeline_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.ltv(@extschema@.timeline, @extschema@.ltv_spec) IS
'what customers bought, a timeline each: the events with an amount, or those that the spec names; null timelines are ignored';

CREATE FUNCTION @extschema@.eq(@extschema@.ltv, @extschema@.ltv) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.ltv, @extschema@.ltv) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.ltv, @extschema@.ltv) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.ltv, @extschema@.ltv) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.ltv) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.ltv) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.ltv, RIGHTARG = @extschema@.ltv, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.ltv, @extschema@.ltv) IS 'the same summary';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.ltv, RIGHTARG = @extschema@.ltv, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.ltv, @extschema@.ltv) IS 'different summaries';
CREATE OPERATOR CLASS @extschema@.ltv_ops DEFAULT FOR TYPE @extschema@.ltv USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.ltv);
COMMENT ON OPERATOR CLASS @extschema@.ltv_ops USING hash IS 'equality of summaries';
COMMENT ON OPERATOR FAMILY @extschema@.ltv_ops USING hash IS 'equality of summaries';

/* Accessors. */

CREATE FUNCTION @extschema@.value_curve(
		ltv @extschema@.ltv,
		margin numeric DEFAULT 1,
		discount_rate numeric DEFAULT 0,
		as_of timestamptz DEFAULT NULL,
		OUT cohort timestamp,
		OUT size bigint,
		OUT age integer,
		OUT eligible bigint,
		OUT buyers bigint,
		OUT purchases bigint,
		OUT revenue numeric,
		OUT revenue_per_customer numeric,
		OUT cumulative numeric,
		OUT complete boolean
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100 AS 'MODULE_PATHNAME', 'ltv_value_curve';
COMMENT ON FUNCTION @extschema@.value_curve(@extschema@.ltv, numeric, numeric, timestamptz) IS
'a row for each cohort and age: revenue, and what a customer was worth, times the margin and discounted by a rate for a year';

CREATE FUNCTION @extschema@.curve(
		ltv @extschema@.ltv,
		margin numeric DEFAULT 1,
		discount_rate numeric DEFAULT 0,
		as_of timestamptz DEFAULT NULL,
		OUT age integer,
		OUT cohorts bigint,
		OUT eligible bigint,
		OUT revenue numeric,
		OUT revenue_per_customer numeric,
		OUT cumulative numeric
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 24 AS 'MODULE_PATHNAME', 'ltv_curve';
COMMENT ON FUNCTION @extschema@.curve(@extschema@.ltv, numeric, numeric, timestamptz) IS
'the value curve of all cohorts together: each age of those that are through with it, weighted by their customers';

CREATE FUNCTION @extschema@.actors(ltv @extschema@.ltv) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_customers';
COMMENT ON FUNCTION @extschema@.actors(@extschema@.ltv) IS 'how many customers have a purchase';

CREATE FUNCTION @extschema@.spec_of(ltv @extschema@.ltv) RETURNS @extschema@.ltv_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ltv_spec_of';
COMMENT ON FUNCTION @extschema@.spec_of(@extschema@.ltv) IS
'the spec of an ltv; null for one over no rows that never saw one';
