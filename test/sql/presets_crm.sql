-- kpi.map_source: pipelines of CRM systems as sources
CREATE SCHEMA presets_crm_test;
CREATE SCHEMA salesforce;
CREATE SCHEMA hubspot;
CREATE SCHEMA airbyte;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'America/New_York';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
CREATE ROLE kpi_test_author;
GRANT USAGE, CREATE ON SCHEMA presets_crm_test, salesforce, hubspot, airbyte TO kpi_test_author;
SELECT kpi.grant_access('kpi_test_author', 'author');
SET ROLE kpi_test_author;
SET search_path = presets_crm_test;

-- ---- Salesforce, as Fivetran leaves it, with history mode ----
CREATE TABLE salesforce.opportunity (id text, name text, amount float8, created_date timestamptz, close_date date, is_closed boolean, is_won boolean, stage_name text, lead_source text, probability float8, expected_revenue float8, owner_id text, is_deleted boolean, _fivetran_active boolean, _fivetran_start timestamptz, _fivetran_synced timestamptz);
CREATE TABLE salesforce.lead (id text, created_date timestamptz, is_converted boolean, converted_date date, converted_opportunity_id text, lead_source text, status text, owner_id text, is_deleted boolean, _fivetran_synced timestamptz);
CREATE TABLE salesforce.opportunity_history (id text, opportunity_id text, created_date timestamptz, stage_name text, amount float8, close_date date, is_deleted boolean, _fivetran_synced timestamptz);
INSERT INTO salesforce.opportunity VALUES
  -- an older version of O1, closed off at the same time as the newer one was synced
  ('O1', 'one', 900, '2026-03-05 10:00Z', '2026-03-20', false, false, 'Proposal', 'Web', 50, 450, 'kim', false, false, '2026-03-05Z', '2026-03-21Z'),
  ('O1', 'one', 1000.50, '2026-03-05 10:00Z', '2026-03-20', true, true, 'Closed Won', 'Web', 100, 1000.50, 'kim', false, true, '2026-03-20Z', '2026-03-21Z'),
  ('O2', 'two', 500, '2026-03-06 10:00Z', '2026-03-25', true, false, 'Closed Lost', 'Event', 0, 0, 'kim', false, true, '2026-03-25Z', '2026-03-25Z'),
  -- won on the day on which it was opened; of the last day of March in Seoul, though its row is of the evening before in New York
  ('O3', 'three', 3000, '2026-03-30 16:00Z', '2026-03-31', true, true, 'Closed Won', NULL, 100, 3000, 'lee', false, true, '2026-03-31Z', '2026-03-31Z'),
  ('O4', 'deleted', 99999, '2026-03-07 10:00Z', '2026-03-21', true, true, 'Closed Won', 'Web', 100, 0, 'lee', true, true, '2026-03-21Z', '2026-03-21Z'),
  ('O5', 'open', 700, '2026-03-08 10:00Z', '2026-05-01', false, false, 'Proposal', 'Web', 50, 350, 'lee', false, true, '2026-03-08Z', '2026-03-08Z');
INSERT INTO salesforce.lead VALUES
  ('L1', '2026-03-02 10:00Z', true, '2026-03-05', 'O1', 'Web', 'Converted', 'kim', false, '2026-03-05Z'), ('L2', '2026-03-03 10:00Z', false, NULL, NULL, 'Web', 'Open', 'kim', false, '2026-03-05Z'), ('L3', '2026-03-03 11:00Z', true, '2026-03-06', 'O2', 'Event', 'Converted', 'kim', false, '2026-03-06Z'),
  ('L4', '2026-03-03 11:00Z', true, '2026-03-07', 'O4', 'Web', 'Converted', 'kim', true, '2026-03-07Z'), ('L5', '2026-02-28 15:30Z', false, NULL, '', NULL, 'Open', NULL, false, '2026-03-01Z');
INSERT INTO salesforce.opportunity_history VALUES
  ('H1', 'O1', '2026-03-05 10:00Z', 'Prospecting', 900, NULL, false, NULL), ('H2', 'O1', '2026-03-10 10:00Z', 'Proposal', 900, NULL, false, NULL), ('H3', 'O1', '2026-03-12 10:00Z', 'Proposal', 1000.50, NULL, false, NULL), ('H4', 'O1', '2026-03-20 10:00Z', 'Closed Won', 1000.50, NULL, false, NULL),
  ('H5', 'O2', '2026-03-06 10:00Z', 'Prospecting', 500, NULL, false, NULL), ('H6', 'O4', '2026-03-07 10:00Z', 'Prospecting', 500, NULL, false, NULL);
