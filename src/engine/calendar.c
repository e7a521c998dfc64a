/*
 * calendar.c: see calendar.h. The one file of the engine that needs the server (its time zones).
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"
#include "utils/datetime.h"

#include "compat.h"
#include "engine/calendar.h"
#include "engine/moment.h"

struct Calendar
{
	Grain		grain;
	int			week_start;
	pg_tz	   *zone;
	MemoryContext context;
	Stretch    *found;			/* by calendar_find, ascending */
	size_t		nfound;
	size_t		found_size;
	size_t		latest;			/* the one found last */
};

/* More than so many stretches are not remembered: then it begins anew. */
#define MOST_FOUND 65536

#define EPOCH_SHIFT_SECS \
	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

bool
calendar_zone_known(const char *zone)
{
	pg_tz	   *known = pg_tzset(zone);

	return known != NULL && pg_tz_acceptable(known);
}

Calendar *
calendar_make(Grain grain, int week_start, const char *zone)
{
	Calendar   *calendar = palloc0(sizeof(Calendar));

	calendar->grain = grain;
	calendar->week_start = week_start;
	calendar->context = CurrentMemoryContext;
	calendar->zone = pg_tzset(zone);
	if (calendar->zone == NULL)
		host_fail(HOST_BAD_VALUE, "See pg_timezone_names for the names that this server knows.",
				  "time zone \"%s\" is not known", zone);
	return calendar;
}

Stretch
calendar_stretch(const Calendar *calendar, int64_t at)
{
	Stretch		stretch = {at, 0, at, at};
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
	seconds = floor_divide(at, USECS_PER_SEC) + EPOCH_SHIFT_SECS;
	more = pg_next_dst_boundary(&seconds, &offset, &dst, &boundary, &offset_after, &dst_after,
								calendar->zone);
	local = at + (int64) offset * USECS_PER_SEC;
	stretch.number = period_number(calendar->grain, calendar->week_start, local);
	stretch.period = period_start(calendar->grain, calendar->week_start, stretch.number);
	next = period_start(calendar->grain, calendar->week_start, stretch.number + 1);
	stretch.from = stretch.period - (int64) offset * USECS_PER_SEC;
	stretch.to = next - 1 - (int64) offset * USECS_PER_SEC;

	/* The clock may change within the period: keep to the time between two changes. */
	if (more > 0 && (boundary - EPOCH_SHIFT_SECS) * USECS_PER_SEC <= stretch.to)
		stretch.to = (boundary - EPOCH_SHIFT_SECS) * USECS_PER_SEC - 1;
	seconds = floor_divide(stretch.from, USECS_PER_SEC) + EPOCH_SHIFT_SECS - 1;
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

/* Whether a moment is in the stretch with this index, if there is one. */
static inline bool
is_found(const Calendar *calendar, size_t index, int64_t at)
{
	return index < calendar->nfound && at >= calendar->found[index].from && at <= calendar->found[index].to;
}

const Stretch *
calendar_find(Calendar *calendar, int64_t at)
{
	size_t		low = 0;
	size_t		high = calendar->nfound;

	/* events come in the order of time: the same or the next one */
	if (is_found(calendar, calendar->latest, at))
		return &calendar->found[calendar->latest];
	if (is_found(calendar, calendar->latest + 1, at))
		return &calendar->found[++calendar->latest];
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (calendar->found[middle].to < at)
			low = middle + 1;
		else
			high = middle;
	}
	calendar->latest = low;
	if (is_found(calendar, low, at))
		return &calendar->found[low];
	if (calendar->nfound == MOST_FOUND)
		calendar->nfound = calendar->latest = low = 0;
	if (calendar->nfound == calendar->found_size)
	{
		calendar->found_size = calendar->found_size * 2 + 32;
		calendar->found = calendar->found == NULL ?
			MemoryContextAlloc(calendar->context, mul_size(calendar->found_size, sizeof(Stretch))) :
			repalloc(calendar->found, mul_size(calendar->found_size, sizeof(Stretch)));
	}
	memmove(&calendar->found[low + 1], &calendar->found[low], (calendar->nfound - low) * sizeof(Stretch));
	calendar->found[low] = calendar_stretch(calendar, at);
	calendar->nfound++;
	return &calendar->found[low];
}
