/*
 * roi.c: kpi.roi: what was spent, and what it brought.
 */
#include "measures/roi.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(roi_add);
PG_FUNCTION_INFO_V1(roi_remove);
PG_FUNCTION_INFO_V1(roi_no_operator);

static void
roi_merge_any(void *into, const void *from)
{
	roi_summary_merge(into, from);
}

static void
roi_write_any(WireWriter *writer, const void *summary)
{
	roi_summary_write(writer, summary);
}

/* What plain C cannot: see whether the currency is text of the database. */
static void
roi_read_any(WireReader *reader, bool utf8, void *value)
{
	RoiSummary *summary = value;

	roi_summary_read(reader, utf8, summary);
	if (!pg_verifymbstr(summary->currency, (int) summary->length, true))
		wire_read_fail(reader, "currency not in the encoding of the database");
}

static const char *
roi_check_any(const void *summary)
{
	return roi_summary_check(summary);
}

const SummaryType roi_type = {
	.type_name = "kpi.roi",
	.version = 1,
	.literal_key = "rows",
	.summary_size = sizeof(RoiSummary),
	SUMMARY_METHODS_OF(roi),
	.push_json = roi_push_json,
	.read_json = roi_read_json,
};

MEASURE_FUNCTIONS(roi, &roi_type)

/* (state, cost, revenue [, currency]) */
static inline Datum
roi_row(FunctionCallInfo fcinfo, bool away)
{
	MemoryContext context = aggregate_context(fcinfo);
	RoiSummary *state = measure_state(fcinfo, &roi_type, context);
	ExactBuffer buffers[2];
	ExactNumber cost;
	ExactNumber revenue;
	const char *currency = NULL;
	size_t		length = 0;
	MemoryContext before;

	if (PG_ARGISNULL(1) && PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	if (!PG_ARGISNULL(1))
		cost = exact_number_argument(PG_GETARG_DATUM(1), buffers[0], "cost");
	if (!PG_ARGISNULL(2))
		revenue = exact_number_argument(PG_GETARG_DATUM(2), buffers[1], "revenue");
	if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
	{
		text	   *argument = PG_GETARG_TEXT_PP(3);

		currency = VARDATA_ANY(argument);
		length = VARSIZE_ANY_EXHDR(argument);
	}
	before = MemoryContextSwitchTo(context);
	roi_summary_add(state, PG_ARGISNULL(1) ? NULL : &cost, PG_ARGISNULL(2) ? NULL : &revenue, currency, length, away);
	MemoryContextSwitchTo(before);
	PG_RETURN_POINTER(state);
}

Datum
roi_add(PG_FUNCTION_ARGS)
{
	return roi_row(fcinfo, false);
}

Datum
roi_remove(PG_FUNCTION_ARGS)
{
	return roi_row(fcinfo, true);
}

/* Operators that would not be what they look like. */
Datum
roi_no_operator(PG_FUNCTION_ARGS)
{
	ereport(ERROR,
			errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			errmsg("values of type kpi.roi can be added, but not subtracted, multiplied or divided"),
			errdetail("The sum of two is the roi of the rows of both."),
			errhint("Calculate with kpi.profit, kpi.roi_rate or kpi.roas of each."));
}
