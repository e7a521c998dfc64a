-- kpi.sessions and kpi.session_number: what a session is, what is counted, periods, errors
-- 'view@0 buy@10' -> events of one actor, times in seconds from one instant on, infinities as they are
CREATE FUNCTION at(s text) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN s ~ 'inf' THEN s::timestamptz ELSE timestamptz '2026-03-01 12:00:00+00' + s::float8 * interval '1 second' END $$;
CREATE FUNCTION history(h text) RETURNS TABLE (ts timestamptz, event text) LANGUAGE sql IMMUTABLE AS
$$ SELECT at(split_part(w, '@', 2)), split_part(w, '@', 1) FROM regexp_split_to_table(h, ' +') AS w WHERE w <> '' $$;
CREATE FUNCTION sessions(h text, s kpi.session_spec) RETURNS kpi.sessions LANGUAGE sql IMMUTABLE AS
$$ SELECT kpi.sessions(1, ts, event, s) FROM history(h) $$;

-- the language: clauses in any order, canonical text, the same again
SELECT s AS text, s::kpi.session_spec AS spec, s::kpi.session_spec::text::kpi.session_spec OPERATOR(kpi.=) s::kpi.session_spec AS again FROM unnest(ARRAY[
	'', 'TIMEOUT 90 min', 'timeout 0s', 'engaged after 10 s', 'views page_view', 'by month',
	'timeout 30 min, views page_view, key purchase|signup, clicks ad_click, impressions ad_view, shares share|like|comment, engaged after 10 s, by day in Europe/Berlin',
	'by week week starts sunday in Asia/Kolkata engaged after 0s shares * views "page view"|/blog/*|key key views|"by" timeout 1h,',
	'key 구매|views|in timeout 1 day 2 hours 0.5 sec']) AS s;
SELECT kpi.session_spec('timeout 5 min');
SELECT 'bounces page_view'::kpi.session_spec;
SELECT 'views a, timeout 5 min, views b'::kpi.session_spec;
SELECT 'timeout 5 min, timeout 6 min'::kpi.session_spec;
SELECT 'engaged after 5 sec engaged after 5 sec'::kpi.session_spec;
SELECT 'engaged 5 sec'::kpi.session_spec;
SELECT 'timeout -5 min'::kpi.session_spec;
SELECT 'timeout 1 month'::kpi.session_spec;
SELECT 'timeout soon'::kpi.session_spec;
SELECT 'views'::kpi.session_spec;
SELECT 'views a|, key b'::kpi.session_spec;
SELECT 'views page_view in Europe/Berlin'::kpi.session_spec;
SELECT 'by day in Mars/Phobos'::kpi.session_spec;
SELECT 'by fortnight'::kpi.session_spec;
SELECT 'by day by week'::kpi.session_spec;
SELECT 'by day week starts sunday'::kpi.session_spec;
SELECT 'by week week starts funday'::kpi.session_spec;
SELECT ', views a'::kpi.session_spec;
-- from parts
SELECT kpi.session_spec(), kpi.session_spec(timeout => '1 day', views => '{page view,by,*}', engaged_after => NULL, by => 'week', zone => 'America/New_York', week_starts => 'sunday');
SELECT kpi.session_spec(key => '{purchase,signup}', clicks => '{c}', impressions => '{i}', shares => '{s,t}', engaged_after => '1.5 sec', timeout => '1 day -1 hour');
SELECT kpi.session_spec(timeout => '1 month');
SELECT kpi.session_spec(timeout => '-1 sec');
SELECT kpi.session_spec(timeout => '300000000 days') IS NULL;
SELECT kpi.session_spec(zone => 'UTC');
SELECT kpi.session_spec(views => '{}', key => '{NULL}');
SELECT kpi.session_spec(views => '{""}');
SELECT kpi.quote_duration('36 hours'), kpi.quote_duration('0'), kpi.quote_duration('0.000001 sec');
SELECT string_agg(s::text, ' | ' ORDER BY s) FROM (SELECT DISTINCT s FROM unnest(ARRAY['timeout 5 min', '', 'timeout 1800 sec']::kpi.session_spec[]) s) AS d;

