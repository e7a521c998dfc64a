/*
 * version.c: the version of the library, which is not that of the extension in a database until ALTER EXTENSION is there.
 */
#include "kpi_track.h"

#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(library_version);

Datum
library_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(KPI_TRACK_VERSION));
}
