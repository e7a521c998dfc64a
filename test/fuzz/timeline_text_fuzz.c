/*
 * timeline_text_fuzz.c: any text is refused or a timeline whose text reads as the same timeline.
 */
#include "fuzz.h"

#include "language/timeline_text.h"

const unsigned fuzz_errors = 1u << HOST_LIMIT | 1u << HOST_BAD_VALUE;

static bool
pack(const char *text, size_t length, WireWriter *writer)
{
	TimelineBuilder *builder = timeline_builder_make(NULL);
	LanguageError error;

	if (!timeline_parse(text, length, true, builder, &error))
		return false;
	wire_writer_init(writer, 0);
	timeline_builder_write(builder, writer);
	return true;
}

void
fuzz_one(const Input *input)
{
	WireWriter	first;
	WireWriter	second;
	WireReader	reader;
	Timeline	timeline;
	char	   *text;
	size_t		length;

	if (!pack((const char *) input->bytes, input->length, &first))
		return;
	wire_reader_init(&reader, first.bytes, first.length);
	timeline_open(&reader, &timeline);
	MUST(timeline_check(&reader, &timeline));
	text = timeline_print(&timeline, true, &length);
	MUST(pack(text, length, &second));
	MUST(first.length == second.length && memcmp(first.bytes, second.bytes, first.length) == 0);
}
