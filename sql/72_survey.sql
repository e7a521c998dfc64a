/* ---- survey: what people said, as a number on a scale ---- */

CREATE TYPE @extschema@.survey_kind;

CREATE FUNCTION @extschema@.survey_kind_in(cstring) RETURNS @extschema@.survey_kind
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_kind_in';
COMMENT ON FUNCTION @extschema@.survey_kind_in(cstring) IS 'input function of kpi.survey_kind';

CREATE FUNCTION @extschema@.survey_kind_out(@extschema@.survey_kind) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_kind_out';
COMMENT ON FUNCTION @extschema@.survey_kind_out(@extschema@.survey_kind) IS 'output function of kpi.survey_kind';

CREATE FUNCTION @extschema@.survey_kind_recv(internal) RETURNS @extschema@.survey_kind
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_kind_recv';
COMMENT ON FUNCTION @extschema@.survey_kind_recv(internal) IS 'binary input function of kpi.survey_kind';

CREATE FUNCTION @extschema@.survey_kind_send(@extschema@.survey_kind) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_kind_send';
COMMENT ON FUNCTION @extschema@.survey_kind_send(@extschema@.survey_kind) IS 'binary output function of kpi.survey_kind';

CREATE TYPE @extschema@.survey_kind (
	INPUT = @extschema@.survey_kind_in,
	OUTPUT = @extschema@.survey_kind_out,
	RECEIVE = @extschema@.survey_kind_recv,
	SEND = @extschema@.survey_kind_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.survey_kind IS
'what a survey asks: nps, csat 1..5 top 2, ces 1..7, mean 0..10; checked when it is written';

CREATE FUNCTION @extschema@.eq(@extschema@.survey_kind, @extschema@.survey_kind) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.survey_kind, @extschema@.survey_kind) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.survey_kind, @extschema@.survey_kind) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.survey_kind, @extschema@.survey_kind) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.lt(@extschema@.survey_kind, @extschema@.survey_kind) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_lt';
COMMENT ON FUNCTION @extschema@.lt(@extschema@.survey_kind, @extschema@.survey_kind) IS 'implementation of < operator';
CREATE FUNCTION @extschema@.le(@extschema@.survey_kind, @extschema@.survey_kind) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_le';
COMMENT ON FUNCTION @extschema@.le(@extschema@.survey_kind, @extschema@.survey_kind) IS 'implementation of <= operator';
CREATE FUNCTION @extschema@.gt(@extschema@.survey_kind, @extschema@.survey_kind) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_gt';
COMMENT ON FUNCTION @extschema@.gt(@extschema@.survey_kind, @extschema@.survey_kind) IS 'implementation of > operator';
CREATE FUNCTION @extschema@.ge(@extschema@.survey_kind, @extschema@.survey_kind) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ge';
COMMENT ON FUNCTION @extschema@.ge(@extschema@.survey_kind, @extschema@.survey_kind) IS 'implementation of >= operator';
CREATE FUNCTION @extschema@.cmp(@extschema@.survey_kind, @extschema@.survey_kind) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_cmp';
COMMENT ON FUNCTION @extschema@.cmp(@extschema@.survey_kind, @extschema@.survey_kind) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION @extschema@.hash(@extschema@.survey_kind) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.survey_kind) IS 'hash';
CREATE FUNCTION @extschema@.hash_extended(@extschema@.survey_kind, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash_extended';
COMMENT ON FUNCTION @extschema@.hash_extended(@extschema@.survey_kind, bigint) IS 'hash with a seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.survey_kind, RIGHTARG = @extschema@.survey_kind, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.survey_kind, @extschema@.survey_kind) IS 'the same kind';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.survey_kind, RIGHTARG = @extschema@.survey_kind, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.survey_kind, @extschema@.survey_kind) IS 'different kinds';
CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.survey_kind, RIGHTARG = @extschema@.survey_kind, FUNCTION = @extschema@.lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.survey_kind, @extschema@.survey_kind) IS 'before in the order of the bytes';
CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.survey_kind, RIGHTARG = @extschema@.survey_kind, FUNCTION = @extschema@.le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.survey_kind, @extschema@.survey_kind) IS 'not behind in the order of the bytes';
CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.survey_kind, RIGHTARG = @extschema@.survey_kind, FUNCTION = @extschema@.gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.survey_kind, @extschema@.survey_kind) IS 'behind in the order of the bytes';
CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.survey_kind, RIGHTARG = @extschema@.survey_kind, FUNCTION = @extschema@.ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.survey_kind, @extschema@.survey_kind) IS 'not before in the order of the bytes';

CREATE OPERATOR CLASS @extschema@.survey_kind_ops DEFAULT FOR TYPE @extschema@.survey_kind USING btree AS
	OPERATOR 1 @extschema@.<, OPERATOR 2 @extschema@.<=, OPERATOR 3 @extschema@.=,
	OPERATOR 4 @extschema@.>=, OPERATOR 5 @extschema@.>,
	FUNCTION 1 @extschema@.cmp(@extschema@.survey_kind, @extschema@.survey_kind);
