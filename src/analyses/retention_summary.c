/*
 * retention_summary.c: see retention_summary.h.
 */
#include "analyses/retention_summary.h"

#include <string.h>

#include "engine/period.h"
#include "language/stored_literal.h"

void
retention_summary_init(RetentionSummary *summary, const char *text, size_t length, const RetentionSpec *spec)
{
	memset(summary, 0, sizeof(*summary));
	summary->text = text;
	summary->length = length;
	summary->spec = *spec;
	summary->latest = MOMENT_MIN;
}

void
retention_count(int64_t *count, int64_t more)
{
	if (__builtin_add_overflow(*count, more, count))
		host_fail(HOST_LIMIT, NULL, "a count of a retention exceeds 64 bits");
}

/* ---- cohorts ---- */

/* Room for one more in an array that is full at every power of two. */
static void *
grow(void *array, size_t count, size_t element)
{
	size_t		size;

	if ((count & (count - 1)) != 0)
		return array;
	size = host_array_size(count == 0 ? 1 : count * 2, element);
	return array == NULL ? host_alloc(NULL, size) : host_realloc(array, size);
}

static void
check_cells(const RetentionSummary *summary, size_t ncohorts)
{
	if (ncohorts > RETENTION_MAX_CELLS / ((size_t) summary->spec.ncells + 2))
		host_fail(HOST_LIMIT, "Look at fewer or longer periods.",
				  "a retention of %zu cohorts with %d periods each has too many cells", ncohorts, summary->spec.ncells);
}

RetentionCohort *
retention_summary_cohort(RetentionSummary *summary, int64_t number)
{
	size_t		low = 0;
	size_t		high = summary->ncohorts;
	RetentionCohort *cohort;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (summary->cohorts[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < summary->ncohorts && summary->cohorts[low].number == number)
		return &summary->cohorts[low];
	check_cells(summary, summary->ncohorts + 1);
	summary->cohorts = grow(summary->cohorts, summary->ncohorts, sizeof(RetentionCohort));
	cohort = &summary->cohorts[low];
	memmove(cohort + 1, cohort, (summary->ncohorts - low) * sizeof(RetentionCohort));
	summary->ncohorts++;
	memset(cohort, 0, sizeof(*cohort));
	cohort->number = number;
	cohort->counts = host_alloc0(NULL, (summary->spec.ncells + 2) * sizeof(int64_t));
	return cohort;
}

void
retention_cohort_start(RetentionCohort *cohort, int64_t slot, int64_t count)
{
	size_t		low = 0;
	size_t		high = cohort->nstarts;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (cohort->starts[middle].slot < slot)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == cohort->nstarts || cohort->starts[low].slot != slot)
	{
		cohort->starts = grow(cohort->starts, cohort->nstarts, sizeof(RetentionStarts));
		memmove(&cohort->starts[low + 1], &cohort->starts[low], (cohort->nstarts - low) * sizeof(RetentionStarts));
		cohort->nstarts++;
		cohort->starts[low] = (RetentionStarts) {slot, 0};
	}
	retention_count(&cohort->starts[low].count, count);
}

int64_t
retention_retained(const RetentionSummary *summary, const RetentionCohort *cohort, int cell)
{
	int			ncells = summary->spec.ncells;
	int			from = cell;
	int			to = cell;
	int64_t		retained = 0;

	switch (summary->spec.rule)
	{
		case RETURN_ON:
			break;
		case RETURN_UNTIL:
			from = cell == 0 ? 0 : 1;
			break;
		case RETURN_ON_OR_AFTER:
			to = ncells + 1;
			break;
		case RETURN_EVERY:
			to = cell == 0 ? 0 : ncells;
			break;
	}
	for (int c = from; c <= to; c++)
		retained += cohort->counts[c];
	return retained;
}

const char *
retention_summary_check(const RetentionSummary *summary)
{
	const RetentionSpec *spec = &summary->spec;

	if (summary->text == NULL)
		return NULL;
	for (size_t i = 0; i < summary->ncohorts; i++)
	{
		const RetentionCohort *cohort = &summary->cohorts[i];
		int64_t		sum = 0;

		if (cohort->size <= 0)
			return "a cohort of nobody";
		for (int c = 0; c <= spec->ncells + 1; c++)
		{
			if (cohort->counts[c] > cohort->size)
				return "more actors retained than are in the cohort";
			/* where the counts exclude each other */
			if (spec->rule != RETURN_ON && (c > 0 || spec->rule == RETURN_ON_OR_AFTER) &&
				__builtin_add_overflow(sum, cohort->counts[c], &sum))
				return "count out of range";
		}
		if (sum > cohort->size)
			return "more actors retained than are in the cohort";
		if (spec->rule != RETURN_ON_OR_AFTER && cohort->counts[spec->ncells + 1] != 0)
			return "a count that the rule does not have";
		sum = 0;
		for (size_t s = 0; s < cohort->nstarts; s++)
			if (cohort->starts[s].count <= 0 || __builtin_add_overflow(sum, cohort->starts[s].count, &sum))
				return "count out of range";
		if (sum != (spec->elapsed ? cohort->size : 0))
			return "starts of more or fewer actors than are in the cohort";
		if (cohort->values != NULL && !summary->has_values)
			return "values in a summary without any";
	}
	return NULL;
}

