-- kpi.ltv: the language, what a cohort was worth by its age, and what models are fitted to, next to plain SQL
CREATE SCHEMA ltv_test;
SET search_path = ltv_test;
SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = 'ISO';
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
SELECT spec::kpi.ltv_spec FROM (VALUES (''), ('unit week'), ('by week in Asia/Seoul week starts sunday'), ('BY Quarter, unit day, until 2026-06-30'), ('holdout from 1997-10-01'),
  ('of purchase|refund*|"two words" by year'), ('of * in "America/New_York"'), ('until 0001-01-01, holdout from 0001-01-01'), ('until 294276-12-31'), ('of "until"|"by"')) AS v(spec);
-- reads what it prints
SELECT count(*) FROM (VALUES ('of "a b"|c* until 2026-06-30 unit week holdout from 2026-01-31 by week week starts friday in Asia/Kolkata'), ('')) AS v(s) WHERE s::kpi.ltv_spec::text::kpi.ltv_spec::text = s::kpi.ltv_spec::text;
-- mistakes
SELECT s, e FROM (VALUES ('by day'), ('by hour'), ('by fortnight'), ('month'), ('unit month'), ('unit'), ('until'), ('until 2026-02-29'), ('until 2026-1-1'), ('until tomorrow'), ('until 294277-01-01'), ('until 0000-01-01'),
  ('holdout 2026-01-01'), ('holdout from'), ('until 2026-01-01, until 2026-01-02'), ('until 2026-01-01, holdout from 2026-01-02'), ('of'), ('of a of b'), ('of until'), ('in Asia/Soul'), ('by month week starts sunday'), ('by week week starts caturday'),
  ('by week by week'), ('unit day unit day'), ('in UTC in UTC'), ('every week')) AS v(s), LATERAL error_of(format('SELECT %L::kpi.ltv_spec', s)) AS e;
-- the constructor
SELECT kpi.ltv_spec(), kpi.ltv_spec(by => 'week', week_starts => 'sunday', zone => 'Asia/Seoul', unit => 'week'), kpi.ltv_spec(until => '2026-06-30', holdout => '2026-01-01', events => ARRAY['a', 'by', '5 c']);
SET datestyle = 'German';
SELECT kpi.ltv_spec(until => '2026-06-30');
SET datestyle = 'ISO';
-- it sorts and groups
SELECT s, count(*) FROM (VALUES ('by week'::kpi.ltv_spec), (''), ('unit day by month')) AS v(s) GROUP BY s ORDER BY s;

-- ---- by hand ----
CREATE TABLE few (customer bigint, ts timestamptz, amount numeric);
INSERT INTO few VALUES
  (1, '2026-01-05 10:00Z', 100), (1, '2026-01-20 10:00Z', 50), (1, '2026-02-10 10:00Z', -30), (1, '2026-03-01 10:00Z', 10),
  -- nothing paid is a purchase, too
  (2, '2026-01-31 10:00Z', 20), (2, '2026-02-01 10:00Z', 0),
  -- the refund is of a purchase that is not here; two purchases of a day are one; a refund is none
  (3, '2026-01-10 10:00Z', -5), (3, '2026-02-14 10:00Z', 40), (3, '2026-02-14 12:00Z', 2.50), (3, '2026-03-02 09:00Z', -2.50),
  -- nobody
  (4, '2026-01-10 10:00Z', -7), (5, '2026-01-10 10:00Z', NULL), (5, NULL, 5), (NULL, '2026-01-10 10:00Z', 5), (6, 'infinity', 5), (6, '-infinity', 5);
