/*
 * exact_numeric.h: PostgreSQL's numeric and the numbers of exact_sum.h.
 */
#ifndef KPI_EXACT_NUMERIC_H
#define KPI_EXACT_NUMERIC_H

#include "kpi_track.h"

#include "utils/numeric.h"

#include "engine/exact_sum.h"

/* What keeps the digits of a number that does not lie aligned in its tuple. */
#define EXACT_BUFFER 32

typedef int16_t ExactBuffer[EXACT_BUFFER];

/* Numbers of a plain size; false if it is none: NaN or an infinity. Digits are in the datum or the buffer. */
extern bool exact_number_of(Datum numeric, ExactBuffer buffer, ExactNumber *number);

/* The same, with an error that names the value and calls it `what`. */
extern ExactNumber exact_number_argument(Datum numeric, ExactBuffer buffer, const char *what);

/* The number of a sum, without zeros at the end of the decimals. */
extern Numeric exact_sum_numeric(const ExactSum *sum);

#endif							/* KPI_EXACT_NUMERIC_H */
