/*
 * ratio_json.c: the text form of a kpi.ratio.
 *
 * {"rows": 3, "others": 0, "wide": 0, "numerator": 5, "denominator": 120, "numerator_squared": 9, "product": 210,
 *  "denominator_squared": 5000}; {} of no rows.
 */
#include "measures/ratio.h"

void
ratio_push_json(JsonWriter *state, const void *value)
{
	const RatioSummary *summary = value;

	if (summary->rows == 0)
		return;
	js_int_of(state, "rows", summary->rows);
	js_int_of(state, "others", summary->others);
	js_int_of(state, "wide", summary->wide);
	measure_push_sum(state, "numerator", &summary->numerator);
	measure_push_sum(state, "denominator", &summary->denominator);
	measure_push_sum(state, "numerator_squared", &summary->numerator_squared);
	measure_push_sum(state, "product", &summary->product);
	measure_push_sum(state, "denominator_squared", &summary->denominator_squared);
}

void
ratio_read_json(const JsonReader *reader, JsonbContainer *root, void *value)
{
	RatioSummary *summary = value;

	summary->rows = js_count(reader, js_find(root, "rows"), "rows");
	summary->others = js_count(reader, js_find(root, "others"), "others");
	summary->wide = js_count(reader, js_find(root, "wide"), "wide");
	measure_read_sum(reader, root, "numerator", &summary->numerator);
	measure_read_sum(reader, root, "denominator", &summary->denominator);
	measure_read_sum(reader, root, "numerator_squared", &summary->numerator_squared);
	measure_read_sum(reader, root, "product", &summary->product);
	measure_read_sum(reader, root, "denominator_squared", &summary->denominator_squared);
}
