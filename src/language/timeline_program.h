/*
 * timeline_program.h: what the labels of a timeline mean to a compiled pattern.
 *
 * A timeline has its own dictionary, so labels are looked up once each, not once an event; and often
 * the dictionary alone shows that the pattern is not fulfilled, and no event has to be read.
 */
#ifndef KPI_TIMELINE_PROGRAM_H
#define KPI_TIMELINE_PROGRAM_H

#include "engine/timeline.h"
#include "language/chain.h"

/*
 * Fills code_of[], which has room for timeline->nlabels, with the code of each label, as timeline_events wants them. Returns
 * the steps that the labels can fulfil: bit s: some event has a label that fulfils step s. For programs of labels, not of masks.
 */
extern uint64_t timeline_program_codes(const Program *program, const Timeline *timeline,
									   uint64_t *code_of);

/* Whether a chain can begin, so that there is a level, where just these steps can be fulfilled. */
extern bool program_can_begin(const Program *program, uint64_t fulfilled);

/*
 * Whether nothing more can be reached than the first step, which is, where just these steps can be fulfilled: so the
 * events need not be looked at.
 */
extern bool program_only_begins(const Program *program, uint64_t fulfilled);

/* Whether all the required steps are among these; only then a pass can be complete. */
extern bool program_can_complete(const Program *program, uint64_t fulfilled);

/* Whether all the required steps are among those reached by a chain from the first step. */
extern bool program_is_complete(const Program *program, const Chase *chase);

#endif							/* KPI_TIMELINE_PROGRAM_H */
