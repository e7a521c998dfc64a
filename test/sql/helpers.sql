-- kpi.define_count, define_sum, … : KPIs declared over a source, against plain SQL
CREATE SCHEMA helpers_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'Pacific/Auckland';
SET datestyle = 'ISO';
SET intervalstyle = 'iso_8601';
CREATE ROLE kpi_test_author;
GRANT USAGE, CREATE ON SCHEMA helpers_test TO kpi_test_author;
SELECT kpi.grant_access('kpi_test_author', 'author');
-- all of this is for an ordinary author
SET ROLE kpi_test_author;
SET search_path = helpers_test;
CREATE FUNCTION error_of(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE d text; h text;
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
  RETURN concat_ws(' / ', SQLSTATE || ' ' || SQLERRM, nullif(d, ''), nullif(h, ''));
END $$;

-- Havana puts its clocks forth from 0:00 to 1:00 on 2025-03-09, and back from 1:00 to 0:00 on 2025-11-02: midnight is missing, and is there twice
SELECT setseed(0.5);
CREATE TABLE events (id int GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, local timestamp NOT NULL, day date NOT NULL, who int, what text, amount numeric, score int, country text);
CREATE FUNCTION make_events(n int, from_at timestamptz, to_at timestamptz) RETURNS void LANGUAGE sql AS $$
  INSERT INTO helpers_test.events (at, local, day, who, what, amount, score, country)
  SELECT at, at AT TIME ZONE 'America/Havana', (at AT TIME ZONE 'America/Havana')::date, nullif((power(random(), 2) * 40)::int, 7), (ARRAY['view', 'view', 'view', 'cart', 'buy', 'signup', 'checkout/a', 'checkout/b', NULL])[1 + (random() * 8)::int],
    CASE WHEN random() < 0.9 THEN round((random() * 100)::numeric, 2) END, CASE WHEN random() < 0.7 THEN (random() * 10)::int END, (ARRAY['CU', 'KR', '', NULL])[1 + (random() * 3)::int]
  FROM (SELECT date_bin('5 minutes', from_at + random() * (to_at - from_at), '2000-01-01Z') AS at FROM generate_series(1, n)) AS times $$;
SELECT make_events(900, '2025-02-20 05:00Z', '2025-03-20 05:00Z'), make_events(900, '2025-10-15 05:00Z', '2025-11-12 05:00Z'), make_events(150, '2025-03-09 04:00Z', '2025-03-09 06:00Z'), make_events(150, '2025-11-02 03:30Z', '2025-11-02 06:30Z');
CREATE INDEX events_at ON events (at);
SELECT kpi.add_source('clicks', 'events', at => 'at', actor => 'who', event => 'what', value => 'amount', segment => 'country', zone => 'America/Havana');
SELECT kpi.add_source('clicks_local', 'events', at => 'local', actor => 'who', event => 'what', value => 'amount', segment => 'country', zone => 'America/Havana');
SELECT kpi.add_source('clicks_by_day', 'events', at => 'day', actor => 'who', event => 'what', value => 'score', zone => 'America/Havana');

-- ---- one of each ----
SELECT kpi.define_count('all_events', 'clicks', lookback => 0);
SELECT kpi.define_count('purchases', 'clicks', 'buy|signup', title => 'Purchases', description => 'what was bought', unit => 'purchases', lookback => 0);
SELECT kpi.define_count('checkouts', 'clicks_local', 'checkout*|"buy"', 'week', segment => '');
SELECT kpi.define_count('checkouts_by_day', 'clicks_by_day', 'checkout/*');
SELECT kpi.define_sum('revenue', 'clicks', 'buy', unit => 'EUR', lookback => 0);
SELECT kpi.define_sum('revenue_local', 'clicks_local', unit => 'EUR', grain => 'month', segment => 'what');
SELECT kpi.define_unique('visitors', 'clicks', lookback => 0);
SELECT kpi.define_unique('buyers', 'clicks_local', 'buy', 'month');
SELECT kpi.define_unique('new_visitors', 'clicks', first_time => true, lookback => 0);
SELECT kpi.define_unique('new_buyers', 'clicks_by_day', 'buy', 'week', first_time => true);
SELECT kpi.define_ratio('buy_share', 'clicks', 'buy', 'view|buy', lookback => 0);
SELECT kpi.define_ratio('order_value', 'clicks', 'buy', 'buy', 'sum', 'count', unit => 'EUR', lookback => 0);
SELECT kpi.define_ratio('buyer_share', 'clicks_local', 'buy', '*', 'actors', 'actors', 'week');
SELECT kpi.define_ratio('revenue_per_buyer', 'clicks_by_day', 'buy', 'buy', 'sum', 'actors', 'month', unit => 'EUR');
SELECT kpi.define_ratio('carts_per_view', 'clicks', 'cart', 'view', unit => 'carts', lookback => 0);
SELECT kpi.define_funnel('conversion', 'clicks', 'view -> buy within 36 hours');
SELECT kpi.define_funnel('conversion_local', 'clicks_local', 'view -> cart -> buy within 5 days by week in Asia/Seoul');
SELECT kpi.define_funnel('first_conversion', 'clicks', 'view -> buy -> cart? within 2 days first entry', segment => '');
SELECT kpi.define_retention('day_2', 'clicks', '* -> * by day for 3', 2, lookback => 0);
SELECT kpi.define_retention('week_1', 'clicks_local', 'view -> buy by week for 2 recurring in Asia/Seoul', 1);
SELECT kpi.define_retention('days_2_to_4', 'clicks', 'signup -> view|buy by day brackets 1, 4', 4, segment => '');
SELECT kpi.define_session_metric('session_' || metric, 'clicks', metric, 'timeout 2 hours, views view, key buy|signup, clicks cart, impressions view|buy, shares checkout/*', lookback => 2) FROM kpi.session_metrics();
SELECT kpi.define_session_metric('session_local', 'clicks_local', 'bounce_rate', 'timeout 3 hours, by week', segment => '');
SELECT kpi.define_survey('nps', 'clicks_by_day', 'nps');
SELECT kpi.define_survey('mood', 'clicks', 'mean', 'buy|view', 'week', unit => 'EUR');
SELECT name, title, kind, source, definition_schema, definition_name, unit, direction, grain, adds, qualitative, zone, lookback, lookahead, min_n, owner, description FROM kpi.kpi WHERE source LIKE 'clicks%' AND name !~ '^session_' ORDER BY name COLLATE "C";
SELECT kpi.define_session_metric('session_long', 'clicks', 'sessions', 'timeout 23 hours 59 min', lookback => 0);
SELECT kpi.days_at_most(i) FROM unnest('{1 us,1 day,25 hours,36 hours,7 days,1 month,3 months,1 year 2 mons 3 days 04:00:00,0}'::interval[]) AS i;
SELECT name, unit, direction, grain, adds, lookback, lookahead FROM kpi.kpi WHERE name ~ '^session_' ORDER BY name COLLATE "C";

-- ---- whatever days are asked for, they are what they are in all ----
CREATE FUNCTION pieces_differ(kpi_name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE k kpi.kpi := kpi.kpi_named(kpi_name); n bigint; f text := format('%I.%I', k.definition_schema, k.definition_name); step interval := kpi.grain_step(k.grain);
BEGIN
  EXECUTE format($q$
    WITH whole AS MATERIALIZED (SELECT * FROM %1$s('2025-01-01', '2026-02-01')),
    days AS (SELECT p::date AS first, (p + $1)::date AS last FROM generate_series(date_trunc(%2$L, timestamp '2025-01-15'), '2025-12-31', $1) AS p),
    pieces AS MATERIALIZED (SELECT d.first, w.* FROM days AS d CROSS JOIN LATERAL %1$s(d.first, d.last) AS w)
    SELECT (SELECT count(*) FROM (SELECT to_jsonb(w) FROM whole AS w EXCEPT ALL SELECT to_jsonb(p) - 'first' FROM pieces AS p) AS a)
      + (SELECT count(*) FROM (SELECT to_jsonb(p) - 'first' FROM pieces AS p EXCEPT ALL SELECT to_jsonb(w) FROM whole AS w) AS a)
      + (SELECT count(*) FROM pieces WHERE period_start <> first)$q$, f, k.grain) INTO n USING step;
  RETURN n;
END $$;
SELECT name, pieces_differ(name) AS differ FROM kpi.kpi WHERE source LIKE 'clicks%' AND pieces_differ(name) > 0;

-- ---- and what plain SQL says ----
CREATE VIEW rows_of AS SELECT *, coalesce(nullif(country, ''), '(none)') AS segment FROM events;
-- each of its segment and of the whole
CREATE VIEW twice AS SELECT *, segment AS part FROM rows_of UNION ALL SELECT *, '' FROM rows_of;
CREATE VIEW sessions AS
  SELECT part, who, number, min(at) AS first, max(at) AS last, count(*) FILTER (WHERE what = 'view') AS views, count(*) FILTER (WHERE what IN ('buy', 'signup')) AS keys, count(*) FILTER (WHERE what = 'cart') AS clicks,
    count(*) FILTER (WHERE what IN ('view', 'buy')) AS impressions, count(*) FILTER (WHERE what LIKE 'checkout/%') AS shares, max(at) - min(at) > interval '10 seconds' OR count(*) FILTER (WHERE what = 'view') > 1 OR count(*) FILTER (WHERE what IN ('buy', 'signup')) > 0 AS engaged
  FROM (SELECT part, who, at, what, count(*) FILTER (WHERE gap IS NULL OR gap > interval '2 hours') OVER (PARTITION BY part, who ORDER BY at, id) AS number
    FROM (SELECT *, at - lag(at) OVER (PARTITION BY part, who ORDER BY at, id) AS gap FROM twice WHERE who IS NOT NULL AND what IS NOT NULL) AS g) AS n GROUP BY part, who, number;
CREATE VIEW session_days AS
  SELECT part, (first AT TIME ZONE 'America/Havana')::date AS d, count(*) AS n, count(DISTINCT who) AS visitors, count(DISTINCT who) FILTER (WHERE number = 1) AS new, count(DISTINCT who) FILTER (WHERE number > 1) AS again, count(*) FILTER (WHERE engaged) AS engaged,
    count(*) FILTER (WHERE views <= 1) AS single, sum(views) AS views, extract(epoch FROM sum(last - first)) AS seconds, sum(keys) AS keys, count(*) FILTER (WHERE keys > 0) AS keyed, sum(clicks) AS clicks, sum(impressions) AS impressions, sum(shares) AS shares,
    extract(epoch FROM sum(last - first) FILTER (WHERE engaged)) AS engaged_seconds
  FROM sessions GROUP BY 1, 2;
CREATE VIEW by_sql (kpi, segment, period_start, value, numerator, denominator, n) AS
  WITH e AS (SELECT *, local AT TIME ZONE 'America/Havana' AS read, (at AT TIME ZONE 'America/Havana')::date AS d, date_trunc('week', local)::date AS w, date_trunc('month', local)::date AS m FROM twice)
  SELECT 'all_events', part, d, count(what)::numeric, NULL::numeric, NULL::numeric, count(what) FROM e GROUP BY part, d
  UNION ALL SELECT 'purchases', part, d, count(*) FILTER (WHERE what IN ('buy', 'signup')), NULL, NULL, count(*) FILTER (WHERE what IN ('buy', 'signup')) FROM e GROUP BY part, d
  UNION ALL SELECT 'checkouts', '', w, count(*) FILTER (WHERE what ~ '^checkout' OR what = 'buy'), NULL, NULL, count(*) FILTER (WHERE what ~ '^checkout' OR what = 'buy') FROM e WHERE part = '' GROUP BY w
  UNION ALL SELECT 'checkouts_by_day', '', day, count(*) FILTER (WHERE what ~ '^checkout/'), NULL, NULL, count(*) FILTER (WHERE what ~ '^checkout/') FROM e WHERE part = '' GROUP BY day
  UNION ALL SELECT 'revenue', part, d, coalesce(sum(amount) FILTER (WHERE what = 'buy'), 0), NULL, NULL, count(amount) FILTER (WHERE what = 'buy') FROM e GROUP BY part, d
  UNION ALL SELECT 'revenue_local', coalesce(what, '(none)'), m, coalesce(sum(amount) FILTER (WHERE what IS NOT NULL), 0), NULL, NULL, count(amount) FILTER (WHERE what IS NOT NULL) FROM e WHERE part = '' GROUP BY 2, m
  UNION ALL SELECT 'revenue_local', '', m, coalesce(sum(amount) FILTER (WHERE what IS NOT NULL), 0), NULL, NULL, count(amount) FILTER (WHERE what IS NOT NULL) FROM e WHERE part = '' GROUP BY m
  UNION ALL SELECT 'visitors', part, d, count(DISTINCT who) FILTER (WHERE what IS NOT NULL), NULL, NULL, count(DISTINCT who) FILTER (WHERE what IS NOT NULL) FROM e GROUP BY part, d
  UNION ALL SELECT 'buyers', part, m, count(DISTINCT who) FILTER (WHERE what = 'buy'), NULL, NULL, count(DISTINCT who) FILTER (WHERE what = 'buy') FROM e GROUP BY part, m
  UNION ALL SELECT 'new_visitors', part, (first AT TIME ZONE 'America/Havana')::date, count(*), NULL, NULL, count(*) FROM (SELECT part, min(at) AS first FROM e WHERE what IS NOT NULL AND who IS NOT NULL GROUP BY part, who) AS f GROUP BY 2, 3
  UNION ALL SELECT 'new_buyers', '', date_trunc('week', first)::date, count(*), NULL, NULL, count(*) FROM (SELECT min(day) AS first FROM events WHERE what = 'buy' AND who IS NOT NULL GROUP BY who) AS f GROUP BY 3
  UNION ALL SELECT 'buy_share', part, d, count(*) FILTER (WHERE what = 'buy') / nullif(count(*) FILTER (WHERE what IN ('buy', 'view')), 0)::numeric, count(*) FILTER (WHERE what = 'buy'), count(*) FILTER (WHERE what IN ('buy', 'view')), count(*) FILTER (WHERE what IN ('buy', 'view')) FROM e GROUP BY part, d
  UNION ALL SELECT 'order_value', part, d, coalesce(sum(amount) FILTER (WHERE what = 'buy'), 0) / nullif(count(*) FILTER (WHERE what = 'buy'), 0)::numeric, coalesce(sum(amount) FILTER (WHERE what = 'buy'), 0), count(*) FILTER (WHERE what = 'buy'), count(*) FILTER (WHERE what = 'buy') FROM e GROUP BY part, d
  UNION ALL SELECT 'buyer_share', part, w, count(DISTINCT who) FILTER (WHERE what = 'buy') / nullif(count(DISTINCT who) FILTER (WHERE what IS NOT NULL), 0)::numeric, count(DISTINCT who) FILTER (WHERE what = 'buy'), count(DISTINCT who) FILTER (WHERE what IS NOT NULL), count(DISTINCT who) FILTER (WHERE what IS NOT NULL) FROM e GROUP BY part, w
  UNION ALL SELECT 'revenue_per_buyer', '', m, coalesce(sum(score) FILTER (WHERE what = 'buy'), 0) / nullif(count(DISTINCT who) FILTER (WHERE what = 'buy'), 0)::numeric, coalesce(sum(score) FILTER (WHERE what = 'buy'), 0), count(DISTINCT who) FILTER (WHERE what = 'buy'), count(DISTINCT who) FILTER (WHERE what = 'buy') FROM e WHERE part = '' GROUP BY m
  UNION ALL SELECT 'carts_per_view', part, d, count(*) FILTER (WHERE what = 'cart') / nullif(count(*) FILTER (WHERE what = 'view'), 0)::numeric, count(*) FILTER (WHERE what = 'cart'), count(*) FILTER (WHERE what = 'view'), count(*) FILTER (WHERE what = 'view') FROM e GROUP BY part, d
  -- who entered, and who of these got there within the window
  UNION ALL SELECT 'conversion', part, d, count(*) FILTER (WHERE through) / count(*)::numeric, count(*) FILTER (WHERE through), count(*), count(*) FROM (
    SELECT v.part, v.d, v.who, bool_or(EXISTS (SELECT FROM e AS b WHERE (b.part, b.who, b.what) = (v.part, v.who, 'buy') AND b.at BETWEEN v.at AND v.at + interval '36 hours')) AS through FROM e AS v WHERE v.what = 'view' AND v.who IS NOT NULL GROUP BY 1, 2, 3) AS f GROUP BY part, d
  UNION ALL SELECT 'conversion_local', part, w, count(*) FILTER (WHERE through) / count(*)::numeric, count(*) FILTER (WHERE through), count(*), count(*) FROM (
    SELECT v.part, v.w, v.who, bool_or(EXISTS (SELECT FROM e AS c JOIN e AS b ON (b.part, b.who, b.what) = (c.part, c.who, 'buy') AND b.read BETWEEN c.read AND v.read + interval '120 hours'
      WHERE (c.part, c.who, c.what) = (v.part, v.who, 'cart') AND c.read >= v.read)) AS through FROM e AS v WHERE v.what = 'view' AND v.who IS NOT NULL GROUP BY 1, 2, 3) AS f GROUP BY part, w
  UNION ALL SELECT 'first_conversion', '', (first AT TIME ZONE 'America/Havana')::date, count(*) FILTER (WHERE through) / count(*)::numeric, count(*) FILTER (WHERE through), count(*), count(*) FROM (
    SELECT v.first, EXISTS (SELECT FROM events AS b WHERE (b.who, b.what) = (v.who, 'buy') AND b.at BETWEEN v.first AND v.first + interval '48 hours') AS through FROM (SELECT who, min(at) AS first FROM events WHERE what = 'view' AND who IS NOT NULL GROUP BY who) AS v) AS f GROUP BY 3
  -- who is back
  UNION ALL SELECT 'day_2', part, d + 2, count(*) FILTER (WHERE back) / count(*)::numeric, count(*) FILTER (WHERE back), count(*), count(*) FROM (
    SELECT f.part, f.d, EXISTS (SELECT FROM e AS r WHERE (r.part, r.who, r.d) = (f.part, f.who, f.d + 2) AND r.what IS NOT NULL) AS back FROM (SELECT part, who, min(at), (min(at) AT TIME ZONE 'America/Havana')::date AS d FROM e WHERE who IS NOT NULL AND what IS NOT NULL GROUP BY part, who) AS f) AS c GROUP BY part, d
  UNION ALL SELECT 'week_1', part, w + 7, count(*) FILTER (WHERE back) / count(*)::numeric, count(*) FILTER (WHERE back), count(*), count(*) FROM (
    SELECT f.part, f.w, EXISTS (SELECT FROM e AS r WHERE (r.part, r.who, r.w, r.what) = (f.part, f.who, f.w + 7, 'buy')) AS back FROM (SELECT DISTINCT part, who, w FROM e WHERE who IS NOT NULL AND what = 'view') AS f) AS c GROUP BY part, w
  UNION ALL SELECT 'days_2_to_4', '', d + 4, count(*) FILTER (WHERE back) / count(*)::numeric, count(*) FILTER (WHERE back), count(*), count(*) FROM (
    SELECT f.d, EXISTS (SELECT FROM e AS r WHERE (r.part, r.who) = ('', f.who) AND r.d BETWEEN f.d + 2 AND f.d + 4 AND r.what IN ('view', 'buy')) AS back FROM (SELECT who, (min(at) AT TIME ZONE 'America/Havana')::date AS d FROM events WHERE who IS NOT NULL AND what = 'signup' GROUP BY who) AS f) AS c GROUP BY d
  -- visits
  UNION ALL SELECT 'session_' || m.metric, s.part, s.d, coalesce(m.value, m.numerator / nullif(m.denominator, 0)), m.numerator, m.denominator, s.n FROM session_days AS s CROSS JOIN LATERAL (VALUES
    ('visitors', s.visitors::numeric, NULL::numeric, NULL::numeric), ('new_visitors', s.new, NULL, NULL), ('returning_visitors', s.again, NULL, NULL), ('sessions', s.n, NULL, NULL), ('sessions_per_visitor', NULL, s.n, s.visitors), ('engaged_sessions', s.engaged, NULL, NULL),
    ('engagement_rate', NULL, s.engaged, s.n), ('bounce_rate', NULL, s.n - s.engaged, s.n), ('single_view_bounce_rate', NULL, s.single, s.n), ('page_views', s.views, NULL, NULL), ('views_per_session', NULL, s.views, s.n), ('key_events', s.keys, NULL, NULL), ('key_event_rate', NULL, s.keyed, s.n),
    ('clicks', s.clicks, NULL, NULL), ('impressions', s.impressions, NULL, NULL), ('ctr', NULL, s.clicks, s.impressions), ('interactions', s.shares, NULL, NULL)) AS m(metric, value, numerator, denominator)
  UNION ALL SELECT 'nps', '', date_trunc('month', day)::date, round(100.0 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)) / count(*), 6), NULL, NULL, count(*) FROM events WHERE score IS NOT NULL AND what IS NOT NULL GROUP BY 3
  UNION ALL SELECT 'mood', part, w, round(avg(amount), 6), NULL, NULL, count(*) FROM e WHERE amount IS NOT NULL AND what IN ('buy', 'view') GROUP BY part, w;
