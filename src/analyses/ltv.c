/*
 * ltv.c: kpi.ltv, as an analysis: what did customers buy, when, and what was it worth?
 */
#include "analyses/ltv.h"

#include "miscadmin.h"

#include "engine/calendar.h"
#include "language/ltv_spec_value.h"

typedef struct LtvTally
{
	Tally		head;
	LtvSummary *summary;
	Calendar   *calendar;		/* by day */
	LtvDays		days;			/* of the customer at hand */
} LtvTally;

static void
ltv_begin(Tally *head)
{
	LtvTally   *tally = (LtvTally *) head;

	tally->summary = (LtvSummary *) head->summary;
	tally->calendar = calendar_make(GRAIN_DAY, WEEK_STARTS_MONDAY, tally->summary->spec.periods.zone);
}

static void
ltv_add(Tally *head, const EventSeq *events)
{
	LtvTally   *tally = (LtvTally *) head;
	const LtvSpec *spec = &tally->summary->spec;
	bool		valued = events->stride == 3;

	if (!valued && !spec->named)
		return;
	tally->days.count = 0;
	for (size_t i = 0; i < events->count; i++)
	{
		int64		at = event_at(events, i).at;
		int64		amount = valued ? valued_event_at(events, i).value : AMOUNT_NONE;
		int64		day;

		if ((i & 0xffff) == 0xffff)
			CHECK_FOR_INTERRUPTS();
		if (at == MOMENT_MAX)
			break;
		/* an event that the spec names is a purchase, also without an amount */
		if (at == MOMENT_MIN || (!amount_is_some(amount) && !spec->named))
			continue;
		day = calendar_find(tally->calendar, at)->number;
		if (day > spec->until)
			break;
		ltv_days_add(&tally->days, day, amount);
	}
	ltv_summary_add(tally->summary, tally->days.days, tally->days.count);
}

/* ---- the analysis ---- */

/* Rows are amounts without a label: `of` would have to count all or none of them, and neither is what was asked for. */
static void
ltv_check_rows(const Compiled *compiled)
{
	if (((const CompiledLtv *) compiled)->spec.named)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("rows of customers and amounts have no labels for \"of\""),
				errdetail("The ltv spec is \"%s\".", compiled->text),
				errhint("Choose the rows in WHERE or FILTER, or count timelines, whose events have labels."));
}

static void
ltv_init(void *summary, const Compiled *compiled)
{
	ltv_summary_init(summary, compiled->text, compiled->length, &((const CompiledLtv *) compiled)->spec);
}

static void
ltv_seen(void *summary, int64 latest)
{
	LtvSummary *ltv = summary;

	ltv->latest = Max(ltv->latest, latest);
}

SUMMARY_METHODS(ltv)

const Analysis ltv_analysis = {
	.type_name = "kpi.ltv",
	.version = 1,
	.language = &ltv_language,
	.summary_size = sizeof(LtvSummary),
	.tally_size = sizeof(LtvTally),
	.valued = true,
	.check_rows = ltv_check_rows,
	.init = ltv_init,
	SUMMARY_METHODS_OF(ltv),
	.push_json = ltv_push_json,
	.read_json = ltv_read_json,
	.begin = ltv_begin,
	.add = ltv_add,
	.seen = ltv_seen,
};

ANALYSIS_AMOUNTS(ltv, &ltv_analysis)
ANALYSIS_FUNCTIONS(ltv, &ltv_analysis)
