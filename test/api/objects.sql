-- Everything that the extension has installed, a row each, whatever OIDs it got:
--
--   object   what it is
--   api      what those who use it rely on: signatures, columns, rights; the same on every major of the server
--   inner    what else there is to it: bodies, storage, comments; for comparing two installations on one server
--
-- Used by test/sql/api.sql (nothing changes by accident) and test/t/016_extension_upgrade.pl (an upgrade ends as a fresh installation).
CREATE VIEW extension_members AS
SELECT classid, objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'kpi_track');
-- rights of others than the owner, by name
CREATE FUNCTION rights(acl aclitem[], owner oid) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(string_agg(who || ' ' || what, ', ' ORDER BY who COLLATE "C"), 'nobody') FROM (
		SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS who, string_agg(lower(privilege_type) || CASE WHEN is_grantable THEN '*' ELSE '' END, '+' ORDER BY privilege_type) AS what
		FROM aclexplode(acl) WHERE grantee <> owner GROUP BY grantee) AS r $$;

CREATE VIEW extension_objects AS
WITH relations AS (SELECT c.* FROM pg_class AS c JOIN extension_members ON classid = 'pg_class'::regclass AND objid = c.oid),
rows AS (
	SELECT 'function ' || p.oid::regprocedure::text AS object,
		concat_ws(' ', CASE prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window' END,
			'(' || pg_get_function_arguments(p.oid) || ')', '-> ' || pg_get_function_result(p.oid),
			CASE provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END, CASE WHEN proisstrict THEN 'strict' END,
			CASE proparallel WHEN 's' THEN 'parallel safe' WHEN 'r' THEN 'parallel restricted' ELSE 'parallel unsafe' END,
			CASE WHEN prosecdef THEN 'security definer' END, CASE WHEN proleakproof THEN 'leakproof' END,
			'for ' || rights(coalesce(proacl, acldefault('f', proowner)), proowner)) AS api,
		concat_ws(' ', (SELECT lanname FROM pg_language AS l WHERE l.oid = prolang), md5(prosrc), probin, md5(pg_get_function_sqlbody(p.oid)), proconfig::text, procost, prorows, prosupport,
			(SELECT concat_ws(' ', aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn, aggfinalextra, aggfinalmodify, aggsortop::regoper,
				aggtranstype::regtype, aggtransspace, aggmtranstype::regtype, aggmtransspace, agginitval, aggminitval) FROM pg_aggregate WHERE aggfnoid = p.oid)) AS inner,
		p.oid AS objid, 'pg_proc'::regclass AS classid
	FROM pg_proc AS p JOIN extension_members ON classid = 'pg_proc'::regclass AND objid = p.oid
	UNION ALL
	SELECT 'type ' || t.oid::regtype::text,
		concat_ws(' ', CASE typtype WHEN 'b' THEN 'base' WHEN 'c' THEN 'row' WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' ELSE typtype::text END, 'for ' || rights(coalesce(typacl, acldefault('T', typowner)), typowner),
			(SELECT '(' || string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) || ')' FROM pg_attribute WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped)),
		concat_ws(' ', typlen, typbyval, typalign, typstorage, typcategory, typispreferred, typdelim, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typsubscript, typcollation, typdefault), t.oid, 'pg_type'::regclass
	FROM pg_type AS t JOIN extension_members ON classid = 'pg_type'::regclass AND objid = t.oid
	-- which of those that come along with others are members differs between majors
	WHERE t.typelem = 0 AND (t.typtype <> 'c' OR (SELECT relkind FROM pg_class AS c WHERE c.oid = t.typrelid) = 'c')
	UNION ALL
	SELECT 'operator ' || o.oid::regoperator::text, concat_ws(' ', '-> ' || oprresult::regtype, 'by ' || oprcode::regprocedure, CASE WHEN oprcanhash THEN 'hashes' END, CASE WHEN oprcanmerge THEN 'merges' END,
			'commutator ' || nullif(oprcom, 0)::regoperator, 'negator ' || nullif(oprnegate, 0)::regoperator),
		concat_ws(' ', oprrest, oprjoin), o.oid, 'pg_operator'::regclass
	FROM pg_operator AS o JOIN extension_members ON classid = 'pg_operator'::regclass AND objid = o.oid
	UNION ALL
	SELECT format('cast %s to %s', castsource::regtype, casttarget::regtype),
		concat_ws(' ', CASE castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END, 'by ' || nullif(castfunc, 0)::regprocedure), castmethod::text, c.oid, 'pg_cast'::regclass
	FROM pg_cast AS c JOIN extension_members ON classid = 'pg_cast'::regclass AND objid = c.oid
	UNION ALL
	SELECT format('operator class %s.%s of %s', opcnamespace::regnamespace, opcname, amname), concat_ws(' ', 'for ' || opcintype::regtype, CASE WHEN opcdefault THEN 'default' END), opckeytype::regtype::text, c.oid, 'pg_opclass'::regclass
	FROM pg_opclass AS c JOIN pg_am ON pg_am.oid = opcmethod JOIN extension_members ON classid = 'pg_opclass'::regclass AND objid = c.oid
	UNION ALL
	SELECT format('operator family %s.%s of %s', opfnamespace::regnamespace, opfname, amname),
		(SELECT string_agg(amopstrategy || ' ' || amopopr::regoperator, ', ' ORDER BY amopstrategy, amopopr::regoperator::text COLLATE "C") FROM pg_amop WHERE amopfamily = f.oid),
		(SELECT string_agg(amprocnum || ' ' || amproc::regprocedure, ', ' ORDER BY amprocnum, amproc::regprocedure::text COLLATE "C") FROM pg_amproc WHERE amprocfamily = f.oid), f.oid, 'pg_opfamily'::regclass
	FROM pg_opfamily AS f JOIN pg_am ON pg_am.oid = opfmethod JOIN extension_members ON classid = 'pg_opfamily'::regclass AND objid = f.oid
	UNION ALL
	SELECT 'schema ' || nspname, 'for ' || rights(coalesce(nspacl, acldefault('n', nspowner)), nspowner), '', n.oid, 'pg_namespace'::regclass
	FROM pg_namespace AS n JOIN extension_members ON classid = 'pg_namespace'::regclass AND objid = n.oid
	UNION ALL
	SELECT CASE relkind WHEN 'r' THEN 'table ' WHEN 'v' THEN 'view ' WHEN 'S' THEN 'sequence ' WHEN 'i' THEN 'index ' ELSE relkind::text || ' ' END || c.oid::regclass,
		-- the right to maintain came with 17
		concat_ws(' ', CASE WHEN relrowsecurity THEN 'row security' END, CASE WHEN relkind NOT IN ('i', 'c') THEN 'for ' || rights(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relowner)), relowner) END,
			(SELECT CASE WHEN c.oid = ANY (extconfig) THEN 'dumped' || coalesce(' ' || nullif(extcondition[array_position(extconfig, c.oid)], ''), '') END FROM pg_extension WHERE extname = 'kpi_track')),
		concat_ws(' ', reloptions::text, relpersistence, relforcerowsecurity, relreplident, CASE relkind WHEN 'v' THEN md5(pg_get_viewdef(c.oid)) WHEN 'i' THEN pg_get_indexdef(c.oid) END), c.oid, 'pg_class'::regclass
	FROM relations AS c WHERE relkind <> 'c'
	UNION ALL
	SELECT format('column %s.%I', a.attrelid::regclass, attname), concat_ws(' ', attnum, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END, 'default ' || pg_get_expr(adbin, adrelid), CASE WHEN attgenerated <> '' THEN 'generated' END, nullif(attidentity, ''),
			'for ' || nullif(rights(attacl, relowner), 'nobody')), concat_ws(' ', attstorage, attcollation::regcollation, attcompression, md5(col_description(a.attrelid, attnum))), NULL, NULL
	FROM relations AS c JOIN pg_attribute AS a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE relkind IN ('r', 'v')
	UNION ALL
	-- 18 has constraints of columns that are not null here, too
	SELECT format('constraint %I on %s', conname, conrelid::regclass), pg_get_constraintdef(k.oid), concat_ws(' ', condeferrable, condeferred, convalidated), k.oid, 'pg_constraint'::regclass
	FROM pg_constraint AS k JOIN relations AS c ON conrelid = c.oid WHERE contype <> 'n'
	UNION ALL
	SELECT format('index %s on %s', indexrelid::regclass, indrelid::regclass), '', pg_get_indexdef(indexrelid), NULL, NULL FROM pg_index JOIN relations AS c ON indrelid = c.oid
	UNION ALL
	SELECT format('policy %I on %s', polname, polrelid::regclass), concat_ws(' ', polcmd, CASE WHEN polpermissive THEN 'permissive' END), concat_ws(' ', (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE r::regrole::text END, ', ') FROM unnest(polroles) AS r),
			'using ' || pg_get_expr(polqual, polrelid), 'check ' || pg_get_expr(polwithcheck, polrelid)), p.oid, 'pg_policy'::regclass
	FROM pg_policy AS p JOIN relations AS c ON polrelid = c.oid
	UNION ALL
	SELECT format('trigger %I on %s', tgname, tgrelid::regclass), '', concat_ws(' ', tgenabled, pg_get_triggerdef(t.oid)), t.oid, 'pg_trigger'::regclass
	FROM pg_trigger AS t JOIN relations AS c ON tgrelid = c.oid WHERE NOT tgisinternal
	UNION ALL
	-- what a later release might bring, and nobody has taught this view to describe
	SELECT 'other ' || pg_describe_object(classid, objid, 0), '', '', objid, classid FROM extension_members
	WHERE classid NOT IN ('pg_proc'::regclass, 'pg_type'::regclass, 'pg_operator'::regclass, 'pg_cast'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass, 'pg_namespace'::regclass, 'pg_class'::regclass))
SELECT object, coalesce(api, '') AS api, concat_ws(' ', nullif(rows.inner, ''), 'comment ' || md5(obj_description(objid, classid::name))) AS inner FROM rows;
