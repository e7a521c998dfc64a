/* ---- patterns on timelines ---- */

/* Tells the planner that kpi.matches can use the index that serves @@, and how many rows it finds. */
CREATE FUNCTION @extschema@.timeline_match_support(internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_match_support';
COMMENT ON FUNCTION @extschema@.timeline_match_support(internal) IS 'planner support for kpi.matches';

CREATE FUNCTION @extschema@.timeline_match_sel(internal, oid, internal, integer) RETURNS double precision
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_match_sel';
COMMENT ON FUNCTION @extschema@.timeline_match_sel(internal, oid, internal, integer) IS
'restriction selectivity of @@ on timelines';

CREATE FUNCTION @extschema@.timeline_match_joinsel(internal, oid, internal, smallint, internal) RETURNS double precision
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_match_joinsel';
COMMENT ON FUNCTION @extschema@.timeline_match_joinsel(internal, oid, internal, smallint, internal) IS
'join selectivity of @@ on timelines';

CREATE FUNCTION @extschema@.matches(timeline @extschema@.timeline, pattern @extschema@.pattern) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 SUPPORT @extschema@.timeline_match_support
	AS 'MODULE_PATHNAME', 'timeline_matches';
COMMENT ON FUNCTION @extschema@.matches(@extschema@.timeline, @extschema@.pattern) IS
'whether the timeline has a complete pass through the pattern; the same as @@';

CREATE OPERATOR @extschema@.@@ (
	LEFTARG = @extschema@.timeline, RIGHTARG = @extschema@.pattern, FUNCTION = @extschema@.matches,
	RESTRICT = @extschema@.timeline_match_sel, JOIN = @extschema@.timeline_match_joinsel
);
COMMENT ON OPERATOR @extschema@.@@ (@extschema@.timeline, @extschema@.pattern) IS
'the timeline has a complete pass through the pattern';

CREATE FUNCTION @extschema@.level(timeline @extschema@.timeline, pattern @extschema@.pattern) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'timeline_level';
COMMENT ON FUNCTION @extschema@.level(@extschema@.timeline, @extschema@.pattern) IS
'the deepest step of the pattern that the timeline reaches; 0 if none';

CREATE FUNCTION @extschema@.match_times(timeline @extschema@.timeline, pattern @extschema@.pattern) RETURNS timestamptz[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'timeline_match_times';
COMMENT ON FUNCTION @extschema@.match_times(@extschema@.timeline, @extschema@.pattern) IS
'the times of the chain that gets deepest, an element for each step, null where it has none; null if there is no chain';

CREATE FUNCTION @extschema@.occurrences(timeline @extschema@.timeline, pattern @extschema@.pattern) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'timeline_occurrences';
COMMENT ON FUNCTION @extschema@.occurrences(@extschema@.timeline, @extschema@.pattern) IS
'complete passes of the timeline through the pattern, one after the other and disjoint in time';

/* The index: labels as keys, in the order of their bytes. */

CREATE FUNCTION @extschema@.timeline_gin_compare(text, text) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_gin_compare';
COMMENT ON FUNCTION @extschema@.timeline_gin_compare(text, text) IS 'GIN support: order of the bytes of labels';
CREATE FUNCTION @extschema@.timeline_gin_extract_value(@extschema@.timeline, internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_gin_extract_value';
COMMENT ON FUNCTION @extschema@.timeline_gin_extract_value(@extschema@.timeline, internal, internal) IS
'GIN support: the labels of a timeline';
CREATE FUNCTION @extschema@.timeline_gin_extract_query(@extschema@.pattern, internal, smallint, internal, internal, internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_gin_extract_query';
COMMENT ON FUNCTION @extschema@.timeline_gin_extract_query(@extschema@.pattern, internal, smallint, internal, internal, internal, internal) IS
'GIN support: the labels of the required steps of a pattern';
CREATE FUNCTION @extschema@.timeline_gin_consistent(internal, smallint, @extschema@.pattern, integer, internal, internal, internal, internal) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_gin_consistent';
COMMENT ON FUNCTION @extschema@.timeline_gin_consistent(internal, smallint, @extschema@.pattern, integer, internal, internal, internal, internal) IS
'GIN support: whether there is a label for every required step';
CREATE FUNCTION @extschema@.timeline_gin_compare_prefix(text, text, smallint, internal) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_gin_compare_prefix';
COMMENT ON FUNCTION @extschema@.timeline_gin_compare_prefix(text, text, smallint, internal) IS
'GIN support: whether a label begins with a prefix';
CREATE FUNCTION @extschema@.timeline_gin_triconsistent(internal, smallint, @extschema@.pattern, integer, internal, internal, internal) RETURNS "char"
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_gin_triconsistent';
COMMENT ON FUNCTION @extschema@.timeline_gin_triconsistent(internal, smallint, @extschema@.pattern, integer, internal, internal, internal) IS
'GIN support: the same where it is not known of every label';

CREATE OPERATOR CLASS @extschema@.timeline_ops DEFAULT FOR TYPE @extschema@.timeline USING gin AS
	OPERATOR 1 @extschema@.@@ (@extschema@.timeline, @extschema@.pattern),
	FUNCTION 1 @extschema@.timeline_gin_compare(text, text),
	FUNCTION 2 @extschema@.timeline_gin_extract_value(@extschema@.timeline, internal, internal),
	FUNCTION 3 @extschema@.timeline_gin_extract_query(@extschema@.pattern, internal, smallint, internal, internal, internal, internal),
	FUNCTION 4 @extschema@.timeline_gin_consistent(internal, smallint, @extschema@.pattern, integer, internal, internal, internal, internal),
	FUNCTION 5 @extschema@.timeline_gin_compare_prefix(text, text, smallint, internal),
	FUNCTION 6 @extschema@.timeline_gin_triconsistent(internal, smallint, @extschema@.pattern, integer, internal, internal, internal),
	STORAGE text;
COMMENT ON OPERATOR CLASS @extschema@.timeline_ops USING gin IS 'labels of timelines, for @@';
COMMENT ON OPERATOR FAMILY @extschema@.timeline_ops USING gin IS 'labels of timelines, for @@';

/* Statistics: which labels are common. */

CREATE FUNCTION @extschema@.timeline_typanalyze(internal) RETURNS boolean
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'timeline_typanalyze';
COMMENT ON FUNCTION @extschema@.timeline_typanalyze(internal) IS 'what ANALYZE gathers on columns of kpi.timeline';
ALTER TYPE @extschema@.timeline SET (ANALYZE = @extschema@.timeline_typanalyze);
