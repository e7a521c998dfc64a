/*
 * ---- presets: tables that other tools leave behind, as sources ----
 *
 * What is known of each tool's tables is rows of preset_facts(): what a table of it looks like, and what its columns mean in
 * one of a few shapes that all tools share. All SQL of views is made of these rows here, so a new preset is rows only.
 */

CREATE FUNCTION @extschema@.preset_facts(OUT preset text, OUT part text, OUT kind text, OUT name text, OUT type text, OUT expression text, OUT place bigint) RETURNS SETOF record
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 400
	SET search_path = pg_catalog, pg_temp
	AS $$
	BEGIN
		RETURN QUERY SELECT * FROM @extschema@.preset_facts_web() WITH ORDINALITY;
		RETURN QUERY SELECT * FROM @extschema@.preset_facts_crm() WITH ORDINALITY;
		RETURN QUERY SELECT * FROM @extschema@.preset_facts_ads() WITH ORDINALITY;
		RETURN QUERY SELECT * FROM @extschema@.preset_facts_social() WITH ORDINALITY;
	END
	$$;
COMMENT ON FUNCTION @extschema@.preset_facts() IS
'all that is known of the tables of other tools, by preset and part (one of its tables). Kinds: part (name: main, other or many; type: its shape; expression: what it is), need (a column, | for other names; its class; ! if it tells the tool), column (name of the shape, expression; the first that can be filled), key (what tells copies of a row), newest (which copy counts), version (rows that are versions of others), keep (rows that count), join (another part)';

CREATE FUNCTION @extschema@.preset_shapes(OUT shape text, OUT place integer, OUT name text, OUT type text, OUT needed boolean, OUT role text, OUT description text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 80
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES
		('event', 1, 'at', 'timestamptz', true, 'at', 'when it happened'),
		('event', 2, 'event', 'text', true, 'event', 'what happened'),
		('event', 3, 'actor', 'text', true, 'actor', 'who did it'),
		('event', 4, 'session', 'text', false, NULL, 'the visit that it belongs to, as the tool tells it'),
		('event', 5, 'value', 'numeric', false, 'value', 'what it was worth'),
		('event', 6, 'currency', 'text', false, NULL, 'currency of the value'),
		('event', 7, 'page', 'text', false, NULL, 'page that it happened on'),
		('event', 8, 'source', 'text', false, NULL, 'where the visit came from'),
		('event', 9, 'medium', 'text', false, NULL, 'by which medium it came'),
		('event', 10, 'campaign', 'text', false, NULL, 'by which campaign it came'),
		('event', 11, 'engaged', 'boolean', false, NULL, 'whether the tool counts the visit as an engaged one'),
		('event', 12, 'dwell', 'numeric', false, NULL, 'seconds of attention that the tool counted'),
		('event', 13, 'event_id', 'text', false, 'id', 'what identifies the event'),
		('event', 14, 'loaded_at', 'timestamptz', false, 'loaded_at', 'when the row arrived'),
		('cost', 1, 'day', 'date', true, 'at', 'day, by the clocks of the advertising account'),
		('cost', 2, 'channel', 'text', false, NULL, 'where it was spent'),
		('cost', 3, 'campaign', 'text', false, NULL, 'campaign'),
		('cost', 4, 'cost', 'numeric', true, 'value', 'what was spent, in whole units of the currency'),
		('cost', 5, 'currency', 'text', false, NULL, 'currency of the cost and of the conversion value'),
		('cost', 6, 'impressions', 'numeric', false, NULL, 'how often it was shown'),
		('cost', 7, 'clicks', 'numeric', false, NULL, 'how often it was clicked'),
		('cost', 8, 'conversions', 'numeric', false, NULL, 'conversions that the platform claims'),
		('cost', 9, 'conversion_value', 'numeric', false, NULL, 'value of conversions that the platform claims'),
		('cost', 10, 'loaded_at', 'timestamptz', false, 'loaded_at', 'when the row arrived'),
		('deal', 1, 'deal_id', 'text', true, 'actor', 'the deal'),
		('deal', 2, 'created_at', 'timestamptz', true, 'at', 'when it was opened'),
		('deal', 3, 'closed_at', 'timestamptz', false, NULL, 'when it was won or lost, or is expected to be; of a date the last moment'),
		('deal', 4, 'is_won', 'boolean', true, NULL, 'whether it was won'),
		('deal', 5, 'is_closed', 'boolean', true, NULL, 'whether it was won or lost'),
		('deal', 6, 'amount', 'numeric', true, 'value', 'what it is worth'),
		('deal', 7, 'currency', 'text', false, NULL, 'currency of the amount'),
		('deal', 8, 'stage', 'text', false, 'event', 'its stage as of now'),
		('deal', 9, 'owner', 'text', false, NULL, 'who looks after it'),
		('deal', 10, 'lead_source', 'text', false, NULL, 'where it came from'),
		('deal', 11, 'loaded_at', 'timestamptz', false, 'loaded_at', 'when the row arrived'),
		('lead', 1, 'lead_id', 'text', true, 'actor', 'the lead'),
		('lead', 2, 'created_at', 'timestamptz', true, 'at', 'when it came in'),
		('lead', 3, 'converted_at', 'timestamptz', false, NULL, 'when it became a deal; of a date the last moment'),
		('lead', 4, 'deal_id', 'text', false, NULL, 'the deal that it became'),
		('lead', 5, 'status', 'text', false, 'event', 'its status as of now'),
		('lead', 6, 'owner', 'text', false, NULL, 'who looks after it'),
		('lead', 7, 'lead_source', 'text', false, NULL, 'where it came from'),
		('lead', 8, 'loaded_at', 'timestamptz', false, 'loaded_at', 'when the row arrived'),
		('stage', 1, 'at', 'timestamptz', true, 'at', 'when the deal entered the stage'),
		('stage', 2, 'deal_id', 'text', true, 'actor', 'the deal'),
		('stage', 3, 'stage', 'text', true, 'event', 'the stage'),
		('stage', 4, 'loaded_at', 'timestamptz', false, 'loaded_at', 'when the row arrived'),
		('survey', 1, 'at', 'timestamptz', true, 'at', 'when it was answered'),
		('survey', 2, 'respondent', 'text', false, 'actor', 'who answered'),
		('survey', 3, 'score', 'numeric', true, 'value', 'the answer'),
		('survey', 4, 'kind', 'text', false, 'event', 'which survey or question'),
		('survey', 5, 'response_id', 'text', false, 'id', 'what identifies the answer'),
		('survey', 6, 'loaded_at', 'timestamptz', false, 'loaded_at', 'when the row arrived'),
		('total', 1, 'day', 'date', true, NULL, 'day of the copy'),
		('total', 2, 'platform', 'text', true, NULL, 'network'),
		('total', 3, 'post', 'text', true, NULL, 'the post'),
		('total', 4, 'posted_on', 'date', false, NULL, 'day on which it was posted'),
		('total', 5, 'impressions', 'numeric', false, NULL, 'how often it was shown until then'),
		('total', 6, 'clicks', 'numeric', false, NULL, 'how often it was clicked until then'),
		('total', 7, 'likes', 'numeric', false, NULL, 'likes until then'),
		('total', 8, 'shares', 'numeric', false, NULL, 'shares until then'),
		('total', 9, 'comments', 'numeric', false, NULL, 'comments until then'),
		('total', 10, 'loaded_at', 'timestamptz', false, NULL, 'when the row arrived'),
		('social', 1, 'day', 'date', true, 'at', 'day of the copy that shows it'),
		('social', 2, 'platform', 'text', true, NULL, 'network'),
		('social', 3, 'post', 'text', true, NULL, 'the post'),
		('social', 4, 'impressions', 'numeric', false, NULL, 'how often it was shown since the copy before'),
		('social', 5, 'clicks', 'numeric', false, NULL, 'how often it was clicked since the copy before'),
		('social', 6, 'likes', 'numeric', false, NULL, 'likes since the copy before'),
		('social', 7, 'shares', 'numeric', false, NULL, 'shares since the copy before'),
		('social', 8, 'comments', 'numeric', false, NULL, 'comments since the copy before'),
		('social', 9, 'interactions', 'numeric', false, 'value', 'likes, shares and comments since the copy before'),
		('social', 10, 'loaded_at', 'timestamptz', false, 'loaded_at', 'when the row arrived'),
		('metric', 1, 'day', 'date', true, 'at', 'day'),
		('metric', 2, 'metric', 'text', true, 'event', 'what is counted'),
		('metric', 3, 'value', 'numeric', true, 'value', 'how much of it'),
		('metric', 4, 'channel', 'text', false, NULL, 'where'),
		('metric', 5, 'item', 'text', false, NULL, 'the campaign or post'),
		('metric', 6, 'loaded_at', 'timestamptz', false, 'loaded_at', 'when the row arrived'),
		('identity', 1, 'id', 'text', true, NULL, 'an id that rows have'),
		('identity', 2, 'is_user', 'boolean', true, NULL, 'whether it is a user, not an anonymous id'),
		('identity', 3, 'identity', 'text', true, NULL, 'whom it is counted as'),
		('pair', 1, 'at', 'timestamptz', true, NULL, 'when both were seen'),
		('pair', 2, 'anonymous_id', 'text', true, NULL, 'the anonymous id'),
		('pair', 3, 'user_id', 'text', true, NULL, 'the user'),
		('names', 1, 'id', 'text', false, NULL, 'what is looked up'),
		('links', 1, 'id', 'text', false, NULL, 'what is linked')
	$$;
COMMENT ON FUNCTION @extschema@.preset_shapes() IS
'the columns of the shapes that presets give to the tables of other tools; needed: none is made without it; role: what it is to a source';

/* Columns of a table, and SQL that reads them. */

CREATE FUNCTION @extschema@.plain_name(name text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.lower(pg_catalog.regexp_replace(name, '[^[:alnum:]]', '', 'g'))
	$$;
COMMENT ON FUNCTION @extschema@.plain_name(text) IS 'a name as loaders agree on it: StageName, stage_name and "Stage.Name" are the same';

CREATE FUNCTION @extschema@.preset_column_type(type oid) RETURNS regtype
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	WITH RECURSIVE below AS (
		SELECT t AS type, 0 AS depth FROM pg_catalog.pg_type AS t WHERE t.oid OPERATOR(pg_catalog.=) preset_column_type.type
		UNION ALL
		SELECT t, b.depth OPERATOR(pg_catalog.+) 1 FROM below AS b JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) (b.type).typbasetype WHERE (b.type).typtype OPERATOR(pg_catalog.=) 'd')
	SELECT (b.type).oid FROM below AS b WHERE (b.type).typtype OPERATOR(pg_catalog.<>) 'd' AND ((b.type).typnamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace
		OR NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER) OR (SELECT r.rolsuper FROM pg_catalog.pg_roles AS r WHERE r.oid OPERATOR(pg_catalog.=) (b.type).typowner))
	$$;
