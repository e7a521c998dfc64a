/*
 * program.c: compiles a pattern for matching: what each label or mask means, and the routes through it.
 */
#include "language/program.h"

#include <stdlib.h>
#include <string.h>

/* ---- labels ---- */

static bool
starts_with(const char *bytes, size_t length, const Label *prefix)
{
	return length >= prefix->length && memcmp(bytes, prefix->bytes, prefix->length) == 0;
}

/* Whether a set means the event labelled so or, of a prefix, the events that only begin so. */
static bool
set_holds(const Pattern *pattern, LabelSet set, const Label *what)
{
	for (uint32_t i = set.first; i < set.first + set.count; i++)
	{
		const Label *label = &pattern->labels[i];

		if (label->prefix ? starts_with(what->bytes, what->length, label) :
			!what->prefix && label->length == what->length &&
			memcmp(label->bytes, what->bytes, what->length) == 0)
			return true;
	}
	return false;
}

/* What a label means; NULL: one that the pattern does not name. */
static Meaning
label_meaning(const Program *program, const Pattern *pattern, const Label *label)
{
	Meaning		meaning = {program->any_steps, program->next_arrows};

	if (label == NULL)
		return meaning;
	for (int s = 0; s < pattern->nsteps; s++)
	{
		const Step *step = &pattern->steps[s];

		if (!step->any && set_holds(pattern, step->labels, label))
			meaning.steps |= UINT64_C(1) << s;
		if (s > 0 && set_holds(pattern, step->arrow.no, label))
			meaning.barred |= UINT64_C(1) << s;
	}
	return meaning;
}

/* The code of a meaning; equal meanings share one, no meaning at all has code 0. */
static uint32_t
intern_meaning(Program *program, Meaning meaning)
{
	for (uint32_t code = 0; code <= program->ncodes; code++)
		if (program->meanings[code].steps == meaning.steps &&
			program->meanings[code].barred == meaning.barred)
			return code;
	program->meanings[++program->ncodes] = meaning;
	return program->ncodes;
}

static LabelEntry
make_entry(HostArena arena, Program *program, const Pattern *pattern, const Label *label)
{
	LabelEntry	entry;
	char	   *copy = host_alloc(arena, label->length);

	memcpy(copy, label->bytes, label->length);
	entry.bytes = copy;
	entry.length = label->length;
	entry.code = intern_meaning(program, label_meaning(program, pattern, label));
	load_ends(copy, label->length, &entry.head, &entry.tail);
	return entry;
}

static int
longer_first(const void *a, const void *b)
{
	uint32_t	left = ((const LabelEntry *) a)->length;
	uint32_t	right = ((const LabelEntry *) b)->length;

	return left < right ? 1 : left > right ? -1 : 0;
}

static void
compile_labels(HostArena arena, Program *program, const Pattern *pattern)
{
	uint32_t	size = 8;

	while (size < pattern->nlabels * 4)
		size *= 2;
	program->table = host_alloc0(arena, size * sizeof(LabelEntry));
	program->table_mask = size - 1;
	program->prefixes = host_alloc(arena, (pattern->nlabels + 1) * sizeof(LabelEntry));
	program->meanings = host_alloc0(arena, (pattern->nlabels + 2) * sizeof(Meaning));

	/* In the order of the steps, so that where an event has one step, its code is that step's number. */
	for (int s = 0; s < pattern->nsteps; s++)
	{
		LabelSet	sets[2];

		sets[0] = pattern->steps[s].labels;
		sets[1] = s > 0 ? pattern->steps[s].arrow.no : (LabelSet) {0, 0};
		for (int which = 0; which < 2; which++)
			for (uint32_t i = sets[which].first; i < sets[which].first + sets[which].count; i++)
			{
				LabelEntry	entry = make_entry(arena, program, pattern, &pattern->labels[i]);
				uint32_t	slot = ends_hash(entry.head, entry.tail, entry.length) & program->table_mask;

				if (pattern->labels[i].prefix)
				{
					program->prefixes[program->nprefixes++] = entry;
					continue;
				}
				while (program->table[slot].length != 0)
					slot = (slot + 1) & program->table_mask;
				program->table[slot] = entry;
			}
	}
	program->other_code = intern_meaning(program, label_meaning(program, pattern, NULL));
	qsort(program->prefixes, program->nprefixes, sizeof(LabelEntry), longer_first);
}

