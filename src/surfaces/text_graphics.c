/*
 * text_graphics.c: bars and lines in characters, for terminals: text_bar() and text_sparkline() of chart.h.
 */
#include <math.h>
#include <string.h>

#include "surfaces/chart.h"

/* Blocks of one to eight eighths: U+258F down to U+2588, from the left; U+2581 up to U+2588, from below. */
static int
put_block(char *text, uint32_t glyph)
{
	return glyph_write(text, glyph);
}

size_t
text_bar(char *text, double value, double most, int width, bool ascii)
{
	double		share = value / most;
	int			eighths;
	char	   *to = text;

	/* what is beyond the most is full; nothing, less than nothing and what is no number are empty */
	if (!(share > 0) || !(most > 0))
		share = 0;
	if (share > 1)
		share = 1;
	eighths = (int) floor(share * width * 8 + 0.5);
	/* something is seen of what is more than nothing, and what is not full does not look so */
	if (share > 0 && eighths == 0)
		eighths = 1;
	if (share < 1 && eighths == width * 8 && width > 0)
		eighths--;
	for (int i = 0; i < width; i++)
	{
		int			here = eighths - i * 8;

		if (here > 8)
			here = 8;
		if (ascii)
			*to++ = here >= 4 ? '#' : here > 0 && i == 0 ? '|' : '.';
		else if (here <= 0)
			*to++ = ' ';
		else
			to += put_block(to, 0x2590 - (uint32_t) here);
	}
	*to = '\0';
	return (size_t) (to - text);
}

size_t
text_sparkline(char *text, const double *values, size_t count, bool ascii)
{
	static const char levels[] = "_.-~=+*#";
	double		low = HUGE_VAL;
	double		high = -HUGE_VAL;
	char	   *to = text;

	for (size_t i = 0; i < count; i++)
		if (isfinite(values[i]))
		{
			low = values[i] < low ? values[i] : low;
			high = values[i] > high ? values[i] : high;
		}
	for (size_t i = 0; i < count; i++)
	{
		/* halves, as the difference of two numbers may be none */
		double		share = high > low ? (values[i] / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
		int			level = (int) floor(share * 7 + 0.5);

		if (!isfinite(values[i]))
			*to++ = ' ';
		else if (ascii)
			*to++ = levels[level];
		else
			to += put_block(to, 0x2581 + (uint32_t) level);
	}
	*to = '\0';
	return (size_t) (to - text);
}
