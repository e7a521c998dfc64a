/* ---- attribution: which channels did conversions come by? ---- */

CREATE TYPE @extschema@.attribution_spec;

CREATE FUNCTION @extschema@.attribution_spec_in(cstring) RETURNS @extschema@.attribution_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_spec_in';
COMMENT ON FUNCTION @extschema@.attribution_spec_in(cstring) IS 'input function of kpi.attribution_spec';

CREATE FUNCTION @extschema@.attribution_spec_out(@extschema@.attribution_spec) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_spec_out';
COMMENT ON FUNCTION @extschema@.attribution_spec_out(@extschema@.attribution_spec) IS 'output function of kpi.attribution_spec';

CREATE FUNCTION @extschema@.attribution_spec_recv(internal) RETURNS @extschema@.attribution_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_spec_recv';
COMMENT ON FUNCTION @extschema@.attribution_spec_recv(internal) IS 'binary input function of kpi.attribution_spec';

CREATE FUNCTION @extschema@.attribution_spec_send(@extschema@.attribution_spec) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_spec_send';
COMMENT ON FUNCTION @extschema@.attribution_spec_send(@extschema@.attribution_spec) IS 'binary output function of kpi.attribution_spec';

CREATE TYPE @extschema@.attribution_spec (
	INPUT = @extschema@.attribution_spec_in,
	OUTPUT = @extschema@.attribution_spec_out,
	RECEIVE = @extschema@.attribution_spec_recv,
	SEND = @extschema@.attribution_spec_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.attribution_spec IS
'what an attribution is told: lookback 30 days half-life 7 days collapse repeats by month in UTC; checked when it is written';

CREATE FUNCTION @extschema@.eq(@extschema@.attribution_spec, @extschema@.attribution_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.attribution_spec, @extschema@.attribution_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.lt(@extschema@.attribution_spec, @extschema@.attribution_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_lt';
COMMENT ON FUNCTION @extschema@.lt(@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'implementation of < operator';
CREATE FUNCTION @extschema@.le(@extschema@.attribution_spec, @extschema@.attribution_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_le';
COMMENT ON FUNCTION @extschema@.le(@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'implementation of <= operator';
CREATE FUNCTION @extschema@.gt(@extschema@.attribution_spec, @extschema@.attribution_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_gt';
COMMENT ON FUNCTION @extschema@.gt(@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'implementation of > operator';
CREATE FUNCTION @extschema@.ge(@extschema@.attribution_spec, @extschema@.attribution_spec) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ge';
COMMENT ON FUNCTION @extschema@.ge(@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'implementation of >= operator';
CREATE FUNCTION @extschema@.cmp(@extschema@.attribution_spec, @extschema@.attribution_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_cmp';
COMMENT ON FUNCTION @extschema@.cmp(@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION @extschema@.hash(@extschema@.attribution_spec) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.attribution_spec) IS 'hash';
CREATE FUNCTION @extschema@.hash_extended(@extschema@.attribution_spec, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash_extended';
COMMENT ON FUNCTION @extschema@.hash_extended(@extschema@.attribution_spec, bigint) IS 'hash with a seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.attribution_spec, RIGHTARG = @extschema@.attribution_spec, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'the same spec';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.attribution_spec, RIGHTARG = @extschema@.attribution_spec, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'different specs';
CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.attribution_spec, RIGHTARG = @extschema@.attribution_spec, FUNCTION = @extschema@.lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'before in the order of the bytes';
CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.attribution_spec, RIGHTARG = @extschema@.attribution_spec, FUNCTION = @extschema@.le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'not behind in the order of the bytes';
CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.attribution_spec, RIGHTARG = @extschema@.attribution_spec, FUNCTION = @extschema@.gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'behind in the order of the bytes';
CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.attribution_spec, RIGHTARG = @extschema@.attribution_spec, FUNCTION = @extschema@.ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.attribution_spec, @extschema@.attribution_spec) IS 'not before in the order of the bytes';

CREATE OPERATOR CLASS @extschema@.attribution_spec_ops DEFAULT FOR TYPE @extschema@.attribution_spec USING btree AS
	OPERATOR 1 @extschema@.<, OPERATOR 2 @extschema@.<=, OPERATOR 3 @extschema@.=,
	OPERATOR 4 @extschema@.>=, OPERATOR 5 @extschema@.>,
	FUNCTION 1 @extschema@.cmp(@extschema@.attribution_spec, @extschema@.attribution_spec);
CREATE OPERATOR CLASS @extschema@.attribution_spec_ops DEFAULT FOR TYPE @extschema@.attribution_spec USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.attribution_spec),
	FUNCTION 2 @extschema@.hash_extended(@extschema@.attribution_spec, bigint);
COMMENT ON OPERATOR CLASS @extschema@.attribution_spec_ops USING btree IS 'order of the bytes of specs';
COMMENT ON OPERATOR FAMILY @extschema@.attribution_spec_ops USING btree IS 'order of the bytes of specs';
COMMENT ON OPERATOR CLASS @extschema@.attribution_spec_ops USING hash IS 'equality of specs';
COMMENT ON OPERATOR FAMILY @extschema@.attribution_spec_ops USING hash IS 'equality of specs';

CREATE FUNCTION @extschema@.attribution_spec(
		lookback interval DEFAULT '30 days',
		half_life interval DEFAULT '7 days',
		direct text[] DEFAULT ARRAY['(direct)'],
		touches integer DEFAULT 40,
		collapse_repeats boolean DEFAULT false,
		reset_after_conversion boolean DEFAULT false,
		conversions_are_touches boolean DEFAULT false,
		conversions text[] DEFAULT NULL,
		by text DEFAULT NULL,
		zone text DEFAULT NULL,
		week_starts text DEFAULT NULL
	) RETURNS @extschema@.attribution_spec
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.concat_ws(', ',
		'lookback ' OPERATOR(pg_catalog.||) @extschema@.quote_duration(lookback),
		'half-life ' OPERATOR(pg_catalog.||) @extschema@.quote_duration(half_life),
		'direct ' OPERATOR(pg_catalog.||) (SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(direct)) WITH ORDINALITY AS u(l, i)),
		'touches ' OPERATOR(pg_catalog.||) touches::pg_catalog.text,
		CASE WHEN collapse_repeats THEN 'collapse repeats' END,
		CASE WHEN reset_after_conversion THEN 'reset after conversion' END,
		CASE WHEN conversions_are_touches THEN 'conversions are touches' END,
		'of ' OPERATOR(pg_catalog.||) (SELECT pg_catalog.string_agg(@extschema@.quote_label(l), '|' ORDER BY i) FROM ROWS FROM (pg_catalog.unnest(conversions)) WITH ORDINALITY AS u(l, i)),
		'by ' OPERATOR(pg_catalog.||) by,
		'in ' OPERATOR(pg_catalog.||) @extschema@.quote_label(zone),
		'week starts ' OPERATOR(pg_catalog.||) week_starts)::@extschema@.attribution_spec
	$$;
COMMENT ON FUNCTION @extschema@.attribution_spec(interval, interval, text[], integer, boolean, boolean, boolean, text[], text, text, text) IS
'builds an attribution spec from its parts; a null part is left out';

CREATE TYPE @extschema@.attribution;

CREATE FUNCTION @extschema@.attribution_in(cstring) RETURNS @extschema@.attribution
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_in';
COMMENT ON FUNCTION @extschema@.attribution_in(cstring) IS 'input function of kpi.attribution';

CREATE FUNCTION @extschema@.attribution_out(@extschema@.attribution) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_out';
COMMENT ON FUNCTION @extschema@.attribution_out(@extschema@.attribution) IS 'output function of kpi.attribution';

CREATE FUNCTION @extschema@.attribution_recv(internal) RETURNS @extschema@.attribution
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_recv';
COMMENT ON FUNCTION @extschema@.attribution_recv(internal) IS 'binary input function of kpi.attribution';

CREATE FUNCTION @extschema@.attribution_send(@extschema@.attribution) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_send';
COMMENT ON FUNCTION @extschema@.attribution_send(@extschema@.attribution) IS 'binary output function of kpi.attribution';

CREATE TYPE @extschema@.attribution (
	INPUT = @extschema@.attribution_in,
	OUTPUT = @extschema@.attribution_out,
	RECEIVE = @extschema@.attribution_recv,
	SEND = @extschema@.attribution_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.attribution IS
'summary of the channels that conversions came by; read it with kpi.credit(), merge it with kpi.rollup()';

CREATE FUNCTION @extschema@.attribution_to_jsonb(@extschema@.attribution) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_to_jsonb';
COMMENT ON FUNCTION @extschema@.attribution_to_jsonb(@extschema@.attribution) IS 'cast of kpi.attribution to jsonb';
CREATE FUNCTION @extschema@.attribution_from_jsonb(jsonb) RETURNS @extschema@.attribution
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_from_jsonb';
COMMENT ON FUNCTION @extschema@.attribution_from_jsonb(jsonb) IS 'cast of jsonb to kpi.attribution';
CREATE CAST (@extschema@.attribution AS jsonb) WITH FUNCTION @extschema@.attribution_to_jsonb(@extschema@.attribution) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.attribution AS jsonb) IS 'everything that the summary holds';
CREATE CAST (jsonb AS @extschema@.attribution) WITH FUNCTION @extschema@.attribution_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.attribution) IS 'reads what the cast to jsonb has written';

/* The aggregate: for each kind of actor. */

CREATE FUNCTION @extschema@.attribution_final(internal) RETURNS @extschema@.attribution
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_final';
COMMENT ON FUNCTION @extschema@.attribution_final(internal) IS 'final function of kpi.attribution';
CREATE FUNCTION @extschema@.attribution_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_combine';
COMMENT ON FUNCTION @extschema@.attribution_combine(internal, internal) IS 'combine function of kpi.attribution';
CREATE FUNCTION @extschema@.attribution_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_serialise';
COMMENT ON FUNCTION @extschema@.attribution_serialise(internal) IS 'serialisation function of kpi.attribution';
CREATE FUNCTION @extschema@.attribution_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_deserialise';
COMMENT ON FUNCTION @extschema@.attribution_deserialise(bytea, internal) IS 'deserialisation function of kpi.attribution';

CREATE FUNCTION @extschema@.attribution_bigint(internal, bigint, timestamptz, text, numeric, @extschema@.attribution_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'attribution_bigint';
COMMENT ON FUNCTION @extschema@.attribution_bigint(internal, bigint, timestamptz, text, numeric, @extschema@.attribution_spec) IS 'transition function of kpi.attribution';
CREATE AGGREGATE @extschema@.attribution(actor bigint, ts timestamptz, channel text, value numeric, spec @extschema@.attribution_spec) (
	SFUNC = @extschema@.attribution_bigint, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.attribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.attribution_combine,
	SERIALFUNC = @extschema@.attribution_serialise, DESERIALFUNC = @extschema@.attribution_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.attribution(bigint, timestamptz, text, numeric, @extschema@.attribution_spec) IS
'which channels conversions of actors (bigint) came by: a row without a value is a touch, one with a value a conversion; rows with a null actor or time are ignored, and those with neither channel nor value';

CREATE FUNCTION @extschema@.attribution_uuid(internal, uuid, timestamptz, text, numeric, @extschema@.attribution_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'attribution_uuid';
COMMENT ON FUNCTION @extschema@.attribution_uuid(internal, uuid, timestamptz, text, numeric, @extschema@.attribution_spec) IS 'transition function of kpi.attribution';
CREATE AGGREGATE @extschema@.attribution(actor uuid, ts timestamptz, channel text, value numeric, spec @extschema@.attribution_spec) (
	SFUNC = @extschema@.attribution_uuid, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.attribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.attribution_combine,
	SERIALFUNC = @extschema@.attribution_serialise, DESERIALFUNC = @extschema@.attribution_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.attribution(uuid, timestamptz, text, numeric, @extschema@.attribution_spec) IS
'which channels conversions of actors (uuid) came by: a row without a value is a touch, one with a value a conversion; rows with a null actor or time are ignored, and those with neither channel nor value';

CREATE FUNCTION @extschema@.attribution_text(internal, text, timestamptz, text, numeric, @extschema@.attribution_spec) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'attribution_text';
COMMENT ON FUNCTION @extschema@.attribution_text(internal, text, timestamptz, text, numeric, @extschema@.attribution_spec) IS 'transition function of kpi.attribution';
CREATE AGGREGATE @extschema@.attribution(actor text, ts timestamptz, channel text, value numeric, spec @extschema@.attribution_spec) (
	SFUNC = @extschema@.attribution_text, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.attribution_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.attribution_combine,
	SERIALFUNC = @extschema@.attribution_serialise, DESERIALFUNC = @extschema@.attribution_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.attribution(text, timestamptz, text, numeric, @extschema@.attribution_spec) IS
'which channels conversions of actors (text) came by: a row without a value is a touch, one with a value a conversion; rows with a null actor or time are ignored, and those with neither channel nor value';

/* Merging. */

CREATE FUNCTION @extschema@.merge(@extschema@.attribution, @extschema@.attribution) RETURNS @extschema@.attribution
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.attribution, @extschema@.attribution) IS
'attribution of the actors of both; they must have the same spec and no actor in common';
CREATE OPERATOR @extschema@.+ (
	LEFTARG = @extschema@.attribution, RIGHTARG = @extschema@.attribution, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.+)
);
COMMENT ON OPERATOR @extschema@.+ (@extschema@.attribution, @extschema@.attribution) IS 'attribution of the actors of both';
CREATE AGGREGATE @extschema@.rollup(attribution @extschema@.attribution) (
	SFUNC = @extschema@.merge, STYPE = @extschema@.attribution, COMBINEFUNC = @extschema@.merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.attribution) IS
'merges summaries of one spec; null for no rows';

/* The aggregate over timelines. */

CREATE FUNCTION @extschema@.attribution_timeline(@extschema@.attribution, @extschema@.timeline, @extschema@.attribution_spec) RETURNS @extschema@.attribution
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'attribution_timeline';
COMMENT ON FUNCTION @extschema@.attribution_timeline(@extschema@.attribution, @extschema@.timeline, @extschema@.attribution_spec) IS 'transition function of kpi.attribution';
CREATE FUNCTION @extschema@.attribution_timeline_final(@extschema@.attribution) RETURNS @extschema@.attribution
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_timeline_final';
COMMENT ON FUNCTION @extschema@.attribution_timeline_final(@extschema@.attribution) IS 'final function of kpi.attribution';
CREATE AGGREGATE @extschema@.attribution(timeline @extschema@.timeline, spec @extschema@.attribution_spec) (
	SFUNC = @extschema@.attribution_timeline, STYPE = @extschema@.attribution,
	FINALFUNC = @extschema@.attribution_timeline_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.attribution(@extschema@.timeline, @extschema@.attribution_spec) IS
'which channels conversions came by, a timeline for each actor: its labels are channels, and events with a value, or those that the spec names, are conversions; null timelines are ignored';

CREATE FUNCTION @extschema@.eq(@extschema@.attribution, @extschema@.attribution) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.attribution, @extschema@.attribution) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.attribution, @extschema@.attribution) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.attribution, @extschema@.attribution) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.attribution) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.attribution) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.attribution, RIGHTARG = @extschema@.attribution, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.attribution, @extschema@.attribution) IS 'the same summary';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.attribution, RIGHTARG = @extschema@.attribution, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.attribution, @extschema@.attribution) IS 'different summaries';
CREATE OPERATOR CLASS @extschema@.attribution_ops DEFAULT FOR TYPE @extschema@.attribution USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.attribution);
COMMENT ON OPERATOR CLASS @extschema@.attribution_ops USING hash IS 'equality of summaries';
COMMENT ON OPERATOR FAMILY @extschema@.attribution_ops USING hash IS 'equality of summaries';

/* Accessors. */

CREATE FUNCTION @extschema@.credit(
		attribution @extschema@.attribution,
		model text,
		first_weight double precision DEFAULT 0.4,
		last_weight double precision DEFAULT 0.4,
		markov_order integer DEFAULT 1,
		shapley_rate boolean DEFAULT false,
		OUT period timestamp,
		OUT channel text,
		OUT conversions numeric,
		OUT revenue numeric,
		OUT share double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME', 'attribution_credit';
COMMENT ON FUNCTION @extschema@.credit(@extschema@.attribution, text, double precision, double precision, integer, boolean) IS
'what each channel gets of the conversions by a model: first, last, last_non_direct, linear, position, time_decay, markov or shapley; adds up to all conversions and their revenue';

CREATE FUNCTION @extschema@.removal_effects(
		attribution @extschema@.attribution,
		markov_order integer DEFAULT 1,
		OUT period timestamp,
		OUT channel text,
		OUT removal_effect double precision,
		OUT revenue_removal_effect double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME', 'attribution_removal_effects';
COMMENT ON FUNCTION @extschema@.removal_effects(@extschema@.attribution, integer) IS
'what share of conversions, and of their revenue, would be lost without each channel, in a Markov chain of the paths';

CREATE FUNCTION @extschema@.assisted(
		attribution @extschema@.attribution,
		OUT period timestamp,
		OUT channel text,
		OUT touched bigint,
		OUT assisted bigint,
		OUT first bigint,
		OUT last bigint,
		OUT assisted_revenue numeric,
		OUT assists_per_last double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME', 'attribution_assisted';
COMMENT ON FUNCTION @extschema@.assisted(@extschema@.attribution) IS
'how many conversions each channel touched at all, before the last touch, first and last';

CREATE FUNCTION @extschema@.transitions(
		attribution @extschema@.attribution,
		OUT source text,
		OUT target text,
		OUT count bigint,
		OUT probability double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100 AS 'MODULE_PATHNAME', 'attribution_transitions';
COMMENT ON FUNCTION @extschema@.transitions(@extschema@.attribution) IS
'how often paths go from a channel to the next one, from (start), to (conversion) or to (null)';

CREATE FUNCTION @extschema@.top_paths(
		attribution @extschema@.attribution,
		n integer DEFAULT 10,
		OUT path text[],
		OUT conversions bigint,
		OUT not_converted bigint,
		OUT conversion_rate double precision,
		OUT revenue numeric,
		OUT share double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 11 AS 'MODULE_PATHNAME', 'attribution_top_paths';
COMMENT ON FUNCTION @extschema@.top_paths(@extschema@.attribution, integer) IS
'the n paths with the most conversions (null: all), and in a last row what all others have';

CREATE FUNCTION @extschema@.path_lengths(
		attribution @extschema@.attribution,
		OUT touches integer,
		OUT conversions bigint,
		OUT revenue numeric,
		OUT share double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 40 AS 'MODULE_PATHNAME', 'attribution_path_lengths';
COMMENT ON FUNCTION @extschema@.path_lengths(@extschema@.attribution) IS
'conversions by the number of touches that they had, from 0 on';

CREATE FUNCTION @extschema@.time_lags(
		attribution @extschema@.attribution,
		OUT days integer,
		OUT conversions bigint,
		OUT revenue numeric,
		OUT share double precision
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 31 AS 'MODULE_PATHNAME', 'attribution_time_lags';
COMMENT ON FUNCTION @extschema@.time_lags(@extschema@.attribution) IS
'conversions with a touch, by whole days (24 hours) from the first touch to the conversion';

CREATE FUNCTION @extschema@.path_error(attribution @extschema@.attribution) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_path_error';
COMMENT ON FUNCTION @extschema@.path_error(@extschema@.attribution) IS
'how many paths are known by their latest touches only: 0 unless there were too many different ones to keep';

CREATE FUNCTION @extschema@.cut_paths(attribution @extschema@.attribution) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_cut_paths';
COMMENT ON FUNCTION @extschema@.cut_paths(@extschema@.attribution) IS
'how many conversions had more touches in the lookback than a path has, so that the earliest ones got no credit';

CREATE FUNCTION @extschema@.spec_of(attribution @extschema@.attribution) RETURNS @extschema@.attribution_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'attribution_spec_of';
COMMENT ON FUNCTION @extschema@.spec_of(@extschema@.attribution) IS
'the spec of an attribution; null for one over no rows that never saw one';
