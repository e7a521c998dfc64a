/*
 * ---- rights ----
 *
 * Nobody but a superuser sees the catalog before kpi.grant_access() has let a role in. Then rows tell the rest: who can act as
 * the owner of a KPI or objective may change it and what belongs to it; everybody who is let in may read the catalog, and
 * the values of a KPI that are shared with a role of theirs or their own.
 */

CREATE FUNCTION @extschema@.may_act_as(role name) RETURNS boolean
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) role AND pg_catalog.pg_has_role(r.oid, 'USAGE'))
	$$;
COMMENT ON FUNCTION @extschema@.may_act_as(name) IS 'whether the caller has the rights of a role; false if there is none of that name';

CREATE TABLE @extschema@.reader (
	kpi text NOT NULL REFERENCES @extschema@.kpi ON UPDATE CASCADE ON DELETE CASCADE,
	role name NOT NULL,
	PRIMARY KEY (kpi, role)
);
COMMENT ON TABLE @extschema@.reader IS 'who may see the values of a KPI besides its owner: a role, or public for everybody';
COMMENT ON COLUMN @extschema@.reader.kpi IS 'the KPI';
COMMENT ON COLUMN @extschema@.reader.role IS 'the role; public: everybody';
SELECT pg_catalog.pg_extension_config_dump('@extschema@.reader', '');

/*
 * For the policies: asked once for a query, not once for each of its rows. What calls a function for each row would take
 * minutes for a table of some thousand measurements.
 */
CREATE FUNCTION @extschema@.changeable() RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT k.name FROM @extschema@.kpi AS k WHERE k.owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE'))
	$$;
COMMENT ON FUNCTION @extschema@.changeable() IS 'the KPIs that the caller may change, and what belongs to them';

CREATE FUNCTION @extschema@.readable() RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT @extschema@.changeable()
	UNION
	SELECT r.kpi FROM @extschema@.reader AS r
	WHERE r.role OPERATOR(pg_catalog.=) 'public' OR r.role OPERATOR(pg_catalog.=) ANY (SELECT o.rolname FROM pg_catalog.pg_roles AS o WHERE pg_catalog.pg_has_role(o.oid, 'USAGE'))
	$$;
COMMENT ON FUNCTION @extschema@.readable() IS 'the KPIs whose values the caller may see';

CREATE FUNCTION @extschema@.role_may_read(role name, kpi text) RETURNS boolean
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT EXISTS (SELECT FROM @extschema@.kpi AS k JOIN pg_catalog.pg_roles AS o ON o.rolname OPERATOR(pg_catalog.=) k.owner
			WHERE k.name OPERATOR(pg_catalog.=) role_may_read.kpi AND pg_catalog.pg_has_role(role_may_read.role, o.oid, 'USAGE'))
		OR EXISTS (SELECT FROM @extschema@.reader AS r LEFT JOIN pg_catalog.pg_roles AS o ON o.rolname OPERATOR(pg_catalog.=) r.role
			WHERE r.kpi OPERATOR(pg_catalog.=) role_may_read.kpi AND (r.role OPERATOR(pg_catalog.=) 'public' OR pg_catalog.pg_has_role(role_may_read.role, o.oid, 'USAGE')))
	$$;
COMMENT ON FUNCTION @extschema@.role_may_read(name, text) IS 'whether a role may see the values of a KPI, whoever asks';

CREATE FUNCTION @extschema@.may_read(kpi text) RETURNS boolean
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT @extschema@.role_may_read(CURRENT_USER, kpi)
	$$;
COMMENT ON FUNCTION @extschema@.may_read(text) IS 'whether the caller may see the values of a KPI';

CREATE FUNCTION @extschema@.share(kpi text, role name) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		PERFORM @extschema@.kpi_to_change(kpi);
		IF role OPERATOR(pg_catalog.<>) 'public' AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) role) THEN
			RAISE undefined_object USING MESSAGE = pg_catalog.format('role "%s" does not exist', role);
		END IF;
		INSERT INTO @extschema@.reader VALUES (kpi, role) ON CONFLICT DO NOTHING;
		INSERT INTO kpi_bi.reader (kpi_key, kpi, role) SELECT d.kpi_key, d.kpi, share.role FROM kpi_bi.dim_kpi AS d WHERE d.kpi OPERATOR(pg_catalog.=) share.kpi ON CONFLICT DO NOTHING;
	END
	$$;
