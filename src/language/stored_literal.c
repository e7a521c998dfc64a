/*
 * stored_literal.c: see stored_literal.h.
 */
#include "language/stored_literal.h"

#include <string.h>

char *
stored_literal_read(WireReader *reader, size_t *length)
{
	const char *bytes;
	char	   *text;

	*length = wire_read_count(reader, 1);
	bytes = (const char *) wire_read_bytes(reader, *length);
	if (reader->failure != NULL || *length == 0)
	{
		wire_read_done(reader);
		return NULL;
	}
	text = host_alloc(NULL, *length + 1);
	memcpy(text, bytes, *length);
	text[*length] = '\0';
	return text;
}

bool
stored_literal_check(WireReader *reader, const char *text, size_t length, const char *printed, size_t printed_length,
					 const char *not_canonical)
{
	if (printed_length == length && memcmp(printed, text, length) == 0)
		return true;
	wire_read_fail(reader, not_canonical);
	return false;
}
