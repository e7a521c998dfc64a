-- bytes and texts from outside: every one is refused or a valid value; nothing crashes
-- binary input as a client sends it: a file of COPY with one field
SELECT current_setting('data_directory') || '/hostile.copy' AS file \gset
CREATE TABLE hostile_funnels (v kpi.funnel);
CREATE TABLE hostile_patterns (v kpi.pattern);
CREATE TABLE hostile_retentions (v kpi.retention);
CREATE TABLE hostile_activitys (v kpi.activity);
CREATE TABLE hostile_sessionss (v kpi.sessions);
CREATE TABLE hostile_pathss (v kpi.paths);
CREATE TABLE hostile_ltvs (v kpi.ltv);
CREATE TABLE hostile_attributions (v kpi.attribution);
CREATE TABLE hostile_attribution_specs (v kpi.attribution_spec);
CREATE TABLE hostile_retention_specs (v kpi.retention_spec);
CREATE TABLE hostile_activity_specs (v kpi.activity_spec);
CREATE TABLE hostile_session_specs (v kpi.session_spec);
CREATE TABLE hostile_path_specs (v kpi.path_spec);
CREATE TABLE hostile_ltv_specs (v kpi.ltv_spec);
CREATE TABLE hostile_ltv_models (v kpi.ltv_model);
CREATE TABLE hostile_formulas (v kpi.formula);
CREATE FUNCTION receive(type text, bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE file text := current_setting('data_directory') || '/hostile.copy'; large oid;
BEGIN
	large := lo_from_bytea(0, '\x5047434f50590aff0d0a000000000000000000'::bytea || '\x0001'::bytea ||
		int4send(length(bytes)) || bytes || '\xffff'::bytea);
	PERFORM lo_export(large, file);
	PERFORM lo_unlink(large);
	EXECUTE format('COPY hostile_%ss FROM %L WITH (FORMAT binary)', type, file);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
CREATE TABLE seeds AS
SELECT 'funnel' AS type, kpi.funnel_send(kpi.funnel(u, timestamptz '2026-01-01' + (u * i) * interval '1 hour', (ARRAY['a','b','c'])[1 + i % 3], p)) AS bytes
FROM generate_series(1, 5) u, generate_series(1, 6) i, unnest(ARRAY['a -> b', 'a -> b -> c open by day in Asia/Seoul', 'a -> b? -> c within 7 days']::kpi.pattern[]) p
GROUP BY p
UNION ALL SELECT 'retention', kpi.retention_send(kpi.retention(u, timestamptz '2026-01-01' + (u * i) * interval '7 hours', (ARRAY['a','b','c'])[1 + i % 3], i * 1.25, p)) AS bytes
FROM generate_series(1, 5) u, generate_series(1, 6) i, unnest(ARRAY['a -> b by day for 3', '* -> c by day brackets 1, 9 elapsed on or after', 'a -> * by hour for 40 recurring until']::kpi.retention_spec[]) p GROUP BY p
UNION ALL SELECT 'activity', kpi.activity_send(kpi.activity(u, timestamptz '2026-01-01' + (u * i) * interval '7 hours', p)) AS bytes
FROM generate_series(1, 5) u, generate_series(1, 6) i, unnest(ARRAY['by day', 'by week in Asia/Seoul week starts sunday']::kpi.activity_spec[]) p GROUP BY p
UNION ALL SELECT 'sessions', kpi.sessions_send(kpi.sessions(u, timestamptz '2026-01-01' + (u * i) * interval '17 minutes', (ARRAY['a','b','c'])[1 + i % 3], p)) AS bytes
FROM generate_series(1, 5) u, generate_series(1, 6) i, unnest(ARRAY['', 'views a, key b by hour', 'clicks c, shares *, timeout 1 hour']::kpi.session_spec[]) p GROUP BY p
UNION ALL SELECT 'paths', kpi.paths_send(kpi.paths(u, timestamptz '2026-01-01' + (u * i) * interval '17 minutes', (ARRAY['a','b','c'])[1 + i * u % 3], p)) AS bytes
FROM generate_series(1, 5) u, generate_series(1, 6) i, unnest(ARRAY['depth 2', 'to c depth 3 collapse repeats']::kpi.path_spec[]) p GROUP BY p
UNION ALL SELECT 'ltv', kpi.ltv_send(kpi.ltv(u, timestamptz '2026-01-01' + (u * i) * interval '7 days', i * 1.25 - 2, p)) AS bytes
FROM generate_series(1, 5) u, generate_series(1, 6) i, unnest(ARRAY['', 'by week in Asia/Seoul week starts sunday, unit week, until 2026-06-30', 'by quarter, holdout from 2026-02-05']::kpi.ltv_spec[]) p GROUP BY p
UNION ALL SELECT 'ltv_model', kpi.ltv_model_send(m) FROM unnest(ARRAY[kpi.fit_sbg('{1000,869,743,653,593}'), (SELECT kpi.fit(kpi.ltv(c, timestamptz '2026-01-01' + make_interval(days => c % 40 + (c * i * 7) % 90), c + i, ''), 'bg_nbd') FROM generate_series(1, 60) c, generate_series(0, 3) i),
	(SELECT kpi.fit(kpi.ltv(c, timestamptz '2026-01-01' + make_interval(days => c % 40 + (c * i * 7) % 90), c + i, ''), 'gamma_gamma') FROM generate_series(1, 60) c, generate_series(0, 3) i)]) m
UNION ALL SELECT 'attribution', kpi.attribution_send(kpi.attribution(u, timestamptz '2026-01-01' + (u * i) * interval '17 hours', (ARRAY['a','b','c'])[1 + i * u % 3], CASE WHEN i % 3 = 0 THEN i * 1.25 END, p)) AS bytes
FROM generate_series(1, 5) u, generate_series(1, 6) i, unnest(ARRAY['', 'touches 2 by week in Asia/Seoul']::kpi.attribution_spec[]) p GROUP BY p
UNION ALL SELECT 'attribution_spec', kpi.attribution_spec_send('direct a|"b c"*, conversions are touches, of d, by week in Asia/Seoul week starts sunday')
UNION ALL SELECT 'retention_spec', kpi.retention_spec_send('a|"b c"* -> * by day brackets 1, 9 in Asia/Seoul elapsed on or after')
UNION ALL SELECT 'activity_spec', kpi.activity_spec_send('by week in Asia/Seoul week starts sunday')
UNION ALL SELECT 'session_spec', kpi.session_spec_send('views a|"b c"*, key b, engaged after 5 sec by hour')
UNION ALL SELECT 'path_spec', kpi.path_spec_send('to c|"d e" depth 3 collapse repeats')
UNION ALL SELECT 'ltv_spec', kpi.ltv_spec_send('by week in Asia/Seoul week starts sunday, unit week, of a|"b c"*, until 2026-06-30, holdout from 2026-03-31')
UNION ALL SELECT 'formula', kpi.formula_send('round(max(a, -"b c", 2.5e3) * 5%, 2) / (previous(a) - (b - 1))')
UNION ALL SELECT 'pattern', kpi.pattern_send(p) FROM unnest(ARRAY['a', 'a -[no x, <= 1 hour]-> "b c"* within 7 days by week in Asia/Seoul']::kpi.pattern[]) p;

-- types without actors
CREATE TABLE hostile_ratios (v kpi.ratio);
CREATE TABLE hostile_rois (v kpi.roi);
CREATE TABLE hostile_surveys (v kpi.survey);
CREATE TABLE hostile_survey_kinds (v kpi.survey_kind);
INSERT INTO seeds SELECT 'ratio', kpi.ratio_send(kpi.ratio(i - 2.5, i * 1000)) FROM generate_series(1, 5) i
UNION ALL SELECT 'ratio', kpi.ratio_send(kpi.ratio(i, 7)) FROM generate_series(1, 5) i
UNION ALL SELECT 'roi', kpi.roi_send(kpi.roi(i / 8.0, -i, c)) FROM generate_series(1, 5) i, unnest('{EUR,€,NULL}'::text[]) c GROUP BY c
UNION ALL SELECT 'survey', kpi.survey_send(kpi.survey(i % 6 + 1, k)) FROM generate_series(1, 9) i, unnest('{nps,mean -0.5..7.25,ces 1..7 top 3}'::kpi.survey_kind[]) k GROUP BY k
UNION ALL SELECT 'survey_kind', kpi.survey_kind_send('csat 1..7 top 2');

SELECT type, receive(type, bytes) AS whole, count(*) FROM seeds GROUP BY 1, 2 ORDER BY 1;
SELECT receive('funnel', ''), receive('pattern', ''), receive('funnel', '\x00'), receive('funnel', '\x02'), receive('pattern', '\x09'), receive('funnel', '\x0100'), receive('funnel', '\x01ffffffffffffffffff7f');
-- nothing, an empty value, no version, versions to come, a literal that is too long
SELECT type, receive(type, ''), receive(type, '\x00'), receive(type, '\x02'), receive(type, '\x0100'), receive(type, '\x01ffffffffffffffffff7f') FROM seeds WHERE type <> 'pattern' GROUP BY type ORDER BY type;
-- cut short at every length
SELECT type, receive(type, substr(bytes, 1, n)) AS answer, count(*) > 0 AS seen
FROM seeds, generate_series(0, length(bytes) - 1) n WHERE type !~ 'pattern|spec|formula' GROUP BY 1, 2 ORDER BY 1, 2;
-- every byte with one bit flipped; what is accepted can be read and written again
TRUNCATE hostile_funnels;
SELECT type, receive(type, set_byte(bytes, n, get_byte(bytes, n) # (1 << bit))) AS answer, count(*) > 0 AS seen
FROM seeds, generate_series(0, length(bytes) - 1) n, generate_series(0, 7) bit WHERE type !~ 'pattern|spec|formula' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.funnel::text <> v::text) AS changed,
       count(*) FILTER (WHERE (SELECT count(*) FROM kpi.steps(v)) <> 2 AND (SELECT count(*) FROM kpi.steps(v)) <> 3) AS odd FROM hostile_funnels;
SELECT type, receive(type, set_byte(bytes, n, get_byte(bytes, n) # (1 << bit))) AS answer, count(*) > 0 AS seen
FROM seeds, generate_series(0, length(bytes) - 1) n, generate_series(0, 7) bit WHERE type ~ 'pattern|spec|formula' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) FILTER (WHERE v::text::kpi.pattern::text <> v::text) AS changed FROM hostile_patterns;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.retention::text <> v::text) AS changed, sum((SELECT count(*) FROM kpi.cohorts(v, 'infinity')) + (SELECT count(*) FROM kpi.curve(v, '2026-01-02'))) > 0 AS readable FROM hostile_retentions WHERE v::text ~ 'in UTC';
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.activity::text <> v::text) AS changed,
	sum((SELECT count(*) FROM kpi.lifecycle(v, 'infinity')) + (SELECT count(*) FROM kpi.active_days(v, 7, 'infinity'))) > 0 AS readable
FROM hostile_activitys WHERE v::text ~ '(in UTC|Asia/Seoul)' AND (SELECT min((p ->> 'period')::timestamp) > '2000-01-01' AND max((p ->> 'period')::timestamp) < '2040-01-01' FROM jsonb_array_elements(v::jsonb -> 'periods') p);
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.sessions::text <> v::text) AS changed, sum((SELECT count(*) FROM kpi.session_stats(v))) > 0 AS readable FROM hostile_sessionss;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.paths::text <> v::text) AS changed, sum((SELECT count(*) FROM kpi.edges(v)) + (SELECT count(*) FROM kpi.top_paths(v, 3))) > 0 AS readable FROM hostile_pathss;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.ltv::text <> v::text) AS changed, sum((SELECT count(*) FROM kpi.value_curve(v, as_of => '2028-01-01')) + (SELECT count(*) FROM kpi.curve(v, as_of => '2027-01-01'))) > 0 AS readable
FROM hostile_ltvs WHERE v::text ~ '(in UTC|Asia/Seoul)' AND (SELECT min(c ->> 'cohort') > '2000-01-01' FROM jsonb_array_elements(v::jsonb -> 'cohorts') c);
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.ltv_model::text <> v::text) AS changed, count(*) FILTER (WHERE v::text::kpi.ltv_model OPERATOR(kpi.<>) v) AS different,
	bool_and(CASE v::jsonb ->> 'model' WHEN 'sbg' THEN kpi.survival(v, 5) BETWEEN 0 AND 1 AND kpi.expected_lifetime(v, 5) >= 0 WHEN 'gamma_gamma' THEN kpi.expected_value(v, 3, 20) >= 0 IS NOT FALSE WHEN 'bg_bb' THEN kpi.expected_purchases(v, 3, 4, 5, 6) >= 0
		ELSE kpi.probability_alive(v, 3, 20, 40) BETWEEN 0 AND 1 AND kpi.expected_purchases(v, 3, 20, 40, 50) >= 0 END) AS readable FROM hostile_ltv_models;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.attribution::text <> v::text) AS changed, sum((SELECT count(*) FROM kpi.top_paths(v, 3)) + (SELECT count(*) FROM kpi.transitions(v)) + (SELECT count(*) FROM kpi.credit(v, 'markov', markov_order => 2)) + (SELECT count(*) FROM kpi.credit(v, 'markov')) + (SELECT count(*) FROM kpi.credit(v, 'shapley', shapley_rate => true))) > 0 AS readable FROM hostile_attributions WHERE v::text !~ ' by ' OR v::text ~ 'Asia/Seoul';
