/* ---- timeline: one actor's history in one packed value ---- */

CREATE TYPE @extschema@.timeline;

CREATE FUNCTION @extschema@.timeline_in(cstring) RETURNS @extschema@.timeline
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_in';
COMMENT ON FUNCTION @extschema@.timeline_in(cstring) IS 'input function of kpi.timeline';

CREATE FUNCTION @extschema@.timeline_out(@extschema@.timeline) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_out';
COMMENT ON FUNCTION @extschema@.timeline_out(@extschema@.timeline) IS 'output function of kpi.timeline';

CREATE FUNCTION @extschema@.timeline_recv(internal) RETURNS @extschema@.timeline
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_recv';
COMMENT ON FUNCTION @extschema@.timeline_recv(internal) IS 'binary input function of kpi.timeline';

CREATE FUNCTION @extschema@.timeline_send(@extschema@.timeline) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_send';
COMMENT ON FUNCTION @extschema@.timeline_send(@extschema@.timeline) IS 'binary output function of kpi.timeline';

/* Stored uncompressed: the bytes are packed, and reading is to be fast; docs/timeline.md has the figures. */
CREATE TYPE @extschema@.timeline (
	INPUT = @extschema@.timeline_in,
	OUTPUT = @extschema@.timeline_out,
	RECEIVE = @extschema@.timeline_recv,
	SEND = @extschema@.timeline_send,
	STORAGE = external
);
COMMENT ON TYPE @extschema@.timeline IS
'history of one actor: events with their times and values, packed; made by kpi.timeline(ts, event [, value]), read with kpi.events()';

CREATE FUNCTION @extschema@.timeline_to_jsonb(@extschema@.timeline) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_to_jsonb';
COMMENT ON FUNCTION @extschema@.timeline_to_jsonb(@extschema@.timeline) IS 'cast of kpi.timeline to jsonb';
CREATE FUNCTION @extschema@.timeline_from_jsonb(jsonb) RETURNS @extschema@.timeline
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_from_jsonb';
COMMENT ON FUNCTION @extschema@.timeline_from_jsonb(jsonb) IS 'cast of jsonb to kpi.timeline';
CREATE CAST (@extschema@.timeline AS jsonb) WITH FUNCTION @extschema@.timeline_to_jsonb(@extschema@.timeline) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.timeline AS jsonb) IS 'array of objects with ts, event and value, in the order of time';
CREATE CAST (jsonb AS @extschema@.timeline) WITH FUNCTION @extschema@.timeline_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.timeline) IS 'reads an array of objects with ts, event and, where there is one, value';

/* The aggregates. */

CREATE FUNCTION @extschema@.timeline_add(internal, timestamptz, text) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_add';
COMMENT ON FUNCTION @extschema@.timeline_add(internal, timestamptz, text) IS 'transition function of kpi.timeline';
CREATE FUNCTION @extschema@.timeline_add(internal, timestamptz, text, numeric) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_add';
COMMENT ON FUNCTION @extschema@.timeline_add(internal, timestamptz, text, numeric) IS 'transition function of kpi.timeline';
CREATE FUNCTION @extschema@.timeline_add(internal, @extschema@.timeline) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_add_timeline';
COMMENT ON FUNCTION @extschema@.timeline_add(internal, @extschema@.timeline) IS 'transition function of kpi.rollup';
CREATE FUNCTION @extschema@.timeline_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_combine';
COMMENT ON FUNCTION @extschema@.timeline_combine(internal, internal) IS 'combine function of kpi.timeline';
CREATE FUNCTION @extschema@.timeline_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_serialise';
COMMENT ON FUNCTION @extschema@.timeline_serialise(internal) IS 'serialisation function of kpi.timeline';
CREATE FUNCTION @extschema@.timeline_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_deserialise';
COMMENT ON FUNCTION @extschema@.timeline_deserialise(bytea, internal) IS 'deserialisation function of kpi.timeline';
CREATE FUNCTION @extschema@.timeline_final(internal) RETURNS @extschema@.timeline
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_final';
COMMENT ON FUNCTION @extschema@.timeline_final(internal) IS 'final function of kpi.timeline';