COMMENT ON FUNCTION @extschema@.share(text, name) IS 'lets a role (or public) see the values of a KPI, without any right on what they are made of';

CREATE FUNCTION @extschema@.unshare(kpi text, role name) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		PERFORM @extschema@.kpi_to_change(kpi);
		-- the row for BI tools goes along
		DELETE FROM @extschema@.reader AS r WHERE r.kpi OPERATOR(pg_catalog.=) unshare.kpi AND r.role OPERATOR(pg_catalog.=) unshare.role;
	END
	$$;
COMMENT ON FUNCTION @extschema@.unshare(text, name) IS 'takes back what kpi.share() gave a role (or public)';

CREATE FUNCTION @extschema@.grant_access(role regrole, level text DEFAULT 'reader') RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		place record;
		relation record;
		rights pg_catalog.text;
	BEGIN
		IF level OPERATOR(pg_catalog.<>) ALL (ARRAY['reader', 'author', 'bi', 'none']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('level "%s" is not known', level),
				HINT = 'There are reader (sees), author (also defines, and changes what is its own), bi (sees the tables for BI tools and nothing else) and none.';
		END IF;
		-- GRANT and REVOKE of who has nothing to grant are no more than warnings
		IF NOT pg_catalog.pg_has_role((SELECT n.nspowner FROM pg_catalog.pg_namespace AS n WHERE n.nspname OPERATOR(pg_catalog.=) '@extschema@'), 'USAGE') THEN
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('%s may not let others into the catalog', CURRENT_USER),
				HINT = 'The owner of the schema and superusers may. An author shares KPIs with who is in: kpi.share().';
		END IF;
		FOR place IN SELECT p.name, CASE WHEN p.name OPERATOR(pg_catalog.=) 'kpi_bi' THEN level OPERATOR(pg_catalog.<>) 'none' ELSE level OPERATOR(pg_catalog.=) ANY (ARRAY['reader', 'author']) END AS open FROM (VALUES ('@extschema@'), ('kpi_bi')) AS p (name) LOOP
			EXECUTE pg_catalog.format('%s USAGE ON SCHEMA %I %s %s', CASE WHEN place.open THEN 'GRANT' ELSE 'REVOKE' END, place.name, CASE WHEN place.open THEN 'TO' ELSE 'FROM' END, role);
			FOR relation IN SELECT pg_catalog.format('%I.%I', place.name, c.relname) AS name, c.relname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
					JOIN pg_catalog.pg_depend AS d ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) c.oid AND d.deptype OPERATOR(pg_catalog.=) 'e'
					WHERE n.nspname OPERATOR(pg_catalog.=) place.name AND c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'v']::pg_catalog."char"[]) ORDER BY c.relname LOOP
				EXECUTE pg_catalog.format('REVOKE ALL ON %s FROM %s', relation.name, role);
				-- days and segments are of all KPIs, so nobody changes them
				rights := CASE WHEN NOT place.open THEN NULL WHEN level OPERATOR(pg_catalog.<>) 'author' THEN 'SELECT'
					WHEN place.name OPERATOR(pg_catalog.=) 'kpi_bi' AND relation.relname OPERATOR(pg_catalog.=) ANY (ARRAY['dim_date', 'dim_segment']) THEN 'SELECT, INSERT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END;
				IF rights IS NOT NULL THEN
					EXECUTE pg_catalog.format('GRANT %s ON %s TO %s', rights, relation.name, role);
				END IF;
			END LOOP;
		END LOOP;
	END
	$$;
COMMENT ON FUNCTION @extschema@.grant_access(regrole, text) IS
'lets a role into the catalog: as reader, who sees it, as author, who also defines KPIs and changes those of its own, as bi, who sees the tables in kpi_bi and nothing else, or not any more (none)';

CREATE FUNCTION @extschema@.take_lock(kind text, name text DEFAULT '') RETURNS void
	LANGUAGE C VOLATILE AS 'MODULE_PATHNAME', 'lock_take';
COMMENT ON FUNCTION @extschema@.take_lock(text, text) IS 'waits until nobody else refreshes or changes this part of the catalog, and keeps others from it until the transaction ends; only for authors';

