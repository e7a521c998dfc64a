-- A web shop's events (31,106 rows, 600 users): kpi.funnel against plain SQL, by acquisition channel
\set copy 'zcat ' :data '/events_ecom/ecom.csv.gz'
CREATE TABLE ecom (user_id text, session_id text, event text, ts timestamptz, platform text, channel text, cohort text, lifecycle text);
SET timezone = 'UTC';
COPY ecom FROM PROGRAM :'copy' WITH (FORMAT csv, HEADER);
SELECT count(*), count(DISTINCT user_id) AS users, min(ts), max(ts) FROM ecom;

-- By definition, a step at a time: the rows that can end a chain, and when such chains began.
CREATE FUNCTION by_definition(steps text[], win interval) RETURNS TABLE (channel text, counts text) LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMP TABLE chain ON COMMIT DROP AS
	SELECT 1 AS step, e.user_id, e.channel, e.id, e.ts, e.ts AS first_ts FROM numbered e WHERE e.event = steps[1];
	FOR k IN 2 .. cardinality(steps) LOOP
		INSERT INTO chain
		SELECT DISTINCT k, e.user_id, e.channel, e.id, e.ts, c.first_ts
		FROM chain c JOIN numbered e ON e.user_id = c.user_id AND e.ts >= c.ts AND e.id <> c.id AND e.ts <= c.first_ts + win
		WHERE c.step = k - 1 AND e.event = steps[k];
	END LOOP;
	RETURN QUERY SELECT s.channel, string_agg(s.n::text, ' ' ORDER BY s.step)
		FROM (SELECT c.channel, i.step, count(DISTINCT c.user_id) FILTER (WHERE c.step = i.step) AS n
		      FROM chain c, generate_series(1, cardinality(steps)) AS i(step) GROUP BY c.channel, i.step) AS s
		GROUP BY s.channel;
	DROP TABLE chain;
END $$;
CREATE TABLE numbered AS SELECT row_number() OVER () AS id, * FROM ecom;
CREATE INDEX ON numbered (user_id, event, ts);

SELECT channel, f.counts AS funnel, d.counts AS definition, f.counts = d.counts AS same
FROM (SELECT channel, (SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps(f)) AS counts
      FROM (SELECT channel, kpi.funnel(user_id, ts, event, 'home -> product_view -> add_to_cart -> purchase within 1 hour') AS f FROM ecom GROUP BY channel) AS g) AS f
JOIN by_definition('{home,product_view,add_to_cart,purchase}', '1 hour') AS d USING (channel) ORDER BY channel;
SELECT channel, f.counts AS funnel, d.counts AS definition, f.counts = d.counts AS same
FROM (SELECT channel, (SELECT string_agg(actors::text, ' ' ORDER BY step) FROM kpi.steps(f)) AS counts
      FROM (SELECT channel, kpi.funnel(user_id, ts, event, 'home -> product_view -> add_to_cart -> purchase') AS f FROM ecom GROUP BY channel) AS g) AS f
JOIN by_definition('{home,product_view,add_to_cart,purchase}', '1000 days') AS d USING (channel) ORDER BY channel;

-- 163 rows share user and time with another one: the tie rule counts, and only strictly increasing times can lower a count
SELECT count(*) AS tied FROM (SELECT count(*) OVER (PARTITION BY user_id, ts) AS n, row_number() OVER (PARTITION BY user_id, ts) AS i FROM ecom) AS s WHERE n > 1 AND i > 1;
SELECT step, name, l.actors AS loose, s.actors AS strict
FROM kpi.steps((SELECT kpi.funnel(user_id, ts, event, 'home -> product_view -> add_to_cart -> purchase within 3 min') FROM ecom)) AS l
JOIN kpi.steps((SELECT kpi.funnel(user_id, ts, event, 'home -> product_view -> add_to_cart -> purchase within 3 min strictly increasing') FROM ecom)) AS s USING (step, name) ORDER BY step;

-- what an analyst reads
SELECT step, name, actors, round(conversion_from_first::numeric, 3) AS conversion, dropped, median_from_previous, p90_from_first
FROM kpi.steps((SELECT kpi.funnel(user_id, ts, event, 'home -> product_view -> add_to_cart -> purchase within 1 hour') FROM ecom)) ORDER BY step;
SELECT channel, platform, kpi.actors(f) AS users, round(100 * kpi.conversion_rate(f)::numeric, 1) AS conversion_pct, kpi.completions(f) AS purchases
FROM (SELECT channel, platform, kpi.funnel(user_id, ts, event, 'product_view -> purchase within 1 day') AS f FROM ecom GROUP BY GROUPING SETS ((channel), (platform))) AS g
ORDER BY channel, platform;
SELECT period::date AS month, max(actors) FILTER (WHERE step = 1) AS carts, max(actors) FILTER (WHERE step = 2) AS purchases
FROM kpi.trend((SELECT kpi.funnel(user_id, ts, event, 'add_to_cart -> purchase within 1 day by month') FROM ecom)) GROUP BY period ORDER BY period;