-- one session or two: a gap of just the timeout does not end one
SELECT h, s, sessions, engaged_sessions AS engaged, avg_duration
FROM (VALUES ('a@0', ''), ('a@0 a@1800', ''), ('a@0 a@1800.000001', ''), ('a@0 a@1801', ''), ('a@0 b@1800 c@3600 d@5400', ''), ('a@0 a@0 a@0', ''),
             ('a@0 a@0', 'timeout 0 sec'), ('a@0 a@0.000001', 'timeout 0 sec'), ('a@0 a@86400', 'timeout 1 day'),
             -- longer than 10 s, a key event, or two views
             ('a@0 a@10', ''), ('a@0 a@10.000001', ''), ('a@0 a@1', 'engaged after 0 sec'), ('a@0', 'engaged after 0 sec'),
             ('a@0', 'key a'), ('a@0', 'key b'), ('a@0', 'views a'), ('a@0 a@0', 'views a'), ('a@0 b@0', 'views a'), ('a@0 b@0', 'views a|b'), ('a@0 b@0', 'views *'), ('ab@0 ac@0', 'views a*'),
             -- without `views` two of something are just two events
             ('a@0 a@1', ''), ('a@0 a@1', 'clicks a'),
             -- infinities are ignored
             ('a@-infinity a@0 a@20 a@infinity', ''), ('a@infinity', ''), ('a@-infinity a@-infinity', 'views a')) AS v(h, s),
     kpi.session_stats(sessions(h, s::kpi.session_spec));
-- the longest session of all
SELECT sessions, avg_duration, median_duration FROM kpi.session_stats((SELECT kpi.sessions(1, ts, 'a', 'timeout 50000000 days')
	FROM (VALUES (timestamptz '4713-01-01 00:00+00 BC'), ('130000-01-01 00:00+00'), ('260000-01-01 00:00+00'), ('294276-12-31 23:59:59.999999+00')) AS v(ts)));
SELECT sessions, avg_duration, sessions_per_visitor FROM kpi.session_stats((SELECT kpi.sessions(1, ts, 'a', 'by hour in Asia/Seoul')
	FROM (VALUES (timestamptz '4713-01-01 00:00+00 BC'), ('294276-12-31 23:59:59.999999+00')) AS v(ts)));

-- every column: 3 visitors. 1: views 2 pages, an ad shown twice and clicked, buys, shares twice; comes back for a look. 2: a look of 10 s. 3: three visits
CREATE TABLE e (u bigint, ts timestamptz, event text);
INSERT INTO e SELECT v.u, h.ts, h.event FROM (VALUES
	(1, 'view@0 ad@0 ad@5 click@20 view@60 buy@100 buy@120 share@130 like@140 view@90000'),
	(2, 'view@0 scroll@10'), (3, 'view@0 view@0 view@86400 x@200000 x@200011')) AS v(u, h), history(v.h) AS h;
\x on
SELECT * FROM kpi.session_stats((SELECT kpi.sessions(u, ts, event, 'views view, key buy, clicks click, impressions ad, shares share|like') FROM e));
-- nothing named: what is unknown is null
SELECT * FROM kpi.session_stats((SELECT kpi.sessions(u, ts, event, '') FROM e));
-- nobody
SELECT * FROM kpi.session_stats((SELECT kpi.sessions(u, ts, event, 'views view, key buy, clicks click, impressions ad, shares share|like') FROM e WHERE false));
SELECT * FROM kpi.session_stats('{}');
\x off
-- clicks over impressions, else over views; null where there are none
SELECT s, clicks, impressions, page_views, ctr FROM unnest(ARRAY['clicks click', 'clicks click, views view', 'clicks click, impressions ad', 'clicks click, impressions ad, views view',
	'clicks click, impressions none, views view', 'clicks none, views none', 'impressions ad, views view']) AS s, kpi.session_stats((SELECT kpi.sessions(u, ts, event, s::kpi.session_spec) FROM e));
-- with few visitors and a table each: visitors of a period, new and returning ones
SELECT period, visitors, new_visitors AS new, returning_visitors AS returning, sessions, sessions_per_visitor AS per_visitor, engaged_sessions AS engaged, bounce_rate AS bounce,
       page_views AS views, avg_duration, key_events AS key, key_event_rate AS key_rate, interactions
