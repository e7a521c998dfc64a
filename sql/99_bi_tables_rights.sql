/*
 * ---- rights on the tables for BI tools ----
 *
 * Who reads them has rights on nothing else. So what is seen rests on kpi_bi.dim_kpi (owner) and kpi_bi.reader (shares) alone, and what is
 * written, by the refresh of an author, on the catalog.
 */

CREATE FUNCTION @extschema@.bi_changeable() RETURNS SETOF integer
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT d.kpi_key FROM kpi_bi.dim_kpi AS d WHERE d.kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable())
	$$;
COMMENT ON FUNCTION @extschema@.bi_changeable() IS 'keys of the KPIs in kpi_bi that the caller may change';

CREATE FUNCTION @extschema@.bi_objectives()
	RETURNS TABLE (objective varchar, title varchar, description varchar, perspective varchar, owner varchar, rollup varchar, parent varchar, parent_key integer)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT o.name, pg_catalog.left(o.title, 255), pg_catalog.left(o.description, 255), pg_catalog.left(o.perspective, 255), o.owner::pg_catalog.text, o.rollup, e.parent, d.objective_key
	FROM @extschema@.objective AS o
	LEFT JOIN (SELECT DISTINCT ON (g.child) g.child, g.parent FROM @extschema@.objective_edge AS g ORDER BY g.child, g.weight DESC, g.parent) AS e ON e.child OPERATOR(pg_catalog.=) o.name
	LEFT JOIN kpi_bi.dim_objective AS d ON d.objective OPERATOR(pg_catalog.=) e.parent
	$$;
COMMENT ON FUNCTION @extschema@.bi_objectives() IS 'what kpi_bi.dim_objective should say, by the catalog';

ALTER TABLE kpi_bi.dim_objective ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.dim_kpi ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.kpi_objective ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.dim_segment ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.kpi_segment ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.dim_date ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.fact ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.scorecard ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.lint_finding ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.trust_finding ENABLE ROW LEVEL SECURITY;
ALTER TABLE kpi_bi.reader ENABLE ROW LEVEL SECURITY;
ALTER TABLE @extschema@.bi_invalidation ENABLE ROW LEVEL SECURITY;

