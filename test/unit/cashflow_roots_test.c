/*
 * cashflow_roots_test.c: roots that are known, and random flows against a dense scan in more precision.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "measures/cashflow_roots.h"
#include "random.h"

#define MAX_FLOWS 1000

static double times[MAX_FLOWS];
static double amounts[MAX_FLOWS];
static double *rates;

static size_t
roots_of(size_t n)
{
	CashflowCurve curve = {n, times, amounts, false};

	return cashflow_roots(&curve, &rates);
}

/* f exp(tau x) over the sum of the absolute values of its parts; tau is such that nothing overflows */
static long double
scanned(size_t n, long double x)
{
	long double largest = -INFINITY;
	long double value = 0;
	long double size = 0;

	for (size_t i = 0; i < n; i++)
		largest = fmaxl(largest, logl(fabsl((long double) amounts[i])) - times[i] * x);
	for (size_t i = 0; i < n; i++)
	{
		long double part = expl(logl(fabsl((long double) amounts[i])) - times[i] * x - largest);

		value += amounts[i] > 0 ? part : -part;
		size += part;
	}
	return value / size;
}

/* What is left at the roots, beside what comes of the digits that a rate near -1 has none for. */
static double
worst_residual(size_t n, size_t nroots)
{
	double		worst = 0;

	for (size_t i = 0; i < nroots; i++)
	{
		double		rounding = rates[i] > -1 ? (times[n - 1] - times[0]) * DBL_EPSILON / (1 + rates[i]) : INFINITY;

		if (rounding < 1e-3)
			worst = fmax(worst, (double) fabsl(scanned(n, log1pl((long double) rates[i]))) - rounding);
	}
	return worst;
}

/* Whether f crosses 0 at a root, or only touches it. */
static bool
crosses(size_t n, double rate)
{
	long double x = log1pl((long double) rate);

	return (scanned(n, x - 1e-7L) > 0) != (scanned(n, x + 1e-7L) > 0);
}

/*
 * All roots within x from -width to width, by a scan of `cells` cells: how many cells have not as many roots where f crosses 0 as
 * their ends say (even or odd), and how many of the others are not where f touches 0.
 */
static int
differences(size_t n, size_t nroots, double width, int cells)
{
	int			wrong = 0;
	size_t		next = 0;
	long double before = scanned(n, -width);

	while (next < nroots && log1p(rates[next]) < -width)
		next++;
	for (int cell = 1; cell <= cells; cell++)
	{
		double		end = -width + 2 * width * cell / cells;
		long double after = scanned(n, end);
		int			crossings = 0;

		for (; next < nroots && log1p(rates[next]) <= end; next++)
		{
			if (crosses(n, rates[next]))
				crossings++;
			else
				wrong += fabsl(scanned(n, log1pl((long double) rates[next]))) > 1e-13L;
		}
		wrong += ((before > 0) != (after > 0)) != (crossings % 2 == 1);
		before = after;
	}
	return wrong;
}

/* The same where roots are so close that one stands for several: how many changes of signs have no root nearby. */
static int
missing(size_t n, size_t nroots, double width, int cells)
{
	int			wrong = 0;
	long double before = scanned(n, -width);

	for (int cell = 1; cell <= cells; cell++)
	{
		double		end = -width + 2 * width * cell / cells;
		long double after = scanned(n, end);
		double		nearest = INFINITY;

		for (size_t i = 0; i < nroots; i++)
			nearest = fmin(nearest, fabs(log1p(rates[i]) - end));
		wrong += (before > 0) != (after > 0) && nearest > 0.01;
		before = after;
	}
	return wrong;
}

/* The flow of periods whose only roots are these: the product of (1 + r) (v - 1 / (1 + r)) with v = 1 / (1 + rate). */
static size_t
flow_of_roots(const double *roots, int nroots)
{
	long double coefficients[40] = {1};

	for (int i = 0; i < nroots; i++)
		for (int k = i + 1; k >= 0; k--)
			coefficients[k] = (k > 0 ? coefficients[k - 1] * (1 + (long double) roots[i]) : 0) - coefficients[k];
	for (int k = 0; k <= nroots; k++)
	{
		times[k] = k;
		amounts[k] = (double) coefficients[k];
	}
	return (size_t) nroots + 1;
}

