/* ---- tracking: triggers that note which days of a source changed, and who is told ---- */

CREATE FUNCTION @extschema@.source_object_name(prefix text, source text, suffix text DEFAULT '') RETURNS name
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- what a name has no room for is told apart by a hash
	SELECT (CASE WHEN pg_catalog.octet_length(prefix OPERATOR(pg_catalog.||) source OPERATOR(pg_catalog.||) suffix) OPERATOR(pg_catalog.<=) 63 THEN prefix OPERATOR(pg_catalog.||) source OPERATOR(pg_catalog.||) suffix
		ELSE prefix OPERATOR(pg_catalog.||) pg_catalog.left(source, 6) OPERATOR(pg_catalog.||) '_' OPERATOR(pg_catalog.||) pg_catalog.left(pg_catalog.md5(source), 8) OPERATOR(pg_catalog.||) suffix END)::pg_catalog.name
	$$;
COMMENT ON FUNCTION @extschema@.source_object_name(text, text, text) IS 'the name of a table, function or trigger that belongs to a source';

CREATE FUNCTION @extschema@.invalidate_kpis(source @extschema@.source, days datemultirange) RETURNS void
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- a row of today may change the days of the lookback, and one of back then those before it: whether somebody who entered a funnel then
	-- went on; and those of the lookahead behind it: whether it is a visitor's first. A day of the source lies in two days of another zone;
	-- KPIs begin with 1970
	INSERT INTO @extschema@.invalidation AS i (kpi, from_day, to_day)
		SELECT k.name, greatest(greatest(pg_catalog.lower(d.days), '1970-01-01') OPERATOR(pg_catalog.-) k.lookback OPERATOR(pg_catalog.-) z.more, '1970-01-01'), coalesce((pg_catalog.upper(d.days) OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog.+) (k.lookahead OPERATOR(pg_catalog.+) z.more), 'infinity')
		FROM pg_catalog.unnest(days) AS d(days), @extschema@.kpi AS k, LATERAL (SELECT CASE WHEN k.zone OPERATOR(pg_catalog.=) source.zone THEN 0 ELSE 1 END AS more) AS z
		WHERE k.source OPERATOR(pg_catalog.=) source.name AND k.kind OPERATOR(pg_catalog.<>) ALL (ARRAY['manual', 'derived']) AND (pg_catalog.upper(d.days) OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog.+) z.more OPERATOR(pg_catalog.>=) '1970-01-01'
	$$;
COMMENT ON FUNCTION @extschema@.invalidate_kpis(@extschema@.source, datemultirange) IS 'days of a source have changed: the next refresh reads them again into the KPIs that are made of it';

CREATE FUNCTION @extschema@.invalidate_store(source text, days datemultirange) RETURNS void
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- what is ahead is read anyway
	INSERT INTO @extschema@.store_invalidation AS i (source, from_day, to_day)
		SELECT s.name, pg_catalog.lower(d.days), CASE WHEN pg_catalog.upper(d.days) OPERATOR(pg_catalog.<) 'infinity' THEN pg_catalog.upper(d.days) OPERATOR(pg_catalog.-) 1 ELSE greatest(CURRENT_DATE, pg_catalog.lower(d.days)) END
		FROM pg_catalog.unnest(days) AS d(days), @extschema@.source AS s
		WHERE s.name OPERATOR(pg_catalog.=) invalidate_store.source AND s.store_name IS NOT NULL AND pg_catalog.lower(d.days) OPERATOR(pg_catalog.<) 'infinity'
	$$;
COMMENT ON FUNCTION @extschema@.invalidate_store(text, datemultirange) IS 'days of a source have changed: the next refresh reads them again into its timeline store, if there is one';

CREATE FUNCTION @extschema@.invalidate_source(source text, from_day date, to_day date) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		days pg_catalog.datemultirange;
	BEGIN
		IF from_day OPERATOR(pg_catalog.>) to_day OR from_day IS NULL OR to_day IS NULL OR to_day OPERATOR(pg_catalog.=) 'infinity' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('from %s to %s are no days of source "%s" that could have changed', coalesce(from_day::pg_catalog.text, 'null'), coalesce(to_day::pg_catalog.text, 'null'), source),
				HINT = 'Give the first and the last day; -infinity for the first one if there may be any before.';
		END IF;
		days := pg_catalog.datemultirange(pg_catalog.daterange(from_day, to_day, '[]'));
		PERFORM @extschema@.invalidate_kpis(@extschema@.source_to_change(source), days), @extschema@.invalidate_store(source, days);
	END
	$$;
