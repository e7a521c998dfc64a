/*
 * stitch.c: kpi.stitch(), which tells who is the same: identities from pairs of an anonymous id and the user that it was seen with.
 *
 * Ids are numbered as they appear, in a table with open addressing; anonymous ids and users are apart, though they may look the
 * same. Components are those of union-find, by size and with paths halved, so pairs cost next to nothing each. Memory is
 * taken for every different id, not for every pair.
 */
#include "kpi_track.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(stitch);

#define FIRST_NODES 64
#define NO_NODE PG_UINT32_MAX

typedef enum StitchMethod
{
	STITCH_COMPONENTS,
	STITCH_FIRST,
	STITCH_LAST
} StitchMethod;

typedef struct StitchNode
{
	text	   *id;				/* in the array that it came in */
	uint32		hash;
	bool		is_user;
	uint32		parent;			/* union-find; of a root itself */
	uint32		size;			/* of a root: how many nodes are below it */
	uint32		identity;		/* the user that it, or the component of a root, is known as */
	TimestampTz at;				/* when that user was seen */
} StitchNode;

typedef struct Stitching
{
	StitchNode *nodes;
	uint32		count;
	uint32		room;
	uint32	   *table;			/* numbers of nodes; twice the room, a power of two */
} Stitching;

static void
put_in_table(Stitching *stitching, uint32 number)
{
	uint32		mask = stitching->room * 2 - 1;
	uint32		slot = stitching->nodes[number].hash & mask;

	while (stitching->table[slot] != NO_NODE)
		slot = (slot + 1) & mask;
	stitching->table[slot] = number;
}

static void
make_room(Stitching *stitching, uint32 room)
{
	if (room > PG_INT32_MAX / 2)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("too many different ids to stitch: more than %u", stitching->room));
	if (stitching->nodes == NULL)
		stitching->nodes = palloc(room * sizeof(StitchNode));
	else
	{
		stitching->nodes = repalloc_huge(stitching->nodes, (Size) room * sizeof(StitchNode));
		pfree(stitching->table);
	}
	stitching->room = room;
	stitching->table = MemoryContextAllocHuge(CurrentMemoryContext, (Size) room * 2 * sizeof(uint32));
	memset(stitching->table, 0xff, (Size) room * 2 * sizeof(uint32));
	for (uint32 i = 0; i < stitching->count; i++)
		put_in_table(stitching, i);
}

static uint32
node_of(Stitching *stitching, text *id, bool is_user)
{
	int			length = VARSIZE_ANY_EXHDR(id);
	uint32		hash = hash_bytes((const unsigned char *) VARDATA_ANY(id), length) ^ (is_user ? 0x9e3779b9 : 0);
	uint32		mask = stitching->room * 2 - 1;
	StitchNode *node;

	for (uint32 slot = hash & mask; stitching->table[slot] != NO_NODE; slot = (slot + 1) & mask)
	{
		node = &stitching->nodes[stitching->table[slot]];
		if (node->hash == hash && node->is_user == is_user && (int) VARSIZE_ANY_EXHDR(node->id) == length &&
			memcmp(VARDATA_ANY(node->id), VARDATA_ANY(id), length) == 0)
			return stitching->table[slot];
	}
	if (stitching->count == stitching->room)
		make_room(stitching, stitching->room * 2);
	node = &stitching->nodes[stitching->count];
	node->id = id;
	node->hash = hash;
	node->is_user = is_user;
	node->parent = stitching->count;
	node->size = 1;
	node->identity = is_user ? stitching->count : NO_NODE;
	node->at = DT_NOEND;
	put_in_table(stitching, stitching->count);
	return stitching->count++;
}

static uint32
root_of(Stitching *stitching, uint32 number)
{
	StitchNode *nodes = stitching->nodes;

	while (nodes[number].parent != number)
	{
		nodes[number].parent = nodes[nodes[number].parent].parent;
		number = nodes[number].parent;
	}
	return number;
}

/* Bytes decide between users of the same time, so that no order of rows and no collation does. */
static bool
comes_before(const text *a, const text *b)
{
	int			length_a = VARSIZE_ANY_EXHDR(a);
	int			length_b = VARSIZE_ANY_EXHDR(b);
	int			order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(length_a, length_b));

	return order != 0 ? order < 0 : length_a < length_b;
}

static bool
is_earlier(const StitchNode *a, const StitchNode *b)
{
	return a->at != b->at ? a->at < b->at : comes_before(a->id, b->id);
}

/* Whether a user seen at a time is a better identity for an anonymous id than the one that it has. */
static bool
is_better(Stitching *stitching, const StitchNode *node, uint32 user, TimestampTz at, StitchMethod method)
{
	if (node->identity == NO_NODE)
		return true;
	if (at != node->at)
		return method == STITCH_LAST ? at > node->at : at < node->at;
	return comes_before(stitching->nodes[user].id, stitching->nodes[node->identity].id);
}

