/*
 * cashflow_roots.c: see cashflow_roots.h.
 *
 * With x = ln (1 + r) the flow is worth f(x) = sum of a_i exp(-t_i x), a smooth function on the whole line without a pole at
 * r = -1. Only its sign matters, so it may be multiplied by exp(tau x) with any tau, and is always scaled such that its largest
 * part is 1: nothing overflows.
 *
 * Most flows have one root, and that is proven at the cost of a sum: Newton's method is applied to ln (gains / losses), which is
 * nearly a straight line, then the root is the only one if the balance b_0, b_0 + b_1, ... of the parts at the root never changes its
 * sign before the end. (Summed by parts, f(x + y) exp(..) = sum of balance_k (exp(-t_k y) - exp(-t_(k+1) y)), all of one sign for
 * y > 0 and of the other one for y < 0. Soper 1959 calls it a pure investment.)
 *
 * Else all roots lie between two others: beyond a certain x the parts before the first change of signs alone outweigh all parts of
 * the other sign, and below a certain x those behind the last change do; either bound is the only root of a flow with one change
 * of signs. Between them intervals are halved until Taylor's formula with its remainder proves that f has no root in one, or
 * is monotone in it, or is 0 to within the precision all over it. So no root is overlooked, whatever the distances.
 */
#include "measures/cashflow_roots.h"

#include <float.h>
#include <math.h>

/* Parts below are not told from 0. */
#define TINY 1e-290

/* The curve, and what all steps share. */
typedef struct Solver
{
	CashflowCurve curve;
	double		span;			/* from the first time to the last */
	double		tolerance;
	double	   *level;			/* ln |amount|, to within 1 */
	double	   *part;			/* the parts of f at the place of the last evaluation, scaled */
} Solver;

/* f near a place; all scaled by one factor. */
typedef struct Value
{
	double		gain;			/* sum of the positive parts, of the absolute values of the negative ones */
	double		loss;
	double		gain_time;		/* the same parts times their times from the reference on */
	double		loss_time;
	double		reference;
	double		height;			/* ln of the largest part before scaling, to within 1 */
} Value;

double
cashflow_tolerance(size_t n)
{
	return 1e-13 + (double) n * DBL_EPSILON;
}

static void
solver_init(Solver *solver, const CashflowCurve *curve, double *memory)
{
	solver->curve = *curve;
	solver->span = curve->time[curve->n - 1] - curve->time[0];
	solver->tolerance = cashflow_tolerance(curve->n);
	solver->level = memory;
	solver->part = memory + curve->n;
	for (size_t i = 0; i < curve->n; i++)
		solver->level[i] = ilogb(curve->amount[i]) * M_LN2;
}

/* Sums up the parts, of which part i is `part`. */
static inline void
count_part(const Solver *solver, Value *value, size_t i, double since, double part)
{
	solver->part[i] = part;
	if (part > 0)
	{
		value->gain += part;
		value->gain_time += part * since;
	}
	else
	{
		value->loss -= part;
		value->loss_time -= part * since;
	}
}

static Value
evaluate(const Solver *solver, double x)
{
	const double *time = solver->curve.time;
	const double *amount = solver->curve.amount;
	size_t		n = solver->curve.n;
	size_t		largest = 0;
	double		height = -INFINITY;
	double		scale;
	Value		value = {0};

	for (size_t i = 0; i < n; i++)
	{
		double		h = solver->level[i] - time[i] * x;

		if (h > height)
		{
			height = h;
			largest = i;
		}
	}
	value.reference = time[largest];
	value.height = height;
	/* a power of two: the scaling is exact */
	scale = ldexp(1, -ilogb(amount[largest]));
	for (size_t i = 0; i < n; i++)
	{
		double		since = time[i] - value.reference;

		count_part(solver, &value, i, since, amount[i] * scale * exp(-since * x));
	}
	if (isfinite(value.gain + value.loss + value.gain_time + value.loss_time))
		return value;
	/* amounts so far apart that no double holds their quotient: by logarithms, which are not as exact */
	value = (Value) {0};
	value.reference = time[largest];
	value.height = height;
	for (size_t i = 0; i < n; i++)
	{
		double		since = time[i] - value.reference;

		count_part(solver, &value, i, since,
				   copysign(exp(log(fabs(amount[i])) - log(fabs(amount[largest])) - since * x), amount[i]));
	}
	return value;
}