COMMENT ON FUNCTION @extschema@.preset_column_type(oid) IS 'what a type is below its domains; null for a superuser if it belongs to somebody else, whose casts would run';

CREATE FUNCTION @extschema@.preset_column(relation oid, wanted text, OUT name name, OUT type regtype) RETURNS record
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT a.attname, t.type
	FROM pg_catalog.unnest(pg_catalog.string_to_array(wanted, '|')) WITH ORDINALITY AS w(name, place)
		JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) relation AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped AND @extschema@.plain_name(a.attname::pg_catalog.text) OPERATOR(pg_catalog.=) @extschema@.plain_name(w.name)
		CROSS JOIN LATERAL (SELECT @extschema@.preset_column_type(a.atttypid) AS type) AS t
	WHERE t.type IS NOT NULL
	ORDER BY w.place, a.attname::pg_catalog.text OPERATOR(pg_catalog.=) w.name DESC, pg_catalog.lower(a.attname::pg_catalog.text) OPERATOR(pg_catalog.=) pg_catalog.lower(w.name) DESC, a.attnum LIMIT 1
	$$;
COMMENT ON FUNCTION @extschema@.preset_column(oid, text) IS 'the column of a relation that is called as wanted, whatever the loader did to its name; of names with | between them the first that is there';

