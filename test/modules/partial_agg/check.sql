-- Every aggregate of the extension, worker by worker, against the plain call; one line of TAP for each thing checked.
SET search_path = partial_agg;
SET client_min_messages = warning;

-- The arguments of a plain call.
CREATE FUNCTION arguments_of(proc pg_proc) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE WHEN i = proc.pronargs AND proc.provariadic <> 0 THEN 'VARIADIC ' ELSE '' END || 'a' || i, ', ' ORDER BY i)
    FROM generate_series(1, proc.pronargs) i $$;

-- One aggregate, its rows on so many workers: what differs? NULL: nothing.
CREATE FUNCTION difference(aggregate regprocedure, workers int, form text, as_row boolean) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    proc pg_proc := p FROM pg_proc p WHERE oid = aggregate;
    plain text := (SELECT string_agg('a' || i, ', ' ORDER BY i) FROM generate_series(1, proc.pronargs) i);
    packed text := CASE WHEN as_row THEN format('ROW(%s)', plain) ELSE plain END;
    name text := format('%s.%I', proc.pronamespace::regnamespace, proc.proname);
    wrong text;
BEGIN
    EXECUTE format('CREATE TEMP TABLE partial AS SELECT g, worker_%s(%s, %s) AS state FROM sample GROUP BY g, h %% %s',
        form, aggregate::oid, packed, workers);
    -- and one worker that has no rows at all
    EXECUTE format('INSERT INTO partial SELECT g, (SELECT worker_%s(%s, %s) FROM sample WHERE false) FROM partial GROUP BY g',
        form, aggregate::oid, packed);
    EXECUTE format($query$
        SELECT string_agg(format('group %%s: %%s instead of %%s', g, left(c.result, 1000), left(p.result, 1000)), E'\n' ORDER BY g)
        FROM plain p FULL JOIN
             (SELECT g, coord_%s(%s, state, NULL::%s)::text AS result FROM partial GROUP BY g) c USING (g)
        WHERE p.result IS DISTINCT FROM c.result $query$,
        form, aggregate::oid, proc.prorettype::regtype) INTO wrong;
    DROP TABLE partial;
    RETURN wrong;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- No row anywhere: the same as the plain call for an aggregate whose arguments are no constants.
