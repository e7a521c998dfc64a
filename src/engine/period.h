/*
 * period.h: calendar periods by the clocks of some zone, as numbers: hours, days, weeks, months, quarters, years.
 *
 * The number of a period counts from the one that holds 2000-01-01 00:00, which is 0; so periods that follow one
 * another have numbers that do. Plain arithmetic on local timestamps (microseconds from 2000-01-01 00:00 by the
 * clocks); zones are calendar.h's.
 */
#ifndef KPI_PERIOD_H
#define KPI_PERIOD_H

#include "language/pattern.h"

#define WEEK_STARTS_MONDAY 1	/* days of the week: 0: Sunday .. 6: Saturday */

#define PERIOD_SECOND	INT64_C(1000000)
#define PERIOD_HOUR		(3600 * PERIOD_SECOND)
#define PERIOD_DAY		(24 * PERIOD_HOUR)

/* The number of the period that holds a local timestamp. */
extern int64_t period_number(Grain grain, int week_start, int64_t local);

/* The local timestamp that a period begins at. */
extern int64_t period_start(Grain grain, int week_start, int64_t number);

/* Microseconds of a period that has a fixed length (hour, day, week), else 0. */
extern int64_t period_length(Grain grain);

/* Whether a period has a number that finite times can have. */
extern bool period_is_valid(Grain grain, int week_start, int64_t number);

static inline int64_t
floor_divide(int64_t value, int64_t by)
{
	int64_t		quotient = value / by;

	return value % by < 0 ? quotient - 1 : quotient;
}

#endif							/* KPI_PERIOD_H */
