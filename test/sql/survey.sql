-- kpi.survey: the kinds, scores and intervals next to plain SQL and to published values
CREATE SCHEMA survey_test;
SET search_path = survey_test;
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
CREATE FUNCTION h(i int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(i, n) & 1073741823)::int $$;

-- ---- the language ----
SELECT s::kpi.survey_kind FROM (VALUES ('nps'), ('NPS 0..10'), ('csat'), ('csat 1..7'), ('CSAT, top 1'), ('csat top 3, 1..10'), ('ces'), ('ces 1..5'), ('ces top 3'), ('mean'), ('mean 0.5..5'), ('mean -10..10'), ('mean 0..1000000000000')) AS v(s);
SELECT count(*) AS wrong FROM unnest('{nps,csat 1..7 top 2,ces 0..10 top 4,mean -0.25..7.5}'::text[]) AS s WHERE s::kpi.survey_kind::text <> s;
SELECT s, error_of(format('SELECT %L::kpi.survey_kind', s)) FROM (VALUES (''), ('enps'), ('nps 1..5'), ('nps top 2'), ('csat 5..1'), ('csat 5'), ('csat 1..'), ('csat 1...5'), ('csat 1..5 1..7'), ('csat top'), ('csat top 0'), ('csat top 5'), ('csat top 2 top 3'), ('csat 0.5..5'),
  ('csat 0..101'), ('csat 1..5 bottom 2'), ('mean top 2'), ('mean 1..1'), ('mean 1..x'), ('mean 0.1234567..1'), ('mean 0..1000000000001'), ('mean 0..99999999999999999999'), ('ces 1..5*'), ('csat "1..5"'), ('nps ->')) AS v(s);
SELECT kpi.survey_kind(), kpi.survey_kind('csat'), kpi.survey_kind('csat', low => 1, high => 7, top => 3), kpi.survey_kind(measure => 'mean', low => 0, high => 7.5);
SELECT k, count(*) FROM (VALUES ('nps'::kpi.survey_kind), ('csat'), ('csat 1..5 top 2')) AS v(k) GROUP BY k ORDER BY k;

-- ---- by hand ----
CREATE TABLE answers (quarter int, score int);
INSERT INTO answers SELECT 1, s FROM unnest('{10,10,9,9,10,8,7,6,0,3}'::int[]) AS s UNION ALL SELECT 2, s FROM unnest('{10,9,NULL,8,8,6}'::int[]) AS s;
SELECT quarter, s, kpi.kind_of(s), kpi.n(s), kpi.promoters(s), kpi.passives(s), kpi.detractors(s), kpi.score(s), kpi.ci_low(s), kpi.ci_high(s) FROM (SELECT quarter, kpi.survey(score, 'nps') AS s FROM answers GROUP BY quarter) AS s ORDER BY quarter;
SELECT kpi.score(kpi.rollup(s)), kpi.n(kpi.rollup(s)), kpi.rollup(s) OPERATOR(kpi.=) (SELECT kpi.survey(score, 'nps') FROM answers) AS same FROM (SELECT kpi.survey(score, 'nps') AS s FROM answers GROUP BY quarter) AS s;
SELECT * FROM kpi.distribution((SELECT kpi.survey(score, 'nps') FROM answers WHERE quarter = 1));
-- the same answers for other kinds
SELECT kind, kpi.score(s), kpi.promoters(s), kpi.ci_low(s) < kpi.score(s) AND kpi.score(s) < kpi.ci_high(s) AS inside FROM unnest('{csat 0..10,csat 0..10 top 1,ces 0..10,ces 0..10 top 5,mean,mean 0..10}'::kpi.survey_kind[]) WITH ORDINALITY AS k(kind, i), LATERAL (SELECT kpi.survey(score, kind) AS s FROM answers WHERE quarter = 1) AS s ORDER BY i;
-- halves of stars
SELECT d.*, kpi.score(s) FROM (SELECT kpi.survey(x, 'mean 0.5..5') AS s FROM unnest('{4.5,4.50,0.5,5,3.000001}'::numeric[]) AS x) AS s, kpi.distribution(s) AS d;
-- nobody
SELECT s, kpi.kind_of(s), kpi.n(s), kpi.score(s), kpi.ci_low(s), kpi.promoters(s), (SELECT count(*) FROM kpi.distribution(s)) FROM (SELECT kpi.survey(score, 'nps') AS s FROM answers WHERE false) AS s;
SELECT kind, kpi.survey(score, kind), kpi.n(kpi.survey(score, kind)) FROM answers, (SELECT 'nps'::kpi.survey_kind AS kind) AS k WHERE score IS NULL GROUP BY kind;
SELECT s, kpi.kind_of(s), kpi.n(s), kpi.score(s), kpi.detractors(s), (SELECT count(*) FROM kpi.distribution(s)) FROM (SELECT '{}'::kpi.survey AS s) AS s;
SELECT kpi.rollup(s), kpi.score(NULL), kpi.merge(NULL, '{}'::kpi.survey) FROM (SELECT NULL::kpi.survey AS s) AS s;
SELECT kpi.merge('{}', s) OPERATOR(kpi.=) s AND s OPERATOR(kpi.+) '{}' OPERATOR(kpi.=) s AS same FROM (SELECT kpi.survey(5, 'csat') AS s) AS s;
SELECT kpi.score(s), kpi.ci_low(s), kpi.ci_high(s) FROM unnest('{csat,ces,nps}'::kpi.survey_kind[]) AS kind, LATERAL (SELECT kpi.survey(x, kind) AS s FROM (VALUES (5)) AS v(x)) AS s;

