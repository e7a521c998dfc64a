/*
 * timeline_functions.c: what SQL does with timelines: merge, cut, take apart.
 */
#include "engine/timeline_value.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "engine/timeline_format.h"

PG_FUNCTION_INFO_V1(timeline_merge);
PG_FUNCTION_INFO_V1(timeline_slice);
PG_FUNCTION_INFO_V1(timeline_without);
PG_FUNCTION_INFO_V1(timeline_rows);
PG_FUNCTION_INFO_V1(timeline_length);
PG_FUNCTION_INFO_V1(timeline_first);
PG_FUNCTION_INFO_V1(timeline_last);
PG_FUNCTION_INFO_V1(timeline_labels);

TimelineEvent *
timeline_decode_all(const Timeline *timeline)
{
	TimelineEvent *events = host_alloc(NULL, host_array_size(timeline->count, sizeof(TimelineEvent)));

	timeline_decode(timeline, events);
	return events;
}

Datum
timeline_merge(PG_FUNCTION_ARGS)
{
	Timeline	a;
	Timeline	b;
	TimelineBuilder *builder;

	timeline_open_datum(PG_GETARG_DATUM(0), &a);
	timeline_open_datum(PG_GETARG_DATUM(1), &b);
	if (b.count == 0)
		return PG_GETARG_DATUM(0);
	if (a.count == 0)
		return PG_GETARG_DATUM(1);
	builder = timeline_builder_make(CurrentMemoryContext);
	timeline_builder_merge(builder, &a);
	timeline_builder_merge(builder, &b);
	return timeline_builder_datum(builder);
}

/* The events from one time on and before another one; a bound that is NULL is none. */
Datum
timeline_slice(PG_FUNCTION_ARGS)
{
	Timeline	timeline;
	TimelineEvent *events;
	size_t		from = 0;
	size_t		to;
	WireWriter	writer;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	events = timeline_decode_all(&timeline);
	to = timeline.count;
	if (!PG_ARGISNULL(1))
		while (from < to && events[from].at < PG_GETARG_TIMESTAMPTZ(1))
			from++;
	if (!PG_ARGISNULL(2))
		while (to > from && events[to - 1].at >= PG_GETARG_TIMESTAMPTZ(2))
			to--;
	if (to - from == timeline.count)
		return PG_GETARG_DATUM(0);
	timeline_writer_init(&writer);
	timeline_write(&writer, timeline.labels, timeline.nlabels, events + from, to - from);
	return timeline_writer_datum(&writer);
}

/* The number of a label, or -1 if no event has it. */
static int
find_label(const Timeline *timeline, TimelineLabel label)
{
	int			low = 0;
	int			high = (int) timeline->nlabels - 1;

	while (low <= high)
	{
		int			middle = (low + high) / 2;
		int			order = timeline_label_order(&timeline->labels[middle], &label);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle - 1;
	}
	return -1;
}

bool *
timeline_labels_among(const Timeline *timeline, ArrayType *labels, bool *any)
{
	Datum	   *elements;
	bool	   *nulls;
	int			nelements;
	bool	   *among = palloc0(timeline->nlabels * sizeof(bool) + 1);

	*any = false;
	deconstruct_array(labels, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &nelements);
	for (int i = 0; i < nelements; i++)
	{
		TimelineLabel label;
		int			number;

		if (nulls[i])
			continue;
		label.bytes = VARDATA_ANY(DatumGetPointer(elements[i]));
		label.length = VARSIZE_ANY_EXHDR(DatumGetPointer(elements[i]));
		number = find_label(timeline, label);
		if (number >= 0)
			*any = among[number] = true;
	}
	return among;
}

Datum
timeline_without(PG_FUNCTION_ARGS)
{
	Timeline	timeline;
	bool	   *dropped;
	bool		any;
	TimelineEvent *events;
	size_t		kept = 0;
	WireWriter	writer;

	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	dropped = timeline_labels_among(&timeline, PG_GETARG_ARRAYTYPE_P(1), &any);
	if (!any)
		return PG_GETARG_DATUM(0);
	events = timeline_decode_all(&timeline);
	for (size_t i = 0; i < timeline.count; i++)
		if (!dropped[events[i].label])
			events[kept++] = events[i];
	timeline_writer_init(&writer);
	timeline_write(&writer, timeline.labels, timeline.nlabels, events, kept);
	return timeline_writer_datum(&writer);
}

Datum
timeline_rows(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Timeline	timeline;
	TimelineEvent *events;
	Datum	   *labels;

	materialize_rows(fcinfo);
	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	events = timeline_decode_all(&timeline);
	labels = palloc(mul_size(timeline.nlabels, sizeof(Datum)));
	for (uint32 l = 0; l < timeline.nlabels; l++)
		labels[l] = PointerGetDatum(cstring_to_text_with_len(timeline.labels[l].bytes, timeline.labels[l].length));
	for (size_t i = 0; i < timeline.count; i++)
	{
		const TimelineEvent *event = &events[i];
		Datum		values[3];
		bool		nulls[3] = {0};
		Numeric		number = event->has_value ? timeline_numeric(event->number, event->decimals) : NULL;

		CHECK_FOR_INTERRUPTS();
		values[0] = TimestampTzGetDatum(event->at);
		values[1] = labels[event->label];
		values[2] = PointerGetDatum(number);
		nulls[2] = number == NULL;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		if (number != NULL)
			pfree(number);
	}
	return (Datum) 0;
}

Datum
timeline_length(PG_FUNCTION_ARGS)
{
	Timeline	timeline;

	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	PG_RETURN_INT64((int64) timeline.count);
}

Datum
timeline_first(PG_FUNCTION_ARGS)
{
	Timeline	timeline;

	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	if (timeline.count == 0)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(timeline.first_at);
}

Datum
timeline_last(PG_FUNCTION_ARGS)
{
	Timeline	timeline;

	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	if (timeline.count == 0)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(timeline_last_at(&timeline));
}

Datum
timeline_labels(PG_FUNCTION_ARGS)
{
	Timeline	timeline;
	Datum	   *labels;

	timeline_open_datum(PG_GETARG_DATUM(0), &timeline);
	labels = palloc(mul_size(timeline.nlabels, sizeof(Datum)));
	for (uint32 l = 0; l < timeline.nlabels; l++)
		labels[l] = PointerGetDatum(cstring_to_text_with_len(timeline.labels[l].bytes, timeline.labels[l].length));
	PG_RETURN_ARRAYTYPE_P(construct_array(labels, timeline.nlabels, TEXTOID, -1, false, TYPALIGN_INT));
}
