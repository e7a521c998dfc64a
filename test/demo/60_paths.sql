\echo
\echo '== Which ways do visitors take from the cart? =='
SELECT depth, source, target, actors, count, round(share::numeric, 3) AS share, median_time
FROM kpi.edges((SELECT kpi.paths(visitor_id, ts, event, 'from add_to_cart depth 2 collapse repeats top 4') FROM events));

\echo '== And which lead to a purchase? =='
SELECT array_to_string(path, ' > ') AS path, actors, count, round(share::numeric, 3) AS share
FROM kpi.top_paths((SELECT kpi.paths(visitor_id, ts, event, 'to purchase depth 3 collapse repeats') FROM events), 5);
