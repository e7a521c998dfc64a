/*
 * date.h: days as numbers from 2000-01-01 on, and as dates of the Gregorian calendar, carried on backwards.
 */
#ifndef KPI_DATE_H
#define KPI_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATE_TEXT_MAX 24		/* bytes, terminator included */

/* Year 0 is 1 BC; months and days count from 1. */
extern int64_t days_of_date(int64_t year, int month, int day);
extern void date_of_days(int64_t days, int64_t *year, int *month, int *day);
extern int days_of_month(int64_t year, int month);

/* A date as 2026-01-31, of the years 1 to 294276, all of the text: its day; false if it is none. */
extern bool date_parse(const char *text, size_t length, int64_t *day);

/* The other way round, terminated. */
extern void date_print(char *text, int64_t day);

#endif							/* KPI_DATE_H */
