/*
 * kpi_track.h: what the server side of the extension shares. Only files that talk to the server
 * include it; the engine, the languages and the models know only host.h.
 */
#ifndef KPI_TRACK_H
#define KPI_TRACK_H

#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/tuplestore.h"

#include "compat.h"

/*
 * Stored values of the extension's types are a varlena header, a version byte and the bytes that the type's
 * own file describes. The version is per type and counts from 1.
 */
typedef struct StoredValue
{
	const char *bytes;			/* behind the version byte */
	size_t		length;
	uint8		version;
} StoredValue;

/*
 * Opens a stored or received value (detoasting it; memory in the current context). Raises
 * feature_not_supported if its version is newer than `newest`, data_corrupted if it has none.
 */
extern StoredValue stored_value_open(Datum datum, uint8 newest, const char *type_name);

/* Takes what is left of a message of the binary protocol as a value, version byte included. */
extern StoredValue stored_value_receive(StringInfo message, uint8 newest, const char *type_name);

/* Makes a value of a version byte and `length` bytes; palloc'd. */
extern Datum stored_value_make(uint8 version, const void *bytes, size_t length);

/*
 * The elements of a one-dimensional array of text, integer or double precision that an argument is; 0 of them for NULL. `name` is what
 * errors call the argument. Elements that are null are an error if `nulls` is NULL.
 */
extern int	array_argument(FunctionCallInfo fcinfo, int argument, Oid type, const char *name, Datum **elements, bool **nulls);

/*
 * Begins the result of a set-returning function that puts its rows into setResult (tuplestore_putvalues) of its ReturnSetInfo. Raises
 * feature_not_supported where the caller takes no set. (InitMaterializedSRF, which is the same, is missing in the first minor release of 15.)
 */
extern void materialize_rows(FunctionCallInfo fcinfo);

/* A span in microseconds as an interval; a day is 24 hours, as in all the languages. */
extern Datum span_to_interval(int64 span);

#endif							/* KPI_TRACK_H */