CREATE TABLE l AS SELECT kpi.ltv(customer, ts, amount, '') AS l FROM few;
SELECT * FROM kpi.value_curve((TABLE l));
SELECT * FROM kpi.curve((TABLE l));
SELECT l::jsonb, kpi.actors(l), kpi.spec_of(l) FROM l;
-- a part of the revenue, and later money is worth less: 1.4641 is 1.1 to the fourth
SELECT cohort, age, revenue, round(revenue_per_customer, 10) AS per_customer, round(cumulative, 10) AS cumulative
FROM (SELECT kpi.ltv(1, day, 121, 'by quarter') AS l FROM unnest('{2026-01-05Z,2026-04-05Z,2026-07-05Z}'::timestamptz[]) AS day) AS s, kpi.value_curve(l, margin => 0.5, discount_rate => 0.4641);
SELECT age, cohorts, eligible, revenue, round(revenue_per_customer, 10) AS per_customer, round(cumulative, 10) AS cumulative
FROM (SELECT kpi.ltv(1, day, 12.1, 'by year until 2028-12-31') AS l FROM unnest('{2026-05-05Z,2027-01-01Z,2028-12-31Z}'::timestamptz[]) AS day) AS s, kpi.curve(l, discount_rate => 0.1);
-- weeks are 7/365 of a year, months 1/12
SELECT grain, age, revenue_per_customer FROM unnest('{week,month}'::text[]) AS grain,
  LATERAL (SELECT kpi.ltv(1, day, 100, kpi.ltv_spec(by => grain)) AS l FROM unnest('{2026-01-05Z,2026-01-19Z,2026-03-10Z}'::timestamptz[]) AS day) AS s, kpi.value_curve(l, 0.3, 0.15) WHERE revenue <> 0;
SELECT 100 * 0.3 / power(1.15, 14 / 365.0) AS two_weeks, 100 * 0.3 / power(1.15, 63 / 365.0) AS nine_weeks, 100 * 0.3 / power(1.15, 2 / 12.0) AS two_months;
-- a null margin or rate is none given
SELECT count(*) AS different FROM l, kpi.value_curve(l) a FULL JOIN kpi.value_curve((TABLE l), NULL, NULL, NULL) b USING (cohort, age) WHERE a IS DISTINCT FROM b;
-- when was it? each row: the last periods of the cohorts, and those that are over
SELECT as_of, string_agg(concat(to_char(cohort, 'YYYY-MM'), ' ', age, CASE WHEN complete THEN ' complete' END), ', ' ORDER BY cohort, age) AS cells, (SELECT string_agg(concat(age, ': ', cohorts, ' ', revenue), ', ' ORDER BY age) FROM kpi.curve((TABLE l), as_of => as_of)) AS curve
FROM unnest('{2026-01-31 23:59:59Z,2026-02-01Z,2026-04-30Z,infinity,-infinity,2025-12-31Z,4714-11-24 00:00:00+00 BC}'::timestamptz[]) WITH ORDINALITY AS u(as_of, i) LEFT JOIN kpi.value_curve((TABLE l), as_of => as_of) AS v ON true GROUP BY as_of, i ORDER BY i;
-- until: nothing behind it counts, and it is the end of the period that it is the last day of
SELECT until, as_of, string_agg(concat(to_char(cohort, 'YYYY-MM'), ' ', age, ' ', revenue, CASE WHEN complete THEN ' complete' END), ', ' ORDER BY cohort, age) AS cells
FROM (VALUES (1, '2026-02-28'::date, NULL::timestamptz), (2, '2026-02-27', NULL), (3, '2026-04-05', NULL), (4, '2026-02-28', '2026-02-28 23:59Z'), (5, '2026-02-28', '2026-03-01Z'), (6, '2026-02-28', 'infinity'), (7, '2026-02-28', '2026-01-31Z'), (8, '2026-02-28', '-infinity')) AS u(i, until, as_of)
LEFT JOIN LATERAL (SELECT v.* FROM (SELECT kpi.ltv(customer, ts, amount, kpi.ltv_spec(until => until)) AS l FROM few) AS s, kpi.value_curve(l, as_of => as_of) AS v) AS v ON true GROUP BY i, until, as_of ORDER BY i;
-- holdout: those who came in it are in cohorts, and in nothing that models are fitted to
SELECT j -> 'days' AS days, j #> '{histories,counts}' AS histories, j #> '{periods,counts}' AS periods, j #> '{money,counts}' AS money, (SELECT sum((c ->> 'size')::int) FROM jsonb_array_elements(j -> 'cohorts') c) AS customers
FROM (SELECT kpi.ltv(customer, ts, amount, 'holdout from 2026-02-10')::jsonb AS j FROM few) AS s;
-- the day is that of the zone: a new year, and one day or two
SELECT zone, cohort, age, buyers, purchases, revenue FROM unnest('{UTC,Asia/Seoul}'::text[]) AS zone,
  LATERAL (SELECT kpi.ltv(1, ts, 1, kpi.ltv_spec(zone => zone)) AS l FROM unnest('{2025-12-31 15:30Z,2026-01-01 14:30Z,2026-01-01 15:30Z}'::timestamptz[]) AS ts) AS s, kpi.value_curve(l) ORDER BY zone DESC, cohort, age;
