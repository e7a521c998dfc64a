-- kpi.map_source: costs of advertising as sources
CREATE SCHEMA presets_ads_test;
CREATE SCHEMA google_ads;
CREATE SCHEMA facebook_ads;
CREATE SCHEMA airbyte;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
CREATE ROLE kpi_test_author;
GRANT USAGE, CREATE ON SCHEMA presets_ads_test, google_ads, facebook_ads, airbyte TO kpi_test_author;
SELECT kpi.grant_access('kpi_test_author', 'author');
SET ROLE kpi_test_author;
SET search_path = presets_ads_test;

-- ---- Google Ads, as Fivetran leaves it ----
CREATE TABLE google_ads.campaign_stats (customer_id bigint, date date, _fivetran_id text, id bigint, base_campaign text, clicks bigint, impressions bigint, cost_micros bigint, conversions float8, conversions_value float8, device text, ad_network_type text, _fivetran_synced timestamptz);
CREATE TABLE google_ads.campaign_history (id bigint, updated_at timestamptz, name text, advertising_channel_type text, status text, _fivetran_active boolean);
INSERT INTO google_ads.campaign_history VALUES (1, '2026-01-01Z', 'old name', 'SEARCH', 'ENABLED', false), (1, '2026-02-01Z', '봄 "세일"', 'SEARCH', 'ENABLED', true);
INSERT INTO google_ads.campaign_stats VALUES
  (7, '2026-03-10', 'a', 1, NULL, 10, 1000, 12345678, 1.5, 60, 'MOBILE', 'SEARCH', '2026-03-11Z'), (7, '2026-03-10', 'b', 1, NULL, 5, 400, 1, 0, 0, 'DESKTOP', 'SEARCH', '2026-03-11Z'),
  (7, '2026-03-10', 'c', 2, NULL, 0, 100, 0, 0, 0, 'DESKTOP', 'SEARCH', '2026-03-11Z'), (7, '2026-03-11', 'd', 1, NULL, 4, 500, 5000000, 0, 0, 'MOBILE', 'SEARCH', '2026-03-12Z');
SELECT t.relation, d.preset, d.shape, d.score, d.missing, d.hint FROM unnest('{google_ads.campaign_stats,google_ads.campaign_history}'::regclass[]) AS t(relation), LATERAL (SELECT * FROM kpi.detect_source(t.relation) LIMIT 1) AS d;
SELECT * FROM kpi.map_source('google_ads', 'google_ads.campaign_stats', 'ads', zone => 'Asia/Seoul', columns => '{"currency": {"value": "KRW"}}', relations => '{"campaign_history": "campaign_history"}') \gx
SELECT * FROM ads_costs ORDER BY day, campaign, cost;
SELECT day, metric, value, channel, item FROM ads_cost_metrics WHERE item = '2' ORDER BY metric;
SELECT name, at_column, event_column, value_column, segment_column, loaded_at_column, zone FROM kpi.source ORDER BY name;
-- 10 March: 12.345678 + 0.000001; clicks for impressions 15 / 1500; cost for each conversion 12.345679 / 1.5
SELECT kpi.define_sum('ad cost', 'ads_costs', unit => 'KRW', direction => 'down', lookback => 30),
  kpi.define_ratio('ctr', 'ads_cost_metrics', 'clicks', 'impressions', 'sum', 'sum', unit => 'share', lookback => 30),
  kpi.define_ratio('cost per conversion', 'ads_cost_metrics', 'cost', 'conversions', 'sum', 'sum', unit => 'KRW', direction => 'down', lookback => 30),
  kpi.define_ratio('roas', 'ads_cost_metrics', 'conversion_value', 'cost', 'sum', 'sum', unit => 'ratio', lookback => 30);