SELECT sum((v::text::kpi.attribution_spec::text <> v::text)::int) AS changed FROM hostile_attribution_specs;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.ratio::text <> v::text) AS changed, count(kpi.value(v)) > 0 AND count(kpi.ci_low(v)) > 0 AND count(kpi.ci_high(v, 0.9, 'delta')) > 0 AND count((SELECT c FROM kpi.compare(v, v) c)) > 0 AS readable FROM hostile_ratios WHERE length(v::text) < 1000;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.roi::text <> v::text) AS changed, count(kpi.profit(v, 0.5)) > 0 AND count(kpi.roi_rate(v)) > 0 AS readable FROM hostile_rois WHERE length(v::text) < 1000;
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE v::text::kpi.survey::text <> v::text) AS changed, count(kpi.score(v)) > 0 AND count(kpi.ci_low(v)) > 0 AND sum((SELECT count(*) FROM kpi.distribution(v))) > 0 AS readable FROM hostile_surveys;
SELECT sum((v::text::kpi.survey_kind::text <> v::text)::int) AS changed FROM hostile_survey_kinds;
SELECT sum((v::text::kpi.retention_spec::text <> v::text)::int) AS changed FROM hostile_retention_specs;
SELECT sum((v::text::kpi.activity_spec::text <> v::text)::int) AS changed FROM hostile_activity_specs;
SELECT sum((v::text::kpi.session_spec::text <> v::text)::int) AS changed FROM hostile_session_specs;
SELECT sum((v::text::kpi.path_spec::text <> v::text)::int) AS changed FROM hostile_path_specs;
SELECT sum((v::text::kpi.ltv_spec::text <> v::text)::int) AS changed FROM hostile_ltv_specs;
SELECT sum((v::text::kpi.formula::text <> v::text)::int) AS changed, sum((SELECT count(*) FROM kpi.formula_inputs(v))) > 0 AS readable,
	sum((kpi.calculate(v, ARRAY(SELECT key FROM kpi.formula_inputs(v)), ARRAY(SELECT i / 2.0 FROM kpi.formula_inputs(v) WITH ORDINALITY AS n(name, at, key, i))) IS NOT NULL)::int) > 0 AS calculable FROM hostile_formulas;
