/*
 * formula_test.c: formulas of derived KPIs: canonical forms, what is refused and where, random trees next to a naive evaluator,
 * and texts at random. And numbers as text, which formulas are printed with.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "engine/real.h"
#include "language/formula.h"
#include "random.h"

/* Parses a text that is freed right after: a Formula must not point into it. */
static bool
parse_as(const char *text, size_t length, bool utf8, Formula *formula, LanguageError *error)
{
	char	   *copy = malloc(length > 0 ? length : 1);
	bool		good;

	memset(error, 0, sizeof(*error));
	memcpy(copy, text, length);
	good = formula_parse(copy, length, utf8, formula, error);
	memset(copy, '#', length);
	free(copy);
	return good;
}

static bool
parse(const char *text, Formula *formula, LanguageError *error)
{
	return parse_as(text, strlen(text), true, formula, error);
}

/* ---- numbers ---- */

static double
number_of(const char *text, int exponent)
{
	double		value = -1;

	return real_parse(text, strlen(text), exponent, &value) == NULL ? value : -1;
}

static bool
prints(double value, const char *wanted)
{
	char		text[REAL_TEXT_MAX];

	return real_print(text, value) == strlen(wanted) && strcmp(text, wanted) == 0;
}

/* The double that has these bits, if it is a number. */
static double
random_double(void)
{
	uint64_t	bits;
	double		value;

	do
	{
		bits = random_bits();
		memcpy(&value, &bits, sizeof(value));
	} while (!isfinite(value));
	return value;
}

static void
test_numbers(void)
{
	long		wrong = 0;
	long		longer = 0;

	CHECK(prints(0, "0") && prints(-0.0, "0") && prints(100, "100") && prints(-2.5, "-2.5") && prints(0.0001, "0.0001") &&
		  prints(0.00001, "1e-5") && prints(123456789012345, "123456789012345") && prints(100000000000000, "100000000000000") &&
		  prints(1e15, "1e15") && prints(1.5e300, "1.5e300") && prints(0.1 + 0.2, "0.30000000000000004") &&
		  prints(5e-324, "5e-324") && prints(1.7976931348623157e308, "1.7976931348623157e308") && prints(0.05, "0.05") &&
		  prints(0.00012345, "0.00012345"), "numbers are printed plain or with an exponent");
	CHECK(number_of("5", -2) == 0.05 && number_of("2.9e0", -2) == 0.029 && number_of("1e2", -2) == 1 && number_of("012.50", 0) == 12.5 &&
		  number_of(".5", 0) == 0.5 && number_of("5.", 0) == 5 && number_of("0e999999999999", 0) == 0 && number_of("1e309", 0) == -1 &&
		  number_of("1e99999999999999999999", 0) == -1 && number_of("1e-400", 0) == -1 && number_of("1E+2", 0) == 100,
		  "numbers are read, and refused if no double is near");
	for (int round = 0; round < 200000; round++)
	{
		double		value = chance(50) ? random_double() : (double) (random_bits() % 1000000) / 1000;
		char		text[REAL_TEXT_MAX];
		char		plain[40];
		size_t		length = real_print(text, value);
		double		again;

		wrong += real_parse(text + (value < 0), length - (value < 0), 0, &again) != NULL || again != fabs(value);
		snprintf(plain, sizeof(plain), "%.15g", value);
		/* if fifteen digits are enough, no more are printed */
		if (strtod(plain, NULL) == value)
		{
			snprintf(plain, sizeof(plain), "%.14e", fabs(value));
			longer += strcspn(text, "e") > 22;
		}
		FORGET();
	}
	CHECK(wrong == 0 && longer == 0, "any double reads back from what it is printed as");
}