SELECT kpi.set_target(k, '2026-03-10', t) FROM (VALUES ('ad cost', 12.345679), ('ctr', 0.01), ('cost per conversion', 8), ('roas', 4)) AS v(k, t);
CALL kpi.refresh(as_of => '2026-03-13 00:00 Asia/Seoul');
SELECT kpi, period, round(actual::numeric, 6) AS actual, target FROM kpi.evaluate(as_of => '2026-03-13 00:00 Asia/Seoul') WHERE segment = '' ORDER BY kpi;
-- the platform restates it two weeks later: within the lookback it is measured again
UPDATE google_ads.campaign_stats SET conversions = 3, cost_micros = 12345679 WHERE _fivetran_id = 'a';
CALL kpi.refresh(as_of => '2026-03-27 00:00 Asia/Seoul');
SELECT kpi, period, round(actual::numeric, 6) AS actual FROM kpi.evaluate(as_of => '2026-03-13 00:00 Asia/Seoul') WHERE segment = '' ORDER BY kpi;
SELECT kpi, error FROM kpi.health WHERE failing;
-- costs of a template
CREATE TABLE shop (ts timestamptz, who int, what text, amount numeric);
INSERT INTO shop VALUES ('2026-03-10 12:00Z', 1, 'lead', NULL), ('2026-03-10 13:00Z', 2, 'lead', NULL);
SELECT kpi.add_source('shop', 'shop', at => 'ts', actor => 'who', event => 'what', value => 'amount', zone => 'Asia/Seoul');
SELECT kpi, made, note FROM kpi.template('b2b', 'shop', costs => 'ads_costs', currency => 'KRW') WHERE kpi ~ 'cost';

-- as Airbyte leaves it: restated rows are appended
CREATE TABLE airbyte.campaign ("customer.id" bigint, customer_id bigint, "campaign.id" bigint, "campaign.name" text, "segments.date" date, "metrics.cost_micros" bigint, "metrics.clicks" bigint, "metrics.impressions" bigint, "metrics.conversions" numeric, "metrics.conversions_value" numeric, "segments.device" text, _airbyte_raw_id text, _airbyte_extracted_at timestamptz);
INSERT INTO airbyte.campaign VALUES (7, 7, 1, 'spring', '2026-03-10', 1000000, 3, 100, 0, 0, 'MOBILE', 'r1', '2026-03-11Z'), (7, 7, 1, 'spring', '2026-03-10', 1100000, 4, 100, 2, 30, 'MOBILE', 'r2', '2026-03-20Z'), (7, 7, 1, 'spring', '2026-03-10', 7000000, 1, 100, 0, 0, 'DESKTOP', 'r3', '2026-03-11Z');
SELECT preset, score, missing FROM kpi.detect_source('airbyte.campaign') LIMIT 1;
SELECT view FROM kpi.map_source('google_ads', 'airbyte.campaign', 'air');
SELECT day, campaign, cost, clicks, conversions, conversion_value, loaded_at FROM air_costs ORDER BY cost;

