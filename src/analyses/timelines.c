/*
 * timelines.c: kpi.timelines(query): the timelines of all actors in the rows of a query, in one pass.
 *
 * PostgreSQL's own grouping is the larger part of what kpi.timeline() under GROUP BY costs, so here the rows go
 * straight from the executor into an actor log, and each actor's events come out of it sorted.
 *
 * Actors of other types than bigint and uuid are known to the log by a hash of their text. The texts go to a file,
 * and where an actor's is found there is kept in the log like an event of the actor, with a code of its own. An
 * actor's text is written once and sometimes again, so nothing has to remember which actors there are.
 */
#include "kpi_track.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "analyses/aggregate.h"
#include "engine/timeline_value.h"

PG_FUNCTION_INFO_V1(timelines);

#define MAX_LABELS		1000000 /* different ones in all rows */
#define NAME_CODE		1		/* not an event: where the actor's text stands in the file */
#define DECIMALS_BITS	5		/* of a code with values: decimals + 1, 0: no value */
#define SEEN_ACTORS		65536	/* actors whose text need not be written again */
#define NAMES_BUFFER	65536

typedef enum ActorKind
{
	ACTOR_BIGINT,
	ACTOR_UUID,
	ACTOR_TEXT
} ActorKind;

/* Where the texts of actors are. */
typedef struct Names
{
	HostFile   *file;
	char	   *buffer;			/* what follows in the file */
	size_t		fill;
	ActorKey   *seen;			/* by some bits of the key: an actor whose text was written */
} Names;

/* The event labels, numbered in order of appearance. */
typedef struct Labels
{
	MemoryContext context;
	TimelineLabel *labels;
	uint32		count;
	uint32		size;
	uint32	   *table;			/* open addressing: number + 1, or 0 */
	uint32		mask;
	uint32	   *local;			/* by number: number within the timeline at hand, if .. */
	uint64	   *local_of;		/* .. this is the number of that timeline */
} Labels;

typedef struct Building
{
	DestReceiver receiver;		/* first: the executor knows us by it */
	MemoryContext context;
	/* columns */
	ActorKind	kind;
	Oid			actor_type;
	Oid			value_type;		/* InvalidOid: no values */
	FmgrInfo	actor_output;	/* of types that are not texts */
	FmgrInfo	event_output;
	bool		actor_is_text;
	bool		event_is_text;
	/* collected */
	ActorLog   *log;
	Labels		labels;
	Names		names;
	MemoryContext row_context;	/* for what output functions leave behind */
	/* handing out */
	ReturnSetInfo *result;
	MemoryContext actor_context;
	uint64		number;			/* of the actor */
} Building;

/* ---- labels ---- */

static void
labels_grow(Labels *labels)
{
	uint32		size = labels->size == 0 ? 64 : labels->size * 2;

	labels->labels = labels->labels == NULL ?
		MemoryContextAlloc(labels->context, mul_size(size, sizeof(TimelineLabel))) :
		repalloc(labels->labels, mul_size(size, sizeof(TimelineLabel)));
	labels->size = size;
	labels->mask = size * 2 - 1;
	if (labels->table != NULL)
		pfree(labels->table);
	labels->table = MemoryContextAllocZero(labels->context, mul_size((Size) labels->mask + 1, sizeof(uint32)));
	for (uint32 i = 0; i < labels->count; i++)
	{
		uint32		slot = hash_bytes((const unsigned char *) labels->labels[i].bytes,
									  labels->labels[i].length) & labels->mask;

		while (labels->table[slot] != 0)
			slot = (slot + 1) & labels->mask;
		labels->table[slot] = i + 1;
	}
}

/* The number of a label. */
static uint32
label_number(Labels *labels, const char *bytes, uint32 length)
{
	TimelineLabel label = {bytes, length};
	char	   *copy;
	uint32		slot;

	if (labels->count == labels->size)
		labels_grow(labels);
	slot = hash_bytes((const unsigned char *) bytes, length) & labels->mask;
	for (; labels->table[slot] != 0; slot = (slot + 1) & labels->mask)
	{
		const TimelineLabel *known = &labels->labels[labels->table[slot] - 1];

		if (known->length == length && memcmp(known->bytes, bytes, length) == 0)
			return labels->table[slot] - 1;
	}
	timeline_check_label(label);
	if (labels->count == MAX_LABELS)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("the query has more than %d different event labels", MAX_LABELS),
				errhint("A label names a kind of event; keep what varies, such as an address, out of it."));
	copy = MemoryContextAlloc(labels->context, length + 1);
	memcpy(copy, bytes, length);
	labels->labels[labels->count].bytes = copy;
	labels->labels[labels->count].length = length;
	labels->table[slot] = ++labels->count;
	return labels->count - 1;
}