/* Cents as decimal digits: rounded as one does by hand. */
static void
test_rounding(void)
{
	long		wrong = 0;

	CHECK(real_round(1.005, 2) == 1.01 && real_round(-1.005, 2) == -1.01 && real_round(2.5, 0) == 3 && real_round(-2.5, 0) == -3 &&
		  real_round(0.5, 0) == 1 && real_round(0.49999, 0) == 0 && real_round(999.95, 1) == 1000 && real_round(9.5, 0) == 10 &&
		  real_round(1250, -2) == 1300 && real_round(50, -2) == 100 && real_round(49, -2) == 0 && real_round(4, -2) == 0 &&
		  real_round(0, 3) == 0 && real_round(0, -3) == 0 && real_round(1e300, 2) == 1e300 && real_round(1e-300, 2) == 0 &&
		  real_round(0.1 + 0.2, 15) == 0.3 && real_round(0.95, 1) == 1 && real_round(0.05, 1) == 0.1,
		  "numbers are rounded as they are written");
	for (int round = 0; round < 200000; round++)
	{
		int64_t		number = (int64_t) (random_bits() % 2000000000000) - 1000000000000;
		int			decimals = (int) (random_bits() % 7);
		int			to = (int) (random_bits() % 9) - 2;
		double		scale = pow(10, decimals);
		int64_t		step = 1;
		int64_t		rounded;

		if (chance(50))
			number %= 10000;
		for (int i = to; i < decimals; i++)
			step *= 10;
		/* halves away from zero, in whole numbers */
		rounded = (llabs(number) + step / 2) / step * step;
		if (step == 1)
			rounded = llabs(number);
		wrong += real_round((double) number / scale, to) != (number < 0 ? -1.0 : 1.0) * ((double) rounded / scale);
	}
	CHECK(wrong == 0, "rounding is that of whole numbers of the last decimal");
	if (wrong > 0)
		printf("# %ld wrong\n", wrong);
	FORGET();
}

/* ---- canonical forms ---- */

static const struct
{
	const char *text;
	const char *canonical;		/* NULL: the text itself */
}			forms[] = {
	{"ltv/cac", "ltv / cac"},
	{"ltv / cac", NULL},
	{"  (a)\n+\t((b))  ", "a + b"},
	{"a+b*c", "a + b * c"},
	{"(a+b)*c", "(a + b) * c"},
	{"a-b-c", "a - b - c"},
	{"a-(b-c)", "a - (b - c)"},
	{"(a-b)-c", "a - b - c"},
	{"a+(b+c)", "a + (b + c)"},
	{"a/b/c", "a / b / c"},
	{"a/(b/c)", "a / (b / c)"},
	{"a*(b/c)", "a * (b / c)"},
	{"(a*b)/c", "a * b / c"},
	{"(a*b)+(c/d)", "a * b + c / d"},
	{"-a", NULL},
	{"- - a", "--a"},
	{"-(a)*b", "-a * b"},
	{"-(a*b)", "-(a * b)"},
	{"a - -b", NULL},
	{"a*-b", "a * -b"},
	{"(-a)*(-(b+c))", "-a * -(b + c)"},
	{"1.50", "1.5"},
	{"007", "7"},
	{".5 + 5. + 1E3", "0.5 + 5 + 1000"},
	{"1e3*1e-3", "1000 * 0.001"},
	{"1e20", NULL},
	{"5%", "0.05"},
	{"revenue * (1 - 2.9 %)", "revenue * (1 - 0.029)"},
	{"ABS(a) + Min(a,b , c)+MAX(a,1)", "abs(a) + min(a, b, c) + max(a, 1)"},
	{"round(a/b)", "round(a / b)"},
	{"round(a,0)", "round(a)"},
	{"round(a, 2.0)", "round(a, 2)"},
	{"round((a), -3)", "round(a, -3)"},
	{"coalesce(a, (b + 1)) * nullif((a), 0)", "coalesce(a, b + 1) * nullif(a, 0)"},
	{"(cac-previous(cac))/PREVIOUS(cac)", "(cac - previous(cac)) / previous(cac)"},
	{"year_ago (\"sign-up rate\")", "year_ago(\"sign-up rate\")"},
	/* names */
	{"sign-up", "sign - up"},
	{"\"sign-up\"", NULL},
	{"\"plain\" + \"with blank\" + \"1st\" + \".x\" + \"a.b\"", "plain + \"with blank\" + \"1st\" + \".x\" + a.b"},
	{"a.b_c1. / _x", NULL},
	{"구매율 * été / \"→\"", NULL},
	{"\"say \"\"hi\"\"\"", NULL},
	{"Revenue + revenue", NULL},
	/* a function is what has a parenthesis behind it */
	{"min - max + previous", NULL},
	{"min(min, max)", NULL},
	{"\"abs\"", "abs"},
	{"\"abs(a)\" + \"previous(\" + \"previous\"", "\"abs(a)\" + \"previous(\" + previous"},
	{"e5 + e", NULL},
	{"2 * 2e2", "2 * 200"},
};

