-- A web shop of twelve weeks, made by arithmetic alone: the same rows on every machine and in every run.
--
-- What is in it, to be found again by the questions that follow: the shop grows; Saturdays and Sundays are
-- quieter; e-mail brings visitors who buy and social media visitors who look; mobile converts worse than
-- desktop; in week 8 (from 2026-02-23) the checkout fails far too often.

\set QUIET on
SET client_min_messages = warning;
SET timezone = 'UTC';

-- A fixed "random" number from 0 to below 1 for a thing and a purpose.
CREATE FUNCTION pg_temp.dice(thing bigint, purpose bigint) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (pg_catalog.hashint8extended(thing, purpose) & 9007199254740991)::float8 / 9007199254740992;

CREATE TABLE events (
    visitor_id bigint NOT NULL,
    ts timestamptz NOT NULL,
    event text NOT NULL,
    page text,
    channel text NOT NULL,
    device text NOT NULL
);

CREATE TABLE orders (
    order_id bigint PRIMARY KEY,
    visitor_id bigint NOT NULL,
    ts timestamptz NOT NULL,
    amount numeric(10,2) NOT NULL,
    refunded boolean NOT NULL
);

CREATE TABLE ad_costs (
    day date NOT NULL,
    channel text NOT NULL,
    cost numeric(10,2) NOT NULL,
    clicks int NOT NULL,
    impressions bigint NOT NULL,
    PRIMARY KEY (day, channel)
);

-- How the channels differ: share of the first visits, and the inclination to come back, to buy, and to cost.
CREATE TEMP TABLE channel (
    name text, share_from float8, share_to float8, loyalty float8, interest float8, cost_per_click float8
);
INSERT INTO channel VALUES
    ('organic',     0.00, 0.30, 0.70, 1.00, NULL),
    ('paid_search', 0.30, 0.52, 0.63, 1.05, 1.40),
    ('social',      0.52, 0.74, 0.54, 0.55, 1.10),
    ('email',       0.74, 0.82, 0.80, 1.60, 0.08),
    ('referral',    0.82, 0.90, 0.64, 0.90, 0.70),
    ('direct',      0.90, 1.00, 0.74, 1.20, NULL);

-- Some 4,000 visitors. The power bends an even spread into growth; a part of them knows the shop from the
-- weeks before the first one, which are not recorded.
CREATE TEMP TABLE visitor AS
SELECT id, c.name AS channel, c.loyalty, c.interest,
       CASE WHEN pg_temp.dice(id, 2) < 0.54 THEN 'mobile'
            WHEN pg_temp.dice(id, 2) < 0.92 THEN 'desktop'
            ELSE 'tablet' END AS device,
       floor(-35 + 119 * power(pg_temp.dice(id, 3), 0.85))::int AS first_day
FROM generate_series(1, 4700) AS id
JOIN channel c ON pg_temp.dice(id, 1) >= c.share_from AND pg_temp.dice(id, 1) < c.share_to;

-- Visits: the first one, and more after growing gaps for as long as the dice say that the visitor comes back.
CREATE TEMP TABLE visit AS
WITH RECURSIVE stay AS (
    SELECT id, 1 AS nr, first_day AS day, loyalty FROM visitor
    UNION ALL
    SELECT id, nr + 1,
           day + (1 + floor(-6.0 * ln(1 - pg_temp.dice(id * 100 + nr, 11))))::int,
           least(loyalty * 1.05, 0.88)
    FROM stay
    WHERE nr < 25 AND pg_temp.dice(id * 100 + nr, 10) < loyalty
), day AS (
    -- a third of what falls on a weekend moves to the four days after it
    SELECT id, nr,
           day + CASE WHEN day % 7 >= 5 AND pg_temp.dice(id * 100 + nr, 12) < 0.35
                      THEN 7 - day % 7 + floor(4 * pg_temp.dice(id * 100 + nr, 16))::int
                      ELSE 0 END AS day
    FROM stay
)
SELECT d.id * 100 + d.nr AS id, d.id AS visitor_id, d.nr, d.day / 7 + 1 AS week,
       timestamptz '2026-01-05 00:00+00' + d.day * interval '1 day'
           + floor(3600 * (7.5 + 9 * pg_temp.dice(d.id * 100 + d.nr, 13) + 6.5 * pg_temp.dice(d.id * 100 + d.nr, 14)))
             * interval '1 second' AS start,
       -- who comes back often types the address or follows a newsletter
       CASE WHEN d.nr > 1 AND pg_temp.dice(d.id * 100 + d.nr, 15) < 0.30 THEN 'direct'
            WHEN d.nr > 1 AND pg_temp.dice(d.id * 100 + d.nr, 15) < 0.45 THEN 'email'
            ELSE v.channel END AS channel,
       v.device, v.interest
FROM day d
JOIN visitor v ON v.id = d.id
WHERE d.day BETWEEN 0 AND 83
  -- two visits on one day would be one long visit
  AND NOT EXISTS (SELECT FROM day e WHERE e.id = d.id AND e.day = d.day AND e.nr < d.nr);

