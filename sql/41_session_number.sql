/* ---- session_number: a window function ---- */

CREATE FUNCTION @extschema@.session_number(ts timestamptz, timeout interval) RETURNS bigint
	LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'session_number';
COMMENT ON FUNCTION @extschema@.session_number(timestamptz, interval) IS
'number of the session of a row, from 1: a new one begins after a gap longer than the timeout; OVER (PARTITION BY actor ORDER BY ts)';

CREATE FUNCTION @extschema@.session_number(ts timestamptz, timeout interval, new_session boolean) RETURNS bigint
	LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'session_number';
COMMENT ON FUNCTION @extschema@.session_number(timestamptz, interval, boolean) IS
'the same, and a new session also begins with each row whose new_session is true';
