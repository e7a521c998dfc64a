/*
 * formula.c: see formula.h.
 */
#include "language/formula.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/real.h"

#define OPERAND_HINT "Write the name of a KPI, a number, a function such as coalesce(a, 0), or parentheses."
#define OPERATOR_HINT "Operators are + - * /; a name with blanks or other signs is put in double quotes."
#define FUNCTIONS_HINT "Functions are: abs, min, max, round, coalesce, nullif, previous, year_ago."

/* ---- functions ---- */

#define ANY_NUMBER UINT32_MAX

typedef struct Function
{
	const char *name;
	FormulaKind kind;			/* FORMULA_INPUT: a KPI at another time */
	FormulaAt	at;
	uint32_t	least;			/* how many arguments it takes */
	uint32_t	most;
	const char *takes;			/* what errors say of it, and a hint */
	const char *hint;
} Function;

static const Function functions[] = {
	{"abs", FORMULA_ABS, FORMULA_NOW, 1, 1, "abs takes one argument", "Write for example abs(a - b)."},
	{"min", FORMULA_MIN, FORMULA_NOW, 2, ANY_NUMBER, "min takes two or more arguments", "Write for example min(a, b)."},
	{"max", FORMULA_MAX, FORMULA_NOW, 2, ANY_NUMBER, "max takes two or more arguments", "Write for example max(a, b)."},
	{"round", FORMULA_ROUND, FORMULA_NOW, 1, 2, "round takes a value and a number of decimals", "Write for example round(a / b, 2)."},
	{"coalesce", FORMULA_COALESCE, FORMULA_NOW, 2, ANY_NUMBER, "coalesce takes two or more arguments", "Write for example coalesce(a, 0)."},
	{"nullif", FORMULA_NULLIF, FORMULA_NOW, 2, 2, "nullif takes two arguments", "Write for example nullif(a, 0)."},
	{"previous", FORMULA_INPUT, FORMULA_PREVIOUS, 1, 1, "previous takes the name of a KPI", "Write for example previous(a) / previous(b)."},
	{"year_ago", FORMULA_INPUT, FORMULA_YEAR_AGO, 1, 1, "year_ago takes the name of a KPI", "Write for example year_ago(a) / year_ago(b)."},
};

#define NFUNCTIONS (sizeof(functions) / sizeof(functions[0]))

/* The function of that name; NULL if there is none. */
static const Function *
find_function(const Token *word)
{
	for (size_t i = 0; i < NFUNCTIONS; i++)
		if (token_is(word, functions[i].name))
			return &functions[i];
	return NULL;
}

static const char *
function_name(FormulaKind kind, FormulaAt at)
{
	for (size_t i = 0; i < NFUNCTIONS; i++)
		if (functions[i].kind == kind && functions[i].at == at)
			return functions[i].name;
	return NULL;
}

/* What to say to somebody who wrote a function of another language. */
static const char *
meant_function(const Token *word)
{
	static const char *const meant[][2] = {
		{"greatest", "Write max(a, b)."}, {"least", "Write min(a, b)."}, {"ifnull", "Write coalesce(a, 0)."},
		{"nvl", "Write coalesce(a, 0)."}, {"isnull", "Write coalesce(a, 0)."}, {"lag", "Write previous(a)."},
		{"divide", "Write a / b: a division by zero gives null."}, {"safe_divide", "Write a / b: a division by zero gives null."},
		{"sum", "Write a + b; how the periods of a KPI add up is part of its definition."},
		{"avg", "Write (a + b) / 2; how the periods of a KPI add up is part of its definition."},
	};

	for (size_t i = 0; i < sizeof(meant) / sizeof(meant[0]); i++)
		if (token_is(word, meant[i][0]))
			return meant[i][1];
	return FUNCTIONS_HINT;
}

/* ---- reading ---- */

typedef struct Parser
{
	Phrase		phrase;
	Formula    *formula;
	uint32_t	input_capacity;
	uint32_t	node_capacity;
	uint32_t	operands;
	uint32_t	waiting;		/* results on the stack */
	int			depth;
} Parser;