COMMENT ON FUNCTION @extschema@.invalidate_source(text, date, date) IS
'the days of a source from one to another one have changed: the next refresh reads them again, into its KPIs and its timeline store';

CREATE FUNCTION @extschema@.collect_changes(source text DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		one @extschema@.source;
		days pg_catalog.datemultirange;
		n bigint;
		noted bigint := 0;
	BEGIN
		IF source IS NOT NULL THEN
			PERFORM @extschema@.source_to_change(source);
		END IF;
		FOR one IN SELECT * FROM @extschema@.source AS s WHERE (collect_changes.source IS NULL OR s.name OPERATOR(pg_catalog.=) collect_changes.source) AND @extschema@.may_act_as(s.owner)
				AND EXISTS (SELECT FROM @extschema@.source_change AS c WHERE c.source OPERATOR(pg_catalog.=) s.name) ORDER BY s.name LOOP
			-- what was noted meanwhile stays for the next time
			WITH taken AS (
				DELETE FROM @extschema@.source_change AS c WHERE c.source OPERATOR(pg_catalog.=) one.name RETURNING c.from_day, c.to_day)
			-- a row may be of the year 4714 BC, from which nothing can be subtracted
			SELECT pg_catalog.count(*), pg_catalog.range_agg(pg_catalog.daterange(CASE WHEN t.from_day OPERATOR(pg_catalog.<) '0001-01-01' THEN '-infinity' ELSE least(t.from_day, '9999-12-31') END, greatest(least(t.to_day, '9999-12-31'), '0001-01-01'), '[]')) INTO n, days FROM taken AS t;
			IF n OPERATOR(pg_catalog.>) 0 THEN
				PERFORM @extschema@.invalidate_kpis(one, days), @extschema@.invalidate_store(one.name, days);
				noted := noted OPERATOR(pg_catalog.+) n;
			END IF;
		END LOOP;
		RETURN noted;
	END
	$$;
COMMENT ON FUNCTION @extschema@.collect_changes(text) IS
'what triggers noted of a source, or of all of yours, becomes days that the next refresh reads again; returns how many notes there were. kpi.refresh() begins with it';

/* The tables that a statement may name to change rows of another one: the table itself, its partitions, what inherits from it. */
CREATE FUNCTION @extschema@.tables_of(relation regclass) RETURNS TABLE (member regclass, kind "char")
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH RECURSIVE below AS (
		SELECT relation::pg_catalog.oid AS member
		UNION
		SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN below AS b ON i.inhparent OPERATOR(pg_catalog.=) b.member)
	SELECT c.oid::pg_catalog.regclass, c.relkind FROM below AS b JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) b.member ORDER BY c.oid OPERATOR(pg_catalog.<>) relation, c.oid
	$$;
COMMENT ON FUNCTION @extschema@.tables_of(regclass) IS 'a table, its partitions of all levels, and the tables that inherit from it';

/*
 * The function belongs to the owner of the source and runs as that role, because who writes into the table has no rights on the
 * catalog. So it does nothing but note days of its own source, calls nothing that is not PostgreSQL's, and nobody else may make
 * triggers of it. Whatever is wrong with the catalog, who writes into the table must not suffer: that is a warning.
 */
