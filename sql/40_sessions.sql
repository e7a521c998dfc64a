/* ---- session_spec: a small language for visits ---- */

CREATE TYPE @extschema@.session_spec;

CREATE FUNCTION @extschema@.session_spec_in(cstring) RETURNS @extschema@.session_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'session_spec_in';
COMMENT ON FUNCTION @extschema@.session_spec_in(cstring) IS 'input function of kpi.session_spec';

CREATE FUNCTION @extschema@.session_spec_out(@extschema@.session_spec) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'session_spec_out';
COMMENT ON FUNCTION @extschema@.session_spec_out(@extschema@.session_spec) IS 'output function of kpi.session_spec';

CREATE FUNCTION @extschema@.session_spec_recv(internal) RETURNS @extschema@.session_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'session_spec_recv';
COMMENT ON FUNCTION @extschema@.session_spec_recv(internal) IS 'binary input function of kpi.session_spec';

CREATE FUNCTION @extschema@.session_spec_send(@extschema@.session_spec) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'session_spec_send';
COMMENT ON FUNCTION @extschema@.session_spec_send(@extschema@.session_spec) IS 'binary output function of kpi.session_spec';

CREATE TYPE @extschema@.session_spec (
	INPUT = @extschema@.session_spec_in,
	OUTPUT = @extschema@.session_spec_out,
	RECEIVE = @extschema@.session_spec_recv,
	SEND = @extschema@.session_spec_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.session_spec IS
'what a session is and what to count in it, such as ''timeout 30 min, views page_view, key purchase|signup, by day in Europe/Berlin''';

CREATE FUNCTION @extschema@.quote_duration(duration interval) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'quote_duration';
COMMENT ON FUNCTION @extschema@.quote_duration(interval) IS
'the interval as it is written in patterns and specs; months have no fixed length and are an error';

CREATE FUNCTION @extschema@.session_spec(
		timeout interval DEFAULT '30 min',
		views text[] DEFAULT NULL,
		key text[] DEFAULT NULL,
		clicks text[] DEFAULT NULL,
		impressions text[] DEFAULT NULL,
		shares text[] DEFAULT NULL,
		engaged_after interval DEFAULT '10 sec',
		by text DEFAULT NULL,
		zone text DEFAULT NULL,
		week_starts text DEFAULT NULL
	) RETURNS @extschema@.session_spec
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.concat_ws(', ',
		'timeout ' OPERATOR(pg_catalog.||) @extschema@.quote_duration(timeout),
		'views ' OPERATOR(pg_catalog.||) (SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(views)) WITH ORDINALITY AS u(l, i)),
		'key ' OPERATOR(pg_catalog.||) (SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(key)) WITH ORDINALITY AS u(l, i)),
		'clicks ' OPERATOR(pg_catalog.||) (SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(clicks)) WITH ORDINALITY AS u(l, i)),
		'impressions ' OPERATOR(pg_catalog.||) (SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(impressions)) WITH ORDINALITY AS u(l, i)),
		'shares ' OPERATOR(pg_catalog.||) (SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(shares)) WITH ORDINALITY AS u(l, i)),
		'engaged after ' OPERATOR(pg_catalog.||) @extschema@.quote_duration(engaged_after),
		'by ' OPERATOR(pg_catalog.||) by,
		'in ' OPERATOR(pg_catalog.||) @extschema@.quote_label(zone),
		'week starts ' OPERATOR(pg_catalog.||) week_starts)::@extschema@.session_spec
	$$;
COMMENT ON FUNCTION @extschema@.session_spec(interval, text[], text[], text[], text[], text[], interval, text, text, text) IS
'builds a session spec from its parts; labels are plain, what is null is left out';

/* Order and equality are those of the canonical text, for DISTINCT, GROUP BY and joins. */

