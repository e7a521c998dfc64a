-- what holds for attainment, pacing, forecast, roll-up and status of any numbers; kpi.evaluate at the edge of every threshold
CREATE SCHEMA judgement_properties_test;
SET search_path = judgement_properties_test;
SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = 'ISO';
SELECT setseed(0.625);
CREATE FUNCTION number() RETURNS float8 LANGUAGE sql VOLATILE AS $$ SELECT (random() - 0.3) * 10 ^ floor(random() * 9 - 3) $$;

-- ---- attainment ----
CREATE TABLE numbers AS SELECT i, number() AS a, number() AS b, number() AS target, number() AS baseline, (2.0 ^ floor(random() * 40 - 20))::float8 AS power, random() * 100 + 0.01 AS factor FROM generate_series(1, 6000) AS i;
-- some cases hit the target to the bit, or miss it by the least there is
UPDATE numbers SET a = target WHERE i % 10 = 0;
UPDATE numbers SET a = target * (1 + (i % 3 - 1) * 2.3e-16) WHERE i % 10 = 1;
UPDATE numbers SET target = round(target), a = round(a), baseline = round(baseline) WHERE i % 10 = 2;
SELECT count(*) AS cases, count(*) FILTER (WHERE a = target) > 500 AS on_target,
  count(*) FILTER (WHERE target <> 0 AND (kpi.attainment(a, target) >= 1) <> (a >= target)) AS up_not_at_target, count(*) FILTER (WHERE target > 0 AND (kpi.attainment(a, target, direction => 'down') >= 1) <> (a <= target)) AS down_not_at_target,
  count(*) FILTER (WHERE target <> baseline AND (kpi.attainment(a, target, baseline) >= 1) <> (CASE WHEN target > baseline THEN a >= target ELSE a <= target END)) AS way_not_at_target,
  count(*) FILTER (WHERE target <> 0 AND kpi.attainment(target, target) <> 1 OR target > 0 AND kpi.attainment(target, target, direction => 'down') <> 1 OR target <> baseline AND kpi.attainment(target, target, baseline) <> 1) AS target_is_not_1, count(*) FILTER (WHERE target <> baseline AND kpi.attainment(baseline, target, baseline) <> 0) AS baseline_is_not_0
FROM numbers;
-- more is never less
SELECT count(*) FILTER (WHERE target <> 0 AND kpi.attainment(least(a, b), target) > kpi.attainment(greatest(a, b), target)) AS up, count(*) FILTER (WHERE target > 0 AND least(a, b) > 0 AND kpi.attainment(least(a, b), target, direction => 'down') < kpi.attainment(greatest(a, b), target, direction => 'down')) AS down,
  count(*) FILTER (WHERE target > baseline AND kpi.attainment(least(a, b), target, baseline) > kpi.attainment(greatest(a, b), target, baseline) OR target < baseline AND kpi.attainment(least(a, b), target, baseline) < kpi.attainment(greatest(a, b), target, baseline)) AS way,
  count(*) FILTER (WHERE target > 0 AND a > 0 AND greatest(target, b) > 0 AND kpi.attainment(a, greatest(target, b)) > kpi.attainment(a, target)) AS higher_target FROM numbers;
-- with a baseline, downwards is upwards in a mirror; the direction is that of the way; 0 is the baseline of who has none
SELECT count(*) FILTER (WHERE kpi.attainment(a, target, baseline) IS DISTINCT FROM kpi.attainment(-a, -target, -baseline)) AS mirrored, count(*) FILTER (WHERE kpi.attainment(a, target, baseline) IS DISTINCT FROM kpi.attainment(a, target, baseline, 'down')) AS by_direction,
  count(*) FILTER (WHERE target > 0 AND kpi.attainment(a, target) <> kpi.attainment(a, target, 0)) AS from_zero, count(*) FILTER (WHERE a > 0 AND target > 0 AND abs(kpi.attainment(a, target) * kpi.attainment(a, target, direction => 'down') - 1) > 1e-15) AS not_reciprocal FROM numbers;
