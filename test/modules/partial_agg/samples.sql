-- Rows for every type of aggregate: a group g and then the arguments. An aggregate whose argument types have
-- no rows here fails the suite. Group 1 is large enough for the least work_mem to overflow.
CREATE TABLE partial_agg.samples (arguments text PRIMARY KEY, query text NOT NULL);

CREATE TABLE partial_agg.events AS
SELECT i, CASE WHEN h1 % 97 = 0 THEN NULL ELSE h1 % 300 END AS u,
       CASE WHEN h2 % 101 = 0 THEN NULL WHEN h2 % 499 = 0 THEN 'infinity' WHEN h2 % 503 = 0 THEN '-infinity'
            ELSE timestamptz '2026-01-01 00:00+00' + (h2 % 50000) * interval '1 minute' END AS ts,
       CASE WHEN h3 % 103 = 0 THEN NULL
            ELSE (ARRAY['a', 'b', 'c', 'x', 'a rather long label that does not fit a short header at all, '
                        || repeat('and so on ', 20), ''])[1 + h3 % 6] END AS event,
       CASE WHEN h3 % 103 = 0 THEN NULL ELSE h3 % 16 END AS mask
FROM (SELECT i, hashint8extended(i, 1) & 2147483647 AS h1, hashint8extended(i, 2) & 2147483647 AS h2,
             hashint8extended(i, 3) & 2147483647 AS h3
      FROM generate_series(1, 12000) i) AS h;

CREATE TABLE partial_agg.patterns AS
SELECT g, pattern::kpi.pattern, mask::kpi.pattern FROM (VALUES
    (1, 'a -> b -> c within 2 days', '1 -> 2 -> 3 within 2 days'),
    (2, 'a -> b? -> c by day in Asia/Seoul', '1 -> 2? -> 3 by day in Asia/Seoul'),
    (3, 'a -> b -> c open by week within 3 days', '1 -> 2 -> 3 open by week within 3 days'),
    (4, 'a|b -> c any order within 10 days', '1|2 -> 3 any order within 10 days'),
    (5, 'a', '1'),
    (6, 'a => b -> a strictly increasing', '1 => 2 -> 1 strictly increasing'),
    (7, 'nowhere -> a', '60 -> 1'),
    (8, 'b -> * -> b first entry by month', '2 -> 3 -> 2 first entry reuse rows by month')
) AS v(g, pattern, mask);

CREATE VIEW partial_agg.pattern_events AS
SELECT g, u, ts, event, e.mask::bigint, p.pattern, p.mask AS mask_pattern
FROM partial_agg.patterns p JOIN partial_agg.events e ON g = 1 OR i <= 1500;

INSERT INTO partial_agg.samples VALUES
('bigint, timestamp with time zone, text, kpi.pattern',
 'SELECT g, u, ts, event, pattern FROM partial_agg.pattern_events'),
('bigint, timestamp with time zone, bigint, kpi.pattern',
 'SELECT g, u, ts, mask, mask_pattern FROM partial_agg.pattern_events'),
('uuid, timestamp with time zone, text, kpi.pattern',
 'SELECT g, md5(u::text)::uuid, ts, event, pattern FROM partial_agg.pattern_events'),
('uuid, timestamp with time zone, bigint, kpi.pattern',
 'SELECT g, md5(u::text)::uuid, ts, mask, mask_pattern FROM partial_agg.pattern_events'),
('text, timestamp with time zone, text, kpi.pattern',
 'SELECT g, ''actor '' || u, ts, event, pattern FROM partial_agg.pattern_events'),
('text, timestamp with time zone, bigint, kpi.pattern',
 'SELECT g, ''actor '' || u, ts, mask, mask_pattern FROM partial_agg.pattern_events'),