SELECT t.relation, d.preset, d.shape, d.score, d.missing, d.hint FROM unnest('{salesforce.opportunity,salesforce.lead,salesforce.opportunity_history}'::regclass[]) AS t(relation), LATERAL (SELECT * FROM kpi.detect_source(t.relation) LIMIT 1) AS d;
SELECT * FROM kpi.map_source('salesforce', 'salesforce.opportunity', 'crm', zone => 'Asia/Seoul', relations => '{"lead": "lead", "opportunity_history": "salesforce.opportunity_history"}') \gx
SELECT name, at_column, actor_column, event_column, value_column, segment_column, loaded_at_column FROM kpi.source ORDER BY name;
SET timezone = 'UTC';
SELECT * FROM crm_deals ORDER BY deal_id;
SELECT * FROM crm_leads ORDER BY lead_id;
SELECT at, deal_id, stage FROM crm_stages ORDER BY at, deal_id;
SELECT at, event, actor, value, source, event_id FROM crm_pipeline ORDER BY at, event, actor;
-- leads of March in Seoul: L1, L2, L3 and L5, which came on 1 March at half past midnight; L4 is deleted. One was won: 1/4.
SELECT kpi.define_count('leads', 'crm_pipeline', 'lead', grain => 'month', segment => ''), kpi.define_funnel('lead to won', 'crm_pipeline', 'lead -> opportunity -> deal_won within 90 days', grain => 'month', segment => '', unit => 'share'),
-- contracts of March: (1000.50 + 3000) / 2
  kpi.define_ratio('average contract', 'crm_pipeline', 'deal_won', 'deal_won', 'sum', 'count', grain => 'month', segment => '', unit => 'EUR', lookback => 30),
-- of the deals of March that were closed, O1, O2 and O3, two were won
  kpi.define_ratio('win rate', 'crm_pipeline', 'deal_won', 'deal_won|deal_lost', grain => 'month', segment => '', unit => 'share');
SELECT kpi.set_target(k, '2026-03', t) FROM (VALUES ('leads', 4), ('lead to won', 0.2), ('average contract', 2000), ('win rate', 0.5)) AS v(k, t);
CALL kpi.refresh(as_of => '2026-07-05 12:00Z');
SELECT kpi, period, round(actual::numeric, 4) AS actual, target FROM kpi.evaluate(as_of => '2026-07-05 12:00Z') ORDER BY kpi;
SELECT kpi, error FROM kpi.health WHERE failing;
-- the template of b2b reads the same names
SELECT kpi, made, note FROM kpi.template('b2b', 'crm_pipeline', prefix => 'b2b ', segment => '');
CALL kpi.refresh(as_of => '2026-07-05 12:00Z');
SELECT kpi, value, numerator, denominator FROM kpi.measurement WHERE kpi ~ '^b2b' AND period_start = '2026-03-01' ORDER BY kpi;

-- without its leads, and with the history of fields
CREATE TABLE salesforce.opportunity_field_history (id text, opportunity_id text, created_date timestamptz, field text, old_value text, new_value text);
INSERT INTO salesforce.opportunity_field_history VALUES ('F1', 'O2', '2026-03-06 11:00Z', 'StageName', 'Prospecting', 'Proposal'), ('F2', 'O2', '2026-03-06 12:00Z', 'Amount', '1', '500');
SELECT preset, shape, score FROM kpi.detect_source('salesforce.opportunity_field_history') LIMIT 1;
SELECT view, source, shape FROM kpi.map_source('salesforce', 'salesforce.opportunity', 'plain', relations => '{"opportunity_field_history": "opportunity_field_history"}');
SELECT event, count(*) FROM plain_pipeline GROUP BY 1 ORDER BY 1;