-- ---- mistakes ----
SELECT q, error_of(q) FROM (VALUES
  ('SELECT kpi.survey(11, ''nps'')'), ('SELECT kpi.survey(-1, ''nps'')'), ('SELECT kpi.survey(0, ''csat'')'), ('SELECT kpi.survey(3.5, ''csat'')'), ('SELECT kpi.survey(8, ''ces'')'), ('SELECT kpi.survey(''NaN'', ''nps'')'), ('SELECT kpi.survey(''Infinity'', ''mean'')'),
  ('SELECT kpi.survey(5.5, ''mean 1..5'')'), ('SELECT kpi.survey(1.1234567, ''mean'')'), ('SELECT kpi.survey(1.1234567, ''mean 1..5'')'), ('SELECT kpi.survey(1e13, ''mean'')'), ('SELECT kpi.survey(1000000000000.000001, ''mean'')'), ('SELECT kpi.survey(1e200, ''mean'')'),
  ('SELECT kpi.survey(1, NULL)'), ('SELECT kpi.survey(x, CASE x WHEN 1 THEN ''csat'' ELSE ''ces'' END::kpi.survey_kind) FROM generate_series(1, 2) AS x'), ('SELECT kpi.survey(x, CASE x WHEN 1 THEN ''csat'' END::kpi.survey_kind) FROM generate_series(1, 2) AS x'),
  ('SELECT kpi.merge(kpi.survey(1, ''csat''), kpi.survey(1, ''ces''))'), ('SELECT kpi.survey(1, ''csat'') OPERATOR(kpi.+) kpi.survey(1, ''csat 1..7'')'), ('SELECT kpi.survey(x, ''mean'') FROM generate_series(1, 10001) AS x'),
  ('SELECT kpi.ci_low(kpi.survey(1, ''csat''), 95)')) AS v(q);
SELECT kpi.n(kpi.survey(x, 'mean')), kpi.score(kpi.survey(x, 'mean')) FROM (SELECT x FROM generate_series(1, 10000) AS x UNION ALL SELECT 5000) AS s;
SELECT kpi.score(kpi.survey(x, 'mean')) FROM unnest('{1000000000000,-1000000000000,999999999999.999999}'::numeric[]) AS x;

