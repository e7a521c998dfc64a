-- Calls everything of the extension that SQL can call, very often, and says what memory stays behind.
-- A sample for each argument: of that function and name, of that name and type, the default, of that type.
CREATE SCHEMA growth;

CREATE TABLE growth.event AS
SELECT (r % 3)::bigint AS u, timestamptz '2026-01-01 00:00+00' + r * interval '7 hours' AS ts, (ARRAY['a', 'b', 'c', 'b'])[1 + r % 4] AS event,
       (1 << r % 4)::bigint AS mask, r * 1.5 AS value
FROM generate_series(1, 40) r;

-- one of each type that an aggregate or a constructor makes
CREATE TABLE growth.value AS
SELECT kpi.funnel(u, ts, event, 'a -> b -> c within 2 days by week') AS funnel, kpi.timeline(ts, event, value) AS timeline,
       kpi.retention(u, ts, event, value, 'a -> b by day for 5') AS retention, kpi.activity(u, ts, 'by day') AS activity,
       kpi.sessions(u, ts, event, 'views a, key b, timeout 8 hours, by week') AS sessions, kpi.paths(u, ts, event, 'from a depth 3') AS paths,
       kpi.attribution(u, ts, CASE WHEN event <> 'c' THEN event END, CASE WHEN event = 'c' THEN value END, '') AS attribution,
       kpi.ltv(u, ts, value, 'by week, unit day, until 2026-01-20') AS ltv, kpi.ratio(value, 100) AS ratio, kpi.roi(value, value * 3, 'EUR') AS roi,
       kpi.survey(mask % 9, 'nps') AS survey, kpi.fit_sbg('{1000,800,700,650}') AS sbg,
       (SELECT kpi.retention(c, timestamptz '2026-01-01 00:00+00' + k * interval '1 week', 'x', 'x -> x by week for 4 on or after')
        FROM generate_series(1, 300) c, generate_series(0, 5) k WHERE k <= c % 7) AS stayed,
       kpi.ltv(u, ts, value, 'by week, unit day, holdout from 2026-01-08, until 2026-01-20') AS held_out,
       -- of many customers, so that the fits converge
       (SELECT kpi.ltv(c, timestamptz '2026-01-01 00:00+00' + (c % 5 + k * (1 + c % 7)) * interval '1 day', 10 + (c * k) % 17, 'unit day, until 2026-02-20')
        FROM generate_series(1, 300) c, generate_series(0, 7) k WHERE k <= c % 8) AS customers
FROM growth.event;
CREATE TABLE growth.model AS SELECT kpi.fit(customers, 'bg_nbd') AS purchases, kpi.fit(customers, 'pareto_nbd') AS pareto, kpi.fit(customers, 'gamma_gamma') AS money FROM growth.value;