-- the unit does not matter: in powers of two to the bit, in any other but for rounding
SELECT count(*) FILTER (WHERE kpi.attainment(a, target, baseline) IS DISTINCT FROM kpi.attainment(a * power, target * power, baseline * power) OR kpi.attainment(a, target) IS DISTINCT FROM kpi.attainment(a * power, target * power) OR kpi.attainment(a, target, direction => 'down') IS DISTINCT FROM kpi.attainment(a * power, target * power, direction => 'down')) AS by_power,
  count(*) FILTER (WHERE abs(kpi.attainment(a, target) - kpi.attainment(a * factor, target * factor)) > 1e-13 * (1 + abs(kpi.attainment(a, target)))) AS by_factor FROM numbers;
-- ranges: 1 within and nowhere else, from 0 to 1, less the farther away, the same on both sides
SELECT count(*) AS cases, count(*) FILTER (WHERE (x = 1) <> (a >= low AND a <= high)) AS not_within, count(*) FILTER (WHERE x NOT BETWEEN 0 AND 1) AS outside, count(*) FILTER (WHERE a > high AND b > a AND y > x OR a < low AND b < a AND y > x) AS not_falling,
  count(*) FILTER (WHERE abs(kpi.attainment_range(low - d, low, high) - kpi.attainment_range(high + d, low, high)) > 1e-6) AS sides_differ, count(*) FILTER (WHERE kpi.attainment_range(a * power, low * power, high * power) <> x) AS by_power,
  count(*) FILTER (WHERE kpi.attainment_range(a, low, NULL) <> least(1, kpi.attainment_range(a, low, NULL)) OR (kpi.attainment_range(a, low, NULL) = 1) <> (a >= low) OR (kpi.attainment_range(a, NULL, high) = 1) <> (a <= high)) AS open_ends
FROM (SELECT *, least(target, baseline) AS low, greatest(target, baseline) AS high, kpi.attainment_range(a, least(target, baseline), greatest(target, baseline)) AS x, kpi.attainment_range(b, least(target, baseline), greatest(target, baseline)) AS y, abs(target - baseline) * random() AS d FROM numbers WHERE abs(target - baseline) > 1e-3 * greatest(abs(target), abs(baseline))) AS r;

-- ---- how much of a period is over ----
CREATE TABLE periods AS SELECT i, date '2020-01-01' + (random() * 2500)::int AS first, 1 + (random() * CASE WHEN i % 5 = 0 THEN 400 ELSE 40 END)::int AS days, (SELECT array_agg(CASE WHEN random() < 0.2 THEN 0 ELSE random() * 100 END + CASE j WHEN 7 THEN 0.001 ELSE 0 END) FROM generate_series(1, 7 + i - i) AS j) AS weekdays FROM generate_series(1, 200) AS i;
CREATE TABLE ways AS SELECT p.*, pacing, CASE pacing WHEN 'profile' THEN weekdays END AS weights FROM periods AS p, unnest('{linear,business_days,profile}'::text[]) AS pacing
  UNION ALL SELECT p.*, 'profile', (SELECT array_agg(CASE WHEN random() < 0.2 THEN 0 ELSE random() END + CASE j WHEN days THEN 0.01 ELSE 0 END) FROM generate_series(1, days) AS j) FROM periods AS p WHERE days <> 7;
