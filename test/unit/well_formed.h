/*
 * well_formed.h: whether some bytes are well-formed XML of the kind that charts are, and inert: tags that match, attributes in double
 * quotes, no scripts, nothing from elsewhere.
 */
#ifndef KPI_WELL_FORMED_H
#define KPI_WELL_FORMED_H

#include <ctype.h>
#include <string.h>

#include "surfaces/glyph.h"

#define DEEPEST		32

/* NULL, or what is wrong. */
static inline const char *
ill_formed(const char *bytes, size_t length, bool ascii)
{
	const char *at = bytes;
	const char *end = bytes + length;
	Text		open[DEEPEST];
	int			depth = 0;

	for (const char *glyphs = bytes; glyphs < end;)
	{
		const char *before = glyphs;
		uint32_t	glyph = glyph_next(&glyphs, end);

		if (glyph == GLYPH_BAD && (glyphs - before != 3 || memcmp(before, "\xEF\xBF\xBD", 3) != 0))
			return "a character that may not be";
		if (ascii && glyph >= 0x80)
			return "a character beyond ASCII";
	}
	while (at < end)
	{
		const char *name;
		size_t		name_length;
		bool		closes;

		if (*at == '&')
		{
			size_t		reference = strspn(at + 1, "#abcdefghijklmnopqrstuvwxyzABCDEFx0123456789");

			if (reference == 0 || at[reference + 1] != ';')
				return "an ampersand";
			at += reference + 2;
			continue;
		}
		if (*at == '>')
			return "an angle";
		if (*at != '<')
		{
			at++;
			continue;
		}
		closes = at[1] == '/';
		name = at + (closes ? 2 : 1);
		name_length = strspn(name, "abcdefghijklmnopqrstuvwxyz");
		if (name_length == 0)
			return "a tag without a name";
		if (memcmp(name, "script", name_length) == 0 || memcmp(name, "foreign", name_length) == 0 || memcmp(name, "image", name_length) == 0)
			return "a tag that acts";
		at = name + name_length;
		if (closes)
		{
			if (*at != '>' || depth == 0 || open[depth - 1].length != name_length || memcmp(open[depth - 1].bytes, name, name_length) != 0)
				return "an end that does not match";
			depth--;
			at++;
			continue;
		}
		while (*at == ' ')
		{
			size_t		attribute = strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789");

			if (attribute == 0 || at[attribute + 1] != '=' || at[attribute + 2] != '"')
				return "an attribute";
			if (attribute >= 2 && at[1] == 'o' && at[2] == 'n')
				return "an attribute that acts";
			if (strncmp(at + 1, "href", 4) == 0 || strncmp(at + 1, "src", 3) == 0)
				return "something from elsewhere";
			at += attribute + 3;
			while (at < end && *at != '"')
			{
				if (*at == '<' || *at == '>')
					return "an angle in an attribute";
				at++;
			}
			if (at >= end)
				return "an attribute without an end";
			at++;
		}
		if (at[0] == '/' && at[1] == '>')
		{
			at += 2;
			continue;
		}
		if (*at != '>')
			return "a tag without an end";
		if (depth == DEEPEST)
			return "too deep";
		open[depth++] = (Text) {name, name_length};
		at++;
	}
	return depth == 0 ? NULL : "a tag that is not closed";
}

#endif							/* KPI_WELL_FORMED_H */
