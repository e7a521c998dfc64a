/* ---- version: what is installed, in SQL and as a library ---- */

CREATE FUNCTION @extschema@.library_version() RETURNS text
	LANGUAGE C STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'library_version';
COMMENT ON FUNCTION @extschema@.library_version() IS
'the version of the library that this session has loaded';

/* The files of a server belong to all of its databases, and each of them is updated by itself. */
CREATE FUNCTION @extschema@.version(OUT extension text, OUT library text, OUT available text, OUT advice text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT v.extension, v.library, v.available,
		CASE
			WHEN v.n_library OPERATOR(pg_catalog.<) v.n_extension THEN
				pg_catalog.format('the library is older than the extension: install the files of kpi_track %s, and connect again', v.extension)
			WHEN v.available IS NOT NULL AND v.n_available OPERATOR(pg_catalog.>) v.n_library THEN
				'newer files are on the server than this session has loaded: connect again, then ALTER EXTENSION kpi_track UPDATE'
			WHEN v.n_library OPERATOR(pg_catalog.>) v.n_extension THEN 'ALTER EXTENSION kpi_track UPDATE'
		END
	FROM (
		SELECT e.extversion AS extension, l.library, a.default_version AS available,
			pg_catalog.string_to_array(e.extversion, '.')::integer[] AS n_extension,
			pg_catalog.string_to_array(l.library, '.')::integer[] AS n_library,
			pg_catalog.string_to_array(a.default_version, '.')::integer[] AS n_available
		FROM pg_catalog.pg_extension AS e CROSS JOIN (SELECT @extschema@.library_version() AS library) AS l
			LEFT JOIN pg_catalog.pg_available_extensions AS a ON a.name OPERATOR(pg_catalog.=) e.extname
		WHERE e.extname OPERATOR(pg_catalog.=) 'kpi_track') AS v
$$;
COMMENT ON FUNCTION @extschema@.version() IS
'the versions of the extension in this database, of the library in this session and of the files on the server; advice: what to do if they differ';

