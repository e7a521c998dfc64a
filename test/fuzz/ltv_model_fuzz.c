/*
 * ltv_model_fuzz.c: stored models, and what they say of any customer: bytes are refused, or a fit that is written as the same
 * bytes and answers every question that kpi.* functions would pass on, with a number where there is one.
 *
 * The first bytes are the customer and the question, the others the fit.
 */
#include "fuzz.h"

#include <math.h>

#include "models/fit.h"

const unsigned fuzz_errors = 0;

/* Bytes as a number from 0 to 1e100, of any magnitude. */
static double
any_size(Input *input)
{
	double		mantissa = (double) take(input, 2) / 65535;
	int			exponent = (int) (take(input, 1) % 202) - 101;

	return mantissa == 0 ? 0 : fmin(mantissa * pow(10, exponent), 1e100);
}

/* A whole number to `most`, mostly a small one. */
static double
any_count(Input *input, double most)
{
	int			bits = (int) (take(input, 1) % 54);

	return fmin((double) (take(input, 7) & ((UINT64_C(1) << bits) - 1)), most);
}

static ModelGroup
any_customer(Input *input, const Model *model)
{
	ModelGroup	customer = {0, 0, 0, 0, 1};
	double		share = (double) take(input, 2) / 65535;

	if (model == &model_bg_bb)
	{
		customer.frequency = any_count(input, 1000);
		customer.recency = customer.frequency == 0 ? 0 : customer.frequency + floor(share * 1000);
		customer.age = customer.recency + any_count(input, 3000);
	}
	else
	{
		customer.frequency = any_count(input, 0x1p53);
		customer.age = any_size(input);
		customer.recency = customer.frequency == 0 ? 0 : customer.age * share;
	}
	return customer;
}

/* Finite or not, but a number from 0 on. */
static bool
is_size(double value)
{
	return value >= 0;
}

static void
ask(const Fit *fit, Input *question)
{
	const double *p = fit->parameter;
	const Model *model = fit->model;
	ModelGroup	customer = any_customer(question, model);
	double		horizon = any_size(question),
				rate = any_size(question),
				periods = any_count(question, 0x1p53);

	if (model->alive != NULL)
	{
		double		alive = model->alive(p, &customer),
					expected,
					now;

		if (model == &model_bg_bb)
			horizon = periods;
		expected = model->expected(p, &customer, horizon);
		now = model->expected(p, &customer, 0);
		MUST(alive >= 0 && alive <= 1);
		MUST(is_size(expected) && isfinite(expected) && now == 0);
		/* twice the time brings more, but not more than twice as much */
		if (horizon <= 5e99)
		{
			double		later = model->expected(p, &customer, 2 * horizon);

			MUST(later >= expected * (1 - 1e-9) && later <= 2 * expected * (1 + 1e-9) + 1e-290);
		}
		MUST(is_size(model->expected_new(p, horizon)) && isfinite(model->expected_new(p, horizon)));
		if (model->residual != NULL)
		{
			double		all = model->residual(p, &customer, 0),
						part = model->residual(p, &customer, rate);

			MUST(is_size(all) && is_size(part) && part <= all * (1 + 1e-9) + 1e-290);
			MUST(all >= expected * (1 - 1e-9));
		}
		if (model == &model_bg_bb)
			MUST(is_size(model_bg_bb_discounted(p, &customer, periods, rate)));
	}
	if (model == &model_gamma_gamma)
	{
		double		mean = model_gamma_gamma_mean(p, customer.frequency, horizon);

		MUST(isnan(mean) ? p[1] <= 1 : is_size(mean));
	}
	if (model == &model_sbg)
	{
		double		survival = model_sbg_survival(p, periods);

		MUST(survival >= 0 && survival <= 1);
		MUST(is_size(model_sbg_residual(p, periods, rate)) && is_size(model_sbg_residual(p, periods, 0)));
	}
}

void
fuzz_one(const Input *input)
{
	Input		rest = *input;
	Input		question = {rest.bytes, rest.length < 40 ? rest.length : 40};
	WireReader	reader;
	WireWriter	writer;
	Fit			fit;

	rest.bytes += question.length;
	rest.length -= question.length;
	wire_reader_init(&reader, rest.bytes, rest.length);
	fit_read(&reader, &fit);
	if (!wire_read_done(&reader))
		return;
	MUST(fit_check(&fit) == NULL);
	wire_writer_init(&writer, 0);
	fit_write(&writer, &fit);
	MUST(writer.length == rest.length && memcmp(writer.bytes, rest.bytes, writer.length) == 0);
	ask(&fit, &question);
}
