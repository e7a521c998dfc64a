/*
 * exact_numeric.c: see exact_numeric.h.
 *
 * A stored numeric is a header of 16 bits, or of 32 where 16 are not enough, and digits of base 10000. The server has no
 * function that shows them, and one that takes a copy of each value first would cost more than all the rest of an aggregate. The
 * layout is that of the disk, so it stays (src/backend/utils/adt/numeric.c).
 */
#include "engine/exact_numeric.h"

#include "utils/builtins.h"

#define HEADER_KIND		0xC000	/* 0x0000 and 0x4000: long, positive and negative */
#define HEADER_NEGATIVE	0x4000
#define HEADER_SHORT	0x8000
#define HEADER_SPECIAL	0xC000	/* NaN and the infinities */
#define SHORT_NEGATIVE	0x2000
#define SHORT_PLACE_SIGN 0x0040
#define SHORT_PLACE		0x003F

bool
exact_number_of(Datum numeric, ExactBuffer buffer, ExactNumber *number)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(numeric);
	const char *bytes = VARDATA_ANY(packed);
	int			length = VARSIZE_ANY_EXHDR(packed);
	uint16		header;
	int16		high;

	memcpy(&header, bytes, sizeof(header));
	bytes += sizeof(header);
	length -= sizeof(header);
	if ((header & HEADER_KIND) == HEADER_SPECIAL)
		return false;
	if ((header & HEADER_KIND) == HEADER_SHORT)
	{
		number->negative = (header & SHORT_NEGATIVE) != 0;
		high = header & SHORT_PLACE;
		if (header & SHORT_PLACE_SIGN)
			high |= ~SHORT_PLACE;
	}
	else
	{
		number->negative = (header & HEADER_KIND) == HEADER_NEGATIVE;
		memcpy(&high, bytes, sizeof(high));
		bytes += sizeof(high);
		length -= sizeof(high);
	}
	number->size = length / (int) sizeof(int16);
	number->low = high - number->size + 1;
	if (((uintptr_t) bytes & (sizeof(int16) - 1)) != 0)
	{
		int16	   *copy = number->size <= EXACT_BUFFER ? buffer : palloc(length);

		memcpy(copy, bytes, number->size * sizeof(int16));
		bytes = (const char *) copy;
	}
	number->digits = (const int16 *) bytes;
	return true;
}

ExactNumber
exact_number_argument(Datum numeric, ExactBuffer buffer, const char *what)
{
	ExactNumber number;

	if (!exact_number_of(numeric, buffer, &number))
		ereport(ERROR,
				errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				errmsg("%s %s is not a number that can be added up", what,
					   DatumGetCString(DirectFunctionCall1(numeric_out, numeric))),
				errhint("Leave such rows out with FILTER, or make them null: nullif(value, 'NaN')."));
	return number;
}

Numeric
exact_sum_numeric(const ExactSum *sum)
{
	ExactValue	value = exact_sum_value(sum);

	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(exact_value_print(&value)),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}
