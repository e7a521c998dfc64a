/*
 * cashflow_days.h: day count conventions: how many years lie between two days.
 */
#ifndef KPI_CASHFLOW_DAYS_H
#define KPI_CASHFLOW_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum DayCount
{
	DAYS_ACT_365,			 /* days / 365, also in leap years (365 fixed) */
	DAYS_ACT_360,			 /* days / 360 */
	DAYS_30_360,			 /* months of 30 days (ISDA 2006, 4.16(f): bond basis) */
	DAYS_ACT_ACT			 /* days of leap years / 366 + other days / 365 (ISDA 2006, 4.16(b)) */
} DayCount;

/* What may be written, for hints. */
#define DAY_COUNTS "act/365, act/360, 30/360 or act/act"

/* The convention of that name, in letters of either case; false if there is none. */
extern bool day_count_parse(const char *text, size_t length, DayCount *convention);
extern const char *day_count_name(DayCount convention);

/* From one day (days from 2000-01-01 on) to another, not before it; in order of `to`. */
extern double day_count_years(DayCount convention, int64_t from, int64_t to);

#endif							/* KPI_CASHFLOW_DAYS_H */