-- ---- text, jsonb, binary ----
CREATE TABLE stored AS SELECT kpi.survey(h(i, 1) % 11, 'nps') AS s FROM generate_series(1, 300) AS i UNION ALL SELECT kpi.survey((h(i, 1) % 2000 - 1000) / 8.0, 'mean') FROM generate_series(1, 300) AS i UNION ALL SELECT '{}' UNION ALL SELECT kpi.survey(score, 'ces 1..5') FROM answers WHERE false
  UNION ALL SELECT kpi.survey(x, 'mean') FROM unnest('{-1000000000000,1000000000000,0.000001}'::numeric[]) AS x;
SELECT count(*), count(*) FILTER (WHERE s::text::kpi.survey OPERATOR(kpi.<>) s OR s::jsonb::kpi.survey OPERATOR(kpi.<>) s OR s::jsonb::text <> s::text) AS changed, count(DISTINCT s::text) AS different FROM stored;
SELECT current_setting('data_directory') || '/survey.copy' AS file \gset
COPY stored TO :'file' (FORMAT binary);
CREATE TABLE again (s kpi.survey);
COPY again FROM :'file' (FORMAT binary);
SELECT count(*) AS changed FROM ((TABLE stored EXCEPT ALL TABLE again) UNION ALL (TABLE again EXCEPT ALL TABLE stored)) AS s;
SELECT kpi.survey_send(kpi.survey(x, 'csat')) FROM unnest('{1,5,5}'::int[]) AS x;
SELECT j, error_of(format('SELECT %L::kpi.survey', j)) FROM unnest(ARRAY['[]', '{"kind": "nps"}', '{"kind": "pns", "scores": []}', '{"kind": "nps", "scores": [[11, 1]]}', '{"kind": "nps", "scores": [[1.5, 1]]}', '{"kind": "nps", "scores": [[1, 0]]}', '{"kind": "nps", "scores": [[1, 1], [1, 2]]}',
  '{"kind": "nps", "scores": [[1, 1, 1]]}', '{"kind": "nps", "scores": [[]]}', '{"kind": "nps", "scores": [["1", 1]]}', '{"kind": "nps", "scores": [[1, 9223372036854775807], [2, 1]]}', '{"kind": "mean", "scores": [[0.0000001, 1]]}', '{"kind": "nps", "scores": [1]}']) AS j;
SELECT error_of($$SELECT kpi.merge(s, s) FROM (SELECT '{"kind": "nps", "scores": [[1, 9223372036854775807]]}'::kpi.survey AS s) AS s$$);

-- ---- by definition, in plain SQL ----
CREATE TABLE people AS SELECT i, h(i, 1) % 40 AS g, CASE WHEN h(i, 2) % 15 > 0 THEN least(10, h(i, 3) % 14) END AS score FROM generate_series(1, 4000) AS i;
-- nps: the mean of 1 for a promoter and -1 for a detractor, and its standard error
SELECT count(*) AS groups, count(*) FILTER (WHERE abs(kpi.score(s) - 100 * mean) > 1e-12 OR kpi.n(s) <> n OR kpi.promoters(s) <> promoters OR kpi.detractors(s) <> detractors OR kpi.passives(s) <> n - promoters - detractors
  OR abs(kpi.ci_low(s, 0.9) - 100 * (mean - 1.6448536269514727 * sqrt(variance / n))) > 1e-12 OR abs(kpi.ci_high(s, 0.9) - 100 * (mean + 1.6448536269514727 * sqrt(variance / n))) > 1e-12) AS wrong
FROM (SELECT kpi.survey(score, 'nps') AS s, avg(v)::float8 AS mean, var_pop(v)::float8 AS variance, count(score) AS n, count(*) FILTER (WHERE score >= 9) AS promoters, count(*) FILTER (WHERE score <= 6) AS detractors
  FROM (SELECT *, CASE WHEN score >= 9 THEN 1 WHEN score <= 6 THEN -1 WHEN score IS NOT NULL THEN 0 END AS v FROM people) AS p GROUP BY g) AS s;
