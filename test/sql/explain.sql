-- kpi.explain_change: what moved a KPI; every split next to plain SQL, and exact
CREATE SCHEMA explain_test;
SET search_path = explain_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';

-- ---- by hand ----
CREATE TABLE facts (kpi text, period_start date, segment text, value numeric, numerator numeric, denominator numeric);
-- amounts: one segment grows, one shrinks, one is new, one is gone
INSERT INTO facts (kpi, period_start, segment, value) VALUES
  ('revenue', '2026-01-10', 'shop', 100), ('revenue', '2026-01-31', 'shop', 20.5), ('revenue', '2026-01-10', 'phone', 80), ('revenue', '2026-01-11', 'fax', 7),
  ('revenue', '2026-02-03', 'shop', 150), ('revenue', '2026-02-03', 'phone', 60), ('revenue', '2026-02-28', 'app', 30.25);
CREATE VIEW revenue AS SELECT period_start, segment, value FROM facts WHERE kpi = 'revenue';
-- a ratio: each segment converts better, and the whole worse, as there are more of those who convert badly
INSERT INTO facts (kpi, period_start, segment, numerator, denominator) VALUES
  ('conversion', '2026-01-15', 'desktop', 80, 800), ('conversion', '2026-01-15', 'mobile', 4, 200),
  ('conversion', '2026-02-15', 'desktop', 33, 300), ('conversion', '2026-02-15', 'mobile', 21, 700);
