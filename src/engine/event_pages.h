/*
 * event_pages.h: reads sorted events from a file, a few pages at a time, in whatever order they are asked for.
 */
#ifndef KPI_EVENT_PAGES_H
#define KPI_EVENT_PAGES_H

#include "engine/event.h"

/*
 * The file holds records of `record_words` words; an event begins at word `skip` of each. The pages live in the
 * current arena and take up to about `memory` bytes. The file stays the caller's.
 */
extern EventPages *event_pages_make(HostFile *file, int record_words, int skip, size_t memory);

extern void event_pages_free(EventPages *pages);

/* The events number first .. first + count - 1 of the file. */
extern EventSeq event_pages_seq(EventPages *pages, size_t first, size_t count);

/* The whole record an event is in; valid until the next call. */
extern const uint64_t *event_pages_record(EventPages *pages, size_t index);

#endif							/* KPI_EVENT_PAGES_H */
