/* ---- pattern: a small language for sequences of events ---- */

CREATE TYPE @extschema@.pattern;

CREATE FUNCTION @extschema@.pattern_in(cstring) RETURNS @extschema@.pattern
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'pattern_in';
COMMENT ON FUNCTION @extschema@.pattern_in(cstring) IS 'input function of kpi.pattern';

CREATE FUNCTION @extschema@.pattern_out(@extschema@.pattern) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'pattern_out';
COMMENT ON FUNCTION @extschema@.pattern_out(@extschema@.pattern) IS 'output function of kpi.pattern';

CREATE FUNCTION @extschema@.pattern_recv(internal) RETURNS @extschema@.pattern
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'pattern_recv';
COMMENT ON FUNCTION @extschema@.pattern_recv(internal) IS 'binary input function of kpi.pattern';

CREATE FUNCTION @extschema@.pattern_send(@extschema@.pattern) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'pattern_send';
COMMENT ON FUNCTION @extschema@.pattern_send(@extschema@.pattern) IS 'binary output function of kpi.pattern';

CREATE TYPE @extschema@.pattern (
	INPUT = @extschema@.pattern_in,
	OUTPUT = @extschema@.pattern_out,
	RECEIVE = @extschema@.pattern_recv,
	SEND = @extschema@.pattern_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.pattern IS
'pattern of events, such as ''view -> cart|basket -[<= 1 hour, no refund]-> purchase within 7 days''';

CREATE FUNCTION @extschema@.pattern(
		steps text[],
		within interval DEFAULT NULL,
		arrows text[] DEFAULT NULL,
		optional integer[] DEFAULT NULL,
		strictly_increasing boolean DEFAULT false,
		any_order boolean DEFAULT false,
		first_entry boolean DEFAULT false,
		reuse_rows boolean DEFAULT false,
		open boolean DEFAULT false,
		by text DEFAULT NULL,
		zone text DEFAULT NULL
	) RETURNS @extschema@.pattern
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'pattern';
COMMENT ON FUNCTION @extschema@.pattern(text[], interval, text[], integer[], boolean, boolean, boolean, boolean, boolean, text, text) IS
'builds a pattern from its parts; steps are plain labels, arrows such as ''=>'' stand between them, optional lists step numbers';

CREATE FUNCTION @extschema@.quote_label(label text) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'quote_label';
COMMENT ON FUNCTION @extschema@.quote_label(text) IS 'the label as it is written in a pattern, in double quotes where it needs them';

/* Order and equality are those of the canonical text, for DISTINCT, GROUP BY and joins. */

CREATE FUNCTION @extschema@.eq(@extschema@.pattern, @extschema@.pattern) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.pattern, @extschema@.pattern) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.pattern, @extschema@.pattern) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.pattern, @extschema@.pattern) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.lt(@extschema@.pattern, @extschema@.pattern) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_lt';
COMMENT ON FUNCTION @extschema@.lt(@extschema@.pattern, @extschema@.pattern) IS 'implementation of < operator';
CREATE FUNCTION @extschema@.le(@extschema@.pattern, @extschema@.pattern) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_le';
COMMENT ON FUNCTION @extschema@.le(@extschema@.pattern, @extschema@.pattern) IS 'implementation of <= operator';
CREATE FUNCTION @extschema@.gt(@extschema@.pattern, @extschema@.pattern) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_gt';
COMMENT ON FUNCTION @extschema@.gt(@extschema@.pattern, @extschema@.pattern) IS 'implementation of > operator';
CREATE FUNCTION @extschema@.ge(@extschema@.pattern, @extschema@.pattern) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ge';
COMMENT ON FUNCTION @extschema@.ge(@extschema@.pattern, @extschema@.pattern) IS 'implementation of >= operator';
CREATE FUNCTION @extschema@.cmp(@extschema@.pattern, @extschema@.pattern) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_cmp';
COMMENT ON FUNCTION @extschema@.cmp(@extschema@.pattern, @extschema@.pattern) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION @extschema@.hash(@extschema@.pattern) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.pattern) IS 'hash';
CREATE FUNCTION @extschema@.hash_extended(@extschema@.pattern, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash_extended';
COMMENT ON FUNCTION @extschema@.hash_extended(@extschema@.pattern, bigint) IS 'hash with a seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.pattern, RIGHTARG = @extschema@.pattern, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.pattern, @extschema@.pattern) IS 'the same pattern';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.pattern, RIGHTARG = @extschema@.pattern, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.pattern, @extschema@.pattern) IS 'different patterns';
CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.pattern, RIGHTARG = @extschema@.pattern, FUNCTION = @extschema@.lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.pattern, @extschema@.pattern) IS 'before in the order of the bytes';
CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.pattern, RIGHTARG = @extschema@.pattern, FUNCTION = @extschema@.le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.pattern, @extschema@.pattern) IS 'not behind in the order of the bytes';
CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.pattern, RIGHTARG = @extschema@.pattern, FUNCTION = @extschema@.gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.pattern, @extschema@.pattern) IS 'behind in the order of the bytes';
CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.pattern, RIGHTARG = @extschema@.pattern, FUNCTION = @extschema@.ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.pattern, @extschema@.pattern) IS 'not before in the order of the bytes';

CREATE OPERATOR CLASS @extschema@.pattern_ops DEFAULT FOR TYPE @extschema@.pattern USING btree AS
	OPERATOR 1 @extschema@.<, OPERATOR 2 @extschema@.<=, OPERATOR 3 @extschema@.=,
	OPERATOR 4 @extschema@.>=, OPERATOR 5 @extschema@.>,
	FUNCTION 1 @extschema@.cmp(@extschema@.pattern, @extschema@.pattern);
CREATE OPERATOR CLASS @extschema@.pattern_ops DEFAULT FOR TYPE @extschema@.pattern USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.pattern),
	FUNCTION 2 @extschema@.hash_extended(@extschema@.pattern, bigint);
COMMENT ON OPERATOR CLASS @extschema@.pattern_ops USING btree IS 'order of the bytes of patterns';
COMMENT ON OPERATOR FAMILY @extschema@.pattern_ops USING btree IS 'order of the bytes of patterns';
COMMENT ON OPERATOR CLASS @extschema@.pattern_ops USING hash IS 'equality of patterns';
COMMENT ON OPERATOR FAMILY @extschema@.pattern_ops USING hash IS 'equality of patterns';