-- ---- Salesforce, as Airbyte leaves it: names of the API, appended ----
CREATE TABLE airbyte."Opportunity" ("Id" text, "Amount" numeric, "CreatedDate" timestamptz, "CloseDate" date, "IsClosed" boolean, "IsWon" boolean, "StageName" text, "LeadSource" text, "OwnerId" text, "IsDeleted" boolean, "CurrencyIsoCode" text, _airbyte_raw_id text, _airbyte_extracted_at timestamptz, _airbyte_meta jsonb, _airbyte_generation_id bigint);
INSERT INTO airbyte."Opportunity" VALUES ('A1', 10, '2026-03-05Z', '2026-03-09', false, false, 'Open', 'Web', 'kim', false, 'EUR', 'r1', '2026-03-06Z'), ('A1', 12.34, '2026-03-05Z', '2026-03-09', true, true, 'Closed Won', 'Web', 'kim', false, 'EUR', 'r2', '2026-03-10Z'),
  ('A2', 5, '2026-03-05Z', '2026-03-09', true, true, 'Closed Won', 'Web', 'kim', false, 'EUR', 'r3', '2026-03-09Z'), ('A2', 5, '2026-03-05Z', '2026-03-09', true, true, 'Closed Won', 'Web', 'kim', true, 'EUR', 'r4', '2026-03-12Z');
SELECT preset, shape, score, missing, hint FROM kpi.detect_source('airbyte."Opportunity"');
SELECT view, note FROM kpi.map_source('salesforce', 'airbyte."Opportunity"', 'air');
-- A1 as it was loaded last; A2 was deleted after it was won
SELECT * FROM air_deals;
SELECT event, actor, value, currency FROM air_pipeline ORDER BY at;
-- of a view, whose rows have no place
CREATE VIEW airbyte.opportunities AS SELECT * FROM airbyte."Opportunity";
SELECT count(*) FROM kpi.map_source('salesforce', 'airbyte.opportunities', 'air');
SELECT deal_id, amount, is_won FROM air_deals;

-- ---- HubSpot, as Fivetran leaves it ----
CREATE TABLE hubspot.deal (deal_id bigint, property_dealname text, property_amount numeric, property_createdate timestamptz, property_closedate timestamptz, deal_pipeline_id text, deal_pipeline_stage_id text, owner_id bigint, property_hs_analytics_source text, is_deleted boolean, _fivetran_synced timestamptz);
CREATE TABLE hubspot.deal_pipeline_stage (stage_id text, pipeline_id text, label text, probability float8, closed_won boolean, display_order int, _fivetran_deleted boolean);
CREATE TABLE hubspot.deal_stage (deal_id bigint, value text, date_entered timestamptz, source text, _fivetran_active boolean, _fivetran_synced timestamptz);
CREATE TABLE hubspot.contact (id bigint, property_createdate timestamptz, property_email text, property_lifecyclestage text, property_hs_analytics_source text, is_deleted boolean, _fivetran_deleted boolean, _fivetran_synced timestamptz);
CREATE TABLE hubspot.deal_contact (deal_id bigint, contact_id bigint, type_id int);
INSERT INTO hubspot.deal_pipeline_stage VALUES ('100', 'p', '제안', 0.5, false, 1, false), ('200', 'p', 'Won!', 1, true, 2, false), ('300', 'p', 'Lost', 0, false, 3, false), ('200', 'p', 'old name', 1, true, 2, true);
INSERT INTO hubspot.deal VALUES (9, 'a', 250.25, '2026-03-03Z', '2026-03-31 14:59:59Z', 'p', '200', 7, 'ORGANIC_SEARCH', false, '2026-04-01Z'), (10, 'b', 100, '2026-03-03Z', '2026-03-31 15:00Z', 'p', '200', 7, NULL, false, '2026-04-01Z'), (11, 'c', 80, '2026-03-03Z', '2026-03-20Z', 'p', '300', 7, NULL, false, '2026-04-01Z'),
  (12, 'd', 70, '2026-03-03Z', NULL, 'p', '100', 7, NULL, false, '2026-04-01Z'), (13, 'gone', 1000, '2026-03-03Z', '2026-03-20Z', 'p', '200', 7, NULL, true, '2026-04-01Z');
