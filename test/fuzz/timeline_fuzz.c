/*
 * timeline_fuzz.c: any bytes are refused or safe to read; those that are checked are the one encoding of their events.
 */
#include "fuzz.h"

#include "engine/timeline.h"

const unsigned fuzz_errors = 1u << HOST_BAD_BYTES;

static volatile uint64_t sink;

void
fuzz_one(const Input *input)
{
	WireReader	reader;
	Timeline	timeline;
	Event	   *events;
	uint64_t   *codes;
	TimelineEvent *decoded;
	WireWriter	writer;
	size_t		count;
	bool		checked;
	static TimelineDictionaries dictionaries;
	Timeline	other;

	wire_reader_init(&reader, input->bytes, input->length);
	timeline_open(&reader, &timeline);
	if (reader.failure != NULL)
		return;
	checked = timeline_check(&reader, &timeline);
	if (timeline.count == 0)
		return;
	codes = host_alloc(NULL, timeline.nlabels * sizeof(uint64_t));
	for (uint32_t i = 0; i < timeline.nlabels; i++)
		codes[i] = (i * 7) % 5;
	events = host_alloc(NULL, timeline.count * sizeof(Event));
	count = timeline_events(&timeline, codes, events);
	MUST(count <= timeline.count);
	for (size_t i = 0; i < count; i++)
		sink += events[i].code;
	sink += (uint64_t) timeline_last_at(&timeline);
	/* recognised dictionaries give the same */
	for (int i = 0; i < 2; i++)
	{
		wire_reader_init(&reader, input->bytes, input->length);
		timeline_open_among(&reader, &other, &dictionaries);
		MUST(reader.failure == NULL && other.nlabels == timeline.nlabels);
		for (uint32_t k = 0; k < other.nlabels; k++)
			MUST(other.labels[k].length == timeline.labels[k].length &&
				 memcmp(other.labels[k].bytes, timeline.labels[k].bytes, other.labels[k].length) == 0);
	}
	decoded = host_alloc(NULL, timeline.count * sizeof(TimelineEvent));
	timeline_decode(&timeline, decoded);
	if (!checked)
		return;
	wire_writer_init(&writer, 0);
	timeline_write(&writer, timeline.labels, timeline.nlabels, decoded, timeline.count);
	MUST(writer.length == input->length && memcmp(writer.bytes, input->bytes, writer.length) == 0);
}