static void
test_forms(void)
{
	Formula		formula;
	LanguageError error;
	size_t		length;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
	{
		const char *text = forms[i].text;
		const char *wanted = forms[i].canonical != NULL ? forms[i].canonical : text;
		const char *found = "(refused)";
		bool		again = true;

		if (parse(text, &formula, &error))
		{
			found = formula_print(&formula, true, &length);
			again = length == strlen(found) && parse(found, &formula, &error) && strcmp(found, formula_print(&formula, true, &length)) == 0;
		}
		CHECK(strcmp(found, wanted) == 0 && again, "canonical: form %zu", i);
		if (strcmp(found, wanted) != 0)
			printf("# found: %s, %s\n", found, error.message);
		FORGET();
	}
	CHECK(parse("b + previous(a) * a - b / year_ago(b) + \"a\"", &formula, &error) && formula.ninputs == 4 &&
		  formula.inputs[0].name[0] == 'b' && formula.inputs[0].at == FORMULA_NOW &&
		  formula.inputs[1].name[0] == 'a' && formula.inputs[1].at == FORMULA_PREVIOUS &&
		  formula.inputs[2].name[0] == 'a' && formula.inputs[2].at == FORMULA_NOW &&
		  formula.inputs[3].name[0] == 'b' && formula.inputs[3].at == FORMULA_YEAR_AGO, "inputs, each once");
	CHECK(strcmp(formula_input_key(&formula.inputs[0], &length), "b") == 0 &&
		  strcmp(formula_input_key(&formula.inputs[1], &length), "previous(a)") == 0 &&
		  strcmp(formula_input_key(&formula.inputs[3], &length), "year_ago(b)") == 0 && length == 11, "keys of inputs");
	/* in another encoding than UTF-8, every byte above 0x7f is a letter */
	CHECK(!parse("a \xff", &formula, &error) && !parse("\"\xff\"", &formula, &error) && !parse("→", &formula, &error) &&
		  parse_as("\xff + \"\xfe\"", 7, false, &formula, &error) && strcmp(formula_print(&formula, false, &length), "\xff + \xfe") == 0,
		  "encodings");
	FORGET();
}

/* ---- mistakes ---- */

#define OPERAND "expected a name, a number or \"(\""

