/* ---- funnel: how far did actors get through a pattern? ---- */

CREATE TYPE @extschema@.funnel;

CREATE FUNCTION @extschema@.funnel_in(cstring) RETURNS @extschema@.funnel
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_in';
COMMENT ON FUNCTION @extschema@.funnel_in(cstring) IS 'input function of kpi.funnel';

CREATE FUNCTION @extschema@.funnel_out(@extschema@.funnel) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_out';
COMMENT ON FUNCTION @extschema@.funnel_out(@extschema@.funnel) IS 'output function of kpi.funnel';

CREATE FUNCTION @extschema@.funnel_recv(internal) RETURNS @extschema@.funnel
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_recv';
COMMENT ON FUNCTION @extschema@.funnel_recv(internal) IS 'binary input function of kpi.funnel';

CREATE FUNCTION @extschema@.funnel_send(@extschema@.funnel) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_send';
COMMENT ON FUNCTION @extschema@.funnel_send(@extschema@.funnel) IS 'binary output function of kpi.funnel';

CREATE TYPE @extschema@.funnel (
	INPUT = @extschema@.funnel_in,
	OUTPUT = @extschema@.funnel_out,
	RECEIVE = @extschema@.funnel_recv,
	SEND = @extschema@.funnel_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.funnel IS
'summary of a funnel: actors at each step, their times, passes and periods; read it with kpi.steps(), merge it with kpi.rollup()';

CREATE FUNCTION @extschema@.funnel_to_jsonb(@extschema@.funnel) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_to_jsonb';
COMMENT ON FUNCTION @extschema@.funnel_to_jsonb(@extschema@.funnel) IS 'cast of kpi.funnel to jsonb';
CREATE FUNCTION @extschema@.funnel_from_jsonb(jsonb) RETURNS @extschema@.funnel
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_from_jsonb';
COMMENT ON FUNCTION @extschema@.funnel_from_jsonb(jsonb) IS 'cast of jsonb to kpi.funnel';
CREATE CAST (@extschema@.funnel AS jsonb) WITH FUNCTION @extschema@.funnel_to_jsonb(@extschema@.funnel) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.funnel AS jsonb) IS 'everything that the summary holds';
CREATE CAST (jsonb AS @extschema@.funnel) WITH FUNCTION @extschema@.funnel_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.funnel) IS 'reads what the cast to jsonb has written';

/* The aggregate: for each kind of actor and of event. */

CREATE FUNCTION @extschema@.funnel_final(internal) RETURNS @extschema@.funnel
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_final';
COMMENT ON FUNCTION @extschema@.funnel_final(internal) IS 'final function of kpi.funnel';
CREATE FUNCTION @extschema@.funnel_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_combine';
COMMENT ON FUNCTION @extschema@.funnel_combine(internal, internal) IS 'combine function of kpi.funnel';
CREATE FUNCTION @extschema@.funnel_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_serialise';
COMMENT ON FUNCTION @extschema@.funnel_serialise(internal) IS 'serialisation function of kpi.funnel';
CREATE FUNCTION @extschema@.funnel_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_deserialise';
COMMENT ON FUNCTION @extschema@.funnel_deserialise(bytea, internal) IS 'deserialisation function of kpi.funnel';