-- Alaska had 1867-10-18 again behind a part of the 19th: for the one who bought on both sides of that, it is one day
SELECT cohort, purchases, revenue FROM kpi.value_curve((SELECT kpi.ltv(1, ts, 1, 'by year in America/Juneau') FROM unnest('{1867-10-18 10:00Z,1867-10-19 01:00Z}'::timestamptz[]) AS ts));
-- the ends of time
SELECT count(*), min(cohort), max(age), sum(buyers), sum(revenue) FROM kpi.value_curve((SELECT kpi.ltv(1, ts, 1, 'by year') FROM unnest('{4714-11-24 00:00:00+00 BC,294276-12-31 23:59:59Z}'::timestamptz[]) AS ts), as_of => 'infinity');
-- nothing
SELECT kpi.ltv(customer, ts, amount, 'by week') FROM few WHERE false;
SELECT kpi.ltv(customer, ts, amount, 'by week') FROM few WHERE customer = 5 AND ts IS NULL OR customer IS NULL;
SELECT kpi.ltv(NULL::kpi.timeline, 'by week');
SELECT count(*) FROM kpi.value_curve(NULL), kpi.curve(NULL::kpi.ltv);
SELECT (SELECT count(*) FROM kpi.value_curve(e)), (SELECT count(*) FROM kpi.curve(e, as_of => 'infinity')), kpi.actors(e), kpi.spec_of(e), kpi.merge(e, l) OPERATOR(kpi.=) l AS same FROM l,
  (VALUES ('{}'::kpi.ltv), ((SELECT kpi.ltv(customer, ts, amount, '') FROM few WHERE customer = 4 AND false))) AS v(e);
SELECT count(*), count(c) FROM (SELECT kpi.ltv(customer, ts, amount, '') AS r FROM few WHERE customer = 4) AS s LEFT JOIN kpi.value_curve(r, as_of => 'infinity') AS c ON true;
SELECT kpi.rollup(r) FROM (SELECT NULL::kpi.ltv AS r) AS s;
-- mistakes
SELECT q, error_of(q) FROM (VALUES
  ('SELECT kpi.ltv(customer, ts, amount, ''of purchase'') FROM few'),
  ('SELECT kpi.ltv(customer::text, ts, amount, ''of *, by week'') FROM few'),
  ('SELECT kpi.ltv(customer, ts, amount, NULL::kpi.ltv_spec) FROM few'),
  ('SELECT kpi.ltv(customer, ts, amount, CASE WHEN amount > 5 THEN ''by week'' ELSE '''' END::kpi.ltv_spec) FROM few'),
  ('SELECT kpi.ltv(1, now(), ''NaN''::numeric, '''')'),
  ('SELECT kpi.ltv(1, now(), 123456789012345678.9, '''')'),
  ('SELECT kpi.merge(kpi.ltv(1, now(), 1, ''''), kpi.ltv(1, now(), 1, ''by week''))'),
  ('SELECT count(*) FROM kpi.value_curve((TABLE l), discount_rate => -0.01)'),
  ('SELECT count(*) FROM kpi.curve((TABLE l), discount_rate => ''NaN'')'),
  ('SELECT count(*) FROM kpi.curve((TABLE l), discount_rate => ''Infinity'')'),
  ('SELECT count(*) FROM kpi.value_curve((SELECT kpi.ltv(1, ''0001-01-01Z'', 1, ''by week until 294276-12-31'')))'),
  ('SELECT count(*) FROM kpi.curve((SELECT kpi.ltv(1, ''0001-01-01Z'', 1, ''by week'')), as_of => ''294276-12-31Z'')')) AS v(q);

