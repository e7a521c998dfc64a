/*
 * compat.h: every difference between the supported majors of PostgreSQL (15 and later).
 */
#ifndef KPI_COMPAT_H
#define KPI_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "kpi_track needs PostgreSQL 15 or later"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif

/*
 * Input functions report bad text softly where the server can take it (16 and later), so that COPY ...
 * ON_ERROR and pg_input_is_valid work. `soft_error` returns NULL from the function.
 */
#if PG_VERSION_NUM >= 160000
#define soft_error_context(fcinfo) ((fcinfo)->context)
#define soft_ereport(context, ...) ereturn(context, (Datum) 0, __VA_ARGS__)
#else
#define soft_error_context(fcinfo) NULL
#define soft_ereport(context, ...) \
	do { (void) (context); ereport(ERROR, __VA_ARGS__); return (Datum) 0; } while (0)
#endif

/* The statistics target of the column that ANALYZE is at (17 moved it), and the pause it makes when asked to be slow. */
#if PG_VERSION_NUM >= 170000
#define analyze_target(stats) ((stats)->attstattarget)
#else
#define analyze_target(stats) ((stats)->attr->attstattarget)
#endif
#if PG_VERSION_NUM >= 180000
#define analyze_delay_point() vacuum_delay_point(true)
#else
#define analyze_delay_point() vacuum_delay_point()
#endif

/* 19 declares mul_size() and add_size() beside palloc(). */
#if PG_VERSION_NUM < 190000
#include "storage/shmem.h"
#endif

/*
 * A row as an argument. PG_GETARG_HEAPTUPLEHEADER calls a function in the minor releases from November 2026 on, which
 * older ones do not have; it marks rows that were stored before as rows, and those that a query makes are.
 */
#define row_argument(n) ((HeapTupleHeader) PG_DETOAST_DATUM(PG_GETARG_DATUM(n)))

/* 18 has it, in front of a declaration, and nothing else any more. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn __attribute__((noreturn))
#endif

/* What the hook behind the analysis of a query is given. */
#if PG_VERSION_NUM >= 190000
#define HookJumbleState const JumbleState
#else
#define HookJumbleState JumbleState
#endif

/* 18 takes a name and a version beside the magic. */
#if PG_VERSION_NUM >= 180000
#define KPI_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "kpi_track", .version = KPI_TRACK_VERSION)
#else
#define KPI_MODULE_MAGIC PG_MODULE_MAGIC
#endif

#endif							/* KPI_COMPAT_H */
