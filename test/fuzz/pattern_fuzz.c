/*
 * pattern_fuzz.c: any text is refused or a pattern that prints as one that reads the same; and the matcher takes any events.
 */
#include "fuzz.h"

#include "language/chain.h"
#include "language/pattern.h"

#define MAX_EVENTS 3000

const unsigned fuzz_errors = 1u << HOST_LIMIT | 1u << HOST_BAD_VALUE;

static int
compare(const void *a, const void *b)
{
	const Event *x = a;
	const Event *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->code > y->code) - (x->code < y->code);
}

/*
 * Events in quick succession, or far apart, or at the ends of time: the first byte of each says which. Another span of entry
 * now and then. Events with values do not take the short way for plain patterns (chain_quick.c); the answer must be the same.
 */
static void
match(const Pattern *pattern, bool masks, Input *rest)
{
	EntrySpan	entry = {MOMENT_MIN, MOMENT_MAX};
	Program    *program = program_make(NULL, pattern, masks);
	Chaser	   *chaser = chaser_make(NULL, program);
	uint64_t	max = program_max_code(program);
	static Event events[MAX_EVENTS];
	size_t		count = 0;
	static ValuedEvent valued[MAX_EVENTS];
	EventSeq	seq;
	Chase		chase;
	Chase		again;

	for (; count < MAX_EVENTS && rest->length > 0 && max > 0; count++)
	{
		uint64_t	kind = take(rest, 1);
		int64_t		at = (int64_t) (kind >> 3) * 60000000;

		switch (kind & 7)
		{
			case 5:
				at = (int64_t) take(rest, 8);
				break;
			case 6:
				at = MOMENT_MIN + (int64_t) (kind >> 3) % 2;
				break;
			case 7:
				at = MOMENT_MAX - (int64_t) (kind >> 3) % 2;
				break;
		}
		events[count].at = at;
		events[count].code = masks ? program_mask_code(program, take(rest, 2)) : 1 + take(rest, 1) % max;
		if (events[count].code == 0)
			events[count].code = program_mask_code(program, UINT64_MAX);
	}
	if (count > 2 && events[0].at <= events[1].at && events[0].code == max)
	{
		entry.from = events[0].at;
		entry.to = events[1].at;
	}
	qsort(events, count, sizeof(Event), compare);
	seq = event_seq_of_array(events, count);
	chaser_run(chaser, &seq, entry, &chase);
	MUST(chase.level >= 0 && chase.level <= pattern->nsteps);
	MUST(chase.completions >= 0 && chase.completions <= (int64_t) count);
	MUST((chase.level == 0) == (chase.reached == 0));

	for (size_t i = 0; i < count; i++)
		valued[i].event = events[i];
	seq.words = (const uint64_t *) valued;
	seq.stride = 3;
	chaser_run(chaser, &seq, entry, &again);
	MUST(chase.level == again.level && chase.reached == again.reached && chase.taken == again.taken);
	MUST(chase.completions == again.completions && chase.closed == again.closed && chase.continued == again.continued);
	for (int s = 0; s < pattern->nsteps; s++)
		MUST((chase.taken >> s & 1) == 0 || chase.at[s] == again.at[s]);
}

void
fuzz_one(const Input *input)
{
	Input		rest = *input;
	Input		after;
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
	after = rest;
	match(&pattern, false, &rest);
	rest = after;
	match(&pattern, true, &rest);	/* ends in an error if a label is no number */
}
