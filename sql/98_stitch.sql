/* ---- who is the same ---- */

CREATE FUNCTION @extschema@.stitch(anonymous_ids text[], user_ids text[], seen_at timestamptz[] DEFAULT NULL, method text DEFAULT 'components', OUT id text, OUT is_user boolean, OUT identity text) RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 1000 AS 'MODULE_PATHNAME', 'stitch';
COMMENT ON FUNCTION @extschema@.stitch(text[], text[], timestamptz[], text) IS
'whom ids are counted as, from pairs of an anonymous id and the user it was seen with: components (whoever is linked is one), first or last (the user that an anonymous id was seen with first or last)';
