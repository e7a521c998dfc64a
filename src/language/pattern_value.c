/*
 * pattern_value.c: the type kpi.pattern, its constructor, and the cache of compiled patterns.
 *
 * A stored pattern is its canonical text behind a version byte, so the parser is the only reader of
 * pattern bytes: what comes through the binary protocol is parsed like what comes through text input.
 */
#include "language/pattern_value.h"

#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "engine/calendar.h"

#define PATTERN_VERSION 1

PG_FUNCTION_INFO_V1(pattern_in);
PG_FUNCTION_INFO_V1(pattern_out);
PG_FUNCTION_INFO_V1(pattern_recv);
PG_FUNCTION_INFO_V1(pattern_send);
PG_FUNCTION_INFO_V1(pattern);
PG_FUNCTION_INFO_V1(quote_label);

static inline bool
is_utf8(void)
{
	return GetDatabaseEncoding() == PG_UTF8;
}

/* ---- errors ---- */

/* A few characters of the text from the place of the error on, cut at a character. */
static const char *
error_near(const char *text, size_t length, size_t offset)
{
	const size_t most = 24;
	size_t		rest = length - offset;

	if (rest == 0)
		return "";
	if (rest > most)
		return psprintf("%.*s...", pg_mbcliplen(text + offset, rest, most), text + offset);
	return pnstrdup(text + offset, rest);
}

static Datum
report_error(const char *text, size_t length, const LanguageError *error, Node *soft_context)
{
	size_t		offset = Min(error->offset, length);
	const char *near = error_near(text, length, offset);
	int			position = pg_mbstrlen_with_len(text, offset) + 1;

	soft_ereport(soft_context,
				 errcode(error->limit ? ERRCODE_PROGRAM_LIMIT_EXCEEDED : ERRCODE_SYNTAX_ERROR),
				 error->limit ? errmsg("pattern is too large at \"%s\"", near) :
				 length == 0 ? errmsg("pattern is empty") :
				 *near == '\0' ? errmsg("syntax error at end of pattern") :
				 errmsg("syntax error in pattern at \"%s\"", near),
				 errdetail("At character %d: %s.", position, error->message),
				 error->hint[0] != '\0' ? errhint("%s", error->hint) : 0);
}

/* ---- values ---- */

Datum
pattern_value_make(const char *text, size_t length)
{
	return stored_value_make(PATTERN_VERSION, text, length);
}

static Datum
pattern_from_text(const char *text, size_t length, Node *soft_context)
{
	Pattern		pattern;
	LanguageError error;
	char	   *canonical;

	if (!pattern_parse(text, length, is_utf8(), calendar_zone_known, &pattern, &error))
		return report_error(text, length, &error, soft_context);
	canonical = pattern_print(&pattern, is_utf8(), &length);
	return pattern_value_make(canonical, length);
}

void
pattern_parse_stored(const char *text, size_t length, Pattern *pattern)
{
	LanguageError error;
	char	   *canonical;
	size_t		canonical_length;

	/* Not asking for the zone: the server may have lost it since, and then says so where it is used. */
	if (!pattern_parse(text, length, is_utf8(), NULL, pattern, &error))
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid bytes for type %s: %s", "kpi.pattern", error.message));
	canonical = pattern_print(pattern, is_utf8(), &canonical_length);
	if (canonical_length != length || memcmp(canonical, text, length) != 0)
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid bytes for type %s: not in canonical form", "kpi.pattern"));
	pfree(canonical);
}

Datum
pattern_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);

	return pattern_from_text(text, strlen(text), soft_error_context(fcinfo));
}

Datum
pattern_out(PG_FUNCTION_ARGS)
{
	StoredValue value = stored_value_open(PG_GETARG_DATUM(0), PATTERN_VERSION, "kpi.pattern");

	PG_RETURN_CSTRING(pnstrdup(value.bytes, value.length));
}

Datum
pattern_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(message);
	char	   *text;
	int			length;

	if (version != PATTERN_VERSION)
		ereport(ERROR,
				errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				errmsg("unsupported version %d of type %s", version, "kpi.pattern"),
				errdetail("This installation of kpi_track reads versions up to %d.", PATTERN_VERSION));
	/* converts from the client's encoding and verifies it */
	text = pq_getmsgtext(message, message->len - message->cursor, &length);
	return pattern_from_text(text, length, NULL);
}

