/*
 * drawing.c: see drawing.h.
 */
#include "surfaces/drawing.h"

#include <math.h>
#include <string.h>

#define DESCRIPTION_MAX		2000	/* bytes */
#define LABEL_WIDTH_MAX		160		/* of labels that are told in full */

double
larger(double a, double b)
{
	return a > b ? a : b;
}

double
smaller(double a, double b)
{
	return a < b ? a : b;
}

static Text
string(const char *text)
{
	return (Text) {text, strlen(text)};
}

/* ---- numbers ---- */

Text
short_figure(const Drawing *drawing, char *text, double value, int digits)
{
	const ChartOptions *options = drawing->options;
	size_t		length;

	if (options->percent)
		length = figure_percent(text, value);
	else
		length = figure_short(text, value, digits, options->tongue);
	if (!options->percent && options->unit.length == 1 && options->unit.bytes[0] == '%' && isfinite(value))
	{
		strcpy(text + length, "%");
		length++;
	}
	return (Text) {text, length};
}

void
add_figure(const Drawing *drawing, Markup *markup, double value)
{
	const ChartOptions *options = drawing->options;
	char		text[FIGURE_MAX];

	if (options->percent)
		figure_percent(text, value);
	else
		figure_exact(text, value);
	markup_string(markup, text);
	if (options->percent || options->unit.length == 0 || !isfinite(value))
		return;
	if (options->unit.bytes[0] != '%')
		markup_add(markup, " ");
	markup_text_within(markup, options->unit, 20);
}

/* ---- status ---- */

Paint
status_paint(int status)
{
	switch (status)
	{
		case STATUS_ACHIEVED:
		case STATUS_ON_TRACK:
			return PAINT_GOOD;
		case STATUS_AT_RISK:
		case STATUS_UNCERTAIN:
			return PAINT_DOUBTFUL;
		case STATUS_BEHIND:
		case STATUS_MISSED:
			return PAINT_BAD;
		case STATUS_NO_DATA:
		case STATUS_STALE:
		case STATUS_NOT_STARTED:
			return PAINT_UNKNOWN;
		default:
			return PAINT_ACCENT;
	}
}

Word
status_word(int status)
{
	static const Word word[] = {
		[STATUS_ACHIEVED] = WORD_ACHIEVED, [STATUS_ON_TRACK] = WORD_ON_TRACK, [STATUS_AT_RISK] = WORD_AT_RISK, [STATUS_BEHIND] = WORD_BEHIND,
		[STATUS_MISSED] = WORD_MISSED, [STATUS_NO_DATA] = WORD_NO_DATA, [STATUS_STALE] = WORD_STALE, [STATUS_UNCERTAIN] = WORD_UNCERTAIN,
		[STATUS_NOT_STARTED] = WORD_NOT_STARTED,
	};

	return word[status];
}

/* Of a shape of its own for each colour: nobody has to see the colours. */
void
add_status_mark(Markup *markup, int status, double x, double y, bool fallback, uint64_t *paints)
{
	Paint		paint = status_paint(status);
	const char *cut;

	*paints |= UINT64_C(1) << paint | UINT64_C(1) << PAINT_BACK;
	if (x != 0 || y != 0)
		markup_format(markup, "<g transform=\"translate(%n %n)\"><path", x, y);
	else
		markup_add(markup, "<g><path");
	paint_fill(markup, paint, fallback);
	switch (paint)
	{
		case PAINT_GOOD:
			markup_add(markup, " d=\"M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z\"/>");
			cut = "M-2.8.2l1.9 2 3.6-4";
			break;
		case PAINT_DOUBTFUL:
			markup_add(markup, " d=\"M0-6.2 6.6 5.4H-6.6z\"/>");
			cut = "M0-2.2V1.6M0 3.2v.9";
			break;
		case PAINT_BAD:
			markup_add(markup, " d=\"M-2.6-6h5.2l3.4 3.4v5.2L2.6 6h-5.2L-6 2.6v-5.2z\"/>");
			cut = "M-2.4-2.4l4.8 4.8M2.4-2.4l-4.8 4.8";
			break;
		default:
			markup_add(markup, " d=\"M-6-6H6V6H-6z\"/>");
			cut = "M-3 0H3";
	}
	markup_add(markup, "<path");
	paint_stroke(markup, PAINT_BACK, fallback);
	markup_format(markup, " stroke-width=\"1.6\" fill=\"none\" d=\"%s\"/></g>", cut);
}

void
status_mark(Markup *out, int status, Tongue tongue)
{
	uint64_t	paints = 0;

	if (status < 0)
		return;
	markup_add(out, "<span class=\"status ");
	markup_add(out, status_paint(status) == PAINT_GOOD ? "good" : status_paint(status) == PAINT_DOUBTFUL ? "doubtful" : status_paint(status) == PAINT_BAD ? "bad" : "unknown");
	markup_add(out, "\"><svg class=\"kt\" width=\"14\" height=\"14\" viewBox=\"-7 -7 14 14\" aria-hidden=\"true\">");
	add_status_mark(out, status, 0, 0, false, &paints);
	markup_format(out, "</svg>%t</span>", word_in(tongue, status_word(status)));
}