-- How far each visit gets.
CREATE TEMP TABLE course AS
WITH inclination AS (
    SELECT *,
           interest * CASE device WHEN 'desktop' THEN 1.15 WHEN 'tablet' THEN 0.95 ELSE 0.75 END
                    * (1 + 0.08 * least(nr - 1, 5)) AS lust
    FROM visit
), browse AS (
    SELECT *,
           pg_temp.dice(id, 20) < 0.35 AS searches,
           -- the products looked at: none in a quarter of the visits, few in most
           CASE WHEN pg_temp.dice(id, 21) < 0.25 THEN 0
                ELSE 1 + floor(-1.5 * ln(1 - pg_temp.dice(id, 22)))::int END AS products
    FROM inclination
), cart AS (
    SELECT *, products > 0 AND pg_temp.dice(id, 23) < 0.24 * lust AS carts FROM browse
), checkout AS (
    SELECT *, carts AND pg_temp.dice(id, 24) < least(0.58 * power(lust, 0.6), 0.92) AS checks_out FROM cart
), error AS (
    SELECT *, checks_out AND pg_temp.dice(id, 25) <
                  CASE WHEN week = 8 THEN 0.38 ELSE 0.05 END * CASE device WHEN 'mobile' THEN 1.4 ELSE 0.8 END
                  AS fails
    FROM checkout
)
SELECT *,
       checks_out AND pg_temp.dice(id, 26) < CASE WHEN fails THEN 0.30 ELSE 0.74 END AS buys,
       pg_temp.dice(id, 27) < CASE WHEN carts THEN 0.40 ELSE 0.08 END AS registers,
       pg_temp.dice(id, 28) < 0.55 AS logs_in,
       products > 0 AND pg_temp.dice(id, 29) < 0.035 AS shares,
       pg_temp.dice(id, 30) < CASE WHEN fails THEN 0.25 ELSE 0.02 END AS asks
FROM error;

-- The events of a visit in their order, some seconds to minutes apart.
INSERT INTO events (visitor_id, ts, event, page, channel, device)
WITH registered AS (
    -- the first visit that registers does; the later ones log in
    SELECT visitor_id, min(nr) AS nr FROM course WHERE registers GROUP BY visitor_id
), step AS (
    SELECT c.id, c.visitor_id, c.start, c.channel, c.device, s.place, s.event, s.page
    FROM course c
    LEFT JOIN registered r USING (visitor_id)
    CROSS JOIN LATERAL (
        SELECT 10 AS place, 'view' AS event,
               CASE WHEN c.channel IN ('paid_search', 'social') AND pg_temp.dice(c.id, 40) < 0.6
                    THEN '/landing/' || c.channel ELSE '/' END AS page
        UNION ALL
        SELECT 20, 'login', '/login' WHERE c.nr > r.nr AND c.logs_in
        UNION ALL
        SELECT 30, 'search', '/search' WHERE c.searches
        UNION ALL
        SELECT 40 + 3 * n, 'view', '/category/' ||
               (ARRAY['shoes', 'coats', 'bags', 'hats', 'sale'])[1 + floor(5 * pg_temp.dice(c.id * 10 + n, 41))::int]
        FROM generate_series(1, floor(3 * pg_temp.dice(c.id, 42))::int + (c.products > 0)::int) AS n
        UNION ALL
        SELECT 41 + 3 * n, 'product_view', '/product/' ||
               (100 + floor(60 * power(pg_temp.dice(c.id * 10 + n, 43), 2)))::int
        FROM generate_series(1, c.products) AS n
        UNION ALL
        SELECT 70, 'share', '/product' WHERE c.shares
        UNION ALL
        SELECT 80 + n, 'add_to_cart', '/cart'
        FROM generate_series(1, CASE WHEN c.carts THEN 1 + (pg_temp.dice(c.id, 44) < 0.3)::int ELSE 0 END) AS n
        UNION ALL
        SELECT 90, 'signup', '/signup' WHERE c.nr = r.nr
        UNION ALL
        SELECT 100, 'begin_checkout', '/checkout' WHERE c.checks_out
        UNION ALL
        SELECT 110, 'checkout_error', '/checkout' WHERE c.fails
        UNION ALL
        SELECT 120, 'support_chat', '/help' WHERE c.asks
        UNION ALL
        SELECT 130, 'purchase', '/thanks' WHERE c.buys
    ) AS s
)
SELECT visitor_id,
       start + (sum(floor(4 - 38 * ln(1 - pg_temp.dice(id * 1000 + place, 45))))
                OVER (PARTITION BY id ORDER BY place)) * interval '1 second',
       event, page, channel, device
FROM step
ORDER BY 2, 1;

