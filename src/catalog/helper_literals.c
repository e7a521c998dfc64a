/*
 * helper_literals.c: what the helpers that define KPIs over a source (kpi.define_funnel and its kin) have to know of the
 * literals of the little languages: their parts, and the same literal by the periods of a KPI. And lists of events as the
 * languages write them, for SQL to compare with.
 */
#include "kpi_track.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "language/pattern_value.h"
#include "language/retention_spec_value.h"
#include "language/session_spec_value.h"
#include "measures/proportion.h"

PG_FUNCTION_INFO_V1(label_list);
PG_FUNCTION_INFO_V1(pattern_parts);
PG_FUNCTION_INFO_V1(retention_spec_parts);
PG_FUNCTION_INFO_V1(session_spec_parts);
PG_FUNCTION_INFO_V1(pattern_with_periods);
PG_FUNCTION_INFO_V1(retention_spec_with_zone);
PG_FUNCTION_INFO_V1(session_spec_with_periods);
PG_FUNCTION_INFO_V1(proportion_interval);

#define MONDAY 1

/* ---- lists of events ---- */

typedef struct LabelList
{
	LabelSet	set;
	bool		any;			/* '*' */
	const Label *labels;
} LabelList;

static bool
label_list_parse(const char *text, size_t length, bool utf8, LabelList *list, LanguageError *error)
{
	Phrase		phrase;

	memset(list, 0, sizeof(*list));
	if (!phrase_begin(&phrase, "list of events", text, length, utf8, NULL, error) ||
		!phrase_labels_or_any(&phrase, &list->set, &list->any))
		return false;
	if (phrase.token.kind != TOKEN_END)
		return phrase_expected(&phrase, "expected \"|\" or the end",
							   "Join the labels with \"|\", and put those with blanks or signs into double quotes.");
	list->labels = phrase.labels;
	return true;
}

/* No words are keywords here. */
static char *
label_list_canonical(const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
					 LanguageError *error)
{
	static const char *const keywords[] = {NULL};
	LabelList	list;
	Text		out;

	if (!label_list_parse(text, length, utf8, &list, error))
		return NULL;
	text_begin(&out, utf8, keywords, list.labels);
	if (list.any)
		text_put(&out, "*");
	else
		text_put_labels(&out, list.set);
	*canonical_length = out.length;
	return out.bytes;
}

/* No type is of it; it is only read, and its errors told as those of the others. */
static const Language label_list_language = {
	.type_name = "list of events",
	.what = "list of events",
	.example = "purchase|order",
	.canonical = label_list_canonical,
};

/* (events): a row for each label; none for '*'. */
Datum
label_list(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	text	   *argument = PG_GETARG_TEXT_PP(0);
	StoredValue events = language_value_open(&label_list_language,
											 language_value_read(&label_list_language, VARDATA_ANY(argument),
																 VARSIZE_ANY_EXHDR(argument), NULL));
	LabelList	list;
	LanguageError error;

	materialize_rows(fcinfo);
	if (!label_list_parse(events.bytes, events.length, database_is_utf8(), &list, &error))
		elog(ERROR, "canonical list of events cannot be read: %s", error.message);
	for (uint32 i = list.set.first; i < list.set.first + list.set.count; i++)
	{
		Datum		values[2];
		bool		nulls[2] = {false};

		values[0] = PointerGetDatum(cstring_to_text_with_len(list.labels[i].bytes, (int) list.labels[i].length));
		values[1] = BoolGetDatum(list.labels[i].prefix);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* ---- parts ---- */

static Datum
make_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc	columns;

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls)));
}

static void
put_grain(Datum *value, bool *null, Grain grain)
{
	*null = grain == GRAIN_NONE;
	*value = *null ? (Datum) 0 : CStringGetTextDatum(grain_name(grain));
}

/* (pattern): grain, window, steps, last_required, first_entry, open */
Datum
pattern_parts(PG_FUNCTION_ARGS)
{
	const Pattern *pattern = &compiled_pattern_peek(PG_GETARG_DATUM(0))->pattern;
	int			last_required = pattern->nsteps;
	Datum		values[6];
	bool		nulls[6] = {false};

	while (pattern->steps[last_required - 1].optional)
		last_required--;
	put_grain(&values[0], &nulls[0], pattern->grain);
	nulls[1] = !pattern->has_within;
	values[1] = pattern->has_within ? span_to_interval(pattern->within) : (Datum) 0;
	values[2] = Int32GetDatum(pattern->nsteps);
	values[3] = Int32GetDatum(last_required);
	values[4] = BoolGetDatum(pattern->first_entry);
	values[5] = BoolGetDatum(pattern->open);
	return make_row(fcinfo, values, nulls);
}

