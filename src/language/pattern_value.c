/*
 * pattern_value.c: the type kpi.pattern, its constructor, and its compiled form.
 */
#include "language/pattern_value.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(pattern);
PG_FUNCTION_INFO_V1(quote_label);

/* ---- the language ---- */

static char *
pattern_canonical(const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
				  LanguageError *error)
{
	Pattern		pattern;

	if (!pattern_parse(text, length, utf8, zone_known, &pattern, error))
		return NULL;
	return pattern_print(&pattern, utf8, canonical_length);
}

static void
pattern_compile(Compiled *head, bool utf8)
{
	CompiledPattern *compiled = (CompiledPattern *) head;
	LanguageError error;

	if (!pattern_parse(head->text, head->length, utf8, NULL, &compiled->pattern, &error))
		elog(ERROR, "canonical pattern cannot be read: %s", error.message);
	compiled->memory = CurrentMemoryContext;
	compiled->program = program_make(CurrentMemoryContext, &compiled->pattern, head->masks);
	head->program = compiled->program;
}

const Language pattern_language = {
	.type_name = "kpi.pattern",
	.what = "pattern",
	.example = "view -> cart -> purchase within 7 days",
	.compiled_size = sizeof(CompiledPattern),
	.canonical = pattern_canonical,
	.compile = pattern_compile,
};

LANGUAGE_TYPE(pattern, &pattern_language)

void
compiled_pattern_chase(const CompiledPattern *compiled, const EventSeq *events, Chase *chase)
{
	static const EntrySpan all_times = {MOMENT_MIN, MOMENT_MAX};
	CompiledPattern *keeper = unconstify(CompiledPattern *, compiled);
	Chaser	   *chaser = keeper->chaser;

	if (chaser == NULL)
	{
		/* It may grow while it works, and nobody knows what an error has left of it. */
		if (keeper->scratch == NULL)
			keeper->scratch = AllocSetContextCreate(keeper->memory, "kpi_track chaser", ALLOCSET_SMALL_SIZES);
		MemoryContextReset(keeper->scratch);
		chaser = chaser_make(keeper->scratch, compiled->program);
	}
	keeper->chaser = NULL;
	chaser_run(chaser, events, all_times, chase);
	keeper->chaser = chaser;
}

/* ---- the constructor ---- */

/* The label as it is written in a pattern: bare if it can be, else quoted. */
static char *
label_text(const char *bytes, size_t length, size_t *text_length)
{
	Label		label = {bytes, (uint32_t) length, false};
	Step		step = {{0, 1}, false, false, {0}};
	Pattern		pattern = {0};

	pattern.nsteps = 1;
	pattern.steps = &step;
	pattern.nlabels = 1;
	pattern.labels = &label;
	return pattern_print(&pattern, database_is_utf8(), text_length);
}

Datum
quote_label(PG_FUNCTION_ARGS)
{
	text	   *label = PG_GETARG_TEXT_PP(0);
	size_t		length = VARSIZE_ANY_EXHDR(label);
	char	   *result;

	if (length == 0 || length > PATTERN_MAX_LABEL_BYTES)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				length == 0 ? errmsg("a label must not be empty") :
				errmsg("label of %zu bytes is too long", length),
				errdetail("A label in a pattern has 1 to %d bytes.", PATTERN_MAX_LABEL_BYTES));
	result = label_text(VARDATA_ANY(label), length, &length);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(result, length));
}

static void
append_clause(StringInfo words, FunctionCallInfo fcinfo, int argument, const char *clause)
{
	if (!PG_ARGISNULL(argument) && PG_GETARG_BOOL(argument))
		appendStringInfo(words, " %s", clause);
}

/*
 * kpi.pattern(steps, within, arrows, optional, strictly_increasing, any_order, first_entry, reuse_rows,
 * open, by, zone): writes the text that a person would write, and reads it. Steps are plain labels.
 */
