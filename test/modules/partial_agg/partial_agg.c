/*
 * partial_agg.c: calls aggregates the way Citus does, without Citus.
 *
 * On a worker Citus does not run agg(a, b, c) but worker_partial_agg(agg, ROW(a, b, c)): a wrapper whose
 * transition function looks the real one up and calls it. On the coordinator another wrapper reads the
 * partial states and combines them. What a function of an aggregate can rely on is much less than in
 * a plain query:
 *
 * - every call comes with a new FmgrInfo: fn_extra is empty, fn_expr is not set, fn_mcxt lives for one row;
 * - AggGetAggref() returns the wrapper's Aggref, whose arguments are other ones;
 * - arguments come out of a row, so that a short varlena stands anywhere, not aligned;
 * - a partial state is text (the output and input functions of its type) or binary (send and receive).
 *
 * Citus itself refuses states of type internal. Here they are serialised, because all else is as hostile to
 * them, too, and because it makes sure that their functions do not lean on a plan.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/expandeddatum.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/syscache.h"
#include "utils/typcache.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(worker_step);
PG_FUNCTION_INFO_V1(worker_text);
PG_FUNCTION_INFO_V1(worker_bytes);
PG_FUNCTION_INFO_V1(coord_text_step);
PG_FUNCTION_INFO_V1(coord_bytes_step);
PG_FUNCTION_INFO_V1(coord_final);

/* ---- the aggregate that is wrapped ---- */

typedef struct Inner
{
	Oid			oid;
	Oid			transition;
	Oid			combine;
	Oid			serialise;
	Oid			deserialise;
	Oid			final;
	bool		final_extra;	/* takes NULLs in place of the arguments */
	Oid			state_type;
	int16		state_length;
	bool		state_by_value;
	int			nargs;
	Oid			arg_types[FUNC_MAX_ARGS];
} Inner;

/* The state of the wrapper: the state of the inner aggregate, like nodeAgg.c's AggStatePerGroup. */
typedef struct Box
{
	Oid			oid;
	Datum		value;
	bool		is_null;
	bool		no_value;		/* no input yet: a strict function takes the first one as the state */
} Box;

/* Nothing is remembered from row to row: everything comes from the catalog each time. */
static void
inner_look_up(Oid oid, Inner *inner)
{
	HeapTuple	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(oid));
	Form_pg_aggregate aggregate;
	Form_pg_proc proc;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "function %u is not an aggregate", oid);
	aggregate = (Form_pg_aggregate) GETSTRUCT(tuple);
	if (aggregate->aggkind != AGGKIND_NORMAL)
		elog(ERROR, "aggregate %u has direct arguments", oid);
	inner->oid = oid;
	inner->transition = aggregate->aggtransfn;
	inner->combine = aggregate->aggcombinefn;
	inner->serialise = aggregate->aggserialfn;
	inner->deserialise = aggregate->aggdeserialfn;
	inner->final = aggregate->aggfinalfn;
	inner->final_extra = aggregate->aggfinalextra;
	inner->state_type = aggregate->aggtranstype;
	get_typlenbyval(inner->state_type, &inner->state_length, &inner->state_by_value);
	ReleaseSysCache(tuple);

	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(oid));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "there is no function %u", oid);
	proc = (Form_pg_proc) GETSTRUCT(tuple);
	inner->nargs = proc->pronargs;
	memcpy(inner->arg_types, proc->proargtypes.values, inner->nargs * sizeof(Oid));
	ReleaseSysCache(tuple);
}

/* Calls a function with nothing but what the wrapper was given; a strict one is not called for NULLs. */
static Datum
call(Oid function, FunctionCallInfo outer, int nargs, const NullableDatum *args, bool *is_null)
{
	LOCAL_FCINFO(fcinfo, FUNC_MAX_ARGS);
	FmgrInfo	info;
	Datum		result;

	fmgr_info(function, &info);
	InitFunctionCallInfoData(*fcinfo, &info, nargs, outer->fncollation, outer->context, outer->resultinfo);
	*is_null = true;
	for (int i = 0; i < nargs; i++)
	{
		if (info.fn_strict && args[i].isnull)
			return (Datum) 0;
		fcinfo->args[i] = args[i];
	}
	result = FunctionCallInvoke(fcinfo);
	*is_null = fcinfo->isnull;
	return result;
}

