/* ---- timeline stores: a table with a timeline for each actor of a source, kept up to date by kpi.refresh() ---- */

CREATE FUNCTION @extschema@.store_check(source @extschema@.source) RETURNS text
	LANGUAGE C STABLE STRICT AS 'MODULE_PATHNAME', 'store_check';
COMMENT ON FUNCTION @extschema@.store_check(@extschema@.source) IS
'the type of the actors of a source, as SQL writes it; an error if no timeline store can be made of it, or its table belongs to another role by now';

CREATE FUNCTION @extschema@.store_write(source @extschema@.source, days datemultirange) RETURNS bigint
	LANGUAGE C STRICT AS 'MODULE_PATHNAME', 'store_write';
COMMENT ON FUNCTION @extschema@.store_write(@extschema@.source, datemultirange) IS
'reads some days of a source into its timeline store, as the owner of the source in a security-restricted operation; returns how many timelines changed';

CREATE FUNCTION @extschema@.store_due(source @extschema@.source, today date) RETURNS datemultirange
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- also when a clock was ahead: nobody knows when that was
	SELECT CASE WHEN (source.store_refreshed_to OPERATOR(pg_catalog.<=) today) IS NOT TRUE THEN '{(,)}'::pg_catalog.datemultirange ELSE (
		SELECT pg_catalog.range_agg(d.days) FROM (
			-- from here on all there is, as far as it may lie ahead
			SELECT pg_catalog.daterange(source.store_refreshed_to OPERATOR(pg_catalog.-) (SELECT greatest(pg_catalog.max(k.lookback), 3) FROM @extschema@.kpi AS k WHERE k.source OPERATOR(pg_catalog.=) source.name), NULL) AS days
			UNION ALL
			SELECT pg_catalog.daterange(i.from_day, i.to_day, '[]') FROM @extschema@.store_invalidation AS i WHERE i.source OPERATOR(pg_catalog.=) source.name) AS d) END
	$$;
COMMENT ON FUNCTION @extschema@.store_due(@extschema@.source, date) IS
'the days that a timeline store has to read again: from when it was refreshed less the lookback of the KPIs on (at least 3 days), and those that were invalidated';

