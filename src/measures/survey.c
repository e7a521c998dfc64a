/*
 * survey.c: kpi.survey: what people said, as a number on a scale.
 */
#include "measures/survey.h"

#include "utils/builtins.h"

#include "engine/timeline_value.h"

PG_FUNCTION_INFO_V1(survey_add);
PG_FUNCTION_INFO_V1(survey_remove);

/* The state of the aggregate: more than what is stored. */
typedef struct SurveyState
{
	SurveySummary summary;
	const Compiled *compiled;	/* held by the aggregate's context; NULL: no row yet */
	bool		constant;		/* the kind is a constant of the query: no need to look again */
} SurveyState;

static void
survey_init(void *summary, const Compiled *compiled)
{
	survey_summary_init(summary, compiled->text, compiled->length, &((const CompiledSurvey *) compiled)->kind);
}

SUMMARY_METHODS(survey)

const SummaryType survey_type = {
	.type_name = "kpi.survey",
	.version = 1,
	.language = &survey_language,
	.literal_key = "kind",
	.summary_size = sizeof(SurveyState),
	.init = survey_init,
	SUMMARY_METHODS_OF(survey),
	.push_json = survey_push_json,
	.read_json = survey_read_json,
};

MEASURE_FUNCTIONS(survey, &survey_type)

/* ---- scores ---- */

bool
survey_score_of(Datum numeric, int64 *score)
{
	ExactBuffer buffer;
	ExactNumber number;
	__int128	value = 0;

	/* six decimals are a digit of base 10000 and the upper half of the next; before the point there are at most four */
	if (!exact_number_of(numeric, buffer, &number) || (number.size > 0 && (number.low < -2 || exact_number_high(&number) > 3)))
		return false;
	for (int i = 0; i < number.size; i++)
	{
		int			place = exact_number_high(&number) - i;

		if (place == -2 && number.digits[i] % 100 != 0)
			return false;
		value = place == -2 ? value * 100 + number.digits[i] / 100 : value * EXACT_BASE + number.digits[i];
	}
	for (int place = number.size > 0 ? number.low : 0; place > -2; place--)
		value *= place == -1 ? 100 : EXACT_BASE;
	if (value > SURVEY_SCORE_MAX)
		return false;
	*score = (int64) (number.negative ? -value : value);
	return true;
}

Numeric
survey_score_numeric(int64 score)
{
	return timeline_numeric(score, SURVEY_DECIMALS);
}

static void
bad_score(Datum numeric, const SurveyState *state)
{
	const SurveyKind *kind = &state->summary.kind;
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, numeric));
	const char *low = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(survey_score_numeric(kind->low))));
	const char *high = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(survey_score_numeric(kind->high))));

	if (strlen(text) > 100)
		text = psprintf("%.20s...", text);
	if (!kind->bounded)
		ereport(ERROR,
				errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				errmsg("score %s cannot be kept", text),
				errdetail("A score has at most %d decimals and lies between -1000000000000 and 1000000000000.", SURVEY_DECIMALS));
	ereport(ERROR,
			errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			errmsg("score %s is not on the scale %s..%s of the survey", text, low, high),
			errdetail(kind->whole ? "Scores of the kind \"%s\" are whole numbers from %s to %s." :
					  "Scores of the kind \"%s\" have at most six decimals and lie between %s and %s.", state->summary.text, low, high),
			kind->measure == SURVEY_NPS ? 0 :
			errhint("If the scale is another one, write it in the kind, for example '%s 0..10'.", survey_measure_name(kind->measure)));
}

static int64
score_argument(Datum numeric, const SurveyState *state)
{
	const SurveyKind *kind = &state->summary.kind;
	int64		score;

	if (!survey_score_of(numeric, &score) || (kind->bounded && (score < kind->low || score > kind->high)) ||
		(kind->whole && score % SURVEY_UNIT != 0))
		bad_score(numeric, state);
	return score;
}

/* ---- the aggregate ---- */

/* (state, score, kind) */
static inline Datum
survey_row(FunctionCallInfo fcinfo, int count)
{
	MemoryContext context = aggregate_context(fcinfo);
	SurveyState *state = measure_state(fcinfo, &survey_type, context);

	if (state->compiled == NULL)
	{
		SurveySummary of = {0};

		state->compiled = summary_literal(fcinfo, &survey_language, context, 2, false);
		state->constant = aggregate_constant(fcinfo, 1) != NULL;
		survey_init(&of, state->compiled);
		/* a state that was put together from parts has a kind already */
		summary_check_same(&survey_type, (SummaryHead *) state, (SummaryHead *) &of);
		if (state->summary.text == NULL)
			survey_init(state, state->compiled);
	}
	else if (!state->constant)
		summary_check_literal(state->compiled, PG_ARGISNULL(2), PG_GETARG_DATUM(2));
	if (!PG_ARGISNULL(1))
	{
		int64		score = score_argument(PG_GETARG_DATUM(1), state);
		MemoryContext before = MemoryContextSwitchTo(context);

		survey_summary_add(&state->summary, score, count);
		MemoryContextSwitchTo(before);
	}
	PG_RETURN_POINTER(state);
}

Datum
survey_add(PG_FUNCTION_ARGS)
{
	return survey_row(fcinfo, 1);
}

Datum
survey_remove(PG_FUNCTION_ARGS)
{
	return survey_row(fcinfo, -1);
}
