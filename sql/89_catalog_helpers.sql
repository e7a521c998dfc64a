/*
 * ---- helpers: KPIs that are declared over a source ----
 *
 * Each writes a function of the caller's own, (from_day date, to_day date), and registers it with kpi.define(). The
 * functions are BEGIN ATOMIC: bound when they are made, so that no search_path matters to them and what they read cannot be
 * dropped under them; and simple enough for the planner to see through, so that a refresh reads its days by an index.
 */

/* The literals of the little languages, as far as these need to know them. */

CREATE FUNCTION @extschema@.label_list(events text, OUT label text, OUT is_prefix boolean) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 4 AS 'MODULE_PATHNAME', 'label_list';
COMMENT ON FUNCTION @extschema@.label_list(text) IS
'the labels of a list such as purchase|checkout*, each with whether it stands for all that begin so; none for *';

CREATE FUNCTION @extschema@.parts_of(pattern @extschema@.pattern, OUT grain text, OUT "window" interval, OUT steps integer, OUT last_required integer, OUT first_entry boolean, OUT open boolean)
	RETURNS record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'pattern_parts';
COMMENT ON FUNCTION @extschema@.parts_of(@extschema@.pattern) IS
'what a pattern says: its period and its window (null: none), how many steps it has, the last one that is not optional, and options';

CREATE FUNCTION @extschema@.parts_of(spec @extschema@.retention_spec, OUT grain text, OUT week_starts_monday boolean, OUT cells integer[], OUT recurring boolean, OUT unbounded boolean, OUT elapsed boolean)
	RETURNS record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_spec_parts';
COMMENT ON FUNCTION @extschema@.parts_of(@extschema@.retention_spec) IS
'what a retention spec says: its period, the periods that it shows, and whether it is recurring, on or after, elapsed';

CREATE FUNCTION @extschema@.parts_of(spec @extschema@.session_spec, OUT grain text, OUT week_starts_monday boolean, OUT timeout interval, OUT named text[])
	RETURNS record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'session_spec_parts';
COMMENT ON FUNCTION @extschema@.parts_of(@extschema@.session_spec) IS
'what a session spec says: its period (null: none), its timeout, and which kinds of events it names';

CREATE FUNCTION @extschema@.with_periods(pattern @extschema@.pattern, by text, zone text) RETURNS @extschema@.pattern
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'pattern_with_periods';
COMMENT ON FUNCTION @extschema@.with_periods(@extschema@.pattern, text, text) IS 'the same pattern, counted by other periods';

CREATE FUNCTION @extschema@.with_periods(spec @extschema@.session_spec, by text, zone text) RETURNS @extschema@.session_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'session_spec_with_periods';
COMMENT ON FUNCTION @extschema@.with_periods(@extschema@.session_spec, text, text) IS 'the same session spec, counted by other periods; weeks start on Monday';

CREATE FUNCTION @extschema@.with_zone(spec @extschema@.retention_spec, zone text) RETURNS @extschema@.retention_spec
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'retention_spec_with_zone';
COMMENT ON FUNCTION @extschema@.with_zone(@extschema@.retention_spec, text) IS 'the same retention spec, by the clocks of another zone';

CREATE FUNCTION @extschema@.proportion_interval(hits bigint, total bigint, OUT ci_low double precision, OUT ci_high double precision) RETURNS record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'proportion_interval';
COMMENT ON FUNCTION @extschema@.proportion_interval(bigint, bigint) IS
'the 95 % interval (Wilson) of a share: so many of a total; null if it is none';

/* Pieces of SQL. All names in them are quoted and qualified; rows of the source are called e. */

CREATE FUNCTION @extschema@.source_for(source text, segment name) RETURNS @extschema@.source
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		s @extschema@.source;
	BEGIN
		IF source IS NULL THEN
			RAISE null_value_not_allowed USING
				MESSAGE = 'which source is the KPI to be made of?',
				HINT = 'kpi.add_source() registers a table or view as one.';
		END IF;
		s := @extschema@.source_named(source);
		s.segment_column := nullif(coalesce(segment, s.segment_column), '');
		RETURN s;
	END
	$$;
COMMENT ON FUNCTION @extschema@.source_for(text, name) IS
'the row of a source, its segment the column that is asked for: null for that of the source, empty for none';