('kpi.funnel',
 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.funnel(u, ts, event, pattern) END FROM partial_agg.pattern_events GROUP BY g, u % 40'),
('timestamp with time zone, text', 'SELECT g, ts, event FROM partial_agg.pattern_events WHERE u % 8 <> g'),
('timestamp with time zone, text, numeric',
 'SELECT g, ts, event, CASE WHEN u % 3 > 0 THEN mask / 8.0 END FROM partial_agg.pattern_events WHERE u % 8 <> g'),
('kpi.timeline',
 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.timeline(ts, event) END FROM partial_agg.pattern_events WHERE u % 8 <> g GROUP BY g, u % 40'),
('kpi.timeline, kpi.pattern',
 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.timeline(ts, event) END, pattern FROM partial_agg.pattern_events GROUP BY g, u, pattern');

-- retention
CREATE TABLE partial_agg.retentions AS
SELECT g, spec::kpi.retention_spec, mask::kpi.retention_spec FROM (VALUES
    (1, 'a -> b by day for 20', '1 -> 2 by day for 20'),
    (2, '* -> * by week for 3 in Asia/Seoul on or after', '* -> * by week for 3 in Asia/Seoul on or after'),
    (3, 'a -> b|c by day for 9 elapsed until', '1 -> 2|3 by day for 9 elapsed until'),
    (4, 'b -> a by week for 4 recurring every at least 2 times', '2 -> 1 by week for 4 recurring every at least 2 times'),
    (5, 'a -> a by hour brackets 1, 5, 40 first ever of a|b', '1 -> 1 by hour brackets 1, 5, 40 first ever of 1|2'),
    (6, 'nothing -> a by month for 2', '60 -> 1 by month for 2')
) AS v(g, spec, mask);

CREATE VIEW partial_agg.retention_events AS
SELECT g, i, u, ts, event, e.mask::bigint, CASE WHEN i % 4 > 0 THEN (i % 1000) / 8.0 END AS value, p.spec, p.mask AS mask_spec
FROM partial_agg.retentions p JOIN partial_agg.events e ON g = 1 OR i <= 1500;

INSERT INTO partial_agg.samples
SELECT format('%s, timestamp with time zone, %s, %skpi.retention_spec', actor, event, CASE WHEN valued THEN 'numeric, ' END),
    format('SELECT g, %s, ts, %s, %s%s FROM partial_agg.retention_events',
        CASE actor WHEN 'bigint' THEN 'u' WHEN 'uuid' THEN 'md5(u::text)::uuid' ELSE '''actor '' || u' END,
        CASE event WHEN 'text' THEN 'event' ELSE 'mask' END, CASE WHEN valued THEN 'value, ' END, CASE event WHEN 'text' THEN 'spec' ELSE 'mask_spec' END)
FROM unnest('{bigint,uuid,text}'::text[]) actor, unnest('{text,bigint}'::text[]) event, unnest('{t,f}'::boolean[]) valued;
INSERT INTO partial_agg.samples VALUES
('kpi.retention',
 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.retention(u, ts, event, value, spec) END FROM partial_agg.retention_events GROUP BY g, u % 40'),
('kpi.timeline, kpi.retention_spec',
 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.timeline(ts, event, value) END, spec FROM partial_agg.retention_events GROUP BY g, u, spec'),
('boolean[]', 'SELECT g, ARRAY[event = ''a'', event = ''b'' AND g > 2, g < 3, u = 10000, g = 5] FROM partial_agg.retention_events');

-- activity
CREATE VIEW partial_agg.activity_events AS
SELECT g, i, u, ts, event, spec FROM (VALUES (1, 'by day'::kpi.activity_spec), (2, 'by week in Asia/Seoul week starts sunday'), (3, 'by month in America/New_York'), (4, 'by hour')) AS p(g, spec)
JOIN partial_agg.events e ON g = 1 OR i <= 1500;
INSERT INTO partial_agg.samples VALUES
('bigint, timestamp with time zone, kpi.activity_spec', 'SELECT g, u, ts, spec FROM partial_agg.activity_events'),
('uuid, timestamp with time zone, kpi.activity_spec', 'SELECT g, md5(u::text)::uuid, ts, spec FROM partial_agg.activity_events'),
('text, timestamp with time zone, kpi.activity_spec', 'SELECT g, ''actor '' || u, ts, spec FROM partial_agg.activity_events'),
('kpi.activity', 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.activity(u, ts, spec) END FROM partial_agg.activity_events GROUP BY g, u % 40'),
('kpi.timeline, kpi.activity_spec', 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.timeline(ts, event) END, spec FROM partial_agg.activity_events GROUP BY g, u, spec');

-- sessions
CREATE TABLE partial_agg.session_specs AS
SELECT g, spec::kpi.session_spec, mask::kpi.session_spec FROM (VALUES
    (1, 'views a, key b|c, timeout 2 hours', 'views 1, key 2|3, timeout 2 hours'),
    (2, '', ''),
    (3, 'views a*, clicks b, impressions c, shares x, by day in Europe/Berlin', 'views 1, clicks 2, impressions 3, shares 4, by day in Europe/Berlin'),
    (4, 'views *, by hour in Asia/Kolkata, engaged after 0 sec', 'views *, by hour in Asia/Kolkata, engaged after 0 sec'),
    (5, 'timeout 1 day, by week week starts sunday', 'timeout 1 day, by week week starts sunday'),
    (6, 'timeout 0 sec, key nowhere', 'timeout 0 sec, key 60')
) AS v(g, spec, mask);

CREATE VIEW partial_agg.session_events AS
SELECT g, u, ts, event, e.mask::bigint, s.spec, s.mask AS mask_spec
FROM partial_agg.session_specs s JOIN partial_agg.events e ON g = 1 OR i <= 1500;

INSERT INTO partial_agg.samples VALUES
('bigint, timestamp with time zone, text, kpi.session_spec',
 'SELECT g, u, ts, event, spec FROM partial_agg.session_events'),
('bigint, timestamp with time zone, bigint, kpi.session_spec',
 'SELECT g, u, ts, mask, mask_spec FROM partial_agg.session_events'),
('uuid, timestamp with time zone, text, kpi.session_spec',
 'SELECT g, md5(u::text)::uuid, ts, event, spec FROM partial_agg.session_events'),
('uuid, timestamp with time zone, bigint, kpi.session_spec',
 'SELECT g, md5(u::text)::uuid, ts, mask, mask_spec FROM partial_agg.session_events'),
('text, timestamp with time zone, text, kpi.session_spec',
 'SELECT g, ''actor '' || u, ts, event, spec FROM partial_agg.session_events'),
('text, timestamp with time zone, bigint, kpi.session_spec',
 'SELECT g, ''actor '' || u, ts, mask, mask_spec FROM partial_agg.session_events'),
('kpi.sessions',
 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.sessions(u, ts, event, spec) END FROM partial_agg.session_events GROUP BY g, u % 40'),
('kpi.timeline, kpi.session_spec',
 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.timeline(ts, event) END, spec FROM partial_agg.session_events GROUP BY g, u, spec');

-- Few enough different paths that all are kept: beyond, answers may differ.
CREATE TABLE partial_agg.path_specs AS
SELECT g, spec::kpi.path_spec FROM (VALUES
    (1, 'depth 3 gap 5 days'),
    (2, 'from a|b depth 2 gap 1 day'),
    (3, 'to c depth 4 gap 2 days collapse repeats'),
    (4, 'from nowhere'),
    (5, 'depth 50, top 1')
) AS v(g, spec);

CREATE VIEW partial_agg.path_events AS
SELECT g, u, ts, event, spec FROM partial_agg.path_specs JOIN partial_agg.events ON g = 1 OR i <= 1500;

INSERT INTO partial_agg.samples VALUES
('bigint, timestamp with time zone, text, kpi.path_spec', 'SELECT g, u, ts, event, spec FROM partial_agg.path_events'),
('uuid, timestamp with time zone, text, kpi.path_spec', 'SELECT g, md5(u::text)::uuid, ts, event, spec FROM partial_agg.path_events'),
('text, timestamp with time zone, text, kpi.path_spec', 'SELECT g, ''actor '' || u, ts, event, spec FROM partial_agg.path_events'),
('kpi.paths',
 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.paths(u, ts, event, spec) END FROM partial_agg.path_events GROUP BY g, u % 40'),
('kpi.timeline, kpi.path_spec',
 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.timeline(ts, event) END, spec FROM partial_agg.path_events GROUP BY g, u, spec');

-- ltv
CREATE VIEW partial_agg.ltv_events AS
SELECT g, i, u, ts, event, CASE WHEN i % 9 > 0 THEN (i % 1000 - 100) / 8.0 END AS amount, spec, named
FROM (VALUES (1, ''::kpi.ltv_spec, 'of a'::kpi.ltv_spec), (2, 'by week in Asia/Seoul week starts sunday, unit week', 'by week, of b|c'), (3, 'by quarter until 2026-01-20, holdout from 2026-01-09', 'of *, holdout from 2026-01-09'),
    (4, 'by year in America/New_York', 'by year'), (5, 'until 2025-12-30', 'of nothing')) AS p(g, spec, named)
JOIN partial_agg.events e ON g = 1 OR i <= 1500;
INSERT INTO partial_agg.samples VALUES
('bigint, timestamp with time zone, numeric, kpi.ltv_spec', 'SELECT g, u, ts, amount, spec FROM partial_agg.ltv_events'),
('uuid, timestamp with time zone, numeric, kpi.ltv_spec', 'SELECT g, md5(u::text)::uuid, ts, amount, spec FROM partial_agg.ltv_events'),
('text, timestamp with time zone, numeric, kpi.ltv_spec', 'SELECT g, ''actor '' || u, ts, amount, spec FROM partial_agg.ltv_events'),
('kpi.ltv', 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.ltv(u, ts, amount, spec) END FROM partial_agg.ltv_events GROUP BY g, u % 40'),
('kpi.timeline, kpi.ltv_spec', 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.timeline(ts, event, amount) END, named FROM partial_agg.ltv_events GROUP BY g, u, named');

-- cash flows: terms of each group
CREATE VIEW partial_agg.flows AS
SELECT g, i, CASE WHEN i % 50 > 0 THEN CASE WHEN i <= 20 THEN -500 - 200 * g ELSE (i % 419) / (CASE WHEN g = 3 THEN 7.0 ELSE 8.0 END) END END AS amount,
       CASE WHEN i <= 20 THEN date '2025-12-31' - i % 3 ELSE ts::date END AS day, CASE WHEN i <= 20 THEN 0 ELSE 1 + i % 37 + g END AS period,
       g / 100.0::float8 AS rate, g % 2 AS first, (ARRAY['act/365', 'act/360', '30/360', 'act/act'])[g] AS convention
FROM generate_series(1, 4) g JOIN partial_agg.events e ON (g = 1 OR i <= 1500) AND isfinite(ts);
INSERT INTO partial_agg.samples VALUES
('numeric, integer', 'SELECT g, amount, period FROM partial_agg.flows'),
('numeric, integer, double precision', 'SELECT g, amount, period, rate / 10 FROM partial_agg.flows'),
('numeric, integer, double precision, double precision', 'SELECT g, amount, period, rate, rate / 2 FROM partial_agg.flows'),
('double precision, numeric, integer', 'SELECT g, rate, amount, period FROM partial_agg.flows'),
('double precision, numeric, integer, integer', 'SELECT g, rate, amount, period, first FROM partial_agg.flows'),
('numeric, date', 'SELECT g, amount, day FROM partial_agg.flows'),
('numeric, date, text', 'SELECT g, amount, day, convention FROM partial_agg.flows'),
('numeric, date, double precision', 'SELECT g, amount, day, rate FROM partial_agg.flows'),
('numeric, date, double precision, text', 'SELECT g, amount, day, rate, convention FROM partial_agg.flows'),
('double precision, numeric, date', 'SELECT g, rate, amount, day FROM partial_agg.flows'),
('double precision, numeric, date, text', 'SELECT g, rate, amount, day, convention FROM partial_agg.flows');
-- attribution
CREATE VIEW partial_agg.attribution_events AS
SELECT g, u, ts, CASE WHEN i % 11 > 0 THEN nullif(event, '') END AS channel, CASE WHEN i % 7 = 0 THEN (i % 1000 - 100) / 8.0 END AS value, spec
FROM (VALUES (1, ''::kpi.attribution_spec), (2, 'by week in Asia/Seoul week starts sunday'), (3, 'of a|b, half-life 5 hours, touches 3'), (4, 'lookback 2 days, collapse repeats, reset after conversion, conversions are touches')) AS p(g, spec)
JOIN partial_agg.events e ON g = 1 OR i <= 1500;
INSERT INTO partial_agg.samples VALUES
('bigint, timestamp with time zone, text, numeric, kpi.attribution_spec', 'SELECT g, u, ts, channel, value, spec FROM partial_agg.attribution_events'),
('uuid, timestamp with time zone, text, numeric, kpi.attribution_spec', 'SELECT g, md5(u::text)::uuid, ts, channel, value, spec FROM partial_agg.attribution_events'),
('text, timestamp with time zone, text, numeric, kpi.attribution_spec', 'SELECT g, ''actor '' || u, ts, channel, value, spec FROM partial_agg.attribution_events'),
('kpi.attribution', 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.attribution(u, ts, channel, value, spec) END FROM partial_agg.attribution_events GROUP BY g, u % 40'),
('kpi.timeline, kpi.attribution_spec', 'SELECT g, CASE WHEN u % 40 > 0 THEN kpi.timeline(ts, coalesce(channel, ''d''), value) END, spec FROM partial_agg.attribution_events GROUP BY g, u, spec');
-- measures
CREATE VIEW partial_agg.measures AS
SELECT g, i, CASE WHEN i % 9 > 0 THEN (i % 1000 - 100) / (10::numeric ^ (g * i % 7)) END AS a, CASE WHEN i % 7 > 0 THEN (i % 50)::numeric END AS b, kind
FROM (VALUES (1, 'mean -1000..1000'::kpi.survey_kind), (2, 'ces 0..49 top 9'), (3, 'csat 0..49'), (4, 'mean')) AS p(g, kind) JOIN partial_agg.events e ON g = 1 OR i <= 1500;
INSERT INTO partial_agg.samples VALUES
('numeric, numeric', 'SELECT g, a, b FROM partial_agg.measures'),
('numeric, numeric, text', 'SELECT g, a, b, (ARRAY[''EUR'', ''USD'', NULL, ''€''])[g] FROM partial_agg.measures'),
('numeric, kpi.survey_kind', 'SELECT g, b, kind FROM partial_agg.measures'),
('kpi.ratio', 'SELECT g, CASE WHEN i % 40 > 0 THEN kpi.ratio(a, b) END FROM partial_agg.measures GROUP BY g, i % 40'),
('kpi.roi', 'SELECT g, CASE WHEN i % 40 > 0 THEN kpi.roi(a, b, (ARRAY[''EUR'', ''USD'', NULL, ''€''])[g]) END FROM partial_agg.measures GROUP BY g, i % 40'),
('kpi.survey', 'SELECT g, CASE WHEN i % 40 > 0 THEN kpi.survey(b, kind) END FROM partial_agg.measures GROUP BY g, i % 40, kind');