static bool parse_sum(Parser *parser, uint32_t *node);

/* Appends a node that takes its operands, linked from `first` on, off the stack. */
static uint32_t
add_node(Parser *parser, FormulaKind kind, uint32_t operands, uint32_t first)
{
	Formula    *formula = parser->formula;
	FormulaNode *node;

	if (formula->nnodes == parser->node_capacity)
	{
		parser->node_capacity *= 2;
		formula->nodes = host_realloc(formula->nodes, host_array_size(parser->node_capacity, sizeof(FormulaNode)));
	}
	node = &formula->nodes[formula->nnodes];
	memset(node, 0, sizeof(*node));
	node->kind = kind;
	node->operands = operands;
	node->first = first;
	parser->waiting += 1 - operands;
	if (parser->waiting > formula->stack)
		formula->stack = parser->waiting;
	return formula->nnodes++;
}

static uint32_t
add_binary(Parser *parser, FormulaKind kind, uint32_t left, uint32_t right)
{
	parser->formula->nodes[left].next = right;
	return add_node(parser, kind, 2, left);
}

/* Whether one more level may be opened. */
static bool
enter(Parser *parser)
{
	if (parser->depth++ < FORMULA_MAX_DEPTH)
		return true;
	return phrase_limit(&parser->phrase, "parentheses, functions and minus signs are nested deeper than 100 levels", NULL);
}

static bool
count_operand(Parser *parser)
{
	if (parser->operands++ < FORMULA_MAX_OPERANDS)
		return true;
	return phrase_limit(&parser->phrase, "a formula has at most 1000 numbers and names",
						"Make parts of it derived KPIs of their own.");
}

/* Says what is wrong with the token at hand, where `what` should stand behind an operand. */
static bool
fail_behind_operand(Parser *parser, const char *what)
{
	Phrase	   *phrase = &parser->phrase;
	const Token *token = &phrase->token;
	char		message[120];

	switch (token->kind)
	{
		case TOKEN_PERCENT:
			return phrase_fail(phrase, token->start, "a percent sign stands only behind a number", "Write for example a / 100.");
		case TOKEN_COMMA:
			return phrase_fail(phrase, token->start, "unexpected comma", "Decimals are written with a point, as in 1.5, thousands without a sign.");
		case TOKEN_CLOSE:
			return phrase_fail(phrase, token->start, "there is no \"(\" that this closes", NULL);
		case TOKEN_WORD:
		case TOKEN_QUOTED:
		case TOKEN_NUMBER:
			if (token->length > LANGUAGE_NAMED_BYTES)
				break;
			snprintf(message, sizeof(message), "%s, not \"%.*s\"", what, (int) token->length, token->bytes);
			return phrase_fail(phrase, token->start, message, OPERATOR_HINT);
		default:
			break;
	}
	return phrase_expected(phrase, what, token->kind == TOKEN_END ? NULL : OPERATOR_HINT);
}

static bool
is_input(const FormulaInput *input, const FormulaInput *other)
{
	return input->at == other->at && input->length == other->length && memcmp(input->name, other->name, input->length) == 0;
}

/* Whether a name looks like the key of another KPI's value at another time. */
static bool
looks_like_key(const Token *name)
{
	for (FormulaAt at = FORMULA_PREVIOUS; at <= FORMULA_YEAR_AGO; at++)
	{
		const char *function = formula_at_name(at);
		size_t		length = strlen(function);

		if (name->length > length + 1 && memcmp(name->bytes, function, length) == 0 && name->bytes[length] == '(' &&
			name->bytes[name->length - 1] == ')')
			return true;
	}
	return false;
}

