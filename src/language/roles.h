/*
 * roles.h: sets of labels that mean something to an analysis, such as the start and the return of a retention: which
 * of them is an event in?
 */
#ifndef KPI_ROLES_H
#define KPI_ROLES_H

#include "language/program.h"

/* One set. */
typedef struct Role
{
	LabelSet	labels;			/* empty: no event has the role, unless `any` */
	bool		any;			/* every event has it */
} Role;

/*
 * A program whose codes tell the roles of an event: at most 63 of them. `masks` as in program_make. Keeps no pointer to
 * the roles or the labels.
 */
extern Program *roles_compile(HostArena arena, const Label *labels, uint32_t nlabels, const Role *roles, int nroles,
							  bool masks);

/* Bit r: an event of this code has role r. */
static inline uint64_t
code_roles(const Program *program, uint64_t code)
{
	return program_meaning(program, code).steps;
}

#endif							/* KPI_ROLES_H */
