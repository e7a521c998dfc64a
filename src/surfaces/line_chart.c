/*
 * line_chart.c: numbers one after the other: line_chart() and sparkline_chart() of chart.h.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "surfaces/drawing.h"

#define POINTS_MAX		1500	/* of each line */
#define DOTS_MAX		200		/* so many points are marked */
#define SPARKS_MAX		400
#define HEIGHT			240

/* Lines that differ in more than their colours. */
static const char *const dashes[SERIES_MAX] = {"", "7 3", "2 3", "9 3 2 3", "12 4", "4 2", "1 2", "6 2 1 2 1 2"};

/* Where the points are. */
typedef struct Plot
{
	double		left;
	double		right;
	double		top;
	double		bottom;
	size_t		count;
	Scale		scale;
} Plot;

static double
plot_x(const Plot *plot, size_t i)
{
	if (plot->count == 1)
		return (plot->left + plot->right) / 2;
	return plot->left + (plot->right - plot->left) * (double) i / (double) (plot->count - 1);
}

static double
plot_y(const Plot *plot, double value)
{
	return plot->bottom - (plot->bottom - plot->top) * scale_share(&plot->scale, value);
}

/* Points joined where there are numbers; a number alone is a dot. `from` and `to` tell which. */
static void
draw_points(Drawing *drawing, const Plot *plot, const double *values, size_t from, size_t to, double width, Paint paint, const char *dash)
{
	bool		open = false;

	markup_add(&drawing->body, "<path d=\"");
	for (size_t i = from; i < to; i++)
	{
		bool		known = isfinite(values[i]);

		if (known)
			markup_format(&drawing->body, open ? " %n %n" : "M%n %n", plot_x(plot, i), plot_y(plot, values[i]));
		/* a line of no length, which the round ends make a dot */
		if (known && !open && (i + 1 == to || !isfinite(values[i + 1])))
			markup_add(&drawing->body, "h0");
		open = known;
	}
	markup_format(&drawing->body, "\" fill=\"none\" stroke-width=\"%n\" stroke-linejoin=\"round\" stroke-linecap=\"round\"", width);
	draw_stroke(drawing, paint);
	if (dash != NULL && dash[0] != '\0')
		markup_format(&drawing->body, " stroke-dasharray=\"%s\"", dash);
	markup_add(&drawing->body, "/>");
}

static void
span_values(const double *values, size_t count, double *low, double *high)
{
	for (size_t i = 0; values != NULL && i < count; i++)
		if (isfinite(values[i]))
		{
			*low = smaller(*low, values[i]);
			*high = larger(*high, values[i]);
		}
}

/* The ranges as one shape for each stretch without a gap; an open end is the end of the chart. */
static void
draw_ranges(Drawing *drawing, const Plot *plot, const double *lows, const double *highs, size_t count)
{
	double		half = count > 1 ? (plot->right - plot->left) / (double) (count - 1) / 2 : 20;

	for (size_t i = 0; i < count; i++)
	{
		double		top = highs != NULL && isfinite(highs[i]) ? plot_y(plot, highs[i]) : plot->top;
		double		bottom = lows != NULL && isfinite(lows[i]) ? plot_y(plot, lows[i]) : plot->bottom;
		double		from = larger(plot_x(plot, i) - half, plot->left);
		double		to = smaller(plot_x(plot, i) + half, plot->right);

		if (!(lows != NULL && isfinite(lows[i])) && !(highs != NULL && isfinite(highs[i])))
			continue;
		if (plot->count == 1)
			from = plot->left, to = plot->right;
		markup_add(&drawing->body, "<g fill-opacity=\".14\">");
		draw_rectangle(drawing, from, top, to - from, bottom - top, 0, PAINT_MUTED);
		markup_add(&drawing->body, "/></g>");
	}
}