-- One order for each purchase, worth a little more on desktop and for e-mail readers.
INSERT INTO orders (order_id, visitor_id, ts, amount, refunded)
SELECT 10000 + row_number() OVER (ORDER BY ts, visitor_id), visitor_id, ts,
       round((12 + 46 * exp(1.1 * (pg_temp.dice(seed, 50) + pg_temp.dice(seed, 51) + pg_temp.dice(seed, 52) - 1.5))
              * CASE device WHEN 'desktop' THEN 1.2 ELSE 1 END
              * CASE channel WHEN 'email' THEN 1.15 ELSE 1 END)::numeric, 2),
       pg_temp.dice(seed, 53) < 0.06
FROM (SELECT *, visitor_id * 100000 + extract(epoch FROM ts)::bigint % 100000 AS seed
      FROM events WHERE event = 'purchase') AS p;

-- What the clicks of the paid channels cost: every visit is a click, and a few clicks never arrive.
INSERT INTO ad_costs (day, channel, cost, clicks, impressions)
SELECT day, name,
       round((clicks * cost_per_click * (0.85 + 0.3 * pg_temp.dice(seed, 61)))::numeric, 2),
       clicks,
       (clicks * (22 + 30 * pg_temp.dice(seed, 62)))::bigint
FROM (
    SELECT d.day::date AS day, c.name, c.cost_per_click,
           (d.day::date - date '2026-01-01') * 10 + hashtextextended(c.name, 0) % 1000003 AS seed,
           round((coalesce(v.visits, 0) + 1) * 1.12)::int AS clicks
    FROM generate_series(timestamp '2026-01-05', timestamp '2026-03-29', interval '1 day') AS d(day)
    CROSS JOIN channel c
    LEFT JOIN (SELECT (start AT TIME ZONE 'UTC')::date AS day, channel, count(*) AS visits
               FROM visit GROUP BY 1, 2) AS v ON v.day = d.day::date AND v.channel = c.name
    WHERE c.cost_per_click IS NOT NULL
) AS spent
ORDER BY day, name;

CREATE INDEX ON events (visitor_id, ts);
CREATE INDEX ON events USING brin (ts);
CREATE INDEX ON orders (visitor_id, ts);
CREATE INDEX ON orders (ts);

COMMENT ON TABLE events IS 'what visitors did in the web shop, one row per event';
COMMENT ON COLUMN events.visitor_id IS 'the visitor, the same over all visits';
COMMENT ON COLUMN events.ts IS 'when it happened';
COMMENT ON COLUMN events.event IS 'view, search, product_view, add_to_cart, begin_checkout, checkout_error, purchase, signup, login, share or support_chat';
COMMENT ON COLUMN events.page IS 'path of the page';
COMMENT ON COLUMN events.channel IS 'what brought the visitor to this visit';
COMMENT ON COLUMN events.device IS 'desktop, mobile or tablet';
COMMENT ON TABLE orders IS 'one row per purchase; visitor_id and ts are those of its purchase event';
COMMENT ON COLUMN orders.order_id IS 'number of the order, in the order of time';
COMMENT ON COLUMN orders.visitor_id IS 'who bought';
COMMENT ON COLUMN orders.ts IS 'when it was paid';
COMMENT ON COLUMN orders.amount IS 'value of the order in euros, before any refund';
COMMENT ON COLUMN orders.refunded IS 'whether the money was given back later';
COMMENT ON TABLE ad_costs IS 'what advertising cost, one row per day and paid channel';
COMMENT ON COLUMN ad_costs.day IS 'day in UTC';
COMMENT ON COLUMN ad_costs.channel IS 'the channel, named as in events';
COMMENT ON COLUMN ad_costs.cost IS 'money spent, in euros';
COMMENT ON COLUMN ad_costs.clicks IS 'clicks that were paid';
COMMENT ON COLUMN ad_costs.impressions IS 'how often the advertisement was shown';

ANALYZE events;
ANALYZE orders;
ANALYZE ad_costs;

\echo '== The shop'
SELECT count(*) AS events, count(DISTINCT visitor_id) AS visitors,
       (SELECT count(*) FROM orders) AS orders,
       (SELECT sum(amount) FROM orders) AS revenue,
       (SELECT sum(cost) FROM ad_costs) AS ad_cost,
       min(ts)::date AS from, max(ts)::date AS to
FROM events;

SELECT event, count(*) AS events, count(DISTINCT visitor_id) AS visitors
FROM events GROUP BY event ORDER BY events DESC, event;

-- Each order has its purchase and each purchase its order.
DO $$
BEGIN
    IF EXISTS (
        (SELECT visitor_id, ts FROM events WHERE event = 'purchase' EXCEPT ALL SELECT visitor_id, ts FROM orders)
        UNION ALL
        (SELECT visitor_id, ts FROM orders EXCEPT ALL SELECT visitor_id, ts FROM events WHERE event = 'purchase')
    ) THEN
        RAISE EXCEPTION 'orders and purchase events of the shop do not match';
    END IF;
END
$$;
