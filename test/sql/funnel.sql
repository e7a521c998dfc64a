-- kpi.funnel: what it counts, its columns, its errors
CREATE TABLE e (u bigint, ts timestamptz, event text);
-- times in seconds from one instant on, NULL and infinities as they are
CREATE FUNCTION at(s text) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN s ~ 'inf' THEN s::timestamptz ELSE timestamptz '2026-03-01 12:00:00+00' + s::float8 * interval '1 second' END $$;
-- 'a@0 b@10' -> the level of one actor
CREATE FUNCTION history(h text) RETURNS TABLE (ts timestamptz, event text) LANGUAGE sql IMMUTABLE AS
$$ SELECT at(split_part(w, '@', 2)), split_part(w, '@', 1) FROM regexp_split_to_table(h, ' +') AS w $$;
CREATE FUNCTION level(h text, p kpi.pattern) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT kpi.level(kpi.funnel(1, ts, event, p)) FROM history(h) $$;
CREATE FUNCTION mask_level(h text, p kpi.pattern) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT kpi.level(kpi.funnel(1, ts, (SELECT sum(1::bigint << (c::int - 1))::bigint FROM unnest(string_to_array(event, '+')) c), p)) FROM history(h) $$;

-- the illustrative cases 1 to 11 of the peers' disagreements, with the answer by our definition
SELECT 1 AS "case", level('a@0 b@1 c@2', 'a -> b -> c') AS got, 3 AS wanted
UNION ALL SELECT 2, level('a@0 d@1 b@2 c@3', 'a -> b -> c'), 3
UNION ALL SELECT 3, level('a@0 a@1 b@2 b@3 c@4 c@5', 'a -> b -> c'), 3
UNION ALL SELECT 4, level('a@0 b@1 a@2 c@3', 'a -> b -> c'), 3
UNION ALL SELECT 5, level('a@0 c@1 b@2', 'a -> b -> c'), 2
UNION ALL SELECT 6, level('c@5 b@5 a@5', 'a -> b -> c'), 3
UNION ALL SELECT 6, level('c@5 b@5 a@5', 'a -> b -> c strictly increasing'), 1
UNION ALL SELECT 7, level('a@1 a@2 b@2 c@3', 'a -> b -> c'), 3
UNION ALL SELECT 7, level('a@1 a@2 b@2 c@3', 'a -> b -> c strictly increasing'), 3
UNION ALL SELECT 8, mask_level('1+2+3@0', '1 -> 2 -> 3'), 1
UNION ALL SELECT 8, mask_level('1+2+3@0', '1 -> 2 -> 3 reuse rows'), 3
UNION ALL SELECT 9, mask_level('1+2@0 2+3@2', '1 -> 2 -> 3'), 2
UNION ALL SELECT 9, mask_level('1+2@0 2+3@2', '1 -> 2 -> 3 reuse rows'), 3
UNION ALL SELECT 10, level('a@0 b@10', 'a -> b within 10 sec'), 2
UNION ALL SELECT 10, level('a@0 b@10.000001', 'a -> b within 10 sec'), 1
UNION ALL SELECT 11, level('a@0 a@1800 b@2700 c@4500', 'a -> b -> c within 1 hour'), 3
UNION ALL SELECT 11, level('a@0 a@1800 b@2700 c@4500', 'a -> b -> c within 1 hour first entry'), 2
-- 12: PostHog's exclusion tests
UNION ALL SELECT 12, level('s1@0 X@5 s2@8', 's1 -[no X]-> s2 within 10 sec'), 1
UNION ALL SELECT 12, level('s1@0 X@5 s2@8 s1@100 s2@105', 's1 -[no X]-> s2 within 10 sec'), 2
UNION ALL SELECT 12, level('s1@0 s2@3 X@5', 's1 -[no X]-> s2 within 10 sec'), 2
UNION ALL SELECT 12, level('X@0 s1@1 s2@3', 's1 -[no X]-> s2 within 10 sec'), 2;
-- case 15: levels 3, 3, 1, 0 are reached by 3, 2, 2 actors
SELECT step, actors FROM kpi.steps((
	SELECT kpi.funnel(u, at(t), event, 'a -> b -> c')
	FROM (VALUES (1, 'a', '0'), (1, 'b', '1'), (1, 'c', '2'), (2, 'a', '0'), (2, 'b', '0'), (2, 'c', '9'),
	             (3, 'a', '0'), (4, 'x', '0')) AS v(u, event, t)));