CREATE TABLE shares AS SELECT w.*, d AS day, kpi.elapsed_share(first, first + days, d, pacing, weights) AS share, kpi.elapsed_share(first, first + days, d - 1, pacing, weights) AS before FROM ways AS w, LATERAL (SELECT first + j AS d FROM generate_series(-1, days) AS j) AS s;
SELECT pacing, count(*) > 5000 AS enough, count(*) FILTER (WHERE day < first AND share <> 0) AS not_0_before, count(*) FILTER (WHERE day >= first + days - 1 AND share <> 1) AS not_1_after, count(*) FILTER (WHERE share < before) AS falling, count(*) FILTER (WHERE share NOT BETWEEN 0 AND 1) AS outside
FROM shares WHERE pacing <> 'business_days' OR EXISTS (SELECT FROM generate_series(0, days - 1) AS j WHERE extract(isodow FROM first + j) < 6) GROUP BY 1 ORDER BY 1;
-- each day adds its own part, which is its weight in all
CREATE TABLE weighed AS SELECT *, CASE pacing WHEN 'linear' THEN 1 WHEN 'business_days' THEN (extract(isodow FROM day) < 6)::int ELSE CASE WHEN cardinality(weights) = 7 THEN weights[extract(isodow FROM day)::int] ELSE weights[day - first + 1] END END AS weight FROM shares WHERE day >= first AND day < first + days;
SELECT pacing, count(*) FILTER (WHERE abs(share - before - weight / nullif(total, 0)) > 1e-12) AS wrong_parts, count(*) FILTER (WHERE abs(share - so_far / nullif(total, 0)) > 1e-12) AS wrong_sums, count(*) FILTER (WHERE (share IS NULL) <> (total = 0)) AS wrong_nulls
FROM (SELECT *, sum(weight) OVER (PARTITION BY i, pacing, weights) AS total, sum(weight) OVER (PARTITION BY i, pacing, weights ORDER BY day) AS so_far FROM weighed) AS w GROUP BY 1 ORDER BY 1;
-- all alike is linear, Monday to Friday is business_days, and twice the weights are the same weights
SELECT count(*) AS cases, count(*) FILTER (WHERE pacing = 'linear' AND abs(kpi.elapsed_share(first, first + days, day, 'profile', '{3,3,3,3,3,3,3}') - share) > 1e-15) AS not_linear, count(*) FILTER (WHERE pacing = 'business_days' AND kpi.elapsed_share(first, first + days, day, 'profile', '{1,1,1,1,1,0,0}') IS DISTINCT FROM share) AS not_business_days,
  count(*) FILTER (WHERE pacing = 'profile' AND kpi.elapsed_share(first, first + days, day, 'profile', (SELECT array_agg(x * 4 ORDER BY j) FROM unnest(weights) WITH ORDINALITY AS u(x, j))) IS DISTINCT FROM share) AS not_scale_free FROM shares;

-- ---- pace and forecast ----
CREATE TABLE paces AS SELECT i, a, target, baseline, s AS share, least(1, s + random() * (1 - s)) AS later FROM numbers, LATERAL (SELECT CASE i % 20 WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE random() END AS s) AS x;
SELECT count(*) AS cases, count(*) FILTER (WHERE kpi.pace(target, 0, baseline) <> baseline OR kpi.pace(target, 0) <> 0) AS not_at_baseline, count(*) FILTER (WHERE kpi.pace(target, 1, baseline) <> target OR kpi.pace(target, 1) <> target) AS not_at_target,
  count(*) FILTER (WHERE CASE WHEN target >= baseline THEN kpi.pace(target, later, baseline) < kpi.pace(target, share, baseline) ELSE kpi.pace(target, later, baseline) > kpi.pace(target, share, baseline) END) AS turning, count(*) FILTER (WHERE kpi.pace(target, share, baseline) NOT BETWEEN least(target, baseline) AND greatest(target, baseline)) AS outside,
  count(*) FILTER (WHERE abs(kpi.pace(target, share, baseline) - (baseline + share * (target - baseline))) > 1e-12 * (abs(target) + abs(baseline))) AS not_straight, count(*) FILTER (WHERE kpi.pace(target, share, baseline, false) <> target OR kpi.forecast(a, share, false) <> a) AS levels FROM paces;
-- who keeps the pace of what is forecast is where they are; and what is attained of the pace is what the forecast attains of the target
SELECT count(*) FILTER (WHERE share > 0) AS cases, count(*) FILTER (WHERE share > 0 AND abs(kpi.pace(kpi.forecast(a, share), share) - a) > 1e-14 * abs(a)) AS other_pace, count(*) FILTER (WHERE kpi.forecast(a, 1) <> a OR kpi.forecast(a, 0) IS NOT NULL) AS other_ends,
  count(*) FILTER (WHERE share > 0 AND target > 0 AND abs(kpi.attainment(a, kpi.pace(target, share)) - kpi.attainment(kpi.forecast(a, share), target)) > 1e-14 * abs(kpi.attainment(a, kpi.pace(target, share)))) AS other_attainment, count(*) FILTER (WHERE share > 0 AND (kpi.forecast(kpi.pace(target, share), share) - target) > 1e-14 * abs(target)) AS other_forecast FROM paces;

