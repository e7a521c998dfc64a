/* ---- retention: of those who started, who came back? ---- */

CREATE TYPE @extschema@.retention_spec;

CREATE FUNCTION @extschema@.retention_spec_in(cstring) RETURNS @extschema@.retention_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_spec_in';
COMMENT ON FUNCTION @extschema@.retention_spec_in(cstring) IS 'input function of kpi.retention_spec';

CREATE FUNCTION @extschema@.retention_spec_out(@extschema@.retention_spec) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_spec_out';
COMMENT ON FUNCTION @extschema@.retention_spec_out(@extschema@.retention_spec) IS 'output function of kpi.retention_spec';

CREATE FUNCTION @extschema@.retention_spec_recv(internal) RETURNS @extschema@.retention_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_spec_recv';
COMMENT ON FUNCTION @extschema@.retention_spec_recv(internal) IS 'binary input function of kpi.retention_spec';

CREATE FUNCTION @extschema@.retention_spec_send(@extschema@.retention_spec) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_spec_send';
COMMENT ON FUNCTION @extschema@.retention_spec_send(@extschema@.retention_spec) IS 'binary output function of kpi.retention_spec';

CREATE TYPE @extschema@.retention_spec (
	INPUT = @extschema@.retention_spec_in,
	OUTPUT = @extschema@.retention_spec_out,
	RECEIVE = @extschema@.retention_spec_recv,
	SEND = @extschema@.retention_spec_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.retention_spec IS
'what a retention asks: signup -> login by week for 12 in Asia/Seoul; checked when it is written';

CREATE FUNCTION @extschema@.eq(@extschema@.retention_spec, @extschema@.retention_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.retention_spec, @extschema@.retention_spec) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.retention_spec, @extschema@.retention_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.retention_spec, @extschema@.retention_spec) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.lt(@extschema@.retention_spec, @extschema@.retention_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_lt';
COMMENT ON FUNCTION @extschema@.lt(@extschema@.retention_spec, @extschema@.retention_spec) IS 'implementation of < operator';
CREATE FUNCTION @extschema@.le(@extschema@.retention_spec, @extschema@.retention_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_le';
COMMENT ON FUNCTION @extschema@.le(@extschema@.retention_spec, @extschema@.retention_spec) IS 'implementation of <= operator';
CREATE FUNCTION @extschema@.gt(@extschema@.retention_spec, @extschema@.retention_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_gt';
COMMENT ON FUNCTION @extschema@.gt(@extschema@.retention_spec, @extschema@.retention_spec) IS 'implementation of > operator';
CREATE FUNCTION @extschema@.ge(@extschema@.retention_spec, @extschema@.retention_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ge';
COMMENT ON FUNCTION @extschema@.ge(@extschema@.retention_spec, @extschema@.retention_spec) IS 'implementation of >= operator';
CREATE FUNCTION @extschema@.cmp(@extschema@.retention_spec, @extschema@.retention_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_cmp';
COMMENT ON FUNCTION @extschema@.cmp(@extschema@.retention_spec, @extschema@.retention_spec) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION @extschema@.hash(@extschema@.retention_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.retention_spec) IS 'hash';
CREATE FUNCTION @extschema@.hash_extended(@extschema@.retention_spec, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash_extended';
COMMENT ON FUNCTION @extschema@.hash_extended(@extschema@.retention_spec, bigint) IS 'hash with a seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.retention_spec, RIGHTARG = @extschema@.retention_spec, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.retention_spec, @extschema@.retention_spec) IS 'the same spec';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.retention_spec, RIGHTARG = @extschema@.retention_spec, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.retention_spec, @extschema@.retention_spec) IS 'different specs';
CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.retention_spec, RIGHTARG = @extschema@.retention_spec, FUNCTION = @extschema@.lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.retention_spec, @extschema@.retention_spec) IS 'before in the order of the bytes';
CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.retention_spec, RIGHTARG = @extschema@.retention_spec, FUNCTION = @extschema@.le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.retention_spec, @extschema@.retention_spec) IS 'not behind in the order of the bytes';
CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.retention_spec, RIGHTARG = @extschema@.retention_spec, FUNCTION = @extschema@.gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.retention_spec, @extschema@.retention_spec) IS 'behind in the order of the bytes';
CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.retention_spec, RIGHTARG = @extschema@.retention_spec, FUNCTION = @extschema@.ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.retention_spec, @extschema@.retention_spec) IS 'not before in the order of the bytes';

CREATE OPERATOR CLASS @extschema@.retention_spec_ops DEFAULT FOR TYPE @extschema@.retention_spec USING btree AS
	OPERATOR 1 @extschema@.<, OPERATOR 2 @extschema@.<=, OPERATOR 3 @extschema@.=,
	OPERATOR 4 @extschema@.>=, OPERATOR 5 @extschema@.>,
	FUNCTION 1 @extschema@.cmp(@extschema@.retention_spec, @extschema@.retention_spec);
CREATE OPERATOR CLASS @extschema@.retention_spec_ops DEFAULT FOR TYPE @extschema@.retention_spec USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.retention_spec),
	FUNCTION 2 @extschema@.hash_extended(@extschema@.retention_spec, bigint);
COMMENT ON OPERATOR CLASS @extschema@.retention_spec_ops USING btree IS 'order of the bytes of specs';
COMMENT ON OPERATOR FAMILY @extschema@.retention_spec_ops USING btree IS 'order of the bytes of specs';
COMMENT ON OPERATOR CLASS @extschema@.retention_spec_ops USING hash IS 'equality of specs';
COMMENT ON OPERATOR FAMILY @extschema@.retention_spec_ops USING hash IS 'equality of specs';

CREATE FUNCTION @extschema@.retention_spec(
		start_labels text[] DEFAULT NULL,
		return_labels text[] DEFAULT NULL,
		by text DEFAULT 'week',
		periods integer DEFAULT NULL,
		zone text DEFAULT 'UTC',
		brackets integer[] DEFAULT NULL,
		elapsed boolean DEFAULT false,
		week_starts text DEFAULT NULL,
		cohort text DEFAULT 'first ever',
		rule text DEFAULT 'on',
		at_least integer DEFAULT 1
	) RETURNS @extschema@.retention_spec
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.concat_ws(' ',
		COALESCE((SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(start_labels)) WITH ORDINALITY AS u(l, i)), '*'),
		'->',
		COALESCE((SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(return_labels)) WITH ORDINALITY AS u(l, i)), '*'),
		'by ' OPERATOR(pg_catalog.||) by,
		'for ' OPERATOR(pg_catalog.||) periods::pg_catalog.text,
		'brackets ' OPERATOR(pg_catalog.||) pg_catalog.array_to_string(brackets, ', '),
		'in ' OPERATOR(pg_catalog.||) @extschema@.quote_label(zone),
		CASE WHEN elapsed THEN 'elapsed' END,
		'week starts ' OPERATOR(pg_catalog.||) week_starts,
		cohort,
		rule,
		'at least ' OPERATOR(pg_catalog.||) at_least::pg_catalog.text OPERATOR(pg_catalog.||) ' times')::@extschema@.retention_spec
	$$;
