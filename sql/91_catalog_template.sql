/* ---- templates: sets of KPIs that kinds of businesses look at ---- */

CREATE FUNCTION @extschema@.template_recipes(OUT template text, OUT place integer, OUT kpi text, OUT objective text, OUT title text, OUT unit text, OUT direction text, OUT grain text,
		OUT helper text, OUT first text, OUT second text, OUT events text[], OUT columns text[], OUT inputs text[], OUT costs boolean, OUT description text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 50
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES
		('traffic', 1, 'visitors', 'reach', 'Visitors', 'visitors', 'up', 'month', 'unique', '*', NULL, '{}'::pg_catalog.text[], '{actor}'::pg_catalog.text[], '{}'::pg_catalog.text[], false, 'different visitors of a month'),
		('traffic', 2, 'page_views', 'reach', 'Page views', 'views', 'up', 'day', 'count', '{view}', NULL, '{view}', '{}', '{}', false, 'pages that were viewed'),
		('traffic', 3, 'new_visitors', 'reach', 'New visitors', 'visitors', 'up', 'day', 'session', 'new_visitors', '', '{}', '{actor}', '{}', false, 'visitors who came for the first time'),
		('traffic', 4, 'returning_visitors', 'reach', 'Returning visitors', 'visitors', 'up', 'month', 'session', 'returning_visitors', '', '{}', '{actor}', '{}', false, 'visitors of a month with a visit that was not their first'),
		('traffic', 5, 'dwell_time', 'engagement', 'Dwell time', 'seconds', 'up', 'day', 'session', 'avg_duration', '', '{}', '{actor}', '{}', false, 'mean length of a visit'),
		('traffic', 6, 'bounce_rate', 'engagement', 'Bounce rate', 'share', 'down', 'day', 'session', 'bounce_rate', 'views {view}', '{view}', '{actor}', '{}', false, 'share of visits with one view that were over within 10 seconds'),
		('traffic', 7, 'ctr', 'engagement', 'Click-through rate', 'clicks', 'up', 'day', 'ratio count count', '{click}', '{impression}', '{click,impression}', '{}', '{}', false, 'clicks for each impression'),
		('traffic', 8, 'social_interactions', 'engagement', 'Social interactions', 'interactions', 'up', 'day', 'count', '{share}', NULL, '{share}', '{}', '{}', false, 'shares, likes and comments'),
		('traffic', 9, 'signups', 'outcome', 'Sign-ups', 'sign-ups', 'up', 'day', 'count', '{signup}', NULL, '{signup}', '{}', '{}', false, 'visitors who signed up'),
		('traffic', 10, 'purchases', 'outcome', 'Purchases', 'purchases', 'up', 'day', 'count', '{purchase}', NULL, '{purchase}', '{}', '{}', false, 'purchases that were made'),
		('traffic', 11, 'inquiries', 'outcome', 'Inquiries', 'inquiries', 'up', 'day', 'count', '{inquiry}', NULL, '{inquiry}', '{}', '{}', false, 'inquiries that came in'),

		('b2b', 1, 'leads', 'sales', 'Leads', 'leads', 'up', 'month', 'count', '{lead}', NULL, '{lead}', '{}', '{}', false, 'leads of a month'),
		('b2b', 2, 'lead_to_deal', 'sales', 'Lead to deal', 'share', 'up', 'month', 'funnel', '{lead} -> {deal} within 90 days', NULL, '{lead,deal}', '{actor}', '{}', false, 'share of the leads of a month that became a deal within 90 days'),
		('b2b', 3, 'deals', 'sales', 'Deals', 'deals', 'up', 'month', 'count', '{deal}', NULL, '{deal}', '{}', '{}', false, 'contracts that were signed in a month'),
		('b2b', 4, 'revenue_per_contract', 'sales', 'Revenue per contract', 'currency', 'up', 'month', 'ratio sum count', '{deal}', '{deal}', '{deal}', '{value}', '{}', false, 'mean value of a contract'),
		('b2b', 5, 'sales_cost', 'sales', 'Cost of sales and marketing', 'currency', 'down', 'day', 'costs', NULL, NULL, '{}', '{}', '{}', true, 'what was spent on sales and marketing'),
		('b2b', 6, 'cost_per_lead', 'sales', 'Cost per lead', 'currency', 'down', 'month', 'derived', '[sales_cost] / [leads]', NULL, '{}', '{}', '{sales_cost,leads}', true, 'what a lead of a month has cost'),

		('b2c', 1, 'signup_rate', 'conversion', 'Sign-up rate', 'share', 'up', 'month', 'ratio actors actors', '{signup}', '*', '{signup}', '{actor}', '{}', false, 'share of the visitors of a month who signed up'),
		('b2c', 2, 'purchase_rate', 'conversion', 'Purchase rate', 'share', 'up', 'month', 'ratio actors actors', '{purchase}', '*', '{purchase}', '{actor}', '{}', false, 'share of the visitors of a month who bought'),
		('b2c', 3, 'average_order_value', 'conversion', 'Average order value', 'currency', 'up', 'day', 'ratio sum count', '{purchase}', '{purchase}', '{purchase}', '{value}', '{}', false, 'mean value of a purchase'),
		('b2c', 4, 'revenue', 'growth', 'Revenue', 'currency', 'up', 'day', 'sum', '{purchase}', NULL, '{purchase}', '{value}', '{}', false, 'what the purchases add up to'),
		('b2c', 5, 'new_customers', 'growth', 'New customers', 'customers', 'up', 'day', 'new', '{purchase}', NULL, '{purchase}', '{actor}', '{}', false, 'customers who bought for the first time'),
		('b2c', 6, 'revenue_per_customer', 'growth', 'Revenue per customer', 'currency', 'up', 'month', 'ratio sum actors', '{purchase}', '{purchase}', '{purchase}', '{actor,value}', '{}', false, 'what a customer who bought in a month has spent in it'),
		('b2c', 7, 'customer_retention', 'loyalty', 'Customer retention', 'share', 'up', 'month', 'retention', '{purchase} -> {purchase} by month for 1 recurring', '1', '{purchase}', '{actor}', '{}', false, 'share of the customers of a month who bought again in the next'),
		('b2c', 8, 'churn', 'loyalty', 'Churn', 'share', 'down', 'month', 'derived', '1 - [customer_retention]', NULL, '{}', '{}', '{customer_retention}', false, 'share of the customers of a month who did not buy in the next'),
		('b2c', 9, 'repurchase_rate', 'loyalty', 'Repurchase rate', 'share', 'up', 'month', 'funnel', '{purchase} -> {purchase} within 90 days first entry', NULL, '{purchase}', '{actor}', '{}', false, 'share of the new customers of a month who bought again within 90 days'),
		('b2c', 10, 'ltv', 'loyalty', 'Lifetime value', 'currency', 'up', 'month', 'derived', '[revenue_per_customer] * {margin} / [churn]', NULL, '{}', '{}', '{revenue_per_customer,churn}', false, 'what a customer is worth: margin on the revenue per customer over churn'),
		('b2c', 11, 'marketing_cost', 'return', 'Marketing cost', 'currency', 'down', 'day', 'costs', NULL, NULL, '{}', '{}', '{}', true, 'what was spent on marketing'),
		('b2c', 12, 'cac', 'return', 'Customer acquisition cost', 'currency', 'down', 'month', 'derived', '[marketing_cost] / [new_customers]', NULL, '{}', '{}', '{marketing_cost,new_customers}', true, 'what a new customer of a month has cost'),
		('b2c', 13, 'roi', 'return', 'Return on investment', 'share', 'up', 'month', 'derived', '([revenue] * {margin} - [marketing_cost]) / [marketing_cost]', NULL, '{}', '{}', '{revenue,marketing_cost}', true, 'what marketing brought beyond its cost, over its cost'),
		('b2c', 14, 'ltv_to_cac', 'return', 'LTV to CAC', 'ratio', 'up', 'month', 'derived', '[ltv] / [cac]', NULL, '{}', '{}', '{ltv,cac}', true, 'how many times over a customer earns what it has cost'),

		('saas', 1, 'signups', 'growth', 'Sign-ups', 'sign-ups', 'up', 'day', 'count', '{signup}', NULL, '{signup}', '{}', '{}', false, 'accounts that were opened'),
		('saas', 2, 'activation', 'growth', 'Activation', 'share', 'up', 'week', 'funnel', '{signup} -> {activate} within 7 days', NULL, '{signup,activate}', '{actor}', '{}', false, 'share of the sign-ups of a week that were activated within 7 days'),
		('saas', 3, 'monthly_active_users', 'growth', 'Monthly active users', 'users', 'up', 'month', 'unique', '*', NULL, '{}', '{actor}', '{}', false, 'different users of a month'),
		('saas', 4, 'new_customers', 'growth', 'New customers', 'customers', 'up', 'day', 'new', '{payment}', NULL, '{payment}', '{actor}', '{}', false, 'customers who paid for the first time'),
		('saas', 5, 'user_retention', 'retention', 'User retention', 'share', 'up', 'month', 'retention', '* -> * by month for 1 recurring', '1', '{}', '{actor}', '{}', false, 'share of the users of a month who were there in the next'),
		('saas', 6, 'customer_retention', 'retention', 'Customer retention', 'share', 'up', 'month', 'retention', '{payment} -> {payment} by month for 1 recurring', '1', '{payment}', '{actor}', '{}', false, 'share of the customers of a month who paid in the next'),
		('saas', 7, 'churn', 'retention', 'Churn', 'share', 'down', 'month', 'derived', '1 - [customer_retention]', NULL, '{}', '{}', '{customer_retention}', false, 'share of the customers of a month who did not pay in the next'),
		('saas', 8, 'mrr', 'revenue', 'Monthly recurring revenue', 'currency', 'up', 'month', 'sum', '{payment}', NULL, '{payment}', '{value}', '{}', false, 'what the payments of a month add up to'),
		('saas', 9, 'arpu', 'revenue', 'Average revenue per user', 'currency', 'up', 'month', 'ratio sum actors', '{payment}', '{payment}', '{payment}', '{actor,value}', '{}', false, 'what a customer who paid in a month has paid in it'),
		('saas', 10, 'ltv', 'revenue', 'Lifetime value', 'currency', 'up', 'month', 'derived', '[arpu] * {margin} / [churn]', NULL, '{}', '{}', '{arpu,churn}', false, 'what a customer is worth: margin on the average revenue per user over churn'),
		('saas', 11, 'marketing_cost', 'revenue', 'Marketing cost', 'currency', 'down', 'day', 'costs', NULL, NULL, '{}', '{}', '{}', true, 'what was spent on marketing'),
		('saas', 12, 'cac', 'revenue', 'Customer acquisition cost', 'currency', 'down', 'month', 'derived', '[marketing_cost] / [new_customers]', NULL, '{}', '{}', '{marketing_cost,new_customers}', true, 'what a new paying customer of a month has cost'),
		('saas', 13, 'ltv_to_cac', 'revenue', 'LTV to CAC', 'ratio', 'up', 'month', 'derived', '[ltv] / [cac]', NULL, '{}', '{}', '{ltv,cac}', true, 'how many times over a customer earns what it has cost')
	$$;
COMMENT ON FUNCTION @extschema@.template_recipes() IS
'the KPIs of the templates, and how each is made: {purchase} stands for events, [cac] for a KPI of the same template';

CREATE FUNCTION @extschema@.template_objectives(OUT template text, OUT objective text, OUT title text, OUT perspective text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES
		('traffic', 'reach', 'More people come', 'customer'), ('traffic', 'engagement', 'They find what they look for', 'customer'), ('traffic', 'outcome', 'They do what the site is for', 'finance'),
		('b2b', 'sales', 'Leads become contracts', 'finance'),
		('b2c', 'conversion', 'Visitors become customers', 'process'), ('b2c', 'growth', 'The business grows', 'finance'), ('b2c', 'loyalty', 'Customers come back', 'customer'), ('b2c', 'return', 'Marketing pays', 'finance'),
		('saas', 'growth', 'More people use it', 'customer'), ('saas', 'retention', 'They stay', 'customer'), ('saas', 'revenue', 'They are worth more than they cost', 'finance')
	$$;
COMMENT ON FUNCTION @extschema@.template_objectives() IS 'the objectives that the KPIs of the templates tell about';

CREATE FUNCTION @extschema@.template_events(OUT event text, OUT labels text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 11
	SET search_path = pg_catalog, pg_temp
	AS $$
	VALUES
		('view', 'page_view|pageview|view|screen_view|product_view'), ('click', 'click|ad_click'), ('impression', 'impression|ad_view|ad_impression'), ('share', 'share|like|comment'),
		('signup', 'signup|sign_up|register'), ('purchase', 'purchase|order|order_completed'), ('inquiry', 'inquiry|contact|generate_lead'),
		('lead', 'lead|generate_lead|inquiry'), ('deal', 'deal|deal_won|closed_won|contract'), ('activate', 'activate|activation|activated'), ('payment', 'payment|subscription_payment|invoice_paid|renewal')
	$$;
COMMENT ON FUNCTION @extschema@.template_events() IS 'what the events of the templates are called unless somebody says otherwise';

CREATE FUNCTION @extschema@.template_kpis(template text DEFAULT NULL, OUT template_name text, OUT kpi text, OUT objective text, OUT title text, OUT unit text, OUT direction text, OUT grain text, OUT needs text, OUT description text) RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 10
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_column
	BEGIN
		IF NOT EXISTS (SELECT FROM @extschema@.template_recipes() AS r WHERE r.template OPERATOR(pg_catalog.=) coalesce(template_kpis.template, r.template)) THEN
			PERFORM @extschema@.no_such('template', template_kpis.template, (SELECT pg_catalog.array_agg(DISTINCT r.template) FROM @extschema@.template_recipes() AS r));
		END IF;
		RETURN QUERY SELECT r.template, r.kpi, r.template OPERATOR(pg_catalog.||) ': ' OPERATOR(pg_catalog.||) r.objective, r.title, r.unit, r.direction, r.grain,
				nullif(pg_catalog.concat_ws('; ', 'events ' OPERATOR(pg_catalog.||) nullif(pg_catalog.array_to_string(r.events, ', '), ''), 'columns ' OPERATOR(pg_catalog.||) nullif(pg_catalog.array_to_string(r.columns, ', '), ''), 'KPIs ' OPERATOR(pg_catalog.||) nullif(pg_catalog.array_to_string(r.inputs, ', '), ''), CASE WHEN r.costs THEN 'costs' END), ''), r.description
			FROM @extschema@.template_recipes() AS r WHERE r.template OPERATOR(pg_catalog.=) coalesce(template_kpis.template, r.template)
			ORDER BY pg_catalog.array_position(ARRAY['traffic', 'b2b', 'b2c', 'saas'], r.template), r.place;
	END
	$$;
COMMENT ON FUNCTION @extschema@.template_kpis(text) IS 'what a template (traffic, b2b, b2c, saas) has, or all of them, without making anything';

CREATE FUNCTION @extschema@.quoted_events(events text) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT coalesce(pg_catalog.string_agg('"' OPERATOR(pg_catalog.||) pg_catalog.replace(l.label, '"', '""') OPERATOR(pg_catalog.||) CASE WHEN l.is_prefix THEN '"*' ELSE '"' END, '|'), '*') FROM @extschema@.label_list(events) AS l
	$$;
COMMENT ON FUNCTION @extschema@.quoted_events(text) IS 'a list of events with every label in quotes, so that none is taken for a keyword of a language that it is put into';

CREATE FUNCTION @extschema@.source_labels(source text, in_schema name) RETURNS text[]
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		s @extschema@.source := @extschema@.source_for(source, '');
		c record;
		probe pg_catalog.text := 'labels of source ' OPERATOR(pg_catalog.||) source;
		named pg_catalog.name := @extschema@.definition_function_name('labels of source ' OPERATOR(pg_catalog.||) source);
		labels pg_catalog.text[];
	BEGIN
		SELECT * INTO c FROM @extschema@.source_sql(s);
		IF c.event IS NULL THEN
			RETURN NULL;
		END IF;
		-- what is in a view runs where definitions run, and so as a definition
		PERFORM @extschema@.make_definition(probe, 'define_template', in_schema, s, 'segment pg_catalog.text, value pg_catalog.int8',
			pg_catalog.format('SELECT ''2000-01-01''::pg_catalog.date, %s, 1::pg_catalog.int8 FROM %s AS e WHERE %s IS NOT NULL GROUP BY 2', c.event, c.relation, c.event));
		SELECT coalesce(pg_catalog.array_agg(d.segment ORDER BY d.segment), '{}') INTO labels FROM @extschema@.definition_read('function', in_schema, named, CURRENT_USER::pg_catalog.name, 'UTC', '2000-01-01', '2000-01-02') AS d;
		EXECUTE pg_catalog.format('DROP FUNCTION %I.%I(pg_catalog.date, pg_catalog.date)', in_schema, named);
		RETURN labels;
	END
	$$;
COMMENT ON FUNCTION @extschema@.source_labels(text, name) IS 'the different events of a source, all of which it reads; null if it has no column event';

CREATE FUNCTION @extschema@.template(template text, source text, events jsonb DEFAULT '{}', costs text DEFAULT NULL, prefix text DEFAULT '', currency text DEFAULT 'EUR', margin numeric DEFAULT 1,
		segment name DEFAULT NULL, in_schema name DEFAULT pg_catalog.current_schema(), OUT kpi text, OUT made boolean, OUT note text) RETURNS SETOF record
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
	#variable_conflict use_variable
	DECLARE
		s @extschema@.source := @extschema@.source_for(source, '');
		columns pg_catalog.text[];
		there pg_catalog.text[];
		-- what each event is called; left out: nobody has it
		names pg_catalog.jsonb := '{}';
		missing pg_catalog.jsonb := '{}';
		done pg_catalog.text[] := '{}';
		e record;
		r record;
		o record;
		old @extschema@.kpi;
		first pg_catalog.text;
		second pg_catalog.text;
		unit pg_catalog.text;
		link pg_catalog.text;
	BEGIN
		PERFORM FROM @extschema@.template_kpis(coalesce(template, ''));
		IF pg_catalog.jsonb_typeof(coalesce(events, '{}')) OPERATOR(pg_catalog.<>) 'object' THEN
			RAISE invalid_parameter_value USING
				MESSAGE = 'events says what the events of the template are called',
				HINT = 'Write it like ''{"purchase": "order_completed", "share": null}''.';
		END IF;
		IF (margin OPERATOR(pg_catalog.>) 0 AND margin OPERATOR(pg_catalog.<=) 1) IS NOT TRUE THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('margin %s is no share of the revenue', coalesce(margin::pg_catalog.text, 'null')),
				HINT = 'Write 0.4 for 40 %; 1 if the value is the margin already.';
		END IF;
		prefix := coalesce(prefix, '');
		SELECT pg_catalog.array_agg(i.role) INTO columns FROM @extschema@.source_columns(s) AS i;
		IF costs IS NOT NULL THEN
			PERFORM @extschema@.source_need(@extschema@.source_for(costs, ''), 'value', (SELECT c.value FROM @extschema@.source_sql(@extschema@.source_for(costs, '')) AS c), 'costs');
		END IF;
		FOR e IN SELECT k.key, k.value FROM pg_catalog.jsonb_each_text(coalesce(events, '{}')) AS k(key, value) LOOP
			IF NOT EXISTS (SELECT FROM @extschema@.template_events() AS t WHERE t.event OPERATOR(pg_catalog.=) e.key) THEN
				PERFORM @extschema@.no_such('event of the templates', e.key, (SELECT pg_catalog.array_agg(t.event) FROM @extschema@.template_events() AS t));
			END IF;
		END LOOP;
		there := @extschema@.source_labels(source, in_schema);
		FOR e IN SELECT t.event, CASE WHEN pg_catalog.jsonb_exists(events, t.event) THEN pg_catalog.jsonb_object_field_text(events, t.event) ELSE t.labels END AS labels FROM @extschema@.template_events() AS t LOOP
			IF e.labels IS NULL THEN
				missing := missing OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(e.event, pg_catalog.format('events leaves %s out', e.event));
			ELSIF NOT EXISTS (SELECT FROM @extschema@.label_list(e.labels)) OR EXISTS (SELECT FROM @extschema@.label_list(e.labels) AS l JOIN pg_catalog.unnest(there) AS t(label) ON CASE WHEN l.is_prefix THEN pg_catalog.starts_with(t.label, l.label) ELSE t.label OPERATOR(pg_catalog.=) l.label END) THEN
				names := names OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(e.event, e.labels);
			ELSE
				missing := missing OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(e.event, CASE WHEN there IS NULL THEN pg_catalog.format('source "%s" has no column event; if each row is a %s, say events => ''{"%s": "*"}''', source, e.event, e.event)
					ELSE pg_catalog.format('source "%s" has no event %s; say what it is called: events => ''{"%s": "..."}''', source, e.labels, e.event) END);
			END IF;
		END LOOP;
		FOR r IN SELECT * FROM @extschema@.template_recipes() AS t WHERE t.template OPERATOR(pg_catalog.=) template.template ORDER BY t.place LOOP
			kpi := prefix OPERATOR(pg_catalog.||) r.kpi;
			made := false;
			SELECT * INTO old FROM @extschema@.kpi AS k WHERE k.name OPERATOR(pg_catalog.=) kpi;
			note := CASE
				WHEN r.costs AND costs IS NULL THEN 'it takes costs => a source whose values are what was spent'
				WHEN NOT r.columns OPERATOR(pg_catalog.<@) columns THEN (SELECT pg_catalog.format('source "%s" has no column %s: kpi.add_source(..., %s => ...)', source, pg_catalog.min(u.role), pg_catalog.min(u.role)) FROM pg_catalog.unnest(r.columns) AS u(role) WHERE u.role OPERATOR(pg_catalog.<>) ALL (columns))
				WHEN NOT pg_catalog.jsonb_exists_all(names, r.events) THEN (SELECT pg_catalog.string_agg(pg_catalog.jsonb_object_field_text(missing, u.event), '; ') FROM pg_catalog.unnest(r.events) AS u(event) WHERE pg_catalog.jsonb_exists(missing, u.event))
				WHEN NOT r.inputs OPERATOR(pg_catalog.<@) done THEN (SELECT pg_catalog.format('it is calculated from %s, not made', pg_catalog.string_agg(prefix OPERATOR(pg_catalog.||) u.input, ', ')) FROM pg_catalog.unnest(r.inputs) AS u(input) WHERE u.input OPERATOR(pg_catalog.<>) ALL (done))
				WHEN old.name IS NOT NULL AND (old.description, old.source) IS DISTINCT FROM (r.description, CASE WHEN r.helper OPERATOR(pg_catalog.=) 'costs' THEN costs WHEN r.helper OPERATOR(pg_catalog.<>) 'derived' THEN source END)
					THEN 'there is another KPI of this name; take a prefix' END;
			IF note IS NULL THEN
				link := prefix OPERATOR(pg_catalog.||) r.template OPERATOR(pg_catalog.||) ': ' OPERATOR(pg_catalog.||) r.objective;
				IF link IS NOT NULL AND NOT EXISTS (SELECT FROM @extschema@.objective AS b WHERE b.name OPERATOR(pg_catalog.=) link) THEN
					SELECT t.title, t.perspective INTO o FROM @extschema@.template_objectives() AS t WHERE t.template OPERATOR(pg_catalog.=) r.template AND t.objective OPERATOR(pg_catalog.=) r.objective;
					PERFORM @extschema@.define_objective(link, o.title, perspective => o.perspective);
				END IF;
				unit := CASE WHEN r.unit OPERATOR(pg_catalog.=) 'currency' THEN currency ELSE r.unit END;
				first := r.first;
				second := r.second;
				FOR e IN SELECT n.key, n.value FROM pg_catalog.jsonb_each_text(names) AS n(key, value) WHERE n.key OPERATOR(pg_catalog.=) ANY (r.events) LOOP
					first := pg_catalog.replace(first, '{' OPERATOR(pg_catalog.||) e.key OPERATOR(pg_catalog.||) '}', @extschema@.quoted_events(e.value));
					second := pg_catalog.replace(second, '{' OPERATOR(pg_catalog.||) e.key OPERATOR(pg_catalog.||) '}', @extschema@.quoted_events(e.value));
				END LOOP;
				IF r.helper OPERATOR(pg_catalog.=) 'derived' THEN
					first := pg_catalog.replace(first, '{margin}', pg_catalog.trim_scale(margin)::pg_catalog.text);
					FOR e IN SELECT u.input FROM pg_catalog.unnest(r.inputs) AS u(input) LOOP
						first := pg_catalog.replace(first, '[' OPERATOR(pg_catalog.||) e.input OPERATOR(pg_catalog.||) ']', '"' OPERATOR(pg_catalog.||) pg_catalog.replace(prefix OPERATOR(pg_catalog.||) e.input, '"', '""') OPERATOR(pg_catalog.||) '"');
					END LOOP;
					PERFORM @extschema@.define_derived(kpi, first::@extschema@.formula, unit, r.direction, r.grain, title => r.title, description => r.description, objective => link);
				ELSIF r.helper OPERATOR(pg_catalog.=) 'count' THEN
					PERFORM @extschema@.define_count(kpi, source, first, r.grain, segment, unit, r.title, r.description, link, direction => r.direction, in_schema => in_schema);
				ELSIF r.helper OPERATOR(pg_catalog.=) 'sum' THEN
					PERFORM @extschema@.define_sum(kpi, source, first, r.grain, segment, unit, r.title, r.description, link, direction => r.direction, in_schema => in_schema);
				ELSIF r.helper OPERATOR(pg_catalog.=) 'costs' THEN
					PERFORM @extschema@.define_sum(kpi, costs, '*', r.grain, '', unit, r.title, r.description, link, direction => r.direction, in_schema => in_schema);
				ELSIF r.helper OPERATOR(pg_catalog.=) ANY (ARRAY['unique', 'new']) THEN
					PERFORM @extschema@.define_unique(kpi, source, first, r.grain, r.helper OPERATOR(pg_catalog.=) 'new', segment, unit, r.title, r.description, link, direction => r.direction, in_schema => in_schema);
				ELSIF pg_catalog.starts_with(r.helper, 'ratio ') THEN
					PERFORM @extschema@.define_ratio(kpi, source, first, second, pg_catalog.split_part(r.helper, ' ', 2), pg_catalog.split_part(r.helper, ' ', 3), r.grain, segment, unit, r.title, r.description, link, direction => r.direction, in_schema => in_schema);
				ELSIF r.helper OPERATOR(pg_catalog.=) 'funnel' THEN
					PERFORM @extschema@.define_funnel(kpi, source, first::@extschema@.pattern, r.grain, segment, unit, r.title, r.description, link, direction => r.direction, in_schema => in_schema);
				ELSIF r.helper OPERATOR(pg_catalog.=) 'retention' THEN
					PERFORM @extschema@.define_retention(kpi, source, first::@extschema@.retention_spec, second::integer, segment, unit, r.title, r.description, link, direction => r.direction, in_schema => in_schema);
				ELSE
					PERFORM @extschema@.define_session_metric(kpi, source, first, second::@extschema@.session_spec, r.grain, segment, unit, r.title, r.description, link, direction => r.direction, in_schema => in_schema);
				END IF;
				made := true;
				done := done OPERATOR(pg_catalog.||) r.kpi;
				note := CASE r.helper WHEN 'costs' THEN pg_catalog.format('sum over %s', costs) WHEN 'derived' THEN first WHEN 'session' THEN pg_catalog.concat_ws(' ', first, 'of sessions', nullif(second, '')) ELSE pg_catalog.concat_ws(' ', r.helper, first, CASE WHEN pg_catalog.starts_with(r.helper, 'ratio ') THEN 'over ' OPERATOR(pg_catalog.||) second END) END;
			END IF;
			RETURN NEXT;
		END LOOP;
	END
	$$;
COMMENT ON FUNCTION @extschema@.template(text, text, jsonb, text, text, text, numeric, name, name) IS
'defines the KPIs that are usual in a kind of business (traffic, b2b, b2c, saas) over a source, with objectives; tells of each how it was made, or what it lacks';
