/*
 * formula_fuzz.c: any text is refused or a formula that prints as one that reads the same, and that comes to a number or to null
 * whatever its inputs are.
 */
#include <math.h>

#include "fuzz.h"

#include "language/formula.h"

const unsigned fuzz_errors = 1u << HOST_LIMIT;

/* Two that are both null, or the same. */
static bool
same(double a, double b)
{
	return isnan(a) ? isnan(b) : a == b;
}

/* The first two bytes are the length of the text; its lowest bit says that it is no UTF-8. Behind it stand the values. */
void
fuzz_one(const Input *input)
{
	Input		rest = *input;
	size_t		length = take(&rest, 2);
	bool		utf8 = (length & 1) == 0;
	const char *text = (const char *) rest.bytes;
	Formula		formula;
	Formula		again;
	LanguageError error = {.offset = SIZE_MAX};
	char	   *printed;
	char	   *reprinted;
	size_t		printed_length;
	size_t		reprinted_length;
	double	   *inputs;
	double	   *stack;
	double		value;

	length /= 2;
	if (length > rest.length)
		length = rest.length;
	if (!formula_parse(text, length, utf8, &formula, &error))
	{
		MUST(error.offset <= length && error.message[0] != '\0');
		return;
	}
	printed = formula_print(&formula, utf8, &printed_length);
	MUST(formula_parse(printed, printed_length, utf8, &again, &error));
	reprinted = formula_print(&again, utf8, &reprinted_length);
	MUST(printed_length == reprinted_length && memcmp(printed, reprinted, printed_length) == 0);

	rest.bytes += length;
	rest.length -= length;
	inputs = host_alloc(NULL, (formula.ninputs + 1) * sizeof(double));
	stack = host_alloc(NULL, formula.stack * sizeof(double));
	for (uint32_t i = 0; i < formula.ninputs; i++)
	{
		uint64_t	bits = take(&rest, 8);

		memcpy(&inputs[i], &bits, sizeof(bits));
	}
	value = formula_evaluate(&formula, inputs, stack);
	MUST(!isinf(value) && !(value == 0 && signbit(value)));
	MUST(again.stack == formula.stack && again.ninputs == formula.ninputs);
	MUST(same(value, formula_evaluate(&again, inputs, stack)));
}
