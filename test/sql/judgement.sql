-- kpi.attainment and the other functions that judge a number: worked examples, random ones against plain SQL, refusals
-- attainment: of the way from a baseline, up and down alike
SELECT kpi.attainment(actual => 115, target => 120, baseline => 100) AS up, kpi.attainment(6, 4, 8, 'down') AS down, kpi.attainment(6, 4, 8) AS the_same, kpi.attainment(90, 120, 100) AS backwards, kpi.attainment(130, 120, 100) AS beyond, kpi.attainment(5, 5, 5) AS no_way;
-- ratios
SELECT kpi.attainment(900, 1000) AS up, kpi.attainment(1200, 1000) AS beyond, kpi.attainment(5, 4, direction => 'down') AS down, kpi.attainment(2, 4, direction => 'down') AS down_beyond, kpi.attainment(-50, 1000) AS loss, kpi.attainment(0, 1000) AS nothing;
-- nothing to divide by, nothing left to lower
SELECT kpi.attainment(5, 0) AS up_to_zero, kpi.attainment(0, 0, direction => 'down') AS none_wanted_none_had, kpi.attainment(3, 0, direction => 'down') AS none_wanted, kpi.attainment(0, 4, direction => 'down') AS none_had, kpi.attainment(-1, 4, direction => 'down') AS less_than_none;
-- negative targets: 1, and the distance to the better side in targets
SELECT a AS profit, kpi.attainment(a, -100) AS at_least_minus_100, a >= -100 AS met FROM unnest('{-300,-200,-110,-100,-50,0,50}'::float8[]) AS a;
SELECT a AS net_cost, kpi.attainment(a, -100, direction => 'down') AS at_most_minus_100, a <= -100 AS met FROM unnest('{-150,-100,-50,0,50}'::float8[]) AS a;
SELECT kpi.attainment(NULL, 1) AS no_actual, kpi.attainment(1, NULL) AS no_target, kpi.attainment(1, 1, 1, NULL) AS no_direction;
SELECT kpi.attainment(1, 1, direction => 'range');
\set VERBOSITY terse
SELECT kpi.attainment(1, 1, direction => 'Up');
SELECT kpi.attainment('NaN', 1);
SELECT kpi.attainment(NULL, 'Infinity');
SELECT kpi.attainment(1, 2, '-Infinity');
SELECT kpi.attainment(1e300, 1e-300);
\set VERBOSITY default
-- ranges
SELECT a AS actual, kpi.attainment_range(a, 20, 30) AS range, kpi.attainment_range(a, 20, 30, 10) AS tolerant, kpi.attainment_range(a, 20, 30, 0) AS strict, kpi.attainment_range(a, 20, NULL) AS from_20, kpi.attainment_range(a, NULL, 20) AS to_20, kpi.attainment_range(a, 20, NULL, 4) AS from_20_tolerant, kpi.attainment_range(a, 20, 20) AS point
FROM unnest('{10,16,18,20,25,30,32,36,45,NULL}'::float8[]) AS a;
SELECT kpi.attainment_range(-1, 0, NULL) AS below_zero, kpi.attainment_range(1, NULL, NULL) AS no_range, kpi.attainment_range(-3, -2, NULL) AS negative;
SELECT kpi.attainment_range(1, 3, 2);
\set VERBOSITY terse
SELECT kpi.attainment_range(1, 2, 3, -1);
SELECT kpi.attainment_range(1, 2, 3, 'NaN');
SELECT kpi.attainment_range(1, 'NaN', 3);
\set VERBOSITY default
-- elapsed_share: January 2026 begins on a Thursday and has 22 days from Monday to Friday
SELECT as_of::date, kpi.elapsed_share('2026-01-01', '2026-02-01', as_of::date) AS linear, kpi.elapsed_share('2026-01-01', '2026-02-01', as_of::date, 'business_days') AS business_days,
	kpi.elapsed_share('2026-01-01', '2026-02-01', as_of::date, 'business_days', holidays => '{2026-01-06,2026-01-01,2026-01-01,NULL,2026-01-04,2026-02-02}') AS less_holidays,
	kpi.elapsed_share('2026-01-01', '2026-02-01', as_of::date, 'profile', '{1,1,1,1,2,3,1}') AS by_weekday, kpi.elapsed_share('2026-01-01', '2026-02-01', as_of::date, 'none') AS none
