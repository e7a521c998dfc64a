/*
 * bar_chart.c: bars side by side, a group for each label and a bar for each series: bar_chart() of chart.h.
 */
#include <math.h>
#include <stdlib.h>

#include "surfaces/drawing.h"

#define LABELS_MAX		40
#define BAR				16.0
#define GAP				10.0
#define BAR_MIN			4.0

void
bar_chart(Markup *out, const ChartOptions *options, const ChartTable *table)
{
	Drawing		drawing;
	Scale		scale;
	double		low = 0;
	double		high = 0;
	double		label_width = 0;
	double		figure_width = 0;
	double		bar = table->nseries == 1 ? BAR : BAR - 3;
	double		gap = GAP;
	size_t		shown = table->nlabels < LABELS_MAX ? table->nlabels : LABELS_MAX;
	size_t		series = table->nseries < SERIES_MAX ? table->nseries : SERIES_MAX;
	size_t		known = 0;
	double		left;
	double		right;
	double		y;
	bool		negative;
	bool		above;
	double		head;			/* of each group, for its label */

	drawing_begin(&drawing, options, WORD_BARS, -1);
	for (size_t s = 0; s < series; s++)
		for (size_t i = 0; i < shown; i++)
		{
			double		value = table->values[s * table->nlabels + i];
			char		text[FIGURE_MAX];

			if (!isfinite(value))
				continue;
			known++;
			low = smaller(low, value);
			high = larger(high, value);
			figure_width = larger(figure_width, text_width(short_figure(&drawing, text, value, 3)) * FONT_SMALL);
		}
	if (known == 0)
	{
		drawing_no_data(&drawing, out);
		return;
	}
	for (size_t i = 0; i < shown; i++)
		label_width = larger(label_width, text_width(table->labels[i]) * FONT);
	/* labels that are long stand above their bars */
	above = label_width > drawing.width * 0.38;
	negative = low < 0;
	left = MARGIN + (above ? 0 : label_width + 8) + (negative ? figure_width + 6 : 0);
	head = above ? 17 : 0;
	right = drawing.width - MARGIN - figure_width - 6;
	if (right < left + 20)
		right = left + 20;

	if (table->has_series)
	{
		LegendEntry entries[SERIES_MAX];

		for (size_t s = 0; s < series; s++)
			entries[s] = (LegendEntry) {table->series[s], series == 1 ? PAINT_ACCENT : PAINT_SERIES + (Paint) s, NULL, 0};
		draw_legend(&drawing, entries, series);
	}
	y = drawing.top + 6;

	/* what is too much for the height is left out, after bars have become thinner */
	if (options->height > 0)
	{
		double		room = options->height - y - 18;
		double		need = (double) shown * (head + bar * (double) series + gap);

		if (need > room)
		{
			double		pitch = larger(larger(room, 10) / (double) shown - head, 0);

			bar = larger(pitch * 0.7 / (double) series, BAR_MIN);
			gap = bar * (double) series * 0.4;
			if ((head + bar * (double) series + gap) * (double) shown > room)
				shown = (size_t) larger(1, floor(room / (head + bar * (double) series + gap)));
		}
	}

	scale_make(&scale, low, high, 5, false);
	/* the longest bar takes all the room */
	scale.low = low;
	scale.high = high > low ? high : low + 1;
	for (size_t i = 0; i < shown; i++)
	{
		double		middle = y + bar * (double) series / 2;

		if (above)
			draw_text(&drawing, MARGIN, y + 11, drawing.width - 2 * MARGIN, table->labels[i], (Style) {PAINT_INK, ANCHOR_START, 0, false});
		else
			draw_text(&drawing, MARGIN + label_width, middle + 4, label_width + 2, table->labels[i], (Style) {PAINT_INK, ANCHOR_END, smaller(FONT, larger(8, bar * (double) series)), false});
		y += head;
		for (size_t s = 0; s < series; s++)
		{
			double		value = table->values[s * table->nlabels + i];
			double		zero = left + (right - left) * scale_share(&scale, 0);
			double		end = left + (right - left) * scale_share(&scale, isfinite(value) ? value : 0);
			char		text[FIGURE_MAX];
			Text		none = {"", 0};

			if (s == 0)
				describe(&drawing, table->labels[i], value);
			markup_add(&drawing.body, "<g>");
			draw_tip(&drawing, table->has_series ? table->series[s] : none, table->labels[i], value, NULL);
			draw_rectangle(&drawing, smaller(zero, end), y + 1, larger(fabs(end - zero), isfinite(value) && value != 0 ? 1 : 0), bar - 2, 2,
						   series == 1 ? PAINT_ACCENT : PAINT_SERIES + (Paint) s);
			markup_add(&drawing.body, "/>");
			draw_text(&drawing, value < 0 ? end - 5 : end + 5, y + bar / 2 + 4, figure_width + FONT, short_figure(&drawing, text, value, 3),
					  (Style) {PAINT_MUTED, value < 0 ? ANCHOR_END : ANCHOR_START, larger(8, smaller(FONT_SMALL, bar)), false});
			markup_add(&drawing.body, "</g>");
			y += bar;
		}
		y += gap;
	}
	if (negative)
	{
		double		zero = left + (right - left) * scale_share(&scale, 0);

		draw_line(&drawing, zero, drawing.top + 4, zero, y - gap + 2, 1, PAINT_MUTED, NULL);
	}
	draw_not_shown(&drawing, y + 8, table->nlabels - shown);
	if (shown < table->nlabels)
		y += 18;
	if (options->height == 0)
		drawing.height = y + 4;
	drawing_end(&drawing, out);
}
