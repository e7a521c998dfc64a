/*
 * optimise.c: see optimise.h.
 *
 * L-BFGS of the NLopt library finds the top from several starts. Newton's method then walks the rest of the
 * way; its matrix of second derivatives also tells in which directions the data say nothing, and the errors.
 */
#include "models/optimise.h"

#include <math.h>
#include <nlopt.h>
#include <string.h>

#include "host.h"

#define STARTS 3
#define EVALUATIONS_PER_START 300
#define NEWTON_STEPS 30

/* A direction is flat if one standard error along it is more than 10: a factor of e^10 in the parameters. */
#define FLAT 0.01

/* How far inside the box a variable has to stay to be taken for found: a factor of 100. */
#define EDGE 4.605170185988091

/* Starts in which rates and shapes differ, all within what is usual for scaled data. */
static const double starts[STARTS][MODEL_PARAMETERS] = {
	{0, -1, 0, 1}, {-1, -3, -1, 0}, {1, 1, -2, 2}
};

typedef struct Search
{
	OptimiseFunction function;
	void	   *context;
	int			variables;
	nlopt_opt	library;
	Optimum		best;
} Search;

/* The function, remembering the best point; what is not a number becomes a very low place without slope. */
static double
evaluate(Search *search, const double *x, double *gradient)
{
	double		value;
	int			k;

	memset(gradient, 0, sizeof(double) * search->variables);
	value = search->function(search->context, x, gradient);
	search->best.evaluations++;
	for (k = 0; k < search->variables; k++)
		if (!isfinite(gradient[k]))
			value = NAN;
	if (!isfinite(value))
	{
		memset(gradient, 0, sizeof(double) * search->variables);
		return -1e300;
	}
	if (value > search->best.value)
	{
		search->best.value = value;
		memcpy(search->best.x, x, sizeof(double) * search->variables);
	}
	return value;
}

/* What the library calls: nothing may jump out of it, so a cancel only makes it stop. */
static double
library_function(unsigned variables, const double *x, double *gradient, void *data)
{
	Search	   *search = data;
	double		unused[MODEL_PARAMETERS];

	(void) variables;
	if (host_interrupt_pending())
		nlopt_force_stop(search->library);
	return evaluate(search, x, gradient != NULL ? gradient : unused);
}

static void
climb(Search *search, const double *start)
{
	int			before = search->best.evaluations;
	nlopt_result result;

	do
	{
		double		x[MODEL_PARAMETERS],
					value;

		/* Again, if the cancel was taken back: what a fit finds may not depend on when signals come. */
		search->best.evaluations = before;
		memcpy(x, start, sizeof(x));
		search->library = nlopt_create(NLOPT_LD_LBFGS, search->variables);
		if (search->library == NULL)
			host_fail(HOST_LIMIT, NULL, "out of memory while fitting a model");
		nlopt_set_max_objective(search->library, library_function, search);
		nlopt_set_lower_bounds1(search->library, -OPTIMISE_BOX);
		nlopt_set_upper_bounds1(search->library, OPTIMISE_BOX);
		nlopt_set_ftol_rel(search->library, 1e-11);
		nlopt_set_maxeval(search->library, EVALUATIONS_PER_START);
		result = nlopt_optimize(search->library, x, &value);
		nlopt_destroy(search->library);
		search->library = NULL;
		host_check_interrupts();
	} while (result == NLOPT_FORCED_STOP);
}

/* The second derivatives at x, as differences of the first ones. */
static void
second_derivatives(Search *search, const double *x, double matrix[][MODEL_PARAMETERS])
{
	const double step = 1e-4;
	int			n = search->variables,
				i,
				k;

	for (k = 0; k < n; k++)
	{
		double		at[MODEL_PARAMETERS],
					high[MODEL_PARAMETERS],
					low[MODEL_PARAMETERS];

		memcpy(at, x, sizeof(at));
		at[k] = x[k] + step;
		evaluate(search, at, high);
		at[k] = x[k] - step;
		evaluate(search, at, low);
		for (i = 0; i < n; i++)
			matrix[k][i] = (high[i] - low[i]) / (2 * step);
	}
	for (i = 0; i < n; i++)
		for (k = 0; k < i; k++)
			matrix[i][k] = matrix[k][i] = (matrix[i][k] + matrix[k][i]) / 2;
}

/* Eigenvalues on the diagonal and eigenvectors as columns of a small symmetric matrix (Jacobi's rotations). */
static void
eigen(int n, double matrix[][MODEL_PARAMETERS], double vector[][MODEL_PARAMETERS])
{
	int			sweep,
				i,
				j,
				k;

	for (i = 0; i < n; i++)
		for (k = 0; k < n; k++)
			vector[i][k] = i == k;
	for (sweep = 0; sweep < 50; sweep++)
		for (i = 0; i < n; i++)
			for (j = i + 1; j < n; j++)
			{
				double		angle = 0.5 * atan2(2 * matrix[i][j], matrix[j][j] - matrix[i][i]),
							c = cos(angle),
							s = sin(angle);

				for (k = 0; k < n; k++)
				{
					double		a = matrix[k][i],
								b = matrix[k][j];

					matrix[k][i] = c * a - s * b;
					matrix[k][j] = s * a + c * b;
				}
				for (k = 0; k < n; k++)
				{
					double		a = matrix[i][k],
								b = matrix[j][k];

					matrix[i][k] = c * a - s * b;
					matrix[j][k] = s * a + c * b;
				}
				for (k = 0; k < n; k++)
				{
					double		a = vector[k][i],
								b = vector[k][j];

					vector[k][i] = c * a - s * b;
					vector[k][j] = s * a + c * b;
				}
			}
}

