/* ---- formula: a KPI that is derived from others ---- */

CREATE TYPE @extschema@.formula;

CREATE FUNCTION @extschema@.formula_in(cstring) RETURNS @extschema@.formula
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'formula_in';
COMMENT ON FUNCTION @extschema@.formula_in(cstring) IS 'input function of kpi.formula';

CREATE FUNCTION @extschema@.formula_out(@extschema@.formula) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'formula_out';
COMMENT ON FUNCTION @extschema@.formula_out(@extschema@.formula) IS 'output function of kpi.formula';

CREATE FUNCTION @extschema@.formula_recv(internal) RETURNS @extschema@.formula
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'formula_recv';
COMMENT ON FUNCTION @extschema@.formula_recv(internal) IS 'binary input function of kpi.formula';

CREATE FUNCTION @extschema@.formula_send(@extschema@.formula) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'formula_send';
COMMENT ON FUNCTION @extschema@.formula_send(@extschema@.formula) IS 'binary output function of kpi.formula';

CREATE TYPE @extschema@.formula (
	INPUT = @extschema@.formula_in,
	OUTPUT = @extschema@.formula_out,
	RECEIVE = @extschema@.formula_recv,
	SEND = @extschema@.formula_send,
	STORAGE = extended
);
COMMENT ON TYPE @extschema@.formula IS
'arithmetic over KPIs: (revenue - coalesce(refunds, 0)) / customers; checked when it is written, never run as SQL';

CREATE FUNCTION @extschema@.eq(@extschema@.formula, @extschema@.formula) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_eq';
COMMENT ON FUNCTION @extschema@.eq(@extschema@.formula, @extschema@.formula) IS 'implementation of = operator';
CREATE FUNCTION @extschema@.ne(@extschema@.formula, @extschema@.formula) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ne';
COMMENT ON FUNCTION @extschema@.ne(@extschema@.formula, @extschema@.formula) IS 'implementation of <> operator';
CREATE FUNCTION @extschema@.lt(@extschema@.formula, @extschema@.formula) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_lt';
COMMENT ON FUNCTION @extschema@.lt(@extschema@.formula, @extschema@.formula) IS 'implementation of < operator';
CREATE FUNCTION @extschema@.le(@extschema@.formula, @extschema@.formula) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_le';
COMMENT ON FUNCTION @extschema@.le(@extschema@.formula, @extschema@.formula) IS 'implementation of <= operator';
CREATE FUNCTION @extschema@.gt(@extschema@.formula, @extschema@.formula) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_gt';
COMMENT ON FUNCTION @extschema@.gt(@extschema@.formula, @extschema@.formula) IS 'implementation of > operator';
CREATE FUNCTION @extschema@.ge(@extschema@.formula, @extschema@.formula) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_ge';
COMMENT ON FUNCTION @extschema@.ge(@extschema@.formula, @extschema@.formula) IS 'implementation of >= operator';
CREATE FUNCTION @extschema@.cmp(@extschema@.formula, @extschema@.formula) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_cmp';
COMMENT ON FUNCTION @extschema@.cmp(@extschema@.formula, @extschema@.formula) IS 'btree comparison: -1, 0 or 1';
CREATE FUNCTION @extschema@.hash(@extschema@.formula) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash';
COMMENT ON FUNCTION @extschema@.hash(@extschema@.formula) IS 'hash';
CREATE FUNCTION @extschema@.hash_extended(@extschema@.formula, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'MODULE_PATHNAME', 'value_hash_extended';
COMMENT ON FUNCTION @extschema@.hash_extended(@extschema@.formula, bigint) IS 'hash with a seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.formula, RIGHTARG = @extschema@.formula, FUNCTION = @extschema@.eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.formula, @extschema@.formula) IS 'the same formula';
CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.formula, RIGHTARG = @extschema@.formula, FUNCTION = @extschema@.ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.formula, @extschema@.formula) IS 'different formulas';
CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.formula, RIGHTARG = @extschema@.formula, FUNCTION = @extschema@.lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.formula, @extschema@.formula) IS 'before in the order of the bytes';
CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.formula, RIGHTARG = @extschema@.formula, FUNCTION = @extschema@.le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.formula, @extschema@.formula) IS 'not behind in the order of the bytes';
CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.formula, RIGHTARG = @extschema@.formula, FUNCTION = @extschema@.gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.formula, @extschema@.formula) IS 'behind in the order of the bytes';
CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.formula, RIGHTARG = @extschema@.formula, FUNCTION = @extschema@.ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.formula, @extschema@.formula) IS 'not before in the order of the bytes';

CREATE OPERATOR CLASS @extschema@.formula_ops DEFAULT FOR TYPE @extschema@.formula USING btree AS
	OPERATOR 1 @extschema@.<, OPERATOR 2 @extschema@.<=, OPERATOR 3 @extschema@.=,
	OPERATOR 4 @extschema@.>=, OPERATOR 5 @extschema@.>,
	FUNCTION 1 @extschema@.cmp(@extschema@.formula, @extschema@.formula);
CREATE OPERATOR CLASS @extschema@.formula_ops DEFAULT FOR TYPE @extschema@.formula USING hash AS
	OPERATOR 1 @extschema@.=,
	FUNCTION 1 @extschema@.hash(@extschema@.formula),
	FUNCTION 2 @extschema@.hash_extended(@extschema@.formula, bigint);
COMMENT ON OPERATOR CLASS @extschema@.formula_ops USING btree IS 'order of the bytes of formulas';
COMMENT ON OPERATOR FAMILY @extschema@.formula_ops USING btree IS 'order of the bytes of formulas';
COMMENT ON OPERATOR CLASS @extschema@.formula_ops USING hash IS 'equality of formulas';
COMMENT ON OPERATOR FAMILY @extschema@.formula_ops USING hash IS 'equality of formulas';

CREATE FUNCTION @extschema@.formula_names(formula @extschema@.formula) RETURNS text[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'formula_names';
COMMENT ON FUNCTION @extschema@.formula_names(@extschema@.formula) IS
'the names of the KPIs that a formula uses, each once, in the order of first use';

CREATE FUNCTION @extschema@.formula_inputs(
		formula @extschema@.formula,
		OUT name text,
		OUT at text,
		OUT key text
	) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 4 AS 'MODULE_PATHNAME', 'formula_inputs';
COMMENT ON FUNCTION @extschema@.formula_inputs(@extschema@.formula) IS
'the values that a formula needs: of which KPI, of which period (now, previous, year_ago), and what kpi.calculate calls it';

CREATE FUNCTION @extschema@.calculate(formula @extschema@.formula, names text[], numbers double precision[]) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'formula_calculate';
COMMENT ON FUNCTION @extschema@.calculate(@extschema@.formula, text[], double precision[]) IS
'what a formula comes to for values of its inputs, by their keys: cac, previous(cac), year_ago(cac); null for a division by zero, an overflow or a null input that is not replaced';