-- ---- Meta Ads ----
CREATE TABLE facebook_ads.basic_ad (ad_id bigint, date date, account_id bigint, _fivetran_id text, impressions bigint, inline_link_clicks bigint, reach bigint, cost_per_inline_link_click float8, cpc float8, cpm float8, ctr float8, frequency float8, spend float8, ad_name text, adset_name text, campaign_name text, _fivetran_synced timestamptz);
CREATE TABLE facebook_ads.basic_ad_actions (ad_id bigint, date date, _fivetran_id text, index int, action_type text, value float8, inline float8, _7_d_click float8);
INSERT INTO facebook_ads.basic_ad VALUES (1, '2026-03-10', 9, 'f1', 1000, 20, 800, NULL, NULL, NULL, NULL, NULL, 10.1, 'ad', 'set', 'camp', '2026-03-11Z'), (2, '2026-03-10', 9, 'f2', 500, 10, 400, NULL, NULL, NULL, NULL, NULL, 20.2, 'ad2', 'set', 'camp', '2026-03-11Z');
INSERT INTO facebook_ads.basic_ad_actions VALUES (1, '2026-03-10', 'f1', 0, 'purchase', 2, NULL, NULL), (1, '2026-03-10', 'f1', 1, 'link_click', 20, NULL, NULL);
SELECT t.relation, d.preset, d.shape, d.score, d.missing FROM unnest('{facebook_ads.basic_ad,facebook_ads.basic_ad_actions}'::regclass[]) AS t(relation), LATERAL (SELECT * FROM kpi.detect_source(t.relation) LIMIT 1) AS d;
SELECT view, source FROM kpi.map_source('meta_ads', 'facebook_ads.basic_ad', 'meta', relations => '{"basic_ad_actions": "basic_ad_actions"}');
SELECT * FROM meta_costs ORDER BY cost;
-- 30.3 exactly, though the floats do not add up to it
SELECT kpi.define_sum('meta cost', 'meta_costs', unit => 'EUR', lookback => 30), kpi.define_ratio('meta cpa', 'meta_cost_metrics', 'cost', 'conversions', 'sum', 'sum', unit => 'EUR', lookback => 30);
SELECT kpi.set_target('meta cost', '2026-03-10', 30.3), kpi.set_target('meta cpa', '2026-03-10', 15.15);
CALL kpi.refresh(as_of => '2026-03-13 00:00Z');
SELECT kpi, actual, attainment FROM kpi.evaluate(as_of => '2026-03-13 00:00Z') WHERE kpi ~ '^meta' AND segment = '';
-- Airbyte: actions in a json column
CREATE TABLE airbyte.ads_insights (account_id text, account_currency text, ad_id text, campaign_id text, campaign_name text, date_start date, impressions bigint, clicks bigint, inline_link_clicks bigint, spend numeric, actions jsonb, action_values jsonb, _airbyte_raw_id text, _airbyte_extracted_at timestamptz);
INSERT INTO airbyte.ads_insights VALUES ('9', 'EUR', '1', '5', 'camp', '2026-03-10', 100, 9, 7, 5.5, '[{"action_type": "purchase", "value": "2"}, {"action_type": "link_click", "value": "7"}]', '[{"action_type": "purchase", "value": "59.9"}]', 'x', '2026-03-11Z'), ('9', 'EUR', '1', '5', 'camp', '2026-03-10', 100, 9, 7, 5.6, '[{"action_type": "purchase", "value": "3"}]', NULL, 'y', '2026-03-12Z');
SELECT preset, score FROM kpi.detect_source('airbyte.ads_insights') LIMIT 1;
SELECT view FROM kpi.map_source('meta_ads', 'airbyte.ads_insights', 'meta2');
SELECT * FROM meta2_costs;

-- ---- ad_reporting ----
CREATE TABLE ad_reporting__campaign_report (source_relation text, date_day date, platform text, account_id text, account_name text, campaign_id text, campaign_name text, clicks int, impressions int, spend float8, conversions float8, conversions_value float8);
INSERT INTO ad_reporting__campaign_report VALUES ('x', '2026-03-10', 'google_ads', '7', 'acc', '1', 'spring', 10, 1000, 10.5, 1, 20), ('x', '2026-03-10', 'tiktok_ads', '8', 'acc', '2', NULL, 5, 500, 4.25, 0, 0);
SELECT preset, shape, score, missing FROM kpi.detect_source('ad_reporting__campaign_report');
SELECT view, source, shape FROM kpi.map_source('ad_reporting', 'ad_reporting__campaign_report', 'all ads');
SELECT day, channel, campaign, cost, impressions, clicks, conversions, conversion_value FROM "all ads_costs" ORDER BY cost;
SELECT kpi.define_sum('all cost', 'all ads_costs', unit => 'EUR', lookback => 30);
SELECT kpi.set_target('all cost', '2026-03-10', 14.75), kpi.set_target('all cost', '2026-03-10', 5, segment => 'tiktok_ads');
CALL kpi.refresh(as_of => '2026-03-13 00:00Z');
SELECT kpi, segment, actual, target FROM kpi.evaluate(as_of => '2026-03-13 00:00Z') WHERE kpi = 'all cost' ORDER BY segment;
SELECT kpi, error FROM kpi.health WHERE failing;

RESET ROLE;
DELETE FROM kpi.kpi;
DELETE FROM kpi.objective;
DELETE FROM kpi.source;
DROP SCHEMA presets_ads_test, google_ads, facebook_ads, airbyte CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none');
DROP ROLE kpi_test_author;