CREATE FUNCTION @extschema@.store_refresh(source text, as_of timestamptz DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		named @extschema@.source := @extschema@.source_to_change(source);
		-- a clock that was ahead must not hide days that are still to come
		today pg_catalog.date := (least(coalesce(as_of, pg_catalog.now()), pg_catalog.now()) AT TIME ZONE named.zone)::pg_catalog.date;
		days pg_catalog.datemultirange;
		told pg_catalog.datemultirange;
		changed bigint;
	BEGIN
		IF named.store_name IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('source "%s" has no timeline store', source),
				HINT = pg_catalog.format('kpi.store_timelines(%L) makes one.', source);
		END IF;
		-- until the end of the transaction
		IF NOT @extschema@.try_lock('store', source) THEN
			RAISE lock_not_available USING MESSAGE = 'another session is refreshing this timeline store';
		END IF;
		-- the row as it is now that nobody else refreshes; and what is told from here on is for the next time
		named := @extschema@.source_named(source);
		days := @extschema@.store_due(named, today);
		WITH taken AS (
			DELETE FROM @extschema@.store_invalidation AS i WHERE i.source OPERATOR(pg_catalog.=) named.name AND pg_catalog.daterange(i.from_day, i.to_day, '[]') OPERATOR(pg_catalog.<@) days RETURNING i.from_day, i.to_day)
		SELECT pg_catalog.range_agg(pg_catalog.daterange(t.from_day, t.to_day, '[]')) INTO told FROM taken AS t;
		changed := @extschema@.store_write(named, days);
		-- a KPI may have read these days since it was told, and the store was not up to date then: also if it is by now without any
		-- change, as another refresh that had not been told read these days among others
		IF told IS NOT NULL THEN
			PERFORM @extschema@.invalidate_kpis(named, told);
		END IF;
		UPDATE @extschema@.source AS s SET store_refreshed_to = today, store_refreshed_at = coalesce(as_of, pg_catalog.clock_timestamp()) WHERE s.name OPERATOR(pg_catalog.=) named.name;
		RETURN changed;
	END
	$$;
COMMENT ON FUNCTION @extschema@.store_refresh(text, timestamptz) IS
'reads what is due of a source into its timeline store, all or nothing; returns how many timelines changed';

CREATE FUNCTION @extschema@.store_timelines(source text, in_schema name DEFAULT pg_catalog.current_schema(), enabled boolean DEFAULT true, as_of timestamptz DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		named @extschema@.source := @extschema@.source_to_change(source);
		table_name pg_catalog.name := @extschema@.source_object_name('', source, '_timelines');
		store pg_catalog.regclass := (SELECT c.oid FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE n.nspname OPERATOR(pg_catalog.=) named.store_schema AND c.relname OPERATOR(pg_catalog.=) named.store_name);
		owned pg_catalog.name := (SELECT pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) store);
		actor_type pg_catalog.text;
		qualified pg_catalog.text;
	BEGIN
		IF NOT enabled THEN
			IF store IS NOT NULL THEN
				IF owned OPERATOR(pg_catalog.<>) named.owner THEN
					RAISE insufficient_privilege USING
						MESSAGE = pg_catalog.format('%s, the timeline store of source "%s", belongs to %s, and should belong to %s', store, source, owned, named.owner),
						HINT = 'See what it is; drop or rename it yourself, and try again.';
				END IF;
				EXECUTE pg_catalog.format('DROP TABLE %s', store);
			END IF;
			DELETE FROM @extschema@.store_invalidation AS i WHERE i.source OPERATOR(pg_catalog.=) named.name;
			DELETE FROM @extschema@.store_log AS l WHERE l.source OPERATOR(pg_catalog.=) named.name;
			UPDATE @extschema@.source AS s SET store_schema = NULL, store_name = NULL, store_refreshed_to = NULL, store_refreshed_at = NULL WHERE s.name OPERATOR(pg_catalog.=) named.name;
			RETURN NULL;
		END IF;
		IF named.store_name IS NOT NULL AND store IS NOT NULL THEN
			-- everything anew
			UPDATE @extschema@.source AS s SET store_refreshed_to = NULL WHERE s.name OPERATOR(pg_catalog.=) named.name;
			RETURN @extschema@.store_refresh(source, as_of);
		END IF;
		IF in_schema IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('there is no schema to put the timeline store of source "%s" into', source),
				HINT = 'Give in_schema => ...: your search_path has none that exists.';
		END IF;
		IF in_schema OPERATOR(pg_catalog.~) '^pg_temp' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('schema %I for the timeline store of source "%s" is temporary', in_schema, source),
				HINT = 'It has to be there when others refresh it.';
		END IF;
		IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace AS n WHERE n.nspname OPERATOR(pg_catalog.=) in_schema) THEN
			RAISE invalid_schema_name USING
				MESSAGE = pg_catalog.format('schema "%s" for the timeline store of source "%s" does not exist', in_schema, source),
				HINT = 'Make it, or give another one: in_schema => ....';
		END IF;
		IF EXISTS (SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE n.nspname OPERATOR(pg_catalog.=) in_schema AND c.relname OPERATOR(pg_catalog.=) table_name) THEN
			RAISE duplicate_table USING
				MESSAGE = pg_catalog.format('there is a %I.%I, which is not the timeline store of source "%s"', in_schema, table_name, source),
				HINT = 'Rename or drop it, or give another schema: in_schema => ....';
		END IF;
		actor_type := @extschema@.store_check(named);
		qualified := pg_catalog.format('%I.%I', in_schema, table_name);
		EXECUTE pg_catalog.format('CREATE TABLE %s (actor %s PRIMARY KEY, timeline @extschema@.timeline NOT NULL, first_at timestamptz NOT NULL, last_at timestamptz NOT NULL)', qualified, actor_type);
		EXECUTE pg_catalog.format('CREATE INDEX %I ON %s (last_at)', @extschema@.source_object_name('', source, '_timelines_last_at'), qualified);
		EXECUTE pg_catalog.format('COMMENT ON TABLE %s IS %L', qualified, pg_catalog.format('timelines of the actors of source "%s", kept up to date by kpi.refresh(); made by kpi.store_timelines()', source));
		IF named.owner OPERATOR(pg_catalog.<>) CURRENT_USER THEN
			EXECUTE pg_catalog.format('ALTER TABLE %s OWNER TO %I', qualified, named.owner);
		END IF;
		UPDATE @extschema@.source AS s SET store_schema = in_schema, store_name = table_name, store_refreshed_to = NULL, store_refreshed_at = NULL WHERE s.name OPERATOR(pg_catalog.=) named.name;
		RETURN @extschema@.store_refresh(source, as_of);
	END
	$$;
