/*
 * funnel_fuzz.c: any bytes are refused or a funnel that is written as the same bytes, keeps its invariants and can be merged.
 */
#include "fuzz.h"

#include "analyses/funnel_summary.h"

const unsigned fuzz_errors = 1u << HOST_LIMIT;

void
fuzz_one(const Input *input)
{
	WireReader	reader;
	WireWriter	writer;
	FunnelSummary summary;
	FunnelSummary other;

	wire_reader_init(&reader, input->bytes, input->length);
	funnel_summary_read(&reader, true, &summary);
	if (reader.failure != NULL)
		return;
	MUST(funnel_summary_check(&summary) == NULL);
	wire_writer_init(&writer, 0);
	funnel_summary_write(&writer, &summary);
	MUST(writer.length == input->length && memcmp(writer.bytes, input->bytes, writer.length) == 0);
	wire_reader_init(&reader, input->bytes, input->length);
	funnel_summary_read(&reader, true, &other);
	funnel_summary_merge(&summary, &other);
	MUST(funnel_summary_check(&summary) == NULL);
}
