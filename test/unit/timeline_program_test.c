/*
 * timeline_program_test.c: what a timeline's labels mean to a pattern (src/language/timeline_program.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "language/timeline_program.h"
#include "random.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

static const char *const patterns[] = {
	"a", "*", "a -> b", "a -> a", "b -> a?", "a -> b? -> c", "a -> * -> c", "a|b -> c|d", "a* -> b", "ab* -> a*",
	"a -[no x|y]-> b", "a => b", "a => *", "a -> b open", "a -> b -> c any order", "a -> b first entry",
	"a -> b reuse rows", "a -> * reuse rows", "* -> a?", "a -> b? -> c? -> d? -> a", "a|ab -> ab|b* within 3 sec",
};
static const char *const labels[] = {"a", "ab", "abc", "b", "bb", "c", "d", "x", "y", ""};

/* Whether a label is one of a set, letter by letter. */
static bool
is_one_of(const Pattern *pattern, LabelSet set, const char *label)
{
	for (uint32_t i = set.first; i < set.first + set.count; i++)
	{
		const Label *one = &pattern->labels[i];

		if (strncmp(one->bytes, label, one->length) == 0 && (one->prefix || strlen(label) == one->length))
			return true;
	}
	return false;
}

/* One pattern with some of the labels, each once, in a random order. NULL, or what is wrong. */
static const char *
try_labels(const Pattern *pattern, const Program *program, Chaser *chaser)
{
	Timeline	timeline = {0};
	Event		events[LENGTH(labels)];
	uint64_t   *code_of;
	uint64_t	expected = 0;
	uint64_t	fulfilled;
	size_t		count = 0;
	bool		all = true;
	EventSeq	seq;
	Chase		chase;
	EntrySpan	any_time = {MOMENT_MIN, MOMENT_MAX};

	for (int i = 0; i < LENGTH(labels); i++)
	{
		if (chance(50))
			continue;
		timeline.few_labels[timeline.nlabels].bytes = labels[i];
		timeline.few_labels[timeline.nlabels++].length = (uint32_t) strlen(labels[i]);
		for (int s = 0; s < pattern->nsteps; s++)
			if (pattern->steps[s].any || is_one_of(pattern, pattern->steps[s].labels, labels[i]))
				expected |= UINT64_C(1) << s;
	}
	timeline.labels = timeline.few_labels;
	/* just as large as it must be: the sanitizer sees more */
	code_of = malloc(sizeof(uint64_t) * timeline.nlabels + (timeline.nlabels == 0));
	fulfilled = timeline_program_codes(program, &timeline, code_of);
	for (uint32_t i = 0; i < timeline.nlabels; i++)
	{
		if (code_of[i] != program_label_code(program, timeline.labels[i].bytes, timeline.labels[i].length))
			return "code";
		if (code_of[i] == 0)
			continue;
		events[count].at = (int64_t) (random_bits() % 2) * 1000000 + (int64_t) count * 2000000;
		events[count++].code = code_of[i];
	}
	free(code_of);
	for (size_t i = count; i > 1; i--)
	{
		size_t		other = random_bits() % i;
		uint64_t	code = events[i - 1].code;

		events[i - 1].code = events[other].code;
		events[other].code = code;
	}
	if (fulfilled != expected)
		return "steps";
	for (int s = 0; s < pattern->nsteps; s++)
		all = all && (pattern->steps[s].optional || (expected & (UINT64_C(1) << s)) != 0);
	if (program_can_complete(program, fulfilled) != all)
		return "can complete";

	/* What can't be is not, and what is complete has a pass. */
	seq = event_seq_of_array(events, count);
	chaser_run(chaser, &seq, any_time, &chase);
	if (chase.level > 0 && !program_can_begin(program, fulfilled))
		return "has begun though it can't";
	if (chase.completions > 0 && !program_can_complete(program, fulfilled))
		return "is complete though it can't be";
	if (program_is_complete(program, &chase) != (chase.completions > 0))
		return "complete without a pass, or a pass without being complete";
	return NULL;
}

int
main(void)
{
	for (int p = 0; p < LENGTH(patterns); p++)
	{
		Pattern		pattern;
		LanguageError error;
		Program    *program;
		Chaser	   *chaser;
		const char *wrong = NULL;

		if (!pattern_parse(patterns[p], strlen(patterns[p]), true, NULL, &pattern, &error))
		{
			CHECK(false, "%s: %s", patterns[p], error.message);
			continue;
		}
		program = program_make(NULL, &pattern, false);
		chaser = chaser_make(NULL, program);
		for (int i = 0; i < 2000 && wrong == NULL; i++)
			wrong = try_labels(&pattern, program, chaser);
		CHECK(wrong == NULL, "%s%s%s", patterns[p], wrong != NULL ? ": " : "", wrong != NULL ? wrong : "");
		FORGET();
	}
	return DONE();
}