uint64_t
program_prefix_code(const Program *program, const char *label, size_t length)
{
	for (uint32_t i = 0; i < program->nprefixes; i++)
	{
		const LabelEntry *prefix = &program->prefixes[i];

		if (prefix->length <= length && memcmp(prefix->bytes, label, prefix->length) == 0)
			return prefix->code;
	}
	return program->other_code;
}

uint64_t
program_label_code(const Program *program, const char *label, size_t length)
{
	return label_code(program, label, length);
}

/* ---- masks ---- */

/* The bit of a condition in compressed masks; labels of mask patterns are the numbers 1..63. */
static uint64_t
condition_bit(Program *program, const Label *label)
{
	int			number = 0;

	for (uint32_t i = 0; i < label->length && number <= 63; i++)
		number = label->bytes[i] >= '0' && label->bytes[i] <= '9' && (i > 0 || label->bytes[i] != '0')
			? number * 10 + (label->bytes[i] - '0') : 64;
	if (label->prefix || number < 1 || number > 63)
		host_fail(HOST_BAD_VALUE,
				  "Where events are masks of conditions, the labels are the numbers 1 to 63.",
				  "label \"%.*s%s\" is not the number of a condition",
				  label->length > 100 ? 100 : (int) label->length, label->bytes,
				  label->prefix ? "*" : "");
	for (int i = 0; i < program->nconditions; i++)
		if (program->condition[i] == number - 1)
			return UINT64_C(1) << i;
	program->condition[program->nconditions] = (uint8_t) (number - 1);
	program->named |= UINT64_C(1) << (number - 1);
	return UINT64_C(1) << program->nconditions++;
}

static uint64_t
set_conditions(Program *program, const Pattern *pattern, LabelSet set)
{
	uint64_t	bits = 0;

	for (uint32_t i = set.first; i < set.first + set.count; i++)
		bits |= condition_bit(program, &pattern->labels[i]);
	return bits;
}

static void
compile_masks(Program *program, const Pattern *pattern)
{
	for (int s = 0; s < pattern->nsteps; s++)
	{
		const Step *step = &pattern->steps[s];

		program->step_conditions[s] = set_conditions(program, pattern, step->labels);
		if (s > 0)
			program->no_conditions[s] = set_conditions(program, pattern, step->arrow.no);
	}
	program->keep_all = program->any_steps != 0 || program->next_arrows != 0;
	program->in_order = true;
	for (int i = 0; i < program->nconditions; i++)
		if (program->condition[i] != i)
			program->in_order = false;
}

uint64_t
program_max_code(const Program *program)
{
	return program->masks ? UINT64_MAX : program->ncodes;
}

uint64_t
program_mask_code(const Program *program, uint64_t mask)
{
	uint64_t	code = 0;

	mask &= program->named;
	if (program->in_order)
		code = mask;
	else
	{
		for (int i = 0; i < program->nconditions; i++)
			code |= ((mask >> program->condition[i]) & 1) << i;
	}
	return program->keep_all ? (code << 1) | 1 : code;
}

/* ---- routes ---- */

