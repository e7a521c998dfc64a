/* ---- cash flows: what are they worth, what do they yield, when have they paid back? ---- */

/* The state, of all of them: the exact sum of each day or period, and the terms. */

CREATE FUNCTION @extschema@.cashflow_period(internal, numeric, integer) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_period';
COMMENT ON FUNCTION @extschema@.cashflow_period(internal, numeric, integer) IS 'transition function of kpi.irr, kpi.irr_all and kpi.payback';
CREATE FUNCTION @extschema@.cashflow_period_rate(internal, numeric, integer, double precision) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_period_rate';
COMMENT ON FUNCTION @extschema@.cashflow_period_rate(internal, numeric, integer, double precision) IS 'transition function of kpi.payback';
CREATE FUNCTION @extschema@.cashflow_period_rates(internal, numeric, integer, double precision, double precision) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_period_rates';
COMMENT ON FUNCTION @extschema@.cashflow_period_rates(internal, numeric, integer, double precision, double precision) IS 'transition function of kpi.mirr';
CREATE FUNCTION @extschema@.cashflow_rate_period(internal, double precision, numeric, integer) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_rate_period';
COMMENT ON FUNCTION @extschema@.cashflow_rate_period(internal, double precision, numeric, integer) IS 'transition function of kpi.npv';
CREATE FUNCTION @extschema@.cashflow_rate_period_first(internal, double precision, numeric, integer, integer) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_rate_period_first';
COMMENT ON FUNCTION @extschema@.cashflow_rate_period_first(internal, double precision, numeric, integer, integer) IS 'transition function of kpi.npv';
CREATE FUNCTION @extschema@.cashflow_date(internal, numeric, date) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_date';
COMMENT ON FUNCTION @extschema@.cashflow_date(internal, numeric, date) IS 'transition function of kpi.xirr, kpi.xirr_all and kpi.payback';
CREATE FUNCTION @extschema@.cashflow_date_convention(internal, numeric, date, text) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_date_convention';
COMMENT ON FUNCTION @extschema@.cashflow_date_convention(internal, numeric, date, text) IS 'transition function of kpi.xirr and kpi.xirr_all';
CREATE FUNCTION @extschema@.cashflow_date_rate(internal, numeric, date, double precision) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_date_rate';
COMMENT ON FUNCTION @extschema@.cashflow_date_rate(internal, numeric, date, double precision) IS 'transition function of kpi.payback';
CREATE FUNCTION @extschema@.cashflow_date_rate_convention(internal, numeric, date, double precision, text) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_date_rate_convention';
COMMENT ON FUNCTION @extschema@.cashflow_date_rate_convention(internal, numeric, date, double precision, text) IS 'transition function of kpi.payback';
CREATE FUNCTION @extschema@.cashflow_rate_date(internal, double precision, numeric, date) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_rate_date';
COMMENT ON FUNCTION @extschema@.cashflow_rate_date(internal, double precision, numeric, date) IS 'transition function of kpi.xnpv';
CREATE FUNCTION @extschema@.cashflow_rate_date_convention(internal, double precision, numeric, date, text) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'cashflow_rate_date_convention';
COMMENT ON FUNCTION @extschema@.cashflow_rate_date_convention(internal, double precision, numeric, date, text) IS 'transition function of kpi.xnpv';
CREATE FUNCTION @extschema@.cashflow_combine(internal, internal) RETURNS internal
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'cashflow_combine';
COMMENT ON FUNCTION @extschema@.cashflow_combine(internal, internal) IS 'combine function of aggregates over cash flows';
CREATE FUNCTION @extschema@.cashflow_serialise(internal) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'cashflow_serialise';
COMMENT ON FUNCTION @extschema@.cashflow_serialise(internal) IS 'serialisation function of aggregates over cash flows';
CREATE FUNCTION @extschema@.cashflow_deserialise(bytea, internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'cashflow_deserialise';
COMMENT ON FUNCTION @extschema@.cashflow_deserialise(bytea, internal) IS 'deserialisation function of aggregates over cash flows';
CREATE FUNCTION @extschema@.npv_final(internal) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'npv_final';
COMMENT ON FUNCTION @extschema@.npv_final(internal) IS 'final function of kpi.npv';
CREATE FUNCTION @extschema@.xnpv_final(internal) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'xnpv_final';
COMMENT ON FUNCTION @extschema@.xnpv_final(internal) IS 'final function of kpi.xnpv';
CREATE FUNCTION @extschema@.irr_final(internal) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'irr_final';
COMMENT ON FUNCTION @extschema@.irr_final(internal) IS 'final function of kpi.irr';
CREATE FUNCTION @extschema@.xirr_final(internal) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'xirr_final';
COMMENT ON FUNCTION @extschema@.xirr_final(internal) IS 'final function of kpi.xirr';
CREATE FUNCTION @extschema@.irr_all_final(internal) RETURNS double precision[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'irr_all_final';
COMMENT ON FUNCTION @extschema@.irr_all_final(internal) IS 'final function of kpi.irr_all';
CREATE FUNCTION @extschema@.xirr_all_final(internal) RETURNS double precision[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'xirr_all_final';
COMMENT ON FUNCTION @extschema@.xirr_all_final(internal) IS 'final function of kpi.xirr_all';
CREATE FUNCTION @extschema@.mirr_final(internal) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'mirr_final';
COMMENT ON FUNCTION @extschema@.mirr_final(internal) IS 'final function of kpi.mirr';
CREATE FUNCTION @extschema@.payback_period_final(internal) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'payback_period_final';
COMMENT ON FUNCTION @extschema@.payback_period_final(internal) IS 'final function of kpi.payback';
CREATE FUNCTION @extschema@.payback_day_final(internal) RETURNS double precision
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'payback_day_final';
COMMENT ON FUNCTION @extschema@.payback_day_final(internal) IS 'final function of kpi.payback';

/* The aggregates. */

CREATE AGGREGATE @extschema@.npv(rate double precision, amount numeric, period integer) (
	SFUNC = @extschema@.cashflow_rate_period, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.npv_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.npv(double precision, numeric, integer) IS
'net present value at period 0: the sum of amount / (1 + rate) ^ period';

CREATE AGGREGATE @extschema@.npv(rate double precision, amount numeric, period integer, first integer) (
	SFUNC = @extschema@.cashflow_rate_period_first, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.npv_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.npv(double precision, numeric, integer, integer) IS
'net present value; first says how often period 0 is discounted: 0, or 1 as in spreadsheets';

CREATE AGGREGATE @extschema@.xnpv(rate double precision, amount numeric, day date) (
	SFUNC = @extschema@.cashflow_rate_date, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.xnpv_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.xnpv(double precision, numeric, date) IS
'net present value at the earliest day, at a rate for a year of 365 days';

CREATE AGGREGATE @extschema@.xnpv(rate double precision, amount numeric, day date, convention text) (
	SFUNC = @extschema@.cashflow_rate_date_convention, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.xnpv_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.xnpv(double precision, numeric, date, text) IS
'net present value at the earliest day, at a rate for a year by act/365, act/360, 30/360 or act/act';

CREATE AGGREGATE @extschema@.irr(amount numeric, period integer) (
	SFUNC = @extschema@.cashflow_period, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.irr_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.irr(numeric, integer) IS
'internal rate of return for a period: the rate at which the net present value is 0; of several the one nearest to 0; null if there is none';

CREATE AGGREGATE @extschema@.irr_all(amount numeric, period integer) (
	SFUNC = @extschema@.cashflow_period, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.irr_all_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.irr_all(numeric, integer) IS
'all internal rates of return for a period, ascending';

CREATE AGGREGATE @extschema@.xirr(amount numeric, day date) (
	SFUNC = @extschema@.cashflow_date, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.xirr_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.xirr(numeric, date) IS
'internal rate of return for a year of 365 days; of several the one nearest to 0; null if there is none';

CREATE AGGREGATE @extschema@.xirr(amount numeric, day date, convention text) (
	SFUNC = @extschema@.cashflow_date_convention, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.xirr_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.xirr(numeric, date, text) IS
'internal rate of return for a year by act/365, act/360, 30/360 or act/act; of several the one nearest to 0; null if there is none';

CREATE AGGREGATE @extschema@.xirr_all(amount numeric, day date) (
	SFUNC = @extschema@.cashflow_date, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.xirr_all_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.xirr_all(numeric, date) IS
'all internal rates of return for a year of 365 days, ascending';

CREATE AGGREGATE @extschema@.xirr_all(amount numeric, day date, convention text) (
	SFUNC = @extschema@.cashflow_date_convention, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.xirr_all_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.xirr_all(numeric, date, text) IS
'all internal rates of return for a year by act/365, act/360, 30/360 or act/act, ascending';

CREATE AGGREGATE @extschema@.mirr(amount numeric, period integer, finance_rate double precision, reinvest_rate double precision) (
	SFUNC = @extschema@.cashflow_period_rates, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.mirr_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mirr(numeric, integer, double precision, double precision) IS
'modified internal rate of return: losses financed at one rate, gains reinvested at the other until the last period';

CREATE AGGREGATE @extschema@.payback(amount numeric, period integer) (
	SFUNC = @extschema@.cashflow_period, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.payback_period_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.payback(numeric, integer) IS
'periods from the first one until what was lost is made up for, interpolated; null if it never is';

CREATE AGGREGATE @extschema@.payback(amount numeric, period integer, rate double precision) (
	SFUNC = @extschema@.cashflow_period_rate, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.payback_period_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.payback(numeric, integer, double precision) IS
'periods from the first one until what was lost is made up for, all discounted by a rate for a period';

CREATE AGGREGATE @extschema@.payback(amount numeric, day date) (
	SFUNC = @extschema@.cashflow_date, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.payback_day_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.payback(numeric, date) IS
'days from the first one until what was lost is made up for, interpolated; null if it never is';

CREATE AGGREGATE @extschema@.payback(amount numeric, day date, rate double precision) (
	SFUNC = @extschema@.cashflow_date_rate, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.payback_day_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.payback(numeric, date, double precision) IS
'days from the first one until what was lost is made up for, all discounted by a rate for a year of 365 days';

CREATE AGGREGATE @extschema@.payback(amount numeric, day date, rate double precision, convention text) (
	SFUNC = @extschema@.cashflow_date_rate_convention, STYPE = internal, SSPACE = 256,
	FINALFUNC = @extschema@.payback_day_final, FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = @extschema@.cashflow_combine,
	SERIALFUNC = @extschema@.cashflow_serialise, DESERIALFUNC = @extschema@.cashflow_deserialise,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.payback(numeric, date, double precision, text) IS
'days from the first one until what was lost is made up for, all discounted by a rate for a year by act/365, act/360, 30/360 or act/act';

/* The same over arrays: an amount and its period or day in the same place; a pair with a null is ignored. */

CREATE FUNCTION @extschema@.npv(rate double precision, amounts numeric[], periods integer[], first integer DEFAULT 0) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'npv_array';
COMMENT ON FUNCTION @extschema@.npv(double precision, numeric[], integer[], integer) IS
'net present value at period 0; first says how often period 0 is discounted: 0, or 1 as in spreadsheets';

CREATE FUNCTION @extschema@.xnpv(rate double precision, amounts numeric[], days date[], convention text DEFAULT 'act/365') RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'xnpv_array';
COMMENT ON FUNCTION @extschema@.xnpv(double precision, numeric[], date[], text) IS
'net present value at the earliest day, at a rate for a year by the convention: act/365, act/360, 30/360 or act/act';

CREATE FUNCTION @extschema@.irr(amounts numeric[], periods integer[]) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'irr_array';
COMMENT ON FUNCTION @extschema@.irr(numeric[], integer[]) IS
'internal rate of return for a period; of several the one nearest to 0; null if there is none';

CREATE FUNCTION @extschema@.irr_all(amounts numeric[], periods integer[]) RETURNS double precision[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'irr_all_array';
COMMENT ON FUNCTION @extschema@.irr_all(numeric[], integer[]) IS
'all internal rates of return for a period, ascending';

CREATE FUNCTION @extschema@.xirr(amounts numeric[], days date[], convention text DEFAULT 'act/365') RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'xirr_array';
COMMENT ON FUNCTION @extschema@.xirr(numeric[], date[], text) IS
'internal rate of return for a year by the convention; of several the one nearest to 0; null if there is none';

CREATE FUNCTION @extschema@.xirr_all(amounts numeric[], days date[], convention text DEFAULT 'act/365') RETURNS double precision[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'xirr_all_array';
COMMENT ON FUNCTION @extschema@.xirr_all(numeric[], date[], text) IS
'all internal rates of return for a year by the convention, ascending';

CREATE FUNCTION @extschema@.mirr(amounts numeric[], periods integer[], finance_rate double precision, reinvest_rate double precision) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'mirr_array';
COMMENT ON FUNCTION @extschema@.mirr(numeric[], integer[], double precision, double precision) IS
'modified internal rate of return: losses financed at one rate, gains reinvested at the other until the last period';

CREATE FUNCTION @extschema@.payback(amounts numeric[], periods integer[], rate double precision DEFAULT 0) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'payback_period_array';
COMMENT ON FUNCTION @extschema@.payback(numeric[], integer[], double precision) IS
'periods from the first one until what was lost is made up for, interpolated, and discounted by a rate for a period; null if it never is';

CREATE FUNCTION @extschema@.payback(amounts numeric[], days date[], rate double precision DEFAULT 0, convention text DEFAULT 'act/365') RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'payback_day_array';
COMMENT ON FUNCTION @extschema@.payback(numeric[], date[], double precision, text) IS
'days from the first one until what was lost is made up for, interpolated, and discounted by a rate for a year; null if it never is';
