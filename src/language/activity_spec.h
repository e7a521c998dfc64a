/*
 * activity_spec.h: the language of kpi.activity: `by month in Asia/Seoul`.
 */
#ifndef KPI_ACTIVITY_SPEC_H
#define KPI_ACTIVITY_SPEC_H

#include "language/phrase.h"

typedef struct ActivitySpec
{
	PeriodClause periods;
} ActivitySpec;

/* As pattern_parse and pattern_print. */
extern bool activity_spec_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, ActivitySpec *spec,
								LanguageError *error);
extern char *activity_spec_print(const ActivitySpec *spec, bool utf8, size_t *length);

#endif							/* KPI_ACTIVITY_SPEC_H */
