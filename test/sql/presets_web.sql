-- kpi.map_source: the tables of event trackers as sources
CREATE SCHEMA presets_web_test;
CREATE SCHEMA ga4;
CREATE SCHEMA seg;
CREATE SCHEMA atomic;
CREATE SCHEMA posthog;
CREATE SCHEMA matomo;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
CREATE ROLE kpi_test_author;
GRANT USAGE, CREATE ON SCHEMA presets_web_test, ga4, seg, atomic, posthog, matomo TO kpi_test_author;
SELECT kpi.grant_access('kpi_test_author', 'author');
SET ROLE kpi_test_author;
SET search_path = presets_web_test;

-- ---- GA4 ----
CREATE TABLE ga4.events (event_date text, event_timestamp bigint, event_previous_timestamp bigint, event_name text, event_params jsonb, event_value_in_usd float8, event_bundle_sequence_id bigint, event_server_timestamp_offset bigint,
  user_id text, user_pseudo_id text, is_active_user boolean, user_properties jsonb, device jsonb, geo jsonb, traffic_source jsonb, stream_id text, platform text, ecommerce jsonb, items jsonb, collected_traffic_source jsonb, batch_event_index bigint);
-- times are microseconds UTC; event_date is that of the property, Asia/Seoul: 15:30 UTC is past midnight there
CREATE FUNCTION micros(t timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT (extract(epoch FROM t) * 1000000)::bigint $$;
CREATE FUNCTION params(VARIADIC p text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_agg(jsonb_build_object('key', split_part(i, '=', 1), 'value', jsonb_build_object('string_value', CASE WHEN v !~ '^[0-9.]+$' OR split_part(i, '=', 1) = 'session_engaged' THEN v END, 'int_value', CASE WHEN v ~ '^[0-9]+$' AND split_part(i, '=', 1) <> 'session_engaged' THEN v END, 'float_value', NULL, 'double_value', CASE WHEN v ~ '^[0-9]+\.[0-9]+$' THEN v::float8 END))) FROM unnest(p) AS i CROSS JOIN LATERAL (SELECT substr(i, position('=' in i) + 1) AS v) AS s $$;
INSERT INTO ga4.events (event_date, event_timestamp, event_name, event_params, event_value_in_usd, event_bundle_sequence_id, user_id, user_pseudo_id, ecommerce, collected_traffic_source, batch_event_index) VALUES
  ('20260310', micros('2026-03-10 14:59:59.999999Z'), 'session_start', params('ga_session_id=1700000001', 'page_location=https://shop.example/', 'source=naver', 'medium=organic'), NULL, 1, NULL, 'p1', NULL, NULL, 1),
  ('20260310', micros('2026-03-10 14:59:59.999999Z'), 'page_view', params('ga_session_id=1700000001', 'page_location=https://shop.example/', 'session_engaged=0'), NULL, 1, NULL, 'p1', NULL, NULL, 2),
  ('20260311', micros('2026-03-10 15:30:00Z'), 'purchase', params('ga_session_id=1700000001', 'session_engaged=1', 'engagement_time_msec=12500', 'currency=KRW', 'value=30000'), 22.5, 2, 'u1', 'p1', '{"purchase_revenue": 29900.5, "transaction_id": "T1"}', '{"manual_source": "kakao", "manual_medium": "cpc", "manual_campaign_name": "봄 세일"}', 1),
  ('20260311', micros('2026-03-11 03:00:00Z'), 'purchase', params('ga_session_id=1700000002', 'session_engaged=1', 'currency=KRW', 'value=100.5'), NULL, 1, NULL, 'p2', NULL, NULL, 1),
  ('20260311', micros('2026-03-11 04:00:00Z'), 'add_to_cart', params('ga_session_id=1700000002'), 7.25, 2, NULL, 'p2', NULL, NULL, 1),
  ('20260312', micros('2026-03-12 03:00:00Z'), 'page_view', params('page_location=https://shop.example/x'), NULL, 1, NULL, NULL, NULL, NULL, 1);
-- the same rows again, as of the table of the running day
INSERT INTO ga4.events SELECT * FROM ga4.events WHERE event_name = 'purchase';
SELECT preset, shape, score, missing, hint FROM kpi.detect_source('ga4.events');
SELECT * FROM kpi.map_source('ga4', 'ga4.events', 'web', zone => 'Asia/Seoul') \gx
SELECT at, event, actor, session, value, currency, page, source, medium, campaign, engaged, dwell, length(event_id) AS id, loaded_at FROM web_events ORDER BY at, event;
SELECT relation_name, at_column, actor_column, event_column, value_column, segment_column, id_column, loaded_at_column, zone, description FROM kpi.source \gx
SELECT obj_description('web_events'::regclass), col_description('web_events'::regclass, 12);
-- 11 March in Seoul: 29900.5 + 100.5, each purchase once
SELECT kpi.define_sum('revenue', 'web_events', 'purchase', unit => 'KRW'), kpi.define_unique('visitors', 'web_events');
SELECT kpi.set_target('revenue', '2026-03-11', 30000), kpi.set_target('visitors', '2026-03-11', 4);
CALL kpi.refresh(as_of => '2026-03-13 00:00 Asia/Seoul');
SELECT kpi, period, actual, target, round(attainment::numeric, 4) AS attainment FROM kpi.evaluate(as_of => '2026-03-13 00:00 Asia/Seoul') ORDER BY kpi;
-- days of the source are those of event_date
SELECT count(*) AS other_days FROM ga4.events WHERE (to_timestamp(event_timestamp / 1e6) AT TIME ZONE 'Asia/Seoul')::date <> event_date::date;
-- with duplicates, and with users stitched: u1 was on p1
SELECT count(*) FROM kpi.map_source('ga4', 'ga4.events', 'web', zone => 'Asia/Seoul', deduplicate => false, stitch => 'components');
SELECT event, actor, count(*) FROM web_events GROUP BY 1, 2 ORDER BY 1, 2;
SELECT * FROM web_identities ORDER BY 1;
-- parameters that were flattened to an object
CREATE TABLE ga4.flat AS SELECT event_timestamp, event_name, '{"ga_session_id": 5, "value": 3.5, "page_location": "/x"}'::json AS event_params, user_pseudo_id FROM ga4.events LIMIT 1;
SELECT count(*) FROM kpi.map_source('ga4', 'ga4.flat', 'flat');
SELECT at, session, value, page FROM flat_events;
-- the index that the note tells serves the days
CREATE TABLE ga4.large AS SELECT event_date, micros('2026-01-01Z'::timestamptz + i * interval '1 min') AS event_timestamp, 'page_view' AS event_name, params('ga_session_id=' || i) AS event_params, 'p' || i % 100 AS user_pseudo_id FROM ga4.events, generate_series(1, 3000) AS i WHERE event_name = 'session_start';
SELECT note FROM kpi.map_source('ga4', 'ga4.large', 'large');
CREATE INDEX large_at ON ga4.large ((to_timestamp(event_timestamp / 1e6)));
ANALYZE ga4.large;
CREATE INDEX large_key ON ga4.large (coalesce(user_pseudo_id::text, ''), event_timestamp, event_name, coalesce(NULL::text, ''), md5(event_params::text));
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM large_events WHERE at >= '2026-01-01 10:00Z' AND at < '2026-01-01 11:00Z';
RESET enable_seqscan;

-- ---- Segment, RudderStack ----
CREATE TABLE seg.tracks (id text, anonymous_id text, user_id text, event text, event_text text, "timestamp" timestamptz, original_timestamp timestamptz, sent_at timestamptz, received_at timestamptz, context_page_url text, context_campaign_source text, context_campaign_medium text, context_campaign_name text, context_library_name text, uuid_ts timestamptz);
CREATE TABLE seg.pages (id text, anonymous_id text, user_id text, name text, url text, "timestamp" timestamptz, sent_at timestamptz, received_at timestamptz);
CREATE TABLE seg.identifies (id text, anonymous_id text, user_id text, email text, "timestamp" timestamptz, received_at timestamptz);
CREATE TABLE seg.order_completed (id text, anonymous_id text, user_id text, event text, event_text text, "timestamp" timestamptz, received_at timestamptz, order_id text, revenue numeric, currency text);
INSERT INTO seg.pages VALUES
  ('p1', 'phone', NULL, 'Home', '/', '2026-03-10 10:00Z', NULL, '2026-03-10 10:01Z'), ('p2', 'laptop', NULL, 'Home', '/', '2026-03-11 10:00Z', NULL, '2026-03-11 10:01Z'),
  ('p3', 'tablet', NULL, 'Home', '/', '2026-03-11 11:00Z', NULL, '2026-03-11 11:01Z'), ('p3', 'tablet', NULL, 'Home', '/', '2026-03-11 11:00Z', NULL, '2026-03-12 11:01Z');
-- both devices log in as kim; lee is somebody else
INSERT INTO seg.identifies VALUES ('i1', 'phone', 'kim', 'k@x', '2026-03-10 10:05Z', '2026-03-10 10:05Z'), ('i2', 'laptop', 'kim', 'k@x', '2026-03-11 10:05Z', '2026-03-11 10:05Z'), ('i3', 'other', 'lee', 'l@x', '2026-03-11 12:00Z', '2026-03-11 12:00Z');
INSERT INTO seg.order_completed VALUES ('o1', 'laptop', 'kim', 'order_completed', 'Order Completed', '2026-03-11 10:10Z', '2026-03-11 10:11Z', 'A1', 120.10, 'EUR'), ('o2', 'other', 'lee', 'order_completed', 'Order Completed', '2026-03-11 12:30Z', '2026-03-11 12:31Z', 'A2', 80, 'EUR'),
  -- sent again by the device, and corrected
  ('o2', 'other', 'lee', 'order_completed', 'Order Completed', '2026-03-11 12:30Z', '2026-03-11 14:00Z', 'A2', 75, 'EUR');
INSERT INTO seg.tracks (id, anonymous_id, user_id, event, event_text, "timestamp", received_at) SELECT id, anonymous_id, user_id, event, event_text, "timestamp", received_at FROM seg.order_completed;
INSERT INTO seg.tracks (id, anonymous_id, user_id, event, event_text, "timestamp", received_at) VALUES ('t1', 'phone', '', 'product_viewed', 'Product Viewed', '2026-03-10 10:02Z', '2026-03-10 10:02Z'), ('t2', NULL, NULL, 'product_viewed', 'Product Viewed', '2026-03-10 10:02Z', '2026-03-10 10:02Z');
SELECT t.relation, d.preset, d.shape, d.score, d.missing, d.hint FROM unnest('{seg.tracks,seg.order_completed,seg.pages,seg.identifies}'::regclass[]) AS t(relation), LATERAL (SELECT * FROM kpi.detect_source(t.relation) LIMIT 1) AS d;
SELECT * FROM kpi.map_source('segment', 'seg.tracks', 'app', relations => '{"identifies": "identifies", "pages": "seg.pages", "events": {"order_completed": "seg.order_completed"}}') \gx
SELECT at, event, actor, value, currency, page, event_id, loaded_at FROM app_events ORDER BY at, event_id;
SELECT * FROM app_identities ORDER BY id, is_user;
-- 11 March: revenue 120.10 + 75; of kim, tablet and lee, two ordered
SELECT kpi.define_sum('app revenue', 'app_events', 'order_completed', unit => 'EUR'), kpi.define_ratio('app buyers', 'app_events', 'order_completed', '*', 'actors', 'actors', unit => 'share');
-- kim came on the phone and bought on the laptop
SELECT kpi.define_funnel('page to order', 'app_events', 'page_view -> order_completed within 7 days', unit => 'share');
SELECT kpi.set_target(k, '2026-03-11', t) FROM (VALUES ('app revenue', 200), ('app buyers', 0.5)) AS v(k, t);
SELECT kpi.set_target('page to order', '2026-03-10', 0.5);
CALL kpi.refresh(as_of => '2026-03-20 00:00Z');
SELECT kpi, period, round(actual::numeric, 4) AS actual, target, status FROM kpi.evaluate(as_of => '2026-03-20 00:00Z') WHERE kpi ~ '^app|^page' ORDER BY kpi COLLATE "C";
SELECT kpi, error FROM kpi.health WHERE failing;
-- a template over it
SELECT kpi, made FROM kpi.template('b2c', 'app_events', '{"signup": "product_viewed"}', prefix => 'app: ') WHERE made;
-- without stitching, and each device as its last user
SELECT count(*) FROM kpi.map_source('segment', 'seg.tracks', 'app', relations => '{"identifies": "identifies", "pages": "seg.pages", "events": {"order_completed": "seg.order_completed"}}', stitch => 'last');
SELECT DISTINCT actor FROM app_events ORDER BY 1;
-- an event whose value is called otherwise; RudderStack has the same columns, and some of its own
CREATE TABLE seg.plan_started (id text, anonymous_id text, user_id text, event text, event_text text, "timestamp" timestamptz, original_timestamp timestamptz, sent_at timestamptz, received_at timestamptz, mrr numeric, channel text, context_destination_id text, uuid_ts timestamptz);
INSERT INTO seg.plan_started VALUES ('s1', 'other', 'lee', 'plan_started', 'Plan Started', '2026-03-12Z', NULL, NULL, '2026-03-12Z', 9.9, 'web', 'd', NULL);
SELECT preset, score, missing, hint FROM kpi.detect_source('seg.plan_started') LIMIT 1;
SELECT count(*) FROM kpi.map_source('segment', 'seg.tracks', 'two', columns => '{"events.plan_started.value": "mrr"}', relations => '{"events": {"order_completed": "order_completed", "plan_started": "plan_started"}}');
SELECT event, sum(value) AS value, count(*) FROM two_events GROUP BY 1 ORDER BY 1;
-- identities that are kept in a table
CREATE TABLE seg.identities AS SELECT id, is_user, upper(identity) AS identity FROM app_identities;
SELECT view FROM kpi.map_source('segment', 'seg.tracks', 'kept', relations => '{"identities": "identities"}');
SELECT DISTINCT actor FROM kept_events ORDER BY 1;
SELECT view, source, shape FROM kpi.map_source('segment', 'seg.tracks', 'plain', stitch => 'none');
SELECT at, event, actor, value FROM plain_events ORDER BY at, event_id;

-- ---- Snowplow ----
CREATE TABLE atomic.events (app_id varchar(255), platform varchar(255), etl_tstamp timestamp, collector_tstamp timestamp NOT NULL, dvce_created_tstamp timestamp, event varchar(128), event_id char(36) NOT NULL, txn_id int, user_id varchar(255), user_ipaddress varchar(128), domain_userid varchar(128), domain_sessionidx int, network_userid varchar(128), page_url text, mkt_medium varchar(255), mkt_source varchar(255), mkt_campaign varchar(255), se_category varchar(1000), se_action varchar(1000), se_value float8, tr_orderid varchar(255), tr_total numeric(18,2), tr_currency char(3), domain_sessionid char(128), derived_tstamp timestamp, event_name varchar(1000), load_tstamp timestamp);
INSERT INTO atomic.events (etl_tstamp, collector_tstamp, derived_tstamp, event, event_name, event_id, user_id, domain_userid, domain_sessionidx, page_url, se_action, se_value, tr_total, tr_currency) VALUES
  ('2026-03-10 15:10', '2026-03-10 15:05', '2026-03-10 14:59:59', 'page_view', 'page_view', 'e1', NULL, 'd1', 1, '/', NULL, NULL, NULL, NULL), ('2026-03-10 15:10', '2026-03-10 15:05', '2026-03-10 15:00:09', 'page_ping', 'page_ping', 'e2', NULL, 'd1', 1, '/', NULL, NULL, NULL, NULL),
  ('2026-03-10 16:00', '2026-03-10 15:30', NULL, 'transaction', 'transaction', 'e3', 'kim', 'd1', 1, '/pay', NULL, NULL, 45.50, 'EUR'), ('2026-03-10 18:00', '2026-03-10 15:31', NULL, 'transaction', 'transaction', 'e3', 'kim', 'd1', 1, '/pay', NULL, NULL, 45.50, 'EUR'),
  ('2026-03-10 16:00', '2026-03-10 15:40', NULL, 'struct', 'event', 'e4', NULL, 'd2', 3, '/', 'video play', 2.5, NULL, NULL), ('2026-03-10 16:00', '2026-03-10 15:41', NULL, 'page_view', 'page_view', 'e5', NULL, NULL, NULL, '/', NULL, NULL, NULL, NULL);
SELECT preset, shape, score, missing, hint FROM kpi.detect_source('atomic.events');
SELECT * FROM kpi.map_source('snowplow', 'atomic.events', 'plow', zone => 'Asia/Seoul') \gx
SELECT at, event, actor, session, value, currency, trim(event_id) AS id, loaded_at FROM plow_events ORDER BY at;
-- 11 March in Seoul: one transaction of 45.50, though its row came twice
SELECT kpi.define_sum('plow revenue', 'plow_events', 'transaction', unit => 'EUR');
SELECT kpi.set_target('plow revenue', '2026-03-11', 91);
CALL kpi.refresh(as_of => '2026-03-13 00:00 Asia/Seoul');
SELECT kpi, period, actual, attainment FROM kpi.evaluate(as_of => '2026-03-13 00:00 Asia/Seoul') WHERE kpi ~ '^plow';

-- ---- PostHog ----
CREATE TABLE posthog.events (uuid varchar(200), event varchar(200), properties jsonb, elements jsonb, set jsonb, set_once jsonb, distinct_id varchar(200), team_id int, ip varchar(200), site_url varchar(200), "timestamp" timestamptz, created_at timestamptz);
INSERT INTO posthog.events (uuid, event, properties, distinct_id, team_id, "timestamp", created_at) VALUES
  ('1', '$pageview', '{"$session_id": "s1", "$current_url": "/a", "utm_source": "news", "utm_medium": "email"}', 'kim', 1, '2026-03-10 14:59Z', '2026-03-10 15:00Z'), ('2', 'order', '{"$session_id": "s1", "revenue": 30, "currency": "EUR"}', 'kim', 1, '2026-03-10 15:01Z', '2026-03-10 15:02Z'),
  ('2', 'order', '{"$session_id": "s1", "revenue": 33.3, "currency": "EUR"}', 'kim', 1, '2026-03-10 15:01Z', '2026-03-10 15:05Z'), ('3', 'order', '{"revenue": "free", "amount": "12.5"}', NULL, 1, '2026-03-10 15:01Z', '2026-03-10 15:02Z');
SELECT preset, shape, score, missing FROM kpi.detect_source('posthog.events');
SELECT * FROM kpi.map_source('posthog', 'posthog.events', 'hog', zone => 'Asia/Seoul') \gx
SELECT at, event, actor, session, value, currency, page, source, medium, event_id FROM hog_events ORDER BY at, event_id;
-- 11 March in Seoul: the later copy of order 2
SELECT kpi.define_sum('hog revenue', 'hog_events', 'order', unit => 'EUR');
SELECT kpi.set_target('hog revenue', '2026-03-11', 33.3);
CALL kpi.refresh(as_of => '2026-03-13 00:00 Asia/Seoul');
SELECT kpi, period, actual, attainment FROM kpi.evaluate(as_of => '2026-03-13 00:00 Asia/Seoul') WHERE kpi ~ '^hog';
-- another property, a constant
SELECT count(*) FROM kpi.map_source('posthog', 'posthog.events', 'hog', columns => '{"value": {"column": "properties", "key": "amount"}, "currency": {"value": "KRW"}, "page": null}');
SELECT event_id, value, currency, page FROM hog_events ORDER BY 1;

-- ---- Matomo ----
CREATE TABLE matomo.log_link_visit_action (idlink_va bigint PRIMARY KEY, idsite int, idvisitor bytea, idvisit bigint, idaction_url_ref int, idaction_name_ref int, pageview_position int, server_time timestamp, idpageview char(6), idaction_name int, idaction_url int, time_spent int);
CREATE TABLE matomo.log_conversion (idvisit bigint, idsite int, idvisitor bytea, server_time timestamp, idaction_url int, idlink_va bigint, idgoal int, buster int, idorder varchar(100), items smallint, url varchar(4096), revenue float8, revenue_shipping float8);
CREATE TABLE matomo.log_action (idaction int PRIMARY KEY, name text, hash bigint, type smallint, url_prefix smallint);
CREATE TABLE matomo.log_visit (idvisit bigint PRIMARY KEY, idsite int, idvisitor bytea, visit_last_action_time timestamp, visit_first_action_time timestamp, referer_type smallint, referer_name text, referer_keyword text);
INSERT INTO matomo.log_action VALUES (1, 'shop.example/', 0, 1, 2), (2, 'shop.example/file.pdf', 0, 3, 2);
INSERT INTO matomo.log_visit VALUES (10, 1, '\x00ff00ff00ff00ff', '2026-03-10 16:00', '2026-03-10 14:50', 6, 'spring', NULL), (11, 1, '\x0a0a0a0a0a0a0a0a', '2026-03-10 16:00', '2026-03-10 14:50', 2, 'Google', NULL);
INSERT INTO matomo.log_link_visit_action VALUES (100, 1, '\x00ff00ff00ff00ff', 10, NULL, NULL, 1, '2026-03-10 14:59:59', 'abcdef', NULL, 1, 5), (101, 1, '\x00ff00ff00ff00ff', 10, NULL, NULL, 2, '2026-03-10 15:00:00', 'abcdeg', NULL, 2, 5), (102, 1, '\x0a0a0a0a0a0a0a0a', 11, NULL, NULL, 1, '2026-03-10 15:00:00', 'abcdeh', NULL, 1, 5), (103, 1, NULL, 12, NULL, NULL, 1, '2026-03-10 15:00:00', NULL, 1, NULL, 5);
INSERT INTO matomo.log_conversion VALUES (10, 1, '\x00ff00ff00ff00ff', '2026-03-10 15:20', 1, 101, 0, 7, 'A1', 2, 'https://shop.example/done', 59.9, 4), (11, 1, '\x0a0a0a0a0a0a0a0a', '2026-03-10 15:30', 1, 102, 3, 0, NULL, NULL, NULL, 0, NULL), (11, 1, '\x0a0a0a0a0a0a0a0a', '2026-03-10 15:31', 1, NULL, -1, 0, NULL, 1, NULL, 20, NULL);
SELECT t.relation, d.preset, d.shape, d.score, d.missing, d.hint FROM unnest('{matomo.log_link_visit_action,matomo.log_conversion,matomo.log_action,matomo.log_visit}'::regclass[]) AS t(relation), LATERAL (SELECT * FROM kpi.detect_source(t.relation) LIMIT 1) AS d;
SELECT * FROM kpi.map_source('matomo', 'matomo.log_link_visit_action', 'piwik', zone => 'Asia/Seoul', relations => '{"log_conversion": "log_conversion", "log_action": "log_action", "log_visit": "matomo.log_visit"}') \gx
SELECT at, event, actor, session, value, page, source, medium, campaign, event_id FROM piwik_events ORDER BY at, event_id;
-- 11 March in Seoul: of two visitors (the third has no id), one bought
SELECT kpi.define_ratio('piwik purchase rate', 'piwik_events', 'purchase', '*', 'actors', 'actors', unit => 'share');
SELECT kpi.set_target('piwik purchase rate', '2026-03-11', 0.5);
CALL kpi.refresh(as_of => '2026-03-13 00:00 Asia/Seoul');
SELECT kpi, period, actual, status FROM kpi.evaluate(as_of => '2026-03-13 00:00 Asia/Seoul') WHERE kpi ~ '^piwik';
SELECT count(*) FROM kpi.map_source('matomo', 'matomo.log_link_visit_action', 'alone');
SELECT event, page, source, count(*) FROM alone_events GROUP BY 1, 2, 3;
SELECT kpi, error FROM kpi.health WHERE failing;
-- the rest of the catalog reads these sources as any other
SELECT rule, severity FROM kpi.trust('web_events', '2026-03-13 00:00Z') WHERE rule ~ 'dupl|unique|null' ORDER BY 1;
SELECT length(kpi.trust_score('app_events', '2026-03-13 00:00Z')::text) > 0 AS trusted;

RESET ROLE;
DELETE FROM kpi.kpi;
DELETE FROM kpi.objective;
DELETE FROM kpi.source;
DROP SCHEMA presets_web_test, ga4, seg, atomic, posthog, matomo CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none');
DROP ROLE kpi_test_author;
