-- What golden values are made from. Never changed: their bytes depend on it.
CREATE SCHEMA golden;
CREATE TABLE golden.events (who bigint, at timestamptz, event text, value numeric);
-- some weeks around 2000-01-01, where times change their sign; labels of several bytes; money of both signs
INSERT INTO golden.events
SELECT i * i % 23, timestamptz '1999-12-20 22:00:00.25Z' + i * i * 7919 % 4000000 * interval '1 second' + i % 3 * interval '1 microsecond',
	(ARRAY[U&'\BCF4\AE30', 'cart', 'buy "now"', U&'\00E9t\00E9', 'a'])[1 + (i * i + i / 7) % 5], (ARRAY[NULL, i / 8.0, i * -1000.55, 12345678901.5, 0.000001])[1 + i % 5]
FROM generate_series(1, 240) AS i;
-- one whose time is long: sums of more than 64 bits
INSERT INTO golden.events
SELECT 100 + i, t, e, 1 FROM generate_series(1, 70) AS i, (VALUES (timestamptz '4713-01-01Z BC', 'cart'), ('290000-01-01Z', 'buy "now"')) AS x(t, e);
-- times without end
CREATE TABLE golden.endless (who bigint, at timestamptz, event text, value numeric);
INSERT INTO golden.endless VALUES (1, '-infinity', 'a', 1), (1, '2026-01-05 12:00Z', 'b', -2.50), (1, '2026-01-05 12:01Z', 'b', NULL), (1, 'infinity', 'a', 3), (2, '-infinity', 'b', NULL), (2, 'infinity', 'b', 0);
-- orders of customers who stop coming, for models
CREATE TABLE golden.orders AS
WITH RECURSIVE customers AS (
	SELECT c::bigint AS customer, c % 150 AS first, 3 + c * 37 % 41 AS gap, c * 61 % 7 + 1 AS patience FROM generate_series(1, 400) AS c),
steps AS (
	SELECT customer, first AS day, gap, patience, 0 AS n FROM customers
	UNION ALL
	SELECT customer, day + 1 + (gap * (1 + (customer * 13 + n * 29) % 17) / 6)::int, gap, patience, n + 1 FROM steps WHERE n < patience * 3 - 2 AND day < 600)
SELECT customer, timestamptz '2024-01-01 12:00Z' + make_interval(days => day) AS at, round(10 + (customer * 7919 % 90) + (n * 31 % 11), 2) AS amount FROM steps WHERE day <= 600;
