/*
 * roles.c: see roles.h.
 */
#include "language/roles.h"

Program *
roles_compile(HostArena arena, const Label *labels, uint32_t nlabels, const Role *roles, int nroles, bool masks)
{
	Step		steps[PATTERN_MAX_STEPS];
	Label		none;
	Pattern		pattern = {0};

	memset(steps, 0, sizeof(steps));
	host_assert(nroles > 0 && nroles <= PATTERN_MAX_STEPS);
	/* As steps of a pattern in which an event may fulfil several; nothing is ever matched. */
	for (int r = 0; r < nroles; r++)
	{
		steps[r].labels = roles[r].labels;
		steps[r].any = roles[r].any;
	}
	pattern.nsteps = nroles;
	pattern.steps = steps;
	pattern.nlabels = nlabels;
	pattern.labels = nlabels > 0 ? (Label *) labels : &none;
	pattern.reuse_rows = true;
	return program_make(arena, &pattern, masks);
}
