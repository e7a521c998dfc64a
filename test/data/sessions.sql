-- A web shop's events (31,106 rows, 600 users) against the session_id that they came with
\set copy 'zcat ' :data '/events_ecom/ecom.csv.gz'
CREATE TABLE ecom (user_id text, session_id text, event text, ts timestamptz, platform text, channel text, cohort text, lifecycle text);
SET timezone = 'UTC';
COPY ecom FROM PROGRAM :'copy' WITH (FORMAT csv, HEADER);
-- the sessions of the file: gaps inside of them and between them
SELECT count(DISTINCT session_id) AS sessions, count(DISTINCT (user_id, session_id)) AS of_users FROM ecom;
CREATE TABLE gaps AS
SELECT user_id, session_id, session_id = lag(session_id) OVER w AS inside, ts - lag(ts) OVER w AS gap FROM ecom WINDOW w AS (PARTITION BY user_id ORDER BY ts, session_id);
SELECT inside, count(*), min(gap), max(gap), count(*) FILTER (WHERE gap > '30 min') AS over_30_min FROM gaps WHERE gap IS NOT NULL GROUP BY inside ORDER BY inside;
-- ours
CREATE TABLE ours AS SELECT *, kpi.session_number(ts, '30 min') OVER (PARTITION BY user_id ORDER BY ts) AS n FROM ecom;
SELECT count(DISTINCT (user_id, n)) AS sessions FROM ours;
WITH pairs AS (SELECT user_id, n, session_id, count(*) AS events FROM ours GROUP BY 1, 2, 3),
     theirs AS (SELECT user_id, session_id, count(*) AS parts FROM pairs GROUP BY 1, 2),
     mine AS (SELECT user_id, n, count(*) AS parts FROM pairs GROUP BY 1, 2)
SELECT count(*) FILTER (WHERE t.parts = 1 AND m.parts = 1) AS same, count(DISTINCT (p.user_id, p.session_id)) FILTER (WHERE t.parts > 1) AS theirs_cut, count(DISTINCT (p.user_id, p.n)) FILTER (WHERE m.parts > 1) AS theirs_joined
FROM pairs AS p JOIN theirs AS t USING (user_id, session_id) JOIN mine AS m USING (user_id, n);
-- all 3,605 are the same, and are with any timeout from 27:57 to 10:40:01. A shorter one cuts at each longer gap inside of their sessions, a longer one joins those that are no further apart; nothing else differs
SELECT t AS timeout, sessions, 3605 + (SELECT count(*) FILTER (WHERE inside AND gap > t::interval) - count(*) FILTER (WHERE NOT inside AND gap <= t::interval) FROM gaps) AS explained
FROM unnest(ARRAY['1 min', '5 min', '10 min', '27 min 56 sec', '27 min 57 sec', '4 hours', '10 hours 40 min 2 sec', '12 hours']) AS t,
     kpi.session_stats((SELECT kpi.sessions(user_id, ts, event, ('timeout ' || t)::kpi.session_spec) FROM ecom));
-- every figure from their session_id in plain SQL; quantiles of ours are within 0.8 %
CREATE TABLE visits AS
SELECT user_id, session_id, min(ts) AS from_ts, max(ts) - min(ts) AS duration, count(*) FILTER (WHERE event IN ('home', 'catalog', 'search', 'product_view', 'promo_page', 'cart')) AS views,
       count(*) FILTER (WHERE event = 'purchase') AS purchases, count(*) FILTER (WHERE event = 'add_to_cart') AS adds, row_number() OVER (PARTITION BY user_id ORDER BY min(ts)) AS n
FROM ecom GROUP BY user_id, session_id;
CREATE TABLE ga AS SELECT kpi.sessions(user_id, ts, event, 'views home|catalog|search|product_view|promo_page|cart, key purchase, clicks add_to_cart, by month') AS s FROM ecom;
\x on
SELECT f.* FROM ga, kpi.session_stats(s) AS f;
SELECT count(DISTINCT user_id) AS visitors, count(DISTINCT user_id) FILTER (WHERE n > 1) AS returning_visitors, count(*) AS sessions, count(*) FILTER (WHERE engaged) AS engaged_sessions,
       avg(engaged::int)::float8 AS engagement_rate, avg((NOT engaged)::int)::float8 AS bounce_rate, avg((views <= 1)::int)::float8 AS single_view_bounce_rate, sum(views) AS page_views, avg(views)::float8 AS views_per_session,
       avg(duration) AS avg_duration, percentile_disc(0.5) WITHIN GROUP (ORDER BY duration) AS median_duration, percentile_disc(0.9) WITHIN GROUP (ORDER BY duration) AS p90_duration,
       sum(duration) FILTER (WHERE engaged) / count(DISTINCT user_id) AS engaged_time_per_visitor, sum(purchases) AS key_events, avg((purchases > 0)::int)::float8 AS key_event_rate, sum(adds) / sum(views)::float8 AS ctr
FROM (SELECT *, duration > '10 sec' OR purchases > 0 OR views > 1 AS engaged FROM visits) AS v;
\x off
SELECT t.period::date AS month, t.visitors, t.new_visitors AS new, t.returning_visitors AS returning, t.sessions, t.engaged_sessions AS engaged, t.page_views AS views, t.key_events AS purchases, t.avg_duration,
       (t.visitors, t.new_visitors, t.returning_visitors, t.sessions, t.page_views, t.key_events) = (p.visitors, p.new, p.returning, p.sessions, p.views, p.purchases) AS same
FROM ga, kpi.session_trend(s) AS t,
     LATERAL (SELECT count(DISTINCT user_id) AS visitors, count(*) FILTER (WHERE n = 1) AS new, count(DISTINCT user_id) FILTER (WHERE n > 1) AS returning, count(*) AS sessions, sum(views)::bigint AS views, sum(purchases)::bigint AS purchases
              FROM visits WHERE date_trunc('month', from_ts AT TIME ZONE 'UTC') = t.period) AS p ORDER BY 1;
-- channels
SELECT channel, visitors, sessions, round(bounce_rate::numeric, 4) AS bounce_rate, round(key_event_rate::numeric, 4) AS key_event_rate, median_duration
FROM (SELECT channel, kpi.sessions(user_id, ts, event, 'views home|catalog|search|product_view|promo_page|cart, key purchase') AS s FROM ecom GROUP BY channel) AS c, kpi.session_stats(s) ORDER BY channel;
