/* ---- presets of advertising: Google Ads, Meta Ads, and dbt's ad_reporting, which unites them ---- */

CREATE FUNCTION @extschema@.preset_facts_ads(OUT preset text, OUT part text, OUT kind text, OUT name text, OUT type text, OUT expression text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 70
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES
		('google_ads', 'campaign_stats', 'part', 'main', 'cost', 'campaign_stats of Google Ads (Airbyte: campaign)'),
		('google_ads', 'campaign_stats', 'need', 'date|segments_date', 'day', ''),
		('google_ads', 'campaign_stats', 'need', 'id|campaign_id', 'text', ''),
		('google_ads', 'campaign_stats', 'need', 'customer_id', 'text', ''),
		('google_ads', 'campaign_stats', 'need', 'cost_micros|metrics_cost_micros', 'number', '!'),
		('google_ads', 'campaign_stats', 'need', 'impressions|metrics_impressions', 'number', ''),
		('google_ads', 'campaign_stats', 'need', 'clicks|metrics_clicks', 'number', ''),
		('google_ads', 'campaign_stats', 'column', 'day', '', '{day:date|segments_date}'),
		('google_ads', 'campaign_stats', 'column', 'channel', '', '''google_ads'''),
		('google_ads', 'campaign_stats', 'column', 'campaign', '', 'coalesce((SELECT {text:campaign_history.name} FROM {rel:campaign_history} AS campaign_history WHERE {text:campaign_history.id} = {text:id|campaign_id} ORDER BY {?utc:campaign_history.updated_at} DESC NULLS LAST LIMIT 1), {text:id|campaign_id})'),
		('google_ads', 'campaign_stats', 'column', 'campaign', '', '{text:campaign_name}'),
		('google_ads', 'campaign_stats', 'column', 'campaign', '', '{text:id|campaign_id}'),
		('google_ads', 'campaign_stats', 'column', 'cost', '', '{num:cost_micros|metrics_cost_micros} * 0.000001'),
		('google_ads', 'campaign_stats', 'column', 'currency', '', '{text:currency_code|customer_currency_code}'),
		('google_ads', 'campaign_stats', 'column', 'impressions', '', '{num:impressions|metrics_impressions}'),
		('google_ads', 'campaign_stats', 'column', 'clicks', '', '{num:clicks|metrics_clicks}'),
		('google_ads', 'campaign_stats', 'column', 'conversions', '', '{num:conversions|metrics_conversions}'),
		('google_ads', 'campaign_stats', 'column', 'conversion_value', '', '{num:conversions_value|metrics_conversions_value}'),
		-- a loader that appends writes a row of a campaign, day, device, network again
		('google_ads', 'campaign_stats', 'key', '', '', '{raw:_fivetran_id}'),
		('google_ads', 'campaign_stats', 'key', '', '', '({raw:customer_id}, {raw:id|campaign_id}, {raw:date|segments_date}, coalesce({?text:device|segments_device}, ''''), coalesce({?text:ad_network_type|segments_ad_network_type}, ''''), coalesce({?text:segments_hour}, ''''), coalesce({?text:ad_group_id}, ''''), left({text:_airbyte_raw_id}, 0))'),
		('google_ads', 'campaign_history', 'part', 'other', 'names', 'campaign_history of Google Ads: names of campaigns'),
		('google_ads', 'campaign_history', 'need', 'id', 'text', ''),
		('google_ads', 'campaign_history', 'need', 'name', 'text', ''),
		('google_ads', 'campaign_history', 'need', 'advertising_channel_type', 'text', '!'),

		('meta_ads', 'basic_ad', 'part', 'main', 'cost', 'basic_ad of Meta (Facebook) Ads (Airbyte: ads_insights)'),
		('meta_ads', 'basic_ad', 'need', 'date|date_start', 'day', ''),
		('meta_ads', 'basic_ad', 'need', 'account_id', 'text', ''),
		('meta_ads', 'basic_ad', 'need', 'ad_id|adset_id|campaign_id', 'text', ''),
		('meta_ads', 'basic_ad', 'need', 'spend', 'number', ''),
		('meta_ads', 'basic_ad', 'need', 'impressions', 'number', ''),
		('meta_ads', 'basic_ad', 'need', 'inline_link_clicks', 'number', '!'),
		('meta_ads', 'basic_ad', 'column', 'day', '', '{day:date|date_start}'),
		('meta_ads', 'basic_ad', 'column', 'channel', '', '''meta_ads'''),
		('meta_ads', 'basic_ad', 'column', 'campaign', '', '{text:campaign_name|campaign_id|adset_name|ad_name|ad_id}'),
		('meta_ads', 'basic_ad', 'column', 'cost', '', '{num:spend}'),
		('meta_ads', 'basic_ad', 'column', 'currency', '', '{text:account_currency}'),
		('meta_ads', 'basic_ad', 'column', 'impressions', '', '{num:impressions}'),
		('meta_ads', 'basic_ad', 'column', 'clicks', '', '{num:inline_link_clicks|clicks}'),
		('meta_ads', 'basic_ad', 'column', 'conversions', '', '(SELECT sum({num:basic_ad_actions.value}) FROM {rel:basic_ad_actions} AS basic_ad_actions WHERE {text:basic_ad_actions.ad_id} = {text:ad_id} AND {day:basic_ad_actions.date} = {day:date|date_start} AND {text:basic_ad_actions.action_type} = ''purchase'')'),
		('meta_ads', 'basic_ad', 'column', 'conversions', '', '(SELECT sum((a.action ->> ''value'')::numeric) FROM jsonb_array_elements(CASE jsonb_typeof({json:actions}) WHEN ''array'' THEN {json:actions} ELSE ''[]'' END) AS a(action) WHERE (a.action ->> ''action_type'') = ''purchase'')'),
		('meta_ads', 'basic_ad', 'column', 'conversion_value', '', '(SELECT sum((a.action ->> ''value'')::numeric) FROM jsonb_array_elements(CASE jsonb_typeof({json:action_values}) WHEN ''array'' THEN {json:action_values} ELSE ''[]'' END) AS a(action) WHERE (a.action ->> ''action_type'') = ''purchase'')'),
		('meta_ads', 'basic_ad', 'key', '', '', '{raw:_fivetran_id}'),
		('meta_ads', 'basic_ad', 'key', '', '', '({raw:account_id}, {raw:ad_id|adset_id|campaign_id}, {raw:date|date_start}, left({text:_airbyte_raw_id}, 0))'),
		('meta_ads', 'basic_ad_actions', 'part', 'other', 'names', 'basic_ad_actions of Meta Ads: what people did, of which purchase counts as a conversion'),
		('meta_ads', 'basic_ad_actions', 'need', 'ad_id', 'text', ''),
		('meta_ads', 'basic_ad_actions', 'need', 'date', 'day', ''),
		('meta_ads', 'basic_ad_actions', 'need', 'action_type', 'text', '!'),
		('meta_ads', 'basic_ad_actions', 'need', 'value', 'number', ''),

		('ad_reporting', 'campaign_report', 'part', 'main', 'cost', 'ad_reporting__campaign_report (or account, ad group, ad) of the dbt package ad_reporting'),
		('ad_reporting', 'campaign_report', 'need', 'date_day', 'day', '!'),
		('ad_reporting', 'campaign_report', 'need', 'source_relation', 'text', '!'),
		('ad_reporting', 'campaign_report', 'need', 'platform', 'text', ''),
		('ad_reporting', 'campaign_report', 'need', 'campaign_id|account_id', 'text', ''),
		('ad_reporting', 'campaign_report', 'need', 'spend', 'number', ''),
		('ad_reporting', 'campaign_report', 'need', 'impressions', 'number', ''),
		('ad_reporting', 'campaign_report', 'need', 'clicks', 'number', ''),
		('ad_reporting', 'campaign_report', 'column', 'day', '', '{day:date_day}'),
		('ad_reporting', 'campaign_report', 'column', 'channel', '', '{text:platform}'),
		('ad_reporting', 'campaign_report', 'column', 'campaign', '', 'coalesce({text:campaign_name}, {text:campaign_id})'),
		('ad_reporting', 'campaign_report', 'column', 'campaign', '', '{text:campaign_name|campaign_id|account_name|account_id}'),
		('ad_reporting', 'campaign_report', 'column', 'cost', '', '{num:spend}'),
		('ad_reporting', 'campaign_report', 'column', 'impressions', '', '{num:impressions}'),
		('ad_reporting', 'campaign_report', 'column', 'clicks', '', '{num:clicks}'),
		('ad_reporting', 'campaign_report', 'column', 'conversions', '', '{num:conversions}'),
		('ad_reporting', 'campaign_report', 'column', 'conversion_value', '', '{num:conversions_value}')
	UNION ALL
	SELECT p.preset, p.part, c.kind, c.name, '', c.expression
	FROM (VALUES ('google_ads', 'campaign_stats'), ('meta_ads', 'basic_ad'), ('ad_reporting', 'campaign_report')) AS p(preset, part) CROSS JOIN (VALUES
		('column', 'loaded_at', '{utc:_fivetran_synced|_airbyte_extracted_at}'),
		('newest', '', '{utc:_fivetran_synced|_airbyte_extracted_at}'),
		('keep', '', 'NOT coalesce({bool:_fivetran_deleted}, false)'),
		('note', 'costs', 'platforms restate costs and conversions for weeks: define KPIs with lookback => 30'),
		('note', 'cost_metrics', 'a row for each of cost, impressions, clicks, conversions, conversion_value: what ratios are made of, with numerator_of and denominator_of => ''sum''')) AS c(kind, name, expression)
	$$;
COMMENT ON FUNCTION @extschema@.preset_facts_ads() IS 'what is known of the tables of advertising platforms: see preset_facts';
