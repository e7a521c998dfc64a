-- kpi.stitch: who is the same
SET client_min_messages = warning;
\set SHOW_CONTEXT never
SET timezone = 'UTC';
-- one device, then another of the same user: all three are one
SELECT * FROM kpi.stitch('{a,b,b,c}', '{u1,u1,NULL,NULL}') ORDER BY id, is_user;
-- a chain: device a is of u1 and u2, device b of u2 and u3; the user that was seen first gives the name
SELECT * FROM kpi.stitch('{a,a,b,b}', '{u2,u1,u2,u3}', '{2026-01-03,2026-01-02,2026-01-04,2026-01-05}') ORDER BY id, is_user;
-- without times, or at the same one, bytes decide; a time that is known comes before one that is not
SELECT DISTINCT identity FROM kpi.stitch('{a,a,a}', '{b,B,가}');
SELECT DISTINCT identity FROM kpi.stitch('{a,a,a}', '{b,B,가}', '{NULL,NULL,2026-01-01}');
-- a device that several use: components make them one, first and last do not
SELECT m AS method, s.* FROM unnest('{components,first,last}'::text[]) AS m, kpi.stitch('{shared,shared,shared,mine}', '{u1,u2,u1,u1}', '{2026-01-01,2026-01-02,2026-01-01 12:00,2026-01-05}', m) AS s ORDER BY m, id, is_user;
SELECT m AS method, s.* FROM unnest('{first,last}'::text[]) AS m, kpi.stitch('{d,d,d}', '{u3,u1,u2}', '{NULL,2026-01-01,2026-01-01}', m) AS s WHERE NOT is_user ORDER BY m, id;
-- a user may be called as a device is
SELECT * FROM kpi.stitch('{x,x,y}', '{x,y,NULL}') ORDER BY id, is_user;
-- nothing
SELECT * FROM kpi.stitch('{}', '{}');
SELECT * FROM kpi.stitch(NULL, NULL);
SELECT * FROM kpi.stitch('{NULL}', '{NULL}');
SELECT * FROM kpi.stitch('{NULL,a}', '{u,NULL}') ORDER BY id;
-- errors
SELECT * FROM kpi.stitch('{a}', '{u,v}');
SELECT * FROM kpi.stitch('{a}', '{u}', '{}');
SELECT * FROM kpi.stitch('{a}', '{u}', NULL, 'guess');
SELECT * FROM kpi.stitch('{a}', '{u}', NULL, NULL);

-- ---- random graphs, against an obvious one: the least label spreads until nothing changes ----
CREATE FUNCTION plain_components(a text[], u text[], t timestamptz[]) RETURNS TABLE (id text, is_user boolean, identity text) LANGUAGE plpgsql AS $$
BEGIN
  CREATE TEMP TABLE edge ON COMMIT DROP AS SELECT p.a, p.u, coalesce(p.t, 'infinity') AS t FROM unnest(a, u, t) AS p(a, u, t);
  CREATE TEMP TABLE node ON COMMIT DROP AS SELECT n.id, n.is_user, row_number() OVER () AS label FROM (SELECT DISTINCT e.a AS id, false AS is_user FROM edge AS e WHERE e.a IS NOT NULL UNION ALL SELECT DISTINCT e.u, true FROM edge AS e WHERE e.u IS NOT NULL) AS n;
  LOOP
    UPDATE node AS n SET label = m.label FROM (SELECT x.id, x.is_user, min(y.label) AS label FROM edge AS e JOIN node AS x ON (x.id = e.a AND NOT x.is_user) OR (x.id = e.u AND x.is_user) JOIN node AS y ON (y.id = e.a AND NOT y.is_user) OR (y.id = e.u AND y.is_user) WHERE e.a IS NOT NULL AND e.u IS NOT NULL GROUP BY 1, 2) AS m
      WHERE m.id = n.id AND m.is_user = n.is_user AND m.label < n.label;
    EXIT WHEN NOT FOUND;
  END LOOP;
  RETURN QUERY SELECT n.id, n.is_user, coalesce((SELECT m.id FROM node AS m JOIN edge AS e ON e.u = m.id WHERE m.is_user AND m.label = n.label GROUP BY m.id ORDER BY min(e.t), m.id COLLATE "C" LIMIT 1), n.id) FROM node AS n;
  DROP TABLE edge, node;
END $$;
CREATE TEMP TABLE graph AS
  SELECT g, array_agg(CASE WHEN random() < 0.95 THEN 'd' || (random() * size)::int END) AS a, array_agg(CASE WHEN random() < 0.8 THEN 'u' || (random() * size * share)::int END) AS u, array_agg(CASE WHEN random() < 0.9 THEN timestamptz '2026-01-01' + (random() * 20)::int * interval '1 day' END) AS t
  FROM (SELECT g, 5 + (random() * 60)::int AS size, 0.3 + random() AS share FROM generate_series(1, 60) AS g) AS s, generate_series(1, 40) AS i GROUP BY g;
SELECT count(*) AS graphs_that_differ FROM graph WHERE EXISTS ((SELECT * FROM kpi.stitch(a, u, t) EXCEPT SELECT * FROM plain_components(a, u, t)) UNION ALL (SELECT * FROM plain_components(a, u, t) EXCEPT SELECT * FROM kpi.stitch(a, u, t)));
SELECT count(*) > 1000 AS many, count(*) FILTER (WHERE id <> identity) > 500 AS linked FROM graph, kpi.stitch(a, u, t);
-- first and last
SELECT count(*) AS last_differs FROM graph, kpi.stitch(a, u, t, 'last') AS s WHERE NOT is_user AND identity <> coalesce((SELECT p.u FROM unnest(a, u, t) AS p(a, u, t) WHERE p.a = s.id AND p.u IS NOT NULL ORDER BY p.t DESC NULLS LAST, p.u COLLATE "C" LIMIT 1), s.id);
SELECT count(*) AS first_differs FROM graph, kpi.stitch(a, u, t, 'first') AS s WHERE NOT is_user AND identity <> coalesce((SELECT p.u FROM unnest(a, u, t) AS p(a, u, t) WHERE p.a = s.id AND p.u IS NOT NULL ORDER BY p.t NULLS LAST, p.u COLLATE "C" LIMIT 1), s.id);
-- a long chain is one, whatever the order of its pairs
SELECT count(*), count(DISTINCT identity), min(identity) FROM (SELECT array_agg('d' || i / 2 ORDER BY md5(i::text)) AS a, array_agg('u' || (i + 1) / 2 ORDER BY md5(i::text)) AS u FROM generate_series(0, 99999) AS i) AS g, kpi.stitch(a, u);
DROP FUNCTION plain_components(text[], text[], timestamptz[]);
DROP TABLE graph;
