/*
 * decimal.h: exact decimal numbers of 64 bits, number / 10^decimals, as text.
 */
#ifndef KPI_DECIMAL_H
#define KPI_DECIMAL_H

#include <string.h>

#include "host.h"

#define DECIMAL_PLACES_MAX	18
#define DECIMAL_TEXT_MAX	24	/* bytes, terminator included */

/* An exact decimal number of any size as the server stores it: digit i counts 10000^(weight - i). */
typedef struct DecimalDigits
{
	const uint8_t *digits;		/* two bytes each in the order of the machine, at any address */
	int			ndigits;
	int			weight;
	bool		negative;
} DecimalDigits;

static inline int
decimal_digit(const DecimalDigits *number, int i)
{
	int16_t		digit;

	memcpy(&digit, number->digits + 2 * (size_t) i, 2);
	return digit;
}

/* Writes the number with as few decimals as it needs, terminated. */
extern void decimal_print(char *text, int64_t number, int decimals);

/*
 * Reads digits, with a point or without; the result has as few decimals as it needs. NULL, or what is wrong: a text
 * that is no number, or one that cannot be kept.
 */
extern const char *decimal_parse(const char *text, size_t length, int64_t *number, uint8_t *decimals);

#endif							/* KPI_DECIMAL_H */