CREATE VIEW told AS SELECT k.name AS kpi, k.adds, m.* FROM kpi.kpi AS k CROSS JOIN LATERAL kpi.definition_read(k.kind, k.definition_schema, k.definition_name, k.definition_owner, k.zone, '2025-01-01', '2026-02-01') AS m WHERE k.source LIKE 'clicks%';
CREATE VIEW differences AS
  SELECT coalesce(t.kpi, s.kpi) AS kpi, coalesce(t.segment, s.segment) AS segment, coalesce(t.period_start, s.period_start) AS period_start, t.value, s.value AS by_sql, t.numerator, s.numerator AS numerator_by_sql, t.denominator, s.denominator AS denominator_by_sql, t.n, s.n AS n_by_sql
  FROM (SELECT kpi, coalesce(segment, '') AS segment, period_start, CASE WHEN kpi IN ('nps', 'mood') THEN round(value, 6) ELSE coalesce(value, numerator / nullif(denominator, 0)) END AS value, numerator, denominator, n FROM told) AS t
  FULL JOIN by_sql AS s ON (t.kpi, t.segment, t.period_start) = (s.kpi, s.segment, s.period_start)
  WHERE (t.value, t.numerator, t.denominator, t.n) IS DISTINCT FROM (s.value, s.numerator, s.denominator, s.n)
    -- the whole of what adds up is added up by kpi.refresh()
    AND NOT (t.kpi IS NULL AND s.segment = '' AND s.kpi IN ('all_events', 'purchases', 'revenue', 'revenue_local'))
    -- and where only segments have something, the whole has nothing
    AND NOT (s.kpi IS NULL AND t.segment = '' AND t.n = 0 AND coalesce(t.value, 0) = 0)
    AND coalesce(t.kpi, '') NOT IN ('session_avg_duration', 'session_median_duration', 'session_p90_duration', 'session_engaged_time_per_visitor', 'session_local');
