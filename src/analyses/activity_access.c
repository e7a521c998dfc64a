/*
 * activity_access.c: reading a kpi.activity: the lifecycle of its actors, stickiness, active days.
 */
#include "analyses/activity.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "engine/calendar.h"

PG_FUNCTION_INFO_V1(activity_lifecycle);
PG_FUNCTION_INFO_V1(activity_stickiness);
PG_FUNCTION_INFO_V1(activity_days);
PG_FUNCTION_INFO_V1(activity_spec_of);

#define MOST_ROWS 1000000

/* Opens argument 0 and makes ready for rows; false if there are none. */
static bool
open_argument(FunctionCallInfo fcinfo, ActivitySummary *summary)
{
	materialize_rows(fcinfo);
	if (PG_ARGISNULL(0))
		return false;
	analysis_open(&activity_analysis, PG_GETARG_DATUM(0), summary);
	return summary->text != NULL;
}

/*
 * The number of the period that `as_of` (argument `number`; by default the latest time seen) is in; of the last one there
 * is anything in if `as_of` is infinite.
 */
static int64
as_of_number(FunctionCallInfo fcinfo, int number, const ActivitySummary *summary, Grain grain, int64 last)
{
	const PeriodClause *periods = &summary->spec.periods;
	int64		at = PG_ARGISNULL(number) ? summary->latest : PG_GETARG_TIMESTAMPTZ(number);

	if (at == MOMENT_MIN)
		return PG_INT64_MIN;
	if (at == MOMENT_MAX)
		return last;
	return calendar_stretch(calendar_make(grain, periods->week_start, periods->zone), at).number;
}

/* Whether the last period is over, too. */
static bool
as_of_forever(FunctionCallInfo fcinfo, int number)
{
	return !PG_ARGISNULL(number) && PG_GETARG_TIMESTAMPTZ(number) == MOMENT_MAX;
}

static void
check_rows(int64 first, int64 last)
{
	if (last - first >= MOST_ROWS)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("an activity over %lld periods is too long to be listed", (long long) (last - first + 1)),
				errdetail("At most %d rows are made.", MOST_ROWS),
				errhint("Leave out events with wrong times, or choose longer periods."));
}

static void
set_ratio(Datum *values, bool *nulls, int column, double numerator, double denominator)
{
	nulls[column] = denominator == 0;
	values[column] = Float8GetDatum(denominator == 0 ? 0 : numerator / denominator);
}

Datum
activity_lifecycle(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ActivitySummary summary;
	const PeriodClause *periods = &summary.spec.periods;
	int64		first;
	int64		last;
	int64		before = 0;		/* active in the period before */
	size_t		next = 0;

	if (!open_argument(fcinfo, &summary) || summary.nperiods == 0)
		return (Datum) 0;
	first = summary.periods[0].number;
	last = as_of_number(fcinfo, 1, &summary, periods->grain, summary.periods[summary.nperiods - 1].number);
	if (last >= first)
		check_rows(first, last);
	for (int64 number = first; number <= last; number++)
	{
		static const ActivityPeriod nobody;
		const ActivityPeriod *period = &nobody;
		int64		dormant;
		Datum		values[9];
		bool		nulls[9] = {0};

		CHECK_FOR_INTERRUPTS();
		if (next < summary.nperiods && summary.periods[next].number == number)
			period = &summary.periods[next++];
		dormant = before - period->returning;
		values[0] = TimestampGetDatum(Max(period_start(periods->grain, periods->week_start, number), MIN_TIMESTAMP));
		values[1] = Int64GetDatum(period->active);
		values[2] = Int64GetDatum(period->fresh);
		values[3] = Int64GetDatum(period->returning);
		values[4] = Int64GetDatum(period->active - period->fresh - period->returning);
		values[5] = Int64GetDatum(dormant);
		set_ratio(values, nulls, 6, dormant, before);
		set_ratio(values, nulls, 7, period->active - period->returning, dormant);
		values[8] = BoolGetDatum(number < last || as_of_forever(fcinfo, 1));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		before = period->active;
	}
	return (Datum) 0;
}

/* What the changes up to a day add up to. */
typedef struct Windows
{
	int64		in7[ACTIVITY_WEEK];
	int64		in28[ACTIVITY_MONTH];
	int64		in30;
	int64		active;			/* on the day */
	size_t		next;
} Windows;

