/*
 * analysis.h: what all analyses share: collecting rows in a log or taking timelines, one actor at a time, and
 * the summary as a value of a type of its own.
 *
 * An analysis is an Analysis: a language for its literals, a summary that can be merged, written and read (plain C, in
 * <name>_summary.c), and a tally that adds an actor's events to a summary. ANALYSIS_FUNCTIONS defines the C functions
 * behind its SQL objects.
 */
#ifndef KPI_ANALYSIS_H
#define KPI_ANALYSIS_H

#include "kpi_track.h"

#include "nodes/primnodes.h"
#include "utils/timestamp.h"

#include "analyses/aggregate.h"
#include "engine/amount.h"
#include "engine/label_book.h"
#include "engine/moment.h"
#include "engine/timeline_value.h"
#include "language/program.h"
#include "summary_type.h"

/* What every tally begins with. */
typedef struct Tally
{
	const struct Analysis *analysis;
	MemoryContext context;		/* of everything in it */
	const Compiled *compiled;
	SummaryHead *summary;
} Tally;

typedef struct Analysis
{
	/* The summary's type; it has a language. Its members may be named without `type`. */
	union
	{
		struct
		{
			SUMMARY_TYPE_MEMBERS
		};
		SummaryType type;
	};
	size_t		tally_size;
	bool		valued;			/* takes the values of events, where there are any */

	/* Fails if a literal asks for what rows do not have. NULL: none does. */
	void		(*check_rows) (const Compiled *compiled);

	/* Makes what else a tally needs; its context is current. */
	void		(*begin) (Tally *tally);

	/* Adds one actor, all its events that the program gives a code to, in order. The tally's context is current. */
	void		(*add) (Tally *tally, const EventSeq *events);

	/*
	 * Adds a timeline without a look at its events, if the steps that its labels can fulfil say enough; else false. May
	 * be NULL.
	 */
	bool		(*add_quickly) (Tally *tally, uint64 fulfilled);

	/*
	 * For an analysis that asks for the labels themselves, of all events. The codes of events from rows are those of a
	 * book, which the tally is given before the first actor. Timelines come whole, with the program's codes of their
	 * labels, instead of through `add`. NULL: codes are the program's.
	 */
	void		(*take_book) (Tally *tally, const LabelBook *book);
	void		(*add_timeline) (Tally *tally, const Timeline *timeline, const uint64_t *codes);

	/* Notes the latest (finite) time of all rows, also of those that do not matter. NULL: nobody wants to know. */
	void		(*seen) (void *summary, int64 latest);
} Analysis;

/* ---- values: see summary_type.h ---- */

static inline void
analysis_open(const Analysis *analysis, Datum datum, void *summary)
{
	summary_open(&analysis->type, datum, summary);
}

static inline Datum
analysis_make(const Analysis *analysis, const void *summary)
{
	return summary_make(&analysis->type, summary);
}

/* ---- tallies ---- */

/* A tally of nobody. */
extern Tally *tally_make(const Analysis *analysis, MemoryContext context, const Compiled *compiled);

/* Counts one actor. */
extern void tally_add(Tally *tally, const EventSeq *events);

/* ---- the aggregate over rows ---- */

typedef struct RowsState
{
	const Analysis *analysis;
	const Compiled *compiled;	/* held by the aggregate's context */
	const Program *program;		/* its */
	bool		constant;		/* the literal is a constant of the query: no need to look again */
	bool		wide_keys;
	bool		valued;
	int64		latest;			/* of all rows; MOMENT_MIN: none */
	ActorLog   *log;
	LabelBook  *book;			/* NULL unless the analysis takes one */
} RowsState;

/* The state of a call that has none yet; the literal is argument `number` of the function. */
extern RowsState *rows_begin(FunctionCallInfo fcinfo, const Analysis *analysis, MemoryContext context, int number,
							 bool wide_keys, bool masks, bool valued);

extern Datum rows_final(FunctionCallInfo fcinfo, const Analysis *analysis);
extern Datum rows_combine(FunctionCallInfo fcinfo);
extern Datum rows_serialise(FunctionCallInfo fcinfo);
extern Datum rows_deserialise(FunctionCallInfo fcinfo, const Analysis *analysis);

/* The word for a value argument; an error that names the value if it does not fit. */
extern int64 amount_of_numeric(Datum value);

/* The state of a call, made at the first row. */
static inline RowsState *
rows_state(FunctionCallInfo fcinfo, const Analysis *analysis, int number, bool wide_keys, bool masks, bool valued)
{
	MemoryContext context = aggregate_context(fcinfo);
	RowsState  *state;

	if (PG_ARGISNULL(0))
		return rows_begin(fcinfo, analysis, context, number, wide_keys, masks, valued);
	state = (RowsState *) PG_GETARG_POINTER(0);
	if (!state->constant)
		summary_check_literal(state->compiled, PG_ARGISNULL(number), PG_GETARG_DATUM(number));
	return state;
}