static MemoryContext
context_of(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "called outside an aggregate");
	return context;
}

/* ---- the state ---- */

static Box *
box_make(FunctionCallInfo fcinfo, const Inner *inner)
{
	MemoryContext old = MemoryContextSwitchTo(context_of(fcinfo));
	Box		   *box = palloc0(sizeof(Box));
	HeapTuple	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(inner->oid));
	Datum		initial = SysCacheGetAttr(AGGFNOID, tuple, Anum_pg_aggregate_agginitval, &box->is_null);

	box->oid = inner->oid;
	box->no_value = box->is_null;
	if (!box->is_null)
	{
		Oid			input;
		Oid			param;

		getTypeInputInfo(inner->state_type, &input, &param);
		box->value = OidInputFunctionCall(input, TextDatumGetCString(initial), param, -1);
	}
	ReleaseSysCache(tuple);
	MemoryContextSwitchTo(old);
	return box;
}

/* The state, made at the first row. Argument 1 of every wrapper is the aggregate. */
static Box *
box_get(FunctionCallInfo fcinfo, Inner *inner)
{
	Box		   *box;

	(void) context_of(fcinfo);
	if (PG_ARGISNULL(1))
		elog(ERROR, "no aggregate named");
	inner_look_up(PG_GETARG_OID(1), inner);
	if (PG_ARGISNULL(0))
		return box_make(fcinfo, inner);
	box = (Box *) PG_GETARG_POINTER(0);
	if (box->oid != inner->oid)
		elog(ERROR, "one call, two aggregates");
	return box;
}

/*
 * For the final functions: without a single row there is no state yet, and only the query says which
 * aggregate it would have been of.
 */
static Box *
box_at_end(FunctionCallInfo fcinfo, Inner *inner)
{
	Aggref	   *aggref;
	Expr	   *first;
	Box		   *box;

	(void) context_of(fcinfo);
	if (!PG_ARGISNULL(0))
	{
		box = (Box *) PG_GETARG_POINTER(0);
		inner_look_up(box->oid, inner);
		return box;
	}
	aggref = AggGetAggref(fcinfo);
	if (aggref == NULL)
		elog(ERROR, "no rows, and no query to ask");
	first = ((TargetEntry *) linitial(aggref->args))->expr;
	if (!IsA(first, Const) || ((Const *) first)->constisnull)
		elog(ERROR, "the aggregate has to be a constant");
	inner_look_up(DatumGetObjectId(((Const *) first)->constvalue), inner);
	return box_make(fcinfo, inner);
}

/* Takes a new state over into the aggregate's memory, as the executor does. */
static void
box_set(FunctionCallInfo fcinfo, const Inner *inner, Box *box, Datum value, bool is_null)
{
	if (!inner->state_by_value && DatumGetPointer(value) != DatumGetPointer(box->value))
	{
		if (!is_null)
		{
			MemoryContext old = MemoryContextSwitchTo(context_of(fcinfo));

			value = datumCopy(value, false, inner->state_length);
			MemoryContextSwitchTo(old);
		}
		if (!box->is_null)
			pfree(DatumGetPointer(box->value));
	}
	box->value = is_null ? (Datum) 0 : value;
	box->is_null = is_null;
}

/* One call of the transition or the combine function; args[0] is for the state. */
static void
box_advance(FunctionCallInfo fcinfo, const Inner *inner, Box *box, Oid function, int nargs,
			NullableDatum *args)
{
	Datum		value;
	bool		is_null;

	if (func_strict(function))
	{
		for (int i = 1; i < nargs; i++)
			if (args[i].isnull)
				return;
		if (box->no_value)
		{
			/* the types are known to be the same */
			box->no_value = false;
			box_set(fcinfo, inner, box, args[1].value, false);
			return;
		}
		if (box->is_null)
			return;
	}
	box->no_value = false;
	args[0].value = box->value;
	args[0].isnull = box->is_null;
	value = call(function, fcinfo, nargs, args, &is_null);
	box_set(fcinfo, inner, box, value, is_null);
}

/* ---- the worker ---- */

