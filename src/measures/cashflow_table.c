/*
 * cashflow_table.c: see cashflow_table.h.
 */
#include "measures/cashflow_table.h"

#include <math.h>
#include <stdlib.h>

/* 128 bytes at first, then always twice as much: most groups have a few rows, and there may be millions of groups. */
#define SIZE_AT_FIRST	128
#define CAPACITY(bytes) ((uint32_t) (((bytes) - sizeof(Cashflow)) / sizeof(CashflowAmount)))

/* Up to so many out of order are put in their places one by one. */
#define FEW				16

static size_t
size_of(uint32_t capacity)
{
	return sizeof(Cashflow) + (size_t) capacity * sizeof(CashflowAmount);
}

Cashflow *
cashflow_make(HostArena arena, const CashflowTerms *terms)
{
	Cashflow   *flow = host_alloc(arena, SIZE_AT_FIRST);

	flow->terms = *terms;
	flow->n = 0;
	flow->sorted = 0;
	flow->capacity = CAPACITY(SIZE_AT_FIRST);
	return flow;
}

/* The place of a day, or where it belongs, among the first `n`. */
static uint32_t
find(const Cashflow *flow, uint32_t n, int32_t day)
{
	uint32_t	low = 0;

	while (low < n)
	{
		uint32_t	middle = low + (n - low) / 2;

		if (flow->sums[middle].day < day)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

static int
compare_days(const void *a, const void *b)
{
	int32_t		x = ((const CashflowAmount *) a)->day;
	int32_t		y = ((const CashflowAmount *) b)->day;

	return (x > y) - (x < y);
}

void
cashflow_settle(HostArena arena, Cashflow *flow)
{
	uint32_t	used = 0;

	if (flow->n - flow->sorted <= FEW)
	{
		for (; flow->sorted < flow->n; flow->sorted++)
		{
			CashflowAmount sum = flow->sums[flow->sorted];
			uint32_t	at = find(flow, flow->sorted, sum.day);

			if (at < flow->sorted && flow->sums[at].day == sum.day)
			{
				cashflow_amount_add(arena, &flow->sums[at], &sum);
				cashflow_amount_free(&sum);
				/* the last one takes its place */
				flow->sums[flow->sorted--] = flow->sums[--flow->n];
				continue;
			}
			memmove(&flow->sums[at + 1], &flow->sums[at], (flow->sorted - at) * sizeof(CashflowAmount));
			flow->sums[at] = sum;
		}
		return;
	}
	qsort(flow->sums, flow->n, sizeof(CashflowAmount), compare_days);
	for (uint32_t i = 0; i < flow->n; i++)
	{
		if (used > 0 && flow->sums[used - 1].day == flow->sums[i].day)
		{
			cashflow_amount_add(arena, &flow->sums[used - 1], &flow->sums[i]);
			cashflow_amount_free(&flow->sums[i]);
		}
		else
			flow->sums[used++] = flow->sums[i];
	}
	flow->n = flow->sorted = used;
}

/* Takes over what is wide in the sum. */
static Cashflow *
append(HostArena arena, Cashflow *flow, const CashflowAmount *sum)
{
	if (flow->n > 0 && flow->n == flow->sorted && flow->sums[flow->n - 1].day == sum->day)
	{
		CashflowAmount once = *sum;

		cashflow_amount_add(arena, &flow->sums[flow->n - 1], sum);
		cashflow_amount_free(&once);
		return flow;
	}
	if (flow->n == flow->capacity)
	{
		cashflow_settle(arena, flow);
		if (flow->n > flow->capacity / 2)
		{
			size_t		size = host_array_size(size_of(flow->capacity), 2);

			if (CAPACITY(size) >= INT32_MAX)
				host_fail(HOST_LIMIT, NULL, "a cash flow has too many days");
			flow = host_realloc(flow, size);
			flow->capacity = CAPACITY(size);
		}
	}
	if (flow->n == flow->sorted && (flow->n == 0 || flow->sums[flow->n - 1].day < sum->day))
		flow->sorted++;
	flow->sums[flow->n++] = *sum;
	return flow;
}

Cashflow *
cashflow_add(HostArena arena, Cashflow *flow, int32_t day, const DecimalDigits *amount)
{
	CashflowAmount sum;

	cashflow_amount_set(arena, &sum, amount);
	sum.day = day;
	return append(arena, flow, &sum);
}

Cashflow *
cashflow_merge(HostArena arena, Cashflow *into, const Cashflow *from)
{
	for (uint32_t i = 0; i < from->n; i++)
	{
		CashflowAmount sum = {{0}, from->sums[i].day, 0};

		host_check_interrupts();
		cashflow_amount_add(arena, &sum, &from->sums[i]);
		into = append(arena, into, &sum);
	}
	return into;
}

/*
 * The terms, then how many days, the first of them, the distance to the next from each, and their sums.
 */
void
cashflow_write(WireWriter *writer, HostArena arena, Cashflow *flow)
{
	int64_t		before = 0;

	cashflow_settle(arena, flow);
	wire_write_double(writer, flow->terms.rate);
	wire_write_double(writer, flow->terms.reinvest_rate);
	wire_write_byte(writer, flow->terms.first);
	wire_write_byte(writer, flow->terms.day_count);
	wire_write_uint(writer, flow->n);
	for (uint32_t i = 0; i < flow->n; i++)
	{
		if (i == 0)
			wire_write_int(writer, flow->sums[i].day);
		else
			wire_write_uint(writer, (uint64_t) (flow->sums[i].day - before));
		before = flow->sums[i].day;
		cashflow_amount_write(writer, &flow->sums[i]);
	}
}

static void
read_terms(WireReader *reader, CashflowTerms *terms)
{
	terms->rate = wire_read_double(reader);
	terms->reinvest_rate = wire_read_double(reader);
	terms->first = wire_read_byte(reader);
	terms->day_count = wire_read_byte(reader);
	if (!(terms->rate > -1 && terms->reinvest_rate > -1) || isinf(terms->rate) || isinf(terms->reinvest_rate))
		wire_read_fail(reader, "rate out of range");
	if (terms->first > 1 || terms->day_count > DAYS_ACT_ACT)
		wire_read_fail(reader, "unknown convention");
}

Cashflow *
cashflow_read(WireReader *reader, HostArena arena)
{
	CashflowTerms terms;
	Cashflow   *flow;
	size_t		n;
	size_t		size = SIZE_AT_FIRST;
	int64_t		day = 0;

	read_terms(reader, &terms);
	n = wire_read_count(reader, 3);
	if (n >= INT32_MAX)
		wire_read_fail(reader, "too many days");
	if (reader->failure != NULL)
		return NULL;
	while (CAPACITY(size) < n)
		size *= 2;
	flow = host_alloc(arena, size);
	flow->terms = terms;
	flow->n = flow->sorted = 0;
	flow->capacity = CAPACITY(size);
	for (size_t i = 0; i < n; i++)
	{
		if (i == 0)
			day = wire_read_int(reader);
		else
		{
			uint64_t	distance = wire_read_uint_max(reader, UINT32_MAX, "day out of range");

			if (distance == 0)
				wire_read_fail(reader, "days out of order");
			day += (int64_t) distance;
		}
		if (day < INT32_MIN || day > INT32_MAX)
			wire_read_fail(reader, "day out of range");
		cashflow_amount_read(reader, arena, &flow->sums[i]);
		flow->sums[i].day = (int32_t) day;
		if (reader->failure != NULL)
			break;
		flow->n = ++flow->sorted;
	}
	return reader->failure == NULL ? flow : NULL;
}
