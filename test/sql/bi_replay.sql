-- what Power BI and Tableau send, at kpi_bi: the same rows, and filters that reach an index
SET client_min_messages = warning;
CREATE SCHEMA bi_replay_test;
SET search_path = bi_replay_test;
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE TABLE orders (at date, country text, amount numeric);
INSERT INTO orders SELECT date '2024-01-01' + i % 700, (ARRAY['독일', 'KR', 'US'])[1 + i % 3], i * 7919 % 97 FROM generate_series(1, 21000) AS i;
CREATE VIEW by_day AS SELECT at AS period_start, country AS segment, sum(amount) AS numerator, count(*) AS denominator FROM orders GROUP BY 1, 2;
CREATE FUNCTION define_all() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR k IN 1 .. 12 LOOP
    PERFORM kpi.define('order value ' || k, 'bi_replay_test.by_day', unit => 'EUR', title => '주문 금액 ' || k);
  END LOOP;
END $$;
SELECT define_all();
SELECT kpi.set_target('order value 1', '2025-03', 24);
CALL kpi.refresh(as_of => '2025-12-01Z');
ANALYZE kpi_bi.fact, kpi_bi.dim_kpi, kpi_bi.dim_segment, kpi_bi.dim_date;

-- ---- Power BI ----
-- the navigator
select TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE from INFORMATION_SCHEMA.tables where TABLE_SCHEMA not in ('information_schema', 'pg_catalog') and TABLE_SCHEMA = 'kpi_bi' order by TABLE_SCHEMA, TABLE_NAME;
-- its columns, character set, keys
select COLUMN_NAME, ORDINAL_POSITION, IS_NULLABLE, case when (data_type like '%unsigned%') then DATA_TYPE || ' unsigned' else DATA_TYPE end as DATA_TYPE from INFORMATION_SCHEMA.columns where TABLE_SCHEMA = 'kpi_bi' and TABLE_NAME = 'fact' order by TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION;
select count(*) from INFORMATION_SCHEMA.character_sets;
select pkcol.COLUMN_NAME as PK_COLUMN_NAME, fkcol.TABLE_SCHEMA AS FK_TABLE_SCHEMA, fkcol.TABLE_NAME AS FK_TABLE_NAME, fkcol.COLUMN_NAME as FK_COLUMN_NAME, fkcol.ORDINAL_POSITION as ORDINAL
from (select distinct constraint_catalog, constraint_schema, unique_constraint_schema, constraint_name, unique_constraint_name from INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS) fkcon
inner join INFORMATION_SCHEMA.KEY_COLUMN_USAGE fkcol on fkcon.CONSTRAINT_SCHEMA = fkcol.CONSTRAINT_SCHEMA and fkcon.CONSTRAINT_NAME = fkcol.CONSTRAINT_NAME
inner join INFORMATION_SCHEMA.KEY_COLUMN_USAGE pkcol on fkcon.UNIQUE_CONSTRAINT_SCHEMA = pkcol.CONSTRAINT_SCHEMA and fkcon.UNIQUE_CONSTRAINT_NAME = pkcol.CONSTRAINT_NAME
where fkcol.TABLE_SCHEMA = 'kpi_bi' and fkcol.TABLE_NAME = 'fact' and pkcol.ORDINAL_POSITION = fkcol.POSITION_IN_UNIQUE_CONSTRAINT order by 1;
-- the preview
select count(*) from (select "$Table"."kpi" as "kpi", "$Table"."period_start" as "period_start", "$Table"."value" as "value" from "kpi_bi"."fact_month" "$Table" limit 1000) as preview;
-- DirectQuery: a measure by month, of some KPIs, in a range of days
select "rows"."month_start" as "month_start", sum(cast("rows"."numerator" as double precision)) as "a0", sum(cast("rows"."denominator" as double precision)) as "a1" from
( select "$Outer"."numerator", "$Outer"."denominator", "$Inner"."month_start" from
  ( select "_"."kpi_key", "_"."period_start", "_"."numerator", "_"."denominator" from "kpi_bi"."fact_day" "_" where ("_"."kpi" = '주문 금액 3' or "_"."kpi" = 'order value 3') and "_"."is_total" = 1 and "_"."period_start" >= date '2025-03-01' and "_"."period_start" < date '2025-06-01' ) "$Outer"
  left outer join "kpi_bi"."dim_date" "$Inner" on ("$Outer"."period_start" = "$Inner"."day") ) "rows"
