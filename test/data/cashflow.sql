-- Cash flows of the tests of pyxirr: every root of every file, by what is left at it and by a dense scan
\set flows 'cd ' :data '/xirr && awk -F, -v OFS=, ''{sub(/\\r$/, ""); print FILENAME, $1, $2}'' *.csv'
SET extra_float_digits = 0;
CREATE TABLE flows (i int GENERATED ALWAYS AS IDENTITY, file text COLLATE "C", day date, amount numeric);
COPY flows (file, day, amount) FROM PROGRAM :'flows' WITH (FORMAT csv);
CREATE TABLE answers AS SELECT file, count(*) AS rows, count(DISTINCT day) AS days, kpi.xirr(amount, day) AS xirr, kpi.xirr_all(amount, day) AS roots FROM flows GROUP BY file;
SELECT file, rows, days, round(xirr::numeric, 9) AS xirr, ARRAY(SELECT CASE WHEN r < 1e6 THEN round(r::numeric, 9)::text ELSE ltrim(to_char(r, '9.999EEEE')) END FROM unnest(roots) r) AS roots FROM answers ORDER BY file;
SELECT count(*) AS files, count(*) FILTER (WHERE roots = '{}') AS without_root, count(*) FILTER (WHERE cardinality(roots) = 1) AS one, count(*) FILTER (WHERE cardinality(roots) > 1) AS more FROM answers;
-- what is left at a root, by double precision and by 40 digits; nearer to -1, and beyond 1e6, rates have too few digits of their own
SELECT count(*) AS roots, max(abs(rest) / size) < 1e-12 AS small, max(abs(exact_rest) / exact_size) < 1e-12 AS exactly FROM (
	SELECT a.file, r, sum(amount::float8 * (1 + r) ^ (-(day - first) / 365.0::float8)) AS rest, sum(abs(amount)::float8 * (1 + r) ^ (-(day - first) / 365.0::float8)) AS size,
		sum(amount * exp(-ln(1 + r::numeric(60, 40)) * (day - first) / 365)) AS exact_rest, sum(abs(amount) * exp(-ln(1 + r::numeric(60, 40)) * (day - first) / 365)) AS exact_size
	FROM (SELECT file, r FROM answers, unnest(roots) r WHERE r BETWEEN -0.999 AND 1e6) AS a, flows f, LATERAL (SELECT min(day) AS first FROM flows f2 WHERE f2.file = a.file) AS m WHERE f.file = a.file GROUP BY a.file, r) AS s;
-- The scan: the sum of the parts at each x = ln (1 + rate) from -8 to 9 by steps of 0.004; a change of signs between two of them is a root.
-- Times are from the middle of a flow on, which changes no sign.
CREATE TABLE daily AS SELECT file, (day - (min(day) OVER w + max(day) OVER w) / 2)::float8 / 365 AS t, amount
FROM (SELECT file, day - date '2000-01-01' AS day, sum(amount)::float8 AS amount FROM flows GROUP BY 1, 2) AS d WINDOW w AS (PARTITION BY file);
CREATE TABLE scan AS SELECT file, x, 0.004 AS step, sum(amount * exp(-t * x)) AS f FROM daily, (SELECT i * 0.004::float8 + 0.0003 AS x FROM generate_series(-2000, 2250) i) AS g GROUP BY file, x;
-- and for two files with others far beyond, from -900 to 900 by steps of 0.5, where parts are scaled by the largest
INSERT INTO scan SELECT file, x, 0.5, sum(sign(amount) * exp(greatest(size - largest, -700))) FROM
	(SELECT file, x, amount, ln(abs(amount)) - t * x AS size, max(ln(abs(amount)) - t * x) OVER (PARTITION BY file, x) AS largest FROM daily, (SELECT i * 0.5::float8 + 0.0003 AS x FROM generate_series(-1800, 1800) i) AS g
	 WHERE file IN ('30-5.csv', 'random_100.csv') AND amount <> 0) AS s WHERE x < -8 OR x > 9 GROUP BY file, x;