/* The name at hand as an input. */
static bool
parse_input(Parser *parser, FormulaAt at, uint32_t *node)
{
	Phrase	   *phrase = &parser->phrase;
	Formula    *formula = parser->formula;
	FormulaInput input = {phrase->token.bytes, (uint32_t) phrase->token.length, at};
	uint32_t	number = 0;

	if (phrase->token.length > PATTERN_MAX_LABEL_BYTES)
		return phrase_limit(phrase, "the name is longer than 1024 bytes", NULL);
	if (looks_like_key(&phrase->token))
		return phrase_fail(phrase, phrase->token.start, "a name must not look like previous(...) or year_ago(...)",
						   "Write the function without the quotes.");
	if (!count_operand(parser))
		return false;
	while (number < formula->ninputs && !is_input(&formula->inputs[number], &input))
		number++;
	if (number == formula->ninputs)
	{
		if (formula->ninputs == parser->input_capacity)
		{
			parser->input_capacity *= 2;
			formula->inputs = host_realloc(formula->inputs, parser->input_capacity * sizeof(FormulaInput));
		}
		formula->inputs[formula->ninputs++] = input;
	}
	*node = add_node(parser, FORMULA_INPUT, 0, 0);
	formula->nodes[*node].of.input = number;
	phrase_advance(phrase);
	return true;
}

/* A number, `5%` as well. */
static bool
parse_number(Parser *parser, uint32_t *node)
{
	Phrase	   *phrase = &parser->phrase;
	Token		token = phrase->token;
	const char *problem;
	double		number;
	bool		percent;

	if (!count_operand(parser))
		return false;
	phrase_advance(phrase);
	percent = phrase->token.kind == TOKEN_PERCENT;
	problem = real_parse(token.bytes, token.length, percent ? -2 : 0, &number);
	if (problem != NULL)
		return phrase_fail(phrase, token.start, problem, "Numbers are at most about 1.8e308, and not closer to zero than 5e-324.");
	if (percent)
		phrase_advance(phrase);
	*node = add_node(parser, FORMULA_NUMBER, 0, 0);
	parser->formula->nodes[*node].of.number = number;
	return true;
}

static bool
take_close(Parser *parser)
{
	if (parser->phrase.token.kind != TOKEN_CLOSE)
		return fail_behind_operand(parser, "expected an operator or \")\"");
	parser->depth--;
	phrase_advance(&parser->phrase);
	return true;
}

/* The whole number of decimals, behind the comma. */
static bool
parse_decimals(Parser *parser, int *decimals)
{
	static const char message[] = "expected a whole number of decimals from -15 to 15";
	Phrase	   *phrase = &parser->phrase;
	bool		negative = phrase->token.kind == TOKEN_MINUS;
	size_t		place = phrase->token.start;
	double		number;

	if (negative)
		phrase_advance(phrase);
	if (phrase->token.kind != TOKEN_NUMBER)
		return phrase_expected(phrase, message, "Write for example round(a, 2), or round(a, -3) for thousands.");
	if (real_parse(phrase->token.bytes, phrase->token.length, 0, &number) != NULL || number > FORMULA_MAX_DECIMALS ||
		number != floor(number))
		return phrase_fail(phrase, place, message, "Write for example round(a, 2), or round(a, -3) for thousands.");
	*decimals = negative ? -(int) number : (int) number;
	phrase_advance(phrase);
	return true;
}

/* previous and year_ago, behind the parenthesis. */
static bool
parse_other_time(Parser *parser, const Function *function, uint32_t *node)
{
	Phrase	   *phrase = &parser->phrase;
	Lexer		ahead = phrase->lexer;
	TokenKind	behind = lexer_next(&ahead).kind;

	if ((phrase->token.kind != TOKEN_WORD && phrase->token.kind != TOKEN_QUOTED) || (behind != TOKEN_CLOSE && behind != TOKEN_END))
		return phrase_expected(phrase, function->takes, function->hint);
	return parse_input(parser, function->at, node) && take_close(parser);
}

