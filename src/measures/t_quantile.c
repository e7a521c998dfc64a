/*
 * t_quantile.c: kpi.t_quantile, Student's t for who makes an interval in SQL.
 */
#include "kpi_track.h"

#include <math.h>

#include "measures/distribution.h"

PG_FUNCTION_INFO_V1(t_quantile);

/* (confidence, freedom): what |t| exceeds with the probability 1 - confidence. */
Datum
t_quantile(PG_FUNCTION_ARGS)
{
	double		confidence = PG_GETARG_FLOAT8(0);
	double		freedom = PG_GETARG_FLOAT8(1);

	if (!(confidence > 0 && confidence < 1))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("confidence %g is not between 0 and 1", confidence),
				errhint("0.95 is usual."));
	if (!(freedom > 0))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%g is no number of degrees of freedom", freedom),
				errhint("It has to be more than 0."));
	PG_RETURN_FLOAT8(isinf(freedom) ? normal_quantile(confidence) : student_quantile(confidence, freedom));
}