/* The sign of f, and 1 for 0: what counts is that it is the same one for both intervals at a place. */
static int
sign_of(const Value *value)
{
	return value->gain >= value->loss ? 1 : -1;
}

/* f relative to its parts. */
static double
residual(const Value *value)
{
	return (value->gain - value->loss) / (value->gain + value->loss);
}

/* A step of Newton's method for ln (gains / losses); not finite or absurd where there is no slope. */
static double
newton_step(const Value *value)
{
	return log(value->gain / value->loss) / (value->gain_time / value->gain - value->loss_time / value->loss);
}

/* Newton's method from 0 on, without any promise; whether it has come to a root. */
static bool
try_newton(const Solver *solver, double *x)
{
	*x = 0;
	for (int i = 0; i < 16; i++)
	{
		Value		value = evaluate(solver, *x);
		double		step = newton_step(&value);

		if (!isfinite(step) || fabs(step) * solver->span > 1000)
			return false;
		*x += step;
		/* the next step would be as the square of this one */
		if (fabs(step) * solver->span < 1e-8)
			return true;
	}
	return false;
}

/*
 * The place between low and high where f changes its sign, which at low is `sign_low`; either bound may be infinite. Newton's
 * method, and halving (or going on by ever larger steps) where that leaves the bounds or is slow.
 */
static double
solve(const Solver *solver, double low, double high, int sign_low, double x)
{
	double		stride = 1 / solver->span;
	double		before = INFINITY;

	for (int i = 0; i < 2000; i++)
	{
		Value		value = evaluate(solver, x);
		double		step;
		double		next;

		if (value.gain == value.loss)
			return x;
		if (sign_of(&value) == sign_low)
			low = x;
		else
			high = x;
		step = newton_step(&value);
		next = x + step;
		if (!(next > low && next < high) || fabs(step) > before / 2)
		{
			if (isinf(low) || isinf(high))
			{
				next = isinf(high) ? x + stride : x - stride;
				stride *= 2;
				before = INFINITY;
			}
			else
			{
				next = low + (high - low) / 2;
				before = high - low;
			}
			/* nothing between them */
			if (next <= low || next >= high)
				return x;
		}
		else
		{
			before = fabs(step);
			if (before <= 2 * DBL_EPSILON * fabs(x) || before * solver->span < 1e-15)
				return next;
		}
		x = next;
	}
	return x;
}

/* Whether the balance of the parts at a root has one sign up to the end. */
static bool
is_pure(const Solver *solver, double x)
{
	size_t		n = solver->curve.n;
	const double *part = solver->part;
	double		noise = 4 * DBL_EPSILON;
	double		sign = part[0] > 0 ? 1 : -1;
	double		total = 0;
	double		balance = 0;
	double		sum = 0;
	size_t		front;

	(void) evaluate(solver, x);
	for (size_t i = 0; i < n; i++)
		total += fabs(part[i]);
	/* from the front and from the back, as either is exact where it has added little */
	for (front = 0; front < n - 1 && sum <= total / 2; front++)
	{
		balance += part[front];
		sum += fabs(part[front]);
		if (!(balance * sign > noise * (double) (front + 1) * sum))
			return false;
	}
	balance = sum = 0;
	for (size_t i = n - 1; i > front; i--)
	{
		balance -= part[i];
		sum += fabs(part[i]);
		if (!(balance * sign > noise * (double) (n - i) * sum))
			return false;
	}
	return true;
}

/* How often the amounts change their sign. */
static size_t
sign_changes(const CashflowCurve *curve)
{
	size_t		changes = 0;

	for (size_t i = 1; i < curve->n; i++)
		changes += (curve->amount[i] > 0) != (curve->amount[i - 1] > 0);
	return changes;
}

/*
 * The x from which on f has no root, in the direction of the sign: there the parts before the first change of signs (1), or those
 * behind the last (-1), outweigh all of the other sign. `memory` is for 4 n doubles.
 */
static double
bound(const CashflowCurve *curve, int direction, double *memory)
{
	size_t		n = curve->n;
	size_t		edge = direction > 0 ? 0 : n - 1;
	double	   *time = memory;
	double	   *amount = memory + n;
	CashflowCurve part = {0, time, amount, false};
	Solver		solver;
	size_t		run = 1;

	while ((curve->amount[direction > 0 ? run : n - 1 - run] > 0) == (curve->amount[edge] > 0))
		run++;
	for (size_t i = 0; i < n; i++)
	{
		if ((direction > 0 ? i >= run : i < n - run) && (curve->amount[i] > 0) == (curve->amount[edge] > 0))
			continue;
		time[part.n] = curve->time[i];
		amount[part.n++] = curve->amount[i];
	}
	solver_init(&solver, &part, memory + 2 * n);
	return solve(&solver, -INFINITY, INFINITY, part.amount[part.n - 1] > 0 ? 1 : -1, 0);
}

