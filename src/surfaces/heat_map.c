/*
 * heat_map.c: a table whose cells are the darker the more is in them: heat_map() of chart.h.
 */
#include <math.h>
#include <string.h>

#include "engine/real.h"
#include "surfaces/drawing.h"

#define ROWS_MAX		60
#define COLUMNS_MAX		60
#define CELL_HEIGHT		26.0
#define CELL_MIN		20.0	/* narrower cells are left out */
#define CELL_MAX		72.0

void
heat_map(Markup *out, const ChartOptions *options, const HeatMap *map)
{
	Drawing		drawing;
	size_t		rows = map->nrows < ROWS_MAX ? map->nrows : ROWS_MAX;
	size_t		columns = map->ncolumns < COLUMNS_MAX ? map->ncolumns : COLUMNS_MAX;
	size_t		known = 0;
	bool		unfinished = false;
	double		low = HUGE_VAL;
	double		high = -HUGE_VAL;
	double		label_width;
	double		size_width = 0;
	double		figure_width = 0;
	double		cell;
	double		height = CELL_HEIGHT;
	double		font = FONT_SMALL;
	double		left;
	double		y;
	bool		words;
	bool		whole;			/* per cent without decimals and sign, where there is little room */
	char		text[FIGURE_MAX];
	Scale		scale;

	drawing_begin(&drawing, options, WORD_HEAT_MAP, -1);
	for (size_t i = 0; i < map->nrows * map->ncolumns; i++)
	{
		if (!isfinite(map->values[i]))
			continue;
		known++;
		low = smaller(low, map->values[i]);
		high = larger(high, map->values[i]);
		/* only what may be shown: a million of figures take seconds */
		if (i / map->ncolumns < rows && i % map->ncolumns < columns)
			figure_width = larger(figure_width, text_width(short_figure(&drawing, text, map->values[i], 3)));
	}
	if (known == 0)
	{
		drawing_no_data(&drawing, out);
		return;
	}
	/* few shades above zero say more than many around the mean */
	if (low > 0)
		low = 0;
	/* a first column above all others, such as that of those who are there by definition, would leave no shades for these */
	if (map->ncolumns > 1)
	{
		double		least = HUGE_VAL;
		double		others = -HUGE_VAL;

		for (size_t i = 0; i < map->nrows * map->ncolumns; i++)
			if (isfinite(map->values[i]) && i % map->ncolumns == 0)
				least = smaller(least, map->values[i]);
			else if (isfinite(map->values[i]))
				others = larger(others, map->values[i]);
		if (others > low && least > others)
			high = others;
	}
	scale = (Scale) {.low = low, .high = high > low ? high : low + 1};

	label_width = text_width(map->row_name) * FONT_SMALL;
	for (size_t r = 0; r < rows; r++)
	{
		label_width = larger(label_width, text_width(map->rows[r]) * FONT);
		if (map->sizes != NULL)
			size_width = larger(size_width, text_width(short_figure(&drawing, text, map->sizes[r], 3)) * FONT_SMALL + 10);
	}
	if (map->sizes != NULL && options->percent)
	{
		/* sizes are numbers, whatever the cells are */
		size_width = 0;
		for (size_t r = 0; r < rows; r++)
		{
			figure_plain(text, map->sizes[r], options->tongue);
			size_width = larger(size_width, text_width((Text) {text, strlen(text)}) * FONT_SMALL + 10);
		}
	}
	label_width = smaller(label_width, drawing.width * 0.3);
	left = MARGIN + label_width + 8 + size_width;
	while (columns > 1 && (drawing.width - MARGIN - left) / (double) columns < CELL_MIN)
		columns--;
	cell = smaller((drawing.width - MARGIN - left) / (double) columns, CELL_MAX);
	if (figure_width * font > cell - 2)
		font = 9.5;
	whole = options->percent && figure_width * font > cell - 2;
	words = whole || figure_width * font <= cell - 2;

	y = drawing.top + 4;
	if (map->column_name.length > 0)
	{
		draw_text(&drawing, left, y + 10, drawing.width - left - MARGIN, map->column_name, (Style) {PAINT_MUTED, ANCHOR_START, FONT_SMALL, false});
		if (whole)
			draw_text(&drawing, MARGIN, y + 10, label_width + FONT, TEXT("%"), (Style) {PAINT_MUTED, ANCHOR_START, FONT_SMALL, false});
		y += 16;
	}
	if (options->height > 0)
	{
		double		room = options->height - y - 40;

		height = smaller(larger(room / (double) rows, 14), CELL_HEIGHT);
		rows = (size_t) smaller((double) rows, larger(1, floor(room / height)));
	}
	draw_text(&drawing, MARGIN, y + 11, label_width + FONT, map->row_name, (Style) {PAINT_MUTED, ANCHOR_START, FONT_SMALL, false});
	for (size_t c = 0; c < columns; c++)
		draw_text(&drawing, left + cell * ((double) c + 0.5), y + 11, cell, map->columns[c], (Style) {PAINT_MUTED, ANCHOR_MIDDLE, FONT_SMALL, false});
	y += 18;

	for (size_t r = 0; r < rows; r++)
	{
		double		base = y + height / 2 + 4;

		draw_text(&drawing, MARGIN, base, label_width + 2, map->rows[r], (Style) {PAINT_INK, ANCHOR_START, 0, false});
		if (map->sizes != NULL)
		{
			figure_plain(text, map->sizes[r], options->tongue);
			draw_text(&drawing, left - 10, base, size_width + FONT, (Text) {text, strlen(text)}, (Style) {PAINT_MUTED, ANCHOR_END, FONT_SMALL, false});
		}
		for (size_t c = 0; c < columns; c++)
		{
			double		value = map->values[r * map->ncolumns + c];
			bool		incomplete = map->incomplete != NULL && map->incomplete[r * map->ncolumns + c];
			int			level;

			if (isnan(value))
				continue;
			/* infinities are the ends */
			level = (int) floor(scale_share(&scale, value) * (HEAT_LEVELS - 0.001));
			markup_add(&drawing.body, "<g>");
			draw_tip(&drawing, map->rows[r], map->columns[c], value, incomplete ? word_in(options->tongue, WORD_INCOMPLETE) : NULL);
			draw_rectangle(&drawing, left + cell * (double) c + 1, y + 1, cell - 2, height - 2, 3, PAINT_HEAT + (Paint) level);
			markup_add(&drawing.body, "/>");
			if (incomplete)
			{
				/* what may still grow has an edge */
				markup_format(&drawing.body, "<rect x=\"%n\" y=\"%n\" width=\"%n\" height=\"%n\" rx=\"3\" fill=\"none\" stroke-dasharray=\"3 2\"",
							  left + cell * (double) c + 2.5, y + 2.5, cell - 5, height - 5);
				draw_stroke(&drawing, PAINT_ON_HEAT + (Paint) level);
				markup_add(&drawing.body, "/>");
				unfinished = true;
			}
			if (words)
			{
				Text		shown = short_figure(&drawing, text, value, 3);

				if (whole && isfinite(value) && fabs(value) < 1e6)
					shown.length = real_print(text, real_round(value * 100, 0));
				draw_text(&drawing, left + cell * ((double) c + 0.5), y + height / 2 + font * 0.36, cell + FONT, shown,
						  (Style) {PAINT_ON_HEAT + (Paint) level, ANCHOR_MIDDLE, font, false});
			}
			markup_add(&drawing.body, "</g>");
			if (c < 12)
			{
				if (c == 0 || drawing.about.length < 1500)
					describe(&drawing, c == 0 ? map->rows[r] : map->columns[c], value);
			}
		}
		y += height;
	}
	if (unfinished)
	{
		markup_format(&drawing.body, "<rect x=\"%n\" y=\"%n\" width=\"12\" height=\"12\" rx=\"3\" fill=\"none\" stroke-dasharray=\"3 2\"", left + 1, y + 6);
		draw_stroke(&drawing, PAINT_MUTED);
		markup_add(&drawing.body, "/>");
		draw_text(&drawing, left + 19, y + 16, drawing.width - left - 20, (Text) {word_in(options->tongue, WORD_INCOMPLETE), strlen(word_in(options->tongue, WORD_INCOMPLETE))},
				  (Style) {PAINT_MUTED, ANCHOR_START, FONT_SMALL, false});
		y += 18;
	}
	if (rows < map->nrows || columns < map->ncolumns || map->skipped > 0)
	{
		draw_not_shown(&drawing, y + 14, map->skipped + map->nrows - rows + map->ncolumns - columns);
		y += 18;
	}
	if (options->height == 0)
		drawing.height = y + 8;
	drawing_end(&drawing, out);
}
