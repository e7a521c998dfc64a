/*
 * glyph.h: texts as they are seen: characters, how wide they are, and where they may be cut.
 *
 * Texts are UTF-8 that nobody has checked. What is no UTF-8, and what may not stand in XML or would change how the text around it
 * is read (control characters, directional overrides), is seen as U+FFFD.
 */
#ifndef KPI_GLYPH_H
#define KPI_GLYPH_H

#include "host.h"

#define GLYPH_BAD		0xFFFD

typedef struct Text
{
	const char *bytes;
	size_t		length;
} Text;

/* A string constant. */
#define TEXT(literal)	((Text) {(literal), sizeof(literal) - 1})

/* The character at *at, which has to be before `end`; moves on behind it. Line ends and tabs are blanks. */
extern uint32_t glyph_next(const char **at, const char *end);

/* Writes a character as UTF-8; the number of bytes, at most 4. */
extern int	glyph_write(char *bytes, uint32_t glyph);

/* How wide a character is, as a share of the font's size: rather as in a wide font, as nobody knows which one there will be. */
extern double glyph_width(uint32_t glyph);

extern double text_width(Text text);

/*
 * The longest beginning of a text that is no wider than `width`, with room for an ellipsis if it is cut; a character and
 * the marks on it stay together.
 */
extern Text text_fit(Text text, double width, bool *cut);

#endif							/* KPI_GLYPH_H */
