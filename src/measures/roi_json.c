/*
 * roi_json.c: the text form of a kpi.roi.
 *
 * {"rows": 3, "currency": "EUR", "cost": 120.5, "revenue": 400}; {} of no rows. No currency: there is no such key.
 */
#include "measures/roi.h"

void
roi_push_json(JsonWriter *state, const void *value)
{
	const RoiSummary *summary = value;

	if (summary->rows == 0)
		return;
	js_int_of(state, "rows", summary->rows);
	if (summary->length > 0)
		js_string_of(state, "currency", pnstrdup(summary->currency, summary->length));
	measure_push_sum(state, "cost", &summary->cost);
	measure_push_sum(state, "revenue", &summary->revenue);
}

void
roi_read_json(const JsonReader *reader, JsonbContainer *root, void *value)
{
	RoiSummary *summary = value;

	summary->rows = js_count(reader, js_find(root, "rows"), "rows");
	if (js_find(root, "currency") != NULL)
	{
		char	   *currency = js_text(reader, js_find(root, "currency"), "currency");

		summary->length = strlen(currency);
		if (summary->length == 0 || summary->length > ROI_CURRENCY_MAX)
			js_bad(reader, "currency");
		memcpy(summary->currency, currency, summary->length);
	}
	measure_read_sum(reader, root, "cost", &summary->cost);
	measure_read_sum(reader, root, "revenue", &summary->revenue);
}
