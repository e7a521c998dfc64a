/*
 * formula.h: the language of derived KPIs, arithmetic over other KPIs.
 *
 *     (revenue - coalesce(refunds, 0)) / "new customers" - previous(cac)
 *
 * A text is parsed into a Formula, which prints as the canonical text; that is what is stored. Nothing of it is ever
 * run as SQL. Grammar and meaning: docs/formula.md.
 */
#ifndef KPI_FORMULA_H
#define KPI_FORMULA_H

#include "language/phrase.h"

#define FORMULA_MAX_OPERANDS	1000	/* numbers and names, those given twice count twice */
#define FORMULA_MAX_DEPTH		100		/* parentheses, functions and minus signs inside each other */
#define FORMULA_MAX_DECIMALS	15

/* Of which period a KPI's value is. */
typedef enum FormulaAt
{
	FORMULA_NOW,
	FORMULA_PREVIOUS,
	FORMULA_YEAR_AGO
} FormulaAt;

/* A value that a formula needs. */
typedef struct FormulaInput
{
	const char *name;			/* of the KPI, not terminated */
	uint32_t	length;			/* 1 .. PATTERN_MAX_LABEL_BYTES */
	FormulaAt	at;
} FormulaInput;

typedef enum FormulaKind
{
	FORMULA_NUMBER,
	FORMULA_INPUT,
	FORMULA_NEGATE,
	FORMULA_ADD,
	FORMULA_SUBTRACT,
	FORMULA_MULTIPLY,
	FORMULA_DIVIDE,
	FORMULA_ABS,
	FORMULA_MIN,
	FORMULA_MAX,
	FORMULA_ROUND,
	FORMULA_COALESCE,
	FORMULA_NULLIF
} FormulaKind;

/* A number, an input, or an operation on the results of others. */
typedef struct FormulaNode
{
	FormulaKind kind;
	uint32_t	operands;		/* how many */
	uint32_t	first;			/* the first of them, if there are any */
	uint32_t	next;			/* the one behind this among the operands of another node, if it is not the last */
	union
	{
		double		number;		/* finite, not negative */
		uint32_t	input;
		int			decimals;	/* of FORMULA_ROUND */
	}			of;
} FormulaNode;

/* Nodes stand behind their operands, so they can be evaluated one after the other; the last one is the result. */
typedef struct Formula
{
	uint32_t	ninputs;
	FormulaInput *inputs;		/* each once, in the order of first use */
	uint32_t	nnodes;			/* > 0 */
	FormulaNode *nodes;
	uint32_t	stack;			/* most results that wait at a time */
} Formula;

/* As pattern_parse and pattern_print. */
extern bool formula_parse(const char *text, size_t length, bool utf8, Formula *formula, LanguageError *error);
extern char *formula_print(const Formula *formula, bool utf8, size_t *length);

/*
 * The value of a formula for values of its inputs; NaN stands for null, in both, and inputs that are infinite are taken for null, too.
 * `stack` has room for formula->stack numbers. The result is finite or NaN, and never -0.
 */
extern double formula_evaluate(const Formula *formula, const double *inputs, double *stack);

/* "now", "previous" or "year_ago". */
extern const char *formula_at_name(FormulaAt at);

/* What an input is called by those who give its value, in the current arena: "cac", "previous(cac)". No two of a formula are the same. */
extern char *formula_input_key(const FormulaInput *input, size_t *length);

#endif							/* KPI_FORMULA_H */
