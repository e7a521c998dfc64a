/*
 * language_value.c: see language_value.h.
 */
#include "language/language_value.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "engine/calendar.h"

#define LANGUAGE_VERSION 1

bool
database_is_utf8(void)
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
report_error(const Language *language, const char *text, size_t length, const LanguageError *error, Node *soft_context)
{
	size_t		offset = Min(error->offset, length);
	const char *near = error_near(text, length, offset);
	int			position = pg_mbstrlen_with_len(text, offset) + 1;

	soft_ereport(soft_context,
				 errcode(error->limit ? ERRCODE_PROGRAM_LIMIT_EXCEEDED : ERRCODE_SYNTAX_ERROR),
				 error->limit ? errmsg("%s is too large at \"%s\"", language->what, near) :
				 length == 0 ? errmsg("%s is empty", language->what) :
				 *near == '\0' ? errmsg("syntax error at end of %s", language->what) :
				 errmsg("syntax error in %s at \"%s\"", language->what, near),
				 errdetail("At character %d: %s.", position, error->message),
				 error->hint[0] != '\0' ? errhint("%s", error->hint) : 0);
}

/* ---- values ---- */

Datum
language_value_make(const char *text, size_t length)
{
	return stored_value_make(LANGUAGE_VERSION, text, length);
}

Datum
language_value_read(const Language *language, const char *text, size_t length, Node *soft_context)
{
	LanguageError error;
	size_t		canonical_length;
	char	   *canonical = language->canonical(text, length, database_is_utf8(), calendar_zone_known,
												&canonical_length, &error);

	if (canonical == NULL)
		return report_error(language, text, length, &error, soft_context);
	/* it is read again when it is used */
	if (canonical_length > PATTERN_MAX_TEXT_BYTES)
		soft_ereport(soft_context,
					 errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the canonical text of the %s has more than %d bytes", language->what, PATTERN_MAX_TEXT_BYTES));
	return language_value_make(canonical, canonical_length);
}

StoredValue
language_value_open(const Language *language, Datum value)
{
	return stored_value_open(value, LANGUAGE_VERSION, language->type_name);
}

/* A text that should be canonical because it was stored: data_corrupted if it is not. */
static void
check_canonical(const Language *language, const char *text, size_t length)
{
	LanguageError error;
	size_t		canonical_length;
	char	   *canonical;

	/* Not asking for the zone: the server may have lost it since, and then says so where it is used. */
	canonical = language->canonical(text, length, database_is_utf8(), NULL, &canonical_length, &error);
	if (canonical == NULL)
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid bytes for type %s: %s", language->type_name, error.message));
	if (canonical_length != length || memcmp(canonical, text, length) != 0)
		ereport(ERROR,
				errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("invalid bytes for type %s: not in canonical form", language->type_name));
}

Datum
language_in(FunctionCallInfo fcinfo, const Language *language)
{
	const char *text = PG_GETARG_CSTRING(0);

	return language_value_read(language, text, strlen(text), soft_error_context(fcinfo));
}

Datum
language_out(FunctionCallInfo fcinfo, const Language *language)
{
	StoredValue value = language_value_open(language, PG_GETARG_DATUM(0));

	PG_RETURN_CSTRING(pnstrdup(value.bytes, value.length));
}

Datum
language_recv(FunctionCallInfo fcinfo, const Language *language)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(message);
	char	   *text;
	int			length;

	if (version != LANGUAGE_VERSION)
		ereport(ERROR,
				errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				errmsg("unsupported version %d of type %s", version, language->type_name),
				errdetail("This installation of kpi_track reads versions up to %d.", LANGUAGE_VERSION));
	/* converts from the client's encoding and verifies it */
	text = pq_getmsgtext(message, message->len - message->cursor, &length);
	return language_value_read(language, text, length, NULL);
}

