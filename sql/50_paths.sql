/* ---- paths: which ways do actors take, from an event on or towards one? ---- */

CREATE TYPE @extschema@.path_spec;

CREATE FUNCTION @extschema@.path_spec_in(cstring) RETURNS @extschema@.path_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'path_spec_in';
COMMENT ON FUNCTION @extschema@.path_spec_in(cstring) IS 'input function of kpi.path_spec';

CREATE FUNCTION @extschema@.path_spec_out(@extschema@.path_spec) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'path_spec_out';
COMMENT ON FUNCTION @extschema@.path_spec_out(@extschema@.path_spec) IS 'output function of kpi.path_spec';

CREATE FUNCTION @extschema@.path_spec_recv(internal) RETURNS @extschema@.path_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'path_spec_recv';
COMMENT ON FUNCTION @extschema@.path_spec_recv(internal) IS 'binary input function of kpi.path_spec';

CREATE FUNCTION @extschema@.path_spec_send(@extschema@.path_spec) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'path_spec_send';
COMMENT ON FUNCTION @extschema@.path_spec_send(@extschema@.path_spec) IS 'binary output function of kpi.path_spec';

CREATE TYPE @extschema@.path_spec (
	INPUT = @extschema@.path_spec_in,
	OUTPUT = @extschema@.path_spec_out,
	RECEIVE = @extschema@.path_spec_recv,
	SEND = @extschema@.path_spec_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.path_spec IS
'what paths are to be counted, such as ''from home depth 5 gap 30 min''';

/* Order and equality are those of the canonical text, for DISTINCT, GROUP BY and joins. */

CREATE FUNCTION @extschema@.eq(@extschema@.path_spec, @extschema@.path_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.path_spec, @extschema@.path_spec) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.path_spec, @extschema@.path_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.path_spec, @extschema@.path_spec) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.lt(@extschema@.path_spec, @extschema@.path_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_lt';
COMMENT ON FUNCTION @extschema@.lt(@extschema@.path_spec, @extschema@.path_spec) IS 'implementation of < operator';
CREATE FUNCTION @extschema@.le(@extschema@.path_spec, @extschema@.path_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_le';
COMMENT ON FUNCTION @extschema@.le(@extschema@.path_spec, @extschema@.path_spec) IS 'implementation of <= operator';
CREATE FUNCTION @extschema@.gt(@extschema@.path_spec, @extschema@.path_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_gt';
COMMENT ON FUNCTION @extschema@.gt(@extschema@.path_spec, @extschema@.path_spec) IS 'implementation of > operator';
CREATE FUNCTION @extschema@.ge(@extschema@.path_spec, @extschema@.path_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ge';
COMMENT ON FUNCTION @extschema@.ge(@extschema@.path_spec, @extschema@.path_spec) IS 'implementation of >= operator';
CREATE FUNCTION @extschema@.cmp(@extschema@.path_spec, @extschema@.path_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_cmp';
COMMENT ON FUNCTION @extschema@.cmp(@extschema@.path_spec, @extschema@.path_spec) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION @extschema@.hash(@extschema@.path_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.path_spec) IS 'hash';
CREATE FUNCTION @extschema@.hash_extended(@extschema@.path_spec, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash_extended';
COMMENT ON FUNCTION @extschema@.hash_extended(@extschema@.path_spec, bigint) IS 'hash with a seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.path_spec, RIGHTARG = @extschema@.path_spec, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.path_spec, @extschema@.path_spec) IS 'the same path spec';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.path_spec, RIGHTARG = @extschema@.path_spec, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.path_spec, @extschema@.path_spec) IS 'different path specs';
CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.path_spec, RIGHTARG = @extschema@.path_spec, FUNCTION = @extschema@.lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.path_spec, @extschema@.path_spec) IS 'before in the order of the bytes';
CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.path_spec, RIGHTARG = @extschema@.path_spec, FUNCTION = @extschema@.le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.path_spec, @extschema@.path_spec) IS 'not behind in the order of the bytes';
CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.path_spec, RIGHTARG = @extschema@.path_spec, FUNCTION = @extschema@.gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.path_spec, @extschema@.path_spec) IS 'behind in the order of the bytes';
CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.path_spec, RIGHTARG = @extschema@.path_spec, FUNCTION = @extschema@.ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.path_spec, @extschema@.path_spec) IS 'not before in the order of the bytes';

CREATE OPERATOR CLASS @extschema@.path_spec_ops DEFAULT FOR TYPE @extschema@.path_spec USING btree AS
	OPERATOR 1 @extschema@.<, OPERATOR 2 @extschema@.<=, OPERATOR 3 @extschema@.=,
	OPERATOR 4 @extschema@.>=, OPERATOR 5 @extschema@.>,
	FUNCTION 1 @extschema@.cmp(@extschema@.path_spec, @extschema@.path_spec);
CREATE OPERATOR CLASS @extschema@.path_spec_ops DEFAULT FOR TYPE @extschema@.path_spec USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.path_spec),
	FUNCTION 2 @extschema@.hash_extended(@extschema@.path_spec, bigint);
COMMENT ON OPERATOR CLASS @extschema@.path_spec_ops USING btree IS 'order of the bytes of path specs';
COMMENT ON OPERATOR FAMILY @extschema@.path_spec_ops USING btree IS 'order of the bytes of path specs';
COMMENT ON OPERATOR CLASS @extschema@.path_spec_ops USING hash IS 'equality of path specs';
COMMENT ON OPERATOR FAMILY @extschema@.path_spec_ops USING hash IS 'equality of path specs';

CREATE FUNCTION @extschema@.path_spec(
		from_labels text[] DEFAULT NULL,
		to_labels text[] DEFAULT NULL,
		depth integer DEFAULT 5,
		gap interval DEFAULT '30 min',
		collapse_repeats boolean DEFAULT false,
		top integer DEFAULT 50
	) RETURNS @extschema@.path_spec
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.concat_ws(', ',
		'from ' OPERATOR(pg_catalog.||) (SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(from_labels)) WITH ORDINALITY AS u(l, i)),
		'to ' OPERATOR(pg_catalog.||) (SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(to_labels)) WITH ORDINALITY AS u(l, i)),
		'depth ' OPERATOR(pg_catalog.||) depth::pg_catalog.text,
		'gap ' OPERATOR(pg_catalog.||) @extschema@.quote_duration(gap),
		CASE WHEN collapse_repeats THEN 'collapse repeats' END,
		'top ' OPERATOR(pg_catalog.||) top::pg_catalog.text)::@extschema@.path_spec
	$$;