FROM unnest('{2025-12-31,2026-01-01,2026-01-04,2026-01-15,2026-01-30,2026-01-31,2026-03-01}'::date[]) AS as_of;
-- one weight for each day; of seven days, too, seven weights are Monday to Sunday; what weighs nothing
SELECT kpi.elapsed_share('2026-01-01', '2026-01-04', '2026-01-02', 'profile', '{1,2,5}') AS three_days, kpi.elapsed_share('2026-01-01', '2026-01-08', '2026-01-01', 'profile', '{0,0,0,1,0,0,3}') AS from_a_thursday,
	kpi.elapsed_share('2026-01-01', '2026-01-04', '2026-01-02', 'profile', '{0,0,0}') AS weightless, kpi.elapsed_share('2026-01-03', '2026-01-05', '2026-01-03', 'business_days') AS weekend,
	kpi.elapsed_share('2026-01-01', '2026-02-01', '2026-01-15', 'profile') AS no_profile, kpi.elapsed_share('2026-01-01', '2026-02-01', '2026-01-15', 'linear', '{-1}', '{infinity}') AS not_looked_at;
SELECT kpi.elapsed_share(NULL, '2026-02-01', '2026-01-15') AS no_start, kpi.elapsed_share('2026-01-01', NULL, '2026-01-15') AS no_end, kpi.elapsed_share('2026-01-01', '2026-02-01', NULL) AS no_day, kpi.elapsed_share('2026-01-01', '2026-02-01', '2026-01-15', NULL) AS no_pacing,
	kpi.elapsed_share('4713-11-24 BC', '5874897-12-31', '2026-01-15') AS all_of_time;
