/*
 * timeline_program.c: what the labels of a timeline mean to a compiled pattern.
 */
#include "language/timeline_program.h"

#include "language/program.h"

uint64_t
timeline_program_codes(const Program *program, const Timeline *timeline, uint64_t *code_of)
{
	uint64_t	fulfilled = 0;

	host_assert(!program->masks);
	for (uint32_t i = 0; i < timeline->nlabels; i++)
	{
		const TimelineLabel *label = &timeline->labels[i];

		code_of[i] = label_code(program, label->bytes, label->length);
		fulfilled |= program_meaning(program, code_of[i]).steps;
	}
	return fulfilled;
}

bool
program_can_begin(const Program *program, uint64_t fulfilled)
{
	return program->open || program->any_order ? fulfilled != 0 : (fulfilled & 1) != 0;
}

bool
program_only_begins(const Program *program, uint64_t fulfilled)
{
	return program->simple && !program->open && program->nsteps > 1 && (fulfilled & 3) == 1;
}

bool
program_can_complete(const Program *program, uint64_t fulfilled)
{
	/* The last route leaves out every optional step. */
	const Route *route = &program->routes[program->nroutes - 1];

	for (int place = 0; place < route->length; place++)
		if ((fulfilled & (UINT64_C(1) << route->step[place])) == 0)
			return false;
	return true;
}

bool
program_is_complete(const Program *program, const Chase *chase)
{
	uint64_t	from_first = program->open ? chase->closed : chase->reached;

	return (from_first & (UINT64_C(1) << program->last_required)) != 0;
}
