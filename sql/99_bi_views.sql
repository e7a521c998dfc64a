/*
 * ---- views for BI tools ----
 *
 * Plain joins: a filter by days reaches the index. They run with the rights of the caller, whose rows the tables select.
 */

CREATE VIEW kpi_bi.fact_day WITH (security_invoker = true) AS
	SELECT f.kpi_key, f.segment_key, f.period_start, f.period_end, d.year, d.quarter_name, d.year_month, d.week_name, d.weekday_name, k.kpi, k.title, k.unit, k.direction, k.is_additive, s.segment, s.is_total,
		f.value, f.numerator, f.denominator, f.n, f.ci_low, f.ci_high, f.target, f.target_low, f.target_high, f.baseline, f.stretch, f.attainment, f.previous, f.year_ago, f.status, f.status_code, f.is_complete, f.is_native, f.computed_at
	FROM kpi_bi.fact AS f JOIN kpi_bi.dim_kpi AS k ON k.kpi_key OPERATOR(pg_catalog.=) f.kpi_key JOIN kpi_bi.dim_segment AS s ON s.segment_key OPERATOR(pg_catalog.=) f.segment_key JOIN kpi_bi.dim_date AS d ON d.day OPERATOR(pg_catalog.=) f.period_start
	WHERE f.grain OPERATOR(pg_catalog.=) 'day';
COMMENT ON VIEW kpi_bi.fact_day IS 'the facts of days, with the names of what they are about';
COMMENT ON COLUMN kpi_bi.fact_day.kpi_key IS 'the KPI';
COMMENT ON COLUMN kpi_bi.fact_day.segment_key IS 'the segment; 0: the whole';
COMMENT ON COLUMN kpi_bi.fact_day.period_start IS 'first day of the period';
COMMENT ON COLUMN kpi_bi.fact_day.period_end IS 'last day of the period';
COMMENT ON COLUMN kpi_bi.fact_day.year IS 'year';
COMMENT ON COLUMN kpi_bi.fact_day.quarter_name IS 'such as 2026-Q1; sorts by time';
COMMENT ON COLUMN kpi_bi.fact_day.year_month IS 'such as 2026-03; sorts by time';
COMMENT ON COLUMN kpi_bi.fact_day.week_name IS 'such as 2026-W10; sorts by time';
COMMENT ON COLUMN kpi_bi.fact_day.weekday_name IS 'English name of the weekday; sort it by weekday';
COMMENT ON COLUMN kpi_bi.fact_day.kpi IS 'short name';
COMMENT ON COLUMN kpi_bi.fact_day.title IS 'what people read';
COMMENT ON COLUMN kpi_bi.fact_day.unit IS 'unit of the values: EUR, %, visitors, ...';
COMMENT ON COLUMN kpi_bi.fact_day.direction IS 'up: more is better, down: less is better, range: between two bounds';
COMMENT ON COLUMN kpi_bi.fact_day.is_additive IS '1: values of several periods may be summed, 0: they may not';
COMMENT ON COLUMN kpi_bi.fact_day.segment IS 'its name; (all): the whole';
COMMENT ON COLUMN kpi_bi.fact_day.is_total IS '1: the whole, 0: a segment';
COMMENT ON COLUMN kpi_bi.fact_day.value IS 'the value; of an open period that of the days so far';
COMMENT ON COLUMN kpi_bi.fact_day.numerator IS 'of a ratio: what to sum over periods and segments before dividing';
COMMENT ON COLUMN kpi_bi.fact_day.denominator IS 'of a ratio: what to sum over periods and segments before dividing';
COMMENT ON COLUMN kpi_bi.fact_day.n IS 'observations that it rests on';
COMMENT ON COLUMN kpi_bi.fact_day.ci_low IS 'lower end of the confidence interval; null for several measured periods together';
COMMENT ON COLUMN kpi_bi.fact_day.ci_high IS 'upper end of the confidence interval; null for several measured periods together';
COMMENT ON COLUMN kpi_bi.fact_day.target IS 'what is to be reached at the end of the period';
COMMENT ON COLUMN kpi_bi.fact_day.target_low IS 'least value of a target that is a range';
COMMENT ON COLUMN kpi_bi.fact_day.target_high IS 'greatest value of a target that is a range';
COMMENT ON COLUMN kpi_bi.fact_day.baseline IS 'where the target starts from';
COMMENT ON COLUMN kpi_bi.fact_day.stretch IS 'what would be even better than the target';
COMMENT ON COLUMN kpi_bi.fact_day.attainment IS 'of a period that is over: value as a share of the target, or of the way there from the baseline';
COMMENT ON COLUMN kpi_bi.fact_day.previous IS 'the value of the period before, the whole of it';
COMMENT ON COLUMN kpi_bi.fact_day.year_ago IS 'the value of the period a year ago, the whole of it; of days and weeks that 52 weeks ago';
COMMENT ON COLUMN kpi_bi.fact_day.status IS 'of a period that is over and has a target: achieved, missed, uncertain, stale or no_data';
COMMENT ON COLUMN kpi_bi.fact_day.status_code IS '1 good, 0 doubtful, -1 bad; null: nothing can be said';
COMMENT ON COLUMN kpi_bi.fact_day.is_complete IS '1: the period was over when it was read, 0: it was open, or has not been read since';
COMMENT ON COLUMN kpi_bi.fact_day.is_native IS '1: of the length that the KPI is measured by, 0: made of shorter ones';
COMMENT ON COLUMN kpi_bi.fact_day.computed_at IS 'when this row changed last, UTC';