-- ---- by definition, in plain SQL ----
CREATE FUNCTION bucket(day date, grain text, week_starts int) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN grain = 'week' THEN day - (extract(dow FROM day)::int - week_starts + 7) % 7 ELSE date_trunc(grain, day::timestamp)::date END $$;
CREATE FUNCTION distance(a date, b date, grain text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE grain WHEN 'week' THEN (b - a) / 7 ELSE (12 * (extract(year FROM b) - extract(year FROM a)) + extract(month FROM b) - extract(month FROM a)) / CASE grain WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 ELSE 12 END END::int $$;
-- the parts of a spec, as columns; when curves are looked at, and what they are worth
CREATE TABLE specs (n int GENERATED ALWAYS AS IDENTITY, grain text, week_starts int, zone text, until date, holdout date, as_of timestamptz, margin numeric, rate numeric, spec kpi.ltv_spec);
CREATE FUNCTION h(i int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(i, n) & 1073741823)::int $$;
CREATE FUNCTION pick(choices text, h int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT nullif((string_to_array(choices, ' '))[1 + h % cardinality(string_to_array(choices, ' '))], '-') $$;
INSERT INTO specs (grain, week_starts, zone, until, holdout, as_of, margin, rate)
SELECT grain, CASE WHEN grain = 'week' THEN h(i, 2) % 7 ELSE 1 END, pick('UTC Asia/Seoul America/New_York', h(i, 3)), until, CASE WHEN holdout <= until OR until IS NULL THEN holdout END,
  pick('- - 2025-02-28T16:00Z 2025-06-01T03:00Z 2026-12-31Z', h(i, 6))::timestamptz, pick('1 0.35', h(i, 7))::numeric, pick('0 0.1 0.0725', h(i, 8))::numeric
FROM (SELECT i, pick('week month quarter year', h(i, 1)) AS grain, pick('- - 2025-03-31 2025-04-06 2025-12-31', h(i, 4))::date AS until, pick('- - 2024-12-31 2025-02-01', h(i, 5))::date AS holdout FROM generate_series(1, 60) AS i) AS p;
UPDATE specs SET spec = kpi.ltv_spec(by => grain, zone => zone, until => until, holdout => holdout,
  week_starts => CASE WHEN grain = 'week' THEN pick('sunday monday tuesday wednesday thursday friday saturday', week_starts) END);
-- Few days around the ends of periods, most of them close to midnight somewhere; some customers have refunds only.
CREATE TABLE ev AS
SELECT i, CASE WHEN h(i, 20) % 50 > 0 THEN h(i, 20) % 90 END::bigint AS customer,
  CASE WHEN h(i, 21) % 51 = 0 THEN NULL WHEN h(i, 21) % 97 = 0 THEN 'infinity' WHEN h(i, 21) % 98 = 0 THEN '-infinity'
    ELSE pick('2024-02-28T22:00Z 2024-12-27T13:00Z 2024-12-30T03:00Z 2025-01-31T13:00Z 2025-03-29T22:00Z 2025-06-28T13:00Z', h(i, 22))::timestamptz
      + (h(i, 23) % 24) * interval '1 hour' + (h(i, 24) % 4) * interval '1 day' * (h(i, 25) % 2) + (h(i, 26) % 9) * interval '7 days' * (h(i, 27) % 2) END AS ts,
  CASE WHEN h(i, 28) % 20 = 0 THEN NULL WHEN h(i, 28) % 20 = 1 THEN 0 WHEN h(i, 28) % 5 = 0 OR h(i, 20) % 90 < 5 THEN -1 ELSE 1 END * (h(i, 29) % 10000) / pick('1 10 100 1000', h(i, 30))::numeric AS amount
FROM generate_series(1, 1100) AS i;
-- what customers did on their days from the first purchase on, and what that is to a cohort
CREATE TABLE days AS
WITH d AS (SELECT n, customer, (ts AT TIME ZONE zone)::date AS day, sum(amount) AS amount, bool_or(amount >= 0) AS bought FROM ev, specs
  WHERE customer IS NOT NULL AND amount IS NOT NULL AND isfinite(ts) AND ((ts AT TIME ZONE zone)::date > until) IS NOT TRUE GROUP BY 1, 2, 3),
f AS (SELECT n, customer, min(day) AS first FROM d WHERE bought GROUP BY 1, 2)
SELECT d.*, first, bucket(first, grain, week_starts) AS cohort, distance(bucket(first, grain, week_starts), bucket(day, grain, week_starts), grain) AS age, coalesce(day >= holdout, false) AS late
FROM d JOIN f USING (n, customer) JOIN specs USING (n) WHERE day >= first AND (bought OR day > first);
CREATE TABLE horizons AS
SELECT n, bucket(least(at, until), grain, week_starts) AS last, bucket(CASE WHEN at > until THEN until + 1 ELSE at END, grain, week_starts) AS behind
FROM (SELECT *, CASE WHEN until IS NULL OR as_of IS NOT NULL THEN (coalesce(as_of, (SELECT max(ts) FROM ev WHERE isfinite(ts) AND customer IS NOT NULL)) AT TIME ZONE zone)::date ELSE until + 1 END AS at FROM specs) AS s;
CREATE TABLE cells AS
WITH sizes AS (SELECT n, cohort, count(DISTINCT customer) AS size FROM days GROUP BY 1, 2),
did AS (SELECT n, cohort, age, count(DISTINCT customer) FILTER (WHERE bought) AS buyers, count(*) FILTER (WHERE bought) AS purchases, sum(amount) AS revenue FROM days GROUP BY 1, 2, 3)
SELECT n, cohort, size, age, coalesce(buyers, 0) AS buyers, coalesce(purchases, 0) AS purchases, coalesce(revenue, 0) AS revenue, age < distance(cohort, behind, grain) AS complete
FROM sizes JOIN horizons USING (n) JOIN specs USING (n) CROSS JOIN LATERAL generate_series(0, distance(cohort, last, grain)) AS age LEFT JOIN did USING (n, cohort, age);
CREATE FUNCTION worth(revenue numeric, customers bigint, age int, s specs) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT revenue * s.margin / power(1 + s.rate, age * CASE s.grain WHEN 'week' THEN 7 / 365.0 WHEN 'month' THEN 1 / 12.0 WHEN 'quarter' THEN 1 / 4.0 ELSE 1 END) / customers $$;
CREATE TABLE whole AS SELECT n, spec, kpi.ltv(customer, ts, amount, spec) AS l FROM ev, specs GROUP BY n, spec;
SELECT count(*) > 1500 AS enough, count(DISTINCT n) AS specs, count(DISTINCT grain) AS grains, count(*) FILTER (WHERE NOT complete) > 200 AS incomplete, count(*) FILTER (WHERE revenue < 0) > 20 AS refunded, count(*) FILTER (WHERE purchases > buyers) > 200 AS several
FROM cells JOIN specs USING (n);
-- amounts are exact; shares to 12 digits, as the order of rounding is not defined
SELECT count(*) > 1500 AS enough, count(*) FILTER (WHERE (v.size, v.eligible, v.buyers, v.purchases, v.revenue, v.complete) IS DISTINCT FROM (c.size, c.size, c.buyers, c.purchases, c.revenue, c.complete)) AS different,
  count(*) FILTER (WHERE abs(v.revenue_per_customer - c.worth) > 1e-12 OR abs(v.cumulative - c.total) > 1e-10) AS other_worth
FROM (SELECT n, v.* FROM whole JOIN specs USING (n), kpi.value_curve(l, margin, rate, as_of) v) AS v
FULL JOIN (SELECT *, sum(worth) OVER (PARTITION BY n, cohort ORDER BY age) AS total FROM (SELECT c.*, worth(revenue, size, age, s) AS worth FROM cells c JOIN specs s USING (n)) AS w) AS c ON (v.n, v.cohort::date, v.age) = (c.n, c.cohort, c.age);
SELECT count(*) > 400 AS enough, count(*) FILTER (WHERE (v.cohorts, v.eligible, v.revenue) IS DISTINCT FROM (c.cohorts, c.eligible, c.revenue)) AS different,
  count(*) FILTER (WHERE abs(v.revenue_per_customer - c.worth) > 1e-12 OR abs(v.cumulative - c.total) > 1e-10) AS other_worth
FROM (SELECT n, v.* FROM whole JOIN specs USING (n), kpi.curve(l, margin, rate, as_of) v) AS v
FULL JOIN (SELECT *, sum(worth) OVER (PARTITION BY n ORDER BY age) AS total FROM (SELECT c.*, worth(revenue, eligible, age, s) AS worth
  FROM (SELECT n, age, count(*) AS cohorts, sum(size)::bigint AS eligible, sum(revenue) AS revenue FROM cells WHERE complete GROUP BY 1, 2) AS c JOIN specs s USING (n)) AS w) AS c USING (n, age);
-- what models are fitted to
CREATE TABLE customers AS
SELECT n, customer, first, max(day) FILTER (WHERE bought AND NOT late) AS last, count(*) FILTER (WHERE bought AND NOT late) - 1 AS repeats, count(*) FILTER (WHERE bought AND late) AS repeats_late,
  sum(amount) FILTER (WHERE NOT late AND day > first) AS money, cohort, array_agg(DISTINCT age ORDER BY age DESC) FILTER (WHERE bought AND NOT late) AS ages
FROM days d JOIN specs USING (n) WHERE (first >= holdout) IS NOT TRUE GROUP BY n, customer, first, cohort;
CREATE TABLE tables AS
SELECT n, 'days' AS name, jsonb_build_array(day - '2000-01-01'::date, count(*) FILTER (WHERE day = first), count(*) FILTER (WHERE day > first)) AS entry FROM days JOIN customers USING (n, customer, first) WHERE bought GROUP BY n, day
UNION ALL SELECT n, 'histories', jsonb_build_array(first - '2000-01-01'::date, last - first, repeats, repeats_late, count(*)) FROM customers GROUP BY n, first, last, repeats, repeats_late
UNION ALL SELECT n, 'periods', jsonb_build_array(distance(bucket('2000-01-01', grain, week_starts), cohort, grain), cardinality(ages) - 1, ages[1], ages[1] - coalesce(ages[2], 0), count(*)) FROM customers JOIN specs USING (n) GROUP BY n, grain, week_starts, cohort, ages[1], ages[2], cardinality(ages)
UNION ALL SELECT n, 'money', jsonb_build_array(repeats, ('x' || encode(float8send(money::float8), 'hex'))::bit(64)::bigint, count(*)) FROM customers WHERE repeats > 0 AND money > 0 GROUP BY n, repeats, money;
SELECT coalesce(t.name, j.name) AS name, count(*) > 1000 AS enough, count(*) FILTER (WHERE t.entry IS NULL OR j.entry IS NULL) AS different FROM tables t
FULL JOIN (SELECT n, name, e AS entry FROM whole, unnest('{days,histories,periods,money}'::text[]) AS name, jsonb_array_elements(CASE WHEN name = 'days' THEN l::jsonb -> name ELSE l::jsonb #> ARRAY[name, 'counts'] END) AS e) AS j USING (n, name, entry)
GROUP BY 1 ORDER BY 1;

-- ---- however the rows come ----
CREATE TABLE ways AS
SELECT 'shuffled' AS way, n, kpi.ltv(customer, ts, amount, spec) AS l FROM (SELECT * FROM ev ORDER BY md5(ev::text)) AS e, specs GROUP BY n
UNION ALL SELECT 'text', n, kpi.ltv(customer::text, ts, amount, spec) FROM ev, specs GROUP BY n
UNION ALL SELECT 'uuid', n, kpi.ltv(md5(customer::text)::uuid, ts, amount, spec) FROM ev, specs GROUP BY n
UNION ALL SELECT 'rolled up', n, kpi.rollup(l) FROM (SELECT n, kpi.ltv(customer, ts, amount, spec) FROM ev, specs GROUP BY n, customer) AS a(n, l) GROUP BY n
UNION ALL SELECT 'merged', n, kpi.ltv(customer, ts, amount, spec) FILTER (WHERE customer % 3 = 1) OPERATOR(kpi.+) kpi.ltv(customer, ts, amount, spec) FILTER (WHERE customer % 3 <> 1) FROM ev, specs GROUP BY n
UNION ALL SELECT 'timelines', n, kpi.ltv(t, spec) FROM (SELECT kpi.timeline(ts, 'event', amount) AS t FROM ev WHERE customer IS NOT NULL GROUP BY customer) AS s, specs GROUP BY n
UNION ALL SELECT 'text and back', n, l::text::kpi.ltv FROM whole
UNION ALL SELECT 'jsonb and back', n, l::jsonb::kpi.ltv FROM whole;
SELECT way, count(*), count(*) FILTER (WHERE w.l OPERATOR(kpi.<>) o.l) AS different FROM ways w JOIN whole o USING (n) GROUP BY way ORDER BY way;
COPY whole TO PROGRAM 'cat > ltv.copy' WITH (FORMAT binary);
CREATE TABLE again (LIKE whole);
COPY again FROM PROGRAM 'cat ltv.copy; rm ltv.copy' WITH (FORMAT binary);
SELECT count(*), count(*) FILTER (WHERE a.l OPERATOR(kpi.<>) w.l) AS different, (SELECT count(*) > 40 FROM (SELECT l FROM again GROUP BY l) AS g) AS grouped FROM again a JOIN whole w USING (n);
-- timelines: the events that `of` names, also without an amount; without it, those that have one
CREATE TABLE stores AS SELECT customer, kpi.timeline(ts, event, amount) AS valued, kpi.timeline(ts, event) AS plain
FROM (SELECT *, pick('buy buy refund other', h(i, 31)) AS event FROM ev WHERE customer IS NOT NULL) AS e GROUP BY customer;
SELECT clause, count(*), count(*) FILTER (WHERE t.l::jsonb - '{spec,latest}'::text[] IS DISTINCT FROM r.l::jsonb - '{spec,latest}'::text[]) AS different, bool_or(kpi.actors(t.l) > 50) AS some
FROM (VALUES ('of buy', 'buy', true), ('of r*|buy', 'buy|refund', true), ('of *', '.', true), ('of buy', 'buy', false)) AS v(clause, labels, has_values), specs s,
LATERAL (SELECT kpi.ltv(CASE WHEN has_values THEN valued ELSE plain END, concat(s.spec::text, ', ', clause)::kpi.ltv_spec) AS l FROM stores) AS t,
LATERAL (SELECT kpi.ltv(customer, ts, CASE WHEN has_values THEN coalesce(amount, 0) ELSE 0 END, s.spec) AS l FROM (SELECT *, pick('buy buy refund other', h(i, 31)) AS event FROM ev) AS e WHERE event ~ labels) AS r
WHERE s.holdout IS NULL AND s.until IS NULL GROUP BY clause, has_values ORDER BY clause, has_values;
SELECT kpi.actors(kpi.ltv(plain, '')) AS nobody_without_amounts, kpi.actors(kpi.ltv(valued, 'of nothing')) AS nobody FROM stores;

-- ---- more different customers than a summary keeps apart: by weeks, and money by 12 binary digits ----
CREATE TABLE many AS SELECT i AS customer, d AS day, CASE WHEN d = first THEN 1 ELSE i / 100.0 END AS amount FROM generate_series(1, 200000) AS i,
  LATERAL (SELECT '2010-01-01'::date + i % 500 AS first, '2010-01-01'::date + i % 500 + 1 + i / 500 AS last) AS f, unnest(ARRAY[first, last]) AS d;
CREATE TABLE large AS SELECT kpi.ltv(customer, day, amount, 'by year') AS l FROM many;
SELECT l OPERATOR(kpi.=) (SELECT kpi.rollup(p) FROM (SELECT kpi.ltv(customer, day, amount, 'by year') AS p FROM many GROUP BY customer % 11) AS s) AS rolled_up, l OPERATOR(kpi.=) l::jsonb::kpi.ltv AS read_again, kpi.actors(l),
  l::jsonb #>> '{histories,level}' AS histories, l::jsonb #>> '{periods,level}' AS periods, l::jsonb #>> '{money,level}' AS money FROM large;
SELECT count(*) > 4000 AS enough, count(*) FILTER (WHERE a.n IS DISTINCT FROM b.n) AS different FROM
  (SELECT first / 7 AS first, last / 7 - first / 7 AS length, count(*) AS n FROM (SELECT min(day) - '2000-01-01'::date AS first, max(day) - '2000-01-01'::date AS last FROM many GROUP BY customer) AS c GROUP BY 1, 2) AS a
FULL JOIN (SELECT (e ->> 0)::int AS first, (e ->> 1)::int AS length, sum((e ->> 4)::int) AS n FROM large, jsonb_array_elements(l::jsonb #> '{histories,counts}') AS e WHERE e -> 2 = '1' AND e -> 3 = '0' GROUP BY 1, 2) AS b USING (first, length);
SELECT count(*) > 4000 AS enough, count(*) FILTER (WHERE a.n IS DISTINCT FROM b.n) AS different FROM
  (SELECT ('x' || encode(float8send(amount), 'hex'))::bit(64)::bigint >> 40 << 40 AS bits, count(*) AS n FROM (SELECT customer / 100.0::float8 AS amount FROM many GROUP BY customer) AS m GROUP BY 1) AS a
FULL JOIN (SELECT (e ->> 1)::bigint AS bits, sum((e ->> 2)::int) AS n FROM large, jsonb_array_elements(l::jsonb #> '{money,counts}') AS e WHERE e -> 0 = '1' GROUP BY 1) AS b USING (bits);

-- hostile texts
SELECT j, error_of(format('SELECT %L::kpi.ltv', j)) FROM (VALUES ('[]'), ('{"spec": 1}'), ('{"spec": "by day"}'), ('{"spec": ""}')) AS v(j);
SELECT change, error_of(format('SELECT %L::kpi.ltv', jsonb_set(j, path::text[], value::jsonb))) FROM (SELECT kpi.ltv(1, day, 5, 'holdout from 2026-03-01') AS l FROM unnest('{2026-01-05Z,2026-02-05Z,2026-03-05Z}'::timestamptz[]) day) AS s,
LATERAL (SELECT l::jsonb AS j) AS j, (VALUES ('nothing', '{nothing}', '1'), ('cohorts', '{cohorts}', '5'), ('middle of a month', '{cohorts,0,cohort}', '"2026-01-02T00:00:00"'), ('twice', '{cohorts,1}', '{"cohort": "2026-01-01T00:00:00", "size": 1, "cells": [[0, 1, 1, 5]]}'),
  ('nobody', '{cohorts,0,size}', '0'), ('half', '{cohorts,0,size}', '0.5'), ('more', '{cohorts,0,size}', '2'), ('no cells', '{cohorts,0,cells}', '[]'), ('short', '{cohorts,0,cells,1}', '[1, 1, 1]'), ('age', '{cohorts,0,cells,1,0}', '0'), ('far', '{cohorts,0,cells,2,0}', '9000000000000000000'),
  ('buyers', '{cohorts,0,cells,1,1}', '2'), ('purchases', '{cohorts,0,cells,1,2}', '0'), ('money of a cell', '{cohorts,0,cells,1,3}', '"5"'), ('latest', '{latest}', '"infinity"'), ('order of days', '{days,1,0}', '9000'), ('far days', '{days}', '[[-9223372036854775808, 1, 0], [9223372036854775807, 0, 2]]'),
  ('a newcomer in the holdout', '{days,2,1}', '1'), ('other customers', '{days,0,1}', '2'), ('level', '{histories,level}', '4'), ('below', '{histories,level}', '-1'), ('first', '{histories,counts,0,0}', '2147483647'), ('last', '{histories,counts,0,1}', '4294967296'),
  ('repeats', '{histories,counts,0,2}', '0'), ('nobody', '{histories,counts,0,4}', '0'), ('too many', '{histories,counts,0,4}', '2'), ('short', '{histories,counts,0}', '[1, 1, 1, 1]'), ('periods', '{periods,counts,0,1}', '5'), ('step', '{periods,counts,0,3}', '2'),
  ('negative', '{money,counts,0,1}', '-4616189618054758400'), ('infinite', '{money,counts,0,1}', '9218868437227405312'), ('none', '{money,counts,0,1}', '0'), ('nobody', '{money,counts,0,2}', '0')) AS v(change, path, value);
DROP SCHEMA ltv_test CASCADE;
