/*
 * stored_literal.h: the canonical literal that every stored summary begins with.
 */
#ifndef KPI_STORED_LITERAL_H
#define KPI_STORED_LITERAL_H

#include "engine/wire.h"

/*
 * Reads its length and text, into the current arena, terminated. NULL if there is nothing more to read: after a failure, or
 * of a summary of nothing, which has no literal.
 */
extern char *stored_literal_read(WireReader *reader, size_t *length);

/* Whether the text is what it prints as, which was made from it; else what is wrong is in the reader: `not_canonical`. */
extern bool stored_literal_check(WireReader *reader, const char *text, size_t length, const char *printed,
								 size_t printed_length, const char *not_canonical);

#endif							/* KPI_STORED_LITERAL_H */
