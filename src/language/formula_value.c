/*
 * formula_value.c: the type kpi.formula: what a formula needs, and what it comes to.
 */
#include "language/formula_value.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(formula_names);
PG_FUNCTION_INFO_V1(formula_inputs);
PG_FUNCTION_INFO_V1(formula_calculate);

static char *
formula_canonical(const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
				  LanguageError *error)
{
	Formula		formula;

	if (!formula_parse(text, length, utf8, &formula, error))
		return NULL;
	return formula_print(&formula, utf8, canonical_length);
}

static void
formula_compile(Compiled *head, bool utf8)
{
	LanguageError error;

	if (!formula_parse(head->text, head->length, utf8, &((CompiledFormula *) head)->formula, &error))
		elog(ERROR, "canonical formula cannot be read: %s", error.message);
}

const Language formula_language = {
	.type_name = "kpi.formula",
	.what = "formula",
	.example = "ltv / cac",
	.compiled_size = sizeof(CompiledFormula),
	.canonical = formula_canonical,
	.compile = formula_compile,
};

LANGUAGE_TYPE(formula, &formula_language)

static const Formula *
formula_argument(FunctionCallInfo fcinfo)
{
	return &((const CompiledFormula *) compiled_peek(&formula_language, PG_GETARG_DATUM(0)))->formula;
}

/* ---- what it needs ---- */

static Datum
name_datum(const FormulaInput *input)
{
	return PointerGetDatum(cstring_to_text_with_len(input->name, (int) input->length));
}

/* Whether an input before it is of the same KPI. */
static bool
is_named_before(const Formula *formula, uint32 number)
{
	const FormulaInput *input = &formula->inputs[number];

	for (uint32 i = 0; i < number; i++)
		if (formula->inputs[i].length == input->length && memcmp(formula->inputs[i].name, input->name, input->length) == 0)
			return true;
	return false;
}

Datum
formula_names(PG_FUNCTION_ARGS)
{
	const Formula *formula = formula_argument(fcinfo);
	Datum	   *names = palloc(mul_size(formula->ninputs + 1, sizeof(Datum)));
	int			count = 0;

	for (uint32 i = 0; i < formula->ninputs; i++)
		if (!is_named_before(formula, i))
			names[count++] = name_datum(&formula->inputs[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
}

Datum
formula_inputs(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const Formula *formula;

	materialize_rows(fcinfo);
	formula = formula_argument(fcinfo);
	for (uint32 i = 0; i < formula->ninputs; i++)
	{
		const FormulaInput *input = &formula->inputs[i];
		size_t		length;
		char	   *key = formula_input_key(input, &length);
		Datum		values[3];
		bool		nulls[3] = {false};

		values[0] = name_datum(input);
		values[1] = CStringGetTextDatum(formula_at_name(input->at));
		values[2] = PointerGetDatum(cstring_to_text_with_len(key, (int) length));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* ---- what it comes to ---- */

/* Which of the names is the key of the input; -1 if none is. A name that is there twice would have two values. */
static int
find_key(const FormulaInput *input, const Datum *names, int count)
{
	size_t		length;
	char	   *key = formula_input_key(input, &length);
	int			found = -1;

	for (int i = 0; i < count; i++)
	{
		const struct varlena *name = (const struct varlena *) DatumGetPointer(names[i]);

		if (VARSIZE_ANY_EXHDR(name) != length || memcmp(VARDATA_ANY(name), key, length) != 0)
			continue;
		if (found >= 0)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("\"%s\" is given two values", key),
					errhint("A name stands once in argument \"names\"."));
		found = i;
	}
	return found;
}

/* (formula, names, numbers): an input without a value is an error, one whose value is null is null. */
Datum
formula_calculate(PG_FUNCTION_ARGS)
{
	const Formula *formula = formula_argument(fcinfo);
	Datum	   *names;
	Datum	   *numbers;
	bool	   *nulls;
	int			count = array_argument(fcinfo, 1, TEXTOID, "names", &names, NULL);
	int			nnumbers = array_argument(fcinfo, 2, FLOAT8OID, "numbers", &numbers, &nulls);
	double	   *inputs = palloc(mul_size(formula->ninputs + 1, sizeof(double)));
	double	   *stack = palloc(mul_size(formula->stack, sizeof(double)));
	double		result;

	if (count != nnumbers)
		ereport(ERROR,
				errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				errmsg("arguments \"names\" and \"numbers\" differ in length: %d and %d", count, nnumbers),
				errhint("Each name has a number, which may be null."));
	for (uint32 i = 0; i < formula->ninputs; i++)
	{
		int			found = find_key(&formula->inputs[i], names, count);
		size_t		length;

		if (found < 0)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("the formula needs \"%s\", which is given no value", formula_input_key(&formula->inputs[i], &length)),
					errhint("Put it into argument \"names\", and its value, which may be null, into \"numbers\"."));
		inputs[i] = nulls[found] ? NAN : DatumGetFloat8(numbers[found]);
	}
	result = formula_evaluate(formula, inputs, stack);
	if (isnan(result))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result);
}
