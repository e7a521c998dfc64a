/*
 * figure.c: see figure.h.
 */
#include "surfaces/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/real.h"

#define DASH	"\xE2\x80\x93"

/* What large numbers are counted in. */
typedef struct Magnitude
{
	double		size;
	const char *sign;
} Magnitude;

static const Magnitude magnitudes[TONGUES][5] = {
	[ENGLISH] = {{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "K"}, {1, ""}},
	[KOREAN] = {{1e16, "\xEA\xB2\xBD"}, {1e12, "\xEC\xA1\xB0"}, {1e8, "\xEC\x96\xB5"}, {1e4, "\xEB\xA7\x8C"}, {1, ""}},
};

/* Beyond this the powers of ten are clearer. */
#define LARGEST		1e16

static size_t
no_number(char *text, double value)
{
	strcpy(text, isnan(value) ? DASH : value < 0 ? "-\xE2\x88\x9E" : "\xE2\x88\x9E");
	return strlen(text);
}

/* Puts commas between the groups of the digits before the point. */
static size_t
group(char *text)
{
	char	   *first = text + (text[0] == '-');
	size_t		digits = strspn(first, "0123456789");
	size_t		commas = digits > 3 ? (digits - 1) / 3 : 0;
	size_t		length = strlen(text);
	char	   *to;

	if (strchr(text, 'e') != NULL)
		return length;
	/* what is behind moves at once, the digits one by one */
	memmove(first + digits + commas, first + digits, length - digits - (size_t) (first - text) + 1);
	to = first + digits + commas;
	for (size_t i = 0; i < digits; i++)
	{
		if (i > 0 && i % 3 == 0)
			*--to = ',';
		*--to = first[digits - 1 - i];
	}
	return length + commas;
}

/* The largest doubles would be rounded up to infinity. */
static double
rounded_to(double value, int decimals)
{
	double		rounded = real_round(value, decimals);

	return isfinite(rounded) ? rounded : value;
}

/* The place of the first digit: 0 for 1 to 9.99, 2 for hundreds. */
static int
leading_place(double value)
{
	int			place = (int) floor(log10(fabs(value)));

	/* log10 may be a little off next to powers of ten */
	if (fabs(value) >= pow(10, place + 1))
		place++;
	return place;
}

size_t
figure_short(char *text, double value, int digits, Tongue tongue)
{
	const Magnitude *magnitude = magnitudes[tongue];
	double		rounded;
	double		shown;
	int			place;
	size_t		length;

	if (!isfinite(value))
		return no_number(text, value);
	if (value == 0)
		return real_print(text, 0);
	if (digits > 15)
		digits = 15;
	/* rounded first, as 999,999 is one million */
	place = leading_place(value);
	while (magnitude->size > 1 && fabs(value) < magnitude->size)
		magnitude++;
	if (fabs(value) >= magnitude->size)
	{
		int			whole = place - leading_place(magnitude->size) + 1;

		/* no digit before the point is lost to rounding */
		rounded = rounded_to(value, (digits > whole ? digits : whole) - 1 - place);
	}
	else
		rounded = rounded_to(value, digits - 1 - place);
	if (fabs(rounded) >= LARGEST || (fabs(rounded) < 1e-4 && rounded != 0))
		return real_print(text, rounded_to(value, digits - 1 - place));
	for (magnitude = magnitudes[tongue]; magnitude->size > 1 && fabs(rounded) < magnitude->size;)
		magnitude++;
	shown = rounded / magnitude->size;
	/* the division may bring digits back that the rounding took */
	if (shown != 0)
		shown = rounded_to(shown, 15 - 1 - leading_place(shown));
	real_print(text, shown);
	length = group(text);
	strcpy(text + length, magnitude->sign);
	return length + strlen(magnitude->sign);
}

size_t
figure_exact(char *text, double value)
{
	double		nearest;

	if (!isfinite(value))
		return no_number(text, value);
	/* a number of more than fifteen digits was computed, and the last of them are not what was meant */
	nearest = value != 0 ? rounded_to(value, 14 - leading_place(value)) : 0;
	real_print(text, nearest == value ? value : rounded_to(value, 11 - leading_place(value)));
	return group(text);
}

size_t
figure_plain(char *text, double value, Tongue tongue)
{
	double		size = fabs(value);

	if (!isfinite(value))
		return no_number(text, value);
	if (size >= 1e9)
		return figure_short(text, value, 4, tongue);
	if (size < 1)
		return figure_short(text, value, 3, tongue);
	real_print(text, rounded_to(value, size >= 1000 ? 0 : size >= 100 ? 1 : 2));
	return group(text);
}

size_t
figure_percent(char *text, double share)
{
	double		percent = share * 100;
	double		shown = 0;
	size_t		length;

	if (!isfinite(share) || !isfinite(percent))
		return no_number(text, isfinite(share) ? share * HUGE_VAL : share);
	if (fabs(percent) >= 1e9)
	{
		length = real_print(text, rounded_to(percent, 2 - leading_place(percent)));
		strcpy(text + length, "%");
		return length + 1;
	}
	for (int decimals = fabs(percent) < 1 ? 2 : 1; decimals < 12; decimals++)
	{
		shown = rounded_to(percent, decimals);
		if ((shown != 100 || share == 1) && (shown != 0 || share == 0))
			break;
	}
	real_print(text, shown);
	length = group(text);
	strcpy(text + length, "%");
	return length + 1;
}