/* A function; its name and the parenthesis are at hand. */
static bool
parse_function(Parser *parser, uint32_t *node)
{
	Phrase	   *phrase = &parser->phrase;
	const Function *function = find_function(&phrase->token);
	uint32_t	arguments = 0;
	uint32_t	first = 0;
	uint32_t	last = 0;
	int			decimals = 0;
	char		message[120];

	if (function == NULL)
	{
		snprintf(message, sizeof(message), "there is no function \"%.*s\"",
				 phrase->token.length > LANGUAGE_NAMED_BYTES ? 0 : (int) phrase->token.length, phrase->token.bytes);
		return phrase_fail(phrase, phrase->token.start,
						   phrase->token.length > LANGUAGE_NAMED_BYTES ? "there is no such function" : message,
						   meant_function(&phrase->token));
	}
	if (!enter(parser))
		return false;
	phrase_advance(phrase);
	phrase_advance(phrase);
	if (function->kind == FORMULA_INPUT)
		return parse_other_time(parser, function, node);
	for (;;)
	{
		if (arguments == function->most || (phrase->token.kind == TOKEN_CLOSE && arguments < function->least))
			return phrase_fail(phrase, phrase->token.start, function->takes, function->hint);
		if (function->kind == FORMULA_ROUND && arguments == 1)
		{
			if (!parse_decimals(parser, &decimals))
				return false;
		}
		else
		{
			if (!parse_sum(parser, node))
				return false;
			if (arguments == 0)
				first = *node;
			else
				parser->formula->nodes[last].next = *node;
			last = *node;
		}
		arguments++;
		if (phrase->token.kind != TOKEN_COMMA)
			break;
		phrase_advance(phrase);
	}
	if (phrase->token.kind == TOKEN_CLOSE && arguments < function->least)
		return phrase_fail(phrase, phrase->token.start, function->takes, function->hint);
	if (!take_close(parser))
		return false;
	*node = add_node(parser, function->kind, function->kind == FORMULA_ROUND ? 1 : arguments, first);
	parser->formula->nodes[*node].of.decimals = decimals;
	return true;
}

/* What operators stand between: a number, a name, a function, parentheses, or one of these behind a minus. */
static bool
parse_operand(Parser *parser, uint32_t *node)
{
	Phrase	   *phrase = &parser->phrase;
	Lexer		ahead = phrase->lexer;

	switch (phrase->token.kind)
	{
		case TOKEN_NUMBER:
			return parse_number(parser, node);
		case TOKEN_QUOTED:
			return parse_input(parser, FORMULA_NOW, node);
		case TOKEN_WORD:
			if (lexer_next(&ahead).kind == TOKEN_OPEN)
				return parse_function(parser, node);
			return parse_input(parser, FORMULA_NOW, node);
		case TOKEN_MINUS:
			if (!enter(parser))
				return false;
			phrase_advance(phrase);
			if (!parse_operand(parser, node))
				return false;
			*node = add_node(parser, FORMULA_NEGATE, 1, *node);
			parser->depth--;
			return true;
		case TOKEN_OPEN:
			if (!enter(parser))
				return false;
			phrase_advance(phrase);
			return parse_sum(parser, node) && take_close(parser);
		default:
			return phrase_expected(phrase, "expected a name, a number or \"(\"", OPERAND_HINT);
	}
}

static bool
parse_product(Parser *parser, uint32_t *node)
{
	Phrase	   *phrase = &parser->phrase;

	if (!parse_operand(parser, node))
		return false;
	while (phrase->token.kind == TOKEN_STAR || phrase->token.kind == TOKEN_SLASH)
	{
		FormulaKind kind = phrase->token.kind == TOKEN_STAR ? FORMULA_MULTIPLY : FORMULA_DIVIDE;
		uint32_t	right;

		phrase_advance(phrase);
		if (!parse_operand(parser, &right))
			return false;
		*node = add_binary(parser, kind, *node, right);
	}
	return true;
}

