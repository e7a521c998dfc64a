-- kpi.ratio: exact sums over exact sums, intervals and comparisons next to plain SQL and to published values
CREATE SCHEMA ratio_test;
SET search_path = ratio_test;
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
-- the normal distribution by the sum of its density
CREATE FUNCTION erfc_of(z float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT 1 - 2 / sqrt(2 * pi()) * z / 2000 * sum(exp(-0.5 * power((k - 0.5) * z / 2000, 2))) FROM generate_series(1, 2000) AS k $$;
CREATE FUNCTION h(i int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(i, n) & 1073741823)::int $$;

-- ---- by hand ----
CREATE TABLE ads (campaign text, clicks int, impressions int, cost numeric(10, 2));
INSERT INTO ads VALUES ('a', 10, 1000, 12.50), ('a', 0, 200, 3.10), ('b', 7, 100, 20), ('b', 3, 0, 1.00), ('c', NULL, 50, 1), ('c', 5, NULL, 1), ('d', 0, 0, 5);
SELECT campaign, r, kpi.value(r), kpi.numerator(r), kpi.denominator(r), kpi.n(r), kpi.ci_low(r) IS NULL AS no_interval
FROM (SELECT campaign, kpi.ratio(clicks, impressions) AS r FROM ads GROUP BY campaign) AS s ORDER BY campaign;
-- sum over sum, not the average of ratios
SELECT kpi.value(kpi.rollup(r)) = sum(kpi.numerator(r)) / sum(kpi.denominator(r)) AS sum_over_sum, kpi.value(kpi.rollup(r)) = avg(kpi.value(r)) AS average FROM (SELECT kpi.ratio(cost, impressions) AS r FROM ads WHERE campaign IN ('a', 'b') GROUP BY campaign) AS s;
-- nothing, an empty ratio, a zero denominator
SELECT kpi.ratio(clicks, impressions), kpi.value(kpi.ratio(clicks, impressions)), kpi.n(kpi.ratio(clicks, impressions)), kpi.numerator(kpi.ratio(clicks, impressions)) FROM ads WHERE false;
SELECT kpi.rollup(r), kpi.value(kpi.rollup(r)), kpi.merge(NULL, '{}'::kpi.ratio), kpi.value(NULL::kpi.ratio) FROM (SELECT NULL::kpi.ratio AS r) AS s;
SELECT (kpi.compare(a, b)).*, kpi.ci_low(a), kpi.ci_high(a) FROM (SELECT kpi.ratio(5, 0) AS a, kpi.ratio(1, 2) AS b) AS s;
SELECT (kpi.compare(a, b)).* FROM (SELECT kpi.ratio(1, 2) AS a, NULL::kpi.ratio AS b) AS s;
-- the sum keeps its meaning, others do not
SELECT kpi.value(a OPERATOR(kpi.+) b), kpi.merge(a, b) OPERATOR(kpi.=) kpi.merge(b, a) AS same, a OPERATOR(kpi.<>) b AS different FROM (SELECT kpi.ratio(1, 3) AS a, kpi.ratio(2, 5) AS b) AS s;
SELECT q, error_of(q) FROM (VALUES
  ('SELECT kpi.ratio(1, 2) OPERATOR(kpi.-) kpi.ratio(1, 2)'), ('SELECT kpi.ratio(1, 2) OPERATOR(kpi.*) kpi.ratio(1, 2)'), ('SELECT kpi.ratio(1, 2) OPERATOR(kpi./) kpi.ratio(1, 2)'),
  ('SELECT kpi.ratio(''NaN'', 2)'), ('SELECT kpi.ratio(1, ''NaN'')'), ('SELECT kpi.ratio(''Infinity'', 2)'), ('SELECT kpi.ratio(3, ''-Infinity'')'),
  ('SELECT kpi.ci_low(kpi.ratio(1, 2), 95)'), ('SELECT kpi.ci_high(kpi.ratio(1, 2), 0)'), ('SELECT kpi.ci_low(kpi.ratio(1, 2), 1)'), ('SELECT kpi.ci_low(kpi.ratio(1, 2), ''NaN'')'),
  ('SELECT kpi.ci_low(kpi.ratio(1, 2), 0.9, ''wald'')'), ('SELECT kpi.ci_low(kpi.ratio(3, 2), 0.9, ''wilson'')'), ('SELECT kpi.compare(kpi.ratio(1, 2), kpi.ratio(1, 2.5), method => ''wilson'')'),
  ('SELECT kpi.compare(kpi.ratio(1, 2), kpi.ratio(1, 2), 1.5)')) AS v(q);
-- a row of nulls is no row, also of NaN beside a null
SELECT kpi.ratio('NaN', NULL), kpi.ratio(NULL, 'Infinity');

-- ---- text, jsonb, binary ----
CREATE TABLE stored AS SELECT kpi.ratio(clicks, impressions) AS r FROM ads GROUP BY campaign UNION ALL SELECT kpi.ratio(cost, 7e300) FROM ads UNION ALL SELECT kpi.ratio(-1e-120, 12345678901234567890.0987654321) UNION ALL SELECT kpi.ratio(i, -i) FROM generate_series(1, 1000) AS i;
SELECT count(*), count(*) FILTER (WHERE r::text::kpi.ratio OPERATOR(kpi.<>) r OR r::jsonb::kpi.ratio OPERATOR(kpi.<>) r OR r::jsonb::text <> r::text) AS changed, count(DISTINCT r::text) AS different FROM stored;
SELECT current_setting('data_directory') || '/ratio.copy' AS file \gset
COPY stored TO :'file' (FORMAT binary);
CREATE TABLE again (r kpi.ratio);
COPY again FROM :'file' (FORMAT binary);
SELECT count(*) AS changed FROM ((TABLE stored EXCEPT ALL TABLE again) UNION ALL (TABLE again EXCEPT ALL TABLE stored)) AS s;
SELECT kpi.ratio_send(r) FROM (SELECT kpi.ratio(i, 10.5) AS r FROM generate_series(1, 3) i) AS s;
SELECT j, error_of(format('SELECT %L::kpi.ratio', j)) FROM unnest(ARRAY['', '[]', '{"rows": 1}', '{"rows": -1, "others": 0, "wide": 0, "numerator": 0, "denominator": 0, "numerator_squared": 0, "product": 0, "denominator_squared": 0}',
  '{"rows": 1, "others": 0, "wide": 0, "numerator": 3, "denominator": 2, "numerator_squared": 0, "product": 0, "denominator_squared": 0}',
  '{"rows": 1, "others": 2, "wide": 0, "numerator": 3, "denominator": 2, "numerator_squared": 0, "product": 0, "denominator_squared": 0}',
  '{"rows": 0, "others": 0, "wide": 0, "numerator": 3, "denominator": 4, "numerator_squared": 0, "product": 0, "denominator_squared": 0}',
  '{"rows": 1, "others": 1, "wide": 0, "numerator": 3, "denominator": 2, "numerator_squared": -1, "product": 0, "denominator_squared": 0}',
  '{"rows": 1, "others": 1, "wide": 0, "numerator": "3", "denominator": 2, "numerator_squared": 0, "product": 0, "denominator_squared": 0}']) AS j;

-- ---- any numerics, in any order: exactly what plain SQL adds up ----
-- the sums of numerics of every shape: small and large, long and short headers, digits at the ends of what numeric has
CREATE TABLE numbers AS SELECT i, g, CASE WHEN h(i, 1) % 11 > 0 THEN sign_x * x END AS x, CASE WHEN h(i, 2) % 11 > 0 THEN sign_y * y END AS y
FROM (SELECT i, h(i, 3) % 12 AS g, CASE WHEN h(i, 4) % 3 = 0 THEN -1 ELSE 1 END AS sign_x, CASE WHEN h(i, 5) % 4 = 0 THEN -1 ELSE 1 END AS sign_y,
    CASE h(i, 6) % 8 WHEN 0 THEN 0 WHEN 1 THEN h(i, 7) WHEN 2 THEN h(i, 7) / 100.0 WHEN 3 THEN h(i, 7)::numeric * h(i, 8) * h(i, 9) WHEN 4 THEN (h(i, 7) % 1000)::numeric(20, 12) WHEN 5 THEN 1e40 * h(i, 7) WHEN 6 THEN h(i, 7) * 1e-30 ELSE h(i, 7) % 10 END AS x,
    CASE h(i, 10) % 6 WHEN 0 THEN 1 WHEN 1 THEN h(i, 11) WHEN 2 THEN h(i, 11) / 1000.0 WHEN 3 THEN 10000 * (h(i, 11) % 5) WHEN 4 THEN 0.0001 * (h(i, 11) % 30000) ELSE h(i, 11) * 1e20 + 1e-20 END AS y
  FROM generate_series(1, 6000) AS i) AS s;
SELECT count(*) AS groups, count(*) FILTER (WHERE kpi.numerator(r) <> x OR kpi.denominator(r) <> y OR kpi.n(r) <> n OR kpi.value(r) <> round(x / y, scale(kpi.value(r)))) AS wrong
FROM (SELECT kpi.ratio(numbers.x, numbers.y) AS r, sum(numbers.x) FILTER (WHERE numbers.y IS NOT NULL) AS x, sum(numbers.y) FILTER (WHERE numbers.x IS NOT NULL) AS y, count(numbers.x + numbers.y) AS n FROM numbers GROUP BY g) AS s;
-- what it holds of squares is exact, too
SELECT count(*) FILTER (WHERE (j ->> 'numerator_squared')::numeric <> xx OR (j ->> 'product')::numeric <> xy OR (j ->> 'denominator_squared')::numeric <> yy OR (j ->> 'others')::int <> others OR (j ->> 'wide')::int <> 0) AS wrong
FROM (SELECT kpi.ratio(x, y)::jsonb AS j, sum(x * x) FILTER (WHERE y IS NOT NULL) AS xx, sum(x * y) AS xy, sum(y * y) FILTER (WHERE x IS NOT NULL) AS yy,
    count(*) FILTER (WHERE x IS NOT NULL AND y IS NOT NULL AND NOT (x = trunc(x) AND y = trunc(y) AND x BETWEEN 0 AND y)) AS others FROM numbers GROUP BY g) AS s;
-- the ends of numeric
SELECT count(*) AS rows, bool_and(kpi.numerator(r) = x AND kpi.denominator(r) = x) AS exact, sum((r::jsonb ->> 'wide')::int) AS wide, bool_and(kpi.ci_low(r) IS NULL) AS no_interval, bool_and(r::text::kpi.ratio OPERATOR(kpi.=) r) AS read
FROM (SELECT kpi.ratio(x, x) AS r, sum(x) AS x FROM (SELECT i, 10::numeric ^ 131071 AS x FROM generate_series(1, 3) i UNION ALL SELECT i, ('0.' || repeat('0', 16382) || '1')::numeric FROM generate_series(1, 5) i UNION ALL SELECT i, 1e100 FROM generate_series(1, 2) i UNION ALL SELECT i, 1e-101 FROM generate_series(1, 2) i UNION ALL SELECT i, -1.5 FROM generate_series(1, 2) AS i) AS v GROUP BY i) AS s;
SELECT kpi.ci_low((SELECT kpi.ratio(x, 1) FROM unnest('{1e100,-1}'::numeric[]) AS x)) IS NULL AS wide, kpi.ci_low(r) < 1 AS widest, r::jsonb -> 'wide' AS wide_rows FROM (SELECT kpi.ratio(x, 1) AS r FROM unnest('{9e99,-9e99,1e-100}'::numeric[]) AS x) AS s;
SELECT error_of('SELECT kpi.ratio(9 * 10::numeric ^ 131071, 1) FROM generate_series(1, 12)');
-- rolled up in whatever parts, in any order, serial and in parallel
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
ANALYZE numbers;
SELECT count(DISTINCT r) AS answers, count(*) AS ways FROM (SELECT kpi.ratio(x, y)::text AS r FROM numbers
  UNION ALL SELECT kpi.ratio(x, y ORDER BY h(i, 20))::text FROM numbers UNION ALL SELECT kpi.ratio(x, y ORDER BY x DESC)::text FROM numbers
  UNION ALL SELECT kpi.rollup(r)::text FROM (SELECT kpi.ratio(x, y) AS r FROM numbers GROUP BY g) AS s UNION ALL SELECT kpi.rollup(r)::text FROM (SELECT kpi.ratio(x, y) AS r FROM numbers GROUP BY i) AS s) AS all_ways;
-- windows that move: what leaves is taken away exactly
SELECT count(*), count(*) FILTER (WHERE moving <> anew) AS different FROM (SELECT (kpi.ratio(x, y) OVER w)::text AS moving,
  (SELECT kpi.ratio(x, y)::text FROM numbers AS inner_rows WHERE inner_rows.i BETWEEN o.i - 7 AND o.i - 2) AS anew FROM numbers AS o WHERE i <= 500 WINDOW w AS (ORDER BY i ROWS BETWEEN 7 PRECEDING AND 2 PRECEDING)) AS s;

-- ---- intervals ----
-- proportions: Newcombe 1998, Statistics in Medicine 17:857, table I, method 3
SELECT hits, trials, round(kpi.ci_low(r)::numeric, 4) AS low, round(kpi.ci_high(r)::numeric, 4) AS high FROM (SELECT hits, trials, kpi.ratio(hits, trials) AS r FROM (VALUES (81, 263), (15, 148), (0, 20), (1, 29)) AS v(hits, trials) GROUP BY hits, trials) AS s ORDER BY trials DESC;
-- a row for each trial says the same; so does any other way of counting
SELECT count(DISTINCT (kpi.ci_low(r), kpi.ci_high(r))) AS intervals FROM (SELECT kpi.ratio((i <= 81)::int, 1) AS r FROM generate_series(1, 263) AS i UNION ALL SELECT kpi.ratio(hits, trials) FROM (VALUES (80, 100), (1, 163), (0, 0)) AS v(hits, trials)) AS s;
-- and with another confidence: the end of an interval of Wilson is the proportion of which it is the end, |p - hits / n| = z sqrt(p (1 - p) / n)
SELECT confidence, round((abs(p - 0.3) / sqrt(p * (1 - p) / 50))::numeric, 10) AS z FROM (VALUES (0.5), (0.9), (0.99), (0.9999)) AS v(confidence), LATERAL (SELECT kpi.ratio(15, 50) AS r) AS s, LATERAL unnest(ARRAY[kpi.ci_low(r, confidence), kpi.ci_high(r, confidence)]) AS p ORDER BY 1;
-- a mean: R's t.test(sleep$extra) says 0.5955845 to 2.4844155 around 1.54
CREATE TABLE sleep AS SELECT ordinality AS i, extra FROM unnest('{0.7,-1.6,-0.2,-1.2,-0.1,3.4,3.7,0.8,0.0,2.0,1.9,0.8,1.1,0.1,-0.1,4.4,5.5,1.6,4.6,3.4}'::numeric[]) WITH ORDINALITY AS u(extra);
SELECT round(kpi.value(r), 7) AS mean, round(kpi.ci_low(r)::numeric, 7) AS low, round(kpi.ci_high(r)::numeric, 7) AS high FROM (SELECT kpi.ratio(extra, 1) AS r FROM sleep) AS s;
-- ratios by the definition, row by row; t of 9 degrees of freedom is 2.2621571627982055 (mpmath)
CREATE TABLE tens AS SELECT i, i % 60 AS g, (h(i, 30) % 10000) / 100.0 AS x, 1 + h(i, 31) % 50 AS y FROM generate_series(1, 600) AS i;
CREATE VIEW residuals AS SELECT g, r, 10 / 9.0 * (SELECT sum((x - value * y) ^ 2) FROM tens WHERE tens.g = s.g) / kpi.denominator(r) ^ 2 AS variance
FROM (SELECT g, kpi.ratio(x, y) AS r, sum(x)::numeric(100, 60) / sum(y) AS value FROM tens GROUP BY g) AS s;
SELECT count(*) AS groups, count(*) FILTER (WHERE abs(kpi.ci_high(r) / (kpi.value(r) + 2.2621571627982055 * sqrt(variance))::float8 - 1) > 1e-13 OR abs(kpi.ci_low(r) - (kpi.value(r) - 2.2621571627982055 * sqrt(variance))::float8) > 1e-13) AS wrong FROM residuals;
-- no noise where numbers are large beside their differences
SELECT kpi.ci_low(r), kpi.ci_high(r), kpi.value(r) FROM (SELECT kpi.ratio(1000000000000000 + i, 1) AS r FROM generate_series(1, 3) AS i) AS s;
SELECT kpi.ci_low(r) = 0.25 AND kpi.ci_high(r) = 0.25 AS no_width FROM (SELECT kpi.ratio(0.25 * i, i) AS r FROM generate_series(1, 100) AS i) AS s;
-- not where there are fewer than two rows
SELECT kpi.ci_low(kpi.ratio(1.5, 3)), kpi.ci_low(kpi.ratio(1, 3), method => 'delta'), kpi.ci_low(kpi.ratio(1, 3)) IS NOT NULL AS proportion;
-- clustered trials: the delta method sees that the rows differ
SELECT kpi.ci_high(r) - kpi.ci_low(r) < kpi.ci_high(r, method => 'delta') - kpi.ci_low(r, method => 'delta') AS wider FROM (SELECT kpi.ratio(CASE WHEN i % 2 = 0 THEN 10 ELSE 0 END, 10) AS r FROM generate_series(1, 40) AS i) AS s;

-- ---- comparisons ----
-- differences of proportions: Newcombe 1998, Statistics in Medicine 17:873, table II, method 10
SELECT a, n, b, m, round(difference, 4) AS difference, round(ci_low::numeric, 4) AS low, round(ci_high::numeric, 4) AS high
FROM (VALUES (1, 56, 70, 48, 80), (2, 9, 10, 3, 10), (3, 6, 7, 2, 7), (4, 5, 56, 0, 29), (5, 0, 10, 0, 20), (6, 0, 10, 0, 10), (7, 10, 10, 0, 20), (8, 10, 10, 0, 10)) AS v(i, a, n, b, m),
  kpi.compare((SELECT kpi.ratio(o.b, o.m) FROM (VALUES (b, m)) AS o(b, m)), (SELECT kpi.ratio(o.a, o.n) FROM (VALUES (a, n)) AS o(a, n))) ORDER BY i;
-- R's prop.test(c(15, 25), c(50, 50), correct = FALSE): X-squared = 4.1667, p-value = 0.04123
SELECT difference, relative_change, round((z * z)::numeric, 4) AS x_squared, sign(z) AS sign, round(p_value::numeric, 5) AS p_value FROM (SELECT (kpi.compare(kpi.ratio(15, 50), kpi.ratio(25, 50))).*) AS s;
-- the other way round
SELECT a.difference = -b.difference AND a.z = -b.z AND a.p_value = b.p_value AND a.ci_low = -b.ci_high AND a.ci_high = -b.ci_low AS mirrored FROM (SELECT kpi.ratio(15, 50) AS x, kpi.ratio(31, 70) AS y) AS s, kpi.compare(x, y) AS a, kpi.compare(y, x) AS b;
-- nothing to tell apart
SELECT * FROM kpi.compare((SELECT kpi.ratio(0, 10)), (SELECT kpi.ratio(0, 20)));
-- means and ratios by the definition: the difference over the root of both variances; 1.959963984540054 is the quantile of 95 %
SELECT count(*), count(*) FILTER (WHERE abs(c.z / ((kpi.value(b.r) - kpi.value(a.r)) / sqrt(a.variance + b.variance))::float8 - 1) > 1e-12 OR abs(c.ci_high - (kpi.value(b.r) - kpi.value(a.r) + 1.959963984540054 * sqrt(a.variance + b.variance))::float8) > 1e-12
  OR c.difference <> kpi.value(b.r) - kpi.value(a.r) OR abs(c.relative_change - (kpi.value(b.r) - kpi.value(a.r)) / abs(kpi.value(a.r))) > 1e-15 OR abs(c.p_value - erfc_of(abs(c.z))) > 1e-6) AS wrong
FROM residuals AS a JOIN residuals AS b ON b.g = (a.g * 7 + 1) % 60, kpi.compare(a.r, b.r) AS c;
-- a proportion beside a mean: both by the delta method
SELECT * FROM kpi.compare((SELECT kpi.ratio((i % 4 = 0)::int, 1) FROM generate_series(1, 100) AS i), (SELECT kpi.ratio(-i, 100) FROM generate_series(1, 9) AS i));
-- of sums that somebody made up, no interval
SELECT kpi.value(r), kpi.ci_low(r) FROM (SELECT '{"rows": 3, "others": 3, "wide": 0, "numerator": 3, "denominator": 4, "numerator_squared": 0, "product": 9, "denominator_squared": 0}'::kpi.ratio AS r) AS s;
DROP SCHEMA ratio_test CASCADE;
