/*
 * cashflow_measures.c: see cashflow_measures.h.
 */
#include "measures/cashflow_measures.h"

#include <float.h>
#include <math.h>

/* The time of a sum for discounting, counted from the first one for days. */
static double
time_of(const Cashflow *flow, uint32_t i, CashflowTime time)
{
	if (time == CASHFLOW_PERIODS)
		return flow->sums[i].day;
	return day_count_years((DayCount) flow->terms.day_count, flow->sums[0].day, flow->sums[i].day);
}

size_t
cashflow_rates(HostArena arena, Cashflow *flow, CashflowTime time, double **rates)
{
	CashflowAmount total = {{0}, 0, 0};
	CashflowCurve curve = {0};
	double	   *times;
	double	   *amounts;
	size_t		nrates;

	*rates = NULL;
	cashflow_settle(arena, flow);
	if (flow->n < 2)
		return 0;
	times = host_alloc(NULL, host_array_size(flow->n, 2 * sizeof(double)));
	amounts = times + flow->n;
	for (uint32_t i = 0; i < flow->n;)
	{
		CashflowAmount sum = {{0}, 0, 0};
		double		at = time_of(flow, i, time);
		double		amount;

		/* 30/360 takes some days for one */
		do
			cashflow_amount_add(NULL, &sum, &flow->sums[i++]);
		while (i < flow->n && time == CASHFLOW_DAYS && flow->terms.day_count == DAYS_30_360 && time_of(flow, i, time) == at);
		cashflow_amount_add(NULL, &total, &sum);
		amount = cashflow_amount_double(&sum);
		cashflow_amount_free(&sum);
		if (amount == 0)
			continue;
		times[curve.n] = at;
		amounts[curve.n++] = amount;
	}
	curve.time = times;
	curve.amount = amounts;
	curve.balanced = cashflow_amount_double(&total) == 0;
	cashflow_amount_free(&total);
	nrates = cashflow_roots(&curve, rates);
	host_free(times);
	return nrates;
}

/* A sum of doubles that keeps what rounding takes away (Neumaier 1974). */
typedef struct Sum
{
	double		sum;
	double		rest;
	double		size;			/* of the absolute values */
} Sum;

static void
sum_add(Sum *sum, double value)
{
	double		next = sum->sum + value;

	if (fabs(sum->sum) >= fabs(value))
		sum->rest += (sum->sum - next) + value;
	else
		sum->rest += (value - next) + sum->sum;
	sum->sum = next;
	sum->size += fabs(value);
}

static double
sum_total(const Sum *sum)
{
	return sum->sum + sum->rest;
}

/* What an amount is worth `time` before it comes in. */
static double
discount(double amount, double rate, double time)
{
	double		value = amount == 0 ? 0 : amount * exp(-time * log1p(rate));

	if (!isfinite(value))
		host_fail(HOST_LIMIT, NULL, "a present value is beyond the range of double precision");
	return value;
}

bool
cashflow_present_value(HostArena arena, Cashflow *flow, CashflowTime time, double *value)
{
	Sum			sum = {0};

	cashflow_settle(arena, flow);
	for (uint32_t i = 0; i < flow->n; i++)
		sum_add(&sum, discount(cashflow_amount_double(&flow->sums[i]), flow->terms.rate,
							   time_of(flow, i, time) + flow->terms.first));
	*value = sum_total(&sum);
	if (!isfinite(*value))
		host_fail(HOST_LIMIT, NULL, "a present value is beyond the range of double precision");
	return flow->n > 0;
}

bool
cashflow_modified_rate(HostArena arena, Cashflow *flow, double *rate)
{
	double		financing = log1p(flow->terms.rate);
	double		reinvesting = log1p(flow->terms.reinvest_rate);
	double		largest[2] = {-INFINITY, -INFINITY};	/* logarithms: of gains at the end, of losses at the begin */
	double		sums[2] = {0, 0};
	double		first,
				last;

	cashflow_settle(arena, flow);
	if (flow->n < 2)
		return false;
	first = flow->sums[0].day;
	last = flow->sums[flow->n - 1].day;
	/* relative to the largest part, so that many periods at high rates do not overflow */
	for (int pass = 0; pass < 2; pass++)
	{
		for (uint32_t i = 0; i < flow->n; i++)
		{
			double		amount = cashflow_amount_double(&flow->sums[i]);
			bool		loss = amount < 0;
			double		height;

			if (amount == 0)
				continue;
			height = log(fabs(amount)) +
				(loss ? -financing * (flow->sums[i].day - first) : reinvesting * (last - flow->sums[i].day));
			if (pass == 0)
				largest[loss] = fmax(largest[loss], height);
			else
				sums[loss] += exp(height - largest[loss]);
		}
	}
	if (sums[0] == 0 || sums[1] == 0)
		return false;
	*rate = expm1((largest[0] - largest[1] + log(sums[0] / sums[1])) / (last - first));
	return isfinite(*rate);
}

/* When a balance that goes from below 0 to 0 or above has come to 0, between two times. */
static double
crossing(double from, double to, double before, double after)
{
	return from + (to - from) * (-before / (after - before));
}

bool
cashflow_payback(HostArena arena, Cashflow *flow, CashflowTime time, double *elapsed)
{
	bool		discounted = flow->terms.rate != 0;
	CashflowAmount exact = {{0}, 0, 0};
	Sum			sum = {0};
	double		before = 0;
	double		since = 0;
	bool		lacked = false;
	bool		paid = false;

	cashflow_settle(arena, flow);
	for (uint32_t i = 0; i < flow->n && !paid; i++)
	{
		double		at = (double) flow->sums[i].day - flow->sums[0].day;
		double		balance;

		if (discounted)
		{
			sum_add(&sum, discount(cashflow_amount_double(&flow->sums[i]), flow->terms.rate,
								   time_of(flow, i, time) - time_of(flow, 0, time)));
			balance = sum_total(&sum);
			/* what is 0 but for rounding pays back */
			if (fabs(balance) <= cashflow_tolerance(flow->n) * sum.size)
				balance = 0;
		}
		else
		{
			cashflow_amount_add(NULL, &exact, &flow->sums[i]);
			balance = cashflow_amount_double(&exact);
		}
		if (balance >= 0 && before < 0)
		{
			*elapsed = crossing(since, at, before, balance);
			paid = true;
		}
		lacked |= balance < 0;
		before = balance;
		since = at;
	}
	cashflow_amount_free(&exact);
	if (flow->n > 0 && !lacked)
	{
		*elapsed = 0;
		paid = true;
	}
	return paid;
}