/* Goes on to day `number`. */
static void
windows_go(Windows *windows, const ActivitySummary *summary, int64 number)
{
	windows->active = 0;
	for (; windows->next < summary->ndays && summary->days[windows->next].number <= number; windows->next++)
	{
		const ActivityDay *day = &summary->days[windows->next];

		for (int n = 0; n < ACTIVITY_WEEK; n++)
			windows->in7[n] += day->change7[n];
		for (int n = 0; n < ACTIVITY_MONTH; n++)
			windows->in28[n] += day->change28[n];
		windows->in30 += day->change30;
		windows->active = day->number == number ? day->active : 0;
	}
}

/* Actors with any active day in a window, and all their active days. */
static int64
any_days(const int64 *in, int window, int64 *days)
{
	int64		actors = 0;

	*days = 0;
	for (int n = 0; n < window; n++)
	{
		actors += in[n];
		*days += in[n] * (n + 1);
	}
	return actors;
}

/* The last day with an active actor; windows go on for a month. */
static int64
last_active_day(const ActivitySummary *summary)
{
	size_t		i = summary->ndays;

	while (i > 1 && summary->days[i - 1].active == 0)
		i--;
	return summary->days[i - 1].number;
}

Datum
activity_stickiness(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ActivitySummary summary;
	Windows		windows;
	int64		first;
	int64		last;

	memset(&windows, 0, sizeof(windows));
	if (!open_argument(fcinfo, &summary) || summary.ndays == 0)
		return (Datum) 0;
	first = summary.days[0].number;
	last = as_of_number(fcinfo, 1, &summary, GRAIN_DAY, last_active_day(&summary));
	if (last >= first)
		check_rows(first, last);
	for (int64 number = first; number <= last; number++)
	{
		int64		days7;
		int64		days28;
		int64		week;
		int64		month;
		Datum		values[11];
		bool		nulls[11] = {0};

		CHECK_FOR_INTERRUPTS();
		windows_go(&windows, &summary, number);
		week = any_days(windows.in7, ACTIVITY_WEEK, &days7);
		month = any_days(windows.in28, ACTIVITY_MONTH, &days28);
		values[0] = DateADTGetDatum((DateADT) Max(number, DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE));
		values[1] = Int64GetDatum(windows.active);
		values[2] = Int64GetDatum(week);
		values[3] = Int64GetDatum(month);
		values[4] = Int64GetDatum(windows.in30);
		set_ratio(values, nulls, 5, windows.active, week);
		set_ratio(values, nulls, 6, windows.active, month);
		set_ratio(values, nulls, 7, week, month);
		set_ratio(values, nulls, 8, (double) days7 / ACTIVITY_WEEK, week);
		set_ratio(values, nulls, 9, (double) days28 / ACTIVITY_MONTH, month);
		values[10] = BoolGetDatum((number < last || as_of_forever(fcinfo, 1)) && number - first >= ACTIVITY_MONTH - 1);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
activity_days(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ActivitySummary summary;
	Windows		windows;
	int			window;
	const int64 *in;
	int64		actors;
	int64		days;
	int64		at_least;

	memset(&windows, 0, sizeof(windows));
	if (!open_argument(fcinfo, &summary) || PG_ARGISNULL(1))
		return (Datum) 0;
	window = PG_GETARG_INT32(1);
	if (window != ACTIVITY_WEEK && window != ACTIVITY_MONTH)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("there is no window of %d days", window),
				errhint("Windows have 7 or 28 days."));
	if (summary.ndays > 0)
		windows_go(&windows, &summary, as_of_number(fcinfo, 2, &summary, GRAIN_DAY, last_active_day(&summary)));
	in = window == ACTIVITY_WEEK ? windows.in7 : windows.in28;
	actors = at_least = any_days(in, window, &days);
	for (int n = 0; n < window; n++)
	{
		Datum		values[5];
		bool		nulls[5] = {0};

		values[0] = Int32GetDatum(n + 1);
		values[1] = Int64GetDatum(in[n]);
		set_ratio(values, nulls, 2, in[n], actors);
		values[3] = Int64GetDatum(at_least);
		set_ratio(values, nulls, 4, at_least, actors);
		at_least -= in[n];
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
activity_spec_of(PG_FUNCTION_ARGS)
{
	ActivitySummary summary;

	analysis_open(&activity_analysis, PG_GETARG_DATUM(0), &summary);
	if (summary.text == NULL)
		PG_RETURN_NULL();
	return language_value_make(summary.text, summary.length);
}