/* ---- texts of actors ---- */

/* Notes where the text of an actor stands, unless that was done lately. */
static void
name_actor(Building *building, ActorKey key, const char *bytes, uint32 length)
{
	Names	   *names = &building->names;
	ActorKey   *seen = &names->seen[key.low % SEEN_ACTORS];
	uint64		offset;

	if (seen->low == key.low && seen->high == key.high)
		return;
	*seen = key;
	if (names->fill + sizeof(length) + length > NAMES_BUFFER)
	{
		host_file_write(names->file, names->buffer, names->fill);
		names->fill = 0;
	}
	offset = host_file_size(names->file) + names->fill;
	if (sizeof(length) + length > NAMES_BUFFER)
	{
		host_file_write(names->file, &length, sizeof(length));
		host_file_write(names->file, bytes, length);
	}
	else
	{
		memcpy(names->buffer + names->fill, &length, sizeof(length));
		memcpy(names->buffer + names->fill + sizeof(length), bytes, length);
		names->fill += sizeof(length) + length;
	}
	if (building->value_type != InvalidOid)
		actor_log_append_value(building->log, key, (int64) offset, NAME_CODE, 0);
	else
		actor_log_append(building->log, key, (int64) offset, NAME_CODE);
}

static text *
actor_name(Names *names, uint64 offset)
{
	uint32		length;
	text	   *name;

	host_file_read(names->file, offset, &length, sizeof(length));
	name = palloc(VARHDRSZ + (Size) length);
	SET_VARSIZE(name, VARHDRSZ + length);
	host_file_read(names->file, offset + sizeof(length), VARDATA(name), length);
	return name;
}

/* ---- the rows ---- */

static void
wrong_column(const char *what, const char *type, const char *hint)
{
	ereport(ERROR,
			errcode(ERRCODE_DATATYPE_MISMATCH),
			errmsg("%s of the query is of type %s", what, type),
			errhint("%s", hint));
}

static bool
is_text_type(Oid type)
{
	return type == TEXTOID || type == VARCHAROID;
}

static void
begin_rows(DestReceiver *self, int operation, TupleDesc columns)
{
	Building   *building = (Building *) self;
	Oid			event_type;
	Oid			output;
	bool		is_varlena;
	ActorLogKind kind;

	if (building->log != NULL)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("the text holds more than one query"));
	if (columns->natts < 3 || columns->natts > 4)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("the query has %d columns", columns->natts),
				errhint("Select the actor, the time, the event and, if wanted, its value, in this order."));
	if (TupleDescAttr(columns, 1)->atttypid != TIMESTAMPTZOID)
		wrong_column("the time (column 2)", format_type_be(TupleDescAttr(columns, 1)->atttypid),
					 "Cast it to timestamptz, for example: ts AT TIME ZONE 'UTC'.");
	building->actor_type = TupleDescAttr(columns, 0)->atttypid;
	event_type = TupleDescAttr(columns, 2)->atttypid;
	building->value_type = columns->natts == 4 ? TupleDescAttr(columns, 3)->atttypid : InvalidOid;
	if (columns->natts == 4 && building->value_type != NUMERICOID && building->value_type != INT2OID &&
		building->value_type != INT4OID && building->value_type != INT8OID)
		wrong_column("the value (column 4)", format_type_be(building->value_type),
					 "Cast it to numeric: values are kept exactly.");
	building->kind = building->actor_type == INT2OID || building->actor_type == INT4OID ||
		building->actor_type == INT8OID ? ACTOR_BIGINT : building->actor_type == UUIDOID ? ACTOR_UUID : ACTOR_TEXT;
	building->actor_is_text = is_text_type(building->actor_type);
	building->event_is_text = is_text_type(event_type);
	getTypeOutputInfo(building->actor_type, &output, &is_varlena);
	fmgr_info_cxt(output, &building->actor_output, building->context);
	getTypeOutputInfo(event_type, &output, &is_varlena);
	fmgr_info_cxt(output, &building->event_output, building->context);

	kind.wide_keys = building->kind != ACTOR_BIGINT;
	kind.valued = building->value_type != InvalidOid;
	kind.max_code = 0;			/* none comes from another process */
	building->log = actor_log_make(building->context, spill_pool_make(building->context, host_memory_limit()), kind);
	if (building->kind == ACTOR_TEXT)
	{
		building->names.file = host_file_make(building->context);
		building->names.buffer = MemoryContextAlloc(building->context, NAMES_BUFFER);
		building->names.seen = MemoryContextAllocZero(building->context, SEEN_ACTORS * sizeof(ActorKey));
	}
}

