/* ---- simple_ltv: the formulas on the back of an envelope ---- */

CREATE FUNCTION @extschema@.simple_ltv(arpu numeric, margin numeric, churn numeric, discount_rate numeric DEFAULT 0, timing text DEFAULT 'start') RETURNS numeric
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	DECLARE
		-- of a period's worth of margin: what it is worth today that a customer is expected to bring
		worth numeric := arpu OPERATOR(pg_catalog.*) margin;
		loss numeric := churn OPERATOR(pg_catalog.+) discount_rate;
	BEGIN
		IF NOT (churn OPERATOR(pg_catalog.>=) 0 AND churn OPERATOR(pg_catalog.<=) 1) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('churn %s is not a rate', churn),
				HINT = 'It is the share of customers that leave in a period, from 0 to 1: 0.05 for 5 %.';
		END IF;
		IF NOT (discount_rate OPERATOR(pg_catalog.>=) 0 AND discount_rate OPERATOR(pg_catalog.<) 'Infinity') THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('discount_rate %s is not a rate', discount_rate),
				HINT = 'It is a share for a period, as churn is: 0.01 for 1 % a month where churn is by the month.';
		END IF;
		IF timing OPERATOR(pg_catalog.<>) ALL (ARRAY['start', 'end']) THEN
			RAISE invalid_parameter_value USING
				MESSAGE = pg_catalog.format('timing "%s" is not known', timing),
				HINT = 'There are start (a period''s margin comes at its start, the first one now) and end (at its end, of those who stayed).';
		END IF;
		IF loss OPERATOR(pg_catalog.=) 0 THEN
			RETURN NULL;
		END IF;
		IF timing OPERATOR(pg_catalog.=) 'start' THEN
			RETURN worth OPERATOR(pg_catalog.*) (1 OPERATOR(pg_catalog.+) discount_rate) OPERATOR(pg_catalog./) loss;
		END IF;
		RETURN worth OPERATOR(pg_catalog.*) (1 OPERATOR(pg_catalog.-) churn) OPERATOR(pg_catalog./) loss;
	END
	$$;
COMMENT ON FUNCTION @extschema@.simple_ltv(numeric, numeric, numeric, numeric, text) IS
'ARPU x margin / churn, discounted if a rate is given; churn and rate are for the period that arpu is of; null where nobody leaves and nothing is discounted';