-- shares: what kpi.ratio says of the same
SELECT count(*) AS groups, count(*) FILTER (WHERE abs(kpi.score(s) - 100 * kpi.value(r)) > 1e-12 OR abs(kpi.ci_low(s) - 100 * kpi.ci_low(r)) > 1e-12 OR abs(kpi.ci_high(s) - 100 * kpi.ci_high(r)) > 1e-12) AS wrong
FROM (SELECT kpi.survey(score, 'csat 0..10 top 3') AS s, kpi.ratio((score >= 8)::int, 1) AS r FROM people GROUP BY g) AS s;
-- means: t, as kpi.ratio says
SELECT count(*) AS groups, count(*) FILTER (WHERE abs(kpi.score(s) - kpi.value(r)) > 1e-12 OR abs(kpi.score(s) - mean) > 1e-12 OR abs(kpi.ci_low(s, 0.99) - kpi.ci_low(r, 0.99, 'delta')) > 1e-12 OR abs(kpi.ci_high(s, 0.99) - kpi.ci_high(r, 0.99, 'delta')) > 1e-12) AS wrong
FROM (SELECT kpi.survey(score, 'ces 0..10') AS s, kpi.ratio(score, 1) AS r, avg(score) AS mean FROM people GROUP BY g) AS s;
-- R's t.test(sleep$extra) says 0.5955845 to 2.4844155 around 1.54
SELECT kpi.score(s), round(kpi.ci_low(s)::numeric, 7) AS low, round(kpi.ci_high(s)::numeric, 7) AS high FROM (SELECT kpi.survey(x, 'mean') AS s FROM unnest('{0.7,-1.6,-0.2,-1.2,-0.1,3.4,3.7,0.8,0.0,2.0,1.9,0.8,1.1,0.1,-0.1,4.4,5.5,1.6,4.6,3.4}'::numeric[]) AS x) AS s;
-- intervals end where the scale does
SELECT kpi.ci_low(kpi.survey(x, 'ces')) AS mean_low, kpi.ci_high(kpi.survey(x, 'mean')) > 7 AS mean_beyond, kpi.ci_high(kpi.survey(10 - x / 7 * 8, 'nps')) AS nps_high FROM unnest('{1,1,1,1,7}'::int[]) AS x;
-- distributions
SELECT count(*) AS wrong FROM (SELECT (kpi.distribution(kpi.survey(score, 'nps'))).* FROM people) AS d FULL JOIN (SELECT score, count(*) AS n, count(*) / sum(count(*)) OVER () AS share FROM people WHERE score IS NOT NULL GROUP BY score) AS p USING (score) WHERE d.count <> coalesce(p.n, 0) OR abs(d.share - p.share) > 1e-15;

-- ---- one answer, however it is come by ----
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
ANALYZE people;
SELECT count(DISTINCT s) AS answers, count(*) AS ways FROM (SELECT kpi.survey(score / 4.0, 'mean')::text AS s FROM people
  UNION ALL SELECT kpi.survey(score / 4.0, 'mean' ORDER BY h(i, 20))::text FROM people UNION ALL SELECT kpi.survey(score / 4.0, 'mean' ORDER BY score DESC)::text FROM people
  UNION ALL SELECT kpi.rollup(s)::text FROM (SELECT kpi.survey(score / 4.0, 'mean') AS s FROM people GROUP BY g) AS s UNION ALL SELECT kpi.rollup(s)::text FROM (SELECT kpi.survey(score / 4.0, 'mean') AS s FROM people GROUP BY i) AS s) AS all_ways;
SELECT count(*), count(*) FILTER (WHERE moving <> anew) AS different FROM (SELECT (kpi.survey(score, 'nps') OVER w)::text AS moving,
  (SELECT kpi.survey(score, 'nps')::text FROM people AS inner_rows WHERE inner_rows.i BETWEEN o.i - 9 AND o.i) AS anew FROM people AS o WHERE i <= 500 WINDOW w AS (ORDER BY i ROWS BETWEEN 9 PRECEDING AND CURRENT ROW)) AS s;
DROP SCHEMA survey_test CASCADE;
