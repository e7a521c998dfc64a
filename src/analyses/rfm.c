/*
 * rfm.c: kpi.rfm, what a customer bought as the numbers that models take; and kpi.rfm_score, a window function.
 */
#include "kpi_track.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/numeric.h"
#include "windowapi.h"

#include "analyses/ltv_summary.h"
#include "engine/calendar.h"
#include "engine/timeline_value.h"
#include "json.h"

PG_FUNCTION_INFO_V1(rfm);
PG_FUNCTION_INFO_V1(rfm_score);

static double
unit_argument(text *name)
{
	char	   *unit = text_to_cstring(name);

	if (strcmp(unit, "day") != 0 && strcmp(unit, "week") != 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("unit \"%s\" is not one that customers are measured in", unit),
				errhint("There are day and week."));
	return unit[0] == 'w' ? 7 : 1;
}

/* The days of purchases and refunds up to one of them: as kpi.ltv counts, with the labels as its "of". */
static LtvDays
days_of(const Timeline *timeline, int64 until, const char *zone, ArrayType *labels)
{
	Calendar   *calendar = calendar_make(GRAIN_DAY, WEEK_STARTS_MONDAY, zone);
	TimelineEvent *events = timeline_decode_all(timeline);
	LtvDays		days = {0};
	bool		any = true;
	bool	   *among = labels == NULL ? NULL : timeline_labels_among(timeline, labels, &any);

	for (size_t i = 0; any && i < timeline->count; i++)
	{
		const TimelineEvent *event = &events[i];
		int64		day;

		host_check_interrupts();
		if (event->at == MOMENT_MAX)
			break;
		if (event->at == MOMENT_MIN || (among == NULL ? !event->has_value : !among[event->label]))
			continue;
		day = calendar_find(calendar, event->at)->number;
		if (day > until)
			break;
		ltv_days_add(&days, day, timeline_amount(event));
	}
	return days;
}

/* (timeline, until, unit, zone, events): a row of nulls for who has not bought by then. */
Datum
rfm(PG_FUNCTION_ARGS)
{
	TupleDesc	row;
	Timeline	timeline;
	LtvDays		days;
	LtvHistory	history;
	DateADT		until;
	double		unit;
	Datum		values[4];
	bool		nulls[4] = {false};

	for (int i = 0; i < 4; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	until = PG_GETARG_DATEADT(1);
	if (DATE_NOT_FINITE(until))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("until is not a day: %s", DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(until)))),
				errhint("Give the last day that there are data of."));
	unit = unit_argument(PG_GETARG_TEXT_PP(2));
	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	days = days_of(&timeline, until, text_to_cstring(PG_GETARG_TEXT_PP(3)), PG_ARGISNULL(4) ? NULL : PG_GETARG_ARRAYTYPE_P(4));
	history = ltv_history(days.days, days.count, LTV_NO_DAY);
	if (history.begin == days.count)
		PG_RETURN_NULL();
	values[0] = Int32GetDatum((int32) history.repeats);
	values[1] = Float8GetDatum((double) (history.last - history.first) / unit);
	values[2] = Float8GetDatum((double) (until - history.first) / unit);
	if (history.repeats > 0 && history.money.number > 0)
		values[3] = DirectFunctionCall2(numeric_div, NumericGetDatum(amount_sum_numeric(&history.money)),
										NumericGetDatum(int64_to_numeric(history.repeats)));
	else
		values[3] = NumericGetDatum(int64_to_numeric(0));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row), values, nulls)));
}

/* ---- scores ---- */

/* The values of a partition, sorted; of its first row on. */
typedef struct Scale
{
	bool		made;
	int64		count;			/* values that are not null */
	double		values[FLEXIBLE_ARRAY_MEMBER];
} Scale;

static int
compare_doubles(const void *a, const void *b)
{
	return float8_cmp_internal(*(const double *) a, *(const double *) b);
}

static void
make_scale(Scale *scale, WindowObject window, int64 rows)
{
	for (int64 i = 0; i < rows; i++)
	{
		bool		is_null;
		bool		is_out;
		Datum		value = WinGetFuncArgInPartition(window, 0, (int) i, WINDOW_SEEK_HEAD, false, &is_null, &is_out);

		host_check_interrupts();
		if (!is_null)
			scale->values[scale->count++] = DatumGetFloat8(value);
	}
	qsort(scale->values, scale->count, sizeof(double), compare_doubles);
	scale->made = true;
}

/* How many of the values are less. */
static int64
values_below(const Scale *scale, double value)
{
	int64		low = 0;
	int64		high = scale->count;

	while (low < high)
	{
		int64		middle = low + (high - low) / 2;

		if (float8_lt(scale->values[middle], value))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* (value, buckets) OVER (…): 1 to buckets, by the share of the partition that is below; equal values score the same. */
Datum
rfm_score(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	int64		rows = WinGetPartitionRowCount(window);
	Scale	   *scale;
	bool		is_null;
	Datum		value = WinGetFuncArgCurrent(window, 0, &is_null);
	int32		buckets;

	if (rows > (int64) ((MaxAllocSize - sizeof(Scale)) / sizeof(double)) || rows > PG_INT32_MAX)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("scores of a partition of %lld rows", (long long) rows),
				errhint("Divide it: OVER (PARTITION BY …)."));
	scale = WinGetPartitionLocalMemory(window, offsetof(Scale, values) + mul_size(rows, sizeof(double)));
	if (!scale->made)
		make_scale(scale, window, rows);
	if (is_null)
		PG_RETURN_NULL();
	buckets = DatumGetInt32(WinGetFuncArgCurrent(window, 1, &is_null));
	if (is_null || buckets < 1 || buckets > 1000000)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				is_null ? errmsg("buckets must not be null") : errmsg("buckets is %d", buckets),
				errhint("It is the best score, from 1 to 1000000: 5 for quintiles."));
	PG_RETURN_INT32((int32) (1 + values_below(scale, DatumGetFloat8(value)) * buckets / scale->count));
}