/* Targets as steps: each holds for the whole of its period. */
static void
draw_targets(Drawing *drawing, const Plot *plot, const double *targets, size_t count)
{
	double		half = count > 1 ? (plot->right - plot->left) / (double) (count - 1) / 2 : 20;
	bool		open = false;

	markup_add(&drawing->body, "<path d=\"");
	for (size_t i = 0; i < count; i++)
	{
		double		from = larger(plot_x(plot, i) - half, plot->left);
		double		to;

		if (!isfinite(targets[i]))
		{
			open = false;
			continue;
		}
		/* as long as it stays the same, it is one line */
		while (i + 1 < count && targets[i + 1] == targets[i])
			i++;
		to = smaller(plot_x(plot, i) + half, plot->right);
		if (plot->count == 1)
			from = plot->left, to = plot->right;
		markup_format(&drawing->body, open ? "L%n %nH%n" : "M%n %nH%n", from, plot_y(plot, targets[i]), to);
		open = true;
	}
	markup_add(&drawing->body, "\" fill=\"none\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"");
	draw_stroke(drawing, PAINT_INK);
	markup_add(&drawing->body, "/>");
}

static bool
any_known(const double *values, size_t count)
{
	for (size_t i = 0; values != NULL && i < count; i++)
		if (isfinite(values[i]))
			return true;
	return false;
}

static Text
said(const Drawing *drawing, Word word)
{
	const char *text = word_in(drawing->options->tongue, word);

	return (Text) {text, strlen(text)};
}

void
line_chart(Markup *out, const ChartOptions *options, const ChartTable *table, const LineExtras *extras)
{
	Drawing		drawing;
	Plot		plot;
	size_t		all = table->nlabels;
	size_t		count = all < POINTS_MAX ? all : POINTS_MAX;
	size_t		skipped = all - count;
	size_t		limit = extras->shades ? 24 : SERIES_MAX;
	size_t		series = table->nseries < limit ? table->nseries : limit;
	size_t		first_series = extras->shades ? table->nseries - series : 0;
	/* of charts without all the labels the last ones are shown */
	const Text *labels = table->labels + skipped;
	const double *targets = extras->targets != NULL ? extras->targets + skipped : NULL;
	const double *lows = extras->low != NULL ? extras->low + skipped : NULL;
	const double *highs = extras->high != NULL ? extras->high + skipped : NULL;
	const double *forecast = extras->forecast != NULL ? extras->forecast + skipped : NULL;
	bool		has_targets = any_known(targets, count);
	bool		has_ranges = any_known(lows, count) || any_known(highs, count);
	bool		has_forecast = any_known(forecast, count);
	double		low = HUGE_VAL;
	double		high = -HUGE_VAL;
	double		axis_width = 0;
	double		label_width = 0;
	size_t		every;
	double		free_to;
	LegendEntry entries[SERIES_MAX + 3];
	size_t		nentries = 0;
	char		text[FIGURE_MAX];

#define LINE(s)		(table->values + (first_series + (s)) * all + skipped)
#define PAINT_OF(s)	(extras->shades || series == 1 ? PAINT_ACCENT : PAINT_SERIES + (Paint) (s))

	drawing_begin(&drawing, options, WORD_LINES, extras->status);
	for (size_t s = 0; s < series; s++)
		span_values(LINE(s), count, &low, &high);
	span_values(targets, count, &low, &high);
	span_values(lows, count, &low, &high);
	span_values(highs, count, &low, &high);
	span_values(forecast, count, &low, &high);
	if (low > high)
	{
		drawing_no_data(&drawing, out);
		return;
	}
	/* an axis that begins far above zero makes much of little */
	if (low > 0 && (extras->from_zero || low < high * 0.6))
		low = 0;
	if (high < 0 && (extras->from_zero || high > low * 0.6))
		high = 0;

	if (table->has_series && !extras->shades)
		for (size_t s = 0; s < series; s++)
			entries[nentries++] = (LegendEntry) {table->series[first_series + s], PAINT_OF(s), dashes[s], 0};
	if (table->has_series && extras->shades)
	{
		/* the eldest and the youngest tell the way */
		entries[nentries++] = (LegendEntry) {table->series[first_series], PAINT_ACCENT, "", series > 1 ? 0.35 : 0};
		if (series > 1)
			entries[nentries++] = (LegendEntry) {table->series[first_series + series - 1], PAINT_ACCENT, "", 0};
	}
	if (has_targets)
		entries[nentries++] = (LegendEntry) {said(&drawing, WORD_TARGET), PAINT_INK, "5 3", 0};
	if (has_ranges)
		entries[nentries++] = (LegendEntry) {said(&drawing, WORD_RANGE), PAINT_MUTED, NULL, 0.3};
	if (has_forecast)
		entries[nentries++] = (LegendEntry) {said(&drawing, WORD_FORECAST), PAINT_ACCENT, "2 3", 0};
	if (nentries > 0)
		draw_legend(&drawing, entries, nentries);

	if (drawing.height == 0)
		drawing.height = HEIGHT;
	plot.count = count;
	plot.top = drawing.top + 14;
	plot.bottom = drawing.height - 26 - (skipped > 0 ? 14 : 0);
	if (plot.bottom < plot.top + 10)
		plot.bottom = plot.top + 10;
	scale_make(&plot.scale, low, high, plot.bottom - plot.top < 110 ? 3 : 5, false);
	for (int i = 0; i < plot.scale.count; i++)
		axis_width = larger(axis_width, text_width(short_figure(&drawing, text, plot.scale.ticks[i], plot.scale.digits)) * FONT_SMALL);
	axis_width = smaller(axis_width, drawing.width / 3);
	plot.left = MARGIN + axis_width + 12;
	plot.right = drawing.width - MARGIN - 6;

	markup_add(&drawing.body, "<path d=\"");
	for (int i = 0; i < plot.scale.count; i++)
		markup_format(&drawing.body, "M%n %nH%n", plot.left - 6, plot_y(&plot, plot.scale.ticks[i]), plot.right + 6);
	markup_add(&drawing.body, "\"");
	draw_stroke(&drawing, PAINT_GRID);
	markup_add(&drawing.body, "/>");
	if (plot.scale.low <= 0 && plot.scale.high >= 0)
		draw_line(&drawing, plot.left - 6, plot_y(&plot, 0), plot.right + 6, plot_y(&plot, 0), 1, PAINT_MUTED, NULL);
	markup_format(&drawing.body, "<g text-anchor=\"end\" font-size=\"%n\"", FONT_SMALL);
	draw_fill(&drawing, PAINT_MUTED);
	markup_add(&drawing.body, ">");
	for (int i = 0; i < plot.scale.count; i++)
	{
		markup_format(&drawing.body, "<text x=\"%n\" y=\"%n\">", plot.left - 11, plot_y(&plot, plot.scale.ticks[i]) + 4);
		markup_text_within(&drawing.body, short_figure(&drawing, text, plot.scale.ticks[i], plot.scale.digits), axis_width / FONT_SMALL + 1);
		markup_add(&drawing.body, "</text>");
	}
	markup_add(&drawing.body, "</g>");

	/* as many labels as there is room for, the last one among them */
	for (size_t i = 0; i < count; i++)
		label_width = larger(label_width, text_width(labels[i]) * FONT_SMALL);
	label_width = smaller(label_width, 110);
	every = (size_t) larger(1, ceil((label_width + 12) * (double) count / larger(plot.right - plot.left, 1)));
	free_to = drawing.width;
	for (size_t i = count; i-- > 0;)
	{
		double		x = plot_x(&plot, i);
		double		width = smaller(text_width(labels[i]) * FONT_SMALL, label_width);
		Anchor		anchor = x + width / 2 > drawing.width - 4 ? ANCHOR_END : x - width / 2 < 4 ? ANCHOR_START : ANCHOR_MIDDLE;
		double		end;

		if ((count - 1 - i) % every != 0)
			continue;
		if (anchor == ANCHOR_END)
			x = smaller(x + 12, drawing.width - 4);
		end = anchor == ANCHOR_END ? x : anchor == ANCHOR_START ? x + width : x + width / 2;
		if (end > free_to)
			continue;
		free_to = end - width - 8;
		draw_text(&drawing, x, plot.bottom + 17, label_width + 2, labels[i], (Style) {PAINT_MUTED, anchor, FONT_SMALL, false});
	}

	if (has_ranges)
		draw_ranges(&drawing, &plot, lows, highs, count);
	if (has_targets)
		draw_targets(&drawing, &plot, targets, count);

	for (size_t s = 0; s < series; s++)
	{
		const double *values = LINE(s);
		size_t		closed = count;
		double		opacity = extras->shades && series > 1 ? 0.35 + 0.65 * (double) s / (double) (series - 1) : 1;
		bool		dots;

		/* what is not over would look like a fall */
		while (has_forecast && series == 1 && closed > 0 && isfinite(forecast[closed - 1]))
			closed--;
		draw_group(&drawing, opacity);
		draw_points(&drawing, &plot, values, 0, closed, 2.2, PAINT_OF(s), extras->shades || series == 1 ? NULL : dashes[s]);
		dots = count * series <= DOTS_MAX;
		if (dots)
		{
			markup_add(&drawing.body, "<g");
			draw_fill(&drawing, PAINT_OF(s));
			markup_add(&drawing.body, ">");
		}
		for (size_t i = 0; i < count && dots; i++)
		{
			if (!isfinite(values[i]))
				continue;
			if (i >= closed)
			{
				markup_add(&drawing.body, "<g stroke-width=\"1.5\"");
				draw_stroke(&drawing, PAINT_OF(s));
				markup_add(&drawing.body, ">");
			}
			markup_format(&drawing.body, "<circle cx=\"%n\" cy=\"%n\" r=\"%n\"", plot_x(&plot, i), plot_y(&plot, values[i]), count > 60 ? 1.5 : 3.0);
			if (i >= closed)
				draw_fill(&drawing, PAINT_BACK);
			markup_add(&drawing.body, ">");
			draw_tip(&drawing, table->has_series ? table->series[first_series + s] : TEXT(""), labels[i], values[i], i >= closed ? word_in(options->tongue, WORD_INCOMPLETE) : NULL);
			markup_add(&drawing.body, i >= closed ? "</circle></g>" : "</circle>");
		}
		if (dots)
			markup_add(&drawing.body, "</g>");
		if (has_forecast && closed < count)
		{
			double	   *way = host_alloc(NULL, host_array_size(count, sizeof(double)));

			for (size_t i = 0; i < count; i++)
				way[i] = i < closed ? values[i] : forecast[i];
			draw_points(&drawing, &plot, way, closed > 0 ? closed - 1 : 0, count, 1.8, PAINT_OF(s), "2 4");
			for (size_t i = closed; i < count; i++)
			{
				double		y = plot_y(&plot, forecast[i]);

				markup_format(&drawing.body, "<path d=\"M%n %nl4 4-4 4-4-4z\" stroke-width=\"1.5\"", plot_x(&plot, i), y - 4);
				draw_fill(&drawing, PAINT_ACCENT);
				markup_add(&drawing.body, ">");
				draw_tip(&drawing, said(&drawing, WORD_FORECAST), labels[i], forecast[i], NULL);
				markup_add(&drawing.body, "</path>");
			}
			host_free(way);
		}
		markup_add(&drawing.body, "</g>");
		/* the last number is what everybody asks for */
		if (series == 1)
			for (size_t i = count; i-- > 0;)
				if (isfinite(values[i]))
				{
					double		x = plot_x(&plot, i);
					double		y = plot_y(&plot, values[i]);

					draw_text_above(&drawing, count == 1 ? x : smaller(x + 6, plot.right + 6), y - 9 < plot.top - 4 ? y + 18 : y - 9, 90, short_figure(&drawing, text, values[i], 3),
							  (Style) {PAINT_INK, count == 1 ? ANCHOR_MIDDLE : ANCHOR_END, FONT, true});
					break;
				}
		if (table->has_series)
		{
			if (drawing.about.length < 1500)
			{
				markup_text_within(&drawing.about, table->series[first_series + s], 40);
				markup_add(&drawing.about, ": ");
			}
		}
		/* a page has a table, too */
		for (size_t i = count > (options->bare ? 12 : 24) ? count - (options->bare ? 12 : 24) : 0; i < count; i++)
			describe(&drawing, labels[i], values[i]);
	}
	draw_not_shown(&drawing, drawing.height - 6, skipped + (extras->shades ? 0 : table->nseries - series));
	drawing_end(&drawing, out);
#undef LINE
#undef PAINT_OF
}

void
sparkline_chart(Markup *out, const ChartOptions *options, const double *values, size_t count)
{
	Drawing		drawing;
	ChartOptions bare = *options;
	Plot		plot;
	double		low = HUGE_VAL;
	double		high = -HUGE_VAL;
	size_t		last = 0;
	char		text[FIGURE_MAX];

	/* a word among others: it has neither title nor background */
	bare.bare = true;
	if (count > SPARKS_MAX)
	{
		values += count - SPARKS_MAX;
		count = SPARKS_MAX;
	}
	drawing_begin(&drawing, &bare, WORD_SPARKLINE, -1);
	drawing.options = options;
	if (drawing.height == 0)
		drawing.height = 28;
	span_values(values, count, &low, &high);
	if (low > high)
	{
		drawing.options = &bare;
		drawing_no_data(&drawing, out);
		return;
	}
	plot = (Plot) {4, drawing.width - 5, 4, drawing.height - 4, count, {.low = low, .high = high}};
	/* what does not change is in the middle */
	if (!(high > low))
	{
		plot.scale.low = low - larger(fabs(low) * 0.1, 1);
		plot.scale.high = high + larger(fabs(high) * 0.1, 1);
	}
	for (size_t i = 0; i < count; i++)
		if (isfinite(values[i]))
			last = i;
	draw_points(&drawing, &plot, values, 0, count, 1.6, PAINT_ACCENT, NULL);
	markup_format(&drawing.body, "<circle cx=\"%n\" cy=\"%n\" r=\"3\"", plot_x(&plot, last), plot_y(&plot, values[last]));
	draw_fill(&drawing, PAINT_ACCENT);
	markup_add(&drawing.body, "/>");
	figure_exact(text, (double) count);
	markup_format(&drawing.about, "%t %t; ", text, word_in(options->tongue, WORD_VALUES));
	describe(&drawing, said(&drawing, WORD_LOWEST), low);
	describe(&drawing, said(&drawing, WORD_HIGHEST), high);
	describe(&drawing, said(&drawing, WORD_LAST), values[last]);
	bare.bare = true;
	if (!options->bare)
	{
		/* alone, it needs its style, but nothing behind it */
		Markup		style;

		markup_init(&style, options->ascii);
		markup_add(&style, "<style>");
		paint_style(&style, drawing.paints);
		markup_add(&style, "</style>");
		markup_append(&style, &drawing.body);
		host_free(drawing.body.bytes);
		drawing.body = style;
	}
	drawing.options = &bare;
	drawing_end(&drawing, out);
}
