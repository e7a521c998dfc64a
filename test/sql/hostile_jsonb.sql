-- Documents of jsonb from outside: every place of a good one is changed in every way; each is refused with an error that says so, or is a
-- value that can be written and read again. Types are found in the catalog.
SET timezone = 'UTC';
SET client_min_messages = warning;
SET extra_float_digits = 1;
CREATE SCHEMA hostile_jsonb;
SET search_path = hostile_jsonb, public;
CREATE TABLE e AS SELECT u, timestamptz '2026-01-01' + (u * i) * interval '7 hours' AS ts, (ARRAY['a', 'b', 'c'])[1 + i * u % 3] AS event, i * 1.25 - 2 AS value FROM generate_series(1, 5) AS u, generate_series(1, 6) AS i;
CREATE TABLE seed (type text, document jsonb);
INSERT INTO seed
SELECT 'timeline', kpi.timeline(ts, event, value)::jsonb FROM e
UNION ALL SELECT 'timeline', kpi.timeline(ts, event)::jsonb FROM e WHERE u = 2
UNION ALL SELECT 'funnel', kpi.funnel(u, ts, event, p)::jsonb FROM e, unnest(ARRAY['a -> b', 'a -> b? -> c within 7 days open by day in Asia/Seoul']::kpi.pattern[]) AS p GROUP BY p
UNION ALL SELECT 'retention', kpi.retention(u, ts, event, value, p)::jsonb FROM e, unnest(ARRAY['a -> b by day for 3', '* -> c by day brackets 1, 9 elapsed on or after']::kpi.retention_spec[]) AS p GROUP BY p
UNION ALL SELECT 'activity', kpi.activity(u, ts, 'by week in Asia/Seoul week starts sunday')::jsonb FROM e
UNION ALL SELECT 'sessions', kpi.sessions(u, ts, event, p)::jsonb FROM e, unnest(ARRAY['', 'views a, key b, shares * by day']::kpi.session_spec[]) AS p GROUP BY p
UNION ALL SELECT 'paths', kpi.paths(u, ts, event, p)::jsonb FROM e, unnest(ARRAY['depth 2', 'to c depth 3 gap 2 days collapse repeats']::kpi.path_spec[]) AS p GROUP BY p
UNION ALL SELECT 'ltv', kpi.ltv(u, ts, value, p)::jsonb FROM e, unnest(ARRAY['', 'by quarter, holdout from 2026-01-05']::kpi.ltv_spec[]) AS p GROUP BY p
UNION ALL SELECT 'ltv_model', kpi.fit_sbg('{1000,869,743,653,593}')::jsonb
UNION ALL SELECT 'ltv_model', kpi.fit(kpi.ltv(c, timestamptz '2026-01-01' + make_interval(days => c % 40 + (c * i * 7) % 90), c + i, ''), m)::jsonb FROM generate_series(1, 60) AS c, generate_series(0, 3) AS i, unnest('{bg_nbd,gamma_gamma}'::text[]) AS m GROUP BY m
UNION ALL SELECT 'attribution', kpi.attribution(u, ts, event, CASE WHEN event = 'c' THEN value END, p)::jsonb FROM e, unnest(ARRAY['', 'touches 2 by week in Asia/Seoul']::kpi.attribution_spec[]) AS p GROUP BY p
UNION ALL SELECT 'ratio', kpi.ratio(value, u)::jsonb FROM e
UNION ALL SELECT 'roi', kpi.roi(value, u, 'EUR')::jsonb FROM e
UNION ALL SELECT 'survey', kpi.survey(u, k)::jsonb FROM e, unnest('{nps,mean -0.5..7.25}'::kpi.survey_kind[]) AS k GROUP BY k;
SELECT c.casttarget::regtype AS type_without_a_seed FROM pg_cast AS c JOIN pg_type AS t ON t.oid = c.casttarget
WHERE c.castsource = 'jsonb'::regtype AND t.typnamespace = 'kpi'::regnamespace AND NOT EXISTS (SELECT FROM seed WHERE type = t.typname);

-- every place of a document
CREATE FUNCTION places(document jsonb) RETURNS TABLE (place text[], had jsonb) LANGUAGE sql AS $$
	WITH RECURSIVE p AS (
		SELECT '{}'::text[] AS place, document AS had
		UNION ALL SELECT p.place || c.key, c.value FROM p, LATERAL (
			SELECT key, value FROM jsonb_each(CASE jsonb_typeof(p.had) WHEN 'object' THEN p.had ELSE '{}' END)
			UNION ALL SELECT (n - 1)::text, value FROM jsonb_array_elements(CASE jsonb_typeof(p.had) WHEN 'array' THEN p.had ELSE '[]' END) WITH ORDINALITY AS a(value, n)) AS c)
	SELECT p.place, p.had FROM p WHERE p.place <> '{}' $$;