/* Takes the arguments of the inner aggregate out of a row; a value that is no row is the only argument. */
static void
unpack(FunctionCallInfo fcinfo, const Inner *inner, NullableDatum *args)
{
	HeapTupleHeader header;
	HeapTupleData tuple;
	TupleDesc	desc;
	Datum		values[FUNC_MAX_ARGS];
	bool		nulls[FUNC_MAX_ARGS];

	if (get_fn_expr_argtype(fcinfo->flinfo, 2) != RECORDOID)
	{
		if (inner->nargs != 1 || get_fn_expr_argtype(fcinfo->flinfo, 2) != inner->arg_types[0])
			elog(ERROR, "the arguments are not those of %s", format_procedure(inner->oid));
		args[0].isnull = PG_ARGISNULL(2);
		args[0].value = args[0].isnull ? (Datum) 0 : PG_GETARG_DATUM(2);
		return;
	}
	header = PG_GETARG_HEAPTUPLEHEADER(2);
	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	if (desc->natts != inner->nargs)
		elog(ERROR, "%d arguments for %s", desc->natts, format_procedure(inner->oid));
	for (int i = 0; i < desc->natts; i++)
		if (TupleDescAttr(desc, i)->atttypid != inner->arg_types[i])
			elog(ERROR, "argument %d of %s has another type", i + 1, format_procedure(inner->oid));
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	heap_deform_tuple(&tuple, desc, values, nulls);
	for (int i = 0; i < desc->natts; i++)
	{
		args[i].value = values[i];
		args[i].isnull = nulls[i];
	}
	ReleaseTupleDesc(desc);
}

/* worker_step(state, aggregate, arguments) */
Datum
worker_step(PG_FUNCTION_ARGS)
{
	NullableDatum args[FUNC_MAX_ARGS + 1];
	Inner		inner;
	Box		   *box = box_get(fcinfo, &inner);

	if (inner.nargs >= FUNC_MAX_ARGS)
		elog(ERROR, "too many arguments");
	if (PG_ARGISNULL(2) && get_fn_expr_argtype(fcinfo->flinfo, 2) == RECORDOID)
		elog(ERROR, "the row of arguments is null");
	unpack(fcinfo, &inner, args + 1);
	box_advance(fcinfo, &inner, box, inner.transition, inner.nargs + 1, args);
	PG_RETURN_POINTER(box);
}

/* The partial state through a function of one argument: output, send or serialise. */
static Datum
worker_result(FunctionCallInfo fcinfo, const Inner *inner, const Box *box, Oid function, bool *is_null)
{
	NullableDatum arg;

	arg.value = MakeExpandedObjectReadOnly(box->value, box->is_null, inner->state_length);
	arg.isnull = box->is_null;
	return call(function, fcinfo, 1, &arg, is_null);
}

Datum
worker_text(PG_FUNCTION_ARGS)
{
	Inner		inner;
	Box		   *box = box_at_end(fcinfo, &inner);
	Oid			output;
	bool		is_varlena;
	bool		is_null;
	Datum		result;

	if (inner.state_type == INTERNALOID)
		elog(ERROR, "a state of type internal has no text");
	getTypeOutputInfo(inner.state_type, &output, &is_varlena);
	result = worker_result(fcinfo, &inner, box, output, &is_null);
	if (is_null)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(DatumGetCString(result)));
}

Datum
worker_bytes(PG_FUNCTION_ARGS)
{
	Inner		inner;
	Box		   *box = box_at_end(fcinfo, &inner);
	Oid			function;
	bool		is_varlena;
	bool		is_null;
	Datum		result;

	if (inner.state_type != INTERNALOID)
		getTypeBinaryOutputInfo(inner.state_type, &function, &is_varlena);
	else if (OidIsValid(inner.serialise))
		function = inner.serialise;
	else
		elog(ERROR, "%s has no serialisation function", format_procedure(inner.oid));
	result = worker_result(fcinfo, &inner, box, function, &is_null);
	if (is_null)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(result);
}

/* ---- the coordinator ---- */

