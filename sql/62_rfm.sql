/* ---- rfm: recency, frequency, monetary value of one customer ---- */

CREATE FUNCTION @extschema@.rfm(
		timeline @extschema@.timeline,
		until date,
		unit text DEFAULT 'day',
		zone text DEFAULT 'UTC',
		events text[] DEFAULT NULL,
		OUT frequency integer,
		OUT recency double precision,
		OUT age double precision,
		OUT monetary numeric
	) RETURNS record
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'rfm';
COMMENT ON FUNCTION @extschema@.rfm(@extschema@.timeline, date, text, text, text[]) IS
'what one customer bought up to a day, as the models take it: further days with purchases, time from the first to the last and to that day, mean amount of the further days';

CREATE FUNCTION @extschema@.rfm_score(value double precision, buckets integer DEFAULT 5) RETURNS integer
	LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'rfm_score';
COMMENT ON FUNCTION @extschema@.rfm_score(double precision, integer) IS
'score from 1 to 5 (quintiles) or to buckets, by the share of rows of the window partition with a lower value; equal values score the same';
