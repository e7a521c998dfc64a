/* ---- sources: tables and views that KPIs are made of, and what their columns mean ---- */

CREATE FUNCTION @extschema@.source_columns(source @extschema@.source, OUT role text, OUT name name, OUT type regtype, OUT is_enum boolean) RETURNS SETOF record
	LANGUAGE plpgsql STABLE STRICT ROWS 7
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		relation pg_catalog.oid;
		kind pg_catalog."char";
		owned pg_catalog.oid;
		columns pg_catalog.text[];
		base pg_catalog.pg_type;
	BEGIN
		SELECT c.oid, c.relkind, c.relowner INTO relation, kind, owned FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
			WHERE n.nspname OPERATOR(pg_catalog.=) source.relation_schema AND c.relname OPERATOR(pg_catalog.=) source.relation_name;
		IF NOT FOUND THEN
			RAISE undefined_table USING
				MESSAGE = pg_catalog.format('%I.%I, which source "%s" is made of, does not exist', source.relation_schema, source.relation_name, source.name),
				HINT = 'Make it again, or tell kpi.add_source() another one.';
		END IF;
		IF kind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'p', 'v', 'm', 'f']::pg_catalog."char"[]) IS NOT TRUE THEN
			RAISE wrong_object_type USING
				MESSAGE = pg_catalog.format('%I.%I has no rows that source "%s" could be made of', source.relation_schema, source.relation_name, source.name),
				HINT = 'A source is a table, a partitioned or foreign table, a view or a materialized view.';
		END IF;
		IF pg_catalog.pg_get_userbyid(owned) OPERATOR(pg_catalog.<>) source.relation_owner THEN
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('%I.%I belongs to %s, and source "%s" was registered when it belonged to %s', source.relation_schema, source.relation_name, pg_catalog.pg_get_userbyid(owned), source.name, source.relation_owner),
				HINT = 'See whether it is still what it should be, and register it again with kpi.add_source().';
		END IF;
		-- what is in a view runs with the rights of who reads it
		IF kind OPERATOR(pg_catalog.=) 'v' AND (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER) AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.oid OPERATOR(pg_catalog.=) owned) THEN
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('the view %I.%I belongs to %s, and a superuser would run what is in it', source.relation_schema, source.relation_name, source.relation_owner),
				HINT = pg_catalog.format('SET ROLE %I first, or let an author without superuser rights do it.', source.relation_owner);
		END IF;
		SELECT pg_catalog.array_agg(a.attname::pg_catalog.text ORDER BY a.attnum) INTO columns FROM pg_catalog.pg_attribute AS a WHERE a.attrelid OPERATOR(pg_catalog.=) relation AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped;
		FOR role, name IN SELECT r.role, r.name FROM (VALUES (1, 'at', source.at_column), (2, 'actor', source.actor_column), (3, 'event', source.event_column), (4, 'value', source.value_column), (5, 'segment', source.segment_column),
				(6, 'loaded_at', source.loaded_at_column), (7, 'id', source.id_column)) AS r(place, role, name) WHERE r.name IS NOT NULL ORDER BY r.place LOOP
			IF name::pg_catalog.text OPERATOR(pg_catalog.=) ANY (columns) IS NOT TRUE THEN
				DECLARE
					near pg_catalog.text := @extschema@.nearest_name(name::pg_catalog.text, columns);
				BEGIN
					RAISE undefined_column USING
						MESSAGE = pg_catalog.format('%I.%I has no column "%s"', source.relation_schema, source.relation_name, name),
						HINT = CASE WHEN near IS NOT NULL THEN pg_catalog.format('Perhaps you meant %s => ''%s''.', role, near) ELSE pg_catalog.format('Its columns are: %s.', pg_catalog.array_to_string(columns[1:20], ', ')) END;
				END;
			END IF;
			-- of a domain what is below it
			WITH RECURSIVE below AS (
				SELECT t AS type, 0 AS depth FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) a.atttypid WHERE a.attrelid OPERATOR(pg_catalog.=) relation AND a.attname OPERATOR(pg_catalog.=) source_columns.name
				UNION ALL
				SELECT t, b.depth OPERATOR(pg_catalog.+) 1 FROM below AS b JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) (b.type).typbasetype WHERE (b.type).typtype OPERATOR(pg_catalog.=) 'd')
			SELECT (b.type).* INTO base FROM below AS b ORDER BY b.depth DESC LIMIT 1;
			type := base.oid;
			is_enum := base.typtype OPERATOR(pg_catalog.=) 'e';
			IF NOT @extschema@.source_role_fits(role, type, is_enum) THEN
				RAISE datatype_mismatch USING
					MESSAGE = pg_catalog.format('column "%s" of %I.%I is of type %s', name, source.relation_schema, source.relation_name, type),
					HINT = pg_catalog.format('%s has to be %s.', role, CASE WHEN role OPERATOR(pg_catalog.=) ANY (ARRAY['at', 'loaded_at']) THEN 'date, timestamp or timestamptz'
						WHEN role OPERATOR(pg_catalog.=) 'actor' THEN 'bigint, integer, smallint, uuid or text' WHEN role OPERATOR(pg_catalog.=) 'event' THEN 'text or an enum' WHEN role OPERATOR(pg_catalog.=) 'value' THEN 'a number'
						ELSE 'text, an enum, boolean, an integer or uuid' END);
			END IF;
			-- labels are read as text, and the owner of an enum may have written how
			IF is_enum AND EXISTS (SELECT FROM pg_catalog.pg_cast AS c WHERE c.castsource OPERATOR(pg_catalog.=) type::pg_catalog.oid AND c.casttarget OPERATOR(pg_catalog.=) 'pg_catalog.text'::pg_catalog.regtype) THEN
				RAISE insufficient_privilege USING
					MESSAGE = pg_catalog.format('column "%s" of %I.%I is of the enum %s, whose cast to text is code of its owner', name, source.relation_schema, source.relation_name, type),
					HINT = pg_catalog.format('DROP CAST (%s AS text) leaves PostgreSQL''s own, which runs nothing.', type);
			END IF;
			IF NOT pg_catalog.has_column_privilege(relation, name::pg_catalog.text, 'SELECT') THEN
				RAISE insufficient_privilege USING
					MESSAGE = pg_catalog.format('%s may not read column "%s" of %I.%I', CURRENT_USER, name, source.relation_schema, source.relation_name),
					HINT = pg_catalog.format('Its owner, %s, may: GRANT SELECT ON %I.%I TO %I.', source.relation_owner, source.relation_schema, source.relation_name, CURRENT_USER);
			END IF;
			RETURN NEXT;
		END LOOP;
	END
	$$;