COMMENT ON FUNCTION @extschema@.path_spec(text[], text[], integer, interval, boolean, integer) IS
'builds a path spec from its parts';

CREATE TYPE @extschema@.paths;

CREATE FUNCTION @extschema@.paths_in(cstring) RETURNS @extschema@.paths
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_in';
COMMENT ON FUNCTION @extschema@.paths_in(cstring) IS 'input function of kpi.paths';

CREATE FUNCTION @extschema@.paths_out(@extschema@.paths) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_out';
COMMENT ON FUNCTION @extschema@.paths_out(@extschema@.paths) IS 'output function of kpi.paths';

CREATE FUNCTION @extschema@.paths_recv(internal) RETURNS @extschema@.paths
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_recv';
COMMENT ON FUNCTION @extschema@.paths_recv(internal) IS 'binary input function of kpi.paths';

CREATE FUNCTION @extschema@.paths_send(@extschema@.paths) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_send';
COMMENT ON FUNCTION @extschema@.paths_send(@extschema@.paths) IS 'binary output function of kpi.paths';

CREATE TYPE @extschema@.paths (
	INPUT = @extschema@.paths_in,
	OUTPUT = @extschema@.paths_out,
	RECEIVE = @extschema@.paths_recv,
	SEND = @extschema@.paths_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.paths IS
'summary of the paths of actors: how many took each, and each edge of it; read it with kpi.edges() and kpi.top_paths(), merge it with kpi.rollup()';

CREATE FUNCTION @extschema@.paths_to_jsonb(@extschema@.paths) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_to_jsonb';
COMMENT ON FUNCTION @extschema@.paths_to_jsonb(@extschema@.paths) IS 'cast of kpi.paths to jsonb';
CREATE FUNCTION @extschema@.paths_from_jsonb(jsonb) RETURNS @extschema@.paths
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_from_jsonb';
COMMENT ON FUNCTION @extschema@.paths_from_jsonb(jsonb) IS 'cast of jsonb to kpi.paths';
CREATE CAST (@extschema@.paths AS jsonb) WITH FUNCTION @extschema@.paths_to_jsonb(@extschema@.paths) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.paths AS jsonb) IS 'everything that the summary holds';
CREATE CAST (jsonb AS @extschema@.paths) WITH FUNCTION @extschema@.paths_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.paths) IS 'reads what the cast to jsonb has written';