SELECT kpi.elapsed_share('2026-01-01', '2026-02-01', '2026-01-15', 'weekly');
SELECT kpi.elapsed_share('2026-01-01', '2026-01-01', NULL);
SELECT kpi.elapsed_share('2026-01-01', '2026-02-01', '2026-01-15', 'profile', '{1,2,3}');
\set VERBOSITY terse
SELECT kpi.elapsed_share('2026-01-01', '2026-02-01', '2026-01-15', 'profile', '{}');
SELECT kpi.elapsed_share('-infinity', '2026-02-01', '2026-01-15');
SELECT kpi.elapsed_share('2026-01-01', 'infinity', '2026-01-15');
SELECT kpi.elapsed_share('2026-01-01', '2026-02-01', 'infinity', 'none');
SELECT kpi.elapsed_share('2026-01-01', '2026-02-01', '2026-01-15', 'business_days', holidays => '{2026-01-06,infinity}');
SELECT kpi.elapsed_share('2026-01-01', '2026-01-04', '2026-01-02', 'profile', '{1,-2,3}');
SELECT kpi.elapsed_share('2026-01-01', '2026-01-04', '2026-01-02', 'profile', '{1,NULL,3}');
SELECT kpi.elapsed_share('2026-01-01', '2026-01-04', '2026-01-02', 'profile', '{1,2,NaN}');
SELECT kpi.elapsed_share('2026-01-01', '2026-01-04', '2026-01-02', 'profile', '{{1,2,3}}');
SELECT kpi.elapsed_share('2026-01-01', '2026-01-04', '2026-01-02', 'profile', '{1e308,1e308,1e308}');
\set VERBOSITY default
-- random periods, day by day in SQL; weights are those of a day or of a weekday
CREATE FUNCTION pg_temp.noise(VARIADIC n integer[]) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT abs(hashtext(n::text) % 1000) $$;
WITH periods AS MATERIALIZED (
	SELECT i, p.start, p.start + days AS stop, days, p.start - 2 + pg_temp.noise(i, 3) % (days + 4) AS as_of,
		(SELECT array_agg(p.start + pg_temp.noise(i, 4, h) % (days + 3)) FROM generate_series(0, i % 9) AS h) AS holidays,
		(SELECT array_agg(pg_temp.noise(i, 5, w) % 10 ORDER BY w) FROM generate_series(1, CASE WHEN i % 3 = 0 THEN 7 ELSE days END) AS w)::float8[] AS weights
	FROM generate_series(1, 400) AS i, LATERAL (SELECT date '2024-01-25' + pg_temp.noise(i, 1) AS start, 1 + pg_temp.noise(i, 2) % 100 AS days) AS p
), by_day AS (
	SELECT i, sum((d <= as_of)::int)::float8 / count(*) AS linear,
		(sum(1) FILTER (WHERE business AND d <= as_of))::float8 / nullif(sum(1) FILTER (WHERE business), 0) AS business_days, bool_or(business) AS any_business,
		sum(weight) FILTER (WHERE d <= as_of) / nullif(sum(weight), 0) AS profile, sum(weight) > 0 AS any_weight
	FROM periods, generate_series(0, days - 1) AS n, LATERAL (SELECT start + n AS d) AS on_day,
		LATERAL (SELECT extract(isodow FROM d) < 6 AND d <> ALL (holidays) AS business, weights[CASE WHEN cardinality(weights) = 7 THEN extract(isodow FROM d) ELSE n + 1 END::int] AS weight) AS of_day
	GROUP BY i
)
SELECT count(*) AS periods, count(*) FILTER (WHERE abs(kpi.elapsed_share(start, stop, as_of) - coalesce(linear, 0)) > 1e-15) AS linear_wrong,
	count(*) FILTER (WHERE kpi.elapsed_share(start, stop, as_of, 'business_days', holidays => holidays) IS DISTINCT FROM CASE WHEN any_business THEN coalesce(business_days, 0) END) AS business_days_wrong,
	count(*) FILTER (WHERE CASE WHEN any_weight THEN abs(kpi.elapsed_share(start, stop, as_of, 'profile', weights) - coalesce(profile, 0)) > 1e-15 ELSE kpi.elapsed_share(start, stop, as_of, 'profile', weights) IS NOT NULL END) AS profile_wrong
