/* ---- activity: who is active when, who is new, who comes back, who is gone? ---- */

CREATE TYPE @extschema@.activity_spec;

CREATE FUNCTION @extschema@.activity_spec_in(cstring) RETURNS @extschema@.activity_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_spec_in';
COMMENT ON FUNCTION @extschema@.activity_spec_in(cstring) IS 'input function of kpi.activity_spec';

CREATE FUNCTION @extschema@.activity_spec_out(@extschema@.activity_spec) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_spec_out';
COMMENT ON FUNCTION @extschema@.activity_spec_out(@extschema@.activity_spec) IS 'output function of kpi.activity_spec';

CREATE FUNCTION @extschema@.activity_spec_recv(internal) RETURNS @extschema@.activity_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_spec_recv';
COMMENT ON FUNCTION @extschema@.activity_spec_recv(internal) IS 'binary input function of kpi.activity_spec';

CREATE FUNCTION @extschema@.activity_spec_send(@extschema@.activity_spec) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_spec_send';
COMMENT ON FUNCTION @extschema@.activity_spec_send(@extschema@.activity_spec) IS 'binary output function of kpi.activity_spec';

CREATE TYPE @extschema@.activity_spec (
	INPUT = @extschema@.activity_spec_in,
	OUTPUT = @extschema@.activity_spec_out,
	RECEIVE = @extschema@.activity_spec_recv,
	SEND = @extschema@.activity_spec_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.activity_spec IS
'periods of an activity: by week in Asia/Seoul week starts sunday; checked when it is written';

CREATE FUNCTION @extschema@.eq(@extschema@.activity_spec, @extschema@.activity_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.activity_spec, @extschema@.activity_spec) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.activity_spec, @extschema@.activity_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.activity_spec, @extschema@.activity_spec) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.lt(@extschema@.activity_spec, @extschema@.activity_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_lt';
COMMENT ON FUNCTION @extschema@.lt(@extschema@.activity_spec, @extschema@.activity_spec) IS 'implementation of < operator';
CREATE FUNCTION @extschema@.le(@extschema@.activity_spec, @extschema@.activity_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_le';
COMMENT ON FUNCTION @extschema@.le(@extschema@.activity_spec, @extschema@.activity_spec) IS 'implementation of <= operator';
CREATE FUNCTION @extschema@.gt(@extschema@.activity_spec, @extschema@.activity_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_gt';
COMMENT ON FUNCTION @extschema@.gt(@extschema@.activity_spec, @extschema@.activity_spec) IS 'implementation of > operator';
CREATE FUNCTION @extschema@.ge(@extschema@.activity_spec, @extschema@.activity_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ge';
COMMENT ON FUNCTION @extschema@.ge(@extschema@.activity_spec, @extschema@.activity_spec) IS 'implementation of >= operator';
CREATE FUNCTION @extschema@.cmp(@extschema@.activity_spec, @extschema@.activity_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_cmp';
COMMENT ON FUNCTION @extschema@.cmp(@extschema@.activity_spec, @extschema@.activity_spec) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION @extschema@.hash(@extschema@.activity_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.activity_spec) IS 'hash';
CREATE FUNCTION @extschema@.hash_extended(@extschema@.activity_spec, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash_extended';
COMMENT ON FUNCTION @extschema@.hash_extended(@extschema@.activity_spec, bigint) IS 'hash with a seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.activity_spec, RIGHTARG = @extschema@.activity_spec, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.activity_spec, @extschema@.activity_spec) IS 'the same spec';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.activity_spec, RIGHTARG = @extschema@.activity_spec, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.activity_spec, @extschema@.activity_spec) IS 'different specs';
CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.activity_spec, RIGHTARG = @extschema@.activity_spec, FUNCTION = @extschema@.lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.activity_spec, @extschema@.activity_spec) IS 'before in the order of the bytes';
CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.activity_spec, RIGHTARG = @extschema@.activity_spec, FUNCTION = @extschema@.le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.activity_spec, @extschema@.activity_spec) IS 'not behind in the order of the bytes';
CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.activity_spec, RIGHTARG = @extschema@.activity_spec, FUNCTION = @extschema@.gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.activity_spec, @extschema@.activity_spec) IS 'behind in the order of the bytes';
CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.activity_spec, RIGHTARG = @extschema@.activity_spec, FUNCTION = @extschema@.ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.activity_spec, @extschema@.activity_spec) IS 'not before in the order of the bytes';

CREATE OPERATOR CLASS @extschema@.activity_spec_ops DEFAULT FOR TYPE @extschema@.activity_spec USING btree AS
	OPERATOR 1 @extschema@.<, OPERATOR 2 @extschema@.<=, OPERATOR 3 @extschema@.=,
	OPERATOR 4 @extschema@.>=, OPERATOR 5 @extschema@.>,
	FUNCTION 1 @extschema@.cmp(@extschema@.activity_spec, @extschema@.activity_spec);
CREATE OPERATOR CLASS @extschema@.activity_spec_ops DEFAULT FOR TYPE @extschema@.activity_spec USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.activity_spec),
	FUNCTION 2 @extschema@.hash_extended(@extschema@.activity_spec, bigint);
COMMENT ON OPERATOR CLASS @extschema@.activity_spec_ops USING btree IS 'order of the bytes of specs';
COMMENT ON OPERATOR FAMILY @extschema@.activity_spec_ops USING btree IS 'order of the bytes of specs';
COMMENT ON OPERATOR CLASS @extschema@.activity_spec_ops USING hash IS 'equality of specs';
COMMENT ON OPERATOR FAMILY @extschema@.activity_spec_ops USING hash IS 'equality of specs';

CREATE FUNCTION @extschema@.activity_spec(by text DEFAULT 'month', zone text DEFAULT 'UTC', week_starts text DEFAULT NULL) RETURNS @extschema@.activity_spec
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.concat_ws(' ',
		'by ' OPERATOR(pg_catalog.||) by,
		'in ' OPERATOR(pg_catalog.||) @extschema@.quote_label(zone),
		'week starts ' OPERATOR(pg_catalog.||) week_starts)::@extschema@.activity_spec
	$$;
COMMENT ON FUNCTION @extschema@.activity_spec(text, text, text) IS 'builds an activity spec from its parts';

CREATE TYPE @extschema@.activity;

CREATE FUNCTION @extschema@.activity_in(cstring) RETURNS @extschema@.activity
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_in';
COMMENT ON FUNCTION @extschema@.activity_in(cstring) IS 'input function of kpi.activity';

CREATE FUNCTION @extschema@.activity_out(@extschema@.activity) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_out';
COMMENT ON FUNCTION @extschema@.activity_out(@extschema@.activity) IS 'output function of kpi.activity';

CREATE FUNCTION @extschema@.activity_recv(internal) RETURNS @extschema@.activity
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_recv';
COMMENT ON FUNCTION @extschema@.activity_recv(internal) IS 'binary input function of kpi.activity';

CREATE FUNCTION @extschema@.activity_send(@extschema@.activity) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_send';
COMMENT ON FUNCTION @extschema@.activity_send(@extschema@.activity) IS 'binary output function of kpi.activity';

CREATE TYPE @extschema@.activity (
	INPUT = @extschema@.activity_in,
	OUTPUT = @extschema@.activity_out,
	RECEIVE = @extschema@.activity_recv,
	SEND = @extschema@.activity_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.activity IS
'summary of the activity of actors over periods and days; read it with kpi.lifecycle(), kpi.stickiness() and kpi.active_days(), merge it with kpi.rollup()';

CREATE FUNCTION @extschema@.activity_to_jsonb(@extschema@.activity) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_to_jsonb';
COMMENT ON FUNCTION @extschema@.activity_to_jsonb(@extschema@.activity) IS 'cast of kpi.activity to jsonb';
CREATE FUNCTION @extschema@.activity_from_jsonb(jsonb) RETURNS @extschema@.activity
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_from_jsonb';
COMMENT ON FUNCTION @extschema@.activity_from_jsonb(jsonb) IS 'cast of jsonb to kpi.activity';
CREATE CAST (@extschema@.activity AS jsonb) WITH FUNCTION @extschema@.activity_to_jsonb(@extschema@.activity) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.activity AS jsonb) IS 'everything that the summary holds';
CREATE CAST (jsonb AS @extschema@.activity) WITH FUNCTION @extschema@.activity_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.activity) IS 'reads what the cast to jsonb has written';