CREATE VIEW kpi_bi.fact_week WITH (security_invoker = true) AS
	SELECT f.kpi_key, f.segment_key, f.period_start, f.period_end, d.iso_year, d.week_name, k.kpi, k.title, k.unit, k.direction, k.is_additive, s.segment, s.is_total,
		f.value, f.numerator, f.denominator, f.n, f.ci_low, f.ci_high, f.target, f.target_low, f.target_high, f.baseline, f.stretch, f.attainment, f.previous, f.year_ago, f.status, f.status_code, f.is_complete, f.is_native, f.computed_at
	FROM kpi_bi.fact AS f JOIN kpi_bi.dim_kpi AS k ON k.kpi_key OPERATOR(pg_catalog.=) f.kpi_key JOIN kpi_bi.dim_segment AS s ON s.segment_key OPERATOR(pg_catalog.=) f.segment_key JOIN kpi_bi.dim_date AS d ON d.day OPERATOR(pg_catalog.=) f.period_start
	WHERE f.grain OPERATOR(pg_catalog.=) 'week';
COMMENT ON VIEW kpi_bi.fact_week IS 'the facts of weeks (from Monday), with the names of what they are about';
COMMENT ON COLUMN kpi_bi.fact_week.kpi_key IS 'the KPI';
COMMENT ON COLUMN kpi_bi.fact_week.segment_key IS 'the segment; 0: the whole';
COMMENT ON COLUMN kpi_bi.fact_week.period_start IS 'first day of the period';
COMMENT ON COLUMN kpi_bi.fact_week.period_end IS 'last day of the period';
COMMENT ON COLUMN kpi_bi.fact_week.iso_year IS 'year that the ISO week belongs to';
COMMENT ON COLUMN kpi_bi.fact_week.week_name IS 'such as 2026-W10; sorts by time';
COMMENT ON COLUMN kpi_bi.fact_week.kpi IS 'short name';
COMMENT ON COLUMN kpi_bi.fact_week.title IS 'what people read';
COMMENT ON COLUMN kpi_bi.fact_week.unit IS 'unit of the values: EUR, %, visitors, ...';
COMMENT ON COLUMN kpi_bi.fact_week.direction IS 'up: more is better, down: less is better, range: between two bounds';
COMMENT ON COLUMN kpi_bi.fact_week.is_additive IS '1: values of several periods may be summed, 0: they may not';
COMMENT ON COLUMN kpi_bi.fact_week.segment IS 'its name; (all): the whole';
COMMENT ON COLUMN kpi_bi.fact_week.is_total IS '1: the whole, 0: a segment';
COMMENT ON COLUMN kpi_bi.fact_week.value IS 'the value; of an open period that of the days so far';
COMMENT ON COLUMN kpi_bi.fact_week.numerator IS 'of a ratio: what to sum over periods and segments before dividing';
COMMENT ON COLUMN kpi_bi.fact_week.denominator IS 'of a ratio: what to sum over periods and segments before dividing';
COMMENT ON COLUMN kpi_bi.fact_week.n IS 'observations that it rests on';
COMMENT ON COLUMN kpi_bi.fact_week.ci_low IS 'lower end of the confidence interval; null for several measured periods together';
COMMENT ON COLUMN kpi_bi.fact_week.ci_high IS 'upper end of the confidence interval; null for several measured periods together';
COMMENT ON COLUMN kpi_bi.fact_week.target IS 'what is to be reached at the end of the period';
COMMENT ON COLUMN kpi_bi.fact_week.target_low IS 'least value of a target that is a range';
COMMENT ON COLUMN kpi_bi.fact_week.target_high IS 'greatest value of a target that is a range';
COMMENT ON COLUMN kpi_bi.fact_week.baseline IS 'where the target starts from';
COMMENT ON COLUMN kpi_bi.fact_week.stretch IS 'what would be even better than the target';
COMMENT ON COLUMN kpi_bi.fact_week.attainment IS 'of a period that is over: value as a share of the target, or of the way there from the baseline';
COMMENT ON COLUMN kpi_bi.fact_week.previous IS 'the value of the period before, the whole of it';
COMMENT ON COLUMN kpi_bi.fact_week.year_ago IS 'the value of the period a year ago, the whole of it; of days and weeks that 52 weeks ago';
COMMENT ON COLUMN kpi_bi.fact_week.status IS 'of a period that is over and has a target: achieved, missed, uncertain, stale or no_data';
COMMENT ON COLUMN kpi_bi.fact_week.status_code IS '1 good, 0 doubtful, -1 bad; null: nothing can be said';
COMMENT ON COLUMN kpi_bi.fact_week.is_complete IS '1: the period was over when it was read, 0: it was open, or has not been read since';
COMMENT ON COLUMN kpi_bi.fact_week.is_native IS '1: of the length that the KPI is measured by, 0: made of shorter ones';
COMMENT ON COLUMN kpi_bi.fact_week.computed_at IS 'when this row changed last, UTC';

