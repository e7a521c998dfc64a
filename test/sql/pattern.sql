-- kpi.pattern: reading, canonical form, errors, the constructor, comparison
\set VERBOSITY default
CREATE FUNCTION pg_temp.try(text text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; detail text; hint text;
BEGIN
	RETURN text::kpi.pattern::text;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', 'ERROR ' || SQLSTATE || ': ' || message, nullif(detail, ''), nullif(hint, ''));
END $$;

-- canonical form
SELECT t AS pattern, pg_temp.try(t) AS canonical
FROM unnest(ARRAY[
	'view',
	'view->cart->purchase',
	'view  =>  cart',
	'a -[next]-> b',
	'a -[ <= 90 min , >= 10 sec no x|y ]-> b',
	'a-[next]->b',
	'a|b|a -> c*|"d e"*',
	'a -> *? -> b',
	'WITHIN 7d, A -> B, Any Order',
	'within 7 days a -> b',
	'open -> within -> by',
	'open open',
	'"open" within 1 hour',
	'a -> b within 1 day 2 hours 3 min 4.5 sec',
	'a -> b within 0 sec',
	'a -> b within 1500 ms strictly increasing first entry',
	'a -> b reuse rows by week',
	'a -> b open by month in Asia/Seoul',
	'a by day in "Asia/Seoul"',
	'구매 -> "장바구니" -> été',
	'/checkout/* -> app:open -> v1.2-beta',
	'"say ""hi""" -> "a->b"',
	'"*" -> "x*"'
]) AS t;

-- errors: place, reason and what to write instead
SELECT t AS pattern, pg_temp.try(t) AS error
FROM unnest(ARRAY[
	'',
	'   ',
	'a ->',
	'a -> => b',
	'-> a',
	'a b',
	'a -> b wihtin 7 days',
	'a -> b within 7',
	'a -> b within 7 fortnights',
	'a -> b within 1 month',
	'a -> b within 2 years',
	'a -> b within -5 days',
	'a -> b within 99999999999 days',
	'a -> b within 0.1 us',
	'a -> b within 1 day within 2 days',
	'a -[<= 1 hour, <= 2 hours]-> b',
	'a -[no x, no y]-> b',
	'a -[no *]-> b',
	'a -[]-> b',
	'a -[< 1 hour]-> b',
	'a -[maybe]-> b',
	'a -> b by fortnight',
	'a -> b by day in Mars/Olympus',
	'a → b',
	'a@b -> c',
	'"" -> b',
	'"abc -> d',
	'a? -> b',
	'a => b any order',
	'a -> b? any order',
	'a -> b any order strictly increasing',
	'a -> b any order open',
	'a -> b open first entry',
	'a => b reuse rows',
	'a -> b reuse rows strictly increasing',
	'a -[next, no x]-> b',
	'a -[>= 2 hours, <= 1 hour]-> b',
	'a -[>= 2 hours]-> b within 1 hour',
	'a -[no b]-> b',
	'a -[no vie*]-> view',
	'a -> b -> "한국어" oops'
]) AS t;
SELECT pg_temp.try(string_agg('s' || i, '->' ORDER BY i)) AS too_many_steps FROM generate_series(1, 64) i;
SELECT length(pg_temp.try(string_agg('s' || i, '->' ORDER BY i))) AS sixty_three_steps FROM generate_series(1, 63) i;
SELECT pg_temp.try('a' || repeat(' -> b?', 9) || ' -> c') AS too_many_optional;
SELECT pg_temp.try(repeat('x', 1025)) AS long_label;
SELECT pg_temp.try(string_agg('l' || i, '|')) AS too_many_labels FROM generate_series(1, 1001) i;
SELECT pg_temp.try(repeat(' ', 65537)) AS long_text;

-- the constructor
SELECT kpi.pattern(steps => ARRAY['view', 'cart', 'purchase'], within => '7 days');
SELECT kpi.pattern(ARRAY['a b', 'within', 'x*'], interval '1 day 01:30', first_entry => true, by => 'week', zone => 'Asia/Seoul');
SELECT kpi.pattern(steps => ARRAY['a', 'b', 'c'], arrows => ARRAY['=>', '-[<= 1 hour]->'], optional => ARRAY[2]);
SELECT kpi.pattern(steps => ARRAY['a', 'b'], any_order => true, reuse_rows => true);
SELECT kpi.pattern(steps => ARRAY['a', 'b'], strictly_increasing => true, open => true);
SELECT kpi.pattern('view -> cart');
SELECT kpi.pattern(steps => '{}');
SELECT kpi.pattern(steps => NULL);
SELECT kpi.pattern(steps => ARRAY['a', NULL]);
SELECT kpi.pattern(steps => ARRAY['a', '']);
SELECT kpi.pattern(steps => ARRAY[['a', 'b']]);
SELECT kpi.pattern(steps => ARRAY['a', 'b'], within => '1 month');
SELECT kpi.pattern(steps => ARRAY['a', 'b'], within => '-1 hour');
SELECT kpi.pattern(steps => ARRAY['a', 'b'], arrows => ARRAY['=>', '=>']);
SELECT kpi.pattern(steps => ARRAY['a', 'b'], arrows => ARRAY['then']);
SELECT kpi.pattern(steps => ARRAY['a', 'b'], optional => ARRAY[3]);
SELECT kpi.pattern(steps => ARRAY['a', 'b'], by => 'fortnight');
SELECT kpi.pattern(steps => ARRAY['a', 'b'], zone => 'UTC');
SELECT kpi.quote_label(l) FROM unnest(ARRAY['view', 'a b', 'by', 'say "hi"', '구매', 'x*', 'a->b']) AS l;
SELECT kpi.quote_label('');

-- comparison is that of the canonical text
SELECT 'a->b'::kpi.pattern OPERATOR(kpi.=) 'a  ->  b' AS eq,
       'a->b'::kpi.pattern OPERATOR(kpi.<>) 'a -> c' AS ne,
       'a -> b within 90 min'::kpi.pattern OPERATOR(kpi.=) 'within 1.5 hours a -> b' AS same_span;
SELECT DISTINCT p FROM (VALUES ('a->b'::kpi.pattern), ('a -> b'), ('b')) AS v(p) ORDER BY p;
SELECT p, count(*) FROM (VALUES ('a->b'::kpi.pattern), ('a -> b'), ('b')) AS v(p) GROUP BY p ORDER BY p;

-- in a table, through COPY in both formats
CREATE TEMP TABLE patterns (id int, p kpi.pattern);
INSERT INTO patterns VALUES (1, 'a -> "b c"* within 7 days by week in Asia/Seoul'), (2, '구매'), (3, NULL);
SELECT current_setting('data_directory') || '/pattern.copy' AS file \gset
COPY patterns TO :'file' WITH (FORMAT binary);
CREATE TEMP TABLE copied (LIKE patterns);
COPY copied FROM :'file' WITH (FORMAT binary);
SELECT count(*) FROM patterns JOIN copied USING (id) WHERE patterns.p::text IS NOT DISTINCT FROM copied.p::text;
COPY patterns TO :'file';
COPY copied FROM :'file';
SELECT id, p, count(*) FROM copied GROUP BY id, p ORDER BY id;
