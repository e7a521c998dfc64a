/*
 * drawing.h: what the charts are drawn with.
 */
#ifndef KPI_DRAWING_H
#define KPI_DRAWING_H

#include "surfaces/chart.h"

#define FONT		12.0		/* of labels */
#define FONT_SMALL	11.0
#define FONT_TITLE	14.0
#define MARGIN		12.0

/* A chart that is being drawn. */
typedef struct Drawing
{
	const ChartOptions *options;
	Markup		body;
	Markup		about;			/* the description */
	Word		kind;
	double		width;
	double		height;
	double		top;			/* where there is room below what has been drawn */
	uint64_t	paints;			/* those that were used */
} Drawing;

typedef enum Anchor
{
	ANCHOR_START,
	ANCHOR_MIDDLE,
	ANCHOR_END
} Anchor;

typedef struct Style
{
	Paint		paint;
	Anchor		anchor;
	double		size;			/* 0: FONT */
	bool		bold;
} Style;

/* Begins with the title, the unit below it, and a status to the right; the height may be set later. */
extern void drawing_begin(Drawing *drawing, const ChartOptions *options, Word kind, int status);

/* Puts the picture together. */
extern void drawing_end(Drawing *drawing, Markup *out);

/* All that there is to be said if there is nothing to draw. */
extern void drawing_no_data(Drawing *drawing, Markup *out);

extern void draw_text(Drawing *drawing, double x, double y, double width, Text text, Style style);

/* The same with an edge in the colour behind it, so that it can be read above lines. */
extern void draw_text_above(Drawing *drawing, double x, double y, double width, Text text, Style style);

/* Open tags end with '>' or "/>", which is up to the caller. */
extern void draw_fill(Drawing *drawing, Paint paint);
extern void draw_stroke(Drawing *drawing, Paint paint);
extern void draw_rectangle(Drawing *drawing, double x, double y, double width, double height, double radius, Paint paint);
extern void draw_line(Drawing *drawing, double x1, double y1, double x2, double y2, double width, Paint paint, const char *dash);

/* Begins a group that can be seen through; the caller ends it. */
extern void draw_group(Drawing *drawing, double opacity);

/* Names with marks before them, in lines as wide as the chart; moves `top`. `dashes`: as lines, else as squares. */
typedef struct LegendEntry
{
	Text		name;
	Paint		paint;
	const char *dash;			/* of a line; NULL: a square */
	double		opacity;
} LegendEntry;

extern void draw_legend(Drawing *drawing, const LegendEntry *entries, size_t count);

/* "12 more not shown", at the bottom. */
extern void draw_not_shown(Drawing *drawing, double y, size_t count);

/* Numbers: short ones for the eye, all digits with their unit for who asks. */
extern Text short_figure(const Drawing *drawing, char *text, double value, int digits);
extern void add_figure(const Drawing *drawing, Markup *markup, double value);

/* What a part of the picture says when pointed at: "label: value", within <title>. */
extern void draw_tip(Drawing *drawing, Text series, Text label, double value, const char *note);

/* Appends "label value; " to the description, unless it is long already. */
extern void describe(Drawing *drawing, Text label, double value);

extern double larger(double a, double b);
extern double smaller(double a, double b);

/* A mark of a status, around a point. */
extern void add_status_mark(Markup *markup, int status, double x, double y, bool fallback, uint64_t *paints);

extern Word status_word(int status);

#endif							/* KPI_DRAWING_H */
