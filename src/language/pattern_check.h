/*
 * pattern_check.h: the rules that hold between the parts of a pattern.
 */
#ifndef KPI_PATTERN_CHECK_H
#define KPI_PATTERN_CHECK_H

#include "language/pattern.h"

/* Where the parts of a pattern stand in its text, for the place in an error. */
typedef struct PatternPlaces
{
	size_t		step[PATTERN_MAX_STEPS];
	size_t		arrow[PATTERN_MAX_STEPS];
	size_t		within;
	size_t		strictly_increasing;
	size_t		any_order;
	size_t		reuse_rows;
	size_t		open;
} PatternPlaces;

/* pattern_check with places for its errors. */
extern bool pattern_check_at(const Pattern *pattern, const PatternPlaces *places, LanguageError *error);

#endif							/* KPI_PATTERN_CHECK_H */
