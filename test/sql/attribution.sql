-- kpi.attribution: the language, examples by hand, random data next to plain SQL, errors
CREATE SCHEMA attribution_test;
SET search_path = attribution_test;
CREATE FUNCTION at(day float8) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$ SELECT timestamptz '2026-03-01 00:00:00+00' + day * interval '24 hours' $$;
-- '1:ads@0 1:=10@2 1:mail=5@3' -> rows; times in days; '=': a conversion
CREATE FUNCTION rows(h text) RETURNS TABLE (u bigint, ts timestamptz, channel text, value numeric) LANGUAGE sql IMMUTABLE AS
$$ SELECT m[1]::bigint, at(m[4]::float8), nullif(m[2], ''), substr(m[3], 2)::numeric
   FROM regexp_matches(h, '(\d+):([^=@\s]*)(=[-\d.]+)?@(-?[\d.]+)', 'g') AS m $$;

-- the language
SELECT s, s::kpi.attribution_spec FROM unnest(ARRAY['', 'LOOKBACK 7 days', 'half-life 1 day, lookback 0 sec', 'direct direct|"(direct)"|(none', 'direct none|organic*, collapse repeats reset after conversion conversions are touches',
  'touches 1', 'of purchase|"sign up"', 'by month in Asia/Seoul', 'by week week starts sunday', 'direct direct', 'lookback 3660 days by hour', 'of a|a|"by"']) AS s WHERE s !~ '\(none$';
