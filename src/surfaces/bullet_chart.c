/*
 * bullet_chart.c: a value next to its target: bullet_chart() of chart.h.
 */
#include <math.h>
#include <string.h>

#include "surfaces/drawing.h"

static void
tell(Drawing *drawing, Word word, double value)
{
	const char *text = word_in(drawing->options->tongue, word);

	if (isfinite(value))
		describe(drawing, (Text) {text, strlen(text)}, value);
}

void
bullet_chart(Markup *out, const ChartOptions *options, const BulletChart *bullet)
{
	Drawing		drawing;
	const double all[] = {bullet->actual, bullet->target, bullet->expected, bullet->low, bullet->high, bullet->forecast};
	double		low = 0;
	double		high = 0;
	Scale		scale;
	double		left = options->bare ? 1 : MARGIN;
	double		right = options->width - left;
	double		bar;
	double		y;

#define AT(value)	(left + (right - left) * scale_share(&scale, value))

	drawing_begin(&drawing, options, WORD_BULLET, bullet->status);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (isfinite(all[i]))
		{
			low = smaller(low, all[i]);
			high = larger(high, all[i]);
		}
	if (!isfinite(bullet->actual) && !isfinite(bullet->target) && !isfinite(bullet->low) && !isfinite(bullet->high))
	{
		drawing_no_data(&drawing, out);
		return;
	}
	scale_make(&scale, low, high, options->width < 300 ? 3 : 5, false);
	if (options->bare)
	{
		/* no ticks, so no round ends */
		double		room = (high / 2 - low / 2) / 10;

		scale.low = low < 0 ? low - room : low;
		scale.high = high > 0 ? high + room : high > low ? high : low + 1;
		if (!isfinite(scale.low) || !isfinite(scale.high))
			scale.low = low, scale.high = high;
	}
	if (drawing.height == 0)
		drawing.height = options->bare ? 22 : drawing.top + 50;
	y = options->bare ? 2 : drawing.top + 4;
	bar = larger(drawing.height - y - (options->bare ? 2 : 24), 8);

	draw_rectangle(&drawing, left, y, right - left, bar, 3, PAINT_TRACK);
	markup_add(&drawing.body, "/>");
	if (isfinite(bullet->low) || isfinite(bullet->high))
	{
		double		from = isfinite(bullet->low) ? AT(bullet->low) : left;
		double		to = isfinite(bullet->high) ? AT(bullet->high) : right;

		markup_format(&drawing.body, "<g fill-opacity=\".28\"><title>%t: ", word_in(options->tongue, WORD_RANGE));
		add_figure(&drawing, &drawing.body, bullet->low);
		markup_string(&drawing.body, " \xE2\x80\x93 ");
		add_figure(&drawing, &drawing.body, bullet->high);
		markup_add(&drawing.body, "</title>");
		draw_rectangle(&drawing, from, y, larger(to - from, 2), bar, 0, PAINT_MUTED);
		markup_add(&drawing.body, "/></g>");
	}
	if (isfinite(bullet->actual))
	{
		double		zero = AT(0);
		double		end = AT(bullet->actual);

		markup_add(&drawing.body, "<g>");
		draw_tip(&drawing, (Text) {"", 0}, (Text) {word_in(options->tongue, WORD_ACTUAL), strlen(word_in(options->tongue, WORD_ACTUAL))}, bullet->actual, NULL);
		draw_rectangle(&drawing, smaller(zero, end), y + bar * 0.28, larger(fabs(end - zero), 2), bar * 0.44, 2, status_paint(bullet->status));
		markup_add(&drawing.body, "/></g>");
	}
	if (isfinite(bullet->forecast) && bullet->forecast != bullet->actual)
	{
		markup_add(&drawing.body, "<g");
		draw_stroke(&drawing, PAINT_INK);
		markup_format(&drawing.body, "><circle cx=\"%n\" cy=\"%n\" r=\"%n\" stroke-width=\"1.5\"", smaller(larger(AT(bullet->forecast), left + 4), right - 4), y + bar / 2, smaller(bar * 0.2, 4));
		draw_fill(&drawing, PAINT_BACK);
		markup_add(&drawing.body, "><title>");
		markup_format(&drawing.body, "%t: ", word_in(options->tongue, WORD_FORECAST));
		add_figure(&drawing, &drawing.body, bullet->forecast);
		markup_add(&drawing.body, "</title></circle></g>");
	}
	if (isfinite(bullet->expected) && bullet->expected != bullet->target)
	{
		markup_add(&drawing.body, "<g>");
		draw_tip(&drawing, (Text) {"", 0}, (Text) {word_in(options->tongue, WORD_EXPECTED), strlen(word_in(options->tongue, WORD_EXPECTED))}, bullet->expected, NULL);
		/* seen on the bar as well as behind it */
		draw_line(&drawing, AT(bullet->expected), y + bar * 0.1, AT(bullet->expected), y + bar * 0.9, 5, PAINT_BACK, NULL);
		draw_line(&drawing, AT(bullet->expected), y + bar * 0.1, AT(bullet->expected), y + bar * 0.9, 2, PAINT_INK, "3 2");
		markup_add(&drawing.body, "</g>");
	}
	if (isfinite(bullet->target))
	{
		markup_add(&drawing.body, "<g>");
		draw_tip(&drawing, (Text) {"", 0}, (Text) {word_in(options->tongue, WORD_TARGET), strlen(word_in(options->tongue, WORD_TARGET))}, bullet->target, NULL);
		draw_rectangle(&drawing, smaller(larger(AT(bullet->target) - 1.5, left), right - 3), y, 3, bar, 0, PAINT_INK);
		markup_add(&drawing.body, "/></g>");
	}
	if (!options->bare)
		for (int i = 0; i < scale.count; i++)
		{
			char		text[FIGURE_MAX];
			Anchor		anchor = i == 0 ? ANCHOR_START : i == scale.count - 1 ? ANCHOR_END : ANCHOR_MIDDLE;

			draw_text(&drawing, AT(scale.ticks[i]), y + bar + 14, 80, short_figure(&drawing, text, scale.ticks[i], scale.digits), (Style) {PAINT_MUTED, anchor, FONT_SMALL, false});
		}
	tell(&drawing, WORD_ACTUAL, bullet->actual);
	tell(&drawing, WORD_TARGET, bullet->target);
	tell(&drawing, WORD_EXPECTED, bullet->expected);
	tell(&drawing, WORD_FORECAST, bullet->forecast);
	if (bullet->status >= 0)
		markup_string(&drawing.about, word_in(options->tongue, status_word(bullet->status)));
	drawing_end(&drawing, out);
#undef AT
}
