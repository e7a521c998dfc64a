/* ---- scheduling: refresh without being asked ---- */

CREATE FUNCTION @extschema@.has_pg_cron() RETURNS boolean
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- a function of that name that somebody made is not pg_cron
	SELECT EXISTS (SELECT FROM pg_catalog.pg_extension AS e
		JOIN pg_catalog.pg_depend AS d ON d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid OPERATOR(pg_catalog.=) e.oid AND d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.deptype OPERATOR(pg_catalog.=) 'e'
		JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) d.objid JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
		WHERE e.extname OPERATOR(pg_catalog.=) 'pg_cron' AND n.nspname OPERATOR(pg_catalog.=) 'cron' AND p.proname OPERATOR(pg_catalog.=) 'schedule' AND pg_catalog.pg_get_function_identity_arguments(p.oid) OPERATOR(pg_catalog.~) '^[a-z_]+ text, [a-z_]+ text, [a-z_]+ text$')
	$$;
COMMENT ON FUNCTION @extschema@.has_pg_cron() IS 'whether pg_cron is installed in this database';

CREATE FUNCTION @extschema@.shell_quote(word text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN word OPERATOR(pg_catalog.~) '^[A-Za-z0-9_./-]+$' THEN word ELSE '''' OPERATOR(pg_catalog.||) pg_catalog.replace(word, '''', '''\''''') OPERATOR(pg_catalog.||) '''' END
	$$;
COMMENT ON FUNCTION @extschema@.shell_quote(text) IS 'a word as a shell reads it';

CREATE FUNCTION @extschema@.literal_of_one_line(word text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN word OPERATOR(pg_catalog.!~) '[\n\r]' THEN pg_catalog.quote_literal(word)
		ELSE 'E''' OPERATOR(pg_catalog.||) pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(word, '\', '\\'), '''', ''''''), E'\n', '\n'), E'\r', '\r') OPERATOR(pg_catalog.||) '''' END
	$$;
COMMENT ON FUNCTION @extschema@.literal_of_one_line(text) IS 'a string constant without line breaks: what follows one in a crontab would be a command of its own';

CREATE FUNCTION @extschema@.psql_command(command text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		database pg_catalog.text := pg_catalog.current_database();
		connects pg_catalog.text := database;
	BEGIN
		IF (database OPERATOR(pg_catalog.||) CURRENT_USER) OPERATOR(pg_catalog.~) '[\n\r]' THEN
			RAISE feature_not_supported USING
				MESSAGE = pg_catalog.format('the name of %s has a line break, which no line of a crontab can have', CASE WHEN database OPERATOR(pg_catalog.~) '[\n\r]' THEN 'the database' ELSE 'the role' END),
				HINT = pg_catalog.format('Use pg_cron, or a script that runs %s.', command);
		END IF;
		-- psql would take it for a connection string
		IF database OPERATOR(pg_catalog.~) '=|^postgres(ql)?://' THEN
			connects := pg_catalog.format('dbname=''%s''', pg_catalog.replace(pg_catalog.replace(database, '\', '\\'), '''', '\'''));
		END IF;
		RETURN pg_catalog.format('psql -X -q -U %s -d %s -c %s', @extschema@.shell_quote(CURRENT_USER), @extschema@.shell_quote(connects), @extschema@.shell_quote(command));
	END
	$$;
COMMENT ON FUNCTION @extschema@.psql_command(text) IS 'a line for a shell that runs an SQL command in this database as you';

CREATE FUNCTION @extschema@.schedule(cron text DEFAULT '*/15 * * * *', kpi text DEFAULT NULL, name text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		refresh pg_catalog.text := pg_catalog.format('CALL @extschema@.refresh(%s)', CASE WHEN kpi IS NOT NULL THEN @extschema@.literal_of_one_line(kpi) ELSE '' END);
		job_name pg_catalog.text := coalesce(name, pg_catalog.concat_ws(' ', 'kpi_track', pg_catalog.current_database(), kpi));
		-- who may not see that setting is given the line for a crontab
		elsewhere pg_catalog.text := (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name OPERATOR(pg_catalog.=) 'cron.database_name' AND s.setting OPERATOR(pg_catalog.<>) pg_catalog.current_database());
		job bigint;
	BEGIN
		IF kpi IS NOT NULL THEN
			PERFORM @extschema@.kpi_to_change(kpi);
		END IF;
		-- pg_cron would take it and say nothing when it never runs; a line of a crontab ends with a line break
		IF cron IS NULL OR cron OPERATOR(pg_catalog.!~) '^ *([0-9*,/-]+|[A-Za-z,-]+)( +([0-9*,/-]+|[A-Za-z,$-]+)){4} *$' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('"%s" is no schedule', cron),
				HINT = 'Write minute, hour, day of the month, month and day of the week as cron does: "*/15 * * * *" is every 15 minutes, "0 6 * * 1" Mondays at 6.';
		END IF;
		IF @extschema@.has_pg_cron() THEN
			EXECUTE 'SELECT cron.schedule($1, $2, $3)' INTO job USING job_name, cron, refresh;
		END IF;
		INSERT INTO @extschema@.schedule AS s (name, cron, command, job) VALUES (job_name, cron, refresh, job)
			ON CONFLICT ON CONSTRAINT schedule_pkey DO UPDATE
			SET cron = excluded.cron, command = excluded.command, job = excluded.job, at = excluded.at;
		IF job IS NOT NULL THEN
			RETURN pg_catalog.format('pg_cron runs %s as %s: %s (job %s, "%s")', refresh, CURRENT_USER, cron, job, job_name);
		ELSIF elsewhere IS NOT NULL THEN
			RETURN pg_catalog.format('pg_cron is in the database "%s". There, a superuser runs: SELECT cron.schedule_in_database(%L, %L, %L, %L, %L);', elsewhere, job_name, cron, refresh, pg_catalog.current_database(), CURRENT_USER);
		END IF;
		-- in a crontab a percent sign ends the command
		RETURN pg_catalog.format('pg_cron is not installed here. A line for the crontab of somebody who can connect as %s: %s %s', CURRENT_USER, cron,
			pg_catalog.replace(@extschema@.psql_command(refresh), '%', '\%'));
	END
	$$;
COMMENT ON FUNCTION @extschema@.schedule(text, text, text) IS
'has kpi.refresh() run as cron says, by pg_cron if it is installed in this database; otherwise returns the line for a crontab. Again: changes it';

CREATE FUNCTION @extschema@.unschedule(kpi text DEFAULT NULL, name text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		job_name pg_catalog.text := coalesce(name, pg_catalog.concat_ws(' ', 'kpi_track', pg_catalog.current_database(), kpi));
		job bigint;
		number_of_jobs bigint;
	BEGIN
		DELETE FROM @extschema@.schedule AS s WHERE s.name OPERATOR(pg_catalog.=) job_name AND s.by_role OPERATOR(pg_catalog.=) CURRENT_USER RETURNING s.job INTO job;
		IF NOT FOUND THEN
			PERFORM @extschema@.no_such('schedule of yours', job_name, (SELECT coalesce(pg_catalog.array_agg(s.name ORDER BY s.name), '{}') FROM @extschema@.schedule AS s WHERE s.by_role OPERATOR(pg_catalog.=) CURRENT_USER));
		END IF;
		IF job IS NULL OR NOT @extschema@.has_pg_cron() THEN
			RETURN pg_catalog.format('"%s" is forgotten here; take it out of the crontab, too', job_name);
		END IF;
		-- somebody may have removed it by pg_cron's own functions
		EXECUTE 'SELECT pg_catalog.count(cron.unschedule(j.jobid)) FROM cron.job AS j WHERE j.jobid OPERATOR(pg_catalog.=) $1 AND j.jobname OPERATOR(pg_catalog.=) $2' INTO number_of_jobs USING job, job_name;
		RETURN pg_catalog.format('%s of pg_cron removed', CASE WHEN number_of_jobs OPERATOR(pg_catalog.=) 0 THEN 'no job' ELSE pg_catalog.format('job %s, "%s",', job, job_name) END);
	END
	$$;
COMMENT ON FUNCTION @extschema@.unschedule(text, text) IS
'takes back kpi.schedule()';