static bool
parse_sum(Parser *parser, uint32_t *node)
{
	Phrase	   *phrase = &parser->phrase;

	if (!parse_product(parser, node))
		return false;
	while (phrase->token.kind == TOKEN_PLUS || phrase->token.kind == TOKEN_MINUS)
	{
		FormulaKind kind = phrase->token.kind == TOKEN_PLUS ? FORMULA_ADD : FORMULA_SUBTRACT;
		uint32_t	right;

		phrase_advance(phrase);
		if (!parse_product(parser, &right))
			return false;
		*node = add_binary(parser, kind, *node, right);
	}
	return true;
}

bool
formula_parse(const char *text, size_t length, bool utf8, Formula *formula, LanguageError *error)
{
	Parser		parser = {.formula = formula, .input_capacity = 4, .node_capacity = 8};
	uint32_t	result;

	memset(formula, 0, sizeof(*formula));
	if (!phrase_begin_arithmetic(&parser.phrase, "formula", text, length, utf8, error))
		return false;
	formula->inputs = host_alloc(NULL, parser.input_capacity * sizeof(FormulaInput));
	formula->nodes = host_alloc(NULL, parser.node_capacity * sizeof(FormulaNode));
	if (!parse_sum(&parser, &result))
		return false;
	if (parser.phrase.token.kind != TOKEN_END)
		return fail_behind_operand(&parser, "expected an operator");
	return true;
}

/* ---- writing ---- */

/* How tightly an operator holds its operands together. */
typedef enum Binding
{
	BINDS_SUM,
	BINDS_PRODUCT,
	BINDS_MINUS,
	BINDS_ALL
} Binding;

static Binding
binding(FormulaKind kind)
{
	switch (kind)
	{
		case FORMULA_ADD:
		case FORMULA_SUBTRACT:
			return BINDS_SUM;
		case FORMULA_MULTIPLY:
		case FORMULA_DIVIDE:
			return BINDS_PRODUCT;
		case FORMULA_NEGATE:
			return BINDS_MINUS;
		default:
			return BINDS_ALL;
	}
}

static const char *
operator_text(FormulaKind kind)
{
	switch (kind)
	{
		case FORMULA_ADD:
			return " + ";
		case FORMULA_SUBTRACT:
			return " - ";
		case FORMULA_MULTIPLY:
			return " * ";
		default:
			return " / ";
	}
}

static void
put_input(Text *text, const FormulaInput *input)
{
	if (input->at != FORMULA_NOW)
	{
		text_put(text, function_name(FORMULA_INPUT, input->at));
		text_put(text, "(");
	}
	text_put_arithmetic_name(text, input->name, input->length);
	if (input->at != FORMULA_NOW)
		text_put(text, ")");
}

static void put_node(Text *text, const Formula *formula, uint32_t number, Binding least);

static void
put_function(Text *text, const Formula *formula, const FormulaNode *node)
{
	uint32_t	operand = node->first;

	text_put(text, function_name(node->kind, FORMULA_NOW));
	text_put(text, "(");
	for (uint32_t i = 0; i < node->operands; i++)
	{
		if (i > 0)
			text_put(text, ", ");
		put_node(text, formula, operand, BINDS_SUM);
		operand = formula->nodes[operand].next;
	}
	if (node->kind == FORMULA_ROUND && node->of.decimals != 0)
	{
		text_put(text, ", ");
		text_put_number(text, node->of.decimals);
	}
	text_put(text, ")");
}

/*
 * In parentheses if it does not bind as tightly as `least`. It goes as deep as the parser went, and along the operands of
 * one level, which there are FORMULA_MAX_OPERANDS of.
 */