FROM periods JOIN by_day USING (i);
-- pace
SELECT kpi.pace(1000, 0.25) AS quarter, kpi.pace(120, 0.25, 100) AS from_100, kpi.pace(4, 0.5, 8) AS downwards, kpi.pace(0.05, 0.25, additive => false) AS level, kpi.pace(0.05, NULL, additive => false) AS level_without_pacing, kpi.pace(0.3, 1, 0.1) AS end_is_the_target;
SELECT kpi.pace(NULL, 0.5) AS no_target, kpi.pace(1000, NULL) AS no_share, kpi.pace(1000, 0.5, additive => NULL) AS not_known, kpi.pace(NULL, 0.5, additive => false) AS no_level;
SELECT kpi.pace(1000, 1.5);
\set VERBOSITY terse
SELECT kpi.pace(1000, -0.1);
SELECT kpi.pace('NaN', 0.5);
SELECT kpi.pace(1000, 'Infinity');
SELECT kpi.pace(1000, 0.5, 'NaN');
\set VERBOSITY default
-- forecast
SELECT kpi.forecast(300, 0.25) AS additive, kpi.forecast(0.04, 0.25, additive => false) AS level, kpi.forecast(0.04, NULL, false) AS level_without_pacing, kpi.forecast(300, 0) AS nothing_over, kpi.forecast(300, NULL) AS no_share, kpi.forecast(NULL, 0.5) AS no_actual, kpi.forecast(300, 0.5, NULL) AS not_known, kpi.forecast(300, 1) AS over;
\set VERBOSITY terse
SELECT kpi.forecast(300, 30);
SELECT kpi.forecast('-Infinity', 0.5);
SELECT kpi.forecast(1e308, 0.1);
\set VERBOSITY default
-- status: open and closed
SELECT a AS attainment, kpi.status(a, false) AS open, kpi.status(a, true) AS closed, kpi.status(a, false, 0.95, 0.5) AS other_thresholds, kpi.status(a, NULL) AS not_known
FROM unnest('{1.2,1,0.95,0.9,0.8,0.75,0.5,0,-1,NULL}'::float8[]) AS a;
-- what goes before it
SELECT kpi.status(1.2, true, has_started => false, stale => true) AS not_started, kpi.status(NULL, false, stale => true) AS stale, kpi.status(NULL, true, ci_low => 1, ci_high => 3, target => 2) AS no_data, kpi.status(0.8, false, NULL, NULL, NULL, NULL) AS nulls_are_defaults;
-- an interval that holds the target; one that only touches it
SELECT kpi.status(1.05, true, ci_low => 38, ci_high => 46, target => 40) AS closed, kpi.status(0.97, false, ci_low => 35, ci_high => 42, target => 40) AS open, kpi.status(1.05, true, ci_low => 40, ci_high => 46, target => 40) AS above, kpi.status(0.9, true, ci_low => 32, ci_high => 40, target => 40) AS touches_from_below, kpi.status(0.9, true, ci_low => 32, ci_high => 39.9, target => 40) AS below;
SELECT kpi.status(1.05, true, ci_low => 35, ci_high => 40, target => 40, direction => 'down') AS below, kpi.status(0.9, true, ci_low => 40, ci_high => 46, target => 40, direction => 'down') AS touches_from_above, kpi.status(1, true, ci_low => 18, ci_high => 24, target => 20, direction => 'range') AS range, kpi.status(1, true, ci_low => 20, ci_high => 24, target => 20, direction => 'range') AS within, kpi.status(1, true, ci_low => 18, target => 20) AS one_bound, kpi.status(1, true, ci_low => 18, ci_high => 24) AS no_target;
SELECT kpi.status(1, NULL, ci_low => 18, ci_high => 24, target => 20) AS uncertain_either_way;
SELECT kpi.status(1, true, 0.5, 0.75);
SELECT kpi.status(1, true, ci_low => 3, ci_high => 2);
SELECT kpi.status(1, true, direction => 'left');
\set VERBOSITY terse
SELECT kpi.status(1, true, behind => 0);
SELECT kpi.status(1, true, has_started => false, behind => -1);
SELECT kpi.status('NaN', true);
SELECT kpi.status(1, true, at_risk => 'Infinity');
SELECT kpi.status(1, true, ci_low => '-Infinity', ci_high => 2, target => 1);
\set VERBOSITY default
-- codes
SELECT s AS status, kpi.status_code(s) AS code, pg_typeof(kpi.status_code(s)) FROM unnest('{achieved,on_track,at_risk,uncertain,behind,missed,no_data,stale,not_started,NULL}'::text[]) AS s;
SELECT kpi.status_code('green');
-- objectives
SELECT rule, kpi.objective_rollup('{1.2,0.8,NULL,0.5}', '{1,2,1,1}', rule) AS weighted, kpi.objective_rollup('{1.2,0.8,NULL,0.5}', NULL, rule) AS alike, kpi.objective_rollup('{1.2,0.8,NULL,0.5}', '{1,2,1,0}', rule) AS last_does_not_count, kpi.objective_rollup('{NULL}', '{1}', rule) AS no_value, kpi.objective_rollup('{}', NULL, rule) AS empty, kpi.objective_rollup('{1}', '{0}', rule) AS weightless
FROM unnest('{weighted_mean,worst,min,max,sum}'::text[]) AS rule;
SELECT kpi.objective_coverage('{1.2,0.8,NULL,0.5}', '{1,2,1,1}') AS weighted, kpi.objective_coverage('{1.2,NULL,NULL,0.5}') AS alike, kpi.objective_coverage('{1,NULL}', '{1,0}') AS missing_does_not_count, kpi.objective_coverage('{NULL}') AS no_value, kpi.objective_coverage('{}') AS empty, kpi.objective_coverage('{1}', '{0}') AS weightless, kpi.objective_coverage(NULL) AS nothing;
SELECT kpi.objective_rollup(NULL) AS nothing, kpi.objective_rollup('{1}', NULL, NULL) AS no_rule, kpi.objective_rollup("values" => '{0.5,1}', weights => '{3,1}') AS by_name;
-- against plain SQL, in two orders
SELECT count(*) AS objectives, count(*) FILTER (WHERE abs(kpi.objective_rollup(v, w) - mean) > 1e-14 OR (kpi.objective_rollup(v, w) IS NULL) <> (mean IS NULL)) AS mean_wrong, count(*) FILTER (WHERE abs(kpi.objective_coverage(v, w) - coverage) > 1e-15) AS coverage_wrong,
	count(*) FILTER (WHERE kpi.objective_rollup(v, w) IS DISTINCT FROM kpi.objective_rollup(v_back, w_back) OR kpi.objective_coverage(v, w) IS DISTINCT FROM kpi.objective_coverage(v_back, w_back)) AS order_matters