-- ---- objectives ----
CREATE TABLE members AS SELECT i, (SELECT array_agg(CASE WHEN random() < 0.2 AND j > 1 THEN NULL ELSE round((random() * 1.6)::numeric, 2)::float8 END ORDER BY j) FROM generate_series(1, 1 + i % 12) AS j) AS marks, (SELECT array_agg(CASE WHEN random() < 0.1 AND j > 1 THEN 0 ELSE random() * 3 + 0.01 END ORDER BY j) FROM generate_series(1, 1 + i % 12) AS j) AS weights FROM generate_series(1, 3000) AS i;
CREATE TABLE rolled AS SELECT *, kpi.objective_rollup(marks, weights) AS mean, kpi.objective_rollup(marks, weights, 'worst') AS worst, kpi.objective_rollup(marks, weights, 'min') AS least, kpi.objective_rollup(marks, weights, 'max') AS most, kpi.objective_rollup(marks, weights, 'sum') AS sum, kpi.objective_coverage(marks, weights) AS coverage FROM members;
SELECT count(*) AS cases, count(*) FILTER (WHERE mean < least OR mean > most) AS outside, count(*) FILTER (WHERE worst <> least OR sum IS NULL OR mean IS NULL) AS others, count(*) FILTER (WHERE coverage < 0 OR coverage > 1) AS uncovered,
  count(*) FILTER (WHERE (coverage = 1) <> NOT EXISTS (SELECT FROM unnest(marks, weights) AS u(m, w) WHERE m IS NULL AND w > 0)) AS not_all,
  count(*) FILTER (WHERE abs(mean - (SELECT sum(m * w) / sum(w) FROM unnest(marks, weights) AS u(m, w) WHERE m IS NOT NULL)) > 1e-12) AS wrong_means, count(*) FILTER (WHERE abs(coverage - (SELECT sum(w) FILTER (WHERE m IS NOT NULL) / sum(w) FROM unnest(marks, weights) AS u(m, w))) > 1e-12) AS wrong_coverage FROM rolled;
SELECT count(*) FILTER (WHERE kpi.objective_rollup(marks, (SELECT array_agg(w * 8 ORDER BY j) FROM unnest(weights) WITH ORDINALITY AS u(w, j))) <> mean OR kpi.objective_coverage(marks, (SELECT array_agg(w * 8 ORDER BY j) FROM unnest(weights) WITH ORDINALITY AS u(w, j))) <> coverage) AS by_scale,
  count(*) FILTER (WHERE (SELECT kpi.objective_rollup(array_agg(m ORDER BY j DESC), array_agg(w ORDER BY j DESC)) FROM unnest(marks, weights) WITH ORDINALITY AS u(m, w, j)) <> mean) AS by_order,
  count(*) FILTER (WHERE (SELECT kpi.objective_rollup(array_agg(m ORDER BY j), array_agg(w ORDER BY j)) FROM unnest(marks, weights) WITH ORDINALITY AS u(m, w, j) WHERE m IS NOT NULL) <> mean) AS by_nulls, count(*) FILTER (WHERE kpi.objective_rollup(marks || 99.0::float8, weights || 0.0::float8) <> mean OR kpi.objective_rollup(marks || 99.0::float8, weights || 0.0::float8, 'max') <> most) AS by_weightless,
  count(*) FILTER (WHERE kpi.objective_rollup((SELECT array_agg(m + 0.25 ORDER BY j) FROM unnest(marks) WITH ORDINALITY AS u(m, j)), weights) < mean) AS not_rising FROM rolled;

