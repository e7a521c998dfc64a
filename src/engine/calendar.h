/*
 * calendar.h: calendar periods (hours to years) in a named time zone. Needs the server's time zone data.
 */
#ifndef KPI_CALENDAR_H
#define KPI_CALENDAR_H

#include "engine/period.h"

typedef struct Calendar Calendar;

/*
 * A stretch of time that lies in one period. A period is usually one stretch; the clock changes of a
 * zone cut it into several.
 */
typedef struct Stretch
{
	int64_t		period;			/* start of the period by the clocks of the zone: a timestamp */
	int64_t		number;			/* of the period, see period.h */
	int64_t		from;			/* the stretch itself: moments, both inclusive */
	int64_t		to;
} Stretch;

/* Whether the server knows a time zone of this name. */
extern bool calendar_zone_known(const char *zone);

/* A calendar in the current context; fails with HOST_BAD_VALUE if the zone is not known. `week_start`: 0 (Sunday) .. 6. */
extern Calendar *calendar_make(Grain grain, int week_start, const char *zone);

/* A stretch around a moment. The infinities are periods of their own, without a number. */
extern Stretch calendar_stretch(const Calendar *calendar, int64_t at);

/* The same, remembered from call to call; for finite moments. Valid until the next call. */
extern const Stretch *calendar_find(Calendar *calendar, int64_t at);

#endif							/* KPI_CALENDAR_H */
