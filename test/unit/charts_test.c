/*
 * charts_test.c: what charts are made of: escaping, characters, numbers, axes, colours; and that whatever they are given, charts are
 * well-formed XML that shows it. KPI_SEED and KPI_CASES choose other and more cases.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "random.h"
#include "surfaces/chart.h"
#include "well_formed.h"

static int	cases = 3000;

static bool
escapes(const char *text, const char *expected, bool ascii)
{
	Markup		markup;

	markup_init(&markup, ascii);
	markup_string(&markup, text);
	if (strcmp(markup.bytes, expected) != 0)
		printf("# \"%s\"\n", markup.bytes);
	return strcmp(markup.bytes, expected) == 0;
}

static void
test_escaping(void)
{
	long		wrong = 0;

	CHECK(escapes("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;", false), "tags are text");
	CHECK(escapes("\"&]]>", "&quot;&amp;]]&gt;", false), "quotes, ampersands, the end of CDATA");
	CHECK(escapes("a\tb\nc\x01\x1b\x7f", "a b c\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", false), "control characters");
	CHECK(escapes("\xED\xA0\x80|\xED\xBF\xBF", "\xEF\xBF\xBD|\xEF\xBF\xBD", false), "lone surrogates");
	CHECK(escapes("\xC0\xAF|\xE0\x80\xAF|\xF4\x90\x80\x80|\xFF", "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD", false), "what is no UTF-8");
	CHECK(escapes("\xEF\xBF\xBE|\xEF\xBF\xBF|\xF0\x9F\xBF\xBF", "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD", false), "what are no characters");
	CHECK(escapes("\xE2\x80\xAE" "evil", "\xEF\xBF\xBD" "evil", false), "what turns the direction of the text behind it");
	CHECK(escapes("\xEA\xB0\x80\xF0\x9F\x98\x80", "\xEA\xB0\x80\xF0\x9F\x98\x80", false), "Hangul and pictures stay");
	CHECK(escapes("\xEA\xB0\x80\xF0\x9F\x98\x80<", "&#xAC00;&#x1F600;&lt;", true), "and are references where the encoding has none");
	CHECK(escapes("\xE2\x82", "\xEF\xBF\xBD", false), "a character that ends early");

	for (int run = 0; run < cases * 20; run++)
	{
		uint32_t	glyph = (uint32_t) (random_bits() % 0x110000);
		char		bytes[5];
		const char *at = bytes;
		int			length = glyph_write(bytes, glyph);
		uint32_t	back = glyph_next(&at, bytes + length);

		wrong += back != glyph && back != GLYPH_BAD && back != ' ';
		wrong += back == glyph && at != bytes + length;
	}
	CHECK(wrong == 0, "characters that are written are read: %ld wrong", wrong);
}

/* ---- how wide, and where to cut ---- */

static bool
fits(const char *text, double width, const char *expected, bool expect_cut)
{
	bool		cut;
	Text		fit = text_fit((Text) {text, strlen(text)}, width, &cut);

	return cut == expect_cut && fit.length == strlen(expected) && memcmp(fit.bytes, expected, fit.length) == 0;
}

static void
test_widths(void)
{
	long		wrong = 0;

	CHECK(text_width(TEXT("\xEA\xB0\x80\xEB\x82\x98")) == 2, "Hangul is wide");
	CHECK(text_width(TEXT("e\xCC\x81")) == text_width(TEXT("e")), "marks have no width");
	CHECK(fits("short", 10, "short", false), "what fits is not cut");
	CHECK(fits("\xEA\xB0\x80\xEB\x82\x98\xEB\x8B\xA4\xEB\x9D\xBC", 3, "\xEA\xB0\x80\xEB\x82\x98", true), "cut between characters");
	CHECK(fits("ae\xCC\x81xxxxxxxxxx", 2.2, "ae\xCC\x81", true), "marks stay with what they are on");
	CHECK(fits("abc def", 2.7, "abc", true), "no blank before the ellipsis");
	CHECK(fits("abc", 0, "", true), "no room at all");
	for (int run = 0; run < cases; run++)
	{
		char		bytes[64];
		size_t		length = random_bits() % sizeof(bytes);
		double		width = (double) (random_bits() % 400) / 10;
		Text		fit;
		bool		cut;

		for (size_t i = 0; i < length; i++)
			bytes[i] = (char) random_bits();
		fit = text_fit((Text) {bytes, length}, width, &cut);
		wrong += cut ? fit.length > 0 && text_width(fit) + 0.8 > width + 1e-9 : fit.length != length;
	}
	CHECK(wrong == 0, "any bytes: what is left is no wider than it may be: %ld wrong", wrong);
}