CREATE FUNCTION @extschema@.try_lock(kind text, name text DEFAULT '') RETURNS boolean
	LANGUAGE C VOLATILE AS 'MODULE_PATHNAME', 'lock_try';
COMMENT ON FUNCTION @extschema@.try_lock(text, text) IS 'kpi.take_lock() for those that do not wait: whether it is taken';

CREATE FUNCTION @extschema@.is_zone(zone text) RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		RETURN pg_catalog.timezone(zone, 'epoch'::pg_catalog.timestamptz) IS NOT NULL;
	EXCEPTION
		WHEN invalid_parameter_value THEN
			RETURN false;
	END
	$$;
COMMENT ON FUNCTION @extschema@.is_zone(text) IS 'whether times can be told by a time zone';

ALTER TABLE @extschema@.objective ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.objective_edge ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.kpi ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.kpi_objective ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.target ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.measurement ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.check_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.invalidation ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.watermark ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.run_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.reader ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.source ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.source_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.store_invalidation ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.store_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.kpi_input ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.action ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.schedule ENABLE ROW LEVEL SECURITY;

CREATE POLICY read ON @extschema@.objective FOR SELECT USING (true);
COMMENT ON POLICY read ON @extschema@.objective IS 'objectives are for everybody';
CREATE POLICY change ON @extschema@.objective USING (@extschema@.may_act_as(owner)) WITH CHECK (@extschema@.may_act_as(owner));
COMMENT ON POLICY change ON @extschema@.objective IS 'only by who can act as the owner';
CREATE POLICY read ON @extschema@.objective_edge FOR SELECT USING (true);
COMMENT ON POLICY read ON @extschema@.objective_edge IS 'objectives are for everybody';
CREATE POLICY change ON @extschema@.objective_edge USING (EXISTS (SELECT FROM @extschema@.objective AS o WHERE o.name OPERATOR(pg_catalog.=) child AND @extschema@.may_act_as(o.owner)));
COMMENT ON POLICY change ON @extschema@.objective_edge IS 'only by who can act as the owner of the serving objective';
CREATE POLICY read ON @extschema@.kpi FOR SELECT USING (true);
COMMENT ON POLICY read ON @extschema@.kpi IS 'what is measured, and how, is no secret';
-- the definition runs as its owner, also when a superuser refreshes: who writes its name here must be able to run it
-- of whoever writes a row directly: a zone that does not exist would stop everybody who reads all KPIs. No constraint: a restore on a server that
-- knows other zones must not fail
CREATE POLICY change ON @extschema@.kpi USING (@extschema@.may_act_as(owner)) WITH CHECK (@extschema@.is_zone(zone) AND @extschema@.may_act_as(owner) AND (definition_owner IS NULL OR @extschema@.may_act_as(definition_owner)));
COMMENT ON POLICY change ON @extschema@.kpi IS 'only by who can act as the owner, and as the owner of the definition that it then has';
CREATE POLICY read ON @extschema@.kpi_objective FOR SELECT USING (true);
COMMENT ON POLICY read ON @extschema@.kpi_objective IS 'what is measured, and how, is no secret';
CREATE POLICY change ON @extschema@.kpi_objective USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.kpi_objective IS 'only by who can act as the owner of the KPI';
CREATE POLICY read ON @extschema@.target FOR SELECT USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.readable()));
COMMENT ON POLICY read ON @extschema@.target IS 'who may see the values may see the targets';
CREATE POLICY change ON @extschema@.target USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.target IS 'only by who can act as the owner of the KPI';
CREATE POLICY read ON @extschema@.measurement FOR SELECT USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.readable()));
COMMENT ON POLICY read ON @extschema@.measurement IS 'the owner, and with whom it is shared';
CREATE POLICY change ON @extschema@.measurement USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.measurement IS 'only by who can act as the owner of the KPI';
CREATE POLICY read ON @extschema@.check_in FOR SELECT USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.readable()));
COMMENT ON POLICY read ON @extschema@.check_in IS 'the owner, and with whom the KPI is shared';
CREATE POLICY change ON @extschema@.check_in USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.check_in IS 'only by who can act as the owner of the KPI';
CREATE POLICY change ON @extschema@.invalidation USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.invalidation IS 'only by who can act as the owner of the KPI';
CREATE POLICY derive ON @extschema@.invalidation FOR INSERT WITH CHECK (EXISTS (SELECT FROM @extschema@.kpi_input AS i WHERE i.kpi OPERATOR(pg_catalog.=) invalidation.kpi AND i.input OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable())));
COMMENT ON POLICY derive ON @extschema@.invalidation IS 'who changes a KPI may have those read again that are calculated from it';
CREATE POLICY tell ON @extschema@.invalidation FOR INSERT WITH CHECK (EXISTS (SELECT FROM @extschema@.kpi AS k JOIN @extschema@.source AS s ON s.name OPERATOR(pg_catalog.=) k.source WHERE k.name OPERATOR(pg_catalog.=) invalidation.kpi AND @extschema@.may_act_as(s.owner)));
COMMENT ON POLICY tell ON @extschema@.invalidation IS 'who owns a source may have the KPIs read again that are made of it';
CREATE POLICY read ON @extschema@.watermark FOR SELECT USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.readable()));
COMMENT ON POLICY read ON @extschema@.watermark IS 'the owner, and with whom the KPI is shared';
CREATE POLICY change ON @extschema@.watermark USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.watermark IS 'only by who can act as the owner of the KPI';
CREATE POLICY read ON @extschema@.run_log FOR SELECT USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.readable()));
COMMENT ON POLICY read ON @extschema@.run_log IS 'the owner, and with whom the KPI is shared';
CREATE POLICY change ON @extschema@.run_log USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.run_log IS 'only by who can act as the owner of the KPI';
CREATE POLICY read ON @extschema@.reader FOR SELECT USING (true);
COMMENT ON POLICY read ON @extschema@.reader IS 'with whom a KPI is shared is no secret';
CREATE POLICY change ON @extschema@.reader USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.reader IS 'only by who can act as the owner of the KPI';
CREATE POLICY read ON @extschema@.source FOR SELECT USING (true);
COMMENT ON POLICY read ON @extschema@.source IS 'what is measured, and how, is no secret';
CREATE POLICY change ON @extschema@.source USING (@extschema@.may_act_as(owner)) WITH CHECK (@extschema@.is_zone(zone) AND @extschema@.may_act_as(owner));
COMMENT ON POLICY change ON @extschema@.source IS 'only by who can act as the owner';
CREATE POLICY change ON @extschema@.source_change USING (EXISTS (SELECT FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) source AND @extschema@.may_act_as(s.owner)));
COMMENT ON POLICY change ON @extschema@.source_change IS 'only by who can act as the owner of the source';
CREATE POLICY change ON @extschema@.store_invalidation USING (EXISTS (SELECT FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) source AND @extschema@.may_act_as(s.owner)));
COMMENT ON POLICY change ON @extschema@.store_invalidation IS 'only by who can act as the owner of the source';
CREATE POLICY tell ON @extschema@.store_invalidation FOR INSERT WITH CHECK (EXISTS (SELECT FROM @extschema@.kpi AS k WHERE k.source OPERATOR(pg_catalog.=) store_invalidation.source AND @extschema@.may_act_as(k.owner)));
COMMENT ON POLICY tell ON @extschema@.store_invalidation IS 'who owns a KPI that is made of the source may have its days read again';
CREATE POLICY change ON @extschema@.store_log USING (EXISTS (SELECT FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) source AND @extschema@.may_act_as(s.owner)));
COMMENT ON POLICY change ON @extschema@.store_log IS 'only by who can act as the owner of the source';
CREATE POLICY read ON @extschema@.kpi_input FOR SELECT USING (true);
COMMENT ON POLICY read ON @extschema@.kpi_input IS 'what is measured, and how, is no secret';
CREATE POLICY change ON @extschema@.kpi_input USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.kpi_input IS 'only by who can act as the owner of the derived KPI';
CREATE POLICY read ON @extschema@.action FOR SELECT USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.readable()));
COMMENT ON POLICY read ON @extschema@.action IS 'the owner, and with whom the KPI is shared';
CREATE POLICY change ON @extschema@.action USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.action IS 'only by who can act as the owner of the KPI';
CREATE POLICY change ON @extschema@.schedule USING (@extschema@.may_act_as(by_role)) WITH CHECK (@extschema@.may_act_as(by_role));
COMMENT ON POLICY change ON @extschema@.schedule IS 'only by who can act as the role that it runs as';
