/*
 * wire.h: reading and writing bytes that leave the process: stored values, the binary protocol, states
 * sent between workers.
 *
 * Everything is a sequence of unsigned varints (LEB128, shortest form), bytes and runs of bytes, so it
 * is the same on every platform and a value has one encoding only: equal values are equal bytes. What is
 * read is hostile until it has been through a WireReader: every read is checked against the end, and a
 * reader that has failed stays failed and returns zeros, so a caller can check once at the end.
 */
#ifndef KPI_WIRE_H
#define KPI_WIRE_H

#include <string.h>

#include "host.h"

typedef struct WireReader
{
	const uint8_t *at;
	const uint8_t *end;
	const char *failure;		/* NULL while all is well, else what is wrong */
} WireReader;

typedef struct WireWriter
{
	uint8_t    *bytes;			/* in the current arena */
	size_t		length;
	size_t		capacity;
} WireWriter;

extern void wire_reader_init(WireReader *reader, const void *bytes, size_t length);

/* A varint; fails on truncation, on more than 64 bits and on forms that are not the shortest. */
extern uint64_t wire_read_long_uint(WireReader *reader);

static inline uint64_t
wire_read_uint(WireReader *reader)
{
	/* most are a byte */
	if (reader->at < reader->end && *reader->at < 0x80)
		return *reader->at++;
	return wire_read_long_uint(reader);
}

/* A varint of at most `max`. */
extern uint64_t wire_read_uint_max(WireReader *reader, uint64_t max, const char *what);

/* A signed number (zigzag). */
extern int64_t wire_read_int(WireReader *reader);

/* A number of things of which each takes at least `min_bytes` of what is left (so it can be allocated). */
extern size_t wire_read_count(WireReader *reader, size_t min_bytes);

extern uint8_t wire_read_byte(WireReader *reader);

/* A double in 8 bytes, the highest first; any that there is, but no negative zero. */
extern double wire_read_double(WireReader *reader);

/* `length` bytes in place; NULL after a failure. */
extern const uint8_t *wire_read_bytes(WireReader *reader, size_t length);

/* Declares what was read unusable; the first reason is kept. */
extern void wire_read_fail(WireReader *reader, const char *failure);

/* Fails unless everything has been read; returns whether all went well. */
extern bool wire_read_done(WireReader *reader);

/* Makes room for `more` bytes; wire_write_reserve does it only if need be. */
extern void wire_write_grow(WireWriter *writer, size_t more);

static inline void
wire_write_reserve(WireWriter *writer, size_t more)
{
	if (more > writer->capacity - writer->length)
		wire_write_grow(writer, more);
}

/* A number of 64 bits in 8 bytes, the lowest first, on every platform. */
static inline void
wire_put_word(uint8_t *bytes, uint64_t word)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	memcpy(bytes, &word, 8);
}

static inline uint64_t
wire_get_word(const uint8_t *bytes)
{
	uint64_t	word;

	memcpy(&word, bytes, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* An empty writer that leaves `reserve` bytes free at the front (for a varlena header). */
extern void wire_writer_init(WireWriter *writer, size_t reserve);
extern void wire_write_uint(WireWriter *writer, uint64_t value);
extern void wire_write_int(WireWriter *writer, int64_t value);
extern void wire_write_double(WireWriter *writer, double value);
extern void wire_write_byte(WireWriter *writer, uint8_t value);
extern void wire_write_bytes(WireWriter *writer, const void *bytes, size_t length);

#endif							/* KPI_WIRE_H */