/* At the edge of the box, with the function still rising outwards. */
static bool
is_pressed(double x, double slope)
{
	return fabs(x) > OPTIMISE_BOX - 1e-6 && x * slope >= 0;
}

/*
 * Newton's method from the best point. Sets converged, and at the end the errors and what is at_bound.
 */
static void
polish(Search *search)
{
	Optimum    *best = &search->best;
	int			n = search->variables,
				round,
				i,
				k;

	for (round = 0; round < NEWTON_STEPS; round++)
	{
		double		x[MODEL_PARAMETERS],
					gradient[MODEL_PARAMETERS],
					matrix[MODEL_PARAMETERS][MODEL_PARAMETERS],
					vector[MODEL_PARAMETERS][MODEL_PARAMETERS],
					step[MODEL_PARAMETERS] = {0},
					variance[MODEL_PARAMETERS] = {0},
					unused[MODEL_PARAMETERS],
					gain = 0,
					length = 0,
					value;
		bool		pressed[MODEL_PARAMETERS],
					flat[MODEL_PARAMETERS] = {false},
					curved = true;

		host_check_interrupts();
		memcpy(x, best->x, sizeof(x));
		value = evaluate(search, x, gradient);
		second_derivatives(search, x, matrix);
		for (k = 0; k < n; k++)
		{
			pressed[k] = is_pressed(x[k], gradient[k]);
			for (i = 0; i < n; i++)
				matrix[i][k] = -matrix[i][k];
		}
		for (k = 0; k < n; k++)
			if (pressed[k])
			{
				gradient[k] = 0;
				for (i = 0; i < n; i++)
					matrix[i][k] = matrix[k][i] = 0;
			}
		eigen(n, matrix, vector);
		for (k = 0; k < n; k++)
		{
			double		along = 0,
						curvature = matrix[k][k];

			for (i = 0; i < n; i++)
				along += vector[i][k] * gradient[i];
			if (fabs(curvature) < FLAT)
			{
				for (i = 0; i < n; i++)
					flat[i] |= fabs(vector[i][k]) > 0.1;
				/* still climbing: by as much as the box is wide it would gain something that counts */
				gain += fabs(along) * OPTIMISE_BOX > FLAT ? fabs(along) : 0;
			}
			else
			{
				curved &= curvature > 0;
				gain += along * along / fabs(curvature);
				for (i = 0; i < n; i++)
					variance[i] += vector[i][k] * vector[i][k] / fabs(curvature);
			}
			for (i = 0; i < n; i++)
				step[i] += vector[i][k] * along / fmax(fabs(curvature), FLAT);
		}
		for (k = 0; k < n; k++)
		{
			best->at_bound[k] = flat[k] || pressed[k] || fabs(x[k]) > OPTIMISE_BOX - EDGE;
			best->error[k] = best->at_bound[k] || !curved ? NAN : sqrt(variance[k]);
			length += step[k] * step[k];
		}
		/* differences of the likelihood below this are rounding */
		if (curved && gain < 1e-9 + 1e-13 * fabs(value))
		{
			best->converged = true;
			return;
		}
		length = fmin(1, 4 / sqrt(length));
		for (i = 0; i < 20; i++, length /= 2)
		{
			double		next[MODEL_PARAMETERS] = {0};

			for (k = 0; k < n; k++)
				next[k] = fmax(-OPTIMISE_BOX, fmin(OPTIMISE_BOX, x[k] + length * step[k]));
			if (evaluate(search, next, unused) > value)
				break;
		}
		if (best->value <= value)
		{
			/* no better point to be found: rounding ends it here */
			best->converged = curved && gain < 1e-6 * (1 + 1e-3 * fabs(value));
			return;
		}
	}
}

static Search
search_of(OptimiseFunction function, void *context, int variables)
{
	Search		search;

	memset(&search, 0, sizeof(search));
	search.function = function;
	search.context = context;
	search.variables = variables;
	search.best.value = -INFINITY;
	return search;
}

static void
climb_from_all(Search *search)
{
	int			i;

	for (i = 0; i < STARTS; i++)
		climb(search, starts[i]);
}

Optimum
optimise(OptimiseFunction function, void *context, void *sample, int variables)
{
	Search		search = search_of(function, context, variables);

	if (sample != NULL)
	{
		Search		small = search_of(function, sample, variables);

		climb_from_all(&small);
		if (isfinite(small.best.value))
			climb(&search, small.best.x);
		if (isfinite(search.best.value))
			polish(&search);
	}
	/* without a sample, or where it led astray */
	if (!search.best.converged)
	{
		climb_from_all(&search);
		if (isfinite(search.best.value))
			polish(&search);
	}
	return search.best;
}
