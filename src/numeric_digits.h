/*
 * numeric_digits.h: the digits of the server's numerics, in place.
 *
 * The server offers them as text or as a message only, which takes longer than everything else that is done for a row. Their form
 * on disk is what pg_upgrade relies on, and has been the same since PostgreSQL 9.1: two bytes of a header with sign, decimals and
 * weight, or four if these are large, then the digits to the base 10000.
 */
#ifndef KPI_NUMERIC_DIGITS_H
#define KPI_NUMERIC_DIGITS_H

#include "kpi_track.h"

#include "engine/decimal.h"

#define NUMERIC_KIND			0xC000	/* the bits that tell the kinds apart */
#define NUMERIC_KIND_NEGATIVE	0x4000
#define NUMERIC_KIND_SHORT		0x8000
#define NUMERIC_KIND_SPECIAL	0xC000	/* NaN, infinities */
#define NUMERIC_SHORT_NEGATIVE	0x2000
#define NUMERIC_SHORT_WEIGHT	0x003F
#define NUMERIC_SHORT_BELOW		0x0040	/* the sign of the weight */

/* Points into the datum, or into a detoasted copy in the current context. False for NaN and infinities. */
static inline bool
numeric_digits(Datum datum, DecimalDigits *number)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(datum);
	const uint8 *bytes = (const uint8 *) VARDATA_ANY(value);
	int			size = VARSIZE_ANY_EXHDR(value);
	int			header_size = sizeof(uint16);
	uint16		header;

	memcpy(&header, bytes, sizeof(header));
	if ((header & NUMERIC_KIND) == NUMERIC_KIND_SPECIAL)
		return false;
	if ((header & NUMERIC_KIND) == NUMERIC_KIND_SHORT)
	{
		number->negative = (header & NUMERIC_SHORT_NEGATIVE) != 0;
		number->weight = (header & NUMERIC_SHORT_WEIGHT) -
			((header & NUMERIC_SHORT_BELOW) != 0 ? NUMERIC_SHORT_BELOW : 0);
	}
	else
	{
		int16		weight;

		memcpy(&weight, bytes + header_size, sizeof(weight));
		header_size += sizeof(weight);
		number->negative = (header & NUMERIC_KIND) == NUMERIC_KIND_NEGATIVE;
		number->weight = weight;
	}
	number->digits = bytes + header_size;
	number->ndigits = (size - header_size) / 2;
	return true;
}

#endif							/* KPI_NUMERIC_DIGITS_H */