CREATE TABLE changes AS
SELECT file, x, step FROM (SELECT file, x, step, f, lag(f) OVER (PARTITION BY file, step, step > 0.1 AND x > 0 ORDER BY x) AS before FROM scan) AS l WHERE sign(f) <> sign(before);
-- near -1 a rate has few digits of its own, so the place is not as exact; one is -1 to all digits: somewhere below -36
CREATE TABLE places AS SELECT file, CASE WHEN r > -1 THEN ln(1 + r) ELSE -40 END AS x, CASE WHEN r > -1 THEN 1e-3 + 3e-16 / (1 + r) ELSE 4 END AS near FROM answers, unnest(roots) r;
SELECT step, count(*) AS changes, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM places p WHERE p.file = c.file AND p.x BETWEEN c.x - step - near AND c.x + near)) AS without_root FROM changes c GROUP BY step ORDER BY step;
SELECT count(*) AS roots, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM changes c WHERE c.file = p.file AND p.x BETWEEN c.x - step - near AND c.x + near)) AS without_change FROM places p;
-- in any order, in parts, as arrays
SELECT count(*) FILTER (WHERE a.roots <> s.roots OR a.roots <> kpi.xirr_all(s.amounts, s.days) OR (a.xirr IS DISTINCT FROM kpi.xirr(s.amounts, s.days))) AS different, count(*) FROM answers a JOIN
	(SELECT file, kpi.xirr_all(amount, day) AS roots, array_agg(amount) AS amounts, array_agg(day) AS days FROM (SELECT * FROM flows ORDER BY md5(i::text)) AS f GROUP BY file) AS s USING (file);
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT count(*) FILTER (WHERE a.roots <> p.roots) AS different, count(*) FROM answers a JOIN (SELECT file, kpi.xirr_all(amount, day) AS roots FROM flows GROUP BY file) AS p USING (file);
SET max_parallel_workers_per_gather = 0;
-- the same roots whatever day a flow is moved to, and whatever the currency
SELECT max(abs(r - s) / (1 + abs(r))) < 1e-9 AS same FROM answers a JOIN (SELECT file, kpi.xirr_all(amount * -1234.5, day + 1000) AS moved FROM flows GROUP BY file) AS m USING (file), unnest(a.roots, m.moved) AS u(r, s);
SELECT count(*) FILTER (WHERE cardinality(a.roots) <> cardinality(m.moved)) AS different FROM answers a JOIN (SELECT file, kpi.xirr_all(amount * -1234.5, day + 1000) AS moved FROM flows GROUP BY file) AS m USING (file);
-- as the balance of a fund grows: every row by the whole answer of the rows up to it
SELECT count(*) AS rows, count(growing) AS rates, count(*) FILTER (WHERE growing IS DISTINCT FROM (SELECT kpi.xirr(amount, day) FROM flows f WHERE f.file = w.file AND f.i <= w.i)) AS different
FROM (SELECT file, i, kpi.xirr(amount, day) OVER (PARTITION BY file ORDER BY i) AS growing FROM flows WHERE file ~ '^(rw-50|random_100|30-1[0-9])') AS w;
-- conventions and present values at the rate of each
SELECT c, count(*) AS rates, max(abs(rest) / size) < 1e-12 AS worth_nothing FROM (SELECT file, c, kpi.xnpv(xirr, amounts, days, c) AS rest, size FROM
	(SELECT file, c, kpi.xirr(amount, day, c) AS xirr, array_agg(amount) AS amounts, array_agg(day) AS days, sum(abs(amount))::float8 AS size FROM flows, unnest('{act/365,act/360,30/360,act/act}'::text[]) c WHERE file ~ '^(rw|single|unordered|minus)' GROUP BY file, c) AS s) AS t GROUP BY c ORDER BY c;
