/*
 * model_value.c: kpi.ltv_model: a version byte and the bytes of fit_wire.c.
 *
 * {"model": "bg_nbd", "parameters": {"r": 0.24, ...}, "standard_errors": {"r": 0.01, "a": null, ...},
 *  "log_likelihood": -9582.4, "n": 2357, "converged": true, "at_bound": true, "bound_parameters": ["a"],
 *  "iterations": 83, "time_unit": "week"}
 */
#include "analyses/model_value.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "json.h"

#define VERSION 1
#define TYPE_NAME "kpi.ltv_model"

PG_FUNCTION_INFO_V1(ltv_model_in);
PG_FUNCTION_INFO_V1(ltv_model_out);
PG_FUNCTION_INFO_V1(ltv_model_recv);
PG_FUNCTION_INFO_V1(ltv_model_send);
PG_FUNCTION_INFO_V1(ltv_model_to_jsonb);
PG_FUNCTION_INFO_V1(ltv_model_from_jsonb);

static Fit
read_fit(StoredValue value)
{
	WireReader	reader;
	Fit			fit;

	wire_reader_init(&reader, value.bytes, value.length);
	fit_read(&reader, &fit);
	if (!wire_read_done(&reader))
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid bytes for type %s: %s", TYPE_NAME, reader.failure));
	return fit;
}

Fit
model_value_open(Datum datum)
{
	return read_fit(stored_value_open(datum, VERSION, TYPE_NAME));
}

Datum
model_value_make(const Fit *fit)
{
	WireWriter	writer;

	wire_writer_init(&writer, 0);
	fit_write(&writer, fit);
	return stored_value_make(VERSION, writer.bytes, writer.length);
}

/* TIME_NONE if there is none of this name. */
static TimeUnit
find_time_unit(const char *name)
{
	for (int i = 1; i < TIME_UNITS; i++)
		if (strcmp(name, time_unit_name[i]) == 0)
			return i;
	return TIME_NONE;
}

TimeUnit
time_unit_argument(text *name, const char *argument)
{
	char	   *unit = text_to_cstring(name);
	TimeUnit	found = find_time_unit(unit);

	if (found != TIME_NONE)
		return found;
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("%s \"%s\" is no unit of time", argument, unit),
			errhint("There are hour, day, week, month, quarter and year."));
}

static void
push_null(JsonWriter *state, const char *key)
{
	JsonbValue	value = {.type = jbvNull};

	js_key(state, key);
	js_push(state, WJB_VALUE, &value);
}

static void
push_bool(JsonWriter *state, const char *key, bool is)
{
	JsonbValue	value = {.type = jbvBool};

	value.val.boolean = is;
	js_key(state, key);
	js_push(state, WJB_VALUE, &value);
}

static Jsonb *
write_json(const Fit *fit)
{
	JsonWriter	state = {0};
	bool		at_bound = false;

	js_push(&state, WJB_BEGIN_OBJECT, NULL);
	js_string_of(&state, "model", fit->model->name);
	js_key(&state, "parameters");
	js_push(&state, WJB_BEGIN_OBJECT, NULL);
	for (int k = 0; k < fit->model->parameters; k++)
		js_double_of(&state, fit->model->parameter[k], fit->parameter[k]);
	js_push(&state, WJB_END_OBJECT, NULL);
	js_key(&state, "standard_errors");
	js_push(&state, WJB_BEGIN_OBJECT, NULL);
	for (int k = 0; k < fit->model->parameters; k++)
		if (isnan(fit->error[k]))
			push_null(&state, fit->model->parameter[k]);
		else
			js_double_of(&state, fit->model->parameter[k], fit->error[k]);
	js_push(&state, WJB_END_OBJECT, NULL);
	js_double_of(&state, "log_likelihood", fit->log_likelihood);
	js_int_of(&state, "n", (int64) fit->n);
	push_bool(&state, "converged", fit->converged);
	js_key(&state, "bound_parameters");
	js_push(&state, WJB_BEGIN_ARRAY, NULL);
	for (int k = 0; k < fit->model->parameters; k++)
		if (fit->at_bound[k])
		{
			JsonbValue	name = {.type = jbvString};

			name.val.string.val = unconstify(char *, fit->model->parameter[k]);
			name.val.string.len = strlen(fit->model->parameter[k]);
			js_push(&state, WJB_ELEM, &name);
			at_bound = true;
		}
	js_push(&state, WJB_END_ARRAY, NULL);
	push_bool(&state, "at_bound", at_bound);
	js_int_of(&state, "iterations", fit->evaluations);
	if (fit->time_unit == TIME_NONE)
		push_null(&state, "time_unit");
	else
		js_string_of(&state, "time_unit", time_unit_name[fit->time_unit]);
	return js_finish(&state, WJB_END_OBJECT);
}