CREATE VIEW kpi_bi.fact_month WITH (security_invoker = true) AS
	SELECT f.kpi_key, f.segment_key, f.period_start, f.period_end, d.year, d.quarter_name, d.year_month, k.kpi, k.title, k.unit, k.direction, k.is_additive, s.segment, s.is_total,
		f.value, f.numerator, f.denominator, f.n, f.ci_low, f.ci_high, f.target, f.target_low, f.target_high, f.baseline, f.stretch, f.attainment, f.previous, f.year_ago, f.status, f.status_code, f.is_complete, f.is_native, f.computed_at
	FROM kpi_bi.fact AS f JOIN kpi_bi.dim_kpi AS k ON k.kpi_key OPERATOR(pg_catalog.=) f.kpi_key JOIN kpi_bi.dim_segment AS s ON s.segment_key OPERATOR(pg_catalog.=) f.segment_key JOIN kpi_bi.dim_date AS d ON d.day OPERATOR(pg_catalog.=) f.period_start
	WHERE f.grain OPERATOR(pg_catalog.=) 'month';
COMMENT ON VIEW kpi_bi.fact_month IS 'the facts of months, with the names of what they are about';
COMMENT ON COLUMN kpi_bi.fact_month.kpi_key IS 'the KPI';
COMMENT ON COLUMN kpi_bi.fact_month.segment_key IS 'the segment; 0: the whole';
COMMENT ON COLUMN kpi_bi.fact_month.period_start IS 'first day of the period';
COMMENT ON COLUMN kpi_bi.fact_month.period_end IS 'last day of the period';
COMMENT ON COLUMN kpi_bi.fact_month.year IS 'year';
COMMENT ON COLUMN kpi_bi.fact_month.quarter_name IS 'such as 2026-Q1; sorts by time';
COMMENT ON COLUMN kpi_bi.fact_month.year_month IS 'such as 2026-03; sorts by time';
COMMENT ON COLUMN kpi_bi.fact_month.kpi IS 'short name';
COMMENT ON COLUMN kpi_bi.fact_month.title IS 'what people read';
COMMENT ON COLUMN kpi_bi.fact_month.unit IS 'unit of the values: EUR, %, visitors, ...';
COMMENT ON COLUMN kpi_bi.fact_month.direction IS 'up: more is better, down: less is better, range: between two bounds';
COMMENT ON COLUMN kpi_bi.fact_month.is_additive IS '1: values of several periods may be summed, 0: they may not';
COMMENT ON COLUMN kpi_bi.fact_month.segment IS 'its name; (all): the whole';
COMMENT ON COLUMN kpi_bi.fact_month.is_total IS '1: the whole, 0: a segment';
COMMENT ON COLUMN kpi_bi.fact_month.value IS 'the value; of an open period that of the days so far';
COMMENT ON COLUMN kpi_bi.fact_month.numerator IS 'of a ratio: what to sum over periods and segments before dividing';
COMMENT ON COLUMN kpi_bi.fact_month.denominator IS 'of a ratio: what to sum over periods and segments before dividing';
COMMENT ON COLUMN kpi_bi.fact_month.n IS 'observations that it rests on';
COMMENT ON COLUMN kpi_bi.fact_month.ci_low IS 'lower end of the confidence interval; null for several measured periods together';
COMMENT ON COLUMN kpi_bi.fact_month.ci_high IS 'upper end of the confidence interval; null for several measured periods together';
COMMENT ON COLUMN kpi_bi.fact_month.target IS 'what is to be reached at the end of the period';
COMMENT ON COLUMN kpi_bi.fact_month.target_low IS 'least value of a target that is a range';
COMMENT ON COLUMN kpi_bi.fact_month.target_high IS 'greatest value of a target that is a range';
COMMENT ON COLUMN kpi_bi.fact_month.baseline IS 'where the target starts from';
COMMENT ON COLUMN kpi_bi.fact_month.stretch IS 'what would be even better than the target';
COMMENT ON COLUMN kpi_bi.fact_month.attainment IS 'of a period that is over: value as a share of the target, or of the way there from the baseline';
COMMENT ON COLUMN kpi_bi.fact_month.previous IS 'the value of the period before, the whole of it';
COMMENT ON COLUMN kpi_bi.fact_month.year_ago IS 'the value of the period a year ago, the whole of it; of days and weeks that 52 weeks ago';
COMMENT ON COLUMN kpi_bi.fact_month.status IS 'of a period that is over and has a target: achieved, missed, uncertain, stale or no_data';
COMMENT ON COLUMN kpi_bi.fact_month.status_code IS '1 good, 0 doubtful, -1 bad; null: nothing can be said';
COMMENT ON COLUMN kpi_bi.fact_month.is_complete IS '1: the period was over when it was read, 0: it was open, or has not been read since';
COMMENT ON COLUMN kpi_bi.fact_month.is_native IS '1: of the length that the KPI is measured by, 0: made of shorter ones';
COMMENT ON COLUMN kpi_bi.fact_month.computed_at IS 'when this row changed last, UTC';

