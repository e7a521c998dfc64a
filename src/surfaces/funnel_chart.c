/*
 * funnel_chart.c: how many got how far: funnel_chart() of chart.h.
 */
#include <math.h>
#include <string.h>

#include "surfaces/drawing.h"

#define STEPS_MAX		30
#define PITCH			58.0	/* of a step, with what is said about the way to the next one */
#define PITCH_MIN		38.0

void
funnel_chart(Markup *out, const ChartOptions *options, const FunnelChart *funnel)
{
	Drawing		drawing;
	size_t		shown = funnel->nsteps < STEPS_MAX ? funnel->nsteps : STEPS_MAX;
	double		pitch = PITCH;
	double		most = 0;
	double		y;
	double		left = MARGIN;
	double		room = options->width - 2 * MARGIN;

	drawing_begin(&drawing, options, WORD_FUNNEL, -1);
	for (size_t s = 0; s < funnel->nsteps; s++)
		if (isfinite(funnel->counts[s]))
			most = larger(most, funnel->counts[s]);
	if (!(most > 0))
	{
		drawing_no_data(&drawing, out);
		return;
	}
	y = drawing.top + 4;
	if (options->height > 0 && y + pitch * (double) shown > options->height)
	{
		pitch = larger((options->height - y - 16) / (double) shown, PITCH_MIN);
		shown = (size_t) smaller((double) shown, larger(1, floor((options->height - y - 16) / pitch)));
	}
	for (size_t s = 0; s < shown; s++)
	{
		double		count = funnel->counts[s];
		double		share = most > 0 && isfinite(count) ? count / most : 0;
		double		bar = larger(6, smaller(18, pitch - 38));
		char		figure[FIGURE_MAX];
		char		percent[FIGURE_MAX];
		Markup		figures;
		double		width;

		/* the count and its share of the first step, to the right; the name gets what is left */
		markup_init(&figures, options->ascii);
		figure_plain(figure, count, options->tongue);
		width = text_width((Text) {figure, strlen(figure)}) * 13;
		markup_format(&figures, "<tspan font-weight=\"600\">%t</tspan>", figure);
		if (isfinite(funnel->from_first[s]) && s > 0)
		{
			const char *of_first = word_in(options->tongue, WORD_OF_FIRST);
			bool		words = options->width >= 300;

			figure_percent(percent, funnel->from_first[s]);
			markup_format(&figures, options->tongue == KOREAN && words ? " (%t %t)" : words ? " (%t %t)" : " (%t)",
						  options->tongue == KOREAN && words ? of_first : percent, options->tongue == KOREAN ? percent : of_first);
			width += (text_width((Text) {percent, strlen(percent)}) + (words ? text_width((Text) {of_first, strlen(of_first)}) : 0) + 1.5) * FONT;
		}
		markup_add(&drawing.body, "<g>");
		draw_tip(&drawing, (Text) {"", 0}, funnel->names[s], count, NULL);
		draw_text(&drawing, left, y + 11, larger(room - width - 8, 40), funnel->names[s], (Style) {PAINT_INK, ANCHOR_START, 13, false});
		markup_format(&drawing.body, "<text x=\"%n\" y=\"%n\" text-anchor=\"end\"", left + room, y + 11);
		draw_fill(&drawing, PAINT_INK);
		markup_add(&drawing.body, ">");
		markup_append(&drawing.body, &figures);
		markup_add(&drawing.body, "</text>");
		host_free(figures.bytes);
		draw_rectangle(&drawing, left, y + 17, room, bar, 3, PAINT_TRACK);
		markup_add(&drawing.body, "/>");
		draw_rectangle(&drawing, left, y + 17, count > 0 ? larger(room * share, 2) : 0, bar, 3, PAINT_ACCENT);
		markup_add(&drawing.body, "/></g>");
		describe(&drawing, funnel->names[s], count);
		if (s + 1 < funnel->nsteps && s + 1 < shown && isfinite(funnel->from_previous[s + 1]))
		{
			char		go_on[FIGURE_MAX];
			char		drop[FIGURE_MAX];

			figure_percent(go_on, funnel->from_previous[s + 1]);
			figure_plain(drop, funnel->dropped[s + 1], options->tongue);
			markup_format(&drawing.body, "<text x=\"%n\" y=\"%n\" font-size=\"%n\"", left + 2, y + 17 + bar + 13, FONT_SMALL);
			draw_fill(&drawing, PAINT_MUTED);
			markup_format(&drawing.body, options->tongue == KOREAN ? ">%t %t %t, %t %t</text>" : ">%t %t %t, %t %t</text>", "\xE2\x86\x93",
						  options->tongue == KOREAN ? word_in(KOREAN, WORD_CONTINUE) : go_on, options->tongue == KOREAN ? go_on : word_in(options->tongue, WORD_CONTINUE),
						  options->tongue == KOREAN ? word_in(KOREAN, WORD_DROP_OFF) : drop, options->tongue == KOREAN ? drop : word_in(options->tongue, WORD_DROP_OFF));
		}
		y += pitch;
	}
	/* nothing follows the last step */
	y -= pitch - 18 - larger(6, smaller(18, pitch - 38));
	if (shown < funnel->nsteps)
	{
		draw_not_shown(&drawing, y + 18, funnel->nsteps - shown);
		y += 22;
	}
	if (options->height == 0)
		drawing.height = y + MARGIN;
	drawing_end(&drawing, out);
}
