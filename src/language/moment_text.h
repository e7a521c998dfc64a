/*
 * moment_text.h: points in time as text, whatever the settings of the session.
 *
 * Written is `2024-01-01 00:00:05.25Z`: UTC, fractions of a second without trailing zeros, `infinity` and `-infinity`.
 * Read are also `T` for the blank and other offsets (`+09:00`), so what to_jsonb makes of a timestamptz.
 */
#ifndef KPI_MOMENT_TEXT_H
#define KPI_MOMENT_TEXT_H

#include "engine/moment.h"
#include "language/pattern.h"

#define MOMENT_TEXT_MAX 40		/* bytes, terminator included */

typedef enum MomentStyle
{
	MOMENT_PLAIN,				/* 0044-03-15 BC 12:00:00Z: nothing follows the zone */
	MOMENT_ISO					/* 0044-03-15T12:00:00Z BC: as in jsonb; reading takes the whole text */
} MomentStyle;

/* Writes a moment that the server knows, terminated. */
extern void moment_print(char *text, int64_t moment, MomentStyle style);

/*
 * Reads a moment at *at and moves behind it. False, with *error filled, if there is none.
 */
extern bool moment_parse(const char *text, size_t length, size_t *at, MomentStyle style, int64_t *moment,
						 LanguageError *error);

#endif							/* KPI_MOMENT_TEXT_H */
