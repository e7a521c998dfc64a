/*
 * timeline_text.h: timelines as text.
 *
 * {2024-01-01 00:00:00Z view, 2024-01-01 00:00:05.25Z "add to cart" = 12.5}
 */
#ifndef KPI_TIMELINE_TEXT_H
#define KPI_TIMELINE_TEXT_H

#include "engine/timeline.h"
#include "language/pattern.h"

/* The text, terminated, in the current arena; *length without the terminator. */
extern char *timeline_print(const Timeline *timeline, bool utf8, size_t *length);

/* Adds the events of a text to a builder. False, with *error filled, if it is not a timeline. */
extern bool timeline_parse(const char *text, size_t length, bool utf8, TimelineBuilder *builder,
						   LanguageError *error);

#endif							/* KPI_TIMELINE_TEXT_H */
