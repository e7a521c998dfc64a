/*
 * ---- published analyses: questions that are asked again at each refresh ----
 *
 * A definition is a view or a function of somebody's own that shows summaries: kpi.funnel, kpi.retention, and so on. Its rows
 * are kept here as they are, for kpi.dashboard(), and as tidy rows of plain types in the schema kpi_bi (99_analyses_bi.sql).
 * Both are made anew by a refresh, so neither is dumped. No text of a query is stored or run.
 */

-- fixed name: what BI tools are told once stays true
CREATE TABLE @extschema@.analysis (
	name text NOT NULL PRIMARY KEY CHECK (name OPERATOR(pg_catalog.<>) '' AND pg_catalog.length(name) OPERATOR(pg_catalog.<=) 255),
	title text NOT NULL,
	description text,
	kind text NOT NULL CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['funnel', 'retention', 'ltv', 'attribution', 'roi', 'activity', 'sessions'])),
	definition_kind text NOT NULL CHECK (definition_kind OPERATOR(pg_catalog.=) ANY (ARRAY['view', 'function'])),
	definition_schema name NOT NULL,
	definition_name name NOT NULL,
	definition_owner name NOT NULL,
	owner name NOT NULL DEFAULT CURRENT_USER,
	created_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE @extschema@.analysis IS 'published analyses: where their summaries come from, and what they are called';
COMMENT ON COLUMN @extschema@.analysis.name IS 'short name, used in calls';
COMMENT ON COLUMN @extschema@.analysis.title IS 'what people read';
COMMENT ON COLUMN @extschema@.analysis.description IS 'what it tells, in words';
COMMENT ON COLUMN @extschema@.analysis.kind IS 'type of its summaries: funnel, retention, ltv, attribution, roi, activity or sessions';
COMMENT ON COLUMN @extschema@.analysis.definition_kind IS 'whether it is a view (or table) or a function';
COMMENT ON COLUMN @extschema@.analysis.definition_schema IS 'schema of the view, table or function';
COMMENT ON COLUMN @extschema@.analysis.definition_name IS 'view, table or function with a column of one of these types, perhaps segment';
COMMENT ON COLUMN @extschema@.analysis.definition_owner IS 'who owned it when it was published; if another one does, it is not run any more';
COMMENT ON COLUMN @extschema@.analysis.owner IS 'role that is responsible and may change it';
COMMENT ON COLUMN @extschema@.analysis.created_at IS 'when it was published first';

CREATE TABLE @extschema@.analysis_reader (
	analysis text NOT NULL REFERENCES @extschema@.analysis ON UPDATE CASCADE ON DELETE CASCADE,
	role name NOT NULL,
	PRIMARY KEY (analysis, role)
);
COMMENT ON TABLE @extschema@.analysis_reader IS 'who may see an analysis besides its owner: a role, or public for everybody';
COMMENT ON COLUMN @extschema@.analysis_reader.analysis IS 'the analysis';
COMMENT ON COLUMN @extschema@.analysis_reader.role IS 'the role; public: everybody';

CREATE TABLE @extschema@.analysis_result (
	analysis text NOT NULL REFERENCES @extschema@.analysis ON UPDATE CASCADE ON DELETE CASCADE,
	segment text NOT NULL DEFAULT '',
	place bigint NOT NULL,
	funnel @extschema@.funnel,
	retention @extschema@.retention,
	ltv @extschema@.ltv,
	attribution @extschema@.attribution,
	roi @extschema@.roi,
	activity @extschema@.activity,
	sessions @extschema@.sessions,
	PRIMARY KEY (analysis, segment)
);
COMMENT ON TABLE @extschema@.analysis_result IS 'what the last refresh of each analysis that did not fail has read; not dumped';
COMMENT ON COLUMN @extschema@.analysis_result.analysis IS 'the analysis';
COMMENT ON COLUMN @extschema@.analysis_result.segment IS 'segment or channel; empty: the whole';
COMMENT ON COLUMN @extschema@.analysis_result.place IS 'which row of the definition it was, from 1 on';
COMMENT ON COLUMN @extschema@.analysis_result.funnel IS 'the summary, if it is a funnel';
COMMENT ON COLUMN @extschema@.analysis_result.retention IS 'the summary, if it is a retention';
COMMENT ON COLUMN @extschema@.analysis_result.ltv IS 'the summary, if it is of the value of customers';
COMMENT ON COLUMN @extschema@.analysis_result.attribution IS 'the summary, if it is an attribution';
COMMENT ON COLUMN @extschema@.analysis_result.roi IS 'the summary, if it is of costs and revenue';
COMMENT ON COLUMN @extschema@.analysis_result.activity IS 'the summary, if it is of activity';
COMMENT ON COLUMN @extschema@.analysis_result.sessions IS 'the summary, if it is of sessions';

