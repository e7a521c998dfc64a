/*
 * cashflow.c: the aggregates kpi.npv, kpi.xnpv, kpi.irr, kpi.xirr, kpi.irr_all, kpi.xirr_all, kpi.mirr, kpi.payback.
 *
 * All have one state, a Cashflow, and differ in which argument is what and in what they ask it at the end. The terms (rates,
 * conventions) come with every row; the state has those of the first one that counts, and others are an error.
 */
#include "measures/cashflow_arguments.h"

#include "utils/date.h"

#include "analyses/aggregate.h"
#include "numeric_digits.h"

PG_FUNCTION_INFO_V1(cashflow_combine);
PG_FUNCTION_INFO_V1(cashflow_serialise);
PG_FUNCTION_INFO_V1(cashflow_deserialise);

static void
report_terms(const CashflowTerms *a, const CashflowTerms *b)
{
	const char *what;
	char	   *from;
	char	   *to;

	if (a->rate != b->rate || a->reinvest_rate != b->reinvest_rate)
	{
		bool		first = a->rate != b->rate;

		what = first ? "rates" : "reinvestment rates";
		from = psprintf("%g", first ? a->rate : a->reinvest_rate);
		to = psprintf("%g", first ? b->rate : b->reinvest_rate);
	}
	else if (a->first != b->first)
	{
		what = "values of first";
		from = psprintf("%d", a->first);
		to = psprintf("%d", b->first);
	}
	else
	{
		what = "day count conventions";
		from = pstrdup(day_count_name((DayCount) a->day_count));
		to = pstrdup(day_count_name((DayCount) b->day_count));
	}
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("different %s in one cash flow: %s and %s", what, from, to),
			errhint("Group by what they depend on."));
}

static inline void
check_terms(const CashflowTerms *a, const CashflowTerms *b)
{
	if (unlikely(a->rate != b->rate || a->reinvest_rate != b->reinvest_rate || a->first != b->first ||
				 a->day_count != b->day_count))
		report_terms(a, b);
}

/* Which argument is what; 0 for what there is none of, as argument 0 is the state. */
typedef struct Arguments
{
	CashflowTime time;
	int			amount;
	int			day;			/* or period */
	int			rate;
	int			reinvest_rate;
	int			first;
	int			day_count;
} Arguments;

static inline void
check_null(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (unlikely(PG_ARGISNULL(number)))
		cashflow_null(name);
}

/* A row; inlined, so that the arguments are constants. */
static inline Datum
add_row(FunctionCallInfo fcinfo, const Arguments arguments)
{
	MemoryContext context = aggregate_context(fcinfo);
	Cashflow   *flow = PG_ARGISNULL(0) ? NULL : (Cashflow *) PG_GETARG_POINTER(0);
	CashflowTerms terms = {0};
	DecimalDigits amount;
	int32		day;

	if (PG_ARGISNULL(arguments.amount) || PG_ARGISNULL(arguments.day))
	{
		if (flow == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(flow);
	}
	day = PG_GETARG_INT32(arguments.day);
	if (arguments.time == CASHFLOW_DAYS && unlikely(DATE_NOT_FINITE(day)))
		cashflow_day_not_finite(day);
	if (unlikely(!numeric_digits(PG_GETARG_DATUM(arguments.amount), &amount)))
		cashflow_not_finite(PG_GETARG_DATUM(arguments.amount));
	if (arguments.rate > 0)
	{
		check_null(fcinfo, arguments.rate, arguments.reinvest_rate > 0 ? "finance_rate" : "rate");
		terms.rate = cashflow_rate(PG_GETARG_FLOAT8(arguments.rate), arguments.reinvest_rate > 0 ? "finance_rate" : "rate");
	}
	if (arguments.reinvest_rate > 0)
	{
		check_null(fcinfo, arguments.reinvest_rate, "reinvest_rate");
		terms.reinvest_rate = cashflow_rate(PG_GETARG_FLOAT8(arguments.reinvest_rate), "reinvest_rate");
	}
	if (arguments.first > 0)
	{
		check_null(fcinfo, arguments.first, "first");
		terms.first = cashflow_first(PG_GETARG_INT32(arguments.first));
	}
	if (arguments.day_count > 0)
	{
		check_null(fcinfo, arguments.day_count, "day count convention");
		terms.day_count = cashflow_day_count(PG_GETARG_DATUM(arguments.day_count));
	}
	if (flow == NULL)
		flow = cashflow_make(context, &terms);
	else
		check_terms(&flow->terms, &terms);
	PG_RETURN_POINTER(cashflow_add(context, flow, day, &amount));
}

#define TRANSITION(name, ...) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	return add_row(fcinfo, (Arguments) {__VA_ARGS__}); \
}

