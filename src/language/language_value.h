/*
 * language_value.h: the types of the little languages (kpi.pattern, kpi.retention_spec, ...) in the server, and the
 * cache of what was compiled from them.
 *
 * A stored literal is its canonical text behind a version byte, so its parser is the only reader of its
 * bytes: what comes through the binary protocol is parsed like what comes through text input.
 */
#ifndef KPI_LANGUAGE_VALUE_H
#define KPI_LANGUAGE_VALUE_H

#include "kpi_track.h"

#include "nodes/nodes.h"

#include "language/pattern.h"

struct Program;

/* The head of whatever is compiled from a literal. Immutable. */
typedef struct Compiled
{
	const struct Language *language;
	const char *text;			/* canonical, terminated */
	size_t		length;
	bool		masks;			/* compiled for events that are masks of conditions */
	const struct Program *program;	/* tells which events matter, and what for */
} Compiled;

/* One language. */
typedef struct Language
{
	const char *type_name;		/* "kpi.pattern" */
	const char *what;			/* "pattern": what errors call a literal */
	const char *example;		/* of a literal, for hints */
	size_t		compiled_size;	/* of the struct that begins with a Compiled */

	/* The canonical text, terminated, in the current context; NULL with *error filled. */
	char	   *(*canonical) (const char *text, size_t length, bool utf8, ZoneCheck zone_known, size_t *canonical_length,
							  LanguageError *error);

	/*
	 * Fills in what is behind the head, and its program: from its canonical text, in the current context, which the result
	 * lives in. Fails if the text does not suit masks.
	 */
	void		(*compile) (Compiled *compiled, bool utf8);
} Language;

/* The functions of a type. */
extern Datum language_in(FunctionCallInfo fcinfo, const Language *language);
extern Datum language_out(FunctionCallInfo fcinfo, const Language *language);
extern Datum language_recv(FunctionCallInfo fcinfo, const Language *language);
extern Datum language_send(FunctionCallInfo fcinfo, const Language *language);

#define LANGUAGE_TYPE(name, language) \
	PG_FUNCTION_INFO_V1(name##_in); \
	PG_FUNCTION_INFO_V1(name##_out); \
	PG_FUNCTION_INFO_V1(name##_recv); \
	PG_FUNCTION_INFO_V1(name##_send); \
	Datum name##_in(PG_FUNCTION_ARGS) { return language_in(fcinfo, language); } \
	Datum name##_out(PG_FUNCTION_ARGS) { return language_out(fcinfo, language); } \
	Datum name##_recv(PG_FUNCTION_ARGS) { return language_recv(fcinfo, language); } \
	Datum name##_send(PG_FUNCTION_ARGS) { return language_send(fcinfo, language); }

/* A value of a canonical text. */
extern Datum language_value_make(const char *text, size_t length);

/* A value of a text as a person writes it; errors are soft if there is a context for them. */
extern Datum language_value_read(const Language *language, const char *text, size_t length, Node *soft_context);

/* The canonical text of a value; points into it (or into a detoasted copy). */
extern StoredValue language_value_open(const Language *language, Datum value);

/*
 * The compiled form of a literal, which stays valid until `holder` is reset or deleted. What was compiled
 * is kept for the life of the session (a few that nobody holds, and all that somebody does), so this is
 * cheap for a literal that was seen before. Fails if it does not suit masks.
 */
extern const Compiled *compiled_hold(const Language *language, MemoryContext holder, Datum value, bool masks);

/* The same for a canonical text that comes from inside another value; data_corrupted if it is not one. */
extern const Compiled *compiled_hold_text(const Language *language, MemoryContext holder, const char *text, size_t length,
										  bool masks);

/*
 * The compiled form of a literal for labels, for use at once: it may be gone after the next look-up of any.
 * Allocates nothing for one that was seen before.
 */
extern const Compiled *compiled_peek(const Language *language, Datum value);

/* Whether a value is the one that was compiled. */
extern bool compiled_is(const Compiled *compiled, Datum value);

/* Whether two are of one text. */
extern bool compiled_same(const Compiled *a, const Compiled *b);

/* A function that works on a literal of the database's encoding asks this. */
extern bool database_is_utf8(void);

#endif							/* KPI_LANGUAGE_VALUE_H */