#define KNOWN(tolerance, ...) \
	do { \
		double known[] = {__VA_ARGS__}; \
		int count = sizeof(known) / sizeof(known[0]); \
		size_t n = flow_of_roots(known, count); \
		size_t got = roots_of(n); \
		bool same = got == (size_t) count; \
		for (int i = 0; same && i < count; i++) \
			same = fabs(rates[i] - known[i]) <= (tolerance) * (1 + fabs(known[i])); \
		CHECK(same, "roots %s", #__VA_ARGS__); \
	} while (0)

/* Roots that are none of their own: where they are expected, so many. */
#define KNOWN_AS(expected, tolerance, root, ...) \
	do { \
		double known[] = {__VA_ARGS__}; \
		size_t n = flow_of_roots(known, sizeof(known) / sizeof(known[0])); \
		size_t got = roots_of(n); \
		double nearest = INFINITY; \
		for (size_t i = 0; i < got; i++) \
			nearest = fmin(nearest, fabs(rates[i] - (root))); \
		CHECK(got == (expected) && nearest <= (tolerance), "%d for roots %s, %.1g away", (int) got, #__VA_ARGS__, nearest); \
	} while (0)

static void
known_roots(void)
{
	KNOWN(1e-14, 0.1);
	KNOWN(1e-12, 0.1, 0.2);
	KNOWN(1e-12, -0.5, 0.25, 1.5);
	KNOWN(1e-10, -0.9, -0.3, 0, 0.4, 3);
	KNOWN(1e-9, 0.01, 0.02);
	KNOWN(1e-6, 0.1, 0.1001);
	KNOWN(1e-8, -0.99, 0, 100);
	KNOWN(1e-7, -0.2, -0.1, 0.05, 0.3, 0.5, 0.9);
	/* several at a place are one */
	KNOWN_AS(1, 1e-14, 0.1, 0.1, 0.1);
	KNOWN_AS(1, 1e-14, 0, 0, 0);
	KNOWN_AS(1, 1e-4, 0.1, 0.1, 0.1, 0.1);
	KNOWN_AS(1, 1e-3, 0.25, 0.25, 0.25, 0.25, 0.25);
	KNOWN_AS(2, 1e-13, 0.5, 0.5, 0.5, 2);
	KNOWN_AS(2, 1e-13, -0.5, -0.5, -0.5, 2);
	KNOWN_AS(2, 1e-13, 1, 0, 1, 1);
	/* touching by less than the precision, and missing by more */
	times[0] = 0, times[1] = 1, times[2] = 2;
	amounts[0] = -100, amounts[1] = 220, amounts[2] = -121;
	CHECK(roots_of(3) == 1 && fabs(rates[0] - 0.1) < 1e-14, "-100, 220, -121 touches 0 at 10 %%");
	amounts[2] = -121.000001;
	CHECK(roots_of(3) == 0, "-100, 220, -121.000001 has no root");
	amounts[2] = -120.999999;
	CHECK(roots_of(3) == 2 && worst_residual(3, 2) < 1e-15, "-100, 220, -120.999999 has two");
}

static void
edges(void)
{
	size_t		n;

	times[0] = 0, times[1] = 1;
	amounts[0] = 5, amounts[1] = 7;
	CHECK(roots_of(2) == 0 && rates == NULL, "amounts of one sign have no root");
	CHECK(roots_of(1) == 0, "a single amount has none");
	amounts[0] = -100, amounts[1] = 100;
	CHECK(roots_of(2) == 1 && rates[0] == 0, "what comes back yields nothing");
	times[1] = 1.0 / 365;
	amounts[1] = 110;
	CHECK(roots_of(2) == 1 && fabs(rates[0] / expm1(365 * log(1.1)) - 1) < 1e-12, "10 %% within a day");
	amounts[1] = 1000;
	CHECK(roots_of(2) == 0, "ten times as much within a day is beyond all doubles");
	amounts[1] = 10;
	CHECK(roots_of(2) == 1 && rates[0] == -1, "a tenth within a day is -1 to all digits");
	/* far from each other, in time and in size */
	times[0] = -2147483648.0, times[1] = 2147483647.0;
	amounts[0] = -1, amounts[1] = 3;
	CHECK(roots_of(2) == 1 && fabs(rates[0] / expm1(log(3) / 4294967295.0) - 1) < 1e-9, "periods over the whole range");
	times[0] = 0, times[1] = 1;
	amounts[0] = -1e-300, amounts[1] = 1e300;
	CHECK(roots_of(2) == 0, "sizes over the whole range: beyond all doubles");
	times[1] = 10;
	CHECK(roots_of(2) == 1 && fabs(rates[0] / 1e60 - 1) < 1e-12, "sizes over the whole range");
	times[1] = 1, times[2] = 2, times[3] = 3;
	amounts[0] = 1e-300, amounts[1] = -1e300, amounts[2] = 1e-300, amounts[3] = -1e250;
	n = roots_of(4);
	/* 1e600 is no double, the next is about 1e-600 - 1, the last 1e550 - 1 beyond */
	CHECK(n == 0 || (n <= 2 && rates[0] == -1), "sizes over the whole range, several roots");
	amounts[0] = -DBL_MIN * DBL_EPSILON, amounts[1] = 1, amounts[2] = -DBL_MAX;
	CHECK((n = roots_of(3)) <= 2, "the smallest and the largest amount");
	/* a loss at the end of long gains */
	for (int i = 0; i < 1000; i++)
	{
		times[i] = i;
		amounts[i] = i == 0 ? -1000 : i < 999 ? 7 : -100;
	}
	n = roots_of(1000);
	CHECK(n >= 1 && worst_residual(1000, n) < 1e-12 && differences(1000, n, 0.5, 2000) == 0, "1000 periods, %d roots", (int) n);
	for (int i = 0; i < 1000; i++)
		amounts[i] = i % 2 == 0 ? 1 : -1;
	n = roots_of(1000);
	CHECK(n == 1 && fabs(rates[0]) < 1e-15, "1000 amounts of alternating signs");
}

static double
uniform(double from, double to)
{
	return from + (to - from) * (double) (random_bits() >> 11) * 0x1p-53;
}

/* Fills a flow of `n`; of five kinds. */
static void
random_flow(int kind, size_t n)
{
	double		at = 0;

	for (size_t i = 0; i < n; i++)
	{
		times[i] = at;
		at += kind == 0 ? 1 : (double) (1 + random_bits() % (kind == 4 ? 3000 : 300)) / 365;
		amounts[i] = uniform(-1000, 1000);
		if (kind == 2)
			amounts[i] = (i == 0 ? -50 : chance(80) ? 1 : -1) * uniform(1, 100);
		if (kind == 3)
			amounts[i] *= exp(uniform(-8, 8));
		if (amounts[i] == 0)
			amounts[i] = 1;
	}
}

static void
random_flows(void)
{
	const char *cases = getenv("KPI_CASES");
	int			ncases = cases != NULL ? atoi(cases) : 400;
	int			with[6] = {0};
	int			wrong = 0;
	int			wrong_order = 0;
	double		residual = 0;

	for (int i = 0; i < ncases; i++)
	{
		int			kind = i % 5;
		size_t		n = i % 50 == 0 ? 200 : 2 + random_bits() % 12;
		size_t		nroots;

		random_flow(kind, n);
		nroots = roots_of(n);
		with[nroots < 5 ? nroots : 5]++;
		residual = fmax(residual, worst_residual(n, nroots));
		for (size_t k = 1; k < nroots; k++)
			wrong_order += !(rates[k] > rates[k - 1]);
		/* roots near -1 are not told apart as rates */
		wrong += differences(n, nroots, n > 50 ? 2 : 8, n > 50 ? 500 : 3000);
		FORGET();
	}
	CHECK(wrong == 0, "%d random flows (%d with no root, %d with 1, %d with 2, %d with 3, %d with 4, %d with more) as scanned: %d differences",
		  ncases, with[0], with[1], with[2], with[3], with[4], with[5], wrong);
	CHECK(wrong_order == 0, "rates ascend");
	CHECK(residual < 1e-12, "residuals at most %.2g of the parts", residual);
}

/* Roots near each other, where rounding of the amounts may take them away: what is left is compared. */
static void
close_roots(void)
{
	int			wrong = 0;
	int			with[7] = {0};

	for (int i = 0; i < 200; i++)
	{
		double		roots[6];
		int			count = 2 + (int) (random_bits() % 5);
		size_t		nroots;

		for (int k = 0; k < count; k++)
			roots[k] = k > 0 && chance(50) ? roots[k - 1] * (1 + uniform(-1, 1) * pow(10, -uniform(1, 9))) : uniform(-0.6, 1.5);
		nroots = roots_of(flow_of_roots(roots, count));
		with[nroots < 6 ? nroots : 6]++;
		wrong += nroots == 0 && count % 2 == 1;
		wrong += nroots > (size_t) count;
		for (size_t k = 0; k < nroots; k++)
		{
			double		nearest = INFINITY;

			for (int r = 0; r < count; r++)
				nearest = fmin(nearest, fabs(rates[k] - roots[r]));
			wrong += nearest > 0.03;
		}
		wrong += missing((size_t) count + 1, nroots, 3, 5000);
		FORGET();
	}
	CHECK(wrong == 0, "roots close to each other (found %d %d %d %d %d %d %d): %d differences", with[0], with[1], with[2], with[3],
		  with[4], with[5], with[6], wrong);
}

/* The same flow whatever its units: times shifted and scaled, amounts scaled by powers of two. */
static void
units(void)
{
	int			wrong = 0;

	for (int i = 0; i < 100; i++)
	{
		size_t		n = 2 + random_bits() % 10;
		size_t		nroots;
		double		known[16];

		random_flow(i % 5, n);
		nroots = roots_of(n);
		for (size_t k = 0; k < nroots; k++)
			known[k] = rates[k];
		for (size_t k = 0; k < n; k++)
		{
			times[k] += 1024;
			amounts[k] = ldexp(-amounts[k], 500);
		}
		wrong += roots_of(n) != nroots;
		for (size_t k = 0; k < nroots; k++)
			wrong += fabs(log1p(rates[k]) - log1p(known[k])) > 1e-9;
		FORGET();
	}
	CHECK(wrong == 0, "neither the begin nor the currency matters");
}

int
main(void)
{
	if (getenv("KPI_SEED") != NULL)
		random_state = strtoull(getenv("KPI_SEED"), NULL, 10);
	known_roots();
	edges();
	random_flows();
	close_roots();
	units();
	return DONE();
}
