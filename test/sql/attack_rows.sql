-- What an author may write directly into rows of the catalog that are its own, whatever it is, stops nobody else: who reads all of it, judges, refreshes or collects.
\set SHOW_CONTEXT never
SET client_min_messages = error;
SET timezone = 'UTC';
CREATE SCHEMA attack_rows;
CREATE ROLE attack_rows_author;
SELECT kpi.grant_access('attack_rows_author', 'author') \g /dev/null
ALTER SCHEMA attack_rows OWNER TO attack_rows_author;
SET ROLE attack_rows_author;
SET search_path = attack_rows, public;
CREATE TABLE events (at timestamptz, who int, what text, amount numeric, country text);
INSERT INTO events SELECT timestamptz '2026-03-20 09:00Z' - i * interval '97 min', i % 17, (ARRAY['view', 'cart', 'buy'])[1 + i % 3], i, 'KR' FROM generate_series(1, 600) AS i;
SELECT kpi.add_source('a source', 'events', at => 'at', actor => 'who', event => 'what', value => 'amount', segment => 'country') \g /dev/null
SELECT kpi.store_timelines('a source', as_of => '2026-03-20 09:00Z') \g /dev/null
SELECT kpi.track_changes('a source') \g /dev/null
SELECT kpi.define_objective('aim', 'Aim'), kpi.define_objective('aim below', 'Aim below', parent => 'aim') \g /dev/null
SELECT kpi.define_count('counted', 'a source', 'buy', segment => 'country', objective => 'aim below'), kpi.define_ratio('rate', 'a source', 'buy', 'view|buy', segment => '', objective => 'aim'), kpi.define_session_metric('visits', 'a source', 'sessions', segment => '') \g /dev/null
CREATE VIEW by_month AS SELECT date_trunc('month', at)::date AS period_start, sum(amount) AS value FROM events GROUP BY 1;
SELECT kpi.define('monthly', 'by_month', unit => 'EUR', adds => 'sum', grain => 'month', source => 'a source'), kpi.define('told', unit => 'points', adds => 'last', grain => 'month', qualitative => true), kpi.define_derived('derived', 'counted * 2', unit => 'x') \g /dev/null
SELECT kpi.set_target('counted', '2026-03', 100, weights => array_fill(1::float8, ARRAY[31])), kpi.set_target('monthly', '2026', 100), kpi.set_target('told', '2026-03', 5), kpi.set_target('rate', '2026-03', 0.6) \g /dev/null
SELECT kpi.check_in('told', '2026-02', 4, 'note'), kpi.check_in('counted', '2026-03-19', NULL, 'all well', 'on_track', '2026-03-25') \g /dev/null
SELECT kpi.record_action('act', 'counted', '2026-03-01', 'x', expected_change => 1) \g /dev/null
CREATE VIEW by_funnel AS SELECT kpi.funnel(who, at, what, 'view -> buy') AS funnel FROM events;
SELECT kpi.publish('steps', 'by_funnel'), kpi.schedule('*/5 * * * *', 'counted') \g /dev/null
SELECT kpi.share('counted', 'attack_rows_author'), kpi.share_analysis('steps', 'attack_rows_author') \g /dev/null
RESET ROLE;
CALL kpi.refresh(as_of => '2026-03-20 09:00Z');
CALL kpi.refresh_bi('2026-03-20 09:00Z');
INSERT INTO kpi.invalidation VALUES ('counted', '2026-03-03', '2026-03-04');
INSERT INTO kpi.source_change (source, from_day, to_day) VALUES ('a source', '2026-03-03', '2026-03-04');
INSERT INTO kpi.store_invalidation (source, from_day, to_day) VALUES ('a source', '2026-03-03', '2026-03-04');
INSERT INTO kpi.bi_invalidation VALUES ('counted', '2026-03-03', '2026-03-04');

-- values that a column of some type may be told; with the names some rows form a circle
CREATE FUNCTION hostile(type text) RETURNS text[] LANGUAGE sql AS $$
	SELECT '{NULL}'::text[] || CASE WHEN type IN ('text', 'name') THEN ARRAY['''''', '''nonsense''', 'E''\r\n''', '''derived''', '''aim'''] WHEN type = 'boolean' THEN ARRAY['true', 'false'] WHEN type IN ('integer', 'smallint') THEN ARRAY['0', '-1', '2147483647', '-2147483648']
		WHEN type = 'bigint' THEN ARRAY['0', '-1', '9223372036854775807', '-9223372036854775808'] WHEN type = 'double precision' THEN ARRAY['0', '-1', '''NaN''', '''Infinity''', '''-Infinity''', '1e308', '-1e308', '5e-324']
		WHEN type = 'numeric' THEN ARRAY['0', '-1', '''NaN''', '''Infinity''', '''-Infinity''', '1e100', '-1e100', '1e-100', '1e160', '-1e160', '1e100000', '1e-10000'] WHEN type = 'date' THEN ARRAY['''infinity''', '''-infinity''', '''5874897-12-31''', '''4714-11-24 BC''', '''2000-01-01''']
		WHEN type = 'timestamp with time zone' THEN ARRAY['''infinity''', '''-infinity''', '''294276-12-31Z''', '''4714-11-24 12:00Z BC'''] WHEN type = 'interval' THEN ARRAY['''0''', '''1 us''', '''178000000 years''', '''-178000000 years''', '''292270 years -105217000 days''']
		WHEN type = 'double precision[]' THEN ARRAY['''{}''', '''{NaN}''', '''{NULL}''', '''{-1,1e308,1e308}''', '''{{1,2},{3,4}}''', 'array_fill(1e308::float8, ARRAY[31])', 'array_fill(0::float8, ARRAY[31])', 'array_fill(1e-310::float8, ARRAY[31])', 'array_fill(''NaN''::float8, ARRAY[31])', 'array_fill(-1::float8, ARRAY[31])', 'array_fill(1::float8, ARRAY[30]) || NULL::float8'] WHEN type LIKE '%[]' THEN ARRAY['''{}'''] ELSE '{}' END $$;
