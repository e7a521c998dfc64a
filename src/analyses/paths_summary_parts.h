/*
 * paths_summary_parts.h: between the files of the summary of paths.
 */
#ifndef KPI_PATHS_SUMMARY_PARTS_H
#define KPI_PATHS_SUMMARY_PARTS_H

#include "analyses/paths_summary.h"

/* Adds; HOST_LIMIT if it passes 64 bits. */
extern void paths_add_to_count(int64_t *count, int64_t more);

/* Room for one more element in an array that is kept. */
extern void *paths_make_room(void *array, size_t count, size_t *size, size_t element);

extern void *paths_make_room_32(void *array, uint32_t count, uint32_t *size, size_t element);

/* Forgets where what is: for who has moved it. */
extern void paths_drop_tables(PathsSummary *summary);

/* Folds the rarest, if the limits are passed. */
extern void paths_fold_rarest(PathsSummary *summary);

/* Gives a label its new number; the special ones keep theirs. */
extern void paths_renumber(uint32_t *label, const uint32_t *numbers);

#endif							/* KPI_PATHS_SUMMARY_PARTS_H */
