/*
 * survey_kind.h: the language of kpi.survey: what is asked, and on what scale.
 *
 *     nps | csat [1..5] [top 2] | ces [1..7] [top 3] | mean [0.5..5]
 *
 * Parsed into a SurveyKind, printed as the canonical text, which is what is stored.
 */
#ifndef KPI_SURVEY_KIND_H
#define KPI_SURVEY_KIND_H

#include "language/phrase.h"

/* Scores are whole numbers of millionths. */
#define SURVEY_DECIMALS	6
#define SURVEY_UNIT		INT64_C(1000000)

/* No score is farther from 0. */
#define SURVEY_SCORE_MAX (INT64_C(1000000000000) * SURVEY_UNIT)

/* The longest scale of whole scores, and how far from 0 it may be. */
#define SURVEY_STEPS_MAX 100
#define SURVEY_WHOLE_MAX 1000000

typedef enum SurveyMeasure
{
	SURVEY_NPS,					/* promoters less detractors */
	SURVEY_CSAT,				/* the share of the top scores */
	SURVEY_CES,					/* the mean, or the share of the top scores */
	SURVEY_MEAN
} SurveyMeasure;

typedef struct SurveyKind
{
	SurveyMeasure measure;
	bool		bounded;		/* there is a scale; always but for `mean` */
	bool		whole;			/* scores are whole numbers; always but for `mean` */
	int64_t		low;			/* the scale, in millionths */
	int64_t		high;
	int			top;			/* how many of the highest scores count; 0: the mean does (nps: neither) */
} SurveyKind;

/* As pattern_parse and pattern_print. */
extern bool survey_kind_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known, SurveyKind *kind,
							  LanguageError *error);
extern char *survey_kind_print(const SurveyKind *kind, bool utf8, size_t *length);

/* The name of a measure. */
extern const char *survey_measure_name(SurveyMeasure measure);

#endif							/* KPI_SURVEY_KIND_H */
