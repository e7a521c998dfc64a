/*
 * cashflow_roots.h: the rates at which a cash flow is worth nothing: all of them.
 */
#ifndef KPI_CASHFLOW_ROOTS_H
#define KPI_CASHFLOW_ROOTS_H

#include "host.h"

/* Amounts other than 0 at times that rise, in years or periods. */
typedef struct CashflowCurve
{
	size_t		n;
	const double *time;
	const double *amount;
	bool		balanced;		/* the amounts are known to have the sum 0, so that 0 is a root */
} CashflowCurve;

/*
 * All rates r with sum of amount[i] (1 + r)^-time[i] = 0, ascending; `rates` is host_alloc'd or NULL. A rate so near -1 that
 * no double lies between is -1; one beyond all doubles is left out. Where the sum touches 0 without crossing it, to within
 * cashflow_tolerance, there is one root; so it is for several too close to be told apart.
 */
extern size_t cashflow_roots(const CashflowCurve *curve, double **rates);

/* What counts as 0: a sum not larger than this times the sum of the absolute values of its parts. */
extern double cashflow_tolerance(size_t n);

#endif							/* KPI_CASHFLOW_ROOTS_H */