CREATE FUNCTION @extschema@.eq(@extschema@.session_spec, @extschema@.session_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.session_spec, @extschema@.session_spec) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.session_spec, @extschema@.session_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.session_spec, @extschema@.session_spec) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.lt(@extschema@.session_spec, @extschema@.session_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_lt';
COMMENT ON FUNCTION @extschema@.lt(@extschema@.session_spec, @extschema@.session_spec) IS 'implementation of < operator';
CREATE FUNCTION @extschema@.le(@extschema@.session_spec, @extschema@.session_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_le';
COMMENT ON FUNCTION @extschema@.le(@extschema@.session_spec, @extschema@.session_spec) IS 'implementation of <= operator';
CREATE FUNCTION @extschema@.gt(@extschema@.session_spec, @extschema@.session_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_gt';
COMMENT ON FUNCTION @extschema@.gt(@extschema@.session_spec, @extschema@.session_spec) IS 'implementation of > operator';
CREATE FUNCTION @extschema@.ge(@extschema@.session_spec, @extschema@.session_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ge';
COMMENT ON FUNCTION @extschema@.ge(@extschema@.session_spec, @extschema@.session_spec) IS 'implementation of >= operator';
CREATE FUNCTION @extschema@.cmp(@extschema@.session_spec, @extschema@.session_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_cmp';
COMMENT ON FUNCTION @extschema@.cmp(@extschema@.session_spec, @extschema@.session_spec) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION @extschema@.hash(@extschema@.session_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.session_spec) IS 'hash';
CREATE FUNCTION @extschema@.hash_extended(@extschema@.session_spec, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash_extended';
COMMENT ON FUNCTION @extschema@.hash_extended(@extschema@.session_spec, bigint) IS 'hash with a seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.session_spec, RIGHTARG = @extschema@.session_spec, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.session_spec, @extschema@.session_spec) IS 'the same spec';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.session_spec, RIGHTARG = @extschema@.session_spec, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.session_spec, @extschema@.session_spec) IS 'different specs';
CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.session_spec, RIGHTARG = @extschema@.session_spec, FUNCTION = @extschema@.lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.session_spec, @extschema@.session_spec) IS 'before in the order of the bytes';
CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.session_spec, RIGHTARG = @extschema@.session_spec, FUNCTION = @extschema@.le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.session_spec, @extschema@.session_spec) IS 'not behind in the order of the bytes';
CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.session_spec, RIGHTARG = @extschema@.session_spec, FUNCTION = @extschema@.gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.session_spec, @extschema@.session_spec) IS 'behind in the order of the bytes';
CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.session_spec, RIGHTARG = @extschema@.session_spec, FUNCTION = @extschema@.ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.session_spec, @extschema@.session_spec) IS 'not before in the order of the bytes';

CREATE OPERATOR CLASS @extschema@.session_spec_ops DEFAULT FOR TYPE @extschema@.session_spec USING btree AS
	OPERATOR 1 @extschema@.<, OPERATOR 2 @extschema@.<=, OPERATOR 3 @extschema@.=,
	OPERATOR 4 @extschema@.>=, OPERATOR 5 @extschema@.>,
	FUNCTION 1 @extschema@.cmp(@extschema@.session_spec, @extschema@.session_spec);
CREATE OPERATOR CLASS @extschema@.session_spec_ops DEFAULT FOR TYPE @extschema@.session_spec USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.session_spec),
	FUNCTION 2 @extschema@.hash_extended(@extschema@.session_spec, bigint);
COMMENT ON OPERATOR CLASS @extschema@.session_spec_ops USING btree IS 'order of the bytes of specs';
COMMENT ON OPERATOR FAMILY @extschema@.session_spec_ops USING btree IS 'order of the bytes of specs';
COMMENT ON OPERATOR CLASS @extschema@.session_spec_ops USING hash IS 'equality of specs';
COMMENT ON OPERATOR FAMILY @extschema@.session_spec_ops USING hash IS 'equality of specs';

/* ---- sessions: visits, and what happened in them ---- */

CREATE TYPE @extschema@.sessions;

CREATE FUNCTION @extschema@.sessions_in(cstring) RETURNS @extschema@.sessions
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_in';
COMMENT ON FUNCTION @extschema@.sessions_in(cstring) IS 'input function of kpi.sessions';

CREATE FUNCTION @extschema@.sessions_out(@extschema@.sessions) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_out';
COMMENT ON FUNCTION @extschema@.sessions_out(@extschema@.sessions) IS 'output function of kpi.sessions';

CREATE FUNCTION @extschema@.sessions_recv(internal) RETURNS @extschema@.sessions
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_recv';
COMMENT ON FUNCTION @extschema@.sessions_recv(internal) IS 'binary input function of kpi.sessions';

CREATE FUNCTION @extschema@.sessions_send(@extschema@.sessions) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_send';
COMMENT ON FUNCTION @extschema@.sessions_send(@extschema@.sessions) IS 'binary output function of kpi.sessions';

CREATE TYPE @extschema@.sessions (
	INPUT = @extschema@.sessions_in,
	OUTPUT = @extschema@.sessions_out,
	RECEIVE = @extschema@.sessions_recv,
	SEND = @extschema@.sessions_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.sessions IS
'summary of sessions: visitors, durations and what happened in them, by period; read it with kpi.session_stats(), merge it with kpi.rollup()';

CREATE FUNCTION @extschema@.sessions_to_jsonb(@extschema@.sessions) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_to_jsonb';
COMMENT ON FUNCTION @extschema@.sessions_to_jsonb(@extschema@.sessions) IS 'cast of kpi.sessions to jsonb';
CREATE FUNCTION @extschema@.sessions_from_jsonb(jsonb) RETURNS @extschema@.sessions
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_from_jsonb';
COMMENT ON FUNCTION @extschema@.sessions_from_jsonb(jsonb) IS 'cast of jsonb to kpi.sessions';
CREATE CAST (@extschema@.sessions AS jsonb) WITH FUNCTION @extschema@.sessions_to_jsonb(@extschema@.sessions) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.sessions AS jsonb) IS 'everything that the summary holds';
CREATE CAST (jsonb AS @extschema@.sessions) WITH FUNCTION @extschema@.sessions_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.sessions) IS 'reads what the cast to jsonb has written';