CREATE OPERATOR CLASS @extschema@.survey_kind_ops DEFAULT FOR TYPE @extschema@.survey_kind USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.survey_kind),
	FUNCTION 2 @extschema@.hash_extended(@extschema@.survey_kind, bigint);
COMMENT ON OPERATOR CLASS @extschema@.survey_kind_ops USING btree IS 'order of the bytes of kinds';
COMMENT ON OPERATOR FAMILY @extschema@.survey_kind_ops USING btree IS 'order of the bytes of kinds';
COMMENT ON OPERATOR CLASS @extschema@.survey_kind_ops USING hash IS 'equality of kinds';
COMMENT ON OPERATOR FAMILY @extschema@.survey_kind_ops USING hash IS 'equality of kinds';

CREATE FUNCTION @extschema@.survey_kind(measure text DEFAULT 'nps', low numeric DEFAULT NULL, high numeric DEFAULT NULL, top integer DEFAULT NULL) RETURNS @extschema@.survey_kind
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.concat_ws(' ',
		measure,
		low::pg_catalog.text OPERATOR(pg_catalog.||) '..' OPERATOR(pg_catalog.||) high::pg_catalog.text,
		'top ' OPERATOR(pg_catalog.||) top::pg_catalog.text)::@extschema@.survey_kind
	$$;
COMMENT ON FUNCTION @extschema@.survey_kind(text, numeric, numeric, integer) IS 'builds a survey kind from its parts';

CREATE TYPE @extschema@.survey;

CREATE FUNCTION @extschema@.survey_in(cstring) RETURNS @extschema@.survey
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_in';
COMMENT ON FUNCTION @extschema@.survey_in(cstring) IS 'input function of kpi.survey';

CREATE FUNCTION @extschema@.survey_out(@extschema@.survey) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_out';
COMMENT ON FUNCTION @extschema@.survey_out(@extschema@.survey) IS 'output function of kpi.survey';

CREATE FUNCTION @extschema@.survey_recv(internal) RETURNS @extschema@.survey
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_recv';
COMMENT ON FUNCTION @extschema@.survey_recv(internal) IS 'binary input function of kpi.survey';

CREATE FUNCTION @extschema@.survey_send(@extschema@.survey) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_send';
COMMENT ON FUNCTION @extschema@.survey_send(@extschema@.survey) IS 'binary output function of kpi.survey';

CREATE TYPE @extschema@.survey (
	INPUT = @extschema@.survey_in,
	OUTPUT = @extschema@.survey_out,
	RECEIVE = @extschema@.survey_recv,
	SEND = @extschema@.survey_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.survey IS
'a survey that can be merged: how many people gave which score; read it with kpi.score(), kpi.distribution()';

CREATE FUNCTION @extschema@.survey_to_jsonb(@extschema@.survey) RETURNS jsonb
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_to_jsonb';
COMMENT ON FUNCTION @extschema@.survey_to_jsonb(@extschema@.survey) IS 'cast of kpi.survey to jsonb';
CREATE FUNCTION @extschema@.survey_from_jsonb(jsonb) RETURNS @extschema@.survey
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_from_jsonb';
COMMENT ON FUNCTION @extschema@.survey_from_jsonb(jsonb) IS 'cast of jsonb to kpi.survey';
CREATE CAST (@extschema@.survey AS jsonb) WITH FUNCTION @extschema@.survey_to_jsonb(@extschema@.survey) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.survey AS jsonb) IS 'everything that the summary holds';
CREATE CAST (jsonb AS @extschema@.survey) WITH FUNCTION @extschema@.survey_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS @extschema@.survey) IS 'reads what the cast to jsonb has written';

/* The aggregate. */

CREATE FUNCTION @extschema@.survey_final(internal) RETURNS @extschema@.survey
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_final';
COMMENT ON FUNCTION @extschema@.survey_final(internal) IS 'final function of kpi.survey';
CREATE FUNCTION @extschema@.survey_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_combine';
COMMENT ON FUNCTION @extschema@.survey_combine(internal, internal) IS 'combine function of kpi.survey';
CREATE FUNCTION @extschema@.survey_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_serialise';
COMMENT ON FUNCTION @extschema@.survey_serialise(internal) IS 'serialisation function of kpi.survey';
CREATE FUNCTION @extschema@.survey_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_deserialise';
COMMENT ON FUNCTION @extschema@.survey_deserialise(bytea, internal) IS 'deserialisation function of kpi.survey';