CREATE TABLE @extschema@.analysis_log (
	analysis text NOT NULL REFERENCES @extschema@.analysis ON UPDATE CASCADE ON DELETE CASCADE,
	started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	finished_at timestamptz,
	segments bigint,
	error text,
	by_role name NOT NULL DEFAULT CURRENT_USER,
	PRIMARY KEY (analysis, started_at)
);
COMMENT ON TABLE @extschema@.analysis_log IS 'what kpi.refresh_analyses() did, of the last 30 days';
COMMENT ON COLUMN @extschema@.analysis_log.analysis IS 'the analysis';
COMMENT ON COLUMN @extschema@.analysis_log.started_at IS 'when it began';
COMMENT ON COLUMN @extschema@.analysis_log.finished_at IS 'when it ended, well or not';
COMMENT ON COLUMN @extschema@.analysis_log.segments IS 'how many summaries there were; null if it failed';
COMMENT ON COLUMN @extschema@.analysis_log.error IS 'why it failed';
COMMENT ON COLUMN @extschema@.analysis_log.by_role IS 'who ran it';

SELECT pg_catalog.pg_extension_config_dump('@extschema@.analysis', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.analysis_reader', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.analysis_log', '');

/* Rights, by the rules of KPIs. */

CREATE FUNCTION @extschema@.changeable_analyses() RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT a.name FROM @extschema@.analysis AS a WHERE a.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))
	$$;
COMMENT ON FUNCTION @extschema@.changeable_analyses() IS 'the published analyses that the caller may change';

CREATE FUNCTION @extschema@.readable_analyses() RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT @extschema@.changeable_analyses()
	UNION
	SELECT r.analysis FROM @extschema@.analysis_reader AS r
	WHERE r.role OPERATOR(pg_catalog.=) 'public' OR r.role OPERATOR(pg_catalog.=) ANY (SELECT o.rolname FROM pg_catalog.pg_roles AS o WHERE pg_catalog.pg_has_role(o.oid, 'USAGE'))
	$$;
COMMENT ON FUNCTION @extschema@.readable_analyses() IS 'the published analyses that the caller may see';

ALTER TABLE @extschema@.analysis ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.analysis_reader ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.analysis_result ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.analysis_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON @extschema@.analysis FOR SELECT USING (true);
COMMENT ON POLICY read ON @extschema@.analysis IS 'what is asked is no secret';
CREATE POLICY change ON @extschema@.analysis USING (@extschema@.may_act_as(owner)) WITH CHECK (@extschema@.may_act_as(owner) AND @extschema@.may_act_as(definition_owner));
COMMENT ON POLICY change ON @extschema@.analysis IS 'only by who can act as the owner, and as the owner of the definition that it then has';
CREATE POLICY read ON @extschema@.analysis_reader FOR SELECT USING (true);
COMMENT ON POLICY read ON @extschema@.analysis_reader IS 'with whom an analysis is shared is no secret';
CREATE POLICY change ON @extschema@.analysis_reader USING (analysis OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable_analyses()));
COMMENT ON POLICY change ON @extschema@.analysis_reader IS 'only by who can act as the owner of the analysis';
CREATE POLICY read ON @extschema@.analysis_result FOR SELECT USING (analysis OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.readable_analyses()));
COMMENT ON POLICY read ON @extschema@.analysis_result IS 'the owner, and with whom it is shared';
CREATE POLICY change ON @extschema@.analysis_result USING (analysis OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable_analyses()));
COMMENT ON POLICY change ON @extschema@.analysis_result IS 'only by who can act as the owner of the analysis';
CREATE POLICY read ON @extschema@.analysis_log FOR SELECT USING (analysis OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.readable_analyses()));
COMMENT ON POLICY read ON @extschema@.analysis_log IS 'the owner, and with whom it is shared';
CREATE POLICY change ON @extschema@.analysis_log USING (analysis OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable_analyses()));
COMMENT ON POLICY change ON @extschema@.analysis_log IS 'only by who can act as the owner of the analysis';