/* The aggregate: for each kind of actor. */

CREATE FUNCTION @extschema@.paths_final(internal) RETURNS @extschema@.paths
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_final';
COMMENT ON FUNCTION @extschema@.paths_final(internal) IS 'final function of kpi.paths';
CREATE FUNCTION @extschema@.paths_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_combine';
COMMENT ON FUNCTION @extschema@.paths_combine(internal, internal) IS 'combine function of kpi.paths';
CREATE FUNCTION @extschema@.paths_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_serialise';
COMMENT ON FUNCTION @extschema@.paths_serialise(internal) IS 'serialisation function of kpi.paths';
CREATE FUNCTION @extschema@.paths_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_deserialise';
COMMENT ON FUNCTION @extschema@.paths_deserialise(bytea, internal) IS 'deserialisation function of kpi.paths';

CREATE FUNCTION @extschema@.paths_bigint_label(internal, bigint, timestamptz, text, @extschema@.path_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'paths_bigint_label';
COMMENT ON FUNCTION @extschema@.paths_bigint_label(internal, bigint, timestamptz, text, @extschema@.path_spec) IS 'transition function of kpi.paths';
CREATE AGGREGATE @extschema@.paths(actor bigint, ts timestamptz, event text, spec @extschema@.path_spec) (
	SFUNC = @extschema@.paths_bigint_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.paths_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.paths_combine,
	SERIALFUNC = @extschema@.paths_serialise, DESERIALFUNC = @extschema@.paths_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.paths(bigint, timestamptz, text, @extschema@.path_spec) IS
'the paths that actors (bigint) take through their events; rows with a null are ignored';

CREATE FUNCTION @extschema@.paths_uuid_label(internal, uuid, timestamptz, text, @extschema@.path_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'paths_uuid_label';
COMMENT ON FUNCTION @extschema@.paths_uuid_label(internal, uuid, timestamptz, text, @extschema@.path_spec) IS 'transition function of kpi.paths';
CREATE AGGREGATE @extschema@.paths(actor uuid, ts timestamptz, event text, spec @extschema@.path_spec) (
	SFUNC = @extschema@.paths_uuid_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.paths_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.paths_combine,
	SERIALFUNC = @extschema@.paths_serialise, DESERIALFUNC = @extschema@.paths_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.paths(uuid, timestamptz, text, @extschema@.path_spec) IS
'the paths that actors (uuid) take through their events; rows with a null are ignored';

CREATE FUNCTION @extschema@.paths_text_label(internal, text, timestamptz, text, @extschema@.path_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'paths_text_label';
COMMENT ON FUNCTION @extschema@.paths_text_label(internal, text, timestamptz, text, @extschema@.path_spec) IS 'transition function of kpi.paths';
CREATE AGGREGATE @extschema@.paths(actor text, ts timestamptz, event text, spec @extschema@.path_spec) (
	SFUNC = @extschema@.paths_text_label, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.paths_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.paths_combine,
	SERIALFUNC = @extschema@.paths_serialise, DESERIALFUNC = @extschema@.paths_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.paths(text, timestamptz, text, @extschema@.path_spec) IS
'the paths that actors (text) take through their events; rows with a null are ignored';

/* Merging. */

CREATE FUNCTION @extschema@.merge(@extschema@.paths, @extschema@.paths) RETURNS @extschema@.paths
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.paths, @extschema@.paths) IS
'paths of the actors of both; they must have the same spec and no actor in common';
CREATE OPERATOR @extschema@.+ (
	LEFTARG = @extschema@.paths, RIGHTARG = @extschema@.paths, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.+)
);
COMMENT ON OPERATOR @extschema@.+ (@extschema@.paths, @extschema@.paths) IS 'paths of the actors of both';
CREATE AGGREGATE @extschema@.rollup(paths @extschema@.paths) (
	SFUNC = @extschema@.merge, STYPE = @extschema@.paths, COMBINEFUNC = @extschema@.merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.paths) IS
'merges paths of one spec; null for no rows';

/* The aggregate over timelines. */

CREATE FUNCTION @extschema@.paths_timeline(@extschema@.paths, @extschema@.timeline, @extschema@.path_spec) RETURNS @extschema@.paths
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'paths_timeline';
COMMENT ON FUNCTION @extschema@.paths_timeline(@extschema@.paths, @extschema@.timeline, @extschema@.path_spec) IS 'transition function of kpi.paths';
CREATE FUNCTION @extschema@.paths_timeline_final(@extschema@.paths) RETURNS @extschema@.paths
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_timeline_final';
COMMENT ON FUNCTION @extschema@.paths_timeline_final(@extschema@.paths) IS 'final function of kpi.paths';
CREATE AGGREGATE @extschema@.paths(timeline @extschema@.timeline, spec @extschema@.path_spec) (
	SFUNC = @extschema@.paths_timeline, STYPE = @extschema@.paths,
	FINALFUNC = @extschema@.paths_timeline_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.paths(@extschema@.timeline, @extschema@.path_spec) IS
'the paths that actors take through their events, a timeline each; null timelines are ignored';

CREATE FUNCTION @extschema@.eq(@extschema@.paths, @extschema@.paths) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.paths, @extschema@.paths) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.paths, @extschema@.paths) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.paths, @extschema@.paths) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.paths) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.paths) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.paths, RIGHTARG = @extschema@.paths, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.paths, @extschema@.paths) IS 'the same summary';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.paths, RIGHTARG = @extschema@.paths, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.paths, @extschema@.paths) IS 'different summaries';
CREATE OPERATOR CLASS @extschema@.paths_ops DEFAULT FOR TYPE @extschema@.paths USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.paths);
COMMENT ON OPERATOR CLASS @extschema@.paths_ops USING hash IS 'equality of paths';
COMMENT ON OPERATOR FAMILY @extschema@.paths_ops USING hash IS 'equality of paths';

