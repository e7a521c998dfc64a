/*
 * kpi_track.c: the module, and what all stored types have in common.
 */
#include "kpi_track.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "catalog/sandbox.h"

KPI_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	sandbox_install();
}

PG_FUNCTION_INFO_V1(value_eq);
PG_FUNCTION_INFO_V1(value_ne);
PG_FUNCTION_INFO_V1(value_lt);
PG_FUNCTION_INFO_V1(value_le);
PG_FUNCTION_INFO_V1(value_gt);
PG_FUNCTION_INFO_V1(value_ge);
PG_FUNCTION_INFO_V1(value_cmp);
PG_FUNCTION_INFO_V1(value_hash);
PG_FUNCTION_INFO_V1(value_hash_extended);

static StoredValue
value_check(StoredValue value, uint8 newest, const char *type_name)
{
	if (value.version == 0)
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid bytes for type %s: no version", type_name));
	if (value.version > newest)
		ereport(ERROR,
				errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				errmsg("unsupported version %d of type %s", value.version, type_name),
				errdetail("This installation of kpi_track reads versions up to %d.", newest),
				errhint("Install the version of kpi_track that wrote the value, or a later one."));
	return value;
}

StoredValue
stored_value_open(Datum datum, uint8 newest, const char *type_name)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(datum);
	StoredValue value = {NULL, 0, 0};

	if (VARSIZE_ANY_EXHDR(packed) > 0)
	{
		value.version = (uint8) *VARDATA_ANY(packed);
		value.bytes = VARDATA_ANY(packed) + 1;
		value.length = VARSIZE_ANY_EXHDR(packed) - 1;
	}
	return value_check(value, newest, type_name);
}

StoredValue
stored_value_receive(StringInfo message, uint8 newest, const char *type_name)
{
	StoredValue value = {NULL, 0, 0};
	int			length = message->len - message->cursor;

	if (length > 0)
	{
		value.version = (uint8) pq_getmsgbyte(message);
		value.length = length - 1;
		value.bytes = pq_getmsgbytes(message, length - 1);
	}
	return value_check(value, newest, type_name);
}

Datum
stored_value_make(uint8 version, const void *bytes, size_t length)
{
	struct varlena *result;

	if (length > MaxAllocSize - VARHDRSZ - 1)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("value of %zu bytes is too large to be stored", length));
	result = palloc(VARHDRSZ + 1 + length);
	SET_VARSIZE(result, VARHDRSZ + 1 + length);
	*VARDATA(result) = (char) version;
	memcpy(VARDATA(result) + 1, bytes, length);
	return PointerGetDatum(result);
}

int
array_argument(FunctionCallInfo fcinfo, int argument, Oid type, const char *name, Datum **elements, bool **nulls)
{
	ArrayType  *array;
	bool	   *is_null;
	int			count;

	*elements = NULL;
	if (PG_ARGISNULL(argument))
		return 0;
	array = PG_GETARG_ARRAYTYPE_P(argument);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				errmsg("argument \"%s\" must be a one-dimensional array", name));
	if (type == TEXTOID)
		deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, elements, &is_null, &count);
	else if (type == FLOAT8OID)
		deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, elements, &is_null, &count);
	else
		deconstruct_array(array, INT4OID, 4, true, TYPALIGN_INT, elements, &is_null, &count);
	if (nulls != NULL)
		*nulls = is_null;
	for (int i = 0; nulls == NULL && i < count; i++)
		if (is_null[i])
			ereport(ERROR,
					errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					errmsg("element %d of argument \"%s\" is null", i + 1, name));
	return count;
}

Datum
span_to_interval(int64 span)
{
	Interval   *interval = palloc0(sizeof(Interval));

	interval->day = (int32) (span / USECS_PER_DAY);
	interval->time = span % USECS_PER_DAY;
	return IntervalPGetDatum(interval);
}

/*
 * Comparison of stored values. A value has one encoding, so it is equal to another one exactly when
 * the bytes are; the order is that of the bytes and means nothing, it serves DISTINCT and sorting.
 */
static int
value_compare(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	struct varlena *b = PG_GETARG_VARLENA_PP(1);
	size_t		a_length = VARSIZE_ANY_EXHDR(a);
	size_t		b_length = VARSIZE_ANY_EXHDR(b);
	int			order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(a_length, b_length));

	if (order == 0)
		order = (a_length > b_length) - (a_length < b_length);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

Datum
value_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(value_compare(fcinfo) == 0);
}

Datum
value_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(value_compare(fcinfo) != 0);
}

Datum
value_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(value_compare(fcinfo) < 0);
}

Datum
value_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(value_compare(fcinfo) <= 0);
}

Datum
value_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(value_compare(fcinfo) > 0);
}

Datum
value_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(value_compare(fcinfo) >= 0);
}

Datum
value_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(value_compare(fcinfo));
}

Datum
value_hash(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));

	PG_FREE_IF_COPY(value, 0);
	return hash;
}

Datum
value_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any_extended((unsigned char *) VARDATA_ANY(value),
										 VARSIZE_ANY_EXHDR(value), PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(value, 0);
	return hash;
}

void
materialize_rows(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	TupleDesc	row;
	MemoryContext before;

	if (result == NULL || !IsA(result, ReturnSetInfo) || !(result->allowedModes & SFRM_Materialize))
		ereport(ERROR,
				errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				errmsg("set-valued function called in a context that takes no set"));
	/* what it reads of the catalog on the way is for this call only: a query may make many */
	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		row = result->expectedDesc;
	/* they live as long as the query; the executor frees the descriptor with the rows */
	before = MemoryContextSwitchTo(result->econtext->ecxt_per_query_memory);
	result->setDesc = CreateTupleDescCopy(row);
	if (row != result->expectedDesc)
		BlessTupleDesc(result->setDesc);
	result->setResult = tuplestore_begin_heap((result->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
	result->returnMode = SFRM_Materialize;
	MemoryContextSwitchTo(before);
}