Datum
language_send(FunctionCallInfo fcinfo, const Language *language)
{
	StoredValue value = language_value_open(language, PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, value.version);
	pq_sendtext(&message, value.bytes, value.length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/* ---- the cache of what was compiled ---- */

/*
 * Compiling takes a few microseconds and kilobytes, too much for each of many small groups. So what
 * was compiled is kept in the session, and a state only points to one; the context that the state lives in
 * holds it until the context is reset, which the server tells us.
 */
#define MAX_IDLE 32				/* kept though nobody holds them */

typedef struct CacheEntry
{
	Compiled   *compiled;
	MemoryContext memory;		/* everything of the entry, this struct included */
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
static CacheEntry *peeked = NULL;	/* found last by compiled_peek */
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

/* A query over many literals holds them all, and leaves them idle together. */
static void
cache_trim(void)
{
	while (cache_drop_oldest())
		;
}

static inline bool
is_text_of(const Compiled *compiled, const char *text, size_t length)
{
	return compiled->length == length && memcmp(compiled->text, text, length) == 0;
}

static CacheEntry *
cache_add(const Language *language, const char *text, size_t length, bool masks)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "kpi_track compiled literal",
												 ALLOCSET_SMALL_SIZES);
	MemoryContext old;
	CacheEntry *entry;

	check_canonical(language, text, length);
	old = MemoryContextSwitchTo(memory);
	entry = palloc0(sizeof(CacheEntry));
	entry->memory = memory;
	entry->compiled = palloc0(language->compiled_size);
	entry->compiled->language = language;
	entry->compiled->text = pnstrdup(text, length);
	entry->compiled->length = length;
	entry->compiled->masks = masks;
	language->compile(entry->compiled, database_is_utf8());
	MemoryContextSwitchTo(old);

	cache_trim();
	/* Nothing can fail from here on. */
	MemoryContextSetParent(memory, TopMemoryContext);
	entry->next = cache;
	cache = entry;
	return entry;
}

static inline bool
is_entry_of(const Compiled *compiled, const Language *language, const char *text, size_t length, bool masks)
{
	return compiled->language == language && compiled->masks == masks && is_text_of(compiled, text, length);
}

/* The entry of a text, made if need be. */
static CacheEntry *
cache_find(const Language *language, const char *text, size_t length, bool masks)
{
	CacheEntry *entry;

	for (entry = cache; entry != NULL; entry = entry->next)
		if (is_entry_of(entry->compiled, language, text, length, masks))
			break;
	if (entry == NULL)
		entry = cache_add(language, text, length, masks);
	entry->last_used = ++clock_hand;
	return entry;
}

const Compiled *
compiled_hold_text(const Language *language, MemoryContext holder, const char *text, size_t length, bool masks)
{
	CacheEntry *entry;
	Hold	   *hold;

	for (hold = holds; hold != NULL; hold = hold->next)
		if (hold->holder == holder && is_entry_of(hold->entry->compiled, language, text, length, masks))
			return hold->entry->compiled;

	entry = cache_find(language, text, length, masks);
	hold = MemoryContextAlloc(holder, sizeof(Hold));
	hold->callback.func = hold_end;
	hold->callback.arg = hold;
	hold->holder = holder;
	hold->entry = entry;
	hold->next = holds;
	holds = hold;
	entry->holds++;
	MemoryContextRegisterResetCallback(holder, &hold->callback);
	return entry->compiled;
}

const Compiled *
compiled_hold(const Language *language, MemoryContext holder, Datum literal, bool masks)
{
	StoredValue value = language_value_open(language, literal);

	return compiled_hold_text(language, holder, value.bytes, value.length, masks);
}

const Compiled *
compiled_peek(const Language *language, Datum literal)
{
	StoredValue value = language_value_open(language, literal);

	/* One row after the other asks for the same one. */
	if (peeked == NULL || !is_entry_of(peeked->compiled, language, value.bytes, value.length, false))
		peeked = cache_find(language, value.bytes, value.length, false);
	peeked->last_used = ++clock_hand;
	return peeked->compiled;
}

bool
compiled_is(const Compiled *compiled, Datum literal)
{
	StoredValue value = language_value_open(compiled->language, literal);

	return is_text_of(compiled, value.bytes, value.length);
}

bool
compiled_same(const Compiled *a, const Compiled *b)
{
	return a == b || is_entry_of(a, b->language, b->text, b->length, b->masks);
}