CREATE VIEW conversion AS SELECT period_start, segment, numerator, denominator FROM facts WHERE kpi = 'conversion';
SELECT kpi.define('revenue', 'revenue', unit => 'EUR', adds => 'sum'), kpi.define('conversion', 'conversion', unit => 'share');
CALL kpi.refresh(as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('revenue', '2026-02', as_of => '2026-03-01 09:00Z');
SELECT segment, round(before, 4) AS before, round(after, 4) AS after, round(contribution, 6) AS contribution, round(share::numeric, 4) AS share, round(mix, 6) AS mix, round(rate, 6) AS rate, note FROM kpi.explain_change('conversion', '2026-02', as_of => '2026-03-01 09:00Z');
-- desktop: weight 0.8 to 0.3, rate 0.1 to 0.11; mobile: weight 0.2 to 0.7, rate 0.02 to 0.03; the whole: 0.084 to 0.054
SELECT round((0.8 + 0.3) / 2 * (0.11 - 0.10), 6) AS desktop_rate, round((0.3 - 0.8) * ((0.10 + 0.11) / 2 - (0.084 + 0.054) / 2), 6) AS desktop_mix, round((0.2 + 0.7) / 2 * (0.03 - 0.02), 6) AS mobile_rate, round((0.7 - 0.2) * ((0.02 + 0.03) / 2 - (0.084 + 0.054) / 2), 6) AS mobile_mix;
-- the other way round it is the opposite
SELECT f.segment, f.contribution = -b.contribution AND coalesce(f.mix = -b.mix AND f.rate = -b.rate, true) AS opposite FROM kpi.explain_change('conversion', '2026-02', as_of => '2026-03-01 09:00Z') AS f JOIN kpi.explain_change('conversion', '2026-01', '2026-02', as_of => '2026-03-01 09:00Z') AS b USING (segment) ORDER BY 1;
-- an open month: as many days of the one before; the 12th has begun, 11 days are over
SELECT segment, before, after, contribution, note FROM kpi.explain_change('revenue', '2026-02', as_of => '2026-02-12 09:00Z');
-- with one that is open: as many days of the one that is over
SELECT segment, before, after, contribution, note FROM kpi.explain_change('revenue', '2026-01', '2026-02', as_of => '2026-02-12 09:00Z');
-- other periods
SELECT segment, before, after, contribution FROM kpi.explain_change('revenue', '[2026-02-01,2026-02-11)', '[2026-01-08,2026-01-18)', as_of => '2026-03-01 09:00Z');
SELECT segment, before, after, contribution FROM kpi.explain_change('revenue', '[2026-02-01,2026-02-23)', as_of => '2026-03-01 09:00Z');
SELECT segment, before, after, contribution FROM kpi.explain_change('revenue', '2026-W06', '2026-W02', as_of => '2026-03-01 09:00Z');
-- no change, no shares
SELECT * FROM kpi.explain_change('revenue', '2026-02', '2026-02', as_of => '2026-03-01 09:00Z');

-- ---- what the segments leave, what they count twice, segments that look like other rows ----
INSERT INTO facts (kpi, period_start, segment, value, numerator, denominator) VALUES
  ('partial', '2026-01-01', NULL, 100, NULL, NULL), ('partial', '2026-01-01', 'a', 60, NULL, NULL), ('partial', '2026-02-01', NULL, 130, NULL, NULL), ('partial', '2026-02-01', 'a', 62, NULL, NULL), ('partial', '2026-02-01', '(total)', 1, NULL, NULL), ('partial', '2026-02-01', '(other)', 2, NULL, NULL),
  ('partial_rate', '2026-01-01', NULL, NULL, 10, 100), ('partial_rate', '2026-01-01', 'a', NULL, 4, 50), ('partial_rate', '2026-02-01', NULL, NULL, 30, 120), ('partial_rate', '2026-02-01', 'a', NULL, 6, 90), ('partial_rate', '2026-02-01', 'b', NULL, 25, 60),
  ('zero', '2026-01-01', 'a', NULL, 4, 50), ('zero', '2026-01-01', 'b', NULL, 0, 0), ('zero', '2026-01-01', 'c', NULL, 5, 0), ('zero', '2026-02-01', 'a', NULL, 5, 50), ('zero', '2026-02-01', 'b', NULL, 2, 10), ('zero', '2026-02-01', 'c', NULL, 0, 0), ('zero', '2026-03-01', 'a', NULL, 0, 0);
CREATE VIEW partial AS SELECT period_start, segment, value FROM facts WHERE kpi = 'partial';
CREATE VIEW partial_rate AS SELECT period_start, segment, numerator, denominator FROM facts WHERE kpi = 'partial_rate';
CREATE VIEW zero AS SELECT period_start, segment, numerator, denominator FROM facts WHERE kpi = 'zero';
SELECT kpi.define('partial', 'partial', unit => 'EUR', adds => 'sum', grain => 'month'), kpi.define('partial_rate', 'partial_rate', unit => 'share', grain => 'month'), kpi.define('zero', 'zero', unit => 'share', grain => 'month');
CALL kpi.refresh(as_of => '2026-04-01 09:00Z');
SELECT * FROM kpi.explain_change('partial', '2026-02', as_of => '2026-04-01 09:00Z');
SELECT segment, round(before, 4) AS before, round(after, 4) AS after, round(contribution, 6) AS contribution, round(mix, 6) AS mix, round(rate, 6) AS rate, note FROM kpi.explain_change('partial_rate', '2026-02', as_of => '2026-04-01 09:00Z');
SELECT segment, round(before, 4) AS before, round(after, 4) AS after, round(contribution, 6) AS contribution, round(mix, 6) AS mix, round(rate, 6) AS rate, note FROM kpi.explain_change('zero', '2026-02', as_of => '2026-04-01 09:00Z');
SELECT * FROM kpi.explain_change('zero', '2026-03', as_of => '2026-04-01 09:00Z');

-- ---- what is no amount: split if segments add up to the whole ----
INSERT INTO facts (kpi, period_start, segment, value) SELECT k, m, s, v FROM (VALUES
  ('visitors', '2026-01-01'::date, NULL, 100), ('visitors', '2026-01-01', 'mobile', 70), ('visitors', '2026-01-01', 'desktop', 50), ('visitors', '2026-02-01', NULL, 120), ('visitors', '2026-02-01', 'mobile', 95), ('visitors', '2026-02-01', 'desktop', 48),
  ('members', '2026-01-01', NULL, 100), ('members', '2026-01-01', 'free', 70), ('members', '2026-01-01', 'paid', 30), ('members', '2026-02-01', NULL, 120), ('members', '2026-02-01', 'free', 85), ('members', '2026-02-01', 'paid', 35),
  ('tickets', '2026-01-01', 'a', 3), ('tickets', '2026-02-01', 'a', 5)) AS f(k, m, s, v);
CREATE VIEW visitors AS SELECT period_start, segment, value FROM facts WHERE kpi = 'visitors';
CREATE VIEW members AS SELECT period_start, segment, value FROM facts WHERE kpi = 'members';
CREATE VIEW tickets AS SELECT period_start, segment, value FROM facts WHERE kpi = 'tickets';
-- three thirds of a level make the whole but for its last digits
CREATE VIEW thirds AS SELECT d::date AS period_start, s AS segment, CASE WHEN s IS NULL THEN 1 ELSE 1 / 3.0 END * extract(day FROM d) * extract(month FROM d) AS value FROM generate_series(timestamp '2026-01-01', '2026-02-28', '1 day') AS d, unnest('{x,y,z,NULL}'::text[]) AS s;
SELECT kpi.define('visitors', 'visitors', unit => 'visitors', adds => 'recompute', grain => 'month'), kpi.define('members', 'members', unit => 'members', adds => 'last', grain => 'month'), kpi.define('tickets', 'tickets', unit => 'tickets', adds => 'last', grain => 'month'), kpi.define('thirds', 'thirds', unit => 'x', adds => 'mean');
CALL kpi.refresh(as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('visitors', '2026-02', as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('members', '2026-02', as_of => '2026-03-01 09:00Z');
SELECT segment, round(contribution, 9) AS contribution, note, sum(contribution) FILTER (WHERE segment <> '(total)') OVER () = max(contribution) FILTER (WHERE segment = '(total)') OVER () AS exact FROM kpi.explain_change('thirds', '2026-02', as_of => '2026-03-01 09:00Z');
-- an open month of a level that is measured by the month, next to the whole one before
SELECT segment, before, after, contribution, note FROM kpi.explain_change('members', '2026-02', as_of => '2026-02-12 09:00Z');

-- ---- refused ----
SELECT * FROM kpi.explain_change('revenu', '2026-02');
SELECT * FROM kpi.explain_change('revenue', '2026-2');
SELECT * FROM kpi.explain_change('revenue', NULL);
SELECT * FROM kpi.explain_change('revenue', '[2026-02-01,)');
SELECT * FROM kpi.explain_change('revenue', '2026-02', '2026');
SELECT * FROM kpi.explain_change('revenue', '2026-02', 'last year');
SELECT * FROM kpi.explain_change('revenue', '[2026-02-01,2026-02-11)', '[2026-01-08,2026-01-17)');
SELECT * FROM kpi.explain_change('revenue', '2026-02', as_of => '2026-02-01 09:00Z');
SELECT * FROM kpi.explain_change('revenue', '2026-01', '2026-03', as_of => '2026-02-12 09:00Z');
SELECT * FROM kpi.explain_change('revenue', '2026-01', as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('revenue', '2026-02', 'year ago', as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('members', '2026-W06', as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('visitors', '2026-Q1', as_of => '2026-04-01 09:00Z');
SELECT * FROM kpi.explain_change('partial', '2026-02', as_of => '2026-02-12 09:00Z');
SELECT * FROM kpi.explain_change('tickets', '2026-02', as_of => '2026-03-01 09:00Z');
CREATE VIEW whole AS SELECT period_start, value FROM facts WHERE kpi = 'partial' AND segment IS NULL;
SELECT kpi.define('whole', 'whole', unit => 'x', adds => 'sum', grain => 'month'), kpi.define('told', unit => 'points', adds => 'last', grain => 'month');
CALL kpi.refresh('whole', as_of => '2026-03-01 09:00Z');
SELECT kpi.check_in('told', '2026-01', 3), kpi.check_in('told', '2026-02', 4);
SELECT * FROM kpi.explain_change('whole', '2026-02', as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('told', '2026-02', as_of => '2026-03-01 09:00Z');

-- ---- random segments next to plain SQL ----
SELECT setseed(0.375);
CREATE TABLE random_facts AS SELECT 'r' || k AS kpi, d::date AS day, 's' || s AS segment, round((random() * 1000 - 100)::numeric, (k % 5)) AS value,
  (random() * 100)::numeric(20, 3) AS numerator, CASE WHEN random() < 0.1 THEN 0 ELSE (random() * 200)::numeric(20, 1) END AS denominator
  FROM generate_series(1, 6) AS k, generate_series(timestamp '2025-01-01', '2026-05-31', '1 day') AS d, generate_series(1, 7) AS s
  -- segments come and go
  WHERE random() < 0.15 AND (s * 37 + k * 11 + extract(month FROM d)::int * 7) % 5 > 0;
DO $$
BEGIN
  FOR k IN 1 .. 6 LOOP
    EXECUTE format('CREATE VIEW r%s AS SELECT day AS period_start, segment, %s FROM random_facts WHERE kpi = %L', k, CASE WHEN k % 2 = 0 THEN 'numerator, denominator' ELSE 'value' END, 'r' || k);
    PERFORM kpi.define('r' || k, ('r' || k)::regclass, unit => 'x', adds => CASE WHEN k % 2 = 0 THEN 'ratio' ELSE 'sum' END);
  END LOOP;
END $$;
CALL kpi.refresh(as_of => '2026-06-01 00:00Z');
ANALYZE kpi.measurement;
CREATE TABLE questions AS
SELECT k.name AS kpi, k.adds, p AS period, a AS against, o AS as_of FROM kpi.kpi AS k, (VALUES ('2026-02'), ('2026-03'), ('2026-Q1'), ('2026-W15'), ('2026-05'), ('[2026-03-03,2026-03-20)')) AS periods(p), (VALUES (NULL), ('year ago')) AS against(a), (VALUES (timestamptz '2026-06-02Z'), ('2026-05-17Z')) AS clocks(o)
WHERE k.name ~ '^r[0-9]';
CREATE TABLE answers AS SELECT q.*, e.* FROM questions AS q, kpi.explain_change(q.kpi, q.period, q.against, q.as_of) AS e;
-- exact: contributions make the change, mix and rate the contribution, in each of them
SELECT count(DISTINCT (kpi, period, against, as_of)) = (SELECT count(*) FROM questions) AS all_answered, count(*) > 800 AS enough,
  count(*) FILTER (WHERE adds = 'ratio' AND contribution <> mix + rate) AS parts_differ, count(*) FILTER (WHERE adds = 'sum' AND contribution <> coalesce(after, 0) - coalesce(before, 0)) AS differences_differ FROM answers;
SELECT count(*) AS questions, count(*) FILTER (WHERE members <> change) AS inexact, count(*) FILTER (WHERE after - before <> change) AS other_change, count(*) FILTER (WHERE adds = 'ratio' AND (mixes <> mix OR rates <> rate)) AS inexact_parts
FROM (SELECT kpi, adds, sum(contribution) FILTER (WHERE segment <> '(total)') AS members, max(contribution) FILTER (WHERE segment = '(total)') AS change, max(after) FILTER (WHERE segment = '(total)') AS after, max(before) FILTER (WHERE segment = '(total)') AS before,
  sum(mix) FILTER (WHERE segment <> '(total)') AS mixes, max(mix) FILTER (WHERE segment = '(total)') AS mix, sum(rate) FILTER (WHERE segment <> '(total)') AS rates, max(rate) FILTER (WHERE segment = '(total)') AS rate FROM answers GROUP BY kpi, adds, period, against, as_of) AS q;
-- the reference: the formula as it is written, with days that are counted here
CREATE TABLE stretches AS
SELECT q.*, lower(d) AS first, least(upper(d), as_of::date) AS last, lower(e) AS earlier_first, least(upper(e), lower(e) + CASE WHEN as_of::date < upper(d) THEN as_of::date - lower(d) ELSE 366 END) AS earlier_last
FROM questions AS q, LATERAL (SELECT kpi.period(period) AS d) AS p,
  LATERAL (SELECT CASE WHEN against IS NULL THEN daterange(CASE WHEN period ~ 'Q' THEN lower(d) - interval '3 months' WHEN period ~ 'W' THEN lower(d) - interval '7 days' WHEN period ~ ',' THEN lower(d) - interval '17 days' ELSE lower(d) - interval '1 month' END::date, lower(d))
    WHEN period ~ 'W' THEN daterange(lower(d) - 364, upper(d) - 364) ELSE daterange((lower(d) - interval '1 year')::date, (upper(d) - interval '1 year')::date) END AS e) AS x;
CREATE TABLE reference AS
WITH sums AS (SELECT s.kpi, s.adds, s.period, s.against, s.as_of, f.segment, sum(value) FILTER (WHERE day >= first AND day < last) AS v1, sum(value) FILTER (WHERE day >= earlier_first AND day < earlier_last) AS v0,
  coalesce(sum(numerator) FILTER (WHERE day >= first AND day < last), 0)::float8 AS n1, coalesce(sum(denominator) FILTER (WHERE day >= first AND day < last), 0)::float8 AS d1, coalesce(sum(numerator) FILTER (WHERE day >= earlier_first AND day < earlier_last), 0)::float8 AS n0, coalesce(sum(denominator) FILTER (WHERE day >= earlier_first AND day < earlier_last), 0)::float8 AS d0
  FROM stretches AS s JOIN random_facts AS f USING (kpi) WHERE day >= earlier_first AND day < earlier_last OR day >= first AND day < last GROUP BY 1, 2, 3, 4, 5, 6),
wholes AS (SELECT *, sum(n0) OVER w / sum(d0) OVER w AS rr0, sum(n1) OVER w / sum(d1) OVER w AS rr1, d0 / sum(d0) OVER w AS w0, d1 / sum(d1) OVER w AS w1, n0 / nullif(d0, 0) AS r0, n1 / nullif(d1, 0) AS r1, n0 / sum(d0) OVER w AS c0, n1 / sum(d1) OVER w AS c1 FROM sums WINDOW w AS (PARTITION BY kpi, period, against, as_of))
SELECT *, coalesce((w0 + w1) / 2 * (r1 - r0), 0) AS rate, CASE WHEN r0 IS NOT NULL AND r1 IS NOT NULL THEN (w1 - w0) * ((r0 + r1) / 2 - (rr0 + rr1) / 2) ELSE c1 - c0 - (w1 - w0) * (rr0 + rr1) / 2 END AS mix FROM wholes;
SELECT a.adds, count(*) > 300 AS enough, count(*) FILTER (WHERE a.segment IS NULL OR r.segment IS NULL) AS without_other, count(*) FILTER (WHERE a.note = 'new') > 5 AS has_new, count(*) FILTER (WHERE a.note = 'gone') > 5 AS has_gone,
  count(*) FILTER (WHERE a.adds = 'sum' AND (a.before IS DISTINCT FROM r.v0 OR a.after IS DISTINCT FROM r.v1)) AS wrong_values,
  count(*) FILTER (WHERE a.adds = 'ratio' AND (abs(a.rate - r.rate) > 1e-9 OR abs(a.mix - r.mix) > 1e-9 OR abs(a.before - r.r0) > 1e-9 OR abs(a.after - r.r1) > 1e-9 OR (a.before IS NULL) <> (r.r0 IS NULL))) AS wrong_split
FROM (SELECT * FROM answers WHERE segment <> '(total)') AS a FULL JOIN reference AS r ON a.kpi = r.kpi AND a.period = r.period AND a.against IS NOT DISTINCT FROM r.against AND a.as_of = r.as_of AND a.segment = r.segment GROUP BY 1 ORDER BY 1;
-- in order of what they contribute, the whole first
SELECT count(*) FILTER (WHERE place = 1 AND segment <> '(total)') AS whole_not_first, count(*) FILTER (WHERE place > 2 AND abs(contribution) > before_it) AS out_of_order
FROM (SELECT *, lag(abs(contribution)) OVER w AS before_it FROM (SELECT q.kpi, q.period, q.against, q.as_of, e.* FROM questions AS q, ROWS FROM (kpi.explain_change(q.kpi, q.period, q.against, q.as_of)) WITH ORDINALITY AS e(segment, before, after, contribution, share, mix, rate, note, place)) AS o WINDOW w AS (PARTITION BY kpi, period, against, as_of ORDER BY place)) AS p;
-- what they are called does not matter
UPDATE random_facts SET segment = 'z' || (9 - substr(segment, 2)::int);
CALL kpi.refresh(from_day => '2025-01-01', as_of => '2026-06-01 00:00Z');
SELECT count(*) AS other_answers FROM (SELECT kpi, period, against, as_of, before, after, contribution, mix, rate FROM answers EXCEPT SELECT q.kpi, q.period, q.against, q.as_of, e.before, e.after, e.contribution, e.mix, e.rate FROM questions AS q, kpi.explain_change(q.kpi, q.period, q.against, q.as_of) AS e) AS differing;
-- a segment that is split into two equal ones: the same together, and the others as they were
CREATE TABLE split_facts AS SELECT kpi, day, segment || h AS segment, value / 2 AS value, numerator / 2 AS numerator, denominator / 2 AS denominator FROM random_facts, unnest('{a,b}'::text[]) AS h WHERE segment = 'z3' UNION ALL SELECT * FROM random_facts WHERE segment <> 'z3';
DROP VIEW r2;
CREATE VIEW r2 AS SELECT day AS period_start, segment, numerator, denominator FROM split_facts WHERE kpi = 'r2';
CALL kpi.refresh('r2', from_day => '2025-01-01', as_of => '2026-06-01 00:00Z');
SELECT count(*) > 50 AS enough, count(*) FILTER (WHERE abs(s.mix - a.mix) > 1e-15 OR abs(s.rate - a.rate) > 1e-15) AS differing
FROM (SELECT q.period, q.against, q.as_of, substr(e.segment, 1, 2) AS segment, sum(e.mix) AS mix, sum(e.rate) AS rate FROM questions AS q, kpi.explain_change(q.kpi, q.period, q.against, q.as_of) AS e WHERE q.kpi = 'r2' AND e.segment <> '(total)' GROUP BY 1, 2, 3, 4) AS s
JOIN (SELECT *, 'z' || (9 - substr(segment, 2)::int) AS renamed FROM answers WHERE kpi = 'r2' AND segment <> '(total)') AS a ON a.period = s.period AND a.against IS NOT DISTINCT FROM s.against AND a.as_of = s.as_of AND a.renamed = s.segment;
-- the whole is what the scorecard says it was and is
SELECT count(kpi.set_target(name, p, 100)) FROM kpi.kpi, unnest('{2026-02,2026-03,2026-05,2026-Q1,2026-Q2,2026-W15}'::text[]) AS p WHERE name ~ '^r[0-9]';
SELECT count(*) > 300 AS enough, count(*) FILTER (WHERE t.after IS DISTINCT FROM e.actual) AS other_actual, count(*) FILTER (WHERE t.before IS DISTINCT FROM CASE against WHEN 'year ago' THEN e.year_ago ELSE e.previous END) AS other_before
FROM generate_series(timestamptz '2026-03-02Z', '2026-06-02Z', '9 days') AS as_of, (VALUES (NULL), ('year ago')) AS x(against),
  LATERAL (SELECT * FROM kpi.evaluate(as_of) WHERE kpi ~ '^r[0-9]' AND actual IS NOT NULL AND CASE against WHEN 'year ago' THEN year_ago ELSE previous END IS NOT NULL OFFSET 0) AS e, kpi.explain_change(e.kpi, e.period, against, as_of) AS t
WHERE t.segment = '(total)';
-- ratios whose quotients have no end, of very small and very large numbers
CREATE VIEW extremes AS SELECT period_start, segment, numerator * scale AS numerator, denominator * scale AS denominator FROM (VALUES (date '2026-01-01', 'a', 1, 3), ('2026-01-01', 'b', 2, 7), ('2026-02-01', 'a', 5, 11), ('2026-02-01', 'c', 1, 13)) AS f(period_start, segment, numerator, denominator), (VALUES (1e-12)) AS s(scale);
CREATE VIEW giants AS SELECT period_start, segment, numerator * 1e24 AS numerator, denominator FROM extremes;
SELECT kpi.define('extremes', 'extremes', unit => 'x', grain => 'month'), kpi.define('giants', 'giants', unit => 'x', grain => 'month');
CALL kpi.refresh(as_of => '2026-03-01 00:00Z');
SELECT k, segment, trim_scale(round(contribution, 12)) AS contribution, sum(contribution) FILTER (WHERE segment <> '(total)') OVER (PARTITION BY k) = max(contribution) FILTER (WHERE segment = '(total)') OVER (PARTITION BY k) AS exact FROM unnest('{extremes,giants}'::text[]) AS k, kpi.explain_change(k, '2026-02', as_of => '2026-03-01 00:00Z') ORDER BY 1, 2;

-- ---- derived KPIs: their inputs ----
CREATE VIEW amount AS SELECT d::date AS period_start, CASE WHEN d < '2026-02-01' THEN 100 ELSE 130 END AS value FROM generate_series(timestamp '2025-12-01', '2026-02-28', '1 day') AS d;
CREATE VIEW orders AS SELECT d::date AS period_start, CASE WHEN d < '2026-02-01' THEN 4 ELSE 5 END AS value FROM generate_series(timestamp '2025-12-01', '2026-02-28', '1 day') AS d;
CREATE VIEW refunds AS SELECT d::date AS period_start, 10 AS value FROM generate_series(timestamp '2026-02-01', '2026-02-28', '1 day') AS d;
SELECT kpi.define('amount', 'amount', unit => 'EUR', adds => 'sum'), kpi.define('orders', 'orders', unit => 'orders', adds => 'sum'), kpi.define('refunds', 'refunds', unit => 'EUR', adds => 'sum');
SELECT kpi.define_derived('aov', 'amount / orders', unit => 'EUR', grain => 'month'), kpi.define_derived('net', '(amount - coalesce(refunds, 0)) / orders', unit => 'EUR', grain => 'month'),
  kpi.define_derived('growth', 'amount / previous(amount) - 1', unit => 'share', grain => 'month'), kpi.define_derived('fixed', 'amount * 0 + refunds', unit => 'x', grain => 'month'), kpi.define_derived('split', 'amount / (orders - 124)', unit => 'x', grain => 'month'), kpi.define_derived('sum', 'amount + orders', unit => 'x', grain => 'month', adds => 'sum');
CALL kpi.refresh(as_of => '2026-03-01 09:00Z');
-- 3100 / 124 = 25, 3640 / 140 = 26; amount: ((3640 / 124 - 25) + (26 - 3100 / 140)) / 2
SELECT segment, before, after, round(contribution, 9) AS contribution, round(share::numeric, 6) AS share, mix, note FROM kpi.explain_change('aov', '2026-02', as_of => '2026-03-01 09:00Z');
SELECT round(((3640 / 124.0 - 25) + (26 - 3100 / 140.0)) / 2, 9) AS amount, round(((3100 / 140.0 - 25) + (26 - 3640 / 124.0)) / 2, 9) AS orders;
SELECT segment, before, after, round(contribution, 9) AS contribution, note FROM kpi.explain_change('net', '2026-02', as_of => '2026-03-01 09:00Z');
SELECT segment, before, after, round(contribution, 9) AS contribution, note FROM kpi.explain_change('growth', '2026-02', as_of => '2026-03-01 09:00Z');
-- to date: 11 days of each
SELECT segment, before, after, round(contribution, 9) AS contribution, note FROM kpi.explain_change('aov', '2026-02', as_of => '2026-02-12 09:00Z');
-- what cannot be split, or has no value
SELECT * FROM kpi.explain_change('split', '2026-02', '2026-02', as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('split', '2026-02', as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('fixed', '2026-02', as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('sum', '2026-Q1', as_of => '2026-04-01 09:00Z');
SELECT kpi.define_derived('mixture', 'amount / (orders - refunds / 2)', unit => 'x', grain => 'day');
CREATE OR REPLACE VIEW orders AS SELECT d::date AS period_start, CASE WHEN d < '2026-02-10' THEN 4 ELSE 5 END AS value FROM generate_series(timestamp '2025-12-01', '2026-02-28', '1 day') AS d;
CREATE OR REPLACE VIEW refunds AS SELECT d::date AS period_start, CASE WHEN d < '2026-02-10' THEN 10 ELSE 8 END AS value FROM generate_series(timestamp '2026-02-01', '2026-02-28', '1 day') AS d;
CALL kpi.refresh('orders', from_day => '2026-01-01', as_of => '2026-03-01 09:00Z');
CALL kpi.refresh('refunds', from_day => '2026-01-01', as_of => '2026-03-01 09:00Z');
SELECT * FROM kpi.explain_change('mixture', '2026-02-10', as_of => '2026-03-01 09:00Z');
-- random inputs next to all orders, one by one
DO $$
DECLARE
  letters text[] := '{a,b,c,d}';
BEGIN
  FOR k IN 1 .. 4 LOOP
    EXECUTE format('CREATE VIEW in_%s AS SELECT date ''2026-01-01'' + i * 31 - i / 2 * 3 AS period_start, (1 + (hashint4(i * 10 + %s) & 65535) / 1000.0)::numeric AS value FROM generate_series(0, 1) AS i', letters[k], k);
    PERFORM kpi.define('in_' || letters[k], ('in_' || letters[k])::regclass, unit => 'x', adds => 'sum', grain => 'month');
  END LOOP;
END $$;
SELECT kpi.define_derived('of_four', 'in_a * in_b / (in_c + in_d) - max(in_a, in_d)', unit => 'x', grain => 'month');
CALL kpi.refresh(as_of => '2026-03-01 09:00Z');
WITH RECURSIVE vals AS (SELECT substr(kpi, 4)::text AS letter, max(value) FILTER (WHERE period_start = '2026-01-01') AS v0, max(value) FILTER (WHERE period_start = '2026-02-01') AS v1 FROM kpi.measurement WHERE kpi ~ '^in_' GROUP BY 1),
orders AS (SELECT letter AS sequence FROM vals UNION ALL SELECT o.sequence || v.letter FROM orders AS o, vals AS v WHERE position(v.letter IN o.sequence) = 0 AND length(o.sequence) < 4),
steps AS (SELECT o.sequence, i, substr(o.sequence, i, 1) AS letter, before.*, after.* FROM (SELECT * FROM orders WHERE length(sequence) = 4) AS o, generate_series(1, 4) AS i,
  LATERAL (SELECT max(CASE WHEN position(letter IN substr(o.sequence, 1, i - 1)) > 0 THEN v1 ELSE v0 END) FILTER (WHERE letter = 'a') AS a0, max(CASE WHEN position(letter IN substr(o.sequence, 1, i - 1)) > 0 THEN v1 ELSE v0 END) FILTER (WHERE letter = 'b') AS b0, max(CASE WHEN position(letter IN substr(o.sequence, 1, i - 1)) > 0 THEN v1 ELSE v0 END) FILTER (WHERE letter = 'c') AS c0, max(CASE WHEN position(letter IN substr(o.sequence, 1, i - 1)) > 0 THEN v1 ELSE v0 END) FILTER (WHERE letter = 'd') AS d0 FROM vals) AS before,
  LATERAL (SELECT max(CASE WHEN position(letter IN substr(o.sequence, 1, i)) > 0 THEN v1 ELSE v0 END) FILTER (WHERE letter = 'a') AS a1, max(CASE WHEN position(letter IN substr(o.sequence, 1, i)) > 0 THEN v1 ELSE v0 END) FILTER (WHERE letter = 'b') AS b1, max(CASE WHEN position(letter IN substr(o.sequence, 1, i)) > 0 THEN v1 ELSE v0 END) FILTER (WHERE letter = 'c') AS c1, max(CASE WHEN position(letter IN substr(o.sequence, 1, i)) > 0 THEN v1 ELSE v0 END) FILTER (WHERE letter = 'd') AS d1 FROM vals) AS after),
means AS (SELECT 'in_' || letter AS segment, count(*) AS turns, avg((a1 * b1 / (c1 + d1) - greatest(a1, d1)) - (a0 * b0 / (c0 + d0) - greatest(a0, d0))) AS mean FROM steps GROUP BY 1)
SELECT count(*) AS inputs, bool_and(turns = 24) AS all_orders, bool_and(abs(mean - contribution) < 1e-11) AS as_referenced, bool_and(mean <> 0) AS moved, sum(contribution) = (SELECT contribution FROM kpi.explain_change('of_four', '2026-02', as_of => '2026-03-01 09:00Z') WHERE segment = '(total)') AS exact FROM means JOIN kpi.explain_change('of_four', '2026-02', as_of => '2026-03-01 09:00Z') AS e USING (segment);
SELECT kpi.define_derived('of_nine', 'in_a + previous(in_a) + year_ago(in_a) + in_b + previous(in_b) + year_ago(in_b) + in_c + previous(in_c) + year_ago(in_c)', unit => 'x', grain => 'month');
SELECT * FROM kpi.explain_change('of_nine', '2026-02', as_of => '2026-03-01 09:00Z');

-- ---- only who may see the values may have them explained ----
CREATE ROLE explain_reader;
SELECT kpi.grant_access('explain_reader');
GRANT USAGE ON SCHEMA explain_test TO explain_reader;
SET ROLE explain_reader;
SELECT * FROM kpi.explain_change('revenue', '2026-02', as_of => '2026-03-01 09:00Z');
RESET ROLE;
SELECT kpi.share('revenue', 'explain_reader');
SET ROLE explain_reader;
SELECT segment, contribution FROM kpi.explain_change('revenue', '2026-02', as_of => '2026-03-01 09:00Z') LIMIT 2;
RESET ROLE;
SELECT kpi.grant_access('explain_reader', 'none');
REVOKE USAGE ON SCHEMA explain_test FROM explain_reader;
DROP ROLE explain_reader;
DELETE FROM kpi.kpi WHERE kind = 'derived';
DELETE FROM kpi.kpi;
DROP SCHEMA explain_test CASCADE;