CREATE POLICY read ON kpi_bi.reader FOR SELECT USING (role OPERATOR(pg_catalog.=) 'public' OR role OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE')));
COMMENT ON POLICY read ON kpi_bi.reader IS 'what is shared with a role, the role may know';
CREATE POLICY read ON kpi_bi.dim_kpi FOR SELECT USING (owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE')) OR kpi_key OPERATOR(pg_catalog.=) ANY (SELECT r.kpi_key FROM kpi_bi.reader AS r));
COMMENT ON POLICY read ON kpi_bi.dim_kpi IS 'the owner, and with whom it is shared; the other tables ask this one';
CREATE POLICY read ON kpi_bi.dim_objective FOR SELECT USING (true);
COMMENT ON POLICY read ON kpi_bi.dim_objective IS 'objectives are for everybody';
CREATE POLICY read ON kpi_bi.kpi_objective FOR SELECT USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT d.kpi_key FROM kpi_bi.dim_kpi AS d));
COMMENT ON POLICY read ON kpi_bi.kpi_objective IS 'who may see the KPI';
CREATE POLICY read ON kpi_bi.kpi_segment FOR SELECT USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT d.kpi_key FROM kpi_bi.dim_kpi AS d));
COMMENT ON POLICY read ON kpi_bi.kpi_segment IS 'who may see the KPI';
CREATE POLICY read ON kpi_bi.dim_segment FOR SELECT USING (segment_key OPERATOR(pg_catalog.=) 0 OR pg_catalog.has_table_privilege('kpi_bi.dim_segment', 'INSERT') OR segment_key OPERATOR(pg_catalog.=) ANY (SELECT s.segment_key FROM kpi_bi.kpi_segment AS s));
COMMENT ON POLICY read ON kpi_bi.dim_segment IS 'who may see a KPI that has it; authors all of them, or they could not find the key of one that is there already';
CREATE POLICY read ON kpi_bi.dim_date FOR SELECT USING (true);
COMMENT ON POLICY read ON kpi_bi.dim_date IS 'days are for everybody';
CREATE POLICY read ON kpi_bi.fact FOR SELECT USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT d.kpi_key FROM kpi_bi.dim_kpi AS d));
COMMENT ON POLICY read ON kpi_bi.fact IS 'who may see the KPI';
CREATE POLICY read ON kpi_bi.scorecard FOR SELECT USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT d.kpi_key FROM kpi_bi.dim_kpi AS d));
COMMENT ON POLICY read ON kpi_bi.scorecard IS 'who may see the KPI';
CREATE POLICY read ON kpi_bi.lint_finding FOR SELECT USING (kpi_key IS NULL OR kpi_key OPERATOR(pg_catalog.=) ANY (SELECT d.kpi_key FROM kpi_bi.dim_kpi AS d));
COMMENT ON POLICY read ON kpi_bi.lint_finding IS 'who may see the KPI; what is about the catalog is for everybody';
CREATE POLICY read ON kpi_bi.trust_finding FOR SELECT USING (source OPERATOR(pg_catalog.=) ANY (SELECT d.source FROM kpi_bi.dim_kpi AS d) OR owner OPERATOR(pg_catalog.=) ANY (SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE')));
COMMENT ON POLICY read ON kpi_bi.trust_finding IS 'the owner of the source, and who may see a KPI that is made of it';

/* Apart from those for reading, or these would be asked on reading, too, by roles that may not call what they call. */
CREATE POLICY add ON kpi_bi.dim_kpi FOR INSERT WITH CHECK (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY add ON kpi_bi.dim_kpi IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY change ON kpi_bi.dim_kpi FOR UPDATE USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON kpi_bi.dim_kpi IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY remove ON kpi_bi.dim_kpi FOR DELETE USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY remove ON kpi_bi.dim_kpi IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY add ON kpi_bi.reader FOR INSERT WITH CHECK (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY add ON kpi_bi.reader IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY change ON kpi_bi.reader FOR UPDATE USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON kpi_bi.reader IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY remove ON kpi_bi.reader FOR DELETE USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY remove ON kpi_bi.reader IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY add ON kpi_bi.kpi_objective FOR INSERT WITH CHECK (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY add ON kpi_bi.kpi_objective IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY change ON kpi_bi.kpi_objective FOR UPDATE USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY change ON kpi_bi.kpi_objective IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY remove ON kpi_bi.kpi_objective FOR DELETE USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY remove ON kpi_bi.kpi_objective IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY add ON kpi_bi.kpi_segment FOR INSERT WITH CHECK (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY add ON kpi_bi.kpi_segment IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY change ON kpi_bi.kpi_segment FOR UPDATE USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY change ON kpi_bi.kpi_segment IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY remove ON kpi_bi.kpi_segment FOR DELETE USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY remove ON kpi_bi.kpi_segment IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY add ON kpi_bi.fact FOR INSERT WITH CHECK (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY add ON kpi_bi.fact IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY change ON kpi_bi.fact FOR UPDATE USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY change ON kpi_bi.fact IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY remove ON kpi_bi.fact FOR DELETE USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY remove ON kpi_bi.fact IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY add ON kpi_bi.scorecard FOR INSERT WITH CHECK (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY add ON kpi_bi.scorecard IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY change ON kpi_bi.scorecard FOR UPDATE USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY change ON kpi_bi.scorecard IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY remove ON kpi_bi.scorecard FOR DELETE USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY remove ON kpi_bi.scorecard IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY add ON kpi_bi.lint_finding FOR INSERT WITH CHECK (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY add ON kpi_bi.lint_finding IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY change ON kpi_bi.lint_finding FOR UPDATE USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY change ON kpi_bi.lint_finding IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY remove ON kpi_bi.lint_finding FOR DELETE USING (kpi_key OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.bi_changeable()));
COMMENT ON POLICY remove ON kpi_bi.lint_finding IS 'only by the refresh of who can act as the owner of the KPI';
CREATE POLICY add ON kpi_bi.dim_objective FOR INSERT WITH CHECK ((objective, title, description, perspective, owner, rollup, parent, parent_key)::pg_catalog.text OPERATOR(pg_catalog.=) ANY (SELECT (b.objective, b.title, b.description, b.perspective, b.owner, b.rollup, b.parent, b.parent_key)::pg_catalog.text FROM @extschema@.bi_objectives() AS b));
COMMENT ON POLICY add ON kpi_bi.dim_objective IS 'everybody may write what the catalog says';
CREATE POLICY change ON kpi_bi.dim_objective FOR UPDATE USING (true) WITH CHECK ((objective, title, description, perspective, owner, rollup, parent, parent_key)::pg_catalog.text OPERATOR(pg_catalog.=) ANY (SELECT (b.objective, b.title, b.description, b.perspective, b.owner, b.rollup, b.parent, b.parent_key)::pg_catalog.text FROM @extschema@.bi_objectives() AS b));
COMMENT ON POLICY change ON kpi_bi.dim_objective IS 'everybody may write what the catalog says';
CREATE POLICY add ON kpi_bi.dim_segment FOR INSERT WITH CHECK (segment_key OPERATOR(pg_catalog.>) 0);
COMMENT ON POLICY add ON kpi_bi.dim_segment IS 'segments are added by the refresh of whoever has one';
CREATE POLICY add ON kpi_bi.dim_date FOR INSERT WITH CHECK (true);
COMMENT ON POLICY add ON kpi_bi.dim_date IS 'days are added by the refresh of whoever has one';
CREATE POLICY add ON kpi_bi.trust_finding FOR INSERT WITH CHECK ((source, owner)::pg_catalog.text OPERATOR(pg_catalog.=) ANY (SELECT (s.name, s.owner)::pg_catalog.text FROM @extschema@.source AS s WHERE @extschema@.may_act_as(s.owner)));
COMMENT ON POLICY add ON kpi_bi.trust_finding IS 'only by the refresh of who can act as the owner of the source';
CREATE POLICY change ON kpi_bi.trust_finding FOR UPDATE USING ((source, owner)::pg_catalog.text OPERATOR(pg_catalog.=) ANY (SELECT (s.name, s.owner)::pg_catalog.text FROM @extschema@.source AS s WHERE @extschema@.may_act_as(s.owner)));
COMMENT ON POLICY change ON kpi_bi.trust_finding IS 'only by the refresh of who can act as the owner of the source';
CREATE POLICY remove ON kpi_bi.trust_finding FOR DELETE USING ((source, owner)::pg_catalog.text OPERATOR(pg_catalog.=) ANY (SELECT (s.name, s.owner)::pg_catalog.text FROM @extschema@.source AS s WHERE @extschema@.may_act_as(s.owner)));
COMMENT ON POLICY remove ON kpi_bi.trust_finding IS 'only by the refresh of who can act as the owner of the source';
CREATE POLICY change ON @extschema@.bi_invalidation USING (kpi OPERATOR(pg_catalog.=) ANY (SELECT @extschema@.changeable()));
COMMENT ON POLICY change ON @extschema@.bi_invalidation IS 'only by who can act as the owner of the KPI';