static const struct
{
	const char *text;
	size_t		offset;
	const char *message;
	const char *hint;			/* part of it; NULL: none is given */
}			errors[] = {
	{"", 0, OPERAND, "Write the name"},
	{"a +", 3, OPERAND, "Write the name"},
	{"+ a", 0, OPERAND, "Write the name"},
	{"a ** b", 3, OPERAND, "Write the name"},
	{"a / / b", 4, OPERAND, "Write the name"},
	{"()", 1, OPERAND, "Write the name"},
	{"(a", 2, "expected an operator or \")\"", NULL},
	{"(a b)", 3, "expected an operator or \")\", not \"b\"", "Operators are"},
	{"a)", 1, "there is no \"(\" that this closes", NULL},
	{"min(a, b))", 9, "there is no \"(\" that this closes", NULL},
	{"sign up rate", 5, "expected an operator, not \"up\"", "double quotes"},
	{"2 cac", 2, "expected an operator, not \"cac\"", "Operators are"},
	{"cac 2", 4, "expected an operator, not \"2\"", "Operators are"},
	{"(a)(b)", 3, "expected an operator", "Operators are"},
	{"a % b", 2, "a percent sign stands only behind a number", "a / 100"},
	{"5%%", 2, "a percent sign stands only behind a number", "a / 100"},
	{"1,5 * a", 1, "unexpected comma", "1.5"},
	{"a = b", 2, "unexpected character", "Operators are"},
	{"a ^ 2", 2, "unexpected character", "Operators are"},
	{"a × b", 2, "unexpected character", "Write \"*\""},
	{"a ÷ b", 2, "unexpected character", "Write \"/\""},
	{"a : b", 2, "unexpected character", "Write \"/\""},
	{"a − b", 2, "unexpected character", "Write \"-\""},
	{"'a'", 0, "names are quoted with double quotes", "like this"},
	{"\"a", 0, "the quoted name is not closed", "double quote"},
	{"a / \"\"", 4, "a quoted name must not be empty", NULL},
	{"7d_rate", 0, "this is not a number", "double quotes"},
	{"1.2.3", 0, "this is not a number", "double quotes"},
	{"1_000", 0, "this is not a number", "double quotes"},
	{"1e", 0, "this is not a number", "double quotes"},
	{"a * 1e309", 4, "the number is too large", "1.8e308"},
	{"1e-400", 0, "the number is too close to zero", "5e-324"},
	{"a + .b", 4, "unexpected character", "Operators are"},
	{"sqrt(a)", 0, "there is no function \"sqrt\"", "Functions are: abs"},
	{"greatest(a, b)", 0, "there is no function \"greatest\"", "max(a, b)"},
	{"NVL(a, 0)", 0, "there is no function \"NVL\"", "coalesce"},
	{"a.b(c)", 0, "there is no function \"a.b\"", "Functions are"},
	{"abs()", 4, "abs takes one argument", "abs(a - b)"},
	{"abs(a, b)", 7, "abs takes one argument", "abs(a - b)"},
	{"min(a)", 5, "min takes two or more arguments", "min(a, b)"},
	{"max()", 4, "max takes two or more arguments", "max(a, b)"},
	{"coalesce(a)", 10, "coalesce takes two or more arguments", "coalesce(a, 0)"},
	{"nullif(a)", 8, "nullif takes two arguments", "nullif(a, 0)"},
	{"nullif(a, b, c)", 13, "nullif takes two arguments", "nullif(a, 0)"},
	{"min(a, )", 7, "min takes two or more arguments", "min(a, b)"},
	{"min(a, b, )", 10, OPERAND, "Write the name"},
	{"min(a, b", 8, "expected an operator or \")\"", NULL},
	{"round()", 6, "round takes a value and a number of decimals", "round(a / b, 2)"},
	{"round(a, 1, 2)", 12, "round takes a value and a number of decimals", "round(a / b, 2)"},
	{"round(a, b)", 9, "expected a whole number of decimals from -15 to 15", "round(a, 2)"},
	{"round(a, 1.5)", 9, "expected a whole number of decimals from -15 to 15", "round(a, 2)"},
	{"round(a, 16)", 9, "expected a whole number of decimals from -15 to 15", "round(a, 2)"},
	{"round(a, -16)", 9, "expected a whole number of decimals from -15 to 15", "round(a, 2)"},
	{"round(a, 1 + 1)", 11, "expected an operator or \")\"", "Operators"},
	{"previous()", 9, "previous takes the name of a KPI", "previous(a) / previous(b)"},
	{"previous(1)", 9, "previous takes the name of a KPI", "previous(a) / previous(b)"},
	{"previous(a / b)", 9, "previous takes the name of a KPI", "previous(a) / previous(b)"},
	{"year_ago(previous(a))", 9, "year_ago takes the name of a KPI", "year_ago(a) / year_ago(b)"},
	{"previous(a", 10, "expected an operator or \")\"", NULL},
	{"\"previous(a)\"", 0, "a name must not look like previous(...) or year_ago(...)", "without the quotes"},
	{"year_ago(\"year_ago(a)\")", 9, "a name must not look like previous(...) or year_ago(...)", "without the quotes"},
	{"a -> b", 3, "unexpected character", "Operators are"},
};