CREATE FUNCTION @extschema@.analysis_named(name text) RETURNS @extschema@.analysis
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		found_analysis @extschema@.analysis;
	BEGIN
		SELECT * INTO found_analysis FROM @extschema@.analysis AS a WHERE a.name OPERATOR(pg_catalog.=) analysis_named.name;
		IF NOT FOUND THEN
			PERFORM @extschema@.no_such('published analysis', name, (SELECT coalesce(pg_catalog.array_agg(a.name ORDER BY a.name), '{}') FROM @extschema@.analysis AS a));
		END IF;
		RETURN found_analysis;
	END
	$$;
COMMENT ON FUNCTION @extschema@.analysis_named(text) IS 'the row of a published analysis; an error with the nearest name if there is none';

CREATE FUNCTION @extschema@.analysis_to_change(name text) RETURNS @extschema@.analysis
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		found_analysis @extschema@.analysis := @extschema@.analysis_named(name);
	BEGIN
		PERFORM @extschema@.require_owner('published analysis', name, found_analysis.owner);
		RETURN found_analysis;
	END
	$$;
COMMENT ON FUNCTION @extschema@.analysis_to_change(text) IS
'the row of a published analysis that the caller may change; an error if it is not there, or belongs to another role';

/* Publishing. */

CREATE FUNCTION @extschema@.analysis_check(kind text, definition_schema name, definition_name name, definition_owner name) RETURNS text
	LANGUAGE C STABLE STRICT AS 'MODULE_PATHNAME', 'analysis_check';
COMMENT ON FUNCTION @extschema@.analysis_check(text, name, name, name) IS
'which analysis a definition shows, by the type of its column; an error if it is none, or belongs to another role by now';

CREATE FUNCTION @extschema@.analysis_read(kind text, definition_schema name, definition_name name, definition_owner name,
		OUT segment text, OUT funnel @extschema@.funnel, OUT retention @extschema@.retention, OUT ltv @extschema@.ltv, OUT attribution @extschema@.attribution, OUT roi @extschema@.roi, OUT activity @extschema@.activity, OUT sessions @extschema@.sessions)
	RETURNS SETOF record
	LANGUAGE C STABLE STRICT ROWS 10 AS 'MODULE_PATHNAME', 'analysis_read';
COMMENT ON FUNCTION @extschema@.analysis_read(text, name, name, name) IS
'the summaries of a definition, each in the column of its type, read as its owner in a security-restricted operation';