/* ---- merging ---- */

void
retention_summary_merge(RetentionSummary *into, const RetentionSummary *from)
{
	if (from->text == NULL)
		return;
	if (into->text == NULL)
		retention_summary_init(into, from->text, from->length, &from->spec);
	if (from->latest > into->latest)
		into->latest = from->latest;
	into->has_values |= from->has_values;
	for (size_t i = 0; i < from->ncohorts; i++)
	{
		const RetentionCohort *source = &from->cohorts[i];
		RetentionCohort *cohort = retention_summary_cohort(into, source->number);

		retention_count(&cohort->size, source->size);
		for (int c = 0; c <= from->spec.ncells + 1; c++)
			retention_count(&cohort->counts[c], source->counts[c]);
		for (size_t s = 0; s < source->nstarts; s++)
			retention_cohort_start(cohort, source->starts[s].slot, source->starts[s].count);
		if (source->values == NULL)
			continue;
		if (cohort->values == NULL)
			cohort->values = host_alloc0(NULL, (from->spec.ncells + 1) * sizeof(AmountSum));
		for (int c = 0; c <= from->spec.ncells; c++)
			amount_sum_merge(&cohort->values[c], &source->values[c]);
	}
}

/* ---- wire format ---- */

#define FLAG_LATEST 1
#define FLAG_VALUES 2

static void
write_cohort(WireWriter *writer, const RetentionSummary *summary, const RetentionCohort *cohort)
{
	int			ncounts = summary->spec.ncells + 2;

	wire_write_uint(writer, (uint64_t) cohort->size);
	/* most cohorts are younger than the last cell */
	while (ncounts > 0 && cohort->counts[ncounts - 1] == 0)
		ncounts--;
	wire_write_uint(writer, (uint64_t) ncounts);
	for (int c = 0; c < ncounts; c++)
		wire_write_uint(writer, (uint64_t) cohort->counts[c]);
	if (summary->has_values)
	{
		static const AmountSum nothing = {0, 0};
		int			nvalues = cohort->values == NULL ? 0 : summary->spec.ncells + 1;

		while (nvalues > 0 && cohort->values[nvalues - 1].number == 0)
			nvalues--;
		wire_write_uint(writer, (uint64_t) nvalues);
		for (int c = 0; c < nvalues; c++)
			amount_sum_write(writer, cohort->values[c].number == 0 ? &nothing : &cohort->values[c]);
	}
	if (!summary->spec.elapsed)
		return;
	wire_write_uint(writer, cohort->nstarts);
	for (size_t s = 0; s < cohort->nstarts; s++)
	{
		if (s == 0)
			wire_write_int(writer, cohort->starts[s].slot);
		else
			wire_write_uint(writer, (uint64_t) (cohort->starts[s].slot - cohort->starts[s - 1].slot));
		wire_write_uint(writer, (uint64_t) cohort->starts[s].count);
	}
}

void
retention_summary_write(WireWriter *writer, const RetentionSummary *summary)
{
	bool		has_latest = summary->latest != MOMENT_MIN;

	host_assert(retention_summary_check(summary) == NULL);
	wire_write_uint(writer, summary->length);
	if (summary->text == NULL)
		return;
	wire_write_bytes(writer, summary->text, summary->length);
	wire_write_byte(writer, (uint8_t) ((has_latest ? FLAG_LATEST : 0) | (summary->has_values ? FLAG_VALUES : 0)));
	if (has_latest)
		wire_write_int(writer, summary->latest);
	wire_write_uint(writer, summary->ncohorts);
	for (size_t i = 0; i < summary->ncohorts; i++)
	{
		if (i == 0)
			wire_write_int(writer, summary->cohorts[i].number);
		else
			wire_write_uint(writer, (uint64_t) (summary->cohorts[i].number - summary->cohorts[i - 1].number));
		write_cohort(writer, summary, &summary->cohorts[i]);
	}
}