CREATE FUNCTION @extschema@.tracking_function(source @extschema@.source, at_type regtype) RETURNS text
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		-- times are compared as they are, so that what is of today costs next to nothing
		moment pg_catalog.text := CASE at_type WHEN 'pg_catalog.timestamptz'::pg_catalog.regtype THEN '(before::pg_catalog.timestamp AT TIME ZONE zone)' ELSE 'before' END;
		day pg_catalog.text := pg_catalog.format(CASE at_type WHEN 'pg_catalog.timestamptz'::pg_catalog.regtype THEN '(r.%I AT TIME ZONE zone)::pg_catalog.date' ELSE 'r.%I::pg_catalog.date' END, source.at_column);
		old_rows pg_catalog.text := pg_catalog.format('r.%1$I OPERATOR(pg_catalog.<) moment AND r.%1$I OPERATOR(pg_catalog.>) ''-infinity''', source.at_column);
		note pg_catalog.text := E'\t\t\tINSERT INTO @extschema@.source_change (source, from_day, to_day)\n'
			'\t\t\t\tSELECT name, pg_catalog.lower(d.days), pg_catalog.upper(d.days) OPERATOR(pg_catalog.-) 1\n'
			'\t\t\t\tFROM (SELECT pg_catalog.range_agg(pg_catalog.daterange(q.day, q.day, ''[]'')) AS days\n'
			'\t\t\t\t\tFROM (SELECT DISTINCT %2$s AS day FROM %1$s AS r WHERE %3$s) AS q) AS m, LATERAL pg_catalog.unnest(m.days) AS d(days);\n';
		body pg_catalog.text := E'#variable_conflict use_variable\n'
			'DECLARE\n'
			'\tname text := %1$L;\n'
			'\tzone text;\n'
			'\tbefore pg_catalog.date;\n'
			'\tsilent pg_catalog.int4;\n'
			'\tmoment %2$s;\n'
			'BEGIN\n'
			-- the days before are noted. Today and yesterday are read again anyway, and what they reach back to: lookbacks are a day more than that.
			-- Only today, if a KPI does not look back that far
			'\tSELECT s.zone, (pg_catalog.now() AT TIME ZONE s.zone)::pg_catalog.date, CASE WHEN EXISTS (SELECT FROM @extschema@.kpi AS k WHERE k.source OPERATOR(pg_catalog.=) name AND (k.lookback OPERATOR(pg_catalog.-) k.reach) OPERATOR(pg_catalog.<) 2) THEN 0 ELSE 1 END\n'
			'\t\tINTO zone, before, silent FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) name;\n'
			'\tIF NOT FOUND THEN\n'
			'\t\tRETURN NULL;\n'
			'\tEND IF;\n'
			-- of another type by now: its casts and operators may be code of who owns the type, and would run as the owner of the source
			'\tIF (SELECT CASE WHEN a.atttypid OPERATOR(pg_catalog.=) %7$L::pg_catalog.regtype THEN false\n'
			'\t\t\tELSE (WITH RECURSIVE below AS (SELECT a.atttypid AS type UNION ALL SELECT t.typbasetype FROM below AS b JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) b.type WHERE t.typtype OPERATOR(pg_catalog.=) ''d'')\n'
			'\t\t\t\tSELECT NOT EXISTS (SELECT FROM below AS b WHERE b.type OPERATOR(pg_catalog.=) %7$L::pg_catalog.regtype)) END\n'
			'\t\tFROM pg_catalog.pg_attribute AS a WHERE a.attrelid OPERATOR(pg_catalog.=) TG_RELID AND a.attname OPERATOR(pg_catalog.=) %8$L) THEN\n'
			'\t\tRAISE datatype_mismatch USING MESSAGE = pg_catalog.format(''column "%%s" of %%s is of another type now'', %8$L, TG_RELID::pg_catalog.regclass);\n'
			'\tEND IF;\n'
			'\tIF TG_OP OPERATOR(pg_catalog.=) ''TRUNCATE'' THEN\n'
			'\t\tINSERT INTO @extschema@.source_change (source, from_day, to_day) VALUES (name, ''-infinity'', before);\n'
			'\t\tRETURN NULL;\n'
			'\tEND IF;\n'
			'\tbefore := before OPERATOR(pg_catalog.-) silent;\n'
			'\tmoment := %3$s;\n'
			'\tIF TG_OP OPERATOR(pg_catalog.<>) ''INSERT'' THEN\n'
			'\t\tIF EXISTS (SELECT FROM old_rows AS r WHERE %4$s) THEN\n'
			'%5$s'
			'\t\tEND IF;\n'
			'\tEND IF;\n'
			'\tIF TG_OP OPERATOR(pg_catalog.<>) ''DELETE'' THEN\n'
			'\t\tIF EXISTS (SELECT FROM new_rows AS r WHERE %4$s) THEN\n'
			'%6$s'
			'\t\tEND IF;\n'
			'\tEND IF;\n'
			'\tRETURN NULL;\n'
			'EXCEPTION\n'
			'\tWHEN insufficient_privilege OR undefined_table OR undefined_column OR invalid_schema_name OR datatype_mismatch THEN\n'
			'\t\tRAISE WARNING USING\n'
			'\t\t\tMESSAGE = pg_catalog.format(''which days of source "%%s" changed could not be noted: %%s'', name, SQLERRM),\n'
			'\t\t\tHINT = pg_catalog.format(''KPIs of these days are not read again. Call kpi.track_changes(%%L) again, or with enabled => false.'', name);\n'
			'\t\tRETURN NULL;\n'
			'END\n';
	BEGIN
		RETURN pg_catalog.format(body, source.name, at_type, moment, old_rows, pg_catalog.format(note, 'old_rows', day, old_rows), pg_catalog.format(note, 'new_rows', day, old_rows),
			'pg_catalog.' OPERATOR(pg_catalog.||) (SELECT pg_catalog.quote_ident(t.typname) FROM pg_catalog.pg_type AS t WHERE t.oid OPERATOR(pg_catalog.=) at_type), source.at_column);
	END
	$$;