CREATE VIEW kpi_bi.fact_quarter WITH (security_invoker = true) AS
	SELECT f.kpi_key, f.segment_key, f.period_start, f.period_end, d.year, d.quarter_name, k.kpi, k.title, k.unit, k.direction, k.is_additive, s.segment, s.is_total,
		f.value, f.numerator, f.denominator, f.n, f.ci_low, f.ci_high, f.target, f.target_low, f.target_high, f.baseline, f.stretch, f.attainment, f.previous, f.year_ago, f.status, f.status_code, f.is_complete, f.is_native, f.computed_at
	FROM kpi_bi.fact AS f JOIN kpi_bi.dim_kpi AS k ON k.kpi_key OPERATOR(pg_catalog.=) f.kpi_key JOIN kpi_bi.dim_segment AS s ON s.segment_key OPERATOR(pg_catalog.=) f.segment_key JOIN kpi_bi.dim_date AS d ON d.day OPERATOR(pg_catalog.=) f.period_start
	WHERE f.grain OPERATOR(pg_catalog.=) 'quarter';
COMMENT ON VIEW kpi_bi.fact_quarter IS 'the facts of quarters, with the names of what they are about';
COMMENT ON COLUMN kpi_bi.fact_quarter.kpi_key IS 'the KPI';
COMMENT ON COLUMN kpi_bi.fact_quarter.segment_key IS 'the segment; 0: the whole';
COMMENT ON COLUMN kpi_bi.fact_quarter.period_start IS 'first day of the period';
COMMENT ON COLUMN kpi_bi.fact_quarter.period_end IS 'last day of the period';
COMMENT ON COLUMN kpi_bi.fact_quarter.year IS 'year';
COMMENT ON COLUMN kpi_bi.fact_quarter.quarter_name IS 'such as 2026-Q1; sorts by time';
COMMENT ON COLUMN kpi_bi.fact_quarter.kpi IS 'short name';
COMMENT ON COLUMN kpi_bi.fact_quarter.title IS 'what people read';
COMMENT ON COLUMN kpi_bi.fact_quarter.unit IS 'unit of the values: EUR, %, visitors, ...';
COMMENT ON COLUMN kpi_bi.fact_quarter.direction IS 'up: more is better, down: less is better, range: between two bounds';
COMMENT ON COLUMN kpi_bi.fact_quarter.is_additive IS '1: values of several periods may be summed, 0: they may not';
COMMENT ON COLUMN kpi_bi.fact_quarter.segment IS 'its name; (all): the whole';
COMMENT ON COLUMN kpi_bi.fact_quarter.is_total IS '1: the whole, 0: a segment';
COMMENT ON COLUMN kpi_bi.fact_quarter.value IS 'the value; of an open period that of the days so far';
COMMENT ON COLUMN kpi_bi.fact_quarter.numerator IS 'of a ratio: what to sum over periods and segments before dividing';
COMMENT ON COLUMN kpi_bi.fact_quarter.denominator IS 'of a ratio: what to sum over periods and segments before dividing';
COMMENT ON COLUMN kpi_bi.fact_quarter.n IS 'observations that it rests on';
COMMENT ON COLUMN kpi_bi.fact_quarter.ci_low IS 'lower end of the confidence interval; null for several measured periods together';
COMMENT ON COLUMN kpi_bi.fact_quarter.ci_high IS 'upper end of the confidence interval; null for several measured periods together';
COMMENT ON COLUMN kpi_bi.fact_quarter.target IS 'what is to be reached at the end of the period';
COMMENT ON COLUMN kpi_bi.fact_quarter.target_low IS 'least value of a target that is a range';
COMMENT ON COLUMN kpi_bi.fact_quarter.target_high IS 'greatest value of a target that is a range';
COMMENT ON COLUMN kpi_bi.fact_quarter.baseline IS 'where the target starts from';
COMMENT ON COLUMN kpi_bi.fact_quarter.stretch IS 'what would be even better than the target';
COMMENT ON COLUMN kpi_bi.fact_quarter.attainment IS 'of a period that is over: value as a share of the target, or of the way there from the baseline';
COMMENT ON COLUMN kpi_bi.fact_quarter.previous IS 'the value of the period before, the whole of it';
COMMENT ON COLUMN kpi_bi.fact_quarter.year_ago IS 'the value of the period a year ago, the whole of it; of days and weeks that 52 weeks ago';
COMMENT ON COLUMN kpi_bi.fact_quarter.status IS 'of a period that is over and has a target: achieved, missed, uncertain, stale or no_data';
COMMENT ON COLUMN kpi_bi.fact_quarter.status_code IS '1 good, 0 doubtful, -1 bad; null: nothing can be said';
COMMENT ON COLUMN kpi_bi.fact_quarter.is_complete IS '1: the period was over when it was read, 0: it was open, or has not been read since';
COMMENT ON COLUMN kpi_bi.fact_quarter.is_native IS '1: of the length that the KPI is measured by, 0: made of shorter ones';
COMMENT ON COLUMN kpi_bi.fact_quarter.computed_at IS 'when this row changed last, UTC';

