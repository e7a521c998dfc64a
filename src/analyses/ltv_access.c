/*
 * ltv_access.c: reading a kpi.ltv: what cohorts were worth by their age.
 */
#include "analyses/ltv.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "engine/calendar.h"

PG_FUNCTION_INFO_V1(ltv_value_curve);
PG_FUNCTION_INFO_V1(ltv_curve);
PG_FUNCTION_INFO_V1(ltv_spec_of);
PG_FUNCTION_INFO_V1(ltv_customers);

/* Until when cohorts are judged. */
typedef struct Horizon
{
	int64		last_period;	/* the one that has begun */
	int64		complete;		/* periods before this one have ended */
} Horizon;

/* The last period that a cohort has something in. */
static int64
last_period_of(const LtvSummary *summary)
{
	int64		last = PG_INT64_MIN;

	for (size_t i = 0; i < summary->ncohorts; i++)
		last = Max(last, summary->cohorts[i].number + summary->cohorts[i].cells[summary->cohorts[i].ncells - 1].age);
	return last;
}

static int64
period_of_day(const PeriodClause *periods, int64 day)
{
	return period_number(periods->grain, periods->week_start, day * PERIOD_DAY);
}

/*
 * The moment of argument 3, else the last day of the spec, which nothing is known behind, else the latest time seen. At the
 * end of all time everything is over, and there are the periods that there is anything in.
 */
static Horizon
horizon_argument(FunctionCallInfo fcinfo, const LtvSummary *summary)
{
	const PeriodClause *periods = &summary->spec.periods;
	int64		until = summary->spec.until;
	int64		at = PG_ARGISNULL(3) ? summary->latest : PG_GETARG_TIMESTAMPTZ(3);
	int64		day = at == MOMENT_MIN ? PG_INT64_MIN : PG_INT64_MAX;

	if (at != MOMENT_MIN && at != MOMENT_MAX)
		day = calendar_stretch(calendar_make(GRAIN_DAY, WEEK_STARTS_MONDAY, periods->zone), at).number;
	if (until != LTV_NO_DAY && (PG_ARGISNULL(3) || day > until))
		return (Horizon) {period_of_day(periods, until), period_of_day(periods, until + 1)};
	if (day == PG_INT64_MIN)
		return (Horizon) {PG_INT64_MIN, PG_INT64_MIN};
	if (day == PG_INT64_MAX)
		return (Horizon) {last_period_of(summary), last_period_of(summary) + 1};
	return (Horizon) {period_of_day(periods, day), period_of_day(periods, day)};
}

/* Years of a period, for discounting: a rational number of which this is the numerator over `per`. */
static Datum
years_of(Grain grain, int64 age)
{
	int64		per = grain == GRAIN_YEAR ? 1 : grain == GRAIN_QUARTER ? 4 : grain == GRAIN_MONTH ? 12 : 365;

	return DirectFunctionCall2(numeric_div, NumericGetDatum(int64_to_numeric(grain == GRAIN_WEEK ? 7 * age : age)),
							   NumericGetDatum(int64_to_numeric(per)));
}

/* margin and discount rate, checked. */
typedef struct Worth
{
	Datum		margin;
	Datum		growth;			/* 1 + discount rate */
	bool		discounts;
	Grain		grain;
} Worth;

static Datum
number(int64 value)
{
	return NumericGetDatum(int64_to_numeric(value));
}

static bool
is_less(Datum a, Datum b)
{
	return DatumGetBool(DirectFunctionCall2(numeric_lt, a, b));
}

static Worth
worth_arguments(FunctionCallInfo fcinfo, Grain grain)
{
	Worth		worth = {.grain = grain};

	worth.margin = PG_ARGISNULL(1) ? number(1) : PG_GETARG_DATUM(1);
	worth.growth = PG_ARGISNULL(2) ? number(1) : DirectFunctionCall2(numeric_add, number(1), PG_GETARG_DATUM(2));
	if (is_less(worth.growth, number(1)) || numeric_is_nan(DatumGetNumeric(worth.growth)) ||
		numeric_is_inf(DatumGetNumeric(worth.growth)))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("discount_rate %s is not a rate",
					   DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(2)))),
				errhint("It is a share for a year: 0.1 for 10 %%."));
	worth.discounts = is_less(number(1), worth.growth);
	return worth;
}

/* What a customer was worth at an age: revenue * margin / (1 + discount rate)^years / customers. */
static Datum
worth_of(const Worth *worth, const AmountSum *revenue, int64 age, int64 customers)
{
	Datum		value = DirectFunctionCall2(numeric_mul, NumericGetDatum(amount_sum_numeric(revenue)), worth->margin);

	if (worth->discounts && age > 0)
		value = DirectFunctionCall2(numeric_div, value,
									DirectFunctionCall2(numeric_power, worth->growth, years_of(worth->grain, age)));
	return DirectFunctionCall2(numeric_div, value, number(customers));
}

