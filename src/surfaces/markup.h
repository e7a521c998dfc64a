/*
 * markup.h: writing XML and HTML: a text that grows, with everything escaped that did not come out of the source code.
 */
#ifndef KPI_MARKUP_H
#define KPI_MARKUP_H

#include "surfaces/glyph.h"

typedef struct Markup
{
	char	   *bytes;			/* terminated */
	size_t		length;
	size_t		room;
	bool		ascii;			/* characters beyond ASCII are written as references: the database is not in UTF-8 */
} Markup;

extern void markup_init(Markup *markup, bool ascii);

/* Appends what is markup already; it has to be ASCII. */
extern void markup_add(Markup *markup, const char *literal);
extern void markup_append(Markup *markup, const Markup *other);

/* Text, for between tags as well as for attributes in double quotes. */
extern void markup_text(Markup *markup, Text text);
extern void markup_string(Markup *markup, const char *text);

/* No more than that wide; the rest is an ellipsis. */
extern void markup_text_within(Markup *markup, Text text, double width);

/* A coordinate, to a tenth of a pixel. */
extern void markup_number(Markup *markup, double number);

/* printf for markup: %s literals (ASCII), %d integers, %n numbers, %t texts (const char *, escaped), %T Texts (by address, escaped), %% */
extern void markup_format(Markup *markup, const char *format, ...);

#endif							/* KPI_MARKUP_H */
