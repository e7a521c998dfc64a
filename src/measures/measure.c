/*
 * measure.c: see measure.h.
 */
#include "measures/measure.h"

#include "utils/builtins.h"

Datum
measure_final(FunctionCallInfo fcinfo, const SummaryType *type)
{
	aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		return summary_make_empty(type, type->language == NULL ? NULL : aggregate_final_constant(fcinfo));
	return summary_make(type, PG_GETARG_POINTER(0));
}

Datum
measure_combine(FunctionCallInfo fcinfo, const SummaryType *type)
{
	MemoryContext context = aggregate_context(fcinfo);
	MemoryContext before;
	void	   *into;
	const SummaryHead *from;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	into = measure_state(fcinfo, type, context);
	from = (const SummaryHead *) PG_GETARG_POINTER(1);
	before = MemoryContextSwitchTo(context);
	if (PG_ARGISNULL(0) && type->language != NULL && from->text != NULL)
		type->init(into, compiled_hold_text(type->language, context, from->text, from->length, false));
	summary_check_same(type, into, from);
	type->merge(into, from);
	MemoryContextSwitchTo(before);
	PG_RETURN_POINTER(into);
}

Datum
measure_serialise(FunctionCallInfo fcinfo, const SummaryType *type)
{
	WireWriter	writer;

	aggregate_context(fcinfo);
	summary_encode(type, PG_GETARG_POINTER(0), &writer);
	PG_RETURN_BYTEA_P(writer.bytes);
}

Datum
measure_deserialise(FunctionCallInfo fcinfo, const SummaryType *type)
{
	void	   *state;

	aggregate_context(fcinfo);
	state = palloc0(type->summary_size);
	summary_open(type, PG_GETARG_DATUM(0), state);
	PG_RETURN_POINTER(state);
}

void
measure_push_sum(JsonWriter *state, const char *key, const ExactSum *sum)
{
	js_key(state, key);
	js_numeric(state, exact_sum_numeric(sum));
}

void
measure_read_sum(const JsonReader *reader, JsonbContainer *object, const char *key, ExactSum *sum)
{
	JsonbValue *value = js_find(object, key);
	ExactBuffer buffer;
	ExactNumber number;

	if (value == NULL || value->type != jbvNumeric ||
		!exact_number_of(NumericGetDatum(value->val.numeric), buffer, &number))
		js_bad(reader, key);
	exact_sum_add(sum, &number, false);
}

Datum
measure_divide(FunctionCallInfo fcinfo, Numeric a, Numeric b)
{
	ExactBuffer buffer;
	ExactNumber divisor;

	if (exact_number_of(NumericGetDatum(b), buffer, &divisor) && divisor.size == 0)
		PG_RETURN_NULL();
	return DirectFunctionCall2(numeric_div, NumericGetDatum(a), NumericGetDatum(b));
}

double
measure_confidence(FunctionCallInfo fcinfo, int number)
{
	double		confidence = PG_GETARG_FLOAT8(number);

	if (!(confidence > 0 && confidence < 1))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("confidence %g is not between 0 and 1", confidence),
				errhint("Write 0.95 for an interval of 95 %%."));
	return confidence;
}
