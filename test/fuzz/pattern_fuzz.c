/*
 * pattern_fuzz.c: any text is refused or a pattern that prints as one that reads the same; and the matcher takes any events.
 */
#include "fuzz.h"

#include "language/chain.h"
#include "language/pattern.h"

const unsigned fuzz_errors = 1u << HOST_LIMIT | 1u << HOST_BAD_VALUE;

static bool
any_zone(const char *zone)
{
	return strlen(zone) < 30;
}

static int
compare(const void *a, const void *b)
{
	const Event *x = a;
	const Event *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->code > y->code) - (x->code < y->code);
}

static void
match(const Pattern *pattern, Input *rest)
{
	static const EntrySpan all = {MOMENT_MIN, MOMENT_MAX};
	Program    *program = program_make(NULL, pattern, false);
	Chaser	   *chaser = chaser_make(NULL, program);
	uint64_t	max = program_max_code(program);
	Event		events[64];
	size_t		count = 0;
	EventSeq	seq;
	Chase		chase;

	for (; count < 64 && rest->length > 0 && max > 0; count++)
	{
		events[count].at = (int64_t) take(rest, 1) * 60000000;
		events[count].code = 1 + take(rest, 1) % max;
	}
	qsort(events, count, sizeof(Event), compare);
	seq = event_seq_of_array(events, count);
	chaser_run(chaser, &seq, all, &chase);
	MUST(chase.level >= 0 && chase.level <= pattern->nsteps);
	MUST(chase.completions >= 0 && chase.completions <= (int64_t) count);
	MUST((chase.level == 0) == (chase.reached == 0));
}

void
fuzz_one(const Input *input)
{
	Input		rest = *input;
	size_t		length = take(&rest, 1);
	const char *text = (const char *) rest.bytes;
	Pattern		pattern;
	Pattern		again;
	LanguageError error;
	char	   *printed;
	char	   *reprinted;
	size_t		printed_length;
	size_t		reprinted_length;

	if (length > rest.length)
		length = rest.length;
	if (!pattern_parse(text, length, true, any_zone, &pattern, &error))
		return;
	printed = pattern_print(&pattern, true, &printed_length);
	MUST(pattern_parse(printed, printed_length, true, any_zone, &again, &error));
	reprinted = pattern_print(&again, true, &reprinted_length);
	MUST(printed_length == reprinted_length && memcmp(printed, reprinted, printed_length) == 0);
	rest.bytes += length;
	rest.length -= length;
	match(&pattern, &rest);
}