COMMENT ON FUNCTION @extschema@.store_timelines(text, name, boolean, timestamptz) IS
'makes a table of yours with a timeline for each actor of a source, which kpi.refresh() keeps up to date, and fills it; again: builds it anew; enabled => false drops it. Returns how many timelines were written';

/* Steps of kpi.refresh(). */

CREATE FUNCTION @extschema@.stores_due(kpi text DEFAULT NULL) RETURNS SETOF text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- of a derived KPI those of what it is calculated from
	WITH RECURSIVE wanted AS (
		SELECT stores_due.kpi AS name
		UNION
		SELECT i.input FROM @extschema@.kpi_input AS i JOIN wanted AS w ON i.kpi OPERATOR(pg_catalog.=) w.name)
	SELECT s.name FROM @extschema@.source AS s
	WHERE s.store_name IS NOT NULL AND @extschema@.may_act_as(s.owner)
		AND (stores_due.kpi IS NULL OR EXISTS (SELECT FROM @extschema@.kpi AS k JOIN wanted AS w ON w.name OPERATOR(pg_catalog.=) k.name WHERE k.source OPERATOR(pg_catalog.=) s.name))
	ORDER BY s.name
	$$;
COMMENT ON FUNCTION @extschema@.stores_due(text) IS 'sources whose timeline stores kpi.refresh() refreshes before the KPIs: all of yours, or those that a KPI is made of';

CREATE FUNCTION @extschema@.store_begin(source text, from_day date DEFAULT NULL, to_day date DEFAULT NULL) RETURNS timestamptz
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		started pg_catalog.timestamptz;
	BEGIN
		-- it may have been removed since it was planned, and stays until this is committed
		PERFORM FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) store_begin.source FOR KEY SHARE;
		IF NOT FOUND THEN
			RETURN NULL;
		END IF;
		-- who asks for some days of the KPIs means what these are made of, too
		IF from_day IS NOT NULL THEN
			PERFORM @extschema@.invalidate_store(source, pg_catalog.datemultirange(pg_catalog.daterange(from_day, CASE WHEN to_day IS NOT NULL THEN greatest(to_day, from_day) END, '[]')));
		END IF;
		DELETE FROM @extschema@.store_log AS l WHERE l.source OPERATOR(pg_catalog.=) store_begin.source AND (l.started_at OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '30 days') OR l.started_at OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp());
		INSERT INTO @extschema@.store_log AS l (source) VALUES (source) RETURNING l.started_at INTO started;
		RETURN started;
	END
	$$;
COMMENT ON FUNCTION @extschema@.store_begin(text, date, date) IS
'notes in kpi.store_log that a timeline store is about to be refreshed, and which days of it somebody asked for; null if there is no such source any more';