SELECT count(*) > 5000 AS rows, count(DISTINCT kpi) AS kpis FROM told;
SELECT kpi, count(*), min(segment), min(period_start), min(value), min(by_sql) FROM differences GROUP BY 1 ORDER BY 1;
-- durations are kept by the microsecond, and quantiles by 1/128
SELECT m.kpi, count(*) > 50 AS some, max(abs(m.value - s.exact)) < 0.001 AS near FROM (SELECT kpi, coalesce(segment, '') AS part, period_start, coalesce(value, numerator / denominator) AS value FROM told WHERE kpi IN ('session_avg_duration', 'session_engaged_time_per_visitor')) AS m
  JOIN (SELECT part, d, unnest('{session_avg_duration,session_engaged_time_per_visitor}'::text[]) AS kpi, unnest(ARRAY[seconds / n, coalesce(engaged_seconds, 0) / visitors]) AS exact FROM session_days) AS s ON (s.kpi, s.part, s.d) = (m.kpi, m.part, m.period_start) GROUP BY 1;
SELECT kpi, count(*) > 50 AS some, max(abs(t.value / nullif(s.exact, 0) - 1)) < 0.008 AS near FROM told AS t
  JOIN (SELECT part, (first AT TIME ZONE 'America/Havana')::date AS d, extract(epoch FROM percentile_disc(0.5) WITHIN GROUP (ORDER BY last - first)) AS exact FROM sessions GROUP BY 1, 2) AS s ON (s.part, s.d) = (coalesce(t.segment, ''), t.period_start) WHERE kpi = 'session_median_duration' GROUP BY 1;