/* ---- numbers ---- */

static bool
figure_is(size_t (*figure) (char *, double), double value, const char *expected)
{
	char		text[FIGURE_MAX];

	figure(text, value);
	if (strcmp(text, expected) != 0)
		printf("# \"%s\", not \"%s\"\n", text, expected);
	return strcmp(text, expected) == 0;
}

static size_t
english(char *text, double value)
{
	return figure_short(text, value, 3, ENGLISH);
}

static size_t
korean(char *text, double value)
{
	return figure_short(text, value, 3, KOREAN);
}

static size_t
plain(char *text, double value)
{
	return figure_plain(text, value, ENGLISH);
}

/* What a short number says. */
static double
number_of(const char *text)
{
	char		digits[FIGURE_MAX];
	size_t		n = 0;
	char	   *end;
	double		number;

	for (; *text != '\0'; text++)
		if (*text != ',')
			digits[n++] = *text;
	digits[n] = '\0';
	number = strtod(digits, &end);

	return number * (*end == 'K' ? 1e3 : *end == 'M' ? 1e6 : *end == 'B' ? 1e9 : *end == 'T' ? 1e12 : 1);
}

static void
test_figures(void)
{
	long		wrong = 0;
	long		unequal = 0;
	size_t		longest = 0;

	CHECK(figure_is(english, 1234567, "1.23M") && figure_is(english, 999999, "1M") && figure_is(english, 999, "999") && figure_is(english, 1234, "1.23K") &&
		  figure_is(english, -12345, "-12.3K") && figure_is(english, 0, "0") && figure_is(english, 0.012345, "0.0123") && figure_is(english, 2e9, "2B") &&
		  figure_is(english, 1.5e12, "1.5T") && figure_is(english, 1e16, "1e16") && figure_is(english, 999.9, "1K") && figure_is(english, 123456, "123K"),
		  "short, in English");
	CHECK(figure_is(korean, 9999, "9,999") && figure_is(korean, 12345, "1.23\xEB\xA7\x8C") && figure_is(korean, 1234567, "123\xEB\xA7\x8C") &&
		  figure_is(korean, 12345678, "1,235\xEB\xA7\x8C") && figure_is(korean, 123456789, "1.23\xEC\x96\xB5") && figure_is(korean, 1e12, "1\xEC\xA1\xB0"),
		  "short, in Korean: by ten thousands");
	CHECK(figure_is(figure_exact, 1234567.891, "1,234,567.891") && figure_is(figure_exact, -1000, "-1,000") && figure_is(figure_exact, 0.5, "0.5") &&
		  figure_is(figure_exact, 999, "999") && figure_is(figure_exact, 1e15, "1e15") && figure_is(figure_exact, 123456789012345, "123,456,789,012,345"), "all digits");
	CHECK(figure_is(figure_exact, NAN, "\xE2\x80\x93") && figure_is(figure_exact, -INFINITY, "-\xE2\x88\x9E") && figure_is(figure_percent, NAN, "\xE2\x80\x93"), "what is no number");
	CHECK(figure_is(plain, 21310.81, "21,311") && figure_is(plain, 104.25, "104.3") && figure_is(plain, 2.345, "2.35") && figure_is(plain, 0.1, "0.1") && figure_is(plain, 1e6, "1,000,000"), "as in a sentence");
	CHECK(figure_is(figure_percent, 0.4416, "44.2%") && figure_is(figure_percent, 1, "100%") && figure_is(figure_percent, 0, "0%") && figure_is(figure_percent, 0.9996, "99.96%") &&
		  figure_is(figure_percent, 0.00001, "0.001%") && figure_is(figure_percent, 0.0123, "1.2%") && figure_is(figure_percent, -0.5, "-50%") && figure_is(figure_percent, 12, "1,200%"),
		  "per cent: only what is all is 100");
	for (int run = 0; run < cases * 20; run++)
	{
		char		text[FIGURE_MAX];
		double		value = chance(50) ? ldexp((double) (random_bits() >> 11), (int) (random_bits() % 100) - 75) : (double) (random_bits() % 2000000) / 100;
		uint64_t	bits = random_bits();
		size_t		length;

		length = figure_short(text, value, 3, ENGLISH);
		wrong += fabs(number_of(text) - value) > 0.0051 * fabs(value);
		/* any double at all */
		if (chance(30))
			memcpy(&value, &bits, sizeof(value));
		for (int kind = 0; kind < 5; kind++)
		{
			length = kind == 0 ? figure_short(text, value, (int) (random_bits() % 20), KOREAN) : kind == 1 ? figure_exact(text, value) : kind == 2 ? figure_plain(text, value, KOREAN) :
				kind == 3 ? figure_percent(text, value) : figure_short(text, value, 3, ENGLISH);
			unequal += length != strlen(text);
			longest = length > longest ? length : longest;
		}
	}
	CHECK(wrong == 0, "short ones are right to three digits: %ld wrong", wrong);
	CHECK(unequal == 0 && longest < FIGURE_MAX, "lengths are told, the longest is %zu", longest);
}