-- of all rows, or of those that have a value already, or of one: how many rows there were; -1: refused
CREATE FUNCTION write(relation regclass, attribute name, value text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE condition text; n bigint;
BEGIN
	FOREACH condition IN ARRAY ARRAY['true', format('%I IS NOT NULL', attribute), format('ctid = (SELECT max(ctid) FROM %s)', relation)] LOOP
		BEGIN
			EXECUTE format('UPDATE %s SET %I = %s WHERE %s', relation, attribute, value, condition);
			GET DIAGNOSTICS n = ROW_COUNT;
			-- what is looked at when it is committed
			SET CONSTRAINTS ALL IMMEDIATE;
			RETURN n;
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
	RETURN -1;
END $$;
-- the columns that the author may write, and what
CREATE VIEW hostile_values AS
	SELECT a.attrelid::regclass AS relation, a.attname AS attribute, v.value FROM pg_attribute AS a JOIN pg_class AS t ON t.oid = a.attrelid CROSS JOIN LATERAL unnest(attack_rows.hostile(format_type(a.atttypid, NULL))) AS v (value)
	WHERE t.relnamespace = ANY ('{kpi,kpi_bi}'::regnamespace[]) AND t.relkind = 'r' AND has_table_privilege('attack_rows_author', t.oid, 'UPDATE') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
-- what is above is set up by test/t/019_attacked_refresh as well

CREATE TABLE stopped (relation text, written text, call text, error text);
CREATE TABLE tried (relation text, written text, rows bigint);
CREATE FUNCTION attempt(relation regclass, attribute name, value text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE call text; n bigint; found jsonb := '[]';
BEGIN
	SET LOCAL ROLE attack_rows_author;
	n := attack_rows.write(relation, attribute, value);
	RESET ROLE;
	IF n > 0 THEN
		-- what nobody but a BI tool reads
		FOREACH call IN ARRAY CASE WHEN relation::text NOT LIKE 'kpi_bi.%' THEN ARRAY['kpi.evaluate(''2026-03-20 09:00Z'')', 'kpi.evaluate_objectives(''2026-03-20 09:00Z'')', 'kpi.lint(''2026-03-20 09:00Z'')', 'kpi.smart_check(as_of => ''2026-03-20 09:00Z'')', 'kpi.health', 'kpi.progress',
				'kpi.refresh_plan(NULL::text, NULL::date, NULL::date, ''2026-03-20 09:00Z''::timestamptz, NULL::integer)', 'kpi.collect_changes()', 'kpi.stores_due(NULL)'] ELSE '{}' END || ARRAY['kpi_bi.scorecard_now', 'kpi_bi.fact_month', 'kpi_bi.lint', 'kpi_bi.trust'] LOOP
			BEGIN
				-- what it says is worked out
				EXECUTE format('SELECT count(x::text) FROM %s AS x', call);
				RAISE SQLSTATE 'KP001';
			EXCEPTION WHEN SQLSTATE 'KP001' THEN NULL; WHEN OTHERS THEN
				found := found || jsonb_build_object('relation', relation, 'written', format('%s = %s', attribute, value), 'call', split_part(call, '(', 1), 'error', left(SQLERRM, 80));
			END;
		END LOOP;
	END IF;
	RAISE SQLSTATE 'KP002' USING MESSAGE = found, DETAIL = n;
END $$;
DO $$
DECLARE r record; found jsonb; n bigint;
BEGIN
	FOR r IN SELECT * FROM attack_rows.hostile_values ORDER BY relation, attribute, value LOOP
		BEGIN
			PERFORM attack_rows.attempt(r.relation, r.attribute, r.value);
		EXCEPTION WHEN SQLSTATE 'KP002' THEN
			GET STACKED DIAGNOSTICS found = MESSAGE_TEXT, n = PG_EXCEPTION_DETAIL;
			INSERT INTO attack_rows.stopped SELECT s.* FROM jsonb_populate_recordset(NULL::attack_rows.stopped, found) AS s;
			INSERT INTO attack_rows.tried VALUES (r.relation::text, r.attribute, n);
		END;
	END LOOP;
END $$;
SELECT relation, written, string_agg(call, ', ' ORDER BY call) AS stopped, min(error) AS error FROM stopped GROUP BY 1, 2 ORDER BY relation COLLATE "C", written COLLATE "C";
-- that is, of rows that were there to be written, and that could be
SELECT count(*) > 700 AS tried, count(*) FILTER (WHERE rows > 0) > 300 AS written FROM tried;
SELECT relation AS not_written FROM tried WHERE relation LIKE 'kpi.%' GROUP BY 1 HAVING max(rows) <= 0 ORDER BY 1;

RESET search_path;
DELETE FROM kpi.kpi_input;
DELETE FROM kpi.kpi;
DELETE FROM kpi.analysis;
DELETE FROM kpi.schedule;
DELETE FROM kpi.objective;
DELETE FROM kpi.action;
DELETE FROM kpi_bi.dim_kpi;
DELETE FROM kpi_bi.dim_analysis;
DELETE FROM kpi_bi.dim_objective;
DROP SCHEMA attack_rows CASCADE;
DELETE FROM kpi.source;
SELECT kpi.grant_access('attack_rows_author', 'none') \g /dev/null
DROP ROLE attack_rows_author;