/* The aggregate: for each kind of actor. */

CREATE FUNCTION @extschema@.activity_final(internal) RETURNS @extschema@.activity
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_final';
COMMENT ON FUNCTION @extschema@.activity_final(internal) IS 'final function of kpi.activity';
CREATE FUNCTION @extschema@.activity_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_combine';
COMMENT ON FUNCTION @extschema@.activity_combine(internal, internal) IS 'combine function of kpi.activity';
CREATE FUNCTION @extschema@.activity_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_serialise';
COMMENT ON FUNCTION @extschema@.activity_serialise(internal) IS 'serialisation function of kpi.activity';
CREATE FUNCTION @extschema@.activity_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_deserialise';
COMMENT ON FUNCTION @extschema@.activity_deserialise(bytea, internal) IS 'deserialisation function of kpi.activity';

CREATE FUNCTION @extschema@.activity_bigint(internal, bigint, timestamptz, @extschema@.activity_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'activity_bigint';
COMMENT ON FUNCTION @extschema@.activity_bigint(internal, bigint, timestamptz, @extschema@.activity_spec) IS 'transition function of kpi.activity';
CREATE AGGREGATE @extschema@.activity(actor bigint, ts timestamptz, spec @extschema@.activity_spec) (
	SFUNC = @extschema@.activity_bigint, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.activity_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.activity_combine,
	SERIALFUNC = @extschema@.activity_serialise, DESERIALFUNC = @extschema@.activity_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.activity(bigint, timestamptz, @extschema@.activity_spec) IS
'which periods and days actors (bigint) were active in: each row is something that one did; rows with a null actor or time are ignored';

CREATE FUNCTION @extschema@.activity_uuid(internal, uuid, timestamptz, @extschema@.activity_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'activity_uuid';
COMMENT ON FUNCTION @extschema@.activity_uuid(internal, uuid, timestamptz, @extschema@.activity_spec) IS 'transition function of kpi.activity';
CREATE AGGREGATE @extschema@.activity(actor uuid, ts timestamptz, spec @extschema@.activity_spec) (
	SFUNC = @extschema@.activity_uuid, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.activity_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.activity_combine,
	SERIALFUNC = @extschema@.activity_serialise, DESERIALFUNC = @extschema@.activity_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.activity(uuid, timestamptz, @extschema@.activity_spec) IS
'which periods and days actors (uuid) were active in: each row is something that one did; rows with a null actor or time are ignored';

CREATE FUNCTION @extschema@.activity_text(internal, text, timestamptz, @extschema@.activity_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'activity_text';
COMMENT ON FUNCTION @extschema@.activity_text(internal, text, timestamptz, @extschema@.activity_spec) IS 'transition function of kpi.activity';
CREATE AGGREGATE @extschema@.activity(actor text, ts timestamptz, spec @extschema@.activity_spec) (
	SFUNC = @extschema@.activity_text, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.activity_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.activity_combine,
	SERIALFUNC = @extschema@.activity_serialise, DESERIALFUNC = @extschema@.activity_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.activity(text, timestamptz, @extschema@.activity_spec) IS
'which periods and days actors (text) were active in: each row is something that one did; rows with a null actor or time are ignored';

/* Merging. */

CREATE FUNCTION @extschema@.merge(@extschema@.activity, @extschema@.activity) RETURNS @extschema@.activity
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.activity, @extschema@.activity) IS
'activity of the actors of both; they must have the same spec and no actor in common';
CREATE OPERATOR @extschema@.+ (
	LEFTARG = @extschema@.activity, RIGHTARG = @extschema@.activity, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.+)
);
COMMENT ON OPERATOR @extschema@.+ (@extschema@.activity, @extschema@.activity) IS 'activity of the actors of both';
CREATE AGGREGATE @extschema@.rollup(activity @extschema@.activity) (
	SFUNC = @extschema@.merge, STYPE = @extschema@.activity, COMBINEFUNC = @extschema@.merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.activity) IS
'merges summaries of one spec; null for no rows';

/* The aggregate over timelines. */

CREATE FUNCTION @extschema@.activity_timeline(@extschema@.activity, @extschema@.timeline, @extschema@.activity_spec) RETURNS @extschema@.activity
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'activity_timeline';
COMMENT ON FUNCTION @extschema@.activity_timeline(@extschema@.activity, @extschema@.timeline, @extschema@.activity_spec) IS 'transition function of kpi.activity';
CREATE FUNCTION @extschema@.activity_timeline_final(@extschema@.activity) RETURNS @extschema@.activity
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_timeline_final';
COMMENT ON FUNCTION @extschema@.activity_timeline_final(@extschema@.activity) IS 'final function of kpi.activity';
CREATE AGGREGATE @extschema@.activity(timeline @extschema@.timeline, spec @extschema@.activity_spec) (
	SFUNC = @extschema@.activity_timeline, STYPE = @extschema@.activity,
	FINALFUNC = @extschema@.activity_timeline_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.activity(@extschema@.timeline, @extschema@.activity_spec) IS
'which periods and days actors were active in, a timeline each; null timelines are ignored';

CREATE FUNCTION @extschema@.eq(@extschema@.activity, @extschema@.activity) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.activity, @extschema@.activity) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.activity, @extschema@.activity) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.activity, @extschema@.activity) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.activity) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.activity) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.activity, RIGHTARG = @extschema@.activity, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.activity, @extschema@.activity) IS 'the same summary';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.activity, RIGHTARG = @extschema@.activity, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.activity, @extschema@.activity) IS 'different summaries';
CREATE OPERATOR CLASS @extschema@.activity_ops DEFAULT FOR TYPE @extschema@.activity USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.activity);
COMMENT ON OPERATOR CLASS @extschema@.activity_ops USING hash IS 'equality of summaries';
COMMENT ON OPERATOR FAMILY @extschema@.activity_ops USING hash IS 'equality of summaries';