CREATE VIEW kpi_bi.fact_year WITH (security_invoker = true) AS
	SELECT f.kpi_key, f.segment_key, f.period_start, f.period_end, d.year, k.kpi, k.title, k.unit, k.direction, k.is_additive, s.segment, s.is_total,
		f.value, f.numerator, f.denominator, f.n, f.ci_low, f.ci_high, f.target, f.target_low, f.target_high, f.baseline, f.stretch, f.attainment, f.previous, f.year_ago, f.status, f.status_code, f.is_complete, f.is_native, f.computed_at
	FROM kpi_bi.fact AS f JOIN kpi_bi.dim_kpi AS k ON k.kpi_key OPERATOR(pg_catalog.=) f.kpi_key JOIN kpi_bi.dim_segment AS s ON s.segment_key OPERATOR(pg_catalog.=) f.segment_key JOIN kpi_bi.dim_date AS d ON d.day OPERATOR(pg_catalog.=) f.period_start
	WHERE f.grain OPERATOR(pg_catalog.=) 'year';
COMMENT ON VIEW kpi_bi.fact_year IS 'the facts of years, with the names of what they are about';
COMMENT ON COLUMN kpi_bi.fact_year.kpi_key IS 'the KPI';
COMMENT ON COLUMN kpi_bi.fact_year.segment_key IS 'the segment; 0: the whole';
COMMENT ON COLUMN kpi_bi.fact_year.period_start IS 'first day of the period';
COMMENT ON COLUMN kpi_bi.fact_year.period_end IS 'last day of the period';
COMMENT ON COLUMN kpi_bi.fact_year.year IS 'year';
COMMENT ON COLUMN kpi_bi.fact_year.kpi IS 'short name';
COMMENT ON COLUMN kpi_bi.fact_year.title IS 'what people read';
COMMENT ON COLUMN kpi_bi.fact_year.unit IS 'unit of the values: EUR, %, visitors, ...';
COMMENT ON COLUMN kpi_bi.fact_year.direction IS 'up: more is better, down: less is better, range: between two bounds';
COMMENT ON COLUMN kpi_bi.fact_year.is_additive IS '1: values of several periods may be summed, 0: they may not';
COMMENT ON COLUMN kpi_bi.fact_year.segment IS 'its name; (all): the whole';
COMMENT ON COLUMN kpi_bi.fact_year.is_total IS '1: the whole, 0: a segment';
COMMENT ON COLUMN kpi_bi.fact_year.value IS 'the value; of an open period that of the days so far';
COMMENT ON COLUMN kpi_bi.fact_year.numerator IS 'of a ratio: what to sum over periods and segments before dividing';
COMMENT ON COLUMN kpi_bi.fact_year.denominator IS 'of a ratio: what to sum over periods and segments before dividing';
COMMENT ON COLUMN kpi_bi.fact_year.n IS 'observations that it rests on';
COMMENT ON COLUMN kpi_bi.fact_year.ci_low IS 'lower end of the confidence interval; null for several measured periods together';
COMMENT ON COLUMN kpi_bi.fact_year.ci_high IS 'upper end of the confidence interval; null for several measured periods together';
COMMENT ON COLUMN kpi_bi.fact_year.target IS 'what is to be reached at the end of the period';
COMMENT ON COLUMN kpi_bi.fact_year.target_low IS 'least value of a target that is a range';
COMMENT ON COLUMN kpi_bi.fact_year.target_high IS 'greatest value of a target that is a range';
COMMENT ON COLUMN kpi_bi.fact_year.baseline IS 'where the target starts from';
COMMENT ON COLUMN kpi_bi.fact_year.stretch IS 'what would be even better than the target';
COMMENT ON COLUMN kpi_bi.fact_year.attainment IS 'of a period that is over: value as a share of the target, or of the way there from the baseline';
COMMENT ON COLUMN kpi_bi.fact_year.previous IS 'the value of the period before, the whole of it';
COMMENT ON COLUMN kpi_bi.fact_year.year_ago IS 'the value of the period a year ago, the whole of it; of days and weeks that 52 weeks ago';
COMMENT ON COLUMN kpi_bi.fact_year.status IS 'of a period that is over and has a target: achieved, missed, uncertain, stale or no_data';
COMMENT ON COLUMN kpi_bi.fact_year.status_code IS '1 good, 0 doubtful, -1 bad; null: nothing can be said';
COMMENT ON COLUMN kpi_bi.fact_year.is_complete IS '1: the period was over when it was read, 0: it was open, or has not been read since';
COMMENT ON COLUMN kpi_bi.fact_year.is_native IS '1: of the length that the KPI is measured by, 0: made of shorter ones';
COMMENT ON COLUMN kpi_bi.fact_year.computed_at IS 'when this row changed last, UTC';

