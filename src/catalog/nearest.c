/*
 * nearest.c: which of some names is meant by one that does not exist: for hints.
 */
#include "kpi_track.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

PG_FUNCTION_INFO_V1(nearest_name);

/* What the server's own distance is good for. */
#define LONGEST 255

/* (name, names): the one at the least distance, null if all are far away. */
Datum
nearest_name(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	int			length = VARSIZE_ANY_EXHDR(name);
	int			least = Min(length, 20) / 3 + 1;	/* one in three letters may be wrong */
	Datum	   *names;
	bool	   *nulls;
	int			count;
	text	   *nearest = NULL;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
	if (length > LONGEST)
		PG_RETURN_NULL();
	for (int i = 0; i < count; i++)
	{
		text	   *other;
		int			distance;

		if (nulls[i])
			continue;
		other = DatumGetTextPP(names[i]);
		if (VARSIZE_ANY_EXHDR(other) > LONGEST)
			continue;
		distance = varstr_levenshtein_less_equal(VARDATA_ANY(name), length, VARDATA_ANY(other), VARSIZE_ANY_EXHDR(other),
												 1, 1, 1, least, true);
		if (distance > least || (distance == least && nearest != NULL))
			continue;
		least = distance;
		nearest = other;
	}
	if (nearest == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(nearest);
}