-- intervals: those of the shares, and only these
SELECT t.kpi, count(*) > 0 AS some, max(abs(t.ci_low - r.low)) < 1e-12 AND max(abs(t.ci_high - r.high)) < 1e-12 AS wilson FROM (SELECT row_number() OVER () AS row, * FROM told WHERE ci_low IS NOT NULL AND kpi NOT IN ('nps', 'mood')) AS t
  JOIN LATERAL (SELECT kpi.ci_low(kpi.ratio(x.a, x.b)) AS low, kpi.ci_high(kpi.ratio(x.a, x.b)) AS high FROM (VALUES (t.numerator, t.denominator)) AS x(a, b)) AS r ON true GROUP BY 1 ORDER BY 1;

-- ---- late, changed and deleted rows: bit by bit the same as all at once ----
SELECT count(*) FROM (SELECT kpi.share(name, 'kpi_test_author') FROM kpi.kpi WHERE source LIKE 'clicks%') AS s;
CREATE VIEW measured_wrong AS
  SELECT coalesce(m.kpi, t.kpi) AS kpi, coalesce(m.period_start, t.period_start) AS period_start, m.value, t.value AS told FROM (SELECT m.* FROM kpi.measurement AS m JOIN kpi.kpi AS k ON k.name = m.kpi WHERE k.source LIKE 'clicks%') AS m
  FULL JOIN (SELECT kpi, adds, coalesce(segment, '') AS segment, period_start, value, numerator, denominator, n, ci_low, ci_high FROM told JOIN kpi.watermark AS w USING (kpi) WHERE period_start <= w.refreshed_to) AS t ON (t.kpi, t.segment, t.period_start) = (m.kpi, m.segment, m.period_start)
  WHERE (m.value, m.numerator, m.denominator, m.n, m.ci_low, m.ci_high) IS DISTINCT FROM (coalesce(t.value, t.numerator / nullif(t.denominator, 0)), t.numerator, t.denominator, t.n, t.ci_low, t.ci_high)
    AND NOT (t.kpi IS NULL AND m.segment = '' AND m.kpi IN (SELECT kpi FROM told GROUP BY kpi HAVING bool_and(segment IS NOT NULL AND adds = 'sum')) AND m.value = (SELECT sum(o.value) FROM kpi.measurement AS o WHERE (o.kpi, o.period_start) = (m.kpi, m.period_start) AND o.segment <> ''));