Datum
pattern_send(PG_FUNCTION_ARGS)
{
	StoredValue value = stored_value_open(PG_GETARG_DATUM(0), PATTERN_VERSION, "kpi.pattern");
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, value.version);
	pq_sendtext(&message, value.bytes, value.length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/* ---- the constructor ---- */

/* The label as it is written in a pattern: bare if it can be, else quoted. */
static char *
label_text(const char *bytes, size_t length, size_t *text_length)
{
	Label		label = {bytes, (uint32_t) length, false};
	Step		step = {{0, 1}, false, false, {0}};
	Pattern		pattern = {0};

	pattern.nsteps = 1;
	pattern.steps = &step;
	pattern.nlabels = 1;
	pattern.labels = &label;
	return pattern_print(&pattern, is_utf8(), text_length);
}

Datum
quote_label(PG_FUNCTION_ARGS)
{
	text	   *label = PG_GETARG_TEXT_PP(0);
	size_t		length = VARSIZE_ANY_EXHDR(label);
	char	   *result;

	if (length == 0 || length > PATTERN_MAX_LABEL_BYTES)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				length == 0 ? errmsg("a label must not be empty") :
				errmsg("label of %zu bytes is too long", length),
				errdetail("A label in a pattern has 1 to %d bytes.", PATTERN_MAX_LABEL_BYTES));
	result = label_text(VARDATA_ANY(label), length, &length);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(result, length));
}

static void
append_clause(StringInfo words, FunctionCallInfo fcinfo, int argument, const char *clause)
{
	if (!PG_ARGISNULL(argument) && PG_GETARG_BOOL(argument))
		appendStringInfo(words, " %s", clause);
}

/* The elements of a one-dimensional array argument; 0 of them for NULL. */
static int
array_elements(FunctionCallInfo fcinfo, int argument, Oid type, const char *name, Datum **elements)
{
	ArrayType  *array;
	bool	   *nulls;
	int			count;

	*elements = NULL;
	if (PG_ARGISNULL(argument))
		return 0;
	array = PG_GETARG_ARRAYTYPE_P(argument);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				errmsg("argument \"%s\" must be a one-dimensional array", name));
	if (type == TEXTOID)
		deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, elements, &nulls, &count);
	else
		deconstruct_array(array, INT4OID, 4, true, TYPALIGN_INT, elements, &nulls, &count);
	for (int i = 0; i < count; i++)
		if (nulls[i])
			ereport(ERROR,
					errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					errmsg("element %d of argument \"%s\" is null", i + 1, name));
	return count;
}

/*
 * kpi.pattern(steps, within, arrows, optional, strictly_increasing, any_order, first_entry, reuse_rows,
 * open, by, zone): writes the text that a person would write, and reads it. Steps are plain labels.
 */