/* (spec): grain, week_starts_monday, cells, recurring, unbounded, elapsed */
Datum
retention_spec_parts(PG_FUNCTION_ARGS)
{
	const RetentionSpec *spec = &((const CompiledRetention *) compiled_peek(&retention_language, PG_GETARG_DATUM(0)))->spec;
	Datum	   *cells = palloc(mul_size(spec->ncells + 1, sizeof(Datum)));
	Datum		values[6];
	bool		nulls[6] = {false};

	for (int cell = 0; cell <= spec->ncells; cell++)
		cells[cell] = Int32GetDatum(retention_last_period(spec, cell));
	put_grain(&values[0], &nulls[0], spec->periods.grain);
	values[1] = BoolGetDatum(spec->periods.week_start == MONDAY);
	values[2] = PointerGetDatum(construct_array(cells, spec->ncells + 1, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	values[3] = BoolGetDatum(spec->cohort == COHORT_RECURRING);
	values[4] = BoolGetDatum(spec->rule == RETURN_ON_OR_AFTER);
	values[5] = BoolGetDatum(spec->elapsed);
	return make_row(fcinfo, values, nulls);
}

/* (spec): grain, week_starts_monday, timeout, named */
Datum
session_spec_parts(PG_FUNCTION_ARGS)
{
	const SessionSpec *spec = &((const CompiledSessions *) compiled_peek(&session_language, PG_GETARG_DATUM(0)))->spec;
	Datum		named[SESSION_ROLES];
	int			count = 0;
	Datum		values[4];
	bool		nulls[4] = {false};

	for (int role = 0; role < SESSION_ROLES; role++)
		if (spec->named[role])
			named[count++] = CStringGetTextDatum(session_role_name(role));
	put_grain(&values[0], &nulls[0], spec->periods.grain);
	values[1] = BoolGetDatum(spec->periods.week_start == MONDAY);
	values[2] = span_to_interval(spec->timeout);
	values[3] = PointerGetDatum(construct_array(named, count, TEXTOID, -1, false, TYPALIGN_INT));
	return make_row(fcinfo, values, nulls);
}

/* ---- the same by other periods ---- */

static Grain
grain_argument(FunctionCallInfo fcinfo, int number)
{
	text	   *name = PG_GETARG_TEXT_PP(number);
	Grain		grain = grain_from_name(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

	if (grain == GRAIN_NONE)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("grain \"%s\" is not known", text_to_cstring(name)),
				errhint("There are hour, day, week, month, quarter and year."));
	return grain;
}

/* (pattern, by, zone); reading it again looks the zone up. */
Datum
pattern_with_periods(PG_FUNCTION_ARGS)
{
	Pattern		pattern = compiled_pattern_peek(PG_GETARG_DATUM(0))->pattern;
	char	   *printed;
	size_t		length;

	pattern.grain = grain_argument(fcinfo, 1);
	pattern.zone = text_to_cstring(PG_GETARG_TEXT_PP(2));
	printed = pattern_print(&pattern, database_is_utf8(), &length);
	return language_value_read(&pattern_language, printed, length, NULL);
}

/* (spec, zone) */
Datum
retention_spec_with_zone(PG_FUNCTION_ARGS)
{
	RetentionSpec spec = ((const CompiledRetention *) compiled_peek(&retention_language, PG_GETARG_DATUM(0)))->spec;
	char	   *printed;
	size_t		length;

	spec.periods.zone = text_to_cstring(PG_GETARG_TEXT_PP(1));
	printed = retention_spec_print(&spec, database_is_utf8(), &length);
	return language_value_read(&retention_language, printed, length, NULL);
}

/* (spec, by, zone): weeks start on Monday */
Datum
session_spec_with_periods(PG_FUNCTION_ARGS)
{
	SessionSpec spec = ((const CompiledSessions *) compiled_peek(&session_language, PG_GETARG_DATUM(0)))->spec;
	char	   *printed;
	size_t		length;

	spec.periods = (PeriodClause) {
		.grain = grain_argument(fcinfo, 1), .zone = text_to_cstring(PG_GETARG_TEXT_PP(2)), .week_start = MONDAY
	};
	printed = session_spec_print(&spec, database_is_utf8(), &length);
	return language_value_read(&session_language, printed, length, NULL);
}

/* ---- intervals ---- */

/* (hits, total): ci_low, ci_high; null where hits are no part of the total. */
Datum
proportion_interval(PG_FUNCTION_ARGS)
{
	int64		hits = PG_GETARG_INT64(0);
	int64		total = PG_GETARG_INT64(1);
	double		low = 0;
	double		high = 0;
	Datum		values[2];
	bool		nulls[2];

	nulls[0] = nulls[1] = total <= 0 || hits < 0 || hits > total;
	if (!nulls[0])
		wilson_interval(hits, total, &low, &high);
	values[0] = Float8GetDatum(low);
	values[1] = Float8GetDatum(high);
	return make_row(fcinfo, values, nulls);
}
