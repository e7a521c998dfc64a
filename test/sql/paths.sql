-- kpi.paths: what it counts, its columns, its errors
CREATE FUNCTION at(s text) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN s ~ 'inf' THEN s::timestamptz ELSE timestamptz '2026-03-01 12:00:00+00' + s::float8 * interval '1 minute' END $$;
-- '1:a@0 1:b@10' -> rows; times in minutes
CREATE FUNCTION rows(h text) RETURNS TABLE (u bigint, ts timestamptz, event text) LANGUAGE sql IMMUTABLE AS
$$ SELECT split_part(w, ':', 1)::bigint, at(split_part(w, '@', 2)), split_part(split_part(w, ':', 2), '@', 1)
   FROM regexp_split_to_table(h, '\s+') AS w $$;
CREATE TABLE e AS SELECT * FROM rows('1:home@0 1:list@1 1:cart@3 1:pay@4   2:home@0 2:list@2 2:list@3 2:home@40 2:list@41
 3:ad@0 3:home@1 3:pay@2 3:home@3   4:list@0 4:pay@1   5:home@0 5:list@2 5:cart@3 5:list@4 5:cart@5 5:pay@6');

SELECT * FROM kpi.edges((SELECT kpi.paths(u, ts, event, 'from home depth 2') FROM e));
SELECT * FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'from home depth 2') FROM e));
SELECT * FROM kpi.edges((SELECT kpi.paths(u, ts, event, 'to pay depth 2') FROM e));
SELECT * FROM kpi.top_paths((SELECT kpi.paths(u, ts, event, 'to pay depth 2') FROM e));
