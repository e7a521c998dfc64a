\echo
\echo '== Traffic and engagement: visits by month; half an hour of silence ends a visit =='
SELECT period::date AS month, visitors, new_visitors, returning_visitors, sessions, page_views, round(views_per_session::numeric, 2) AS views_per_session,
       round(bounce_rate::numeric, 3) AS bounce_rate, median_duration, key_events AS purchases, round(key_event_rate::numeric, 3) AS purchase_rate, interactions AS shares
FROM kpi.session_trend((
    SELECT kpi.sessions(visitor_id, ts, event, 'timeout 30 min, views view|product_view, key purchase, shares share, by month in Europe/Berlin')
    FROM events));

\echo '== Which channel brings visitors who stay? =='
SELECT channel, visitors, sessions, round(sessions_per_visitor::numeric, 2) AS per_visitor, round(engagement_rate::numeric, 3) AS engaged, avg_duration, round(key_event_rate::numeric, 3) AS purchase_rate
FROM (SELECT channel, kpi.sessions(visitor_id, ts, event, 'views view|product_view, key purchase') AS s FROM events GROUP BY channel) AS by_channel,
     kpi.session_stats(s)
ORDER BY sessions DESC;
