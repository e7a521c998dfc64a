-- cash flows: documented examples, several roots and none, conventions, exactness, order of rows, windows, errors
SET extra_float_digits = 0;
SET search_path = public, kpi;
-- Microsoft, XIRR function: 0.373362535 (found by Newton's method to 1e-8; the root is 0.373362533519)
CREATE TABLE dated AS SELECT * FROM (VALUES (-10000::numeric, date '2008-01-01'), (2750, '2008-03-01'), (4250, '2008-10-30'), (3250, '2009-02-15'), (2750, '2009-04-01')) AS v(amount, day);
SELECT kpi.xirr(amount, day), abs(kpi.xirr(amount, day) - 0.373362535) < 1e-8 AS documented, kpi.xirr_all(amount, day), kpi.xnpv(kpi.xirr(array_agg(amount), array_agg(day)), array_agg(amount), array_agg(day)) AS rest FROM dated;
-- Microsoft, XNPV function: 2086.65 (2086.647602)
SELECT kpi.xnpv(0.09, amount, day), round(kpi.xnpv(0.09, amount, day)::numeric, 2) = 2086.65 AS documented FROM dated;
-- Microsoft, IRR function: -2.1 %, 8.7 %, -44.4 % for four, five, two years of income
CREATE TABLE income AS SELECT * FROM (VALUES (0, -70000::numeric), (1, 12000), (2, 15000), (3, 18000), (4, 21000), (5, 26000)) AS v(year, amount);
SELECT n, kpi.irr(amount, year), round(100 * kpi.irr(amount, year)::numeric, 1) AS percent FROM income, unnest('{4,5,2}'::int[]) n WHERE year <= n GROUP BY n ORDER BY n;
-- Microsoft, NPV function: 1188.44 (the first amount is due after a year), 1922.06 and -3749.47 (at once)
SELECT kpi.npv(0.1, ARRAY[-10000, 3000, 4200, 6800], ARRAY[0, 1, 2, 3], 1) AS npv_1188_44, kpi.npv(0.1, ARRAY[-10000, 3000, 4200, 6800], ARRAY[1, 2, 3, 4]) AS same,
       kpi.npv(0.08, ARRAY[-40000, 8000, 9200, 10000, 12000, 14500], ARRAY[0, 1, 2, 3, 4, 5]) AS npv_1922_06,
       kpi.npv(0.08, ARRAY[-40000, 8000, 9200, 10000, 12000, 14500, -9000], ARRAY[0, 1, 2, 3, 4, 5, 6]) AS npv_minus_3749_47;
SELECT kpi.npv(0.1, amount, period), kpi.npv(0.1, amount, period, 0) AS at_once, kpi.npv(0.1, amount, period, 1) AS after_a_period FROM (VALUES (-10000, 0), (3000, 1), (4200, 2), (6800, 3)) AS v(amount, period);
-- Microsoft, MIRR function: 13 % (12.61 %), after three years -5 % (-4.80 %), reinvested at 14 % 13 % (13.48 %)
CREATE TABLE loan AS SELECT * FROM (VALUES (0, -120000::numeric), (1, 39000), (2, 30000), (3, 21000), (4, 37000), (5, 46000)) AS v(year, amount);
SELECT kpi.mirr(amount, year, 0.10, 0.12) AS mirr_12_61, kpi.mirr(amount, year, 0.10, 0.12) FILTER (WHERE year <= 3) AS mirr_minus_4_80, kpi.mirr(amount, year, 0.10, 0.14) AS mirr_13_48 FROM loan;
SELECT kpi.mirr(array_agg(amount), array_agg(year), 0.10, 0.12) FROM loan;

-- several roots: the one nearest to 0, and all; touching ones once; none
SELECT what, round(kpi.irr(amounts, periods)::numeric, 9) AS irr, ARRAY(SELECT round(r::numeric, 9) FROM unnest(kpi.irr_all(amounts, periods)) r) AS irr_all, kpi.irr(amounts, periods) = 0 AS zero
FROM (VALUES (1, '10 % and 20 %', '{-100, 230, -132}'::numeric[]), (2, '0, 100, 200 %', '{-1, 6, -11, 6}'), (3, '10 % twice', '{-100, 220, -121}'), (4, '10 % three times', '{-1000, 3300, -3630, 1331}'),
	(5, '-50 %, 25 %, 50 %', '{-16, 52, -52, 15}'), (6, 'none', '{-100, 219, -121}'), (7, 'no outflow', '{1, 2, 3}'), (8, 'no inflow', '{-1, 0, -3}'), (9, '-20 % and 20 %', '{-100, 200, -96}'), (10, 'a single one', '{5}'),
	(11, 'zeros', '{0, 0, 0}'), (12, 'zeros around', '{0, -100, 0, 121, 0}'), (13, 'balanced', '{-0.3, 0.1, 0.1, 0.1}'), (14, 'all lost but little', '{-1000000, 1}'), (15, 'no rows', '{}')) AS v(n, what, amounts),
	LATERAL (SELECT coalesce(array_agg(i ORDER BY i), '{}') AS periods FROM generate_series(0, cardinality(amounts) - 1) i) AS p ORDER BY n;
-- ten times as much within a day is a rate beyond all doubles; a tenth is -1 to all digits
SELECT kpi.xirr(amount, day), kpi.xirr_all(amount, day) FROM (VALUES (-100, date '2026-01-01'), (1000, '2026-01-02')) AS v(amount, day)
UNION ALL SELECT kpi.xirr(amount, day), kpi.xirr_all(amount, day) FROM (VALUES (-100, date '2026-01-01'), (10, '2026-01-02')) AS v(amount, day);
-- wherever there is a root, it is found: 0.0001 to a million, in any scale
SELECT count(*) AS flows, count(*) FILTER (WHERE abs(got / rate - 1) < 1e-9) AS found
FROM (SELECT rate, kpi.irr(ARRAY[-scale, scale * (1 + rate)::numeric ^ 3], ARRAY[-5, -2]) AS got FROM generate_series(-4, 6) e, generate_series(-30, 30, 10) s, LATERAL (SELECT 10::float8 ^ e AS rate, ('1e' || s)::numeric AS scale) AS v) AS f;

-- conventions
SELECT c, kpi.xirr(amount, day, c), kpi.xnpv(0.09, amount, day, c), kpi.payback(amount, day, 0.09, c) FROM dated, unnest('{act/365,ACT/360,30/360,Act/Act}'::text[]) WITH ORDINALITY AS u(c, i) GROUP BY c, i ORDER BY i;
SELECT kpi.xirr(ARRAY[-100, 110], ARRAY[date '2024-01-01', '2025-01-01']) AS leap_year_365, kpi.xirr(ARRAY[-100, 110], ARRAY[date '2024-01-01', '2025-01-01'], 'act/act') AS leap_year, kpi.xirr(ARRAY[-100, 110], ARRAY[date '2026-01-31', '2026-02-28'], '30/360') AS january;
-- 30/360 takes the 30th and the 31st for one day
SELECT kpi.xirr_all(ARRAY[-100, 40, 70], ARRAY[date '2026-01-30', '2026-07-30', '2026-07-31'], '30/360') = kpi.xirr_all(ARRAY[-100, 110], ARRAY[date '2026-01-30', '2026-07-30'], '30/360') AS same;

-- payback: periods or days from the first one on
SELECT kpi.payback(amount, period), kpi.payback(amount, period, 0.1) AS discounted, kpi.payback(amount, period) FILTER (WHERE period < 3) AS never FROM (VALUES (-1000, 0), (400, 1), (400, 2), (400, 3)) AS v(amount, period);
SELECT kpi.payback(amount, day), kpi.payback(amount, day, 0.09) AS discounted, date '2008-01-01' + kpi.payback(amount, day)::int AS day FROM dated;
SELECT kpi.payback(ARRAY[-0.3, 0.1, 0.1, 0.1], ARRAY[0, 1, 2, 3]) AS exact, kpi.payback(ARRAY[-1000, 1100], ARRAY[7, 8], 0.1) AS discounted_exact, kpi.payback(ARRAY[100, 50], ARRAY[0, 1]) AS nothing_to_pay,
       kpi.payback(ARRAY[100, -150, 100], ARRAY[0, 1, 2]) AS after_a_loss, kpi.payback(ARRAY[-100, 150], ARRAY[date '2026-01-01', '2026-01-04']) AS days;

-- exact sums: amounts of every size and kind that numeric has, one by one and together
CREATE TABLE numbers AS SELECT i, n FROM (
	SELECT i, (CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END) * (hashint4(i)::numeric ^ 2 + i % 7) * 10::numeric ^ (i % 61 - 40) AS n FROM generate_series(1, 4000) i
	UNION ALL SELECT -i, n FROM unnest('{0, 0.0, 1, -1, 9999, 10000, 10001, 99999999, 100000000, 0.0001, 0.00001, 1e20, 1e-20, 1e-21, 9223372036854775807, -9223372036854775808, 922337203685477.5807, 922337203685477.58079, 1234567890123456.7890, 0.1, 0.3, 1e300, 1e-300, 123456789012345678901234567890.123456789012345678901234567890}'::numeric[]) WITH ORDINALITY AS u(n, i)) AS v;
SELECT count(*) AS numbers, count(*) FILTER (WHERE kpi.npv(0, ARRAY[n], ARRAY[0]) <> n::float8) AS wrong, count(*) FILTER (WHERE kpi.npv(0, ARRAY[n, -n], ARRAY[0, 0]) <> 0) AS not_zero FROM numbers;
SELECT count(*) AS groups, count(*) FILTER (WHERE got <> wanted) AS wrong FROM (SELECT kpi.npv(0, n, 0) AS got, sum(n)::float8 AS wanted FROM numbers GROUP BY i % 97, i > 0) AS g;
SELECT kpi.npv(0, n, 5) = sum(n)::float8 AS all_in_one FROM numbers;
-- short headers, as in rows, and long ones
CREATE TABLE stored (n numeric, long numeric);
ALTER TABLE stored ALTER n SET STORAGE main, ALTER long SET STORAGE external;
INSERT INTO stored SELECT n, n + 10::numeric ^ 200 FROM numbers;
INSERT INTO stored SELECT n, repeat('123456789', 1500)::numeric * 1e-13450 FROM numbers WHERE i BETWEEN 1 AND 20;
SELECT count(*) FILTER (WHERE kpi.npv(0, ARRAY[n], ARRAY[0]) <> n::float8 OR kpi.npv(0, ARRAY[long], ARRAY[0]) <> long::float8) AS wrong FROM stored;
SELECT kpi.npv(0, n, 0) = sum(n)::float8 AS n, kpi.npv(0, long, 0) = sum(long)::float8 AS long FROM stored;

-- rows in any order, in parts, in groups, filtered, as arrays
CREATE TABLE flows AS
SELECT i, i % 60 AS deal, date '2024-01-01' + abs(hashint4(i)) % 900 AS day, abs(hashint4(i + 7)) % 40 AS period,
	CASE WHEN i % 60 = 59 THEN 100 * (1.5 - i % 7) / 3 WHEN i <= 60 THEN -8000 * (i % 60) ELSE abs(hashint4(i + 3)) % 1000000 / 100.0 - (i % 11) * 300 END::numeric AS amount FROM generate_series(1, 6000) i;
CREATE VIEW answers AS SELECT deal, kpi.xirr_all(amount, day) AS xirr_all, kpi.irr_all(amount, period) AS irr_all, kpi.xirr(amount, day, '30/360') AS xirr, kpi.xnpv(0.07, amount, day, 'act/act') AS xnpv, kpi.npv(0.01, amount, period, 1) AS npv,
	kpi.mirr(amount, period, 0.01, 0.02) AS mirr, kpi.payback(amount, day) AS payback, kpi.payback(amount, period, 0.002) AS discounted, kpi.payback(amount, day, 0.05) AS days, kpi.payback(amount, day, 0.05, 'act/360') AS payback_360 FROM flows GROUP BY deal;
CREATE TABLE plain AS SELECT a::text AS answer FROM answers a;
SELECT count(*) AS deals, count(DISTINCT answer) AS answers FROM plain;
SELECT count(*) FILTER (WHERE a.xirr_all = '{}') AS no_root, count(*) FILTER (WHERE cardinality(a.xirr_all) = 1) AS one, count(*) FILTER (WHERE cardinality(a.xirr_all) > 1) AS more, count(payback) AS paid_back FROM answers a;
CREATE TABLE shuffled AS SELECT * FROM flows ORDER BY hashint8(i);
ALTER TABLE flows RENAME TO flows_in_order;
ALTER TABLE shuffled RENAME TO flows;
CREATE OR REPLACE VIEW answers AS SELECT deal, kpi.xirr_all(amount, day) AS xirr_all, kpi.irr_all(amount, period) AS irr_all, kpi.xirr(amount, day, '30/360') AS xirr, kpi.xnpv(0.07, amount, day, 'act/act') AS xnpv, kpi.npv(0.01, amount, period, 1) AS npv,
	kpi.mirr(amount, period, 0.01, 0.02) AS mirr, kpi.payback(amount, day) AS payback, kpi.payback(amount, period, 0.002) AS discounted, kpi.payback(amount, day, 0.05) AS days, kpi.payback(amount, day, 0.05, 'act/360') AS payback_360 FROM flows GROUP BY deal;
(SELECT a::text FROM answers a EXCEPT TABLE plain) UNION ALL (TABLE plain EXCEPT SELECT a::text FROM answers a);
SET enable_hashagg = off;
(SELECT a::text FROM answers a EXCEPT TABLE plain) UNION ALL (TABLE plain EXCEPT SELECT a::text FROM answers a);
RESET enable_hashagg;
-- arrays say the same
SELECT count(*) FILTER (WHERE (SELECT (deal, kpi.xirr_all(amounts, days), kpi.irr_all(amounts, periods), kpi.xirr(amounts, days, '30/360'), kpi.xnpv(0.07, amounts, days, 'act/act'), kpi.npv(0.01, amounts, periods, first => 1), kpi.mirr(amounts, periods, 0.01, 0.02),
	kpi.payback(amounts, days), kpi.payback(amounts, periods, rate => 0.002), kpi.payback(amounts, days, 0.05), kpi.payback(amounts, days, 0.05, convention => 'act/360')))::text NOT IN (TABLE plain)) AS different, count(*)
FROM (SELECT deal, array_agg(amount) AS amounts, array_agg(day) AS days, array_agg(period) AS periods FROM flows GROUP BY deal) AS a;
-- the roots by a scan in SQL: as many changes of signs as roots, and what is left at a root
CREATE TABLE periods AS SELECT deal, period, sum(amount)::float8 AS amount FROM flows GROUP BY deal, period;
WITH grid AS (SELECT deal, x, sum(amount * exp(-x * (period - 20))) AS f FROM periods, LATERAL (SELECT i / 250.0::float8 + 0.0007 AS x FROM generate_series(-250, 250) i) AS g GROUP BY deal, x),
	changes AS (SELECT deal, count(*) FILTER (WHERE sign(f) <> sign(before)) AS n FROM (SELECT deal, f, lag(f) OVER (PARTITION BY deal ORDER BY x) AS before FROM grid) AS g GROUP BY deal)
SELECT count(*) AS deals, sum(n) AS changes, sum((SELECT count(*) FROM unnest(a.irr_all) r WHERE ln(1 + r) BETWEEN -0.9993 AND 1.0007)) AS roots,
	count(*) FILTER (WHERE n <> (SELECT count(*) FROM unnest(a.irr_all) r WHERE ln(1 + r) BETWEEN -0.9993 AND 1.0007)) AS different FROM changes JOIN answers a USING (deal);
SELECT count(*) > 40 AS roots, max(abs(rest / size)) < 1e-13 AS small FROM (SELECT sum(amount * (1 + r) ^ -period) AS rest, sum(abs(amount) * (1 + r) ^ -period) AS size FROM answers a, unnest(a.irr_all) r, periods p WHERE p.deal = a.deal GROUP BY a.deal, r) AS s;
-- present values and modified rates by their formulas
SELECT count(*) FILTER (WHERE abs(a.npv - s.npv) > 1e-9 * size OR abs(a.mirr - s.mirr) > 1e-12) AS different, count(*) FROM answers a JOIN
	(SELECT deal, sum(amount * 1.01::float8 ^ -(period + 1)) AS npv, sum(abs(amount)) AS size,
	(sum(greatest(amount, 0) * 1.02::float8 ^ (last - period)) / sum(greatest(-amount, 0) * 1.01::float8 ^ -(period - first))) ^ (1.0::float8 / (last - first)) - 1 AS mirr
	FROM periods JOIN (SELECT deal, min(period) AS first, max(period) AS last FROM periods GROUP BY deal) AS e USING (deal) GROUP BY deal, first, last) AS s USING (deal);
SELECT count(*) FILTER (WHERE abs(got - wanted) > 1e-9 * size) AS different FROM (SELECT kpi.xnpv(0.07, amount, day) AS got, sum(amount::float8 * 1.07::float8 ^ (-(day - first) / 365.0::float8)) AS wanted, sum(abs(amount)) AS size
	FROM flows JOIN (SELECT deal, min(day) AS first FROM flows GROUP BY deal) AS f USING (deal) GROUP BY deal) AS s;
-- payback by plain SQL
WITH balance AS (SELECT deal, day, day - min(day) OVER w AS elapsed, sum(sum(amount)) OVER w AS after FROM flows GROUP BY deal, day WINDOW w AS (PARTITION BY deal ORDER BY day)),
	steps AS (SELECT *, lag(after) OVER w AS before, lag(elapsed) OVER w AS since FROM balance WINDOW w AS (PARTITION BY deal ORDER BY day)),
	first AS (SELECT DISTINCT ON (deal) deal, since + (elapsed - since) * (-before / (after - before)) AS days FROM steps WHERE before < 0 AND after >= 0 ORDER BY deal, day)
SELECT count(first.days) AS paid_back, count(*) FILTER (WHERE abs(first.days - a.payback) > 1e-9 OR (first.days IS NULL) <> (a.payback IS NULL) AND a.payback <> 0) AS different FROM answers a LEFT JOIN first USING (deal);
-- windows: whole, growing, moving; by the same state
CREATE TABLE one AS SELECT * FROM flows WHERE deal = 3 ORDER BY i LIMIT 60;
SELECT count(*) AS rows, count(*) FILTER (WHERE growing::text IS DISTINCT FROM (SELECT kpi.xirr_all(amount, day) FROM one p WHERE p.i <= o.i)::text) AS wrong_growing,
	count(*) FILTER (WHERE value IS DISTINCT FROM (SELECT kpi.xnpv(0.1, amount, day) FROM one p WHERE p.i <= o.i)) AS wrong_value,
	count(*) FILTER (WHERE moving::text IS DISTINCT FROM (SELECT kpi.irr_all(amount, period) FROM (SELECT * FROM one p WHERE p.i <= o.i ORDER BY i DESC LIMIT 8) AS l)::text) AS wrong_moving, count(DISTINCT growing) > 10 AS some
FROM (SELECT i, kpi.xirr_all(amount, day) OVER w AS growing, kpi.xirr(amount, day) OVER w AS nearest, kpi.xnpv(0.1, amount, day) OVER w AS value, kpi.irr_all(amount, period) OVER (ORDER BY i ROWS 7 PRECEDING) AS moving FROM one WINDOW w AS (ORDER BY i)) AS o;
-- only null rows, and nulls among others
SELECT kpi.xirr(NULL::numeric, date '2026-01-01'), kpi.xirr_all(5::numeric, NULL::date), kpi.irr(5::numeric, NULL::int), kpi.npv(0.1, NULL::numeric, 1), kpi.payback(NULL::numeric, 3), kpi.mirr(NULL::numeric, 3, 0.1, 0.1);
SELECT kpi.irr(amount, period), kpi.npv(CASE WHEN amount IS NOT NULL THEN 0.1 END, amount, period) FROM (VALUES (-100, 0), (NULL, 1), (5, NULL), (110, 1)) AS v(amount, period);
SELECT kpi.irr('{-100,NULL,5,110}'::numeric[], '{0,1,NULL,1}'::int[]), kpi.irr(NULL::numeric[], '{1}'::int[]), kpi.xirr('{1}'::numeric[], '{2026-01-01}'::date[], NULL), kpi.npv(NULL, '{1}'::numeric[], '{1}'::int[]), kpi.irr_all('{}'::numeric[], '{}'::int[]);
SELECT kpi.xirr(amount, day), kpi.xirr_all(amount, day), kpi.xnpv(0.1, amount, day), kpi.npv(0.1, amount, 0), kpi.payback(amount, day), kpi.mirr(amount, 0, 0.1, 0.1) FROM dated WHERE false;

-- mistakes
SELECT kpi.npv(-1, 5::numeric, 1);
SELECT kpi.npv('NaN', 5::numeric, 1);
SELECT kpi.npv('Infinity', ARRAY[5], ARRAY[1]);
SELECT kpi.npv(NULL, 5::numeric, 1);
SELECT kpi.npv(0.1, 5::numeric, 1, 2);
SELECT kpi.npv(0.1, 5::numeric, 1, NULL);
SELECT kpi.irr('NaN'::numeric, 1);
SELECT kpi.xirr('-Infinity'::numeric, date '2026-01-01');
SELECT kpi.irr('{1,Infinity}'::numeric[], '{1,2}'::int[]);
SELECT kpi.xirr(5::numeric, date 'infinity');
SELECT kpi.xirr('{5}'::numeric[], '{-infinity}'::date[]);
SELECT kpi.xirr(5::numeric, date '2026-01-01', 'act/364');
SELECT kpi.xnpv(0.1, 5::numeric, date '2026-01-01', NULL);
SELECT kpi.xirr(ARRAY[5, 6], ARRAY[date '2026-01-01']);
SELECT kpi.irr(ARRAY[5, 6], ARRAY[1, 2, 3]);
SELECT kpi.irr(ARRAY[[5, 6]], ARRAY[[1, 2]]);
SELECT kpi.mirr(5::numeric, 1, -1, 0.1);
SELECT kpi.mirr(5::numeric, 1, 0.1, -2);
SELECT kpi.payback(5::numeric, 1, -1);
SELECT kpi.npv(i / 10.0, 5::numeric, i) FROM generate_series(1, 2) i;
SELECT kpi.mirr(5::numeric, 1, 0.1, i) FROM generate_series(1, 2) i;
SELECT kpi.npv(0.1, 5::numeric, 1, i % 2) FROM generate_series(1, 2) i;
SELECT kpi.xirr(5::numeric, date '2026-01-01', CASE i WHEN 1 THEN 'act/act' ELSE '30/360' END) FROM generate_series(1, 2) i;
SELECT kpi.npv(-0.999, 5::numeric, 1000);
SELECT kpi.irr(ARRAY[1e400, -1], ARRAY[0, 1]);
DROP VIEW answers;
DROP TABLE dated, income, loan, numbers, stored, flows, flows_in_order, plain, periods, one;
