/*
 * sessions_fuzz.c: any bytes are refused or a summary of sessions that is written as the same bytes, keeps its invariants
 * and can be merged.
 */
#include "fuzz.h"

#include "analyses/sessions_summary.h"

const unsigned fuzz_errors = 1u << HOST_LIMIT;

void
fuzz_one(const Input *input)
{
	WireReader	reader;
	WireWriter	writer;
	SessionsSummary summary;
	SessionsSummary other;

	wire_reader_init(&reader, input->bytes, input->length);
	sessions_summary_read(&reader, true, &summary);
	if (reader.failure != NULL)
		return;
	MUST(sessions_summary_check(&summary) == NULL);
	wire_writer_init(&writer, 0);
	sessions_summary_write(&writer, &summary);
	MUST(writer.length == input->length && memcmp(writer.bytes, input->bytes, writer.length) == 0);
	wire_reader_init(&reader, input->bytes, input->length);
	sessions_summary_read(&reader, true, &other);
	sessions_summary_merge(&summary, &other);
	MUST(sessions_summary_check(&summary) == NULL);
}