COMMENT ON FUNCTION @extschema@.source_columns(@extschema@.source) IS
'the columns of a source, as they are now: what each is, and its type, of a domain the one below it; an error if something is wrong with one, or the caller may not read it';

CREATE FUNCTION @extschema@.source_role_fits(role text, type regtype, is_enum boolean) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE
		WHEN role OPERATOR(pg_catalog.=) ANY (ARRAY['at', 'loaded_at']) THEN type OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.date', 'pg_catalog.timestamp', 'pg_catalog.timestamptz']::pg_catalog.regtype[])
		WHEN role OPERATOR(pg_catalog.=) 'actor' THEN type OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.int8', 'pg_catalog.int4', 'pg_catalog.int2', 'pg_catalog.uuid', 'pg_catalog.text', 'pg_catalog.varchar', 'pg_catalog.bpchar']::pg_catalog.regtype[])
		WHEN role OPERATOR(pg_catalog.=) 'event' THEN is_enum OR type OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.text', 'pg_catalog.varchar', 'pg_catalog.bpchar', 'pg_catalog.name']::pg_catalog.regtype[])
		WHEN role OPERATOR(pg_catalog.=) 'value' THEN type OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.int8', 'pg_catalog.int4', 'pg_catalog.int2', 'pg_catalog.numeric', 'pg_catalog.float4', 'pg_catalog.float8']::pg_catalog.regtype[])
		ELSE is_enum OR type OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.text', 'pg_catalog.varchar', 'pg_catalog.bpchar', 'pg_catalog.name', 'pg_catalog.bool', 'pg_catalog.int8', 'pg_catalog.int4', 'pg_catalog.int2', 'pg_catalog.uuid']::pg_catalog.regtype[]) END
	$$;
COMMENT ON FUNCTION @extschema@.source_role_fits(text, regtype, boolean) IS 'whether a column of a type can be the at, actor, event, value, segment, loaded_at or id of a source';