CREATE AGGREGATE @extschema@.timeline(ts timestamptz, event text) (
	SFUNC = @extschema@.timeline_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.timeline_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.timeline_combine,
	SERIALFUNC = @extschema@.timeline_serialise, DESERIALFUNC = @extschema@.timeline_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.timeline(timestamptz, text) IS
'the history of one actor; rows without a time or an event are ignored';
CREATE AGGREGATE @extschema@.timeline(ts timestamptz, event text, value numeric) (
	SFUNC = @extschema@.timeline_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.timeline_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.timeline_combine,
	SERIALFUNC = @extschema@.timeline_serialise, DESERIALFUNC = @extschema@.timeline_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.timeline(timestamptz, text, numeric) IS
'the history of one actor, with values; rows without a time or an event are ignored';
CREATE AGGREGATE @extschema@.rollup(timeline @extschema@.timeline) (
	SFUNC = @extschema@.timeline_add, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.timeline_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.timeline_combine,
	SERIALFUNC = @extschema@.timeline_serialise, DESERIALFUNC = @extschema@.timeline_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.timeline) IS
'all events of some timelines in one';

/* Functions. */

CREATE FUNCTION @extschema@.merge(@extschema@.timeline, @extschema@.timeline) RETURNS @extschema@.timeline
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.timeline, @extschema@.timeline) IS 'all events of two timelines in one';
CREATE OPERATOR @extschema@.|| (
	LEFTARG = @extschema@.timeline, RIGHTARG = @extschema@.timeline, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.||)
);
COMMENT ON OPERATOR @extschema@.|| (@extschema@.timeline, @extschema@.timeline) IS 'all events of two timelines in one';

CREATE FUNCTION @extschema@.slice(
		timeline @extschema@.timeline, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL
	) RETURNS @extschema@.timeline
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_slice';
COMMENT ON FUNCTION @extschema@.slice(@extschema@.timeline, timestamptz, timestamptz) IS
'the events from one time on and before another one; null for no bound';

CREATE FUNCTION @extschema@.without(timeline @extschema@.timeline, labels text[]) RETURNS @extschema@.timeline
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_without';
COMMENT ON FUNCTION @extschema@.without(@extschema@.timeline, text[]) IS
'the timeline without the events that have one of the labels';