CREATE VIEW kpi_bi.scorecard_now WITH (security_invoker = true) AS
	SELECT c.kpi_key, c.segment_key, k.objective_key, k.kpi, k.title, k.description, k.unit, k.direction, k.owner, s.segment, s.is_total,
		c.objectives, c.period_start, c.period_end, c.period, c.actual, c.target, c.target_low, c.target_high, c.baseline, c.expected_to_date, c.attainment, c.forecast, c.previous, c.change, c.year_ago, c.yoy_change, c.ci_low, c.ci_high, c.n,
		CASE WHEN c.status IS NOT NULL AND c.stale_at OPERATOR(pg_catalog.<) (pg_catalog.now() AT TIME ZONE 'UTC') THEN 'stale' ELSE c.status END::pg_catalog.varchar(255) AS status,
		CASE WHEN c.stale_at OPERATOR(pg_catalog.<) (pg_catalog.now() AT TIME ZONE 'UTC') THEN NULL ELSE c.status_code END AS status_code,
		CASE WHEN c.status OPERATOR(pg_catalog.<>) 'stale' AND c.stale_at OPERATOR(pg_catalog.<) (pg_catalog.now() AT TIME ZONE 'UTC') THEN pg_catalog.left('it was ' OPERATOR(pg_catalog.||) c.status OPERATOR(pg_catalog.||) ' at the last refresh, which is too long ago: ' OPERATOR(pg_catalog.||) c.reason, 255) ELSE c.reason END::pg_catalog.varchar(255) AS reason,
		c.fresh_to, c.is_closed, c.stale_at
	FROM kpi_bi.scorecard AS c JOIN kpi_bi.dim_kpi AS k ON k.kpi_key OPERATOR(pg_catalog.=) c.kpi_key JOIN kpi_bi.dim_segment AS s ON s.segment_key OPERATOR(pg_catalog.=) c.segment_key;
