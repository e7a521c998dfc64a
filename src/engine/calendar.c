/*
 * calendar.c: see calendar.h. The one file of the engine that needs the server (its time zones).
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"
#include "utils/datetime.h"

#include "engine/calendar.h"
#include "engine/moment.h"

struct Calendar
{
	Grain		grain;
	pg_tz	   *zone;
};

#define EPOCH_SHIFT_SECS \
	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

static int64
floor_div(int64 value, int64 by)
{
	int64		quotient = value / by;

	return value % by < 0 ? quotient - 1 : quotient;
}

bool
calendar_zone_known(const char *zone)
{
	pg_tz	   *known = pg_tzset(zone);

	return known != NULL && pg_tz_acceptable(known);
}

Calendar *
calendar_make(Grain grain, const char *zone)
{
	Calendar   *calendar = palloc(sizeof(Calendar));

	calendar->grain = grain;
	calendar->zone = pg_tzset(zone);
	if (calendar->zone == NULL)
		host_fail(HOST_BAD_VALUE, "See pg_timezone_names for the names that this server knows.",
				  "time zone \"%s\" is not known", zone);
	return calendar;
}

/* First day of the period of a day and of the next period; days count from 2000-01-01. */
static void
day_period(Grain grain, int64 day, int64 *start, int64 *next)
{
	int			year;
	int			month;
	int			mday;
	int			months;

	if (grain == GRAIN_DAY)
	{
		*start = day;
		*next = day + 1;
		return;
	}
	if (grain == GRAIN_WEEK)
	{
		*start = 2 + 7 * floor_div(day - 2, 7); /* 2000-01-03 was a Monday */
		*next = *start + 7;
		return;
	}
	months = grain == GRAIN_MONTH ? 1 : grain == GRAIN_QUARTER ? 3 : 12;
	j2date((int) (day + POSTGRES_EPOCH_JDATE), &year, &month, &mday);
	month -= (month - 1) % months;
	*start = (int64) date2j(year, month, 1) - POSTGRES_EPOCH_JDATE;
	month += months;
	if (month > 12)
	{
		month -= 12;
		year++;
	}
	*next = (int64) date2j(year, month, 1) - POSTGRES_EPOCH_JDATE;
}

Stretch
calendar_stretch(const Calendar *calendar, int64_t at)
{
	Stretch		stretch = {at, at, at};
	pg_time_t	seconds;
	pg_time_t	boundary;
	long		offset;
	long		offset_after;
	int			dst;
	int			dst_after;
	int64		local;
	int64		next;
	int			more;

	if (TIMESTAMP_NOT_FINITE(at))
		return stretch;
	seconds = floor_div(at, USECS_PER_SEC) + EPOCH_SHIFT_SECS;
	more = pg_next_dst_boundary(&seconds, &offset, &dst, &boundary, &offset_after, &dst_after,
								calendar->zone);
	local = at + (int64) offset * USECS_PER_SEC;
	if (calendar->grain == GRAIN_HOUR)
	{
		stretch.period = floor_div(local, USECS_PER_HOUR) * USECS_PER_HOUR;
		next = stretch.period + USECS_PER_HOUR;
	}
	else
	{
		int64		start;

		day_period(calendar->grain, floor_div(local, USECS_PER_DAY), &start, &next);
		stretch.period = start * USECS_PER_DAY;
		next *= USECS_PER_DAY;
	}
	stretch.from = stretch.period - (int64) offset * USECS_PER_SEC;
	stretch.to = next - 1 - (int64) offset * USECS_PER_SEC;

	/* The clock may change within the period: keep to the time between two changes. */
	if (more > 0 && (boundary - EPOCH_SHIFT_SECS) * USECS_PER_SEC <= stretch.to)
		stretch.to = (boundary - EPOCH_SHIFT_SECS) * USECS_PER_SEC - 1;
	seconds = floor_div(stretch.from, USECS_PER_SEC) + EPOCH_SHIFT_SECS - 1;
	while (pg_next_dst_boundary(&seconds, &offset, &dst, &boundary, &offset_after, &dst_after,
								calendar->zone) > 0 &&
		   (boundary - EPOCH_SHIFT_SECS) * USECS_PER_SEC <= at)
	{
		stretch.from = Max(stretch.from, (boundary - EPOCH_SHIFT_SECS) * USECS_PER_SEC);
		seconds = boundary;
	}
	if (stretch.period < MIN_TIMESTAMP)
		stretch.period = MIN_TIMESTAMP;
	return stretch;
}