static void
test_errors(void)
{
	Formula		formula;
	LanguageError error;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
	{
		const char *text = errors[i].text;
		bool		good;

		if (parse(text, &formula, &error))
			strcpy(error.message, "accepted");
		good = strcmp(error.message, errors[i].message) == 0 && error.offset == errors[i].offset && !error.limit &&
			(errors[i].hint == NULL ? error.hint[0] == '\0' : strstr(error.hint, errors[i].hint) != NULL);
		CHECK(good, "error %zu: %s", i, errors[i].message);
		if (!good)
			printf("# at %zu: %s (%s)\n", error.offset, error.message, error.hint);
		FORGET();
	}
	CHECK(!parse_as("a + \0b", 6, true, &formula, &error) && strcmp(error.message, "unexpected zero byte") == 0, "a zero byte");
	FORGET();
}

/* ---- limits ---- */

/* A text between `count` times a piece of text and as often another one. */
static char *
wrapped(const char *before, const char *text, const char *behind, int count)
{
	char	   *result = malloc((strlen(before) + strlen(behind)) * (size_t) count + strlen(text) + 1);
	char	   *to = result;

	for (int i = 0; i < count; i++)
		to = stpcpy(to, before);
	to = stpcpy(to, text);
	for (int i = 0; i < count; i++)
		to = stpcpy(to, behind);
	return result;
}

/* Whether a formula is accepted and its canonical text as well, and they are the same the second time; else whether it passes a limit. */
static bool
accepts(char *text, bool wanted)
{
	Formula		formula;
	LanguageError error;
	size_t		length;
	bool		good = parse(text, &formula, &error);

	if (good)
	{
		char	   *canonical = formula_print(&formula, true, &length);

		good = parse(canonical, &formula, &error) && strcmp(formula_print(&formula, true, &length), canonical) == 0;
		if (!good)
			printf("# canonical text refused: %s\n", error.message);
	}
	else if (!error.limit)
		printf("# %s\n", error.message);
	free(text);
	FORGET();
	return good == wanted && (good || error.limit);
}

static void
test_limits(void)
{
	CHECK(accepts(wrapped("", "a", " + a", 999), true) && accepts(wrapped("", "a", " + a", 1000), false) &&
		  accepts(wrapped("", "a", " * 2", 999), true) && accepts(wrapped("", "a", " * 2", 1000), false) &&
		  accepts(wrapped("abs(", "1", ") * 1", 100), true), "operands");
	CHECK(accepts(wrapped("-", "a", "", 100), true) && accepts(wrapped("-", "a", "", 101), false) &&
		  accepts(wrapped("abs(", "a", ")", 100), true) && accepts(wrapped("abs(", "a", ")", 101), false) &&
		  accepts(wrapped("(", "a", ")", 100), true) && accepts(wrapped("(", "a", ")", 101), false) &&
		  accepts(wrapped("(a - ", "b", ")", 100), true) && accepts(wrapped("(a - ", "b", ")", 101), false) &&
		  accepts(wrapped("-(", "b - a", ")", 50), true) && accepts(wrapped("-(", "b - a", ")", 51), false) &&
		  accepts(wrapped("abs(", "previous(a)", ")", 99), true) && accepts(wrapped("abs(", "previous(a)", ")", 100), false), "levels");
	CHECK(accepts(wrapped("n", "", "", 1024), true) && accepts(wrapped("n", "", "", 1025), false), "long names");
	CHECK(accepts(wrapped("", "a", " ", 65535), true) && accepts(wrapped("", "a", " ", 65536), false), "long texts");
}

/* ---- trees at random ---- */

/* A formula as a tree, made before there is a text. */
typedef struct Tree
{
	FormulaKind kind;
	double		number;			/* of a number; of round, decimals */
	int			input;			/* name * 3 + at */
	int			count;
	struct Tree *of[4];
} Tree;

#define NAMES 4

static const char *const names[NAMES] = {"a", "b.c", "\"sign-up \"\"x\"\" rate\"", "최대"};
static const char *const plain_names[NAMES] = {"a", "b.c", "sign-up \"x\" rate", "최대"};
static Tree trees[4096];
static int	ntrees;

static double
random_number(void)
{
	static const double some[] = {0, 1, 2, 0.5, 0.05, 1e-3, 1e300, 1e-300, 123456.789, 1.005, 0.1, 1.7976931348623157e308};

	return chance(80) ? some[random_bits() % (sizeof(some) / sizeof(some[0]))] : fabs(random_double());
}

