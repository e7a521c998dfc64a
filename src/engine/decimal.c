/*
 * decimal.c: see decimal.h.
 */
#include "engine/decimal.h"

void
decimal_print(char *text, int64_t number, int decimals)
{
	uint64_t	rest = number < 0 ? -(uint64_t) number : (uint64_t) number;
	char		digits[DECIMAL_TEXT_MAX];
	int			ndigits = 0;

	for (; decimals > 0 && rest % 10 == 0; decimals--)
		rest /= 10;
	/* from the last digit on, at least one before the point */
	do
	{
		digits[ndigits++] = (char) ('0' + (int) (rest % 10));
		rest /= 10;
		if (--decimals == 0)
			digits[ndigits++] = '.';
	} while (rest > 0 || decimals >= 0);
	if (number < 0)
		*text++ = '-';
	while (ndigits > 0)
		*text++ = digits[--ndigits];
	*text = '\0';
}

const char *
decimal_parse(const char *text, size_t length, int64_t *number, uint8_t *decimals)
{
	size_t		point = length;
	size_t		start = length > 0 && text[0] == '-';
	size_t		end = length;

	for (size_t i = start; i < length; i++)
	{
		if (text[i] == '.' && point == length)
			point = i;
		else if (text[i] < '0' || text[i] > '9')
			return "expected a number";
	}
	if (point == start || point + 1 == length || start == length)
		return "expected a number";
	while (point < end && (text[end - 1] == '0' || end - 1 == point))
		end--;
	*number = 0;
	*decimals = 0;
	if (end > point + 1 && end - point - 1 > DECIMAL_PLACES_MAX)
		return "a value has at most 18 decimals";
	for (size_t i = start; i < end; i++)
	{
		int			digit = text[i] - '0';

		if (i == point)
			continue;
		*decimals = (uint8_t) (*decimals + (i > point));
		/* towards negative numbers there is one more */
		if (__builtin_mul_overflow(*number, 10, number) ||
			__builtin_sub_overflow(*number, digit, number))
			return "a value must fit 64 bits without its decimal point";
	}
	if (start == 0 && __builtin_sub_overflow(0, *number, number))
		return "a value must fit 64 bits without its decimal point";
	return NULL;
}
