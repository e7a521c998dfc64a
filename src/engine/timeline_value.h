/*
 * timeline_value.h: kpi.timeline in the server: opening and making values.
 */
#ifndef KPI_TIMELINE_VALUE_H
#define KPI_TIMELINE_VALUE_H

#include "kpi_track.h"

#include "utils/array.h"
#include "utils/numeric.h"

#include "engine/amount.h"
#include "engine/timeline.h"

/*
 * Opens a kpi.timeline; the timeline points into the datum (or a detoasted copy in the current context). Fails with
 * data_corrupted for damaged bytes, with feature_not_supported for those of a later version.
 */
extern void timeline_open_datum(Datum datum, Timeline *timeline);

/* The same with timeline_open_among. */
extern void timeline_open_datum_among(Datum datum, Timeline *timeline, TimelineDictionaries *dictionaries);

/* A writer for the bytes of a value, and the value that it has written, without a copy. */
extern void timeline_writer_init(WireWriter *writer);
extern Datum timeline_writer_datum(WireWriter *writer);

/* The value of what a builder has collected. */
extern Datum timeline_builder_datum(const TimelineBuilder *builder);

/*
 * Opens bytes from outside, version byte included, and looks at each of them; data_corrupted unless they are a
 * timeline in its one encoding.
 */
extern void timeline_open_hostile(StoredValue value, Timeline *timeline);

/* A numeric as number / 10^decimals; an error that names it if it is none. */
extern void timeline_number(Datum value, int64 *number, uint8 *decimals);

/* And back. */
extern Numeric timeline_numeric(int64 number, int decimals);

/* The value of an event as an amount, AMOUNT_NONE if it has none; an error if it does not fit. */
extern int64 timeline_amount(const TimelineEvent *event);

/* All events of a timeline, in the current context. */
extern TimelineEvent *timeline_decode_all(const Timeline *timeline);

/* Which of a timeline's labels are in an array of texts, nulls aside; *any: whether one is. */
extern bool *timeline_labels_among(const Timeline *timeline, ArrayType *labels, bool *any);

#endif							/* KPI_TIMELINE_VALUE_H */