CREATE FUNCTION @extschema@.publish(name text, definition regclass DEFAULT NULL, title text DEFAULT NULL, description text DEFAULT NULL, function regprocedure DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		by_what pg_catalog.text := CASE WHEN definition IS NOT NULL THEN 'view' ELSE 'function' END;
		in_schema pg_catalog.name;
		named pg_catalog.name;
		owned pg_catalog.name;
		shows pg_catalog.text;
	BEGIN
		IF name IS NULL OR name OPERATOR(pg_catalog.=) '' THEN
			RAISE invalid_parameter_value USING MESSAGE = 'a published analysis needs a name';
		END IF;
		IF pg_catalog.length(name) OPERATOR(pg_catalog.>) 255 THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the name of a published analysis has %s characters', pg_catalog.length(name)),
				HINT = 'BI tools read it as a varchar(255). Put what is longer into the description.';
		END IF;
		IF (definition IS NULL) OPERATOR(pg_catalog.=) (function IS NULL) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('published analysis "%s" has %s', name, CASE WHEN definition IS NULL THEN 'no definition' ELSE 'two definitions' END),
				HINT = 'Give either a view or a function.';
		END IF;
		-- a refresh that is under way would leave what another definition has shown
		PERFORM @extschema@.take_lock('analysis', name);
		IF EXISTS (SELECT FROM @extschema@.analysis AS a WHERE a.name OPERATOR(pg_catalog.=) publish.name) THEN
			PERFORM @extschema@.analysis_to_change(name);
		END IF;
		IF by_what OPERATOR(pg_catalog.=) 'view' THEN
			SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner) INTO in_schema, named, owned
				FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.oid OPERATOR(pg_catalog.=) definition;
		ELSE
			SELECT n.nspname, p.proname, pg_catalog.pg_get_userbyid(p.proowner) INTO in_schema, named, owned
				FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace WHERE p.oid OPERATOR(pg_catalog.=) function;
		END IF;
		IF in_schema OPERATOR(pg_catalog.~) '^pg_temp' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the definition of published analysis "%s" is temporary', name),
				HINT = 'It has to be there when others refresh it.';
		END IF;
		shows := @extschema@.analysis_check(by_what, in_schema, named, owned);
		INSERT INTO @extschema@.analysis AS a (name, title, description, kind, definition_kind, definition_schema, definition_name, definition_owner)
			VALUES (name, coalesce(title, name), description, shows, by_what, in_schema, named, owned)
			ON CONFLICT ON CONSTRAINT analysis_pkey DO UPDATE
			SET title = coalesce(publish.title, a.title), description = coalesce(publish.description, a.description), kind = excluded.kind,
				definition_kind = excluded.definition_kind, definition_schema = excluded.definition_schema, definition_name = excluded.definition_name, definition_owner = excluded.definition_owner;
		-- what another definition has shown is not this one's
		DELETE FROM @extschema@.analysis_result AS r WHERE r.analysis OPERATOR(pg_catalog.=) name;
		DELETE FROM kpi_bi.dim_analysis AS d WHERE d.analysis OPERATOR(pg_catalog.=) name;
		PERFORM @extschema@.sync_analysis(name);
	END
	$$;
COMMENT ON FUNCTION @extschema@.publish(text, regclass, text, text, regprocedure) IS
'publishes an analysis, or changes what is published: its definition is a view or a function of your own that shows summaries; kpi.refresh() reads it';

CREATE FUNCTION @extschema@.unpublish(name text) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		PERFORM @extschema@.take_lock('analysis', name);
		PERFORM @extschema@.analysis_to_change(name);
		DELETE FROM @extschema@.analysis AS a WHERE a.name OPERATOR(pg_catalog.=) unpublish.name;
		DELETE FROM kpi_bi.dim_analysis AS d WHERE d.analysis OPERATOR(pg_catalog.=) unpublish.name;
	END
	$$;
COMMENT ON FUNCTION @extschema@.unpublish(text) IS 'removes a published analysis and its rows; its view or function stays';

CREATE FUNCTION @extschema@.share_analysis(name text, role name, shared boolean DEFAULT true) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	BEGIN
		PERFORM @extschema@.take_lock('analysis', name);
		PERFORM @extschema@.analysis_to_change(name);
		IF shared AND role OPERATOR(pg_catalog.<>) 'public' AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) role) THEN
			RAISE undefined_object USING MESSAGE = pg_catalog.format('role "%s" does not exist', role);
		END IF;
		IF shared THEN
			INSERT INTO @extschema@.analysis_reader VALUES (name, role) ON CONFLICT DO NOTHING;
		ELSE
			DELETE FROM @extschema@.analysis_reader AS r WHERE r.analysis OPERATOR(pg_catalog.=) name AND r.role OPERATOR(pg_catalog.=) share_analysis.role;
		END IF;
		PERFORM @extschema@.sync_analysis(name);
	END
	$$;