static Tree *
random_tree(int depth)
{
	Tree	   *tree = &trees[ntrees++];

	memset(tree, 0, sizeof(*tree));
	if (depth == 0 || chance(20) || ntrees > 4000)
	{
		tree->kind = chance(30) ? FORMULA_NUMBER : FORMULA_INPUT;
		tree->number = random_number();
		tree->input = (int) (random_bits() % (NAMES * 3));
		return tree;
	}
	tree->kind = (FormulaKind) (FORMULA_NEGATE + random_bits() % (FORMULA_NULLIF - FORMULA_NEGATE + 1));
	if (chance(60))
		tree->kind = (FormulaKind) (FORMULA_ADD + random_bits() % 4);
	switch (tree->kind)
	{
		case FORMULA_NEGATE:
		case FORMULA_ABS:
		case FORMULA_ROUND:
			tree->count = 1;
			tree->number = (double) (random_bits() % 31) - 15;
			break;
		case FORMULA_MIN:
		case FORMULA_MAX:
		case FORMULA_COALESCE:
			tree->count = 2 + (int) (random_bits() % 3);
			break;
		default:
			tree->count = 2;
	}
	for (int i = 0; i < tree->count; i++)
		tree->of[i] = random_tree(depth - 1);
	return tree;
}

static int
level(const Tree *tree)
{
	return tree->kind == FORMULA_ADD || tree->kind == FORMULA_SUBTRACT ? 1 :
		tree->kind == FORMULA_MULTIPLY || tree->kind == FORMULA_DIVIDE ? 2 : tree->kind == FORMULA_NEGATE ? 3 : 4;
}

static void
blank(char **to)
{
	while (chance(30))
		*(*to)++ = " \t\n"[random_bits() % 3];
}

/* Writes a tree, with blanks and parentheses that nobody needs, too. */
static void
write_tree(char **to, const Tree *tree, int least)
{
	static const char *const at[] = {NULL, "previous", "year_ago"};
	static const char *const function[] = {
		[FORMULA_ABS] = "abs", [FORMULA_MIN] = "min", [FORMULA_MAX] = "max", [FORMULA_ROUND] = "Round", [FORMULA_COALESCE] = "COALESCE",
		[FORMULA_NULLIF] = "nullif"
	};
	int			own = level(tree);
	int			parentheses = own < least;

	parentheses += chance(10);
	for (int i = 0; i < parentheses; i++)
		*to += sprintf(*to, "(");
	blank(to);
	if (tree->kind == FORMULA_NUMBER)
		*to += sprintf(*to, chance(50) ? "%.17g" : "%.16e", tree->number);
	else if (tree->kind == FORMULA_INPUT && tree->input % 3 == 0)
		*to += sprintf(*to, "%s", names[tree->input / 3]);
	else if (tree->kind == FORMULA_INPUT)
		*to += sprintf(*to, "%s( %s)", at[tree->input % 3], names[tree->input / 3]);
	else if (tree->kind == FORMULA_NEGATE)
	{
		*(*to)++ = '-';
		write_tree(to, tree->of[0], 3);
	}
	else if (tree->kind <= FORMULA_DIVIDE)
	{
		write_tree(to, tree->of[0], own);
		blank(to);
		*(*to)++ = "+-*/"[tree->kind - FORMULA_ADD];
		write_tree(to, tree->of[1], own + 1);
	}
	else
	{
		*to += sprintf(*to, "%s(", function[tree->kind]);
		for (int i = 0; i < tree->count; i++)
		{
			*to += sprintf(*to, i > 0 ? "," : "");
			write_tree(to, tree->of[i], 0);
		}
		if (tree->kind == FORMULA_ROUND)
			*to += sprintf(*to, ", %d", (int) tree->number);
		*to += sprintf(*to, ")");
	}
	blank(to);
	for (int i = 0; i < parentheses; i++)
		*to += sprintf(*to, ")");
	**to = '\0';
}

/* A value or null. */
typedef struct Value
{
	bool		null;
	double		number;
} Value;

static Value
value_of(double number)
{
	Value		value = {!(number - number == 0), number};

	return value;
}

static const Value null = {true, 0};