Datum
pattern(PG_FUNCTION_ARGS)
{
	Datum	   *steps;
	Datum	   *arrows;
	Datum	   *optional;
	int			nsteps = array_elements(fcinfo, 0, TEXTOID, "steps", &steps);
	int			narrows = array_elements(fcinfo, 2, TEXTOID, "arrows", &arrows);
	int			noptional = array_elements(fcinfo, 3, INT4OID, "optional", &optional);
	StringInfoData words;

	if (nsteps == 0)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("a pattern needs at least one step"),
				errhint("Give the labels of the steps: kpi.pattern(steps => ARRAY['view', 'cart'])."));
	if (narrows > 0 && narrows != nsteps - 1)
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("%d arrows given for %d steps", narrows, nsteps),
				errhint("Argument \"arrows\" has one element between every two steps, such as '->'."));
	for (int i = 0; i < noptional; i++)
		if (DatumGetInt32(optional[i]) < 1 || DatumGetInt32(optional[i]) > nsteps)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("step %d in argument \"optional\" does not exist", DatumGetInt32(optional[i])),
					errdetail("The pattern has steps 1 to %d.", nsteps));

	initStringInfo(&words);
	for (int i = 0; i < nsteps; i++)
	{
		size_t		length;
		char	   *label;

		if (i > 0)
		{
			char	   *arrow = narrows > 0 ? TextDatumGetCString(arrows[i - 1]) : "->";

			if (strncmp(arrow, "->", 3) != 0 && strncmp(arrow, "=>", 3) != 0 &&
				(strncmp(arrow, "-[", 2) != 0 || strlen(arrow) < 5 ||
				 strcmp(arrow + strlen(arrow) - 3, "]->") != 0))
				ereport(ERROR,
						errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("\"%s\" is not an arrow", arrow),
						errhint("Arrows are '->', '=>' and '-[ ... ]->'."));
			appendStringInfo(&words, " %s ", arrow);
		}
		if (VARSIZE_ANY_EXHDR(DatumGetPointer(steps[i])) == 0)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("element %d of argument \"steps\" is empty", i + 1));
		label = label_text(VARDATA_ANY(DatumGetPointer(steps[i])),
						   VARSIZE_ANY_EXHDR(DatumGetPointer(steps[i])), &length);
		appendBinaryStringInfo(&words, label, length);
		for (int j = 0; j < noptional; j++)
			if (DatumGetInt32(optional[j]) == i + 1)
			{
				appendStringInfoChar(&words, '?');
				break;
			}
	}
	if (!PG_ARGISNULL(1))
	{
		Interval   *within = PG_GETARG_INTERVAL_P(1);

		if (within->month != 0)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("argument \"within\" must not have months: they have no fixed length"),
					errhint("Use days, for example '30 days'."));
		if (within->day < 0 || within->time < 0)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("argument \"within\" must not be negative"));
		appendStringInfo(&words, " within %d days " INT64_FORMAT " us", within->day, within->time);
	}
	append_clause(&words, fcinfo, 4, "strictly increasing");
	append_clause(&words, fcinfo, 5, "any order");
	append_clause(&words, fcinfo, 6, "first entry");
	append_clause(&words, fcinfo, 7, "reuse rows");
	append_clause(&words, fcinfo, 8, "open");
	if (!PG_ARGISNULL(9))
	{
		char	   *grain = text_to_cstring(PG_GETARG_TEXT_PP(9));

		if (grain_from_name(grain, strlen(grain)) == GRAIN_NONE)
			ereport(ERROR,
					errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("\"%s\" is not a period", grain),
					errhint("Periods are hour, day, week, month, quarter and year."));
		appendStringInfo(&words, " by %s", grain);
		if (!PG_ARGISNULL(10))
		{
			size_t		length = VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(10));

			if (length == 0)
				ereport(ERROR,
						errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("argument \"zone\" is empty"));
			appendStringInfo(&words, " in %s",
							 label_text(VARDATA_ANY(PG_GETARG_TEXT_PP(10)), length, &length));
		}
	}
	else if (!PG_ARGISNULL(10))
		ereport(ERROR,
				errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("argument \"zone\" needs a period"),
				errhint("Give the period as well, for example by => 'week'."));
	return pattern_from_text(words.data, words.len, NULL);
}

/* ---- the cache of compiled patterns ---- */

/*
 * Compiling takes a few microseconds and kilobytes, too much for each of many small groups. So compiled
 * patterns are kept in the session, and a state only points to one; the context that the state lives in
 * holds it until the context is reset, which the server tells us.
 */
#define MAX_IDLE 32				/* compiled patterns kept though nobody holds them */

typedef struct CacheEntry
{
	CompiledPattern compiled;	/* first: a hold hands out a pointer to it */
	MemoryContext memory;		/* everything of the entry, this struct included */
	MemoryContext scratch;		/* child of it, of the chaser */
	Chaser	   *chaser;			/* NULL: not made yet, or left by an error in the middle of its work */
	int			holds;
	uint64		last_used;
	struct CacheEntry *next;
} CacheEntry;

typedef struct Hold
{
	MemoryContextCallback callback;
	MemoryContext holder;
	CacheEntry *entry;
	struct Hold *next;
} Hold;

static CacheEntry *cache = NULL;
static CacheEntry *peeked = NULL;	/* found last by compiled_pattern_peek */
static Hold *holds = NULL;
static uint64 clock_hand = 0;

static void
hold_end(void *argument)
{
	Hold	   *hold = argument;

	for (Hold **link = &holds; *link != NULL; link = &(*link)->next)
	{
		if (*link == hold)
		{
			*link = hold->next;
			break;
		}
	}
	hold->entry->holds--;
}

/* Drops the idle entry that was used longest ago, if there are too many; returns whether it did. */
static bool
cache_drop_oldest(void)
{
	CacheEntry **oldest = NULL;
	CacheEntry *entry;
	int			idle = 0;

	for (CacheEntry **link = &cache; *link != NULL; link = &(*link)->next)
	{
		if ((*link)->holds > 0)
			continue;
		idle++;
		if (oldest == NULL || (*link)->last_used < (*oldest)->last_used)
			oldest = link;
	}
	if (idle <= MAX_IDLE)
		return false;
	entry = *oldest;
	*oldest = entry->next;
	if (entry == peeked)
		peeked = NULL;
	MemoryContextDelete(entry->memory);
	return true;
}