-- the other parts of the language
SELECT 'next' AS what, level('a@0 b@1', 'a => b') AS yes, level('a@0 x@1 b@2', 'a => b') AS no
UNION ALL SELECT 'next in a tie', level('a@0 x@0 b@0', 'a => b'), level('a@0 x@1 b@1 c@2', 'a => b => c') - 1
UNION ALL SELECT 'at most', level('a@0 b@5', 'a -[<= 5 sec]-> b'), level('a@0 b@6', 'a -[<= 5 sec]-> b')
UNION ALL SELECT 'at least', level('a@0 b@5', 'a -[>= 5 sec]-> b'), level('a@0 b@4', 'a -[>= 5 sec]-> b')
UNION ALL SELECT 'prefix', level('a@0 /pay/card@5', 'a -> /pay*'), level('a@0 /pa@4', 'a -> /pay*')
UNION ALL SELECT 'any event', level('a@0 zzz@5', 'a -> *'), level('a@0', 'a -> *')
UNION ALL SELECT 'alternatives', level('a@0 c@5', 'a -> b|c'), level('a@0 d@5', 'a -> b|c')
UNION ALL SELECT 'any order', level('b@0 a@5', 'a -> b any order within 5 sec'), level('b@0 a@6', 'a -> b any order within 5 sec')
UNION ALL SELECT 'same label twice', level('a@0 a@0', 'a -> a'), level('a@0', 'a -> a')
UNION ALL SELECT 'letters', level('구매@0 "ü"@5', '구매 -> """ü"""'), level('구매@0', '구매 -> """ü"""')
UNION ALL SELECT 'infinities', level('a@-infinity b@infinity', 'a -> b'), level('a@-infinity b@0', 'a -> b within 1 day');
SELECT step, name, actors, conversion_from_first, conversion_from_previous, dropped FROM kpi.steps((
	SELECT kpi.funnel(u, at(t), event, 'a -> b? -> c')
	FROM (VALUES (1, 'a', '0'), (1, 'b', '1'), (1, 'c', '2'), (2, 'a', '0'), (2, 'c', '9'), (3, 'a', '0'),
	             (3, 'b', '1'), (4, 'a', '0')) AS v(u, event, t)));
SELECT step, name, actors, conversion_from_first, conversion_from_previous, dropped, ci_low, ci_high FROM kpi.steps((
	SELECT kpi.funnel(u, at(t), event, 'a -> b -> c open')
	FROM (VALUES (1, 'a', '0'), (1, 'b', '1'), (1, 'c', '2'), (2, 'b', '0'), (2, 'c', '9'), (3, 'c', '0'),
	             (4, 'a', '0')) AS v(u, event, t)));
SELECT step, name, actors, median_from_previous, p90_from_first FROM kpi.steps((
	SELECT kpi.funnel(u, at(t), event, 'a -> b -> c any order within 10 sec')
	FROM (VALUES (1, 'c', '0'), (1, 'b', '1'), (1, 'a', '3'), (2, 'b', '0'), (2, 'c', '9'), (3, 'c', '0')) AS v(u, event, t)));

-- every column; Wilson's interval of 5 in 10 is 0.2366 to 0.7634 (Newcombe 1998, method 3)
INSERT INTO e SELECT u, at((100 * u)::text), 'a' FROM generate_series(1, 10) u;
INSERT INTO e SELECT u, at((100 * u + 60 * u)::text), 'b' FROM generate_series(1, 5) u;
INSERT INTO e SELECT u, at((100 * u + 3600 * 30)::text), 'c' FROM generate_series(1, 2) u;
\x on
SELECT * FROM kpi.steps((SELECT kpi.funnel(u, ts, event, 'a -> b -> c') FROM e));
\x off
SELECT round(ci_low::numeric, 4), round(ci_high::numeric, 4)
FROM kpi.steps((SELECT kpi.funnel(u, ts, event, 'a -> b') FROM e)) WHERE step = 2;

-- scalar accessors
SELECT kpi.conversion_rate(f), kpi.conversion_rate(f, 2), kpi.conversion_rate(f, step => 1), kpi.actors(f), kpi.actors(f, 3),
       kpi.level(f), kpi.completions(f), kpi.pattern_of(f)
FROM (SELECT kpi.funnel(u, ts, event, 'a -> b -> c') AS f FROM e) AS s;
SELECT kpi.actors(f, 4) FROM (SELECT kpi.funnel(u, ts, event, 'a -> b -> c') AS f FROM e) AS s;
SELECT kpi.conversion_rate(f, 0) FROM (SELECT kpi.funnel(u, ts, event, 'a -> b -> c') AS f FROM e) AS s;
SELECT kpi.trend(f) FROM (SELECT kpi.funnel(u, ts, event, 'a -> b -> c') AS f FROM e) AS s;
-- passes do not overlap
SELECT kpi.completions(kpi.funnel(1, ts, event, 'a -> b')) FROM history('a@0 a@1 b@2 b@3 a@4 b@5 a@6');
SELECT kpi.completions(kpi.funnel(1, ts, event, 'a -> b? -> c -> d?')) FROM history('a@0 c@1 d@2 a@3 b@4 c@5');