/* By the book, one rule after the other. */
static Value
evaluate(const Tree *tree, const double *inputs)
{
	Value		of[4];
	bool		any_null = false;

	if (tree->kind == FORMULA_NUMBER)
		return value_of(tree->number);
	if (tree->kind == FORMULA_INPUT)
		return value_of(inputs[tree->input]);
	for (int i = 0; i < tree->count; i++)
	{
		of[i] = evaluate(tree->of[i], inputs);
		any_null = any_null || of[i].null;
	}
	if (tree->kind == FORMULA_COALESCE)
	{
		for (int i = 0; i < tree->count; i++)
			if (!of[i].null)
				return of[i];
		return null;
	}
	if (tree->kind == FORMULA_NULLIF)
		return !any_null && of[0].number == of[1].number ? null : of[0];
	if (any_null)
		return null;
	switch (tree->kind)
	{
		case FORMULA_NEGATE:
			return value_of(-of[0].number);
		case FORMULA_ADD:
			return value_of(of[0].number + of[1].number);
		case FORMULA_SUBTRACT:
			return value_of(of[0].number - of[1].number);
		case FORMULA_MULTIPLY:
			return value_of(of[0].number * of[1].number);
		case FORMULA_DIVIDE:
			return of[1].number == 0 ? null : value_of(of[0].number / of[1].number);
		case FORMULA_ABS:
			return value_of(of[0].number < 0 ? -of[0].number : of[0].number);
		case FORMULA_ROUND:
			return value_of(real_round(of[0].number, (int) tree->number));
		default:
			for (int i = 1; i < tree->count; i++)
				if (tree->kind == FORMULA_MIN ? of[i].number < of[0].number : of[i].number > of[0].number)
					of[0] = of[i];
			return of[0];
	}
}

/* The value of a formula where a tree's inputs have these values. */
static double
calculate(const Formula *formula, const double *inputs)
{
	double	   *own = malloc((formula->ninputs + 1) * sizeof(double));
	double	   *stack = malloc(formula->stack * sizeof(double));
	double		result;

	for (uint32_t i = 0; i < formula->ninputs; i++)
		for (int n = 0; n < NAMES; n++)
			if (strlen(plain_names[n]) == formula->inputs[i].length && memcmp(plain_names[n], formula->inputs[i].name, formula->inputs[i].length) == 0)
				own[i] = inputs[n * 3 + (int) formula->inputs[i].at];
	result = formula_evaluate(formula, own, stack);
	free(own);
	free(stack);
	return result;
}

/* Without its n-th "(" that groups and the ")" that closes it; NULL if there are not so many. Names in quotes are passed over. */
static char *
without_parentheses(const char *text, int n)
{
	char	   *copy;
	size_t		open = 0;
	size_t		close;
	bool		quoted = false;
	int			depth = 0;

	for (;; open++)
	{
		if (text[open] == '\0')
			return NULL;
		quoted ^= text[open] == '"';
		if (!quoted && text[open] == '(' && (open == 0 || strchr("( -", text[open - 1]) != NULL) && n-- == 0)
			break;
	}
	for (close = open; depth > 0 || close == open; close++)
	{
		quoted ^= text[close] == '"';
		if (!quoted)
			depth += (text[close] == '(') - (text[close] == ')');
	}
	close--;
	copy = malloc(strlen(text) + 1);
	memcpy(copy, text, close);
	strcpy(copy + close, text + close + 1);
	memmove(copy + open, copy + open + 1, strlen(copy + open));
	return copy;
}