CREATE FUNCTION @extschema@.source_local(type regtype, zone text, expression text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.timestamptz'::pg_catalog.regtype THEN pg_catalog.format('(%s AT TIME ZONE %L)', expression, zone) ELSE pg_catalog.format('%s::pg_catalog.timestamp', expression) END
	$$;
COMMENT ON FUNCTION @extschema@.source_local(regtype, text, text) IS 'SQL for what the clocks of a zone show at a time; one without a zone is what they show';

CREATE FUNCTION @extschema@.source_sql(s @extschema@.source,
		OUT relation text, OUT at text, OUT at_type regtype, OUT local text, OUT instant text, OUT actor text, OUT event text, OUT value text, OUT segment text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.format('%I.%I', s.relation_schema, s.relation_name), c.at, c.at_type, @extschema@.source_local(c.at_type, s.zone, c.at),
		CASE WHEN c.at_type OPERATOR(pg_catalog.=) 'pg_catalog.timestamptz'::pg_catalog.regtype THEN c.at ELSE pg_catalog.format('(%s::pg_catalog.timestamp AT TIME ZONE %L)', c.at, s.zone) END,
		-- as the analyses take them
		c.actor OPERATOR(pg_catalog.||) CASE WHEN c.actor_type OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.int8', 'pg_catalog.int4', 'pg_catalog.int2']::pg_catalog.regtype[]) THEN '::pg_catalog.int8' WHEN c.actor_type OPERATOR(pg_catalog.=) 'pg_catalog.uuid'::pg_catalog.regtype THEN '::pg_catalog.uuid' ELSE '::pg_catalog.text' END,
		-- labels are compared byte by byte
		c.event OPERATOR(pg_catalog.||) '::pg_catalog.text COLLATE pg_catalog."C"', c.value OPERATOR(pg_catalog.||) '::pg_catalog.numeric', 'coalesce(nullif(' OPERATOR(pg_catalog.||) c.segment OPERATOR(pg_catalog.||) '::pg_catalog.text, ''''), ''(none)'')'
	FROM (SELECT pg_catalog.max(pg_catalog.format('e.%I', i.name)) FILTER (WHERE i.role OPERATOR(pg_catalog.=) 'at') AS at, pg_catalog.max(i.type::pg_catalog.oid) FILTER (WHERE i.role OPERATOR(pg_catalog.=) 'at')::pg_catalog.regtype AS at_type,
			pg_catalog.max(pg_catalog.format('e.%I', i.name)) FILTER (WHERE i.role OPERATOR(pg_catalog.=) 'actor') AS actor, pg_catalog.max(i.type::pg_catalog.oid) FILTER (WHERE i.role OPERATOR(pg_catalog.=) 'actor')::pg_catalog.regtype AS actor_type,
			pg_catalog.max(pg_catalog.format('e.%I', i.name)) FILTER (WHERE i.role OPERATOR(pg_catalog.=) 'event') AS event, pg_catalog.max(pg_catalog.format('e.%I', i.name)) FILTER (WHERE i.role OPERATOR(pg_catalog.=) 'value') AS value,
			CASE WHEN s.segment_column IS NOT NULL THEN pg_catalog.max(pg_catalog.format('e.%I', i.name)) FILTER (WHERE i.role OPERATOR(pg_catalog.=) 'segment') END AS segment
		FROM @extschema@.source_columns(s) AS i) AS c
	$$;
COMMENT ON FUNCTION @extschema@.source_sql(@extschema@.source) IS
'SQL for the columns of a source, checked; what it has none of is null';

CREATE FUNCTION @extschema@.source_need(s @extschema@.source, role text, expression text, why text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		IF expression IS NULL THEN
			RAISE undefined_column USING
				MESSAGE = pg_catalog.format('source "%s" has no column %s, which %s needs', s.name, role, why),
				HINT = pg_catalog.format('Tell which one it is: kpi.add_source(%L, ..., %s => ...).', s.name, role);
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.source_need(@extschema@.source, text, text, text) IS 'fails if a source lacks a column that a KPI needs';

CREATE FUNCTION @extschema@.source_condition(s @extschema@.source, event text, events text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		labels pg_catalog.text[];
		prefixes pg_catalog.text[];
	BEGIN
		SELECT pg_catalog.array_agg(l.label) FILTER (WHERE NOT l.is_prefix), pg_catalog.array_agg(l.label) FILTER (WHERE l.is_prefix) INTO labels, prefixes FROM @extschema@.label_list(coalesce(events, '*')) AS l;
		IF labels IS NULL AND prefixes IS NULL THEN
			RETURN coalesce(event OPERATOR(pg_catalog.||) ' IS NOT NULL', 'true');
		END IF;
		PERFORM @extschema@.source_need(s, 'event', event, pg_catalog.format('the list of events "%s"', events));
		RETURN pg_catalog.concat_ws(' OR ', CASE WHEN labels IS NOT NULL THEN pg_catalog.format('%s = ANY (ARRAY[%s]::pg_catalog.text[])', event, (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(l), ', ') FROM pg_catalog.unnest(labels) AS l)) END,
			(SELECT pg_catalog.string_agg(pg_catalog.format('pg_catalog.starts_with(%s, %L)', event, p), ' OR ') FROM pg_catalog.unnest(prefixes) AS p));
	END
	$$;
COMMENT ON FUNCTION @extschema@.source_condition(@extschema@.source, text, text) IS
'SQL for whether a row of a source is one of a list of events such as purchase|checkout*; null and * are all events';

CREATE FUNCTION @extschema@.source_days(type regtype, zone text, at text, local text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE
		WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.date'::pg_catalog.regtype THEN pg_catalog.format('%1$s >= $1 AND %1$s < $2', at)
		WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.timestamp'::pg_catalog.regtype THEN pg_catalog.format('%1$s >= $1::pg_catalog.timestamp AND %1$s < $2::pg_catalog.timestamp', at)
		WHEN zone OPERATOR(pg_catalog.=) ANY (ARRAY['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT']) THEN pg_catalog.format('%1$s >= ($1::pg_catalog.timestamp AT TIME ZONE %2$L) AND %1$s < ($2::pg_catalog.timestamp AT TIME ZONE %2$L)', at, zone)
		-- clocks that are put back at midnight show some of the day before the bound: an index finds a little more, and the clocks decide
		ELSE pg_catalog.format('%1$s >= (($1::pg_catalog.timestamp - ''03:00''::pg_catalog.interval) AT TIME ZONE %2$L) AND %1$s < (($2::pg_catalog.timestamp + ''03:00''::pg_catalog.interval) AT TIME ZONE %2$L) AND %3$s >= $1::pg_catalog.timestamp AND %3$s < $2::pg_catalog.timestamp', at, zone, local) END
	$$;
COMMENT ON FUNCTION @extschema@.source_days(regtype, text, text, text) IS
'SQL for whether a row is of the days from $1 on and before $2, by the clocks of a zone; an index on the column serves it';

CREATE FUNCTION @extschema@.source_bound(type regtype, zone text, parameter text, margin interval) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET intervalstyle = 'postgres'
	AS $$
	SELECT pg_catalog.format(CASE WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.timestamptz'::pg_catalog.regtype THEN '((%s::pg_catalog.timestamp + %L::pg_catalog.interval) AT TIME ZONE %L)' ELSE '(%s::pg_catalog.timestamp + %L::pg_catalog.interval)' END, parameter, margin, zone)
	$$;
COMMENT ON FUNCTION @extschema@.source_bound(regtype, text, text, interval) IS 'SQL for the time that a day begins at by the clocks of a zone, and some time before or after, as a type that is compared with times of some type';

CREATE FUNCTION @extschema@.period_sql(grain text, local text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN grain OPERATOR(pg_catalog.=) 'day' THEN pg_catalog.format('%s::pg_catalog.date', local) ELSE pg_catalog.format('pg_catalog.date_trunc(%L, %s)::pg_catalog.date', grain, local) END
	$$;
COMMENT ON FUNCTION @extschema@.period_sql(text, text) IS 'SQL for the first day of the period that a time lies in';

/* FROM an analysis of the rows, or of the timelines if there are any: a row for each segment and one for the whole. */
CREATE FUNCTION @extschema@.source_analysis(s @extschema@.source, aggregate text, literal text, before interval, after interval) RETURNS text
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		c record;
		-- clocks may be put back and forth on the way
		slack interval := interval '3 hours';
		first pg_catalog.text;
		last pg_catalog.text;
	BEGIN
		SELECT * INTO c FROM @extschema@.source_sql(s);
		PERFORM @extschema@.source_need(s, 'actor', c.actor, 'kpi.' OPERATOR(pg_catalog.||) aggregate);
		IF s.store_name IS NOT NULL AND c.segment IS NULL THEN
			first := @extschema@.source_bound('pg_catalog.timestamptz'::pg_catalog.regtype, s.zone, '$1', (OPERATOR(pg_catalog.-) before) OPERATOR(pg_catalog.-) slack);
			last := @extschema@.source_bound('pg_catalog.timestamptz'::pg_catalog.regtype, s.zone, '$2', after OPERATOR(pg_catalog.+) slack);
			RETURN pg_catalog.format('(SELECT @extschema@.%I(@extschema@.slice(t.timeline, %s, %s), %s) AS found FROM %I.%I AS t WHERE %s t.first_at < %s) AS f', aggregate, coalesce(first, 'NULL'), last, literal,
				s.store_schema, s.store_name, coalesce('t.last_at >= ' OPERATOR(pg_catalog.||) first OPERATOR(pg_catalog.||) ' AND', ''), last);
		END IF;
		first := @extschema@.source_bound(c.at_type, s.zone, '$1', (OPERATOR(pg_catalog.-) before) OPERATOR(pg_catalog.-) slack);
		last := @extschema@.source_bound(c.at_type, s.zone, '$2', after OPERATOR(pg_catalog.+) slack);
		RETURN pg_catalog.format('(SELECT %s @extschema@.%I(%s, %s, %s, %s) AS found FROM %s AS e WHERE %s %s < %s %s) AS f',
			coalesce('CASE WHEN GROUPING(' OPERATOR(pg_catalog.||) c.segment OPERATOR(pg_catalog.||) ') = 0 THEN ' OPERATOR(pg_catalog.||) c.segment OPERATOR(pg_catalog.||) ' END AS segment,', ''), aggregate, c.actor, c.instant, coalesce(c.event, '''event''::pg_catalog.text'), literal, c.relation,
			coalesce(c.at OPERATOR(pg_catalog.||) ' >= ' OPERATOR(pg_catalog.||) first OPERATOR(pg_catalog.||) ' AND', ''), c.at, last, coalesce('GROUP BY GROUPING SETS ((' OPERATOR(pg_catalog.||) c.segment OPERATOR(pg_catalog.||) '), ())', ''));
	END
	$$;
COMMENT ON FUNCTION @extschema@.source_analysis(@extschema@.source, text, text, interval, interval) IS
'SQL for a FROM item f: an analysis of what a source has of the days from $1 on and before $2 and some time before (null: all of it) and after, by segment';

CREATE FUNCTION @extschema@.days_at_most(length interval) RETURNS integer
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT ((pg_catalog.extract('year', length) OPERATOR(pg_catalog.*) 366) OPERATOR(pg_catalog.+) (pg_catalog.extract('month', length) OPERATOR(pg_catalog.*) 31) OPERATOR(pg_catalog.+) pg_catalog.extract('day', length)
		OPERATOR(pg_catalog.+) pg_catalog.ceil(pg_catalog.extract('epoch', length OPERATOR(pg_catalog.-) pg_catalog.date_trunc('day', length)) OPERATOR(pg_catalog./) 86400))::pg_catalog.int4
	$$;
COMMENT ON FUNCTION @extschema@.days_at_most(interval) IS 'how many days an interval reaches at most, from whatever day on';

CREATE FUNCTION @extschema@.with_wholes(body text, nothing text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.format('WITH found AS (%s) SELECT * FROM found UNION ALL SELECT w.period_start, NULL::pg_catalog.text, %s FROM found AS w GROUP BY w.period_start HAVING pg_catalog.bool_and(w.segment IS NOT NULL)', body, nothing)
	$$;
COMMENT ON FUNCTION @extschema@.with_wholes(text, text) IS
'SQL for the rows of a definition, and of a period that only segments have something of, such as one where nobody is new but in a country, a whole with nothing: kpi.refresh() would add the segments up';

/* Functions. */

CREATE FUNCTION @extschema@.definition_function_name(kpi text) RETURNS name
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		whole pg_catalog.text := 'kpi_' OPERATOR(pg_catalog.||) kpi;
		kept integer := pg_catalog.length('kpi_' OPERATOR(pg_catalog.||) kpi);
	BEGIN
		IF pg_catalog.octet_length(whole) OPERATOR(pg_catalog.<=) 63 THEN
			RETURN whole::pg_catalog.name;
		END IF;
		WHILE pg_catalog.octet_length(pg_catalog.left(whole, kept)) OPERATOR(pg_catalog.>) 54 LOOP
			kept := kept OPERATOR(pg_catalog.-) 1;
		END LOOP;
		RETURN (pg_catalog.left(whole, kept) OPERATOR(pg_catalog.||) '_' OPERATOR(pg_catalog.||) pg_catalog.left(pg_catalog.md5(kpi), 8))::pg_catalog.name;
	END
	$$;
COMMENT ON FUNCTION @extschema@.definition_function_name(text) IS 'what the function of a KPI is called: kpi_ and the name; of a long one its beginning and a hash';

CREATE FUNCTION @extschema@.made_by_helper(function oid, kpi text) RETURNS boolean
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.starts_with(d.comment, 'made by kpi.define_') AND pg_catalog.right(d.comment, pg_catalog.length(pg_catalog.format(' for KPI "%s"', kpi))) OPERATOR(pg_catalog.=) pg_catalog.format(' for KPI "%s"', kpi)
	FROM (SELECT coalesce(pg_catalog.obj_description(function, 'pg_proc'), '') AS comment) AS d
	$$;
COMMENT ON FUNCTION @extschema@.made_by_helper(oid, text) IS 'whether a function is one that a helper made for a KPI; its comment says so';

CREATE FUNCTION @extschema@.days_function(in_schema name, name name) RETURNS oid
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT p.oid FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
	WHERE n.nspname OPERATOR(pg_catalog.=) in_schema AND p.proname OPERATOR(pg_catalog.=) days_function.name AND p.pronargs OPERATOR(pg_catalog.=) 2 AND p.proargtypes[0] OPERATOR(pg_catalog.=) 'pg_catalog.date'::pg_catalog.regtype AND p.proargtypes[1] OPERATOR(pg_catalog.=) 'pg_catalog.date'::pg_catalog.regtype
	$$;
COMMENT ON FUNCTION @extschema@.days_function(name, name) IS 'the function of that name that takes two days; null if there is none';

CREATE FUNCTION @extschema@.make_definition(kpi text, helper text, in_schema name, source @extschema@.source, columns text, body text, nothing text DEFAULT NULL) RETURNS regprocedure
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		named pg_catalog.name := @extschema@.definition_function_name(kpi);
		quoted pg_catalog.text;
		there pg_catalog.oid := @extschema@.days_function(in_schema, named);
		command pg_catalog.text;
		old record;
	BEGIN
		IF kpi IS NULL OR kpi OPERATOR(pg_catalog.=) '' THEN
			RAISE invalid_parameter_value USING MESSAGE = 'a KPI needs a name';
		END IF;
		IF in_schema IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('there is no schema for the function of KPI "%s"', kpi),
				HINT = 'Say where it is to be made: in_schema => ''...''.';
		END IF;
		IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace AS n WHERE n.nspname OPERATOR(pg_catalog.=) in_schema) THEN
			PERFORM @extschema@.no_such('schema', in_schema::pg_catalog.text, (SELECT coalesce(pg_catalog.array_agg(n.nspname::pg_catalog.text ORDER BY n.nspname), '{}') FROM pg_catalog.pg_namespace AS n WHERE NOT pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_')));
		END IF;
		quoted := pg_catalog.format('%I.%I', in_schema, named);
		IF there IS NOT NULL AND NOT @extschema@.made_by_helper(there, kpi) THEN
			RAISE duplicate_function USING
				MESSAGE = pg_catalog.format('there is a function %s(date, date) that was not made for KPI "%s"', quoted, kpi),
				HINT = 'Rename or drop it, or make the KPI''s in another schema: in_schema => ''...''.';
		END IF;
		command := pg_catalog.format('FUNCTION %s(from_day pg_catalog.date, to_day pg_catalog.date) RETURNS TABLE (period_start pg_catalog.date, %s%s) LANGUAGE sql STABLE BEGIN ATOMIC %s; END', quoted,
			CASE WHEN source.segment_column IS NULL THEN '' ELSE 'segment pg_catalog.text, ' END, columns,
			CASE WHEN source.segment_column IS NULL OR nothing IS NULL THEN body ELSE @extschema@.with_wholes(body, nothing) END);
		IF there IS NULL THEN
			EXECUTE 'CREATE ' OPERATOR(pg_catalog.||) command;
		ELSE
			BEGIN
				EXECUTE 'CREATE OR REPLACE ' OPERATOR(pg_catalog.||) command;
			EXCEPTION WHEN invalid_function_definition THEN
				-- other columns
				EXECUTE pg_catalog.format('DROP FUNCTION %s(pg_catalog.date, pg_catalog.date)', quoted);
				EXECUTE 'CREATE ' OPERATOR(pg_catalog.||) command;
			END;
		END IF;
		EXECUTE pg_catalog.format('COMMENT ON FUNCTION %s(pg_catalog.date, pg_catalog.date) IS %L', quoted, pg_catalog.format('made by kpi.%s for KPI "%s"', helper, kpi));
		-- one that was made elsewhere
		SELECT k.definition_schema, k.definition_name, @extschema@.days_function(k.definition_schema, k.definition_name) AS function INTO old FROM @extschema@.kpi AS k
			WHERE k.name OPERATOR(pg_catalog.=) kpi AND k.kind OPERATOR(pg_catalog.=) 'function' AND (k.definition_schema, k.definition_name) IS DISTINCT FROM (in_schema, named);
		IF @extschema@.made_by_helper(old.function, kpi) THEN
			EXECUTE pg_catalog.format('DROP FUNCTION %I.%I(pg_catalog.date, pg_catalog.date)', old.definition_schema, old.definition_name);
		END IF;
		RETURN @extschema@.days_function(in_schema, named)::pg_catalog.regprocedure;
	END
	$$;
COMMENT ON FUNCTION @extschema@.make_definition(text, text, name, @extschema@.source, text, text, text) IS
'makes the function that defines a KPI, or makes it anew, with a column of segments if the source has one, and wholes of nothing if it is told what that is; one that was made for another purpose is left alone';

CREATE FUNCTION @extschema@.events_in_words(events text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN coalesce(events, '*') OPERATOR(pg_catalog.=) '*' THEN 'events' ELSE 'events ' OPERATOR(pg_catalog.||) events END
	$$;
COMMENT ON FUNCTION @extschema@.events_in_words(text) IS 'a list of events as it is read in a sentence';

CREATE FUNCTION @extschema@.is_part_of(events text, whole text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT NOT EXISTS (SELECT FROM @extschema@.label_list(coalesce(whole, '*')))
		OR EXISTS (SELECT FROM @extschema@.label_list(coalesce(events, '*'))) AND NOT EXISTS (SELECT FROM @extschema@.label_list(coalesce(events, '*')) AS p
			WHERE NOT EXISTS (SELECT FROM @extschema@.label_list(whole) AS w WHERE CASE WHEN w.is_prefix THEN pg_catalog.starts_with(p.label, w.label) ELSE NOT p.is_prefix AND p.label OPERATOR(pg_catalog.=) w.label END))
	$$;
COMMENT ON FUNCTION @extschema@.is_part_of(text, text) IS 'whether every event of a list of events is one of another list as well';

/* The helpers. */

CREATE FUNCTION @extschema@.define_count(name text, source text, events text DEFAULT NULL, grain text DEFAULT 'day', segment name DEFAULT NULL, unit text DEFAULT 'events', title text DEFAULT NULL, description text DEFAULT NULL,
		objective text DEFAULT NULL, weight numeric DEFAULT 1, direction text DEFAULT 'up', lookback integer DEFAULT 3, in_schema name DEFAULT pg_catalog.current_schema(), min_n bigint DEFAULT NULL,
		at_risk double precision DEFAULT 0.90, behind double precision DEFAULT 0.75, stale_after interval DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		s @extschema@.source := @extschema@.source_for(source, segment);
		c record;
		wanted pg_catalog.text;
	BEGIN
		SELECT * INTO c FROM @extschema@.source_sql(s);
		wanted := @extschema@.source_condition(s, c.event, events);
		PERFORM @extschema@.define(name, function => @extschema@.make_definition(name, 'define_count', in_schema, s, 'value pg_catalog.int8, n pg_catalog.int8', pg_catalog.format('SELECT %s AS period_start, %s pg_catalog.count(*) FILTER (WHERE %s) AS value, pg_catalog.count(*) FILTER (WHERE %s) AS n FROM %s AS e WHERE %s GROUP BY %s',
				@extschema@.period_sql(grain, c.local), coalesce(c.segment OPERATOR(pg_catalog.||) ' AS segment,', ''), wanted, wanted, c.relation, @extschema@.source_days(c.at_type, s.zone, c.at, c.local), CASE WHEN c.segment IS NULL THEN '1' ELSE '1, 2' END)), source => source, unit => unit, direction => direction, grain => grain, adds => 'sum',
			title => title, description => coalesce(description, pg_catalog.format('number of %s in %s', @extschema@.events_in_words(events), source)), objective => objective, weight => weight, qualitative => false, zone => s.zone, lookback => lookback,
			stale_after => coalesce(stale_after, s.stale_after), at_risk => at_risk, behind => behind, min_n => min_n);
	END
	$$;
COMMENT ON FUNCTION @extschema@.define_count(text, text, text, text, name, text, text, text, text, numeric, text, integer, name, bigint, double precision, double precision, interval) IS
'defines a KPI over a source: how many events, such as purchase|order';

CREATE FUNCTION @extschema@.define_sum(name text, source text, events text DEFAULT NULL, grain text DEFAULT 'day', segment name DEFAULT NULL, unit text DEFAULT NULL, title text DEFAULT NULL, description text DEFAULT NULL,
		objective text DEFAULT NULL, weight numeric DEFAULT 1, direction text DEFAULT 'up', lookback integer DEFAULT 3, in_schema name DEFAULT pg_catalog.current_schema(), min_n bigint DEFAULT NULL,
		at_risk double precision DEFAULT 0.90, behind double precision DEFAULT 0.75, stale_after interval DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		s @extschema@.source := @extschema@.source_for(source, segment);
		c record;
		wanted pg_catalog.text;
	BEGIN
		SELECT * INTO c FROM @extschema@.source_sql(s);
		PERFORM @extschema@.source_need(s, 'value', c.value, 'kpi.define_sum');
		wanted := @extschema@.source_condition(s, c.event, events);
		PERFORM @extschema@.define(name, function => @extschema@.make_definition(name, 'define_sum', in_schema, s, 'value pg_catalog.numeric, n pg_catalog.int8', pg_catalog.format('SELECT %s AS period_start, %s coalesce(pg_catalog.sum(%s) FILTER (WHERE %s), 0) AS value, pg_catalog.count(%s) FILTER (WHERE %s) AS n FROM %s AS e WHERE %s GROUP BY %s',
				@extschema@.period_sql(grain, c.local), coalesce(c.segment OPERATOR(pg_catalog.||) ' AS segment,', ''), c.value, wanted, c.value, wanted, c.relation, @extschema@.source_days(c.at_type, s.zone, c.at, c.local), CASE WHEN c.segment IS NULL THEN '1' ELSE '1, 2' END)), source => source, unit => unit, direction => direction, grain => grain, adds => 'sum',
			title => title, description => coalesce(description, pg_catalog.format('sum of %s of %s in %s', s.value_column, @extschema@.events_in_words(events), source)), objective => objective, weight => weight, qualitative => false, zone => s.zone, lookback => lookback,
			stale_after => coalesce(stale_after, s.stale_after), at_risk => at_risk, behind => behind, min_n => min_n);
	END
	$$;
COMMENT ON FUNCTION @extschema@.define_sum(text, text, text, text, name, text, text, text, text, numeric, text, integer, name, bigint, double precision, double precision, interval) IS
'defines a KPI over a source: what the values of events, such as purchase|order, add up to';

CREATE FUNCTION @extschema@.define_unique(name text, source text, events text DEFAULT NULL, grain text DEFAULT 'day', first_time boolean DEFAULT false, segment name DEFAULT NULL, unit text DEFAULT 'actors', title text DEFAULT NULL, description text DEFAULT NULL,
		objective text DEFAULT NULL, weight numeric DEFAULT 1, direction text DEFAULT 'up', lookback integer DEFAULT 3, in_schema name DEFAULT pg_catalog.current_schema(), min_n bigint DEFAULT NULL,
		at_risk double precision DEFAULT 0.90, behind double precision DEFAULT 0.75, stale_after interval DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		s @extschema@.source := @extschema@.source_for(source, segment);
		c record;
		wanted pg_catalog.text;
		body pg_catalog.text;
	BEGIN
		SELECT * INTO c FROM @extschema@.source_sql(s);
		PERFORM @extschema@.source_need(s, 'actor', c.actor, 'kpi.define_unique');
		wanted := @extschema@.source_condition(s, c.event, events);
		IF first_time THEN
			-- of each actor the first of all times
			body := pg_catalog.format('SELECT %s AS period_start, %s pg_catalog.count(*) AS value, pg_catalog.count(*) AS n FROM (SELECT %s pg_catalog.min(%s) AS at FROM %s AS e WHERE %s < %s AND %s IS NOT NULL AND (%s) GROUP BY %s) AS f WHERE %s >= $1::pg_catalog.timestamp AND %s < $2::pg_catalog.timestamp GROUP BY %s',
				@extschema@.period_sql(grain, @extschema@.source_local(c.at_type, s.zone, 'f.at')), CASE WHEN c.segment IS NULL THEN '' ELSE 'f.segment,' END,
				coalesce('CASE WHEN GROUPING(' OPERATOR(pg_catalog.||) c.segment OPERATOR(pg_catalog.||) ') = 0 THEN ' OPERATOR(pg_catalog.||) c.segment OPERATOR(pg_catalog.||) ' END AS segment,', ''), c.at, c.relation, c.at, @extschema@.source_bound(c.at_type, s.zone, '$2', interval '3 hours'), c.actor, wanted,
				CASE WHEN c.segment IS NULL THEN c.actor ELSE pg_catalog.format('GROUPING SETS ((%1$s, %2$s), (%1$s))', c.actor, c.segment) END,
				@extschema@.source_local(c.at_type, s.zone, 'f.at'), @extschema@.source_local(c.at_type, s.zone, 'f.at'), CASE WHEN c.segment IS NULL THEN '1' ELSE '1, 2' END);
		ELSE
			body := pg_catalog.format('SELECT %s AS period_start, %s pg_catalog.count(DISTINCT %s) FILTER (WHERE %s) AS value, pg_catalog.count(DISTINCT %s) FILTER (WHERE %s) AS n FROM %s AS e WHERE %s GROUP BY %s',
				@extschema@.period_sql(grain, c.local), coalesce(c.segment OPERATOR(pg_catalog.||) ' AS segment,', ''), c.actor, wanted, c.actor, wanted, c.relation, @extschema@.source_days(c.at_type, s.zone, c.at, c.local),
				CASE WHEN c.segment IS NULL THEN '1' ELSE 'GROUPING SETS ((1, 2), (1))' END);
		END IF;
		PERFORM @extschema@.define(name, function => @extschema@.make_definition(name, 'define_unique', in_schema, s, 'value pg_catalog.int8, n pg_catalog.int8', body, CASE WHEN first_time THEN '0::pg_catalog.int8, 0::pg_catalog.int8' END), source => source, unit => unit, direction => direction, grain => grain, adds => CASE WHEN first_time THEN 'sum' ELSE 'recompute' END,
			title => title, description => coalesce(description, pg_catalog.format('who had %s in %s%s, each counted once', @extschema@.events_in_words(events), source, CASE WHEN first_time THEN ' for the first time' ELSE '' END)), objective => objective, weight => weight, qualitative => false, zone => s.zone, lookback => lookback, lookahead => CASE WHEN NOT first_time THEN 0 END,
			stale_after => coalesce(stale_after, s.stale_after), at_risk => at_risk, behind => behind, min_n => min_n);
	END
	$$;
COMMENT ON FUNCTION @extschema@.define_unique(text, text, text, text, boolean, name, text, text, text, text, numeric, text, integer, name, bigint, double precision, double precision, interval) IS
'defines a KPI over a source: how many different actors had events, such as purchase|order, or had them for the first time';

CREATE FUNCTION @extschema@.define_ratio(name text, source text, numerator text, denominator text, numerator_of text DEFAULT 'count', denominator_of text DEFAULT 'count', grain text DEFAULT 'day', segment name DEFAULT NULL, unit text DEFAULT NULL, title text DEFAULT NULL, description text DEFAULT NULL,
		objective text DEFAULT NULL, weight numeric DEFAULT 1, direction text DEFAULT 'up', lookback integer DEFAULT 3, in_schema name DEFAULT pg_catalog.current_schema(), min_n bigint DEFAULT NULL,
		at_risk double precision DEFAULT 0.90, behind double precision DEFAULT 0.75, stale_after interval DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		s @extschema@.source := @extschema@.source_for(source, segment);
		c record;
		side record;
		expressions pg_catalog.text[] := '{}';
		types pg_catalog.text[] := '{}';
		is_share boolean := numerator_of OPERATOR(pg_catalog.=) denominator_of AND numerator_of OPERATOR(pg_catalog.<>) 'sum' AND @extschema@.is_part_of(numerator, denominator);
		counted boolean := denominator_of OPERATOR(pg_catalog.<>) 'sum';
		body pg_catalog.text;
	BEGIN
		SELECT * INTO c FROM @extschema@.source_sql(s);
		FOR side IN SELECT v.what, v.events, v."of" FROM (VALUES (1, 'numerator', numerator, numerator_of), (2, 'denominator', denominator, denominator_of)) AS v(place, what, events, "of") ORDER BY v.place LOOP
			IF side."of" OPERATOR(pg_catalog.=) ANY (ARRAY['count', 'sum', 'actors']) IS NOT TRUE THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('%s_of "%s" of KPI "%s" is not known', side.what, side."of", name),
					HINT = 'There are count (of events), sum (of their values) and actors (who had them, each once).';
			END IF;
			IF side."of" OPERATOR(pg_catalog.<>) 'count' THEN
				PERFORM @extschema@.source_need(s, CASE WHEN side."of" OPERATOR(pg_catalog.=) 'sum' THEN 'value' ELSE 'actor' END, CASE WHEN side."of" OPERATOR(pg_catalog.=) 'sum' THEN c.value ELSE c.actor END, pg_catalog.format('%s_of => ''%s''', side.what, side."of"));
			END IF;
			expressions := expressions OPERATOR(pg_catalog.||) pg_catalog.format(CASE WHEN side."of" OPERATOR(pg_catalog.=) 'count' THEN 'pg_catalog.count(*) FILTER (WHERE %2$s)' WHEN side."of" OPERATOR(pg_catalog.=) 'sum' THEN 'coalesce(pg_catalog.sum(%1$s) FILTER (WHERE %2$s), 0)' ELSE 'pg_catalog.count(DISTINCT %1$s) FILTER (WHERE %2$s)' END,
				CASE WHEN side."of" OPERATOR(pg_catalog.=) 'sum' THEN c.value ELSE c.actor END, @extschema@.source_condition(s, c.event, side.events));
			types := types OPERATOR(pg_catalog.||) CASE WHEN side."of" OPERATOR(pg_catalog.=) 'sum' THEN 'pg_catalog.numeric' ELSE 'pg_catalog.int8' END;
		END LOOP;
		body := pg_catalog.format('SELECT %s AS period_start, %s %s AS numerator, %s AS denominator FROM %s AS e WHERE %s GROUP BY %s', @extschema@.period_sql(grain, c.local), coalesce(c.segment OPERATOR(pg_catalog.||) ' AS segment,', ''), expressions[1], expressions[2], c.relation,
			@extschema@.source_days(c.at_type, s.zone, c.at, c.local), CASE WHEN c.segment IS NULL THEN '1' ELSE 'GROUPING SETS ((1, 2), (1))' END);
		IF counted THEN
			body := pg_catalog.format('SELECT r.period_start, %s r.numerator, r.denominator, r.denominator AS n %s FROM (%s) AS r %s', CASE WHEN c.segment IS NULL THEN '' ELSE 'r.segment,' END, CASE WHEN is_share THEN ', i.ci_low, i.ci_high' ELSE '' END, body,
				CASE WHEN is_share THEN 'CROSS JOIN LATERAL @extschema@.proportion_interval(r.numerator, r.denominator) AS i' ELSE '' END);
		END IF;
		PERFORM @extschema@.define(name, function => @extschema@.make_definition(name, 'define_ratio', in_schema, s, 'numerator ' OPERATOR(pg_catalog.||) types[1] OPERATOR(pg_catalog.||) ', denominator ' OPERATOR(pg_catalog.||) types[2] OPERATOR(pg_catalog.||) CASE WHEN counted THEN ', n pg_catalog.int8' ELSE '' END OPERATOR(pg_catalog.||) CASE WHEN is_share THEN ', ci_low pg_catalog.float8, ci_high pg_catalog.float8' ELSE '' END, body), source => source, unit => coalesce(unit, CASE WHEN is_share THEN 'share' END), direction => direction, grain => grain, adds => CASE WHEN 'actors' OPERATOR(pg_catalog.=) ANY (ARRAY[numerator_of, denominator_of]) THEN 'recompute' ELSE 'ratio' END,
			title => title, description => coalesce(description, pg_catalog.format('%s of %s over %s of %s in %s', numerator_of, @extschema@.events_in_words(numerator), denominator_of, @extschema@.events_in_words(denominator), source)), objective => objective, weight => weight, qualitative => false, zone => s.zone, lookback => lookback,
			stale_after => coalesce(stale_after, s.stale_after), at_risk => at_risk, behind => behind, min_n => min_n);
	END
	$$;
COMMENT ON FUNCTION @extschema@.define_ratio(text, text, text, text, text, text, text, name, text, text, text, text, numeric, text, integer, name, bigint, double precision, double precision, interval) IS
'defines a KPI over a source: one count, sum of values or number of actors over another one, such as clicks over impressions';

CREATE FUNCTION @extschema@.define_funnel(name text, source text, pattern @extschema@.pattern, grain text DEFAULT NULL, segment name DEFAULT NULL, unit text DEFAULT 'share', title text DEFAULT NULL, description text DEFAULT NULL,
		objective text DEFAULT NULL, weight numeric DEFAULT 1, direction text DEFAULT 'up', lookback integer DEFAULT NULL, in_schema name DEFAULT pg_catalog.current_schema(), min_n bigint DEFAULT NULL,
		at_risk double precision DEFAULT 0.90, behind double precision DEFAULT 0.75, stale_after interval DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		s @extschema@.source := @extschema@.source_for(source, segment);
		p record;
		window_days integer;
	BEGIN
		IF pattern IS NULL THEN
			RAISE null_value_not_allowed USING MESSAGE = pg_catalog.format('KPI "%s" has no pattern', name), HINT = 'Write one like ''view -> purchase within 7 days''.';
		END IF;
		SELECT * INTO p FROM @extschema@.parts_of(pattern);
		grain := coalesce(grain, p.grain, 'day');
		IF p."window" IS NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the pattern of KPI "%s" has no window, so no period of it would ever be final', name),
				HINT = pg_catalog.format('Say how long it may take: ''%s within 7 days''.', pattern);
		END IF;
		IF p.steps OPERATOR(pg_catalog.<) 2 OR p.last_required OPERATOR(pg_catalog.<) 2 THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the pattern of KPI "%s" has one step that is not optional, which everybody reaches who enters', name),
				HINT = 'kpi.define_unique() counts who did one thing.';
		END IF;
		IF p.open THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the pattern of KPI "%s" is open: not everybody at the last step has entered at the first', name),
				HINT = 'Leave "open" out.';
		END IF;
		IF p."window" OPERATOR(pg_catalog.>) interval '3660 days' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the window of KPI "%s" is longer than ten years', name),
				HINT = 'Its last periods are read again for as long as it takes.';
		END IF;
		window_days := @extschema@.days_at_most(p."window");
		IF lookback OPERATOR(pg_catalog.<=) window_days THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('lookback %s of KPI "%s" is not more than the %s days of its window', lookback, name, window_days),
				HINT = pg_catalog.format('Who entered that long ago may still convert. Leave it out for %s.', window_days OPERATOR(pg_catalog.+) 3);
		END IF;
		PERFORM @extschema@.define(name, function => @extschema@.make_definition(name, 'define_funnel', in_schema, s, 'numerator pg_catalog.int8, denominator pg_catalog.int8, n pg_catalog.int8, ci_low pg_catalog.float8, ci_high pg_catalog.float8', pg_catalog.format('SELECT r.period_start, %1$s r.numerator, r.denominator, r.denominator AS n, i.ci_low, i.ci_high FROM (SELECT t.period::pg_catalog.date AS period_start, %2$s pg_catalog.max(t.actors) FILTER (WHERE t.step = %3$s) AS numerator, pg_catalog.max(t.actors) FILTER (WHERE t.step = 1) AS denominator FROM %4$s CROSS JOIN LATERAL @extschema@.trend(f.found) AS t WHERE t.period >= $1::pg_catalog.timestamp AND t.period < $2::pg_catalog.timestamp GROUP BY %5$s) AS r CROSS JOIN LATERAL @extschema@.proportion_interval(r.numerator, r.denominator) AS i',
				CASE WHEN s.segment_column IS NULL THEN '' ELSE 'r.segment,' END, CASE WHEN s.segment_column IS NULL THEN '' ELSE 'f.segment,' END, p.last_required,
				@extschema@.source_analysis(s, 'funnel', pg_catalog.format('%L::@extschema@.pattern', @extschema@.with_periods(pattern, grain, s.zone)), CASE WHEN NOT p.first_entry THEN interval '0' END, p."window"), CASE WHEN s.segment_column IS NULL THEN '1' ELSE '1, 2' END)), source => source, unit => unit, direction => direction, grain => grain, adds => 'ratio',
			title => title, description => coalesce(description, pg_catalog.format('of those who entered, who got through %s in %s', pattern, source)), objective => objective, weight => weight, qualitative => false, zone => s.zone, lookback => coalesce(lookback, window_days OPERATOR(pg_catalog.+) 3), lookahead => CASE WHEN NOT p.first_entry THEN 0 END, reach => window_days,
			stale_after => coalesce(stale_after, s.stale_after), at_risk => at_risk, behind => behind, min_n => min_n);
	END
	$$;
COMMENT ON FUNCTION @extschema@.define_funnel(text, text, @extschema@.pattern, text, name, text, text, text, text, numeric, text, integer, name, bigint, double precision, double precision, interval) IS
'defines a KPI over a source: the share of those who entered a funnel in a period that got through it within its window';

CREATE FUNCTION @extschema@.define_retention(name text, source text, spec @extschema@.retention_spec, period integer, segment name DEFAULT NULL, unit text DEFAULT 'share', title text DEFAULT NULL, description text DEFAULT NULL,
		objective text DEFAULT NULL, weight numeric DEFAULT 1, direction text DEFAULT 'up', lookback integer DEFAULT 3, in_schema name DEFAULT pg_catalog.current_schema(), min_n bigint DEFAULT NULL,
		at_risk double precision DEFAULT 0.90, behind double precision DEFAULT 0.75, stale_after interval DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		s @extschema@.source := @extschema@.source_for(source, segment);
		p record;
		step interval;
		body pg_catalog.text;
	BEGIN
		IF spec IS NULL OR period IS NULL THEN
			RAISE null_value_not_allowed USING
				MESSAGE = pg_catalog.format('KPI "%s" has no %s', name, CASE WHEN spec IS NULL THEN 'spec' ELSE 'period' END),
				HINT = 'kpi.define_retention(''week_4'', ''shop'', ''signup -> login by week for 4'', 4) asks who is back in the fourth week.';
		END IF;
		SELECT * INTO p FROM @extschema@.parts_of(spec);
		IF period OPERATOR(pg_catalog.=) ANY (p.cells) IS NOT TRUE THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the spec of KPI "%s" does not show period %s', name, period),
				HINT = CASE WHEN pg_catalog.cardinality(p.cells) OPERATOR(pg_catalog.>) 1 AND p.cells[pg_catalog.cardinality(p.cells)] OPERATOR(pg_catalog.=) (pg_catalog.cardinality(p.cells) OPERATOR(pg_catalog.-) 1) THEN pg_catalog.format('It shows 0 to %s.', pg_catalog.cardinality(p.cells) OPERATOR(pg_catalog.-) 1) ELSE pg_catalog.format('It shows %s.', pg_catalog.array_to_string(p.cells, ', ')) END;
		END IF;
		IF p.grain OPERATOR(pg_catalog.=) 'hour' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('the spec of KPI "%s" is by the hour', name),
				HINT = 'KPIs are measured by the day, week, month, quarter or year.';
		END IF;
		IF NOT p.week_starts_monday THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('weeks of the spec of KPI "%s" do not start on Monday, as those of KPIs do', name),
				HINT = 'Leave "week starts" out.';
		END IF;
		IF p.elapsed OR p.unbounded THEN
			RAISE invalid_parameter_value USING
				MESSAGE = CASE WHEN p.elapsed THEN pg_catalog.format('periods of the spec of KPI "%s" are elapsed ones, which are not those of a calendar', name)
					ELSE pg_catalog.format('the spec of KPI "%s" says "on or after", so no period of it would ever be final', name) END,
				HINT = pg_catalog.format('Leave "%s" out.', CASE WHEN p.elapsed THEN 'elapsed' ELSE 'on or after' END);
		END IF;
		step := @extschema@.grain_step(p.grain) OPERATOR(pg_catalog.*) period;
		body := pg_catalog.format('SELECT (h.cohort + %1$L::pg_catalog.interval)::pg_catalog.date AS period_start, %2$s h.retained AS numerator, h.size AS denominator, h.size AS n, h.ci_low, h.ci_high FROM %3$s CROSS JOIN LATERAL @extschema@.cohorts(f.found, %4$s) AS h WHERE h.period = %5$s AND h.cohort + %1$L::pg_catalog.interval >= $1::pg_catalog.timestamp AND h.cohort + %1$L::pg_catalog.interval < $2::pg_catalog.timestamp',
				step, CASE WHEN s.segment_column IS NULL THEN '' ELSE 'f.segment,' END,
				@extschema@.source_analysis(s, 'retention', pg_catalog.format('%L::@extschema@.retention_spec', @extschema@.with_zone(spec, s.zone)), CASE WHEN p.recurring THEN step END, interval '0'),
				@extschema@.source_bound('pg_catalog.timestamptz'::pg_catalog.regtype, s.zone, '$2', interval '0'), period);
		PERFORM @extschema@.define(name, function => @extschema@.make_definition(name, 'define_retention', in_schema, s, 'numerator pg_catalog.int8, denominator pg_catalog.int8, n pg_catalog.int8, ci_low pg_catalog.float8, ci_high pg_catalog.float8', body, '0::pg_catalog.int8, 0::pg_catalog.int8, 0::pg_catalog.int8, NULL::pg_catalog.float8, NULL::pg_catalog.float8'), source => source, unit => unit, direction => direction, grain => p.grain, adds => 'ratio',
			title => title, description => coalesce(description, pg_catalog.format('of those who started %s %ss before, who is back: %s in %s', period, p.grain, spec, source)), objective => objective, weight => weight, qualitative => false, zone => s.zone, lookback => lookback, lookahead => CASE WHEN p.recurring THEN @extschema@.days_at_most(step) END,
			stale_after => coalesce(stale_after, s.stale_after), at_risk => at_risk, behind => behind, min_n => min_n);
	END
	$$;
COMMENT ON FUNCTION @extschema@.define_retention(text, text, @extschema@.retention_spec, integer, name, text, text, text, text, numeric, text, integer, name, bigint, double precision, double precision, interval) IS
'defines a KPI over a source: the share of those who started some periods before that is back in this one';

CREATE FUNCTION @extschema@.session_metrics(OUT metric text, OUT value text, OUT numerator text, OUT denominator text, OUT adds text, OUT is_share boolean, OUT unit text, OUT direction text, OUT needs text[], OUT whole_history boolean) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 21
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES
		('visitors', 't.visitors', NULL, NULL, 'recompute', false, 'visitors', 'up', '{}'::pg_catalog.text[], false),
		('new_visitors', 't.new_visitors', NULL, NULL, 'sum', false, 'visitors', 'up', '{}', true),
		('returning_visitors', 't.returning_visitors', NULL, NULL, 'recompute', false, 'visitors', 'up', '{}', true),
		('sessions', 't.sessions', NULL, NULL, 'sum', false, 'sessions', 'up', '{}', false),
		('sessions_per_visitor', NULL, 't.sessions', 't.visitors', 'recompute', false, 'sessions', 'up', '{}', false),
		('engaged_sessions', 't.engaged_sessions', NULL, NULL, 'sum', false, 'sessions', 'up', '{}', false),
		('engagement_rate', NULL, 't.engaged_sessions', 't.sessions', 'ratio', true, 'share', 'up', '{}', false),
		('bounce_rate', NULL, '(t.sessions - t.engaged_sessions)', 't.sessions', 'ratio', true, 'share', 'down', '{}', false),
		('single_view_bounce_rate', NULL, 'pg_catalog.round(t.single_view_bounce_rate * t.sessions)::pg_catalog.int8', 't.sessions', 'ratio', true, 'share', 'down', '{views}', false),
		('page_views', 't.page_views', NULL, NULL, 'sum', false, 'views', 'up', '{views}', false),
		('views_per_session', NULL, 't.page_views', 't.sessions', 'ratio', false, 'views', 'up', '{views}', false),
		('avg_duration', NULL, 'EXTRACT(epoch FROM t.avg_duration) * t.sessions', 't.sessions', 'ratio', false, 'seconds', 'up', '{}', false),
		('median_duration', 'EXTRACT(epoch FROM t.median_duration)', NULL, NULL, 'recompute', false, 'seconds', 'up', '{}', false),
		('p90_duration', 'EXTRACT(epoch FROM t.p90_duration)', NULL, NULL, 'recompute', false, 'seconds', 'up', '{}', false),
		('engaged_time_per_visitor', 'EXTRACT(epoch FROM t.engaged_time_per_visitor)', NULL, NULL, 'recompute', false, 'seconds', 'up', '{}', false),
		('key_events', 't.key_events', NULL, NULL, 'sum', false, 'events', 'up', '{key}', false),
		('key_event_rate', NULL, 'pg_catalog.round(t.key_event_rate * t.sessions)::pg_catalog.int8', 't.sessions', 'ratio', true, 'share', 'up', '{key}', false),
		('clicks', 't.clicks', NULL, NULL, 'sum', false, 'clicks', 'up', '{clicks}', false),
		('impressions', 't.impressions', NULL, NULL, 'sum', false, 'impressions', 'up', '{impressions}', false),
		('ctr', NULL, 't.clicks', 'coalesce(t.impressions, t.page_views)', 'ratio', false, 'clicks', 'up', '{clicks,impressions|views}', false),
		('interactions', 't.interactions', NULL, NULL, 'sum', false, 'events', 'up', '{shares}', false)
	$$;
COMMENT ON FUNCTION @extschema@.session_metrics() IS
'the columns of kpi.session_trend as KPIs: what they are made of, how they add up, and which events the spec has to name';

CREATE FUNCTION @extschema@.define_session_metric(name text, source text, metric text, spec @extschema@.session_spec DEFAULT '', grain text DEFAULT NULL, segment name DEFAULT NULL, unit text DEFAULT NULL, title text DEFAULT NULL, description text DEFAULT NULL,
		objective text DEFAULT NULL, weight numeric DEFAULT 1, direction text DEFAULT NULL, lookback integer DEFAULT NULL, in_schema name DEFAULT pg_catalog.current_schema(), min_n bigint DEFAULT NULL,
		at_risk double precision DEFAULT 0.90, behind double precision DEFAULT 0.75, stale_after interval DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		s @extschema@.source := @extschema@.source_for(source, segment);
		p record;
		m record;
		lacks pg_catalog.text;
		reach integer;
		body pg_catalog.text;
	BEGIN
		SELECT * INTO m FROM @extschema@.session_metrics() AS a WHERE a.metric OPERATOR(pg_catalog.=) define_session_metric.metric;
		IF NOT FOUND THEN
			PERFORM @extschema@.no_such('session metric', coalesce(metric, ''), (SELECT pg_catalog.array_agg(a.metric) FROM @extschema@.session_metrics() AS a));
		END IF;
		spec := coalesce(spec, '');
		SELECT * INTO p FROM @extschema@.parts_of(spec);
		grain := coalesce(grain, p.grain, 'day');
		IF NOT p.week_starts_monday THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('weeks of the spec of KPI "%s" do not start on Monday, as those of KPIs do', name),
				HINT = 'Leave "week starts" out.';
		END IF;
		SELECT pg_catalog.string_agg(pg_catalog.replace(n.need, '|', ' or '), ' and ') INTO lacks FROM pg_catalog.unnest(m.needs) AS n(need) WHERE NOT pg_catalog.string_to_array(n.need, '|') OPERATOR(pg_catalog.&&) p.named;
		IF lacks IS NOT NULL THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('%s of KPI "%s" cannot be known: the spec does not name %s', metric, name, lacks),
				HINT = pg_catalog.format('Say which events these are: ''%s ...''.', pg_catalog.split_part(pg_catalog.split_part(lacks, ' and ', 1), ' or ', 1));
		END IF;
		-- a row begins, ends, joins or parts sessions so many days before it and behind it
		reach := @extschema@.days_at_most(GREATEST(p.timeout, interval '1 day'));
		IF lookback OPERATOR(pg_catalog.<=) reach THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('lookback %s of KPI "%s" is not more than the %s that a session may go on', lookback, name, CASE reach WHEN 1 THEN 'day' ELSE pg_catalog.format('%s days', reach) END),
				HINT = pg_catalog.format('A session of yesterday goes on today. Leave it out for %s.', reach OPERATOR(pg_catalog.+) 2);
		END IF;
		body := pg_catalog.format('SELECT t.period::pg_catalog.date AS period_start, %s %s t.sessions AS n %s FROM %s CROSS JOIN LATERAL @extschema@.session_trend(f.found) AS t %s WHERE t.period >= $1::pg_catalog.timestamp AND t.period < $2::pg_catalog.timestamp',
				CASE WHEN s.segment_column IS NULL THEN '' ELSE 'f.segment,' END, CASE WHEN m.value IS NOT NULL THEN m.value OPERATOR(pg_catalog.||) '::pg_catalog.numeric AS value,' ELSE pg_catalog.format('(%s)::pg_catalog.numeric AS numerator, (%s)::pg_catalog.numeric AS denominator,', m.numerator, m.denominator) END, CASE WHEN m.is_share THEN ', i.ci_low, i.ci_high' ELSE '' END,
				@extschema@.source_analysis(s, 'sessions', pg_catalog.format('%L::@extschema@.session_spec', @extschema@.with_periods(spec, grain, s.zone)), CASE WHEN NOT m.whole_history THEN reach OPERATOR(pg_catalog.*) interval '1 day' END, reach OPERATOR(pg_catalog.*) interval '1 day'),
				CASE WHEN m.is_share THEN pg_catalog.format('CROSS JOIN LATERAL @extschema@.proportion_interval(%s, %s) AS i', m.numerator, m.denominator) ELSE '' END);
		PERFORM @extschema@.define(name, function => @extschema@.make_definition(name, 'define_session_metric', in_schema, s, CASE WHEN m.value IS NOT NULL THEN 'value pg_catalog.numeric, ' ELSE 'numerator pg_catalog.numeric, denominator pg_catalog.numeric, ' END OPERATOR(pg_catalog.||) 'n pg_catalog.int8' OPERATOR(pg_catalog.||) CASE WHEN m.is_share THEN ', ci_low pg_catalog.float8, ci_high pg_catalog.float8' ELSE '' END, body, CASE WHEN m.value IS NULL THEN '0::pg_catalog.numeric, 0::pg_catalog.numeric' WHEN m.unit OPERATOR(pg_catalog.=) 'seconds' THEN 'NULL::pg_catalog.numeric' ELSE '0::pg_catalog.numeric' END OPERATOR(pg_catalog.||) ', 0::pg_catalog.int8' OPERATOR(pg_catalog.||) CASE WHEN m.is_share THEN ', NULL::pg_catalog.float8, NULL::pg_catalog.float8' ELSE '' END), source => source, unit => coalesce(unit, m.unit), direction => coalesce(direction, m.direction), grain => grain, adds => m.adds,
			title => title, description => coalesce(description, pg_catalog.format('%s of sessions (%s) in %s', metric, spec, source)), objective => objective, weight => weight, qualitative => false, zone => s.zone, lookback => coalesce(lookback, reach OPERATOR(pg_catalog.+) 2), lookahead => CASE WHEN NOT m.whole_history THEN reach END, reach => reach,
			stale_after => coalesce(stale_after, s.stale_after), at_risk => at_risk, behind => behind, min_n => min_n);
	END
	$$;
COMMENT ON FUNCTION @extschema@.define_session_metric(text, text, text, @extschema@.session_spec, text, name, text, text, text, text, numeric, text, integer, name, bigint, double precision, double precision, interval) IS
'defines a KPI over a source: a column of kpi.session_trend, such as bounce_rate, sessions or new_visitors';

CREATE FUNCTION @extschema@.define_survey(name text, source text, kind @extschema@.survey_kind, events text DEFAULT NULL, grain text DEFAULT 'month', segment name DEFAULT NULL, unit text DEFAULT 'points', title text DEFAULT NULL, description text DEFAULT NULL,
		objective text DEFAULT NULL, weight numeric DEFAULT 1, direction text DEFAULT 'up', lookback integer DEFAULT 3, in_schema name DEFAULT pg_catalog.current_schema(), min_n bigint DEFAULT 30,
		at_risk double precision DEFAULT 0.90, behind double precision DEFAULT 0.75, stale_after interval DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		s @extschema@.source := @extschema@.source_for(source, segment);
		c record;
	BEGIN
		IF kind IS NULL THEN
			RAISE null_value_not_allowed USING MESSAGE = pg_catalog.format('what kind of survey is KPI "%s"?', name), HINT = 'There are nps, csat, ces and mean.';
		END IF;
		SELECT * INTO c FROM @extschema@.source_sql(s);
		PERFORM @extschema@.source_need(s, 'value', c.value, 'kpi.define_survey');
		PERFORM @extschema@.define(name, function => @extschema@.make_definition(name, 'define_survey', in_schema, s, 'value pg_catalog.float8, n pg_catalog.int8, ci_low pg_catalog.float8, ci_high pg_catalog.float8', pg_catalog.format('SELECT a.period_start, %s @extschema@.score(a.answers) AS value, @extschema@.n(a.answers) AS n, @extschema@.ci_low(a.answers) AS ci_low, @extschema@.ci_high(a.answers) AS ci_high FROM (SELECT %s AS period_start, %s @extschema@.survey(%s, %L::@extschema@.survey_kind) FILTER (WHERE %s) AS answers FROM %s AS e WHERE %s GROUP BY %s) AS a WHERE @extschema@.n(a.answers) > 0',
				CASE WHEN c.segment IS NULL THEN '' ELSE 'a.segment,' END, @extschema@.period_sql(grain, c.local), coalesce(c.segment OPERATOR(pg_catalog.||) ' AS segment,', ''), c.value, kind, @extschema@.source_condition(s, c.event, events), c.relation,
				@extschema@.source_days(c.at_type, s.zone, c.at, c.local), CASE WHEN c.segment IS NULL THEN '1' ELSE 'GROUPING SETS ((1, 2), (1))' END)), source => source, unit => unit, direction => direction, grain => grain, adds => 'recompute',
			title => title, description => coalesce(description, pg_catalog.format('%s of the answers in %s', kind, source)), objective => objective, weight => weight, qualitative => true, zone => s.zone, lookback => lookback,
			stale_after => coalesce(stale_after, s.stale_after), at_risk => at_risk, behind => behind, min_n => min_n);
	END
	$$;
COMMENT ON FUNCTION @extschema@.define_survey(text, text, @extschema@.survey_kind, text, text, name, text, text, text, text, numeric, text, integer, name, bigint, double precision, double precision, interval) IS
'defines a KPI over a source: the score of a survey (nps, csat, ces, mean) whose answers are the values';