/* The aggregate: for each kind of actor and of event. */

CREATE FUNCTION @extschema@.sessions_final(internal) RETURNS @extschema@.sessions
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_final';
COMMENT ON FUNCTION @extschema@.sessions_final(internal) IS 'final function of kpi.sessions';
CREATE FUNCTION @extschema@.sessions_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_combine';
COMMENT ON FUNCTION @extschema@.sessions_combine(internal, internal) IS 'combine function of kpi.sessions';
CREATE FUNCTION @extschema@.sessions_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_serialise';
COMMENT ON FUNCTION @extschema@.sessions_serialise(internal) IS 'serialisation function of kpi.sessions';
CREATE FUNCTION @extschema@.sessions_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_deserialise';
COMMENT ON FUNCTION @extschema@.sessions_deserialise(bytea, internal) IS 'deserialisation function of kpi.sessions';

CREATE FUNCTION @extschema@.sessions_bigint_label(internal, bigint, timestamptz, text, @extschema@.session_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'sessions_bigint_label';
COMMENT ON FUNCTION @extschema@.sessions_bigint_label(internal, bigint, timestamptz, text, @extschema@.session_spec) IS 'transition function of kpi.sessions';
CREATE AGGREGATE @extschema@.sessions(actor bigint, ts timestamptz, event text, spec @extschema@.session_spec) (
	SFUNC = @extschema@.sessions_bigint_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.sessions_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.sessions_combine,
	SERIALFUNC = @extschema@.sessions_serialise, DESERIALFUNC = @extschema@.sessions_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.sessions(bigint, timestamptz, text, @extschema@.session_spec) IS
'sessions of actors (bigint); events are labels; rows with a null are ignored';

CREATE FUNCTION @extschema@.sessions_bigint_mask(internal, bigint, timestamptz, bigint, @extschema@.session_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'sessions_bigint_mask';
COMMENT ON FUNCTION @extschema@.sessions_bigint_mask(internal, bigint, timestamptz, bigint, @extschema@.session_spec) IS 'transition function of kpi.sessions';
CREATE AGGREGATE @extschema@.sessions(actor bigint, ts timestamptz, event bigint, spec @extschema@.session_spec) (
	SFUNC = @extschema@.sessions_bigint_mask, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.sessions_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.sessions_combine,
	SERIALFUNC = @extschema@.sessions_serialise, DESERIALFUNC = @extschema@.sessions_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.sessions(bigint, timestamptz, bigint, @extschema@.session_spec) IS
'sessions of actors (bigint); events are masks of conditions; rows with a null are ignored';

CREATE FUNCTION @extschema@.sessions_uuid_label(internal, uuid, timestamptz, text, @extschema@.session_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'sessions_uuid_label';
COMMENT ON FUNCTION @extschema@.sessions_uuid_label(internal, uuid, timestamptz, text, @extschema@.session_spec) IS 'transition function of kpi.sessions';
CREATE AGGREGATE @extschema@.sessions(actor uuid, ts timestamptz, event text, spec @extschema@.session_spec) (
	SFUNC = @extschema@.sessions_uuid_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.sessions_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.sessions_combine,
	SERIALFUNC = @extschema@.sessions_serialise, DESERIALFUNC = @extschema@.sessions_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.sessions(uuid, timestamptz, text, @extschema@.session_spec) IS
'sessions of actors (uuid); events are labels; rows with a null are ignored';

CREATE FUNCTION @extschema@.sessions_uuid_mask(internal, uuid, timestamptz, bigint, @extschema@.session_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'sessions_uuid_mask';
COMMENT ON FUNCTION @extschema@.sessions_uuid_mask(internal, uuid, timestamptz, bigint, @extschema@.session_spec) IS 'transition function of kpi.sessions';
CREATE AGGREGATE @extschema@.sessions(actor uuid, ts timestamptz, event bigint, spec @extschema@.session_spec) (
	SFUNC = @extschema@.sessions_uuid_mask, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.sessions_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.sessions_combine,
	SERIALFUNC = @extschema@.sessions_serialise, DESERIALFUNC = @extschema@.sessions_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.sessions(uuid, timestamptz, bigint, @extschema@.session_spec) IS
'sessions of actors (uuid); events are masks of conditions; rows with a null are ignored';

CREATE FUNCTION @extschema@.sessions_text_label(internal, text, timestamptz, text, @extschema@.session_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'sessions_text_label';
COMMENT ON FUNCTION @extschema@.sessions_text_label(internal, text, timestamptz, text, @extschema@.session_spec) IS 'transition function of kpi.sessions';
CREATE AGGREGATE @extschema@.sessions(actor text, ts timestamptz, event text, spec @extschema@.session_spec) (
	SFUNC = @extschema@.sessions_text_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.sessions_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.sessions_combine,
	SERIALFUNC = @extschema@.sessions_serialise, DESERIALFUNC = @extschema@.sessions_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.sessions(text, timestamptz, text, @extschema@.session_spec) IS
'sessions of actors (text); events are labels; rows with a null are ignored';

CREATE FUNCTION @extschema@.sessions_text_mask(internal, text, timestamptz, bigint, @extschema@.session_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'sessions_text_mask';
COMMENT ON FUNCTION @extschema@.sessions_text_mask(internal, text, timestamptz, bigint, @extschema@.session_spec) IS 'transition function of kpi.sessions';
CREATE AGGREGATE @extschema@.sessions(actor text, ts timestamptz, event bigint, spec @extschema@.session_spec) (
	SFUNC = @extschema@.sessions_text_mask, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.sessions_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.sessions_combine,
	SERIALFUNC = @extschema@.sessions_serialise, DESERIALFUNC = @extschema@.sessions_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.sessions(text, timestamptz, bigint, @extschema@.session_spec) IS
'sessions of actors (text); events are masks of conditions; rows with a null are ignored';

/* Merging. */

CREATE FUNCTION @extschema@.merge(@extschema@.sessions, @extschema@.sessions) RETURNS @extschema@.sessions
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.sessions, @extschema@.sessions) IS
'sessions of the actors of both; they must have the same spec and no actor in common';
CREATE OPERATOR @extschema@.+ (
	LEFTARG = @extschema@.sessions, RIGHTARG = @extschema@.sessions, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.+)
);
COMMENT ON OPERATOR @extschema@.+ (@extschema@.sessions, @extschema@.sessions) IS 'sessions of the actors of both';
CREATE AGGREGATE @extschema@.rollup(sessions @extschema@.sessions) (
	SFUNC = @extschema@.merge, STYPE = @extschema@.sessions, COMBINEFUNC = @extschema@.merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.sessions) IS
'merges sessions of one spec; null for no rows';

/* The aggregate over timelines. */

CREATE FUNCTION @extschema@.sessions_timeline(@extschema@.sessions, @extschema@.timeline, @extschema@.session_spec) RETURNS @extschema@.sessions
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'sessions_timeline';
COMMENT ON FUNCTION @extschema@.sessions_timeline(@extschema@.sessions, @extschema@.timeline, @extschema@.session_spec) IS 'transition function of kpi.sessions';
CREATE FUNCTION @extschema@.sessions_timeline_final(@extschema@.sessions) RETURNS @extschema@.sessions
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_timeline_final';
COMMENT ON FUNCTION @extschema@.sessions_timeline_final(@extschema@.sessions) IS 'final function of kpi.sessions';
CREATE AGGREGATE @extschema@.sessions(timeline @extschema@.timeline, spec @extschema@.session_spec) (
	SFUNC = @extschema@.sessions_timeline, STYPE = @extschema@.sessions,
	FINALFUNC = @extschema@.sessions_timeline_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.sessions(@extschema@.timeline, @extschema@.session_spec) IS
'sessions of actors, a timeline each; null timelines are ignored';

CREATE FUNCTION @extschema@.eq(@extschema@.sessions, @extschema@.sessions) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.sessions, @extschema@.sessions) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.sessions, @extschema@.sessions) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.sessions, @extschema@.sessions) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.sessions) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.sessions) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.sessions, RIGHTARG = @extschema@.sessions, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.sessions, @extschema@.sessions) IS 'the same summary';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.sessions, RIGHTARG = @extschema@.sessions, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.sessions, @extschema@.sessions) IS 'different summaries';
CREATE OPERATOR CLASS @extschema@.sessions_ops DEFAULT FOR TYPE @extschema@.sessions USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.sessions);
COMMENT ON OPERATOR CLASS @extschema@.sessions_ops USING hash IS 'equality of summaries of sessions';
COMMENT ON OPERATOR FAMILY @extschema@.sessions_ops USING hash IS 'equality of summaries of sessions';

/* Accessors. */

CREATE FUNCTION @extschema@.session_stats(
		sessions @extschema@.sessions,
		OUT visitors bigint,
		OUT new_visitors bigint,
		OUT returning_visitors bigint,
		OUT sessions bigint,
		OUT sessions_per_visitor double precision,
		OUT engaged_sessions bigint,
		OUT engagement_rate double precision,
		OUT bounce_rate double precision,
		OUT single_view_bounce_rate double precision,
		OUT page_views bigint,
		OUT views_per_session double precision,
		OUT avg_duration interval,
		OUT median_duration interval,
		OUT p90_duration interval,
		OUT engaged_time_per_visitor interval,
		OUT key_events bigint,
		OUT key_event_rate double precision,
		OUT clicks bigint,
		OUT impressions bigint,
		OUT ctr double precision,
		OUT interactions bigint
	) RETURNS record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'session_stats';
COMMENT ON FUNCTION @extschema@.session_stats(@extschema@.sessions) IS
'one row: visitors, sessions, engagement, durations, views, key events, clicks; null where the spec does not name the events';

CREATE FUNCTION @extschema@.session_trend(
		sessions @extschema@.sessions,
		OUT period timestamp,
		OUT visitors bigint,
		OUT new_visitors bigint,
		OUT returning_visitors bigint,
		OUT sessions bigint,
		OUT sessions_per_visitor double precision,
		OUT engaged_sessions bigint,
		OUT engagement_rate double precision,
		OUT bounce_rate double precision,
		OUT single_view_bounce_rate double precision,
		OUT page_views bigint,
		OUT views_per_session double precision,
		OUT avg_duration interval,
		OUT median_duration interval,
		OUT p90_duration interval,
		OUT engaged_time_per_visitor interval,
		OUT key_events bigint,
		OUT key_event_rate double precision,
		OUT clicks bigint,
		OUT impressions bigint,
		OUT ctr double precision,
		OUT interactions bigint
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100 AS 'MODULE_PATHNAME', 'session_trend';
COMMENT ON FUNCTION @extschema@.session_trend(@extschema@.sessions) IS
'the same for each period that sessions began in, if the spec says by day, week, ...';

CREATE FUNCTION @extschema@.session_list(
		timeline @extschema@.timeline,
		spec @extschema@.session_spec DEFAULT '',
		OUT session integer,
		OUT started_at timestamptz,
		OUT ended_at timestamptz,
		OUT duration interval,
		OUT events bigint,
		OUT entry text,
		OUT exit text,
		OUT engaged boolean
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10 AS 'MODULE_PATHNAME', 'session_list';
COMMENT ON FUNCTION @extschema@.session_list(@extschema@.timeline, @extschema@.session_spec) IS
'a row for each session of one timeline; entry and exit are the labels of its first and its last event';

CREATE FUNCTION @extschema@.spec_of(sessions @extschema@.sessions) RETURNS @extschema@.session_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sessions_spec_of';
COMMENT ON FUNCTION @extschema@.spec_of(@extschema@.sessions) IS
'the spec of sessions; null for a summary over no rows that never saw one';