CREATE FUNCTION refused(spec text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE m text; d text; h text;
BEGIN
  RETURN 'accepted: ' || spec::kpi.attribution_spec;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
  RETURN concat_ws(' / ', SQLSTATE, m, d, nullif(h, ''));
END $$;
SELECT refused(s) FROM unnest(ARRAY['lookback', 'lookback 1 month', 'lookback 3661 days', 'lookback 1 day lookback 1 day', 'half-life 0 sec', 'half-life 1 day half-life 1 day', 'halflife 1 day', 'touches 0', 'touches 41', 'touches x',
  'direct', 'direct *', 'direct a direct b', 'collapse', 'collapse all', 'reset conversion', 'reset after', 'conversions touch', 'of', 'of *', 'of a of b', 'in UTC', 'week starts sunday', 'by fortnight', 'by month in Nowhere/Land', 'model first', ',', 'direct (direct)']) AS s;
SELECT kpi.attribution_spec(), kpi.attribution_spec(lookback => '7 days', half_life => '36 hours', direct => ARRAY['none', 'a b'], touches => 5, collapse_repeats => true, reset_after_conversion => true,
  conversions_are_touches => true, conversions => ARRAY['buy', 'of'], by => 'week', zone => 'Europe/Berlin', week_starts => 'sunday');
SELECT kpi.attribution_spec(direct => NULL), kpi.attribution_spec(lookback => NULL, half_life => NULL, touches => NULL);
SELECT '' ::kpi.attribution_spec OPERATOR(kpi.=) 'touches 40' AS same, 'lookback 1 day'::kpi.attribution_spec OPERATOR(kpi.<) 'lookback 2 days' AS less;

-- an example by hand. 1: ads, mail, then 100; 2: (direct) then 50, nothing; 3: ads, search, (direct), ads, then 30 and 8 more days later 20; 4: a conversion
-- out of nothing; 5: search, never more; 6: mail that was too early for its conversion
CREATE TABLE t AS SELECT * FROM rows('1:ads@0 1:mail@7 1:=100@14  2:(direct)@0 2:=50@0  3:ads@1 3:search@2 3:(direct)@3 3:ads@4 3:=30@4 3:=20@12  4:=7.5@3
 5:search@1 5:search@2  6:mail@0 6:=1@30.01');
CREATE TABLE a AS SELECT kpi.attribution(u, ts, channel, value, '') AS a FROM t;
SELECT m.m, c.period, c.channel, c.conversions, c.revenue, round(c.share::numeric, 6) AS share FROM a, unnest(ARRAY['first', 'last', 'last_non_direct', 'linear', 'position', 'time_decay', 'markov', 'shapley']) WITH ORDINALITY AS m(m, i), kpi.credit(a, m) AS c ORDER BY i, conversions DESC, channel;
SELECT channel, conversions, revenue FROM a, kpi.credit(a, 'position', first_weight => 0.3, last_weight => 0.5);
SELECT channel, conversions, revenue FROM a, kpi.credit(a, 'position', 0, 0);
SELECT o, channel, conversions, revenue FROM a, generate_series(2, 3) AS o, kpi.credit(a, 'markov', markov_order => o);
SELECT channel, conversions, revenue FROM a, kpi.credit(a, 'SHAPLEY', shapley_rate => true);
SELECT e.period, e.channel, round(e.removal_effect::numeric, 9) AS removal_effect, round(e.revenue_removal_effect::numeric, 9) AS revenue_removal_effect FROM a, kpi.removal_effects(a) AS e;
SELECT s.* FROM a, kpi.assisted(a) AS s;
SELECT x.* FROM a, kpi.transitions(a) AS x;
SELECT p.* FROM a, kpi.top_paths(a) AS p;
SELECT p.* FROM a, kpi.top_paths(a, 2) AS p;
SELECT count(*) FROM a, kpi.top_paths(a, NULL);
SELECT l.* FROM a, kpi.path_lengths(a) AS l;
SELECT l.* FROM a, kpi.time_lags(a) AS l;
SELECT kpi.path_error(a), kpi.cut_paths(a), kpi.spec_of(a), kpi.spec_of('{}'::kpi.attribution) FROM a;

-- options. The lookback is inclusive, to the microsecond
SELECT p.path, conversions FROM kpi.top_paths((SELECT kpi.attribution(u, ts, channel, value, 'lookback 30 days') FROM rows('1:a@0 1:=1@30 2:b@0 2:=1@30.00000001'))) AS p;
CREATE FUNCTION paths(h text, spec kpi.attribution_spec) RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(array_to_string(path, '>') || ' ' || conversions || '/' || not_converted || ' ' || revenue, ', ' ORDER BY path) FROM kpi.top_paths((SELECT kpi.attribution(u, ts, channel, value, spec) FROM rows(h)), NULL) $$;
SELECT s, paths('1:a@0 1:a@1 1:b@2 1:=1@3 1:b@4 1:b@5 1:c=2@6 1:=3@6 1:b@7 1:b@50 1:a@51', s::kpi.attribution_spec)
FROM unnest(ARRAY['', 'collapse repeats', 'reset after conversion', 'conversions are touches', 'conversions are touches reset after conversion', 'touches 2', 'lookback 2 days', 'collapse repeats reset after conversion', 'of a', 'of c|b']) AS s;
-- touches of an instant come in the order of their bytes, before the conversions of the instant
SELECT paths('1:b@0 1:a@0 1:=1@0 1:B@0', ''), paths('1:b@0 1:a=2@0 1:=1@0 1:B@0', 'conversions are touches reset after conversion');
-- a path that was cut; how many were
SELECT path, kpi.cut_paths(a) FROM (SELECT kpi.attribution(1, at(i / 10.0), i::text, CASE WHEN i > 43 THEN 1.5 END, '') AS a FROM generate_series(1, 45) AS i) AS s, kpi.top_paths(a);
SELECT touches, s, kpi.cut_paths(a) FROM unnest(ARRAY['touches 3', 'touches 3 lookback 3 days', 'touches 3 lookback 2 days', 'touches 5', 'touches 4']) AS s, LATERAL (SELECT kpi.attribution(u, ts, channel, value, s::kpi.attribution_spec) AS a FROM rows('1:a@0 1:b@1 1:c@2 1:d@3 1:e@4 1:=1@5')) AS x, kpi.path_lengths(a);
-- by period of the conversion, by the clocks of a zone
SELECT c.* FROM kpi.credit((SELECT kpi.attribution(u, ts, channel, value, 'by month in Asia/Seoul') FROM rows('1:a@30.5 1:=10@30.6 2:a@30.5 2:b@30.7 2:=5@31 3:c@0')), 'last') AS c;
SELECT s.period, s.channel, s.last FROM kpi.assisted((SELECT kpi.attribution(u, ts, channel, value, 'by month in Asia/Seoul') FROM rows('1:a@30.5 1:=10@30.6 2:a@30.5 2:b@30.7 2:=5@31 3:c@0'))) AS s;

-- NULLs are ignored, times of infinity too; nothing at all is an attribution of nothing
SELECT paths, credit.* FROM (SELECT kpi.attribution(u, ts, channel, value, '') AS paths FROM (VALUES (1, at(0), 'a', NULL), (NULL, at(0), 'b', 1), (2, NULL, 'c', 1), (3, at(1), NULL, NULL), (1, 'infinity', NULL, 1), (1, '-infinity', 'd', NULL)) AS v(u, ts, channel, value)) AS s,
  kpi.credit(paths, 'last') AS credit;
SELECT kpi.attribution(u, ts, channel, value, 'by week') FROM t WHERE false;
SELECT kpi.credit(a, 'markov') FROM (SELECT kpi.attribution(u, ts, channel, value, '') FROM t WHERE false) AS s(a);
SELECT count(*) FROM kpi.credit('{}', 'markov'), kpi.removal_effects('{}'), kpi.assisted('{}'), kpi.transitions('{}'), kpi.top_paths('{}'::kpi.attribution), kpi.path_lengths('{}'), kpi.time_lags('{}');
SELECT kpi.credit(NULL, 'first'), kpi.top_paths(NULL::kpi.attribution), kpi.path_error(NULL::kpi.attribution), kpi.cut_paths('{}'), kpi.rollup(NULL::kpi.attribution);
SELECT kpi.attribution(NULL::kpi.timeline, ''), kpi.attribution('{}'::kpi.timeline, '');
-- only paths without a conversion: rates of nothing are null
SELECT c.* FROM kpi.credit((SELECT kpi.attribution(u, ts, channel, value, '') FROM rows('1:a@0 2:b@0')), 'markov') AS c;
SELECT e.* FROM kpi.removal_effects((SELECT kpi.attribution(u, ts, channel, value, '') FROM rows('1:a@0 2:b@0'))) AS e;
-- values of nothing, and below it, are conversions
SELECT m, c.channel, c.conversions, c.revenue, round(c.share::numeric, 6) AS share FROM unnest(ARRAY['linear', 'position', 'markov', 'shapley']) AS m, kpi.credit((SELECT kpi.attribution(u, ts, channel, value, '') FROM rows('1:a@0 1:b@1 1:=0@2 2:a@0 2:=-5@1 3:c@0 3:a@1 3:b@2 3:=4.99@3')), m) AS c ORDER BY m, channel;
-- errors
SELECT kpi.attribution(u, ts, channel, value, NULL) FROM t;
SELECT kpi.attribution(u, ts, channel, value, CASE WHEN u < 3 THEN '' ELSE 'touches 2' END::kpi.attribution_spec) FROM (SELECT * FROM t ORDER BY u) AS t;
SELECT kpi.attribution(1, at(0), '', NULL, '');
SELECT kpi.attribution(1, at(0), '', 1, '');
SELECT kpi.attribution(t, '') FROM (SELECT kpi.timeline(at(0), '')) AS v(t);
SELECT kpi.attribution(1, at(0), 'a', 'NaN', '');
SELECT kpi.attribution(1, at(0), 'a', 'infinity', '');
SELECT kpi.attribution(1, at(0), 'a', 1e30, '');
SELECT kpi.attribution(1, at(0), repeat('x', 1025), NULL, '');
SELECT kpi.attribution(i, at(i), 'campaign ' || i, NULL, '') FROM generate_series(1, 1001) AS i;
SELECT kpi.credit(a, 'best') FROM a;
SELECT kpi.credit(a, 'position', 0.6, 0.5) FROM a;
SELECT kpi.credit(a, 'position', 'NaN', 0.5) FROM a;
SELECT kpi.credit(a, 'markov', markov_order => 4) FROM a;
SELECT kpi.removal_effects(a, 0) FROM a;
SELECT kpi.top_paths(a, 0) FROM a;
SELECT kpi.credit(kpi.attribution(1, at(i), 'c' || i, CASE WHEN i = 18 THEN 1 END, ''), 'shapley', shapley_rate => true) FROM generate_series(1, 18) AS i;
SELECT kpi.merge(kpi.attribution(u, ts, channel, value, ''), kpi.attribution(u, ts, channel, value, 'touches 2')) FROM t;
SELECT '{"spec": ""}'::kpi.attribution;
SELECT jsonb_set(a::jsonb, '{periods,0,lengths,1,1}', '3')::kpi.attribution FROM a;
SELECT jsonb_set(a::jsonb, '{periods,0,transitions,0,2}', '30')::kpi.attribution FROM a;
SELECT jsonb_set(a::jsonb, '{periods,0,channels,0,sums,8,0}', '30')::kpi.attribution FROM a;
SELECT jsonb_set(a::jsonb, '{level}', '9')::kpi.attribution FROM a;
SELECT jsonb_set(a::jsonb, '{periods,0,paths,0,path,0}', 'null')::kpi.attribution FROM a;

-- all kinds of actors agree; merging; text, jsonb and the bytes of it
SELECT a.a OPERATOR(kpi.=) kpi.attribution(u::text, ts, channel, value, '') AS text_actor, a.a OPERATOR(kpi.=) kpi.attribution(md5(u::text)::uuid, ts, channel, value, '') AS uuid_actor,
       a.a OPERATOR(kpi.=) kpi.attribution(u::int, ts, channel::varchar, value, '') AS int_actor FROM a, t GROUP BY a.a OPERATOR(kpi.=) a.a, a.a;
SELECT a OPERATOR(kpi.+) b OPERATOR(kpi.=) kpi.merge(b, a) AS same, a OPERATOR(kpi.+) b OPERATOR(kpi.=) w AS whole, a OPERATOR(kpi.<>) b AS other, kpi.merge('{}', a) OPERATOR(kpi.=) a AS nothing
FROM (SELECT kpi.attribution(u, ts, channel, value, 'by week') FILTER (WHERE u < 3), kpi.attribution(u, ts, channel, value, 'by week') FILTER (WHERE u >= 3), kpi.attribution(u, ts, channel, value, 'by week') FROM t) AS v(a, b, w);
SELECT a::text::kpi.attribution OPERATOR(kpi.=) a AS text, a::jsonb::kpi.attribution OPERATOR(kpi.=) a AS jsonb, octet_length(kpi.attribution_send(a)) AS bytes FROM a;
SELECT kpi.attribution(u, ts, channel, value, '')::jsonb FROM rows('1:ads@0 1:mail@7 1:=9.5@14 2:ads@0');

-- random data: the paths in plain SQL, from the definition, and the rules on them
SELECT setseed(0.42);
CREATE TABLE r AS SELECT u, at(floor(random() * 200) / 4) AS ts, (ARRAY['ads', 'mail', 'search', '(direct)', 'social'])[1 + floor(random() * (1 + u % 5))::int] AS channel,
  CASE WHEN random() < 0.2 THEN round((random() * 100 - 5)::numeric, (u % 3)::int) END AS value, random() AS place
FROM generate_series(1, 400) AS u, generate_series(1, 25) AS i WHERE random() < u / 400.0;
UPDATE r SET channel = NULL WHERE value IS NOT NULL AND random() < 0.4;
-- the touches of each conversion; `among`: whether conversions with a channel are touches, `apart`: whether a conversion ends the path
CREATE FUNCTION naive(lookback interval, half_life interval, among boolean, apart boolean, collapse boolean, most int)
RETURNS TABLE (id bigint, ts timestamptz, value numeric, path text[], days float8[]) LANGUAGE sql AS $$
WITH e AS MATERIALIZED (SELECT row_number() OVER () AS id, * FROM r), c AS (SELECT e.id, e.u, e.ts, e.value FROM e WHERE value IS NOT NULL),
t AS (SELECT * FROM e WHERE channel IS NOT NULL AND (value IS NULL OR among)),
j AS (SELECT c.id, t.channel, t.ts, row_number() OVER (PARTITION BY c.id ORDER BY t.ts, t.channel COLLATE "C", t.id) AS n, extract(epoch FROM c.ts - t.ts) / extract(epoch FROM half_life) AS halves
      FROM c JOIN t ON t.u = c.u AND t.ts <= c.ts
      WHERE NOT apart OR t.ts > coalesce((SELECT max(b.ts) FROM c AS b WHERE b.u = c.u AND b.ts < c.ts), '-infinity')),
k AS (SELECT * FROM (SELECT *, lead(channel) OVER (PARTITION BY id ORDER BY n) AS next FROM j) AS x WHERE NOT collapse OR next IS DISTINCT FROM channel),
l AS (SELECT k.id, k.channel, k.halves, k.n, row_number() OVER (PARTITION BY k.id ORDER BY n DESC) AS back FROM k JOIN c USING (id) WHERE c.ts - k.ts <= lookback)
SELECT c.id, c.ts, c.value, coalesce(array_agg(l.channel ORDER BY n) FILTER (WHERE back <= most), '{}'), array_agg(halves ORDER BY n) FILTER (WHERE back <= most)
FROM c LEFT JOIN l USING (id) GROUP BY c.id, c.ts, c.value $$;
CREATE FUNCTION weight(model text, n int, i int, halves float8[]) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
SELECT CASE model WHEN 'first' THEN (i = 1)::int WHEN 'last' THEN (i = n)::int WHEN 'linear' THEN 1::numeric / n
  WHEN 'position' THEN CASE WHEN n = 1 THEN 1 WHEN n = 2 THEN 0.5 WHEN i IN (1, n) THEN 0.4 ELSE 0.2 / (n - 2) END
  WHEN 'time_decay' THEN power(2, -halves[i])::numeric / (SELECT sum(power(2, -h)::numeric) FROM unnest(halves) AS h) END $$;
CREATE FUNCTION naive_credit(model text, p anyarray, halves float8[]) RETURNS TABLE (channel text, weight numeric) LANGUAGE sql AS $$
SELECT c, weight(model, cardinality(p), i::int, halves) FROM unnest(p) WITH ORDINALITY AS u(c, i) WHERE model NOT IN ('last_non_direct', 'shapley')
UNION ALL SELECT (SELECT c FROM unnest(p) WITH ORDINALITY AS u(c, i) ORDER BY c = '(direct)', i DESC LIMIT 1), 1 WHERE model = 'last_non_direct' AND cardinality(p) > 0
UNION ALL SELECT DISTINCT c, 1::numeric / (SELECT count(DISTINCT d) FROM unnest(p) AS d) FROM unnest(p) AS c WHERE model = 'shapley'
UNION ALL SELECT '(none)', 1 WHERE cardinality(p) = 0 $$;
CREATE TABLE specs (lookback interval, half_life interval, among boolean, apart boolean, collapse boolean, most int);
INSERT INTO specs VALUES ('30 days', '7 days', false, false, false, 40), ('6 days', '36 hours', true, false, false, 4), ('15 days', '30 days', false, true, false, 40), ('3660 days', '2 days', true, true, true, 3),
  ('10 days', '1 hour', false, false, true, 40), ('0 sec', '1 day', true, false, false, 1);
CREATE TABLE made AS SELECT s.*, kpi.attribution(u, ts, channel, value, kpi.attribution_spec(lookback, half_life, touches => most, collapse_repeats => collapse, reset_after_conversion => apart, conversions_are_touches => among) ORDER BY place) AS a
FROM specs AS s, r GROUP BY s.lookback, s.half_life, s.among, s.apart, s.collapse, s.most;
CREATE TABLE naive_paths AS SELECT s.lookback, n.* FROM specs AS s, naive(lookback, half_life, among, apart, collapse, most) AS n;
SELECT count(*) AS rows, count(value) AS conversions, count(DISTINCT u) AS actors FROM r;
-- credits that differ by more than their rounding: none; each number of touches was there
SELECT model, count(*) AS credits, count(*) FILTER (WHERE abs(mine.conversions - naive.conversions) > 0.000001 OR abs(mine.revenue - naive.revenue) > 0.000001 OR mine.channel IS NULL OR naive.channel IS NULL AND mine.conversions <> 0) AS wrong,
  bool_and(naive.channel IS NULL OR abs(mine.share - naive.conversions / (SELECT count(*) FROM r WHERE value IS NOT NULL)) < 1e-9) AS shares
FROM unnest(ARRAY['first', 'last', 'last_non_direct', 'linear', 'position', 'time_decay', 'shapley']) AS model,
LATERAL (SELECT lookback, c.channel, c.conversions, c.revenue, c.share FROM made, kpi.credit(a, model) AS c) AS mine
FULL JOIN LATERAL (SELECT lookback, c.channel, sum(c.weight) AS conversions, sum(c.weight * p.value) AS revenue FROM naive_paths AS p, naive_credit(model, p.path, p.days) AS c GROUP BY 1, 2) AS naive USING (lookback, channel)
GROUP BY model ORDER BY model;
-- whatever the model, credits are the conversions and their revenue, exactly
SELECT model, count(*), bool_and(conversions = (SELECT count(value) FROM r) AND revenue = (SELECT sum(value) FROM r)) AS exact
FROM (SELECT m.model, lookback, sum(c.conversions) AS conversions, sum(c.revenue) AS revenue
      FROM made, (SELECT unnest(ARRAY['first', 'last', 'last_non_direct', 'linear', 'position', 'time_decay', 'markov', 'shapley']) AS model, 1 AS o, false AS rate UNION ALL VALUES ('markov', 2, false), ('markov', 3, false), ('shapley', 1, true)) AS m,
           kpi.credit(a, m.model, 0.15, 0.33, m.o, m.rate) AS c GROUP BY m.model, m.o, m.rate, lookback) AS s GROUP BY model ORDER BY model;
-- paths that converted, lengths, lags, assists
SELECT count(*) AS different, count(*) FILTER (WHERE m.conversions IS DISTINCT FROM n.count OR m.revenue IS DISTINCT FROM n.sum) AS wrong
FROM (SELECT lookback, p.* FROM made, kpi.top_paths(a, NULL) AS p WHERE p.conversions > 0) AS m
FULL JOIN (SELECT lookback, path, count(*), sum(value) FROM naive_paths WHERE path <> '{}' GROUP BY 1, 2) AS n USING (lookback, path);
SELECT count(*) FILTER (WHERE m.conversions IS DISTINCT FROM n.count OR m.revenue IS DISTINCT FROM n.sum) AS wrong
FROM (SELECT lookback, p.* FROM made, kpi.path_lengths(a) AS p) AS m FULL JOIN (SELECT lookback, cardinality(path) AS touches, count(*), sum(value) FROM naive_paths GROUP BY 1, 2) AS n USING (lookback, touches);
SELECT count(*) FILTER (WHERE m.touched <> n.touched OR m.assisted <> n.assisted OR m.first <> n.first OR m.last <> n.last OR m.assisted_revenue <> n.revenue) AS wrong, sum(m.assisted) > 0 AS some
FROM (SELECT lookback, p.* FROM made, kpi.assisted(a) AS p) AS m JOIN (SELECT lookback, channel, count(*) AS touched, count(*) FILTER (WHERE channel = ANY (path[:cardinality(path) - 1])) AS assisted, count(*) FILTER (WHERE path[1] = channel) AS first,
  count(*) FILTER (WHERE path[cardinality(path)] = channel) AS last, coalesce(sum(value) FILTER (WHERE channel = ANY (path[:cardinality(path) - 1])), 0) AS revenue FROM naive_paths, (SELECT unnest(ARRAY['ads', 'mail', 'search', '(direct)', 'social']) AS channel) AS c WHERE channel = ANY (path) GROUP BY 1, 2) AS n USING (lookback, channel);
-- transitions are those of the paths
SELECT count(*) AS different, count(*) FILTER (WHERE m.count IS DISTINCT FROM n.count) AS wrong
FROM (SELECT lookback, x.* FROM made, kpi.transitions(a) AS x) AS m FULL JOIN (
  SELECT lookback, steps[i] AS source, steps[i + 1] AS target, sum(times) AS count
  FROM (SELECT lookback, x.steps, x.times FROM made, kpi.top_paths(a, NULL) AS p, LATERAL (VALUES ('(start)'::text || p.path || '(conversion)'::text, p.conversions), ('(start)'::text || p.path || '(null)'::text, p.not_converted)) AS x(steps, times) WHERE x.times > 0) AS s,
       generate_series(1, cardinality(steps) - 1) AS i GROUP BY 1, 2, 3) AS n USING (lookback, source, target);
-- rows and timelines, workers and parts
SELECT kpi.attribution(u, ts, channel, value, '') OPERATOR(kpi.=) (SELECT kpi.attribution(t, '') FROM (SELECT kpi.timeline(ts, coalesce(channel, ''), value) AS t FROM r GROUP BY u) AS s) AS timelines,
       kpi.attribution(u, ts, channel, value, 'of mail conversions are touches') OPERATOR(kpi.=) (SELECT kpi.attribution(t, 'of mail conversions are touches') FROM (SELECT kpi.timeline(ts, channel, value) AS t FROM r GROUP BY u) AS s) AS named,
       kpi.attribution(u, ts, channel, value, 'by week in Asia/Seoul') OPERATOR(kpi.=) (SELECT kpi.rollup(a ORDER BY k DESC) FROM (SELECT u % 7 AS k, kpi.attribution(u, ts, channel, value, 'by week in Asia/Seoul') AS a FROM r GROUP BY 1) AS s) AS parts
FROM r;
-- more different paths than are kept: what is left of them, and what is not lost. The order and the parts do not matter
CREATE TABLE many AS SELECT u, at(i) AS ts, 'c' || (hashint8extended(u * 100 + i, 1) & 7) AS channel, CASE WHEN i = 1 AND u % 3 = 0 THEN 9.99 END AS value FROM generate_series(1, 60000) AS u, generate_series(1, 8) AS i;
UPDATE many SET ts = at(8.5) WHERE value IS NOT NULL;
CREATE TABLE cut AS SELECT kpi.attribution(u, ts, channel, value, '') AS a FROM many;
SELECT (a::jsonb ->> 'level')::int AS level, kpi.path_error(a), (SELECT count(*) FROM kpi.top_paths(a, NULL)) AS paths, (SELECT sum(conversions) FROM kpi.top_paths(a, NULL)) AS conversions, (SELECT sum(not_converted) FROM kpi.top_paths(a, NULL)) AS not_converted FROM cut;
SELECT path FROM cut, kpi.top_paths(a, 3);
SELECT a OPERATOR(kpi.=) (SELECT kpi.attribution(u, ts, channel, value, '' ORDER BY hashint8extended(u, 5)) FROM many) AS any_order,
       a OPERATOR(kpi.=) (SELECT kpi.rollup(p) FROM (SELECT kpi.attribution(u, ts, channel, value, '') AS p FROM many GROUP BY u % 5) AS s) AS parts,
       a OPERATOR(kpi.=) (SELECT kpi.rollup(p) FROM (SELECT kpi.attribution(u, ts, channel, value, '') AS p FROM many GROUP BY u > 59000) AS s) AS uneven,
       a::text::kpi.attribution OPERATOR(kpi.=) a AS text FROM cut;
SELECT m.model, sum(conversions) AS conversions, sum(revenue) AS revenue, count(*) FILTER (WHERE channel = '(other)') AS other FROM cut, (VALUES ('linear', 1, false), ('time_decay', 1, false), ('markov', 1, false), ('markov', 2, false), ('shapley', 1, true)) AS m(model, o, rate),
  kpi.credit(a, m.model, markov_order => m.o, shapley_rate => m.rate) AS c GROUP BY m.model, m.o ORDER BY 1, m.o;
SELECT bool_and(abs(c.conversions - n.sum) <= 0.000001) AS exact FROM cut, kpi.credit(a, 'linear') AS c JOIN (SELECT channel, sum(1.0 / (8 - 1)) FROM many WHERE value IS NULL AND u % 3 = 0 GROUP BY 1) AS n USING (channel);
SET client_min_messages = warning;
DROP SCHEMA attribution_test CASCADE;