/* Accessors. */

CREATE FUNCTION @extschema@.edges(
		paths @extschema@.paths,
		OUT depth integer,
		OUT source text,
		OUT target text,
		OUT actors bigint,
		OUT count bigint,
		OUT share double precision,
		OUT median_time interval
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 200 AS 'MODULE_PATHNAME', 'paths_edges';
COMMENT ON FUNCTION @extschema@.edges(@extschema@.paths) IS
'a row for each step that paths take at a depth, for a Sankey diagram; the counts of a depth add up';

CREATE FUNCTION @extschema@.top_paths(
		paths @extschema@.paths,
		n integer DEFAULT 10,
		OUT path text[],
		OUT actors bigint,
		OUT count bigint,
		OUT share double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 11 AS 'MODULE_PATHNAME', 'paths_top_paths';
COMMENT ON FUNCTION @extschema@.top_paths(@extschema@.paths, integer) IS
'the n most frequent paths (null: all), and in a last row what all others have';

CREATE FUNCTION @extschema@.path_error(paths @extschema@.paths) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_path_error';
COMMENT ON FUNCTION @extschema@.path_error(@extschema@.paths) IS
'by how much counts of paths and edges may be too low at most: 0 unless there were too many different ones to keep';

CREATE FUNCTION @extschema@.spec_of(paths @extschema@.paths) RETURNS @extschema@.path_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'paths_spec';
COMMENT ON FUNCTION @extschema@.spec_of(@extschema@.paths) IS
'the spec of paths; null for those over no rows that never saw one';
