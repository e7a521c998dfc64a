/*
 * judgement.h: what a KPI's number means next to its target: how much of it is reached, how much of it should be by
 * now, what the period will end with, and the word for it. Plain arithmetic, without a server.
 *
 * Numbers that go in are finite, or NAN where there is none. What comes out is NAN where nothing can be said, and
 * infinite where a double cannot hold it.
 */
#ifndef KPI_JUDGEMENT_H
#define KPI_JUDGEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is better. */
typedef enum Direction
{
	DIRECTION_UP,
	DIRECTION_DOWN,
	DIRECTION_RANGE
} Direction;

#define DIRECTIONS (DIRECTION_RANGE + 1)
extern const char *const direction_name[DIRECTIONS];

/* ---- how much of the target is reached ---- */

/*
 * The share of the target that is reached: 1 or more exactly if it is met. With a baseline the share of the way from
 * there to the target, wherever that leads; without one, a ratio by `direction`, which is up or down.
 */
extern double kpi_attainment(double actual, double target, double baseline, Direction direction);

/*
 * 1 within [low, high], of which one may be missing; outside less, down to 0 at `tolerance` away from it. No tolerance:
 * half the range, or as much as the only bound is. tolerance >= 0, low <= high.
 */
extern double kpi_attainment_range(double actual, double low, double high, double tolerance);

/* ---- how far the period is ---- */

/* A period of days [start, end), not empty, and the day that has just ended; days as in engine/date.h. */
typedef struct PeriodSoFar
{
	int64_t		start;
	int64_t		end;
	int64_t		as_of;
} PeriodSoFar;

/* Of the days. */
extern double elapsed_days_share(const PeriodSoFar *period);

/* Of the days from Monday to Friday that are no holidays; sorts the holidays, which may repeat. NAN if there are none. */
extern double elapsed_business_share(const PeriodSoFar *period, int32_t *holidays, size_t count);

/*
 * Of the weights of the days, all >= 0: one for each day of the period, or seven for Monday to Sunday. NAN if they are
 * all 0.
 */
extern double elapsed_profile_share(const PeriodSoFar *period, const double *weights, size_t count);

/* The target to date. `share` is from 0 to 1; without additive the target itself, and share may be missing. */
extern double kpi_pace(double target, double share, double baseline, bool additive);

/* What the period will end with if it goes on like this; without additive the level stays. */
extern double kpi_forecast(double actual, double share, bool additive);

/* ---- in a word ---- */

typedef enum KpiStatus
{
	STATUS_ACHIEVED,
	STATUS_ON_TRACK,
	STATUS_AT_RISK,
	STATUS_BEHIND,
	STATUS_MISSED,
	STATUS_NO_DATA,
	STATUS_STALE,
	STATUS_UNCERTAIN,
	STATUS_NOT_STARTED
} KpiStatus;

#define KPI_STATUSES (STATUS_NOT_STARTED + 1)
extern const char *const kpi_status_name[KPI_STATUSES];

/* What a status is made of. 0 < behind <= at_risk; ci_low <= ci_high. */
typedef struct Standing
{
	double		attainment;
	bool		is_closed;
	double		at_risk;		/* less than this is at risk */
	double		behind;			/* and less than this behind */
	bool		stale;
	bool		has_started;
	double		ci_low;			/* an interval around the actual: both bounds, or it does not count */
	double		ci_high;
	double		target;			/* which the interval may hold */
	Direction	direction;		/* range: target is one of its bounds */
} Standing;

extern KpiStatus kpi_status(const Standing *standing);

/* 1 good, 0 doubtful, -1 bad; false if the status is none of these. */
extern bool kpi_status_code(KpiStatus status, int *code);

/* ---- of an objective ---- */

typedef enum RollupRule
{
	ROLLUP_WEIGHTED_MEAN,
	ROLLUP_WORST,
	ROLLUP_MIN,
	ROLLUP_MAX,
	ROLLUP_SUM
} RollupRule;

#define ROLLUP_RULES (ROLLUP_SUM + 1)
extern const char *const rollup_rule_name[ROLLUP_RULES];

/* One KPI of an objective: its attainment or NAN, and its weight >= 0. */
typedef struct RollupChild
{
	double		value;
	double		weight;
} RollupChild;

/*
 * Of those that have a value and a weight above 0; NAN if none has. Both functions sort the children, so that their
 * order does not matter to the last bit.
 */
extern double objective_rollup(RollupChild *children, size_t count, RollupRule rule);

/* The share of all weight that has a value; NAN if there is no weight. */
extern double objective_coverage(RollupChild *children, size_t count);

#endif							/* KPI_JUDGEMENT_H */
