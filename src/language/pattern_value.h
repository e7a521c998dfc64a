/*
 * pattern_value.h: kpi.pattern in the server.
 */
#ifndef KPI_PATTERN_VALUE_H
#define KPI_PATTERN_VALUE_H

#include "language/chain.h"
#include "language/language_value.h"

extern const Language pattern_language;

/* A pattern ready for use. Immutable but for the chaser that it lends. */
typedef struct CompiledPattern
{
	Compiled	head;
	Pattern		pattern;
	Program    *program;
	MemoryContext memory;		/* that everything of it is in */
	MemoryContext scratch;		/* child of it, of the chaser */
	Chaser	   *chaser;			/* NULL: not made yet, or left by an error in the middle of its work */
} CompiledPattern;

/* compiled_peek of a kpi.pattern. */
static inline const CompiledPattern *
compiled_pattern_peek(Datum pattern)
{
	return (const CompiledPattern *) compiled_peek(&pattern_language, pattern);
}

/*
 * chaser_run with all times allowed, with a chaser that is kept with the compiled pattern: for callers that have no
 * place to keep one themselves.
 */
extern void compiled_pattern_chase(const CompiledPattern *compiled, const EventSeq *events, Chase *chase);

#endif							/* KPI_PATTERN_VALUE_H */