CREATE FUNCTION @extschema@.add_source(name text, relation regclass, at name, actor name DEFAULT NULL, event name DEFAULT NULL, value name DEFAULT NULL, segment name DEFAULT NULL,
		loaded_at name DEFAULT NULL, id name DEFAULT NULL, zone text DEFAULT 'UTC', stale_after interval DEFAULT '2 days', description text DEFAULT NULL, owner name DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		new @extschema@.source;
		old @extschema@.source;
		made pg_catalog.text;
		is_other boolean;
		persistence pg_catalog."char";
	BEGIN
		IF name IS NULL OR name OPERATOR(pg_catalog.=) '' THEN
			RAISE invalid_parameter_value USING MESSAGE = 'a source needs a name';
		END IF;
		PERFORM @extschema@.check_name_length('source', name);
		IF relation IS NULL OR at IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('source "%s" has no %s', name, CASE WHEN relation IS NULL THEN 'relation' ELSE 'column at' END),
				HINT = 'Say which table or view, and which of its columns tells when things happened: kpi.add_source(''shop'', ''events'', at => ''ts'', ...).';
		END IF;
		PERFORM @extschema@.check_zone(zone, pg_catalog.format('source "%s"', name));
		PERFORM @extschema@.check_stale_after(stale_after, pg_catalog.format('source "%s"', name));
		SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), c.relpersistence INTO new.relation_schema, new.relation_name, new.relation_owner, persistence
			FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.oid OPERATOR(pg_catalog.=) relation;
		IF persistence OPERATOR(pg_catalog.=) 't' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('%s, which source "%s" is to be made of, is temporary', relation, name),
				HINT = 'It has to be there when others refresh the KPIs that are made of it.';
		END IF;
		new.name := name;
		new.at_column := at;
		new.actor_column := actor;
		new.event_column := event;
		new.value_column := value;
		new.segment_column := segment;
		new.loaded_at_column := loaded_at;
		new.id_column := id;
		PERFORM FROM @extschema@.source_columns(new);
		IF EXISTS (SELECT FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) add_source.name) THEN
			old := @extschema@.source_to_change(name);
		END IF;
		is_other := (old.relation_schema, old.relation_name, old.actor_column, old.at_column, old.event_column, old.value_column, old.zone)
			IS DISTINCT FROM (new.relation_schema, new.relation_name, actor, at, event, value, zone);
		-- triggers and timelines are of what the source was
		IF old.tracked AND is_other THEN
			PERFORM @extschema@.track_changes(name, false);
		END IF;
		INSERT INTO @extschema@.source AS s (name, description, relation_schema, relation_name, relation_owner, actor_column, at_column, event_column, value_column, segment_column, loaded_at_column, id_column, zone, stale_after, owner)
			VALUES (name, description, new.relation_schema, new.relation_name, new.relation_owner, actor, at, event, value, segment, loaded_at, id, zone, stale_after, coalesce(owner, CURRENT_USER))
			ON CONFLICT ON CONSTRAINT source_pkey DO UPDATE
			SET description = excluded.description, relation_schema = excluded.relation_schema, relation_name = excluded.relation_name, relation_owner = excluded.relation_owner, actor_column = excluded.actor_column, at_column = excluded.at_column, event_column = excluded.event_column, value_column = excluded.value_column, segment_column = excluded.segment_column, loaded_at_column = excluded.loaded_at_column, id_column = excluded.id_column, zone = excluded.zone, stale_after = excluded.stale_after, owner = CASE WHEN add_source.owner IS NULL THEN s.owner ELSE excluded.owner END,
				store_refreshed_to = CASE WHEN NOT is_other THEN s.store_refreshed_to END;
		IF old.tracked AND is_other THEN
			PERFORM @extschema@.track_changes(name);
		END IF;
		-- their functions were written for what the source was
		SELECT pg_catalog.string_agg(k.name, ', ' ORDER BY k.name) INTO made FROM @extschema@.kpi AS k WHERE k.source OPERATOR(pg_catalog.=) add_source.name;
		IF made IS NOT NULL AND (is_other OR old.segment_column IS DISTINCT FROM segment) THEN
			RAISE NOTICE USING
				MESSAGE = pg_catalog.format('KPIs that are made of source "%s" read what it was before: %s', name, made),
				HINT = 'Define them again for what it is now.';
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.add_source(text, regclass, name, name, name, name, name, name, name, text, interval, text, name) IS
'registers a table or view as a source of KPIs, or changes it: which of its columns says when (at), who (actor), what (event), how much (value), and where (segment)';

CREATE FUNCTION @extschema@.remove_source(name text) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		found_source @extschema@.source;
		made pg_catalog.text;
	BEGIN
		IF name IS NULL THEN
			RAISE null_value_not_allowed USING MESSAGE = 'which source is to be removed?';
		END IF;
		found_source := @extschema@.source_named(name);
		SELECT pg_catalog.string_agg(pg_catalog.format('"%s"', k.name), ', ' ORDER BY k.name) INTO made FROM @extschema@.kpi AS k WHERE k.source OPERATOR(pg_catalog.=) remove_source.name;
		IF made IS NOT NULL THEN
			RAISE dependent_objects_still_exist USING
				MESSAGE = pg_catalog.format('KPIs are made of source "%s": %s', name, made),
				HINT = 'Remove them, or define them from another source first.';
		END IF;
		PERFORM @extschema@.source_to_change(name);
		IF found_source.tracked THEN
			PERFORM @extschema@.track_changes(name, false);
		END IF;
		IF found_source.store_name IS NOT NULL THEN
			PERFORM @extschema@.store_timelines(name, enabled => false);
		END IF;
		DELETE FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) remove_source.name;
	END
	$$;