group by "month_start" order by "month_start" limit 1000001;
SELECT date_trunc('month', at)::date AS month_start, sum(amount) AS a0, count(*) AS a1 FROM orders WHERE at >= '2025-03-01' AND at < '2025-06-01' GROUP BY 1 ORDER BY 1;
-- a native query
select * from (select kpi, period_start, value, target from kpi_bi.fact_month where target is not null) _ limit 1;

-- ---- Tableau ----
SELECT * FROM "kpi_bi"."fact_day" "fact_day" WHERE 1=0;
SELECT "fact_day"."segment" AS "segment", (SUM("fact_day"."numerator") / SUM("fact_day"."denominator"))::numeric(12, 6) AS "usr:value:ok", COUNT(DISTINCT "fact_day"."kpi_key") AS "ctd:kpi_key:ok" FROM "kpi_bi"."fact_day" "fact_day"
INNER JOIN "kpi_bi"."dim_kpi" "dim_kpi" ON ("fact_day"."kpi_key" = "dim_kpi"."kpi_key") WHERE (("fact_day"."is_total" = 0) AND ("fact_day"."period_start" >= (DATE '2025-01-01')) AND ("fact_day"."period_start" <= (DATE '2025-01-31'))) GROUP BY 1 ORDER BY 1;
SELECT country, (sum(amount) / count(*))::numeric(12, 6) FROM orders WHERE at BETWEEN '2025-01-01' AND '2025-01-31' GROUP BY 1 ORDER BY 1;

-- ---- a filter of days reaches an index of the facts, alone and with others, of the table and of the views ----
CREATE FUNCTION reads(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE plan json; node jsonb; todo jsonb[];
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  todo := ARRAY[plan::jsonb -> 0 -> 'Plan'];
  WHILE cardinality(todo) > 0 LOOP
    node := todo[1];
    todo := todo[2:] || ARRAY(SELECT jsonb_array_elements(coalesce(node -> 'Plans', '[]')));
    IF node ->> 'Relation Name' = 'fact' AND node ->> 'Node Type' = 'Seq Scan' THEN RETURN 'the whole table'; END IF;
    IF node ->> 'Index Name' ~ '^fact' AND node ->> 'Index Cond' ~ 'period_start >=' THEN RETURN 'index'; END IF;
  END LOOP;
  RETURN 'an index, but not by the days';
END $$;
SELECT what, reads(query) FROM (VALUES
  ('fact', $$SELECT sum(value) FROM kpi_bi.fact WHERE grain = 'day' AND period_start >= '2025-11-01' AND period_start < '2025-11-08'$$),
  ('fact of one KPI', $$SELECT sum(value) FROM kpi_bi.fact WHERE kpi_key = 3 AND segment_key = 0 AND grain = 'day' AND period_start >= '2025-11-01'$$),
  ('fact_day', $$SELECT kpi, sum(numerator) / sum(denominator) FROM kpi_bi.fact_day WHERE period_start >= '2025-11-01' AND period_start < '2025-11-08' GROUP BY 1$$),
  ('fact_week by segment', $$SELECT segment, sum(value) FROM kpi_bi.fact_week WHERE is_total = 0 AND period_start >= '2025-11-01' GROUP BY 1$$),
  ('fact_month of one KPI', $$SELECT period_start, value, target FROM kpi_bi.fact_month WHERE kpi = 'order value 3' AND is_total = 1 AND period_start >= '2025-09-01'$$),
  ('nested, as DirectQuery', $$select "rows"."segment", sum("rows"."value") from (select "_"."segment", "_"."value" from "kpi_bi"."fact_day" "_" where "_"."period_start" >= date '2025-11-20') "rows" group by "segment" limit 1000001$$)) AS q(what, query);
DELETE FROM kpi.kpi;
DROP SCHEMA bi_replay_test CASCADE;
