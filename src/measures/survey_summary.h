/*
 * survey_summary.h: what a kpi.survey holds: how many gave which score.
 */
#ifndef KPI_SURVEY_SUMMARY_H
#define KPI_SURVEY_SUMMARY_H

#include "engine/wire.h"
#include "language/survey_kind.h"

#define SURVEY_SCORES_MAX 10000	/* different ones */

typedef struct SurveyScore
{
	int64_t		score;			/* in millionths */
	int64_t		count;			/* > 0 */
} SurveyScore;

/* Zeros: of nobody and of no kind. It begins as a SummaryHead. */
typedef struct SurveySummary
{
	const char *text;			/* canonical kind; NULL: none yet */
	size_t		length;
	SurveyKind	kind;
	int64_t		total;			/* of all counts */
	SurveyScore *scores;		/* ascending */
	size_t		used;
	size_t		size;			/* there is room for so many */
} SurveySummary;

/* Nobody; the text must live as long. */
extern void survey_summary_init(SurveySummary *summary, const char *text, size_t length, const SurveyKind *kind);

/*
 * Adds to the count of a score, or takes away from it what was added; memory comes from the current arena. HOST_LIMIT if there
 * are too many different ones.
 */
extern void survey_summary_add(SurveySummary *summary, int64_t score, int64_t count);

extern void survey_summary_merge(SurveySummary *into, const SurveySummary *from);
extern const char *survey_summary_check(const SurveySummary *summary);
extern void survey_summary_write(WireWriter *writer, const SurveySummary *summary);
extern void survey_summary_read(WireReader *reader, bool utf8, SurveySummary *summary);

/* How many gave a score from `low` to `high`, in millionths. */
extern int64_t survey_summary_between(const SurveySummary *summary, int64_t low, int64_t high);

#endif							/* KPI_SURVEY_SUMMARY_H */
