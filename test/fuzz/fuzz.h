/*
 * fuzz.h: what the fuzz targets share. A target defines fuzz_one(), which gets an input and aborts if something is wrong;
 * errors of the kinds it lists end an input, and whatever it has taken is given back.
 */
#ifndef KPI_FUZZ_H
#define KPI_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_unit.h"

typedef struct Input
{
	const uint8_t *bytes;
	size_t		length;
} Input;

extern void fuzz_one(const Input *input);

/* Kinds of errors that inputs may cause, by bits: 1 << HOST_... */
extern const unsigned fuzz_errors;

/* Takes bytes off the front of the input; zeros when it is used up. */
static inline uint64_t
take(Input *input, int bytes)
{
	uint64_t	number = 0;

	for (; bytes > 0; bytes--)
	{
		number = number << 8 | (input->length > 0 ? *input->bytes : 0);
		if (input->length > 0)
		{
			input->bytes++;
			input->length--;
		}
	}
	return number;
}

#define MUST(condition) \
	do \
	{ \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

#endif							/* KPI_FUZZ_H */