CREATE PROCEDURE round_of(today timestamptz) LANGUAGE plpgsql AS $$
DECLARE hit date;
BEGIN
  PERFORM helpers_test.make_events(20, today - interval '20 hours', today);
  FOR i IN 1 .. 2 LOOP
    SELECT e.day INTO hit FROM helpers_test.events AS e ORDER BY random() LIMIT 1;
    IF random() < 0.4 THEN DELETE FROM helpers_test.events AS e WHERE e.day = hit AND random() < 0.5;
    ELSIF random() < 0.5 THEN UPDATE helpers_test.events AS e SET amount = amount + 1, what = 'buy', country = 'KR' WHERE e.day = hit AND random() < 0.3;
    ELSE PERFORM helpers_test.make_events(5, (hit + time '05:00') AT TIME ZONE 'America/Havana', (hit + time '23:00') AT TIME ZONE 'America/Havana'); END IF;
    -- each KPI reads again what a row of that day may change: days before it, and days behind it
    PERFORM kpi.invalidate_source(s, hit, hit) FROM unnest('{clicks,clicks_local,clicks_by_day}'::text[]) AS s;
  END LOOP;
END $$;
-- from here on day by day
DELETE FROM events WHERE at >= '2025-10-31 04:00Z';
CALL kpi.refresh(as_of => '2025-10-31 04:00Z');
SELECT (SELECT count(*) FROM told) > 3000 AS rows, count(*) AS wrong, min(kpi) FROM measured_wrong;
DO $$
DECLARE today timestamptz; wrong text;
BEGIN
  FOR n IN 1 .. 5 LOOP
    today := timestamptz '2025-10-31 04:30Z' + n * interval '1 day';
    CALL helpers_test.round_of(today);
    COMMIT;
    CALL kpi.refresh(as_of => today);
    SELECT string_agg(DISTINCT w.kpi, ', ') INTO wrong FROM helpers_test.measured_wrong AS w;
    ASSERT wrong IS NULL, format('measurements differ in round %s: %s', n, wrong);
  END LOOP;
END $$;
SELECT (SELECT count(*) FROM told) > 4000 AS rows, (SELECT count(*) FROM measured_wrong) AS wrong, (SELECT count(*) FROM differences) AS wrong_by_sql, (SELECT count(*) FROM kpi.run_log WHERE error IS NOT NULL) AS failed;