TRANSITION(cashflow_period, CASHFLOW_PERIODS, .amount = 1, .day = 2)
TRANSITION(cashflow_period_rate, CASHFLOW_PERIODS, .amount = 1, .day = 2, .rate = 3)
TRANSITION(cashflow_period_rates, CASHFLOW_PERIODS, .amount = 1, .day = 2, .rate = 3, .reinvest_rate = 4)
TRANSITION(cashflow_rate_period, CASHFLOW_PERIODS, .rate = 1, .amount = 2, .day = 3)
TRANSITION(cashflow_rate_period_first, CASHFLOW_PERIODS, .rate = 1, .amount = 2, .day = 3, .first = 4)
TRANSITION(cashflow_date, CASHFLOW_DAYS, .amount = 1, .day = 2)
TRANSITION(cashflow_date_convention, CASHFLOW_DAYS, .amount = 1, .day = 2, .day_count = 3)
TRANSITION(cashflow_date_rate, CASHFLOW_DAYS, .amount = 1, .day = 2, .rate = 3)
TRANSITION(cashflow_date_rate_convention, CASHFLOW_DAYS, .amount = 1, .day = 2, .rate = 3, .day_count = 4)
TRANSITION(cashflow_rate_date, CASHFLOW_DAYS, .rate = 1, .amount = 2, .day = 3)
TRANSITION(cashflow_rate_date_convention, CASHFLOW_DAYS, .rate = 1, .amount = 2, .day = 3, .day_count = 4)

Datum
cashflow_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	Cashflow   *flow = PG_ARGISNULL(0) ? NULL : (Cashflow *) PG_GETARG_POINTER(0);
	Cashflow   *other = PG_ARGISNULL(1) ? NULL : (Cashflow *) PG_GETARG_POINTER(1);

	if (other == NULL)
	{
		if (flow == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(flow);
	}
	if (flow == NULL)
		flow = cashflow_make(context, &other->terms);
	else
		check_terms(&flow->terms, &other->terms);
	PG_RETURN_POINTER(cashflow_merge(context, flow, other));
}

Datum
cashflow_serialise(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	WireWriter	writer;

	wire_writer_init(&writer, VARHDRSZ);
	cashflow_write(&writer, context, (Cashflow *) PG_GETARG_POINTER(0));
	PG_RETURN_BYTEA_P(aggregate_serialise(&writer));
}

Datum
cashflow_deserialise(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	WireReader	reader;
	Cashflow   *flow;

	(void) aggregate_context(fcinfo);
	wire_reader_init(&reader, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	flow = cashflow_read(&reader, CurrentMemoryContext);
	if (!wire_read_done(&reader))
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid state of a cash flow: %s", reader.failure));
	PG_RETURN_POINTER(flow);
}

/* Sums that are put in order are the same state, so other aggregates may use it before and after. */
#define FINAL(name, what, time) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	MemoryContext context = aggregate_context(fcinfo); \
	\
	return what(fcinfo, context, PG_ARGISNULL(0) ? NULL : (Cashflow *) PG_GETARG_POINTER(0), time); \
}

FINAL(npv_final, cashflow_return_value, CASHFLOW_PERIODS)
FINAL(xnpv_final, cashflow_return_value, CASHFLOW_DAYS)
FINAL(irr_final, cashflow_return_rate, CASHFLOW_PERIODS)
FINAL(xirr_final, cashflow_return_rate, CASHFLOW_DAYS)
FINAL(irr_all_final, cashflow_return_rates, CASHFLOW_PERIODS)
FINAL(xirr_all_final, cashflow_return_rates, CASHFLOW_DAYS)
FINAL(mirr_final, cashflow_return_modified_rate, CASHFLOW_PERIODS)
FINAL(payback_period_final, cashflow_return_payback, CASHFLOW_PERIODS)
FINAL(payback_day_final, cashflow_return_payback, CASHFLOW_DAYS)
