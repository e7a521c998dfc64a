-- The benchmark's events: :rows rows of about :actors actors over 90 days, in time order. Deterministic: everything comes
-- from hashes of the row number. Activity is skewed (a few actors do most), actors arrive over time, and most leave again.
CREATE EXTENSION pg_prewarm;
CREATE FUNCTION pg_temp.uniform(k bigint, seed bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (hashint8extended(k, seed) & 9007199254740991)::float8 / 9007199254740992.0 $$;
BEGIN;
-- made and filled in one transaction, so that the rows can be frozen at once
CREATE TABLE events (user_id bigint NOT NULL, ts timestamptz NOT NULL, event text NOT NULL, revenue numeric, props jsonb);
INSERT INTO events
SELECT actor,
       timestamptz '2024-01-01 00:00+00' + (i * (7776000.0 / :rows)) * interval '1 second',
       CASE WHEN e < 0.40 THEN 'page_view' WHEN e < 0.60 THEN 'search' WHEN e < 0.75 THEN 'view_item'
            WHEN e < 0.85 THEN 'add_to_cart' WHEN e < 0.91 THEN 'begin_checkout' WHEN e < 0.95 THEN 'purchase'
            WHEN e < 0.98 THEN 'signup' ELSE 'share' END,
       CASE WHEN e >= 0.91 AND e < 0.95 THEN (500 + (hashint8extended(i, 3) & 16383))::numeric / 100 END::numeric(10, 2),
       CASE WHEN pg_temp.uniform(i, 4) < 0.2 THEN
            jsonb_build_object('src', (ARRAY['ads', 'seo', 'mail', 'direct'])[1 + (hashint8extended(i, 5) & 3)],
                               'v', hashint8extended(i, 6) & 1023) END
FROM (SELECT i, pg_temp.uniform(i, 2) AS e,
             -- the first of three candidates who has arrived and has not left yet, else one who has just arrived
             coalesce(CASE WHEN a1 % 100 <= day AND (a1 / 100 % 10 < 3 OR day - a1 % 100 < a1 / 1000 % 40) THEN a1 END,
                      CASE WHEN a2 % 100 <= day AND (a2 / 100 % 10 < 3 OR day - a2 % 100 < a2 / 1000 % 40) THEN a2 END,
                      CASE WHEN a3 % 100 <= day AND (a3 / 100 % 10 < 3 OR day - a3 % 100 < a3 / 1000 % 40) THEN a3 END,
                      a4 - a4 % 100 + a4 % 100 * day / 100) + 1 AS actor
      FROM (SELECT i, i * 90 / :rows AS day,
                   floor(:actors * (power(pg_temp.uniform(i, 11) * 0.98 + 0.02, 3) - 0.000008) / 0.999992)::bigint * 346397 % :actors AS a1,
                   floor(:actors * (power(pg_temp.uniform(i, 12) * 0.98 + 0.02, 3) - 0.000008) / 0.999992)::bigint * 346397 % :actors AS a2,
                   floor(:actors * (power(pg_temp.uniform(i, 13) * 0.98 + 0.02, 3) - 0.000008) / 0.999992)::bigint * 346397 % :actors AS a3,
                   floor(:actors * (power(pg_temp.uniform(i, 14) * 0.98 + 0.02, 3) - 0.000008) / 0.999992)::bigint * 346397 % :actors AS a4
            FROM generate_series(0::bigint, :rows::bigint - 1) AS i OFFSET 0) AS candidates OFFSET 0) AS chosen;
COMMIT;
CREATE INDEX events_by_actor ON events (user_id, ts) INCLUDE (event);
VACUUM (ANALYZE, FREEZE) events;
SELECT pg_prewarm('events') + pg_prewarm('events_by_actor') > 0 AS warm \gset