-- periods: an actor counts in each that it entered in; clocks of the zone; the change of clocks on 2026-03-29 in Berlin
SELECT * FROM kpi.trend((
	SELECT kpi.funnel(u, ts::timestamptz, event, 'a -> b within 2 days by day in Asia/Seoul')
	FROM (VALUES (1, '2026-01-01 14:59+00', 'a'), (1, '2026-01-01 15:00+00', 'a'), (1, '2026-01-03 14:59+00', 'b'),
	             (2, '2026-01-01 15:00+00', 'a'), (2, '2026-01-03 15:01+00', 'b')) AS v(u, ts, event)));
SELECT period, actors FROM kpi.trend((
	SELECT kpi.funnel(u, ts::timestamptz, event, 'a by day in Europe/Berlin')
	FROM (VALUES (1, '2026-03-28 22:59+00', 'a'), (2, '2026-03-28 23:00+00', 'a'), (3, '2026-03-29 00:59+00', 'a'),
	             (3, '2026-03-29 01:00+00', 'a'), (3, '2026-03-29 21:59+00', 'a'), (4, '2026-03-29 22:00+00', 'a'),
	             (5, 'infinity', 'a'), (6, '-infinity', 'a')) AS v(u, ts, event)));
SELECT period, actors FROM kpi.trend((
	SELECT kpi.funnel(u, ts::timestamptz, event, 'a by week')
	FROM (VALUES (1, '2026-01-04 23:59+00', 'a'), (2, '2026-01-05 00:00+00', 'a'), (3, '2026-01-11 23:59+00', 'a')) AS v(u, ts, event)));
SELECT period, actors FROM kpi.trend((
	SELECT kpi.funnel(u, ts::timestamptz, event, 'a by quarter in America/New_York')
	FROM (VALUES (1, '2026-04-01 03:59+00', 'a'), (2, '2026-04-01 04:00+00', 'a'), (3, '2024-02-29 12:00+00', 'a')) AS v(u, ts, event)));
SELECT period, actors FROM kpi.trend((
	SELECT kpi.funnel(u, ts::timestamptz, event, 'a by hour in Asia/Kolkata')
	FROM (VALUES (1, '2026-04-01 03:29+00', 'a'), (2, '2026-04-01 03:30+00', 'a')) AS v(u, ts, event)));
-- the periods are those of date_trunc, in zones with all kinds of clock changes
SELECT count(*) AS periods, count(*) FILTER (WHERE wrong) AS wrong
FROM (SELECT (SELECT period FROM kpi.trend(f)) IS DISTINCT FROM date_trunc(g, ts AT TIME ZONE z) AS wrong
      FROM (SELECT g, z, ts, kpi.funnel(1, ts, 'a', format('a by %s in %s', g, z)::kpi.pattern) AS f
            FROM unnest(ARRAY['hour', 'day', 'week', 'month', 'quarter', 'year']) g,
                 unnest(ARRAY['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe',
                              'America/St_Johns', 'Pacific/Apia']) z,
                 generate_series(timestamptz '2010-10-25 00:00+00', '2012-05-05', '7 hours 13 minutes 11 seconds') ts
            GROUP BY g, z, ts) AS funnels) AS compared;

-- all kinds of actors and events agree
SELECT kpi.funnel(u, ts, event, 'a -> b -> c') OPERATOR(kpi.=) kpi.funnel(u::text, ts, event, 'a -> b -> c') AS text_actor,
       kpi.funnel(u, ts, event, 'a -> b -> c') OPERATOR(kpi.=) kpi.funnel(md5(u::text)::uuid, ts, event, 'a -> b -> c') AS uuid_actor,
       kpi.funnel(u, ts, event, 'a -> b -> c') OPERATOR(kpi.=) kpi.funnel(u::int, ts, event::varchar, 'a -> b -> c') AS int_actor
FROM e;
SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps((SELECT kpi.funnel(u, ts, kpi.conditions(event = 'a', event = 'b', NULL, event = 'c'), '1 -> 2 -> 4') FROM e));
SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps((SELECT kpi.funnel(u::text, ts, kpi.conditions(event = 'a', event = 'b', event = 'c'), '1 -> 2 -> 3') FROM e));
SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps((SELECT kpi.funnel(md5(u::text)::uuid, ts, kpi.conditions(event = 'a', event = 'b', event = 'c'), '1 -> 2 -> 3') FROM e));
SELECT kpi.conditions(true, false, NULL, true), kpi.conditions(VARIADIC '{}');
SELECT kpi.conditions(VARIADIC array_fill(true, ARRAY[63])), kpi.conditions(VARIADIC array_fill(true, ARRAY[64]));

