/*
 * fit_wire.c: fitted models as bytes.
 *
 * The numbers of the model and of the time unit; 1 if converged, and 2 << k if parameter k is at its bound; evaluations;
 * customers; the parameters, their errors and the log-likelihood as doubles, an unknown error as 0.
 */
#include "models/fit.h"

#include <math.h>
#include <string.h>

const char *const time_unit_name[TIME_UNITS] = {
	NULL, "day", "week", "month", "quarter", "year", "hour"
};

void
fit_write(WireWriter *writer, const Fit *fit)
{
	uint64_t	number = 0,
				flags = fit->converged;
	int			k;

	while (model_all[number] != fit->model)
		number++;
	for (k = 0; k < fit->model->parameters; k++)
		flags |= (uint64_t) fit->at_bound[k] << (k + 1);
	wire_write_uint(writer, number);
	wire_write_uint(writer, fit->time_unit);
	wire_write_uint(writer, flags);
	wire_write_uint(writer, (uint64_t) fit->evaluations);
	wire_write_uint(writer, (uint64_t) fit->n);
	for (k = 0; k < fit->model->parameters; k++)
	{
		wire_write_double(writer, fit->parameter[k]);
		wire_write_double(writer, isnan(fit->error[k]) ? 0 : fit->error[k]);
	}
	wire_write_double(writer, fit->log_likelihood);
}

const char *
fit_check(const Fit *fit)
{
	bool		in_time = fit->model != &model_gamma_gamma;
	int			k;

	if (in_time != (fit->time_unit != TIME_NONE))
		return "a model of the wrong time unit";
	if (!isfinite(fit->log_likelihood))
		return "a log-likelihood that is not finite";
	if (!(fit->n >= 1 && fit->n <= 0x1p53) || fit->evaluations < 0)
		return "a count that cannot be";
	for (k = 0; k < fit->model->parameters; k++)
	{
		if (!(fit->parameter[k] >= 1e-100 && fit->parameter[k] <= 1e100))
			return "a parameter that is not between 1e-100 and 1e100";
		if (!isnan(fit->error[k]) && !(fit->error[k] > 0 && fit->error[k] <= 1e300))
			return "a standard error that is not positive";
		if (fit->at_bound[k] && !isnan(fit->error[k]))
			return "a standard error of a parameter at its bound";
	}
	return NULL;
}

void
fit_read(WireReader *reader, Fit *fit)
{
	uint64_t	flags;
	int			k;

	memset(fit, 0, sizeof(*fit));
	fit->model = model_all[wire_read_uint_max(reader, MODELS - 1, "model")];
	fit->time_unit = (TimeUnit) wire_read_uint_max(reader, TIME_UNITS - 1, "time unit");
	flags = wire_read_uint_max(reader, (UINT64_C(2) << fit->model->parameters) - 1, "flags");
	fit->converged = flags & 1;
	fit->evaluations = (int) wire_read_uint_max(reader, INT32_MAX, "evaluations");
	fit->n = (double) wire_read_uint_max(reader, UINT64_C(1) << 53, "customers");
	for (k = 0; k < fit->model->parameters; k++)
	{
		fit->at_bound[k] = flags >> (k + 1) & 1;
		fit->parameter[k] = wire_read_double(reader);
		fit->error[k] = wire_read_double(reader);
		/* one encoding only */
		if (isnan(fit->error[k]))
			wire_read_fail(reader, "a standard error that is not positive");
		if (fit->error[k] == 0)
			fit->error[k] = NAN;
	}
	fit->log_likelihood = wire_read_double(reader);
	if (reader->failure == NULL && fit_check(fit) != NULL)
		wire_read_fail(reader, fit_check(fit));
}