/* The bytes of a text column, or of what another type is printed as. */
static void
text_of(Datum datum, bool is_text, FmgrInfo *output, const char **bytes, uint32 *length)
{
	if (is_text)
	{
		text	   *value = DatumGetTextPP(datum);

		*bytes = VARDATA_ANY(value);
		*length = VARSIZE_ANY_EXHDR(value);
	}
	else
	{
		*bytes = OutputFunctionCall(output, datum);
		*length = strlen(*bytes);
	}
}

static ActorKey
row_actor(Building *building, Datum actor)
{
	ActorKey	key = {0, 0};
	const char *bytes;
	uint32		length;

	switch (building->kind)
	{
		case ACTOR_BIGINT:
			key.low = building->actor_type == INT8OID ? (uint64) DatumGetInt64(actor) :
				building->actor_type == INT4OID ? (uint64) (int64) DatumGetInt32(actor) :
				(uint64) (int64) DatumGetInt16(actor);
			break;
		case ACTOR_UUID:
			key = uuid_actor(actor);
			break;
		case ACTOR_TEXT:
			text_of(actor, building->actor_is_text, &building->actor_output, &bytes, &length);
			key = text_key(bytes, length);
			name_actor(building, key, bytes, length);
			break;
	}
	return key;
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	Building   *building = (Building *) self;
	MemoryContext before;
	const char *bytes;
	uint32		length;
	uint64		code;
	int64		at;
	ActorKey	actor;

	slot_getallattrs(slot);
	if (slot->tts_isnull[0] || slot->tts_isnull[1] || slot->tts_isnull[2])
		return true;
	before = MemoryContextSwitchTo(building->row_context);
	at = DatumGetTimestampTz(slot->tts_values[1]);
	text_of(slot->tts_values[2], building->event_is_text, &building->event_output, &bytes, &length);
	code = label_number(&building->labels, bytes, length) + 1;
	actor = row_actor(building, slot->tts_values[0]);
	if (building->value_type == InvalidOid)
		actor_log_append(building->log, actor, at, code + NAME_CODE);
	else
	{
		int64		number = 0;
		uint8		decimals = 0;

		code <<= DECIMALS_BITS;
		if (!slot->tts_isnull[3])
		{
			Datum		value = slot->tts_values[3];

			if (building->value_type == NUMERICOID)
				timeline_number(value, &number, &decimals);
			else
				number = building->value_type == INT8OID ? DatumGetInt64(value) :
					building->value_type == INT4OID ? DatumGetInt32(value) : DatumGetInt16(value);
			code |= decimals + 1;
		}
		actor_log_append_value(building->log, actor, at, code, number);
	}
	MemoryContextSwitchTo(before);
	/* texts of the usual types are not copied, so there is seldom something to give back */
	if (!MemoryContextIsEmpty(building->row_context))
		MemoryContextReset(building->row_context);
	return true;
}

static void
end_rows(DestReceiver *self)
{
}

static void
run_query(Building *building, const char *query)
{
	SPIExecuteOptions options = {0};

	options.read_only = true;
	options.must_return_tuples = true;
	options.dest = &building->receiver;
	building->receiver.receiveSlot = receive_row;
	building->receiver.rStartup = begin_rows;
	building->receiver.rShutdown = end_rows;
	building->receiver.rDestroy = end_rows;
	building->receiver.mydest = DestNone;
	SPI_connect();
	SPI_execute_extended(query, &options);
	SPI_finish();
	if (building->names.fill > 0)
		host_file_write(building->names.file, building->names.buffer, building->names.fill);
}

/* ---- the timelines ---- */

