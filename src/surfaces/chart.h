/*
 * chart.h: pictures of numbers, as SVG that stands for itself: readable in a browser and on paper, by light and in the dark, and
 * by who only hears it. Whatever labels say is text; numbers that are none are gaps.
 */
#ifndef KPI_CHART_H
#define KPI_CHART_H

#include "catalog/judgement.h"
#include "surfaces/colour.h"
#include "surfaces/figure.h"
#include "surfaces/scale.h"

#define CHART_WIDTH_MIN		120
#define CHART_WIDTH_MAX		4000
#define CHART_HEIGHT_MIN	16
#define CHART_HEIGHT_MAX	4000

typedef struct ChartOptions
{
	Text		title;			/* empty: the kind of chart */
	Text		unit;			/* of the values; empty: none */
	bool		percent;		/* the values are shares, and shown in per cent */
	int			width;
	int			height;			/* 0: what it needs */
	Tongue		tongue;
	bool		ascii;			/* see Markup */
	bool		bare;			/* part of a page, which has the style, the background and the title already */
} ChartOptions;

/* Numbers by series and label: values[series * nlabels + label]; NAN: none. Without names of series there is one. */
typedef struct ChartTable
{
	const Text *labels;
	size_t		nlabels;
	const Text *series;
	size_t		nseries;		/* at least 1 */
	bool		has_series;
	const double *values;
} ChartTable;

typedef struct FunnelChart
{
	const Text *names;
	const double *counts;
	const double *from_first;	/* shares, NAN: not known */
	const double *from_previous;
	const double *dropped;
	size_t		nsteps;
} FunnelChart;

/* Arrays of as many numbers as there are labels, or NULL. */
typedef struct LineExtras
{
	const double *targets;
	const double *low;			/* a range, or an interval, around them */
	const double *high;
	const double *forecast;		/* of what is not over yet */
	int			status;			/* KpiStatus, -1: none */
	bool		shades;			/* the series are one thing at several times: shades of one colour */
	bool		from_zero;
} LineExtras;

typedef struct HeatMap
{
	const Text *rows;
	const double *sizes;		/* of the rows, or NULL */
	size_t		nrows;
	const Text *columns;
	size_t		ncolumns;
	const double *values;		/* [row * ncolumns + column] */
	const bool *incomplete;		/* so, too; or NULL */
	size_t		skipped;		/* rows and columns that were left out before */
	Text		row_name;		/* what rows and columns are */
	Text		column_name;
} HeatMap;

typedef struct BulletChart
{
	double		actual;
	double		target;
	double		expected;
	double		low;
	double		high;
	double		forecast;
	int			status;			/* KpiStatus, -1: none */
} BulletChart;

extern void bar_chart(Markup *out, const ChartOptions *options, const ChartTable *table);
extern void line_chart(Markup *out, const ChartOptions *options, const ChartTable *table, const LineExtras *extras);
extern void funnel_chart(Markup *out, const ChartOptions *options, const FunnelChart *funnel);
extern void heat_map(Markup *out, const ChartOptions *options, const HeatMap *map);
extern void bullet_chart(Markup *out, const ChartOptions *options, const BulletChart *bullet);
extern void sparkline_chart(Markup *out, const ChartOptions *options, const double *values, size_t count);

/* A status as a picture and a word, as a piece of HTML; empty if it is -1. */
extern void status_mark(Markup *out, int status, Tongue tongue);

/* What a status is painted with. */
extern Paint status_paint(int status);

/* In characters: a bar of `width` places, of which `value` of `most` are full, to an eighth; terminated, 3 bytes a place. */
extern size_t text_bar(char *text, double value, double most, int width, bool ascii);

/* And one character for each number, blanks for those that are none. */
extern size_t text_sparkline(char *text, const double *values, size_t count, bool ascii);

#endif							/* KPI_CHART_H */