-- ---- status ----
CREATE TABLE standings AS SELECT i, round((random() * 1.5)::numeric, 2)::float8 AS x, round((random() * 1.5)::numeric, 2)::float8 AS y, r AS at_risk, b AS behind, random() < 0.5 AS is_closed FROM generate_series(1, 5000) AS i, LATERAL (SELECT round((0.5 + random() * 0.6)::numeric, 2)::float8 AS r, i AS k OFFSET 0) AS t, LATERAL (SELECT round((r * (0.4 + random() * 0.6))::numeric, 2)::float8 AS b OFFSET 0) AS u;
UPDATE standings SET x = CASE i % 3 WHEN 0 THEN at_risk WHEN 1 THEN behind ELSE 1 END WHERE i % 4 = 0;
UPDATE standings SET behind = at_risk WHERE behind > at_risk;
SELECT count(*) AS cases, count(*) FILTER (WHERE kpi.status_code(kpi.status(least(x, y), is_closed, at_risk, behind)) > kpi.status_code(kpi.status(greatest(x, y), is_closed, at_risk, behind))) AS falling, count(*) FILTER (WHERE kpi.status(x, is_closed, at_risk, behind, stale => true) <> 'stale' OR kpi.status(NULL, is_closed, stale => true) <> 'stale') AS fresh,
  count(*) FILTER (WHERE kpi.status(x, is_closed, at_risk, behind, stale => true, has_started => false) <> 'not_started') AS started, count(*) FILTER (WHERE kpi.status_code(kpi.status(x, is_closed, stale => true)) IS NOT NULL) AS coded,
  count(*) FILTER (WHERE kpi.status(x, is_closed, at_risk, behind) <> CASE WHEN is_closed THEN CASE WHEN x >= 1 THEN 'achieved' ELSE 'missed' END WHEN x >= at_risk THEN 'on_track' WHEN x >= behind THEN 'at_risk' ELSE 'behind' END) AS wrong FROM standings;
-- the interval: uncertain exactly if a value in it meets the target and another one does not; without one never
SELECT direction, count(*) AS cases, count(*) FILTER (WHERE s = 'uncertain') BETWEEN 1000 AND 5000 AS some, count(*) FILTER (WHERE (s = 'uncertain') <> (CASE direction WHEN 'up' THEN (low >= target) <> (high >= target) ELSE (low <= target) <> (high <= target) END)) AS wrong
FROM (SELECT direction, target, low, high, kpi.status(1, i % 2 = 0, ci_low => low, ci_high => high, target => target, direction => direction) AS s FROM (SELECT i, round(target) AS target, least(a, b) AS low, greatest(a, b) AS high FROM (SELECT i, target, CASE i % 7 WHEN 0 THEN round(target) ELSE target - random() * 10 END AS a, CASE i % 5 WHEN 0 THEN round(target) ELSE target + (random() - 0.2) * 10 END AS b FROM numbers) AS n) AS v, unnest('{up,down}'::text[]) AS direction) AS w GROUP BY 1 ORDER BY 1;

-- ---- kpi.evaluate at the edge of every threshold: a segment for each case, exactly there or a thousandth beside ----
-- up: as a share of what is expected; down: what is expected as a share of it; or a share of the way from a baseline. Thresholds are 64ths, so that nothing is rounded
CREATE TABLE edges AS
SELECT k, 'c' || i AS segment, direction, at_risk, behind, share, has_baseline, t AS target, CASE WHEN has_baseline THEN t - sign * way END AS baseline, CASE WHEN i % 2 = 0 THEN 2 ELSE 1 END AS whole, (i % 3 - 1) * 0.001 AS beside
FROM (SELECT k, CASE WHEN k % 2 = 0 THEN 'up' ELSE 'down' END AS direction, 40 + k AS at_risk, 20 + 2 * k AS behind FROM generate_series(1, 12) AS k) AS kpis, generate_series(1, 150) AS i,
  LATERAL (SELECT CASE i % 4 WHEN 0 THEN at_risk WHEN 1 THEN behind WHEN 2 THEN 64 ELSE 10 + (i * 7 + k) % 60 END AS share, i % 5 = 0 AS has_baseline, 128 * (1 + (i * 31 + k) % 50) AS way, CASE WHEN direction = 'up' THEN 1 ELSE -1 END AS sign) AS s,
  LATERAL (SELECT CASE WHEN has_baseline THEN 20000 + way * (i % 3) ELSE 2 * share * (1 + (i * 13) % 40) END AS t) AS g;