/* ---- axes ---- */

static void
test_scales(void)
{
	long		outside = 0;
	long		uneven = 0;
	long		count = 0;
	long		crooked = 0;
	Scale		scale;

	scale_make(&scale, 0, 97, 5, false);
	CHECK(scale.count == 6 && scale.step == 20 && scale.low == 0 && scale.high == 100, "0 to 97 by twenties");
	scale_make(&scale, 0, 3, 10, true);
	CHECK(scale.step == 1 && scale.count == 4, "whole numbers");
	scale_make(&scale, 5, 5, 5, false);
	CHECK(scale.low < 5 && scale.high >= 5, "one number");
	scale_make(&scale, -DBL_MAX, DBL_MAX, 5, false);
	CHECK(isfinite(scale.low) && isfinite(scale.high) && scale.count > 1 && scale_share(&scale, 0) == 0.5, "from the least to the greatest");
	for (int run = 0; run < cases * 10; run++)
	{
		double		low = ldexp((double) (random_bits() >> 11), (int) (random_bits() % 1900) - 1000) * (chance(30) ? -1 : 1);
		double		high = chance(10) ? low : chance(30) ? nextafter(low, HUGE_VAL) : chance(20) ? 0 : ldexp((double) (random_bits() >> 11), (int) (random_bits() % 1900) - 1000);
		int			steps = 1 + (int) (random_bits() % 10);

		if (chance(20))
			low = (double) (random_bits() % 100000) / 100, high = low + (double) (random_bits() % 1000000) / 100;
		if (low > high)
		{
			double		swap = low;

			low = high;
			high = swap;
		}
		scale_make(&scale, low, high, steps, false);
		outside += !(scale.low <= low && scale.high >= high && scale.low < scale.high && isfinite(scale.low) && isfinite(scale.high));
		outside += !(scale_share(&scale, low) >= 0 && scale_share(&scale, high) <= 1 && scale_share(&scale, low) <= scale_share(&scale, high));
		count += scale.count < 1 || scale.count > SCALE_TICKS_MAX;
		for (int i = 1; i < scale.count; i++)
		{
			char		one[FIGURE_MAX];
			char		other[FIGURE_MAX];

			uneven += !(scale.ticks[i] > scale.ticks[i - 1]) || fabs((scale.ticks[i] - scale.ticks[i - 1]) / scale.step - 1) > 1e-5;
			figure_short(one, scale.ticks[i - 1], scale.digits, ENGLISH);
			figure_short(other, scale.ticks[i], scale.digits, ENGLISH);
			crooked += strcmp(one, other) == 0;
		}
	}
	CHECK(outside == 0, "an axis holds its numbers: %ld wrong", outside);
	CHECK(count == 0 && uneven == 0, "its ticks are even: %ld wrong", uneven);
	CHECK(crooked == 0, "and their labels differ: %ld do not", crooked);
}