COMMENT ON VIEW kpi_bi.scorecard_now IS 'are we on target? A row for each KPI, segment and length of period; what was not refreshed for too long is stale, however green it was';
COMMENT ON COLUMN kpi_bi.scorecard_now.kpi_key IS 'the KPI';
COMMENT ON COLUMN kpi_bi.scorecard_now.segment_key IS 'the segment; 0: the whole';
COMMENT ON COLUMN kpi_bi.scorecard_now.objective_key IS 'the objective that it tells about; of several the one with the greatest weight (all are in kpi_objective)';
COMMENT ON COLUMN kpi_bi.scorecard_now.kpi IS 'short name';
COMMENT ON COLUMN kpi_bi.scorecard_now.title IS 'what people read';
COMMENT ON COLUMN kpi_bi.scorecard_now.description IS 'what it measures, in words';
COMMENT ON COLUMN kpi_bi.scorecard_now.unit IS 'unit of the values: EUR, %, visitors, ...';
COMMENT ON COLUMN kpi_bi.scorecard_now.direction IS 'up: more is better, down: less is better, range: between two bounds';
COMMENT ON COLUMN kpi_bi.scorecard_now.owner IS 'role that is responsible';
COMMENT ON COLUMN kpi_bi.scorecard_now.segment IS 'its name; (all): the whole';
COMMENT ON COLUMN kpi_bi.scorecard_now.is_total IS '1: the whole, 0: a segment';
COMMENT ON COLUMN kpi_bi.scorecard_now.objectives IS 'the objectives that the KPI tells about';
COMMENT ON COLUMN kpi_bi.scorecard_now.period_start IS 'first day of the period';
COMMENT ON COLUMN kpi_bi.scorecard_now.period_end IS 'last day of the period';
COMMENT ON COLUMN kpi_bi.scorecard_now.period IS 'the period, such as 2026-03 or 2026-Q1';
COMMENT ON COLUMN kpi_bi.scorecard_now.actual IS 'what the period has brought so far: the days that are over, or the last values';
COMMENT ON COLUMN kpi_bi.scorecard_now.target IS 'what is to be reached at its end';
COMMENT ON COLUMN kpi_bi.scorecard_now.target_low IS 'least value of a target that is a range';
COMMENT ON COLUMN kpi_bi.scorecard_now.target_high IS 'greatest value of a target that is a range';
COMMENT ON COLUMN kpi_bi.scorecard_now.baseline IS 'where it started';
COMMENT ON COLUMN kpi_bi.scorecard_now.expected_to_date IS 'what should have been reached by now, by the pacing of the target';
COMMENT ON COLUMN kpi_bi.scorecard_now.attainment IS 'actual as a share of what is expected, or of the way there from the baseline; 1: just so';
COMMENT ON COLUMN kpi_bi.scorecard_now.forecast IS 'what the period ends with if it goes on like this';
COMMENT ON COLUMN kpi_bi.scorecard_now.previous IS 'the period before; of an open one as many days of it';
COMMENT ON COLUMN kpi_bi.scorecard_now.change IS 'change against that, as a share';
COMMENT ON COLUMN kpi_bi.scorecard_now.year_ago IS 'the same period a year ago; of an open one as many days of it';
COMMENT ON COLUMN kpi_bi.scorecard_now.yoy_change IS 'change against that, as a share';
COMMENT ON COLUMN kpi_bi.scorecard_now.ci_low IS 'lower end of the confidence interval of actual';
COMMENT ON COLUMN kpi_bi.scorecard_now.ci_high IS 'upper end of the confidence interval of actual';
COMMENT ON COLUMN kpi_bi.scorecard_now.n IS 'observations that actual rests on';
COMMENT ON COLUMN kpi_bi.scorecard_now.status IS 'achieved, on_track, at_risk, behind, missed, no_data, stale, uncertain or not_started; null: there is no target';
COMMENT ON COLUMN kpi_bi.scorecard_now.status_code IS '1 good, 0 doubtful, -1 bad; null: nothing can be said';
COMMENT ON COLUMN kpi_bi.scorecard_now.reason IS 'why, in a sentence';
COMMENT ON COLUMN kpi_bi.scorecard_now.fresh_to IS 'days before this one are known';
COMMENT ON COLUMN kpi_bi.scorecard_now.is_closed IS '1: the period was over, 0: it was open';
COMMENT ON COLUMN kpi_bi.scorecard_now.stale_at IS 'from when on nobody may rely on it unless it was refreshed again, UTC';