/* A query over many patterns holds them all, and leaves them idle together. */
static void
cache_trim(void)
{
	while (cache_drop_oldest())
		;
}

static CacheEntry *
cache_add(const char *text, size_t length, bool masks)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "kpi_track compiled pattern",
												 ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	CacheEntry *entry = palloc0(sizeof(CacheEntry));
	char	   *copy = palloc(length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	entry->memory = memory;
	entry->compiled.text = copy;
	entry->compiled.length = length;
	entry->compiled.masks = masks;
	pattern_parse_stored(copy, length, &entry->compiled.pattern);
	entry->compiled.program = program_make(memory, &entry->compiled.pattern, masks);
	MemoryContextSwitchTo(old);

	cache_trim();
	/* Nothing can fail from here on. */
	MemoryContextSetParent(memory, TopMemoryContext);
	entry->next = cache;
	cache = entry;
	return entry;
}

static inline bool
is_text_of(const CompiledPattern *compiled, const char *text, size_t length)
{
	return compiled->length == length && memcmp(compiled->text, text, length) == 0;
}

/* The entry of a text, made if need be. */
static CacheEntry *
cache_find(const char *text, size_t length, bool masks)
{
	CacheEntry *entry;

	for (entry = cache; entry != NULL; entry = entry->next)
		if (entry->compiled.masks == masks && is_text_of(&entry->compiled, text, length))
			break;
	if (entry == NULL)
		entry = cache_add(text, length, masks);
	entry->last_used = ++clock_hand;
	return entry;
}

const CompiledPattern *
compiled_pattern_hold_text(MemoryContext holder, const char *text, size_t length, bool masks)
{
	CacheEntry *entry;
	Hold	   *hold;

	for (hold = holds; hold != NULL; hold = hold->next)
		if (hold->holder == holder && hold->entry->compiled.masks == masks &&
			is_text_of(&hold->entry->compiled, text, length))
			return &hold->entry->compiled;

	entry = cache_find(text, length, masks);
	hold = MemoryContextAlloc(holder, sizeof(Hold));
	hold->callback.func = hold_end;
	hold->callback.arg = hold;
	hold->holder = holder;
	hold->entry = entry;
	hold->next = holds;
	holds = hold;
	entry->holds++;
	MemoryContextRegisterResetCallback(holder, &hold->callback);
	return &entry->compiled;
}

const CompiledPattern *
compiled_pattern_hold(MemoryContext holder, Datum pattern, bool masks)
{
	StoredValue value = stored_value_open(pattern, PATTERN_VERSION, "kpi.pattern");

	return compiled_pattern_hold_text(holder, value.bytes, value.length, masks);
}

const CompiledPattern *
compiled_pattern_peek(Datum pattern)
{
	StoredValue value = stored_value_open(pattern, PATTERN_VERSION, "kpi.pattern");

	/* One row after the other asks for the same pattern. */
	if (peeked == NULL || !is_text_of(&peeked->compiled, value.bytes, value.length))
		peeked = cache_find(value.bytes, value.length, false);
	peeked->last_used = ++clock_hand;
	return &peeked->compiled;
}

void
compiled_pattern_chase(const CompiledPattern *compiled, const EventSeq *events, Chase *chase)
{
	static const EntrySpan all_times = {MOMENT_MIN, MOMENT_MAX};
	CacheEntry *entry = (CacheEntry *) compiled;
	Chaser	   *chaser = entry->chaser;

	if (chaser == NULL)
	{
		/* It may grow while it works, and nobody knows what an error has left of it. */
		if (entry->scratch == NULL)
			entry->scratch = AllocSetContextCreate(entry->memory, "kpi_track chaser",
												   ALLOCSET_SMALL_SIZES);
		MemoryContextReset(entry->scratch);
		chaser = chaser_make(entry->scratch, compiled->program);
	}
	entry->chaser = NULL;
	chaser_run(chaser, events, all_times, chase);
	entry->chaser = chaser;
}

bool
compiled_pattern_is(const CompiledPattern *compiled, Datum pattern)
{
	StoredValue value = stored_value_open(pattern, PATTERN_VERSION, "kpi.pattern");

	return is_text_of(compiled, value.bytes, value.length);
}
