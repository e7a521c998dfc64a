/*
 * ltv_spec.h: the language of kpi.ltv.
 *
 *     by month in Europe/Berlin, unit week, of purchase|refund, until 2026-06-30, holdout from 2026-04-01
 *
 * Parsed into an LtvSpec, printed as the canonical text, which is what is stored.
 */
#ifndef KPI_LTV_SPEC_H
#define KPI_LTV_SPEC_H

#include "language/phrase.h"

#define LTV_NO_DAY INT64_MAX

/* What the models measure time in. Days are counted; weeks are days / 7. */
typedef enum LtvUnit
{
	LTV_DAY,
	LTV_WEEK
} LtvUnit;

typedef struct LtvSpec
{
	uint32_t	nlabels;
	Label	   *labels;
	bool		named;			/* `of`: which events are purchases and refunds; else those with an amount */
	LabelSet	of;				/* empty where `of_any` */
	bool		of_any;			/* `of *`: every event */
	PeriodClause periods;		/* of cohorts: week, month (where none is given), quarter or year */
	LtvUnit		unit;
	int64_t		until;			/* last day that counts, see date.h; LTV_NO_DAY: none given */
	int64_t		holdout;		/* first day that models are not fitted to; LTV_NO_DAY: none */
} LtvSpec;

/* As pattern_parse and pattern_print. An empty text is a spec. */
extern bool ltv_spec_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, LtvSpec *spec,
						   LanguageError *error);
extern char *ltv_spec_print(const LtvSpec *spec, bool utf8, size_t *length);

#endif							/* KPI_LTV_SPEC_H */