-- what was reached by 15 June, when half of the month is over: that share of the half that is expected by then (whole 1), or of all of it (whole 2)
CREATE TABLE edge_values AS SELECT *, CASE WHEN has_baseline THEN whole * (baseline / 2.0 + (target - baseline) * share / 128.0) WHEN direction = 'up' THEN whole * target * share / 128.0 ELSE whole * target * 32.0 / share END + beside AS value FROM edges;
DO $$
BEGIN
  FOR k IN 1 .. 12 LOOP
    EXECUTE format('CREATE VIEW edge_%s AS SELECT date ''2026-06-01'' AS period_start, segment, value FROM edge_values WHERE k = %s', k, k);
    PERFORM kpi.define('edge_' || k, ('edge_' || k)::regclass, unit => 'x', adds => 'sum', direction => CASE WHEN k % 2 = 0 THEN 'up' ELSE 'down' END, at_risk => (40 + k) / 64.0, behind => (20 + 2 * k) / 64.0, stale_after => '100 days');
  END LOOP;
END $$;
CREATE VIEW edge_targets AS SELECT 'edge_' || k AS kpi, '2026-06' AS period, segment, target, baseline FROM edges;
SELECT kpi.set_targets('edge_targets');
CALL kpi.refresh(as_of => '2026-07-01 09:00Z');
CREATE TABLE judged AS SELECT e.*, v.k, v.share, v.beside, v.has_baseline, v.at_risk * 1.0 AS risk64, v.behind * 1.0 AS behind64, v.direction FROM unnest('{2026-06-16 09:00Z,2026-07-01 09:00Z}'::timestamptz[]) AS as_of, kpi.evaluate(as_of) AS e JOIN edge_values AS v ON e.kpi = 'edge_' || v.k AND e.segment = v.segment;
CREATE FUNCTION reaches(actual numeric, expected numeric, started numeric, direction text, sixtyfourths numeric) RETURNS boolean LANGUAGE sql AS $$
  SELECT CASE WHEN started IS NOT NULL THEN (actual - started) * 64 * sign(expected - started) >= sixtyfourths * abs(expected - started) WHEN direction = 'up' THEN actual * 64 >= sixtyfourths * expected ELSE expected * 64 >= sixtyfourths * actual END $$;
SELECT is_closed, count(*) AS cases, count(DISTINCT status) AS statuses, count(*) FILTER (WHERE beside = 0 AND attainment * 64 = share) > 200 AS on_an_edge,
  count(*) FILTER (WHERE status <> CASE WHEN is_closed THEN CASE WHEN reaches(actual, target, baseline, direction, 64) THEN 'achieved' ELSE 'missed' END
    WHEN reaches(actual, target / 2, baseline / 2, direction, risk64) THEN 'on_track' WHEN reaches(actual, target / 2, baseline / 2, direction, behind64) THEN 'at_risk' ELSE 'behind' END) AS wrong
FROM judged GROUP BY 1 ORDER BY 1;
SELECT is_closed, status, count(*) > 20 AS often FROM judged GROUP BY 1, 2 ORDER BY 1, 2;
-- however they stood: when nothing has come for long they are stale, and before it begins nothing is said
UPDATE kpi.kpi SET stale_after = '10 days' WHERE name ~ '^edge_';
SELECT as_of::date, count(*) AS cases, array_agg(DISTINCT status) AS statuses, count(status_code) AS codes FROM unnest('{2026-05-31 23:59Z,2026-06-01 23:59Z,2026-06-30Z,2026-11-01Z}'::timestamptz[]) AS as_of, kpi.evaluate(as_of) WHERE kpi ~ '^edge_' GROUP BY 1 ORDER BY 1;
-- the days of a year ago, around leap years: a February is compared with a February
CREATE VIEW leap AS SELECT d::date AS period_start, CASE WHEN extract(month FROM d) = 2 THEN 1 ELSE 1000 END AS value FROM generate_series(timestamp '2023-01-01', '2025-12-31', '1 day') AS d;
SELECT kpi.define('leap', 'leap', unit => 'x', adds => 'sum');
CALL kpi.refresh('leap', as_of => '2026-01-01 09:00Z');
SELECT kpi.set_target('leap', '2024-02', 29), kpi.set_target('leap', '2025-02', 28);
SELECT as_of::date, period, is_closed, actual, previous, year_ago FROM unnest('{2024-02-29 09:00Z,2024-03-01 09:00Z,2025-02-28 09:00Z,2025-03-01 09:00Z}'::timestamptz[]) AS as_of, kpi.evaluate(as_of, 'leap') ORDER BY as_of;
DELETE FROM kpi.kpi;
DROP SCHEMA judgement_properties_test CASCADE;