/* The number of a label within the timeline at hand. */
static uint32
local_label(Labels *labels, uint64 timeline, uint32 number, TimelineLabel *used, uint32 *nused)
{
	if (labels->local_of[number] != timeline)
	{
		labels->local_of[number] = timeline;
		labels->local[number] = *nused;
		used[(*nused)++] = labels->labels[number];
	}
	return labels->local[number];
}

static Datum
actor_datum(Building *building, const ActorKey *actor, uint64 name_offset)
{
	char		buffer[MAXINT8LEN + 1];
	pg_uuid_t	uuid;

	switch (building->kind)
	{
		case ACTOR_BIGINT:
			return PointerGetDatum(cstring_to_text_with_len(buffer, pg_lltoa((int64) actor->low, buffer)));
		case ACTOR_UUID:
			memcpy(uuid.data, &actor->low, 8);
			memcpy(uuid.data + 8, &actor->high, 8);
			return PointerGetDatum(cstring_to_text(DatumGetCString(DirectFunctionCall1(uuid_out,
																					   UUIDPGetDatum(&uuid)))));
		case ACTOR_TEXT:
			break;
	}
	return PointerGetDatum(actor_name(&building->names, name_offset));
}

static void
hand_out(void *visitor, const ActorKey *actor, const EventSeq *run)
{
	Building   *building = visitor;
	MemoryContext before = MemoryContextSwitchTo(building->actor_context);
	bool		valued = building->value_type != InvalidOid;
	TimelineEvent *events = MemoryContextAllocHuge(CurrentMemoryContext,
												   mul_size(run->count, sizeof(TimelineEvent)));
	TimelineLabel *used = palloc(mul_size(Min(run->count, building->labels.count), sizeof(TimelineLabel)));
	uint32		nused = 0;
	size_t		count = 0;
	uint64		name_offset = 0;
	WireWriter	writer;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	building->number++;
	for (size_t i = 0; i < run->count; i++)
	{
		Event		event = event_at(run, i);
		TimelineEvent *to = &events[count];
		uint64		number;

		if (event.code == NAME_CODE)
		{
			name_offset = (uint64) event.at;
			continue;
		}
		to->at = event.at;
		to->has_value = false;
		to->decimals = 0;
		to->number = 0;
		number = event.code - NAME_CODE - 1;
		if (valued)
		{
			int			decimals = (int) (event.code & ((1 << DECIMALS_BITS) - 1)) - 1;

			number = (event.code >> DECIMALS_BITS) - 1;
			if (decimals >= 0)
			{
				to->has_value = true;
				to->decimals = (uint8) decimals;
				to->number = valued_event_at(run, i).value;
			}
		}
		to->label = local_label(&building->labels, building->number, (uint32) number, used, &nused);
		count++;
	}
	values[0] = actor_datum(building, actor, name_offset);
	timeline_writer_init(&writer);
	timeline_write(&writer, used, nused, events, count);
	values[1] = timeline_writer_datum(&writer);
	tuplestore_putvalues(building->result->setResult, building->result->setDesc, values, nulls);
	MemoryContextSwitchTo(before);
	MemoryContextReset(building->actor_context);
}

Datum
timelines(PG_FUNCTION_ARGS)
{
	Building	building = {0};
	char	   *query = text_to_cstring(PG_GETARG_TEXT_PP(0));

	materialize_rows(fcinfo);
	building.result = (ReturnSetInfo *) fcinfo->resultinfo;
	building.context = AllocSetContextCreate(CurrentMemoryContext, "kpi.timelines", ALLOCSET_DEFAULT_SIZES);
	building.row_context = AllocSetContextCreate(building.context, "kpi.timelines row", ALLOCSET_DEFAULT_SIZES);
	building.actor_context = AllocSetContextCreate(building.context, "kpi.timelines actor", ALLOCSET_DEFAULT_SIZES);
	building.labels.context = building.context;
	run_query(&building, query);
	if (building.labels.count > 0)
	{
		building.labels.local = MemoryContextAlloc(building.context, building.labels.count * sizeof(uint32));
		building.labels.local_of = MemoryContextAllocZero(building.context,
														  building.labels.count * sizeof(uint64));
		actor_log_visit(building.log, hand_out, &building);
	}
	MemoryContextDelete(building.context);
	return (Datum) 0;
}
