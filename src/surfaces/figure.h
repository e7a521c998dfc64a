/*
 * figure.h: numbers as people read them, in the manner of a language.
 */
#ifndef KPI_FIGURE_H
#define KPI_FIGURE_H

#include "surfaces/words.h"

#define FIGURE_MAX		64		/* bytes of any figure, terminator included */

/* For axes and cells: 1.23M, 12.3K; in Korean 123만, 1.2억. At least so many digits, if it has them. NaN: a dash. */
extern size_t figure_short(char *text, double value, int digits, Tongue tongue);

/* All its digits, in groups of three: 1,234,567.891; twelve of those that no one would write down. */
extern size_t figure_exact(char *text, double value);

/* As in a sentence: in groups, with as many decimals as matter; from a thousand million on the short one. */
extern size_t figure_plain(char *text, double value, Tongue tongue);

/* A share in per cent; only what is 1 is 100%, and only what is 0 is 0%. */
extern size_t figure_percent(char *text, double share);

#endif							/* KPI_FIGURE_H */