CREATE FUNCTION @extschema@.store_step(source text, started timestamptz, as_of timestamptz DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		changed bigint;
		failure pg_catalog.text;
		explanation pg_catalog.text;
	BEGIN
		BEGIN
			changed := @extschema@.store_refresh(source, as_of);
		EXCEPTION
			WHEN query_canceled OR admin_shutdown OR crash_shutdown THEN
				RAISE;
			WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS failure = MESSAGE_TEXT, explanation = PG_EXCEPTION_HINT;
				failure := failure OPERATOR(pg_catalog.||) coalesce(' (' OPERATOR(pg_catalog.||) nullif(explanation, '') OPERATOR(pg_catalog.||) ')', '');
		END;
		UPDATE @extschema@.store_log AS l SET finished_at = pg_catalog.clock_timestamp(), timelines = changed, error = failure
			WHERE l.source OPERATOR(pg_catalog.=) store_step.source AND l.started_at OPERATOR(pg_catalog.=) started;
		RETURN failure;
	END
	$$;
COMMENT ON FUNCTION @extschema@.store_step(text, timestamptz, timestamptz) IS
'refreshes a timeline store, all or nothing; notes in kpi.store_log how it went, and returns why it failed, null if it did not';

/* No search_path of its own, like kpi.refresh(). */
CREATE PROCEDURE @extschema@.refresh_stores(kpi text, from_day date, to_day date, as_of timestamptz, verbose boolean, INOUT failed jsonb)
	LANGUAGE plpgsql
	AS $$
	DECLARE
		source_name pg_catalog.text;
		started pg_catalog.timestamptz;
		failure pg_catalog.text;
	BEGIN
		COMMIT;
		SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
		failed := '{}';
		FOR source_name IN SELECT * FROM @extschema@.stores_due(kpi) LOOP
			started := @extschema@.store_begin(source_name, from_day, to_day);
			COMMIT;
			SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
			CONTINUE WHEN started IS NULL;
			failure := @extschema@.store_step(source_name, started, as_of);
			COMMIT;
			SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
			-- removed meanwhile
			CONTINUE WHEN NOT EXISTS (SELECT FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) source_name);
			IF failure IS NOT NULL THEN
				failed := failed OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(source_name, failure);
				RAISE WARNING 'the timeline store of source "%" was not refreshed: %', source_name, failure;
			ELSIF refresh_stores.verbose THEN
				RAISE NOTICE 'timeline store of source "%": read', source_name;
			END IF;
		END LOOP;
	END
	$$;
COMMENT ON PROCEDURE @extschema@.refresh_stores(text, date, date, timestamptz, boolean, jsonb) IS
'the part of kpi.refresh() that comes before the KPIs: refreshes the timeline stores; returns those that failed, and why';

CREATE FUNCTION @extschema@.refresh_refused(kpi text, started timestamptz, failed_stores jsonb) RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		failure pg_catalog.text := (SELECT pg_catalog.format('the timeline store of source "%s" was not refreshed: %s', k.source, f.value) FROM @extschema@.kpi AS k JOIN pg_catalog.jsonb_each_text(failed_stores) AS f ON f.key OPERATOR(pg_catalog.=) k.source WHERE k.name OPERATOR(pg_catalog.=) refresh_refused.kpi);
	BEGIN
		IF failure IS NOT NULL THEN
			UPDATE @extschema@.run_log AS l SET finished_at = pg_catalog.clock_timestamp(), error = failure WHERE l.kpi OPERATOR(pg_catalog.=) refresh_refused.kpi AND l.started_at OPERATOR(pg_catalog.=) started;
		END IF;
		RETURN failure;
	END
	$$;
COMMENT ON FUNCTION @extschema@.refresh_refused(text, timestamptz, jsonb) IS
'why a KPI cannot be refreshed now, which is noted in kpi.run_log: the timeline store of its source is not up to date. Null: it can';