CREATE TABLE growth.sample (function text, argument text, type regtype, expression text NOT NULL);
INSERT INTO growth.sample(type, expression) SELECT format('kpi.%I', name)::regtype, format('(SELECT %I FROM growth.value)', name)
FROM unnest('{funnel,timeline,retention,activity,sessions,paths,attribution,ltv,ratio,roi,survey}'::text[]) name;
-- r is the number of a row, from 1
INSERT INTO growth.sample(type, expression) VALUES
('kpi.pattern', $$'a -> b -> c within 2 days by week in Asia/Seoul'$$), ('kpi.retention_spec', $$'a -> b by day for 5 in Asia/Seoul'$$),
('kpi.activity_spec', $$'by day in Asia/Seoul'$$), ('kpi.session_spec', $$'views a, key b|c, timeout 2 hours, by day in Asia/Seoul'$$),
('kpi.path_spec', $$'from a|b depth 3 collapse repeats'$$), ('kpi.attribution_spec', $$'lookback 5 days, collapse repeats'$$),
('kpi.ltv_spec', $$'by week in Asia/Seoul, unit day, until 2026-02-01'$$), ('kpi.survey_kind', $$'nps'$$), ('kpi.formula', $$'a / (b + 2)'$$),
('kpi.ltv_model', '(SELECT purchases FROM growth.model)'),
('bigint', 'r * 3'), ('uuid', 'md5(r::text)::uuid'), ('text', $$'a label of some length'$$), ('numeric', 'r * 1.25'), ('double precision', 'r * 0.4'),
('integer', 'r + 1'), ('boolean', 'r % 2 = 1'), ('timestamptz', $$timestamptz '2026-01-01 00:00+00' + r * interval '7 hours'$$),
('date', $$date '2026-01-01' + r$$), ('interval', $$'2 days'$$), ('jsonb', $$'{"a": 1}'$$), ('daterange', $$'[2026-01-01,2026-02-01)'$$), ('regtype', $$'timestamptz'$$),
('numeric[]', $$ARRAY[-100, 30, 40, 80 + r]$$), ('double precision[]', $$ARRAY[3, 1, 4, r]$$), ('integer[]', $$'{0,1,2,3}'$$), ('text[]', $$'{a,b,c,d}'$$),
('date[]', $$'{2026-01-01,2026-02-01,2026-03-01,2026-04-01}'$$), ('boolean[]', $$ARRAY[r % 2 = 1, true, false, true]$$), ('bigint[]', $$'{1000,800,700,650}'$$),
('timestamptz[]', $$'{2026-01-01,2026-02-01,2026-03-01,2026-04-01}'$$), ('timestamp[]', $$'{2026-01-01,2026-02-01,2026-03-01,2026-04-01}'$$);
INSERT INTO growth.sample(argument, type, expression) VALUES
('event', 'text', $$(ARRAY['a', 'b', 'c'])[1 + r % 3]$$), ('event', 'bigint', '1 << r % 3'), ('actor', 'bigint', 'r % 2'), ('customer', 'bigint', 'r % 2'),
('channel', 'text', $$CASE WHEN r % 3 > 0 THEN (ARRAY['mail', 'search'])[r % 3] END$$), ('amount', 'numeric', $$CASE WHEN r = 1 THEN -100 ELSE 30 + r END$$),
('currency', 'text', $$'EUR'$$), ('convention', 'text', $$'act/365'$$), ('zone', 'text', $$'Asia/Seoul'$$), ('by', 'text', $$'week'$$), ('grain', 'text', $$'week'$$),
('unit', 'text', $$'day'$$), ('week_starts', 'text', $$'sunday'$$), ('lang', 'text', $$'ko'$$), ('adds', 'text', $$'sum'$$), ('direction', 'text', $$'up'$$),
('title', 'text', $$'A <title>'$$), ('local', 'text', $$'at'$$), ('at', 'text', $$'at'$$), ('timing', 'text', $$'end'$$), ('status', 'text', $$'on_track'$$),
('period', 'text', $$'2026-01'$$), ('events', 'text', $$'a|b'$$), ('whole', 'text', $$'a|b|c'$$), ('score', 'numeric', 'r'), ('first', 'integer', '1'),
('confidence', 'double precision', '0.9'), ('margin', 'numeric', '0.4'), ('discount_rate', 'numeric', '0.1'), ('discount_rate', 'double precision', '0.1'),
('rate', 'double precision', '0.1'), ('finance_rate', 'double precision', '0.1'), ('reinvest_rate', 'double precision', '0.1'), ('churn', 'numeric', '0.1'),
('frequency', 'double precision', '3'), ('recency', 'double precision', '10'), ('age', 'double precision', '20'), ('horizon', 'double precision', '30'),
('monetary', 'double precision', '15'), ('gg_model', 'kpi.ltv_model', '(SELECT money FROM growth.model)'), ('elapsed_share', 'double precision', '0.5'),
('until', 'date', $$'2026-02-01'$$), ('period_end', 'date', $$'2026-02-01'$$), ('period_start', 'date', $$'2026-01-01'$$), ('as_of', 'date', $$'2026-01-12'$$),
('as_of', 'timestamptz', $$'2026-02-01 00:00+00'$$), ('from_ts', 'timestamptz', $$'2026-01-03 00:00+00'$$), ('to_ts', 'timestamptz', $$'2026-01-12 00:00+00'$$),
('survivors', 'bigint[]', $$'{1000,800,700,650}'$$), ('weights', 'double precision[]', $$'{1,1,1,1}'$$), ('periods', 'integer[]', $$'{0,1,2,3}'$$);
-- of one function: how its signature begins
INSERT INTO growth.sample(function, argument, type, expression) VALUES
('credit(', 'model', 'text', $$'markov'$$), ('fit(kpi.ltv', 'model', 'text', $$'bg_nbd'$$), ('fit(kpi.ltv', 'ltv', 'kpi.ltv', '(SELECT customers FROM growth.value)'),
('fit(kpi.retention', 'model', 'text', $$'sbg'$$), ('residual_purchases(', 'model', 'kpi.ltv_model', '(SELECT pareto FROM growth.model)'),
('expected_value(', 'model', 'kpi.ltv_model', '(SELECT money FROM growth.model)'), ('survival(', 'periods', 'double precision', '3'), ('expected_lifetime(', 'renewals', 'double precision', '3'), ('retention_spec(', 'start_labels', 'text[]', $$'{a}'$$),
('retention_spec(', 'return_labels', 'text[]', $$'{b}'$$), ('retention_spec(', 'periods', 'integer', '5'), ('session_spec(', 'views', 'text[]', $$'{a}'$$), ('session_spec(', 'key', 'text[]', $$'{b}'$$),
('fit(kpi.retention', 'retention', 'kpi.retention', '(SELECT stayed FROM growth.value)'), ('survival(', 'model', 'kpi.ltv_model', '(SELECT sbg FROM growth.value)'),
('expected_lifetime(', 'model', 'kpi.ltv_model', '(SELECT sbg FROM growth.value)'), ('holdout_error(', 'ltv', 'kpi.ltv', '(SELECT held_out FROM growth.value)'),
('fit_sbg(', 'period', 'text', $$'month'$$), ('checked_period(', 'grain', 'text', $$'month'$$), ('apportion(', 'amount', 'numeric', '100.25'),
('apportion(', 'weights', 'numeric[]', $$'{1,2,3,4}'$$), ('heat_map(', 'rows', 'text[]', $$'{x,y}'$$), ('heat_map(', 'columns', 'text[]', $$'{x,y}'$$),
('heat_map(', 'sizes', 'double precision[]', $$'{3,4}'$$), ('nearest_name(', 'names', 'text[]', $$'{a,label,"a label of same length"}'$$), ('word_of(', 'word_name', 'text', $$'bars'$$);
INSERT INTO growth.sample(function, type, expression) SELECT f.proname || '(', 'cstring', format('(%s)::%s::text', s.expression, s.type)
FROM pg_proc f JOIN growth.sample s ON s.type = f.prorettype AND s.argument IS NULL WHERE f.pronamespace = 'kpi'::regnamespace AND f.proargtypes[0] = 'cstring'::regtype;
INSERT INTO growth.sample(function, type, expression) SELECT f.proname || '(', 'jsonb', format('(%s)::%s::jsonb', s.expression, s.type)
FROM pg_proc f JOIN growth.sample s ON s.type = f.prorettype AND s.argument IS NULL AND s.function IS NULL WHERE f.pronamespace = 'kpi'::regnamespace AND f.proname ~ '_from_jsonb$';
SELECT kpi.add_source('growth', 'growth.event', at => 'ts', actor => 'u', event => 'event', value => 'value');
INSERT INTO growth.sample(type, expression) VALUES ('kpi.source', $$(SELECT s FROM kpi.source AS s WHERE name = 'growth')$$);
-- for the functions whose events are masks
INSERT INTO growth.sample(argument, type, expression) VALUES
('pattern of masks', 'kpi.pattern', $$'1 -> 2 -> 3 within 2 days'$$), ('spec of masks', 'kpi.retention_spec', $$'1 -> 2 by day for 5'$$),
('spec of masks', 'kpi.session_spec', $$'views 1, key 2|3, timeout 2 hours, by day'$$);