CREATE FUNCTION @extschema@.funnel_bigint_label(internal, bigint, timestamptz, text, @extschema@.pattern) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'funnel_bigint_label';
COMMENT ON FUNCTION @extschema@.funnel_bigint_label(internal, bigint, timestamptz, text, @extschema@.pattern) IS 'transition function of kpi.funnel';
CREATE AGGREGATE @extschema@.funnel(actor bigint, ts timestamptz, event text, pattern @extschema@.pattern) (
	SFUNC = @extschema@.funnel_bigint_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.funnel_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.funnel_combine,
	SERIALFUNC = @extschema@.funnel_serialise, DESERIALFUNC = @extschema@.funnel_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.funnel(bigint, timestamptz, text, @extschema@.pattern) IS
'how far actors (bigint) got through a pattern; events are labels; rows with a null are ignored';

CREATE FUNCTION @extschema@.funnel_bigint_mask(internal, bigint, timestamptz, bigint, @extschema@.pattern) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'funnel_bigint_mask';
COMMENT ON FUNCTION @extschema@.funnel_bigint_mask(internal, bigint, timestamptz, bigint, @extschema@.pattern) IS 'transition function of kpi.funnel';
CREATE AGGREGATE @extschema@.funnel(actor bigint, ts timestamptz, event bigint, pattern @extschema@.pattern) (
	SFUNC = @extschema@.funnel_bigint_mask, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.funnel_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.funnel_combine,
	SERIALFUNC = @extschema@.funnel_serialise, DESERIALFUNC = @extschema@.funnel_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.funnel(bigint, timestamptz, bigint, @extschema@.pattern) IS
'how far actors (bigint) got through a pattern; events are masks of conditions; rows with a null are ignored';

CREATE FUNCTION @extschema@.funnel_uuid_label(internal, uuid, timestamptz, text, @extschema@.pattern) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'funnel_uuid_label';
COMMENT ON FUNCTION @extschema@.funnel_uuid_label(internal, uuid, timestamptz, text, @extschema@.pattern) IS 'transition function of kpi.funnel';
CREATE AGGREGATE @extschema@.funnel(actor uuid, ts timestamptz, event text, pattern @extschema@.pattern) (
	SFUNC = @extschema@.funnel_uuid_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.funnel_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.funnel_combine,
	SERIALFUNC = @extschema@.funnel_serialise, DESERIALFUNC = @extschema@.funnel_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.funnel(uuid, timestamptz, text, @extschema@.pattern) IS
'how far actors (uuid) got through a pattern; events are labels; rows with a null are ignored';

CREATE FUNCTION @extschema@.funnel_uuid_mask(internal, uuid, timestamptz, bigint, @extschema@.pattern) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'funnel_uuid_mask';
COMMENT ON FUNCTION @extschema@.funnel_uuid_mask(internal, uuid, timestamptz, bigint, @extschema@.pattern) IS 'transition function of kpi.funnel';
CREATE AGGREGATE @extschema@.funnel(actor uuid, ts timestamptz, event bigint, pattern @extschema@.pattern) (
	SFUNC = @extschema@.funnel_uuid_mask, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.funnel_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.funnel_combine,
	SERIALFUNC = @extschema@.funnel_serialise, DESERIALFUNC = @extschema@.funnel_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.funnel(uuid, timestamptz, bigint, @extschema@.pattern) IS
'how far actors (uuid) got through a pattern; events are masks of conditions; rows with a null are ignored';

CREATE FUNCTION @extschema@.funnel_text_label(internal, text, timestamptz, text, @extschema@.pattern) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'funnel_text_label';
COMMENT ON FUNCTION @extschema@.funnel_text_label(internal, text, timestamptz, text, @extschema@.pattern) IS 'transition function of kpi.funnel';
CREATE AGGREGATE @extschema@.funnel(actor text, ts timestamptz, event text, pattern @extschema@.pattern) (
	SFUNC = @extschema@.funnel_text_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.funnel_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.funnel_combine,
	SERIALFUNC = @extschema@.funnel_serialise, DESERIALFUNC = @extschema@.funnel_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.funnel(text, timestamptz, text, @extschema@.pattern) IS
'how far actors (text) got through a pattern; events are labels; rows with a null are ignored';

CREATE FUNCTION @extschema@.funnel_text_mask(internal, text, timestamptz, bigint, @extschema@.pattern) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'funnel_text_mask';
COMMENT ON FUNCTION @extschema@.funnel_text_mask(internal, text, timestamptz, bigint, @extschema@.pattern) IS 'transition function of kpi.funnel';
CREATE AGGREGATE @extschema@.funnel(actor text, ts timestamptz, event bigint, pattern @extschema@.pattern) (
	SFUNC = @extschema@.funnel_text_mask, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.funnel_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.funnel_combine,
	SERIALFUNC = @extschema@.funnel_serialise, DESERIALFUNC = @extschema@.funnel_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.funnel(text, timestamptz, bigint, @extschema@.pattern) IS
'how far actors (text) got through a pattern; events are masks of conditions; rows with a null are ignored';

/* Merging. */

CREATE FUNCTION @extschema@.merge(@extschema@.funnel, @extschema@.funnel) RETURNS @extschema@.funnel
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.funnel, @extschema@.funnel) IS
'funnel of the actors of both; they must have the same pattern and no actor in common';
CREATE OPERATOR @extschema@.+ (
	LEFTARG = @extschema@.funnel, RIGHTARG = @extschema@.funnel, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.+)
);
COMMENT ON OPERATOR @extschema@.+ (@extschema@.funnel, @extschema@.funnel) IS 'funnel of the actors of both';
CREATE AGGREGATE @extschema@.rollup(funnel @extschema@.funnel) (
	SFUNC = @extschema@.merge, STYPE = @extschema@.funnel, COMBINEFUNC = @extschema@.merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.funnel) IS
'merges funnels of one pattern; null for no rows';

CREATE FUNCTION @extschema@.eq(@extschema@.funnel, @extschema@.funnel) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.funnel, @extschema@.funnel) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.funnel, @extschema@.funnel) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.funnel, @extschema@.funnel) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.funnel) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.funnel) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.funnel, RIGHTARG = @extschema@.funnel, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.funnel, @extschema@.funnel) IS 'the same summary';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.funnel, RIGHTARG = @extschema@.funnel, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.funnel, @extschema@.funnel) IS 'different summaries';
CREATE OPERATOR CLASS @extschema@.funnel_ops DEFAULT FOR TYPE @extschema@.funnel USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.funnel);
COMMENT ON OPERATOR CLASS @extschema@.funnel_ops USING hash IS 'equality of funnels';
COMMENT ON OPERATOR FAMILY @extschema@.funnel_ops USING hash IS 'equality of funnels';