/* Accessors. */

CREATE FUNCTION @extschema@.lifecycle(
		activity @extschema@.activity,
		as_of timestamptz DEFAULT NULL,
		OUT period timestamp,
		OUT active bigint,
		OUT new bigint,
		OUT "returning" bigint,
		OUT resurrecting bigint,
		OUT dormant bigint,
		OUT churn_rate double precision,
		OUT quick_ratio double precision,
		OUT complete boolean
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 50 AS 'MODULE_PATHNAME', 'activity_lifecycle';
COMMENT ON FUNCTION @extschema@.lifecycle(@extschema@.activity, timestamptz) IS
'a row for each period up to as_of (default: the latest time seen): actors that are active, of these new, returning and resurrecting, and dormant ones';

CREATE FUNCTION @extschema@.stickiness(
		activity @extschema@.activity,
		as_of timestamptz DEFAULT NULL,
		OUT day date,
		OUT dau bigint,
		OUT wau bigint,
		OUT mau bigint,
		OUT mau30 bigint,
		OUT dau_wau double precision,
		OUT dau_mau double precision,
		OUT wau_mau double precision,
		OUT avg_dau_wau double precision,
		OUT avg_dau_mau double precision,
		OUT complete boolean
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100 AS 'MODULE_PATHNAME', 'activity_stickiness';
COMMENT ON FUNCTION @extschema@.stickiness(@extschema@.activity, timestamptz) IS
'a row for each day up to as_of (default: the latest time seen): actors active on it and in the 7, 28 and 30 days that end with it, and their ratios';

CREATE FUNCTION @extschema@.active_days(
		activity @extschema@.activity,
		days integer DEFAULT 28,
		as_of timestamptz DEFAULT NULL,
		OUT active_days integer,
		OUT actors bigint,
		OUT share double precision,
		OUT at_least bigint,
		OUT at_least_share double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 28 AS 'MODULE_PATHNAME', 'activity_days';
COMMENT ON FUNCTION @extschema@.active_days(@extschema@.activity, integer, timestamptz) IS
'how many actors were active on how many of the 7 or 28 days that end with the day of as_of (default: the latest time seen): L7, L28';

CREATE FUNCTION @extschema@.spec_of(activity @extschema@.activity) RETURNS @extschema@.activity_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'activity_spec_of';
COMMENT ON FUNCTION @extschema@.spec_of(@extschema@.activity) IS
'the spec of an activity; null for one over no rows that never saw one';
