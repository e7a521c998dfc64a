/*
 * real.c: see real.h.
 */
#include "engine/real.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Seventeen digits tell any double from all others. */
#define DIGITS_MAX 17

/* A positive number is 0.DIGITS times ten to the power of `point`. */
typedef struct Digits
{
	char		digits[DIGITS_MAX + 1];	/* the first and the last are not 0; none: zero */
	int			count;
	int			point;
} Digits;

/* ---- reading ---- */

const char *
real_parse(const char *text, size_t length, int exponent, double *value)
{
	char	   *number = host_alloc(NULL, length + 16);
	size_t		mantissa = 0;
	bool		zero = true;
	bool		negative;
	int64_t		power = 0;
	size_t		at;

	for (; mantissa < length && text[mantissa] != 'e' && text[mantissa] != 'E'; mantissa++)
		zero = zero && (text[mantissa] == '0' || text[mantissa] == '.');
	at = mantissa + 1;
	negative = at < length && text[at] == '-';
	at += at < length && (text[at] == '-' || text[at] == '+');
	/* what is more than that is too large or too small, however many zeros the mantissa has in so short a text */
	for (; at < length && power < 100000000; at++)
		power = power * 10 + (text[at] - '0');
	memcpy(number, text, mantissa);
	sprintf(number + mantissa, "e%d", (int) (negative ? -power : power) + exponent);
	*value = strtod(number, NULL);
	host_free(number);
	if (isinf(*value))
		return "the number is too large";
	if (*value == 0 && !zero)
		return "the number is too close to zero";
	return NULL;
}

/* ---- writing ---- */

/* The fewest digits that read back as the number, which is finite and not negative. */
static Digits
shortest_digits(double value)
{
	char		text[REAL_TEXT_MAX];
	Digits		result = {.count = 0};

	if (value == 0)
		return result;
	/* Numbers of up to 15 digits are all told apart, but for the smallest: zeros at the end of 15 are too many. */
	for (int count = value < 1e-300 ? 1 : 15; count <= DIGITS_MAX; count++)
	{
		snprintf(text, sizeof(text), "%.*e", count - 1, value);
		if (strtod(text, NULL) == value)
			break;
	}
	for (const char *from = text; *from != 'e'; from++)
		if (*from != '.')
			result.digits[result.count++] = *from;
	while (result.digits[result.count - 1] == '0')
		result.count--;
	result.digits[result.count] = '\0';
	result.point = atoi(strchr(text, 'e') + 1) + 1;
	return result;
}

size_t
real_print(char *text, double value)
{
	Digits		number = shortest_digits(fabs(value));
	char	   *to = text;

	if (number.count == 0)
	{
		strcpy(text, "0");
		return 1;
	}
	if (value < 0)
		*to++ = '-';
	if (number.point > 15 || number.point < -3)
	{
		*to++ = number.digits[0];
		if (number.count > 1)
			*to++ = '.';
		to += sprintf(to, "%se%d", number.digits + 1, number.point - 1);
	}
	else if (number.point <= 0)
		to += sprintf(to, "0.%.*s%s", -number.point, "000", number.digits);
	else if (number.count <= number.point)
		to += sprintf(to, "%s%.*s", number.digits, number.point - number.count, "00000000000000");
	else
		to += sprintf(to, "%.*s.%s", number.point, number.digits, number.digits + number.point);
	return (size_t) (to - text);
}

/* ---- rounding ---- */

double
real_round(double value, int decimals)
{
	Digits		number = shortest_digits(fabs(value));
	int			kept = number.point + decimals;
	char		text[REAL_TEXT_MAX];
	bool		up;
	double		result;

	if (kept >= number.count)
		return value;
	if (kept < 0)
		return 0;
	up = number.digits[kept] >= '5';
	number.digits[kept] = '\0';
	/* the nines at the end become zeros, the digit before them, which there may be none of, one more */
	while (up && kept > 0 && number.digits[kept - 1] == '9')
		number.digits[--kept] = '\0';
	if (up && kept > 0)
		number.digits[kept - 1]++;
	else if (up)
		return copysign(strtod((sprintf(text, "1e%d", number.point), text), NULL), value);
	else if (kept == 0)
		return 0;
	sprintf(text, "0.%se%d", number.digits, number.point);
	result = strtod(text, NULL);
	return value < 0 ? -result : result;
}