COMMENT ON FUNCTION @extschema@.share_analysis(text, name, boolean) IS
'lets a role (or public) see a published analysis, without any right on what it is made of; shared => false: not any more';

/* Refreshing. */

CREATE FUNCTION @extschema@.analysis_begin(analysis text) RETURNS timestamptz
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
	AS $$
	DELETE FROM @extschema@.analysis_log AS l WHERE l.analysis OPERATOR(pg_catalog.=) analysis_begin.analysis AND (l.started_at OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '30 days') OR l.started_at OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp());
	INSERT INTO @extschema@.analysis_log AS l (analysis) SELECT a.name FROM @extschema@.analysis AS a WHERE a.name OPERATOR(pg_catalog.=) analysis_begin.analysis FOR KEY SHARE RETURNING l.started_at
	$$;
COMMENT ON FUNCTION @extschema@.analysis_begin(text) IS
'notes in kpi.analysis_log that an analysis is about to be read; forgets what was logged more than 30 days ago, or by a clock that was ahead. Null: the analysis is gone';

CREATE FUNCTION @extschema@.refresh_analysis(analysis text, started timestamptz) RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		named @extschema@.analysis;
		shows pg_catalog.text;
		fresh @extschema@.analysis_result[];
		twice pg_catalog.text;
		failure pg_catalog.text;
		explanation pg_catalog.text;
		touched bigint;
		removed bigint;
		key integer;
	BEGIN
		BEGIN
			-- until the end of the transaction; nobody else refreshes, publishes or shares it meanwhile
			IF NOT @extschema@.try_lock('analysis', analysis) THEN
				RAISE lock_not_available USING MESSAGE = 'another session is refreshing or publishing it';
			END IF;
			named := @extschema@.analysis_named(analysis);
			shows := @extschema@.analysis_check(named.definition_kind, named.definition_schema, named.definition_name, named.definition_owner);
			IF shows OPERATOR(pg_catalog.<>) named.kind THEN
				RAISE datatype_mismatch USING
					MESSAGE = pg_catalog.format('its definition shows a kpi.%s, and was published with a kpi.%s', shows, named.kind),
					HINT = 'Publish it again with kpi.publish().';
			END IF;
			SELECT coalesce(pg_catalog.array_agg(ROW(named.name, coalesce(r.segment, ''), r.place, r.funnel, r.retention, r.ltv, r.attribution, r.roi, r.activity, r.sessions)::@extschema@.analysis_result), '{}') INTO fresh
				FROM @extschema@.analysis_read(named.definition_kind, named.definition_schema, named.definition_name, named.definition_owner)
					WITH ORDINALITY AS r(segment, funnel, retention, ltv, attribution, roi, activity, sessions, place)
				-- an aggregate over no rows is null
				WHERE pg_catalog.num_nonnulls(r.funnel, r.retention, r.ltv, r.attribution, r.roi, r.activity, r.sessions) OPERATOR(pg_catalog.>) 0;
			SELECT f.segment INTO twice FROM pg_catalog.unnest(fresh) AS f GROUP BY f.segment HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1 ORDER BY f.segment LIMIT 1;
			IF FOUND THEN
				RAISE cardinality_violation USING MESSAGE = CASE WHEN twice OPERATOR(pg_catalog.=) '' THEN 'its definition has several rows without a segment' ELSE pg_catalog.format('its definition has several rows of segment "%s"', twice) END;
			END IF;
			-- what is the same stays as it is
			DELETE FROM @extschema@.analysis_result AS t WHERE t.analysis OPERATOR(pg_catalog.=) named.name AND NOT EXISTS (SELECT FROM pg_catalog.unnest(fresh) AS f WHERE f OPERATOR(pg_catalog.*=) t);
			GET DIAGNOSTICS removed = ROW_COUNT;
			INSERT INTO @extschema@.analysis_result SELECT f.* FROM pg_catalog.unnest(fresh) AS f
				WHERE NOT EXISTS (SELECT FROM @extschema@.analysis_result AS t WHERE t.analysis OPERATOR(pg_catalog.=) named.name AND t OPERATOR(pg_catalog.*=) f);
			GET DIAGNOSTICS touched = ROW_COUNT;
			key := @extschema@.sync_analysis(analysis);
			IF (removed OPERATOR(pg_catalog.+) touched) OPERATOR(pg_catalog.>) 0 THEN
				PERFORM @extschema@.write_tidy(named.name, named.kind, key);
			END IF;
			UPDATE kpi_bi.dim_analysis AS d SET refreshed_at = pg_catalog.clock_timestamp() AT TIME ZONE 'UTC' WHERE d.analysis_key OPERATOR(pg_catalog.=) key;
		EXCEPTION
			WHEN query_canceled OR admin_shutdown OR crash_shutdown THEN
				RAISE;
			WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS failure = MESSAGE_TEXT, explanation = PG_EXCEPTION_HINT;
				failure := failure OPERATOR(pg_catalog.||) coalesce(' (' OPERATOR(pg_catalog.||) nullif(explanation, '') OPERATOR(pg_catalog.||) ')', '');
		END;
		UPDATE @extschema@.analysis_log AS l
			SET finished_at = pg_catalog.clock_timestamp(), segments = CASE WHEN failure IS NULL THEN pg_catalog.cardinality(fresh) END, error = failure
			WHERE l.analysis OPERATOR(pg_catalog.=) refresh_analysis.analysis AND l.started_at OPERATOR(pg_catalog.=) started;
		RETURN failure;
	END
	$$;