/* The next of ascending numbers. */
static int64_t
read_ascending(WireReader *reader, bool first, int64_t before)
{
	uint64_t	step;

	if (first)
		return wire_read_int(reader);
	step = wire_read_uint(reader);
	if (step == 0 || step > INT64_MAX || __builtin_add_overflow(before, (int64_t) step, &before))
		wire_read_fail(reader, "numbers out of order");
	return before;
}

static void
read_cohort(WireReader *reader, const RetentionSummary *summary, RetentionCohort *cohort)
{
	const int64_t slot_most = INT64_MAX / retention_slot(&summary->spec) - 1;
	size_t		most = (size_t) summary->spec.ncells + 2;
	size_t		count;

	cohort->size = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
	cohort->counts = host_alloc0(NULL, most * sizeof(int64_t));
	count = wire_read_uint_max(reader, most, "more cells than the spec has");
	for (size_t c = 0; c < count && reader->failure == NULL; c++)
		cohort->counts[c] = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
	if (count > 0 && cohort->counts[count - 1] == 0)
		wire_read_fail(reader, "zeros at the end of a cohort");
	if (summary->has_values)
	{
		count = wire_read_uint_max(reader, most - 1, "more cells than the spec has");
		if (count > 0)
			cohort->values = host_alloc0(NULL, (most - 1) * sizeof(AmountSum));
		for (size_t c = 0; c < count && reader->failure == NULL; c++)
			amount_sum_read(reader, &cohort->values[c]);
		if (count > 0 && cohort->values[count - 1].number == 0)
			wire_read_fail(reader, "zeros at the end of a cohort");
	}
	if (!summary->spec.elapsed)
		return;
	count = wire_read_count(reader, 2);
	for (size_t s = 0; s < count && reader->failure == NULL; s++)
	{
		cohort->starts = grow(cohort->starts, s, sizeof(RetentionStarts));
		cohort->starts[s].slot = read_ascending(reader, s == 0, s == 0 ? 0 : cohort->starts[s - 1].slot);
		if (reader->failure == NULL &&
			(cohort->starts[s].slot > slot_most || cohort->starts[s].slot < -slot_most))
			wire_read_fail(reader, "start out of range");
		cohort->starts[s].count = (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
		cohort->nstarts = s + 1;
	}
}

void
retention_summary_read(WireReader *reader, bool utf8, RetentionSummary *summary)
{
	size_t		length;
	const char *violated;
	char	   *canonical;
	size_t		canonical_length;
	size_t		count;
	uint8_t		flags;
	RetentionSpec spec;
	LanguageError error;
	char	   *text = stored_literal_read(reader, &length);

	memset(summary, 0, sizeof(*summary));
	if (text == NULL)
		return;
	if (!retention_spec_parse(text, length, utf8, NULL, &spec, &error))
	{
		wire_read_fail(reader, "not a retention spec");
		return;
	}
	canonical = retention_spec_print(&spec, utf8, &canonical_length);
	if (!stored_literal_check(reader, text, length, canonical, canonical_length, "retention spec not in canonical form"))
		return;
	retention_summary_init(summary, text, length, &spec);
	flags = (uint8_t) wire_read_uint_max(reader, FLAG_LATEST | FLAG_VALUES, "unknown flags");
	summary->has_values = (flags & FLAG_VALUES) != 0;
	if (flags & FLAG_LATEST)
	{
		summary->latest = wire_read_int(reader);
		if (!moment_is_valid(summary->latest) || summary->latest == MOMENT_MIN || summary->latest == MOMENT_MAX)
			wire_read_fail(reader, "time out of range");
	}
	count = wire_read_count(reader, 3);
	for (size_t i = 0; i < count && reader->failure == NULL; i++)
	{
		RetentionCohort *cohort;

		summary->cohorts = grow(summary->cohorts, i, sizeof(RetentionCohort));
		cohort = &summary->cohorts[i];
		memset(cohort, 0, sizeof(*cohort));
		cohort->number = read_ascending(reader, i == 0, i == 0 ? 0 : summary->cohorts[i - 1].number);
		if (reader->failure == NULL && !period_is_valid(spec.periods.grain, spec.periods.week_start, cohort->number))
			wire_read_fail(reader, "period out of range");
		check_cells(summary, i + 1);
		read_cohort(reader, summary, cohort);
		summary->ncohorts = i + 1;
	}
	if (wire_read_done(reader) && (violated = retention_summary_check(summary)) != NULL)
		wire_read_fail(reader, violated);
}