/* The cell of an age from *next on; one of nothing if there is none. */
static const LtvCell *
cell_at(const LtvCohort *cohort, int64 age, size_t *next)
{
	static const LtvCell nothing = {0};

	if (*next < cohort->ncells && cohort->cells[*next].age == age)
		return &cohort->cells[(*next)++];
	return &nothing;
}

#define MOST_ROWS 1000000

static void
check_rows(int64 rows)
{
	CHECK_FOR_INTERRUPTS();
	if (rows > MOST_ROWS)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("a value curve of more than %d rows", MOST_ROWS),
				errhint("Look at longer periods, or give an earlier \"until\"."));
}

Datum
ltv_value_curve(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	LtvSummary	summary;
	const PeriodClause *periods = &summary.spec.periods;
	Horizon		horizon;
	Worth		worth;
	int64		rows = 0;

	materialize_rows(fcinfo);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	analysis_open(&ltv_analysis, PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		return (Datum) 0;
	horizon = horizon_argument(fcinfo, &summary);
	worth = worth_arguments(fcinfo, periods->grain);
	for (size_t i = 0; i < summary.ncohorts; i++)
	{
		const LtvCohort *cohort = &summary.cohorts[i];
		int64		start = period_start(periods->grain, periods->week_start, cohort->number);
		Datum		cumulative = number(0);
		size_t		next = 0;

		for (int64 age = 0; cohort->number + age <= horizon.last_period; age++)
		{
			const LtvCell *cell = cell_at(cohort, age, &next);
			Datum		worth_now = worth_of(&worth, &cell->revenue, age, cohort->size);
			Datum		values[10];
			bool		nulls[10] = {0};

			check_rows(++rows);
			cumulative = DirectFunctionCall2(numeric_add, cumulative, worth_now);
			values[0] = TimestampGetDatum(Max(start, MIN_TIMESTAMP));
			values[1] = Int64GetDatum(cohort->size);
			values[2] = Int32GetDatum((int32) age);
			values[3] = Int64GetDatum(cohort->size);
			values[4] = Int64GetDatum(cell->buyers);
			values[5] = Int64GetDatum(cell->purchases);
			values[6] = NumericGetDatum(amount_sum_numeric(&cell->revenue));
			values[7] = worth_now;
			values[8] = cumulative;
			values[9] = BoolGetDatum(cohort->number + age < horizon.complete);
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}

/* Of each age the cohorts that are through with it: each step has customers of its own. */
Datum
ltv_curve(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	LtvSummary	summary;
	Horizon		horizon;
	Worth		worth;
	size_t	   *next;
	Datum		cumulative = number(0);

	materialize_rows(fcinfo);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	analysis_open(&ltv_analysis, PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL || summary.ncohorts == 0)
		return (Datum) 0;
	horizon = horizon_argument(fcinfo, &summary);
	worth = worth_arguments(fcinfo, summary.spec.periods.grain);
	next = palloc0(mul_size(summary.ncohorts, sizeof(size_t)));
	for (int64 age = 0; summary.cohorts[0].number + age < horizon.complete; age++)
	{
		int64		cohorts = 0;
		int64		eligible = 0;
		AmountSum	revenue = {0, 0};
		Datum		worth_now;
		Datum		values[6];
		bool		nulls[6] = {0};

		check_rows(age);
		for (size_t i = 0; i < summary.ncohorts && summary.cohorts[i].number + age < horizon.complete; i++)
		{
			amount_sum_merge(&revenue, &cell_at(&summary.cohorts[i], age, &next[i])->revenue);
			eligible += summary.cohorts[i].size;
			cohorts++;
		}
		worth_now = worth_of(&worth, &revenue, age, eligible);
		cumulative = DirectFunctionCall2(numeric_add, cumulative, worth_now);
		values[0] = Int32GetDatum((int32) age);
		values[1] = Int64GetDatum(cohorts);
		values[2] = Int64GetDatum(eligible);
		values[3] = NumericGetDatum(amount_sum_numeric(&revenue));
		values[4] = worth_now;
		values[5] = cumulative;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
ltv_spec_of(PG_FUNCTION_ARGS)
{
	LtvSummary	summary;

	analysis_open(&ltv_analysis, PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	return language_value_make(summary.text, summary.length);
}

Datum
ltv_customers(PG_FUNCTION_ARGS)
{
	LtvSummary	summary;
	int64		customers = 0;

	analysis_open(&ltv_analysis, PG_GETARG_DATUM(0), &summary);
	for (size_t i = 0; i < summary.ncohorts; i++)
		customers += summary.cohorts[i].size;
	PG_RETURN_INT64(customers);
}