COMMENT ON FUNCTION @extschema@.retention_spec(text[], text[], text, integer, text, integer[], boolean, text, text, text, integer) IS
'builds a retention spec from its parts; null labels stand for any event';

CREATE TYPE @extschema@.retention;

CREATE FUNCTION @extschema@.retention_in(cstring) RETURNS @extschema@.retention
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_in';
COMMENT ON FUNCTION @extschema@.retention_in(cstring) IS 'input function of kpi.retention';

CREATE FUNCTION @extschema@.retention_out(@extschema@.retention) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_out';
COMMENT ON FUNCTION @extschema@.retention_out(@extschema@.retention) IS 'output function of kpi.retention';

CREATE FUNCTION @extschema@.retention_recv(internal) RETURNS @extschema@.retention
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_recv';
COMMENT ON FUNCTION @extschema@.retention_recv(internal) IS 'binary input function of kpi.retention';

CREATE FUNCTION @extschema@.retention_send(@extschema@.retention) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_send';
COMMENT ON FUNCTION @extschema@.retention_send(@extschema@.retention) IS 'binary output function of kpi.retention';

CREATE TYPE @extschema@.retention (
	INPUT = @extschema@.retention_in,
	OUTPUT = @extschema@.retention_out,
	RECEIVE = @extschema@.retention_recv,
	SEND = @extschema@.retention_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.retention IS
'summary of a retention: cohorts and who of them came back; read it with kpi.cohorts() and kpi.curve(), merge it with kpi.rollup()';

CREATE FUNCTION @extschema@.retention_to_jsonb(@extschema@.retention) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_to_jsonb';
COMMENT ON FUNCTION @extschema@.retention_to_jsonb(@extschema@.retention) IS 'cast of kpi.retention to jsonb';
CREATE FUNCTION @extschema@.retention_from_jsonb(jsonb) RETURNS @extschema@.retention
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_from_jsonb';
COMMENT ON FUNCTION @extschema@.retention_from_jsonb(jsonb) IS 'cast of jsonb to kpi.retention';
CREATE CAST (@extschema@.retention AS jsonb) WITH FUNCTION @extschema@.retention_to_jsonb(@extschema@.retention) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.retention AS jsonb) IS 'everything that the summary holds';
CREATE CAST (jsonb AS @extschema@.retention) WITH FUNCTION @extschema@.retention_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.retention) IS 'reads what the cast to jsonb has written';

