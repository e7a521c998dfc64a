/* ---- schema ---- */

/*
 * A schema kpi that was there before may be somebody's trap: its owner could put functions next to ours later, and what is in
 * it already could be taken for ours. The check is PL/pgSQL so that it runs before anything is looked up in that schema.
 */
DO $$
DECLARE
	place pg_catalog.oid := (SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname OPERATOR(pg_catalog.=) '@extschema@');
	holder pg_catalog.name := (SELECT r.rolname FROM pg_catalog.pg_namespace AS n JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) n.nspowner WHERE n.oid OPERATOR(pg_catalog.=) place AND NOT r.rolsuper);
	stranger pg_catalog.name;
	thing pg_catalog.text;
BEGIN
	IF holder IS NOT NULL AND holder OPERATOR(pg_catalog.<>) CURRENT_USER THEN
		RAISE insufficient_privilege USING
			MESSAGE = pg_catalog.format('schema %I belongs to %I, who could put anything next to what is installed there', '@extschema@', holder),
			HINT = pg_catalog.format('See what is in it, and drop it or ALTER SCHEMA %I OWNER TO %I.', '@extschema@', CURRENT_USER);
	END IF;
	SELECT CASE WHEN r.oid IS NULL THEN 'public' ELSE r.rolname END INTO stranger
		FROM pg_catalog.pg_namespace AS n CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) AS a LEFT JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) a.grantee
		WHERE n.oid OPERATOR(pg_catalog.=) place AND a.privilege_type OPERATOR(pg_catalog.=) 'CREATE' AND (r.oid IS NULL OR NOT r.rolsuper AND r.rolname OPERATOR(pg_catalog.<>) CURRENT_USER) LIMIT 1;
	IF FOUND THEN
		RAISE insufficient_privilege USING
			MESSAGE = pg_catalog.format('%s may create in schema %I, and could put anything next to what is installed there', stranger, '@extschema@'),
			HINT = pg_catalog.format('REVOKE CREATE ON SCHEMA %I FROM %s.', '@extschema@', CASE WHEN stranger OPERATOR(pg_catalog.=) 'public' THEN 'PUBLIC' ELSE pg_catalog.quote_ident(stranger::pg_catalog.text) END);
	END IF;
	SELECT o.thing, r.rolname INTO thing, stranger FROM (
			SELECT c.oid::pg_catalog.regclass::pg_catalog.text AS thing, c.relowner AS owner FROM pg_catalog.pg_class AS c WHERE c.relnamespace OPERATOR(pg_catalog.=) place
			UNION ALL SELECT p.oid::pg_catalog.regprocedure::pg_catalog.text, p.proowner FROM pg_catalog.pg_proc AS p WHERE p.pronamespace OPERATOR(pg_catalog.=) place
			UNION ALL SELECT t.oid::pg_catalog.regtype::pg_catalog.text, t.typowner FROM pg_catalog.pg_type AS t WHERE t.typnamespace OPERATOR(pg_catalog.=) place
			UNION ALL SELECT p.oid::pg_catalog.regoperator::pg_catalog.text, p.oprowner FROM pg_catalog.pg_operator AS p WHERE p.oprnamespace OPERATOR(pg_catalog.=) place) AS o
		JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) o.owner WHERE NOT r.rolsuper AND r.rolname OPERATOR(pg_catalog.<>) CURRENT_USER LIMIT 1;
	IF FOUND THEN
		RAISE insufficient_privilege USING
			MESSAGE = pg_catalog.format('%s in schema %I belongs to %I, and could be taken for a part of what is installed there', thing, '@extschema@', stranger),
			HINT = 'See what it is, and drop it or move it to another schema.';
	END IF;
END
$$;

COMMENT ON SCHEMA @extschema@ IS
'kpi_track: measures digital performance: funnels, retention, customer value, ROI and KPI targets';

CREATE SCHEMA kpi_bi;
COMMENT ON SCHEMA kpi_bi IS
'kpi_track for BI tools: KPIs, their targets and values as a star of tables and plain views, brought up to date by kpi.refresh()';
