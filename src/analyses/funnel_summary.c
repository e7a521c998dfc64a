/*
 * funnel_summary.c: see funnel_summary.h.
 */
#include "analyses/funnel_summary.h"

#include <string.h>

#include "language/stored_literal.h"

/* ---- the summary ---- */

void
funnel_summary_init(FunnelSummary *summary, const char *text, size_t length, const Pattern *pattern)
{
	size_t		size = pattern->nsteps * sizeof(int64_t);

	memset(summary, 0, sizeof(*summary));
	summary->text = text;
	summary->length = length;
	summary->pattern = *pattern;
	summary->reached = host_alloc0(NULL, size);
	if (pattern->open)
	{
		summary->continued = host_alloc0(NULL, size);
		summary->closed = host_alloc0(NULL, size);
	}
	summary->from_previous = host_alloc0(NULL, pattern->nsteps * sizeof(Histogram));
	summary->from_first = host_alloc0(NULL, pattern->nsteps * sizeof(Histogram));
}

int
funnel_previous_required(const Pattern *pattern, int step)
{
	do
		step--;
	while (step >= 0 && pattern->steps[step].optional);
	return step;
}

static void
add_to_count(int64_t *count, int64_t more)
{
	if (__builtin_add_overflow(*count, more, count))
		host_fail(HOST_LIMIT, NULL, "a count of a funnel exceeds 64 bits");
}

static void
add_bits(int64_t *counts, uint64_t bits)
{
	for (; bits != 0; bits &= bits - 1)
		add_to_count(&counts[__builtin_ctzll(bits)], 1);
}

const char *
funnel_summary_check(const FunnelSummary *summary)
{
	const Pattern *pattern = &summary->pattern;

	if (summary->text == NULL)
		return NULL;
	for (int s = 0; s < pattern->nsteps; s++)
	{
		int			previous = funnel_previous_required(pattern, s);

		if (previous >= 0 && !pattern->open && summary->reached[s] > summary->reached[previous])
			return "more actors at a step than at the step before";
		if (pattern->open &&
			(summary->continued[s] > summary->reached[s] || summary->closed[s] > summary->reached[s]))
			return "more actors came to a step than are at it";
		if (summary->from_previous[s].total != summary->from_first[s].total ||
			summary->from_first[s].total > (uint64_t) summary->reached[s])
			return "times of more actors than reached the step";
	}
	return NULL;
}

/* ---- one actor ---- */

void
funnel_summary_add(FunnelSummary *summary, const Chase *chase)
{
	int			before = -1;
	int			first = 0;

	add_bits(summary->reached, chase->reached);
	add_to_count(&summary->completions, chase->completions);
	if (summary->pattern.open)
	{
		add_bits(summary->continued, chase->continued);
		add_bits(summary->closed, chase->closed);
	}
	for (uint64_t taken = chase->taken; taken != 0; taken &= taken - 1)
	{
		int			step = __builtin_ctzll(taken);

		if (before < 0)
			first = step;
		else
		{
			histogram_add(&summary->from_previous[step],
						  moment_span(chase->at[before], chase->at[step]), 1);
			histogram_add(&summary->from_first[step],
						  moment_span(chase->at[first], chase->at[step]), 1);
		}
		before = step;
	}
}

