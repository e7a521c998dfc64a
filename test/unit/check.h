/*
 * check.h: the smallest harness: a program runs checks and prints a line for each, in the form of TAP.
 */
#ifndef KPI_CHECK_H
#define KPI_CHECK_H

#include <stdbool.h>
#include <stdio.h>

#include "host_unit.h"

static int	checks_done;
static int	checks_failed;

/* CHECK(condition, "name with %d", ...): one line, `ok` or `not ok`. */
#define CHECK(condition, ...) \
	do { \
		bool good_ = (condition); \
		checks_done++; \
		checks_failed += !good_; \
		printf("%sok %d - ", good_ ? "" : "not ", checks_done); \
		printf(__VA_ARGS__); \
		printf("\n"); \
		fflush(stdout); \
	} while (0)

/* Gives back all memory that the code under test has taken. */
#define FORGET() host_unit_forget()

/* What main() returns. */
#define DONE() (FORGET(), printf("1..%d\n", checks_done), checks_failed == 0 ? 0 : 1)

#endif							/* KPI_CHECK_H */