-- NULLs are ignored, nothing at all is an empty funnel
SELECT kpi.actors(kpi.funnel(u, ts, event, 'a')) FROM (VALUES (1, now(), 'a'), (NULL, now(), 'a'), (2, NULL, 'a'), (3, now(), NULL)) AS v(u, ts, event);
SELECT step, name, actors, conversion_from_first, conversion_from_previous, dropped, ci_low, ci_high, avg_from_first
FROM kpi.steps((SELECT kpi.funnel(u, ts, event, 'a -> b') FROM e WHERE false));
SELECT kpi.conversion_rate(f), kpi.level(f), kpi.completions(f), kpi.actors(f) FROM (SELECT kpi.funnel(u, ts, event, 'a -> b') AS f FROM e WHERE false) AS s;
SELECT kpi.funnel(u, ts, event, 'a -> b') FROM e WHERE false;
SELECT kpi.funnel(u, ts, event, p.p), kpi.rollup('{}'::kpi.funnel) FROM e, (VALUES ('a'::kpi.pattern)) AS p(p) WHERE false;
SELECT kpi.rollup(f) FROM (SELECT NULL::kpi.funnel AS f) AS s;

-- the pattern of a group
SELECT kpi.funnel(u, ts, event, NULL) FROM e;
SELECT kpi.funnel(u, ts, event, CASE WHEN u < 3 THEN 'a' ELSE 'b' END::kpi.pattern) FROM (SELECT * FROM e ORDER BY u) AS e;
SELECT p, kpi.actors(kpi.funnel(u, ts, event, p), kpi.level(kpi.funnel(u, ts, event, p))) AS deepest
FROM e, unnest(ARRAY['a -> b', 'a -> c', 'b -> c']::kpi.pattern[]) p GROUP BY p ORDER BY p;
SELECT kpi.funnel(u, ts, 1::bigint, 'a -> b') FROM e;
SELECT kpi.funnel(u, ts, 1::bigint, '1 -> 64') FROM e;
SELECT kpi.funnel(u, ts, 1::bigint, '1 -> 0') FROM e;

-- as any aggregate: groups, FILTER, DISTINCT, grouping sets, window frames
SELECT u % 2 AS odd, kpi.actors(kpi.funnel(u, ts, event, 'a -> b')), kpi.actors(kpi.funnel(u, ts, event, 'a -> b') FILTER (WHERE u < 4), 2) FROM e GROUP BY 1 ORDER BY 1;
SELECT kpi.funnel(DISTINCT u, ts, event, 'a -> b') OPERATOR(kpi.=) kpi.funnel(u, ts, event, 'a -> b') AS same FROM (SELECT * FROM e UNION ALL SELECT * FROM e) AS twice;
SELECT kpi.funnel(u, ts, event, 'a -> b' ORDER BY event DESC, ts) OPERATOR(kpi.=) kpi.funnel(u, ts, event, 'a -> b') AS same FROM e;
SELECT u % 2 AS odd, kpi.actors(kpi.funnel(u, ts, event, 'a')) FROM e GROUP BY ROLLUP (u % 2) ORDER BY 1;
SELECT event, ts - min(ts) OVER () AS t, kpi.level(kpi.funnel(1, ts, event, 'a -> b -> c') OVER (ORDER BY ts)) AS so_far,
       kpi.level(kpi.funnel(1, ts, event, 'a -> b -> c') OVER (ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)) AS last_two
FROM history('a@0 x@1 b@2 c@3 a@4 b@5 c@6') ORDER BY ts;

-- merging
SELECT kpi.rollup(f) OPERATOR(kpi.=) (SELECT kpi.funnel(u, ts, event, 'a -> b -> c by day in Asia/Seoul') FROM e) AS same
FROM (SELECT kpi.funnel(u, ts, event, 'a -> b -> c by day in Asia/Seoul') AS f FROM e GROUP BY u) AS s;
SELECT a OPERATOR(kpi.+) b OPERATOR(kpi.=) kpi.merge(b, a) AS same, kpi.actors(kpi.merge(a, b)) FROM
	(SELECT kpi.funnel(u, ts, event, 'a -> b') FROM e WHERE u <= 3) AS a(a), (SELECT kpi.funnel(u, ts, event, 'a -> b') FROM e WHERE u > 3) AS b(b);
SELECT kpi.merge('{}', f) OPERATOR(kpi.=) f, kpi.merge(f, '{}') OPERATOR(kpi.=) f FROM (SELECT kpi.funnel(u, ts, event, 'a -> b') AS f FROM e) AS s;
SELECT kpi.merge(a, b) FROM (SELECT kpi.funnel(u, ts, event, 'a -> b') FROM e) AS a(a), (SELECT kpi.funnel(u, ts, event, 'a -> c') FROM e) AS b(b);

DROP FUNCTION level, mask_level, history, at;
DROP TABLE e;
