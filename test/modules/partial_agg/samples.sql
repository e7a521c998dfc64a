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
