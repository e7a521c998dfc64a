/*
 * wire.c: see wire.h.
 */
#include "engine/wire.h"

#include <string.h>

void
wire_reader_init(WireReader *reader, const void *bytes, size_t length)
{
	reader->at = bytes;
	/* no bytes may be at no place */
	reader->end = length > 0 ? reader->at + length : reader->at;
	reader->failure = NULL;
}

void
wire_read_fail(WireReader *reader, const char *failure)
{
	if (reader->failure == NULL)
		reader->failure = failure;
	reader->at = reader->end;
}

uint8_t
wire_read_byte(WireReader *reader)
{
	if (reader->at >= reader->end)
	{
		wire_read_fail(reader, "unexpected end");
		return 0;
	}
	return *reader->at++;
}

uint64_t
wire_read_long_uint(WireReader *reader)
{
	const uint8_t *at = reader->at;
	uint64_t	value = 0;

	for (int shift = 0; shift < 64; shift += 7)
	{
		uint8_t		byte;

		if (at >= reader->end)
		{
			wire_read_fail(reader, "unexpected end");
			return 0;
		}
		byte = *at++;
		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t) (byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
		{
			if (byte == 0 && shift > 0)
			{
				wire_read_fail(reader, "number in a longer form than needed");
				return 0;
			}
			reader->at = at;
			return value;
		}
	}
	wire_read_fail(reader, "number of more than 64 bits");
	return 0;
}

uint64_t
wire_read_uint_max(WireReader *reader, uint64_t max, const char *what)
{
	uint64_t	value = wire_read_uint(reader);

	if (value > max)
	{
		wire_read_fail(reader, what);
		return 0;
	}
	return value;
}

int64_t
wire_read_int(WireReader *reader)
{
	uint64_t	value = wire_read_uint(reader);

	return (int64_t) ((value >> 1) ^ (~(value & 1) + 1));
}

size_t
wire_read_count(WireReader *reader, size_t min_bytes)
{
	uint64_t	count = wire_read_uint(reader);

	if (count > (uint64_t) (reader->end - reader->at) / min_bytes)
	{
		wire_read_fail(reader, "count beyond the end");
		return 0;
	}
	return (size_t) count;
}

const uint8_t *
wire_read_bytes(WireReader *reader, size_t length)
{
	const uint8_t *bytes = reader->at;

	if (length > (size_t) (reader->end - reader->at))
	{
		wire_read_fail(reader, "unexpected end");
		return NULL;
	}
	reader->at += length;
	return bytes;
}

bool
wire_read_done(WireReader *reader)
{
	if (reader->failure == NULL && reader->at != reader->end)
		wire_read_fail(reader, "bytes behind the end");
	return reader->failure == NULL;
}

/* ---- writing ---- */

void
wire_write_grow(WireWriter *writer, size_t more)
{
	size_t		capacity = writer->capacity;

	while (capacity - writer->length < more)
		capacity *= 2;
	writer->bytes = host_realloc(writer->bytes, capacity);
	writer->capacity = capacity;
}

void
wire_writer_init(WireWriter *writer, size_t reserve)
{
	writer->capacity = reserve + 120;
	writer->bytes = host_alloc(NULL, writer->capacity);
	writer->length = reserve;
	memset(writer->bytes, 0, reserve);
}

void
wire_write_byte(WireWriter *writer, uint8_t value)
{
	wire_write_reserve(writer, 1);
	writer->bytes[writer->length++] = value;
}

void
wire_write_uint(WireWriter *writer, uint64_t value)
{
	wire_write_reserve(writer, 10);
	while (value >= 0x80)
	{
		writer->bytes[writer->length++] = (uint8_t) (value | 0x80);
		value >>= 7;
	}
	writer->bytes[writer->length++] = (uint8_t) value;
}

void
wire_write_int(WireWriter *writer, int64_t value)
{
	wire_write_uint(writer, ((uint64_t) value << 1) ^ (value < 0 ? ~UINT64_C(0) : 0));
}

void
wire_write_bytes(WireWriter *writer, const void *bytes, size_t length)
{
	wire_write_reserve(writer, length);
	memcpy(writer->bytes + writer->length, bytes, length);
	writer->length += length;
}

double
wire_read_double(WireReader *reader)
{
	const uint8_t *bytes = wire_read_bytes(reader, sizeof(uint64_t));
	uint64_t	bits = 0;
	double		value;
	size_t		i;

	if (bytes == NULL)
		return 0;
	for (i = 0; i < sizeof(bits); i++)
		bits = bits << 8 | bytes[i];
	if (bits == UINT64_C(1) << 63)
		wire_read_fail(reader, "a negative zero");
	memcpy(&value, &bits, sizeof(value));
	return value;
}

void
wire_write_double(WireWriter *writer, double value)
{
	uint8_t		bytes[sizeof(uint64_t)];
	uint64_t	bits;
	size_t		i;

	value += 0.0;				/* no negative zero */
	memcpy(&bits, &value, sizeof(bits));
	for (i = 0; i < sizeof(bits); i++)
		bytes[i] = (uint8_t) (bits >> (56 - 8 * i));
	wire_write_bytes(writer, bytes, sizeof(bytes));
}