/* The aggregate: for each kind of actor and of event, with and without values. */

CREATE FUNCTION @extschema@.retention_final(internal) RETURNS @extschema@.retention
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_final';
COMMENT ON FUNCTION @extschema@.retention_final(internal) IS 'final function of kpi.retention';
CREATE FUNCTION @extschema@.retention_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_combine';
COMMENT ON FUNCTION @extschema@.retention_combine(internal, internal) IS 'combine function of kpi.retention';
CREATE FUNCTION @extschema@.retention_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_serialise';
COMMENT ON FUNCTION @extschema@.retention_serialise(internal) IS 'serialisation function of kpi.retention';
CREATE FUNCTION @extschema@.retention_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_deserialise';
COMMENT ON FUNCTION @extschema@.retention_deserialise(bytea, internal) IS 'deserialisation function of kpi.retention';

CREATE FUNCTION @extschema@.retention_bigint_label(internal, bigint, timestamptz, text, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_bigint_label';
COMMENT ON FUNCTION @extschema@.retention_bigint_label(internal, bigint, timestamptz, text, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor bigint, ts timestamptz, event text, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_bigint_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(bigint, timestamptz, text, @extschema@.retention_spec) IS
'who of the actors (bigint) came back, by cohort; events are labels; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_bigint_mask(internal, bigint, timestamptz, bigint, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_bigint_mask';
COMMENT ON FUNCTION @extschema@.retention_bigint_mask(internal, bigint, timestamptz, bigint, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor bigint, ts timestamptz, event bigint, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_bigint_mask, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(bigint, timestamptz, bigint, @extschema@.retention_spec) IS
'who of the actors (bigint) came back, by cohort; events are masks of conditions; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_uuid_label(internal, uuid, timestamptz, text, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_uuid_label';
COMMENT ON FUNCTION @extschema@.retention_uuid_label(internal, uuid, timestamptz, text, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor uuid, ts timestamptz, event text, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_uuid_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(uuid, timestamptz, text, @extschema@.retention_spec) IS
'who of the actors (uuid) came back, by cohort; events are labels; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_uuid_mask(internal, uuid, timestamptz, bigint, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_uuid_mask';
COMMENT ON FUNCTION @extschema@.retention_uuid_mask(internal, uuid, timestamptz, bigint, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor uuid, ts timestamptz, event bigint, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_uuid_mask, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(uuid, timestamptz, bigint, @extschema@.retention_spec) IS
'who of the actors (uuid) came back, by cohort; events are masks of conditions; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_text_label(internal, text, timestamptz, text, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_text_label';
COMMENT ON FUNCTION @extschema@.retention_text_label(internal, text, timestamptz, text, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor text, ts timestamptz, event text, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_text_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(text, timestamptz, text, @extschema@.retention_spec) IS
'who of the actors (text) came back, by cohort; events are labels; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_text_mask(internal, text, timestamptz, bigint, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_text_mask';
COMMENT ON FUNCTION @extschema@.retention_text_mask(internal, text, timestamptz, bigint, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor text, ts timestamptz, event bigint, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_text_mask, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(text, timestamptz, bigint, @extschema@.retention_spec) IS
'who of the actors (text) came back, by cohort; events are masks of conditions; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_bigint_label_value(internal, bigint, timestamptz, text, numeric, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_bigint_label_value';
COMMENT ON FUNCTION @extschema@.retention_bigint_label_value(internal, bigint, timestamptz, text, numeric, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor bigint, ts timestamptz, event text, value numeric, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_bigint_label_value, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(bigint, timestamptz, text, numeric, @extschema@.retention_spec) IS
'who of the actors (bigint) came back, by cohort, and what that was worth; events are labels; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_bigint_mask_value(internal, bigint, timestamptz, bigint, numeric, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_bigint_mask_value';
COMMENT ON FUNCTION @extschema@.retention_bigint_mask_value(internal, bigint, timestamptz, bigint, numeric, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor bigint, ts timestamptz, event bigint, value numeric, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_bigint_mask_value, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(bigint, timestamptz, bigint, numeric, @extschema@.retention_spec) IS
'who of the actors (bigint) came back, by cohort, and what that was worth; events are masks of conditions; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_uuid_label_value(internal, uuid, timestamptz, text, numeric, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_uuid_label_value';
COMMENT ON FUNCTION @extschema@.retention_uuid_label_value(internal, uuid, timestamptz, text, numeric, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor uuid, ts timestamptz, event text, value numeric, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_uuid_label_value, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(uuid, timestamptz, text, numeric, @extschema@.retention_spec) IS
'who of the actors (uuid) came back, by cohort, and what that was worth; events are labels; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_uuid_mask_value(internal, uuid, timestamptz, bigint, numeric, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_uuid_mask_value';
COMMENT ON FUNCTION @extschema@.retention_uuid_mask_value(internal, uuid, timestamptz, bigint, numeric, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor uuid, ts timestamptz, event bigint, value numeric, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_uuid_mask_value, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(uuid, timestamptz, bigint, numeric, @extschema@.retention_spec) IS
'who of the actors (uuid) came back, by cohort, and what that was worth; events are masks of conditions; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_text_label_value(internal, text, timestamptz, text, numeric, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_text_label_value';
COMMENT ON FUNCTION @extschema@.retention_text_label_value(internal, text, timestamptz, text, numeric, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor text, ts timestamptz, event text, value numeric, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_text_label_value, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(text, timestamptz, text, numeric, @extschema@.retention_spec) IS
'who of the actors (text) came back, by cohort, and what that was worth; events are labels; rows with a null actor, time or event are ignored';

CREATE FUNCTION @extschema@.retention_text_mask_value(internal, text, timestamptz, bigint, numeric, @extschema@.retention_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_text_mask_value';
COMMENT ON FUNCTION @extschema@.retention_text_mask_value(internal, text, timestamptz, bigint, numeric, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(actor text, ts timestamptz, event bigint, value numeric, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_text_mask_value, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.retention_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retention_combine,
	SERIALFUNC = @extschema@.retention_serialise, DESERIALFUNC = @extschema@.retention_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(text, timestamptz, bigint, numeric, @extschema@.retention_spec) IS
'who of the actors (text) came back, by cohort, and what that was worth; events are masks of conditions; rows with a null actor, time or event are ignored';

/* Merging. */

CREATE FUNCTION @extschema@.merge(@extschema@.retention, @extschema@.retention) RETURNS @extschema@.retention
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.retention, @extschema@.retention) IS
'retention of the actors of both; they must have the same spec and no actor in common';
CREATE OPERATOR @extschema@.+ (
	LEFTARG = @extschema@.retention, RIGHTARG = @extschema@.retention, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.+)
);
COMMENT ON OPERATOR @extschema@.+ (@extschema@.retention, @extschema@.retention) IS 'retention of the actors of both';
CREATE AGGREGATE @extschema@.rollup(retention @extschema@.retention) (
	SFUNC = @extschema@.merge, STYPE = @extschema@.retention, COMBINEFUNC = @extschema@.merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.retention) IS
'merges summaries of one spec; null for no rows';

/* The aggregate over timelines. */

CREATE FUNCTION @extschema@.retention_timeline(@extschema@.retention, @extschema@.timeline, @extschema@.retention_spec) RETURNS @extschema@.retention
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'retention_timeline';
COMMENT ON FUNCTION @extschema@.retention_timeline(@extschema@.retention, @extschema@.timeline, @extschema@.retention_spec) IS 'transition function of kpi.retention';
CREATE FUNCTION @extschema@.retention_timeline_final(@extschema@.retention) RETURNS @extschema@.retention
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_timeline_final';
COMMENT ON FUNCTION @extschema@.retention_timeline_final(@extschema@.retention) IS 'final function of kpi.retention';
CREATE AGGREGATE @extschema@.retention(timeline @extschema@.timeline, spec @extschema@.retention_spec) (
	SFUNC = @extschema@.retention_timeline, STYPE = @extschema@.retention,
	FINALFUNC = @extschema@.retention_timeline_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retention(@extschema@.timeline, @extschema@.retention_spec) IS
'who came back, by cohort, a timeline each; null timelines are ignored';

CREATE FUNCTION @extschema@.eq(@extschema@.retention, @extschema@.retention) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.retention, @extschema@.retention) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.retention, @extschema@.retention) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.retention, @extschema@.retention) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.retention) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.retention) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.retention, RIGHTARG = @extschema@.retention, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.retention, @extschema@.retention) IS 'the same summary';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.retention, RIGHTARG = @extschema@.retention, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.retention, @extschema@.retention) IS 'different summaries';
CREATE OPERATOR CLASS @extschema@.retention_ops DEFAULT FOR TYPE @extschema@.retention USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.retention);
COMMENT ON OPERATOR CLASS @extschema@.retention_ops USING hash IS 'equality of summaries';
COMMENT ON OPERATOR FAMILY @extschema@.retention_ops USING hash IS 'equality of summaries';

/* Accessors. */

CREATE FUNCTION @extschema@.cohorts(
		retention @extschema@.retention,
		as_of timestamptz DEFAULT NULL,
		OUT cohort timestamp,
		OUT size bigint,
		OUT period integer,
		OUT eligible bigint,
		OUT retained bigint,
		OUT rate double precision,
		OUT ci_low double precision,
		OUT ci_high double precision,
		OUT complete boolean,
		OUT value numeric,
		OUT value_rate double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100 AS 'MODULE_PATHNAME', 'retention_cohorts';
COMMENT ON FUNCTION @extschema@.cohorts(@extschema@.retention, timestamptz) IS
'a row for each cohort and period that has begun by as_of (default: the latest time seen): who of the cohort came back, with the 95 % interval';

CREATE FUNCTION @extschema@.curve(
		retention @extschema@.retention,
		as_of timestamptz DEFAULT NULL,
		OUT period integer,
		OUT cohorts bigint,
		OUT eligible bigint,
		OUT retained bigint,
		OUT rate double precision,
		OUT ci_low double precision,
		OUT ci_high double precision,
		OUT value numeric,
		OUT value_rate double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 12 AS 'MODULE_PATHNAME', 'retention_curve';
COMMENT ON FUNCTION @extschema@.curve(@extschema@.retention, timestamptz) IS
'a row for each period: all cohorts together for which it has ended by as_of (default: the latest time seen), so weighted by their actors';

CREATE FUNCTION @extschema@.actors(retention @extschema@.retention) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_actors';
COMMENT ON FUNCTION @extschema@.actors(@extschema@.retention) IS
'actors in all cohorts; recurring ones count once in each';

CREATE FUNCTION @extschema@.spec_of(retention @extschema@.retention) RETURNS @extschema@.retention_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_spec_of';
COMMENT ON FUNCTION @extschema@.spec_of(@extschema@.retention) IS
'the spec of a retention; null for one over no rows that never saw one';

/* For those who come from ClickHouse. */

CREATE FUNCTION @extschema@.retained_add(bigint, boolean[]) RETURNS bigint
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'retained_add';
COMMENT ON FUNCTION @extschema@.retained_add(bigint, boolean[]) IS 'transition function of kpi.retained';
CREATE FUNCTION @extschema@.retained_combine(bigint, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retained_combine';
COMMENT ON FUNCTION @extschema@.retained_combine(bigint, bigint) IS 'combine function of kpi.retained';
CREATE FUNCTION @extschema@.retained_final(bigint) RETURNS boolean[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'retained_final';
COMMENT ON FUNCTION @extschema@.retained_final(bigint) IS 'final function of kpi.retained';
CREATE AGGREGATE @extschema@.retained(VARIADIC conditions boolean[]) (
	SFUNC = @extschema@.retained_add, STYPE = bigint,
	FINALFUNC = @extschema@.retained_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.retained_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.retained(boolean[]) IS
'for each condition whether it and the first one held in some row, in whatever order: retention() of ClickHouse; null counts as false';
