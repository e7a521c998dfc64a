/*
 * colour.c: see colour.h.
 */
#include "surfaces/colour.h"

#include <math.h>
#include <stdio.h>

typedef struct Colours
{
	const char *name;
	uint32_t	colour[THEMES];
} Colours;

static const Colours table[PAINT_ON_HEAT] = {
	[PAINT_BACK] = {"back", {0xFFFFFF, 0x151B26}},
	[PAINT_INK] = {"ink", {0x1B2430, 0xE6EAF0}},
	[PAINT_MUTED] = {"muted", {0x5A6472, 0xA4AFBD}},
	[PAINT_GRID] = {"grid", {0xE3E7ED, 0x2C3646}},
	[PAINT_TRACK] = {"track", {0xEDF0F5, 0x232D3C}},
	[PAINT_ACCENT] = {"accent", {0x2460C8, 0x6EA8FE}},
	[PAINT_GOOD] = {"good", {0x177245, 0x4CC38A}},
	[PAINT_DOUBTFUL] = {"doubtful", {0x8F5A00, 0xE5B84A}},
	[PAINT_BAD] = {"bad", {0xB3261E, 0xFF8B80}},
	[PAINT_UNKNOWN] = {"unknown", {0x5A6472, 0xA4AFBD}},
	[PAINT_SERIES] = {"one", {0x2460C8, 0x6EA8FE}},
	{"two", {0xC2540A, 0xFF9E57}},
	{"three", {0x0B7A75, 0x3FC7BF}},
	{"four", {0x8A3FC9, 0xC79BF2}},
	{"five", {0xB3256B, 0xF58AB9}},
	{"six", {0x5B7A10, 0xA9CF4E}},
	{"seven", {0x8A6100, 0xE0C04C}},
	{"eight", {0x4B5A6E, 0x9FB0C6}},
	[PAINT_HEAT] = {"h0", {0xF1F6FE, 0x1B2638}},
	{"h1", {0xDFEBFC, 0x1E3150}},
	{"h2", {0xC9DDFA, 0x213D69}},
	{"h3", {0xB0CDF7, 0x244A84}},
	{"h4", {0x94BAF2, 0x2857A0}},
	{"h5", {0x78A6EC, 0x6796E0}},
	{"h6", {0x2F6CD0, 0x7FA9E9}},
	{"h7", {0x235AB6, 0x98BCF0}},
	{"h8", {0x1B4996, 0xB2CEF6}},
	{"h9", {0x143874, 0xCFE1FB}},
};

static const char *const on_heat_name[HEAT_LEVELS] = {"t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9"};

/* Dark words on light cells, light ones on dark cells. */
#define DARK_WORDS		0x121A26
#define LIGHT_WORDS		0xFFFFFF

uint32_t
paint_colour(Paint paint, Theme theme)
{
	if (paint < PAINT_ON_HEAT)
		return table[paint].colour[theme];
	else
	{
		uint32_t	cell = table[paint - PAINT_ON_HEAT + PAINT_HEAT].colour[theme];

		return colour_contrast(cell, DARK_WORDS) > colour_contrast(cell, LIGHT_WORDS) ? DARK_WORDS : LIGHT_WORDS;
	}
}

static const char *
paint_name(Paint paint)
{
	return paint < PAINT_ON_HEAT ? table[paint].name : on_heat_name[paint - PAINT_ON_HEAT];
}

/* ---- contrast ---- */

static double
luminance(uint32_t colour)
{
	static const double weights[] = {0.2126, 0.7152, 0.0722};
	double		sum = 0;

	for (int i = 0; i < 3; i++)
	{
		double		part = (colour >> (16 - 8 * i) & 0xFF) / 255.0;

		sum += weights[i] * (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
	}
	return sum;
}

double
colour_contrast(uint32_t one, uint32_t other)
{
	double		a = luminance(one);
	double		b = luminance(other);

	return (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
}

/* ---- style ---- */

static void
add_colour(Markup *markup, Paint paint, Theme theme)
{
	char		text[16];

	sprintf(text, "#%06X", (unsigned) paint_colour(paint, theme));
	markup_add(markup, text);
}

static void
add_variables(Markup *markup, uint64_t paints, Theme theme)
{
	markup_add(markup, ".kt{");
	for (int p = 0; p < PAINTS; p++)
		if (paints >> p & 1)
		{
			markup_format(markup, "--%s:var(--kt-%s,", paint_name(p), paint_name(p));
			add_colour(markup, p, theme);
			markup_add(markup, ");");
		}
	markup_add(markup, "}");
}

void
paint_style(Markup *markup, uint64_t paints)
{
	add_variables(markup, paints, THEME_LIGHT);
	/* paper is light */
	markup_add(markup, "@media screen and (prefers-color-scheme:dark){");
	add_variables(markup, paints, THEME_DARK);
	markup_add(markup, "}");
	for (int p = 0; p < PAINTS; p++)
		if (paints >> p & 1)
		{
			markup_format(markup, ".k-%s{fill:var(--%s)}", paint_name(p), paint_name(p));
			if (p < PAINT_HEAT || p >= PAINT_ON_HEAT)
				markup_format(markup, ".s-%s{stroke:var(--%s)}", paint_name(p), paint_name(p));
		}
}

void
paint_fill(Markup *markup, Paint paint, bool fallback)
{
	markup_format(markup, " class=\"k-%s\"", paint_name(paint));
	if (fallback)
	{
		markup_add(markup, " fill=\"");
		add_colour(markup, paint, THEME_LIGHT);
		markup_add(markup, "\"");
	}
}

void
paint_stroke(Markup *markup, Paint paint, bool fallback)
{
	markup_format(markup, " class=\"s-%s\"", paint_name(paint));
	if (fallback)
	{
		markup_add(markup, " stroke=\"");
		add_colour(markup, paint, THEME_LIGHT);
		markup_add(markup, "\"");
	}
}
