-- kpi.map_source: social media and surveys as sources
CREATE SCHEMA presets_social_test;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
CREATE ROLE kpi_test_author;
GRANT USAGE, CREATE ON SCHEMA presets_social_test TO kpi_test_author;
SELECT kpi.grant_access('kpi_test_author', 'author');
SET ROLE kpi_test_author;
SET search_path = presets_social_test;

-- ---- social media: totals of a life, copied every day ----
CREATE TABLE posts (created_timestamp timestamp, post_id text, post_message text, post_url text, page_id text, page_name text, platform text, clicks bigint, impressions bigint, likes bigint, shares bigint, comments bigint, source_relation text, snapshot_date date, loaded_at timestamptz);
INSERT INTO posts (created_timestamp, post_id, platform, impressions, clicks, likes, shares, comments, snapshot_date, loaded_at) VALUES
  -- posted on the day of its first copy; the second copy of the 11th is the one that counts; nothing on the 12th
  ('2026-03-10 08:00', 'new', 'instagram', 100, 10, 5, 1, 0, '2026-03-10', '2026-03-10 23:00Z'), ('2026-03-10 08:00', 'new', 'instagram', 150, 12, 6, 1, 1, '2026-03-11', '2026-03-11 20:00Z'), ('2026-03-10 08:00', 'new', 'instagram', 160, 13, 7, 1, 2, '2026-03-11', '2026-03-11 23:00Z'), ('2026-03-10 08:00', 'new', 'instagram', 200, 13, 8, 2, 2, '2026-03-13', '2026-03-13 23:00Z'),
  -- an old one, of whose life before its first copy no day is known; its likes fall, vanish for a day, and come back
  ('2025-12-01 08:00', 'old', 'instagram', 9000, 900, 500, 50, 40, '2026-03-10', '2026-03-10 23:00Z'), ('2025-12-01 08:00', 'old', 'instagram', 9010, 900, 490, 50, 40, '2026-03-11', '2026-03-11 23:00Z'), ('2025-12-01 08:00', 'old', 'instagram', 0, 0, 0, 0, 0, '2026-03-12', '2026-03-12 23:00Z'), ('2025-12-01 08:00', 'old', 'instagram', 9030, 901, 505, 50, 41, '2026-03-13', '2026-03-13 23:00Z'),
  -- the same id on another network; no shares there
  ('2026-03-11 08:00', 'new', 'youtube', 40, 40, 3, NULL, 0, '2026-03-12', '2026-03-12 23:00Z');
SELECT preset, shape, score, missing, hint FROM kpi.detect_source('posts');
SELECT * FROM kpi.map_source('social', 'posts', 'sns', zone => 'Asia/Seoul') \gx
SELECT * FROM sns_social ORDER BY platform, post, day;
SELECT day, metric, value FROM sns_social_metrics WHERE item = 'new' AND channel = 'youtube' ORDER BY metric;
-- against an obvious one: the highest total until a day less the highest before it
SELECT count(*) AS differ FROM sns_social AS s WHERE s.likes IS DISTINCT FROM (SELECT CASE WHEN min(p.snapshot_date) = s.day AND NOT bool_and(p.created_timestamp::date >= s.day - 1) THEN 0 ELSE max(p.likes) - coalesce(max(p.likes) FILTER (WHERE p.snapshot_date < s.day), 0) END
  FROM posts AS p WHERE (p.platform, p.post_id) = (s.platform, s.post) AND p.snapshot_date <= s.day);
