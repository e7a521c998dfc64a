/*
 * summary_type.h: summaries as values of a type of their own: stored behind a version byte, as jsonb and, the same in
 * letters, as text, in the binary protocol, and merged.
 *
 * A summary is a plain C struct that can be merged, written and read (<name>_summary.c). A type whose summaries are of a
 * literal, which says what was asked, has a language; its summaries begin with a SummaryHead.
 */
#ifndef KPI_SUMMARY_TYPE_H
#define KPI_SUMMARY_TYPE_H

#include "kpi_track.h"

#include "nodes/primnodes.h"

#include "engine/wire.h"
#include "json.h"
#include "language/language_value.h"

/* What a summary of a literal begins with. */
typedef struct SummaryHead
{
	const char *text;			/* canonical literal; NULL: a summary of nothing, of no literal yet */
	size_t		length;
} SummaryHead;

/*
 * What makes a type; an Analysis has these and more.
 *
 * type_name: "kpi.funnel".
 * version: of the stored form.
 * language: NULL: summaries of this type are of no literal.
 * literal_key: of the literal in jsonb; NULL: "spec". Without a language a key that is always there.
 * init: an empty summary, in the current context; the compiled literal must live as long. Without a language it is
 *   zeros, and there is no init.
 * merge: adds `from` to `into`, in the current context; of the same literal, or one of them of none.
 * write, read: the stored form behind the version byte; reading hostile bytes leaves what is wrong with them in the reader.
 * check: what is wrong with a summary that was put together from outside; NULL: nothing.
 * push_json, read_json: the text form: keys and values into the object that has the literal already; and from it, into what init
 *   has made.
 */
#define SUMMARY_TYPE_MEMBERS \
	const char *type_name; \
	uint8		version; \
	const Language *language; \
	const char *literal_key; \
	size_t		summary_size; \
	void		(*init) (void *summary, const Compiled *compiled); \
	void		(*merge) (void *into, const void *from); \
	void		(*write) (WireWriter *writer, const void *summary); \
	void		(*read) (WireReader *reader, bool utf8, void *summary); \
	const char *(*check) (const void *summary); \
	void		(*push_json) (JsonWriter *state, const void *summary); \
	void		(*read_json) (const JsonReader *reader, JsonbContainer *root, void *summary);

typedef struct SummaryType
{
	SUMMARY_TYPE_MEMBERS
} SummaryType;

/* The methods of a summary, from <name>_summary_merge, _write, _read and _check. */
#define SUMMARY_METHODS(name) \
	static void name##_merge_any(void *into, const void *from) { name##_summary_merge(into, from); } \
	static void name##_write_any(WireWriter *writer, const void *summary) { name##_summary_write(writer, summary); } \
	static void name##_read_any(WireReader *reader, bool utf8, void *summary) \
	{ \
		name##_summary_read(reader, utf8, summary); \
	} \
	static const char *name##_check_any(const void *summary) { return name##_summary_check(summary); }
#define SUMMARY_METHODS_OF(name) \
	.merge = name##_merge_any, .write = name##_write_any, .read = name##_read_any, .check = name##_check_any

/* Decodes a value into the current context; data_corrupted if it is not one. */
extern void summary_open(const SummaryType *type, Datum datum, void *summary);

/* The same of bytes behind the version byte, wherever they come from. */
extern void summary_read(const SummaryType *type, StoredValue value, void *summary);

/* Encodes a summary. */
extern Datum summary_make(const SummaryType *type, const void *summary);

/* The bytes of a value, varlena header and all; the writer is made in the current context. */
extern void summary_encode(const SummaryType *type, const void *summary, WireWriter *writer);

/* What comes of no row at all: of the literal if that is known, else of none. */
extern Datum summary_make_empty(const SummaryType *type, const Const *literal);

/* Fails unless two summaries are of one literal, or one of them of none. */
extern void summary_check_same(const SummaryType *type, const SummaryHead *a, const SummaryHead *b);

/* The compiled literal of an aggregate's call, held by `context`: argument `number` of the function. Fails if it is null. */
extern const Compiled *summary_literal(FunctionCallInfo fcinfo, const Language *language, MemoryContext context, int number,
									   bool masks);

/* Fails unless a row brings the literal of the rows before it. */
extern void summary_check_literal(const Compiled *compiled, bool is_null, Datum literal);

extern Datum summary_in(FunctionCallInfo fcinfo, const SummaryType *type);
extern Datum summary_out(FunctionCallInfo fcinfo, const SummaryType *type);
extern Datum summary_to_jsonb(FunctionCallInfo fcinfo, const SummaryType *type);
extern Datum summary_from_jsonb(FunctionCallInfo fcinfo, const SummaryType *type);
extern Datum summary_recv(FunctionCallInfo fcinfo, const SummaryType *type);
extern Datum summary_send(FunctionCallInfo fcinfo, const SummaryType *type);
extern Datum summary_merge(FunctionCallInfo fcinfo, const SummaryType *type);

/* The C functions of a type. */
#define SUMMARY_FUNCTIONS(name, type) \
	PG_FUNCTION_INFO_V1(name##_in); \
	PG_FUNCTION_INFO_V1(name##_out); \
	PG_FUNCTION_INFO_V1(name##_to_jsonb); \
	PG_FUNCTION_INFO_V1(name##_from_jsonb); \
	PG_FUNCTION_INFO_V1(name##_recv); \
	PG_FUNCTION_INFO_V1(name##_send); \
	PG_FUNCTION_INFO_V1(name##_merge); \
	Datum name##_in(PG_FUNCTION_ARGS) { return summary_in(fcinfo, type); } \
	Datum name##_out(PG_FUNCTION_ARGS) { return summary_out(fcinfo, type); } \
	Datum name##_to_jsonb(PG_FUNCTION_ARGS) { return summary_to_jsonb(fcinfo, type); } \
	Datum name##_from_jsonb(PG_FUNCTION_ARGS) { return summary_from_jsonb(fcinfo, type); } \
	Datum name##_recv(PG_FUNCTION_ARGS) { return summary_recv(fcinfo, type); } \
	Datum name##_send(PG_FUNCTION_ARGS) { return summary_send(fcinfo, type); } \
	Datum name##_merge(PG_FUNCTION_ARGS) { return summary_merge(fcinfo, type); }

#endif							/* KPI_SUMMARY_TYPE_H */
