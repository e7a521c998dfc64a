/*
 * record_sort.h: sorting records of a few 64-bit words, in memory and in files.
 *
 * Records are compared word by word: as unsigned numbers, but one of the words, the time, as a signed
 * one. Equal records are the same, so there is no question of stability.
 */
#ifndef KPI_RECORD_SORT_H
#define KPI_RECORD_SORT_H

#include "host.h"

#define RECORD_MAX_WORDS 5

/* Sorts in memory; `spare` has room for as many records. */
extern void records_sort(uint64_t *records, uint64_t *spare, size_t count, int words, int time_word);

/* Sorts any number of records with `memory` bytes (a little more if that is very little). */
typedef struct RecordSorter RecordSorter;

extern RecordSorter *record_sorter_make(int words, int time_word, size_t memory);
extern void record_sorter_add(RecordSorter *sorter, const uint64_t *record);

/* Ends the sorting: gives the file that holds the records in order from its start, for the caller to close. */
extern HostFile *record_sorter_finish(RecordSorter *sorter, size_t *count);

#endif							/* KPI_RECORD_SORT_H */