COMMENT ON FUNCTION @extschema@.remove_source(text) IS 'removes a source, which no KPI may be made of; the table or view stays';

/* ---- up to when there are data ---- */

/* Rows of sources name a relation and its owner, and whoever may act as that may have it read. */
CREATE FUNCTION @extschema@.require_source_rights(source @extschema@.source) RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		relation pg_catalog.oid := (SELECT c.oid FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE n.nspname OPERATOR(pg_catalog.=) source.relation_schema AND c.relname OPERATOR(pg_catalog.=) source.relation_name
			-- else it will not be read at all
			AND pg_catalog.pg_get_userbyid(c.relowner) OPERATOR(pg_catalog.=) source.relation_owner AND pg_catalog.pg_has_role(c.relowner, 'USAGE'));
		denied pg_catalog.name;
	BEGIN
		-- whatever is not there fails by itself
		SELECT w.name INTO denied FROM pg_catalog.unnest(ARRAY[source.at_column, source.actor_column, source.event_column, source.value_column, source.segment_column, source.loaded_at_column, source.id_column]) AS w (name)
			JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) relation AND a.attname OPERATOR(pg_catalog.=) w.name AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
			WHERE EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) source.owner AND NOT pg_catalog.has_column_privilege(r.oid, relation, a.attnum, 'SELECT'))
				OR NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) source.owner)
			LIMIT 1;
		IF FOUND THEN
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('%s, who owns source "%s", may not read column "%s" of %I.%I', source.owner, source.name, denied, source.relation_schema, source.relation_name),
				HINT = pg_catalog.format('Its owner may allow it: GRANT SELECT ON %I.%I TO %I.', source.relation_schema, source.relation_name, source.owner);
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.require_source_rights(@extschema@.source) IS 'fails if the owner of a source may not read its columns: nobody reads for that role what it may not see itself';

CREATE FUNCTION @extschema@.source_newest(relation_schema name, relation_name name, relation_owner name, at_column name, zone text, as_of timestamptz) RETURNS TABLE (data_to date)
	LANGUAGE C STABLE STRICT ROWS 1 AS 'MODULE_PATHNAME', 'source_newest';
COMMENT ON FUNCTION @extschema@.source_newest(name, name, name, name, text, timestamptz) IS
'the day after that of the newest row of a relation as of a time, read as its owner in a security-restricted operation; null: it has none';

CREATE FUNCTION @extschema@.data_to(kpi @extschema@.kpi, as_of timestamptz) RETURNS date
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		source @extschema@.source;
		found pg_catalog.date;
	BEGIN
		IF kpi.grain OPERATOR(pg_catalog.=) 'day' THEN
			RETURN NULL;
		ELSIF kpi.kind OPERATOR(pg_catalog.=) 'derived' THEN
			RETURN (SELECT pg_catalog.min(CASE WHEN k.grain OPERATOR(pg_catalog.<>) 'day' THEN w.data_to
						ELSE (SELECT pg_catalog.max(m.period_start) OPERATOR(pg_catalog.+) 1 FROM @extschema@.measurement AS m WHERE m.kpi OPERATOR(pg_catalog.=) k.name AND m.segment OPERATOR(pg_catalog.=) '' AND m.value IS NOT NULL) END)
				FROM @extschema@.kpi_input AS i JOIN @extschema@.kpi AS k ON k.name OPERATOR(pg_catalog.=) i.input LEFT JOIN @extschema@.watermark AS w ON w.kpi OPERATOR(pg_catalog.=) i.input WHERE i.kpi OPERATOR(pg_catalog.=) kpi.name);
		ELSIF kpi.source IS NOT NULL THEN
			SELECT s.* INTO source FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) kpi.source;
			PERFORM @extschema@.require_source_rights(source);
			SELECT n.data_to INTO found FROM @extschema@.source_newest(source.relation_schema, source.relation_name, source.relation_owner, source.at_column, source.zone, as_of) AS n;
			RETURN CASE WHEN pg_catalog.isfinite(found) THEN found END;
		END IF;
		RETURN NULL;
	EXCEPTION
		-- the source is gone or may not be read, though what the KPI is made of could be
		WHEN undefined_table OR undefined_column OR datatype_mismatch OR insufficient_privilege THEN
			RETURN NULL;
	END
	$$;
COMMENT ON FUNCTION @extschema@.data_to(@extschema@.kpi, timestamptz) IS
'there are data for a KPI of days before this one only, by its source or by what it is calculated from; null: not known, or measured by days, which tell it themselves';