CREATE FUNCTION @extschema@.events(
		timeline @extschema@.timeline,
		OUT ts timestamptz,
		OUT event text,
		OUT value numeric
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME', 'timeline_rows';
COMMENT ON FUNCTION @extschema@.events(@extschema@.timeline) IS
'the events of a timeline in the order of time, value null where there is none';

CREATE FUNCTION @extschema@.length(timeline @extschema@.timeline) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_length';
COMMENT ON FUNCTION @extschema@.length(@extschema@.timeline) IS 'number of events';

CREATE FUNCTION @extschema@.first_at(timeline @extschema@.timeline) RETURNS timestamptz
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_first';
COMMENT ON FUNCTION @extschema@.first_at(@extschema@.timeline) IS 'time of the first event; null without events';

CREATE FUNCTION @extschema@.last_at(timeline @extschema@.timeline) RETURNS timestamptz
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_last';
COMMENT ON FUNCTION @extschema@.last_at(@extschema@.timeline) IS 'time of the last event; null without events';

CREATE FUNCTION @extschema@.labels(timeline @extschema@.timeline) RETURNS text[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_labels';
COMMENT ON FUNCTION @extschema@.labels(@extschema@.timeline) IS
'the different labels of the events, in the order of their bytes';

/* Order and equality are those of the bytes, for DISTINCT, GROUP BY and joins. */

CREATE FUNCTION @extschema@.eq(@extschema@.timeline, @extschema@.timeline) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.timeline, @extschema@.timeline) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.timeline, @extschema@.timeline) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.timeline, @extschema@.timeline) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.lt(@extschema@.timeline, @extschema@.timeline) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_lt';
COMMENT ON FUNCTION @extschema@.lt(@extschema@.timeline, @extschema@.timeline) IS 'implementation of < operator';
CREATE FUNCTION @extschema@.le(@extschema@.timeline, @extschema@.timeline) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_le';
COMMENT ON FUNCTION @extschema@.le(@extschema@.timeline, @extschema@.timeline) IS 'implementation of <= operator';
CREATE FUNCTION @extschema@.gt(@extschema@.timeline, @extschema@.timeline) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_gt';
COMMENT ON FUNCTION @extschema@.gt(@extschema@.timeline, @extschema@.timeline) IS 'implementation of > operator';
CREATE FUNCTION @extschema@.ge(@extschema@.timeline, @extschema@.timeline) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ge';
COMMENT ON FUNCTION @extschema@.ge(@extschema@.timeline, @extschema@.timeline) IS 'implementation of >= operator';
CREATE FUNCTION @extschema@.cmp(@extschema@.timeline, @extschema@.timeline) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_cmp';
COMMENT ON FUNCTION @extschema@.cmp(@extschema@.timeline, @extschema@.timeline) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION @extschema@.hash(@extschema@.timeline) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.timeline) IS 'hash';
CREATE FUNCTION @extschema@.hash_extended(@extschema@.timeline, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash_extended';
COMMENT ON FUNCTION @extschema@.hash_extended(@extschema@.timeline, bigint) IS 'hash with a seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.timeline, RIGHTARG = @extschema@.timeline, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.timeline, @extschema@.timeline) IS 'the same events';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.timeline, RIGHTARG = @extschema@.timeline, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.timeline, @extschema@.timeline) IS 'different events';
CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.timeline, RIGHTARG = @extschema@.timeline, FUNCTION = @extschema@.lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.timeline, @extschema@.timeline) IS 'before in the order of the bytes';
CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.timeline, RIGHTARG = @extschema@.timeline, FUNCTION = @extschema@.le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.timeline, @extschema@.timeline) IS 'not behind in the order of the bytes';
CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.timeline, RIGHTARG = @extschema@.timeline, FUNCTION = @extschema@.gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.timeline, @extschema@.timeline) IS 'behind in the order of the bytes';
CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.timeline, RIGHTARG = @extschema@.timeline, FUNCTION = @extschema@.ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.timeline, @extschema@.timeline) IS 'not before in the order of the bytes';

CREATE OPERATOR CLASS @extschema@.timeline_ops DEFAULT FOR TYPE @extschema@.timeline USING btree AS
	OPERATOR 1 @extschema@.<, OPERATOR 2 @extschema@.<=, OPERATOR 3 @extschema@.=,
	OPERATOR 4 @extschema@.>=, OPERATOR 5 @extschema@.>,
	FUNCTION 1 @extschema@.cmp(@extschema@.timeline, @extschema@.timeline);
CREATE OPERATOR CLASS @extschema@.timeline_ops DEFAULT FOR TYPE @extschema@.timeline USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.timeline),
	FUNCTION 2 @extschema@.hash_extended(@extschema@.timeline, bigint);
COMMENT ON OPERATOR CLASS @extschema@.timeline_ops USING btree IS 'order of the bytes of timelines';
COMMENT ON OPERATOR FAMILY @extschema@.timeline_ops USING btree IS 'order of the bytes of timelines';
COMMENT ON OPERATOR CLASS @extschema@.timeline_ops USING hash IS 'equality of timelines';
COMMENT ON OPERATOR FAMILY @extschema@.timeline_ops USING hash IS 'equality of timelines';

/* Building a store in one pass. */

CREATE FUNCTION @extschema@.timelines(query text, OUT actor text, OUT timeline @extschema@.timeline) RETURNS SETOF record
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 1000 ROWS 100000 AS 'MODULE_PATHNAME', 'timelines';
COMMENT ON FUNCTION @extschema@.timelines(text) IS
'the timelines of all actors in the rows of a query: actor, time, event and, if wanted, value; runs it with the rights of its caller';