/* Accessors. */

CREATE FUNCTION @extschema@.steps(
		funnel @extschema@.funnel,
		OUT step integer,
		OUT name text,
		OUT actors bigint,
		OUT conversion_from_first double precision,
		OUT conversion_from_previous double precision,
		OUT dropped bigint,
		OUT ci_low double precision,
		OUT ci_high double precision,
		OUT avg_from_previous interval,
		OUT median_from_previous interval,
		OUT p90_from_previous interval,
		OUT avg_from_first interval,
		OUT median_from_first interval,
		OUT p90_from_first interval
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5 AS 'MODULE_PATHNAME', 'funnel_steps';
COMMENT ON FUNCTION @extschema@.steps(@extschema@.funnel) IS
'a row for each step: actors that reached it, conversion with its 95 % interval, drop-off and times';

CREATE FUNCTION @extschema@.trend(
		funnel @extschema@.funnel,
		OUT period timestamp,
		OUT step integer,
		OUT name text,
		OUT actors bigint,
		OUT conversion_from_first double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100 AS 'MODULE_PATHNAME', 'funnel_trend';
COMMENT ON FUNCTION @extschema@.trend(@extschema@.funnel) IS
'a row for each period of entry and step, of a funnel whose pattern says by day, week, ...';

CREATE FUNCTION @extschema@.conversion_rate(funnel @extschema@.funnel, step integer DEFAULT NULL) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_conversion_rate';
COMMENT ON FUNCTION @extschema@.conversion_rate(@extschema@.funnel, integer) IS
'actors that reached a step (default: the last required one) over those at the first; null if there are none';

CREATE FUNCTION @extschema@.actors(funnel @extschema@.funnel, step integer DEFAULT NULL) RETURNS bigint
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_actors';
COMMENT ON FUNCTION @extschema@.actors(@extschema@.funnel, integer) IS
'actors that reached a step (default: the first)';

CREATE FUNCTION @extschema@.level(funnel @extschema@.funnel) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_level';
COMMENT ON FUNCTION @extschema@.level(@extschema@.funnel) IS
'the deepest step that any actor reached; 0 if none';

CREATE FUNCTION @extschema@.completions(funnel @extschema@.funnel) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_completions';
COMMENT ON FUNCTION @extschema@.completions(@extschema@.funnel) IS
'complete passes of all actors, one after the other and disjoint in time';

CREATE FUNCTION @extschema@.pattern_of(funnel @extschema@.funnel) RETURNS @extschema@.pattern
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'funnel_pattern';
COMMENT ON FUNCTION @extschema@.pattern_of(@extschema@.funnel) IS
'the pattern of a funnel; null for a funnel over no rows that never saw one';

/* Masks of conditions. */

CREATE FUNCTION @extschema@.conditions(VARIADIC conditions boolean[]) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'conditions';
COMMENT ON FUNCTION @extschema@.conditions(boolean[]) IS
'mask whose bit i-1 says that condition i holds; null counts as false; at most 63 conditions';
