/*
 * real.h: doubles as decimal text, the shortest that reads back as the same double.
 */
#ifndef KPI_REAL_H
#define KPI_REAL_H

#include "host.h"

#define REAL_TEXT_MAX		32	/* bytes, terminator included */

/*
 * Reads digits, with a point or without (one of its sides may be missing), and an exponent; `exponent` is added to it:
 * -2 reads per cents. NULL, or what is wrong: a number that no double is close to. The text must be such a number.
 */
extern const char *real_parse(const char *text, size_t length, int exponent, double *value);

/* Writes a finite number, terminated; returns its length. With an exponent from 1e15 on and below 0.0001. */
extern size_t real_print(char *text, double value);

/*
 * Rounds a finite number to so many decimals (negative: to tens, hundreds ...). It rounds the number that real_print shows, halves
 * away from zero: 1.005 to two decimals is 1.01, though the double is a little less than 1.005.
 */
extern double real_round(double value, int decimals);

#endif							/* KPI_REAL_H */