CREATE VIEW kpi_bi.lint WITH (security_invoker = true) AS
	SELECT f.finding_key, f.kpi_key, f.rule, f.severity, CASE f.severity WHEN 'error' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END AS severity_code, k.kpi, k.title, f.objective, f.detail, f.fix, f.found_at
	FROM kpi_bi.lint_finding AS f LEFT JOIN kpi_bi.dim_kpi AS k ON k.kpi_key OPERATOR(pg_catalog.=) f.kpi_key;
COMMENT ON VIEW kpi_bi.lint IS 'what is wrong, or soon will be, in the catalog: a row for each finding';
COMMENT ON COLUMN kpi_bi.lint.finding_key IS 'key of the finding';
COMMENT ON COLUMN kpi_bi.lint.kpi_key IS 'the KPI that it is about; null: it is about the catalog';
COMMENT ON COLUMN kpi_bi.lint.rule IS 'the rule that is broken';
COMMENT ON COLUMN kpi_bi.lint.severity IS 'error, warning or info';
COMMENT ON COLUMN kpi_bi.lint.severity_code IS '3 error, 2 warning, 1 info';
COMMENT ON COLUMN kpi_bi.lint.kpi IS 'short name';
COMMENT ON COLUMN kpi_bi.lint.title IS 'what people read';
COMMENT ON COLUMN kpi_bi.lint.objective IS 'the objective that it is about';
COMMENT ON COLUMN kpi_bi.lint.detail IS 'what is wrong, in words';
COMMENT ON COLUMN kpi_bi.lint.fix IS 'what to do about it';
COMMENT ON COLUMN kpi_bi.lint.found_at IS 'when it was found first, UTC';

CREATE VIEW kpi_bi.trust WITH (security_invoker = true) AS
	SELECT f.finding_key, f.source, f.owner, f.rule, f.severity, CASE f.severity WHEN 'error' THEN 3 WHEN 'warning' THEN 2 WHEN 'info' THEN 1 ELSE 0 END AS severity_code, f.detail, f.value, f.limit_value, f.fix, f.day, f.checked_at
	FROM kpi_bi.trust_finding AS f;
COMMENT ON VIEW kpi_bi.trust IS 'whether the rows of the sources can be trusted: a row for each rule, or for each day and event that breaks it';
COMMENT ON COLUMN kpi_bi.trust.finding_key IS 'key of the finding';
COMMENT ON COLUMN kpi_bi.trust.source IS 'the source';
COMMENT ON COLUMN kpi_bi.trust.owner IS 'role that is responsible for it';
COMMENT ON COLUMN kpi_bi.trust.rule IS 'the rule that was checked';
COMMENT ON COLUMN kpi_bi.trust.severity IS 'ok, info, warning or error';
COMMENT ON COLUMN kpi_bi.trust.severity_code IS '3 error, 2 warning, 1 info, 0 ok';
COMMENT ON COLUMN kpi_bi.trust.detail IS 'what was found, in words';
COMMENT ON COLUMN kpi_bi.trust.value IS 'what was measured';
COMMENT ON COLUMN kpi_bi.trust.limit_value IS 'where it would be too much or too little';
COMMENT ON COLUMN kpi_bi.trust.fix IS 'what to do about it';
COMMENT ON COLUMN kpi_bi.trust.day IS 'the day that it is about';
COMMENT ON COLUMN kpi_bi.trust.checked_at IS 'when the source was checked, UTC';