COMMENT ON FUNCTION @extschema@.tracking_function(@extschema@.source, regtype) IS 'the text of the function of the triggers that kpi.track_changes() makes';

CREATE FUNCTION @extschema@.track_changes(source text, enabled boolean DEFAULT true) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		named @extschema@.source := @extschema@.source_to_change(source);
		function_name pg_catalog.name := @extschema@.source_object_name('track_', source);
		qualified pg_catalog.text := pg_catalog.format('%I.%I()', named.relation_schema, function_name);
		relation pg_catalog.regclass := (SELECT c.oid FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE n.nspname OPERATOR(pg_catalog.=) named.relation_schema AND c.relname OPERATOR(pg_catalog.=) named.relation_name);
		at_type pg_catalog.regtype;
		owned pg_catalog.name;
		kind pg_catalog."char";
		member record;
		event pg_catalog.text;
		trigger_name pg_catalog.name;
		stray pg_catalog.text;
	BEGIN
		-- one after the other, or two would make the same function
		PERFORM @extschema@.take_lock('tracking', source);
		-- also of a relation that it was made of before, or an owner that it had; what is ours depends on the extension
		FOR stray IN SELECT p.oid::pg_catalog.regprocedure::pg_catalog.text FROM pg_catalog.pg_proc AS p
				WHERE p.proname OPERATOR(pg_catalog.=) function_name AND p.pronargs OPERATOR(pg_catalog.=) 0 AND p.prorettype OPERATOR(pg_catalog.=) 'pg_catalog.trigger'::pg_catalog.regtype AND @extschema@.may_act_as(pg_catalog.pg_get_userbyid(p.proowner))
					AND EXISTS (SELECT FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_extension AS e ON d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid OPERATOR(pg_catalog.=) e.oid
						WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) p.oid AND d.deptype OPERATOR(pg_catalog.=) 'x' AND e.extname OPERATOR(pg_catalog.=) 'kpi_track')
					AND (NOT enabled OR relation IS NULL OR pg_catalog.pg_get_userbyid(p.proowner) OPERATOR(pg_catalog.<>) named.owner OR p.pronamespace OPERATOR(pg_catalog.<>) (SELECT c.relnamespace FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) relation)) LOOP
			EXECUTE pg_catalog.format('DROP FUNCTION %s CASCADE', stray);
		END LOOP;
		IF NOT enabled THEN
			UPDATE @extschema@.source AS s SET tracked = false WHERE s.name OPERATOR(pg_catalog.=) named.name;
			RETURN;
		END IF;
		IF relation IS NULL THEN
			RAISE undefined_table USING
				MESSAGE = pg_catalog.format('%I.%I, which source "%s" is made of, does not exist', named.relation_schema, named.relation_name, source),
				HINT = 'Make it again, or register the source again with kpi.add_source().';
		END IF;
		SELECT pg_catalog.pg_get_userbyid(c.relowner), c.relkind INTO owned, kind FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) relation;
		IF owned OPERATOR(pg_catalog.<>) named.relation_owner THEN
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('%s, which source "%s" is made of, belongs to %s, and was registered when it belonged to %s', relation, source, owned, named.relation_owner),
				HINT = 'See whether it is still what it should be, and register the source again with kpi.add_source().';
		END IF;
		FOR member IN SELECT t.* FROM @extschema@.tables_of(relation) AS t WHERE t.kind OPERATOR(pg_catalog.<>) ALL (ARRAY['r', 'p']::pg_catalog."char"[]) LOOP
			RAISE wrong_object_type USING
				MESSAGE = CASE WHEN member.member OPERATOR(pg_catalog.=) relation THEN pg_catalog.format('source "%s" is the %s %s, whose changes cannot be noted', source, CASE member.kind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END, relation)
					ELSE pg_catalog.format('%s, a part of source "%s", is a foreign table, whose changes cannot be noted', member.member, source) END,
				HINT = pg_catalog.format('Let whatever changes old days say so: SELECT kpi.invalidate_source(%L, from_day, to_day).', source);
		END LOOP;
		-- of a domain what it is made of
		WITH RECURSIVE types AS (
			SELECT a.atttypid AS type FROM pg_catalog.pg_attribute AS a WHERE a.attrelid OPERATOR(pg_catalog.=) relation AND a.attname OPERATOR(pg_catalog.=) named.at_column AND NOT a.attisdropped
			UNION ALL
			SELECT t.typbasetype FROM types AS d JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) d.type WHERE t.typtype OPERATOR(pg_catalog.=) 'd')
		SELECT t.type INTO at_type FROM types AS t JOIN pg_catalog.pg_type AS p ON p.oid OPERATOR(pg_catalog.=) t.type WHERE p.typtype OPERATOR(pg_catalog.<>) 'd';
		IF at_type OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.timestamptz', 'pg_catalog.timestamp', 'pg_catalog.date']::pg_catalog.regtype[]) IS NOT TRUE THEN
			RAISE datatype_mismatch USING
				MESSAGE = CASE WHEN at_type IS NULL THEN pg_catalog.format('%s has no column %I', relation, named.at_column) ELSE pg_catalog.format('column %I of %s is of type %s', named.at_column, relation, at_type) END,
				HINT = 'It has to be timestamptz, timestamp or date. Register the source again with kpi.add_source().';
		END IF;
		IF NOT pg_catalog.has_table_privilege(named.owner, '@extschema@.source_change', 'INSERT') THEN
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('%s, who owns source "%s", may not write into the catalog', named.owner, source),
				HINT = pg_catalog.format('SELECT kpi.grant_access(%L, ''author'').', named.owner);
		END IF;
		IF NOT pg_catalog.has_schema_privilege(named.relation_schema, 'CREATE') THEN
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('%s may not make the function of the triggers in schema %I', CURRENT_USER, named.relation_schema),
				HINT = pg_catalog.format('Its owner may allow it: GRANT CREATE ON SCHEMA %I TO %I.', named.relation_schema, CURRENT_USER);
		END IF;
		FOR member IN SELECT t.* FROM @extschema@.tables_of(relation) AS t WHERE NOT pg_catalog.has_table_privilege(t.member, 'TRIGGER') LOOP
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('%s may not make triggers on %s', CURRENT_USER, member.member),
				HINT = pg_catalog.format('Its owner may allow it: GRANT TRIGGER ON %s TO %I.', member.member, CURRENT_USER);
		END LOOP;
		SELECT pg_catalog.pg_get_userbyid(p.proowner) INTO owned FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
			WHERE n.nspname OPERATOR(pg_catalog.=) named.relation_schema AND p.proname OPERATOR(pg_catalog.=) function_name AND p.pronargs OPERATOR(pg_catalog.=) 0;
		IF owned OPERATOR(pg_catalog.<>) named.owner THEN
			RAISE duplicate_function USING
				MESSAGE = pg_catalog.format('there is a function %s, and it belongs to %s', qualified, owned),
				HINT = 'The triggers of this source need that name: rename or drop the other one.';
		END IF;
		EXECUTE pg_catalog.format('CREATE OR REPLACE FUNCTION %s RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS %L', qualified, @extschema@.tracking_function(named, at_type));
		EXECUTE pg_catalog.format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', qualified);
		EXECUTE pg_catalog.format('COMMENT ON FUNCTION %s IS %L', qualified, pg_catalog.format('notes for kpi_track which days of source "%s" change; made by kpi.track_changes()', source));
		-- without the extension it would be in the way of who writes
		EXECUTE pg_catalog.format('ALTER FUNCTION %s DEPENDS ON EXTENSION kpi_track', qualified);
		FOR member IN SELECT t.* FROM @extschema@.tables_of(relation) AS t LOOP
			FOREACH event IN ARRAY ARRAY['insert', 'update', 'delete', 'truncate'] LOOP
				trigger_name := @extschema@.source_object_name('track_', source, '_' OPERATOR(pg_catalog.||) event);
				CONTINUE WHEN EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid OPERATOR(pg_catalog.=) member.member AND t.tgname OPERATOR(pg_catalog.=) trigger_name AND t.tgfoid OPERATOR(pg_catalog.=) qualified::pg_catalog.regprocedure);
				EXECUTE pg_catalog.format('CREATE TRIGGER %I AFTER %s ON %s%s EXECUTE FUNCTION %s', trigger_name, event, member.member,
					CASE event WHEN 'insert' THEN ' REFERENCING NEW TABLE AS new_rows' WHEN 'update' THEN ' REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows' WHEN 'delete' THEN ' REFERENCING OLD TABLE AS old_rows' ELSE '' END, qualified);
			END LOOP;
		END LOOP;
		IF named.owner OPERATOR(pg_catalog.<>) CURRENT_USER THEN
			EXECUTE pg_catalog.format('ALTER FUNCTION %s OWNER TO %I', qualified, named.owner);
		END IF;
		UPDATE @extschema@.source AS s SET tracked = true WHERE s.name OPERATOR(pg_catalog.=) named.name;
	END
	$$;
COMMENT ON FUNCTION @extschema@.track_changes(text, boolean) IS
'puts triggers on the table of a source that note which old days change, so that the next refresh reads them again; again: also on partitions that are new; enabled => false takes them away';