Datum
pattern(PG_FUNCTION_ARGS)
{
	Datum	   *steps;
	Datum	   *arrows;
	Datum	   *optional;
	int			nsteps = array_argument(fcinfo, 0, TEXTOID, "steps", &steps, NULL);
	int			narrows = array_argument(fcinfo, 2, TEXTOID, "arrows", &arrows, NULL);
	int			noptional = array_argument(fcinfo, 3, INT4OID, "optional", &optional, NULL);
	StringInfoData words;

	if (nsteps == 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("a pattern needs at least one step"),
				errhint("Give the labels of the steps: kpi.pattern(steps => ARRAY['view', 'cart'])."));
	if (narrows > 0 && narrows != nsteps - 1)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%d arrows given for %d steps", narrows, nsteps),
				errhint("Argument \"arrows\" has one element between every two steps, such as '->'."));
	for (int i = 0; i < noptional; i++)
		if (DatumGetInt32(optional[i]) < 1 || DatumGetInt32(optional[i]) > nsteps)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("step %d in argument \"optional\" does not exist", DatumGetInt32(optional[i])),
					errdetail("The pattern has steps 1 to %d.", nsteps));

	initStringInfo(&words);
	for (int i = 0; i < nsteps; i++)
	{
		size_t		length;
		char	   *label;

		if (i > 0)
		{
			char	   *arrow = narrows > 0 ? TextDatumGetCString(arrows[i - 1]) : "->";

			if (strncmp(arrow, "->", 3) != 0 && strncmp(arrow, "=>", 3) != 0 &&
				(strncmp(arrow, "-[", 2) != 0 || strlen(arrow) < 5 ||
				 strcmp(arrow + strlen(arrow) - 3, "]->") != 0))
				ereport(ERROR,
						errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("\"%s\" is not an arrow", arrow),
						errhint("Arrows are '->', '=>' and '-[ ... ]->'."));
			appendStringInfo(&words, " %s ", arrow);
		}
		if (VARSIZE_ANY_EXHDR(DatumGetPointer(steps[i])) == 0)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("element %d of argument \"steps\" is empty", i + 1));
		label = label_text(VARDATA_ANY(DatumGetPointer(steps[i])),
						   VARSIZE_ANY_EXHDR(DatumGetPointer(steps[i])), &length);
		appendBinaryStringInfo(&words, label, length);
		for (int j = 0; j < noptional; j++)
			if (DatumGetInt32(optional[j]) == i + 1)
			{
				appendStringInfoChar(&words, '?');
				break;
			}
	}
	if (!PG_ARGISNULL(1))
	{
		Interval   *within = PG_GETARG_INTERVAL_P(1);

		if (within->month != 0)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("argument \"within\" must not have months: they have no fixed length"),
					errhint("Use days, for example '30 days'."));
		if (within->day < 0 || within->time < 0)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("argument \"within\" must not be negative"));
		appendStringInfo(&words, " within %d days " INT64_FORMAT " us", within->day, within->time);
	}
	append_clause(&words, fcinfo, 4, "strictly increasing");
	append_clause(&words, fcinfo, 5, "any order");
	append_clause(&words, fcinfo, 6, "first entry");
	append_clause(&words, fcinfo, 7, "reuse rows");
	append_clause(&words, fcinfo, 8, "open");
	if (!PG_ARGISNULL(9))
	{
		char	   *grain = text_to_cstring(PG_GETARG_TEXT_PP(9));

		if (grain_from_name(grain, strlen(grain)) == GRAIN_NONE)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("\"%s\" is not a period", grain),
					errhint("Periods are hour, day, week, month, quarter and year."));
		appendStringInfo(&words, " by %s", grain);
		if (!PG_ARGISNULL(10))
		{
			size_t		length = VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(10));

			if (length == 0)
				ereport(ERROR,
						errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("argument \"zone\" is empty"));
			appendStringInfo(&words, " in %s",
							 label_text(VARDATA_ANY(PG_GETARG_TEXT_PP(10)), length, &length));
		}
	}
	else if (!PG_ARGISNULL(10))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("argument \"zone\" needs a period"),
				errhint("Give the period as well, for example by => 'week'."));
	return language_value_read(&pattern_language, words.data, words.len, NULL);
}