static void
join(Stitching *stitching, uint32 a, uint32 b)
{
	uint32		large = root_of(stitching, a);
	uint32		small = root_of(stitching, b);

	if (large == small)
		return;
	if (stitching->nodes[large].size < stitching->nodes[small].size)
	{
		uint32		other = large;

		large = small;
		small = other;
	}
	stitching->nodes[small].parent = large;
	stitching->nodes[large].size += stitching->nodes[small].size;
}

static StitchMethod
method_of(text *argument)
{
	char	   *name = text_to_cstring(argument);

	if (strcmp(name, "components") == 0)
		return STITCH_COMPONENTS;
	if (strcmp(name, "first") == 0)
		return STITCH_FIRST;
	if (strcmp(name, "last") == 0)
		return STITCH_LAST;
	ereport(ERROR,
			errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("method \"%s\" of stitching is not known", name),
			errhint("There are components, first and last."));
}

static void
stitch_pair(Stitching *stitching, text *anonymous, text *user, TimestampTz at, StitchMethod method)
{
	uint32		device = anonymous == NULL ? NO_NODE : node_of(stitching, anonymous, false);
	uint32		person = user == NULL ? NO_NODE : node_of(stitching, user, true);

	if (person != NO_NODE && method == STITCH_COMPONENTS)
	{
		/* the first time that a user is seen; components take the least of their users in the end */
		if (at < stitching->nodes[person].at)
			stitching->nodes[person].at = at;
		if (device != NO_NODE)
			join(stitching, device, person);
	}
	else if (person != NO_NODE && device != NO_NODE && is_better(stitching, &stitching->nodes[device], person, at, method))
	{
		stitching->nodes[device].identity = person;
		stitching->nodes[device].at = at;
	}
}

/* (anonymous_ids, user_ids, seen_at, method): a row for each different id. */
Datum
stitch(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	StitchMethod method;
	Stitching	stitching = {0};
	Datum	   *elements[3] = {NULL, NULL, NULL};
	bool	   *nulls[3] = {NULL, NULL, NULL};
	int			counts[3] = {0, 0, 0};

	materialize_rows(fcinfo);
	if (PG_ARGISNULL(3))
		ereport(ERROR,
				errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				errmsg("how is to be stitched?"),
				errhint("There are components, first and last."));
	method = method_of(PG_GETARG_TEXT_PP(3));
	for (int i = 0; i < 2; i++)
		if (!PG_ARGISNULL(i))
			deconstruct_array(PG_GETARG_ARRAYTYPE_P(i), TEXTOID, -1, false, TYPALIGN_INT, &elements[i], &nulls[i], &counts[i]);
	if (!PG_ARGISNULL(2))
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
						  &elements[2], &nulls[2], &counts[2]);
	if (counts[0] != counts[1] || (!PG_ARGISNULL(2) && counts[2] != counts[0]))
		ereport(ERROR,
				errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				PG_ARGISNULL(2) ? errmsg("anonymous_ids and user_ids differ in length: %d and %d", counts[0], counts[1]) :
				errmsg("anonymous_ids, user_ids and seen_at differ in length: %d, %d and %d", counts[0], counts[1], counts[2]));
	make_room(&stitching, FIRST_NODES);
	for (int i = 0; i < counts[0]; i++)
	{
		/* a time that nobody knows is no reason to prefer a user */
		bool		is_known = elements[2] != NULL && !nulls[2][i];
		TimestampTz at = is_known ? DatumGetTimestampTz(elements[2][i]) : method == STITCH_LAST ? DT_NOBEGIN : DT_NOEND;

		CHECK_FOR_INTERRUPTS();
		stitch_pair(&stitching, nulls[0][i] ? NULL : (text *) DatumGetPointer(elements[0][i]),
					nulls[1][i] ? NULL : (text *) DatumGetPointer(elements[1][i]), at, method);
	}
	if (method == STITCH_COMPONENTS)
		for (uint32 i = 0; i < stitching.count; i++)
		{
			StitchNode *node = &stitching.nodes[i];
			StitchNode *root = &stitching.nodes[root_of(&stitching, i)];

			if (node->is_user && (root->identity == NO_NODE || is_earlier(node, &stitching.nodes[root->identity])))
				root->identity = i;
		}
	for (uint32 i = 0; i < stitching.count; i++)
	{
		const StitchNode *node = &stitching.nodes[i];
		uint32		identity = method == STITCH_COMPONENTS ? stitching.nodes[root_of(&stitching, i)].identity : node->identity;
		Datum		values[3];
		bool		isnull[3] = {false, false, false};

		CHECK_FOR_INTERRUPTS();
		values[0] = PointerGetDatum(node->id);
		values[1] = BoolGetDatum(node->is_user);
		values[2] = PointerGetDatum(identity == NO_NODE ? node->id : stitching.nodes[identity].id);
		tuplestore_putvalues(result->setResult, result->setDesc, values, isnull);
	}
	return (Datum) 0;
}
