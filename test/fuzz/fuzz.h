/*
 * fuzz.h: what the fuzz targets share. A target defines fuzz_one(), which gets an input and aborts if something is wrong;
 * errors of the kinds it lists end an input, and whatever it has taken is given back.
 */
#ifndef KPI_FUZZ_H
#define KPI_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/wire.h"
#include "host_unit.h"
#include "language/pattern.h"

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

static inline bool
any_zone(const char *zone)
{
	return strlen(zone) < 30;
}

/* Any bytes are refused, or a summary that is written as the same bytes, keeps its invariants and can be merged. */
#define FUZZ_SUMMARY(name, Type) \
static void \
name##_bytes(const Input *input) \
{ \
	WireReader	reader; \
	WireWriter	writer; \
	Type		summary; \
	Type		other; \
	\
	wire_reader_init(&reader, input->bytes, input->length); \
	name##_summary_read(&reader, true, &summary); \
	if (reader.failure != NULL) \
		return; \
	MUST(name##_summary_check(&summary) == NULL); \
	wire_writer_init(&writer, 0); \
	name##_summary_write(&writer, &summary); \
	MUST(writer.length == input->length && memcmp(writer.bytes, input->bytes, writer.length) == 0); \
	wire_reader_init(&reader, input->bytes, input->length); \
	name##_summary_read(&reader, true, &other); \
	name##_summary_merge(&summary, &other); \
	MUST(name##_summary_check(&summary) == NULL); \
}

/* Any text is refused, or a spec that prints as one that prints the same. */
#define FUZZ_SPEC(name, Type, parse, print) \
static void \
name##_text(const Input *input) \
{ \
	const char *text = (const char *) input->bytes; \
	Type		spec; \
	Type		again; \
	LanguageError error; \
	char	   *printed; \
	char	   *reprinted; \
	size_t		length; \
	size_t		again_length; \
	\
	if (!parse(text, input->length, true, any_zone, &spec, &error)) \
		return; \
	printed = print(&spec, true, &length); \
	MUST(parse(printed, length, true, any_zone, &again, &error)); \
	reprinted = print(&again, true, &again_length); \
	MUST(length == again_length && memcmp(printed, reprinted, length) == 0); \
}

/* Both: the first byte says which. */
#define FUZZ_ANALYSIS(name, Summary, Spec, parse, print) \
const unsigned fuzz_errors = 1u << HOST_LIMIT; \
FUZZ_SPEC(name, Spec, parse, print) \
FUZZ_SUMMARY(name, Summary) \
void \
fuzz_one(const Input *input) \
{ \
	Input		rest = *input; \
	\
	if (take(&rest, 1) % 2 == 0) \
		name##_bytes(&rest); \
	else \
		name##_text(&rest); \
}

/* Of types without a language: bytes only. */
#define FUZZ_MEASURE(name, Summary) \
const unsigned fuzz_errors = 1u << HOST_LIMIT; \
FUZZ_SUMMARY(name, Summary) \
void \
fuzz_one(const Input *input) \
{ \
	name##_bytes(input); \
}

#endif							/* KPI_FUZZ_H */
