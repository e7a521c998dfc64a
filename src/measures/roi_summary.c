/*
 * roi_summary.c: see roi_summary.h.
 */
#include "measures/roi_summary.h"

#include <stdio.h>

#include "measures/rows.h"

static void __attribute__((noreturn, noinline))
mixed(const RoiSummary *summary, const char *currency, size_t length)
{
	char		hint[80 + ROI_CURRENCY_MAX];

	if (summary->length > 0 && length > 0)
		host_fail(HOST_BAD_VALUE, "Group by the currency, or convert the amounts first.",
				  "amounts in \"%.*s\" and in \"%.*s\" cannot be added up", (int) summary->length, summary->currency, (int) length, currency);
	if (length == 0)
	{
		currency = summary->currency;
		length = summary->length;
	}
	snprintf(hint, sizeof(hint), "If they are in that currency, too, write coalesce(currency, '%.*s').", (int) length, currency);
	host_fail(HOST_BAD_VALUE, hint, "amounts in \"%.*s\" and amounts without a currency cannot be added up", (int) length, currency);
}

/* Takes rows of a currency in. */
static inline void
join(RoiSummary *summary, const char *currency, size_t length)
{
	if (summary->rows == 0)
	{
		memcpy(summary->currency, currency, length);
		summary->length = length;
	}
	else if (length != summary->length || memcmp(summary->currency, currency, length) != 0)
		mixed(summary, currency, length);
}

void
roi_summary_add(RoiSummary *summary, const ExactNumber *cost, const ExactNumber *revenue, const char *currency, size_t length,
				bool away)
{
	if (length > ROI_CURRENCY_MAX || (currency != NULL && length == 0))
		host_fail(HOST_BAD_VALUE, "Write a code like EUR, or null if it is not known.",
				  "currency \"%.*s\" has %zu bytes, not 1 to %d", (int) (length > 100 ? 0 : length), currency, length, ROI_CURRENCY_MAX);
	if (!away)
		join(summary, currency == NULL ? "" : currency, length);
	summary->rows += away ? -1 : 1;
	if (summary->rows == 0)
		summary->length = 0;
	if (cost != NULL)
		exact_sum_add(&summary->cost, cost, away);
	if (revenue != NULL)
		exact_sum_add(&summary->revenue, revenue, away);
}

void
roi_summary_merge(RoiSummary *into, const RoiSummary *from)
{
	if (from->rows == 0)
		return;
	join(into, from->currency, from->length);
	rows_merge(&into->rows, from->rows);
	exact_sum_merge(&into->cost, &from->cost);
	exact_sum_merge(&into->revenue, &from->revenue);
}

const char *
roi_summary_check(const RoiSummary *summary)
{
	if (memchr(summary->currency, '\0', summary->length) != NULL)
		return "currency with a zero byte";
	if (summary->rows == 0 && (summary->length > 0 || exact_sum_value(&summary->cost).size > 0 ||
							   exact_sum_value(&summary->revenue).size > 0))
		return "sums of no rows";
	return NULL;
}

void
roi_summary_write(WireWriter *writer, const RoiSummary *summary)
{
	wire_write_uint(writer, (uint64_t) summary->rows);
	if (summary->rows == 0)
		return;
	wire_write_uint(writer, summary->length);
	wire_write_bytes(writer, summary->currency, summary->length);
	exact_sum_write(writer, &summary->cost);
	exact_sum_write(writer, &summary->revenue);
}

void
roi_summary_read(WireReader *reader, bool utf8, RoiSummary *summary)
{
	const char *violated;
	const uint8_t *currency;

	(void) utf8;				/* the server sees to the currency */
	memset(summary, 0, sizeof(*summary));
	summary->rows = rows_read(reader);
	if (summary->rows > 0)
	{
		summary->length = (size_t) wire_read_uint_max(reader, ROI_CURRENCY_MAX, "currency too long");
		currency = wire_read_bytes(reader, summary->length);
		if (currency != NULL)
			memcpy(summary->currency, currency, summary->length);
		else
			summary->length = 0;
		exact_sum_read(reader, &summary->cost);
		exact_sum_read(reader, &summary->revenue);
	}
	if (wire_read_done(reader) && (violated = roi_summary_check(summary)) != NULL)
		wire_read_fail(reader, violated);
}
