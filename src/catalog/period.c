/*
 * period.c: the periods of the calendar that KPIs are measured by and have targets for.
 *
 * In C because the scorecard asks for each of its rows several times.
 */
#include "kpi_track.h"

#include "datatype/timestamp.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(period_grain_of);
PG_FUNCTION_INFO_V1(period_name);
PG_FUNCTION_INFO_V1(period_grain_step);

/* In the order of kinds[]. */
typedef enum Grain
{
	GRAIN_DAY,
	GRAIN_WEEK,
	GRAIN_MONTH,
	GRAIN_QUARTER,
	GRAIN_YEAR,
	GRAIN_OTHER
} Grain;

static const struct
{
	const char *name;
	int			months;
	int			days;
}			kinds[] = {
	{"day", 0, 1}, {"week", 0, 7}, {"month", 1, 0}, {"quarter", 3, 0}, {"year", 12, 0}, {"other", 0, 0}
};

typedef struct Day
{
	int			year;
	int			month;
	int			day;
} Day;

static Day
calendar(DateADT date)
{
	Day			day;

	j2date(date + POSTGRES_EPOCH_JDATE, &day.year, &day.month, &day.day);
	return day;
}

static Grain
grain_of(DateADT first, DateADT end)
{
	Day			from,
				to;
	int			months;

	if (DATE_NOT_FINITE(first) || DATE_NOT_FINITE(end))
		return GRAIN_OTHER;
	if (end == first + 1)
		return GRAIN_DAY;
	from = calendar(first);
	/* j2day counts from Sunday */
	if (end == first + 7 && j2day(first + POSTGRES_EPOCH_JDATE) == 1)
		return GRAIN_WEEK;
	to = calendar(end);
	if (from.day != 1 || to.day != 1)
		return GRAIN_OTHER;
	months = (to.year - from.year) * 12 + to.month - from.month;
	if (months == 1)
		return GRAIN_MONTH;
	if (months == 3 && from.month % 3 == 1)
		return GRAIN_QUARTER;
	if (months == 12 && from.month == 1)
		return GRAIN_YEAR;
	return GRAIN_OTHER;
}

/* Both ends of a period, infinite where it has none; false: it is empty. */
static bool
get_ends(RangeType *period, DateADT *first, DateADT *end)
{
	TypeCacheEntry *type = lookup_type_cache(RangeTypeGetOid(period), TYPECACHE_RANGE_INFO);
	RangeBound	lower,
				upper;
	bool		empty;

	range_deserialize(type, period, &lower, &upper, &empty);
	if (empty)
		return false;
	*first = lower.infinite ? DATEVAL_NOBEGIN : DatumGetDateADT(lower.val);
	*end = upper.infinite ? DATEVAL_NOEND : DatumGetDateADT(upper.val);
	return true;
}

/* (daterange): day, week, month, quarter, year or other. */
Datum
period_grain_of(PG_FUNCTION_ARGS)
{
	DateADT		first,
				end;

	PG_RETURN_TEXT_P(cstring_to_text(kinds[get_ends(PG_GETARG_RANGE_P(0), &first, &end) ? grain_of(first, end) : GRAIN_OTHER].name));
}

static char *
iso_date(DateADT date)
{
	struct pg_tm time = {0};
	char		buffer[MAXDATELEN + 1];

	j2date(date + POSTGRES_EPOCH_JDATE, &time.tm_year, &time.tm_mon, &time.tm_mday);
	EncodeDateOnly(&time, USE_ISO_DATES, buffer);
	return pstrdup(buffer);
}

/* (daterange): as kpi.period() reads it. */
Datum
period_name(PG_FUNCTION_ARGS)
{
	DateADT		first,
				end;
	Day			day;
	char	   *name;

	if (!get_ends(PG_GETARG_RANGE_P(0), &first, &end))
		PG_RETURN_TEXT_P(cstring_to_text("empty"));
	day = DATE_NOT_FINITE(first) ? (Day) {0} : calendar(first);
	switch (grain_of(first, end))
	{
		case GRAIN_DAY:
			name = iso_date(first);
			break;
		case GRAIN_WEEK:
			name = psprintf("%04d-W%02d", date2isoyear(day.year, day.month, day.day), date2isoweek(day.year, day.month, day.day));
			break;
		case GRAIN_MONTH:
			name = psprintf("%04d-%02d", day.year, day.month);
			break;
		case GRAIN_QUARTER:
			name = psprintf("%04d-Q%d", day.year, (day.month + 2) / 3);
			break;
		case GRAIN_YEAR:
			name = psprintf("%04d", day.year);
			break;
		default:
			name = psprintf("%c%s,%s)", DATE_NOT_FINITE(first) ? '(' : '[', DATE_NOT_FINITE(first) ? "" : iso_date(first),
							DATE_NOT_FINITE(end) ? "" : iso_date(end));
	}
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* (text): the length of a day, week, month, quarter or year; null for anything else. */
Datum
period_grain_step(PG_FUNCTION_ARGS)
{
	text	   *grain = PG_GETARG_TEXT_PP(0);
	Interval   *step;

	for (int i = 0; i < GRAIN_OTHER; i++)
	{
		if (VARSIZE_ANY_EXHDR(grain) == strlen(kinds[i].name) && memcmp(VARDATA_ANY(grain), kinds[i].name, strlen(kinds[i].name)) == 0)
		{
			step = palloc0(sizeof(Interval));
			step->month = kinds[i].months;
			step->day = kinds[i].days;
			PG_RETURN_INTERVAL_P(step);
		}
	}
	PG_RETURN_NULL();
}