CREATE FUNCTION difference_of_nothing(aggregate regprocedure, form text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    proc pg_proc := p FROM pg_proc p WHERE oid = aggregate;
    plain text := (SELECT string_agg('a' || i, ', ' ORDER BY i) FROM generate_series(1, proc.pronargs) i);
    wrong text;
BEGIN
    EXECUTE format($query$
        SELECT format('%%L instead of %%L', c.result, p.result)
        FROM (SELECT %1$s.%2$I(%7$s)::text AS result FROM sample WHERE false) p,
             (SELECT coord_%4$s(%5$s, state, NULL::%6$s)::text AS result
              FROM (SELECT worker_%4$s(%5$s, ROW(%3$s)) AS state FROM sample WHERE false) s) c
        WHERE p.result IS DISTINCT FROM c.result $query$,
        proc.pronamespace::regnamespace, proc.proname, plain, form, aggregate::oid, proc.prorettype::regtype, arguments_of(proc)) INTO wrong;
    RETURN wrong;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

CREATE FUNCTION tap(wrong text, what text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN wrong IS NULL THEN 'ok - ' || what
                ELSE format('not ok - %s: %s', what, replace(wrong, E'\n', '; ')) END $$;

-- The rows of an aggregate: g, a1, a2, ... and h, which spreads them. Returns what is wrong with them.
CREATE FUNCTION make_sample(aggregate regprocedure, signature text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    query text := s.query FROM samples s WHERE arguments = signature;
    nargs int := pronargs FROM pg_proc WHERE oid = aggregate;
    enough boolean;
BEGIN
    IF query IS NULL THEN
        RETURN format('samples.sql has no rows for the arguments (%s)', signature);
    END IF;
    EXECUTE format('CREATE TEMP TABLE sample AS SELECT *, hashint8extended(row_number() OVER (), 99) & 65535 AS h FROM (%s) AS rows(g, %s)',
        query, (SELECT string_agg('a' || i, ', ' ORDER BY i) FROM generate_series(1, nargs) i));
    SELECT count(*) >= 50 AND count(DISTINCT g) >= 3 INTO enough FROM sample;
    IF NOT enough THEN
        RETURN 'its rows in samples.sql are too few';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION make_plain(aggregate regprocedure) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    proc pg_proc := p FROM pg_proc p WHERE oid = aggregate;
    enough boolean;
BEGIN
    DROP TABLE IF EXISTS plain;
    EXECUTE format('CREATE TEMP TABLE plain AS SELECT g, %s.%I(%s)::text AS result FROM sample GROUP BY g',
        proc.pronamespace::regnamespace, proc.proname, arguments_of(proc));
    SELECT count(result) >= 3 AND count(DISTINCT result) >= 3 INTO enough FROM plain;
    IF NOT enough THEN
        RETURN 'its rows in samples.sql give less than three different results';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION check_aggregate(aggregate regprocedure, signature text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    agg pg_aggregate := a FROM pg_aggregate a WHERE aggfnoid = aggregate;
    in_memory boolean := agg.aggtranstype = 'internal'::regtype;
    memory text;
    form text;
    workers int;
    wrong text;
BEGIN
    IF agg.aggcombinefn = 0 THEN
        RETURN NEXT tap('it has no combine function', aggregate::text);
        RETURN;
    ELSIF in_memory AND (agg.aggserialfn = 0 OR agg.aggdeserialfn = 0) THEN
        RETURN NEXT tap('its state cannot leave the process', aggregate::text);
        RETURN;
    END IF;
    DROP TABLE IF EXISTS sample;
    wrong := make_sample(aggregate, signature);
    IF wrong IS NOT NULL THEN
        RETURN NEXT tap(wrong, aggregate::text);
        RETURN;
    END IF;
    FOREACH memory IN ARRAY ARRAY['64kB', '16MB'] LOOP
        PERFORM set_config('work_mem', memory, false);
        wrong := make_plain(aggregate);
        IF wrong IS NOT NULL THEN
            RETURN NEXT tap(wrong, aggregate::text);
            RETURN;
        END IF;
        FOR form IN SELECT unnest(CASE WHEN in_memory THEN '{bytes}' ELSE '{text, bytes}' END::text[]) LOOP
            FOREACH workers IN ARRAY ARRAY[1, 2, 3, 7] LOOP
                RETURN NEXT tap(difference(aggregate, workers, form, true),
                    format('%s: %s workers, %s, work_mem %s', aggregate, workers, form, memory));
            END LOOP;
            RETURN NEXT tap(difference_of_nothing(aggregate, form),
                format('%s: no rows, %s, work_mem %s', aggregate, form, memory));
            -- a single argument travels without a row
            IF signature !~ ',' THEN
                RETURN NEXT tap(difference(aggregate, 2, form, false),
                    format('%s: argument as it is, %s, work_mem %s', aggregate, form, memory));
            END IF;
        END LOOP;
    END LOOP;
END $$;

-- The machine itself, on aggregates of the server: it has to agree for these, and to notice a difference.
INSERT INTO samples VALUES
('numeric', 'SELECT i % 5, (i * 1.5)::numeric FROM generate_series(1, 500) i'),
('double precision', 'SELECT i % 5, i::float8 FROM generate_series(1, 500) i'),
('integer', 'SELECT i % 5, CASE WHEN i % 7 > 0 THEN i END FROM generate_series(1, 500) i'),
('double precision, double precision', 'SELECT i % 5, i::float8, i % 11 FROM generate_series(1, 500) i');
SELECT check_aggregate(a, s) FROM (VALUES
    ('pg_catalog.sum(numeric)'::regprocedure, 'numeric'), ('pg_catalog.avg(double precision)', 'double precision'),
    ('pg_catalog.max(integer)', 'integer'), ('pg_catalog.count("any")', 'integer')) AS v(a, s)
WHERE a <> 'pg_catalog.count("any")'::regprocedure;
CREATE FUNCTION lose(int, int) RETURNS int LANGUAGE sql STRICT AS 'SELECT $1';
CREATE AGGREGATE lossy(int) (SFUNC = pg_catalog.int4larger, STYPE = int, COMBINEFUNC = lose);
SELECT tap(CASE WHEN count(*) FILTER (WHERE t ~ '^not ok') = 0 THEN 'nothing noticed' END, 'a wrong combine function is noticed')
FROM check_aggregate('lossy(int)', 'integer') t;
SELECT tap(CASE WHEN t !~ '^not ok .* has no rows' THEN t END, 'missing samples are noticed')
FROM check_aggregate('lossy(int)', 'nothing') t;

-- all aggregates of the extension
SELECT check_aggregate(p.oid, (SELECT string_agg(format_type(t, NULL), ', ' ORDER BY i) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS u(t, i)))
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND e.extname = 'kpi_track'
WHERE p.prokind = 'a' ORDER BY p.oid::regprocedure::text;