FROM (SELECT array_agg(value ORDER BY n) AS v, array_agg(weight ORDER BY n) AS w, array_agg(value ORDER BY n DESC) AS v_back, array_agg(weight ORDER BY n DESC) AS w_back,
		sum(value * weight) / nullif(sum(weight) FILTER (WHERE value IS NOT NULL), 0) AS mean, coalesce(sum(weight) FILTER (WHERE value IS NOT NULL), 0) / nullif(sum(weight), 0) AS coverage
	FROM generate_series(1, 500) AS o, generate_series(1, 1 + o % 7) AS n, LATERAL (SELECT nullif(pg_temp.noise(o, n, 1) % 8, 0) / 7.0::float8 AS value, (pg_temp.noise(o, n, 2) % 5) / 10.0::float8 AS weight) AS c GROUP BY o) AS objective;
SELECT kpi.objective_rollup('{1,2}', '{1}');
SELECT kpi.objective_rollup('{1,2}', '{1,-1}');
SELECT kpi.objective_rollup('{1,2}', NULL, 'best');
\set VERBOSITY terse
SELECT kpi.objective_rollup('{1,NaN}');
SELECT kpi.objective_rollup('{1,2}', '{1,NULL}');
SELECT kpi.objective_coverage('{1,2}', '{1,Infinity}');
SELECT kpi.objective_rollup('{{1,2}}');
SELECT kpi.objective_rollup('{1e308,1e308}', NULL, 'sum');
\set VERBOSITY default
-- together: an open month and a closed one, as a scorecard judges them
WITH kpis(name, direction, additive, baseline, target, actual) AS (VALUES ('revenue', 'up', true, NULL::float8, 100000::float8, 46000::float8), ('churn', 'down', false, 0.08, 0.05, 0.06), ('tickets', 'down', true, NULL, 310, 170)),
	days(as_of) AS (VALUES (date '2026-01-15'), ('2026-01-31'))
SELECT as_of, name, round(expected::numeric, 6) AS expected, round(attained::numeric, 4) AS attainment, round(kpi.forecast(actual, share, additive)::numeric, 2) AS forecast, status, kpi.status_code(status) AS code
FROM kpis, days, LATERAL (SELECT kpi.elapsed_share('2026-01-01', '2026-02-01', as_of) AS share) AS s, LATERAL (SELECT kpi.pace(target, share, baseline, additive) AS expected) AS e,
	LATERAL (SELECT kpi.attainment(actual, expected, baseline, direction) AS attained) AS a, LATERAL (SELECT kpi.status(attained, share = 1) AS status) AS j
ORDER BY as_of, name;
