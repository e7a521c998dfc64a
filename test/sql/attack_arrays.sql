-- Arrays of a million elements, for every function that takes one: an answer or a clear refusal, in seconds and not in hours; whatever goes on for longer can be stopped.
\set SHOW_CONTEXT never
SET client_min_messages = error;
CREATE SCHEMA attack_arrays;
SET search_path = attack_arrays, public;

CREATE TABLE million AS SELECT array_agg(n::float8 ORDER BY n) AS numbers, array_agg(CASE WHEN n = 1 THEN -500000::numeric ELSE 1 END ORDER BY n) AS amounts, array_agg((n % 30000)::int ORDER BY n) AS integers, array_agg(n ORDER BY n) AS counts,
	array_agg((1000000 - n)::bigint ORDER BY n) AS falling, array_agg(date '2000-01-01' + (n % 20000)::int ORDER BY n) AS days, array_agg('label ' || n ORDER BY n) AS labels, array_agg(n % 2 = 0 ORDER BY n) AS booleans, array_agg(timestamptz '2026-01-01' + n * interval '1 second' ORDER BY n) AS times,
	array_agg(timestamp '2026-01-01' + n * interval '1 day' ORDER BY n) AS periods FROM generate_series(1::bigint, 1000000) AS n;
CREATE TABLE answer (function text, answer text, message text, seconds float8);
CREATE FUNCTION try(call text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE began timestamptz := clock_timestamp(); answer text := 'ok'; message text;
BEGIN
	BEGIN
		-- what it says is measured, so that it is worked out
		EXECUTE format('SELECT octet_length(string_agg(x::text, '''')) FROM (SELECT %s FROM million AS m) AS x', call);
	EXCEPTION WHEN OTHERS THEN
		answer := SQLSTATE;
		message := SQLERRM;
	END;
	INSERT INTO answer VALUES (substring(call, 'kpi\.(\w+)'), answer, message, extract(epoch FROM clock_timestamp() - began));
END $$;
SELECT kpi.define('arrays', adds => 'sum', unit => 'x') \g /dev/null
SET statement_timeout = '60s';
SELECT try(call) FROM unnest(ARRAY[
	'kpi.irr(amounts, integers)', 'kpi.irr_all(amounts, integers)', 'kpi.xirr(amounts, days)', 'kpi.xirr_all(amounts, days)', 'kpi.npv(0.1, amounts, integers)', 'kpi.xnpv(0.1, amounts, days)',
	'kpi.mirr(amounts, NULL, 0.1, 0.1)', 'kpi.payback(amounts, integers)', 'kpi.payback(amounts, days)', 'kpi.apportion(100, amounts, 2)', 'kpi.apportion(100, (SELECT array_agg(abs(a)) FROM unnest(amounts) AS a), 2)',
	'kpi.bar_chart(labels, numbers)', 'kpi.line_chart(labels, numbers)', 'kpi.line_chart(labels, numbers, targets => numbers, low => numbers, high => numbers, forecast => numbers)', 'kpi.funnel_chart(labels, numbers)', 'kpi.heat_map(labels, ''{c}'', numbers)', 'kpi.heat_map(''{r}'', labels, numbers)',
	'kpi.sparkline(numbers)', 'kpi.sparkline_svg(numbers)', 'kpi.spearman(numbers, (SELECT array_agg(sin(n)) FROM unnest(numbers) AS n))',
	'kpi.pattern(labels)', 'kpi.pattern(''{a,b}'', arrows => labels)', 'kpi.pattern(''{a,b}'', optional => integers)', 'kpi.retention_spec(labels, labels)', 'kpi.retention_spec(''{a}'', ''{b}'', ''day'', brackets => integers)', 'kpi.path_spec(labels)', 'kpi.path_spec(''{a}'', labels)',
	'kpi.attribution_spec(direct => labels)', 'kpi.ltv_spec(events => labels)', 'kpi.session_spec(key => labels)', 'kpi.fit_sbg(falling)', 'kpi.fit_sbg(ARRAY[falling])', 'kpi.fit_sbg((SELECT array_agg(ARRAY[10, 5, 3]) FROM unnest(falling)))', 'kpi.conditions(VARIADIC booleans)', 'kpi.retained(VARIADIC booleans)',
	'kpi.calculate(''"label 1" + "label 1000000"'', labels, numbers)', 'kpi.without((SELECT kpi.timeline(t, l) FROM unnest(times, labels) AS u(t, l)), labels)', 'kpi.nearest_name(''label x'', labels)', 'kpi.nearest_name(repeat(''x'', 200), labels)', 'kpi.objective_rollup(numbers, numbers, ''weighted_mean'')', 'kpi.objective_coverage(numbers, numbers)',
	'kpi.elapsed_share(''2026-01-01'', ''2027-01-01'', ''2026-06-01'', ''profile'', numbers)', 'kpi.elapsed_share(''2026-01-01'', ''2027-01-01'', ''2026-06-01'', ''business_days'', holidays => days)', 'kpi.period_labels(periods)', 'kpi.dashboard(kpis => labels)', 'kpi.dashboard(analyses => labels)',
	'(SELECT count(*) FROM kpi.stitch(labels, labels))', '(SELECT count(*) FROM kpi.stitch(labels, labels, times))', 'kpi.set_target(''arrays'', ''2026'', 10, weights => numbers)']) AS call \g /dev/null
RESET statement_timeout;
SELECT function, answer, message FROM answer;
-- each of them took seconds
SELECT function, seconds FROM answer WHERE seconds > 30;
SELECT kpi.undefine('arrays') \g /dev/null
DROP SCHEMA attack_arrays CASCADE;
