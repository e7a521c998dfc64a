-- rules for everything that the extension installs
CREATE VIEW objects AS SELECT classid, objid FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'kpi_track');
CREATE VIEW functions AS SELECT p.* FROM pg_proc p JOIN objects o ON o.classid = 'pg_proc'::regclass AND o.objid = p.oid;
-- every object has a comment (types made along with others and members of operator families have none of their own)
SELECT pg_describe_object(classid, objid, 0) AS without_comment FROM objects o
WHERE obj_description(objid, classid::regclass::name) IS NULL
  AND NOT (classid = 'pg_class'::regclass AND (SELECT relkind = 'i' AND EXISTS (SELECT FROM pg_index JOIN pg_constraint ON conindid = indexrelid WHERE indexrelid = objid) FROM pg_class WHERE oid = objid))
  AND NOT (classid = 'pg_type'::regclass AND (SELECT typelem <> 0 OR typtype <> 'b' FROM pg_type WHERE oid = objid))
ORDER BY 1;
-- kpi.timelines runs any query; the rest reads or changes the catalog of KPIs
SELECT oid::regprocedure AS not_parallel_safe FROM functions WHERE proparallel <> 's' AND proname <> 'timelines' ORDER BY oid::regprocedure::text COLLATE "C";
-- the planner's estimates and ANALYZE look at the data; else only what reads or changes the catalog of KPIs
SELECT oid::regprocedure AS not_immutable FROM functions WHERE provolatile <> 'i' AND proname <> 'timelines'
  AND oid NOT IN (SELECT unnest(ARRAY[oprrest, oprjoin]) FROM pg_operator UNION SELECT typanalyze FROM pg_type) ORDER BY oid::regprocedure::text COLLATE "C";
SELECT oid::regprocedure AS runs_as_owner FROM functions WHERE prosecdef ORDER BY 1;
-- a procedure that commits cannot have one
SELECT oid::regprocedure AS without_search_path FROM functions WHERE prosqlbody IS NULL AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c') AND prokind <> 'a' AND proconfig IS NULL ORDER BY 1;
SELECT oid::regprocedure AS polymorphic FROM functions WHERE proargtypes::regtype[]::text ~ 'any|record' ORDER BY 1;
-- a state in memory needs an estimate of its size
SELECT aggfnoid::regprocedure AS without_size FROM pg_aggregate JOIN functions ON oid = aggfnoid WHERE aggtranstype = 'internal'::regtype AND aggtransspace = 0 ORDER BY 1;
SELECT aggfnoid::regprocedure AS not_read_only FROM pg_aggregate JOIN functions ON oid = aggfnoid WHERE aggfinalmodify <> 'r' ORDER BY 1;
-- each column, too
SELECT attrelid::regclass, attname AS without_comment FROM pg_attribute JOIN objects ON classid = 'pg_class'::regclass AND objid = attrelid
WHERE attnum > 0 AND (SELECT relkind IN ('r', 'v') FROM pg_class WHERE oid = attrelid) AND col_description(attrelid, attnum) IS NULL ORDER BY 1, 2;
-- what pg_dump carries, and what it does not
SELECT c.oid::regclass AS table, c.oid = ANY (extconfig) AS dumped, relrowsecurity AS row_security FROM pg_class c JOIN objects ON classid = 'pg_class'::regclass AND objid = c.oid, pg_extension WHERE extname = 'kpi_track' AND relkind = 'r' ORDER BY c.oid::regclass::text COLLATE "C";
-- everybody may use everything
SELECT oid::regprocedure AS restricted FROM functions WHERE NOT has_function_privilege('public', oid, 'EXECUTE') ORDER BY 1;
-- and this is everything
-- (types of rows and of arrays come along with others; which of them are noted differs between majors)
SELECT object FROM (SELECT pg_describe_object(classid, objid, 0) AS object FROM objects WHERE NOT (classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type AS t WHERE t.oid = objid AND (t.typtype = 'c' AND (SELECT relkind FROM pg_class WHERE pg_class.oid = t.typrelid) <> 'c' OR t.typelem <> 0 AND t.typsubscript = 'array_subscript_handler'::regproc)))) AS described ORDER BY object COLLATE "C";
DROP VIEW functions, objects;
