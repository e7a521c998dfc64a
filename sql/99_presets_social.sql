/* ---- presets of social media and of surveys ---- */

CREATE FUNCTION @extschema@.preset_facts_social(OUT preset text, OUT part text, OUT kind text, OUT name text, OUT type text, OUT expression text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 40
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES
		('social', 'rollup_report', 'part', 'main', 'total', 'daily copies of social_media_reporting__rollup_report of the dbt package social_media_reporting, with a column for the day of the copy'),
		('social', 'rollup_report', 'need', 'created_timestamp', 'time', '!'),
		('social', 'rollup_report', 'need', 'post_id', 'text', '!'),
		('social', 'rollup_report', 'need', 'platform', 'text', ''),
		('social', 'rollup_report', 'need', 'impressions', 'number', ''),
		('social', 'rollup_report', 'need', 'clicks', 'number', ''),
		('social', 'rollup_report', 'need', 'likes', 'number', ''),
		('social', 'rollup_report', 'need', 'shares', 'number', ''),
		('social', 'rollup_report', 'need', 'comments', 'number', ''),
		('social', 'rollup_report', 'column', 'day', '', '{day:snapshot_date|snapshot_day|copied_on|captured_on|date_day|dbt_valid_from|snapshot_at|copied_at|captured_at}'),
		('social', 'rollup_report', 'column', 'platform', '', '{text:platform}'),
		('social', 'rollup_report', 'column', 'post', '', '{text:post_id}'),
		('social', 'rollup_report', 'column', 'posted_on', '', '({utc:created_timestamp} AT TIME ZONE {zone:})::date'),
		('social', 'rollup_report', 'column', 'impressions', '', '{num:impressions}'),
		('social', 'rollup_report', 'column', 'clicks', '', '{num:clicks}'),
		('social', 'rollup_report', 'column', 'likes', '', '{num:likes}'),
		('social', 'rollup_report', 'column', 'shares', '', '{num:shares}'),
		('social', 'rollup_report', 'column', 'comments', '', '{num:comments}'),
		('social', 'rollup_report', 'column', 'loaded_at', '', '{utc:_fivetran_synced|_airbyte_extracted_at|loaded_at|dbt_updated_at}'),
		('social', 'rollup_report', 'note', 'social', '', 'what came in since the copy before; a total that falls counts 0 until it is higher than it ever was; on YouTube clicks are views'),
		('social', 'rollup_report', 'note', 'social_metrics', '', 'a row for each of impressions, clicks, likes, shares, comments, interactions: sum their values'),

		('survey', 'answers', 'part', 'main', 'survey', 'answers of a survey: when, who, how much'),
		('survey', 'answers', 'need', 'score|rating|nps_score|csat_score|ces_score', 'number', '!'),
		('survey', 'answers', 'need', 'submitted_at|responded_at|answered_at|completed_at|ts|timestamp|created_at|date', 'time', ''),
		('survey', 'answers', 'need', 'respondent|respondent_id|user_id|customer_id|contact_id|person_id|email', 'text', ''),
		('survey', 'answers', 'column', 'at', '', '{start:submitted_at|responded_at|answered_at|completed_at|ts|timestamp|created_at|date}'),
		('survey', 'answers', 'column', 'respondent', '', '{text:respondent|respondent_id|user_id|customer_id|contact_id|person_id|email}'),
		('survey', 'answers', 'column', 'score', '', '{num:score|rating|nps_score|csat_score|ces_score}'),
		('survey', 'answers', 'column', 'kind', '', '{text:kind|survey|survey_name|survey_id|question|question_id}'),
		('survey', 'answers', 'column', 'response_id', '', '{text:response_id|id}'),
		('survey', 'answers', 'column', 'loaded_at', '', '{utc:_fivetran_synced|_airbyte_extracted_at|loaded_at}'),
		('survey', 'answers', 'key', '', '', '{raw:response_id|id}'),
		('survey', 'answers', 'newest', '', '', '{utc:updated_at|_fivetran_synced|_airbyte_extracted_at|loaded_at}'),
		('survey', 'answers', 'keep', '', '', 'NOT coalesce({bool:is_deleted}, false)'),
		('survey', 'answers', 'keep', '', '', 'NOT coalesce({bool:_fivetran_deleted}, false)'),
		('survey', 'answers', 'keep', '', '', '{raw:deleted_at} IS NULL'),
		('survey', 'answers', 'note', 'survey', '', 'kpi.define_survey(''nps'', ..., ''nps'') makes a KPI of it')
	$$;
COMMENT ON FUNCTION @extschema@.preset_facts_social() IS 'what is known of the tables of social media and surveys: see preset_facts';
