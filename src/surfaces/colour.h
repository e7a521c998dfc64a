/*
 * colour.h: the colours of charts and pages, by light and in the dark, and whether they can be told from each other.
 */
#ifndef KPI_COLOUR_H
#define KPI_COLOUR_H

#include "surfaces/markup.h"

#define SERIES_MAX		8
#define HEAT_LEVELS		10

typedef enum Paint
{
	PAINT_BACK,					/* behind everything */
	PAINT_INK,
	PAINT_MUTED,				/* words that are less important */
	PAINT_GRID,
	PAINT_TRACK,				/* where a bar could be */
	PAINT_ACCENT,				/* what it is about */
	PAINT_GOOD,
	PAINT_DOUBTFUL,
	PAINT_BAD,
	PAINT_UNKNOWN,
	PAINT_SERIES,				/* the first of SERIES_MAX */
	PAINT_HEAT = PAINT_SERIES + SERIES_MAX, /* the first of HEAT_LEVELS, from few to many */
	PAINT_ON_HEAT = PAINT_HEAT + HEAT_LEVELS,	/* words on these */
	PAINTS = PAINT_ON_HEAT + HEAT_LEVELS
} Paint;

typedef enum Theme
{
	THEME_LIGHT,
	THEME_DARK,
	THEMES
} Theme;

/* 0xRRGGBB */
extern uint32_t paint_colour(Paint paint, Theme theme);

/* How well two colours can be told apart, 1 to 21, as WCAG 2 computes it. */
extern double colour_contrast(uint32_t one, uint32_t other);

/*
 * The style sheet for those of the paints whose bits are set: what has the class k-NAME is filled with it, s-NAME drawn. A page that has
 * the variables --kt-NAME of its own replaces them.
 */
extern void paint_style(Markup *markup, uint64_t paints);

/* The attributes of something that is filled or drawn with a paint; the colour itself, too, for those who know no style sheets. */
extern void paint_fill(Markup *markup, Paint paint, bool fallback);
extern void paint_stroke(Markup *markup, Paint paint, bool fallback);

#endif							/* KPI_COLOUR_H */