/* ---- colours ---- */

static void
test_colours(void)
{
	/* of the page, beside those of charts */
	static const uint32_t page[THEMES] = {0xF5F6F8, 0x0E131B};
	long		faint = 0;

	CHECK(fabs(colour_contrast(0x000000, 0xFFFFFF) - 21) < 1e-9 && colour_contrast(0x777777, 0x777777) == 1 && fabs(colour_contrast(0x777777, 0xFFFFFF) - 4.48) < 0.01, "contrast as WCAG computes it");
	for (int theme = 0; theme < THEMES; theme++)
	{
		static const Paint words[] = {PAINT_INK, PAINT_MUTED, PAINT_ACCENT, PAINT_GOOD, PAINT_DOUBTFUL, PAINT_BAD, PAINT_UNKNOWN};

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			faint += colour_contrast(paint_colour(words[i], theme), paint_colour(PAINT_BACK, theme)) < 4.5 || colour_contrast(paint_colour(words[i], theme), page[theme]) < 4.5;
		for (int i = 0; i < HEAT_LEVELS; i++)
			faint += colour_contrast(paint_colour(PAINT_HEAT + i, theme), paint_colour(PAINT_ON_HEAT + i, theme)) < 4.5;
		for (int i = 0; i < SERIES_MAX; i++)
			faint += colour_contrast(paint_colour(PAINT_SERIES + i, theme), paint_colour(PAINT_BACK, theme)) < 3;
	}
	CHECK(faint == 0, "words can be read, and lines seen, by light and in the dark: %ld cannot", faint);
}

/* ---- in characters ---- */

static void
test_text_graphics(void)
{
	char		text[256];
	double		values[] = {0, 1, 2, 3, 4, 5, 6, 7};
	double		gaps[] = {1, NAN, INFINITY, 1};

	text_bar(text, 5, 10, 4, false);
	CHECK(strcmp(text, "\xE2\x96\x88\xE2\x96\x88  ") == 0, "half a bar");
	text_bar(text, 1, 16, 2, false);
	CHECK(strcmp(text, "\xE2\x96\x8F ") == 0, "an eighth");
	text_bar(text, 1e-9, 1, 2, false);
	CHECK(strcmp(text, "\xE2\x96\x8F ") == 0, "something is more than nothing");
	text_bar(text, 0.9999, 1, 1, false);
	CHECK(strcmp(text, "\xE2\x96\x89") == 0, "almost is not all");
	text_bar(text, 20, 10, 2, false);
	CHECK(strcmp(text, "\xE2\x96\x88\xE2\x96\x88") == 0, "more than all is all");
	CHECK(text_bar(text, NAN, 10, 2, false) == 2 && strcmp(text, "  ") == 0 && text_bar(text, 1, 0, 2, false) == 2 && strcmp(text, "  ") == 0 && text_bar(text, -3, 10, 2, false) == 2, "and nothing is nothing");
	text_bar(text, 5, 10, 4, true);
	CHECK(strcmp(text, "##..") == 0, "a bar in ASCII");
	text_sparkline(text, values, 8, false);
	CHECK(strcmp(text, "\xE2\x96\x81\xE2\x96\x82\xE2\x96\x83\xE2\x96\x84\xE2\x96\x85\xE2\x96\x86\xE2\x96\x87\xE2\x96\x88") == 0, "eight heights");
	text_sparkline(text, gaps, 4, false);
	CHECK(strcmp(text, "\xE2\x96\x85  \xE2\x96\x85") == 0, "gaps, and what never changes is in the middle");
	text_sparkline(text, values, 8, true);
	CHECK(strcmp(text, "_.-~=+*#") == 0, "in ASCII");
}

/* ---- charts ---- */

static const char *const labels_pool[] = {
	"view", "<script>alert(1)</script>", "a\"b'c&d]]>", "\x01\x02\xFF", "\xEA\xB5\xAC\xEB\xA7\xA4", "\xF0\x9F\x98\x80\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9", "", "\xE2\x80\xAE" "abc", "-->", "javascript:alert(1)"
};