static void
put_node(Text *text, const Formula *formula, uint32_t number, Binding least)
{
	const FormulaNode *node = &formula->nodes[number];
	Binding		binds = binding(node->kind);
	char		digits[REAL_TEXT_MAX];

	if (binds < least)
		text_put(text, "(");
	switch (node->kind)
	{
		case FORMULA_NUMBER:
			text_put_bytes(text, digits, real_print(digits, node->of.number));
			break;
		case FORMULA_INPUT:
			put_input(text, &formula->inputs[node->of.input]);
			break;
		case FORMULA_NEGATE:
			text_put(text, "-");
			put_node(text, formula, node->first, BINDS_MINUS);
			break;
		case FORMULA_ADD:
		case FORMULA_SUBTRACT:
		case FORMULA_MULTIPLY:
		case FORMULA_DIVIDE:
			/* what stands on the right in parentheses is not the same without, not even of a sum: doubles are rounded */
			put_node(text, formula, node->first, binds);
			text_put(text, operator_text(node->kind));
			put_node(text, formula, formula->nodes[node->first].next, binds + 1);
			break;
		default:
			put_function(text, formula, node);
			break;
	}
	if (binds < least)
		text_put(text, ")");
}

char *
formula_print(const Formula *formula, bool utf8, size_t *length)
{
	Text		text;

	text_begin(&text, utf8, NULL, NULL);
	put_node(&text, formula, formula->nnodes - 1, BINDS_SUM);
	*length = text.length;
	return text.bytes;
}

/* ---- evaluating ---- */

/* Null is NaN, which all operators of doubles hand on; what is no finite number becomes one. */
static inline double
or_null(double value)
{
	return isfinite(value) ? value : NAN;
}

/* One operation on the operands that `of` begins with. */
static double
operate(const FormulaNode *node, const double *of)
{
	double		result = of[0];

	switch (node->kind)
	{
		case FORMULA_NEGATE:
			return -of[0];
		case FORMULA_ADD:
			return or_null(of[0] + of[1]);
		case FORMULA_SUBTRACT:
			return or_null(of[0] - of[1]);
		case FORMULA_MULTIPLY:
			return or_null(of[0] * of[1]);
		case FORMULA_DIVIDE:
			return of[1] == 0 ? NAN : or_null(of[0] / of[1]);
		case FORMULA_ABS:
			return fabs(of[0]);
		case FORMULA_ROUND:
			return isnan(of[0]) ? NAN : or_null(real_round(of[0], node->of.decimals));
		case FORMULA_NULLIF:
			return of[0] == of[1] ? NAN : of[0];
		case FORMULA_MIN:
			for (uint32_t i = 1; i < node->operands; i++)
				result = isnan(result) || of[i] >= result ? result : of[i];
			return result;
		case FORMULA_MAX:
			for (uint32_t i = 1; i < node->operands; i++)
				result = isnan(result) || of[i] <= result ? result : of[i];
			return result;
		case FORMULA_COALESCE:
			for (uint32_t i = 1; i < node->operands && isnan(result); i++)
				result = of[i];
			return result;
		default:
			host_fail(HOST_BUG, NULL, "formula has a node of unknown kind %d", (int) node->kind);
	}
}

double
formula_evaluate(const Formula *formula, const double *inputs, double *stack)
{
	uint32_t	top = 0;

	for (uint32_t i = 0; i < formula->nnodes; i++)
	{
		const FormulaNode *node = &formula->nodes[i];

		top -= node->operands;
		if (node->kind == FORMULA_NUMBER)
			stack[top] = node->of.number;
		else if (node->kind == FORMULA_INPUT)
			stack[top] = or_null(inputs[node->of.input]);
		else
			stack[top] = operate(node, &stack[top]);
		top++;
		host_assert(top <= formula->stack);
	}
	host_assert(top == 1);
	/* a zero has no sign */
	return stack[0] == 0 ? 0 : stack[0];
}

/* ---- inputs ---- */

const char *
formula_at_name(FormulaAt at)
{
	return at == FORMULA_NOW ? "now" : function_name(FORMULA_INPUT, at);
}

char *
formula_input_key(const FormulaInput *input, size_t *length)
{
	Text		text;

	text_begin(&text, false, NULL, NULL);
	if (input->at != FORMULA_NOW)
	{
		text_put(&text, formula_at_name(input->at));
		text_put(&text, "(");
	}
	text_put_bytes(&text, input->name, input->length);
	if (input->at != FORMULA_NOW)
		text_put(&text, ")");
	*length = text.length;
	return text.bytes;
}