CREATE VIEW growth.function AS
SELECT p.* FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND e.extname = 'kpi_track';

-- The expression for an argument; NULL where the default will do.
CREATE FUNCTION growth.expression(f pg_proc, i int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    signature text := regexp_replace(f.oid::regprocedure::text, '^\w+\.', '');
    found text := (SELECT s.expression FROM growth.sample s
        WHERE s.type = f.proargtypes[i - 1] AND starts_with(signature, coalesce(s.function, ''))
          AND (s.argument IS NULL OR s.argument = f.proargnames[i]
               OR s.argument = f.proargnames[i] || ' of masks' AND EXISTS (SELECT FROM unnest(f.proargnames, f.proargtypes::oid[]) AS a(n, t) WHERE n = 'event' AND t = 'bigint'::regtype))
          AND (s.argument IS NOT NULL OR s.function IS NOT NULL OR i <= f.pronargs - f.pronargdefaults)
        ORDER BY s.function IS NULL, s.argument IS NULL, s.argument !~ ' of masks$' LIMIT 1);
BEGIN
    IF found IS NULL AND i <= f.pronargs - f.pronargdefaults THEN
        RAISE 'growth.sql has no sample for the argument % of type %', coalesce(f.proargnames[i], i::text), f.proargtypes[i - 1]::regtype;
    END IF;
    RETURN found;
END $$;

-- What contexts have given out, and what the process has of its own, in bytes; it is asked after x is known.
CREATE FUNCTION growth.used(x bigint) RETURNS bigint[] VOLATILE LANGUAGE sql AS $$
    SELECT ARRAY[sum(used_bytes)::bigint, substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s*(\d+)')::bigint * 1024] FROM pg_backend_memory_contexts
$$;

-- One function, called so often in a statement, then in so many statements.
CREATE FUNCTION growth.grown(callee oid, calls int, statements int, budget_ms int, OUT done int, OUT answered bigint, OUT bytes bigint, OUT process bigint,
                             OUT kept bigint, OUT wrong text)
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    f pg_proc := p FROM pg_proc p WHERE oid = callee;
    arguments text := '';
    columns text := '1';
    expression text;
    argument text;
    call text;
    query text;
    started timestamptz;
    ms float8;
    used bigint[];
    first bigint[];
    last bigint[];
    names boolean := f.proargnames IS NOT NULL AND f.proargnames[1] <> '' AND f.provariadic = 0 AND f.prokind = 'f';
BEGIN
    FOR i IN 1 .. f.pronargs LOOP
        expression := growth.expression(f, i);
        CONTINUE WHEN expression IS NULL AND names;
        EXIT WHEN expression IS NULL;
        arguments := arguments || CASE WHEN arguments <> '' THEN ', ' ELSE '' END
            || CASE WHEN f.provariadic <> 0 AND i = f.pronargs THEN 'VARIADIC ' ELSE '' END || CASE WHEN names THEN quote_ident(f.proargnames[i]) || ' => ' ELSE '' END
            -- the number of the call: what is constant would be called once
            || format(CASE WHEN f.proargtypes[i - 1] = 'cstring'::regtype THEN 'textout(CASE WHEN i > 0 THEN a%s END)' ELSE 'CASE WHEN i > 0 THEN a%s END' END, i);
        columns := columns || format(', (%s)::%s AS a%s', expression, CASE f.proargtypes[i - 1] WHEN 'cstring'::regtype THEN 'text' ELSE f.proargtypes[i - 1]::regtype::text END, i);
    END LOOP;
    argument := format('WITH argument AS MATERIALIZED (SELECT r, %s FROM generate_series(1, 6) r)', columns);
    call := format('%s.%I(%s)', f.pronamespace::regnamespace, f.proname, arguments);
    query := CASE
        WHEN f.prokind = 'a' THEN format('(SELECT count(x) FROM (SELECT %s AS x FROM argument WHERE i > 0) AS x)', call)
        WHEN f.prokind = 'w' THEN format('(SELECT count(x) FROM (SELECT %s OVER (ORDER BY r) AS x FROM argument WHERE i > 0) AS x)', call)
        WHEN f.proretset THEN format('(SELECT count(*) FROM argument, LATERAL %s AS x WHERE r = 1 AND i > 0)', call)
        ELSE format('(SELECT count(x) FROM (SELECT %s AS x FROM argument WHERE r = 1 AND i > 0) AS x)', call) END;

    -- in one statement
    done := 20;
    FOR turn IN 1 .. 2 LOOP
        started := clock_timestamp();
        -- asking allocates at first; the second and the third answer can be compared. No ORDER BY i: they come in this order, and
        -- a sort below the aggregate (PostgreSQL 16) would have made all calls before the first is asked about
        EXECUTE argument || format(' SELECT sum(x), array_agg(growth.used(x)) FILTER (WHERE i IN (%1$s, %1$s + 1, %2$s))
                        FROM (SELECT i, %3$s AS x FROM generate_series(1, %2$s) i OFFSET 0) AS calls', done / 10, done, query) INTO answered, used;
        ms := extract(epoch FROM clock_timestamp() - started) * 1000 / done;
        EXIT WHEN turn = 2;
        done := least(calls, greatest(100, budget_ms / greatest(ms, 0.001)));
    END LOOP;
    bytes := used[3][1] - used[2][1];
    process := used[3][2] - used[2][2];

    -- in one after the other
    FOR i IN 1 .. statements LOOP
        EXECUTE argument || format(' SELECT %s FROM (SELECT 1 AS i OFFSET 0) AS calls', query);
        -- asking allocates at first
        IF i <= 3 THEN
            first := growth.used(1);
        END IF;
    END LOOP;
    last := growth.used(1);
    kept := last[1] - first[1];
EXCEPTION WHEN OTHERS THEN
    wrong := SQLSTATE || ' ' || SQLERRM || coalesce(' in ' || query, '');
END $$;