FROM kpi.session_trend((SELECT kpi.sessions(u, ts, event, 'views view, key buy, shares share|like, by day in UTC') FROM e));
SELECT kpi.session_trend((SELECT kpi.sessions(u, ts, event, '') FROM e));
SELECT count(*) FROM kpi.session_trend('{}');
SELECT count(*) FROM kpi.session_trend((SELECT kpi.sessions(u, ts, event, 'by day') FROM e WHERE false));
SELECT kpi.spec_of(kpi.sessions(u, ts, event, 'by day')), kpi.spec_of('{}'::kpi.sessions) FROM e;

-- a session is of the period that it starts in; clocks of the zone, and their changes: 2026-03-29 in Berlin, 2026-03-08 and 2026-11-01 in New York
CREATE FUNCTION starts(z text, VARIADIC t text[]) RETURNS TABLE (period timestamp, sessions bigint, duration interval) LANGUAGE sql AS
$$ SELECT period, sessions, avg_duration FROM kpi.session_trend((SELECT kpi.sessions(i, x::timestamptz, 'a', z::kpi.session_spec) FROM unnest(t) WITH ORDINALITY AS u(x, i))) $$;
SELECT * FROM starts('by day in Europe/Berlin', '2026-03-28 22:59:59.999999+00', '2026-03-28 23:00+00', '2026-03-29 21:59:59.999999+00', '2026-03-29 22:00+00');
SELECT * FROM starts('by hour in Europe/Berlin', '2026-03-29 00:59+00', '2026-03-29 01:00+00', '2026-10-25 00:30+00', '2026-10-25 01:30+00', '2026-10-25 02:00+00');
SELECT * FROM starts('by day in America/New_York', '2026-03-08 04:59+00', '2026-03-08 05:00+00', '2026-03-09 03:59+00', '2026-03-09 04:00+00', '2026-11-01 04:00+00', '2026-11-02 04:59+00');
SELECT * FROM starts('by hour in Asia/Kolkata', '2026-04-01 03:29+00', '2026-04-01 03:30+00');
SELECT * FROM starts('by day in Asia/Kolkata', '2026-04-01 18:29+00', '2026-04-01 18:30+00');
SELECT * FROM starts('by week in UTC, week starts sunday', '2026-01-03 23:59+00', '2026-01-04 00:00+00');
SELECT * FROM starts('by week', '2026-01-04 23:59+00', '2026-01-05 00:00+00');
SELECT * FROM starts('by day in Pacific/Apia', '2011-12-30 09:59+00', '2011-12-30 10:00+00');
-- two periods of one session: only the first has it; a repeated hour is one period, and a visitor counts once in it
SELECT period, visitors, sessions, avg_duration FROM kpi.session_trend((SELECT kpi.sessions(1, ts::timestamptz, 'a', 'by day')
	FROM (VALUES ('2026-01-01 23:50+00'), ('2026-01-02 00:10+00'), ('2026-01-02 00:40+00'), ('2026-01-02 23:59+00')) AS v(ts)));
SELECT period, visitors, new_visitors, returning_visitors, sessions FROM kpi.session_trend((SELECT kpi.sessions(1, ts::timestamptz, 'a', 'by hour in America/New_York')
	FROM (VALUES ('2026-11-01 05:10+00'), ('2026-11-01 05:55+00'), ('2026-11-01 06:30+00')) AS v(ts)));

-- the sessions of one timeline
SELECT s.* FROM (SELECT kpi.timeline(ts, event) AS t FROM e WHERE u = 1) AS x, kpi.session_list(t, 'views view, key buy') AS s;
SELECT s.* FROM (SELECT kpi.timeline(ts, event) AS t FROM history('b@0 a@0 z@1800 c@1800 q@3600.1 y@-infinity y@infinity')) AS x, kpi.session_list(t) AS s;
SELECT count(*) FROM kpi.session_list((SELECT kpi.timeline(ts, event) FROM history('y@-infinity y@infinity')));
SELECT count(*) FROM kpi.session_list((SELECT kpi.timeline(ts, event) FROM history('')));
SELECT count(*) FROM kpi.session_list(NULL);

