-- kpi.formula: the language, what it needs, and what it comes to, next to plain SQL
CREATE SCHEMA formula_test;
SET search_path = formula_test;
SET client_min_messages = warning;
CREATE FUNCTION error_of(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
  RETURN concat_ws(' / ', SQLSTATE || ' ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;

-- ---- the language ----
SELECT s AS written, s::kpi.formula AS canonical FROM (VALUES ('ltv/cac'), ('(a)+((b))*c'), ('((a+b))*c'), ('a-(b-c)'), ('(a-b)-c'), ('a+(b+c)'), ('a/(b*c)'), ('(a/b)*c'), ('-(a+b)'), ('-(a)*b'), ('- -a'), ('a- -b'),
  ('revenue * (1 - 2.9 %)'), ('1.50 + .5 + 1E3 + 1e20 + 007'), ('MIN(a,b, c) + Max(a,1) - abs( -a )'), ('round(a/b)+round(a,0)+round(a, 2)+round(a, -3)'), ('coalesce(refunds,0)/nullif((orders), 1)'),
  ('(cac-previous(cac))/previous("cac")'), ('revenue/YEAR_AGO(revenue)-1'), ('"sign-up rate" + sign-up + "plain" + "1st"'), ('구매율 / été'), ('"say ""hi"""'), ('min / max'), ('Revenue - revenue')) AS v(s);
-- reads what it prints
SELECT count(*) FROM (VALUES ('a - (b - c / (d * -e)) * round(min(a, "b c", 1e300), 2)'), ('previous("x y") - year_ago(z)')) AS v(s) WHERE s::kpi.formula::text::kpi.formula::text = s::kpi.formula::text;
-- quote_ident() writes any name
SELECT count(*) FROM unnest(ARRAY['a', 'A', 'sign-up', 'say "hi"', '1st', 'a.b', 'a b', 'select', '구매', '→', '.', '''', 'min', 'a$b']) AS n WHERE kpi.formula_names((quote_ident(n) || ' + 1')::kpi.formula) = ARRAY[n];
-- what the manual shows
SELECT '(LTV)/("cac"+5 %)'::kpi.formula, kpi.calculate('(cac - previous(cac)) / previous(cac)', ARRAY['cac', 'previous(cac)'], ARRAY[60, 50]);
SELECT * FROM kpi.formula_inputs('revenue / previous(revenue) * "sign-up rate"');
-- mistakes
SELECT s, e FROM (VALUES (''), (' '), ('a +'), ('+ a'), ('a b'), ('sign up rate'), ('2 cac'), ('a ** 2'), ('a ^ 2'), ('a = b'), ('a × b'), ('a : b'), ('a -> b'), ('(a'), ('a)'), ('()'), ('1,5 * a'), ('cac %'), ('7d_rate'), ('1e309'), ('1e-400'), ('"a'), ('""'), ('''a'''),
  ('구매율 + 재구매율 구매율'), ('sqrt(a)'), ('greatest(a, b)'), ('NVL(a, 0)'), ('abs()'), ('min(a)'), ('coalesce(a)'), ('nullif(a, b, c)'), ('round(a, b)'), ('round(a, 16)'), ('round(a, 1, 2)'), ('previous(a / b)'), ('year_ago(previous(a))'), ('"previous(a)"')) AS v(s), LATERAL error_of(format('SELECT %L::kpi.formula', s)) AS e;
SELECT left(s, 12) || '...' AS s, e FROM (VALUES (repeat('(', 101) || 'a' || repeat(')', 101)), (repeat('a + ', 1000) || 'a'), (repeat('n', 1025)), (repeat(' ', 65536) || 'a'), (repeat(repeat('n', 64) || '+', 999) || 'n'), (repeat('9', 309))) AS v(s), LATERAL error_of(format('SELECT %L::kpi.formula', s)) AS e;
-- the largest there are
SELECT length(f::text), kpi.formula_names(f), kpi.calculate(f, '{a}', '{2}') FROM (VALUES ((repeat('a + ', 999) || 'a')::kpi.formula), ((repeat('-', 100) || 'a')::kpi.formula), ((repeat('(1 - ', 100) || 'a' || repeat(')', 100))::kpi.formula), (('max(a' || repeat(', a', 999) || ')')::kpi.formula)) AS v(f);
-- it sorts, groups and is stored
CREATE TABLE stored (id int PRIMARY KEY, f kpi.formula UNIQUE);
INSERT INTO stored VALUES (1, 'ltv / cac'), (2, 'cac'), (3, NULL), (4, 'revenue - costs');
SELECT error_of($$INSERT INTO formula_test.stored VALUES (5, '(ltv)/(cac)')$$);
SELECT f, count(*) FROM (SELECT f FROM stored UNION ALL SELECT '"ltv"/cac') AS u GROUP BY f ORDER BY f;
SELECT a.id, b.id FROM stored a JOIN stored b ON a.f OPERATOR(kpi.<) b.f ORDER BY 1, 2;
SELECT id FROM stored WHERE f OPERATOR(kpi.=) 'revenue-costs' OR f OPERATOR(kpi.=) '(cac)';
SELECT encode(kpi.formula_send('ltv/cac'), 'hex') AS bytes;

-- ---- what it needs ----
SELECT kpi.formula_names('b + previous(a) * a - b / year_ago(b) + "a b" + 1'), kpi.formula_names('1 + 2'), kpi.formula_names(NULL);
SELECT * FROM kpi.formula_inputs('b + previous(a) * a - b / year_ago("x(y)") + "a b" + previous(a)');
SELECT * FROM kpi.formula_inputs('1 + 2');
SELECT * FROM kpi.formula_inputs(NULL);

-- ---- what it comes to ----
SELECT f, kpi.calculate(f::kpi.formula, '{ltv,cac,zero,none,previous(cac),year_ago(cac)}', '{300,60,0,NULL,50,80}') FROM (VALUES ('ltv / cac'), ('(cac - previous(cac)) / previous(cac)'), ('cac - year_ago(cac)'), ('1 - 2 - 3'), ('100 / 10 / 5'), ('2 + 3 * 4'), ('-2 * -3'), ('ltv * 5%'),
  -- null
  ('ltv + none'), ('coalesce(none, ltv)'), ('coalesce(none, none / 2, 7, ltv / zero)'), ('min(ltv, none)'), ('max(ltv, none)'), ('abs(none)'), ('round(none, 2)'), ('nullif(none, 1)'), ('nullif(ltv, none)'), ('nullif(cac, 60)'), ('-none'),
  -- nothing to divide by
  ('ltv / zero'), ('zero / zero'), ('ltv / (cac - 60)'), ('coalesce(ltv / zero, -1)'), ('ltv / -zero'), ('0 * (1 / zero)'),
  -- too large, too small
  ('1e308 * 10'), ('1e308 + 1e308'), ('-1e308 - 1e308'), ('1 / 1e-320'), ('1e-200 * 1e-200'), ('coalesce(1e308 * 10, 1)'),
  -- functions
  ('min(3, 1, 2)'), ('max(3, 1, 2)'), ('abs(cac - ltv)'), ('-zero'), ('abs(-zero)'), ('zero * -1'),
  ('round(1.005, 2)'), ('round(-1.005, 2)'), ('round(2.5)'), ('round(-2.5)'), ('round(0.5)'), ('round(1250, -2)'), ('round(1249.999, -2)'), ('round(49, -2)'), ('round(0.1 + 0.2, 15)'), ('round(1e300, 2)'), ('round(9.995, 2)'), ('round(-0.4)')) AS v(f);
-- what is not finite is not known
SELECT v, kpi.calculate('a', '{a}', ARRAY[v]), kpi.calculate('coalesce(a, 1)', '{a}', ARRAY[v]), kpi.calculate('1 / a', '{a}', ARRAY[v]) FROM unnest('{NaN,Infinity,-Infinity,NULL,-0,5e-324}'::float8[]) AS v;
-- names are taken as they are; more than are needed do no harm
SELECT kpi.calculate('"sign-up rate" * previous("say ""hi""") + A - a', '{x,"sign-up rate","previous(say \"hi\")",a,A,"",x}', '{1,2,3,5,7,11,13}');
SELECT kpi.calculate('1 + 1', '{}', '{}'), kpi.calculate(NULL, '{a}', '{1}'), kpi.calculate('a', NULL, '{1}'), kpi.calculate('a', '{a}', NULL);
-- errors
SELECT c, e FROM (VALUES ($$'a / b', '{a}', '{1}'$$), ($$'previous(a)', '{a}', '{1}'$$), ($$'a', '{A}', '{1}'$$), ($$'a', '{a,a}', '{1,1}'$$), ($$'year_ago(a)', '{year_ago(a),x,year_ago(a)}', '{1,2,3}'$$), ($$'a', '{a,b}', '{1}'$$), ($$'a', '{a}', '{1,2}'$$),
  ($$'a', '{a,NULL}', '{1,2}'$$), ($$'a', '{{a,b}}', '{1,2}'$$), ($$'a', '{a,b}', '{{1,2}}'$$), ($$'a +', '{a}', '{1}'$$), ($$'a', '{}', '{}'$$)) AS v(c), LATERAL error_of('SELECT kpi.calculate(' || c || ')') AS e;
-- lower bounds of arrays mean nothing
SELECT kpi.calculate('a - b', '[5:6]={a,b}', '[-1:0]={5,3}');
-- nothing is run
CREATE TABLE victim (i int);
SELECT kpi.calculate('"(SELECT 1 / 0)" + "; DROP TABLE formula_test.victim; --"', ARRAY['(SELECT 1 / 0)', '; DROP TABLE formula_test.victim; --'], '{1,2}'), error_of($$SELECT '1; DROP TABLE formula_test.victim; --'::kpi.formula$$);
SELECT count(*) FROM victim;

-- ---- next to plain SQL ----
-- operators of the same text in SQL: precedence and order. Signs are not doubled, as -- begins a comment there.
CREATE FUNCTION h(i int, k int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(i::bigint * 1000003 + k, 7) & 2147483647)::int $$;
CREATE FUNCTION flat(i int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE t text := ''; open int := 0; n int := 2 + h(i, 0) % 9;
BEGIN
  FOR k IN 1..n LOOP
    IF k > 1 THEN t := t || (ARRAY[' + ', ' - ', '*', ' / '])[1 + h(i, 10 * k) % 4]; END IF;
    IF h(i, 10 * k + 1) % 4 = 0 THEN t := t || ' -'; END IF;
    IF k < n AND h(i, 10 * k + 2) % 3 = 0 THEN t := t || '('; open := open + 1; END IF;
    t := t || (ARRAY['a', 'b', 'c', 'd'])[1 + h(i, 10 * k + 3) % 4];
    IF open > 0 AND h(i, 10 * k + 4) % 3 = 0 THEN t := t || ')'; open := open - 1; END IF;
  END LOOP;
  RETURN t || repeat(')', open);
END $$;
CREATE FUNCTION in_sql(expression text, a float8, b float8, c float8, d float8) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE r float8;
BEGIN
  EXECUTE 'SELECT ' || expression || ' FROM (VALUES ($1, $2, $3, $4)) AS v(a, b, c, d)' INTO r USING a, b, c, d;
  RETURN r;
EXCEPTION WHEN division_by_zero THEN RETURN NULL;
END $$;
CREATE TABLE flats AS SELECT i, t, kpi.calculate(t::kpi.formula, '{d,c,b,a}', ARRAY[d, c, b, a]) AS found, in_sql(t, a, b, c, d) AS wanted, kpi.calculate(t::kpi.formula::text::kpi.formula, '{a,b,c,d}', ARRAY[a, b, c, d]) AS again
FROM generate_series(1, 3000) i, LATERAL (SELECT flat(i) AS t, (h(i, 901) % 7)::float8 AS a, (h(i, 902) % 1000) / 100.0::float8 AS b, CASE WHEN h(i, 904) % 20 > 0 THEN (h(i, 903) % 9) - 4 END::float8 AS c, (1 + h(i, 905) % 10)::float8 AS d) AS v;
SELECT count(*), count(DISTINCT t) > 2500 AS various, count(*) FILTER (WHERE found IS DISTINCT FROM wanted OR again IS DISTINCT FROM wanted) AS different, count(found) BETWEEN 1500 AND 2990 AS some_are_null FROM flats;
-- the canonical text means the same in SQL, too
SELECT count(*) FILTER (WHERE in_sql(replace(t::kpi.formula::text, '--', '- -'), a, b, c, d) IS DISTINCT FROM wanted) AS different
FROM flats, LATERAL (SELECT (h(i, 901) % 7)::float8 AS a, (h(i, 902) % 1000) / 100.0::float8 AS b, CASE WHEN h(i, 904) % 20 > 0 THEN (h(i, 903) % 9) - 4 END::float8 AS c, (1 + h(i, 905) % 10)::float8 AS d) AS v;

-- trees of all that there is, each as a formula and as SQL that says what is meant
CREATE TYPE two AS (formula text, sql text);
CREATE FUNCTION tree(i int, k int, depth int) RETURNS two LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE kind int := h(i, 1000 * k) % 14; x two; y two; z two; r two; digits int := h(i, 1000 * k + 1) % 9 - 4;
BEGIN
  IF depth = 0 OR kind = 0 THEN
    CASE h(i, 1000 * k + 2) % 8
      WHEN 0 THEN r := ('previous(a)', 'pa');
      WHEN 1 THEN r := ('year_ago("the b")', 'yb');
      WHEN 2 THEN r := ('"the b"', 'b');
      WHEN 3 THEN r := (digits + 5 || '.50', digits + 5 || '.50::float8');
      WHEN 4 THEN r := (digits + 5 || '%', (digits + 5) || 'e-2::float8');
      WHEN 5 THEN r := ('12e-1', '1.2::float8');
      ELSE r := ('a', 'a');
    END CASE;
    RETURN r;
  END IF;
  x := tree(i, 3 * k, depth - 1);
  y := tree(i, 3 * k + 1, depth - 1);
  z := tree(i, 3 * k + 2, depth - 1);
  CASE kind
    WHEN 1, 2 THEN r := (format('(%s + %s)', x.formula, y.formula), format('(%s + %s)', x.sql, y.sql));
    WHEN 3, 4 THEN r := (format('(%s - %s)', x.formula, y.formula), format('(%s - %s)', x.sql, y.sql));
    WHEN 5 THEN r := (format('(%s * %s)', x.formula, y.formula), format('(%s * %s)', x.sql, y.sql));
    WHEN 6, 7 THEN r := (format('(%s / %s)', x.formula, y.formula), format('(%s / nullif(%s, 0))', x.sql, y.sql));
    WHEN 8 THEN r := (format('-(%s)', x.formula), format('(- (%s))', x.sql));
    WHEN 9 THEN r := (format('abs(%s)', x.formula), format('abs(%s)', x.sql));
    WHEN 10 THEN r := (format('min(%s, %s, %s)', x.formula, y.formula, z.formula), format('(SELECT CASE WHEN count(v) = 3 THEN min(v) END FROM unnest(ARRAY[%s, %s, %s]) AS v)', x.sql, y.sql, z.sql));
    WHEN 11 THEN r := (format('max(%s, %s)', x.formula, y.formula), format('(SELECT CASE WHEN count(v) = 2 THEN max(v) END FROM unnest(ARRAY[%s, %s]) AS v)', x.sql, y.sql));
    WHEN 12 THEN r := (format('round(%s, %s)', x.formula, digits), format('round((%s)::text::numeric, %s)::float8', x.sql, digits));
    ELSE IF digits < 0 THEN r := (format('nullif(%s, %s)', x.formula, y.formula), format('nullif(%s, %s)', x.sql, y.sql));
      ELSE r := (format('coalesce(%s, %s, %s)', x.formula, y.formula, z.formula), format('coalesce(%s, %s, %s)', x.sql, y.sql, z.sql)); END IF;
  END CASE;
  RETURN r;
END $$;
CREATE FUNCTION tree_in_sql(expression text, a float8, b float8, pa float8, yb float8) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE r float8;
BEGIN
  EXECUTE 'SELECT ' || expression || ' FROM (VALUES ($1, $2, $3, $4)) AS v(a, b, pa, yb)' INTO r USING a, b, pa, yb;
  RETURN r;
END $$;
CREATE TABLE trees AS SELECT i, f::kpi.formula AS formula, s, a, b, pa, yb, tree_in_sql(s, a, b, pa, yb) AS wanted
FROM (SELECT i, tree(i, 1, 1 + i % 5) AS two FROM generate_series(1, 2500) AS i) AS t, LATERAL (SELECT (two).formula, (two).sql) AS u(f, s),
  LATERAL (SELECT CASE WHEN h(i, 801) % 12 > 0 THEN h(i, 802) % 5 - 2 END::float8 AS a, CASE WHEN h(i, 803) % 12 > 0 THEN (h(i, 804) % 100000) / 1000.0 END::float8 AS b,
    CASE WHEN h(i, 805) % 6 > 0 THEN h(i, 806) % 3 END::float8 AS pa, CASE WHEN h(i, 807) % 6 > 0 THEN (h(i, 808) % 200) / 7.0 END::float8 AS yb) AS v;
SELECT count(*), count(DISTINCT formula) > 1700 AS various, count(*) FILTER (WHERE found IS DISTINCT FROM wanted) AS different, count(wanted) BETWEEN 1000 AND 2300 AS some_are_null,
  count(*) FILTER (WHERE formula::text::kpi.formula OPERATOR(kpi.<>) formula OR formula::text::kpi.formula::text <> formula::text) AS unstable
FROM trees, LATERAL (SELECT kpi.calculate(formula, '{a,the b,previous(a),year_ago(the b),previous(the b),year_ago(a)}', ARRAY[a, b, pa, yb, 0, 0]) AS found) AS c;
SELECT formula, s, wanted, a, b, pa, yb FROM trees WHERE wanted IS DISTINCT FROM kpi.calculate(formula, '{a,the b,previous(a),year_ago(the b)}', ARRAY[a, b, pa, yb]) ORDER BY i LIMIT 5;
-- what is needed is what is there
SELECT count(*) FILTER (WHERE kpi.formula_names(formula) IS DISTINCT FROM ARRAY(SELECT name FROM kpi.formula_inputs(formula) WITH ORDINALITY AS x(name, at, key, n) GROUP BY name ORDER BY min(n))) AS names,
  count(*) FILTER (WHERE EXISTS (SELECT FROM kpi.formula_inputs(formula) WHERE (at = 'now') <> (key = name) OR (at <> 'now') <> (key = format('%s(%s)', at, name)) OR position(CASE WHEN at = 'now' THEN trim(key, '"') ELSE at || '(' END IN formula::text) = 0)) AS keys FROM trees;
-- in parallel
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
ALTER TABLE trees SET (parallel_workers = 2);
CREATE FUNCTION plan(q text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS off) ' || q; END $$;
SELECT count(*) FILTER (WHERE p ~ 'Gather') AS gathers, count(*) FILTER (WHERE p ~ 'Partial Aggregate') AS partial FROM plan($$SELECT count(*) FROM formula_test.trees WHERE wanted IS DISTINCT FROM kpi.calculate(formula, '{a,the b,previous(a),year_ago(the b)}', ARRAY[a, b, pa, yb])$$) AS p;
SELECT count(*) FROM trees WHERE wanted IS DISTINCT FROM kpi.calculate(formula, '{a,the b,previous(a),year_ago(the b)}', ARRAY[a, b, pa, yb]);
DROP SCHEMA formula_test CASCADE;