-- bytes at random
SELECT type, receive(type, decode(md5(i::text) || md5(i::text || 'x'), 'hex')) AS answer, count(*)
FROM generate_series(1, 1000) i, (SELECT DISTINCT type FROM seeds) t(type) GROUP BY 1, 2 ORDER BY 1, 2;
SELECT type, receive(type, '\x01' || substr(decode(md5(i::text) || md5(i::text || 'x'), 'hex'), 1, i % 20)) AS answer, count(*) > 0 AS seen
FROM generate_series(1, 1000) i, (SELECT DISTINCT type FROM seeds) t(type) GROUP BY 1, 2 ORDER BY 1, 2;

-- jsonb and text
CREATE FUNCTION read(document text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN document::jsonb::kpi.funnel::text;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT j AS json, read(j) FROM unnest(ARRAY[
	'{}', '[]', '1', 'null', '"a"', '{"pattern": 1}', '{"pattern": "a ->"}', '{"pattern": "a"}',
	'{"pattern": "a", "completions": -1, "steps": []}',
	'{"pattern": "a", "completions": 1.5, "steps": [{"actors": 1}]}',
	'{"pattern": "a", "completions": 1e30, "steps": [{"actors": 1}]}',
	'{"pattern": "a", "completions": 1, "steps": [{"actors": "1"}]}',
	'{"pattern": "a", "completions": 1, "steps": [{"actors": 1}, {"actors": 1}]}',
	'{"pattern": "a", "completions": 1, "steps": [{"actors": 1}]}',
	'{"pattern": "a -> b", "completions": 0, "steps": [{"actors": 1}, {"actors": 2, "from_previous": {"sum": 0, "histogram": []}, "from_first": {"sum": 0, "histogram": []}}]}',
	'{"pattern": "a -> b", "completions": 0, "steps": [{"actors": 1}, {"actors": 1, "from_previous": {"sum": 9, "histogram": [[3, 1]]}, "from_first": {"sum": 3, "histogram": [[3, 1]]}}]}',
	'{"pattern": "a -> b", "completions": 0, "steps": [{"actors": 1}, {"actors": 1, "from_previous": {"sum": 3, "histogram": [[3, 1], [3, 1]]}, "from_first": {"sum": 3, "histogram": [[3, 1]]}}]}',
	'{"pattern": "a -> b", "completions": 0, "steps": [{"actors": 1}, {"actors": 1, "from_previous": {"sum": 3, "histogram": [[99999, 1]]}, "from_first": {"sum": 3, "histogram": [[3, 1]]}}]}',
	'{"pattern": "a -> b", "completions": 0, "steps": [{"actors": 1}, {"actors": 1, "from_previous": {"sum": 3, "histogram": [[3, 1]]}, "from_first": {"sum": 3, "histogram": [[3, 1]]}}]}',
	'{"pattern": "a by day", "completions": 0, "steps": [{"actors": 1}]}',
	'{"pattern": "a by day", "completions": 0, "steps": [{"actors": 1}], "trend": [{"period": "2026-01-02", "actors": [1]}, {"period": "2026-01-01", "actors": [1]}]}',
	'{"pattern": "a by day", "completions": 0, "steps": [{"actors": 1}], "trend": [{"period": "yesterday or so", "actors": [1]}]}',
	'{"pattern": "a by day", "completions": 0, "steps": [{"actors": 1}], "trend": [{"period": "2026-01-02", "actors": [1, 2]}]}'
]) j;
SELECT 'nonsense'::kpi.funnel;
DROP FUNCTION read, receive;
DROP TABLE hostile_ratios, hostile_rois, hostile_surveys, hostile_survey_kinds;
DROP TABLE hostile_funnels, hostile_patterns, hostile_retentions, hostile_activitys, hostile_sessionss, hostile_pathss, hostile_retention_specs, hostile_activity_specs,
	hostile_session_specs, hostile_path_specs, hostile_ltvs, hostile_ltv_specs, hostile_ltv_models, hostile_attributions, hostile_attribution_specs, hostile_formulas, seeds;