static void
test_trees(void)
{
	static char text[1 << 20];
	int			cases = getenv("KPI_CASES") != NULL ? atoi(getenv("KPI_CASES")) : 20000;
	long		refused = 0;
	long		changed = 0;
	long		wrong = 0;
	long		nulls = 0;
	long		needless = 0;
	long		removed = 0;

	for (int round = 0; round < cases; round++)
	{
		Tree	   *tree;
		char	   *to = text;
		Formula		formula;
		Formula		again;
		LanguageError error;
		size_t		length;
		char	   *canonical;
		char	   *without;

		ntrees = 0;
		tree = random_tree(1 + (int) (random_bits() % 6));
		write_tree(&to, tree, 0);
		if (strlen(text) > PATTERN_MAX_TEXT_BYTES || ntrees > 900)
			continue;
		if (!parse(text, &formula, &error))
		{
			refused++;
			printf("# %s: %s\n", error.message, text);
			continue;
		}
		canonical = formula_print(&formula, true, &length);
		if (!parse(canonical, &again, &error) || strcmp(formula_print(&again, true, &length), canonical) != 0)
		{
			changed++;
			continue;
		}
		for (int values = 0; values < 5; values++)
		{
			double		inputs[NAMES * 3];
			Value		wanted;
			double		found;

			for (int i = 0; i < NAMES * 3; i++)
				inputs[i] = chance(15) ? NAN : chance(3) ? INFINITY : chance(50) ? (double) (random_bits() % 7) - 3 : chance(50) ? random_number() : random_double();
			wanted = evaluate(tree, inputs);
			found = calculate(&formula, inputs);
			nulls += wanted.null;
			wrong += wanted.null ? !isnan(found) : found != wanted.number || (found == 0 && signbit(found));
			found = calculate(&again, inputs);
			wrong += wanted.null ? !isnan(found) : found != wanted.number;
		}
		/* no parentheses can be left out */
		for (int n = 0; (without = without_parentheses(canonical, n)) != NULL; n++)
		{
			removed++;
			if (parse(without, &again, &error) && strcmp(formula_print(&again, true, &length), canonical) == 0)
			{
				needless++;
				printf("# %s\n", canonical);
			}
			free(without);
		}
		FORGET();
	}
	CHECK(refused == 0 && changed == 0, "formulas of trees are read, and print as what is read again");
	CHECK(wrong == 0 && nulls > cases / 10 && nulls < cases * 4, "they come to what a naive evaluator says");
	CHECK(needless == 0 && removed > cases / 10, "no parentheses are written that can be left out");
	if (wrong > 0 || needless > 0)
		printf("# %ld wrong, %ld null, %ld needless of %ld\n", wrong, nulls, needless, removed);
}

/* ---- texts at random ---- */

/* Words that formulas are made of, in any order: what is accepted prints as what is read again, and can be evaluated. */
static void
test_random(void)
{
	static const char *const words[] = {
		"a", "b", "\"c d\"", "1", "2.5", "1e308", "+", "-", "*", "/", "(", ")", ",", "%", "abs(", "min(", "max(", "round(", "coalesce(",
		"nullif(", "previous(", "year_ago(", "previous", "\"", ".", ":", "0", "-2", "e5", "\xff", "é", "=", "'", "[", "<"
	};
	long		accepted = 0;
	long		wrong = 0;

	for (int round = 0; round < 300000; round++)
	{
		char		text[400] = "";
		Formula		formula;
		LanguageError error;
		size_t		length;

		for (int i = (int) (random_bits() % 10); i > 0; i--)
		{
			/* mostly what often makes sense */
			strcat(text, words[random_bits() % (chance(70) ? 13 : sizeof(words) / sizeof(words[0]))]);
			if (chance(60))
				strcat(text, " ");
		}
		if (parse(text, &formula, &error))
		{
			char	   *canonical = formula_print(&formula, true, &length);
			double		inputs[16] = {1, 0, NAN, -INFINITY};
			double		stack[64];

			accepted++;
			wrong += isinf(formula_evaluate(&formula, inputs, stack));
			wrong += !parse(canonical, &formula, &error) || strcmp(canonical, formula_print(&formula, true, &length)) != 0;
		}
		else
			wrong += error.message[0] == '\0' || error.offset > strlen(text);
		if (round % 100 == 99)
			FORGET();
	}
	CHECK(accepted > 5000 && wrong == 0, "texts at random: accepted ones print as what is read again");
	if (wrong > 0 || accepted <= 5000)
		printf("# %ld of %ld wrong\n", wrong, accepted);
	FORGET();
}

int
main(void)
{
	char	   *seed = getenv("KPI_SEED");

	if (seed != NULL)
		random_state = strtoull(seed, NULL, 10) * 2 + 1;
	test_numbers();
	test_rounding();
	test_forms();
	test_errors();
	test_limits();
	test_trees();
	test_random();
	return DONE();
}