COMMENT ON FUNCTION @extschema@.refresh_analysis(text, timestamptz) IS
'reads an analysis into kpi.analysis_result and the tables of kpi_bi, all or nothing; notes in kpi.analysis_log how it went, and returns why it failed, null if it did not';

/* No search_path of its own: a procedure that has one may not commit. It does nothing that one could get in the way of. */
CREATE PROCEDURE @extschema@.refresh_analyses(analysis text DEFAULT NULL, verbose boolean DEFAULT false)
	LANGUAGE plpgsql
	AS $$
	DECLARE
		step pg_catalog.record;
		started pg_catalog.timestamptz;
		failure pg_catalog.text;
	BEGIN
		COMMIT;
		SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
		PERFORM @extschema@.must_be_primary();
		IF analysis IS NOT NULL THEN
			PERFORM @extschema@.analysis_to_change(analysis);
		END IF;
		-- what was not unpublished, but deleted
		IF pg_catalog.has_table_privilege('kpi_bi.dim_analysis', 'DELETE') THEN
			DELETE FROM kpi_bi.dim_analysis AS d WHERE NOT EXISTS (SELECT FROM @extschema@.analysis AS a WHERE a.name OPERATOR(pg_catalog.=) d.analysis);
		END IF;
		FOR step IN SELECT a.name FROM @extschema@.analysis AS a WHERE (refresh_analyses.analysis IS NULL OR a.name OPERATOR(pg_catalog.=) refresh_analyses.analysis) AND @extschema@.may_act_as(a.owner) ORDER BY a.name LOOP
			started := @extschema@.analysis_begin(step.name);
			COMMIT;
			SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
			-- taken back by somebody meanwhile
			CONTINUE WHEN started IS NULL;
			failure := @extschema@.refresh_analysis(step.name, started);
			COMMIT;
			SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
			-- unpublished meanwhile
			CONTINUE WHEN NOT EXISTS (SELECT FROM @extschema@.analysis AS a WHERE a.name OPERATOR(pg_catalog.=) step.name);
			IF failure IS NOT NULL THEN
				RAISE WARNING 'analysis "%" was not refreshed: %', step.name, failure;
			ELSIF refresh_analyses.verbose THEN
				RAISE NOTICE 'analysis "%": read', step.name;
			END IF;
		END LOOP;
	END
	$$;
COMMENT ON PROCEDURE @extschema@.refresh_analyses(text, boolean) IS
'reads all published analyses of yours, or one; commits after each; kpi.refresh() of all KPIs does it at its end';