/* ---- the picture ---- */

void
drawing_begin(Drawing *drawing, const ChartOptions *options, Word kind, int status)
{
	double		right = options->width - MARGIN;

	memset(drawing, 0, sizeof(Drawing));
	drawing->options = options;
	drawing->kind = kind;
	drawing->width = options->width;
	drawing->height = options->height;
	markup_init(&drawing->body, options->ascii);
	markup_init(&drawing->about, options->ascii);
	if (options->bare)
	{
		drawing->top = 4;
		return;
	}
	if (status >= 0)
	{
		Text		word = string(word_in(options->tongue, status_word(status)));
		double		width = text_width(word) * FONT * 1.1;

		draw_text(drawing, right, 22, width + FONT, word, (Style) {status_paint(status), ANCHOR_END, 0, true});
		add_status_mark(&drawing->body, status, right - width - 12, 18, true, &drawing->paints);
		right -= width + 28;
	}
	/* bold letters are wider */
	draw_text(drawing, MARGIN, 23, (right - MARGIN) / 1.1, options->title.length > 0 ? options->title : string(word_in(options->tongue, kind)),
			  (Style) {PAINT_INK, ANCHOR_START, FONT_TITLE, true});
	drawing->top = 32;
	if (options->unit.length > 0 && !options->percent)
	{
		draw_text(drawing, MARGIN, 39, drawing->width - 2 * MARGIN, options->unit, (Style) {PAINT_MUTED, ANCHOR_START, FONT_SMALL, false});
		drawing->top = 46;
	}
}

void
drawing_end(Drawing *drawing, Markup *out)
{
	const ChartOptions *options = drawing->options;
	Text		title = options->title.length > 0 ? options->title : string(word_in(options->tongue, drawing->kind));

	markup_add(out, options->bare ? "<svg" : "<svg xmlns=\"http://www.w3.org/2000/svg\"");
	markup_format(out, " class=\"kt\" role=\"img\" width=\"%n\" height=\"%n\" viewBox=\"0 0 %n %n\"",
				  drawing->width, drawing->height, drawing->width, drawing->height);
	if (!options->bare)
	{
		markup_format(out, " lang=\"%s\" font-family=\"system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans KR','Malgun Gothic',sans-serif\" font-size=\"12\"",
					  tongue_code[options->tongue]);
		drawing->paints |= UINT64_C(1) << PAINT_BACK;
	}
	markup_add(out, " aria-label=\"");
	markup_text_within(out, title, LABEL_WIDTH_MAX);
	markup_add(out, "\"><title>");
	markup_text_within(out, title, LABEL_WIDTH_MAX);
	markup_add(out, "</title><desc>");
	markup_append(out, &drawing->about);
	markup_add(out, "</desc>");
	if (!options->bare)
	{
		markup_add(out, "<style>svg.kt{max-width:100%;height:auto}");
		paint_style(out, drawing->paints);
		markup_add(out, "</style><rect width=\"100%\" height=\"100%\"");
		paint_fill(out, PAINT_BACK, true);
		markup_add(out, "/>");
	}
	markup_append(out, &drawing->body);
	markup_add(out, "</svg>");
	host_free(drawing->body.bytes);
	host_free(drawing->about.bytes);
}

void
drawing_no_data(Drawing *drawing, Markup *out)
{
	Text		text = string(word_in(drawing->options->tongue, WORD_NO_DATA));

	if (drawing->height == 0)
		drawing->height = drawing->top + 56;
	draw_text(drawing, drawing->width / 2, larger((drawing->top + drawing->height) / 2 + 4, 12), drawing->width - 2 * MARGIN, text,
			  (Style) {PAINT_MUTED, ANCHOR_MIDDLE, 0, false});
	markup_text(&drawing->about, text);
	drawing_end(drawing, out);
}

/* ---- parts ---- */

void
draw_fill(Drawing *drawing, Paint paint)
{
	drawing->paints |= UINT64_C(1) << paint;
	paint_fill(&drawing->body, paint, !drawing->options->bare);
}

void
draw_stroke(Drawing *drawing, Paint paint)
{
	drawing->paints |= UINT64_C(1) << paint;
	paint_stroke(&drawing->body, paint, !drawing->options->bare);
}

void
draw_text(Drawing *drawing, double x, double y, double width, Text text, Style style)
{
	double		size = style.size > 0 ? style.size : FONT;

	markup_format(&drawing->body, "<text x=\"%n\" y=\"%n\"", x, y);
	draw_fill(drawing, style.paint);
	if (style.anchor != ANCHOR_START)
		markup_format(&drawing->body, " text-anchor=\"%s\"", style.anchor == ANCHOR_END ? "end" : "middle");
	if (size != FONT)
		markup_format(&drawing->body, " font-size=\"%n\"", size);
	if (style.bold)
		markup_add(&drawing->body, " font-weight=\"600\"");
	markup_add(&drawing->body, ">");
	markup_text_within(&drawing->body, text, width / size);
	markup_add(&drawing->body, "</text>");
}