/* ---- all roots ---- */

/* A root between low and high, or a stretch where f is 0 to within the precision (then it may have any number). */
typedef struct Finding
{
	bool		is_flat;
	double		low;
	double		high;
	int			sign_low;
	int			sign_high;
	double		root;			/* if it is not flat */
} Finding;

typedef struct Findings
{
	Finding    *items;
	size_t		n;
	size_t		capacity;
} Findings;

/* What f does in an interval, as far as Taylor's formula around its middle proves it. */
typedef enum Shape
{
	SHAPE_UNKNOWN,
	SHAPE_NO_ROOT,
	SHAPE_MONOTONE,
	SHAPE_FLAT
} Shape;

static Shape
shape_between(const Solver *solver, double low, double high, Value *middle)
{
	size_t		n = solver->curve.n;
	const double *time = solver->curve.time;
	double		half = (high - low) / 2;
	double		total = 0;
	double		centre = 0;
	double		value;
	double		slope = 0;
	double		rest = 0;		/* bound of what the tangent leaves of f */
	double		rest_of_slope = 0;
	double		slope_size = 0;

	*middle = evaluate(solver, low + half);
	value = middle->gain - middle->loss;
	total = middle->gain + middle->loss;
	/* times are counted from where the weight is, which leaves the least rest */
	centre = middle->reference + (middle->gain_time + middle->loss_time) / total;
	for (size_t i = 0; i < n; i++)
	{
		double		since = time[i] - centre;
		double		size = fabs(solver->part[i]);
		double		way = fabs(since) * half;
		double		growth;

		slope -= since * solver->part[i];
		slope_size += fabs(since) * size;
		if (size < TINY)
		{
			/* too small for a double here, but perhaps not elsewhere: what it grows to at most */
			growth = exp(solver->level[i] - time[i] * (low + half) - middle->height + 2 + way);
			rest += growth;
			rest_of_slope += fabs(since) * growth;
			continue;
		}
		growth = expm1(way);
		rest += size * (growth - way);
		rest_of_slope += size * fabs(since) * growth;
	}
	if (fabs(value) + fabs(slope) * half + rest <= solver->tolerance * total)
		return SHAPE_FLAT;
	if (fabs(value) > fabs(slope) * half + rest)
		return SHAPE_NO_ROOT;
	/* the slope itself is known to within rounding */
	if (fabs(slope) > rest_of_slope + (double) n * DBL_EPSILON * slope_size)
		return SHAPE_MONOTONE;
	return SHAPE_UNKNOWN;
}

/*
 * Adds what was found to the right of what was found before. Roots between which f is flat, and flat stretches that meet, are
 * one: several roots that cannot be told apart.
 */
static void
add_finding(const Solver *solver, Findings *findings, Finding finding)
{
	Finding    *last = findings->n > 0 ? &findings->items[findings->n - 1] : NULL;

	if (last != NULL && (last->is_flat || finding.is_flat || last->high == finding.low))
	{
		double		from = last->is_flat ? last->high : last->root;
		double		to = finding.is_flat ? finding.low : finding.root;
		Value		between = evaluate(solver, from + (to - from) / 2);

		if (fabs(residual(&between)) <= solver->tolerance)
		{
			last->low = last->is_flat ? last->low : last->root;
			last->high = finding.is_flat ? finding.high : finding.root;
			last->sign_high = finding.sign_high;
			last->is_flat = true;
			return;
		}
	}
	if (findings->n == findings->capacity)
	{
		findings->capacity = findings->capacity * 2 + 8;
		findings->items = findings->items == NULL ?
			host_alloc(NULL, host_array_size(findings->capacity, sizeof(Finding))) :
			host_realloc(findings->items, host_array_size(findings->capacity, sizeof(Finding)));
	}
	findings->items[findings->n++] = finding;
}