-- what all days add up to is what the highest total says, less where counting began
SELECT platform, post, sum(likes) AS likes, sum(impressions) AS impressions FROM sns_social GROUP BY 1, 2 ORDER BY 1, 2;
-- 11 March: likes 2, comments 2 of the new one, nothing of the old one
SELECT kpi.define_sum('interactions', 'sns_social', unit => 'interactions'), kpi.define_ratio('engagement', 'sns_social_metrics', 'interactions', 'impressions', 'sum', 'sum', unit => 'share');
SELECT kpi.set_target('interactions', '2026-03-11', 8), kpi.set_target('engagement', '2026-03-11', 0.05);
CALL kpi.refresh(as_of => '2026-03-15 00:00 Asia/Seoul');
SELECT kpi, period, round(actual::numeric, 4) AS actual, target FROM kpi.evaluate(as_of => '2026-03-15 00:00 Asia/Seoul') WHERE segment = '' ORDER BY kpi;
-- without a day of the copy there are no days
CREATE TABLE rollup AS SELECT created_timestamp, post_id, platform, impressions, clicks, likes, shares, comments FROM posts;
SELECT preset, score FROM kpi.detect_source('rollup');
SELECT * FROM kpi.map_source('social', 'rollup', 'x');
SELECT view FROM kpi.map_source('social', 'rollup', 'x', columns => '{"day": "created_timestamp"}');

-- ---- surveys ----
CREATE TABLE answers (id bigint, submitted_at timestamptz, respondent text, score int, survey text, loaded_at timestamptz, deleted_at timestamptz);
-- March in Seoul: 10, 9, 9, 8, 3 and 10 at half past midnight of 1 March; one was corrected from 0 to 9, one deleted, one has no answer
INSERT INTO answers VALUES (1, '2026-03-03Z', 'a', 10, 'nps', '2026-03-03Z', NULL), (2, '2026-03-03Z', 'b', 0, 'nps', '2026-03-03Z', NULL), (2, '2026-03-03Z', 'b', 9, 'nps', '2026-03-04Z', NULL), (3, '2026-03-04Z', NULL, 9, 'nps', '2026-03-04Z', NULL), (4, '2026-03-04Z', 'd', 8, 'nps', '2026-03-04Z', NULL), (5, '2026-03-05Z', 'e', 3, 'nps', '2026-03-05Z', NULL),
  (6, '2026-02-28 15:30Z', 'f', 10, 'nps', '2026-03-05Z', NULL), (7, '2026-03-05Z', 'g', 0, 'nps', '2026-03-05Z', '2026-03-06Z'), (8, '2026-03-05Z', 'h', NULL, 'nps', '2026-03-05Z', NULL), (9, '2026-03-05Z', 'a', 1, 'csat', '2026-03-05Z', NULL);
SELECT preset, shape, score, missing, hint FROM kpi.detect_source('answers');
SELECT * FROM kpi.map_source('survey', 'answers', 'voice', zone => 'Asia/Seoul') \gx
SELECT * FROM voice_survey ORDER BY at, response_id;
-- 4 promoters, 1 detractor of 6: 50
SELECT kpi.define_survey('nps', 'voice_survey', 'nps', 'nps', min_n => 5);
SELECT kpi.set_target('nps', '2026-03', 40);
CALL kpi.refresh(as_of => '2026-04-05 00:00 Asia/Seoul');
SELECT kpi, period, actual, target FROM kpi.evaluate(as_of => '2026-04-05 00:00 Asia/Seoul') WHERE kpi = 'nps';
-- other names, a date for a time, a score that is text
CREATE TABLE other (date date, email varchar, "NPS Score" text, "질문" text);
INSERT INTO other VALUES ('2026-03-03', 'a@x', '9', '추천?'), ('2026-03-03', 'b@x', 'n/a', '추천?');
SELECT preset, score, missing FROM kpi.detect_source('other');
SELECT view FROM kpi.map_source('survey', 'other', 'words', zone => 'Asia/Seoul', columns => '{"kind": "질문"}');
SELECT * FROM words_survey ORDER BY respondent;
SELECT kpi, error FROM kpi.health WHERE failing;

RESET ROLE;
DELETE FROM kpi.kpi;
DELETE FROM kpi.source;
DROP SCHEMA presets_social_test CASCADE;
SELECT kpi.grant_access('kpi_test_author', 'none');
DROP ROLE kpi_test_author;