-- all kinds of actors and events agree; NULLs are ignored
SELECT a OPERATOR(kpi.=) kpi.sessions(u::text, ts, event, s) AS text_actor, a OPERATOR(kpi.=) kpi.sessions(md5(u::text)::uuid, ts, event, s) AS uuid_actor,
       a OPERATOR(kpi.=) kpi.sessions(u::int, ts, event::varchar, s) AS int_actor
FROM e, LATERAL (SELECT 'views view, key buy, by day'::kpi.session_spec) AS x(s), (SELECT kpi.sessions(u, ts, event, 'views view, key buy, by day') FROM e) AS y(a) GROUP BY s, a;
CREATE FUNCTION in_short(s kpi.sessions) RETURNS text LANGUAGE sql AS
$$ SELECT format('%s in %s, %s engaged, %s views, %s key', visitors, sessions, engaged_sessions, page_views, key_events) FROM kpi.session_stats(s) $$;
SELECT in_short(kpi.sessions(u, ts, event, 'views view, key buy')) AS labels,
       in_short(kpi.sessions(u, ts, kpi.conditions(event = 'view', NULL, event = 'buy'), 'views 1, key 3')) AS masks,
       in_short(kpi.sessions(u::text, ts, kpi.conditions(event = 'view', event = 'buy'), 'views 1, key 2')) AS text_masks,
       in_short(kpi.sessions(md5(u::text)::uuid, ts, kpi.conditions(event = 'view', event = 'buy'), 'views 1, key 2')) AS uuid_masks FROM e;
-- an event of no condition is an event
SELECT in_short(kpi.sessions(1, ts, 0::bigint, 'views 1')) FROM history('a@0 a@20');
SELECT in_short(kpi.sessions(u, ts, event, 'views a')) FROM (VALUES (1, now(), 'a'), (NULL, now(), 'a'), (2, NULL, 'a'), (3, now(), NULL)) AS v(u, ts, event);
SELECT kpi.sessions(u, ts, event, 'views a, by day') FROM e WHERE false;
SELECT kpi.sessions(u, ts, event, s.s), kpi.rollup('{}'::kpi.sessions) FROM e, (VALUES (''::kpi.session_spec)) AS s(s) WHERE false;
SELECT kpi.rollup(s) FROM (SELECT NULL::kpi.sessions AS s) AS x;
SELECT kpi.sessions(u, ts, event, NULL) FROM e;
SELECT kpi.sessions(u, ts, event, CASE WHEN u < 3 THEN 'views a' ELSE 'views b' END::kpi.session_spec) FROM (SELECT * FROM e ORDER BY u) AS e;
SELECT kpi.sessions(u, ts, 1::bigint, 'views a') FROM e;
SELECT kpi.merge(kpi.sessions(u, ts, event, 'views a'), kpi.sessions(u, ts, event, 'views b')) FROM e;

-- as text, as jsonb, in bytes
SELECT kpi.sessions(u, ts, event, 'views view, key buy, by week') FROM e;
SELECT jsonb_pretty(kpi.sessions(u, ts, event, 'timeout 5 min')::jsonb) FROM e WHERE u = 2;
SELECT s::text::kpi.sessions OPERATOR(kpi.=) s AS text, s::jsonb::kpi.sessions OPERATOR(kpi.=) s AS jsonb, s OPERATOR(kpi.<>) '{}' AS something, kpi.merge('{}', s) OPERATOR(kpi.=) s AS merged,
       kpi.hash(s) = kpi.hash(s::text::kpi.sessions) AS hash