static Text
any_label(void)
{
	const char *label = labels_pool[random_bits() % (sizeof(labels_pool) / sizeof(labels_pool[0]))];

	return (Text) {label, strlen(label)};
}

static double
any_value(void)
{
	uint64_t	bits = random_bits();
	double		value;

	switch (bits % 8)
	{
		case 0:
			return NAN;
		case 1:
			return chance(50) ? INFINITY : -INFINITY;
		case 2:
			memcpy(&value, &bits, sizeof(value));
			return value;
		case 3:
			return 0;
		default:
			return (double) (random_bits() % 100000) / (chance(50) ? 1 : 100000);
	}
}

static double *
any_values(size_t count)
{
	double	   *values = host_alloc(NULL, (count + 1) * sizeof(double));

	for (size_t i = 0; i < count; i++)
		values[i] = any_value();
	return values;
}

static Text *
any_labels(size_t count)
{
	Text	   *labels = host_alloc(NULL, (count + 1) * sizeof(Text));

	for (size_t i = 0; i < count; i++)
		labels[i] = any_label();
	return labels;
}

static void
test_charts(void)
{
	long		bad = 0;

	for (int run = 0; run < cases; run++)
	{
		ChartOptions options = {
			.title = any_label(), .unit = chance(50) ? any_label() : TEXT(""), .percent = chance(30), .width = 120 + (int) (random_bits() % 900), .height = chance(50) ? 0 : 16 + (int) (random_bits() % 500),
			.tongue = chance(50) ? KOREAN : ENGLISH, .ascii = chance(30), .bare = chance(30),
		};
		size_t		n = chance(5) ? random_bits() % 2000 : random_bits() % 20;
		size_t		m = 1 + random_bits() % 10;
		int			status = (int) (random_bits() % (KPI_STATUSES + 1)) - 1;
		Markup		out;
		const char *failure;
		ChartTable	table = {any_labels(n), n, any_labels(m), m, chance(50), any_values(n * m)};
		bool	   *incomplete = host_alloc0(NULL, n * m + 1);

		markup_init(&out, options.ascii);
		switch (run % 6)
		{
			case 0:
				bar_chart(&out, &options, &table);
				break;
			case 1:
				line_chart(&out, &options, &table, &(LineExtras) {.targets = chance(50) ? any_values(n) : NULL, .low = chance(50) ? any_values(n) : NULL, .high = chance(50) ? any_values(n) : NULL,
						   .forecast = chance(50) ? any_values(n) : NULL, .status = status, .shades = chance(50), .from_zero = chance(20)});
				break;
			case 2:
				funnel_chart(&out, &options, &(FunnelChart) {table.labels, any_values(n), any_values(n), any_values(n), any_values(n), n});
				break;
			case 3:
				for (size_t i = 0; i < n * m; i++)
					incomplete[i] = chance(20);
				heat_map(&out, &options, &(HeatMap) {.rows = table.labels, .nrows = n, .columns = table.series, .ncolumns = m, .values = table.values, .incomplete = chance(50) ? incomplete : NULL,
						 .sizes = chance(50) ? any_values(n) : NULL, .skipped = random_bits() % 3, .row_name = any_label(), .column_name = any_label()});
				break;
			case 4:
				bullet_chart(&out, &options, &(BulletChart) {any_value(), any_value(), any_value(), any_value(), any_value(), any_value(), status});
				break;
			default:
				sparkline_chart(&out, &options, table.values, n);
				status_mark(&out, status, options.tongue);
				break;
		}
		failure = ill_formed(out.bytes, out.length, options.ascii);
		if (failure != NULL && bad++ < 3)
			printf("# run %d: %s\n%s\n", run, failure, out.bytes);
		FORGET();
	}
	CHECK(bad == 0, "charts of anything are well-formed: %ld are not", bad);
}

int
main(void)
{
	const char *seed = getenv("KPI_SEED");
	const char *more = getenv("KPI_CASES");

	if (seed != NULL)
		random_state = strtoull(seed, NULL, 10) | 1;
	if (more != NULL)
		cases = atoi(more);
	test_escaping();
	test_widths();
	test_figures();
	test_scales();
	test_colours();
	test_text_graphics();
	test_charts();
	return DONE();
}
