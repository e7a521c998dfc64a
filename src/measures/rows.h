/*
 * rows.h: counts of rows in measures.
 */
#ifndef KPI_ROWS_H
#define KPI_ROWS_H

#include "engine/wire.h"

/* HOST_LIMIT if it does not fit 63 bits. */
static inline void
rows_merge(int64_t *into, int64_t from)
{
	if (__builtin_add_overflow(*into, from, into))
		host_fail(HOST_LIMIT, NULL, "more than 9223372036854775807 rows");
}

static inline int64_t
rows_read(WireReader *reader)
{
	return (int64_t) wire_read_uint_max(reader, INT64_MAX, "count out of range");
}

#endif							/* KPI_ROWS_H */