void
draw_text_above(Drawing *drawing, double x, double y, double width, Text text, Style style)
{
	markup_add(&drawing->body, "<g stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\"");
	draw_stroke(drawing, PAINT_BACK);
	markup_add(&drawing->body, ">");
	draw_text(drawing, x, y, width, text, style);
	markup_add(&drawing->body, "</g>");
}

void
draw_rectangle(Drawing *drawing, double x, double y, double width, double height, double radius, Paint paint)
{
	markup_format(&drawing->body, "<rect x=\"%n\" y=\"%n\" width=\"%n\" height=\"%n\"", x, y, larger(width, 0), larger(height, 0));
	if (radius > 0)
		markup_format(&drawing->body, " rx=\"%n\"", radius);
	draw_fill(drawing, paint);
}

void
draw_line(Drawing *drawing, double x1, double y1, double x2, double y2, double width, Paint paint, const char *dash)
{
	markup_format(&drawing->body, "<path d=\"M%n %n", x1, y1);
	if (x1 == x2)
		markup_format(&drawing->body, "V%n\"", y2);
	else if (y1 == y2)
		markup_format(&drawing->body, "H%n\"", x2);
	else
		markup_format(&drawing->body, "L%n %n\"", x2, y2);
	draw_stroke(drawing, paint);
	if (width != 1)
		markup_format(&drawing->body, " stroke-width=\"%n\"", width);
	if (dash != NULL && dash[0] != '\0')
		markup_format(&drawing->body, " stroke-dasharray=\"%s\"", dash);
	markup_add(&drawing->body, "/>");
}

void
draw_group(Drawing *drawing, double opacity)
{
	int			hundredths = (int) lround(opacity * 100);

	if (hundredths >= 100)
		markup_add(&drawing->body, "<g>");
	else
		markup_format(&drawing->body, hundredths < 10 ? "<g opacity=\".0%d\">" : "<g opacity=\".%d\">", hundredths);
}

void
draw_legend(Drawing *drawing, const LegendEntry *entries, size_t count)
{
	double		x = MARGIN;
	double		y = drawing->top + 10;

	for (size_t i = 0; i < count; i++)
	{
		double		width = smaller(text_width(entries[i].name) * FONT_SMALL, drawing->width / 2 - 30);

		if (x > MARGIN && x + 26 + width > drawing->width - MARGIN)
		{
			x = MARGIN;
			y += 17;
		}
		if (entries[i].opacity > 0)
			draw_group(drawing, entries[i].opacity);
		if (entries[i].dash != NULL)
			draw_line(drawing, x, y - 4, x + 18, y - 4, 2.5, entries[i].paint, entries[i].dash);
		else
		{
			draw_rectangle(drawing, x + 4, y - 9, 10, 10, 2, entries[i].paint);
			markup_add(&drawing->body, "/>");
		}
		if (entries[i].opacity > 0)
			markup_add(&drawing->body, "</g>");
		draw_text(drawing, x + 23, y, width + FONT_SMALL, entries[i].name, (Style) {PAINT_MUTED, ANCHOR_START, FONT_SMALL, false});
		x += width + 40;
	}
	drawing->top = y + 8;
}

void
draw_not_shown(Drawing *drawing, double y, size_t count)
{
	char		figure[FIGURE_MAX];
	Markup		text;

	if (count == 0)
		return;
	figure_exact(figure, (double) count);
	markup_init(&text, drawing->options->ascii);
	markup_format(&text, "%t%s%t", figure, drawing->options->tongue == KOREAN ? "" : " ", word_in(drawing->options->tongue, WORD_NOT_SHOWN));
	/* it is escaped already, and has nothing that would be escaped twice but references */
	markup_format(&drawing->body, "<text x=\"%n\" y=\"%n\" font-size=\"%n\"", MARGIN, y, FONT_SMALL);
	draw_fill(drawing, PAINT_MUTED);
	markup_add(&drawing->body, ">");
	markup_append(&drawing->body, &text);
	markup_add(&drawing->body, "</text>");
	markup_append(&drawing->about, &text);
	host_free(text.bytes);
}

void
draw_tip(Drawing *drawing, Text series, Text label, double value, const char *note)
{
	Markup	   *body = &drawing->body;

	markup_add(body, "<title>");
	if (series.length > 0)
	{
		markup_text_within(body, series, LABEL_WIDTH_MAX);
		markup_add(body, ", ");
	}
	if (label.length > 0)
	{
		markup_text_within(body, label, LABEL_WIDTH_MAX);
		markup_add(body, ": ");
	}
	add_figure(drawing, body, value);
	if (note != NULL)
		markup_format(body, " (%t)", note);
	markup_add(body, "</title>");
}

void
describe(Drawing *drawing, Text label, double value)
{
	if (drawing->about.length > DESCRIPTION_MAX)
		return;
	markup_text_within(&drawing->about, label, 40);
	markup_add(&drawing->about, " ");
	if (isnan(value))
		markup_string(&drawing->about, word_in(drawing->options->tongue, WORD_NONE));
	else
		add_figure(drawing, &drawing->about, value);
	markup_add(&drawing->about, "; ");
}