CREATE FUNCTION @extschema@.preset_class_fits(class text, type regtype) RETURNS boolean
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE class
		WHEN 'number' THEN t.typcategory OPERATOR(pg_catalog.=) 'N'
		WHEN 'micros' THEN (t.typcategory OPERATOR(pg_catalog.=) 'N') OR (t.oid OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.timestamp', 'pg_catalog.timestamptz']::pg_catalog.regtype[]))
		WHEN 'time' THEN t.oid OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.date', 'pg_catalog.timestamp', 'pg_catalog.timestamptz', 'pg_catalog.text', 'pg_catalog.varchar']::pg_catalog.regtype[])
		WHEN 'day' THEN (t.typcategory OPERATOR(pg_catalog.=) ANY (ARRAY['D', 'S', 'N']::pg_catalog."char"[]))
		WHEN 'json' THEN t.oid OPERATOR(pg_catalog.=) ANY (ARRAY['pg_catalog.jsonb', 'pg_catalog.json', 'pg_catalog.text']::pg_catalog.regtype[])
		WHEN 'text' THEN t.typcategory OPERATOR(pg_catalog.=) ANY (ARRAY['S', 'E', 'N']::pg_catalog."char"[]) OR (t.oid OPERATOR(pg_catalog.=) 'pg_catalog.uuid'::pg_catalog.regtype)
		WHEN 'bool' THEN t.typcategory OPERATOR(pg_catalog.=) ANY (ARRAY['B', 'S', 'N']::pg_catalog."char"[])
		ELSE true END
	FROM pg_catalog.pg_type AS t WHERE t.oid OPERATOR(pg_catalog.=) type
	$$;
COMMENT ON FUNCTION @extschema@.preset_class_fits(text, regtype) IS 'whether a column of a type can be what a preset expects: number, micros, time, day, json, text, bool, any';

CREATE FUNCTION @extschema@.preset_read(class text, type regtype, x text, zone text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE class
		WHEN 'raw' THEN x
		WHEN 'text' THEN pg_catalog.format('%s::text', x)
		WHEN 'hex' THEN CASE WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.bytea'::pg_catalog.regtype THEN pg_catalog.format('encode(%s, ''hex'')', x) ELSE pg_catalog.format('%s::text', x) END
		WHEN 'json' THEN CASE WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.jsonb'::pg_catalog.regtype THEN x ELSE pg_catalog.format('%s::jsonb', x) END
		WHEN 'num' THEN CASE WHEN c.is_text THEN pg_catalog.format('CASE WHEN %1$s ~ ''^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$'' THEN %1$s::numeric END', x) WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.numeric'::pg_catalog.regtype THEN x ELSE pg_catalog.format('%s::numeric', x) END
		WHEN 'bool' THEN CASE WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.bool'::pg_catalog.regtype THEN x WHEN c.is_text THEN pg_catalog.format('(lower(%s) = ANY (ARRAY[''true'', ''t'', ''yes'', ''1'']))', x) ELSE pg_catalog.format('(%s <> 0)', x) END
		WHEN 'day' THEN CASE WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.date'::pg_catalog.regtype THEN x WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.timestamptz'::pg_catalog.regtype THEN pg_catalog.format('(%s AT TIME ZONE ''UTC'')::date', x) WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.timestamp'::pg_catalog.regtype THEN pg_catalog.format('%s::date', x) ELSE pg_catalog.format('left(nullif(%s::text, ''''), 10)::date', x) END
		WHEN 'micros' THEN CASE WHEN c.is_number THEN pg_catalog.format('to_timestamp(%s / 1e6)', x) WHEN c.is_text THEN pg_catalog.format('to_timestamp(nullif(%s, '''')::numeric / 1e6)', x) ELSE c.utc END
		-- a date is not a time: by the clocks of the business, its first or its last moment
		WHEN 'start' THEN CASE WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.date'::pg_catalog.regtype THEN pg_catalog.format('(%s::timestamp AT TIME ZONE %L)', x, zone) ELSE c.utc END
		WHEN 'close' THEN CASE WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.date'::pg_catalog.regtype THEN pg_catalog.format('(((%s + 1)::timestamp AT TIME ZONE %L) - interval ''1 microsecond'')', x, zone)
			WHEN c.is_text THEN pg_catalog.format('CASE WHEN length(%1$s) = 10 THEN (((%1$s::date + 1)::timestamp AT TIME ZONE %2$L) - interval ''1 microsecond'') ELSE %3$s END', x, zone, c.utc) ELSE c.utc END
		ELSE c.utc END
	FROM (SELECT k.is_text, k.is_number, CASE
			WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.timestamptz'::pg_catalog.regtype THEN x
			-- text tells its offset, or means UTC
			WHEN k.is_text THEN pg_catalog.format('CASE WHEN %1$s ~ '':\d\d(\.\d+)?\s*(Z|[-+]\d\d(:?\d\d)?)$'' THEN %1$s::timestamptz ELSE (nullif(%1$s, '''')::timestamp AT TIME ZONE ''UTC'') END', x)
			WHEN type OPERATOR(pg_catalog.=) 'pg_catalog.timestamp'::pg_catalog.regtype THEN pg_catalog.format('(%s AT TIME ZONE ''UTC'')', x)
			ELSE pg_catalog.format('(%s::timestamp AT TIME ZONE ''UTC'')', x) END AS utc
		FROM (SELECT t.typcategory OPERATOR(pg_catalog.=) 'S' AS is_text, t.typcategory OPERATOR(pg_catalog.=) 'N' AS is_number FROM pg_catalog.pg_type AS t WHERE t.oid OPERATOR(pg_catalog.=) type) AS k) AS c
	$$;
COMMENT ON FUNCTION @extschema@.preset_read(text, regtype, text, text) IS
'SQL for an expression of a type as what it means: raw, text, hex, json, num, bool, day, micros (since 1970), start and close (a date by the clocks of a zone), utc (without a zone: UTC)';

CREATE FUNCTION @extschema@.preset_class_type(class text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE class WHEN 'json' THEN 'jsonb' WHEN 'num' THEN 'numeric' WHEN 'bool' THEN 'boolean' WHEN 'day' THEN 'date' WHEN 'text' THEN 'text' WHEN 'hex' THEN 'text' ELSE 'timestamptz' END
	$$;
COMMENT ON FUNCTION @extschema@.preset_class_type(text) IS 'the type that preset_read makes of a class';

CREATE FUNCTION @extschema@.relation_sql(relation oid) RETURNS text
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.oid OPERATOR(pg_catalog.=) relation
	$$;
COMMENT ON FUNCTION @extschema@.relation_sql(oid) IS 'the name of a relation with its schema, quoted';

/*
 * {class:column|other} in a template becomes SQL for a column of the part's own table (alias), {class:part.column} for one of a
 * table that is joined, {rel:part} that table, {zone:} a literal; with a ? in front null if there is none. Null: cannot be filled.
 */
CREATE FUNCTION @extschema@.preset_fill(template text, alias text, part text, relations jsonb, zone text) RETURNS text
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		filled pg_catalog.text := '';
		rest pg_catalog.text := template;
		piece pg_catalog.text[];
		other pg_catalog.text;
		c record;
	BEGIN
		LOOP
			piece := pg_catalog.regexp_match(rest, '^(.*?)\{(\??)([a-z]+):([^{}]*)\}(.*)$');
			EXIT WHEN piece IS NULL;
			filled := filled OPERATOR(pg_catalog.||) piece[1];
			rest := piece[5];
			IF piece[3] OPERATOR(pg_catalog.=) 'zone' THEN
				filled := filled OPERATOR(pg_catalog.||) pg_catalog.quote_literal(zone);
			ELSIF piece[3] OPERATOR(pg_catalog.=) 'rel' THEN
				IF NOT pg_catalog.jsonb_exists(relations, piece[4]) THEN
					RETURN NULL;
				END IF;
				filled := filled OPERATOR(pg_catalog.||) @extschema@.relation_sql(pg_catalog.jsonb_object_field_text(relations, piece[4])::pg_catalog.oid);
			ELSE
				other := CASE WHEN pg_catalog.strpos(piece[4], '.') OPERATOR(pg_catalog.>) 0 THEN pg_catalog.split_part(piece[4], '.', 1) END;
				SELECT * INTO c FROM @extschema@.preset_column(pg_catalog.jsonb_object_field_text(relations, coalesce(other, part))::pg_catalog.oid, CASE WHEN other IS NULL THEN piece[4] ELSE pg_catalog.split_part(piece[4], '.', 2) END);
				IF c.name IS NULL AND piece[2] OPERATOR(pg_catalog.=) '' THEN
					RETURN NULL;
				END IF;
				filled := filled OPERATOR(pg_catalog.||) CASE WHEN c.name IS NULL THEN 'NULL::' OPERATOR(pg_catalog.||) @extschema@.preset_class_type(piece[3])
					ELSE @extschema@.preset_read(piece[3], c.type, CASE WHEN coalesce(other, alias) OPERATOR(pg_catalog.=) '' THEN pg_catalog.format('%I', c.name) ELSE pg_catalog.format('%I.%I', coalesce(other, alias), c.name) END, zone) END;
			END IF;
		END LOOP;
		RETURN filled OPERATOR(pg_catalog.||) rest;
	END
	$$;
COMMENT ON FUNCTION @extschema@.preset_fill(text, text, text, jsonb, text) IS
'a template of preset_facts with the columns of a table in it; null if one that it needs is not there';

/* What the caller says of a column: another column, a key of a json column, or a constant. Null: nothing. */
CREATE FUNCTION @extschema@.preset_told(told jsonb, type text, relation oid, zone text) RETURNS text
	LANGUAGE plpgsql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		class pg_catalog.text := CASE type WHEN 'numeric' THEN 'num' WHEN 'boolean' THEN 'bool' WHEN 'date' THEN 'day' WHEN 'text' THEN 'text' ELSE 'utc' END;
		wanted pg_catalog.text := CASE pg_catalog.jsonb_typeof(told) WHEN 'string' THEN (told OPERATOR(pg_catalog.#>>) '{}') WHEN 'object' THEN (told OPERATOR(pg_catalog.->>) 'column') END;
		found_type pg_catalog.regtype;
		columns pg_catalog.text[];
		near pg_catalog.text;
	BEGIN
		IF pg_catalog.jsonb_typeof(told) OPERATOR(pg_catalog.=) 'null' THEN
			RETURN 'NULL::' OPERATOR(pg_catalog.||) type;
		ELSIF pg_catalog.jsonb_typeof(told) OPERATOR(pg_catalog.=) 'object' AND pg_catalog.jsonb_exists(told, 'value') AND (SELECT pg_catalog.count(*) FROM pg_catalog.jsonb_object_keys(told)) OPERATOR(pg_catalog.=) 1 THEN
			RETURN pg_catalog.format('%L::%s', told OPERATOR(pg_catalog.->>) 'value', type);
		ELSIF wanted IS NULL OR (pg_catalog.jsonb_typeof(told) OPERATOR(pg_catalog.=) 'object' AND NOT pg_catalog.jsonb_exists(told, 'key')) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('%s does not say which column is meant', told),
				HINT = 'Write the name of a column: {"value": "amount"}; a key of a json column: {"value": {"column": "properties", "key": "amount"}}; a constant: {"currency": {"value": "EUR"}}; or null.';
		END IF;
		SELECT @extschema@.preset_column_type(a.atttypid) INTO found_type FROM pg_catalog.pg_attribute AS a WHERE a.attrelid OPERATOR(pg_catalog.=) relation AND a.attname::pg_catalog.text OPERATOR(pg_catalog.=) wanted AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped;
		IF NOT FOUND THEN
			SELECT pg_catalog.array_agg(a.attname::pg_catalog.text ORDER BY a.attnum) INTO columns FROM pg_catalog.pg_attribute AS a WHERE a.attrelid OPERATOR(pg_catalog.=) relation AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped;
			near := @extschema@.nearest_name(wanted, columns);
			RAISE undefined_column USING
				MESSAGE = pg_catalog.format('%s has no column "%s"', @extschema@.relation_sql(relation), wanted),
				HINT = CASE WHEN near IS NOT NULL THEN pg_catalog.format('Perhaps you meant "%s".', near) ELSE pg_catalog.format('Its columns are: %s.', pg_catalog.array_to_string(columns[1:20], ', ')) END;
		END IF;
		IF found_type IS NULL THEN
			RAISE insufficient_privilege USING
				MESSAGE = pg_catalog.format('column "%s" of %s is of a type of another role, and a superuser would run its casts', wanted, @extschema@.relation_sql(relation)),
				HINT = 'Let an author without superuser rights do it.';
		END IF;
		IF pg_catalog.jsonb_typeof(told) OPERATOR(pg_catalog.=) 'object' THEN
			RETURN @extschema@.preset_read(class, 'pg_catalog.text'::pg_catalog.regtype, pg_catalog.format('(%s ->> %L)', @extschema@.preset_read('json', found_type, pg_catalog.format('r.%I', wanted), zone), told OPERATOR(pg_catalog.->>) 'key'), zone);
		END IF;
		RETURN @extschema@.preset_read(class, found_type, pg_catalog.format('r.%I', wanted), zone);
	END
	$$;
COMMENT ON FUNCTION @extschema@.preset_told(jsonb, text, oid, text) IS 'SQL for a column as the caller of map_source tells it';

CREATE FUNCTION @extschema@.preset_select(preset text, part text, label text, relations jsonb, zone text, columns jsonb, deduplicate boolean, OUT query text, OUT have text[], OUT at_sql text, OUT key_sql text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		relation pg_catalog.oid := pg_catalog.jsonb_object_field_text(relations, part)::pg_catalog.oid;
		of_shape pg_catalog.text;
		is_main boolean;
		outputs pg_catalog.text := '';
		joins pg_catalog.text := '';
		conditions pg_catalog.text[] := '{}';
		versions pg_catalog.text[] := '{}';
		other_versions pg_catalog.text[] := '{}';
		newest pg_catalog.text;
		other_key pg_catalog.text;
		bare_key pg_catalog.text;
		other_newest pg_catalog.text;
		kind pg_catalog."char" := (SELECT t.relkind FROM pg_catalog.pg_class AS t WHERE t.oid OPERATOR(pg_catalog.=) relation);
		told pg_catalog.jsonb;
		sql pg_catalog.text;
		template pg_catalog.text;
		col record;
		fact record;
	BEGIN
		SELECT p.type, p.name OPERATOR(pg_catalog.=) 'main' INTO of_shape, is_main FROM @extschema@.preset_facts() AS p WHERE p.preset OPERATOR(pg_catalog.=) preset_select.preset AND p.part OPERATOR(pg_catalog.=) preset_select.part AND p.kind OPERATOR(pg_catalog.=) 'part';
		have := '{}';
		FOR col IN SELECT s.name, s.type, s.needed, s.place, s.role FROM @extschema@.preset_shapes() AS s WHERE s.shape OPERATOR(pg_catalog.=) of_shape
				UNION ALL SELECT e.name, 'text', false, 100, NULL FROM pg_catalog.unnest(ARRAY['anonymous_id', 'user_id']) AS e(name) WHERE of_shape OPERATOR(pg_catalog.=) 'event' ORDER BY 4, 1 LOOP
			told := coalesce(columns OPERATOR(pg_catalog.->) (part OPERATOR(pg_catalog.||) ('.' OPERATOR(pg_catalog.||) (label OPERATOR(pg_catalog.||) ('.' OPERATOR(pg_catalog.||) col.name)))), columns OPERATOR(pg_catalog.->) (part OPERATOR(pg_catalog.||) ('.' OPERATOR(pg_catalog.||) col.name)), CASE WHEN is_main THEN columns OPERATOR(pg_catalog.->) col.name END);
			sql := @extschema@.preset_told(told, col.type, relation, zone);
			IF told IS NULL THEN
				FOR template IN SELECT p.expression FROM @extschema@.preset_facts() AS p WHERE p.preset OPERATOR(pg_catalog.=) preset_select.preset AND p.part OPERATOR(pg_catalog.=) preset_select.part AND p.kind OPERATOR(pg_catalog.=) 'column' AND p.name OPERATOR(pg_catalog.=) col.name ORDER BY p.place LOOP
					sql := @extschema@.preset_fill(template, 'r', part, relations, zone);
					EXIT WHEN sql IS NOT NULL;
				END LOOP;
				IF coalesce(col.role, col.name) OPERATOR(pg_catalog.=) ANY (ARRAY['at', 'day']) THEN
					at_sql := @extschema@.preset_fill(template, '', part, relations, zone);
				END IF;
			END IF;
			IF col.needed AND (sql IS NULL OR pg_catalog.starts_with(sql, 'NULL::')) THEN
				RAISE undefined_column USING
					MESSAGE = pg_catalog.format('%s has no column that preset "%s" knows as %s', @extschema@.relation_sql(relation), preset, col.name),
					HINT = pg_catalog.format('It reads %s. Say which one it is: columns => ''{"%s": "..."}''.', coalesce((SELECT pg_catalog.string_agg(DISTINCT pg_catalog.replace(k.name, '|', ' or '), ', ') FROM @extschema@.preset_facts() AS p CROSS JOIN LATERAL (SELECT (pg_catalog.regexp_matches(p.expression, '\{[a-z]+:([^{}.]+)\}', 'g'))[1] AS name) AS k WHERE p.preset OPERATOR(pg_catalog.=) preset_select.preset AND p.part OPERATOR(pg_catalog.=) preset_select.part AND p.kind OPERATOR(pg_catalog.=) 'column' AND p.name OPERATOR(pg_catalog.=) col.name), 'a column of that meaning'),
						CASE WHEN is_main THEN '' ELSE part OPERATOR(pg_catalog.||) '.' END OPERATOR(pg_catalog.||) col.name);
			END IF;
			IF sql IS NOT NULL AND NOT pg_catalog.starts_with(sql, 'NULL::') THEN
				have := have OPERATOR(pg_catalog.||) col.name;
			END IF;
			outputs := outputs OPERATOR(pg_catalog.||) pg_catalog.format(', %s AS %I', CASE WHEN sql IS NULL OR pg_catalog.starts_with(sql, 'NULL::') THEN pg_catalog.format('NULL::%s', col.type) ELSE pg_catalog.format('(%s)::%s', sql, col.type) END, col.name);
		END LOOP;
		FOR fact IN SELECT p.name, @extschema@.preset_fill(p.expression, 'r', part, relations, zone) AS sql FROM @extschema@.preset_facts() AS p WHERE p.preset OPERATOR(pg_catalog.=) preset_select.preset AND p.part OPERATOR(pg_catalog.=) preset_select.part AND p.kind OPERATOR(pg_catalog.=) 'join' ORDER BY p.place LOOP
			IF fact.sql IS NOT NULL THEN
				joins := joins OPERATOR(pg_catalog.||) pg_catalog.format(' LEFT JOIN %s AS %I ON %s', @extschema@.relation_sql(pg_catalog.jsonb_object_field_text(relations, fact.name)::pg_catalog.oid), fact.name, fact.sql);
			END IF;
		END LOOP;
		FOR fact IN SELECT p.kind, @extschema@.preset_fill(p.expression, 'r', part, relations, zone) AS sql, @extschema@.preset_fill(p.expression, 'd', part, relations, zone) AS other, p.expression AS template
				FROM @extschema@.preset_facts() AS p WHERE p.preset OPERATOR(pg_catalog.=) preset_select.preset AND p.part OPERATOR(pg_catalog.=) preset_select.part AND p.kind OPERATOR(pg_catalog.=) ANY (ARRAY['keep', 'version', 'key', 'newest']) ORDER BY p.place LOOP
			IF fact.sql IS NULL THEN
				CONTINUE;
			ELSIF fact.kind OPERATOR(pg_catalog.=) 'keep' THEN
				conditions := conditions OPERATOR(pg_catalog.||) fact.sql;
			ELSIF fact.kind OPERATOR(pg_catalog.=) 'version' THEN
				versions := versions OPERATOR(pg_catalog.||) fact.sql;
				other_versions := other_versions OPERATOR(pg_catalog.||) fact.other;
			ELSIF fact.kind OPERATOR(pg_catalog.=) 'key' THEN
				IF deduplicate AND key_sql IS NULL THEN
					key_sql := fact.sql;
					other_key := fact.other;
					bare_key := @extschema@.preset_fill(fact.template, '', part, relations, zone);
				END IF;
			ELSE
				newest := coalesce(newest, fact.sql);
				other_newest := coalesce(other_newest, fact.other);
			END IF;
		END LOOP;
		-- where an index forbids copies there are none
		IF EXISTS (SELECT FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) relation AND a.attnum OPERATOR(pg_catalog.=) i.indkey[0] WHERE i.indrelid OPERATOR(pg_catalog.=) relation AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indnkeyatts OPERATOR(pg_catalog.=) 1 AND pg_catalog.quote_ident(a.attname::pg_catalog.text) OPERATOR(pg_catalog.=) bare_key) THEN
			key_sql := NULL;
			bare_key := NULL;
		END IF;
		IF key_sql IS NULL THEN
			query := pg_catalog.format('SELECT %s FROM %s AS r%s', pg_catalog.substr(outputs, 3), @extschema@.relation_sql(relation), joins);
		ELSIF kind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'm']::pg_catalog."char"[]) OR (kind OPERATOR(pg_catalog.=) 'p' AND NOT EXISTS (SELECT FROM pg_catalog.pg_partition_tree(relation::pg_catalog.regclass) AS t JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) t.relid WHERE c.relkind OPERATOR(pg_catalog.=) 'f')) THEN
			-- an index on the time still serves what is asked of the time, and one on the key finds copies
			query := pg_catalog.format('SELECT %s FROM %s AS r%s', pg_catalog.substr(outputs, 3), @extschema@.relation_sql(relation), joins);
			conditions := conditions OPERATOR(pg_catalog.||) pg_catalog.format('NOT EXISTS (SELECT FROM %s AS d WHERE %s = %s AND (%sd.tableoid, d.ctid) > (%sr.tableoid, r.ctid)%s)', @extschema@.relation_sql(relation), other_key, key_sql,
				coalesce('coalesce(' OPERATOR(pg_catalog.||) other_newest OPERATOR(pg_catalog.||) ', ''-infinity''), ', ''), coalesce('coalesce(' OPERATOR(pg_catalog.||) newest OPERATOR(pg_catalog.||) ', ''-infinity''), ', ''), coalesce(' AND ' OPERATOR(pg_catalog.||) nullif(pg_catalog.array_to_string(other_versions, ' AND '), ''), ''));
		ELSE
			-- rows of a view, or from elsewhere, have no place that tells copies apart
			query := pg_catalog.format('SELECT %s FROM (SELECT r.*, row_number() OVER (PARTITION BY %s%s) AS "copy of a row" FROM %s AS r%s) AS r%s', pg_catalog.substr(outputs, 3), key_sql, coalesce(' ORDER BY ' OPERATOR(pg_catalog.||) newest OPERATOR(pg_catalog.||) ' DESC NULLS LAST', ''), @extschema@.relation_sql(relation),
				coalesce(' WHERE ' OPERATOR(pg_catalog.||) nullif(pg_catalog.array_to_string(versions, ' AND '), ''), ''), joins);
			conditions := conditions OPERATOR(pg_catalog.||) pg_catalog.format('(r."copy of a row" = 1 OR %s IS NULL)', key_sql);
			versions := '{}';
		END IF;
		query := query OPERATOR(pg_catalog.||) coalesce(' WHERE ' OPERATOR(pg_catalog.||) nullif(pg_catalog.array_to_string(versions OPERATOR(pg_catalog.||) conditions, ' AND '), ''), '');
		key_sql := bare_key;
	END
	$$;
COMMENT ON FUNCTION @extschema@.preset_select(text, text, text, jsonb, text, jsonb, boolean) IS
'SQL for a table of a tool in its shape, without copies and what was deleted; which columns of the shape it has; and what of it an index could serve';

/* Which preset fits a table. */

CREATE FUNCTION @extschema@.presets(OUT preset text, OUT relation text, OUT shape text, OUT needs text[], OUT description text) RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 25
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_column
	BEGIN
		RETURN QUERY SELECT p.preset, p.part, CASE p.type WHEN 'total' THEN 'social' ELSE p.type END, (SELECT pg_catalog.array_agg(pg_catalog.replace(n.name, '|', ' or ') ORDER BY n.place) FROM @extschema@.preset_facts() AS n WHERE (n.preset OPERATOR(pg_catalog.=) p.preset) AND (n.part OPERATOR(pg_catalog.=) p.part) AND n.kind OPERATOR(pg_catalog.=) 'need'), p.expression
			FROM @extschema@.preset_facts() AS p WHERE p.kind OPERATOR(pg_catalog.=) 'part' ORDER BY p.place, p.preset;
	END
	$$;
COMMENT ON FUNCTION @extschema@.presets() IS 'the presets that there are: of each its tables (the first is the one to map, the others may be told as relations), what shape they get, and the columns that tell them';

CREATE FUNCTION @extschema@.detect_source(relation regclass, OUT preset text, OUT shape text, OUT score double precision, OUT missing text[], OUT hint text) RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 5
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_column
	DECLARE
		named pg_catalog.text := @extschema@.relation_sql(detect_source.relation);
		found record;
		n integer := 0;
		columns pg_catalog.text;
	BEGIN
		IF named IS NULL THEN
			RAISE null_value_not_allowed USING MESSAGE = 'which table is to be recognised?';
		END IF;
		-- those that no column of their own tells come last, the nearest first
		FOR found IN
			SELECT p.preset, p.part, CASE p.type WHEN 'total' THEN 'social' ELSE p.type END AS shape, w.score, w.told, w.missing,
				CASE p.name WHEN 'main' THEN pg_catalog.format('kpi.map_source(%L, %L, ''...'')', p.preset, named)
					WHEN 'many' THEN pg_catalog.format('kpi.map_source(%L, ..., relations => ''{"%s": {"...": %s}}'')', p.preset, p.part, pg_catalog.replace(pg_catalog.to_jsonb(named)::pg_catalog.text, '''', ''''''))
					ELSE pg_catalog.format('kpi.map_source(%L, ..., relations => ''{"%s": %s}'')', p.preset, p.part, pg_catalog.replace(pg_catalog.to_jsonb(named)::pg_catalog.text, '''', '''''')) END AS hint
			FROM @extschema@.preset_facts() AS p
				CROSS JOIN LATERAL (SELECT pg_catalog.round((pg_catalog.sum(n.weight OPERATOR(pg_catalog.*) CASE WHEN n.name IS NULL THEN 0 WHEN n.fits THEN 1 ELSE 0.5 END)) OPERATOR(pg_catalog./) pg_catalog.sum(n.weight), 2)::double precision AS score, pg_catalog.sum(n.weight) AS total, pg_catalog.bool_or(n.weight OPERATOR(pg_catalog.>) 1 AND n.name IS NOT NULL) AS told,
						coalesce(pg_catalog.array_agg((CASE WHEN n.name IS NULL THEN pg_catalog.replace(n.wanted, '|', ' or ') ELSE pg_catalog.format('%s (of type %s)', n.name, n.type) END) ORDER BY n.place) FILTER (WHERE n.name IS NULL OR NOT n.fits), '{}') AS missing
					FROM (SELECT f.place, f.name AS wanted, CASE f.expression WHEN '!' THEN 3 ELSE 1 END AS weight, c.name, c.type, @extschema@.preset_class_fits(f.type, c.type) AS fits
						FROM @extschema@.preset_facts() AS f LEFT JOIN LATERAL @extschema@.preset_column(detect_source.relation, f.name) AS c ON true WHERE (f.preset OPERATOR(pg_catalog.=) p.preset) AND (f.part OPERATOR(pg_catalog.=) p.part) AND f.kind OPERATOR(pg_catalog.=) 'need') AS n) AS w
			WHERE p.kind OPERATOR(pg_catalog.=) 'part' ORDER BY w.told DESC, w.score DESC, w.total DESC, p.place, p.preset LOOP
			EXIT WHEN NOT found.told;
			n := n OPERATOR(pg_catalog.+) 1;
			preset := found.preset;
			shape := found.shape;
			score := found.score;
			missing := found.missing;
			hint := found.hint;
			RETURN NEXT;
		END LOOP;
		IF n OPERATOR(pg_catalog.=) 0 THEN
			SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns FROM pg_catalog.pg_attribute AS a WHERE a.attrelid OPERATOR(pg_catalog.=) detect_source.relation AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped;
			RAISE NOTICE USING
				MESSAGE = pg_catalog.format('%s fits no preset: it has none of the columns that tell one', named),
				DETAIL = pg_catalog.format('It has %s. ', coalesce(columns, 'no columns')) OPERATOR(pg_catalog.||) CASE WHEN found.score OPERATOR(pg_catalog.>) 0
					THEN pg_catalog.format('The nearest is %s of preset %s, which also needs %s.', found.part, found.preset, pg_catalog.array_to_string(found.missing, ', '))
					ELSE 'No preset needs any of these.' END,
				HINT = 'What each preset needs: SELECT * FROM kpi.presets(). Any table with a time can be a source without one: kpi.add_source().';
		END IF;
	END
	$$;
COMMENT ON FUNCTION @extschema@.detect_source(regclass) IS
'which presets fit a table by its columns: score 1 if all that tell one are there, what is missing or of an unlikely type, and how to map it; none that has no column of its own';

/* Views. */

CREATE FUNCTION @extschema@.make_preset_view(in_schema name, view text, query text, shape text, source text, preset text, relation oid) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		quoted pg_catalog.text := pg_catalog.format('%I.%I', in_schema, view);
		there pg_catalog.oid;
		made pg_catalog.text;
		col record;
	BEGIN
		IF pg_catalog.octet_length(view) OPERATOR(pg_catalog.>) 63 THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('"%s" is too long for the name of a view', view),
				HINT = 'Take a shorter name.';
		END IF;
		made := pg_catalog.format('made by kpi.map_source for "%s" ', source);
		SELECT c.oid INTO there FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE n.nspname OPERATOR(pg_catalog.=) in_schema AND c.relname::pg_catalog.text OPERATOR(pg_catalog.=) view;
		IF there IS NOT NULL AND NOT ((SELECT c.relkind FROM pg_catalog.pg_class AS c WHERE c.oid OPERATOR(pg_catalog.=) there) OPERATOR(pg_catalog.=) 'v' AND pg_catalog.starts_with(coalesce(pg_catalog.obj_description(there, 'pg_class'), ''), made)) THEN
			RAISE duplicate_table USING
				MESSAGE = pg_catalog.format('there is a %s that was not made by kpi.map_source for "%s"', quoted, source),
				HINT = 'Take another name, or make the views in another schema: in_schema => ''...''.';
		END IF;
		IF there IS NULL THEN
			EXECUTE pg_catalog.format('CREATE VIEW %s AS %s', quoted, query);
		ELSE
			BEGIN
				EXECUTE pg_catalog.format('CREATE OR REPLACE VIEW %s AS %s', quoted, query);
			EXCEPTION WHEN invalid_table_definition THEN
				-- other columns
				EXECUTE pg_catalog.format('DROP VIEW %s', quoted);
				EXECUTE pg_catalog.format('CREATE VIEW %s AS %s', quoted, query);
			END;
		END IF;
		EXECUTE pg_catalog.format('COMMENT ON VIEW %s IS %L', quoted, made OPERATOR(pg_catalog.||) pg_catalog.format('with preset %s from %s', preset, @extschema@.relation_sql(relation)));
		FOR col IN SELECT s.name, s.description FROM @extschema@.preset_shapes() AS s WHERE s.shape OPERATOR(pg_catalog.=) make_preset_view.shape LOOP
			EXECUTE pg_catalog.format('COMMENT ON COLUMN %s.%I IS %L', quoted, col.name, col.description);
		END LOOP;
	END
	$$;
COMMENT ON FUNCTION @extschema@.make_preset_view(name, text, text, text, text, text, oid) IS 'makes a view of map_source, or makes it anew; what it has not made is left alone';

CREATE FUNCTION @extschema@.add_preset_source(name text, in_schema name, shape text, have text[], zone text, segment name, description text) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		old @extschema@.source;
		r pg_catalog.jsonb;
		relation pg_catalog.text := pg_catalog.format('%I.%I', in_schema, name);
	BEGIN
		SELECT * INTO old FROM @extschema@.source AS s WHERE s.name OPERATOR(pg_catalog.=) add_preset_source.name;
		IF old.name IS NOT NULL AND ((old.relation_schema, old.relation_name)) IS DISTINCT FROM ((in_schema, name::pg_catalog.name)) THEN
			RAISE duplicate_object USING
				MESSAGE = pg_catalog.format('there is a source "%s" that is made of %I.%I', name, old.relation_schema, old.relation_name),
				HINT = 'Take another name, or remove it with kpi.remove_source().';
		END IF;
		SELECT pg_catalog.jsonb_object_agg(s.role, s.name) INTO r FROM @extschema@.preset_shapes() AS s WHERE s.shape OPERATOR(pg_catalog.=) add_preset_source.shape AND s.role IS NOT NULL AND s.name OPERATOR(pg_catalog.=) ANY (have);
		PERFORM @extschema@.add_source(name, relation::pg_catalog.regclass, at => (r OPERATOR(pg_catalog.->>) 'at')::pg_catalog.name, actor => (r OPERATOR(pg_catalog.->>) 'actor')::pg_catalog.name, event => (r OPERATOR(pg_catalog.->>) 'event')::pg_catalog.name, value => (r OPERATOR(pg_catalog.->>) 'value')::pg_catalog.name,
			segment => segment, loaded_at => (r OPERATOR(pg_catalog.->>) 'loaded_at')::pg_catalog.name, id => (r OPERATOR(pg_catalog.->>) 'id')::pg_catalog.name, zone => zone, stale_after => coalesce(old.stale_after, interval '2 days'), description => description);
	END
	$$;
COMMENT ON FUNCTION @extschema@.add_preset_source(text, name, text, text[], text, name, text) IS 'registers a view of map_source as a source, with the columns that it has';

/* All differences of totals are against the highest total so far: a total that falls and comes back is not counted twice. */
CREATE FUNCTION @extschema@.preset_differences(totals text) RETURNS text
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.format('SELECT t.day, t.platform, t.post, t.impressions, t.clicks, t.likes, t.shares, t.comments, CASE WHEN num_nonnulls(t.likes, t.shares, t.comments) > 0 THEN coalesce(t.likes, 0) + coalesce(t.shares, 0) + coalesce(t.comments, 0) END AS interactions, t.loaded_at FROM (SELECT d.day, d.platform, d.post, %s, d.loaded_at FROM (SELECT DISTINCT ON (c.platform, c.post, c.day) c.* FROM (%s) AS c ORDER BY c.platform, c.post, c.day, c.loaded_at DESC NULLS LAST) AS d WINDOW before AS (PARTITION BY d.platform, d.post ORDER BY d.day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS t',
		pg_catalog.string_agg(pg_catalog.format('CASE WHEN max(d.%1$s) OVER before IS NOT NULL THEN greatest(d.%1$s - (max(d.%1$s) OVER before), 0) WHEN d.posted_on >= d.day - 1 THEN d.%1$s ELSE d.%1$s * 0 END AS %1$s', m.name), ', '), totals)
	FROM pg_catalog.unnest(ARRAY['impressions', 'clicks', 'likes', 'shares', 'comments']) AS m(name)
	$$;
COMMENT ON FUNCTION @extschema@.preset_differences(text) IS 'SQL for what came in between copies of lifetime totals; a first copy counts whole if it was made by the day after the post, else it only says where counting begins';

CREATE FUNCTION @extschema@.preset_columns_of(shape text, alias text) RETURNS text
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.string_agg(pg_catalog.format('%s.%I', alias, s.name), ', ' ORDER BY s.place) FROM @extschema@.preset_shapes() AS s WHERE s.shape OPERATOR(pg_catalog.=) preset_columns_of.shape
	$$;
COMMENT ON FUNCTION @extschema@.preset_columns_of(text, text) IS 'the list of columns of a shape';

CREATE FUNCTION @extschema@.preset_index_note(relation oid, at_sql text, key_sql text) RETURNS text
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT pg_catalog.format('if %s is large, these indexes help: %s', @extschema@.relation_sql(relation), nullif(pg_catalog.concat_ws(', ', CASE WHEN at_sql OPERATOR(pg_catalog.~) '^\w+$|^"' THEN pg_catalog.format('(%s)', at_sql) WHEN at_sql OPERATOR(pg_catalog.!~) '\mCASE\M|jsonb' THEN pg_catalog.format(CASE WHEN pg_catalog.starts_with(at_sql, '(') THEN '(%s)' ELSE '((%s))' END, at_sql) END, CASE WHEN key_sql OPERATOR(pg_catalog.~) '^\w+$|^"' THEN pg_catalog.format('(%s)', key_sql) WHEN pg_catalog.starts_with(key_sql, '(') THEN key_sql WHEN key_sql IS NOT NULL THEN pg_catalog.format('((%s))', key_sql) END), ''))
	$$;
COMMENT ON FUNCTION @extschema@.preset_index_note(oid, text, text) IS 'which indexes serve a view of map_source';

/* Relations that were told, as {part: oid}, and those of parts that have many as {part: {name: oid}}. */
CREATE FUNCTION @extschema@.preset_relations(preset text, relation oid, told jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		of_schema pg_catalog.name := (SELECT n.nspname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.oid OPERATOR(pg_catalog.=) relation);
		resolved pg_catalog.jsonb;
		r record;
		ident pg_catalog.text[];
		one pg_catalog.oid;
		s @extschema@.source;
	BEGIN
		SELECT pg_catalog.jsonb_build_object(p.part, relation::pg_catalog.text) INTO resolved FROM @extschema@.preset_facts() AS p WHERE p.preset OPERATOR(pg_catalog.=) preset_relations.preset AND p.kind OPERATOR(pg_catalog.=) 'part' AND p.name OPERATOR(pg_catalog.=) 'main';
		IF pg_catalog.jsonb_typeof(coalesce(told, '{}')) OPERATOR(pg_catalog.<>) 'object' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = 'relations says which other tables belong to the source',
				HINT = 'Write it like ''{"identifies": "segment.identifies"}''; kpi.presets() lists what each preset knows.';
		END IF;
		FOR r IN SELECT k.key AS part, p.name, k.value FROM pg_catalog.jsonb_each(told) AS k LEFT JOIN @extschema@.preset_facts() AS p ON p.preset OPERATOR(pg_catalog.=) preset_relations.preset AND p.kind OPERATOR(pg_catalog.=) 'part' AND p.part OPERATOR(pg_catalog.=) k.key LOOP
			IF r.name IS NULL OR r.name OPERATOR(pg_catalog.=) 'main' THEN
				PERFORM @extschema@.no_such(pg_catalog.format('relation of preset "%s"', preset), r.part, (SELECT coalesce(pg_catalog.array_agg(p.part ORDER BY p.place), '{}') FROM @extschema@.preset_facts() AS p WHERE p.preset OPERATOR(pg_catalog.=) preset_relations.preset AND p.kind OPERATOR(pg_catalog.=) 'part' AND p.name OPERATOR(pg_catalog.<>) 'main'));
			END IF;
			IF pg_catalog.jsonb_typeof(r.value) OPERATOR(pg_catalog.<>) (CASE r.name WHEN 'many' THEN 'object' ELSE 'string' END) THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('relation "%s" cannot be %s', r.part, r.value),
					HINT = CASE r.name WHEN 'many' THEN pg_catalog.format('Say what each is: {"%s": {"order_completed": "schema.order_completed"}}.', r.part) ELSE 'It is the name of a table, with its schema.' END;
			END IF;
		END LOOP;
		FOR r IN SELECT k.key AS part, NULL::pg_catalog.text AS name, k.value OPERATOR(pg_catalog.#>>) '{}' AS value FROM pg_catalog.jsonb_each(told) AS k WHERE pg_catalog.jsonb_typeof(k.value) OPERATOR(pg_catalog.=) 'string'
				UNION ALL SELECT k.key, m.key, m.value FROM pg_catalog.jsonb_each(told) AS k CROSS JOIN LATERAL pg_catalog.jsonb_each_text(CASE pg_catalog.jsonb_typeof(k.value) WHEN 'object' THEN k.value ELSE '{}' END) AS m LOOP
			ident := pg_catalog.parse_ident(r.value);
			-- one without a schema is next to the table that is mapped
			one := pg_catalog.to_regclass(CASE pg_catalog.cardinality(ident) WHEN 1 THEN pg_catalog.format('%I.%I', of_schema, ident[1]) ELSE r.value END);
			IF one IS NULL THEN
				RAISE undefined_table USING
					MESSAGE = pg_catalog.format('%s, the relation "%s" of the source, does not exist', r.value, pg_catalog.concat_ws('.', r.part, r.name)),
					HINT = pg_catalog.format('Write its schema as well; without one it is looked for in %I.', of_schema);
			END IF;
			resolved := resolved OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(r.part, CASE WHEN r.name IS NULL THEN pg_catalog.to_jsonb(one::pg_catalog.text) ELSE coalesce(resolved OPERATOR(pg_catalog.->) r.part, '{}') OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(r.name, one::pg_catalog.text) END);
		END LOOP;
		-- what can be a source can be a part of one
		FOR one IN SELECT (CASE pg_catalog.jsonb_typeof(k.value) WHEN 'object' THEN m.value ELSE k.value OPERATOR(pg_catalog.#>>) '{}' END)::pg_catalog.oid FROM pg_catalog.jsonb_each(resolved) AS k LEFT JOIN LATERAL pg_catalog.jsonb_each_text(CASE pg_catalog.jsonb_typeof(k.value) WHEN 'object' THEN k.value ELSE '{}' END) AS m ON true LOOP
			SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner) INTO s.relation_schema, s.relation_name, s.relation_owner FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.oid OPERATOR(pg_catalog.=) one;
			s.name := preset;
			PERFORM FROM @extschema@.source_columns(s);
			IF NOT pg_catalog.has_any_column_privilege(one, 'SELECT') THEN
				RAISE insufficient_privilege USING
					MESSAGE = pg_catalog.format('%s may not read %s', CURRENT_USER, @extschema@.relation_sql(one)),
					HINT = pg_catalog.format('Its owner, %s, may: GRANT SELECT ON %s TO %I.', s.relation_owner, @extschema@.relation_sql(one), CURRENT_USER);
			END IF;
		END LOOP;
		RETURN resolved;
	END
	$$;
COMMENT ON FUNCTION @extschema@.preset_relations(text, oid, jsonb) IS 'the tables of a source, by their part in the preset; an error if one is not there, cannot be read, or is a view that a superuser would run';

CREATE FUNCTION @extschema@.map_source(preset text, relation regclass, name text, in_schema name DEFAULT pg_catalog.current_schema(), zone text DEFAULT 'UTC', columns jsonb DEFAULT '{}', relations jsonb DEFAULT '{}',
		segment name DEFAULT NULL, stitch text DEFAULT NULL, deduplicate boolean DEFAULT true, OUT view text, OUT source text, OUT shape text, OUT note text) RETURNS SETOF record
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		main record;
		parts pg_catalog.jsonb;
		item record;
		chosen record;
		given record;
		queries pg_catalog.text[] := '{}';
		pairs pg_catalog.text[] := '{}';
		identities pg_catalog.text;
		have pg_catalog.text[] := '{}';
		roles pg_catalog.text[];
		body pg_catalog.text;
		-- what is made: suffix, shape, query, columns that it has, segment
		suffix pg_catalog.text;
		plan pg_catalog.jsonb[] := '{}';
		step pg_catalog.jsonb;
		notes pg_catalog.text;
	BEGIN
		IF name IS NULL OR name OPERATOR(pg_catalog.=) '' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = 'a source needs a name',
				HINT = 'Its views are called by it: kpi.map_source(''ga4'', ''analytics.events'', ''web'') makes web_events.';
		END IF;
		IF NOT EXISTS (SELECT FROM @extschema@.preset_facts() AS f WHERE f.preset OPERATOR(pg_catalog.=) map_source.preset) THEN
			PERFORM @extschema@.no_such('preset', coalesce(preset, ''), (SELECT pg_catalog.array_agg(DISTINCT f.preset) FROM @extschema@.preset_facts() AS f));
		END IF;
		IF relation IS NULL THEN
			RAISE null_value_not_allowed USING MESSAGE = pg_catalog.format('which table is "%s" to be made of?', name);
		END IF;
		IF in_schema IS NULL OR NOT EXISTS (SELECT FROM pg_catalog.pg_namespace AS n WHERE n.nspname OPERATOR(pg_catalog.=) in_schema) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = CASE WHEN in_schema IS NULL THEN pg_catalog.format('there is no schema for the views of "%s"', name) ELSE pg_catalog.format('there is no schema "%s"', in_schema) END,
				HINT = 'Say where they are to be made: in_schema => ''...''.';
		END IF;
		PERFORM @extschema@.check_zone(zone, pg_catalog.format('source "%s"', name));
		columns := coalesce(columns, '{}');
		IF pg_catalog.jsonb_typeof(columns) OPERATOR(pg_catalog.<>) 'object' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = 'columns says which columns are meant where the preset does not know',
				HINT = 'Write it like ''{"value": "amount"}''.';
		END IF;
		deduplicate := coalesce(deduplicate, true);
		SELECT f.part, f.type INTO main FROM @extschema@.preset_facts() AS f WHERE f.preset OPERATOR(pg_catalog.=) map_source.preset AND f.kind OPERATOR(pg_catalog.=) 'part' AND f.name OPERATOR(pg_catalog.=) 'main';
		FOR given IN SELECT k.key FROM pg_catalog.jsonb_object_keys(columns) AS k(key) LOOP
			IF NOT EXISTS (SELECT FROM @extschema@.preset_facts() AS f JOIN @extschema@.preset_shapes() AS h ON h.shape OPERATOR(pg_catalog.=) f.type WHERE f.preset OPERATOR(pg_catalog.=) map_source.preset AND f.kind OPERATOR(pg_catalog.=) 'part' AND ((given.key OPERATOR(pg_catalog.=) (f.part OPERATOR(pg_catalog.||) ('.' OPERATOR(pg_catalog.||) h.name))) OR (f.name OPERATOR(pg_catalog.=) 'main' AND given.key OPERATOR(pg_catalog.=) h.name)
					OR (f.name OPERATOR(pg_catalog.=) 'many' AND EXISTS (SELECT FROM pg_catalog.jsonb_object_keys(CASE pg_catalog.jsonb_typeof(relations OPERATOR(pg_catalog.->) f.part) WHEN 'object' THEN relations OPERATOR(pg_catalog.->) f.part ELSE '{}' END) AS m(label) WHERE given.key OPERATOR(pg_catalog.=) (f.part OPERATOR(pg_catalog.||) ('.' OPERATOR(pg_catalog.||) (m.label OPERATOR(pg_catalog.||) ('.' OPERATOR(pg_catalog.||) h.name)))))))) THEN
				PERFORM @extschema@.no_such(pg_catalog.format('column of preset "%s"', preset), given.key, (SELECT pg_catalog.array_agg((CASE WHEN f.name OPERATOR(pg_catalog.=) 'main' THEN '' ELSE f.part OPERATOR(pg_catalog.||) '.' END) OPERATOR(pg_catalog.||) h.name ORDER BY f.place, h.place) FROM @extschema@.preset_facts() AS f JOIN @extschema@.preset_shapes() AS h ON h.shape OPERATOR(pg_catalog.=) f.type WHERE f.preset OPERATOR(pg_catalog.=) map_source.preset AND f.kind OPERATOR(pg_catalog.=) 'part'));
			END IF;
		END LOOP;
		parts := @extschema@.preset_relations(preset, relation, relations);
		-- rows of every part in its shape
		FOR item IN SELECT f.part, f.name AS role, f.type AS shape, m.key AS label, m.value AS one
				FROM @extschema@.preset_facts() AS f CROSS JOIN LATERAL pg_catalog.jsonb_each_text(CASE WHEN f.name OPERATOR(pg_catalog.=) 'many' THEN parts OPERATOR(pg_catalog.->) f.part ELSE pg_catalog.jsonb_build_object('', parts OPERATOR(pg_catalog.->>) f.part) END) AS m
				WHERE f.preset OPERATOR(pg_catalog.=) map_source.preset AND f.kind OPERATOR(pg_catalog.=) 'part' AND pg_catalog.jsonb_exists(parts, f.part) AND f.type OPERATOR(pg_catalog.<>) ALL (ARRAY['names', 'links']) ORDER BY f.place, m.key LOOP
			SELECT * INTO chosen FROM @extschema@.preset_select(preset, item.part, item.label, parts OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(item.part, item.one), zone, columns, deduplicate);
			IF item.role OPERATOR(pg_catalog.=) 'main' THEN
				notes := @extschema@.preset_index_note(relation, chosen.at_sql, chosen.key_sql);
				roles := chosen.have;
			END IF;
			IF item.shape OPERATOR(pg_catalog.=) 'event' THEN
				-- what has a table of its own comes from there
				body := pg_catalog.format('SELECT x.* FROM (%s) AS x', chosen.query);
				IF item.role OPERATOR(pg_catalog.=) 'main' AND EXISTS (SELECT FROM @extschema@.preset_facts() AS f WHERE f.preset OPERATOR(pg_catalog.=) map_source.preset AND f.name OPERATOR(pg_catalog.=) 'many' AND f.kind OPERATOR(pg_catalog.=) 'part' AND pg_catalog.jsonb_exists(parts, f.part)) THEN
					body := body OPERATOR(pg_catalog.||) pg_catalog.format(' WHERE x.event <> ALL (%L::text[])', (SELECT pg_catalog.array_agg(k.key) FROM @extschema@.preset_facts() AS f CROSS JOIN LATERAL pg_catalog.jsonb_object_keys(parts OPERATOR(pg_catalog.->) f.part) AS k(key) WHERE f.preset OPERATOR(pg_catalog.=) map_source.preset AND f.kind OPERATOR(pg_catalog.=) 'part' AND f.name OPERATOR(pg_catalog.=) 'many'));
				ELSIF item.role OPERATOR(pg_catalog.=) 'many' THEN
					body := pg_catalog.format('SELECT x.at, %L::text AS event, %s FROM (%s) AS x', item.label, (SELECT pg_catalog.string_agg(pg_catalog.format('x.%I', n.name), ', ') FROM (SELECT h.name FROM @extschema@.preset_shapes() AS h WHERE h.shape OPERATOR(pg_catalog.=) 'event' AND h.place OPERATOR(pg_catalog.>) 2 UNION ALL VALUES ('anonymous_id'), ('user_id')) AS n), chosen.query);
				END IF;
				queries := queries OPERATOR(pg_catalog.||) body;
				have := have OPERATOR(pg_catalog.||) chosen.have;
				IF ARRAY['anonymous_id', 'user_id'] OPERATOR(pg_catalog.<@) chosen.have THEN
					-- copies say nothing new of who is who
					pairs := pairs OPERATOR(pg_catalog.||) pg_catalog.format('SELECT x.at, x.anonymous_id, x.user_id FROM (%s) AS x', (SELECT t.query FROM @extschema@.preset_select(preset, item.part, item.label, parts OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(item.part, item.one), zone, columns, false) AS t));
				END IF;
			ELSIF item.shape OPERATOR(pg_catalog.=) 'pair' THEN
				pairs := pairs OPERATOR(pg_catalog.||) chosen.query;
			ELSIF item.shape OPERATOR(pg_catalog.=) 'identity' THEN
				identities := chosen.query;
			ELSIF item.shape OPERATOR(pg_catalog.=) 'cost' THEN
				plan := plan OPERATOR(pg_catalog.||) ARRAY[pg_catalog.jsonb_build_object('suffix', 'costs', 'shape', 'cost', 'query', chosen.query, 'found', chosen.have, 'segment', 'channel'),
					pg_catalog.jsonb_build_object('suffix', 'cost_metrics', 'shape', 'metric', 'segment', 'channel', 'found', ARRAY['day', 'metric', 'value'] OPERATOR(pg_catalog.||) CASE WHEN 'loaded_at' OPERATOR(pg_catalog.=) ANY (chosen.have) THEN ARRAY['loaded_at'] ELSE '{}' END, 'query',
						pg_catalog.format('SELECT c.day, m.metric, m.value, c.channel, c.campaign AS item, c.loaded_at FROM %I.%I AS c CROSS JOIN LATERAL (VALUES (''cost''::text, c.cost), (''impressions'', c.impressions), (''clicks'', c.clicks), (''conversions'', c.conversions), (''conversion_value'', c.conversion_value)) AS m(metric, value) WHERE m.value IS NOT NULL', in_schema, name OPERATOR(pg_catalog.||) '_costs'))];
			ELSIF item.shape OPERATOR(pg_catalog.=) 'total' THEN
				plan := plan OPERATOR(pg_catalog.||) ARRAY[pg_catalog.jsonb_build_object('suffix', 'social', 'shape', 'social', 'query', @extschema@.preset_differences(chosen.query), 'found', chosen.have OPERATOR(pg_catalog.||) ARRAY['interactions'], 'segment', 'platform'),
					pg_catalog.jsonb_build_object('suffix', 'social_metrics', 'shape', 'metric', 'segment', 'channel', 'found', ARRAY['day', 'metric', 'value'] OPERATOR(pg_catalog.||) CASE WHEN 'loaded_at' OPERATOR(pg_catalog.=) ANY (chosen.have) THEN ARRAY['loaded_at'] ELSE '{}' END, 'query',
						pg_catalog.format('SELECT c.day, m.metric, m.value, c.platform AS channel, c.post AS item, c.loaded_at FROM %I.%I AS c CROSS JOIN LATERAL (VALUES (''impressions''::text, c.impressions), (''clicks'', c.clicks), (''likes'', c.likes), (''shares'', c.shares), (''comments'', c.comments), (''interactions'', c.interactions)) AS m(metric, value) WHERE m.value IS NOT NULL', in_schema, name OPERATOR(pg_catalog.||) '_social'))];
			ELSIF item.shape OPERATOR(pg_catalog.=) 'survey' THEN
				plan := plan OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('suffix', 'survey', 'shape', 'survey', 'query', chosen.query, 'found', chosen.have);
			ELSE
				plan := plan OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('suffix', CASE item.shape WHEN 'deal' THEN 'deals' WHEN 'lead' THEN 'leads' ELSE 'stages' END, 'shape', item.shape, 'found', chosen.have, 'segment', CASE WHEN 'lead_source' OPERATOR(pg_catalog.=) ANY (chosen.have) AND item.shape OPERATOR(pg_catalog.<>) 'stage' THEN 'lead_source' END,
					'query', CASE WHEN item.shape OPERATOR(pg_catalog.<>) 'stage' THEN chosen.query
						ELSE pg_catalog.format('SELECT h.at, h.deal_id, h.stage, h.loaded_at FROM (SELECT x.*, lag(x.stage) OVER (PARTITION BY x.deal_id ORDER BY x.at) AS before FROM (%s) AS x) AS h WHERE h.stage IS DISTINCT FROM h.before AND EXISTS (SELECT FROM %I.%I AS d WHERE d.deal_id = h.deal_id)', chosen.query, in_schema, name OPERATOR(pg_catalog.||) '_deals') END);
			END IF;
		END LOOP;
		IF main.type OPERATOR(pg_catalog.=) 'deal' THEN
			-- the ways of all deals: what funnels are made of
			body := pg_catalog.concat_ws(' UNION ALL ', CASE WHEN pg_catalog.jsonb_exists(parts, 'lead') OR pg_catalog.jsonb_exists(parts, 'contact') THEN pg_catalog.format('SELECT l.created_at AS at, ''lead''::text AS event, coalesce(l.deal_id, ''lead '' || l.lead_id) AS actor, NULL::numeric AS value, NULL::text AS currency, l.lead_source AS source, ''lead '' || l.lead_id AS event_id, l.loaded_at FROM %I.%I AS l', in_schema, name OPERATOR(pg_catalog.||) '_leads') END,
				pg_catalog.format('SELECT d.created_at AS at, ''opportunity''::text AS event, d.deal_id AS actor, d.amount AS value, d.currency, d.lead_source AS source, ''opportunity '' || d.deal_id AS event_id, d.loaded_at FROM %I.%I AS d', in_schema, name OPERATOR(pg_catalog.||) '_deals'),
				pg_catalog.format('SELECT d.closed_at, CASE WHEN d.is_won THEN ''deal_won'' ELSE ''deal_lost'' END, d.deal_id, d.amount, d.currency, d.lead_source, ''closed '' || d.deal_id, d.loaded_at FROM %I.%I AS d WHERE d.is_closed OR d.is_won', in_schema, name OPERATOR(pg_catalog.||) '_deals'),
				CASE WHEN EXISTS (SELECT FROM pg_catalog.unnest(plan) AS u(step) WHERE (u.step OPERATOR(pg_catalog.->>) 'shape') OPERATOR(pg_catalog.=) 'stage') THEN pg_catalog.format('SELECT s.at, ''stage '' || s.stage, s.deal_id, NULL, NULL, d.lead_source, NULL, s.loaded_at FROM %I.%I AS s JOIN %I.%I AS d ON d.deal_id = s.deal_id', in_schema, name OPERATOR(pg_catalog.||) '_stages', in_schema, name OPERATOR(pg_catalog.||) '_deals') END);
			plan := plan OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('suffix', 'pipeline', 'shape', 'event', 'found', ARRAY['at', 'event', 'actor', 'value', 'event_id'] OPERATOR(pg_catalog.||) CASE WHEN 'loaded_at' OPERATOR(pg_catalog.=) ANY (roles) THEN ARRAY['loaded_at'] ELSE '{}' END, 'segment', CASE WHEN 'lead_source' OPERATOR(pg_catalog.=) ANY (roles) THEN 'source' END, 'query',
				pg_catalog.format('SELECT p.at, p.event, p.actor, NULL::text AS session, p.value, p.currency, NULL::text AS page, p.source, NULL::text AS medium, NULL::text AS campaign, NULL::boolean AS engaged, NULL::numeric AS dwell, p.event_id, p.loaded_at FROM (%s) AS p WHERE p.at IS NOT NULL', body));
		ELSIF main.type OPERATOR(pg_catalog.=) 'event' THEN
			stitch := coalesce(stitch, CASE WHEN EXISTS (SELECT FROM @extschema@.preset_facts() AS f WHERE f.preset OPERATOR(pg_catalog.=) map_source.preset AND f.kind OPERATOR(pg_catalog.=) 'part' AND f.type OPERATOR(pg_catalog.=) 'pair') THEN 'components' ELSE 'none' END);
			IF stitch OPERATOR(pg_catalog.<>) ALL (ARRAY['none', 'components', 'first', 'last']) THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('stitch "%s" is not known', stitch),
					HINT = 'There are components, first, last and none: see kpi.stitch().';
			END IF;
			IF stitch OPERATOR(pg_catalog.=) 'none' THEN
				identities := NULL;
			ELSIF identities IS NULL AND pg_catalog.cardinality(pairs) OPERATOR(pg_catalog.=) 0 THEN
				RAISE invalid_parameter_value USING
					MESSAGE = pg_catalog.format('preset "%s" knows no pairs of an anonymous id and a user here', preset),
					HINT = 'Leave stitch out, or write ''none''.';
			ELSIF identities IS NULL THEN
				plan := plan OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('suffix', 'identities', 'shape', 'identity', 'query',
					pg_catalog.format('SELECT i.id, i.is_user, i.identity FROM (SELECT array_agg(p.anonymous_id) AS anonymous_ids, array_agg(p.user_id) AS user_ids, array_agg(p.at) AS seen_at FROM (SELECT p.anonymous_id, p.user_id, %s(p.at) AS at FROM (%s) AS p WHERE p.anonymous_id <> '''' AND p.user_id <> '''' GROUP BY 1, 2) AS p) AS g CROSS JOIN LATERAL @extschema@.stitch(g.anonymous_ids, g.user_ids, g.seen_at, %L) AS i', CASE stitch WHEN 'last' THEN 'max' ELSE 'min' END, pg_catalog.array_to_string(pairs, ' UNION ALL '), stitch));
				identities := pg_catalog.format('SELECT * FROM %I.%I', in_schema, name OPERATOR(pg_catalog.||) '_identities');
			END IF;
			plan := plan OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('suffix', 'events', 'shape', 'event', 'found', have, 'query',
				CASE WHEN identities IS NULL THEN pg_catalog.format('SELECT %s FROM (%s) AS e', @extschema@.preset_columns_of('event', 'e'), pg_catalog.array_to_string(queries, ' UNION ALL '))
				ELSE pg_catalog.format('SELECT %s FROM (%s) AS e LEFT JOIN (%s) AS i ON i.id = coalesce(nullif(e.user_id, ''''), e.anonymous_id) AND i.is_user = (nullif(e.user_id, '''') IS NOT NULL)', pg_catalog.replace(@extschema@.preset_columns_of('event', 'e'), 'e.actor', 'coalesce(i.identity, nullif(e.user_id, ''''), e.actor) AS actor'), pg_catalog.array_to_string(queries, ' UNION ALL '), identities) END);
		END IF;
		IF stitch IS NOT NULL AND main.type OPERATOR(pg_catalog.<>) 'event' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('preset "%s" has nobody to stitch', preset),
				HINT = 'Leave stitch out.';
		END IF;
		IF segment IS NOT NULL AND NOT EXISTS (SELECT FROM pg_catalog.unnest(plan) AS u(step) JOIN @extschema@.preset_shapes() AS h ON h.shape OPERATOR(pg_catalog.=) (u.step OPERATOR(pg_catalog.->>) 'shape') WHERE h.name OPERATOR(pg_catalog.=) map_source.segment::pg_catalog.text) THEN
			PERFORM @extschema@.no_such('column to segment by', segment::pg_catalog.text, (SELECT pg_catalog.array_agg(DISTINCT h.name) FROM pg_catalog.unnest(plan) AS u(step) JOIN @extschema@.preset_shapes() AS h ON h.shape OPERATOR(pg_catalog.=) (u.step OPERATOR(pg_catalog.->>) 'shape') WHERE h.type OPERATOR(pg_catalog.=) 'text'));
		END IF;
		FOREACH step IN ARRAY plan LOOP
			suffix := step OPERATOR(pg_catalog.->>) 'suffix';
			shape := step OPERATOR(pg_catalog.->>) 'shape';
			view := pg_catalog.format('%I.%I', in_schema, name OPERATOR(pg_catalog.||) ('_' OPERATOR(pg_catalog.||) suffix));
			PERFORM @extschema@.make_preset_view(in_schema, name OPERATOR(pg_catalog.||) ('_' OPERATOR(pg_catalog.||) suffix), step OPERATOR(pg_catalog.->>) 'query', shape, name, preset, relation);
			source := NULL;
			IF shape OPERATOR(pg_catalog.<>) 'identity' THEN
				source := name OPERATOR(pg_catalog.||) ('_' OPERATOR(pg_catalog.||) suffix);
				PERFORM @extschema@.add_preset_source(source, in_schema, shape, ARRAY(SELECT pg_catalog.jsonb_array_elements_text(step OPERATOR(pg_catalog.->) 'found')), zone,
					CASE WHEN EXISTS (SELECT FROM @extschema@.preset_shapes() AS h WHERE h.shape OPERATOR(pg_catalog.=) map_source.shape AND h.name OPERATOR(pg_catalog.=) segment::pg_catalog.text) THEN segment ELSE (step OPERATOR(pg_catalog.->>) 'segment')::pg_catalog.name END, pg_catalog.format('%s of %s, by preset %s', suffix, @extschema@.relation_sql(relation), preset));
			END IF;
			note := nullif(pg_catalog.concat_ws('; ', (SELECT pg_catalog.string_agg(f.expression, '; ' ORDER BY f.place) FROM @extschema@.preset_facts() AS f WHERE f.preset OPERATOR(pg_catalog.=) map_source.preset AND f.kind OPERATOR(pg_catalog.=) 'note' AND f.name OPERATOR(pg_catalog.=) suffix),
				CASE WHEN suffix OPERATOR(pg_catalog.=) ANY (ARRAY['events', 'costs', 'deals', 'survey']) THEN notes END), '');
			RETURN NEXT;
		END LOOP;
	END
	$$;
COMMENT ON FUNCTION @extschema@.map_source(text, regclass, text, name, text, jsonb, jsonb, name, text, boolean) IS
'makes views over a table of another tool, such as web_events, and registers each as a source; the caller owns them; again: makes them anew';
