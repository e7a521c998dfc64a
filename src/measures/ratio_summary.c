/*
 * ratio_summary.c: see ratio_summary.h.
 */
#include "measures/ratio_summary.h"

#include "measures/rows.h"

/* Whether a row counts hits out of trials. */
static bool
is_trials(const ExactNumber *numerator, const ExactNumber *denominator)
{
	return (numerator->size == 0 || (!numerator->negative && numerator->low >= 0)) &&
		(denominator->size == 0 || denominator->low >= 0) && exact_number_compare(numerator, denominator) <= 0;
}

static bool
is_wide(const ExactNumber *number)
{
	return number->size > 0 && (number->low < RATIO_PLACE_MIN || exact_number_high(number) > RATIO_PLACE_MAX);
}

void
ratio_summary_add(RatioSummary *summary, const ExactNumber *numerator, const ExactNumber *denominator, bool away)
{
	int			one = away ? -1 : 1;

	summary->rows += one;
	if (!is_trials(numerator, denominator))
		summary->others += one;
	exact_sum_add(&summary->numerator, numerator, away);
	exact_sum_add(&summary->denominator, denominator, away);
	if (is_wide(numerator) || is_wide(denominator))
	{
		summary->wide += one;
		return;
	}
	exact_sum_add_product(&summary->numerator_squared, numerator, numerator, away);
	exact_sum_add_product(&summary->product, numerator, denominator, away);
	exact_sum_add_product(&summary->denominator_squared, denominator, denominator, away);
}

void
ratio_summary_merge(RatioSummary *into, const RatioSummary *from)
{
	rows_merge(&into->rows, from->rows);
	into->others += from->others;
	into->wide += from->wide;
	exact_sum_merge(&into->numerator, &from->numerator);
	exact_sum_merge(&into->denominator, &from->denominator);
	exact_sum_merge(&into->numerator_squared, &from->numerator_squared);
	exact_sum_merge(&into->product, &from->product);
	exact_sum_merge(&into->denominator_squared, &from->denominator_squared);
}

/* -1, 0 or 1: whether a sum is below, at or above 0. */
static int
sign_of(const ExactSum *sum)
{
	ExactValue	value = exact_sum_value(sum);

	return exact_value_sign(&value);
}

const char *
ratio_summary_check(const RatioSummary *summary)
{
	if (summary->rows < 0 || summary->others < 0 || summary->others > summary->rows || summary->wide < 0 ||
		summary->wide > summary->rows)
		return "counts of rows that do not fit together";
	if (sign_of(&summary->numerator_squared) < 0 || sign_of(&summary->denominator_squared) < 0)
		return "a sum of squares below 0";
	if (summary->rows == 0 &&
		(sign_of(&summary->numerator) != 0 || sign_of(&summary->denominator) != 0 || sign_of(&summary->product) != 0 ||
		 sign_of(&summary->numerator_squared) != 0 || sign_of(&summary->denominator_squared) != 0))
		return "sums of no rows";
	if (summary->others == 0)
	{
		ExactValue	numerator = exact_sum_value(&summary->numerator);
		ExactValue	denominator = exact_sum_value(&summary->denominator);
		ExactNumber hits = {numerator.digits, numerator.size, numerator.low, numerator.negative};
		ExactNumber trials = {denominator.digits, denominator.size, denominator.low, denominator.negative};

		if (!is_trials(&hits, &trials))
			return "hits that are no part of the trials";
	}
	return NULL;
}

void
ratio_summary_write(WireWriter *writer, const RatioSummary *summary)
{
	wire_write_uint(writer, (uint64_t) summary->rows);
	if (summary->rows == 0)
		return;
	wire_write_uint(writer, (uint64_t) summary->others);
	wire_write_uint(writer, (uint64_t) summary->wide);
	exact_sum_write(writer, &summary->numerator);
	exact_sum_write(writer, &summary->denominator);
	exact_sum_write(writer, &summary->numerator_squared);
	exact_sum_write(writer, &summary->product);
	exact_sum_write(writer, &summary->denominator_squared);
}

void
ratio_summary_read(WireReader *reader, bool utf8, RatioSummary *summary)
{
	const char *violated;

	(void) utf8;				/* there is no text in it */
	memset(summary, 0, sizeof(*summary));
	summary->rows = rows_read(reader);
	if (summary->rows > 0)
	{
		summary->others = rows_read(reader);
		summary->wide = rows_read(reader);
		exact_sum_read(reader, &summary->numerator);
		exact_sum_read(reader, &summary->denominator);
		exact_sum_read(reader, &summary->numerator_squared);
		exact_sum_read(reader, &summary->product);
		exact_sum_read(reader, &summary->denominator_squared);
	}
	if (wire_read_done(reader) && (violated = ratio_summary_check(summary)) != NULL)
		wire_read_fail(reader, violated);
}