INSERT INTO hubspot.deal_stage VALUES (9, '100', '2026-03-03Z', 'CRM', false, '2026-04-01Z'), (9, '200', '2026-03-31 14:59Z', 'CRM', true, '2026-04-01Z'), (13, '100', '2026-03-03Z', 'CRM', true, '2026-04-01Z');
INSERT INTO hubspot.contact VALUES (1, '2026-03-01Z', 'a@x', 'customer', 'ORGANIC_SEARCH', false, false, '2026-03-02Z'), (2, '2026-03-02Z', 'b@x', 'lead', 'PAID_SOCIAL', false, false, '2026-03-02Z'), (3, '2026-03-02Z', 'c@x', 'lead', 'PAID_SOCIAL', true, false, '2026-03-02Z');
INSERT INTO hubspot.deal_contact VALUES (10, 1, 3), (9, 1, 3);
SELECT t.relation, d.preset, d.shape, d.score, d.missing, d.hint FROM unnest('{hubspot.deal,hubspot.deal_pipeline_stage,hubspot.deal_stage,hubspot.contact,hubspot.deal_contact}'::regclass[]) AS t(relation), LATERAL (SELECT * FROM kpi.detect_source(t.relation) LIMIT 1) AS d;
SELECT * FROM kpi.map_source('hubspot', 'hubspot.deal', 'hub', zone => 'Asia/Seoul', relations => '{"deal_pipeline_stage": "deal_pipeline_stage", "deal_stage": "deal_stage", "contact": "contact", "deal_contact": "deal_contact"}') \gx
SELECT deal_id, created_at, closed_at, is_won, is_closed, amount, stage, owner, lead_source FROM hub_deals ORDER BY length(deal_id), deal_id;
SELECT lead_id, created_at, deal_id, status, lead_source FROM hub_leads ORDER BY lead_id;
SELECT at, event, actor, value, source FROM hub_pipeline ORDER BY at, event, actor;
-- deal 9 was won on 31 March in Seoul, deal 10 a second later, in April; of two contacts one became a customer
SELECT kpi.define_sum('hub won', 'hub_pipeline', 'deal_won', grain => 'month', segment => '', unit => 'EUR', lookback => 30), kpi.define_funnel('hub funnel', 'hub_pipeline', 'lead -> opportunity -> deal_won within 60 days', grain => 'month', segment => '', unit => 'share');
SELECT kpi.set_target('hub won', '2026-03', 250.25), kpi.set_target('hub won', '2026-04', 200), kpi.set_target('hub funnel', '2026-03', 0.5);
CALL kpi.refresh(as_of => '2026-06-20 12:00Z');
SELECT kpi, period, actual, target FROM (SELECT '2026-04-30 12:00Z'::timestamptz AS t UNION ALL SELECT '2026-05-02 12:00Z') AS at, kpi.evaluate(as_of => t) WHERE kpi ~ '^hub' ORDER BY 1, 2, 3;
SELECT kpi, period_start, value, numerator, denominator FROM kpi.measurement WHERE kpi ~ '^hub' ORDER BY kpi, period_start;
-- without the other tables; as Airbyte leaves it
CREATE TABLE airbyte.deals (id text, "createdAt" timestamptz, archived boolean, properties_amount text, properties_createdate text, properties_closedate text, properties_dealstage text, properties_hs_is_closed_won boolean, properties_hs_is_closed boolean, properties_hubspot_owner_id text, _airbyte_raw_id text, _airbyte_extracted_at timestamptz);
INSERT INTO airbyte.deals VALUES ('1', '2026-03-01Z', false, '12.50', '2026-03-01T10:00:00.000Z', '2026-03-05T10:00:00+09:00', 'closedwon', true, true, '7', 'x', '2026-03-06Z'), ('2', '2026-03-01Z', false, '', '2026-03-01T10:00:00', '', 'qualified', false, false, '7', 'y', '2026-03-06Z'), ('3', '2026-03-01Z', true, '5', '2026-03-01T10:00:00Z', '', 'closedwon', true, true, '7', 'z', '2026-03-06Z');
-- numbers and times that are text are half as likely
SELECT preset, score, missing FROM kpi.detect_source('airbyte.deals') LIMIT 1;
SELECT view FROM kpi.map_source('hubspot', 'airbyte.deals', 'hub2');
SELECT deal_id, created_at, closed_at, is_won, is_closed, amount, stage FROM hub2_deals ORDER BY 1;
SELECT view FROM kpi.map_source('hubspot', 'hubspot.deal', 'hub3');
SELECT deal_id, is_won, is_closed, stage FROM hub3_deals ORDER BY length(deal_id), deal_id;
SELECT kpi, error FROM kpi.health WHERE failing;

RESET ROLE;
DELETE FROM kpi.kpi;
DELETE FROM kpi.objective;
DELETE FROM kpi.source;
DROP SCHEMA presets_crm_test, salesforce, hubspot, airbyte CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none');
DROP ROLE kpi_test_author;