static void
make_route(Route *route, const Pattern *pattern, uint64_t left_out, int last_required)
{
	memset(route, 0, sizeof(*route));
	for (int s = 0; s < pattern->nsteps; s++)
	{
		const Arrow *arrow = &pattern->steps[s].arrow;
		int			place = route->length;

		if (left_out & (UINT64_C(1) << s))
			continue;
		if (place == 0 || (arrow->has_min && arrow->min_span > 0))
			route->leg_start[route->nlegs++] = (uint8_t) place;
		route->step[route->length++] = (uint8_t) s;
		if (s <= last_required)
			route->complete = route->length;
	}
	route->leg_start[route->nlegs] = (uint8_t) route->length;
}

static void
compile_routes(HostArena arena, Program *program, const Pattern *pattern)
{
	uint8_t		optional[PATTERN_MAX_OPTIONAL];
	int			noptional = 0;

	for (int s = 0; s < pattern->nsteps; s++)
	{
		if (!pattern->steps[s].optional)
			program->last_required = s;
		else if (noptional < PATTERN_MAX_OPTIONAL)
			optional[noptional++] = (uint8_t) s;
		else
			host_fail(HOST_BUG, NULL, "pattern with too many optional steps");
	}
	program->nroutes = 1 << noptional;
	program->routes = host_alloc(arena, program->nroutes * sizeof(Route));
	for (int choice = 0; choice < program->nroutes; choice++)
	{
		uint64_t	left_out = 0;

		for (int i = 0; i < noptional; i++)
			if (choice & (1 << i))
				left_out |= UINT64_C(1) << optional[i];
		make_route(&program->routes[choice], pattern, left_out, program->last_required);
	}
}

/* ---- the program ---- */

static bool
one_step_each(const Program *program)
{
	uint64_t	seen = 0;

	if (program->masks)
		return false;			/* several conditions may hold at once */
	for (uint32_t code = 1; code <= program->ncodes; code++)
	{
		uint64_t	steps = program->meanings[code].steps;

		if ((steps & (steps - 1)) != 0)
			return false;
		seen |= steps;
	}
	return seen == (UINT64_C(1) << program->nsteps) - 1;
}

Program *
program_make(HostArena arena, const Pattern *pattern, bool masks)
{
	Program    *program = host_alloc0(arena, sizeof(Program));
	bool		bounded = false;

	host_assert(pattern->nsteps >= 1 && pattern->nsteps <= PATTERN_MAX_STEPS);
	program->nsteps = pattern->nsteps;
	program->masks = masks;
	program->strictly_increasing = pattern->strictly_increasing;
	program->any_order = pattern->any_order;
	program->first_entry = pattern->first_entry;
	program->reuse_rows = pattern->reuse_rows;
	program->open = pattern->open;
	program->within = pattern->has_within ? pattern->within : SPAN_FOREVER;
	for (int s = 0; s < pattern->nsteps; s++)
	{
		const Step *step = &pattern->steps[s];
		const Arrow *arrow = &step->arrow;

		program->links[s].min_span = s > 0 && arrow->has_min ? arrow->min_span : 0;
		program->links[s].max_span = s > 0 && arrow->has_max ? arrow->max_span : SPAN_FOREVER;
		if (step->any)
			program->any_steps |= UINT64_C(1) << s;
		if (s > 0 && arrow->next)
			program->next_arrows |= UINT64_C(1) << s;
		if (s > 0 && (arrow->next || arrow->no.count > 0))
			program->guarded = true;
		if (s > 0 && (arrow->has_min || arrow->has_max))
			bounded = true;
	}
	if (masks)
		compile_masks(program, pattern);
	else
		compile_labels(arena, program, pattern);
	compile_routes(arena, program, pattern);
	program->single = one_step_each(program);
	program->simple = program->single && !program->guarded && !bounded && program->nroutes == 1 &&
		!program->strictly_increasing && !program->any_order;
	return program;
}

int
program_steps(const Program *program)
{
	return program->nsteps;
}

bool
program_is_entry(const Program *program, uint64_t code)
{
	uint64_t	steps = program_meaning(program, code).steps;

	return program->open || program->any_order ? steps != 0 : (steps & 1) != 0;
}