/* From left to right; each place is evaluated once, so that its sign is the same for both sides. */
static void
search(const Solver *solver, double low, int sign_low, double high, int sign_high, Findings *findings)
{
	Finding		finding = {false, low, high, sign_low, sign_high, 0};
	Value		middle;
	Shape		shape;

	host_check_interrupts();
	shape = shape_between(solver, low, high, &middle);
	if (shape == SHAPE_UNKNOWN)
	{
		double		centre = low + (high - low) / 2;

		if (centre > low && centre < high)
		{
			search(solver, low, sign_low, centre, sign_of(&middle), findings);
			search(solver, centre, sign_of(&middle), high, sign_high, findings);
			return;
		}
		/* no number lies between: as flat as can be */
		shape = sign_low != sign_high ? SHAPE_MONOTONE : SHAPE_NO_ROOT;
	}
	if (shape == SHAPE_FLAT)
		finding.is_flat = true;
	else if (shape == SHAPE_NO_ROOT || sign_low == sign_high)
		return;
	else
		finding.root = solve(solver, low, high, sign_low, low + (high - low) / 2);
	add_finding(solver, findings, finding);
}

/* The slope of f exp(tau x) where that is 0: its sign does not depend on tau. */
static double
slope_at(const Solver *solver, double x)
{
	Value		value = evaluate(solver, x);

	return value.loss_time - value.gain_time;
}

/* The root that stands for a flat stretch: where f crosses 0, else where it is nearest. */
static double
root_of_flat(const Solver *solver, const Finding *flat)
{
	double		low = flat->low;
	double		high = flat->high;
	bool		rising = slope_at(solver, low) > 0;

	if (flat->sign_low != flat->sign_high)
		return solve(solver, low, high, flat->sign_low, low + (high - low) / 2);
	if ((slope_at(solver, high) > 0) == rising)
		return low + (high - low) / 2;
	for (int i = 0; i < 100; i++)
	{
		double		middle = low + (high - low) / 2;

		if (middle <= low || middle >= high)
			break;
		if ((slope_at(solver, middle) > 0) == rising)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

/* All roots of a flow with at least two changes of signs; `memory` is for 4 n doubles. */
static size_t
search_all(const Solver *solver, double *memory, double **roots)
{
	double		low = bound(&solver->curve, -1, memory);
	double		high = bound(&solver->curve, 1, memory);
	double		margin = 1e-9 / solver->span;
	Findings	findings = {NULL, 0, 0};
	Value		at_low;
	Value		at_high;

	/* the bounds may be roots themselves */
	low -= margin + 1e-9 * fabs(low);
	high += margin + 1e-9 * fabs(high);
	if (low >= high)
		return 0;
	at_low = evaluate(solver, low);
	at_high = evaluate(solver, high);
	search(solver, low, sign_of(&at_low), high, sign_of(&at_high), &findings);
	if (findings.n == 0)
		return 0;
	*roots = host_alloc(NULL, host_array_size(findings.n, sizeof(double)));
	for (size_t i = 0; i < findings.n; i++)
		(*roots)[i] = findings.items[i].is_flat ? root_of_flat(solver, &findings.items[i]) : findings.items[i].root;
	host_free(findings.items);
	return findings.n;
}

size_t
cashflow_roots(const CashflowCurve *curve, double **rates)
{
	size_t		n = curve->n;
	size_t		changes = sign_changes(curve);
	size_t		nroots = 0;
	size_t		kept = 0;
	size_t		nearest = 0;
	double	   *memory;
	Solver		solver;
	double		x;

	*rates = NULL;
	if (changes == 0)
		return 0;
	memory = host_alloc(NULL, host_array_size(n, 6 * sizeof(double)));
	solver_init(&solver, curve, memory);
	if (try_newton(&solver, &x) && (changes == 1 || is_pure(&solver, x)))
		nroots = 1;
	else if (changes == 1)
	{
		nroots = 1;
		x = solve(&solver, -INFINITY, INFINITY, curve->amount[n - 1] > 0 ? 1 : -1, 0);
	}
	if (nroots == 1)
	{
		*rates = host_alloc(NULL, sizeof(double));
		**rates = x;
	}
	else
		nroots = search_all(&solver, memory + 2 * n, rates);
	host_free(memory);

	for (size_t i = 1; i < nroots; i++)
		if (fabs((*rates)[i]) < fabs((*rates)[nearest]))
			nearest = i;
	/* rather 0 than what rounding makes of it */
	if (curve->balanced && nroots > 0 && fabs((*rates)[nearest]) * solver.span < 1e-6)
		(*rates)[nearest] = 0;
	for (size_t i = 0; i < nroots; i++)
	{
		double		rate = expm1((*rates)[i]);

		if (isfinite(rate))
			(*rates)[kept++] = rate;
	}
	return kept;
}
