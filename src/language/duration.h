/*
 * duration.h: fixed durations in the little languages: `7 days`, `1 day 12 hours`, `1.5 sec`.
 */
#ifndef KPI_DURATION_H
#define KPI_DURATION_H

#include "language/lexer.h"
#include "language/pattern.h"

#define DURATION_MAX (INT64_C(1) << 62) /* microseconds */
#define DURATION_TEXT 80		/* bytes that any duration takes as text, terminator included */

/*
 * Reads a duration of one or more `number unit` from the lexer. Microseconds in *span; false with *error
 * filled if there is none. Stops before the first token that can't belong to it.
 */
extern bool duration_parse(Lexer *lexer, int64_t *span, LanguageError *error);

/* Writes a duration of 0 .. DURATION_MAX in days, hours, min and sec; returns the length. */
extern size_t duration_print(int64_t span, char text[DURATION_TEXT]);

/* Labels up to so many bytes are named in errors. */
#define LANGUAGE_NAMED_BYTES 60

/* Fills in an error, which is no limit passed; false. */
extern bool language_error(LanguageError *error, size_t offset, const char *message, const char *hint);

#endif							/* KPI_DURATION_H */