/* The place of a period, or where it would be inserted; `hint` is tried first. */
static size_t
find_period(const FunnelSummary *summary, int64_t period, size_t hint)
{
	size_t		low = 0;
	size_t		high = summary->nperiods;

	if (hint < high && summary->periods[hint].period == period)
		return hint;
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (summary->periods[middle].period < period)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static FunnelPeriod *
get_period(FunnelSummary *summary, int64_t period, size_t *place)
{
	size_t		at = find_period(summary, period, *place);
	size_t		size = summary->pattern.nsteps * sizeof(int64_t);
	FunnelPeriod *found;

	*place = at;
	if (at < summary->nperiods && summary->periods[at].period == period)
		return &summary->periods[at];
	if ((summary->nperiods & (summary->nperiods - 1)) == 0)
	{
		/* full at every power of two */
		size_t		capacity = summary->nperiods == 0 ? 1 : summary->nperiods * 2;

		if (summary->periods == NULL)
			summary->periods = host_alloc(NULL, capacity * sizeof(FunnelPeriod));
		else
			summary->periods = host_realloc(summary->periods,
											host_array_size(capacity, sizeof(FunnelPeriod)));
	}
	found = &summary->periods[at];
	memmove(found + 1, found, (summary->nperiods - at) * sizeof(FunnelPeriod));
	summary->nperiods++;
	found->period = period;
	found->reached = host_alloc0(NULL, size);
	found->closed = summary->pattern.open ? host_alloc0(NULL, size) : NULL;
	return found;
}

void
funnel_summary_add_period(FunnelSummary *summary, int64_t period, uint64_t reached, uint64_t closed,
						  size_t *place)
{
	FunnelPeriod *found = get_period(summary, period, place);

	add_bits(found->reached, reached);
	if (found->closed != NULL)
		add_bits(found->closed, closed);
}

/* ---- merging ---- */

static void
add_counts(int64_t *into, const int64_t *from, int nsteps)
{
	for (int s = 0; s < nsteps; s++)
		add_to_count(&into[s], from[s]);
}

void
funnel_summary_merge(FunnelSummary *into, const FunnelSummary *from)
{
	int			nsteps = from->pattern.nsteps;
	size_t		place = 0;

	if (from->text == NULL)
		return;
	if (into->text == NULL)
		funnel_summary_init(into, from->text, from->length, &from->pattern);
	add_counts(into->reached, from->reached, nsteps);
	add_to_count(&into->completions, from->completions);
	if (from->pattern.open)
	{
		add_counts(into->continued, from->continued, nsteps);
		add_counts(into->closed, from->closed, nsteps);
	}
	for (int s = 0; s < nsteps; s++)
	{
		histogram_merge(&into->from_previous[s], &from->from_previous[s]);
		histogram_merge(&into->from_first[s], &from->from_first[s]);
	}
	for (size_t i = 0; i < from->nperiods; i++)
	{
		FunnelPeriod *period = get_period(into, from->periods[i].period, &place);

		add_counts(period->reached, from->periods[i].reached, nsteps);
		if (period->closed != NULL)
			add_counts(period->closed, from->periods[i].closed, nsteps);
	}
}

/* ---- wire format ---- */

static void
write_counts(WireWriter *writer, const int64_t *counts, int nsteps)
{
	for (int s = 0; s < nsteps; s++)
		wire_write_uint(writer, (uint64_t) counts[s]);
}

static void
read_counts(WireReader *reader, int64_t *counts, int nsteps)
{
	for (int s = 0; s < nsteps; s++)
		counts[s] = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
}

void
funnel_summary_write(WireWriter *writer, const FunnelSummary *summary)
{
	const Pattern *pattern = &summary->pattern;
	int64_t		before = 0;

	host_assert(funnel_summary_check(summary) == NULL);
	wire_write_uint(writer, summary->length);
	if (summary->text == NULL)
		return;
	wire_write_bytes(writer, summary->text, summary->length);
	wire_write_uint(writer, (uint64_t) summary->completions);
	write_counts(writer, summary->reached, pattern->nsteps);
	if (pattern->open)
	{
		write_counts(writer, summary->continued, pattern->nsteps);
		write_counts(writer, summary->closed, pattern->nsteps);
	}
	for (int s = 1; s < pattern->nsteps; s++)
	{
		histogram_write(writer, &summary->from_previous[s]);
		histogram_write(writer, &summary->from_first[s]);
	}
	if (pattern->grain == GRAIN_NONE)
		return;
	wire_write_uint(writer, summary->nperiods);
	for (size_t i = 0; i < summary->nperiods; i++)
	{
		const FunnelPeriod *period = &summary->periods[i];

		if (i == 0)
			wire_write_int(writer, period->period);
		else
			wire_write_uint(writer, (uint64_t) period->period - (uint64_t) before);
		before = period->period;
		write_counts(writer, period->reached, pattern->nsteps);
		if (pattern->open)
			write_counts(writer, period->closed, pattern->nsteps);
	}
}

static void
read_periods(WireReader *reader, FunnelSummary *summary)
{
	const Pattern *pattern = &summary->pattern;
	size_t		size = pattern->nsteps * sizeof(int64_t);
	size_t		count = wire_read_count(reader, 1 + pattern->nsteps);
	size_t		capacity = 1;

	/* get_period expects room up to the next power of two */
	while (capacity < count)
		capacity *= 2;
	if (count > 0)
		summary->periods = host_alloc(NULL, host_array_size(capacity, sizeof(FunnelPeriod)));
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		FunnelPeriod *period = &summary->periods[i];

		if (i == 0)
			period->period = wire_read_int(reader);
		else
		{
			uint64_t	step = wire_read_uint(reader);
			int64_t		before = summary->periods[i - 1].period;

			if (step == 0 || step > (uint64_t) INT64_MAX - (uint64_t) before)
				wire_read_fail(reader, "periods out of order");
			period->period = (int64_t) ((uint64_t) before + step);
		}
		period->reached = host_alloc0(NULL, size);
		period->closed = pattern->open ? host_alloc0(NULL, size) : NULL;
		read_counts(reader, period->reached, pattern->nsteps);
		if (pattern->open)
			read_counts(reader, period->closed, pattern->nsteps);
		summary->nperiods++;
	}
}

void
funnel_summary_read(WireReader *reader, bool utf8, FunnelSummary *summary)
{
	size_t		length;
	const char *violated;
	char	   *canonical;
	size_t		canonical_length;
	Pattern		pattern;
	LanguageError error;
	char	   *text = stored_literal_read(reader, &length);

	memset(summary, 0, sizeof(*summary));
	if (text == NULL)
		return;
	if (!pattern_parse(text, length, utf8, NULL, &pattern, &error))
	{
		wire_read_fail(reader, "not a pattern");
		return;
	}
	canonical = pattern_print(&pattern, utf8, &canonical_length);
	if (!stored_literal_check(reader, text, length, canonical, canonical_length, "pattern not in canonical form"))
		return;
	funnel_summary_init(summary, text, length, &pattern);
	summary->completions = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
	read_counts(reader, summary->reached, pattern.nsteps);
	if (pattern.open)
	{
		read_counts(reader, summary->continued, pattern.nsteps);
		read_counts(reader, summary->closed, pattern.nsteps);
	}
	for (int s = 1; s < pattern.nsteps && reader->failure == NULL; s++)
	{
		histogram_read(reader, &summary->from_previous[s]);
		histogram_read(reader, &summary->from_first[s]);
	}
	if (pattern.grain != GRAIN_NONE && reader->failure == NULL)
		read_periods(reader, summary);
	if (wire_read_done(reader) && (violated = funnel_summary_check(summary)) != NULL)
		wire_read_fail(reader, violated);
}
