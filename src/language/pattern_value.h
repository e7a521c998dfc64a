/*
 * pattern_value.h: kpi.pattern in the server: reading stored patterns, and keeping compiled ones.
 */
#ifndef KPI_PATTERN_VALUE_H
#define KPI_PATTERN_VALUE_H

#include "kpi_track.h"

#include "language/chain.h"
#include "language/pattern.h"

/* A pattern ready for use. Immutable. */
typedef struct CompiledPattern
{
	const char *text;			/* canonical */
	size_t		length;
	bool		masks;			/* compiled for events that are masks of conditions */
	Pattern		pattern;
	Program    *program;
} CompiledPattern;

/*
 * The compiled form of a kpi.pattern, which stays valid until `holder` is reset or deleted. Compiled patterns
 * are kept for the life of the session (a few that nobody holds, and all that somebody does), so this is
 * cheap for a pattern that was seen before. Fails if the pattern does not suit masks.
 */
extern const CompiledPattern *compiled_pattern_hold(MemoryContext holder, Datum pattern, bool masks);

/* The same for a canonical text that comes from inside another value. */
extern const CompiledPattern *compiled_pattern_hold_text(MemoryContext holder, const char *text,
														 size_t length, bool masks);

/*
 * The compiled form of a kpi.pattern for labels, for use at once: it may be gone after the next look-up of any
 * pattern. Allocates nothing for a pattern that was seen before.
 */
extern const CompiledPattern *compiled_pattern_peek(Datum pattern);

/*
 * chaser_run with all times allowed, with a chaser that is kept with the compiled pattern: for callers that have no
 * place to keep one themselves.
 */
extern void compiled_pattern_chase(const CompiledPattern *compiled, const EventSeq *events, Chase *chase);

/* Whether a kpi.pattern is the one that was compiled. */
extern bool compiled_pattern_is(const CompiledPattern *compiled, Datum pattern);

/* Parses a stored canonical text into the current context; data_corrupted if it is not one. */
extern void pattern_parse_stored(const char *text, size_t length, Pattern *pattern);

/* A kpi.pattern of a canonical text. */
extern Datum pattern_value_make(const char *text, size_t length);

#endif							/* KPI_PATTERN_VALUE_H */
