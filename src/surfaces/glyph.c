/*
 * glyph.c: see glyph.h.
 */
#include "surfaces/glyph.h"

#define ELLIPSIS_WIDTH	0.8

static bool
between(uint32_t glyph, uint32_t first, uint32_t last)
{
	return glyph >= first && glyph <= last;
}

/* What XML 1.0 allows, less what turns the direction of text that follows. */
static bool
allowed(uint32_t glyph)
{
	if (glyph < 0x20 || between(glyph, 0x7F, 0x9F))
		return false;
	if (between(glyph, 0x202A, 0x202E) || between(glyph, 0x2066, 0x2069) || between(glyph, 0x2028, 0x2029))
		return false;
	return !between(glyph, 0xD800, 0xDFFF) && !between(glyph, 0xFDD0, 0xFDEF) && (glyph & 0xFFFE) != 0xFFFE && glyph <= 0x10FFFF;
}

/* The lowest number that so many bytes are needed for. */
static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

uint32_t
glyph_next(const char **at, const char *end)
{
	const unsigned char *bytes = (const unsigned char *) *at;
	unsigned	first = bytes[0];
	int			length = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;
	uint32_t	glyph;

	(*at)++;
	if (length <= 1)
	{
		if (first == '\t' || first == '\n' || first == '\r')
			return ' ';
		return length == 1 && allowed(first) ? first : GLYPH_BAD;
	}
	glyph = first & (0x7F >> length);
	for (int i = 1; i < length; i++)
	{
		/* what follows may be the beginning of another one */
		if ((const char *) bytes + i >= end || (bytes[i] & 0xC0) != 0x80)
			return GLYPH_BAD;
		glyph = glyph << 6 | (bytes[i] & 0x3F);
		(*at)++;
	}
	return glyph >= least[length] && allowed(glyph) ? glyph : GLYPH_BAD;
}

int
glyph_write(char *bytes, uint32_t glyph)
{
	if (glyph < 0x80)
	{
		bytes[0] = (char) glyph;
		return 1;
	}
	if (glyph < 0x800)
	{
		bytes[0] = (char) (0xC0 | glyph >> 6);
		bytes[1] = (char) (0x80 | (glyph & 0x3F));
		return 2;
	}
	if (glyph < 0x10000)
	{
		bytes[0] = (char) (0xE0 | glyph >> 12);
		bytes[1] = (char) (0x80 | (glyph >> 6 & 0x3F));
		bytes[2] = (char) (0x80 | (glyph & 0x3F));
		return 3;
	}
	bytes[0] = (char) (0xF0 | glyph >> 18);
	bytes[1] = (char) (0x80 | (glyph >> 12 & 0x3F));
	bytes[2] = (char) (0x80 | (glyph >> 6 & 0x3F));
	bytes[3] = (char) (0x80 | (glyph & 0x3F));
	return 4;
}

/* Marks that stand on the character before them, and what joins characters. */
static bool
joins(uint32_t glyph)
{
	return between(glyph, 0x300, 0x36F) || between(glyph, 0x483, 0x489) || between(glyph, 0x591, 0x5BD) || between(glyph, 0x610, 0x61A) ||
		between(glyph, 0x64B, 0x65F) || between(glyph, 0x1AB0, 0x1AFF) || between(glyph, 0x1DC0, 0x1DFF) || between(glyph, 0x200B, 0x200F) ||
		between(glyph, 0x20D0, 0x20FF) || between(glyph, 0xFE00, 0xFE0F) || between(glyph, 0xFE20, 0xFE2F) || glyph == 0xFEFF ||
		between(glyph, 0x1160, 0x11FF) || between(glyph, 0x1F3FB, 0x1F3FF) || between(glyph, 0xE0000, 0xE01EF);
}

double
glyph_width(uint32_t glyph)
{
	if (joins(glyph))
		return 0;
	if (glyph < 0x80)
	{
		if (between(glyph, '0', '9'))
			return 0.63;
		if (glyph == 'i' || glyph == 'j' || glyph == 'l' || glyph == 'I' || glyph == '.' || glyph == ',' || glyph == ':' || glyph == ';' ||
			glyph == '|' || glyph == '!' || glyph == '\'' || glyph == ' ' || glyph == 'f' || glyph == 't' || glyph == 'r' || glyph == '(' || glyph == ')')
			return 0.39;
		if (glyph == 'm' || glyph == 'w' || glyph == 'M' || glyph == 'W' || glyph == '@' || glyph == '%')
			return 0.95;
		return between(glyph, 'A', 'Z') ? 0.72 : 0.61;
	}
	/* Hangul, Kana, Han, full width, pictures */
	if (between(glyph, 0x1100, 0x115F) || between(glyph, 0x2E80, 0xA4CF) || between(glyph, 0xA960, 0xA97F) || between(glyph, 0xAC00, 0xD7FF) ||
		between(glyph, 0xF900, 0xFAFF) || between(glyph, 0xFE30, 0xFE6F) || between(glyph, 0xFF00, 0xFF60) || between(glyph, 0xFFE0, 0xFFE6) ||
		between(glyph, 0x2600, 0x27BF) || between(glyph, 0x1F000, 0x1FAFF) || between(glyph, 0x20000, 0x3FFFD))
		return 1;
	return glyph == GLYPH_BAD ? 0.9 : 0.66;
}

double
text_width(Text text)
{
	const char *at = text.bytes;
	const char *end = text.bytes + text.length;
	double		width = 0;

	while (at < end)
		width += glyph_width(glyph_next(&at, end));
	return width;
}

Text
text_fit(Text text, double width, bool *cut)
{
	const char *at = text.bytes;
	const char *end = text.bytes + text.length;
	const char *fits = text.bytes;
	bool		joined = false;
	double		so_far = 0;

	*cut = false;
	while (at < end)
	{
		const char *before = at;
		uint32_t	glyph = glyph_next(&at, end);

		/* here it may be cut, if what is before leaves room */
		if (!joined && !joins(glyph) && so_far + ELLIPSIS_WIDTH <= width)
			fits = before;
		so_far += glyph_width(glyph);
		/* long rows of marks take no room, and are no reason to go on for ever */
		if (so_far > width || at - text.bytes > 4000)
		{
			*cut = true;
			break;
		}
		joined = glyph == 0x200D;
	}
	if (!*cut)
		return text;
	while (fits > text.bytes && fits[-1] == ' ')
		fits--;
	return (Text) {text.bytes, (size_t) (fits - text.bytes)};
}
