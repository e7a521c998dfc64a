/*
 * retention_spec.h: the language of kpi.retention.
 *
 *     signup -> login|purchase by week for 12 in Asia/Seoul on or after at least 2 times
 *
 * Parsed into a RetentionSpec, printed as the canonical text, which is what is stored. Grammar and meaning:
 * docs/retention.md.
 */
#ifndef KPI_RETENTION_SPEC_H
#define KPI_RETENTION_SPEC_H

#include "language/phrase.h"

#define RETENTION_MAX_PERIODS	3660	/* the last period that is looked at */
#define RETENTION_MAX_BRACKETS	100
#define RETENTION_MAX_TIMES		1000000

/* Who is in which cohort. */
typedef enum CohortKind
{
	COHORT_FIRST_EVER,			/* of the first event among `among`, if that is a start */
	COHORT_FIRST_MATCH,			/* of the first start */
	COHORT_RECURRING			/* of every period with a start */
} CohortKind;

/* When is a cell's period one that an actor is retained in? A period with enough returns is active. */
typedef enum ReturnRule
{
	RETURN_ON,					/* if it is active */
	RETURN_ON_OR_AFTER,			/* if it or a later one is */
	RETURN_UNTIL,				/* if one of 1 .. is */
	RETURN_EVERY				/* if all of 1 .. are */
} ReturnRule;

typedef struct RetentionSpec
{
	uint32_t	nlabels;
	Label	   *labels;
	LabelSet	start;
	bool		start_any;		/* '*' */
	LabelSet	back;			/* the return */
	bool		back_any;
	bool		has_among;		/* `first ever of` */
	LabelSet	among;
	bool		among_any;
	CohortKind	cohort;
	ReturnRule	rule;
	PeriodClause periods;
	bool		elapsed;		/* periods count from each actor's own start */
	int			ncells;			/* cells behind the one of period 0 */
	int32_t    *brackets;		/* by cell from 1 on: its last period; NULL: a cell is one period */
	int64_t		at_least;		/* returns that make a period active */
} RetentionSpec;

/*
 * As pattern_parse: everything in *spec is allocated from the current arena; false with *error filled when the text is
 * none.
 */
extern bool retention_spec_parse(const char *text, size_t length, bool utf8, ZoneCheck zone_known,
								 RetentionSpec *spec, LanguageError *error);

/* The canonical text, terminated, in the current arena. */
extern char *retention_spec_print(const RetentionSpec *spec, bool utf8, size_t *length);

/* The periods of a cell: both inclusive. */
static inline int
retention_last_period(const RetentionSpec *spec, int cell)
{
	return cell == 0 || spec->brackets == NULL ? cell : spec->brackets[cell - 1];
}

static inline int
retention_first_period(const RetentionSpec *spec, int cell)
{
	return cell == 0 ? 0 : retention_last_period(spec, cell - 1) + 1;
}

/* The cell of a period from 0 on; ncells + 1 for what is later. */
extern int	retention_cell(const RetentionSpec *spec, int64_t period);

#endif							/* KPI_RETENTION_SPEC_H */