CREATE FUNCTION @extschema@.survey_add(internal, numeric, @extschema@.survey_kind) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_add';
COMMENT ON FUNCTION @extschema@.survey_add(internal, numeric, @extschema@.survey_kind) IS 'transition function of kpi.survey';
CREATE FUNCTION @extschema@.survey_remove(internal, numeric, @extschema@.survey_kind) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_remove';
COMMENT ON FUNCTION @extschema@.survey_remove(internal, numeric, @extschema@.survey_kind) IS 'inverse transition function of kpi.survey';
CREATE AGGREGATE @extschema@.survey(score numeric, kind @extschema@.survey_kind) (
	SFUNC = @extschema@.survey_add, STYPE = internal, SSPACE = 512,
	FINALFUNC = @extschema@.survey_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.survey_combine,
	SERIALFUNC = @extschema@.survey_serialise, DESERIALFUNC = @extschema@.survey_deserialise,
	MSFUNC = @extschema@.survey_add, MINVFUNC = @extschema@.survey_remove, MSTYPE = internal, MSSPACE = 512,
	MFINALFUNC = @extschema@.survey_final, MFINALFUNC_MODIFY = READ_ONLY,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.survey(numeric, @extschema@.survey_kind) IS
'how many people gave which score; null scores are ignored, one outside of the scale is an error';

/* Merging. */

CREATE FUNCTION @extschema@.merge(@extschema@.survey, @extschema@.survey) RETURNS @extschema@.survey
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_merge';
COMMENT ON FUNCTION @extschema@.merge(@extschema@.survey, @extschema@.survey) IS
'the answers of both; they must be of the same kind';
CREATE OPERATOR @extschema@.+ (
	LEFTARG = @extschema@.survey, RIGHTARG = @extschema@.survey, FUNCTION = @extschema@.merge,
	COMMUTATOR = OPERATOR(@extschema@.+)
);
COMMENT ON OPERATOR @extschema@.+ (@extschema@.survey, @extschema@.survey) IS 'the answers of both';
CREATE AGGREGATE @extschema@.rollup(survey @extschema@.survey) (
	SFUNC = @extschema@.merge, STYPE = @extschema@.survey, COMBINEFUNC = @extschema@.merge, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.rollup(@extschema@.survey) IS
'merges surveys of one kind; null for no rows';

CREATE FUNCTION @extschema@.eq(@extschema@.survey, @extschema@.survey) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.survey, @extschema@.survey) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.survey, @extschema@.survey) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.survey, @extschema@.survey) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.hash(@extschema@.survey) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.survey) IS 'hash';
CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.survey, RIGHTARG = @extschema@.survey, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.survey, @extschema@.survey) IS 'the same summary';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.survey, RIGHTARG = @extschema@.survey, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.survey, @extschema@.survey) IS 'different summaries';
CREATE OPERATOR CLASS @extschema@.survey_ops DEFAULT FOR TYPE @extschema@.survey USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.survey);
COMMENT ON OPERATOR CLASS @extschema@.survey_ops USING hash IS 'equality of summaries';
COMMENT ON OPERATOR FAMILY @extschema@.survey_ops USING hash IS 'equality of summaries';

/* Accessors. */

CREATE FUNCTION @extschema@.score(survey @extschema@.survey) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_score';
COMMENT ON FUNCTION @extschema@.score(@extschema@.survey) IS
'nps: promoters less detractors, -100 to 100; csat and ces with top: the share of the top scores, 0 to 100; else the mean; null if nobody answered';

CREATE FUNCTION @extschema@.ci_low(survey @extschema@.survey, confidence double precision DEFAULT 0.95) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'survey_ci_low';
COMMENT ON FUNCTION @extschema@.ci_low(@extschema@.survey, double precision) IS
'the lower end of the confidence interval of kpi.score: nps by its variance, shares by Wilson, means by Student''s t';

CREATE FUNCTION @extschema@.ci_high(survey @extschema@.survey, confidence double precision DEFAULT 0.95) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'survey_ci_high';
COMMENT ON FUNCTION @extschema@.ci_high(@extschema@.survey, double precision) IS
'the upper end of the confidence interval of kpi.score, see kpi.ci_low';

CREATE FUNCTION @extschema@.n(survey @extschema@.survey) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_total';
COMMENT ON FUNCTION @extschema@.n(@extschema@.survey) IS
'how many people answered';

CREATE FUNCTION @extschema@.promoters(survey @extschema@.survey) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_promoters';
COMMENT ON FUNCTION @extschema@.promoters(@extschema@.survey) IS
'nps: how many gave 9 or 10; null for other kinds';

CREATE FUNCTION @extschema@.passives(survey @extschema@.survey) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_passives';
COMMENT ON FUNCTION @extschema@.passives(@extschema@.survey) IS
'nps: how many gave 7 or 8; null for other kinds';

CREATE FUNCTION @extschema@.detractors(survey @extschema@.survey) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_detractors';
COMMENT ON FUNCTION @extschema@.detractors(@extschema@.survey) IS
'nps: how many gave 0 to 6; null for other kinds';

CREATE FUNCTION @extschema@.kind_of(survey @extschema@.survey) RETURNS @extschema@.survey_kind
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'survey_kind_of';
COMMENT ON FUNCTION @extschema@.kind_of(@extschema@.survey) IS
'the kind of a survey; null for one over no rows that never saw one';

CREATE FUNCTION @extschema@.distribution(survey @extschema@.survey, OUT score numeric, OUT count bigint, OUT share double precision) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10 AS 'MODULE_PATHNAME', 'survey_distribution';
COMMENT ON FUNCTION @extschema@.distribution(@extschema@.survey) IS
'how many people gave each score: all scores of the scale, also those that nobody gave; for the kind mean those that somebody gave';