FROM (SELECT kpi.sessions(u, ts, event, x) AS s FROM e, unnest(ARRAY['', 'by day in Asia/Seoul', 'views view, key buy, clicks click, impressions ad, shares share|like, by hour']::kpi.session_spec[]) x GROUP BY x) AS y;
-- what could not have been printed is refused
CREATE FUNCTION read(document text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN document::jsonb::kpi.sessions::text;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TABLE good AS SELECT kpi.sessions(u, ts, event, 'views view, key buy, by day')::jsonb AS j FROM e;
SELECT what, read((j || what::jsonb)::text) FROM good, unnest(ARRAY['{"spec": 1}', '{"spec": "views"}', '{"spec": ""}', '{"spec": "views view, key buy, by hour"}', '{"sessions": 7}', '{"visitors": 2}', '{"visitors": -3}', '{"visitors": 4}',
	'{"new_visitors": 2}', '{"returning_visitors": 3}', '{"engaged_sessions": 6}', '{"engaged_sessions": 1}', '{"engaged_time": 0}', '{"engaged_time": 1.5}', '{"engaged_time": 172000000}',
	'{"key_events": 0}', '{"key_sessions": 2}', '{"page_views": 60}', '{"page_views": 3}', '{"single_view_sessions": 0}', '{"durations": {"sum": 0, "histogram": []}}', '{"durations": 1}',
	'{"trend": []}', '{"trend": [1]}', '{"key_events": 9223372036854775807}', '{"key_events": 9223372036854775808}']) AS what;
SELECT read((jsonb_set(j, path::text[], what::jsonb))::text) FROM good, (VALUES ('{trend,0,period}', '"2026-03-01T01:00:00"'), ('{trend,0,period}', '"infinity"'), ('{trend,0,period}', '"2026-03-02T00:00:00"'),
	('{trend,0,new_visitors}', '2'), ('{trend,0,visitors}', '4'), ('{trend,1,key_events}', '5')) AS v(path, what);
CREATE TABLE stored (s kpi.sessions);
SELECT current_setting('data_directory') || '/sessions.copy' AS file \gset
COPY (SELECT kpi.sessions(u, ts, event, 'views view, by day') FROM e) TO :'file' WITH (FORMAT binary);
COPY stored FROM :'file' WITH (FORMAT binary);
SELECT s OPERATOR(kpi.=) (SELECT kpi.sessions(u, ts, event, 'views view, by day') FROM e) AS same FROM stored;

-- the window function: gaps, forced breaks, NULLs, infinities
SELECT v.t, kpi.session_number(at(v.t), '30 min') OVER (ORDER BY at(v.t)) AS n
FROM unnest(ARRAY['0', '0', '1800', '3600', '5400.000001', '7201', '100000', NULL, '-infinity', '-infinity', 'infinity', 'infinity']) AS v(t) ORDER BY at(v.t);
SELECT u, i, t, b, kpi.session_number(at(t), '30 min', b) OVER (PARTITION BY u ORDER BY at(t), i) AS n
FROM (VALUES (1, 1, '0', false), (1, 2, '10', true), (1, 3, '20', NULL), (1, 4, '20', true), (1, 5, '5000', true), (1, 6, NULL, true), (2, 1, '0', true), (2, 2, '5', false), (3, 1, NULL, true)) AS v(u, i, t, b) ORDER BY u, i;
SELECT t, kpi.session_number(at(t), i::interval) OVER (ORDER BY at(t)) AS n
FROM (VALUES ('0', '0'), ('0', '0'), ('0.000001', '0'), ('86400', '1 day'), ('200000', '1 day -1 hour'), ('9000000', '100000000 days'), ('infinity', '100000000 days')) AS v(t, i);
SELECT kpi.session_number(ts, '30 min') OVER () FROM (SELECT ts FROM history('a@5 a@0')) AS h;
SELECT kpi.session_number(ts, '30 min') OVER (ORDER BY ts DESC) FROM history('a@5 a@0') AS h;
SELECT kpi.session_number(ts, '1 month') OVER (ORDER BY ts) FROM e;
SELECT kpi.session_number(ts, '-1 sec') OVER (ORDER BY ts) FROM e;
SELECT kpi.session_number(ts, '-1 month') OVER (ORDER BY ts) FROM e;
SELECT kpi.session_number(ts, NULL) OVER (ORDER BY ts) FROM e;
SELECT kpi.session_number(now(), '30 min');

-- random histories with gaps around the boundaries and across changes of the clocks, against plain SQL
CREATE TABLE r AS
SELECT u, base + sum(gap) OVER (PARTITION BY u ORDER BY i) AS ts, event
FROM (SELECT i, h1 % 80 AS u, (ARRAY[timestamptz '2025-10-20 00:00+00', '2025-03-28 00:00+00', '2026-03-05 12:34:56.789+00', '2025-04-03 00:00+00'])[1 + h1 % 4] AS base,
             (ARRAY['0', '0', '1 us', '1 sec', '9.999999 sec', '10 sec', '10.000001 sec', '4 min', '20 min', '29 min 59.999999 sec', '30 min', '30 min 0.000001 sec', '31 min', '50 min', '2 hours', '9 hours', '1 day', '5 days']::interval[])[1 + h2 % 18] AS gap,
             (ARRAY['view', 'view', 'view', 'ad', 'click', 'buy', 'signup', 'like', 'x', ''])[1 + h3 % 10] AS event
      FROM (SELECT i, hashint8extended(i, 21) & 2147483647 AS h1, hashint8extended(i, 22) & 2147483647 AS h2, hashint8extended(i, 23) & 2147483647 AS h3 FROM generate_series(1, 6000) AS i) AS h) AS g;
INSERT INTO r SELECT u, timestamptz 'infinity', 'view' FROM generate_series(1, 90, 7) u UNION ALL SELECT u, '-infinity', 'buy' FROM generate_series(1, 90, 5) u UNION ALL VALUES (NULL, now(), 'view'), (1, NULL, 'view'), (1, now(), NULL);
CREATE TABLE store AS SELECT u, kpi.timeline(ts, event) AS t FROM r WHERE u IS NOT NULL GROUP BY u;
-- by definition
CREATE FUNCTION by_definition(timeout interval, after interval, grain text, zone text, back interval)
RETURNS TABLE (period timestamp, visitors bigint, new bigint, back_again bigint, sessions bigint, engaged bigint, bounced bigint, single bigint, views bigint, mean interval, median interval, p90 interval,
               engaged_time interval, key bigint, keyed bigint, clicks bigint, impressions bigint, shares bigint) LANGUAGE sql AS $$
	WITH marked AS (SELECT u, ts, event, CASE WHEN ts - lag(ts) OVER (PARTITION BY u ORDER BY ts) <= timeout THEN 0 ELSE 1 END AS begins
	                FROM r WHERE isfinite(ts) AND u IS NOT NULL AND event IS NOT NULL),
	     numbered AS (SELECT *, sum(begins) OVER (PARTITION BY u ORDER BY ts) AS n FROM marked),
	     visits AS (SELECT u, n, date_trunc(grain, min(ts) AT TIME ZONE zone + back) - back AS period, max(ts) - min(ts) AS duration, count(*) FILTER (WHERE event = 'view') AS views,
	                       count(*) FILTER (WHERE event IN ('buy', 'signup')) AS key, count(*) FILTER (WHERE event = 'click') AS clicks, count(*) FILTER (WHERE event = 'ad') AS ads,
	                       count(*) FILTER (WHERE event = 'like') AS likes FROM numbered GROUP BY u, n),
	     judged AS (SELECT *, duration > after OR key >= 1 OR views >= 2 AS engaged FROM visits)
	SELECT period, count(DISTINCT u), count(DISTINCT u) FILTER (WHERE n = 1), count(DISTINCT u) FILTER (WHERE n > 1), count(*), count(*) FILTER (WHERE engaged), count(*) FILTER (WHERE NOT engaged), count(*) FILTER (WHERE views <= 1), sum(views)::bigint,
	       round(sum(extract(epoch FROM duration) * 1000000) / count(*))::bigint * interval '1 us', percentile_disc(0.5) WITHIN GROUP (ORDER BY duration), percentile_disc(0.9) WITHIN GROUP (ORDER BY duration),
	       round(coalesce(sum(extract(epoch FROM duration) * 1000000) FILTER (WHERE engaged), 0) / count(DISTINCT u))::bigint * interval '1 us',
	       sum(key)::bigint, count(*) FILTER (WHERE key > 0), sum(clicks)::bigint, sum(ads)::bigint, sum(likes)::bigint
	FROM judged GROUP BY GROUPING SETS ((), (period)) $$;
-- rates back to the counts that they are made of; quantiles are of histograms
CREATE FUNCTION compared(s kpi.sessions, timeout interval, after interval, grain text, zone text, back interval) RETURNS TABLE (periods bigint, sessions bigint, wrong bigint) LANGUAGE sql AS $$
	SELECT count(*), sum(d.sessions)::bigint / 2, count(*) FILTER (WHERE
		(d.visitors, d.new, d.back_again, d.sessions, d.engaged, d.views, d.mean, d.engaged_time, d.key, d.clicks, d.impressions, d.shares) IS DISTINCT FROM
		(f.visitors, f.new_visitors, f.returning_visitors, f.sessions, f.engaged_sessions, f.page_views, f.avg_duration, f.engaged_time_per_visitor, f.key_events, f.clicks, f.impressions, f.interactions)
		OR (d.sessions::float8 / d.visitors, d.engaged::float8 / d.sessions, d.bounced::float8 / d.sessions, d.single::float8 / d.sessions, d.views::float8 / d.sessions, d.keyed::float8 / d.sessions, d.clicks / nullif(d.impressions, 0)::float8) IS DISTINCT FROM
		(f.sessions_per_visitor, f.engagement_rate, f.bounce_rate, f.single_view_bounce_rate, f.views_per_session, f.key_event_rate, f.ctr)
		OR abs(extract(epoch FROM f.median_duration - d.median)) > extract(epoch FROM d.median) / 128 OR abs(extract(epoch FROM f.p90_duration - d.p90)) > extract(epoch FROM d.p90) / 128)
	FROM by_definition(timeout, after, grain, zone, back) AS d
	FULL JOIN (SELECT * FROM kpi.session_trend(s) UNION ALL SELECT NULL, * FROM kpi.session_stats(s)) AS f ON coalesce(f.period, 'infinity') = coalesce(d.period, 'infinity') $$;
CREATE TABLE questions AS
SELECT grain, zone, back, timeout::interval, after::interval, format('timeout %s, engaged after %s, views view, key buy|signup, clicks click, impressions ad, shares like, by %s in %s%s',
	timeout, after, grain, zone, CASE WHEN back > '0' THEN ' week starts sunday' END)::kpi.session_spec AS spec
FROM (VALUES ('day', 'Europe/Berlin', interval '0'), ('hour', 'America/New_York', '0'), ('week', 'America/New_York', '1 day'), ('week', 'UTC', '0'), ('hour', 'Asia/Kolkata', '0'), ('hour', 'Australia/Lord_Howe', '0'), ('month', 'Europe/Berlin', '0'), ('quarter', 'UTC', '0')) AS g(grain, zone, back),
     (VALUES ('30 min', '10 sec'), ('0 sec', '0 sec'), ('10 sec', '9.999999 sec'), ('9 hours', '1 hour')) AS t(timeout, after);
CREATE TABLE answers AS SELECT spec, kpi.sessions(u, ts, event, spec) AS s FROM r, questions GROUP BY spec;
SELECT q.spec, c.* FROM questions AS q JOIN answers AS a ON q.spec OPERATOR(kpi.=) a.spec, compared(a.s, timeout, after, grain, zone, back) AS c ORDER BY q.spec::text;
-- the same answer, however it is come by
SELECT count(*) AS answers, count(*) FILTER (WHERE shuffled OPERATOR(kpi.<>) a.s) AS shuffled, count(*) FILTER (WHERE backwards OPERATOR(kpi.<>) a.s) AS backwards, count(*) FILTER (WHERE texts OPERATOR(kpi.<>) a.s) AS texts,
       count(*) FILTER (WHERE rolled_up OPERATOR(kpi.<>) a.s) AS rolled_up, count(*) FILTER (WHERE timelines OPERATOR(kpi.<>) a.s) AS timelines, count(*) FILTER (WHERE a.s::text::kpi.sessions OPERATOR(kpi.<>) a.s) AS text
FROM answers AS a,
     LATERAL (SELECT kpi.sessions(u, ts, event, spec ORDER BY md5(u::text || ts::text || event)) AS shuffled, kpi.sessions(u, ts, event, spec ORDER BY ts DESC, u) AS backwards, kpi.sessions(u::text, ts, event, spec) AS texts FROM r) AS b,
     LATERAL (SELECT kpi.rollup(p) AS rolled_up FROM (SELECT kpi.sessions(u, ts, event, spec) AS p FROM r GROUP BY u % 7) AS x) AS c,
     LATERAL (SELECT kpi.sessions(t, spec) AS timelines FROM store) AS d;
-- in parallel, and through files
ANALYZE r;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT kpi.sessions(u, ts, event, 'views view, by hour in Asia/Kolkata') FROM r;
EXPLAIN (COSTS OFF) SELECT kpi.sessions(t, 'views view, by hour in Asia/Kolkata') FROM store;
CREATE FUNCTION ways(s kpi.session_spec) RETURNS TABLE (way text, answer kpi.sessions) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('work_mem', '16MB', true);
	RETURN QUERY EXECUTE 'SELECT ''parallel'', kpi.sessions(u, ts, event, $1) FROM r' USING s;
	RETURN QUERY EXECUTE 'SELECT ''parallel timelines'', kpi.sessions(t, $1) FROM store' USING s;
	PERFORM set_config('work_mem', '64kB', true);
	RETURN QUERY EXECUTE 'SELECT ''parallel through files'', kpi.sessions(u, ts, event, $1) FROM r' USING s;
	PERFORM set_config('max_parallel_workers_per_gather', '0', true);
	RETURN QUERY EXECUTE 'SELECT ''through files'', kpi.sessions(u::text, ts, event, $1) FROM r' USING s;
	PERFORM set_config('max_parallel_workers_per_gather', '2', true);
END $$;
SELECT way, count(*) AS answers, count(*) FILTER (WHERE answer OPERATOR(kpi.=) s) AS same FROM answers, ways(spec) GROUP BY way ORDER BY way;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
-- the window function and the lists say the same as the aggregate, and as two passes of plain SQL
CREATE TABLE numbered AS SELECT u, ts, event, kpi.session_number(ts, '30 min') OVER (PARTITION BY u ORDER BY ts) AS n FROM r WHERE isfinite(ts) AND u IS NOT NULL AND event IS NOT NULL;
SELECT (SELECT count(DISTINCT (u, n)) FROM numbered) AS numbered, (SELECT sessions FROM kpi.session_stats(s)) AS counted, (SELECT count(*) FROM store, kpi.session_list(t, 'views view')) AS listed,
       (SELECT engaged_sessions FROM kpi.session_stats(s)) AS engaged, (SELECT count(*) FROM store, kpi.session_list(t, 'views view') WHERE engaged) AS listed_engaged
FROM (SELECT kpi.sessions(u, ts, event, 'views view') AS s FROM r) AS x;
SELECT count(*) AS rows, count(*) FILTER (WHERE kpi <> sql) AS different
FROM (SELECT n AS kpi, sum(begins) OVER (PARTITION BY u ORDER BY ts) AS sql
      FROM (SELECT *, CASE WHEN ts - lag(ts) OVER (PARTITION BY u ORDER BY ts) <= '30 min' THEN 0 ELSE 1 END AS begins FROM numbered) AS x) AS y;
SELECT count(*) AS sessions, count(*) FILTER (WHERE l IS DISTINCT FROM d) AS different
FROM (SELECT u, row(session, started_at, ended_at, duration, events, entry, exit)::text AS l, session AS n FROM store, kpi.session_list(t)) AS listed
FULL JOIN (SELECT u, n, row(n, min(ts), max(ts), justify_hours(max(ts) - min(ts)), count(*), (array_agg(event ORDER BY ts, event COLLATE "C"))[1], (array_agg(event ORDER BY ts DESC, event COLLATE "C" DESC))[1])::text AS d FROM numbered GROUP BY u, n) AS defined USING (u, n);

DROP TABLE e, r, store, good, stored, questions, answers, numbered;
DROP FUNCTION ways, compared, by_definition, read, in_short, starts, sessions, history, at;