-- ---- two days are read by an index ----
CREATE TABLE many (at timestamptz NOT NULL, local timestamp NOT NULL, day date NOT NULL, who bigint, what text, amount float8);
INSERT INTO many SELECT t, t AT TIME ZONE 'Europe/Berlin', (t AT TIME ZONE 'Europe/Berlin')::date, i % 97, CASE WHEN i % 3 = 0 THEN 'buy' ELSE 'view' END, i FROM (SELECT i, timestamptz '2024-01-01Z' + i * interval '11 min' AS t FROM generate_series(1, 60000) AS i) AS s;
CREATE INDEX many_at ON many (at);
CREATE INDEX many_local ON many (local);
CREATE INDEX many_day ON many (day);
ANALYZE many;
SELECT kpi.add_source('many', 'many', at => 'at', actor => 'who', event => 'what', value => 'amount', zone => 'Europe/Berlin');
SELECT kpi.add_source('many_utc', 'many', at => 'at', actor => 'who', event => 'what', value => 'amount');
SELECT kpi.add_source('many_local', 'many', at => 'local', actor => 'who', event => 'what', value => 'amount', zone => 'Europe/Berlin');
SELECT kpi.add_source('many_by_day', 'many', at => 'day', actor => 'who', event => 'what', value => 'amount', zone => 'Europe/Berlin');
SELECT kpi.define_count('m_' || s, s, 'buy') FROM unnest('{many,many_utc,many_local,many_by_day}'::text[]) AS s;
SELECT kpi.define_funnel('m_funnel_' || s, s, 'view -> buy within 6 hours') FROM unnest('{many,many_local,many_by_day}'::text[]) AS s;
SELECT kpi.define_session_metric('m_sessions', 'many', 'sessions'), kpi.define_ratio('m_ratio', 'many', 'buy', '*'), kpi.define_unique('m_unique', 'many'), kpi.define_sum('m_sum', 'many', unit => 'EUR'), kpi.define_survey('m_survey', 'many', 'mean'), kpi.define_retention('m_week_1', 'many', '* -> * by day for 1 recurring', 1);
-- as kpi.refresh() asks for it
CREATE FUNCTION plan_of(kpi_name text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('EXPLAIN (COSTS OFF) SELECT * FROM %I(''2024-10-26'', ''2024-10-28'') AS definition WHERE (period_start >= date ''2024-10-26'' AND period_start < date ''2024-10-28'') OR period_start IS NULL', 'kpi_' || kpi_name);
END $$;
SELECT p FROM plan_of('m_many') AS p WHERE p ~ 'Index|Scan';
SELECT p FROM plan_of('m_many_utc') AS p WHERE p ~ 'Index|Scan';
SELECT k.name, count(*) FILTER (WHERE p ~ 'Index Cond') > 0 AS by_index, count(*) FILTER (WHERE p ~ 'Seq Scan') AS seq_scans FROM kpi.kpi AS k, plan_of(k.name) AS p WHERE k.name ~ '^m_' GROUP BY 1 ORDER BY 1;
-- values that are not exact are read by their shortest digits
SELECT kpi.define_sum('m_tenths', 'many', unit => 'EUR');
UPDATE many SET amount = 0.1;
SELECT DISTINCT value FROM kpi_m_tenths('2024-10-26', '2024-10-28') ORDER BY 1;

-- ---- what it is made of stays ----
SET ROLE kpi_test_author;
SELECT error_of('DROP TABLE helpers_test.many'), error_of('ALTER TABLE helpers_test.many DROP COLUMN what');
ALTER TABLE many RENAME COLUMN what TO happened;
ALTER TABLE many RENAME TO plenty;
SELECT count(*) > 0 AS follows_renames FROM kpi_m_many('2024-10-26', '2024-10-28');
SELECT error_of($$SELECT kpi.define_count('m_many', 'many')$$);
ALTER TABLE plenty RENAME TO many;
SELECT error_of($$SELECT kpi.define_count('m_many', 'many')$$);
ALTER TABLE many RENAME COLUMN happened TO what;
SELECT pg_get_function_result('kpi_m_many(date,date)'::regprocedure), obj_description('kpi_m_many(date,date)'::regprocedure);

-- ---- again: another version, with other columns if need be; what others made is left alone ----
SELECT kpi.define_count('m_many', 'many', 'view');
SELECT kpi.define_ratio('m_many', 'many', 'view', '*', grain => 'week');
SELECT version, grain, adds, definition_name, pg_get_function_result('kpi_m_many(date,date)'::regprocedure) FROM kpi.kpi WHERE name = 'm_many';
CREATE VIEW uses_it AS SELECT * FROM kpi_m_many('2024-10-26', '2024-10-28');
SELECT error_of($$SELECT kpi.define_count('m_many', 'many')$$);
DROP VIEW uses_it;
CREATE FUNCTION kpi_taken(date, date) RETURNS TABLE (period_start date, value int) LANGUAGE sql AS 'SELECT $1, 1';
SELECT error_of($$SELECT kpi.define_count('taken', 'many')$$);
COMMENT ON FUNCTION kpi_taken(date, date) IS 'made by kpi.define_count for KPI "other"';
SELECT error_of($$SELECT kpi.define_count('taken', 'many')$$);
-- somewhere else: the one that was there is gone
RESET ROLE;
CREATE SCHEMA helpers_test_2 AUTHORIZATION kpi_test_author;
SET ROLE kpi_test_author;
SELECT kpi.define_count('m_many', 'many', in_schema => 'helpers_test_2'), kpi.define_count('taken', 'many', in_schema => 'helpers_test_2');
SELECT to_regprocedure('helpers_test.kpi_m_many(date,date)') AS gone, to_regprocedure('helpers_test_2.kpi_m_many(date,date)') AS here, to_regprocedure('helpers_test.kpi_taken(date,date)') AS left_alone;

-- ---- names that nobody should give ----
RESET ROLE;
CREATE SCHEMA "helpers ""test"" 3" AUTHORIZATION kpi_test_author;
SET ROLE kpi_test_author;
CREATE TYPE "helpers ""test"" 3"."wh%at" AS ENUM ('it''s', 'a"b', '매출|x', '$1 %s \', 'view');
CREATE DOMAIN "helpers ""test"" 3".moment AS timestamptz;
CREATE TABLE "helpers ""test"" 3"."e %1$s" (from_day "helpers ""test"" 3".moment, period_start varchar(20), to_day "helpers ""test"" 3"."wh%at", "found; DROP TABLE x" real, segment boolean);
INSERT INTO "helpers ""test"" 3"."e %1$s" SELECT timestamptz '2026-01-01Z' + i * interval '1 hour', 'who ' || i % 7, (enum_range(NULL::"helpers ""test"" 3"."wh%at"))[1 + i % 5], i % 11, i % 2 = 0 FROM generate_series(0, 99) AS i;
SELECT kpi.add_source($$it's "odd" %s$$, '"helpers ""test"" 3"."e %1$s"', at => 'from_day', actor => 'period_start', event => 'to_day', value => 'found; DROP TABLE x', segment => 'segment', zone => 'Asia/Seoul');
SELECT kpi.define_count($$매출 "a" 'b' %s $1$$, $$it's "odd" %s$$, $$"it's"|"a""b"|"매출|x"|"$1 %s \"$$, in_schema => 'helpers "test" 3');
SELECT kpi.define_sum(repeat('매', 60), $$it's "odd" %s$$, '"매출"*', unit => '%', in_schema => 'helpers "test" 3');
SELECT kpi.define_sum(repeat('매', 61), $$it's "odd" %s$$, '"매출"*', unit => '%', in_schema => 'helpers "test" 3');
SELECT kpi.define_funnel($$f"'$$, $$it's "odd" %s$$, $$"it's" -> "$1 %s \" within 30 hours$$, in_schema => 'helpers "test" 3');
SELECT kpi.define_retention($$r"'$$, $$it's "odd" %s$$, $$"a""b" -> "매출"* by day for 1$$, 1, in_schema => 'helpers "test" 3');
SELECT kpi.define_session_metric($$s"'$$, $$it's "odd" %s$$, 'page_views', $$views "a""b"|"it's"$$, in_schema => 'helpers "test" 3');
SELECT name, octet_length(definition_name), convert_from(substring(convert_to(definition_name, 'UTF8') from 1 for 31), 'UTF8') AS begins FROM kpi.kpi WHERE source = $$it's "odd" %s$$ ORDER BY name COLLATE "C";
SELECT k.name, r.period_start, r.segment, coalesce(r.value, r.numerator) AS value, r.denominator, r.n FROM kpi.kpi AS k CROSS JOIN LATERAL kpi.definition_read(k.kind, k.definition_schema, k.definition_name, k.definition_owner, k.zone, '2026-01-02', '2026-01-04') AS r WHERE k.source = $$it's "odd" %s$$ ORDER BY k.name COLLATE "C", 2, 3;
SELECT count(*) FILTER (WHERE to_day <> 'view' AND (from_day AT TIME ZONE 'Asia/Seoul')::date = '2026-01-02') AS counted, sum("found; DROP TABLE x") FILTER (WHERE to_day = '매출|x' AND (from_day AT TIME ZONE 'Asia/Seoul')::date = '2026-01-02') AS summed FROM "helpers ""test"" 3"."e %1$s";
-- whatever somebody puts into the search_path
CREATE FUNCTION helpers_test.starts_with(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'caught'; END $$;
CREATE FUNCTION helpers_test.count(text) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE 'caught'; END $$;
CREATE FUNCTION helpers_test.trap(timestamptz, timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'caught'; END $$;
CREATE OPERATOR helpers_test.>= (FUNCTION = helpers_test.trap, LEFTARG = timestamptz, RIGHTARG = timestamptz);
CREATE TEMP TABLE many AS SELECT 1 AS no;
SET search_path = pg_temp, helpers_test, pg_catalog;
SELECT kpi.define_count('m_path', 'many', 'b*', in_schema => 'helpers_test');
SELECT kpi.define_count('m_nowhere', 'many', 'b*', in_schema => NULL);
SELECT value FROM helpers_test.kpi_m_path('2024-10-26', '2024-10-27');
SET search_path = helpers_test;
DROP OPERATOR helpers_test.>= (timestamptz, timestamptz);
DROP FUNCTION helpers_test.trap, helpers_test.starts_with, helpers_test.count(text);
DROP TABLE pg_temp.many;

-- ---- timelines instead of rows, where there are any ----
CREATE TABLE store AS SELECT who AS actor, timeline, kpi.first_at(timeline) AS first_at, kpi.last_at(timeline) AS last_at FROM (SELECT who, kpi.timeline(at, what) AS timeline FROM events WHERE who IS NOT NULL GROUP BY who) AS t;
SELECT kpi.add_source('stored', 'events', at => 'at', actor => 'who', event => 'what', value => 'amount', segment => 'country', zone => 'America/Havana');
UPDATE kpi.source SET store_schema = 'helpers_test', store_name = 'store' WHERE name = 'stored';
CREATE FUNCTION reads(name text) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(DISTINCT d.refobjid::regclass::text, ', ') FROM pg_depend AS d WHERE d.objid = to_regprocedure('helpers_test.' || quote_ident('kpi_' || name) || '(date,date)') AND d.refclassid = 'pg_class'::regclass $$;
CREATE PROCEDURE compare(stored text, rows text) LANGUAGE plpgsql AS $$
DECLARE differ bigint; n bigint;
BEGIN
  EXECUTE format($q$WITH a AS (SELECT to_jsonb(x) FROM %1$I('2025-01-01', '2026-01-01') AS x), b AS (SELECT to_jsonb(x) FROM %2$I('2025-01-01', '2026-01-01') AS x) SELECT (SELECT count(*) FROM (TABLE a EXCEPT ALL TABLE b) AS d) + (SELECT count(*) FROM (TABLE b EXCEPT ALL TABLE a) AS d), (SELECT count(*) FROM a)$q$, 'kpi_' || stored, 'kpi_' || rows) INTO differ, n;
  RAISE WARNING '% reads %: some rows: %, % differ from those of %', stored, helpers_test.reads(stored), n > 5, differ, helpers_test.reads(rows);
  EXECUTE format('SELECT count(*) FROM generate_series(timestamp ''2025-02-20'', ''2025-11-20'', ''1 day'') AS d, LATERAL (SELECT to_jsonb(x) FROM %1$I(d::date, d::date + 1) AS x EXCEPT ALL SELECT to_jsonb(x) FROM %2$I(d::date, d::date + 1) AS x) AS o', 'kpi_' || stored, 'kpi_' || rows) INTO differ;
  ASSERT differ = 0;
END $$;
SELECT kpi.define_funnel('stored_funnel', 'stored', 'view -> buy within 36 hours', segment => ''), kpi.define_funnel('rows_funnel', 'clicks', 'view -> buy within 36 hours', segment => '');
SELECT kpi.define_funnel('stored_first', 'stored', 'view -> buy within 36 hours first entry', segment => ''), kpi.define_funnel('rows_first', 'clicks', 'view -> buy within 36 hours first entry', segment => '');
SELECT kpi.define_retention('stored_retention', 'stored', '* -> buy by day for 3', 2, segment => ''), kpi.define_retention('rows_retention', 'clicks', '* -> buy by day for 3', 2, segment => '');
SELECT kpi.define_retention('stored_recurring', 'stored', '* -> buy by day for 3 recurring', 2, segment => ''), kpi.define_retention('rows_recurring', 'clicks', '* -> buy by day for 3 recurring', 2, segment => '');
SELECT kpi.define_session_metric('stored_sessions', 'stored', 'bounce_rate', 'views view', segment => ''), kpi.define_session_metric('rows_sessions', 'clicks', 'bounce_rate', 'views view', segment => '');
SELECT kpi.define_session_metric('stored_again', 'stored', 'returning_visitors', segment => ''), kpi.define_session_metric('rows_again', 'clicks', 'returning_visitors', segment => '');
SELECT kpi.define_funnel('stored_by_country', 'stored', 'view -> buy within 36 hours');
SET client_min_messages = warning;
CALL compare('stored_funnel', 'rows_funnel');
CALL compare('stored_first', 'rows_first');
CALL compare('stored_retention', 'rows_retention');
CALL compare('stored_recurring', 'rows_recurring');
CALL compare('stored_sessions', 'rows_sessions');
CALL compare('stored_again', 'rows_again');
-- timelines do not know segments
SELECT reads('stored_by_country');

-- ---- an orders table: each row is the same kind of event ----
CREATE TABLE orders (customer uuid, ordered date, total money, euros numeric);
INSERT INTO orders SELECT ('00000000-0000-0000-0000-00000000000' || i % 7)::uuid, date '2026-01-01' + i * i % 59, i::numeric::money, i FROM generate_series(1, 60) AS i;
SELECT error_of($$SELECT kpi.add_source('orders', 'orders', at => 'ordered', actor => 'customer', value => 'total')$$);
SELECT kpi.add_source('orders', 'orders', at => 'ordered', actor => 'customer', value => 'euros');
SELECT kpi.define_count('o_orders', 'orders', grain => 'month'), kpi.define_sum('o_revenue', 'orders', '*', 'month', unit => 'EUR'), kpi.define_retention('o_again', 'orders', '* -> * by month for 1', 1), kpi.define_funnel('o_repeat', 'orders', 'event -> event within 10 days by month first entry'), kpi.define_ratio('o_value', 'orders', '*', '*', 'sum', 'count', 'quarter', unit => 'EUR');
SELECT k.name, r.period_start, r.value, r.numerator, r.denominator, r.n FROM kpi.kpi AS k CROSS JOIN LATERAL kpi.definition_read(k.kind, k.definition_schema, k.definition_name, k.definition_owner, k.zone, '2026-01-01', '2026-04-01') AS r WHERE k.name ~ '^o_' ORDER BY k.name, 2;
SELECT date_trunc('month', ordered)::date, count(*), sum(euros) FROM orders GROUP BY 1 ORDER BY 1;

-- ---- nothing, and what is wrong ----
CREATE TABLE nothing (LIKE events);
SELECT kpi.add_source('nothing', 'nothing', at => 'at', actor => 'who', event => 'what', value => 'amount', segment => 'country');
SELECT kpi.define_count('n_count', 'nothing'), kpi.define_sum('n_sum', 'nothing', unit => 'x'), kpi.define_unique('n_unique', 'nothing', first_time => true), kpi.define_ratio('n_ratio', 'nothing', 'a', '*'), kpi.define_funnel('n_funnel', 'nothing', 'a -> b within 1 day'), kpi.define_retention('n_retention', 'nothing', 'a -> b by day for 1', 1), kpi.define_session_metric('n_sessions', 'nothing', 'sessions'), kpi.define_survey('n_survey', 'nothing', 'nps');
SELECT k.name, count(r.*) FROM kpi.kpi AS k LEFT JOIN LATERAL kpi.definition_read(k.kind, k.definition_schema, k.definition_name, k.definition_owner, k.zone, '1970-01-01', '2026-04-01') AS r ON true WHERE k.name ~ '^n_' GROUP BY 1 ORDER BY 1;
SELECT q, error_of('SELECT kpi.define_' || q) FROM unnest(ARRAY[$$count('x', 'click')$$, $$count('x', NULL)$$, $$count(NULL, 'clicks')$$, $$count('', 'clicks')$$, $$count('x', 'clicks', '')$$, $$count('x', 'clicks', 'a b')$$, $$count('x', 'clicks', 'a->b')$$, $$count('x', 'clicks', grain => 'hour')$$, $$count('x', 'clicks', segment => 'contry')$$, $$count('x', 'clicks', segment => 'amount')$$,
  $$count('x', 'clicks', in_schema => 'helpers_tset')$$, $$count('x', 'clicks', in_schema => 'pg_temp')$$, $$count('x', 'clicks', objective => 'none')$$, $$count('x', 'orders', 'buy')$$, $$sum('x', 'clicks')$$, $$sum('x', 'many')$$, $$ratio('x', 'clicks', 'buy', 'view', 'mean')$$, $$ratio('x', 'clicks', 'buy', 'view', 'count', NULL)$$, $$ratio('x', 'clicks', 'cart', 'view')$$,
  $$funnel('x', 'clicks', 'view -> buy')$$, $$funnel('x', 'clicks', 'view within 1 day')$$, $$funnel('x', 'clicks', 'view -> buy? within 1 day')$$, $$funnel('x', 'clicks', 'view -> buy within 1 day open')$$, $$funnel('x', 'clicks', 'view -> buy within 4000 days')$$, $$funnel('x', 'clicks', 'view -> buy within 50 hours', lookback => 2)$$, $$funnel('x', 'clicks', 'view -> buy within 1 day by hour')$$, $$funnel('x', 'clicks', NULL)$$,
  $$retention('x', 'clicks', 'view -> buy by day for 7', 8)$$, $$retention('x', 'clicks', 'view -> buy by day brackets 1, 3, 7', 2)$$, $$retention('x', 'clicks', 'view -> buy by hour for 7', 1)$$, $$retention('x', 'clicks', 'view -> buy by week for 7 week starts sunday', 1)$$, $$retention('x', 'clicks', 'view -> buy by week for 7 elapsed', 1)$$, $$retention('x', 'clicks', 'view -> buy by week for 7 on or after', 1)$$, $$retention('x', 'clicks', 'view -> buy by day for 7', NULL)$$,
  $$session_metric('x', 'clicks', 'bounce')$$, $$session_metric('x', 'clicks', NULL)$$, $$session_metric('x', 'clicks', 'page_views')$$, $$session_metric('x', 'clicks', 'ctr', 'impressions view')$$, $$session_metric('x', 'clicks', 'ctr', 'clicks cart')$$, $$session_metric('x', 'clicks', 'ctr')$$, $$session_metric('x', 'clicks', 'sessions', 'by week week starts sunday')$$, $$survey('x', 'clicks', NULL)$$]) AS q;
SELECT count(*) AS left_behind FROM kpi.kpi WHERE name = 'x';
SELECT count(*) FROM pg_proc WHERE proname = 'kpi_x';
-- columns that a source has none of
SELECT kpi.add_source('bare', 'events', at => 'at');
SELECT q, error_of('SELECT kpi.define_' || q) FROM unnest(ARRAY[$$count('x', 'bare', 'buy')$$, $$sum('x', 'bare', unit => 'x')$$, $$unique('x', 'bare')$$, $$ratio('x', 'bare', '*', '*', 'actors', 'count')$$, $$funnel('x', 'bare', 'a -> b within 1 day')$$, $$survey('x', 'bare', 'nps')$$]) AS q;
-- by somebody who may not read it, and over a view of somebody else
RESET ROLE;
CREATE ROLE kpi_test_other;
SELECT kpi.grant_access('kpi_test_other', 'author');
GRANT USAGE, CREATE ON SCHEMA helpers_test TO kpi_test_other;
SET ROLE kpi_test_other;
SELECT error_of($$SELECT kpi.define_count('x', 'clicks')$$), error_of($$SELECT kpi.define_count('purchases', 'clicks')$$);
RESET ROLE;
GRANT SELECT ON helpers_test.events TO kpi_test_other;
SET ROLE kpi_test_other;
SELECT kpi.define_count('others', 'clicks');
SELECT error_of($$SELECT kpi.define_count('purchases', 'clicks')$$);
SELECT owner, definition_owner FROM kpi.kpi WHERE name = 'others';
SET ROLE kpi_test_author;
CREATE FUNCTION spy() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'seen by %', current_user; RETURN 1; END $$;
CREATE VIEW spied AS SELECT *, spy() AS one FROM events;
SELECT kpi.add_source('spied', 'spied', at => 'at', value => 'one');
RESET ROLE;
SELECT error_of($$SELECT kpi.define_sum('x', 'spied', unit => 'x')$$);
SELECT error_of($$SELECT * FROM kpi.template('b2b', 'spied')$$);
-- pieces of it
SELECT * FROM kpi.label_list('a|"b c"|d*|a|within|"매출"*');
SELECT count(*) FROM kpi.label_list('*');
SELECT a, b, kpi.is_part_of(a, b) FROM (VALUES ('buy', 'view|buy'), ('buy|x', 'view|buy'), ('ab', 'a*'), ('ab*', 'a*'), ('a*', 'ab*'), ('a*', 'a'), ('a', '*'), ('*', 'a'), ('*', '*'), (NULL, 'a'), ('a', NULL)) AS t(a, b);
SELECT * FROM kpi.parts_of('a -> b? -> c -> d? within 36 hours by week first entry'::kpi.pattern);
SELECT * FROM kpi.parts_of('a -> b'::kpi.pattern);
SELECT * FROM kpi.parts_of('a -> b by week brackets 1, 3, 7 recurring week starts sunday'::kpi.retention_spec);
SELECT * FROM kpi.parts_of('timeout 90 min views a key b|c'::kpi.session_spec);
SELECT kpi.with_periods('a -> b within 1 day by week in UTC'::kpi.pattern, 'month', 'Asia/Seoul'), kpi.with_zone('a -> b by week for 2 in UTC', 'Asia/Seoul'), kpi.with_periods('views a, by week week starts sunday'::kpi.session_spec, 'day', 'Etc/GMT+3');
SELECT error_of($$SELECT kpi.with_periods('a -> b'::kpi.pattern, 'fortnight', 'UTC')$$), error_of($$SELECT kpi.with_periods('a -> b'::kpi.pattern, 'day', 'Asia/Soul')$$), error_of($$SELECT kpi.with_zone('a -> b by week for 2', '')$$);
SELECT hits, total, (kpi.proportion_interval(hits, total)).* FROM (VALUES (0, 0), (0, 10), (10, 10), (3, 10), (11, 10), (-1, 10)) AS t(hits, total);
DELETE FROM kpi.kpi;
DELETE FROM kpi.source;
DROP SCHEMA "helpers ""test"" 3", helpers_test_2, helpers_test CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none'), kpi.grant_access('kpi_test_other', 'none');
DROP ROLE kpi_test_author, kpi_test_other;
