/*
 * timeline_value.c: see timeline_value.h; the binary input and output of kpi.timeline.
 */
#include "engine/timeline_value.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "engine/exact_numeric.h"

#define TYPE_NAME "kpi.timeline"

PG_FUNCTION_INFO_V1(timeline_recv);
PG_FUNCTION_INFO_V1(timeline_send);

static void
report_damage(const char *failure)
{
	ereport(ERROR,
			errcode(ERRCODE_DATA_CORRUPTED),
			errmsg("invalid bytes for type %s: %s", TYPE_NAME, failure));
}

void
timeline_open_datum(Datum datum, Timeline *timeline)
{
	StoredValue value = stored_value_open(datum, TIMELINE_VERSION, TYPE_NAME);
	WireReader	reader;

	wire_reader_init(&reader, value.bytes, value.length);
	timeline_open(&reader, timeline);
	if (reader.failure != NULL)
		report_damage(reader.failure);
}

void
timeline_open_datum_among(Datum datum, Timeline *timeline, TimelineDictionaries *dictionaries)
{
	StoredValue value = stored_value_open(datum, TIMELINE_VERSION, TYPE_NAME);
	WireReader	reader;

	wire_reader_init(&reader, value.bytes, value.length);
	timeline_open_among(&reader, timeline, dictionaries);
	if (reader.failure != NULL)
		report_damage(reader.failure);
}

void
timeline_open_hostile(StoredValue value, Timeline *timeline)
{
	WireReader	reader;

	wire_reader_init(&reader, value.bytes, value.length);
	timeline_open(&reader, timeline);
	if (!timeline_check(&reader, timeline))
		report_damage(reader.failure);
	for (uint32 i = 0; i < timeline->nlabels; i++)
		if (!pg_verifymbstr(timeline->labels[i].bytes, timeline->labels[i].length, true))
			ereport(ERROR,
					errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
					errmsg("invalid bytes for type %s: label not in the encoding of the database", TYPE_NAME));
}

void
timeline_writer_init(WireWriter *writer)
{
	wire_writer_init(writer, VARHDRSZ);
	wire_write_byte(writer, TIMELINE_VERSION);
}

Datum
timeline_writer_datum(WireWriter *writer)
{
	if (writer->length > MaxAllocSize)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("timeline of %zu bytes is too large to be stored", writer->length));
	SET_VARSIZE(writer->bytes, writer->length);
	return PointerGetDatum(writer->bytes);
}

Datum
timeline_builder_datum(const TimelineBuilder *builder)
{
	WireWriter	writer;

	timeline_writer_init(&writer);
	timeline_builder_write(builder, &writer);
	return timeline_writer_datum(&writer);
}

/*
 * The digits of a number of at most 16 of them, as they are stored: what amounts are; false for any other. Text would take
 * more time than all else that an aggregate does for a row.
 */
static bool
number_of_digits(Datum value, int64 *number, uint8 *decimals)
{
	ExactBuffer buffer;
	ExactNumber stored;
	int			places;

	if (!exact_number_of(value, buffer, &stored) || stored.size > 4 || stored.low < -4 || stored.size + Max(stored.low, 0) > 4)
		return false;
	*number = 0;
	for (int i = 0; i < stored.size; i++)
		*number = *number * 10000 + stored.digits[i];
	for (int i = 0; i < stored.low; i++)
		*number *= 10000;
	for (places = -4 * Min(stored.low, 0); places > 0 && *number % 10 == 0; places--)
		*number /= 10;
	*decimals = places;
	if (stored.negative)
		*number = -*number;
	return true;
}

void
timeline_number(Datum value, int64 *number, uint8 *decimals)
{
	char	   *digits;

	if (number_of_digits(value, number, decimals))
		return;
	digits = DatumGetCString(DirectFunctionCall1(numeric_out, value));
	if (decimal_parse(digits, strlen(digits), number, decimals) != NULL)
		ereport(ERROR,
				errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				strlen(digits) > 100 ? errmsg("value of %zu digits cannot be kept exactly", strlen(digits)) :
				errmsg("value %s cannot be kept exactly", digits),
				errdetail("A value has at most 18 decimals, and fits 64 bits without its decimal point."));
	pfree(digits);
}

Numeric
timeline_numeric(int64 number, int decimals)
{
	while (decimals > 0 && number % 10 == 0)
	{
		number /= 10;
		decimals--;
	}
	return decimals == 0 ? int64_to_numeric(number) : int64_div_fast_to_numeric(number, decimals);
}

Datum
timeline_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	StoredValue value = stored_value_receive(message, TIMELINE_VERSION, TYPE_NAME);
	Timeline	timeline;

	timeline_open_hostile(value, &timeline);
	return stored_value_make(value.version, value.bytes, value.length);
}

Datum
timeline_send(PG_FUNCTION_ARGS)
{
	StoredValue value = stored_value_open(PG_GETARG_DATUM(0), TIMELINE_VERSION, TYPE_NAME);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, value.version);
	pq_sendbytes(&message, value.bytes, value.length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

int64
timeline_amount(const TimelineEvent *event)
{
	int64		amount = AMOUNT_NONE;

	if (event->has_value && !amount_pack(event->number, event->decimals, &amount))
		ereport(ERROR,
				errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				errmsg("value of an event in a timeline cannot be kept exactly"),
				errdetail("Without its decimal point it must lie between -%lld and %lld.",
						  (long long) AMOUNT_NUMBER_MAX, (long long) AMOUNT_NUMBER_MAX));
	return amount;
}