static bool
is_null(JsonbValue *value)
{
	return value != NULL && value->type == jbvNull;
}

static Datum
read_json(Jsonb *jsonb)
{
	JsonReader	reader = {TYPE_NAME};
	JsonbContainer *root = &jsonb->root,
			   *parameters,
			   *errors,
			   *bound;
	JsonbValue *value;
	const char *violated;
	Fit			fit;
	char	   *name;

	memset(&fit, 0, sizeof(fit));
	if (!JsonContainerIsObject(root))
		js_bad(&reader, "model");
	name = js_text(&reader, js_find(root, "model"), "model");
	fit.model = model_find(name);
	if (fit.model == NULL)
		js_bad(&reader, "model");
	parameters = js_object(&reader, js_find(root, "parameters"), "parameters");
	errors = js_object(&reader, js_find(root, "standard_errors"), "standard_errors");
	for (int k = 0; k < fit.model->parameters; k++)
	{
		fit.parameter[k] = js_double(&reader, js_find(parameters, fit.model->parameter[k]), fit.model->parameter[k]);
		value = js_find(errors, fit.model->parameter[k]);
		fit.error[k] = is_null(value) ? NAN : js_double(&reader, value, "standard_errors");
	}
	fit.log_likelihood = js_double(&reader, js_find(root, "log_likelihood"), "log_likelihood");
	fit.n = (double) js_count(&reader, js_find(root, "n"), "n");
	value = js_find(root, "converged");
	if (value == NULL || value->type != jbvBool)
		js_bad(&reader, "converged");
	fit.converged = value->val.boolean;
	bound = js_array(&reader, js_find(root, "bound_parameters"), "bound_parameters");
	for (uint32 i = 0; i < JsonContainerSize(bound); i++)
	{
		int			k = 0;

		name = js_text(&reader, getIthJsonbValueFromContainer(bound, i), "bound_parameters");
		while (k < fit.model->parameters && strcmp(name, fit.model->parameter[k]) != 0)
			k++;
		if (k == fit.model->parameters)
			js_bad(&reader, "bound_parameters");
		fit.at_bound[k] = true;
	}
	{
		int64		iterations = js_count(&reader, js_find(root, "iterations"), "iterations");

		if (iterations > PG_INT32_MAX)
			js_bad(&reader, "iterations");
		fit.evaluations = (int) iterations;
	}
	value = js_find(root, "time_unit");
	if (!is_null(value))
	{
		fit.time_unit = find_time_unit(js_text(&reader, value, "time_unit"));
		if (fit.time_unit == TIME_NONE)
			js_bad(&reader, "time_unit");
	}
	violated = fit_check(&fit);
	if (violated != NULL)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				errmsg("invalid input for type %s: %s", TYPE_NAME, violated));
	return model_value_make(&fit);
}

Datum
ltv_model_in(PG_FUNCTION_ARGS)
{
	return read_json(DatumGetJsonbP(DirectFunctionCall1(jsonb_in, PG_GETARG_DATUM(0))));
}

Datum
ltv_model_from_jsonb(PG_FUNCTION_ARGS)
{
	return read_json(PG_GETARG_JSONB_P(0));
}

Datum
ltv_model_to_jsonb(PG_FUNCTION_ARGS)
{
	Fit			fit = model_value_open(PG_GETARG_DATUM(0));

	PG_RETURN_JSONB_P(write_json(&fit));
}

Datum
ltv_model_out(PG_FUNCTION_ARGS)
{
	Fit			fit = model_value_open(PG_GETARG_DATUM(0));

	return js_out(write_json(&fit));
}

Datum
ltv_model_recv(PG_FUNCTION_ARGS)
{
	StoredValue value = stored_value_receive((StringInfo) PG_GETARG_POINTER(0), VERSION, TYPE_NAME);

	read_fit(value);
	return stored_value_make(value.version, value.bytes, value.length);
}

Datum
ltv_model_send(PG_FUNCTION_ARGS)
{
	StoredValue value = stored_value_open(PG_GETARG_DATUM(0), VERSION, TYPE_NAME);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, value.version);
	pq_sendbytes(&message, value.bytes, value.length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