-- the error, or what became of it
CREATE FUNCTION cast_to(type text, document jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE same boolean;
BEGIN
	EXECUTE format('SELECT v::text = v::text::kpi.%1$I::text AND v::jsonb = v::jsonb::kpi.%1$I::jsonb AND kpi.%2$I(v) = kpi.%2$I(v::text::kpi.%1$I) FROM (SELECT $1::kpi.%1$I AS v) AS x', type, type || '_send') INTO same USING document;
	RETURN CASE WHEN same THEN 'accepted' ELSE 'accepted, but changes' END;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT type, count(*), count(*) FILTER (WHERE cast_to(type, document) = 'accepted') AS accepted FROM seed GROUP BY type ORDER BY type;

CREATE TABLE outcome AS
SELECT s.type, d.document, cast_to(s.type, d.document) AS answer
FROM seed AS s, LATERAL (SELECT *, row_number() OVER () AS n, count(*) OVER () AS places FROM places(s.document)) AS p,
	LATERAL (
		SELECT jsonb_set(s.document, p.place, v) AS document FROM unnest(ARRAY['null', 'true', '-1', '0', '1', '2', '1.5', '1e30', '-1e300', '9223372036854775807', '9223372036854775808', '1e-400', '"NaN"', '"infinity"', '"-infinity"', '""', '"x"',
			'"2026-02-30T00:00:00Z"', '"294277-01-01T00:00:00Z"', '[]', '{}', '[[]]', '[1, 2]', '[null]', '{"": ""}']::jsonb[]) AS v
		UNION ALL SELECT jsonb_set(s.document, p.place, to_jsonb(repeat('x', 70000)))
		UNION ALL SELECT s.document #- p.place
		-- once more beside itself, and a name that nobody knows
		UNION ALL SELECT jsonb_insert(s.document, p.place, p.had) WHERE p.place[cardinality(p.place)] ~ '^[0-9]+$' AND jsonb_typeof(s.document #> p.place[:cardinality(p.place) - 1]) = 'array'
		UNION ALL SELECT jsonb_set(s.document, p.place, p.had || '{"more": 1}') WHERE jsonb_typeof(p.had) = 'object'
		-- the other way round
		UNION ALL SELECT jsonb_set(s.document, p.place, (SELECT jsonb_agg(value ORDER BY n DESC) FROM jsonb_array_elements(p.had) WITH ORDINALITY AS a(value, n))) WHERE CASE jsonb_typeof(p.had) WHEN 'array' THEN jsonb_array_length(p.had) > 1 ELSE false END
		-- one more, one less
		UNION ALL SELECT jsonb_set(s.document, p.place, to_jsonb((p.had #>> '{}')::numeric + d)) FROM unnest('{1,-1}'::int[]) AS d WHERE jsonb_typeof(p.had) = 'number'
	) AS d
-- of long documents some of the places
WHERE p.n % (1 + p.places / 90) = 0;
SELECT type, count(*) > 100 AS many, count(*) FILTER (WHERE answer = 'accepted') > 0 AS some_accepted, count(*) FILTER (WHERE answer ~ '^2') > 50 AS many_refused, count(*) FILTER (WHERE answer ~ '^accepted,') AS change, count(*) FILTER (WHERE answer !~ '^(accepted|2[0-9A-Z]{4} |54000 )') AS other_errors FROM outcome GROUP BY type ORDER BY type;
SELECT DISTINCT ON (type, left(answer, 30)) type, left(answer, 200) AS answer, left(document::text, 300) AS document FROM outcome WHERE answer ~ '^accepted,' OR answer !~ '^(accepted|2|54000)' ORDER BY type, left(answer, 30), length(document::text);
-- what is no document of the type at all; those that are not refused are empty values
SELECT type, document, cast_to(type, document) AS answer FROM (SELECT DISTINCT type FROM seed) AS t, unnest(ARRAY['null', '1', '"x"', '[]', '{}', '[[]]', '[{}]', '{"spec": null}']::jsonb[]) AS document WHERE cast_to(type, document) !~ '^2' ORDER BY type, document;
-- deeper than any document of ours
SELECT type, cast_to(type, (repeat('[', 5000) || repeat(']', 5000))::jsonb) ~ '^2' AS refused FROM (SELECT DISTINCT type FROM seed) AS t ORDER BY type;
DROP SCHEMA hostile_jsonb CASCADE;