static void
combine(FunctionCallInfo fcinfo, const Inner *inner, Box *box, Datum partial, bool is_null)
{
	NullableDatum args[2];

	if (!OidIsValid(inner->combine))
		elog(ERROR, "%s has no combine function", format_procedure(inner->oid));
	args[1].value = partial;
	args[1].isnull = is_null;
	box_advance(fcinfo, inner, box, inner->combine, 2, args);
}

/* coord_text_step(state, aggregate, partial state as text, null of the result type) */
Datum
coord_text_step(PG_FUNCTION_ARGS)
{
	Inner		inner;
	Box		   *box = box_get(fcinfo, &inner);
	NullableDatum args[3];
	bool		is_null = true;
	Datum		partial = 0;
	Oid			input;
	Oid			param;

	if (!PG_ARGISNULL(2))
	{
		getTypeInputInfo(inner.state_type, &input, &param);
		args[0].value = CStringGetDatum(TextDatumGetCString(PG_GETARG_DATUM(2)));
		args[1].value = ObjectIdGetDatum(param);
		args[2].value = Int32GetDatum(-1);
		args[0].isnull = args[1].isnull = args[2].isnull = false;
		partial = call(input, fcinfo, 3, args, &is_null);
	}
	combine(fcinfo, &inner, box, partial, is_null);
	PG_RETURN_POINTER(box);
}

static Datum
deserialise(FunctionCallInfo fcinfo, const Inner *inner, bool *is_null)
{
	NullableDatum args[2];

	args[0].isnull = PG_ARGISNULL(2);
	args[0].value = args[0].isnull ? (Datum) 0 : PG_GETARG_DATUM(2);
	/* the second argument is there for the type system only; the executor passes this, too */
	args[1].value = PointerGetDatum(NULL);
	args[1].isnull = false;
	return call(inner->deserialise, fcinfo, 2, args, is_null);
}

static Datum
receive(FunctionCallInfo fcinfo, const Inner *inner, bool *is_null)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(2);
	StringInfoData message;
	NullableDatum args[3];
	Datum		result;
	Oid			function;
	Oid			param;

	getTypeBinaryInputInfo(inner->state_type, &function, &param);
	initStringInfo(&message);
	appendBinaryStringInfo(&message, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	args[0].value = PointerGetDatum(&message);
	args[1].value = ObjectIdGetDatum(param);
	args[2].value = Int32GetDatum(-1);
	args[0].isnull = args[1].isnull = args[2].isnull = false;
	result = call(function, fcinfo, 3, args, is_null);
	if (message.cursor != message.len)
		elog(ERROR, "%s leaves bytes unread", format_procedure(function));
	return result;
}

/* coord_bytes_step(state, aggregate, partial state as bytes, null of the result type) */
Datum
coord_bytes_step(PG_FUNCTION_ARGS)
{
	Inner		inner;
	Box		   *box = box_get(fcinfo, &inner);
	bool		is_null = true;
	Datum		partial = 0;

	if (inner.state_type == INTERNALOID)
		partial = deserialise(fcinfo, &inner, &is_null);
	else if (!PG_ARGISNULL(2))
		partial = receive(fcinfo, &inner, &is_null);
	combine(fcinfo, &inner, box, partial, is_null);
	PG_RETURN_POINTER(box);
}

/* coord_final(state, aggregate, partial, null of the result type): all but the state are NULL */
Datum
coord_final(PG_FUNCTION_ARGS)
{
	NullableDatum args[FUNC_MAX_ARGS + 1];
	Inner		inner;
	Box		   *box = box_at_end(fcinfo, &inner);
	Datum		result;
	bool		is_null;
	int			nargs;

	args[0].value = MakeExpandedObjectReadOnly(box->value, box->is_null, inner.state_length);
	args[0].isnull = box->is_null;
	if (!OidIsValid(inner.final))
	{
		if (box->is_null)
			PG_RETURN_NULL();
		PG_RETURN_DATUM(args[0].value);
	}
	nargs = inner.final_extra ? inner.nargs + 1 : 1;
	if (nargs > FUNC_MAX_ARGS)
		elog(ERROR, "too many arguments");
	for (int i = 1; i < nargs; i++)
	{
		args[i].value = (Datum) 0;
		args[i].isnull = true;
	}
	result = call(inner.final, fcinfo, nargs, args, &is_null);
	if (is_null)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(result);
}
