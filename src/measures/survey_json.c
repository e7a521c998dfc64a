/*
 * survey_json.c: the text form of a kpi.survey.
 *
 * {"kind": "nps", "scores": [[0, 3], [9, 12], [10, 40]]}: each score, ascending, and how many gave it.
 */
#include "measures/survey.h"

void
survey_push_json(JsonWriter *state, const void *value)
{
	const SurveySummary *summary = value;

	js_key(state, "scores");
	js_push(state, WJB_BEGIN_ARRAY, NULL);
	for (size_t i = 0; i < summary->used; i++)
	{
		JsonbValue	score = {.type = jbvNumeric};

		score.val.numeric = survey_score_numeric(summary->scores[i].score);
		js_push(state, WJB_BEGIN_ARRAY, NULL);
		js_push(state, WJB_ELEM, &score);
		js_element(state, summary->scores[i].count);
		js_push(state, WJB_END_ARRAY, NULL);
	}
	js_push(state, WJB_END_ARRAY, NULL);
}

void
survey_read_json(const JsonReader *reader, JsonbContainer *root, void *value)
{
	SurveySummary *summary = value;
	JsonbContainer *array = js_array(reader, js_find(root, "scores"), "scores");

	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbContainer *pair = js_array(reader, getIthJsonbValueFromContainer(array, i), "scores");
		JsonbValue *score = getIthJsonbValueFromContainer(pair, 0);
		int64		millionths;
		int64		count;

		if (JsonContainerSize(pair) != 2 || score->type != jbvNumeric ||
			!survey_score_of(NumericGetDatum(score->val.numeric), &millionths))
			js_bad(reader, "scores");
		count = js_count(reader, getIthJsonbValueFromContainer(pair, 1), "scores");
		if (count == 0 || (summary->used > 0 && millionths <= summary->scores[summary->used - 1].score))
			js_bad(reader, "scores");
		survey_summary_add(summary, millionths, count);
	}
}