static inline uint64
code_of_label(Datum datum, const RowsState *state)
{
	text	   *event = DatumGetTextPP(datum);

	return label_code(state->program, VARDATA_ANY(event), VARSIZE_ANY_EXHDR(event));
}

static inline uint64
code_of_mask(Datum datum, const RowsState *state)
{
	return program_mask_code(state->program, (uint64) DatumGetInt64(datum));
}

/* Of analyses that take a book. */
static inline uint64
code_of_kept_label(Datum datum, const RowsState *state)
{
	text	   *event = DatumGetTextPP(datum);

	return label_book_code(state->book, VARDATA_ANY(event), VARSIZE_ANY_EXHDR(event));
}

static inline void
rows_see(RowsState *state, const Analysis *analysis, int64 at)
{
	if (analysis->seen != NULL && at > state->latest && at != MOMENT_MAX)
		state->latest = at;
}

/* ---- the aggregate over timelines ---- */

extern Datum timelines_transition(FunctionCallInfo fcinfo, const Analysis *analysis);
extern Datum timelines_final(FunctionCallInfo fcinfo, const Analysis *analysis);

/* ---- all functions of an analysis ---- */

/* (state, actor, ts, event, literal) */
#define ROWS_TRANSITION(name, analysis, actor_kind, event_kind, wide_keys, masks) \
PG_FUNCTION_INFO_V1(name##_##actor_kind##_##event_kind); \
Datum \
name##_##actor_kind##_##event_kind(PG_FUNCTION_ARGS) \
{ \
	RowsState  *state = rows_state(fcinfo, analysis, 4, wide_keys, masks, false); \
	uint64		code; \
	\
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) \
		PG_RETURN_POINTER(state); \
	rows_see(state, analysis, PG_GETARG_TIMESTAMPTZ(2)); \
	if ((code = code_of_##event_kind(PG_GETARG_DATUM(3), state)) != 0) \
		actor_log_append(state->log, actor_kind##_actor(PG_GETARG_DATUM(1)), PG_GETARG_TIMESTAMPTZ(2), code); \
	PG_RETURN_POINTER(state); \
}

/* (state, actor, ts, event, value, literal) */
#define VALUED_TRANSITION(name, analysis, actor_kind, event_kind, wide_keys, masks) \
PG_FUNCTION_INFO_V1(name##_##actor_kind##_##event_kind##_value); \
Datum \
name##_##actor_kind##_##event_kind##_value(PG_FUNCTION_ARGS) \
{ \
	RowsState  *state = rows_state(fcinfo, analysis, 5, wide_keys, masks, true); \
	uint64		code; \
	\
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) \
		PG_RETURN_POINTER(state); \
	rows_see(state, analysis, PG_GETARG_TIMESTAMPTZ(2)); \
	if ((code = code_of_##event_kind(PG_GETARG_DATUM(3), state)) != 0) \
		actor_log_append_value(state->log, actor_kind##_actor(PG_GETARG_DATUM(1)), PG_GETARG_TIMESTAMPTZ(2), code, \
							   PG_ARGISNULL(4) ? AMOUNT_NONE : amount_of_numeric(PG_GETARG_DATUM(4))); \
	PG_RETURN_POINTER(state); \
}

/* (state, actor, ts, literal): every row is an event */
#define TIMES_TRANSITION(name, analysis, actor_kind, wide_keys) \
PG_FUNCTION_INFO_V1(name##_##actor_kind); \
Datum \
name##_##actor_kind(PG_FUNCTION_ARGS) \
{ \
	RowsState  *state = rows_state(fcinfo, analysis, 3, wide_keys, false, false); \
	\
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2)) \
		PG_RETURN_POINTER(state); \
	rows_see(state, analysis, PG_GETARG_TIMESTAMPTZ(2)); \
	actor_log_append(state->log, actor_kind##_actor(PG_GETARG_DATUM(1)), PG_GETARG_TIMESTAMPTZ(2), 1); \
	PG_RETURN_POINTER(state); \
}

/* (state, actor, ts, amount, literal): every row with an amount is an event */
#define AMOUNTS_TRANSITION(name, analysis, actor_kind, wide_keys) \
PG_FUNCTION_INFO_V1(name##_##actor_kind); \
Datum \
name##_##actor_kind(PG_FUNCTION_ARGS) \
{ \
	RowsState  *state = rows_state(fcinfo, analysis, 4, wide_keys, false, true); \
	\
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2)) \
		PG_RETURN_POINTER(state); \
	rows_see(state, analysis, PG_GETARG_TIMESTAMPTZ(2)); \
	if (!PG_ARGISNULL(3)) \
		actor_log_append_value(state->log, actor_kind##_actor(PG_GETARG_DATUM(1)), PG_GETARG_TIMESTAMPTZ(2), 1, \
							   amount_of_numeric(PG_GETARG_DATUM(3))); \
	PG_RETURN_POINTER(state); \
}

/* (state, actor, ts, event, literal), for analyses that take a book */
#define KEPT_LABELS_TRANSITION(name, analysis, actor_kind, wide_keys) \
PG_FUNCTION_INFO_V1(name##_##actor_kind##_label); \
Datum \
name##_##actor_kind##_label(PG_FUNCTION_ARGS) \
{ \
	RowsState  *state = rows_state(fcinfo, analysis, 4, wide_keys, false, false); \
	\
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) \
		PG_RETURN_POINTER(state); \
	rows_see(state, analysis, PG_GETARG_TIMESTAMPTZ(2)); \
	actor_log_append(state->log, actor_kind##_actor(PG_GETARG_DATUM(1)), PG_GETARG_TIMESTAMPTZ(2), \
					 code_of_kept_label(PG_GETARG_DATUM(3), state)); \
	PG_RETURN_POINTER(state); \
}

#define ANALYSIS_EVENTS(name, analysis) \
	ROWS_TRANSITION(name, analysis, bigint, label, false, false) \
	ROWS_TRANSITION(name, analysis, uuid, label, true, false) \
	ROWS_TRANSITION(name, analysis, text, label, true, false) \
	ROWS_TRANSITION(name, analysis, bigint, mask, false, true) \
	ROWS_TRANSITION(name, analysis, uuid, mask, true, true) \
	ROWS_TRANSITION(name, analysis, text, mask, true, true)

#define ANALYSIS_VALUED_EVENTS(name, analysis) \
	VALUED_TRANSITION(name, analysis, bigint, label, false, false) \
	VALUED_TRANSITION(name, analysis, uuid, label, true, false) \
	VALUED_TRANSITION(name, analysis, text, label, true, false) \
	VALUED_TRANSITION(name, analysis, bigint, mask, false, true) \
	VALUED_TRANSITION(name, analysis, uuid, mask, true, true) \
	VALUED_TRANSITION(name, analysis, text, mask, true, true)

#define ANALYSIS_KEPT_LABELS(name, analysis) \
	KEPT_LABELS_TRANSITION(name, analysis, bigint, false) \
	KEPT_LABELS_TRANSITION(name, analysis, uuid, true) \
	KEPT_LABELS_TRANSITION(name, analysis, text, true)

#define ANALYSIS_AMOUNTS(name, analysis) \
	AMOUNTS_TRANSITION(name, analysis, bigint, false) \
	AMOUNTS_TRANSITION(name, analysis, uuid, true) \
	AMOUNTS_TRANSITION(name, analysis, text, true)

#define ANALYSIS_TIMES(name, analysis) \
	TIMES_TRANSITION(name, analysis, bigint, false) \
	TIMES_TRANSITION(name, analysis, uuid, true) \
	TIMES_TRANSITION(name, analysis, text, true)

#define ANALYSIS_FUNCTIONS(name, analysis) \
	PG_FUNCTION_INFO_V1(name##_final); \
	PG_FUNCTION_INFO_V1(name##_combine); \
	PG_FUNCTION_INFO_V1(name##_serialise); \
	PG_FUNCTION_INFO_V1(name##_deserialise); \
	PG_FUNCTION_INFO_V1(name##_timeline); \
	PG_FUNCTION_INFO_V1(name##_timeline_final); \
	Datum name##_final(PG_FUNCTION_ARGS) { return rows_final(fcinfo, analysis); } \
	Datum name##_combine(PG_FUNCTION_ARGS) { return rows_combine(fcinfo); } \
	Datum name##_serialise(PG_FUNCTION_ARGS) { return rows_serialise(fcinfo); } \
	Datum name##_deserialise(PG_FUNCTION_ARGS) { return rows_deserialise(fcinfo, analysis); } \
	Datum name##_timeline(PG_FUNCTION_ARGS) { return timelines_transition(fcinfo, analysis); } \
	Datum name##_timeline_final(PG_FUNCTION_ARGS) { return timelines_final(fcinfo, analysis); } \
	SUMMARY_FUNCTIONS(name, &(analysis)->type)

#endif							/* KPI_ANALYSIS_H */
